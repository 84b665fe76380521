package cim

import (
	"context"
	"math"

	"shanzhi/core/store"
)

// Well is a point of a net of pipes (管点).
type Well struct {
	ID     store.ID `bun:"id" json:"id"`
	Class  string   `bun:"class" json:"class" doc:"JS 给水, YS 雨水, WS 污水 (CJJ 61)"`
	Kind   string   `bun:"kind" json:"kind"`
	Lon    float64  `bun:"lon" json:"lon"`
	Lat    float64  `bun:"lat" json:"lat"`
	Ground float64  `bun:"ground" json:"ground" doc:"Height of the ground, metres"`
	Bottom float64  `bun:"bottom" json:"bottom" doc:"Height of its bottom"`
}

// Pipe is a stretch between two wells (管段); a drain flows from A to B.
type Pipe struct {
	ID       store.ID `bun:"id" json:"id"`
	Class    string   `bun:"class" json:"class"`
	A        store.ID `bun:"a" json:"a"`
	B        store.ID `bun:"b" json:"b"`
	ALon     float64  `bun:"a_lon" json:"a_lon"`
	ALat     float64  `bun:"a_lat" json:"a_lat"`
	BLon     float64  `bun:"b_lon" json:"b_lon"`
	BLat     float64  `bun:"b_lat" json:"b_lat"`
	AZ       float64  `bun:"a_z" json:"a_z" doc:"Height of its lowest inner point (管底) at A, metres"`
	BZ       float64  `bun:"b_z" json:"b_z"`
	Diameter float64  `bun:"diameter" json:"diameter" doc:"Metres"`
	Material string   `bun:"material" json:"material"`
	Year     int      `bun:"year" json:"year"`
	Own      bool     `bun:"own" json:"own" doc:"A house's own"`
}

// The cells by which pipes and wells lie: a number of their row and column. What is longer than
// half a cell lies in a cell of its own, which every box looks into.
const (
	cellStep = 0.002 // degrees
	cellBits = 18
	longCell = -1
	longPipe = 0.0009 // degrees from its middle to an end
)

func cellOf(lon, lat float64) int64 {
	return int64((lat+90)/cellStep)<<cellBits | int64((lon+180)/cellStep)
}

func pipeCell(aLon, aLat, bLon, bLat float64) int64 {
	if max(math.Abs(aLon-bLon), math.Abs(aLat-bLat))/2 > longPipe {
		return longCell
	}
	return cellOf((aLon+bLon)/2, (aLat+bLat)/2)
}

// cellRows are the cells of a box, row by row: the first and the last.
func cellRows(b Box) (out [][2]int64) {
	for y := int64((b.South + 90) / cellStep); y <= int64((b.North+90)/cellStep); y++ {
		out = append(out, [2]int64{y<<cellBits | int64((b.West+180)/cellStep), y<<cellBits | int64((b.East+180)/cellStep)})
	}
	return out
}

const (
	wellColumns = `id, class, kind, lon, lat, ground, bottom`
	pipeColumns = `id, class, a, b, a_lon, a_lat, b_lon, b_lat, a_z, b_z, diameter, material, year, own`
)

// WellsIn are the wells in a box, at most so many; class "" is all.
func (s *Service) WellsIn(ctx context.Context, q store.Querier, b Box, class string, limit int) ([]Well, error) {
	if err := b.Valid(); err != nil {
		return nil, err
	}
	out := []Well{}
	for _, r := range cellRows(b) {
		list, err := store.Select[Well](ctx, q, `SELECT `+wellColumns+` FROM cim_well WHERE cell >= ? AND cell <= ? AND lon >= ? AND lon <= ? AND lat >= ? AND lat <= ? AND (? = '' OR class = ?) LIMIT ?`,
			r[0], r[1], b.West, b.East, b.South, b.North, class, class, limit-len(out))
		if err != nil {
			return nil, err
		}
		if out = append(out, list...); len(out) >= limit {
			break
		}
	}
	return out, nil
}

// PipesIn are the pipes whose box meets a box, at most so many; class "" is all.
func (s *Service) PipesIn(ctx context.Context, q store.Querier, b Box, class string, limit int) ([]Pipe, error) {
	if err := b.Valid(); err != nil {
		return nil, err
	}
	wide := Box{b.West - longPipe, b.South - longPipe, b.East + longPipe, b.North + longPipe}
	out := []Pipe{}
	for _, r := range append(cellRows(wide), [2]int64{longCell, longCell}) {
		list, err := store.Select[Pipe](ctx, q, `SELECT `+pipeColumns+` FROM cim_pipe WHERE cell >= ? AND cell <= ? AND NOT (a_lon < ? AND b_lon < ?) AND NOT (a_lon > ? AND b_lon > ?) AND NOT (a_lat < ? AND b_lat < ?) AND NOT (a_lat > ? AND b_lat > ?) AND (? = '' OR class = ?) LIMIT ?`,
			r[0], r[1], b.West, b.West, b.East, b.East, b.South, b.South, b.North, b.North, class, class, limit-len(out))
		if err != nil {
			return nil, err
		}
		if out = append(out, list...); len(out) >= limit {
			break
		}
	}
	return out, nil
}

const (
	insertWell = `INSERT INTO cim_well (cell, ` + wellColumns + `) VALUES `
	insertPipe = `INSERT INTO cim_pipe (cell, ` + pipeColumns + `) VALUES `
)

func (w *Well) row() []any {
	return []any{cellOf(w.Lon, w.Lat), int64(w.ID), w.Class, w.Kind, w.Lon, w.Lat, w.Ground, w.Bottom}
}

func (p *Pipe) row() []any {
	return []any{pipeCell(p.ALon, p.ALat, p.BLon, p.BLat), int64(p.ID), p.Class, int64(p.A), int64(p.B), p.ALon, p.ALat, p.BLon, p.BLat, p.AZ, p.BZ, p.Diameter, p.Material, int64(p.Year), p.Own}
}
