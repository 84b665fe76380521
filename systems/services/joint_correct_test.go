package services

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
)

// One notice over all members: their cases wait with it, each gets what was brought, and
// the five days begin anew for all.
func TestOneNoticeCorrectsAllMembers(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.jointStaff(t)
		li := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		h.at(t, "2026-10-12 10:00")
		s := h.openTheme(t, li, "pharmacy", pharmacyAll)
		act := func(who string, action string, form map[string]any) error {
			actor := h.staff[who]
			if who == "" {
				actor = li
			}
			_, err := h.ActOnJoint(ctx, actor, s.Joint, 0, action, form)
			return err
		}
		d, parts := h.joint(t, li, s.Joint)
		var brought []string // what the applicant brings, of the one set
		for _, m := range d.Materials {
			if m.State == "got" {
				brought = append(brought, m.ID)
			}
		}
		if len(brought) < 2 {
			t.Fatalf("the set of the test is %v", d.Materials)
		}
		asked := brought[0]
		if err := act("accept", "notify", map[string]any{"materials": []any{"nothing"}, "what": "材料不清晰，请重新拍照"}); refusal(err) != "form materials no_such_option" {
			t.Errorf("a material that nobody needs: %v", err)
		}
		h.at(t, "2026-10-14 10:00")
		if err := act("accept", "notify", map[string]any{"materials": []any{asked}, "what": "材料不清晰，请重新拍照"}); err != nil {
			t.Fatal(err)
		}
		// Thirty natural days from 14 October.
		h.wantDue(t, s.Joint, map[string]string{"accept": "2026-10-19 18:00 met", "correct": "2026-11-13 18:00 running"})
		lead := parts["company-registration"].Case
		h.wantDue(t, lead, map[string]string{"accept": "2026-10-19 18:00 met"})
		if m, err := caseflow.Get(ctx, h.Store, lead); err != nil || m.State != "awaiting" {
			t.Fatalf("the member is %s, %v", m.State, err)
		}
		if c, err := h.Case(ctx, h.staff["accept"], lead); err != nil || c.Ext != int(CaseCorrecting) || len(c.Allowed) != 0 {
			t.Errorf("the member may still be dealt with alone: %+v, %v", c.Allowed, err)
		}
		if err := act("", "corrected", nil); refusal(err) != "form materials material_missing" {
			t.Errorf("corrected without the material: %v", err)
		}
		if err := h.SendMaterial(ctx, li, s.Joint, brought[1], []string{h.photo(t, li)}); err == nil {
			t.Error("what nobody asked for was taken")
		}
		other := h.citizen(t, "张三", "13800138001", "11010519491231002X")
		fresh := h.photo(t, li)
		if err := h.SendMaterial(ctx, other, s.Joint, asked, []string{fresh}); err == nil {
			t.Error("another's joint matter was given a file")
		}
		if err := h.SendMaterial(ctx, li, s.Joint, asked, []string{fresh}); err != nil {
			t.Fatal(err)
		}
		h.at(t, "2026-10-21 09:00")
		if err := act("", "corrected", nil); err != nil {
			t.Fatal(err)
		}
		// Five working days from Wednesday 21 October.
		h.wantDue(t, s.Joint, map[string]string{"accept": "2026-10-28 18:00 running", "correct": "2026-11-13 18:00 met"})
		h.wantDue(t, lead, map[string]string{"accept": "2026-10-28 18:00 running"})
		v, err := h.themeVersion(ctx, h.Store, mustJoint(t, h, s.Joint).Theme, d.ThemeOf)
		if err != nil {
			t.Fatal(err)
		}
		has := func(key string) {
			t.Helper()
			_, parts := h.joint(t, li, s.Joint)
			for own, merged := range v.Parts[key].Materials {
				if merged != asked || parts[key].Case == 0 {
					continue
				}
				rows, err := materialsOf(ctx, h.Store, parts[key].Case)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range rows {
					var files []string
					if json.Unmarshal([]byte(r.Files), &files); r.Material == own && !slices.Equal(files, []string{fresh}) {
						t.Errorf("%s has %v of %s, not what was brought", key, files, own)
					}
				}
			}
		}
		for key := range parts {
			has(key)
		}
		// A second notice may ask only for what came with the correction.
		if err := act("accept", "notify", map[string]any{"materials": []any{brought[1]}, "what": "另一份也不清晰，请重新拍照"}); refusal(err) != "form materials told_once" {
			t.Errorf("asked for more a second time: %v", err)
		}
		if err := act("accept", "accept", map[string]any{"points": []any{"company-registration.name", "drug-retail-licence.pharmacist", "signboard-filing.guide"}}); err != nil {
			t.Fatal(err)
		}
		_, parts = h.joint(t, li, s.Joint)
		h.decideMember(t, parts["company-registration"], "grant")
		for key := range parts { // those that have opened since have it too
			has(key)
		}
		h.verify(t, s.Joint, lead)
		// Told now, of the clock as it stands: five days from the correction.
		h.told(t, caseNoticeConsumer, h.tellCases)
		mine, texts := h.inbox(t, li)
		if want := []string{"一件事申请已收到", "请补正材料", "一件事已统一受理", "一件事有新进展"}; !slices.Equal(mine, want) {
			t.Errorf("the applicant was told %v, want %v", mine, want)
		}
		for _, part := range []string{"10月28日18:00前统一决定", "材料不清晰，请重新拍照 请在11月13日18:00前", "（1/5）"} {
			if !strings.Contains(texts, part) {
				t.Errorf("the applicant is not told %q:\n%s", part, texts)
			}
		}
	})
}

func mustJoint(t testing.TB, h *caseHouse, id store.ID) jointRow {
	t.Helper()
	j, err := getJoint(context.Background(), h.Store, id)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// A joint matter that is not accepted, or not corrected in time, ends for all; by policy
// what was granted before stays or not.
func TestAJointMatterIsNotAccepted(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.jointStaff(t)
		zhang := h.citizen(t, "张三", "13800138001", "11010519491231002X")
		signs := func(policy string) string {
			return "code: T\nlead: dp-shijian\nname: {zh: 试}\npolicy: " + policy + "\nstages: [{name: s, title: {zh: 段}}]\nmembers:\n  - {item: company-registration, stage: s}\n  - {item: seal-filing, stage: s}\nbefore: {days: 1, steps: 2, papers: 1, trips: 1}\nsource: 试\n"
		}
		reason := map[string]any{"reason": "申请事项依法不需要取得行政许可"}
		for policy, want := range map[string]string{
			Independent:  "partly: company-registration denied, seal-filing granted",
			Ordered:      "partly: company-registration denied, seal-filing granted",
			AllOrNothing: "rejected: company-registration denied, seal-filing dropped/all",
		} {
			h.at(t, "2026-11-02 10:00")
			h.withTheme(t, "two", signs(policy))
			s := h.openTheme(t, zhang, "two", map[string]any{"enterprise_uscc": "11440306MB2D70048K"})
			_, parts := h.joint(t, zhang, s.Joint)
			// As if the one had been decided at once.
			if err := h.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
				_, err := h.Engine.Do(ctx, tx, caseflow.Command{Matter: parts["seal-filing"].Case, Action: "instant", Actor: account.System(h.Dir)})
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if _, err := h.ActOnJoint(ctx, h.staff["accept"], s.Joint, 0, "reject", reason); err != nil {
				t.Fatal(err)
			}
			d, parts := h.joint(t, zhang, s.Joint)
			if got := d.State + ": " + states(parts); got != want || d.Open {
				t.Errorf("%s: %s, want %s", policy, got, want)
			}
			if err := h.MakeDuePapers(ctx); err != nil {
				t.Error(err)
			}
			if d, _ = h.joint(t, zhang, s.Joint); len(d.Papers) != 2 || d.Papers[1].Kind != "rejection" {
				t.Errorf("%s: papers %v", policy, d.Papers)
			}
			h.verify(t, s.Joint, parts["company-registration"].Case, parts["seal-filing"].Case)
		}
		t.Run("not once a department has accepted its part", func(t *testing.T) {
			h.at(t, "2026-11-02 10:00")
			s := h.openTheme(t, zhang, "two", map[string]any{"enterprise_uscc": "11440306MB2D70048K"})
			_, parts := h.joint(t, zhang, s.Joint)
			h.do(t, parts["company-registration"].Case, h.staff["accept"], "accept", "points", []any{"name"})
			for action, form := range map[string]map[string]any{"reject": reason, "notify": {"materials": []any{"x"}, "what": "材料不清晰，请重新拍照"}} {
				if _, err := h.ActOnJoint(ctx, h.staff["accept"], s.Joint, 0, action, form); refusal(err) != "guard" {
					t.Errorf("%s: %v", action, err)
				}
			}
		})
		t.Run("not corrected in time", func(t *testing.T) {
			h.at(t, "2026-11-02 10:00")
			s := h.openTheme(t, zhang, "pharmacy", pharmacyAll)
			d, _ := h.joint(t, zhang, s.Joint)
			asked := d.Materials[slices.IndexFunc(d.Materials, func(m CaseMaterial) bool { return m.State == "got" })].ID
			if _, err := h.ActOnJoint(ctx, h.staff["accept"], s.Joint, 0, "notify", map[string]any{"materials": []any{asked}, "what": "材料不清晰，请重新拍照"}); err != nil {
				t.Fatal(err)
			}
			h.at(t, "2026-12-03 10:00") // thirty days end on 2 December
			h.tick(t)
			d, parts := h.joint(t, zhang, s.Joint)
			if got := d.State + ": " + states(parts); got != "rejected: company-registration denied, drug-retail-licence dropped/rejected, insurance-pharmacy dropped/rejected, seal-filing dropped/rejected, signboard-filing dropped/rejected" {
				t.Error(got)
			}
		})
	})
}
