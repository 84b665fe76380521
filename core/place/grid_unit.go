package place

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Both grid codes count along each axis in units of 1/2048 of a second (1.5 cm of
// latitude), outwards from the equator and from Greenwich, so that north and south,
// east and west mirror each other. The unit with the number u ≥ 0 reaches from u
// to u+1; those of the other side are -1, -2, and so on.
const unitsPerDegree = 3600 * 2048

// unitOf returns the unit that holds an angle. What misses a unit's border by less
// than a ten-thousandth of one (2 µm) is on it: 22.1 degrees are no exact number.
func unitOf(degrees float64) int32 {
	x := degrees * unitsPerDegree
	if x >= 0 {
		return int32(math.Floor(x + 1e-4))
	}
	return -1 - int32(math.Floor(-x-1e-4))
}

// mirror returns the side and the number of a unit counted outwards.
func mirror(u int32) (negative bool, m int32) {
	if u < 0 {
		return true, -1 - u
	}
	return false, u
}

// unmirror is the inverse, of the units from m up to before end.
func unmirror(negative bool, m, end int32) (low, high int32) {
	if negative {
		return -end, -m
	}
	return m, end
}

// Box is a rectangle on the globe, in degrees of WGS-84.
type Box struct {
	West, South, East, North float64
}

func boxOf(west, east, south, north int32) Box {
	return Box{float64(west) / unitsPerDegree, float64(south) / unitsPerDegree, float64(east) / unitsPerDegree, float64(north) / unitsPerDegree}
}

// Center returns its middle.
func (b Box) Center() Point { return Point{WGS84, (b.West + b.East) / 2, (b.South + b.North) / 2} }

// Contains reports whether the point is in the box, whose western and southern
// border are its own.
func (b Box) Contains(lon, lat float64) bool {
	return b.West <= lon && lon < b.East && b.South <= lat && lat < b.North
}

// Cell is a cell of a grid that is divided into smaller ones.
type Cell[C any] interface {
	comparable
	Box() Box
	Children() []C
}

// maxCover is how many cells an area is covered with at most.
const maxCover = 200_000

// Cover returns the cells that cover an area: those wholly in it as large as they
// are, those on its border at the finest level wanted. Together they hold all of
// the area, and every one of them touches it. The shape is in WGS-84.
func Cover[C Cell[C]](shape orb.MultiPolygon, roots []C, fine func(C) bool) ([]C, error) {
	x := newBands(shape)
	var out []C
	stack := append([]C{}, roots...)
	for len(stack) > 0 {
		cell := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		touches, whole := x.meets(cell.Box())
		switch {
		case !touches:
		case whole || fine(cell):
			if out = append(out, cell); len(out) > maxCover {
				return nil, fmt.Errorf("more than %d cells are needed: cover it more coarsely", maxCover)
			}
		default:
			stack = append(stack, cell.Children()...)
		}
	}
	return out, nil
}

// meets says whether a shape has something in common with a box, and whether the
// box is wholly in it.
func (b *bands) meets(box Box) (touches, whole bool) {
	for k, last := b.band(box.South), b.band(box.North); k <= last; k++ {
		for _, e := range b.edges[k] {
			if e.crosses(box) {
				return true, false
			}
		}
	}
	center := box.Center() // no border runs through the box: it is in or out as a whole
	in := b.inLatitudes(center.Lat) && b.holds(center.Lon, center.Lat)
	return in, in
}

func (b *bands) inLatitudes(lat float64) bool {
	return lat >= b.south && lat <= b.south+b.height*float64(len(b.edges))
}

// crosses reports whether an edge and a box have a point in common (Liang-Barsky).
func (e edge) crosses(box Box) bool {
	t0, t1 := 0.0, 1.0
	for _, side := range [...][2]float64{{e.x1 - e.x2, e.x1 - box.West}, {e.x2 - e.x1, box.East - e.x1}, {e.y1 - e.y2, e.y1 - box.South}, {e.y2 - e.y1, box.North - e.y1}} {
		p, q := side[0], side[1]
		switch {
		case p == 0:
			if q < 0 {
				return false
			}
		case p < 0:
			t0 = max(t0, q/p)
		default:
			t1 = min(t1, q/p)
		}
	}
	return t0 <= t1
}
