package cim

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/systems/cim/basemap"
)

// The city as OGC API Features, Part 1: Core (OGC 17-069r4), and OGC API Tiles, Part 1 (OGC
// 20-057): what any GIS reads. Who may see a layer may read its collection; a key of the API needs the scope ogc.
const ogcTag = "ogc"

// CRS84 is longitude and latitude of WGS-84, in this order.
const crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

var ogcClasses = []string{
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
}

// ogcTitles are the collections with their names.
var ogcTitles = []struct {
	layer  Layer
	zh, en string
	from   int // zoom from which its tiles have something
}{
	{Areas, "政区", "Areas", 6}, {Buildings, "建筑", "Buildings", 14}, {Cameras, "视频点位", "Cameras", 12}, {Parcels, "地块", "Parcels", 12},
	{Pipes, "管线", "Pipes", 14}, {Poles, "灯杆", "Poles", 15}, {Roads, "道路", "Roads", 11}, {Stations, "站点", "Stations", 12}, {Water, "水域", "Water", 6},
}

// OGCLink leads to what belongs to an answer.
type OGCLink struct {
	Href  string `json:"href"`
	Rel   string `json:"rel"`
	Type  string `json:"type,omitempty"`
	Title string `json:"title,omitempty"`
}

// OGCCollection is a layer as a collection of features.
type OGCCollection struct {
	ID          string         `json:"id"`
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Attribution string         `json:"attribution" doc:"Who made it, for whom it was served, and whether it is made up"`
	Extent      map[string]any `json:"extent"`
	ItemType    string         `json:"itemType"`
	CRS         []string       `json:"crs"`
	Links       []OGCLink      `json:"links"`
}

// OGCLanding is where a reader begins.
type OGCLanding struct {
	Title       string    `json:"title"`
	Description string    `json:"description"`
	Links       []OGCLink `json:"links"`
}

// OGCConformance is what of the standards is kept.
type OGCConformance struct {
	ConformsTo []string `json:"conformsTo"`
}

// OGCCollections are all that the caller may read.
type OGCCollections struct {
	Links       []OGCLink       `json:"links"`
	Collections []OGCCollection `json:"collections"`
}

// rawQuery keeps the query as it was sent: what the standard does not know is refused with 400.
type rawQuery struct{ values url.Values }

// Resolve implements huma.Resolver.
func (q *rawQuery) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	q.values = u.Query()
	return nil
}

func (q *rawQuery) only(names ...string) error {
	for k, v := range q.values {
		if !slices.Contains(names, k) || len(v) != 1 {
			return ogcWrong("the parameter %q is not known here", k)
		}
	}
	return nil
}

func ogcWrong(format string, args ...any) error {
	return httpapi.FailDetail(http.StatusBadRequest, "invalid", fmt.Sprintf(format, args...))
}

const geoJSON = "application/geo+json"

func (s *Service) ogcCollections(ctx context.Context, who account.Actor) ([]OGCCollection, error) {
	layers, err := s.Layers(ctx, who)
	if err != nil {
		return nil, err
	}
	box, err := s.builtBox(ctx)
	if err != nil {
		return nil, err
	}
	out := []OGCCollection{}
	for _, t := range ogcTitles {
		i := slices.IndexFunc(layers, func(l LayerState) bool { return l.Code == t.layer })
		if i < 0 {
			continue
		}
		l := layers[i]
		made := ""
		if l.Synthetic {
			made = "；模拟数据 synthetic"
		}
		c := OGCCollection{ID: string(t.layer), Title: t.zh + " " + t.en, ItemType: "feature", CRS: []string{crs84},
			Description: fmt.Sprintf("%s %s, %s", t.zh, t.en, l.Epoch), Attribution: fmt.Sprintf("善治 · %s · %s · %s%s", l.Source, l.Epoch, who.Name, made)}
		if box == nil {
			box = []float64{-180, -90, 180, 90}
		}
		c.Extent = map[string]any{"spatial": map[string]any{"bbox": [][]float64{box}, "crs": crs84}, "temporal": map[string]any{"interval": [][]any{{l.Epoch + "T00:00:00Z", nil}}, "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}}
		base := "/ogc/collections/" + c.ID
		c.Links = []OGCLink{{base, "self", "application/json", c.Title}, {base + "/items", "items", geoJSON, c.Title}, {base + "/tiles/WebMercatorQuad", "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", "application/json", c.Title}}
		out = append(out, c)
	}
	return out, nil
}

func (s *Service) ogcCollection(ctx context.Context, who account.Actor, id string) (OGCCollection, error) {
	all, err := s.ogcCollections(ctx, who)
	if err != nil {
		return OGCCollection{}, err
	}
	for _, c := range all {
		if c.ID == id {
			return c, nil
		}
	}
	return OGCCollection{}, store.ErrNotFound
}

// ogcFeature is a thing as a feature.
func ogcFeature(t *Thing) map[string]any {
	said := map[string]any{}
	_ = json.Unmarshal(t.Detail, &said)
	said["code"], said["class"], said["low"], said["high"] = t.Code, t.Class, t.Low, t.High
	if t.Name != "" {
		said["name"] = t.Name
	}
	return map[string]any{"type": "Feature", "id": t.ID.String(), "geometry": geometry(t.Shape), "properties": said}
}

func ogcPipe(p *Pipe) map[string]any {
	said := p.said()
	delete(said, "id")
	said["a"], said["b"], said["a_z"], said["b_z"] = p.A.String(), p.B.String(), p.AZ, p.BZ
	return map[string]any{"type": "Feature", "id": p.ID.String(), "geometry": geometry(orb.LineString{{p.ALon, p.ALat}, {p.BLon, p.BLat}}), "properties": said}
}

// ogcBox reads bbox: four numbers, or six with heights.
func ogcBox(text string) (b Box, err error) {
	parts := strings.Split(text, ",")
	n := make([]float64, len(parts))
	for i, p := range parts {
		if n[i], err = strconv.ParseFloat(strings.TrimSpace(p), 64); err != nil || math.IsNaN(n[i]) || math.IsInf(n[i], 0) {
			return b, ogcWrong("bbox: %q is no number", p)
		}
	}
	switch len(n) {
	case 4:
		b = Box{n[0], n[1], n[2], n[3]}
	case 6:
		b = Box{n[0], n[1], n[3], n[4]}
	default:
		return b, ogcWrong("bbox has four numbers, or six")
	}
	if b.Valid() != nil {
		return b, ogcWrong("bbox: west ≤ east and south ≤ north, in degrees")
	}
	return b, nil
}

// ogcTime reads datetime: an instant or an interval, whose ends may be open. It says whether what
// is shown from a day on has something of it.
func ogcTime(text, epoch string) (bool, error) {
	from, to, both := strings.Cut(text, "/")
	if !both {
		to = from
	}
	read := func(t string) (time.Time, bool, error) {
		if both && (t == "" || t == "..") {
			return time.Time{}, false, nil
		}
		v, err := time.Parse(time.RFC3339, t)
		if err != nil {
			if v, err = time.Parse(time.DateOnly, t); err != nil {
				return v, false, ogcWrong("datetime: %q is no instant of RFC 3339", t)
			}
		}
		return v, true, nil
	}
	a, begins, err := read(from)
	if err != nil {
		return false, err
	}
	b, ends, err := read(to)
	if err != nil {
		return false, err
	}
	if both && !begins && !ends && from == "" && to == "" || begins && ends && b.Before(a) {
		return false, ogcWrong("datetime: %q is no interval", text)
	}
	day, err := time.Parse(time.DateOnly, epoch)
	return err != nil || !ends || !b.Before(day), nil
}

const (
	ogcDefault = 10
	ogcMost    = 1000
)

func (s *Service) ogcItems(ctx context.Context, in *struct {
	rawQuery
	ID string `path:"id" maxLength:"40"`
}) (*httpapi.Download, error) {
	c, err := s.ogcCollection(ctx, httpapi.Actor(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	if err := in.only("bbox", "bbox-crs", "datetime", "limit", "after", "f"); err != nil {
		return nil, err
	}
	q := in.values
	limit, after := ogcDefault, store.ID(0)
	if v := q.Get("limit"); q.Has("limit") {
		if limit, err = strconv.Atoi(v); err != nil || limit < 1 {
			return nil, ogcWrong("limit is a number from 1")
		}
		limit = min(limit, ogcMost)
	}
	if q.Has("after") {
		if after, err = store.ParseID(q.Get("after")); err != nil {
			return nil, ogcWrong("after is the key of the last feature")
		}
	}
	if v := q.Get("f"); v != "" && v != "json" {
		return nil, ogcWrong("f: json alone")
	}
	if v := q.Get("bbox-crs"); v != "" && v != crs84 {
		return nil, ogcWrong("bbox-crs: CRS84 alone")
	}
	box, boxed := Box{-180, -90, 180, 90}, q.Has("bbox")
	if boxed {
		if box, err = ogcBox(q.Get("bbox")); err != nil {
			return nil, err
		}
	}
	shown := true
	if q.Has("datetime") {
		layers, lerr := s.Layers(ctx, httpapi.Actor(ctx))
		if lerr != nil {
			return nil, lerr
		}
		i := slices.IndexFunc(layers, func(l LayerState) bool { return string(l.Code) == in.ID })
		if shown, err = ogcTime(q.Get("datetime"), layers[i].Epoch); err != nil {
			return nil, err
		}
	}
	features := []map[string]any{}
	last := store.ID(0)
	if shown {
		if features, last, err = s.ogcPage(ctx, Layer(in.ID), box, boxed, after, limit+1); err != nil {
			return nil, err
		}
	}
	links := []OGCLink{{"/ogc/collections/" + in.ID + "/items?" + q.Encode(), "self", geoJSON, ""}, {"/ogc/collections/" + in.ID, "collection", "application/json", c.Title}}
	if len(features) > limit {
		features = features[:limit]
		last, _ = store.ParseID(features[limit-1]["id"].(string))
		next := url.Values{}
		for k, v := range q {
			next[k] = v
		}
		next.Set("after", last.String())
		links = append(links, OGCLink{"/ogc/collections/" + in.ID + "/items?" + next.Encode(), "next", geoJSON, ""})
	}
	return ogcAnswer(geoJSON, map[string]any{"type": "FeatureCollection", "features": features, "numberReturned": len(features), "timeStamp": s.Store.Now().Format(time.RFC3339), "links": links, "attribution": c.Attribution})
}

func ogcAnswer(kind string, v any) (*httpapi.Download, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return &httpapi.Download{ContentType: kind, Cache: "no-cache", Body: func(hc huma.Context) {
		if _, err := hc.BodyWriter().Write(raw); err != nil {
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

// ogcPage are features of a layer after one, by key.
func (s *Service) ogcPage(ctx context.Context, l Layer, box Box, boxed bool, after store.ID, n int) ([]map[string]any, store.ID, error) {
	out := []map[string]any{}
	if l == Pipes {
		list, err := store.Select[Pipe](ctx, s.Store, `SELECT `+pipeColumns+` FROM cim_pipe WHERE id > ? AND NOT (a_lon < ? AND b_lon < ?) AND NOT (a_lon > ? AND b_lon > ?) AND NOT (a_lat < ? AND b_lat < ?) AND NOT (a_lat > ? AND b_lat > ?) ORDER BY id LIMIT ?`,
			int64(after), box.West, box.West, box.East, box.East, box.South, box.South, box.North, box.North, n)
		if boxed && !box.wide() {
			list, err = s.PipesIn(ctx, s.Store, box, "", 200_000)
			list = slices.DeleteFunc(list, func(p Pipe) bool { return p.ID <= after })
			slices.SortFunc(list, func(a, b Pipe) int { return int(a.ID - b.ID) })
			list = list[:min(len(list), n)]
		}
		for i := range list {
			out = append(out, ogcPipe(&list[i]))
		}
		return out, 0, err
	}
	if !boxed {
		list, err := thingsBy(ctx, s.Store, `t.layer = ? AND t.id > ? ORDER BY t.id LIMIT ?`, layerNumbers[l], int64(after), n)
		for i := range list {
			out = append(out, ogcFeature(&list[i]))
		}
		return out, 0, err
	}
	kind, err := s.spatial(ctx)
	if err != nil {
		return nil, 0, err
	}
	from, args := inBox(s.Store, kind == "postgis", l, box)
	list, err := selectThings(ctx, s.Store, `SELECT `+thingColumns+` FROM `+from+` AND t.id > ? ORDER BY t.id LIMIT ?`, append(args, int64(after), n)...)
	for i := range list {
		out = append(out, ogcFeature(&list[i]))
	}
	return out, 0, err
}

// tileBox is the part of the earth that a tile of WebMercatorQuad shows.
func tileBox(z, x, y int) Box {
	n := float64(uint(1) << z)
	lat := func(y float64) float64 { return math.Atan(math.Sinh(math.Pi*(1-2*y/n))) * 180 / math.Pi }
	return Box{float64(x)/n*360 - 180, lat(float64(y) + 1), float64(x+1)/n*360 - 180, lat(float64(y))}
}

// mostInTile bounds what one tile draws.
const mostInTile = 20_000

func (s *Service) ogcTile(ctx context.Context, in *struct {
	rawQuery
	ID     string `path:"id" maxLength:"40"`
	Matrix string `path:"matrix" maxLength:"4"`
	Row    string `path:"row" maxLength:"10"`
	Column string `path:"column" maxLength:"10"`
}) (*httpapi.Download, error) {
	if _, err := s.ogcCollection(ctx, httpapi.Actor(ctx), in.ID); err != nil {
		return nil, err
	}
	var at [3]int
	for i, t := range []string{in.Matrix, in.Row, in.Column} {
		n, err := strconv.Atoi(t)
		if err != nil || n < 0 {
			return nil, ogcWrong("%q is no number of a tile", t)
		}
		at[i] = n
	}
	z, y, x := at[0], at[1], at[2]
	if z > 20 || x >= 1<<z || y >= 1<<z {
		return nil, store.ErrNotFound
	}
	box := tileBox(z, x, y)
	l := Layer(in.ID)
	from := 0
	for _, t := range ogcTitles {
		if t.layer == l {
			from = t.from
		}
	}
	var features []basemap.Feature
	if z >= from {
		if l == Pipes {
			list, err := s.PipesIn(ctx, s.Store, box, "", mostInTile)
			if err != nil {
				return nil, err
			}
			for i := range list {
				p := &list[i]
				features = append(features, basemap.Feature{Layer: in.ID, Shape: orb.LineString{{p.ALon, p.ALat}, {p.BLon, p.BLat}}, Said: map[string]any{"id": p.ID.String(), "class": p.Class, "diameter": p.Diameter}})
			}
		} else {
			list, err := s.ThingsIn(ctx, s.Store, l, box, mostInTile)
			if err != nil {
				return nil, err
			}
			for i := range list {
				t := &list[i]
				said := map[string]any{"id": t.ID.String(), "code": t.Code, "class": t.Class, "height": rounded(t.High-t.Low, 1)}
				if t.Name != "" {
					said["name"] = t.Name
				}
				features = append(features, basemap.Feature{Layer: in.ID, Shape: t.Shape, Said: said})
			}
		}
	}
	raw := basemap.Tile(features, z, x, y)
	return &httpapi.Download{ContentType: "application/vnd.mapbox-vector-tile", Cache: "private, max-age=60", Body: func(hc huma.Context) {
		if _, err := hc.BodyWriter().Write(raw); err != nil {
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

// mountOGC adds the services that other systems read the city by.
func (s *Service) mountOGC(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "get-ogc", Method: http.MethodGet, Path: "/ogc", Tag: ogcTag, Access: readers, Limit: 1200,
		Summary: "OGC API: where a reader begins"}, func(context.Context, *struct{}) (*httpapi.Body[OGCLanding], error) {
		return httpapi.Answer(OGCLanding{"善治城市数据 Shanzhi city", "建筑、道路、地块、管线等图层；OGC API Features 与 Tiles", []OGCLink{
			{"/ogc", "self", "application/json", ""}, {"/openapi.json", "service-desc", "application/vnd.oai.openapi+json;version=3.1", ""}, {"/ogc/conformance", "conformance", "application/json", ""}, {"/ogc/collections", "data", "application/json", ""},
		}}, nil)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-ogc-conformance", Method: http.MethodGet, Path: "/ogc/conformance", Tag: ogcTag, Access: readers, Limit: 1200,
		Summary: "What of the standards is kept"}, func(context.Context, *struct{}) (*httpapi.Body[OGCConformance], error) {
		return httpapi.Answer(OGCConformance{ogcClasses}, nil)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-ogc-collections", Method: http.MethodGet, Path: "/ogc/collections", Tag: ogcTag, Access: readers, Limit: 1200,
		Summary: "The layers that the caller may read"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[OGCCollections], error) {
		list, err := s.ogcCollections(ctx, httpapi.Actor(ctx))
		return httpapi.Answer(OGCCollections{[]OGCLink{{"/ogc/collections", "self", "application/json", ""}}, list}, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-ogc-collection", Method: http.MethodGet, Path: "/ogc/collections/{id}", Tag: ogcTag, Access: readers, Limit: 1200,
		Summary: "One layer"}, func(ctx context.Context, in *struct {
		ID string `path:"id" maxLength:"40"`
	}) (*httpapi.Body[OGCCollection], error) {
		return httpapi.Answer(s.ogcCollection(ctx, httpapi.Actor(ctx), in.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-ogc-items", Method: http.MethodGet, Path: "/ogc/collections/{id}/items", Tag: ogcTag, Access: readers, Limit: 1200,
		Summary: "Features of a layer: bbox, datetime, limit; pages by the link next", Text: "Parameters: `bbox` (CRS84), `datetime` (an instant or interval of RFC 3339), `limit` (1 to 1000), `after`. Others are refused with 400, as the standard has it."}, s.ogcItems)
	httpapi.Register(srv, httpapi.Operation{ID: "get-ogc-item", Method: http.MethodGet, Path: "/ogc/collections/{id}/items/{other}", Tag: ogcTag, Access: readers, Limit: 1200,
		Summary: "One feature"}, func(ctx context.Context, in *struct {
		ID    string `path:"id" maxLength:"40"`
		Other string `path:"other" maxLength:"20"`
	}) (*httpapi.Download, error) {
		if _, err := s.ogcCollection(ctx, httpapi.Actor(ctx), in.ID); err != nil {
			return nil, err
		}
		id, err := store.ParseID(in.Other)
		if err != nil {
			return nil, store.ErrNotFound
		}
		list, _, err := s.ogcPage(ctx, Layer(in.ID), Box{-180, -90, 180, 90}, false, id-1, 1)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 || list[0]["id"] != id.String() {
			return nil, store.ErrNotFound
		}
		list[0]["links"] = []OGCLink{{"/ogc/collections/" + in.ID + "/items/" + in.Other, "self", geoJSON, ""}, {"/ogc/collections/" + in.ID, "collection", "application/json", ""}}
		return ogcAnswer(geoJSON, list[0])
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-ogc-tileset", Method: http.MethodGet, Path: "/ogc/collections/{id}/tiles/WebMercatorQuad", Tag: ogcTag, Access: readers, Limit: 1200,
		Summary: "The vector tiles of a layer"}, func(ctx context.Context, in *struct {
		ID string `path:"id" maxLength:"40"`
	}) (*httpapi.Body[map[string]any], error) {
		c, err := s.ogcCollection(ctx, httpapi.Actor(ctx), in.ID)
		return httpapi.Answer(map[string]any{"title": c.Title, "dataType": "vector", "crs": "http://www.opengis.net/def/crs/EPSG/0/3857", "attribution": c.Attribution,
			"tileMatrixSetURI": "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
			"links":            []map[string]any{{"rel": "item", "type": "application/vnd.mapbox-vector-tile", "templated": true, "href": "/ogc/collections/" + in.ID + "/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}"}}}, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-ogc-tile", Method: http.MethodGet, Path: "/ogc/collections/{id}/tiles/WebMercatorQuad/{matrix}/{row}/{column}", Tag: ogcTag, Access: readers, Limit: 6000,
		Summary: "A vector tile (MVT) of a layer, of the records as they are now"}, s.ogcTile)
}
