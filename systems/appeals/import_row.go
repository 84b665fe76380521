package appeals

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/place"
	"shanzhi/core/store"
	"shanzhi/core/table"
	"shanzhi/core/text"
	"shanzhi/core/vault"
)

// rowFault is why a row is refused: what is wrong with which field. It never
// holds the content of a cell, which may identify somebody.
type rowFault struct {
	Code  string `json:"code"`
	Field string `json:"field,omitempty"`
}

func (f *rowFault) Error() string { return f.Code + " " + f.Field }

// rowFaults are what people are told of a refused row.
var rowFaults = map[string][2]string{
	"short":        {"单元格少于表头的列数，该行可能不完整", "fewer cells than the header has columns: the row may be cut off"},
	"long":         {"单元格多于表头的列数", "more cells than the header has columns"},
	"undecodable":  {"含有不属于该编码的字节", "bytes that are not of the file's encoding"},
	"rounded":      {"电子表格已把长数字四舍五入，编号不再可信，请以文本格式重新导出", "the spreadsheet has rounded a long number: export it as text"},
	"uncomputed":   {"公式没有计算结果", "a formula without its value"},
	"required":     {"{field}：没有内容", "{field}: nothing there"},
	"not_in_table": {"{field}：内容不在导入方案的对照表中", "{field}: what stands there is in no table of the profile"},
	"not_a_date":   {"{field}：不是导入方案所说的日期格式", "{field}: not a date of the profile's form"},
	"out_of_range": {"{field}：超出范围", "{field}: out of range"},
	"in_future":    {"{field}：在将来", "{field}: lies in the future"},
	"too_long":     {"{field}：过长", "{field}: too long"},
	"no_such":      {"{field}：本区没有这个代码", "{field}: this district has no such code"},
	"twice":        {"与第 {field} 行编号相同而内容不同", "the same number as line {field}, with other content"},
}

// Say is the reason as people read it.
func (f *rowFault) Say(lang string) string {
	m := rowFaults[f.Code]
	said := m[0]
	if lang == "en" {
		said = m[1]
	}
	return strings.ReplaceAll(said, "{field}", f.Field)
}

// record is one row as the appeal that comes of it, before it is written.
type record struct {
	line    int
	matter  caseflow.Matter
	appeal  Appeal
	assert  map[string]any
	who     vault.Identity
	sameAs  string // what the source calls the appellant; two appeals with the same have one
	text    string // word for word, where masking took something out
	reply   string
	tokens  string    // by which it is found
	levels  [3]string // of a category
	ours    bool      // this district's own
	past    *caseflow.Past
	opened  time.Time
	precise time.Duration // with which opened is known
}

// reading is a profile made ready for one file in this district. It is not safe
// for concurrent use.
type reading struct {
	p           *Profile
	s           *Service
	d           *district
	flow        *caseflow.Flow
	columns     map[string]int // those that the profile reads, by the name that it gives them
	cells       []string
	zone        *time.Location
	absent      map[string]bool
	absentSize  int // bytes beyond which a cell cannot be one of them
	keep        []keptColumn
	streets     map[string]string
	communities map[string][]Place
	units       map[string]string // by unit key; "" where the name fits two
	aliases     map[string]string // asserted name → unit, as decided here
	items       map[string]string
	own         []string // names of this district
	now         time.Time
	masked      map[string]string
	notes       map[string]int64
}

type keptColumn struct {
	name string
	at   int
}

// sourceAccount is what the source calls an appellant, sealed in the vault.
const sourceAccount vault.Kind = "source_account"

// read makes a profile ready for a file with these columns. Its errors name the
// columns that are missing and the words that this district does not have.
func (s *Service) read(p *Profile, columns []string, aliases map[string]string) (*reading, error) {
	d := s.district.Load()
	r := &reading{p: p, s: s, d: d, flow: s.Engine.Flow("appeal"), columns: map[string]int{}, zone: p.zone, absent: map[string]bool{}, streets: map[string]string{}, communities: map[string][]Place{},
		units: map[string]string{}, aliases: aliases, items: map[string]string{}, now: s.Store.Now(), masked: map[string]string{}, notes: map[string]int64{}}
	if r.zone == nil {
		r.zone = d.zone
	}
	has := columnsOf(columns)
	names, must := p.columns()
	var missing []string
	for _, n := range names {
		if i, ok := has[text.Normalize(n)]; ok {
			r.columns[n] = i
		} else if must[n] {
			missing = append(missing, n)
		}
	}
	if len(missing) > 0 {
		return nil, noColumn(missing, columns)
	}
	for _, w := range p.Absent {
		r.absent[w] = true
		r.absentSize = max(r.absentSize, 3*len(w)) // full-width forms are longer
	}
	for _, k := range p.Appeal.Keep {
		name := strings.TrimSuffix(k, "?")
		if i, ok := r.columns[name]; ok {
			r.keep = append(r.keep, keptColumn{name, i})
		}
	}
	r.own = []string{d.manifest.Name["zh"], d.manifest.Name["en"]}
	for _, pl := range d.places {
		switch pl.Level {
		case "district":
			r.own = append(r.own, pl.Name, pl.NameEN)
		case "street":
			r.streets[streetKey(pl.Name)], r.streets[pl.Code] = pl.Code, pl.Code
		case "community":
			for _, k := range []string{communityKey(pl.Name), pl.Code} {
				r.communities[k] = append(r.communities[k], pl)
			}
		}
	}
	for i, n := range r.own {
		r.own[i] = districtKey(n)
	}
	for _, u := range s.Dir.Tree().All() {
		for _, n := range u.Names() {
			k := r.unitKey(n)
			if was, ok := r.units[k]; ok && was != u.Code {
				r.units[k] = ""
			} else {
				r.units[k] = u.Code
			}
		}
	}
	for _, it := range d.duty.Items {
		k := text.Normalize(it.L3)
		if was, ok := r.items[k]; ok && was != it.Code {
			r.items[k] = ""
		} else {
			r.items[k] = it.Code
		}
	}
	return r, r.checkWords()
}

// columnsOf says where each column is, by its normalized name; of two of one name
// the first.
func columnsOf(columns []string) map[string]int {
	at := map[string]int{}
	for i, c := range slices.Backward(columns) {
		at[text.Normalize(c)] = i
	}
	return at
}

// missingColumns are the columns that fields need and a file does not have.
func missingColumns(at map[string]int, fields ...table.Field) (missing []string) {
	for _, f := range fields {
		f.Columns(func(name string, needed bool) {
			if _, ok := at[text.Normalize(name)]; !ok && needed && !slices.Contains(missing, name) {
				missing = append(missing, name)
			}
		})
	}
	return missing
}

// noColumn is the error of a file without columns that are needed.
func noColumn(missing, columns []string) error {
	return fmt.Errorf("the file has no column %s; its columns are %s", strings.Join(missing, ", "), listColumns(columns))
}

// listColumns shows the columns that a file has: its first row, which is data
// where there is no header, so masked and no more than a few.
func listColumns(columns []string) string {
	const most = 40
	var out []string
	for _, c := range columns[:min(most, len(columns))] {
		runes := []rune(text.Clean(c))
		out = append(out, text.Mask(string(runes[:min(30, len(runes))])))
	}
	if len(columns) > most {
		out = append(out, "…")
	}
	if len(out) == 0 {
		return "none"
	}
	return strings.Join(out, ", ")
}

// checkWords refuses a profile whose tables lead to words that this district
// does not have.
func (r *reading) checkWords() error {
	var wrong []error
	a := &r.p.Appeal
	for _, v := range a.Channel.Outcomes() {
		if _, ok := r.d.words.Channel(v); !ok {
			wrong = append(wrong, fmt.Errorf("profile: appeal.channel: this district has no channel %q", v))
		}
	}
	for _, v := range a.Kind.Outcomes() {
		if _, ok := r.d.words.Kind(v); !ok {
			wrong = append(wrong, fmt.Errorf("profile: appeal.kind: this district has no kind %q", v))
		}
	}
	for _, v := range a.State.Outcomes() {
		if r.flow.States[v] == nil {
			wrong = append(wrong, fmt.Errorf("profile: appeal.state: the flow has no state %q", v))
		}
	}
	return errors.Join(wrong...)
}

// cell is the content of a column, "" where it means nothing.
func (r *reading) cell(column string) string {
	i, ok := r.columns[column]
	if !ok || i >= len(r.cells) {
		return ""
	}
	return r.present(r.cells[i])
}

func (r *reading) present(v string) string {
	if len(v) <= r.absentSize && r.absent[text.Normalize(v)] {
		return ""
	}
	return v
}

// number is the row's number at its source, alone.
func (r *reading) number(row table.Row) string {
	r.cells = row.Cells
	n, _, _ := r.p.Appeal.Number.Read(r.cell)
	return n
}

// hash tells the content of one row from another.
func hashRow(row table.Row) uint64 {
	h := sha256.New()
	for _, c := range row.Cells {
		h.Write(binary.AppendUvarint(nil, uint64(len(c))))
		h.Write([]byte(c))
	}
	return binary.BigEndian.Uint64(h.Sum(nil))
}

// flawed refuses rows that cannot be trusted as they were read.
func flawed(f table.Flaws) *rowFault {
	for _, c := range []struct {
		flaw table.Flaws
		code string
	}{{table.Undecodable, "undecodable"}, {table.Short, "short"}, {table.Long, "long"}, {table.Rounded, "rounded"}, {table.Uncomputed, "uncomputed"}} {
		if f&c.flaw != 0 {
			return &rowFault{Code: c.code}
		}
	}
	return nil
}

// Bounds of what a row may say.
const (
	maxNumber = 100
	maxText   = 20_000
	maxName   = 200
)

// earliest is the first day that an identifier can tell: see store.ID.
var earliest = time.Date(2000, 1, 2, 0, 0, 0, 0, time.UTC)

// row makes the record of a row, or says why not.
func (r *reading) row(row table.Row) (*record, *rowFault) {
	if f := flawed(row.Flaws); f != nil {
		return nil, f
	}
	r.cells = row.Cells
	if r.p.Records == recordsCategories {
		return r.category(row.Line)
	}
	var fault *rowFault
	fail := func(code, field string) {
		if fault == nil {
			fault = &rowFault{code, field}
		}
	}
	get := func(field string, f table.Field) string {
		v, _, err := f.Read(r.cell)
		if err != nil {
			fail("not_in_table", field)
		}
		return v
	}
	when := func(field string, f table.Field) (t store.Time, day bool, by int) {
		v, by, err := f.Read(r.cell)
		if err != nil {
			fail("not_in_table", field)
		}
		if v == "" {
			return store.Time{}, false, by
		}
		parsed, day, err := table.ParseTime(v, r.p.Dates, r.zone)
		switch {
		case err != nil:
			fail("not_a_date", field)
		case parsed.Before(earliest) || parsed.Year() > 2068:
			fail("out_of_range", field)
		}
		return store.At(parsed), day, by
	}
	word := func(field string, f table.Field, most int) string {
		v := text.Clean(get(field, f))
		if utf8.RuneCountInString(v) > most {
			fail("too_long", field)
		}
		return v
	}
	p := &r.p.Appeal
	rec := &record{line: row.Line, assert: map[string]any{}}
	m, a := &rec.matter, &rec.appeal
	*a = Appeal{Source: r.p.Source, Files: "[]", ReplyFiles: "[]", Suggestion: "{}"}
	m.Flow = "appeal"

	a.External = word("number", p.Number, maxNumber)
	if a.External == "" {
		fail("required", "number")
	}
	opened, day, by := when("opened", p.Opened)
	if opened.IsZero() {
		fail("required", "opened")
	} else if opened.After(r.now.Add(24 * time.Hour)) {
		fail("in_future", "opened")
	}
	if by > 0 {
		rec.assert["opened_from"] = p.Opened.From(by)
	}
	rec.opened, rec.precise = opened.Time, time.Second
	if day {
		rec.precise = 24 * time.Hour
	}
	closed, _, by := when("closed", p.Closed)
	if by > 0 && !closed.IsZero() {
		rec.assert["closed_from"] = p.Closed.From(by)
	}
	a.AssertedDue, _, _ = when("due", p.Due)

	m.State = get("state", p.State)
	a.Channel, a.Kind = get("channel", p.Channel), get("kind", p.Kind)
	for _, f := range [][2]string{{"state", m.State}, {"channel", a.Channel}, {"kind", a.Kind}} {
		if f[1] == "" {
			fail("required", f[0])
		}
	}
	state := r.flow.States[m.State]
	if state == nil {
		fail("no_such", "state")
	}
	if _, ok := r.d.words.Channel(a.Channel); !ok {
		fail("no_such", "channel")
	}
	if _, ok := r.d.words.Kind(a.Kind); !ok {
		fail("no_such", "kind")
	}
	if a.Secrecy = Secrecy(get("secrecy", p.Secrecy)); a.Secrecy == "" {
		a.Secrecy = OpenTo
	} else if a.Secrecy != OpenTo && a.Secrecy != Confidential && a.Secrecy != Anonymous {
		fail("no_such", "secrecy")
	}
	if m.Class = get("urgency", p.Urgency); m.Class == "" {
		m.Class = Normal
	} else if !slices.Contains(classes, m.Class) {
		fail("no_such", "urgency")
	}
	switch late := get("late", p.Late); late {
	case "":
	case "yes", "no":
		yes := late == "yes"
		a.AssertedLate = &yes
	default:
		fail("no_such", "late")
	}

	switch made := get("synthetic", p.Synthetic); made {
	case "", "no":
	case "yes":
		a.Synthetic = true
	default:
		fail("no_such", "synthetic")
	}

	title, body := word("title", p.Title, maxName), word("text", p.Text, maxText)
	if body == "" {
		body = title
	}
	if body == "" {
		fail("required", "text")
	}
	address, reply := word("address", p.Where.Address, 500), word("reply", p.Reply.Text, maxText)
	district := word("district", r.p.District, maxName)
	street, community := word("street", p.Where.Street, maxName), word("community", p.Where.Community, maxName)
	a.AssertedUnit = word("unit", p.Unit, maxName)
	item := strings.ReplaceAll(word("item", p.Item, 300), "->", "／")
	a.RepliedAt, _, _ = when("reply.at", p.Reply.At)
	a.Result = get("reply.result", p.Reply.Result)
	if reply == "" {
		a.RepliedAt, a.Result = store.Time{}, ""
	}
	r.rating(a, get, when, fail)
	r.appellant(rec, word)
	if fault != nil {
		return nil, fault
	}

	// What is ours gets our codes; what is another district's keeps its names.
	ours := r.ours(district)
	rec.ours = ours
	if ours {
		a.Street, a.Community = r.place(street, community)
		m.Unit = r.unit(a.AssertedUnit)
		m.Item = r.item(item)
	}
	r.point(rec, ours)
	if ours && a.Street == "" {
		spot := r.d.locate.find(a.Lon, a.Lat, address+" "+title+" "+body)
		a.Street, a.Community = spot.Street, spot.Community
	}
	if m.Place = a.Community; m.Place == "" {
		m.Place = a.Street
	}
	if ours && !state.Final && state.Desk.At() == "holder" && m.Unit == "" {
		m.State = "dispatching" // nobody would have it on the desk
		state = r.flow.States[m.State]
		rec.assert["state_without_unit"] = true
	}
	if state.Final {
		if m.ClosedAt = closed; closed.IsZero() {
			m.ClosedAt = opened
			rec.assert["closed_unknown"] = true
			r.notes["closed_unknown"]++
		} else if closed.Before(opened.Time) {
			r.notes["closed_before_opened"]++
		}
	}
	m.OpenedAt = opened

	r.mask(rec, title, body, address, reply)
	for k, v := range map[string]string{"district": district, "street": street, "community": community, "item": item, "unit": a.AssertedUnit} {
		if v != "" {
			rec.assert[k] = r.short(v)
		}
	}
	a.AssertedUnit = r.short(a.AssertedUnit)
	if a.AssertedLate != nil {
		rec.assert["late"] = *a.AssertedLate
	}
	if !a.AssertedDue.IsZero() {
		rec.assert["due"] = a.AssertedDue
	}
	if len(r.keep) > 0 {
		columns := map[string]string{}
		for _, k := range r.keep {
			if v := text.Clean(r.present(r.cells[k.at])); v != "" {
				columns[k.name] = r.short(v)
			}
		}
		rec.assert["columns"] = columns
	}
	raw, err := json.Marshal(rec.assert)
	if err != nil {
		return nil, &rowFault{Code: "undecodable"}
	}
	a.Asserted = string(raw)
	m.No = r.p.Source + "-" + a.External
	rec.tokens = text.IndexTokens(strings.Join([]string{m.No, a.External, m.Title, a.Text, a.Address}, " "))
	return rec, nil
}

func (r *reading) rating(a *Appeal, get func(string, table.Field) string, when func(string, table.Field) (store.Time, bool, int), fail func(string, string)) {
	p := &r.p.Appeal.Rating
	score := func(field string, f table.Field) *int {
		v := get(field, f)
		if v == "" {
			return nil
		}
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 5 {
			fail("out_of_range", field)
		}
		return &n
	}
	a.Solved = get("rating.solved", p.Solved)
	a.ScoreResult, a.ScoreManner, a.ScoreSpeed = score("rating.result", p.Result), score("rating.manner", p.Manner), score("rating.speed", p.Speed)
	if a.Solved == "" && a.ScoreResult == nil {
		return
	}
	if a.Solved != "" && a.Solved != "yes" && a.Solved != "partly" && a.Solved != "no" {
		fail("no_such", "rating.solved")
	}
	a.RatedAt, _, _ = when("rating.at", p.At)
}

func (r *reading) appellant(rec *record, word func(string, table.Field, int) string) {
	p := &r.p.Appeal.Appellant
	id := word("appellant.id", p.ID, maxName)
	who := vault.Identity{vault.Name: word("appellant.name", p.Name, maxName), vault.Phone: word("appellant.phone", p.Phone, maxName),
		vault.IDNumber: word("appellant.id_number", p.IDNumber, maxName), vault.Email: word("appellant.email", p.Email, maxName), vault.Address: word("appellant.address", p.Address, 500)}
	if !isPhone(who[vault.Phone]) { // an account of some app stands where a number would
		if id == "" {
			id = who[vault.Phone]
		}
		delete(who, vault.Phone)
	}
	who[sourceAccount] = id
	maps.DeleteFunc(who, func(_ vault.Kind, v string) bool { return v == "" })
	if len(who) > 0 {
		rec.who, rec.sameAs = who, id
	}
}

// mask takes personal data out of the texts, and keeps word for word what it
// took something out of.
func (r *reading) mask(rec *record, title, body, address, reply string) {
	known := vault.Identity{}
	for kind, v := range rec.who {
		// A short account name would strike out half the text.
		if kind != sourceAccount || len(v) >= 6 {
			known[kind] = v
		}
	}
	mask := r.short
	if len(known) > 0 {
		mask = func(s string) string { return maskKnown(s, known) }
	}
	a := &rec.appeal
	a.Text, a.Address, a.Reply = mask(body), mask(address), mask(reply)
	if title = mask(title); title == "" {
		title = firstClause(a.Text)
	}
	rec.matter.Title = title
	if a.Text != body {
		rec.text = body
	}
	if a.Reply != reply {
		rec.reply = reply
	}
}

// maskMemo bounds the short texts whose masked form is remembered: categories
// and names of units come again and again.
const maskMemo = 20_000

func (r *reading) short(s string) string {
	if len(s) > 200 {
		return text.Mask(s)
	}
	m, ok := r.masked[s]
	if !ok {
		if len(r.masked) >= maskMemo {
			clear(r.masked)
		}
		m = text.Mask(s)
		r.masked[s] = m
	}
	return m
}

func (r *reading) category(line int) (*record, *rowFault) {
	rec := &record{line: line}
	for i, f := range r.p.Category {
		v, _, err := f.Read(r.cell)
		v = text.Clean(v)
		switch {
		case err != nil:
			return nil, &rowFault{"not_in_table", fmt.Sprintf("category[%d]", i)}
		case v == "" && i == 0:
			return nil, &rowFault{"required", "category[0]"}
		case v != "" && i > 0 && rec.levels[i-1] == "":
			return nil, &rowFault{"required", fmt.Sprintf("category[%d]", i-1)}
		case utf8.RuneCountInString(v) > maxName:
			return nil, &rowFault{"too_long", fmt.Sprintf("category[%d]", i)}
		}
		rec.levels[i] = v
	}
	return rec, nil
}

// ours says whether a name is this district's. A file that does not say whose
// its appeals are is taken to be of the district that imports it.
func (r *reading) ours(name string) bool {
	k := districtKey(name)
	return k == "" || slices.ContainsFunc(r.own, func(own string) bool {
		return own != "" && (own == k || utf8.RuneCountInString(k) > 1 && strings.HasSuffix(own, k) || strings.HasSuffix(k, own))
	})
}

func districtKey(s string) string {
	return trimAny(text.Normalize(s), "人民政府", "区", "县", "市")
}
func streetKey(s string) string {
	return trimAny(text.Normalize(s), "办事处", "街道", "镇", "乡")
}
func communityKey(s string) string {
	return trimAny(text.Normalize(s), "工作站", "居委会", "社区", "村")
}

// trimAny cuts each ending once, in the order given, and leaves something.
func trimAny(s string, endings ...string) string {
	for _, e := range endings {
		if t := strings.TrimSuffix(s, e); t != "" {
			s = t
		}
	}
	return s
}

// place finds the codes of a street and a community by their names, or by
// themselves. A name that fits two communities is none.
func (r *reading) place(street, community string) (string, string) {
	s := r.streets[streetKey(street)]
	var found []Place
	if community != "" {
		for _, c := range r.communities[communityKey(community)] {
			if s == "" && street == "" || c.Parent == s {
				found = append(found, c)
			}
		}
	}
	if len(found) != 1 {
		return s, ""
	}
	return found[0].Parent, found[0].Code
}

func (r *reading) unit(name string) string {
	if name == "" {
		return ""
	}
	if code, ok := r.aliases[name]; ok {
		return code
	}
	return r.units[r.unitKey(name)]
}

// unitKey makes equal the ways to write one of our units: with and without the
// district before it.
func (r *reading) unitKey(name string) string {
	k := unitForm(name)
	for _, own := range r.own {
		if rest, ok := strings.CutPrefix(k, own); ok && utf8.RuneCountInString(rest) > 2 {
			return strings.TrimPrefix(rest, "区")
		}
	}
	return k
}

func (r *reading) item(path string) string {
	if r.d.duty.Item(path) != nil {
		return path
	}
	last := path
	if i := strings.LastIndex(path, "／"); i >= 0 {
		last = path[i+len("／"):]
	}
	return r.items[text.Normalize(last)]
}

// point reads the coordinates. What is no coordinate, or was rounded to more
// than a place, is kept as asserted and is not the appeal's position.
func (r *reading) point(rec *record, ours bool) {
	p := &r.p.Appeal.Where
	x, _, _ := p.Lon.Read(r.cell)
	y, _, _ := p.Lat.Read(r.cell)
	if x == "" && y == "" {
		return
	}
	drop := func(note string) {
		rec.assert["lon"], rec.assert["lat"] = r.short(x), r.short(y)
		r.notes[note]++
	}
	lon, err1 := strconv.ParseFloat(x, 64)
	lat, err2 := strconv.ParseFloat(y, 64)
	at := place.Point{CRS: p.CRS, Lon: lon, Lat: lat}
	if err1 != nil || err2 != nil || at.Valid() != nil || lon == 0 && lat == 0 {
		drop("coordinates_invalid")
		return
	}
	need := 3
	if p.Decimals != nil {
		need = *p.Decimals
	}
	if decimals(x) < need || decimals(y) < need {
		drop("coordinates_rounded")
		return
	}
	at = at.To(place.WGS84)
	rec.appeal.Lon, rec.appeal.Lat = &at.Lon, &at.Lat
}

func decimals(s string) int {
	_, frac, _ := strings.Cut(s, ".")
	return len(frac)
}

// aliasesOf are the units that people here have said an asserted name to mean.
func aliasesOf(rows []unitAlias, tree *account.Tree) map[string]string {
	out := map[string]string{}
	for _, a := range rows {
		if _, ok := tree.Unit(a.Unit); ok && a.Accepted {
			out[a.Name] = a.Unit
		}
	}
	return out
}
