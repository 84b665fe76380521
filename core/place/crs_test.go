package place

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"shanzhi/internal/testkit"

	"pgregory.net/rapid"
)

var inChina = rapid.Custom(func(t *rapid.T) Point {
	return Point{WGS84, rapid.Float64Range(73.5, 135).Draw(t, "lon"), rapid.Float64Range(3.5, 53.5).Draw(t, "lat")}
})

func TestThereAndBack(t *testing.T) {
	worst := 0.0
	rapid.Check(t, func(t *rapid.T) {
		p := inChina.Draw(t, "p")
		for _, crs := range []CRS{GCJ02, BD09, CGCS2000} {
			q := p.To(crs)
			back := q.To(WGS84)
			d := Distance(p, back)
			if worst = max(worst, d); d > 0.001 || back.CRS != WGS84 {
				t.Fatalf("%v by %s comes back %g m off", p, crs, d)
			}
		}
		bd := p.To(BD09)
		if d := Distance(p.To(GCJ02).To(BD09), bd); d > 0.001 {
			t.Fatalf("GCJ-02 to BD-09 differs by %g m", d)
		}
		if d := Distance(bd.To(GCJ02).To(BD09), bd); d > 0.001 {
			t.Fatalf("BD-09 by GCJ-02 comes back %g m off", d)
		}
		if shift := Distance(Point{WGS84, p.To(GCJ02).Lon, p.To(GCJ02).Lat}, p); shift < 10 || shift > 1500 {
			t.Fatalf("GCJ-02 shifts %v by %g m", p, shift)
		}
	})
	t.Logf("worst error there and back: %.2g m", worst)
}

func TestOutsideChinaStays(t *testing.T) {
	for _, p := range []Point{{WGS84, -9.1393, 38.7223}, {WGS84, -76.6122, 39.2904}, {WGS84, 151.2, -33.9}, {WGS84, 71.9, 30}} {
		if g := p.To(GCJ02); g.Lon != p.Lon || g.Lat != p.Lat || g.CRS != GCJ02 {
			t.Errorf("%v became %v", p, g)
		}
		if d := Distance(p.To(BD09).To(WGS84), p); d > 0.001 {
			t.Errorf("%v comes back from BD-09 %g m off", p, d)
		}
	}
}

// The published no-fly zones of Shenzhen exist in WGS-84 and in BD-09.
func TestTransformAgreesWithPublishedPairs(t *testing.T) {
	type collection struct {
		Features []struct {
			Properties struct{ Name string }
			Geometry   struct{ Coordinates [][][2]float64 }
		}
	}
	read := func(name string) (c collection) {
		text, err := os.ReadFile(testkit.Shared(t, "geo", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &c); err != nil {
			t.Fatal(err)
		}
		return c
	}
	plain, baidu := read("shenzhen_nofly_wgs84.geojson"), read("shenzhen_nofly_bd09.geojson")
	worst, sum, count := 0.0, 0.0, 0
	for _, f := range plain.Features {
		// The files are in different orders and names repeat: the counterpart is
		// the ring of that name that is nearest as a whole.
		best := math.Inf(1)
		total := 0.0
		ring := f.Geometry.Coordinates[0]
		for _, g := range baidu.Features {
			other := g.Geometry.Coordinates[0]
			if g.Properties.Name != f.Properties.Name || len(other) != len(ring) {
				continue
			}
			most, all := 0.0, 0.0
			for i := range ring {
				bd := Point{BD09, other[i][0], other[i][1]}
				wgs := Point{WGS84, ring[i][0], ring[i][1]}
				d := Distance(wgs, bd)
				most, all = max(most, d), all+d
			}
			if most < best {
				best, total = most, all
			}
		}
		worst, sum, count = max(worst, best), sum+total, count+len(ring)
	}
	t.Logf("%d corners: mean error %.3f m, worst %.3f m", count, sum/float64(count), worst)
	if count != 252 || worst > 0.5 {
		t.Errorf("%d corners, worst error %g m", count, worst)
	}
}

func TestDistance(t *testing.T) {
	for _, tc := range []struct {
		a, b   Point
		metres float64
	}{
		{Point{WGS84, 0, 0}, Point{WGS84, 1, 0}, 111195},
		{Point{WGS84, 113.9, 22.5}, Point{CGCS2000, 113.9, 22.5}, 0},
		{Point{WGS84, 116.3913, 39.9075}, Point{WGS84, 121.4737, 31.2304}, 1_068_000},
		{Point{WGS84, 0, 90}, Point{WGS84, 0, -90}, 20_015_115},
		{Point{WGS84, 179.999, 0}, Point{WGS84, -179.999, 0}, 222.39},
	} {
		if d := Distance(tc.a, tc.b); math.Abs(d-tc.metres) > 0.002*tc.metres+0.01 {
			t.Errorf("%v to %v: %g m, want %g", tc.a, tc.b, d, tc.metres)
		}
	}
	p := Point{WGS84, 113.9, 22.5}
	if d := Distance(p, p.To(BD09)); d > 0.001 {
		t.Errorf("a point is %g m from itself", d)
	}
}

func TestPointForms(t *testing.T) {
	var p Point
	if err := json.Unmarshal([]byte(`{"crs":"GCJ-02","lon":113.9,"lat":22.5}`), &p); err != nil || p != (Point{GCJ02, 113.9, 22.5}) {
		t.Error(p, err)
	}
	if text, err := json.Marshal(p); err != nil || string(text) != `{"crs":"GCJ-02","lon":113.9,"lat":22.5}` {
		t.Error(string(text), err)
	}
	if err := json.Unmarshal([]byte(`{"crs":"Mars","lon":1,"lat":2}`), &p); err == nil {
		t.Error("an unknown system was read")
	}
	if _, err := json.Marshal(Point{}); err == nil {
		t.Error("a point of no system was written")
	}
	for _, bad := range []Point{{}, {WGS84, 22.5, 113.9}, {WGS84, math.NaN(), 0}, {WGS84, 0, math.Inf(1)}, {WGS84, 181, 0}, {99, 0, 0}} {
		if bad.Valid() == nil {
			t.Errorf("%v is taken for valid", bad)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a point of no system was transformed")
		}
	}()
	Point{Lon: 1, Lat: 2}.To(WGS84)
}

func BenchmarkGCJToWGS(b *testing.B) {
	p := Point{GCJ02, 113.9, 22.5}
	for b.Loop() {
		p.To(WGS84)
	}
}
