package appeals

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/document"
	"shanzhi/core/gate"
	"shanzhi/core/httpapi"
	"shanzhi/core/metric"
	"shanzhi/core/store"
)

// Report is a report as it was frozen when it was made.
type Report struct {
	ID       store.ID       `json:"id"`
	Kind     string         `json:"kind"`
	Period   string         `json:"period"`
	From     string         `json:"from" doc:"Local day, included"`
	To       string         `json:"to" doc:"Local day, not included"`
	At       store.Time     `json:"at"`
	Title    string         `json:"title"`
	State    ReportState    `json:"state"`
	Number   string         `json:"number,omitempty"`
	Position int64          `json:"position" doc:"How far the records went: the data version"`
	Hash     string         `json:"hash"`
	Body     []ReportBlock  `json:"body"`
	Figures  []ReportFigure `json:"figures"`
}

// ReportBlock is a part of a report; one of its fields is set.
type ReportBlock struct {
	Heading string          `json:"heading,omitempty"`
	Text    string          `json:"text,omitempty"`
	Table   *document.Table `json:"table,omitempty"`
	Chart   *document.Chart `json:"chart,omitempty"`
}

// ReportFigure is one figure of a report: what it was, asked how, of which data.
type ReportFigure struct {
	Figure   string            `json:"figure"`
	Name     string            `json:"name"`
	Value    *float64          `json:"value" doc:"None where the denominator is nothing"`
	Query    FigureQuery       `json:"query"`
	Line     map[string]string `json:"line,omitempty" doc:"Which line of the query's answer it is"`
	Position int64             `json:"position"`
	Rows     string            `json:"rows,omitempty" doc:"Path of the list behind it, where a list can say it"`
}

// ReportState is how far a report has come.
type ReportState string

// The states, in their order.
const (
	ReportDraft    ReportState = "draft"
	ReportReviewed ReportState = "reviewed" // 已审核
	ReportIssued   ReportState = "issued"   // 已签发: it has its number
	ReportArchived ReportState = "archived" // 已归档
)

// reportActions is the whole law of a report's states: what leads where, and who may.
var reportActions = map[string]struct {
	from, to ReportState
	roles    []string
}{
	"review":  {ReportDraft, ReportReviewed, []string{"supervisor"}},
	"return":  {ReportReviewed, ReportDraft, []string{"leader"}},
	"issue":   {ReportReviewed, ReportIssued, []string{"leader"}},
	"archive": {ReportIssued, ReportArchived, []string{"supervisor"}},
}

// reportMaker makes one report; what it asked is kept with the answer.
type reportMaker struct {
	s        *Service
	book     *reportBook
	kind     *ReportKind
	from, to time.Time
	where    map[string][]string
	position int64
	figures  []ReportFigure
	asked    map[string][]FigureRow
	due      map[[2]time.Time]dueCounts
}

// ask asks one figure in a window, all in one or by a dimension.
func (m *reportMaker) ask(ctx context.Context, id string, from, to time.Time, by, order string, limit int) ([]FigureRow, FigureQuery, error) {
	f := m.book.Figures[id]
	q := FigureQuery{Grain: f.Grain, Measures: []string{f.Measure}, Where: m.where, On: f.On, From: from.Format(time.DateOnly), To: to.Format(time.DateOnly), Order: order, Limit: limit}
	if by != "" {
		q.By = []string{by}
	}
	raw, err := json.Marshal(q)
	if err != nil {
		return nil, q, err
	}
	if rows, ok := m.asked[string(raw)]; ok {
		return rows, q, nil
	}
	var rows []FigureRow
	if f.Grain == "due" {
		rows, err = m.askDue(ctx, f.Measure, from, to, by)
	} else {
		var a FigureAnswer
		a, err = m.s.Figures(ctx, account.Scope{All: true}, q)
		rows = a.Rows
	}
	m.asked[string(raw)] = rows
	return rows, q, err
}

// askDue counts the handling clocks that fell due in a window, as the board does.
func (m *reportMaker) askDue(ctx context.Context, measure string, from, to time.Time, by string) ([]FigureRow, error) {
	c, ok := m.due[[2]time.Time{from, to}]
	if !ok {
		var err error
		if c, err = m.s.dueCounts(ctx, from, from, to, m.s.Zone()); err != nil {
			return nil, err
		}
		m.due[[2]time.Time{from, to}] = c
	}
	v := url.Values{"due_since": {from.Format(time.DateOnly)}, "due_until": {to.Format(time.DateOnly)}}
	row := func(unit string, d dueCount) FigureRow {
		r := FigureRow{By: map[string]string{}, Names: map[string]string{}, Values: map[string]*float64{}}
		if by != "" {
			r.By["unit"], r.Names["unit"] = unit, m.s.Dir.Tree().Name(unit)
			v.Set("unit", unit)
		}
		r.Rows = "/api/appeals?" + v.Encode()
		value := float64(d.Due)
		switch measure {
		case "on_time":
			value = float64(d.OnTime)
		case "late":
			value = float64(d.Due - d.OnTime)
		case "rate":
			if d.Due == 0 {
				r.Values[measure] = nil
				return r
			}
			value = math.Round(float64(d.OnTime)/float64(d.Due)*10000) / 100
		}
		r.Values[measure] = &value
		return r
	}
	if by == "" {
		return []FigureRow{row("", c.month)}, nil
	}
	out := []FigureRow{}
	for _, unit := range sortedKeysOf(c.units) {
		out = append(out, row(unit, c.units[unit]))
	}
	return out, nil
}

// keep notes a figure that the report says.
func (m *reportMaker) keep(id, name string, q FigureQuery, row FigureRow) *float64 {
	f := m.book.Figures[id]
	q.Order, q.Limit = "", 1000
	rows := row.Rows
	if unit, ok := row.By["unit"]; ok && len(m.s.Dir.Tree().Subtree(unit)) != 1 {
		rows = "" // a list takes in the units below; the line does not
	}
	v := row.Values[f.Measure]
	m.figures = append(m.figures, ReportFigure{Figure: id, Name: name, Value: v, Query: q, Line: row.By, Position: m.position, Rows: rows})
	return v
}

// one asks a figure that is a single value.
func (m *reportMaker) one(ctx context.Context, id string, from, to time.Time, name string) (*float64, error) {
	rows, q, err := m.ask(ctx, id, from, to, "", "", 0)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	if name == "" {
		return rows[0].Values[m.book.Figures[id].Measure], nil
	}
	return m.keep(id, name, q, rows[0]), nil
}

// say is what stands in a text for a placeholder.
func (m *reportMaker) say(ctx context.Context, id, how, count string) (string, error) {
	f := m.book.Figures[id]
	if count != "" {
		return m.greatest(ctx, id, how, count)
	}
	now, err := m.one(ctx, id, m.from, m.to, map[bool]string{true: f.Name}[how == ""])
	if err != nil {
		return "", err
	}
	switch how {
	case "":
		if now == nil {
			return "无", nil
		}
		return sayNumber(*now, 2) + strings.TrimPrefix(" "+f.Unit, map[bool]string{true: " "}[f.Unit == "%"]), nil
	case "day":
		if now == nil {
			return "无", nil
		}
		days := math.Round(m.to.Sub(m.from).Hours() / 24)
		return sayNumber(*now/days, 1) + " " + f.Unit, nil
	}
	word := map[string]string{"mom": "环比", "yoy": "同比"}[how]
	from, to := m.kind.before(m.from, m.to, how == "yoy")
	before, err := m.one(ctx, id, from, to, f.Name+"（"+word+"基期）")
	if err != nil {
		return "", err
	}
	n, nBefore := 0.0, 0.0
	sample := id
	if f.N != "" {
		sample = f.N
	}
	for _, w := range []struct {
		from, to time.Time
		into     *float64
	}{{m.from, m.to, &n}, {from, to, &nBefore}} {
		v, err := m.one(ctx, sample, w.from, w.to, "")
		if err != nil {
			return "", err
		}
		if v != nil {
			*w.into = *v
		}
	}
	return m.book.change(word, f.Unit, now, before, n, nBefore), nil
}

// greatest names the greatest of a dimension with their shares.
func (m *reportMaker) greatest(ctx context.Context, id, by, count string) (string, error) {
	f := m.book.Figures[id]
	k, _ := strconv.Atoi(count)
	rows, q, err := m.ask(ctx, id, m.from, m.to, by, "-"+f.Measure, k+1)
	if err != nil {
		return "", err
	}
	all, err := m.one(ctx, id, m.from, m.to, "")
	if err != nil {
		return "", err
	}
	var out []string
	for _, r := range rows {
		v := r.Values[f.Measure]
		if r.By[by] == "" || v == nil || len(out) == k {
			continue // what has no name is no place and no item
		}
		m.keep(id, f.Name+"："+nameOf(r, by), q, r)
		share := ""
		if all != nil && *all > 0 {
			share = "，占 " + sayNumber(*v / *all * 100, 1) + "%"
		}
		out = append(out, nameOf(r, by)+"（"+sayNumber(*v, 2)+" "+f.Unit+share+"）")
	}
	if len(out) == 0 {
		return "无", nil
	}
	return strings.Join(out, "、"), nil
}

func nameOf(r FigureRow, by string) string {
	switch {
	case r.Names[by] != "":
		return r.Names[by]
	case r.By[by] == "":
		return "未明确"
	}
	return r.By[by]
}

// table puts figures beside each other by a dimension; the lines are of any figure
// that has them, the greatest of the first column first.
func (m *reportMaker) table(ctx context.Context, p reportPart) (*document.Table, error) {
	t := &document.Table{Caption: p.Table, Head: []string{figureGrains["appeals"].dims[p.By].zh}, Widths: []float64{2.5}}
	if p.Share && len(p.Columns) > 1 {
		t.Widths[0] = 3
	}
	type line struct {
		name  string
		cells []string
		first float64
	}
	lines := map[string]*line{}
	for i, id := range p.Columns {
		f := m.book.Figures[id]
		t.Head, t.Widths = append(t.Head, f.Name), append(t.Widths, 1)
		rows, q, err := m.ask(ctx, id, m.from, m.to, p.By, "", 1000)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			key := r.By[p.By]
			if lines[key] == nil {
				lines[key] = &line{name: nameOf(r, p.By), cells: make([]string, len(p.Columns))}
			}
			if v := m.keep(id, f.Name+"："+lines[key].name, q, r); v != nil {
				lines[key].cells[i] = sayNumber(*v, 2)
				if f.Unit == "%" {
					lines[key].cells[i] += "%"
				}
				if i == 0 {
					lines[key].first = *v
				}
			}
		}
	}
	keys := sortedKeysOf(lines)
	slices.SortStableFunc(keys, func(a, b string) int { return cmp.Compare(lines[b].first, lines[a].first) })
	all := 0.0
	for _, l := range lines {
		all += l.first
	}
	if p.Share {
		t.Head, t.Widths = append(t.Head, "占比"), append(t.Widths, 1)
	}
	for i, key := range keys {
		if p.Limit > 0 && i == p.Limit {
			break
		}
		l := lines[key]
		for j, c := range l.cells {
			if c == "" {
				l.cells[j] = "—"
			}
		}
		if p.Share {
			l.cells = append(l.cells, sayNumber(l.first/max(all, 1)*100, 1)+"%")
		}
		t.Rows = append(t.Rows, append([]string{l.name}, l.cells...))
	}
	return t, nil
}

func (m *reportMaker) chart(ctx context.Context, p reportPart) (*document.Chart, error) {
	f := m.book.Figures[p.Of]
	order := "-" + f.Measure
	if p.By == "day" || p.By == "month" {
		order = ""
	}
	rows, q, err := m.ask(ctx, p.Of, m.from, m.to, p.By, order, 400)
	c := &document.Chart{Caption: p.Chart + "（" + f.Unit + "）", Line: p.Line}
	for _, r := range rows {
		if v := m.keep(p.Of, f.Name+"："+nameOf(r, p.By), q, r); v != nil && len(c.Names) < 31 {
			name := nameOf(r, p.By)
			if p.By == "day" {
				name = strings.TrimPrefix(name, m.from.Format("2006-"))
			}
			c.Names, c.Values = append(c.Names, name), append(c.Values, *v)
		}
	}
	return c, err
}

// losses explains what the last of a frozen assessment lost their points on.
func (m *reportMaker) losses(ctx context.Context, scheme string, last int) ([]string, error) {
	ids, err := store.Select[store.ID](ctx, m.s.Store, `SELECT id FROM assessment WHERE scheme = ? AND month = ? ORDER BY id DESC LIMIT 1`, scheme, m.from.Format("2006-01"))
	if err != nil || len(ids) == 0 {
		return []string{"本月考核尚未冻结。"}, err
	}
	a, err := m.s.Assessment(ctx, ids[0])
	if err != nil {
		return nil, err
	}
	book := m.s.district.Load().assess
	ranked := slices.DeleteFunc(a.Results, func(r metric.Result) bool { return r.Rank == 0 || r.Points >= r.Full })
	slices.SortStableFunc(ranked, func(x, y metric.Result) int { return cmp.Compare(x.Rate, y.Rate) })
	var out []string
	for _, r := range ranked[:min(last, len(ranked))] {
		var lost []string
		for _, l := range r.Lines {
			if ind := book.Indicator(l.ID); ind != nil && l.Points != nil && l.Full > *l.Points {
				lost = append(lost, ind.Name["zh"]+"失 "+sayNumber(l.Full-*l.Points, 2)+" 分")
			}
		}
		if len(lost) == 0 {
			lost = []string{"扣分项"}
		}
		out = append(out, fmt.Sprintf("%s得 %s 分（满分 %s 分），组内列第 %d 位：%s。", m.s.Dir.Tree().Name(r.Unit), sayNumber(r.Points, 2), sayNumber(r.Full, 2), r.Rank, strings.Join(lost, "，")))
	}
	if len(out) == 0 {
		out = []string{"本月无失分单位。"}
	}
	return out, nil
}

// MakeReport makes a report of a period that is over and freezes it as a draft. A
// special report is narrowed by about: dimensions of appeals to their values.
func (s *Service) MakeReport(ctx context.Context, who account.Actor, kind, period string, about map[string][]string) (Report, error) {
	if !who.Scope().All {
		return Report{}, httpapi.Fail(403, "forbidden")
	}
	book := s.district.Load().reports
	k := book.kind(kind)
	if k == nil {
		return Report{}, httpapi.FailField("kind", "no_such_option")
	}
	if len(about) > 0 && k.Window != "free" {
		return Report{}, httpapi.FailField("about", "no_such_option")
	}
	from, to, err := book.days(k, period, s.Zone())
	if err != nil {
		return Report{}, err
	}
	if to.After(s.Store.Now()) {
		return Report{}, httpapi.FailField("period", "out_of_range")
	}
	m := &reportMaker{s: s, book: book, kind: k, from: from, to: to, where: about, asked: map[string][]FigureRow{}, due: map[[2]time.Time]dueCounts{}}
	if err := s.Store.QueryRow(ctx, `SELECT COALESCE(MAX(id), 0) FROM outbox`).Scan(&m.position); err != nil {
		return Report{}, err
	}
	r := Report{Kind: kind, Period: period, From: from.Format(time.DateOnly), To: to.Format(time.DateOnly), At: store.At(s.Store.Now()), State: ReportDraft, Position: m.position,
		Title: k.Title + "（" + periodName(k, period, from, to) + "）", Body: []ReportBlock{}}
	for _, p := range k.Parts {
		if err := m.part(ctx, p, &r); err != nil {
			return Report{}, fmt.Errorf("appeals: report %s of %s: %w", kind, period, err)
		}
	}
	r.Figures = m.figures
	raw, err := json.Marshal(struct {
		Body    []ReportBlock
		Figures []ReportFigure
	}{r.Body, r.Figures})
	if err != nil {
		return Report{}, err
	}
	sum := sha256.Sum256(raw)
	r.Hash = hex.EncodeToString(sum[:16])
	body, _ := json.Marshal(r.Body)
	narrowed, _ := json.Marshal(about)
	err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		r.ID = tx.NewID()
		if _, err := tx.Exec(ctx, `INSERT INTO report (id, kind, period, about, from_day, to_day, at, actor, title, body, position, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			r.ID, r.Kind, r.Period, string(narrowed), r.From, r.To, r.At, who.Account, r.Title, string(body), r.Position, r.Hash); err != nil {
			return err
		}
		var lines [][]any
		for i, f := range r.Figures {
			query, _ := json.Marshal(f.Query)
			line, _ := json.Marshal(f.Line)
			lines = append(lines, []any{r.ID, i, f.Figure, f.Name, f.Value, string(query), string(line), f.Position, f.Rows})
		}
		for part := range slices.Chunk(lines, 500) {
			if err := store.InsertRows(ctx, tx, `INSERT INTO report_figure (report, n, figure, name, value, query, line, position, path) VALUES `, part); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "report.make", Object: "report/" + r.ID.String()}, map[string]any{"kind": kind, "period": period, "hash": r.Hash})
	})
	return r, err
}

func (m *reportMaker) part(ctx context.Context, p reportPart, r *Report) error {
	if p.When != "" {
		if v, err := m.one(ctx, p.When, m.from, m.to, ""); err != nil || v == nil || *v == 0 {
			return err
		}
	}
	b := ReportBlock{Heading: p.Heading}
	var err error
	switch {
	case p.Text != "":
		b.Text = placeholder.ReplaceAllStringFunc(p.Text, func(s string) string {
			x := placeholder.FindStringSubmatch(s)
			said, serr := m.say(ctx, x[1], x[2], x[3])
			if serr != nil {
				err = serr
			}
			return said
		})
	case p.Table != "":
		b.Table, err = m.table(ctx, p)
	case p.Chart != "":
		b.Chart, err = m.chart(ctx, p)
	case p.Losses != nil:
		lines, lerr := m.losses(ctx, p.Losses.Scheme, p.Losses.Last)
		for _, l := range lines {
			r.Body = append(r.Body, ReportBlock{Text: l})
		}
		return lerr
	}
	r.Body = append(r.Body, b)
	return err
}

func periodName(k *ReportKind, period string, from, to time.Time) string {
	switch k.Window {
	case "month":
		return from.Format("2006年1月")
	case "year":
		return period + "年"
	case "day":
		return to.AddDate(0, 0, -1).Format("2006年1月2日")
	}
	return from.Format("2006年1月2日") + "至" + to.AddDate(0, 0, -1).Format("1月2日")
}

// Report reads a report.
func (s *Service) Report(ctx context.Context, id store.ID) (Report, error) {
	row, err := store.Get[struct {
		ID, At                                          int64
		Kind, Period, FromDay, ToDay, Title, Body, Hash string
		Position                                        int64
	}](ctx, s.Store, `SELECT id, at, kind, period, from_day, to_day, title, body, position, hash FROM report WHERE id = ?`, int64(id))
	if err != nil {
		return Report{}, err
	}
	r := Report{ID: id, Kind: row.Kind, Period: row.Period, From: row.FromDay, To: row.ToDay, At: store.At(time.UnixMicro(row.At)), Title: row.Title, Position: row.Position, Hash: row.Hash}
	if err := json.Unmarshal([]byte(row.Body), &r.Body); err != nil {
		return r, err
	}
	figures, err := store.Select[struct {
		Figure, Name, Query, Line, Path string
		Value                           *float64
		Position                        int64
	}](ctx, s.Store, `SELECT figure, name, value, query, line, position, path FROM report_figure WHERE report = ? ORDER BY n`, int64(id))
	if err != nil {
		return r, err
	}
	for _, f := range figures {
		x := ReportFigure{Figure: f.Figure, Name: f.Name, Value: f.Value, Position: f.Position, Rows: f.Path}
		if err := json.Unmarshal([]byte(f.Query), &x.Query); err != nil {
			return r, err
		}
		if err := json.Unmarshal([]byte(f.Line), &x.Line); err != nil {
			return r, err
		}
		r.Figures = append(r.Figures, x)
	}
	r.State, r.Number, err = reportState(ctx, s.Store, id)
	return r, err
}

func reportState(ctx context.Context, q store.Querier, id store.ID) (ReportState, string, error) {
	events, err := store.Select[struct{ Action, Number string }](ctx, q, `SELECT action, number FROM report_event WHERE report = ? ORDER BY id`, int64(id))
	state, number := ReportDraft, ""
	for _, e := range events {
		state = reportActions[e.Action].to
		if e.Number != "" {
			number = e.Number
		}
	}
	return state, number, err
}

// ActOnReport reviews, returns, issues or archives a report. Issuing gives it the
// next number of its kind and year: none is left out.
func (s *Service) ActOnReport(ctx context.Context, who account.Actor, id store.ID, action, note string) (Report, error) {
	a, ok := reportActions[action]
	switch {
	case !ok:
		return Report{}, httpapi.FailField("action", "no_such_option")
	case !who.HasAny(a.roles...) || !who.Scope().All:
		return Report{}, httpapi.Fail(403, "forbidden")
	}
	r, err := s.Report(ctx, id)
	if err != nil {
		return r, err
	}
	book := s.district.Load().reports
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		// Two who act at once take turns on PostgreSQL too.
		if _, err := tx.Exec(ctx, `UPDATE report SET hash = hash WHERE id = ?`, int64(id)); err != nil {
			return err
		}
		state, _, err := reportState(ctx, tx, id)
		if err != nil {
			return err
		}
		if state != a.from {
			return httpapi.Fail(409, "conflict")
		}
		number := ""
		if action == "issue" {
			year, short := r.To[:4], r.Kind
			if day, err := time.Parse(time.DateOnly, r.To); err == nil {
				year = day.AddDate(0, 0, -1).Format("2006")
			}
			if k := book.kind(r.Kind); k != nil {
				short = k.Short
			}
			var n int64
			if err := tx.QueryRow(ctx, `INSERT INTO store_number (name, next) VALUES (?, 2) ON CONFLICT (name) DO UPDATE SET next = store_number.next + 1 RETURNING next`, "report/"+r.Kind+"/"+year).Scan(&n); err != nil {
				return err
			}
			number = strings.NewReplacer("{short}", short, "{year}", year, "{n}", strconv.FormatInt(n-1, 10)).Replace(book.Number)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO report_event (id, report, action, at, actor, number, note) VALUES (?, ?, ?, ?, ?, ?, ?)`, tx.NewID(), id, action, store.At(s.Store.Now()), who.Account, number, note); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "report." + action, Object: "report/" + id.String()}, map[string]any{"number": number})
	})
	if err != nil {
		return r, err
	}
	return s.Report(ctx, id)
}

// Paper is the report as it leaves the house.
func (r Report) Paper() document.Doc {
	d := document.Doc{Title: r.Title, Subtitle: r.Number}
	for _, b := range r.Body {
		switch {
		case b.Heading != "":
			d.Blocks = append(d.Blocks, document.Heading{Level: 1, Text: b.Heading})
		case b.Text != "":
			d.Blocks = append(d.Blocks, document.Paragraph(b.Text))
		case b.Table != nil:
			d.Blocks = append(d.Blocks, b.Table)
		case b.Chart != nil:
			d.Blocks = append(d.Blocks, b.Chart)
		}
	}
	return d
}

// ExportReport writes a report in a format; it is recorded at the gate.
func (s *Service) ExportReport(ctx context.Context, who account.Actor, r Report, f document.Format, purpose string, w io.Writer) error {
	exit := gate.Gate{Store: s.Store}
	return exit.Paper(ctx, gate.Request{Actor: who, Purpose: purpose, What: "report", Form: gate.Form(f), Filter: map[string]any{"report": r.ID, "hash": r.Hash}}, w, func(w io.Writer, scope account.Scope) error {
		if !scope.All {
			return gate.ErrScope
		}
		return r.Paper().Write(w, f)
	})
}

// makeDueReports makes the reports that are due and not made.
func (s *Service) makeDueReports(ctx context.Context) (any, error) {
	book, made := s.district.Load().reports, []string{}
	now := s.Store.Now().In(s.Zone())
	for _, k := range book.Kinds {
		for _, period := range book.dues(k, now) {
			_, to, err := book.days(k, period, s.Zone())
			if err != nil {
				return nil, err
			}
			var have, any bool
			if err := s.Store.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM report WHERE kind = ? AND period = ?), EXISTS (SELECT 1 FROM matter WHERE id < ?)`, k.ID, period, int64(store.IDAt(to))).Scan(&have, &any); err != nil {
				return nil, err
			}
			if have || !any { // before the first appeal there is nothing to report
				continue
			}
			if _, err := s.MakeReport(ctx, account.System(s.Dir), k.ID, period, nil); err != nil {
				return nil, err
			}
			made = append(made, k.ID+" "+period)
		}
	}
	return map[string]any{"made": made}, nil
}
