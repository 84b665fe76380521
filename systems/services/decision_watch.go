package services

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// watched is what is sealed of an approval, to look at its facts again (批后复核).
type watched struct {
	Keys  map[string]string   `json:"keys"`
	Facts map[string][]string `json:"facts"` // by fact: its values as they were, as JSON, sorted
}

// watch begins to look at an approval's facts every night.
func (s *Service) watch(ctx context.Context, tx *store.Tx, decision, person store.ID, v InstantVerdict) error {
	w := watched{v.keys, map[string][]string{}}
	for name, f := range v.pack.Facts {
		if f.Watch {
			w.Facts[name] = valuesOf(v.Case.Facts[name], f.Sources)
		}
	}
	if len(w.Facts) == 0 {
		return nil
	}
	raw, err := json.Marshal(w)
	if err != nil {
		return err
	}
	sealed, err := s.Vault.PutText(ctx, tx, person, "decision/"+decision.String(), string(raw))
	if err != nil {
		return err
	}
	now := store.At(s.Store.Now())
	_, err = tx.Exec(ctx, `INSERT INTO decision_watch (decision, pack, pack_hash, sealed, facts, since, checked_at, changed) VALUES (?, ?, ?, ?, ?, ?, ?, '')`, decision, v.Pack, v.pack.Hash(), sealed, len(w.Facts), now, now)
	return err
}

// valuesOf are what those whose word counts say of a fact, each once, sorted.
func valuesOf(said []rule.Fact, sources []string) []string {
	out := []string{}
	for _, f := range said {
		if slices.Contains(sources, f.Source) && f.Source != rule.Applicant {
			raw, _ := json.Marshal(f.Value)
			out = append(out, string(raw))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// EndWatch ends the looking at an approval's facts: what it gave has ended.
func (s *Service) EndWatch(ctx context.Context, tx *store.Tx, decision store.ID) error {
	_, err := tx.Exec(ctx, `UPDATE decision_watch SET ended_at = ? WHERE decision = ? AND ended_at IS NULL`, store.At(s.Store.Now()), decision)
	return err
}

// Reverified is what came of looking at the facts of live approvals again.
type Reverified struct {
	Approvals int `json:"approvals"`
	Facts     int `json:"facts"`
	Changed   int `json:"changed"` // approvals of which a fact has become another
	Silent    int `json:"silent"`  // of which a source did not answer: asked again in the next night
	Erased    int `json:"erased"`
}

// Parts in which facts are looked at again, and how many at a time.
const (
	reverifyAtOnce  = 400
	reverifyWorkers = 4
)

type watchRow struct {
	Decision store.ID `bun:"decision"`
	Pack     string   `bun:"pack"`
	PackHash string   `bun:"pack_hash"`
	Sealed   store.ID `bun:"sealed"`
	Facts    int      `bun:"facts"`
	Changed  string   `bun:"changed"`
}

// Reverify asks for the watched facts of all live approvals that were not looked at since
// a moment. A fact that has become another writes decision.fact_changed, with its name
// and no value, once for each change; whether the approval stands is for people.
func (s *Service) Reverify(ctx context.Context, since time.Time) (Reverified, error) {
	var out Reverified
	for {
		rows, err := store.Select[watchRow](ctx, s.Store, `SELECT decision, pack, pack_hash, sealed, facts, changed FROM decision_watch WHERE ended_at IS NULL AND checked_at < ? ORDER BY checked_at, decision LIMIT ?`, store.At(since), reverifyAtOnce)
		if err != nil || len(rows) == 0 {
			return out, err
		}
		found := make([]watchFound, len(rows))
		var wait sync.WaitGroup
		next := make(chan int)
		for range reverifyWorkers {
			wait.Go(func() {
				for i := range next {
					found[i] = s.lookAgain(ctx, rows[i])
				}
			})
		}
		for i := range rows {
			next <- i
		}
		close(next)
		wait.Wait()
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		for i := range found {
			if found[i].err != nil {
				return out, fmt.Errorf("decision %s: %w", rows[i].Decision, found[i].err)
			}
		}
		now := store.At(s.Store.Now())
		if err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			args := []any{now}
			for i, r := range rows {
				f := found[i]
				if f.erased {
					if err := s.EndWatch(ctx, tx, r.Decision); err != nil {
						return err
					}
				}
				args = append(args, r.Decision)
				if f.erased || f.silent || f.changed == r.Changed {
					continue
				}
				if _, err := tx.Exec(ctx, `UPDATE decision_watch SET changed = ? WHERE decision = ?`, f.changed, r.Decision); err != nil {
					return err
				}
				if f.changed != "" {
					if err := s.Bus.Emit(ctx, tx, s.Store.Now(), "decision.fact_changed", r.Decision.String(), map[string]any{"pack": r.Pack, "facts": strings.Fields(f.changed)}); err != nil {
						return err
					}
				}
			}
			_, err := tx.Exec(ctx, `UPDATE decision_watch SET checked_at = ? WHERE `+store.AnyOf("decision", len(rows)), args...)
			return err
		}); err != nil {
			return out, err
		}
		for i, r := range rows {
			out.Approvals++
			switch f := found[i]; {
			case f.erased:
				out.Erased++
				continue
			case f.silent:
				out.Silent++
			case f.changed != "" && f.changed != r.Changed:
				out.Changed++
			}
			out.Facts += r.Facts
		}
	}
}

type watchFound struct {
	changed string
	silent  bool
	erased  bool
	err     error
}

// lookAgain asks for the watched facts of one approval.
func (s *Service) lookAgain(ctx context.Context, r watchRow) (f watchFound) {
	text, err := s.Vault.OwnText(ctx, s.Store, r.Sealed)
	if errors.Is(err, vault.ErrErased) {
		return watchFound{erased: true}
	}
	var w watched
	if err == nil {
		err = json.Unmarshal([]byte(text), &w)
	}
	if err != nil {
		return watchFound{err: err}
	}
	p, err := s.Rules.Pack(ctx, r.PackHash)
	if err != nil {
		return watchFound{err: err}
	}
	got := s.Facts.GatherOnly(ctx, p, w.Keys, func(name string) bool { return w.Facts[name] != nil }, s.Store.Now())
	var changed []string
	for name, before := range w.Facts {
		if slices.ContainsFunc(p.Facts[name].Sources, func(source string) bool { return slices.Contains(got.Silent, source) }) {
			f.silent = true
			continue
		}
		if !slices.Equal(valuesOf(got.Facts[name], p.Facts[name].Sources), before) {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	f.changed = strings.Join(changed, " ")
	return f
}

// DecisionWatchTotals are how many approvals are looked at every night.
type DecisionWatchTotals struct {
	Live    int        `json:"live" doc:"Approvals whose facts are looked at again every night"`
	Changed int        `json:"changed" doc:"Of which a fact has become another"`
	Oldest  store.Time `json:"oldest,omitzero" doc:"When the one that was looked at longest ago was"`
}

func (s *Service) watchTotals(ctx context.Context, pack string) (t DecisionWatchTotals, err error) {
	err = s.Store.QueryRow(ctx, `SELECT count(*), count(CASE WHEN changed <> '' THEN 1 END), min(checked_at) FROM decision_watch WHERE pack = ? AND ended_at IS NULL`, pack).Scan(&t.Live, &t.Changed, &t.Oldest)
	return t, err
}

// MakeWatched makes simulated approvals of a pack until so many facts are watched, for
// measuring; it says how many it made, and how many facts there are then.
func (s *Service) MakeWatched(ctx context.Context, pack string, facts int) (made, have int, err error) {
	if err := s.Store.QueryRow(ctx, `SELECT COALESCE(sum(facts), 0) FROM decision_watch WHERE ended_at IS NULL`).Scan(&have); err != nil {
		return 0, 0, err
	}
	if s.Persons == nil {
		return 0, have, errors.New("services: no register lists persons here")
	}
	p, v := s.Rules.InForce(pack, rule.DateOf(s.Store.Now(), s.Zone()))
	if p == nil {
		return 0, have, store.ErrNotFound
	}
	each := 0
	for _, f := range p.Facts {
		if f.Watch {
			each++
		}
	}
	if each == 0 {
		return 0, have, fmt.Errorf("services: the pack %s watches no fact", pack)
	}
	after := ""
	for have < facts {
		persons, next, err := s.Persons.Page(ctx, after, reverifyAtOnce)
		if err != nil {
			return made, have, err
		}
		verdicts := make([]InstantVerdict, len(persons))
		for i, keys := range persons {
			got := s.Facts.GatherOnly(ctx, p, keys, func(name string) bool { return p.Facts[name].Watch }, s.Store.Now())
			verdicts[i] = InstantVerdict{Pack: pack, Version: v.Version, Case: rule.Case{At: s.Store.Now(), Facts: got.Facts}, pack: p, keys: rule.Keys(keys)}
		}
		if len(persons) == 0 {
			return made, have, errors.New("services: the register lists nobody")
		}
		if err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			for _, v := range verdicts {
				person, err := s.Vault.NewPerson(ctx, tx, vault.Identity{})
				if err != nil {
					return err
				}
				if err := s.watch(ctx, tx, tx.NewID(), person, v); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return made, have, err
		}
		made, have, after = made+len(persons), have+each*len(persons), next
	}
	return made, have, nil
}
