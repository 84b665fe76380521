package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

type jsonGeometry struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
	Geometries  []jsonGeometry  `json:"geometries"`
}

type jsonFeature struct {
	Type       string         `json:"type"`
	ID         any            `json:"id"`
	Geometry   *jsonGeometry  `json:"geometry"`
	Properties map[string]any `json:"properties"`
	jsonGeometry
}

// geoJSON reads a FeatureCollection a feature at a time, a Feature, or a geometry. RFC 7946 says WGS-84,
// but files made from Chinese maps are often in GCJ-02 and do not say so: only a crs member declares.
func (r *reading) geoJSON(name string) error {
	f, c, err := r.open(name)
	if err != nil {
		return err
	}
	defer c.Close()
	d := json.NewDecoder(f)
	x := &cityReader{reading: r, file: name} // for its places in the file
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return cmpErr(err, fault(FaultBroken, FileWhere{File: name}, "应是一个 JSON 对象", "is no JSON object"))
	}
	var whole jsonFeature
	rest := map[string]json.RawMessage{}
	features := false
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return x.broken(f, d, err)
		}
		key, _ := token.(string)
		switch key {
		case "features":
			features = true
			if t, err := d.Token(); err != nil || t != json.Delim('[') {
				return cmpErr(err, fault(FaultBroken, x.where(f, d.InputOffset(), "/features"), "features 应是数组", "features are no list"))
			}
			for n := 0; d.More(); n++ {
				at := x.where(f, d.InputOffset(), fmt.Sprintf("/features/%d", n))
				var one jsonFeature
				if err := d.Decode(&one); err != nil {
					return x.broken(f, d, err)
				}
				if err := r.feature(&one, n, at); err != nil {
					return err
				}
			}
			_, err = d.Token()
		case "crs":
			var crs *struct {
				Properties struct {
					Name string `json:"name"`
				} `json:"properties"`
			}
			if err = d.Decode(&crs); err == nil && crs != nil {
				err = r.declare(crs.Properties.Name, x.where(f, d.InputOffset(), "/crs"))
			}
		case "type":
			err = d.Decode(&whole.Type)
		case "id":
			err = d.Decode(&whole.ID)
		case "geometry":
			err = d.Decode(&whole.Geometry)
		case "properties":
			err = d.Decode(&whole.Properties)
		case "coordinates":
			err = d.Decode(&whole.Coordinates)
		case "geometries":
			err = d.Decode(&whole.Geometries)
		default:
			var skip json.RawMessage
			if err = d.Decode(&skip); err == nil {
				rest[key] = skip
			}
		}
		if err != nil {
			return x.broken(f, d, err)
		}
	}
	if _, err := d.Token(); err != nil {
		return x.broken(f, d, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return fault(FaultBroken, x.where(f, d.InputOffset(), ""), "文件后面还有内容", "there is something after the document")
	}
	if features {
		if whole.Type != "" && whole.Type != "FeatureCollection" {
			return fault(FaultBroken, FileWhere{File: name, Path: "/type"}, "有 features 的应是 FeatureCollection，现为 %q", "with features it is a FeatureCollection, not %q", whole.Type)
		}
		return nil
	}
	return r.feature(&whole, 0, FileWhere{File: name, Line: 1})
}

func (r *reading) feature(one *jsonFeature, n int, at FileWhere) error {
	g := one.Geometry
	switch one.Type {
	case "Feature":
	case "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection":
		own := one.jsonGeometry
		own.Type = one.Type
		g = &own
	default:
		return fault(FaultBroken, at, "type 是 %q，不是 Feature", "its type is %q, not Feature", one.Type)
	}
	o := Object{Kind: "feature", Attributes: one.Properties, Where: at}
	switch id := one.ID.(type) {
	case string:
		o.ID = id
	case float64:
		o.ID = strconv.FormatFloat(id, 'f', -1, 64)
	}
	if o.ID == "" {
		if o.ID = o.Text("id", "ID", "fid", "FID", "OBJECTID", "code", "编码", "编号"); o.ID == "" {
			o.ID = strconv.Itoa(n + 1)
		}
	}
	if k := o.Text("type", "kind", "class"); k != "" {
		o.Kind = k
	}
	if g != nil {
		if err := r.jsonShape(g, &o, at, 0); err != nil {
			return err
		}
	}
	return r.object(o)
}

func (r *reading) jsonShape(g *jsonGeometry, o *Object, at FileWhere, level int) error {
	wrong := func(err error) error {
		var own *FileFault
		if errors.As(err, &own) {
			return err
		}
		return fault(FaultBroken, at, "%s 的坐标写法有误", "the coordinates of the %s are wrong", g.Type)
	}
	ring := func(places [][]float64) ([]int32, error) {
		out := make([]int32, 0, len(places))
		for _, p := range places {
			if len(p) < 2 {
				return nil, wrong(nil)
			}
			z := 0.0
			if len(p) > 2 {
				z = p[2]
			}
			v, err := r.vertex(p[0], p[1], z, at)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
		return out, nil
	}
	polygon := func(rings [][][]float64) (Face, error) {
		var f Face
		for _, places := range rings {
			open := len(places) > 0 && !same(places[0], places[len(places)-1])
			if n := len(places); n > 1 && !open {
				places = places[:n-1]
			}
			list, err := ring(places)
			if err != nil {
				return f, err
			}
			f.Rings = append(f.Rings, list)
			f.Unclosed = f.Unclosed || open
		}
		return f, nil
	}
	var err error
	switch g.Type {
	case "Point":
		var p []float64
		if err = json.Unmarshal(g.Coordinates, &p); err == nil && len(p) > 0 {
			var list []int32
			list, err = ring([][]float64{p})
			o.Shapes = append(o.Shapes, Shape{Kind: Points, Points: list})
		}
	case "MultiPoint":
		var p [][]float64
		if err = json.Unmarshal(g.Coordinates, &p); err == nil {
			var list []int32
			list, err = ring(p)
			o.Shapes = append(o.Shapes, Shape{Kind: Points, Points: list})
		}
	case "LineString", "MultiLineString":
		var all [][][]float64
		if g.Type == "LineString" {
			all = make([][][]float64, 1)
			err = json.Unmarshal(g.Coordinates, &all[0])
		} else {
			err = json.Unmarshal(g.Coordinates, &all)
		}
		s := Shape{Kind: Lines}
		for _, l := range all {
			list, lerr := ring(l)
			if lerr != nil {
				return wrong(lerr)
			}
			s.Lines = append(s.Lines, list)
		}
		o.Shapes = append(o.Shapes, s)
	case "Polygon", "MultiPolygon":
		var all [][][][]float64
		if g.Type == "Polygon" {
			all = make([][][][]float64, 1)
			err = json.Unmarshal(g.Coordinates, &all[0])
		} else {
			err = json.Unmarshal(g.Coordinates, &all)
		}
		s := Shape{Kind: Surfaces, Shells: [][]Face{nil}}
		for _, p := range all {
			f, ferr := polygon(p)
			if ferr != nil {
				return wrong(ferr)
			}
			s.Shells[0] = append(s.Shells[0], f)
		}
		o.Shapes = append(o.Shapes, s)
	case "GeometryCollection":
		if level > 4 {
			return fault(FaultBroken, at, "几何集合套得太深", "collections lie too deep in each other")
		}
		for i := range g.Geometries {
			if err := r.jsonShape(&g.Geometries[i], o, at, level+1); err != nil {
				return err
			}
		}
	default:
		return fault(FaultBroken, at, "几何类型 %q 不是 GeoJSON 的", "%q is no geometry of GeoJSON", g.Type)
	}
	if err != nil {
		return wrong(err)
	}
	return nil
}

func same(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
