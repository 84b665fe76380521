package analysis

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func square(x, y, half float64) []Spot {
	return []Spot{{x - half, y - half}, {x + half, y - half}, {x + half, y + half}, {x - half, y + half}}
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within || math.IsNaN(got) != math.IsNaN(want) {
		t.Errorf("%s: %g, want %g", what, got, want)
	}
}

// The sun stands where the almanac has it.
func TestSun(t *testing.T) {
	// Meeus, example 25.a: 1992 October 13, 0h TD: declination -7.78507°; example 28.b for the
	// same instant: the equation of time is 13 m 42.6 s.
	s := SeasonOf(time.Date(1992, 10, 13, 0, 0, 0, 0, time.UTC))
	near(t, "declination", s.Declination, -7.78507, 0.01)
	near(t, "equation of time", s.Equation, 13+42.6/60, 0.05)
	// NREL SPA (Reda & Andreas 2003), appendix: 2003-10-17 12:30:30 at -7 h, 39.742476 N,
	// 105.1786 W: zenith 50.11162°, azimuth 194.34024°.
	at := SunAt(time.Date(2003, 10, 17, 19, 30, 30, 0, time.UTC), -105.1786, 39.742476)
	near(t, "height", at.Height, 90-50.11162, 0.03)
	near(t, "bearing", at.Bearing, 194.34024, 0.03)
	// At noon by the sun it stands in the south at 90° - latitude + declination.
	for _, day := range []StandardDay{GreatCold, WinterSolstice} {
		season := day.In(2026, 113.88)
		noon := season.At(22.6, 12)
		near(t, day.Name+" noon", noon.Height, 90-22.6+season.Declination, 1e-9)
		near(t, day.Name+" south", noon.Bearing, 180, 1e-6)
	}
	near(t, "the longest night", WinterSolstice.In(2026, 113.88).Declination, -23.436, 0.01)
	// Bao'an is 24.5 minutes behind Beijing's clock, and the equation of time.
	when := time.Date(2026, 12, 21, 12, 0, 0, 0, time.FixedZone("", 8*3600))
	near(t, "true solar time", SolarHours(when, 113.88), 12-24.48/60+SeasonOf(when).Equation/60, 1e-6)
}

// A box's shadow is as long as its height by the tangent of the sun's; what lies in it is
// dark and what lies beside it light, to the centimetre.
func TestShadowOfABox(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		height := rapid.Float64Range(3, 150).Draw(t, "height")
		sun := Sun{rapid.Float64Range(5, 85).Draw(t, "sun"), rapid.Float64Range(91, 269).Draw(t, "bearing")}
		long := height / math.Tan(sun.Height*degree)
		box := Prism{Ring: square(0, 0, 10), To: height, Thing: 7}
		s := NewScene([]Prism{box})
		back := sun.Way().times(-1)
		flat := math.Hypot(back.X, back.Y)
		edge := 10 / max(math.Abs(back.X), math.Abs(back.Y)) * flat // from the middle to where the shadow's way leaves the box
		for _, c := range []struct {
			d    float64
			dark bool
		}{{edge + 0.01, true}, {edge + long - 0.02, true}, {edge + long + 0.02, false}, {edge + 2*long + 30, false}} {
			p := Vec{back.X / flat * c.d, back.Y / flat * c.d, 0}
			thing, dark := s.Blocked(p, p.add(sun.Way().times(far)))
			if c.dark && c.d > edge+long-0.5 && long < 0.6 {
				continue
			}
			if dark != c.dark || dark && thing != 7 {
				t.Fatalf("at %.2f m (box to %.2f, shadow of %.2f): dark %v", c.d, edge, long, dark)
			}
		}
		// The outline from above is the box and its roof, shifted; its area follows.
		shadow := Shadow(box, sun, 0)
		area := 0.0
		for i, p := range shadow {
			q := shadow[(i+1)%len(shadow)]
			area += (p.X*q.Y - q.X*p.Y) / 2
		}
		dx, dy := math.Abs(back.X/flat*long), math.Abs(back.Y/flat*long)
		if want := 400 + 20*(dx+dy); math.Abs(area-want) > 1e-6*want {
			t.Fatalf("the shadow covers %.3f, not %.3f", area, want)
		}
	})
	if Shadow(Prism{Ring: square(0, 0, 1), To: 1}, Sun{-1, 0}, 0) != nil {
		t.Error("a shadow at night")
	}
}

// A wall that faces south has the hours of the band; one north of a long wall loses those in
// which the sun is behind it: reckoned from the sun's height and direction alone.
func TestSunlight(t *testing.T) {
	const lon, lat = 113.88, 22.6
	sky := NewSky(GreatCold, 2026, lon, lat, 1)
	free := NewScene(nil).Sunlight(sky, Vec{0, 0, 1}, Vec{0, -1, 0})
	near(t, "nothing in the way", free.Total, 8, 1e-9)
	near(t, "in one stretch", free.Longest, 8, 1e-9)
	near(t, "from eight", free.From, 8, 1e-9)
	if north := NewScene(nil).Sunlight(sky, Vec{0, 0, 1}, Vec{0, 1, 0}); north.Total != 0 {
		t.Errorf("a wall to the north has %v", north)
	}
	// A wall without end, 20 m south and 15 m higher than the sill: lit where
	// tan(height) / cos(bearing from south) is above 15/20.
	wall := Prism{Ring: []Spot{{-3000, -22}, {3000, -22}, {3000, -20}, {-3000, -20}}, To: 16}
	season := GreatCold.In(2026, lon)
	want, longest, run := 0.0, 0.0, 0.0
	for k := range 480 {
		at := season.At(lat, 8+(float64(k)+0.5)/60)
		if math.Tan(at.Height*degree)/math.Cos((at.Bearing-180)*degree) > 15.0/20 {
			want, run = want+1.0/60, run+1.0/60
		} else {
			run = 0
		}
		longest = max(longest, run)
	}
	got := NewScene([]Prism{wall}).Sunlight(sky, Vec{0, 0, 1}, Vec{0, -1, 0})
	if want < 0.5 || want > 7.5 {
		t.Fatalf("the case shows nothing: %g hours", want)
	}
	near(t, "behind a wall", got.Total, want, 2.0/60)
	near(t, "its longest stretch", got.Longest, longest, 2.0/60)
	// Two towers leave the noon between them: two stretches are counted together, the longest apart.
	towers := []Prism{{Ring: square(-25, -30, 12), To: 100}, {Ring: square(0, -30, 6), To: 100}, {Ring: square(25, -30, 12), To: 100}}
	parts := NewScene(towers).Sunlight(sky, Vec{0, 0, 1}, Vec{0, -1, 0})
	if parts.Longest >= parts.Total || parts.Total <= 0 {
		t.Errorf("between towers: %+v", parts)
	}
	many := NewScene(towers).Sunlights(sky, []Window{{Vec{0, 0, 1}, Vec{0, -1, 0}}, {Vec{0, 0, 1}, Vec{0, 1, 0}}})
	if many[0] != parts || many[1].Total != 0 {
		t.Errorf("many at once: %+v", many)
	}
}

// The tree of boxes finds what looking at each prism finds.
func TestSceneEqualsEachPrism(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "n")
		var prisms []Prism
		for i := range n {
			x, y := rapid.Float64Range(-100, 100).Draw(t, "x"), rapid.Float64Range(-100, 100).Draw(t, "y")
			half, from := rapid.Float64Range(1, 12).Draw(t, "half"), rapid.Float64Range(0, 10).Draw(t, "from")
			p := Prism{Ring: square(x, y, half), From: from, To: from + rapid.Float64Range(1, 60).Draw(t, "tall"), Thing: int32(i)}
			if i%3 == 0 { // an L
				p.Ring = []Spot{{x, y}, {x + 2*half, y}, {x + 2*half, y + half}, {x + half, y + half}, {x + half, y + 2*half}, {x, y + 2*half}}
			}
			prisms = append(prisms, p)
		}
		place := func(name string) Vec {
			return Vec{rapid.Float64Range(-130, 130).Draw(t, name), rapid.Float64Range(-130, 130).Draw(t, name), rapid.Float64Range(0, 80).Draw(t, name)}
		}
		a, b := place("a"), place("b")
		best, thing, any := math.Inf(1), int32(-1), false
		for i := range prisms {
			if at, ok := prisms[i].enter(a, b.sub(a), 1); ok {
				any = true
				if at < best {
					best, thing = at, int32(i)
				}
			}
		}
		s := NewScene(prisms)
		if _, yes := s.Blocked(a, b); yes != any {
			t.Fatalf("blocked %v, want %v", yes, any)
		}
		if got, part, ok := s.First(a, b); ok != any || ok && (part != best || got != thing && best > 0) {
			t.Fatalf("first %d at %g, want %d at %g", got, part, thing, best)
		}
	})
}

type slope struct{ east float64 }

func (s slope) Height(p Spot) float64 { return p.X * s.east }

type hill struct{}

func (hill) Height(p Spot) float64 { return 40 * math.Exp(-(p.X*p.X+p.Y*p.Y)/2000) }

// What is seen: past a house, over a hill, and all about.
func TestSight(t *testing.T) {
	s := NewScene([]Prism{{Ring: square(50, 0, 10), To: 30, Thing: 3}})
	look := s.Look(nil, Vec{0, 0, 10}, Vec{100, 0, 10})
	if look.Seen || look.By != "building" || look.Thing != 3 {
		t.Errorf("%+v", look)
	}
	near(t, "where the house hides it", look.At, 40, 1e-6)
	if over := s.Look(nil, Vec{0, 0, 31}, Vec{100, 0, 31}); !over.Seen {
		t.Errorf("over the roof: %+v", over)
	}
	if look := NewScene(nil).Look(hill{}, Vec{-100, 0, 5}, Vec{100, 0, 5}); look.Seen || look.By != "ground" {
		t.Errorf("through a hill: %+v", look)
	}
	if look := NewScene(nil).Look(hill{}, Vec{-100, 0, 45}, Vec{100, 0, 45}); !look.Seen {
		t.Errorf("over a hill: %+v", look)
	}
	flat := NewScene(nil).Viewshed(slope{}, Vec{0, 0, 10}, 100, 5, 1)
	near(t, "all of a plain", flat.Share, 1, 0)
	// Behind a house 30 m high at 40 to 60 m an eye at 10 sees nothing of the ground beyond, in
	// the house's angle.
	v := s.Viewshed(slope{}, Vec{0, 0, 10}, 200, 5, 1)
	at := func(x, y float64) bool { return v.Seen[int((y-v.South)/5)*v.Columns+int((x-v.West)/5)] }
	if at(150, 0) || !at(-150, 0) || !at(0, 150) || v.Share < 0.8 || v.Share >= 1 {
		t.Errorf("viewshed: %v %v %v %g", at(150, 0), at(-150, 0), at(0, 150), v.Share)
	}
	angles, things := s.Skyline(Vec{0, 0, 0}, 8, 500)
	near(t, "the house in the east", angles[2], math.Atan(30.0/40)/degree, 0.05)
	if things[2] != 3 || things[0] != -1 || angles[0] != 0 {
		t.Errorf("%v %v", angles, things)
	}
}

// A trace is what searching the graph pipe by pipe finds; shutting the valves about a burst
// leaves those dry that a search without them does not reach.
func TestNet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 40).Draw(t, "nodes")
		var pipes [][2]int32
		for range rapid.IntRange(1, 80).Draw(t, "pipes") {
			pipes = append(pipes, [2]int32{int32(rapid.IntRange(0, n-1).Draw(t, "a")), int32(rapid.IntRange(0, n-1).Draw(t, "b"))})
		}
		net := NewNet(n, pipes)
		from := int32(rapid.IntRange(0, n-1).Draw(t, "from"))
		way := Direction(rapid.IntRange(0, 2).Draw(t, "way"))
		// The oracle: grow the set until nothing is added.
		in := map[int32]bool{from: true}
		for more := true; more; {
			more = false
			for _, p := range pipes {
				if way != Up && in[p[0]] && !in[p[1]] {
					in[p[1]], more = true, true
				}
				if way != Down && in[p[1]] && !in[p[0]] {
					in[p[0]], more = true, true
				}
			}
		}
		nodes, reached := net.Trace(from, way, nil)
		if len(nodes) != len(in) {
			t.Fatalf("%d nodes, want %d", len(nodes), len(in))
		}
		for _, x := range nodes {
			if !in[x] {
				t.Fatalf("node %d is not reached", x)
			}
		}
		want := 0
		for _, p := range pipes {
			if way != Up && in[p[0]] || way != Down && in[p[1]] {
				want++
			}
		}
		if len(reached) != want || len(slices.Compact(slices.Sorted(slices.Values(reached)))) != want {
			t.Fatalf("%d pipes, want %d", len(reached), want)
		}

		valve := func(x int32) bool { return x%3 == 0 }
		burst := net.Isolate(0, valve, []int32{from})
		dry := map[int32]bool{0: true}
		for more := true; more; {
			more = false
			for i := range pipes {
				for j := range pipes {
					if !dry[int32(i)] || dry[int32(j)] {
						continue
					}
					for _, a := range pipes[i] {
						if !valve(a) && (a == pipes[j][0] || a == pipes[j][1]) {
							dry[int32(j)], more = true, true
						}
					}
				}
			}
		}
		if len(burst.Dry) != len(dry) {
			t.Fatalf("%d pipes lie dry, want %d", len(burst.Dry), len(dry))
		}
		for _, x := range burst.Valves {
			if !valve(x) {
				t.Fatalf("node %d is shut and no valve", x)
			}
		}
		for _, x := range burst.Cut {
			for _, p := range net.Pipes(x) {
				if !dry[p] && !slices.Contains(burst.Cut, pipes[p][0]+pipes[p][1]-x) {
					t.Fatalf("node %d is cut off beside one that is fed", x)
				}
			}
		}
	})
}

// Water fills what is low and joined with where it comes from, not the hollow behind the dam.
func TestFlood(t *testing.T) {
	r := &Raster{Cell: 10, Columns: 5, Rows: 1, Z: []float64{0, 1, 5, 1, 0}}
	f := r.FloodTo(2, []int{0})
	if f.Cells != 2 || f.Deepest != 2 || f.Area != 200 || f.Volume != 300 || f.Depth[3] != 0 {
		t.Errorf("%+v", f)
	}
	if over := r.FloodTo(6, []int{0}); over.Cells != 5 || over.Volume != 100*(6+5+1+5+6) {
		t.Errorf("over the dam: %+v", over)
	}
	if dry := r.FloodTo(0, []int{2}); dry.Cells != 0 {
		t.Errorf("%+v", dry)
	}
	raster := NewRaster(slope{0.1}, 0, 0, 1, 100, 10)
	// A plane that rises by a tenth, water to 5 m: 50 columns wet, a wedge of 5·50/2·10.
	wedge := raster.FloodTo(5, []int{0})
	if wedge.Cells != 500 {
		t.Errorf("%d cells", wedge.Cells)
	}
	near(t, "the wedge", wedge.Volume, 1250, 1)
}

// A pit takes its prism of ground and cuts the pipes in it; two pipes keep their distance.
func TestPits(t *testing.T) {
	pit := Pit{Ring: square(0, 0, 10), Bottom: -4}
	pipes := []Run{
		{From: Vec{-30, 0, -3}, To: Vec{30, 0, -3}, Diameter: 0.4, Thing: 1},   // through it
		{From: Vec{-30, 5, -6}, To: Vec{30, 5, -6}, Diameter: 0.4, Thing: 2},   // 1.6 m under its bottom
		{From: Vec{-30, 5, -9}, To: Vec{30, 5, -9}, Diameter: 0.4, Thing: 3},   // far below
		{From: Vec{-30, 20, -3}, To: Vec{30, 20, -3}, Diameter: 0.4, Thing: 4}, // beside
	}
	dig := Excavate(pit, slope{}, pipes, 0.5, 2)
	near(t, "area", dig.Area, 400, 1e-9)
	near(t, "volume", dig.Volume, 1600, 1e-6)
	if len(dig.Cuts) != 1 || dig.Cuts[0].Thing != 1 || len(dig.Near) != 1 || dig.Near[0].Thing != 2 {
		t.Fatalf("%+v", dig)
	}
	near(t, "metres cut", dig.Cuts[0].Metres, 20, 1e-9)
	near(t, "stands in it", dig.Cuts[0].LeastCover, -1.4, 1e-9)
	near(t, "under it", dig.Near[0].LeastCover, 1.6, 1e-9)
	if sloping := Excavate(pit, slope{0.1}, nil, 0.5, 2); math.Abs(sloping.Volume-1600) > 1 {
		t.Errorf("on a slope: %g", sloping.Volume)
	}
	plan, upright := Clearance(pipes[0], Run{From: Vec{0, -30, -5}, To: Vec{0, 30, -5}, Diameter: 0.6})
	if plan != 0 {
		t.Errorf("crossing pipes are %g apart", plan)
	}
	near(t, "over each other", upright, 1.4, 1e-9)
	plan, upright = Clearance(pipes[0], pipes[3])
	near(t, "side by side", plan, 19.6, 1e-9)
	if !math.IsNaN(upright) {
		t.Errorf("pipes that cross not: %g", upright)
	}
	plan, _ = Clearance(Run{From: Vec{0, 0, 0}, To: Vec{1, 0, 0}}, Run{From: Vec{4, 4, 0}, To: Vec{4, 9, 0}})
	near(t, "end to end", plan, 5, 1e-9)
}
