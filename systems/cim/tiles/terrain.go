package tiles

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"shanzhi/core/parallel"
)

// Land is how high the ground lies, for a terrain in quantized mesh 1.0, which CesiumJS reads
// without any service: heights in metres above the ellipsoid, within a box in degrees.
type Land struct {
	West, South, East, North float64
	Height                   func(lon, lat float64) float64
	Levels                   int // the last has 180/2^(Levels-1) degrees on a side
}

// landSide is how many vertices a tile has on a side.
const landSide = 33

// landTile are a level's columns or rows from one to another, from the south-west (TMS).
func landTile(level int, low, high, from float64, most int) (first, last int) {
	size := 180 / float64(uint(1)<<level)
	return max(0, int(math.Floor((low-from)/size))), min(most-1, int(math.Floor((high-from)/size)))
}

// WriteTerrain gives the tiles of a terrain to put, from several goroutines, and layer.json last.
func WriteTerrain(l Land, put func(File) error) error {
	type key struct{ level, x, y int }
	var keys []key
	var available [][]object
	for level := range l.Levels {
		n := 1 << level
		x0, x1 := landTile(level, l.West, l.East, -180, 2*n)
		y0, y1 := landTile(level, l.South, l.North, -90, n)
		if level == 0 {
			x0, x1, y0, y1 = 0, 1, 0, 0 // a globe has both halves
		}
		available = append(available, []object{{"startX": x0, "startY": y0, "endX": x1, "endY": y1}})
		for x := x0; x <= x1; x++ {
			for y := y0; y <= y1; y++ {
				keys = append(keys, key{level, x, y})
			}
		}
	}
	errs := make([]error, len(keys))
	parallel.Each(len(keys), 4, func(i int) {
		k := keys[i]
		size := 180 / float64(uint(1)<<k.level)
		west, south := -180+float64(k.x)*size, -90+float64(k.y)*size
		errs[i] = put(File{fmt.Sprintf("t/%d/%d/%d.terrain", k.level, k.x, k.y), quantized(west, south, west+size, south+size, l.Height)})
	})
	if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
		return errs[i]
	}
	root, err := json.Marshal(object{"tilejson": "2.1.0", "format": "quantized-mesh-1.0", "version": "1.0.0", "scheme": "tms", "projection": "EPSG:4326",
		"bounds": []float64{-180, -90, 180, 90}, "tiles": []string{"t/{z}/{x}/{y}.terrain"}, "minzoom": 0, "maxzoom": l.Levels - 1, "available": available})
	if err != nil {
		return err
	}
	return put(File{"layer.json", root})
}

// quantized is a tile: a grid of vertices, whose edges fit those of its neighbours.
func quantized(west, south, east, north float64, height func(lon, lat float64) float64) []byte {
	const n = landSide
	z := make([]float64, n*n)
	low, high := math.Inf(1), math.Inf(-1)
	at := func(i, j int) (lon, lat float64) {
		return west + (east-west)*float64(i)/(n-1), south + (north-south)*float64(j)/(n-1)
	}
	for j := range n {
		for i := range n {
			lon, lat := at(i, j)
			z[j*n+i] = height(lon, lat)
			low, high = min(low, z[j*n+i]), max(high, z[j*n+i])
		}
	}
	// Vertices in the order in which the triangles name them first, as their coding wants it.
	number := make([]int, n*n)
	for i := range number {
		number[i] = -1
	}
	var order []int
	var indices []uint16
	name := func(v int) {
		if number[v] < 0 {
			number[v] = len(order)
			order = append(order, v)
		}
		indices = append(indices, uint16(number[v]))
	}
	for j := range n - 1 {
		for i := range n - 1 {
			a := j*n + i
			for _, v := range [6]int{a, a + 1, a + n, a + n, a + 1, a + n + 1} {
				name(v)
			}
		}
	}
	center := Earth((west+east)/2, (south+north)/2, (low+high)/2)
	radius := 0.0
	points := make([]Vec, len(z))
	for j := range n {
		for i := range n {
			lon, lat := at(i, j)
			p := Earth(lon, lat, z[j*n+i])
			points[j*n+i] = p
			radius = max(radius, math.Sqrt((p[0]-center[0])*(p[0]-center[0])+(p[1]-center[1])*(p[1]-center[1])+(p[2]-center[2])*(p[2]-center[2])))
		}
	}
	out := make([]byte, 0, 24<<10)
	double := func(all ...float64) {
		for _, x := range all {
			out = binary.LittleEndian.AppendUint64(out, math.Float64bits(x))
		}
	}
	double(center[:]...)
	out = binary.LittleEndian.AppendUint32(out, math.Float32bits(float32(low)))
	out = binary.LittleEndian.AppendUint32(out, math.Float32bits(float32(high)))
	double(center[:]...)
	double(radius)
	horizon := horizonPoint(center, points)
	double(horizon[:]...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(order)))
	span := max(high-low, 1e-6)
	for part := range 3 {
		last := 0
		for _, v := range order {
			q := 0
			switch part {
			case 0:
				q = int(math.Round(float64(v%n) / (n - 1) * 32767))
			case 1:
				q = int(math.Round(float64(v/n) / (n - 1) * 32767))
			default:
				q = int(math.Round((z[v] - low) / span * 32767))
			}
			d := q - last
			last = q
			out = binary.LittleEndian.AppendUint16(out, uint16(d<<1^d>>31)) // zigzag
		}
	}
	out = binary.LittleEndian.AppendUint32(out, uint32(len(indices)/3))
	highest := uint16(0)
	for _, i := range indices {
		code := highest - i
		out = binary.LittleEndian.AppendUint16(out, code)
		if code == 0 {
			highest++
		}
	}
	for _, edge := range [4]func(k int) int{
		func(k int) int { return k * n },       // west
		func(k int) int { return k },           // south
		func(k int) int { return k*n + n - 1 }, // east
		func(k int) int { return (n-1)*n + k }, // north
	} {
		out = binary.LittleEndian.AppendUint32(out, n)
		for k := range n {
			out = binary.LittleEndian.AppendUint16(out, uint16(number[edge(k)]))
		}
	}
	return out
}

// horizonPoint is the point, in the space in which the ellipsoid is a sphere of radius one, that
// is below the horizon only where all of the points are.
func horizonPoint(center Vec, points []Vec) Vec {
	polar := semiMajor * math.Sqrt(1-squareEcc)
	scaled := func(v Vec) Vec { return Vec{v[0] / semiMajor, v[1] / semiMajor, v[2] / polar} }
	way := scaled(center)
	long := math.Sqrt(dot(way, way))
	for i := range way {
		way[i] /= long
	}
	far := 0.0
	for _, p := range points {
		s := scaled(p)
		m := math.Sqrt(dot(s, s))
		cosA := min(1, dot(s, way)/m)
		sinA := math.Sqrt(1 - cosA*cosA)
		m = max(1, m)
		cosB := 1 / m
		sinB := math.Sqrt(m*m-1) * cosB
		d := cosA*cosB - sinA*sinB
		if d < 1e-3 { // half a globe is never wholly below the horizon
			d = 1e-3
		}
		far = max(far, 1/d)
	}
	return Vec{way[0] * far, way[1] * far, way[2] * far}
}
