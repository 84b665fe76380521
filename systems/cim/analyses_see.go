package cim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/systems/cim/analysis"
)

const eyeHeight = 1.6 // of somebody who stands, metres

func checkSight(in *AnalysisInput) error {
	if in.At == nil || in.To == nil {
		return invalidInput("to")
	}
	orElse(&in.Height, eyeHeight)
	orElse(&in.ToHeight, eyeHeight)
	if f := flatAt(in.At[0], in.At[1]); math.Hypot(f.on(*in.To).X, f.on(*in.To).Y) > 30_000 {
		return httpapi.FailField("to", "invalid")
	}
	return nil
}

func (r *analysisRun) sight() error {
	c, err := r.cityScene(r.ctx)
	if err != nil {
		return err
	}
	eye, to := c.eye(*r.in.At, *r.in.Height), c.eye(*r.in.To, *r.in.ToHeight)
	scenes := []*analysis.Scene{c.scene}
	if r.in.Plan != nil {
		p, _ := c.planned(r.in.Plan)
		scenes = append(scenes, c.with(p, analysis.Spot{X: (eye.X + to.X) / 2, Y: (eye.Y + to.Y) / 2}, math.Hypot(eye.X-to.X, eye.Y-to.Y)/2))
	}
	for k, scene := range scenes {
		look := scene.Look(c.ground, eye, to)
		as := [2]string{"seen", "seen_planned"}[k]
		r.figure(as, b2f(look.Seen), "yes")
		if k == 0 {
			r.figure("metres", look.Metres, "m")
		}
		said := map[string]any{"role": "line", "seen": look.Seen}
		if k == 1 {
			said["plan"] = true
		}
		at := orb.Point(*r.in.To)
		if !look.Seen {
			part := look.At / look.Metres
			at = c.flat.off(analysis.Spot{X: eye.X + (to.X-eye.X)*part, Y: eye.Y + (to.Y-eye.Y)*part})
			said["by"], said["at"] = look.By, rounded(look.At, 2)
			by := c.said(look.Thing)
			by["role"], by["by"], by["metres"] = "hidden", look.By, rounded(look.At, 2)
			r.draw(pointOn(at), by)
			r.figure([2]string{"hidden_at", "hidden_at_planned"}[k], look.At, "m")
		}
		r.draw(geometry(orb.LineString{orb.Point(*r.in.At), at}), said)
	}
	r.profile(c, eye, to)
	return nil
}

// profile draws what lies under a line of sight, cut along it.
func (r *analysisRun) profile(c *cityScene, eye, to analysis.Vec) {
	const n = 120
	ch := &AnalysisChart{Kind: "line", X: "metres", Y: "height", Series: []AnalysisSeries{{Code: "ground"}, {Code: "standing"}, {Code: "sight"}}}
	long := math.Hypot(to.X-eye.X, to.Y-eye.Y)
	var along []*built
	for i := range c.list {
		b := &c.list[i]
		if spotTo(b.middle, analysis.Spot{X: eye.X, Y: eye.Y}, analysis.Spot{X: to.X, Y: to.Y}) < 150 {
			along = append(along, b)
		}
	}
	for k := range n + 1 {
		f := float64(k) / n
		x, y, z := eye.X+(to.X-eye.X)*f, eye.Y+(to.Y-eye.Y)*f, eye.Z+(to.Z-eye.Z)*f
		ground := c.height(analysis.Spot{X: x, Y: y})
		top := ground
		for _, b := range along {
			for _, p := range c.prisms[b.from:b.to] {
				if p.To > top && inSpots(p.Ring, x, y) {
					top = p.To
				}
			}
		}
		ch.Labels = append(ch.Labels, fmt.Sprintf("%.0f", f*long))
		for i, v := range []float64{ground, top, z} {
			ch.Series[i].Values = append(ch.Series[i].Values, rounded(v, 2))
		}
	}
	r.out.Chart = ch
}

func b2f(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func checkViewshed(in *AnalysisInput) error {
	if in.At == nil {
		return invalidInput("at")
	}
	orElse(&in.Height, eyeHeight)
	orElse(&in.ToHeight, 0.0)
	in.Reach = cmp.Or(in.Reach, 500)
	in.Cell = cmp.Or(in.Cell, max(2, math.Ceil(in.Reach/150)))
	if in.Reach/in.Cell > 400 {
		return httpapi.FailField("cell", "invalid")
	}
	return nil
}

func (r *analysisRun) viewshed() error {
	c, err := r.cityScene(r.ctx)
	if err != nil {
		return err
	}
	eye := c.eye(*r.in.At, *r.in.Height)
	at := analysis.Spot{X: eye.X, Y: eye.Y}
	var before analysis.View
	scenes := []*analysis.Scene{c.scene}
	if r.in.Plan != nil {
		p, _ := c.planned(r.in.Plan)
		scenes = append(scenes, c.with(p, at, r.in.Reach))
	}
	for k, scene := range scenes {
		if err := r.tell(k, len(scenes)); err != nil {
			return err
		}
		// What is built over is not ground that could be seen.
		v := scene.Viewshed(c.ground, eye, r.in.Reach, r.in.Cell, *r.in.ToHeight+0.05)
		seen := 0
		for _, yes := range v.Seen {
			if yes {
				seen++
			}
		}
		suffix := [2]string{"", "_planned"}[k]
		r.figure("share"+suffix, 100*v.Share, "%")
		r.figure("area"+suffix, float64(seen)*v.Cell*v.Cell, "m²")
		set := v.Seen
		said := map[string]any{"role": "seen"}
		if k == 1 {
			said = map[string]any{"role": "lost", "plan": true}
			set = make([]bool, len(v.Seen))
			for i := range set {
				set[i] = before.Seen[i] && !v.Seen[i]
			}
		}
		r.drawRaster(c.flat, set, v.Columns, v.Rows, v.West, v.South, v.Cell, said)
		before = v
	}
	r.draw(pointOn(orb.Point(*r.in.At)), map[string]any{"role": "eye"})
	angles, _ := c.scene.Skyline(eye, 72, r.in.Reach)
	r.out.Chart = polar(angles, nil)
	return nil
}

func checkSkyline(in *AnalysisInput) error {
	if in.At == nil {
		return invalidInput("at")
	}
	orElse(&in.Height, eyeHeight)
	in.Reach = cmp.Or(in.Reach, 2000)
	return nil
}

func polar(now, planned []float64) *AnalysisChart {
	ch := &AnalysisChart{Kind: "polar", X: "bearing", Y: "angle", Series: []AnalysisSeries{{Code: "now"}}}
	for i, a := range now {
		ch.Labels = append(ch.Labels, fmt.Sprintf("%g", float64(i)*360/float64(len(now))))
		ch.Series[0].Values = append(ch.Series[0].Values, rounded(a, 2))
	}
	if planned != nil {
		ch.Series = append(ch.Series, AnalysisSeries{Code: "planned"})
		for _, a := range planned {
			ch.Series[1].Values = append(ch.Series[1].Values, rounded(a, 2))
		}
	}
	return ch
}

const skylineRays = 360

func (r *analysisRun) skyline() error {
	c, err := r.cityScene(r.ctx)
	if err != nil {
		return err
	}
	eye := c.eye(*r.in.At, *r.in.Height)
	angles, things := c.scene.Skyline(eye, skylineRays, r.in.Reach)
	var after []float64
	if r.in.Plan != nil {
		p, _ := c.planned(r.in.Plan)
		var by []int32
		after, by = c.with(p, analysis.Spot{X: eye.X, Y: eye.Y}, r.in.Reach).Skyline(eye, skylineRays, r.in.Reach)
		rays := 0
		for i := range by {
			if int(by[i]) == len(c.list) && after[i] > angles[i]+0.02 {
				rays++
			}
		}
		r.figure("changed", float64(rays)*360/skylineRays, "°")
		r.draw(geometry(c.flat.polygon(p.Ring)), map[string]any{"role": "plan", "height": r.in.Plan.Height})
	}
	// Openness (开敞度) is the share of the sky above the skyline, by the solid angle.
	open, top, most := 0.0, 0.0, int32(-1)
	rays := map[int32]int{}
	best := map[int32]float64{}
	for i, a := range angles {
		open += (1 - math.Sin(a*math.Pi/180)) / skylineRays
		if a > top {
			top, most = a, things[i]
		}
		if things[i] >= 0 {
			rays[things[i]]++
			best[things[i]] = max(best[things[i]], a)
		}
	}
	r.figure("openness", 100*open, "%")
	r.figure("highest", top, "°")
	order := make([]int32, 0, len(rays))
	for t := range rays {
		order = append(order, t)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(rays[b], rays[a]), cmp.Compare(a, b)) })
	r.figure("makers", float64(len(order)), "")
	for i, t := range order {
		if i >= 200 {
			r.out.Cut = true
			break
		}
		said := c.said(t)
		said["role"], said["degrees"], said["angle"], said["highest"] = "maker", float64(rays[t])*360/skylineRays, rounded(best[t], 2), t == most
		r.draw(geometry(c.flat.polygon(c.list[t].ring)), said)
	}
	r.draw(pointOn(orb.Point(*r.in.At)), map[string]any{"role": "eye"})
	r.out.Chart = polar(angles, after)
	return nil
}

func checkHeight(in *AnalysisInput) error {
	if len(in.Polygon) < 3 {
		return invalidInput("polygon")
	}
	if (in.Level == nil) == (in.Limit == nil) {
		return invalidInput("limit")
	}
	return nil
}

// heightLimit finds what stands higher in an area than it may.
func (r *analysisRun) heightLimit() error {
	c, err := r.cityScene(r.ctx)
	if err != nil {
		return err
	}
	area := c.flat.ring(r.in.Polygon)
	type over struct {
		t    int32
		much float64
	}
	var all []over
	n, sum := 0, 0.0
	bins := make([]float64, 10)
	check := func(t int32, b *built, top float64) {
		n++
		may := 0.0
		if r.in.Level != nil {
			may = *r.in.Level
		} else {
			may = b.low + *r.in.Limit
		}
		if top > may+0.005 {
			all = append(all, over{t, top - may})
			sum += top - may
			bins[min(int((top-may)/5), 9)]++
		}
	}
	for i := range c.list {
		b := &c.list[i]
		if len(b.ring) > 0 && ringsMeet(area, b.ring) {
			check(int32(i), b, b.high)
		}
	}
	r.figure("buildings", float64(n), "")
	r.figure("over", float64(len(all)), "")
	if r.in.Plan != nil {
		p, foot := c.planned(r.in.Plan)
		may := foot
		if r.in.Level != nil {
			may = *r.in.Level
		} else {
			may += *r.in.Limit
		}
		r.figure("plan_over", max(0, p.To-may), "m")
		r.draw(geometry(c.flat.polygon(p.Ring)), map[string]any{"role": "plan", "over": rounded(max(0, p.To-may), 2)})
	}
	slices.SortFunc(all, func(a, b over) int { return cmp.Or(cmp.Compare(b.much, a.much), cmp.Compare(a.t, b.t)) })
	most := 0.0
	r.draw(geometry(c.flat.polygon(area)), map[string]any{"role": "area"})
	for i, o := range all {
		most = max(most, o.much)
		if i >= 2000 {
			r.out.Cut = true
			continue
		}
		said := c.said(o.t)
		said["role"], said["over"] = "over", rounded(o.much, 2)
		r.draw(geometry(c.flat.polygon(c.list[o.t].ring)), said)
	}
	r.figure("most", most, "m")
	ch := &AnalysisChart{Kind: "bar", X: "over_metres", Y: "buildings", Series: []AnalysisSeries{{Code: "buildings", Values: bins}}}
	for i := range bins {
		label := fmt.Sprintf("%d–%d", i*5, i*5+5)
		if i == len(bins)-1 {
			label = "≥45"
		}
		ch.Labels = append(ch.Labels, label)
	}
	r.out.Chart = ch
	return nil
}

// ringsMeet says whether outlines have ground in common.
func ringsMeet(a, b []analysis.Spot) bool {
	for _, p := range b {
		if inSpots(a, p.X, p.Y) {
			return true
		}
	}
	if inSpots(b, a[0].X, a[0].Y) {
		return true
	}
	turn := func(a, b, c analysis.Spot) float64 { return (b.X-a.X)*(c.Y-a.Y) - (b.Y-a.Y)*(c.X-a.X) }
	for i, p := range a {
		q := a[(i+1)%len(a)]
		for j, s := range b {
			t := b[(j+1)%len(b)]
			if turn(p, q, s)*turn(p, q, t) < 0 && turn(s, t, p)*turn(s, t, q) < 0 {
				return true
			}
		}
	}
	return false
}

// eyeOf is a camera as it looks.
type eyeOf struct {
	id                store.ID
	code, class, name string
	lon, lat, z       float64
	Yaw, Pitch        float64
	HFov, VFov, Range float64
}

type eyeCache struct {
	mu   sync.Mutex
	seq  string
	list []eyeOf
}

// eyes are the cameras, kept until their layer changes.
func (s *Service) cameraEyes(r *analysisRun) ([]eyeOf, error) {
	stamp, err := layerStamp(r.ctx, s.Store, Cameras)
	if err != nil {
		return nil, err
	}
	c := &s.reckoning.eyes
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seq == stamp && c.list != nil {
		return c.list, nil
	}
	rows, err := s.Store.Query(r.ctx, `SELECT id, code, class, name, west, south, high, detail FROM cim_thing WHERE layer = ? ORDER BY id`, layerNumbers[Cameras])
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []eyeOf{}
	for rows.Next() {
		var e eyeOf
		var detail []byte
		if err := rows.Scan(&e.id, &e.code, &e.class, &e.name, &e.lon, &e.lat, &e.z, &detail); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(detail, &e); err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	c.seq, c.list = stamp, list
	return list, rows.Err()
}

func checkCameras(in *AnalysisInput) error {
	if in.At == nil {
		return invalidInput("at")
	}
	orElse(&in.Height, eyeHeight)
	return nil
}

// holdsWay says whether a camera's picture has what lies so far east, north and up of it.
func (e *eyeOf) holdsWay(x, y, z float64) bool {
	flatly := math.Hypot(x, y)
	if flatly == 0 || math.Hypot(flatly, z) > e.Range {
		return false
	}
	side := math.Mod(math.Atan2(x, y)*180/math.Pi-e.Yaw+540, 360) - 180
	if e.HFov < 360 && math.Abs(side) > e.HFov/2 {
		return false
	}
	return math.Abs(math.Atan2(z, flatly)*180/math.Pi-e.Pitch) <= e.VFov/2
}

// cameras finds those whose picture has a point, in the order of how large they show it.
func (r *analysisRun) cameras() error {
	c, err := r.cityScene(r.ctx)
	if err != nil {
		return err
	}
	eyes, err := r.cameraEyes(r)
	if err != nil {
		return err
	}
	point := c.eye(*r.in.At, *r.in.Height)
	type seen struct {
		e      *eyeOf
		metres float64
		scale  float64
		look   analysis.Sight
	}
	var all []seen
	behind := 0
	for i := range eyes {
		e := &eyes[i]
		s := c.flat.on(orb.Point{e.lon, e.lat})
		x, y, z := point.X-s.X, point.Y-s.Y, point.Z-e.z
		if !e.holdsWay(x, y, z) {
			continue
		}
		// It hangs on what it is fixed to: it looks from a little before it.
		d := math.Sqrt(x*x + y*y + z*z)
		step := min(0.5, d/2) / d
		look := c.scene.Look(c.ground, analysis.Vec{X: s.X + x*step, Y: s.Y + y*step, Z: e.z + z*step}, point)
		if !look.Seen {
			behind++
		}
		all = append(all, seen{e, d, 1 / (d * math.Tan(min(e.HFov, 170)*math.Pi/360)), look})
	}
	slices.SortFunc(all, func(a, b seen) int {
		if a.look.Seen != b.look.Seen {
			return int(b2f(b.look.Seen) - b2f(a.look.Seen))
		}
		return cmp.Or(cmp.Compare(b.scale, a.scale), cmp.Compare(a.e.id, b.e.id))
	})
	r.figure("seeing", float64(len(all)-behind), "")
	r.figure("hidden", float64(behind), "")
	r.draw(pointOn(orb.Point(*r.in.At)), map[string]any{"role": "target"})
	bins := make([]float64, 6)
	for i, x := range all {
		if x.look.Seen {
			bins[min(int(x.metres/50), 5)]++
		}
		if i >= 300 {
			r.out.Cut = true
			continue
		}
		said := map[string]any{"role": "camera", "id": x.e.id.String(), "code": x.e.code, "name": x.e.name, "class": x.e.class, "metres": rounded(x.metres, 1), "seen": x.look.Seen, "rank": i + 1}
		if !x.look.Seen {
			said["by"] = x.look.By
			if x.look.Thing >= 0 {
				said["hidden_by"] = c.list[x.look.Thing].name
			}
		}
		r.draw(geometry(orb.LineString{{rounded(x.e.lon, 7), rounded(x.e.lat, 7)}, orb.Point(*r.in.At)}), said)
	}
	ch := &AnalysisChart{Kind: "bar", X: "metres", Y: "cameras", Series: []AnalysisSeries{{Code: "cameras", Values: bins}}}
	for i := range bins {
		ch.Labels = append(ch.Labels, [6]string{"0–50", "50–100", "100–150", "150–200", "200–250", "≥250"}[i])
	}
	r.out.Chart = ch
	return nil
}
