package check

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"shanzhi/core/place"
	"shanzhi/internal/testkit"
	"shanzhi/systems/cim/ingest"
)

// survey judges tables of pipe points and lines by CJJ 61; X is north.
func survey(t testing.TB, points, lines string) *CityReport {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"WSPoint.csv": "物探点号,X,Y,地面高程,特征,附属物,井深\n" + points, "WSLine.csv": "管线编号,起点点号,终点点号,起点埋深,终点埋深,管径\n" + lines} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return judgeFile(t, dir, "EPSG:4547", Known{})
}

// A run of sewage that is right, and of each rule of pipes one thing changed.
func TestEachPipeCode(t *testing.T) {
	const points = "W1,2500000,490000,10,起点,检查井,2\nW2,2500030,490000,9.9,三通,检查井,2.2\nW3,2500060,490000,9.8,直通,检查井,2.4\nW4,2500090,490000,9.7,出水口,,\n"
	const lines = "L1,W1,W2,1.9,2.0,300\nL2,W2,W3,2.0,2.2,400\nL3,W3,W4,2.2,2.4,400\n"
	if got := codesOf(survey(t, points, lines), "R02"); got != nil {
		t.Fatalf("the right one has %v", got)
	}
	for _, c := range []struct{ code, points, lines, object string }{
		{"P01", points, lines + "L4,W2,W9,2,2,300\n", "L4"},
		{"P02", points + "W7,2500000,490050,10,,检查井,2\n", lines, "W7"},
		{"P03", points, "L1,W1,W2,1.9,1.5,300\nL2,W2,W3,2.0,2.2,400\nL3,W3,W4,2.2,2.4,400\n", "L1"},
		{"P04", points, "L1,W1,W2,1.9,2.0,500\nL2,W2,W3,2.0,2.2,400\nL3,W3,W4,2.2,2.4,400\n", "W2"},
		{"P06", "W1,2500000,490000,10,起点,检查井,\nW2,2500030,490000,9.9,三通,检查井,2.2\nW3,2500060,490000,9.8,直通,检查井,2.4\nW4,2500090,490000,9.7,出水口,,\n", lines, "W1"},
		{"P07", points + "V1,2500000,490050,10,起点,检查井,2\nV2,2500030,490050,9.9,,检查井,2.2\n", lines + "M1,V1,V2,1.9,2.0,300\n", "V1"},
		{"P08", points + "V2,2500060,490030,9.9,,检查井,2.6\n", lines + "M1,W3,V2,2.2,2.5,400\n", "V2"},
		{"P09", points, lines + "L9,W1,W2,1.9,2.0,300\n", "L9"},
		{"P10", points, lines + "L9,W2,W2,2.0,2.0,400\n", "L9"},
		{"P11", points, "L1,W1,W2,1.9,2.0,\nL2,W2,W3,2.0,2.2,400\nL3,W3,W4,2.2,2.4,400\n", "L1"},
		{"P12", points + "V2,2500045,490000.3,9.85,出水口,,\nV1,2500045,490040,10,起点,检查井,2\n", lines + "M1,V1,V2,1.9,1.95,300\n", "V2"},
		{"P13", "W1,2500000,490000,10,起点,检查井,1.5\nW2,2500030,490000,9.9,三通,检查井,2.2\nW3,2500060,490000,9.8,直通,检查井,2.4\nW4,2500090,490000,9.7,出水口,,\n", lines, "L1"},
		{"P14", points + "W5,,,9.6,出水口,,\n", lines + "L4,W4,W5,2.4,2.4,400\n", "W5"},
	} {
		r := survey(t, c.points, c.lines)
		own := slices.DeleteFunc(slices.Clone(r.Findings), func(f Breach) bool { return f.Code != c.code })
		if len(own) != 1 || own[0].Object != c.object || own[0].Where.Line == 0 {
			t.Errorf("%s: %+v", c.code, own)
		}
		// What else follows from the one change.
		also := map[string][]string{"P01": {"P06"}, "P07": {"P08"}, "P14": {"P06"}}[c.code]
		for _, k := range codesOf(r, append(also, "R02", c.code)...) {
			t.Errorf("%s brings %s too: %+v", c.code, k, r.Findings)
		}
	}
}

// GB 50289-2016, 4.1.14, at its corners: the table is symmetric, and a crossing at the limit is right.
func TestClearance(t *testing.T) {
	for _, c := range []struct {
		a      string
		aCased bool
		b      string
		bCased bool
		want   float64
	}{{"JS", false, "JS", false, 0.15}, {"JS", false, "WS", false, 0.40}, {"YS", false, "WS", false, 0.15}, {"RQ", false, "TX", false, 0.50}, {"RQ", false, "TX", true, 0.15}, {"DL", false, "JS", false, 0.50}, {"DL", true, "RQ", false, 0.15}, {"ZS", false, "JS", false, 0.50}, {"ZS", false, "WS", false, 0.40}} {
		got, ok := Clearance(c.a, c.aCased, c.b, c.bCased)
		other, _ := Clearance(c.b, c.bCased, c.a, c.aCased)
		if !ok || got != c.want || other != got {
			t.Errorf("%+v: %g, %g", c, got, other)
		}
	}
	if _, ok := Clearance("JS", false, "??", false); ok {
		t.Error("an unknown class has a clearance")
	}
	cross := func(gap float64) *CityReport {
		m := &ingest.Model{Plain: true, Format: ingest.SWMM, Frame: frame(t), Net: &ingest.Net{
			Nodes: []ingest.Node{{ID: "a", At: Vec{490000, 2500000, 9}, Placed: true, Grounded: true, Feature: "outfall"}, {ID: "b", At: Vec{490020, 2500000, 9}, Placed: true, Feature: "outfall"}, {ID: "c", At: Vec{490010, 2499990, 9}, Placed: true, Feature: "reservoir"}, {ID: "d", At: Vec{490010, 2500010, 9}, Placed: true}},
			Pipes: []ingest.Pipe{{ID: "s", Class: "WS", A: 0, B: 1, Bottom: [2]float64{5, 5}, Known: [2]bool{true, true}, Diameter: 0.4, Kind: "pipe"}, {ID: "w", Class: "JS", A: 2, B: 3, Bottom: [2]float64{5.4 + gap, 5.4 + gap}, Known: [2]bool{true, true}, Diameter: 0.2, Kind: "pipe"}}}}
		r, err := Run(context.Background(), m, Asked{Rules: rulesOf(t)})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if got := codesOf(cross(0.40)); got != nil {
		t.Errorf("at the limit: %v", got)
	}
	if r := cross(0.39); !slices.Equal(codesOf(r), []string{"P05"}) || math.Abs(*r.Findings[0].Measure-0.39) > 1e-9 || r.Findings[0].Other != "w" {
		t.Errorf("%+v", r.Findings)
	}
}

func frame(t testing.TB) place.Frame {
	f, err := place.ParseFrame("EPSG:4547")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Nets at random: what is found is what a search through all pairs finds.
func TestNetsAgainstAnOracle(t *testing.T) {
	rules := rulesOf(t)
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(2, 9).Draw(rt, "nodes")
		net := &ingest.Net{}
		for i := range n {
			w := ingest.Node{ID: fmt.Sprint("n", i), Class: "WS", Placed: true, Grounded: true, At: Vec{490000 + float64(rapid.IntRange(0, 6).Draw(rt, "x"))*10, 2500000 + float64(rapid.IntRange(0, 6).Draw(rt, "y"))*10, 9}}
			if rapid.IntRange(0, 3).Draw(rt, "outlet") == 0 {
				w.Feature = "出水口"
			}
			net.Nodes = append(net.Nodes, w)
		}
		for i := range rapid.IntRange(1, 12).Draw(rt, "pipes") {
			p := ingest.Pipe{ID: fmt.Sprint("p", i), Class: rapid.SampledFrom([]string{"WS", "JS", "RQ"}).Draw(rt, "class"), Kind: "pipe", A: int32(rapid.IntRange(-1, n-1).Draw(rt, "a")), B: int32(rapid.IntRange(-1, n-1).Draw(rt, "b")), Known: [2]bool{true, true},
				Diameter: float64(rapid.IntRange(1, 4).Draw(rt, "d")) / 10, Bottom: [2]float64{float64(rapid.IntRange(40, 50).Draw(rt, "z0")) / 10, float64(rapid.IntRange(40, 50).Draw(rt, "z1")) / 10}}
			net.Pipes = append(net.Pipes, p)
		}
		m := &ingest.Model{Plain: true, Format: ingest.SWMM, Frame: frame(t), Net: net}
		want := oracle(net)
		r, err := Run(context.Background(), m, Asked{Rules: rules})
		if err != nil {
			rt.Fatal(err)
		}
		got := map[string]int{}
		for _, f := range r.Findings {
			switch f.Code {
			case "P01", "P02", "P03", "P04", "P05", "P08":
				got[f.Code+" "+f.Object+" "+f.Other]++
			case "P07":
				got["P07"]++
			}
		}
		for k, v := range want {
			if got[k] != v {
				rt.Fatalf("%s: %d found, %d there", k, got[k], v)
			}
		}
		for k, v := range got {
			if want[k] != v {
				rt.Fatalf("%s: %d found, %d there", k, v, want[k])
			}
		}
	})
}

// oracle finds by trying all what the rules find by search trees, sets and sweeps.
func oracle(net *ingest.Net) map[string]int {
	out := map[string]int{}
	drain := func(p ingest.Pipe) bool { return p.Class == "WS" }
	for _, p := range net.Pipes {
		for _, e := range []int32{p.A, p.B} {
			if e < 0 {
				out["P01 "+p.ID+" "]++
			}
		}
		if drain(p) && p.Bottom[1]-p.Bottom[0] > 0.01 {
			out["P03 "+p.ID+" "]++
		}
	}
	for i, w := range net.Nodes {
		var in, outs, inWide, outWide float64
		widest := ""
		used := false
		for _, p := range net.Pipes {
			used = used || p.A == int32(i) || p.B == int32(i)
			if !drain(p) || p.A == p.B {
				continue
			}
			if p.B == int32(i) {
				in++
				inWide = max(inWide, p.Diameter)
			}
			if p.A == int32(i) {
				if outs == 0 || p.Diameter > outWide {
					outWide, widest = p.Diameter, p.ID
				}
				outs++
			}
		}
		if !used {
			out["P02 "+w.ID+" "]++
		}
		if outs > 0 && inWide-outWide > 0.001 {
			out["P04 "+w.ID+" "+widest]++
		}
		if in > 0 && outs == 0 && w.Feature == "" {
			out["P08 "+w.ID+" "]++
		}
	}
	// Crossings by solving for each pair.
	for i, p := range net.Pipes {
		for _, q := range net.Pipes[i+1:] {
			if p.A < 0 || p.B < 0 || q.A < 0 || q.B < 0 || p.A == q.A || p.A == q.B || p.B == q.A || p.B == q.B {
				continue
			}
			a, b, c, d := net.Nodes[p.A].At, net.Nodes[p.B].At, net.Nodes[q.A].At, net.Nodes[q.B].At
			det := (b[0]-a[0])*(d[1]-c[1]) - (b[1]-a[1])*(d[0]-c[0])
			if det == 0 {
				continue
			}
			s := ((c[0]-a[0])*(d[1]-c[1]) - (c[1]-a[1])*(d[0]-c[0])) / det
			u := ((c[0]-a[0])*(b[1]-a[1]) - (c[1]-a[1])*(b[0]-a[0])) / det
			if s <= 1e-9 || s >= 1-1e-9 || u <= 1e-9 || u >= 1-1e-9 {
				continue
			}
			x, y := p.Bottom[0]+s*(p.Bottom[1]-p.Bottom[0]), q.Bottom[0]+u*(q.Bottom[1]-q.Bottom[0])
			gap := max(y-x-p.Diameter, x-y-q.Diameter)
			want := map[string]float64{"WSJS": 0.40, "JSWS": 0.40, "JSJS": 0.15, "WSWS": 0.15, "RQJS": 0.15, "JSRQ": 0.15, "RQWS": 0.15, "WSRQ": 0.15, "RQRQ": 0.15}[p.Class+q.Class]
			if gap < want-1e-6 {
				out["P05 "+p.ID+" "+q.ID]++
			}
		}
	}
	// Parts by painting over and over.
	colour := make([]int, len(net.Nodes))
	for i := range colour {
		colour[i] = i
	}
	for changed := true; changed; {
		changed = false
		for _, p := range net.Pipes {
			if p.A >= 0 && p.B >= 0 && colour[p.A] != colour[p.B] {
				low := min(colour[p.A], colour[p.B])
				colour[p.A], colour[p.B], changed = low, low, true
			}
		}
	}
	type part struct {
		pipes, order    int
		class           string
		gravity, outlet bool
	}
	parts := map[int]*part{}
	for i, p := range net.Pipes {
		if p.A < 0 || p.B < 0 {
			continue
		}
		x := parts[colour[p.A]]
		if x == nil {
			x = &part{order: i}
			parts[colour[p.A]] = x
		}
		x.pipes++
		x.class = p.Class
		x.gravity = x.gravity || drain(p)
	}
	for i, w := range net.Nodes {
		if x := parts[colour[i]]; x != nil && w.Feature != "" && x.gravity {
			x.outlet = true
		}
	}
	largest := map[string]*part{}
	for _, x := range parts {
		if l := largest[x.class]; l == nil || x.pipes > l.pipes || x.pipes == l.pipes && x.order < l.order {
			largest[x.class] = x
		}
	}
	for _, x := range parts {
		if !x.outlet && largest[x.class] != x {
			out["P07"]++
		}
	}
	return out
}

// The area that two outlines share is that of counting small squares, and shared with itself it is all.
func TestCommonArea(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		star := func(name string) []spot {
			n := rapid.IntRange(3, 8).Draw(rt, name)
			cx, cy := rapid.Float64Range(-3, 3).Draw(rt, "x"), rapid.Float64Range(-3, 3).Draw(rt, "y")
			var out []spot
			for i := range n {
				r := rapid.Float64Range(1, 6).Draw(rt, "r")
				s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
				out = append(out, spot{cx + r*c, cy + r*s})
			}
			return out
		}
		a, b := star("a"), star("b")
		count := 0.0
		const step = 0.05
		for x := -10.0; x < 10; x += step {
			for y := -10.0; y < 10; y += step {
				if p := (spot{x + step/2, y + step/2}); holds(a, p) && holds(b, p) {
					count += step * step
				}
			}
		}
		if got := common([][]spot{a}, [][]spot{b}); math.Abs(got-count) > 0.6 {
			rt.Fatalf("%g, by counting %g", got, count)
		}
		if got, whole := common([][]spot{a}, [][]spot{a}), math.Abs(signed(a)); math.Abs(got-whole) > 1e-6*whole {
			rt.Fatalf("with itself %g of %g", got, whole)
		}
	})
}

// A closed mesh at random stays right; with one surface taken away or turned it is not.
func TestShellsAtRandom(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x, y, z := rapid.Float64Range(2, 50).Draw(rt, "x"), rapid.Float64Range(2, 50).Draw(rt, "y"), rapid.Float64Range(3, 90).Draw(rt, "z")
		shell := box(0, 0, 0, math.Round(x*100)/100, math.Round(y*100)/100, math.Round(z*100)/100)
		k := rapid.IntRange(0, 5).Draw(rt, "face")
		if got := codesOf(judgeText(t, "a.json", city("Solid", "2", [][][]ring3{shell}), ""), "R02", "C04"); got != nil {
			rt.Fatalf("%v", got)
		}
		open := slices.Delete(slices.Clone(shell), k, k+1)
		if got := codesOf(judgeText(t, "a.json", city("Solid", "2", [][][]ring3{open}), ""), "R02", "C04", "H01"); !slices.Equal(got, []string{"302"}) {
			rt.Fatalf("open: %v", got)
		}
		turned := slices.Clone(shell)
		turned[k] = reversed(shell[k : k+1])[0]
		r := judgeText(t, "a.json", city("Solid", "2", [][][]ring3{turned}), "")
		if got := codesOf(r, "R02", "C04", "H01"); !slices.Equal(got, []string{"307"}) || r.Errors != 1 || r.Findings[0].En != fmt.Sprintf("surface %d runs against its neighbours", k) {
			rt.Fatalf("turned: %v %+v", got, r.Findings)
		}
	})
}

// outline is a district: a rectangle of a fifth of a degree.
var outline = orb.MultiPolygon{{{{113.7, 22.5}, {114.0, 22.5}, {114.0, 22.8}, {113.7, 22.8}, {113.7, 22.5}}}}

// pointsIn makes a GeoJSON of points of the district as a frame writes them.
func pointsIn(t *testing.T, f place.Frame, swap bool) string {
	out := ""
	for i := range 200 {
		lon, lat := 113.703+0.294*float64(i%20)/19, 22.503+0.294*float64(i/20)/9
		x, y, _ := f.FromWGS84(lon, lat, 0)
		if swap {
			x, y = y, x
		}
		if out != "" {
			out += ","
		}
		out += fmt.Sprintf(`{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[%.9f,%.9f]}}`, x, y)
	}
	return `{"type":"FeatureCollection","features":[` + out + `]}`
}

// The likely mistakes are told, and nothing is done about them.
func TestLikelyMistakes(t *testing.T) {
	for _, c := range []struct {
		is, taken string
		swap      bool
		want      string
		kind      string
	}{
		{"wgs84", "wgs84", false, "", ""},
		{"bd09", "wgs84", false, "bd09", "obfuscated"},
		{"gcj02", "wgs84", false, "gcj02", "obfuscated"},
		{"wgs84", "wgs84", true, "WGS-84", "swapped"},
		{"EPSG:4547", "EPSG:4547", true, "EPSG:4547", "swapped"},
		{"EPSG:4547", "wgs84", false, "gk3/114", "metres"},
		{"wgs84", "EPSG:4547", false, "", "degrees"},
		{"EPSG:4526", "EPSG:4547", false, "gk3/38", "zone"},
		{"EPSG:4547", "EPSG:4547", false, "", ""},
	} {
		is, err := place.ParseFrame(c.is)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "p.geojson")
		if err := os.WriteFile(file, []byte(pointsIn(t, is, c.swap)), 0o644); err != nil {
			t.Fatal(err)
		}
		taken, _ := place.ParseFrame(c.taken)
		d, err := ingest.Open(file, ingest.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		m, err := ingest.Read(context.Background(), d, ingest.Options{Frame: taken})
		if err != nil {
			t.Fatal(err)
		}
		r, err := Run(context.Background(), m, Asked{Rules: rulesOf(t), Outline: outline})
		if err != nil {
			t.Fatal(err)
		}
		if r.System != taken.Name {
			t.Errorf("%s taken for %s: something was done about it: %s", c.is, c.taken, r.System)
		}
		switch s := r.Suggest; {
		case c.kind == "" && s != nil:
			t.Errorf("%s taken for %s: %+v", c.is, c.taken, s)
		case c.kind != "" && (s == nil || s.Kind != c.kind || c.want != "" && s.System != c.want):
			t.Errorf("%s taken for %s (%v): %+v", c.is, c.taken, c.swap, s)
		case c.is == "bd09" && (s.Metres < 700 || s.Metres > 1600):
			t.Errorf("BD-09 moves by %g m", s.Metres)
		}
	}
}

// Known buildings say more than an outline: BD-09 in the middle of the district is told by its distance.
func TestKnownBuildingsTell(t *testing.T) {
	var list []string
	at := map[string]place.Point{}
	for i := range 5 {
		code := fmt.Sprintf("44030601700101%05d", i+1)
		p := place.Point{CRS: place.WGS84, Lon: 113.85 + 0.01*float64(i), Lat: 22.65}
		at[code] = p
		b := p.To(place.BD09)
		list = append(list, fmt.Sprintf(`{"type":"Feature","properties":{"type":"building","code":%q},"geometry":{"type":"Polygon","coordinates":[[[%.8[2]f,%.8[3]f],[%.8[4]f,%.8[3]f],[%.8[4]f,%.8[5]f],[%.8[2]f,%.8[3]f]]]}}`, code, b.Lon-0.0001, b.Lat-0.0001, b.Lon+0.0001, b.Lat+0.0001))
	}
	file := filepath.Join(t.TempDir(), "p.geojson")
	text := `{"type":"FeatureCollection","features":[` + list[0]
	for _, l := range list[1:] {
		text += "," + l
	}
	if err := os.WriteFile(file, []byte(text+"]}"), 0o644); err != nil {
		t.Fatal(err)
	}
	d, err := ingest.Open(file, ingest.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	wgs, _ := place.ParseFrame("wgs84")
	m, err := ingest.Read(context.Background(), d, ingest.Options{Frame: wgs})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(context.Background(), m, Asked{Rules: rulesOf(t), Outline: outline, Known: Known{Code: func(code string) (int64, *place.Point, bool) { p, ok := at[code]; return 1, &p, ok }}})
	if err != nil {
		t.Fatal(err)
	}
	if s := r.Suggest; s == nil || s.System != "bd09" || s.Anchors != 5 || s.Off > 20 {
		t.Errorf("%+v", s)
	}
}

// The district's outline as it is published, which is in GCJ-02 and does not say so.
func TestPublishedOutlineIsToldToBeGCJ02(t *testing.T) {
	file := testkit.Shared(t, "geo", "440306.json")
	raw, err := os.ReadFile(filepath.Join(testkit.Root(), "districts", "baoan", "boundary.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	areas, err := place.ReadAreas(bytes.NewReader(raw), place.AreaSource{CRS: place.WGS84})
	if err != nil {
		t.Fatal(err)
	}
	d, err := ingest.Open(file, ingest.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	wgs, _ := place.ParseFrame("wgs84")
	m, err := ingest.Read(context.Background(), d, ingest.Options{Frame: wgs})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(context.Background(), m, Asked{Rules: rulesOf(t), Outline: areas[0].Shape})
	if err != nil {
		t.Fatal(err)
	}
	if r.Suggest == nil || r.Suggest.System != "gcj02" {
		t.Errorf("%+v", r.Suggest)
	}
}

// Real cities and networks are judged whole; counts of faults of one kind are those of another program.
func TestRealCities(t *testing.T) {
	for _, c := range []struct {
		folder, name, crs string
		want              map[string]int
	}{
		{"city3d", "delft.json", "", map[string]int{"302": 1601, "101": 1}},
		{"city3d", "zurich_subset_lod2.json", "", nil},
		{"city3d", "rotterdam_subset.json", "EPSG:28992", nil},
		{"networks", "ky4.inp", "local@113.9,22.6", nil},
		{"networks", "Net3.inp", "local@113.9,22.6", nil},
		{"networks", "model_full_features.inp", "local@113.9,22.6", nil},
	} {
		r := judgeFile(t, testkit.Shared(t, c.folder, c.name), c.crs, Known{})
		got := map[string]int{}
		for _, k := range r.Codes {
			got[k.Code] += k.N
		}
		for code, n := range c.want {
			if got[code] != n {
				t.Errorf("%s: %d of %s, want %d", c.name, got[code], code, n)
			}
		}
		if r.Refused != "" || r.Bounds == nil {
			t.Errorf("%s: %q %v", c.name, r.Refused, r.Bounds)
		}
		t.Log(c.name, got)
	}
}
