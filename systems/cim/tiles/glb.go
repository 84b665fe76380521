package tiles

import (
	"encoding/binary"
	"encoding/json"
	"math"
)

// step of a vertex in the buffer: its place in three 16-bit numbers, its normal in three of
// 8, and the row of its feature in 16; each begins at four bytes.
const vertexSize = 16

type object = map[string]any

// binaryPart collects the binary chunk of a GLB or a subtree.
type binaryPart struct {
	data  []byte
	views []object
}

// view appends bytes at eight and says where they are.
func (b *binaryPart) view(data []byte, more object) int {
	for len(b.data)%8 != 0 {
		b.data = append(b.data, 0)
	}
	v := object{"buffer": 0, "byteOffset": len(b.data), "byteLength": len(data)}
	for k, x := range more {
		v[k] = x
	}
	b.data = append(b.data, data...)
	b.views = append(b.views, v)
	return len(b.views) - 1
}

// schema is what is said of each feature, in EXT_structural_metadata.
func schema(uses []string, number, numberIs string) object {
	values := []object{}
	for i, u := range uses {
		values = append(values, object{"name": u, "value": i})
	}
	return object{"id": "shanzhi", "enums": object{"use": object{"valueType": "UINT8", "values": values}}, "classes": object{"thing": object{"properties": object{
		"code":  object{"type": "STRING", "required": true, "description": "Of the unit (25 digits), else of the building (19)"},
		"floor": object{"type": "SCALAR", "componentType": "INT16", "required": true, "description": "From ground 1 up, -1 down; 0 the whole building"},
		number:  object{"type": "SCALAR", "componentType": "FLOAT32", "required": true, "description": numberIs},
		"use":   object{"type": "ENUM", "enumType": "use", "required": true},
	}}}}
}

// glb encodes meshes on a plane.
func glb(plane Plane, meshes []*mesh, uses []string, number, numberIs string) []byte {
	var b binaryPart
	useOf := map[string]byte{}
	for i, u := range uses {
		useOf[u] = byte(i)
	}
	plain := 0 // bytes of the vertices and indices as they are unpacked
	packed := func(data []byte, mode string, size, count int, more object) int {
		plain = (plain + 7) &^ 7
		at := object{"buffer": 0, "mode": mode, "byteStride": size, "count": count}
		n := b.view(data, nil)
		at["byteOffset"], at["byteLength"] = b.views[n]["byteOffset"], b.views[n]["byteLength"]
		v := object{"buffer": 1, "byteOffset": plain, "byteLength": size * count, "extensions": object{"EXT_meshopt_compression": at}}
		for k, x := range more {
			v[k] = x
		}
		b.views[n] = v
		plain += size * count
		return n
	}
	var accessors, nodes, all, tables []object
	roots := []int{}
	for _, m := range meshes {
		step := max(m.high[0]-m.low[0], m.high[1]-m.low[1], m.high[2]-m.low[2], 0.001) / 65535
		vertices := make([]byte, 0, vertexSize*len(m.corners))
		low, high := [3]uint16{65535, 65535, 65535}, [3]uint16{}
		for _, c := range m.corners {
			for i := range 3 {
				q := uint16(math.Round((c.at[i] - m.low[i]) / step))
				low[i], high[i] = min(low[i], q), max(high[i], q)
				vertices = binary.LittleEndian.AppendUint16(vertices, q)
			}
			vertices = append(vertices, 0, 0, byte(c.normal[0]), byte(c.normal[1]), byte(c.normal[2]), 0)
			vertices = append(binary.LittleEndian.AppendUint16(vertices, c.feature), 0, 0)
		}
		table := properties(&b, m.features, useOf, number)
		view := packed(attributes(nil, vertices, vertexSize), "ATTRIBUTES", vertexSize, len(m.corners), object{"byteStride": vertexSize, "target": 34962})
		index := packed(sequence(nil, m.indices), "INDICES", 2, len(m.indices), object{"target": 34963})
		k := len(accessors)
		accessors = append(accessors,
			object{"bufferView": view, "componentType": 5123, "count": len(m.corners), "type": "VEC3", "min": low, "max": high},
			object{"bufferView": view, "byteOffset": 8, "componentType": 5120, "normalized": true, "count": len(m.corners), "type": "VEC3"},
			object{"bufferView": view, "byteOffset": 12, "componentType": 5123, "count": len(m.corners), "type": "SCALAR"},
			object{"bufferView": index, "componentType": 5123, "count": len(m.indices), "type": "SCALAR"})
		all = append(all, object{"primitives": []object{{"attributes": object{"POSITION": k, "NORMAL": k + 1, "_FEATURE_ID_0": k + 2}, "indices": k + 3, "material": 0,
			"extensions": object{"EXT_mesh_features": object{"featureIds": []object{{"featureCount": len(m.features), "attribute": 0, "propertyTable": len(tables)}}}}}}})
		tables = append(tables, table)
		// From steps on the plane to the earth; glTF has the second axis up, which the
		// runtime turns back.
		at := plane.Off(m.low)
		matrix := []float64{}
		for _, axis := range []Vec{plane.east, plane.north, plane.up} {
			matrix = append(matrix, axis[0]*step, axis[2]*step, -axis[1]*step, 0)
		}
		matrix = append(matrix, at[0], at[2], -at[1], 1)
		roots = append(roots, len(nodes))
		nodes = append(nodes, object{"mesh": len(all) - 1, "matrix": matrix})
	}
	for len(b.data)%4 != 0 {
		b.data = append(b.data, 0)
	}
	return container(object{
		"asset":              object{"version": "2.0", "generator": "shanzhi"},
		"extensionsUsed":     []string{"EXT_mesh_features", "EXT_structural_metadata", "KHR_mesh_quantization", "EXT_meshopt_compression"},
		"extensionsRequired": []string{"KHR_mesh_quantization", "EXT_meshopt_compression"},
		"extensions":         object{"EXT_structural_metadata": object{"schema": schema(uses, number, numberIs), "propertyTables": tables}},
		"scene":              0,
		"scenes":             []object{{"nodes": roots}},
		"nodes":              nodes,
		"meshes":             all,
		"materials":          []object{{"pbrMetallicRoughness": object{"baseColorFactor": []float64{0.86, 0.87, 0.88, 1}, "metallicFactor": 0, "roughnessFactor": 0.9}}},
		"accessors":          accessors,
		"bufferViews":        b.views,
		"buffers":            []object{{"byteLength": len(b.data)}, {"byteLength": plain, "extensions": object{"EXT_meshopt_compression": object{"fallback": true}}}},
	}, b.data)
}

// properties writes the table of the features of a mesh.
func properties(b *binaryPart, features []Feature, useOf map[string]byte, number string) object {
	var codes, floors, areas, uses []byte
	offsets := binary.LittleEndian.AppendUint32(nil, 0)
	for _, f := range features {
		codes = append(codes, f.Code...)
		offsets = binary.LittleEndian.AppendUint32(offsets, uint32(len(codes)))
		floors = binary.LittleEndian.AppendUint16(floors, uint16(f.Floor))
		areas = binary.LittleEndian.AppendUint32(areas, math.Float32bits(f.Area))
		uses = append(uses, useOf[f.Use])
	}
	if len(codes) == 0 {
		codes = []byte{0}
	}
	return object{"class": "thing", "count": len(features), "properties": object{
		"code":  object{"values": b.view(codes, nil), "stringOffsets": b.view(offsets, nil)},
		"floor": object{"values": b.view(floors, nil)},
		number:  object{"values": b.view(areas, nil)},
		"use":   object{"values": b.view(uses, nil)},
	}}
}

// container puts the parts of a GLB together.
func container(head object, data []byte) []byte {
	text, err := json.Marshal(head)
	if err != nil {
		panic(err) // numbers and strings alone
	}
	for len(text)%4 != 0 {
		text = append(text, ' ')
	}
	out := make([]byte, 0, 28+len(text)+len(data))
	out = append(out, "glTF"...)
	out = binary.LittleEndian.AppendUint32(out, 2)
	out = binary.LittleEndian.AppendUint32(out, uint32(28+len(text)+len(data)))
	out = binary.LittleEndian.AppendUint32(out, uint32(len(text)))
	out = append(out, "JSON"...)
	out = append(out, text...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(data)))
	out = append(out, "BIN\x00"...)
	return append(out, data...)
}
