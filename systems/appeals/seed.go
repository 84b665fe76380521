package appeals

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
	"shanzhi/systems/appeals/simulate"
)

// Seeding says how many appeals the records are to hold.
type Seeding struct {
	Seed     uint64
	Total    int
	Progress func(n int)
	// template is how many appeals are laid down at a time; 0 is 10,000.
	template int
}

// Seed fills the records up to a number of appeals for a measurement: the
// newest days are simulated with their whole histories, and before them lie
// appeals brought in from elsewhere, each with its one imported event. Those
// are one simulated fortnight, laid down again and again, each time a fortnight
// later, inside the database. All of it is marked synthetic. Nobody else uses
// the records meanwhile. It returns how many were made.
func (s *Service) Seed(ctx context.Context, files fs.FS, o Seeding) (made int, err error) {
	var have int
	if err := s.Store.QueryRow(ctx, `SELECT count(*) FROM appeal`).Scan(&have); err != nil || have >= o.Total {
		return 0, err
	}
	if o.template == 0 {
		o.template = 10_000
	}
	d := s.district.Load()
	need := o.Total - have
	days := max(1, min(need, max(1000, min(need/50, 20_000)))*10/(11*1000))
	// The past is at most so long as keys can say; many records make dense days.
	perDay := max(1000, float64(o.Total)/(10*365))
	day := func(t time.Time, days int) time.Time {
		t = t.In(d.zone)
		return time.Date(t.Year(), t.Month(), t.Day()+days, 0, 0, 0, 0, d.zone)
	}
	now := s.Store.Now()
	tomorrow := day(now, 1)
	recentFrom := day(tomorrow, -days-1)
	recent, err := s.simulated(files, simulate.Options{Seed: o.Seed, From: recentFrom, To: tomorrow, PerDay: perDay}, now, need)
	if err != nil {
		return 0, err
	}
	copies := (need - recent + o.template - 1) / o.template
	span := (int(float64(o.template)/perDay)/7 + 1) * 7 // whole weeks, so that weekdays stay
	first := day(recentFrom, -span*copies)

	restore, err := s.Store.WithoutIndexes(ctx, "matter", "matter_event", "matter_clock", "appeal", "appeal_rating", "vault_lookup")
	if err != nil {
		return 0, err
	}
	whole := context.WithoutCancel(ctx) // a load that is stopped leaves an ordered house too
	defer func() { err = errors.Join(err, restore(whole)) }()
	if copies > 0 {
		l := &layer{s: s, d: d, shift: time.Duration(span) * 24 * time.Hour}
		if err := l.template(ctx, files, simulate.Options{Seed: o.Seed + 1, From: first, To: day(first, span), PerDay: 2 * perDay}, min(o.template, need-recent)); err != nil {
			return made, err
		}
		made = len(l.pasts)
		if err := l.layAll(ctx, need-recent-made, func(n int) {
			if made += n; o.Progress != nil {
				o.Progress(made)
			}
		}); err != nil {
			return made, err
		}
		if err := l.clear(ctx); err != nil {
			return made, err
		}
	}
	n, err := s.Simulate(ctx, files, Simulation{Seed: o.Seed, From: recentFrom, To: tomorrow, PerDay: perDay, Limit: need - made, Until: now})
	if made += n; err != nil {
		return made, err
	}
	return made, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Write(ctx, tx, audit.Record{Action: "appeal.seed", Object: "simulation/" + fmt.Sprint(o.Seed)}, map[string]any{"appeals": made})
	})
}

// simulated counts what a simulation makes before a moment, at most limit.
func (s *Service) simulated(files fs.FS, o simulate.Options, until time.Time, limit int) (n int, err error) {
	cal, err := s.officeCalendar(files)
	if err != nil {
		return 0, err
	}
	o.Workday = workday(cal)
	gen, err := simulate.New(files, o)
	if err != nil {
		return 0, err
	}
	for n < limit {
		a, ok := gen.Next()
		if !ok || !a.Time.Before(until) {
			break
		}
		n++
	}
	return n, nil
}

// layer lays a template of old appeals down again and again.
type layer struct {
	s     *Service
	d     *district
	shift time.Duration // between one copy and the next, whole days
	pasts []*caseflow.Past
}

// template makes the oldest copy, of the first appeals that are closed: so many
// that the span is full also in a quiet season.
func (l *layer) template(ctx context.Context, files fs.FS, o simulate.Options, limit int) error {
	cal, err := l.s.officeCalendar(files)
	if err != nil {
		return err
	}
	o.Workday = workday(cal)
	gen, err := simulate.New(files, o)
	if err != nil {
		return err
	}
	h := &historian{s: l.s, d: l.d, seed: o.Seed, until: o.To.AddDate(1, 0, 0), persons: map[int64]store.ID{}, days: map[string]int64{}}
	var stories []*story
	for len(stories) < limit {
		a, ok := gen.Next()
		if !ok {
			break
		}
		st, err := h.tell(a)
		if err != nil {
			return err
		}
		if st.past.Matter.Open {
			continue
		}
		m := st.past.Matter
		m.No = seedNo(0) + m.No
		m.ClosedAt = store.At(m.ClosedAt.Truncate(time.Second)) // as lay writes it into events
		if st.past, err = l.s.Engine.ImportPast(m, nil); err != nil {
			return err
		}
		stories, l.pasts = append(stories, st), append(l.pasts, st.past)
	}
	if len(stories) < limit {
		return fmt.Errorf("appeals: %d appeals were simulated for a template of %d", len(stories), limit)
	}
	byID := func(a, b *caseflow.Past) int { return cmp.Compare(a.Matter.ID, b.Matter.ID) }
	slices.SortFunc(l.pasts, byID)
	slices.SortFunc(stories, func(a, b *story) int { return byID(a.past, b.past) })
	return l.s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		if err := errors.Join(h.write(ctx, tx, stories), searchIndex.MergeAt(ctx, tx, 16)); err != nil {
			return err
		}
		key := "BIGINT"
		if tx.Dialect() == store.SQLite {
			key = "INTEGER"
		}
		for _, q := range []string{`DROP TABLE IF EXISTS seed_words`, `CREATE TABLE seed_words (id ` + key + ` PRIMARY KEY, tokens TEXT NOT NULL)`,
			`DROP TABLE IF EXISTS seed_tally`, `CREATE TABLE seed_tally (measure TEXT, day TEXT, dim TEXT, key TEXT, n BIGINT, PRIMARY KEY (measure, day, dim, key))`} {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		rows := make([][]any, len(stories))
		for i, st := range stories {
			rows[i] = []any{st.appeal.ID, st.tokens}
		}
		if err := store.InsertRows(ctx, tx, `INSERT INTO seed_words (id, tokens) VALUES `, rows); err != nil {
			return err
		}
		var counts [][]any
		for k, n := range l.count(len(l.pasts)) {
			counts = append(counts, []any{k.measure, k.day, k.dim, k.key, n})
		}
		return store.InsertRows(ctx, tx, `INSERT INTO seed_tally (measure, day, dim, key, n) VALUES `, counts)
	})
}

// count is what the first n appeals of the template count for.
func (l *layer) count(n int) map[tallyKey]int64 {
	out := map[tallyKey]int64{}
	for _, p := range l.pasts[:n] {
		past(p, l.d.zone, func(k tallyKey, n int64) { out[k] += n })
	}
	return out
}

// seedNo begins the numbers of the c-th copy: they sort as they are laid down, so
// that the index of numbers grows at its end.
func seedNo(c int) string { return fmt.Sprintf("S%05d-", c) }

// imprint is one copy of the template, or of its beginning.
type imprint struct {
	c, n  int
	move  int64 // of keys
	micro int64 // of times
	days  int
}

// copyOf is the c-th copy, of the first n appeals of the template.
func (l *layer) copyOf(c, n int) imprint {
	shift := time.Duration(c) * l.shift
	opened := l.pasts[0].Matter.OpenedAt
	return imprint{c: c, n: n, move: int64(store.IDAt(opened.Add(shift)) - store.IDAt(opened.Time)), micro: shift.Microseconds(), days: int(shift / (24 * time.Hour))}
}

// countsOf is what a copy of a part counts for.
func (l *layer) countsOf(sh imprint) (map[tallyKey]int64, error) {
	counts := map[tallyKey]int64{}
	for k, v := range l.count(sh.n) {
		day, err := time.Parse(time.DateOnly, k.day)
		if err != nil {
			return nil, err
		}
		k.day = day.AddDate(0, 0, sh.days).Format(time.DateOnly)
		counts[k] = v
	}
	return counts, nil
}

// imprintsAtOnce is how many copies one transaction lays down: the index of words
// is written out at its end, and merged the less often.
const imprintsAtOnce = 5

// layAll lays the template down until n more appeals are there.
func (l *layer) layAll(ctx context.Context, n int, laid func(n int)) error {
	for c := 1; n > 0; {
		var some []imprint
		sum := 0
		for ; n > 0 && len(some) < imprintsAtOnce; c++ {
			some = append(some, l.copyOf(c, min(n, len(l.pasts))))
			n -= some[len(some)-1].n
			sum += some[len(some)-1].n
		}
		if err := l.s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			for _, sh := range some {
				if err := l.lay(ctx, tx, sh); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
		laid(sum)
	}
	return nil
}

// lay lays a copy down, inside the database.
func (l *layer) lay(ctx context.Context, tx *store.Tx, sh imprint) error {
	low, high := int64(l.pasts[0].Matter.ID), int64(l.pasts[sh.n-1].Matter.ID)
	later := `date(day, '+' || ? || ' days')`
	closed := func(at string) string { return `strftime('%Y-%m-%dT%H:%M:%SZ', (` + at + `) / 1000000, 'unixepoch')` }
	if tx.Dialect() == store.Postgres {
		later = `CAST(CAST(day AS date) + CAST(? AS int) AS text)`
		closed = func(at string) string {
			return `to_char(to_timestamp((` + at + `) / 1000000) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`
		}
	}
	type copying struct {
		sql  string
		args []any
	}
	for _, q := range []copying{
		{`INSERT INTO matter (` + caseflow.MatterColumns + `) SELECT id + ?, ? || substr(no, 8), system, flow, flow_hash, state, open, version, parent, merged, class, unit, '', '', assignee, desk, item, place, title, applicant, due_at, total_due, late, vars, opened_at + ?, closed_at + ?, updated_at + ?
 FROM matter WHERE id BETWEEN ? AND ? ORDER BY id`, []any{sh.move, seedNo(sh.c), sh.micro, sh.micro, sh.micro, low, high}},
		{`INSERT INTO matter_event (matter, seq, at, actor, unit, action, source, target, data) SELECT e.matter + ?, e.seq, e.at + ?, e.actor, e.unit, e.action, e.source, e.target, replace(e.data, ` + closed("m.closed_at") + `, ` + closed("m.closed_at + CAST(? AS BIGINT)") + `)
 FROM matter_event e JOIN matter m ON m.id = e.matter WHERE e.matter BETWEEN ? AND ? ORDER BY e.matter`, []any{sh.move, sh.micro, sh.micro, low, high}},
		{`INSERT INTO appeal (` + appealColumns + `) SELECT id + ?, channel, kind, secrecy, text, original, address, lon, lat, street, community, NULL, files, about, urgent_words, suggestion, mode, dispatched_at + ?, contacted_at + ?, replied_at + ?, reply, result, reply_files, approver, urged_at, rated_at + ?, solved, contacted, score_result, score_manner, score_speed, source, external, asserted, asserted_unit, asserted_late, asserted_due, synthetic
 FROM appeal WHERE id BETWEEN ? AND ? ORDER BY id`, []any{sh.move, sh.micro, sh.micro, sh.micro, sh.micro, low, high}},
		{`INSERT INTO appeal_search (rowid, tokens) SELECT id + ?, ` + searchIndex.Value(tx, "tokens") + ` FROM seed_words WHERE id BETWEEN ? AND ? ORDER BY id`, []any{sh.move, low, high}},
	} {
		if _, err := tx.Exec(ctx, q.sql, q.args...); err != nil {
			return err
		}
	}
	if sh.n < len(l.pasts) {
		counts, err := l.countsOf(sh)
		if err != nil {
			return err
		}
		return writeTallies(ctx, tx, counts)
	}
	_, err := tx.Exec(ctx, `INSERT INTO appeal_tally (measure, day, dim, key, n) SELECT measure, `+later+`, dim, key, n FROM seed_tally WHERE 1 = 1 ORDER BY measure, day, dim, key
 ON CONFLICT (measure, day, dim, key) DO UPDATE SET n = appeal_tally.n + excluded.n`, sh.days)
	return err
}

// clear takes away what only the laying needed.
func (l *layer) clear(ctx context.Context) error {
	return l.s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, q := range []string{`DROP TABLE seed_words`, `DROP TABLE seed_tally`} {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		return searchIndex.MergeAt(ctx, tx, 4)
	})
}
