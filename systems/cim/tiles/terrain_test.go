package tiles

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"sync"
	"testing"
)

// landMesh is a tile as its readers unpack it.
type landMesh struct {
	low, high float64
	center    Vec
	radius    float64
	horizon   Vec
	u, v, h   []int
	triangles []int
	edges     [4][]int
}

func readLand(raw []byte) (m landMesh, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("it is cut off: %v", p)
		}
	}()
	at := 0
	double := func() float64 { at += 8; return math.Float64frombits(binary.LittleEndian.Uint64(raw[at-8:])) }
	vec := func() Vec { return Vec{double(), double(), double()} }
	single := func() float64 { at += 4; return float64(math.Float32frombits(binary.LittleEndian.Uint32(raw[at-4:]))) }
	long := func() int { at += 4; return int(binary.LittleEndian.Uint32(raw[at-4:])) }
	short := func() int { at += 2; return int(binary.LittleEndian.Uint16(raw[at-2:])) }
	m.center = vec()
	m.low, m.high = single(), single()
	vec()
	m.radius = double()
	m.horizon = vec()
	n := long()
	for _, to := range []*[]int{&m.u, &m.v, &m.h} {
		last := 0
		for range n {
			z := short()
			last += z>>1 ^ -(z & 1)
			*to = append(*to, last)
		}
	}
	highest := 0
	for range 3 * long() {
		code := short()
		m.triangles = append(m.triangles, highest-code)
		if code == 0 {
			highest++
		}
	}
	for k := range m.edges {
		for range long() {
			m.edges[k] = append(m.edges[k], short())
		}
	}
	if at != len(raw) {
		err = fmt.Errorf("%d bytes are left", len(raw)-at)
	}
	return m, err
}

// A terrain has every tile that it says it has; what each says of the ground is the ground, its
// triangles look up and cover it, and neighbours meet at their edges.
func TestTerrain(t *testing.T) {
	ground := func(lon, lat float64) float64 { return 100 + 50*math.Sin(lon*300)*math.Cos(lat*200) }
	var mu sync.Mutex
	files := map[string][]byte{}
	land := Land{West: 113.7, South: 22.5, East: 113.8, North: 22.6, Levels: 13, Height: ground}
	if err := WriteTerrain(land, func(f File) error { mu.Lock(); defer mu.Unlock(); files[f.Name] = f.Body; return nil }); err != nil {
		t.Fatal(err)
	}
	var root struct {
		Format, Scheme, Projection string
		Tiles                      []string
		Available                  [][]struct{ StartX, StartY, EndX, EndY int }
	}
	if err := json.Unmarshal(files["layer.json"], &root); err != nil || root.Format != "quantized-mesh-1.0" || root.Scheme != "tms" || len(root.Available) != 13 {
		t.Fatalf("%+v %v", root, err)
	}
	count := 1
	for level, ranges := range root.Available {
		for _, r := range ranges {
			for x := r.StartX; x <= r.EndX; x++ {
				for y := r.StartY; y <= r.EndY; y++ {
					count++
					name := fmt.Sprintf("t/%d/%d/%d.terrain", level, x, y)
					m, err := readLand(files[name])
					if err != nil || len(m.u) != landSide*landSide || len(m.triangles) != 6*(landSide-1)*(landSide-1) {
						t.Fatalf("%s: %d vertices, %d corners: %v", name, len(m.u), len(m.triangles), err)
					}
					size := 180 / float64(uint(1)<<level)
					lon := func(k int) float64 { return -180 + (float64(x)+float64(m.u[k])/32767)*size }
					lat := func(k int) float64 { return -90 + (float64(y)+float64(m.v[k])/32767)*size }
					if level < 9 {
						continue
					}
					for k := range m.u {
						z := m.low + float64(m.h[k])/32767*(m.high-m.low)
						if d := math.Abs(z - ground(lon(k), lat(k))); d > 0.05+size*2 {
							t.Fatalf("%s: vertex %d is %.2f m off", name, k, d)
						}
						p := Earth(lon(k), lat(k), z)
						if d := math.Sqrt(math.Pow(p[0]-m.center[0], 2) + math.Pow(p[1]-m.center[1], 2) + math.Pow(p[2]-m.center[2], 2)); d > m.radius*1.001+1 {
							t.Fatalf("%s: vertex %d lies %.0f m from the middle, the sphere has %.0f", name, k, d, m.radius)
						}
					}
					whole := 0
					for k := 0; k < len(m.triangles); k += 3 {
						a, b, c := m.triangles[k], m.triangles[k+1], m.triangles[k+2]
						turn := (m.u[b]-m.u[a])*(m.v[c]-m.v[a]) - (m.v[b]-m.v[a])*(m.u[c]-m.u[a])
						if turn <= 0 {
							t.Fatalf("%s: a triangle looks down", name)
						}
						whole += turn
					}
					if whole != 2*32767*32767 {
						t.Fatalf("%s: its triangles cover %d of %d", name, whole, 2*32767*32767)
					}
					for e, want := range [4]func(k int) bool{func(k int) bool { return m.u[k] == 0 }, func(k int) bool { return m.v[k] == 0 }, func(k int) bool { return m.u[k] == 32767 }, func(k int) bool { return m.v[k] == 32767 }} {
						if len(m.edges[e]) != landSide {
							t.Fatalf("%s: edge %d has %d vertices", name, e, len(m.edges[e]))
						}
						for _, k := range m.edges[e] {
							if !want(k) {
								t.Fatalf("%s: a vertex of edge %d is not on it", name, e)
							}
						}
					}
					// From the horizon point on, all of the tile is above the horizon of who sees it.
					if far := math.Sqrt(dot(m.horizon, m.horizon)); far < 1 {
						t.Fatalf("%s: its horizon point lies in the earth: %g", name, far)
					}
				}
			}
		}
	}
	if count != len(files) {
		t.Errorf("%d files, %d are said to be there", len(files), count)
	}
}

// A tube lies about its axis, is as thick as it says and looks outwards; a lid closes its end.
func TestTubes(t *testing.T) {
	plane := NewPlane(113.9, 22.6, 0)
	for what, s := range map[string]Solid{
		"level":  {Outline: []Place{{113.9, 22.6}, {113.9005, 22.6002}}, From: -3, To: -3.2, Radius: 0.4, Sides: 6},
		"steep":  {Outline: []Place{{113.9, 22.6}, {113.90001, 22.6}}, From: -8, To: 2, Radius: 0.2, Sides: 4},
		"a well": {Outline: []Place{{113.9, 22.6}, {113.9, 22.6}}, From: -5, To: 1, Radius: 0.35, Sides: 8, Lid: true},
	} {
		m := &mesh{}
		m.add(plane, &s)
		a := plane.On(Earth(s.Outline[0].Lon, s.Outline[0].Lat, s.From))
		b := plane.On(Earth(s.Outline[1].Lon, s.Outline[1].Lat, s.To))
		sub := func(p, q Vec) Vec { return Vec{p[0] - q[0], p[1] - q[1], p[2] - q[2]} }
		along := sub(b, a)
		long := math.Sqrt(dot(along, along))
		for _, c := range m.corners {
			d := sub(c.at, a)
			on := dot(d, along) / long
			if off := math.Sqrt(max(0, dot(d, d)-on*on)); math.Abs(off-s.Radius) > 0.001 || math.Abs(on) > 0.001 && math.Abs(on-long) > 0.001 {
				t.Errorf("%s: a corner lies %.3f m off the axis, %.3f along", what, off, on)
			}
		}
		for k := 0; k < len(m.indices); k += 3 {
			p, q, r := m.corners[m.indices[k]], m.corners[m.indices[k+1]], m.corners[m.indices[k+2]]
			u, v := sub(q.at, p.at), sub(r.at, p.at)
			face := Vec{u[1]*v[2] - u[2]*v[1], u[2]*v[0] - u[0]*v[2], u[0]*v[1] - u[1]*v[0]}
			if dot(face, Vec{float64(p.normal[0]), float64(p.normal[1]), float64(p.normal[2])}) <= 0 {
				t.Errorf("%s: triangle %d looks inwards", what, k/3)
			}
		}
		if want := 6*s.Sides + map[bool]int{true: 3 * (s.Sides - 2)}[s.Lid]; len(m.indices) != want {
			t.Errorf("%s: %d corners of triangles, want %d", what, len(m.indices), want)
		}
		r := s.extend(none)
		if r[4] > min(s.From, s.To)-s.Radius+1e-9 || r[5] < max(s.From, s.To)+s.Radius-1e-9 {
			t.Errorf("%s reaches out of %v", what, r)
		}
	}
}
