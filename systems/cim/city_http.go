package cim

import (
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/paulmach/orb"

	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/systems/cim/tiles"
)

const cityTag = "cim"

// BoxQuery is a box in a query: degrees, WGS-84.
type BoxQuery struct {
	West  float64 `query:"west" required:"true" minimum:"-180" maximum:"180"`
	South float64 `query:"south" required:"true" minimum:"-90" maximum:"90"`
	East  float64 `query:"east" required:"true" minimum:"-180" maximum:"180"`
	North float64 `query:"north" required:"true" minimum:"-90" maximum:"90"`
}

func (b BoxQuery) box() Box { return Box{b.West, b.South, b.East, b.North} }

// CityThing is a thing of a layer as it is told.
type CityThing struct {
	ID     store.ID        `json:"id" doc:"Of a building its key in the register: /api/places/{id}"`
	Layer  Layer           `json:"layer"`
	Code   string          `json:"code"`
	Class  string          `json:"class" doc:"Use of a building or parcel, class of a road or camera, kind of a station"`
	Name   string          `json:"name,omitempty"`
	Low    float64         `json:"low" doc:"Metres above the zero of heights"`
	High   float64         `json:"high"`
	Shape  json.RawMessage `json:"shape" doc:"GeoJSON geometry, WGS-84"`
	Detail json.RawMessage `json:"detail"`
	Metres *float64        `json:"metres,omitempty" doc:"Of those nearest to a point: how far it is"`
}

func (t *Thing) told() (CityThing, error) {
	shape, err := json.Marshal(map[string]any{"type": t.Shape.GeoJSONType(), "coordinates": t.Shape})
	return CityThing{ID: t.ID, Layer: t.Layer, Code: t.Code, Class: t.Class, Name: t.Name, Low: t.Low, High: t.High, Shape: shape, Detail: t.Detail}, err
}

// CityThings are things, and whether there are more than are told.
type CityThings struct {
	Items []CityThing `json:"items"`
	More  bool        `json:"more" doc:"There are more: ask for a smaller box"`
}

func toldAll(list []Thing, limit int, err error) (*httpapi.Body[CityThings], error) {
	out := CityThings{Items: []CityThing{}}
	if err != nil {
		return nil, err
	}
	if out.More = len(list) > limit; out.More {
		list = list[:limit]
	}
	for i := range list {
		t, err := list[i].told()
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, t)
	}
	return httpapi.Answer(out, nil)
}

// mayThings refuses a layer that has no things, or that the caller may not see.
func mayThings(ctx context.Context, l Layer) error {
	if layerNumbers[l] == 0 || !sees(httpapi.Actor(ctx), l) {
		return store.ErrNotFound
	}
	return nil
}

// BuildingSolid is a solid of a building: what stands up from an outline between two heights.
type BuildingSolid struct {
	Outline [][2]float64 `json:"outline" minItems:"3" maxItems:"2000" doc:"Corners, WGS-84 degrees, not closed"`
	From    float64      `json:"from" doc:"Metres above the zero"`
	To      float64      `json:"to"`
	Code    string       `json:"code" maxLength:"40" doc:"Of the unit (25 digits), else of the building (19)"`
	Floor   int          `json:"floor,omitempty" minimum:"-100" maximum:"400" doc:"From ground 1 up, -1 down; 0 the whole building"`
	Area    float64      `json:"area,omitempty" minimum:"0" doc:"Square metres"`
	Use     string       `json:"use,omitempty" maxLength:"40"`
	Skin    *SolidSkin   `json:"skin,omitempty" doc:"As it was surveyed: its roof and walls, drawn in place of what stands up from the outline"`
}

// SolidSkin is the surface of a solid: corners (longitude, latitude, metres) and triangles of their numbers, against
// the clock as seen from outside.
type SolidSkin struct {
	Corners   [][3]float64 `json:"corners" minItems:"3" maxItems:"65000"`
	Triangles [][3]int     `json:"triangles" minItems:"1" maxItems:"20000"`
}

// BuildingBody is what a building is made of.
type BuildingBody struct {
	Version int             `json:"version"`
	Shell   []BuildingSolid `json:"shell" minItems:"1" maxItems:"500"`
	Floors  []BuildingSolid `json:"floors" maxItems:"500"`
	Units   []BuildingSolid `json:"units" maxItems:"20000"`
}

func toldSolids(in []tiles.Solid) []BuildingSolid {
	out := make([]BuildingSolid, len(in))
	for i, x := range in {
		out[i] = BuildingSolid{From: x.From, To: x.To, Code: x.Feature.Code, Floor: int(x.Feature.Floor), Area: float64(x.Feature.Area), Use: x.Feature.Use}
		for _, p := range x.Outline {
			out[i].Outline = append(out[i].Outline, [2]float64{p.Lon, p.Lat})
		}
		if x.Skin != nil {
			out[i].Skin = &SolidSkin{}
			for _, c := range x.Skin.Corners {
				out[i].Skin.Corners = append(out[i].Skin.Corners, [3]float64{c.Lon, c.Lat, c.Height})
			}
			for _, t := range x.Skin.Triangles {
				out[i].Skin.Triangles = append(out[i].Skin.Triangles, [3]int{int(t[0]), int(t[1]), int(t[2])})
			}
		}
	}
	return out
}

func readSolids(in []BuildingSolid) []tiles.Solid {
	out := make([]tiles.Solid, len(in))
	for i, x := range in {
		out[i] = tiles.Solid{From: x.From, To: x.To, Feature: tiles.Feature{Code: x.Code, Floor: int16(x.Floor), Area: float32(x.Area), Use: x.Use}}
		for _, p := range x.Outline {
			out[i].Outline = append(out[i].Outline, tiles.Place{Lon: p[0], Lat: p[1]})
		}
		if x.Skin != nil {
			skin := &tiles.Skin{}
			for _, c := range x.Skin.Corners {
				skin.Corners = append(skin.Corners, tiles.Spot{Lon: c[0], Lat: c[1], Height: c[2]})
			}
			for _, t := range x.Skin.Triangles {
				skin.Triangles = append(skin.Triangles, [3]uint32{uint32(t[0]), uint32(t[1]), uint32(t[2])})
			}
			out[i].Skin = skin
		}
	}
	return out
}

// CityState is whether there is a city to show, and how far one that is being made is.
type CityState struct {
	Loading *CityLoaded  `json:"loading,omitempty" doc:"The made-up city (模拟数据), while and after it was loaded"`
	Layers  []LayerState `json:"layers"`
	Box     []float64    `json:"box,omitempty" doc:"West, south, east, north of the district's buildings"`
	Places  []BuiltPlace `json:"places,omitempty" doc:"Where buildings lie, the district first: what was imported from elsewhere is a place of its own"`
	Keeper  bool         `json:"keeper" doc:"The caller may propose and publish"`
}

// mountCity adds the API of the city in 3D.
func (s *Service) mountCity(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "get-cim", Method: http.MethodGet, Path: "/api/cim", Tag: cityTag, Access: readers,
		Summary: "The layers with their sources, days and counts, and how far loading is"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[CityState], error) {
		who := httpapi.Actor(ctx)
		layers, err := s.Layers(ctx, who)
		if err != nil {
			return nil, err
		}
		out := CityState{Layers: append([]LayerState{}, layers...), Keeper: who.HasAny(keeperRole)}
		if l, err := s.LoadState(ctx); err == nil {
			out.Loading = &l
		} else if !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		if out.Places, err = s.builtPlaces(ctx); err == nil && len(out.Places) > 0 {
			out.Box = out.Places[0].Box
		}
		return httpapi.Answer(out, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-cim-things", Method: http.MethodGet, Path: "/api/cim/things", Tag: cityTag, Access: readers,
		Summary: "Things of a layer in a box: buildings, roads, parcels, cameras, poles, stations"}, func(ctx context.Context, in *struct {
		BoxQuery
		Layer Layer `query:"layer" required:"true" enum:"building,road,parcel,camera,pole,station,water,area"`
		Limit int   `query:"limit" minimum:"1" maximum:"5000" default:"1000"`
	}) (*httpapi.Body[CityThings], error) {
		if err := mayThings(ctx, in.Layer); err != nil {
			return nil, err
		}
		list, err := s.ThingsIn(ctx, s.Store, in.Layer, in.box(), in.Limit+1)
		return toldAll(list, in.Limit, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "find-cim-things-at", Method: http.MethodGet, Path: "/api/cim/things/at", Tag: cityTag, Access: readers,
		Summary: "What of a layer holds a point, the smallest first"}, func(ctx context.Context, in *struct {
		Layer Layer   `query:"layer" required:"true" enum:"building,parcel"`
		Lon   float64 `query:"lon" required:"true" minimum:"-180" maximum:"180"`
		Lat   float64 `query:"lat" required:"true" minimum:"-90" maximum:"90"`
	}) (*httpapi.Body[CityThings], error) {
		if err := mayThings(ctx, in.Layer); err != nil {
			return nil, err
		}
		list, err := s.ThingsAt(ctx, s.Store, in.Layer, in.Lon, in.Lat)
		return toldAll(list, 100, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "find-nearest-cim-things", Method: http.MethodGet, Path: "/api/cim/things/nearest", Tag: cityTag, Access: readers,
		Summary: "What of a layer is nearest to a point, with the metres"}, func(ctx context.Context, in *struct {
		Layer  Layer   `query:"layer" required:"true" enum:"building,road,parcel,camera,pole,station,water,area"`
		Lon    float64 `query:"lon" required:"true" minimum:"-180" maximum:"180"`
		Lat    float64 `query:"lat" required:"true" minimum:"-90" maximum:"90"`
		Within float64 `query:"within" minimum:"1" maximum:"5000" default:"500" doc:"Metres"`
		Count  int     `query:"count" minimum:"1" maximum:"100" default:"10"`
	}) (*httpapi.Body[CityThings], error) {
		if err := mayThings(ctx, in.Layer); err != nil {
			return nil, err
		}
		list, err := s.Nearest(ctx, s.Store, in.Layer, in.Lon, in.Lat, in.Within, in.Count)
		out := CityThings{Items: []CityThing{}}
		for i := range list {
			t, terr := list[i].Thing.told()
			if terr != nil {
				return nil, terr
			}
			metres := list[i].Metres
			t.Metres = &metres
			out.Items = append(out.Items, t)
		}
		return httpapi.Answer(out, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "find-cim-things-within", Method: http.MethodPost, Path: "/api/cim/things/within", Tag: cityTag, Access: readers,
		Summary: "What of a layer has ground in common with a polygon"}, func(ctx context.Context, in *struct {
		Body struct {
			Layer   Layer        `json:"layer" enum:"building,road,parcel,camera,pole,station,water,area"`
			Polygon [][2]float64 `json:"polygon" minItems:"3" maxItems:"1000" doc:"Corners, WGS-84 degrees"`
			Limit   int          `json:"limit,omitempty" minimum:"0" maximum:"5000"`
		}
	}) (*httpapi.Body[CityThings], error) {
		if err := mayThings(ctx, in.Body.Layer); err != nil {
			return nil, err
		}
		ring := orb.Ring{}
		for _, p := range in.Body.Polygon {
			ring = append(ring, orb.Point(p))
		}
		if ring[0] != ring[len(ring)-1] {
			ring = append(ring, ring[0])
		}
		limit := in.Body.Limit
		if limit == 0 {
			limit = 1000
		}
		list, err := s.ThingsWithin(ctx, s.Store, in.Body.Layer, orb.Polygon{ring}, 50_000)
		return toldAll(list, limit, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-cim-clusters", Method: http.MethodGet, Path: "/api/cim/clusters", Tag: cityTag, Access: readers,
		Summary: "Points of a layer in a box, those that lie close together as one"}, func(ctx context.Context, in *struct {
		BoxQuery
		Layer Layer  `query:"layer" required:"true" enum:"camera,pole,station"`
		Cells int    `query:"cells" minimum:"1" maximum:"64" default:"24" doc:"Into how many parts a side of the box is cut"`
		Class string `query:"class" maxLength:"40" doc:"Of cameras: high, first, second; all by default"`
	}) (*httpapi.Body[[]Cluster], error) {
		return httpapi.Answer(s.Clusters(ctx, httpapi.Actor(ctx), in.Layer, in.box(), in.Cells, in.Class))
	})
	underground := httpapi.Roles(layerRoles[Pipes]...)
	httpapi.Register(srv, httpapi.Operation{ID: "list-cim-pipes", Method: http.MethodGet, Path: "/api/cim/pipes", Tag: cityTag, Access: underground,
		Summary: "Pipes and wells in a box"}, func(ctx context.Context, in *struct {
		BoxQuery
		Class string `query:"class" maxLength:"10" doc:"JS, YS or WS; all by default"`
		Limit int    `query:"limit" minimum:"1" maximum:"10000" default:"3000"`
	}) (*httpapi.Body[CityPipes], error) {
		out := CityPipes{}
		var err error
		if out.Pipes, err = s.PipesIn(ctx, s.Store, in.box(), in.Class, in.Limit+1); err != nil {
			return nil, err
		}
		if out.Wells, err = s.WellsIn(ctx, s.Store, in.box(), in.Class, in.Limit+1); err != nil {
			return nil, err
		}
		out.More = len(out.Pipes) > in.Limit || len(out.Wells) > in.Limit
		out.Pipes, out.Wells = out.Pipes[:min(len(out.Pipes), in.Limit)], out.Wells[:min(len(out.Wells), in.Limit)]
		return httpapi.Answer(out, nil)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-cim-styles", Method: http.MethodGet, Path: "/api/cim/styles", Tag: cityTag, Access: readers,
		Summary: "By what buildings and units can be coloured"}, func(context.Context, *struct{}) (*httpapi.Body[[]Style], error) {
		return httpapi.Answer(Styles, nil)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-cim-style", Method: http.MethodGet, Path: "/api/cim/styles/{name}", Tag: cityTag, Access: readers,
		Summary: "The values of a style in a box, code by code: they change, and so are never in a tile"}, func(ctx context.Context, in *struct {
		BoxQuery
		Name string `path:"name" maxLength:"40"`
	}) (*httpapi.Body[StyleValues], error) {
		return httpapi.Answer(s.StyleOf(ctx, httpapi.Actor(ctx), in.Name, in.box()))
	})

	httpapi.Register(srv, httpapi.Operation{ID: "get-building-body", Method: http.MethodGet, Path: "/api/cim/buildings/{id}", Tag: cityTag, Access: readers,
		Summary: "What a building is made of, or was on a day: its solids from outside, its floors and units"}, func(ctx context.Context, in *struct {
		PlaceKey
		Day string `query:"day" maxLength:"10" doc:"As it was on a day"`
	}) (*httpapi.Body[BuildingBody], error) {
		if in.Day != "" {
			t, b, err := s.BodyOn(ctx, s.Store, in.ID.ID, in.Day)
			return httpapi.Answer(BuildingBody{t.Seq, toldSolids(b.Shell), toldSolids(b.Floors), toldSolids(b.Units)}, err)
		}
		t, b, err := s.BodyOf(ctx, s.Store, in.ID.ID)
		return httpapi.Answer(BuildingBody{t.Seq, toldSolids(b.Shell), toldSolids(b.Floors), toldSolids(b.Units)}, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "put-building-body", Method: http.MethodPut, Path: "/api/cim/buildings/{id}", Tag: cityTag, Access: keepers, MaxBody: 16 << 20,
		Summary: "Give a building another body; its tiles are made anew when they are proposed"}, func(ctx context.Context, in *struct {
		PlaceKey
		Body struct {
			BuildingBody
			Reason string `json:"reason" minLength:"2" maxLength:"300"`
		}
	}) (*httpapi.Body[CityThing], error) {
		b := in.Body
		t, err := s.PutBody(ctx, httpapi.Actor(ctx), in.ID.ID, b.Version, Body{readSolids(b.Shell), readSolids(b.Floors), readSolids(b.Units)}, text.Mask(b.Reason))
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(t.told())
	})
	httpapi.Register(srv, httpapi.Operation{ID: "propose-building-tiles", Method: http.MethodPost, Path: "/api/cim/buildings/{id}/tiles", Tag: cityTag, Access: keepers, Status: http.StatusCreated,
		Summary: "Make the tiles anew that hold a building, as a new version that somebody else publishes"}, func(ctx context.Context, in *struct {
		PlaceKey
		Body tilesReason
	}) (*httpapi.Body[TilesetVersion], error) {
		return httpapi.Answer(s.PublishBuilding(ctx, httpapi.Actor(ctx), in.ID.ID, text.Mask(in.Body.Reason)))
	})

	httpapi.Register(srv, httpapi.Operation{ID: "list-tilesets", Method: http.MethodGet, Path: "/api/cim/tilesets", Tag: cityTag, Access: readers,
		Summary: "The tilesets: what is in force, with the address of its root, its day and counts, and what waits to be published"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]TilesetState], error) {
		return httpapi.Answer(s.TilesetList(ctx, httpapi.Actor(ctx)))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "propose-tileset", Method: http.MethodPost, Path: "/api/cim/tilesets/{name}", Tag: cityTag, Access: keepers, Status: http.StatusCreated,
		Summary: "Make a tileset anew of the records, as a new version that somebody else publishes"}, func(ctx context.Context, in *struct {
		Name string `path:"name" maxLength:"40"`
		Body tilesReason
	}) (*httpapi.Body[TilesetVersion], error) {
		return httpapi.Answer(s.ProposeTileset(ctx, httpapi.Actor(ctx), in.Name, text.Mask(in.Body.Reason)))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "decide-tileset", Method: http.MethodPost, Path: "/api/cim/tilesets/{name}/{version}", Tag: cityTag, Access: keepers, Status: http.StatusNoContent,
		Summary: "Publish a version that somebody else proposed, or reject it"}, func(ctx context.Context, in *struct {
		Name    string `path:"name" maxLength:"40"`
		Version int    `path:"version"`
		Body    struct {
			Publish bool `json:"publish"`
		}
	}) (*struct{}, error) {
		return nil, s.DecideTileset(ctx, httpapi.Actor(ctx), in.Name, in.Version, in.Body.Publish)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-tileset-root", Method: http.MethodGet, Path: "/api/cim/tilesets/{name}/{version}/{file}", Tag: cityTag, Access: readers,
		Summary: "The root of a version: tileset.json (3D Tiles 1.1), layer.json (quantized mesh) or basemap.pmtiles, which is asked for in ranges"}, func(ctx context.Context, in *struct {
		Name    string `path:"name" maxLength:"40"`
		Version int    `path:"version"`
		File    string `path:"file" maxLength:"60"`
	}) (*httpapi.Download, error) {
		return s.tileAnswer(ctx, in.Name, in.Version, in.File)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-tile", Method: http.MethodGet, Path: "/api/cim/tilesets/{name}/{version}/{part}/{level}/{x}/{file}", Tag: cityTag, Access: readers,
		Summary: "A tile or subtree of a version: c/{level}/{x}/{y}.glb, s/{level}/{x}/{y}.subtree, t/{level}/{x}/{y}.terrain", Text: "A version never changes: what was fetched may be kept for ever. Tiles are sent compressed by gzip."}, func(ctx context.Context, in *struct {
		Name    string `path:"name" maxLength:"40"`
		Version int    `path:"version"`
		Part    string `path:"part" maxLength:"10"`
		Level   string `path:"level" maxLength:"3"`
		X       string `path:"x" maxLength:"10"`
		File    string `path:"file" maxLength:"40"`
	}) (*httpapi.Download, error) {
		return s.tileAnswer(ctx, in.Name, in.Version, in.Part+"/"+in.Level+"/"+in.X+"/"+in.File)
	})
}

// boxesOf are parts of a layer: cells with what lies in them and how much.
const boxesOf = `SELECT min(west) AS w, min(south) AS s, max(east) AS e, max(north) AS n, count(*) AS things FROM cim_thing WHERE layer = ? GROUP BY CAST((west + 180) * 2 AS INT), CAST((south + 90) * 2 AS INT) ORDER BY 1, 2`

// builtBox is what holds the district's buildings; none where there are none.
func (s *Service) builtBox(ctx context.Context) ([]float64, error) {
	places, err := s.builtPlaces(ctx)
	if err != nil || len(places) == 0 {
		return nil, err
	}
	return places[0].Box, nil
}

// builtPlaces are where buildings lie, the place of most first: what lies far from it, such as another city
// that was imported, is a place of its own. They are kept until the layer changes.
func (s *Service) builtPlaces(ctx context.Context) ([]BuiltPlace, error) {
	stamp, err := layerStamp(ctx, s.Store, Buildings)
	if err != nil || stamp == "" {
		return nil, err
	}
	if b := s.builtIn.Load(); b != nil && b.stamp == stamp {
		return b.places, nil
	}
	cells, err := store.Select[struct {
		W, S, E, N float64
		Things     int64
	}](ctx, s.Store, boxesOf, layerNumbers[Buildings])
	if err != nil {
		return nil, err
	}
	out := []BuiltPlace{}
	for _, in := range placesOf(len(cells), func(i int) Box { return Box{cells[i].W, cells[i].S, cells[i].E, cells[i].N} }) {
		p := BuiltPlace{Box: []float64{180, 90, -180, -90}}
		for _, i := range in {
			c := cells[i]
			p.Box = []float64{min(p.Box[0], c.W), min(p.Box[1], c.S), max(p.Box[2], c.E), max(p.Box[3], c.N)}
			p.Buildings += c.Things
		}
		out = append(out, p)
	}
	slices.SortStableFunc(out, func(a, b BuiltPlace) int { return cmp.Compare(b.Buildings, a.Buildings) })
	s.builtIn.Store(&stampedBox{stamp, out})
	return out, nil
}

// BuiltPlace is where buildings lie together.
type BuiltPlace struct {
	Box       []float64 `json:"box" doc:"West, south, east, north"`
	Buildings int64     `json:"buildings"`
}

type stampedBox struct {
	stamp  string
	places []BuiltPlace
}

// CityPipes are pipes and wells.
type CityPipes struct {
	Pipes []Pipe `json:"pipes"`
	Wells []Well `json:"wells"`
	More  bool   `json:"more" doc:"There are more: ask for a smaller box"`
}

type tilesReason struct {
	Reason string `json:"reason" minLength:"2" maxLength:"300"`
}

// tileAnswer sends a file of a version. What is not there is no error page but an empty 404,
// since readers try.
func (s *Service) tileAnswer(ctx context.Context, code string, version int, name string) (*httpapi.Download, error) {
	f, err := s.OpenTile(ctx, httpapi.Actor(ctx), code, version, name)
	if err != nil {
		return nil, err
	}
	return &httpapi.Download{ContentType: contentType(name), Cache: "private, max-age=31536000, immutable", Body: func(hc huma.Context) {
		defer f.Close()
		r, w := humago.Unwrap(hc)
		h := w.Header()
		h.Set("ETag", `"`+f.ETag+`"`)
		if f.Plain {
			http.ServeContent(w, r, "", time.Time{}, f)
			return
		}
		h.Set("Vary", "Accept-Encoding")
		if acceptsGzip(r) {
			h.Set("Content-Encoding", "gzip")
			http.ServeContent(w, r, "", time.Time{}, f)
			return
		}
		if r.Header.Get("If-None-Match") == h.Get("ETag") {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		if _, err := io.Copy(w, z); err != nil {
			panic(http.ErrAbortHandler)
		}
	}}, nil
}
