// Command tiles draws the synthetic territory of the baoan pack: it divides
// the real outline of the district into one cell a community, each cell the
// ground nearer to that community's centre than to any other (a Voronoi
// diagram), and joins the cells of a street into the street. Neighbours share
// their vertices exactly, so communities tile streets and streets tile the
// district with neither gap nor overlap.
//
//	go run ./districts/internal/tiles -outline ../shared/data/geo/440306.json -pack districts/baoan
//
// The outline is public data in GCJ-02; it is converted to WGS-84. The centres
// are read from the pack's places.csv.
package main

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strconv"
)

// point is a longitude and a latitude in degrees, WGS-84.
type point [2]float64

// ring is a closed outline without its repeated last point, counter-clockwise.
type ring []point

// site is a community: the centre of its cell.
type site struct {
	code, name, street string
	at                 point
}

func main() {
	log.SetFlags(0)
	outline := flag.String("outline", "", "GeoJSON of the district, GCJ-02")
	pack := flag.String("pack", "districts/baoan", "folder of the pack")
	flag.Parse()
	if err := run(*outline, *pack); err != nil {
		log.Fatal("tiles: ", err)
	}
}

func run(outline, pack string) error {
	district, err := readOutline(outline)
	if err != nil {
		return err
	}
	sites, streets, name, err := readSites(filepath.Join(pack, "places.csv"))
	if err != nil {
		return err
	}
	cells := make([][]ring, len(sites))
	for i := range sites {
		cells[i] = cell(i, sites, district)
	}
	share(cells)

	var all []ring
	byStreet := map[string][]ring{}
	var communities, streetFeatures []feature
	for i, s := range sites {
		communities = append(communities, newFeature(cells[i], "code", s.code, "name", s.name, "parent", s.street, "level", "community"))
		byStreet[s.street] = append(byStreet[s.street], cells[i]...)
		all = append(all, cells[i]...)
	}
	for _, s := range streets {
		streetFeatures = append(streetFeatures, newFeature(join(byStreet[s.code]), "code", s.code, "name", s.name, "parent", s.street, "level", "street"))
	}
	boundary := newFeature(join(all), "code", name.code, "name", name.name, "level", "district",
		"note", "Outline converted from GCJ-02 to WGS-84 from public data (lyhmyd1211/GeoMapData_CN).")
	boundary.Properties["synthetic"] = false
	for file, features := range map[string][]feature{
		"communities.geojson": communities,
		"streets.geojson":     streetFeatures,
		"boundary.geojson":    {boundary},
	} {
		if err := write(filepath.Join(pack, file), features); err != nil {
			return err
		}
	}
	return nil
}

// readOutline returns the outer rings of the first feature, converted to WGS-84.
func readOutline(path string) ([]ring, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var fc struct {
		Features []struct {
			Geometry struct {
				Type        string          `json:"type"`
				Coordinates [][][][]float64 `json:"coordinates"`
			} `json:"geometry"`
		} `json:"features"`
	}
	if err := json.Unmarshal(raw, &fc); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(fc.Features) != 1 || fc.Features[0].Geometry.Type != "MultiPolygon" {
		return nil, fmt.Errorf("%s: want one MultiPolygon", path)
	}
	var out []ring
	for _, polygon := range fc.Features[0].Geometry.Coordinates {
		if len(polygon) != 1 {
			return nil, fmt.Errorf("%s: holes are not supported", path)
		}
		r := make(ring, 0, len(polygon[0]))
		for _, c := range polygon[0] {
			r = append(r, toWGS84(point{c[0], c[1]}))
		}
		if r[0] == r[len(r)-1] {
			r = r[:len(r)-1]
		}
		if area(r) < 0 {
			for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
				r[i], r[j] = r[j], r[i]
			}
		}
		out = append(out, r)
	}
	return out, nil
}

// readSites returns the communities, the streets (with the district as their
// street) and the district of places.csv.
func readSites(path string) (communities, streets []site, district site, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, site{}, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, nil, site{}, err
	}
	col := map[string]int{}
	for i, h := range rows[0] {
		col[h] = i
	}
	for _, r := range rows[1:] {
		lon, err1 := strconv.ParseFloat(r[col["lon"]], 64)
		lat, err2 := strconv.ParseFloat(r[col["lat"]], 64)
		if err1 != nil || err2 != nil {
			return nil, nil, site{}, fmt.Errorf("%s: %s has no centre", path, r[col["code"]])
		}
		s := site{code: r[col["code"]], name: r[col["name"]], street: r[col["parent"]], at: point{lon, lat}}
		switch r[col["level"]] {
		case "community":
			communities = append(communities, s)
		case "street":
			streets = append(streets, s)
		case "district":
			district = s
		}
	}
	return communities, streets, district, nil
}

// cell returns what of the district is nearer to site i than to any other.
// Distances are taken on the plane after shrinking longitude by the cosine of
// one latitude for all, so that neighbours agree on the line between them.
func cell(i int, sites []site, district []ring) []ring {
	k := math.Cos(sites[0].at[1] * math.Pi / 180)
	rings := district
	for j := range sites {
		if j == i {
			continue
		}
		// Points p with (q-p0)·(p-m) < 0 are nearer to p0 than to q.
		p0, q := sites[i].at, sites[j].at
		m := point{(p0[0] + q[0]) / 2, (p0[1] + q[1]) / 2}
		n := point{-(q[0] - p0[0]) * k * k, -(q[1] - p0[1])}
		var next []ring
		for _, r := range rings {
			next = append(next, clip(r, m, n)...)
		}
		rings = next
	}
	return rings
}

// clip returns the parts of a counter-clockwise ring, convex or not, on the
// side of the line through m to which the normal n points. No vertex may lie
// on the line, which holds for centres in general position.
func clip(r ring, m, n point) []ring {
	side := func(p point) float64 { return (p[0]-m[0])*n[0] + (p[1]-m[1])*n[1] }
	dir := point{n[1], -n[0]} // the kept side is on the left of dir
	type crossing struct {
		at    point
		along float64
		next  int // vertex of r after the crossing
		leave bool
		done  bool
	}
	var cs []*crossing
	atEdge := map[int]*crossing{} // by the vertex before the crossing
	for i := range r {
		a, b := r[i], r[(i+1)%len(r)]
		da, db := side(a), side(b)
		if (da > 0) == (db > 0) {
			continue
		}
		t := da / (da - db)
		p := point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
		c := &crossing{at: p, along: (p[0]-m[0])*dir[0] + (p[1]-m[1])*dir[1], next: (i + 1) % len(r), leave: da > 0}
		cs = append(cs, c)
		atEdge[i] = c
	}
	if len(cs) == 0 {
		if side(r[0]) > 0 {
			return []ring{r}
		}
		return nil
	}
	// Between an odd crossing and the even one after it, the line runs inside
	// the ring: the clipped outline leaves at the one and returns at the other.
	sort.Slice(cs, func(i, j int) bool { return cs[i].along < cs[j].along })
	back := map[*crossing]*crossing{}
	for i := 0; i < len(cs); i += 2 {
		if !cs[i].leave || cs[i+1].leave {
			panic("tiles: a vertex lies on a clipping line; move a centre slightly")
		}
		back[cs[i]] = cs[i+1]
	}
	var out []ring
	for _, start := range cs {
		if start.leave || start.done {
			continue
		}
		var o ring
		for c := start; !c.done; {
			c.done = true
			o = append(o, c.at)
			v := c.next
			for o = append(o, r[v]); atEdge[v] == nil; o = append(o, r[v]) {
				v = (v + 1) % len(r)
			}
			o = append(o, atEdge[v].at)
			c = back[atEdge[v]]
		}
		out = append(out, o)
	}
	return out
}

// same is how far apart, in degrees, two computations of one point may fall:
// far above the noise of float64, far below the six decimals that are kept.
const same = 1e-9

// share gives neighbours the same vertices and then rounds them. Vertices that
// were computed twice become one; each edge receives the vertices of its
// neighbours that lie on it; only then are all rounded to six decimals, alike
// in every ring, so that rounding cannot pull neighbours apart.
func share(cells [][]ring) {
	var seen []point
	canon := func(p point) point {
		for _, q := range seen {
			if math.Hypot(p[0]-q[0], p[1]-q[1]) < same {
				return q
			}
		}
		seen = append(seen, p)
		return p
	}
	for _, c := range cells {
		for i := range c {
			c[i] = mapped(c[i], canon)
		}
	}
	for _, c := range cells {
		for i, r := range c {
			var o ring
			for j, a := range r {
				b := r[(j+1)%len(r)]
				o = append(o, a)
				type hit struct {
					p point
					t float64
				}
				var on []hit
				l2 := (b[0]-a[0])*(b[0]-a[0]) + (b[1]-a[1])*(b[1]-a[1])
				for _, p := range seen {
					if p == a || p == b {
						continue
					}
					t := ((p[0]-a[0])*(b[0]-a[0]) + (p[1]-a[1])*(b[1]-a[1])) / l2
					if t <= 0 || t >= 1 {
						continue
					}
					if math.Hypot(a[0]+t*(b[0]-a[0])-p[0], a[1]+t*(b[1]-a[1])-p[1]) < same {
						on = append(on, hit{p, t})
					}
				}
				sort.Slice(on, func(i, j int) bool { return on[i].t < on[j].t })
				for _, h := range on {
					o = append(o, h.p)
				}
			}
			c[i] = mapped(o, func(p point) point {
				return point{math.Round(p[0]*1e6) / 1e6, math.Round(p[1]*1e6) / 1e6}
			})
		}
	}
}

// mapped returns r with f applied to its vertices, less those that became
// equal to the one before.
func mapped(r ring, f func(point) point) ring {
	var o ring
	for _, p := range r {
		if q := f(p); len(o) == 0 || o[len(o)-1] != q {
			o = append(o, q)
		}
	}
	if len(o) > 1 && o[0] == o[len(o)-1] {
		o = o[:len(o)-1]
	}
	return o
}

// join returns the outline of cells that share their vertices: the edges that
// no neighbour runs the other way, strung together. Clockwise rings are holes.
func join(cells []ring) []ring {
	type edge struct{ a, b point }
	edges := map[edge]bool{}
	var order []edge
	for _, r := range cells {
		for i, a := range r {
			e := edge{a, r[(i+1)%len(r)]}
			edges[e] = true
			order = append(order, e)
		}
	}
	from := map[point][]edge{}
	for _, e := range order {
		if !edges[edge{e.b, e.a}] {
			from[e.a] = append(from[e.a], e)
		}
	}
	var out []ring
	for _, e := range order {
		for len(from[e.a]) > 0 {
			var r ring
			for p := e.a; len(from[p]) > 0; {
				next := from[p][0]
				from[p] = from[p][1:]
				r = append(r, p)
				p = next.b
			}
			out = append(out, r)
		}
	}
	return out
}

func area(r ring) float64 {
	var s float64
	for i, a := range r {
		b := r[(i+1)%len(r)]
		s += a[0]*b[1] - b[0]*a[1]
	}
	return s / 2
}

type feature struct {
	Type       string         `json:"type"`
	Properties map[string]any `json:"properties"`
	Geometry   geometry       `json:"geometry"`
}

type geometry struct {
	Type        string      `json:"type"`
	Coordinates [][][]point `json:"coordinates"`
}

func newFeature(rings []ring, properties ...string) feature {
	f := feature{Type: "Feature", Properties: map[string]any{"synthetic": true, "crs": "WGS-84"}, Geometry: geometry{Type: "MultiPolygon"}}
	for i := 0; i < len(properties); i += 2 {
		f.Properties[properties[i]] = properties[i+1]
	}
	for _, r := range rings {
		if area(r) < 0 {
			panic("tiles: a cell encloses another; holes are not expected")
		}
		f.Geometry.Coordinates = append(f.Geometry.Coordinates, [][]point{append(r[:len(r):len(r)], r[0])})
	}
	return f
}

func write(path string, features []feature) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	fmt.Fprint(f, "{\"type\":\"FeatureCollection\",\"features\":[\n")
	for i, ft := range features {
		raw, err := json.Marshal(ft)
		if err != nil {
			return err
		}
		sep := ",\n"
		if i == len(features)-1 {
			sep = "\n"
		}
		fmt.Fprintf(f, "%s%s", raw, sep)
	}
	_, err = fmt.Fprint(f, "]}\n")
	return err
}

// toWGS84 undoes the offset of GCJ-02, the encrypted datum of Chinese web
// maps, by fixed-point iteration on the public forward formula; after four
// rounds the error is far below the six decimals kept.
func toWGS84(g point) point {
	w := g
	for range 8 {
		f := toGCJ02(w)
		w = point{w[0] - (f[0] - g[0]), w[1] - (f[1] - g[1])}
	}
	return w
}

// toGCJ02 is the published approximation of the GCJ-02 offset on the
// Krasovsky 1940 ellipsoid.
func toGCJ02(w point) point {
	const a, ee = 6378245.0, 0.00669342162296594323
	x, y := w[0]-105, w[1]-35
	wave := func(t float64) float64 { return 20*math.Sin(6*t*math.Pi) + 20*math.Sin(2*t*math.Pi) }
	dlat := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x)) + 2.0/3*(wave(x)+
		20*math.Sin(y*math.Pi)+40*math.Sin(y/3*math.Pi)+160*math.Sin(y/12*math.Pi)+320*math.Sin(y*math.Pi/30))
	dlon := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x)) + 2.0/3*(wave(x)+
		20*math.Sin(x*math.Pi)+40*math.Sin(x/3*math.Pi)+150*math.Sin(x/12*math.Pi)+300*math.Sin(x/30*math.Pi))
	rad := w[1] / 180 * math.Pi
	s := math.Sin(rad)
	magic := 1 - ee*s*s
	root := math.Sqrt(magic)
	return point{
		w[0] + dlon*180/(a/root*math.Cos(rad)*math.Pi),
		w[1] + dlat*180/(a*(1-ee)/(magic*root)*math.Pi),
	}
}
