package place

import (
	"fmt"
	"strings"

	"github.com/paulmach/orb"
)

// GeoSOT is a cell of the quaternary grid of GB/T 40087-2021, of level 1 (a quarter
// of the globe) to 32 (1/2048 second). Each axis has 32 bits: sign, 8 of degrees, 6
// of minutes, 6 of seconds, 11 of the fraction; a cell is the first so many bits of
// both. As 60 is padded to 64 there are cells of no extent, and cells that are cut
// off where the minute or the degree ends: a neighbour is not the next number.
//
// The code of heights (§5.6) needs the text of the standard and is not here.
type GeoSOT struct {
	lon, lat uint32
	level    uint8
}

// geoSOTAxis packs a unit of [unitsPerDegree].
func geoSOTAxis(u int32) uint32 {
	negative, m := mirror(u)
	v := uint32(m)
	second := v / 2048
	code := second/3600<<23 | second/60%60<<17 | second%60<<11 | v%2048
	if negative {
		code |= 1 << 31
	}
	return code
}

// geoSOTUnits returns the units of a cell along an axis; ok is false for a cell
// that does not exist. top is the number of degrees of the axis to a side.
func geoSOTUnits(code uint32, level uint8, top uint32) (low, high int32, ok bool) {
	degree, minute, second, part := code>>23&0xFF, code>>17&0x3F, code>>11&0x3F, code&0x7FF
	if minute >= 60 || second >= 60 || degree >= top {
		return 0, 0, false
	}
	m := (degree*3600+minute*60+second)*2048 + part
	end := uint32(0)
	switch n := level; {
	case n == 0: // both sides; not a cell
	case n <= 9:
		end = min(degree+1<<(9-n), top) * unitsPerDegree
	case n <= 15:
		end = (degree*60 + min(minute+1<<(15-n), 60)) * 60 * 2048
	case n <= 21:
		end = (degree*3600 + minute*60 + min(second+1<<(21-n), 60)) * 2048
	default:
		end = m + 1<<(32-n)
	}
	low, high = unmirror(code>>31 == 1, int32(m), int32(end))
	return low, high, true
}

// NewGeoSOT returns the cell of a level that holds the point.
func NewGeoSOT(p Point, level int) (GeoSOT, error) {
	if err := p.Valid(); err != nil {
		return GeoSOT{}, err
	}
	if level < 1 || level > 32 {
		return GeoSOT{}, fmt.Errorf("GeoSOT has the levels 1 to 32, not %d", level)
	}
	p = p.To(WGS84)
	return geoSOTAt(clampUnit(unitOf(p.Lon), 180), clampUnit(unitOf(p.Lat), 90), uint8(level)), nil
}

// clampUnit keeps the pole and the 180th meridian in the last unit.
func clampUnit(u, degrees int32) int32 {
	return min(max(u, -degrees*unitsPerDegree), degrees*unitsPerDegree-1)
}

func geoSOTAt(x, y int32, level uint8) GeoSOT {
	mask := ^uint32(0) << (32 - level)
	return GeoSOT{geoSOTAxis(x) & mask, geoSOTAxis(y) & mask, level}
}

// ParseGeoSOT reads the text form, with or without its dashes and dot. Cells that
// do not exist are refused.
func ParseGeoSOT(s string) (GeoSOT, error) {
	fail := func(why string) (GeoSOT, error) { return GeoSOT{}, fmt.Errorf("%q is not a GeoSOT code: %s", s, why) }
	digits, ok := strings.CutPrefix(s, "G")
	if !ok {
		return fail("it does not begin with G")
	}
	var c GeoSOT
	for i := range len(digits) {
		d := digits[i]
		if d == '-' || d == '.' {
			// 9 - 6 - 6 . 11: degrees, minutes, seconds, their fraction
			if !(d == '-' && (c.level == 9 || c.level == 15) || d == '.' && c.level == 21) {
				return fail(fmt.Sprintf("%q stands in the wrong place", d))
			}
			continue
		}
		if d < '0' || d > '3' {
			return fail("its digits are 0 to 3")
		}
		if c.level++; c.level > 32 {
			return fail("it has more than 32 levels")
		}
		c.lon |= uint32(d-'0') & 1 << (32 - c.level)
		c.lat |= uint32(d-'0') >> 1 << (32 - c.level)
	}
	if last := s[len(s)-1]; last < '0' || last > '3' {
		return fail("it does not end with a digit")
	}
	if !c.exists() {
		return fail("there is no such cell: minutes and seconds end at 60, degrees at 180 and 90")
	}
	return c, nil
}

func (c GeoSOT) exists() bool {
	_, _, x := geoSOTUnits(c.lon, c.level, 180)
	_, _, y := geoSOTUnits(c.lat, c.level, 90)
	return x && y
}

// Level returns the level, 1 to 32.
func (c GeoSOT) Level() int { return int(c.level) }

// String returns the text form, "G001310322-230230".
func (c GeoSOT) String() string {
	var b strings.Builder
	b.WriteByte('G')
	for n := uint8(1); n <= c.level; n++ {
		switch n {
		case 10, 16:
			b.WriteByte('-')
		case 22:
			b.WriteByte('.')
		}
		b.WriteByte('0' + byte(c.lon>>(32-n)&1|c.lat>>(32-n)&1<<1))
	}
	return b.String()
}

// Number returns the bits of both axes interleaved, that of the latitude first.
func (c GeoSOT) Number() uint64 { return spread(c.lon) | spread(c.lat)<<1 }

func spread(v uint32) uint64 {
	x := uint64(v)
	for _, s := range [...]struct {
		by   uint
		mask uint64
	}{{16, 0x0000FFFF0000FFFF}, {8, 0x00FF00FF00FF00FF}, {4, 0x0F0F0F0F0F0F0F0F}, {2, 0x3333333333333333}, {1, 0x5555555555555555}} {
		x = (x | x<<s.by) & s.mask
	}
	return x
}

func (c GeoSOT) units() (west, east, south, north int32) {
	west, east, _ = geoSOTUnits(c.lon, c.level, 180)
	south, north, _ = geoSOTUnits(c.lat, c.level, 90)
	return west, east, south, north
}

// Box returns the extent.
func (c GeoSOT) Box() Box { return boxOf(c.units()) }

// Parent returns the cell that it lies in; ok is false at level 1.
func (c GeoSOT) Parent() (parent GeoSOT, ok bool) {
	if c.level <= 1 {
		return GeoSOT{}, false
	}
	mask := ^uint32(0) << (33 - c.level)
	return GeoSOT{c.lon & mask, c.lat & mask, c.level - 1}, true
}

// Children returns the cells that it is divided into, one to four, none at level 32.
func (c GeoSOT) Children() (out []GeoSOT) {
	if c.level >= 32 {
		return nil
	}
	bit := uint32(1) << (31 - c.level)
	for _, d := range [...][2]uint32{{0, 0}, {bit, 0}, {0, bit}, {bit, bit}} {
		if child := (GeoSOT{c.lon | d[0], c.lat | d[1], c.level + 1}); child.exists() {
			out = append(out, child)
		}
	}
	return out
}

// Neighbour returns the cell so many steps east and north (-1, 0 or 1) at the same
// level, over the edges of minutes, degrees and hemispheres; ok is false beyond a
// pole.
func (c GeoSOT) Neighbour(east, north int) (neighbour GeoSOT, ok bool) {
	x, y, ok := stepOver(east, north, c.units)
	return geoSOTAt(x, y, c.level), ok
}

// stepOver returns a unit of the cell next to one.
func stepOver(east, north int, units func() (west, east, south, north int32)) (x, y int32, ok bool) {
	w, e, s, n := units()
	x, y = w, s
	switch {
	case east > 0:
		x = e
	case east < 0:
		x = w - 1
	}
	switch {
	case north > 0:
		y = n
	case north < 0:
		y = s - 1
	}
	const half = 180 * unitsPerDegree
	if x >= half {
		x -= half
		x -= half // twice of it is beyond 32 bits
	} else if x < -half {
		x += half
		x += half
	}
	return x, y, y >= -half/2 && y < half/2
}

// CoverGeoSOT covers an area with cells down to a level; see [Cover].
func CoverGeoSOT(shape orb.MultiPolygon, level int) ([]GeoSOT, error) {
	if level < 1 || level > 32 {
		return nil, fmt.Errorf("GeoSOT has the levels 1 to 32, not %d", level)
	}
	var roots []GeoSOT
	for _, x := range []uint32{0, 1 << 31} {
		for _, y := range []uint32{0, 1 << 31} {
			roots = append(roots, GeoSOT{x, y, 1})
		}
	}
	return Cover(shape, roots, func(c GeoSOT) bool { return c.Level() >= level })
}
