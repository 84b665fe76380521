package check

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"shanzhi/core/parallel"
	"shanzhi/systems/cim/ingest"
)

// Asked is what is judged, and by what.
type Asked struct {
	Rules   *Rules
	Outline orb.MultiPolygon // of the district, WGS-84; none asks nothing
	Known   Known
	// Progress is told of objects that were judged.
	Progress func(done, all int)
}

// Run judges a model. It lays the model on a plane of metres first, in place.
func Run(ctx context.Context, m *ingest.Model, a Asked) (*CityReport, error) {
	if s := a.Rules.Separation(); s != nil {
		m.Heights.SetSeparation(*s)
	}
	r := &CityReport{File: m.Name, Format: m.Format, Version: m.Version, Declared: m.Declared, System: m.Frame.Name, Heights: m.Heights, Tolerance: a.Rules.CityTolerance, Read: m.Counts(), Kinds: m.Kinds(), Left: m.Left, Engine: Engine}
	laid := m.Settle()
	settled := laid == nil
	main := &judge{findings: findings{m: m, rules: a.Rules}}
	main.location(a.Outline, a.Known, r, laid)
	by := map[string]int{}
	if len(m.Faults) > 0 {
		for i := range m.Objects {
			by[m.Objects[i].ID] = i
		}
	}
	for _, f := range m.Faults {
		number, ok := by[f.Object]
		if !ok || f.Object == "" {
			number = -1
		}
		severe := Error
		if f.Code == ingest.FaultText || f.Code == ingest.FaultMissing || f.Code == ingest.FaultNumber {
			severe = Warning
		}
		main.list = append(main.list, Breach{Code: f.Code, Severity: severe, Object: f.Object, Where: f.Where, Zh: f.Zh, En: f.En, Number: number})
	}
	if settled {
		if err := geometry(ctx, m, a, main); err != nil {
			return nil, err
		}
		main.per = nil
		if a.Rules.severe["D01"] != Off || a.Rules.severe["D02"] != Off {
			main.buildings()
		}
		main.codes(a.Known)
		main.nets()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.finish(m, main.list)
	if settled && m.Frame.Known() {
		r.bounds(m)
	}
	return r, nil
}

// geometry judges the shapes of all objects, on all cores.
func geometry(ctx context.Context, m *ingest.Model, a Asked, main *judge) error {
	const piece = 64
	pieces := (len(m.Objects) + piece - 1) / piece
	found := make([][]Breach, pieces)
	solids := make([][]built, pieces)
	oriented := m.Format == ingest.CityJSON || m.Format == ingest.CityJSONL
	var done progress
	parallel.Each(pieces, 1, func(p int) {
		if ctx.Err() != nil {
			return
		}
		j := &judge{findings: findings{m: m, rules: a.Rules}, oriented: oriented}
		for i := p * piece; i < min((p+1)*piece, len(m.Objects)); i++ {
			solids[p] = append(solids[p], j.object(i)...)
		}
		found[p] = j.list
		done.add(piece, len(m.Objects), a.Progress)
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, list := range found {
		main.list = append(main.list, list...)
	}
	children := map[string]bool{}
	for i := range m.Objects {
		for _, p := range m.Objects[i].Parents {
			children[p] = true
		}
	}
	for i := range m.Objects {
		if o := &m.Objects[i]; len(o.Shapes) == 0 && !children[o.ID] && (oriented || m.Format == ingest.GeoJSON || m.Format == ingest.Shapefile || m.Format == ingest.GeoPackage) {
			main.found("609", i, "", nil, "没有几何，也没有下级要素", "has no geometry and no parts")
		}
	}
	main.together(solids)
	return nil
}

// object judges the shapes of one object, and what solids of it have in common.
func (j *judge) object(i int) (out []built) {
	o := &j.m.Objects[i]
	j.number = i
	j.begin()
	for k := range o.Shapes {
		s := &o.Shapes[k]
		part := ""
		if len(o.Shapes) > 1 || s.Kind == ingest.Solid {
			part = fmt.Sprintf("geometry %d", k)
		}
		if outer := j.shape(s, part); outer != nil {
			out = append(out, built{i, k, s.LoD, outer})
		}
	}
	for x := range out {
		for y := range x {
			a, b := &o.Shapes[out[x].shape], &o.Shapes[out[y].shape]
			if a.Group == 0 || a.Group != b.Group {
				continue
			}
			if sameVolume(out[x].outer, out[y].outer) {
				at := out[x].outer.tris[0].p[0]
				j.found("502", i, fmt.Sprintf("geometry %d", out[x].shape), &at, "与第 %d 个实体相同", "is solid %d over again", out[y].shape)
			} else if at, bad := invade(out[x].outer, out[y].outer); bad {
				j.found("501", i, fmt.Sprintf("geometry %d", out[x].shape), &at, "侵入第 %d 个实体", "reaches into solid %d", out[y].shape)
			}
		}
	}
	j.plausible(o)
	return out
}

// sameVolume reports whether two shells have the same places.
func sameVolume(a, b *shell) bool {
	return len(a.tris) == len(b.tris) && length(sub(a.low, b.low)) < 1e-3 && length(sub(a.high, b.high)) < 1e-3 && math.Abs(a.volume()-b.volume()) < 1e-6*math.Abs(a.volume())
}

// together judges the parts of one building against each other (601).
func (j *judge) together(pieces [][]built) {
	if !j.asks("601") {
		return
	}
	by := map[string][]built{}
	var order []string
	for _, p := range pieces {
		for _, b := range p {
			o := &j.m.Objects[b.object]
			if o.Kind != "BuildingPart" || len(o.Parents) == 0 {
				continue
			}
			key := o.Parents[0] + "\x00" + b.lod
			if by[key] == nil {
				order = append(order, key)
			}
			by[key] = append(by[key], b)
		}
	}
	for _, key := range order {
		all := by[key]
		for x := range all {
			for y := range x {
				if all[x].object == all[y].object {
					continue
				}
				if at, bad := invade(all[x].outer, all[y].outer); bad {
					other := j.m.Objects[all[y].object].ID
					j.found("601", all[x].object, "", &at, "侵入同一建筑的 %s", "reaches into %s of the same building", other).with(other)
				}
			}
		}
	}
}

// finish sorts what was found, gives it its places, and counts it.
func (r *CityReport) finish(m *ingest.Model, list []Breach) {
	rank := map[string]int{}
	for i, k := range catalogue {
		rank[k.code] = i + 1
	}
	slices.SortStableFunc(list, func(a, b Breach) int {
		return cmp.Or(cmp.Compare(severityRank(a.Severity), severityRank(b.Severity)), cmp.Compare(rank[a.Code], rank[b.Code]), cmp.Compare(a.Code, b.Code))
	})
	counts := map[string]int{}
	for i := range list {
		f := &list[i]
		n := 1 + f.More
		key := f.Code + string(f.Severity)
		k, ok := counts[key]
		if !ok {
			zh, en := Title(f.Code)
			k = len(r.Codes)
			counts[key] = k
			r.Codes = append(r.Codes, CodeCount{f.Code, f.Severity, zh, en, 0})
		}
		r.Codes[k].N += n
		switch f.Severity {
		case Error:
			r.Errors += n
		case Warning:
			r.Warnings += n
		default:
			r.Notices += n
		}
		if f.Flat != nil {
			if at, ok := m.Degrees(*f.Flat); ok {
				for c := range 2 {
					at[c] = math.Round(at[c]*1e8) / 1e8
				}
				at[2] = math.Round(at[2]*1e4) / 1e4
				f.At = &at
			}
			w := m.AsWritten(*f.Flat)
			digits := 1e4
			if m.Frame.Degrees != 0 {
				digits = 1e8
			}
			for c := range w {
				w[c] = math.Round(w[c]*digits) / digits
			}
			f.Written = &w
		}
	}
	if len(list) > mostAll {
		list = list[:mostAll]
	}
	r.Findings = list
	if list == nil {
		r.Findings = []Breach{}
	}
	if r.Codes == nil {
		r.Codes = []CodeCount{}
	}
}

func severityRank(s Severity) int {
	switch s {
	case Error:
		return 0
	case Warning:
		return 1
	}
	return 2
}

func (r *CityReport) bounds(m *ingest.Model) {
	b := [4]float64{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, v := range sample(m) {
		lon, lat, _ := m.Frame.ToWGS84(v[0], v[1], v[2])
		b = [4]float64{min(b[0], lon), min(b[1], lat), max(b[2], lon), max(b[3], lat)}
	}
	if b[0] <= b[2] {
		r.Bounds = &b
	}
}
