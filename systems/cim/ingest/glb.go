package ingest

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
)

// gltf is what is read of a binary glTF 2.0.
type gltf struct {
	Asset struct {
		Version string `json:"version"`
	} `json:"asset"`
	Required []string `json:"extensionsRequired"`
	Scene    *int     `json:"scene"`
	Scenes   []struct {
		Nodes []int `json:"nodes"`
	} `json:"scenes"`
	Nodes []struct {
		Name     string         `json:"name"`
		Mesh     *int           `json:"mesh"`
		Children []int          `json:"children"`
		Matrix   []float64      `json:"matrix"`
		Move     []float64      `json:"translation"`
		Turn     []float64      `json:"rotation"`
		Scale    []float64      `json:"scale"`
		Extras   map[string]any `json:"extras"`
	} `json:"nodes"`
	Meshes []struct {
		Primitives []struct {
			Attributes map[string]int `json:"attributes"`
			Indices    *int           `json:"indices"`
			Mode       *int           `json:"mode"`
		} `json:"primitives"`
	} `json:"meshes"`
	Accessors []struct {
		View       *int   `json:"bufferView"`
		Offset     int    `json:"byteOffset"`
		Component  int    `json:"componentType"`
		Normalized bool   `json:"normalized"`
		Count      int    `json:"count"`
		Type       string `json:"type"`
		Sparse     any    `json:"sparse"`
	} `json:"accessors"`
	Views []struct {
		Buffer int `json:"buffer"`
		Offset int `json:"byteOffset"`
		Length int `json:"byteLength"`
		Stride int `json:"byteStride"`
	} `json:"bufferViews"`

	data []byte
}

// mostGLB is how long one may be; it is held in memory.
const mostGLB = 512 << 20

// glb reads the triangles of a binary glTF. Its axes are turned: glTF has y up.
func (r *reading) glb(name string) error {
	raw, err := r.whole(name, min(mostGLB, r.o.Limits.File))
	if err != nil {
		return err
	}
	r.m.Plain = true
	g, err := openGLB(raw, FileWhere{File: name})
	if err != nil {
		return err
	}
	r.m.Version = g.Asset.Version
	roots := []int{}
	switch {
	case len(g.Scenes) > 0:
		n := 0
		if g.Scene != nil {
			n = *g.Scene
		}
		if n < 0 || n >= len(g.Scenes) {
			return fault(FaultRefers, FileWhere{File: name, Path: "/scene"}, "没有第 %d 个场景", "there is no scene %d", n)
		}
		roots = g.Scenes[n].Nodes
	default:
		for i := range g.Nodes {
			roots = append(roots, i)
		}
	}
	for _, n := range roots {
		if err := r.node(g, name, n, identity, 0); err != nil {
			return err
		}
	}
	return nil
}

// openGLB checks the container of a binary glTF and reads its head.
func openGLB(raw []byte, at FileWhere) (*gltf, error) {
	if len(raw) < 20 || string(raw[:4]) != "glTF" || binary.LittleEndian.Uint32(raw[4:]) != 2 {
		return nil, fault(FaultBroken, at, "不是 glTF 2.0 二进制", "is no binary glTF 2.0")
	}
	if uint64(binary.LittleEndian.Uint32(raw[8:])) > uint64(len(raw)) {
		return nil, fault(FaultCut, at, "文件不完整：应有 %d 字节，只有 %d", "it should have %d bytes, it has %d", binary.LittleEndian.Uint32(raw[8:]), len(raw))
	}
	n := uint64(binary.LittleEndian.Uint32(raw[12:]))
	if string(raw[16:20]) != "JSON" || 20+n > uint64(len(raw)) {
		return nil, fault(FaultBroken, at, "第一块不是 JSON", "its first chunk is no JSON")
	}
	g := &gltf{}
	if err := json.Unmarshal(raw[20:20+n], g); err != nil {
		return nil, fault(FaultBroken, at, "JSON 块写法有误：%v", "its JSON chunk: %v", err)
	}
	if rest := raw[20+n:]; len(rest) >= 8 {
		size := uint64(binary.LittleEndian.Uint32(rest))
		if string(rest[4:8]) != "BIN\x00" || 8+size > uint64(len(rest)) {
			return nil, fault(FaultBroken, at, "第二块不是数据，或不完整", "its second chunk is no data, or cut off")
		}
		g.data = rest[8 : 8+size]
	}
	for _, x := range g.Required {
		switch x {
		case "KHR_mesh_quantization", "EXT_mesh_features", "EXT_structural_metadata", "KHR_texture_transform", "KHR_materials_unlit", "KHR_texture_basisu", "EXT_texture_webp":
		default:
			return nil, fault(FaultSupport, at, "用了扩展 %s，请先解压再提交", "it needs the extension %s, which is not read: hand it in unpacked", x)
		}
	}
	return g, nil
}

type matrix [16]float64 // column by column

var identity = matrix{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}

func (m matrix) times(n matrix) (out matrix) {
	for c := range 4 {
		for r := range 4 {
			for k := range 4 {
				out[4*c+r] += m[4*k+r] * n[4*c+k]
			}
		}
	}
	return out
}

func (m matrix) on(v Vec) Vec {
	return Vec{m[0]*v[0] + m[4]*v[1] + m[8]*v[2] + m[12], m[1]*v[0] + m[5]*v[1] + m[9]*v[2] + m[13], m[2]*v[0] + m[6]*v[1] + m[10]*v[2] + m[14]}
}

func (r *reading) node(g *gltf, name string, n int, above matrix, level int) error {
	at := FileWhere{File: name, Path: fmt.Sprintf("/nodes/%d", n)}
	if n < 0 || n >= len(g.Nodes) {
		return fault(FaultRefers, at, "节点不存在", "there is no such node")
	}
	if level > r.o.Limits.Deep {
		return fault(FaultBroken, at, "节点套得太深，或套成了圈", "nodes lie too deep in each other, or in a circle")
	}
	nd := &g.Nodes[n]
	local := identity
	if len(nd.Matrix) == 16 {
		local = matrix(nd.Matrix)
	} else {
		if len(nd.Turn) == 4 {
			x, y, z, w := nd.Turn[0], nd.Turn[1], nd.Turn[2], nd.Turn[3]
			local = matrix{1 - 2*(y*y+z*z), 2 * (x*y + z*w), 2 * (x*z - y*w), 0, 2 * (x*y - z*w), 1 - 2*(x*x+z*z), 2 * (y*z + x*w), 0, 2 * (x*z + y*w), 2 * (y*z - x*w), 1 - 2*(x*x+y*y), 0, 0, 0, 0, 1}
		}
		if len(nd.Scale) == 3 {
			for c := range 3 {
				for k := range 3 {
					local[4*c+k] *= nd.Scale[c]
				}
			}
		}
		if len(nd.Move) == 3 {
			local[12], local[13], local[14] = nd.Move[0], nd.Move[1], nd.Move[2]
		}
	}
	m := above.times(local)
	if nd.Mesh != nil {
		if err := r.mesh(g, name, *nd.Mesh, m, n); err != nil {
			return err
		}
	}
	for _, c := range nd.Children {
		if err := r.node(g, name, c, m, level+1); err != nil {
			return err
		}
	}
	return nil
}

func (r *reading) mesh(g *gltf, name string, n int, m matrix, node int) error {
	at := FileWhere{File: name, Path: fmt.Sprintf("/nodes/%d", node)}
	if n < 0 || n >= len(g.Meshes) {
		return fault(FaultRefers, at, "网格不存在", "there is no such mesh")
	}
	o := Object{ID: g.Nodes[node].Name, Kind: "mesh", Attributes: g.Nodes[node].Extras, Where: at}
	if o.ID == "" {
		o.ID = fmt.Sprintf("node %d", node)
	}
	s := Shape{Kind: Mesh, Shells: [][]Face{nil}}
	for i, p := range g.Meshes[n].Primitives {
		w := at
		w.Path = fmt.Sprintf("/meshes/%d/primitives/%d", n, i)
		mode := 4
		if p.Mode != nil {
			mode = *p.Mode
		}
		if mode < 4 || mode > 6 {
			r.m.left(fmt.Sprintf("glb:mode %d", mode), 1)
			continue
		}
		position, ok := p.Attributes["POSITION"]
		if !ok {
			r.m.left("glb:no position", 1)
			continue
		}
		places, err := g.numbers(position, 3, w)
		if err != nil {
			return err
		}
		base := len(r.m.Vertices)
		for k := 0; k+2 < len(places); k += 3 {
			v := m.on(Vec{places[k], places[k+1], places[k+2]})
			if _, err := r.vertex(v[0], -v[2], v[1], w); err != nil {
				return err
			}
		}
		count := len(places) / 3
		var order []int32
		if p.Indices != nil {
			list, err := g.numbers(*p.Indices, 1, w)
			if err != nil {
				return err
			}
			for _, x := range list {
				if x < 0 || int(x) >= count {
					return fault(FaultRefers, w, "引用了第 %g 个顶点，共有 %d 个", "refers to vertex %g of %d", x, count)
				}
				order = append(order, int32(base)+int32(x))
			}
		} else {
			for k := range count {
				order = append(order, int32(base+k))
			}
		}
		add := func(a, b, c int32) {
			if a != b && b != c && a != c {
				s.Shells[0] = append(s.Shells[0], Face{Rings: [][]int32{{a, b, c}}})
			}
		}
		for k := 0; k+2 < len(order); {
			switch mode {
			case 4:
				add(order[k], order[k+1], order[k+2])
				k += 3
			case 5:
				if k%2 == 0 {
					add(order[k], order[k+1], order[k+2])
				} else {
					add(order[k+1], order[k], order[k+2])
				}
				k++
			default:
				add(order[0], order[k+1], order[k+2])
				k++
			}
		}
	}
	if len(s.Shells[0]) > 0 {
		o.Shapes = []Shape{s}
	}
	return r.object(o)
}

// numbers reads an accessor, so many a place.
func (g *gltf) numbers(i, each int, at FileWhere) ([]float64, error) {
	if i < 0 || i >= len(g.Accessors) {
		return nil, fault(FaultRefers, at, "没有第 %d 个 accessor", "there is no accessor %d", i)
	}
	a := g.Accessors[i]
	if a.Sparse != nil || a.View == nil {
		return nil, fault(FaultSupport, at, "稀疏的 accessor 不支持", "sparse accessors are not read")
	}
	if *a.View < 0 || *a.View >= len(g.Views) {
		return nil, fault(FaultRefers, at, "没有第 %d 个 bufferView", "there is no buffer view %d", *a.View)
	}
	v := g.Views[*a.View]
	size := map[int]int{5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4}[a.Component]
	want := map[int]string{1: "SCALAR", 3: "VEC3"}[each]
	step := v.Stride
	if step == 0 {
		step = size * each
	}
	if v.Buffer != 0 || size == 0 || a.Type != want || v.Offset < 0 || v.Length < 0 || v.Offset > len(g.data) || v.Length > len(g.data)-v.Offset || a.Count < 1 || a.Offset < 0 || step < size*each || step > 255 ||
		a.Count > len(g.data) || a.Offset > v.Length || a.Offset+(a.Count-1)*step+size*each > v.Length {
		return nil, fault(FaultBroken, at, "accessor %d 超出数据", "accessor %d is outside the data", i)
	}
	data := g.data[v.Offset : v.Offset+v.Length]
	out := make([]float64, 0, a.Count*each)
	for k := range a.Count {
		for c := range each {
			p := data[a.Offset+k*step+c*size:]
			var x float64
			switch a.Component {
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
			if a.Normalized {
				x = max(x/map[int]float64{5120: 127, 5121: 255, 5122: 32767, 5123: 65535, 5125: 1, 5126: 1}[a.Component], -1)
			}
			out = append(out, x)
		}
	}
	return out, nil
}
