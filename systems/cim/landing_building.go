package cim

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"shanzhi/core/place"
	"shanzhi/core/store"
	"shanzhi/systems/cim/tiles"
)

// storeyHigh is how high a storey is taken to be where only their number is known, in metres.
const storeyHigh = 3.0

// building lands a building with its parts, storeys and units.
func (l *lander) building(ctx context.Context, tx *store.Tx, o *landing, heights *Heights) error {
	every := func(b outcome) error {
		for _, x := range o.all() {
			if err := l.note(ctx, tx, x, []outcome{b}); err != nil {
				return err
			}
		}
		return nil
	}
	was, err := l.before(ctx, tx, o.Ext)
	if err != nil {
		return err
	}
	object, isNew, note, err := l.object(ctx, tx, o, was[0].thing)
	switch {
	case err != nil:
		return err
	case note != "":
		return every(outcome{note: note})
	}
	there, old, err := l.s.BodyOf(ctx, tx, object.ID)
	drawn := err == nil
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	t := Thing{ID: object.ID, Layer: Buildings, Code: object.Codes[place.House], Class: o.use(), Name: object.Name, Source: o.Source, Seq: there.Seq}
	if drawn && t.Class == "other" {
		t.Class = cmp.Or(there.Class, t.Class)
	}
	if t.Code == "" {
		if t.Code, err = l.free(ctx, tx, Buildings, o.Ext, object.ID); err != nil {
			return err
		}
	}
	body, assumed := l.shell(o, tiles.Feature{Code: t.Code, Use: t.Class}, there, drawn, heights)
	if len(body.Shell) == 0 {
		return every(outcome{note: "no_shape"})
	}
	if isNew {
		if object, err = l.enter(ctx, tx, o, t.Code, body); err != nil {
			return err
		}
		t.ID, t.Name = object.ID, object.Name
	}
	known := map[string]outcome{}
	if body.Floors, body.Units, err = l.inside(ctx, tx, o, object, t, known); err != nil {
		return err
	}
	if len(body.Units) == 0 && len(body.Floors) == 0 && drawn { // floors and units that are known stay known
		body.Floors, body.Units = old.Floors, old.Units
	}
	t.Shape = shapeOf(printOf(body.Shell))
	t.Low, t.High = heightsOf(body.Shell)
	said := map[string]any{"area": object.Detail.Area, "floors": object.Detail.FloorsUp, "epoch": o.Epoch, "checkin": o.Checkin, "deep": len(body.Units) > 0}
	if assumed {
		said["height"] = "assumed"
	}
	if t.Detail, err = json.Marshal(said); err != nil {
		return err
	}
	if err := t.check(); err != nil {
		return every(outcome{note: "no_shape"})
	}
	if err := l.s.putShape(ctx, tx, &t, &body, o.Epoch, "land", l.by.Who, l.by.Reason); err != nil {
		return err
	}
	for _, x := range o.all() {
		b, ok := known[x.Ext]
		if !ok {
			b = outcome{target: Buildings, thing: t.ID}
		}
		if err := l.note(ctx, tx, x, []outcome{b}); err != nil {
			return err
		}
	}
	return nil
}

// object is the building of the register that an object is: by its house code, else by what it became the
// last time. isNew says that there is none and one may be entered; note says why it stays out.
func (l *lander) object(ctx context.Context, tx *store.Tx, o *landing, before store.ID) (object place.Object, isNew bool, note string, err error) {
	id := before
	if o.Code != "" {
		found, err := store.Select[store.ID](ctx, tx, `SELECT object FROM place_code WHERE scheme = 'house' AND value = ? AND until = ''`, o.Code)
		if err != nil {
			return object, false, "", err
		}
		if len(found) > 0 {
			id = found[0]
		}
	}
	if id == 0 {
		if !l.s.book.Load().landing.Enter {
			return object, false, "not_in_register", nil
		}
		return object, true, "", nil
	}
	object, err = l.s.Places.Object(ctx, tx, id)
	if err != nil {
		return object, false, "", err
	}
	if object.Until != "" {
		// What no longer stands is not drawn again; where one came after it, that is it.
		now, _, err := l.s.Places.Heirs(ctx, tx, id)
		if err != nil {
			return object, false, "", err
		}
		if len(now) != 1 {
			return object, false, "retired", nil
		}
		object = now[0]
	}
	if object.Kind != place.ObjectBuilding {
		return object, false, "not_a_building", nil
	}
	return object, false, "", nil
}

// shell is what a building is from outside: of the object or of its parts. assumed says that nobody told how
// high it is.
func (l *lander) shell(o *landing, f tiles.Feature, there Thing, drawn bool, heights *Heights) (b Body, assumed bool) {
	var outlines []CityFace
	for _, x := range o.all() {
		if strings.EqualFold(x.Kind, "BuildingStorey") || strings.EqualFold(x.Kind, "BuildingUnit") || strings.EqualFold(x.Kind, "BuildingRoom") {
			continue
		}
		faces, _ := finest(x.shapes)
		if solids := surveyed(faces, f); len(solids) > 0 {
			b.Shell = append(b.Shell, solids...)
			continue
		}
		outlines = append(outlines, faces...)
	}
	if len(b.Shell) > 0 {
		return b, false
	}
	print := footprint(outlines)
	if len(print) == 0 {
		return b, false
	}
	rules := l.s.book.Load().rules
	mid := print[0].Bound().Center()
	from := 0.0
	switch {
	case drawn:
		from = there.Low
	case len(outlines) > 0 && outlines[0].Rings[0][0][2] != 0:
		from = outlines[0].Rings[0][0][2]
	case heights != nil && heights.Box().meets(Box{mid[0], mid[1], mid[0], mid[1]}):
		from = heights.At(mid[0], mid[1])
	}
	tall, told := o.number(rules.Fields("height")...)
	if !told || tall <= 0 {
		tall, told = o.number(rules.Fields("floors")...)
		tall *= storeyHigh
	}
	if !told || tall <= 0 {
		if assumed = !drawn; assumed {
			tall = storeyHigh
		} else {
			tall = there.High - there.Low
		}
	}
	b.Shell = standing(print, from, from+max(tall, 0.1), f)
	return b, assumed
}

// enter enters a building in the register, with its source and the day that the file shows.
func (l *lander) enter(ctx context.Context, tx *store.Tx, o *landing, code string, body Body) (place.Object, error) {
	rules := l.s.book.Load().rules
	mid := shapeOf(printOf(body.Shell)).Bound().Center()
	lon, lat := math.Round(mid[0]*1e7)/1e7, math.Round(mid[1]*1e7)/1e7
	floors, _ := o.number(rules.Fields("floors")...)
	d := place.PlaceDraft{Kind: place.ObjectBuilding, Name: o.title(), Codes: map[place.Scheme]string{place.Surveyed: code},
		Detail: place.PlaceDetail{Address: o.text(rules.Fields("address")...), Lon: &lon, Lat: &lat, Use: o.use(), Area: float64(body.Shell[0].Feature.Area), FloorsUp: int(min(max(floors, 0), 300)), Source: o.Source, Epoch: o.Epoch}}
	if d.Detail.Use == "other" {
		d.Detail.Use = ""
	}
	if c, err := place.ParseHouseCode(o.Code); err == nil && c.Level() == place.Building {
		d.Codes = map[place.Scheme]string{place.House: o.Code, place.Surveyed: o.Ext}
		var taken bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM place_code WHERE scheme = ? AND value = ? AND until = '')`, string(place.Surveyed), o.Ext).Scan(&taken); err != nil {
			return place.Object{}, err
		}
		if taken {
			delete(d.Codes, place.Surveyed)
		}
	}
	by := l.by
	in, err := l.community(ctx, tx, o.Code, mid)
	if err != nil {
		return place.Object{}, err
	}
	if in != nil {
		d.Parent, by.Day = in.ID, max(by.Day, in.Since)
	}
	return l.s.Places.Create(ctx, tx, d, by)
}

// community is what a new building lies in: what its code begins with, else the community whose outline has it
// in it; nil where neither is in the register.
func (l *lander) community(ctx context.Context, tx *store.Tx, code string, at orb.Point) (*place.Object, error) {
	var prefixes []any
	for _, n := range []int{14, 12, 9} {
		if len(code) == 19 {
			prefixes = append(prefixes, code[:n])
		}
	}
	list, err := l.s.Places.Objects(ctx, tx, `until = '' AND kind IN ('grid', 'community', 'street') AND id IN (SELECT object FROM place_code WHERE scheme = 'house' AND until = '' AND `+store.AnyOf("value", len(prefixes))+`)`, prefixes...)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b place.Object) int { return len(b.Codes[place.House]) - len(a.Codes[place.House]) })
	if len(list) > 0 {
		return &list[0], nil
	}
	areas, err := l.s.ThingsAt(ctx, tx, Areas, at[0], at[1])
	if err != nil {
		return nil, err
	}
	for _, a := range areas {
		if a.Class != "community" {
			continue
		}
		if list, err = l.s.Places.Objects(ctx, tx, `until = '' AND kind = 'community' AND name = ?`, a.Name); err != nil {
			return nil, err
		}
		if len(list) == 1 {
			return &list[0], nil
		}
	}
	return nil, nil
}

// inside lands the storeys and units of a building: those that the register knows by their codes or doors are
// these, others are entered in it where the pack allows that.
func (l *lander) inside(ctx context.Context, tx *store.Tx, o *landing, building place.Object, t Thing, became map[string]outcome) (floors, units []tiles.Solid, err error) {
	var storeys, rooms []*landing
	for _, x := range o.all() {
		switch {
		case strings.EqualFold(x.Kind, "BuildingStorey"):
			storeys = append(storeys, x)
		case strings.EqualFold(x.Kind, "BuildingUnit"):
			rooms = append(rooms, x)
		}
	}
	if len(storeys)+len(rooms) == 0 {
		return nil, nil, nil
	}
	solidsOf := func(x *landing, f tiles.Feature) []tiles.Solid {
		faces, _ := finest(x.shapes)
		return surveyed(faces, f)
	}
	have, err := l.s.Places.Objects(ctx, tx, `parent = ? AND until = '' ORDER BY id`, int64(building.ID))
	if err != nil {
		return nil, nil, err
	}
	by := l.by
	by.Day = max(by.Day, building.Since)
	enter := l.s.book.Load().landing.Enter
	on := map[int]place.Object{}
	for _, f := range have {
		if f.Kind == place.ObjectFloor {
			on[f.Detail.Floor] = f
		}
	}
	level := map[string]int{}
	slices.SortStableFunc(storeys, func(a, b *landing) int { return cmpFloat(boxOf(a.shapes)[2], boxOf(b.shapes)[2]) })
	for i, x := range storeys {
		n := i + 1
		if v, ok := x.number("floor", "storey", "level", "楼层", "层"); ok && v == math.Trunc(v) && v != 0 && math.Abs(v) < 400 {
			n = int(v)
		}
		level[x.Ext] = n
		floors = append(floors, solidsOf(x, tiles.Feature{Code: t.Code, Floor: int16(n), Use: t.Class})...)
		if _, ok := on[n]; !ok && enter {
			f, err := l.s.Places.Create(ctx, tx, place.PlaceDraft{Kind: place.ObjectFloor, Parent: building.ID, Name: cmp.Or(x.text("name", "名称"), strconv.Itoa(n)+"层"), Detail: place.PlaceDetail{Floor: n, Label: strconv.Itoa(n), Source: o.Source, Epoch: o.Epoch}}, by)
			if err != nil {
				return nil, nil, err
			}
			on[n] = f
		}
		became[x.Ext] = outcome{target: Buildings, thing: t.ID}
	}
	var doors []place.Object
	if doors, err = l.unitsOf(ctx, tx, building.ID); err != nil {
		return nil, nil, err
	}
	for _, x := range rooms {
		n := level[x.Parent]
		if v, ok := x.number("floor", "storey", "level", "楼层", "层"); ok && v == math.Trunc(v) && math.Abs(v) < 400 {
			n = int(v)
		}
		label := x.text("label", "room", "房号", "name", "名称")
		i := slices.IndexFunc(doors, func(u place.Object) bool {
			return x.Code != "" && u.Codes[place.House] == x.Code || x.Code == "" && (u.Codes[place.Surveyed] == x.Ext || label != "" && u.Name == label && u.Detail.Floor == n)
		})
		var unit place.Object
		switch {
		case i >= 0:
			unit = doors[i]
		case !enter:
			became[x.Ext] = outcome{note: "not_in_register"}
			continue
		default:
			parent := building.ID
			if f, ok := on[n]; ok {
				parent = f.ID
				by.Day = max(by.Day, f.Since)
			}
			d := place.PlaceDraft{Kind: place.ObjectUnit, Parent: parent, Name: cmp.Or(label, x.Ext), Codes: map[place.Scheme]string{}, Detail: place.PlaceDetail{Floor: n, Label: label, Source: o.Source, Epoch: o.Epoch}}
			if c, err := place.ParseHouseCode(x.Code); err == nil && c.Level() == place.Unit && strings.HasPrefix(x.Code, t.Code) {
				d.Codes[place.House] = x.Code
			} else if d.Codes[place.Surveyed], err = l.free(ctx, tx, Buildings, t.Code+"."+x.Ext, 0); err != nil {
				return nil, nil, err
			}
			if unit, err = l.s.Places.Create(ctx, tx, d, by); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", x.Ext, err)
			}
			doors = append(doors, unit)
		}
		code := cmp.Or(unit.Codes[place.House], unit.Codes[place.Surveyed], t.Code)
		units = append(units, solidsOf(x, tiles.Feature{Code: code, Floor: int16(n), Use: cmp.Or(unit.Detail.Use, t.Class)})...)
		became[x.Ext] = outcome{target: Buildings, thing: t.ID}
	}
	return floors, units, nil
}

// unitsOf are the units of a building that stand.
func (l *lander) unitsOf(ctx context.Context, q store.Querier, building store.ID) ([]place.Object, error) {
	return l.s.Places.Objects(ctx, q, `kind = 'unit' AND until = '' AND (parent = ? OR parent IN (SELECT id FROM place_object WHERE parent = ? AND kind = 'floor'))`, int64(building), int64(building))
}
