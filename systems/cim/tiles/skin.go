package tiles

import "math"

// Skin is the surface of a solid as it was surveyed: roofs, walls, whatever it has. Where a solid
// has one it is drawn in place of what stands up from the outline.
type Skin struct {
	Corners   []Spot
	Triangles [][3]uint32 // against the clock as seen from outside
}

// Spot is a corner of a skin: WGS-84 degrees, and metres above the ellipsoid.
type Spot struct{ Lon, Lat, Height float64 }

// skin puts a solid with one on the mesh: each triangle with corners of its own, since faces are flat.
func (m *mesh) skin(plane Plane, s *Solid) {
	at := make([]Vec, len(s.Skin.Corners))
	for i, c := range s.Skin.Corners {
		at[i] = plane.On(Earth(c.Lon, c.Lat, c.Height))
	}
	put := m.begin(s.Feature)
	for _, t := range s.Skin.Triangles {
		a, b, c := at[t[0]], at[t[1]], at[t[2]]
		n := normal([]Vec{a, b, c})
		long := math.Sqrt(dot(n, n))
		if long < 1e-9 {
			continue
		}
		up := [3]int8{}
		for i := range up {
			up[i] = int8(math.Round(n[i] / long * 127))
		}
		k := uint32(len(m.corners))
		for _, v := range []Vec{a, b, c} {
			put(v, up)
		}
		m.indices = append(m.indices, k, k+1, k+2)
	}
}

// normal is Newell's of a ring, twice its area long.
func normal(ring []Vec) (n Vec) {
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		n[0] += (a[1] - b[1]) * (a[2] + b[2])
		n[1] += (a[2] - b[2]) * (a[0] + b[0])
		n[2] += (a[0] - b[0]) * (a[1] + b[1])
	}
	return n
}

// Triangles divides a flat face in space, an outer ring and its holes in metres, and gives the numbers of
// corners, counted through all rings. They turn as the outer ring does.
func Triangles(rings [][]Vec) (out [][3]int) {
	if len(rings) == 0 || len(rings[0]) < 3 {
		return nil
	}
	n := normal(rings[0])
	long := math.Sqrt(dot(n, n))
	if long < 1e-9 {
		return nil
	}
	// Onto the face's own plane, where the outer ring runs against the clock.
	n = Vec{n[0] / long, n[1] / long, n[2] / long}
	side := Vec{1, 0, 0}
	if math.Abs(n[0]) > 0.8 {
		side = Vec{0, 1, 0}
	}
	d := dot(side, n)
	x := Vec{side[0] - d*n[0], side[1] - d*n[1], side[2] - d*n[2]}
	l := math.Sqrt(dot(x, x))
	x = Vec{x[0] / l, x[1] / l, x[2] / l}
	y := Vec{n[1]*x[2] - n[2]*x[1], n[2]*x[0] - n[0]*x[2], n[0]*x[1] - n[1]*x[0]}
	var flat []Vec
	var order []int
	for k, ring := range rings {
		first := len(flat)
		for _, v := range ring {
			flat = append(flat, Vec{dot(v, x), dot(v, y), 0})
		}
		if len(ring) < 3 {
			continue
		}
		own := make([]int, len(ring))
		turned := k > 0 && signed(flat[first:]) > 0 // holes run with the clock
		for i := range own {
			own[i] = first + i
			if turned {
				own[i] = first + len(ring) - 1 - i
			}
		}
		if k == 0 {
			order = own
		} else {
			order = bridged(flat, order, own)
		}
	}
	ring := make([]Vec, len(order))
	for i, k := range order {
		ring[i] = flat[k]
	}
	for _, t := range triangles(ring) {
		out = append(out, [3]int{order[t[0]], order[t[1]], order[t[2]]})
	}
	return out
}

// bridged is a ring with a hole tied to it by the shortest way there and back that crosses nothing.
func bridged(at []Vec, ring, hole []int) []int {
	turn := func(a, b, c Vec) float64 { return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0]) }
	free := func(a, b Vec) bool {
		for _, list := range [][]int{ring, hole} {
			for i := range list {
				c, d := at[list[i]], at[list[(i+1)%len(list)]]
				if c == a || c == b || d == a || d == b {
					continue
				}
				if turn(a, b, c)*turn(a, b, d) <= 0 && turn(c, d, a)*turn(c, d, b) <= 0 {
					return false
				}
			}
		}
		return true
	}
	from, to, best := -1, -1, math.Inf(1)
	for i := range ring {
		for k := range hole {
			a, b := at[ring[i]], at[hole[k]]
			if d := math.Hypot(a[0]-b[0], a[1]-b[1]); d < best && free(a, b) {
				from, to, best = i, k, d
			}
		}
	}
	if from < 0 {
		return ring // its rings cross: the hole is left closed
	}
	out := append([]int{}, ring[:from+1]...)
	out = append(append(out, hole[to:]...), hole[:to+1]...)
	return append(out, ring[from:]...)
}
