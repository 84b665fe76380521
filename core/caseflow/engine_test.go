package caseflow_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/store"
	"shanzhi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// limits are fixed ones for the three flows.
type limits struct{}

func (limits) Clock(m *caseflow.Matter, clock string, _ map[string]any) (caseflow.ClockStart, bool) {
	s := caseflow.ClockStart{Calendar: "office", Limit: map[string]string{"total": "15wd", "sign": "1wd", "handle": "5wd", "accept": "5wd", "decide": "20wd", "confirm": "5m", "arrive": "30m"}[clock],
		Marks: []caseflow.MarkAt{{Level: "reminder", Share: "80%"}, {Level: caseflow.Due}, {Level: "yellow", After: "1wd"}}}
	if clock == "confirm" || clock == "arrive" || m.Class == "urgent" && clock == "sign" {
		s.Calendar, s.Limit = "always", "30m"
	}
	return s, true
}

func (limits) Numbers(*caseflow.Matter) map[string]any { return map[string]any{"returns": int64(2)} }

type world struct {
	*testing.T
	store  *store.Store
	engine *caseflow.Engine
	book   *calendar.Book
	dir    *account.Directory
	mu     sync.Mutex
	now    time.Time
	visit  bool
}

const officeText = "name: office\nzone: Asia/Shanghai\nkind: working\ndays: [mon, tue, wed, thu, fri]\nshifts: 09:00-12:00, 14:00-18:00\nholidays: [cn]\n"

func calendarOf(t testing.TB, text string) *calendar.Calendar {
	def, err := calendar.ParseDefinition([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	c, err := calendar.New(def)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var units = []account.Unit{
	{Code: "d", Name: "区", Kind: account.District}, {Code: "p", Name: "平台", Parent: "d", Kind: account.Platform},
	{Code: "s1", Name: "甲街道", Parent: "d", Kind: account.Street}, {Code: "s2", Name: "乙街道", Parent: "d", Kind: account.Street},
	{Code: "c1", Name: "甲一社区", Parent: "s1", Kind: account.Community},
}

func newWorld(t *testing.T, dsn string) *world {
	t.Helper()
	ctx := context.Background()
	w := &world{T: t, now: time.Date(2026, 9, 28, 2, 0, 0, 0, time.UTC), visit: true} // Monday 10:00 in Shenzhen, the week before the national holiday
	var err error
	if w.store, err = store.Open(ctx, dsn, store.Options{Now: w.clock}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.store.Close() })
	if err := w.store.Migrate(ctx, audit.Room(), event.Room(), account.Room(), caseflow.Room()); err != nil {
		t.Fatal(err)
	}
	w.dir = account.NewDirectory(w.store)
	if err := w.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, u := range units {
			if _, err := account.PutUnit(ctx, tx, u); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := w.dir.Reload(ctx); err != nil {
		t.Fatal(err)
	}
	w.book = calendar.NewBook(calendarOf(t, officeText), calendarOf(t, "name: always\nzone: Asia/Shanghai\nkind: round_the_clock\n"))
	w.engine = caseflow.New(w.store, event.NewBus(w.store, slog.Default()), w.dir, w.book)
	sys := &caseflow.System{Name: "test", Limits: limits{}, Facts: func(context.Context, store.Querier, *caseflow.Matter) (map[string]any, error) {
		return map[string]any{"visit": w.visit}, nil
	}}
	for _, name := range []string{"cohandled", "licence", "flood"} {
		body, err := os.ReadFile("testdata/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		sys.Flows = append(sys.Flows, string(body))
	}
	if err := w.engine.Register(ctx, sys); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(time.Microsecond) // no two events at one instant
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) at(s string) {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, time.FixedZone("", 8*3600))
	if err != nil {
		w.Fatal(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = t
}

// as is an actor by "role@unit", "applicant" or "system".
func (w *world) as(who string) account.Actor {
	switch who {
	case "applicant":
		return account.NewActor(w.dir, account.Account{ID: 7, Kind: account.Citizen, Person: 77}, account.Grant{Role: account.RoleCitizen})
	case "system":
		return account.System(w.dir)
	}
	role, unit, _ := strings.Cut(who, "@")
	return account.NewActor(w.dir, account.Account{ID: 9, Kind: account.Staff, Unit: unit}, account.Grant{Role: role, Unit: unit})
}

var numbered int

func (w *world) open(flow, action, who string, m caseflow.Matter) *caseflow.Matter {
	w.Helper()
	var out *caseflow.Matter
	err := w.store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) (err error) {
		numbered++
		m.No, m.Applicant = fmt.Sprint("N", numbered), 77
		out, err = w.engine.Open(ctx, tx, caseflow.Opening{Flow: flow, Action: action, Actor: w.as(who), Matter: m})
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return out
}

func (w *world) try(m *caseflow.Matter, action, who string, form map[string]any) error {
	return w.store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		after, err := w.engine.Do(ctx, tx, caseflow.Command{Matter: m.ID, Action: action, Actor: w.as(who), Form: form})
		if err == nil {
			*m = *after
		}
		return err
	})
}

func (w *world) do(m *caseflow.Matter, action, who string, form map[string]any) {
	w.Helper()
	if err := w.try(m, action, who, form); err != nil {
		w.Fatalf("%s by %s: %v", action, who, err)
	}
}

func (w *world) clocks(id store.ID) map[string]caseflow.Clock {
	w.Helper()
	all, err := caseflow.Clocks(context.Background(), w.store, id)
	if err != nil {
		w.Fatal(err)
	}
	out := map[string]caseflow.Clock{}
	for _, c := range all {
		out[fmt.Sprintf("%s/%d", c.Name, c.N)] = c
	}
	return out
}

func (w *world) verify(ids ...store.ID) {
	w.Helper()
	for _, id := range ids {
		diffs, err := w.engine.Verify(context.Background(), w.store, id)
		if err != nil {
			w.Fatal(err)
		}
		for _, d := range diffs {
			w.Errorf("matter %d: %s\n stored  %s\n rebuilt %s", d.Matter, d.What, d.Stored, d.Rebuilt)
		}
	}
}

func onBoth(t *testing.T, contract func(w *world)) {
	t.Run("sqlite", func(t *testing.T) { contract(newWorld(t, filepath.Join(t.TempDir(), "c.db"))) })
	t.Run("postgres", func(t *testing.T) { contract(newWorld(t, testkit.Postgres(t))) })
}

func local(t store.Time) string {
	return t.In(time.FixedZone("", 8*3600)).Format("2006-01-02 15:04")
}

// The unit's clock starts when the matter is dispatched, not when it is signed
// for; a rejected return does not reset it; an accepted one ends it without a
// verdict while the citizen's runs on; the next unit gets a clock of its own.
// All dates were counted by hand over the national holiday of 2026 (1–7
// October off; 10 October, a Saturday, worked).
func TestClocksOfAReturnedAppeal(t *testing.T) {
	onBoth(t, func(w *world) {
		m := w.open("cohandled", "file", "applicant", caseflow.Matter{Class: "normal"})
		if got := local(m.TotalDue); got != "2026-10-23 18:00" {
			w.Errorf("the citizen's due is %s", got)
		}
		w.at("2026-09-28 11:00")
		w.do(m, "dispatch", "dispatcher@p", map[string]any{"unit": "s1"})
		c := w.clocks(m.ID)
		if got := local(c["handle/1"].Due); got != "2026-10-10 18:00" { // 29, 30 September, 8, 9, 10 October
			w.Errorf("handle is due %s", got)
		}
		w.at("2026-09-29 10:00")
		w.do(m, "return", "receiver@s1", map[string]any{"basis": "不属于本街道"})
		w.do(m, "reject_return", "dispatcher@p", nil)
		after := w.clocks(m.ID)
		if len(after) != len(c) || after["handle/1"].Due != c["handle/1"].Due || after["handle/1"].Outcome != caseflow.Running {
			w.Errorf("a rejected return changed the handling clock: %+v", after["handle/1"])
		}
		w.at("2026-09-29 15:00")
		w.do(m, "return", "receiver@s1", map[string]any{"basis": "再次申请退单"})
		w.do(m, "accept_return", "dispatcher@p", nil)
		w.at("2026-09-30 09:30")
		w.do(m, "dispatch", "dispatcher@p", map[string]any{"unit": "s2"})
		c = w.clocks(m.ID)
		if c["handle/1"].Outcome != caseflow.Void || c["handle/1"].Unit != "s1" {
			w.Errorf("the first unit's clock: %+v", c["handle/1"])
		}
		if c["handle/2"].Unit != "s2" || local(c["handle/2"].Due) != "2026-10-13 18:00" { // 8, 9, 10, 12, 13 October
			w.Errorf("the second unit's clock: %s due %s", c["handle/2"].Unit, local(c["handle/2"].Due))
		}
		if total := c["total/1"]; total.Outcome != caseflow.Running || local(total.Due) != "2026-10-23 18:00" || len(total.Spec.Pauses) > 0 {
			w.Errorf("the citizen's clock: %+v", total)
		}
		if err := w.try(m, "return", "receiver@s2", map[string]any{"basis": "第三次退单"}); !refusedFor(err, "guard") {
			w.Errorf("a third return: %v", err)
		}
		w.verify(m.ID)
	})
}

func refusedFor(err error, code string) bool {
	var r *caseflow.Refusal
	return errors.As(err, &r) && r.Code == code
}

// Pausing moves the unit's due by the working time paused and the citizen's not
// at all; an extension counts from the due; a reply after the due is missed.
func TestPauseAndExtension(t *testing.T) {
	onBoth(t, func(w *world) {
		m := w.open("cohandled", "file", "applicant", caseflow.Matter{Class: "normal"})
		w.do(m, "dispatch", "dispatcher@p", map[string]any{"unit": "s1"})
		w.do(m, "sign", "receiver@s1", nil)
		total := m.TotalDue
		w.at("2026-10-08 09:00")
		w.do(m, "pause", "handler@s1", nil)
		w.at("2026-10-09 09:00") // one working day on
		w.do(m, "resume", "handler@s1", nil)
		c := w.clocks(m.ID)["handle/1"]
		if got := local(c.Due); got != "2026-10-12 18:00" {
			w.Errorf("after a pause of a working day handle is due %s", got)
		}
		if m.TotalDue != total {
			w.Error("the pause moved the citizen's due")
		}
		w.do(m, "extend", "head@s1", map[string]any{"length": "3wd"})
		if got := local(w.clocks(m.ID)["handle/1"].Due); got != "2026-10-15 18:00" {
			w.Errorf("extended by three days it is due %s", got)
		}
		if err := w.try(m, "extend", "head@s1", map[string]any{"length": "3wd"}); !refusedFor(err, "guard") {
			w.Errorf("a second extension: %v", err)
		}
		w.at("2026-10-16 10:00")
		w.do(m, "reply", "handler@s1", nil)
		if c := w.clocks(m.ID)["handle/1"]; c.Outcome != caseflow.Missed {
			w.Errorf("a reply after the due: %s", c.Outcome)
		}
		w.verify(m.ID)
	})
}

func TestCoTasksHoldTheReply(t *testing.T) {
	onBoth(t, func(w *world) {
		m := w.open("cohandled", "file", "applicant", caseflow.Matter{})
		w.do(m, "dispatch", "dispatcher@p", map[string]any{"unit": "s1"})
		w.do(m, "sign", "receiver@s1", nil)
		co := w.open("flood", "raise", "system", caseflow.Matter{Parent: m.ID})
		if err := w.try(m, "reply", "handler@s1", nil); !refusedFor(err, "guard") {
			w.Errorf("a reply over an open co-task: %v", err)
		}
		w.do(co, "dismiss", "watcher@p", map[string]any{"reason": "路面潮湿"})
		w.visit = false
		w.do(m, "reply", "handler@s1", nil)
		if m.State != "closed" || m.Open {
			w.Errorf("without a visit the reply closes: %s", m.State)
		}
		w.pass(71 * time.Hour)
		w.do(m, "reopen", "applicant", nil)
		if !m.Open || !m.ClosedAt.IsZero() || m.TotalDue.IsZero() {
			w.Errorf("reopened: %+v", m)
		}
		w.do(m, "reply", "handler@s1", nil)
		w.pass(73 * time.Hour)
		if err := w.try(m, "reopen", "applicant", nil); !refusedFor(err, "guard") {
			w.Errorf("reopening after 72 hours: %v", err)
		}
		w.verify(m.ID, co.ID)
	})
}

// The clock does what the law says when nobody acts: an application not
// answered within five days is accepted; a matter not signed for is signed.
// The one-time notice is given once. Marks are passed in order, each once.
func TestDueActionsAndMarks(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		m := w.open("licence", "submit", "applicant", caseflow.Matter{Unit: "s1"})
		if n, err := w.engine.Tick(ctx, w.clock()); n != 0 || err != nil {
			w.Fatalf("nothing is due: %d, %v", n, err)
		}
		w.at("2026-10-10 12:00")
		if n, err := w.engine.Tick(ctx, w.clock()); n != 1 || err != nil { // 80% of five days
			w.Fatalf("the reminder: %d, %v", n, err)
		}
		w.at("2026-10-10 18:01")
		for range 2 { // the second tick finds nothing new
			if _, err := w.engine.Tick(ctx, w.clock()); err != nil {
				w.Fatal(err)
			}
		}
		got, err := caseflow.Get(ctx, w.store, m.ID)
		if err != nil || got.State != "examining" {
			w.Fatalf("after the fifth day: %s, %v", got.State, err)
		}
		*m = *got
		if c := w.clocks(m.ID); c["accept/1"].Outcome != caseflow.Missed || c["decide/1"].Outcome != caseflow.Running {
			w.Errorf("clocks: %+v", c)
		}
		events, _ := caseflow.Events(ctx, w.store, m.ID)
		var seen []string
		for _, e := range events {
			s := e.Action
			if e.Data.Mark != nil {
				s += ":" + e.Data.Mark.Level
			}
			seen = append(seen, s)
		}
		if fmt.Sprint(seen) != "[submit marked:reminder marked:due deem]" {
			w.Errorf("events: %v", seen)
		}
		// As of the day before, it was still to be accepted.
		was, _, err := w.engine.Rebuild(ctx, w.store, m.ID, time.Date(2026, 10, 9, 0, 0, 0, 0, time.UTC))
		if err != nil || was.State != "submitted" {
			w.Errorf("as of the day before: %v, %v", was, err)
		}
		w.verify(m.ID)
	})
}

// A corrected calendar moves the clocks that run, says so in their timeline,
// and leaves the verdicts that were given.
func TestCorrectedCalendar(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		closed := w.open("cohandled", "file", "applicant", caseflow.Matter{})
		w.visit = false
		w.do(closed, "dispatch", "dispatcher@p", map[string]any{"unit": "s1"})
		w.do(closed, "sign", "receiver@s1", nil)
		w.do(closed, "reply", "handler@s1", nil)
		running := w.open("cohandled", "file", "applicant", caseflow.Matter{})
		w.do(running, "dispatch", "dispatcher@p", map[string]any{"unit": "s1"})
		before, closedBefore := w.clocks(running.ID), w.clocks(closed.ID)
		w.book.Put(calendarOf(w, officeText+"exceptions:\n  2026-09-30: off typhoon\n"), true)
		moved, err := w.engine.Recalendar(ctx, "office")
		if err != nil {
			w.Fatal(err)
		}
		after := w.clocks(running.ID)
		if got := local(after["handle/1"].Due); got != "2026-10-12 18:00" || moved != 2 { // handle and total; signing is due before the typhoon
			w.Errorf("handle moved from %s to %s, %d clocks moved", local(before["handle/1"].Due), got, moved)
		}
		if fmt.Sprint(w.clocks(closed.ID)) != fmt.Sprint(closedBefore) {
			w.Error("a closed matter's clocks were changed")
		}
		if again, err := w.engine.Recalendar(ctx, "office"); again != 0 || err != nil {
			w.Errorf("a second run moved %d clocks (%v)", again, err)
		}
		w.verify(running.ID, closed.ID)
	})
}

// Merged matters share the earliest deadline, leave the desk, come back as
// they were when split, and close together.
func TestMergeAndSplit(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		early := w.open("cohandled", "file", "applicant", caseflow.Matter{})
		w.do(early, "dispatch", "dispatcher@p", map[string]any{"unit": "s1"})
		w.do(early, "sign", "receiver@s1", nil)
		w.at("2026-09-30 10:00")
		late := w.open("cohandled", "file", "applicant", caseflow.Matter{})
		w.do(late, "dispatch", "dispatcher@p", map[string]any{"unit": "s1"})
		w.do(late, "sign", "receiver@s1", nil)
		own := w.clocks(late.ID)["handle/1"].Due
		merge := func(child, into store.ID) error {
			return w.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				return w.engine.Merge(ctx, tx, child, into, w.as("dispatcher@p"), "同一事件")
			})
		}
		if err := merge(early.ID, early.ID); !refusedFor(err, "merge") {
			w.Errorf("merging with itself: %v", err)
		}
		if err := merge(early.ID, late.ID); err != nil {
			w.Fatal(err)
		}
		if due := w.clocks(late.ID)["handle/1"].Due; due != w.clocks(early.ID)["handle/1"].Due {
			w.Errorf("the earliest deadline does not bind: %s", local(due))
		}
		if c, _ := caseflow.Get(ctx, w.store, early.ID); c.Desk != "" {
			w.Errorf("the merged one still stands at %s", c.Desk)
		}
		if err := w.try(early, "reply", "handler@s1", nil); !refusedFor(err, "state") {
			w.Errorf("acting on a merged matter: %v", err)
		}
		if err := merge(late.ID, early.ID); !refusedFor(err, "merge") {
			w.Errorf("merging in a circle: %v", err)
		}
		w.verify(early.ID, late.ID)
		if err := w.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			return w.engine.Split(ctx, tx, early.ID, w.as("dispatcher@p"), "并错了")
		}); err != nil {
			w.Fatal(err)
		}
		if due := w.clocks(late.ID)["handle/1"].Due; due != own {
			w.Errorf("after the split it is due %s, before the merge %s", local(due), local(own))
		}
		if c, _ := caseflow.Get(ctx, w.store, early.ID); c.Desk != "handler@s1" || c.Merged != 0 {
			w.Errorf("the split one stands at %q", c.Desk)
		}
		if err := merge(early.ID, late.ID); err != nil {
			w.Fatal(err)
		}
		*late = *must(caseflow.Get(ctx, w.store, late.ID))
		w.visit = false
		w.do(late, "reply", "handler@s1", nil)
		if c, _ := caseflow.Get(ctx, w.store, early.ID); c.Open || c.State != "closed" {
			w.Errorf("the merged one did not close: %s", c.State)
		}
		w.verify(early.ID, late.ID)
	})
}

// merged opens n matters and lets the first carry the others.
func (w *world) merged(n int) (carrier *caseflow.Matter, carried []store.ID) {
	w.Helper()
	carrier = w.open("cohandled", "file", "applicant", caseflow.Matter{})
	for range n - 1 {
		c := w.open("cohandled", "file", "applicant", caseflow.Matter{})
		carried = append(carried, c.ID)
		if err := w.store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
			return w.engine.Merge(ctx, tx, c.ID, carrier.ID, w.as("dispatcher@p"), "同一事件")
		}); err != nil {
			w.Fatal(err)
		}
	}
	*carrier = *must(caseflow.Get(context.Background(), w.store, carrier.ID))
	return carrier, carried
}

// What a matter carries is answered with it, whatever their number, and stands
// for itself from there: each is rated and redone by itself. The work's
// timeliness is judged once, at the carrier; the citizen's clock at each.
func TestCarriedAreAnsweredWithTheirCarrier(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		for _, n := range []int{3, 50} {
			m, carried := w.merged(n)
			w.do(m, "dispatch", "dispatcher@p", map[string]any{"unit": "s1"})
			w.do(m, "sign", "receiver@s1", nil)
			one := must(caseflow.Get(ctx, w.store, carried[0]))
			w.do(one, "add", "applicant", nil)
			w.do(m, "reply", "handler@s1", nil)
			followed, err := w.engine.Settle(ctx)
			if want := max(0, n-1-20); err != nil || followed != want {
				w.Errorf("%d of %d followed later, want %d (%v)", followed, n, want, err)
			}
			for _, id := range carried {
				c := must(caseflow.Get(ctx, w.store, id))
				if c.State != "visiting" || c.Unit != "s1" || c.Merged != 0 || c.Desk != "visitor@platform" {
					w.Fatalf("a carried matter is %s at %s, desk %q, merged %d", c.State, c.Unit, c.Desk, c.Merged)
				}
				if k := w.clocks(id); k["total/1"].Outcome != caseflow.Running {
					w.Errorf("its citizen's clock: %s", k["total/1"].Outcome)
				}
			}
			w.do(m, "visit", "visitor@p", nil)
			*one = *must(caseflow.Get(ctx, w.store, one.ID))
			w.do(one, "rate", "applicant", nil)
			w.do(one, "redo", "visitor@p", nil)
			if one.State != "handling" || one.Desk != "handler@s1" {
				w.Errorf("redone by itself: %s at %s", one.State, one.Desk)
			}
			late := w.open("cohandled", "file", "applicant", caseflow.Matter{})
			if err := w.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				return w.engine.Merge(ctx, tx, late.ID, carried[1], w.as("dispatcher@p"), "")
			}); !refusedFor(err, "merge") {
				w.Errorf("merging into what is answered: %v", err)
			}
			w.verify(append(carried, m.ID)...)
		}
	})
}

// A carrier whose matters cannot follow does not hold up those of the others.
func TestOneThatCannotFollowHoldsUpItsOwnAlone(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		m, carried := w.merged(50)
		w.do(m, "dispatch", "dispatcher@p", map[string]any{"unit": "s1"})
		w.do(m, "sign", "receiver@s1", nil)
		w.do(m, "reply", "handler@s1", nil)
		// Nothing stands under this number: to Settle it is a fault, before all others.
		if err := w.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO matter_lead (matter, seq) VALUES (1, 1)`)
			return err
		}); err != nil {
			w.Fatal(err)
		}
		followed, err := w.engine.Settle(ctx)
		if want := len(carried) - 20; followed != want || !errors.Is(err, caseflow.ErrNotFound) {
			w.Errorf("%d followed, want %d (%v)", followed, want, err)
		}
	})
}

// A carrier whose applicant withdraws does not take the others with it.
func TestCarrierWithdrawn(t *testing.T) {
	onBoth(t, func(w *world) {
		m, carried := w.merged(3)
		w.do(m, "withdraw", "applicant", nil)
		for _, id := range carried {
			if c := must(caseflow.Get(context.Background(), w.store, id)); !c.Open || c.Merged != 0 || c.Desk != "dispatcher@platform" {
				w.Errorf("after the carrier was withdrawn: %s, open %v, merged %d, desk %q", c.State, c.Open, c.Merged, c.Desk)
			}
		}
		w.verify(append(carried, m.ID)...)
	})
}

// The first unit that takes a matter on stays its first unit, whoever gets it
// later, and may still speak with the citizen. The unit that asked for a
// sub-matter may act on it where its flow says so.
func TestFirstUnitAndAsker(t *testing.T) {
	onBoth(t, func(w *world) {
		m := w.open("cohandled", "file", "applicant", caseflow.Matter{})
		to := func(unit string) {
			w.do(m, "dispatch", "dispatcher@p", map[string]any{"unit": unit})
			if unit != "s2" {
				w.do(m, "sign", "receiver@"+unit, nil)
			}
		}
		to("s2") // never signed for
		w.do(m, "return", "receiver@s2", map[string]any{"basis": "依据充分"})
		w.do(m, "accept_return", "dispatcher@p", nil)
		to("s1")
		if m.First != "s1" {
			w.Errorf("the first unit is %q", m.First)
		}
		w.do(m, "return", "receiver@s1", map[string]any{"basis": "依据充分"})
		w.do(m, "accept_return", "dispatcher@p", nil)
		w.do(m, "dispatch", "dispatcher@p", map[string]any{"unit": "s2"})
		w.do(m, "sign", "receiver@s2", nil)
		if m.First != "s1" || m.Unit != "s2" {
			w.Errorf("first %q, held by %q", m.First, m.Unit)
		}
		w.do(m, "contact", "handler@s1", nil)
		w.do(m, "contact", "handler@s2", nil)
		asked := w.open("cohandled", "file", "applicant", caseflow.Matter{Asker: "s1"})
		w.do(asked, "dispatch", "dispatcher@p", map[string]any{"unit": "s2"})
		w.do(asked, "sign", "receiver@s2", nil)
		w.do(asked, "hurry", "handler@s1", nil)
		if err := w.try(asked, "hurry", "handler@s2", nil); !refusedFor(err, "right") {
			w.Errorf("who did not ask: %v", err)
		}
		// Who asked, and who took it on first, hears of what happens to it.
		for id, unit := range map[store.ID]string{asked.ID: "s1", m.ID: "s1"} {
			raw := must(store.Select[string](context.Background(), w.store, `SELECT body FROM outbox WHERE "key" = ? ORDER BY id DESC LIMIT 1`, id.String()))
			var h caseflow.Happened
			if err := json.Unmarshal([]byte(raw[0]), &h); err != nil || !h.Concerns(account.Scope{Units: []string{unit}}) || h.Concerns(account.Scope{Units: []string{"s3", ""}}) {
				w.Errorf("%s is not told of %s, or another is: %v", unit, raw[0], err)
			}
		}
		w.verify(m.ID, asked.ID)
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Of several who act on the same state one wins; the others get a clear answer.
func TestOneOfManyActs(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		m := w.open("cohandled", "file", "applicant", caseflow.Matter{})
		w.do(m, "dispatch", "dispatcher@p", map[string]any{"unit": "s1"})
		results := make([]error, 16)
		var wg sync.WaitGroup
		for i := range results {
			wg.Go(func() {
				results[i] = w.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
					_, err := w.engine.Do(ctx, tx, caseflow.Command{Matter: m.ID, Version: m.Version, Action: "sign", Actor: w.as("receiver@s1")})
					return err
				})
			})
		}
		wg.Wait()
		won := 0
		for _, err := range results {
			if err == nil {
				won++
			} else if !errors.Is(err, caseflow.ErrConflict) {
				w.Errorf("a loser was told %v", err)
			}
		}
		if won != 1 {
			w.Errorf("%d of 16 won", won)
		}
		w.verify(m.ID)
	})
}

// Every state × every action × every kind of actor of the three flows: the
// engine accepts exactly what the flow's table says, and Allowed offers
// exactly what Do accepts.
func TestTableOfStatesAndActions(t *testing.T) {
	w := newWorld(t, filepath.Join(t.TempDir(), "table.db"))
	ctx := context.Background()
	actors := []string{"applicant", "system", "stranger@", "dispatcher@p", "watcher@p", "visitor@p", "receiver@s1", "handler@s1", "head@s1", "team@s1", "clerk@s1", "examiner@s1", "handler@s2", "team@s2", "receiver@c1", "handler@d"}
	forms := map[string]map[string]any{"dispatch": {"unit": "s1"}, "pass_on": {"unit": "s2"}, "return": {"basis": "依据充分"}, "extend": {"length": "2wd"}, "notify": {"what": "缺身份证明"}, "special": {"kind": "hearing"},
		"deny": {"reason": "不符合条件"}, "dismiss": {"reason": "反光"}, "drained": {"depth": 0.0}, "reply": {}}
	tried, accepted := 0, 0
	for _, name := range []string{"cohandled", "licence", "flood"} {
		flow := w.engine.Flow(name)
		for _, state := range slices.Sorted(maps.Keys(flow.States)) {
			m := w.inState(flow, state)
			for _, who := range actors {
				allowed, err := w.engine.Allowed(ctx, w.store, m, w.as(who))
				if err != nil {
					t.Fatal(err)
				}
				for _, action := range slices.Sorted(maps.Keys(flow.Actions)) {
					a := flow.Actions[action]
					firstly := map[bool]string{true: "s1"}[m.First != ""] // nobody took on what was never signed for
					want := slices.Contains(a.From, state) && slices.ContainsFunc(a.By, func(d caseflow.Desk) bool {
						switch d {
						case "applicant", "system":
							return who == string(d)
						}
						at := map[string]string{"holder": "s1", "first": firstly, "platform": "p", "district": "d"}[d.At()] // nobody asked for it
						role, unit, _ := strings.Cut(who, "@")
						return at != "" && role == d.Role() && (unit == at || unit == "d" && at != "d" || unit == "d")
					})
					offered := slices.ContainsFunc(allowed, func(o *caseflow.Action) bool { return o.Name == action })
					if offered != want {
						t.Errorf("%s: %s in %s by %s: offered %v, the table says %v", name, action, state, who, offered, want)
					}
					before := *m
					err := w.undone(m.ID, action, who, forms[action])
					tried++
					if (err == nil) != want {
						t.Errorf("%s: %s in %s by %s: %v, the table says %v", name, action, state, who, err, want)
					}
					if err == nil {
						accepted++
					}
					if now := must(caseflow.Get(ctx, w.store, m.ID)); fmt.Sprint(*now) != fmt.Sprint(before) {
						t.Fatalf("a refused or undone action changed the matter")
					}
				}
			}
		}
	}
	if accepted < 36 {
		t.Errorf("only %d of %d tries were accepted: the table was not walked", accepted, tried)
	}
}

var errUndo = errors.New("undo")

// undone does an action and undoes it; its own error, if any, is returned.
func (w *world) undone(id store.ID, action, who string, form map[string]any) error {
	err := w.store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		if _, err := w.engine.Do(ctx, tx, caseflow.Command{Matter: id, Action: action, Actor: w.as(who), Form: form}); err != nil {
			return err
		}
		return errUndo
	})
	if errors.Is(err, errUndo) {
		return nil
	}
	return err
}

// inState makes a matter, held by s1, in a state of its flow.
func (w *world) inState(f *caseflow.Flow, state string) *caseflow.Matter {
	w.Helper()
	paths := map[string][][3]string{
		"cohandled/dispatching": {}, "cohandled/signing": {{"dispatch", "dispatcher@p"}}, "cohandled/returned": {{"dispatch", "dispatcher@p"}, {"return", "receiver@s1"}},
		"cohandled/handling": {{"dispatch", "dispatcher@p"}, {"sign", "receiver@s1"}}, "cohandled/paused": {{"dispatch", "dispatcher@p"}, {"sign", "receiver@s1"}, {"pause", "handler@s1"}},
		"cohandled/visiting": {{"dispatch", "dispatcher@p"}, {"sign", "receiver@s1"}, {"reply", "handler@s1"}}, "cohandled/withdrawn": {{"withdraw", "applicant"}}, "cohandled/closed": {{"dispatch", "dispatcher@p"}, {"sign", "receiver@s1"}, {"reply", "handler@s1"}, {"visit", "visitor@p"}},
		"licence/submitted": {}, "licence/examining": {{"accept", "clerk@s1"}}, "licence/special": {{"accept", "clerk@s1"}, {"special", "examiner@s1"}}, "licence/correcting": {{"notify", "clerk@s1"}},
		"licence/granted": {{"accept", "clerk@s1"}, {"grant", "head@s1"}}, "licence/denied": {{"accept", "clerk@s1"}, {"deny", "head@s1"}},
		"flood/raised": {}, "flood/dispatched": {{"dispatch", "watcher@p"}}, "flood/on_site": {{"dispatch", "watcher@p"}, {"arrive", "team@s1"}}, "flood/drained": {{"dispatch", "watcher@p"}, {"arrive", "team@s1"}, {"drained", "team@s1"}}, "flood/false": {{"dismiss", "watcher@p"}},
	}
	path, ok := paths[f.Name+"/"+state]
	if !ok {
		w.Fatalf("the test has no path to %s/%s", f.Name, state)
	}
	forms := map[string]map[string]any{"dispatch": {"unit": "s1"}, "return": {"basis": "依据充分"}, "special": {"kind": "hearing"}, "notify": {"what": "缺材料"}, "deny": {"reason": "不符合"}, "drained": {"depth": 0.0}, "dismiss": {"reason": "反光"}}
	opening := map[string]string{"cohandled": "file", "licence": "submit", "flood": "raise"}[f.Name]
	m := w.open(f.Name, opening, "applicant", caseflow.Matter{Unit: "s1"})
	for _, step := range path {
		w.do(m, step[0], step[1], forms[step[0]])
	}
	if m.State != state {
		w.Fatalf("the path to %s leads to %s", state, m.State)
	}
	return m
}

// For random histories the stored state, clocks and counts equal those rebuilt
// from events; the citizen's clock never pauses; no event breaks the table.
func TestRandomHistories(t *testing.T) {
	w := newWorld(t, filepath.Join(t.TempDir(), "random.db"))
	ctx := context.Background()
	actors := []string{"applicant", "system", "dispatcher@p", "visitor@p", "watcher@p", "receiver@s1", "handler@s1", "head@s1", "receiver@s2", "handler@s2", "head@s2", "clerk@s1", "examiner@s1", "team@s1", "team@s2"}
	rapid.Check(t, func(r *rapid.T) {
		name := rapid.SampledFrom([]string{"cohandled", "licence", "flood"}).Draw(r, "flow")
		flow := w.engine.Flow(name)
		opening := map[string]string{"cohandled": "file", "licence": "submit", "flood": "raise"}[name]
		ids := []store.ID{w.open(name, opening, "applicant", caseflow.Matter{Unit: "s1", Class: rapid.SampledFrom([]string{"normal", "urgent"}).Draw(r, "class")}).ID}
		names := slices.Sorted(maps.Keys(flow.Actions))
		for range rapid.IntRange(5, 40).Draw(r, "steps") {
			w.pass(time.Duration(rapid.IntRange(0, 3*24*60).Draw(r, "minutes")) * time.Minute)
			id := rapid.SampledFrom(ids).Draw(r, "matter")
			switch rapid.IntRange(0, 11).Draw(r, "what") {
			case 0:
				if _, err := w.engine.Tick(ctx, w.clock()); err != nil {
					r.Fatal(err)
				}
			case 1:
				ids = append(ids, w.open(name, opening, "applicant", caseflow.Matter{Unit: "s1"}).ID)
			case 2, 3:
				other := rapid.SampledFrom(ids).Draw(r, "other")
				_ = w.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
					return w.engine.Merge(ctx, tx, id, other, w.as("dispatcher@p"), "")
				})
			case 4:
				if _, err := w.engine.Settle(ctx); err != nil {
					r.Fatal(err)
				}
				_ = w.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
					return w.engine.Split(ctx, tx, id, w.as("dispatcher@p"), "")
				})
			default:
				action := rapid.SampledFrom(names).Draw(r, "action")
				form := map[string]any{}
				for _, f := range flow.Actions[action].Form {
					switch f.Type {
					case "unit":
						form[f.Name] = rapid.SampledFrom([]string{"s1", "s2", "nowhere"}).Draw(r, f.Name)
					case "limit":
						form[f.Name] = rapid.SampledFrom([]string{"1wd", "5wd", "2h", "soon"}).Draw(r, f.Name)
					case "number":
						form[f.Name] = float64(rapid.IntRange(-1, 2).Draw(r, f.Name))
					case "text":
						form[f.Name] = rapid.SampledFrom([]string{"", "依据充分的说明"}).Draw(r, f.Name)
					case "choice":
						form[f.Name] = "hearing"
					case "class":
						form[f.Name] = rapid.SampledFrom([]string{"normal", "urgent"}).Draw(r, f.Name)
					}
				}
				before := must(caseflow.Get(ctx, w.store, id))
				who := rapid.SampledFrom(actors).Draw(r, "who")
				err := w.try(&caseflow.Matter{ID: id}, action, who, form)
				after := must(caseflow.Get(ctx, w.store, id))
				if err == nil {
					if a := flow.Actions[action]; !slices.Contains(a.From, before.State) || before.Merged != 0 && before.Open && !a.Carried {
						r.Fatalf("%s was accepted in %s (merged %d)", action, before.State, before.Merged)
					}
				} else if fmt.Sprint(*before) != fmt.Sprint(*after) {
					r.Fatalf("%s failed (%v) and changed the matter", action, err)
				}
			}
		}
		for _, id := range ids {
			diffs, err := w.engine.Verify(ctx, w.store, id)
			if err != nil {
				r.Fatal(err)
			}
			if len(diffs) > 0 {
				r.Fatalf("stored and rebuilt differ: %+v", diffs)
			}
			m := must(caseflow.Get(ctx, w.store, id))
			for _, c := range must(caseflow.Clocks(ctx, w.store, id)) {
				if c.Name == "total" && (len(c.Spec.Pauses) > 0 || c.Outcome == caseflow.Paused || c.Outcome == caseflow.Void || len(c.Spec.Extensions) > 0) {
					r.Fatalf("the citizen's clock was stopped: %+v", c)
				}
				if m.Open && c.Name == "total" && c.N == 1 && !c.Open() && m.Vars["reopens"] == 0 && name != "cohandled" {
					r.Fatalf("the matter is open and the citizen's clock is not running")
				}
			}
		}
	})
}

func TestWrongFlows(t *testing.T) {
	body, err := os.ReadFile("testdata/flood.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, new, want string }{
		"unknown state":         {"to: dispatched, by: [system]", "to: gone, by: [system]", `no state "gone"`},
		"state never reached":   {`to: "false", by`, `to: drained, by`, "state false cannot be reached"},
		"unknown action":        {"due: escalate", "due: explode", `no action "explode"`},
		"pause of the citizen":  {"never_pauses: true, start: [raise]", "never_pauses: true, start: [raise], pause: [arrive], resume: [drained]", "never pauses"},
		"bad condition":         {`check: "form.depth == 0"`, `check: "form.depth =="`, "check"},
		"guard reads the form":  {`check: "form.depth == 0"`, `guard: "form.depth == 0"`, "make it a check"},
		"unknown key":           {"title: {zh: 积水报警, en: Flood alarm}", "titel: {zh: 积水报警}", "titel"},
		"nobody may":            {"by: [watcher@platform], form: [{name: reason", "by: [], form: [{name: reason", "nobody may"},
		"unknown field type":    {"type: number", "type: integer", "not a type"},
		"desk without a place":  {"desk: team@holder}", "desk: team@moon}", "desk"},
		"set from nowhere":      {"set: {unit: unit, assignee", "set: {item: thing, assignee", `from "thing"`},
		"final state with desk": {"final: true}", "final: true, desk: team@holder}", "final state"},
	} {
		text := strings.Replace(string(body), c.old, c.new, 1)
		if text == string(body) {
			t.Errorf("%s: the test changes nothing", name)
		}
		if _, err := caseflow.Compile(text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", name, err, c.want)
		}
	}
}

// Bad forms are refused with every wrong field named, and nothing is done.
func TestWrongForms(t *testing.T) {
	w := newWorld(t, filepath.Join(t.TempDir(), "forms.db"))
	m := w.inState(w.engine.Flow("cohandled"), "dispatching")
	for _, c := range []struct {
		form  map[string]any
		field string
		want  string
	}{
		{nil, "unit", "required"}, {map[string]any{"unit": "  "}, "unit", "required"}, {map[string]any{"unit": "nowhere"}, "unit", "no_such_unit"},
		{map[string]any{"unit": 7.0}, "unit", "not_a_text"}, {map[string]any{"unit": "s1", "untt": "s1"}, "untt", "unknown"},
		{map[string]any{"unit": "s1", "class": strings.Repeat("长", 4001)}, "class", "too_long"}, {map[string]any{"unit": "s\xff"}, "unit", "not_a_text"},
	} {
		var r *caseflow.Refusal
		if err := w.try(m, "dispatch", "dispatcher@p", c.form); !errors.As(err, &r) || r.Fields[c.field] != c.want {
			t.Errorf("%v: %v, want %s: %s", c.form, err, c.field, c.want)
		}
	}
	if now := must(caseflow.Get(context.Background(), w.store, m.ID)); now.Version != 1 {
		t.Error("a refused form left an event")
	}
}
