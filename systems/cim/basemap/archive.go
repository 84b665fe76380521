package basemap

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"shanzhi/core/parallel"
)

// Map is a base map to be made.
type Map struct {
	Name, Attribution string
	MinZoom, MaxZoom  int
	Bounds            orb.Bound
	Layers            []string // in the order in which they are drawn
	Features          []Feature
	Vector            []VectorLayer // what the archive says of its layers
}

// VectorLayer says what a layer's features say.
type VectorLayer struct {
	ID          string            `json:"id"`
	Description string            `json:"description,omitempty"`
	Fields      map[string]string `json:"fields"`
	MinZoom     int               `json:"minzoom"`
	MaxZoom     int               `json:"maxzoom"`
}

// Archive makes the archive and says how many tiles it has.
func (m *Map) Archive() ([]byte, int, error) {
	if m.MinZoom < 0 || m.MaxZoom < m.MinZoom || m.MaxZoom > 20 {
		return nil, 0, fmt.Errorf("basemap: zooms %d to %d are none", m.MinZoom, m.MaxZoom)
	}
	order := map[string]int{}
	for i, name := range m.Layers {
		order[name] = i
	}
	shapes := make([]orb.Geometry, len(m.Features))
	for i, f := range m.Features {
		if _, ok := order[f.Layer]; !ok {
			return nil, 0, fmt.Errorf("basemap: feature %d is on a layer that is not drawn: %q", i, f.Layer)
		}
		if shapes[i] = onMap(f.Shape); shapes[i] == nil {
			return nil, 0, fmt.Errorf("basemap: feature %d is no point, line or polygon", i)
		}
	}
	var all []entry
	for z := m.MinZoom; z <= m.MaxZoom; z++ {
		on := map[[2]int][]int32{}
		n := float64(uint(1) << z)
		margin := float64(buffer) / extent
		for i, f := range m.Features {
			if z < f.From || f.To > 0 && z > f.To {
				continue
			}
			b := shapes[i].Bound()
			at := func(v float64) int { return min(max(int(math.Floor(v)), 0), int(n)-1) }
			for x := at(b.Min[0]*n - margin); x <= at(b.Max[0]*n+margin); x++ {
				for y := at(b.Min[1]*n - margin); y <= at(b.Max[1]*n+margin); y++ {
					on[[2]int{x, y}] = append(on[[2]int{x, y}], int32(i))
				}
			}
		}
		keys := make([][2]int, 0, len(on))
		for k := range on {
			keys = append(keys, k)
		}
		made := make([][]byte, len(keys))
		parallel.Each(len(keys), 4, func(i int) {
			k := keys[i]
			layers := make([]*layer, len(m.Layers))
			for j, name := range m.Layers {
				layers[j] = &layer{name: name, keyOf: map[string]uint32{}, valueOf: map[any]uint32{}}
			}
			for _, f := range on[k] {
				layers[order[m.Features[f].Layer]].add(shapes[f], m.Features[f].Said, z, k[0], k[1])
			}
			if body := tile(layers); len(body) > 0 {
				made[i] = zipped(body)
			}
		})
		for i, k := range keys {
			if made[i] != nil {
				all = append(all, entry{id: tileID(z, k[0], k[1]), body: made[i]})
			}
		}
	}
	if len(all) == 0 {
		return nil, 0, errors.New("basemap: there is nothing to draw")
	}
	slices.SortFunc(all, func(a, b entry) int {
		if a.id < b.id {
			return -1
		}
		return 1
	})
	said, err := json.Marshal(map[string]any{"name": m.Name, "attribution": m.Attribution, "vector_layers": m.Vector})
	if err != nil {
		return nil, 0, err
	}
	return m.write(all, zipped(said)), len(all), nil
}

var zips = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func zipped(b []byte) []byte {
	var out bytes.Buffer
	w := zips.Get().(*gzip.Writer)
	defer zips.Put(w)
	w.Reset(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

// entry is a tile of the archive.
type entry struct {
	id     uint64
	body   []byte
	offset uint64
	length uint64
	run    uint64 // 0: a directory of others
}

// tileID is a tile's number: those of smaller zooms first, then along a Hilbert curve (PMTiles 3).
func tileID(z, x, y int) uint64 {
	id := (uint64(1)<<(2*z) - 1) / 3
	for s := uint64(1) << z / 2; s > 0; s /= 2 {
		rx, ry := uint64(0), uint64(0)
		if uint64(x)&s > 0 {
			rx = 1
		}
		if uint64(y)&s > 0 {
			ry = 1
		}
		id += s * s * (3*rx ^ ry)
		if ry == 0 {
			if rx == 1 {
				x, y = int(s)-1-x&int(s-1), int(s)-1-y&int(s-1)
			} else {
				x, y = x&int(s-1), y&int(s-1)
			}
			x, y = y, x
		} else {
			x, y = x&int(s-1), y&int(s-1)
		}
	}
	return id
}

// directory writes entries: their numbers by differences, their lengths, their places.
func directory(list []entry) []byte {
	out := binary.AppendUvarint(nil, uint64(len(list)))
	last := uint64(0)
	for _, e := range list {
		out = binary.AppendUvarint(out, e.id-last)
		last = e.id
	}
	for _, e := range list {
		out = binary.AppendUvarint(out, e.run)
	}
	for _, e := range list {
		out = binary.AppendUvarint(out, e.length)
	}
	for i, e := range list {
		if i > 0 && e.offset == list[i-1].offset+list[i-1].length {
			out = append(out, 0)
		} else {
			out = binary.AppendUvarint(out, e.offset+1)
		}
	}
	return zipped(out)
}

const (
	headerSize = 127
	rootMost   = 16384 - headerSize // header and root lie in the first 16 KB
	leafSize   = 4096
)

func (m *Map) write(all []entry, said []byte) []byte {
	var data []byte
	for i := range all {
		all[i].offset, all[i].length, all[i].run = uint64(len(data)), uint64(len(all[i].body)), 1
		data = append(data, all[i].body...)
	}
	root := directory(all)
	var leaves []byte
	for size := leafSize; len(root) > rootMost; size *= 2 {
		leaves = nil
		var top []entry
		for part := range slices.Chunk(all, size) {
			d := directory(part)
			top = append(top, entry{id: part[0].id, offset: uint64(len(leaves)), length: uint64(len(d))})
			leaves = append(leaves, d...)
		}
		root = directory(top)
	}
	h := append(make([]byte, 0, headerSize), "PMTiles\x03"...)
	at := uint64(headerSize)
	for _, n := range []int{len(root), len(said), len(leaves), len(data)} {
		h = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(h, at), uint64(n))
		at += uint64(n)
	}
	for range 3 { // tiles, entries, contents
		h = binary.LittleEndian.AppendUint64(h, uint64(len(all)))
	}
	h = append(h, 1, 2, 2, 1, byte(m.MinZoom), byte(m.MaxZoom)) // in order; gzip, gzip; vector tiles
	degrees := func(v float64) { h = binary.LittleEndian.AppendUint32(h, uint32(int32(math.Round(v*1e7)))) }
	for _, v := range []float64{m.Bounds.Min[0], m.Bounds.Min[1], m.Bounds.Max[0], m.Bounds.Max[1]} {
		degrees(v)
	}
	h = append(h, byte(min(m.MinZoom+3, m.MaxZoom)))
	degrees((m.Bounds.Min[0] + m.Bounds.Max[0]) / 2)
	degrees((m.Bounds.Min[1] + m.Bounds.Max[1]) / 2)
	out := make([]byte, 0, at)
	for _, part := range [][]byte{h, root, said, leaves, data} {
		out = append(out, part...)
	}
	return out
}

// Tile is one vector tile of features, not compressed: of those that it has something of. Layers
// come in the order in which features first name them.
func Tile(features []Feature, zoom, x, y int) []byte {
	var layers []*layer
	of := map[string]*layer{}
	for _, f := range features {
		shape := onMap(f.Shape)
		if shape == nil {
			continue
		}
		l := of[f.Layer]
		if l == nil {
			l = &layer{name: f.Layer, keyOf: map[string]uint32{}, valueOf: map[any]uint32{}}
			of[f.Layer] = l
			layers = append(layers, l)
		}
		l.add(shape, f.Said, zoom, x, y)
	}
	return tile(layers)
}
