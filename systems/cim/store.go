package cim

import (
	"context"
	"encoding/json"

	"shanzhi/core/place"
	"shanzhi/core/store"
)

// index reads the register as addresses are matched against it.
func (s *Service) readBuildings(ctx context.Context) (buildings, units []unitRow, err error) {
	const columns = `SELECT o.id, o.parent, o.name, o.detail FROM place_object o WHERE o.until = '' AND o.kind = `
	if buildings, err = store.Select[unitRow](ctx, s.Store, columns+`'building' ORDER BY o.id`); err != nil {
		return nil, nil, err
	}
	// A unit's building is its parent, or its floor's.
	units, err = store.Select[unitRow](ctx, s.Store, `SELECT o.id, CASE WHEN p.kind = 'floor' THEN p.parent ELSE o.parent END AS parent, o.name, '' AS detail FROM place_object o JOIN place_object p ON p.id = o.parent WHERE o.until = '' AND o.kind = 'unit'`)
	return buildings, units, err
}

type unitRow struct {
	ID     store.ID
	Parent *int64
	Name   string
	Detail string
}

// registerStamp changes when the register or its aliases do. Changes are told by the last
// minute's before the newest, since of two that are made at once the older may be seen later.
func (s *Service) registerStamp(ctx context.Context) (stamp string, err error) {
	err = s.Store.QueryRow(ctx, `SELECT (SELECT coalesce(max(at), 0) FROM place_change) || '.' || (SELECT count(*) FROM place_change WHERE at >= (SELECT max(at) FROM place_change) - 60000000) || '.' || (SELECT count(*) FROM place_alias WHERE until IS NULL) || '.' || (SELECT coalesce(max(at), 0) FROM place_alias)`).Scan(&stamp)
	return stamp, err
}

type batchRow struct {
	ID      store.ID   `bun:"id"`
	Name    string     `bun:"name"`
	State   string     `bun:"state"`
	Field   string     `bun:"field"`
	Total   int        `bun:"total"`
	Matched int        `bun:"matched"`
	Review  int        `bun:"review"`
	Actor   *int64     `bun:"actor"`
	At      store.Time `bun:"at"`
	DoneAt  store.Time `bun:"done_at"`
}

func (r batchRow) batch() AddressBatch {
	return AddressBatch{r.ID, r.Name, r.State, r.Field, r.Total, r.Matched, r.Review, r.At, r.DoneAt}
}

const batchColumns = `SELECT id, name, state, field, total, matched, review, actor, at, done_at FROM cim_batch `

type addressRow struct {
	ID         store.ID   `bun:"id"`
	Batch      store.ID   `bun:"batch"`
	Line       int        `bun:"line"`
	Text       string     `bun:"text"`
	State      string     `bun:"state"`
	Object     *int64     `bun:"object"`
	Level      string     `bun:"level"`
	Confidence float64    `bun:"confidence"`
	How        string     `bun:"how"`
	Candidates string     `bun:"candidates"`
	DecidedAt  store.Time `bun:"decided_at"`
	Note       string     `bun:"note"`
	Name       *string    `bun:"name"`
	Detail     *string    `bun:"detail"`
	Above      *string    `bun:"above"`
}

// addressColumns read an address with what it was brought to; the building's
// standard address stands for a unit's, its label beside it.
const addressColumns = `SELECT a.id, a.batch, a.line, a.text, a.state, a.object, a.level, a.confidence, a.how, a.candidates, a.decided_at, a.note, o.name, o.detail,
 (SELECT b.detail FROM place_object f JOIN place_object b ON b.id = CASE WHEN f.kind = 'floor' THEN f.parent ELSE f.id END WHERE f.id = o.parent AND o.kind = 'unit') AS above
 FROM cim_address a LEFT JOIN place_object o ON o.id = a.object `

func (r addressRow) matched() (m MatchedAddress, err error) {
	m = MatchedAddress{ID: r.ID, Batch: r.Batch, Line: r.Line, Text: r.Text, State: r.State, Level: r.Level, Confidence: r.Confidence, How: r.How, DecidedAt: r.DecidedAt, Note: r.Note, Candidates: []Rival{}}
	if r.Object != nil {
		m.Object = store.ID(*r.Object)
		m.Address = standardOf(r.Name, r.Detail, r.Above)
	}
	return m, json.Unmarshal([]byte(r.Candidates), &m.Candidates)
}

// standardOf is the standard address of an object by its row and that of its building.
func standardOf(name, detail, above *string) string {
	address := func(raw *string) string {
		var d place.PlaceDetail
		if raw == nil || json.Unmarshal([]byte(*raw), &d) != nil {
			return ""
		}
		return d.Address
	}
	out := address(above)
	if out == "" {
		out = address(detail)
	} else if name != nil {
		return out + *name
	}
	if out == "" && name != nil {
		return *name
	}
	return out
}
