package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// cityObject is a CityObject of CityJSON 2.0 (OGC 20-072r5) and 1.1.
type cityObject struct {
	Type       string          `json:"type"`
	Attributes map[string]any  `json:"attributes"`
	Parents    []string        `json:"parents"`
	Children   []string        `json:"children"`
	Geometry   []cityGeometry  `json:"geometry"`
	Address    json.RawMessage `json:"address"`
}

type cityGeometry struct {
	Type       string          `json:"type"`
	LoD        any             `json:"lod"` // text; a number in 1.0
	Boundaries json.RawMessage `json:"boundaries"`
	Semantics  *struct {
		Surfaces []struct {
			Type string `json:"type"`
		} `json:"surfaces"`
		Values json.RawMessage `json:"values"`
	} `json:"semantics"`
	Template *int      `json:"template"`
	Matrix   []float64 `json:"transformationMatrix"`
}

type cityTransform struct {
	Scale     []float64 `json:"scale"`
	Translate []float64 `json:"translate"`
}

// instance is a template that stands somewhere, placed when all is read.
type instance struct {
	object, shape int
	geometry      cityGeometry
	at            FileWhere
}

// cityReader holds what is read of a CityJSON file until its vertices are known.
type cityReader struct {
	*reading
	file      string
	from      int // first object of this file
	base      int // first vertex
	transform *cityTransform
	templates []cityGeometry
	forms     []Vec // vertices of templates
	instances []instance
	seen      map[string]bool
	group     int
}

func (r *reading) cityJSONSeq(name string) error { return r.cityJSON(name) }

// cityJSON reads CityJSON 1.0, 1.1 and 2.0, and CityJSONSeq: one object that has the transform, then a
// feature with vertices of its own a line.
func (r *reading) cityJSON(name string) error {
	f, c, err := r.open(name)
	if err != nil {
		return err
	}
	defer c.Close()
	d := json.NewDecoder(f)
	x := &cityReader{reading: r, file: name, from: len(r.m.Objects), base: len(r.m.Vertices), seen: map[string]bool{}}
	r.m.Plain = true
	for first := true; ; first = false {
		from := d.InputOffset()
		token, err := d.Token()
		if err == io.EOF && !first {
			break
		}
		if err != nil {
			return x.broken(f, d, err)
		}
		if token != json.Delim('{') {
			return fault(FaultBroken, x.where(f, from, ""), "应是一个 JSON 对象", "is no JSON object")
		}
		if err := x.document(f, d, first); err != nil {
			return err
		}
		if !first {
			r.m.Format = CityJSONL
		}
	}
	return nil
}

func (x *cityReader) where(f *lines, offset int64, path string) FileWhere {
	return FileWhere{File: x.file, Line: f.line(offset), Offset: offset, Path: path}
}

func (x *cityReader) broken(f *lines, d *json.Decoder, err error) error {
	at := x.where(f, d.InputOffset(), "")
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case x.ctx.Err() != nil:
		return x.ctx.Err()
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fault(FaultCut, at, "文件不完整，在中途断了", "the file ends too early")
	case errors.As(err, &syntax):
		at = x.where(f, syntax.Offset, "")
		return fault(FaultBroken, at, "JSON 写法有误：%v", "is no JSON: %v", err)
	case errors.As(err, &kind):
		at.Path = "/" + strings.ReplaceAll(kind.Field, ".", "/")
		return fault(FaultBroken, at, "值的类型不对：应为 %v", "a value of the wrong kind: %v was wanted", kind.Type)
	}
	var own *FileFault
	if errors.As(err, &own) {
		return err
	}
	return fault(FaultBroken, at, "读不下去：%v", "cannot be read: %v", err)
}

// document reads one JSON object after its brace: a CityJSON, or a feature of a CityJSONSeq.
func (x *cityReader) document(f *lines, d *json.Decoder, first bool) error {
	x.from, x.base = len(x.m.Objects), len(x.m.Vertices)
	var vertices bool
	kind := ""
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return x.broken(f, d, err)
		}
		key, _ := token.(string)
		switch key {
		case "type":
			err = d.Decode(&kind)
		case "version":
			if err = d.Decode(&x.m.Version); err == nil && !strings.HasPrefix(x.m.Version, "2.") && !strings.HasPrefix(x.m.Version, "1.") {
				return fault(FaultSupport, x.where(f, d.InputOffset(), "/version"), "CityJSON 版本 %q 不支持（1.0、1.1、2.0）", "CityJSON version %q is not read (1.0, 1.1, 2.0 are)", x.m.Version)
			}
		case "transform":
			err = d.Decode(&x.transform)
			if t := x.transform; err == nil && t != nil && (len(t.Scale) != 3 || len(t.Translate) != 3) {
				return fault(FaultBroken, x.where(f, d.InputOffset(), "/transform"), "transform 应有三个 scale 和三个 translate", "the transform has not three scales and three translations")
			}
		case "metadata":
			var m struct {
				System json.RawMessage `json:"referenceSystem"`
			}
			if err = d.Decode(&m); err == nil && len(m.System) > 0 {
				var system string
				if json.Unmarshal(m.System, &system) == nil {
					if err := x.declare(system, x.where(f, d.InputOffset(), "/metadata/referenceSystem")); err != nil {
						return err
					}
				}
			}
		case "CityObjects":
			err = x.objects(f, d)
		case "vertices":
			vertices = true
			err = x.vertices(f, d)
		case "geometry-templates":
			var t struct {
				Templates []cityGeometry `json:"templates"`
				Vertices  []Vec          `json:"vertices-templates"`
			}
			if err = d.Decode(&t); err == nil {
				x.templates, x.forms = t.Templates, t.Vertices
			}
		default:
			var skip json.RawMessage
			err = d.Decode(&skip)
		}
		if err != nil {
			return x.broken(f, d, err)
		}
	}
	if _, err := d.Token(); err != nil {
		return x.broken(f, d, err)
	}
	at := x.where(f, d.InputOffset(), "")
	switch {
	case kind == "" && first, kind != "CityJSON" && kind != "CityJSONFeature":
		return fault(FaultBroken, at, `type 应是 CityJSON，现为 %q`, `its type is %q, not CityJSON`, kind)
	case first && kind == "CityJSONFeature":
		return fault(FaultBroken, at, "CityJSONSeq 的第一行应是带 transform 的 CityJSON", "the first line of a CityJSONSeq is a CityJSON with the transform")
	case !first && kind == "CityJSON":
		return fault(FaultBroken, at, "文件里有两个 CityJSON", "there are two CityJSONs in it")
	case !vertices && len(x.m.Objects) > x.from:
		return fault(FaultMissing, at, "没有 vertices", "it has no vertices")
	}
	return x.settle()
}

func (x *cityReader) vertices(f *lines, d *json.Decoder) error {
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return cmpErr(err, fault(FaultBroken, x.where(f, d.InputOffset(), "/vertices"), "vertices 应是数组", "vertices are no list"))
	}
	for n := 0; d.More(); n++ {
		var v []float64
		if err := d.Decode(&v); err != nil {
			return err
		}
		at := FileWhere{File: x.file, Path: fmt.Sprintf("/vertices/%d", n)}
		if len(v) != 3 {
			return fault(FaultBroken, x.where(f, d.InputOffset(), at.Path), "顶点应有三个坐标", "a vertex has three coordinates")
		}
		if _, err := x.vertex(v[0], v[1], v[2], at); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

func cmpErr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

var pointer = strings.NewReplacer("~", "~0", "/", "~1")

func (x *cityReader) objects(f *lines, d *json.Decoder) error {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return cmpErr(err, fault(FaultBroken, x.where(f, d.InputOffset(), "/CityObjects"), "CityObjects 应是对象", "CityObjects are no object"))
	}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		id, _ := token.(string)
		at := x.where(f, d.InputOffset(), "/CityObjects/"+pointer.Replace(id))
		var o cityObject
		if err := d.Decode(&o); err != nil {
			return err
		}
		if x.seen[id] {
			x.m.fault(&FileFault{FaultRepeated, id, at, "同一个标识出现了两次", "the identifier is there twice"})
		}
		x.seen[id] = true
		if err := x.add(id, &o, at); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

func (x *cityReader) add(id string, o *cityObject, at FileWhere) error {
	out := Object{ID: id, Kind: o.Type, Parents: o.Parents, Attributes: o.Attributes, Where: at}
	if out.Kind == "" {
		return fault(FaultBroken, at, "要素没有 type", "the object has no type")
	}
	if len(o.Address) > 0 {
		var many []map[string]any
		var one map[string]any
		if json.Unmarshal(o.Address, &many) == nil && len(many) > 0 {
			one = many[0]
		} else {
			_ = json.Unmarshal(o.Address, &one)
		}
		for k, v := range one {
			if k == "location" {
				continue
			}
			if out.Attributes == nil {
				out.Attributes = map[string]any{}
			}
			if _, has := out.Attributes[k]; !has {
				out.Attributes[k] = v
			}
		}
	}
	for i := range o.Geometry {
		g := o.Geometry[i]
		where := at
		where.Path += fmt.Sprintf("/geometry/%d", i)
		if g.Type == "GeometryInstance" {
			x.instances = append(x.instances, instance{len(x.m.Objects), len(out.Shapes), g, where})
			continue
		}
		shapes, err := x.shapes(&g, where)
		if err != nil {
			return err
		}
		out.Shapes = append(out.Shapes, shapes...)
	}
	return x.object(out)
}

// lodOf is a level of detail as text.
func lodOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
	}
	return ""
}

// Levels of lists in the boundaries of each kind, down to the indices.
var cityDepth = map[string]int{"MultiPoint": 1, "MultiLineString": 2, "MultiSurface": 3, "CompositeSurface": 3, "Solid": 4, "MultiSolid": 5, "CompositeSolid": 5}

func (x *cityReader) shapes(g *cityGeometry, at FileWhere) ([]Shape, error) {
	deep, ok := cityDepth[g.Type]
	if !ok {
		return nil, fault(FaultBroken, at, "几何类型 %q 不是 CityJSON 的", "%q is no geometry of CityJSON", g.Type)
	}
	b := nested{text: g.Boundaries}
	tree, err := b.parse(deep)
	if err != nil {
		return nil, fault(FaultBroken, at, "boundaries 写法有误：%v", "the boundaries: %v", err)
	}
	lod := lodOf(g.LoD)
	sem := semantics{}
	if g.Semantics != nil {
		for _, s := range g.Semantics.Surfaces {
			sem.types = append(sem.types, s.Type)
		}
		if len(g.Semantics.Values) > 0 {
			v := nested{text: g.Semantics.Values, nulls: true}
			if sem.tree, err = v.parse(0); err != nil {
				return nil, fault(FaultBroken, at, "semantics 写法有误：%v", "the semantics: %v", err)
			}
		}
	}
	switch g.Type {
	case "MultiPoint":
		return []Shape{{Kind: Points, LoD: lod, Points: tree.leaf}}, nil
	case "MultiLineString":
		s := Shape{Kind: Lines, LoD: lod}
		for _, l := range tree.below {
			s.Lines = append(s.Lines, l.leaf)
		}
		return []Shape{s}, nil
	case "MultiSurface", "CompositeSurface":
		kind := Surfaces
		if g.Type == "CompositeSurface" {
			kind = Composite
		}
		return []Shape{{Kind: kind, LoD: lod, Shells: [][]Face{faces(tree, sem.tree, sem.types)}}}, nil
	case "Solid":
		return []Shape{solid(tree, sem.tree, sem.types, lod)}, nil
	}
	x.group++
	var out []Shape
	for i, t := range tree.below {
		s := solid(t, sem.tree.child(i), sem.types, lod)
		s.Group, s.Joined = x.group, g.Type == "CompositeSolid"
		out = append(out, s)
	}
	return out, nil
}

type semantics struct {
	types []string
	tree  *branch
}

func solid(tree, sem *branch, types []string, lod string) Shape {
	s := Shape{Kind: Solid, LoD: lod}
	for i, shell := range tree.below {
		s.Shells = append(s.Shells, faces(shell, sem.child(i), types))
	}
	return s
}

func faces(tree, sem *branch, types []string) []Face {
	out := make([]Face, 0, len(tree.below))
	for i, t := range tree.below {
		f := Face{Rings: make([][]int32, 0, len(t.below))}
		for _, ring := range t.below {
			f.Rings = append(f.Rings, ring.leaf)
		}
		if sem != nil && i < len(sem.leaf) && sem.leaf[i] >= 0 && int(sem.leaf[i]) < len(types) {
			f.Semantic = types[sem.leaf[i]]
		}
		out = append(out, f)
	}
	return out
}

// branch is a list of lists of indices.
type branch struct {
	below []*branch
	leaf  []int32
}

func (b *branch) child(i int) *branch {
	if b == nil || i >= len(b.below) {
		return nil
	}
	return b.below[i]
}

// nested reads lists of lists of indices, which are most of a CityJSON file.
type nested struct {
	text  []byte
	at    int
	nulls bool
}

var errNested = errors.New("is no list of indices")

// parse reads lists of so many levels, of any where deep is 0.
func (n *nested) parse(deep int) (*branch, error) {
	b, err := n.list(deep, 0)
	if err == nil {
		n.space()
		if n.at != len(n.text) {
			err = errNested
		}
	}
	return b, err
}

func (n *nested) space() {
	for n.at < len(n.text) && (n.text[n.at] == ' ' || n.text[n.at] == '\n' || n.text[n.at] == '\r' || n.text[n.at] == '\t') {
		n.at++
	}
}

func (n *nested) list(deep, level int) (*branch, error) {
	n.space()
	if n.nulls && n.null() {
		return &branch{}, nil
	}
	if level > 8 || n.at >= len(n.text) || n.text[n.at] != '[' {
		return nil, errNested
	}
	n.at++
	b := &branch{}
	for first := true; ; first = false {
		n.space()
		if n.at >= len(n.text) {
			return nil, errNested
		}
		if n.text[n.at] == ']' {
			n.at++
			return b, nil
		}
		if !first {
			if n.text[n.at] != ',' {
				return nil, errNested
			}
			n.at++
			n.space()
		}
		if n.at >= len(n.text) {
			return nil, errNested
		}
		switch c := n.text[n.at]; {
		case c == '[':
			if deep > 0 && level+1 >= deep {
				return nil, fmt.Errorf("lists lie %d deep, they should %d", level+2, deep)
			}
			below, err := n.list(deep, level+1)
			if err != nil {
				return nil, err
			}
			b.below = append(b.below, below)
		case n.nulls && n.null():
			b.leaf = append(b.leaf, -1)
			if deep == 0 {
				b.below = append(b.below, nil)
			}
		case c >= '0' && c <= '9':
			if deep > 0 && level+1 != deep {
				return nil, fmt.Errorf("indices lie %d deep, they should %d", level+1, deep)
			}
			v := int64(0)
			for n.at < len(n.text) && n.text[n.at] >= '0' && n.text[n.at] <= '9' {
				if v = v*10 + int64(n.text[n.at]-'0'); v > 1<<31-1 {
					return nil, errors.New("an index is too large")
				}
				n.at++
			}
			b.leaf = append(b.leaf, int32(v))
		default:
			return nil, errNested
		}
	}
}

func (n *nested) null() bool {
	if n.at+4 <= len(n.text) && string(n.text[n.at:n.at+4]) == "null" {
		n.at += 4
		return true
	}
	return false
}

// settle gives the document's objects their vertices: scaled and moved, indices of the model.
func (x *cityReader) settle() error {
	if t := x.transform; t != nil {
		for i := x.base; i < len(x.m.Vertices); i++ {
			v := &x.m.Vertices[i]
			for k := range v {
				v[k] = v[k]*t.Scale[k] + t.Translate[k]
			}
		}
	}
	own := int32(len(x.m.Vertices) - x.base)
	for i := x.from; i < len(x.m.Objects); i++ {
		o := &x.m.Objects[i]
		bad := int32(-1)
		shift := func(ring []int32) {
			for k, v := range ring {
				if v >= own {
					bad = v
					ring[k] = int32(x.base)
				} else {
					ring[k] = v + int32(x.base)
				}
			}
		}
		kept := o.Shapes[:0]
		for _, s := range o.Shapes {
			bad = -1
			s.rings(shift)
			if bad < 0 {
				kept = append(kept, s)
				continue
			}
			x.m.fault(&FileFault{FaultRefers, o.ID, o.Where, fmt.Sprintf("引用了第 %d 个顶点，共有 %d 个", bad, own), fmt.Sprintf("refers to vertex %d of %d", bad, own)})
		}
		o.Shapes = kept
	}
	for _, in := range x.instances {
		if err := x.stand(in); err != nil {
			return err
		}
	}
	x.instances = nil
	return nil
}

// rings gives each list of indices of a shape.
func (s *Shape) rings(do func(ring []int32)) {
	do(s.Points)
	for _, l := range s.Lines {
		do(l)
	}
	for _, shell := range s.Shells {
		for i := range shell {
			for _, ring := range shell[i].Rings {
				do(ring)
			}
		}
	}
}

// stand puts an instance of a template where it stands.
func (x *cityReader) stand(in instance) error {
	o := &x.m.Objects[in.object]
	g := in.geometry
	var at []int32
	if err := json.Unmarshal(g.Boundaries, &at); err != nil || len(at) != 1 || g.Template == nil || *g.Template < 0 || *g.Template >= len(x.templates) || len(g.Matrix) != 16 ||
		at[0] < 0 || int(at[0])+x.base >= len(x.m.Vertices) {
		x.m.fault(&FileFault{FaultRefers, o.ID, in.at, "模板实例引用的模板、位置或矩阵不对", "the instance's template, place or matrix is wrong"})
		return nil
	}
	foot := x.m.Vertices[int(at[0])+x.base]
	t := x.templates[*g.Template]
	if t.Type == "GeometryInstance" {
		x.m.fault(&FileFault{FaultBroken, o.ID, in.at, "模板里又是模板实例", "a template is an instance"})
		return nil
	}
	shapes, err := x.shapes(&t, in.at)
	if err != nil {
		return err
	}
	moved := map[int32]int32{}
	for i := range shapes {
		bad := false
		shapes[i].rings(func(ring []int32) {
			for k, v := range ring {
				n, ok := moved[v]
				if !ok {
					if int(v) >= len(x.forms) {
						bad = true
						continue
					}
					p, m := x.forms[v], g.Matrix
					if n, err = x.vertex(m[0]*p[0]+m[1]*p[1]+m[2]*p[2]+m[3]+foot[0], m[4]*p[0]+m[5]*p[1]+m[6]*p[2]+m[7]+foot[1], m[8]*p[0]+m[9]*p[1]+m[10]*p[2]+m[11]+foot[2], in.at); err != nil {
						bad = true
						continue
					}
					moved[v] = n
				}
				ring[k] = n
			}
		})
		if err != nil {
			return err
		}
		if bad {
			x.m.fault(&FileFault{FaultRefers, o.ID, in.at, "模板引用了不存在的顶点", "the template refers to a vertex that is not there"})
			return nil
		}
	}
	o.Shapes = append(o.Shapes, shapes...)
	return nil
}
