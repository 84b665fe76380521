package appeals

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"shanzhi/core/store"
	"shanzhi/core/text"
)

// unitAlias is what somebody here decided about a unit as a source spells it.
type unitAlias struct {
	Source    string     `bun:"source" json:"source"`
	Name      string     `bun:"name" json:"name"`
	Canonical string     `bun:"canonical" json:"canonical"`
	Unit      string     `bun:"unit" json:"unit,omitempty"`
	Accepted  bool       `bun:"accepted" json:"accepted"`
	DecidedBy store.ID   `bun:"decided_by" json:"-"`
	DecidedAt store.Time `bun:"decided_at" json:"decided_at,omitzero"`
}

func (s *Service) unitAliases(ctx context.Context, source string) ([]unitAlias, error) {
	return store.Select[unitAlias](ctx, s.Store, `SELECT source, name, canonical, unit, accepted, decided_by, decided_at FROM asserted_unit_alias WHERE source = ? ORDER BY name`, source)
}

// AssertedUnit is a unit as a source spells it.
type AssertedUnit struct {
	Name  string  `bun:"name" json:"name"`
	Count int64   `bun:"n" json:"count" doc:"Appeals that it is said to have handled"`
	Score float64 `bun:"-" json:"score,omitempty" doc:"How sure that it is the same as the group's first, from 0 to 1"`
	Why   string  `bun:"-" json:"why,omitempty" enum:"same,owner,abbreviation,alike" doc:"same: but for signs and prefixes; owner: its street is named or not; abbreviation; alike: most characters"`
	Said  string  `bun:"-" json:"decided,omitempty" enum:"accepted,rejected" doc:"What was decided before"`
}

// UnitProposal is a group of spellings that are proposed to be one unit.
type UnitProposal struct {
	Source string         `json:"source"`
	Names  []AssertedUnit `json:"names" doc:"The most frequent first: the others are proposed to be counted under it"`
	Unit   string         `json:"unit,omitempty" doc:"The unit of this district that it seems to be; never for another district's source"`
	Name   string         `json:"unit_name,omitempty"`
}

// unitName is the name of a unit taken apart.
type unitName struct {
	core  string // without whose it is: 综合执法队
	owner string // the street that it belongs to, 坪山
}

var (
	unitOffice = regexp.MustCompile(`^(\p{Han}{2,3})(?:街道办事处|街道办|街道|办事处)(.{2,})$`)
	unitParens = regexp.MustCompile(`^(.{2,})\((.+)\)$`)
	unitOwner  = regexp.MustCompile(`^(\p{Han}{2,3}?)(?:街道办事处|街道办|街道|办事处|辖区|镇政府|镇|办)$`)
	unitRegion = regexp.MustCompile(`^(?:\p{Han}{2,3}市)?(\p{Han}{2,3})[区县](.{3,})$`)
)

// unitForm makes equal spellings that differ in width, blanks and signs alone.
func unitForm(name string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '"' || r == '“' || r == '”' {
			return -1
		}
		return r
	}, text.Normalize(name))
}

// takeApart finds whose a unit is. regions are the districts that stand before
// names of this source; owners are the streets that it is known to have.
func takeApart(name string, regions, owners map[string]bool) unitName {
	u := unitName{core: unitForm(name)}
	if m := unitParens.FindStringSubmatch(u.core); m != nil {
		u.core = m[1] // what else stands in brackets is another name of it
		if o := unitOwner.FindStringSubmatch(m[2]); o != nil {
			u.owner = o[1]
		} else if owners[m[2]] {
			u.owner = m[2]
		}
	}
	if m := unitOffice.FindStringSubmatch(u.core); m != nil && (u.owner == "" || u.owner == m[1]) {
		u.owner, u.core = m[1], m[2]
	}
	if m := unitRegion.FindStringSubmatch(u.core); m != nil && regions[m[1]] {
		u.core = m[2]
	}
	for r := range regions {
		if rest, ok := strings.CutPrefix(u.core, r); ok && utf8.RuneCountInString(rest) >= 3 {
			u.core = rest
			break
		}
	}
	u.core = strings.TrimSuffix(u.core, "公室") // 办公室 is 办 when it is short
	return u
}

// alike says how likely two names are one unit. alone says that the core of the
// two stands with one owner only, so that a name without an owner can only be that.
func (u unitName) alike(v unitName, alone bool) (score float64, why string) {
	if u.owner != "" && v.owner != "" && u.owner != v.owner {
		return 0, ""
	}
	same := u.owner == v.owner
	switch {
	case u.core == v.core && same:
		return 1, "same"
	case u.core == v.core && alone:
		return 0.9, "owner"
	case u.core == v.core || !same:
		return 0, ""
	}
	a, b := []rune(u.core), []rune(v.core)
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) >= 3 && len(b)-len(a) >= 1 && a[0] == b[0] && a[len(a)-1] == b[len(b)-1] && subsequence(a, b) {
		return 0.8, "abbreviation"
	}
	if len(a) >= 5 && !numbered(a, b) {
		if d := dice(a, b); d >= 0.75 {
			return 0.9 * d, "alike"
		}
	}
	return 0, ""
}

func subsequence(a, b []rune) bool {
	i := 0
	for _, r := range b {
		if i < len(a) && a[i] == r {
			i++
		}
	}
	return i == len(a)
}

// numbered says that two names differ in a number: 第一 and 第二 are two.
func numbered(a, b []rune) bool {
	digits := func(s []rune) string {
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune("0123456789一二三四五六七八九十", r) {
				return r
			}
			return -1
		}, string(s))
	}
	return digits(a) != digits(b)
}

// dice is how many pairs of neighbouring characters two names share (Sørensen–Dice).
func dice(a, b []rune) float64 {
	pairs := map[[2]rune]int{}
	for i := 1; i < len(a); i++ {
		pairs[[2]rune{a[i-1], a[i]}]++
	}
	shared := 0
	for i := 1; i < len(b); i++ {
		if k := [2]rune{b[i-1], b[i]}; pairs[k] > 0 {
			pairs[k]--
			shared++
		}
	}
	return 2 * float64(shared) / float64(len(a)+len(b)-2)
}

// proposeAt is from which score on names are proposed to be one.
const proposeAt = 0.7

// groupUnits groups the spellings of a source. The most frequent spelling heads
// a group, and a name joins the head that it is most like.
func groupUnits(names []AssertedUnit) [][]AssertedUnit {
	slices.SortStableFunc(names, func(a, b AssertedUnit) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Name, b.Name))
	})
	regions, owners := map[string]bool{}, map[string]bool{}
	for _, n := range names {
		f := unitForm(n.Name)
		if m := unitRegion.FindStringSubmatch(f); m != nil {
			regions[m[1]] = true
		}
		if m := unitParens.FindStringSubmatch(f); m != nil {
			if o := unitOwner.FindStringSubmatch(m[2]); o != nil {
				owners[o[1]] = true
			}
		}
		if m := unitOffice.FindStringSubmatch(f); m != nil {
			owners[m[1]] = true
		}
	}
	apart := make([]unitName, len(names))
	with := map[string]map[string]bool{} // core → owners that it stands with
	for i, n := range names {
		apart[i] = takeApart(n.Name, regions, owners)
		if with[apart[i].core] == nil {
			with[apart[i].core] = map[string]bool{}
		}
		if apart[i].owner != "" {
			with[apart[i].core][apart[i].owner] = true
		}
	}
	var heads []int
	groups := map[int][]AssertedUnit{}
	byFirst := map[rune][]int{} // heads by the first character, which two spellings share
	for i, n := range names {
		first, _ := utf8.DecodeRuneInString(apart[i].core)
		best, score, why := -1, 0.0, ""
		for _, h := range byFirst[first] {
			if s, w := apart[i].alike(apart[h], len(with[apart[i].core]) == 1); s > score {
				best, score, why = h, s, w
			}
		}
		if score >= proposeAt {
			n.Score, n.Why = score, why
			groups[best] = append(groups[best], n)
			continue
		}
		heads = append(heads, i)
		byFirst[first] = append(byFirst[first], i)
		groups[i] = []AssertedUnit{n}
	}
	out := make([][]AssertedUnit, len(heads))
	for i, h := range heads {
		out[i] = groups[h]
	}
	return out
}

// UnitProposals groups the unit names of the sources, "" for all, by how alike
// they are: among themselves, and to the organisation of this district where
// the appeals are its own. Groups of one that is no unit of ours are left out.
func (s *Service) UnitProposals(ctx context.Context, source string) ([]UnitProposal, error) {
	type origin struct {
		Source string
		Ours   int64
	}
	sources, err := store.Select[origin](ctx, s.Store, `SELECT source, ours FROM import_source WHERE source = ? OR ? = '' ORDER BY source`, source, source)
	if err != nil {
		return nil, err
	}
	out := []UnitProposal{}
	for _, from := range sources {
		names, err := store.Select[AssertedUnit](ctx, s.Store, `SELECT asserted_unit AS name, count(*) AS n FROM appeal WHERE source = ? AND asserted_unit <> '' GROUP BY asserted_unit`, from.Source)
		if err != nil {
			return nil, err
		}
		decided, err := s.unitAliases(ctx, from.Source)
		if err != nil {
			return nil, err
		}
		said := map[string]string{}
		for _, a := range decided {
			said[a.Name] = map[bool]string{true: "accepted", false: "rejected"}[a.Accepted]
		}
		for _, group := range groupUnits(names) {
			p := UnitProposal{Source: from.Source, Names: group}
			for i := range group {
				group[i].Said = said[group[i].Name]
			}
			if from.Ours > 0 {
				p.Unit, p.Name = s.ourUnit(group[0].Name)
			}
			if len(group) > 1 || p.Unit != "" {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// ourUnit is the one unit of this district that a name is most like.
func (s *Service) ourUnit(name string) (code, title string) {
	d := s.district.Load()
	regions := map[string]bool{districtKey(d.manifest.Name["zh"]): true}
	for _, p := range d.places {
		if p.Level == "district" {
			regions[districtKey(p.Name)] = true
		}
	}
	want := takeApart(name, regions, nil)
	best, rivals := 0.0, 0
	for _, u := range s.Dir.Tree().All() {
		score := 0.0
		for _, n := range u.Names() {
			s, _ := want.alike(takeApart(n, regions, nil), false)
			score = max(score, s)
		}
		switch {
		case score > best:
			best, code, title, rivals = score, u.Code, u.Name, 0
		case score == best:
			rivals++
		}
	}
	if best < proposeAt || rivals > 0 {
		return "", ""
	}
	return code, title
}

// decideUnit keeps what somebody decided: that a spelling is counted under
// another, and perhaps is a unit of ours, or that it is not.
func (s *Service) decideUnit(ctx context.Context, tx *store.Tx, a unitAlias) error {
	_, err := tx.Exec(ctx, `INSERT INTO asserted_unit_alias (source, name, canonical, unit, accepted, decided_by, decided_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (source, name) DO UPDATE SET canonical = excluded.canonical, unit = excluded.unit, accepted = excluded.accepted, decided_by = excluded.decided_by, decided_at = excluded.decided_at`,
		a.Source, a.Name, a.Canonical, a.Unit, a.Accepted, a.DecidedBy, store.At(s.Store.Now()))
	return err
}

// LateCount is what a source asserts of a unit in a month.
type LateCount struct {
	Unit  string `json:"unit" doc:"As the source spells it, or as it is counted here"`
	Month string `json:"month" doc:"2018-02, in the district's time"`
	Total int64  `json:"total" doc:"Appeals of which the source says whether they were late"`
	Late  int64  `json:"late"`
}

// AssertedLate counts, by unit and month of opening, how many appeals of a
// source it asserts to have been late. Spellings that were decided to be one
// unit count as one.
func (s *Service) AssertedLate(ctx context.Context, source string) ([]LateCount, error) {
	aliases, err := s.unitAliases(ctx, source)
	if err != nil {
		return nil, err
	}
	under := map[string]string{}
	for _, a := range aliases {
		if a.Accepted {
			under[a.Name] = a.Canonical
		}
	}
	zone := s.district.Load().zone
	counts := map[[2]string]*LateCount{}
	type row struct {
		External     string
		AssertedUnit string
		AssertedLate bool
		OpenedAt     store.Time
	}
	const page = 2000
	for after := ""; ; {
		rows, err := store.Select[row](ctx, s.Store, `SELECT a.external, a.asserted_unit, a.asserted_late, m.opened_at FROM appeal a JOIN matter m ON m.id = a.id
			WHERE a.source = ? AND a.external <> '' AND a.external > ? AND a.asserted_late IS NOT NULL ORDER BY a.external LIMIT ?`, source, after, page)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			unit := r.AssertedUnit
			for range 8 { // a decision may lead to a name that was decided later
				next, ok := under[unit]
				if !ok || next == unit {
					break
				}
				unit = next
			}
			k := [2]string{unit, r.OpenedAt.In(zone).Format("2006-01")}
			if counts[k] == nil {
				counts[k] = &LateCount{Unit: k[0], Month: k[1]}
			}
			counts[k].Total++
			if r.AssertedLate {
				counts[k].Late++
			}
		}
		if len(rows) < page {
			break
		}
		after = rows[len(rows)-1].External
	}
	out := make([]LateCount, 0, len(counts))
	for _, c := range counts {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b LateCount) int {
		return cmp.Or(strings.Compare(a.Unit, b.Unit), strings.Compare(a.Month, b.Month))
	})
	return out, nil
}
