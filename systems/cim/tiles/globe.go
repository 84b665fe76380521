package tiles

import "math"

// The ellipsoid of WGS-84 and CGCS2000, which differ by less than a millimetre.
const (
	semiMajor = 6378137.0
	squareEcc = 0.0066943799901413165
)

// Vec is a place or a way in three dimensions, metres.
type Vec [3]float64

// Earth is a place in the earth-centred frame (ECEF): degrees, and metres above the ellipsoid.
func Earth(lon, lat, height float64) Vec {
	sinLat, cosLat := math.Sincos(lat * math.Pi / 180)
	sinLon, cosLon := math.Sincos(lon * math.Pi / 180)
	n := semiMajor / math.Sqrt(1-squareEcc*sinLat*sinLat)
	return Vec{(n + height) * cosLat * cosLon, (n + height) * cosLat * sinLon, (n*(1-squareEcc) + height) * sinLat}
}

// Geodetic is the opposite of Earth (Bowring's formula, better than a millimetre below 10 km).
func Geodetic(v Vec) (lon, lat, height float64) {
	p := math.Hypot(v[0], v[1])
	b := semiMajor * math.Sqrt(1-squareEcc)
	sinT, cosT := math.Sincos(math.Atan2(v[2]*semiMajor, p*b))
	φ := math.Atan2(v[2]+squareEcc/(1-squareEcc)*b*sinT*sinT*sinT, p-squareEcc*semiMajor*cosT*cosT*cosT)
	sin, cos := math.Sincos(φ)
	n := semiMajor / math.Sqrt(1-squareEcc*sin*sin)
	return math.Atan2(v[1], v[0]) * 180 / math.Pi, φ * 180 / math.Pi, p*cos + v[2]*sin - n*(1-squareEcc*sin*sin)
}

// Plane touches the earth at a place: east, north and up of it.
type Plane struct {
	origin          Vec
	east, north, up Vec
}

// NewPlane is that at a place.
func NewPlane(lon, lat, height float64) Plane {
	sinLat, cosLat := math.Sincos(lat * math.Pi / 180)
	sinLon, cosLon := math.Sincos(lon * math.Pi / 180)
	return Plane{Earth(lon, lat, height), Vec{-sinLon, cosLon, 0}, Vec{-sinLat * cosLon, -sinLat * sinLon, cosLat}, Vec{cosLat * cosLon, cosLat * sinLon, sinLat}}
}

// On is a place of the earth on the plane.
func (p Plane) On(v Vec) Vec {
	d := Vec{v[0] - p.origin[0], v[1] - p.origin[1], v[2] - p.origin[2]}
	return Vec{dot(d, p.east), dot(d, p.north), dot(d, p.up)}
}

// Off is the opposite of On.
func (p Plane) Off(v Vec) (out Vec) {
	for i := range out {
		out[i] = p.origin[i] + v[0]*p.east[i] + v[1]*p.north[i] + v[2]*p.up[i]
	}
	return out
}

func dot(a, b Vec) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }
