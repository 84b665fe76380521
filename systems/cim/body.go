package cim

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strings"

	"shanzhi/systems/cim/tiles"
)

// A body in the records is packed: places in steps of 10⁻⁸ degrees (a millimetre) and heights
// in millimetres, each told as the difference to the one before; of a unit's code what follows
// its building's. In the second form each solid may have a skin.
const (
	bodyForm  = 1
	skinnedBy = 2
)

const bodyStep = 1e8

// packBody writes a body.
func packBody(b Body) []byte {
	p := packer{uses: map[string]uint64{}}
	if len(b.Shell) > 0 {
		p.code = b.Shell[0].Feature.Code
	}
	p.out = append(p.out, bodyForm)
	parts := [][]tiles.Solid{b.Shell, b.Floors, b.Units}
	for _, solids := range parts {
		if slices.ContainsFunc(solids, func(x tiles.Solid) bool { return x.Skin != nil }) {
			p.skinned, p.out[0] = true, skinnedBy
		}
	}
	p.text(p.code)
	for _, solids := range parts {
		p.number(uint64(len(solids)))
		for i := range solids {
			p.solid(&solids[i])
		}
	}
	return p.out
}

type packer struct {
	out      []byte
	code     string
	lon, lat int64
	z        int64
	uses     map[string]uint64
	skinned  bool
}

func (p *packer) number(n uint64) { p.out = binary.AppendUvarint(p.out, n) }
func (p *packer) signed(n int64)  { p.out = binary.AppendVarint(p.out, n) }
func (p *packer) text(s string) {
	p.number(uint64(len(s)))
	p.out = append(p.out, s...)
}

func (p *packer) solid(s *tiles.Solid) {
	p.number(uint64(len(s.Outline)))
	for _, c := range s.Outline {
		lon, lat := int64(math.Round(c.Lon*bodyStep)), int64(math.Round(c.Lat*bodyStep))
		p.signed(lon - p.lon)
		p.signed(lat - p.lat)
		p.lon, p.lat = lon, lat
	}
	from, to := int64(math.Round(s.From*1000)), int64(math.Round(s.To*1000))
	p.signed(from - p.z)
	p.signed(to - from)
	p.z = from
	p.signed(int64(s.Feature.Floor))
	p.number(uint64(math.Round(float64(s.Feature.Area) * 100)))
	// A use is told once, by name, then by its number.
	n, known := p.uses[s.Feature.Use]
	if !known {
		n = uint64(len(p.uses))
		p.uses[s.Feature.Use] = n
	}
	p.number(n)
	if !known {
		p.text(s.Feature.Use)
	}
	if rest, ok := strings.CutPrefix(s.Feature.Code, p.code); ok {
		p.number(uint64(len(rest))<<1 | 1)
		p.out = append(p.out, rest...)
	} else {
		p.number(uint64(len(s.Feature.Code)) << 1)
		p.out = append(p.out, s.Feature.Code...)
	}
	if p.skinned {
		p.skin(s.Skin)
	}
}

// skin writes corners and triangles, each as its difference to the one before; none is 0 corners.
func (p *packer) skin(s *tiles.Skin) {
	if s == nil {
		p.number(0)
		return
	}
	p.number(uint64(len(s.Corners)))
	z, last := p.z, int64(0)
	for _, c := range s.Corners {
		lon, lat, h := int64(math.Round(c.Lon*bodyStep)), int64(math.Round(c.Lat*bodyStep)), int64(math.Round(c.Height*1000))
		p.signed(lon - p.lon)
		p.signed(lat - p.lat)
		p.signed(h - z)
		p.lon, p.lat, z = lon, lat, h
	}
	p.number(uint64(len(s.Triangles)))
	for _, t := range s.Triangles {
		for _, k := range t {
			p.signed(int64(k) - last)
			last = int64(k)
		}
	}
}

var errBody = errors.New("cim: a body in the records cannot be read")

// unpackBody reads what packBody wrote. What was cut off or touched is an error, and never more
// than its bytes can hold.
func unpackBody(raw []byte) (b Body, err error) {
	u, ok := newUnpacker(raw)
	if !ok {
		return b, errBody
	}
	for _, to := range []*[]tiles.Solid{&b.Shell, &b.Floors, &b.Units} {
		n := u.number()
		if n > uint64(len(u.in)) {
			return Body{}, errBody
		}
		if n > 0 {
			*to = make([]tiles.Solid, n)
		}
		for i := range *to {
			u.solid(&(*to)[i])
		}
	}
	if u.bad || len(u.in) > 0 {
		return Body{}, errBody
	}
	return b, nil
}

// unpackShell reads the first part of a body alone.
func unpackShell(raw []byte) ([]tiles.Solid, error) {
	u, ok := newUnpacker(raw)
	if !ok {
		return nil, errBody
	}
	n := u.number()
	if n > uint64(len(u.in)) {
		return nil, errBody
	}
	out := make([]tiles.Solid, n)
	for i := range out {
		u.solid(&out[i])
	}
	if u.bad {
		return nil, errBody
	}
	return out, nil
}

type unpacker struct {
	in       []byte
	code     string
	lon, lat int64
	z        int64
	uses     []string
	skinned  bool
	bad      bool
}

func newUnpacker(raw []byte) (u unpacker, ok bool) {
	if len(raw) == 0 || raw[0] != bodyForm && raw[0] != skinnedBy {
		return u, false
	}
	u = unpacker{in: raw[1:], skinned: raw[0] == skinnedBy}
	u.code = u.text()
	return u, true
}

func (u *unpacker) number() uint64 {
	n, k := binary.Uvarint(u.in)
	if k <= 0 {
		u.bad, u.in = true, nil
		return 0
	}
	u.in = u.in[k:]
	return n
}

func (u *unpacker) signed() int64 {
	n, k := binary.Varint(u.in)
	if k <= 0 {
		u.bad, u.in = true, nil
		return 0
	}
	u.in = u.in[k:]
	return n
}

func (u *unpacker) take(n uint64) string {
	if n > uint64(len(u.in)) {
		u.bad, u.in = true, nil
		return ""
	}
	s := string(u.in[:n])
	u.in = u.in[n:]
	return s
}

func (u *unpacker) text() string { return u.take(u.number()) }

func (u *unpacker) solid(s *tiles.Solid) {
	n := u.number()
	if n > uint64(len(u.in)) {
		u.bad, u.in = true, nil
		return
	}
	s.Outline = make([]tiles.Place, n)
	for i := range s.Outline {
		u.lon += u.signed()
		u.lat += u.signed()
		s.Outline[i] = tiles.Place{Lon: float64(u.lon) / bodyStep, Lat: float64(u.lat) / bodyStep}
	}
	u.z += u.signed()
	s.From = float64(u.z) / 1000
	s.To = float64(u.z+u.signed()) / 1000
	s.Feature.Floor = int16(u.signed())
	s.Feature.Area = float32(float64(u.number()) / 100)
	use := u.number()
	if use == uint64(len(u.uses)) && !u.bad {
		u.uses = append(u.uses, u.text())
	}
	if use >= uint64(len(u.uses)) {
		u.bad = true
		return
	}
	s.Feature.Use = u.uses[use]
	k := u.number()
	s.Feature.Code = u.take(k >> 1)
	if k&1 == 1 {
		s.Feature.Code = u.code + s.Feature.Code
	}
	if u.skinned {
		s.Skin = u.skin()
	}
}

func (u *unpacker) skin() *tiles.Skin {
	n := u.number()
	if n > uint64(len(u.in)) {
		u.bad, u.in = true, nil
	}
	if n == 0 || u.bad {
		return nil
	}
	s := &tiles.Skin{Corners: make([]tiles.Spot, n)}
	z, last := u.z, int64(0)
	for i := range s.Corners {
		u.lon += u.signed()
		u.lat += u.signed()
		z += u.signed()
		s.Corners[i] = tiles.Spot{Lon: float64(u.lon) / bodyStep, Lat: float64(u.lat) / bodyStep, Height: float64(z) / 1000}
	}
	count := u.number()
	if count > uint64(len(u.in)) {
		u.bad, u.in = true, nil
		return nil
	}
	s.Triangles = make([][3]uint32, count)
	for i := range s.Triangles {
		for k := range 3 {
			last += u.signed()
			if last < 0 || last >= int64(n) {
				u.bad = true
				return nil
			}
			s.Triangles[i][k] = uint32(last)
		}
	}
	return s
}
