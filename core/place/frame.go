package place

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Frame is a reference system that coordinates of a file are in (坐标参考系): degrees of one of
// the four systems, metres of a projection, or metres from the middle of the earth. East or
// longitude is always first, whatever order a register of systems gives.
type Frame struct {
	// Name is how it was asked for, in its usual form: EPSG:4547, GCJ-02.
	Name string
	// Degrees is the system where coordinates are degrees, 0 where they are metres.
	Degrees CRS
	// Earth is that coordinates are metres from the middle of the earth (ECEF).
	Earth bool
	// Vertical names what heights are over where the system says so: "1985", "ellipsoid",
	// "NAP", "LN02"; "" where it does not.
	Vertical string

	projection projection
	datum      datum
	local      *Similarity
}

// ellipsoid by its half axis and its flattening.
type ellipsoid struct{ a, f float64 }

var (
	wgsEllipsoid  = ellipsoid{6378137, 1 / 298.257223563}
	grsEllipsoid  = ellipsoid{6378137, 1 / 298.257222101} // GRS 80 and CGCS2000
	besselOf1841  = ellipsoid{6377397.155, 1 / 299.1528128}
	webSphere     = ellipsoid{6378137, 0}
	metresToSolve = 1e-5
)

// datum is an ellipsoid and how it lies to that of WGS-84: metres, seconds (position vector)
// and parts in a million. The zero shift is none.
type datum struct {
	ellipsoid
	dx, dy, dz, rx, ry, rz, ppm float64
}

// projection brings degrees of an ellipsoid to metres and back.
type projection interface {
	forward(e ellipsoid, lon, lat float64) (x, y float64)
	inverse(e ellipsoid, x, y float64) (lon, lat float64)
}

// Similarity brings local coordinates to those of the projection (四参数): turned by seconds,
// scaled by parts in a million, then moved by metres. Those of a city's own grid are
// restricted, so they come from the deployment, never from the program.
type Similarity struct{ East, North, Seconds, PPM float64 }

func (s *Similarity) on(x, y float64) (float64, float64) {
	sin, cos := math.Sincos(s.Seconds / 3600 * math.Pi / 180)
	k := 1 + s.PPM*1e-6
	return s.East + k*(cos*x-sin*y), s.North + k*(sin*x+cos*y)
}

func (s *Similarity) off(x, y float64) (float64, float64) {
	sin, cos := math.Sincos(s.Seconds / 3600 * math.Pi / 180)
	k := 1 + s.PPM*1e-6
	x, y = (x-s.East)/k, (y-s.North)/k
	return cos*x + sin*y, -sin*x + cos*y
}

// Metric reports whether coordinates are metres on a plane.
func (f Frame) Metric() bool { return f.projection != nil }

// Known reports whether it is a system at all; the zero Frame is none.
func (f Frame) Known() bool { return f.Degrees != 0 || f.Earth || f.projection != nil }

// TransverseMercator is a frame of the Gauss-Krüger kind on CGCS2000 (高斯-克吕格投影):
// scale 1 on the central meridian, so many metres added to the east.
func TransverseMercator(name string, meridian, falseEast, falseNorth, scale float64) Frame {
	return Frame{Name: name, projection: &mercator{meridian, 0, falseEast, falseNorth, scale}, datum: datum{ellipsoid: grsEllipsoid}}
}

// On returns the frame in which a local grid is laid over this projection.
func (f Frame) On(name string, s Similarity) Frame {
	f.Name, f.local = name, &s
	return f
}

var (
	epsgForm = regexp.MustCompile(`(?i)^(?:urn:(?:ogc|x-ogc):def:crs:)?(?:https?://www\.opengis\.net/def/crs/)?epsg[:/]+(?:[\d.]*[:/]+)?(\d+)(?:\+(\d+))?/?$`)
	gkForm   = regexp.MustCompile(`(?i)^(?:cgcs2000[/:_ -]*)?gk([36])[:/_ -]*(\d+(?:\.\d+)?)$`)
)

// verticals are what heights are over, by EPSG.
var verticals = map[int]string{5737: "1985", 5736: "1956", 5773: "EGM96", 3855: "EGM2008", 5709: "NAP", 5728: "LN02", 5729: "LHN95", 7837: "DHHN2016"}

// ParseFrame reads a reference system: EPSG:4547, EPSG:4547+5737, urn:ogc:def:crs:EPSG::4490,
// https://www.opengis.net/def/crs/EPSG/0/7415, OGC:CRS84, wgs84, cgcs2000, gcj02, bd09, and
// gk3/114 or gk3/38 (a three-degree zone of CGCS2000 by its meridian or its number).
func ParseFrame(name string) (Frame, error) {
	name = strings.TrimSpace(name)
	if c, err := ParseCRS(name); err == nil {
		return Frame{Name: c.String(), Degrees: c}, nil
	}
	switch strings.ToUpper(name) {
	case "OGC:CRS84", "URN:OGC:DEF:CRS:OGC:1.3:CRS84", "URN:OGC:DEF:CRS:OGC::CRS84", "HTTP://WWW.OPENGIS.NET/DEF/CRS/OGC/1.3/CRS84", "HTTPS://WWW.OPENGIS.NET/DEF/CRS/OGC/1.3/CRS84":
		return Frame{Name: "OGC:CRS84", Degrees: WGS84}, nil
	case "OGC:CRS84H", "URN:OGC:DEF:CRS:OGC::CRS84H", "HTTP://WWW.OPENGIS.NET/DEF/CRS/OGC/0/CRS84H":
		return Frame{Name: "OGC:CRS84h", Degrees: WGS84, Vertical: "ellipsoid"}, nil
	}
	if m := gkForm.FindStringSubmatch(name); m != nil {
		return gkZone(name, m[1], m[2])
	}
	m := epsgForm.FindStringSubmatch(name)
	if m == nil {
		return Frame{}, fmt.Errorf("%q is no reference system that is known here: say EPSG:4547, wgs84, cgcs2000, gcj02, bd09, gk3/114 or a name of the pack", name)
	}
	code, err := strconv.Atoi(m[1])
	if err != nil {
		return Frame{}, fmt.Errorf("%q: the number is too large", name)
	}
	f, ok := epsg(code)
	if !ok {
		return Frame{}, fmt.Errorf("EPSG:%d is not known here: known are CGCS2000 (4490, 4479, 4480, 4491-4554), WGS-84 (4326, 4978, 4979, UTM, 3857), ETRS89, 28992, 7415, 2056", code)
	}
	f.Name = fmt.Sprintf("EPSG:%d", code)
	if m[2] != "" {
		v, _ := strconv.Atoi(m[2])
		if f.Vertical = verticals[v]; f.Vertical == "" {
			return Frame{}, fmt.Errorf("EPSG:%s is no system of heights that is known here", m[2])
		}
		f.Name += "+" + m[2]
	}
	return f, nil
}

// gkZone is a zone of so many degrees by its central meridian, or by its number: then its
// number stands before the metres to the east.
func gkZone(name, wide, which string) (Frame, error) {
	n, err := strconv.ParseFloat(which, 64)
	if err != nil {
		return Frame{}, err
	}
	switch {
	case n >= 72 && n <= 138:
		return TransverseMercator(fmt.Sprintf("CGCS2000 GK%s/%s", wide, which), n, 500000, 0, 1), nil
	case wide == "3" && n >= 24 && n <= 46 && n == math.Trunc(n):
		return TransverseMercator(fmt.Sprintf("CGCS2000 GK3/%s", which), 3*n, n*1e6+500000, 0, 1), nil
	case wide == "6" && n >= 12 && n <= 23 && n == math.Trunc(n):
		return TransverseMercator(fmt.Sprintf("CGCS2000 GK6/%s", which), 6*n-3, n*1e6+500000, 0, 1), nil
	}
	return Frame{}, fmt.Errorf("%q: %s is neither a zone nor a meridian of China", name, which)
}

func epsg(code int) (Frame, bool) {
	utm := func(zone int, south bool, e ellipsoid) Frame {
		north := 0.0
		if south {
			north = 1e7
		}
		return Frame{projection: &mercator{float64(6*zone - 183), 0, 500000, north, 0.9996}, datum: datum{ellipsoid: e}}
	}
	switch {
	case code == 4326 || code == 4258:
		return Frame{Degrees: WGS84}, true
	case code == 4979:
		return Frame{Degrees: WGS84, Vertical: "ellipsoid"}, true
	case code == 4490:
		return Frame{Degrees: CGCS2000}, true
	case code == 4480:
		return Frame{Degrees: CGCS2000, Vertical: "ellipsoid"}, true
	case code == 4978, code == 4479:
		return Frame{Earth: true, Vertical: "ellipsoid", datum: datum{ellipsoid: wgsEllipsoid}}, true
	case code == 3857:
		return Frame{projection: webMercator{}, datum: datum{ellipsoid: wgsEllipsoid}}, true
	case code >= 4513 && code <= 4533: // three degrees, numbered
		zone := float64(code - 4513 + 25)
		return TransverseMercator("", 3*zone, zone*1e6+500000, 0, 1), true
	case code >= 4534 && code <= 4554:
		return TransverseMercator("", float64(75+3*(code-4534)), 500000, 0, 1), true
	case code >= 4491 && code <= 4501: // six degrees, numbered
		zone := float64(code - 4491 + 13)
		return TransverseMercator("", 6*zone-3, zone*1e6+500000, 0, 1), true
	case code >= 4502 && code <= 4512:
		return TransverseMercator("", float64(75+6*(code-4502)), 500000, 0, 1), true
	case code >= 32601 && code <= 32660:
		return utm(code-32600, false, wgsEllipsoid), true
	case code >= 32701 && code <= 32760:
		return utm(code-32700, true, wgsEllipsoid), true
	case code >= 25828 && code <= 25838:
		return utm(code-25800, false, grsEllipsoid), true
	case code == 28992, code == 7415:
		f := Frame{projection: &stereographic{lat: 52 + 9./60 + 22.178/3600, lon: 5 + 23./60 + 15.5/3600, k: 0.9999079, east: 155000, north: 463000},
			datum: datum{besselOf1841, 565.417, 50.3319, 465.552, -0.398957, 0.343988, -1.8774, 4.0725}}
		if code == 7415 {
			f.Vertical = "NAP"
		}
		return f, true
	case code == 2056:
		return Frame{projection: &swiss{lat: 46 + 57./60 + 8.66/3600, lon: 7 + 26./60 + 22.5/3600, east: 2600000, north: 1200000}, datum: datum{ellipsoid: besselOf1841, dx: 674.374, dy: 15.056, dz: 405.346}}, true
	}
	return Frame{}, false
}

// ToWGS84 returns the longitude and latitude, in WGS-84, of a place by its first two
// coordinates; of a frame of the earth's middle by all three. h is returned as it was given,
// but from the earth's middle, where it is over the ellipsoid. National datums are brought
// over by one shift for the country, right to a metre.
func (f Frame) ToWGS84(x, y, h float64) (lon, lat, height float64) {
	switch {
	case f.Earth:
		return f.datum.degrees(x, y, h)
	case f.Degrees != 0:
		p := Point{f.Degrees, x, y}.To(WGS84)
		return p.Lon, p.Lat, h
	}
	if f.local != nil {
		x, y = f.local.on(x, y)
	}
	lon, lat = f.projection.inverse(f.datum.ellipsoid, x, y)
	if f.datum.shifted() {
		lon, lat = f.datum.toWGS(lon, lat)
	}
	return lon, lat, h
}

// FromWGS84 is the inverse of [Frame.ToWGS84].
func (f Frame) FromWGS84(lon, lat, h float64) (x, y, z float64) {
	switch {
	case f.Earth:
		return f.datum.earth(lon, lat, h)
	case f.Degrees != 0:
		p := Point{WGS84, lon, lat}.To(f.Degrees)
		return p.Lon, p.Lat, h
	}
	if f.datum.shifted() {
		lon, lat = invert(lon, lat, f.datum.toWGS)
	}
	x, y = f.projection.forward(f.datum.ellipsoid, lon, lat)
	if f.local != nil {
		x, y = f.local.off(x, y)
	}
	return x, y, h
}

func (d datum) shifted() bool { return d.dx != 0 || d.dy != 0 || d.dz != 0 }

// toWGS brings a place on the datum's ellipsoid to WGS-84.
func (d datum) toWGS(lon, lat float64) (float64, float64) {
	x, y, z := d.earth(lon, lat, 0)
	const second = math.Pi / 180 / 3600
	rx, ry, rz, k := d.rx*second, d.ry*second, d.rz*second, 1+d.ppm*1e-6
	x, y, z = d.dx+k*(x-rz*y+ry*z), d.dy+k*(rz*x+y-rx*z), d.dz+k*(-ry*x+rx*y+z)
	lon, lat, _ = datum{ellipsoid: wgsEllipsoid}.degrees(x, y, z)
	return lon, lat
}

func (e ellipsoid) e2() float64 { return e.f * (2 - e.f) }

func (e ellipsoid) earth(lon, lat, h float64) (x, y, z float64) {
	sinLat, cosLat := math.Sincos(lat * math.Pi / 180)
	sinLon, cosLon := math.Sincos(lon * math.Pi / 180)
	n := e.a / math.Sqrt(1-e.e2()*sinLat*sinLat)
	return (n + h) * cosLat * cosLon, (n + h) * cosLat * sinLon, (n*(1-e.e2()) + h) * sinLat
}

// degrees is the inverse of earth (Bowring, iterated).
func (e ellipsoid) degrees(x, y, z float64) (lon, lat, h float64) {
	p := math.Hypot(x, y)
	phi := math.Atan2(z, p*(1-e.e2()))
	for range 6 {
		s := math.Sin(phi)
		n := e.a / math.Sqrt(1-e.e2()*s*s)
		phi = math.Atan2(z+e.e2()*n*s, p)
	}
	s, c := math.Sincos(phi)
	n := e.a / math.Sqrt(1-e.e2()*s*s)
	if math.Abs(c) > 1e-6 {
		h = p/c - n
	} else {
		h = math.Abs(z) - n*(1-e.e2())
	}
	return math.Atan2(y, x) * 180 / math.Pi, phi * 180 / math.Pi, h
}

// mercator is the transverse Mercator projection by Krüger's series, right to a millimetre
// within some thirty degrees of its meridian.
type mercator struct{ meridian, latitude, east, north, scale float64 }

// krueger are the series of an ellipsoid to the fourth power of its third flattening.
func krueger(e ellipsoid) (rectifying float64, alpha, beta [4]float64) {
	n := e.f / (2 - e.f)
	n2, n3, n4 := n*n, n*n*n, n*n*n*n
	return e.a / (1 + n) * (1 + n2/4 + n4/64),
		[4]float64{n/2 - 2*n2/3 + 5*n3/16 + 41*n4/180, 13*n2/48 - 3*n3/5 + 557*n4/1440, 61*n3/240 - 103*n4/140, 49561 * n4 / 161280},
		[4]float64{n/2 - 2*n2/3 + 37*n3/96 - n4/360, n2/48 + n3/15 - 437*n4/1440, 17*n3/480 - 37*n4/840, 4397 * n4 / 161280}
}

func (m *mercator) arc(e ellipsoid, lat float64) float64 {
	_, y := (&mercator{scale: 1}).forward(e, 0, lat)
	return y
}

func (m *mercator) forward(e ellipsoid, lon, lat float64) (x, y float64) {
	a, alpha, _ := krueger(e)
	ecc := math.Sqrt(e.e2())
	phi, lambda := lat*math.Pi/180, math.Remainder(lon-m.meridian, 360)*math.Pi/180
	s := math.Sin(phi)
	t := math.Sinh(math.Atanh(s) - ecc*math.Atanh(ecc*s))
	xi, eta := math.Atan2(t, math.Cos(lambda)), math.Atanh(math.Sin(lambda)/math.Hypot(1, t))
	dx, dy := eta, xi
	for j := range alpha {
		k := 2 * float64(j+1)
		sin, cos := math.Sincos(k * xi)
		dy += alpha[j] * sin * math.Cosh(k*eta)
		dx += alpha[j] * cos * math.Sinh(k*eta)
	}
	x, y = m.east+m.scale*a*dx, m.north+m.scale*a*dy
	if m.latitude != 0 {
		y -= m.scale * m.arc(e, m.latitude)
	}
	return x, y
}

func (m *mercator) inverse(e ellipsoid, x, y float64) (lon, lat float64) {
	a, _, beta := krueger(e)
	if m.latitude != 0 {
		y += m.scale * m.arc(e, m.latitude)
	}
	xi0, eta0 := (y-m.north)/(m.scale*a), (x-m.east)/(m.scale*a)
	xi, eta := xi0, eta0
	for j := range beta {
		k := 2 * float64(j+1)
		sin, cos := math.Sincos(k * xi0)
		xi -= beta[j] * sin * math.Cosh(k*eta0)
		eta -= beta[j] * cos * math.Sinh(k*eta0)
	}
	conformal := math.Asin(math.Sin(xi) / math.Cosh(eta))
	lambda := math.Atan2(math.Sinh(eta), math.Cos(xi))
	return m.meridian + lambda*180/math.Pi, geographic(e, math.Tan(conformal)) * 180 / math.Pi
}

// geographic is the latitude, in radians, of a conformal one by its tangent.
func geographic(e ellipsoid, t float64) float64 {
	ecc := math.Sqrt(e.e2())
	tau := t
	for range 6 {
		sigma := math.Sinh(ecc * math.Atanh(ecc*tau/math.Hypot(1, tau)))
		f := tau*math.Hypot(1, sigma) - sigma*math.Hypot(1, tau) - t
		slope := (math.Hypot(1, sigma)*math.Hypot(1, tau) - sigma*tau) * (1 - e.e2()) * math.Hypot(1, tau) / (1 + (1-e.e2())*tau*tau)
		step := f / slope
		tau -= step
		if math.Abs(step) < 1e-14*math.Max(1, math.Abs(tau)) {
			break
		}
	}
	return math.Atan(tau)
}

// webMercator is that of web maps (EPSG:3857).
type webMercator struct{}

func (webMercator) forward(_ ellipsoid, lon, lat float64) (x, y float64) {
	return webSphere.a * lon * math.Pi / 180, webSphere.a * math.Asinh(math.Tan(lat*math.Pi/180))
}

func (webMercator) inverse(_ ellipsoid, x, y float64) (lon, lat float64) {
	return x / webSphere.a * 180 / math.Pi, math.Atan(math.Sinh(y/webSphere.a)) * 180 / math.Pi
}

// sphere is the conformal sphere that the Dutch and the Swiss projections begin with.
type sphere struct{ r, n, c, lat, lon float64 }

func conformal(e ellipsoid, lat, lon float64) sphere {
	phi := lat * math.Pi / 180
	s, c := math.Sincos(phi)
	e2 := e.e2()
	n := math.Sqrt(1 + e2*c*c*c*c/(1-e2))
	b := math.Asin(s / n)
	ecc := math.Sqrt(e2)
	k := math.Atanh(math.Sin(b)) - n*(math.Atanh(s)-ecc*math.Atanh(ecc*s))
	return sphere{e.a * math.Sqrt(1-e2) / (1 - e2*s*s), n, k, b, lon * math.Pi / 180}
}

func (s sphere) on(e ellipsoid, lon, lat float64) (l, b float64) {
	sin, ecc := math.Sin(lat*math.Pi/180), math.Sqrt(e.e2())
	q := s.n*(math.Atanh(sin)-ecc*math.Atanh(ecc*sin)) + s.c
	return s.n * (lon*math.Pi/180 - s.lon), math.Asin(math.Tanh(q))
}

func (s sphere) off(e ellipsoid, l, b float64) (lon, lat float64) {
	q := (math.Atanh(math.Sin(b)) - s.c) / s.n
	return (s.lon + l/s.n) * 180 / math.Pi, geographic(e, math.Sinh(q)) * 180 / math.Pi
}

// stereographic is the oblique one of the Netherlands (Rijksdriehoek).
type stereographic struct{ lat, lon, k, east, north float64 }

func (p *stereographic) forward(e ellipsoid, lon, lat float64) (x, y float64) {
	s := conformal(e, p.lat, p.lon)
	l, b := s.on(e, lon, lat)
	sb, cb := math.Sincos(b)
	s0, c0 := math.Sincos(s.lat)
	k := 2 * p.k * s.r / (1 + s0*sb + c0*cb*math.Cos(l))
	return p.east + k*cb*math.Sin(l), p.north + k*(c0*sb-s0*cb*math.Cos(l))
}

func (p *stereographic) inverse(e ellipsoid, x, y float64) (lon, lat float64) {
	s := conformal(e, p.lat, p.lon)
	x, y = x-p.east, y-p.north
	rho := math.Hypot(x, y)
	if rho < metresToSolve {
		return s.off(e, 0, s.lat)
	}
	c := 2 * math.Atan2(rho, 2*p.k*s.r)
	sc, cc := math.Sincos(c)
	s0, c0 := math.Sincos(s.lat)
	return s.off(e, math.Atan2(x*sc, rho*c0*cc-y*s0*sc), math.Asin(cc*s0+y*sc*c0/rho))
}

// swiss is the oblique cylinder of Switzerland (LV95).
type swiss struct{ lat, lon, east, north float64 }

func (p *swiss) forward(e ellipsoid, lon, lat float64) (x, y float64) {
	s := conformal(e, p.lat, p.lon)
	l, b := s.on(e, lon, lat)
	sb, cb := math.Sincos(b)
	s0, c0 := math.Sincos(s.lat)
	bb := math.Asin(c0*sb - s0*cb*math.Cos(l))
	ll := math.Atan2(math.Sin(l), s0*math.Tan(b)+c0*math.Cos(l))
	return p.east + s.r*ll, p.north + s.r*math.Atanh(math.Sin(bb))
}

func (p *swiss) inverse(e ellipsoid, x, y float64) (lon, lat float64) {
	s := conformal(e, p.lat, p.lon)
	ll, bb := (x-p.east)/s.r, math.Asin(math.Tanh((y-p.north)/s.r))
	sb, cb := math.Sincos(bb)
	s0, c0 := math.Sincos(s.lat)
	return s.off(e, math.Atan2(math.Sin(ll), c0*math.Cos(ll)-s0*math.Tan(bb)), math.Asin(c0*sb+s0*cb*math.Cos(ll)))
}
