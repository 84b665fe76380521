package appeals

import (
	"context"
	"fmt"
	"io/fs"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/store"
	"shanzhi/districts"
)

// spoil changes a row in a way that some figure counts, past all that knows of figures.
func spoil(r *rapid.T, ids []store.ID, day func(int) store.Time) (string, []any) {
	id := rapid.SampledFrom(ids).Draw(r, "appeal")
	at := day(rapid.IntRange(0, 3).Draw(r, "day"))
	switch rapid.IntRange(0, 7).Draw(r, "change") {
	case 0:
		return `UPDATE matter SET unit = ?, state = ? WHERE id = ?`, []any{rapid.SampledFrom([]string{"st-xixiang", "st-xinan"}).Draw(r, "unit"), rapid.SampledFrom([]string{"handling", "signing"}).Draw(r, "state"), id}
	case 1:
		return `UPDATE matter SET closed_at = ?, open = ? WHERE id = ?`, []any{at, false, id}
	case 2:
		return `UPDATE matter SET closed_at = NULL, open = ?, late = ? WHERE id = ?`, []any{true, rapid.Bool().Draw(r, "late"), id}
	case 3:
		return `UPDATE appeal SET street = ?, solved = 'partly' WHERE id = ?`, []any{rapid.SampledFrom([]string{"xixiang", "xinan", "shajing"}).Draw(r, "street"), id}
	case 4:
		return `UPDATE appeal SET rated_at = ?, score_result = ? WHERE id = ?`, []any{at, rapid.IntRange(1, 5).Draw(r, "score"), id}
	case 5:
		return `UPDATE matter_clock SET due_at = ?, outcome = 'met' WHERE matter = ? AND clock = 'handle'`, []any{at, id}
	case 6:
		return `UPDATE matter_clock SET unit = 'st-xinan', outcome = 'missed' WHERE matter = ? AND clock = 'handle'`, []any{id}
	}
	return `UPDATE matter SET item = ?, class = 'urgent' WHERE id = ?`, []any{rapid.SampledFrom([]string{"01-01-001", "02-01-001"}).Draw(r, "item"), id}
}

// Whatever changes in whatever row, and whichever days have sums: figures from sums
// are the figures from rows, line by line and in their order.
func TestFiguresFromSumsOfDays(t *testing.T) {
	t.Parallel()
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		_, from, _ := h.lastMonth()
		files, _ := fs.Sub(districts.FS, "baoan")
		if _, err := h.Simulate(ctx, files, Simulation{Seed: 5, From: from, To: from.AddDate(0, 0, 4), PerDay: 8, Until: h.Store.Now()}); err != nil {
			t.Fatal(err)
		}
		ids, err := store.Select[store.ID](ctx, h.Store, `SELECT id FROM matter ORDER BY id`)
		if err != nil {
			t.Fatal(err)
		}
		hour := func(d int) store.Time { return store.At(from.AddDate(0, 0, d).Add(10 * time.Hour)) }
		answered := 0
		rapid.Check(t, func(r *rapid.T) {
			for range rapid.IntRange(0, 6).Draw(r, "sums") {
				if err := h.makeDay(ctx, rapid.SampledFrom(sortedKeysOf(dayMoments)).Draw(r, "moment"), from.AddDate(0, 0, rapid.IntRange(0, 3).Draw(r, "of day"))); err != nil {
					r.Fatal(err)
				}
			}
			for range rapid.IntRange(1, 3).Draw(r, "changes") {
				query, args := spoil(r, ids, hour)
				if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
					_, err := tx.Exec(ctx, query, args...)
					return err
				}); err != nil {
					r.Fatal(err)
				}
			}
			if wrong, err := h.checkDays(ctx, 100); err != nil || wrong != 0 {
				r.Fatalf("%d sums that are in use are not what the rows say (%v)", wrong, err)
			}
			moment := rapid.SampledFrom(sortedKeysOf(dayMoments)).Draw(r, "asked")
			q := FigureQuery{Grain: dayMoments[moment].grain, On: dayMoments[moment].on}
			g := figureGrains[q.Grain]
			dims := []string{rapid.SampledFrom(g.dayDims()[1:]).Draw(r, "dimension"), "day", "month"}
			q.By = rapid.SliceOfNDistinct(rapid.SampledFrom(dims), 0, 3, rapid.ID).Draw(r, "by")
			q.Measures = rapid.SliceOfNDistinct(rapid.SampledFrom(g.additive()), 1, 4, rapid.ID).Draw(r, "measures")
			first := rapid.IntRange(0, 3).Draw(r, "from")
			q.From, q.To = from.AddDate(0, 0, first).Format(time.DateOnly), from.AddDate(0, 0, rapid.IntRange(first+1, 4).Draw(r, "to")).Format(time.DateOnly)
			q.Order = rapid.SampledFrom([]string{"", "-" + q.Measures[0], q.Measures[0]}).Draw(r, "order")
			if rapid.Bool().Draw(r, "narrow") && dims[0] == "street" {
				q.Where = map[string][]string{"street": {"xixiang", "xinan"}}
			}
			sc := account.Scope{All: true}
			if rapid.Bool().Draw(r, "of a unit") {
				sc = account.Scope{Units: []string{"st-xinan", "st-xixiang"}}
			}
			w, err := h.figureWhere(sc, &q)
			if err != nil {
				r.Fatal(err)
			}
			got, ok, err := h.sumsOfDays(ctx, h.Store, sc, q, w)
			if err != nil {
				r.Fatal(err)
			}
			if !ok {
				return
			}
			answered++
			want, err := h.figureSums(ctx, h.Store, q, w, math.MaxInt32)
			if err != nil {
				r.Fatal(err)
			}
			same := reflect.DeepEqual(got, want)
			if h.Store.Dialect() == store.Postgres { // which has an order of its own among equals
				for _, lines := range [][]figureSum{got, want} {
					slices.SortFunc(lines, func(a, b figureSum) int { return slices.Compare(a.by, b.by) })
				}
				same = reflect.DeepEqual(got, want)
			}
			if !same {
				r.Fatalf("%+v\nfrom sums %v\nfrom rows %v", q, got, want)
			}
		})
		if answered < 20 {
			t.Errorf("sums answered %d queries: the test tries little", answered)
		}
		h.nightOfSums(t)
	})
}

// nightOfSums: all that is over is summed, once; a sum that is wrong is found.
func (h *house) nightOfSums(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	if made, err := h.SumDays(ctx, time.Time{}); err != nil || made == 0 {
		t.Fatalf("%d days were summed (%v)", made, err)
	}
	if made, err := h.SumDays(ctx, time.Time{}); err != nil || made != 0 {
		t.Errorf("%d days were summed again (%v)", made, err)
	}
	if h.count(t, `SELECT count(*) FROM figure_touch t WHERE EXISTS (SELECT 1 FROM figure_day d WHERE d.moment = t.moment AND t.at >= d.from_at AND t.at < d.from_at + 86400000000)`) != 0 {
		t.Error("marks are left on days that were made anew")
	}
	all := int(h.count(t, `SELECT count(*) FROM figure_day WHERE dim = ''`))
	if wrong, err := h.checkDays(ctx, all); err != nil || wrong != 0 {
		t.Fatalf("%d of %d sums are wrong (%v)", wrong, all, err)
	}
	if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE figure_day SET sums = (SELECT sums FROM figure_day WHERE moment = 'filed' AND dim = '' ORDER BY length(sums) DESC, from_at LIMIT 1) WHERE moment = 'due' AND dim = 'street'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if wrong, err := h.checkDays(ctx, all); err != nil || wrong == 0 {
		t.Errorf("a wrong sum was not found (%v)", err)
	}
	if wrong, err := h.checkDays(ctx, all); err != nil || wrong != 0 {
		t.Errorf("%d sums are still wrong (%v)", wrong, err)
	}
}

// The triggers see three tables: what is summed reads no other.
func TestSumsOfDaysReadTheirRowsAlone(t *testing.T) {
	for name, m := range dayMoments {
		g := figureGrains[m.grain]
		for _, d := range g.dayDims() {
			if strings.Contains(strings.ToUpper(g.dims[d].sql), "SELECT") {
				t.Errorf("%s by %s reads other tables, whose changes nobody marks", name, d)
			}
		}
		for _, x := range g.additive() {
			if sql := strings.ToUpper(g.measures[x].sql + g.measures[x].base); strings.Contains(sql, "SELECT") || strings.Contains(sql, "DISTINCT") {
				t.Errorf("%s: %s does not add up from marked rows", name, x)
			}
		}
	}
}

// Sums that are made while others write are never older than what is written.
func TestSumsOfDaysMadeWhileOthersWrite(t *testing.T) {
	t.Parallel()
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		_, from, _ := h.lastMonth()
		files, _ := fs.Sub(districts.FS, "baoan")
		if _, err := h.Simulate(ctx, files, Simulation{Seed: 6, From: from, To: from.AddDate(0, 0, 1), PerDay: 40, Until: h.Store.Now()}); err != nil {
			t.Fatal(err)
		}
		ids, err := store.Select[store.ID](ctx, h.Store, `SELECT id FROM matter ORDER BY id`)
		if err != nil {
			t.Fatal(err)
		}
		var writers sync.WaitGroup
		stop := make(chan struct{})
		for n := range 4 {
			writers.Go(func() {
				for i := n; ; i += 4 {
					select {
					case <-stop:
						return
					default:
					}
					if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
						_, err := tx.Exec(ctx, `UPDATE matter SET item = ? WHERE id = ?`, fmt.Sprintf("x%d", i%50), ids[i%len(ids)])
						return err
					}); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		q := FigureQuery{Grain: "appeals", On: "filed", By: []string{"item"}, Measures: []string{"count"}, From: from.Format(time.DateOnly), To: from.AddDate(0, 0, 1).Format(time.DateOnly), Limit: 1000}
		sc := account.Scope{All: true}
		for end := time.Now().Add(2 * time.Second); time.Now().Before(end); {
			if err := h.makeDay(ctx, "filed", from); err != nil {
				t.Fatal(err)
			}
			err := h.Store.Snapshot(ctx, func(ctx context.Context, read store.Querier) error {
				w, err := h.figureWhere(sc, &q)
				if err != nil {
					return err
				}
				got, ok, err := h.sumsOfDays(ctx, read, sc, q, w)
				if err != nil || !ok {
					return err
				}
				want, err := h.figureSums(ctx, read, q, w, math.MaxInt32)
				if err == nil && !reflect.DeepEqual(got, want) {
					err = fmt.Errorf("from sums %v, from rows %v", got, want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		close(stop)
		writers.Wait()
	})
}
