package services

import (
	"context"
	"errors"
	"strings"
	"testing"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
)

// mailed is a case whose two papers the applicant posts, with its label.
func (h *caseHouse) mailed(t testing.TB, who account.Actor) (store.ID, ParcelView) {
	t.Helper()
	ctx := context.Background()
	a := h.drafted(t, who)
	s, err := h.MailApplication(ctx, who, a.ID, Mailing{Version: a.Seq, Pieces: []PieceSaid{{"layout", "original", 1}, {"rules", "copy", 1}}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := h.Label(ctx, who, s.Case, "西乡街道流塘路1号2栋301", 300)
	if err != nil {
		t.Fatal(err)
	}
	return s.Case, p
}

// Papers by courier: the clock begins when the parcel is delivered; what differs is told
// once, and chosen by the applicant; the result goes back, signed for.
func TestPapersByCourier(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.at(t, "2026-09-01 09:00")
		sim := adapter.NewCourierSimulator(h.clock, districtZone)
		h.Courier = sim
		me := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		desk := h.staff["accept"]
		id, p := h.mailed(t, me)
		if !adapter.CheckWaybill(p.Waybill) || adapter.CheckWaybill(strings.Replace(p.Waybill, "CN", "US", 1)[:12]) {
			t.Errorf("waybill %s", p.Waybill)
		}
		if again, err := h.Label(ctx, me, id, "别的地址别的地址", 900); err != nil || again.Waybill != p.Waybill {
			t.Errorf("a second label: %+v %v", again, err)
		}
		if due, _ := h.due(t, id, "accept"); due != "" {
			t.Errorf("the clock began before the papers came: %s", due)
		}
		sim.Break(1)
		if err := h.FollowParcels(ctx); err != nil {
			t.Fatal(err)
		}
		h.at(t, "2026-09-02 15:00")
		sim.Happen(p.Waybill, adapter.CourierEvent{Kind: adapter.CourierPicked, Grams: 520})
		sim.Happen(p.Waybill, adapter.CourierEvent{Kind: adapter.CourierDelayed})
		h.at(t, "2026-09-03 10:00")
		sim.Happen(p.Waybill, adapter.CourierEvent{Kind: adapter.CourierDelivered, Signed: "desk"})
		h.at(t, "2026-09-03 16:00") // told late: it counts from the delivery
		for range 2 {
			if err := h.FollowParcels(ctx); err != nil {
				t.Fatal(err)
			}
		}
		h.wantDue(t, id, map[string]string{"accept": "2026-09-10 18:00 running"})
		if p, err := h.ScanParcel(ctx, desk, p.Waybill); err != nil || p.State != "delivered" || !p.WrongWeight || len(p.Papers) != 2 {
			t.Fatalf("scan: %+v %v", p, err)
		}
		if _, err := h.ScanParcel(ctx, desk, "EK123456789CN"); problemOf(err) != "invalid" {
			t.Errorf("a wrong check digit: %v", err)
		}
		v, err := h.CompareParcel(ctx, desk, p.ID, []store.ID{p.Papers[0].ID}, "")
		if err != nil || v.State != "differing" {
			t.Fatalf("%+v %v", v, err)
		}
		if _, err := h.CompareParcel(ctx, desk, p.ID, nil, ""); problemOf(err) != "refused_state" {
			t.Errorf("compared twice: %v", err)
		}
		if n, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM notice WHERE name = 'parcel_differs'`); err != nil || n != 1 {
			t.Errorf("told %d times: %v", n, err)
		}
		other := h.citizen(t, "王五", "13800138001", "110105194912310038")
		if _, err := h.ChooseParcel(ctx, other, p.ID, "rest"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another's choice: %v", err)
		}
		if v, err = h.ChooseParcel(ctx, me, p.ID, "rest"); err != nil || v.State != "checked" || v.Choice != "rest" {
			t.Fatalf("%+v %v", v, err)
		}
		second, err := h.Label(ctx, me, id, "西乡街道流塘路1号2栋301", 100)
		if err != nil || second.Waybill == p.Waybill {
			t.Fatalf("the label of the rest: %+v %v", second, err)
		}
		if _, err := h.ScanParcel(ctx, desk, second.Waybill); err != nil {
			t.Fatal(err)
		}
		if v, err = h.CompareParcel(ctx, desk, second.ID, []store.ID{p.Papers[1].ID}, ""); err != nil || v.State != "checked" {
			t.Fatalf("the rest: %+v %v", v, err)
		}
		h.do(t, id, desk, "accept", "points", []any{"scope", "plan", "health"})
		h.do(t, id, h.staff["examine"], "propose", "view", "grant", "opinion", "符合条件")
		h.settle(t, "paid")
		h.do(t, id, h.staff["decide"], "grant")
		out, err := h.Label(ctx, me, id, "西乡街道流塘路1号2栋301", 100)
		if err != nil || out.Direction != "out" {
			t.Fatalf("the result: %+v %v", out, err)
		}
		sim.Happen(out.Waybill, adapter.CourierEvent{Kind: adapter.CourierDelivered, Signed: "family"})
		if err := h.FollowParcels(ctx); err != nil {
			t.Fatal(err)
		}
		if m, err := caseflow.Get(ctx, h.Store, id); err != nil || m.State != "granted" {
			t.Errorf("delivered by courier: %+v %v", m, err)
		}
		day, err := h.ReconcileParcels(ctx, h.staff["inspector"], "2026-09-03")
		if err != nil || day.There != 2 || day.Here != 3 || len(day.Differences) != 2 {
			t.Errorf("the day: %+v %v", day, err)
		}
		h.verify(t, id)
	})
}

// A parcel of which nobody knows goes into the box and is matched by the number of its
// case: the case counts from the day on which it came.
func TestParcelOfNobody(t *testing.T) {
	h := newCaseHouse(t)
	ctx := context.Background()
	h.at(t, "2026-09-01 09:00")
	sim := adapter.NewCourierSimulator(h.clock, districtZone)
	h.Courier = sim
	me, desk := h.citizen(t, "李记", "13800138000", "11010519491231002X"), h.staff["accept"]
	id, _ := h.mailed(t, me)
	stranger, _ := sim.Label(ctx, adapter.CourierLabel{Key: "of the applicant's own"})
	h.at(t, "2026-09-02 09:00")
	p, err := h.ScanParcel(ctx, desk, strings.ToLower(stranger))
	if err != nil || p.State != "box" {
		t.Fatalf("%+v %v", p, err)
	}
	h.at(t, "2026-09-04 09:00")
	if _, err := h.MatchParcel(ctx, desk, p.ID, "BA0"); problemOf(err) != "invalid" {
		t.Errorf("no such case: %v", err)
	}
	m, err := caseflow.Get(ctx, h.Store, id)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = h.MatchParcel(ctx, desk, p.ID, m.No); err != nil || p.Case != id || p.State != "delivered" {
		t.Fatalf("%+v %v", p, err)
	}
	h.wantDue(t, id, map[string]string{"accept": "2026-09-09 18:00 running"})
	// What never comes lapses.
	late, _ := h.mailed(t, me)
	h.at(t, "2026-10-20 09:00")
	h.tick(t)
	if m, err = caseflow.Get(ctx, h.Store, late); err != nil || m.State != "withdrawn" {
		t.Errorf("papers that never came: %+v %v", m, err)
	}
}
