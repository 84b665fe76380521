package tiles

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/bits"
	"path"
	"slices"
	"strings"
)

// Fault is what is wrong with a tileset, where.
type Fault struct {
	Code  string `json:"code"` // stable
	File  string `json:"file"`
	Where string `json:"where,omitempty"` // in it
	Say   string `json:"say"`
}

// Report is what [Validate] found.
type Report struct {
	Subtrees int     `json:"subtrees"`
	Tiles    int     `json:"tiles"`
	Contents int     `json:"contents"`
	Features int     `json:"features"` // rows of all tables
	Bytes    int64   `json:"bytes"`
	Faults   []Fault `json:"faults"`
}

// The most faults that are told.
const mostFaults = 200

type validator struct {
	files    fs.FS
	report   *Report
	root     tilesetRoot
	rootName string // of the file of the root
	sound    bool   // the root has a region and errors
	seen     map[string]bool
}

type tilesetRoot struct {
	Asset struct {
		Version string `json:"version"`
	} `json:"asset"`
	GeometricError *float64 `json:"geometricError"`
	Root           struct {
		BoundingVolume struct {
			Region []float64 `json:"region"`
		} `json:"boundingVolume"`
		Refine         string   `json:"refine"`
		GeometricError *float64 `json:"geometricError"`
		Content        struct {
			URI string `json:"uri"`
		} `json:"content"`
		Implicit *struct {
			Scheme    string `json:"subdivisionScheme"`
			Deep      int    `json:"subtreeLevels"`
			Available int    `json:"availableLevels"`
			Subtrees  struct {
				URI string `json:"uri"`
			} `json:"subtrees"`
		} `json:"implicitTiling"`
		Children []struct {
			BoundingVolume struct {
				Region []float64 `json:"region"`
			} `json:"boundingVolume"`
			GeometricError *float64 `json:"geometricError"`
			Content        struct {
				URI string `json:"uri"`
			} `json:"content"`
		} `json:"children"`
	} `json:"root"`
}

func (v *validator) fault(code, file, where, format string, args ...any) {
	if len(v.report.Faults) < mostFaults {
		v.report.Faults = append(v.report.Faults, Fault{code, file, where, fmt.Sprintf(format, args...)})
	}
}

// Validate reads a tileset of the kind that [Tiler] writes, an implicit quadtree of regions, or several
// under one root ([Join]), and says what is wrong with its roots, its subtrees and each content. The
// error is that of reading; what cannot be validated is a fault.
func Validate(files fs.FS) (*Report, error) {
	report, seen := &Report{Faults: []Fault{}}, map[string]bool{}
	v := &validator{files: files, report: report, seen: seen}
	whole, err := v.readRoot("tileset.json")
	if err != nil {
		return nil, err
	}
	all := []*validator{v}
	if v.root.Root.Implicit == nil && len(v.root.Root.Children) > 0 && whole != nil {
		all = nil
		for i, c := range v.root.Root.Children {
			where := fmt.Sprintf("/root/children/%d", i)
			switch {
			case c.GeometricError == nil || *c.GeometricError < 0 || *c.GeometricError > *v.root.Root.GeometricError:
				v.fault("GEOMETRIC_ERROR", "tileset.json", where, "is missing, below 0, or above that of the root")
				continue
			case len(c.BoundingVolume.Region) != 6 || !whole.holds(Region(padded(c.BoundingVolume.Region))):
				v.fault("REGION", "tileset.json", where, "reaches out of the root: %v", c.BoundingVolume.Region)
				continue
			case !fs.ValidPath(c.Content.URI) || path.Ext(c.Content.URI) != ".json" || seen[c.Content.URI]:
				v.fault("TEMPLATE", "tileset.json", where, "%q is no tileset below the root, or is there twice", c.Content.URI)
				continue
			}
			child := &validator{files: files, report: report, seen: seen}
			own, err := child.readRoot(c.Content.URI)
			if err != nil {
				v.fault("CONTENT_MISSING", c.Content.URI, "", "%v", err)
				continue
			}
			if own == nil {
				continue
			}
			if !whole.holds(*own) {
				v.fault("REGION", c.Content.URI, "/root/boundingVolume/region", "reaches out of the tileset that names it")
			}
			all = append(all, child)
		}
	}
	extensions := map[string]bool{}
	for _, one := range all {
		if one.implicit() {
			im, r := one.root.Root.Implicit, one.root.Root
			extensions[path.Ext(r.Content.URI)], extensions[path.Ext(im.Subtrees.URI)] = true, true
			one.subtree(Key{}, map[Key]node{{Level: -1}: {region: Region(padded(r.BoundingVolume.Region)), err: *r.GeometricError}})
		}
	}
	err = fs.WalkDir(files, ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !seen[p] && extensions[path.Ext(p)] {
			v.fault("ORPHAN", p, "", "no subtree says that there is this file")
		}
		return err
	})
	return report, err
}

// readRoot reads a tileset's JSON and gives its region; nil where it has none that can be gone on with.
func (v *validator) readRoot(name string) (*Region, error) {
	text, err := fs.ReadFile(v.files, name)
	if err != nil {
		return nil, err
	}
	v.rootName = name
	v.seen[name] = true
	v.report.Bytes += int64(len(text))
	if err := json.Unmarshal(text, &v.root); err != nil {
		v.fault("JSON", name, "", "%v", err)
		return nil, nil
	}
	r := v.root.Root
	if v.root.Asset.Version != "1.1" {
		v.fault("ASSET_VERSION", name, "/asset/version", "is %q, not 1.1", v.root.Asset.Version)
	}
	if v.root.GeometricError == nil || r.GeometricError == nil || *r.GeometricError < 0 || *v.root.GeometricError < *r.GeometricError {
		v.fault("GEOMETRIC_ERROR", name, "/root/geometricError", "is missing, below 0, or above that of the tileset")
		return nil, nil
	}
	if r.Refine != "ADD" && r.Refine != "REPLACE" {
		v.fault("REFINE", name, "/root/refine", "is %q", r.Refine)
	}
	if len(r.BoundingVolume.Region) != 6 || !valid(Region(padded(r.BoundingVolume.Region))) {
		v.fault("REGION", name, "/root/boundingVolume/region", "is no region: %v", r.BoundingVolume.Region)
		return nil, nil
	}
	whole := Region(padded(r.BoundingVolume.Region))
	v.sound = true
	return &whole, nil
}

// implicit says whether the root that was read is a quadtree that can be walked.
func (v *validator) implicit() bool {
	r, im, name := v.root.Root, v.root.Root.Implicit, v.rootName
	if !v.sound {
		return false
	}
	if im == nil || im.Scheme != "QUADTREE" || im.Deep < 1 || im.Deep > 12 || im.Available < 1 || im.Available > 24 {
		v.fault("IMPLICIT", name, "/root/implicitTiling", "is no quadtree with levels")
		return false
	}
	for _, uri := range []string{r.Content.URI, im.Subtrees.URI} {
		if !strings.Contains(uri, "{level}") || !strings.Contains(uri, "{x}") || !strings.Contains(uri, "{y}") || strings.HasPrefix(uri, "/") || strings.Contains(uri, "..") {
			v.fault("TEMPLATE", name, "/root", "%q names no file by level, x and y below the root", uri)
			return false
		}
	}
	return true
}

func padded(r []float64) (out [6]float64) {
	copy(out[:], r)
	return out
}

func valid(r Region) bool {
	return r[0] >= -math.Pi && r[2] <= math.Pi && r[0] <= r[2] && r[1] >= -math.Pi/2 && r[3] <= math.Pi/2 && r[1] <= r[3] && r[4] <= r[5]
}

func (v *validator) name(template string, k Key) string {
	return strings.NewReplacer("{level}", fmt.Sprint(k.Level), "{x}", fmt.Sprint(k.X), "{y}", fmt.Sprint(k.Y)).Replace(template)
}

type availability struct {
	Constant  *int `json:"constant"`
	Bitstream *int `json:"bitstream"`
	Count     *int `json:"availableCount"`
}

type bufferView struct {
	Buffer     int `json:"buffer"`
	Offset     int `json:"byteOffset"`
	Length     int `json:"byteLength"`
	Stride     int `json:"byteStride"`
	Extensions struct {
		Meshopt *struct {
			Buffer int    `json:"buffer"`
			Offset int    `json:"byteOffset"`
			Length int    `json:"byteLength"`
			Stride int    `json:"byteStride"`
			Count  int    `json:"count"`
			Mode   string `json:"mode"`
		} `json:"EXT_meshopt_compression"`
	} `json:"extensions"`
}

type propertyTable struct {
	Class      string `json:"class"`
	Count      int    `json:"count"`
	Properties map[string]struct {
		Values  int  `json:"values"`
		Offsets *int `json:"stringOffsets"`
	} `json:"properties"`
}

// subtree looks at one and at all below it. above are the tiles of its parent's last level.
func (v *validator) subtree(at Key, above map[Key]node) {
	im := v.root.Root.Implicit
	name := v.name(im.Subtrees.URI, at)
	raw, err := fs.ReadFile(v.files, name)
	if err != nil {
		v.fault("SUBTREE_MISSING", name, "", "%v", err)
		return
	}
	v.seen[name] = true
	v.report.Subtrees++
	v.report.Bytes += int64(len(raw))
	if len(raw) < 24 || string(raw[:4]) != "subt" || binary.LittleEndian.Uint32(raw[4:]) != 1 {
		v.fault("SUBTREE_HEADER", name, "", "is no subtree of version 1")
		return
	}
	jsonLength, binLength := binary.LittleEndian.Uint64(raw[8:]), binary.LittleEndian.Uint64(raw[16:])
	if jsonLength > uint64(len(raw)) || binLength > uint64(len(raw)) || 24+jsonLength+binLength != uint64(len(raw)) || jsonLength%8 != 0 || binLength%8 != 0 {
		v.fault("SUBTREE_LENGTH", name, "", "JSON of %d and data of %d bytes, multiples of eight, are not %d in all", jsonLength, binLength, len(raw))
		return
	}
	var head struct {
		Buffers  []struct{ ByteLength int } `json:"buffers"`
		Views    []bufferView               `json:"bufferViews"`
		Tiles    availability               `json:"tileAvailability"`
		Contents []availability             `json:"contentAvailability"`
		Below    availability               `json:"childSubtreeAvailability"`
		Tables   []propertyTable            `json:"propertyTables"`
		Metadata *int                       `json:"tileMetadata"`
	}
	if err := json.Unmarshal(raw[24:24+jsonLength], &head); err != nil {
		v.fault("JSON", name, "", "%v", err)
		return
	}
	data := raw[24+jsonLength:]
	view := func(i int, where string) []byte {
		if i < 0 || i >= len(head.Views) || head.Views[i].Offset < 0 || head.Views[i].Length < 0 || head.Views[i].Offset > len(data)-head.Views[i].Length {
			v.fault("BUFFER_VIEW", name, where, "%d is no part of the data", i)
			return nil
		}
		return data[head.Views[i].Offset : head.Views[i].Offset+head.Views[i].Length]
	}
	bitsOf := func(a availability, n int, where string) func(i int) bool {
		switch {
		case a.Constant != nil && a.Bitstream == nil && (*a.Constant == 0 || *a.Constant == 1):
			return func(int) bool { return *a.Constant == 1 }
		case a.Bitstream == nil || a.Constant != nil:
			v.fault("AVAILABILITY", name, where, "is neither constant nor bits")
			return func(int) bool { return false }
		}
		stream := view(*a.Bitstream, where)
		if len(stream) != (n+7)/8 {
			v.fault("AVAILABILITY_LENGTH", name, where, "has %d bytes for %d bits", len(stream), n)
			return func(int) bool { return false }
		}
		set := 0
		for _, b := range stream {
			set += bits.OnesCount8(b)
		}
		if a.Count == nil || *a.Count != set {
			v.fault("AVAILABLE_COUNT", name, where, "%d bits are set", set)
		}
		if n%8 != 0 && stream[len(stream)-1]>>(n%8) != 0 {
			v.fault("AVAILABILITY_LENGTH", name, where, "bits are set past the end")
		}
		return func(i int) bool { return stream[i/8]>>(i%8)&1 == 1 }
	}
	count := (1<<(2*im.Deep) - 1) / 3
	tile := bitsOf(head.Tiles, count, "/tileAvailability")
	content := func(int) bool { return false }
	if len(head.Contents) > 1 {
		v.fault("CONTENTS", name, "/contentAvailability", "a tile has one content")
	} else if len(head.Contents) == 1 {
		content = bitsOf(head.Contents[0], count, "/contentAvailability/0")
	}
	child := bitsOf(head.Below, 1<<(2*im.Deep), "/childSubtreeAvailability")
	available := 0
	for i := range count {
		if tile(i) {
			available++
		}
	}
	var regions, errs []byte
	if head.Metadata != nil {
		if *head.Metadata < 0 || *head.Metadata >= len(head.Tables) || head.Tables[*head.Metadata].Count != available {
			v.fault("TILE_METADATA", name, "/tileMetadata", "is no table of %d tiles", available)
		} else {
			t := head.Tables[*head.Metadata]
			if p, ok := t.Properties["region"]; ok {
				regions = view(p.Values, "/propertyTables/region")
			}
			if p, ok := t.Properties["error"]; ok {
				errs = view(p.Values, "/propertyTables/error")
			}
			if len(regions) != 48*available || len(errs) != 8*available {
				v.fault("TILE_METADATA", name, "/propertyTables", "regions of %d and errors of %d bytes for %d tiles", len(regions), len(errs), available)
				regions, errs = nil, nil
			}
		}
	}
	number := func(b []byte, i int) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:])) }
	here := map[Key]node{}
	index, row := 0, 0
	for l := range im.Deep {
		for m := range uint64(1) << (2 * l) {
			x, y := unmorton(m)
			k := Key{at.Level + l, at.X<<l + x, at.Y<<l + y}
			has, full := tile(index), content(index)
			index++
			if full && !has {
				v.fault("CONTENT_WITHOUT_TILE", name, "/contentAvailability", "%v has a content and is none", k)
			}
			if !has {
				continue
			}
			v.report.Tiles++
			parent, ok := here[Key{k.Level - 1, k.X / 2, k.Y / 2}]
			if l == 0 {
				parent, ok = above[Key{k.Level - 1, k.X / 2, k.Y / 2}]
			}
			if !ok {
				v.fault("PARENT_MISSING", name, "/tileAvailability", "%v is a tile and the one above it none", k)
			}
			if k.Level >= im.Available {
				v.fault("LEVEL", name, "/tileAvailability", "%v is below the %d levels", k, im.Available)
			}
			n := node{content: full, region: parent.region, err: parent.err / 2}
			if regions != nil {
				for i := range n.region {
					n.region[i] = number(regions, 6*row+i)
				}
				n.err = number(errs, row)
				if !valid(n.region) {
					v.fault("REGION", name, fmt.Sprint(k), "%v", n.region)
				} else if ok && n.region.with(parent.region) != parent.region {
					v.fault("REGION_OUTSIDE", name, fmt.Sprint(k), "%v reaches out of %v", n.region, parent.region)
				}
				if ok && n.err > parent.err || n.err < 0 {
					v.fault("GEOMETRIC_ERROR", name, fmt.Sprint(k), "%g, above that of the tile over it, %g", n.err, parent.err)
				}
			}
			row++
			here[k] = n
			if full {
				v.content(k, n)
			}
		}
	}
	for m := range uint64(1) << (2 * im.Deep) {
		if !child(int(m)) {
			continue
		}
		x, y := unmorton(m)
		v.subtree(Key{at.Level + im.Deep, at.X<<im.Deep + x, at.Y<<im.Deep + y}, here)
	}
}

var errGLB = errors.New("is no GLB of version 2")

// content looks at the glTF of a tile.
func (v *validator) content(k Key, n node) {
	name := v.name(v.root.Root.Content.URI, k)
	raw, err := fs.ReadFile(v.files, name)
	if err != nil {
		v.fault("CONTENT_MISSING", name, "", "%v", err)
		return
	}
	v.seen[name] = true
	v.report.Contents++
	v.report.Bytes += int64(len(raw))
	g, err := readGLB(raw)
	if err != nil {
		v.fault("GLB", name, "", "%v", err)
		return
	}
	for i, nd := range g.head.Nodes {
		where := fmt.Sprintf("/nodes/%d", i)
		if nd.Mesh == nil {
			continue
		}
		if *nd.Mesh < 0 || *nd.Mesh >= len(g.head.Meshes) || len(nd.Matrix) != 16 {
			v.fault("NODE", name, where, "has no mesh or no matrix")
			continue
		}
		for _, p := range g.head.Meshes[*nd.Mesh].Primitives {
			v.primitive(g, p, nd.Matrix, n, name, where)
		}
	}
}

func (v *validator) primitive(g *readGLTF, p primitive, matrix []float64, n node, name, where string) {
	places, err := g.accessor(p.Attributes["POSITION"], 3)
	if err != nil {
		v.fault("POSITION", name, where, "%v", err)
		return
	}
	a := g.head.Accessors[p.Attributes["POSITION"]]
	low, high := [3]float64{math.Inf(1), math.Inf(1), math.Inf(1)}, [3]float64{math.Inf(-1), math.Inf(-1), math.Inf(-1)}
	for i := range len(places) / 3 {
		for c := range 3 {
			low[c], high[c] = min(low[c], places[3*i+c]), max(high[c], places[3*i+c])
		}
	}
	if len(a.Min) != 3 || len(a.Max) != 3 || [3]float64(a.Min) != low || [3]float64(a.Max) != high {
		v.fault("POSITION_BOUNDS", name, where, "%v to %v, they are %v to %v", a.Min, a.Max, low, high)
	}
	indices, err := g.accessor(p.Indices, 1)
	if err != nil {
		v.fault("INDICES", name, where, "%v", err)
		return
	}
	if len(indices)%3 != 0 {
		v.fault("INDICES", name, where, "%d are no triangles", len(indices))
	}
	for _, i := range indices {
		if int(i) >= len(places)/3 {
			v.fault("INDICES", name, where, "%g of %d corners", i, len(places)/3)
			return
		}
	}
	// What is shown lies in the region of the tile, to the step of a vertex.
	const slack, turn = 0.05, 0.05 / semiMajor
	for i := range len(places) / 3 {
		q := places[3*i : 3*i+3]
		var w Vec
		for r := range 3 {
			w[r] = matrix[r]*q[0] + matrix[4+r]*q[1] + matrix[8+r]*q[2] + matrix[12+r]
		}
		lon, lat, h := Geodetic(Vec{w[0], -w[2], w[1]})
		lon, lat = lon*math.Pi/180, lat*math.Pi/180
		if r := n.region; lon < r[0]-turn || lon > r[2]+turn || lat < r[1]-turn || lat > r[3]+turn || h < r[4]-slack || h > r[5]+slack {
			v.fault("CONTENT_OUTSIDE", name, where, "corner %d at %.7f, %.7f, %.2f m is outside the tile's region", i, lon*180/math.Pi, lat*180/math.Pi, h)
			break
		}
	}
	for _, f := range p.Extensions.Features.IDs {
		table := f.Table
		if f.Attribute == nil || table == nil || *table < 0 || *table >= len(g.head.Extensions.Metadata.Tables) || g.head.Extensions.Metadata.Tables[*table].Count != f.Count {
			v.fault("FEATURE_TABLE", name, where, "the features have no table of %d rows", f.Count)
			continue
		}
		ids, err := g.accessor(p.Attributes[fmt.Sprintf("_FEATURE_ID_%d", *f.Attribute)], 1)
		if err != nil || len(ids) != len(places)/3 {
			v.fault("FEATURE_ID", name, where, "%d of %d corners: %v", len(ids), len(places)/3, err)
			continue
		}
		for _, id := range ids {
			if int(id) >= f.Count {
				v.fault("FEATURE_ID", name, where, "%g of %d features", id, f.Count)
				break
			}
		}
		v.report.Features += f.Count
		if _, err := g.strings(*table, "code"); err != nil {
			v.fault("PROPERTY", name, where, "code: %v", err)
		}
	}
}

type primitive struct {
	Attributes map[string]int `json:"attributes"`
	Indices    int            `json:"indices"`
	Extensions struct {
		Features struct {
			IDs []struct {
				Count     int  `json:"featureCount"`
				Attribute *int `json:"attribute"`
				Table     *int `json:"propertyTable"`
			} `json:"featureIds"`
		} `json:"EXT_mesh_features"`
	} `json:"extensions"`
}

// readGLTF is a GLB that was read.
type readGLTF struct {
	head struct {
		Nodes []struct {
			Mesh   *int      `json:"mesh"`
			Matrix []float64 `json:"matrix"`
		} `json:"nodes"`
		Meshes []struct {
			Primitives []primitive `json:"primitives"`
		} `json:"meshes"`
		Accessors []struct {
			View   int       `json:"bufferView"`
			Offset int       `json:"byteOffset"`
			Type   int       `json:"componentType"`
			Count  int       `json:"count"`
			Min    []float64 `json:"min"`
			Max    []float64 `json:"max"`
		} `json:"accessors"`
		Views      []bufferView `json:"bufferViews"`
		Extensions struct {
			Metadata struct {
				Tables []propertyTable `json:"propertyTables"`
			} `json:"EXT_structural_metadata"`
		} `json:"extensions"`
	}
	data     []byte
	unpacked map[int][]byte
}

func readGLB(raw []byte) (*readGLTF, error) {
	if len(raw) < 28 || string(raw[:4]) != "glTF" || binary.LittleEndian.Uint32(raw[4:]) != 2 || int(binary.LittleEndian.Uint32(raw[8:])) != len(raw) {
		return nil, errGLB
	}
	n := int(binary.LittleEndian.Uint32(raw[12:]))
	if string(raw[16:20]) != "JSON" || n%4 != 0 || n > len(raw)-28 || string(raw[24+n:28+n]) != "BIN\x00" || int(binary.LittleEndian.Uint32(raw[20+n:])) != len(raw)-28-n {
		return nil, errGLB
	}
	g := &readGLTF{data: raw[28+n:], unpacked: map[int][]byte{}}
	return g, json.Unmarshal(raw[20:20+n], &g.head)
}

// view is the bytes of a buffer view, unpacked.
func (g *readGLTF) view(i int) ([]byte, error) {
	if i < 0 || i >= len(g.head.Views) {
		return nil, fmt.Errorf("there is no buffer view %d", i)
	}
	if b, ok := g.unpacked[i]; ok {
		return b, nil
	}
	w := g.head.Views[i]
	at, long, buffer := w.Offset, w.Length, w.Buffer
	m := w.Extensions.Meshopt
	if m != nil {
		at, long, buffer = m.Offset, m.Length, m.Buffer
	}
	if buffer != 0 || at < 0 || long < 0 || at > len(g.data)-long {
		return nil, fmt.Errorf("buffer view %d is outside the data", i)
	}
	b := g.data[at : at+long]
	if m != nil {
		if m.Count < 0 || m.Count > 1<<24 || m.Stride <= 0 || m.Stride > 256 {
			return nil, errCodec
		}
		var err error
		switch m.Mode {
		case "ATTRIBUTES":
			b, err = unpackAttributes(b, m.Count, m.Stride)
		case "INDICES":
			var all []uint32
			if all, err = unpackSequence(b, m.Count); err == nil {
				b = make([]byte, 0, m.Count*m.Stride)
				for _, x := range all {
					if m.Stride == 2 {
						b = binary.LittleEndian.AppendUint16(b, uint16(x))
					} else {
						b = binary.LittleEndian.AppendUint32(b, x)
					}
				}
			}
		default:
			err = fmt.Errorf("mode %q is not read here", m.Mode)
		}
		if err != nil {
			return nil, fmt.Errorf("buffer view %d: %w", i, err)
		}
	}
	g.unpacked[i] = b
	return b, nil
}

// accessor reads the numbers of one, so many a place.
func (g *readGLTF) accessor(i, each int) ([]float64, error) {
	if i < 0 || i >= len(g.head.Accessors) {
		return nil, fmt.Errorf("there is no accessor %d", i)
	}
	a := g.head.Accessors[i]
	b, err := g.view(a.View)
	if err != nil {
		return nil, err
	}
	size := map[int]int{5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4}[a.Type]
	step := g.head.Views[a.View].Stride
	if step == 0 {
		step = size * each
	}
	if size == 0 || a.Count < 1 || a.Offset < 0 || a.Offset+(a.Count-1)*step+size*each > len(b) {
		return nil, fmt.Errorf("accessor %d is outside its view", i)
	}
	out := make([]float64, 0, a.Count*each)
	for k := range a.Count {
		for c := range each {
			p := b[a.Offset+k*step+c*size:]
			var x float64
			switch a.Type {
			case 5120:
				x = float64(int8(p[0]))
			case 5121:
				x = float64(p[0])
			case 5122:
				x = float64(int16(binary.LittleEndian.Uint16(p)))
			case 5123:
				x = float64(binary.LittleEndian.Uint16(p))
			case 5125:
				x = float64(binary.LittleEndian.Uint32(p))
			case 5126:
				x = float64(math.Float32frombits(binary.LittleEndian.Uint32(p)))
			}
			out = append(out, x)
		}
	}
	return out, nil
}

// strings reads a property of a table that is text.
func (g *readGLTF) strings(table int, property string) ([]string, error) {
	t := g.head.Extensions.Metadata.Tables[table]
	p, ok := t.Properties[property]
	if !ok || p.Offsets == nil {
		return nil, errors.New("the table has it not")
	}
	text, err := g.view(p.Values)
	if err != nil {
		return nil, err
	}
	offsets, err := g.view(*p.Offsets)
	if err != nil {
		return nil, err
	}
	if len(offsets) != 4*(t.Count+1) {
		return nil, fmt.Errorf("%d bytes of offsets for %d rows", len(offsets), t.Count)
	}
	out := make([]string, t.Count)
	for i := range out {
		from, to := binary.LittleEndian.Uint32(offsets[4*i:]), binary.LittleEndian.Uint32(offsets[4*i+4:])
		if from > to || int(to) > len(text) {
			return nil, fmt.Errorf("row %d begins at %d and ends at %d of %d", i, from, to, len(text))
		}
		out[i] = string(text[from:to])
	}
	return out, nil
}

// Found is what is in a content: its rows' codes.
func Found(glb []byte) (codes []string, err error) {
	g, err := readGLB(glb)
	if err != nil {
		return nil, err
	}
	for i := range g.head.Extensions.Metadata.Tables {
		some, err := g.strings(i, "code")
		if err != nil {
			return nil, err
		}
		codes = append(codes, some...)
	}
	return slices.Clip(codes), nil
}
