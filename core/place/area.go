package place

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// Area is a named part of the ground: a street, a community, a no-fly zone.
type Area struct {
	Code Code // none where its source has no code
	Name string
	// Shape is in WGS-84, its rings closed.
	Shape orb.MultiPolygon
	// Properties are what else its source said.
	Properties map[string]any
}

// AreaSource says how to read a GeoJSON file.
type AreaSource struct {
	// CRS of its coordinates. It must be said: by RFC 7946 it would be WGS-84,
	// but files made from Chinese maps are often in GCJ-02 and do not say so.
	CRS CRS
	// Scheme of its codes, and the property that has them; none are read where
	// CodeProperty is empty.
	Scheme       Scheme
	CodeProperty string
	// NameProperty is "name" by default.
	NameProperty string
}

// ReadAreas reads the polygons of a GeoJSON FeatureCollection or Feature. An
// open ring is closed; a feature that is not a polygon, a ring of fewer than
// three corners, a coordinate that is not on the globe and a malformed code are
// refused, with the number of the feature.
func ReadAreas(r io.Reader, source AreaSource) ([]Area, error) {
	if err := (Point{CRS: source.CRS}).Valid(); err != nil {
		return nil, fmt.Errorf("GeoJSON: which coordinate system it is in must be said: %w", err)
	}
	if source.NameProperty == "" {
		source.NameProperty = "name"
	}
	type feature struct {
		Type     string
		Geometry *struct {
			Type        string
			Coordinates json.RawMessage
		}
		Properties map[string]any
	}
	var file struct {
		feature
		Features []feature
	}
	decoder := json.NewDecoder(r)
	decoder.UseNumber()
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("GeoJSON: %w", err)
	}
	features := file.Features
	switch file.Type {
	case "Feature":
		features = []feature{file.feature}
	case "FeatureCollection":
	default:
		return nil, fmt.Errorf("GeoJSON: %q is neither a FeatureCollection nor a Feature", file.Type)
	}
	var areas []Area
	for i, f := range features {
		fail := func(err error) error { return fmt.Errorf("GeoJSON: feature %d: %w", i+1, err) }
		area := Area{Properties: f.Properties}
		area.Name, _ = f.Properties[source.NameProperty].(string)
		if source.CodeProperty != "" {
			var err error
			value, ok := f.Properties[source.CodeProperty]
			if !ok {
				return nil, fail(fmt.Errorf("has no property %q", source.CodeProperty))
			}
			if area.Code, err = NewCode(source.Scheme, fmt.Sprint(value)); err != nil {
				return nil, fail(err)
			}
		}
		if f.Geometry == nil {
			return nil, fail(fmt.Errorf("has no geometry"))
		}
		var err error
		switch f.Geometry.Type {
		case "Polygon":
			area.Shape = make(orb.MultiPolygon, 1)
			err = json.Unmarshal(f.Geometry.Coordinates, &area.Shape[0])
		case "MultiPolygon":
			err = json.Unmarshal(f.Geometry.Coordinates, &area.Shape)
		default:
			err = fmt.Errorf("is a %q, not a polygon", f.Geometry.Type)
		}
		if err != nil {
			return nil, fail(err)
		}
		if err := settle(area.Shape, source.CRS); err != nil {
			return nil, fail(err)
		}
		areas = append(areas, area)
	}
	return areas, nil
}

// settle checks the rings, closes them and moves them to WGS-84, in place.
func settle(shape orb.MultiPolygon, crs CRS) error {
	for _, polygon := range shape {
		for i, ring := range polygon {
			if n := len(ring); n > 0 && ring[0] != ring[n-1] {
				ring = append(ring, ring[0])
				polygon[i] = ring
			}
			if len(ring) < 4 {
				return fmt.Errorf("a ring has fewer than three corners")
			}
			for j, corner := range ring {
				p := Point{crs, corner[0], corner[1]}
				if err := p.Valid(); err != nil {
					return err
				}
				p = p.To(WGS84)
				ring[j] = orb.Point{p.Lon, p.Lat}
			}
		}
	}
	return nil
}

// Index finds the areas that hold a point. It never changes and is safe for
// concurrent use.
type Index struct {
	areas  []Area
	shapes []bands
	tree   rtree.RTreeG[int]
}

// NewIndex indexes areas in WGS-84. They must not cross the 180th meridian.
func NewIndex(areas []Area) *Index {
	x := &Index{areas: areas, shapes: make([]bands, len(areas))}
	for i, a := range areas {
		if len(a.Shape) == 0 {
			continue
		}
		x.shapes[i] = newBands(a.Shape)
		b := a.Shape.Bound()
		x.tree.Insert(b.Min, b.Max, i)
	}
	return x
}

// Locate returns the areas that hold the point, the smallest first: a community
// before its street before the district. Of areas that share a border exactly
// one holds a point on it.
func (x *Index) Locate(p Point) []Area {
	p = p.To(WGS84)
	at := [2]float64{p.Lon, p.Lat}
	var hits []int
	x.tree.Search(at, at, func(_, _ [2]float64, i int) bool {
		if x.shapes[i].holds(p.Lon, p.Lat) {
			hits = append(hits, i)
		}
		return true
	})
	slices.SortFunc(hits, func(i, j int) int {
		switch a, b := x.shapes[i].area, x.shapes[j].area; {
		case a < b:
			return -1
		case a > b:
			return 1
		}
		return i - j
	})
	var out []Area
	for _, i := range hits {
		out = append(out, x.areas[i])
	}
	return out
}

// Nearest returns the area nearest to the point and the metres to its border, 0
// inside, as far as there is one within so many metres: for points that fall
// into the sea or between areas that were drawn apart.
func (x *Index) Nearest(p Point, within float64) (area Area, metres float64, ok bool) {
	p = p.To(WGS84)
	g := newGround(p)
	x.tree.Nearby(func(low, high [2]float64, i int, item bool) float64 {
		if item {
			return x.shapes[i].distance(p, g)
		}
		east, north := g.metres(min(max(p.Lon, low[0]), high[0]), min(max(p.Lat, low[1]), high[1]))
		return math.Hypot(east, north)
	}, func(_, _ [2]float64, i int, d float64) bool {
		if ok = d <= within; ok {
			area, metres = x.areas[i], d
		}
		return false
	})
	return area, metres, ok
}

// ground is the plane that touches the globe at a point.
type ground struct {
	origin Point
	scale  float64 // metres a degree of longitude
}

const metresPerDegree = earthRadius * math.Pi / 180

func newGround(p Point) ground {
	return ground{p, metresPerDegree * math.Cos(p.Lat*math.Pi/180)}
}

func (g ground) metres(lon, lat float64) (east, north float64) {
	return (lon - g.origin.Lon) * g.scale, (lat - g.origin.Lat) * metresPerDegree
}

// edge is a side of a polygon, its southern end first, so that two areas that
// share it calculate with the same numbers.
type edge struct{ x1, y1, x2, y2 float64 }

// bands are the edges of a shape, sorted into bands of latitude, so that a point
// meets few of them.
type bands struct {
	edges  [][]edge
	south  float64
	height float64 // of a band
	area   float64 // square metres, on the plane of its middle
}

func newBands(shape orb.MultiPolygon) bands {
	bound := shape.Bound()
	count := 0
	for _, polygon := range shape {
		for _, ring := range polygon {
			count += len(ring)
		}
	}
	n := min(max(count/4, 1), 4096)
	b := bands{edges: make([][]edge, n), south: bound.Min[1], height: (bound.Max[1] - bound.Min[1]) / float64(n)}
	middle := bound.Center()
	g := newGround(Point{WGS84, middle[0], middle[1]})
	for _, polygon := range shape {
		for i, ring := range polygon {
			area := 0.0
			for j := 1; j < len(ring); j++ {
				p, q := ring[j-1], ring[j]
				x1, y1 := g.metres(p[0], p[1])
				x2, y2 := g.metres(q[0], q[1])
				area += (x1*y2 - x2*y1) / 2
				if p[1] > q[1] || p[1] == q[1] && p[0] > q[0] {
					p, q = q, p
				}
				for k, last := b.band(p[1]), b.band(q[1]); k <= last; k++ {
					b.edges[k] = append(b.edges[k], edge{p[0], p[1], q[0], q[1]})
				}
			}
			if area = math.Abs(area); i > 0 {
				area = -area // a hole
			}
			b.area += area
		}
	}
	return b
}

func (b *bands) band(lat float64) int {
	if b.height == 0 {
		return 0
	}
	return min(max(int((lat-b.south)/b.height), 0), len(b.edges)-1)
}

// holds counts the edges to the east (even-odd, which holes need not be told
// apart for). An edge has its southern end and not its northern.
func (b *bands) holds(lon, lat float64) bool {
	inside := false
	for _, e := range b.edges[b.band(lat)] {
		if e.y1 <= lat && lat < e.y2 && lon < e.x1+(lat-e.y1)/(e.y2-e.y1)*(e.x2-e.x1) {
			inside = !inside
		}
	}
	return inside
}

// distance returns the metres to the nearest edge, 0 inside.
func (b *bands) distance(p Point, g ground) float64 {
	if b.holds(p.Lon, p.Lat) {
		return 0
	}
	best := math.Inf(1)
	for _, band := range b.edges {
		for _, e := range band {
			x1, y1 := g.metres(e.x1, e.y1)
			x2, y2 := g.metres(e.x2, e.y2)
			dx, dy := x2-x1, y2-y1
			t := 0.0
			if length := dx*dx + dy*dy; length > 0 {
				t = min(max(-(x1*dx+y1*dy)/length, 0), 1)
			}
			best = min(best, math.Hypot(x1+t*dx, y1+t*dy))
		}
	}
	return best
}
