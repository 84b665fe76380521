package appeals

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/document"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/districts"
)

// Every figure of a monthly report is what plain code counts over the rows and the
// clocks that the events give; no figure is left unchecked.
func TestReportEqualsTheRows(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		month, from, to := h.lastMonth()
		files, _ := fs.Sub(districts.FS, "baoan")
		if _, err := h.Simulate(ctx, files, Simulation{Seed: 7, From: from.AddDate(0, 0, -12), To: to, PerDay: 25, Until: h.Store.Now()}); err != nil {
			t.Fatal(err)
		}
		who := account.System(h.Dir)
		r, err := h.MakeReport(ctx, who, "monthly", month, nil)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := store.Select[Row](ctx, h.Store, `SELECT `+rowColumns+rowTables+` WHERE m.flow = 'appeal'`)
		if err != nil {
			t.Fatal(err)
		}
		clocks, err := store.Select[struct {
			Unit, Outcome string
			Due           store.Time `bun:"due_at"`
		}](ctx, h.Store, `SELECT unit, outcome, due_at FROM matter_clock WHERE clock = 'handle'`)
		if err != nil {
			t.Fatal(err)
		}
		rated, err := store.Select[struct {
			ID     store.ID
			Rated  store.Time `bun:"rated_at"`
			Solved string
			Score  *int `bun:"score_result"`
		}](ctx, h.Store, `SELECT id, rated_at, solved, score_result FROM appeal`)
		if err != nil {
			t.Fatal(err)
		}
		marks := map[store.ID]int{}
		for i, x := range rated {
			marks[x.ID] = i
		}
		zone, checked := h.Zone(), map[string]int{}
		for _, f := range r.Figures {
			q := f.Query
			a, _ := time.ParseInLocation(time.DateOnly, q.From, zone)
			z, _ := time.ParseInLocation(time.DateOnly, q.To, zone)
			within := func(at store.Time) bool { return !at.IsZero() && !at.Before(a) && at.Before(z) }
			fits := func(dim, value string) bool {
				want, ok := f.Line[dim]
				return !ok || want == value
			}
			var n, base float64
			if q.Grain == "due" {
				for _, c := range clocks {
					if within(c.Due) && fits("unit", c.Unit) && c.Outcome != string(caseflow.Void) && c.Outcome != "paused" {
						base++
						if c.Outcome == string(caseflow.Met) {
							n++
						}
					}
				}
			}
			var sum, closed, solved, marked, ratings, scored float64
			for _, x := range rows {
				at := map[string]store.Time{"": x.OpenedAt, "closed": x.ClosedAt, "rated": rated[marks[x.ID]].Rated}[q.On]
				ok := within(at) && fits("day", at.In(zone).Format(time.DateOnly))
				for dim, value := range map[string]string{"street": x.Street, "unit": x.Unit, "item": x.Item, "kind": x.Kind, "channel": x.Channel} {
					ok = ok && fits(dim, value)
				}
				if !ok || q.Grain != "appeals" {
					continue
				}
				n++
				if !x.Open {
					closed++
					sum += x.ClosedAt.Sub(x.OpenedAt.Time).Hours()
				}
				m := rated[marks[x.ID]]
				if m.Score == nil {
					continue
				}
				ratings++
				scored += map[bool]float64{true: 1}[*m.Score >= 4] + map[bool]float64{true: 0.6}[*m.Score == 3]
				if m.Solved != "" {
					marked++
					solved += map[string]float64{"yes": 1, "partly": 0.5}[m.Solved]
				}
			}
			ratio := func(n, of float64) *float64 {
				if of == 0 {
					return nil
				}
				v := n / of
				return &v
			}
			var want *float64
			switch q.Grain + "." + q.Measures[0] {
			case "appeals.count":
				want = &n
			case "appeals.satisfied":
				want = ratio(scored*100, ratings)
			case "appeals.solved":
				want = ratio(solved*100, marked)
			case "appeals.rated":
				want = ratio(ratings*100, closed)
			case "appeals.hours":
				want = ratio(sum, closed)
			case "due.due":
				want = &base
			case "due.on_time":
				want = &n
			case "due.late":
				v := base - n
				want = &v
			case "due.rate":
				want = ratio(n*100, base)
			default:
				t.Fatalf("%s of %s is not checked", q.Measures[0], q.Grain)
			}
			if (want == nil) != (f.Value == nil) || want != nil && math.Abs(*want-*f.Value) > 0.0051 {
				t.Errorf("%s (%+v) is %s, the rows say %s", f.Name, q, sayValue(f.Value), sayValue(want))
			}
			if f.Position != r.Position || r.Position == 0 {
				t.Errorf("%s is of other data: %s, %s", f.Name, f.Position, r.Position)
			}
			if f.Means == "" {
				t.Errorf("%s has no definition", f.Name)
			}
			checked[f.Figure]++
		}
		for id := range h.district.Load().reports.Figures {
			if checked[id] == 0 {
				t.Errorf("the report never says %s", id)
			}
		}
		saysItsFigures(t, r)
		h.opensToRows(t, r)
		h.greatestItem(t, r, from, to)
		special := h.specialReport(t, from, to)
		saysItsFigures(t, special)
		h.opensToRows(t, special)
		// What was frozen stays, word for word.
		again, err := h.Report(ctx, r.ID)
		if err != nil || again.Hash != r.Hash || len(again.Figures) != len(r.Figures) || len(again.Body) != len(r.Body) {
			t.Errorf("read again: %v", err)
		}
		for _, f := range []document.Format{document.DOCX, document.PDF, document.Markdown, document.HTML} {
			var b bytes.Buffer
			if err := h.ExportReport(ctx, who, again, f, "test", &b); err != nil || b.Len() < 1000 {
				t.Errorf("%s: %d bytes, %v", f, b.Len(), err)
			}
		}
		if err := h.ExportReport(ctx, who, again, document.PDF, "", &bytes.Buffer{}); err == nil {
			t.Error("a report left without a purpose")
		}
		reportLife(t, h, r.ID)
	})
}

// Each figure that is kept is said somewhere, and each place says a figure that is
// kept, with its value.
func saysItsFigures(t *testing.T, r Report) {
	t.Helper()
	said := map[int]bool{}
	for _, b := range r.Body {
		for _, x := range b.Said {
			for _, i := range []*int{x.Figure, x.Against} {
				if i != nil {
					said[*i] = true
				}
			}
			if x.Figure == nil || x.Against != nil {
				continue
			}
			if f := r.Figures[*x.Figure]; f.Value != nil && !strings.Contains(x.Text, sayNumber(*f.Value, 2)) && !strings.Contains(x.Text, sayNumber(*f.Value/31, 1)) && !strings.Contains(x.Text, sayNumber(*f.Value/30, 1)) && !strings.Contains(x.Text, sayNumber(*f.Value/28, 1)) {
				t.Errorf("%q does not say %s", x.Text, sayValue(f.Value))
			}
		}
		for i, row := range b.Cells {
			for j, place := range row {
				if place < 0 {
					continue
				}
				said[place] = true
				if f := r.Figures[place]; j < len(row)-1 && f.Value != nil && !strings.HasPrefix(b.Table.Rows[i][j], sayNumber(*f.Value, 2)) {
					t.Errorf("%s: %q is not %s", f.Name, b.Table.Rows[i][j], sayValue(f.Value))
				}
			}
		}
		for i, place := range b.Points {
			said[place] = true
			v := r.Figures[place].Value
			if b.Chart != nil && b.Chart.Values[i] != *v || b.Map != nil && b.Map.Areas[i].Value != nil && *b.Map.Areas[i].Value != *v {
				t.Errorf("a picture draws another value than %s", r.Figures[place].Name)
			}
		}
	}
	for i, f := range r.Figures {
		if !said[i] {
			t.Errorf("%s is kept and not shown", f.Name)
		}
	}
}

// The first line of the table of items is the item of which there is most.
func (h *house) greatestItem(t *testing.T, r Report, from, to time.Time) {
	t.Helper()
	most := h.count(t, `SELECT max(n) FROM (SELECT count(*) AS n FROM matter m WHERE m.flow = 'appeal' AND m.id >= ? AND m.id < ? GROUP BY m.item) AS items`, int64(store.IDAt(from)), int64(store.IDAt(to)))
	for _, b := range r.Body {
		if b.Table != nil && strings.HasPrefix(b.Table.Caption, "事项") {
			if first := b.Table.Rows[0][1]; first != sayNumber(float64(most), 0) {
				t.Errorf("the first item has %s, the most is %d", first, most)
			}
			return
		}
	}
	t.Error("there is no table of items")
}

// Each count of a report opens to as many rows as it says.
func (h *house) opensToRows(t *testing.T, r Report) {
	t.Helper()
	ctx := context.Background()
	for i, f := range r.Figures {
		if f.Value == nil || *f.Value > 150 || f.Unit != "件" || i%7 != 0 {
			continue
		}
		rows, err := h.behind(ctx, account.Scope{All: true}, f.Query, f.Line, 0, 200)
		// An appeal that was redone has more than one clock that fell due.
		redone := f.Query.Grain == "due" && len(rows) > 0 && float64(len(rows)) < *f.Value
		if err != nil || float64(len(rows)) != *f.Value && !redone {
			t.Errorf("%s (%+v, %v) is %s and opens to %d rows, %v", f.Name, f.Query, f.Line, sayValue(f.Value), len(rows), err)
		}
		mine, err := h.behind(ctx, account.Scope{Units: []string{"st-xixiang"}}, f.Query, f.Line, 0, 200)
		for _, x := range mine {
			if x.Unit != "st-xixiang" {
				t.Errorf("a unit sees %s of %s", x.No, x.Unit)
			}
		}
		if err != nil {
			t.Error(err)
		}
	}
}

// A special report of 42 days of a street counts that street alone, what fell due
// included, and its line has every day.
func (h *house) specialReport(t *testing.T, from, to time.Time) Report {
	t.Helper()
	ctx := context.Background()
	period := from.AddDate(0, 0, -12).Format(time.DateOnly) + ".." + from.AddDate(0, 0, 29).Format(time.DateOnly)
	r, err := h.MakeReport(ctx, account.System(h.Dir), "special", period, map[string][]string{"street": {"xixiang"}})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(r.Title, "西乡街道") {
		t.Errorf("the title %q does not say of what it is", r.Title)
	}
	days := 0
	for _, b := range r.Body {
		if b.Chart != nil && b.Chart.Line {
			days = len(b.Chart.Values)
		}
	}
	if days != 42 {
		t.Errorf("a line of 42 days has %d", days)
	}
	due := 0
	for _, f := range r.Figures {
		if f.Figure != "due" || len(f.Line) > 0 {
			continue
		}
		due++
		a, _ := time.ParseInLocation(time.DateOnly, f.Query.From, h.Zone())
		z, _ := time.ParseInLocation(time.DateOnly, f.Query.To, h.Zone())
		want := h.count(t, `SELECT count(*) FROM matter_clock k JOIN appeal a ON a.id = k.matter WHERE k.clock = 'handle' AND k.outcome IN ('met', 'missed', 'running') AND a.street = 'xixiang' AND k.due_at >= ? AND k.due_at < ?`, store.At(a), store.At(z))
		if float64(want) != *f.Value {
			t.Errorf("due in the street: %s, want %d", sayValue(f.Value), want)
		}
	}
	if due == 0 {
		t.Error("the special report says nothing of what fell due")
	}
	// Made again of the same data it says the same.
	again, err := h.MakeReport(ctx, account.System(h.Dir), "special", period, map[string][]string{"street": {"xixiang"}})
	if err != nil || len(again.Figures) != len(r.Figures) {
		t.Fatalf("again: %d figures of %d, %v", len(again.Figures), len(r.Figures), err)
	}
	for i, f := range again.Figures {
		if sayValue(f.Value) != sayValue(r.Figures[i].Value) {
			t.Errorf("%s: %s and then %s", f.Name, sayValue(r.Figures[i].Value), sayValue(f.Value))
		}
	}
	return r
}

// What cannot be reported on is refused with the field that is wrong.
func TestReportsThatCannotBeMade(t *testing.T) {
	h := newHouse(t)
	who := account.System(h.Dir)
	next := h.Store.Now().In(h.Zone()).Format("2006-01")
	for _, c := range []struct {
		kind, period string
		about        map[string][]string
		want         string
	}{
		{"hourly", "2026-01", nil, "kind"}, {"monthly", "2026-13", nil, "period"}, {"monthly", "", nil, "period"}, {"monthly", next, nil, "period"}, {"weekly", "2026-W60", nil, "period"}, {"daily", "2126-01-01", nil, "period"},
		{"monthly", "2026-01", map[string][]string{"street": {"xixiang"}}, "about"}, {"special", "2026-01-01..2026-01-31", map[string][]string{"street": {"nowhere"}}, "about"}, {"special", "2026-01-01..2026-01-31", map[string][]string{"phone": {"1"}}, "about"},
		{"special", "2026-01-01..2026-01-31", map[string][]string{"street": {}}, "about"}, {"special", "2024-01-01..2026-01-31", nil, "period"}, {"special", "2026-02-01..2026-01-31", nil, "period"},
	} {
		_, err := h.MakeReport(context.Background(), who, c.kind, c.period, c.about)
		var p *httpapi.Problem
		if !errors.As(err, &p) || p.Status != 422 || len(p.Errors) != 1 || p.Errors[0].Location != "body."+c.want {
			t.Errorf("%s %s %v: %v, want %s", c.kind, c.period, c.about, err, c.want)
		}
	}
	if n := h.count(t, `SELECT count(*) FROM report`); n != 0 {
		t.Errorf("%d reports were made", n)
	}
}

func sayValue(v *float64) string {
	if v == nil {
		return "none"
	}
	return sayNumber(*v, 3)
}

// Each action works from one state and for its roles alone; numbers leave no gap.
func reportLife(t *testing.T, h *house, id store.ID) {
	ctx, root := context.Background(), h.Dir.Tree().Root()
	actors := map[string]account.Actor{"supervisor": h.staff(t, "sup", root, "supervisor"), "leader": h.staff(t, "lead", root, "leader"), "dispatcher": h.staff(t, "disp", root, "dispatcher")}
	may := map[string]string{"review": "supervisor", "discard": "supervisor", "return": "leader", "issue": "leader", "archive": "supervisor", "withdraw": "leader"}
	path := []struct {
		action string
		state  ReportState
	}{{"review", ReportReviewed}, {"return", ReportDraft}, {"review", ReportReviewed}, {"issue", ReportIssued}, {"archive", ReportArchived}}
	before := ReportDraft
	for _, step := range path {
		for action, role := range may {
			for name, actor := range actors {
				if name == role && reportActions[action].from == before {
					continue
				}
				if _, err := h.ActOnReport(ctx, actor, id, action, "写错了"); err == nil {
					t.Fatalf("%s could %s a report that is %s", name, action, before)
				}
			}
		}
		if slices.Contains(reportReasons, step.action) {
			if _, err := h.ActOnReport(ctx, actors[may[step.action]], id, step.action, " "); err == nil {
				t.Errorf("%s needs no reason", step.action)
			}
		}
		r, err := h.ActOnReport(ctx, actors[may[step.action]], id, step.action, "数据有误，联系 13800138000")
		if err != nil || r.State != step.state {
			t.Fatalf("%s: %s, %v", step.action, r.State, err)
		}
		if (r.Number != "") != (step.state == ReportIssued || step.state == ReportArchived) {
			t.Errorf("%s has number %q", r.State, r.Number)
		}
		before = step.state
	}
	if n := h.count(t, `SELECT count(*) FROM notice WHERE name = 'report_review' AND desk = 'leader@platform'`); n != 2 {
		t.Errorf("leaders were told %d times of two reviews", n)
	}
	if n := h.count(t, `SELECT count(*) FROM report_event WHERE note LIKE '%13800138000%'`); n != 0 {
		t.Error("a phone stands in a note")
	}
	if r, _ := h.Report(ctx, id); !strings.HasPrefix(r.Number, "宝民诉月〔") || !strings.HasSuffix(r.Number, "〕1号") {
		t.Errorf("number %q", r.Number)
	}
}

// 上升 and 下降 are said of a change of 5 % that rests on 30 in both windows.
func TestWhenAReportSaysUp(t *testing.T) {
	b := &reportBook{}
	b.Rules.Change, b.Rules.Least = 5, 30
	v := func(x float64) *float64 { return &x }
	for _, c := range []struct {
		now, before *float64
		n, nBefore  float64
		unit, want  string
	}{
		{v(105), v(100), 105, 100, "件", "环比上升5%"}, {v(104.9), v(100), 104, 100, "件", "环比基本持平"}, {v(95), v(100), 95, 100, "件", "环比下降5%"}, {v(96), v(100), 96, 100, "件", "环比基本持平"},
		{v(60), v(29), 60, 29, "件", "环比基数较小，不作升降判断"}, {v(29), v(60), 29, 60, "件", "环比基数较小，不作升降判断"}, {v(30), v(60), 30, 60, "件", "环比下降50%"},
		{v(88), v(80), 30, 30, "%", "环比上升8个百分点"}, {nil, v(80), 30, 30, "%", "环比无可比数据"}, {v(8), v(0), 30, 30, "件", "环比无可比数据"},
	} {
		if got := b.change("环比", c.unit, c.now, c.before, c.n, c.nBefore); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// A quarter of mornings: every working day has its daily, every week its weekly,
// every month its monthly; the dailies leave no day out and count none twice; a
// house that was closed for a week catches up.
func TestAQuarterOfReports(t *testing.T) {
	files, _ := fs.Sub(districts.FS, "baoan")
	d, err := compileDistrict(files)
	if err != nil {
		t.Fatal(err)
	}
	b, have, count := d.reports, map[string]bool{}, map[string]int{}
	covered := map[string]int{}
	for now := time.Date(2026, 1, 5, 6, 30, 0, 0, d.zone); now.Before(time.Date(2027, 1, 5, 0, 0, 0, 0, d.zone)); now = now.AddDate(0, 0, 1) {
		if now.Month() == 3 && now.Day() >= 9 && now.Day() < 16 {
			continue // closed
		}
		for _, k := range b.Kinds {
			for _, p := range b.dues(k, now) {
				from, to, err := b.days(k, p, d.zone)
				if err != nil || to.After(now) {
					t.Fatalf("%s %s at %s: ends %s, %v", k.ID, p, now, to, err)
				}
				if to.Before(time.Date(2026, 1, 5, 0, 0, 0, 0, d.zone)) || have[k.ID+p] {
					continue
				}
				have[k.ID+p] = true
				count[k.ID]++
				if k.ID == "daily" {
					for _, day := range daysOf(from, to.AddDate(0, 0, -1)) {
						covered[day]++
					}
				}
			}
		}
	}
	if sum := count["daily"] + count["weekly"] + count["monthly"]; sum < 266 || count["weekly"] < 51 || count["monthly"] != 12 {
		t.Errorf("a year makes %d: %v", sum, count)
	}
	for day := time.Date(2026, 1, 5, 0, 0, 0, 0, d.zone); day.Before(time.Date(2026, 12, 31, 0, 0, 0, 0, d.zone)); day = day.AddDate(0, 0, 1) {
		if n := covered[day.Format(time.DateOnly)]; n != 1 {
			t.Errorf("%s is in %d dailies", day.Format(time.DateOnly), n)
		}
	}
	for _, bad := range []string{"", "2026-W60", "2026-W5x", "x"} {
		if _, _, err := b.days(b.kind("weekly"), bad, d.zone); err == nil {
			t.Errorf("%q is a week", bad)
		}
	}
}

// Names on a map lose the end that they share, and nothing else.
func TestNamesOnAMap(t *testing.T) {
	for in, want := range map[string]string{"西乡街道,新安街道": "西乡,新安", "西乡街道,沙井镇": "西乡街道,沙井镇", "街道,新安街道": "街道,新安街道", "西乡街道": "西乡街道", "甲街道,甲街道": "甲,甲"} {
		var areas []document.Area
		for _, n := range strings.Split(in, ",") {
			areas = append(areas, document.Area{Name: n})
		}
		shortenNames(areas)
		var got []string
		for _, a := range areas {
			got = append(got, a.Name)
		}
		if strings.Join(got, ",") != want {
			t.Errorf("%s became %v", in, got)
		}
	}
}
