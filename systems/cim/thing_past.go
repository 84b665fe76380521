package cim

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/place"
	"shanzhi/core/store"
)

// A thing has days: what it was before another shape took its place, or before it was retired, is kept
// beside what is drawn, with its body, and never edited.

// leave keeps what a thing is now as its past until a day; what was there for no day is not kept.
func leave(ctx context.Context, tx *store.Tx, id store.ID, day string) error {
	_, err := tx.Exec(ctx, `INSERT INTO cim_thing_past (thing, seq, layer, code, class, name, low, high, shape, detail, source, since, until, deep, body)
 SELECT t.id, t.seq, t.layer, t.code, t.class, t.name, t.low, t.high, t.shape, t.detail, t.source, t.since, CAST(? AS TEXT), coalesce(b.deep, CAST(? AS BOOLEAN)), b.body
 FROM cim_thing t LEFT JOIN cim_body b ON b.thing = t.id WHERE t.id = ? AND t.since < ? ON CONFLICT (thing, seq) DO NOTHING`, day, false, int64(id), day)
	return err
}

// putShape gives a thing another shape from a day on, and keeps what it was; body is nil where no more is
// known than the shape itself.
func (s *Service) putShape(ctx context.Context, tx *store.Tx, t *Thing, body *Body, day, kind string, who account.Actor, reason string) error {
	if err := leave(ctx, tx, t.ID, day); err != nil {
		return err
	}
	// A thing that stood, went and stands again goes on counting.
	var last *int
	if err := tx.QueryRow(ctx, `SELECT max(seq) FROM cim_thing_event WHERE thing = ?`, int64(t.ID)).Scan(&last); err != nil {
		return err
	}
	if last != nil {
		t.Seq = max(t.Seq, *last)
	}
	t.Seq++
	if err := putThings(ctx, tx, []Thing{*t}); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE cim_thing SET since = ? WHERE id = ?`, day, t.ID); err != nil {
		return err
	}
	var err error
	if body == nil {
		_, err = tx.Exec(ctx, `DELETE FROM cim_body WHERE thing = ?`, t.ID)
	} else {
		err = putBodies(ctx, tx, [][]any{{int64(t.ID), len(body.Units) > 0, packBody(*body)}})
	}
	if err != nil {
		return err
	}
	after := map[string]any{"code": t.Code, "low": t.Low, "high": t.High, "source": t.Source, "day": day}
	if body != nil {
		after["shell"], after["floors"], after["units"] = len(body.Shell), len(body.Floors), len(body.Units)
	}
	return s.noteShape(ctx, tx, t.ID, t.Seq, kind, who, reason, after)
}

// dropShape takes a thing out of what is drawn, from a day on.
func (s *Service) dropShape(ctx context.Context, tx *store.Tx, t *Thing, day string, who account.Actor, reason string) error {
	if err := removeShape(ctx, tx, t.ID, day); err != nil {
		return err
	}
	return s.noteShape(ctx, tx, t.ID, t.Seq+1, "retire", who, reason, map[string]any{"day": day})
}

// removeShape takes the rows of a thing away, which are its past from then on.
func removeShape(ctx context.Context, tx *store.Tx, id store.ID, day string) error {
	if err := leave(ctx, tx, id, day); err != nil {
		return err
	}
	for _, query := range []string{`DELETE FROM cim_thing WHERE id = ?`, `DELETE FROM cim_body WHERE thing = ?`} {
		if _, err := tx.Exec(ctx, query, id); err != nil {
			return err
		}
	}
	if tx.Dialect() == store.SQLite {
		if _, err := tx.Exec(ctx, `DELETE FROM cim_thing_box WHERE id = ?`, id); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) noteShape(ctx context.Context, tx *store.Tx, id store.ID, seq int, kind string, who account.Actor, reason string, after map[string]any) error {
	raw, err := json.Marshal(after)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO cim_thing_event (thing, seq, at, actor, kind, reason, after) VALUES (?, ?, ?, ?, ?, ?, ?)`, id, seq, store.At(s.Store.Now()), who.Account, kind, reason, string(raw))
	return err
}

// BodyOn is what a building was made of on a day, as its days are known; store.ErrNotFound where it had no
// shape then.
func (s *Service) BodyOn(ctx context.Context, q store.Querier, id store.ID, day string) (Thing, Body, error) {
	if err := place.CheckDay(day); err != nil {
		return Thing{}, Body{}, httpapi.FailDetail(http.StatusUnprocessableEntity, "not_date", err.Error())
	}
	row, err := store.Get[struct {
		thingRow
		Body []byte
	}](ctx, q, `SELECT t.thing AS id, t.layer, t.code, t.class, t.name, t.low, t.high, t.shape, t.detail, t.source, t.seq, t.body FROM cim_thing_past t
 WHERE t.thing = ? AND t.layer = ? AND t.since <= ? AND t.until > ? ORDER BY t.seq DESC LIMIT 1`, int64(id), layerNumbers[Buildings], day, day)
	if errors.Is(err, store.ErrNotFound) {
		if since, err := store.Get[string](ctx, q, `SELECT since FROM cim_thing WHERE id = ?`, int64(id)); err != nil || since > day {
			if err == nil {
				err = store.ErrNotFound
			}
			return Thing{}, Body{}, err
		}
		return s.BodyOf(ctx, q, id)
	}
	if err != nil {
		return Thing{}, Body{}, err
	}
	t, err := row.thing()
	if err != nil || row.Body == nil {
		return t, Body{Shell: shellOf(&t)}, err
	}
	b, err := unpackBody(row.Body)
	return t, b, err
}

// BuildingShape is what a building looks like, or looked like from a day until another.
type BuildingShape struct {
	Since  string          `json:"since" doc:"Empty: as long as it is known"`
	Until  string          `json:"until,omitempty" doc:"First day no more"`
	Code   string          `json:"code"`
	Low    float64         `json:"low"`
	High   float64         `json:"high"`
	Source string          `json:"source"`
	Detail json.RawMessage `json:"detail"`
	Shape  json.RawMessage `json:"shape" doc:"GeoJSON geometry, WGS-84: its footprint"`
	Solids int             `json:"solids"`
	Floors int             `json:"floors"`
	Units  int             `json:"units"`
	Skin   bool            `json:"skin" doc:"Its roof and walls were surveyed"`
}

// ShapesOf are the shapes of a building, the latest first; none where it never had one.
func (s *Service) ShapesOf(ctx context.Context, id store.ID) ([]BuildingShape, error) {
	type row struct {
		Layer                             int
		Code, Class, Name, Detail, Source string
		Low, High                         float64
		Shape, Body                       []byte
		Since, Until                      string
	}
	rows, err := store.Select[row](ctx, s.Store, `SELECT t.layer, t.code, t.class, t.name, t.detail, t.source, t.low, t.high, t.shape, b.body, t.since, '' AS until FROM cim_thing t LEFT JOIN cim_body b ON b.thing = t.id WHERE t.id = ? AND t.layer = 1`, int64(id))
	if err != nil {
		return nil, err
	}
	past, err := store.Select[row](ctx, s.Store, `SELECT layer, code, class, name, detail, source, low, high, shape, body, since, until FROM cim_thing_past WHERE thing = ? AND layer = 1 ORDER BY seq DESC LIMIT 20`, int64(id))
	if err != nil {
		return nil, err
	}
	out := []BuildingShape{}
	for _, r := range append(rows, past...) {
		t, err := thingRow{ID: id, Layer: r.Layer, Code: r.Code, Class: r.Class, Name: r.Name, Low: r.Low, High: r.High, Shape: r.Shape, Detail: r.Detail, Source: r.Source}.thing()
		if err != nil {
			return nil, err
		}
		told, err := t.told()
		if err != nil {
			return nil, err
		}
		x := BuildingShape{Since: r.Since, Until: r.Until, Code: r.Code, Low: r.Low, High: r.High, Source: r.Source, Detail: t.Detail, Shape: told.Shape, Solids: 1}
		if r.Body != nil {
			b, err := unpackBody(r.Body)
			if err != nil {
				return nil, err
			}
			x.Solids, x.Floors, x.Units = len(b.Shell), len(b.Floors), len(b.Units)
			for _, solid := range b.Shell {
				x.Skin = x.Skin || solid.Skin != nil
			}
		}
		out = append(out, x)
	}
	return out, nil
}
