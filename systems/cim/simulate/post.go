package simulate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// CameraClasses are the classes of video points: high above a quarter (高空), 一类 public
// places, 二三类 villages, gates and firms.
var CameraClasses = []string{"high", "first", "second"}

// Camera is a video point.
type Camera struct {
	ID     string // GB/T 28181, 20 digits
	Class  string
	At     Point
	Z      float64 // above the zero
	Yaw    float64 // degrees clockwise of north
	Pitch  float64 // up is positive
	HFov   float64
	VFov   float64
	Range  float64 // metres
	Ground float64
}

// Post is what stands beside a road: a pole, a station.
type Post struct {
	Kind   string // pole, bus_stop, substation, pump, waterworks, sewage_works
	At     Point
	Z      float64
	Road   int32
	Height float64
}

// putUp sets up the cameras, poles and stations.
func (c *City) putUp() {
	n := 0
	camera := func(class string, x Camera) {
		n++
		x.Class, x.ID = class, fmt.Sprintf("44030600%03d%s%07d", 132, "131", n)[:18]
		x.ID = fmt.Sprintf("4403060000132%07d", n)
		x.Ground = round(c.Ground.At(x.At), 2)
		x.Z = round(x.Z, 2)
		c.Cameras = append(c.Cameras, x)
	}
	s := c.Plan.Settings
	// High ones look from the highest roofs, away from each other.
	tall := make([]int32, len(c.Buildings))
	for i := range tall {
		tall[i] = int32(i)
	}
	slices.SortFunc(tall, func(a, b int32) int {
		x, y := &c.Buildings[a], &c.Buildings[b]
		return cmp.Or(-cmp.Compare(x.Ground+x.Height(), y.Ground+y.Height()), cmp.Compare(a, b))
	})
	var high []Point
	for apart := 2400.0; len(high) < s.Cameras["high"] && apart > 20; apart *= 0.8 {
		for _, i := range tall {
			if len(high) == s.Cameras["high"] {
				break
			}
			b := &c.Buildings[i]
			at := b.Rects[0].Mid
			if slices.ContainsFunc(high, func(p Point) bool { return p.sub(at).length() < apart }) {
				continue
			}
			high = append(high, at)
			h := chance(mix(c.seed, 41, uint64(i)))
			camera("high", Camera{At: at, Z: b.Ground + b.Height() + 3, Yaw: math.Floor(h.between(0, 360)), Pitch: -12, HFov: 62, VFov: 37, Range: 2500})
		}
	}
	// Those of the first class at crossings, the larger first; those of the second and third
	// at the doors of houses.
	rank := func(n Node) int { return int(c.class(n.Row)) + int(c.class(n.Col)) }
	crossings := make([]int32, len(c.Nodes))
	for i := range crossings {
		crossings[i] = int32(i)
	}
	slices.SortFunc(crossings, func(a, b int32) int {
		return cmp.Or(-cmp.Compare(rank(c.Nodes[a]), rank(c.Nodes[b])), cmp.Compare(mix(c.seed, 42, uint64(a)), mix(c.seed, 42, uint64(b))))
	})
	for k := range s.Cameras["first"] {
		node := c.Nodes[crossings[k%len(crossings)]]
		h := chance(mix(c.seed, 43, uint64(k)))
		turn := float64(k/len(crossings))*90 + c.Plan.Settings.Bearing + 90*float64(h.upTo(4))
		at := node.At.add(Point{h.between(-9, 9), h.between(-9, 9)})
		camera("first", Camera{At: at, Z: c.Ground.At(at) + 6.5, Yaw: math.Mod(turn+720, 360), Pitch: -15, HFov: 74, VFov: 44, Range: 120})
	}
	doors := make([]int32, len(c.Buildings))
	for i := range doors {
		doors[i] = int32(i)
	}
	slices.SortFunc(doors, func(a, b int32) int { return cmp.Compare(mix(c.seed, 44, uint64(a)), mix(c.seed, 44, uint64(b))) })
	for k := range s.Cameras["second"] {
		b := &c.Buildings[doors[k%len(doors)]]
		h := chance(mix(c.seed, 45, uint64(k)))
		r := b.Rects[0]
		at := r.At(h.between(-r.A, r.A), -r.B-0.4)
		camera("second", Camera{At: at, Z: c.Ground.At(at) + 3.5, Yaw: math.Floor(h.between(0, 360)), Pitch: -18, HFov: 82, VFov: 48, Range: 60})
	}
	for i, r := range c.Roads {
		a, b := c.Nodes[r.A].At, c.Nodes[r.B].At
		long := b.sub(a)
		side := Point{-long.Y, long.X}.times((r.Class.Width()/2 + 1) / max(long.length(), 1))
		for k := range int(long.length() / 38) {
			at := a.towards(b, (float64(k)+0.5)*38/long.length()).add(side)
			side = side.times(-1)
			c.Posts = append(c.Posts, Post{Kind: "pole", At: at, Z: round(c.Ground.At(at), 2), Road: int32(i), Height: [...]float64{7, 9, 12}[r.Class]})
		}
		if r.Class != Local && mix(c.seed, 46, uint64(i))%4 == 0 {
			at := a.towards(b, 0.5).add(side.times(1.15))
			c.Posts = append(c.Posts, Post{Kind: "bus_stop", At: at, Z: round(c.Ground.At(at), 2), Road: int32(i), Height: 3})
		}
	}
	for i := range c.Blocks {
		if mix(c.seed, 47, uint64(i))%90 == 0 {
			at := c.Blocks[i].Room.At(c.Blocks[i].Room.A, c.Blocks[i].Room.B)
			c.Posts = append(c.Posts, Post{Kind: "substation", At: at, Z: round(c.Ground.At(at), 2), Road: c.Blocks[i].Sides[0], Height: 4})
		}
	}
	for i := range c.Wells {
		w := &c.Wells[i]
		kind := map[string]string{"pump": "pump", "works": "sewage_works"}[w.Kind]
		if kind != "" {
			c.Posts = append(c.Posts, Post{Kind: kind, At: w.At, Z: round(w.Ground, 2), Road: -1, Height: 5})
		}
	}
}
