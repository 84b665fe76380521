package appeals

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/document"
	"shanzhi/core/metric"
	"shanzhi/core/store"
)

// reportMaker makes one report. All that it reads is of one snapshot, and every figure
// that the report says, and no other, is kept with what it asked.
type reportMaker struct {
	s        *Service
	read     store.Querier
	book     *reportBook
	kind     *ReportKind
	from, to time.Time
	where    map[string][]string
	position store.ID
	figures  []ReportFigure
	kept     map[string]int
	asked    map[string][]FigureRow
}

// mostReportLines is how many lines a figure may have by a dimension: a duty list has
// some thousands of items.
const mostReportLines = 20000

// term is the measure of a figure.
func (f *reportSource) term() figureTerm { return figureGrains[f.Grain].measures[f.Measure] }

// ask asks one figure in a window, all in one or by a dimension. The rows of a window
// are read once for all the figures that count the same rows: a month of ten million
// appeals has some eighty thousand of them.
func (m *reportMaker) ask(ctx context.Context, id string, from, to time.Time, by string) ([]FigureRow, FigureQuery, error) {
	f := m.book.Figures[id]
	q := FigureQuery{Grain: f.Grain, Where: m.where, On: f.On, From: from.Format(time.DateOnly), To: to.Format(time.DateOnly), Limit: mostReportLines}
	if by != "" {
		q.By = []string{by}
	}
	for _, other := range sortedKeysOf(m.book.Figures) {
		if o := m.book.Figures[other]; o.Grain == f.Grain && o.On == f.On && !slices.Contains(q.Measures, o.Measure) {
			q.Measures = append(q.Measures, o.Measure)
		}
	}
	raw, err := json.Marshal(q)
	if err != nil {
		return nil, q, err
	}
	rows, ok := m.asked[string(raw)]
	if !ok {
		var a FigureAnswer
		if a, err = m.s.figures(ctx, m.read, account.Scope{All: true}, q); err != nil {
			return nil, q, err
		}
		if a.Truncated { // the greatest could be among those left out
			return nil, q, fmt.Errorf("%s by %s has more than %d lines", id, by, mostReportLines)
		}
		if rows = a.Rows; by == "day" || by == "month" {
			rows = m.wholeTime(q, rows)
		}
		m.asked[string(raw)] = rows
	}
	q.Measures = []string{f.Measure}
	return rows, q, nil
}

// wholeTime puts in the days or months in which nothing was.
func (m *reportMaker) wholeTime(q FigureQuery, rows []FigureRow) []FigureRow {
	have := map[string]FigureRow{}
	for _, r := range rows {
		have[r.By[q.By[0]]] = r
	}
	days := daysOf(m.from, m.to.AddDate(0, 0, -1))
	var out []FigureRow
	for _, at := range days {
		if q.By[0] == "month" {
			if at = at[:7]; len(out) > 0 && out[len(out)-1].By["month"] == at {
				continue
			}
		}
		r, ok := have[at]
		if !ok {
			r = FigureRow{By: map[string]string{q.By[0]: at}, Values: map[string]*float64{}}
			for _, measure := range q.Measures {
				r.Values[measure] = figureGrains[q.Grain].measures[measure].value(0, 0)
			}
		}
		out = append(out, r)
	}
	return out
}

// greatestFirst orders lines by their value, the greatest first.
func greatestFirst(rows []FigureRow, measure string) []FigureRow {
	value := func(r FigureRow) float64 {
		if v := r.Values[measure]; v != nil {
			return *v
		}
		return math.Inf(-1)
	}
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b FigureRow) int { return cmp.Compare(value(b), value(a)) })
	return rows
}

// keep notes a figure that the report says, once, and gives its place.
func (m *reportMaker) keep(id, name string, q FigureQuery, row FigureRow) int {
	f := m.book.Figures[id]
	q.By, q.Limit = nil, 0 // a figure is one line, and the line says which
	raw, _ := json.Marshal([]any{id, q, row.By})
	if i, ok := m.kept[string(raw)]; ok {
		return i
	}
	rows := m.s.figureRows(q, row.By)
	if unit, ok := row.By["unit"]; ok && len(m.s.Dir.Tree().Subtree(unit)) != 1 {
		rows = "" // a list takes in the units below; the line does not
	}
	m.kept[string(raw)] = len(m.figures)
	m.figures = append(m.figures, ReportFigure{Figure: id, Name: name, Unit: f.Unit, Means: f.Means, Value: row.Values[f.Measure], Query: q, Line: row.By, Position: m.position, Rows: rows})
	return len(m.figures) - 1
}

// one asks a figure that is a single value; keep gives the place that it has when it
// is said.
func (m *reportMaker) one(ctx context.Context, id string, from, to time.Time) (v *float64, keep func(name string) int, err error) {
	rows, q, err := m.ask(ctx, id, from, to, "")
	if err != nil || len(rows) == 0 {
		return nil, func(string) int { return -1 }, err
	}
	return rows[0].Values[m.book.Figures[id].Measure], func(name string) int { return m.keep(id, name, q, rows[0]) }, nil
}

// text says a text's words and figures.
func (m *reportMaker) text(ctx context.Context, text string) (out []ReportSpan, err error) {
	at := 0
	for _, x := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		if x[0] > at {
			out = append(out, ReportSpan{Text: text[at:x[0]]})
		}
		at = x[1]
		part := func(i int) string {
			if x[i] < 0 {
				return ""
			}
			return text[x[i]:x[i+1]]
		}
		var said []ReportSpan
		if by, count := part(4), part(6); count != "" {
			said, err = m.greatest(ctx, part(2), by, count)
		} else {
			said, err = m.say(ctx, part(2), by)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, said...)
	}
	if at < len(text) {
		out = append(out, ReportSpan{Text: text[at:]})
	}
	return out, nil
}

const nothing = "无"

// say is what stands in a text for a figure.
func (m *reportMaker) say(ctx context.Context, id, how string) ([]ReportSpan, error) {
	f := m.book.Figures[id]
	now, keep, err := m.one(ctx, id, m.from, m.to)
	if err != nil {
		return nil, err
	}
	say := func(text string, figure, against int) []ReportSpan {
		x := ReportSpan{Text: text}
		if figure >= 0 {
			x.Figure = &figure
		}
		if against >= 0 {
			x.Against = &against
		}
		return []ReportSpan{x}
	}
	switch how {
	case "":
		if now == nil {
			return say(nothing, keep(f.Name), -1), nil
		}
		return say(sayNumber(*now, 2)+strings.TrimPrefix(" "+f.Unit, map[bool]string{true: " "}[f.Unit == "%"]), keep(f.Name), -1), nil
	case "day":
		if now == nil {
			return say(nothing, keep(f.Name), -1), nil
		}
		days := math.Round(m.to.Sub(m.from).Hours() / 24)
		return say(sayNumber(*now/days, 1)+" "+f.Unit, keep(f.Name), -1), nil
	}
	word := map[string]string{"mom": "环比", "yoy": "同比"}[how]
	from, to := m.kind.before(m.from, m.to, how == "yoy")
	before, keepBefore, err := m.one(ctx, id, from, to)
	if err != nil {
		return nil, err
	}
	sample := cmp.Or(f.N, id)
	var n [2]float64
	for i, w := range [][2]time.Time{{m.from, m.to}, {from, to}} {
		v, _, err := m.one(ctx, sample, w[0], w[1])
		if err != nil {
			return nil, err
		}
		if v != nil {
			n[i] = *v
		}
	}
	return say(m.book.change(word, f.Unit, now, before, n[0], n[1]), keep(f.Name), keepBefore(f.Name+"（"+word+"基期）")), nil
}

// greatest names the greatest of a dimension with their shares.
func (m *reportMaker) greatest(ctx context.Context, id, by, count string) ([]ReportSpan, error) {
	f := m.book.Figures[id]
	k, _ := strconv.Atoi(count)
	rows, q, err := m.ask(ctx, id, m.from, m.to, by)
	if err != nil {
		return nil, err
	}
	all, _, err := m.one(ctx, id, m.from, m.to)
	if err != nil {
		return nil, err
	}
	var out []ReportSpan
	said := 0
	for _, r := range greatestFirst(rows, f.Measure) {
		v := r.Values[f.Measure]
		if r.By[by] == "" || v == nil || said == k {
			continue // what has no name is no place and no item
		}
		if said++; said > 1 {
			out = append(out, ReportSpan{Text: "、"})
		}
		figure, share := m.keep(id, f.Name+"："+nameOf(r, by), q, r), ""
		if all != nil && *all > 0 {
			share = "，占 " + sayNumber(*v / *all * 100, 1) + "%"
		}
		out = append(out, ReportSpan{Text: nameOf(r, by) + "（" + sayNumber(*v, 2) + " " + f.Unit + share + "）", Figure: &figure})
	}
	if said == 0 {
		out = []ReportSpan{{Text: nothing}}
	}
	return out, nil
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

// firstOf says in a caption that only the first of many are shown.
func firstOf(caption string, shown, all int) string {
	if shown == all {
		return caption
	}
	return fmt.Sprintf("%s（前 %d 项，共 %d 项）", caption, shown, all)
}

// table puts figures beside each other by a dimension; the lines are of any figure
// that has them, the greatest of the first column first. Only what is shown is kept.
func (m *reportMaker) table(ctx context.Context, p reportPart, b *ReportBlock) error {
	t := &document.Table{Head: []string{figureGrains["appeals"].dims[p.By].zh}, Widths: []float64{2.5}}
	if p.Share && len(p.Columns) > 1 {
		t.Widths[0] = 3
	}
	type line struct {
		name  string
		cells []FigureRow
		first float64
	}
	lines, queries, all := map[string]*line{}, make([]FigureQuery, len(p.Columns)), 0.0
	for i, id := range p.Columns {
		f := m.book.Figures[id]
		t.Head, t.Widths = append(t.Head, f.Name), append(t.Widths, 1)
		rows, q, err := m.ask(ctx, id, m.from, m.to, p.By)
		if err != nil {
			return err
		}
		queries[i] = q
		for _, r := range rows {
			key := r.By[p.By]
			if lines[key] == nil {
				lines[key] = &line{name: nameOf(r, p.By), cells: make([]FigureRow, len(p.Columns))}
			}
			lines[key].cells[i] = r
			if v := r.Values[f.Measure]; i == 0 && v != nil {
				lines[key].first = *v
				all += *v
			}
		}
	}
	keys := sortedKeysOf(lines)
	slices.SortStableFunc(keys, func(a, b string) int { return cmp.Compare(lines[b].first, lines[a].first) })
	shown := keys
	if p.Limit > 0 && p.Limit < len(keys) {
		shown = keys[:p.Limit]
	}
	t.Caption = firstOf(p.Table, len(shown), len(keys))
	if p.Share {
		t.Head, t.Widths = append(t.Head, "占比"), append(t.Widths, 1)
	}
	for _, key := range shown {
		l := lines[key]
		texts, places := []string{l.name}, []int{-1}
		for i, id := range p.Columns {
			f, r := m.book.Figures[id], l.cells[i]
			if r.By == nil {
				texts, places = append(texts, "—"), append(places, -1)
				continue
			}
			text := "—"
			if v := r.Values[f.Measure]; v != nil {
				if text = sayNumber(*v, 2); f.Unit == "%" {
					text += "%"
				}
			}
			texts, places = append(texts, text), append(places, m.keep(id, f.Name+"："+l.name, queries[i], r))
		}
		if p.Share {
			texts, places = append(texts, sayNumber(l.first/max(all, 1)*100, 1)+"%"), append(places, places[1])
		}
		t.Rows, b.Cells = append(t.Rows, texts), append(b.Cells, places)
	}
	b.Table = t
	return nil
}

func (m *reportMaker) chart(ctx context.Context, p reportPart, b *ReportBlock) error {
	f := m.book.Figures[p.Of]
	rows, q, err := m.ask(ctx, p.Of, m.from, m.to, p.By)
	if err != nil {
		return err
	}
	most := document.MostBars
	switch {
	case p.By != "day" && p.By != "month":
		rows = greatestFirst(rows, f.Measure)
	case len(rows) > most:
		p.Line = true
	}
	if p.Line {
		most = document.MostDays
	}
	if p.Limit > 0 {
		most = min(most, p.Limit)
	}
	known := slices.DeleteFunc(slices.Clone(rows), func(r FigureRow) bool { return r.Values[f.Measure] == nil })
	shown := known[:min(most, len(known))]
	c := &document.Chart{Caption: firstOf(p.Chart+"（"+f.Unit+"）", len(shown), len(known)), Line: p.Line}
	for _, r := range shown {
		name := nameOf(r, p.By)
		b.Points = append(b.Points, m.keep(p.Of, f.Name+"："+name, q, r))
		if p.By == "day" {
			name = strings.TrimPrefix(name, m.from.Format("2006-"))
		}
		c.Names, c.Values = append(c.Names, name), append(c.Values, *r.Values[f.Measure])
	}
	b.Chart = c
	return nil
}

// paint colours the streets by a figure.
func (m *reportMaker) paint(ctx context.Context, p reportPart, b *ReportBlock) error {
	f := m.book.Figures[p.Of]
	rows, q, err := m.ask(ctx, p.Of, m.from, m.to, "street")
	if err != nil {
		return err
	}
	found := map[string]FigureRow{}
	for _, r := range rows {
		found[r.By["street"]] = r
	}
	b.Map = &document.Map{Caption: p.Map + "（" + f.Unit + "）", Unit: " " + f.Unit}
	for _, shape := range m.book.streets {
		r, ok := found[shape.code]
		if !ok {
			by := map[string]string{"street": shape.code}
			r = FigureRow{By: by, Names: m.s.figureNames(by), Values: map[string]*float64{f.Measure: f.term().value(0, 0)}}
		}
		a := shape.Area
		a.Name, a.Value = nameOf(r, "street"), r.Values[f.Measure]
		b.Map.Areas, b.Points = append(b.Map.Areas, a), append(b.Points, m.keep(p.Of, f.Name+"："+a.Name, q, r))
	}
	shortenNames(b.Map.Areas)
	return nil
}

// shortenNames takes off the end that all names of a map share (街道): the map says
// what its areas are.
func shortenNames(areas []document.Area) {
	if len(areas) < 2 {
		return
	}
	end := []rune(areas[0].Name)
	for _, a := range areas {
		name := []rune(a.Name)
		n := 0
		for n < len(end) && n+1 < len(name) && end[len(end)-1-n] == name[len(name)-1-n] { // something is left of each
			n++
		}
		end = end[len(end)-n:]
	}
	if len(end) < 2 || len(end) == len([]rune(areas[0].Name)) {
		return
	}
	for i := range areas {
		areas[i].Name = strings.TrimSuffix(areas[i].Name, string(end))
	}
}

// losses explains what the last of a frozen assessment lost their points on.
func (m *reportMaker) losses(ctx context.Context, scheme string, last int) ([]string, error) {
	ids, err := store.Select[store.ID](ctx, m.read, `SELECT id FROM assessment WHERE scheme = ? AND month = ? ORDER BY id DESC LIMIT 1`, scheme, m.from.Format("2006-01"))
	if err != nil || len(ids) == 0 {
		return []string{"本月考核尚未冻结。"}, err
	}
	a, err := readAssessment(ctx, m.read, ids[0])
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

// part makes a part of a report; one that stands only with a figure may be none.
func (m *reportMaker) part(ctx context.Context, p reportPart) ([]ReportBlock, error) {
	if p.When != "" {
		if v, _, err := m.one(ctx, p.When, m.from, m.to); err != nil || v == nil || *v == 0 {
			return nil, err
		}
	}
	b := ReportBlock{Heading: p.Heading}
	var err error
	switch {
	case p.Text != "":
		b.Said, err = m.text(ctx, p.Text)
	case p.Table != "":
		err = m.table(ctx, p, &b)
	case p.Chart != "":
		err = m.chart(ctx, p, &b)
	case p.Map != "":
		err = m.paint(ctx, p, &b)
	case p.Losses != nil:
		lines, err := m.losses(ctx, p.Losses.Scheme, p.Losses.Last)
		var out []ReportBlock
		for _, l := range lines {
			out = append(out, ReportBlock{Said: []ReportSpan{{Text: l}}})
		}
		return out, err
	}
	return []ReportBlock{b}, err
}
