package services

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/notice"
	"shanzhi/core/store"
	"shanzhi/districts"
)

// told lets a follower see what it has not seen, once.
func (h *caseHouse) told(t testing.TB, consumer string, handle func(context.Context, *store.Tx, []event.Event) error) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	h.Bus.Follow(ctx, consumer, handle)
	err := h.Bus.Drained(ctx, consumer)
	stop()
	h.Bus.Wait()
	if err != nil {
		t.Fatal(err)
	}
}

func (h *caseHouse) inbox(t testing.TB, who account.Actor) (names []string, texts string) {
	t.Helper()
	list, _, err := h.Notices.Inbox(context.Background(), who, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range list {
		names = append(names, n.Title["zh"])
		texts += n.Body["zh"] + "\n"
	}
	slices.Reverse(names)
	return names, texts
}

// The applicant and whoever has the case are told, with the date that each has to know.
func TestWhatHappensToACaseIsTold(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		li := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		id := h.open(t, li, "layout", "rules")
		h.do(t, id, h.staff["accept"], "notify", "materials", []any{"layout"}, "what", "布局图没有标明清洗区的位置")
		if err := h.SendMaterial(ctx, li, id, "layout", []string{h.photo(t, li)}); err != nil {
			t.Fatal(err)
		}
		h.do(t, id, li, "corrected")
		h.do(t, id, h.staff["accept"], "accept", "points", []any{"scope", "plan", "health"})
		h.do(t, id, h.staff["examine"], "consult", "units", []any{"dp-weijian"}, "question", "从业人员健康证明是否属实")
		h.do(t, id, h.staff["examine"], "special", "kind", "inspection", "length", "5wd", "reason", "现场核查")
		h.do(t, id, h.staff["examine"], "special_done", "result", "合格")
		h.do(t, id, h.staff["examine"], "propose", "view", "grant", "opinion", "符合条件", "over", "已电话核对")
		h.do(t, id, h.staff["decide"], "extend", "length", "5wd", "reason", "需要进一步核对")
		h.do(t, id, h.staff["decide"], "deny", "reason", "经营场所正在拆除，依据管理办法第十二条")
		h.told(t, caseNoticeConsumer, h.tellCases)
		mine, texts := h.inbox(t, li)
		want := []string{"申请已收到", "请补正材料", "申请已受理", "进入特别程序", "特别程序已结束", "办理期限延长", "不予许可"}
		if !slices.Equal(mine, want) {
			t.Errorf("the applicant was told %v, want %v", mine, want)
		}
		// Received Tuesday 1 September: five working days; corrected the same minute, so the same;
		// thirty natural days to correct end on Thursday 1 October, a holiday: 8 October.
		for _, part := range []string{"9月8日18:00前决定是否受理", "请在10月8日18:00前提交", "布局图没有标明清洗区的位置", "申请复议或提起诉讼"} {
			if !strings.Contains(texts, part) {
				t.Errorf("the applicant is not told %q:\n%s", part, texts)
			}
		}
		for login, title := range map[string]string{"accept": "新办件待受理", "examine": "办件待审查", "decide": "办件待决定", "health": "征求意见"} {
			if got, _ := h.inbox(t, h.staff[login]); !slices.Contains(got, title) {
				t.Errorf("%s was told %v, want %s", login, got, title)
			}
		}
		if got, _ := h.inbox(t, h.staff["civil"]); len(got) > 0 {
			t.Errorf("a department that has nothing to do with it was told %v", got)
		}
		messages, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM notice_message`)
		if err != nil || messages != 6 { // the end of the special procedure needs none
			t.Errorf("%d short messages, want 6: %v", messages, err)
		}
		// Nobody answers: reminders at three and four of the five days, then it is deemed accepted.
		id = h.open(t, li, "layout", "rules")
		h.at(t, "2026-09-09 18:30")
		h.tick(t)
		h.tick(t)
		h.told(t, caseNoticeConsumer, h.tellCases)
		mine, _ = h.inbox(t, li)
		if mine[len(mine)-1] != "依法视为受理" {
			t.Errorf("the applicant was told %v", mine)
		}
		desk, _ := h.inbox(t, h.staff["accept"])
		if n := count(desk, "办件临近时限"); n != 2 {
			t.Errorf("the acceptors were reminded %d times: %v", n, desk)
		}
	})
}

func count(list []string, what string) (n int) {
	for _, x := range list {
		if x == what {
			n++
		}
	}
	return n
}

// Every notice that an action calls for is one of the shipped district's, and every
// public action tells somebody.
func TestEveryTellingHasItsNotice(t *testing.T) {
	templates, err := notice.ReadTemplates(shippedPack(t))
	if err != nil {
		t.Fatal(err)
	}
	body, err := flows.ReadFile("flows/case.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f, err := caseflow.Compile(string(body))
	if err != nil {
		t.Fatal(err)
	}
	for action, tells := range caseTellings {
		if !strings.Contains(action, ".") && f.Actions[action] == nil {
			t.Errorf("the flow has no action %s", action)
		}
		for _, tell := range tells {
			if _, ok := templates.Notices[tell.name]; !ok {
				t.Errorf("the shipped district has no notice %s", tell.name)
			}
		}
	}
	for name, a := range f.Actions {
		if joint := strings.HasPrefix(name, "join_"); a.Public && len(caseTellings[name]) == 0 && name != "keep" && !joint { // the joint matter tells
			t.Errorf("nobody is told of %s", name)
		}
	}
}

func shippedPack(t testing.TB) fs.FS {
	t.Helper()
	files, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	return files
}
