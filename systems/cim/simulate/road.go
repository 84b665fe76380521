package simulate

import (
	"math"
	"slices"

	"shanzhi/core/parallel"
)

// RoadClass is how large a road is.
type RoadClass uint8

// The classes, by CJJ 37: 主干路, 次干路, 支路.
const (
	Local RoadClass = iota
	Secondary
	Arterial
)

// Width is from kerb to kerb, in metres.
func (c RoadClass) Width() float64 { return [...]float64{12, 24, 40}[c] }

func (c RoadClass) String() string { return [...]string{"local", "secondary", "arterial"}[c] }

// Node is a crossing.
type Node struct {
	At        Point
	Z         float64
	Row, Col  int32
	Community int32 // -1 none
}

// Road is a stretch between two crossings, straight. Roads of one line are one street.
type Road struct {
	A, B  int32
	Class RoadClass
	Line  int32 // rows from 0 up; columns as -1, -2 …
}

// Block is what four roads enclose.
type Block struct {
	Corners   [4]int32 // nodes, against the clock
	Sides     [4]int32 // roads: from corner i to corner i+1
	Use       Use
	Community int32
	Room      Rect // that may be built on
}

// Rect is a rectangle: its middle, the way of its first side (of length 1), and half its
// sides.
type Rect struct {
	Mid  Point
	Way  Point
	A, B float64
}

// corner signs, against the clock
var quarters = [4]Point{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}}

// At is a place given in the rectangle's own directions, from its middle.
func (r Rect) At(u, v float64) Point {
	return Point{r.Mid.X + r.Way.X*u - r.Way.Y*v, r.Mid.Y + r.Way.Y*u + r.Way.X*v}
}

// Ring is its outline, against the clock.
func (r Rect) Ring() []Point {
	out := make([]Point, 4)
	for i, q := range quarters {
		out[i] = r.At(q.X*r.A, q.Y*r.B)
	}
	return out
}

// Part is a rectangle inside, given in r's own directions.
func (r Rect) Part(u0, v0, u1, v1 float64) Rect {
	return Rect{r.At((u0+u1)/2, (v0+v1)/2), r.Way, (u1 - u0) / 2, (v1 - v0) / 2}
}

// Area is in square metres.
func (r Rect) Area() float64 { return 4 * r.A * r.B }

func (c *City) class(line int32) RoadClass {
	switch {
	case line%12 == 0:
		return Arterial
	case line%4 == 0:
		return Secondary
	}
	return Local
}

// layRoads lays the lattice over the ground that may be built on, and finds the blocks.
func (c *City) layRoads(district *outline) {
	s := c.Plan.Settings
	sin, cos := math.Sincos(s.Bearing * math.Pi / 180)
	along, across := Point{sin, cos}, Point{cos, -sin} // v runs with the bearing, u to its right
	lowU, highU, lowV, highV := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, p := range []Point{district.low, {district.high.X, district.low.Y}, district.high, {district.low.X, district.high.Y}} {
		u, v := p.X*across.X+p.Y*across.Y, p.X*along.X+p.Y*along.Y
		lowU, highU, lowV, highV = min(lowU, u), max(highU, u), min(lowV, v), max(highV, v)
	}
	cols, rows := int((highU-lowU)/s.Spacing)+1, int((highV-lowV)/s.Spacing)+1
	communities := make([]*outline, len(c.Plan.Communities))
	for i, x := range c.Plan.Communities {
		communities[i] = newOutline(c.Frame, x.Shape)
	}
	within := func(p Point) int32 {
		for i, o := range communities {
			if o.holds(p) {
				return int32(i)
			}
		}
		return -1
	}
	bend := s.Spacing * 0.22
	all := make([]Node, cols*rows)
	kept := make([]bool, cols*rows)
	parallel.Each(len(all), 256, func(n int) {
		i, j := n%cols, n/cols
		u, v := lowU+float64(i)*s.Spacing, lowV+float64(j)*s.Spacing
		u += bend * noise(mix(c.seed, 2), float64(i)/6, float64(j)/6)
		v += bend * noise(mix(c.seed, 3), float64(i)/6, float64(j)/6)
		p := across.times(u).add(along.times(v))
		for _, q := range [...]Point{{0, 0}, {25, 0}, {-25, 0}, {0, 25}, {0, -25}} {
			if !district.holds(p.add(q)) {
				return
			}
		}
		dx := c.Ground.At(p.add(Point{45, 0})) - c.Ground.At(p.add(Point{-45, 0}))
		dy := c.Ground.At(p.add(Point{0, 45})) - c.Ground.At(p.add(Point{0, -45}))
		z := c.Ground.At(p)
		if math.Hypot(dx, dy)/90 > s.Steepest || z > s.Highest {
			return
		}
		all[n], kept[n] = Node{At: p, Z: z, Row: int32(j), Col: int32(i), Community: within(p)}, true
	})
	// A crossing without a neighbour is none.
	id := make([]int32, len(all))
	for n := range all {
		i := n % cols
		id[n] = -1
		if kept[n] && (i+1 < cols && kept[n+1] || i > 0 && kept[n-1] || n+cols < len(all) && kept[n+cols] || n >= cols && kept[n-cols]) {
			id[n] = int32(len(c.Nodes))
			c.Nodes = append(c.Nodes, all[n])
		}
	}
	type pair struct{ a, b int32 }
	road := map[pair]int32{}
	lay := func(a, b, line int32) {
		road[pair{a, b}] = int32(len(c.Roads))
		// Columns count on below zero; the class follows from the distance to the first.
		class := c.class(line)
		if line < 0 {
			class = c.class(-line - 1)
		}
		c.Roads = append(c.Roads, Road{a, b, class, line})
	}
	for n := range all {
		if id[n] < 0 {
			continue
		}
		if n%cols+1 < cols && id[n+1] >= 0 {
			lay(id[n], id[n+1], int32(n/cols))
		}
		if n+cols < len(all) && id[n+cols] >= 0 {
			lay(id[n], id[n+cols], -int32(n%cols)-1)
		}
	}
	for n := range all {
		if n%cols+1 >= cols || n+cols >= len(all) || id[n] < 0 || id[n+1] < 0 || id[n+cols] < 0 || id[n+cols+1] < 0 {
			continue
		}
		b := Block{Corners: [4]int32{id[n], id[n+1], id[n+cols+1], id[n+cols]}}
		b.Sides = [4]int32{road[pair{id[n], id[n+1]}], road[pair{id[n+1], id[n+cols+1]}], road[pair{id[n+cols], id[n+cols+1]}], road[pair{id[n], id[n+cols]}]}
		if c.turned(b.Corners) { // u runs to the right of v: the corners run with the clock
			b.Corners[1], b.Corners[3] = b.Corners[3], b.Corners[1]
			b.Sides = [4]int32{b.Sides[3], b.Sides[2], b.Sides[1], b.Sides[0]}
		}
		mid := Point{}
		for _, k := range b.Corners {
			mid = mid.add(c.Nodes[k].At.times(0.25))
		}
		if b.Community = within(mid); b.Community < 0 || !c.room(&b, mid) || slices.ContainsFunc(b.Room.Ring(), func(p Point) bool { return !district.holds(p) }) {
			continue
		}
		b.Use = c.use(n%cols, n/cols)
		c.Blocks = append(c.Blocks, b)
	}
}

func (c *City) turned(corners [4]int32) bool {
	var ring [4]Point
	for i, k := range corners {
		ring[i] = c.Nodes[k].At
	}
	return area(ring[:]) < 0
}

// pavement is what lies between a road and what is built, on each side.
const pavement = 4.0

// room finds the rectangle of a block that its roads leave.
func (c *City) room(b *Block, mid Point) bool {
	at := func(i int) Point { return c.Nodes[b.Corners[i%4]].At }
	way := at(1).sub(at(0)).add(at(2).sub(at(3)))
	way = way.times(1 / way.length())
	r := Rect{mid, way, min(at(1).sub(at(0)).length(), at(2).sub(at(3)).length()) / 2, min(at(3).sub(at(0)).length(), at(2).sub(at(1)).length()) / 2}
	clear := func() bool {
		for _, p := range r.Ring() {
			for i := range 4 {
				side := at(i + 1).sub(at(i))
				d := p.sub(at(i))
				if (side.X*d.Y-side.Y*d.X)/side.length() < c.Roads[b.Sides[i]].Class.Width()/2+pavement {
					return false
				}
			}
		}
		return true
	}
	for r.A > 12 && r.B > 12 {
		if clear() {
			b.Room = r
			return true
		}
		r.A, r.B = r.A-1, r.B-1
	}
	return false
}

// use is what a block is for: neighbours are often alike.
func (c *City) use(i, j int) Use {
	h := chance(mix(c.seed, 4, uint64(i/3), uint64(j/3)))
	if own := chance(mix(c.seed, 5, uint64(i), uint64(j))); own.unit() < 0.3 {
		h = own
	}
	at := h.upTo(100)
	for _, u := range Uses {
		if at -= c.Plan.Settings.Mix[u]; at < 0 {
			return u
		}
	}
	return Green
}

// StreetName is what a road is called.
func (c *City) StreetName(r Road) string {
	n := c.Nodes[r.A]
	community := int32(0)
	if n.Community >= 0 {
		community = n.Community
	}
	line := int(r.Line)
	suffix := "路"
	if line < 0 {
		line, suffix = -line-1, "街"
	}
	switch r.Class {
	case Arterial:
		return word(c.seed, 11, uint64(line/12), suffix == "街") + "大道"
	case Secondary:
		return word(c.seed, 12, uint64(line/4), suffix == "街") + suffix
	}
	return stem(c.Plan.Communities[community].Name) + numeral(line%40+1) + suffix
}
