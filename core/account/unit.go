package account

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"shanzhi/core/store"
)

// UnitKind says what a unit is in the district.
type UnitKind string

// The kinds of unit.
const (
	District   UnitKind = "district"   // 区
	Platform   UnitKind = "platform"   // 分拨平台: dispatches, reviews, follows up
	Department UnitKind = "department" // 委办局
	Street     UnitKind = "street"     // 街道
	Community  UnitKind = "community"  // 社区
	Enterprise UnitKind = "enterprise" // 公共服务企业
)

// Unit is one organisation in the tree. Its code never changes; its other
// fields may, and then a new dated form of it begins.
type Unit struct {
	Code      string     `bun:"code" json:"code"`
	Name      string     `bun:"name" json:"name"`
	NameEN    string     `bun:"name_en" json:"name_en,omitempty"`
	Short     string     `bun:"short" json:"short,omitempty"`
	Parent    string     `bun:"parent" json:"parent,omitempty"`
	Kind      UnitKind   `bun:"kind" json:"kind"`
	Place     string     `bun:"place" json:"place,omitempty"` // street or community that it serves
	Aliases   string     `bun:"aliases" json:"-"`             // separated by ";"
	ValidFrom store.Time `bun:"valid_from" json:"-"`
	ValidTo   store.Time `bun:"valid_to" json:"-"`
}

// Names gives every way to write the unit.
func (u Unit) Names() []string {
	names := []string{u.Name}
	for _, n := range append([]string{u.Short}, strings.Split(u.Aliases, ";")...) {
		if n = strings.TrimSpace(n); n != "" && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return names
}

// Tree is the organisation as of one moment, ready for questions.
type Tree struct {
	units    map[string]Unit
	children map[string][]string
	root     string
}

// NewTree makes a tree of units.
func NewTree(units []Unit) *Tree {
	t := &Tree{units: map[string]Unit{}, children: map[string][]string{}}
	for _, u := range units {
		t.units[u.Code] = u
		t.children[u.Parent] = append(t.children[u.Parent], u.Code)
		if u.Parent == "" && t.root == "" {
			t.root = u.Code
		}
	}
	for _, c := range t.children {
		slices.Sort(c)
	}
	return t
}

// Unit finds a unit by code.
func (t *Tree) Unit(code string) (Unit, bool) {
	u, ok := t.units[code]
	return u, ok
}

// Root is the code of the district itself.
func (t *Tree) Root() string { return t.root }

// Name is a unit's name, or its code when it is not known any more.
func (t *Tree) Name(code string) string {
	if u, ok := t.units[code]; ok {
		return u.Name
	}
	return code
}

// Within says whether code is top or lies below it.
func (t *Tree) Within(code, top string) bool {
	for range 32 { // deeper than any organisation; a cycle ends too
		if code == top {
			return code != ""
		}
		u, ok := t.units[code]
		if !ok || u.Parent == "" {
			return false
		}
		code = u.Parent
	}
	return false
}

// Subtree is top and all below it, sorted.
func (t *Tree) Subtree(top string) []string {
	if _, ok := t.units[top]; !ok {
		return nil
	}
	out := []string{top}
	for i := 0; i < len(out); i++ {
		out = append(out, t.children[out[i]]...)
	}
	slices.Sort(out)
	return out
}

// All is every unit, by code.
func (t *Tree) All() []Unit {
	out := make([]Unit, 0, len(t.units))
	for _, u := range t.units {
		out = append(out, u)
	}
	slices.SortFunc(out, func(a, b Unit) int { return strings.Compare(a.Code, b.Code) })
	return out
}

// OfKind gives the codes of all units of a kind, sorted.
func (t *Tree) OfKind(kind UnitKind) []string {
	var out []string
	for code, u := range t.units {
		if u.Kind == kind {
			out = append(out, code)
		}
	}
	slices.Sort(out)
	return out
}

// Serving finds the unit of a kind that serves a place.
func (t *Tree) Serving(kind UnitKind, place string) (Unit, bool) {
	for _, u := range t.units {
		if u.Kind == kind && u.Place == place && place != "" {
			return u, true
		}
	}
	return Unit{}, false
}

// Directory holds the tree that is valid now and reloads it when it changed.
type Directory struct {
	store *store.Store
	tree  atomic.Pointer[Tree]
}

// NewDirectory makes an empty directory; Reload fills it.
func NewDirectory(s *store.Store) *Directory {
	d := &Directory{store: s}
	d.tree.Store(NewTree(nil))
	return d
}

// Tree is the organisation as of the last Reload.
func (d *Directory) Tree() *Tree { return d.tree.Load() }

// Reload reads the organisation that is valid now.
func (d *Directory) Reload(ctx context.Context) error {
	t, err := d.TreeAt(ctx, d.store.Now())
	if err == nil {
		d.tree.Store(t)
	}
	return err
}

// TreeAt is the organisation as it was at a moment.
func (d *Directory) TreeAt(ctx context.Context, at time.Time) (*Tree, error) {
	units, err := store.Select[Unit](ctx, d.store, `SELECT * FROM org_unit WHERE valid_from <= ? AND (valid_to IS NULL OR valid_to > ?) ORDER BY code`, store.At(at), store.At(at))
	if err != nil {
		return nil, err
	}
	return NewTree(units), nil
}

// PutUnit begins a new form of a unit at its ValidFrom, ending the one before.
// A unit that is as it was is left alone.
func PutUnit(ctx context.Context, tx *store.Tx, u Unit) (changed bool, err error) {
	if u.ValidFrom.IsZero() {
		u.ValidFrom = store.At(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))
	}
	now, err := store.Select[Unit](ctx, tx, `SELECT * FROM org_unit WHERE code = ? AND valid_to IS NULL ORDER BY valid_from DESC LIMIT 1`, u.Code)
	if err != nil {
		return false, err
	}
	if len(now) == 1 {
		old := now[0]
		same := u
		same.ValidFrom = old.ValidFrom
		if old == same {
			return false, nil
		}
		if !u.ValidFrom.After(old.ValidFrom.Time) { // the same form, corrected
			if _, err := tx.Exec(ctx, `DELETE FROM org_unit WHERE code = ? AND valid_from = ?`, old.Code, old.ValidFrom); err != nil {
				return false, err
			}
			u.ValidFrom = old.ValidFrom
		} else if _, err := tx.Exec(ctx, `UPDATE org_unit SET valid_to = ? WHERE code = ? AND valid_from = ?`, u.ValidFrom, old.Code, old.ValidFrom); err != nil {
			return false, err
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO org_unit (code, name, name_en, short, parent, kind, place, aliases, valid_from, valid_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		u.Code, u.Name, u.NameEN, u.Short, u.Parent, string(u.Kind), u.Place, u.Aliases, u.ValidFrom, u.ValidTo)
	return true, err
}
