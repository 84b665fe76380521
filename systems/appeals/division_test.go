package appeals

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/vault"
)

// A message that asks for several things: proposed by its own words, confirmed by a
// person, each part an appeal with its own number, item, unit and clocks from when the
// message came; one report to its citizen, who rates each; undone while none is signed.
func TestDivision(t *testing.T) {
	onDesks(t, func(t *testing.T, d *deskCast) {
		ctx := context.Background()
		const message = "您好，我住流塘社区，反映两个问题：1、流塘路12号路灯坏了十天，晚上看不清路，请修理；2、楼下大排档每晚占道经营，油烟呛人，请查处。"
		id := d.fileOne(t, Intake{Text: message, Address: "西乡街道流塘社区流塘路12号", Appellant: vault.Identity{vault.Name: "欧阳建国", vault.Phone: "13800000001"}}, "").ID
		dispatcher := d.as("dispatcher@platform")
		filedAt := d.state(id).OpenedAt
		d.ahead.Add(int64(26 * time.Hour))
		v, err := d.Division(ctx, dispatcher, id)
		if err != nil || len(v.Proposed) != 2 || v.Proposed[0].Rule != "number" || !strings.HasPrefix(v.Proposed[1].Words, "2、楼下大排档") {
			t.Fatalf("proposed: %+v %v", v.Proposed, err)
		}
		for _, p := range v.Proposed {
			if string([]rune(message)[p.From:p.To]) != p.Words || len(p.Items) == 0 {
				t.Errorf("a proposal is not the message's words, or has no advice: %+v", p)
			}
		}
		if one, err := d.Division(ctx, dispatcher, d.filed(lamp, "13800000003", "")); err != nil || len(one.Proposed) != 0 {
			t.Errorf("one demand is proposed to be divided: %+v %v", one.Proposed, err)
		}
		if _, err := d.Division(ctx, d.as("handler@st-xinan"), id); code(err) != "not_found" {
			t.Errorf("another unit is told: %v", err)
		}
		spans := fmt.Sprintf("%d-%d 120401;%d-%d", v.Proposed[0].From, v.Proposed[0].To, v.Proposed[1].From, v.Proposed[1].To)
		for bad, want := range map[string]string{
			"": "spans:required", "0-10": "spans:parts_number", "0-10;5-20": "spans:out_of_range", "0-10;20-9999": "spans:out_of_range", "10-5;20-30": "spans:out_of_range", "0-2;20-40": "spans:too_short",
			"0-10;20-40 999999": "spans:no_such_item", "0-10,20-40": "spans:invalid", "-1-10;20-40": "spans:invalid", "99999999999999999999-3;4-5": "spans:invalid",
			"0-5;5-10;10-15;15-20;20-25;25-30;30-35;35-40;40-45;45-50": "spans:parts_number",
		} {
			if _, err := d.Act(ctx, dispatcher, id, 0, []Step{{"divide", map[string]any{"spans": bad}}}); code(err) != want {
				t.Errorf("%q: %v, want %s", bad, err, want)
			}
		}
		if got := d.try("supervisor@platform", id, "divide", map[string]any{"spans": spans}); got != "right" {
			t.Errorf("a supervisor divides: %s", got)
		}
		if err := d.citizenDoes(id, "divide", map[string]any{"spans": spans}); code(err) != "right" {
			t.Errorf("the citizen divides: %v", err)
		}
		all := d.count(t, `SELECT count(*) FROM matter WHERE flow = 'appeal'`)
		d.must("dispatcher@platform", id, "divide", map[string]any{"spans": spans, "item": "120401"})
		if related, err := d.Related(ctx, dispatcher, id); err != nil || slices.ContainsFunc(related.Candidates, func(r Related) bool { return r.Kind == relRepeat }) {
			t.Errorf("the parts of one message repeat each other: %+v %v", related.Candidates, err)
		}
		if d.state(id).Item != "120401" {
			t.Errorf("the first part's item is %q", d.state(id).Item)
		}
		parts, err := d.partsOf(ctx, d.Store, id)
		if err != nil || len(parts) != 2 || parts[0].ID != id || d.count(t, `SELECT count(*) FROM matter WHERE flow = 'appeal'`) != all+1 {
			t.Fatalf("parts: %+v %v", parts, err)
		}
		second := parts[1].ID
		m := d.state(second)
		if m.No != d.state(id).No+"-F2" || !m.OpenedAt.Equal(filedAt.Time) || m.TotalDue != d.state(id).TotalDue || m.Applicant != d.state(id).Applicant || m.State != "dispatching" || !second.Time().Equal(filedAt.Time.UTC().Truncate(time.Millisecond)) {
			t.Errorf("the second part: %+v of %v", m, filedAt)
		}
		a, _ := getAppeal(ctx, d.Store, second)
		if !strings.Contains(a.Text, "大排档") || strings.Contains(a.Text, "路灯") || !strings.Contains(a.Text, "流塘社区") || a.Original != 0 {
			t.Errorf("its words: %s", a.Text)
		}
		if got := d.try("dispatcher@platform", id, "divide", map[string]any{"spans": spans}); got != "guard" {
			t.Errorf("divided twice: %s", got)
		}
		if got := d.try("dispatcher@platform", second, "divide", map[string]any{"spans": "0-5;6-12"}); got != "guard" {
			t.Errorf("a part is divided: %s", got)
		}
		// Undone while none is signed, as one step; and divided again.
		d.must("dispatcher@platform", second, "dispatch", map[string]any{"unit": "dp-chengguan"})
		if got := d.try("dispatcher@platform", second, "rejoin", map[string]any{"note": "误拆"}); got != "guard" {
			t.Errorf("undone at a part: %s", got)
		}
		d.must("dispatcher@platform", id, "rejoin", map[string]any{"note": "误拆"})
		if d.state(second).State != "rejoined" || d.state(id).State != "dispatching" {
			t.Errorf("undone: %s, %s", d.state(id).State, d.state(second).State)
		}
		if left, err := d.partsOf(ctx, d.Store, id); err != nil || len(left) != 0 {
			t.Errorf("parts that were undone: %+v %v", left, err)
		}
		d.must("dispatcher@platform", id, "divide", map[string]any{"spans": spans})
		parts, _ = d.partsOf(ctx, d.Store, id)
		second = parts[1].ID
		d.must("dispatcher@platform", id, "dispatch", map[string]any{"unit": "st-xixiang"})
		d.must("dispatcher@platform", second, "dispatch", map[string]any{"unit": "dp-chengguan"})
		d.must("receiver@dp-chengguan", second, "sign", nil)
		if got := d.try("dispatcher@platform", id, "rejoin", map[string]any{"note": "误拆"}); got != "guard" {
			t.Errorf("undone after a part was signed for: %s", got)
		}
		if left, _ := d.partsOf(ctx, d.Store, id); len(left) != 2 || d.state(id).Vars["rejoins"] != 1 {
			t.Error("what was refused was half done")
		}
		// A unit sees its own part alone; the citizen one report with both.
		page, err := d.Detail(ctx, d.as("handler@dp-chengguan"), second)
		if err != nil || len(page.Parts) != 1 || page.Parts[0].ID != second {
			t.Errorf("the unit sees %+v %v", page.Parts, err)
		}
		if err := d.visible(ctx, d.Store, d.as("handler@dp-chengguan"), id); err != caseflow.ErrNotFound {
			t.Errorf("the unit of one part sees the other: %v", err)
		}
		citizen := d.citizen(id)
		rows, _, err := d.list(ctx, citizen.Scope(), Filter{})
		if err != nil || len(rows) != 1 || rows[0].ID != id {
			t.Errorf("the citizen lists %d reports: %v", len(rows), err)
		}
		if page, err = d.Detail(ctx, citizen, id); err != nil || len(page.Parts) != 2 || page.Parts[1].Unit != "dp-chengguan" {
			t.Errorf("the citizen's report: %+v %v", page.Parts, err)
		}
		if other := account.NewActor(d.Dir, account.Account{Kind: account.Citizen, Person: 99}, account.Grant{Role: account.RoleCitizen}); d.visible(ctx, d.Store, other, second) == nil {
			t.Error("another citizen sees a part")
		}
		// Each is answered and rated by itself.
		d.must("handler@dp-chengguan", second, "reply", map[string]any{"result": "explained", "reply": "11月25日晚联合执法，清理占道桌椅12张，责令安装油烟净化器"})
		d.must("unit_head@dp-chengguan", second, "approve", nil)
		d.must("reviewer@platform", second, "pass", nil)
		if err := d.citizenDoes(second, "rate", map[string]any{"contacted": true, "solved": "yes", "result": int64(5)}); err != nil {
			t.Fatal(err)
		}
		if m := d.state(second); m.State != "closed" || d.state(id).State != "signing" {
			t.Errorf("after one rating: %s, %s", m.State, d.state(id).State)
		}
		page, _ = d.Detail(ctx, citizen, id)
		if page.Parts[0].Rated || !page.Parts[1].Rated {
			t.Errorf("rated: %+v", page.Parts)
		}
		// Each part counts as one appeal, the message once.
		day := filedAt.In(d.Zone())
		figures, err := d.Figures(ctx, account.Scope{All: true}, FigureQuery{Grain: "appeals", Measures: []string{"count", "messages"}, From: day.Format(time.DateOnly), To: day.AddDate(0, 0, 1).Format(time.DateOnly)})
		if err != nil || *figures.Rows[0].Values["count"] != 3 || *figures.Rows[0].Values["messages"] != 1 { // one part was undone
			t.Errorf("counted: %+v %v", figures.Rows[0].Values, err)
		}
		d.verified()
	})
}

// Whatever parts are named: in order, within the message, of its own words; what is in
// none of them is kept aside, and nothing is lost or said twice.
func TestChosenParts(t *testing.T) {
	d := &district{duty: &DutyList{}}
	rapid.Check(t, func(t *rapid.T) {
		message := rapid.StringOfN(rapid.RuneFrom([]rune("路灯坏了请修理噪音。；，1、𠮷 ")), 0, 60, -1).Draw(t, "message")
		given := strings.Join(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			return fmt.Sprintf("%d-%d", rapid.IntRange(0, 70).Draw(t, "from"), rapid.IntRange(0, 70).Draw(t, "to"))
		}), 0, 11).Draw(t, "spans"), ";")
		parts, err := d.chosen(given, message)
		if err != nil {
			return
		}
		runes, at := []rune(message), 0
		for _, p := range parts {
			if p.from < at || p.to > len(runes) || strings.TrimSpace(string(runes[p.from:p.to])) != p.words {
				t.Fatalf("%+v of %q", p, message)
			}
			at = p.to
		}
		letters := func(s string) (n int) {
			for _, r := range s {
				if !strings.ContainsRune(" ，。；、", r) {
					n++
				}
			}
			return n
		}
		have := letters(aside(runes, parts))
		for _, p := range parts {
			have += letters(p.words)
		}
		if lost := letters(message) - have; lost < 0 || lost > len(parts)+1 { // a lone letter between two parts says nothing
			t.Fatalf("%d letters of %q are lost in %q", lost, message, given)
		}
	})
}
