package halls

import (
	"context"
	"slices"
	"testing"
	"time"

	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// The matrix holds in calling, sending on and going on; each change stays on record; who
// is of another hall is not in it.
func TestSkillMatrix(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		center := h.hallOf("center")
		boss := h.staff(t, "boss", "dp-zhengshu", "hall_manager")
		clerk, other := h.staff(t, "w1", "dp-zhengshu", "intake_clerk"), h.staff(t, "w5", "dp-zhengshu", "intake_clerk")
		stranger := h.staff(t, "far", "st-xixiang", "intake_clerk")
		for _, err := range []error{h.Sit(ctx, clerk, center, "01", nil), h.Sit(ctx, other, center, "05", nil)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if h.SetSkills(ctx, boss, center, stranger.Account, false, []string{"social"}, "") == nil {
			t.Fatal("a clerk of another hall was given skills here")
		}
		for _, bad := range [][]string{{"nothing"}, {"social", "social"}} {
			if err := h.SetSkills(ctx, boss, center, clerk.Account, false, bad, ""); code(err) != "invalid" {
				t.Fatalf("%v: %v", bad, err)
			}
		}
		if err := h.SetSkills(ctx, boss, center, clerk.Account, true, []string{"social"}, ""); code(err) != "invalid" {
			t.Fatalf("all and some: %v", err)
		}
		if err := h.SetSkills(ctx, boss, center, clerk.Account, false, []string{"permit", "general"}, "社保业务待培训"); err != nil {
			t.Fatal(err)
		}
		h.take(t, "center", "social", "", "甲")
		h.pass(time.Second)
		general := h.take(t, "center", "general", "", "乙")
		if got := must[*Ticket](t)(h.Next(ctx, clerk, center)); got == nil || got.ID != general.ID {
			t.Fatalf("called what they may not serve: %+v", got)
		}
		h.Act(ctx, clerk, general.ID, byClerk, 0, "start", Doing{})
		// The window does it, its clerk does not: it goes on elsewhere under its number.
		got := must[Ticket](t)(h.Act(ctx, clerk, general.ID, byClerk, 0, "arrange", Doing{Services: []TicketService{{Kind: "general"}, {Kind: "social"}}}))
		if got.State != Processing || len(got.Services) != 2 {
			t.Fatalf("a service was added: %+v", got)
		}
		got = must[Ticket](t)(h.Act(ctx, clerk, general.ID, byClerk, 0, "next", Doing{}))
		if got.State != Queued || got.Kind != "social" || got.No != general.No {
			t.Fatalf("went on: %+v", got)
		}
		if err := h.SetSkills(ctx, boss, center, other.Account, false, []string{}, ""); err != nil {
			t.Fatal(err)
		}
		x := h.take(t, "center", "general", "", "丙")
		must[*Ticket](t)(h.Next(ctx, clerk, center))
		h.Act(ctx, clerk, x.ID, byClerk, 0, "start", Doing{})
		if _, err := h.Act(ctx, clerk, x.ID, byClerk, 0, "transfer", Doing{Kind: "social", Window: "05"}); code(err) != "window_cannot" {
			t.Fatalf("sent to a window whose clerk may not: %v", err)
		}
		if got := must[WindowDesk](t)(h.Desk(ctx, clerk.Account, center)).Serves; !slices.Equal(got, []string{"general", "permit"}) {
			t.Fatalf("the desk says that they serve %v", got)
		}
		board := must[HallBoard](t)(h.Board(ctx, center))
		social := find(board.Kinds, func(k *BoardKind) bool { return k.Code == "social" })
		if social.Windows != 0 || social.Estimate != nil {
			t.Fatalf("nobody at a window may serve it: %+v", social)
		}
		if next := must[*Ticket](t)(h.Next(ctx, other, center)); next != nil {
			t.Fatalf("one who may serve nothing called %+v", next)
		}
		if err := h.SetSkills(ctx, boss, center, other.Account, true, nil, "培训合格"); err != nil {
			t.Fatal(err)
		}
		if next := must[*Ticket](t)(h.Next(ctx, other, center)); next == nil || next.Kind != "social" {
			t.Fatalf("%+v", next)
		}
		m := must[SkillMatrix](t)(h.Skills(ctx, center))
		mine := find(m.Clerks, func(c *ClerkSkill) bool { return c.Clerk == clerk.Account })
		if mine == nil || mine.All || !slices.Equal(mine.Kinds, []string{"general", "permit"}) || mine.Window != "01" || mine.By != "boss" || mine.Reason != "社保业务待培训" {
			t.Fatalf("%+v", mine)
		}
		if find(m.Clerks, func(c *ClerkSkill) bool { return c.Clerk == stranger.Account }) != nil {
			t.Fatal("another hall's clerk is in the matrix")
		}
		permit := find(m.Kinds, func(k *SkillKind) bool { return k.Code == "permit" })
		if permit.Able != 2 || permit.Now != 1 { // window 5 does no permits
			t.Fatalf("%+v", permit)
		}
		if list := must[[]ClerkSkill](t)(h.SkillHistory(ctx, center, other.Account)); len(list) != 2 || !list[0].All || list[1].All || len(list[1].Kinds) != 0 {
			t.Fatalf("%+v", list)
		}
		// What changes nothing is not written.
		if err := h.SetSkills(ctx, boss, center, other.Account, true, nil, "again"); err != nil {
			t.Fatal(err)
		}
		if n := must[int](t)(store.Get[int](ctx, h.Store, `SELECT count(*) FROM hall_skill_set WHERE clerk = ?`, other.Account)); n != 2 {
			t.Fatalf("%d rows", n)
		}
	})
}

// Several services in one visit: another order, each with its own times, from window to
// window under one number, and one end.
func TestSeveralServices(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		center := h.hallOf("center")
		clerk, other := h.staff(t, "w1", "dp-zhengshu", "intake_clerk"), h.staff(t, "w4", "dp-zhengshu", "intake_clerk")
		for _, err := range []error{h.Sit(ctx, clerk, center, "05", nil), h.Sit(ctx, other, center, "04", nil)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		ask := []TicketService{{Kind: "social"}, {Kind: "permit"}}
		for _, bad := range [][]TicketService{nil, {{Kind: "social", Done: true}}, {{Kind: "social", ServeUS: 5}}, {{Kind: "social"}, {Kind: "social"}}, {{Kind: "x"}}} {
			if _, err := h.Take(ctx, clerk, center, Taking{Services: bad, Source: "reception"}); code(err) != "invalid" {
				t.Errorf("%v: %v", bad, err)
			}
		}
		x := must[Ticket](t)(h.Take(ctx, clerk, center, Taking{Services: ask, Source: "reception", Who: vault.Identity{vault.Name: "王小明", vault.Phone: "16000000001"}}))
		do := func(as party, action TicketAction, in Doing) Ticket {
			t.Helper()
			who := clerk
			if now := must[Ticket](t)(getTicket(ctx, h.Store, x.ID)); now.Window == "04" {
				who = other
			}
			return must[Ticket](t)(h.Act(ctx, who, x.ID, as, 0, action, in))
		}
		// Permits first, asked for at the reception; then back.
		if got := do(byReception, "arrange", Doing{Services: []TicketService{{Kind: "permit"}, {Kind: "social"}}}); got.Kind != "permit" {
			t.Fatalf("%+v", got)
		}
		do(byReception, "arrange", Doing{Services: ask})
		for _, bad := range [][]TicketService{nil, {{Kind: "x"}}, {{Kind: "social", Done: true}}, {{Kind: "social"}, {Kind: "permit"}, {Kind: "general"}, {Kind: "civil"}, {Kind: "quick"}, {Kind: "stuck"}}} {
			if _, err := h.Act(ctx, clerk, x.ID, byReception, 0, "arrange", Doing{Services: bad}); code(err) != "invalid" {
				t.Errorf("arranged as %v: %v", bad, err)
			}
		}
		h.pass(2 * time.Minute)
		must[*Ticket](t)(h.Next(ctx, clerk, center))
		h.pass(time.Minute)
		do(byClerk, "start", Doing{})
		if _, err := h.Act(ctx, clerk, x.ID, byClerk, 0, "arrange", Doing{Services: []TicketService{{Kind: "permit"}, {Kind: "social"}}}); code(err) != "invalid" {
			t.Fatalf("what is being served was put off: %v", err)
		}
		if _, err := h.Act(ctx, clerk, x.ID, byReception, 0, "arrange", Doing{Services: ask}); code(err) != "other_window" {
			t.Fatalf("the reception arranged what is at a window: %v", err)
		}
		h.pass(5 * time.Minute)
		if _, err := h.Act(ctx, clerk, x.ID, byClerk, 0, "finish", Doing{}); code(err) != "services_left" {
			t.Fatalf("finished with services left: %v", err)
		}
		if got := do(byClerk, "next", Doing{}); got.State != Queued || got.No != x.No {
			t.Fatalf("%+v", got)
		}
		h.pass(3 * time.Minute)
		must[*Ticket](t)(h.Next(ctx, other, center))
		do(byClerk, "start", Doing{})
		h.pass(4 * time.Minute)
		do(byClerk, "park", Doing{})
		h.pass(time.Minute)
		do(byClerk, "call", Doing{})
		do(byClerk, "start", Doing{})
		h.pass(2 * time.Minute)
		got := do(byClerk, "finish", Doing{})
		want := TicketServices{{Kind: "social", Done: true, Window: "05", WaitUS: 120e6, ServeUS: 300e6}, {Kind: "permit", Done: true, Window: "04", WaitUS: 180e6, ServeUS: 360e6}}
		if !slices.Equal(got.Services, want) || got.ServeUS != 660e6 || got.WaitUS != 300e6 {
			t.Fatalf("%+v", got)
		}
		folded, err := foldTicket(must[[]TicketEvent](t)(ticketEvents(ctx, h.Store, x.ID)))
		if err != nil || !slices.Equal(folded.Services, want) {
			t.Fatalf("%+v %v", folded.Services, err)
		}
		if n := must[int](t)(store.Get[int](ctx, h.Store, `SELECT count(*) FROM outbox WHERE subject = 'halls.ticket_finished'`)); n != 1 {
			t.Fatalf("%d ends, and so ratings, of one visit", n)
		}
	})
}
