package cim

import (
	"context"
	"math"
	"slices"
	"sync"

	"shanzhi/core/account"
	"shanzhi/core/store"
)

// Cluster is points of a layer that lie close to each other (聚合): how many of which class,
// and where in the middle. One that stands alone is told by its key and code.
type Cluster struct {
	Lon     float64        `json:"lon"`
	Lat     float64        `json:"lat"`
	Height  float64        `json:"height" doc:"Of the highest, metres"`
	Count   int            `json:"count"`
	Classes map[string]int `json:"classes"`
	ID      store.ID       `json:"id,omitempty" doc:"Of one that stands alone"`
	Code    string         `json:"code,omitempty"`
}

// points are those of a layer, kept until it changes: 42,000 cameras are looked through in a
// millisecond.
type points struct {
	seq  int64
	list []pointOf
}

type pointOf struct {
	lon, lat, high float64
	class          int32
	id             store.ID
	code           string
}

type pointCache struct {
	mu      sync.Mutex
	layers  map[Layer]*points
	classes []string
}

func (s *Service) pointsOf(ctx context.Context, l Layer) ([]pointOf, []string, error) {
	seq, err := store.Get[int64](ctx, s.Store, `SELECT coalesce(max(seq), 0) FROM cim_layer WHERE code = ?`, string(l))
	if err != nil {
		return nil, nil, err
	}
	s.points.mu.Lock()
	defer s.points.mu.Unlock()
	if p := s.points.layers[l]; p != nil && p.seq == seq {
		return p.list, s.points.classes, nil
	}
	rows, err := s.Store.Query(ctx, `SELECT id, code, class, west, south, high FROM cim_thing WHERE layer = ? ORDER BY id`, layerNumbers[l])
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	p := &points{seq: seq}
	for rows.Next() {
		var x pointOf
		var class string
		if err := rows.Scan(&x.id, &x.code, &class, &x.lon, &x.lat, &x.high); err != nil {
			return nil, nil, err
		}
		k := slices.Index(s.points.classes, class)
		if k < 0 {
			k = len(s.points.classes)
			s.points.classes = append(slices.Clip(s.points.classes), class)
		}
		x.class = int32(k)
		p.list = append(p.list, x)
	}
	if s.points.layers == nil {
		s.points.layers = map[Layer]*points{}
	}
	s.points.layers[l] = p
	return p.list, s.points.classes, rows.Err()
}

// mostCells bounds the clusters of an answer, on a side.
const mostCells = 64

// Clusters are the points of a layer in a box, those of one of cells × cells parts of it
// together; class "" is all.
func (s *Service) Clusters(ctx context.Context, who account.Actor, l Layer, b Box, cells int, class string) ([]Cluster, error) {
	if err := b.Valid(); err != nil {
		return nil, err
	}
	if l != Cameras && l != Poles && l != Stations || !sees(who, l) {
		return nil, store.ErrNotFound
	}
	list, classes, err := s.pointsOf(ctx, l)
	if err != nil {
		return nil, err
	}
	cells = min(max(cells, 1), mostCells)
	type sum struct {
		lon, lat, high float64
		n              int
		first          int
		classes        [16]int32
	}
	sums := make([]sum, cells*cells)
	want := int32(slices.Index(classes, class))
	wide, tall := max(b.East-b.West, 1e-9), max(b.North-b.South, 1e-9)
	for i := range list {
		p := &list[i]
		if p.lon < b.West || p.lon > b.East || p.lat < b.South || p.lat > b.North || class != "" && p.class != want {
			continue
		}
		x, y := min(int((p.lon-b.West)/wide*float64(cells)), cells-1), min(int((p.lat-b.South)/tall*float64(cells)), cells-1)
		c := &sums[y*cells+x]
		if c.n == 0 {
			c.first = i
		}
		c.n++
		c.lon, c.lat, c.high = c.lon+p.lon, c.lat+p.lat, max(c.high, p.high)
		c.classes[min(int(p.class), len(c.classes)-1)]++
	}
	out := []Cluster{}
	for i := range sums {
		c := &sums[i]
		if c.n == 0 {
			continue
		}
		x := Cluster{Lon: c.lon / float64(c.n), Lat: c.lat / float64(c.n), Height: math.Round(c.high*100) / 100, Count: c.n, Classes: map[string]int{}}
		for k, n := range c.classes {
			if n > 0 && k < len(classes) {
				x.Classes[classes[k]] = int(n)
			}
		}
		if c.n == 1 {
			p := &list[c.first]
			x.ID, x.Code, x.Lon, x.Lat = p.id, p.code, p.lon, p.lat
		}
		out = append(out, x)
	}
	return out, nil
}
