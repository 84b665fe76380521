package appeals

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/store"
)

// Sums of days (预汇总): for each local day that is over, what the measures of figures
// that add up come to by each dimension, so that a month of ten million appeals is
// read from its thirty days and not from its rows. Triggers on the rows mark what a
// change belonged to and belongs to now (figure_touch): a day with a mark is not used,
// its rows are counted as before, and the next night makes it anew. So figures from
// sums and figures from rows are the same to the last one. See docs/decisions/012-sums-of-days.md.

// dayMoments are the moments whose days have sums: of the grain, the moment's name.
var dayMoments = map[string]struct{ grain, on string }{
	"filed": {"appeals", "filed"}, "closed": {"appeals", "closed"}, "rated": {"appeals", "rated"}, "due": {"due", ""},
}

// timeDims are the dimensions that a day has one value of.
var timeDims = []string{"day", "month", "year"}

const dayLength = 24 * time.Hour // a district keeps one offset; see localSQL

// additive are the measures whose parts add up, in their order.
func (g figureGrain) additive() []string {
	return slices.DeleteFunc(sortedKeysOf(g.measures), func(name string) bool { return g.measures[name].whole })
}

// dayDims are the dimensions by which a day is summed; "" is the day as a whole.
func (g figureGrain) dayDims() []string {
	return append([]string{""}, slices.DeleteFunc(sortedKeysOf(g.dims), func(name string) bool { return slices.Contains(timeDims, name) || g.dims[name].whole })...)
}

// dayShape says what sums of days mean: those made under another shape are not used.
func (s *Service) dayShape(g figureGrain) string {
	h := sha256.New()
	_, offset := s.Store.Now().In(s.Zone()).Zone()
	fmt.Fprintln(h, g.from, offset)
	for _, name := range g.additive() {
		fmt.Fprintln(h, name, g.measures[name].sql, g.measures[name].base)
	}
	for _, name := range g.dayDims() {
		fmt.Fprintln(h, name, g.dims[name].sql)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// daySums are the sums of a day by one dimension: of each of its values, and of each
// additive measure, what it counts and its base.
type daySums map[string][]int64

// bytes writes sums as they are stored: key and numbers, line by line.
func (d daySums) bytes() []byte {
	out := []byte{}
	for _, key := range sortedKeysOf(d) {
		out = append(binary.AppendUvarint(out, uint64(len(key))), key...)
		for _, n := range d[key] {
			out = binary.AppendVarint(out, n)
		}
	}
	return out
}

// eachDaySum reads what bytes wrote; n is used again for the next line.
func eachDaySum(raw []byte, n []int64, each func(key string, n []int64)) error {
	for len(raw) > 0 {
		size, k := binary.Uvarint(raw)
		if k <= 0 || uint64(len(raw)-k) < size {
			return fmt.Errorf("appeals: the sums of a day are cut off")
		}
		key := string(raw[k : k+int(size)])
		raw = raw[k+int(size):]
		for i := range n {
			v, k := binary.Varint(raw)
			if k <= 0 {
				return fmt.Errorf("appeals: the sums of a day are cut off")
			}
			n[i], raw = v, raw[k:]
		}
		each(key, n)
	}
	return nil
}

// add counts a line of as many numbers.
func (d daySums) add(key string, n []int64) {
	have := d[key]
	if have == nil {
		have = make([]int64, len(n))
		d[key] = have
	}
	for i := range n {
		have[i] += n[i]
	}
}

// untouched is the condition that a row d of figure_day may be used.
const untouched = `NOT EXISTS (SELECT 1 FROM figure_touch t WHERE t.moment = d.moment AND t.at >= d.from_at AND t.at < d.from_at + 86400000000)`

// sumsOfDays answers a checked query from the sums of its days, and from the rows of
// those days that have none; ok says whether sums can answer it at all: measures that
// add up, of one dimension beside time, for one who sees all or by unit alone.
func (s *Service) sumsOfDays(ctx context.Context, from store.Querier, sc account.Scope, q FigureQuery, w *figureWhere) (out []figureSum, ok bool, err error) {
	if ctx.Value(rowsAlone{}) != nil {
		return nil, false, nil
	}
	moment := cmp.Or(q.On, q.Grain)
	if m, known := dayMoments[moment]; !known || m.grain != q.Grain {
		return nil, false, nil
	}
	dim, only, ok := s.oneDimension(sc, q)
	if !ok || !slices.Contains(w.dayDims(), dim) {
		return nil, false, nil
	}
	var at []int // where the numbers of each measure of q lie in a day's
	additive := w.additive()
	for _, name := range q.Measures {
		i := slices.Index(additive, name)
		if i < 0 {
			return nil, false, nil
		}
		at = append(at, 2*i, 2*i+1)
	}
	rows, err := from.Query(ctx, `SELECT d.from_at, d.sums FROM figure_day d WHERE d.moment = ? AND d.dim = ? AND d.shape = ? AND d.from_at >= ? AND d.from_at < ? AND `+untouched+` ORDER BY d.from_at`,
		moment, dim, s.dayShape(w.figureGrain), store.At(w.from), store.At(w.to))
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	sums := map[string]*figureSum{}
	add := func(by []string, n []int64) {
		key := strings.Join(by, "\x00")
		sum := sums[key]
		if sum == nil {
			sum = &figureSum{slices.Clone(by), make([]int64, 2*len(q.Measures))}
			sums[key] = sum
		}
		for i := range n {
			sum.n[i] += n[i]
		}
	}
	var gaps [][2]time.Time
	next, used := w.from, 0
	line, all, by := make([]int64, len(at)), make([]int64, 2*len(additive)), make([]string, len(q.By))
	for rows.Next() {
		var day store.Time
		var raw []byte
		if err := rows.Scan(&day, &raw); err != nil {
			return nil, false, err
		}
		if day.After(next) {
			gaps = append(gaps, [2]time.Time{next, day.Time})
		}
		next = day.Add(dayLength)
		used++
		name := day.In(s.Zone()).Format(time.DateOnly)
		err := eachDaySum(raw, all, func(key string, n []int64) {
			if only != nil && !only[key] {
				return
			}
			for i, d := range q.By {
				switch d {
				case "day":
					by[i] = name
				case "month":
					by[i] = name[:7]
				case "year":
					by[i] = name[:4]
				default:
					by[i] = key
				}
			}
			for i, j := range at {
				line[i] = n[j]
			}
			add(by, line)
		})
		if err != nil {
			return nil, false, err
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || used == 0 {
		return nil, false, err
	}
	if next.Before(w.to) {
		gaps = append(gaps, [2]time.Time{next, w.to})
	}
	for _, gap := range gaps {
		part := q
		part.Order, part.From, part.To = "", gap[0].In(s.Zone()).Format(time.DateOnly), gap[1].In(s.Zone()).Format(time.DateOnly)
		pw, err := s.figureWhere(sc, &part)
		if err != nil {
			return nil, false, err
		}
		lines, err := s.figureSums(ctx, from, part, pw, math.MaxInt32)
		if err != nil {
			return nil, false, err
		}
		for _, l := range lines {
			add(l.by, l.n)
		}
	}
	if len(q.By) == 0 && len(sums) == 0 {
		add(by, make([]int64, 2*len(q.Measures)))
	}
	for _, sum := range sums {
		out = append(out, *sum)
	}
	q.sort(out, w.figureGrain)
	return out, true, nil
}

type rowsAlone struct{}

// RowsAlone makes figures come from rows, for one who measures what sums save.
func RowsAlone(ctx context.Context) context.Context { return context.WithValue(ctx, rowsAlone{}, true) }

// oneDimension is the one dimension beside time that a query is about, "" for none,
// and the values of it that it counts, nil for all.
func (s *Service) oneDimension(sc account.Scope, q FigureQuery) (dim string, only map[string]bool, ok bool) {
	name := func(d string) bool {
		if slices.Contains(timeDims, d) {
			return false
		}
		if dim == "" {
			dim = d
		}
		return dim == d
	}
	for _, d := range q.By {
		if !slices.Contains(timeDims, d) && !name(d) {
			return "", nil, false
		}
	}
	narrow := func(values []string) {
		next := map[string]bool{}
		for _, v := range values {
			if only == nil || only[v] {
				next[v] = true
			}
		}
		only = next
	}
	for d, values := range q.Where {
		if !name(d) {
			return "", nil, false
		}
		if d == "unit" { // and what lies below it
			var all []string
			for _, v := range values {
				all = append(all, s.Dir.Tree().Subtree(v)...)
			}
			values = all
		}
		narrow(values)
	}
	if !sc.All {
		if !name("unit") {
			return "", nil, false
		}
		narrow(sc.Units)
	}
	return dim, only, true
}

// sort orders lines as orderSQL does.
func (q FigureQuery) sort(lines []figureSum, g figureGrain) {
	name, down := strings.CutPrefix(q.Order, "-")
	dim, measure := slices.Index(q.By, name), slices.Index(q.Measures, name)
	value := func(l figureSum) float64 {
		n, base := l.n[2*measure], l.n[2*measure+1]
		switch {
		case g.measures[name].base == "":
			return float64(n)
		case base == 0:
			return -1
		}
		return float64(n) / float64(base)
	}
	slices.SortFunc(lines, func(a, b figureSum) int {
		c := 0
		switch {
		case dim >= 0:
			c = cmp.Compare(a.by[dim], b.by[dim])
		case measure >= 0:
			c = cmp.Compare(value(a), value(b))
		}
		if down {
			c = -c
		}
		return cmp.Or(c, slices.Compare(a.by, b.by))
	})
}

// countDay counts the rows of one day of a moment by all its dimensions at once.
func (s *Service) countDay(ctx context.Context, from store.Querier, moment string, day time.Time) (map[string]daySums, error) {
	m := dayMoments[moment]
	g := figureGrains[m.grain]
	dims := g.dayDims()
	q := FigureQuery{Grain: m.grain, On: m.on, By: dims[1:], Measures: g.additive(), From: day.Format(time.DateOnly), To: day.AddDate(0, 0, 1).Format(time.DateOnly)}
	w, err := s.figureWhere(account.Scope{All: true}, &q)
	if err != nil {
		return nil, err
	}
	lines, err := s.figureSums(ctx, from, q, w, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	out := map[string]daySums{}
	for _, dim := range dims {
		out[dim] = daySums{}
	}
	for _, l := range lines {
		out[""].add("", l.n)
		for i, dim := range dims[1:] {
			out[dim].add(l.by[i], l.n)
		}
	}
	return out, nil
}

// makeDay makes the sums of a day. On PostgreSQL it waits for all who have marked
// something and keeps others from marking meanwhile, so that its marks can be taken
// off: what is committed after has a mark of its own.
func (s *Service) makeDay(ctx context.Context, moment string, day time.Time) error {
	shape := s.dayShape(figureGrains[dayMoments[moment].grain])
	return s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		if tx.Dialect() == store.Postgres { // before its first reading: what it sees is what is there then
			if _, err := tx.Exec(ctx, `LOCK TABLE figure_touch IN EXCLUSIVE MODE`); err != nil {
				return err
			}
		}
		sums, err := s.countDay(ctx, tx, moment, day)
		if err != nil {
			return err
		}
		from, to := store.At(day), store.At(day.Add(dayLength))
		if _, err := tx.Exec(ctx, `DELETE FROM figure_touch WHERE moment = ? AND at >= ? AND at < ?`, moment, from, to); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM figure_day WHERE moment = ? AND from_at = ?`, moment, from); err != nil {
			return err
		}
		var rows [][]any
		for _, dim := range sortedKeysOf(sums) {
			rows = append(rows, []any{moment, from, dim, shape, sums[dim].bytes()})
		}
		return store.InsertRows(ctx, tx, `INSERT INTO figure_day (moment, from_at, dim, shape, sums) VALUES `, rows)
	})
}

// SumDays makes the sums of all days since a moment that are over and have none, the
// newest first, resting as long as it works: others write meanwhile. It returns how
// many it made.
func (s *Service) SumDays(ctx context.Context, since time.Time) (made int, err error) {
	now := s.Store.Now().In(s.Zone())
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, s.Zone())
	var first store.ID // the key is the time; nothing of a matter lies before its filing
	if err := s.Store.QueryRow(ctx, `SELECT COALESCE(MIN(id), 0) FROM matter WHERE flow = 'appeal'`).Scan(&first); err != nil || first == 0 {
		return 0, err
	}
	if first.Time().After(since) {
		since = first.Time()
	}
	for _, moment := range sortedKeysOf(dayMoments) {
		days, err := store.Select[int64](ctx, s.Store, `SELECT d.from_at FROM figure_day d WHERE d.moment = ? AND d.dim = '' AND d.shape = ? AND `+untouched, moment, s.dayShape(figureGrains[dayMoments[moment].grain]))
		if err != nil {
			return made, err
		}
		have := map[int64]bool{}
		for _, d := range days {
			have[d] = true
		}
		for day := today.AddDate(0, 0, -1); !day.AddDate(0, 0, 1).Before(since); day = day.AddDate(0, 0, -1) {
			if have[day.UnixMicro()] {
				continue
			}
			began := time.Now()
			if err := s.makeDay(ctx, moment, day); err != nil {
				return made, err
			}
			made++
			select {
			case <-ctx.Done():
				return made, ctx.Err()
			case <-time.After(time.Since(began)):
			}
		}
	}
	return made, nil
}

// sumDaysAtNight makes what sums of days are missing, and counts some days again that
// have them: a difference can come from a fault alone, and is set right and recorded.
func (s *Service) sumDaysAtNight(ctx context.Context) (any, error) {
	wrong, err := s.checkDays(ctx, 12)
	if err != nil {
		return nil, err
	}
	made, err := s.SumDays(ctx, time.Time{})
	return map[string]any{"days": made, "drifts": wrong}, err
}

// checkDays compares the sums of some days, drawn by lot, with their rows.
func (s *Service) checkDays(ctx context.Context, n int) (wrong int, err error) {
	type day struct {
		Moment string
		FromAt store.Time
		Shape  string
	}
	var days []day
	err = s.Store.Snapshot(ctx, func(ctx context.Context, q store.Querier) error {
		drawn, err := store.Select[day](ctx, q, `SELECT d.moment, d.from_at, d.shape FROM figure_day d WHERE d.dim = '' AND `+untouched+` ORDER BY random() LIMIT ?`, n)
		if err != nil {
			return err
		}
		for _, d := range drawn {
			if d.Shape != s.dayShape(figureGrains[dayMoments[d.Moment].grain]) {
				continue
			}
			rows, err := s.countDay(ctx, q, d.Moment, d.FromAt.In(s.Zone()))
			if err != nil {
				return err
			}
			for dim, sums := range rows {
				var raw []byte
				if err := q.QueryRow(ctx, `SELECT sums FROM figure_day WHERE moment = ? AND from_at = ? AND dim = ?`, d.Moment, d.FromAt, dim).Scan(&raw); err != nil {
					return err
				}
				if !slices.Equal(raw, sums.bytes()) {
					days = append(days, d)
					break
				}
			}
		}
		return nil
	})
	for _, d := range days {
		if err := s.makeDay(ctx, d.Moment, d.FromAt.In(s.Zone())); err != nil {
			return len(days), err
		}
		if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			return audit.Write(ctx, tx, audit.Record{Action: "appeal.reconcile", Object: "figures/" + d.Moment + "/" + d.FromAt.In(s.Zone()).Format(time.DateOnly)}, map[string]any{})
		}); err != nil {
			return len(days), err
		}
	}
	return len(days), err
}
