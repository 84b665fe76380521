package place

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func frameOf(t testing.TB, name string) Frame {
	t.Helper()
	f, err := ParseFrame(name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Places that surveys published in their grid and in degrees.
func TestPublishedPlaces(t *testing.T) {
	for _, c := range []struct {
		frame    string
		x, y     float64
		lon, lat float64
		metres   float64
	}{
		{"EPSG:28992", 155000, 463000, 5.387203657, 52.155172897, 1},                         // Amersfoort, RDNAPTRANS
		{"EPSG:2056", 2700000, 1100000, 8 + 43./60 + 49.79/3600, 46 + 2./60 + 38.87/3600, 1}, // swisstopo's example
		{"EPSG:32631", 448251.8, 5411932.7, 2.2945, 48.8582, 15},                             // the Eiffel tower
		{"EPSG:3857", 12690000, 2570000, 12690000. / 6378137 * 180 / math.Pi, 22.485, 2000},  // roughly
		{"OGC:CRS84", 113.9, 22.6, 113.9, 22.6, 1e-6}, {"EPSG:4490", 113.9, 22.6, 113.9, 22.6, 1e-6},
	} {
		lon, lat, _ := frameOf(t, c.frame).ToWGS84(c.x, c.y, 0)
		if d := Distance(Point{WGS84, lon, lat}, Point{WGS84, c.lon, c.lat}); d > c.metres {
			t.Errorf("%s %g %g is %.7f %.7f, %g m off", c.frame, c.x, c.y, lon, lat, d)
		}
	}
}

// Each frame brings a place back to where it was.
func TestFramesThereAndBack(t *testing.T) {
	tests := map[string][4]float64{ // west, south, east, north of where it is used
		"EPSG:4547": {112, 18, 116, 54}, "EPSG:4526": {112, 18, 116, 54}, "EPSG:4508": {108, 18, 114, 54}, "EPSG:4497": {108, 18, 114, 54}, "gk3/114": {112, 18, 116, 54}, "gk3/38": {112, 18, 116, 54},
		"EPSG:32650": {114, 0, 120, 84}, "EPSG:32750": {114, -80, 120, 0}, "EPSG:3857": {-180, -85, 180, 85}, "EPSG:4978": {-180, -89, 180, 89}, "EPSG:28992": {3.2, 50.7, 7.3, 53.6}, "EPSG:7415": {3.2, 50.7, 7.3, 53.6},
		"EPSG:2056": {5.9, 45.8, 10.5, 47.9}, "bd09": {108, 18, 116, 40}, "gcj02": {108, 18, 116, 40}, "EPSG:4326": {-180, -90, 180, 90},
	}
	rapid.Check(t, func(rt *rapid.T) {
		for name, box := range tests {
			f := frameOf(t, name)
			lon, lat := rapid.Float64Range(box[0], box[2]).Draw(rt, "lon"), rapid.Float64Range(box[1], box[3]).Draw(rt, "lat")
			x, y, z := f.FromWGS84(lon, lat, 12)
			back, up, h := f.ToWGS84(x, y, z)
			if d := Distance(Point{WGS84, lon, lat}, Point{WGS84, back, up}); d > 0.002 || math.Abs(h-12) > 1e-3 {
				rt.Fatalf("%s: %.8f %.8f comes back %g m off, height %g", name, lon, lat, d, h)
			}
		}
	})
}

// On the meridian metres are those of the arc, by quadrature; beside it the projection keeps
// angles (Cauchy-Riemann).
func TestTransverseMercatorByItsDefinition(t *testing.T) {
	f := frameOf(t, "EPSG:4547")
	e := grsEllipsoid
	arc, steps := 0.0, 200000
	for i := range steps {
		s := math.Sin((float64(i) + 0.5) / float64(steps) * 22.6 * math.Pi / 180)
		arc += e.a * (1 - e.e2()) / math.Pow(1-e.e2()*s*s, 1.5) * 22.6 * math.Pi / 180 / float64(steps)
	}
	if x, y, _ := f.FromWGS84(114, 22.6, 0); math.Abs(x-500000) > 1e-6 || math.Abs(y-arc) > 1e-3 {
		t.Errorf("%g %g, the arc has %g m", x, y, arc)
	}
	rapid.Check(t, func(t *rapid.T) {
		lon, lat := rapid.Float64Range(112.5, 115.5).Draw(t, "lon"), rapid.Float64Range(18, 54).Draw(t, "lat")
		const step = 1e-5
		x, y, _ := f.FromWGS84(lon, lat, 0)
		ex, ey, _ := f.FromWGS84(lon+step, lat, 0)
		nx, ny, _ := f.FromWGS84(lon, lat+step, 0)
		s := math.Sin(lat * math.Pi / 180)
		east := e.a / math.Sqrt(1-e.e2()*s*s) * math.Cos(lat*math.Pi/180) * step * math.Pi / 180
		north := e.a * (1 - e.e2()) / math.Pow(1-e.e2()*s*s, 1.5) * step * math.Pi / 180
		if a, b := math.Hypot(ex-x, ey-y)/east, math.Hypot(nx-x, ny-y)/north; math.Abs(a-b) > 1e-5 {
			t.Fatalf("a metre east is %g, one north %g", a, b)
		}
		if dot := (ex-x)*(nx-x) + (ey-y)*(ny-y); math.Abs(dot) > 1e-4 {
			t.Fatalf("east and north are not at a right angle: %g", dot)
		}
	})
}

func TestFrameNames(t *testing.T) {
	for name, want := range map[string]string{"epsg:4547": "EPSG:4547", "https://www.opengis.net/def/crs/EPSG/0/7415": "EPSG:7415", "urn:ogc:def:crs:EPSG::4490": "EPSG:4490", "urn:ogc:def:crs:EPSG:6.9:4326": "EPSG:4326", "EPSG:4547+5737": "EPSG:4547+5737", "bd-09": "BD-09"} {
		if f := frameOf(t, name); f.Name != want {
			t.Errorf("%s is %s", name, f.Name)
		}
	}
	if f := frameOf(t, "EPSG:4547+5737"); f.Vertical != "1985" {
		t.Errorf("heights over %q", f.Vertical)
	}
	if f := frameOf(t, "EPSG:7415"); f.Vertical != "NAP" || !f.Metric() {
		t.Errorf("%+v", f)
	}
	for _, bad := range []string{"", "EPSG:1", "EPSG:99999999999999999999", "EPSG:4547+1", "beijing54", "gk3/13", "gk6/46", "gk3/"} {
		if f, err := ParseFrame(bad); err == nil {
			t.Errorf("%q is %s", bad, f.Name)
		}
	}
}

// A local grid is turned and moved, and comes back.
func TestLocalGrid(t *testing.T) {
	f := frameOf(t, "EPSG:4547").On("local", Similarity{East: 400000, North: 2400000, Seconds: 3600, PPM: 12})
	lon, lat, _ := f.ToWGS84(100000, 100000, 0)
	if x, y, _ := f.FromWGS84(lon, lat, 0); math.Hypot(x-100000, y-100000) > 1e-3 {
		t.Errorf("%g %g", x, y)
	}
	plain, up, _ := frameOf(t, "EPSG:4547").ToWGS84(500000, 2500000, 0)
	if d := Distance(Point{WGS84, lon, lat}, Point{WGS84, plain, up}); d < 1500 || d > 3500 {
		t.Errorf("turned by a degree it moved by %g m", d)
	}
}
