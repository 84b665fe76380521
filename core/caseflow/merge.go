package caseflow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/store"
)

// Merge (并案) lets one matter carry another of the same flow. The carried one
// leaves its desk; its clocks run on, so that its own deadline is still judged,
// and the earliest of each deadline binds the one that carries. It can be
// undone by Split.
func (e *Engine) Merge(ctx context.Context, tx *store.Tx, child, into store.ID, who account.Actor, reason string) error {
	if child == into {
		return &Refusal{Code: "merge", Text: Text{"zh": "不能与自身并案", "en": "a matter cannot be merged with itself"}}
	}
	c, err := Get(ctx, tx, child)
	if err != nil {
		return err
	}
	m, err := Get(ctx, tx, into)
	if err != nil {
		return err
	}
	carries, err := e.carries(ctx, tx, child)
	if err != nil {
		return err
	}
	f, _, err := e.of(m)
	if err != nil {
		return err
	}
	switch {
	case c.Flow != m.Flow:
		return &Refusal{Code: "merge", Text: Text{"zh": "流程不同，不能并案", "en": "matters of different flows cannot be merged"}}
	case f.answered(m.State):
		return &Refusal{Code: "merge", Text: Text{"zh": "该件已经答复，不能再并入", "en": "it has been answered already and can carry no more"}}
	case c.Unit != "" && m.Unit == "":
		return &Refusal{Code: "merge", Text: Text{"zh": "已分拨的请勿并入未分拨的，请反向并案", "en": "what a unit has cannot be merged into what no unit has yet: merge the other way"}}
	case c.Merged != 0 || m.Merged != 0 || carries:
		return &Refusal{Code: "merge", Text: Text{"zh": "其中一件已经并案", "en": "one of them is merged already"}}
	case !c.Open || !m.Open:
		return &Refusal{Code: "merge", Text: Text{"zh": "已办结的不能并案", "en": "a closed matter cannot be merged"}}
	}
	clocks, err := Clocks(ctx, tx, child)
	if err != nil {
		return err
	}
	adopt := map[string]store.Time{}
	for _, k := range clocks {
		if k.Outcome == Running {
			adopt[k.Name] = k.Due
		}
	}
	if err := e.own(ctx, tx, c, who, Merge, Data{Other: into, Form: map[string]any{"reason": reason}}); err != nil {
		return err
	}
	return e.own(ctx, tx, m, who, Absorb, Data{Other: child, Adopt: adopt})
}

// Split undoes Merge: the child stands at its own desk again, in the state in
// which it was merged, and its deadlines no longer bind the other.
func (e *Engine) Split(ctx context.Context, tx *store.Tx, child store.ID, who account.Actor, reason string) error {
	c, err := Get(ctx, tx, child)
	if err != nil {
		return err
	}
	if c.Merged == 0 || !c.Open {
		return &Refusal{Code: "merge", Text: Text{"zh": "该件没有并案，或已随主件办结", "en": "it is not merged, or was closed with the other"}}
	}
	m, err := Get(ctx, tx, c.Merged)
	if err != nil {
		return err
	}
	if err := e.own(ctx, tx, c, who, Split, Data{Other: m.ID, Form: map[string]any{"reason": reason}}); err != nil {
		return err
	}
	return e.own(ctx, tx, m, who, Release, Data{Other: child})
}

// Assign gives a matter to a person of the unit that holds it; none gives it
// back to the unit.
func (e *Engine) Assign(ctx context.Context, tx *store.Tx, id store.ID, version int, who account.Actor, to store.ID) (*Matter, error) {
	m, err := Get(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if version != 0 && version != m.Version {
		return m, ErrConflict
	}
	if !m.Open || m.Merged != 0 {
		return m, &Refusal{Code: "state"}
	}
	f, _, err := e.of(m)
	if err != nil {
		return nil, err
	}
	desk := f.States[m.State].Desk
	if !who.IsSystem() && !who.Has(desk.Role(), e.place(m, desk)) && !who.Has("unit_head", m.Unit) && !who.Has("supervisor", m.Unit) {
		return m, &Refusal{Code: "right", Text: Text{"zh": "您没有进行此操作的权限", "en": "you may not do this"}}
	}
	value := ""
	if to != 0 {
		value = to.String()
	}
	return m, e.own(ctx, tx, m, who, Assign, Data{Set: map[string]string{"assignee": value}})
}

func (e *Engine) carries(ctx context.Context, q store.Querier, id store.ID) (yes bool, err error) {
	err = q.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM matter WHERE merged = ?)`, int64(id)).Scan(&yes)
	return yes, err
}

// Bind sets a deadline from above (上级时限) on those of a matter's clocks that run:
// where it is earlier than their own, they are due then. A later one of the same
// kind takes its place. m is as it then is.
func (e *Engine) Bind(ctx context.Context, tx *store.Tx, m *Matter, who account.Actor, due time.Time, clocks ...string) error {
	adopt := map[string]store.Time{}
	for _, c := range clocks {
		adopt[c] = store.At(due)
	}
	return e.own(ctx, tx, m, who, Bound, Data{Adopt: adopt})
}

// own writes an event of the engine's own, which changes no state.
func (e *Engine) own(ctx context.Context, tx *store.Tx, m *Matter, who account.Actor, action string, data Data) error {
	f, _, err := e.of(m)
	if err != nil {
		return err
	}
	clocks, err := Clocks(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	return e.apply(ctx, tx, f, m, clocks, &Event{Matter: m.ID, Seq: m.Version + 1, At: e.at(time.Time{}), Actor: who.Account, Unit: who.Unit,
		Action: action, Source: m.State, Target: m.State, Data: data}, false)
}

// CloseWithOther is the state change of a carried matter when the one that
// carries it closes: it closes with it, at the same moment, in the same state.
const CloseWithOther = "close_with_other"

// mostLed carried matters go along in the carrier's own transaction; what a
// mass event has beyond them follows by Settle.
const mostLed = 20

// lead takes up to mostLed of the matters that m carries along with its event ev:
// to its state when it closed or answered, back to their own desks when that
// was its applicant's own affair.
func (e *Engine) lead(ctx context.Context, tx *store.Tx, f *Flow, m *Matter, ev *Event) (led int, err error) {
	carried, err := store.Select[store.ID](ctx, tx, `SELECT id FROM matter WHERE merged = ? AND open ORDER BY id LIMIT ?`, int64(m.ID), mostLed)
	if err != nil {
		return 0, err
	}
	for _, id := range carried {
		c, err := Get(ctx, tx, id)
		if err != nil {
			return 0, err
		}
		if err := e.follow(ctx, tx, f, c, m, ev); err != nil {
			return 0, errors.Join(fmt.Errorf("caseflow: %d follows %d", id, m.ID), err)
		}
	}
	return len(carried), nil
}

// follow writes what becomes of one carried matter.
func (e *Engine) follow(ctx context.Context, tx *store.Tx, f *Flow, c, m *Matter, led *Event) error {
	own, sys, err := e.of(c)
	if err != nil {
		return err
	}
	clocks, err := Clocks(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	ev := &Event{Matter: c.ID, Seq: c.Version + 1, At: led.At, Actor: led.Actor, Unit: led.Unit, Source: c.State, Target: led.Target, Data: Data{Other: m.ID}}
	a := f.Actions[led.Action]
	switch {
	case a != nil && a.Alone:
		ev.Action, ev.Target, ev.Data.Form = Split, c.State, map[string]any{"reason": led.Action}
	case f.States[led.Target].Final:
		ev.Action = CloseWithOther
	default:
		ev.Action, ev.Data.As, ev.Data.Start = Follow, led.Action, led.Data.Start
	}
	if ev.Action != Split {
		if own.States[ev.Target] == nil {
			return fmt.Errorf("caseflow: its flow has no state %q", ev.Target)
		}
		ev.Data.Set = map[string]string{"unit": m.Unit, "item": m.Item}
	}
	before := *c
	if err := e.apply(ctx, tx, own, c, clocks, ev, false); err != nil {
		return err
	}
	if ev.Action == Split || sys.Followed == nil {
		return nil
	}
	return sys.Followed(ctx, tx, &Change{Engine: e, Before: before, Matter: c, Event: ev})
}

// Settle lets the matters follow that an event of their carrier left behind:
// those of a mass event, a few in each transaction. Only the leader calls it. It
// says how many followed.
func (e *Engine) Settle(ctx context.Context) (followed int, err error) {
	type left struct {
		Matter store.ID
		Seq    int
	}
	all, err := store.Select[left](ctx, e.store, `SELECT matter, seq FROM matter_lead ORDER BY matter, seq`)
	if err != nil {
		return 0, err
	}
	var wrong []error
	for _, l := range all {
		for more := true; more; {
			n := 0
			if err := e.store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
				m, err := Get(ctx, tx, l.Matter)
				if err != nil {
					return err
				}
				f, _, err := e.of(m)
				if err != nil {
					return err
				}
				ev, err := EventOf(ctx, tx, l.Matter, l.Seq)
				if err != nil {
					return err
				}
				if n, err = e.lead(ctx, tx, f, m, &ev); err != nil || n == mostLed {
					return err
				}
				_, err = tx.Exec(ctx, `DELETE FROM matter_lead WHERE matter = ? AND seq = ?`, int64(l.Matter), l.Seq)
				return err
			}); err != nil {
				// Those of the others go on: one that cannot follow holds up its own alone.
				wrong = append(wrong, err)
				break
			}
			followed += n
			more = n == mostLed
		}
		if ctx.Err() != nil {
			break
		}
	}
	return followed, errors.Join(append(wrong, ctx.Err())...)
}
