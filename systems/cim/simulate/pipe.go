package simulate

import (
	"container/heap"
	"math"
)

// PipeClass is what runs in a pipe, by the letters of CJJ 61: 给水, 雨水, 污水.
type PipeClass string

// The classes.
const (
	Supply PipeClass = "JS"
	Rain   PipeClass = "YS"
	Sewage PipeClass = "WS"
)

// Well is a point of a net: a manhole, a valve, a hydrant, a pump, an outfall, the tap of a house.
type Well struct {
	At     Point
	Ground float64 // height of the ground
	Bottom float64 // of the well
	Class  PipeClass
	Kind   string // manhole, valve, hydrant, pump, outfall, works, tap
}

// Pipe is a run between two wells; a drain flows from A to B.
type Pipe struct {
	A, B     int32
	Class    PipeClass
	From, To float64 // height of its lowest inner point (管底) at A and B
	Diameter float64 // metres
	Material string
	Year     int16
	Road     int32 // along which it lies; -1 a house's own
}

// Length is on the plan, in metres.
func (c *City) Length(p *Pipe) float64 { return c.Wells[p.A].At.sub(c.Wells[p.B].At).length() }

// Between two wells at most, in metres.
const reach = 38.0

// Depths of a drain, in metres: no less, and no more before it is pumped.
const (
	cover   = 1.2
	deepest = 7.0
)

// stream is a node's way down: the road that it drains by, and the node that it drains to.
type stream struct{ to, road int32 }

type puddle struct {
	level float64
	node  int32
}

type puddles []puddle

func (p puddles) Len() int { return len(p) }
func (p puddles) Less(i, j int) bool {
	return p[i].level < p[j].level || p[i].level == p[j].level && p[i].node < p[j].node
}
func (p puddles) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p *puddles) Push(x any)   { *p = append(*p, x.(puddle)) }
func (p *puddles) Pop() any {
	last := (*p)[len(*p)-1]
	*p = (*p)[:len(*p)-1]
	return last
}

// streams finds for each crossing the way to the lowest that lets it out, with as little
// climbing as there can be (priority flood). order is from the outlets up.
func (c *City) streams() (down []stream, order []int32) {
	ways := make([][]stream, len(c.Nodes))
	for i, r := range c.Roads {
		ways[r.A] = append(ways[r.A], stream{r.B, int32(i)})
		ways[r.B] = append(ways[r.B], stream{r.A, int32(i)})
	}
	down = make([]stream, len(c.Nodes))
	seen := make([]bool, len(c.Nodes))
	var q puddles
	let := func(n int32) {
		down[n], seen[n] = stream{-1, -1}, true
		heap.Push(&q, puddle{c.Nodes[n].Z, n})
	}
	flow := func() {
		for q.Len() > 0 {
			x := heap.Pop(&q).(puddle)
			order = append(order, x.node)
			for _, w := range ways[x.node] {
				if !seen[w.to] {
					seen[w.to], down[w.to] = true, stream{x.node, w.road}
					heap.Push(&q, puddle{max(c.Nodes[w.to].Z, x.level), w.to})
				}
			}
		}
	}
	for n := range c.Nodes {
		if len(ways[n]) < 4 && c.Nodes[n].Z < 4 { // the shore
			let(int32(n))
		}
	}
	flow()
	// What the shore's streets do not reach has an outlet of its own, its lowest point.
	for n := range c.Nodes {
		if seen[n] {
			continue
		}
		lowest, part := int32(n), []int32{int32(n)}
		in := map[int32]bool{int32(n): true}
		for len(part) > 0 {
			x := part[len(part)-1]
			part = part[:len(part)-1]
			if c.Nodes[x].Z < c.Nodes[lowest].Z {
				lowest = x
			}
			for _, w := range ways[x] {
				if !in[w.to] {
					in[w.to] = true
					part = append(part, w.to)
				}
			}
		}
		let(lowest)
		flow()
	}
	return down, order
}

// sizes that pipes are made in (公称直径), metres
var sizes = []float64{0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.2, 1.5, 1.8, 2, 2.4, 3}

func size(want float64) float64 {
	for _, s := range sizes {
		if s >= want {
			return s
		}
	}
	return sizes[len(sizes)-1]
}

// along is a road's wells of a class from node a to node b, which are laid already.
func (c *City) along(road int32, class PipeClass, a, b int32, kind func(i, n int) string) []int32 {
	r := c.Roads[road]
	side := lateral(r, class)
	p, q := c.Wells[a].At, c.Wells[b].At
	long := q.sub(p)
	n := max(1, int(math.Ceil(long.length()/reach)))
	normal := Point{-long.Y, long.X}.times(side / max(long.length(), 1))
	out := []int32{a}
	for i := 1; i < n; i++ {
		at := p.towards(q, float64(i)/float64(n)).add(normal)
		out = append(out, c.well(Well{At: at, Ground: c.Ground.At(at), Class: class, Kind: kind(i, n)}))
	}
	return append(out, b)
}

func (c *City) well(w Well) int32 {
	c.Wells = append(c.Wells, w)
	return int32(len(c.Wells) - 1)
}

// lateral is how far from the middle of a road the pipes of a class lie; the roads' own
// wells stand at the crossings, each class at its own corner.
func lateral(r Road, class PipeClass) float64 {
	w := r.Class.Width() / 2
	switch class {
	case Supply:
		return w - 1.5
	case Rain:
		return -w * 0.2
	}
	return -w + 1.5
}

func (c *City) laid(h uint64) int16 { return int16(1988 + mix(c.seed, 31, h)%36) }

// layPipes lays supply along all roads, rain and sewage drains down the streams, and each
// house's own pipes.
func (c *City) layPipes() {
	down, order := c.streams()
	corner := map[PipeClass]Point{Supply: {2.5, 2.5}, Rain: {-2.5, 2.5}, Sewage: {-2.5, -2.5}}
	// near are the wells of a class along a road, for what joins it.
	near := map[PipeClass][][]int32{}
	for _, class := range []PipeClass{Supply, Rain, Sewage} {
		near[class] = make([][]int32, len(c.Roads))
	}
	at := map[PipeClass][]int32{}
	for _, class := range []PipeClass{Supply, Rain, Sewage} {
		at[class] = make([]int32, len(c.Nodes))
		for n := range c.Nodes {
			p := c.Nodes[n].At.add(corner[class])
			kind := "manhole"
			if class == Supply {
				kind = "valve"
			}
			at[class][n] = c.well(Well{At: p, Ground: c.Ground.At(p), Class: class, Kind: kind})
		}
	}
	// Supply: a net of loops under pressure, a metre under the ground.
	for i, r := range c.Roads {
		d := [...]float64{0.2, 0.4, 0.8}[r.Class]
		run := c.along(int32(i), Supply, at[Supply][r.A], at[Supply][r.B], func(i, n int) string {
			if i == n/2 {
				return "hydrant"
			}
			return "valve"
		})
		near[Supply][i] = run
		for k := range run[1:] {
			a, b := run[k], run[k+1]
			material := "球墨铸铁"
			if d <= 0.2 {
				material = "PE"
			}
			c.Pipes = append(c.Pipes, Pipe{A: a, B: b, Class: Supply, From: c.Wells[a].Ground - 1 - d, To: c.Wells[b].Ground - 1 - d, Diameter: d, Material: material, Year: c.laid(uint64(i)), Road: int32(i)})
		}
	}
	for _, class := range []PipeClass{Rain, Sewage} {
		c.drain(class, down, order, at[class], near[class])
	}
	c.connect(near)
	for i := range c.Wells {
		w := &c.Wells[i]
		if w.Bottom == 0 {
			w.Bottom = w.Ground - 1.6
		}
	}
}

// drain lays the drains of a class: of each road one, its way down; its diameter grows with
// the metres of road that it drains.
func (c *City) drain(class PipeClass, down []stream, order []int32, at []int32, near [][]int32) {
	burden := make([]float64, len(c.Nodes)) // metres of road above a crossing
	length := func(road int32) float64 {
		return c.Nodes[c.Roads[road].A].At.sub(c.Nodes[c.Roads[road].B].At).length()
	}
	// A road that is nobody's way down drains to its lower end, by itself.
	tree := make([]bool, len(c.Roads))
	for _, s := range down {
		if s.road >= 0 {
			tree[s.road] = true
		}
	}
	lower := func(r Road) (from, to int32) {
		if c.Nodes[r.A].Z < c.Nodes[r.B].Z {
			return r.B, r.A
		}
		return r.A, r.B
	}
	for i, r := range c.Roads {
		if !tree[i] {
			_, to := lower(r)
			burden[to] += length(int32(i))
		}
	}
	for i := len(order) - 1; i >= 0; i-- {
		if s := down[order[i]]; s.to >= 0 {
			burden[s.to] += burden[order[i]] + length(s.road)
		}
	}
	grade, widest := 0.0025, 0.34 // of rain: metres of diameter to the root of kilometres
	if class == Sewage {
		grade, widest = 0.003, 0.16
	}
	diameter := func(metres float64) float64 { return size(0.3 + widest*math.Sqrt(metres/1000)) }
	invert := make([]float64, len(c.Wells)) // where the next pipe may begin
	for n := range at {
		invert[at[n]] = math.Inf(1)
	}
	// run lays a chain of wells downwards and says at which height it arrives.
	run := func(road int32, wells []int32, begin, d float64) float64 {
		for len(invert) < len(c.Wells) {
			invert = append(invert, math.Inf(1))
		}
		z := begin
		for k := range wells[1:] {
			a, b := &c.Wells[wells[k]], &c.Wells[wells[k+1]]
			z = min(z, a.Ground-cover-d, invert[wells[k]])
			if a.Ground-z > deepest {
				z, a.Kind = a.Ground-cover-d, "pump"
			}
			end := min(z-grade*a.At.sub(b.At).length(), b.Ground-cover-d)
			c.Pipes = append(c.Pipes, Pipe{A: wells[k], B: wells[k+1], Class: class, From: round(z, 3), To: round(end, 3), Diameter: d, Material: drainMaterial(d), Year: c.laid(uint64(road)), Road: road})
			a.Bottom = low(a.Bottom, z-0.3)
			b.Bottom = low(b.Bottom, end-0.3)
			z = end
		}
		return z
	}
	plain := func(int, int) string { return "manhole" }
	for i, r := range c.Roads {
		if tree[i] {
			continue
		}
		from, to := lower(r)
		// It begins a well beside the crossing, whose own water goes another way.
		wells := c.along(int32(i), class, at[from], at[to], plain)
		if len(wells) < 3 {
			mid := c.Wells[at[from]].At.towards(c.Wells[at[to]].At, 0.3)
			wells = []int32{0, c.well(Well{At: mid, Ground: c.Ground.At(mid), Class: class, Kind: "manhole"}), at[to]}
		}
		wells = wells[1:]
		near[i] = wells
		d := diameter(length(int32(i)))
		z := run(int32(i), wells, math.Inf(1), d)
		invert[at[to]] = min(invert[at[to]], z)
	}
	for k := len(order) - 1; k >= 0; k-- {
		n := order[k]
		s := down[n]
		if s.to < 0 {
			w := &c.Wells[at[n]]
			w.Kind = "outfall"
			if class == Sewage {
				w.Kind = "works"
			}
			continue
		}
		wells := c.along(s.road, class, at[n], at[s.to], plain)
		near[s.road] = wells
		d := diameter(burden[n] + length(s.road))
		z := run(s.road, wells, invert[at[n]], d)
		invert[at[s.to]] = min(invert[at[s.to]], z)
	}
}

func low(have, z float64) float64 {
	if have == 0 || z < have {
		return z
	}
	return have
}

func drainMaterial(d float64) string {
	if d <= 0.6 {
		return "HDPE"
	}
	return "钢筋混凝土"
}

// connect gives each house its tap and its drain: to the nearest well of the nearest road,
// in a village by way of the house before it in its lane. A house that lies lower than the
// drain before it lifts its water (提升井).
func (c *City) connect(near map[PipeClass][][]int32) {
	level := make([]float64, len(c.Wells), len(c.Wells)+len(c.Buildings)*2) // at which a drain leaves, or ends
	for i := range c.Pipes {
		if p := &c.Pipes[i]; p.Class == Sewage {
			level[p.A] = p.From
			if level[p.B] == 0 {
				level[p.B] = p.To
			}
		}
	}
	for _, class := range []PipeClass{Supply, Sewage} {
		last, lastBlock := int32(-1), int32(-1)
		for i := range c.Buildings {
			b := &c.Buildings[i]
			block := &c.Blocks[b.Block]
			from := b.Rects[0].At(0, b.Rects[0].B+0.8)
			best, far := int32(-1), math.Inf(1)
			for _, road := range block.Sides {
				for _, w := range near[class][road] {
					if d := c.Wells[w].At.sub(from).length(); d < far {
						best, far = w, d
					}
				}
			}
			if lastBlock == b.Block {
				if d := c.Wells[last].At.sub(from).length(); d < far {
					best, far = last, d
				}
			}
			w := c.well(Well{At: from, Ground: b.Ground, Class: class, Kind: "tap"})
			level = append(level, 0)
			x := Pipe{A: best, B: w, Class: class, Diameter: 0.1, Material: "PE", Year: int16(b.Year), Road: -1}
			if class == Supply {
				x.From, x.To = round(c.Wells[best].Ground-1.1, 3), round(b.Ground-0.9, 3)
			} else {
				x.A, x.B, x.Diameter, x.Material = w, best, 0.2, "HDPE"
				begin := b.Ground - 0.7
				x.To = max(level[best], min(c.Wells[best].Ground-cover, begin-0.005*far))
				if x.From = min(begin, x.To+0.03*far); x.From < x.To+0.005*far {
					c.Wells[w].Kind = "lift"
				}
				x.From, x.To = round(x.From, 3), round(x.To, 3)
				c.Wells[w].Bottom, level[w] = x.From-0.3, x.From
			}
			c.Pipes = append(c.Pipes, x)
			last, lastBlock = w, -1
			if block.Use == Village {
				lastBlock = b.Block
			}
		}
	}
}
