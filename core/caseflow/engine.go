package caseflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/event"
	"shanzhi/core/form"
	"shanzhi/core/store"
)

// Errors that the engine gives. Refusal carries what to tell the person.
var (
	// ErrConflict: the matter has changed since the caller saw it.
	ErrConflict = errors.New("caseflow: somebody acted on this matter first")
	// ErrNotFound: there is no such matter, or the caller may not see it.
	ErrNotFound = errors.New("caseflow: no such matter")
)

// Refusal says why an action is not accepted.
type Refusal struct {
	Code   string            // "state", "right", "guard", "form"
	Text   Text              // for the person; may be nil
	Fields map[string]string // wrong field → what is wrong, as a message key
}

func (r *Refusal) Error() string {
	s := "caseflow: refused: " + r.Code
	if t := r.Text["en"]; t != "" {
		s += ": " + t
	}
	for _, f := range slices.Sorted(maps.Keys(r.Fields)) {
		s += "; " + f + ": " + r.Fields[f]
	}
	return s
}

// Limits says how long the clocks of a system's matters run.
type Limits interface {
	// Clock is what a clock that starts now is given; false leaves it off. The
	// calendar's version is filled in by the engine.
	Clock(m *Matter, clock string, form map[string]any) (ClockStart, bool)
	// Numbers are the limits that guards read as limit.NAME.
	Numbers(m *Matter) map[string]any
}

// Change is what an effect is told: what was done, and to what.
type Change struct {
	Engine *Engine
	Actor  account.Actor
	Before Matter
	Matter *Matter // as it is now
	Event  *Event
	Form   map[string]any // as given, unmasked
}

// Effect is what a system does in the transaction of an action.
type Effect func(ctx context.Context, tx *store.Tx, c *Change) error

// System is what a system of the district brings to the engine.
type System struct {
	Name    string
	Flows   []string // YAML
	Limits  Limits
	Effects map[string]Effect
	// Facts are what the guards of this system read as fact.NAME.
	Facts func(ctx context.Context, q store.Querier, m *Matter) (map[string]any, error)
	// Mask takes personal data out of a text; where it does, the original is
	// kept in the vault and referred to.
	Mask func(ctx context.Context, tx *store.Tx, m *Matter, text string) (masked string, original store.ID, err error)
	// Known answers whether the codes of a form's field (items, places, classes,
	// files, grounds of a list) stand for something there is; nil holds all known.
	// The organisation's units are the engine's own to know.
	Known func(ctx context.Context, q store.Querier, a *Action, f *form.Field, codes []string) (bool, error)
	// After runs in the transaction of every event of the system's matters.
	After Effect
	// Followed runs for a carried matter that was answered or closed together
	// with the one that carried it (Event.Data.Other).
	Followed Effect
}

// Engine writes matters and their events, and nobody else does.
type Engine struct {
	store *store.Store
	bus   *event.Bus
	dir   *account.Directory
	cals  Calendars

	mu      sync.RWMutex
	systems map[string]*System
	flows   map[string]*Flow // by hash
	current map[string]*Flow // by name
}

// New makes an engine without systems; Register adds them.
func New(s *store.Store, bus *event.Bus, dir *account.Directory, cals Calendars) *Engine {
	return &Engine{store: s, bus: bus, dir: dir, cals: cals, systems: map[string]*System{}, flows: map[string]*Flow{}, current: map[string]*Flow{}}
}

// Register compiles a system's flows, stores them by hash, and takes back the
// older ones that open matters still run under. It fails when an effect that a
// flow names is not there, or an open matter's flow does not compile any more.
func (e *Engine) Register(ctx context.Context, sys *System) error {
	var flows []*Flow
	for _, body := range sys.Flows {
		f, err := Compile(body)
		if err != nil {
			return err
		}
		flows = append(flows, f)
	}
	err := e.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, f := range flows {
			if _, err := tx.Exec(ctx, `INSERT INTO flow_definition (hash, name, body, loaded_at) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING`,
				f.Hash, f.Name, f.body, store.At(e.store.Now())); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	names := make([]any, len(flows))
	for i, f := range flows {
		names[i] = f.Name
	}
	type stored struct{ Hash, Body string }
	older, err := store.Select[stored](ctx, e.store, `SELECT hash, body FROM flow_definition WHERE `+store.AnyOf("name", len(names)), names...)
	if err != nil {
		return err
	}
	for _, o := range older {
		if slices.ContainsFunc(flows, func(f *Flow) bool { return f.Hash == o.Hash }) {
			continue
		}
		f, err := Compile(o.Body)
		if err == nil {
			err = sys.knows(f)
		}
		if err != nil {
			var open bool
			if qerr := e.store.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM matter WHERE flow_hash = ? AND open)`, o.Hash).Scan(&open); qerr != nil {
				return qerr
			}
			if open {
				return fmt.Errorf("open matters run under flow version %s, which does not compile any more: %w", o.Hash, err)
			}
			continue
		}
		e.mu.Lock()
		e.flows[f.Hash] = f
		e.mu.Unlock()
	}
	for _, f := range flows {
		if err := sys.knows(f); err != nil {
			return err
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, f := range flows {
		e.flows[f.Hash], e.current[f.Name] = f, f
		e.systems[f.Name] = sys
	}
	return nil
}

func (sys *System) knows(f *Flow) error {
	var wrong []error
	for name, a := range f.Actions {
		for _, effect := range a.Effects {
			if sys.Effects[effect] == nil {
				wrong = append(wrong, fmt.Errorf("flow %s: action %s: the system %s has no effect %q", f.Name, name, sys.Name, effect))
			}
		}
	}
	return errors.Join(wrong...)
}

// Flow is the flow of a name as it is now.
func (e *Engine) Flow(name string) *Flow {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.current[name]
}

func (e *Engine) of(m *Matter) (*Flow, *System, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	f, sys := e.flows[m.FlowHash], e.systems[m.Flow]
	if f == nil || sys == nil {
		return nil, nil, fmt.Errorf("caseflow: matter %s runs under flow %s (%s), which is not loaded", m.No, m.Flow, m.FlowHash)
	}
	return f, sys, nil
}

// Opening is a request to open a matter.
type Opening struct {
	Flow   string
	Action string   // one of the flow's opening actions
	Matter Matter   // No, Class, Unit, Item, Place, Title, Applicant, Parent
	ID     store.ID // chosen by the caller when its own rows refer to it; else 0
	Actor  account.Actor
	Form   map[string]any
	At     time.Time // zero is now
}

// Open begins a matter. It returns the matter as it then is.
func (e *Engine) Open(ctx context.Context, tx *store.Tx, o Opening) (*Matter, error) {
	f := e.Flow(o.Flow)
	if f == nil {
		return nil, fmt.Errorf("caseflow: there is no flow %q", o.Flow)
	}
	a := f.Actions[o.Action]
	if a == nil || len(a.From) > 0 {
		return nil, &Refusal{Code: "state"}
	}
	m := o.Matter
	if m.ID = o.ID; m.ID == 0 {
		m.ID = tx.NewID()
	}
	m.Flow, m.FlowHash, m.Version, m.Vars = f.Name, f.Hash, 0, Vars{}
	m.System = e.systems[f.Name].Name
	c := &step{engine: e, flow: f, system: e.systems[f.Name], action: a, actor: o.Actor, form: o.Form, at: e.at(o.At), matter: &m, isNew: true}
	// What the matter begins with is part of its first event, so that folding
	// the events alone gives it back.
	c.set = map[string]string{"class": m.Class, "unit": m.Unit, "item": m.Item, "place": m.Place, "title": m.Title}
	if m.Asker != "" {
		c.set["asker"] = m.Asker
	}
	if m.Assignee != 0 {
		c.set["assignee"] = m.Assignee.String()
	}
	if err := c.do(ctx, tx); err != nil {
		return nil, err
	}
	return &m, nil
}

func (e *Engine) at(t time.Time) store.Time {
	if t.IsZero() {
		t = e.store.Now()
	}
	return store.At(t)
}

// Command is a request to do an action with a matter.
type Command struct {
	Matter  store.ID
	Version int // what the caller saw; 0 does not mind
	Action  string
	Actor   account.Actor
	Form    map[string]any
	At      time.Time // zero is now
}

// Do does an action and returns the matter as it then is. It returns
// ErrNotFound, ErrConflict, or a *Refusal, and then nothing was done.
func (e *Engine) Do(ctx context.Context, tx *store.Tx, cmd Command) (*Matter, error) {
	m, err := Get(ctx, tx, cmd.Matter)
	if err != nil {
		return nil, err
	}
	if cmd.Version != 0 && cmd.Version != m.Version {
		return m, ErrConflict
	}
	f, sys, err := e.of(m)
	if err != nil {
		return nil, err
	}
	a := f.Actions[cmd.Action]
	if a == nil || !a.doable(m) {
		return m, &Refusal{Code: "state", Text: Text{"zh": "当前状态下不能进行此操作", "en": "this cannot be done in the present state"}}
	}
	clocks, err := Clocks(ctx, tx, m.ID)
	if err != nil {
		return nil, err
	}
	c := &step{engine: e, flow: f, system: sys, action: a, actor: cmd.Actor, form: cmd.Form, at: e.at(cmd.At), matter: m, clocks: clocks}
	if _, ok := e.may(m, a, cmd.Actor); !ok {
		return m, &Refusal{Code: "right", Text: Text{"zh": "您没有进行此操作的权限", "en": "you may not do this"}}
	}
	if err := c.do(ctx, tx); err != nil {
		return m, err
	}
	return m, nil
}

// doable says that the action fits how the matter stands.
func (a *Action) doable(m *Matter) bool {
	return slices.Contains(a.From, m.State) && (m.Merged == 0 || a.Carried || !m.Open)
}

// may says whether the actor is one of those who may do the action, and for whom
// they act: nobody where they may by a role of their own.
func (e *Engine) may(m *Matter, a *Action, who account.Actor) (giver store.ID, ok bool) {
	for _, by := range a.By {
		switch by {
		case Applicant:
			if who.Person != 0 && who.Person == m.Applicant {
				return 0, true
			}
		case SystemRole:
			if who.IsSystem() {
				return 0, true
			}
		default:
			unit := e.place(m, by)
			if unit == "" {
				continue
			}
			if of, holds := who.Exercises(by.Role(), unit); holds && of == 0 {
				return 0, true
			} else if holds {
				giver, ok = of, true
			}
		}
	}
	return giver, ok
}

// place is the unit that a desk means for a matter.
func (e *Engine) place(m *Matter, d Desk) string {
	switch d.At() {
	case "platform":
		if p := e.dir.Tree().OfKind(account.Platform); len(p) > 0 {
			return p[0]
		}
		return e.dir.Tree().Root()
	case "district":
		return e.dir.Tree().Root()
	case "first":
		return m.First
	case "asker":
		return m.Asker
	}
	return m.Unit
}

// Desks are the desks at which the actor sits: what their queue is made of.
// Only grants at the unit itself count, not the subtree: a street's head does
// not have every community's queue.
func (e *Engine) Desks(who account.Actor) []string {
	var out []string
	tree := e.dir.Tree()
	for _, g := range who.Grants {
		u, ok := tree.Unit(g.Unit)
		if !ok {
			continue
		}
		out = append(out, g.Role+"@"+g.Unit)
		switch u.Kind {
		case account.Platform:
			out = append(out, g.Role+"@platform")
		case account.District:
			out = append(out, g.Role+"@platform", g.Role+"@district")
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// step is one action under way.
type step struct {
	engine *Engine
	flow   *Flow
	system *System
	action *Action
	actor  account.Actor
	form   map[string]any
	at     store.Time
	matter *Matter
	clocks []Clock
	set    map[string]string
	isNew  bool
}

func (c *step) do(ctx context.Context, tx *store.Tx) error {
	if err := c.readForm(ctx, tx); err != nil {
		return err
	}
	for _, p := range []*condition{{c.action.guard}, {c.action.check}} {
		if p.Program == nil {
			continue
		}
		facts, err := c.facts(ctx, tx, p)
		if err != nil {
			return err
		}
		ok, err := p.Holds(facts)
		if err != nil {
			return fmt.Errorf("caseflow: action %s of %s: %w", c.action.Name, c.flow.Name, err)
		}
		if !ok {
			return &Refusal{Code: "guard", Text: c.action.Else}
		}
	}
	ev := c.event()
	ev.Data.For, _ = c.engine.may(c.matter, c.action, c.actor)
	for _, b := range c.action.Branch {
		facts, err := c.facts(ctx, tx, &condition{b.when})
		if err != nil {
			return err
		}
		ok, err := b.when.Holds(facts)
		if err != nil {
			return fmt.Errorf("caseflow: action %s of %s: branch to %s: %w", c.action.Name, c.flow.Name, b.To, err)
		}
		if ok {
			ev.Target = b.To
			break
		}
	}
	var err error
	if ev.Data.Form, err = c.masked(ctx, tx); err != nil {
		return err
	}
	if err := c.decide(&ev); err != nil {
		return err
	}
	before := *c.matter
	before.Vars = before.Vars.clone()
	if err := c.engine.apply(ctx, tx, c.flow, c.matter, c.clocks, &ev, c.isNew); err != nil {
		return err
	}
	change := &Change{Engine: c.engine, Actor: c.actor, Before: before, Matter: c.matter, Event: &ev, Form: c.form}
	for _, name := range c.action.Effects {
		if err := c.system.Effects[name](ctx, tx, change); err != nil {
			return err
		}
	}
	if c.system.After != nil {
		return c.system.After(ctx, tx, change)
	}
	return nil
}

// event begins the event of the action.
func (c *step) event() Event {
	ev := Event{Matter: c.matter.ID, Seq: c.matter.Version + 1, At: c.at, Actor: c.actor.Account, Unit: c.actor.Unit,
		Action: c.action.Name, Source: c.matter.State, Target: c.matter.State}
	if c.action.To != "" {
		ev.Target = c.action.To
	}
	return ev
}

// decide fills in what the action sets, extends and starts.
func (c *step) decide(ev *Event) error {
	ev.Data.Set = c.set
	for field, from := range c.action.Set {
		if ev.Data.Set == nil {
			ev.Data.Set = map[string]string{}
		}
		if from == "" {
			ev.Data.Set[field] = ""
		} else if v, ok := c.form[from]; ok {
			ev.Data.Set[field] = fmt.Sprint(v)
		}
	}
	for clock, from := range c.action.Extend {
		if by, ok := c.form[from].(string); ok && by != "" {
			if ev.Data.Extend == nil {
				ev.Data.Extend = map[string]string{}
			}
			ev.Data.Extend[clock] = by
		}
	}
	// Limits depend on what the action itself sets, so they are asked last.
	after := *c.matter
	after.Vars, after.State = after.Vars.clone(), ev.Target
	for _, name := range c.action.Count {
		after.Vars[name]++
	}
	for field, v := range ev.Data.Set {
		if err := after.set(field, v); err != nil {
			return err
		}
	}
	for _, spec := range c.flow.Clocks {
		if !slices.Contains(spec.Start, c.action.Name) {
			continue
		}
		if spec.NeverPauses && open(c.clocks, spec.Name) >= 0 {
			continue // it has never stopped
		}
		start, ok := c.system.Limits.Clock(&after, spec.Name, c.form)
		if !ok {
			continue
		}
		cal, err := c.engine.cals.Current(start.Calendar)
		if err != nil {
			return err
		}
		start.Version = cal.Version()
		if ev.Data.Start == nil {
			ev.Data.Start = map[string]ClockStart{}
		}
		ev.Data.Start[spec.Name] = start
	}
	return nil
}

// masked is the form as the event keeps it: without personal data.
func (c *step) masked(ctx context.Context, tx *store.Tx) (map[string]any, error) {
	if len(c.form) == 0 {
		return nil, nil
	}
	out := make(map[string]any, len(c.form))
	for name, v := range c.form {
		s, isText := v.(string)
		if !isText || c.system.Mask == nil || !c.action.isText(name) {
			out[name] = v
			continue
		}
		masked, original, err := c.system.Mask(ctx, tx, c.matter, s)
		if err != nil {
			return nil, err
		}
		out[name] = masked
		if original != 0 {
			out[name+"_original"] = original.String()
		}
	}
	return out, nil
}

func (a *Action) isText(name string) bool {
	return slices.ContainsFunc(a.Form, func(f form.Field) bool { return f.Name == name && f.Type == "text" })
}

// apply folds an event into a matter and writes both.
func (e *Engine) apply(ctx context.Context, tx *store.Tx, f *Flow, m *Matter, clocks []Clock, ev *Event, isNew bool) error {
	before := *m
	folded, err := Fold(f, e.cals, m, clocks, *ev)
	if err != nil {
		return err
	}
	if isNew {
		err = insertMatter(ctx, tx, m)
	} else {
		err = updateMatter(ctx, tx, &before, m)
	}
	if err != nil {
		return err
	}
	if err := writeClocks(ctx, tx, clocks, folded); err != nil {
		return err
	}
	if err := insertEvent(ctx, tx, ev); err != nil {
		return err
	}
	if a := f.Actions[ev.Action]; !isNew && before.Open && before.Merged == 0 && (!m.Open || a != nil && a.Answers) {
		n, err := e.lead(ctx, tx, f, m, ev)
		if err == nil && n == mostLed {
			_, err = tx.Exec(ctx, `INSERT INTO matter_lead (matter, seq) VALUES (?, ?)`, m.ID, ev.Seq)
		}
		if err != nil {
			return err
		}
	}
	if err := e.bus.Emit(ctx, tx, ev.At.Time, m.System+"."+ev.Action, m.ID.String(), happened(before, m, ev)); err != nil {
		return err
	}
	said, err := json.Marshal(ev.Data)
	if err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Record{At: ev.At, Actor: ev.Actor, Unit: ev.Unit, Action: m.System + "." + ev.Action, Object: "matter/" + m.ID.String()}, auditDetail{ev.Seq, ev.Source, ev.Target, dataHash(string(said))})
}

// Happened is the body of a matter's event on the bus: enough to keep counts
// and lists without reading the rows. It holds no personal data.
type Happened struct {
	Seq       int        `json:"seq"`
	No        string     `json:"no"`
	Flow      string     `json:"flow"`
	Action    string     `json:"action"`
	Actor     store.ID   `json:"actor,omitempty"`
	Before    Standing   `json:"before"`
	After     Standing   `json:"after"`
	Opened    store.Time `json:"opened"`
	Closed    store.Time `json:"closed,omitzero"` // when it was closed before this
	Applicant store.ID   `json:"applicant,omitempty"`
	Asker     string     `json:"asker,omitempty"`
	First     string     `json:"first,omitempty"`
	Mark      *Mark      `json:"mark,omitempty"`
}

// Standing is where a matter stands, as far as counts go.
type Standing struct {
	State string `json:"state,omitempty"`
	Open  bool   `json:"open,omitempty"`
	Unit  string `json:"unit,omitempty"`
	Desk  string `json:"desk,omitempty"`
	Item  string `json:"item,omitempty"`
	Place string `json:"place,omitempty"`
	Class string `json:"class,omitempty"`
	Late  bool   `json:"late,omitempty"`
}

func (m *Matter) standing() Standing {
	return Standing{m.State, m.Open, m.Unit, m.Desk, m.Item, m.Place, m.Class, m.Late}
}

func happened(before Matter, m *Matter, ev *Event) Happened {
	h := Happened{Seq: ev.Seq, No: m.No, Flow: m.Flow, Action: ev.Action, Actor: ev.Actor, After: m.standing(), Opened: m.OpenedAt, Applicant: m.Applicant, Asker: m.Asker, First: m.First, Mark: ev.Data.Mark}
	if ev.Seq > 1 {
		h.Before, h.Closed = before.standing(), before.ClosedAt
	}
	return h
}

// Allowed lists what the actor may do with a matter now, in the flow's usual
// order: the primary action first, then by name.
func (e *Engine) Allowed(ctx context.Context, q store.Querier, m *Matter, who account.Actor) ([]*Action, error) {
	f, sys, err := e.of(m)
	if err != nil {
		return nil, err
	}
	var out []*Action
	var clocks []Clock
	for _, a := range f.Actions {
		if !a.doable(m) {
			continue
		}
		if _, ok := e.may(m, a, who); !ok {
			continue
		}
		if a.guard != nil {
			if clocks == nil && a.guard.Reads("clock") {
				if clocks, err = Clocks(ctx, q, m.ID); err != nil {
					return nil, err
				}
			}
			c := &step{engine: e, flow: f, system: sys, action: a, actor: who, at: e.at(time.Time{}), matter: m, clocks: clocks}
			facts, err := c.facts(ctx, q, &condition{a.guard})
			if err != nil {
				return nil, err
			}
			if ok, err := a.guard.Holds(facts); err != nil || !ok {
				continue
			}
		}
		out = append(out, a)
	}
	rank := map[string]int{"primary": 0, "": 1, "danger": 2}
	slices.SortFunc(out, func(a, b *Action) int {
		if d := rank[a.Emphasis] - rank[b.Emphasis]; d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out, nil
}

// facts gathers what a condition reads, and no more.
func (c *step) facts(ctx context.Context, q store.Querier, p *condition) (map[string]any, error) {
	m := c.matter
	facts := map[string]any{
		"state": m.State, "class": m.Class, "unit": m.Unit, "item": m.Item, "place": m.Place,
		"now": c.at.Time, "opened": m.OpenedAt.Time, "closed": m.ClosedAt.Time, "form": c.form,
	}
	if p.Reads("vars") {
		vars := map[string]any{}
		for name := range c.flow.counters() {
			vars[name] = int64(0)
		}
		for name, n := range m.Vars {
			vars[name] = n
		}
		facts["vars"] = vars
	}
	if p.Reads("limit") {
		facts["limit"] = c.system.Limits.Numbers(m)
	}
	if p.Reads("actor") {
		facts["actor"] = map[string]any{"account": c.actor.Account.String(), "unit": c.actor.Unit, "system": c.actor.IsSystem()}
	}
	if p.Reads("clock") {
		clocks := map[string]any{}
		for _, spec := range c.flow.Clocks {
			i := open(c.clocks, spec.Name)
			v := map[string]any{"running": i >= 0, "overdue": false, "share": 0.0, "paused": false}
			if i >= 0 {
				cal, k, err := c.clocks[i].reading(c.engine.cals, c.at.Time)
				if err != nil {
					return nil, err
				}
				r := cal.Read(k, c.at.Time)
				v["overdue"], v["paused"] = r.Overdue, r.Paused
				if whole := r.Elapsed + r.Remaining; whole > 0 {
					v["share"] = float64(r.Elapsed) / float64(whole)
				}
			}
			clocks[spec.Name] = v
		}
		facts["clock"] = clocks
	}
	if p.Reads("children") || p.Reads("subs") {
		subs, all, err := c.engine.subs(ctx, q, m)
		if err != nil {
			return nil, err
		}
		facts["subs"], facts["children"] = subs, all
	}
	if p.Reads("fact") {
		own := map[string]any{}
		if c.system.Facts != nil {
			var err error
			if own, err = c.system.Facts(ctx, q, m); err != nil {
				return nil, err
			}
		}
		facts["fact"] = own
	}
	return facts, nil
}

// subs counts the open sub-matters of a matter by their flow, and all of them.
func (e *Engine) subs(ctx context.Context, q store.Querier, m *Matter) (byFlow map[string]any, all int64, err error) {
	type count struct {
		Flow string
		N    int64
	}
	open, err := store.Select[count](ctx, q, `SELECT flow, count(*) AS n FROM matter WHERE parent = ? AND open GROUP BY flow`, m.ID)
	byFlow = map[string]any{}
	e.mu.RLock()
	for name := range e.current {
		byFlow[name] = int64(0)
	}
	e.mu.RUnlock()
	for _, c := range open {
		byFlow[c.Flow] = c.N
		all += c.N
	}
	return byFlow, all, err
}

// counters are the vars that a flow's actions count.
func (f *Flow) counters() map[string]bool {
	out := map[string]bool{}
	for _, a := range f.Actions {
		for _, name := range a.Count {
			out[name] = true
		}
	}
	return out
}

// Concerns says whether an event is about something that a scope lets one see: what
// a unit has or had, asked for, or took on first.
func (h Happened) Concerns(sc account.Scope) bool {
	return sc.All || sc.Person != 0 && sc.Person == h.Applicant || slices.ContainsFunc(sc.Units, func(u string) bool {
		return u != "" && (u == h.After.Unit || u == h.Before.Unit || u == h.Asker || u == h.First)
	})
}
