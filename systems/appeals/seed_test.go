package appeals

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/store"
	"shanzhi/districts"
)

// A seeded house is a true one: every matter equals what its events say, the
// counts equal the rows, and words find.
func TestSeed(t *testing.T) { bothStores(t, testSeed) }

func testSeed(t *testing.T, h *house) {
	ctx := context.Background()
	files, _ := fs.Sub(districts.FS, "baoan")
	if _, err := h.Seed(ctx, files, Seeding{Seed: 3, Total: 6_500, template: 2_000}); err != nil {
		t.Fatal(err)
	}
	if n := h.count(t, `SELECT count(*) FROM appeal`); n != 6_500 {
		t.Fatalf("%d appeals", n)
	}
	ids, err := store.Select[store.ID](ctx, h.Store, `SELECT id FROM matter WHERE flow = 'appeal' ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(ids); i += 97 {
		if diff, err := h.Engine.Verify(ctx, h.Store, ids[i]); err != nil || len(diff) > 0 {
			t.Fatalf("matter %d of %d is not what its events say: %v %v", i, len(ids), diff, err)
		}
	}
	if n := h.count(t, `SELECT count(*) FROM store_dropped`); n != 0 {
		t.Errorf("%d indexes were not made again", n)
	}
	drifts, err := h.Reconcile(ctx, ids[0].Time(), h.Store.Now())
	if err != nil || len(drifts) > 0 {
		t.Errorf("%d counts differ from the rows, as %+v %v", len(drifts), drifts[:min(3, len(drifts))], err)
	}
	h.indexIsRemade(t)
	h.countsAreSetRight(t, ids[100])
	h.pagesAreWhole(t, ids)
}

// A bulk load puts the indexes back that it dropped, also when it is stopped.
func TestABulkLoadPutsTheIndexesBack(t *testing.T) {
	h := newHouse(t)
	files, _ := fs.Sub(districts.FS, "baoan")
	indexes := func() int64 {
		return h.count(t, `SELECT count(*) FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`)
	}
	before, now := indexes(), h.Store.Now()
	for _, stop := range []bool{false, true} {
		ctx, cancel := context.WithCancel(context.Background())
		n, err := h.Simulate(ctx, files, Simulation{Seed: 5, From: now.AddDate(0, 0, -3), To: now, Until: now, Limit: 1500, Offline: true, Progress: func(int) {
			if stop {
				cancel()
			}
		}})
		cancel()
		if stop != (err != nil) || !stop && n != 1500 {
			t.Errorf("stopped %v: %d appeals, %v", stop, n, err)
		}
		if after := indexes(); after != before {
			t.Errorf("stopped %v: %d indexes of %d are there", stop, after, before)
		}
		now = now.AddDate(0, 0, -30)
	}
}

// indexIsRemade loses the index of words and has it made again, as a migration
// asks for it.
func (h *house) indexIsRemade(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	found := func() string {
		var out []string
		for _, q := range []string{"路灯", "西乡街道", "噪声"} {
			ids, err := searchIndex.Find(ctx, h.Store, q, 0, 1000)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, fmt.Sprint(ids))
		}
		return strings.Join(out, "\n")
	}
	before := found()
	if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM appeal_search`); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO search_remake (next) VALUES (0)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if lost := found(); lost == before || strings.ContainsAny(lost, "123456789") {
		t.Fatal("the index is not lost")
	}
	h.remakeIndex(ctx)
	if found() != before || h.count(t, `SELECT count(*) FROM search_remake`) != 0 {
		t.Error("the index was not made again as it was")
	}
}

// countsAreSetRight spoils a count and a row that the counts do not know of.
func (h *house) countsAreSetRight(t *testing.T, id store.ID) {
	t.Helper()
	ctx := context.Background()
	if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE appeal_tally SET n = n + 7 WHERE measure = 'filed' AND dim = 'all' AND day = ?`, id.Time().In(h.Zone()).Format(time.DateOnly))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{1, 0} {
		drifts, err := h.Reconcile(ctx, id.Time(), id.Time().Add(time.Minute))
		if err != nil || len(drifts) != want || want == 1 && drifts[0].Counted-drifts[0].Rows != 7 {
			t.Errorf("want %d drifts: %+v %v", want, drifts, err)
		}
	}
}

// pagesAreWhole reads lists page by page, merged from the units' and desks' own
// lists, and compares them with one plain query.
func (h *house) pagesAreWhole(t *testing.T, ids []store.ID) {
	t.Helper()
	ctx := context.Background()
	rng := rand.New(rand.NewPCG(1, 2))
	streets := h.Dir.Tree().OfKind(account.Street)
	all := h.Dir.Tree().Subtree(h.Dir.Tree().Root())
	desks, err := store.Select[string](ctx, h.Store, `SELECT DISTINCT desk FROM matter WHERE open ORDER BY desk`)
	if err != nil {
		t.Fatal(err)
	}
	yes, no := true, false
	for i := range 60 {
		sc := []account.Scope{{All: true}, {Units: h.Dir.Tree().Subtree(streets[i%len(streets)])}, {Units: all}}[i%3]
		f := Filter{Limit: 1 + rng.IntN(80), Since: ids[len(ids)-3000]}
		switch i / 3 % 6 {
		case 1:
			f.Unit = streets[rng.IntN(len(streets))]
		case 2:
			f.Desks, f.ByDue = slices.Compact(slices.Sorted(slices.Values([]string{desks[rng.IntN(len(desks))], desks[rng.IntN(len(desks))], desks[rng.IntN(len(desks))]}))), true
		case 3:
			f.Open = &yes
		case 4:
			f.Late, f.State = &no, []string{"closed", "handling"}
		case 5:
			f.State = []string{"handling", "dispatching"}
		}
		if f.Open == nil && f.Unit == "" && f.Desks == nil && f.Late == nil {
			f.Item = fmt.Sprint(10 + rng.IntN(9))
		}
		q, err := h.listQuery(sc, f)
		if err != nil {
			t.Fatal(err)
		}
		where, args := q.where, q.args
		if q.among != "" {
			where, args = append(slices.Clip(where), store.AnyOf(q.among, len(q.values))), append(slices.Clip(args), store.Args(q.values...)...)
		}
		cond := ""
		for i, w := range where {
			if i > 0 {
				cond += " AND "
			}
			cond += w
		}
		want, err := store.Select[store.ID](ctx, h.Store, `SELECT m.id`+rowTables+` WHERE `+cond+` ORDER BY `+q.order, args...)
		if err != nil {
			t.Fatal(err)
		}
		var got []store.ID
		for n := 0; ; n++ {
			rows, next, err := h.list(ctx, sc, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				got = append(got, r.ID)
			}
			if f.After = next; next == "" || n > 5000 {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("case %d: pages give %d rows, one query gives %d: %+v", i, len(got), len(want), f)
		}
	}
}
