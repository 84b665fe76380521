package caseflow

import (
	"context"
	"fmt"

	"shanzhi/core/account"
	"shanzhi/core/store"
)

// Import brings a matter from elsewhere as its source asserts it: in any state
// of its flow, opened and closed when the source says, with one event that
// carries what else the source says. No clock of ours runs for it until
// somebody acts on it here; what its source says of its limits is asserted,
// not computed.
//
// ID, No, Flow, State, Class, Unit, Item, Place, Title, Applicant, OpenedAt and
// ClosedAt of m are taken as given.
func (e *Engine) Import(ctx context.Context, tx *store.Tx, m Matter, assert map[string]any) (*Matter, error) {
	f, ev, err := e.imported(&m, assert)
	if err != nil {
		return nil, err
	}
	return &m, e.apply(ctx, tx, f, &m, nil, ev, true)
}

// ImportPast is Import without the store: what [WritePasts] writes of matters
// that are brought in by the thousand.
func (e *Engine) ImportPast(m Matter, assert map[string]any) (*Past, error) {
	f, ev, err := e.imported(&m, assert)
	if err != nil {
		return nil, err
	}
	p := &Past{Matter: m, Events: []Event{*ev}}
	p.Clocks, err = Fold(f, e.cals, &p.Matter, nil, *ev)
	return p, err
}

// imported makes the one event of a matter from elsewhere, and of m what stands
// before that event.
func (e *Engine) imported(m *Matter, assert map[string]any) (*Flow, *Event, error) {
	f := e.Flow(m.Flow)
	if f == nil || f.States[m.State] == nil {
		return nil, nil, fmt.Errorf("caseflow: import: flow %q has no state %q", m.Flow, m.State)
	}
	if final := f.States[m.State].Final; final != !m.ClosedAt.IsZero() {
		return nil, nil, fmt.Errorf("caseflow: import: state %s and the time of closing do not agree", m.State)
	}
	ev := &Event{Matter: m.ID, Seq: 1, At: m.OpenedAt, Actor: account.System(e.dir).Account, Action: Imported, Target: m.State,
		Data: Data{Closed: m.ClosedAt, Assert: assert, Set: map[string]string{"class": m.Class, "unit": m.Unit, "item": m.Item, "place": m.Place, "title": m.Title}}}
	m.FlowHash, m.Version, m.Vars, m.System = f.Hash, 0, Vars{}, e.systems[f.Name].Name
	m.State, m.First, m.Asker = "", "", "" // a source asserts neither
	return f, ev, nil
}
