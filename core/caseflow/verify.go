package caseflow

import (
	"context"
	"fmt"
	"slices"
	"time"

	"shanzhi/core/store"
)

// Rebuild folds all events of a matter, up to and including until (zero is
// all): the matter and its clocks as they were at that moment.
func (e *Engine) Rebuild(ctx context.Context, q store.Querier, id store.ID, until time.Time) (*Matter, []Clock, error) {
	stored, err := Get(ctx, q, id)
	if err != nil {
		return nil, nil, err
	}
	f, _, err := e.of(stored)
	if err != nil {
		return nil, nil, err
	}
	events, err := Events(ctx, q, id)
	if err != nil {
		return nil, nil, err
	}
	m := &Matter{ID: stored.ID, No: stored.No, System: stored.System, Flow: stored.Flow, FlowHash: stored.FlowHash, Parent: stored.Parent, Applicant: stored.Applicant}
	var clocks []Clock
	for _, ev := range events {
		if !until.IsZero() && ev.At.After(until) {
			break
		}
		if clocks, err = Fold(f, e.cals, m, clocks, ev); err != nil {
			return nil, nil, err
		}
	}
	if m.Version == 0 {
		return nil, nil, ErrNotFound // it was not there yet
	}
	return m, clocks, nil
}

// Difference is a stored value that its events do not give.
type Difference struct {
	Matter  store.ID `json:"matter"`
	What    string   `json:"what"`
	Stored  string   `json:"stored"`
	Rebuilt string   `json:"rebuilt"`
}

// Verify rebuilds a matter from its events and compares it with what is stored.
func (e *Engine) Verify(ctx context.Context, q store.Querier, id store.ID) ([]Difference, error) {
	stored, err := Get(ctx, q, id)
	if err != nil {
		return nil, err
	}
	rebuilt, clocks, err := e.Rebuild(ctx, q, id, time.Time{})
	if err != nil {
		return nil, err
	}
	var out []Difference
	compare := func(what string, a, b any) {
		if x, y := fmt.Sprintf("%+v", a), fmt.Sprintf("%+v", b); x != y {
			out = append(out, Difference{id, what, x, y})
		}
	}
	compare("matter", *stored, *rebuilt)
	have, err := Clocks(ctx, q, id)
	if err != nil {
		return nil, err
	}
	key := func(c Clock) string { return fmt.Sprintf("%s/%d", c.Name, c.N) }
	for _, c := range have {
		i := slices.IndexFunc(clocks, func(d Clock) bool { return key(c) == key(d) })
		if i < 0 {
			out = append(out, Difference{id, "clock " + key(c), fmt.Sprintf("%+v", c), "none"})
			continue
		}
		compare("clock "+key(c), c, clocks[i])
	}
	if len(have) != len(clocks) {
		out = append(out, Difference{id, "number of clocks", fmt.Sprint(len(have)), fmt.Sprint(len(clocks))})
	}
	return out, nil
}
