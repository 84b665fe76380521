package simulate

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io/fs"
	"math"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"shanzhi/districts"
	"shanzhi/systems/cim/analysis"
)

var baoan = sync.OnceValues(func() (*City, error) {
	files, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		return nil, err
	}
	p, err := ReadPlan(files, 1)
	if err != nil {
		return nil, err
	}
	return New(p)
})

func city(t *testing.T) *City {
	t.Helper()
	c, err := baoan()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// print is of all that a city is.
func (c *City) print() string {
	h := fnv.New128a()
	var buf []byte
	number := func(all ...float64) {
		for _, x := range all {
			buf = binary.LittleEndian.AppendUint64(buf, math.Float64bits(x))
		}
	}
	for _, n := range c.Nodes {
		number(n.At.X, n.At.Y, n.Z, float64(n.Community))
	}
	for _, r := range c.Roads {
		number(float64(r.A), float64(r.B), float64(r.Class))
	}
	for i := range c.Buildings {
		b := &c.Buildings[i]
		number(float64(b.Block), b.Ground, b.Height(), float64(b.Up), float64(b.Year))
		for _, p := range b.Footprint() {
			number(p.X, p.Y)
		}
	}
	for _, w := range c.Wells {
		number(w.At.X, w.At.Y, w.Ground, w.Bottom, float64(len(w.Kind)))
	}
	for _, p := range c.Pipes {
		number(float64(p.A), float64(p.B), p.From, p.To, p.Diameter, float64(p.Year))
	}
	for _, x := range c.Cameras {
		number(x.At.X, x.At.Y, x.Z, x.Yaw)
	}
	for _, x := range c.Posts {
		number(x.At.X, x.At.Y, x.Z)
	}
	h.Write(buf)
	fmt.Fprint(h, c.Split)
	for _, i := range c.Split[:min(len(c.Split), 50)] {
		fmt.Fprint(h, c.Name(i), c.Address(i), c.Floors(i))
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// The district has as much of everything as its plan says, and always the same.
func TestAsMuchAsThePlanSays(t *testing.T) {
	c := city(t)
	s := c.Plan.Settings
	if len(c.Buildings) != s.Buildings || len(c.Split) != s.Split {
		t.Errorf("%d buildings, %d split", len(c.Buildings), len(c.Split))
	}
	units := 0
	for _, i := range c.Split {
		units += c.Buildings[i].units()
	}
	if units < s.Units || units > s.Units+1000 {
		t.Errorf("%d units, want %d", units, s.Units)
	}
	km := 0.0
	for i := range c.Pipes {
		km += c.Length(&c.Pipes[i]) / 1000
	}
	if math.Abs(km-19_000) > 190 {
		t.Errorf("%.0f km of pipes", km)
	}
	cameras, ids := map[string]int{}, map[string]bool{}
	for _, x := range c.Cameras {
		cameras[x.Class]++
		ids[x.ID] = true
		if len(x.ID) != 20 || x.Z <= x.Ground || x.Yaw < 0 || x.Yaw >= 360 {
			t.Fatalf("%+v", x)
		}
	}
	for class, n := range s.Cameras {
		if cameras[class] != n {
			t.Errorf("%d cameras of class %s, want %d", cameras[class], class, n)
		}
	}
	if len(ids) != len(c.Cameras) {
		t.Errorf("%d numbers of %d cameras", len(ids), len(c.Cameras))
	}
	uses := map[Use]int{}
	for i := range c.Buildings {
		uses[c.Buildings[i].Use]++
	}
	for _, u := range append([]Use{Dormitory}, Uses...) {
		if uses[u] == 0 {
			t.Errorf("no building is a %s", u)
		}
	}
}

// One seed is one city, and another seed another.
func TestSeeds(t *testing.T) {
	p := *city(t).Plan
	p.Settings.Spacing, p.Settings.Buildings, p.Settings.Split, p.Settings.Units = 300, 50_000, 100, 10_000
	var prints []string
	for _, seed := range []uint64{1, 1, 2} {
		p.Seed = seed
		c, err := New(&p)
		if err != nil {
			t.Fatal(err)
		}
		prints = append(prints, c.print())
	}
	if prints[0] != prints[1] || prints[0] == prints[2] {
		t.Errorf("seeds 1, 1, 2 give %q", prints)
	}
}

// What is built stands in its block, clear of the roads, inside the district, and no two
// houses of a block in each other.
func TestNothingStandsInAnother(t *testing.T) {
	c := city(t)
	district := newOutline(c.Frame, c.Plan.District)
	var block []int32
	check := func() {
		for k, i := range block {
			b := &c.Buildings[i]
			for _, p := range b.Footprint() {
				room := c.Blocks[b.Block].Room
				d := p.sub(room.Mid)
				if u, v := d.X*room.Way.X+d.Y*room.Way.Y, -d.X*room.Way.Y+d.Y*room.Way.X; math.Abs(u) > room.A+0.01 || math.Abs(v) > room.B+0.01 {
					t.Fatalf("building %d (%s) leaves its block by %.1f, %.1f of %.1f, %.1f", i, b.Use, u, v, room.A, room.B)
				}
				if !district.holds(p) {
					t.Fatalf("building %d (%s) leaves the district", i, b.Use)
				}
			}
			for _, j := range block[:k] {
				if meet(b.Footprint(), c.Buildings[j].Footprint()) {
					t.Fatalf("buildings %d and %d (%s) stand in each other", i, j, b.Use)
				}
			}
		}
	}
	for i := range c.Buildings {
		if len(block) > 0 && c.Buildings[block[0]].Block != c.Buildings[i].Block {
			check()
			block = block[:0]
		}
		block = append(block, int32(i))
	}
	check()
	for i, r := range c.Blocks {
		for _, p := range r.Room.Ring() {
			for k, side := range r.Sides {
				road := c.Roads[side]
				a, b := c.Nodes[road.A].At, c.Nodes[road.B].At
				along, d := b.sub(a), p.sub(a)
				if off := math.Abs(along.X*d.Y-along.Y*d.X) / along.length(); off < road.Class.Width()/2 {
					t.Fatalf("block %d stands %.1f m from the middle of its road %d, a %s", i, off, k, road.Class)
				}
			}
		}
	}
}

// meet says whether two outlines have ground in common, by their rectangles' and wings'
// corners and sides: no side of one crosses one of the other, and none lies inside.
func meet(a, b []Point) bool {
	cross := func(p, q, r Point) float64 { return (q.X-p.X)*(r.Y-p.Y) - (q.Y-p.Y)*(r.X-p.X) }
	for i := range a {
		for j := range b {
			p, q, r, s := a[i], a[(i+1)%len(a)], b[j], b[(j+1)%len(b)]
			if cross(p, q, r)*cross(p, q, s) < -1e-6 && cross(r, s, p)*cross(r, s, q) < -1e-6 {
				return true
			}
		}
	}
	middle := func(ring []Point) (m Point) {
		for _, p := range ring {
			m = m.add(p.times(1 / float64(len(ring))))
		}
		return m
	}
	return newRing(b)(middle(a)) || newRing(a)(middle(b))
}

// Units fill the floor that they are on but for what is common; floors stand on each other;
// what a lift calls a floor is not its number.
func TestFloorsAndUnits(t *testing.T) {
	c := city(t)
	label := regexp.MustCompile(`^(B?\d+A?)(\d\d)$`)
	renamed, podiums := 0, 0
	for _, i := range c.Split {
		b := &c.Buildings[i]
		floors := c.Floors(i)
		if len(floors) != b.Up+b.Down {
			t.Fatalf("%d floors, want %d and %d", len(floors), b.Up, b.Down)
		}
		labels := map[string]bool{}
		n := 0
		for k, f := range floors {
			if k > 0 && math.Abs(f.Z-floors[k-1].Top) > 1e-6 {
				t.Fatalf("building %d: floor %s begins at %.2f, the one below ends at %.2f", i, f.Label, f.Z, floors[k-1].Top)
			}
			if f.Label != fmt.Sprint(f.Ordinal) {
				renamed++
			}
			inside, gross := 0.0, 0.0
			for _, u := range f.Units {
				n++
				inside, gross = inside+u.Area, gross+u.Gross
				if m := label.FindStringSubmatch(u.Label); m == nil || m[1] != f.Label || labels[u.Label] {
					t.Fatalf("building %d: unit %q of floor %s", i, u.Label, f.Label)
				}
				labels[u.Label] = true
				if math.Abs(area(u.Ring)-u.Area) > 0.01 || u.Gross < u.Area-0.01 || u.Height < 2 {
					t.Fatalf("building %d: unit %+v of %.2f m²", i, u, area(u.Ring))
				}
				if (u.State == Let) != !u.From.IsZero() || u.State == Vacant && (u.Firm != "" || u.Rent <= 0) || !u.From.IsZero() && (!u.From.Before(u.Until) || u.From.After(present)) {
					t.Fatalf("building %d: the lease of %+v", i, u)
				}
			}
			if whole := area(f.Outline); math.Abs(gross-whole) > 0.02*float64(len(f.Units)) || inside < whole*0.7 {
				t.Fatalf("building %d (%s) floor %s: its units have %.2f m² and %.2f with what is common, it has %.2f", i, b.Use, f.Label, inside, gross, whole)
			}
		}
		if n != b.units() {
			t.Fatalf("building %d has %d units and says %d", i, n, b.units())
		}
		if math.Abs(floors[len(floors)-1].Top-b.Ground-b.Height()) > 1e-6 {
			t.Fatalf("building %d ends at %.2f, its roof is at %.2f", i, floors[len(floors)-1].Top, b.Ground+b.Height())
		}
		if b.Podium != nil {
			podiums++
		}
	}
	if renamed == 0 || podiums == 0 {
		t.Errorf("%d floors under another name, %d podiums", renamed, podiums)
	}
}

// A drain falls along every pipe and through every well that pumps not; each house's water
// comes to an outlet; none runs in a circle; a well is at least as deep as its pipes.
func TestDrainsRunDown(t *testing.T) {
	c := city(t)
	for _, class := range []PipeClass{Rain, Sewage} {
		out := map[int32][]*Pipe{}
		in := map[int32]float64{} // lowest that arrives
		for i := range c.Pipes {
			p := &c.Pipes[i]
			if p.Class != class {
				continue
			}
			if p.To > p.From && c.Wells[p.A].Kind != "lift" {
				t.Fatalf("%s pipe %d climbs from %.3f to %.3f", class, i, p.From, p.To)
			}
			for k, w := range []int32{p.A, p.B} {
				z := p.From
				if k == 1 {
					z = p.To
				}
				if well := c.Wells[w]; well.Class != class || well.Bottom > z || z+p.Diameter > well.Ground {
					t.Fatalf("%s pipe %d at %.2f (%.1f wide) in a well %+v", class, i, z, p.Diameter, well)
				}
			}
			out[p.A] = append(out[p.A], p)
			if z, ok := in[p.B]; !ok || p.To < z {
				in[p.B] = p.To
			}
		}
		ends := map[int32]bool{} // known to come to an outlet
		for at := range out {
			path := []int32{at}
			for w := at; ; {
				if ends[w] || c.Wells[w].Kind == "outfall" || c.Wells[w].Kind == "works" {
					break
				}
				if len(out[w]) != 1 {
					t.Fatalf("%s: %d pipes lead out of well %d, a %s", class, len(out[w]), w, c.Wells[w].Kind)
				}
				if w = out[w][0].B; len(path) > len(c.Nodes)*3 {
					t.Fatalf("%s: what begins at well %d comes to no outlet", class, at)
				}
				path = append(path, w)
			}
			for _, w := range path {
				ends[w] = true
			}
		}
		pumps := 0
		for w, z := range in {
			for _, p := range out[w] {
				if p.From > z+0.001 {
					if pumps++; c.Wells[w].Kind != "pump" {
						t.Fatalf("%s: at well %d, a %s, water arrives at %.3f and leaves at %.3f", class, w, c.Wells[w].Kind, z, p.From)
					}
				}
			}
		}
		if pumps == 0 {
			t.Errorf("%s: nothing is pumped in a flat land", class)
		}
	}
}

// What is wrong with a plan is said, in one plain error a field.
func TestPlansAreChecked(t *testing.T) {
	baoan, _ := fs.Sub(districts.FS, "baoan")
	good, err := fs.ReadFile(baoan, "cim/city.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for change, want := range map[string]string{
		"spacing: 147=spacing: 5":          "spacing",
		"steepest: 0.07=steepest: 2":       "steepest",
		"highest: 95=highest: -1":          "highest",
		"split: 9600=split: 170001":        "split",
		"green: 18=green: 17":              "mix",
		"green: 18=moon: 18":               "mix",
		"high: 71=deep: 71":                "cameras",
		"height: 520=height: 0":            "hills",
		"buildings: 170000=buildings: ten": "city.yaml",
		"bearing: 336=baring: 336":         "baring",
	} {
		from, to, _ := strings.Cut(change, "=")
		if !strings.Contains(string(good), from) {
			t.Fatalf("the plan has no %q", from)
		}
		files := fstest.MapFS{"cim/city.yaml": {Data: []byte(strings.Replace(string(good), from, to, 1))}}
		for _, name := range []string{"boundary.geojson", "communities.geojson"} {
			raw, _ := fs.ReadFile(baoan, name)
			files[name] = &fstest.MapFile{Data: raw}
		}
		if _, err := ReadPlan(files, 1); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", change, err)
		}
	}
	if _, err := ReadPlan(fstest.MapFS{}, 1); err != ErrNone {
		t.Errorf("no plan: %v", err)
	}
	p := *city(t).Plan
	p.Settings.Buildings = 1_000_000
	if _, err := New(&p); err == nil || !strings.Contains(err.Error(), "room for") {
		t.Errorf("more than there is room for: %v", err)
	}
}

// The frame is true: there and back, and its metres are the globe's to a few in ten thousand.
func TestFrame(t *testing.T) {
	f := NewFrame(113.86, 22.69)
	p := f.On(113.97, 22.79)
	if lon, lat := f.Degrees(p); math.Abs(lon-113.97) > 1e-12 || math.Abs(lat-22.79) > 1e-12 {
		t.Errorf("%v %v", lon, lat)
	}
	// Vincenty on WGS-84: 15,820.9 m.
	if d := p.length(); math.Abs(d-15820.9) > 3 {
		t.Errorf("%.1f m", d)
	}
}

// A unit's window is in an outer wall and looks out of its house; the sun on it is that of a
// house without neighbours where there are none.
func TestWindows(t *testing.T) {
	c := city(t)
	n := 0
	for _, i := range c.Split[:200] {
		b := &c.Buildings[i]
		for _, f := range c.Floors(i) {
			for _, u := range f.Units {
				w := window(f, u)
				n++
				if w.Normal == (analysis.Vec{}) || math.Abs(math.Hypot(w.Normal.X, w.Normal.Y)-1) > 1e-9 || w.At.Z <= f.Z || w.At.Z >= f.Top {
					t.Fatalf("building %d (%s), unit %s: %+v", i, b.Use, u.Label, w)
				}
				in := newRing(f.Outline)
				if !in(Point{w.At.X - 0.3*w.Normal.X, w.At.Y - 0.3*w.Normal.Y}) || in(Point{w.At.X + 0.3*w.Normal.X, w.At.Y + 0.3*w.Normal.Y}) {
					t.Fatalf("building %d (%s), unit %s: its window looks into the house", i, b.Use, u.Label)
				}
			}
		}
	}
	if n == 0 {
		t.Fatal("no windows")
	}
	if prisms := c.Prisms(); len(prisms) <= len(c.Buildings) {
		t.Errorf("%d prisms of %d buildings", len(prisms), len(c.Buildings))
	}
	// Upwards from an outlet is all that drains to it, and nothing under pressure.
	for w := range c.Wells {
		if c.Wells[w].Kind != "works" {
			continue
		}
		nodes, pipes := c.Net().Trace(int32(w), analysis.Up, nil)
		for _, p := range pipes {
			if c.Pipes[p].Class != Sewage {
				t.Fatalf("%s drains to a sewage works", c.Pipes[p].Class)
			}
		}
		if len(nodes) != len(pipes)+1 {
			t.Errorf("%d wells and %d pipes are no tree", len(nodes), len(pipes))
		}
		break
	}
}

// newRing says what lies in an outline.
func newRing(ring []Point) func(Point) bool {
	return func(p Point) (in bool) {
		for i, u := range ring {
			v := ring[(i+1)%len(ring)]
			if (u.Y > p.Y) != (v.Y > p.Y) && p.X < (v.X-u.X)*(p.Y-u.Y)/(v.Y-u.Y)+u.X {
				in = !in
			}
		}
		return in
	}
}
