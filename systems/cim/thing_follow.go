package cim

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"shanzhi/core/place"
	"shanzhi/core/store"
	"shanzhi/systems/cim/tiles"
)

// The shapes follow the register: what was retired is drawn no more, what was renumbered has its new code on
// all that it is made of, and what was divided or joined is drawn as what it has become.

// follower settles the shapes of buildings that a change of the register touched.
type follower struct {
	s       *Service
	by      place.Order
	objects map[store.ID]place.Object
	things  map[store.ID]*Thing
	bodies  map[store.ID]Body
	bare    map[store.ID]bool // it has no body of its own
	next    map[store.ID]*followed
}

// followed is what a building is going to be made of.
type followed struct {
	body  Body
	from  *Thing // whose class, source and day it has
	whole string // the code of what it is drawn as a part of, where nobody knows which part
}

// settleShapes makes the shapes follow the changes of the register that this transaction made, from an instant
// on: as of the day of the change.
func (s *Service) settleShapes(ctx context.Context, tx *store.Tx, since store.Time, by place.Order) error {
	ids, err := store.Select[store.ID](ctx, tx, `SELECT DISTINCT CASE WHEN o.kind = 'building' THEN o.id WHEN p.kind = 'building' THEN p.id ELSE g.id END AS id
 FROM place_change c JOIN place_object o ON o.id = c.object LEFT JOIN place_object p ON p.id = o.parent LEFT JOIN place_object g ON g.id = p.parent AND g.kind = 'building'
 WHERE c.at >= ? AND o.kind IN ('building', 'floor', 'unit') AND (o.kind = 'building' OR p.kind = 'building' OR g.id IS NOT NULL)`, since)
	if err != nil || len(ids) == 0 {
		return err
	}
	f := &follower{s: s, by: by, objects: map[store.ID]place.Object{}, things: map[store.ID]*Thing{}, bodies: map[store.ID]Body{}, bare: map[store.ID]bool{}, next: map[store.ID]*followed{}}
	if err := f.load(ctx, tx, ids); err != nil {
		return err
	}
	if len(f.things) == 0 {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(f.things)) {
		if err := f.divide(ctx, tx, id); err != nil {
			return err
		}
	}
	return f.write(ctx, tx)
}

func (f *follower) load(ctx context.Context, tx *store.Tx, ids []store.ID) error {
	for chunk := range slices.Chunk(ids, 400) {
		args := make([]any, len(chunk))
		for i, id := range chunk {
			args[i] = int64(id)
		}
		objects, err := f.s.Places.Objects(ctx, tx, store.AnyOf("id", len(args)), args...)
		if err != nil {
			return err
		}
		for _, o := range objects {
			f.objects[o.ID] = o
		}
		things, err := thingsBy(ctx, tx, store.AnyOf("t.id", len(args))+` AND t.layer = 1`, args...)
		if err != nil {
			return err
		}
		for i := range things {
			f.things[things[i].ID] = &things[i]
			raw, err := bodyOf(ctx, tx, things[i].ID)
			if err != nil {
				return err
			}
			b := Body{Shell: shellOf(&things[i])}
			if raw != nil {
				if b, err = unpackBody(raw); err != nil {
					return err
				}
			}
			f.bodies[things[i].ID], f.bare[things[i].ID] = b, raw == nil
		}
	}
	return nil
}

// become is the building that is going to be made, begun where it is new.
func (f *follower) become(id store.ID, from *Thing) *followed {
	x := f.next[id]
	if x == nil {
		x = &followed{from: from}
		f.next[id] = x
	}
	return x
}

// codeOfBuilding is by what code a building is drawn.
func codeOfBuilding(o place.Object) string {
	return cmp.Or(o.Codes[place.House], o.Codes[place.Surveyed], o.ID.String())
}

// heirs are a building while it stands, else the buildings that it has become.
func (f *follower) heirs(ctx context.Context, tx *store.Tx, id store.ID) ([]place.Object, error) {
	if o, ok := f.objects[id]; ok && o.Until == "" {
		return []place.Object{o}, nil
	}
	now, _, err := f.s.Places.Heirs(ctx, tx, id)
	for _, o := range now {
		f.objects[o.ID] = o
	}
	return now, err
}

// divide gives what a building was made of to what it is now.
func (f *follower) divide(ctx context.Context, tx *store.Tx, id store.ID) error {
	t, b := f.things[id], f.bodies[id]
	heirs, err := f.heirs(ctx, tx, id)
	if err != nil || len(heirs) == 0 {
		return err
	}
	rooms, err := f.rooms(ctx, tx, b)
	if err != nil {
		return err
	}
	recoded := func(list []tiles.Solid, to place.Object) []tiles.Solid {
		out := slices.Clone(list)
		for i := range out {
			out[i].Feature.Code = codeOfBuilding(to)
		}
		return out
	}
	own := map[store.ID][]tiles.Solid{}
	for _, u := range b.Units {
		room, known := rooms[u.Feature.Code]
		switch {
		case !known: // the register does not have it: it stays with the building
			u.Feature.Code = codeOfBuilding(heirs[0]) + strings.TrimPrefix(u.Feature.Code, t.Code)
			own[heirs[0].ID] = append(own[heirs[0].ID], u)
		case room.building == 0: // it stands no more
		default:
			u.Feature.Code = room.code
			own[room.building] = append(own[room.building], u)
		}
	}
	if len(heirs) == 1 {
		x := f.become(heirs[0].ID, t)
		x.body.Shell = append(x.body.Shell, recoded(b.Shell, heirs[0])...)
		x.body.Floors = append(x.body.Floors, recoded(b.Floors, heirs[0])...)
	}
	for building, units := range own {
		if _, ok := f.objects[building]; !ok {
			o, err := f.s.Places.Object(ctx, tx, building)
			if err != nil {
				return err
			}
			f.objects[building] = o
		}
		x := f.become(building, t)
		x.body.Units = append(x.body.Units, units...)
	}
	if len(heirs) == 1 {
		return nil
	}
	// Of one that was divided, each part is what its units are.
	if !slices.ContainsFunc(heirs, func(o place.Object) bool { return len(own[o.ID]) == 0 }) {
		for _, o := range heirs {
			x := f.become(o.ID, t)
			x.body.Shell = append(x.body.Shell, recoded(own[o.ID], o)...)
			x.body.Floors = append(x.body.Floors, recoded(own[o.ID], o)...)
			for i := range x.body.Shell {
				x.body.Shell[i].Feature.Floor = 0
			}
		}
		return nil
	}
	// Where nobody knows which part is whose, the whole is drawn once, as that of the one that kept its code.
	first := heirs[max(0, slices.IndexFunc(heirs, func(o place.Object) bool { return codeOfBuilding(o) == t.Code }))]
	x := f.become(first.ID, t)
	x.whole = t.Code
	x.body.Shell = append(x.body.Shell, recoded(b.Shell, first)...)
	x.body.Floors = append(x.body.Floors, recoded(b.Floors, first)...)
	return nil
}

// room is what the unit of a body is now: of which building, with which code.
type room struct {
	building store.ID
	code     string
}

// rooms are the units of a body as they are now: by the codes that they had before the day of the change.
func (f *follower) rooms(ctx context.Context, tx *store.Tx, b Body) (map[string]room, error) {
	var codes []any
	for _, u := range b.Units {
		codes = append(codes, u.Feature.Code)
	}
	type held struct {
		Value  string
		Since  string
		Object store.ID
	}
	of := map[string]held{}
	for chunk := range slices.Chunk(codes, 400) {
		rows, err := store.Select[held](ctx, tx, `SELECT value, since, object FROM place_code WHERE scheme IN ('house', 'survey') AND `+store.AnyOf("value", len(chunk))+` ORDER BY since`, chunk...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if _, has := of[r.Value]; !has || r.Since < f.by.Day {
				of[r.Value] = r
			}
		}
	}
	out := make(map[string]room, len(of))
	units := map[store.ID]place.Object{}
	var ids []any
	for _, h := range of {
		ids = append(ids, int64(h.Object))
	}
	for chunk := range slices.Chunk(ids, 400) {
		list, err := f.s.Places.Objects(ctx, tx, store.AnyOf("id", len(chunk)), chunk...)
		if err != nil {
			return nil, err
		}
		for _, o := range list {
			units[o.ID] = o
		}
	}
	buildings := map[store.ID]store.ID{} // of what units lie in
	buildingOf := func(o place.Object) (store.ID, error) {
		if at, ok := buildings[o.Parent]; ok {
			return at, nil
		}
		p, err := f.s.Places.Object(ctx, tx, o.Parent)
		if err != nil {
			return 0, err
		}
		at := p.ID
		if p.Kind == place.ObjectFloor {
			at = p.Parent
		}
		buildings[o.Parent] = at
		return at, nil
	}
	for code, h := range of {
		u := units[h.Object]
		if u.Kind != place.ObjectUnit {
			continue
		}
		now := []place.Object{u}
		if u.Until != "" {
			var err error
			if now, _, err = f.s.Places.Heirs(ctx, tx, u.ID); err != nil {
				return nil, err
			}
		}
		if len(now) == 0 {
			out[code] = room{}
			continue
		}
		at, err := buildingOf(now[0])
		if err != nil {
			return nil, err
		}
		r := room{building: at, code: cmp.Or(now[0].Codes[place.House], now[0].Codes[place.Surveyed])}
		if len(now) > 1 || r.code == "" { // which part of it is whose nobody knows: it is of the building
			o, ok := f.objects[at]
			if !ok {
				if o, err = f.s.Places.Object(ctx, tx, at); err != nil {
					return nil, err
				}
				f.objects[at] = o
			}
			r.code = codeOfBuilding(o)
		}
		out[code] = r
	}
	return out, nil
}

// write takes out what is no more and puts what has become of it; what is as it was is left alone.
func (f *follower) write(ctx context.Context, tx *store.Tx) error {
	var gone []*Thing
	for _, id := range slices.Sorted(maps.Keys(f.things)) {
		t := f.things[id]
		x := f.next[id]
		o := f.objects[id]
		if x != nil && len(x.body.Shell) > 0 && codeOfBuilding(o) == t.Code && o.Name == t.Name && bytes.Equal(packBody(x.body), packBody(f.bodies[id])) {
			delete(f.next, id) // as it was
			continue
		}
		gone = append(gone, t)
	}
	if len(gone) == 0 && len(f.next) == 0 {
		return nil
	}
	for _, t := range gone { // all before any, since codes may go from one to another
		if x := f.next[t.ID]; x != nil && len(x.body.Shell) > 0 {
			if err := removeShape(ctx, tx, t.ID, f.by.Day); err != nil {
				return err
			}
			continue
		}
		if err := f.s.dropShape(ctx, tx, t, f.by.Day, f.by.Who, f.by.Reason); err != nil {
			return err
		}
		heirs, err := f.heirs(ctx, tx, t.ID)
		if err != nil {
			return err
		}
		to, target := store.ID(0), ""
		if len(heirs) == 1 {
			to, target = heirs[0].ID, string(Buildings)
		}
		if _, err := tx.Exec(ctx, `UPDATE cim_landed SET thing = ?, target = ?, note = 'retired' WHERE thing = ? AND target = 'building'`, int64(to), target, t.ID); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(f.next)) {
		x, o := f.next[id], f.objects[id]
		if len(x.body.Shell) == 0 {
			continue // units that moved into what has no shape
		}
		t := Thing{ID: id, Layer: Buildings, Code: codeOfBuilding(o), Class: cmp.Or(o.Detail.Use, x.from.Class), Name: o.Name, Source: x.from.Source}
		t.Low, t.High = heightsOf(x.body.Shell)
		if was := f.things[id]; was != nil {
			t.Seq, t.Class = was.Seq, was.Class
		}
		t.Shape = shapeOf(printOf(x.body.Shell))
		said := map[string]any{}
		_ = json.Unmarshal(x.from.Detail, &said)
		if x.from.Code != t.Code {
			said["from"] = x.from.Code
		}
		if x.whole != "" {
			said["whole_of"] = x.whole
		}
		said["deep"] = len(x.body.Units) > 0
		var err error
		if t.Detail, err = json.Marshal(said); err != nil {
			return err
		}
		body := &x.body
		if len(body.Units)+len(body.Floors) == 0 && len(body.Shell) == 1 && f.bare[id] {
			body = nil
		}
		if err := f.s.putShape(ctx, tx, &t, body, f.by.Day, "follow", f.by.Who, f.by.Reason); err != nil {
			return err
		}
	}
	at := store.At(f.s.Store.Now())
	if err := touchLayer(ctx, tx, Buildings, at); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE cim_layer SET things = (SELECT count(*) FROM cim_thing WHERE layer = 1) WHERE code = 'building'`); err != nil {
		return err
	}
	return countSources(ctx, tx, Buildings, at)
}
