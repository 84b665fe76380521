package appeals

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/gate"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// desks are those who work on appeals in these tests, by what they do where.
type deskCast struct {
	*house
	t   testing.TB
	who map[string]account.Actor
}

// as is the member of staff with a role at a unit: "handler@st-xixiang".
func (d *deskCast) as(desk string) account.Actor {
	d.t.Helper()
	if _, ok := d.who[desk]; !ok {
		role, unit, _ := strings.Cut(desk, "@")
		if unit == "platform" {
			unit = "pf-zhihui"
		}
		d.who[desk] = d.staff(d.t, desk, unit, role)
	}
	return d.who[desk]
}

// must does an action; try says why it was refused.
func (d *deskCast) must(desk string, id store.ID, action string, form map[string]any) *caseflow.Matter {
	d.t.Helper()
	m, err := d.Act(context.Background(), d.as(desk), id, 0, []Step{{action, form}})
	if err != nil {
		d.t.Fatalf("%s by %s: %v", action, desk, err)
	}
	return m
}

func (d *deskCast) try(desk string, id store.ID, action string, form map[string]any) string {
	_, err := d.Act(context.Background(), d.as(desk), id, 0, []Step{{action, form}})
	var r *caseflow.Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return fmt.Sprint(err)
}

// sub is the only open sub-matter of a flow.
func (d *deskCast) subs(of store.ID, flow string) []caseflow.Matter {
	d.t.Helper()
	all, err := store.Select[caseflow.Matter](context.Background(), d.Store, `SELECT `+caseflow.MatterColumns+` FROM matter WHERE parent = ? AND flow = ? ORDER BY id`, of, flow)
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

func (d *deskCast) state(id store.ID) *caseflow.Matter {
	d.t.Helper()
	m, err := caseflow.Get(context.Background(), d.Store, id)
	if err != nil {
		d.t.Fatal(err)
	}
	return m
}

// citizen is the appellant of a phone, as one who is signed in.
func (d *deskCast) citizen(id store.ID) account.Actor {
	return account.NewActor(d.Dir, account.Account{Kind: account.Citizen, Person: d.state(id).Applicant}, account.Grant{Role: account.RoleCitizen})
}

func (d *deskCast) citizenDoes(id store.ID, action string, form map[string]any) error {
	_, err := d.Act(context.Background(), d.citizen(id), id, 0, []Step{{action, form}})
	return err
}

// photo is a file that can be named in a form.
func (d *deskCast) photo() string {
	d.t.Helper()
	raw := "\x89PNG\r\n\x1a\nphoto"
	b, err := d.Files.Put(context.Background(), strings.NewReader(raw), int64(len(raw)), 0)
	if err != nil {
		d.t.Fatal(err)
	}
	return b.ID
}

// verified holds every matter to its events.
func (d *deskCast) verified() {
	d.t.Helper()
	ids, err := store.Select[store.ID](context.Background(), d.Store, `SELECT id FROM matter ORDER BY id`)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, id := range ids {
		if diff, err := d.Engine.Verify(context.Background(), d.Store, id); err != nil || len(diff) > 0 {
			d.t.Errorf("matter %d is not what its events say: %v %v", id, diff, err)
		}
	}
}

func onDesks(t *testing.T, test func(t *testing.T, d *deskCast)) {
	t.Parallel()
	bothStores(t, func(t *testing.T, h *house) { test(t, &deskCast{h, t, map[string]account.Actor{}}) })
}

const (
	lamp   = "西乡街道流塘社区流塘路路灯坏了十天，晚上看不清路，请修理"
	reason = "经核实不属于本单位职责范围"
)

func (d *deskCast) filed(text, phone, unit string) store.ID {
	d.t.Helper()
	in := Intake{Text: text, Address: "西乡街道流塘社区流塘路"}
	if phone != "" {
		in.Appellant = vault.Identity{vault.Phone: phone}
	}
	return d.fileOne(d.t, in, unit).ID
}

// replied brings an appeal to where the citizen is asked.
func (d *deskCast) replied(text, phone string, contact bool) store.ID {
	d.t.Helper()
	id := d.filed(text, phone, "st-xixiang")
	d.must("receiver@st-xixiang", id, "sign", nil)
	if contact {
		d.must("handler@st-xixiang", id, "contact", map[string]any{"how": "phone", "reached": true})
	}
	d.must("handler@st-xixiang", id, "reply", map[string]any{"result": "explained", "reply": "经查，该路段路灯因电缆断路熄灭；维修班组11月25日更换电缆32米，当晚亮灯，已向您说明情况和依据"})
	d.must("unit_head@st-xixiang", id, "approve", nil)
	d.must("reviewer@platform", id, "pass", nil)
	return id
}

// 快处快裁: who is responsible is decided once; the ruling binds, what is returned
// again is refused, the objector may object after closing, and a ruling that was
// overturned is no precedent. The second dispute on one item asks for a revision.
func TestDisputeAndRuling(t *testing.T) {
	onDesks(t, func(t *testing.T, d *deskCast) {
		ctx := context.Background()
		dispute := func() store.ID {
			id := d.filed(lamp, "13800000001", "st-xixiang")
			if got := d.try("handler@st-xixiang", id, "dispute", map[string]any{"points": "路灯由市政管养，不属于街道"}); got != "state" {
				t.Errorf("a dispute before a return: %s", got)
			}
			d.must("receiver@st-xixiang", id, "request_return", map[string]any{"reason": []any{"not_duty"}, "basis": reason})
			d.must("dispatcher@platform", id, "dispute", map[string]any{"points": "路灯由市政管养，不属于街道", "units": []any{"dp-chengguan"}})
			return id
		}
		id := dispute()
		positions := d.subs(id, "position")
		if len(positions) != 2 || d.state(id).Desk != "arbitrator@platform" {
			t.Fatalf("%d positions asked, desk %s", len(positions), d.state(id).Desk)
		}
		of := map[string]store.ID{}
		for _, p := range positions {
			of[p.Unit] = p.ID
		}
		if got := d.try("receiver@st-xixiang", of["dp-chengguan"], "state", nil); got == "<nil>" {
			t.Error("a unit stated another's position")
		}
		d.must("receiver@st-xixiang", of["st-xixiang"], "state", map[string]any{"ours": "no", "reply": "本街道没有路灯管养职责", "basis": "市政设施移交清单", "suggested_unit": "dp-chengguan"})
		view, err := d.Dispute(ctx, d.as("arbitrator@platform"), id)
		if err != nil || len(view.Positions) != 2 || view.Points == "" || len(view.Proposals) == 0 {
			t.Errorf("the arbitrator sees %+v (%v)", view, err)
		}
		duty, rotations, item := d.district.Load().duty, d.district.Load().rotations, view.Proposals[0].Item
		had := duty.byItem[item]
		duty.byItem[item] = slices.Concat(had, []*DutyRule{{Item: item, Lead: rotationLead + "cables", Priority: 999}, {Item: item, Lead: rotationLead + "poles", Priority: 999}})
		rotations["poles"] = &rotation{code: "poles", units: []string{"st-xixiang"}, shares: []float64{1}}
		if view, err = d.Dispute(ctx, d.as("arbitrator@platform"), id); err != nil || len(view.Rotation) != 2 {
			t.Errorf("two rotations may take it, %d are shown (%v)", len(view.Rotation), err)
		}
		duty.byItem[item] = had
		delete(rotations, "poles")
		ruling := map[string]any{"unit": "dp-chengguan", "fallback": "dp-jiaotong", "item": "120401", "reason": "路灯管养由城管部门牵头负责", "basis": "谁主管谁负责", "precedent": true}
		if got := d.try("arbitrator@platform", id, "rule", map[string]any{"unit": "st-xixiang", "reason": "由街道继续承办此件诉求", "basis": "属地管理"}); got != "guard" {
			t.Errorf("ruling for the unit that has it: %s", got)
		}
		d.must("arbitrator@platform", id, "rule", ruling)
		m := d.state(id)
		if m.Unit != "dp-chengguan" || m.State != "signing" || m.Item != "120401" {
			t.Fatalf("after the ruling: %s at %s, item %s", m.State, m.Unit, m.Item)
		}
		if got := d.state(of["dp-chengguan"]).State; got != "lapsed" {
			t.Errorf("the position not stated is %s", got)
		}
		for action, form := range map[string]map[string]any{"request_return": {"reason": []any{"not_duty"}, "basis": reason}} {
			if got := d.try("receiver@dp-chengguan", id, action, form); got != "guard" {
				t.Errorf("%s after a ruling: %s", action, got)
			}
		}
		if got := d.try("dispatcher@platform", id, "redispatch", map[string]any{"unit": "st-xixiang", "note": "改派"}); got != "guard" {
			t.Errorf("redispatch after a ruling: %s", got)
		}
		// The street is not judged for the time it had it.
		clocks, _ := caseflow.Clocks(ctx, d.Store, id)
		for _, c := range clocks {
			if c.Unit == "st-xixiang" && c.Name == "handle" && c.Outcome != caseflow.Void {
				t.Errorf("the street's clock is %s", c.Outcome)
			}
			if c.Name == "total" && c.Outcome != caseflow.Running {
				t.Errorf("the citizen's clock is %s", c.Outcome)
			}
		}
		if got := d.try("arbitrator@platform", id, "engage_fallback", map[string]any{"unit": "st-xixiang", "note": "x"}); got != "guard" {
			t.Errorf("a fallback that the ruling does not name: %s", got)
		}
		d.must("receiver@dp-chengguan", id, "sign", nil)
		d.must("handler@dp-chengguan", id, "reply", map[string]any{"result": "explained", "reply": "管养单位11月25日上午更换电缆32米、灯头1盏，路灯当晚恢复照明，并电话告知您结果"})
		d.must("unit_head@dp-chengguan", id, "approve", nil)
		d.must("reviewer@platform", id, "pass", nil)
		if got := d.try("handler@dp-chengguan", id, "contest_ruling", map[string]any{"note": "路灯属于交通部门管养范围"}); got != "state" {
			t.Errorf("contesting before closing: %s", got)
		}
		d.must("follow_up@platform", id, "visit", map[string]any{"contacted": true, "solved": "yes", "result": int64(5)})
		// Another like it: the ruling is its precedent; it is the second on the item.
		again := dispute()
		view, err = d.Dispute(ctx, d.as("arbitrator@platform"), again)
		if err != nil || len(view.Precedents) != 1 || view.Precedents[0].Unit != "dp-chengguan" {
			t.Errorf("precedents: %+v (%v)", view.Precedents, err)
		}
		d.must("arbitrator@platform", again, "uphold", map[string]any{"reason": "本件在街道自管道路上", "basis": "属地管理"})
		if m := d.state(again); m.State != "handling" || m.Unit != "st-xixiang" {
			t.Errorf("upheld: %s at %s", m.State, m.Unit)
		}
		revisions := d.subs(again, "revision")
		if len(revisions) != 1 || revisions[0].Desk != "duty_editor@platform" || revisions[0].Item != "110101" {
			t.Errorf("revisions: %+v", revisions)
		}
		// It becomes a rule in a draft; the objection is heard by somebody else.
		all, _ := d.rulings(ctx, d.Store, `r.appeal = ?`, id)
		v, err := d.WriteRule(ctx, d.as("duty_editor@platform"), all[0].ID, RulingRule{})
		if err != nil || v.State != dutyDraft {
			t.Fatalf("the rule: %+v, %v", v, err)
		}
		kept, err := d.dutyList(ctx, v.ID)
		if err != nil {
			t.Fatal(err)
		}
		if first := kept.list.rulesOf("120401")[0]; first.Lead != "dp-chengguan" || first.Fallback != "dp-jiaotong" || first.Priority != 50 {
			t.Errorf("the rule that decides first: %+v", first)
		}
		d.must("handler@dp-chengguan", id, "contest_ruling", map[string]any{"note": "路灯属于交通部门管养范围"})
		objection := d.subs(id, "objection")[0]
		upheld := map[string]any{"unit": "dp-jiaotong", "note": "经复核路灯确由交通部门管养"}
		if got := d.try("arbitrator@platform", objection.ID, "accept", upheld); got != "guard" {
			t.Errorf("judging one's own ruling: %s", got)
		}
		if _, err := d.Act(ctx, d.staff(t, "second", "pf-zhihui", "arbitrator"), objection.ID, 0, []Step{{"accept", upheld}}); err != nil {
			t.Fatal(err)
		}
		if left, err := d.precedents(ctx, d.state(again), must(getAppeal(ctx, d.Store, again))); err != nil || len(left) != 0 {
			t.Errorf("an overturned ruling is still a precedent: %v %v", left, err)
		}
		if _, err := d.WriteRule(ctx, d.as("duty_editor@platform"), all[0].ID, RulingRule{}); err == nil {
			t.Error("an overturned ruling became a rule")
		}
		d.verified()
	})
}

func must[T any](v T, err error) *T {
	if err != nil {
		panic(err)
	}
	return &v
}

// 初次评价预警: a poor first rating alerts and is put right before the official
// visit; both ratings stand; a content citizen whom nobody called alerts too; a
// citizen who is pressed tells the supervisor and nobody else.
func TestFirstRatingAlert(t *testing.T) {
	rated := func(solved string, result int64, contacted bool) map[string]any {
		return map[string]any{"contacted": contacted, "solved": solved, "result": result}
	}
	onDesks(t, func(t *testing.T, d *deskCast) {
		ctx := context.Background()
		reasons := func(id store.ID) (why []string) {
			all, err := store.Select[string](ctx, d.Store, `SELECT reasons FROM appeal_alert WHERE appeal = ? ORDER BY at`, id)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range all {
				var one []string
				_ = json.Unmarshal([]byte(r), &one)
				why = append(why, one...)
			}
			return why
		}
		for name, c := range map[string]struct {
			contact bool
			form    map[string]any
			state   string
			why     string
		}{
			"content":                 {true, rated("yes", 5, true), "closed", "[]"},
			"just content":            {true, rated("partly", 3, true), "closed", "[]"},
			"poor":                    {true, rated("yes", 2, true), "alerted", "[dissatisfied]"},
			"unsolved":                {true, rated("no", 4, true), "alerted", "[unsolved]"},
			"poor and unsolved":       {true, rated("no", 1, true), "alerted", "[dissatisfied unsolved]"},
			"content, never called":   {false, rated("yes", 5, false), "closed", "[no_contact]"},
			"says they never called":  {true, rated("yes", 4, false), "closed", "[no_contact]"},
			"poor and no contact too": {false, rated("no", 1, false), "alerted", "[dissatisfied unsolved no_contact]"},
		} {
			id := d.replied(lamp, "13800000002", c.contact)
			if err := d.citizenDoes(id, "rate", c.form); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if got := d.state(id).State; got != c.state || fmt.Sprint(reasons(id)) != c.why {
				t.Errorf("%s: %s %v, want %s %s", name, got, reasons(id), c.state, c.why)
			}
		}
		id := d.replied(lamp, "13800000003", true)
		if err := d.citizenDoes(id, "rate", rated("no", 1, true)); err != nil {
			t.Fatal(err)
		}
		if err := d.citizenDoes(id, "rate", rated("yes", 5, true)); err == nil {
			t.Error("a first rating was changed")
		}
		if got := d.try("handler@st-xixiang", id, "contact", map[string]any{"how": "phone", "reached": true}); got != "guard" {
			t.Errorf("a contact without a purpose after the rating: %s", got)
		}
		d.must("handler@st-xixiang", id, "contact", map[string]any{"how": "phone", "reached": true, "purpose": "remedy"})
		if err := d.citizenDoes(id, "report_pressure", map[string]any{"note": "工作人员打电话要求我改成满意"}); err != nil {
			t.Fatal(err)
		}
		d.must("handler@st-xixiang", id, "remedy", map[string]any{"note": "已更换灯具并与您电话说明"})
		if m := d.state(id); m.State != "visiting" || m.Desk != "follow_up@platform" {
			t.Errorf("put right: %s at %s", m.State, m.Desk)
		}
		d.must("follow_up@platform", id, "visit", map[string]any{"contacted": true, "solved": "yes", "result": int64(4)})
		ratings, err := ratingsOf(ctx, d.Store, id)
		if err != nil || len(ratings) != 2 || *ratings[0].Result != 1 || *ratings[1].Result != 4 || ratings[1].Source != "visit" {
			t.Errorf("ratings: %+v (%v)", ratings, err)
		}
		see := func(who string) (pressure, all int) {
			page, err := d.Alerts(ctx, d.as(who), AlertFilter{})
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range page.Items {
				if slices.Contains(a.Why, whyPressure) {
					pressure++
				}
			}
			return pressure, len(page.Items)
		}
		if p, n := see("supervisor@platform"); p != 1 || n != 8 {
			t.Errorf("the supervisor sees %d reports of pressure among %d alerts", p, n)
		}
		if p, n := see("handler@st-xixiang"); p != 0 || n != 7 {
			t.Errorf("the handler sees %d reports of pressure among %d alerts", p, n)
		}
		sup := d.as("supervisor@platform")
		if err := d.seenTo(ctx, sup, id); err != nil {
			t.Fatal(err)
		}
		if err := d.seenTo(ctx, sup, id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("seen to twice: %v", err)
		}
		if n := d.count(t, `SELECT count(*) FROM audit WHERE action = 'alert.seen' AND object = ? AND actor = ?`, "matter/"+id.String(), sup.Account); n != 1 {
			t.Errorf("%d audit records of the alert that was seen to", n)
		}
		// Not put right in a working day: the visit comes all the same.
		late := d.replied(lamp, "13800000004", true)
		if err := d.citizenDoes(late, "rate", rated("no", 1, true)); err != nil {
			t.Fatal(err)
		}
		d.ahead.Add(int64(8 * 24 * time.Hour))
		if _, err := d.Engine.Tick(ctx, d.Store.Now()); err != nil {
			t.Fatal(err)
		}
		if m := d.state(late); m.State != "visiting" || m.Vars["lapses"] != 1 {
			t.Errorf("not put right: %s %v", m.State, m.Vars)
		}
		d.must("supervisor@platform", late, "justify", map[string]any{"reply": "经核查已依法处置，无法满足其余要求", "basis": "《深圳市照明管理办法》"})
		if m := d.state(late); m.State != "closed_justified" || m.Open {
			t.Errorf("justified: %s", m.State)
		}
		d.verified()
	})
}

// The ladder of the pack: a reminder before the limit, then blue, yellow and red
// slips, each in the place of the one below; red slips that pile up propose an
// appointment; the second dissatisfaction is red at once.
func TestSlipsClimbTheLadder(t *testing.T) {
	onDesks(t, func(t *testing.T, d *deskCast) {
		ctx := context.Background()
		levels := func(id store.ID) (out []string) {
			for _, m := range d.subs(id, "supervision") {
				levels, err := orderLevels(ctx, d.Store, []store.ID{m.ID})
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, levels[0]+":"+m.State)
			}
			return out
		}
		id := d.filed(lamp, "", "st-xixiang")
		d.must("receiver@st-xixiang", id, "sign", nil)
		d.must("supervisor@platform", id, "supervise", map[string]any{"note": "请今日到场"})
		tick := func(by time.Duration) {
			d.ahead.Add(int64(by))
			if _, err := d.Engine.Tick(ctx, d.Store.Now()); err != nil {
				t.Fatal(err)
			}
		}
		var seen []string
		for range 40 {
			tick(12 * time.Hour)
			if got := fmt.Sprint(levels(id)); len(seen) == 0 || seen[len(seen)-1] != got {
				seen = append(seen, got)
			}
		}
		want := "[instruction:issued]|[instruction:issued blue:issued]|[instruction:issued blue:revoked yellow:issued]|[instruction:issued blue:revoked yellow:revoked red:issued]"
		if got := strings.Join(seen, "|"); got != want {
			t.Errorf("slips\n%s\nwant\n%s", got, want)
		}
		red := d.subs(id, "supervision")[3]
		d.must("unit_head@st-xixiang", red.ID, "answer", map[string]any{"reply": "管线迁改导致超期，已安排抢修"})
		d.must("supervisor@platform", red.ID, "close", nil)
		if n := len(d.subs(id, "interview")); n != 0 {
			t.Errorf("%d appointments after one red slip", n)
		}
		for range 2 {
			other := d.replied(lamp, "13800000005", true)
			for range 2 {
				d.must("follow_up@platform", other, "redo", map[string]any{"note": "仍未修好"})
				d.must("handler@st-xixiang", other, "reply", map[string]any{"result": "explained", "reply": "维修班组11月26日再次到场更换控制器1台、电缆12米，测试照明正常，已当面向您说明"})
				if d.state(other).Vars["redos"] == 1 {
					if got := len(d.subs(other, "supervision")); got != 0 {
						t.Errorf("%d slips after the first dissatisfaction", got)
					}
				}
				head := d.staff(t, fmt.Sprintf("head-%d", len(d.subs(other, "supervision"))*10+int(d.state(other).Version))+other.String(), "st-xixiang", "unit_head")
				if _, err := d.Act(ctx, head, other, 0, []Step{{Action: "approve"}}); err != nil {
					t.Fatal(err)
				}
				d.must("reviewer@platform", other, "pass", nil)
			}
			if got := fmt.Sprint(levels(other)); got != "[red:issued]" {
				t.Errorf("after the second dissatisfaction: %s", got)
			}
		}
		if n := d.count(t, `SELECT count(*) FROM matter WHERE flow = 'interview'`); n != 1 {
			t.Errorf("%d appointments after three red slips of one unit", n)
		}
		d.verified()
	})
}

// 街镇吹哨、部门报到, 协办: who is asked has a task, a clock and a desk; who asked
// rates and is rated; what is asked ends with the appeal.
func TestCallsAndCoTasks(t *testing.T) {
	onDesks(t, func(t *testing.T, d *deskCast) {
		id := d.filed(lamp, "13800000006", "st-xixiang")
		d.must("receiver@st-xixiang", id, "sign", nil)
		d.must("handler@st-xixiang", id, "whistle", map[string]any{"units": []any{"dp-chengguan", "dp-jiaojing"}, "where": "流塘路与前进路口", "note": "路灯杆倾斜，需要现场会商"})
		calls := d.subs(id, "summons")
		if len(calls) != 2 || calls[0].Asker != "st-xixiang" {
			t.Fatalf("calls: %+v", calls)
		}
		if got := d.try("handler@dp-chengguan", calls[0].ID, "finish", map[string]any{"solved": "yes", "helpful": int64(5)}); got == "<nil>" {
			t.Error("the department ended the call itself")
		}
		file := d.photo()
		d.must("receiver@dp-chengguan", calls[0].ID, "accept", nil)
		d.must("handler@dp-chengguan", calls[0].ID, "check_in", map[string]any{"files": []any{file}, "note": "照明科张工"})
		d.must("handler@st-xixiang", calls[0].ID, "finish", map[string]any{"solved": "yes", "helpful": int64(5)})
		d.must("handler@dp-chengguan", calls[0].ID, "rate_street", map[string]any{"needed": int64(4), "prepared": int64(5)})
		clocks, _ := caseflow.Clocks(context.Background(), d.Store, calls[0].ID)
		if len(clocks) != 1 || clocks[0].Outcome != caseflow.Met || clocks[0].Unit != "dp-chengguan" {
			t.Errorf("the call's clock: %+v", clocks)
		}
		d.must("handler@st-xixiang", id, "ask_co", map[string]any{"co_units": []any{"dp-chengguan"}, "note": "请提供灯杆产权资料"})
		reply := map[string]any{"result": "explained", "reply": "经查，该路段路灯因电缆断路熄灭；维修班组11月25日更换电缆32米，当晚亮灯，已向您说明情况和依据"}
		if got := d.try("handler@st-xixiang", id, "reply", reply); got != "guard" {
			t.Errorf("a reply over an open co-task: %s", got)
		}
		reply["co_reason"] = "协办不影响答复"
		d.must("handler@st-xixiang", id, "reply", reply)
		d.must("unit_head@st-xixiang", id, "approve", nil)
		d.must("reviewer@platform", id, "pass", nil)
		d.must("follow_up@platform", id, "visit", map[string]any{"contacted": true, "solved": "yes", "result": int64(5)})
		if co := d.subs(id, "co_task")[0]; co.State != "cancelled" {
			t.Errorf("the co-task is %s after the close", co.State)
		}
		if call := d.subs(id, "summons")[1]; call.State != "cancelled" {
			t.Errorf("the call that nobody answered is %s after the close", call.State)
		}
		// A department may not whistle; a co-unit's limit lies within the lead's.
		of := d.filed(lamp, "", "dp-chengguan")
		d.must("receiver@dp-chengguan", of, "sign", nil)
		if got := d.try("handler@dp-chengguan", of, "whistle", map[string]any{"units": []any{"dp-jiaojing"}, "where": "路口", "note": "需要现场会商"}); got != "guard" {
			t.Errorf("a department whistled: %s", got)
		}
		d.must("handler@dp-chengguan", of, "ask_co", map[string]any{"co_units": []any{"dp-jiaojing"}, "note": "请配合占道审批"})
		lead, _ := caseflow.Clocks(context.Background(), d.Store, of)
		co, _ := caseflow.Clocks(context.Background(), d.Store, d.subs(of, "co_task")[0].ID)
		for _, c := range lead {
			if c.Name == "handle" && !co[0].Due.Before(c.Due.Time) {
				t.Errorf("the co-unit is due %s, the lead %s", co[0].Due, c.Due)
			}
		}
		d.verified()
	})
}

// 并案与重复: candidates are of one kind each; what is merged is answered to each
// appellant, who sees nothing of another; the same person's is linked, not merged.
func TestRelatedAppeals(t *testing.T) {
	onDesks(t, func(t *testing.T, d *deskCast) {
		ctx := context.Background()
		a := d.filed(lamp, "13800000011", "st-xixiang")
		b := d.filed("流塘社区流塘路的路灯不亮，晚上看不清，请尽快修理，我住三栋", "13800000012", "")
		mine := d.filed("流塘路路灯还是坏的，晚上看不清路，请修理", "13800000011", "")
		other := d.filed("西乡街道流塘社区有人高空抛物，请处理", "13800000013", "")
		kinds := func(id store.ID) map[store.ID]string {
			v, err := d.Related(ctx, d.as("dispatcher@platform"), id)
			if err != nil {
				t.Fatal(err)
			}
			out := map[store.ID]string{}
			for _, c := range v.Candidates {
				out[c.ID] = c.Kind
				sum := 0.0
				for _, term := range c.Terms {
					sum += term.Weight * term.Value
				}
				if math.Abs(sum-c.Score) > 1e-9 || len(c.Terms) != 4 {
					t.Errorf("a score of %v is not the sum of its terms %v", c.Score, c.Terms)
				}
			}
			return out
		}
		if got := kinds(a); got[b] != relMerge || got[mine] != relRepeat || got[other] != "" {
			t.Errorf("candidates: %v; merge %d, repeat %d, not %d", got, b, mine, other)
		}
		who := d.as("dispatcher@platform")
		if _, err := d.Merge(ctx, who, a, []store.ID{mine}, "同一人"); err == nil {
			t.Error("two of one person were merged")
		}
		if err := d.LinkTo(ctx, who, b, a, relRepeat, ""); err == nil {
			t.Error("two of different people were linked as a repeat")
		}
		if err := d.LinkTo(ctx, who, mine, a, relRepeat, "同一件事"); err != nil {
			t.Fatal(err)
		}
		if n, err := d.Merge(ctx, who, a, []store.ID{b}, "同一处路灯"); n != 1 || err != nil {
			t.Fatalf("merged %d: %v", n, err)
		}
		d.must("receiver@st-xixiang", a, "sign", nil)
		if err := d.citizenDoes(a, "add", map[string]any{"note": "我是流塘新村的，灯杆编号12"}); err != nil {
			t.Fatal(err)
		}
		view := func(id store.ID) Detail {
			v, err := d.Detail(ctx, d.citizen(id), id)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		raw, _ := json.Marshal(view(b))
		if strings.Contains(string(raw), "灯杆编号12") || strings.Contains(string(raw), "****0011") || !strings.Contains(string(raw), `"action":"sign"`) {
			t.Errorf("what the carried one's appellant sees: %s", raw)
		}
		d.must("handler@st-xixiang", a, "reply", map[string]any{"result": "explained", "reply": "经查，路灯因电缆断路熄灭；已列入维修计划，材料电缆32米11月25日到货，本周五前更换修复"})
		d.must("unit_head@st-xixiang", a, "approve", nil)
		d.must("reviewer@platform", a, "pass", nil)
		if got := view(b); got.State != "visiting" || !strings.Contains(got.Appeal.Reply, "本周五前更换修复") || got.Unit != "st-xixiang" {
			t.Errorf("the carried one: %s, %q", got.State, got.Appeal.Reply)
		}
		if err := d.citizenDoes(b, "rate", map[string]any{"contacted": true, "solved": "no", "result": int64(1)}); err != nil {
			t.Fatal(err)
		}
		if d.state(a).State != "visiting" || d.state(b).State != "alerted" {
			t.Errorf("one rated: %s and %s", d.state(a).State, d.state(b).State)
		}
		d.must("follow_up@platform", a, "visit", map[string]any{"contacted": true, "solved": "yes", "result": int64(5)})
		d.ahead.Add(int64(3 * 24 * time.Hour))
		c := d.filed("流塘路路灯又坏了，晚上看不清路，请修理", "13800000014", "")
		if got := kinds(c)[a]; got != relRecurrence {
			t.Errorf("again after the close: %q", got)
		}
		if err := d.LinkTo(ctx, who, c, a, relRecurrence, ""); err != nil {
			t.Fatal(err)
		}
		if err := d.Unlink(ctx, who, c, a, relRecurrence); err != nil {
			t.Fatal(err)
		}
		if err := d.Unlink(ctx, who, c, a, relRecurrence); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("taken back twice: %v", err)
		}
		d.verified()
	})
}

// Whoever has a turn has it by share: nobody is ever a whole turn away from what
// its share of all turns so far is.
func TestRotationByShare(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(r, "units")
		rot := &rotation{}
		sum := 0.0
		for i := range n {
			rot.units = append(rot.units, fmt.Sprint(i))
			rot.shares = append(rot.shares, float64(rapid.IntRange(1, 60).Draw(r, "share")))
			sum += rot.shares[i]
		}
		for i := range rot.shares {
			rot.shares[i] /= sum
		}
		turns := make([]int64, n)
		for k := 1; k <= rapid.IntRange(1, 400).Draw(r, "turns"); k++ {
			turns[rot.next(turns)]++
			for i := range turns {
				if off := math.Abs(float64(turns[i]) - rot.shares[i]*float64(k)); off >= 1 {
					r.Fatalf("after %d turns unit %d of share %.3f had %d", k, i, rot.shares[i], turns[i])
				}
			}
		}
	})
	for name, text := range map[string]string{
		"no number":    "rotation,name,unit,share\na,A,x,much\n",
		"nothing":      "rotation,name,unit,share\na,A,x,0\n",
		"stands twice": "rotation,name,unit,share\na,A,x,1\na,A,x,2\n",
	} {
		if _, err := readRotations(fstest.MapFS{"appeals/rotations.csv": {Data: []byte(text)}}); err == nil || !strings.Contains(err.Error(), "line") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An ownerless cable goes to whose turn it is, and the turn is counted.
func TestOwnerlessGoesByTurns(t *testing.T) {
	onDesks(t, func(t *testing.T, d *deskCast) {
		var got []string
		for range 5 {
			id := d.filed("西乡街道流塘社区流塘路无主线缆断落路面，有安全隐患，请处理", "", "")
			m, a := d.look(t, id)
			s := d.suggested(t, m, a)
			if len(s.Candidates) == 0 {
				t.Fatal("nothing is suggested")
			}
			got = append(got, s.Candidates[0].Unit)
			d.must("dispatcher@platform", id, "dispatch", map[string]any{"unit": s.Candidates[0].Unit, "item": "121329"})
		}
		if s := strings.Join(got, " "); s != "en-yidong en-dianxin en-liantong en-yidong en-dianxin" && s != "en-yidong en-dianxin en-yidong en-liantong en-dianxin" {
			t.Errorf("turns: %s", s)
		}
	})
}

// Who acts by a delegated role is on record as themselves, for the other.
func TestActingForAnother(t *testing.T) {
	onDesks(t, func(t *testing.T, d *deskCast) {
		ctx := context.Background()
		head, deputy := d.as("unit_head@st-xixiang"), d.as("handler@st-xinan")
		id := d.filed(lamp, "", "st-xixiang")
		d.must("receiver@st-xixiang", id, "sign", nil)
		d.must("handler@st-xixiang", id, "reply", map[string]any{"result": "cannot", "reply": "经查该路段路灯产权属于小区，依据《物业管理条例》第二十七条由业主共同维护，已书面告知物业于本月内维修。"})
		approve := func() error {
			who, err := d.Accounts.Actor(ctx, d.Store, deputy.Account)
			if err != nil {
				t.Fatal(err)
			}
			_, err = d.Act(ctx, who, id, 0, []Step{{Action: "approve"}})
			return err
		}
		if err := approve(); !errors.Is(err, caseflow.ErrNotFound) {
			t.Errorf("before the delegation: %v", err)
		}
		now := d.Store.Now()
		if err := d.Accounts.Delegate(ctx, head, deputy.Account, []string{"unit_head"}, now.Add(-time.Minute), now.Add(time.Hour), "休假"); err != nil {
			t.Fatal(err)
		}
		if err := approve(); err != nil {
			t.Fatal(err)
		}
		view, err := d.Detail(ctx, d.as("reviewer@platform"), id)
		if err != nil {
			t.Fatal(err)
		}
		last := view.Timeline[len(view.Timeline)-1]
		if last.Action != "approve" || last.Actor != "handler@st-xinan" || last.For != "unit_head@st-xixiang" {
			t.Errorf("on record: %+v", last)
		}
		d.verified()
	})
}

// 快处: what is put right on the spot soon after dispatch goes to the citizen without
// review; what comes late, is dangerous or was sent back once does not.
func TestFixedOnTheSpot(t *testing.T) {
	onDesks(t, func(t *testing.T, d *deskCast) {
		ctx := context.Background()
		fixed := func(photos ...any) map[string]any {
			return map[string]any{"reply": "到场后已更换灯泡并试亮，路段照明恢复", "files": photos}
		}
		before, after := d.photo(), d.photo()
		id := d.filed(lamp, "13800000011", "st-xixiang")
		if got := d.try("receiver@st-xixiang", id, "fix_on_site", fixed(before, after)); got != "right" {
			t.Errorf("one who signs for it: %s", got)
		}
		var r *caseflow.Refusal
		if _, err := d.Act(ctx, d.as("handler@st-xixiang"), id, 0, []Step{{"fix_on_site", fixed(before)}}); !errors.As(err, &r) || r.Fields["files"] != "before_after" {
			t.Errorf("one photo: %v", err)
		}
		if m := d.must("handler@st-xixiang", id, "fix_on_site", fixed(before, after)); m.State != "visiting" || m.First != "st-xixiang" {
			t.Errorf("%s, first %q", m.State, m.First)
		}
		_, a := d.look(t, id)
		if a.Result != "solved" || a.Reply == "" || a.RepliedAt.IsZero() || a.ContactedAt.IsZero() || len(decodeList(a.ReplyFiles)) != 2 {
			t.Errorf("%+v", a)
		}
		if err := d.judge(ctx, id); err != nil || d.count(t, `SELECT count(*) FROM closing_judgment WHERE matter = ?`, int64(id)) != 1 {
			t.Errorf("it was not judged: %v", err)
		}
		if err := d.citizenDoes(id, "rate", map[string]any{"contacted": true, "solved": "yes", "result": 5}); err != nil || d.state(id).State != "closed" {
			t.Errorf("%v, %s", err, d.state(id).State)
		}
		// Reopened, it is work for the usual way.
		if err := d.citizenDoes(id, "reopen", map[string]any{"note": "又不亮了"}); err != nil {
			t.Fatal(err)
		}
		if got := d.try("handler@st-xixiang", id, "fix_on_site", fixed(before, after)); got != "guard" {
			t.Errorf("a second time: %s", got)
		}
		late := d.filed(lamp+"，又一处", "13800000012", "st-xixiang")
		d.ahead.Add(int64(25 * time.Hour))
		if got := d.try("handler@st-xixiang", late, "fix_on_site", fixed(before, after)); got != "guard" {
			t.Errorf("a day later: %s", got)
		}
		danger := d.fileOne(t, Intake{Text: lamp + "，第三处", Address: "西乡街道流塘社区流塘路", Class: Critical}, "st-xixiang").ID
		if got := d.try("handler@st-xixiang", danger, "fix_on_site", fixed(before, after)); got != "guard" {
			t.Errorf("with danger to life: %s", got)
		}
		helped := d.filed(lamp+"，第四处", "13800000013", "st-xixiang")
		d.must("receiver@st-xixiang", helped, "sign", nil)
		d.must("handler@st-xixiang", helped, "ask_co", map[string]any{"co_units": []any{"dp-chengguan"}, "note": "请配合更换电缆"})
		if got := d.try("handler@st-xixiang", helped, "fix_on_site", fixed(before, after)); got != "guard" {
			t.Errorf("while others work on it: %s", got)
		}
		d.verified()
	})
}

// A proof (存证) of an appeal shows without the house whether anything of its story was
// changed.
func TestProofOfAnAppeal(t *testing.T) {
	onDesks(t, func(t *testing.T, d *deskCast) {
		ctx := context.Background()
		id := d.filed(lamp+"，我的电话13800000021", "13800000021", "st-xixiang")
		d.must("supervisor@platform", id, "supervise", map[string]any{"note": "请尽快办理"})
		d.must("receiver@st-xixiang", id, "sign", nil)
		d.must("handler@st-xixiang", id, "fix_on_site", map[string]any{"reply": "到场后已更换灯泡并试亮，已告知来电人", "files": []any{d.photo(), d.photo()}})
		// On PostgreSQL what others have begun before holds the sealing back, until they end.
		var b bytes.Buffer
		for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			if _, err := d.Audit.Seal(ctx); err != nil {
				t.Fatal(err)
			}
			b.Reset()
			if err := d.Proof(ctx, d.as("supervisor@platform"), id, "复议机关调取", &b); err != nil {
				t.Fatal(err)
			}
			var p caseflow.Proof
			if err := json.Unmarshal(b.Bytes(), &p); err != nil {
				t.Fatal(err)
			}
			if unproven, _ := p.Check(p.Audit.Key); unproven == 0 || time.Now().After(end) {
				break
			}
		}
		if err := d.Proof(ctx, d.as("supervisor@platform"), id, "", &bytes.Buffer{}); !errors.Is(err, gate.ErrPurpose) {
			t.Errorf("without a reason: %v", err)
		}
		if err := d.Proof(ctx, d.as("unit_head@dp-chengguan"), id, "好奇", &bytes.Buffer{}); !errors.Is(err, caseflow.ErrNotFound) {
			t.Errorf("one who may not see it: %v", err)
		}
		if strings.Contains(b.String(), "13800000021") {
			t.Error("the phone left with it")
		}
		read := func() (p caseflow.Proof) {
			if err := json.Unmarshal(b.Bytes(), &p); err != nil {
				t.Fatal(err)
			}
			return p
		}
		p := read()
		if unproven, wrong := p.Check(p.Audit.Key); unproven != 0 || len(wrong) != 0 || len(p.Events) < 5 {
			t.Fatalf("%d events, %d unproven, %q", len(p.Events), unproven, wrong)
		}
		for i := range p.Events {
			for name, change := range map[string]func(p *caseflow.Proof){
				"what was said": func(p *caseflow.Proof) { p.Events[i].Data = strings.Replace(p.Events[i].Data, "{", "{ ", 1) },
				"when":          func(p *caseflow.Proof) { p.Events[i].At = store.At(p.Events[i].At.Add(time.Second)) },
				"by whom":       func(p *caseflow.Proof) { p.Events[i].Actor++ },
				"the state":     func(p *caseflow.Proof) { p.Events[i].Target = "closed_unreached" },
				"an event less": func(p *caseflow.Proof) { p.Events = slices.Delete(p.Events, i, i+1) },
				"a record less": func(p *caseflow.Proof) { p.Audit.Records = slices.Delete(p.Audit.Records, i, i+1) },
			} {
				c := read()
				change(&c)
				if unproven, wrong := c.Check(""); unproven == 0 && len(wrong) == 0 {
					t.Errorf("%s of event %d: nobody saw it", name, i)
				}
			}
		}
	})
}

// An item whose rules name one rotation twice takes one turn of it.
func TestOneDispatchIsOneTurn(t *testing.T) {
	h := newHouse(t)
	d := *h.district.Load()
	d.rotations = map[string]*rotation{"cables": {code: "cables", units: []string{"en-yidong", "en-dianxin"}, shares: []float64{0.5, 0.5}}, "poles": {code: "poles", units: []string{"en-yidong"}, shares: []float64{1}}}
	rule := func(lead string) *DutyRule { return &DutyRule{Item: "1", Lead: lead} }
	d.duty = &DutyList{byItem: map[string][]*DutyRule{"1": {rule("rotation:cables"), rule("cables"), rule("rotation:cables"), rule("rotation:poles")}}}
	h.district.p.Store(&d)
	if err := h.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		return h.tookTurn(ctx, tx, &caseflow.Change{Matter: &caseflow.Matter{Item: "1", Unit: "en-yidong"}})
	}); err != nil {
		t.Fatal(err)
	}
	turns, err := h.turns(context.Background())
	if err != nil || turns["cables"][0].Turns != 1 || turns["poles"][0].Turns != 1 || turns["cables"][1].Turns != 0 {
		t.Errorf("%+v %v", turns, err)
	}
}

// That the store cannot be asked is no fault of what was sent.
func TestAStoreThatFailsIsNoWrongField(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var p *httpapi.Problem
	if err := h.checkFiles(ctx, []string{"some"}, "no_such_file"); err == nil || errors.As(err, &p) {
		t.Errorf("the store could not be asked: %v", err)
	}
	if err := h.checkFiles(context.Background(), []string{"some"}, "no_such_file"); !errors.As(err, &p) || p.Errors[0].Message != "no_such_file" {
		t.Errorf("a file that is not there: %v", err)
	}
}
