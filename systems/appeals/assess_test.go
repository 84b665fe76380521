package appeals

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"reflect"
	"testing"
	"testing/fstest"
	"time"

	"shanzhi/core/caseflow"
	"shanzhi/core/metric"
	"shanzhi/core/store"
	"shanzhi/districts"
)

// lastMonth is the month before now, in the district's time.
func (h *house) lastMonth() (text string, from, to time.Time) {
	now := h.Store.Now().In(h.Zone())
	to = time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, h.Zone())
	from = to.AddDate(0, -1, 0)
	return from.Format("2006-01"), from, to
}

// A month of a simulated district: what the indicators give is what an independent
// count over the events gives, for every street.
func TestAssessmentEqualsTheEvents(t *testing.T) {
	t.Parallel()
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		month, from, to := h.lastMonth()
		files, _ := fs.Sub(districts.FS, "baoan")
		if _, err := h.Simulate(ctx, files, Simulation{Seed: 5, From: from.AddDate(0, 0, -10), To: to, PerDay: 36, Until: h.Store.Now()}); err != nil {
			t.Fatal(err)
		}
		a, err := h.Assess(ctx, "two_by_25", month)
		if err != nil {
			t.Fatal(err)
		}
		// By the events alone: fold each matter again and look at its clocks, and read
		// what the citizens said in them.
		type count struct{ due, met, rated, satisfied float64 }
		want := map[string]*count{}
		of := func(unit string) *count {
			if u, _ := h.Dir.Tree().Unit(unit); u.Kind == "community" {
				unit = u.Parent
			}
			if want[unit] == nil {
				want[unit] = &count{}
			}
			return want[unit]
		}
		ids, err := store.Select[store.ID](ctx, h.Store, `SELECT id FROM matter WHERE flow = 'appeal'`)
		if err != nil {
			t.Fatal(err)
		}
		within := func(at store.Time) bool { return !at.Before(from) && at.Before(to) }
		for _, id := range ids {
			m, clocks, err := h.Engine.Rebuild(ctx, h.Store, id, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range clocks {
				if c.Name == "handle" && c.Outcome != caseflow.Void && c.Outcome != caseflow.Paused && within(c.Due) {
					of(c.Unit).due++
					if c.Outcome == caseflow.Met {
						of(c.Unit).met++
					}
				}
			}
			events, err := caseflow.Events(ctx, h.Store, id)
			if err != nil {
				t.Fatal(err)
			}
			var last *caseflow.Event
			for i := range events {
				switch events[i].Action {
				case "rate", "visit":
					last = &events[i]
				case "redo", "reopen":
					last = nil
				}
			}
			if last != nil && within(last.At) {
				c := of(m.Unit)
				c.rated++
				switch n := last.Data.Form["result"].(float64); {
				case n >= 4:
					c.satisfied++
				case n == 3:
					c.satisfied += 0.6
				}
			}
		}
		streets := 0
		for _, r := range a.Results {
			w := want[r.Unit]
			if w == nil {
				w = &count{}
			}
			on, sat := r.Lines[0], r.Lines[1]
			if on.Denominator != w.due || on.Numerator != w.met || sat.Denominator != w.rated || math.Abs(sat.Numerator-w.satisfied) > 1e-6 {
				t.Errorf("%s: on time %v of %v, satisfied %v of %v; the events say %v of %v, %v of %v", r.Unit, on.Numerator, on.Denominator, sat.Numerator, sat.Denominator, w.met, w.due, w.satisfied, w.rated)
			}
			if u, _ := h.Dir.Tree().Unit(r.Unit); u.Kind == "street" && w.due > 12 {
				streets++
			}
		}
		if streets < 5 {
			t.Fatalf("only %d streets had anything due", streets)
		}
		h.frozenAndContested(t, month, a)
	})
}

// What is frozen stays; a unit asks that a matter does not count; the correction says
// what it changed; points entered by hand need their evidence.
func (h *house) frozenAndContested(t *testing.T, month string, preview Assessment) {
	ctx := context.Background()
	boss := h.staff(t, "assess-boss", "pf-zhihui", "supervisor")
	first, err := h.Freeze(ctx, boss, "two_by_25", month)
	if err != nil || first.Parent != 0 || fmt.Sprint(first.Results[0].Points) != fmt.Sprint(preview.Results[0].Points) {
		t.Fatalf("frozen: %+v %v", first.Parent, err)
	}
	var unit string
	var loss LossRow
	for _, r := range first.Results {
		rows, err := h.Losses(ctx, first.ID, r.Unit)
		if err != nil {
			t.Fatal(err)
		}
		lost := 0.0
		for _, l := range r.Lines {
			if l.Full > 0 && l.Points != nil {
				lost += l.Full - *l.Points
			} else if l.Points != nil && *l.Points < 0 && !l.Manual {
				lost -= *l.Points
			}
		}
		sum := 0.0
		for _, x := range rows {
			sum += x.Points
		}
		if len(rows) < 500 && math.Abs(sum-lost) > 0.02 && lost < 30 { // deductions are capped; their rows are not
			t.Errorf("%s lost %v, its matters cost %v", r.Unit, lost, sum)
		}
		if u, _ := h.Dir.Tree().Unit(r.Unit); u.Kind == "street" && len(rows) > 3 && unit == "" {
			for _, x := range rows {
				m, _ := caseflow.Get(ctx, h.Store, x.Matter)
				if x.Item == "on_time" && m.Unit == r.Unit {
					unit, loss = r.Unit, x
				}
			}
		}
	}
	if unit == "" {
		t.Fatal("no street lost anything")
	}
	head := h.staff(t, "assess-head", unit, "unit_head")
	asked, err := h.ContestScore(ctx, head, loss.Matter, "two_by_25", month, "该件因台风停工超期，属不可抗力", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.ContestScore(ctx, head, loss.Matter, "two_by_25", month, "该件因台风停工超期，属不可抗力", nil); err == nil {
		t.Error("contested twice")
	}
	if _, err := h.ContestScore(ctx, h.staff(t, "assess-other", "dp-minzheng", "unit_head"), loss.Matter, "two_by_25", month, "与本单位无关的一件事情", nil); !errors.Is(err, caseflow.ErrNotFound) {
		t.Errorf("another unit contested it: %v", err)
	}
	if _, err := h.Act(ctx, boss, asked.ID, 0, []Step{{"grant", map[string]any{"note": "台风停工属实，同意剔除"}}}); err != nil {
		t.Fatal(err)
	}
	second, err := h.Freeze(ctx, boss, "two_by_25", month)
	if err != nil || second.Parent != first.ID || second.Hash == first.Hash {
		t.Fatalf("corrected: %+v %v", second, err)
	}
	if len(second.Changes) == 0 || second.Changes[0].Unit == "" {
		t.Error("a correction that changed nothing")
	}
	for _, r := range second.Results {
		if r.Unit == unit {
			for _, was := range first.Results {
				if was.Unit == unit && (r.Lines[0].Denominator != was.Lines[0].Denominator-1 || r.Lines[0].Excluded != 1) {
					t.Errorf("after the exclusion: %+v, before %+v", r.Lines[0].Tally, was.Lines[0].Tally)
				}
			}
		}
	}
	if again, err := h.Assessment(ctx, first.ID); err != nil || again.Hash != first.Hash || again.Results[0].Points != first.Results[0].Points {
		t.Errorf("what was frozen changed: %v", err)
	}
	for name, e := range map[string]AssessEntry{
		"no such extra":    {Unit: unit, Extra: "luck", Points: 1, Reason: "很好的经验"},
		"the wrong way":    {Unit: unit, Extra: "merits", Points: -1, Reason: "很好的经验"},
		"too much":         {Unit: unit, Extra: "merits", Points: 30, Reason: "很好的经验"},
		"no reason":        {Unit: unit, Extra: "merits", Points: 1},
		"no such unit":     {Unit: "moon", Extra: "merits", Points: 1, Reason: "很好的经验"},
		"has its own rows": {Unit: unit, Extra: "improper_returns", Points: -0.5, Reason: "很好的经验"},
		"a made-up file":   {Unit: unit, Extra: "merits", Points: 1, Reason: "很好的经验", List: []string{"nothing"}},
	} {
		if err := h.Enter(ctx, boss, "two_by_25", month, e); err == nil {
			t.Errorf("%s was entered", name)
		}
	}
	if err := h.Enter(ctx, boss, "two_by_25", month, AssessEntry{Unit: unit, Extra: "merits", Points: 2, Reason: "经验在全市推广"}); err != nil {
		t.Fatal(err)
	}
	third, err := h.Assess(ctx, "two_by_25", month)
	if err != nil {
		t.Fatal(err)
	}
	points := func(a Assessment) float64 {
		for _, r := range a.Results {
			if r.Unit == unit {
				return r.Points
			}
		}
		return -1
	}
	if got := points(third) - points(second); math.Abs(got-2) > 1e-9 {
		t.Errorf("two points entered by hand made %v", got)
	}
	if _, err := h.Freeze(ctx, boss, "two_by_25", h.Store.Now().In(h.Zone()).Format("2006-01")); err == nil {
		t.Error("a month was frozen before it was over")
	}
	// The night freezes what nobody has frozen, once.
	for range 2 {
		h.ahead.Store(int64(h.nextFreeze().Sub(time.Now())))
		if _, err := h.freezeAtNight(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if n := h.count(t, `SELECT count(*) FROM assessment WHERE scheme = 'three_rates'`); n != 1 {
		t.Errorf("three_rates was frozen %d times", n)
	}
}

// Of an appeal that is handled together each unit answers for its own time, and what
// the citizen says of it is the lead's.
func TestCoTasksCountForTheCoUnit(t *testing.T) {
	onDesks(t, func(t *testing.T, d *deskCast) {
		id := d.filed(lamp, "13800000006", "st-xixiang")
		d.must("receiver@st-xixiang", id, "sign", nil)
		d.must("handler@st-xixiang", id, "ask_co", map[string]any{"co_units": []any{"dp-chengguan", "dp-jiaojing"}, "note": "请提供灯杆产权资料"})
		for _, co := range d.subs(id, "co_task") {
			if co.Unit == "dp-chengguan" {
				d.must("handler@dp-chengguan", co.ID, "answer", map[string]any{"reply": "灯杆产权属街道，资料已附"})
			}
		}
		d.ahead.Add(int64(40 * 24 * time.Hour)) // the other has not answered
		if _, err := d.Engine.Tick(t.Context(), d.Store.Now()); err != nil {
			t.Fatal(err)
		}
		d.must("handler@st-xixiang", id, "reply", map[string]any{"result": "explained", "co_reason": "协办单位逾期未反馈", "reply": "经查，该路段路灯因电缆断路熄灭；维修班组11月25日更换电缆32米，当晚亮灯，已向您说明情况和依据"})
		d.must("unit_head@st-xixiang", id, "approve", nil)
		d.must("reviewer@platform", id, "pass", nil)
		d.must("follow_up@platform", id, "visit", map[string]any{"contacted": true, "solved": "yes", "result": int64(5)})
		now := d.Store.Now()
		same := func(unit string) string { return unit }
		got := map[string][]string{}
		for _, grain := range []string{"co", "order", "rating"} {
			rows, err := d.factRows(t.Context(), grain, now.AddDate(0, 0, -60), now.AddDate(0, 0, 1), same, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				if r.Key != int64(id) {
					t.Errorf("a row of %s is of %d, not of the appeal", grain, r.Key)
				}
				got[r.Unit] = append(got[r.Unit], fmt.Sprint(grain, " ", r.Facts["on_time"]))
			}
		}
		want := map[string][]string{"dp-chengguan": {"co true"}, "dp-jiaojing": {"co false"}, "st-xixiang": {"order false", "rating <nil>"}}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("counted for %v, want %v", got, want)
		}
	})
}

// nextFreeze is a moment on which the night freezes.
func (h *house) nextFreeze() time.Time {
	now := time.Now().In(h.Zone())
	return time.Date(now.Year(), now.Month()+1, h.district.Load().assess.Freeze.Day, 4, 0, 0, 0, h.Zone())
}

func TestIndicatorsOfAPack(t *testing.T) {
	for name, text := range map[string]string{
		"not yaml":      "indicators: [",
		"unknown key":   "indicatorz: []",
		"unknown grain": "indicators: [{id: a, name: {zh: 甲}, grain: moon, how: count}]",
		"unknown fact":  "indicators: [{id: a, name: {zh: 甲}, grain: order, how: ratio, value: lucky}]",
		"bad time":      "freeze: {day: 5, at: soon}",
		"no such day":   "freeze: {day: 31}",
	} {
		if _, err := readIndicators(fstest.MapFS{"appeals/indicators.yaml": {Data: []byte(text)}}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	b, err := readIndicators(fstest.MapFS{})
	if err != nil || len(b.Schemes) != 0 {
		t.Errorf("a district without: %v", err)
	}
	var _ metric.Book = b.Book
}
