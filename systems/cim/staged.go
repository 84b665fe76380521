package cim

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"strconv"

	"shanzhi/core/text"
	"shanzhi/systems/cim/check"
	"shanzhi/systems/cim/ingest"
)

// CityShape is a geometry in longitude, latitude (WGS-84) and metres.
type CityShape struct {
	Kind   string         `json:"kind" enum:"points,lines,surfaces,composite,solid,mesh"`
	LoD    string         `json:"lod,omitempty"`
	Points [][3]float64   `json:"points,omitempty"`
	Lines  [][][3]float64 `json:"lines,omitempty"`
	// Shells are faces; of a solid the first is the outer one.
	Shells [][]CityFace `json:"shells,omitempty"`
}

// CityFace is a surface: its outer ring and its holes, not closed by the first place again.
type CityFace struct {
	Semantic string         `json:"s,omitempty"`
	Rings    [][][3]float64 `json:"r"`
}

// staged is an object that waits to be published.
type staged struct {
	number          int
	kind, ext, code string
	errors          int
	box             [6]float64 // west, south, low, east, north, high
	attributes      string
	shapes          string
	hash            string
	place           string
	parent          string
	heights         *Heights // of a grid
}

// stager makes rows of a model that lies in the world.
type stager struct {
	m      *ingest.Model
	codes  []string
	errors map[int]int    // of objects, by their number
	byID   map[string]int // of pipes and their points
}

func newStager(m *ingest.Model, rules *check.Rules, r *check.CityReport) *stager {
	s := &stager{m: m, codes: rules.CodeFields(), errors: map[int]int{}, byID: map[string]int{}}
	for i := range r.Findings {
		f := &r.Findings[i]
		switch {
		case f.Severity != check.Error:
		case f.Number >= 0:
			s.errors[f.Number] += 1 + f.More
		case f.Object != "":
			s.byID[f.Object]++
		}
	}
	return s
}

// count is how many rows there will be.
func (s *stager) count() int {
	n := len(s.m.Objects) + len(s.m.Grids) + len(s.m.Clouds)
	if s.m.Net != nil {
		n += len(s.m.Net.Nodes) + len(s.m.Net.Pipes)
	}
	if s.m.Tileset != nil {
		n++
	}
	return n
}

func (s *stager) degrees(v ingest.Vec) [3]float64 {
	at, _ := s.m.Degrees(v)
	return [3]float64{math.Round(at[0]*1e9) / 1e9, math.Round(at[1]*1e9) / 1e9, math.Round(at[2]*1e4) / 1e4}
}

// each gives the rows one by one.
func (s *stager) each(do func(staged) error) error {
	number := 0
	put := func(x staged, attributes map[string]any, shapes []CityShape) error {
		x.number = number
		number++
		for k, v := range attributes {
			if t, ok := v.(string); ok {
				attributes[k] = text.Mask(t)
			}
		}
		if attributes == nil {
			attributes = map[string]any{}
		}
		a, err := json.Marshal(attributes)
		if err != nil {
			return err
		}
		if shapes == nil {
			shapes = []CityShape{}
		}
		b, err := json.Marshal(shapes)
		if err != nil {
			return err
		}
		x.attributes, x.shapes = string(a), string(b)
		sum := sha256.Sum256(append(append(a, 0), b...))
		x.hash = hex.EncodeToString(sum[:16])
		x.box = boxOf(shapes)
		return do(x)
	}
	for i := range s.m.Objects {
		o := &s.m.Objects[i]
		x := staged{kind: o.Kind, ext: o.ID, code: o.Text(s.codes...), errors: s.errors[i], place: o.Where.String()}
		attributes := o.Attributes
		if len(o.Parents) > 0 {
			if attributes == nil {
				attributes = map[string]any{}
			}
			attributes["parent"], x.parent = o.Parents[0], o.Parents[0]
		}
		if err := put(x, attributes, s.shapes(o)); err != nil {
			return err
		}
	}
	if net := s.m.Net; net != nil {
		for i := range net.Nodes {
			n := &net.Nodes[i]
			a := map[string]any{"class": n.Class, "feature": n.Feature, "fitting": n.Fitting}
			if n.Deep {
				a["depth"] = n.Depth
			}
			var shapes []CityShape
			if n.Placed {
				shapes = []CityShape{{Kind: "points", Points: [][3]float64{s.degrees(n.At)}}}
			}
			if err := put(staged{kind: "pipe_node", ext: n.Class + ":" + n.ID, errors: s.byID[n.ID], place: n.Where.String()}, a, shapes); err != nil {
				return err
			}
		}
		for i := range net.Pipes {
			p := &net.Pipes[i]
			a := map[string]any{"class": p.Class, "from": p.From, "to": p.To, "diameter": p.Diameter, "height": p.Height, "material": p.Material, "kind": p.Kind}
			for k, name := range []string{"bottom_from", "bottom_to"} {
				if p.Known[k] {
					a[name] = math.Round((p.Bottom[k]+s.m.Heights.Add)*1e4) / 1e4
				}
			}
			var shapes []CityShape
			if p.A >= 0 && p.B >= 0 && net.Nodes[p.A].Placed && net.Nodes[p.B].Placed {
				line := []ingest.Vec{net.Nodes[p.A].At}
				line = append(append(line, p.Bends...), net.Nodes[p.B].At)
				c := CityShape{Kind: "lines", Lines: [][][3]float64{nil}}
				for k, v := range line {
					if t := float64(k) / float64(len(line)-1); p.Known[0] && p.Known[1] {
						v[2] = p.Bottom[0]*(1-t) + p.Bottom[1]*t
					}
					c.Lines[0] = append(c.Lines[0], s.degrees(v))
				}
				shapes = []CityShape{c}
			}
			if err := put(staged{kind: "pipe", ext: p.Class + ":" + p.ID, errors: s.byID[p.ID], place: p.Where.String()}, a, shapes); err != nil {
				return err
			}
		}
	}
	outline := func(corners [][2]float64, h float64) []CityShape {
		ring := make([][3]float64, len(corners))
		for i, c := range corners {
			lon, lat, _ := s.m.Frame.ToWGS84(c[0], c[1], h)
			ring[i] = [3]float64{lon, lat, h}
		}
		return []CityShape{{Kind: "surfaces", Shells: [][]CityFace{{{Rings: [][][3]float64{ring}}}}}}
	}
	for i, g := range s.m.Grids {
		w, n, e, b := g.West, g.North, g.West+g.DX*float64(g.Columns), g.North-g.DY*float64(g.Rows)
		if err := put(staged{kind: "grid", ext: "grid " + strconv.Itoa(i+1), place: g.Where.String(), heights: sampledGrid(s.m, g)}, map[string]any{"columns": g.Columns, "rows": g.Rows, "cell": g.DX, "voids": g.Voids, "low": g.Low, "high": g.High},
			outline([][2]float64{{w, b}, {e, b}, {e, n}, {w, n}}, g.Low)); err != nil {
			return err
		}
	}
	for i, c := range s.m.Clouds {
		if err := put(staged{kind: "cloud", ext: "cloud " + strconv.Itoa(i+1), place: c.Where.String()}, map[string]any{"points": c.Count, "version": c.Version, "format": c.Format, "made": c.Made, "software": c.Software},
			outline([][2]float64{{c.Low[0], c.Low[1]}, {c.High[0], c.Low[1]}, {c.High[0], c.High[1]}, {c.Low[0], c.High[1]}}, c.Low[2])); err != nil {
			return err
		}
	}
	if t := s.m.Tileset; t != nil {
		var shapes []CityShape
		if t.Placed {
			shapes = []CityShape{{Kind: "points", Points: [][3]float64{t.Middle}}}
		}
		return put(staged{kind: "tileset", ext: "tileset", errors: len(s.m.Faults), place: t.File}, map[string]any{"version": t.Version, "tiles": t.Tiles, "contents": t.Contents, "bytes": t.Bytes, "radius": t.Radius}, shapes)
	}
	return nil
}

func (s *stager) shapes(o *ingest.Object) (out []CityShape) {
	ring := func(list []int32) [][3]float64 {
		places := make([][3]float64, len(list))
		for i, v := range list {
			places[i] = s.degrees(s.m.Vertices[v])
		}
		return places
	}
	for i := range o.Shapes {
		x := &o.Shapes[i]
		c := CityShape{Kind: x.Kind.String(), LoD: x.LoD}
		if len(x.Points) > 0 {
			c.Points = ring(x.Points)
		}
		for _, l := range x.Lines {
			c.Lines = append(c.Lines, ring(l))
		}
		for _, shell := range x.Shells {
			var faces []CityFace
			for _, f := range shell {
				face := CityFace{Semantic: f.Semantic}
				for _, r := range f.Rings {
					face.Rings = append(face.Rings, ring(r))
				}
				faces = append(faces, face)
			}
			c.Shells = append(c.Shells, faces)
		}
		out = append(out, c)
	}
	return out
}

// every gives each place of shapes.
func every(shapes []CityShape, do func(p [3]float64)) {
	run := func(places [][3]float64) {
		for _, p := range places {
			do(p)
		}
	}
	for _, s := range shapes {
		run(s.Points)
		for _, l := range s.Lines {
			run(l)
		}
		for _, shell := range s.Shells {
			for _, f := range shell {
				for _, r := range f.Rings {
					run(r)
				}
			}
		}
	}
}

func boxOf(shapes []CityShape) [6]float64 {
	b := [6]float64{math.Inf(1), math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1), math.Inf(-1)}
	every(shapes, func(p [3]float64) {
		for c := range 3 {
			b[c], b[3+c] = min(b[c], p[c]), max(b[3+c], p[c])
		}
	})
	if b[0] > b[3] {
		return [6]float64{}
	}
	return b
}
