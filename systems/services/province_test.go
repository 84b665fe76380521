package services

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"shanzhi/core/adapter"
	"shanzhi/core/store"
)

// province connects a simulated province.
func (h *caseHouse) connect(seed uint64, faults adapter.ProvinceFaults) *adapter.ProvinceSimulator {
	sim := adapter.NewProvinceSimulator("secret", h.clock, districtZone, seed, faults)
	h.Province = sim.Platform()
	return sim
}

func (h *caseHouse) later(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// sendAll sends until nothing waits.
func (h *caseHouse) sendAll(t testing.TB) {
	t.Helper()
	for range 400 {
		err := h.SendProvince(context.Background())
		var n int
		if qerr := h.Store.QueryRow(context.Background(), `SELECT count(*) FROM service_province_row WHERE state = 'queued'`).Scan(&n); qerr != nil {
			t.Fatal(qerr)
		}
		if err == nil && n == 0 {
			return
		}
		h.later(time.Minute)
	}
	t.Fatal("rows wait for ever")
}

func (h *caseHouse) rows(t testing.TB, where string, args ...any) []toldRow {
	t.Helper()
	list, err := store.Select[toldRow](context.Background(), h.Store, `SELECT `+toldColumns+` FROM service_province_row r WHERE `+where+` ORDER BY r.id`, args...)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestProvinceIsToldOfACase(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		sim := h.connect(1, adapter.ProvinceFaults{})
		who := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		id := h.closed(t, who)
		h.sendAll(t)
		steps := h.rows(t, `r.about = ? AND r.tab = ?`, int64(id), adapter.ProvinceStep)
		if len(steps) != 5 {
			t.Errorf("%d steps, want submit, accept, propose, grant, deliver", len(steps))
		}
		heads := h.rows(t, `r.about = ? AND r.tab = ?`, int64(id), adapter.ProvinceCase)
		last := heads[len(heads)-1]
		if heads[0].Op != "I" || last.Op != "U" || heads[0].GUID != last.GUID || last.Version != len(heads) {
			t.Errorf("versions of one row: %+v", heads)
		}
		got, ok := sim.Row(adapter.ProvinceCase, last.GUID)
		if !ok || got.Data["project_state"] != "11" || got.Data["accept_date"] != "2026-09-02 10:00:00" || got.Data["applyer_name"] != "李记" || got.Data["applyer_page_code"] != "11010519491231002X" {
			t.Errorf("the province has %v", got.Data)
		}
		for _, r := range h.rows(t, `1=1`) {
			if strings.Contains(r.Body, "李记") || strings.Contains(r.Body, "11010519491231002X") || strings.Contains(r.Body, "13800138000") {
				t.Errorf("personal data lies in the outbox: %s", r.Body)
			}
			if r.State != rowSent && r.Kind != aboutItem { // two departments of the shipped list are no units: the box says so
				t.Errorf("%s %s is %s", r.Tab, r.Body, r.State)
			}
		}
		lic := h.rows(t, `r.tab = ?`, adapter.ProvinceLicence)
		if len(lic) != 1 {
			t.Fatalf("%d rows of licences", len(lic))
		}
		if got, ok := sim.Row(adapter.ProvinceLicence, lic[0].GUID); !ok || got.Data["holder_name"] != "李记" {
			t.Errorf("licence: %v", got.Data)
		}
		// Both sides have the same.
		d, err := h.ReconcileProvince(context.Background(), "2026-09-04")
		if err != nil || len(d.Differences) != 0 {
			t.Errorf("compared: %+v %v", d, err)
		}
		for _, x := range d.Tables {
			if !x.Equal {
				t.Errorf("%+v", x)
			}
		}
	})
}

// Whatever the line does, in the end the province has each row once, as it is here.
func TestProvinceWithFaults(t *testing.T) {
	h := newCaseHouse(t)
	sim := h.connect(7, adapter.ProvinceFaults{Fail: .3, LostAck: .3, Lose: .2, Twice: .5})
	for _, phone := range []string{"13800138000", "13800138001", "13800138002"} {
		h.closed(t, h.citizen(t, "李记", phone, "11010519491231002X"))
		h.sendAll(t)
	}
	sim.SetFaults(adapter.ProvinceFaults{LostAck: .2})
	for round := range 6 {
		found := 0
		for _, day := range days(h, t) {
			d, err := h.ReconcileProvince(context.Background(), day)
			for err != nil {
				d, err = h.ReconcileProvince(context.Background(), day)
			}
			found += len(d.Differences)
		}
		h.sendAll(t)
		// What is resent may have children that did not pass while it was lost.
		open, err := h.Rejects(context.Background(), h.staff["inspector"], RejectFilter{State: "open", Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		open = slices.DeleteFunc(open, func(x Rejected) bool { return x.Kind == aboutItem && x.Type == "required" })
		for _, x := range open {
			if err := h.ActOnReject(context.Background(), h.staff["inspector"], x.ID, "resend", ""); err != nil && problemCode(err) != "refused_state" {
				t.Fatal(err)
			}
		}
		h.sendAll(t)
		if found == 0 && len(open) == 0 {
			break
		}
		if round == 5 {
			t.Fatalf("after six rounds %d differences and %d rejects are left", found, len(open))
		}
	}
	newest := map[string]toldRow{}
	for _, r := range h.rows(t, `1=1`) {
		newest[r.Tab+r.GUID] = r
	}
	for _, r := range newest {
		if r.Kind == aboutItem && r.State == rowRejected {
			continue // its department is no unit of the shipped list
		}
		got, ok := sim.Row(r.Tab, r.GUID)
		if want, err := h.rowToSend(context.Background(), r); err != nil || !ok || got.Hash() != want.Hash() {
			t.Errorf("%s %s: the province has %v %v, not %v", r.Tab, r.GUID, ok, got.Data, want.Data)
		}
	}
}

func days(h *caseHouse, t testing.TB) []string {
	list, err := store.Select[string](context.Background(), h.Store, `SELECT DISTINCT day FROM service_province_row ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func problemCode(err error) string {
	var p interface{ error }
	if errors.As(err, &p) {
		for _, code := range []string{"refused_state", "no_row"} {
			if strings.Contains(err.Error(), code) {
				return code
			}
		}
	}
	return ""
}

func TestRejectsAreRepairedAndSentAgain(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		sim := h.connect(1, adapter.ProvinceFaults{Twice: 1})
		h.sendAll(t) // items
		sim.Close("11440306MB2D70048K")
		id := h.open(t, h.citizen(t, "李记", "13800138000", "11010519491231002X"), "layout", "rules")
		h.sendAll(t)
		boss := h.staff["inspector"]
		list, err := h.Rejects(ctx, boss, RejectFilter{State: "open", Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		var head Rejected
		for _, x := range list {
			if x.Table == adapter.ProvinceCase {
				head = x
			} else if x.Case == id && x.Type != "project_unknown" {
				t.Errorf("%+v", x)
			}
		}
		if head.Type != "org_unknown" || head.Case != id || head.Unit == "" || head.No == "" {
			t.Fatalf("the box: %+v", list)
		}
		// A department sees its own.
		if own, err := h.Rejects(ctx, h.staff["accept"], RejectFilter{State: "open", Table: adapter.ProvinceCase, Limit: 50}); err != nil || len(own) != 1 {
			t.Errorf("the department sees %d: %v", len(own), err)
		}
		if _, err := h.Reject(ctx, h.staff["civil"], head.ID); err != store.ErrNotFound {
			t.Errorf("another department opens it: %v", err)
		}
		one, err := h.Reject(ctx, boss, head.ID)
		if err != nil || one.Data["org_code"] != "11440306MB2D70048K" || len(one.Versions) != 1 || one.Versions[0].State != rowRejected || one.Others == 0 {
			t.Errorf("opened: %+v %v", one, err)
		}
		// Sent again before it is repaired, it comes back; the box forgets neither.
		if err := h.ActOnReject(ctx, boss, head.ID, "resend", "已核对"); err != nil {
			t.Fatal(err)
		}
		if err := h.ActOnReject(ctx, boss, head.ID, "resend", "已核对"); problemCode(err) != "refused_state" {
			t.Errorf("twice: %v", err)
		}
		h.later(time.Minute)
		h.sendAll(t)
		open, err := h.Rejects(ctx, boss, RejectFilter{State: "open", Table: adapter.ProvinceCase, Limit: 50})
		if err != nil || len(open) != 1 {
			t.Fatalf("it came back: %+v %v", open, err)
		}
		sim.Reopen("11440306MB2D70048K")
		if err := h.ActOnReject(ctx, boss, open[0].ID, "resend", "机构已登记"); err != nil {
			t.Fatal(err)
		}
		h.later(time.Minute)
		h.sendAll(t)
		if left, err := h.Rejects(ctx, boss, RejectFilter{State: "open", Limit: 200}); err != nil || len(left) != 0 && left[0].Case == id {
			t.Errorf("left: %+v %v", left, err)
		}
		if got, ok := sim.Row(adapter.ProvinceCase, head.GUID); !ok || got.Op != "U" {
			t.Errorf("the province has %v %v", ok, got)
		}
		if sim.Count(adapter.ProvinceStep) != 1 || sim.Count(adapter.ProvinceMaterial) == 0 {
			t.Error("what refers to the case was not sent again with it")
		}
		// All of a kind at once.
		sim.Close("11440306MB2D70048K")
		twice := h.open(t, h.citizen(t, "王五", "13800138009", "11010519491231002X"), "layout", "rules")
		h.open(t, h.citizen(t, "赵六", "13800138008", "11010519491231002X"), "layout", "rules")
		h.sendAll(t)
		sim.Reopen("11440306MB2D70048K")
		if n, err := h.ResendRejects(ctx, h.staff["civil-head"], RejectFilter{Type: "org_unknown"}, ""); err != nil || n != 0 {
			t.Errorf("another department sends %d again: %v", n, err)
		}
		if n, err := h.ResendRejects(ctx, boss, RejectFilter{Type: "org_unknown"}, "机构已登记"); err != nil || n != 2 {
			t.Errorf("%d sent again: %v", n, err)
		}
		h.later(time.Minute)
		h.sendAll(t)
		if _, ok := sim.Row(adapter.ProvinceCase, h.rows(t, `r.about = ? AND r.tab = ?`, int64(twice), adapter.ProvinceCase)[0].GUID); !ok {
			t.Error("it was not sent again")
		}
		// One that is not sent again says why.
		sim.Close("11440306MB2D70048K")
		h.do(t, id, h.staff["accept"], "accept", "points", []any{"scope", "plan", "health"})
		h.sendAll(t)
		open, _ = h.Rejects(ctx, boss, RejectFilter{State: "open", Table: adapter.ProvinceCase, Limit: 50})
		if len(open) != 1 {
			t.Fatalf("%d open", len(open))
		}
		if err := h.ActOnReject(ctx, boss, open[0].ID, "mark", " "); err == nil {
			t.Error("marked without a reason")
		}
		if err := h.ActOnReject(ctx, boss, open[0].ID, "mark", "省平台要求不再补报"); err != nil {
			t.Fatal(err)
		}
		if marked, _ := h.Rejects(ctx, boss, RejectFilter{State: "marked", Limit: 50}); len(marked) != 1 || marked[0].Reason == "" || marked[0].By != "inspector" {
			t.Errorf("marked: %+v", marked)
		}
		st, err := h.Telling(ctx, boss)
		if err != nil || !st.Connected || st.Sent == 0 || st.Rejected == 0 || st.Waiting != 0 {
			t.Errorf("standing: %+v %v", st, err)
		}
	})
}

// A row that the province refuses outright does not keep its batch, and a province that
// is down keeps everything in order.
func TestProvinceRefusesABatch(t *testing.T) {
	h := newCaseHouse(t)
	ctx := context.Background()
	sim := h.connect(1, adapter.ProvinceFaults{})
	h.sendAll(t)
	who := h.citizen(t, "李记", "13800138000", "11010519491231002X")
	id := h.open(t, who, "layout", "rules")
	if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE service_province_row SET guid = 'broken' WHERE about = ? AND tab = ?`, id, adapter.ProvinceStep)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	sim.SetFaults(adapter.ProvinceFaults{Fail: 1})
	if err := h.SendProvince(ctx); err == nil {
		st, serr := h.Telling(ctx, h.staff["inspector"])
		if serr != nil || st.Failing == "" || st.Waiting == 0 || st.Oldest.IsZero() {
			t.Errorf("while it is down: %+v %v", st, serr)
		}
	}
	sim.SetFaults(adapter.ProvinceFaults{})
	h.later(time.Hour)
	for range 20 { // the batch is refused; each row then goes alone
		_ = h.SendProvince(ctx)
		h.later(time.Minute)
	}
	if n := len(h.rows(t, `r.state = 'queued'`)); n != 0 {
		t.Errorf("%d rows wait", n)
	}
	open, err := h.Rejects(ctx, h.staff["inspector"], RejectFilter{State: "open", Type: "invalid", Limit: 10})
	if err != nil || len(open) != 1 || open[0].GUID != "broken" {
		t.Errorf("the box: %+v %v", open, err)
	}
	if _, ok := sim.Row(adapter.ProvinceCase, h.rows(t, `r.about = ? AND r.tab = ?`, int64(id), adapter.ProvinceCase)[0].GUID); !ok {
		t.Error("the rows beside it were not sent")
	}
}

func TestReconciliationFindsWhatIsMissing(t *testing.T) {
	h := newCaseHouse(t)
	ctx := context.Background()
	sim := h.connect(1, adapter.ProvinceFaults{})
	id := h.open(t, h.citizen(t, "李记", "13800138000", "11010519491231002X"), "layout", "rules")
	h.sendAll(t)
	head := h.rows(t, `r.about = ? AND r.tab = ?`, int64(id), adapter.ProvinceCase)[0]
	sim.Forget(adapter.ProvinceCase, head.GUID)
	d, err := h.ReconcileProvince(ctx, head.At.In(districtZone).Format(time.DateOnly))
	if err != nil || len(d.Differences) != 1 || d.Differences[0].What != "missing_there" || d.Differences[0].Case != id {
		t.Fatalf("%+v %v", d, err)
	}
	h.sendAll(t)
	if _, ok := sim.Row(adapter.ProvinceCase, head.GUID); !ok {
		t.Error("it was not sent again")
	}
	if d, err = h.ReconcileProvince(ctx, d.Day); err != nil || len(d.Differences) != 0 {
		t.Errorf("again: %+v %v", d, err)
	}
	if kept, err := h.ComparedDay(ctx, d.Day); err != nil || kept.Day != d.Day {
		t.Errorf("kept: %+v %v", kept, err)
	}
	if _, err := h.ReconcileProvince(ctx, "2026-13-01"); err == nil {
		t.Error("a day that is none is compared")
	}
}

func TestProvinceRulesOfAPack(t *testing.T) {
	for say, bad := range map[string]bool{"within: 15m\n": false, "within: soon\n": true, "batch: 0\n": true, "night: noon\n": true, "x: 1\n": true} {
		if _, err := readProvince(fstest.MapFS{packProvince: {Data: []byte(say)}}); (err != nil) != bad {
			t.Errorf("%q: %v", say, err)
		}
	}
}
