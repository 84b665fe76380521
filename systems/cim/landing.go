package cim

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"shanzhi/core/account"
	"shanzhi/core/pack"
	"shanzhi/core/place"
	"shanzhi/core/store"
	"shanzhi/systems/cim/check"
	"shanzhi/systems/cim/simulate"
)

// What was checked in lands in the city (落图): each object of the model that was published becomes a building
// of the register, a road, a parcel, a camera, a pipe, a part of the ground, and is drawn from then on. What
// an object became is kept, so that its next epoch takes the place of its last.

// Landing is what a district's pack says of it, in cim/landing.yaml.
type Landing struct {
	// Enter is that buildings that the register does not have are entered in it.
	Enter bool `yaml:"enter"`
	// Kinds are names of kinds of objects, beside the usual ones, by layer.
	Kinds map[Layer][]string `yaml:"kinds"`
}

const packLanding = "cim/landing.yaml"

func readLanding(files fs.FS) (l Landing, err error) {
	if !pack.Has(files, packLanding) {
		return l, nil
	}
	if err := pack.Settings(files, packLanding, &l); err != nil {
		return l, err
	}
	for layer := range l.Kinds {
		if layerNumbers[layer] == 0 {
			return l, fmt.Errorf("%s: kinds: there is no layer %q that has things", packLanding, layer)
		}
	}
	return l, nil
}

// landingKinds are the usual names of kinds: those of CityJSON, and what files are called.
var landingKinds = map[Layer][]string{
	Roads:    {"road", "railway", "transportsquare", "square", "道路", "铁路"},
	Parcels:  {"landuse", "parcel", "地块", "宗地", "用地"},
	Water:    {"waterbody", "waterway", "water", "水域", "河流", "水系"},
	Cameras:  {"camera", "cctv", "摄像机", "监控", "视频点位"},
	Poles:    {"pole", "lamp", "灯杆", "路灯"},
	Stations: {"station", "busstop", "公交站", "站点", "变电站", "泵站"},
}

// layerOf is on which layer an object is drawn, "" on none.
func (l Landing) layerOf(o *landing, rules *check.Rules) Layer {
	kind := strings.ToLower(strings.TrimSpace(o.Kind))
	for _, named := range []map[Layer][]string{l.Kinds, landingKinds} {
		for layer, names := range named {
			if slices.ContainsFunc(names, func(n string) bool { return strings.ToLower(n) == kind }) {
				return layer
			}
		}
	}
	// Of outlines, what has a code or storeys is a building.
	if check.BuildingKind(o.Kind) || o.text(rules.Fields("code")...) != "" || o.text(rules.Fields("floors")...) != "" {
		return Buildings
	}
	return ""
}

// landing is an object of the model as it lands.
type landing struct {
	ID, Checkin                       store.ID
	Ext, Kind, Code, Parent           string
	Attributes, Shapes, Source, Epoch string

	said   map[string]any
	shapes []CityShape
	inside []*landing // parts, storeys, units
}

const landingColumns = `SELECT o.id, o.checkin, o.ext, o.kind, o.code, o.parent, o.attributes, o.shapes, o.source, o.epoch FROM cim_city_object o `

func (o *landing) read() error {
	return errors.Join(json.Unmarshal([]byte(o.Attributes), &o.said), json.Unmarshal([]byte(o.Shapes), &o.shapes))
}

// text is an attribute as text, by the first of the names that it has.
func (o *landing) text(names ...string) string {
	for _, n := range names {
		switch v := o.said[n].(type) {
		case string:
			if v = strings.TrimSpace(v); v != "" {
				return v
			}
		case float64:
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	return ""
}

func (o *landing) number(names ...string) (float64, bool) {
	for _, n := range names {
		if x, err := strconv.ParseFloat(o.text(n), 64); err == nil && !math.IsNaN(x) && !math.IsInf(x, 0) {
			return x, true
		}
	}
	return 0, false
}

// use is what it is for, as far as that is one of the uses that are drawn.
func (o *landing) use() string {
	if u := o.text("use", "用途", "function", "class"); slices.Contains(simulate.Solids{}.Uses(), u) {
		return u
	}
	return "other"
}

func (o *landing) title() string {
	name := []rune(cmp.Or(o.text("name", "名称", "楼栋名称", "gml:name"), o.Ext))
	return string(name[:min(len(name), 120)])
}

// all are an object and what is in it.
func (o *landing) all() []*landing {
	out := []*landing{o}
	for _, x := range o.inside {
		out = append(out, x.all()...)
	}
	return out
}

// landPiece is how many objects one transaction lands, about.
const landPiece = 60

// land brings the objects of a batch's layer that have not landed into the city. It is asked again after it
// was cut off and goes on with what is left: which objects landed is written with what they became.
func (s *Service) land(ctx context.Context, c CheckIn) error {
	who, err := s.decider(ctx, c.ID)
	if err != nil {
		return err
	}
	l := &lander{s: s, c: c, by: place.Order{Who: who, Day: c.Epoch, Reason: fmt.Sprintf("检查入库：%s（%s，%s）", c.Name, cmp.Or(c.Source, "来源未注明"), c.Epoch)}}
	// Pipes after their points.
	for _, pass := range []string{`o.kind <> 'pipe'`, `o.kind = 'pipe'`} {
		for {
			list, err := store.Select[landing](ctx, s.Store, landingColumns+`LEFT JOIN cim_landed l ON l.layer = o.layer AND l.ext = o.ext AND l.part = 0
 WHERE o.layer = ? AND o.until IS NULL AND (l.object IS NULL OR l.object <> o.id) AND `+pass+` ORDER BY o.id LIMIT ?`, c.Layer, landPiece)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				break
			}
			if err := l.piece(ctx, list); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) decider(ctx context.Context, id store.ID) (account.Actor, error) {
	row, err := store.Get[struct {
		Decider *int64
		Unit    *string
	}](ctx, s.Store, `SELECT c.decider, a.unit FROM cim_checkin c LEFT JOIN account a ON a.id = c.decider WHERE c.id = ?`, int64(id))
	who := account.System(s.Dir)
	if err == nil && row.Decider != nil {
		who.Account = store.ID(*row.Decider)
		if row.Unit != nil {
			who.Unit = *row.Unit
		}
	}
	return who, err
}

type lander struct {
	s  *Service
	c  CheckIn
	by place.Order
}

// piece lands some objects in one transaction: of a part of a building the whole building.
func (l *lander) piece(ctx context.Context, list []landing) error {
	roots, err := l.roots(ctx, list)
	if err != nil {
		return err
	}
	for _, o := range roots {
		for _, x := range o.all() {
			if err := x.read(); err != nil {
				return fmt.Errorf("%s: %w", x.Ext, err)
			}
		}
	}
	heights, err := l.s.HeightsOf(ctx, l.s.Store)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return l.s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		for _, o := range roots {
			if err := l.one(ctx, tx, o, heights); err != nil {
				return fmt.Errorf("%s: %w", o.Ext, err)
			}
		}
		_, err := tx.Exec(ctx, `UPDATE cim_checkin SET stage = 'landing', done = (SELECT count(*) FROM cim_landed d JOIN cim_city_object o ON o.id = d.object WHERE o.checkin = ? AND d.part = 0), total = added + changed WHERE id = ? AND state = 'publishing'`, l.c.ID, l.c.ID)
		return err
	})
}

// roots are the objects that others lie in, with all that lies in them.
func (l *lander) roots(ctx context.Context, list []landing) (out []*landing, err error) {
	by := func(column string, names []any) (rows []landing, err error) {
		for chunk := range slices.Chunk(names, 400) {
			some, err := store.Select[landing](ctx, l.s.Store, landingColumns+`WHERE o.layer = ? AND o.until IS NULL AND `+store.AnyOf(column, len(chunk))+` ORDER BY o.id`, append([]any{l.c.Layer}, chunk...)...)
			if err != nil {
				return nil, err
			}
			rows = append(rows, some...)
		}
		return rows, nil
	}
	const deepest = 8
	at := map[string]*landing{}
	level := list
	for range deepest { // up
		var above []any
		for i := range level {
			x := &level[i]
			if at[x.Ext] == nil {
				at[x.Ext] = x
			}
			if x.Parent != "" && at[x.Parent] == nil {
				above = append(above, x.Parent)
			}
		}
		if len(above) == 0 {
			break
		}
		if level, err = by("o.ext", above); err != nil {
			return nil, err
		}
	}
	var next []any
	for _, x := range at {
		if p := at[x.Parent]; x.Parent == "" || p == nil || p == x {
			out = append(out, x)
			next = append(next, x.Ext)
		}
	}
	slices.SortFunc(out, func(a, b *landing) int { return cmp.Compare(a.ID, b.ID) })
	in := map[string]*landing{}
	for _, x := range out {
		in[x.Ext] = x
	}
	for range deepest { // down
		rows, err := by("o.parent", next)
		if err != nil {
			return nil, err
		}
		next = nil
		for i := range rows {
			x := &rows[i]
			p := in[x.Parent]
			if p == nil || in[x.Ext] != nil {
				continue
			}
			in[x.Ext] = x
			p.inside = append(p.inside, x)
			next = append(next, x.Ext)
		}
		if len(next) == 0 {
			break
		}
	}
	// What names its parents in a circle lands alone.
	for i := range list {
		if in[list[i].Ext] == nil {
			out = append(out, &list[i])
		}
	}
	return out, nil
}

// outcome is what an object became.
type outcome struct {
	part   int
	target Layer
	thing  store.ID
	cell   int64
	note   string
}

func (l *lander) one(ctx context.Context, tx *store.Tx, o *landing, heights *Heights) error {
	var became []outcome
	var err error
	switch o.Kind {
	case "pipe_node":
		became, err = l.well(ctx, tx, o)
	case "pipe":
		became, err = l.pipe(ctx, tx, o)
	case "grid":
		became, err = l.ground(ctx, tx, o)
	case "cloud", "tileset":
		became = []outcome{{note: "only_listed"}}
	default:
		switch layer := l.s.book.Load().landing.layerOf(o, l.s.book.Load().rules); layer {
		case "":
			became = []outcome{{note: "no_layer"}}
		case Buildings:
			return l.building(ctx, tx, o, heights)
		default:
			became, err = l.thing(ctx, tx, o, layer)
		}
	}
	if err != nil {
		return err
	}
	for _, x := range o.inside {
		if err := l.note(ctx, tx, x, []outcome{{note: "only_listed"}}); err != nil {
			return err
		}
	}
	return l.note(ctx, tx, o, became)
}

// note keeps what an object became.
func (l *lander) note(ctx context.Context, tx *store.Tx, o *landing, became []outcome) error {
	if _, err := tx.Exec(ctx, `DELETE FROM cim_landed WHERE layer = ? AND ext = ?`, l.c.Layer, o.Ext); err != nil {
		return err
	}
	rows := make([][]any, len(became))
	for i, b := range became {
		rows[i] = []any{l.c.Layer, o.Ext, b.part, int64(o.ID), string(b.target), int64(b.thing), b.cell, o.Source, o.Epoch, b.note}
	}
	return store.InsertRows(ctx, tx, `INSERT INTO cim_landed (layer, ext, part, object, target, thing, cell, source, epoch, note) VALUES `, rows)
}

// before is what an object was the last time, by part.
func (l *lander) before(ctx context.Context, tx *store.Tx, ext string) (map[int]outcome, error) {
	rows, err := store.Select[struct {
		Part   int
		Target Layer
		Thing  store.ID
		Cell   int64
	}](ctx, tx, `SELECT part, target, thing, cell FROM cim_landed WHERE layer = ? AND ext = ?`, l.c.Layer, ext)
	out := map[int]outcome{}
	for _, r := range rows {
		out[r.Part] = outcome{part: r.Part, target: r.Target, thing: r.Thing, cell: r.Cell}
	}
	return out, err
}

// free is the code of a thing by what it is called in its file: with its layer before it where it is another's.
func (l *lander) free(ctx context.Context, tx *store.Tx, layer Layer, ext string, id store.ID) (string, error) {
	for _, code := range []string{ext, l.c.Layer + "." + ext, l.c.Layer + "." + ext + "." + id.String()} {
		var taken bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM cim_thing WHERE layer = ? AND code = ? AND id <> ?) OR EXISTS (SELECT 1 FROM place_code WHERE scheme = ? AND value = ? AND until = '' AND object <> ?)`,
			layerNumbers[layer], code, int64(id), string(place.Surveyed), code, int64(id)).Scan(&taken); err != nil || !taken {
			return code, err
		}
	}
	return "", fmt.Errorf("cim: %q has no code left", ext)
}

// thing lands what is no building: by its faces, else its lines, else its point.
func (l *lander) thing(ctx context.Context, tx *store.Tx, o *landing, layer Layer) ([]outcome, error) {
	faces, _ := finest(o.shapes)
	var shape orb.Geometry
	if print := footprint(faces); len(print) > 0 {
		shape = shapeOf(print)
	}
	for _, x := range o.shapes {
		if shape != nil {
			break
		}
		long := []orb.Point(nil)
		for _, line := range x.Lines {
			if len(line) > len(long) {
				long = nil
				for _, p := range line {
					long = append(long, orb.Point{p[0], p[1]})
				}
			}
		}
		switch {
		case len(long) > 1:
			shape = orb.LineString(long)
		case len(x.Points) > 0:
			shape = orb.Point{x.Points[0][0], x.Points[0][1]}
		}
	}
	if shape == nil {
		return []outcome{{note: "no_shape"}}, nil
	}
	was, err := l.before(ctx, tx, o.Ext)
	if err != nil {
		return nil, err
	}
	id := was[0].thing
	if id == 0 || was[0].target != layer {
		id = tx.NewID()
	}
	code, err := l.free(ctx, tx, layer, o.Ext, id)
	if err != nil {
		return nil, err
	}
	box := boxOf(o.shapes)
	said := map[string]any{"epoch": o.Epoch, "checkin": o.Checkin}
	for k, v := range o.said {
		if _, own := said[k]; !own && len(said) < 60 {
			said[k] = v
		}
	}
	detail, err := json.Marshal(said)
	if err != nil {
		return nil, err
	}
	t := Thing{ID: id, Layer: layer, Code: code, Class: cmp.Or(o.text("class", "type", "类别"), strings.ToLower(o.Kind)), Name: o.text("name", "名称"), Shape: shape, Low: box[2], High: box[5], Detail: detail, Source: o.Source}
	if err := t.check(); err != nil {
		return []outcome{{note: "no_shape"}}, nil
	}
	return []outcome{{target: layer, thing: id}}, l.s.putShape(ctx, tx, &t, nil, o.Epoch, "land", l.by.Who, l.by.Reason)
}

// finish says in the catalogue what a batch gave, in the transaction that says that it was published. Tiles
// of the layers are stale from then on.
func (s *Service) finishLanding(ctx context.Context, tx *store.Tx, c CheckIn) error {
	targets, err := store.Select[string](ctx, tx, `SELECT DISTINCT l.target FROM cim_landed l JOIN cim_city_object o ON o.id = l.object WHERE o.checkin = ? AND l.target <> ''`, int64(c.ID))
	if err != nil {
		return err
	}
	at := store.At(s.Store.Now())
	for _, target := range targets {
		if err := s.countLayer(ctx, tx, Layer(target), c, at); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) countLayer(ctx context.Context, tx *store.Tx, l Layer, c CheckIn, at store.Time) error {
	count, args := `SELECT count(*) FROM cim_thing WHERE layer = ?`, []any{layerNumbers[l]}
	switch l {
	case Pipes:
		count, args = `SELECT count(*) FROM cim_pipe`, nil
	case Terrain:
		count, args = `SELECT count(*) FROM cim_grid`, nil
	}
	var n int64
	if err := tx.QueryRow(ctx, count, args...).Scan(&n); err != nil {
		return err
	}
	// What is made up stays said to be; what a file gave is told beside it.
	if _, err := tx.Exec(ctx, `INSERT INTO cim_layer (code, source, epoch, synthetic, seq, things, at) VALUES (?, ?, ?, ?, 1, ?, ?)
 ON CONFLICT (code) DO UPDATE SET seq = cim_layer.seq + 1, things = excluded.things, at = excluded.at,
 source = CASE WHEN cim_layer.synthetic OR excluded.epoch < cim_layer.epoch THEN cim_layer.source ELSE excluded.source END,
 epoch = CASE WHEN cim_layer.synthetic OR excluded.epoch < cim_layer.epoch THEN cim_layer.epoch ELSE excluded.epoch END`, string(l), c.Source, c.Epoch, false, n, at); err != nil {
		return err
	}
	return countSources(ctx, tx, l, at)
}

// countSources counts what of a layer came from which files.
func countSources(ctx context.Context, tx *store.Tx, l Layer, at store.Time) error {
	if _, err := tx.Exec(ctx, `DELETE FROM cim_layer_source WHERE code = ?`, string(l)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO cim_layer_source (code, source, epoch, things, at) SELECT target, source, epoch, count(DISTINCT thing), CAST(? AS BIGINT) FROM cim_landed WHERE target = ? GROUP BY target, source, epoch`, at.UnixMicro(), string(l))
	return err
}
