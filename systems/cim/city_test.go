package cim

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/place"
	"shanzhi/core/store"
	"shanzhi/internal/testkit"
	"shanzhi/systems/cim/simulate"
	"shanzhi/systems/cim/tiles"
)

// smallSection is a part of the made-up city.
var smallSection = []string{"固戍社区", "流塘社区", "甲岸社区"}

// smaller is the pack with a city of wider roads and fewer buildings, which is made faster.
type smaller struct{ fs.FS }

func (p smaller) Open(name string) (fs.File, error) {
	if name != "cim/city.yaml" {
		return p.FS.Open(name)
	}
	raw, err := fs.ReadFile(p.FS, name)
	if err != nil {
		return nil, err
	}
	text := string(raw)
	for from, to := range map[string]string{"spacing: 147": "spacing: 300", "buildings: 170000": "buildings: 50000", "split: 9600": "split: 3000", "units: 1000000": "units: 200000"} {
		if !strings.Contains(text, from) {
			return nil, fmt.Errorf("cim/city.yaml has no %q", from)
		}
		text = strings.Replace(text, from, to, 1)
	}
	return fstest.MapFS{name: {Data: []byte(text)}}.Open(name)
}

// openCity is a house with the smaller pack.
func openCity(ctx context.Context, dir, dsn string, ahead time.Duration) (*cimHouse, error) {
	h, err := openCIM(ctx, dir, dsn, ahead)
	if err == nil {
		h.files = smaller{h.files}
	}
	return h, err
}

// landed is a seeded house with a section of the made-up city.
var landed = testkit.Model{Name: "city", Fill: func(dir, dsn string) error {
	ctx := context.Background()
	h, err := openCity(ctx, dir, dsn, -time.Hour)
	if err != nil {
		return err
	}
	_, err = h.Seed(ctx, h.files, 24)
	if err == nil {
		var out CityLoaded
		out, err = h.LoadCity(ctx, h.files, CityLoad{Seed: 1, Section: slices.Clone(smallSection)})
		if err == nil && (out.Counts["buildings"] < 100 || out.Counts["units"] < 1000 || out.Counts["pipes"] < 200 || out.Ended.IsZero()) {
			err = fmt.Errorf("%+v was loaded", out)
		}
	}
	if err == nil {
		err = h.PublishAll(ctx, account.System(h.dir), "模拟数据（合成）", nil)
	}
	return errors.Join(err, h.Store.Close())
}}

func onBothCities(t *testing.T, test func(t *testing.T, h *cimHouse)) {
	for name, copy := range map[string]func(testing.TB) (dir, dsn string){"sqlite": landed.File, "postgres": landed.Postgres} {
		t.Run(name, func(t *testing.T) {
			dir, dsn := copy(t)
			h, err := openCity(context.Background(), dir, dsn, 0)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { h.Store.Close() })
			test(t, h)
		})
	}
}

// The city in the records keeps the register's law, says that it is made up, and is what the
// same seed gives.
func TestTheCityIsLoaded(t *testing.T) {
	onBothCities(t, func(t *testing.T, h *cimHouse) {
		ctx := context.Background()
		if problems, err := h.Places.Problems(ctx, h.Store); err != nil || len(problems) > 0 {
			t.Errorf("%v %v", problems, err)
		}
		plan, err := simulate.ReadPlan(h.files, 1)
		if err != nil {
			t.Fatal(err)
		}
		c, err := simulate.New(plan)
		if err != nil {
			t.Fatal(err)
		}
		in, err := c.Section(smallSection)
		if err != nil {
			t.Fatal(err)
		}
		buildings, units, deep := 0, 0, int32(-1)
		for i := range c.Buildings {
			if !in(c.Buildings[i].Rects[0].Mid) {
				continue
			}
			buildings++
			if (simulate.Solids{City: c}).Deep(i) {
				deep = int32(i)
				for _, f := range c.Floors(int32(i)) {
					units += len(f.Units)
				}
			}
		}
		have, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM cim_thing WHERE layer = 1`)
		if err != nil || have != buildings || deep < 0 {
			t.Fatalf("%d buildings, want %d: %v", have, buildings, err)
		}
		haveUnits, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM place_object o WHERE kind = 'unit' AND detail LIKE '%"synthetic":true%'`)
		if err != nil || haveUnits != units {
			t.Errorf("%d units say that they are made up, want %d: %v", haveUnits, units, err)
		}
		layers, err := h.Layers(ctx, h.actor(t, keeperRole))
		if err != nil || len(layers) != 10 {
			t.Fatalf("%+v %v", layers, err)
		}
		for _, l := range layers {
			if l.Synthetic != (l.Code != Areas) || l.Things == 0 || l.Epoch == "" || l.Synthetic != (l.Source == "simulated:1") {
				t.Errorf("%+v", l)
			}
		}
		if stranger, err := h.Layers(ctx, h.actor(t, "handler")); err != nil || slices.ContainsFunc(stranger, func(l LayerState) bool { return l.Code == Pipes || l.Code == Cameras }) {
			t.Errorf("a handler sees %+v: %v", stranger, err)
		}
		// A building and what it is made of.
		name := c.Name(deep)
		o, err := h.Places.Objects(ctx, h.Store, `kind = 'building' AND name = ? AND detail LIKE ?`, name, "%"+c.Address(deep)+"%")
		if err != nil || len(o) == 0 {
			t.Fatalf("%s is not in the register: %v", name, err)
		}
		thing, body, err := h.BodyOf(ctx, h.Store, o[0].ID)
		want := simulate.Solids{City: c}.Units(int(deep))
		if err != nil || len(body.Units) != len(want) || len(body.Floors) != len(c.Floors(deep)) || thing.Code != o[0].Codes[place.House] {
			t.Fatalf("%+v of %d units, want %d: %v", thing, len(body.Units), len(want), err)
		}
		for i, u := range body.Units {
			w := want[i]
			if u.Feature.Floor != w.Feature.Floor || u.Feature.Use != w.Feature.Use || !strings.HasPrefix(u.Feature.Code, thing.Code) || math.Abs(u.From-w.From) > 0.001 || math.Abs(u.Outline[0].Lon-w.Outline[0].Lon) > 1e-8 {
				t.Fatalf("unit %+v, want %+v", u, w)
			}
			res, err := h.Places.Resolve(ctx, h.Store, place.Code{Scheme: place.House, Value: u.Feature.Code}, "")
			if i%50 == 0 && (err != nil || len(res.Holdings) != 1) {
				t.Errorf("unit %s of the tiles is not in the register: %v", u.Feature.Code, err)
			}
		}
		ground, err := h.HeightsOf(ctx, h.Store)
		if err != nil || math.Abs(ground.At(plan.District.Bound().Center()[0], plan.District.Bound().Center()[1])-c.Ground.At(simulate.Point{})) > 1 {
			t.Errorf("the ground: %v", err)
		}
	})
}

// A load that is cut off again and again ends as one that was not, once; a load of another seed
// and one over real records are refused.
func TestTheLoadGoesOn(t *testing.T) {
	onBothCities(t, func(t *testing.T, whole *cimHouse) {
		ctx := context.Background()
		ask := CityLoad{Seed: 1, Section: slices.Clone(smallSection)}
		if out, err := whole.LoadCity(ctx, whole.files, ask); err != nil || len(out.Counts) > 0 {
			t.Errorf("it was loaded twice: %+v %v", out, err)
		}
		if _, err := whole.LoadCity(ctx, whole.files, CityLoad{Seed: 2}); !errors.Is(err, ErrOther) {
			t.Errorf("another city over this: %v", err)
		}
		dir, dsn := t.TempDir(), ""
		if dsn = filepath.Join(dir, "c.db"); strings.HasPrefix(whole.Store.DSN(), "postgres:") {
			dsn = testkit.Postgres(t)
		}
		h, err := openCity(ctx, dir, dsn, -time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { h.Store.Close() })
		if _, err := h.Seed(ctx, h.files, 24); err != nil {
			t.Fatal(err)
		}
		cut := 0
		for {
			short, cancel := context.WithCancel(ctx)
			pieces := 0
			gently := ask
			gently.Gently = cut < 2
			gently.Progress = func(int64, int64) {
				if pieces++; pieces > 2 && cut < 3 {
					cancel()
				}
			}
			_, err := h.LoadCity(short, h.files, gently)
			cancel()
			if err == nil {
				break
			}
			if cut++; !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
		if cut < 3 {
			t.Errorf("it was cut off %d times", cut)
		}
		for _, of := range []string{"place_object", "place_code", "place_change", "cim_thing", "cim_body", "cim_pipe", "cim_well", "cim_grid", "cim_layer"} {
			n, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM `+of)
			want, werr := store.Get[int](ctx, whole.Store, `SELECT count(*) FROM `+of)
			if err != nil || werr != nil || n != want || n == 0 {
				t.Errorf("%s: %d rows, want %d: %v %v", of, n, want, err, werr)
			}
		}
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM cim_load`)
			if err == nil {
				_, _, err = h.Places.Enter(ctx, tx, 0, []place.Entry{{PlaceDraft: place.PlaceDraft{Kind: place.ObjectStreet, Name: "真街道"}}}, place.Order{Who: account.System(h.dir), Day: "2026-01-01", Reason: "登记"})
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.LoadCity(ctx, h.files, ask); !errors.Is(err, ErrReal) {
			t.Errorf("over a real street: %v", err)
		}
	})
}

// What is found in a box, at a point, near one and in a polygon is what looking at every thing
// finds, on both stores.
func TestShapesAreFound(t *testing.T) {
	onBothCities(t, func(t *testing.T, h *cimHouse) {
		ctx := context.Background()
		kind, err := SpatialIndex(ctx, h.Store)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("shapes are found by %s", kind)
		if h.Store.Dialect() == store.Postgres && testkit.Extension("postgis") && kind != "postgis" {
			t.Errorf("PostGIS is installed and not used: %s", kind)
		}
		all, err := thingsBy(ctx, h.Store, `1 = 1`)
		if err != nil {
			t.Fatal(err)
		}
		by := map[Layer][]Thing{}
		for _, x := range all {
			by[x.Layer] = append(by[x.Layer], x)
		}
		if len(by) != 8 {
			t.Fatalf("%d layers have things", len(by))
		}
		codes := func(list []Thing) []string {
			out := []string{}
			for _, x := range list {
				out = append(out, x.Code)
			}
			slices.Sort(out)
			return out
		}
		r := rand.New(rand.NewPCG(1, 1))
		for l, list := range by {
			for range 12 {
				x := list[r.IntN(len(list))]
				b := x.Box()
				wide := r.Float64() * 0.003
				box := Box{b.West - wide, b.South - wide*r.Float64(), b.East + wide*r.Float64(), b.North + wide}
				var want []Thing
				for _, o := range list {
					if ob := o.Box(); ob.meets(box) {
						want = append(want, o)
					}
				}
				got, err := h.ThingsIn(ctx, h.Store, l, box, 100_000)
				if err != nil || !slices.Equal(codes(got), codes(want)) {
					t.Fatalf("%s in %+v: %d, want %d: %v", l, box, len(got), len(want), err)
				}
				p := orb.Point{box.West + r.Float64()*(box.East-box.West), box.South + r.Float64()*(box.North-box.South)}
				near, err := h.Nearest(ctx, h.Store, l, p[0], p[1], 3000, 3)
				distances := []float64{}
				for _, o := range list {
					if d := metresTo(o.Shape, p); d <= 3000 {
						distances = append(distances, d)
					}
				}
				slices.Sort(distances)
				if err != nil || len(near) != min(3, len(distances)) {
					t.Fatalf("%s near %v: %d, want %d: %v", l, p, len(near), len(distances), err)
				}
				for k, n := range near {
					if math.Abs(n.Metres-distances[k]) > 1e-6 {
						t.Fatalf("%s near %v: the %d. at %.3f m, want %.3f", l, p, k+1, n.Metres, distances[k])
					}
				}
				area := orb.Polygon{{p, {p[0] + 0.002, p[1]}, {p[0] + 0.001, p[1] + 0.002}, p}}
				want = nil
				for _, o := range list {
					if touches(o.Shape, area) {
						want = append(want, o)
					}
				}
				within, err := h.ThingsWithin(ctx, h.Store, l, area, 100_000)
				if err != nil || !slices.Equal(codes(within), codes(want)) {
					t.Fatalf("%s within: %d, want %d: %v", l, len(within), len(want), err)
				}
			}
		}
		for _, x := range by[Buildings][:20] {
			mid := x.Shape.(orb.Polygon)[0]
			p := orb.Point{(mid[0][0] + mid[2][0]) / 2, (mid[0][1] + mid[2][1]) / 2}
			at, err := h.ThingsAt(ctx, h.Store, Buildings, p[0], p[1])
			if err != nil || holds(x.Shape, p) && (len(at) != 1 || at[0].Code != x.Code) {
				t.Errorf("at the middle of %s: %v %v", x.Code, codes(at), err)
			}
		}
		// Pipes: by their cells, and all that a scan finds.
		pipes, err := store.Select[Pipe](ctx, h.Store, `SELECT `+pipeColumns+` FROM cim_pipe`)
		if err != nil || len(pipes) < 200 {
			t.Fatalf("%d pipes: %v", len(pipes), err)
		}
		for range 20 {
			x := pipes[r.IntN(len(pipes))]
			d := 0.0002 + r.Float64()*0.003
			box := Box{x.ALon - d, x.ALat - d, x.ALon + d, x.ALat + d}
			want := 0
			for _, p := range pipes {
				if (Box{min(p.ALon, p.BLon), min(p.ALat, p.BLat), max(p.ALon, p.BLon), max(p.ALat, p.BLat)}).meets(box) {
					want++
				}
			}
			got, err := h.PipesIn(ctx, h.Store, box, "", 100_000)
			if err != nil || len(got) != want {
				t.Fatalf("%d pipes in a box, want %d: %v", len(got), want, err)
			}
			wells, err := h.WellsIn(ctx, h.Store, box, x.Class, 100_000)
			if err != nil || !slices.ContainsFunc(wells, func(w Well) bool { return w.ID == x.A }) {
				t.Fatalf("the well of pipe %d is not among %d: %v", x.ID, len(wells), err)
			}
		}
		if _, err := h.ThingsIn(ctx, h.Store, Buildings, Box{10, 0, 5, 1}, 10); err == nil {
			t.Error("a box whose west lies east of its east was taken")
		}
	})
}

// A long pipe is found from any part of it.
func TestLongPipes(t *testing.T) {
	onBothCities(t, func(t *testing.T, h *cimHouse) {
		ctx := context.Background()
		x := Pipe{ID: 77, Class: "JS", ALon: 113.80, ALat: 22.60, BLon: 113.82, BLat: 22.60, Diameter: 1.2}
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			return store.InsertRows(ctx, tx, insertPipe, [][]any{x.row()})
		}); err != nil {
			t.Fatal(err)
		}
		got, err := h.PipesIn(ctx, h.Store, Box{113.8101, 22.5999, 113.8102, 22.6001}, "JS", 10)
		if err != nil || !slices.ContainsFunc(got, func(p Pipe) bool { return p.ID == 77 }) {
			t.Errorf("%+v %v", got, err)
		}
	})
}

// A body is read as it was written; what was cut off or touched is an error or another body.
func TestBodiesArePacked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		solid := rapid.Custom(func(t *rapid.T) tiles.Solid {
			from := rapid.IntRange(-50000, 500000).Draw(t, "from")
			s := tiles.Solid{From: float64(from) / 1000, To: float64(from+rapid.IntRange(1, 90000).Draw(t, "high")) / 1000}
			for range rapid.IntRange(3, 9).Draw(t, "corners") {
				s.Outline = append(s.Outline, tiles.Place{Lon: float64(rapid.IntRange(-18e9, 18e9).Draw(t, "lon")) / 1e8, Lat: float64(rapid.IntRange(-9e9, 9e9).Draw(t, "lat")) / 1e8})
			}
			s.Feature = tiles.Feature{Code: rapid.SampledFrom([]string{"4403060170010100001", "4403060170010100001000012", "x", ""}).Draw(t, "code"), Floor: int16(rapid.IntRange(-9, 200).Draw(t, "floor")), Area: float32(rapid.IntRange(0, 9000).Draw(t, "area")), Use: rapid.SampledFrom([]string{"flat", "office", ""}).Draw(t, "use")}
			return s
		})
		b := Body{Shell: rapid.SliceOfN(solid, 1, 3).Draw(t, "shell"), Floors: rapid.SliceOfN(solid, 0, 3).Draw(t, "floors"), Units: rapid.SliceOfN(solid, 0, 5).Draw(t, "units")}
		raw := packBody(b)
		got, err := unpackBody(raw)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(b) {
			t.Fatalf("%+v\n%+v %v", got, b, err)
		}
		if shell, err := unpackShell(raw); err != nil || fmt.Sprint(shell) != fmt.Sprint(b.Shell) {
			t.Fatalf("%v", err)
		}
		cut := rapid.IntRange(0, len(raw)-1).Draw(t, "cut")
		if _, err := unpackBody(raw[:cut]); err == nil {
			t.Fatal("a body that was cut off is read")
		}
		raw[cut] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
		_, _ = unpackBody(raw)
	})
}

// tilesOf reads all files of a version as its readers get them.
func tilesOf(t *testing.T, h *cimHouse, code string, version int) fstest.MapFS {
	t.Helper()
	ctx := context.Background()
	names, err := store.Select[string](ctx, h.Store, `SELECT DISTINCT name FROM cim_tile WHERE tileset = ? AND version <= ?`, code, version)
	if err != nil {
		t.Fatal(err)
	}
	out := fstest.MapFS{}
	for _, name := range names {
		f, err := h.OpenTile(ctx, h.actor(t, keeperRole), code, version, name)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		var body []byte
		if f.Plain {
			body, err = io.ReadAll(f)
		} else {
			var z *gzip.Reader
			if z, err = gzip.NewReader(f); err == nil {
				body, err = io.ReadAll(z)
			}
		}
		if err = errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		out[name] = &fstest.MapFile{Data: body}
	}
	return out
}

// The published tileset is valid. One building made anew is a new version with its tiles alone,
// which the whole made anew equals; who began with the old version still gets that; two people
// publish.
func TestPublishing(t *testing.T) {
	onBothCities(t, func(t *testing.T, h *cimHouse) {
		ctx := context.Background()
		one, two := h.actor(t, keeperRole), h.actor(t, keeperRole)
		first := tilesOf(t, h, BuildingTiles, 1)
		report, err := tiles.Validate(first)
		if err != nil || len(report.Faults) > 0 || report.Contents < 10 {
			t.Fatalf("%+v %v", report, err)
		}
		list, err := h.TilesetList(ctx, one)
		if err != nil || len(list) != len(Tilesets) || list[0].Current == nil || list[0].Current.Version != 1 || !list[0].Current.Synthetic || list[0].Current.Stale || list[0].Proposed != nil || list[0].Current.Features < 1000 {
			t.Fatalf("%+v %v", list, err)
		}
		// Taller by ten metres.
		things, err := thingsBy(ctx, h.Store, `t.layer = 1 AND EXISTS (SELECT 1 FROM cim_body y WHERE y.thing = t.id AND y.deep = ?) ORDER BY t.code LIMIT 1`, true)
		if err != nil || len(things) != 1 {
			t.Fatal(err)
		}
		id := things[0].ID
		thing, body, err := h.BodyOf(ctx, h.Store, id)
		if err != nil {
			t.Fatal(err)
		}
		body.Shell[len(body.Shell)-1].To += 10
		if _, err := h.PutBody(ctx, one, id, thing.Seq+1, body, "加建"); codeOf(err) != "conflict" {
			t.Errorf("over somebody's change: %v", err)
		}
		after, err := h.PutBody(ctx, one, id, thing.Seq, body, "加建")
		if err != nil || math.Abs(after.High-thing.High-10) > 0.001 || after.Seq != thing.Seq+1 {
			t.Fatalf("%+v %v", after, err)
		}
		if list, err = h.TilesetList(ctx, one); err != nil || !list[0].Current.Stale {
			t.Errorf("what is in force does not say that a layer has changed: %v", err)
		}
		if err := h.PublishAll(ctx, account.System(h.dir), "再次启动", func(v TilesetVersion, _ time.Duration) { t.Errorf("the system published %+v", v) }); err != nil {
			t.Fatal(err)
		}
		v, err := h.PublishBuilding(ctx, one, id, "加建")
		if err != nil || v.Version != 2 || v.Whole || v.Files > 12 || v.State != "proposed" {
			t.Fatalf("%+v %v", v, err)
		}
		if _, err := h.ProposeTileset(ctx, two, BuildingTiles, "又一次"); codeOf(err) != "tileset_waits" {
			t.Errorf("two versions wait: %v", err)
		}
		if _, err := h.OpenTile(ctx, h.actor(t, "handler"), BuildingTiles, 2, "tileset.json"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a reader gets what is not published: %v", err)
		}
		if err := h.DecideTileset(ctx, one, BuildingTiles, 2, true); codeOf(err) != "tileset_own" {
			t.Errorf("one person published alone: %v", err)
		}
		if err := h.DecideTileset(ctx, two, BuildingTiles, 2, true); err != nil {
			t.Fatal(err)
		}
		if err := h.DecideTileset(ctx, two, BuildingTiles, 2, true); codeOf(err) != "conflict" {
			t.Errorf("it was published twice: %v", err)
		}
		second := tilesOf(t, h, BuildingTiles, 2)
		if report, err := tiles.Validate(second); err != nil || len(report.Faults) > 0 {
			t.Errorf("%+v %v", report, err)
		}
		for name, f := range tilesOf(t, h, BuildingTiles, 1) {
			if !bytes.Equal(f.Data, first[name].Data) {
				t.Errorf("%s of the first version has changed", name)
			}
		}
		if w, err := h.ProposeTileset(ctx, one, BuildingTiles, "全部"); err != nil || w.Version != 3 || !w.Whole {
			t.Fatalf("%+v %v", w, err)
		}
		third := tilesOf(t, h, BuildingTiles, 3)
		if len(third) != len(second) {
			t.Errorf("%d and %d files", len(third), len(second))
		}
		changed := 0
		for name, f := range third {
			if !bytes.Equal(f.Data, second[name].Data) {
				t.Errorf("%s is not what the whole would be", name)
			}
			if !bytes.Equal(f.Data, first[name].Data) {
				changed++
			}
		}
		if changed == 0 || changed > v.Files {
			t.Errorf("%d files differ, %d were made", changed, v.Files)
		}
		if err := h.DecideTileset(ctx, one, BuildingTiles, 3, false); err != nil {
			t.Fatal(err)
		}
		if _, err := h.OpenTile(ctx, one, BuildingTiles, 3, "tileset.json"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("what was rejected is served: %v", err)
		}
		// A month later the first is gone, and what the second needs of it is not.
		h.ahead.Store(int64(40 * 24 * time.Hour))
		if _, err := h.sweepTiles(ctx); err != nil {
			t.Fatal(err)
		}
		if again := tilesOf(t, h, BuildingTiles, 2); len(again) != len(second) {
			t.Errorf("%d of %d files are left", len(again), len(second))
		}
		if _, err := h.OpenTile(ctx, one, BuildingTiles, 1, "tileset.json"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the first version is still there: %v", err)
		}
		// Bodies that are none.
		for what, bad := range map[string]Body{
			"nothing":            {},
			"two corners":        {Shell: []tiles.Solid{{Outline: body.Shell[0].Outline[:2], From: 0, To: 3, Feature: body.Shell[0].Feature}}},
			"its head down":      {Shell: []tiles.Solid{{Outline: body.Shell[0].Outline, From: 3, To: 0, Feature: body.Shell[0].Feature}}},
			"another's code":     {Shell: []tiles.Solid{{Outline: body.Shell[0].Outline, From: 0, To: 3, Feature: tiles.Feature{Code: "4403060000000000000"}}}},
			"off the earth":      {Shell: []tiles.Solid{{Outline: []tiles.Place{{Lon: 200}, {Lon: 201}, {Lon: 200, Lat: 1}}, From: 0, To: 3, Feature: body.Shell[0].Feature}}},
			"one unit two times": {Shell: body.Shell, Units: append(slices.Clone(body.Units[:1]), body.Units[0])},
		} {
			if _, err := h.PutBody(ctx, one, id, after.Seq, bad, "试"); codeOf(err) != "invalid" {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

// What a style says of a code is what the register says; vacancy is counted from units.
func TestStyles(t *testing.T) {
	onBothCities(t, func(t *testing.T, h *cimHouse) {
		ctx := context.Background()
		who := h.actor(t, "handler")
		row, err := store.Get[struct{ W, S, E, N *float64 }](ctx, h.Store, `SELECT min(west) AS w, min(south) AS s, max(east) AS e, max(north) AS n FROM cim_thing WHERE layer = ?`, 1)
		if err != nil {
			t.Fatal(err)
		}
		all := Box{*row.W, *row.S, *row.E, *row.N}
		for _, st := range Styles {
			out, err := h.StyleOf(ctx, who, st.Name, all)
			if err != nil || len(out.Codes) != len(out.Values) || len(out.Codes) == 0 && st.Name != "appeals" {
				t.Errorf("%s: %d codes, %d values: %v", st.Name, len(out.Codes), len(out.Values), err)
			}
		}
		vacant, err := h.StyleOf(ctx, who, "vacancy", all)
		if err != nil {
			t.Fatal(err)
		}
		states, err := h.StyleOf(ctx, who, "unit-state", all)
		if err != nil {
			t.Fatal(err)
		}
		units, empty := map[string]float64{}, map[string]float64{}
		for i, code := range states.Codes {
			units[code[:19]]++
			if states.Values[i] == "vacant" {
				empty[code[:19]]++
			}
		}
		for i, code := range vacant.Codes {
			if got, want := vacant.Values[i].(float64), empty[code]/units[code]; math.Abs(got-want) > 0.001 {
				t.Errorf("%s stands %.3f vacant, want %.3f", code, got, want)
			}
		}
		if len(vacant.Codes) != len(units) {
			t.Errorf("vacancy of %d buildings, want %d", len(vacant.Codes), len(units))
		}
		if _, err := h.StyleOf(ctx, who, "none", all); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a style that is none: %v", err)
		}
	})
}

// Clusters count every camera of the box once, by class; those alone are told by their number.
func TestClusters(t *testing.T) {
	onBothCities(t, func(t *testing.T, h *cimHouse) {
		ctx := context.Background()
		who := h.actor(t, readerRole)
		n, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM cim_thing WHERE layer = 4`)
		if err != nil || n == 0 {
			t.Fatal(err)
		}
		for _, cells := range []int{1, 8, 64} {
			list, err := h.Clusters(ctx, who, Cameras, Box{113, 22, 115, 23}, cells, "")
			sum, classes := 0, 0
			for _, c := range list {
				sum += c.Count
				for _, k := range c.Classes {
					classes += k
				}
				if (c.Count == 1) != (c.Code != "") {
					t.Errorf("%+v", c)
				}
			}
			if err != nil || sum != n || classes != n {
				t.Errorf("%d cells: %d cameras, %d by class, want %d: %v", cells, sum, classes, n, err)
			}
		}
		if _, err := h.Clusters(ctx, h.actor(t, "handler"), Cameras, Box{113, 22, 115, 23}, 8, ""); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a handler sees the cameras: %v", err)
		}
	})
}

func TestAcceptsGzip(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if acceptsGzip(r) {
		t.Error("it says nothing of gzip")
	}
	if r.Header.Set("Accept-Encoding", "br, gzip"); !acceptsGzip(r) {
		t.Error("it takes gzip")
	}
}

// Pipes are tubes with their wells, each of which is picked by its key; the tileset is valid.
func TestPipeTiles(t *testing.T) {
	onBothCities(t, func(t *testing.T, h *cimHouse) {
		ctx := context.Background()
		files := tilesOf(t, h, PipeTiles, 1)
		report, err := tiles.Validate(files)
		if err != nil || len(report.Faults) > 0 || report.Contents < 10 {
			t.Fatalf("%+v %v", report, err)
		}
		found := map[string]int{}
		for name, f := range files {
			if !strings.HasPrefix(name, "c/7/") {
				continue
			}
			codes, err := tiles.Found(f.Data)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range codes {
				found[c]++
			}
		}
		for _, table := range []string{"cim_pipe", "cim_well"} {
			ids, err := store.Select[store.ID](ctx, h.Store, `SELECT id FROM `+table)
			if err != nil {
				t.Fatal(err)
			}
			missing := 0
			for _, id := range ids {
				if found[id.String()] == 0 {
					missing++
				}
			}
			if missing > 0 {
				t.Errorf("%d of %d of %s are in no tile", missing, len(ids), table)
			}
		}
		if _, err := h.OpenTile(ctx, h.actor(t, "handler"), PipeTiles, 1, "tileset.json"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a handler sees the pipes: %v", err)
		}
	})
}
