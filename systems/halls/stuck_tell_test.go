package halls

import (
	"context"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/vault"
)

// toldOf are the names of the notices that somebody has, the oldest first.
func (h *house) toldOf(t testing.TB, who account.Actor) (names []string) {
	t.Helper()
	list, _, err := h.Notices.Inbox(context.Background(), who, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range slices.Backward(list) {
		names = append(names, n.Name)
	}
	return names
}

// Whoever has a stuck case is reminded before its clocks run out, and its window and the
// unit's head hear of what is late; the person hears where it is.
func TestStuckCaseIsTold(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		clerk := h.staff(t, "s", "dp-zhengshu", "stuck_clerk")
		handler, head := h.staff(t, "d", "dp-chengguan", "handler"), h.staff(t, "e", "dp-chengguan", "unit_head")
		other := h.staff(t, "o", "st-xixiang", "handler")
		li := h.citizen(t, "李记", "13800138000")
		told := func(who account.Actor, want ...string) {
			t.Helper()
			if got := h.toldOf(t, who); !slices.Equal(got, want) {
				t.Errorf("told %v, want %v", got, want)
			}
		}
		at := func(clock string) {
			t.Helper()
			now, err := time.ParseInLocation("2006-01-02 15:04", clock, h.book.Load().zone)
			if err != nil {
				t.Fatal(err)
			}
			h.set(now)
			if _, err := h.Engine.Tick(ctx, now); err != nil {
				t.Fatal(err)
			}
		}
		m := must[*caseflow.Matter](t)(h.Report(ctx, li, Stuck{Hall: "center", Scope: "trips", Text: "办场地变更跑了四趟"}))
		do := func(who account.Actor, action string, form map[string]any) {
			t.Helper()
			if err := h.ActOnMatter(ctx, who, "stuck", m.ID, 0, action, form); err != nil {
				t.Fatal(action, err)
			}
		}
		told(clerk, "stuck_reported")
		do(clerk, "accept", nil) // 09:10, to be spoken with by midnight: half of it is 16:35
		do(clerk, "grade", map[string]any{"grade": "complex"})
		told(li, "stuck_accepted")
		at("2026-11-27 16:34")
		told(clerk, "stuck_reported")
		at("2026-11-27 16:36")
		told(clerk, "stuck_reported", "stuck_contact_soon")
		do(clerk, "send", map[string]any{"unit": "dp-chengguan", "note": "请核清材料"})
		told(handler, "stuck_sent")
		told(li, "stuck_accepted", "stuck_sent_on")
		at("2026-11-28 00:01")
		told(handler, "stuck_sent", "stuck_contact_late")
		told(head, "stuck_contact_late")
		told(clerk, "stuck_reported", "stuck_contact_soon", "stuck_contact_late")
		do(handler, "contact", map[string]any{"note": "已电话联系"})
		at("2026-12-02 23:59") // five working days end with Friday 4 December; four fifths of them on Thursday
		told(handler, "stuck_sent", "stuck_contact_late")
		at("2026-12-03 23:59")
		told(handler, "stuck_sent", "stuck_contact_late", "stuck_handle_soon")
		told(head, "stuck_contact_late")
		at("2026-12-05 00:01")
		told(handler, "stuck_sent", "stuck_contact_late", "stuck_handle_soon", "stuck_handle_late")
		told(head, "stuck_contact_late", "stuck_handle_late")
		do(handler, "conclude", map[string]any{"reply": "材料已一次收齐"})
		do(clerk, "feedback", map[string]any{"done": "yes"})
		told(clerk, "stuck_reported", "stuck_contact_soon", "stuck_contact_late", "stuck_handle_late", "stuck_concluded")
		told(li, "stuck_accepted", "stuck_sent_on", "stuck_done")
		told(other)
	})
}

// What the month's causes say: how often, where, what was changed, and how it was the
// month before; each leads to its cases.
func TestRootCausesOfAMonth(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		clerk := h.staff(t, "s", "dp-zhengshu", "stuck_clerk")
		verified := func(cause, fix string) {
			t.Helper()
			m := must[*caseflow.Matter](t)(h.Report(ctx, clerk, Stuck{Hall: "center", Scope: "trips", Text: "办场地变更跑了四趟", Who: vault.Identity{vault.Phone: "13800138000"}}))
			for _, step := range []struct {
				action string
				form   map[string]any
			}{{"grade", map[string]any{"grade": "simple"}}, {"settle", map[string]any{"reply": "已当场办成"}}, {"feedback", map[string]any{"done": "yes"}}, {"verify", map[string]any{"cause": []any{cause}, "fix": fix, "note": "回访属实"}}} {
				if err := h.ActOnMatter(ctx, clerk, "stuck", m.ID, 0, step.action, step.form); err != nil {
					t.Fatal(step.action, err)
				}
			}
		}
		verified("conduct", "")
		verified("guide_wrong", "")
		h.set(friday.AddDate(0, 0, 5)) // Wednesday 2 December
		verified("data_gap", "")
		verified("guide_wrong", "修订指南")
		verified("guide_wrong", "修订指南")
		month := must[StuckMonth](t)(h.Month(ctx, clerk.Scope(), "2026-12"))
		if len(month.Causes) != 2 || month.Causes[0].Code != "guide_wrong" || month.Causes[0].N != 2 || month.Causes[0].Before != 1 || !slices.Equal(month.Causes[0].Fixes, []string{"修订指南"}) || len(month.Causes[0].Units) != 1 || month.Causes[1].Before != 0 {
			t.Errorf("%+v", month.Causes)
		}
		list := must[[]MatterHead](t)(h.Matters(ctx, clerk.Scope(), "stuck", MatterFilter{Month: "2026-12", Cause: "guide_wrong"}, 0, 50))
		if len(list) != 2 || list[0].Cause != "guide_wrong" {
			t.Errorf("%+v", list)
		}
		if _, err := h.Matters(ctx, clerk.Scope(), "stuck", MatterFilter{Month: "2026-13"}, 0, 50); code(err) != "invalid" {
			t.Errorf("a month that is none: %v", err)
		}
	})
}

func TestStuckRemindersAreChecked(t *testing.T) {
	for _, remind := range []string{"{contact: 0%}", "{contact: 100%}", "{handle: 80}", "{answer: 50%}", "{handle: soon}"} {
		if err := readStuck(fstest.MapFS{"halls/stuck.yaml": {Data: []byte("remind: " + remind + "\n")}}, &StuckRules{}); err == nil {
			t.Errorf("%s is taken", remind)
		}
	}
}
