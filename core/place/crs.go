package place

import (
	"errors"
	"fmt"
	"math"
)

// CRS is a geographic coordinate system. The zero CRS is unknown.
type CRS uint8

const (
	// WGS84 is that of GPS and of GeoJSON (RFC 7946).
	WGS84 CRS = iota + 1
	// GCJ02 (火星坐标系) is the obfuscated system that maps published in China
	// must use: 高德, 腾讯, and what is derived from them.
	GCJ02
	// BD09 is Baidu's, obfuscated once more.
	BD09
	// CGCS2000 (2000国家大地坐标系) is the national system (GB 22021-2008). Its
	// ellipsoid differs from that of WGS-84 by 0.1 mm at most; its epoch is
	// 2000.0, since when the ground in China has moved by some 3 cm a year. It is
	// taken as equal to WGS-84 here, which is right to about a metre.
	CGCS2000
)

var crsNames = [...]string{"", "WGS-84", "GCJ-02", "BD-09", "CGCS2000"}

// String returns the usual name.
func (c CRS) String() string {
	if int(c) < len(crsNames) && c > 0 {
		return crsNames[c]
	}
	return "unknown"
}

// MarshalText returns the usual name.
func (c CRS) MarshalText() ([]byte, error) {
	if c == 0 || int(c) >= len(crsNames) {
		return nil, errors.New("a coordinate system is not named")
	}
	return []byte(crsNames[c]), nil
}

// UnmarshalText reads the usual name.
func (c *CRS) UnmarshalText(text []byte) error {
	for i, name := range crsNames {
		if i > 0 && name == string(text) {
			*c = CRS(i)
			return nil
		}
	}
	return fmt.Errorf("%q is not a coordinate system (%q)", text, crsNames[1:])
}

// Point is a point on the ground, in degrees.
type Point struct {
	CRS CRS     `json:"crs"`
	Lon float64 `json:"lon"`
	Lat float64 `json:"lat"`
}

// Valid reports a point whose system is unknown or whose coordinates are not on
// the globe. It does not know a point whose longitude and latitude were given
// in the wrong order, unless the latitude becomes impossible.
func (p Point) Valid() error {
	switch {
	case p.CRS == 0 || int(p.CRS) >= len(crsNames):
		return errors.New("the point has no coordinate system")
	case !(math.Abs(p.Lat) <= 90) || !(math.Abs(p.Lon) <= 180):
		return errors.New("the point's longitude or latitude is out of range")
	}
	return nil
}

// To returns the point in another system. Between WGS-84 and CGCS2000 the
// coordinates stay as they are. The inverse transforms are iterated to below a
// millimetre; the obfuscation itself is known only from the formulas that are
// in public use, which agree with the map services to within a metre.
//
// Outside the rectangle around China to which the obfuscation applies (72.004 to
// 137.8347 E, 0.8293 to 55.8271 N; it includes neighbours and the sea) GCJ-02
// equals WGS-84. On the rectangle's very border the two cannot be told apart.
//
// It panics on a point of no known system, which [Point.Valid] refuses.
func (p Point) To(c CRS) Point {
	if err := (Point{CRS: c}).Valid(); err != nil || p.CRS == 0 || int(p.CRS) >= len(crsNames) {
		panic("place: transform from " + p.CRS.String() + " to " + c.String())
	}
	lon, lat := p.Lon, p.Lat
	if p.CRS.plain() && c.plain() || p.CRS == c {
		return Point{c, lon, lat}
	}
	// All ways lead over GCJ-02.
	switch {
	case p.CRS.plain():
		lon, lat = wgsToGCJ(lon, lat)
	case p.CRS == BD09:
		lon, lat = bdToGCJ(lon, lat)
	}
	switch {
	case c.plain():
		lon, lat = gcjToWGS(lon, lat)
	case c == BD09:
		lon, lat = gcjToBD(lon, lat)
	}
	return Point{c, lon, lat}
}

func (c CRS) plain() bool { return c == WGS84 || c == CGCS2000 }

// obfuscated reports whether GCJ-02 applies at the coordinates.
func obfuscated(lon, lat float64) bool {
	return lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271
}

// gcjShift is the obfuscation, in degrees, on the ellipsoid of Krasovsky.
func gcjShift(lon, lat float64) (dlon, dlat float64) {
	const (
		axis = 6378245.0
		ee   = 0.00669342162296594323
	)
	x, y := lon-105, lat-35
	root := 0.2 * math.Sqrt(math.Abs(x))
	// Both have the term in 6x and 2x.
	waves := (20*math.Sin(6*x*math.Pi) + 20*math.Sin(2*x*math.Pi)) * 2 / 3
	dlat = -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + root + waves +
		(20*math.Sin(y*math.Pi)+40*math.Sin(y/3*math.Pi))*2/3 +
		(160*math.Sin(y/12*math.Pi)+320*math.Sin(y*math.Pi/30))*2/3
	dlon = 300 + x + 2*y + 0.1*x*x + 0.1*x*y + root/2 + waves +
		(20*math.Sin(x*math.Pi)+40*math.Sin(x/3*math.Pi))*2/3 +
		(150*math.Sin(x/12*math.Pi)+300*math.Sin(x/30*math.Pi))*2/3
	sin, cos := math.Sincos(lat * math.Pi / 180)
	magic := 1 - ee*sin*sin
	dlat = dlat * 180 / (axis * (1 - ee) / (magic * math.Sqrt(magic)) * math.Pi)
	dlon = dlon * 180 / (axis / math.Sqrt(magic) * cos * math.Pi)
	return dlon, dlat
}

func wgsToGCJ(lon, lat float64) (float64, float64) {
	if !obfuscated(lon, lat) {
		return lon, lat
	}
	dlon, dlat := gcjShift(lon, lat)
	return lon + dlon, lat + dlat
}

func gcjToWGS(lon, lat float64) (float64, float64) {
	if !obfuscated(lon, lat) {
		return lon, lat
	}
	return invert(lon, lat, func(lon, lat float64) (float64, float64) {
		dlon, dlat := gcjShift(lon, lat)
		return lon + dlon, lat + dlat
	})
}

const bdWave = math.Pi * 3000 / 180

func gcjToBD(x, y float64) (float64, float64) {
	z := math.Hypot(x, y) + 0.00002*math.Sin(y*bdWave)
	theta := math.Atan2(y, x) + 0.000003*math.Cos(x*bdWave)
	return z*math.Cos(theta) + 0.0065, z*math.Sin(theta) + 0.006
}

func bdToGCJ(lon, lat float64) (float64, float64) { return invert(lon, lat, gcjToBD) }

// invert solves forward(x, y) = (lon, lat) by moving the guess by what is
// missing; the transforms are close enough to a shift for this to gain two
// digits a step.
func invert(lon, lat float64, forward func(x, y float64) (float64, float64)) (float64, float64) {
	x, y := lon, lat
	for range 20 {
		fx, fy := forward(x, y)
		dx, dy := lon-fx, lat-fy
		x, y = x+dx, y+dy
		if math.Abs(dx)+math.Abs(dy) < 1e-11 {
			break
		}
	}
	return x, y
}

// earthRadius is the mean radius in metres (IUGG).
const earthRadius = 6371008.8

// Distance returns the metres between two points along the great circle, on a
// sphere (haversine): right to 0.5 %.
func Distance(a, b Point) float64 {
	if a.CRS != b.CRS || !a.CRS.plain() {
		a, b = a.To(WGS84), b.To(WGS84)
	}
	const radian = math.Pi / 180
	sinLat := math.Sin((b.Lat - a.Lat) * radian / 2)
	sinLon := math.Sin((b.Lon - a.Lon) * radian / 2)
	h := sinLat*sinLat + math.Cos(a.Lat*radian)*math.Cos(b.Lat*radian)*sinLon*sinLon
	return 2 * earthRadius * math.Asin(math.Sqrt(min(h, 1)))
}
