package cim

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"time"

	"github.com/paulmach/orb"

	"shanzhi/core/httpapi"
	"shanzhi/core/parallel"
	"shanzhi/core/store"
	"shanzhi/systems/cim/analysis"
	"shanzhi/systems/cim/tiles"
)

var standardDays = map[string]analysis.StandardDay{analysis.GreatCold.Name: analysis.GreatCold, analysis.WinterSolstice.Name: analysis.WinterSolstice}

func checkSunlight(in *AnalysisInput) error {
	if in.Building == 0 && len(in.Polygon) < 3 && in.Plan == nil {
		return invalidInput("building")
	}
	if _, ok := standardDays[in.Day]; !ok {
		return httpapi.FailField("day", "invalid")
	}
	if in.Minutes == 0 {
		in.Minutes = 1 // the steps of GB/T 50947-2014
		if in.Building == 0 && len(in.Polygon) > 0 {
			in.Minutes = 10
		}
	}
	if in.Minutes < 1 || in.Minutes > 30 {
		return httpapi.FailField("minutes", "invalid")
	}
	return nil
}

// The window of a dwelling is reckoned at its sill, 0.9 m over the floor, on the outside of the
// wall (GB 50180-2018, 4.0.9).
const (
	sill    = 0.9
	outside = 0.05 // metres before the wall
	storey  = 3.0  // of what has no floors
)

// lit is a unit, or a storey of a wall, whose sunlight is asked.
type lit struct {
	of      int32 // the building; the number after the last is what is planned
	code    string
	floor   int
	use     string
	ring    []analysis.Spot
	windows [2]int // in the list of all
}

// windowsOf are the places before the walls that a ring has to the open: what looks into its own floor
// is no window.
func windowsOf(ring []analysis.Spot, floor [][]analysis.Spot, own int, z float64, put func(analysis.Window)) {
	turn := 1.0
	sum := 0.0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += p.X*q.Y - q.X*p.Y
	}
	if sum < 0 {
		turn = -1
	}
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		long := math.Hypot(q.X-p.X, q.Y-p.Y)
		if long < 0.6 {
			continue
		}
		n := analysis.Vec{X: turn * (q.Y - p.Y) / long, Y: -turn * (q.X - p.X) / long}
		mx, my := (p.X+q.X)/2, (p.Y+q.Y)/2
		inner := false
		for k, other := range floor {
			if k != own && inSpots(other, mx+0.3*n.X, my+0.3*n.Y) {
				inner = true
				break
			}
		}
		if !inner {
			put(analysis.Window{At: analysis.Vec{X: mx + outside*n.X, Y: my + outside*n.Y, Z: z}, Normal: n})
		}
	}
}

func spotsOf(f flat, outline []tiles.Place) []analysis.Spot {
	out := make([]analysis.Spot, len(outline))
	for i, p := range outline {
		out[i] = f.on(orb.Point{p.Lon, p.Lat})
	}
	return out
}

// litOf are the units of a building, or the storeys of its walls where no units are known.
func litOf(c *cityScene, of int32, body *Body) (list []lit, windows []analysis.Window) {
	put := func(w analysis.Window) { windows = append(windows, w) }
	if body == nil || len(body.Units) == 0 {
		b := &c.list[of]
		for k := 0; ; k++ {
			z := b.low + float64(k)*storey
			if k > 0 && z+storey > b.high+0.5 || k > 200 {
				return list, windows
			}
			at := len(windows)
			windowsOf(b.ring, nil, -1, z+sill, put)
			list = append(list, lit{of, b.code, k + 1, b.class, b.ring, [2]int{at, len(windows)}})
		}
	}
	floors := map[int16][][]analysis.Spot{}
	for _, f := range body.Floors {
		floors[f.Feature.Floor] = append(floors[f.Feature.Floor], spotsOf(c.flat, f.Outline))
	}
	rings := make([][]analysis.Spot, len(body.Units))
	own := make([]int, len(body.Units))
	for i, u := range body.Units {
		rings[i] = spotsOf(c.flat, u.Outline)
		own[i] = len(floors[u.Feature.Floor])
		floors[u.Feature.Floor] = append(floors[u.Feature.Floor], rings[i])
	}
	for i, u := range body.Units {
		if u.Feature.Floor < 0 {
			continue // below the ground nothing is asked
		}
		at := len(windows)
		windowsOf(rings[i], floors[u.Feature.Floor], own[i], u.From+sill, put)
		list = append(list, lit{of, u.Feature.Code, int(u.Feature.Floor), u.Feature.Use, rings[i], [2]int{at, len(windows)}})
	}
	return list, windows
}

// sunlight is the hours of each unit: those of its best window.
func (r *analysisRun) sunlight() error {
	c, err := r.cityScene(r.ctx)
	if err != nil {
		return err
	}
	var targets []int32
	near := func() (at analysis.Spot, reach float64) { // what all targets lie within
		low, high := analysis.Spot{X: math.Inf(1), Y: math.Inf(1)}, analysis.Spot{X: math.Inf(-1), Y: math.Inf(-1)}
		for _, t := range targets {
			m := c.list[t].middle
			low, high = analysis.Spot{X: min(low.X, m.X), Y: min(low.Y, m.Y)}, analysis.Spot{X: max(high.X, m.X), Y: max(high.Y, m.Y)}
		}
		return analysis.Spot{X: (low.X + high.X) / 2, Y: (low.Y + high.Y) / 2}, max(high.X-low.X, high.Y-low.Y)/2 + 2000
	}
	area := c.flat.ring(r.in.Polygon)
	for i := range c.list {
		b := &c.list[i]
		if r.in.Building != 0 && b.id == r.in.Building || len(area) > 0 && inSpots(area, b.middle.X, b.middle.Y) {
			targets = append(targets, int32(i))
		}
	}
	var plan analysis.Prism
	if r.in.Plan != nil {
		plan, _ = c.planned(r.in.Plan)
	}
	onlyPlan := len(targets) == 0
	if onlyPlan && r.in.Plan == nil {
		return httpapi.Fail(http.StatusConflict, "analysis_nothing")
	}
	var list []lit
	var windows []analysis.Window
	take := func(t int32, b *Body) {
		l, w := litOf(c, t, b)
		for i := range l {
			l[i].windows[0] += len(windows)
			l[i].windows[1] += len(windows)
		}
		list, windows = append(list, l...), append(windows, w...)
	}
	if onlyPlan { // its own walls
		for k := 0; float64(k)*storey+storey <= r.in.Plan.Height+0.5; k++ {
			at := len(windows)
			windowsOf(plan.Ring, nil, -1, plan.From+float64(k)*storey+sill, func(w analysis.Window) { windows = append(windows, w) })
			list = append(list, lit{int32(len(c.list)), "", k + 1, "", plan.Ring, [2]int{at, len(windows)}})
		}
	} else if err := r.bodiesOf(c, targets, take); err != nil {
		return err
	}
	day := standardDays[r.in.Day]
	scenes := []*analysis.Scene{c.scene}
	if r.in.Plan != nil {
		at, reach := analysis.Spot{}, 0.0
		if onlyPlan {
			at, reach = plan.Ring[0], 2000
		} else {
			at, reach = near()
		}
		with := c.with(plan, at, reach)
		if onlyPlan {
			scenes = scenes[:0]
		}
		scenes = append(scenes, with)
	}
	middle := c.flat.off(analysis.Spot{})
	if !onlyPlan && len(targets) == 1 {
		middle = c.flat.off(c.list[targets[0]].middle)
	}
	sky := analysis.NewSky(day, r.in.Year, middle[0], middle[1], r.in.Minutes)
	results := make([][]analysis.Sunlight, len(scenes))
	const piece = 4096
	for k, scene := range scenes {
		results[k] = make([]analysis.Sunlight, len(windows))
		for from := 0; from < len(windows); from += piece {
			if err := r.tell(k*len(windows)+from, len(scenes)*len(windows)); err != nil {
				return err
			}
			n := min(piece, len(windows)-from)
			parallel.Each(n, 64, func(i int) {
				w := &windows[from+i]
				results[k][from+i] = scene.Sunlight(sky, w.At, w.Normal)
			})
		}
	}
	best := func(k int, l *lit) (out analysis.Sunlight, bearing float64) {
		for i := l.windows[0]; i < l.windows[1]; i++ {
			if s := results[k][i]; s.Total > out.Total || i == l.windows[0] {
				out, bearing = s, math.Mod(math.Atan2(windows[i].Normal.X, windows[i].Normal.Y)*180/math.Pi+360, 360)
			}
		}
		return out, bearing
	}
	bins := make([][]float64, len(scenes))
	below, lost, dwellings, dwellingsBelow := make([]int, len(scenes)), 0, 0, 0
	type house struct {
		units, below int
		least, sum   float64
	}
	houses := map[int32]*house{}
	wide := len(list) > mostUnitsTold
	for k := range scenes {
		bins[k] = make([]float64, 9)
	}
	for i := range list {
		l := &list[i]
		var hours [2]float64
		said := map[string]any{"role": "unit", "code": l.code, "floor": l.floor, "use": l.use}
		for k := range scenes {
			s, bearing := best(k, l)
			hours[k] = s.Total
			bins[k][min(int(s.Total), 8)]++
			if s.Total < r.in.Hours-1e-9 {
				below[k]++
			}
			suffix := [2]string{"", "_planned"}[k]
			said["hours"+suffix], said["longest"+suffix], said["from"+suffix] = rounded(s.Total, 2), rounded(s.Longest, 2), rounded(s.From, 2)
			if k == 0 {
				said["bearing"], said["windows"], said["enough"] = math.Round(bearing), l.windows[1]-l.windows[0], s.Total >= r.in.Hours-1e-9
			}
		}
		if l.use == "flat" || l.use == "estate" || l.use == "village" {
			dwellings++
			if hours[0] < r.in.Hours-1e-9 {
				dwellingsBelow++
			}
		}
		if len(scenes) == 2 && hours[0] >= r.in.Hours-1e-9 && hours[1] < r.in.Hours-1e-9 {
			lost++
			said["lost"] = true
		}
		h := houses[l.of]
		if h == nil {
			h = &house{least: math.Inf(1)}
			houses[l.of] = h
		}
		h.units++
		h.sum += hours[0]
		h.least = min(h.least, hours[0])
		if hours[0] < r.in.Hours-1e-9 {
			h.below++
		}
		if !wide {
			r.draw(geometry(c.flat.polygon(l.ring)), said)
		}
	}
	if wide {
		r.out.Cut = true
		for _, t := range targets {
			if h := houses[t]; h != nil {
				said := c.said(t)
				said["role"], said["units"], said["below"], said["least"], said["mean"] = "building", h.units, h.below, rounded(h.least, 2), rounded(h.sum/float64(h.units), 2)
				r.draw(geometry(c.flat.polygon(c.list[t].ring)), said)
			}
		}
	}
	if r.in.Plan != nil {
		r.draw(geometry(c.flat.polygon(plan.Ring)), map[string]any{"role": "plan", "height": r.in.Plan.Height})
	}
	season := day.In(r.in.Year, middle[0])
	r.figure("units", float64(len(list)), "")
	r.figure("windows", float64(len(windows)), "")
	r.figure("below", float64(below[0]), "")
	r.figure("share_below", 100*float64(below[0])/float64(max(1, len(list))), "%")
	if dwellings > 0 {
		r.figure("dwellings", float64(dwellings), "")
		r.figure("dwellings_below", float64(dwellingsBelow), "")
	}
	if len(scenes) == 2 {
		r.figure("below_planned", float64(below[1]), "")
		r.figure("lost", float64(lost), "")
	}
	r.figure("noon_height", season.At(middle[1], 12).Height, "°")
	// When it is noon by the sun the clock here says 12:00 + this.
	r.figure("clock_ahead", 60*(8-middle[0]/15)-season.Equation, "min")
	ch := &AnalysisChart{Kind: "bar", X: "hours", Y: "units"}
	for i := range 9 {
		ch.Labels = append(ch.Labels, fmt.Sprintf("%d–%d", i, i+1))
	}
	ch.Labels[8] = "8"
	for k := range scenes {
		code := [2]string{"now", "planned"}[k]
		if onlyPlan {
			code = "planned"
		}
		ch.Series = append(ch.Series, AnalysisSeries{code, bins[k]})
	}
	r.out.Chart = ch
	return nil
}

// mostUnitsTold bounds the units that a result tells one by one; beyond it buildings are told.
const mostUnitsTold = 20_000

// bodiesOf gives the bodies of buildings in their order; nil where only a footprint is known.
func (r *analysisRun) bodiesOf(c *cityScene, targets []int32, take func(t int32, b *Body)) error {
	if len(targets) <= 300 {
		for _, t := range targets {
			raw, err := bodyOf(r.ctx, r.Store, c.list[t].id)
			if err != nil {
				return err
			}
			if raw == nil {
				take(t, nil)
				continue
			}
			b, err := unpackBody(raw)
			if err != nil {
				return err
			}
			take(t, &b)
		}
		return nil
	}
	at := make(map[store.ID]int32, len(targets))
	for _, t := range targets {
		at[c.list[t].id] = t
	}
	rows, err := r.Store.Query(r.ctx, `SELECT thing, body FROM cim_body WHERE deep = ? ORDER BY thing`, true)
	if err != nil {
		return err
	}
	defer rows.Close()
	n := 0
	for rows.Next() { // of many, those alone whose units are known
		var id store.ID
		var raw []byte
		if err := rows.Scan(&id, &raw); err != nil {
			return err
		}
		t, ok := at[id]
		if !ok {
			continue
		}
		b, err := unpackBody(raw)
		if err != nil {
			return err
		}
		take(t, &b)
		n++
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if n == 0 {
		return httpapi.Fail(http.StatusConflict, "analysis_nothing")
	}
	return nil
}

func checkShadow(in *AnalysisInput) error {
	if in.At == nil && in.Building == 0 && in.Plan == nil {
		return invalidInput("at")
	}
	if _, err := time.Parse(time.RFC3339, in.When); err != nil {
		return httpapi.FailField("when", "invalid")
	}
	in.Reach = min(cmp.Or(in.Reach, 200), 1000)
	return nil
}

// shadow draws what is darkened at an instant, on the level of each building's own ground.
func (r *analysisRun) shadow() error {
	c, err := r.cityScene(r.ctx)
	if err != nil {
		return err
	}
	when, err := time.Parse(time.RFC3339, r.in.When)
	if err != nil {
		return err
	}
	var centre analysis.Spot
	var targets []int32
	for i := range c.list {
		b := &c.list[i]
		if r.in.Building != 0 && b.id == r.in.Building {
			targets = append(targets, int32(i))
			centre = b.middle
		}
	}
	if r.in.At != nil {
		centre = c.flat.on(orb.Point(*r.in.At))
		for i := range c.list {
			if b := &c.list[i]; b.id != r.in.Building && math.Hypot(b.middle.X-centre.X, b.middle.Y-centre.Y) <= r.in.Reach {
				targets = append(targets, int32(i))
			}
		}
	}
	if r.in.Plan != nil && r.in.At == nil && r.in.Building == 0 {
		centre = c.flat.ring(r.in.Plan.Outline)[0]
	}
	place := c.flat.off(centre)
	sun := analysis.SunAt(when, place[0], place[1])
	r.figure("sun_height", sun.Height, "°")
	r.figure("sun_bearing", sun.Bearing, "°")
	r.figure("solar_time", analysis.SolarHours(when, place[0]), "h")
	r.figure("buildings", float64(len(targets)), "")
	if sun.Height > 0 {
		r.figure("length_per_metre", 1/math.Tan(sun.Height*math.Pi/180), "m")
	}
	total := 0.0
	cast := func(p analysis.Prism, ground float64, said map[string]any) {
		ring := analysis.Shadow(p, sun, ground)
		if len(ring) < 3 {
			return
		}
		said["role"], said["area"] = "shadow", rounded(spotsArea(ring), 1)
		total += spotsArea(ring)
		if len(r.out.Features) >= 5000 {
			r.out.Cut = true
			return
		}
		r.draw(geometry(c.flat.polygon(ring)), said)
	}
	for _, t := range targets {
		b := &c.list[t]
		for _, p := range c.prisms[b.from:b.to] {
			cast(p, b.low, c.said(t))
		}
	}
	if r.in.Plan != nil {
		p, foot := c.planned(r.in.Plan)
		cast(p, foot, map[string]any{"plan": true, "height": r.in.Plan.Height})
		r.draw(geometry(c.flat.polygon(p.Ring)), map[string]any{"role": "plan", "height": r.in.Plan.Height})
	}
	for _, t := range targets {
		if len(r.out.Features) < 8000 && len(c.list[t].ring) > 0 {
			said := c.said(t)
			said["role"] = "building"
			r.draw(geometry(c.flat.polygon(c.list[t].ring)), said)
		}
	}
	r.figure("shaded", total, "m²") // each by itself: where two meet it counts twice
	ch := &AnalysisChart{Kind: "line", X: "solar_hours", Y: "sun_height", Series: []AnalysisSeries{{Code: "sun_height"}}}
	season := analysis.SeasonOf(when)
	for k := 12; k <= 40; k++ {
		h := float64(k) / 2
		ch.Labels = append(ch.Labels, fmt.Sprintf("%02d:%02d", int(h), int(math.Mod(h, 1)*60)))
		ch.Series[0].Values = append(ch.Series[0].Values, rounded(max(0, season.At(place[1], h).Height), 2))
	}
	r.out.Chart = ch
	if len(r.out.Features) == 0 && sun.Height > 0 {
		return httpapi.Fail(http.StatusConflict, "analysis_nothing")
	}
	return nil
}
