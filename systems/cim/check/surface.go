package check

import (
	"fmt"
	"math"
	"slices"

	"shanzhi/systems/cim/ingest"
)

// judge judges the geometry of one object after another.
type judge struct {
	findings
	oriented bool // the format says which way rings run
	canon    map[int32]int32
	cells    map[[3]int64][]int32
	number   int
}

// snap forgets the places of the shape before.
func (j *judge) snap() {
	j.canon, j.cells = map[int32]int32{}, map[[3]int64][]int32{}
}

// name is the place that stands for all within the tolerance of it.
func (j *judge) name(i int32) int32 {
	if c, ok := j.canon[i]; ok {
		return c
	}
	v := j.m.Vertices[i]
	size := 2 * j.rules.Snap
	var key [3]int64
	var side [3]int64
	for k := range v {
		at := v[k] / size
		key[k] = int64(math.Floor(at))
		side[k] = 1
		if at-math.Floor(at) < 0.5 {
			side[k] = -1
		}
	}
	for n := range 8 {
		cell := key
		for k := range 3 {
			if n>>k&1 == 1 {
				cell[k] += side[k]
			}
		}
		for _, c := range j.cells[cell] {
			if length(sub(j.m.Vertices[c], v)) <= j.rules.Snap {
				j.canon[i] = c
				return c
			}
		}
	}
	j.cells[key] = append(j.cells[key], i)
	j.canon[i] = i
	return i
}

// surface is a face on its own plane.
type surface struct {
	names  [][]int32
	rings  [][]spot
	origin Vec
	u, v   Vec
	normal Vec
}

func (s *surface) on(p Vec) spot {
	d := sub(p, s.origin)
	return spot{dot(d, s.u), dot(d, s.v)}
}

func (s *surface) off(p spot) Vec { return add(s.origin, add(times(s.u, p[0]), times(s.v, p[1]))) }

// newell is twice a ring's area, along its normal.
func newell(m *ingest.Model, ring []int32) (sum Vec) {
	o := m.Vertices[ring[0]]
	for i, v := range ring {
		sum = add(sum, cross(sub(m.Vertices[v], o), sub(m.Vertices[ring[(i+1)%len(ring)]], o)))
	}
	return sum
}

// lay puts a face on its plane; ok is false where it has none.
func (j *judge) lay(f *ingest.Face) (s surface, ok bool) {
	for _, r := range f.Rings {
		list := make([]int32, len(r))
		for i, v := range r {
			list[i] = j.name(v)
		}
		s.names = append(s.names, list)
	}
	if len(s.names) == 0 || len(s.names[0]) < 3 {
		return s, false
	}
	n := newell(j.m, s.names[0])
	if length(n) < 1e-9 {
		return s, false
	}
	s.plane(j.m, times(n, 1/length(n)))
	return s, true
}

func (s *surface) plane(m *ingest.Model, normal Vec) {
	s.normal = normal
	s.origin = Vec{}
	for _, v := range s.names[0] {
		s.origin = add(s.origin, times(m.Vertices[v], 1/float64(len(s.names[0]))))
	}
	axis := Vec{1, 0, 0}
	if math.Abs(normal[0]) > 0.9 {
		axis = Vec{0, 1, 0}
	}
	s.u = cross(axis, normal)
	s.u = times(s.u, 1/length(s.u))
	s.v = cross(normal, s.u)
	s.rings = s.rings[:0]
	for _, r := range s.names {
		ring := make([]spot, len(r))
		for i, v := range r {
			ring[i] = s.on(m.Vertices[v])
		}
		s.rings = append(s.rings, ring)
	}
}

// face judges a surface: its rings one by one, how they lie to each other, whether it is flat.
func (j *judge) face(f *ingest.Face, part string) (s surface, ok bool) {
	if len(f.Rings) == 0 {
		j.found("101", j.number, part, nil, "面没有环", "the surface has no ring")
		return s, false
	}
	ok = true
	if f.Unclosed {
		at := j.m.Vertices[f.Rings[0][0]]
		j.found("103", j.number, part, &at, "环的终点不是起点", "a ring does not end where it began")
		ok = j.rules.severe["103"] == Off
	}
	for i, ring := range f.Rings {
		if !j.few(ring, ringPart(part, i)) {
			ok = false
		}
	}
	if !ok {
		return s, false
	}
	s, laid := j.lay(f)
	if !laid {
		at := j.m.Vertices[f.Rings[0][0]]
		j.found("104", j.number, part, &at, "环没有面积：缩成了一条线，或自身交叉", "the ring has no area: it is a line, or crosses itself")
		return s, false
	}
	for i := range s.rings {
		if !j.simple(&s, i, ringPart(part, i)) {
			ok = false
		}
	}
	if !ok {
		return s, false
	}
	if len(s.rings) > 1 && !j.holes(&s, part) {
		return s, false
	}
	return s, j.flat(&s, part)
}

func ringPart(part string, i int) string {
	if part != "" {
		part += " / "
	}
	return fmt.Sprintf("%sring %d", part, i)
}

// few judges whether a ring has enough places, each but once in a row.
func (j *judge) few(ring []int32, part string) bool {
	distinct := map[int32]bool{}
	for _, v := range ring {
		distinct[j.name(v)] = true
	}
	if len(distinct) < 3 {
		var at *Vec
		if len(ring) > 0 {
			v := j.m.Vertices[ring[0]]
			at = &v
		}
		j.found("101", j.number, part, at, "环只有 %d 个不同的点", "the ring has %d different places", len(distinct))
		return false
	}
	ok := true
	for i, v := range ring {
		if w := ring[(i+1)%len(ring)]; j.name(v) == j.name(w) {
			at := j.m.Vertices[v]
			j.found("102", j.number, part, &at, "第 %d 点与下一点重合", "place %d is the next one too", i).measured(length(sub(at, j.m.Vertices[w])))
			ok = false
		}
	}
	return ok
}

// simple judges whether a ring meets itself.
func (j *judge) simple(s *surface, which int, part string) bool {
	ring, ok := s.rings[which], true
	n := len(ring)
	if n == 3 {
		return true
	}
	seen := map[spot]bool{}
	edgePairs(n, func(i int) float64 { return min(ring[i][0], ring[(i+1)%n][0]) }, func(i int) float64 { return max(ring[i][0], ring[(i+1)%n][0]) }, func(i, k int) bool {
		how, at := sides(ring[i], ring[(i+1)%n], ring[k], ring[(k+1)%n])
		if how == apart || how == touch && ((i+1)%n == k || (k+1)%n == i) {
			return true
		}
		rounded := spot{math.Round(at[0] * 1e3), math.Round(at[1] * 1e3)}
		if seen[rounded] {
			return true
		}
		seen[rounded] = true
		v := s.off(at)
		j.found("104", j.number, part, &v, "第 %d 边与第 %d 边相交", "sides %d and %d meet", i, k)
		ok = false
		return len(seen) < 1000
	})
	return ok
}

// holes judges how the rings of a surface lie to each other.
func (j *judge) holes(s *surface, part string) bool {
	ok := true
	fail := func(code string, at spot, zh, en string, args ...any) {
		v := s.off(at)
		j.found(code, j.number, part, &v, zh, en, args...)
		ok = ok && j.rules.severe[code] == Off
	}
	for i := range s.names {
		for k := i + 1; k < len(s.names); k++ {
			if sameRing(s.names[i], s.names[k]) {
				fail("202", s.rings[k][0], "第 %d 环与第 %d 环相同", "rings %d and %d are the same", i, k)
			}
		}
	}
	if !ok {
		return false
	}
	type side struct{ ring, at int }
	var all []side
	for r := range s.rings {
		for i := range s.rings[r] {
			all = append(all, side{r, i})
		}
	}
	ends := func(e side) (spot, spot) {
		return s.rings[e.ring][e.at], s.rings[e.ring][(e.at+1)%len(s.rings[e.ring])]
	}
	touches := map[[3]int64]map[int]bool{} // a place, and the rings that meet in it
	crossed := map[[2]int]bool{}
	edgePairs(len(all), func(i int) float64 { a, b := ends(all[i]); return min(a[0], b[0]) }, func(i int) float64 { a, b := ends(all[i]); return max(a[0], b[0]) }, func(i, k int) bool {
		e, f := all[i], all[k]
		if e.ring == f.ring {
			return true
		}
		a, b := ends(e)
		c, d := ends(f)
		switch how, at := sides(a, b, c, d); how {
		case crossing, along:
			if pair := [2]int{min(e.ring, f.ring), max(e.ring, f.ring)}; !crossed[pair] {
				crossed[pair] = true
				fail("201", at, "第 %d 环与第 %d 环相交", "rings %d and %d cross", pair[0], pair[1])
			}
		case touch:
			key := [3]int64{int64(math.Round(at[0] * 1e4)), int64(math.Round(at[1] * 1e4))}
			if touches[key] == nil {
				touches[key] = map[int]bool{}
			}
			touches[key][e.ring], touches[key][f.ring] = true, true
		}
		return true
	})
	if !ok {
		return false
	}
	inside := func(r, home int) (bool, spot) {
		ring := s.rings[r]
		for i, p := range ring {
			for _, q := range []spot{p, {(p[0] + ring[(i+1)%len(ring)][0]) / 2, (p[1] + ring[(i+1)%len(ring)][1]) / 2}} {
				on := false
				for k, a := range s.rings[home] {
					if reach(q, a, s.rings[home][(k+1)%len(s.rings[home])]) <= 10*touching {
						on = true
						break
					}
				}
				if !on {
					return holds(s.rings[home], q), q
				}
			}
		}
		return true, ring[0]
	}
	for r := 1; r < len(s.rings); r++ {
		if in, at := inside(r, 0); !in {
			fail("206", at, "第 %d 环（洞）在外环之外", "hole %d lies outside", r)
		}
		for k := 1; k < len(s.rings); k++ {
			if k != r {
				if in, at := inside(r, k); in && math.Abs(signed(s.rings[r])) < math.Abs(signed(s.rings[k])) {
					fail("207", at, "第 %d 个洞在第 %d 个洞里", "hole %d lies in hole %d", r, k)
				}
			}
		}
		if j.oriented && (signed(s.rings[r]) > 0) == (signed(s.rings[0]) > 0) {
			fail("208", s.rings[r][0], "第 %d 个洞与外环方向相同", "hole %d runs the way of the outer ring", r)
		}
	}
	// Rings and the places in which they meet are a forest where the interior is of one piece.
	up := map[any]any{}
	var root func(x any) any
	root = func(x any) any {
		if p, has := up[x]; has && p != x {
			up[x] = root(p)
			return up[x]
		}
		return x
	}
	for at, rings := range touches {
		for r := range rings {
			a, b := root(at), root(r)
			if a == b {
				fail("205", spot{float64(at[0]) / 1e4, float64(at[1]) / 1e4}, "环相接，把内部断成了几块", "the rings meet so that the interior is in pieces")
				return false
			}
			up[a] = b
		}
	}
	return ok
}

func sameRing(a, b []int32) bool {
	if len(a) != len(b) {
		return false
	}
	x, y := slices.Clone(a), slices.Clone(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// flat judges whether a surface is a plane: by how far places are off it, then by how its parts lean.
func (j *judge) flat(s *surface, part string) bool {
	off := func() (worst float64, at int32) {
		for _, r := range s.names {
			for _, v := range r {
				if d := math.Abs(dot(sub(j.m.Vertices[v], s.origin), s.normal)); d > worst {
					worst, at = d, v
				}
			}
		}
		return worst, at
	}
	worst, at := off()
	if len(s.names) == 1 && len(s.names[0]) == 3 || worst < 1e-4 {
		return true
	}
	if worst > j.rules.Plane {
		// The best plane may be nearer than that of the ring's area.
		before := *s
		if n, ok := bestPlane(j.m, s.names); ok {
			if dot(n, s.normal) < 0 {
				n = times(n, -1)
			}
			s.rings = nil
			s.plane(j.m, n)
			if w, a := off(); w < worst {
				worst, at = w, a
			} else {
				*s = before
			}
		}
	}
	if worst > j.rules.Plane {
		v := j.m.Vertices[at]
		j.found("203", j.number, part, &v, "有点离面 %.3f 米，容差 %.3f 米", "a place is %.3f m off the plane, more than %.3f m", worst, j.rules.Plane).measured(worst)
		return j.rules.severe["203"] == Off
	}
	if worst < j.rules.Snap {
		return true
	}
	ring, names := bridged(s.rings, s.names)
	for _, t := range ears(ring) {
		a, b, c := j.m.Vertices[names[t[0]]], j.m.Vertices[names[t[1]]], j.m.Vertices[names[t[2]]]
		n := cross(sub(b, a), sub(c, a))
		twice := length(n)
		longest := max(length(sub(b, a)), length(sub(c, b)), length(sub(a, c)))
		if longest == 0 || twice/longest < 2*j.rules.Snap { // a sliver leans any way
			continue
		}
		if lean := math.Acos(min(1, math.Abs(dot(n, s.normal)/twice))) * 180 / math.Pi; lean > j.rules.Normals {
			j.found("204", j.number, part, &a, "面的一部分偏了 %.1f°，容差 %.1f°", "a part leans by %.1f°, more than %.1f°", lean, j.rules.Normals).measured(lean)
			return j.rules.severe["204"] == Off
		}
	}
	return true
}

// bestPlane is the normal of the plane that is nearest to all places (least squares): the eigenvector of
// the smallest eigenvalue of their covariance, by Jacobi's rotations.
func bestPlane(m *ingest.Model, names [][]int32) (Vec, bool) {
	var mid Vec
	n := 0
	for _, r := range names {
		for _, v := range r {
			mid = add(mid, m.Vertices[v])
			n++
		}
	}
	mid = times(mid, 1/float64(n))
	var a [3][3]float64
	for _, r := range names {
		for _, v := range r {
			d := sub(m.Vertices[v], mid)
			for i := range 3 {
				for k := range 3 {
					a[i][k] += d[i] * d[k]
				}
			}
		}
	}
	e := [3][3]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}
	for range 50 {
		p, q := 0, 1
		for i := range 3 {
			for k := i + 1; k < 3; k++ {
				if math.Abs(a[i][k]) > math.Abs(a[p][q]) {
					p, q = i, k
				}
			}
		}
		if math.Abs(a[p][q]) < 1e-18 {
			break
		}
		theta := 0.5 * math.Atan2(2*a[p][q], a[q][q]-a[p][p])
		s, c := math.Sincos(theta)
		for k := range 3 {
			a[p][k], a[q][k] = c*a[p][k]-s*a[q][k], s*a[p][k]+c*a[q][k]
		}
		for k := range 3 {
			a[k][p], a[k][q] = c*a[k][p]-s*a[k][q], s*a[k][p]+c*a[k][q]
			e[k][p], e[k][q] = c*e[k][p]-s*e[k][q], s*e[k][p]+c*e[k][q]
		}
	}
	small := 0
	for i := range 3 {
		if a[i][i] < a[small][small] {
			small = i
		}
	}
	out := Vec{e[0][small], e[1][small], e[2][small]}
	if l := length(out); l > 0.5 {
		return times(out, 1/l), true
	}
	return out, false
}
