package check

import (
	"cmp"
	"math"
	"slices"
)

func sub(a, b Vec) Vec           { return Vec{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }
func add(a, b Vec) Vec           { return Vec{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }
func times(a Vec, f float64) Vec { return Vec{a[0] * f, a[1] * f, a[2] * f} }
func dot(a, b Vec) float64       { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }
func length(a Vec) float64       { return math.Sqrt(dot(a, a)) }
func cross(a, b Vec) Vec {
	return Vec{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}
func middle(a, b Vec) Vec             { return times(add(a, b), 0.5) }
func towards(a, b Vec, t float64) Vec { return add(a, times(sub(b, a), t)) }

// spot is a place on a surface's own plane.
type spot [2]float64

func turn(a, b, c spot) float64 {
	return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0])
}

func span(a, b spot) float64 { return math.Hypot(b[0]-a[0], b[1]-a[1]) }

// reach is how far a place is from a side.
func reach(p, a, b spot) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	t := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		t = min(max(((p[0]-a[0])*dx+(p[1]-a[1])*dy)/l, 0), 1)
	}
	return math.Hypot(a[0]+t*dx-p[0], a[1]+t*dy-p[1])
}

// meet is how two sides meet: not, at a place on one or both, or running along each other.
type meet uint8

const (
	apart    meet = iota
	touch         // an end of one lies on the other
	crossing      // each passes through the other
	along         // they share more than a place
)

// touching is within which a place lies on a side, in metres: below what files have as digits, above what
// reckoning loses.
const touching = 1e-6

// sides says how two sides meet, and where.
func sides(a, b, c, d spot) (meet, spot) {
	if max(a[0], b[0])+touching < min(c[0], d[0]) || max(c[0], d[0])+touching < min(a[0], b[0]) || max(a[1], b[1])+touching < min(c[1], d[1]) || max(c[1], d[1])+touching < min(a[1], b[1]) {
		return apart, spot{}
	}
	lab, lcd := span(a, b), span(c, d)
	if lab == 0 || lcd == 0 {
		return apart, spot{}
	}
	// Heights of the ends over the other side's line.
	ha, hb := turn(c, d, a)/lcd, turn(c, d, b)/lcd
	hc, hd := turn(a, b, c)/lab, turn(a, b, d)/lab
	if math.Abs(ha) <= touching && math.Abs(hb) <= touching || math.Abs(hc) <= touching && math.Abs(hd) <= touching {
		// On one line: how much do they share?
		ux, uy := (b[0]-a[0])/lab, (b[1]-a[1])/lab
		s, e := (c[0]-a[0])*ux+(c[1]-a[1])*uy, (d[0]-a[0])*ux+(d[1]-a[1])*uy
		if s > e {
			s, e = e, s
		}
		low, high := max(s, 0), min(e, lab)
		switch {
		case high-low > touching:
			return along, spot{a[0] + (low+high)/2*ux, a[1] + (low+high)/2*uy}
		case high-low >= -touching:
			return touch, spot{a[0] + low*ux, a[1] + low*uy}
		}
		return apart, spot{}
	}
	for _, p := range []struct {
		h       float64
		p, x, y spot
	}{{ha, a, c, d}, {hb, b, c, d}, {hc, c, a, b}, {hd, d, a, b}} {
		if math.Abs(p.h) <= touching && reach(p.p, p.x, p.y) <= touching {
			return touch, p.p
		}
	}
	if (ha > 0) != (hb > 0) && (hc > 0) != (hd > 0) {
		t := ha / (ha - hb)
		return crossing, spot{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
	}
	return apart, spot{}
}

func signed(ring []spot) (sum float64) {
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += (p[0]-ring[0][0])*(q[1]-ring[0][1]) - (q[0]-ring[0][0])*(p[1]-ring[0][1])
	}
	return sum / 2
}

// holds reports whether a place is in a ring (even-odd).
func holds(ring []spot, p spot) bool {
	in := false
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if (a[1] <= p[1]) != (b[1] <= p[1]) && p[0] < a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
			in = !in
		}
	}
	return in
}

// edgePairs gives each pair of sides whose extents along the first axis meet.
func edgePairs(n int, low, high func(i int) float64, do func(i, j int) bool) {
	if n <= 24 {
		for i := range n {
			for j := i + 1; j < n; j++ {
				if !do(i, j) {
					return
				}
			}
		}
		return
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(low(i), low(j)) })
	var open []int
	for _, i := range order {
		from := low(i) - touching
		kept := open[:0]
		for _, j := range open {
			if high(j) >= from {
				kept = append(kept, j)
			}
		}
		open = kept
		for _, j := range open {
			if !do(min(i, j), max(i, j)) {
				return
			}
		}
		open = append(open, i)
	}
}

// common is the area that two shapes share, each rings by the even-odd rule; exact but for reckoning.
func common(a, b [][]spot) float64 {
	var ys []float64
	type side struct{ x1, y1, x2, y2 float64 }
	collect := func(rings [][]spot) (out []side) {
		for _, r := range rings {
			for i, p := range r {
				q := r[(i+1)%len(r)]
				ys = append(ys, p[1])
				if p[1] == q[1] {
					continue
				}
				if p[1] > q[1] {
					p, q = q, p
				}
				out = append(out, side{p[0], p[1], q[0], q[1]})
			}
		}
		return out
	}
	as, bs := collect(a), collect(b)
	for _, s := range as {
		for _, o := range bs {
			if m, at := sides(spot{s.x1, s.y1}, spot{s.x2, s.y2}, spot{o.x1, o.y1}, spot{o.x2, o.y2}); m == crossing || m == touch {
				ys = append(ys, at[1])
			}
		}
	}
	slices.Sort(ys)
	xs := func(all []side, y float64, into []float64) []float64 {
		into = into[:0]
		for _, s := range all {
			if s.y1 <= y && y < s.y2 {
				into = append(into, s.x1+(y-s.y1)/(s.y2-s.y1)*(s.x2-s.x1))
			}
		}
		slices.Sort(into)
		return into
	}
	var xa, xb []float64
	area := 0.0
	for i := 1; i < len(ys); i++ {
		tall := ys[i] - ys[i-1]
		if tall <= 1e-9 {
			continue
		}
		y := ys[i-1] + tall/2
		xa, xb = xs(as, y, xa), xs(bs, y, xb)
		wide := 0.0
		for p, q := 0, 0; p+1 < len(xa) && q+1 < len(xb); {
			wide += max(0, min(xa[p+1], xb[q+1])-max(xa[p], xb[q]))
			if xa[p+1] < xb[q+1] {
				p += 2
			} else {
				q += 2
			}
		}
		area += wide * tall
	}
	return area
}

// ears are the triangles of a simple ring by clipping its ears, as numbers of its places.
func ears(ring []spot) [][3]int {
	n := len(ring)
	if n < 3 {
		return nil
	}
	left := make([]int, n)
	for i := range left {
		left[i] = i
		if signed(ring) < 0 {
			left[i] = n - 1 - i
		}
	}
	out := make([][3]int, 0, n-2)
	for stuck := 0; len(left) > 3 && stuck < len(left); {
		k := stuck % len(left)
		a, b, c := left[(k+len(left)-1)%len(left)], left[k], left[(k+1)%len(left)]
		ear := turn(ring[a], ring[b], ring[c]) > 0
		for _, p := range left {
			if !ear {
				break
			}
			if p == a || p == b || p == c || ring[p] == ring[a] || ring[p] == ring[b] || ring[p] == ring[c] {
				continue
			}
			if turn(ring[a], ring[b], ring[p]) >= 0 && turn(ring[b], ring[c], ring[p]) >= 0 && turn(ring[c], ring[a], ring[p]) >= 0 {
				ear = false
			}
		}
		if !ear {
			stuck++
			continue
		}
		out = append(out, [3]int{a, b, c})
		left = slices.Delete(left, k, k+1)
		stuck = 0
	}
	for i := 1; i+1 < len(left); i++ { // what has no ear is flat
		out = append(out, [3]int{left[0], left[i], left[i+1]})
	}
	return out
}

// bridged joins holes to the outer ring, so that it can be clipped; names are those of the places.
func bridged(rings [][]spot, names [][]int32) ([]spot, []int32) {
	outer, name := slices.Clone(rings[0]), slices.Clone(names[0])
	if signed(outer) < 0 {
		slices.Reverse(outer)
		slices.Reverse(name)
	}
	type hole struct {
		ring []spot
		name []int32
		at   int
	}
	var holes []hole
	for i := 1; i < len(rings); i++ {
		h := hole{slices.Clone(rings[i]), slices.Clone(names[i]), 0}
		if len(h.ring) < 3 {
			continue
		}
		if signed(h.ring) > 0 {
			slices.Reverse(h.ring)
			slices.Reverse(h.name)
		}
		for k, p := range h.ring {
			if p[0] > h.ring[h.at][0] {
				h.at = k
			}
		}
		holes = append(holes, h)
	}
	slices.SortFunc(holes, func(a, b hole) int { return cmp.Compare(b.ring[b.at][0], a.ring[a.at][0]) })
	for _, h := range holes {
		// The nearest place of the outer ring that sees the hole's easternmost.
		best, far := -1, math.Inf(1)
		for i, p := range outer {
			d := span(p, h.ring[h.at])
			if d >= far {
				continue
			}
			sees := true
			for k := range outer {
				q, r := outer[k], outer[(k+1)%len(outer)]
				if q == p || r == p {
					continue
				}
				if m, _ := sides(p, h.ring[h.at], q, r); m != apart {
					sees = false
					break
				}
			}
			for k := range h.ring {
				q, r := h.ring[k], h.ring[(k+1)%len(h.ring)]
				if !sees || k == h.at || (k+1)%len(h.ring) == h.at {
					continue
				}
				if m, _ := sides(p, h.ring[h.at], q, r); m != apart {
					sees = false
				}
			}
			if sees {
				best, far = i, d
			}
		}
		if best < 0 {
			continue
		}
		var ring []spot
		var list []int32
		for k := 0; k <= len(h.ring); k++ {
			ring = append(ring, h.ring[(h.at+k)%len(h.ring)])
			list = append(list, h.name[(h.at+k)%len(h.ring)])
		}
		ring, list = append(ring, outer[best]), append(list, name[best])
		outer = slices.Insert(outer, best+1, ring...)
		name = slices.Insert(name, best+1, list...)
	}
	return outer, name
}
