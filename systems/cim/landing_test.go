package cim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"shanzhi/core/place"
	"shanzhi/core/store"
	"shanzhi/systems/cim/check"
	"shanzhi/systems/cim/tiles"
)

// handIn hands a file in over the API.
func (e *cityEdge) handIn(token, name string, file []byte, fields map[string]string) CheckIn {
	e.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(file)
	}
	for k, v := range fields {
		_ = w.WriteField(k, v)
	}
	if err != nil || w.Close() != nil {
		e.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/api/city/checkins", &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Authorization", "Bearer "+token)
	rec := httptest.NewRecorder()
	e.web.ServeHTTP(rec, r)
	if rec.Code != http.StatusCreated {
		e.t.Fatalf("handed in: %d %s", rec.Code, rec.Body)
	}
	return e.worked(token, read[CheckIn](e.t, rec).ID)
}

// worked is a batch after it was worked on.
func (e *cityEdge) worked(token string, id store.ID) CheckIn {
	e.t.Helper()
	if _, err := e.h.WorkCheckIn(context.Background()); err != nil {
		e.t.Fatal(err)
	}
	return read[CheckIn](e.t, e.ask(token, "GET", "/api/city/checkins/"+id.String(), nil))
}

// publish has somebody publish a batch and waits until it has landed.
func (e *cityEdge) publish(token string, c CheckIn) CheckIn {
	e.t.Helper()
	rec := e.ask(token, "POST", "/api/city/checkins/"+c.ID.String()+"/decision", map[string]any{"action": "publish", "version": c.Version, "reason": "核对无误", "partial": true})
	if rec.Code != http.StatusOK {
		e.t.Fatalf("published: %d %s", rec.Code, rec.Body)
	}
	if c = e.worked(token, c.ID); c.State != CheckInPublished {
		e.t.Fatalf("%+v", c)
	}
	return c
}

func read[T any](t *testing.T, rec *httptest.ResponseRecorder) (out T) {
	t.Helper()
	if rec.Code >= 300 {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// retile proposes a tileset and has another publish it.
func (e *cityEdge) retile(first, second, code string) int {
	e.t.Helper()
	v := read[TilesetVersion](e.t, e.ask(first, "POST", "/api/cim/tilesets/"+code, map[string]any{"reason": "入库之后"}))
	if rec := e.ask(second, "POST", fmt.Sprintf("/api/cim/tilesets/%s/%d", code, v.Version), map[string]any{"publish": true}); rec.Code != http.StatusNoContent {
		e.t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	return v.Version
}

func (e *cityEdge) stale(token, code string) bool {
	for _, st := range read[[]TilesetState](e.t, e.ask(token, "GET", "/api/cim/tilesets", nil)) {
		if st.Code == code && st.Current != nil {
			return st.Current.Stale
		}
	}
	return false
}

// Real cities far from the district are handed in, checked, published, tiled and picked, by the API alone: what
// a tile says of a house is the code by which the register knows it. The houses of Delft have no floors
// (302), which a pack may let pass; those of Zurich have real roofs.
func TestCitiesLand(t *testing.T) {
	shared := filepath.Join("..", "..", "..", "shared", "data", "city3d")
	if _, err := os.Stat(shared); err != nil {
		shared = os.Getenv("SHANZHI_SHARED_CITY3D")
	}
	if _, err := os.Stat(filepath.Join(shared, "delft.json")); err != nil {
		t.Skip("the shared data is absent")
	}
	dir, dsn := landed.File(t)
	h, err := openCity(context.Background(), dir, dsn, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Store.Close()
	book := *h.book.Load()
	if book.rules, err = check.NewRules(check.Settings{Rules: map[string]check.RuleSettings{"302": {Severity: check.Warning}}}); err != nil {
		t.Fatal(err)
	}
	h.book.Store(&book)
	e := serveCity(t, h)
	first, second := e.sign("first", keeperRole), e.sign("second", keeperRole)
	before := read[CityState](t, e.ask(first, "GET", "/api/cim", nil))
	houses := map[string]int64{}
	for name, source := range map[string]string{"delft.json": "TU Delft 3D", "zurich_subset_lod2.json": "Stadt Zürich"} {
		file, err := os.ReadFile(filepath.Join(shared, name))
		if err != nil {
			t.Fatal(err)
		}
		handed := func(epoch string) CheckIn {
			return e.handIn(first, name, file, map[string]string{"layer": name, "source": source, "epoch": epoch})
		}
		c := handed("2017-03-01")
		if c.State != CheckInChecked || c.Sound < 40 {
			t.Fatalf("%+v %+v", c, c.Report)
		}
		e.publish(second, c)
		for _, l := range read[CityState](t, e.ask(first, "GET", "/api/cim", nil)).Layers {
			for _, src := range l.Sources {
				if src.Epoch != "2017-03-01" || src.Things == 0 {
					t.Errorf("%s: %+v", l.Code, src)
				}
				if l.Code == Buildings && src.Source == source {
					houses[source] = src.Things
				}
			}
		}
		// The same file again changes nothing.
		if c = e.publish(second, handed("2018-03-01")); c.Added+c.Changed != 0 {
			t.Errorf("%+v", c)
		}
	}
	state := read[CityState](t, e.ask(first, "GET", "/api/cim", nil))
	if len(state.Places) != 3 || fmt.Sprint(state.Box) != fmt.Sprint(before.Box) || houses["TU Delft 3D"] < 140 || houses["Stadt Zürich"] < 40 {
		t.Fatalf("places %+v, box %v, houses %v", state.Places, state.Box, houses)
	}
	if !e.stale(first, BuildingTiles) || !e.stale(first, BaseMap) || e.stale(first, PipeTiles) {
		t.Error("the tiles of what came in are not stale, or others are")
	}
	files := tilesOf(t, h, BuildingTiles, e.retile(first, second, BuildingTiles))
	report, err := tiles.Validate(files)
	if err != nil || len(report.Faults) > 0 {
		t.Fatalf("%+v %v", report, err)
	}
	if e.stale(first, BuildingTiles) {
		t.Error("tiles that were just made are stale")
	}
	picked, roofs := map[string]bool{}, 0
	for name, f := range files {
		if part, _, _ := strings.Cut(name, "/"); part == "p1-c" || part == "p2-c" {
			codes, err := tiles.Found(f.Data)
			if err != nil {
				t.Fatal(err)
			}
			for _, code := range codes {
				picked[code] = true
			}
		}
	}
	if int64(len(picked)) != houses["TU Delft 3D"]+houses["Stadt Zürich"] {
		t.Errorf("%d codes in the tiles of %v houses", len(picked), houses)
	}
	for code := range picked {
		answer := read[CodeAnswer](t, e.ask(first, "GET", "/api/codes/"+url.PathEscape(code), nil))
		if len(answer.Register) != 1 || len(answer.Register[0].Holdings) != 1 {
			t.Fatalf("%s: %+v", code, answer.Register)
		}
		object := answer.Register[0].Holdings[0].Then
		if object.Codes[place.Surveyed] != code || houses[object.Detail.Source] == 0 || object.Since != "2017-03-01" {
			t.Errorf("%+v", object)
		}
		body := read[BuildingBody](t, e.ask(first, "GET", "/api/cim/buildings/"+object.ID.String(), nil))
		if len(body.Shell) == 0 || body.Shell[0].Code != code || body.Shell[0].Skin == nil {
			t.Errorf("%+v", body)
			continue
		}
		between := 0 // corners that are neither at the foot nor at the top: a roof that is not flat
		for _, c := range body.Shell[0].Skin.Corners {
			if c[2] > body.Shell[0].From+1 && c[2] < body.Shell[0].To-1 {
				between++
			}
		}
		if between > 0 {
			roofs++
		}
		if roofs == 1 {
			if page := read[PlacePage](t, e.ask(first, "GET", "/api/places/"+object.ID.String(), nil)); page.Object.ID != object.ID {
				t.Error("its page is another's")
			}
		}
	}
	if roofs < 30 {
		t.Errorf("%d houses have a roof", roofs)
	}
	if problems, err := h.Places.Problems(context.Background(), h.Store); err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
}

// A file's building is that of the register by its code; its new epoch takes the place of its last, which stays
// to be seen by its days. What was cut off goes on, and what has no code is entered once.
func TestLandingGoesOn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *cimHouse) {
		ctx := context.Background()
		e := serveCity(t, h)
		first, second := e.sign("first", keeperRole), e.sign("second", keeperRole)
		objects, err := h.Places.Objects(ctx, h.Store, `kind = 'building' AND until = '' ORDER BY id LIMIT 2`)
		if err != nil || len(objects) < 2 {
			t.Fatal(err)
		}
		a, b := objects[0].Codes[place.House], objects[1].Codes[place.House]
		file := outlineFile(map[string][2]float64{a: {0, 0}, b: {20, 0}}, `,"floors":4`)
		file = strings.Replace(file, `"features":[`, `"features":[{"type":"Feature","id":"shed","properties":{"type":"building","height":5},"geometry":{"type":"Polygon","coordinates":[[[490040,2500000],[490050,2500000],[490050,2500010],[490040,2500010],[490040,2500000]]]}},{"type":"Feature","id":"cam-1","properties":{"type":"视频监控"},"geometry":{"type":"Point","coordinates":[490060,2500000]}},`, 1)
		e.publish(second, e.handIn(first, "one.geojson", []byte(file), map[string]string{"layer": "survey", "source": "测绘院", "epoch": "2026-11-01"}))
		count := func(query string) int {
			t.Helper()
			n, err := store.Get[int](ctx, h.Store, query)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := count(`SELECT count(*) FROM cim_thing WHERE layer = 1`); n != 3 {
			t.Errorf("%d buildings are drawn", n)
		}
		if n := count(`SELECT count(*) FROM cim_thing WHERE layer = 4`); n != 1 {
			t.Errorf("%d cameras: a kind that the pack names", n)
		}
		thing, body, err := h.BodyOf(ctx, h.Store, objects[0].ID)
		if err != nil || thing.Code != a || len(body.Shell) != 1 || body.Shell[0].Feature.Code != a || thing.High-thing.Low < 11.9 || thing.High-thing.Low > 12.1 || body.Shell[0].Feature.Area < 99 || body.Shell[0].Feature.Area > 101 {
			t.Fatalf("%+v %+v %v", thing, body, err)
		}
		shed := read[CodeAnswer](t, e.ask(first, "GET", "/api/codes/shed", nil))
		if len(shed.Register) != 1 || shed.Register[0].Holdings[0].Then.Detail.Epoch != "2026-11-01" {
			t.Fatalf("%+v", shed)
		}
		// Cut off after all was published and nothing had landed, and half-way.
		for _, what := range []string{`1 = 1`, `ext IN ('shed')`} {
			if err := h.exec(ctx, `DELETE FROM cim_landed WHERE `+what+` AND ext <> 'shed'`); err != nil {
				t.Fatal(err)
			}
			if err := h.exec(ctx, `UPDATE cim_checkin SET state = 'publishing'`); err != nil {
				t.Fatal(err)
			}
			if _, err := h.WorkCheckIn(ctx); err != nil {
				t.Fatal(err)
			}
			if n := count(`SELECT count(*) FROM cim_thing WHERE layer = 1`); n != 3 {
				t.Errorf("%d buildings are drawn", n)
			}
		}
		// Another epoch: one moved. What it was is there by its day.
		file = strings.Replace(outlineFile(map[string][2]float64{a: {3, 0}, b: {20, 0}}, `,"floors":4`), "490013", "490018", -1)
		e.publish(second, e.handIn(first, "two.geojson", []byte(file), map[string]string{"layer": "survey", "source": "测绘院", "epoch": "2026-11-20"}))
		now, _, err := h.BodyOf(ctx, h.Store, objects[0].ID)
		if err != nil || orb.Equal(now.Shape, thing.Shape) {
			t.Errorf("%+v %v", now, err)
		}
		then, _, err := h.BodyOn(ctx, h.Store, objects[0].ID, "2026-11-10")
		if err != nil || !orb.Equal(then.Shape, thing.Shape) {
			t.Errorf("%+v %v", then, err)
		}
		if _, _, err := h.BodyOn(ctx, h.Store, objects[0].ID, "2026-10-01"); err != store.ErrNotFound {
			t.Errorf("it had a shape before it was surveyed: %v", err)
		}
		sources := count(`SELECT count(*) FROM cim_layer_source WHERE code = 'building'`)
		if sources != 2 {
			t.Errorf("%d sources", sources)
		}
	})
}

// A community that is cut anew: its codes move, houses are joined, divided and pulled down. Old codes lead to
// what there is now, in the register, among the things and in the tiles alike; the past is there by its days.
func TestARecutCommunity(t *testing.T) {
	onBoth(t, func(t *testing.T, h *cimHouse) {
		ctx := context.Background()
		e := serveCity(t, h)
		first, second := e.sign("first", keeperRole), e.sign("second", keeperRole)
		list, err := h.Places.Objects(ctx, h.Store, `kind = 'building' AND until = '' AND parent = (SELECT parent FROM place_object WHERE kind = 'building' GROUP BY parent HAVING count(*) > 2 ORDER BY parent LIMIT 1) ORDER BY id LIMIT 3`)
		if err != nil || len(list) < 3 {
			t.Fatalf("%d buildings: %v", len(list), err)
		}
		a, b, c := list[0], list[1], list[2]
		where := map[string][2]float64{}
		for i, o := range list {
			where[o.Codes[place.House]] = [2]float64{float64(i) * 20, 0}
		}
		e.publish(second, e.handIn(first, "all.geojson", []byte(outlineFile(where, `,"floors":4`)), map[string]string{"layer": "all", "epoch": "2026-11-01"}))
		// Two units of the first are known.
		units, err := h.Places.Objects(ctx, h.Store, `kind = 'unit' AND until = '' AND parent IN (SELECT id FROM place_object WHERE parent = ? AND kind = 'floor') ORDER BY id LIMIT 2`, int64(a.ID))
		if err != nil || len(units) < 2 {
			t.Fatalf("%d units: %v", len(units), err)
		}
		body := read[BuildingBody](t, e.ask(first, "GET", "/api/cim/buildings/"+a.ID.String(), nil))
		west, east := body.Shell[0], body.Shell[0]
		mid := (body.Shell[0].Outline[0][0] + body.Shell[0].Outline[2][0]) / 2
		half := func(s BuildingSolid, code string, keep func(float64) float64) BuildingSolid {
			s.Code, s.Floor = code, 1
			s.Outline = append([][2]float64{}, s.Outline...)
			for i := range s.Outline {
				s.Outline[i][0] = keep(s.Outline[i][0])
			}
			return s
		}
		west = half(west, units[0].Codes[place.House], func(x float64) float64 { return min(x, mid) })
		east = half(east, units[1].Codes[place.House], func(x float64) float64 { return max(x, mid) })
		read[CityThing](t, e.ask(first, "PUT", "/api/cim/buildings/"+a.ID.String(), map[string]any{"version": body.Version, "shell": body.Shell, "floors": []any{}, "units": []BuildingSolid{west, east}, "reason": "分户测绘"}))
		tiled := func() map[string]bool {
			t.Helper()
			files := tilesOf(t, h, BuildingTiles, e.retile(first, second, BuildingTiles))
			if report, err := tiles.Validate(files); err != nil || len(report.Faults) > 0 {
				t.Fatalf("%+v %v", report, err)
			}
			out := map[string]bool{}
			for _, f := range files {
				codes, _ := tiles.Found(f.Data)
				for _, code := range codes {
					out[code] = true
				}
			}
			return out
		}
		if got := tiled(); !got[a.Codes[place.House]] || !got[units[0].Codes[place.House]] || len(got) != 5 {
			t.Fatalf("%v", got)
		}
		change := func(o place.Object, body map[string]any) []place.Object {
			t.Helper()
			now, err := h.Places.Object(ctx, h.Store, o.ID)
			if err != nil {
				t.Fatal(err)
			}
			body["version"], body["reason"] = now.Seq, "社区调整"
			out := read[[]place.Object](t, e.ask(first, "POST", "/api/places/"+o.ID.String()+"/changes", body))
			if !e.stale(first, BuildingTiles) {
				t.Error("the tiles are not stale")
			}
			return out
		}
		resolved := func(code string, want ...store.ID) {
			t.Helper()
			answer := read[CodeAnswer](t, e.ask(first, "GET", "/api/codes/"+code, nil))
			var got []store.ID
			for _, r := range answer.Register {
				for _, holding := range r.Holdings {
					for _, o := range holding.Now {
						got = append(got, o.ID)
					}
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s leads to %v, want %v", code, got, want)
			}
		}
		drawn := func(id store.ID) (Thing, Body) {
			t.Helper()
			thing, body, err := h.BodyOf(ctx, h.Store, id)
			if err != nil {
				t.Fatal(err)
			}
			return thing, body
		}
		old := map[store.ID]string{a.ID: a.Codes[place.House], b.ID: b.Codes[place.House], c.ID: c.Codes[place.House], units[0].ID: units[0].Codes[place.House]}
		// The community's number changes, and all that lies in it with it.
		above, err := h.Places.Object(ctx, h.Store, a.Parent)
		if err != nil {
			t.Fatal(err)
		}
		was := above.Codes[place.House]
		to := was[:len(was)-3] + "987"
		change(above, map[string]any{"action": "edit", "day": "2026-11-28", "edit": map[string]any{"codes": map[string]string{"house": to}}})
		for id, code := range old {
			resolved(code, id)
			now, err := h.Places.Object(ctx, h.Store, id)
			if err != nil || now.Codes[place.House] != to+code[len(to):] {
				t.Fatalf("%+v %v", now, err)
			}
		}
		thing, made := drawn(a.ID)
		if thing.Code != to+old[a.ID][len(to):] || made.Units[0].Feature.Code != to+old[units[0].ID][len(to):] || made.Shell[0].Feature.Code != thing.Code {
			t.Errorf("%+v %+v", thing, made)
		}
		for code := range tiled() {
			if !strings.HasPrefix(code, to) {
				t.Errorf("%s is in the tiles still", code)
			}
		}
		// Two are joined.
		heir := change(b, map[string]any{"action": "merge", "day": "2026-11-29", "with": []store.ID{c.ID}, "into": []map[string]any{{"kind": "building", "name": "合并楼", "codes": map[string]string{"house": to + old[b.ID][len(to):]}}}})[0]
		resolved(old[c.ID], heir.ID)
		resolved(old[b.ID], heir.ID)
		if joined, made := drawn(heir.ID); len(made.Shell) != 2 || joined.Code != heir.Codes[place.House] || joined.Name != "合并楼" {
			t.Errorf("%+v %+v", joined, made)
		}
		for _, gone := range []store.ID{b.ID, c.ID} {
			if _, _, err := h.BodyOf(ctx, h.Store, gone); err != store.ErrNotFound {
				t.Errorf("it is drawn still: %v", err)
			}
			if then, _, err := h.BodyOn(ctx, h.Store, gone, "2026-11-15"); err != nil || then.Code != old[gone] {
				t.Errorf("its past: %+v %v", then, err)
			}
		}
		// One is divided: each part is what its units are.
		floors, err := h.Places.Objects(ctx, h.Store, `parent = ? AND until = ''`, int64(a.ID))
		if err != nil {
			t.Fatal(err)
		}
		goes := map[string]int{}
		for _, f := range floors {
			goes[f.ID.String()] = 1
			if f.ID == units[0].Parent {
				goes[f.ID.String()] = 0
			}
		}
		parts := change(a, map[string]any{"action": "split", "day": "2026-11-30", "goes": goes, "into": []map[string]any{
			{"kind": "building", "name": "东座", "codes": map[string]string{"house": thing.Code}}, {"kind": "building", "name": "西座"}}})
		resolved(old[a.ID], parts[0].ID, parts[1].ID)
		if east, made := drawn(parts[0].ID); east.Code != thing.Code || len(made.Units) == 0 {
			t.Errorf("%+v %+v", east, made)
		}
		// A unit that is retired is no more drawn; a building neither.
		unit, err := h.Places.Object(ctx, h.Store, units[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		change(unit, map[string]any{"action": "retire", "day": "2026-12-01"})
		change(heir, map[string]any{"action": "retire", "day": "2026-12-01"})
		resolved(old[b.ID])
		got := tiled()
		if got[unit.Codes[place.House]] || got[heir.Codes[place.House]] || !got[thing.Code] {
			t.Errorf("in the tiles: %v", got)
		}
		for code := range got {
			resolution, err := h.Places.Resolve(ctx, h.Store, place.Code{Scheme: place.House, Value: code}, "")
			if err != nil || len(resolution.Holdings) == 0 || len(resolution.Holdings[0].Now) == 0 {
				t.Errorf("%s is drawn and leads nowhere: %v", code, err)
			}
		}
		if problems, err := h.Places.Problems(ctx, h.Store); err != nil || len(problems) > 0 {
			t.Errorf("%v %v", problems, err)
		}
	})
}
