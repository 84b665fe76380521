package cim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/systems/cim/tiles"
)

// Layer is what is drawn together (图层).
type Layer string

// The layers whose things have a shape. Beside them are pipes and wells (see [Pipe]) and the
// terrain (see [Heights]).
const (
	Buildings Layer = "building" // 建筑
	Roads     Layer = "road"     // 道路
	Parcels   Layer = "parcel"   // 地块
	Cameras   Layer = "camera"   // 视频点位
	Poles     Layer = "pole"     // 灯杆
	Stations  Layer = "station"  // 站点: bus stops, substations, pumps
	Water     Layer = "water"    // 水域
	Areas     Layer = "area"     // 政区: the district, its streets and communities
	Pipes     Layer = "pipe"     // 管线
	Terrain   Layer = "terrain"  // 地形
)

// numbers of the layers in the records and in the index of boxes
var layerNumbers = map[Layer]int{Buildings: 1, Roads: 2, Parcels: 3, Cameras: 4, Poles: 5, Stations: 6, Water: 7, Areas: 8}

// layerRoles are those who see a layer, where not all staff does: where pipes and cameras are
// is sensitive.
var layerRoles = map[Layer][]string{Pipes: {keeperRole, readerRole, "leader"}, Cameras: {keeperRole, readerRole, "leader"}}

// sees says whether somebody may see a layer.
func sees(who account.Actor, l Layer) bool {
	roles := layerRoles[l]
	return len(roles) == 0 || who.HasAny(roles...)
}

// Box is a part of the earth: degrees, WGS-84.
type Box struct{ West, South, East, North float64 }

// Valid refuses what is no box.
func (b Box) Valid() error {
	if !(b.West >= -180 && b.East <= 180 && b.South >= -90 && b.North <= 90 && b.West <= b.East && b.South <= b.North) {
		return httpapi.FailDetail(http.StatusUnprocessableEntity, "invalid", "west ≤ east and south ≤ north, in degrees")
	}
	return nil
}

// wide says that a box holds much of a city: some ten kilometres on a side.
func (b Box) wide() bool { return (b.East-b.West)*(b.North-b.South) > 0.01 }

// meets says whether boxes have a point in common.
func (b Box) meets(o Box) bool {
	return b.West <= o.East && b.East >= o.West && b.South <= o.North && b.North >= o.South
}

// about is the box of so many metres around a point.
func about(lon, lat, metres float64) Box {
	d := metres / metresPerDegree
	w := d / max(0.01, math.Cos(lat*math.Pi/180))
	return Box{lon - w, lat - d, lon + w, lat + d}
}

const metresPerDegree = 6371008.8 * math.Pi / 180

// Thing is what has a shape on a layer.
type Thing struct {
	ID     store.ID
	Layer  Layer
	Code   string
	Class  string
	Name   string
	Shape  orb.Geometry // of WGS-84: a point, a line or a polygon
	Low    float64      // metres above the layer's zero
	High   float64
	Detail json.RawMessage
	Source string
	Seq    int
}

// Box is what holds its shape.
func (t *Thing) Box() Box {
	b := t.Shape.Bound()
	return Box{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
}

// check refuses a thing that cannot be kept.
func (t *Thing) check() error {
	if layerNumbers[t.Layer] == 0 {
		return fmt.Errorf("cim: no layer %q has things", t.Layer)
	}
	if t.Shape == nil || t.Code == "" {
		return fmt.Errorf("cim: a %s without a shape or a code", t.Layer)
	}
	switch s := t.Shape.(type) {
	case orb.Point, orb.MultiPolygon:
	case orb.LineString:
		if len(s) < 2 {
			return fmt.Errorf("cim: %s: a line has two points or more", t.Code)
		}
	case orb.Polygon:
		for _, ring := range s {
			if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
				return fmt.Errorf("cim: %s: a ring has three corners or more and is closed", t.Code)
			}
		}
		if len(s) == 0 {
			return fmt.Errorf("cim: %s: a polygon has a ring", t.Code)
		}
	default:
		return fmt.Errorf("cim: %s: a %s is no point, line or polygon", t.Code, t.Shape.GeoJSONType())
	}
	b := t.Box()
	if b.Valid() != nil || math.IsNaN(t.Low) || math.IsNaN(t.High) || t.Low > t.High {
		return fmt.Errorf("cim: %s: its place is none: %+v, %g to %g", t.Code, b, t.Low, t.High)
	}
	return nil
}

// Body is what a building is made of: solids from outside, and where they are known its
// floors and units.
type Body struct {
	Shell  []tiles.Solid `json:"shell"`
	Floors []tiles.Solid `json:"floors,omitempty"`
	Units  []tiles.Solid `json:"units,omitempty"`
}

// ThingsIn are the things of a layer that meet a box, at most so many, by key.
func (s *Service) ThingsIn(ctx context.Context, q store.Querier, l Layer, b Box, limit int) ([]Thing, error) {
	if err := b.Valid(); err != nil {
		return nil, err
	}
	return s.thingsIn(ctx, q, l, b, limit)
}

// ThingsAt are the things of a layer whose polygon holds a point, the smallest first.
func (s *Service) ThingsAt(ctx context.Context, q store.Querier, l Layer, lon, lat float64) ([]Thing, error) {
	list, err := s.ThingsIn(ctx, q, l, Box{lon, lat, lon, lat}, 1000)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(t Thing) bool { return !holds(t.Shape, orb.Point{lon, lat}) })
	size := func(t Thing) float64 { b := t.Box(); return (b.East - b.West) * (b.North - b.South) }
	slices.SortFunc(list, func(a, b Thing) int {
		switch d := size(a) - size(b); {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return int(a.ID - b.ID)
	})
	return list, nil
}

// ThingsWithin are the things of a layer that have a point in common with a polygon.
func (s *Service) ThingsWithin(ctx context.Context, q store.Querier, l Layer, area orb.Polygon, limit int) ([]Thing, error) {
	if len(area) == 0 || len(area[0]) < 4 {
		return nil, httpapi.FailField("polygon", "invalid")
	}
	bound := area.Bound()
	list, err := s.ThingsIn(ctx, q, l, Box{bound.Min[0], bound.Min[1], bound.Max[0], bound.Max[1]}, limit)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(t Thing) bool { return !touches(t.Shape, area) }), nil
}

// Near is a thing and how far it is, in metres; 0 where the point lies in it.
type Near struct {
	Thing  Thing
	Metres float64
}

// Nearest are the n things of a layer that are nearest to a point, no farther than so many metres.
func (s *Service) Nearest(ctx context.Context, q store.Querier, l Layer, lon, lat, within float64, n int) ([]Near, error) {
	p := orb.Point{lon, lat}
	for reach := min(within, 40); ; reach = min(reach*3, within) {
		list, err := s.ThingsIn(ctx, q, l, about(lon, lat, reach), 5000)
		if err != nil {
			return nil, err
		}
		out := []Near{}
		for _, t := range list {
			if d := metresTo(t.Shape, p); d <= reach {
				out = append(out, Near{t, d})
			}
		}
		// What lies farther than the reach is not among them, so nothing nearer is missing.
		if len(out) >= n || reach >= within {
			slices.SortFunc(out, func(a, b Near) int {
				switch {
				case a.Metres < b.Metres:
					return -1
				case a.Metres > b.Metres:
					return 1
				}
				return int(a.Thing.ID - b.Thing.ID)
			})
			return out[:min(n, len(out))], nil
		}
	}
}

// BodyOf is what a building is made of; store.ErrNotFound where it has no shape.
func (s *Service) BodyOf(ctx context.Context, q store.Querier, id store.ID) (Thing, Body, error) {
	list, err := thingsBy(ctx, q, `t.id = ?`, int64(id))
	if err != nil {
		return Thing{}, Body{}, err
	}
	if len(list) == 0 || list[0].Layer != Buildings {
		return Thing{}, Body{}, store.ErrNotFound
	}
	raw, err := bodyOf(ctx, q, id)
	if err != nil {
		return list[0], Body{}, err
	}
	if raw == nil {
		return list[0], Body{Shell: shellOf(&list[0])}, nil
	}
	b, err := unpackBody(raw)
	return list[0], b, err
}

// shellOf is a building of which no more is known than its footprint and its heights.
func shellOf(t *Thing) []tiles.Solid {
	polygon, ok := t.Shape.(orb.Polygon)
	if !ok || len(polygon) == 0 {
		return nil
	}
	ring := polygon[0][:len(polygon[0])-1]
	f := tiles.Feature{Code: t.Code, Use: t.Class}
	var d struct{ Area float32 }
	if json.Unmarshal(t.Detail, &d) == nil {
		f.Area = d.Area
	}
	out := tiles.Solid{From: t.Low, To: t.High, Feature: f, Outline: make([]tiles.Place, len(ring))}
	for i, p := range ring {
		out.Outline[i] = tiles.Place{Lon: p[0], Lat: p[1]}
	}
	return []tiles.Solid{out}
}

// PutBody gives a building another body, by hand: its shape and heights follow from the solids.
func (s *Service) PutBody(ctx context.Context, who account.Actor, id store.ID, seq int, body Body, reason string) (Thing, error) {
	if err := body.check(); err != nil {
		return Thing{}, err
	}
	var t Thing
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if t, _, err = s.BodyOf(ctx, tx, id); err != nil {
			return err
		}
		if seq != t.Seq {
			return httpapi.Fail(http.StatusConflict, "conflict")
		}
		for _, solids := range [][]tiles.Solid{body.Shell, body.Floors, body.Units} {
			for _, x := range solids {
				if len(x.Feature.Code) < len(t.Code) || x.Feature.Code[:len(t.Code)] != t.Code {
					return httpapi.FailDetail(http.StatusUnprocessableEntity, "invalid", fmt.Sprintf("%q is not of building %s", x.Feature.Code, t.Code))
				}
			}
		}
		ground := slices.MinFunc(body.Shell, func(a, b tiles.Solid) int { return cmpFloat(a.From, b.From) })
		ring := make(orb.Ring, 0, len(ground.Outline)+1)
		for _, p := range ground.Outline {
			ring = append(ring, orb.Point{p.Lon, p.Lat})
		}
		t.Shape = orb.Polygon{append(ring, ring[0])}
		t.Low = ground.From
		t.High = slices.MaxFunc(body.Shell, func(a, b tiles.Solid) int { return cmpFloat(a.To, b.To) }).To
		if err := t.check(); err != nil {
			return httpapi.FailDetail(http.StatusUnprocessableEntity, "invalid", err.Error())
		}
		if err := s.putShape(ctx, tx, &t, &body, s.today(), "body", who, reason); err != nil {
			return err
		}
		at := store.At(s.Store.Now())
		if err := touchLayer(ctx, tx, Buildings, at); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{At: at, Actor: who.Account, Unit: who.Unit, Action: "cim.body", Object: "place/" + id.String(), Reason: reason}, map[string]any{"seq": t.Seq})
	})
	if err == nil { // its tiles will be asked for soon
		go s.warmTiler(context.WithoutCancel(ctx))
	}
	return t, err
}

func cmpFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (b Body) check() error {
	bad := func(format string, args ...any) error {
		return httpapi.FailDetail(http.StatusUnprocessableEntity, "invalid", fmt.Sprintf(format, args...))
	}
	if len(b.Shell) == 0 {
		return bad("a building has a solid from outside at least")
	}
	seen := map[string]bool{}
	for what, solids := range map[string][]tiles.Solid{"shell": b.Shell, "floor": b.Floors, "unit": b.Units} {
		for i, x := range solids {
			if len(x.Outline) < 3 || !(x.From < x.To) {
				return bad("%s %d: an outline has three corners or more, and its top lies above its foot", what, i+1)
			}
			for _, p := range x.Outline {
				if (Box{p.Lon, p.Lat, p.Lon, p.Lat}).Valid() != nil {
					return bad("%s %d: %g, %g is no place", what, i+1, p.Lon, p.Lat)
				}
			}
			if x.Skin != nil {
				for _, c := range x.Skin.Corners {
					if (Box{c.Lon, c.Lat, c.Lon, c.Lat}).Valid() != nil || math.IsNaN(c.Height) || math.Abs(c.Height) > 12_000 {
						return bad("%s %d: %g, %g, %g is no corner", what, i+1, c.Lon, c.Lat, c.Height)
					}
				}
				for _, t := range x.Skin.Triangles {
					if int(max(t[0], t[1], t[2])) >= len(x.Skin.Corners) || len(x.Skin.Triangles) > mostTriangles {
						return bad("%s %d: a triangle names a corner that is not there, or there are more than %d", what, i+1, mostTriangles)
					}
				}
			}
			if what == "unit" {
				if seen[x.Feature.Code] {
					return bad("unit %s is there twice", x.Feature.Code)
				}
				seen[x.Feature.Code] = true
			}
		}
	}
	return nil
}

// Layers are what is drawn, with their sources and days.
func (s *Service) Layers(ctx context.Context, who account.Actor) ([]LayerState, error) {
	list, err := store.Select[LayerState](ctx, s.Store, `SELECT code, source, epoch, synthetic, seq, things, at FROM cim_layer ORDER BY code`)
	if err != nil {
		return nil, err
	}
	from, err := store.Select[struct {
		Code Layer
		LayerSource
	}](ctx, s.Store, `SELECT code, source, epoch, things, at FROM cim_layer_source ORDER BY code, epoch DESC, source`)
	for i := range list {
		list[i].Sources = []LayerSource{}
		for _, x := range from {
			if x.Code == list[i].Code {
				list[i].Sources = append(list[i].Sources, x.LayerSource)
			}
		}
	}
	return slices.DeleteFunc(list, func(l LayerState) bool { return !sees(who, l.Code) }), err
}

// LayerState is a layer of the catalogue.
type LayerState struct {
	Code      Layer      `bun:"code" json:"code"`
	Source    string     `bun:"source" json:"source"`
	Epoch     string     `bun:"epoch" json:"epoch" doc:"The day that it shows"`
	Synthetic bool       `bun:"synthetic" json:"synthetic" doc:"模拟数据: nothing of it is real"`
	Seq       int64      `bun:"seq" json:"version"`
	Things    int64      `bun:"things" json:"things"`
	At        store.Time `bun:"at" json:"at"`

	Sources []LayerSource `bun:"-" json:"sources" doc:"What of it came from files that were checked in"`
}

// LayerSource is what a layer has of the files of one source and day.
type LayerSource struct {
	Source string     `bun:"source" json:"source"`
	Epoch  string     `bun:"epoch" json:"epoch" doc:"The day that it shows"`
	Things int64      `bun:"things" json:"things"`
	At     store.Time `bun:"at" json:"at"`
}

// holds says whether a shape holds a point; of polygons by counting sides.
func holds(g orb.Geometry, p orb.Point) bool {
	switch s := g.(type) {
	case orb.Polygon:
		in := false
		for _, ring := range s {
			if inRing(ring, p) {
				in = !in
			}
		}
		return in
	case orb.MultiPolygon:
		return slices.ContainsFunc(s, func(one orb.Polygon) bool { return holds(one, p) })
	}
	return false
}

func inRing(ring orb.Ring, p orb.Point) (in bool) {
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0]-a[0])*(p[1]-a[1])/(b[1]-a[1])+a[0] {
			in = !in
		}
	}
	return in
}

// lines are the sides of a shape.
func lines(g orb.Geometry) (out []orb.LineString) {
	switch s := g.(type) {
	case orb.Point:
		return []orb.LineString{{s, s}}
	case orb.LineString:
		return []orb.LineString{s}
	case orb.Polygon:
		for _, r := range s {
			out = append(out, orb.LineString(r))
		}
	case orb.MultiPolygon:
		for _, p := range s {
			out = append(out, lines(p)...)
		}
	}
	return out
}

// touches says whether a shape has a point in common with a polygon.
func touches(g orb.Geometry, area orb.Polygon) bool {
	parts := lines(g)
	for _, line := range parts {
		for _, p := range line {
			if holds(area, p) {
				return true
			}
		}
	}
	if holds(g, area[0][0]) {
		return true
	}
	for _, line := range parts {
		for _, ring := range area {
			for i := 1; i < len(line); i++ {
				for j := 1; j < len(ring); j++ {
					if crosses(line[i-1], line[i], ring[j-1], ring[j]) {
						return true
					}
				}
			}
		}
	}
	return false
}

func crosses(p, q, r, s orb.Point) bool {
	turn := func(a, b, c orb.Point) float64 { return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0]) }
	return turn(p, q, r)*turn(p, q, s) <= 0 && turn(r, s, p)*turn(r, s, q) <= 0 && p != q
}

// metresTo is how far a point is from a shape, 0 inside.
func metresTo(g orb.Geometry, p orb.Point) float64 {
	if holds(g, p) {
		return 0
	}
	east := metresPerDegree * math.Cos(p[1]*math.Pi/180)
	best := math.Inf(1)
	for _, line := range lines(g) {
		for i := 1; i < len(line); i++ {
			ax, ay := (line[i-1][0]-p[0])*east, (line[i-1][1]-p[1])*metresPerDegree
			bx, by := (line[i][0]-p[0])*east, (line[i][1]-p[1])*metresPerDegree
			dx, dy := bx-ax, by-ay
			t := 0.0
			if long := dx*dx + dy*dy; long > 0 {
				t = min(max(-(ax*dx+ay*dy)/long, 0), 1)
			}
			best = min(best, math.Hypot(ax+t*dx, ay+t*dy))
		}
	}
	return best
}

var errShape = errors.New("cim: a shape in the records cannot be read")

func packShape(g orb.Geometry) ([]byte, error) { return wkb.Marshal(g) }

func unpackShape(raw []byte) (orb.Geometry, error) {
	g, err := wkb.Unmarshal(raw)
	if err != nil {
		return nil, errors.Join(errShape, err)
	}
	return g, nil
}
