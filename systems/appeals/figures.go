package appeals

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// FigureQuery asks for figures in a closed grammar: measures of one grain, by some
// dimensions, narrowed to values, in a pinned window. What is not in the catalogue
// is refused; nothing is ignored in silence.
//
// The grains:
//
//	appeals  one row an appeal
//	events   one row a transition of an appeal
//	open     one row an open appeal and day: the backlog as it stood at its end
//	due      one row a handling clock that fell due; what a unit gave back has no verdict
type FigureQuery struct {
	Grain    string              `json:"grain" enum:"appeals,events,open,due"`
	Measures []string            `json:"measures" minItems:"1" maxItems:"12"`
	By       []string            `json:"by,omitempty" maxItems:"3"`
	Where    map[string][]string `json:"where,omitempty" doc:"Dimension to the values that it may have"`
	On       string              `json:"on,omitempty" doc:"Of appeals: the moment that the window is about: filed (default), closed, rated"`
	From     string              `json:"from" doc:"Local day, included"`
	To       string              `json:"to" doc:"Local day, not included"`
	Order    string              `json:"order,omitempty" doc:"A measure or a dimension; '-' before it for the greatest first"`
	Limit    int                 `json:"limit,omitempty" minimum:"0" maximum:"1000"`
}

// FigureRow is one line of the answer.
type FigureRow struct {
	By     map[string]string   `json:"by"`
	Names  map[string]string   `json:"names,omitempty" doc:"What people call the codes"`
	Values map[string]*float64 `json:"values" doc:"None where the denominator is nothing"`
	Rows   string              `json:"rows,omitempty" doc:"Path of the list behind it, where a list can say it"`
}

// FigureAnswer is what a query gave, and to what it was pinned.
type FigureAnswer struct {
	Rows      []FigureRow `json:"rows"`
	From      store.Time  `json:"from"`
	To        store.Time  `json:"to"`
	At        store.Time  `json:"at" doc:"As of when"`
	Truncated bool        `json:"truncated,omitempty"`
	Position  store.ID    `json:"position" doc:"How far the records went: the data version"`
}

// Catalogue is what may be asked.
type Catalogue struct {
	Grains map[string]GrainCatalogue `json:"grains"`
}

// GrainCatalogue is what may be asked of one grain.
type GrainCatalogue struct {
	Measures    map[string]map[string]string `json:"measures"`
	Dimensions  map[string]map[string]string `json:"dimensions"`
	Definitions map[string]map[string]string `json:"definitions" doc:"What each measure counts (口径)"`
	Percent     []string                     `json:"percent" doc:"Measures that are told in percent"`
}

// figureTerm is a measure or a dimension: its SQL and what people call it. What a
// measure computes is a whole number, so that parts add up to the whole exactly; one
// with a base is the first over the second.
type figureTerm struct {
	sql, base string
	unit      float64 // what one of the base is worth in sql; 1 when absent
	plain     bool    // a ratio that is not in percent
	whole     bool    // counts what is distinct, or reads other tables: days have no sums of it
	zh, en    string
	rows      string // of a measure: the condition that the rows behind it meet
}

type figureGrain struct {
	from     string
	scope    string // column of the unit
	window   map[string]string
	measures map[string]figureTerm
	dims     map[string]figureTerm
}

const localDay = "$day"

var figureGrains = map[string]figureGrain{
	"appeals": {
		from: `matter m JOIN appeal a ON a.id = m.id`, scope: "m.unit",
		window: map[string]string{"filed": store.IDTime("m.id"), "closed": "m.closed_at", "rated": "a.rated_at"},
		measures: map[string]figureTerm{
			"count":        {sql: `count(*)`, zh: "件数", en: "Appeals"},
			"messages":     {whole: true, sql: `count(CASE WHEN NOT EXISTS (SELECT 1 FROM appeal_part p WHERE p.appeal = m.id AND p.n > 1) THEN 1 END)`, rows: "NOT EXISTS (SELECT 1 FROM appeal_part p WHERE p.appeal = m.id AND p.n > 1)", zh: "来件数", en: "Messages"},
			"open":         {sql: `count(CASE WHEN m.open THEN 1 END)`, rows: "m.open", zh: "在办", en: "Open"},
			"closed":       {sql: `count(CASE WHEN NOT m.open THEN 1 END)`, rows: "NOT m.open", zh: "办结", en: "Closed"},
			"late":         {sql: `count(CASE WHEN m.open AND m.late THEN 1 END)`, rows: "m.open AND m.late", zh: "超期在办", en: "Late"},
			"persons":      {sql: `count(DISTINCT m.applicant)`, whole: true, zh: "诉求人数", en: "Persons"},
			"solved":       {sql: `sum(CASE a.solved WHEN 'yes' THEN 2 WHEN 'partly' THEN 1 ELSE 0 END)`, unit: 2, base: `count(CASE WHEN a.solved <> '' AND a.score_result IS NOT NULL THEN 1 END)`, rows: "a.solved <> '' AND a.score_result IS NOT NULL", zh: "解决率", en: "Solved"},
			"satisfied":    {sql: `sum(CASE WHEN a.score_result >= 4 THEN 10 WHEN a.score_result = 3 THEN 6 ELSE 0 END)`, unit: 10, base: `count(a.score_result)`, rows: "a.score_result IS NOT NULL", zh: "满意率", en: "Satisfied"},
			"rated":        {sql: `count(a.score_result)`, base: `count(CASE WHEN NOT m.open THEN 1 END)`, rows: "NOT m.open", zh: "参评率", en: "Participation"},
			"hours":        {sql: `sum(m.closed_at - m.opened_at)`, base: `count(m.closed_at)`, unit: 3600000000, plain: true, rows: "m.closed_at IS NOT NULL", zh: "平均办理时长（小时）", en: "Mean hours to close"},
			"auto":         {sql: `count(CASE WHEN a.mode = 'auto' THEN 1 END)`, base: `count(CASE WHEN a.mode <> '' THEN 1 END)`, rows: "a.mode <> ''", zh: "自动分拨率", en: "Dispatched by itself"},
			"confidential": {sql: `count(CASE WHEN a.secrecy <> 'open' THEN 1 END)`, base: `count(*)`, zh: "保密与匿名占比", en: "Confidential or anonymous"},
		},
		dims: map[string]figureTerm{
			"street": {sql: "a.street", zh: "街道", en: "Street"}, "community": {sql: "a.community", zh: "社区", en: "Community"}, "unit": {sql: "m.unit", zh: "单位", en: "Unit"},
			"item": {sql: "m.item", zh: "事项", en: "Item"}, "kind": {sql: "a.kind", zh: "类型", en: "Kind"}, "channel": {sql: "a.channel", zh: "渠道", en: "Channel"},
			"class": {sql: "m.class", zh: "紧急程度", en: "Urgency"}, "state": {sql: "m.state", zh: "状态", en: "State"}, "mode": {sql: "a.mode", zh: "分拨方式", en: "How dispatched"}, "result": {sql: "a.result", zh: "办理结果", en: "Outcome"},
			"repeat": {whole: true, sql: "CASE WHEN a.result = 'referred' THEN 'referred' WHEN EXISTS (SELECT 1 FROM dossier_appeal x WHERE x.appeal = m.id AND x.removed IS NULL) THEN 'yes' ELSE 'no' END", zh: "重复诉求", en: "Repeat appeal"},
			"day":    {sql: localDay, zh: "日", en: "Day"}, "month": {sql: "substr(" + localDay + ", 1, 7)", zh: "月", en: "Month"}, "year": {sql: "substr(" + localDay + ", 1, 4)", zh: "年", en: "Year"}, "hour": {sql: "$hour", zh: "时", en: "Hour"},
		},
	},
	"events": {
		from: `matter_event e JOIN matter m ON m.id = e.matter JOIN appeal a ON a.id = m.id`, scope: "m.unit",
		window: map[string]string{"": "e.at"},
		measures: map[string]figureTerm{
			"count":   {sql: `count(*)`, zh: "次数", en: "Times"},
			"matters": {sql: `count(DISTINCT e.matter)`, zh: "涉及件数", en: "Appeals"},
			"actors":  {sql: `count(DISTINCT e.actor)`, zh: "操作人数", en: "Actors"},
		},
		dims: map[string]figureTerm{
			"action": {sql: "e.action", zh: "操作", en: "Action"}, "source": {sql: "e.source", zh: "原状态", en: "From state"}, "target": {sql: "e.target", zh: "新状态", en: "To state"}, "by": {sql: "e.unit", zh: "操作单位", en: "By unit"},
			"unit": {sql: "m.unit", zh: "主办单位", en: "Unit"}, "item": {sql: "m.item", zh: "事项", en: "Item"}, "street": {sql: "a.street", zh: "街道", en: "Street"}, "class": {sql: "m.class", zh: "紧急程度", en: "Urgency"},
			"day": {sql: localDay, zh: "日", en: "Day"}, "month": {sql: "substr(" + localDay + ", 1, 7)", zh: "月", en: "Month"}, "hour": {sql: "$hour", zh: "时", en: "Hour"},
		},
	},
	"open": {
		from: `appeal_open_day o`, scope: "o.unit",
		window: map[string]string{"": "o.day"},
		measures: map[string]figureTerm{
			"open": {sql: `sum(o.open)`, zh: "在办（日末）", en: "Open at the day's end"},
			"late": {sql: `sum(o.late)`, zh: "超期（日末）", en: "Late at the day's end"},
			"aged": {sql: `sum(o.aged)`, zh: "14 天以上（日末）", en: "Older than 14 days"},
			"mean": {sql: `sum(o.open)`, base: `count(DISTINCT o.day) + CASE count(*) WHEN 0 THEN 1 ELSE 0 END`, plain: true, whole: true, zh: "日均在办", en: "Open on a day"},
		},
		dims: map[string]figureTerm{
			"unit": {sql: "o.unit", zh: "单位", en: "Unit"}, "item": {sql: "o.item", zh: "事项", en: "Item"}, "street": {sql: "o.street", zh: "街道", en: "Street"}, "state": {sql: "o.state", zh: "状态", en: "State"},
			"day": {sql: "o.day", zh: "日", en: "Day"}, "month": {sql: "substr(o.day, 1, 7)", zh: "月", en: "Month"},
		},
	},
	"due": {
		from: `matter_clock k JOIN matter m ON m.id = k.matter JOIN appeal a ON a.id = m.id`, scope: "k.unit",
		window: map[string]string{"": "k.due_at"},
		measures: map[string]figureTerm{
			"due":     {sql: `count(*)`, zh: "到期", en: "Due"},
			"on_time": {sql: `count(CASE WHEN k.outcome = 'met' THEN 1 END)`, rows: "k.outcome = 'met'", zh: "按时", en: "On time"},
			"late":    {sql: `count(CASE WHEN k.outcome <> 'met' THEN 1 END)`, rows: "k.outcome <> 'met'", zh: "超期", en: "Late"},
			"rate":    {sql: `count(CASE WHEN k.outcome = 'met' THEN 1 END)`, base: `count(*)`, zh: "按时办结率", en: "Rate on time"},
		},
		dims: map[string]figureTerm{
			"unit": {sql: "k.unit", zh: "单位", en: "Unit"}, "street": {sql: "a.street", zh: "街道", en: "Street"}, "community": {sql: "a.community", zh: "社区", en: "Community"}, "item": {sql: "m.item", zh: "事项", en: "Item"},
			"kind": {sql: "a.kind", zh: "类型", en: "Kind"}, "channel": {sql: "a.channel", zh: "渠道", en: "Channel"}, "class": {sql: "m.class", zh: "紧急程度", en: "Urgency"},
			"day": {sql: localDay, zh: "日", en: "Day"}, "month": {sql: "substr(" + localDay + ", 1, 7)", zh: "月", en: "Month"}, "year": {sql: "substr(" + localDay + ", 1, 4)", zh: "年", en: "Year"},
		},
	},
}

// mostFigureDays bounds a window.
const mostFigureDays = 3700

// figureWhere is what a query counts, as SQL.
type figureWhere struct {
	figureGrain
	at       string // the moment that the window is about
	from, to time.Time
	conds    []string
	args     []any
}

func (w *figureWhere) add(cond string, more ...any) {
	w.conds, w.args = append(w.conds, cond), append(w.args, more...)
}

func (w *figureWhere) where() string { return " WHERE " + strings.Join(w.conds, " AND ") }

// figureWhere checks the grain, the window and what a query is narrowed to. It
// writes into q which moment an absent one is.
func (s *Service) figureWhere(sc account.Scope, q *FigureQuery) (*figureWhere, error) {
	g, ok := figureGrains[q.Grain]
	if !ok {
		return nil, httpapi.FailField("grain", "no_such_option")
	}
	w := &figureWhere{figureGrain: g}
	zone := s.Zone()
	var err error
	if w.from, err = time.ParseInLocation(time.DateOnly, q.From, zone); err != nil {
		return nil, httpapi.FailField("from", "not_a_time")
	}
	if w.to, err = time.ParseInLocation(time.DateOnly, q.To, zone); err != nil {
		return nil, httpapi.FailField("to", "not_a_time")
	}
	if !w.to.After(w.from) || w.to.Sub(w.from) > mostFigureDays*24*time.Hour {
		return nil, httpapi.FailField("to", "out_of_range")
	}
	if q.Grain == "appeals" && q.On == "" {
		q.On = "filed"
	}
	if w.at, ok = g.window[q.On]; !ok {
		return nil, httpapi.FailField("on", "no_such_option")
	}
	switch q.Grain {
	case "open":
		w.add("o.day >= ? AND o.day < ?", w.from.Format(time.DateOnly), w.to.Format(time.DateOnly))
	case "due":
		w.add("k.clock = 'handle' AND k.due_at >= ? AND k.due_at < ? AND k.outcome NOT IN ('void', 'paused')", store.At(w.from), store.At(w.to))
	default:
		w.add("m.flow = 'appeal'")
		if q.On == "filed" { // the key is the time, and has an index
			w.add("m.id >= ? AND m.id < ?", int64(store.IDAt(w.from)), int64(store.IDAt(w.to)))
		} else {
			w.add(w.at+" >= ? AND "+w.at+" < ?", store.At(w.from), store.At(w.to))
		}
	}
	if !sc.All {
		w.add(store.AnyOf(g.scope, len(sc.Units)), store.Args(sc.Units...)...)
	}
	for _, dim := range sortedKeysOf(q.Where) {
		values := q.Where[dim]
		d, ok := g.dims[dim]
		if !ok || len(values) == 0 || len(values) > 200 {
			return nil, httpapi.FailField("where."+dim, "no_such_option")
		}
		if dim == "unit" || dim == "by" { // and what lies below it
			var all []string
			for _, v := range values {
				all = append(all, s.Dir.Tree().Subtree(v)...)
			}
			values = all
		}
		w.add(store.AnyOf(s.localSQL(d.sql, w.at), len(values)), store.Args(values...)...)
	}
	return w, nil
}

// Figures answers a query for one who asks: rows of their own scope alone.
func (s *Service) Figures(ctx context.Context, sc account.Scope, q FigureQuery) (FigureAnswer, error) {
	return s.figures(ctx, s.Store, sc, q)
}

func (s *Service) figures(ctx context.Context, from store.Querier, sc account.Scope, q FigureQuery) (FigureAnswer, error) {
	out := FigureAnswer{Rows: []FigureRow{}}
	w, err := s.figureWhere(sc, &q)
	if err != nil {
		return out, err
	}
	out.From, out.To, out.At = store.At(w.from), store.At(w.to), store.At(s.Store.Now())
	if err := q.check(w.figureGrain); err != nil {
		return out, err
	}
	if !sc.All && len(sc.Units) == 0 {
		return out, nil
	}
	if q.Limit == 0 {
		q.Limit = 200
	}
	sums, ok, err := s.sumsOfDays(ctx, from, sc, q, w)
	if err == nil && !ok {
		sums, err = s.figureSums(ctx, from, q, w, q.Limit+1)
	}
	if err != nil {
		return out, err
	}
	if len(sums) > q.Limit {
		sums, out.Truncated = sums[:q.Limit], true
	}
	for _, sum := range sums {
		row := FigureRow{By: map[string]string{}, Values: map[string]*float64{}}
		for i, name := range q.By {
			row.By[name] = sum.by[i]
		}
		for i, name := range q.Measures {
			row.Values[name] = w.measures[name].value(sum.n[2*i], sum.n[2*i+1])
		}
		row.Names, row.Rows = s.figureNames(row.By), s.figureRows(q, row.By)
		out.Rows = append(out.Rows, row)
	}
	out.Position, err = dataPosition(ctx, from)
	return out, err
}

// check refuses what is not in the grain's catalogue.
func (q FigureQuery) check(g figureGrain) error {
	for i, name := range q.By {
		if _, ok := g.dims[name]; !ok || slices.Contains(q.By[:i], name) {
			return httpapi.FailField("by", "no_such_option")
		}
	}
	for i, name := range q.Measures {
		if _, ok := g.measures[name]; !ok || slices.Contains(q.Measures[:i], name) {
			return httpapi.FailField("measures", "no_such_option")
		}
	}
	if name := strings.TrimPrefix(q.Order, "-"); name != "" && !slices.Contains(q.By, name) && !slices.Contains(q.Measures, name) {
		return httpapi.FailField("order", "no_such_option")
	}
	return nil
}

// figureSum is one line of an answer before it is told: its values of the
// dimensions, and of each measure what it counts and its base.
type figureSum struct {
	by []string
	n  []int64
}

// figureSums counts the rows of a query that was checked, in its order, at most limit
// lines.
func (s *Service) figureSums(ctx context.Context, from store.Querier, q FigureQuery, w *figureWhere, limit int) ([]figureSum, error) {
	var selects, groups []string
	for i, name := range q.By {
		selects, groups = append(selects, "COALESCE("+s.localSQL(w.dims[name].sql, w.at)+", '')"), append(groups, strconv.Itoa(i+1))
	}
	for _, name := range q.Measures {
		m := w.measures[name]
		selects = append(selects, "CAST(COALESCE("+m.sql+", 0) AS BIGINT)", "CAST("+cmp.Or(m.base, "0")+" AS BIGINT)")
	}
	query := `SELECT ` + strings.Join(selects, ", ") + ` FROM ` + w.figureGrain.from + w.where()
	if len(groups) > 0 {
		query += ` GROUP BY ` + strings.Join(groups, ", ") + ` ORDER BY ` + strings.Join(append(q.orderSQL(w.figureGrain), groups...), ", ")
	}
	rows, err := from.Query(ctx, query+` LIMIT `+strconv.Itoa(limit), w.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []figureSum
	for rows.Next() {
		sum := figureSum{make([]string, len(q.By)), make([]int64, 2*len(q.Measures))}
		into := make([]any, 0, len(sum.by)+len(sum.n))
		for i := range sum.by {
			into = append(into, &sum.by[i])
		}
		for i := range sum.n {
			into = append(into, &sum.n[i])
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		out = append(out, sum)
	}
	return out, rows.Err()
}

// orderSQL is what the lines of a query are ordered by before their dimensions: a
// dimension, or the value of a measure, where none is the least.
func (q FigureQuery) orderSQL(g figureGrain) []string {
	name, down := strings.CutPrefix(q.Order, "-")
	dir := " ASC"
	if down {
		dir = " DESC"
	}
	if i := slices.Index(q.By, name); i >= 0 {
		return []string{strconv.Itoa(i+1) + dir}
	}
	m, ok := g.measures[name]
	if !ok {
		return nil
	}
	if m.base == "" {
		return []string{m.sql + dir}
	}
	return []string{"COALESCE(" + m.sql + " * 1.0 / NULLIF(" + m.base + ", 0), -1)" + dir}
}

// dataPosition says which data was read (数据版本): the key of the newest record of
// what was done in the house. Each action on a matter, each import and each load in
// bulk leaves one in its own transaction, so data that was loaded past the events has
// a position too. On PostgreSQL transactions that run side by side may commit out of
// the order of their keys; what agrees within a report does so by its snapshot.
func dataPosition(ctx context.Context, q store.Querier) (at store.ID, err error) {
	err = q.QueryRow(ctx, `SELECT COALESCE(MAX(id), 0) FROM audit`).Scan(&at)
	return at, err
}

// behind reads a page of the appeals that a measure of a query counts, the newest
// first, as they are now: of one line of its answer, and of those that the reader may
// see. The grains are appeals and due.
func (s *Service) behind(ctx context.Context, sc account.Scope, q FigureQuery, line map[string]string, after store.ID, limit int) ([]Row, error) {
	w, err := s.figureWhere(account.Scope{All: true}, &q)
	if err != nil {
		return nil, err
	}
	for _, dim := range sortedKeysOf(line) {
		w.add("COALESCE("+s.localSQL(w.dims[dim].sql, w.at)+", '') = ?", line[dim])
	}
	if cond := w.measures[q.Measures[0]].rows; cond != "" {
		w.add(cond)
	}
	cond, args := scopeSQL(sc)
	query := `SELECT ` + rowColumns + rowTables + ` WHERE ` + cond + ` AND m.id IN (SELECT m.id FROM ` + w.figureGrain.from + w.where() + `)`
	args = append(args, w.args...)
	if after != 0 {
		query, args = query+` AND m.id < ?`, append(args, after)
	}
	rows, err := store.Select[Row](ctx, s.Store, query+` ORDER BY m.id DESC LIMIT `+strconv.Itoa(limit), args...)
	s.name(rows)
	return rows, err
}

// value of a measure, to two decimals; none over a base of nothing.
func (m figureTerm) value(n, base int64) *float64 {
	v := float64(n)
	if m.base != "" {
		if base == 0 {
			return nil
		}
		v = v / cmp.Or(m.unit, 1) / float64(base)
		if !m.plain {
			v *= 100
		}
	}
	v = math.Round(v*100) / 100
	return &v
}

// localSQL puts the local day and hour of a moment into an expression. A district
// keeps one offset: China has had no summer time since 1991.
func (s *Service) localSQL(text, at string) string {
	_, offset := s.Store.Now().In(s.Zone()).Zone()
	day := fmt.Sprintf("date((%s) / 1000000 + %d, 'unixepoch')", at, offset)
	hour := fmt.Sprintf("strftime('%%H', (%s) / 1000000 + %d, 'unixepoch')", at, offset)
	if s.Store.Dialect() == store.Postgres {
		stamp := fmt.Sprintf("to_timestamp((%s) / 1000000 + %d) AT TIME ZONE 'UTC'", at, offset)
		day, hour = "to_char("+stamp+", 'YYYY-MM-DD')", "to_char("+stamp+", 'HH24')"
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, localDay, day), "$hour", hour)
}

func (s *Service) figureNames(by map[string]string) map[string]string {
	d, out := s.district.Load(), map[string]string{}
	for dim, code := range by {
		name := ""
		switch dim {
		case "unit", "by":
			name = s.Dir.Tree().Name(code)
		case "street", "community":
			name = d.places[code].Name
		case "item":
			if it := d.duty.Item(code); it != nil {
				name = it.Name()
			}
		case "kind":
			if k, ok := d.words.Kind(code); ok {
				name = k.Name["zh"]
			}
		case "channel":
			if c, ok := d.words.Channel(code); ok {
				name = c.Name["zh"]
			}
		case "state", "source", "target":
			if st := s.Engine.Flow("appeal").States[code]; st != nil {
				name = st.Title["zh"]
			}
		case "repeat":
			name = map[string]string{"referred": "按既有结论答复", "yes": "重复诉求档案内", "no": "其他"}[code]
		case "action":
			if a := s.Engine.Flow("appeal").Actions[code]; a != nil {
				name = a.Title["zh"]
			} else {
				name = engineTitles[code]["zh"]
			}
		}
		if name != "" {
			out[dim] = name
		}
	}
	return out
}

// figureRows is the list of appeals behind a line, where the list's own filter can
// say it.
func (s *Service) figureRows(q FigureQuery, by map[string]string) string {
	v := url.Values{}
	switch {
	case q.Grain == "due" && (q.Measures[0] == "due" || q.Measures[0] == "rate"):
		q.On = "due"
	case q.Grain != "appeals":
		return ""
	}
	from, to := q.From, q.To
	put := func(dim, value string) bool {
		switch dim {
		case "street", "unit", "item", "kind", "class", "state":
			if value == "" || q.On == "due" && dim == "unit" { // the list knows who has it now

				return false
			}
			v.Set(dim, value)
			if _, line := by[dim]; line && dim == "unit" {
				v.Set("alone", "true") // a line is of a unit; what lies below it has lines of its own
			}
			return true
		case "day":
			day, err := time.Parse(time.DateOnly, value)
			from, to = value, day.AddDate(0, 0, 1).Format(time.DateOnly)
			return err == nil
		case "month":
			m, err := time.Parse("2006-01", value)
			from, to = max(from, value+"-01"), min(to, m.AddDate(0, 1, 0).Format(time.DateOnly))
			return err == nil
		}
		return false
	}
	for dim, values := range q.Where {
		if len(values) != 1 || !put(dim, values[0]) {
			return ""
		}
	}
	for dim, value := range by {
		if !put(dim, value) {
			return ""
		}
	}
	switch q.On {
	case "filed":
		v.Set("since", from)
		v.Set("until", to)
	case "due":
		v.Set("due_since", from)
		v.Set("due_until", to)
	default: // a list knows from when on alone
		if to <= s.Store.Now().In(s.Zone()).Format(time.DateOnly) {
			return ""
		}
		v.Set(q.On+"_since", from)
	}
	return "/api/appeals?" + v.Encode()
}

// keepOpenDay writes the backlog as it stands at the end of a local day, once.
func (s *Service) keepOpenDay(ctx context.Context) (any, error) {
	day := s.Store.Now().In(s.Zone()).AddDate(0, 0, -1).Format(time.DateOnly)
	var kept int64
	err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		var have bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM appeal_open_day WHERE day = ?)`, day).Scan(&have); err != nil || have {
			return err
		}
		old := store.IDAt(s.Store.Now().AddDate(0, 0, -14))
		var err error
		kept, err = tx.Exec(ctx, `INSERT INTO appeal_open_day (day, unit, item, street, state, open, late, aged)
 SELECT ?, m.unit, m.item, a.street, m.state, count(*), count(CASE WHEN m.late THEN 1 END), count(CASE WHEN m.id < ? THEN 1 END) FROM matter m JOIN appeal a ON a.id = m.id WHERE m.system = ? AND m.open AND m.flow = 'appeal' GROUP BY m.unit, m.item, a.street, m.state`, day, int64(old), System)
		return err
	})
	return map[string]any{"day": day, "rows": kept}, err
}

// FigureView is a query that somebody keeps.
type FigureView struct {
	ID     store.ID    `json:"id"`
	Name   string      `json:"name"`
	Query  FigureQuery `json:"query"`
	Shared bool        `json:"shared"`
	Mine   bool        `json:"mine"`
}

// PublicBoard is what everybody may know: counts of a month, small ones left out.
type PublicBoard struct {
	Month     string        `json:"month"`
	At        store.Time    `json:"at"`
	Filed     int64         `json:"filed"`
	Closed    int64         `json:"closed"`
	OnTime    *float64      `json:"on_time,omitempty" doc:"Percent of what was due"`
	Solved    *float64      `json:"solved,omitempty"`
	Satisfied *float64      `json:"satisfied,omitempty"`
	Rated     *float64      `json:"rated,omitempty" doc:"Participation: how many of the closed were rated"`
	Streets   []PublicCount `json:"streets"`
	Subjects  []PublicCount `json:"subjects" doc:"First level of the duty list"`
	Channels  []PublicCount `json:"channels"`
	Days      []DayCount    `json:"days"`
	Least     int           `json:"least" doc:"Counts below it are not told"`
}

// PublicCount is one line; a count that is too small is absent.
type PublicCount struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Count *int64 `json:"count,omitempty"`
}

// leastPublic is the smallest count that is told to everybody (k-anonymity).
const leastPublic = 5

// Public makes the public board of a month.
func (s *Service) Public(ctx context.Context, month string) (PublicBoard, error) {
	out := PublicBoard{Month: month, At: store.At(s.Store.Now()), Least: leastPublic, Streets: []PublicCount{}, Subjects: []PublicCount{}, Channels: []PublicCount{}, Days: []DayCount{}}
	from, to, err := s.month(month)
	if err != nil {
		return out, err
	}
	all := account.Scope{All: true}
	ask := func(q FigureQuery) ([]FigureRow, error) {
		q.Grain, q.From, q.To, q.Limit = "appeals", from.Format(time.DateOnly), to.Format(time.DateOnly), 1000
		a, err := s.Figures(ctx, all, q)
		return a.Rows, err
	}
	lines := func(dim string) ([]PublicCount, error) {
		rows, err := ask(FigureQuery{Measures: []string{"count"}, By: []string{dim}, Order: "-count"})
		counts := map[string]int64{}
		names := map[string]string{}
		duty := s.district.Load().duty
		for _, r := range rows {
			code, name := r.By[dim], r.Names[dim]
			if dim == "item" {
				code, name = "", "其他"
				if it := duty.Item(r.By[dim]); it != nil {
					code, name = it.L1, it.L1
				}
			}
			if code == "" && dim != "item" {
				continue
			}
			counts[code] += int64(*r.Values["count"])
			names[code] = name
		}
		out := []PublicCount{}
		for _, code := range sortedKeysOf(counts) {
			c := PublicCount{Code: code, Name: names[code]}
			if n := counts[code]; n >= leastPublic {
				c.Count = &n
			}
			out = append(out, c)
		}
		slices.SortStableFunc(out, func(a, b PublicCount) int { return int(valueOf(b.Count) - valueOf(a.Count)) })
		// One alone that is not told could be told from the sum: the next goes with it.
		if n := len(out); n > 1 && out[n-1].Count == nil && out[n-2].Count != nil {
			out[n-2].Count = nil
		}
		if i := slices.IndexFunc(out, func(c PublicCount) bool { return c.Code == "" }); i >= 0 {
			other := out[i]
			out = append(slices.Delete(out, i, i+1), other) // 其他 stands last
		}
		return out, err
	}
	if out.Streets, err = lines("street"); err != nil {
		return out, err
	}
	if out.Subjects, err = lines("item"); err != nil {
		return out, err
	}
	if out.Channels, err = lines("channel"); err != nil {
		return out, err
	}
	closed, err := ask(FigureQuery{Measures: []string{"count", "rated"}, On: "closed"})
	if err != nil {
		return out, err
	}
	rated, err := ask(FigureQuery{Measures: []string{"count", "solved", "satisfied"}, On: "rated"})
	if err != nil {
		return out, err
	}
	if len(closed) > 0 {
		out.Closed, out.Rated = int64(*closed[0].Values["count"]), closed[0].Values["rated"]
	}
	if len(rated) > 0 && *rated[0].Values["count"] >= leastPublic {
		out.Solved, out.Satisfied = rated[0].Values["solved"], rated[0].Values["satisfied"]
	}
	end := to
	if now := s.Store.Now(); end.After(now) {
		end = now
	}
	if end.After(from) {
		due, err := s.dueCounts(ctx, from, from, end, s.Zone())
		if err != nil {
			return out, err
		}
		if due.month.Due >= leastPublic {
			v := math.Round(float64(due.month.OnTime)/float64(due.month.Due)*10000) / 100
			out.OnTime = &v
		}
	}
	days := daysOf(from, end.Add(-time.Second).In(s.Zone()))
	counts, err := s.counts(ctx, days, days)
	if err != nil {
		return out, err
	}
	for _, d := range days {
		out.Days = append(out.Days, DayCount{Day: d, Filed: counts[tallyKey{"filed", d, "all", ""}], Closed: counts[tallyKey{"closed", d, "all", ""}]})
		out.Filed += counts[tallyKey{"filed", d, "all", ""}]
	}
	return out, nil
}

func valueOf(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}

func (s *Service) mountFigures(srv *httpapi.Server) {
	const tag = "figures"
	httpapi.Register(srv, httpapi.Operation{ID: "get-figure-catalogue", Method: http.MethodGet, Path: "/api/figures", Tag: tag, Access: httpapi.AnyStaff,
		Summary: "What may be asked: grains, their measures and dimensions"}, func(context.Context, *struct{}) (*httpapi.Body[Catalogue], error) {
		c := Catalogue{Grains: map[string]GrainCatalogue{}}
		for name, g := range figureGrains {
			gc := GrainCatalogue{map[string]map[string]string{}, map[string]map[string]string{}, map[string]map[string]string{}, []string{}}
			for _, id := range sortedKeysOf(g.measures) {
				t := g.measures[id]
				if t.base != "" && !t.plain {
					gc.Percent = append(gc.Percent, id)
				}
				says := figureDefinitions[name][id]
				gc.Measures[id], gc.Definitions[id] = map[string]string{"zh": t.zh, "en": t.en}, map[string]string{"zh": says[0], "en": says[1]}
			}
			for id, t := range g.dims {
				gc.Dimensions[id] = map[string]string{"zh": t.zh, "en": t.en}
			}
			c.Grains[name] = gc
		}
		return httpapi.Answer(c, nil)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "ask-figures", Method: http.MethodPost, Path: "/api/figures", Tag: tag, Access: httpapi.AnyStaff, Limit: 120,
		Summary: "Ask for figures by a closed grammar; rows of the caller's scope alone"}, func(ctx context.Context, in *struct{ Body FigureQuery }) (*httpapi.Body[FigureAnswer], error) {
		a, err := s.Figures(ctx, httpapi.Actor(ctx).Scope(), in.Body)
		return httpapi.Answer(a, err)
	})
	s.mountFigureViews(srv)
	httpapi.Register(srv, httpapi.Operation{ID: "get-public-board", Method: http.MethodGet, Path: "/api/public/board", Tag: tag, Access: httpapi.Public, Limit: 60,
		Summary: "A month in figures for everybody, small counts left out"}, func(ctx context.Context, in *struct {
		Month string `query:"month" doc:"2026-10; this month when absent"`
	}) (*httpapi.Body[PublicBoard], error) {
		if in.Month == "" {
			in.Month = s.Store.Now().In(s.Zone()).Format("2006-01")
		}
		b, err := s.Public(ctx, in.Month)
		return httpapi.Answer(b, err)
	})
}
