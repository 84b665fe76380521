package ingest

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"shanzhi/core/place"
)

// Vec is a place: as the file has it before [Model.Settle], metres east, north and up after.
type Vec = [3]float64

// Formats that are read.
const (
	CityJSON   = "cityjson"
	CityJSONL  = "cityjsonseq"
	GeoJSON    = "geojson"
	Shapefile  = "shapefile"
	GeoPackage = "geopackage"
	OBJ        = "obj"
	GLB        = "glb"
	Tiles3D    = "3dtiles"
	PipeTables = "pipes"
	EPANET     = "epanet"
	SWMM       = "swmm"
	ASCIIGrid  = "asciigrid"
	GeoTIFF    = "geotiff"
	LAS        = "las"
)

// Model is what a file holds.
type Model struct {
	Name   string
	Format string
	// Version is that of the format, where it has one.
	Version string
	// Declared is the reference system as the file names it, "" where it does not.
	Declared string
	// Frame is that system, or the one that was given; the zero Frame where neither is known.
	Frame place.Frame
	// Plain is that the format has no degrees: its coordinates are metres on axes at right
	// angles, wherever they lie.
	Plain bool
	// Tall is that it has heights.
	Tall    bool
	Heights CityHeights

	Vertices []Vec
	Objects  []Object
	Net      *Net
	Grids    []*Grid
	Clouds   []Cloud
	Tileset  *Tileset

	Faults []FileFault
	// Left is what was passed over, by kind, and how many.
	Left map[string]int

	origin  Vec
	plane   place.Frame // on which degrees were laid
	settled bool
	written []Vec
	more    int // faults that are not kept
}

// Object is a thing of a model.
type Object struct {
	ID         string
	Kind       string // Building, BuildingPart, Road; of other files the layer
	Parents    []string
	Attributes map[string]any
	Shapes     []Shape
	Where      FileWhere
}

// ShapeKind is what a shape is made of.
type ShapeKind uint8

// The kinds.
const (
	Points    ShapeKind = iota + 1
	Lines               // each a row of places
	Surfaces            // that need not meet (MultiSurface, polygons)
	Composite           // surfaces that meet at their edges (CompositeSurface)
	Solid               // closed shells
	Mesh                // triangles of a model that was drawn, not surveyed (OBJ, GLB)
)

func (k ShapeKind) String() string {
	return [...]string{"", "points", "lines", "surfaces", "composite", "solid", "mesh"}[k]
}

// Shape is one geometry of an object.
type Shape struct {
	Kind   ShapeKind
	LoD    string
	Points []int32
	Lines  [][]int32
	// Shells are one for surfaces; of a solid the first is the outer.
	Shells [][]Face
	// Group joins solids that were handed over as one: 0 alone, else a number; Joined is
	// that they touch (CompositeSolid).
	Group  int
	Joined bool
}

// Face is a surface: its outer ring and its holes, not closed by the first place again.
type Face struct {
	Rings    [][]int32
	Semantic string // WallSurface, RoofSurface
	// Unclosed is that its format closes rings, and one of these is not.
	Unclosed bool
}

// Faces is how many a shape has.
func (s *Shape) Faces() (n int) {
	for _, shell := range s.Shells {
		n += len(shell)
	}
	return n
}

// Text is an attribute as text, by the first of the names that it has.
func (o *Object) Text(names ...string) string {
	for _, n := range names {
		switch v := o.Attributes[n].(type) {
		case string:
			if v = strings.TrimSpace(v); v != "" {
				return v
			}
		case float64:
			return strconv.FormatFloat(v, 'f', -1, 64)
		case int64:
			return strconv.FormatInt(v, 10)
		case fmt.Stringer: // json.Number
			return v.String()
		}
	}
	return ""
}

// Number is an attribute as a number, by the first of the names that it has as one.
func (o *Object) Number(names ...string) (float64, bool) {
	for _, n := range names {
		if t := o.Text(n); t != "" {
			if x, err := strconv.ParseFloat(t, 64); err == nil && !math.IsNaN(x) && !math.IsInf(x, 0) {
				return x, true
			}
		}
	}
	return 0, false
}

// CityHeights say what heights are over, and what is added to bring them over the zero of 1985
// (1985国家高程基准).
type CityHeights struct {
	System string  `json:"system"` // 1985, ellipsoid, local, none, or a foreign one that the frame names
	Add    float64 `json:"add"`
	given  bool
}

// Known reports whether it was said.
func (h CityHeights) Known() bool { return h.System != "" }

// Brought reports whether heights can be brought over the zero of 1985.
func (h CityHeights) Brought() bool {
	return h.System == "1985" || h.System == "none" || (h.System == "local" || h.System == "ellipsoid") && h.given
}

// ParseHeights reads 1985, local:0.34 (so much is added), ellipsoid:-2.40 (the ellipsoid lies so much over
// the zero of 1985; taken off), ellipsoid where the pack knows that, or none.
func ParseHeights(text string) (CityHeights, error) {
	name, by, has := strings.Cut(strings.ToLower(strings.TrimSpace(text)), ":")
	h := CityHeights{System: name, given: has}
	if has {
		x, err := strconv.ParseFloat(by, 64)
		if err != nil || math.IsNaN(x) || math.Abs(x) > 10000 {
			return CityHeights{}, fmt.Errorf("heights %q: %q is no number of metres", text, by)
		}
		h.Add = x
		if name == "ellipsoid" {
			h.Add = -x
		}
	}
	switch {
	case name == "1985" && !has, name == "none" && !has, name == "ellipsoid", name == "local" && has:
		return h, nil
	}
	return CityHeights{}, fmt.Errorf("heights %q are none of 1985, local:METRES, ellipsoid:METRES, none", text)
}

// SetSeparation says how far the zero of 1985 lies over the ellipsoid here, where heights are over the
// ellipsoid and nobody said it yet.
func (h *CityHeights) SetSeparation(metres float64) {
	if h.System == "ellipsoid" && !h.given {
		h.Add, h.given = -metres, true
	}
}

func (m *Model) fault(f *FileFault) {
	if len(m.Faults) < mostFaults {
		m.Faults = append(m.Faults, *f)
	} else {
		m.more++
	}
}

func (m *Model) left(what string, n int) {
	if n > 0 {
		if m.Left == nil {
			m.Left = map[string]int{}
		}
		m.Left[what] += n
	}
}

// ParseFrame reads a reference system as [place.ParseFrame] does, and local@LON,LAT or local@LON,LAT,DEGREES: the
// metres of the file are east and north of a place, or turned clockwise by degrees about it.
func ParseFrame(name string) (place.Frame, error) {
	at, ok := strings.CutPrefix(strings.TrimSpace(name), "local@")
	if !ok {
		return place.ParseFrame(name)
	}
	words := strings.Split(at, ",")
	var n [3]float64
	for i, w := range words {
		x, err := strconv.ParseFloat(strings.TrimSpace(w), 64)
		if err != nil || i > 2 || math.IsNaN(x) {
			return place.Frame{}, fmt.Errorf("%q is not local@LONGITUDE,LATITUDE,DEGREES", name)
		}
		n[i] = x
	}
	if len(words) < 2 || math.Abs(n[0]) > 180 || math.Abs(n[1]) > 89 || math.Abs(n[2]) > 360 {
		return place.Frame{}, fmt.Errorf("%q is not local@LONGITUDE,LATITUDE,DEGREES", name)
	}
	f := place.TransverseMercator("", n[0], 0, 0, 1)
	_, north, _ := f.FromWGS84(n[0], n[1], 0)
	return f.On("local@"+at, place.Similarity{North: north, Seconds: -n[2] * 3600}), nil
}

// ErrNoFrame: the file does not say in which system its coordinates are.
var ErrNoFrame = errors.New("the file does not declare its reference system: it must be given")

// ErrNotDegrees: the system has degrees, and the numbers are none.
var ErrNotDegrees = errors.New("the numbers of the file are no degrees")

// Written is some hundred places as the file writes them, known once [Model.Settle] was asked.
func (m *Model) Written() []Vec { return m.written }

// Settle lays the model on a plane of metres, in place: about the middle of what it holds. With no frame the
// metres are those of the file, and [Model.Degrees] knows nothing; a file that may be in degrees is
// refused then with [ErrNoFrame].
func (m *Model) Settle() error {
	if m.settled {
		return nil
	}
	low, high := Vec{math.Inf(1), math.Inf(1), math.Inf(1)}, Vec{math.Inf(-1), math.Inf(-1), math.Inf(-1)}
	each := func(do func(v *Vec)) {
		for i := range m.Vertices {
			do(&m.Vertices[i])
		}
		if m.Net != nil {
			for i := range m.Net.Nodes {
				if m.Net.Nodes[i].Placed {
					do(&m.Net.Nodes[i].At)
				}
			}
			for i := range m.Net.Pipes {
				for k := range m.Net.Pipes[i].Bends {
					do(&m.Net.Pipes[i].Bends[k])
				}
			}
		}
	}
	if m.written == nil {
		n, step := 0, 1
		each(func(*Vec) { n++ })
		step = max(1, n/400)
		n = 0
		each(func(v *Vec) {
			if n%step == 0 {
				m.written = append(m.written, *v)
			}
			n++
		})
	}
	if !m.Frame.Known() && !m.Plain {
		return ErrNoFrame
	}
	if m.Frame.Degrees != 0 {
		off := false
		each(func(v *Vec) { off = off || math.Abs(v[0]) > 180 || math.Abs(v[1]) > 90 })
		if off {
			return ErrNotDegrees
		}
	}
	m.settled = true
	if m.Frame.Earth || m.Frame.Degrees != 0 {
		each(func(v *Vec) { v[0], v[1], v[2] = m.Frame.ToWGS84(v[0], v[1], v[2]) })
	}
	each(func(v *Vec) {
		for k := range v {
			low[k], high[k] = min(low[k], v[k]), max(high[k], v[k])
		}
	})
	if low[0] > high[0] {
		low, high = Vec{}, Vec{}
	}
	if m.Frame.Earth || m.Frame.Degrees != 0 {
		lat := (low[1] + high[1]) / 2
		m.plane = place.TransverseMercator("", (low[0]+high[0])/2, 0, 0, 1)
		_, north, _ := m.plane.FromWGS84((low[0]+high[0])/2, lat, 0)
		m.origin = Vec{0, north, 0}
		each(func(v *Vec) {
			x, y, _ := m.plane.FromWGS84(v[0], v[1], 0)
			v[0], v[1] = x, y-north
		})
		return nil
	}
	m.plane = m.Frame
	m.origin = Vec{math.Floor((low[0] + high[0]) / 2), math.Floor((low[1] + high[1]) / 2), 0}
	each(func(v *Vec) { v[0], v[1] = v[0]-m.origin[0], v[1]-m.origin[1] })
	return nil
}

// Degrees are the longitude and latitude (WGS-84) of a place on the model's plane, and its height
// over the zero of 1985 as far as that is known; ok is false where the model lies nowhere.
func (m *Model) Degrees(v Vec) (at Vec, ok bool) {
	if !m.Frame.Known() {
		return v, false
	}
	lon, lat, _ := m.plane.ToWGS84(v[0]+m.origin[0], v[1]+m.origin[1], 0)
	return Vec{lon, lat, v[2] + m.Heights.Add}, true
}

// AsWritten is a place on the model's plane in the numbers of the file.
func (m *Model) AsWritten(v Vec) Vec {
	if m.Frame.Earth || m.Frame.Degrees != 0 {
		lon, lat, _ := m.plane.ToWGS84(v[0]+m.origin[0], v[1]+m.origin[1], 0)
		x, y, z := m.Frame.FromWGS84(lon, lat, v[2])
		return Vec{x, y, z}
	}
	return Vec{v[0] + m.origin[0], v[1] + m.origin[1], v[2]}
}

// OnPlane is a place in degrees of WGS-84 on the model's plane.
func (m *Model) OnPlane(lon, lat float64) (x, y float64) {
	x, y, _ = m.plane.FromWGS84(lon, lat, 0)
	return x - m.origin[0], y - m.origin[1]
}

// Counts is how much of what a model holds.
func (m *Model) Counts() map[string]int {
	n := map[string]int{}
	for i := range m.Objects {
		o := &m.Objects[i]
		n["objects"]++
		for k := range o.Shapes {
			n[o.Shapes[k].Kind.String()]++
			n["faces"] += o.Shapes[k].Faces()
		}
	}
	n["vertices"] = len(m.Vertices)
	if m.Net != nil {
		n["nodes"], n["pipes"] = len(m.Net.Nodes), len(m.Net.Pipes)
	}
	for _, g := range m.Grids {
		n["grids"]++
		n["cells"] += g.Columns * g.Rows
	}
	for _, c := range m.Clouds {
		n["clouds"]++
		n["points_of_clouds"] += int(c.Count)
	}
	if m.Tileset != nil {
		n["tiles"], n["contents"] = m.Tileset.Tiles, m.Tileset.Contents
	}
	if k := len(m.Faults) + m.more; k > 0 {
		n["faults"] = k
	}
	for k, v := range n {
		if v == 0 {
			delete(n, k)
		}
	}
	return n
}

// Kinds is how many objects of which kind there are.
func (m *Model) Kinds() map[string]int {
	n := map[string]int{}
	for i := range m.Objects {
		n[m.Objects[i].Kind]++
	}
	return n
}

// Net is pipes and the points that they join.
type Net struct {
	Nodes []Node
	Pipes []Pipe
}

// Node is a pipe point (管点): a manhole, a valve, a bend, a tee, a tank.
type Node struct {
	ID       string
	Class    string // JS, YS, WS, PS, RQ, DL, TX, RL, GY, ZS
	Feature  string // 特征: 三通, 出水口; of EPANET and SWMM junction, reservoir, tank, outfall, storage
	Fitting  string // 附属物: 检查井, 阀门
	At       Vec    // its third is the height of the ground, of EPANET that of the node
	Placed   bool   // it has coordinates
	Grounded bool   // its ground's height is known
	Depth    float64
	Deep     bool // its depth is known
	Where    FileWhere
}

// Pipe is a pipe line (管线段) between two points; it flows from the first to the second.
type Pipe struct {
	ID, Class string
	From, To  string
	A, B      int32 // numbers of its points, -1 where the file has none of that name
	Bends     []Vec
	// Bottom is the height of its lowest inner point (管底) at both ends, Known per end.
	Bottom   [2]float64
	Known    [2]bool
	Diameter float64 // inner, in metres, 0 unknown; of a box the width
	Height   float64 // of a box, in metres
	Material string
	Kind     string // pipe, pump, valve, weir, orifice, outlet
	Cased    bool   // cables: in a duct, not directly buried
	Where    FileWhere
}

// Tall is its inner height.
func (p *Pipe) Tall() float64 {
	if p.Height > 0 {
		return p.Height
	}
	return p.Diameter
}

// Grid is heights over a raster, row by row from the north-west; a void is NaN.
type Grid struct {
	Columns, Rows int
	West, North   float64 // the outer corner
	DX, DY        float64 // size of a cell
	Z             []float32
	Voids         int
	Low, High     float64
	Where         FileWhere
}

// Cloud is what a LAS file says of its points; they are not read.
type Cloud struct {
	Version    string
	Format     int
	Compressed bool // LAZ
	Count      uint64
	Low, High  Vec
	Made       string // day
	Software   string
	Where      FileWhere
}

func measure(g *Grid) {
	g.Low, g.High = math.Inf(1), math.Inf(-1)
	for _, z := range g.Z {
		if x := float64(z); math.IsNaN(x) {
			g.Voids++
		} else {
			g.Low, g.High = min(g.Low, x), max(g.High, x)
		}
	}
	if g.Low > g.High {
		g.Low, g.High = 0, 0
	}
}
