package services

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
	"shanzhi/districts"
)

// The law of a joint matter by its policy: a, b in the first stage, c in the second, which
// consumes what a results in.
func TestFateByPolicyAndOutcome(t *testing.T) {
	theme := func(policy string) *Theme {
		return &Theme{Policy: policy, Stages: []ThemeStage{{Name: "1"}, {Name: "2"}}, Members: []*ThemeMember{
			{Item: "a", Stage: "1", Produces: []string{"A"}}, {Item: "b", Stage: "1"}, {Item: "c", Stage: "2", Consumes: []string{"A"}}, {Item: "d", Stage: "2"},
		}}
	}
	for _, c := range []struct {
		policy, stand string // of a b c d
		want          string // what is done one after the other, and the end
	}{
		{Independent, "wwww", "open a, open b, open d;"},
		{Independent, "gowo", "open c;"},
		{Independent, "dowo", "drop c producer;"},
		{Independent, "gddg", "finish_partly"},
		{Independent, "xowo", "drop c producer;"},
		{Independent, "dgdg", "finish_partly"},
		{Independent, "gggg", "finish"},
		{Independent, "dddd", "finish_denied"},
		{Independent, "xx-x", "finish_withdrawn"},
		{Ordered, "wwww", "open a, open b;"},
		{Ordered, "goww", ";"},
		{Ordered, "ggww", "open c, open d;"},
		{Ordered, "gdww", "drop c stage, drop d stage;finish_partly"},
		{Ordered, "doww", "drop c stage, drop d stage;"},
		{Ordered, "ggdo", ";"},
		{AllOrNothing, "goog", ";"},
		{AllOrNothing, "godg", "drop a all, drop b all, drop d all;finish_denied"},
		{AllOrNothing, "gggg", "finish"},
	} {
		rows := []memberRow{}
		for i, k := range []string{"a", "b", "c", "d"} {
			rows = append(rows, memberRow{Key: k, N: i, State: map[byte]JointState{'w': JointWaiting, 'o': JointOpen, 'g': JointGranted, 'd': JointDenied, 'x': JointWithdrawn, '-': JointDropped}[c.stand[i]]})
		}
		var did []string
		for range 10 {
			f, ok := jointFate(theme(c.policy), rows)
			if !ok {
				break
			}
			i := slices.IndexFunc(rows, func(r memberRow) bool { return r.Key == f.key })
			if f.open {
				rows[i].State = JointOpen
				did = append(did, "open "+f.key)
			} else {
				rows[i].State = JointDropped
				did = append(did, "drop "+f.key+" "+f.why)
			}
		}
		got := strings.Join(did, ", ") + ";" + jointEnd(rows)
		if want := c.want; strings.Trim(got, "; ") != strings.Trim(want, "; ") {
			t.Errorf("%s %s: %q, want %q", c.policy, c.stand, got, want)
		}
	}
}

// jointHouse adds the departments of the pharmacy to a house of cases.
func (h *caseHouse) jointStaff(t testing.TB) {
	for _, unit := range []string{"dp-gongan", "dp-chengguan", "dp-yibao", "dp-shuiwuju", "dp-shebao", "dp-gongjijin"} {
		for _, role := range []string{"examiner", "approver"} {
			login := role + "-" + unit
			h.staff[login] = h.account(t, account.Account{Kind: account.Staff, Login: &login, Name: login, Unit: unit}, role, "acceptor")
		}
	}
	for login, role := range map[string]string{"examiner-dp-shijian": "examine", "approver-dp-shijian": "decide"} {
		h.staff[login] = h.staff[role]
	}
	login := "leader"
	h.staff[login] = h.account(t, account.Account{Kind: account.Staff, Login: &login, Name: login, Unit: "baoan"}, "leader")
}

// openTheme sends an application for a theme, each question answered.
func (h *caseHouse) openTheme(t testing.TB, who account.Actor, key string, answers map[string]any) Sent {
	t.Helper()
	ctx := context.Background()
	a, err := h.BeginTheme(ctx, who, key, NewApplication{})
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]any{"person_name": "李记", "person_id_no": "11010519491231002X", "person_phone": "13800138000", "enterprise_name": "深圳市安康大药房有限公司", "enterprise_domicile": "宝安区西乡街道流塘路1号二楼", "enterprise_address": "宝安区西乡街道流塘路1号", "premises_area": 80.0,
		"company_registration_capital": 50.0, "company_registration_scope": []any{"drugs"}, "company_registration_shareholders": []any{map[string]any{"name": "李记", "share": 100.0}},
		"pharmacy_pharmacists": []any{map[string]any{"name": "王药师", "certificate": "YS440306001"}}, "seal_filing_seals": []any{"company"}, "signboard_filing_board": "6 米 × 1.2 米", "insurance_pharmacy_opened": true,
		"enterprise_employees": 3.0, "tax_start_accounting": "own", "food_categories": []any{"snacks"}, "sole_trader_registration_scope": []any{"retail"}, "sole_trader_registration_home": false}
	maps.Copy(values, answers)
	for name := range values {
		if a.Handling.Form.Schema.Properties[name] == nil {
			delete(values, name)
		}
	}
	files := map[string][]string{}
	for _, m := range a.Handling.Materials {
		if m.Source == "applicant" && !m.Tolerate || m.Source == "licence" && answers["kind"] == "have" {
			files[m.ID] = []string{h.photo(t, who)}
		}
	}
	if a, err = h.SaveApplication(ctx, who, a.ID, ApplicationDraft{Seq: a.Seq, Values: values, Files: files}); err != nil {
		t.Fatal(err)
	}
	if len(a.Wrong) > 0 {
		t.Fatalf("the form of the test is wrong: %v", a.Wrong)
	}
	s, err := h.SendApplication(ctx, who, a.ID, a.Seq, false)
	if err != nil {
		t.Fatal(err, fieldOf(err))
	}
	return s
}

func (h *caseHouse) joint(t testing.TB, who account.Actor, id store.ID) (JointDetail, map[string]JointMember) {
	t.Helper()
	d, err := h.Joint(context.Background(), who, id)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]JointMember{}
	for _, p := range d.Parts {
		out[p.Key] = p
	}
	return d, out
}

// decideMember takes a member's case from examination to a decision.
func (h *caseHouse) decideMember(t testing.TB, m JointMember, action string) {
	t.Helper()
	h.do(t, m.Case, h.staff["examiner-"+m.Unit], "propose", "view", "grant", "opinion", "材料齐全")
	if action == "deny" {
		h.do(t, m.Case, h.staff["approver-"+m.Unit], "deny", "reason", "经核查不符合规定的条件，不予许可")
		return
	}
	h.do(t, m.Case, h.staff["approver-"+m.Unit], "grant")
}

func states(parts map[string]JointMember) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(parts)) {
		out = append(out, k+" "+string(parts[k].State)+map[bool]string{true: "/" + parts[k].Why}[parts[k].Why != ""])
	}
	return strings.Join(out, ", ")
}

var pharmacyAll = map[string]any{"kind": "company", "board": true, "insurance": true}

// A pharmacy opens: one application, four departments, each stage when what it consumes
// is there, in the transaction that brings it.
func TestAPharmacyOpensAcrossDepartments(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.jointStaff(t)
		li := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		h.at(t, "2026-10-12 10:00")
		s := h.openTheme(t, li, "pharmacy", pharmacyAll)
		d, parts := h.joint(t, li, s.Joint)
		if got := states(parts); got != "company-registration open, drug-retail-licence waiting, insurance-pharmacy waiting, seal-filing waiting, signboard-filing waiting" {
			t.Fatal(got)
		}
		if d.State != "received" || len(d.Papers) != 1 {
			t.Errorf("%s, %d papers", d.State, len(d.Papers))
		}
		h.wantDue(t, s.Joint, map[string]string{"accept": "2026-10-19 18:00 running"})
		act := func(who account.Actor, action string, form map[string]any) error {
			_, err := h.ActOnJoint(ctx, who, s.Joint, 0, action, form)
			return err
		}
		if err := act(h.staff["accept"], "accept", map[string]any{"points": []any{"company-registration.name"}}); refusal(err) != "form points all_points" {
			t.Errorf("accepted without the points of all departments: %v", err)
		}
		if err := act(h.staff["civil"], "accept", nil); err == nil {
			t.Error("a department that has no part in it accepted")
		}
		if err := act(h.staff["accept"], "accept", map[string]any{"points": []any{"company-registration.name", "drug-retail-licence.pharmacist", "signboard-filing.guide"}}); err != nil {
			t.Fatal(err)
		}
		// 45 working days from 12 October 2026 (第四十二条第二款): October has 14 more, November
		// 21, and the tenth of December's is Monday the 14th.
		h.wantDue(t, s.Joint, map[string]string{"accept": "2026-10-19 18:00 met", "legal": "2026-12-14 18:00 running"})
		if err := act(h.staff["decide"], "extend", map[string]any{"length": "10wd", "reason": "案情复杂"}); err == nil {
			t.Error("a department extended it; the government does")
		}
		if err := act(h.staff["leader"], "extend", map[string]any{"length": "16wd", "reason": "案情复杂"}); refusal(err) != "form length above_cap" {
			t.Errorf("extended by sixteen days: %v", err)
		}
		if err := act(h.staff["leader"], "extend", map[string]any{"length": "15wd", "reason": "案情复杂"}); err != nil {
			t.Error(err)
		}
		if err := act(h.staff["leader"], "extend", map[string]any{"length": "1wd", "reason": "再延"}); refusal(err) != "guard" {
			t.Errorf("extended twice: %v", err)
		}
		h.at(t, "2026-10-14 10:00")
		h.decideMember(t, parts["company-registration"], "grant")
		_, parts = h.joint(t, li, s.Joint)
		if got := states(parts); got != "company-registration granted, drug-retail-licence open, insurance-pharmacy waiting, seal-filing open, signboard-filing open" {
			t.Fatal(got)
		}
		// What the first gave is in the others' forms, and its licence stands for the paper.
		drug, err := h.Case(ctx, h.staff["examine"], parts["drug-retail-licence"].Case)
		if err != nil {
			t.Fatal(err)
		}
		if drug.State != "examining" || len(fmt.Sprint(drug.Values["uscc"])) != 18 || drug.Values["company_name"] != nil || drug.Values["address"] != "宝安区西乡街道流塘路1号" {
			t.Errorf("%s %v", drug.State, drug.Values)
		}
		for _, m := range drug.Materials {
			if m.ID == "business_licence" && m.State != "fetched" {
				t.Errorf("the business licence is %s", m.State)
			}
		}
		held, err := h.Wallet(ctx, li)
		if err != nil || len(held) != 1 {
			t.Fatalf("%d licences, %v", len(held), err)
		}
		full, err := h.HeldLicence(ctx, li, held[0].ID)
		if err != nil || !slices.ContainsFunc(full.Shown, func(l LicenceLine) bool {
			return l.Title == "统一社会信用代码" && l.Value == drug.Values["uscc"]
		}) {
			t.Errorf("the licence shows %v, the case has %v", full.Shown, drug.Values["uscc"])
		}
		if _, err := h.Case(ctx, h.staff["examiner-dp-chengguan"], parts["drug-retail-licence"].Case); err == nil {
			t.Error("a department reads another's case")
		}
		if _, err := h.Joint(ctx, h.staff["examiner-dp-chengguan"], s.Joint); err != nil {
			t.Errorf("a department does not see the whole that it is part of: %v", err)
		}
		for _, k := range []string{"seal-filing", "signboard-filing", "drug-retail-licence"} {
			h.decideMember(t, parts[k], "grant")
		}
		_, parts = h.joint(t, li, s.Joint)
		h.at(t, "2026-10-20 10:00")
		h.decideMember(t, parts["insurance-pharmacy"], "deny")
		d, parts = h.joint(t, li, s.Joint)
		if d.State != "partly" || d.Open || parts["insurance-pharmacy"].State != JointDenied {
			t.Errorf("%s %s", d.State, states(parts))
		}
		if !strings.Contains(parts["insurance-pharmacy"].Say["zh"], "其他已办成的不受影响") || !strings.Contains(parts["drug-retail-licence"].Say["zh"], "《药品经营许可证》已签发") {
			t.Errorf("%v %v", parts["insurance-pharmacy"].Say, parts["drug-retail-licence"].Say)
		}
		if err := h.MakeDuePapers(ctx); err != nil {
			t.Error(err)
		}
		d, _ = h.joint(t, li, s.Joint)
		if n := len(d.Papers); n != 4 || slices.ContainsFunc(d.Papers, func(p Paper) bool { return !p.Made }) {
			t.Errorf("%d papers: %v", n, d.Papers)
		}
		h.verify(t, s.Joint, parts["insurance-pharmacy"].Case)
		// The meter: six working days, one step, the papers that were brought, no trip.
		th, err := h.ThemeByKey(ctx, "pharmacy")
		if err != nil || th.Meter.Counted != 1 || th.Meter.After.Days != 6 || th.Meter.After.Steps != 1 || th.Meter.After.Trips != 0 || th.Meter.After.Papers == 0 {
			t.Errorf("%+v %+v %v", th.Meter, th.Meter.After, err)
		}
	})
}

// What one denial brings, by policy, and a withdrawal of the whole.
func TestPartialPolicies(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.jointStaff(t)
		h.at(t, "2026-11-02 10:00")
		accept := func(s Sent, points ...any) {
			t.Helper()
			if _, err := h.ActOnJoint(ctx, h.staff["accept"], s.Joint, 0, "accept", map[string]any{"points": points}); err != nil {
				t.Fatal(err)
			}
		}
		zhang := h.citizen(t, "张三", "13800138001", "11010519491231002X")
		t.Run("independent: what waits for the denied one is not begun", func(t *testing.T) {
			s := h.openTheme(t, zhang, "pharmacy", pharmacyAll)
			accept(s, "company-registration.name", "drug-retail-licence.pharmacist", "signboard-filing.guide")
			_, parts := h.joint(t, zhang, s.Joint)
			h.decideMember(t, parts["company-registration"], "deny")
			d, parts := h.joint(t, zhang, s.Joint)
			if got := states(parts); d.State != "denied" || got != "company-registration denied, drug-retail-licence dropped/producer, insurance-pharmacy dropped/producer, seal-filing dropped/producer, signboard-filing dropped/producer" {
				t.Errorf("%s: %s", d.State, got)
			}
		})
		t.Run("ordered: a later stage does not begin", func(t *testing.T) {
			s := h.openTheme(t, zhang, "company-start", map[string]any{"hires": true})
			accept(s, "company-registration.name")
			_, parts := h.joint(t, zhang, s.Joint)
			h.decideMember(t, parts["company-registration"], "deny")
			d, parts := h.joint(t, zhang, s.Joint)
			if d.State != "denied" || parts["tax-start"].Why != "stage" {
				t.Errorf("%s: %s", d.State, states(parts))
			}
		})
		t.Run("withdrawn as a whole: what was granted stays", func(t *testing.T) {
			s := h.openTheme(t, zhang, "pharmacy", pharmacyAll)
			accept(s, "company-registration.name", "drug-retail-licence.pharmacist", "signboard-filing.guide")
			_, parts := h.joint(t, zhang, s.Joint)
			h.decideMember(t, parts["company-registration"], "grant")
			if _, err := h.ActOnJoint(ctx, zhang, s.Joint, 0, "withdraw", nil); err != nil {
				t.Fatal(err)
			}
			d, parts := h.joint(t, zhang, s.Joint)
			if d.State != "withdrawing" || parts["insurance-pharmacy"].Why != "withdrawn" {
				t.Errorf("%s: %s", d.State, states(parts))
			}
			for _, k := range []string{"seal-filing", "signboard-filing", "drug-retail-licence"} {
				who := h.staff["approver-"+parts[k].Unit]
				if parts[k].Unit == "dp-shijian" {
					who = h.staff["accept"]
				}
				h.do(t, parts[k].Case, who, "withdrawn")
			}
			d, parts = h.joint(t, zhang, s.Joint)
			if d.State != "partly" || parts["company-registration"].State != JointGranted || parts["seal-filing"].State != JointWithdrawn {
				t.Errorf("%s: %s", d.State, states(parts))
			}
			h.verify(t, s.Joint, parts["drug-retail-licence"].Case)
		})
		t.Run("all or nothing: nothing is delivered until all are granted", func(t *testing.T) {
			h.withTheme(t, "signs", "code: T\nlead: dp-shijian\nname: {zh: 试}\npolicy: all_or_nothing\nstages: [{name: s, title: {zh: 段}}]\nmembers:\n  - {item: company-registration, stage: s}\n  - {item: food-licence, stage: s}\nbefore: {days: 1, steps: 2, papers: 1, trips: 1}\nsource: 试\n")
			all := map[string]any{"food_licence_s_kind": "restaurant", "enterprise_uscc": "11440306MB2D70048K", "food_licence_staff": []any{map[string]any{"name": "王五", "health": true}}}
			points := []any{"company-registration.name", "food-licence.scope", "food-licence.plan", "food-licence.health"}
			wallet := func() int {
				held, err := h.Wallet(ctx, zhang)
				if err != nil {
					t.Fatal(err)
				}
				return len(held)
			}
			had := wallet()
			for _, last := range []string{"deny", "grant"} {
				s := h.openTheme(t, zhang, "signs", all)
				accept(s, points...)
				_, parts := h.joint(t, zhang, s.Joint)
				h.decideMember(t, parts["company-registration"], "grant")
				if wallet() != had {
					t.Error("a licence was issued before all were granted")
				}
				h.settleOf(t, parts["food-licence"].Case)
				if last == "deny" {
					h.decideMember(t, parts["food-licence"], "deny")
				} else {
					h.provide(t, zhang, parts["food-licence"].Case)
					h.decideMember(t, parts["food-licence"], "grant")
				}
				d, parts := h.joint(t, zhang, s.Joint)
				if last == "deny" {
					c, err := h.Case(ctx, zhang, parts["company-registration"].Case)
					if err != nil || d.State != "denied" || c.State != "recalled" || c.Ext != int(CaseRecalled) || parts["company-registration"].Why != "all" || wallet() != had {
						t.Errorf("%s %s, the granted case is %s (%d), %v", d.State, states(parts), c.State, c.Ext, err)
					}
				} else if d.State != "done" || wallet() != had+2 {
					t.Errorf("%s %s, %d licences", d.State, states(parts), wallet()-had)
				}
				h.verify(t, s.Joint, parts["company-registration"].Case, parts["food-licence"].Case)
			}
		})
	})
}

// withTheme lands a theme beside those of the pack.
func (h *caseHouse) withTheme(t testing.TB, key, text string) {
	t.Helper()
	themes, err := readThemes(fstest.MapFS{themeFolder + "/" + key + ".yaml": {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Store.Write(store.Long(context.Background()), func(ctx context.Context, tx *store.Tx) error { return h.landThemes(ctx, tx, themes) }); err != nil {
		t.Fatal(err)
	}
}

// settleOf waives what is due of one case.
func (h *caseHouse) settleOf(t testing.TB, matter store.ID) {
	t.Helper()
	if err := h.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE service_bill SET state = 'waived' WHERE matter = ?`, matter)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// provide brings what a case is owed.
func (h *caseHouse) provide(t testing.TB, who account.Actor, id store.ID) {
	t.Helper()
	d, err := h.Case(context.Background(), who, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range d.Materials {
		if m.State == "owed" {
			if err := h.SendMaterial(context.Background(), who, id, m.ID, []string{h.photo(t, who)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	h.do(t, id, who, "provide")
}

// A joint matter keeps the version of its theme, and of its items, whatever changes.
func TestARunningThemeKeepsItsVersion(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.jointStaff(t)
		li := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		h.at(t, "2026-11-02 10:00")
		s := h.openTheme(t, li, "pharmacy", pharmacyAll)
		before, err := h.ThemeByKey(ctx, "pharmacy")
		if err != nil {
			t.Fatal(err)
		}
		// An item of it gets a new version.
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			for _, q := range []string{`INSERT INTO service_item_version (item, version, hash, elements, at, by, origin) SELECT item, 2, 'x', elements, at, by, origin FROM service_item_version WHERE version = 1 AND item = (SELECT id FROM service_item WHERE source = 'pack' AND key = 'drug-retail-licence')`, `UPDATE service_item SET version = 2 WHERE source = 'pack' AND key = 'drug-retail-licence'`} {
				if _, err := tx.Exec(ctx, q); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		after, err := h.ThemeByKey(ctx, "pharmacy")
		if err != nil || after.Version != before.Version+1 {
			t.Errorf("version %d, then %d, %v", before.Version, after.Version, err)
		}
		d, _ := h.joint(t, li, s.Joint)
		if d.ThemeOf != before.Version {
			t.Errorf("the running one is under version %d", d.ThemeOf)
		}
		if _, err := h.ActOnJoint(ctx, h.staff["accept"], s.Joint, 0, "accept", map[string]any{"points": []any{"company-registration.name", "drug-retail-licence.pharmacist", "signboard-filing.guide"}}); err != nil {
			t.Fatal(err)
		}
		_, parts := h.joint(t, li, s.Joint)
		h.decideMember(t, parts["company-registration"], "grant")
		_, parts = h.joint(t, li, s.Joint)
		m, err := caseflow.Get(ctx, h.Store, parts["drug-retail-licence"].Case)
		if err != nil || !strings.HasSuffix(m.Item, ".1") {
			t.Errorf("the member runs under %s, %v", m.Item, err)
		}
		// An item that does not go into the form any more leaves the theme, and the others, as it was.
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			for _, q := range []string{`INSERT INTO service_item_version (item, version, hash, elements, at, by, origin) SELECT item, 3, 'y', '{}', at, by, origin FROM service_item_version WHERE version = 2 AND item = (SELECT id FROM service_item WHERE source = 'pack' AND key = 'drug-retail-licence')`, `UPDATE service_item SET version = 3 WHERE source = 'pack' AND key = 'drug-retail-licence'`} {
				if _, err := tx.Exec(ctx, q); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if still, err := h.ThemeByKey(ctx, "pharmacy"); err != nil || still.Version != after.Version {
			t.Errorf("version %d, then %d, %v", after.Version, still.Version, err)
		}
		if all, err := h.Themes(ctx); err != nil || len(all) < 12 {
			t.Errorf("%d themes, %v", len(all), err)
		}
	})
}

// The log suggests what people need together: by support and lift, without what was
// applied for as a theme.
func TestSuggestionsFromTheLog(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.at(t, "2026-11-20 10:00")
		one, two, three := h.item(t, "residence-permit"), h.item(t, "school-enrolment"), h.item(t, "road-occupation")
		log := func(person int, item store.ID, at string, joint any) {
			t.Helper()
			h.at(t, at)
			when := store.At(h.clock())
			if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO service_application (id, item, version, person, channel, consent, state, seq, said, materials, created_at, updated_at, sent_at, joint) VALUES (?, ?, 1, ?, 'phone', '{}', 'sent', 1, 0, '{}', ?, ?, ?, ?)`, tx.NewID(), item, person, when, when, when, joint)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		for p := 1; p <= 4; p++ {
			log(p, one, "2026-10-01 10:00", nil)
			log(p, two, "2026-10-31 09:00", nil) // within thirty days
		}
		log(5, one, "2026-10-01 10:00", nil)
		log(5, two, "2026-10-31 11:00", nil) // an hour too late
		for p := 6; p <= 9; p++ {
			log(p, three, "2026-10-01 10:00", nil)
			log(p, one, "2026-10-02 10:00", 77) // of a theme
		}
		h.at(t, "2026-11-20 10:00")
		got, err := h.SuggestThemes(ctx)
		if err != nil || len(got) != 1 {
			t.Fatalf("%v %v", got, err)
		}
		c := got[0]
		// Nine persons, four for both, five for each: lift 4×9÷25.
		if c.Both != 4 || c.Persons != 9 || c.OnlyA != 5 || c.OnlyB != 5 || fmt.Sprintf("%.4f %.2f", c.Support, c.Lift) != "0.4444 1.44" || !slices.Equal(c.Themes, []string{"子女入学"}) {
			t.Errorf("%+v", c)
		}
	})
}

// Whoever takes part in a shipped theme can issue what it results in.
func TestMembersOfShippedThemesHaveUnits(t *testing.T) {
	h := newCaseHouse(t)
	baoan, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	c, err := readCasework(baoan)
	if err != nil {
		t.Fatal(err)
	}
	themes, _ := shippedThemes(t)
	for _, v := range themes {
		if _, ok := h.Dir.Tree().Unit(v.Theme.Lead); !ok {
			t.Errorf("%s: there is no unit %s", v.Theme.Key, v.Theme.Lead)
		}
		for key, it := range v.Items {
			unit, ok := h.unitOf(it.Department)
			if v.Theme.Guide {
				continue
			}
			if !ok || it.Licence != "" && it.Licence[:18] != c.Bodies[unit] {
				t.Errorf("%s: %s of %s (%s, %s) issues %s", v.Theme.Key, key, it.Department, unit, c.Bodies[unit], it.Licence)
			}
		}
	}
}
