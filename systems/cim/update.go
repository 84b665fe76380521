package cim

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// UpdateRule is how a layer is kept true for long (长效更新): where it comes from, what brings a
// change, and how old it may be. The district's pack says it.
type UpdateRule struct {
	Layer   Layer             `yaml:"layer" json:"layer"`
	Owner   string            `yaml:"owner" json:"owner" doc:"Unit that keeps it"`
	Source  map[string]string `yaml:"source" json:"source"`
	Trigger map[string]string `yaml:"trigger" json:"trigger" doc:"What brings a change"`
	Days    int               `yaml:"days" json:"days" doc:"How old it may be"`
}

// UpdateState is how a layer stands: each number is reckoned of its rows.
type UpdateState struct {
	UpdateRule
	Epoch     string   `json:"epoch" doc:"The day that it shows"`
	Age       int      `json:"age" doc:"Days since"`
	Overdue   int      `json:"overdue" doc:"Days beyond what it may be; 0 it is not"`
	Synthetic bool     `json:"synthetic"`
	Things    int64    `json:"things"`
	Covered   float64  `json:"covered" doc:"km² of the communities that it has something of"`
	Missing   []string `json:"missing" doc:"Communities that it has nothing of, at most 30"`
	Lacking   int      `json:"lacking" doc:"How many these are in all"`
	Floors    float64  `json:"floors,omitempty" doc:"m²: floor area of buildings, ground of parcels"`
	Length    float64  `json:"length,omitempty" doc:"km: roads, pipes"`
	Changes   int      `json:"changes" doc:"In the change log in the last 90 days"`
}

// UpdateBoard is the age and coverage of all layers (现势性与覆盖).
type UpdateBoard struct {
	Day    string        `json:"day"`
	Area   float64       `json:"area" doc:"km² of all communities"`
	Layers []UpdateState `json:"layers"`
}

type coverage struct {
	covered, floors, length float64
	missing                 []string
}

type coverageCache struct {
	mu     sync.Mutex
	stamp  string
	area   float64
	layers map[Layer]coverage
}

// communityOf finds in which community a place lies, by cells of its box.
type communities struct {
	list  []Thing
	area  []float64 // km²
	cells map[[2]int][]int
}

const communityCell = 0.01 // degrees

func readCommunities(list []Thing) *communities {
	c := &communities{cells: map[[2]int][]int{}}
	for _, t := range list {
		if t.Class != "community" {
			continue
		}
		k := len(c.list)
		c.list = append(c.list, t)
		b := t.Shape.Bound()
		f := flatAt(b.Center()[0], b.Center()[1])
		size := 0.0
		polygons := orb.MultiPolygon{}
		switch g := t.Shape.(type) {
		case orb.Polygon:
			polygons = append(polygons, g)
		case orb.MultiPolygon:
			polygons = g
		}
		for _, p := range polygons {
			for i, ring := range p {
				points := make([][2]float64, len(ring))
				for j := range ring {
					points[j] = ring[j]
				}
				a := spotsArea(f.ring(points))
				if i > 0 {
					a = -a
				}
				size += a
			}
		}
		c.area = append(c.area, size/1e6)
		for x := int(math.Floor(b.Min[0] / communityCell)); x <= int(math.Floor(b.Max[0]/communityCell)); x++ {
			for y := int(math.Floor(b.Min[1] / communityCell)); y <= int(math.Floor(b.Max[1]/communityCell)); y++ {
				c.cells[[2]int{x, y}] = append(c.cells[[2]int{x, y}], k)
			}
		}
	}
	return c
}

func (c *communities) at(lon, lat float64) int {
	for _, k := range c.cells[[2]int{int(math.Floor(lon / communityCell)), int(math.Floor(lat / communityCell))}] {
		if holds(c.list[k].Shape, orb.Point{lon, lat}) {
			return k
		}
	}
	return -1
}

// coverages reckons what each layer has, of its rows; kept until a layer changes.
func (s *Service) coverages(ctx context.Context) (area float64, out map[Layer]coverage, err error) {
	all := []Layer{Buildings, Roads, Parcels, Cameras, Poles, Stations, Water, Areas, Pipes, Terrain}
	stamp, err := layerStamp(ctx, s.Store, all...)
	if err != nil {
		return 0, nil, err
	}
	k := &s.covering
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.layers != nil && k.stamp == stamp {
		return k.area, k.layers, nil
	}
	areas, err := thingsBy(ctx, s.Store, `t.layer = ? ORDER BY t.id`, layerNumbers[Areas])
	if err != nil {
		return 0, nil, err
	}
	c := readCommunities(areas)
	for _, a := range c.area {
		area += a
	}
	has := map[Layer][]bool{}
	sums := map[Layer]coverage{}
	mark := func(l Layer, lon, lat float64) {
		if has[l] == nil {
			has[l] = make([]bool, len(c.list))
		}
		if i := c.at(lon, lat); i >= 0 {
			has[l][i] = true
		}
	}
	rows, err := s.Store.Query(ctx, `SELECT layer, west, south, east, north, detail, CASE WHEN layer = ? THEN shape END FROM cim_thing ORDER BY id`, layerNumbers[Roads])
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n int
		var b Box
		var detail, shape []byte
		if err := rows.Scan(&n, &b.West, &b.South, &b.East, &b.North, &detail, &shape); err != nil {
			return 0, nil, err
		}
		l := layerNames[n]
		mark(l, (b.West+b.East)/2, (b.South+b.North)/2)
		sum := sums[l]
		switch l {
		case Buildings, Parcels:
			var d struct{ Area float64 }
			_ = json.Unmarshal(detail, &d)
			sum.floors += d.Area
		case Roads:
			g, err := unpackShape(shape)
			if err != nil {
				return 0, nil, err
			}
			if line, ok := g.(orb.LineString); ok {
				f := flatAt(line[0][0], line[0][1])
				for i := range line[1:] {
					p, q := f.on(line[i]), f.on(line[i+1])
					sum.length += math.Hypot(p.X-q.X, p.Y-q.Y) / 1000
				}
			}
		}
		sums[l] = sum
	}
	if err := rows.Err(); err != nil {
		return 0, nil, err
	}
	lines, err := s.Store.Query(ctx, `SELECT a_lon, a_lat, b_lon, b_lat FROM cim_pipe`)
	if err != nil {
		return 0, nil, err
	}
	defer lines.Close()
	pipes := coverage{}
	for lines.Next() {
		var a, b orb.Point
		if err := lines.Scan(&a[0], &a[1], &b[0], &b[1]); err != nil {
			return 0, nil, err
		}
		mark(Pipes, (a[0]+b[0])/2, (a[1]+b[1])/2)
		at := flatAt(a[0], a[1]).on(b)
		pipes.length += math.Hypot(at.X, at.Y) / 1000
	}
	if err := lines.Err(); err != nil {
		return 0, nil, err
	}
	sums[Pipes] = pipes
	if h, err := s.HeightsOf(ctx, s.Store); err == nil {
		box := h.Box()
		for i := range c.list {
			if b := c.list[i].Box(); b.West >= box.West && b.East <= box.East && b.South >= box.South && b.North <= box.North {
				p := b
				mark(Terrain, (p.West+p.East)/2, (p.South+p.North)/2)
				has[Terrain][i] = true
			}
		}
	}
	for _, l := range all {
		sum := sums[l]
		sum.floors, sum.length = rounded(sum.floors, 0), rounded(sum.length, 2)
		for i := range c.list {
			if l == Areas || has[l] != nil && has[l][i] {
				sum.covered += c.area[i]
			} else {
				sum.missing = append(sum.missing, c.list[i].Name)
			}
		}
		sum.covered = rounded(sum.covered, 2)
		sums[l] = sum
	}
	k.stamp, k.area, k.layers = stamp, rounded(area, 2), sums
	return k.area, k.layers, nil
}

// UpdateBoardOf is how old and how whole the layers are that somebody may see.
func (s *Service) UpdateBoardOf(ctx context.Context, who account.Actor) (UpdateBoard, error) {
	layers, err := s.Layers(ctx, who)
	if err != nil {
		return UpdateBoard{}, err
	}
	area, sums, err := s.coverages(ctx)
	if err != nil {
		return UpdateBoard{}, err
	}
	now := s.Store.Now().In(s.zone())
	out := UpdateBoard{Day: now.Format(time.DateOnly), Area: area, Layers: []UpdateState{}}
	rules := s.analysisBook().Update
	for _, l := range layers {
		st := UpdateState{UpdateRule: UpdateRule{Layer: l.Code}, Epoch: l.Epoch, Synthetic: l.Synthetic, Things: l.Things, Missing: []string{}}
		if i := slices.IndexFunc(rules, func(r UpdateRule) bool { return r.Layer == l.Code }); i >= 0 {
			st.UpdateRule = rules[i]
		}
		if day, err := time.Parse(time.DateOnly, l.Epoch); err == nil {
			st.Age = max(0, int(now.Sub(day).Hours()/24))
		}
		if st.Days > 0 {
			st.Overdue = max(0, st.Age-st.Days)
		}
		sum := sums[l.Code]
		st.Covered, st.Floors, st.Length, st.Lacking = sum.covered, sum.floors, sum.length, len(sum.missing)
		st.Missing = append(st.Missing, sum.missing[:min(30, len(sum.missing))]...)
		since := store.At(now.AddDate(0, 0, -90))
		if l.Code == Buildings {
			if st.Changes, err = store.Get[int](ctx, s.Store, `SELECT count(*) FROM cim_thing_event WHERE at >= ?`, since); err != nil {
				return UpdateBoard{}, err
			}
		}
		out.Layers = append(out.Layers, st)
	}
	return out, nil
}

// CityChange is a line of the change log: what of which object, when, by whom and why, as the
// change log of 3DCityDB has it.
type CityChange struct {
	Object store.ID   `bun:"object" json:"object"`
	Layer  string     `bun:"layer" json:"layer"`
	Code   string     `bun:"code" json:"code"`
	Kind   string     `bun:"kind" json:"kind" enum:"insert,update,terminate"`
	By     string     `bun:"by" json:"by"`
	Reason string     `bun:"reason" json:"reason"`
	At     store.Time `bun:"at" json:"at"`
}

// CityChanges is the change log from a moment back, the newest first: bodies that were edited by hand,
// what check-ins brought and took the place of, and what was retired from the register.
func (s *Service) CityChanges(ctx context.Context, before store.Time, limit int) ([]CityChange, error) {
	if before.IsZero() {
		before = store.At(s.Store.Now().AddDate(1, 0, 0))
	}
	return store.Select[CityChange](ctx, s.Store, `SELECT x.object, x.layer, x.code, x.kind, coalesce(w.name, '') AS by, x.reason, x.at FROM (
		SELECT e.thing AS object, 'building' AS layer, t.code, 'update' AS kind, e.actor, e.reason, e.at FROM cim_thing_event e JOIN cim_thing t ON t.id = e.thing WHERE e.at < ?
		UNION ALL SELECT c.object, c.layer, c.ext AS code, c.kind, c.actor, c.reason, c.at FROM cim_city_change c WHERE c.at < ?
	) x LEFT JOIN account w ON w.id = x.actor ORDER BY x.at DESC, x.object DESC LIMIT ?`, before, before, limit)
}

// mountUpdate adds the board of long-term update and the change log.
func (s *Service) mountUpdate(srv *httpapi.Server) {
	who := httpapi.Roles(keeperRole, readerRole, "leader")
	httpapi.Register(srv, httpapi.Operation{ID: "get-update-board", Method: http.MethodGet, Path: "/api/cim/update", Tag: cityTag, Access: who,
		Summary: "Age and coverage of the layers (长效更新): km², m² and km are reckoned of the rows"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[UpdateBoard], error) {
		return httpapi.Answer(s.UpdateBoardOf(ctx, httpapi.Actor(ctx)))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-city-changes", Method: http.MethodGet, Path: "/api/cim/changes", Tag: cityTag, Access: matched,
		Summary: "The change log of the city model, the newest first"}, func(ctx context.Context, in *struct {
		Before time.Time `query:"before" doc:"Give the time of the last to get what is older"`
		Limit  int       `query:"limit" minimum:"1" maximum:"500" default:"100"`
	}) (*httpapi.Body[[]CityChange], error) {
		before := store.Time{}
		if !in.Before.IsZero() {
			before = store.At(in.Before)
		}
		list, err := s.CityChanges(ctx, before, in.Limit)
		return httpapi.Answer(append([]CityChange{}, list...), err)
	})
}
