package simulate

import (
	"math"

	"github.com/paulmach/orb"
)

// Point is a place on the frame: metres east and north of its middle.
type Point struct{ X, Y float64 }

func (p Point) add(q Point) Point                { return Point{p.X + q.X, p.Y + q.Y} }
func (p Point) sub(q Point) Point                { return Point{p.X - q.X, p.Y - q.Y} }
func (p Point) times(f float64) Point            { return Point{p.X * f, p.Y * f} }
func (p Point) length() float64                  { return math.Hypot(p.X, p.Y) }
func (p Point) towards(q Point, f float64) Point { return p.add(q.sub(p).times(f)) }

// Frame is the plane that touches the WGS-84 ellipsoid at a point. Over a district, 20 km
// across, its lengths are true to a few parts in ten thousand.
type Frame struct {
	Lon, Lat   float64 // of its middle, in degrees
	east, nord float64 // metres a degree
}

// NewFrame is the frame about a point in degrees.
func NewFrame(lon, lat float64) Frame {
	const a, e2 = 6378137.0, 0.00669437999014
	sin, cos := math.Sincos(lat * math.Pi / 180)
	w := math.Sqrt(1 - e2*sin*sin)
	return Frame{lon, lat, a / w * cos * math.Pi / 180, a * (1 - e2) / (w * w * w) * math.Pi / 180}
}

// On is a point in degrees on the frame.
func (f Frame) On(lon, lat float64) Point {
	return Point{(lon - f.Lon) * f.east, (lat - f.Lat) * f.nord}
}

// Degrees is a point of the frame as longitude and latitude.
func (f Frame) Degrees(p Point) (lon, lat float64) { return f.Lon + p.X/f.east, f.Lat + p.Y/f.nord }

// Hill is a rise of the ground that a pack names: a height above what lies around it, and
// how far its foot is from its top.
type Hill struct {
	Name   string  `yaml:"name"`
	Lon    float64 `yaml:"lon"`
	Lat    float64 `yaml:"lat"`
	Height float64 `yaml:"height"`
	Foot   float64 `yaml:"foot"` // metres
}

// Ground is how high the land lies.
type Ground struct {
	seed  uint64
	shore Point   // a point at which the land begins
	rise  Point   // the way inland, of length 1
	slope float64 // metres a metre
	hills []groundHill
}

type groundHill struct {
	at           Point
	height, foot float64
}

// At is the height of the ground, in metres.
func (g *Ground) At(p Point) float64 {
	inland := p.sub(g.shore)
	far := max(0, inland.X*g.rise.X+inland.Y*g.rise.Y)
	z := 2.5 + far*g.slope
	z += (noise(g.seed, p.X/2400, p.Y/2400) + 0.5*noise(g.seed+1, p.X/900, p.Y/900)) * (1.5 + far*g.slope*0.45)
	for _, h := range g.hills {
		d := p.sub(h.at)
		// A foot that is not a circle: ridges and valleys.
		r := d.length() / h.foot * (1 + 0.35*noise(g.seed+7, d.X/(h.foot*0.5), d.Y/(h.foot*0.5)))
		if r < 1 {
			k := 1 - r*r
			z += h.height * k * k
		}
	}
	return max(z, 1.2)
}

// noise is smooth, between -1 and 1, of wavelength 1.
func noise(seed uint64, x, y float64) float64 {
	ix, iy := math.Floor(x), math.Floor(y)
	fx, fy := x-ix, y-iy
	at := func(i, j int64) float64 { return float64(int64(mix(seed, uint64(i), uint64(j)))) / (1 << 63) }
	sx, sy := fx*fx*(3-2*fx), fy*fy*(3-2*fy)
	i, j := int64(ix), int64(iy)
	low := at(i, j)*(1-sx) + at(i+1, j)*sx
	high := at(i, j+1)*(1-sx) + at(i+1, j+1)*sx
	return low*(1-sy) + high*sy
}

// mix is a number that follows from others and looks like chance (SplitMix64).
func mix(parts ...uint64) uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for _, p := range parts {
		h += p * 0xbf58476d1ce4e5b9
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}

// chance follows from a seed and what it is about: as good as random, and the same whoever
// asks first.
type chance uint64

func (c *chance) next() uint64 {
	*c += 0x9e3779b97f4a7c15
	return mix(uint64(*c))
}

// unit is in [0, 1).
func (c *chance) unit() float64 { return float64(c.next()>>11) / (1 << 53) }

// between is in [low, high).
func (c *chance) between(low, high float64) float64 { return low + (high-low)*c.unit() }

// upTo is in [0, n).
func (c *chance) upTo(n int) int { return int(c.next() % uint64(n)) }

// area of a ring that need not be closed, positive if it runs against the clock.
func area(ring []Point) float64 {
	sum := 0.0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += p.X*q.Y - q.X*p.Y
	}
	return sum / 2
}

// outline is a shape of degrees on the frame, with its bands so that a point meets few sides.
type outline struct {
	low, high Point
	bands     [][][2]Point
	tall      float64
}

func newOutline(f Frame, shape orb.MultiPolygon) *outline {
	o := &outline{low: Point{math.Inf(1), math.Inf(1)}, high: Point{math.Inf(-1), math.Inf(-1)}}
	var sides [][2]Point
	for _, polygon := range shape {
		for _, ring := range polygon {
			for i := range ring {
				a, b := ring[i], ring[(i+1)%len(ring)]
				p, q := f.On(a[0], a[1]), f.On(b[0], b[1])
				o.low, o.high = Point{min(o.low.X, p.X), min(o.low.Y, p.Y)}, Point{max(o.high.X, p.X), max(o.high.Y, p.Y)}
				if p != q {
					sides = append(sides, [2]Point{p, q})
				}
			}
		}
	}
	n := max(1, len(sides)/4)
	o.bands, o.tall = make([][][2]Point, n), (o.high.Y-o.low.Y)/float64(n)
	for _, s := range sides {
		for i := o.band(min(s[0].Y, s[1].Y)); i <= o.band(max(s[0].Y, s[1].Y)); i++ {
			o.bands[i] = append(o.bands[i], s)
		}
	}
	return o
}

func (o *outline) band(y float64) int {
	return min(max(int((y-o.low.Y)/o.tall), 0), len(o.bands)-1)
}

func (o *outline) holds(p Point) bool {
	if p.X < o.low.X || p.X > o.high.X || p.Y < o.low.Y || p.Y > o.high.Y {
		return false
	}
	in := false
	for _, s := range o.bands[o.band(p.Y)] {
		a, b := s[0], s[1]
		if (a.Y > p.Y) != (b.Y > p.Y) && p.X < (b.X-a.X)*(p.Y-a.Y)/(b.Y-a.Y)+a.X {
			in = !in
		}
	}
	return in
}
