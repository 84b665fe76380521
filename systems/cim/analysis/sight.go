package analysis

import (
	"math"

	"shanzhi/core/parallel"
)

// Ground is how high the land lies at a spot.
type Ground interface{ Height(Spot) float64 }

// Sight is whether one place sees another, and what hides it.
type Sight struct {
	Seen   bool
	By     string  // building, ground: what hides it first
	Thing  int32   // the building
	At     float64 // metres from the eye
	Metres float64 // from eye to what is looked at
}

// Look says whether an eye sees a place past buildings and ground.
func (s *Scene) Look(ground Ground, eye, target Vec) Sight {
	out := Sight{Seen: true, Metres: target.sub(eye).length(), Thing: -1}
	if thing, part, ok := s.First(eye, target); ok {
		out.Seen, out.By, out.Thing, out.At = false, "building", thing, part*out.Metres
	}
	if ground == nil {
		return out
	}
	n := int(out.Metres/5) + 1
	for k := 1; k < n; k++ {
		f := float64(k) / float64(n)
		if f*out.Metres >= out.At && !out.Seen {
			break
		}
		p := eye.towards(target, f)
		if p.Z < ground.Height(Spot{p.X, p.Y})-0.01 {
			out.Seen, out.By, out.Thing, out.At = false, "ground", -1, f*out.Metres
			break
		}
	}
	return out
}

// View is what an eye sees of the ground about it: a raster of cells, north row last.
type View struct {
	West, South, Cell float64
	Columns, Rows     int
	Seen              []bool
	Share             float64 // of the cells within reach
}

// Viewshed (可视域) looks from an eye at each cell's middle, so high above the ground, as far as
// reach.
func (s *Scene) Viewshed(ground Ground, eye Vec, reach, cell, above float64) View {
	n := int(math.Ceil(2 * reach / cell))
	v := View{West: eye.X - reach, South: eye.Y - reach, Cell: cell, Columns: n, Rows: n, Seen: make([]bool, n*n)}
	within := make([]bool, n*n)
	parallel.Each(n*n, 64, func(i int) {
		at := Spot{v.West + (float64(i%n)+0.5)*cell, v.South + (float64(i/n)+0.5)*cell}
		if math.Hypot(at.X-eye.X, at.Y-eye.Y) > reach {
			return
		}
		z := 0.0
		if ground != nil {
			z = ground.Height(at)
		}
		within[i] = true
		v.Seen[i] = s.Look(ground, eye, Vec{at.X, at.Y, z + above}).Seen
	})
	seen, all := 0, 0
	for i := range within {
		if within[i] {
			all++
		}
		if v.Seen[i] {
			seen++
		}
	}
	if all > 0 {
		v.Share = float64(seen) / float64(all)
	}
	return v
}

// Skyline (天际线) is how high the city stands about an eye: for each of n directions, clockwise
// from north, the greatest angle above the horizon in degrees, and the thing that makes it.
func (s *Scene) Skyline(eye Vec, n int, reach float64) (angles []float64, things []int32) {
	angles, things = make([]float64, n), make([]int32, n)
	parallel.Each(n, 64, func(i int) {
		sin, cos := math.Sincos(float64(i) / float64(n) * 2 * math.Pi)
		// The greatest angle that is still blocked: between nothing and straight up.
		low, high := 0.0, 89.9
		things[i] = -1
		look := func(angle float64) (int32, bool) {
			t := math.Tan(angle * degree)
			return s.Blocked(eye, eye.add(Vec{sin * reach, cos * reach, t * reach}))
		}
		if thing, ok := look(0.001); ok {
			things[i] = thing
			for high-low > 0.01 {
				mid := (low + high) / 2
				if thing, ok := look(mid); ok {
					low, things[i] = mid, thing
				} else {
					high = mid
				}
			}
		}
		angles[i] = low
	})
	return angles, things
}
