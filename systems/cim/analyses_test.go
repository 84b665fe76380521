package cim

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"shanzhi/core/store"
	"shanzhi/systems/cim/analysis"
)

func (a *Analysis) value(code string) float64 {
	for _, f := range a.Figures {
		if f.Code == code {
			return f.Value
		}
	}
	return math.NaN()
}

// corner is the south-west of some building, and a square of so many degrees from there.
func someBuilding(t *testing.T, h *cimHouse, deep bool) Thing {
	t.Helper()
	cond := `t.layer = ? ORDER BY t.high - t.low DESC LIMIT 1`
	if deep {
		cond = `t.layer = ? AND EXISTS (SELECT 1 FROM cim_body y WHERE y.thing = t.id AND y.deep) ORDER BY t.id LIMIT 1`
	}
	list, err := thingsBy(context.Background(), h.Store, cond, layerNumbers[Buildings])
	if err != nil || len(list) == 0 {
		t.Fatal(err)
	}
	return list[0]
}

func square(c orb.Point, d float64) [][2]float64 {
	return [][2]float64{{c[0] - d, c[1] - d}, {c[0] + d, c[1] - d}, {c[0] + d, c[1] + d}, {c[0] - d, c[1] + d}}
}

// askEach is a question of each kind, about a place.
func askEach(b Thing, pipe Pipe, seen [2]float64) map[AnalysisKind]AnalysisInput {
	c := b.Shape.Bound().Center()
	at, to := [2]float64(c), [2]float64{c[0] + 0.003, c[1] + 0.001}
	at[0] -= 0.0015
	onPipe := [2]float64{(pipe.ALon + pipe.BLon) / 2, (pipe.ALat + pipe.BLat) / 2}
	limit := 5.0
	return map[AnalysisKind]AnalysisInput{
		SightKind:      {At: &at, To: &to},
		ViewshedKind:   {At: &at, Reach: 200, Cell: 5},
		SunlightKind:   {Building: b.ID, Minutes: 20},
		ShadowKind:     {Building: b.ID, When: "2026-12-21T02:00:00Z"},
		SkylineKind:    {At: &at, Reach: 600},
		HeightKind:     {Polygon: square(c, 0.003), Limit: &limit},
		FloodKind:      {At: &at, Depth: 0.8, Reach: 400, Cell: 10},
		ExcavationKind: {Polygon: square(onPipe, 0.0001), Depth: 6},
		ClearanceKind:  {Line: [][2]float64{{onPipe[0] - 0.0004, onPipe[1] - 0.0004}, {onPipe[0] + 0.0004, onPipe[1] + 0.0004}}},
		TraceKind:      {At: &onPipe, Class: pipe.Class},
		BurstKind:      {At: &onPipe, Reach: 500},
		IsochroneKind:  {At: &at, Minutes: 6},
		BufferKind:     {At: &at, Reach: 300},
		CamerasKind:    {At: &seen},
	}
}

// somePipe is a drain that belongs to no house, with the least key.
func somePipe(t *testing.T, h *cimHouse) Pipe {
	t.Helper()
	list, err := store.Select[Pipe](context.Background(), h.Store, `SELECT `+pipeColumns+` FROM cim_pipe WHERE class = 'WS' AND own = ? ORDER BY id LIMIT 1`, false)
	if err != nil || len(list) == 0 {
		t.Fatal(err)
	}
	return list[0]
}

// seenPlace is a place that some camera's picture has, where the ground lies in its middle.
func seenPlace(t *testing.T, h *cimHouse) [2]float64 {
	t.Helper()
	ctx := context.Background()
	list, err := h.cameraEyes(&analysisRun{Service: h.Service, ctx: ctx})
	c, cerr := h.cityScene(ctx)
	if err != nil || cerr != nil {
		t.Fatal(err, cerr)
	}
	for _, e := range list {
		s := c.flat.on(orb.Point{e.lon, e.lat})
		d := (e.z - c.height(s) - eyeHeight) / math.Tan(-e.Pitch*math.Pi/180)
		if e.Pitch >= 0 || d < 5 || d > e.Range*0.8 {
			continue
		}
		sin, cos := math.Sincos(e.Yaw * math.Pi / 180)
		return [2]float64(c.flat.off(analysis.Spot{X: s.X + d*sin, Y: s.Y + d*cos}))
	}
	t.Fatal("no camera looks at the ground")
	return [2]float64{}
}

// Every kind is reckoned of the records, stored with what it was asked and of what, and gives the
// same bytes again.
func TestAnalysesAreKeptAndRepeated(t *testing.T) {
	onBothCities(t, func(t *testing.T, h *cimHouse) {
		ctx := context.Background()
		who := h.actor(t, keeperRole)
		b := someBuilding(t, h, true)
		asked := askEach(b, somePipe(t, h), seenPlace(t, h))
		if len(asked) != len(analysisLaws) {
			t.Fatalf("%d of %d kinds are asked", len(asked), len(analysisLaws))
		}
		for kind, in := range asked {
			a, err := h.Analyse(ctx, who, kind, "联系 13912345678", in)
			if err != nil {
				t.Fatalf("%s: %v", kind, err)
			}
			for wait := 0; a.State == "running" && wait < 100; wait++ {
				time.Sleep(100 * time.Millisecond)
				a, _ = h.AnalysisOf(ctx, who, a.ID)
			}
			if a.State != "done" || a.Engine != analysis.Engine || len(a.Base) == 0 || len(a.Figures) < 2 || len(a.Hash) != 64 || a.Result == nil || a.Result.Chart == nil || strings.Contains(a.Name, "13912345678") {
				t.Fatalf("%s: %+v", kind, a)
			}
			for _, s := range a.Result.Chart.Series {
				if len(s.Values) != len(a.Result.Chart.Labels) {
					t.Errorf("%s: %d values under %d labels", kind, len(s.Values), len(a.Result.Chart.Labels))
				}
			}
			h.reckoning.city.city, h.reckoning.pipes.nets, h.reckoning.roads.net = nil, nil, nil
			again, err := h.Reanalyse(ctx, who, a.ID)
			if err != nil || again.Hash != a.Hash || again.Same == nil || !*again.Same || again.Rerun != a.ID {
				t.Errorf("%s again: %v %+v", kind, err, again.Same)
			}
		}
		list, err := h.Analyses(ctx, who, "", true, 0, 200)
		if err != nil || len(list) != 2*len(asked) || list[0].ID < list[1].ID {
			t.Errorf("%d are listed: %v", len(list), err)
		}
		if of, _ := h.Analyses(ctx, who, TraceKind, true, 0, 200); len(of) != 2 {
			t.Errorf("%d traces", len(of))
		}
	})
}

// A trace is what a walk along the rows gives; a burst is shut by the valves that a search by hand finds.
func TestTraceEqualsTheRows(t *testing.T) {
	onBothCities(t, func(t *testing.T, h *cimHouse) {
		ctx := context.Background()
		who := h.actor(t, keeperRole)
		pipes, err := store.Select[Pipe](ctx, h.Store, `SELECT `+pipeColumns+` FROM cim_pipe WHERE class = 'WS' ORDER BY id`)
		if err != nil {
			t.Fatal(err)
		}
		from := map[store.ID][]Pipe{}
		for _, p := range pipes {
			from[p.A] = append(from[p.A], p)
		}
		for _, start := range []Pipe{pipes[0], pipes[len(pipes)/2], pipes[len(pipes)-1]} {
			at := [2]float64{(start.ALon + start.BLon) / 2, (start.ALat + start.BLat) / 2}
			a, err := h.Analyse(ctx, who, TraceKind, "", AnalysisInput{At: &at, Class: "WS", Reach: 5})
			if err != nil || a.State != "done" {
				t.Fatalf("%v %+v", err, a)
			}
			// Two may lie upon each other: from which it began is in the result.
			for _, f := range a.Result.Features {
				if f.Properties["role"] == "start" {
					k := slices.IndexFunc(pipes, func(p Pipe) bool { return p.ID.String() == f.Properties["id"] })
					start = pipes[k]
				}
			}
			seen, todo := map[store.ID]bool{start.B: true}, []store.ID{start.B}
			used := map[store.ID]bool{start.ID: true}
			for len(todo) > 0 {
				n := todo[0]
				todo = todo[1:]
				for _, p := range from[n] {
					used[p.ID] = true
					if !seen[p.B] {
						seen[p.B] = true
						todo = append(todo, p.B)
					}
				}
			}
			if int(a.value("pipes")) != len(used) || int(a.value("wells")) != len(seen) {
				t.Errorf("%v pipes and %v wells, by hand %d and %d", a.value("pipes"), a.value("wells"), len(used), len(seen))
			}
		}
	})
}

// What the sun, the eye and the camera find equals what is reckoned here by hand.
func TestAnalysesAgreeWithTheScene(t *testing.T) {
	onBothCities(t, func(t *testing.T, h *cimHouse) {
		ctx := context.Background()
		who := h.actor(t, keeperRole)
		b := someBuilding(t, h, true)
		_, body, err := h.BodyOf(ctx, h.Store, b.ID)
		if err != nil {
			t.Fatal(err)
		}
		above := 0
		for _, u := range body.Units {
			above += int(b2f(u.Feature.Floor > 0))
		}
		a, err := h.Analyse(ctx, who, SunlightKind, "", AnalysisInput{Building: b.ID, Minutes: 20, Day: "winter_solstice"})
		if err != nil || a.State != "done" || int(a.value("units")) != above || a.value("windows") < float64(above)/2 {
			t.Fatalf("%v %+v: %d units stand above the ground", err, a, above)
		}
		for _, f := range a.Result.Features {
			hours := f.Properties["hours"].(float64)
			bearing := f.Properties["bearing"].(float64)
			// On the shortest day no wall within 60° of north has sun from 9 to 15.
			if hours < 0 || hours > 6 || hours > 0 && (bearing < 20 || bearing > 340) {
				t.Errorf("%v", f.Properties)
			}
		}
		// With a tower before its south walls it has less sun, never more.
		c := b.Shape.Bound()
		tower := &PlannedBox{Outline: [][2]float64{{c.Min[0] - 0.0005, c.Min[1] - 0.0004}, {c.Max[0] + 0.0005, c.Min[1] - 0.0004}, {c.Max[0] + 0.0005, c.Min[1] - 0.0002}, {c.Min[0] - 0.0005, c.Min[1] - 0.0002}}, Height: 150}
		p, err := h.Analyse(ctx, who, SunlightKind, "", AnalysisInput{Building: b.ID, Minutes: 20, Day: "winter_solstice", Plan: tower})
		if err != nil || p.value("below_planned") < p.value("below") || p.value("below") != a.value("below") {
			t.Errorf("%v: %v units have too little, with a tower %v", err, p.value("below"), p.value("below_planned"))
		}
		less := 0
		for _, f := range p.Result.Features {
			if f.Properties["role"] == "unit" {
				now, then := f.Properties["hours"].(float64), f.Properties["hours_planned"].(float64)
				if then > now+1e-9 {
					t.Errorf("more sun behind a tower: %v", f.Properties)
				}
				less += int(b2f(then < now))
			}
		}
		if a.value("below") < a.value("units") && less == 0 {
			t.Error("a tower of 150 m takes no sun")
		}
		in := askEach(b, somePipe(t, h), seenPlace(t, h))[CamerasKind]
		a, err = h.Analyse(ctx, who, CamerasKind, "", in)
		if err != nil || a.State != "done" {
			t.Fatal(err)
		}
		scene, err := h.cityScene(ctx)
		if err != nil {
			t.Fatal(err)
		}
		all, _ := h.cameraEyes(&analysisRun{Service: h.Service, ctx: ctx})
		point, n := scene.eye(*in.At, eyeHeight), 0
		for i := range all {
			s := scene.flat.on(orb.Point{all[i].lon, all[i].lat})
			d := math.Hypot(point.X-s.X, point.Y-s.Y)
			side := math.Abs(math.Mod(math.Atan2(point.X-s.X, point.Y-s.Y)*180/math.Pi-all[i].Yaw+540, 360) - 180)
			tilt := math.Atan2(point.Z-all[i].z, d)*180/math.Pi - all[i].Pitch
			if math.Hypot(d, point.Z-all[i].z) <= all[i].Range && (side <= all[i].HFov/2 || all[i].HFov >= 360) && math.Abs(tilt) <= all[i].VFov/2 {
				n++
			}
		}
		if int(a.value("seeing")+a.value("hidden")) != n || n == 0 {
			t.Errorf("%v and %v cameras, by hand %d", a.value("seeing"), a.value("hidden"), n)
		}
		// All that stands within a circle is what the records say.
		center := [2]float64(b.Shape.Bound().Center())
		buffer, err := h.Analyse(ctx, who, BufferKind, "", AnalysisInput{At: &center, Reach: 250})
		things, terr := h.ThingsIn(ctx, h.Store, Buildings, about(center[0], center[1], 400), 100_000)
		if err != nil || terr != nil {
			t.Fatal(err, terr)
		}
		f, want := flatAt(center[0], center[1]), 0
		for _, x := range things {
			s := f.on(x.Shape.Bound().Center())
			want += int(b2f(math.Hypot(s.X, s.Y) <= 250))
		}
		if math.Abs(buffer.value("buildings")-float64(want)) > 1 || want == 0 { // a centimetre at the edge
			t.Errorf("%v buildings, by hand %d", buffer.value("buildings"), want)
		}
		// One who walks twice as long comes as far and farther.
		short, err := h.Analyse(ctx, who, IsochroneKind, "", AnalysisInput{At: &center, Minutes: 5})
		long, lerr := h.Analyse(ctx, who, IsochroneKind, "", AnalysisInput{At: &center, Minutes: 10})
		if err != nil || lerr != nil || short.value("roads") <= 0 || long.value("roads") <= short.value("roads") {
			t.Errorf("%v m in five minutes, %v m in ten: %v %v", short.value("roads"), long.value("roads"), err, lerr)
		}
	})
}

// Who may not see the layers may not ask; nobody sees another's questions but those who keep the city;
// bad questions say what is wrong.
func TestAnalysesOverHTTP(t *testing.T) {
	onBothCities(t, func(t *testing.T, h *cimHouse) {
		e := serveCity(t, h)
		keeper, handler, other := e.sign("keeper", keeperRole), e.sign("handler", "handler"), e.sign("other", "handler")
		b := someBuilding(t, h, true)
		asked := askEach(b, somePipe(t, h), seenPlace(t, h))
		post := func(token string, kind AnalysisKind, in any) (a Analysis, code int) {
			t.Helper()
			w := e.ask(token, "POST", "/api/cim/analyses", map[string]any{"kind": kind, "input": in})
			_ = json.Unmarshal(w.Body.Bytes(), &a)
			return a, w.Code
		}
		for _, kind := range []AnalysisKind{TraceKind, BurstKind, ExcavationKind, ClearanceKind, CamerasKind} {
			if _, code := post(handler, kind, asked[kind]); code != 404 {
				t.Errorf("a handler asks %s: %d", kind, code)
			}
		}
		a, code := post(handler, SightKind, asked[SightKind])
		if code != 201 || a.State != "done" || !a.Mine {
			t.Fatalf("%d %+v", code, a)
		}
		path := "/api/cim/analyses/" + a.ID.String()
		for token, want := range map[string]int{keeper: 200, handler: 200, other: 404, "": 401} {
			if w := e.ask(token, "GET", path, nil); w.Code != want {
				t.Errorf("GET: %d, want %d", w.Code, want)
			}
		}
		if w := e.ask(handler, "GET", path+"/export?format=geojson", nil); w.Code != 200 || !json.Valid(w.Body.Bytes()) || !strings.Contains(w.Body.String(), `"synthetic":true`) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if w := e.ask(handler, "GET", path+"/export?format=csv", nil); w.Code != 200 || !strings.Contains(w.Body.String(), "role") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if w := e.ask(other, "DELETE", path, nil); w.Code != 404 {
			t.Errorf("another deletes it: %d", w.Code)
		}
		if w := e.ask(handler, "POST", path+"/stop", nil); w.Code != 409 {
			t.Errorf("what is done is stopped: %d", w.Code)
		}
		if w := e.ask(handler, "DELETE", path, nil); w.Code != 204 {
			t.Errorf("%d", w.Code)
		}
		for name, bad := range map[string]any{
			"sight":                   map[string]any{"at": []float64{113.8, 22.6}},
			"sunlight":                map[string]any{"day": "midsummer"},
			"sunlight ":               map[string]any{"building": b.ID, "minutes": 99},
			"shadow":                  map[string]any{"building": b.ID, "when": "noon"},
			"height_limit":            map[string]any{"polygon": [][]float64{{113.8, 22.6}, {113.81, 22.6}}, "limit": 3},
			"flood":                   map[string]any{"at": []float64{400, 22.6}, "depth": 1},
			"viewshed":                map[string]any{"at": []float64{113.8, 22.6}, "reach": 5000, "cell": 1},
			"excavation":              map[string]any{"polygon": [][]float64{{113.8, 22.6}, {113.9, 22.6}, {113.9, 22.7}}, "depth": 2},
			"moon":                    map[string]any{},
			"buffer":                  map[string]any{"by_roads": true, "line": [][]float64{{113.8, 22.6}, {113.81, 22.6}}},
			"isochrone":               map[string]any{"at": []float64{113.8, 22.6}, "minutes": 90},
			"clearance":               map[string]any{"line": [][]float64{{113.8, 22.6}}},
			"burst":                   map[string]any{},
			"sight                  ": map[string]any{"at": "here"},
		} {
			if _, code := post(keeper, AnalysisKind(strings.TrimSpace(name)), bad); code != 422 && code != 400 {
				t.Errorf("%s %v: %d", name, bad, code)
			}
		}
		// Where nothing is near it says so, and keeps the question.
		if a, code := post(keeper, BurstKind, map[string]any{"at": []float64{100, 10}}); code != 201 || a.State != "failed" || a.Fault != "analysis_no_pipe" {
			t.Errorf("%d %+v", code, a)
		}
	})
}

// What waits can be stopped, nobody has more than three under way, and what was cut off is taken up.
func TestAnalysesWaitAndStop(t *testing.T) {
	onBothCities(t, func(t *testing.T, h *cimHouse) {
		defer func(d time.Duration) { analysisPatience = d }(analysisPatience)
		analysisPatience = 50 * time.Millisecond
		ctx := context.Background()
		who, other := h.actor(t, keeperRole), h.actor(t, "handler")
		at := [2]float64(someBuilding(t, h, true).Shape.Bound().Center())
		leaves := []func(){h.reckoning.enter(1, func() {}), h.reckoning.enter(2, func() {})}
		var all []Analysis
		for range mostWaiting {
			a, err := h.Analyse(ctx, who, BufferKind, "", AnalysisInput{At: &at})
			if err != nil || a.State != "queued" {
				t.Fatalf("%v %+v", err, a)
			}
			all = append(all, a)
		}
		if _, err := h.Analyse(ctx, who, BufferKind, "", AnalysisInput{At: &at}); codeOf(err) != "analysis_many" {
			t.Errorf("a fourth: %v", err)
		}
		if _, err := h.StopAnalysis(ctx, other, all[0].ID); err == nil {
			t.Error("another stops it")
		}
		if err := h.DropAnalysis(ctx, who, all[0].ID); codeOf(err) != "refused_state" {
			t.Errorf("one under way is deleted: %v", err)
		}
		a, err := h.StopAnalysis(ctx, who, all[0].ID)
		if err != nil || a.State != "cancelled" {
			t.Errorf("%v %+v", err, a)
		}
		for _, leave := range leaves {
			leave()
		}
		for _, x := range all[1:] {
			for range 200 {
				if a, err = h.AnalysisOf(ctx, who, x.ID); err != nil || a.State == "done" {
					break
				}
				time.Sleep(50 * time.Millisecond)
			}
			if err != nil || a.State != "done" {
				t.Errorf("%v %+v", err, a)
			}
		}
		if a, _ = h.AnalysisOf(ctx, who, all[0].ID); a.State != "cancelled" || a.Result != nil {
			t.Errorf("the stopped one went on: %+v", a)
		}
		// A process that ended in the middle.
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE cim_analysis SET state = 'running', beat = 0, at = 0, result = NULL, hash = '' WHERE id = ?`, all[1].ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		short, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		go h.workAnalyses(short)
		for range 90 {
			if a, err = h.AnalysisOf(ctx, who, all[1].ID); a.State == "done" {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		if a.State != "done" || a.Hash == "" {
			t.Errorf("%v %+v", err, a)
		}
		cancel()
	})
}
