package cim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"shanzhi/core/store"
)

type thingRow struct {
	ID     store.ID `bun:"id"`
	Layer  int      `bun:"layer"`
	Code   string   `bun:"code"`
	Class  string   `bun:"class"`
	Name   string   `bun:"name"`
	Low    float64  `bun:"low"`
	High   float64  `bun:"high"`
	Shape  []byte   `bun:"shape"`
	Detail string   `bun:"detail"`
	Source string   `bun:"source"`
	Seq    int      `bun:"seq"`
}

const thingColumns = `t.id, t.layer, t.code, t.class, t.name, t.low, t.high, t.shape, t.detail, t.source, t.seq`

var layerNames = func() map[int]Layer {
	out := map[int]Layer{}
	for l, n := range layerNumbers {
		out[n] = l
	}
	return out
}()

func (r thingRow) thing() (Thing, error) {
	t := Thing{ID: r.ID, Layer: layerNames[r.Layer], Code: r.Code, Class: r.Class, Name: r.Name, Low: r.Low, High: r.High, Detail: json.RawMessage(r.Detail), Source: r.Source, Seq: r.Seq}
	var err error
	t.Shape, err = unpackShape(r.Shape)
	return t, err
}

// inBox is the SQL of the things of a layer that meet a box. Each index keeps boxes somewhat
// too large, so the columns say it again.
func inBox(q store.Querier, postgis bool, l Layer, b Box) (from string, args []any) {
	n := layerNumbers[l]
	exact := ` AND t.west <= ? AND t.east >= ? AND t.south <= ? AND t.north >= ?`
	if q.Dialect() == store.SQLite && b.wide() { // most of the layer: it is read in its own order
		return `cim_thing t WHERE t.layer = ?` + exact, []any{n, b.East, b.West, b.North, b.South}
	}
	if q.Dialect() == store.SQLite {
		return `cim_thing_box b CROSS JOIN cim_thing t ON t.id = b.id WHERE b.west <= ? AND b.east >= ? AND b.south <= ? AND b.north >= ? AND b.layer <= ? AND b.above >= ?` + exact,
			[]any{b.East, b.West, b.North, b.South, n, n, b.East, b.West, b.North, b.South}
	}
	if postgis {
		return `cim_thing t WHERE t.layer = ? AND t.geom && ST_MakeEnvelope(?, ?, ?, ?, 4326)` + exact, []any{n, b.West, b.South, b.East, b.North, b.East, b.West, b.North, b.South}
	}
	return `cim_thing t WHERE t.layer = ? AND t.geom && box(point(?, ?), point(?, ?))` + exact, []any{n, b.East, b.North, b.West, b.South, b.East, b.West, b.North, b.South}
}

// SpatialIndex says by what shapes are found on a store: rtree, postgis or box, which is
// PostgreSQL's own where PostGIS is not installed.
func SpatialIndex(ctx context.Context, q store.Querier) (string, error) {
	if q.Dialect() == store.SQLite {
		return "rtree", nil
	}
	kind, err := store.Get[string](ctx, q, `SELECT udt_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = 'cim_thing' AND column_name = 'geom'`)
	if kind == "geometry" {
		kind = "postgis"
	}
	return kind, err
}

func (s *Service) thingsIn(ctx context.Context, q store.Querier, l Layer, b Box, limit int) ([]Thing, error) {
	kind, err := s.spatial(ctx)
	if err != nil {
		return nil, err
	}
	from, args := inBox(q, kind == "postgis", l, b)
	return selectThings(ctx, q, `SELECT `+thingColumns+` FROM `+from+` ORDER BY t.id LIMIT ?`, append(args, limit)...)
}

func thingsBy(ctx context.Context, q store.Querier, cond string, args ...any) ([]Thing, error) {
	return selectThings(ctx, q, `SELECT `+thingColumns+` FROM cim_thing t WHERE `+cond, args...)
}

// selectThings reads rows one by one: thousands are read where a box is wide.
func selectThings(ctx context.Context, q store.Querier, query string, args ...any) ([]Thing, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Thing{}
	for rows.Next() {
		var r thingRow
		if err := rows.Scan(&r.ID, &r.Layer, &r.Code, &r.Class, &r.Name, &r.Low, &r.High, &r.Shape, &r.Detail, &r.Source, &r.Seq); err != nil {
			return nil, err
		}
		t, err := r.thing()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.Code, err)
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

// rowsOf are things as they are stored, with their boxes for SQLite's index.
func rowsOf(list []Thing) (things, boxes [][]any, err error) {
	things, boxes = make([][]any, len(list)), make([][]any, len(list))
	for i := range list {
		t := &list[i]
		if err := t.check(); err != nil {
			return nil, nil, err
		}
		shape, err := packShape(t.Shape)
		if err != nil {
			return nil, nil, err
		}
		detail := string(t.Detail)
		if detail == "" {
			detail = "{}"
		}
		b, n := t.Box(), layerNumbers[t.Layer]
		things[i] = []any{int64(t.ID), int64(n), t.Code, t.Class, t.Name, b.West, b.South, b.East, b.North, t.Low, t.High, shape, detail, t.Source, int64(t.Seq)}
		// The box of a layer has a height, without which the tree could not tell sizes.
		boxes[i] = []any{int64(t.ID), b.West, b.East, b.South, b.North, float64(n), float64(n) + 0.5}
	}
	return things, boxes, nil
}

const insertThing = `INSERT INTO cim_thing (id, layer, code, class, name, west, south, east, north, low, high, shape, detail, source, seq) VALUES `

// putRows writes what rowsOf made of new things.
func putRows(ctx context.Context, tx *store.Tx, things, boxes [][]any) error {
	if err := store.InsertRows(ctx, tx, insertThing, things); err != nil || tx.Dialect() != store.SQLite {
		return err
	}
	return store.InsertRows(ctx, tx, `INSERT INTO cim_thing_box (id, west, east, south, north, layer, above) VALUES `, boxes)
}

// putThings writes things, new or again.
func putThings(ctx context.Context, tx *store.Tx, list []Thing) error {
	things, boxes, err := rowsOf(list)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(list, 200) {
		ids := make([]any, len(chunk))
		for i, t := range chunk {
			ids[i] = int64(t.ID)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM cim_thing WHERE `+store.AnyOf("id", len(ids)), ids...); err != nil {
			return err
		}
		if tx.Dialect() == store.SQLite {
			if _, err := tx.Exec(ctx, `DELETE FROM cim_thing_box WHERE `+store.AnyOf("id", len(ids)), ids...); err != nil {
				return err
			}
		}
	}
	return putRows(ctx, tx, things, boxes)
}

func putBodies(ctx context.Context, tx *store.Tx, rows [][]any) error {
	return store.UpsertRows(ctx, tx, `INSERT INTO cim_body (thing, deep, body) VALUES `, `ON CONFLICT (thing) DO UPDATE SET deep = excluded.deep, body = excluded.body`, rows)
}

// bodyOf is nil where a building has none.
func bodyOf(ctx context.Context, q store.Querier, id store.ID) ([]byte, error) {
	raw, err := store.Get[[]byte](ctx, q, `SELECT body FROM cim_body WHERE thing = ?`, int64(id))
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return raw, err
}

// touchLayer says that a layer was changed.
func touchLayer(ctx context.Context, tx *store.Tx, l Layer, at store.Time) error {
	_, err := tx.Exec(ctx, `UPDATE cim_layer SET seq = seq + 1, at = ? WHERE code = ?`, at, string(l))
	return err
}

// layerStamp changes when one of the layers does.
func layerStamp(ctx context.Context, q store.Querier, layers ...Layer) (string, error) {
	args := make([]any, len(layers))
	for i, l := range layers {
		args[i] = string(l)
	}
	rows, err := store.Select[struct {
		Code string
		Seq  int64
	}](ctx, q, `SELECT code, seq FROM cim_layer WHERE `+store.AnyOf("code", len(args))+` ORDER BY code`, args...)
	out := ""
	for _, r := range rows {
		out += fmt.Sprintf("%s %d;", r.Code, r.Seq)
	}
	return out, err
}
