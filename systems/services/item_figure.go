package services

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/metric"
	"shanzhi/core/pack"
	"shanzhi/core/rule"
	"shanzhi/core/store"
)

// itemGrains are the rows that the figures of items are made of.
//
//	item        a published item
//	acceptance  an acceptance of a case by a person
//	case        a case that was decided by people
var itemGrains = map[string]rule.Vars{
	"item": {"type": "string", "kind": "string", "online": "bool", "online_known": "bool", "express": "bool", "bookable": "bool", "visits": "int", "visits_known": "bool", "legal_days": "int", "promised_days": "int", "legal_known": "bool", "promised_known": "bool", "timed": "bool",
		"materials": "int", "score": "int", "here": "bool", "checklist": "bool", "flags": "list", "citywide": "bool"},
	"acceptance": {"ticked": "bool", "has_list": "bool"},
	"case":       {"apart": "bool", "handed_over": "int", "skipped": "int", "repeated": "int", "deemed": "bool"},
}

// itemBook is services/figures.yaml: the figures of items, and of which the four
// standardisations (四个标准化) are made.
type itemBook struct {
	metric.Book `yaml:",inline"`
	Board       []string       `yaml:"board"` // the figures shown first, in their order
	Standards   []itemStandard `yaml:"standards"`
}

// itemStandard is one of the standardisations: its score is the mean of its figures, each
// in percent.
type itemStandard struct {
	ID      string      `yaml:"id"`
	Name    metric.Text `yaml:"name"`
	Figures []string    `yaml:"figures"`
}

const packFigures = "services/figures.yaml"

// readItemBook reads the pack's figures; one without the file shows none.
func readItemBook(files fs.FS) (*itemBook, error) {
	b := &itemBook{}
	if err := pack.Settings(files, packFigures, b); err != nil {
		return nil, err
	}
	var wrong []error
	if err := b.Compile(itemGrains); err != nil {
		wrong = append(wrong, fmt.Errorf("%s: %w", packFigures, err))
	}
	for _, x := range b.Indicators {
		if len(x.Definition) == 0 {
			wrong = append(wrong, fmt.Errorf("%s: %s: a figure says in words what it counts over what", packFigures, x.ID))
		}
	}
	known := func(at string, ids []string) {
		for _, id := range ids {
			if b.Indicator(id) == nil {
				wrong = append(wrong, fmt.Errorf("%s: %s: there is no figure %q", packFigures, at, id))
			}
		}
	}
	known("board", b.Board)
	for _, st := range b.Standards {
		known("standards."+st.ID, st.Figures)
		for _, id := range st.Figures {
			if x := b.Indicator(id); x != nil && x.Unit != "%" {
				wrong = append(wrong, fmt.Errorf("%s: standards.%s: %s is not in percent", packFigures, st.ID, id))
			}
		}
	}
	return b, errors.Join(wrong...)
}

// itemRows is the rows of grain item, made again when an item or the day has changed.
type itemRows struct {
	mu    sync.Mutex
	stamp store.ID
	day   string
	lint  *lint
	rows  []metric.Row
}

// rowsOfItems are the published items of this district as figures read them, today.
func (s *Service) rowsOfItems(ctx context.Context) ([]metric.Row, error) {
	stamp, err := s.itemStamp(ctx)
	if err != nil {
		return nil, err
	}
	day, l := s.today(), s.lint.Load()
	c := &s.items.rows
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rows != nil && c.stamp == stamp && c.day == day && c.lint == l {
		return c.rows, nil
	}
	spans, err := store.Select[struct {
		Item store.ID
		ItemFlagSpan
	}](ctx, s.Store, `SELECT item, flag, from_day, to_day, basis FROM service_item_flag ORDER BY item, flag, from_day DESC`)
	if err != nil {
		return nil, err
	}
	of := map[store.ID][]ItemFlagSpan{}
	for _, x := range spans {
		of[x.Item] = append(of[x.Item], x.ItemFlagSpan)
	}
	rows := []metric.Row{}
	for after, more := store.ID(0), true; more; {
		page, err := store.Select[struct {
			ID             store.ID
			Source, Region string
			Elements       string
		}](ctx, s.Store, `SELECT i.id, i.source, i.region, v.elements FROM service_item i JOIN service_item_version v ON v.item = i.id AND v.version = i.version WHERE i.state = 'published' AND i.id > ? ORDER BY i.id LIMIT 1000`, int64(after))
		if err != nil {
			return nil, err
		}
		for _, x := range page {
			after = x.ID
			if !s.ours(itemHome{Source: x.Source, Region: x.Region}) {
				continue
			}
			var e ItemElements
			if err := json.Unmarshal([]byte(x.Elements), &e); err != nil {
				return nil, err
			}
			_, score := l.check(e)
			rows = append(rows, metric.Row{Key: int64(x.ID), Unit: e.Department, Facts: e.facts(flagsIn(of[x.ID], e, day), score)})
		}
		more = len(page) == 1000
	}
	c.rows, c.stamp, c.day, c.lint = rows, stamp, day, l
	return rows, nil
}

// facts are an item as figures read it.
func (e ItemElements) facts(flags []string, score int) map[string]any {
	days := func(d *ItemDays) int64 {
		if d == nil {
			return 0
		}
		return int64(d.N)
	}
	yes := func(b *bool) bool { return b != nil && *b }
	visits := int64(0)
	if e.Visits != nil {
		visits = int64(*e.Visits)
	}
	return map[string]any{"type": e.Type, "kind": e.Kind, "online": slices.Contains(flags, "online"), "online_known": e.Online != nil || slices.Contains(flags, "online"), "express": yes(e.Express), "bookable": yes(e.Bookable), "visits": visits, "visits_known": e.Visits != nil,
		"legal_days": days(e.Legal), "promised_days": days(e.Promised), "legal_known": e.Legal != nil, "promised_known": e.Promised != nil, "timed": e.daysSaved() != nil, "materials": int64(len(e.paperNames())), "score": int64(score),
		"here": e.Handling != nil, "checklist": e.Handling != nil && len(e.Handling.Acceptance) > 0, "flags": flags, "citywide": slices.Contains(flags, "citywide") || e.Scope != nil && slices.Contains([]string{"city", "province", "nation"}, e.Scope.Range)}
}

// caseSteps that may happen once only in a case that goes straight.
var onceOnly = []string{"accept", "notify", "special", "propose", "extend"}

// rowsOfCases are the acceptances and the decided cases of a time, by department.
func (s *Service) rowsOfCases(ctx context.Context, from, to time.Time) (acceptances, cases []metric.Row, err error) {
	found, err := store.Select[struct {
		ID     store.ID
		Item   string
		Ext    CaseState
		Deemed bool
	}](ctx, s.Store, `SELECT m.id, m.item, c.ext, c.deemed FROM matter m JOIN service_case c ON c.id = m.id WHERE m.system = ? AND m.opened_at >= ? AND m.opened_at < ? AND NOT c.automatic ORDER BY m.id`, System, store.At(from), store.At(to))
	if err != nil {
		return nil, nil, err
	}
	for part := range slices.Chunk(found, 300) {
		ids := make([]any, len(part))
		for i, x := range part {
			ids[i] = int64(x.ID)
		}
		events, err := store.Select[caseflow.Event](ctx, s.Store, `SELECT matter, seq, at, COALESCE(actor, 0) AS actor, unit, action, source, target, data FROM matter_event WHERE `+store.AnyOf("matter", len(ids))+` ORDER BY matter, seq`, ids...)
		if err != nil {
			return nil, nil, err
		}
		steps, err := store.Select[struct {
			Matter store.ID
			Ext    CaseState
		}](ctx, s.Store, `SELECT matter, ext FROM service_case_step WHERE `+store.AnyOf("matter", len(ids))+` ORDER BY matter, seq, n`, ids...)
		if err != nil {
			return nil, nil, err
		}
		for _, x := range part {
			e, err := s.pinned(x.Item)
			if err != nil {
				return nil, nil, err
			}
			mine := slices.DeleteFunc(slices.Clone(events), func(ev caseflow.Event) bool { return ev.Matter != x.ID })
			var ext []CaseState
			for _, st := range steps {
				if st.Matter == x.ID {
					ext = append(ext, st.Ext)
				}
			}
			w := walkOf(mine, ext)
			if w.accepted {
				has := e.Handling != nil && len(e.Handling.Acceptance) > 0
				acceptances = append(acceptances, metric.Row{Key: int64(x.ID), Unit: e.Department, Facts: map[string]any{"has_list": has, "ticked": has && w.ticked >= len(e.Handling.Acceptance)}})
			}
			if w.decided {
				cases = append(cases, metric.Row{Key: int64(x.ID), Unit: e.Department, Facts: map[string]any{"apart": w.apart, "handed_over": int64(w.handed), "skipped": int64(len(w.skipped)), "repeated": int64(len(w.repeated)), "deemed": x.Deemed}})
			}
		}
	}
	return acceptances, cases, nil
}

// caseWalk is how a case went, beside the template of its flow.
type caseWalk struct {
	accepted, decided, apart bool
	ticked, handed           int
	skipped, repeated        []string
}

// walkOf reads a case's way. A step is skipped where an external state does not follow the
// one before it (办件状态), or a decision was made without acceptance or examination; it is
// repeated where what a straight case does once was done again.
func walkOf(events []caseflow.Event, ext []CaseState) (w caseWalk) {
	who, times, unit := map[string]store.ID{}, map[string]int{}, ""
	for _, ev := range events {
		times[ev.Action]++
		switch ev.Action {
		case "take_in", "accept", "propose":
			who[ev.Action] = ev.Actor
		case "grant", "grant_owing", "deny":
			who["decide"], w.decided = ev.Actor, true
		}
		if ev.Action == "accept" {
			w.accepted, w.ticked = true, len(saidList(ev.Data.Form, "points"))
		}
		if ev.Actor != 0 && ev.Unit != "" {
			if unit != "" && unit != ev.Unit {
				w.handed++
			}
			unit = ev.Unit
		}
	}
	seen := map[store.ID]bool{}
	w.apart = true
	for _, id := range who {
		if id != 0 && seen[id] {
			w.apart = false
		}
		seen[id] = true
	}
	last := CaseState(0)
	for _, x := range ext {
		if !slices.Contains(caseNext[last], x) {
			w.skipped = append(w.skipped, fmt.Sprintf("%d→%d", last, x))
		}
		last = x
	}
	if w.decided && times["accept"]+times["deem"] == 0 {
		w.skipped = append(w.skipped, "accept")
	}
	if w.decided && times["propose"] == 0 {
		w.skipped = append(w.skipped, "propose")
	}
	for _, a := range onceOnly {
		if times[a] > 1 {
			w.repeated = append(w.repeated, a)
		}
	}
	return w
}

// ItemFigure is a figure with its definition, in all and by department.
type ItemFigure struct {
	ID         string      `json:"id"`
	Name       metric.Text `json:"name"`
	Definition metric.Text `json:"definition" doc:"What is counted over what, in words"`
	Formula    string      `json:"formula" doc:"The same as it is computed"`
	Unit       string      `json:"unit"`
	Grain      string      `json:"grain"`
	Low        bool        `json:"low,omitempty" doc:"Less is better"`
	metric.Tally
	By []ItemFigureOf `json:"by"`
}

// ItemFigureOf is a department's.
type ItemFigureOf struct {
	Department string `json:"department"`
	metric.Tally
}

// ItemStandardOf is how a department stands in the four standardisations.
type ItemStandardOf struct {
	Department string              `json:"department"`
	Scores     map[string]*float64 `json:"scores" doc:"By standardisation; none where nothing of it was done"`
	Mean       *float64            `json:"mean"`
}

// ItemBoard is the figures of items.
type ItemBoard struct {
	AsOf        store.Time       `json:"as_of"`
	From        string           `json:"from" doc:"Cases that began from this day"`
	To          string           `json:"to"`
	Board       []string         `json:"board" doc:"Figures that are shown first"`
	Figures     []ItemFigure     `json:"figures"`
	Standards   []ItemStandard   `json:"standards"`
	Departments []ItemStandardOf `json:"departments" doc:"The lowest mean first"`
}

// ItemStandard says of which figures a standardisation is made.
type ItemStandard struct {
	ID      string      `json:"id"`
	Name    metric.Text `json:"name"`
	Figures []string    `json:"figures"`
	Score   *float64    `json:"score"`
}

// rowsOf are the rows of a grain.
func (s *Service) rowsOf(ctx context.Context, from, to time.Time) (map[string][]metric.Row, error) {
	items, err := s.rowsOfItems(ctx)
	if err != nil {
		return nil, err
	}
	acceptances, cases, err := s.rowsOfCases(ctx, from, to)
	return map[string][]metric.Row{"item": items, "acceptance": acceptances, "case": cases}, err
}

// ItemBoard computes the figures of items, and of cases that began from a day to a day.
func (s *Service) ItemBoard(ctx context.Context, from, to time.Time) (ItemBoard, error) {
	book := s.items.book.Load()
	out := ItemBoard{AsOf: store.At(s.Store.Now()), From: from.Format(time.DateOnly), To: to.AddDate(0, 0, -1).Format(time.DateOnly), Figures: []ItemFigure{}, Standards: []ItemStandard{}, Departments: []ItemStandardOf{}}
	if book == nil {
		return out, nil
	}
	out.Board = book.Board
	rows, err := s.rowsOf(ctx, from, to)
	if err != nil {
		return out, err
	}
	departments := map[string]map[string]*metric.Tally{}
	for _, x := range book.Indicators {
		f := ItemFigure{ID: x.ID, Name: x.Name, Definition: x.Definition, Formula: formula(x), Unit: x.Unit, Grain: x.Grain, Low: x.Low, By: []ItemFigureOf{}}
		by := map[string]*metric.Tally{}
		for _, r := range rows[x.Grain] {
			if by[r.Unit] == nil {
				by[r.Unit] = &metric.Tally{}
			}
			if err := errors.Join(x.Add(&f.Tally, r), x.Add(by[r.Unit], r)); err != nil {
				return out, fmt.Errorf("%s: %w", x.ID, err)
			}
		}
		x.Close(&f.Tally)
		for department, t := range by {
			x.Close(t)
			f.By = append(f.By, ItemFigureOf{department, *t})
			if departments[department] == nil {
				departments[department] = map[string]*metric.Tally{}
			}
			departments[department][x.ID] = t
		}
		slices.SortFunc(f.By, func(a, b ItemFigureOf) int { return cmp.Compare(a.Department, b.Department) })
		out.Figures = append(out.Figures, f)
	}
	mean := func(values []*float64) *float64 {
		sum, n := 0.0, 0
		for _, v := range values {
			if v != nil {
				sum, n = sum+*v, n+1
			}
		}
		if n == 0 {
			return nil
		}
		m := float64(int(sum/float64(n)*10+0.5)) / 10
		return &m
	}
	for _, st := range book.Standards {
		var values []*float64
		for _, id := range st.Figures {
			i := slices.IndexFunc(out.Figures, func(f ItemFigure) bool { return f.ID == id })
			values = append(values, out.Figures[i].Value)
		}
		out.Standards = append(out.Standards, ItemStandard{st.ID, st.Name, st.Figures, mean(values)})
	}
	for department, tallies := range departments {
		d := ItemStandardOf{Department: department, Scores: map[string]*float64{}}
		var all []*float64
		for _, st := range book.Standards {
			var values []*float64
			for _, id := range st.Figures {
				if t := tallies[id]; t != nil {
					values = append(values, t.Value)
				}
			}
			d.Scores[st.ID] = mean(values)
			all = append(all, d.Scores[st.ID])
		}
		d.Mean = mean(all)
		out.Departments = append(out.Departments, d)
	}
	slices.SortFunc(out.Departments, func(a, b ItemStandardOf) int {
		x, y := 101.0, 101.0
		if a.Mean != nil {
			x = *a.Mean
		}
		if b.Mean != nil {
			y = *b.Mean
		}
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.Department, b.Department))
	})
	return out, nil
}

// formula is how an indicator is computed, as its author wrote it.
func formula(x *metric.Indicator) string {
	f := x.How + "(" + x.Value + ")"
	if x.Count != "" {
		f += " over " + x.Count
	}
	if x.Exclude != "" {
		f += " without " + x.Exclude
	}
	return f
}

// ItemFigureRow is a row behind a figure.
type ItemFigureRow struct {
	ID         store.ID `json:"id"`
	Name       string   `json:"name" doc:"Of the item, or the number of the case"`
	Department string   `json:"department"`
	Value      float64  `json:"value" doc:"What the row is worth to the figure"`
}

// ItemFigureRows are the rows behind a figure, of a department or of all: first those that
// are worth least (most, where less is better).
func (s *Service) ItemFigureRows(ctx context.Context, id, department string, from, to time.Time, limit int) ([]ItemFigureRow, error) {
	book := s.items.book.Load()
	if book == nil || book.Indicator(id) == nil {
		return nil, store.ErrNotFound
	}
	x := book.Indicator(id)
	rows, err := s.rowsOf(ctx, from, to)
	if err != nil {
		return nil, err
	}
	out := []ItemFigureRow{}
	for _, r := range rows[x.Grain] {
		if department != "" && r.Unit != department {
			continue
		}
		var t metric.Tally
		if err := x.Add(&t, r); err != nil {
			return nil, err
		}
		if t.Denominator > 0 {
			out = append(out, ItemFigureRow{ID: store.ID(r.Key), Department: r.Unit, Value: t.Numerator})
		}
	}
	slices.SortStableFunc(out, func(a, b ItemFigureRow) int {
		if x.Low {
			a, b = b, a
		}
		return cmp.Compare(a.Value, b.Value)
	})
	out = out[:min(len(out), limit)]
	names, table, column := map[store.ID]string{}, "service_item", "name"
	if x.Grain != "item" {
		table, column = "matter", "no"
	}
	for part := range slices.Chunk(out, 300) {
		ids := make([]any, len(part))
		for i, r := range part {
			ids[i] = int64(r.ID)
		}
		found, err := store.Select[struct {
			ID   store.ID
			Name string
		}](ctx, s.Store, `SELECT id, `+column+` AS name FROM `+table+` WHERE `+store.AnyOf("id", len(ids)), ids...)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			names[f.ID] = f.Name
		}
	}
	for i := range out {
		out[i].Name = names[out[i].ID]
	}
	return out, nil
}

// figureReaders may open the rows behind figures.
var figureReaders = []string{roleItemEditor, roleItemPublisher, "inspector", "leader", account.RoleAuditor}
