package rule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// Decided is a kept decision without what it was made of.
type Decided struct {
	ID       store.ID   `bun:"id" json:"id"`
	At       store.Time `bun:"at" json:"at"`
	Applied  store.Time `bun:"applied_at" json:"applied_at"`
	Object   string     `bun:"object" json:"object,omitempty"`
	Pack     string     `bun:"pack" json:"pack"`
	PackHash string     `bun:"pack_hash" json:"pack_hash"`
	Outcome  Outcome    `bun:"outcome" json:"outcome" enum:"approve,supplement,human"`
	Mode     string     `bun:"mode" json:"mode,omitempty"`
	Took     int64      `bun:"took" json:"took_us"`
	Human    Outcome    `bun:"human" json:"human,omitempty" doc:"What a person decided afterwards"`
	Person   store.ID   `bun:"person" json:"-"`
}

// human is what a person decided last of d.
const human = `(SELECT h.outcome FROM decision_human h WHERE h.decision = d.id ORDER BY h.id DESC LIMIT 1)`

const decidedColumns = `d.id, d.at, d.applied_at, d.object, d.pack, d.pack_hash, d.outcome, d.mode, d.took, d.person, COALESCE(` + human + `, '') AS human`

// DecidedFilter narrows a list of decisions; zero values do not.
type DecidedFilter struct {
	Pack     string
	Outcome  Outcome
	Mode     string
	From, To time.Time // of the making
	Before   store.ID
	Limit    int
}

// List gives decisions of applications, the newest first.
func (r *Records) List(ctx context.Context, f DecidedFilter) ([]Decided, error) {
	conds, args := []string{"d.pack = ?", "d.mode <> ''"}, []any{f.Pack}
	add := func(cond string, v any) { conds, args = append(conds, cond), append(args, v) }
	if f.Outcome != "" {
		add("d.outcome = ?", string(f.Outcome))
	}
	if f.Mode != "" {
		add("d.mode = ?", f.Mode)
	}
	if !f.From.IsZero() {
		add("d.at >= ?", store.At(f.From))
	}
	if !f.To.IsZero() {
		add("d.at < ?", store.At(f.To))
	}
	if f.Before != 0 {
		add("d.id < ?", int64(f.Before))
	}
	return store.Select[Decided](ctx, r.Store, `SELECT `+decidedColumns+` FROM decision d WHERE `+strings.Join(conds, " AND ")+` ORDER BY d.id DESC LIMIT ?`, append(args, f.Limit)...)
}

// One is a kept decision; store.ErrNotFound.
func (r *Records) One(ctx context.Context, q store.Querier, id store.ID) (Decided, error) {
	return store.Get[Decided](ctx, q, `SELECT `+decidedColumns+` FROM decision d WHERE d.id = ?`, int64(id))
}

// Trace is the decision as it was kept, for a rule of the house or for the person whom
// it is about; vault.ErrErased.
func (r *Records) Trace(ctx context.Context, id store.ID) (Decision, error) {
	ref, err := store.Get[store.ID](ctx, r.Store, `SELECT trace FROM decision WHERE id = ?`, int64(id))
	if err != nil {
		return Decision{}, err
	}
	text, err := r.Vault.OwnText(ctx, r.Store, ref)
	return readDecision(text, err)
}

// Reveal is Trace for somebody with a reason, which the person can read.
func (r *Records) Reveal(ctx context.Context, tx *store.Tx, id store.ID, by vault.Access) (Decision, error) {
	ref, err := store.Get[store.ID](ctx, tx, `SELECT trace FROM decision WHERE id = ?`, int64(id))
	if err != nil {
		return Decision{}, err
	}
	text, err := r.Vault.RevealText(ctx, tx, ref, by)
	return readDecision(text, err)
}

func readDecision(text string, err error) (d Decision, _ error) {
	if err == nil {
		err = json.Unmarshal([]byte(text), &d)
	}
	return d, err
}

// Hidden stands for a value that is shown with a reason only.
const Hidden = "•••"

// Mask hides in a decision of the pack the values of personal facts and whatever was
// computed of them.
func (p *Pack) Mask(d Decision) Decision {
	personal := map[string]bool{}
	for name, f := range p.Facts {
		personal[name] = f.Personal
	}
	d.Checks = slices.Clone(d.Checks)
	for i := range d.Checks {
		d.Checks[i].Facts = slices.Clone(d.Checks[i].Facts)
		for j, f := range d.Checks[i].Facts {
			if personal[f.Fact] && f.Value != nil {
				d.Checks[i].Facts[j].Value = Hidden
			}
		}
	}
	reach := map[string][]string{}
	hide := func(values map[string]any, list []*Derivation) map[string]any {
		out := map[string]any{}
		for _, x := range list {
			v, ok := values[x.Name]
			reach[x.Name] = p.reached(x.uses, reach)
			if slices.ContainsFunc(reach[x.Name], func(name string) bool { return personal[name] }) {
				v = Hidden
			}
			if ok {
				out[x.Name] = v
			}
		}
		return out
	}
	if d.Derived != nil {
		d.Derived = hide(d.Derived, p.Derive)
	}
	if d.Grant != nil {
		d.Grant = hide(d.Grant, p.Grant)
	}
	return d
}

// Checked is what came of making decisions again.
type Checked struct {
	Tried  int        `json:"tried"`
	Erased int        `json:"erased"` // with their persons
	Wrong  []store.ID `json:"wrong"`  // that do not come to the bytes that were kept
}

// Check makes a sample of the kept decisions again: some at random, by where the seed
// falls in the order of their keys, the newest among them.
func (r *Records) Check(ctx context.Context, n int, seed uint64) (Checked, error) {
	out := Checked{Wrong: []store.ID{}}
	var first, last store.ID
	if err := r.Store.QueryRow(ctx, `SELECT min(id), max(id) FROM decision`).Scan(&first, &last); err != nil || last == 0 {
		return out, err
	}
	seen := map[store.ID]bool{}
	for i := range n {
		seed = seed*6364136223846793005 + 1442695040888963407
		from := first + store.ID(seed>>1%uint64(last-first+1))
		if i < n/10 {
			from = last - store.ID(i)
		}
		ids, err := store.Select[store.ID](ctx, r.Store, `SELECT id FROM decision WHERE id >= ? ORDER BY id LIMIT 1`, int64(from))
		if err != nil {
			return out, err
		}
		if len(ids) == 0 || seen[ids[0]] {
			continue
		}
		seen[ids[0]] = true
		got, err := r.Replay(ctx, ids[0], nil)
		switch {
		case errors.Is(err, vault.ErrErased):
			out.Erased++
			continue
		case ctx.Err() != nil:
			return out, ctx.Err()
		case err != nil || !got.Identical:
			out.Wrong = append(out.Wrong, ids[0])
		}
		out.Tried++
	}
	return out, nil
}

// WhatIf is what another version would have come to over the kept decisions of a time
// (反事实).
type WhatIf struct {
	Tried   int             `json:"tried"`
	Erased  int             `json:"erased" doc:"With their persons: they cannot be tried"`
	Same    int             `json:"same"`
	Changes map[string]int  `json:"changes" doc:"How many went from one outcome to another: 'approve human'"`
	Differs []Differs       `json:"differs" doc:"Those that come to something else, the newest first"`
	Cut     bool            `json:"cut" doc:"There are more decisions than were tried, or more that differ than are listed"`
	Before  map[Outcome]int `json:"before"`
	After   map[Outcome]int `json:"after"`
}

// Differs is a decision that another version would make otherwise.
type Differs struct {
	ID     store.ID   `json:"id"`
	At     store.Time `json:"at"`
	Object string     `json:"object,omitempty"`
	Before Outcome    `json:"before"`
	After  Outcome    `json:"after"`
	Checks []string   `json:"checks" doc:"That answer otherwise"`
}

// whatIfLists is how many that differ are listed.
const whatIfLists = 200

// WhatIf makes the kept decisions of a time again under another version, the newest
// first, at most so many.
func (r *Records) WhatIf(ctx context.Context, other *Pack, from, to time.Time, most int) (WhatIf, error) {
	out := WhatIf{Changes: map[string]int{}, Differs: []Differs{}, Before: map[Outcome]int{}, After: map[Outcome]int{}}
	f := DecidedFilter{Pack: other.ID, From: from, To: to, Limit: 200}
	for {
		rows, err := r.List(ctx, f)
		if err != nil {
			return out, err
		}
		for _, d := range rows {
			if out.Tried+out.Erased >= most {
				out.Cut = true
				return out, nil
			}
			got, err := r.Replay(ctx, d.ID, other)
			if errors.Is(err, vault.ErrErased) {
				out.Erased++
				continue
			}
			if err != nil {
				return out, fmt.Errorf("decision %s: %w", d.ID, err)
			}
			out.Tried++
			out.Before[got.Outcome]++
			out.After[got.Under.Outcome]++
			if got.Outcome == got.Under.Outcome {
				out.Same++
				continue
			}
			out.Changes[string(got.Outcome)+" "+string(got.Under.Outcome)]++
			if len(out.Differs) == whatIfLists {
				out.Cut = true
				continue
			}
			out.Differs = append(out.Differs, Differs{d.ID, d.At, d.Object, got.Outcome, got.Under.Outcome, got.Under.Differs})
		}
		if len(rows) < f.Limit {
			return out, nil
		}
		f.Before = rows[len(rows)-1].ID
	}
}

// Facts are those that a decision was made of, as they were kept, beside [Records.Trace].
func (r *Records) Facts(ctx context.Context, id store.ID) (string, error) {
	ref, err := store.Get[store.ID](ctx, r.Store, `SELECT facts FROM decision WHERE id = ?`, int64(id))
	if err != nil {
		return "", err
	}
	return r.Vault.OwnText(ctx, r.Store, ref)
}
