package appeals

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/language"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/systems/appeals/closing"
)

const (
	stallAsk   = "西乡街道流塘农贸市场门口每天早上流动摊贩占用人行道，行人只能走到马路上。希望城管定时驱离。"
	stallReply = "您好，您反映流动摊贩占用人行道的问题收悉。11月3日上午，执法队到场清理流动摊位7处，安排专人每日早上值守劝离，人行道已恢复通行。"
)

// solved brings an appeal to its end with a reply and a rating.
func (h *house) solved(t testing.TB, p closingPeople, said, reply string, result int) store.ID {
	t.Helper()
	id := h.held(t, p, said)
	h.ahead.Add(int64(time.Hour))
	h.doAct(t, p.handler, id, Step{"reply", map[string]any{"result": "explained", "reply": reply}})
	h.doAct(t, p.head, id, Step{Action: "approve"})
	h.doAct(t, p.reviewer, id, Step{Action: "pass"})
	h.doAct(t, h.visitor(t), id, Step{"visit", map[string]any{"contacted": true, "solved": "yes", "result": result, "manner": result, "speed": result}})
	return id
}

func (h *house) visitor(t testing.TB) account.Actor {
	return h.staff(t, "h-visitor", "pf-zhihui", "follow_up")
}

// held files an appeal that a unit has and has signed for.
func (h *house) held(t testing.TB, p closingPeople, said string) store.ID {
	t.Helper()
	m, _ := h.file(t, said, nil)
	h.doAct(t, p.platform, m.ID, Step{"dispatch", map[string]any{"unit": "st-xixiang", "item": "110101"}})
	h.doAct(t, p.handler, m.ID, Step{Action: "sign"}, Step{"contact", map[string]any{"how": "phone", "reached": true}})
	return m.ID
}

// What helps a handler: what they may see of what was solved, the item's law, and
// a draft that claims nothing and cannot be sent before it is filled in.
func TestHelper(t *testing.T) { bothStores(t, helperHelps) }

func helperHelps(t *testing.T, h *house) {
	ctx := context.Background()
	p := h.closingPeople(t)
	before := h.solved(t, p, "流塘市场门口流动摊贩占用人行道，走不了路，请处理。联系电话13812345678", stallReply, 5)
	id := h.held(t, p, stallAsk)
	h.doAct(t, p.handler, id, Step{"progress", map[string]any{"note": "执法队已到现场查看摊贩占道情况"}})
	aid, err := h.Help(ctx, p.handler, id)
	if err != nil {
		t.Fatal(err)
	}
	if len(aid.Similar) != 1 || aid.Similar[0].ID != before || !aid.Similar[0].Item || aid.Similar[0].Result == nil || *aid.Similar[0].Result != 5 || aid.Similar[0].Days <= 0 || strings.Contains(aid.Similar[0].Reply, "13812345678") {
		t.Errorf("%+v", aid.Similar)
	}
	if aid.Duty == nil || aid.Duty.Code != "110101" || aid.Duty.Photos != 2 || len(aid.Duty.Basis) == 0 || !strings.Contains(aid.Draft, aid.Duty.Basis[0]) {
		t.Errorf("%+v", aid.Duty)
	}
	for _, words := range []string{"流动摊贩占用人行道", "关于“希望城管定时驱离”", "执法队已到现场查看摊贩占道情况", "经办人与您取得联系", "劝离"} {
		if !strings.Contains(aid.Draft, words) {
			t.Errorf("the draft lacks %s:\n%s", words, aid.Draft)
		}
	}
	// Of the other matter there is nothing that is its own: no date, no count.
	for _, words := range []string{"11月3日", "7处"} {
		if strings.Contains(aid.Draft, words) {
			t.Errorf("the draft claims %s of another matter:\n%s", words, aid.Draft)
		}
	}
	if aid.Blanks == 0 || aid.Blanks != len(text.Blanks(aid.Draft)) || aid.Model {
		t.Errorf("%d blanks, model %v", aid.Blanks, aid.Model)
	}
	// Who has nothing to do with it is not helped with it; another unit sees nothing
	// of what this one solved.
	other := h.staff(t, "h-other", "st-fuyong", "receiver", "handler")
	if _, err := h.Help(ctx, other, id); !errors.Is(err, caseflow.ErrNotFound) {
		t.Errorf("a unit that does not have it: %v", err)
	}
	h.doAct(t, p.platform, id, Step{"redispatch", map[string]any{"unit": "st-fuyong", "item": "110101", "note": "地点在福永"}})
	if aid, err := h.Help(ctx, other, id); err != nil || len(aid.Similar) != 0 {
		t.Errorf("a unit sees what another solved: %+v %v", aid.Similar, err)
	}
	h.doAct(t, p.platform, id, Step{"redispatch", map[string]any{"unit": "st-xixiang", "item": "110101", "note": "地点在西乡"}})
	h.doAct(t, p.handler, id, Step{Action: "sign"})
	// A draft with a blank cannot be sent.
	_, err = h.Act(ctx, p.handler, id, 0, []Step{{"reply", map[string]any{"result": "explained", "reply": aid.Draft}}})
	var refusal *caseflow.Refusal
	if !errors.As(err, &refusal) || refusal.Fields["reply"] != "blanks" {
		t.Fatalf("a draft with blanks was sent: %v", err)
	}
	// Filled in with what was done, it is a reply that passes; a paper's number in
	// such brackets is no blank.
	fill := strings.NewReplacer("【第几条】", "第三十四条（深府【2020】5号）")
	full := fill.Replace(aid.Draft)
	for _, b := range text.Blanks(full) {
		with := "11月26日上午清理摊位5处，安排2名队员每天7时至9时在市场门口值守驱离，27日复查人行道已恢复通行"
		if strings.Contains(b, "姓名") {
			with = "陈工"
		}
		full = strings.Replace(full, b, with, 1)
	}
	settings := h.district.Load().closing
	j := closing.Judge(settings, closing.Case{ID: "x", Title: "摊贩占道", Text: stallAsk, Kind: "complaint", Reply: closing.Reply{Text: full, Result: "solved", At: h.Store.Now()}})
	if j.Verdict != closing.Pass {
		t.Errorf("a draft filled in properly: %+v\n%s", j, full)
	}
	h.ahead.Add(int64(time.Hour))
	h.doAct(t, p.handler, id, Step{"reply", map[string]any{"result": "explained", "reply": full}})
	// Without a model the draft comes back as it was.
	out, err := h.PolishReply(ctx, p.handler, id, "您好，已处理。")
	if err != nil || out.Kept != language.Off || out.Text != "您好，已处理。" {
		t.Errorf("%+v %v", out, err)
	}
}

// What is particular to another matter never comes into a draft.
func TestBestAction(t *testing.T) {
	five, one := 5, 1
	for _, c := range []struct {
		similar []Solved
		want    string
	}{
		{nil, ""},
		{[]Solved{{Reply: "高度重视，将加强管理。感谢支持。"}}, ""},
		{[]Solved{{No: "1", Reply: "11月3日，执法队清理摊位7处，责令商户整改，安排值守。"}}, "责令商户整改，安排值守"},
		{[]Solved{{No: "1", Reply: "已责令整改。", Result: &one}, {No: "2", Reply: "维修人员更换灯具。", Result: &five}}, "维修人员更换灯具"},
		{[]Solved{{No: "1", Reply: "依据《条例》第3条责令整改。"}}, ""},
	} {
		if got, _ := bestAction(c.similar); got != c.want {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
}

// A wish that asks for no more than to be looked after is no demand to answer.
func TestAnyWish(t *testing.T) {
	for _, s := range []string{"请相关部门核实处理并回复", "请核实", "希望有关部门管一管", "请尽快处理", "要求查处并回复处理结果"} {
		if !anyWish.MatchString(s) {
			t.Errorf("%s asks for something", s)
		}
	}
	for _, s := range []string{"希望夜间停工", "请恢复供水", "要求退还押金", "请告知电话和地址", "希望城管定时驱离"} {
		if anyWish.MatchString(s) {
			t.Errorf("%s asks for nothing", s)
		}
	}
}
