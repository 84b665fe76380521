package check

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"shanzhi/systems/cim/ingest"
)

// pierced is by how much a side must stand out of a triangle on both sides to pierce it, in metres.
const pierced = 1e-4

// shell is surfaces that were judged, as triangles.
type shell struct {
	faces []surface
	tris  []tri
	low   Vec
	high  Vec
}

type tri struct {
	name [3]int32
	p    [3]Vec
	face int
	n    Vec // its normal, of length 1
}

func (j *judge) shell(faces []surface) *shell {
	s := &shell{faces: faces, low: Vec{math.Inf(1), math.Inf(1), math.Inf(1)}, high: Vec{math.Inf(-1), math.Inf(-1), math.Inf(-1)}}
	for i := range faces {
		f := &faces[i]
		ring, names := f.rings[0], f.names[0]
		backwards := signed(f.rings[0]) < 0
		if len(f.rings) > 1 {
			ring, names = bridged(f.rings, f.names)
		}
		for _, t := range ears(ring) {
			if backwards {
				t[1], t[2] = t[2], t[1]
			}
			x := tri{face: i}
			for k := range 3 {
				x.name[k] = names[t[k]]
				x.p[k] = j.m.Vertices[names[t[k]]]
				for c := range 3 {
					s.low[c], s.high[c] = min(s.low[c], x.p[k][c]), max(s.high[c], x.p[k][c])
				}
			}
			x.n = cross(sub(x.p[1], x.p[0]), sub(x.p[2], x.p[0]))
			if l := length(x.n); l > 1e-9 {
				x.n = times(x.n, 1/l)
				s.tris = append(s.tris, x)
			}
		}
	}
	return s
}

// volume is that within, below 0 where the surfaces look inwards.
func (s *shell) volume() (sum float64) {
	for _, t := range s.tris {
		a, b, c := sub(t.p[0], s.low), sub(t.p[1], s.low), sub(t.p[2], s.low)
		sum += dot(a, cross(b, c)) / 6
	}
	return sum
}

type edgeUse struct {
	count, forth int
	faces        [2]int32
}

// manifold judges whether surfaces close up, each edge between two of them that run against each other.
func (j *judge) manifold(faces []surface, part string, closed bool) bool {
	ok := true
	fail := func(code string, at Vec, zh, en string, args ...any) {
		j.found(code, j.number, part, &at, zh, en, args...)
		ok = ok && j.rules.severe[code] == Off
	}
	if closed && len(faces) < 4 {
		var at Vec
		if len(faces) > 0 {
			at = j.m.Vertices[faces[0].names[0][0]]
		}
		fail("301", at, "壳只有 %d 个面", "the shell has %d surfaces", len(faces))
		return false
	}
	uses := map[[2]int32]*edgeUse{}
	var order [][2]int32
	for i := range faces {
		for _, ring := range faces[i].names {
			for k, a := range ring {
				b := ring[(k+1)%len(ring)]
				key := [2]int32{min(a, b), max(a, b)}
				u := uses[key]
				if u == nil {
					u = &edgeUse{}
					uses[key] = u
					order = append(order, key)
				}
				if u.count < 2 {
					u.faces[u.count] = int32(i)
				}
				u.count++
				if a < b {
					u.forth++
				}
			}
		}
	}
	turned := map[int32]int{}
	for _, e := range order {
		u := uses[e]
		at := middle(j.m.Vertices[e[0]], j.m.Vertices[e[1]])
		switch {
		case u.count == 1:
			if closed {
				fail("302", at, "这条边只有一个面", "an edge has one surface")
			}
		case u.count > 2:
			fail("303", at, "这条边有 %d 个面", "an edge has %d surfaces", u.count)
		case u.forth != 1:
			turned[u.faces[0]]++
			turned[u.faces[1]]++
		}
	}
	if len(turned) > 0 {
		// The surfaces that disagree with the most neighbours are told.
		var all []int32
		for f := range turned {
			all = append(all, f)
		}
		slices.SortFunc(all, func(a, b int32) int { return cmp.Or(cmp.Compare(turned[b], turned[a]), cmp.Compare(a, b)) })
		told := false
		for _, f := range all {
			if turned[f] >= (edges(&faces[f])+1)/2 || !told {
				told = true
				fail("307", faces[f].origin, "第 %d 面与相邻的面方向不一致", "surface %d runs against its neighbours", f)
			}
		}
	}
	if !ok {
		return false
	}
	// Surfaces are joined by edges, and about each place they are one fan.
	up := make([]int32, len(faces))
	for i := range up {
		up[i] = int32(i)
	}
	var root func(i int32) int32
	root = func(i int32) int32 {
		for up[i] != i {
			up[i] = up[up[i]]
			i = up[i]
		}
		return i
	}
	fans := map[int32]map[int32]int32{} // of a place: its surfaces, each with the one that it is joined to
	for i := range faces {
		for _, ring := range faces[i].names {
			for _, v := range ring {
				if fans[v] == nil {
					fans[v] = map[int32]int32{}
				}
				fans[v][int32(i)] = int32(i)
			}
		}
	}
	fan := func(v, f int32) int32 {
		for fans[v][f] != f {
			f = fans[v][f]
		}
		return f
	}
	for _, e := range order {
		if u := uses[e]; u.count == 2 {
			up[root(u.faces[0])] = root(u.faces[1])
			for _, v := range e {
				fans[v][fan(v, u.faces[0])] = fan(v, u.faces[1])
			}
		}
	}
	parts := map[int32]bool{}
	for i := range faces {
		parts[root(int32(i))] = true
	}
	if len(parts) > 1 {
		fail("305", faces[0].origin, "壳由 %d 块互不相连的面组成", "the shell is in %d parts", len(parts))
		return false
	}
	if closed {
		for i := range faces {
			for _, ring := range faces[i].names {
				for _, v := range ring {
					f := fans[v]
					if f == nil {
						continue
					}
					roots := map[int32]bool{}
					for k := range f {
						roots[fan(v, k)] = true
					}
					if len(roots) > 1 {
						fail("303", j.m.Vertices[v], "几片面只在这一点相接", "surfaces meet in this place alone")
					}
					delete(fans, v)
				}
			}
		}
	}
	return ok
}

func edges(s *surface) (n int) {
	for _, r := range s.names {
		n += len(r)
	}
	return n
}

// pairs gives the triangles whose boxes meet; b may be a itself.
func pairs(a, b []tri, do func(x, y *tri) bool) {
	same := len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
	type item struct {
		low float64
		i   int
		of  bool // the second
	}
	span := func(t *tri, c int) (float64, float64) {
		return min(t.p[0][c], t.p[1][c], t.p[2][c]), max(t.p[0][c], t.p[1][c], t.p[2][c])
	}
	var all []item
	for i := range a {
		l, _ := span(&a[i], 0)
		all = append(all, item{l, i, false})
	}
	if !same {
		for i := range b {
			l, _ := span(&b[i], 0)
			all = append(all, item{l, i, true})
		}
	}
	slices.SortFunc(all, func(x, y item) int { return cmp.Compare(x.low, y.low) })
	of := func(x item) *tri {
		if x.of {
			return &b[x.i]
		}
		return &a[x.i]
	}
	var open []item
	for _, x := range all {
		t := of(x)
		kept := open[:0]
		for _, y := range open {
			if _, h := span(of(y), 0); h >= x.low {
				kept = append(kept, y)
			}
		}
		open = kept
		y0, y1 := span(t, 1)
		z0, z1 := span(t, 2)
		for _, y := range open {
			if !same && y.of == x.of {
				continue
			}
			o := of(y)
			if l, h := span(o, 1); h < y0 || l > y1 {
				continue
			}
			if l, h := span(o, 2); h < z0 || l > z1 {
				continue
			}
			if !do(t, o) {
				return
			}
		}
		open = append(open, x)
	}
}

// meets reports whether two triangles share more than their borders allow, and where.
func meets(a, b *tri) (Vec, bool) {
	var shared [3]int32
	n := 0
	for _, x := range a.name {
		for _, y := range b.name {
			if x == y && n < 3 {
				shared[n] = x
				n++
			}
		}
	}
	if n == 3 {
		return times(add(add(a.p[0], a.p[1]), a.p[2]), 1./3), true
	}
	flat := true
	for _, p := range b.p {
		if math.Abs(dot(sub(p, a.p[0]), a.n)) > 10*touching {
			flat = false
		}
	}
	if flat {
		// On one plane: they may share an edge, no area.
		u := sub(a.p[1], a.p[0])
		u = times(u, 1/length(u))
		v := cross(a.n, u)
		on := func(t *tri) []spot {
			out := make([]spot, 3)
			for k, p := range t.p {
				d := sub(p, a.p[0])
				out[k] = spot{dot(d, u), dot(d, v)}
			}
			return out
		}
		x, y := on(a), on(b)
		if area := common([][]spot{x}, [][]spot{y}); area > 1e-4 && area > 1e-3*min(math.Abs(signed(x)), math.Abs(signed(y))) {
			return times(add(add(b.p[0], b.p[1]), b.p[2]), 1./3), true
		}
		return Vec{}, false
	}
	if n == 2 {
		return Vec{}, false
	}
	through := func(t, o *tri) (Vec, bool) {
		for k := range 3 {
			p, q := t.p[k], t.p[(k+1)%3]
			if n > 0 && (t.name[k] == shared[0] || t.name[(k+1)%3] == shared[0]) {
				continue
			}
			dp, dq := dot(sub(p, o.p[0]), o.n), dot(sub(q, o.p[0]), o.n)
			if !(dp > pierced && dq < -pierced || dp < -pierced && dq > pierced) {
				continue
			}
			at := towards(p, q, dp/(dp-dq))
			in := true
			for c := range 3 {
				side := sub(o.p[(c+1)%3], o.p[c])
				if dot(cross(side, sub(at, o.p[c])), o.n)/length(side) < pierced {
					in = false
				}
			}
			if in {
				return at, true
			}
		}
		return Vec{}, false
	}
	if at, ok := through(a, b); ok {
		return at, true
	}
	return through(b, a)
}

// simpleShell judges whether a shell meets itself away from its edges.
func (j *judge) simpleShell(s *shell, part string) bool {
	ok := true
	told := map[[2]int]bool{}
	pairs(s.tris, s.tris, func(x, y *tri) bool {
		if x.face == y.face {
			return true
		}
		if at, bad := meets(x, y); bad {
			key := [2]int{min(x.face, y.face), max(x.face, y.face)}
			if !told[key] {
				told[key] = true
				j.found("306", j.number, part, &at, "第 %d 面与第 %d 面相交", "surfaces %d and %d meet", key[0], key[1])
				ok = j.rules.severe["306"] == Off
			}
		}
		return len(told) < 200
	})
	return ok
}

// inside reports whether a place is within a shell: a ray meets it an odd number of times. The ray runs askew,
// so that it does not graze what people build.
func (s *shell) inside(p Vec) bool {
	for c := range 3 {
		if p[c] < s.low[c] || p[c] > s.high[c] {
			return false
		}
	}
	way := Vec{0.3182719, 0.5710348, 0.7567912}
	n := 0
	for i := range s.tris {
		t := &s.tris[i]
		e1, e2 := sub(t.p[1], t.p[0]), sub(t.p[2], t.p[0])
		h := cross(way, e2)
		det := dot(e1, h)
		if math.Abs(det) < 1e-15 {
			continue
		}
		d := sub(p, t.p[0])
		u := dot(d, h) / det
		q := cross(d, e1)
		v := dot(way, q) / det
		if u >= 0 && v >= 0 && u+v <= 1 && dot(e2, q)/det > 0 {
			n++
		}
	}
	return n%2 == 1
}

// within is a place in the interior of a shell; ok is false where none was found.
func (s *shell) within() (Vec, bool) {
	for i := range s.tris {
		t := &s.tris[i]
		mid := times(add(add(t.p[0], t.p[1]), t.p[2]), 1./3)
		for _, by := range []float64{-0.05, -0.002, 0.05, 0.002} {
			if p := add(mid, times(t.n, by)); s.inside(p) {
				return p, true
			}
		}
		if i > 20 {
			break
		}
	}
	return Vec{}, false
}

// invade reports whether two shells share space, and where.
func invade(a, b *shell) (at Vec, bad bool) {
	for c := range 3 {
		if a.high[c] <= b.low[c]+pierced || b.high[c] <= a.low[c]+pierced {
			return at, false
		}
	}
	pairs(a.tris, b.tris, func(x, y *tri) bool {
		flat := math.Abs(dot(x.n, y.n)) > 1-1e-9
		if flat {
			return true // walls may stand against each other
		}
		at, bad = meets(x, y)
		return !bad
	})
	if bad {
		return at, true
	}
	if p, ok := a.within(); ok && b.inside(p) {
		return p, true
	}
	if p, ok := b.within(); ok && a.inside(p) {
		return p, true
	}
	return at, false
}

// built is a solid that was judged right, for what it may have in common with others.
type built struct {
	object int
	shape  int
	lod    string
	outer  *shell
}

// solid judges a solid: its shells one by one, then how they lie to each other.
func (j *judge) solid(s *ingest.Shape, shells [][]surface, part string) *shell {
	var all []*shell
	ok := true
	for i, faces := range shells {
		p := part
		if len(shells) > 1 {
			p = strings.TrimPrefix(fmt.Sprintf("%s / shell %d", p, i), " / ")
		}
		if !j.manifold(faces, p, true) {
			ok = false
			continue
		}
		sh := j.shell(faces)
		if j.asks("306") && !j.simpleShell(sh, p) {
			ok = false
			continue
		}
		if v := sh.volume(); len(sh.tris) > 0 && (v < 0) != (i > 0) {
			at := sh.tris[0].p[0]
			j.found("405", j.number, p, &at, "壳的面朝里（体积 %.3f 立方米）", "the shell's surfaces look the wrong way (volume %.3f m³)", v).measured(v)
			ok = false
		}
		all = append(all, sh)
	}
	if !ok || len(all) == 0 {
		return nil
	}
	for i := 1; i < len(all); i++ {
		for k := range i {
			switch at, bad := invade(all[i], all[k]); {
			case sameShell(all[i], all[k]):
				v := all[i].tris[0].p[0]
				j.found("402", j.number, part, &v, "第 %d 壳与第 %d 壳相同", "shells %d and %d are the same", k, i)
			case k > 0 && bad, k == 0 && crosses(all[i], all[k], &at):
				j.found("401", j.number, part, &at, "第 %d 壳与第 %d 壳相交", "shells %d and %d meet", k, i)
			}
		}
		if p := all[i].tris[0].p[0]; !all[0].inside(p) && !crosses(all[i], all[0], &p) {
			j.found("403", j.number, part, &p, "第 %d 壳不在外壳里", "shell %d is not within the outer one", i)
		}
	}
	return all[0]
}

func crosses(a, b *shell, at *Vec) (bad bool) {
	pairs(a.tris, b.tris, func(x, y *tri) bool {
		if p, meet := meets(x, y); meet {
			*at, bad = p, true
		}
		return !bad
	})
	return bad
}

func sameShell(a, b *shell) bool {
	if len(a.tris) != len(b.tris) {
		return false
	}
	names := func(s *shell) map[int32]bool {
		out := map[int32]bool{}
		for _, t := range s.tris {
			for _, n := range t.name {
				out[n] = true
			}
		}
		return out
	}
	x, y := names(a), names(b)
	if len(x) != len(y) {
		return false
	}
	for n := range x {
		if !y[n] {
			return false
		}
	}
	return true
}

// shape judges one shape of the object at hand.
func (j *judge) shape(s *ingest.Shape, part string) *shell {
	j.snap()
	switch s.Kind {
	case ingest.Lines:
		for i, l := range s.Lines {
			if len(l) < 2 || len(l) == 2 && j.name(l[0]) == j.name(l[1]) {
				var at *Vec
				if len(l) > 0 {
					v := j.m.Vertices[l[0]]
					at = &v
				}
				j.found("101", j.number, fmt.Sprintf("%s / line %d", part, i), at, "线少于两个点", "the line has fewer than two places")
			}
		}
		return nil
	case ingest.Points:
		return nil
	}
	var shells [][]surface
	whole := true
	for i, faces := range s.Shells {
		var good []surface
		for k := range faces {
			p := part
			if len(s.Shells) > 1 {
				p = strings.TrimPrefix(fmt.Sprintf("%s / shell %d", p, i), " / ")
			}
			f, ok := j.face(&faces[k], strings.TrimPrefix(fmt.Sprintf("%s / face %d", p, k), " / "))
			if ok {
				good = append(good, f)
			} else {
				whole = false
			}
		}
		shells = append(shells, good)
	}
	if !whole {
		return nil
	}
	switch s.Kind {
	case ingest.Solid:
		return j.solid(s, shells, part)
	case ingest.Composite:
		if len(shells) > 0 && len(shells[0]) > 1 && j.manifold(shells[0], part, false) && j.asks("306") {
			j.simpleShell(j.shell(shells[0]), part)
		}
	}
	return nil
}
