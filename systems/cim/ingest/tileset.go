package ingest

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"net/url"
	"path"
	"strings"

	"shanzhi/systems/cim/tiles"
)

// Tileset is what was found in a tileset (3D Tiles 1.0 and 1.1); survey bureaus hand their meshes in so.
// It is verified and can be re-rooted, its meshes are not taken apart.
type Tileset struct {
	Version  string
	Tiles    int
	Contents int
	Bytes    int64
	Deep     int
	// Regions is that volumes are given in degrees somewhere: such a tileset cannot be moved.
	Regions  bool
	Implicit bool
	// Middle is that of its root, in degrees and metres over the ellipsoid, where it lies on the globe.
	Middle Vec
	Placed bool
	Radius float64
	File   string
}

type tileJSON struct {
	Volume struct {
		Box    []float64 `json:"box"`
		Sphere []float64 `json:"sphere"`
		Region []float64 `json:"region"`
	} `json:"boundingVolume"`
	Error     *float64        `json:"geometricError"`
	Refine    string          `json:"refine"`
	Transform []float64       `json:"transform"`
	Content   *tileContent    `json:"content"`
	Contents  []tileContent   `json:"contents"`
	Children  []*tileJSON     `json:"children"`
	Implicit  json.RawMessage `json:"implicitTiling"`
}

type tileContent struct {
	URI string `json:"uri"`
	URL string `json:"url"` // 1.0
}

// volume is what bounds a tile, on the globe.
type volume struct {
	region     []float64
	box        []Vec // centre and three half axes
	centre     Vec
	radius     float64
	unknowable bool
}

type tileWalk struct {
	*reading
	t    *Tileset
	seen map[string]bool
}

func (w *tileWalk) wrong(code string, at FileWhere, zh, en string, args ...any) {
	w.m.fault(fault(code, at, zh, en, args...))
}

// tileset verifies a tileset: its tree, its volumes and errors, each content.
func (r *reading) tileset(name string) error {
	w := &tileWalk{r, &Tileset{File: name}, map[string]bool{}}
	r.m.Tileset = w.t
	r.m.Plain = true

	if err := w.file(name, matrix(identity), math.Inf(1), nil, 0); err != nil {
		return err
	}
	if w.t.Placed {
		r.m.Declared = "EPSG:4978" // OGC 22-025r4, 6.7: a tileset lies in the earth's frame
		r.m.Heights.System = "ellipsoid"
	}
	return nil
}

const mostTiles = 2_000_000

func (w *tileWalk) file(name string, m matrix, most float64, over *volume, level int) error {
	at := FileWhere{File: name}
	if w.seen[name] {
		w.wrong("tiles_circle", at, "瓦片集引用了自己", "the tileset refers to itself")
		return nil
	}
	w.seen[name] = true
	raw, err := w.whole(name, 256<<20)
	if err != nil {
		return err
	}
	w.t.Bytes += int64(len(raw))
	var set struct {
		Asset struct {
			Version string `json:"version"`
		} `json:"asset"`
		Error *float64  `json:"geometricError"`
		Root  *tileJSON `json:"root"`
	}
	if err := json.Unmarshal(raw, &set); err != nil {
		return fault(FaultBroken, at, "tileset.json 写法有误：%v", "the tileset is no JSON: %v", err)
	}
	if set.Asset.Version != "1.0" && set.Asset.Version != "1.1" {
		w.wrong("tiles_version", at, "版本 %q 不是 1.0 或 1.1", "version %q is neither 1.0 nor 1.1", set.Asset.Version)
	}
	if level == 0 {
		w.t.Version = set.Asset.Version
	}
	if set.Error == nil || *set.Error < 0 {
		w.wrong("tiles_error", at, "没有 geometricError，或小于零", "it has no geometric error, or one below zero")
	}
	if set.Root == nil {
		return fault(FaultBroken, at, "没有 root", "it has no root")
	}
	if level == 0 && set.Root.Implicit != nil {
		return w.implicit(name, raw)
	}
	return w.tile(set.Root, name, "/root", m, most, over, level, true)
}

// implicit hands an implicit tileset to the validator of those that are made here.
func (w *tileWalk) implicit(name string, raw []byte) error {
	w.t.Implicit = true
	if _, zip := w.d.files.(*zipped); zip {
		return fault(FaultSupport, FileWhere{File: name}, "隐式瓦片集请解开后提交文件夹", "an implicit tileset is verified in a folder, not in an archive")
	}
	sub, err := fs.Sub(w.d.files, path.Dir(name))
	if err != nil {
		return err
	}
	report, err := tiles.Validate(sub)
	if err != nil {
		return err
	}
	w.t.Tiles, w.t.Contents, w.t.Bytes = report.Tiles, report.Contents, report.Bytes
	for _, f := range report.Faults {
		w.wrong("tiles_"+strings.ToLower(f.Code), FileWhere{File: f.File, Path: f.Where}, "%s", "%s", f.Say)
	}
	return nil
}

func (w *tileWalk) tile(t *tileJSON, name, where string, m matrix, most float64, over *volume, level int, root bool) error {
	at := FileWhere{File: name, Path: where}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if level > 400 {
		return fault(FaultLimit, at, "瓦片套得太深", "tiles lie too deep in each other")
	}
	if w.t.Tiles++; w.t.Tiles > mostTiles {
		return fault(FaultLimit, at, "瓦片超过 %d 个", "more than %d tiles", mostTiles)
	}
	w.t.Deep = max(w.t.Deep, level+1)
	if len(t.Transform) == 16 {
		m = m.times(matrix(t.Transform))
	} else if len(t.Transform) > 0 {
		w.wrong("tiles_transform", at, "transform 应有 16 个数", "a transform has 16 numbers")
	}
	v, ok := boundOf(t, m)
	if !ok {
		w.wrong("tiles_volume", at, "没有正确的 boundingVolume", "it has no right bounding volume")
		v = volume{unknowable: true}
	}
	if len(v.region) > 0 {
		w.t.Regions = true
	}
	if over != nil && !over.unknowable && !v.unknowable && !over.holds(v) {
		w.wrong("tiles_outside", at, "瓦片超出了上级的范围", "the tile reaches out of the one above it")
	}
	if w.t.Tiles == 1 && !v.unknowable {
		w.t.Radius = v.radius
		if math.Sqrt(v.centre[0]*v.centre[0]+v.centre[1]*v.centre[1]+v.centre[2]*v.centre[2]) > 6.2e6 {
			lon, lat, h := tiles.Geodetic(tiles.Vec(v.centre))
			w.t.Middle, w.t.Placed = Vec{lon, lat, h}, true
		}
	}
	own := most
	switch {
	case t.Error == nil || *t.Error < 0:
		w.wrong("tiles_error", at, "没有 geometricError，或小于零", "it has no geometric error, or one below zero")
	case *t.Error > most*(1+1e-9):
		w.wrong("tiles_error", at, "geometricError %g 大于上级的 %g", "its geometric error %g is above that of the tile over it, %g", *t.Error, most)
	default:
		own = *t.Error
	}
	switch t.Refine {
	case "ADD", "REPLACE":
	case "":
		if root && level == 0 {
			w.wrong("tiles_refine", at, "根没有 refine", "the root has no refinement")
		}
	default:
		w.wrong("tiles_refine", at, "refine %q 不对", "the refinement %q is none", t.Refine)
	}
	if t.Implicit != nil {
		w.m.left("tiles:implicit below", 1)
	}
	contents := t.Contents
	if t.Content != nil {
		contents = append([]tileContent{*t.Content}, contents...)
	}
	for _, c := range contents {
		uri := c.URI
		if uri == "" {
			uri = c.URL
		}
		if err := w.content(uri, name, at, m, own, &v, level); err != nil {
			return err
		}
	}
	for i, c := range t.Children {
		if c == nil {
			w.wrong("tiles_child", at, "第 %d 个下级是空的", "child %d is nothing", i)
			continue
		}
		if err := w.tile(c, name, fmt.Sprintf("%s/children/%d", where, i), m, own, &v, level+1, false); err != nil {
			return err
		}
	}
	return nil
}

func (w *tileWalk) content(uri, from string, at FileWhere, m matrix, most float64, v *volume, level int) error {
	u, err := url.Parse(uri)
	if err != nil || uri == "" || u.IsAbs() || u.Host != "" || strings.HasPrefix(u.Path, "/") {
		w.wrong("tiles_uri", at, "内容地址 %q 不是相对路径", "the content's address %q is not relative", short(uri))
		return nil
	}
	name := path.Join(path.Dir(from), u.Path)
	if !fs.ValidPath(name) {
		w.wrong("tiles_uri", at, "内容地址 %q 越出了文件夹", "the content's address %q leads out of the folder", short(uri))
		return nil
	}
	if strings.EqualFold(path.Ext(name), ".json") {
		if _, err := fs.Stat(statFS{w.d.files}, name); err != nil {
			w.wrong("tiles_missing", at, "缺少 %s", "%s is missing", name)
			return nil
		}
		return w.file(name, m, most, v, level+1)
	}
	w.t.Contents++
	f, err := w.d.files.Open(name)
	if err != nil {
		w.wrong("tiles_missing", at, "缺少 %s", "%s is missing", name)
		return nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	w.t.Bytes += info.Size()
	raw, err := w.whole(name, min(mostGLB, w.o.Limits.File))
	if err != nil {
		return err
	}
	if err := contentOf(raw, 0); err != nil {
		w.wrong("tiles_content", FileWhere{File: name}, "%s", "%s", err.Error())
	}
	return nil
}

// statFS opens to see whether a file is there.
type statFS struct{ fs.FS }

// contentOf checks the container of a content: glTF, or the kinds of 3D Tiles 1.0.
func contentOf(raw []byte, level int) error {
	if len(raw) < 12 {
		return fmt.Errorf("has %d bytes", len(raw))
	}
	magic := string(raw[:4])
	u := func(at int) int64 { return int64(binary.LittleEndian.Uint32(raw[at:])) }
	switch magic {
	case "glTF":
		_, err := openContainer(raw)
		return err
	case "b3dm", "i3dm", "pnts":
		head := map[string]int64{"b3dm": 28, "i3dm": 32, "pnts": 28}[magic]
		if int64(len(raw)) < head || u(4) != 1 || u(8) != int64(len(raw)) {
			return fmt.Errorf("%s: version or length is wrong", magic)
		}
		body := head + u(12) + u(16) + u(20) + u(24)
		if body > int64(len(raw)) {
			return fmt.Errorf("%s: its tables are longer than it", magic)
		}
		if n := u(12); n > 0 && !json.Valid(bytes.TrimRight(raw[head:head+n], " \x00")) {
			return fmt.Errorf("%s: its feature table is no JSON", magic)
		}
		if magic == "b3dm" {
			_, err := openContainer(raw[body:])
			return err
		}
	case "cmpt":
		if u(4) != 1 || len(raw) < 16 || u(8) != int64(len(raw)) || level > 4 {
			return fmt.Errorf("cmpt: version or length is wrong")
		}
		at := int64(16)
		for range u(12) {
			if at+12 > int64(len(raw)) {
				return fmt.Errorf("cmpt: ends too early")
			}
			n := u(int(at) + 8)
			if n < 12 || at+n > int64(len(raw)) {
				return fmt.Errorf("cmpt: a part is longer than it")
			}
			if err := contentOf(raw[at:at+n], level+1); err != nil {
				return err
			}
			at += n
		}
	default:
		if json.Valid(raw) { // a glTF of text
			return nil
		}
		return fmt.Errorf("begins with %q, which is no content", magic)
	}
	return nil
}

// openContainer is openGLB that lets every extension pass: nothing of it is read.
func openContainer(raw []byte) (*gltf, error) {
	if len(raw) < 4 || string(raw[:4]) != "glTF" {
		return nil, fmt.Errorf("has no glTF in it")
	}
	if len(raw) >= 8 && binary.LittleEndian.Uint32(raw[4:]) == 1 {
		return nil, fmt.Errorf("has a glTF 1.0 in it, which no stage shows any more")
	}
	g, err := openGLB(raw, FileWhere{})
	if f, ok := err.(*FileFault); ok && f.Code == FaultSupport {
		return g, nil
	}
	return g, err
}

// boundOf is a tile's volume on the globe. Regions are not moved by transforms.
func boundOf(t *tileJSON, m matrix) (volume, bool) {
	switch b := t.Volume; {
	case len(b.Region) == 6:
		r := b.Region
		for i, x := range r {
			if math.IsNaN(x) || i < 4 && math.Abs(x) > 2*math.Pi {
				return volume{}, false
			}
		}
		if r[1] > r[3] || r[4] > r[5] {
			return volume{}, false
		}
		const degree = 180 / math.Pi
		c := tiles.Earth((r[0]+r[2])/2*degree, (r[1]+r[3])/2*degree, (r[4]+r[5])/2)
		v := volume{region: r, centre: Vec(c)}
		for i := range 8 {
			p := tiles.Earth(r[i&1*2]*degree, r[1+i>>1&1*2]*degree, r[4+i>>2&1])
			v.radius = max(v.radius, math.Sqrt(sq(p[0]-c[0])+sq(p[1]-c[1])+sq(p[2]-c[2])))
		}
		return v, true
	case len(b.Box) == 12:
		v := volume{centre: m.on(Vec(b.Box[:3]))}
		v.box = []Vec{v.centre}
		for i := range 3 {
			a := m.on(Vec{b.Box[0] + b.Box[3+3*i], b.Box[1] + b.Box[4+3*i], b.Box[2] + b.Box[5+3*i]})
			v.box = append(v.box, Vec{a[0] - v.centre[0], a[1] - v.centre[1], a[2] - v.centre[2]})
			v.radius += sq(v.box[i+1][0]) + sq(v.box[i+1][1]) + sq(v.box[i+1][2])
		}
		v.radius = math.Sqrt(v.radius)
		return v, !math.IsNaN(v.radius)
	case len(b.Sphere) == 4 && b.Sphere[3] >= 0:
		v := volume{centre: m.on(Vec(b.Sphere[:3]))}
		v.radius = b.Sphere[3] * math.Sqrt(max(sq(m[0])+sq(m[1])+sq(m[2]), sq(m[4])+sq(m[5])+sq(m[6]), sq(m[8])+sq(m[9])+sq(m[10])))
		return v, true
	}
	return volume{}, false
}

func sq(x float64) float64 { return x * x }

// holds reports whether another volume can lie in it: exactly for two of a kind, else by a sphere about it.
func (v volume) holds(o volume) bool {
	const slack = 0.1
	if len(v.region) > 0 && len(o.region) > 0 {
		const turn = slack / 6378137
		a, b := v.region, o.region
		return b[0] >= a[0]-turn && b[1] >= a[1]-turn && b[2] <= a[2]+turn && b[3] <= a[3]+turn && b[4] >= a[4]-slack && b[5] <= a[5]+slack
	}
	if len(v.box) > 0 && len(o.box) > 0 {
		for i := range 8 {
			p := o.centre
			for k := range 3 {
				s := 1.0
				if i>>k&1 == 1 {
					s = -1
				}
				for c := range p {
					p[c] += s * o.box[k+1][c]
				}
			}
			for k := range 3 {
				axis := v.box[k+1]
				long := math.Sqrt(sq(axis[0]) + sq(axis[1]) + sq(axis[2]))
				if long == 0 {
					continue
				}
				along := ((p[0]-v.centre[0])*axis[0] + (p[1]-v.centre[1])*axis[1] + (p[2]-v.centre[2])*axis[2]) / long
				if math.Abs(along) > long+slack+1e-6*long {
					return false
				}
			}
		}
		return true
	}
	d := math.Sqrt(sq(v.centre[0]-o.centre[0]) + sq(v.centre[1]-o.centre[1]) + sq(v.centre[2]-o.centre[2]))
	return d <= v.radius+o.radius+slack
}

// Reroot returns a tileset that stands elsewhere: at so many degrees of longitude and latitude, so high
// over the ellipsoid, turned by degrees clockwise from north. The contents stay as they are; a tileset whose volumes
// are in degrees is refused, since transforms do not move those.
func Reroot(tileset []byte, t *Tileset, lon, lat, height, heading float64) ([]byte, error) {
	at := FileWhere{File: t.File}
	if t.Regions || t.Implicit {
		return nil, fault(FaultSupport, at, "范围以经纬度给出的瓦片集不能移动", "a tileset whose volumes are in degrees cannot be moved")
	}
	if !(math.Abs(lon) <= 180) || !(math.Abs(lat) <= 90) || math.Abs(height) > 20000 {
		return nil, fault(FaultNumber, at, "位置不在地球上", "the place is not on the globe")
	}
	var all map[string]any
	d := json.NewDecoder(bytes.NewReader(tileset))
	d.UseNumber()
	if err := d.Decode(&all); err != nil {
		return nil, fault(FaultBroken, at, "tileset.json 写法有误：%v", "the tileset is no JSON: %v", err)
	}
	root, ok := all["root"].(map[string]any)
	if !ok {
		return nil, fault(FaultBroken, at, "没有 root", "it has no root")
	}
	m := standing(lon, lat, height, heading)
	// What stood on the globe already is taken off it first.
	if t.Placed {
		m = m.times(rigid(standing(t.Middle[0], t.Middle[1], t.Middle[2], 0)))
	}
	if own, ok := root["transform"].([]any); ok && len(own) == 16 {
		var old matrix
		for i := range old {
			n, _ := own[i].(json.Number)
			old[i], _ = n.Float64()
		}
		m = m.times(old)
	}
	root["transform"] = m[:]
	return json.MarshalIndent(all, "", " ")
}

// standing is the frame at a place: east, north and up of it, turned clockwise by degrees.
func standing(lon, lat, height, heading float64) matrix {
	plane, o := tiles.NewPlane(lon, lat, height), tiles.Earth(lon, lat, height)
	s, c := math.Sincos(heading * math.Pi / 180)
	m := matrix{12: o[0], 13: o[1], 14: o[2], 15: 1}
	for i, axis := range [3]tiles.Vec{{c, -s, 0}, {s, c, 0}, {0, 0, 1}} {
		p := plane.Off(axis)
		for k := range 3 {
			m[4*i+k] = p[k] - o[k]
		}
	}
	return m
}

// rigid is the inverse of a matrix that turns and moves.
func rigid(m matrix) (out matrix) {
	out[15] = 1
	for c := range 3 {
		for r := range 3 {
			out[4*c+r] = m[4*r+c]
			out[12+c] -= m[4*c+r] * m[12+r]
		}
	}
	return out
}
