package simulate

import (
	"math"

	"shanzhi/core/parallel"
	"shanzhi/systems/cim/analysis"
)

// Height is that of the ground: what analysis asks.
func (g *Ground) Height(s analysis.Spot) float64 { return g.At(Point{s.X, s.Y}) }

func spots(ring []Point) []analysis.Spot {
	out := make([]analysis.Spot, len(ring))
	for i, p := range ring {
		out[i] = analysis.Spot{X: p.X, Y: p.Y}
	}
	return out
}

// Prisms are what may stand in the way: each building, and its podium, by its number.
func (c *City) Prisms() []analysis.Prism {
	out := make([]analysis.Prism, 0, len(c.Buildings))
	for i := range c.Buildings {
		b := &c.Buildings[i]
		if b.Podium != nil {
			out = append(out, analysis.Prism{Ring: spots(b.Podium.Ring()), From: b.Ground, To: b.Ground + b.First + float64(b.Under-1)*b.Storey, Thing: int32(i)})
		}
		out = append(out, analysis.Prism{Ring: spots(b.outline()), From: b.Ground, To: b.Ground + b.Height(), Thing: int32(i)})
	}
	return out
}

// sill is how high above its floor the middle of a window's sill is, in metres (GB 50180).
const sill = 0.9

// Windows are one of each unit of the buildings that are split: in the middle of its longest
// outer wall, at the sill.
func (c *City) Windows() []analysis.Window {
	parts := make([][]analysis.Window, len(c.Split))
	parallel.Each(len(c.Split), 256, func(k int) {
		for _, f := range c.Floors(c.Split[k]) {
			for _, u := range f.Units {
				parts[k] = append(parts[k], window(f, u))
			}
		}
	})
	var out []analysis.Window
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func window(f Floor, u Unit) analysis.Window {
	var w analysis.Window
	longest := 0.0
	for i, a := range u.Ring {
		b := u.Ring[(i+1)%len(u.Ring)]
		side := b.sub(a)
		mid := a.towards(b, 0.5)
		if side.length() <= longest || !onRing(f.Outline, mid) {
			continue
		}
		longest = side.length()
		out := Point{side.Y, -side.X}.times(1 / longest)
		at := mid.add(out.times(0.02))
		w = analysis.Window{At: analysis.Vec{X: at.X, Y: at.Y, Z: f.Z + sill}, Normal: analysis.Vec{X: out.X, Y: out.Y}}
	}
	return w
}

// onRing says whether a point lies on an outline, to a centimetre.
func onRing(ring []Point, p Point) bool {
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		side, d := b.sub(a), p.sub(a)
		long := side.length()
		if t := (side.X*d.X + side.Y*d.Y) / long; t >= -0.01 && t <= long+0.01 && math.Abs(side.X*d.Y-side.Y*d.X)/long < 0.01 {
			return true
		}
	}
	return false
}

// Net is its pipes between its wells.
func (c *City) Net() *analysis.Net {
	ends := make([][2]int32, len(c.Pipes))
	for i, p := range c.Pipes {
		ends[i] = [2]int32{p.A, p.B}
	}
	return analysis.NewNet(len(c.Wells), ends)
}
