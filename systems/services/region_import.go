package services

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/store"
	"shanzhi/core/subject"
	"shanzhi/core/text"
)

// regionColumns are the columns of a list of agreements, one row a pair of items.
var regionColumns = []string{"region", "region_name", "province", "agreement", "from", "to", "contact", "phone", "direction", "mode", "own", "theirs", "their_name"}

// RegionReject is a row that was refused.
type RegionReject struct {
	Line  int    `json:"line"`
	Code  string `json:"code"`
	Value string `json:"value" doc:"Masked"`
}

// RegionImport is what came of a list: each row is accounted for.
type RegionImport struct {
	Read       int            `json:"read"`
	Imported   int            `json:"imported"`
	Present    int            `json:"present"`
	Refused    int            `json:"refused"`
	Regions    int            `json:"regions"`
	Agreements int            `json:"agreements"`
	Rejects    []RegionReject `json:"rejects"`
}

var divisionCode = regexp.MustCompile(`^[1-9]\d{5}$`)

type regionRow struct {
	line                                                                                      int
	region, name, province, no, from, to, contact, phone, direction, mode, own, theirs, their string
}

// read says why a row is refused; "" it is not.
func (r *regionRow) refused(heads map[string]regionRow) (code, value string) {
	_, err := time.Parse(time.DateOnly, r.from)
	_, terr := time.Parse(time.DateOnly, r.to)
	switch {
	case !divisionCode.MatchString(r.region):
		return "region", r.region
	case r.name == "":
		return "region_name", ""
	case r.no == "" || len(r.no) > 60:
		return "agreement", r.no
	case err != nil:
		return "from", r.from
	case r.to != "" && (terr != nil || r.to < r.from):
		return "to", r.to
	case r.contact == "" || r.phone == "" || text.Mask(r.contact+" "+r.phone) != r.contact+" "+r.phone:
		return "contact", r.contact + " " + r.phone // an office, not a person
	case r.direction != "in" && r.direction != "out":
		return "direction", r.direction
	case !slices.Contains(regionModes, r.mode):
		return "mode", r.mode
	case r.direction == "in" && r.own == "":
		return "own", ""
	case r.direction == "out" && r.their == "":
		return "their_name", ""
	}
	if r.theirs != "" {
		if _, err := ParseItemCode(r.theirs); err != nil {
			return "theirs", r.theirs
		}
	}
	if h, ok := heads[r.no]; ok && (h.region != r.region || h.from != r.from || h.to != r.to) {
		return "agreement_differs", r.no
	}
	return "", ""
}

// ImportRegions reads a list of agreements and their pairs. A row that is refused keeps
// no other.
func (s *Service) ImportRegions(ctx context.Context, who account.Actor, in io.Reader, synthetic bool) (RegionImport, error) {
	out := RegionImport{Rejects: []RegionReject{}}
	read := csv.NewReader(in)
	read.FieldsPerRecord = -1
	head, err := read.Read()
	if err != nil {
		return out, fmt.Errorf("services: the list has no first line: %w", err)
	}
	head[0] = strings.TrimPrefix(head[0], "\ufeff")
	at := map[string]int{}
	for i, name := range head {
		at[strings.TrimSpace(name)] = i
	}
	for _, name := range regionColumns {
		if _, ok := at[name]; !ok {
			return out, fmt.Errorf("services: the list has no column %s; it has to have %s", name, strings.Join(regionColumns, ", "))
		}
	}
	var rows []regionRow
	heads, seen := map[string]regionRow{}, map[string]bool{}
	for {
		rec, err := read.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		line := 0
		if len(rec) > 0 {
			line, _ = read.FieldPos(0)
		}
		out.Read++
		if err != nil || len(rec) != len(head) {
			var broken *csv.ParseError
			if errors.As(err, &broken) {
				line = broken.Line
			}
			out.Rejects = append(out.Rejects, RegionReject{line, "columns", strconv.Itoa(len(rec))})
			continue
		}
		get := func(name string) string { return strings.TrimSpace(rec[at[name]]) }
		r := regionRow{line, get("region"), get("region_name"), get("province"), get("agreement"), get("from"), get("to"), get("contact"), get("phone"), get("direction"), get("mode"), get("own"), get("theirs"), get("their_name")}
		code, value := r.refused(heads)
		key := strings.Join([]string{r.no, r.direction, r.own, r.theirs}, "\x00")
		if code == "" && seen[key] {
			code, value = "twice", r.own+" "+r.theirs
		}
		if code != "" {
			out.Rejects = append(out.Rejects, RegionReject{line, code, text.Mask(value)})
			continue
		}
		seen[key], heads[r.no] = true, r
		rows = append(rows, r)
	}
	out.Refused, out.Agreements = len(out.Rejects), len(heads)
	regions := map[string]bool{}
	for _, r := range heads {
		regions[r.region] = true
	}
	out.Regions = len(regions)
	err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		var err error
		out.Imported, err = s.landRegions(ctx, tx, rows, heads, synthetic)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{At: store.At(s.Store.Now()), Actor: who.Account, Unit: who.Unit, Action: "agreement.import", Object: "agreements"}, map[string]any{"read": out.Read, "imported": out.Imported, "refused": out.Refused})
	})
	out.Present = len(rows) - out.Imported
	return out, err
}

func (s *Service) landRegions(ctx context.Context, tx *store.Tx, rows []regionRow, heads map[string]regionRow, synthetic bool) (int, error) {
	now := store.At(s.Store.Now())
	type own struct {
		ID      store.ID
		Key     string
		Version int
	}
	items, err := store.Select[own](ctx, tx, `SELECT id, key, version FROM service_item WHERE source = 'pack' OR source = ''`)
	if err != nil {
		return 0, err
	}
	byKey := map[string]own{}
	for _, i := range items {
		byKey[i.Key] = i
	}
	agreements := map[string]store.ID{}
	for no, r := range heads {
		if _, err := tx.Exec(ctx, `INSERT INTO service_region (code, name, province) VALUES (?, ?, ?) ON CONFLICT (code) DO UPDATE SET name = excluded.name, province = excluded.province`, r.region, r.name, r.province); err != nil {
			return 0, err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO service_agreement (id, region, no, from_day, to_day, contact, phone, synthetic, seq, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?) ON CONFLICT (no) DO NOTHING`, tx.NewID(), r.region, no, r.from, r.to, r.contact, r.phone, synthetic, now); err != nil {
			return 0, err
		}
		if agreements[no], err = store.Get[store.ID](ctx, tx, `SELECT id FROM service_agreement WHERE no = ?`, no); err != nil {
			return 0, err
		}
	}
	before, err := store.Get[int](ctx, tx, `SELECT count(*) FROM service_agreement_item`)
	if err != nil {
		return 0, err
	}
	var land [][]any
	for _, r := range rows {
		var id any
		o, ok := byKey[r.own]
		if ok && r.own != "" {
			id = int64(o.ID)
		}
		row, err := store.Plain(tx.NewID(), agreements[r.no], r.direction, r.mode, id, r.own, o.Version, r.theirs, r.their)
		if err != nil {
			return 0, err
		}
		land = append(land, row)
	}
	if err := store.UpsertRows(ctx, tx, `INSERT INTO service_agreement_item (id, agreement, direction, mode, own, own_key, own_v, theirs, their_name) VALUES `, `ON CONFLICT (agreement, direction, own_key, theirs) DO NOTHING`, land); err != nil {
		return 0, err
	}
	after, err := store.Get[int](ctx, tx, `SELECT count(*) FROM service_agreement_item`)
	return after - before, err
}

// regionsOfSeed are the 25 regions of the synthetic list: real divisions, invented
// agreements.
var regionsOfSeed = [][3]string{
	{"441602", "源城区", "广东省河源市"}, {"441900", "东莞市", "广东省"}, {"442000", "中山市", "广东省"}, {"440402", "香洲区", "广东省珠海市"}, {"441302", "惠城区", "广东省惠州市"},
	{"440106", "天河区", "广东省广州市"}, {"440605", "南海区", "广东省佛山市"}, {"440703", "蓬江区", "广东省江门市"}, {"441202", "端州区", "广东省肇庆市"}, {"440802", "赤坎区", "广东省湛江市"},
	{"450102", "兴宁区", "广西壮族自治区南宁市"}, {"451002", "右江区", "广西壮族自治区百色市"}, {"520102", "南明区", "贵州省贵阳市"}, {"430102", "芙蓉区", "湖南省长沙市"}, {"360102", "东湖区", "江西省南昌市"},
	{"420102", "江岸区", "湖北省武汉市"}, {"510104", "锦江区", "四川省成都市"}, {"511602", "广安区", "四川省广安市"}, {"500103", "渝中区", "重庆市"}, {"460105", "秀英区", "海南省海口市"},
	{"350203", "思明区", "福建省厦门市"}, {"330106", "西湖区", "浙江省杭州市"}, {"310115", "浦东新区", "上海市"}, {"320505", "虎丘区", "江苏省苏州市"}, {"410105", "金水区", "河南省郑州市"},
}

// RegionSeed is a synthetic list of agreements in the size of a district's own (25 regions,
// 2,869 pairs of items), made of the items that are published here. It is the same for the
// same items and day.
func (s *Service) RegionSeed(ctx context.Context, w io.Writer) error {
	items, err := store.Select[struct{ Key, Name string }](ctx, s.Store, `SELECT key, name FROM service_item WHERE source = 'pack' AND state = 'published' ORDER BY key`)
	if err != nil || len(items) == 0 {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(regionColumns); err != nil {
		return err
	}
	today, err := time.Parse(time.DateOnly, s.today())
	if err != nil {
		return err
	}
	const pairs = 2869
	left := pairs
	kinds := []string{"", "（变更）", "（补办）", "（查询）"}
	for i, r := range regionsOfSeed {
		n := left / (len(regionsOfSeed) - i)
		left -= n
		body, err := subject.MakeUSCC("11", r[0], int64(70000+i))
		if err != nil {
			return err
		}
		from, to := today.AddDate(-1, 0, -7*i).Format(time.DateOnly), today.AddDate(2, 0, -7*i).Format(time.DateOnly)
		row := func(direction string, j int, own, name string) error {
			code := fmt.Sprintf("%s4%s20%05d%03d", body, r[0][:2], j/len(kinds)+1, j%len(kinds)+1)
			return out.Write([]string{r[0], r[1], r[2], "合成〔2025〕" + strconv.Itoa(101+i) + "号", from, to, r[1] + "政务服务中心（合成示例）", fmt.Sprintf("0000-%07d", 1000+i), direction, regionModes[(i+j)%3], own, code, name})
		}
		for j, it := range items {
			if j < n {
				if err := row("in", j, it.Key, it.Name); err != nil {
					return err
				}
			}
		}
		for j := len(items); j < n; j++ {
			k := j - len(items)
			if err := row("out", j, "", items[k%len(items)].Name+kinds[k/len(items)%len(kinds)]); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}
