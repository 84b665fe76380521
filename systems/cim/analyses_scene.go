package cim

import (
	"context"
	"errors"
	"math"
	"sync"

	"github.com/paulmach/orb"

	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/systems/cim/analysis"
)

// flat is a plane in metres about a place: what lies within a district keeps its distances on it
// to some thousandths.
type flat struct{ lon, lat, east, north float64 }

func flatAt(lon, lat float64) flat {
	const a, e2 = 6378137.0, 0.0066943799901413165
	sin, cos := math.Sincos(lat * math.Pi / 180)
	w := math.Sqrt(1 - e2*sin*sin)
	return flat{lon, lat, a / w * cos * math.Pi / 180, a * (1 - e2) / (w * w * w) * math.Pi / 180}
}

func (f flat) on(p orb.Point) analysis.Spot {
	return analysis.Spot{X: (p[0] - f.lon) * f.east, Y: (p[1] - f.lat) * f.north}
}

// off is the opposite of on, to a centimetre, as it is told.
func (f flat) off(s analysis.Spot) orb.Point {
	return orb.Point{rounded(f.lon+s.X/f.east, 7), rounded(f.lat+s.Y/f.north, 7)}
}

func (f flat) ring(points [][2]float64) []analysis.Spot {
	out := make([]analysis.Spot, len(points))
	for i, p := range points {
		out[i] = f.on(p)
	}
	return out
}

func (f flat) polygon(ring []analysis.Spot) orb.Polygon {
	out := make(orb.Ring, 0, len(ring)+1)
	for _, s := range ring {
		out = append(out, f.off(s))
	}
	return orb.Polygon{append(out, out[0])}
}

// flatGround is the ground on a plane.
type flatGround struct {
	heights *Heights
	flat    flat
}

func (g flatGround) Height(s analysis.Spot) float64 {
	return g.heights.At(g.flat.lon+s.X/g.flat.east, g.flat.lat+s.Y/g.flat.north)
}

// built is a building as it stands in the way.
type built struct {
	id                store.ID
	code, name, class string
	low, high         float64
	from, to          int32 // its prisms
	middle            analysis.Spot
	ring              []analysis.Spot // its footprint
}

// cityScene is all that stands, kept until a building changes: with it a question is answered in
// milliseconds. It never changes.
type cityScene struct {
	seq    string
	flat   flat
	list   []built
	prisms []analysis.Prism
	scene  *analysis.Scene
	ground analysis.Ground // nil: none is known

	gridOnce sync.Once
	byCell   *buildingGrid
}

type cityCache struct {
	mu   sync.Mutex
	city *cityScene
}

// cityScene gives what stands now.
func (s *Service) cityScene(ctx context.Context) (*cityScene, error) {
	stamp, err := layerStamp(ctx, s.Store, Buildings, Terrain)
	if err != nil {
		return nil, err
	}
	s.reckoning.city.mu.Lock()
	defer s.reckoning.city.mu.Unlock()
	if c := s.reckoning.city.city; c != nil && c.seq == stamp {
		return c, nil
	}
	box, err := s.builtBox(ctx)
	if err != nil {
		return nil, err
	}
	if box == nil {
		return nil, httpapi.Fail(409, "tileset_empty")
	}
	c := &cityScene{seq: stamp, flat: flatAt((box[0]+box[2])/2, (box[1]+box[3])/2)}
	rows, err := s.Store.Query(ctx, `SELECT t.id, t.code, t.name, t.class, t.low, t.high, t.shape, y.body FROM cim_thing t LEFT JOIN cim_body y ON y.thing = t.id WHERE t.layer = ? ORDER BY t.id`, layerNumbers[Buildings])
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var b built
		var shape, body []byte
		if err := rows.Scan(&b.id, &b.code, &b.name, &b.class, &b.low, &b.high, &shape, &body); err != nil {
			return nil, err
		}
		g, err := unpackShape(shape)
		if err != nil {
			return nil, err
		}
		b.from = int32(len(c.prisms))
		add := func(ring []analysis.Spot, from, to float64) {
			if len(ring) >= 3 {
				c.prisms = append(c.prisms, analysis.Prism{Ring: ring, From: from, To: to, Thing: int32(len(c.list))})
			}
		}
		foot := func(p orb.Polygon) []analysis.Spot {
			if len(p) == 0 || len(p[0]) < 4 {
				return nil
			}
			ring := make([]analysis.Spot, len(p[0])-1)
			for i := range ring {
				ring[i] = c.flat.on(p[0][i])
			}
			return ring
		}
		b.middle = c.flat.on(g.Bound().Center())
		parts := []orb.Polygon{}
		switch g := g.(type) {
		case orb.Polygon:
			parts = append(parts, g)
		case orb.MultiPolygon:
			parts = g
		}
		for i, p := range parts {
			if i == 0 {
				b.ring = foot(p)
			}
			if body == nil {
				add(foot(p), b.low, b.high)
			}
		}
		if body != nil {
			shell, err := unpackShell(body)
			if err != nil {
				return nil, err
			}
			for _, x := range shell {
				ring := make([]analysis.Spot, len(x.Outline))
				for i, p := range x.Outline {
					ring[i] = c.flat.on(orb.Point{p.Lon, p.Lat})
				}
				add(ring, x.From, x.To)
			}
		}
		b.to = int32(len(c.prisms))
		c.list = append(c.list, b)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	h, err := s.HeightsOf(ctx, s.Store)
	switch {
	case err == nil:
		c.ground = flatGround{h, c.flat}
	case !errors.Is(err, store.ErrNotFound):
		return nil, err
	}
	c.scene = analysis.NewScene(c.prisms)
	s.reckoning.city.city = c
	return c, nil
}

// planned is the scene with what is to be built beside what stands within metres of it; its thing
// is the number after the last building.
func (c *cityScene) planned(p *PlannedBox) (analysis.Prism, float64) {
	ring := c.flat.ring(p.Outline)
	foot := 0.0
	if c.ground != nil { // it stands on the lowest corner
		foot = math.Inf(1)
		for _, s := range ring {
			foot = min(foot, c.ground.Height(s))
		}
	}
	return analysis.Prism{Ring: ring, From: foot, To: foot + p.Height, Thing: int32(len(c.list))}, foot
}

// with is the scene of a box about a place, with another prism.
func (c *cityScene) with(p analysis.Prism, at analysis.Spot, reach float64) *analysis.Scene {
	near := []analysis.Prism{p}
	for i := range c.list {
		b := &c.list[i]
		if math.Abs(b.middle.X-at.X) < reach+200 && math.Abs(b.middle.Y-at.Y) < reach+200 {
			near = append(near, c.prisms[b.from:b.to]...)
		}
	}
	return analysis.NewScene(near)
}

// height is that of the ground, 0 where none is known.
func (c *cityScene) height(at analysis.Spot) float64 {
	if c.ground == nil {
		return 0
	}
	return c.ground.Height(at)
}

func (c *cityScene) eye(at [2]float64, above float64) analysis.Vec {
	s := c.flat.on(at)
	return analysis.Vec{X: s.X, Y: s.Y, Z: c.height(s) + above}
}

// said of a building in a result.
func (c *cityScene) said(thing int32) map[string]any {
	if thing < 0 {
		return map[string]any{}
	}
	if int(thing) >= len(c.list) {
		return map[string]any{"plan": true}
	}
	b := &c.list[thing]
	return map[string]any{"id": b.id.String(), "code": b.code, "name": b.name, "use": b.class, "height": rounded(b.high-b.low, 1)}
}

// drawRaster draws the cells that are set as one shape of several polygons.
func (r *analysisRun) drawRaster(f flat, set []bool, columns, rows int, west, south, cell float64, said map[string]any) {
	shape := orb.MultiPolygon{}
	for _, piece := range analysis.Outlines(set, columns, rows) {
		p := orb.Polygon{}
		for _, ring := range piece {
			line := make(orb.Ring, 0, len(ring)+1)
			for _, s := range ring {
				line = append(line, f.off(analysis.Spot{X: west + s.X*cell, Y: south + s.Y*cell}))
			}
			p = append(p, append(line, line[0]))
		}
		shape = append(shape, p)
	}
	if len(shape) > 0 {
		r.draw(geometry(shape), said)
	}
}

// geometry is a shape as GeoJSON has it.
func geometry(g orb.Geometry) any {
	return map[string]any{"type": g.GeoJSONType(), "coordinates": g}
}

func pointOn(p orb.Point) any { return geometry(orb.Point{rounded(p[0], 7), rounded(p[1], 7)}) }

func spotsArea(ring []analysis.Spot) (sum float64) {
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += (p.X*q.Y - q.X*p.Y) / 2
	}
	return math.Abs(sum)
}

func inSpots(ring []analysis.Spot, x, y float64) bool {
	in := false
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if (a.Y > y) != (b.Y > y) && x < (b.X-a.X)*(y-a.Y)/(b.Y-a.Y)+a.X {
			in = !in
		}
	}
	return in
}

// spotTo is how far a spot is from a side.
func spotTo(p, a, b analysis.Spot) float64 {
	dx, dy, t := b.X-a.X, b.Y-a.Y, 0.0
	if long := dx*dx + dy*dy; long > 0 {
		t = min(max(((p.X-a.X)*dx+(p.Y-a.Y)*dy)/long, 0), 1)
	}
	return math.Hypot(p.X-a.X-t*dx, p.Y-a.Y-t*dy)
}
