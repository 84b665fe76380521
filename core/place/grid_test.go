package place

import (
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func at(lon, lat float64) Point { return Point{WGS84, lon, lat} }

// The vectors that public implementations agree on.
func TestGeoSOTVectors(t *testing.T) {
	c, err := NewGeoSOT(at(76.233, 27.688), 32)
	if err != nil || c.Number() != 339638376531246140 || c.String() != "G001023122-203103-131010.33003300330" {
		t.Errorf("%d %s %v", c.Number(), c, err)
	}
	c, err = NewGeoSOT(at(116+18/60.0+54.8198/3600, 39+54/60.0+37.0098/3600), 15)
	if err != nil || c.String() != "G001310322-230230" {
		t.Errorf("%s %v", c, err)
	}
	if b := c.Box(); math.Abs(b.West-116.3) > 1e-9 || math.Abs(b.South-39.9) > 1e-9 || math.Abs(b.East-b.West-1/60.0) > 1e-9 {
		t.Errorf("%+v", b)
	}
	// At Bao'an, level 21 is 30.8 by 28.5 metres.
	c, _ = NewGeoSOT(at(113.88, 22.65), 21)
	b := c.Box()
	if h, w := Distance(at(b.West, b.South), at(b.West, b.North)), Distance(at(b.West, b.South), at(b.East, b.South)); math.Abs(h-30.8) > 0.2 || math.Abs(w-28.5) > 0.2 {
		t.Errorf("%.2f by %.2f m", h, w)
	}
	for _, bad := range []string{"", "G", "X0", "G4", "G0-0", "G001310322230230-", "G001310322-230230.0", "G" + strings.Repeat("0", 33), "G001310322-333333", "G0303"} {
		if c, err := ParseGeoSOT(bad); err == nil {
			t.Errorf("%q was read as %s", bad, c)
		}
	}
}

func TestBeiDouVectors(t *testing.T) {
	c, err := NewBeiDou(at(116.31260278, 39.99316111), 8)
	if err != nil || c.String() != "N50J47539B825534" {
		t.Errorf("%s %v", c, err)
	}
	// 50 metres above the ellipsoid.
	c, _ = NewBeiDou(at(116.31260278, 39.99316111), 10)
	solid, err := c.AtHeight(50)
	if err != nil || len(solid.String()) != 32 {
		t.Errorf("%s %v", solid, err)
	}
	code := solid.String()
	if !strings.HasPrefix(code, "N050J00470503") {
		t.Errorf("%s", code)
	}
	high := code[1:2] + code[5:7] // and of the levels below, one each
	for i, w := 7, []int{2, 1, 2, 2, 1, 2, 2, 2, 2}; len(w) > 0; w = w[1:] {
		i += w[0]
		high += code[i : i+1]
		i++
	}
	if high != "000000006414" {
		t.Errorf("the height of %s is %s", code, high)
	}
	if m, ok := solid.Height(); !ok || m > 50 || m < 49.98 {
		t.Errorf("%g m", m)
	}
	for _, bad := range []string{"", "N", "N50", "X50J", "N00A", "N61A", "N50W", "N50JC0", "N50J08", "N50J476", "N50J475F0", "N50J47539B825534000000", "N250J00", "N050J64", "N050J", "N50j"} {
		if c, err := ParseBeiDou(bad); err == nil {
			t.Errorf("%q was read as %s", bad, c)
		}
	}
	if _, err := NewBeiDou(at(0, 88), 3); err == nil {
		t.Error("a pole was put on the grid")
	}
}

func drawPoint(t *rapid.T, top float64) Point {
	// Angles on the edges of minutes and degrees, beside them, and anywhere.
	angle := func(name string, top float64) float64 {
		v := rapid.Float64Range(-top, top).Draw(t, name)
		switch rapid.IntRange(0, 3).Draw(t, name+" on an edge of") {
		case 0:
			v = math.Round(v)
		case 1:
			v = math.Round(v*60) / 60
		case 2:
			v = math.Round(v*unitsPerDegree) / unitsPerDegree
		}
		return v
	}
	return at(angle("lon", 180), angle("lat", top))
}

// Every cell of every level holds its point, is read back from its text, lies in
// its parent with its siblings beside it, and its neighbours' neighbours are itself.
func TestGeoSOTRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, level := drawPoint(t, 90), rapid.IntRange(1, 32).Draw(t, "level")
		c, err := NewGeoSOT(p, level)
		if err != nil {
			t.Fatal(err)
		}
		checkCell(t, p, c)
		if again, err := ParseGeoSOT(c.String()); err != nil || again != c {
			t.Fatalf("%s was read as %s: %v", c, again, err)
		}
		if again, err := NewGeoSOT(c.Box().Center(), level); err != nil || again != c {
			t.Fatalf("the middle of %s is in %s: %v", c, again, err)
		}
		if parent, ok := c.Parent(); ok != (level > 1) || ok && !contains(parent.Children(), c) {
			t.Fatalf("%s is no child of %s", c, parent)
		}
		checkNeighbours(t, c, func(c GeoSOT, e, n int) (GeoSOT, bool) { return c.Neighbour(e, n) })
	})
}

func TestBeiDouRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, level := drawPoint(t, 87.4), rapid.IntRange(1, 10).Draw(t, "level")
		c, err := NewBeiDou(p, level)
		if err != nil {
			t.Fatal(err)
		}
		checkCell(t, p, c)
		checkNeighbours(t, c, func(c BeiDou, e, n int) (BeiDou, bool) { return c.Neighbour(e, n) })
		if again, err := NewBeiDou(c.Box().Center(), level); err != nil || again != c {
			t.Fatalf("the middle of %s is in %s: %v", c, again, err)
		}
		if parent, ok := c.Parent(); ok != (level > 1) || ok && !contains(parent.Children(), c) {
			t.Fatalf("%s is no child of %s", c, parent)
		}
		if rapid.Bool().Draw(t, "solid") {
			metres := rapid.Float64Range(-400, 30000).Draw(t, "metres")
			if c, err = c.AtHeight(metres); err != nil {
				t.Fatal(err)
			}
			if m, _ := c.Height(); level == 10 && math.Abs(m-metres) > 0.02 {
				t.Fatalf("%g m became %g", metres, m)
			}
		}
		if again, err := ParseBeiDou(c.String()); err != nil || again != c {
			t.Fatalf("%s was read as %s: %v", c, again, err)
		}
	})
}

func contains[C comparable](list []C, c C) bool {
	for _, x := range list {
		if x == c {
			return true
		}
	}
	return false
}

func checkCell[C Cell[C]](t *rapid.T, p Point, c C) {
	const slack = 1.0 / unitsPerDegree
	if b := c.Box(); p.Lon < b.West-slack || p.Lon > b.East+slack || p.Lat < b.South-slack || p.Lat > b.North+slack {
		t.Fatalf("%+v does not hold %+v", b, p)
	}
	// The parts make up the whole.
	area := func(b Box) float64 { return (b.East - b.West) * (b.North - b.South) }
	whole, sum := area(c.Box()), 0.0
	parts := c.Children()
	for _, part := range parts {
		sum += area(part.Box())
	}
	if len(parts) > 0 && math.Abs(sum-whole) > 1e-9*whole {
		t.Fatalf("the parts of %v are %g of %g", c, sum, whole)
	}
}

func checkNeighbours[C Cell[C]](t *rapid.T, c C, next func(C, int, int) (C, bool)) {
	b := c.Box()
	for e := -1; e <= 1; e++ {
		for n := -1; n <= 1; n++ {
			other, ok := next(c, e, n)
			if !ok {
				continue
			}
			if (other == c) != (e == 0 && n == 0) && b.East-b.West < 180 {
				t.Fatalf("the neighbour %d %d of %v is %v", e, n, c, other)
			}
			o := other.Box()
			if e > 0 && o.West != b.East && o.West != b.East-360 || e < 0 && o.East != b.West && o.East != b.West+360 || n > 0 && o.South != b.North || n < 0 && o.North != b.South {
				t.Fatalf("%+v is not next to %+v (%d %d)", o, b, e, n)
			}
			if back, ok := next(other, -e, -n); e*n == 0 && (!ok || back != c) {
				t.Fatalf("back from %v of %v is %v", other, c, back)
			}
		}
	}
}

// A cover holds every point of its area, and every cell of it touches the area.
func TestCover(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lon, lat := rapid.Float64Range(113.7, 114).Draw(t, "lon"), rapid.Float64Range(22.5, 22.8).Draw(t, "lat")
		var ring orb.Ring
		n := rapid.IntRange(3, 8).Draw(t, "corners")
		for i := range n {
			r, a := rapid.Float64Range(0.002, 0.01).Draw(t, "radius"), 2*math.Pi*float64(i)/float64(n)
			ring = append(ring, orb.Point{lon + r*math.Cos(a), lat + r*math.Sin(a)})
		}
		ring = append(ring, ring[0])
		shape := orb.MultiPolygon{{ring}}
		x := newBands(shape)
		p := at(rapid.Float64Range(lon-0.01, lon+0.01).Draw(t, "x"), rapid.Float64Range(lat-0.01, lat+0.01).Draw(t, "y"))
		inside := x.inLatitudes(p.Lat) && x.holds(p.Lon, p.Lat)
		geo, err := CoverGeoSOT(shape, 19)
		if err != nil {
			t.Fatal(err)
		}
		beidou, err := CoverBeiDou(shape, 5)
		if err != nil {
			t.Fatal(err)
		}
		checkCover(t, geo, p, inside, x.area)
		checkCover(t, beidou, p, inside, x.area)
	})
	world := orb.MultiPolygon{{{{-179, -80}, {179, -80}, {179, 80}, {-179, 80}, {-179, -80}}}}
	if _, err := CoverGeoSOT(world, 25); err == nil {
		t.Error("the world was covered finely")
	}
}

func checkCover[C Cell[C]](t *rapid.T, cells []C, p Point, inside bool, area float64) {
	held, sum := 0, 0.0
	for _, c := range cells {
		b := c.Box()
		if b.Contains(p.Lon, p.Lat) {
			held++
		}
		sum += (b.East - b.West) * (b.North - b.South) * metresPerDegree * metresPerDegree * math.Cos(b.South*math.Pi/180)
	}
	if held > 1 || inside && held != 1 {
		t.Fatalf("%d cells hold a point that is inside: %v", held, inside)
	}
	if sum < area*0.999 {
		t.Fatalf("%g m² are covered of %g", sum, area)
	}
}
