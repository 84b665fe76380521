package cim

import (
	"context"
	"slices"

	"shanzhi/systems/cim/tiles"
)

// PipeClasses are those whose tubes are drawn, by the letters of CJJ 61; "well" is that of wells.
var PipeClasses = []string{"JS", "YS", "WS", "RQ", "DL", "DX", "RS", "GY", "well"}

// mainPipe is from what diameter a pipe is seen from far away, in metres.
const mainPipe = 0.8

// thinnest is as how thick a pipe is drawn whose diameter is not known, or smaller: metres from its axis.
const thinnest = 0.02

// pipeCells are the cells of pipes and wells as they are tiled: each cell is a thing, which from
// far shows its mains, nearer its roads' pipes, and near all of them with their wells.
type pipeCells struct {
	pipes [][]Pipe
	wells [][]Well
}

// at is where a cell lies: about what it holds.
func (c *pipeCells) at(i int) Box {
	b := Box{180, 90, -180, -90}
	add := func(lon, lat float64) {
		b = Box{min(b.West, lon), min(b.South, lat), max(b.East, lon), max(b.North, lat)}
	}
	for k := range c.pipes[i] {
		p := &c.pipes[i][k]
		add((p.ALon+p.BLon)/2, (p.ALat+p.BLat)/2)
	}
	for k := range c.wells[i] {
		add(c.wells[i][k].Lon, c.wells[i][k].Lat)
	}
	return b
}

func (c *pipeCells) Len() int { return len(c.pipes) }

func (c *pipeCells) tubes(i, sides int, shows func(*Pipe) bool) []tiles.Solid {
	out := []tiles.Solid{}
	for k := range c.pipes[i] {
		if p := &c.pipes[i][k]; shows(p) {
			r := max(p.Diameter/2, thinnest)
			out = append(out, tiles.Solid{Outline: []tiles.Place{{Lon: p.ALon, Lat: p.ALat}, {Lon: p.BLon, Lat: p.BLat}}, From: p.AZ + r, To: p.BZ + r, Radius: r, Sides: sides,
				Feature: tiles.Feature{Code: p.ID.String(), Area: float32(p.Diameter), Use: p.Class}})
		}
	}
	return out
}

func (c *pipeCells) Shell(i int) []tiles.Solid {
	return c.tubes(i, 3, func(p *Pipe) bool { return p.Diameter >= mainPipe })
}

// Deep says that there is more to see near by; so it is in each cell.
func (c *pipeCells) Deep(int) bool { return true }

func (c *pipeCells) Floors(i int) []tiles.Solid {
	return c.tubes(i, 4, func(p *Pipe) bool { return !p.Own })
}

// The radius of a well's shaft, in metres, and of a house's tap.
const (
	wellRadius = 0.35
	tapRadius  = 0.12
)

func (c *pipeCells) Units(i int) []tiles.Solid {
	out := append(c.tubes(i, 6, func(p *Pipe) bool { return !p.Own }), c.tubes(i, 4, func(p *Pipe) bool { return p.Own })...)
	for k := range c.wells[i] {
		w := &c.wells[i][k]
		if !(w.Bottom < w.Ground) {
			continue
		}
		at := tiles.Place{Lon: w.Lon, Lat: w.Lat}
		s := tiles.Solid{Outline: []tiles.Place{at, at}, From: w.Bottom, To: w.Ground, Radius: wellRadius, Sides: 6, Lid: true, Feature: tiles.Feature{Code: w.ID.String(), Area: 2 * wellRadius, Use: "well"}}
		if w.Kind == "tap" || w.Kind == "lift" {
			s.Radius, s.Sides, s.Lid, s.Feature.Area = tapRadius, 3, false, 2*tapRadius
		}
		out = append(out, s)
	}
	return out
}

// Whole implements tiles.Wide.
func (c *pipeCells) Whole(i int) []tiles.Solid { return c.Units(i) }

// readPipeCells reads all pipes and wells, which lie by cells already.
func (s *Service) readPipeCells(ctx context.Context) (*pipeCells, error) {
	c := &pipeCells{}
	at := map[int64]int{}
	cell := func(n int64) int {
		i, ok := at[n]
		if !ok {
			i = len(c.pipes)
			at[n] = i
			c.pipes, c.wells = append(c.pipes, nil), append(c.wells, nil)
		}
		return i
	}
	rows, err := s.Store.Query(ctx, `SELECT cell, `+pipeColumns+` FROM cim_pipe ORDER BY cell, id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		var p Pipe
		if err := rows.Scan(&n, &p.ID, &p.Class, &p.A, &p.B, &p.ALon, &p.ALat, &p.BLon, &p.BLat, &p.AZ, &p.BZ, &p.Diameter, &p.Material, &p.Year, &p.Own); err != nil {
			return nil, err
		}
		if n == longCell { // drawn with what lies at its middle
			n = cellOf((p.ALon+p.BLon)/2, (p.ALat+p.BLat)/2)
		}
		i := cell(n)
		c.pipes[i] = append(c.pipes[i], p)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	wells, err := s.Store.Query(ctx, `SELECT cell, `+wellColumns+` FROM cim_well ORDER BY cell, id`)
	if err != nil {
		return nil, err
	}
	defer wells.Close()
	for wells.Next() {
		var n int64
		var w Well
		if err := wells.Scan(&n, &w.ID, &w.Class, &w.Kind, &w.Lon, &w.Lat, &w.Ground, &w.Bottom); err != nil {
			return nil, err
		}
		i := cell(n)
		c.wells[i] = append(c.wells[i], w)
	}
	return c, wells.Err()
}

func (s *Service) buildPipes(ctx context.Context, put func(tiles.File) error) (int64, error) {
	c, err := s.readPipeCells(ctx)
	if err != nil || c.Len() == 0 {
		return 0, err
	}
	n := int64(0)
	classes := slices.Clone(PipeClasses)
	for i := range c.pipes {
		n += int64(len(c.pipes[i]) + len(c.wells[i]))
		for k := range c.pipes[i] {
			if !slices.Contains(classes, c.pipes[i][k].Class) {
				classes = append(classes, c.pipes[i][k].Class)
			}
		}
	}
	t := newPlaceTilers(c, c.at, classes)
	for _, p := range t.places {
		p.Number, p.NumberIs = "diameter", "Metres"
	}
	return n, t.Write(stopping(ctx, put))
}
