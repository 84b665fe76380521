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
// above the ellipsoid. One with a radius is a tube between the two places of its outline: From
// and To are the heights of its axis at each.
type Solid struct {
	Outline  []Place
	From, To float64
	Feature  Feature

	Radius float64 `json:",omitempty"` // metres
	Sides  int     `json:",omitempty"` // of a tube: 3 or more
	Lid    bool    `json:",omitempty"` // it is closed at its second end

	Skin *Skin `json:",omitempty"` // as it was surveyed; nil: walls and a flat roof
}

// extend is a region with the solid in it.
func (s *Solid) extend(r Region) Region {
	const degree = math.Pi / 180
	low, high := min(s.From, s.To)-s.Radius, max(s.From, s.To)+s.Radius
	wide := s.Radius / semiMajor * 1.1
	for _, p := range s.Outline {
		lon, lat := p.Lon*degree, p.Lat*degree
		r = r.with(Region{lon - wide/math.Cos(lat), lat - wide, lon + wide/math.Cos(lat), lat + wide, low, high})
	}
	if s.Skin != nil { // roofs reach over walls
		for _, c := range s.Skin.Corners {
			lon, lat := c.Lon*degree, c.Lat*degree
			r = r.with(Region{lon, lat, lon, lat, c.Height, c.Height})
		}
	}
	return r
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
	more := max(6*len(s.Outline), 3*s.Sides)
	if s.Skin != nil {
		more = 3 * len(s.Skin.Triangles)
	}
	return len(m.corners)+more <= most && len(m.features) < most
}

// add puts a solid on the mesh, on a plane; its floor is left out, being seen by nobody.
func (m *mesh) add(plane Plane, s *Solid) {
	if s.Radius > 0 {
		m.tube(plane, s)
		return
	}
	if s.Skin != nil {
		m.skin(plane, s)
		return
	}
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
	put := m.begin(s.Feature)
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

// begin adds a feature, and gives what adds its corners.
func (m *mesh) begin(f Feature) (put func(v Vec, n [3]int8)) {
	id := uint16(len(m.features))
	m.features = append(m.features, f)
	return func(v Vec, n [3]int8) {
		if len(m.corners) == 0 {
			m.low, m.high = v, v
		}
		for i := range v {
			m.low[i], m.high[i] = min(m.low[i], v[i]), max(m.high[i], v[i])
		}
		m.corners = append(m.corners, corner{v, n, id})
	}
}

// tube puts a pipe on the mesh: round by its normals, open at its ends, where wells are; a well
// has a lid.
func (m *mesh) tube(plane Plane, s *Solid) {
	a := plane.On(Earth(s.Outline[0].Lon, s.Outline[0].Lat, s.From))
	b := plane.On(Earth(s.Outline[1].Lon, s.Outline[1].Lat, s.To))
	along := Vec{b[0] - a[0], b[1] - a[1], b[2] - a[2]}
	flat := math.Hypot(along[0], along[1])
	long := math.Hypot(flat, along[2])
	if long < 1e-6 {
		return
	}
	side := Vec{1, 0, 0} // across, level
	if flat > 1e-6 {
		side = Vec{-along[1] / flat, along[0] / flat, 0}
	}
	w := Vec{along[0] / long, along[1] / long, along[2] / long}
	up := Vec{w[1]*side[2] - w[2]*side[1], w[2]*side[0] - w[0]*side[2], w[0]*side[1] - w[1]*side[0]}
	put := m.begin(s.Feature)
	first, n := uint32(len(m.corners)), uint32(s.Sides)
	for k := range s.Sides {
		sin, cos := math.Sincos(2 * math.Pi * float64(k) / float64(s.Sides))
		var out Vec
		for i := range out {
			out[i] = side[i]*cos + up[i]*sin
		}
		normal := [3]int8{int8(math.Round(out[0] * 127)), int8(math.Round(out[1] * 127)), int8(math.Round(out[2] * 127))}
		for _, end := range []Vec{a, b} {
			put(Vec{end[0] + out[0]*s.Radius, end[1] + out[1]*s.Radius, end[2] + out[2]*s.Radius}, normal)
		}
	}
	for k := range n {
		p, q := first+2*k, first+2*((k+1)%n)
		m.indices = append(m.indices, p, q, q+1, p, q+1, p+1)
	}
	if !s.Lid {
		return
	}
	k := uint32(len(m.corners))
	normal := [3]int8{int8(math.Round(w[0] * 127)), int8(math.Round(w[1] * 127)), int8(math.Round(w[2] * 127))}
	for i := range n {
		put(m.corners[first+2*i+1].at, normal)
	}
	for i := uint32(1); i+1 < n; i++ {
		m.indices = append(m.indices, k, k+i, k+i+1)
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
