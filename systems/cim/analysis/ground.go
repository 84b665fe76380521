package analysis

import (
	"math"

	"shanzhi/core/parallel"
)

// Raster is heights on a grid, row by row from the south-west.
type Raster struct {
	West, South, Cell float64
	Columns, Rows     int
	Z                 []float64
}

// NewRaster measures the ground at the middles of cells.
func NewRaster(g Ground, west, south, cell float64, columns, rows int) *Raster {
	r := &Raster{West: west, South: south, Cell: cell, Columns: columns, Rows: rows, Z: make([]float64, columns*rows)}
	parallel.Each(len(r.Z), 64, func(i int) { r.Z[i] = g.Height(r.middle(i)) })
	return r
}

func (r *Raster) middle(i int) Spot {
	return Spot{r.West + (float64(i%r.Columns)+0.5)*r.Cell, r.South + (float64(i/r.Columns)+0.5)*r.Cell}
}

// Flood is water on a raster: how deep it stands in each cell.
type Flood struct {
	Depth   []float64
	Cells   int
	Area    float64 // square metres
	Volume  float64 // cubic metres
	Deepest float64
}

// FloodTo (淹没分析) is what lies under a level of water and is joined with one of the cells from
// which it comes; a hollow behind a dam stays dry.
func (r *Raster) FloodTo(level float64, from []int) Flood {
	out := Flood{Depth: make([]float64, len(r.Z))}
	wet := make([]bool, len(r.Z))
	var todo []int
	reach := func(i int) {
		if !wet[i] && r.Z[i] < level {
			wet[i] = true
			todo = append(todo, i)
		}
	}
	for _, i := range from {
		reach(i)
	}
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		out.Depth[i] = level - r.Z[i]
		out.Cells++
		out.Volume += out.Depth[i] * r.Cell * r.Cell
		out.Deepest = max(out.Deepest, out.Depth[i])
		r.beside(i, reach)
	}
	out.Area = float64(out.Cells) * r.Cell * r.Cell
	return out
}

func (r *Raster) beside(i int, do func(int)) {
	x, y := i%r.Columns, i/r.Columns
	if x > 0 {
		do(i - 1)
	}
	if x+1 < r.Columns {
		do(i + 1)
	}
	if y > 0 {
		do(i - r.Columns)
	}
	if y+1 < r.Rows {
		do(i + r.Columns)
	}
}

// Run is a straight pipe: the lowest inner point at both ends, and its inner width.
type Run struct {
	From, To Vec
	Diameter float64
	Thing    int32
}

// Pit is an excavation (开挖): straight down within an outline to a bottom.
type Pit struct {
	Ring   []Spot
	Bottom float64
}

// Cut is a pipe that a pit meets: from where to where on it, as parts of its length.
type Cut struct {
	Thing      int32
	From, To   float64
	Metres     float64
	LeastCover float64 // of the bottom over the pipe's top: below 0 the pipe stands in the pit
}

// Dig is what a pit takes away and cuts.
type Dig struct {
	Area, Volume float64
	Cuts         []Cut
	Near         []Cut // not in the pit, but within clear of its bottom
}

// Excavate reckons a pit in the ground, by steps of cell metres; clear is how far above a pipe
// a digger stays.
func Excavate(p Pit, ground Ground, pipes []Run, cell, clear float64) Dig {
	var out Dig
	shape := Prism{Ring: p.Ring, From: math.Inf(-1), To: math.Inf(1)}
	low, high := Spot{math.Inf(1), math.Inf(1)}, Spot{math.Inf(-1), math.Inf(-1)}
	for i, q := range p.Ring {
		low, high = Spot{min(low.X, q.X), min(low.Y, q.Y)}, Spot{max(high.X, q.X), max(high.Y, q.Y)}
		b := p.Ring[(i+1)%len(p.Ring)]
		out.Area += (q.X*b.Y - b.X*q.Y) / 2
	}
	out.Area = math.Abs(out.Area)
	cells, sum := 0, 0.0
	for y := low.Y + cell/2; y < high.Y; y += cell {
		for x := low.X + cell/2; x < high.X; x += cell {
			if shape.over(x, y) {
				cells++
				sum += max(0, ground.Height(Spot{x, y})-p.Bottom)
			}
		}
	}
	if cells > 0 {
		out.Volume = sum / float64(cells) * out.Area
	}
	for _, r := range pipes {
		for _, part := range shape.within(r.From, r.To) {
			a, b := r.From.towards(r.To, part[0]), r.From.towards(r.To, part[1])
			top := max(a.Z, b.Z) + r.Diameter
			c := Cut{Thing: r.Thing, From: part[0], To: part[1], Metres: b.sub(a).length(), LeastCover: p.Bottom - top}
			switch {
			case c.LeastCover < 0:
				out.Cuts = append(out.Cuts, c)
			case c.LeastCover < clear:
				out.Near = append(out.Near, c)
			}
		}
	}
	return out
}

// within gives the parts of a way that lie over an outline.
func (p *Prism) within(from, to Vec) (parts [][2]float64) {
	d := to.sub(from)
	cuts := p.cuts(nil, from, d, 1)
	for i := range cuts[1:] {
		if m := (cuts[i] + cuts[i+1]) / 2; cuts[i+1]-cuts[i] > 1e-12 && p.over(from.X+m*d.X, from.Y+m*d.Y) {
			if n := len(parts); n > 0 && parts[n-1][1] == cuts[i] {
				parts[n-1][1] = cuts[i+1]
			} else {
				parts = append(parts, [2]float64{cuts[i], cuts[i+1]})
			}
		}
	}
	return parts
}

// Clearance (净距) is the least distance between the outsides of two straight pipes: on the plan,
// and up and down where they cross on it; NaN where they do not.
func Clearance(a, b Run) (plan, upright float64) {
	t, u, crossing := meeting(a, b)
	p, q := a.From.towards(a.To, t), b.From.towards(b.To, u)
	plan = max(0, math.Hypot(p.X-q.X, p.Y-q.Y)-(a.Diameter+b.Diameter)/2)
	if !crossing {
		return plan, math.NaN()
	}
	if p.Z > q.Z {
		return 0, p.Z - (q.Z + b.Diameter)
	}
	return 0, q.Z - (p.Z + a.Diameter)
}

// meeting is where two straight pipes are nearest on the plan, and whether they cross.
func meeting(a, b Run) (t, u float64, crossing bool) {
	d, e, w := a.To.sub(a.From), b.To.sub(b.From), b.From.sub(a.From)
	if det := d.X*e.Y - d.Y*e.X; det != 0 {
		t, u = (w.X*e.Y-w.Y*e.X)/det, (w.X*d.Y-w.Y*d.X)/det
		if t >= 0 && t <= 1 && u >= 0 && u <= 1 {
			return t, u, true
		}
	}
	// Nearest is at one of the four ends.
	best := math.Inf(1)
	foot := func(p Vec, r Run) float64 {
		d := r.To.sub(r.From)
		if s := d.X*d.X + d.Y*d.Y; s > 0 {
			return min(1, max(0, ((p.X-r.From.X)*d.X+(p.Y-r.From.Y)*d.Y)/s))
		}
		return 0
	}
	try := func(x, y float64) {
		p, q := a.From.towards(a.To, x), b.From.towards(b.To, y)
		if d := math.Hypot(p.X-q.X, p.Y-q.Y); d < best {
			best, t, u = d, x, y
		}
	}
	try(0, foot(a.From, b))
	try(1, foot(a.To, b))
	try(foot(b.From, a), 0)
	try(foot(b.To, a), 1)
	return t, u, false
}
