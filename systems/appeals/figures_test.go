package appeals

import (
	"context"
	"fmt"
	"io/fs"
	"net/url"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
	"shanzhi/districts"
)

// Figures by the closed grammar equal what a plain walk over the rows and the events
// counts, whatever the dimensions; a unit sees its own rows alone.
func TestFiguresEqualTheRows(t *testing.T) {
	t.Parallel()
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		_, from, to := h.lastMonth()
		files, _ := fs.Sub(districts.FS, "baoan")
		if _, err := h.Simulate(ctx, files, Simulation{Seed: 9, From: from, To: from.AddDate(0, 0, 12), PerDay: 80, Until: h.Store.Now()}); err != nil {
			t.Fatal(err)
		}
		rows, err := store.Select[Row](ctx, h.Store, `SELECT `+rowColumns+rowTables+` WHERE m.flow = 'appeal'`)
		if err != nil {
			t.Fatal(err)
		}
		all, zone := account.Scope{All: true}, h.Zone()
		dims := map[string]func(r Row) string{
			"street": func(r Row) string { return r.Street }, "unit": func(r Row) string { return r.Unit }, "item": func(r Row) string { return r.Item }, "kind": func(r Row) string { return r.Kind },
			"state": func(r Row) string { return r.State }, "class": func(r Row) string { return r.Class }, "channel": func(r Row) string { return r.Channel },
			"day":  func(r Row) string { return r.OpenedAt.In(zone).Format(time.DateOnly) },
			"hour": func(r Row) string { return r.OpenedAt.In(zone).Format("15") }, "month": func(r Row) string { return r.OpenedAt.In(zone).Format("2006-01") },
		}
		rapid.Check(t, func(r *rapid.T) {
			by := rapid.SliceOfNDistinct(rapid.SampledFrom(sortedKeysOf(dims)), 1, 3, rapid.ID).Draw(r, "by")
			first := from.AddDate(0, 0, rapid.IntRange(0, 8).Draw(r, "from"))
			last := first.AddDate(0, 0, rapid.IntRange(1, 8).Draw(r, "days"))
			q := FigureQuery{Grain: "appeals", Measures: []string{"count", "open"}, By: by, From: first.Format(time.DateOnly), To: last.Format(time.DateOnly), Limit: 1000}
			if rapid.Bool().Draw(r, "narrow") {
				q.Where = map[string][]string{"street": {"xixiang", "xinan"}}
			}
			got, err := h.Figures(ctx, all, q)
			if err != nil {
				r.Fatal(err)
			}
			want, open := map[string]float64{}, map[string]float64{}
			for _, x := range rows {
				if x.OpenedAt.Before(first) || !x.OpenedAt.Before(last) || q.Where != nil && x.Street != "xixiang" && x.Street != "xinan" {
					continue
				}
				key := ""
				for _, d := range by {
					key += dims[d](x) + "|"
				}
				want[key]++
				if x.Open {
					open[key]++
				}
			}
			if got.Truncated {
				return
			}
			if len(got.Rows) != len(want) {
				r.Fatalf("%d lines, want %d", len(got.Rows), len(want))
			}
			for _, line := range got.Rows {
				key := ""
				for _, d := range by {
					key += line.By[d] + "|"
				}
				if *line.Values["count"] != want[key] || *line.Values["open"] != open[key] {
					r.Fatalf("%s: %v and %v open, want %v and %v", key, *line.Values["count"], *line.Values["open"], want[key], open[key])
				}
			}
		})
		// Each line opens to exactly its rows.
		got, err := h.Figures(ctx, all, FigureQuery{Grain: "appeals", Measures: []string{"count"}, By: []string{"street", "day"}, From: from.Format(time.DateOnly), To: to.Format(time.DateOnly), Limit: 40})
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range got.Rows {
			if line.By["street"] != "" && line.Rows == "" {
				t.Errorf("%v opens to nothing", line.By)
			}
		}
		// So does a line of a unit under which others lie.
		got, err = h.Figures(ctx, all, FigureQuery{Grain: "appeals", Measures: []string{"count"}, By: []string{"unit"}, From: from.Format(time.DateOnly), To: from.AddDate(0, 0, 6).Format(time.DateOnly), Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		below := 0
		for _, line := range got.Rows {
			if line.By["unit"] == "" {
				continue
			}
			link, err := url.Parse(line.Rows)
			if err != nil {
				t.Fatal(err)
			}
			q := link.Query()
			in := ListInput{Unit: q.Get("unit"), Alone: q.Get("alone"), Since: q.Get("since"), Until: q.Get("until"), Limit: 200}
			f, err := in.filter(account.Actor{}, h.Store.Now(), zone)
			if err != nil {
				t.Fatal(err)
			}
			list, _, err := h.list(ctx, all, f)
			if err != nil || float64(len(list)) != *line.Values["count"] {
				t.Errorf("%s counts %v and opens to %d rows (%v)", line.By["unit"], *line.Values["count"], len(list), err)
			}
			if f.Alone = false; len(h.Dir.Tree().Subtree(f.Unit)) > 1 {
				if wide, _, err := h.list(ctx, all, f); err == nil && len(wide) > len(list) {
					below++
				}
			}
		}
		if below == 0 {
			t.Error("no unit has anything below it")
		}
		events := 0
		for _, r := range rows {
			all, err := caseflow.Events(ctx, h.Store, r.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range all {
				if e.Action == "dispatch" && !e.At.Before(from) && e.At.Before(to) {
					events++
				}
			}
		}
		got, err = h.Figures(ctx, all, FigureQuery{Grain: "events", Measures: []string{"count"}, Where: map[string][]string{"action": {"dispatch"}}, From: from.Format(time.DateOnly), To: to.Format(time.DateOnly)})
		if err != nil || len(got.Rows) != 1 || *got.Rows[0].Values["count"] != float64(events) {
			t.Errorf("dispatches: %+v, the events say %d (%v)", got.Rows, events, err)
		}
		got, err = h.Figures(ctx, account.Scope{Units: []string{"st-xixiang"}}, FigureQuery{Grain: "appeals", Measures: []string{"count"}, By: []string{"unit"}, From: from.Format(time.DateOnly), To: to.Format(time.DateOnly)})
		if err != nil || len(got.Rows) != 1 || got.Rows[0].By["unit"] != "st-xixiang" {
			t.Errorf("a unit sees %+v (%v)", got.Rows, err)
		}
		if got, err := h.Figures(ctx, account.Scope{}, FigureQuery{Grain: "appeals", Measures: []string{"count"}, From: from.Format(time.DateOnly), To: to.Format(time.DateOnly)}); err != nil || len(got.Rows) != 0 {
			t.Errorf("who may see nothing sees %+v (%v)", got.Rows, err)
		}
		h.backlogAndPublic(t, from)
	})
}

// The backlog of a day is written once; the public board tells no small number.
func (h *house) backlogAndPublic(t *testing.T, from time.Time) {
	ctx := context.Background()
	open := h.count(t, `SELECT count(*) FROM matter WHERE open AND flow = 'appeal'`)
	for range 2 {
		if _, err := h.keepOpenDay(ctx); err != nil {
			t.Fatal(err)
		}
	}
	yesterday := h.Store.Now().In(h.Zone()).AddDate(0, 0, -1)
	got, err := h.Figures(ctx, account.Scope{All: true}, FigureQuery{Grain: "open", Measures: []string{"open", "mean"}, From: yesterday.Format(time.DateOnly), To: yesterday.AddDate(0, 0, 1).Format(time.DateOnly)})
	if err != nil || *got.Rows[0].Values["open"] != float64(open) || *got.Rows[0].Values["mean"] != float64(open) {
		t.Errorf("the backlog: %+v, open are %d (%v)", got.Rows, open, err)
	}
	b, err := h.Public(ctx, from.Format("2006-01"))
	if err != nil || b.Filed < 500 || b.OnTime == nil || len(b.Streets) < 8 {
		t.Fatalf("the public board: %+v (%v)", b, err)
	}
	hidden := 0
	for _, list := range [][]PublicCount{b.Streets, b.Subjects, b.Channels} {
		one := 0
		for _, c := range list {
			if c.Count == nil {
				hidden++
				one++
			} else if *c.Count < leastPublic {
				t.Errorf("%s: %d is told", c.Name, *c.Count)
			}
		}
		if one == 1 && len(list) > 1 {
			t.Error("one number alone is not told: it follows from the sum")
		}
	}
	if hidden == 0 {
		t.Error("the test has no small number to hide")
	}
}

// Every measure says what it counts, in both languages.
func TestFiguresAreDefined(t *testing.T) {
	for grain, g := range figureGrains {
		for id := range g.measures {
			if says := figureDefinitions[grain][id]; says[0] == "" || says[1] == "" {
				t.Errorf("%s of %s has no definition", id, grain)
			}
		}
		if len(figureDefinitions[grain]) != len(g.measures) {
			t.Errorf("%s defines what cannot be asked", grain)
		}
	}
}

func TestFiguresRefuseWhatIsNotInTheGrammar(t *testing.T) {
	h := newHouse(t)
	good := FigureQuery{Grain: "appeals", Measures: []string{"count"}, By: []string{"street"}, From: "2026-10-01", To: "2026-11-01"}
	for field, spoil := range map[string]func(q *FigureQuery){
		"grain":        func(q *FigureQuery) { q.Grain = "matter; DROP TABLE matter" },
		"measures":     func(q *FigureQuery) { q.Measures = []string{"count(*)"} },
		"measures ":    func(q *FigureQuery) { q.Measures = []string{"count", "count"} },
		"by":           func(q *FigureQuery) { q.By = []string{"applicant"} },
		"by ":          func(q *FigureQuery) { q.By = []string{"street", "street"} },
		"where.phone":  func(q *FigureQuery) { q.Where = map[string][]string{"phone": {"1"}} },
		"where.street": func(q *FigureQuery) { q.Where = map[string][]string{"street": {}} },
		"from":         func(q *FigureQuery) { q.From = "yesterday" },
		"to":           func(q *FigureQuery) { q.To = "2026-09-01" },
		"on":           func(q *FigureQuery) { q.On = "liked" },
		"order":        func(q *FigureQuery) { q.Order = "-1; --" },
	} {
		q := good
		spoil(&q)
		if _, err := h.Figures(context.Background(), account.Scope{All: true}, q); err == nil {
			t.Errorf("%s was answered", field)
		} else if fmt.Sprint(err) == "" {
			t.Errorf("%s: an empty error", field)
		}
	}
	if _, err := h.Figures(context.Background(), account.Scope{All: true}, good); err != nil {
		t.Error(err)
	}
}
