package cim

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"shanzhi/core/httpapi"
	"shanzhi/core/parallel"
	"shanzhi/core/store"
	"shanzhi/systems/cim/analysis"
)

// pipeNet is the pipes of a class, joined at their wells. It never changes.
type pipeNet struct {
	net     *analysis.Net
	ids     []store.ID // of the wells, in order
	at      []orb.Point
	kinds   []uint8
	pipes   []store.ID // in order
	across  []float32  // metres
	metres  []float32
	own     []bool
	sources []int32 // of supply: where water comes in
	assumed bool    // no works is known: the ends of the largest mains

	mu    sync.Mutex
	among *cityScene // of which houses are
	house []int32    // of the wells: the building at which one lies, -1 none
}

// kinds of wells that a trace asks for
const (
	plainWell = iota
	valveWell
	tapWell     // where a house is joined: tap, lift
	outfallWell // where a drain ends: outfall, works
	pumpWell
	worksWell
)

var wellKinds = map[string]uint8{"valve": valveWell, "tap": tapWell, "lift": tapWell, "outfall": outfallWell, "works": outfallWell, "pump": pumpWell, "waterworks": worksWell}

type pipeCache struct {
	mu   sync.Mutex
	seq  string
	nets map[string]*pipeNet
}

// pipeNets are the nets by class, kept in memory until a pipe changes.
func (s *Service) pipeNets(ctx context.Context) (map[string]*pipeNet, error) {
	stamp, err := layerStamp(ctx, s.Store, Pipes)
	if err != nil {
		return nil, err
	}
	c := &s.reckoning.pipes
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.nets != nil && c.seq == stamp {
		return c.nets, nil
	}
	nets := map[string]*pipeNet{}
	of := func(class string) *pipeNet {
		n := nets[class]
		if n == nil {
			n = &pipeNet{}
			nets[class] = n
		}
		return n
	}
	rows, err := s.Store.Query(ctx, `SELECT id, class, kind, lon, lat FROM cim_well ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id store.ID
		var class, kind string
		var p orb.Point
		if err := rows.Scan(&id, &class, &kind, &p[0], &p[1]); err != nil {
			return nil, err
		}
		n := of(class)
		n.ids, n.at, n.kinds = append(n.ids, id), append(n.at, p), append(n.kinds, wellKinds[kind])
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	lines, err := s.Store.Query(ctx, `SELECT id, class, a, b, diameter, own FROM cim_pipe ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer lines.Close()
	ends := map[string][][2]int32{}
	for lines.Next() {
		var id, a, b store.ID
		var class string
		var d float64
		var own bool
		if err := lines.Scan(&id, &class, &a, &b, &d, &own); err != nil {
			return nil, err
		}
		n := of(class)
		i, iok := slices.BinarySearch(n.ids, a)
		j, jok := slices.BinarySearch(n.ids, b)
		if !iok || !jok {
			continue // it hangs in the air: the check of the data says so
		}
		f := flatAt(n.at[i][0], n.at[i][1]).on(n.at[j])
		ends[class] = append(ends[class], [2]int32{int32(i), int32(j)})
		n.pipes, n.across, n.own, n.metres = append(n.pipes, id), append(n.across, float32(d)), append(n.own, own), append(n.metres, float32(math.Hypot(f.X, f.Y)))
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	for class, n := range nets {
		n.net = analysis.NewNet(len(n.ids), ends[class])
		if class == "JS" {
			n.findSources(ends[class])
		}
	}
	c.nets, c.seq = nets, stamp
	return nets, nil
}

// findSources are the waterworks; where none is known, of each part that hangs together the node of
// its largest main with the least key.
func (n *pipeNet) findSources(ends [][2]int32) {
	for i, k := range n.kinds {
		if k == worksWell {
			n.sources = append(n.sources, int32(i))
		}
	}
	if len(n.sources) > 0 {
		return
	}
	n.assumed = true
	seen := make([]bool, len(n.ids))
	for i := range n.ids {
		if seen[i] {
			continue
		}
		nodes, pipes := n.net.Trace(int32(i), analysis.Both, nil)
		for _, k := range nodes {
			seen[k] = true
		}
		best, width := int32(i), float32(0)
		for _, p := range pipes {
			if w, e := n.across[p], min(ends[p][0], ends[p][1]); w > width || w == width && e < best {
				best, width = e, w
			}
		}
		n.sources = append(n.sources, best)
	}
	slices.Sort(n.sources)
}

func checkTrace(in *AnalysisInput) error {
	if in.At == nil {
		return invalidInput("at")
	}
	in.Way, in.Reach = cmp.Or(in.Way, "down"), min(cmp.Or(in.Reach, 60), 500)
	return nil
}

func checkBurst(in *AnalysisInput) error {
	if in.At == nil {
		return invalidInput("at")
	}
	in.Class, in.Reach = "JS", min(cmp.Or(in.Reach, 60), 500)
	return nil
}

// nearestPipe is the pipe of a class that is nearest to where somebody points, and its net.
func (r *analysisRun) nearestPipe(class string, road bool) (*pipeNet, int32, Pipe, error) {
	nets, err := r.pipeNets(r.ctx)
	if err != nil {
		return nil, 0, Pipe{}, err
	}
	list, err := r.PipesIn(r.ctx, r.Store, about(r.in.At[0], r.in.At[1], r.in.Reach), class, 20_000)
	if err != nil {
		return nil, 0, Pipe{}, err
	}
	best, far := -1, math.Inf(1)
	for i := range list {
		p := &list[i]
		d := metresTo(orb.LineString{{p.ALon, p.ALat}, {p.BLon, p.BLat}}, orb.Point(*r.in.At))
		if road && p.Own {
			d += 5 // a main rather than a house's own beside it
		}
		if d < far || d == far && p.ID < list[best].ID {
			best, far = i, d
		}
	}
	if best < 0 || far > r.in.Reach+5 {
		return nil, 0, Pipe{}, httpapi.Fail(http.StatusConflict, "analysis_no_pipe")
	}
	p := list[best]
	n := nets[p.Class]
	k, ok := slices.BinarySearch(n.pipes, p.ID)
	if !ok {
		return nil, 0, p, httpapi.Fail(http.StatusConflict, "analysis_moved")
	}
	return n, int32(k), p, nil
}

// mostPipesTold bounds the pipes that a result draws; its figures count all.
const mostPipesTold = 20_000

// tellPipes draws pipes as a shape for each diameter.
func (r *analysisRun) tellPipes(n *pipeNet, pipes []int32, role string) {
	metres := 0.0
	by := map[float32]orb.MultiLineString{}
	widths := map[float32]float64{}
	for i, p := range pipes {
		metres += float64(n.metres[p])
		widths[n.across[p]] += float64(n.metres[p])
		if i >= mostPipesTold {
			r.out.Cut = true
			continue
		}
		a, b := n.net.Ends(p)
		at := func(k int32) orb.Point { return orb.Point{rounded(n.at[k][0], 7), rounded(n.at[k][1], 7)} }
		by[n.across[p]] = append(by[n.across[p]], orb.LineString{at(a), at(b)})
	}
	order := make([]float32, 0, len(widths))
	for w := range widths {
		order = append(order, w)
	}
	slices.Sort(order)
	ch := &AnalysisChart{Kind: "bar", X: "diameter", Y: "metres", Labels: []string{}, Series: []AnalysisSeries{{Code: role, Values: []float64{}}}}
	for _, w := range order {
		if shape := by[w]; len(shape) > 0 {
			r.draw(geometry(shape), map[string]any{"role": role, "diameter": rounded(float64(w), 3), "pipes": len(shape), "metres": rounded(widths[w], 1)})
		}
		ch.Labels, ch.Series[0].Values = append(ch.Labels, diameterLabel(w)), append(ch.Series[0].Values, rounded(widths[w], 1))
	}
	r.out.Chart = ch
	r.figure("length", metres, "m")
}

func jsonNumber(v float64) string { raw, _ := json.Marshal(v); return string(raw) }

func diameterLabel(w float32) string {
	return "DN" + jsonInt(int(math.Round(float64(w)*1000)))
}

// affected are the buildings at which wells of houses lie.
func (r *analysisRun) affected(n *pipeNet, nodes []int32) error {
	c, err := r.cityScene(r.ctx)
	if err != nil {
		return err
	}
	house, taps := n.houses(c), 0
	found := map[int32]bool{}
	for _, k := range nodes {
		if n.kinds[k] == tapWell {
			taps++
		}
		if house[k] >= 0 {
			found[house[k]] = true
		}
	}
	r.figure("connections", float64(taps), "")
	order := make([]int32, 0, len(found))
	for t := range found {
		order = append(order, t)
	}
	slices.Sort(order)
	r.figure("buildings", float64(len(order)), "")
	for i, t := range order {
		if i >= 1000 {
			r.out.Cut = true
			break
		}
		said := c.said(t)
		said["role"] = "building"
		r.draw(geometry(c.flat.polygon(c.list[t].ring)), said)
	}
	return nil
}

// houses are the buildings at which the wells of houses lie, within twelve metres: found once of a city.
func (n *pipeNet) houses(c *cityScene) []int32 {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.among == c {
		return n.house
	}
	grid := c.grid()
	house := make([]int32, len(n.ids))
	parallel.Each(len(house), 256, func(k int) {
		house[k] = -1
		if n.kinds[k] != tapWell {
			return
		}
		at, far := c.flat.on(n.at[k]), 12.0
		grid.near(at, far, func(t int32) {
			b := &c.list[t]
			d := math.Inf(1)
			if inSpots(b.ring, at.X, at.Y) {
				d = 0
			}
			for i := range b.ring {
				d = min(d, spotTo(at, b.ring[i], b.ring[(i+1)%len(b.ring)]))
			}
			if d < far || d == far && t < house[k] {
				house[k], far = t, d
			}
		})
	})
	n.among, n.house = c, house
	return house
}

// buildingGrid finds buildings about a spot.
type buildingGrid struct {
	cell  float64
	cells map[[2]int32][]int32
}

func (c *cityScene) grid() *buildingGrid {
	c.gridOnce.Do(func() {
		g := &buildingGrid{cell: 60, cells: map[[2]int32][]int32{}}
		for t := range c.list {
			b := &c.list[t]
			if len(b.ring) == 0 {
				continue
			}
			low, high := b.ring[0], b.ring[0]
			for _, p := range b.ring {
				low, high = analysis.Spot{X: min(low.X, p.X), Y: min(low.Y, p.Y)}, analysis.Spot{X: max(high.X, p.X), Y: max(high.Y, p.Y)}
			}
			for y := math.Floor(low.Y / g.cell); y <= math.Floor(high.Y/g.cell); y++ {
				for x := math.Floor(low.X / g.cell); x <= math.Floor(high.X/g.cell); x++ {
					k := [2]int32{int32(x), int32(y)}
					g.cells[k] = append(g.cells[k], int32(t))
				}
			}
		}
		c.byCell = g
	})
	return c.byCell
}

func (g *buildingGrid) near(at analysis.Spot, reach float64, do func(t int32)) {
	for y := math.Floor((at.Y - reach) / g.cell); y <= math.Floor((at.Y+reach)/g.cell); y++ {
		for x := math.Floor((at.X - reach) / g.cell); x <= math.Floor((at.X+reach)/g.cell); x++ {
			for _, t := range g.cells[[2]int32{int32(x), int32(y)}] {
				do(t)
			}
		}
	}
}

// trace goes along the pipes from where somebody points: with the flow to where it ends, or
// against it to all that drains there.
func (r *analysisRun) trace() error {
	n, k, p, err := r.nearestPipe(r.in.Class, false)
	if err != nil {
		return err
	}
	a, b := n.net.Ends(k)
	way := map[string]analysis.Direction{"down": analysis.Down, "up": analysis.Up, "both": analysis.Both}[r.in.Way]
	if p.Class == "JS" {
		way = analysis.Both // under pressure: which way it flows is not known
	}
	from := b
	if way == analysis.Up {
		from = a
	}
	nodes, pipes := n.net.Trace(from, way, nil)
	if !slices.Contains(pipes, k) {
		pipes = append([]int32{k}, pipes...)
	}
	ends := 0
	for _, node := range nodes {
		if kind := n.kinds[node]; kind == outfallWell || kind == pumpWell {
			ends += int(b2f(kind == outfallWell))
			if ends <= 200 || kind == pumpWell {
				r.draw(pointOn(n.at[node]), map[string]any{"role": map[uint8]string{outfallWell: "outfall", pumpWell: "pump"}[kind], "id": n.ids[node].String()})
			}
		}
	}
	said := p.said()
	said["role"] = "start"
	r.draw(geometry(orb.LineString{{rounded(p.ALon, 7), rounded(p.ALat, 7)}, {rounded(p.BLon, 7), rounded(p.BLat, 7)}}), said)
	r.figure("pipes", float64(len(pipes)), "")
	r.figure("wells", float64(len(nodes)), "")
	r.figure("outfalls", float64(ends), "")
	r.tellPipes(n, pipes, "pipe")
	return r.affected(n, nodes)
}

// burst (爆管分析) shuts the valves about a broken main, and says who is without water then.
func (r *analysisRun) burst() error {
	n, k, p, err := r.nearestPipe("JS", true)
	if err != nil {
		return err
	}
	valve := func(node int32) bool { return n.kinds[node] == valveWell }
	out := n.net.Isolate(k, valve, n.sources)
	// What no source reached before it broke is not cut off by it.
	fed := make([]bool, len(n.ids))
	for _, s := range n.sources {
		if !fed[s] {
			nodes, _ := n.net.Trace(s, analysis.Both, nil)
			for _, x := range nodes {
				fed[x] = true
			}
		}
	}
	cut := slices.DeleteFunc(out.Cut, func(x int32) bool { return !fed[x] })
	for _, v := range out.Valves {
		r.draw(pointOn(n.at[v]), map[string]any{"role": "valve", "id": n.ids[v].String()})
	}
	said := p.said()
	said["role"] = "start"
	r.draw(geometry(orb.LineString{{rounded(p.ALon, 7), rounded(p.ALat, 7)}, {rounded(p.BLon, 7), rounded(p.BLat, 7)}}), said)
	r.figure("valves", float64(len(out.Valves)), "")
	r.figure("dry", float64(len(out.Dry)), "")
	r.figure("cut", float64(len(cut)), "")
	if n.assumed {
		r.figure("source_assumed", 1, "yes")
	}
	r.tellPipes(n, out.Dry, "dry")
	// A tap at the end of a dry pipe has none, and so has what is cut off.
	dryEnds := append([]int32{}, cut...)
	for _, d := range out.Dry {
		a, b := n.net.Ends(d)
		dryEnds = append(dryEnds, a, b)
	}
	slices.Sort(dryEnds)
	return r.affected(n, slices.Compact(dryEnds))
}

// roadNet is the roads, joined where their ends meet.
type roadNet struct {
	flat  flat
	nodes []analysis.Spot
	roads []roadOf
	at    [][]int32 // roads of a node
}

type roadOf struct {
	a, b   int32
	line   []analysis.Spot
	metres float64
	class  string
}

type roadCache struct {
	mu  sync.Mutex
	seq string
	net *roadNet
}

func (s *Service) roadNet(ctx context.Context) (*roadNet, error) {
	stamp, err := layerStamp(ctx, s.Store, Roads)
	if err != nil {
		return nil, err
	}
	c := &s.reckoning.roads
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.net != nil && c.seq == stamp {
		return c.net, nil
	}
	things, err := thingsBy(ctx, s.Store, `t.layer = ? ORDER BY t.id`, layerNumbers[Roads])
	if err != nil {
		return nil, err
	}
	if len(things) == 0 {
		return nil, httpapi.Fail(http.StatusConflict, "tileset_empty")
	}
	first := things[0].Shape.Bound().Center()
	n := &roadNet{flat: flatAt(first[0], first[1])}
	found := map[[2]int64]int32{}
	node := func(p orb.Point) int32 { // ends within a centimetre are one
		k := [2]int64{int64(math.Round(p[0] * 1e7)), int64(math.Round(p[1] * 1e7))}
		i, ok := found[k]
		if !ok {
			i = int32(len(n.nodes))
			found[k], n.nodes, n.at = i, append(n.nodes, n.flat.on(p)), append(n.at, nil)
		}
		return i
	}
	for i := range things {
		line, ok := things[i].Shape.(orb.LineString)
		if !ok {
			continue
		}
		x := roadOf{a: node(line[0]), b: node(line[len(line)-1]), class: things[i].Class}
		for k, p := range line {
			x.line = append(x.line, n.flat.on(p))
			if k > 0 {
				x.metres += math.Hypot(x.line[k].X-x.line[k-1].X, x.line[k].Y-x.line[k-1].Y)
			}
		}
		k := int32(len(n.roads))
		n.roads = append(n.roads, x)
		n.at[x.a] = append(n.at[x.a], k)
		n.at[x.b] = append(n.at[x.b], k)
	}
	c.net, c.seq = n, stamp
	return n, nil
}

// speeds along roads, metres a minute
func speedOf(mode, class string) float64 {
	switch mode {
	case "walk":
		return 80 // 4.8 km/h
	case "cycle":
		return 220
	}
	return map[string]float64{"arterial": 750, "secondary": 500}[class] + map[bool]float64{true: 0, false: 330}[class == "arterial" || class == "secondary"]
}

// reach is what of the roads can be reached: of each road the cost at its ends, and the whole cost
// that may be spent. Costs are minutes, or metres where nobody asks for time.
type reached struct {
	cost  []float64 // of the nodes
	entry int32     // the road that one begins on
	part  float64
	walk  float64 // cost from the point to it
}

func (n *roadNet) reach(at analysis.Spot, most float64, pace func(*roadOf) float64) (reached, bool) {
	out := reached{entry: -1, cost: make([]float64, len(n.nodes))}
	for i := range out.cost {
		out.cost[i] = math.Inf(1)
	}
	far := 500.0
	var along float64
	for k := range n.roads {
		x := &n.roads[k]
		sum := 0.0
		for i := range x.line[1:] {
			a, b := x.line[i], x.line[i+1]
			long := math.Hypot(b.X-a.X, b.Y-a.Y)
			if d := spotTo(at, a, b); d < far {
				t := 0.0
				if long > 0 {
					t = min(max(((at.X-a.X)*(b.X-a.X)+(at.Y-a.Y)*(b.Y-a.Y))/(long*long), 0), 1)
				}
				far, out.entry, along = d, int32(k), sum+t*long
			}
			sum += long
		}
	}
	if out.entry < 0 {
		return out, false
	}
	entry := &n.roads[out.entry]
	out.part = along / max(entry.metres, 1e-9)
	out.walk = far * pace(&roadOf{class: "local"})
	type step struct {
		node int32
		cost float64
	}
	var heap []step
	push := func(s step) {
		if s.cost >= out.cost[s.node] || s.cost > most {
			return
		}
		out.cost[s.node] = s.cost
		heap = append(heap, s)
		for i := len(heap) - 1; i > 0 && heap[i].cost < heap[(i-1)/2].cost; i = (i - 1) / 2 {
			heap[i], heap[(i-1)/2] = heap[(i-1)/2], heap[i]
		}
	}
	push(step{entry.a, out.walk + along*pace(entry)})
	push(step{entry.b, out.walk + (entry.metres-along)*pace(entry)})
	for len(heap) > 0 {
		s := heap[0]
		last := len(heap) - 1
		heap[0] = heap[last]
		heap = heap[:last]
		for i := 0; ; {
			k := 2*i + 1
			if k >= last {
				break
			}
			if k+1 < last && heap[k+1].cost < heap[k].cost {
				k++
			}
			if heap[i].cost <= heap[k].cost {
				break
			}
			heap[i], heap[k] = heap[k], heap[i]
			i = k
		}
		if s.cost > out.cost[s.node] {
			continue
		}
		for _, k := range n.at[s.node] {
			x := &n.roads[k]
			next := x.a + x.b - s.node
			push(step{next, s.cost + x.metres*pace(x)})
		}
	}
	return out, true
}

// parts of a road that can be reached with so much: from its beginning so far, and from its end.
func (n *roadNet) parts(o *reached, k int32, most float64, pace func(*roadOf) float64) [][2]float64 {
	x := &n.roads[k]
	rate := pace(x)
	var out [][2]float64
	if left := most - o.cost[x.a]; left > 0 {
		out = append(out, [2]float64{0, min(1, left/max(rate*x.metres, 1e-9))})
	}
	if left := most - o.cost[x.b]; left > 0 {
		out = append(out, [2]float64{max(0, 1-left/max(rate*x.metres, 1e-9)), 1})
	}
	if k == o.entry && o.walk < most {
		d := (most - o.walk) / max(rate*x.metres, 1e-9)
		out = append(out, [2]float64{max(0, o.part-d), min(1, o.part+d)})
	}
	slices.SortFunc(out, func(a, b [2]float64) int { return cmp.Compare(a[0], b[0]) })
	merged := out[:0]
	for _, p := range out {
		if m := len(merged); m > 0 && p[0] <= merged[m-1][1] {
			merged[m-1][1] = max(merged[m-1][1], p[1])
		} else {
			merged = append(merged, p)
		}
	}
	return merged
}

// piece of a road between two parts of its length.
func (x *roadOf) piece(from, to float64) (out []analysis.Spot) {
	a, b, sum := from*x.metres, to*x.metres, 0.0
	for i := range x.line[1:] {
		p, q := x.line[i], x.line[i+1]
		long := math.Hypot(q.X-p.X, q.Y-p.Y)
		lo, hi := max(a, sum), min(b, sum+long)
		if hi > lo || hi == lo && len(out) == 0 && hi >= a && long > 0 {
			at := func(v float64) analysis.Spot {
				t := (v - sum) / long
				return analysis.Spot{X: p.X + t*(q.X-p.X), Y: p.Y + t*(q.Y-p.Y)}
			}
			if len(out) == 0 {
				out = append(out, at(lo))
			}
			out = append(out, at(hi))
		}
		sum += long
	}
	return out
}

func checkIsochrone(in *AnalysisInput) error {
	if in.At == nil {
		return invalidInput("at")
	}
	in.Minutes, in.Mode = cmp.Or(in.Minutes, 15), cmp.Or(in.Mode, "walk")
	if in.Minutes > 60 || in.Mode == "drive" && in.Minutes > 30 {
		return httpapi.FailField("minutes", "invalid")
	}
	in.Cell = 25
	return nil
}

// isochrone is how far one comes along the roads in a third, two thirds and all of the time.
func (r *analysisRun) isochrone() error {
	pace := func(x *roadOf) float64 { return 1 / speedOf(r.in.Mode, x.class) }
	m := r.in.Minutes
	return r.alongRoads([]float64{m, m * 2 / 3, m / 3}, pace, "minutes")
}

func (r *analysisRun) alongRoads(bands []float64, pace func(*roadOf) float64, unit string) error {
	n, err := r.roadNet(r.ctx)
	if err != nil {
		return err
	}
	at := n.flat.on(orb.Point(*r.in.At))
	o, ok := n.reach(at, bands[0], pace)
	if !ok {
		return httpapi.Fail(http.StatusConflict, "analysis_no_road")
	}
	ch := &AnalysisChart{Kind: "bar", X: unit, Y: "metres", Labels: []string{}, Series: []AnalysisSeries{{Code: "roads", Values: []float64{}}}}
	const beside = 50.0 // what a road opens on each side, metres
	var inner []bool
	for k, most := range bands {
		if err := r.tell(k, len(bands)); err != nil {
			return err
		}
		var lines [][]analysis.Spot
		metres := 0.0
		low, high := analysis.Spot{X: at.X, Y: at.Y}, analysis.Spot{X: at.X, Y: at.Y}
		for i := range n.roads {
			for _, p := range n.parts(&o, int32(i), most, pace) {
				line := n.roads[i].piece(p[0], p[1])
				if len(line) < 2 {
					continue
				}
				metres += (p[1] - p[0]) * n.roads[i].metres
				lines = append(lines, line)
				for _, s := range line {
					low, high = analysis.Spot{X: min(low.X, s.X), Y: min(low.Y, s.Y)}, analysis.Spot{X: max(high.X, s.X), Y: max(high.Y, s.Y)}
				}
			}
		}
		set, columns, rows := besideLines(lines, low, high, r.in.Cell, beside)
		west, south := low.X-beside-r.in.Cell, low.Y-beside-r.in.Cell
		cells := 0
		for _, yes := range set {
			cells += int(b2f(yes))
		}
		r.drawRaster(n.flat, set, columns, rows, west, south, r.in.Cell, map[string]any{"role": "reached", unit: rounded(most, 2), "metres": rounded(metres, 0), "area": float64(cells) * r.in.Cell * r.in.Cell})
		ch.Labels, ch.Series[0].Values = append(ch.Labels, jsonNumber(rounded(most, 1))), append(ch.Series[0].Values, rounded(metres, 0))
		if k == 0 {
			r.figure("roads", metres, "m")
			r.figure("area", float64(cells)*r.in.Cell*r.in.Cell, "m²")
			inner = set
			if err := r.countIn(n.flat, func(s analysis.Spot) bool {
				x, y := int((s.X-west)/r.in.Cell), int((s.Y-south)/r.in.Cell)
				return s.X >= west && s.Y >= south && x < columns && y < rows && inner[y*columns+x]
			}); err != nil {
				return err
			}
			shape := orb.MultiLineString{}
			for i, l := range lines {
				if i >= mostPipesTold {
					r.out.Cut = true
					break
				}
				one := orb.LineString{}
				for _, s := range l {
					one = append(one, n.flat.off(s))
				}
				shape = append(shape, one)
			}
			r.draw(geometry(shape), map[string]any{"role": "roads"})
		}
	}
	slices.Reverse(ch.Labels)
	slices.Reverse(ch.Series[0].Values)
	r.draw(pointOn(orb.Point(*r.in.At)), map[string]any{"role": "point"})
	r.out.Chart = ch
	return nil
}

// besideLines are the cells whose middle is no farther than so many metres from one of the lines.
func besideLines(lines [][]analysis.Spot, low, high analysis.Spot, cell, metres float64) (set []bool, columns, rows int) {
	west, south := low.X-metres-cell, low.Y-metres-cell
	columns, rows = int((high.X+metres-west)/cell)+2, int((high.Y+metres-south)/cell)+2
	set = make([]bool, columns*rows)
	for _, l := range lines {
		for i := range l[1:] {
			a, b := l[i], l[i+1]
			x0, x1 := int((min(a.X, b.X)-metres-west)/cell), int((max(a.X, b.X)+metres-west)/cell)
			y0, y1 := int((min(a.Y, b.Y)-metres-south)/cell), int((max(a.Y, b.Y)+metres-south)/cell)
			for y := max(0, y0); y <= min(rows-1, y1); y++ {
				for x := max(0, x0); x <= min(columns-1, x1); x++ {
					if k := y*columns + x; !set[k] && spotTo(analysis.Spot{X: west + (float64(x)+0.5)*cell, Y: south + (float64(y)+0.5)*cell}, a, b) <= metres {
						set[k] = true
					}
				}
			}
		}
	}
	return set, columns, rows
}

// countIn counts the buildings whose middle lies in an area, by use.
func (r *analysisRun) countIn(f flat, in func(analysis.Spot) bool) error {
	c, err := r.cityScene(r.ctx)
	if err != nil {
		return err
	}
	n, ground := 0, 0.0
	uses := map[string]float64{}
	for i := range c.list {
		b := &c.list[i]
		if in(f.on(c.flat.off(b.middle))) {
			n++
			ground += spotsArea(b.ring)
			uses[b.class]++
		}
	}
	r.figure("buildings", float64(n), "")
	r.figure("footprint", ground, "m²")
	for _, use := range slices.Sorted(maps.Keys(uses)) {
		r.figure("use_"+use, uses[use], "")
	}
	return nil
}

func checkBuffer(in *AnalysisInput) error {
	if in.At == nil && len(in.Line) < 2 && len(in.Polygon) < 3 {
		return invalidInput("at")
	}
	in.Reach = cmp.Or(in.Reach, 500)
	in.Cell = max(2, math.Ceil(in.Reach/60))
	if in.ByRoads && in.At == nil {
		return invalidInput("at")
	}
	if in.ByRoads {
		in.Cell = 25
	}
	if b := boxAbout(append(slices.Clone(in.Line), in.Polygon...), 0); len(in.Line)+len(in.Polygon) > 0 && (b.East-b.West > 0.2 || b.North-b.South > 0.2) {
		return httpapi.FailField("line", "invalid")
	}
	return nil
}

// buffer is what lies within so many metres.
func (r *analysisRun) buffer() error {
	if r.in.ByRoads {
		return r.alongRoads([]float64{r.in.Reach, r.in.Reach * 2 / 3, r.in.Reach / 3}, func(*roadOf) float64 { return 1 }, "metres")
	}
	var lines [][]analysis.Spot
	var area []analysis.Spot
	var f flat
	switch {
	case len(r.in.Polygon) >= 3:
		f = flatAt(r.in.Polygon[0][0], r.in.Polygon[0][1])
		area = f.ring(r.in.Polygon)
		lines = append(lines, append(slices.Clone(area), area[0]))
	case len(r.in.Line) >= 2:
		f = flatAt(r.in.Line[0][0], r.in.Line[0][1])
		lines = append(lines, f.ring(r.in.Line))
	default:
		f = flatAt(r.in.At[0], r.in.At[1])
		lines = append(lines, []analysis.Spot{{}, {}})
	}
	distance := func(s analysis.Spot) float64 {
		if area != nil && inSpots(area, s.X, s.Y) {
			return 0
		}
		d := math.Inf(1)
		for i := range lines[0][1:] {
			d = min(d, spotTo(s, lines[0][i], lines[0][i+1]))
		}
		return d
	}
	low, high := lines[0][0], lines[0][0]
	for _, s := range lines[0] {
		low, high = analysis.Spot{X: min(low.X, s.X), Y: min(low.Y, s.Y)}, analysis.Spot{X: max(high.X, s.X), Y: max(high.Y, s.Y)}
	}
	covered := 0.0
	if len(lines[0]) == 2 && lines[0][0] == lines[0][1] { // a circle is drawn as one
		ring := make([]analysis.Spot, 72)
		for i := range ring {
			sin, cos := math.Sincos(float64(i) / 72 * 2 * math.Pi)
			ring[i] = analysis.Spot{X: r.in.Reach * cos, Y: r.in.Reach * sin}
		}
		r.draw(geometry(f.polygon(ring)), map[string]any{"role": "buffer", "metres": r.in.Reach})
		covered = math.Pi * r.in.Reach * r.in.Reach
	} else {
		west, south := low.X-r.in.Reach-r.in.Cell, low.Y-r.in.Reach-r.in.Cell
		columns, rows := int((high.X-low.X+2*r.in.Reach)/r.in.Cell)+3, int((high.Y-low.Y+2*r.in.Reach)/r.in.Cell)+3
		set := make([]bool, columns*rows)
		for i := range set {
			if i%(columns*64) == 0 {
				if err := r.tell(i, len(set)); err != nil {
					return err
				}
			}
			if set[i] = distance(analysis.Spot{X: west + (float64(i%columns)+0.5)*r.in.Cell, Y: south + (float64(i/columns)+0.5)*r.in.Cell}) <= r.in.Reach; set[i] {
				covered += r.in.Cell * r.in.Cell
			}
		}
		r.drawRaster(f, set, columns, rows, west, south, r.in.Cell, map[string]any{"role": "buffer", "metres": r.in.Reach})
	}
	r.figure("area", covered, "m²")
	c, err := r.cityScene(r.ctx)
	if err != nil {
		return err
	}
	bins := make([]float64, 5)
	for i := range c.list {
		if d := distance(f.on(c.flat.off(c.list[i].middle))); d <= r.in.Reach {
			bins[min(int(d/r.in.Reach*5), 4)]++
		}
	}
	if err := r.countIn(f, func(s analysis.Spot) bool { return distance(s) <= r.in.Reach }); err != nil {
		return err
	}
	box := boxAbout(slices.Concat(r.in.points("at"), r.in.Line, r.in.Polygon), r.in.Reach)
	for _, l := range []Layer{Parcels, Stations} {
		list, err := r.ThingsIn(r.ctx, r.Store, l, box, 50_000)
		if err != nil {
			return err
		}
		n := 0
		for i := range list {
			if distance(f.on(list[i].Shape.Bound().Center())) <= r.in.Reach {
				n++
			}
		}
		r.figure(string(l)+"s", float64(n), "")
	}
	ch := &AnalysisChart{Kind: "bar", X: "metres", Y: "buildings", Series: []AnalysisSeries{{Code: "buildings", Values: bins}}}
	for i := range bins {
		ch.Labels = append(ch.Labels, jsonNumber(rounded(r.in.Reach*float64(i)/5, 0))+"–"+jsonNumber(rounded(r.in.Reach*float64(i+1)/5, 0)))
	}
	r.out.Chart = ch
	return nil
}
