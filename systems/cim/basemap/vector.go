package basemap

import (
	"encoding/binary"
	"math"
	"sort"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
)

// Feature is what is drawn: a point, a line or a polygon of WGS-84.
type Feature struct {
	Layer string
	Shape orb.Geometry
	// From is the zoom from which it is drawn, To that until which; 0 the last.
	From, To int
	// Said are strings and numbers (float64, int) by name.
	Said map[string]any
}

// steps of a tile's side, and how far its shapes reach over its edge.
const (
	extent = 4096
	buffer = 64
)

// mercator is a place on the map: from 0 to 1, from the north-west.
func mercator(p orb.Point) orb.Point {
	sin := math.Sin(p[1] * math.Pi / 180)
	y := 0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi)
	return orb.Point{p[0]/360 + 0.5, min(max(y, 0), 1)}
}

// onMap is a shape on the map.
func onMap(g orb.Geometry) orb.Geometry {
	line := func(in []orb.Point) []orb.Point {
		out := make([]orb.Point, len(in))
		for i, p := range in {
			out[i] = mercator(p)
		}
		return out
	}
	switch s := g.(type) {
	case orb.Point:
		return mercator(s)
	case orb.LineString:
		return orb.LineString(line(s))
	case orb.Polygon:
		out := make(orb.Polygon, len(s))
		for i, r := range s {
			out[i] = line(r)
		}
		return out
	case orb.MultiPolygon:
		out := make(orb.MultiPolygon, len(s))
		for i, p := range s {
			out[i] = onMap(p).(orb.Polygon)
		}
		return out
	}
	return nil
}

// message is protobuf as it is written.
type message []byte

func (m *message) number(field int, v uint64) {
	*m = binary.AppendUvarint(binary.AppendUvarint(*m, uint64(field)<<3), v)
}

func (m *message) bytes(field int, b []byte) {
	*m = binary.AppendUvarint(binary.AppendUvarint(*m, uint64(field)<<3|2), uint64(len(b)))
	*m = append(*m, b...)
}

func packed(all []uint32) []byte {
	var out []byte
	for _, v := range all {
		out = binary.AppendUvarint(out, uint64(v))
	}
	return out
}

// layer collects the features of a layer of a tile.
type layer struct {
	name     string
	features message
	keys     []string
	keyOf    map[string]uint32
	values   []message
	valueOf  map[any]uint32
	count    int
}

func (l *layer) key(k string) uint32 {
	n, ok := l.keyOf[k]
	if !ok {
		n = uint32(len(l.keys))
		l.keyOf[k], l.keys = n, append(l.keys, k)
	}
	return n
}

func (l *layer) value(v any) uint32 {
	if i, ok := v.(int); ok {
		v = float64(i)
	}
	n, ok := l.valueOf[v]
	if ok {
		return n
	}
	var m message
	switch x := v.(type) {
	case string:
		m.bytes(1, []byte(x))
	case float64:
		if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
			m.number(6, zigzag64(int64(x)))
		} else {
			m = binary.LittleEndian.AppendUint64(append(m, 3<<3|1), math.Float64bits(x))
		}
	}
	n = uint32(len(l.values))
	l.valueOf[v], l.values = n, append(l.values, m)
	return n
}

func zigzag64(v int64) uint64  { return uint64(v<<1 ^ v>>63) }
func zigzag(v int32) uint32    { return uint32(v<<1 ^ v>>31) }
func command(id, n int) uint32 { return uint32(id | n<<3) }

// pen writes a shape's commands: to move, to draw, to close.
type pen struct {
	out  []uint32
	x, y int32
}

func (p *pen) to(x, y int32) {
	p.out = append(p.out, zigzag(x-p.x), zigzag(y-p.y))
	p.x, p.y = x, y
}

// path writes a line, or the ring of a polygon without its last corner; points that fall on one
// another are one. It writes nothing where too few are left.
func (p *pen) path(points [][2]int32, least int, closed bool) bool {
	var kept [][2]int32
	for _, q := range points {
		if len(kept) == 0 || kept[len(kept)-1] != q {
			kept = append(kept, q)
		}
	}
	if closed && len(kept) > 1 && kept[0] == kept[len(kept)-1] {
		kept = kept[:len(kept)-1]
	}
	if len(kept) < least {
		return false
	}
	p.out = append(p.out, command(1, 1))
	p.to(kept[0][0], kept[0][1])
	p.out = append(p.out, command(2, len(kept)-1))
	for _, q := range kept[1:] {
		p.to(q[0], q[1])
	}
	if closed {
		p.out = append(p.out, command(7, 1))
	}
	return true
}

// area is twice that of a ring in a tile's steps, whose second axis runs down: above 0 is an outer
// ring (MVT 2.1, 4.3.3.3).
func area(ring [][2]int32) (sum int64) {
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += int64(p[0])*int64(q[1]) - int64(q[0])*int64(p[1])
	}
	return sum
}

// add puts a shape, which lies on the map, on a tile.
func (l *layer) add(shape orb.Geometry, said map[string]any, zoom, x, y int) {
	n := float64(uint(1) << zoom)
	margin := float64(buffer) / extent
	bound := orb.Bound{Min: orb.Point{(float64(x) - margin) / n, (float64(y) - margin) / n}, Max: orb.Point{(float64(x) + 1 + margin) / n, (float64(y) + 1 + margin) / n}}
	at := func(p orb.Point) [2]int32 {
		return [2]int32{int32(math.Round((p[0]*n - float64(x)) * extent)), int32(math.Round((p[1]*n - float64(y)) * extent))}
	}
	steps := func(in []orb.Point) [][2]int32 {
		out := make([][2]int32, len(in))
		for i, p := range in {
			out[i] = at(p)
		}
		return out
	}
	var p pen
	kind := 0
	ring := func(r orb.Ring, outer bool) bool {
		s := steps(r)
		a := area(s[:len(s)-1])
		if a == 0 {
			return false
		}
		if (a > 0) != outer {
			for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
				s[i], s[j] = s[j], s[i]
			}
		}
		return p.path(s, 3, true)
	}
	polygon := func(q orb.Polygon) {
		for i, r := range q {
			if len(r) < 4 || !ring(r, i == 0) && i == 0 {
				return
			}
		}
	}
	g := shape
	if !bound.Contains(shape.Bound().Min) || !bound.Contains(shape.Bound().Max) {
		g = clip.Geometry(bound, orb.Clone(shape))
	}
	switch s := g.(type) {
	case orb.Point:
		q := at(s)
		if q[0] < 0 || q[1] < 0 || q[0] >= extent || q[1] >= extent { // of one tile alone
			return
		}
		kind = 1
		p.out = append(p.out, command(1, 1))
		p.to(q[0], q[1])
	case orb.LineString:
		kind = 2
		p.path(steps(s), 2, false)
	case orb.MultiLineString:
		kind = 2
		for _, line := range s {
			p.path(steps(line), 2, false)
		}
	case orb.Polygon:
		kind = 3
		polygon(s)
	case orb.MultiPolygon:
		kind = 3
		for _, one := range s {
			polygon(one)
		}
	}
	if len(p.out) == 0 {
		return
	}
	var tags []uint32
	names := make([]string, 0, len(said))
	for k := range said {
		names = append(names, k)
	}
	sort.Strings(names)
	for _, k := range names {
		tags = append(tags, l.key(k), l.value(said[k]))
	}
	var f message
	f.bytes(2, packed(tags))
	f.number(3, uint64(kind))
	f.bytes(4, packed(p.out))
	l.features.bytes(2, f)
	l.count++
}

// tile is a vector tile of the layers that have something.
func tile(layers []*layer) []byte {
	var out message
	for _, l := range layers {
		if l.count == 0 {
			continue
		}
		var m message
		m.bytes(1, []byte(l.name))
		m = append(m, l.features...)
		for _, k := range l.keys {
			m.bytes(3, []byte(k))
		}
		for _, v := range l.values {
			m.bytes(4, v)
		}
		m.number(5, extent)
		m.number(15, 2)
		out.bytes(3, m)
	}
	return out
}
