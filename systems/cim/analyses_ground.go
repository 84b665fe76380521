package cim

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"slices"

	"github.com/paulmach/orb"

	"shanzhi/core/httpapi"
	"shanzhi/systems/cim/analysis"
	"shanzhi/systems/cim/check"
)

func checkFlood(in *AnalysisInput) error {
	if in.At == nil {
		return invalidInput("at")
	}
	if in.Level == nil && in.Depth <= 0 {
		return invalidInput("level")
	}
	in.Reach = cmp.Or(in.Reach, 1500)
	in.Cell = cmp.Or(in.Cell, max(5, math.Ceil(in.Reach/250)))
	if in.Reach/in.Cell > 700 {
		return httpapi.FailField("cell", "invalid")
	}
	return nil
}

var noGround = httpapi.Fail(http.StatusConflict, "analysis_no_ground")

// flood fills to a level from a point: what lies below and is joined to it.
func (r *analysisRun) flood() error {
	c, err := r.cityScene(r.ctx)
	if err != nil {
		return err
	}
	if c.ground == nil {
		return noGround
	}
	at := c.flat.on(orb.Point(*r.in.At))
	level := 0.0
	if r.in.Level != nil {
		level = *r.in.Level
	} else {
		level = c.height(at) + r.in.Depth
	}
	n := int(math.Ceil(2 * r.in.Reach / r.in.Cell))
	raster := analysis.NewRaster(c.ground, at.X-r.in.Reach, at.Y-r.in.Reach, r.in.Cell, n, n)
	if err := r.tell(1, 3); err != nil {
		return err
	}
	source := n/2*n + n/2
	flood := raster.FloodTo(level, []int{source})
	r.figure("level", level, "m")
	r.figure("area", flood.Area, "m²")
	r.figure("volume", flood.Volume, "m³")
	r.figure("deepest", flood.Deepest, "m")
	edge := false
	bands := []float64{0, 0.15, 0.5, 1, 2, math.Inf(1)}
	cells := make([]float64, len(bands)-1)
	for k := range cells {
		set := make([]bool, n*n)
		for i, d := range flood.Depth {
			if d > bands[k] && d <= bands[k+1] {
				set[i] = true
				cells[k]++
				if x, y := i%n, i/n; x == 0 || y == 0 || x == n-1 || y == n-1 {
					edge = true
				}
			}
		}
		if cells[k] > 0 {
			said := map[string]any{"role": "water", "from": bands[k], "area": cells[k] * r.in.Cell * r.in.Cell}
			if !math.IsInf(bands[k+1], 1) {
				said["to"] = bands[k+1]
			}
			r.drawRaster(c.flat, set, n, n, raster.West, raster.South, r.in.Cell, said)
		}
		cells[k] *= r.in.Cell * r.in.Cell
	}
	if edge { // it goes on beyond what was looked at
		r.figure("reaches_edge", 1, "yes")
	}
	if err := r.tell(2, 3); err != nil {
		return err
	}
	type wet struct {
		t     int32
		depth float64
	}
	var houses []wet
	for i := range c.list {
		b := &c.list[i]
		x, y := int((b.middle.X-raster.West)/r.in.Cell), int((b.middle.Y-raster.South)/r.in.Cell)
		if b.middle.X < raster.West || b.middle.Y < raster.South || x >= n || y >= n {
			continue
		}
		if d := flood.Depth[y*n+x]; d > 0 && level > b.low {
			houses = append(houses, wet{int32(i), level - b.low})
		}
	}
	slices.SortFunc(houses, func(a, b wet) int { return cmp.Or(cmp.Compare(b.depth, a.depth), cmp.Compare(a.t, b.t)) })
	r.figure("buildings", float64(len(houses)), "")
	for i, h := range houses {
		if i >= 2000 {
			r.out.Cut = true
			break
		}
		said := c.said(h.t)
		said["role"], said["depth"] = "building", rounded(h.depth, 2)
		r.draw(geometry(c.flat.polygon(c.list[h.t].ring)), said)
	}
	r.draw(pointOn(orb.Point(*r.in.At)), map[string]any{"role": "source"})
	r.out.Chart = &AnalysisChart{Kind: "bar", X: "depth", Y: "area", Labels: []string{"0–0.15", "0.15–0.5", "0.5–1", "1–2", "≥2"}, Series: []AnalysisSeries{{"area", cells}}}
	return nil
}

func checkExcavation(in *AnalysisInput) error {
	if len(in.Polygon) < 3 {
		return invalidInput("polygon")
	}
	if in.Depth <= 0 && in.Level == nil {
		return invalidInput("depth")
	}
	in.Clear = cmp.Or(in.Clear, 1)
	b := orb.Ring{}
	for _, p := range in.Polygon {
		b = append(b, orb.Point(p))
	}
	if x := b.Bound(); x.Max[0]-x.Min[0] > 0.02 || x.Max[1]-x.Min[1] > 0.02 {
		return httpapi.FailField("polygon", "invalid")
	}
	return nil
}

func boxAbout(points [][2]float64, metres float64) Box {
	b := Box{180, 90, -180, -90}
	for _, p := range points {
		b = Box{min(b.West, p[0]), min(b.South, p[1]), max(b.East, p[0]), max(b.North, p[1])}
	}
	w := about((b.West+b.East)/2, (b.South+b.North)/2, metres)
	dx, dy := (w.East-w.West)/2, (w.North-w.South)/2
	return Box{b.West - dx, b.South - dy, b.East + dx, b.North + dy}
}

func runOf(f flat, p *Pipe, thing int) analysis.Run {
	a, b := f.on(orb.Point{p.ALon, p.ALat}), f.on(orb.Point{p.BLon, p.BLat})
	return analysis.Run{From: analysis.Vec{X: a.X, Y: a.Y, Z: p.AZ}, To: analysis.Vec{X: b.X, Y: b.Y, Z: p.BZ}, Diameter: p.Diameter, Thing: int32(thing)}
}

func (p *Pipe) said() map[string]any {
	return map[string]any{"id": p.ID.String(), "class": p.Class, "diameter": p.Diameter, "material": p.Material, "year": p.Year, "own": p.Own}
}

// excavation is what a pit takes away, and the pipes that it cuts or comes near to.
func (r *analysisRun) excavation() error {
	h, err := r.HeightsOf(r.ctx, r.Store)
	if err != nil {
		return noGround
	}
	f := flatAt(r.in.Polygon[0][0], r.in.Polygon[0][1])
	ground := flatGround{h, f}
	ring := f.ring(r.in.Polygon)
	bottom := 0.0
	if r.in.Level != nil {
		bottom = *r.in.Level
	} else { // so deep below the lowest of its corners
		bottom = math.Inf(1)
		for _, s := range ring {
			bottom = min(bottom, ground.Height(s))
		}
		bottom -= r.in.Depth
	}
	pipes, err := r.PipesIn(r.ctx, r.Store, boxAbout(r.in.Polygon, 5), "", 50_000)
	if err != nil {
		return err
	}
	slices.SortFunc(pipes, func(a, b Pipe) int { return cmp.Compare(a.ID, b.ID) })
	runs := make([]analysis.Run, len(pipes))
	for i := range pipes {
		runs[i] = runOf(f, &pipes[i], i)
	}
	dig := analysis.Excavate(analysis.Pit{Ring: ring, Bottom: bottom}, ground, runs, 0.5, r.in.Clear)
	r.figure("area", dig.Area, "m²")
	r.figure("volume", dig.Volume, "m³")
	r.figure("bottom", bottom, "m")
	r.figure("cuts", float64(len(dig.Cuts)), "")
	r.figure("near", float64(len(dig.Near)), "")
	r.draw(geometry(f.polygon(ring)), map[string]any{"role": "pit", "bottom": rounded(bottom, 2)})
	metres := map[string]float64{}
	tell := func(list []analysis.Cut, role string) {
		for _, x := range list {
			p, run := &pipes[x.Thing], runs[x.Thing]
			at := func(t float64) orb.Point {
				return f.off(analysis.Spot{X: run.From.X + (run.To.X-run.From.X)*t, Y: run.From.Y + (run.To.Y-run.From.Y)*t})
			}
			said := p.said()
			said["role"], said["metres"], said["cover"] = role, rounded(x.Metres, 2), rounded(x.LeastCover, 2)
			mid := run.From.Z + (run.To.Z-run.From.Z)*(x.From+x.To)/2
			m := at((x.From + x.To) / 2)
			said["depth"] = rounded(h.At(m[0], m[1])-mid-p.Diameter, 2)
			r.draw(geometry(orb.LineString{at(x.From), at(x.To)}), said)
			if role == "cut" {
				metres[p.Class] += x.Metres
			}
		}
	}
	tell(dig.Cuts, "cut")
	tell(dig.Near, "near")
	ch := &AnalysisChart{Kind: "bar", X: "class", Y: "metres", Labels: []string{}, Series: []AnalysisSeries{{Code: "cut", Values: []float64{}}}}
	for _, class := range []string{"JS", "YS", "WS"} {
		ch.Labels, ch.Series[0].Values = append(ch.Labels, class), append(ch.Series[0].Values, rounded(metres[class], 2))
	}
	r.out.Chart = ch
	return nil
}

func checkClearance(in *AnalysisInput) error {
	if len(in.Line) < 2 {
		return invalidInput("line")
	}
	in.Class, in.Depth, in.Width = cmp.Or(in.Class, "JS"), cmp.Or(in.Depth, 1.2), cmp.Or(in.Width, 0.3)
	if b := boxAbout(in.Line, 0); b.East-b.West > 0.08 || b.North-b.South > 0.08 {
		return httpapi.FailField("line", "invalid")
	}
	return nil
}

// plainClearances are the least distances on the plan between pipes side by side, and to a building, in metres:
// GB 50289-2016, 4.1.9, of supply (d ≤ 200 mm, or larger) and drains; what the table has not is asked for by Clear.
func planClearance(class string, width float64, other string) (float64, bool) {
	drain := func(c string) bool { return c == "YS" || c == "WS" || c == "PS" }
	large := width > 0.2
	switch {
	case other == "building" && class == "JS":
		return map[bool]float64{false: 1, true: 3}[large], true
	case other == "building" && drain(class):
		return 2.5, true
	case class == "JS" && drain(other), other == "JS" && drain(class):
		return map[bool]float64{false: 1, true: 1.5}[large], true
	}
	return 0, false
}

// clearance goes along a planned route, and finds what it crosses or comes too near to.
func (r *analysisRun) clearance() error {
	c, err := r.cityScene(r.ctx)
	if err != nil {
		return err
	}
	h, err := r.HeightsOf(r.ctx, r.Store)
	if err != nil {
		return noGround
	}
	pipes, err := r.PipesIn(r.ctx, r.Store, boxAbout(r.in.Line, 12), "", 100_000)
	if err != nil {
		return err
	}
	slices.SortFunc(pipes, func(a, b Pipe) int { return cmp.Compare(a.ID, b.ID) })
	// The route in short pieces, each so deep below its own ground.
	var route []analysis.Run
	long := 0.0
	var starts []float64
	for i := range r.in.Line[1:] {
		a, b := c.flat.on(orb.Point(r.in.Line[i])), c.flat.on(orb.Point(r.in.Line[i+1]))
		n := max(1, int(math.Ceil(math.Hypot(b.X-a.X, b.Y-a.Y)/20)))
		at := func(k int) analysis.Vec {
			t := float64(k) / float64(n)
			s := analysis.Spot{X: a.X + (b.X-a.X)*t, Y: a.Y + (b.Y-a.Y)*t}
			p := c.flat.off(s)
			return analysis.Vec{X: s.X, Y: s.Y, Z: h.At(p[0], p[1]) - r.in.Depth - r.in.Width}
		}
		for k := range n {
			piece := analysis.Run{From: at(k), To: at(k + 1), Diameter: r.in.Width}
			starts = append(starts, long)
			long += math.Hypot(piece.To.X-piece.From.X, piece.To.Y-piece.From.Y)
			route = append(route, piece)
		}
	}
	type meeting struct {
		along, have, must float64
		crossing          bool
	}
	n, breaches, crossings := 0, 0, 0
	for i := range pipes {
		p := &pipes[i]
		run := runOf(c.flat, p, i)
		var worst *meeting
		for k, piece := range route {
			if min(run.From.X, run.To.X) > max(piece.From.X, piece.To.X)+6 || max(run.From.X, run.To.X) < min(piece.From.X, piece.To.X)-6 ||
				min(run.From.Y, run.To.Y) > max(piece.From.Y, piece.To.Y)+6 || max(run.From.Y, run.To.Y) < min(piece.From.Y, piece.To.Y)-6 {
				continue
			}
			plan, upright := analysis.Clearance(piece, run)
			m := meeting{along: starts[k]}
			if !math.IsNaN(upright) {
				m.crossing, m.have = true, upright
				m.must, _ = check.Clearance(r.in.Class, false, p.Class, false)
			} else {
				m.have = plan
				m.must, _ = planClearance(r.in.Class, r.in.Width, p.Class)
			}
			m.must = max(m.must, r.in.Clear)
			if m.have >= max(m.must, 3) && !m.crossing {
				continue
			}
			// One that crosses is judged by that alone.
			if worst == nil || m.crossing && !worst.crossing || m.crossing == worst.crossing && m.have-m.must < worst.have-worst.must {
				worst = &m
			}
		}
		if worst == nil {
			continue
		}
		n++
		if worst.crossing {
			crossings++
		}
		bad := worst.have < worst.must-1e-6
		if bad {
			breaches++
		}
		if !bad && !worst.crossing || len(r.out.Features) >= 3000 {
			r.out.Cut = r.out.Cut || bad
			continue
		}
		said := p.said()
		said["role"], said["crossing"], said["have"], said["must"], said["breach"], said["along"] = "pipe", worst.crossing, rounded(worst.have, 3), worst.must, bad, rounded(worst.along, 1)
		r.draw(geometry(orb.LineString{{rounded(p.ALon, 7), rounded(p.ALat, 7)}, {rounded(p.BLon, 7), rounded(p.BLat, 7)}}), said)
	}
	houses := 0
	must, _ := planClearance(r.in.Class, r.in.Width, "building")
	must = max(must, r.in.Clear)
	box := boxAbout(r.in.Line, 30)
	low, high := c.flat.on(orb.Point{box.West, box.South}), c.flat.on(orb.Point{box.East, box.North})
	for t := range c.list {
		b := &c.list[t]
		if len(b.ring) == 0 || b.middle.X < low.X-200 || b.middle.X > high.X+200 || b.middle.Y < low.Y-200 || b.middle.Y > high.Y+200 {
			continue
		}
		have := math.Inf(1)
		for _, piece := range route {
			have = min(have, ringTo(b.ring, piece)-r.in.Width/2)
		}
		if have = max(0, have); have >= must {
			continue
		}
		houses++
		said := c.said(int32(t))
		said["role"], said["have"], said["must"], said["breach"] = "building", rounded(have, 2), must, true
		r.draw(geometry(c.flat.polygon(b.ring)), said)
	}
	line := orb.LineString{}
	for _, p := range r.in.Line {
		line = append(line, orb.Point(p))
	}
	r.draw(geometry(line), map[string]any{"role": "route", "class": r.in.Class})
	r.figure("length", long, "m")
	r.figure("pipes", float64(n), "")
	r.figure("crossings", float64(crossings), "")
	r.figure("breaches", float64(breaches), "")
	r.figure("buildings", float64(houses), "")
	ch := &AnalysisChart{Kind: "line", X: "metres", Y: "height", Series: []AnalysisSeries{{Code: "ground"}, {Code: "top"}, {Code: "bottom"}}}
	step := max(1, len(route)/150)
	for k := 0; k < len(route); k += step {
		z := route[k].From.Z
		ch.Labels = append(ch.Labels, fmt.Sprintf("%.0f", starts[k]))
		for i, v := range []float64{z + r.in.Depth + r.in.Width, z + r.in.Width, z} {
			ch.Series[i].Values = append(ch.Series[i].Values, rounded(v, 2))
		}
	}
	r.out.Chart = ch
	return nil
}

// ringTo is how far an outline is from a stretch on the plan, 0 where they meet.
func ringTo(ring []analysis.Spot, run analysis.Run) float64 {
	a, b := analysis.Spot{X: run.From.X, Y: run.From.Y}, analysis.Spot{X: run.To.X, Y: run.To.Y}
	if inSpots(ring, a.X, a.Y) || inSpots(ring, b.X, b.Y) {
		return 0
	}
	turn := func(p, q, s analysis.Spot) float64 { return (q.X-p.X)*(s.Y-p.Y) - (q.Y-p.Y)*(s.X-p.X) }
	best := math.Inf(1)
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		if turn(a, b, p)*turn(a, b, q) < 0 && turn(p, q, a)*turn(p, q, b) < 0 {
			return 0
		}
		best = min(best, spotTo(p, a, b), spotTo(a, p, q), spotTo(b, p, q))
	}
	return best
}
