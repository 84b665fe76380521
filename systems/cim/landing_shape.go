package cim

import (
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"shanzhi/systems/cim/tiles"
)

// ground is where the metres of a shape are counted from.
type ground struct {
	lon, lat float64
	wide     float64 // metres of a degree of longitude
}

func groundOf(at [3]float64) ground {
	return ground{at[0], at[1], metresPerDegree * math.Cos(at[1]*math.Pi/180)}
}

func (g ground) metres(p [3]float64) tiles.Vec {
	return tiles.Vec{(p[0] - g.lon) * g.wide, (p[1] - g.lat) * metresPerDegree, p[2]}
}

// finest are the faces of an object on the finest of its levels of detail that has some, and that level.
func finest(shapes []CityShape) (faces []CityFace, lod string) {
	best := -1.0
	for _, s := range shapes {
		if len(s.Shells) == 0 {
			continue
		}
		level, err := strconv.ParseFloat(s.LoD, 64)
		if err != nil {
			level = 0
		}
		switch {
		case level > best:
			faces, best, lod = nil, level, s.LoD
		case level < best:
			continue
		}
		// Of a solid the first shell is the outer one: what is inside is not seen.
		if s.Kind == "solid" {
			faces = append(faces, s.Shells[0]...)
			continue
		}
		for _, shell := range s.Shells {
			faces = append(faces, shell...)
		}
	}
	return faces, lod
}

// steepest is how steep a face may be that counts as a floor or a roof: the part of its area seen from above.
const steepest = 0.2

// footprint is the ground that faces stand on, as polygons with their holes, the largest first: what their
// undersides cover; of faces without, such as outlines, what all cover.
func footprint(faces []CityFace) []orb.Polygon {
	if len(faces) == 0 || len(faces[0].Rings) == 0 || len(faces[0].Rings[0]) == 0 {
		return nil
	}
	g := groundOf(faces[0].Rings[0][0])
	var named, under, level []CityFace
	for _, f := range faces {
		if len(f.Rings) == 0 || len(f.Rings[0]) < 3 {
			continue
		}
		n, long := faceNormal(g, f.Rings[0])
		if f.Semantic == "GroundSurface" {
			named = append(named, f)
		}
		if long < 1e-6 || math.Abs(n[2]) < steepest*long {
			continue
		}
		if level = append(level, f); n[2] < 0 {
			under = append(under, f)
		}
	}
	for _, list := range [][]CityFace{named, under, level} {
		if out := covered(g, list); len(out) > 0 {
			return out
		}
	}
	return nil
}

// faceNormal is Newell's normal of a ring in metres, and its length.
func faceNormal(g ground, ring [][3]float64) (n tiles.Vec, long float64) {
	for i := range ring {
		a, b := g.metres(ring[i]), g.metres(ring[(i+1)%len(ring)])
		n[0] += (a[1] - b[1]) * (a[2] + b[2])
		n[1] += (a[2] - b[2]) * (a[0] + b[0])
		n[2] += (a[0] - b[0]) * (a[1] + b[1])
	}
	return n, math.Sqrt(n[0]*n[0] + n[1]*n[1] + n[2]*n[2])
}

// covered is what faces that meet at their edges cover together, seen from above: an edge that two share is
// inside.
func covered(g ground, faces []CityFace) []orb.Polygon {
	type node [2]int64
	key := func(p [3]float64) node {
		return node{int64(math.Round(p[0] * 1e8)), int64(math.Round(p[1] * 1e8))}
	}
	next := map[node][]node{}
	drop := func(list []node, x node) ([]node, bool) {
		if i := slices.Index(list, x); i >= 0 {
			return slices.Delete(list, i, i+1), true
		}
		return list, false
	}
	var order []node
	for _, f := range faces {
		for k, ring := range f.Rings {
			if len(ring) < 3 {
				continue
			}
			ring = slices.Clone(ring)
			n, _ := faceNormal(g, ring)
			if (n[2] > 0) != (k == 0) { // outer rings against the clock, holes with it
				slices.Reverse(ring)
			}
			for i := range ring {
				a, b := key(ring[i]), key(ring[(i+1)%len(ring)])
				if a == b {
					continue
				}
				if list, ok := drop(next[b], a); ok {
					next[b] = list
					continue
				}
				next[a] = append(next[a], b)
				order = append(order, a)
			}
		}
	}
	var outer, holes []orb.Ring
	for _, first := range order {
		for len(next[first]) > 0 {
			ring := orb.Ring{}
			at := first
			for len(next[at]) > 0 && len(ring) <= len(order) {
				ring = append(ring, orb.Point{float64(at[0]) / 1e8, float64(at[1]) / 1e8})
				to := next[at][len(next[at])-1]
				next[at] = next[at][:len(next[at])-1]
				if at = to; at == first {
					break
				}
			}
			if at != first || len(ring) < 3 {
				continue
			}
			ring = append(ring, ring[0])
			switch a := ringArea(ring); {
			case a > 0.01:
				outer = append(outer, ring)
			case a < -0.01:
				holes = append(holes, ring)
			}
		}
	}
	slices.SortStableFunc(outer, func(a, b orb.Ring) int { return cmpFloat(ringArea(b), ringArea(a)) })
	out := make([]orb.Polygon, len(outer))
	for i, r := range outer {
		out[i] = orb.Polygon{r}
	}
	for _, h := range holes {
		for i := range out {
			if inRing(out[i][0], h[0]) {
				out[i] = append(out[i], h)
				break
			}
		}
	}
	return out
}

// ringArea is in square metres; against the clock it is above 0.
func ringArea(r orb.Ring) (sum float64) {
	if len(r) < 4 {
		return 0
	}
	wide := metresPerDegree * math.Cos(r[0][1]*math.Pi/180)
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		sum += (a[0]-r[0][0])*(b[1]-r[0][1]) - (b[0]-r[0][0])*(a[1]-r[0][1])
	}
	return sum / 2 * wide * metresPerDegree
}

// mostTriangles are those of one solid: a larger skin is several solids of one code.
const mostTriangles = 15_000

// flatBelow is below what height faces are an outline and no body, in metres.
const flatBelow = 0.5

// surveyed are the solids of faces that have heights, as they were surveyed; none where they are flat.
func surveyed(faces []CityFace, f tiles.Feature) []tiles.Solid {
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range faces {
		for _, r := range x.Rings {
			for _, p := range r {
				low, high = min(low, p[2]), max(high, p[2])
			}
		}
	}
	print := footprint(faces)
	if !(high-low >= flatBelow) || len(print) == 0 {
		return nil
	}
	f.Area = float32(math.Round(printArea(print)*10) / 10)
	base := tiles.Solid{From: low, To: high, Feature: f, Outline: placesOfRing(print[0][0])}
	g := groundOf(faces[0].Rings[0][0])
	var out []tiles.Solid
	var skin *tiles.Skin
	var corner map[[3]float64]uint32
	for _, x := range faces {
		rings := make([][]tiles.Vec, len(x.Rings))
		var all [][3]float64
		for i, r := range x.Rings {
			for _, p := range r {
				rings[i] = append(rings[i], g.metres(p))
			}
			all = append(all, r...)
		}
		if skin == nil || len(skin.Triangles) >= mostTriangles {
			skin, corner = &tiles.Skin{}, map[[3]float64]uint32{}
			s := base
			s.Skin = skin
			out = append(out, s)
		}
		for _, t := range tiles.Triangles(rings) {
			var tri [3]uint32
			for i, k := range t {
				n, ok := corner[all[k]]
				if !ok {
					n = uint32(len(skin.Corners))
					corner[all[k]] = n
					skin.Corners = append(skin.Corners, tiles.Spot{Lon: all[k][0], Lat: all[k][1], Height: all[k][2]})
				}
				tri[i] = n
			}
			skin.Triangles = append(skin.Triangles, tri)
		}
	}
	return slices.DeleteFunc(out, func(s tiles.Solid) bool { return len(s.Skin.Triangles) == 0 })
}

// standing are solids that stand up from outlines.
func standing(print []orb.Polygon, from, to float64, f tiles.Feature) (out []tiles.Solid) {
	for _, p := range print {
		f.Area = float32(math.Round(printArea([]orb.Polygon{p})*10) / 10)
		out = append(out, tiles.Solid{From: from, To: to, Feature: f, Outline: placesOfRing(p[0])})
	}
	return out
}

func printArea(print []orb.Polygon) (sum float64) {
	for _, p := range print {
		for k, r := range p {
			if a := math.Abs(ringArea(r)); k == 0 {
				sum += a
			} else {
				sum -= a
			}
		}
	}
	return sum
}

func placesOfRing(r orb.Ring) []tiles.Place {
	out := make([]tiles.Place, 0, len(r)-1)
	for _, p := range r[:len(r)-1] {
		out = append(out, tiles.Place{Lon: p[0], Lat: p[1]})
	}
	return out
}

// shapeOf is one polygon, or several.
func shapeOf(print []orb.Polygon) orb.Geometry {
	if len(print) == 1 {
		return print[0]
	}
	return orb.MultiPolygon(print)
}

// printOf is the ground of solids: of each its outline.
func printOf(solids []tiles.Solid) (out []orb.Polygon) {
	for _, s := range solids {
		ring := make(orb.Ring, 0, len(s.Outline)+1)
		for _, p := range s.Outline {
			ring = append(ring, orb.Point{p.Lon, p.Lat})
		}
		p := orb.Polygon{append(ring, ring[0])}
		if !slices.ContainsFunc(out, func(o orb.Polygon) bool { return o.Equal(p) }) { // floors stand on each other
			out = append(out, p)
		}
	}
	return out
}

// heightsOf are the lowest and the highest of solids.
func heightsOf(solids []tiles.Solid) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, s := range solids {
		low, high = min(low, s.From), max(high, s.To)
	}
	return low, high
}
