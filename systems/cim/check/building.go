package check

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/rtree"

	"shanzhi/systems/cim/ingest"
)

// isBuilding reports whether an object is a building or a part of one.
func isBuilding(o *ingest.Object) bool { return BuildingKind(o.Kind) }

// BuildingKind reports whether a kind of objects is that of buildings or of their parts.
func BuildingKind(kind string) bool {
	k := strings.ToLower(kind)
	return strings.HasPrefix(k, "building") || k == "house" || strings.Contains(k, "建筑") || strings.Contains(k, "楼") || strings.Contains(k, "房屋") || k == "jzw"
}

// Extent is how far an object reaches, on the model's plane.
func Extent(m *ingest.Model, o *ingest.Object) (low, high Vec, ok bool) {
	low, high = Vec{math.Inf(1), math.Inf(1), math.Inf(1)}, Vec{math.Inf(-1), math.Inf(-1), math.Inf(-1)}
	each := func(list []int32) {
		for _, v := range list {
			ok = true
			for c := range 3 {
				low[c], high[c] = min(low[c], m.Vertices[v][c]), max(high[c], m.Vertices[v][c])
			}
		}
	}
	for i := range o.Shapes {
		s := &o.Shapes[i]
		each(s.Points)
		for _, l := range s.Lines {
			each(l)
		}
		for _, shell := range s.Shells {
			for _, f := range shell {
				for _, r := range f.Rings {
					each(r)
				}
			}
		}
	}
	return low, high, ok
}

// Footprint is where an object stands on the ground, rings by the even-odd rule, on the model's plane: its ground
// surfaces where it says which they are, else its lowest flat surfaces, else, of a file without heights, all of them.
func Footprint(m *ingest.Model, o *ingest.Object) [][]Vec {
	best := -1
	for i := range o.Shapes {
		if len(o.Shapes[i].Shells) > 0 && o.Shapes[i].Faces() > 0 && (best < 0 || o.Shapes[i].LoD > o.Shapes[best].LoD) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	var ground, flat []*ingest.Face
	lowest := math.Inf(1)
	for i := range o.Shapes[best].Shells[0] {
		f := &o.Shapes[best].Shells[0][i]
		if len(f.Rings) == 0 || len(f.Rings[0]) < 3 {
			continue
		}
		if f.Semantic == "GroundSurface" {
			ground = append(ground, f)
		}
		n := newell(m, f.Rings[0])
		if l := length(n); l > 1e-9 && math.Abs(n[2])/l > 0.9 {
			flat = append(flat, f)
			lowest = min(lowest, m.Vertices[f.Rings[0][0]][2])
		}
	}
	if len(ground) == 0 {
		for _, f := range flat {
			if !m.Tall || m.Vertices[f.Rings[0][0]][2] < lowest+0.5 {
				ground = append(ground, f)
			}
		}
	}
	var out [][]Vec
	for _, f := range ground {
		for _, r := range f.Rings {
			ring := make([]Vec, len(r))
			for k, v := range r {
				ring[k] = m.Vertices[v]
			}
			out = append(out, ring)
		}
	}
	return out
}

// stand is a thing that takes up ground.
type stand struct {
	object    int
	rings     [][]spot
	area      float64
	low, high Vec
}

// buildings judges what buildings have in common: twice the same, one in the other's ground.
func (j *judge) buildings() {
	m := j.m
	by := map[string]int{}
	for i := range m.Objects {
		by[m.Objects[i].ID] = i
	}
	root := func(i int) int {
		for range 8 {
			if p := m.Objects[i].Parents; len(p) > 0 {
				if k, ok := by[p[0]]; ok {
					i = k
					continue
				}
			}
			break
		}
		return i
	}
	var all []stand
	plain := true // of a file of outlines what has a code or storeys is a building
	for i := range m.Objects {
		if isBuilding(&m.Objects[i]) {
			plain = false
			break
		}
	}
	for i := range m.Objects {
		o := &m.Objects[i]
		if !isBuilding(o) && !(plain && (o.Text(j.rules.fields["code"]...) != "" || o.Text(j.rules.fields["floors"]...) != "") && (m.Format == ingest.GeoJSON || m.Format == ingest.Shapefile || m.Format == ingest.GeoPackage)) {
			continue
		}
		s := stand{object: i}
		for _, r := range Footprint(m, o) {
			ring := make([]spot, len(r))
			for k, v := range r {
				ring[k] = spot{v[0], v[1]}
			}
			s.rings = append(s.rings, ring)
		}
		var ok bool
		if s.low, s.high, ok = Extent(m, o); !ok || len(s.rings) == 0 {
			continue
		}
		for _, r := range s.rings {
			s.area += math.Abs(signed(r))
		}
		all = append(all, s)
	}
	var tree rtree.RTreeG[int]
	for i := range all {
		s := &all[i]
		tree.Search([2]float64{s.low[0], s.low[1]}, [2]float64{s.high[0], s.high[1]}, func(_, _ [2]float64, k int) bool {
			o := &all[k]
			a := &m.Objects[o.object]
			if m.Tall && (min(s.high[2], o.high[2])-max(s.low[2], o.low[2]) < 0.5) {
				return true
			}
			if same := sameStand(s, o); same && (len(a.Parents) == 0 || root(o.object) != root(s.object) || sameHeights(s, o)) {
				at := Vec{s.rings[0][0][0], s.rings[0][0][1], s.low[2]}
				j.found("D01", s.object, "", &at, "与 %s 完全重合", "is %s over again", a.ID).with(a.ID)
				return true
			} else if same || root(o.object) == root(s.object) {
				return true
			}
			if area := common(s.rings, o.rings); area > j.rules.low["D02"] && area > j.rules.high["D02"]*min(s.area, o.area) {
				at := sharedPlace(s, o)
				j.found("D02", s.object, "", &at, "与 %s 的占地重叠 %.1f 平方米", "stands on %s by %.1f m²", a.ID, area).with(a.ID).measured(area)
			}
			return true
		})
		tree.Insert([2]float64{s.low[0], s.low[1]}, [2]float64{s.high[0], s.high[1]}, i)
	}
}

func sharedPlace(a, b *stand) Vec {
	return Vec{(max(a.low[0], b.low[0]) + min(a.high[0], b.high[0])) / 2, (max(a.low[1], b.low[1]) + min(a.high[1], b.high[1])) / 2, max(a.low[2], b.low[2])}
}

func sameHeights(a, b *stand) bool {
	return math.Abs(a.low[2]-b.low[2]) < 0.01 && math.Abs(a.high[2]-b.high[2]) < 0.01
}

// sameStand reports whether two outlines have the same places, whatever the order.
func sameStand(a, b *stand) bool {
	if math.Abs(a.area-b.area) > 0.01+1e-6*a.area || math.Abs(a.low[0]-b.low[0]) > 0.01 || math.Abs(a.high[1]-b.high[1]) > 0.01 {
		return false
	}
	flat := func(s *stand) (out [][2]int64) {
		for _, r := range s.rings {
			for _, p := range r {
				out = append(out, [2]int64{int64(math.Round(p[0] * 100)), int64(math.Round(p[1] * 100))})
			}
		}
		slices.SortFunc(out, func(x, y [2]int64) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
		return slices.Compact(out)
	}
	x, y := flat(a), flat(b)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if d := x[i][0] - y[i][0]; d > 1 || d < -1 {
			return false
		}
		if d := x[i][1] - y[i][1]; d > 1 || d < -1 {
			return false
		}
	}
	return true
}

var lodForm = regexp.MustCompile(`^[0-4](\.[0-3])?$`)

// plausible judges levels of detail, heights and storeys of an object.
func (j *judge) plausible(o *ingest.Object) {
	m := j.m
	city := m.Format == ingest.CityJSON || m.Format == ingest.CityJSONL
	for i := range o.Shapes {
		s := &o.Shapes[i]
		if city && !lodForm.MatchString(s.LoD) {
			j.found("L01", j.number, fmt.Sprintf("geometry %d", i), nil, "细节层次是 %q，应为 0–4 或 0.0–3.3", "the level of detail is %q, not 0 to 4 or 0.0 to 3.3", s.LoD)
		}
		if city && isBuilding(o) && (s.LoD == "1" || strings.HasPrefix(s.LoD, "1.")) && s.Kind == ingest.Solid {
			j.block(s, fmt.Sprintf("geometry %d", i))
		}
	}
	if !isBuilding(o) || !m.Tall {
		return
	}
	low, high, ok := Extent(m, o)
	if !ok {
		return
	}
	tall := high[2] - low[2]
	at := Vec{(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, high[2]}
	solid := false
	for i := range o.Shapes {
		solid = solid || len(o.Shapes[i].Shells) > 0 && o.Shapes[i].Faces() > 1
	}
	if solid && (tall < j.rules.low["H01"] || tall > j.rules.high["H01"]) && o.Kind != "BuildingPart" {
		j.found("H01", j.number, "", &at, "高 %.1f 米，应在 %g 至 %g 米之间", "is %.1f m high, not %g to %g m", tall, j.rules.low["H01"], j.rules.high["H01"]).measured(tall)
	}
	stated, has := o.Number(j.rules.fields["height"]...)
	if has && solid && math.Abs(stated-tall) > j.rules.low["H03"] && math.Abs(stated-tall) > j.rules.high["H03"]*tall {
		j.found("H03", j.number, "", &at, "登记高 %.1f 米，模型高 %.1f 米", "is said to be %.1f m high, the model is %.1f m", stated, tall).measured(stated - tall)
	}
	if !solid && has {
		tall, solid = stated, true
	}
	if n, ok := o.Number(j.rules.fields["floors"]...); ok && solid && n >= 1 {
		if per := tall / n; per < j.rules.low["H02"] || per > j.rules.high["H02"] {
			j.found("H02", j.number, "", &at, "%.1f 米 %.0f 层，每层 %.2f 米，应在 %g 至 %g 米之间", "%.1f m of %.0f storeys are %.2f m each, not %g to %g m", tall, n, per, j.rules.low["H02"], j.rules.high["H02"]).measured(per)
		}
	}
}

// block judges whether a solid of the first level is a block: all its surfaces level or upright.
func (j *judge) block(s *ingest.Shape, part string) {
	for k := range s.Shells[0] {
		f := &s.Shells[0][k]
		if len(f.Rings) == 0 || len(f.Rings[0]) < 3 {
			continue
		}
		n := newell(j.m, f.Rings[0])
		l := length(n)
		if l < 1e-6 {
			continue
		}
		if lean := math.Abs(n[2]) / l; lean > 0.05 && lean < 0.995 {
			at := j.m.Vertices[f.Rings[0][0]]
			j.found("L02", j.number, fmt.Sprintf("%s / face %d", part, k), &at, "一级模型的面是斜的", "a surface of a block leans")
			return
		}
	}
}
