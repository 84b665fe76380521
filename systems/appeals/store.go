package appeals

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
)

func insertAppeal(ctx context.Context, tx *store.Tx, a *Appeal) error {
	v := a.values()
	_, err := tx.Exec(ctx, `INSERT INTO appeal (`+appealColumns+`) VALUES (?`+strings.Repeat(`,?`, len(v)-1)+`)`, v...)
	return err
}

func getAppeal(ctx context.Context, q store.Querier, id store.ID) (Appeal, error) {
	return store.Get[Appeal](ctx, q, `SELECT `+appealColumns+` FROM appeal WHERE id = ?`, int64(id))
}

// scopeSQL is what a scope lets one see of matters, as a condition over the
// table matter (alias m).
func scopeSQL(sc account.Scope) (string, []any) {
	if sc.All {
		return "1=1", nil
	}
	var ors []string
	var args []any
	if len(sc.Units) > 0 {
		ors = append(ors, store.AnyOf("m.unit", len(sc.Units)))
		args = append(args, store.Args(sc.Units...)...)
	}
	if sc.Person != 0 {
		ors = append(ors, "m.applicant = ?")
		args = append(args, int64(sc.Person))
	}
	if len(ors) == 0 {
		return "1=0", nil
	}
	return "(" + strings.Join(ors, " OR ") + ")", args
}

// visible says whether the actor may see a matter; ErrNotFound if not. A
// co-unit sees the matter that it helps with; a person who said "me too" sees
// what they joined.
func (s *Service) visible(ctx context.Context, q store.Querier, who account.Actor, id store.ID) error {
	sc := who.Scope()
	if sc.All {
		return nil
	}
	cond, args := scopeSQL(sc)
	var yes bool
	query := `SELECT EXISTS (SELECT 1 FROM matter m WHERE m.id = ? AND ` + cond + `)`
	if err := q.QueryRow(ctx, query, append([]any{int64(id)}, args...)...).Scan(&yes); err != nil || yes {
		return err
	}
	if len(sc.Units) > 0 {
		// Who helps with it, who asked for it, who took it on first.
		units := store.Args(sc.Units...)
		query := `SELECT EXISTS (SELECT 1 FROM matter m WHERE m.parent = ? AND ` + store.AnyOf("m.unit", len(units)) + `) OR EXISTS (SELECT 1 FROM matter m WHERE m.id = ? AND (` +
			store.AnyOf("m.asker", len(units)) + ` OR ` + store.AnyOf("m.first_unit", len(units)) + `))`
		args := slices.Concat([]any{int64(id)}, units, []any{int64(id)}, units, units)
		if err := q.QueryRow(ctx, query, args...).Scan(&yes); err != nil || yes {
			return err
		}
	}
	if sc.Person != 0 {
		if err := q.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM appeal_follower WHERE appeal = ? AND person = ?)`, int64(id), int64(sc.Person)).Scan(&yes); err != nil || yes {
			return err
		}
	}
	return caseflow.ErrNotFound
}

// seen is an appeal with its matter for one who may see it; ErrNotFound if not.
func (s *Service) seen(ctx context.Context, q store.Querier, who account.Actor, id store.ID) (*caseflow.Matter, *Appeal, error) {
	if err := s.visible(ctx, q, who, id); err != nil {
		return nil, nil, err
	}
	m, err := caseflow.Get(ctx, q, id)
	if err != nil {
		return nil, nil, err
	}
	a, err := getAppeal(ctx, q, id)
	return m, &a, err
}

// Filter narrows a list of appeals. Empty fields do not narrow.
type Filter struct {
	Desks                                       []string // "role@unit": the queue of who sits there
	Q                                           string   // words
	Near                                        bool     // handling due within nearHours
	Major                                       bool     // on the board of what leaders watch
	Watched                                     store.ID // by this account (关注)
	Assignee                                    store.ID
	ClosedSince, DueSince, DueUntil, RatedSince time.Time
	State                                       []string
	Open                                        *bool
	Late                                        *bool
	Unit                                        string // and what lies below it
	Alone                                       bool   // the unit, not what lies below it
	Street                                      string
	Item                                        string // code or prefix
	Class                                       string
	Kind                                        string
	Source                                      string   // import profile's source
	Since                                       store.ID // opened at or after
	Until                                       store.ID // opened before
	Parent                                      store.ID
	After                                       string // page key
	Limit                                       int
	ByDue                                       bool // by deadline, else newest first
}

const rowColumns = `m.id, m.no, m.system, m.flow, m.flow_hash, m.state, m.open, m.version, m.parent, m.merged, m.class, m.unit, m.first_unit, m.asker, m.assignee, m.desk, m.item, m.place, m.title, m.applicant, m.due_at, m.total_due, m.late, m.vars, m.opened_at, m.closed_at, m.updated_at,
 COALESCE(a.channel, '') AS channel, COALESCE(a.kind, '') AS kind, COALESCE(a.street, '') AS street, COALESCE(a.community, '') AS community, a.lon, a.lat, COALESCE(a.urgent_words, '') AS urgent_words, COALESCE(a.synthetic, FALSE) AS synthetic`

const rowTables = ` FROM matter m LEFT JOIN appeal a ON a.id = COALESCE(m.parent, m.id)`

// searchBatch is how many hits of the words are looked at together for what
// else the filter asks.
const searchBatch = 200

// searchPage finds by words, newest first, and keeps of the hits what the rest
// of the filter lets through.
func (s *Service) searchPage(ctx context.Context, f Filter, where []string, args []any) (rows []Row, next string, err error) {
	var before store.ID
	if f.After != "" {
		if before, err = store.ParseID(f.After); err != nil {
			return nil, "", errBadKey
		}
	}
	rows = []Row{}
	for {
		ids, err := searchIndex.Find(ctx, s.Store, f.Q, before, searchBatch)
		if err != nil || len(ids) == 0 {
			return rows, "", err
		}
		before = ids[len(ids)-1]
		all := append(slices.Clone(args), store.Args(ids...)...)
		found, err := store.Select[Row](ctx, s.Store, `SELECT `+rowColumns+rowTables+` WHERE `+strings.Join(where, " AND ")+` AND `+store.AnyOf("m.id", len(ids))+` ORDER BY m.id DESC`, all...)
		if err != nil {
			return nil, "", err
		}
		rows = append(rows, found...)
		if len(rows) >= f.Limit {
			more := len(rows) > f.Limit || len(ids) == searchBatch
			rows = rows[:f.Limit]
			if more {
				next = rows[len(rows)-1].ID.String()
			}
			return rows, next, nil
		}
		if len(ids) < searchBatch {
			return rows, "", nil
		}
	}
}

// noDue stands for "no deadline" in page keys: after all others.
const noDue = int64(1) << 62

// list reads one page; next is the key of the page after it.
func (s *Service) list(ctx context.Context, sc account.Scope, f Filter) (rows []Row, next string, err error) {
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	q, err := s.listQuery(sc, f)
	if err != nil {
		return nil, "", err
	}
	if f.Q != "" {
		rows, next, err = s.searchPage(ctx, f, q.where, q.args)
		s.name(rows)
		return rows, next, err
	}
	query, args := q.sql(f.Limit + 1)
	rows, err = store.Select[Row](ctx, s.Store, query, args...)
	if err != nil {
		return nil, "", err
	}
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		last := rows[len(rows)-1]
		next = last.ID.String()
		if f.ByDue {
			due := noDue
			if !last.DueAt.IsZero() {
				due = last.DueAt.UnixMicro()
			}
			next = fmt.Sprintf("%d.%d", due, int64(last.ID))
		}
	}
	s.name(rows)
	return rows, next, nil
}

// dueKey is the deadline as lists by deadline order it; an index holds it.
const dueKey = "COALESCE(m.due_at, 4611686018427387904)"

// listing is a query for a page of matters.
type listing struct {
	where []string
	args  []any
	order string
	// among is a column and the values of it that are asked for, each of which
	// has an index in the list's order: the page is merged from the first rows
	// of each, so that what it costs does not grow with what lies behind them.
	among  string
	values []string
}

func (l *listing) add(cond string, args ...any) {
	l.where, l.args = append(l.where, cond), append(l.args, args...)
}

// any asks for rows whose column has one of values.
func (l *listing) any(column string, values []string) {
	l.add(store.AnyOf(column, len(values)), store.Args(values...)...)
}

// most values that a page is merged from; beyond it, reading on in order finds
// a page soon enough.
const mostAmong = 40

func (l *listing) sql(limit int) (string, []any) {
	tail := fmt.Sprintf(" ORDER BY %s LIMIT %d", l.order, limit)
	if l.among == "" || len(l.values) == 0 || len(l.values) > mostAmong {
		where, args := l.where, l.args
		if l.among != "" {
			where, args = append(slices.Clip(where), store.AnyOf(l.among, len(l.values))), append(slices.Clip(args), store.Args(l.values...)...)
		}
		return `SELECT ` + rowColumns + rowTables + ` WHERE ` + strings.Join(where, " AND ") + tail, args
	}
	branch := `SELECT * FROM (SELECT m.id AS id, ` + dueKey + ` AS due` + rowTables + ` WHERE ` + strings.Join(append(slices.Clip(l.where), l.among+" = ?"), " AND ") + tail + `) AS one`
	var branches []string
	var args []any
	for _, v := range l.values {
		branches = append(branches, branch)
		args = append(append(args, l.args...), v)
	}
	return `SELECT ` + rowColumns + ` FROM (` + strings.Join(branches, " UNION ALL ") + `) AS page JOIN matter m ON m.id = page.id LEFT JOIN appeal a ON a.id = COALESCE(m.parent, m.id)` + tail, args
}

func (s *Service) listQuery(sc account.Scope, f Filter) (*listing, error) {
	l := &listing{order: "m.id DESC"}
	if f.ByDue {
		l.order = dueKey + ", m.id"
	}
	l.add("m.system = ?", System)
	switch {
	case sc.All:
	case f.Watched != 0:
		cond, args := watchedSQL(sc)
		l.add(cond, args...)
	case len(sc.Units) > 0 && sc.Person == 0 && f.Desks == nil && !f.ByDue && f.Q == "":
		l.among, l.values = "m.unit", sc.Units
	default:
		cond, args := scopeSQL(sc)
		l.add(cond, args...)
	}
	if f.Parent != 0 {
		l.add("m.parent = ?", int64(f.Parent))
	} else if f.Desks == nil {
		l.add("m.flow = ?", "appeal")
	}
	if f.Desks != nil {
		l.add("m.open")
		switch {
		case len(f.Desks) == 0:
			l.add("1=0")
		case f.Q != "": // found by words first, and only then looked at
			l.any("m.desk", f.Desks)
		default:
			l.among, l.values = "m.desk", f.Desks
		}
	}
	if sc.Person != 0 { // a message and its parts are one report to who wrote it
		l.add("NOT EXISTS (SELECT 1 FROM appeal_part p WHERE p.appeal = m.id AND p.n > 1)")
	}
	if len(f.State) > 0 {
		l.any("m.state", f.State)
		if s.allOpen(f.State) {
			l.add("m.open")
		}
	}
	if f.Open != nil {
		if *f.Open {
			l.add("m.open")
		} else {
			l.add("NOT m.open")
		}
	}
	if f.Late != nil {
		l.add("m.late = ?", *f.Late)
	}
	if f.Unit != "" {
		units := s.Dir.Tree().Subtree(f.Unit)
		if f.Alone {
			units = []string{f.Unit}
		}
		switch {
		case l.among == "m.unit":
			l.values = slices.DeleteFunc(units, func(u string) bool { return !slices.Contains(sc.Units, u) })
			if len(l.values) == 0 {
				l.add("1=0")
			}
		case sc.All && f.Desks == nil && !f.ByDue && f.Q == "":
			l.among, l.values = "m.unit", units
		default:
			l.any("m.unit", units)
		}
	}
	if f.Street != "" {
		l.add("a.street = ?", f.Street)
	}
	if f.Item != "" {
		if s.district.Load().duty.Item(f.Item) != nil {
			l.add("m.item = ?", f.Item)
		} else {
			l.add("m.item LIKE ?", store.Literal(f.Item)+"%")
		}
	}
	if f.Class != "" {
		l.add("m.class = ?", f.Class)
	}
	if f.Kind != "" {
		l.add("a.kind = ?", f.Kind)
	}
	if f.Source != "" {
		l.add("a.source = ?", f.Source)
	}
	if f.Since != 0 {
		l.add("m.id >= ?", int64(f.Since))
	}
	if f.Until != 0 {
		l.add("m.id < ?", int64(f.Until))
	}
	if f.Assignee != 0 {
		l.add("m.assignee = ?", int64(f.Assignee))
	}
	if !f.ClosedSince.IsZero() {
		l.add("m.closed_at >= ?", store.At(f.ClosedSince))
	}
	if !f.RatedSince.IsZero() {
		l.add("a.rated_at >= ?", store.At(f.RatedSince))
	}
	if f.Major {
		l.add(`m.id IN (SELECT appeal FROM appeal_flag WHERE flag = 'major' AND ended_at IS NULL)`)
	}
	if f.Watched != 0 {
		l.add(`m.id IN (SELECT appeal FROM appeal_watch WHERE account = ?)`, int64(f.Watched))
	}
	if f.Near {
		now := s.Store.Now()
		f.DueSince, f.DueUntil = now, now.Add(nearHours*time.Hour)
	}
	if !f.DueSince.IsZero() {
		running := ""
		if f.Near {
			running = " AND outcome = 'running'"
		}
		until := f.DueUntil
		if until.IsZero() {
			until = f.DueSince.AddDate(100, 0, 0)
		}
		l.add("m.id IN (SELECT matter FROM matter_clock WHERE clock = 'handle' AND due_at >= ? AND due_at < ? AND outcome NOT IN ('void', 'paused')"+running+")", store.At(f.DueSince), store.At(until))
	}
	if f.After == "" || f.Q != "" {
		return l, nil
	}
	var due, id int64
	if f.ByDue {
		if _, err := fmt.Sscanf(f.After, "%d.%d", &due, &id); err != nil {
			return nil, errBadKey
		}
		l.add("("+dueKey+", m.id) > (?, ?)", due, id)
		return l, nil
	}
	if _, err := fmt.Sscan(f.After, &id); err != nil {
		return nil, errBadKey
	}
	l.add("m.id < ?", id)
	return l, nil
}

// allOpen says whether a matter in any of these states is open.
func (s *Service) allOpen(states []string) bool {
	f := s.Engine.Flow("appeal")
	return f != nil && !slices.ContainsFunc(states, func(name string) bool { st := f.States[name]; return st == nil || st.Final })
}

var errBadKey = errors.New("appeals: the page key is not one that was given")

// name fills in what people read of the codes.
func (s *Service) name(rows []Row) {
	d := s.district.Load()
	tree := s.Dir.Tree()
	for i := range rows {
		r := &rows[i]
		if r.Unit != "" {
			r.UnitName = tree.Name(r.Unit)
		}
		if it := d.duty.Item(r.Item); it != nil {
			r.ItemName = it.Name()
		}
		r.PlaceName = d.placeName(r.Place)
		if f := s.Engine.Flow(r.Flow); f != nil && f.States[r.State] != nil {
			r.StateName = f.States[r.State].Title["zh"]
		}
	}
}

// placeName is a place as people read it: street and community.
func (d *district) placeName(code string) string {
	p, ok := d.places[code]
	if !ok {
		return ""
	}
	if up, ok := d.places[p.Parent]; ok && p.Level == "community" {
		return up.Name + p.Name
	}
	return p.Name
}
