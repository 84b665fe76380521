package services

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"shanzhi/core/account"
	"shanzhi/core/store"
)

// Agreements in the size of a district's own; what is in force opens a case, what is not
// opens none.
func TestRegions(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		who := account.System(h.Dir)
		var list bytes.Buffer
		if err := h.RegionSeed(ctx, &list); err != nil {
			t.Fatal(err)
		}
		out, err := h.ImportRegions(ctx, who, bytes.NewReader(list.Bytes()), true)
		if err != nil || out.Imported != 2869 || out.Regions != 25 || out.Refused != 0 {
			t.Fatalf("the seed: %+v %v", out, err)
		}
		if out, err = h.ImportRegions(ctx, who, &list, true); err != nil || out.Imported != 0 || out.Present != 2869 {
			t.Errorf("again: %+v %v", out, err)
		}
		regions, err := h.Regions(ctx)
		if err != nil || len(regions) != 25 || !regions[0].Synthetic || regions[0].In == 0 || regions[0].Out == 0 {
			t.Fatalf("regions: %v %v", regions, err)
		}
		if found, err := h.Pairs(ctx, 0, "", "in", "食品经营 广安", true, 10); err != nil || len(found) != 1 || found[0].State != "mapped" {
			t.Errorf("can it be done from there: %+v %v", found, err)
		}
		applicant := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		a := h.drafted(t, applicant)
		if _, err := h.SendFromRegion(ctx, applicant, a.ID, RegionSending{Version: a.Seq, Region: "999999"}); problemOf(err) != "no_agreement" {
			t.Errorf("no agreement: %v", err)
		}
		sent, err := h.SendFromRegion(ctx, applicant, a.ID, RegionSending{Version: a.Seq, Region: "511602"})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := store.Get[string](ctx, h.Store, `SELECT region FROM service_region_case WHERE matter = ?`, int64(sent.Case)); err != nil || n != "511602" {
			t.Errorf("case of %q: %v", n, err)
		}
		// It ends: the same is refused from the day after.
		agreements, err := h.Agreements(ctx)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(agreements, func(a Agreement) bool { return a.Region == "511602" })
		ag := agreements[i]
		if _, err := h.ChangeAgreement(ctx, h.staff["inspector"], ag.ID, AgreementChange{Version: ag.Version, From: "2026-01-01", To: "2025-01-01", Contact: "中心", Phone: "00000", Reason: "改期"}); err == nil {
			t.Error("an agreement ends before it begins")
		}
		if ag, err = h.ChangeAgreement(ctx, h.staff["inspector"], ag.ID, AgreementChange{Version: ag.Version, From: "2025-01-01", To: "2026-09-01", Contact: "中心", Phone: "0000-1", Reason: "到期"}); err != nil || !ag.Force {
			t.Fatalf("%+v %v", ag, err)
		}
		a = h.drafted(t, applicant)
		h.at(t, "2026-09-02 09:00")
		if _, err := h.SendFromRegion(ctx, applicant, a.ID, RegionSending{Version: a.Seq, Region: "511602"}); problemOf(err) != "no_agreement" {
			t.Errorf("an agreement that has ended: %v", err)
		}
		// Out: what they decide is taken in here, under an agreement as well.
		pairs, err := h.Pairs(ctx, 0, "441602", "out", "", true, 5)
		if err != nil || len(pairs) == 0 {
			t.Fatal(err)
		}
		ask := NewErrand{Region: "441602", Pair: pairs[0].ID, Applicant: map[string]string{"name": "赵远", "phone": "13800138009"}, Consent: true, Papers: "身份证复印件"}
		e, err := h.TakeErrand(ctx, h.staff["window"], ask)
		if err != nil || e.State != "taken" || strings.Contains(e.Who, "13800138009") {
			t.Fatalf("errand: %+v %v", e, err)
		}
		ask.Region = "511602"
		if _, err := h.TakeErrand(ctx, h.staff["window"], ask); problemOf(err) != "no_agreement" {
			t.Errorf("another region's pair: %v", err)
		}
		if e, err = h.ActOnErrand(ctx, h.staff["window"], e.ID, e.Version, "send", map[string]any{"waybill": "EMS123456"}); err != nil || e.State != "sent" {
			t.Errorf("%+v %v", e, err)
		}
		// What the look through finds.
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE service_item SET state = 'retired' WHERE key = 'birth-registration'`); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE service_agreement_item SET own_v = 9 WHERE own_key = 'elder-allowance' AND agreement = ?`, ag.ID); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `UPDATE service_agreement_item SET theirs = '' WHERE own_key = 'food-licence' AND agreement = ?`, ag.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		flaws, err := h.LintAgreements(ctx)
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[string]int{}
		for _, f := range flaws {
			kinds[f.Kind]++
		}
		if kinds["expired"] != 1 || kinds["gone"] != 25 || kinds["version_differs"] != 1 || kinds["unmapped"] != 1 {
			t.Errorf("flaws: %v", kinds)
		}
	})
}

// A list with rows that are wrong: each is refused by its line, the others come in.
func TestRegionListIsAccountedFor(t *testing.T) {
	h := newCaseHouse(t)
	good := "441602,源城区,广东省,一号,2026-01-01,,政务中心,0762-1000,in,online,food-licence,,"
	rows := []string{strings.Join(regionColumns, ","), good, good,
		strings.Replace(good, "441602", "44160", 1), strings.Replace(good, "2026-01-01", "昨天", 1), strings.Replace(good, "in,online", "in,mail", 1), strings.Replace(good, "in,online", "both,online", 1),
		strings.Replace(good, "政务中心", "王小明13800138000", 1), strings.Replace(good, "food-licence", "", 1), good + "x,y", strings.Replace(good, "2026-01-01", "2026-02-01", 1), "441602,源城区,广东省,一号,2026-01-01,,政务中心,0762-1000,in,online,elder-allowance,12345,",
		`"441602`}
	out, err := h.ImportRegions(context.Background(), account.System(h.Dir), strings.NewReader(strings.Join(rows, "\n")), false)
	if err != nil || out.Imported != 1 || out.Read != 12 || out.Refused != 11 {
		t.Fatalf("%+v %v", out, err)
	}
	var codes []string
	for _, r := range out.Rejects {
		codes = append(codes, r.Code)
		if strings.Contains(r.Value, "13800138000") {
			t.Errorf("a reject names a person: %q", r.Value)
		}
	}
	if want := []string{"twice", "region", "from", "mode", "direction", "contact", "own", "columns", "agreement_differs", "theirs", "columns"}; !slices.Equal(codes, want) {
		t.Errorf("codes %v, want %v", codes, want)
	}
	if _, err := h.ImportRegions(context.Background(), account.System(h.Dir), strings.NewReader("a,b\n1,2"), false); err == nil {
		t.Error("a list without its columns was read")
	}
}
