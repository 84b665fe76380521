package place

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shanzhi/internal/testkit"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"
)

func shenzhen(t testing.TB) []Area {
	files, err := filepath.Glob(filepath.Join(filepath.Dir(testkit.Shared(t, "geo", "440306.json")), "4403??.json"))
	if err != nil {
		t.Fatal(err)
	}
	var areas []Area
	for _, file := range files {
		if strings.HasSuffix(file, "440300.json") {
			continue // the city with all of them
		}
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		read, err := ReadAreas(f, AreaSource{CRS: GCJ02, Scheme: GB2260, CodeProperty: "adcode"})
		f.Close()
		if err != nil {
			t.Fatal(file, err)
		}
		areas = append(areas, read...)
	}
	return areas
}

func TestLocateAgreesWithPlainRayCasting(t *testing.T) {
	areas := shenzhen(t)
	index := NewIndex(areas)
	r := rand.New(rand.NewPCG(1, 2))
	inside, several := 0, 0
	for range 8000 {
		p := Point{WGS84, 113.7 + r.Float64(), 22.4 + r.Float64()*0.5}
		var want []string
		for _, a := range areas {
			if planar.MultiPolygonContains(a.Shape, orb.Point{p.Lon, p.Lat}) {
				want = append(want, a.Name)
			}
		}
		got := index.Locate(p)
		if len(got) != len(want) || len(got) == 1 && got[0].Name != want[0] {
			t.Fatalf("%v is in %d areas, want %v", p, len(got), want)
		}
		inside += min(len(got), 1)
		if len(got) > 1 {
			several++
		}
		for _, crs := range []CRS{GCJ02, BD09, CGCS2000} {
			if again := index.Locate(p.To(crs)); len(again) != len(got) {
				t.Fatalf("%v is elsewhere in %s", p, crs)
			}
		}
	}
	if inside < 1500 || several > inside/200 {
		t.Errorf("%d points inside, %d in several districts", inside, several)
	}
}

func TestLocateBaoan(t *testing.T) {
	index := NewIndex(shenzhen(t))
	// The airport, by its published WGS-84 position, and Window of the World.
	for name, p := range map[string]Point{"宝安区": {WGS84, 113.8145, 22.6390}, "南山区": {WGS84, 113.9683, 22.5346}} {
		got := index.Locate(p)
		if len(got) != 1 || got[0].Name != name {
			t.Errorf("%v is in %v, want %s", p, got, name)
			continue
		}
		if want := map[string]string{"宝安区": "gb2260:440306", "南山区": "gb2260:440305"}[name]; got[0].Code.String() != want {
			t.Errorf("%s has code %s", name, got[0].Code)
		}
	}
	sea := Point{WGS84, 113.70, 22.60}
	if a, d, ok := index.Nearest(sea, 20_000); !ok || a.Name != "宝安区" || d < 1000 {
		t.Errorf("from the sea the nearest is %s at %g m", a.Name, d)
	}
	if _, _, ok := index.Nearest(sea, 500); ok {
		t.Error("nothing lies within 500 m")
	}
	if a, d, ok := index.Nearest(Point{WGS84, 113.8145, 22.6390}, 0); !ok || d != 0 || a.Name != "宝安区" {
		t.Error("an area is nearest to what lies in it")
	}
}

func square(name string, west, south, size float64) Area {
	return Area{Name: name, Shape: orb.MultiPolygon{{{{west, south}, {west + size, south}, {west + size, south + size}, {west, south + size}, {west, south}}}}}
}

// A tiling holds each of its points once, those on borders and corners too.
func TestTilingHoldsEachPointOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// A fan of triangles around a centre, in a square.
		centre := orb.Point{rapid.Float64Range(0.2, 0.8).Draw(t, "x"), rapid.Float64Range(0.2, 0.8).Draw(t, "y")}
		rim := orb.Ring{{0, 0}, {rapid.Float64Range(0.1, 0.9).Draw(t, "s"), 0}, {1, 0}, {1, rapid.Float64Range(0.1, 0.9).Draw(t, "e")}, {1, 1}, {0, 1}}
		var areas []Area
		for i := range rim {
			ring := orb.Ring{centre, rim[i], rim[(i+1)%len(rim)], centre}
			if rapid.Bool().Draw(t, "turn") {
				ring.Reverse()
			}
			areas = append(areas, Area{Shape: orb.MultiPolygon{{ring}}})
		}
		index := NewIndex(areas)
		corner := rim[rapid.IntRange(0, len(rim)-1).Draw(t, "corner")]
		along := rapid.Float64Range(0, 0.999).Draw(t, "along")
		onBorder := Point{WGS84, centre[0] + along*(corner[0]-centre[0]), centre[1] + along*(corner[1]-centre[1])}
		anywhere := Point{WGS84, rapid.Float64Range(0.001, 0.999).Draw(t, "px"), rapid.Float64Range(0.001, 0.999).Draw(t, "py")}
		for _, p := range []Point{onBorder, anywhere, {WGS84, centre[0], centre[1]}} {
			if n := len(index.Locate(p)); n != 1 {
				t.Fatalf("%v is in %d areas", p, n)
			}
		}
	})
}

func TestIndexOrderAndHoles(t *testing.T) {
	holed := square("district", 0, 0, 10)
	holed.Shape[0] = append(holed.Shape[0], orb.Ring{{7, 7}, {8, 7}, {8, 8}, {7, 8}, {7, 7}})
	index := NewIndex([]Area{holed, square("street", 1, 1, 3), square("community", 2, 2, 1), {Name: "nowhere"}})
	names := func(p Point) (out []string) {
		for _, a := range index.Locate(p) {
			out = append(out, a.Name)
		}
		return out
	}
	if got := strings.Join(names(Point{WGS84, 2.5, 2.5}), ","); got != "community,street,district" {
		t.Error(got)
	}
	if got := names(Point{WGS84, 7.5, 7.5}); len(got) != 0 {
		t.Error("in the hole:", got)
	}
	if a, d, ok := index.Nearest(Point{WGS84, 7.5, 7.5}, 1e6); !ok || a.Name != "district" || math.Abs(d-0.5*metresPerDegree*math.Cos(7.5*math.Pi/180)) > 100 {
		t.Error("from the hole:", a.Name, d)
	}
	if _, _, ok := NewIndex(nil).Nearest(Point{WGS84, 0, 0}, 1e9); ok || len(NewIndex(nil).Locate(Point{WGS84, 0, 0})) > 0 {
		t.Error("an empty index")
	}
}

func TestAreasRefused(t *testing.T) {
	const polygon = `{"type":"Feature","properties":{"code":440306},"geometry":{"type":"Polygon","coordinates":[[[1,1],[2,1],[2,2]]]}}`
	good := AreaSource{CRS: WGS84}
	if areas, err := ReadAreas(strings.NewReader(polygon), good); err != nil || len(areas) != 1 || len(areas[0].Shape[0][0]) != 4 {
		t.Error("an open ring is closed:", areas, err)
	}
	for _, tc := range []struct {
		text   string
		source AreaSource
		say    string
	}{
		{polygon, AreaSource{}, "coordinate system"},
		{polygon, AreaSource{CRS: WGS84, Scheme: GB2260, CodeProperty: "id"}, `no property "id"`},
		{polygon, AreaSource{CRS: WGS84, CodeProperty: "code"}, "scheme"},
		{`{"type":"Point"}`, good, "Point"},
		{`{"type":"FeatureCollection","features":[` + polygon + `,{"type":"Feature","geometry":null}]}`, good, "feature 2"},
		{strings.Replace(polygon, "Polygon", "LineString", 1), good, "not a polygon"},
		{strings.Replace(polygon, ",[2,2]", "", 1), good, "three corners"},
		{strings.Replace(polygon, "[2,2]", "[2,95]", 1), good, "out of range"},
		{polygon[:60], good, "GeoJSON"},
	} {
		if _, err := ReadAreas(strings.NewReader(tc.text), tc.source); err == nil || !strings.Contains(err.Error(), tc.say) {
			t.Errorf("%v does not say %q", err, tc.say)
		}
	}
}

func BenchmarkLocate(b *testing.B) {
	index := NewIndex(shenzhen(b))
	r := rand.New(rand.NewPCG(1, 2))
	points := make([]Point, 1024)
	for i := range points {
		points[i] = Point{WGS84, 113.75 + r.Float64()*0.5, 22.45 + r.Float64()*0.35}
	}
	for i := 0; b.Loop(); i++ {
		index.Locate(points[i%len(points)])
	}
}
