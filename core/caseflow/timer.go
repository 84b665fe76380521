package caseflow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/store"
)

// Tick does what is due by now: each clock whose next mark has come gets its
// event, and when the mark is the due of a clock with a due action, the house
// takes that action. It says how many marks were passed and when to come
// again. Marks are read from stored times, so what fell due while the house
// was down is done when it is up again. Only the leader calls it.
func (e *Engine) Tick(ctx context.Context, now time.Time) (passed int, err error) {
	for {
		type due struct {
			Matter store.ID
			Clock  string
			N      int
		}
		list, err := store.Select[due](ctx, e.store, `SELECT matter, clock, n FROM matter_clock WHERE mark_at <= ? ORDER BY mark_at LIMIT 200`, store.At(now))
		if err != nil || len(list) == 0 {
			return passed, err
		}
		for _, d := range list {
			if err := e.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				return e.pass(ctx, tx, d.Matter, d.Clock, d.N, now)
			}); err != nil {
				return passed, fmt.Errorf("caseflow: clock %s of matter %d: %w", d.Clock, d.Matter, err)
			}
			passed++
		}
	}
}

// Due is the level of the mark at which a clock runs out.
const Due = "due"

func (e *Engine) pass(ctx context.Context, tx *store.Tx, id store.ID, name string, n int, now time.Time) error {
	m, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	f, sys, err := e.of(m)
	if err != nil {
		return err
	}
	clocks, err := Clocks(ctx, tx, id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(clocks, func(c Clock) bool { return c.Name == name && c.N == n })
	if i < 0 || clocks[i].Outcome != Running || clocks[i].MarkAt.IsZero() || clocks[i].MarkAt.After(now) {
		return nil // somebody was faster
	}
	c := clocks[i]
	mark := &Mark{Clock: name, N: n, Index: c.Mark, Level: c.Spec.Marks[c.Mark].Level}
	who := account.System(e.dir)
	ev := &Event{Matter: id, Seq: m.Version + 1, At: e.at(time.Time{}), Action: Marked, Source: m.State, Target: m.State, Data: Data{Mark: mark}}
	if ev.At.Before(c.MarkAt.Time) {
		ev.At = store.At(now)
	}
	before := *m
	if err := e.apply(ctx, tx, f, m, clocks, ev, false); err != nil {
		return err
	}
	if sys.After != nil {
		if err := sys.After(ctx, tx, &Change{Engine: e, Actor: who, Before: before, Matter: m, Event: ev}); err != nil {
			return err
		}
	}
	spec := f.clock(name)
	if mark.Level != Due || spec.Due == "" || m.Merged != 0 {
		return nil
	}
	_, err = e.Do(ctx, tx, Command{Matter: id, Action: spec.Due, Actor: who, At: ev.At.Time})
	var refused *Refusal
	if errors.As(err, &refused) {
		return nil // the matter has moved on, or a guard forbids: the mark stands, the action does not
	}
	return err
}

// Recalendar recomputes the running clocks of a calendar that was corrected:
// each whose due changes gets an event that says so. Clocks that have ended
// keep the verdict that they got. It says how many clocks moved.
func (e *Engine) Recalendar(ctx context.Context, name string) (moved int, err error) {
	cal, err := e.cals.Current(name)
	if err != nil {
		return 0, err
	}
	var after store.ID
	for {
		ids, err := store.Select[store.ID](ctx, e.store, `SELECT id FROM matter WHERE open AND id > ? ORDER BY id LIMIT 200`, int64(after))
		if err != nil || len(ids) == 0 {
			return moved, err
		}
		after = ids[len(ids)-1]
		for _, id := range ids {
			var n int
			if err := e.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				n = 0
				m, err := Get(ctx, tx, id)
				if err != nil {
					return err
				}
				clocks, err := Clocks(ctx, tx, id)
				if err != nil {
					return err
				}
				f, _, err := e.of(m)
				if err != nil {
					return err
				}
				start := map[string]ClockStart{}
				for _, c := range clocks {
					if !c.Open() || c.Spec.Calendar != name || c.Spec.Version == cal.Version() {
						continue
					}
					was := c.Due
					c.Spec.Version = cal.Version()
					if err := c.wind(e.cals, e.store.Now()); err != nil {
						return err
					}
					if spec := f.clock(c.Name); !c.Due.Equal(was.Time) && !(spec != nil && spec.Firm && c.Due.After(was.Time)) {
						start[c.Name] = ClockStart{Limit: c.Spec.Limit, Calendar: name, Version: cal.Version()}
						n++
					}
				}
				if n == 0 {
					return nil
				}
				return e.own(ctx, tx, m, account.System(e.dir), Recalendared, Data{Start: start})
			}); err != nil {
				return moved, err
			}
			moved += n
		}
	}
}
