package appeals

import (
	"context"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"

	"shanzhi/core/caseflow"
	"shanzhi/core/pack"
	"shanzhi/core/store"
)

// A rotation (轮值) shares out what nobody owns: cables without an owner go to the
// operators in turn, each as often as its share of the market says. A duty rule
// whose lead is "rotation:CODE" asks it.
type rotation struct {
	code, name string
	units      []string
	shares     []float64 // of 1, in the order of units
}

// rotationLead begins the lead of a rule that goes by turns.
const rotationLead = "rotation:"

// Share is one unit's part in a rotation.
type Share struct {
	Unit  string  `json:"unit"`
	Share float64 `json:"share" doc:"Of 1"`
	Turns int64   `json:"turns" doc:"How often it had its turn"`
	Next  bool    `json:"next" doc:"Whose turn it is"`
}

// readRotations reads the pack's rotations, where it has any.
func readRotations(files fs.FS) (map[string]*rotation, error) {
	const name = "appeals/rotations.csv"
	if _, err := fs.Stat(files, name); err != nil {
		return nil, nil
	}
	rows, err := pack.Table(files, name, "rotation", "name", "unit", "share")
	if err != nil {
		return nil, err
	}
	out := map[string]*rotation{}
	for i, r := range rows {
		var share float64
		if _, err := fmt.Sscan(r["share"], &share); err != nil || share <= 0 {
			return nil, fmt.Errorf("%s line %d: share %q is no number above nothing", name, i+2, r["share"])
		}
		t := out[r["rotation"]]
		if t == nil {
			t = &rotation{code: r["rotation"], name: r["name"]}
			out[r["rotation"]] = t
		}
		if slices.Contains(t.units, r["unit"]) {
			return nil, fmt.Errorf("%s line %d: %s stands twice in %s", name, i+2, r["unit"], t.code)
		}
		t.units, t.shares = append(t.units, r["unit"]), append(t.shares, share)
	}
	for _, t := range out {
		sum := 0.0
		for _, s := range t.shares {
			sum += s
		}
		for i := range t.shares {
			t.shares[i] /= sum
		}
	}
	return out, nil
}

// next is whose turn it is when the units had turns so far: of those that are not
// ahead, the one that would soonest fall a whole turn behind (Tijdeman 1980, the
// chairman assignment problem). Nobody is ever more than one turn away from its
// share.
func (r *rotation) next(turns []int64) int {
	total := 1.0
	for _, n := range turns {
		total += float64(n)
	}
	k := float64(len(r.units))
	if k == 1 {
		return 0
	}
	slack := 1 / (2*k - 2)
	best, soonest := 0, math.Inf(1)
	for i, share := range r.shares {
		behind := share*total - float64(turns[i])
		if behind < slack-1e-9 {
			continue
		}
		if due := (1 - slack - behind) / share; due < soonest-1e-9 {
			best, soonest = i, due
		}
	}
	return best
}

// turns is how each rotation stands.
func (s *Service) turns(ctx context.Context) (map[string][]Share, error) {
	rotations := s.district.Load().rotations
	if len(rotations) == 0 {
		return nil, nil
	}
	type row struct {
		Rotation, Unit string
		N              int64
	}
	rows, err := store.Select[row](ctx, s.Store, `SELECT rotation, unit, n FROM rotation_turn`)
	if err != nil {
		return nil, err
	}
	had := map[string]int64{}
	for _, r := range rows {
		had[r.Rotation+" "+r.Unit] = r.N
	}
	out := map[string][]Share{}
	for code, r := range rotations {
		turns := make([]int64, len(r.units))
		for i, u := range r.units {
			turns[i] = had[code+" "+u]
		}
		next := r.next(turns)
		for i, u := range r.units {
			out[code] = append(out[code], Share{Unit: u, Share: r.shares[i], Turns: turns[i], Next: i == next})
		}
	}
	return out, nil
}

// whoseTurn is the unit whose turn it is, by the lead that a rule names.
func whoseTurn(turns map[string][]Share) map[string]string {
	out := map[string]string{}
	for code, all := range turns {
		for _, s := range all {
			if s.Next {
				out[rotationLead+code] = s.Unit
			}
		}
	}
	return out
}

// tookTurn counts the turn of a unit to which an item went whose rule goes by
// turns.
func (s *Service) tookTurn(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	d := s.district.Load()
	if len(d.rotations) == 0 {
		return nil
	}
	done := map[string]bool{} // several rules of one item may name one rotation: it is one turn
	for _, rule := range d.duty.rulesOf(c.Matter.Item) {
		code, turns := strings.CutPrefix(rule.Lead, rotationLead)
		if r := d.rotations[code]; !turns || done[code] || r == nil || !slices.Contains(r.units, c.Matter.Unit) {
			continue
		}
		done[code] = true
		if _, err := tx.Exec(ctx, `INSERT INTO rotation_turn (rotation, unit, n) VALUES (?, ?, 1) ON CONFLICT (rotation, unit) DO UPDATE SET n = rotation_turn.n + 1`, code, c.Matter.Unit); err != nil {
			return err
		}
	}
	return nil
}
