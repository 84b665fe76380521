package simulate

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// pack is what the generator needs of a district pack.
type pack struct {
	zone        string
	district    string // its name
	streets     []street
	communities []community
	places      []place
	units       []unit
	items       []*item
	channels    []channel
	reasons     []string // return reasons
	refusals    []string
	emergency   []string // words
	limits      limits
}

type street struct {
	code, name, short string
	office            int // unit, or -1
}

type community struct {
	code, name, short string
	street            int
	office            int // unit, or -1
	area              orb.MultiPolygon
	inside            []orb.Point
	places            []int
	neighbours        []int // communities of the same street
	weight            float64
}

type place struct {
	name, kind string
	aliases    []string
	community  int
	at         orb.Point
	around     []orb.Point // points near it and inside its community
	low        bool        // by the water: floods first
}

type unit struct {
	code, short, kind string
	late, formal      float64 // habits: shares of late and of empty replies
	returns           float64
}

type item struct {
	code, l1, l2, name, urgency, class, evidence, law string
	kinds                                             []string
	objects, problems                                 []string
	frequency                                         float64
	visit                                             bool
	rules                                             []*rule
	triggers                                          []string // words that its rules ask for
	needsPlace                                        bool     // a rule may lead to the office of the place
	business                                          bool     // of interest to enterprises
	theme                                             *theme
	spots                                             *spots
}

type channel struct {
	code  string
	share float64
}

// readPack reads the pack in fsys, a folder such as districts/baoan.
func readPack(fsys fs.FS) (*pack, error) {
	r := &reader{fsys: fsys}
	p := &pack{}
	var head struct {
		Timezone string `yaml:"timezone"`
	}
	r.yaml("pack.yaml", &head)
	p.zone = head.Timezone

	streetOf, communityOf := map[string]int{}, map[string]int{}
	for _, v := range r.table("places.csv") {
		switch v["level"] {
		case "district":
			p.district = v["name"]
		case "street":
			streetOf[v["code"]] = len(p.streets)
			p.streets = append(p.streets, street{code: v["code"], name: v["name"], short: strings.TrimSuffix(v["name"], "街道"), office: -1})
		case "community":
			communityOf[v["code"]] = len(p.communities)
			p.communities = append(p.communities, community{code: v["code"], name: v["name"], short: strings.TrimSuffix(v["name"], "社区"), street: r.known(streetOf, v["parent"]), office: -1})
		}
	}
	if r.err == nil && (len(p.streets) == 0 || len(p.communities) == 0) {
		r.fail("places.csv", errors.New("no streets or no communities"))
	}
	if r.err != nil {
		return nil, fmt.Errorf("simulate: %w", r.err)
	}
	for code, area := range r.areas("communities.geojson") {
		p.communities[r.known(communityOf, code)].area = area
	}

	unitOf := map[string]int{}
	for _, v := range r.table("organisation.csv") {
		u := len(p.units)
		unitOf[v["code"]] = u
		p.units = append(p.units, unit{code: v["code"], short: v["short"], kind: v["kind"]})
		switch v["kind"] {
		case "street":
			p.streets[r.known(streetOf, v["place"])].office = u
		case "community":
			p.communities[r.known(communityOf, v["place"])].office = u
		}
	}

	for _, v := range r.table("gazetteer.csv") {
		c := r.known(communityOf, v["community"])
		p.communities[c].places = append(p.communities[c].places, len(p.places))
		p.places = append(p.places, place{name: v["name"], kind: v["kind"], aliases: split(v["aliases"]), community: c,
			at: orb.Point{r.number(v["lon"]), r.number(v["lat"])}})
	}

	for _, v := range r.table("appeals/duty_items.csv") {
		p.items = append(p.items, &item{code: v["code"], l1: v["l1"], l2: v["l2"], name: v["l3"], urgency: v["urgency"],
			class: v["handle_class"], evidence: v["evidence"], law: v["legal_basis"], kinds: split(v["kinds"]),
			objects: split(v["objects"]), problems: split(v["problems"]), visit: v["visit"] == "y",
			frequency: r.weight(v["frequency"])})
	}
	if _, err := fs.Stat(fsys, "appeals/rotations.csv"); err == nil { // the one with the greatest share stands first
		for _, v := range r.table("appeals/rotations.csv") {
			if code := "rotation:" + v["rotation"]; unitOf[code] == 0 {
				unitOf[code] = unitOf[v["unit"]]
			}
		}
	}
	rules, err := compile(r.table("appeals/duty_rules.csv"), unitOf)
	if err != nil {
		return nil, err
	}
	for _, it := range p.items {
		it.attach(rules)
		if len(it.rules) == 0 || it.rules[len(it.rules)-1].condition != nil {
			return nil, fmt.Errorf("simulate: duty item %s has no rule without a condition", it.code)
		}
		if len(it.kinds) == 0 || len(it.objects) == 0 || len(it.problems) == 0 {
			return nil, fmt.Errorf("simulate: duty item %s has no kinds, objects or problems to speak of", it.code)
		}
	}

	for _, v := range r.table("appeals/channels.csv") {
		p.channels = append(p.channels, channel{v["code"], r.weight(v["share"])})
	}
	for _, v := range r.table("appeals/return_reasons.csv") {
		p.reasons = append(p.reasons, v["code"])
	}
	for _, v := range r.table("appeals/refusals.csv") {
		p.refusals = append(p.refusals, v["code"])
	}
	for _, v := range r.table("appeals/emergency_words.csv") {
		if v["urgency"] == "critical" {
			p.emergency = append(p.emergency, v["word"])
		}
	}
	p.limits = r.limits("appeals/limits.yaml")
	switch {
	case r.err != nil:
		return nil, fmt.Errorf("simulate: %w", r.err)
	case len(p.items) == 0 || len(p.places) == 0 || len(p.channels) == 0:
		return nil, fmt.Errorf("simulate: the pack lacks duty items, places or channels")
	}
	for i := range p.communities {
		if len(p.communities[i].places) == 0 || len(p.communities[i].area) == 0 {
			return nil, fmt.Errorf("simulate: community %s has no place or no area", p.communities[i].code)
		}
	}
	return p, nil
}

// reader reads files until one fails, and keeps that error.
type reader struct {
	fsys fs.FS
	err  error
}

func (r *reader) read(name string) []byte {
	raw, err := fs.ReadFile(r.fsys, name)
	if err != nil && r.err == nil {
		r.err = err
	}
	return raw
}

func (r *reader) fail(name string, err error) {
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("%s: %w", name, err)
	}
}

func (r *reader) yaml(name string, into any) {
	r.fail(name, yaml.Unmarshal(r.read(name), into))
}

func (r *reader) table(name string) []map[string]string {
	lines, err := csv.NewReader(strings.NewReader(string(r.read(name)))).ReadAll()
	if r.fail(name, err); r.err != nil || len(lines) == 0 {
		return nil
	}
	rows := make([]map[string]string, len(lines)-1)
	for i, line := range lines[1:] {
		rows[i] = make(map[string]string, len(line))
		for j, v := range line {
			rows[i][lines[0][j]] = v
		}
	}
	return rows
}

func (r *reader) areas(name string) map[string]orb.MultiPolygon {
	var fc struct {
		Features []struct {
			Properties struct{ Code string }
			Geometry   struct{ Coordinates orb.MultiPolygon }
		}
	}
	r.fail(name, json.Unmarshal(r.read(name), &fc))
	m := map[string]orb.MultiPolygon{}
	for _, f := range fc.Features {
		m[f.Properties.Code] = f.Geometry.Coordinates
	}
	return m
}

func (r *reader) number(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	r.fail("number", err)
	return v
}

func (r *reader) weight(s string) float64 {
	v := r.number(s)
	if !(v >= 0 && v < 1e12) {
		r.fail("weight", fmt.Errorf("%q is not a share", s))
	}
	return v
}

func (r *reader) known(index map[string]int, code string) int {
	i, ok := index[code]
	if !ok {
		r.fail("code", fmt.Errorf("%q is not known", code))
	}
	return i
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ";")
}

func contains(area orb.MultiPolygon, p orb.Point) bool { return planar.MultiPolygonContains(area, p) }
