package cim

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"shanzhi/core/store"
)

// The stock is the sum of its rows; the rent of a unit is the weighted median of leases about it,
// and none is told where they are fewer than three.
func TestSpace(t *testing.T) {
	onBothCities(t, func(t *testing.T, h *cimHouse) {
		ctx := context.Background()
		stocks, err := h.SpaceStocks(ctx, SpaceFilter{})
		if err != nil || len(stocks) == 0 {
			t.Fatalf("%v %+v", err, stocks)
		}
		var list []Space
		for after := ""; ; {
			page, err := h.Spaces(ctx, SpaceFilter{}, after, 400)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, page...)
			if len(page) < 400 {
				break
			}
			after = page[len(page)-1].Code
		}
		for _, st := range stocks {
			n, area, vacant := 0, 0.0, 0
			for _, x := range list {
				if x.Use == st.Use {
					n++
					area += x.Area
					vacant += int(b2f(x.State == "vacant"))
				}
			}
			if n != st.Units || math.Abs(area-st.Area) > 0.01 || vacant != st.Vacant || st.Rent <= 0 {
				t.Errorf("%+v: of the rows %d, %g, %d", st, n, area, vacant)
			}
		}
		strong, err := h.Spaces(ctx, SpaceFilter{Use: "factory", State: "vacant", Load: 1, AreaFrom: 200}, "", 500)
		want := 0
		for _, x := range list {
			want += int(b2f(x.Use == "factory" && x.State == "vacant" && x.Load >= 1 && x.Area >= 200))
		}
		if err != nil || len(strong) != want || want == 0 || strong[0].Free != "2026-11-27" {
			t.Errorf("%d strong floors, of the rows %d: %v", len(strong), want, err)
		}
		houses, err := h.SpaceBuildings(ctx, SpaceFilter{Use: "factory"}, "", 500)
		if err != nil || len(houses) == 0 || houses[0].Units == 0 {
			t.Errorf("%v %+v", err, houses)
		}
		// By hand: the leases of an office within a kilometre and two years.
		i := slices.IndexFunc(list, func(x Space) bool { return x.Use == "factory" && x.State == "vacant" })
		of := list[i]
		r, err := h.ReferenceRentOf(ctx, of.Code)
		if err != nil {
			t.Fatal(err)
		}
		type lease struct {
			rent   int64
			weight float64
		}
		var all []lease
		sum := 0.0
		f := flatAt(of.Lon, of.Lat)
		now := h.Store.Now().In(h.zone())
		for _, x := range list {
			at := f.on([2]float64{x.Lon, x.Lat})
			d := math.Round(math.Hypot(at.X, at.Y))
			if x.Code == of.Code || x.Use != of.Use || x.State != "let" || d > 1000 || x.Since < now.AddDate(0, -24, 0).Format(time.DateOnly) || x.Since > now.Format(time.DateOnly) {
				continue
			}
			since, _ := time.Parse(time.DateOnly, x.Since)
			months := math.Round(now.Sub(since).Hours()/24/30.4375*10) / 10
			w := math.Exp(-d/500) * math.Exp(-months/12) * math.Exp(-math.Abs(x.Area-of.Area)/of.Area)
			all = append(all, lease{int64(math.Round(float64(x.Rent) * (1 + 0.01*float64(of.Floor-x.Floor)/5))), w})
			sum += w
		}
		slices.SortFunc(all, func(a, b lease) int { return int(a.rent - b.rent) })
		median, part := int64(0), 0.0
		for _, l := range all {
			if part += l.weight; part >= sum/2-1e-12 {
				median = l.rent
				break
			}
		}
		if r.N != len(all) || r.Refused || r.Rent != median || r.Low > r.Rent || r.High < r.Rent || len(r.Comparables) == 0 {
			t.Errorf("%d leases, %d fen (%d to %d); by hand %d and %d", r.N, r.Rent, r.Low, r.High, len(all), median)
		}
		matches, err := h.MatchSpace(ctx, SpaceDemand{SpaceFilter: SpaceFilter{Use: "factory", AreaFrom: 300, RentTo: 5000}, Near: &[2]float64{of.Lon, of.Lat}, Within: 3000}, 20)
		if err != nil || len(matches) == 0 {
			t.Fatalf("%v %d", err, len(matches))
		}
		for k, m := range matches {
			if m.Area < 300 || m.Rent > 5000 || m.Use != "factory" || len(m.Reasons) != 4 || k > 0 && m.Score > matches[k-1].Score {
				t.Errorf("%+v", m)
			}
		}
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE cim_space SET state = 'owned' WHERE use = 'factory' AND code <> ?`, of.Code)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if r, err := h.ReferenceRentOf(ctx, of.Code); err != nil || !r.Refused || r.Rent != 0 {
			t.Errorf("of no lease a rent is told: %v %+v", err, r)
		}
		for _, bad := range []SpaceFilter{{FreeBy: "soon"}, {Community: "44x"}, {Building: "b"}} {
			if _, err := h.Spaces(ctx, bad, "", 10); codeOf(err) != "invalid" {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}

// The board's numbers are those of the rows: floor area, lengths, the communities that have something.
func TestUpdateBoard(t *testing.T) {
	onBothCities(t, func(t *testing.T, h *cimHouse) {
		ctx := context.Background()
		who := h.actor(t, keeperRole)
		b, err := h.UpdateBoardOf(ctx, who)
		if err != nil || b.Area < 300 || b.Area > 500 { // the district has 397 km²
			t.Fatalf("%v %+v", err, b)
		}
		of := map[Layer]UpdateState{}
		for _, l := range b.Layers {
			of[l.Layer] = l
		}
		things, err := h.ThingsIn(ctx, h.Store, Buildings, Box{-180, -90, 180, 90}, 1_000_000)
		if err != nil {
			t.Fatal(err)
		}
		floors := 0.0
		for _, x := range things {
			var d struct{ Area float64 }
			_ = json.Unmarshal(x.Detail, &d)
			floors += d.Area
		}
		x := of[Buildings]
		if math.Abs(x.Floors-floors) > 1 || floors == 0 || x.Covered <= 0 || x.Covered >= b.Area || x.Lacking == 0 || x.Days != 90 {
			t.Errorf("%+v: of the rows %g m²", x, floors)
		}
		pipes, err := store.Select[Pipe](ctx, h.Store, `SELECT `+pipeColumns+` FROM cim_pipe`)
		length := 0.0
		for _, p := range pipes {
			at := flatAt(p.ALon, p.ALat).on([2]float64{p.BLon, p.BLat})
			length += math.Hypot(at.X, at.Y) / 1000
		}
		if err != nil || math.Abs(of[Pipes].Length-length) > 0.01 || length == 0 {
			t.Errorf("%+v: of the rows %g km", of[Pipes], length)
		}
		if of[Areas].Covered != b.Area {
			t.Errorf("%+v", of[Areas])
		}
		if b, _ := h.UpdateBoardOf(ctx, h.actor(t, "handler")); slices.ContainsFunc(b.Layers, func(l UpdateState) bool { return l.Layer == Pipes }) {
			t.Error("who may not see pipes sees how old they are")
		}
		// A body that is edited is in the change log.
		one := someBuilding(t, h, true)
		_, body, err := h.BodyOf(ctx, h.Store, one.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.PutBody(ctx, who, one.ID, one.Seq, body, "复测"); err != nil {
			t.Fatal(err)
		}
		log, err := h.CityChanges(ctx, store.Time{}, 10)
		if err != nil || len(log) != 1 || log[0].Kind != "update" || log[0].Object != one.ID || log[0].Reason != "复测" {
			t.Errorf("%v %+v", err, log)
		}
		if older, err := h.CityChanges(ctx, log[0].At, 10); err != nil || len(older) != 0 {
			t.Errorf("%v %+v", err, older)
		}
	})
}

// What a pack may say wrongly of the use of the city.
func TestUseOfAPackIsChecked(t *testing.T) {
	for _, bad := range []string{"sunlight: {day: midsummer, hours: 3}", "sunlight: {day: great_cold, hours: 30}", "rent: {reach: 0, months: 1, distance: 1, age: 1}", "update: [{layer: moon, days: 3}]", "update: [{layer: road, days: 0}]", "update: [{layer: road, days: 3}, {layer: road, days: 3}]", "wrong: 1"} {
		if _, err := readUse(fstest.MapFS{packUse: {Data: []byte(bad)}}); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
	if b, err := readUse(fstest.MapFS{}); err != nil || b.Sunlight.Hours != 3 || b.Rent.Reach != 1000 {
		t.Errorf("%v %+v", err, b)
	}
}

// The core of OGC API Features as its abstract tests have it (OGC 17-069r4, annex A), by hand.
func TestOGCFeatures(t *testing.T) {
	onBothCities(t, func(t *testing.T, h *cimHouse) {
		e := serveCity(t, h)
		keeper, handler := e.sign("keeper", keeperRole), e.sign("handler", "handler")
		get := func(token, path string, want int) map[string]any {
			t.Helper()
			w := e.ask(token, "GET", path, nil)
			if w.Code != want {
				t.Fatalf("%s: %d, want %d: %s", path, w.Code, want, w.Body)
			}
			var out map[string]any
			if want == 200 && json.Unmarshal(w.Body.Bytes(), &out) != nil {
				t.Fatalf("%s: %s", path, w.Body)
			}
			if want == 200 && strings.Contains(path, "/items") && !strings.HasPrefix(w.Header().Get("Content-Type"), geoJSON) {
				t.Errorf("%s: %s", path, w.Header())
			}
			return out
		}
		links := func(of map[string]any) map[string]string {
			out := map[string]string{}
			for _, l := range of["links"].([]any) {
				l := l.(map[string]any)
				out[l["rel"].(string)] = l["href"].(string)
			}
			return out
		}
		landing := links(get(keeper, "/ogc", 200)) // A.2.1: the landing page leads to the API, conformance and data
		for _, rel := range []string{"service-desc", "conformance", "data", "self"} {
			if landing[rel] == "" {
				t.Errorf("no link %s", rel)
			}
		}
		if c := get(keeper, landing["conformance"], 200); !slices.Contains(c["conformsTo"].([]any), any("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core")) {
			t.Errorf("%v", c)
		}
		ids := func(token string) (out []string) {
			for _, c := range get(token, "/ogc/collections", 200)["collections"].([]any) {
				c := c.(map[string]any)
				if !strings.Contains(c["attribution"].(string), "synthetic") && c["id"] != "area" && c["id"] != "water" || links(c)["items"] == "" {
					t.Errorf("%v", c)
				}
				out = append(out, c["id"].(string))
			}
			return out
		}
		all, some := ids(keeper), ids(handler)
		if !slices.Contains(all, "pipe") || slices.Contains(some, "pipe") || slices.Contains(some, "camera") || !slices.Contains(some, "building") {
			t.Errorf("a keeper reads %v, a handler %v", all, some)
		}
		get(handler, "/ogc/collections/pipe/items", 404)
		get(keeper, "/ogc/collections/moon", 404)
		get("", "/ogc/collections", 401)
		// Pages hold each feature once, and end.
		for _, id := range []string{"building", "pipe", "camera"} {
			seen, next := map[string]bool{}, "/ogc/collections/"+id+"/items?limit=300"
			for next != "" && len(seen) < 100_000 {
				page := get(keeper, next, 200)
				if page["type"] != "FeatureCollection" || int(page["numberReturned"].(float64)) != len(page["features"].([]any)) || page["timeStamp"] == nil {
					t.Fatalf("%v", page["type"])
				}
				for _, f := range page["features"].([]any) {
					k := f.(map[string]any)["id"].(string)
					if seen[k] {
						t.Fatalf("%s twice", k)
					}
					seen[k] = true
				}
				next = links(page)["next"]
			}
			table := "cim_pipe"
			if id != "pipe" {
				table = fmt.Sprintf("cim_thing WHERE layer = %d", layerNumbers[Layer(id)])
			}
			if n, err := store.Get[int](context.Background(), h.Store, `SELECT count(*) FROM `+table); err != nil || n != len(seen) || n == 0 {
				t.Errorf("%s: %d features, %d rows: %v", id, len(seen), n, err)
			}
			for k := range seen {
				if one := get(keeper, "/ogc/collections/"+id+"/items/"+k, 200); one["type"] != "Feature" || one["id"] != k {
					t.Errorf("%v", one)
				}
				break
			}
		}
		b := someBuilding(t, h, true)
		box := b.Box()
		in := get(keeper, fmt.Sprintf("/ogc/collections/building/items?limit=1000&bbox=%f,%f,%f,%f", box.West, box.South, box.East, box.North), 200)
		found := false
		for _, f := range in["features"].([]any) {
			found = found || f.(map[string]any)["id"] == b.ID.String()
		}
		if n, _ := h.ThingsIn(context.Background(), h.Store, Buildings, box, 1000); !found || len(in["features"].([]any)) < len(n) {
			t.Errorf("a box holds %d, without its building", len(in["features"].([]any)))
		}
		for q, n := range map[string]int{"datetime=2001-01-01T00:00:00Z": 0, "datetime=../2001-01-01T00:00:00Z": 0, "datetime=2001-01-01/..": 10, "datetime=2099-01-01T00:00:00Z": 10, "limit=1": 1, "limit=100000&bbox=0,0,1,1": 0} {
			if got := get(keeper, "/ogc/collections/building/items?"+q, 200); len(got["features"].([]any)) != n {
				t.Errorf("%s: %d features, want %d", q, len(got["features"].([]any)), n)
			}
		}
		for _, bad := range []string{"bbox=1,2,3", "bbox=a,b,c,d", "bbox=10,10,0,0", "limit=0", "limit=x", "datetime=yesterday", "datetime=2026-02-02/2026-01-01", "colour=red", "limit=1&limit=2", "bbox-crs=" + url.QueryEscape("http://other"), "after=x"} {
			get(keeper, "/ogc/collections/building/items?"+bad, 400)
		}
		// A tile over the building has it.
		z := 16
		x := int((box.West + 180) / 360 * float64(int(1)<<z))
		y := int((1 - math.Asinh(math.Tan(box.South*math.Pi/180))/math.Pi) / 2 * float64(int(1)<<z))
		w := e.ask(keeper, "GET", fmt.Sprintf("/ogc/collections/building/tiles/WebMercatorQuad/%d/%d/%d", z, y, x), nil)
		if w.Code != 200 || !strings.Contains(w.Body.String(), b.Code) || w.Header().Get("Content-Type") != "application/vnd.mapbox-vector-tile" {
			t.Errorf("%d, %d bytes", w.Code, w.Body.Len())
		}
		get(keeper, "/ogc/collections/building/tiles/WebMercatorQuad/3/9/9", 404)
		get(keeper, "/ogc/collections/building/tiles/WebMercatorQuad/x/0/0", 400)
		get(handler, "/ogc/collections/pipe/tiles/WebMercatorQuad/0/0/0", 404)
		get(keeper, "/ogc/collections/building/tiles/WebMercatorQuad", 200)
	})
}
