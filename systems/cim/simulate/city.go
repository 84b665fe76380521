package simulate

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"shanzhi/core/pack"
	"shanzhi/core/place"
)

// Settings are what a pack says of its made-up city: `cim/city.yaml`.
type Settings struct {
	Bearing  float64 `yaml:"bearing"`  // of the main roads, degrees clockwise of north
	Spacing  float64 `yaml:"spacing"`  // metres between two roads
	Sea      float64 `yaml:"sea"`      // bearing of the shore from the middle
	Slope    float64 `yaml:"slope"`    // how the land rises inland, metres a metre
	Steepest float64 `yaml:"steepest"` // ground that is built on, metres a metre
	Highest  float64 `yaml:"highest"`  // above which nothing is built, metres
	Hills    []Hill  `yaml:"hills"`

	Buildings int            `yaml:"buildings"` // exactly
	Split     int            `yaml:"split"`     // buildings whose floors and units are known (分层分户), exactly
	Units     int            `yaml:"units"`     // of these, at least
	Cameras   map[string]int `yaml:"cameras"`   // by class: high, first, second
	Mix       map[Use]int    `yaml:"mix"`       // of blocks, in percent

	Demonstration []string `yaml:"demonstration"` // communities that a demonstration loads
}

// Plan is what a city is made from.
type Plan struct {
	Seed        uint64
	Settings    Settings
	District    orb.MultiPolygon // WGS-84
	Communities []Community
}

// Community is an area that gives what lies in it its name.
type Community struct {
	Code, Name string
	Street     string
	Digits     string // 12, of the statistics' scheme; its last three are made up where the pack has none
	Shape      orb.MultiPolygon
}

// ErrNone is that a pack has no city.
var ErrNone = errors.New("simulate: the pack has no cim/city.yaml")

// ReadPlan reads the plan of a pack.
func ReadPlan(files fs.FS, seed uint64) (*Plan, error) {
	p := &Plan{Seed: seed}
	if !pack.Has(files, "cim/city.yaml") {
		return nil, ErrNone
	}
	if err := pack.Settings(files, "cim/city.yaml", &p.Settings); err != nil {
		return nil, err
	}
	read := func(name string) ([]place.Area, error) {
		f, err := files.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		areas, err := place.ReadAreas(f, place.AreaSource{CRS: place.WGS84, NameProperty: "name"})
		if err != nil {
			err = fmt.Errorf("%s: %w", name, err)
		}
		return areas, err
	}
	district, err := read("boundary.geojson")
	if err != nil {
		return nil, err
	}
	for _, a := range district {
		p.District = append(p.District, a.Shape...)
	}
	communities, err := read("communities.geojson")
	if err != nil {
		return nil, err
	}
	digits := map[string]string{}
	if pack.Has(files, "place_codes.csv") {
		rows, err := pack.Table(files, "place_codes.csv", "place", "scheme", "code")
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if r["scheme"] == "stats" {
				digits[r["place"]] = r["code"]
			}
		}
	}
	inStreet := map[string]int{}
	for _, a := range communities {
		c := Community{Name: a.Name, Shape: a.Shape}
		c.Code, _ = a.Properties["code"].(string)
		c.Street, _ = a.Properties["parent"].(string)
		inStreet[c.Street]++
		if c.Digits = digits[c.Code]; len(c.Digits) != 12 {
			c.Digits = fmt.Sprintf("%09s%03d", digits[c.Street], inStreet[c.Street])
		}
		p.Communities = append(p.Communities, c)
	}
	return p, p.check()
}

func (p *Plan) check() error {
	s := p.Settings
	var wrong []error
	bad := func(field, why string) { wrong = append(wrong, fmt.Errorf("cim/city.yaml: %s %s", field, why)) }
	if s.Spacing < 60 || s.Spacing > 400 {
		bad("spacing", "is from 60 to 400 metres")
	}
	if s.Slope < 0 || s.Slope > 0.1 {
		bad("slope", "is from 0 to 0.1")
	}
	if s.Steepest <= 0 || s.Steepest > 1 {
		bad("steepest", "is above 0, 1 at most")
	}
	if s.Highest <= 0 {
		bad("highest", "is above 0")
	}
	if s.Buildings < 1 || s.Split < 0 || s.Split > s.Buildings {
		bad("split", "is of the buildings")
	}
	whole := 0
	for use, n := range s.Mix {
		if !slices.Contains(Uses, use) || n < 0 {
			bad("mix", fmt.Sprintf("%s: no such use of a block", use))
		}
		whole += n
	}
	if whole != 100 {
		bad("mix", fmt.Sprintf("makes %d, not 100", whole))
	}
	for class, n := range s.Cameras {
		if !slices.Contains(CameraClasses, class) || n < 0 {
			bad("cameras", class+": no such class")
		}
	}
	for _, name := range s.Demonstration {
		if !slices.ContainsFunc(p.Communities, func(c Community) bool { return c.Name == name || c.Code == name }) {
			bad("demonstration", "names "+name+", which is no community")
		}
	}
	for _, h := range s.Hills {
		if h.Height <= 0 || h.Foot < 100 {
			bad("hills", h.Name+": a hill has a height and a foot of 100 metres or more")
		}
	}
	if len(p.District) == 0 || len(p.Communities) == 0 {
		wrong = append(wrong, errors.New("simulate: the pack has no outline or no communities"))
	}
	return errors.Join(wrong...)
}

// City is the body of a district. It never changes and is safe for concurrent use.
type City struct {
	Plan      *Plan
	Frame     Frame
	Ground    *Ground
	Nodes     []Node
	Roads     []Road
	Blocks    []Block
	Buildings []Building
	Split     []int32 // buildings whose floors and units are known, in order
	Wells     []Well
	Pipes     []Pipe
	Cameras   []Camera
	Posts     []Post

	seed uint64
}

// New makes the city of a plan.
func New(p *Plan) (*City, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	bound := p.District.Bound()
	c := &City{Plan: p, seed: p.Seed, Frame: NewFrame((bound.Min[0]+bound.Max[0])/2, (bound.Min[1]+bound.Max[1])/2)}
	district := newOutline(c.Frame, p.District)
	c.Ground = newGround(p, c.Frame, district)
	c.layRoads(district)
	if len(c.Blocks) == 0 {
		return nil, errors.New("simulate: no block fits into the outline")
	}
	if err := c.build(); err != nil {
		return nil, err
	}
	c.split()
	c.layPipes()
	c.putUp()
	return c, nil
}

func newGround(p *Plan, f Frame, district *outline) *Ground {
	s := p.Settings
	sin, cos := math.Sincos(s.Sea * math.Pi / 180)
	g := &Ground{seed: mix(p.Seed, 1), rise: Point{-sin, -cos}, slope: s.Slope}
	// The shore touches the outline where it is nearest to the sea.
	first := math.Inf(1)
	for _, polygon := range p.District {
		for _, v := range polygon[0] {
			q := f.On(v[0], v[1])
			if d := q.X*g.rise.X + q.Y*g.rise.Y; d < first {
				first, g.shore = d, q
			}
		}
	}
	for _, h := range s.Hills {
		g.hills = append(g.hills, groundHill{f.On(h.Lon, h.Lat), h.Height, h.Foot})
	}
	return g
}
