package halls

import (
	"context"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// Suspended at a moment is that so many of what was missed within the days still count;
// until is the first moment at which it is not, if nothing more is missed.
func TestSuspended(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := defaultRules()
		r.Booking.NoShows, r.Booking.NoShowDays = rapid.IntRange(0, 4).Draw(t, "most"), rapid.IntRange(1, 60).Draw(t, "days")
		var missed []time.Time
		for range rapid.IntRange(0, 8).Draw(t, "n") {
			missed = append(missed, friday.Add(-time.Duration(rapid.IntRange(0, 90*24).Draw(t, "hours"))*time.Hour))
		}
		lifted := time.Time{}
		if rapid.Bool().Draw(t, "lifts") {
			lifted = friday.Add(-time.Duration(rapid.IntRange(0, 90*24).Draw(t, "lifted")) * time.Hour)
		}
		at := func(now time.Time) (n int) {
			for _, m := range missed {
				if m.After(lifted) && now.Sub(m) < time.Duration(r.Booking.NoShowDays)*24*time.Hour {
					n++
				}
			}
			return n
		}
		count, until := r.suspended(missed, lifted, friday)
		if count != at(friday) {
			t.Fatalf("%d count, not %d", count, at(friday))
		}
		if want := r.Booking.NoShows > 0 && count >= r.Booking.NoShows; want == until.IsZero() {
			t.Fatalf("%d of %d: until %v", count, r.Booking.NoShows, until)
		}
		if !until.IsZero() && (at(until) >= r.Booking.NoShows || at(until.Add(-time.Second)) < r.Booking.NoShows) {
			t.Fatalf("until %v: %d then, %d just before", until, at(until), at(until.Add(-time.Second)))
		}
	})
}

// The reception books for who called and for who stands there, by the rules that bind on
// the phone; who does not come too often is told, cannot book by any way, and can again
// when a manager lifts it.
func TestReceptionBooksAndNoShows(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		center := h.hallOf("center")
		boss, greeter := h.staff(t, "boss", "dp-zhengshu", "hall_manager"), h.staff(t, "greeter", "dp-zhengshu", "greeter")
		who := vault.Identity{vault.Name: "王小明", vault.Phone: "16000000001"}
		book := func(source string, at time.Time) (Ticket, error) {
			x, err := h.Reserve(ctx, greeter, center, Booking{Services: []TicketService{{Kind: "general"}}, At: at, Source: source, Who: who})
			if err != nil {
				return x, err
			}
			return h.Confirm(ctx, greeter, x.ID, "confirm")
		}
		slot := friday.Add(50 * time.Minute)
		x := must[Ticket](t)(book("call", slot))
		if x.Source != "call" || x.State != Confirmed || x.Name != "王**" || x.Person == 0 {
			t.Fatalf("%+v", x)
		}
		told := func(name string) int {
			return must[int](t)(store.Get[int](ctx, h.Store, `SELECT count(*) FROM notice WHERE name = ? AND person = ?`, name, x.Person))
		}
		if told("ticket_booked") != 1 {
			t.Fatal("nobody told them")
		}
		must[Ticket](t)(book("reception", slot.Add(time.Hour)))
		if _, err := book("call", slot.Add(2*time.Hour)); code(err) != "bookings_many" {
			t.Fatalf("a third: %v", err)
		}
		if list := must[[]Ticket](t)(h.Bookings(ctx, center, "2026-11-27")); len(list) != 2 || list[0].ID != x.ID {
			t.Fatalf("%+v", list)
		}
		h.set(slot.Add(2 * time.Hour))
		if err := h.Tick(ctx); err != nil {
			t.Fatal(err)
		}
		if told("ticket_not_come") != 2 || told("ticket_suspended") != 0 {
			t.Fatal("two are not three")
		}
		last := must[Ticket](t)(book("call", slot.Add(5*time.Hour)))
		h.set(slot.Add(6 * time.Hour))
		if err := h.Tick(ctx); err != nil {
			t.Fatal(err)
		}
		if told("ticket_suspended") != 1 {
			t.Fatal("they were not told that they cannot book")
		}
		monday := friday.AddDate(0, 0, 3).Add(50 * time.Minute)
		for _, source := range []string{"call", "reception", "phone"} {
			if _, err := book(source, monday); code(err) != "no_shows" {
				t.Fatalf("%s: %v", source, err)
			}
		}
		list := must[NoShows](t)(h.NoShows(ctx, center))
		if len(list.List) != 1 || list.List[0].Count != 3 || !list.List[0].Until.Equal(slot.AddDate(0, 0, 60)) || list.List[0].Ticket != last.ID || list.List[0].Phone == "16000000001" {
			t.Fatalf("%+v", list)
		}
		// A number at the hall they may have.
		if _, err := h.Take(ctx, greeter, center, Taking{Services: []TicketService{{Kind: "general"}}, Source: "reception", Who: who}); err != nil {
			t.Fatal(err)
		}
		lift := func(by account.Actor, reason string) error {
			_, err := h.LiftNoShows(ctx, by, last.ID, reason)
			return err
		}
		if lift(greeter, "住院") == nil || code(lift(boss, " ")) != "invalid" {
			t.Fatal("lifted without the right, or without a reason")
		}
		if err := lift(boss, "住院，家属电话13800138000"); err != nil {
			t.Fatal(err)
		}
		if err := lift(boss, "再来"); code(err) != "not_suspended" {
			t.Fatalf("lifted twice: %v", err)
		}
		must[Ticket](t)(book("call", monday))
		list = must[NoShows](t)(h.NoShows(ctx, center))
		if list.List[0].Count != 0 || !list.List[0].Until.IsZero() || len(list.List[0].Lifts) != 1 || strings.Contains(list.List[0].Lifts[0].Reason, "13800138000") || list.List[0].Missed[0].Counts || told("ticket_lifted") != 1 {
			t.Fatalf("%+v", list)
		}
	})
}
