package basemap

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// The numbers of tiles are those of the format's own examples, each tile has its own, and the
// next along the curve is a neighbour.
func TestTileNumbers(t *testing.T) {
	for _, c := range [][4]uint64{{0, 0, 0, 0}, {1, 0, 0, 1}, {1, 0, 1, 2}, {1, 1, 1, 3}, {1, 1, 0, 4}, {2, 0, 0, 5}, {12, 3423, 1763, 19078479}} {
		if got := tileID(int(c[0]), int(c[1]), int(c[2])); got != c[3] {
			t.Errorf("%v is %d", c, got)
		}
	}
	for z := 1; z < 7; z++ {
		at := map[uint64][2]int{}
		n := 1 << z
		for x := range n {
			for y := range n {
				at[tileID(z, x, y)] = [2]int{x, y}
			}
		}
		first := (uint64(1)<<(2*z) - 1) / 3
		for i := range uint64(n * n) {
			p, ok := at[first+i]
			if !ok {
				t.Fatalf("no tile of zoom %d has number %d", z, first+i)
			}
			if q := at[first+i-1]; i > 0 && math.Abs(float64(p[0]-q[0]))+math.Abs(float64(p[1]-q[1])) != 1 {
				t.Fatalf("%v follows %v", p, q)
			}
		}
	}
}

// fields reads a protobuf message.
func fields(raw []byte, each func(field int, number uint64, body []byte)) error {
	for len(raw) > 0 {
		key, n := binary.Uvarint(raw)
		if n <= 0 {
			return fmt.Errorf("no key")
		}
		raw = raw[n:]
		switch key & 7 {
		case 0:
			v, n := binary.Uvarint(raw)
			if n <= 0 {
				return fmt.Errorf("no number")
			}
			raw = raw[n:]
			each(int(key>>3), v, nil)
		case 1:
			each(int(key>>3), binary.LittleEndian.Uint64(raw), nil)
			raw = raw[8:]
		case 2:
			v, n := binary.Uvarint(raw)
			if n <= 0 || v > uint64(len(raw)-n) {
				return fmt.Errorf("no bytes")
			}
			each(int(key>>3), 0, raw[n:n+int(v)])
			raw = raw[n+int(v):]
		default:
			return fmt.Errorf("wire type %d", key&7)
		}
	}
	return nil
}

type drawn struct {
	layer string
	kind  int
	paths [][][2]int
	said  map[string]any
}

// readTile reads a vector tile.
func readTile(raw []byte) (out []drawn, err error) {
	ferr := fields(raw, func(f int, _ uint64, body []byte) {
		var name string
		var keys []string
		var values []any
		var features [][]byte
		version, ext := uint64(0), uint64(0)
		_ = fields(body, func(f int, n uint64, b []byte) {
			switch f {
			case 1:
				name = string(b)
			case 2:
				features = append(features, b)
			case 3:
				keys = append(keys, string(b))
			case 4:
				_ = fields(b, func(f int, n uint64, b []byte) {
					switch f {
					case 1:
						values = append(values, string(b))
					case 3:
						values = append(values, math.Float64frombits(n))
					case 6:
						values = append(values, float64(int64(n>>1)^-int64(n&1)))
					}
				})
			case 5:
				ext = n
			case 15:
				version = n
			}
		})
		if f != 3 || version != 2 || ext != extent || name == "" {
			err = fmt.Errorf("layer %q of version %d, extent %d", name, version, ext)
		}
		for _, raw := range features {
			d := drawn{layer: name, said: map[string]any{}}
			numbers := func(b []byte) (out []uint32) {
				for len(b) > 0 {
					v, n := binary.Uvarint(b)
					out, b = append(out, uint32(v)), b[n:]
				}
				return out
			}
			_ = fields(raw, func(f int, n uint64, b []byte) {
				switch f {
				case 2:
					tags := numbers(b)
					for i := 0; i+1 < len(tags); i += 2 {
						d.said[keys[tags[i]]] = values[tags[i+1]]
					}
				case 3:
					d.kind = int(n)
				case 4:
					x, y := 0, 0
					in := numbers(b)
					for len(in) > 0 {
						id, count := in[0]&7, int(in[0]>>3)
						in = in[1:]
						if id == 7 {
							continue
						}
						for range count {
							x += int(int32(in[0]>>1) ^ -int32(in[0]&1))
							y += int(int32(in[1]>>1) ^ -int32(in[1]&1))
							in = in[2:]
							if id == 1 {
								d.paths = append(d.paths, nil)
							}
							d.paths[len(d.paths)-1] = append(d.paths[len(d.paths)-1], [2]int{x, y})
						}
					}
				}
			})
			out = append(out, d)
		}
	})
	if err == nil {
		err = ferr
	}
	return out, err
}

// reader reads an archive as a browser does: the header, the root, leaves, a tile.
type reader struct{ raw []byte }

func unzip(b []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func (r reader) number(at int) int { return int(binary.LittleEndian.Uint64(r.raw[at:])) }

func (r reader) entries(at, n int) ([]entry, error) {
	raw, err := unzip(r.raw[at : at+n])
	if err != nil {
		return nil, err
	}
	next := func() uint64 {
		v, k := binary.Uvarint(raw)
		raw = raw[max(k, 0):]
		return v
	}
	list := make([]entry, next())
	last := uint64(0)
	for i := range list {
		last += next()
		list[i].id = last
	}
	for i := range list {
		list[i].run = next()
	}
	for i := range list {
		list[i].length = next()
	}
	for i := range list {
		if v := next(); v > 0 {
			list[i].offset = v - 1
		} else {
			list[i].offset = list[i-1].offset + list[i-1].length
		}
	}
	return list, nil
}

func (r reader) tile(z, x, y int) ([]drawn, error) {
	id := tileID(z, x, y)
	at, n := r.number(8), r.number(16)
	for range 3 {
		list, err := r.entries(at, n)
		if err != nil {
			return nil, err
		}
		found := -1
		for i, e := range list {
			if e.id <= id {
				found = i
			}
		}
		if found < 0 || list[found].run > 0 && id >= list[found].id+list[found].run {
			return nil, nil
		}
		e := list[found]
		if e.run == 0 {
			at, n = r.number(40)+int(e.offset), int(e.length)
			continue
		}
		from := r.number(56) + int(e.offset)
		raw, err := unzip(r.raw[from : from+int(e.length)])
		if err != nil {
			return nil, err
		}
		return readTile(raw)
	}
	return nil, fmt.Errorf("no tile at the end of the directories")
}

// What is drawn lies where it is, on every zoom and on each tile that it reaches; polygons are
// closed, with outer rings by the clock as it is seen.
func TestFeaturesLieWhereTheyAre(t *testing.T) {
	house := orb.Polygon{{{113.88, 22.57}, {113.8805, 22.57}, {113.8805, 22.5706}, {113.88, 22.5706}, {113.88, 22.57}}, {{113.8802, 22.5702}, {113.8803, 22.5702}, {113.8803, 22.5703}, {113.8802, 22.5702}}}
	road := orb.LineString{{113.86, 22.56}, {113.90, 22.58}}
	m := &Map{Name: "试", MinZoom: 8, MaxZoom: 15, Layers: []string{"road", "building", "place"}, Bounds: orb.Bound{Min: orb.Point{113.8, 22.5}, Max: orb.Point{114, 22.7}}, Features: []Feature{
		{Layer: "building", Shape: house, From: 14, Said: map[string]any{"code": "4403", "height": 12.5, "floors": 4}},
		{Layer: "road", Shape: road, From: 8, Said: map[string]any{"name": "流塘路"}},
		{Layer: "place", Shape: orb.Point{113.88, 22.57}, From: 8, Said: map[string]any{"name": "流塘"}},
		{Layer: "place", Shape: orb.Point{113.88, 22.57}, From: 8, To: 9, Said: map[string]any{"name": "远"}},
	}}
	raw, n, err := m.Archive()
	if err != nil || n == 0 || string(raw[:7]) != "PMTiles" || raw[7] != 3 {
		t.Fatalf("%d %v", n, err)
	}
	r := reader{raw}
	said, err := unzip(raw[r.number(24) : r.number(24)+r.number(32)])
	var about struct{ Name string }
	if err != nil || json.Unmarshal(said, &about) != nil || about.Name != "试" {
		t.Errorf("%s %v", said, err)
	}
	if west := float64(int32(binary.LittleEndian.Uint32(raw[102:]))) / 1e7; west != 113.8 || raw[96] != 1 || raw[97] != 2 || raw[98] != 2 || raw[99] != 1 || raw[100] != 8 || raw[101] != 15 {
		t.Errorf("the header: %v from %g", raw[96:102], west)
	}
	tiles := 0
	for z := 8; z <= 15; z++ {
		size := float64(uint(1) << z)
		names := map[string]int{}
		roads, houses := 0, 0
		low, high := mercator(orb.Point{113.8, 22.7}), mercator(orb.Point{114, 22.5})
		for x := int(low[0] * size); x <= int(high[0]*size); x++ {
			for y := int(low[1] * size); y <= int(high[1]*size); y++ {
				list, err := r.tile(z, x, y)
				if err != nil {
					t.Fatal(err)
				}
				if list != nil {
					tiles++
				}
				for _, d := range list {
					for _, path := range d.paths {
						for _, p := range path {
							q := orb.Point{(float64(x) + float64(p[0])/extent) / size, (float64(y) + float64(p[1])/extent) / size}
							lon := (q[0] - 0.5) * 360
							lat := math.Atan(math.Sinh(math.Pi*(1-2*q[1]))) * 180 / math.Pi
							if step := 360 / size / extent; lon < 113.86-step || lon > 113.90+step || lat < 22.56-step || lat > 22.58+step {
								t.Fatalf("%s at %g, %g", d.layer, lon, lat)
							}
							if p[0] < -buffer || p[1] < -buffer || p[0] > extent+buffer || p[1] > extent+buffer {
								t.Fatalf("%s leaves its tile: %v", d.layer, p)
							}
						}
					}
					switch d.layer {
					case "place":
						names[d.said["name"].(string)]++
					case "road":
						roads++
					case "building":
						houses++
						if d.kind != 3 || d.said["height"] != 12.5 || d.said["floors"] != 4.0 || d.said["code"] != "4403" {
							t.Errorf("%+v", d)
						}
						for i, ring := range d.paths {
							s := make([][2]int32, len(ring))
							for k, p := range ring {
								s[k] = [2]int32{int32(p[0]), int32(p[1])}
							}
							if a := area(s); (a > 0) != (i == 0) {
								t.Errorf("ring %d has the area %d", i, a)
							}
						}
					}
				}
			}
		}
		if names["流塘"] != 1 || names["远"] != map[bool]int{true: 1}[z <= 9] || roads == 0 || (houses > 0) != (z >= 14) {
			t.Errorf("zoom %d: %v, %d roads, %d houses", z, names, roads, houses)
		}
	}
	if tiles != n {
		t.Errorf("%d tiles are read, %d were made", tiles, n)
	}
}

// An archive of so many tiles that its directory has leaves is read alike.
func TestLeaves(t *testing.T) {
	m := &Map{MinZoom: 14, MaxZoom: 14, Layers: []string{"place"}}
	chance := rand.New(rand.NewPCG(1, 1))
	at := map[[2]int][]string{}
	for i := range 20_000 {
		p := orb.Point{100 + chance.Float64()*10, 10 + chance.Float64()*10}
		name := fmt.Sprint(i * chance.IntN(1e9))
		m.Features = append(m.Features, Feature{Layer: "place", Shape: p, Said: map[string]any{"name": name}})
		q := mercator(p)
		k := [2]int{int(q[0] * 16384), int(q[1] * 16384)}
		at[k] = append(at[k], name)
	}
	raw, n, err := m.Archive()
	if err != nil || n < len(at) {
		t.Fatalf("%d %v", n, err)
	}
	r := reader{raw}
	if r.number(48) == 0 || headerSize+r.number(16) > 16384 {
		t.Fatalf("a root of %d bytes, leaves of %d", r.number(16), r.number(48))
	}
	for k, names := range at {
		if chance.IntN(20) > 0 {
			continue
		}
		list, err := r.tile(14, k[0], k[1])
		if err != nil || len(list) != len(names) {
			t.Fatalf("%v: %+v, want %v: %v", k, list, names, err)
		}
		for i, d := range list {
			if d.said["name"] != names[i] {
				t.Fatalf("%v: %+v, want %v", k, list, names)
			}
		}
	}
	if list, err := r.tile(14, 0, 0); err != nil || list != nil {
		t.Errorf("%v %v", list, err)
	}
}

// What cannot be drawn is said.
func TestMapsAreChecked(t *testing.T) {
	for what, m := range map[string]*Map{
		"nothing":           {MaxZoom: 3, Layers: []string{"a"}},
		"zooms":             {MinZoom: 5, MaxZoom: 3},
		"no such layer":     {MaxZoom: 3, Features: []Feature{{Layer: "b", Shape: orb.Point{1, 1}}}},
		"a shape of a kind": {MaxZoom: 3, Layers: []string{"a"}, Features: []Feature{{Layer: "a", Shape: orb.Collection{}}}},
	} {
		if _, _, err := m.Archive(); err == nil {
			t.Errorf("%s: it was made", what)
		}
	}
}
