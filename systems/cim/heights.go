package cim

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"slices"

	"shanzhi/core/store"
)

// Heights are those of the ground: rows from the south, each from west to east, decimetres
// above the layer's zero.
type Heights struct {
	West, South   float64
	Step          float64 // degrees
	Columns, Rows int
	Z             []int16

	// Finer are grids that files gave, the finest first: where one knows the ground it is asked.
	Finer []*Heights
}

// At is the height of the ground at a place, in metres; outside that of its nearest edge.
func (h *Heights) At(lon, lat float64) float64 {
	for _, f := range h.Finer {
		if z, ok := f.known(lon, lat); ok {
			return z
		}
	}
	return h.between(lon, lat)
}

// between is the height between four of its own places.
func (h *Heights) between(lon, lat float64) float64 {
	x := min(max((lon-h.West)/h.Step, 0), float64(h.Columns-1))
	y := min(max((lat-h.South)/h.Step, 0), float64(h.Rows-1))
	i, j := min(int(x), h.Columns-2), min(int(y), h.Rows-2)
	fx, fy := x-float64(i), y-float64(j)
	at := func(i, j int) float64 {
		if z := h.Z[j*h.Columns+i]; z != unknownHeight {
			return float64(z) / 10
		}
		return 0
	}
	return (at(i, j)*(1-fx)+at(i+1, j)*fx)*(1-fy) + (at(i, j+1)*(1-fx)+at(i+1, j+1)*fx)*fy
}

// Box is where the heights are known.
func (h *Heights) Box() Box {
	return Box{h.West, h.South, h.West + float64(h.Columns-1)*h.Step, h.South + float64(h.Rows-1)*h.Step}
}

func (h *Heights) check() error {
	if h.Columns < 2 || h.Rows < 2 || h.Columns > 20_000 || h.Rows > 20_000 || len(h.Z) != h.Columns*h.Rows || !(h.Step > 0) || h.Box().Valid() != nil {
		return errors.New("cim: these heights are no grid")
	}
	return nil
}

// pack is their bytes: what changes little from west to east is told by its differences.
func (h *Heights) pack() ([]byte, error) {
	raw := make([]byte, 0, 2*len(h.Z))
	last := int16(0)
	for _, z := range h.Z {
		raw = binary.LittleEndian.AppendUint16(raw, uint16(z-last))
		last = z
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

func (h *Heights) unpack(packed []byte) error {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	n := h.Columns * h.Rows
	raw, err := io.ReadAll(io.LimitReader(r, int64(2*n)+1))
	if err != nil {
		return err
	}
	if len(raw) != 2*n {
		return errors.New("cim: the heights in the records are cut off")
	}
	h.Z = make([]int16, n)
	last := int16(0)
	for i := range h.Z {
		last += int16(binary.LittleEndian.Uint16(raw[2*i:]))
		h.Z[i] = last
	}
	return h.check()
}

// HeightsOf are those of the ground; store.ErrNotFound where none are known. The grid that reaches farthest
// is the one that others lie in.
func (s *Service) HeightsOf(ctx context.Context, q store.Querier) (*Heights, error) {
	rows, err := store.Select[struct {
		West, South, Step float64
		Columns, Rows     int
		Heights           []byte
	}](ctx, q, `SELECT west, south, step, columns, rows, heights FROM cim_grid ORDER BY CASE WHEN layer = ? THEN 0 ELSE 1 END, columns * step * rows * step DESC`, string(Terrain))
	if err != nil {
		return nil, err
	}
	var out *Heights
	for _, row := range rows {
		h := &Heights{West: row.West, South: row.South, Step: row.Step, Columns: row.Columns, Rows: row.Rows}
		if err := h.unpack(row.Heights); err != nil {
			return nil, err
		}
		if out == nil {
			out = h
		} else {
			out.Finer = append(out.Finer, h)
		}
	}
	if out == nil {
		return nil, store.ErrNotFound
	}
	slices.SortStableFunc(out.Finer, func(a, b *Heights) int { return cmpFloat(a.Step, b.Step) })
	return out, nil
}

func putHeights(ctx context.Context, tx *store.Tx, h *Heights, packed []byte, source string, at store.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO cim_grid (layer, west, south, step, columns, rows, heights, source, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (layer) DO UPDATE SET west = excluded.west, south = excluded.south, step = excluded.step, columns = excluded.columns, rows = excluded.rows, heights = excluded.heights, source = excluded.source, at = excluded.at`,
		string(Terrain), h.West, h.South, h.Step, h.Columns, h.Rows, packed, source, at)
	return err
}

// sampled are the heights that a function gives over a box.
func sampled(b Box, step float64, at func(lon, lat float64) float64, each func(n int, work func(i int))) *Heights {
	h := &Heights{West: b.West, South: b.South, Step: step, Columns: int((b.East-b.West)/step) + 2, Rows: int((b.North-b.South)/step) + 2}
	h.Z = make([]int16, h.Columns*h.Rows)
	each(h.Rows, func(j int) {
		for i := range h.Columns {
			z := at(h.West+float64(i)*step, h.South+float64(j)*step)
			h.Z[j*h.Columns+i] = int16(math.Round(min(max(z, -3200), 3200) * 10))
		}
	})
	return h
}
