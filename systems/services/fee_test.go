package services

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// accepted is a food licence's case that was accepted, with its bill.
func (h *caseHouse) accepted(t testing.TB) (id, bill store.ID) {
	t.Helper()
	li := h.citizen(t, "李记", "13800138000", "11010519491231002X")
	id = h.open(t, li, "layout", "rules")
	h.do(t, id, h.staff["accept"], "accept", "points", []any{"scope", "plan", "health"})
	bill, err := store.Get[store.ID](context.Background(), h.Store, `SELECT id FROM service_bill WHERE matter = ?`, id)
	if err != nil {
		t.Fatal(err)
	}
	return id, bill
}

func (h *caseHouse) wantBill(t testing.TB, bill store.ID, want string) {
	t.Helper()
	b, err := getBill(context.Background(), h.Store, bill)
	if err != nil || b.State != want {
		t.Errorf("the bill is %s, want %s: %v", b.State, want, err)
	}
	last, err := store.Get[string](context.Background(), h.Store, `SELECT state FROM service_bill_event WHERE bill = ? ORDER BY seq DESC LIMIT 1`, bill)
	if err != nil || last != b.State {
		t.Errorf("the bill's last event says %s, the bill %s: %v", last, b.State, err)
	}
}

func (h *caseHouse) payer(t testing.TB) *adapter.PaySimulator {
	t.Helper()
	sim := adapter.NewPaySimulator("/simulator/pay", "secret", h.clock, districtZone)
	h.Pay, sim.Callback = sim.Platform(), PayCallback
	sim.Back = adapter.Inside{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, no := h.hearPayment(w, r)
		adapter.AnswerCity(w, status, no)
	})}
	return sim
}

// A bill is paid once however often the page is asked for or the platform calls; a call
// that is forged, old or played again is refused; what was not told is asked for.
func TestABillIsPaidOnce(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		sim := h.payer(t)
		id, bill := h.accepted(t)
		li := h.applicantOf(t, id)
		sim.Break(2) // the platform fails twice and is asked again
		page, err := h.PayBill(ctx, li, bill)
		if err != nil || page.Page != "/simulator/pay/F"+bill.String() || !page.Simulated {
			t.Fatalf("%+v %v", page, err)
		}
		if again, err := h.PayBill(ctx, li, bill); err != nil || again != page {
			t.Errorf("asked again: %+v %v", again, err)
		}
		if _, err := h.PayBill(ctx, h.citizen(t, "别人", "13900139000", ""), bill); err == nil {
			t.Error("somebody else pays it")
		}
		// Calls that are not the platform's, or say something else.
		no := "F" + bill.String()
		call := func(change func(r *http.Request), s adapter.PayState) int {
			r, err := sim.Call(ctx, s)
			if err != nil {
				t.Fatal(err)
			}
			if change != nil {
				change(r)
			}
			w := httptest.NewRecorder()
			status, _ := h.hearPayment(w, r)
			return status
		}
		paid := adapter.PayState{No: no, State: adapter.PayPaid, Amount: 8000, Receipt: "4403-1"}
		if s := call(func(r *http.Request) { r.Header.Set("X-Pay-Signature", "00") }, paid); s != 401 {
			t.Errorf("a forged call: %d", s)
		}
		if s := call(func(r *http.Request) { r.URL.Path = "/elsewhere" }, paid); s != 401 {
			t.Errorf("a call to another address: %d", s)
		}
		if s := call(nil, adapter.PayState{No: no, State: adapter.PayPaid, Amount: 1}); s != 409 {
			t.Errorf("another amount: %d", s)
		}
		if s := call(nil, adapter.PayState{No: "F1", State: adapter.PayPaid, Amount: 8000}); s != 404 {
			t.Errorf("no order of ours: %d", s)
		}
		if s := call(nil, adapter.PayState{}); s != 400 {
			t.Errorf("an empty call: %d", s)
		}
		h.wantBill(t, bill, billDue)
		old, err := sim.Call(ctx, paid)
		if err != nil {
			t.Fatal(err)
		}
		h.at(t, "2026-09-01 09:06")
		if status, _ := h.hearPayment(httptest.NewRecorder(), old); status != 401 {
			t.Errorf("a call of six minutes ago: %d", status)
		}
		if err := sim.Settle(ctx, no); err != nil {
			t.Fatal(err)
		}
		h.wantBill(t, bill, billPaid)
		// The same call again is a replay; a new call about the same is no second payment.
		if s := call(nil, paid); s != 204 {
			t.Errorf("told again: %d", s)
		}
		if s := call(nil, paid); s != 409 {
			t.Errorf("played again: %d", s)
		}
		events, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM service_bill_event WHERE bill = ? AND state = 'paid'`, bill)
		if err != nil || events != 1 {
			t.Errorf("paid %d times: %v", events, err)
		}
		// Nobody may waive or pay again what was paid.
		if err := h.WaiveBill(ctx, h.staff["decide"], bill, "hardship", "低保家庭"); code(err) != "refused_state" {
			t.Errorf("waived what was paid: %v", err)
		}
		h.verify(t, id)
	})
}

func TestWhatWasNotToldIsAskedFor(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		sim := h.payer(t)
		id, bill := h.accepted(t)
		li, no := h.applicantOf(t, id), "F"+bill.String()
		if _, err := h.PayBill(ctx, li, bill); err != nil {
			t.Fatal(err)
		}
		sim.Lose(no)
		if err := sim.Settle(ctx, no); err != nil {
			t.Fatal(err)
		}
		if err := h.AskPayments(ctx); err != nil {
			t.Fatal(err)
		}
		h.wantBill(t, bill, billDue) // it is not time yet
		// The day's reconciliation finds it, and takes it over.
		day, err := h.ReconcilePayments(ctx, "2026-09-01")
		if err != nil || len(day.Differences) != 1 || day.Differences[0].What != "missing_here" || !day.Differences[0].Mended || day.Differences[0].Case != id {
			t.Errorf("%+v %v", day, err)
		}
		h.wantBill(t, bill, billPaid)
		if day, err = h.ReconcilePayments(ctx, "2026-09-01"); err != nil || len(day.Differences) != 0 || day.Paid != 8000 {
			t.Errorf("%+v %v", day, err)
		}
		sim.Forge(no, 7999)
		if day, err = h.ReconcilePayments(ctx, "2026-09-01"); err != nil || len(day.Differences) != 1 || day.Differences[0].What != "amount" || day.Differences[0].Mended {
			t.Errorf("%+v %v", day, err)
		}
		sim.Forge(no, 8000)
		if _, err := h.ReconcilePayments(ctx, "yesterday"); code(err) != "invalid" && err == nil {
			t.Errorf("a day that is none: %v", err)
		}
		// The applicant takes the case back: the district's rules pay back, and the platform
		// is asked until it has.
		h.do(t, id, li, "withdraw")
		h.do(t, id, h.staff["accept"], "withdrawn")
		h.wantBill(t, bill, billRefunding)
		sim.Break(3)
		if err := h.AskPayments(ctx); err != nil {
			t.Fatal(err)
		}
		h.wantBill(t, bill, billRefunding)
		if err := h.AskPayments(ctx); err != nil {
			t.Fatal(err)
		}
		h.wantBill(t, bill, billRefunding) // not before its time
		h.mu.Lock()
		h.now = h.now.Add(time.Hour)
		h.mu.Unlock()
		if err := h.AskPayments(ctx); err != nil {
			t.Fatal(err)
		}
		h.wantBill(t, bill, billRefunded)
		// An order that is not asked about any more is asked about once it is opened again.
		id, bill = h.accepted(t)
		li, no = h.applicantOf(t, id), "F"+bill.String()
		later := func(d time.Duration) {
			t.Helper()
			h.mu.Lock()
			h.now = h.now.Add(d)
			h.mu.Unlock()
			if err := h.AskPayments(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := h.PayBill(ctx, li, bill); err != nil {
			t.Fatal(err)
		}
		later(payAskFor + time.Hour)
		if _, err := h.PayBill(ctx, li, bill); err != nil {
			t.Fatal(err)
		}
		sim.Lose(no)
		if err := sim.Settle(ctx, no); err != nil {
			t.Fatal(err)
		}
		later(time.Hour)
		h.wantBill(t, bill, billPaid)
	})
}

// A bill is waived on a ground alone, or by itself where the exemption holds; what is due
// ends with its case; what is paid after that goes back.
func TestBillsAreWaivedAndEnd(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		sim := h.payer(t)
		id, bill := h.accepted(t)
		li := h.applicantOf(t, id)
		for who, want := range map[string]string{"examine": "not found", "civil-head": "not found"} {
			if err := h.WaiveBill(ctx, h.staff[who], bill, "hardship", "低保家庭"); err == nil {
				t.Errorf("%s waives it, want %s", who, want)
			}
		}
		if err := h.WaiveBill(ctx, h.staff["accept"], bill, "friend", "熟人"); code(err) != "invalid" {
			t.Errorf("a ground that is none: %v", err)
		}
		if _, err := h.PayBill(ctx, li, bill); err != nil {
			t.Fatal(err)
		}
		if err := h.WaiveBill(ctx, h.staff["accept"], bill, "hardship", "低保家庭，证号已核"); err != nil {
			t.Fatal(err)
		}
		h.wantBill(t, bill, billWaived)
		// The payer had the page open all the time.
		if err := sim.Settle(ctx, "F"+bill.String()); err != nil {
			t.Fatal(err)
		}
		h.wantBill(t, bill, billRefunding)
		if err := h.AskPayments(ctx); err != nil {
			t.Fatal(err)
		}
		h.wantBill(t, bill, billRefunded)

		id, bill = h.accepted(t)
		h.do(t, id, h.staff["examine"], "propose", "view", "deny", "opinion", "不符合条件")
		h.do(t, id, h.staff["decide"], "deny", "reason", "经营场所正在拆除，依据管理办法第十二条")
		h.wantBill(t, bill, billVoid)

		// A drinks shop of no more than 30 m², of a chain, which costs something: the exemption
		// holds by itself.
		a, err := h.BeginApplication(ctx, li, NewApplication{Item: h.item(t, "food-licence")})
		if err != nil {
			t.Fatal(err)
		}
		files := map[string][]string{}
		for _, m := range []string{"business_licence", "layout", "rules", "brand"} {
			files[m] = []string{h.photo(t, li)}
		}
		if a, err = h.SaveApplication(ctx, li, a.ID, ApplicationDraft{Seq: a.Seq, Situation: map[string]any{"kind": "drinks", "area": 30.0, "chain": true}, Values: h.foodValues(), Files: files}); err != nil {
			t.Fatal(err)
		}
		sent, err := h.SendApplication(ctx, li, a.ID, a.Seq, false)
		if err != nil {
			t.Fatal(err)
		}
		h.do(t, sent.Case, h.staff["accept"], "accept", "points", []any{"scope", "plan", "health"})
		d, err := h.Case(ctx, li, sent.Case)
		if err != nil || len(d.Bills) != 1 || d.Bills[0].State != billWaived || d.Bills[0].Reason == "" {
			t.Errorf("%+v %v", d.Bills, err)
		}
	})
}

func TestFeeRulesAreChecked(t *testing.T) {
	for text, ok := range map[string]bool{
		"exemptions: [{id: a, name: {zh: 甲}, basis: 乙}]\nrefunds: [{when: denied, basis: 丙}]": true,
		"exemptions: [{id: a, name: {zh: 甲}}]":                                                false,
		"exemptions: [{id: a, name: {zh: 甲}, basis: 乙}, {id: a, name: {zh: 甲}, basis: 乙}]":    false,
		"refunds: [{when: granted, basis: 丙}]":                                                false,
		"refunds: [{when: denied}]":                                                           false,
		"free: true":                                                                          false,
	} {
		if _, err := readFees(fstest.MapFS{packFees: {Data: []byte(text)}}); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func code(err error) string {
	if p := (*httpapi.Problem)(nil); errors.As(err, &p) {
		return p.Code
	}
	return ""
}

// applicantOf is who applied.
func (h *caseHouse) applicantOf(t testing.TB, id store.ID) account.Actor {
	t.Helper()
	ctx := context.Background()
	a, err := store.Get[store.ID](ctx, h.Store, `SELECT a.id FROM account a JOIN matter m ON m.applicant = a.person WHERE m.id = ?`, id)
	if err != nil {
		t.Fatal(err)
	}
	who, err := h.Accounts.Actor(ctx, h.Store, a)
	if err != nil {
		t.Fatal(err)
	}
	return who
}
