package adapter

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"shanzhi/core/rule"
	"shanzhi/core/subject"
)

// FactFault is what is wrong with a simulated source.
type FactFault string

// The faults.
const (
	FactAbsent   FactFault = "absent"   // it knows nothing of the case
	FactStale    FactFault = "stale"    // what it knows is years old
	FactConflict FactFault = "conflict" // it says another thing than it would
	FactSlow     FactFault = "slow"     // it does not answer in time
	FactDown     FactFault = "down"     // it answers with an error
)

// FactSimulator stands for the registers of a city. What it says of somebody follows
// from their number alone, so that asking again says the same; most people meet most
// conditions, and some of each kind do not.
type FactSimulator struct {
	Now func() time.Time

	mu     sync.RWMutex
	faults []factFault
}

type factFault struct {
	source, fact, key string // "" any
	fault             FactFault
}

// Tell gives a source a fault: for one fact or all (""), for one number or all ("").
func (s *FactSimulator) Tell(source, fact, key string, fault FactFault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, factFault{source, fact, key, fault})
}

// Forget ends all faults.
func (s *FactSimulator) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

func (s *FactSimulator) fault(source, fact string, keys map[string]string) FactFault {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, f := range slices.Backward(s.faults) {
		if (f.source == "" || f.source == source) && (f.fact == "" || fact == "" || f.fact == fact) && (f.key == "" || keys["id_no"] == f.key || keys["uscc"] == f.key) {
			if fact == "" && f.fact != "" { // asked of the source as a whole
				continue
			}
			return f.fault
		}
	}
	return ""
}

// Sources are the simulated registers.
func (s *FactSimulator) Sources() (out []rule.FactSource) {
	for _, name := range FactRegisters {
		out = append(out, simulatedSource{s, name})
	}
	return out
}

// FactRegisters are the registers that are simulated, by the names that packs use.
var FactRegisters = []string{"人口库", "殡葬信息", "医保信息", "社保信息", "银行核验", "民政信息", "残联", "公安交管", "公安背景核查", "司法信息", "法院信息", "交通运输考试", "证照相片检测", "企业登记库", "市场监管", "税务信息", "信用信息",
	"名称库", "住所标准地址库", "经营范围目录", "电子签名", "统一身份认证", "妇幼信息", "卫健信息", "就业信息", "学历信息", "人社补贴", "食品监管", "优待卡系统", "画像标签"}

// ServeHTTP speaks what FactGateway asks, and takes faults: POST {"tell": {"source",
// "fact", "key", "fault"}}.
func (s *FactSimulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Source string `json:"source"`
		rule.FactQuery
		Tell *struct{ Source, Fact, Key, Fault string } `json:"tell"`
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, factAnswer)).Decode(&asked); err != nil {
		http.Error(w, "an object is expected", http.StatusBadRequest)
		return
	}
	if t := asked.Tell; t != nil {
		if s.Forget(); t.Fault != "" {
			s.Tell(t.Source, t.Fact, t.Key, FactFault(t.Fault))
		}
		w.WriteHeader(http.StatusNoContent)
		return
	}
	said, err := simulatedSource{s, asked.Source}.Fetch(r.Context(), asked.FactQuery)
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"facts": said})
}

type simulatedSource struct {
	s    *FactSimulator
	name string
}

// Name implements rule.FactSource.
func (x simulatedSource) Name() string { return x.name }

var errSimulatedDown = errors.New("adapter: the simulated source is down")

// Fetch implements rule.FactSource.
func (x simulatedSource) Fetch(ctx context.Context, q rule.FactQuery) ([]rule.Said, error) {
	switch x.s.fault(x.name, "", q.Keys) {
	case FactDown:
		return nil, errSimulatedDown
	case FactSlow:
		<-ctx.Done()
		return nil, ctx.Err()
	}
	now := x.s.Now()
	out := []rule.Said{}
	for fact := range q.Facts {
		p := simulatedPerson{q.Keys, now}
		fault := x.s.fault(x.name, fact, q.Keys)
		if fault == FactDown || fault == FactSlow {
			return nil, errSimulatedDown
		}
		v, ok := p.says(x.name, fact, q.Facts[fact])
		if !ok || fault == FactAbsent {
			continue
		}
		asOf := now
		switch fault {
		case FactStale:
			asOf = now.AddDate(-2, 0, 0)
		case FactConflict:
			v = other(v)
		}
		sum := sha256.Sum256([]byte(x.name + fact + p.number() + asOf.Format(time.DateOnly)))
		out = append(out, rule.Said{Name: fact, Value: v, AsOf: asOf, Receipt: fmt.Sprintf("SIM-%X", sum[:6])})
	}
	return out, nil
}

func other(v any) any {
	switch x := v.(type) {
	case bool:
		return !x
	case int:
		return x + 1
	case string:
		if t, err := time.Parse(time.DateOnly, x); err == nil {
			return t.AddDate(0, 0, 1).Format(time.DateOnly)
		}
		return x + "?"
	case []string:
		return append(slices.Clone(x), "?")
	}
	return v
}

// simulatedPerson is whom the registers are asked about.
type simulatedPerson struct {
	keys map[string]string
	now  time.Time
}

func (p simulatedPerson) number() string {
	if n := p.keys["id_no"]; n != "" {
		return n
	}
	for _, k := range []string{"uscc", "phone", "place"} {
		if n := p.keys[k]; n != "" {
			return n
		}
	}
	return p.keys["name"]
}

// of100 is a number from 0 to 99.99 that follows from whom and what is asked.
func (p simulatedPerson) of100(what string) float64 {
	sum := sha256.Sum256([]byte(what + " " + p.number()))
	return float64(binary.BigEndian.Uint32(sum[:4])%10000) / 100
}

// yes is true for so many of a hundred.
func (p simulatedPerson) yes(what string, percent float64) bool { return p.of100(what) < percent }

// one chooses by weights.
func (p simulatedPerson) one(what string, words ...string) string {
	return words[int(p.of100(what)*float64(len(words))/100)]
}

// between is a number from a to b.
func (p simulatedPerson) between(what string, a, b int) int {
	return a + int(p.of100(what)*float64(b-a+1)/100)
}

func (p simulatedPerson) daysAgo(what string, from, to int) string {
	return p.now.AddDate(0, 0, -p.between(what, from, to)).Format(time.DateOnly)
}

// says is what a register says of a fact; false where it knows nothing.
func (p simulatedPerson) says(source, fact, typ string) (any, bool) {
	born := subject.Born(p.keys["id_no"])
	known := !born.IsZero()
	switch fact {
	case "person.birth_date":
		return born.Format(time.DateOnly), known
	case "person.name":
		if p.keys["name"] == "" {
			return nil, false
		}
		if p.yes("another name", 1.5) {
			return p.keys["name"] + "某", known
		}
		return p.keys["name"], known
	case "person.hukou_code", "applicant.residence_code":
		if region := p.keys["id_no"]; known && strings.HasPrefix(region, "4403") || !p.yes("moved here", 80) {
			return region[:min(6, len(region))], known
		}
		return p.one("district", "440303", "440304", "440305", "440306", "440306", "440307", "440309"), known
	case "person.alive": // the registers rarely differ
		return !p.yes("dead", 0.3) != (source == "殡葬信息" && p.yes("registers differ", 0.2)), known
	case "disability.grade":
		return p.between("grade", 1, 4), known && p.yes("disabled", 92)
	case "disability.valid_until":
		return p.now.AddDate(0, 0, p.between("certificate", -60, 3000)).Format(time.DateOnly), known && p.yes("disabled", 92)
	case "licence.class":
		return p.one("class", "C1", "C1", "C1", "C1", "C2", "B2", "A2", "C1", "D", "C1"), known && p.yes("drives", 96)
	case "licence.first_issued":
		return p.daysAgo("first licence", 400, 7000), known && p.yes("drives", 96)
	case "licence.valid_until":
		return p.now.AddDate(0, 0, p.between("licence ends", -50, 2200)).Format(time.DateOnly), known && p.yes("drives", 96)
	case "licence.most_points":
		return []int{0, 0, 0, 3, 3, 6, 6, 9, 0, 3, 0, 12}[int(p.of100("points")*12/100)], known && p.yes("drives", 96)
	case "exam.passed_on":
		return p.daysAgo("exam", 10, 1200), known && p.yes("exam", 95)
	case "degree.level":
		return p.one("degree", "本科", "本科", "本科", "硕士", "硕士", "博士", "本科", "本科", "专科", "本科"), known && p.yes("studied", 97)
	case "degree.awarded_on":
		return p.daysAgo("degree day", 30, 800), known && p.yes("studied", 97)
	case "pregnancy.due_on":
		return p.now.AddDate(0, 0, p.between("due", 5, 200)).Format(time.DateOnly), known && p.yes("pregnant", 97)
	case "subsidy.months":
		return p.between("months", 0, 38), known
	case "owner.insured_months":
		return p.between("insured", 3, 60), known
	case "owner.category":
		return p.one("category", "毕业五年内高校毕业生", "登记失业人员", "退役军人", "就业困难人员", "毕业五年内高校毕业生", "登记失业人员", "毕业五年内高校毕业生", "其他"), known
	case "enterprise.founded_on":
		return p.daysAgo("founded", 100, 1150), p.keys["uscc"] != ""
	case "enterprise.status":
		return p.one("status", "存续", "存续", "存续", "存续", "存续", "存续", "存续", "存续", "存续", "存续", "存续", "存续", "存续", "存续", "存续", "存续", "存续", "存续", "存续", "注销"), p.keys["uscc"] != ""
	case "enterprise.scope":
		if p.yes("food in scope", 90) {
			return []string{"预包装食品销售", "日用百货销售"}, p.keys["uscc"] != ""
		}
		return []string{"日用百货销售"}, p.keys["uscc"] != ""
	case "head.revoked_on":
		if p.yes("revoked", 1) {
			return p.daysAgo("revoked", 100, 1500), known
		}
		return "1900-01-01", known
	case "name.forbidden_words":
		if name := p.keys["trade_name"] + p.keys["name"]; strings.Contains(name, "中国") || strings.Contains(name, "国家级") {
			return []string{"中国"}, true
		}
		return []string{}, true
	case "scope.licensed":
		return []string{}, true
	case "place.code":
		if p.yes("address known", 96) {
			return "440306" + fmt.Sprint(100000+p.between("place", 0, 899999)), true
		}
		return "", true
	}
	if percent, ok := simulatedTruths[fact]; ok {
		return p.yes(fact, percent), p.number() != ""
	}
	if strings.HasPrefix(fact, "tag.") {
		return p.yes(fact, 22), p.number() != ""
	}
	// A fact of a pack that was written here: true for most, for a type that has a
	// plain value; else the register does not know it.
	switch typ {
	case "bool":
		return p.yes(fact, 90), p.number() != ""
	case "int":
		return p.between(fact, 0, 100), p.number() != ""
	case "date":
		return p.daysAgo(fact, 30, 3000), p.number() != ""
	}
	return nil, false
}

// simulatedTruths are the percent for which a yes-or-no fact is true: what is so of nearly
// everybody, and what of nearly nobody.
var simulatedTruths = map[string]float64{
	"bank.name_match": 97, "benefit.active": 3, "benefit.injury_care": 1, "person.imprisoned": 0.5, "family.low_income": 85, "person.photo_ok": 95, "card.active": 4,
	"person.difficult": 93, "work.registered": 95, "insurance.paid_month": 94, "insurance.by_employer": 4, "enterprise.owner": 3,
	"degree.full_time": 96, "insurance.active": 95, "record.criminal": 0.5, "record.traffic_crime": 0.5, "record.drugs": 0.3, "record.drink_driving": 1.5, "record.violence": 0.3,
	"enterprise.abnormal": 3, "place.same_as_licence": 95, "filing.active": 3, "person.identity_verified": 99, "applicant.identity_verified": 99, "person.restricted": 1, "name.available": 95,
	"place.usable": 96, "application.signed": 99, "registration.active": 2, "enterprise.tax_normal": 96, "enterprise.dishonest": 1, "subsidy.received": 4,
}
