package tiles

import (
	"math"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

// A flat face with holes, turned anyhow in space, is divided into triangles of its own area that all
// turn as its outer ring does.
func TestTrianglesInSpace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 20).Draw(t, "corners")
		a, b := rapid.Float64Range(0, 6).Draw(t, "a"), rapid.Float64Range(0, 6).Draw(t, "b")
		place := func(x, y float64) Vec {
			sa, ca := math.Sincos(a)
			sb, cb := math.Sincos(b)
			y, z := y*ca, y*sa
			return Vec{x*cb + z*sb + 500, y - 300, z*cb - x*sb + 20}
		}
		var outer, hole []Vec
		for i := range n {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			outer = append(outer, place(10*cos, 10*sin))
		}
		rings := [][]Vec{outer}
		want := math.Sqrt(dot(normal(outer), normal(outer))) / 2
		if rapid.Bool().Draw(t, "hole") {
			for i := range 4 {
				sin, cos := math.Sincos(math.Pi / 2 * float64(i))
				hole = append(hole, place(2*cos, 2*sin))
			}
			rings = append(rings, hole)
			want -= 8
		}
		all := append(append([]Vec{}, outer...), hole...)
		up, got := normal(outer), 0.0
		for _, f := range Triangles(rings) {
			n := normal([]Vec{all[f[0]], all[f[1]], all[f[2]]})
			if dot(n, up) < -1e-6 {
				t.Fatal("a triangle is turned over")
			}
			got += math.Sqrt(dot(n, n)) / 2
		}
		if math.Abs(got-want) > 1e-6*want {
			t.Fatalf("%d triangles have %g square metres, the face %g", len(Triangles(rings)), got, want)
		}
	})
}

// roofed is a town of one house with a gable.
type roofed struct{ s Solid }

func (r roofed) Len() int           { return 1 }
func (r roofed) Deep(int) bool      { return false }
func (r roofed) Shell(int) []Solid  { return []Solid{r.s} }
func (r roofed) Floors(int) []Solid { return nil }
func (r roofed) Units(int) []Solid  { return nil }

// A surveyed roof is drawn as it is; tilesets that lie far apart stand under one root; both without fault,
// and a root whose children are not what it says is found out.
func TestSkinsAndPlaces(t *testing.T) {
	house := func(lon, lat float64, code string) roofed {
		const d = 0.0001
		s := Solid{From: 5, To: 12, Feature: Feature{Code: code, Use: "flat"}, Outline: []Place{{lon, lat}, {lon + d, lat}, {lon + d, lat + d}, {lon, lat + d}}}
		s.Skin = &Skin{Corners: []Spot{{lon, lat, 9}, {lon + d, lat, 9}, {lon + d/2, lat - d/10, 12}}, Triangles: [][3]uint32{{0, 1, 2}}}
		return roofed{s}
	}
	files := fstest.MapFS{}
	put := func(f File) error { files[f.Name] = &fstest.MapFile{Data: f.Body}; return nil }
	here := New(house(113.9, 22.6, "4403060010010100001"), []string{"flat"}, around)
	there := New(house(4.35, 52.0, "delft"), []string{"flat"}, [4]float64{4.2, 51.9, 4.4, 52.1})
	there.Prefix = "p1-"
	for _, one := range []*Tiler{here, there} {
		if err := one.WriteTiles(put); err != nil {
			t.Fatal(err)
		}
		_ = put(File{one.Prefix + "place.json", one.Root()})
	}
	_ = put(File{"tileset.json", Join([]string{"place.json", "p1-place.json"}, []*Tiler{here, there})})
	report, err := Validate(files)
	if err != nil || len(report.Faults) > 0 || report.Features == 0 {
		t.Fatalf("%+v %v", report, err)
	}
	n := 0
	for name, f := range files {
		if codes, err := Found(f.Data); err == nil && len(codes) == 1 {
			n++
			if (name[:2] == "p1") != (codes[0] == "delft") {
				t.Errorf("%s has %s", name, codes)
			}
		}
	}
	if n < 2 {
		t.Errorf("%d tiles with codes", n)
	}
	delete(files, "p1-place.json")
	if report, _ = Validate(files); len(report.Faults) == 0 {
		t.Error("a tileset that is not there is not missed")
	}
	_ = put(File{"p1-place.json", here.Root()})
	if report, _ = Validate(files); len(report.Faults) == 0 {
		t.Error("a tileset that has no files is not missed")
	}
}
