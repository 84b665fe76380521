package services

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"shanzhi/core/account"
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
			if r.State != rowSent {
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

// there is a column of the rows of a table that the province has and were not deleted.
func there(sim *adapter.ProvinceSimulator, h *caseHouse, t testing.TB, table, column string) (out []string) {
	t.Helper()
	seen := map[string]bool{}
	for _, r := range h.rows(t, `r.tab = ?`, table) {
		if seen[r.GUID] {
			continue
		}
		seen[r.GUID] = true
		if got, ok := sim.Row(table, r.GUID); ok && got.Op != "D" {
			out = append(out, got.Data[column])
		}
	}
	return out
}

// The catalogue, the fees and the questions of an item are told with it, and what a new
// version has no more is taken back.
func TestProvinceIsToldOfTheCatalogueFeesAndQuestions(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		sim := h.connect(1, adapter.ProvinceFaults{})
		land := func(e ItemElements) store.ID {
			t.Helper()
			if err := h.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
				_, err := h.landItems(ctx, tx, &ItemProfile{Name: "test", Source: "pack", State: ItemPublished}, "", 0, []importing{{key: "paid-item", elements: e, score: 100}})
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return h.item(t, "paid-item")
		}
		e := ItemElements{Name: "试验收费事项", Catalog: "试验主项", Basic: "442199806003", Type: "01", Department: "区民政局", Level: "区级",
			Laws: []ItemLaw{{Name: "试验法"}}, Fees: []ItemCharge{{Name: "工本费", Amount: "80 元/证", Basis: "示例目录第1项"}, {Name: "检测费", Amount: "20 元/次", Basis: "示例目录第2项"}},
			Questions: []ItemQuestion{{Q: "周末办吗", A: "办"}, {Q: "能代办吗", A: "能"}}}
		id := land(e)
		h.sendAll(t)
		rows := h.rows(t, `r.about = ?`, int64(id))
		var sum []string
		for _, r := range rows {
			if r.State != rowSent {
				t.Errorf("%s is %s: %s", r.Tab, r.State, r.Body)
			}
			sum = append(sum, r.Tab)
		}
		slices.Sort(sum)
		if want := []string{adapter.ProvinceCatalog, adapter.ProvinceItem, adapter.ProvinceItemMore, adapter.ProvinceItemFee, adapter.ProvinceItemFee, adapter.ProvinceItemAsk, adapter.ProvinceItemAsk}; !slices.Equal(sum, slices.Sorted(slices.Values(want))) {
			t.Errorf("told: %v", sum)
		}
		if got := there(sim, h, t, adapter.ProvinceCatalog, "task_name"); !slices.Contains(got, "试验主项") {
			t.Errorf("the catalogue: %v", got)
		}
		fees := there(sim, h, t, adapter.ProvinceItemFee, "fee_stand")
		if !slices.Contains(fees, "80 元/证") || !slices.Contains(fees, "80.00 元") { // the item's own words; that of the food licence, which is 8,000 fen
			t.Errorf("fees: %v", fees)
		}
		if got := there(sim, h, t, adapter.ProvinceItemAsk, "answer"); !slices.Equal(got, []string{"办", "能"}) {
			t.Errorf("questions: %v", got)
		}
		e.Fees, e.Questions, e.Basic = e.Fees[1:], []ItemQuestion{{Q: "周末办吗", A: "周六办"}}, ""
		land(e)
		h.later(time.Minute)
		h.sendAll(t)
		fees = there(sim, h, t, adapter.ProvinceItemFee, "fee_name")
		if slices.Contains(fees, "工本费") || !slices.Contains(fees, "检测费") {
			t.Errorf("after the fee was taken out: %v", fees)
		}
		if got := there(sim, h, t, adapter.ProvinceItemAsk, "answer"); !slices.Equal(got, []string{"周六办"}) {
			t.Errorf("questions of the new version: %v", got)
		}
		if got := there(sim, h, t, adapter.ProvinceCatalog, "task_name"); slices.Contains(got, "试验主项") {
			t.Errorf("the catalogue of an item that has no basic code any more: %v", got)
		}
		if n, err := h.TellItems(context.Background()); n != 0 || err != nil {
			t.Errorf("told again with nothing new: %d %v", n, err)
		}
	})
}

// The province hears what the applicant said of a case once they say it, and no more of
// it when it was found wrong; silence is nothing said; the box does not show it to those who were rated.
func TestProvinceIsToldWhatTheApplicantSaid(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		sim := h.connect(1, adapter.ProvinceFaults{})
		who := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		id := h.closed(t, who)
		h.told(t, ratingConsumer, h.inviteRatings)
		h.sendAll(t)
		guid := h.rows(t, `r.about = ? AND r.tab = ?`, int64(id), adapter.ProvinceResult)[0].GUID
		said := func() string {
			t.Helper()
			h.later(time.Minute)
			h.sendAll(t)
			got, _ := sim.Row(adapter.ProvinceResult, guid)
			return got.Data["satisfaction"]
		}
		if got := said(); got != "" {
			t.Errorf("before anybody said anything: %q", got)
		}
		rating, err := store.Get[store.ID](ctx, h.Store, `SELECT id FROM service_rating WHERE kind = 'case' AND object = ?`, id)
		if err != nil {
			t.Fatal(err)
		}
		sim.Close("11440306MB2D70048K")
		if err := h.Rate(ctx, h.ratingToken(rating), ServiceRating{Grade: 2, Comment: "跑了三趟"}); err != nil {
			t.Fatal(err)
		}
		steps := len(h.rows(t, `r.about = ? AND r.tab = ?`, int64(id), adapter.ProvinceStep))
		if got := said(); got != "2" {
			t.Errorf("rated: %q", got)
		}
		if n := len(h.rows(t, `r.about = ? AND r.tab = ?`, int64(id), adapter.ProvinceStep)); n != steps {
			t.Errorf("the steps were told again: %d, %d before", n, steps)
		}
		one, err := store.Get[store.ID](ctx, h.Store, `SELECT matter FROM service_rating WHERE id = ?`, rating)
		if err != nil || one == 0 {
			t.Fatalf("no case of the bad rating: %v", err)
		}
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			row := h.rows(t, `r.tab = ? AND r.guid = ?`, adapter.ProvinceResult, guid)
			return h.putReject(ctx, tx, adapter.ProvinceReject{ID: 1 << 50, Type: "invalid", Table: adapter.ProvinceResult, GUID: guid, Said: "试验"}, &row[len(row)-1])
		}); err != nil {
			t.Fatal(err)
		}
		list, err := h.Rejects(ctx, h.staff["accept"], RejectFilter{State: "open", Table: adapter.ProvinceResult, Limit: 5})
		if err != nil || len(list) != 1 {
			t.Fatalf("%+v %v", list, err)
		}
		x, err := h.Reject(ctx, h.staff["accept"], list[0].ID)
		if _, shown := x.Data["satisfaction"]; err != nil || shown || x.Data["result_type"] == "" {
			t.Errorf("the box shows the rated what was said: %+v %v", x.Data, err)
		}
		if _, shown := x.Now["satisfaction"]; shown {
			t.Errorf("the box shows the rated what was said: %+v", x.Now)
		}
	})
}

// Of what the province refuses who mends it is told once: not again while something lies
// open in the box, again once it was empty.
func TestWhoMendsIsToldOnceOfRejects(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		sim := h.connect(1, adapter.ProvinceFaults{})
		h.sendAll(t)
		sim.Close("11440306MB2D70048K")
		h.open(t, h.citizen(t, "李记", "13800138000", "11010519491231002X"), "layout", "rules")
		h.open(t, h.citizen(t, "王五", "13800138009", "11010519491231002X"), "layout", "rules")
		h.sendAll(t)
		told := func(desk string) (list []struct{ Desk, Link string }) {
			t.Helper()
			list, err := store.Select[struct{ Desk, Link string }](ctx, h.Store, `SELECT desk, link FROM notice WHERE name = 'province_rejected' AND desk = ? ORDER BY id`, desk)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		list, err := h.Rejects(ctx, h.staff["accept"], RejectFilter{State: "open", Limit: 200})
		if err != nil || len(list) < 4 {
			t.Fatalf("%d rejects: %v", len(list), err)
		}
		got := told("acceptor@dp-shijian")
		if len(got) != 1 || got[0].Link != "/desk/province?id="+list[len(list)-1].ID.String() {
			t.Fatalf("told: %+v, first %s", got, list[len(list)-1].ID)
		}
		sim.Reopen("11440306MB2D70048K")
		for _, kind := range []string{"org_unknown", "project_unknown"} {
			if _, err := h.ResendRejects(ctx, h.staff["inspector"], RejectFilter{Type: kind}, "机构已登记"); err != nil {
				t.Fatal(err)
			}
		}
		h.later(time.Minute)
		h.sendAll(t)
		if left, err := h.Rejects(ctx, h.staff["inspector"], RejectFilter{State: "open", Limit: 200}); err != nil || len(left) != 0 {
			t.Fatalf("left: %+v %v", left, err)
		}
		sim.Close("11440306MB2D70048K")
		h.open(t, h.citizen(t, "赵六", "13800138008", "11010519491231002X"), "layout", "rules")
		h.sendAll(t)
		if got := told("acceptor@dp-shijian"); len(got) != 2 {
			t.Errorf("after the box was empty: %+v", got)
		}
		// Rows of items are for who edits them, and they see no other.
		login := "market-editor"
		editor := h.account(t, account.Account{Kind: account.Staff, Login: &login, Name: "事项管理员", Unit: "dp-minzheng"}, roleItemEditor)
		sim.Close("11440306MB2D70011T")
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := h.landItems(ctx, tx, &ItemProfile{Name: "test", Source: "pack", State: ItemPublished}, "", 0, []importing{{key: "another", elements: ItemElements{Name: "试验", Type: "01", Department: "区民政局"}, score: 100}})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		h.later(time.Minute)
		h.sendAll(t)
		if got := told("item_editor@dp-minzheng"); len(got) != 1 {
			t.Errorf("editors were told: %+v", got)
		}
		mine, err := h.Rejects(ctx, editor, RejectFilter{State: "open", Limit: 200})
		if err != nil || len(mine) == 0 || slices.ContainsFunc(mine, func(r Rejected) bool { return r.Kind != aboutItem }) {
			t.Errorf("an editor sees %+v %v", mine, err)
		}
		if st, err := h.Telling(ctx, editor); err != nil || st.Open != len(mine) {
			t.Errorf("counted for an editor: %d, %d open: %v", st.Open, len(mine), err)
		}
	})
}
