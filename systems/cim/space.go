package cim

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// Space is a unit that is let for work (产业空间).
type Space struct {
	Code     string   `bun:"code" json:"code" doc:"House code of the unit"`
	Building store.ID `bun:"building" json:"building"`
	Name     string   `bun:"name" json:"name" doc:"Of its building"`
	Use      string   `bun:"use" json:"use" enum:"factory,office,shop"`
	Floor    int      `bun:"floor" json:"floor"`
	Label    string   `bun:"label" json:"label"`
	Area     float64  `bun:"area" json:"area" doc:"Inside, m²"`
	Gross    float64  `bun:"gross" json:"gross" doc:"With its share of what is common, m²"`
	Load     float64  `bun:"load" json:"load" doc:"Its floor carries, t/m²"`
	Height   float64  `bun:"height" json:"height" doc:"Clear, metres"`
	State    string   `bun:"state" json:"state" enum:"owned,let,vacant"`
	Rent     int64    `bun:"rent" json:"rent" doc:"Fen a m² and month: paid, or asked where it is vacant; 0 unknown"`
	Since    string   `bun:"since" json:"since,omitempty" doc:"Of the lease"`
	Until    string   `bun:"until" json:"until,omitempty"`
	Firm     string   `bun:"firm" json:"firm,omitempty"`
	Lon      float64  `bun:"lon" json:"lon"`
	Lat      float64  `bun:"lat" json:"lat"`
	Source   string   `bun:"source" json:"source"`
	Free     string   `bun:"-" json:"free,omitempty" doc:"From which day it can be had: today where it is vacant, the end of its lease where that is known; none where it is its owner's"`
}

const spaceColumns = `p.code, p.building, t.name, p.use, p.floor, p.label, p.area, p.gross, p.load, p.height, p.state, p.rent, p.since, p.until, p.firm, p.lon, p.lat, p.source`

func (p *Space) settle(today string) {
	switch p.State {
	case "vacant":
		p.Free = today
	case "let":
		p.Free = p.Until
	}
}

// SpaceFilter is what somebody looks for.
type SpaceFilter struct {
	Use       string  `query:"use" json:"use,omitempty" enum:"factory,office,shop,"`
	State     string  `query:"state" json:"state,omitempty" enum:"owned,let,vacant,"`
	FreeBy    string  `query:"free_by" json:"free_by,omitempty" maxLength:"10" doc:"To be had by this day"`
	AreaFrom  float64 `query:"area_from" json:"area_from,omitempty" minimum:"0" doc:"m²"`
	AreaTo    float64 `query:"area_to" json:"area_to,omitempty" minimum:"0"`
	Load      float64 `query:"load" json:"load,omitempty" minimum:"0" doc:"t/m² at least"`
	Height    float64 `query:"height" json:"height,omitempty" minimum:"0" doc:"Metres clear at least"`
	RentTo    int64   `query:"rent_to" json:"rent_to,omitempty" minimum:"0" doc:"Fen a m² and month at most"`
	Community string  `query:"community" json:"community,omitempty" maxLength:"12" doc:"Beginning of the house code"`
	Building  string  `query:"building" json:"building,omitempty" maxLength:"20" doc:"Key of a building"`
}

func (f *SpaceFilter) sql() (cond string, args []any, err error) {
	parts := []string{}
	add := func(s string, a ...any) { parts, args = append(parts, s), append(args, a...) }
	if f.Use != "" {
		add(`p.use = ?`, f.Use)
	}
	if f.State != "" {
		add(`p.state = ?`, f.State)
	}
	if f.FreeBy != "" {
		if _, err := time.Parse(time.DateOnly, f.FreeBy); err != nil {
			return "", nil, httpapi.FailField("free_by", "invalid")
		}
		add(`(p.state = 'vacant' OR p.state = 'let' AND p.until <> '' AND p.until <= ?)`, f.FreeBy)
	}
	for _, x := range []struct {
		cond  string
		value float64
	}{{`p.area >= ?`, f.AreaFrom}, {`p.area <= ?`, f.AreaTo}, {`p.load >= ?`, f.Load}, {`p.height >= ?`, f.Height}} {
		if x.value > 0 {
			add(x.cond, x.value)
		}
	}
	if f.RentTo > 0 {
		add(`p.rent > 0 AND p.rent <= ?`, f.RentTo)
	}
	if f.Community != "" {
		if strings.Trim(f.Community, "0123456789") != "" {
			return "", nil, httpapi.FailField("community", "invalid")
		}
		add(`p.code >= ? AND p.code < ?`, f.Community, f.Community+":")
	}
	if f.Building != "" {
		id, err := store.ParseID(f.Building)
		if err != nil {
			return "", nil, httpapi.FailField("building", "invalid")
		}
		add(`p.building = ?`, id)
	}
	if len(parts) == 0 {
		return "1 = 1", nil, nil
	}
	return strings.Join(parts, " AND "), args, nil
}

// Spaces are the units that a filter finds, by code after one.
func (s *Service) Spaces(ctx context.Context, f SpaceFilter, after string, limit int) ([]Space, error) {
	cond, args, err := f.sql()
	if err != nil {
		return nil, err
	}
	list, err := store.Select[Space](ctx, s.Store, `SELECT `+spaceColumns+` FROM cim_space p JOIN cim_thing t ON t.id = p.building WHERE `+cond+` AND p.code > ? ORDER BY p.code LIMIT ?`, append(args, after, limit)...)
	today := s.today()
	for i := range list {
		list[i].settle(today)
	}
	return list, err
}

// SpaceStock is what there is: all of it is counted from the rows that a filter finds.
type SpaceStock struct {
	Use        string  `bun:"use" json:"use"`
	Buildings  int     `bun:"buildings" json:"buildings"`
	Units      int     `bun:"units" json:"units"`
	Area       float64 `bun:"area" json:"area" doc:"m², inside"`
	Vacant     int     `bun:"vacant" json:"vacant" doc:"Units"`
	VacantArea float64 `bun:"vacant_area" json:"vacant_area"`
	Soon       float64 `bun:"soon" json:"soon" doc:"m² whose lease ends within 90 days"`
	Rent       int64   `bun:"rent" json:"rent" doc:"Fen a m² and month: the mean of what is paid, by area"`
	Asked      int64   `bun:"asked" json:"asked" doc:"Of what is asked"`
}

// SpaceStocks is the stock by use.
func (s *Service) SpaceStocks(ctx context.Context, f SpaceFilter) ([]SpaceStock, error) {
	cond, args, err := f.sql()
	if err != nil {
		return nil, err
	}
	today := s.Store.Now().In(s.zone())
	mean := func(state string) string {
		return fmt.Sprintf(`CAST(coalesce(sum(CASE WHEN p.state = '%s' AND p.rent > 0 THEN p.rent * p.area END) / nullif(sum(CASE WHEN p.state = '%s' AND p.rent > 0 THEN p.area END), 0), 0) AS BIGINT)`, state, state)
	}
	return store.Select[SpaceStock](ctx, s.Store, `SELECT p.use, count(DISTINCT p.building) AS buildings, count(*) AS units, sum(p.area) AS area, sum(CASE WHEN p.state = 'vacant' THEN 1 ELSE 0 END) AS vacant,
		sum(CASE WHEN p.state = 'vacant' THEN p.area ELSE 0.0 END) AS vacant_area, sum(CASE WHEN p.state = 'let' AND p.until >= ? AND p.until <= ? THEN p.area ELSE 0.0 END) AS soon, `+mean("let")+` AS rent, `+mean("vacant")+` AS asked
		FROM cim_space p WHERE `+cond+` GROUP BY p.use ORDER BY p.use`, append([]any{today.Format(time.DateOnly), today.AddDate(0, 0, 90).Format(time.DateOnly)}, args...)...)
}

// SpaceBuilding is a building with the space in it.
type SpaceBuilding struct {
	Building store.ID `bun:"building" json:"building"`
	Code     string   `bun:"code" json:"code"`
	Name     string   `bun:"name" json:"name"`
	Use      string   `bun:"class" json:"use"`
	Units    int      `bun:"units" json:"units"`
	Area     float64  `bun:"area" json:"area"`
	Vacant   float64  `bun:"vacant" json:"vacant" doc:"m²"`
	Load     float64  `bun:"load" json:"load" doc:"The most that a floor carries, t/m²"`
	Height   float64  `bun:"height" json:"height" doc:"The most that is clear, metres"`
	Lowest   int64    `bun:"lowest" json:"lowest" doc:"Least rent of what is vacant, fen a m² and month; 0 none"`
	Lon      float64  `bun:"lon" json:"lon"`
	Lat      float64  `bun:"lat" json:"lat"`
}

// SpaceBuildings are the buildings whose units a filter finds, by code.
func (s *Service) SpaceBuildings(ctx context.Context, f SpaceFilter, after string, limit int) ([]SpaceBuilding, error) {
	cond, args, err := f.sql()
	if err != nil {
		return nil, err
	}
	return store.Select[SpaceBuilding](ctx, s.Store, `SELECT p.building, t.code, t.name, t.class, count(*) AS units, sum(p.area) AS area, sum(CASE WHEN p.state = 'vacant' THEN p.area ELSE 0.0 END) AS vacant, max(p.load) AS load, max(p.height) AS height,
		coalesce(min(CASE WHEN p.state = 'vacant' AND p.rent > 0 THEN p.rent END), 0) AS lowest, min(p.lon) AS lon, min(p.lat) AS lat
		FROM cim_space p JOIN cim_thing t ON t.id = p.building WHERE `+cond+` AND t.code > ? GROUP BY p.building, t.code, t.name, t.class ORDER BY t.code LIMIT ?`, append(args, after, limit)...)
}

// Comparable is a lease by which a rent is judged (可比案例).
type Comparable struct {
	Space
	Metres   float64 `json:"metres" doc:"How far it is"`
	Months   float64 `json:"months" doc:"Since the lease began"`
	Adjusted int64   `json:"adjusted" doc:"Its rent, were it on the floor of the one in question"`
	Weight   float64 `json:"weight" doc:"Share of all weights"`
}

// ReferenceRent is what a unit would be let for, by what is let about it (参考租金): the weighted median of its
// comparables. Below three none is told.
type ReferenceRent struct {
	Of          Space        `json:"of"`
	N           int          `json:"n"`
	Refused     bool         `json:"refused" doc:"Fewer than three are comparable: no rent is told"`
	Rent        int64        `json:"rent,omitempty" doc:"Fen a m² and month"`
	Low         int64        `json:"low,omitempty" doc:"First quartile"`
	High        int64        `json:"high,omitempty" doc:"Third quartile"`
	Comparables []Comparable `json:"comparables" doc:"The weightiest, at most 30"`
	Rule        RentRule     `json:"rule" doc:"By what they are chosen and weighed"`
}

// RentRule is how comparables are chosen and weighed; a district's pack may say otherwise.
type RentRule struct {
	Reach    float64 `yaml:"reach" json:"reach" doc:"Metres within which they lie"`
	Months   float64 `yaml:"months" json:"months" doc:"Since a lease began, at most"`
	Distance float64 `yaml:"distance" json:"distance" doc:"Metres over which a weight falls to 1/e"`
	Age      float64 `yaml:"age" json:"age" doc:"Months over which it does"`
	Floors   float64 `yaml:"floors" json:"floors" doc:"What five floors more add, a share"`
}

// leastComparables is below how many no rent is told.
const leastComparables = 3

// ReferenceRentOf judges what a unit would be let for.
func (s *Service) ReferenceRentOf(ctx context.Context, code string) (ReferenceRent, error) {
	rule := s.analysisBook().Rent
	of, err := store.Get[Space](ctx, s.Store, `SELECT `+spaceColumns+` FROM cim_space p JOIN cim_thing t ON t.id = p.building WHERE p.code = ?`, code)
	if err != nil {
		return ReferenceRent{}, err
	}
	now := s.Store.Now().In(s.zone())
	of.settle(now.Format(time.DateOnly))
	box := about(of.Lon, of.Lat, rule.Reach)
	list, err := store.Select[Space](ctx, s.Store, `SELECT `+spaceColumns+` FROM cim_space p JOIN cim_thing t ON t.id = p.building WHERE p.use = ? AND p.lon >= ? AND p.lon <= ? AND p.lat >= ? AND p.lat <= ? AND p.state = 'let' AND p.rent > 0 AND p.since >= ? AND p.since <= ? AND p.code <> ? ORDER BY p.code`,
		of.Use, box.West, box.East, box.South, box.North, now.AddDate(0, -int(rule.Months), 0).Format(time.DateOnly), now.Format(time.DateOnly), code)
	if err != nil {
		return ReferenceRent{}, err
	}
	out := ReferenceRent{Of: of, Rule: rule, Comparables: []Comparable{}}
	f := flatAt(of.Lon, of.Lat)
	all, sum := []Comparable{}, 0.0
	for _, x := range list {
		at := f.on([2]float64{x.Lon, x.Lat})
		c := Comparable{Space: x, Metres: rounded(math.Hypot(at.X, at.Y), 0)}
		since, err := time.Parse(time.DateOnly, x.Since)
		if err != nil || c.Metres > rule.Reach {
			continue
		}
		c.Months = rounded(now.Sub(since).Hours()/24/30.4375, 1)
		c.Adjusted = int64(math.Round(float64(x.Rent) * (1 + rule.Floors*float64(of.Floor-x.Floor)/5)))
		c.Weight = math.Exp(-c.Metres/rule.Distance) * math.Exp(-max(0, c.Months)/rule.Age) * math.Exp(-math.Abs(x.Area-of.Area)/of.Area)
		sum += c.Weight
		all = append(all, c)
	}
	out.N = len(all)
	if out.Refused = len(all) < leastComparables || sum <= 0; out.Refused {
		out.Comparables = all
		return out, nil
	}
	slices.SortStableFunc(all, func(a, b Comparable) int { return cmp.Compare(a.Adjusted, b.Adjusted) })
	part := func(q float64) int64 { // the rent below which this share of the weights lies
		at := 0.0
		for _, c := range all {
			if at += c.Weight; at >= q*sum-1e-12 {
				return c.Adjusted
			}
		}
		return all[len(all)-1].Adjusted
	}
	out.Low, out.Rent, out.High = part(0.25), part(0.5), part(0.75)
	slices.SortStableFunc(all, func(a, b Comparable) int { return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Code, b.Code)) })
	for _, c := range all[:min(len(all), 30)] {
		c.Weight = rounded(c.Weight/sum, 4)
		out.Comparables = append(out.Comparables, c)
	}
	return out, nil
}

// SpaceDemand is what somebody needs (空间需求).
type SpaceDemand struct {
	SpaceFilter
	Near   *[2]float64 `json:"near,omitempty" doc:"WGS-84: the nearer the better"`
	Within float64     `json:"within,omitempty" minimum:"0" maximum:"20000" doc:"Metres from there at most"`
}

// SpaceMatch is a unit that meets a demand, with why it stands where it does.
type SpaceMatch struct {
	Space
	Score   float64       `json:"score" doc:"From 0 to 1: the mean of its parts"`
	Reasons []SpaceReason `json:"reasons"`
}

// SpaceReason is a part of a score.
type SpaceReason struct {
	Code  string  `json:"code" enum:"area,rent,distance,free"`
	Value float64 `json:"value" doc:"m², fen, metres, days from today"`
	Score float64 `json:"score"`
}

// MatchSpace ranks what meets a demand: what it asks for must hold, and what comes nearest to it comes
// first. It is the seam at which demands of enterprises (空间需求) are joined.
func (s *Service) MatchSpace(ctx context.Context, d SpaceDemand, limit int) ([]SpaceMatch, error) {
	if d.State == "" && d.FreeBy == "" {
		d.FreeBy = s.Store.Now().In(s.zone()).AddDate(0, 6, 0).Format(time.DateOnly)
	}
	cond, args, err := d.sql()
	if err != nil {
		return nil, err
	}
	var f flat
	if d.Near != nil {
		if err := (Box{d.Near[0], d.Near[1], d.Near[0], d.Near[1]}).Valid(); err != nil {
			return nil, err
		}
		f = flatAt(d.Near[0], d.Near[1])
		if d.Within > 0 {
			b := about(d.Near[0], d.Near[1], d.Within)
			cond, args = cond+` AND p.lon >= ? AND p.lon <= ? AND p.lat >= ? AND p.lat <= ?`, append(args, b.West, b.East, b.South, b.North)
		}
	}
	list, err := store.Select[Space](ctx, s.Store, `SELECT `+spaceColumns+` FROM cim_space p JOIN cim_thing t ON t.id = p.building WHERE `+cond+` ORDER BY p.code LIMIT 50000`, args...)
	if err != nil {
		return nil, err
	}
	now := s.Store.Now().In(s.zone())
	today := now.Format(time.DateOnly)
	out := []SpaceMatch{}
	for _, x := range list {
		x.settle(today)
		m := SpaceMatch{Space: x, Reasons: []SpaceReason{}}
		why := func(code string, value, score float64) {
			m.Reasons = append(m.Reasons, SpaceReason{code, rounded(value, 1), rounded(min(max(score, 0), 1), 3)})
		}
		if want := cmp.Or(d.AreaFrom, d.AreaTo); want > 0 {
			why("area", x.Area, math.Exp(-math.Abs(x.Area-want)/want))
		}
		if d.RentTo > 0 {
			why("rent", float64(x.Rent), 1-float64(x.Rent)/float64(2*d.RentTo))
		}
		if d.Near != nil {
			at := f.on([2]float64{x.Lon, x.Lat})
			metres := math.Hypot(at.X, at.Y)
			if d.Within > 0 && metres > d.Within {
				continue
			}
			why("distance", metres, math.Exp(-metres/2000))
		}
		if free, err := time.Parse(time.DateOnly, x.Free); err == nil {
			days := max(0, free.Sub(now).Hours()/24)
			why("free", days, math.Exp(-days/90))
		}
		for _, r := range m.Reasons {
			m.Score += r.Score / float64(len(m.Reasons))
		}
		m.Score = rounded(m.Score, 4)
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b SpaceMatch) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Code, b.Code)) })
	return out[:min(len(out), limit)], nil
}

// SpacePage is a unit of space with what it would be let for.
type SpacePage struct {
	Space
	Place     store.ID      `json:"place" doc:"Of the unit in the register"`
	Reference ReferenceRent `json:"reference"`
}

// SpaceOf is a unit's page.
func (s *Service) SpaceOf(ctx context.Context, code string) (SpacePage, error) {
	r, err := s.ReferenceRentOf(ctx, code)
	if err != nil {
		return SpacePage{}, err
	}
	id, err := store.Get[store.ID](ctx, s.Store, `SELECT coalesce(max(object), 0) FROM place_code WHERE scheme = 'house' AND value = ? AND until = ''`, code)
	return SpacePage{r.Of, id, r}, err
}

// mountSpace adds the API of space.
func (s *Service) mountSpace(srv *httpapi.Server) {
	who := httpapi.Roles(keeperRole, readerRole, "leader")
	httpapi.Register(srv, httpapi.Operation{ID: "list-spaces", Method: http.MethodGet, Path: "/api/cim/spaces", Tag: cityTag, Access: who,
		Summary: "Industrial space (产业空间) unit by unit: use, area, load, height, rent, who has it and until when"}, func(ctx context.Context, in *struct {
		SpaceFilter
		After string `query:"after" maxLength:"40"`
		Limit int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
	}) (*httpapi.Body[httpapi.Page[Space]], error) {
		list, err := s.Spaces(ctx, in.SpaceFilter, in.After, in.Limit)
		page := httpapi.Page[Space]{Items: list}
		if len(list) == in.Limit {
			page.Next = list[len(list)-1].Code
		}
		return httpapi.Answer(page, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "count-spaces", Method: http.MethodGet, Path: "/api/cim/space-stock", Tag: cityTag, Access: who,
		Summary: "The stock of space by use: units, m², vacant, free soon, rents; counted from the rows"}, func(ctx context.Context, in *SpaceFilter) (*httpapi.Body[[]SpaceStock], error) {
		return httpapi.Answer(s.SpaceStocks(ctx, *in))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-space-buildings", Method: http.MethodGet, Path: "/api/cim/space-buildings", Tag: cityTag, Access: who,
		Summary: "Buildings with space in them"}, func(ctx context.Context, in *struct {
		SpaceFilter
		After string `query:"after" maxLength:"40"`
		Limit int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
	}) (*httpapi.Body[httpapi.Page[SpaceBuilding]], error) {
		list, err := s.SpaceBuildings(ctx, in.SpaceFilter, in.After, in.Limit)
		page := httpapi.Page[SpaceBuilding]{Items: list}
		if len(list) == in.Limit {
			page.Next = list[len(list)-1].Code
		}
		return httpapi.Answer(page, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-space", Method: http.MethodGet, Path: "/api/cim/spaces/{code}", Tag: cityTag, Access: who,
		Summary: "One unit of space, with its reference rent and the leases by which it is judged"}, func(ctx context.Context, in *struct {
		Code string `path:"code" maxLength:"40"`
	}) (*httpapi.Body[SpacePage], error) {
		return httpapi.Answer(s.SpaceOf(ctx, in.Code))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "match-space", Method: http.MethodPost, Path: "/api/cim/space-matches", Tag: cityTag, Access: who,
		Summary: "What meets a demand, the best first, with its reasons"}, func(ctx context.Context, in *struct {
		Body struct {
			SpaceDemand
			Limit int `json:"limit,omitempty" minimum:"0" maximum:"200"`
		}
	}) (*httpapi.Body[[]SpaceMatch], error) {
		return httpapi.Answer(s.MatchSpace(ctx, in.Body.SpaceDemand, cmp.Or(in.Body.Limit, 30)))
	})
}
