package tiles

import "errors"

// The codecs of EXT_meshopt_compression (Khronos vendor extension, appendix A), version 0 of
// the attributes' and version 1 of the indices'.

// attributes encodes vertices of a size that divides by 4, 256 at most (mode ATTRIBUTES).
func attributes(dst, vertices []byte, size int) []byte {
	const group = 16
	dst = append(dst, 0xa0)
	block := min(8192/size&^(group-1), 256)
	var first, last [256]byte
	copy(first[:size], vertices)
	last = first
	var deltas [256]byte
	for len(vertices) > 0 {
		n := min(block, len(vertices)/size)
		padded := (n + group - 1) &^ (group - 1)
		for k := range size {
			p := last[k]
			for i, at := 0, k; i < n; i, at = i+1, at+size {
				v := vertices[at]
				d := v - p
				deltas[i] = byte(int8(d)>>7) ^ d<<1
				p = v
			}
			clear(deltas[n:padded])
			dst = groups(dst, deltas[:padded])
		}
		copy(last[:size], vertices[(n-1)*size:n*size])
		vertices = vertices[n*size:]
	}
	for range max(0, 32-size) {
		dst = append(dst, 0)
	}
	return append(dst, first[:size]...)
}

// groups writes bytes sixteen by sixteen, with as few bits each as most of them need.
func groups(dst, data []byte) []byte {
	head := len(dst)
	for range (len(data)/16 + 3) / 4 {
		dst = append(dst, 0)
	}
	for i := 0; i < len(data); i += 16 {
		g := data[i : i+16]
		var any byte
		two, four := 4, 8
		for _, v := range g {
			any |= v
			if v >= 3 {
				two++
			}
			if v >= 15 {
				four++
			}
		}
		mode := byte(3)
		switch {
		case any == 0:
			mode = 0
		case two <= four && two < 16:
			mode = 1
			dst = packed(dst, g, 2)
		case four < 16:
			mode = 2
			dst = packed(dst, g, 4)
		default:
			dst = append(dst, g...)
		}
		dst[head+i/64] |= mode << (i / 16 % 4 * 2)
	}
	return dst
}

func packed(dst, g []byte, bits int) []byte {
	most := byte(1)<<bits - 1
	for i := 0; i < len(g); i += 8 / bits {
		var b byte
		for _, v := range g[i : i+8/bits] {
			b = b<<bits | min(v, most)
		}
		dst = append(dst, b)
	}
	for _, v := range g {
		if v >= most {
			dst = append(dst, v)
		}
	}
	return dst
}

// sequence encodes indices (mode INDICES).
func sequence(dst []byte, indices []uint32) []byte {
	dst = append(dst, 0xd1)
	var last [2]uint32
	current := uint32(0)
	for _, index := range indices {
		if d := int32(index - last[current]); max(d, -d) >= 30 {
			current ^= 1
		}
		d := index - last[current]
		v := (d<<1^uint32(int32(d)>>31))<<1 | current
		for ; v >= 0x80; v >>= 7 {
			dst = append(dst, byte(v)|0x80)
		}
		dst = append(dst, byte(v))
		last[current] = index
	}
	return append(dst, 0, 0, 0, 0)
}

// errCodec is that a stream of a codec is cut off or holds what it cannot.
var errCodec = errors.New("the compressed data is cut off or wrong")

// unpackAttributes is the opposite of attributes.
func unpackAttributes(data []byte, count, size int) ([]byte, error) {
	const group = 16
	tail := max(size, 32)
	if len(data) < 1+tail || data[0] != 0xa0 || size <= 0 || size > 256 || size%4 != 0 {
		return nil, errCodec
	}
	var last [256]byte
	copy(last[:size], data[len(data)-size:])
	in := data[1 : len(data)-tail]
	out := make([]byte, count*size)
	block := min(8192/size&^(group-1), 256)
	var deltas [256]byte
	for begin := 0; begin < count; begin += block {
		n := min(block, count-begin)
		for k := range size {
			padded := (n + group - 1) &^ (group - 1)
			head := (padded/16 + 3) / 4
			if len(in) < head {
				return nil, errCodec
			}
			modes := in[:head]
			in = in[head:]
			for i := 0; i < padded; i += 16 {
				bits := [...]int{0, 2, 4, 8}[modes[i/64]>>(i/16%4*2)&3]
				if len(in) < 2*bits {
					return nil, errCodec
				}
				g, packed := deltas[i:i+16], in[:2*bits]
				in = in[2*bits:]
				switch bits {
				case 0:
					clear(g)
				case 8:
					copy(g, packed)
				default:
					most := byte(1)<<bits - 1
					for j := range g {
						v := packed[j*bits/8] >> (8 - bits - j*bits%8) & most
						if v == most {
							if len(in) == 0 {
								return nil, errCodec
							}
							v, in = in[0], in[1:]
						}
						g[j] = v
					}
				}
			}
			p := last[k]
			for i := range n {
				d := deltas[i]
				p += d>>1 ^ -(d & 1)
				out[(begin+i)*size+k] = p
			}
			last[k] = p
		}
	}
	if len(in) > 0 {
		return nil, errCodec
	}
	return out, nil
}

// unpackSequence is the opposite of sequence.
func unpackSequence(data []byte, count int) ([]uint32, error) {
	if len(data) < 5 || data[0] != 0xd1 {
		return nil, errCodec
	}
	in := data[1 : len(data)-4]
	var last [2]uint32
	out := make([]uint32, count)
	for i := range out {
		var v uint32
		for shift := 0; ; shift += 7 {
			if len(in) == 0 || shift > 28 {
				return nil, errCodec
			}
			b := in[0]
			in = in[1:]
			v |= uint32(b&0x7f) << shift
			if b < 0x80 {
				break
			}
		}
		current := v & 1
		d := v >> 1
		last[current] += d>>1 ^ -(d & 1)
		out[i] = last[current]
	}
	if len(in) > 0 {
		return nil, errCodec
	}
	return out, nil
}
