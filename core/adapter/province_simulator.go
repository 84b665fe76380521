package adapter

import (
	"cmp"
	"encoding/json"
	"html/template"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"shanzhi/core/subject"
)

// ProvinceFaults are how often the simulated province, or the line to it, does what such
// lines do, each from 0 to 1.
type ProvinceFaults struct {
	Fail    float64 // it answers 500 and has taken nothing
	LostAck float64 // what was taken is not acknowledged
	Lose    float64 // it says that it took a row, and has it not: only a reconciliation finds it
	Twice   float64 // a reject is told twice
}

// ProvinceSimulator behaves as the province: it takes batches, looks at each row by its
// rules, tells what did not pass, counts by day. Its page lets one close a body, whose rows
// then do not pass. Nothing leaves this program.
type ProvinceSimulator struct {
	Secret string
	Now    func() time.Time
	Zone   *time.Location

	mu      sync.Mutex
	rand    *rand.Rand
	faults  ProvinceFaults
	batches map[string]ProvinceReceipt
	rows    map[string]*provinceTaken // by table and row_guid
	rejects []ProvinceReject
	closed  map[string]bool // credit codes of bodies that it does not know
	seen    map[string]bool // credit codes that came
	first   int64           // number of its first reject: larger than any of a program before
}

type provinceTaken struct {
	all  []ProvinceRow
	last ProvinceRow
}

// NewProvinceSimulator makes one whose chances follow from seed.
func NewProvinceSimulator(secret string, now func() time.Time, zone *time.Location, seed uint64, faults ProvinceFaults) *ProvinceSimulator {
	return &ProvinceSimulator{Secret: secret, Now: now, Zone: zone, rand: rand.New(rand.NewPCG(seed, 2)), faults: faults, batches: map[string]ProvinceReceipt{}, rows: map[string]*provinceTaken{}, closed: map[string]bool{}, seen: map[string]bool{}, first: now().UnixMilli()}
}

// Platform is the district's end towards it.
func (p *ProvinceSimulator) Platform() Province {
	return ProvincePlatform{&CityPeer{URL: "http://province.simulated", Name: "district", Secret: p.Secret, Client: &http.Client{Transport: Inside{p}}, Now: p.Now}}
}

// SetFaults changes its faults.
func (p *ProvinceSimulator) SetFaults(f ProvinceFaults) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = f
}

// Close makes it know a body, by its credit code, no more; Reopen makes it known again.
func (p *ProvinceSimulator) Close(code string) { p.mu.Lock(); p.closed[code] = true; p.mu.Unlock() }

// Reopen makes a body known again.
func (p *ProvinceSimulator) Reopen(code string) {
	p.mu.Lock()
	delete(p.closed, code)
	p.mu.Unlock()
}

// Forget loses a row, as a province does whose records were put back to yesterday.
func (p *ProvinceSimulator) Forget(table, guid string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.rows, table+" "+guid)
}

// Row is the newest of a row that it has; false where it has none.
func (p *ProvinceSimulator) Row(table, guid string) (ProvinceRow, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.rows[table+" "+guid]
	if t == nil {
		return ProvinceRow{}, false
	}
	return t.last, true
}

// Count is how many rows it has of a table.
func (p *ProvinceSimulator) Count(table string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for k := range p.rows {
		if strings.HasPrefix(k, table+" ") {
			n++
		}
	}
	return n
}

func (p *ProvinceSimulator) chance(x float64) bool { return x > 0 && p.rand.Float64() < x }

// provinceMust are the columns that may not be empty.
var provinceMust = map[string][]string{
	ProvinceItem: {"task_code", "task_name", "dept_code"}, ProvinceItemMore: {"task_code"}, ProvinceItemNeed: {"task_code", "material_name"},
	ProvinceCatalog: {"catalog_code", "task_name", "task_type"}, ProvinceItemFee: {"task_code", "fee_name", "fee_stand", "by_law"}, ProvinceItemAsk: {"task_code", "question", "answer"},
	ProvinceCase: {"project_no", "project_name", "org_code", "task_code", "receive_date", "project_state", "applyer_name"},
	ProvinceStep: {"project_no", "event_name", "event_end_time"}, ProvinceSpecial: {"project_no", "procedure_type", "start_time"},
	ProvinceResult: {"project_no", "result_type", "result_date"}, ProvinceMaterial: {"project_no", "material_name", "get_type"},
	ProvinceLicence: {"certificate_source_id", "certificate_type_code", "holder_name", "issue_dept_code"},
}

// provinceOfItem are the tables whose rows refer to an item that it must know.
var provinceOfItem = []string{ProvinceCase, ProvinceItemMore, ProvinceItemNeed, ProvinceItemFee, ProvinceItemAsk}

// judge says why a row does not pass; "" it passes.
func (p *ProvinceSimulator) judge(r ProvinceRow) (kind, said string) {
	must, known := provinceMust[r.Table]
	if !known {
		return "no_table", "没有数据表 " + r.Table
	}
	for _, c := range must {
		if r.Data[c] == "" {
			return "required", "必填字段为空：" + c
		}
	}
	body := cmp.Or(r.Data["org_code"], r.Data["dept_code"], r.Data["issue_dept_code"])
	if body != "" {
		if err := subject.CheckUSCC(body); err != nil {
			return "org_code", "机构统一社会信用代码校验不通过：" + body
		}
		p.seen[body] = true
		if p.closed[body] {
			return "org_unknown", "组织机构目录中没有该机构：" + body
		}
	}
	if no := r.Data["project_no"]; no != "" && r.Table != ProvinceCase && !p.has(ProvinceCase, "project_no", no) {
		return "project_unknown", "没有该办件的受理信息：" + no
	}
	if slices.Contains(provinceOfItem, r.Table) && r.Op != "D" && !p.has(ProvinceItem, "task_code", r.Data["task_code"]) {
		return "task_unknown", "事项库中没有该实施清单：" + r.Data["task_code"]
	}
	for _, pair := range [][2]string{{"receive_date", "accept_date"}, {"start_time", "end_time"}} {
		if a, b := r.Data[pair[0]], r.Data[pair[1]]; a != "" && b != "" && b < a {
			return "date_order", pair[1] + " 早于 " + pair[0]
		}
	}
	return "", ""
}

func (p *ProvinceSimulator) has(table, column, value string) bool {
	for k, t := range p.rows {
		if strings.HasPrefix(k, table+" ") && t.last.Op != "D" && t.last.Data[column] == value {
			return true
		}
	}
	return false
}

// ServeHTTP is the province's end of the exchange, and at / a page to look at.
func (p *ProvinceSimulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/" {
		p.page(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, ProvinceBody))
	if err != nil {
		AnswerCity(w, http.StatusRequestEntityTooLarge, CityRefusal{Code: "too_large", Text: err.Error()})
		return
	}
	now := p.Now()
	CityClock(w.Header(), now)
	if no := VerifyCity(r, body, p.Secret, now, 5*time.Minute); no != nil {
		AnswerCity(w, no.Status, no)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	day, table, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/share/v1/days/"), "/")
	switch {
	case p.chance(p.faults.Fail):
		AnswerCity(w, http.StatusInternalServerError, CityRefusal{Code: "internal", Text: "simulated fault"})
	case r.Method == http.MethodPost && r.URL.Path == "/share/v1/batches":
		p.take(w, body, now)
	case r.Method == http.MethodGet && r.URL.Path == "/share/v1/abnormal":
		after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
		out := []ProvinceReject{}
		for _, x := range p.rejects {
			if x.ID > after && len(out) < 200 {
				out = append(out, x)
				if p.chance(p.faults.Twice) {
					out = append(out, x)
				}
			}
		}
		AnswerCity(w, http.StatusOK, out)
	case r.Method == http.MethodGet && table != "":
		AnswerCity(w, http.StatusOK, append([]ProvinceLine{}, p.lines(day, table)...))
	case r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/share/v1/days/"):
		out := []ProvinceCount{}
		for _, table := range ProvinceTables {
			var hashes []string
			for _, l := range p.lines(day, table) {
				hashes = append(hashes, l.Hash)
			}
			out = append(out, CountProvince(table, hashes))
		}
		AnswerCity(w, http.StatusOK, out)
	default:
		AnswerCity(w, http.StatusNotFound, CityRefusal{Code: "no_such_call", Text: r.URL.Path})
	}
}

// ProvinceBody bounds a batch, in bytes.
const ProvinceBody = 4 << 20

func (p *ProvinceSimulator) lines(day, table string) (out []ProvinceLine) {
	for k, t := range p.rows {
		if !strings.HasPrefix(k, table+" ") {
			continue
		}
		for _, r := range t.all {
			if r.At.In(p.Zone).Format(time.DateOnly) == day {
				out = append(out, ProvinceLine{r.GUID, r.Hash()})
			}
		}
	}
	slices.SortFunc(out, func(a, b ProvinceLine) int {
		return cmp.Or(cmp.Compare(a.GUID, b.GUID), cmp.Compare(a.Hash, b.Hash))
	})
	return out
}

func (p *ProvinceSimulator) take(w http.ResponseWriter, body []byte, now time.Time) {
	var b ProvinceBatch
	if err := json.Unmarshal(body, &b); err != nil || b.No == "" || len(b.Rows) == 0 {
		AnswerCity(w, http.StatusBadRequest, CityRefusal{Code: "invalid", Text: "cd_batch and rows are needed"})
		return
	}
	for _, r := range b.Rows {
		if len(r.GUID) != 36 || !slices.Contains([]string{"I", "U", "D"}, r.Op) || r.At.IsZero() {
			AnswerCity(w, http.StatusUnprocessableEntity, CityRefusal{Code: "invalid", Text: "row_guid, cd_operation or cd_time: " + r.GUID})
			return
		}
	}
	receipt, had := p.batches[b.No]
	if had {
		receipt.Repeated = true
	} else {
		receipt = ProvinceReceipt{No: b.No, Taken: len(b.Rows)}
		p.batches[b.No] = receipt
		for _, r := range b.Rows {
			kind, said := p.judge(r)
			switch {
			case kind != "":
				p.rejects = append(p.rejects, ProvinceReject{ID: p.first + int64(len(p.rejects)), Type: kind, Table: r.Table, GUID: r.GUID, Batch: b.No, Said: said, At: AtCity(now)})
			case p.chance(p.faults.Lose):
			default:
				p.put(r)
			}
		}
	}
	if p.chance(p.faults.LostAck) {
		panic(http.ErrAbortHandler)
	}
	AnswerCity(w, http.StatusOK, receipt)
}

func (p *ProvinceSimulator) put(r ProvinceRow) {
	key := r.Table + " " + r.GUID
	t := p.rows[key]
	if t == nil {
		t = &provinceTaken{}
		p.rows[key] = t
	}
	hash := r.Hash()
	if slices.ContainsFunc(t.all, func(x ProvinceRow) bool { return x.Hash() == hash }) {
		return // it came before, in another batch
	}
	t.all = append(t.all, r)
	if !r.At.Before(t.last.At.Time) {
		t.last = r
	}
}

var provincePage = template.Must(template.New("").Parse(`<!doctype html><html lang="zh"><meta charset="utf-8"><title>省政务服务平台（模拟）</title>
<style>body{font:14px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;margin:32px auto;max-width:1100px;color:#1c2733}table{border-collapse:collapse;width:100%;margin-block-end:24px}td,th{text-align:start;padding:6px 10px;border-bottom:1px solid #dde3ea}</style>
<h1>省政务服务平台（模拟）</h1><p>数据不出本程序。</p>
<table><tr><th>数据表<th>行数</tr>{{range .Tables}}<tr><td>{{.Table}}<td>{{.N}}</tr>{{end}}</table>
<table><tr><th>机构<th>状态<th></tr>{{range .Bodies}}<tr><td>{{.Code}}<td>{{if .Closed}}不在机构目录{{else}}在册{{end}}<td><form method="post"><input type="hidden" name="code" value="{{.Code}}"><button name="kind" value="{{if .Closed}}reopen{{else}}close{{end}}">{{if .Closed}}登记{{else}}停用{{end}}</button></form></tr>{{end}}</table>
<table><tr><th>退回<th>数据表<th>原因</tr>{{range .Rejects}}<tr><td>{{.ID}}<td>{{.Table}}<td>{{.Said}}</tr>{{end}}</table></html>`))

// page is for people who try the simulator out.
func (p *ProvinceSimulator) page(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		if code := r.FormValue("code"); r.FormValue("kind") == "close" {
			p.Close(code)
		} else {
			p.Reopen(code)
		}
		w.Header().Set("Location", "./") // wherever the page is mounted
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	type body struct {
		Code   string
		Closed bool
	}
	var tables []ProvinceCount
	for _, t := range ProvinceTables {
		tables = append(tables, ProvinceCount{Table: t, N: p.Count(t)})
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var bodies []body
	for _, code := range slices.Sorted(maps.Keys(p.seen)) {
		bodies = append(bodies, body{code, p.closed[code]})
	}
	_ = provincePage.Execute(w, map[string]any{"Tables": tables, "Bodies": bodies, "Rejects": p.rejects[max(0, len(p.rejects)-50):]})
}
