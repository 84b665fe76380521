package services

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
)

// From one member of staff to another a bag goes by two sign-ins: the code of the other's
// session, once, for minutes, never one's own; and the next hands it on who has it.
func TestTwoSignInsAtAHandOver(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.at(t, "2026-09-01 09:00")
		street, owner := h.street(t), h.staff["accept"]
		login, second := "runner", "other"
		runner := h.account(t, account.Account{Kind: account.Staff, Login: &login, Name: "专送员", Unit: "st-xixiang"}, "intake_clerk")
		other := h.account(t, account.Account{Kind: account.Staff, Login: &second, Name: "另一人", Unit: "st-xixiang"}, "intake_clerk")
		v := h.bag(t, h.collected(t))
		v = h.actBag(t, street, v.ID, BagAct{Action: "seal", Seals: []string{"S-0001"}})
		code := func(who account.Actor) string {
			t.Helper()
			c, err := h.NewSignCode(ctx, who)
			if err != nil || len(c.Code) != 8 || !c.Until.Equal(h.clock().Add(5*time.Minute).Truncate(time.Microsecond)) {
				t.Fatalf("%+v %v", c, err)
			}
			return c.Code
		}
		give := func(who account.Actor, c string) error {
			_, err := h.ActOnBag(ctx, who, v.ID, BagAct{Action: "hand_over", Carrier: "staff", Seal: "intact", Code: c})
			return err
		}
		old := code(runner)
		fresh := code(runner)
		for name, c := range map[string]string{"none": "", "guessed": "12345678", "one's own": code(street), "the one before": old} {
			if give(street, c) == nil {
				t.Errorf("signed with %s", name)
			}
		}
		h.pass(6 * time.Minute)
		if give(street, fresh) == nil {
			t.Error("signed with one that is over")
		}
		used := code(runner)
		if err := give(street, used[:4]+" "+used[4:]); err != nil {
			t.Fatal(err)
		}
		v, _ = h.Bag(ctx, street, v.ID)
		last := v.Chain[len(v.Chain)-1]
		if v.Holder != "carrier:staff#runner" || last.FromSign != "account:"+street.Account.String() || last.ToSign != "account:"+runner.Account.String() || last.Photo != "" {
			t.Fatalf("%+v", last)
		}
		if code(other) == used {
			t.Fatal("the same code twice")
		}
		// Who does not have it cannot hand it on; nor can it be received from another.
		if err := give(other, code(street)); problemOf(err) != "not_holder" {
			t.Fatalf("%v", err)
		}
		receive := func(c string) error {
			_, err := h.ActOnBag(ctx, owner, v.ID, BagAct{Action: "receive", Seal: "intact", Code: c})
			return err
		}
		if err := receive(used); problemOf(err) != "invalid" {
			t.Fatalf("a code twice: %v", err)
		}
		if err := receive(code(other)); problemOf(err) != "not_holder" {
			t.Fatalf("%v", err)
		}
		if err := receive(code(owner)); problemOf(err) != "invalid" {
			t.Fatalf("one signed for both: %v", err)
		}
		if err := receive(code(runner)); err != nil {
			t.Fatal(err)
		}
		if n, wrong, err := h.VerifyBag(ctx, v.No); err != nil || len(wrong) > 0 || n != 4 {
			t.Fatalf("%d %v %v", n, wrong, err)
		}
		if wrong := checkChain([]CustodyLink{{Seq: 1, Kind: "hand_over", FromSign: "account:1", ToSign: "account:1", From: "", To: "a"}}); !strings.Contains(strings.Join(wrong, ";"), "both sides") {
			t.Errorf("%v", wrong)
		}
	})
}

// What was taken in for another region goes there in a bag: the errands are sent with it,
// its receipt ends it, and nobody here opens it.
func TestBagsForRegions(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.at(t, "2026-09-01 09:00")
		var seed bytes.Buffer
		if err := h.RegionSeed(ctx, &seed); err != nil {
			t.Fatal(err)
		}
		lines := strings.SplitAfter(seed.String(), "\n")
		few := lines[0]
		for _, l := range lines[1:] {
			if strings.Contains(l, "out") && (strings.Contains(l, "511602") || strings.Contains(l, "441602")) {
				few += l
			}
		}
		if out, err := h.ImportRegions(ctx, account.System(h.Dir), strings.NewReader(few), true); err != nil || out.Regions != 2 {
			t.Fatalf("%+v %v", out, err)
		}
		clerk := h.staff["window"]
		take := func(region string) store.ID {
			t.Helper()
			pairs, err := h.Pairs(ctx, 0, region, "out", "", true, 10)
			if err != nil || len(pairs) == 0 {
				t.Fatalf("%v %v", pairs, err)
			}
			e, err := h.TakeErrand(ctx, clerk, NewErrand{Region: region, Pair: pairs[0].ID, Applicant: map[string]string{"name": "李记", "phone": "13800138000"}, Consent: true, Papers: "申请表、身份证复印件；租赁合同"})
			if err != nil {
				t.Fatal(err)
			}
			return e.ID
		}
		one, two, far := take("441602"), take("441602"), take("511602")
		for name, ids := range map[string][]store.ID{"none": nil, "of another region": {one, far}, "no errand": {store.ID(5)}, "twice": {one, one}} {
			if _, err := h.PackRegionBag(ctx, clerk, "441602", ids); err == nil {
				t.Errorf("packed: %s", name)
			}
		}
		v, err := h.PackRegionBag(ctx, clerk, "441602", []store.ID{one, two})
		if err != nil || len(v.Contents) != 6 || v.Destination != "region:441602" || v.RegionName == "" {
			t.Fatalf("%+v %v", v, err)
		}
		v = h.actBag(t, clerk, v.ID, BagAct{Action: "seal", Seals: []string{"S-0001"}})
		photo := h.photo(t, clerk)
		v = h.actBag(t, clerk, v.ID, BagAct{Action: "hand_over", Carrier: "ems", Badge: "E01", Seal: "intact", Photo: photo})
		for _, id := range []store.ID{one, two} {
			if m, err := caseflow.Get(ctx, h.Store, id); err != nil || m.State != "sent" {
				t.Fatalf("%+v %v", m, err)
			}
		}
		for _, a := range v.Allowed {
			if a.Name == "receive" {
				t.Error("somebody here may receive it")
			}
		}
		if _, err := h.ActOnBag(ctx, clerk, v.ID, BagAct{Action: "receive", Seal: "intact", Photo: photo}); err == nil {
			t.Error("it was received here")
		}
		if _, err := h.ActOnBag(ctx, clerk, v.ID, BagAct{Action: "acknowledge"}); err == nil {
			t.Error("without a receipt")
		}
		v = h.actBag(t, clerk, v.ID, BagAct{Action: "acknowledge", Note: "对方回执 SJ20260903001"})
		if v.Open || v.Holder != "region:441602" || v.Contents[0].Place != atOwner {
			t.Fatalf("%+v", v)
		}
		if _, wrong, err := h.VerifyBag(ctx, v.No); err != nil || len(wrong) > 0 {
			t.Fatalf("%v %v", wrong, err)
		}
		// What goes to an authority here is not acknowledged.
		here := h.bag(t, h.collected(t))
		h.actBag(t, h.street(t), here.ID, BagAct{Action: "seal", Seals: []string{"S-0002"}})
		if _, err := h.ActOnBag(ctx, h.street(t), here.ID, BagAct{Action: "acknowledge", Note: "回执 0001"}); err == nil {
			t.Error("acknowledged")
		}
	})
}

// Five days after the courier took it a parcel is late, told once; it is no more when it
// comes. What was never handed to the courier is not its fault.
func TestParcelsThatDoNotCome(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.at(t, "2026-09-01 09:00")
		sim := adapter.NewCourierSimulator(h.clock, districtZone)
		h.Courier = sim
		_, p := h.mailed(t, h.citizen(t, "李记", "13800138000", "11010519491231002X"))
		told := func() int {
			t.Helper()
			n, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM notice WHERE name IN ('parcel_late', 'parcel_late_unit')`)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		tick := func(at string) ParcelView {
			t.Helper()
			h.at(t, at)
			if err := h.FollowParcels(ctx); err != nil {
				t.Fatal(err)
			}
			if err := h.AlarmParcels(ctx); err != nil {
				t.Fatal(err)
			}
			v, err := h.oneParcel(ctx, `k.id = ?`, p.ID)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		if v := tick("2026-09-09 09:00"); v.Late || told() != 0 {
			t.Fatalf("%+v", v)
		}
		sim.Happen(p.Waybill, adapter.CourierEvent{Kind: adapter.CourierPicked, Grams: 300})
		v := tick("2026-09-10 09:00")
		due := v.DueAt
		if v.Late || due.IsZero() {
			t.Fatalf("%+v", v)
		}
		if v = tick(due.In(districtZone).Format("2006-01-02 15:04")); v.Late && !h.clock().After(due.Time) || told() != 0 && !h.clock().After(due.Time) {
			t.Fatalf("%+v", v)
		}
		tick("2026-09-20 09:00")
		if v = tick("2026-09-21 09:00"); !v.Late || told() != 2 {
			t.Fatalf("%+v, told %d times", v, told())
		}
		sim.Happen(p.Waybill, adapter.CourierEvent{Kind: adapter.CourierDelivered, Signed: "desk"})
		if v = tick("2026-09-22 09:00"); v.Late {
			t.Fatalf("%+v", v)
		}
		if how, err := store.Get[string](ctx, h.Store, `SELECT outcome FROM service_parcel_alarm WHERE parcel = ? AND closed_at IS NOT NULL`, int64(p.ID)); err != nil || how != "delivered" {
			t.Fatalf("%q %v", how, err)
		}
	})
}
