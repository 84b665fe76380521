package tiles

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

// What the codecs write, they read; the reference's bytes are read alike; what is cut off or
// touched is an error or other numbers, never more.
func TestCodecs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := 4 * rapid.IntRange(1, 16).Draw(t, "size")
		step := rapid.SampledFrom([]int{0, 1, 3, 40, 255}).Draw(t, "step")
		n := rapid.IntRange(1, 700).Draw(t, "n")
		data := make([]byte, n*size)
		for i := range data {
			data[i] = byte(rapid.IntRange(0, step).Draw(t, "b")) + byte(i/size)
		}
		packed := attributes(nil, data, size)
		if got, err := unpackAttributes(packed, n, size); err != nil || !bytes.Equal(got, data) {
			t.Fatalf("%v", err)
		}
		cut := rapid.IntRange(0, len(packed)-1).Draw(t, "cut")
		if got, err := unpackAttributes(packed[:cut], n, size); err == nil && bytes.Equal(got, data) && cut < len(packed)-32 {
			t.Fatal("a stream that was cut is read whole")
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		indices := rapid.SliceOfN(rapid.Uint32Range(0, 1<<20), 1, 400).Draw(t, "indices")
		packed := sequence(nil, indices)
		if got, err := unpackSequence(packed, len(indices)); err != nil || !slices.Equal(got, indices) {
			t.Fatalf("%v", err)
		}
		cut := rapid.IntRange(0, len(packed)-5).Draw(t, "cut")
		if _, err := unpackSequence(packed[:cut], len(indices)); err == nil {
			t.Fatal("a stream that was cut is read")
		}
	})
	// By meshoptimizer, of the numbers made below.
	vertices := make([]byte, 160)
	for i := range vertices {
		vertices[i] = byte((i*i*7 + (i>>3)*31) % 251)
	}
	for _, c := range []struct {
		reference string
		ours      []byte
	}{{referenceVertices, attributes(nil, vertices, 8)}, {referenceIndices, sequence(nil, referenceSequence)}} {
		if want, _ := hex.DecodeString(c.reference); !bytes.Equal(want, c.ours) {
			t.Errorf("the reference writes\n%x, we\n%x", want, c.ours)
		}
	}
}

// A place of the earth is found again; a plane keeps distances.
func TestGlobe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lon, lat, h := rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-89, 89).Draw(t, "lat"), rapid.Float64Range(-100, 9000).Draw(t, "h")
		v := Earth(lon, lat, h)
		a, b, c := Geodetic(v)
		if math.Abs(a-lon) > 1e-9 || math.Abs(b-lat) > 1e-9 || math.Abs(c-h) > 1e-3 {
			t.Fatalf("%v %v %v, found %v %v %v", lon, lat, h, a, b, c)
		}
		p := NewPlane(lon, lat, h)
		w := Vec{rapid.Float64Range(-9000, 9000).Draw(t, "x"), rapid.Float64Range(-9000, 9000).Draw(t, "y"), rapid.Float64Range(-90, 900).Draw(t, "z")}
		for i, d := range p.On(p.Off(w)) {
			if math.Abs(d-w[i]) > 1e-6 {
				t.Fatalf("%v, found %v", w, p.On(p.Off(w)))
			}
		}
	})
	// EPSG Guidance Note 7-2, geographic/geocentric conversions (WGS 84).
	v := Earth(2.0+7.0/60+46.38/3600, 53+48.0/60+33.82/3600, 73)
	for i, want := range (Vec{3771793.97, 140253.34, 5124304.35}) {
		if math.Abs(v[i]-want) > 0.01 {
			t.Errorf("%v", v)
		}
	}
}

// The triangles of an outline have its area.
func TestTriangles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 24).Draw(t, "n")
		ring := make([]Vec, n)
		for i := range ring { // seen whole from its middle, else of any form
			r, a := rapid.Float64Range(2, 50).Draw(t, "r"), 2*math.Pi*float64(i)/float64(n)
			ring[i] = Vec{r * math.Cos(a), r * math.Sin(a)}
		}
		sum := 0.0
		for _, x := range triangles(ring) {
			a := signed([]Vec{ring[x[0]], ring[x[1]], ring[x[2]]})
			if a <= 0 {
				t.Fatalf("a triangle of %g", a)
			}
			sum += a
		}
		if whole := signed(ring); math.Abs(sum-whole) > 1e-6*whole {
			t.Fatalf("%g of %g", sum, whole)
		}
	})
	el := []Vec{{0, 0}, {6, 0}, {6, 2}, {2, 2}, {2, 5}, {0, 5}}
	if n := len(triangles(el)); n != 4 {
		t.Errorf("an L has %d triangles", n)
	}
	if n := len(triangles([]Vec{{0, 0}, {4, 4}, {4, 0}, {0, 4}})); n > 2 {
		t.Errorf("a bow has %d triangles", n)
	}
}

// town is houses of three floors with two units each, every third known inside.
type town []house

type house struct {
	code             string
	lon, lat, height float64
	shut             bool
}

func (t town) Len() int        { return len(t) }
func (t town) Deep(i int) bool { return !t[i].shut }

func (t town) solid(i int, west, east, from, to float64, f Feature) Solid {
	h := t[i]
	f.Use = "flat"
	return Solid{Outline: []Place{{h.lon + west, h.lat}, {h.lon + east, h.lat}, {h.lon + east, h.lat + 1e-4}, {h.lon + west, h.lat + 1e-4}}, From: from, To: to, Feature: f}
}

func (t town) Shell(i int) []Solid {
	return []Solid{t.solid(i, 0, 2e-4, 5, 5+t[i].height, Feature{Code: t[i].code})}
}

func (t town) Floors(i int) (out []Solid) {
	for f := range 3 {
		out = append(out, t.solid(i, 0, 2e-4, 5+t[i].height*float64(f)/3, 5+t[i].height*float64(f+1)/3, Feature{Code: t[i].code, Floor: int16(f + 1)}))
	}
	return out
}

func (t town) Units(i int) (out []Solid) {
	for f := range 3 {
		for u := range 2 {
			out = append(out, t.solid(i, float64(u)*1e-4, float64(u+1)*1e-4, 5+t[i].height*float64(f)/3, 5+t[i].height*float64(f+1)/3, Feature{Code: fmt.Sprintf("%s%06d", t[i].code, 2*f+u+1), Floor: int16(f + 1)}))
		}
	}
	return out
}

func newTown(n int) town {
	t := make(town, n)
	for i := range t {
		t[i] = house{fmt.Sprintf("44030600100100%05d", i), 113.8 + 0.1*float64(i%37)/37, 22.6 + 0.1*float64(i%53)/53, 9 + float64(i%90), i%3 != 0}
	}
	return t
}

var around = [4]float64{113.75, 22.55, 113.95, 22.75}

func written(t testing.TB, src Source) fstest.MapFS {
	t.Helper()
	out, mu := fstest.MapFS{}, sync.Mutex{}
	if err := New(src, []string{"flat"}, around).Write(func(f File) error {
		mu.Lock()
		defer mu.Unlock()
		out[f.Name] = &fstest.MapFile{Data: f.Body}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// A tileset is found without fault; each building stands on the level of all buildings once,
// each unit on the last once, each building that is known outside alone wherever its
// neighbours are refined.
func TestTileset(t *testing.T) {
	src := newTown(1500)
	files := written(t, src)
	report, err := Validate(files)
	if err != nil || len(report.Faults) > 0 || report.Contents == 0 || report.Subtrees < 2 {
		t.Fatalf("%+v %v", report, err)
	}
	level := map[int]map[string]int{}
	for name, f := range files {
		var l, x, y int
		if n, _ := fmt.Sscanf(name, "c/%d/%d/%d.glb", &l, &x, &y); n != 3 {
			continue
		}
		codes, err := Found(f.Data)
		if err != nil {
			t.Fatal(err)
		}
		if level[l] == nil {
			level[l] = map[string]int{}
		}
		for _, c := range codes {
			level[l][c]++
		}
	}
	for i, h := range src {
		if n := level[shellLevel][h.code]; n != 1 {
			t.Fatalf("building %d is %d times on the level of shells", i, n)
		}
		if h.shut {
			if n := level[unitLevel][h.code]; n > 1 {
				t.Fatalf("building %d is %d times on the last level", i, n)
			}
			continue
		}
		if n := level[floorLevel][h.code]; n != 3 {
			t.Fatalf("building %d has %d floors", i, n)
		}
		for u := range 6 {
			if n := level[unitLevel][fmt.Sprintf("%s%06d", h.code, u+1)]; n != 1 {
				t.Fatalf("unit %d of building %d is %d times on the last level", u+1, i, n)
			}
		}
	}
	// Of one parent either all buildings are refined or none.
	tiler := New(src, nil, around)
	for _, k := range tiler.keysOf() {
		if k.Level <= shellLevel || k.Level == unitLevel+1 {
			continue
		}
		for _, i := range tiler.inside(Key{k.Level - 1, k.X / 2, k.Y / 2}) {
			if code := src[i].code; level[k.Level][code] == 0 && level[k.Level][code+"000001"] == 0 {
				t.Fatalf("building %s is gone where level %d replaces the one above", code, k.Level)
			}
		}
	}
	for l := firstLevel; l < shellLevel; l++ {
		if len(level[l]) == 0 || len(level[l]) >= len(src) {
			t.Errorf("level %d has %d buildings", l, len(level[l]))
		}
	}
}

// One building anew is its tiles anew, and the tileset that a whole writing would give.
func TestRewrite(t *testing.T) {
	src := newTown(800)
	tiler := New(src, []string{"flat"}, around)
	files := written(t, src)
	src[300].code = "4403060010010099999"
	changed := []string{}
	var mu sync.Mutex
	if err := tiler.Rewrite(func(f File) error {
		mu.Lock()
		defer mu.Unlock()
		changed = append(changed, f.Name)
		files[f.Name] = &fstest.MapFile{Data: f.Body}
		return nil
	}, 300); err != nil {
		t.Fatal(err)
	}
	if len(changed) < 3 || len(changed) > levels+levels/subtreeDeep+1 {
		t.Errorf("%d files: %v", len(changed), changed)
	}
	for name, f := range written(t, src) {
		if !bytes.Equal(f.Data, files[name].Data) {
			t.Errorf("%s is not what the whole would be", name)
		}
	}
}

// Each kind of fault is found, by its code.
func TestValidateFinds(t *testing.T) {
	good := written(t, newTown(300))
	pick := func(prefix string) string {
		for _, name := range slices.Sorted(maps.Keys(good)) {
			if strings.HasPrefix(name, prefix) {
				return name
			}
		}
		t.Fatal(prefix)
		return ""
	}
	tile := pick("c/7/")
	edit := func(name, from, to string) func(fstest.MapFS) {
		return func(f fstest.MapFS) {
			if !bytes.Contains(f[name].Data, []byte(from)) || len(from) != len(to) && name != "tileset.json" {
				t.Fatalf("%s has no %q", name, from)
			}
			f[name] = &fstest.MapFile{Data: bytes.Replace(bytes.Clone(f[name].Data), []byte(from), []byte(to), 1)}
		}
	}
	byteAt := func(name string, at int, v byte) func(fstest.MapFS) {
		return func(f fstest.MapFS) {
			b := bytes.Clone(f[name].Data)
			b[(at+len(b))%len(b)] ^= v
			f[name] = &fstest.MapFile{Data: b}
		}
	}
	gone := func(name string) func(fstest.MapFS) { return func(f fstest.MapFS) { delete(f, name) } }
	region := func(f fstest.MapFS) { // of a tile, as if it lay a hundred metres higher
		b := bytes.Clone(f["s/4/"+under(tile, 3)].Data)
		n := int(le64(b[8:]))
		var head struct {
			Tables []struct {
				Count      int
				Properties map[string]struct{ Values int }
			} `json:"propertyTables"`
			Views []bufferView `json:"bufferViews"`
		}
		if err := json.Unmarshal(b[24:24+n], &head); err != nil {
			t.Fatal(err)
		}
		w := head.Views[head.Tables[0].Properties["region"].Values]
		for row := range head.Tables[0].Count {
			at := 24 + n + w.Offset + 48*row + 32
			put64(b[at:], math.Float64bits(math.Float64frombits(le64(b[at:]))+4))
		}
		f["s/4/"+under(tile, 3)] = &fstest.MapFile{Data: b}
	}
	for _, c := range []struct {
		code string
		do   func(fstest.MapFS)
	}{
		{"ASSET_VERSION", edit("tileset.json", `"1.1"`, `"1.0"`)},
		{"GEOMETRIC_ERROR", edit("tileset.json", `"geometricError": 1024`, `"geometricError": 1`)},
		{"REFINE", edit("tileset.json", `REPLACE`, `MERGE`)},
		{"IMPLICIT", edit("tileset.json", `QUADTREE`, `KDTREE`)},
		{"TEMPLATE", edit("tileset.json", `c/{level}/{x}/{y}.glb`, `../{level}.glb`)},
		{"JSON", edit("tileset.json", `{`, `[`)},
		{"SUBTREE_MISSING", gone(pick("s/4/"))},
		{"SUBTREE_HEADER", byteAt(pick("s/4/"), 0, 1)},
		{"SUBTREE_LENGTH", byteAt(pick("s/4/"), 8, 1)},
		{"AVAILABLE_COUNT", edit("s/0/0/0.subtree", `"tileAvailability":{"availableCount":`, `"tileAvailability":{"availableCounx":`)},
		{"CONTENT_MISSING", gone(tile)},
		{"ORPHAN", func(f fstest.MapFS) { f["c/7/0/0.glb"] = f[tile] }},
		{"GLB", byteAt(tile, 0, 1)},
		{"POSITION", edit(tile, `"mode":"ATTRIBUTES"`, `"mode":"TTTRIBUTES"`)},
		{"POSITION_BOUNDS", edit(tile, `"min":[0,0,0]`, `"min":[1,0,0]`)},
		{"FEATURE_TABLE", edit(tile, `"propertyTable":0`, `"propertyTable":7`)},
		{"CONTENT_OUTSIDE", region},
	} {
		files := maps.Clone(good)
		c.do(files)
		report, err := Validate(files)
		if err != nil || !slices.ContainsFunc(report.Faults, func(f Fault) bool { return f.Code == c.code }) {
			t.Errorf("%s is not found: %+v %v", c.code, report, err)
		}
	}
	if _, err := Validate(fstest.MapFS{}); err == nil {
		t.Error("no tileset, no error")
	}
}

// under is the subtree file's tail that holds a tile of the last level.
func under(tile string, up int) string {
	var l, x, y int
	fmt.Sscanf(tile, "c/%d/%d/%d.glb", &l, &x, &y)
	return fmt.Sprintf("%d/%d.subtree", x>>up, y>>up)
}

func le64(b []byte) uint64 {
	v := uint64(0)
	for i := range 8 {
		v |= uint64(b[i]) << (8 * i)
	}
	return v
}

func put64(b []byte, v uint64) {
	for i := range 8 {
		b[i] = byte(v >> (8 * i))
	}
}

var referenceSequence = []uint32{0, 1, 2, 0, 2, 3, 4, 5, 6, 4, 6, 7, 1000, 1001, 1002, 900, 2, 3, 65535, 0, 1, 5, 9, 13}

const (
	referenceVertices = "a0070037fa18bf5e83ae33ea12c5587f9e39ff000000e40ccb520700b225f820b76671ac2bfc1ac76a81b0ff00000031ec14c307006dc41dff28af6e69b423fb22bf7279ff000000b829f41c07007c5bc215ed30b1806bc61bfd2aad70ff00000067b621f90700998453ca0de538a98859c413f532a5ff000000785fc819070046918c4bdc05e740978651cc0be33aff0000009d8057c60700d94e899443e402df488f8e49de03e5ff0000004295884f070010c7568ba63be20acd50879641dc04ff000000d34a8d9000000000000000000000000000000000000000000000000000071c3f70af015c"
	referenceIndices  = "d1000404060804040404060804a11f0505f41b9f1f05ece30f0b0511111100000000"
)
