package place

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// BeiDou is a cell of the grid of GB/T 39409-2020 (北斗网格位置码), of level 1 (6° by
// 4°, a sheet of the map of the world at one to a million) to 10 (1/2048 second).
// Its code has 4 to 20 characters, with heights 7 to 32.
//
// The standard's figures for the hemispheres other than the north-eastern were not
// to be had: there the digits count outwards from the equator and Greenwich, as
// they do here.
type BeiDou struct {
	level      uint8
	west, down bool // west of Greenwich, south of the equator
	x, y       int32
	// height is the number of the layer counted outwards from the ellipsoid, in
	// layers of level 10; deep is below it.
	solid, deep bool
	height      int32
}

// beiDouLevel is how a cell of the level above is divided, the size of a part in
// units, and the bits of the code of heights.
type beiDouLevel struct {
	columns, rows int32
	width, length int32
	chars         int
	bits          uint
}

var beiDouLevels = [...]beiDouLevel{
	1:  {60, 22, 21600 * 2048, 14400 * 2048, 3, 6},
	2:  {12, 8, 1800 * 2048, 1800 * 2048, 2, 3},
	3:  {2, 3, 900 * 2048, 600 * 2048, 1, 1},
	4:  {15, 10, 60 * 2048, 60 * 2048, 2, 4},
	5:  {15, 15, 4 * 2048, 4 * 2048, 2, 4},
	6:  {2, 2, 2 * 2048, 2 * 2048, 1, 1},
	7:  {8, 8, 512, 512, 2, 3},
	8:  {8, 8, 64, 64, 2, 3},
	9:  {8, 8, 8, 8, 2, 3},
	10: {8, 8, 1, 1, 2, 3},
}

const hexDigits = "0123456789ABCDEF"

// beiDouTop is the latitude at which the grid ends: the poles have one of their own.
const beiDouTop = 88

// NewBeiDou returns the cell of a level that holds the point. Points beyond 88
// degrees of latitude are refused.
func NewBeiDou(p Point, level int) (BeiDou, error) {
	if err := p.Valid(); err != nil {
		return BeiDou{}, err
	}
	if level < 1 || level > 10 {
		return BeiDou{}, fmt.Errorf("the BeiDou grid has the levels 1 to 10, not %d", level)
	}
	if p = p.To(WGS84); math.Abs(p.Lat) >= beiDouTop {
		return BeiDou{}, fmt.Errorf("the poles, beyond %d degrees, are not on this grid", beiDouTop)
	}
	return beiDouAt(clampUnit(unitOf(p.Lon), 180), clampUnit(unitOf(p.Lat), beiDouTop), uint8(level)), nil
}

func beiDouAt(x, y int32, level uint8) BeiDou {
	c := BeiDou{level: level}
	c.west, c.x = mirror(x)
	c.down, c.y = mirror(y)
	c.x -= c.x % beiDouLevels[level].width
	c.y -= c.y % beiDouLevels[level].length
	return c
}

// layerStep is what the logarithm of the distance to the earth's centre grows by
// from layer to layer: cells are as high as they are wide (GB/T 39409-2020 annex C).
var layerStep = math.Log(1+math.Pi/180) / unitsPerDegree

const earthAxis = 6378137.0 // CGCS2000

// AtHeight returns the cell of space that holds a height in metres above the
// ellipsoid, and not above ground or sea.
func (c BeiDou) AtHeight(metres float64) (BeiDou, error) {
	if !(metres > -earthAxis/2) || metres > 5e8 {
		return BeiDou{}, fmt.Errorf("a height of %g m has no code", metres)
	}
	n := math.Floor(math.Log1p(metres/earthAxis)/layerStep + 1e-4)
	c.solid, c.deep = true, n < 0
	c.height = int32(math.Abs(n))
	shift := c.heightShift()
	c.height = c.height >> shift << shift
	return c, nil
}

// heightShift is how many bits of a height the level leaves out.
func (c BeiDou) heightShift() uint {
	left := uint(31)
	for n := uint8(1); n <= c.level; n++ {
		left -= beiDouLevels[n].bits
	}
	return left
}

// Height returns the bottom of the cell in metres above the ellipsoid; ok is false
// where it is a cell of the ground.
func (c BeiDou) Height() (metres float64, ok bool) {
	n := float64(c.height)
	if c.deep {
		n = -n
	}
	return math.Expm1(n*layerStep) * earthAxis, c.solid
}

// ParseBeiDou reads a code of any level, with heights or without.
func ParseBeiDou(s string) (BeiDou, error) {
	fail := func(why string, args ...any) (BeiDou, error) {
		return BeiDou{}, fmt.Errorf("%q is not a BeiDou grid code: %s", s, fmt.Sprintf(why, args...))
	}
	if len(s) < 4 || s[0] != 'N' && s[0] != 'S' {
		return fail("it begins with N or S and has 4 characters at least")
	}
	c := BeiDou{down: s[0] == 'S'}
	rest := s[1:]
	// With heights there are three digits before the letter of the row and not two.
	if c.solid = rest[2] >= '0' && rest[2] <= '9'; c.solid {
		if c.deep = rest[0] == '1'; !c.deep && rest[0] != '0' {
			return fail("its second character says above (0) or below (1)")
		}
		rest = rest[1:]
	}
	for n := 1; rest != ""; n++ {
		if n >= len(beiDouLevels) {
			return fail("it is longer than level 10")
		}
		l := beiDouLevels[n]
		high := 0
		if c.solid {
			if high = 1; n == 1 {
				high = 2
			}
		}
		if len(rest) < l.chars+high {
			return fail("it ends within level %d", n)
		}
		at, up := rest[:l.chars], rest[l.chars:l.chars+high]
		rest = rest[l.chars+high:]
		column, row := int32(-1), int32(-1)
		switch {
		case n == 1:
			if zone, err := strconv.ParseUint(at[:2], 10, 8); err == nil && zone >= 1 && zone <= 60 {
				c.west, column = mirror(int32(zone) - 31)
			}
			row = int32(at[2]) - 'A'
		case l.chars == 1: // Z order
			if d := int32(strings.IndexByte(hexDigits, at[0])); d >= 0 {
				column, row = d%l.columns, d/l.columns
			}
		default:
			column, row = int32(strings.IndexByte(hexDigits, at[0])), int32(strings.IndexByte(hexDigits, at[1]))
		}
		if column < 0 || column >= l.columns || row < 0 || row >= l.rows {
			return fail("%q is no cell of level %d", at, n)
		}
		c.level = uint8(n)
		c.x += column * l.width
		c.y += row * l.length
		if high > 0 {
			base := 16
			if n == 1 {
				base = 10
			}
			v, err := strconv.ParseUint(up, base, 8)
			if err != nil || v >= 1<<l.bits {
				return fail("%q is no height of level %d", up, n)
			}
			c.height |= int32(v) << c.heightShift()
		}
	}
	return c, nil
}

// Level returns the level, 1 to 10.
func (c BeiDou) Level() int { return int(c.level) }

// String returns the code: "N50J47539B825534".
func (c BeiDou) String() string {
	out := make([]byte, 0, 32)
	out = append(out, "NS"[toInt(c.down)])
	if c.solid {
		out = append(out, "01"[toInt(c.deep)])
	}
	left := uint(31)
	for n := 1; n <= int(c.level); n++ {
		l := beiDouLevels[n]
		column, row := c.x/l.width, c.y/l.length
		if n > 1 {
			column, row = column%l.columns, row%l.rows
		}
		switch {
		case n == 1:
			zone, _ := unmirror(c.west, column, column+1)
			zone += 31
			out = append(out, byte('0'+zone/10), byte('0'+zone%10), byte('A'+row))
		case l.chars == 1:
			out = append(out, hexDigits[row*l.columns+column])
		default:
			out = append(out, hexDigits[column], hexDigits[row])
		}
		if left -= l.bits; c.solid {
			v := c.height >> left & (1<<l.bits - 1)
			if n == 1 {
				out = append(out, byte('0'+v/10))
				v %= 10
			}
			out = append(out, hexDigits[v])
		}
	}
	return string(out)
}

func toInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (c BeiDou) units() (west, east, south, north int32) {
	l := beiDouLevels[c.level]
	west, east = unmirror(c.west, c.x, c.x+l.width)
	south, north = unmirror(c.down, c.y, c.y+l.length)
	return west, east, south, north
}

// Box returns the extent on the ground.
func (c BeiDou) Box() Box { return boxOf(c.units()) }

// Parent returns the cell that it lies in; ok is false at level 1.
func (c BeiDou) Parent() (parent BeiDou, ok bool) {
	if c.level <= 1 {
		return BeiDou{}, false
	}
	c.level--
	c.x -= c.x % beiDouLevels[c.level].width
	c.y -= c.y % beiDouLevels[c.level].length
	shift := c.heightShift()
	c.height = c.height >> shift << shift
	return c, true
}

// Children returns the cells on the ground that it is divided into, row by row
// outwards; none at level 10.
func (c BeiDou) Children() (out []BeiDou) {
	if c.level >= 10 {
		return nil
	}
	l := beiDouLevels[c.level+1]
	for row := range l.rows {
		for column := range l.columns {
			out = append(out, BeiDou{level: c.level + 1, west: c.west, down: c.down, x: c.x + column*l.width, y: c.y + row*l.length})
		}
	}
	return out
}

// Neighbour returns the cell so many steps east and north (-1, 0 or 1), at the
// same height; ok is false beyond 88 degrees.
func (c BeiDou) Neighbour(east, north int) (neighbour BeiDou, ok bool) {
	x, y, ok := stepOver(east, north, c.units)
	if ok = ok && y < beiDouTop*unitsPerDegree && y >= -beiDouTop*unitsPerDegree; !ok {
		return BeiDou{}, false
	}
	n := beiDouAt(x, y, c.level)
	n.solid, n.deep, n.height = c.solid, c.deep, c.height
	return n, true
}

// CoverBeiDou covers an area with cells down to a level; see [Cover].
func CoverBeiDou(shape orb.MultiPolygon, level int) ([]BeiDou, error) {
	if level < 1 || level > 10 {
		return nil, fmt.Errorf("the BeiDou grid has the levels 1 to 10, not %d", level)
	}
	bound := shape.Bound()
	var roots []BeiDou
	for lon := math.Floor(bound.Min[0]/6) * 6; lon <= min(bound.Max[0], 179.9); lon += 6 {
		for lat := math.Floor(bound.Min[1]/4) * 4; lat <= bound.Max[1]; lat += 4 {
			root, err := NewBeiDou(Point{WGS84, lon + 3, lat + 2}, 1)
			if err != nil {
				return nil, err
			}
			roots = append(roots, root)
		}
	}
	return Cover(shape, roots, func(c BeiDou) bool { return c.Level() >= level })
}
