package caseflow

import (
	"context"
	"fmt"
	"slices"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/store"
)

// Past is a matter with its whole history, made without the store: of a
// simulation, or of another system that knows each step.
type Past struct {
	Matter Matter
	Clocks []Clock
	Events []Event

	events, clocks [][]any // ready to be written
}

// PastStep is one action that was done.
type PastStep struct {
	Action string
	At     time.Time
	Actor  store.ID
	Unit   string         // for which the actor acted
	Form   map[string]any // as given; texts must be masked already
	To     string         // where a branch led; "" is the action's own target
	// IfOpen leaves the step out where the state does not allow it (any more):
	// the clock signed before the person did.
	IfOpen bool
}

// Replay makes a past of an opening and the steps that followed: the same
// events and clocks that acting at those times would have made, with the marks
// that were passed in between, up to until. Guards are not asked, because they
// were then; the table of states is.
func (e *Engine) Replay(o Opening, steps []PastStep, until time.Time) (*Past, error) {
	f := e.Flow(o.Flow)
	if f == nil {
		return nil, fmt.Errorf("caseflow: there is no flow %q", o.Flow)
	}
	sys := e.systems[f.Name]
	p := &Past{Matter: o.Matter, Events: make([]Event, 0, len(steps)+4)}
	m := &p.Matter
	m.ID, m.Flow, m.FlowHash, m.Version, m.Vars, m.System = o.ID, f.Name, f.Hash, 0, Vars{}, sys.Name
	fold := func(ev Event) (err error) {
		if p.Clocks, err = Fold(f, e.cals, m, p.Clocks, ev); err == nil {
			p.Events = append(p.Events, ev)
		}
		return err
	}
	do := func(a *Action, s PastStep, set map[string]string) error {
		c := &step{engine: e, flow: f, system: sys, action: a, actor: account.Actor{Account: s.Actor, Unit: s.Unit}, form: s.Form, at: store.At(s.At), matter: m, clocks: p.Clocks, set: set}
		ev := c.event()
		if s.To != "" {
			ev.Target = s.To
		}
		ev.Data.Form = s.Form
		if err := c.decide(&ev); err != nil {
			return err
		}
		return fold(ev)
	}
	// The marks that were passed before a moment, and what they made the house do.
	pass := func(before time.Time) error {
		for {
			i := -1
			for j := range p.Clocks {
				c := &p.Clocks[j]
				if c.Outcome == Running && !c.MarkAt.IsZero() && c.MarkAt.Before(before) && (i < 0 || c.MarkAt.Before(p.Clocks[i].MarkAt.Time)) {
					i = j
				}
			}
			if i < 0 {
				return nil
			}
			c := p.Clocks[i]
			mark := Mark{Clock: c.Name, N: c.N, Index: c.Mark, Level: c.Spec.Marks[c.Mark].Level}
			at := c.MarkAt
			if at.Before(m.UpdatedAt.Time) {
				at = m.UpdatedAt
			}
			if err := fold(Event{Matter: m.ID, Seq: m.Version + 1, At: at, Action: Marked, Source: m.State, Target: m.State, Data: Data{Mark: &mark}}); err != nil {
				return err
			}
			if due := f.Actions[f.clock(c.Name).Due]; mark.Level == Due && due != nil && slices.Contains(due.From, m.State) {
				if err := do(due, PastStep{At: at.Time}, nil); err != nil {
					return err
				}
			}
		}
	}
	opening := f.Actions[o.Action]
	if opening == nil || len(opening.From) > 0 {
		return nil, &Refusal{Code: "state"}
	}
	if err := do(opening, PastStep{At: o.At, Actor: o.Actor.Account, Unit: o.Actor.Unit, Form: o.Form}, map[string]string{"class": m.Class, "unit": m.Unit, "item": m.Item, "place": m.Place, "title": m.Title}); err != nil {
		return nil, err
	}
	for _, s := range steps {
		if s.At.After(until) {
			break
		}
		if err := pass(s.At); err != nil {
			return nil, err
		}
		a := f.Actions[s.Action]
		if a == nil {
			return nil, fmt.Errorf("caseflow: flow %s has no action %q", f.Name, s.Action)
		}
		if !slices.Contains(a.From, m.State) {
			if s.IfOpen {
				continue
			}
			return nil, fmt.Errorf("caseflow: replay: %s cannot be done in %s: %w", s.Action, m.State, &Refusal{Code: "state"})
		}
		if err := do(a, s, nil); err != nil {
			return nil, err
		}
	}
	if err := pass(until); err != nil {
		return nil, err
	}
	return p, p.ready()
}

// ready makes the rows of events and clocks: what the one writer of a bulk load
// need not do.
func (p *Past) ready() (err error) {
	if p.events != nil {
		return nil
	}
	p.events, p.clocks = make([][]any, len(p.Events)), make([][]any, len(p.Clocks))
	for i := range p.Events {
		e := &p.Events[i]
		if p.events[i], err = store.Plain(e.Matter, e.Seq, e.At, e.Actor, e.Unit, e.Action, e.Source, e.Target, e.Data); err != nil {
			return err
		}
	}
	for i := range p.Clocks {
		c := &p.Clocks[i]
		if p.clocks[i], err = store.Plain(c.Matter, c.Name, c.N, c.Unit, c.Spec, string(c.Outcome), c.Started, c.Due, c.Stopped, c.Mark, c.MarkAt); err != nil {
			return err
		}
	}
	return nil
}

// WritePasts writes many pasts with few statements. It sends no events and
// writes no audit rows: who loads in bulk records the load as one, with its
// source, and brings projections up to date itself.
func WritePasts(ctx context.Context, tx *store.Tx, pasts []*Past) error {
	var matters, events, clocks [][]any
	for _, p := range pasts {
		m := &p.Matter
		matters = append(matters, []any{m.ID, m.No, m.System, m.Flow, m.FlowHash, m.State, m.Open, m.Version, m.Parent, m.Merged, m.Class, m.Unit, m.First, m.Asker, m.Assignee, m.Desk, m.Item, m.Place,
			m.Title, m.Applicant, m.DueAt, m.TotalDue, m.Late, m.Vars, m.OpenedAt, m.ClosedAt, m.UpdatedAt})
		if err := p.ready(); err != nil {
			return err
		}
		events, clocks = append(events, p.events...), append(clocks, p.clocks...)
	}
	if err := store.InsertRows(ctx, tx, `INSERT INTO matter (`+MatterColumns+`) VALUES `, matters); err != nil {
		return err
	}
	if err := store.InsertRows(ctx, tx, `INSERT INTO matter_event (matter, seq, at, actor, unit, action, source, target, data) VALUES `, events); err != nil {
		return err
	}
	return store.InsertRows(ctx, tx, `INSERT INTO matter_clock (`+clockColumns+`) VALUES `, clocks)
}
