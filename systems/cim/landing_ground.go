package cim

import (
	"context"
	"math"

	"shanzhi/core/parallel"
	"shanzhi/core/store"
	"shanzhi/systems/cim/ingest"
)

// unknownHeight is a height that a grid does not know.
const unknownHeight = math.MinInt16

// mostGrid is how many columns and rows of a grid that was handed in are kept: it is thinned beyond.
const mostGrid = 4000

// sampledGrid is a grid of a file over degrees, by its nearest cells.
func sampledGrid(m *ingest.Model, g *ingest.Grid) *Heights {
	w, n, e, s := g.West, g.North, g.West+g.DX*float64(g.Columns), g.North-g.DY*float64(g.Rows)
	b := Box{180, 90, -180, -90}
	for i := range 33 { // the edges of a projection bend
		t := float64(i) / 32
		for _, p := range [][2]float64{{w + t*(e-w), n}, {w + t*(e-w), s}, {w, s + t*(n-s)}, {e, s + t*(n-s)}} {
			lon, lat, _ := m.Frame.ToWGS84(p[0], p[1], 0)
			b = Box{min(b.West, lon), min(b.South, lat), max(b.East, lon), max(b.North, lat)}
		}
	}
	if b.Valid() != nil || b.East <= b.West || b.North <= b.South {
		return nil
	}
	step := max((b.East-b.West)/float64(min(g.Columns, mostGrid)), (b.North-b.South)/float64(min(g.Rows, mostGrid)))
	h := &Heights{West: b.West, South: b.South, Step: step, Columns: max(2, int(math.Ceil((b.East-b.West)/step))+1), Rows: max(2, int(math.Ceil((b.North-b.South)/step))+1)}
	h.Z = make([]int16, h.Columns*h.Rows)
	parallel.Each(h.Rows, 8, func(j int) {
		for i := range h.Columns {
			x, y, _ := m.Frame.FromWGS84(h.West+float64(i)*step, h.South+float64(j)*step, 0)
			column, row := int(math.Floor((x-w)/g.DX)), int(math.Floor((n-y)/g.DY))
			h.Z[j*h.Columns+i] = unknownHeight
			if column < 0 || row < 0 || column >= g.Columns || row >= g.Rows {
				continue
			}
			if z := float64(g.Z[row*g.Columns+column]); !math.IsNaN(z) {
				h.Z[j*h.Columns+i] = int16(math.Round(min(max(z+m.Heights.Add, -3200), 3200) * 10))
			}
		}
	})
	return h
}

// stageGrid keeps the heights of a grid until it is published.
func (s *Service) stageGrid(ctx context.Context, c CheckIn, ext string, h *Heights) error {
	packed, err := h.pack()
	if err != nil {
		return err
	}
	return s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO cim_staged_grid (checkin, ext, west, south, step, columns, rows, heights) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT (checkin, ext) DO UPDATE SET west = excluded.west, south = excluded.south, step = excluded.step, columns = excluded.columns, rows = excluded.rows, heights = excluded.heights`,
			c.ID, ext, h.West, h.South, h.Step, h.Columns, h.Rows, packed)
		return err
	})
}

// ground lands a grid of heights: where it knows the ground it takes the place of the coarser that lies under it.
func (l *lander) ground(ctx context.Context, tx *store.Tx, o *landing) ([]outcome, error) {
	n, err := tx.Exec(ctx, `INSERT INTO cim_grid (layer, west, south, step, columns, rows, heights, source, at) SELECT CAST(? AS TEXT), west, south, step, columns, rows, heights, CAST(? AS TEXT), CAST(? AS BIGINT) FROM cim_staged_grid WHERE checkin = ? AND ext = ?
 ON CONFLICT (layer) DO UPDATE SET west = excluded.west, south = excluded.south, step = excluded.step, columns = excluded.columns, rows = excluded.rows, heights = excluded.heights, source = excluded.source, at = excluded.at`,
		gridKey(l.c.Layer, o.Ext), o.Source, store.At(l.s.Store.Now()).UnixMicro(), o.Checkin, o.Ext)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return []outcome{{note: "no_shape"}}, nil
	}
	was, err := l.before(ctx, tx, o.Ext)
	id := was[0].thing
	if id == 0 {
		id = tx.NewID()
	}
	return []outcome{{target: Terrain, thing: id}}, err
}

// gridKey names the heights of a file among those of the ground.
func gridKey(layer, ext string) string { return string(Terrain) + "/" + layer + "/" + ext }

// known is the height of a place where a grid knows it.
func (h *Heights) known(lon, lat float64) (float64, bool) {
	if !h.Box().meets(Box{lon, lat, lon, lat}) {
		return 0, false
	}
	x, y := (lon-h.West)/h.Step, (lat-h.South)/h.Step
	i, j := min(int(x), h.Columns-2), min(int(y), h.Rows-2)
	for _, k := range [4]int{j*h.Columns + i, j*h.Columns + i + 1, (j+1)*h.Columns + i, (j+1)*h.Columns + i + 1} {
		if h.Z[k] == unknownHeight {
			return 0, false
		}
	}
	return h.between(lon, lat), true
}
