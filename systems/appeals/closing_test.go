package appeals

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
	"shanzhi/systems/appeals/closing"
)

const (
	closingAsk    = "西乡街道流塘路58号门口的路灯坏了三天，晚上很黑，请尽快维修，并说明什么时候能修好"
	closingEmpty  = "您好！您的留言已收悉。我们高度重视您的意见，将进一步加强管理，努力为广大市民提供优质服务。感谢您的关心与支持！"
	closingProper = "经查，流塘路58号门口路灯因电缆老化断路熄灭。11月25日上午维修班组更换电缆32米、灯头1盏，当晚已亮灯，并于26日电话告知您结果。"
)

// closers are people of one appeal at a unit's and the platform's desks.
type closingPeople struct{ platform, handler, head, reviewer, supervisor account.Actor }

func (h *house) closingPeople(t testing.TB) closingPeople {
	root := "pf-zhihui"
	return closingPeople{
		platform: h.staff(t, "c-dispatcher", root, "dispatcher"), handler: h.staff(t, "c-handler", "st-xixiang", "receiver", "handler"), head: h.staff(t, "c-head", "st-xixiang", "unit_head"),
		reviewer: h.staff(t, "c-reviewer", root, "reviewer"), supervisor: h.staff(t, "c-supervisor", root, "supervisor"),
	}
}

// reviewed brings an appeal to the platform's review with a reply.
func (h *house) reviewed(t testing.TB, p closingPeople, reply string) store.ID {
	t.Helper()
	ctx := context.Background()
	f, err := h.File(ctx, p.platform, Intake{Channel: "web", Kind: "complaint", Text: closingAsk, Secrecy: Anonymous})
	if err != nil {
		t.Fatal(err)
	}
	h.doAct(t, p.platform, f.ID, Step{"dispatch", map[string]any{"unit": "st-xixiang"}})
	h.doAct(t, p.handler, f.ID, Step{Action: "sign"}, Step{"contact", map[string]any{"how": "phone", "reached": true}})
	h.replyAgain(t, p, f.ID, reply)
	return f.ID
}

func (h *house) replyAgain(t testing.TB, p closingPeople, id store.ID, reply string) {
	t.Helper()
	h.ahead.Add(int64(time.Hour)) // handling takes time
	h.doAct(t, p.handler, id, Step{"reply", map[string]any{"result": "solved", "reply": reply}})
	h.doAct(t, p.head, id, Step{Action: "approve"})
}

func (h *house) doAct(t testing.TB, who account.Actor, id store.ID, steps ...Step) {
	t.Helper()
	if _, err := h.Act(context.Background(), who, id, 0, steps); err != nil {
		t.Fatalf("%s: %v", steps[0].Action, err)
	}
}

// refusedWith says whether the engine refused with a code.
func refusedWith(err error, code string) bool {
	var r *caseflow.Refusal
	return errors.As(err, &r) && r.Code == code
}

// A reply judged formal-only does not pass; a redone proper one does; an
// objection that a second person upholds opens the gate, one that is overruled
// does not, and nobody decides their own.
func TestClosingGate(t *testing.T) { bothStores(t, closingGate) }

func closingGate(t *testing.T, h *house) {
	ctx := context.Background()
	p := h.closingPeople(t)
	pass := []Step{{Action: "pass"}}
	allowed := func(who account.Actor, id store.ID, action string) bool {
		t.Helper()
		d, err := h.Detail(ctx, who, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range d.Allowed {
			if a.Name == action {
				return true
			}
		}
		return false
	}

	t.Run("an empty reply is blocked though nobody judged it before", func(t *testing.T) {
		id := h.reviewed(t, p, closingEmpty)
		if _, err := h.Act(ctx, p.reviewer, id, 0, pass); !refusedWith(err, "guard") {
			t.Fatalf("it passed: %v", err)
		}
		if allowed(p.reviewer, id, "pass") || !allowed(p.reviewer, id, "send_back") {
			t.Error("the screen would offer to pass it, or not to send it back")
		}
		h.doAct(t, p.reviewer, id, Step{"send_back", map[string]any{"reason": "formal", "note": "请写明何时如何维修"}})
		h.replyAgain(t, p, id, closingProper)
		h.doAct(t, p.reviewer, id, pass...)
		if n := h.count(t, `SELECT count(*) FROM closing_judgment WHERE matter = ?`, int64(id)); n != 2 {
			t.Errorf("%d judgments are kept, want one of each reply", n)
		}
	})

	t.Run("an objection", func(t *testing.T) {
		for decision, passes := range map[string]bool{"uphold_objection": true, "overrule_objection": false} {
			id := h.reviewed(t, p, closingEmpty)
			object := Step{"object", map[string]any{"reason": "该事项已当面向市民说明，市民认可"}}
			decide := Step{decision, map[string]any{"reason": "核对了现场记录"}}
			if _, err := h.Act(ctx, p.supervisor, id, 0, []Step{decide}); !refusedWith(err, "guard") {
				t.Errorf("a decision on no objection: %v", err)
			}
			h.doAct(t, p.head, id, object)
			if _, err := h.Act(ctx, p.reviewer, id, 0, pass); !refusedWith(err, "guard") {
				t.Errorf("passed while the objection waits: %v", err)
			}
			if _, err := h.Act(ctx, p.head, id, 0, []Step{object}); !refusedWith(err, "guard") {
				t.Errorf("a second objection to one judgment: %v", err)
			}
			if _, err := h.Act(ctx, p.reviewer, id, 0, []Step{decide}); !refusedWith(err, "right") {
				t.Errorf("the reviewer decided: %v", err)
			}
			h.doAct(t, p.supervisor, id, decide)
			_, err := h.Act(ctx, p.reviewer, id, 0, pass)
			if passes != (err == nil) {
				t.Errorf("after %s, passing: %v", decision, err)
			}
		}
		tuned, err := h.tuning(ctx, p.supervisor, 30)
		if err != nil || len(tuned.Upheld) != 1 || tuned.Items[0].Upheld != 1 {
			t.Errorf("the tuning list: %+v %v", tuned.Upheld, err)
		}
		if got := tuned.Figures[0]; got.Numerator != 1 || got.Denominator != 3 { // overruled; of the three
			t.Errorf("形式办结率 %v of %v", got.Numerator, got.Denominator)
		}
	})

	t.Run("an objection stands when the same reply is judged again", func(t *testing.T) {
		id := h.reviewed(t, p, closingEmpty)
		h.doAct(t, p.head, id, Step{"object", map[string]any{"reason": "该事项已当面向市民说明，市民认可"}})
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE appeal SET solved = 'no' WHERE id = ?`, id)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := h.judge(ctx, id); err != nil {
			t.Fatal(err)
		}
		if n := h.count(t, `SELECT count(*) FROM closing_judgment WHERE matter = ?`, int64(id)); n != 2 {
			t.Fatalf("%d judgments, want a second of the same reply", n)
		}
		waiting := func() (n int) {
			tuned, err := h.tuning(ctx, p.supervisor, 30)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range tuned.Waiting {
				if c.Matter == id {
					n++
				}
			}
			return n
		}
		if n := waiting(); n != 1 {
			t.Errorf("it waits %d times", n)
		}
		h.doAct(t, p.supervisor, id, Step{"uphold_objection", map[string]any{"reason": "核对了现场记录"}})
		if n := waiting(); n != 0 {
			t.Errorf("decided, it waits %d times", n)
		}
		if n := h.count(t, `SELECT count(DISTINCT judgment) FROM closing_objection WHERE matter = ?`, int64(id)); n != 2 {
			t.Errorf("objected to and decided at %d judgments: the test tests nothing", n)
		}
		h.doAct(t, p.reviewer, id, pass...)
	})

	t.Run("nobody decides their own objection", func(t *testing.T) {
		both := h.staff(t, "c-both", "pf-zhihui", "supervisor")
		both.Grants = append(both.Grants, account.Grant{Role: "unit_head", Unit: "st-xixiang"})
		id := h.reviewed(t, p, closingEmpty)
		h.doAct(t, both, id, Step{"object", map[string]any{"reason": "该事项已当面向市民说明，市民认可"}})
		if _, err := h.Act(ctx, both, id, 0, []Step{{"uphold_objection", map[string]any{"reason": "我认为成立"}}}); !refusedWith(err, "guard") {
			t.Errorf("they decided their own: %v", err)
		}
	})
}

// What waits is judged once; again when the citizen says that it is not solved;
// and a photo that another matter had is found.
func TestClosingJudged(t *testing.T) { bothStores(t, closingJudged) }

func closingJudged(t *testing.T, h *house) {
	ctx := context.Background()
	p := h.closingPeople(t)
	raw := "\x89PNG\r\n\x1a\nnot much of a photo"
	blob, err := h.Files.Put(ctx, strings.NewReader(raw), int64(len(raw)), 0)
	if err != nil {
		t.Fatal(err)
	}
	codes := func(id store.ID) string {
		t.Helper()
		if err := h.judge(ctx, id); err != nil {
			t.Fatal(err)
		}
		c, err := h.closingOf(ctx, h.Store, id)
		if err != nil {
			t.Fatal(err)
		}
		var got string
		if err := h.Store.QueryRow(ctx, `SELECT codes FROM closing_judgment WHERE id = ?`, int64(c.ID)).Scan(&got); err != nil {
			t.Fatal(err)
		}
		return got
	}
	first, second := h.reviewed(t, p, closingProper), h.reviewed(t, p, closingProper)
	for _, id := range []store.ID{first, second} {
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE appeal SET reply_files = ? WHERE id = ?`, encodeList([]string{blob.ID}), id)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if got := codes(first); strings.Contains(got, "photo_reused") {
		t.Errorf("the first use of a photo: %q", got)
	}
	if got := codes(second); !strings.Contains(got, " photo_reused ") {
		t.Errorf("the second use of a photo: %q", got)
	}
	if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE appeal SET solved = 'no' WHERE id = ?`, first)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got := codes(first); !strings.Contains(got, " said_unsolved ") {
		t.Errorf("the citizen says not: %q", got)
	}
	before := h.count(t, `SELECT count(*) FROM closing_judgment`)
	_ = codes(first)
	if n := h.count(t, `SELECT count(*) FROM closing_judgment`); n != before {
		t.Errorf("the same judgment was written again: %d, then %d", before, n)
	}
}

// The sample of a day is the same however often it is drawn, about the share of
// the pack, and a look is found once.
func TestSecondLook(t *testing.T) { bothStores(t, secondLook) }

func secondLook(t *testing.T, h *house) {
	ctx := context.Background()
	p := h.closingPeople(t)
	id := h.reviewed(t, p, closingProper)
	h.doAct(t, p.reviewer, id, Step{Action: "pass"})
	h.district.Load().closing.SecondLook.Share = 1
	defer func() { h.district.Load().closing.SecondLook.Share = 0.05 }()
	for _, want := range []int{1, 0} {
		if n, err := h.drawLooks(ctx, h.Store.Now()); err != nil || n != want {
			t.Fatalf("%d drawn, want %d: %v", n, want, err)
		}
	}
	if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { // a judgment needs to know when the reply was given
		_, err := tx.Exec(ctx, `UPDATE appeal SET replied_at = NULL WHERE id = ?`, id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM closing_judgment WHERE matter = ?`, id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if n, err := h.judgeOlder(ctx); err != nil || n != 0 {
		t.Errorf("%d were picked that cannot be judged: %v", n, err)
	}
	looks, err := h.lookList(ctx, p.supervisor, false)
	if err != nil || len(looks) != 1 || looks[0].Matter != id {
		t.Fatalf("%+v %v", looks, err)
	}
	if other, err := h.lookList(ctx, h.staff(t, "c-other", "st-fuyong", "unit_head"), false); err != nil || len(other) != 0 {
		t.Errorf("another unit sees it: %+v %v", other, err)
	}
	n := 0
	for i := range store.ID(20000) {
		if drawn("2026-11-26", i, 0.05) {
			n++
		}
	}
	if n < 850 || n > 1150 {
		t.Errorf("%d of 20,000 drawn at 5 %%", n)
	}
}

// Settings that are wrong name all that is wrong.
func TestClosingSettingsOfAPack(t *testing.T) {
	h := newHouse(t)
	s := h.district.Load().closing
	if s == nil {
		t.Fatal("the shipped pack judges nothing")
	}
	for _, code := range closing.Codes() {
		if _, ok := s.Weights[code]; !ok {
			t.Errorf("the shipped pack gives %s no weight", code)
		}
	}
}
