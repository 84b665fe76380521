package analysis

import (
	"math"
	"slices"
)

// Vec is a place or a way on the plane: metres east, north and up.
type Vec struct{ X, Y, Z float64 }

func (a Vec) add(b Vec) Vec                { return Vec{a.X + b.X, a.Y + b.Y, a.Z + b.Z} }
func (a Vec) sub(b Vec) Vec                { return Vec{a.X - b.X, a.Y - b.Y, a.Z - b.Z} }
func (a Vec) times(f float64) Vec          { return Vec{a.X * f, a.Y * f, a.Z * f} }
func (a Vec) length() float64              { return math.Sqrt(a.X*a.X + a.Y*a.Y + a.Z*a.Z) }
func (a Vec) towards(b Vec, f float64) Vec { return a.add(b.sub(a).times(f)) }

// Spot is a place on the ground's plane.
type Spot struct{ X, Y float64 }

// Prism stands up from an outline, simple, without holes, in either sense.
type Prism struct {
	Ring     []Spot
	From, To float64
	Thing    int32 // what it is of: an index that the caller knows
}

type box struct{ low, high [3]float64 }

func (b box) with(c box) box {
	for i := range 3 {
		b.low[i], b.high[i] = min(b.low[i], c.low[i]), max(b.high[i], c.high[i])
	}
	return b
}

var noBox = box{[3]float64{math.Inf(1), math.Inf(1), math.Inf(1)}, [3]float64{math.Inf(-1), math.Inf(-1), math.Inf(-1)}}

// Scene is what may stand in the way. It never changes and is safe for concurrent use.
type Scene struct {
	prisms []Prism // in the order of the tree's leaves
	boxes  []box   // of the nodes
	next   []int32 // of an inner node its second child; of a leaf -1 - its first prism
	many   []int32 // prisms of a leaf
}

const leafSize = 4

// NewScene sorts prisms into a tree of boxes.
func NewScene(prisms []Prism) *Scene {
	s := &Scene{prisms: slices.Clone(prisms)}
	own := make([]box, len(prisms))
	order := make([]int32, len(prisms))
	for i, p := range prisms {
		b := noBox
		for _, q := range p.Ring {
			b = b.with(box{[3]float64{q.X, q.Y, p.From}, [3]float64{q.X, q.Y, p.To}})
		}
		own[i], order[i] = b, int32(i)
	}
	var grow func(part []int32)
	grow = func(part []int32) {
		whole, middles := noBox, noBox
		for _, i := range part {
			whole = whole.with(own[i])
			var m [3]float64
			for k := range 3 {
				m[k] = own[i].low[k] + own[i].high[k]
			}
			middles = middles.with(box{m, m})
		}
		at := len(s.boxes)
		s.boxes, s.next, s.many = append(s.boxes, whole), append(s.next, 0), append(s.many, 0)
		axis := 0
		for k := range 3 {
			if middles.high[k]-middles.low[k] > middles.high[axis]-middles.low[axis] {
				axis = k
			}
		}
		if len(part) <= leafSize || middles.high[axis] == middles.low[axis] {
			s.next[at], s.many[at] = -1-int32(cap(order)-cap(part)), int32(len(part))
			return
		}
		slices.SortFunc(part, func(a, b int32) int {
			x, y := own[a].low[axis]+own[a].high[axis], own[b].low[axis]+own[b].high[axis]
			switch {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return int(a - b)
		})
		half := len(part) / 2
		grow(part[:half])
		s.next[at] = int32(len(s.boxes))
		grow(part[half:])
	}
	if len(order) > 0 {
		grow(order)
	}
	for k, i := range order {
		s.prisms[k] = prisms[i]
	}
	return s
}

// Len counts the prisms.
func (s *Scene) Len() int { return len(s.prisms) }

// Blocked says whether a prism stands between two places, and which thing the first found is
// of: not the nearest. What touches at its edge alone is not in the way.
func (s *Scene) Blocked(from, to Vec) (thing int32, yes bool) {
	thing, yes = -1, false
	s.cast(from, to.sub(from), 1, func(p *Prism, _ float64) bool {
		thing, yes = p.Thing, true
		return false
	})
	return thing, yes
}

// First is the nearest prism on the way from one place to another, and at which part of it;
// ok is false where the way is free.
func (s *Scene) First(from, to Vec) (thing int32, part float64, ok bool) {
	part = math.Inf(1)
	s.cast(from, to.sub(from), 1, func(p *Prism, at float64) bool {
		if at < part {
			thing, part, ok = p.Thing, at, true
		}
		return true
	})
	return thing, part, ok
}

// cast tells of each prism that a way meets, and where it enters it, until told to stop.
func (s *Scene) cast(from, way Vec, far float64, met func(p *Prism, at float64) bool) {
	if len(s.boxes) == 0 {
		return
	}
	o, d := [3]float64{from.X, from.Y, from.Z}, [3]float64{way.X, way.Y, way.Z}
	var inverse [3]float64
	for k := range 3 {
		inverse[k] = 1 / d[k]
	}
	hits := func(b *box) bool {
		near, end := 0.0, far
		for k := range 3 {
			if d[k] == 0 {
				if o[k] < b.low[k] || o[k] > b.high[k] {
					return false
				}
				continue
			}
			t0, t1 := (b.low[k]-o[k])*inverse[k], (b.high[k]-o[k])*inverse[k]
			if t0 > t1 {
				t0, t1 = t1, t0
			}
			near, end = max(near, t0), min(end, t1)
		}
		return near <= end
	}
	var stack [64]int32
	n := 1
	for n > 0 {
		n--
		at := stack[n]
		if !hits(&s.boxes[at]) {
			continue
		}
		if s.next[at] >= 0 {
			stack[n], stack[n+1] = s.next[at], at+1
			n += 2
			continue
		}
		first := -1 - s.next[at]
		for i := first; i < first+s.many[at]; i++ {
			if t, ok := s.prisms[i].enter(from, way, far); ok && !met(&s.prisms[i], t) {
				return
			}
		}
	}
}

// enter says where a way comes into the prism, if it does for more than a touch.
func (p *Prism) enter(from, way Vec, far float64) (at float64, ok bool) {
	var few [16]float64
	cuts := p.cuts(few[:0], from, way, far)
	for i := range cuts[1:] {
		t0, t1 := cuts[i], cuts[i+1]
		if t1-t0 < 1e-12 {
			continue
		}
		m := (t0 + t1) / 2
		if !p.over(from.X+m*way.X, from.Y+m*way.Y) {
			continue
		}
		// Above or below it for all of this stretch?
		if way.Z != 0 {
			z0, z1 := (p.From-from.Z)/way.Z, (p.To-from.Z)/way.Z
			if z0 > z1 {
				z0, z1 = z1, z0
			}
			t0, t1 = max(t0, z0), min(t1, z1)
		} else if from.Z <= p.From || from.Z >= p.To {
			continue
		}
		if t1-t0 > 1e-9 {
			return t0, true
		}
	}
	return 0, false
}

// cuts appends where a way crosses the outline on the plan, with its beginning and end, in
// order.
func (p *Prism) cuts(into []float64, from, way Vec, far float64) []float64 {
	into = append(into, 0, far)
	for i, a := range p.Ring {
		b := p.Ring[(i+1)%len(p.Ring)]
		// from + t·way crosses the side's line at t, at u of the side.
		ex, ey := b.X-a.X, b.Y-a.Y
		det := way.X*ey - way.Y*ex
		if det == 0 {
			continue
		}
		ax, ay := a.X-from.X, a.Y-from.Y
		t, u := (ax*ey-ay*ex)/det, (ax*way.Y-ay*way.X)/det
		if t > 0 && t < far && u >= 0 && u <= 1 {
			into = append(into, t)
		}
	}
	slices.Sort(into)
	return into
}

// over says whether a spot lies in the outline.
func (p *Prism) over(x, y float64) bool {
	in := false
	for i, a := range p.Ring {
		b := p.Ring[(i+1)%len(p.Ring)]
		if (a.Y > y) != (b.Y > y) && x < (b.X-a.X)*(y-a.Y)/(b.Y-a.Y)+a.X {
			in = !in
		}
	}
	return in
}
