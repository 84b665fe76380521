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
	"time"

	"github.com/paulmach/orb"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/pack"
	"shanzhi/core/parallel"
	"shanzhi/core/place"
	"shanzhi/core/store"
	"shanzhi/systems/cim/simulate"
)

// Errors of LoadCity.
var (
	// ErrReal is that the register holds what is not made up.
	ErrReal = errors.New("the register holds what is real: a made-up city is loaded into an empty or made-up one alone")
	// ErrOther is that another city is there, or half there.
	ErrOther = errors.New("the records hold another made-up city")
)

// CityLoad is what is asked of LoadCity.
type CityLoad struct {
	Seed uint64 `json:"seed"`
	// Section names the communities that are loaded; none is the whole city.
	Section []string `json:"section,omitempty"`
	// Gently makes short transactions and rests between them: others are at work.
	Gently bool `json:"-"`
	// Progress is told how far it is; nil: nobody asks.
	Progress func(done, total int64) `json:"-"`
}

// CityLoaded is what was loaded, or how far a load is.
type CityLoaded struct {
	Synthetic bool           `json:"synthetic"`
	Plan      CityLoad       `json:"plan"`
	Step      string         `json:"step"`
	Done      int64          `json:"done"`
	Total     int64          `json:"total"`
	Began     store.Time     `json:"began"`
	Ended     store.Time     `json:"ended,omitzero"`
	Counts    map[string]int `json:"counts,omitempty" doc:"What this call loaded, by kind"`
}

type loadRow struct {
	ID    store.ID   `bun:"id"`
	Plan  string     `bun:"plan"`
	Step  string     `bun:"step"`
	At    int        `bun:"at_item"`
	Done  int64      `bun:"done"`
	Total int64      `bun:"total"`
	Began store.Time `bun:"began"`
	Ended store.Time `bun:"ended"`
}

const loadName = "simulated"

func (s *Service) loadOf(ctx context.Context, q store.Querier) (loadRow, error) {
	return store.Get[loadRow](ctx, q, `SELECT id, plan, step, at_item, done, total, began, ended FROM cim_load WHERE name = ?`, loadName)
}

func (r loadRow) said() (out CityLoaded, err error) {
	out = CityLoaded{Synthetic: true, Step: r.Step, Done: r.Done, Total: r.Total, Began: r.Began, Ended: r.Ended}
	return out, json.Unmarshal([]byte(r.Plan), &out.Plan)
}

// LoadState is how far the made-up city is; store.ErrNotFound where none was begun.
func (s *Service) LoadState(ctx context.Context) (CityLoaded, error) {
	r, err := s.loadOf(ctx, s.Store)
	if err != nil {
		return CityLoaded{}, err
	}
	return r.said()
}

// LoadCity loads the made-up city (模拟城市) of a pack: its buildings, floors and units into the
// register, their shapes and bodies, roads, parcels, pipes, cameras, poles and the ground into
// the layers. All of it is synthetic and says so. Where it was cut off it goes on; what is there
// is not loaded again.
func (s *Service) LoadCity(ctx context.Context, files fs.FS, ask CityLoad) (CityLoaded, error) {
	slices.Sort(ask.Section)
	plan, err := json.Marshal(ask)
	if err != nil {
		return CityLoaded{}, err
	}
	row, err := s.loadOf(ctx, s.Store)
	switch {
	case err == nil && row.Plan != string(plan):
		return CityLoaded{}, fmt.Errorf("%w: %s, not %s", ErrOther, row.Plan, plan)
	case err == nil && !row.Ended.IsZero():
		return row.said()
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return CityLoaded{}, err
	}
	begun := err == nil
	if err := s.onlyMadeUp(ctx); err != nil {
		return CityLoaded{}, err
	}
	blueprint, err := simulate.ReadPlan(files, ask.Seed)
	if err != nil {
		return CityLoaded{}, err
	}
	c, err := simulate.New(blueprint)
	if err != nil {
		return CityLoaded{}, err
	}
	l, err := newLoader(s, files, c, ask)
	if err != nil {
		return CityLoaded{}, err
	}
	if !begun {
		row = loadRow{ID: s.Store.NewID(), Plan: string(plan), Step: loadSteps[0], Total: l.total(), Began: store.At(s.Store.Now())}
		if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO cim_load (id, name, plan, step, at_item, done, total, began) VALUES (?, ?, ?, ?, 0, 0, ?, ?)`, row.ID, loadName, row.Plan, row.Step, row.Total, row.Began)
			return err
		}); err != nil {
			return CityLoaded{}, err
		}
	}
	l.row = row
	if err := l.run(ctx); err != nil {
		return CityLoaded{}, err
	}
	if err := s.Store.Analyze(ctx, "place_object", "place_code", "place_change", "cim_thing", "cim_body", "cim_pipe", "cim_well", "cim_space"); err != nil {
		return CityLoaded{}, err
	}
	out, err := s.LoadState(ctx)
	out.Counts = l.counts
	return out, err
}

// DemonstrationSection are the communities that a pack's demonstration loads.
func DemonstrationSection(files fs.FS) ([]string, error) {
	p, err := simulate.ReadPlan(files, 0)
	if err != nil {
		return nil, err
	}
	return slices.Clone(p.Settings.Demonstration), nil
}

// onlyMadeUp refuses a register that holds something at its top which is not made up.
func (s *Service) onlyMadeUp(ctx context.Context) error {
	streets, err := s.Places.Objects(ctx, s.Store, `parent IS NULL`)
	if err != nil {
		return err
	}
	for _, o := range streets {
		if !o.Detail.Synthetic {
			return ErrReal
		}
	}
	return nil
}

// loadSteps are done one after the other; each is cut into pieces, of which each is one
// transaction with the place where the next begins.
var loadSteps = []string{"areas", "buildings", "things", "wells", "pipes", "terrain", "end"}

type loader struct {
	*Service
	c       *simulate.City
	ask     CityLoad
	row     loadRow
	by      place.Order
	source  string
	above   string            // province, city and district, as addresses begin
	streets map[string]string // names by the pack's codes
	zero    int64             // of the keys of pipes and wells

	buildings []int32 // by community
	things    []Thing
	wells     []int32 // by cell
	pipes     []int32
	areas     map[int32]area // of communities
	counts    map[string]int
}

// area is a community of the register.
type area struct {
	id   store.ID
	code string
}

func newLoader(s *Service, files fs.FS, c *simulate.City, ask CityLoad) (*loader, error) {
	system := account.System(s.Dir)
	l := &loader{Service: s, c: c, ask: ask, streets: map[string]string{}, areas: map[int32]area{}, counts: map[string]int{}, source: fmt.Sprintf("simulated:%d", ask.Seed)}
	l.by = place.Order{Who: system, Day: s.Store.Now().In(s.zone()).AddDate(-1, 0, 0).Format(time.DateOnly), Reason: fmt.Sprintf("模拟数据（合成，种子 %d）", ask.Seed)}
	rows, err := pack.Table(files, "places.csv", "code", "name", "level")
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		l.streets[r["code"]] = r["name"]
	}
	l.listAreas(rows)
	l.above = strings.Join(s.book.Load().district.above, "")
	in, err := c.Section(ask.Section)
	if err != nil {
		return nil, err
	}
	for i := range c.Buildings {
		if in(c.Buildings[i].Rects[0].Mid) {
			l.buildings = append(l.buildings, int32(i))
		}
	}
	slices.SortStableFunc(l.buildings, func(a, b int32) int { return cmp.Compare(c.CommunityOf(a), c.CommunityOf(b)) })
	l.listThings(in)
	cells := make([]int64, len(c.Wells))
	for i, w := range c.Wells {
		if in(w.At) {
			l.wells = append(l.wells, int32(i))
			lon, lat := c.Frame.Degrees(w.At)
			cells[i] = cellOf(lon, lat)
		}
	}
	slices.SortFunc(l.wells, func(a, b int32) int { return cmp.Or(cmp.Compare(cells[a], cells[b]), cmp.Compare(a, b)) })
	cells = make([]int64, len(c.Pipes))
	for i := range c.Pipes {
		if p := l.pipe(int32(i)); in(c.Wells[c.Pipes[i].A].At) && in(c.Wells[c.Pipes[i].B].At) {
			l.pipes = append(l.pipes, int32(i))
			cells[i] = pipeCell(p.ALon, p.ALat, p.BLon, p.BLat)
		}
	}
	slices.SortFunc(l.pipes, func(a, b int32) int { return cmp.Or(cmp.Compare(cells[a], cells[b]), cmp.Compare(a, b)) })
	return l, nil
}

func (l *loader) items(step string) int {
	switch step {
	case "areas", "terrain", "end":
		return 1
	case "buildings":
		return len(l.buildings)
	case "things":
		return len(l.things)
	case "wells":
		return len(l.wells)
	}
	return len(l.pipes)
}

func (l *loader) total() (n int64) {
	for _, step := range loadSteps {
		n += int64(l.items(step))
	}
	return n
}

// piece is what one transaction writes.
type piece struct {
	step     string
	from, to int
	write    func(ctx context.Context, tx *store.Tx) error
	counts   map[string]int
	err      error
}

// run makes the pieces ready on one core while another writes them.
func (l *loader) run(ctx context.Context) error {
	l.zero = int64(l.row.ID) &^ (1<<22 - 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	first, at := slices.Index(loadSteps, l.row.Step), l.row.At
	for k, step := range loadSteps[max(first, 0):] {
		if k > 0 {
			at = 0
		}
		if step == "buildings" {
			if err := l.findAreas(ctx); err != nil {
				return err
			}
		}
		pieces := make(chan piece, 2)
		go func(from int) {
			defer close(pieces)
			for from < l.items(step) {
				p := l.ready(step, from)
				select {
				case pieces <- p:
				case <-ctx.Done():
					return
				}
				if p.err != nil {
					return
				}
				from = p.to
			}
		}(at)
		for p := range pieces {
			if p.err != nil {
				return p.err
			}
			if err := l.write(ctx, p); err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) write(ctx context.Context, p piece) error {
	began := time.Now()
	next, at := p.step, p.to
	if p.to >= l.items(p.step) {
		if i := slices.Index(loadSteps, p.step); i+1 < len(loadSteps) {
			next, at = loadSteps[i+1], 0
		}
	}
	err := l.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		var ended any
		if p.step == "end" {
			ended = store.At(l.Store.Now())
		}
		n, err := tx.Exec(ctx, `UPDATE cim_load SET step = ?, at_item = ?, done = done + ?, ended = ? WHERE id = ? AND step = ? AND at_item = ?`, next, at, p.to-p.from, ended, l.row.ID, p.step, p.from)
		if err != nil {
			return err
		}
		if n != 1 {
			return errors.New("cim: another process loads the city")
		}
		return p.write(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("%s from %d: %w", p.step, p.from, err)
	}
	l.row.Done += int64(p.to - p.from)
	for k, n := range p.counts {
		l.counts[k] += n
	}
	if l.ask.Progress != nil {
		l.ask.Progress(l.row.Done, l.row.Total)
	}
	if l.ask.Gently {
		select {
		case <-time.After(time.Since(began)):
		case <-ctx.Done():
		}
	}
	return nil
}

// rows is how many rows a piece has, about.
func (l *loader) rows() int {
	if l.ask.Gently {
		return 600
	}
	return 20_000
}

func (l *loader) ready(step string, from int) piece {
	p := piece{step: step, from: from, to: min(from+l.rows(), l.items(step))}
	switch step {
	case "areas":
		p.to, p.write = 1, l.enterAreas
	case "buildings":
		l.readyBuildings(&p)
	case "things":
		things, boxes, err := rowsOf(l.things[p.from:p.to])
		p.err = err
		p.write = func(ctx context.Context, tx *store.Tx) error { return putRows(ctx, tx, things, boxes) }
		p.counts = map[string]int{"things": p.to - p.from}
	case "wells":
		rows := make([][]any, 0, p.to-p.from)
		for _, i := range l.wells[p.from:p.to] {
			w := l.well(i)
			rows = append(rows, w.row())
		}
		p.write = func(ctx context.Context, tx *store.Tx) error { return store.InsertRows(ctx, tx, insertWell, rows) }
		p.counts = map[string]int{"wells": len(rows)}
	case "pipes":
		rows := make([][]any, 0, p.to-p.from)
		for _, i := range l.pipes[p.from:p.to] {
			x := l.pipe(i)
			rows = append(rows, x.row())
		}
		p.write = func(ctx context.Context, tx *store.Tx) error { return store.InsertRows(ctx, tx, insertPipe, rows) }
		p.counts = map[string]int{"pipes": len(rows)}
	case "terrain":
		h := l.terrain()
		packed, err := h.pack()
		p.err = errors.Join(err, h.check())
		p.write = func(ctx context.Context, tx *store.Tx) error {
			return putHeights(ctx, tx, h, packed, l.source, store.At(l.Store.Now()))
		}
	case "end":
		p.write = l.end
	}
	return p
}

// enterAreas enters the streets and communities that are not there yet.
func (l *loader) enterAreas(ctx context.Context, tx *store.Tx) error {
	used := map[int32]bool{}
	for _, i := range l.buildings {
		used[l.c.CommunityOf(i)] = true
	}
	streets, err := l.Places.Objects(ctx, tx, `kind = 'street' AND until = ''`)
	if err != nil {
		return err
	}
	for n, x := range l.c.Plan.Communities {
		if !used[int32(n)] {
			continue
		}
		name := l.streets[x.Street]
		i := slices.IndexFunc(streets, func(o place.Object) bool { return o.Name == name })
		if i < 0 {
			o, err := l.enterOne(ctx, tx, place.ObjectStreet, 0, name, x.Digits[:9])
			if err != nil {
				return err
			}
			i, streets = len(streets), append(streets, o)
		}
		there, err := l.Places.Objects(ctx, tx, `kind = 'community' AND until = '' AND parent = ? AND name = ?`, int64(streets[i].ID), x.Name)
		if err != nil {
			return err
		}
		if len(there) == 0 {
			if _, err := l.enterOne(ctx, tx, place.ObjectCommunity, streets[i].ID, x.Name, x.Digits); err != nil {
				return err
			}
		}
	}
	return nil
}

// enterOne enters an area; where its code is another's it takes a free one of its street.
func (l *loader) enterOne(ctx context.Context, tx *store.Tx, kind place.ObjectKind, parent store.ID, name, code string) (place.Object, error) {
	for last := 999; ; last-- {
		var taken bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM place_code WHERE scheme = 'house' AND value = ?)`, code).Scan(&taken); err != nil {
			return place.Object{}, err
		}
		if !taken {
			break
		}
		code = fmt.Sprintf("%s%03d", code[:len(code)-3], last)
	}
	return l.Places.Create(ctx, tx, place.PlaceDraft{Kind: kind, Parent: parent, Name: name, Codes: map[place.Scheme]string{place.House: code}, Detail: place.PlaceDetail{Synthetic: true}}, l.by)
}

// findAreas finds the communities again by their names.
func (l *loader) findAreas(ctx context.Context) error {
	list, err := l.Places.Objects(ctx, l.Store, `kind IN ('street', 'community') AND until = ''`)
	if err != nil {
		return err
	}
	type name struct{ street, community string }
	streets, found := map[store.ID]string{}, map[name]area{}
	for _, o := range list {
		if o.Kind == place.ObjectStreet {
			streets[o.ID] = o.Name
		}
	}
	for _, o := range list {
		if o.Kind == place.ObjectCommunity {
			found[name{streets[o.Parent], o.Name}] = area{o.ID, o.Codes[place.House]}
		}
	}
	for n, x := range l.c.Plan.Communities {
		if a, ok := found[name{l.streets[x.Street], x.Name}]; ok {
			l.areas[int32(n)] = a
		}
	}
	return nil
}

// readyBuildings makes ready buildings of one community, with what lies in them.
func (l *loader) readyBuildings(p *piece) {
	c := l.c
	community := c.CommunityOf(l.buildings[p.from])
	in, ok := l.areas[community]
	if !ok {
		p.err = fmt.Errorf("cim: community %s is not in the register", c.Plan.Communities[community].Name)
		return
	}
	var entries []place.Entry
	var things []Thing
	bodies := map[int][]byte{}
	spaces := map[int][][]any{}
	deep := map[int]bool{}
	rows, units := 0, 0
	solids := simulate.Solids{City: c}
	taken, err := store.Select[string](context.Background(), l.Store, `SELECT value FROM place_code WHERE scheme = 'house' AND value >= ? AND value < ? AND length(value) = 19`, in.code, in.code+":")
	if err != nil {
		p.err = err
		return
	}
	has := map[string]bool{}
	for _, code := range taken {
		has[code] = true
	}
	for p.to = p.from; p.to < len(l.buildings) && rows < l.rows(); p.to++ {
		i := l.buildings[p.to]
		if c.CommunityOf(i) != community {
			break
		}
		b := &c.Buildings[i]
		code := in.code + c.Code(i)[12:]
		if has[code] { // of a building that was there before
			code = fmt.Sprintf("%s%05d", code[:14], int(b.Serial)+50_000)
		}
		lon, lat := c.Frame.Degrees(b.Rects[0].Mid)
		e := place.Entry{PlaceDraft: place.PlaceDraft{Kind: place.ObjectBuilding, Name: c.Name(i), Codes: map[place.Scheme]string{place.House: code},
			Detail: place.PlaceDetail{Address: l.above + l.streets[c.Plan.Communities[community].Street] + c.Address(i) + c.Name(i), Lon: &lon, Lat: &lat, Use: string(b.Use), Area: float64(int(b.GrossArea()*100)) / 100, FloorsUp: b.Up, FloorsDn: b.Down, Built: b.Year, Synthetic: true}}}
		rows += 2
		body := Body{Shell: solids.Shell(int(i))}
		known := solids.Deep(int(i))
		if known {
			body.Floors, body.Units = solids.Floors(int(i)), solids.Units(int(i))
			for _, f := range c.Floors(i) {
				floor := place.Entry{PlaceDraft: place.PlaceDraft{Kind: place.ObjectFloor, Name: f.Label + "层", Detail: place.PlaceDetail{Floor: f.Ordinal, Label: f.Label, Synthetic: true}}}
				for _, u := range f.Units {
					unit := place.Entry{PlaceDraft: place.PlaceDraft{Kind: place.ObjectUnit, Name: u.Label, Codes: map[place.Scheme]string{place.House: fmt.Sprintf("%s%06d", code, u.Serial)}, Detail: place.PlaceDetail{Floor: f.Ordinal, Label: u.Label, Use: string(u.Use), Area: u.Area, Synthetic: true}}}
					if u.State == simulate.Vacant {
						unit.State = place.Vacant
					}
					floor.Inside = append(floor.Inside, unit)
					if row := l.space(code, f.Ordinal, &u, lon, lat); row != nil {
						spaces[len(entries)] = append(spaces[len(entries)], row)
						rows++
					}
				}
				rows, units = rows+1+len(floor.Inside), units+len(floor.Inside)
				e.Inside = append(e.Inside, floor)
			}
		}
		if known || len(body.Shell) > 1 {
			recode(&body, c.Code(i), code)
			bodies[len(entries)], deep[len(entries)] = packBody(body), known
		}
		detail, err := json.Marshal(map[string]any{"area": e.Detail.Area, "floors": b.Up, "down": b.Down, "year": b.Year, "deep": known})
		if err != nil {
			p.err = err
			return
		}
		things = append(things, Thing{Layer: Buildings, Code: code, Class: string(b.Use), Name: e.Name, Shape: orb.Polygon{l.ring(b.Footprint())}, Low: b.Ground, High: b.Ground + b.Height(), Detail: detail, Source: l.source})
		entries = append(entries, e)
	}
	entering, err := l.Places.Ready(in.id, place.ObjectCommunity, entries, l.by)
	if err != nil {
		p.err = err
		return
	}
	var rowsOfBodies, rowsOfSpace [][]any
	for k, id := range entering.First {
		things[k].ID = id
		for _, row := range spaces[k] {
			row[1] = int64(id)
			rowsOfSpace = append(rowsOfSpace, row)
		}
		if raw, ok := bodies[k]; ok {
			rowsOfBodies = append(rowsOfBodies, []any{int64(id), deep[k], raw})
		}
	}
	shapes, boxes, err := rowsOf(things)
	p.err = err
	p.counts = map[string]int{"buildings": len(entries), "units": units, "split": count(deep), "spaces": len(rowsOfSpace)}
	p.write = func(ctx context.Context, tx *store.Tx) error {
		if err := l.Places.EnterReady(ctx, tx, entering); err != nil {
			return err
		}
		if err := putRows(ctx, tx, shapes, boxes); err != nil {
			return err
		}
		if err := store.InsertRows(ctx, tx, `INSERT INTO cim_body (thing, deep, body) VALUES `, rowsOfBodies); err != nil {
			return err
		}
		return store.InsertRows(ctx, tx, insertSpace, rowsOfSpace)
	}
}

const insertSpace = `INSERT INTO cim_space (code, building, use, floor, label, area, gross, load, height, state, rent, since, until, firm, lon, lat, source) VALUES `

// space is the row of a unit that is let for work; nil of any other.
func (l *loader) space(building string, floor int, u *simulate.Unit, lon, lat float64) []any {
	if u.Use != simulate.Factory && u.Use != simulate.Office && u.Use != simulate.Shop {
		return nil
	}
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.DateOnly)
	}
	return []any{fmt.Sprintf("%s%06d", building, u.Serial), int64(0), string(u.Use), int64(floor), u.Label, u.Area, u.Gross, u.Load, u.Height, string(u.State), int64(math.Round(u.Rent * 100)), day(u.From), day(u.Until), u.Firm, lon, lat, l.source}
}

func count(set map[int]bool) (n int) {
	for _, yes := range set {
		if yes {
			n++
		}
	}
	return n
}

// recode puts a building's code of the register in place of the made-up one.
func recode(b *Body, from, to string) {
	if from == to {
		return
	}
	for i := range b.Shell {
		b.Shell[i].Feature.Code = to
	}
	for i := range b.Floors {
		b.Floors[i].Feature.Code = to
	}
	for i := range b.Units {
		b.Units[i].Feature.Code = to + strings.TrimPrefix(b.Units[i].Feature.Code, from)
	}
}

func (l *loader) point(p simulate.Point) orb.Point {
	lon, lat := l.c.Frame.Degrees(p)
	return orb.Point{lon, lat}
}

func (l *loader) ring(ring []simulate.Point) orb.Ring {
	out := make(orb.Ring, 0, len(ring)+1)
	for _, p := range ring {
		out = append(out, l.point(p))
	}
	return append(out, out[0])
}

// listAreas are the district, its streets by their middles, its communities, as the pack has
// them, and the made-up sea.
func (l *loader) listAreas(places []map[string]string) {
	add := func(t Thing) {
		t.ID, t.Source = l.Store.NewID(), "pack"
		l.things = append(l.things, t)
	}
	district := l.streets[places[0]["code"]]
	for _, r := range places {
		lon, lonErr := strconv.ParseFloat(r["lon"], 64)
		lat, latErr := strconv.ParseFloat(r["lat"], 64)
		switch {
		case r["level"] == "district":
			district = r["name"]
		case r["level"] == "street" && lonErr == nil && latErr == nil:
			add(Thing{Layer: Areas, Code: r["code"], Class: "street", Name: r["name"], Shape: orb.Point{lon, lat}})
		}
	}
	add(Thing{Layer: Areas, Code: "district", Class: "district", Name: district, Shape: l.c.Plan.District})
	for _, x := range l.c.Plan.Communities {
		add(Thing{Layer: Areas, Code: x.Code, Class: "community", Name: x.Name, Shape: x.Shape})
	}
	add(Thing{Layer: Water, Code: "sea", Class: "sea", Shape: orb.Polygon{l.ring(l.c.Sea(seaReach))}})
	l.things[len(l.things)-1].Source = l.source
}

// seaReach is how far the made-up sea goes, in metres.
const seaReach = 40_000

// listThings are roads, parcels, cameras, poles and stations, whose keys follow from their
// place in the city.
func (l *loader) listThings(in func(simulate.Point) bool) {
	c := l.c
	add := func(t Thing, detail map[string]any) {
		raw, err := json.Marshal(detail)
		if err != nil {
			panic(err) // numbers and strings alone
		}
		t.ID, t.Detail, t.Source = l.Store.NewID(), raw, l.source
		l.things = append(l.things, t)
	}
	for i, r := range c.Roads {
		a, b := c.Nodes[r.A], c.Nodes[r.B]
		if in(a.At) || in(b.At) {
			add(Thing{Layer: Roads, Code: fmt.Sprintf("R%06d", i+1), Class: r.Class.String(), Name: c.StreetName(r), Shape: orb.LineString{l.point(a.At), l.point(b.At)}, Low: min(a.Z, b.Z), High: max(a.Z, b.Z)},
				map[string]any{"width": r.Class.Width()})
		}
	}
	for i, b := range c.Blocks {
		if in(b.Room.Mid) {
			z := c.Ground.At(b.Room.Mid)
			add(Thing{Layer: Parcels, Code: fmt.Sprintf("P%06d", i+1), Class: string(b.Use), Shape: orb.Polygon{l.ring(b.Room.Ring())}, Low: z, High: z},
				map[string]any{"area": float64(int(b.Room.Area())), "community": c.Plan.Communities[b.Community].Name})
		}
	}
	for _, x := range c.Cameras {
		if in(x.At) {
			add(Thing{Layer: Cameras, Code: x.ID, Class: x.Class, Shape: l.point(x.At), Low: x.Ground, High: x.Z},
				map[string]any{"yaw": x.Yaw, "pitch": x.Pitch, "hfov": x.HFov, "vfov": x.VFov, "range": x.Range})
		}
	}
	for i, x := range c.Posts {
		if !in(x.At) {
			continue
		}
		t := Thing{Layer: Stations, Code: fmt.Sprintf("S%06d", i+1), Class: x.Kind, Shape: l.point(x.At), Low: x.Z, High: x.Z + x.Height}
		if x.Kind == "pole" {
			t.Layer, t.Code = Poles, fmt.Sprintf("L%06d", i+1)
		}
		add(t, map[string]any{})
	}
}

func (l *loader) well(i int32) Well {
	w := &l.c.Wells[i]
	lon, lat := l.c.Frame.Degrees(w.At)
	return Well{ID: store.ID(l.zero + int64(i) + 1), Class: string(w.Class), Kind: w.Kind, Lon: lon, Lat: lat, Ground: w.Ground, Bottom: w.Bottom}
}

func (l *loader) pipe(i int32) Pipe {
	p := &l.c.Pipes[i]
	x := Pipe{ID: store.ID(l.zero + int64(i) + 1), Class: string(p.Class), A: store.ID(l.zero + int64(p.A) + 1), B: store.ID(l.zero + int64(p.B) + 1),
		AZ: p.From, BZ: p.To, Diameter: p.Diameter, Material: p.Material, Year: int(p.Year), Own: p.Road < 0}
	x.ALon, x.ALat = l.c.Frame.Degrees(l.c.Wells[p.A].At)
	x.BLon, x.BLat = l.c.Frame.Degrees(l.c.Wells[p.B].At)
	return x
}

// heightStep is that of the made-up ground, in degrees: some 40 metres.
const heightStep = 0.0004

func (l *loader) terrain() *Heights {
	bound := l.c.Plan.District.Bound()
	const margin = 0.02
	b := Box{bound.Min[0] - margin, bound.Min[1] - margin, bound.Max[0] + margin, bound.Max[1] + margin}
	return sampled(b, heightStep, func(lon, lat float64) float64 { return l.c.Ground.At(l.c.Frame.On(lon, lat)) }, func(n int, work func(int)) { parallel.Each(n, 8, work) })
}

// end says in the catalogue what was loaded, and in the audit.
func (l *loader) end(ctx context.Context, tx *store.Tx) error {
	at := store.At(l.Store.Now())
	counts := map[Layer]int64{}
	for layer, n := range layerNumbers {
		var have int64
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM cim_thing WHERE layer = ?`, n).Scan(&have); err != nil {
			return err
		}
		counts[layer] = have
	}
	counts[Pipes], counts[Terrain] = int64(len(l.pipes)), 1
	sources := map[Layer]string{Areas: "pack"}
	for layer, n := range counts {
		if _, err := tx.Exec(ctx, `INSERT INTO cim_layer (code, source, epoch, synthetic, seq, things, at) VALUES (?, ?, ?, ?, 1, ?, ?)
			ON CONFLICT (code) DO UPDATE SET source = excluded.source, epoch = excluded.epoch, synthetic = excluded.synthetic, seq = cim_layer.seq + 1, things = excluded.things, at = excluded.at`,
			string(layer), cmp.Or(sources[layer], l.source), l.by.Day, layer != Areas, n, at); err != nil {
			return err
		}
	}
	return audit.Write(ctx, tx, audit.Record{At: at, Actor: l.by.Who.Account, Unit: l.by.Who.Unit, Action: "cim.simulate", Object: "city/" + loadName, Reason: l.by.Reason}, counts)
}
