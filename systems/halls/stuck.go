package halls

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/core/vault"
)

// limitsOf gives the clocks of this system's matters the pack's limits.
type limitsOf struct{ s *Service }

// Clock implements caseflow.Limits.
func (l limitsOf) Clock(m *caseflow.Matter, clock string, form map[string]any) (caseflow.ClockStart, bool) {
	r := l.s.book.Load().stuck
	c := caseflow.ClockStart{Calendar: l.s.calendarOf(m)}
	if share := r.Remind[clock]; share != "" {
		c.Marks = append(c.Marks, caseflow.MarkAt{Level: "soon", Share: share})
	}
	c.Marks = append(c.Marks, caseflow.MarkAt{Level: caseflow.Due})
	switch clock {
	case "contact", "answer":
		c.Limit = r.Contact
	case "handle":
		grade := m.Class
		if g, ok := form["grade"].(string); ok {
			grade = g
		}
		c.Limit = r.Limits[grade]
	}
	return c, c.Limit != ""
}

// Numbers implements caseflow.Limits.
func (l limitsOf) Numbers(*caseflow.Matter) map[string]any { return nil }

// calendarOf is the calendar of a matter's unit: that of the first hall it runs, else
// the district's.
func (s *Service) calendarOf(m *caseflow.Matter) string {
	b := s.book.Load()
	for _, h := range b.halls {
		if h.Unit == m.Asker {
			return h.Calendar
		}
	}
	return b.calendar
}

// maskText takes personal data out of a text; where there was some, the original is
// kept under the person's own key.
func (s *Service) maskText(ctx context.Context, tx *store.Tx, m *caseflow.Matter, t string) (string, store.ID, error) {
	masked := text.Mask(t)
	if masked == t || m.Applicant == 0 {
		return masked, 0, nil
	}
	ref, err := s.Vault.PutText(ctx, tx, m.Applicant, "matter/"+m.ID.String(), t)
	return masked, ref, err
}

// afterMatter keeps what lists ask of a matter beside it, and tells its person.
func (s *Service) afterMatter(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	m := c.Matter
	if m.Flow == "stuck" && c.Event.Action == "verify" {
		cause := ""
		if l, ok := c.Event.Data.Form["cause"].([]any); ok && len(l) > 0 {
			cause, _ = l[0].(string)
		}
		fix, _ := c.Event.Data.Form["fix"].(string)
		if _, err := tx.Exec(ctx, `UPDATE hall_matter SET cause = ?, fix = ? WHERE id = ?`, cause, fix, m.ID); err != nil {
			return err
		}
	}
	if m.Flow == "stuck" {
		return s.tellStuck(ctx, tx, c)
	}
	return nil
}

// MatterHead is a stuck case or a help task in a list.
type MatterHead struct {
	ID        store.ID   `bun:"id" json:"id"`
	No        string     `bun:"no" json:"no"`
	Title     string     `bun:"title" json:"title"`
	State     string     `bun:"state" json:"state"`
	StateName Text       `bun:"-" json:"state_name"`
	Open      bool       `bun:"open" json:"open"`
	Grade     string     `bun:"class" json:"grade,omitempty"`
	Unit      string     `bun:"unit" json:"unit"`
	UnitName  string     `bun:"-" json:"unit_name"`
	Hall      string     `bun:"hall" json:"hall"`
	Scope     string     `bun:"scope" json:"scope,omitempty"`
	Cause     string     `bun:"cause" json:"cause,omitempty"`
	Due       store.Time `bun:"due_at" json:"due_at,omitzero"`
	Opened    store.Time `bun:"opened_at" json:"opened_at"`
	Closed    store.Time `bun:"closed_at" json:"closed_at,omitzero"`
}

const matterHead = `SELECT m.id, m.no, m.title, m.state, m.open, m.class, m.unit, x.hall, x.scope, x.cause, m.due_at, m.opened_at, m.closed_at FROM matter m JOIN hall_matter x ON x.id = m.id WHERE m.flow = ? AND `

// seenBy is what of the matters a scope may see, as SQL.
func seenBy(sc account.Scope) (string, []any) {
	if sc.All {
		return "1 = 1", nil
	}
	conds, args := []string{}, []any{}
	if len(sc.Units) > 0 {
		in := store.AnyOf("m.unit", len(sc.Units))
		conds, args = append(conds, in, store.AnyOf("m.asker", len(sc.Units))), append(append(args, store.Args(sc.Units...)...), store.Args(sc.Units...)...)
	}
	if sc.Person != 0 {
		conds, args = append(conds, "m.applicant = ?"), append(args, sc.Person)
	}
	if len(conds) == 0 {
		return "1 = 0", nil
	}
	return "(" + strings.Join(conds, " OR ") + ")", args
}

// MatterFilter narrows a list of matters.
type MatterFilter struct {
	State string
	Open  *bool
	Month string // in which it was opened: "2026-11"
	Cause string
	Scope string
}

// Matters lists those of a flow that a scope may see, the newest first.
func (s *Service) Matters(ctx context.Context, sc account.Scope, flow string, f MatterFilter, after store.ID, limit int) ([]MatterHead, error) {
	cond, more := seenBy(sc)
	query, args := matterHead+cond, append([]any{flow}, more...)
	for _, x := range []struct{ column, value string }{{"m.state", f.State}, {"x.cause", f.Cause}, {"x.scope", f.Scope}} {
		if x.value != "" {
			query, args = query+" AND "+x.column+" = ?", append(args, x.value)
		}
	}
	if f.Open != nil {
		query, args = query+" AND m.open = ?", append(args, *f.Open)
	}
	if f.Month != "" {
		lo, hi, err := s.month(f.Month)
		if err != nil {
			return nil, err
		}
		query, args = query+" AND x.at >= ? AND x.at < ?", append(args, lo, hi)
	}
	if after != 0 {
		query, args = query+" AND m.id < ?", append(args, after)
	}
	rows, err := store.Select[MatterHead](ctx, s.Store, query+" ORDER BY m.id DESC LIMIT ?", append(args, limit)...)
	for i := range rows {
		s.nameMatter(&rows[i], flow, sc)
	}
	return rows, err
}

func (s *Service) nameMatter(r *MatterHead, flow string, sc account.Scope) {
	r.UnitName = s.Dir.Tree().Name(r.Unit)
	if st := s.Engine.Flow(flow).States[r.State]; st != nil {
		r.StateName = Text(st.Title)
		if sc.Person != 0 && len(sc.Units) == 0 && len(st.Public) > 0 {
			r.StateName = Text(st.Public)
		}
	}
}

// MatterStep is one step of a matter's course.
type MatterStep struct {
	At     store.Time     `json:"at"`
	Action string         `json:"action"`
	Title  Text           `json:"title"`
	By     string         `json:"by,omitempty"`
	Form   map[string]any `json:"form,omitempty"`
}

// MatterClock is one of its clocks.
type MatterClock struct {
	Name    string           `json:"name"`
	Title   Text             `json:"title"`
	Limit   string           `json:"limit"`
	Due     store.Time       `json:"due_at"`
	Outcome caseflow.Outcome `json:"outcome"`
	Stopped store.Time       `json:"stopped_at,omitzero"`
}

// MatterPage is one stuck case or help task.
type MatterPage struct {
	MatterHead
	Text    string             `json:"text"`
	Fix     string             `json:"fix,omitempty"`
	Version int                `json:"version"`
	Person  *vault.Masked      `json:"person,omitempty"`
	Steps   []MatterStep       `json:"steps"`
	Clocks  []MatterClock      `json:"clocks"`
	Can     []*caseflow.Action `json:"can"`
}

// MatterOf reads one that who may see, or ErrNotFound.
func (s *Service) MatterOf(ctx context.Context, who account.Actor, flow string, id store.ID) (MatterPage, error) {
	var out MatterPage
	sc := who.Scope()
	cond, more := seenBy(sc)
	var err error
	if out.MatterHead, err = store.Get[MatterHead](ctx, s.Store, matterHead+"m.id = ? AND "+cond, append([]any{flow, id}, more...)...); err != nil {
		return out, err
	}
	s.nameMatter(&out.MatterHead, flow, sc)
	m, err := caseflow.Get(ctx, s.Store, id)
	if err != nil {
		return out, err
	}
	out.Version = m.Version
	if err := s.Store.QueryRow(ctx, `SELECT text, fix FROM hall_matter WHERE id = ?`, id).Scan(&out.Text, &out.Fix); err != nil {
		return out, err
	}
	citizen := who.Kind == account.Citizen
	if m.Applicant != 0 && !citizen {
		p, err := s.Vault.Masked(ctx, s.Store, m.Applicant)
		if err != nil {
			return out, err
		}
		out.Person = &p
	}
	f := s.Engine.Flow(flow)
	events, err := caseflow.Events(ctx, s.Store, id)
	if err != nil {
		return out, err
	}
	names := map[store.ID]string{}
	out.Steps = []MatterStep{}
	for _, e := range events {
		a := f.Actions[e.Action]
		if a == nil || citizen && !a.Public {
			continue
		}
		step := MatterStep{At: e.At, Action: e.Action, Title: Text(a.Title), Form: e.Data.Form}
		if e.Actor != 0 && !citizen {
			if _, ok := names[e.Actor]; !ok {
				var name, kind string
				if err := s.Store.QueryRow(ctx, `SELECT name, kind FROM account WHERE id = ?`, e.Actor).Scan(&name, &kind); err != nil {
					return out, err
				}
				if kind == string(account.Citizen) {
					name = ""
				}
				names[e.Actor] = name
			}
			step.By = names[e.Actor]
		}
		out.Steps = append(out.Steps, step)
	}
	clocks, err := caseflow.Clocks(ctx, s.Store, id)
	if err != nil {
		return out, err
	}
	out.Clocks = []MatterClock{}
	for _, c := range clocks {
		x := MatterClock{Name: c.Name, Limit: c.Spec.Limit, Due: c.Due, Outcome: c.Outcome, Stopped: c.Stopped}
		for _, spec := range f.Clocks {
			if spec.Name == c.Name {
				x.Title = Text(spec.Title)
			}
		}
		out.Clocks = append(out.Clocks, x)
	}
	out.Can, err = s.Engine.Allowed(ctx, s.Store, m, who)
	if out.Can == nil {
		out.Can = []*caseflow.Action{}
	}
	return out, err
}

// Stuck is what opens a stuck case or a help task.
type Stuck struct {
	Hall   string
	Text   string
	Scope  string
	Item   string
	Way    string // of a help task
	Where  string
	Wish   string
	Ticket store.ID
	Who    vault.Identity
}

// ErrGuided says that the stuck-case window does not take it, and where to go.
type ErrGuided struct{ Scope StuckScope }

func (e *ErrGuided) Error() string { return "halls: not a case: " + e.Scope.Code }

// Report opens a stuck case. What is out of scope is told where to go and is no case:
// then it returns *ErrGuided.
func (s *Service) Report(ctx context.Context, who account.Actor, in Stuck) (*caseflow.Matter, error) {
	r := s.book.Load().stuck
	scope := find(r.Scopes, func(x *StuckScope) bool { return x.Code == in.Scope })
	if scope == nil {
		return nil, failField("scope")
	}
	h, err := s.stuckHall(who, in.Hall, "stuck_clerk")
	if err != nil {
		return nil, err
	}
	if !scope.In {
		err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO hall_guidance (id, hall, scope, actor, at) VALUES (?, ?, ?, ?, ?)`, tx.NewID(), h.Code, scope.Code, who.Account, store.At(s.Store.Now()))
			return err
		})
		if err == nil {
			err = &ErrGuided{*scope}
		}
		return nil, err
	}
	action := "file"
	if who.Kind == account.Citizen {
		action = "report"
	}
	return s.openMatter(ctx, who, h, "stuck", action, "BC", in, map[string]any{"text": in.Text, "scope": in.Scope})
}

// stuckHall is the hall of a case: the one named, at which staff must have the role.
func (s *Service) stuckHall(who account.Actor, code string, roles ...string) (*Hall, error) {
	if who.Kind == account.Citizen {
		return s.hall(code)
	}
	return s.at(who, code, roles...)
}

// AskHelp opens a help task.
func (s *Service) AskHelp(ctx context.Context, who account.Actor, in Stuck) (*caseflow.Matter, error) {
	h, err := s.stuckHall(who, in.Hall, "greeter", "hall_manager")
	if err != nil {
		return nil, err
	}
	if in.Way == "door" && strings.TrimSpace(in.Where) == "" {
		return nil, failField("where")
	}
	action := "take_on"
	if who.Kind == account.Citizen {
		action = "ask"
	}
	form := map[string]any{"text": in.Text, "way": in.Way}
	for k, v := range map[string]string{"where": in.Where, "wish": in.Wish} {
		if v != "" {
			form[k] = v
		}
	}
	return s.openMatter(ctx, who, h, "help", action, "BB", in, form)
}

func (s *Service) openMatter(ctx context.Context, who account.Actor, h *Hall, flow, action, prefix string, in Stuck, form map[string]any) (*caseflow.Matter, error) {
	n, err := s.Numbers.Next(ctx, System+"."+flow)
	if err != nil {
		return nil, err
	}
	now := s.Store.Now()
	var m *caseflow.Matter
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		person, _, err := s.person(ctx, tx, who.Person, in.Who)
		if err != nil {
			return err
		}
		masked := text.Mask(strings.TrimSpace(in.Text))
		title := []rune(strings.Join(strings.Fields(masked), " "))
		m, err = s.Engine.Open(ctx, tx, caseflow.Opening{Flow: flow, Action: action, Actor: who, Form: form, At: now,
			Matter: caseflow.Matter{No: fmt.Sprintf("%s%s%05d", prefix, s.local(now).Format("2006"), n), Unit: h.Unit, Asker: h.Unit, Title: string(title[:min(len(title), 40)]), Applicant: person}})
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO hall_matter (id, flow, hall, scope, item, text, ticket, cause, fix, at) VALUES (?, ?, ?, ?, ?, ?, ?, '', '', ?)`, m.ID, flow, h.Code, in.Scope, in.Item, masked, in.Ticket, store.At(now))
		return err
	})
	return m, err
}

// ActOnMatter does an action of the flow.
func (s *Service) ActOnMatter(ctx context.Context, who account.Actor, flow string, id store.ID, version int, action string, form map[string]any) error {
	cond, more := seenBy(who.Scope())
	if _, err := store.Get[store.ID](ctx, s.Store, `SELECT m.id FROM matter m WHERE m.flow = ? AND m.id = ? AND `+cond, append([]any{flow, id}, more...)...); err != nil {
		return err
	}
	if flow == "stuck" && action == "verify" {
		l, _ := form["cause"].([]any)
		if len(l) != 1 || !slices.ContainsFunc(s.book.Load().stuck.Causes, func(w HallWord) bool { return any(w.Code) == l[0] }) {
			return failField("form.cause")
		}
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: id, Version: version, Action: action, Actor: who, Form: form, At: s.Store.Now()})
		return err
	})
}

// StuckMonth is a month of the stuck-case window.
type StuckMonth struct {
	Month    string       `json:"month"`
	Cases    int          `json:"cases" doc:"Opened in the month; who was told where to go is none"`
	Closed   int          `json:"closed" doc:"Of those, recorded since"`
	InTime   int          `json:"in_time" doc:"Handling clocks of the month's cases that were met"`
	Timed    int          `json:"timed" doc:"Handling clocks of them that have ended"`
	Guided   []HallCount  `json:"guided" doc:"Told where to go instead, by scope"`
	Causes   []StuckCause `json:"causes" doc:"Verified root causes, the most first"`
	Scopes   []HallCount  `json:"scopes"`
	Refusals int          `json:"refusals" doc:"Times that somebody was told no at a window"`
	Wrong    int          `json:"refusals_wrong" doc:"Of those, found wrong"`
}

// StuckCause is a root cause of a month, and what the cases of it led to (从一件事到一类事).
type StuckCause struct {
	HallCount
	Before int      `json:"before" doc:"In the month before"`
	Units  []string `json:"units" doc:"Where its cases lay, the most first"`
	Fixes  []string `json:"fixes" doc:"What was changed for all because of it"`
}

// HallCount is how often a word of the pack came.
type HallCount struct {
	HallWord
	N int `json:"n"`
}

// month is where a local month begins and ends.
func (s *Service) month(month string) (from, to store.Time, err error) {
	at, err := time.ParseInLocation("2006-01", month, s.book.Load().zone)
	if err != nil {
		return from, to, failField("month")
	}
	return store.At(at), store.At(at.AddDate(0, 1, 0)), nil
}

// Month gathers the causes of a month (一类事) over the halls that a scope may see.
func (s *Service) Month(ctx context.Context, sc account.Scope, month string) (StuckMonth, error) {
	out := StuckMonth{Month: month, Guided: []HallCount{}, Causes: []StuckCause{}, Scopes: []HallCount{}}
	b := s.book.Load()
	lo, hi, err := s.month(month)
	if err != nil {
		return out, err
	}
	var halls []any
	for _, h := range b.halls {
		if sc.All || slices.Contains(sc.Units, h.Unit) {
			halls = append(halls, h.Code)
		}
	}
	if len(halls) == 0 {
		return out, nil
	}
	in := func(col string) string { return store.AnyOf(col, len(halls)) }
	args := append([]any{lo, hi}, halls...)
	if err := s.Store.QueryRow(ctx, `SELECT count(*), count(CASE WHEN m.state = 'recorded' THEN 1 END) FROM hall_matter x JOIN matter m ON m.id = x.id WHERE x.flow = 'stuck' AND m.state <> 'guided' AND x.at >= ? AND x.at < ? AND `+in("x.hall"), args...).Scan(&out.Cases, &out.Closed); err != nil {
		return out, err
	}
	if err := s.Store.QueryRow(ctx, `SELECT count(CASE WHEN c.outcome = 'met' THEN 1 END), count(*) FROM hall_matter x JOIN matter_clock c ON c.matter = x.id WHERE x.flow = 'stuck' AND c.clock = 'handle' AND c.outcome IN ('met', 'missed') AND x.at >= ? AND x.at < ? AND `+in("x.hall"), args...).Scan(&out.InTime, &out.Timed); err != nil {
		return out, err
	}
	if err := s.Store.QueryRow(ctx, `SELECT count(*), count(CASE WHEN (SELECT l.verdict FROM hall_refusal_look l WHERE l.refusal = r.id ORDER BY l.id DESC LIMIT 1) = 'wrong' THEN 1 END) FROM hall_refusal r WHERE r.at >= ? AND r.at < ? AND `+in("r.hall"), args...).Scan(&out.Refusals, &out.Wrong); err != nil {
		return out, err
	}
	type count struct {
		Code string
		N    int
	}
	words := func(query string, name func(string) Text) ([]HallCount, error) {
		rows, err := store.Select[count](ctx, s.Store, query, args...)
		list := []HallCount{}
		for _, r := range rows {
			list = append(list, HallCount{HallWord{r.Code, name(r.Code)}, r.N})
		}
		return list, err
	}
	scopeName := func(code string) Text {
		if x := find(b.stuck.Scopes, func(x *StuckScope) bool { return x.Code == code }); x != nil {
			return x.Name
		}
		return Text{"zh": code}
	}
	causeName := func(code string) Text {
		if x := find(b.stuck.Causes, func(x *HallWord) bool { return x.Code == code }); x != nil {
			return x.Name
		}
		return Text{"zh": code}
	}
	if out.Guided, err = words(`SELECT scope AS code, count(*) AS n FROM hall_guidance WHERE at >= ? AND at < ? AND `+in("hall")+` GROUP BY scope ORDER BY 2 DESC, 1`, scopeName); err != nil {
		return out, err
	}
	if out.Scopes, err = words(`SELECT scope AS code, count(*) AS n FROM hall_matter WHERE flow = 'stuck' AND at >= ? AND at < ? AND `+in("hall")+` GROUP BY scope ORDER BY 2 DESC, 1`, scopeName); err != nil {
		return out, err
	}
	// The month before is read along: a cause that comes again is one that was not mended.
	type caused struct {
		Cause, Fix, Unit string
		At               store.Time
	}
	rows, err := store.Select[caused](ctx, s.Store, `SELECT x.cause, x.fix, m.unit, x.at FROM hall_matter x JOIN matter m ON m.id = x.id WHERE x.flow = 'stuck' AND x.cause <> '' AND x.at >= ? AND x.at < ? AND `+in("x.hall")+` ORDER BY x.id`,
		append([]any{store.At(lo.In(b.zone).AddDate(0, -1, 0)), hi}, halls...)...)
	if err != nil {
		return out, err
	}
	before, units := map[string]int{}, map[string]map[string]int{}
	for _, r := range rows {
		if r.At.Before(lo.Time) {
			before[r.Cause]++
			continue
		}
		x := find(out.Causes, func(x *StuckCause) bool { return x.Code == r.Cause })
		if x == nil {
			out.Causes = append(out.Causes, StuckCause{HallCount: HallCount{HallWord: HallWord{r.Cause, causeName(r.Cause)}}, Fixes: []string{}})
			x, units[r.Cause] = &out.Causes[len(out.Causes)-1], map[string]int{}
		}
		x.N++
		units[r.Cause][s.Dir.Tree().Name(r.Unit)]++
		if r.Fix != "" && !slices.Contains(x.Fixes, r.Fix) {
			x.Fixes = append(x.Fixes, r.Fix)
		}
	}
	for i := range out.Causes {
		x := &out.Causes[i]
		x.Before = before[x.Code]
		x.Units = slices.SortedFunc(maps.Keys(units[x.Code]), func(a, b string) int {
			return cmp.Or(units[x.Code][b]-units[x.Code][a], strings.Compare(a, b))
		})
	}
	slices.SortStableFunc(out.Causes, func(a, b StuckCause) int { return cmp.Or(b.N-a.N, strings.Compare(a.Code, b.Code)) })
	return out, nil
}

// HallRefusal is a "no" that was said at a window (否定答复).
type HallRefusal struct {
	ID      store.ID   `bun:"id" json:"id"`
	Hall    string     `bun:"hall" json:"hall"`
	Window  string     `bun:"window_code" json:"window"`
	Ticket  store.ID   `bun:"ticket" json:"-"`
	Kind    string     `bun:"kind" json:"kind"`
	Said    string     `bun:"said" json:"said" doc:"Masked"`
	Basis   string     `bun:"basis" json:"basis"`
	By      string     `bun:"name" json:"by"`
	At      store.Time `bun:"at" json:"at"`
	Verdict string     `bun:"verdict" json:"verdict,omitempty" enum:"right,wrong"`
	Note    string     `bun:"note" json:"note,omitempty"`
}

// Refuse logs a "no" that the clerk has just said.
func (s *Service) Refuse(ctx context.Context, who account.Actor, h *Hall, ticket store.ID, said, basis string) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		x, w, err := s.sitting(ctx, tx, who, h)
		if err != nil {
			return err
		}
		kind := ""
		if ticket != 0 {
			t, err := getTicket(ctx, tx, ticket)
			if err != nil {
				return err
			}
			if t.Hall != h.Code || t.Window != w.Code {
				return store.ErrNotFound
			}
			kind = t.Kind
		}
		id := tx.NewID()
		if _, err := tx.Exec(ctx, `INSERT INTO hall_refusal (id, hall, window_code, ticket, kind, said, basis, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			id, h.Code, x.Window, ticket, kind, text.Mask(said), text.Mask(basis), who.Account, store.At(s.Store.Now())); err != nil {
			return err
		}
		return s.Bus.Emit(ctx, tx, s.Store.Now(), System+".refused", id.String(), map[string]any{"refusal": id, "at_window": x.Window, "kind": kind})
	})
}

// Refusals lists a hall's, the newest first.
func (s *Service) Refusals(ctx context.Context, h *Hall, after store.ID, limit int) ([]HallRefusal, error) {
	query, args := `SELECT r.id, r.hall, r.window_code, r.ticket, r.kind, r.said, r.basis, a.name, r.at, COALESCE(l.verdict, '') AS verdict, COALESCE(l.note, '') AS note FROM hall_refusal r JOIN account a ON a.id = r.actor
 LEFT JOIN hall_refusal_look l ON l.id = (SELECT max(id) FROM hall_refusal_look WHERE refusal = r.id) WHERE r.hall = ?`, []any{h.Code}
	if after != 0 {
		query, args = query+" AND r.id < ?", append(args, after)
	}
	return store.Select[HallRefusal](ctx, s.Store, query+" ORDER BY r.id DESC LIMIT ?", append(args, limit)...)
}

// LookAtRefusal says whether a "no" was right.
func (s *Service) LookAtRefusal(ctx context.Context, who account.Actor, id store.ID, right bool, note string) error {
	verdict := "wrong"
	if right {
		verdict = "right"
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var hall string
		rows, err := store.Select[string](ctx, tx, `SELECT hall FROM hall_refusal WHERE id = ?`, id)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return store.ErrNotFound
		}
		hall = rows[0]
		if _, err := s.at(who, hall, "stuck_clerk"); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO hall_refusal_look (id, refusal, verdict, note, actor, at) VALUES (?, ?, ?, ?, ?, ?)`, tx.NewID(), id, verdict, text.Mask(note), who.Account, store.At(s.Store.Now()))
		return err
	})
}
