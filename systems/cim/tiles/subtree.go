package tiles

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
)

// Key is a tile of the quadtree: column and row of its level, from the south-west.
type Key struct {
	Level int
	X, Y  uint32
}

// Region is a box of the earth: west, south, east, north in radians, heights in metres above
// the ellipsoid (the region of 3D Tiles).
type Region [6]float64

func (r Region) with(s Region) Region {
	return Region{min(r[0], s[0]), min(r[1], s[1]), max(r[2], s[2]), max(r[3], s[3]), min(r[4], s[4]), max(r[5], s[5])}
}

// holds says whether a region lies in this one.
func (r Region) holds(s Region) bool { return r.with(s) == r }

// none is the region that holds nothing.
var none = Region{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1), math.Inf(1), math.Inf(-1)}

// morton is the order of a cell among those of its level: bits of column and row by turns.
func morton(x, y uint32) uint64 {
	spread := func(v uint32) uint64 {
		w := uint64(v)
		w = (w | w<<16) & 0x0000ffff0000ffff
		w = (w | w<<8) & 0x00ff00ff00ff00ff
		w = (w | w<<4) & 0x0f0f0f0f0f0f0f0f
		w = (w | w<<2) & 0x3333333333333333
		return (w | w<<1) & 0x5555555555555555
	}
	return spread(x) | spread(y)<<1
}

// unmorton is the opposite.
func unmorton(m uint64) (x, y uint32) {
	gather := func(w uint64) uint32 {
		w &= 0x5555555555555555
		w = (w | w>>1) & 0x3333333333333333
		w = (w | w>>2) & 0x0f0f0f0f0f0f0f0f
		w = (w | w>>4) & 0x00ff00ff00ff00ff
		w = (w | w>>8) & 0x0000ffff0000ffff
		return uint32(w | w>>16)
	}
	return gather(m), gather(m >> 1)
}

// node is what a subtree says of a tile.
type node struct {
	content bool
	region  Region
	err     float64
}

// subtree writes which tiles lie below one: of the levels of a subtree the tiles and their
// contents, and below its last level the subtrees that follow.
func subtree(root Key, levels int, at func(Key) (node, bool)) []byte {
	var b binaryPart
	count := (1<<(2*levels) - 1) / 3
	tiles, contents, below := make([]byte, (count+7)/8), make([]byte, (count+7)/8), make([]byte, (1<<(2*levels)+7)/8)
	var regions, errors []byte
	n, full, follow := 0, 0, 0
	index := 0
	for l := range levels {
		for m := range uint64(1) << (2 * l) {
			x, y := unmorton(m)
			if t, ok := at(Key{root.Level + l, root.X<<l + x, root.Y<<l + y}); ok {
				tiles[index/8] |= 1 << (index % 8)
				n++
				if t.content {
					contents[index/8] |= 1 << (index % 8)
					full++
				}
				for _, v := range t.region {
					regions = binary.LittleEndian.AppendUint64(regions, math.Float64bits(v))
				}
				errors = binary.LittleEndian.AppendUint64(errors, math.Float64bits(t.err))
			}
			index++
		}
	}
	for m := range uint64(1) << (2 * levels) {
		x, y := unmorton(m)
		if _, ok := at(Key{root.Level + levels, root.X<<levels + x, root.Y<<levels + y}); ok {
			below[m/8] |= 1 << (m % 8)
			follow++
		}
	}
	bits := func(data []byte, set, of int) object {
		switch set {
		case 0:
			return object{"constant": 0}
		case of:
			return object{"constant": 1, "availableCount": set}
		}
		return object{"bitstream": b.view(data, nil), "availableCount": set}
	}
	head := object{"tileAvailability": bits(tiles, n, count), "contentAvailability": []object{bits(contents, full, count)}, "childSubtreeAvailability": bits(below, follow, 1<<(2*levels))}
	if n > 0 {
		head["propertyTables"] = []object{{"class": "tile", "count": n, "properties": object{"region": object{"values": b.view(regions, nil)}, "error": object{"values": b.view(errors, nil)}}}}
		head["tileMetadata"] = 0
	}
	if len(b.data) > 0 {
		for len(b.data)%8 != 0 {
			b.data = append(b.data, 0)
		}
		head["buffers"], head["bufferViews"] = []object{{"byteLength": len(b.data)}}, b.views
	}
	text, err := json.Marshal(head)
	if err != nil {
		panic(err) // numbers and strings alone
	}
	for len(text)%8 != 0 {
		text = append(text, ' ')
	}
	out := append([]byte(nil), "subt"...)
	out = binary.LittleEndian.AppendUint32(out, 1)
	out = binary.LittleEndian.AppendUint64(out, uint64(len(text)))
	out = binary.LittleEndian.AppendUint64(out, uint64(len(b.data)))
	return append(append(out, text...), b.data...)
}

// Name is the path of a tile's content.
func (k Key) Name() string { return fmt.Sprintf("c/%d/%d/%d.glb", k.Level, k.X, k.Y) }

func (k Key) subtreeName() string { return fmt.Sprintf("s/%d/%d/%d.subtree", k.Level, k.X, k.Y) }
