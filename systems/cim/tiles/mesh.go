package tiles

import "math"

// Place is a corner of an outline: WGS-84 degrees.
type Place struct{ Lon, Lat float64 }

// Feature is what a solid is of. Of a shell and of a floor what is not known is left empty.
type Feature struct {
	Code  string // of the unit, else of the building
	Floor int16  // from ground 1 up, -1 down; 0 the whole building
	Area  float32
	Use   string
}

// Solid stands up from an outline, simple and without holes, between two heights in metres
// above the ellipsoid.
type Solid struct {
	Outline  []Place
	From, To float64
	Feature  Feature
}

// mesh is what a tile shows: flat faces, each with its own corners.
type mesh struct {
	corners   []corner
	indices   []uint32
	features  []Feature
	low, high Vec // of the corners
}

type corner struct {
	at      Vec // on the tile's plane
	normal  [3]int8
	feature uint16
}

// The most corners and features that 16 bits can count.
const most = 65535

// room says whether a mesh takes a solid more.
func (m *mesh) room(s *Solid) bool {
	return len(m.corners)+6*len(s.Outline) <= most && len(m.features) < most
}

// add puts a solid on the mesh, on a plane; its floor is left out, being seen by nobody.
func (m *mesh) add(plane Plane, s *Solid) {
	ring := make([]Vec, len(s.Outline))
	height := s.To - s.From
	for i, p := range s.Outline {
		ring[i] = plane.On(Earth(p.Lon, p.Lat, s.From))
	}
	if signed(ring) < 0 {
		for i, j := 0, len(ring)-1; i < j; i, j = i+1, j-1 {
			ring[i], ring[j] = ring[j], ring[i]
		}
	}
	id := uint16(len(m.features))
	m.features = append(m.features, s.Feature)
	put := func(v Vec, n [3]int8) {
		if len(m.corners) == 0 {
			m.low, m.high = v, v
		}
		for i := range v {
			m.low[i], m.high[i] = min(m.low[i], v[i]), max(m.high[i], v[i])
		}
		m.corners = append(m.corners, corner{v, n, id})
	}
	lift := func(v Vec) Vec { return Vec{v[0], v[1], v[2] + height} }
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		dx, dy := b[0]-a[0], b[1]-a[1]
		long := math.Hypot(dx, dy)
		if long < 1e-6 {
			continue
		}
		n := [3]int8{int8(math.Round(dy / long * 127)), int8(math.Round(-dx / long * 127)), 0}
		k := uint32(len(m.corners))
		put(a, n)
		put(b, n)
		put(lift(b), n)
		put(lift(a), n)
		m.indices = append(m.indices, k, k+1, k+2, k, k+2, k+3)
	}
	k := uint32(len(m.corners))
	for _, v := range ring {
		put(lift(v), [3]int8{0, 0, 127})
	}
	for _, t := range triangles(ring) {
		m.indices = append(m.indices, k+uint32(t[0]), k+uint32(t[1]), k+uint32(t[2]))
	}
}

func signed(ring []Vec) (sum float64) {
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += p[0]*q[1] - q[0]*p[1]
	}
	return sum / 2
}

// triangles divides a simple ring that runs against the clock, by cutting ears; of a ring
// that crosses itself it gives what it can.
func triangles(ring []Vec) (out [][3]int) {
	left := make([]int, len(ring))
	for i := range left {
		left[i] = i
	}
	cross := func(a, b, c Vec) float64 { return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0]) }
	for len(left) > 3 {
		cut := -1
		for i := range left {
			a, b, c := left[(i+len(left)-1)%len(left)], left[i], left[(i+1)%len(left)]
			turn := cross(ring[a], ring[b], ring[c])
			if turn < 0 {
				continue
			}
			ear := true
			for _, p := range left {
				if p != a && p != b && p != c && turn > 0 &&
					cross(ring[a], ring[b], ring[p]) >= 0 && cross(ring[b], ring[c], ring[p]) >= 0 && cross(ring[c], ring[a], ring[p]) >= 0 &&
					ring[p] != ring[a] && ring[p] != ring[b] && ring[p] != ring[c] {
					ear = false
					break
				}
			}
			if ear {
				cut = i
				if turn > 0 {
					out = append(out, [3]int{a, b, c})
				}
				break
			}
		}
		if cut < 0 {
			return out
		}
		left = append(left[:cut], left[cut+1:]...)
	}
	if len(left) == 3 && cross(ring[left[0]], ring[left[1]], ring[left[2]]) > 0 {
		out = append(out, [3]int{left[0], left[1], left[2]})
	}
	return out
}
