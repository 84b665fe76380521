package appeals

import (
	"context"
	"encoding/json"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

const (
	// autoPoll is how often new appeals are looked at.
	autoPoll = 5 * time.Second
	// autoReach is how far back an appeal may have been filed that nobody has
	// looked at yet.
	autoReach = 24 * time.Hour
	autoPiece = 100
)

// dispatchByItself dispatches what is sure enough, a little after it was filed,
// until ctx ends. It costs nothing where the district has not decided so.
func (s *Service) dispatchByItself(ctx context.Context) {
	tick := time.NewTicker(autoPoll)
	defer tick.Stop()
	var seen store.ID
	for ; ctx.Err() == nil; wait(ctx, tick.C) {
		if !s.district.Load().dispatch.Auto.Enabled {
			continue
		}
		for {
			last, n, err := s.dispatchSure(ctx, seen)
			seen = max(seen, last)
			if err != nil || n < autoPiece {
				break
			}
		}
	}
}

// dispatchSure looks once at the appeals filed after seen that wait to be
// dispatched and are old enough, oldest first, and dispatches those of which the
// ranker is sure. It returns the last that it looked at and how many.
func (s *Service) dispatchSure(ctx context.Context, seen store.ID) (last store.ID, n int, err error) {
	now := s.Store.Now()
	if r := s.ranker(ctx); !r.usable() || r.figures.AutoFrom == 0 {
		return seen, 0, nil
	}
	from := max(seen, store.IDAt(now.Add(-autoReach)))
	until := store.IDAt(now.Add(-s.district.Load().dispatch.Auto.delay))
	ids, err := store.Select[store.ID](ctx, s.Store, `SELECT id FROM matter WHERE system = ? AND open AND id > ? AND id < ? AND flow = 'appeal' AND state = 'dispatching' AND merged IS NULL ORDER BY id LIMIT ?`, System, from, until, autoPiece)
	if err != nil {
		return seen, 0, err
	}
	for _, id := range ids {
		if err := s.dispatchIfSure(ctx, id); err != nil && ctx.Err() != nil {
			return last, n, err
		}
		last, n = id, n+1
	}
	return last, n, nil
}

// dispatchIfSure dispatches one appeal in the name of the house, where the
// suggestion lies in the auto band and nothing happened to it meanwhile. One that
// was returned once is a person's.
func (s *Service) dispatchIfSure(ctx context.Context, id store.ID) error {
	m, err := caseflow.Get(ctx, s.Store, id)
	if err != nil || m.State != "dispatching" || m.Vars["dispatches"] > 0 {
		return err
	}
	a, err := getAppeal(ctx, s.Store, id)
	if err != nil {
		return err
	}
	if m.Vars["divisions"] == m.Vars["rejoins"] && len(text.Demands(a.Text)) > 1 {
		return nil // a person looks whether it is several things
	}
	sg, err := s.suggest(ctx, m, &a)
	if err != nil || sg.Band != "auto" {
		return err
	}
	first := sg.Candidates[0]
	raw, err := json.Marshal(sg)
	if err != nil {
		return err
	}
	form := map[string]any{"unit": first.Unit, "item": first.Item, "mode": "auto"}
	if len(first.CoUnits) > 0 {
		co := make([]any, len(first.CoUnits))
		for i, u := range first.CoUnits {
			co[i] = u
		}
		form["co_units"] = co
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: id, Version: m.Version, Action: "dispatch", Actor: account.System(s.Dir), Form: form}); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE appeal SET suggestion = ? WHERE id = ?`, string(raw), id)
		return err
	})
}

func wait(ctx context.Context, tick <-chan time.Time) {
	select {
	case <-ctx.Done():
	case <-tick:
	}
}
