package services

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/caseflow"
	"shanzhi/core/form"
	"shanzhi/core/pack"
	"shanzhi/core/store"
	"shanzhi/districts"
)

func local(t testing.TB, say string) store.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04:05", say, districtZone)
	if err != nil {
		t.Fatal(err)
	}
	return store.At(at)
}

// plain is a case in which nothing is wrong.
func plain(t testing.TB) *supervised {
	t.Helper()
	baoan, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	cals, err := pack.Calendars(baoan)
	if err != nil {
		t.Fatal(err)
	}
	w := &supervised{m: &caseflow.Matter{Unit: "dp-shijian", OpenedAt: local(t, "2026-09-01 10:00:00")}, now: local(t, "2026-09-04 15:00:00").Time, name: func(a string) form.Text { return form.Text{"zh": a} }}
	for _, c := range cals {
		if c.Name() == "desk" || c.Name() == "office" {
			w.office = c
		}
	}
	if w.office == nil {
		w.office = cals[0]
	}
	w.x = caseRow{AcceptedAt: local(t, "2026-09-02 10:00:00"), DecidedAt: local(t, "2026-09-04 10:00:00"), AcceptedBy: 2}
	ev := func(seq int, at, action string, actor store.ID) caseflow.Event {
		unit := "dp-shijian"
		if actor == 0 {
			unit = ""
		}
		return caseflow.Event{Seq: seq, At: local(t, at), Action: action, Actor: actor, Unit: unit}
	}
	w.events = []caseflow.Event{ev(1, "2026-09-01 10:00:00", "take_in", 1), ev(2, "2026-09-02 10:00:00", "accept", 2), ev(3, "2026-09-03 10:00:00", "propose", 3), ev(4, "2026-09-04 10:00:00", "grant", 4), ev(5, "2026-09-04 11:00:00", "deliver", 1)}
	clock := func(name, from, due, stop string) caseflow.Clock {
		c := caseflow.Clock{Name: name, N: 1, Unit: "dp-shijian", Outcome: caseflow.Met, Started: local(t, from), Due: local(t, due)}
		if stop != "" {
			c.Stopped = local(t, stop)
		} else {
			c.Outcome = caseflow.Running
		}
		return c
	}
	w.clocks = []caseflow.Clock{clock("accept", "2026-09-01 10:00:00", "2026-09-08 18:00:00", "2026-09-02 10:00:00"), clock("legal", "2026-09-02 10:00:00", "2026-09-30 18:00:00", "2026-09-04 10:00:00"), clock("promise", "2026-09-02 10:00:00", "2026-09-11 18:00:00", "2026-09-04 10:00:00"), clock("stage", "2026-09-02 10:00:00", "2026-09-09 18:00:00", "2026-09-03 10:00:00")}
	w.papers = []watchedPaper{{"receipt", "受1", 1, local(t, "2026-09-01 10:00:00"), local(t, "2026-09-01 10:00:03")}, {"grant", "准1", 4, local(t, "2026-09-04 10:00:00"), local(t, "2026-09-04 10:00:02")}}
	w.bills = []watchedBill{{9, billDue, local(t, "2026-09-02 10:00:00")}, {9, billPaid, local(t, "2026-09-02 16:00:00")}}
	return w
}

func shippedSupervision(t testing.TB) *watchSettings {
	t.Helper()
	baoan, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	set, err := readSupervision(baoan)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func seenRules(set *watchSettings, w *supervised) string {
	var out []string
	for _, s := range set.look(w) {
		out = append(out, strings.TrimSuffix(s.rule+" "+s.mark, " "))
		if len(s.evidence) == 0 || s.at.IsZero() || s.unit == "" {
			out = append(out, "without evidence, time or unit")
		}
	}
	return strings.Join(out, ", ")
}

// Each rule sees its case, and not its neighbour.
func TestEachRuleOfSupervision(t *testing.T) {
	set := shippedSupervision(t)
	if got := seenRules(set, plain(t)); got != "" {
		t.Fatalf("in a case in which nothing is wrong: %s", got)
	}
	running := func(w *supervised, name, now string) {
		w.events, w.papers, w.bills = w.events[:2], w.papers[:1], nil
		w.x.DecidedAt = store.Time{}
		w.now = local(t, now).Time
		for i := range w.clocks {
			if c := &w.clocks[i]; c.Name == name {
				c.Outcome, c.Stopped = caseflow.Running, store.Time{}
			}
		}
	}
	clock := func(w *supervised, name string) *caseflow.Clock {
		for i := range w.clocks {
			if w.clocks[i].Name == name {
				return &w.clocks[i]
			}
		}
		return nil
	}
	for name, x := range map[string]struct {
		change func(w *supervised)
		want   string
	}{
		// Eight working days from 2 to 11 September: four fifths have run on the 10th.
		"seventy percent used": {func(w *supervised) { running(w, "promise", "2026-09-08 12:00:00") }, ""},
		"four fifths used":     {func(w *supervised) { running(w, "promise", "2026-09-10 14:30:00") }, "near_due promise#1"},
		"nearly all used":      {func(w *supervised) { running(w, "promise", "2026-09-11 16:30:00") }, "close_due promise#1, near_due promise#1"},
		"past the promise":     {func(w *supervised) { running(w, "promise", "2026-09-11 18:00:01") }, "overdue_promise promise#1"},
		"paused is not running": {func(w *supervised) {
			running(w, "promise", "2026-09-20 10:00:00")
			clock(w, "promise").Outcome = caseflow.Paused
		}, ""},
		"the legal limit was missed": {func(w *supervised) { clock(w, "legal").Outcome = caseflow.Missed }, "overdue_legal legal#1"},
		"the stage was missed":       {func(w *supervised) { clock(w, "stage").Outcome = caseflow.Missed }, "overdue_stage stage#1"},
		"acceptance was missed":      {func(w *supervised) { clock(w, "accept").Outcome = caseflow.Missed }, "overdue_legal accept#1"},
		"void is no verdict":         {func(w *supervised) { clock(w, "legal").Outcome = caseflow.Void }, ""},
		"deemed accepted": {func(w *supervised) {
			w.x.Deemed = true
			w.events[1].Action, w.events[1].Actor, w.events[1].Unit = "deem", 0, ""
		}, "deemed"},
		"granted without acceptance":  {func(w *supervised) { w.events[1].Action = "note" }, "skipped_step accept"},
		"granted without examination": {func(w *supervised) { w.events[2].Action = "note" }, "skipped_step examine"},
		"an instant approval": {func(w *supervised) {
			w.events = []caseflow.Event{w.events[0], {Seq: 2, At: w.events[1].At, Action: "instant"}}
			w.papers = w.papers[:1]
			w.bills = nil
		}, ""},
		"accepted before it was received": {func(w *supervised) { w.x.AcceptedAt = local(t, "2026-09-01 09:59:59") }, "odd_order accepted"},
		"accepted as it was received":     {func(w *supervised) { w.x.AcceptedAt = w.m.OpenedAt }, ""},
		"decided before it was accepted":  {func(w *supervised) { w.x.DecidedAt = local(t, "2026-09-02 09:59:59") }, "odd_order decided"},
		"a step before the one before":    {func(w *supervised) { w.events[2].At = local(t, "2026-09-02 09:59:00") }, "odd_order event#3"},
		"a document from before":          {func(w *supervised) { w.papers[0].At = local(t, "2026-09-01 09:59:59") }, "odd_order paper#受1"},
		"decided in 29 seconds":           {func(w *supervised) { w.events[3].At = local(t, "2026-09-03 10:00:29") }, "too_fast event#4"},
		"decided in 30 seconds":           {func(w *supervised) { w.events[3].At = local(t, "2026-09-03 10:00:30") }, ""},
		"the house in no time":            {func(w *supervised) { w.events[3].At = w.events[2].At; w.events[3].Actor, w.events[3].Unit = 0, "" }, ""},
		"one step at night":               {func(w *supervised) { w.events[4].At = local(t, "2026-09-04 22:00:00") }, ""},
		"two steps off hours": {func(w *supervised) {
			w.events[3].At, w.events[4].At = local(t, "2026-09-04 21:00:00"), local(t, "2026-09-05 10:00:00")
			w.x.DecidedAt = w.events[3].At
		}, "off_hours"},
		"a document made a day later":  {func(w *supervised) { w.papers[1].MadeAt = local(t, "2026-09-05 10:00:01") }, "paper_late 准1"},
		"a document made within a day": {func(w *supervised) { w.papers[1].MadeAt = local(t, "2026-09-05 10:00:00") }, ""},
		"told once": {func(w *supervised) {
			w.events[1].Action = "notify"
			w.events = append(w.events[:2], caseflow.Event{Seq: 3, At: w.events[1].At, Action: "accept", Actor: 2, Unit: "x"}, w.events[2], w.events[3])
		}, ""},
		"told twice": {func(w *supervised) {
			again := w.events[1]
			again.Action = "notify"
			w.events = append([]caseflow.Event{w.events[0], again, again}, w.events[1:]...)
		}, "supplements"},
		"who accepted decides":          {func(w *supervised) { w.events[3].Actor = 2 }, "one_officer accept+decide"},
		"who examined decides":          {func(w *supervised) { w.events[3].Actor = 3 }, "one_officer examine+decide"},
		"who took in decides":           {func(w *supervised) { w.events[3].Actor = 1 }, "one_officer receive+decide"},
		"who took in delivers":          {func(w *supervised) { w.events[4].Actor = 1 }, ""},
		"a special procedure, told":     {func(w *supervised) { special(w, true, caseflow.Met) }, ""},
		"a special procedure, untold":   {func(w *supervised) { special(w, false, caseflow.Met) }, "special_untold event#9"},
		"a special procedure, too long": {func(w *supervised) { special(w, true, caseflow.Missed) }, "special_long special#1"},
		"paid before the acceptance":    {func(w *supervised) { w.bills[1].At = local(t, "2026-09-02 09:59:59") }, "fee_order paid#9"},
		"paid with the acceptance":      {func(w *supervised) { w.bills[1].At = w.x.AcceptedAt }, ""},
		"granted while it was due":      {func(w *supervised) { w.bills = w.bills[:1] }, "fee_order due#9"},
		"asked for after the grant":     {func(w *supervised) { w.bills = []watchedBill{{8, billDue, local(t, "2026-09-04 10:00:01")}} }, "fee_order asked#8"},
		"waived":                        {func(w *supervised) { w.bills[1].State = billWaived }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := plain(t)
			x.change(w)
			if got := seenRules(set, w); got != x.want {
				t.Errorf("%q, want %q", got, x.want)
			}
		})
	}
}

func special(w *supervised, told bool, outcome caseflow.Outcome) {
	at := w.events[2].At
	w.events = append(w.events, caseflow.Event{Seq: 9, At: w.events[4].At, Action: "special", Actor: 3, Unit: "dp-shijian"})
	if told {
		w.papers = append(w.papers, watchedPaper{"special", "特1", 9, w.events[4].At, w.events[4].At})
	}
	w.clocks = append(w.clocks, caseflow.Clock{Name: "special", N: 1, Unit: "dp-shijian", Outcome: outcome, Started: at, Due: at, Stopped: at})
}

// Whatever a case looks like, a look at it ends, each thing has one mark, and a case that
// is only moved in time by whole weeks looks the same.
func TestAnyCaseCanBeLookedAt(t *testing.T) {
	set := shippedSupervision(t)
	rapid.Check(t, func(rt *rapid.T) {
		w := plain(t)
		at := w.m.OpenedAt.Time
		actions := []string{"take_in", "accept", "notify", "corrected", "special", "special_done", "propose", "grant", "deny", "deliver", "deem"}
		w.events = nil
		for i := range rapid.IntRange(0, 12).Draw(rt, "n") {
			at = at.Add(time.Duration(rapid.IntRange(-3600, 200000).Draw(rt, "gap")) * time.Second)
			actor := store.ID(rapid.IntRange(0, 3).Draw(rt, "actor"))
			unit := "dp-shijian"
			if actor == 0 {
				unit = ""
			}
			w.events = append(w.events, caseflow.Event{Seq: i + 1, At: store.At(at), Action: rapid.SampledFrom(actions).Draw(rt, "action"), Actor: actor, Unit: unit})
		}
		marks := map[string]bool{}
		for _, s := range set.look(w) {
			k := s.rule + "/" + s.mark
			if marks[k] && s.rule != "odd_order" {
				rt.Fatalf("%s is seen twice", k)
			}
			marks[k] = true
		}
	})
}

// pay pays what is due of a case.
func (h *caseHouse) pay(t testing.TB, id store.ID) {
	t.Helper()
	if err := h.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		due, err := store.Select[billRow](ctx, tx, `SELECT id, matter, amount, name, basis, state FROM service_bill WHERE matter = ? AND state = 'due'`, id)
		for _, b := range due {
			if err == nil {
				err = h.changeBill(ctx, tx, b, billChange{state: billPaid, receipt: "R1", at: store.At(h.clock())})
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestFindingIsAskedAboutAndClosed(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		boss, head := h.staff["inspector"], h.staff["decide"]
		who := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		h.at(t, "2026-09-01 10:00")
		id := h.open(t, who, "layout", "rules")
		h.at(t, "2026-09-02 10:00")
		h.do(t, id, h.staff["accept"], "accept", "points", []any{"scope", "plan", "health"})
		h.pay(t, id)
		h.do(t, id, h.staff["examine"], "propose", "view", "grant", "opinion", "符合要求")
		h.do(t, id, head, "grant") // at once: the officer did not look
		if n, err := h.LookAtCase(ctx, id, h.clock()); err != nil || n != 1 {
			t.Fatalf("found %d: %v", n, err)
		}
		if n, err := h.LookAtCase(ctx, id, h.clock()); err != nil || n != 0 {
			t.Errorf("looked at again: %d %v", n, err)
		}
		list, err := h.Findings(ctx, boss, FindingFilter{Open: true, Limit: 10})
		if err != nil || len(list) != 1 || list[0].Rule != "too_fast" || list[0].Severity != "yellow" || list[0].Officer != "decide" || len(list[0].Evidence) != 3 {
			t.Fatalf("%+v %v", list, err)
		}
		f := list[0].ID
		act := func(who string, action string, kv ...any) error {
			form := map[string]any{}
			for i := 0; i < len(kv); i += 2 {
				form[kv[i].(string)] = kv[i+1]
			}
			return h.ActOnFinding(ctx, h.staff[who], f, 0, action, form)
		}
		// The department sees nothing before it is asked, and another never does.
		if _, err := h.Finding(ctx, head, f); err != store.ErrNotFound {
			t.Errorf("before it is asked: %v", err)
		}
		if err := act("decide", "explain", "explanation", "事先已审核"); err == nil {
			t.Error("it explains before it is asked")
		}
		if err := act("inspector", "ask", "question", "受理后立即作出决定，请说明审核过程"); err != nil {
			t.Fatal(err)
		}
		if err := act("inspector", "ask", "question", "再问一次可以吗"); err == nil {
			t.Error("it is asked twice")
		}
		if _, err := h.Finding(ctx, h.staff["civil-head"], f); err != store.ErrNotFound {
			t.Errorf("another department: %v", err)
		}
		d, err := h.Finding(ctx, head, f)
		if err != nil || d.State != "asked" || len(d.Allowed) != 1 || d.DueAt.In(districtZone).Format("2006-01-02") != "2026-09-07" {
			t.Errorf("three working days from Wednesday 2 September: %+v %v", d, err)
		}
		if err := act("inspector", "explain", "explanation", "代为说明可以吗"); err == nil {
			t.Error("who asks answers")
		}
		if err := act("decide", "explain", "explanation", "已在线下会审"); err != nil {
			t.Fatal(err)
		}
		if err := act("decide", "accept_explanation", "note", "可以"); err == nil {
			t.Error("who explains accepts")
		}
		if err := act("inspector", "slip", "demand", "会审须留痕，限期整改"); err != nil {
			t.Fatal(err)
		}
		if err := act("decide", "correct", "result", "已建立会审记录"); err != nil {
			t.Fatal(err)
		}
		if err := act("inspector", "close", "note", "整改到位"); err != nil {
			t.Fatal(err)
		}
		d, err = h.Finding(ctx, boss, f)
		if err != nil || d.State != "closed" || len(d.Story) != 5 {
			t.Errorf("closed: %+v %v", d, err)
		}
		if open, err := h.Findings(ctx, boss, FindingFilter{Open: true, Limit: 10}); err != nil || len(open) != 0 {
			t.Errorf("open: %+v %v", open, err)
		}
		b, err := h.Supervision(ctx, boss)
		if err != nil || len(b.Severity) != 0 || len(b.Trend) != 30 || b.Trend[29].Yellow != 1 {
			t.Errorf("board: %+v %v", b, err)
		}
	})
}

func TestWarningsPassAndNightFindsWhatTimeShows(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		boss := h.staff["inspector"]
		h.at(t, "2026-09-01 10:00")
		id := h.open(t, h.citizen(t, "李记", "13800138000", "11010519491231002X"), "layout", "rules")
		h.at(t, "2026-09-08 11:00") // five working days end on the 8th
		if looked, found, err := h.LookAtAll(ctx); err != nil || looked != 1 || found == 0 {
			t.Fatalf("looked at %d, found %d: %v", looked, found, err)
		}
		list, _ := h.Findings(ctx, boss, FindingFilter{Rule: "near_due", Limit: 10})
		if len(list) != 1 || list[0].State != findingFound {
			t.Fatalf("near: %+v", list)
		}
		h.do(t, id, h.staff["accept"], "accept", "points", []any{"scope", "plan", "health"})
		if _, err := h.LookAtCase(ctx, id, h.clock()); err != nil {
			t.Fatal(err)
		}
		if list, _ = h.Findings(ctx, boss, FindingFilter{Rule: "near_due", Limit: 10}); list[0].State != findingPassed {
			t.Errorf("accepted in time, and the warning is %s", list[0].State)
		}
		if err := h.ActOnFinding(ctx, boss, list[0].ID, 0, "dismiss", map[string]any{"reason": "已处理"}); err == nil {
			t.Error("what has passed is dismissed")
		}
		// The item's heat, and the cases behind it.
		heat, err := h.Heat(ctx, local(t, "2026-08-01 00:00:00").Time)
		if err != nil || len(heat) != 1 || heat[0].Cases != 1 || heat[0].Supplements != 0 {
			t.Errorf("heat: %+v %v", heat, err)
		}
		two := h.open(t, h.citizen(t, "张三", "13800138001", "11010519491231002X"), "layout", "rules")
		h.do(t, two, h.staff["accept"], "notify", "materials", []any{"layout"}, "what", "布局图没有标明操作间")
		if heat, _ = h.Heat(ctx, local(t, "2026-08-01 00:00:00").Time); heat[0].Cases != 2 || heat[0].Supplements != 1 {
			t.Errorf("heat: %+v", heat)
		}
		for kind, want := range map[string]int{"": 2, "supplements": 1, "refused": 0, "trips": 0} {
			if got, err := h.HeatCases(ctx, boss, heat[0].Item, kind, local(t, "2026-08-01 00:00:00").Time, 10); err != nil || len(got) != want {
				t.Errorf("%q: %d cases: %v", kind, len(got), err)
			}
		}
		if _, err := h.HeatCases(ctx, boss, heat[0].Item, "x", time.Time{}, 10); err == nil {
			t.Error("a kind that is none")
		}
	})
}

func TestSupervisionOfAPack(t *testing.T) {
	for say, want := range map[string]string{
		"rules: {deemed: {severity: red}}\n":                                "",
		"rules: {deemed: {severity: black}}\n":                              "severity",
		"rules: {what: {severity: red}}\n":                                  "no rule",
		"rules: {near_due: {severity: red}}\n":                              "share",
		"rules: {too_fast: {severity: red}}\n":                              "seconds",
		"rules: {one_officer: {severity: red, apart: [[receive, sing]]}}\n": "apart",
		"explain: soon\n":                                                   "explain",
		"night: noon\n":                                                     "night",
		"days: 0\n":                                                         "days",
	} {
		_, err := readSupervision(fstest.MapFS{packSupervision: {Data: []byte(say)}})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", say, err, want)
		}
	}
}
