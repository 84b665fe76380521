package analysis

import (
	"cmp"
	"math"
	"slices"
	"time"

	"shanzhi/core/parallel"
)

const degree = math.Pi / 180

// Sun is where the sun stands: height above the horizon and direction, clockwise of north,
// in degrees.
type Sun struct{ Height, Bearing float64 }

// Way is towards the sun, of length 1.
func (s Sun) Way() Vec {
	sinH, cosH := math.Sincos(s.Height * degree)
	sinB, cosB := math.Sincos(s.Bearing * degree)
	return Vec{cosH * sinB, cosH * cosB, sinH}
}

// Season is what of the sun follows from the day: its declination in degrees, and by how many
// minutes true solar time is ahead of mean (均时差).
type Season struct{ Declination, Equation float64 }

// SeasonOf reckons with the low-precision solar coordinates of Meeus, Astronomical
// Algorithms, chapter 25: right to 0.01° from 1950 to 2050.
func SeasonOf(t time.Time) Season {
	days := t.Sub(time.Date(2000, 1, 1, 12, 0, 0, 0, time.UTC)).Hours() / 24
	c := days / 36525
	mean := 280.46646 + c*(36000.76983+c*0.0003032)
	anomaly := (357.52911 + c*(35999.05029-c*0.0001537)) * degree
	e := 0.016708634 - c*(0.000042037+c*0.0000001267)
	centre := (1.914602-c*(0.004817+c*0.000014))*math.Sin(anomaly) + (0.019993-c*0.000101)*math.Sin(2*anomaly) + 0.000289*math.Sin(3*anomaly)
	node := (125.04 - 1934.136*c) * degree
	apparent := (mean + centre - 0.00569 - 0.00478*math.Sin(node)) * degree
	tilt := (23 + (26+(21.448-c*(46.815+c*(0.00059-c*0.001813)))/60)/60 + 0.00256*math.Cos(node)) * degree
	y := math.Tan(tilt/2) * math.Tan(tilt/2)
	l := mean * degree
	equation := y*math.Sin(2*l) - 2*e*math.Sin(anomaly) + 4*e*y*math.Sin(anomaly)*math.Cos(2*l) - 0.5*y*y*math.Sin(4*l) - 1.25*e*e*math.Sin(2*anomaly)
	return Season{math.Asin(math.Sin(tilt)*math.Sin(apparent)) / degree, equation / degree * 4}
}

// At is where the sun stands at a latitude, at so many hours of true solar time.
func (s Season) At(latitude, hours float64) Sun {
	sinF, cosF := math.Sincos(latitude * degree)
	sinD, cosD := math.Sincos(s.Declination * degree)
	sinT, cosT := math.Sincos((hours - 12) * 15 * degree)
	height := math.Asin(sinF*sinD + cosF*cosD*cosT)
	bearing := math.Atan2(-sinT*cosD, cosF*sinD-sinF*cosD*cosT)
	return Sun{height / degree, math.Mod(bearing/degree+360, 360)}
}

// SolarHours is the true solar time of an instant at a longitude, in hours of its day.
func SolarHours(t time.Time, longitude float64) float64 {
	u := t.UTC()
	hours := float64(u.Hour()) + float64(u.Minute())/60 + (float64(u.Second())+float64(u.Nanosecond())/1e9)/3600
	return math.Mod(hours+longitude/15+SeasonOf(t).Equation/60+48, 24)
}

// SunAt is where the sun stands at an instant and a place.
func SunAt(t time.Time, longitude, latitude float64) Sun {
	return SeasonOf(t).At(latitude, SolarHours(t, longitude))
}

// StandardDay is a day for which hours of sun are asked, with the hours that count, in true
// solar time (有效日照时间带, GB 50180-2018 table 4.0.9).
type StandardDay struct {
	Name        string
	Month       time.Month
	Day         int
	From, Until float64
}

// The standard days.
var (
	GreatCold      = StandardDay{"great_cold", time.January, 20, 8, 16}       // 大寒日
	WinterSolstice = StandardDay{"winter_solstice", time.December, 21, 9, 15} // 冬至日
)

// In is the season of the day in a year, at its noon by the sun at a longitude.
func (d StandardDay) In(year int, longitude float64) Season {
	return SeasonOf(time.Date(year, d.Month, d.Day, 12, 0, 0, 0, time.UTC).Add(-time.Duration(longitude * 4 * float64(time.Minute))))
}

// Sunlight is for how long the sun shines on a place.
type Sunlight struct {
	Total   float64 // hours, all stretches together
	Longest float64 // hours, the longest stretch
	From    float64 // true solar time at which that begins
}

// Sky is the sun of a day, step by step, at a latitude: reckoned once for many places.
type Sky struct {
	step float64 // hours
	from float64
	ways []Vec
}

// far is how long the way to the sun is followed, in metres: beyond it nothing stands high
// enough in the way.
const far = 4000

// NewSky is a standard day's sky by steps of minutes; each step stands for the minutes about
// its middle.
func NewSky(d StandardDay, year int, longitude, latitude float64, minutes float64) *Sky {
	s := &Sky{step: minutes / 60, from: d.From}
	season := d.In(year, longitude)
	for k := 0; ; k++ {
		t := d.From + (float64(k)+0.5)*s.step
		if t > d.Until {
			return s
		}
		way := Vec{}
		if sun := season.At(latitude, t); sun.Height > 0 {
			way = sun.Way().times(far)
		}
		s.ways = append(s.ways, way)
	}
}

// Sunlight is that of a place on a wall whose outside is where normal points; a normal of
// length 0 is open to all sides.
func (s *Scene) Sunlight(sky *Sky, at Vec, normal Vec) (out Sunlight) {
	run, begin := 0.0, 0.0
	for k, way := range sky.ways {
		lit := way.Z > 0 && (normal == (Vec{}) || way.X*normal.X+way.Y*normal.Y+way.Z*normal.Z > 0)
		if lit {
			_, dark := s.Blocked(at, at.add(way))
			lit = !dark
		}
		if !lit {
			run = 0
			continue
		}
		if run == 0 {
			begin = sky.from + float64(k)*sky.step
		}
		run += sky.step
		out.Total += sky.step
		if run > out.Longest {
			out.Longest, out.From = run, begin
		}
	}
	return out
}

// Window is a place whose sunlight is asked.
type Window struct{ At, Normal Vec }

// Sunlights are those of many windows, on all cores.
func (s *Scene) Sunlights(sky *Sky, windows []Window) []Sunlight {
	out := make([]Sunlight, len(windows))
	parallel.Each(len(windows), 64, func(i int) { out[i] = s.Sunlight(sky, windows[i].At, windows[i].Normal) })
	return out
}

// Shadow is what a prism darkens of the ground at a height, seen from above: the outline of its
// sweep along the sun's way, convex; none where the sun is down.
func Shadow(p Prism, sun Sun, ground float64) []Spot {
	if sun.Height <= 0 {
		return nil
	}
	way := sun.Way()
	var all []Spot
	for _, q := range p.Ring {
		for _, z := range []float64{max(p.From, ground), p.To} {
			k := (z - ground) / way.Z
			all = append(all, Spot{q.X - way.X*k, q.Y - way.Y*k})
		}
	}
	return hull(all)
}

// hull is the convex outline of spots, against the clock (Andrew's chain).
func hull(all []Spot) []Spot {
	slices.SortFunc(all, func(a, b Spot) int { return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.Y, b.Y)) })
	var out []Spot
	turn := func(a, b, c Spot) float64 { return (b.X-a.X)*(c.Y-a.Y) - (b.Y-a.Y)*(c.X-a.X) }
	for pass := range 2 {
		begin := len(out)
		for i := range all {
			p := all[i]
			if pass == 1 {
				p = all[len(all)-1-i]
			}
			for len(out) >= begin+2 && turn(out[len(out)-2], out[len(out)-1], p) <= 0 {
				out = out[:len(out)-1]
			}
			out = append(out, p)
		}
		out = out[:len(out)-1]
	}
	return out
}
