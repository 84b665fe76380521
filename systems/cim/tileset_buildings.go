package cim

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"shanzhi/core/store"
	"shanzhi/systems/cim/simulate"
	"shanzhi/systems/cim/tiles"
)

// recorded are the buildings of the records as they are tiled. Bodies stay packed.
type recorded struct {
	ids    []store.ID
	shells [][]tiles.Solid
	bodies [][]byte // nil: the shell is all that is known
	deep   []bool
	boxes  []Box
}

func (r *recorded) at(i int) Box { return r.boxes[i] }

func (r *recorded) Len() int                  { return len(r.ids) }
func (r *recorded) Shell(i int) []tiles.Solid { return r.shells[i] }
func (r *recorded) Deep(i int) bool           { return r.deep[i] }
func (r *recorded) Units(i int) []tiles.Solid { return r.body(i).Units }

// Floors are those of a building; where only its units are known its shell stands for them.
func (r *recorded) Floors(i int) []tiles.Solid {
	if floors := r.body(i).Floors; len(floors) > 0 {
		return floors
	}
	return r.shells[i]
}

func (r *recorded) body(i int) Body {
	b, err := unpackBody(r.bodies[i])
	if err != nil { // its shell stands for it
		return Body{Floors: r.shells[i], Units: r.shells[i]}
	}
	return b
}

// set takes over one.
func (r *recorded) set(i int, t *Thing, raw []byte, deep bool) (err error) {
	r.ids[i], r.bodies[i], r.deep[i], r.boxes[i] = t.ID, raw, deep, t.Box()
	if raw == nil {
		r.shells[i] = shellOf(t)
		return nil
	}
	r.shells[i], err = unpackShell(raw)
	return err
}

// cityTiler is the tiler of the buildings, kept between one publishing and the next.
type cityTiler struct {
	src      *recorded
	tiler    *placeTilers
	at       map[store.ID]int
	features int64
	used     time.Time
}

// restTiler is after how long a tiler that nobody asks is forgotten: it holds some hundred
// bytes a unit.
const restTiler = 10 * time.Minute

// tilerOf reads all buildings; the caller holds tiling.
func (s *Service) tilerOf(ctx context.Context) (*cityTiler, error) {
	if s.tiled == nil {
		src, err := s.readRecorded(ctx)
		if err != nil {
			return nil, err
		}
		t := &cityTiler{src: src, tiler: newPlaceTilers(src, src.at, usesOf(src)), at: make(map[store.ID]int, len(src.ids))}
		for i, id := range src.ids {
			t.at[id] = i
		}
		if t.features, err = s.countUnits(ctx, src); err != nil {
			return nil, err
		}
		s.tiled = t
		go s.forgetTiler()
	}
	s.tiled.used = time.Now()
	return s.tiled, nil
}

// warmTiler reads the buildings before they are asked for, which takes seconds of a whole city.
func (s *Service) warmTiler(ctx context.Context) {
	s.tiling.Lock()
	defer s.tiling.Unlock()
	if _, err := s.tilerOf(ctx); err != nil && !errors.Is(err, store.ErrClosed) {
		s.Log.Warn("the buildings could not be made ready to be tiled", "error", err)
	}
}

// forgetTiler lets go of a tiler that was not used for long.
func (s *Service) forgetTiler() {
	for {
		time.Sleep(restTiler)
		s.tiling.Lock()
		if s.tiled == nil || time.Since(s.tiled.used) >= restTiler {
			s.tiled = nil
			s.tiling.Unlock()
			return
		}
		s.tiling.Unlock()
	}
}

// usesOf are the uses that features of the records may have, in a fixed order: those of the made-up city first.
func usesOf(src *recorded) []string {
	out := simulate.Solids{}.Uses()
	more := map[string]bool{}
	for _, shell := range src.shells {
		for i := range shell {
			more[shell[i].Feature.Use] = true
		}
	}
	for _, u := range out {
		delete(more, u)
	}
	rest := slices.Sorted(maps.Keys(more))
	return append(slices.Clone(out), rest[:min(len(rest), 255-len(out))]...)
}

func (s *Service) countUnits(ctx context.Context, src *recorded) (n int64, err error) {
	n = int64(src.Len())
	var units int64
	err = s.Store.QueryRow(ctx, `SELECT count(*) FROM place_object WHERE kind = 'unit' AND until = ''`).Scan(&units)
	return n + units, err
}

// readRecorded reads the shapes and bodies of all buildings.
func (s *Service) readRecorded(ctx context.Context) (*recorded, error) {
	things, err := selectThings(ctx, s.Store, `SELECT `+thingColumns+` FROM cim_thing t WHERE t.layer = ? ORDER BY t.code`, layerNumbers[Buildings])
	if err != nil {
		return nil, err
	}
	n := len(things)
	r := &recorded{ids: make([]store.ID, n), shells: make([][]tiles.Solid, n), bodies: make([][]byte, n), deep: make([]bool, n), boxes: make([]Box, n)}
	at := make(map[store.ID]int, n)
	for i := range things {
		at[things[i].ID] = i
		if err := r.set(i, &things[i], nil, false); err != nil {
			return nil, err
		}
	}
	rows, err := s.Store.Query(ctx, `SELECT thing, deep, body FROM cim_body`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id store.ID
		var deep bool
		var raw []byte
		if err := rows.Scan(&id, &deep, &raw); err != nil {
			return nil, err
		}
		if i, ok := at[id]; ok {
			if err := r.set(i, &things[i], raw, deep); err != nil {
				return nil, err
			}
		}
	}
	return r, rows.Err()
}

// refresh takes over one building as the records have it now; ok is false where it is new, or no more.
func (t *cityTiler) refresh(ctx context.Context, s *Service, id store.ID) (ok bool, err error) {
	i, ok := t.at[id]
	if !ok {
		return false, nil
	}
	things, err := thingsBy(ctx, s.Store, `t.id = ?`, int64(id))
	if err != nil {
		return false, err
	}
	if len(things) == 0 { // it was retired
		return false, nil
	}
	row, err := store.Select[struct {
		Deep bool
		Body []byte
	}](ctx, s.Store, `SELECT deep, body FROM cim_body WHERE thing = ?`, int64(id))
	if err != nil {
		return false, err
	}
	if len(row) == 0 {
		return true, t.src.set(i, &things[0], nil, false)
	}
	return true, t.src.set(i, &things[0], row[0].Body, row[0].Deep)
}

func (s *Service) buildBuildings(ctx context.Context, put func(tiles.File) error) (int64, error) {
	s.tiling.Lock()
	defer s.tiling.Unlock()
	s.tiled = nil
	return s.buildAnew(ctx, put)
}

// buildAnew makes all tiles; the caller holds tiling.
func (s *Service) buildAnew(ctx context.Context, put func(tiles.File) error) (int64, error) {
	t, err := s.tilerOf(ctx)
	if err != nil || t.src.Len() == 0 {
		return 0, err
	}
	return t.features, t.tiler.Write(stopping(ctx, put))
}

// stopping ends a writing when its caller is gone.
func stopping(ctx context.Context, put func(tiles.File) error) func(tiles.File) error {
	return func(f tiles.File) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return put(f)
	}
}
