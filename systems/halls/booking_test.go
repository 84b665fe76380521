package halls

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"shanzhi/core/store"
)

// Sixteen people press for the same slot at once: as many have it as it has places.
func TestNoDoubleBooking(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		hall := h.hallOf("startup")
		at := friday.Truncate(time.Hour).Add(2 * time.Hour)
		of := h.capacity(hall, "startup", at)
		var mu sync.Mutex
		var all sync.WaitGroup
		had, full := 0, 0
		for i := range 16 {
			who := h.citizen(t, "某人", fmt.Sprintf("160%08d", i))
			all.Go(func() {
				_, err := h.Reserve(ctx, who, hall, Booking{Services: []TicketService{{Kind: "startup"}}, At: at, Person: who.Person, Source: "phone"})
				mu.Lock()
				defer mu.Unlock()
				switch code(err) {
				case "":
					had++
				case "slot_full":
					full++
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if had != of || full != 16-of {
			t.Errorf("%d had it and %d not, of %d", had, full, of)
		}
		// Nobody confirmed: five minutes later the places are free again.
		h.pass(5*time.Minute + time.Second)
		who := h.citizen(t, "后来", "16100000000")
		if _, err := h.Reserve(ctx, who, hall, Booking{Services: []TicketService{{Kind: "startup"}}, At: at, Person: who.Person, Source: "phone"}); err != nil {
			t.Fatal(err)
		}
		var taken, held int
		if err := h.Store.QueryRow(ctx, `SELECT (SELECT taken FROM hall_slot WHERE hall = 'startup'), (SELECT count(*) FROM hall_ticket WHERE state IN ('reserved', 'preconfirmed', 'confirmed'))`).Scan(&taken, &held); err != nil || taken != held || held != 1 {
			t.Errorf("the slot says %d, its tickets %d: %v", taken, held, err)
		}
	})
}

// A booking from the phone to the window: held, confirmed, reminded, checked in with its
// place, and counted where nobody comes.
func TestBooking(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		hall := h.hallOf("center")
		who := h.citizen(t, "王小明", "16000000001")
		slots := must[[]Slot](t)(h.Slots(ctx, hall, "general", "2026-11-27"))
		if len(slots) == 0 || !slots[0].At.Equal(friday.Add(2*time.Minute)) || slots[len(slots)-1].At.After(friday.Add(9*time.Hour)) {
			t.Fatalf("%v", slots)
		}
		if list := must[[]Slot](t)(h.Slots(ctx, hall, "general", "2026-11-28")); len(list) != 0 {
			t.Fatalf("slots on a saturday: %v", list)
		}
		book := func(at time.Time) (Ticket, error) {
			return h.Reserve(ctx, who, hall, Booking{Services: []TicketService{{Kind: "general"}}, At: at, Person: who.Person, Source: "phone"})
		}
		for _, at := range []time.Time{friday.Add(-48 * time.Minute), friday.Add(3 * time.Minute), friday.AddDate(0, 0, 1), friday.AddDate(0, 0, 17).Add(2 * time.Minute)} {
			if _, err := book(at); code(err) != "slot_none" {
				t.Errorf("%s was booked: %v", at, err)
			}
		}
		slot := friday.Add(50 * time.Minute) // 10:00
		x := must[Ticket](t)(book(slot))
		if x.No != "" || x.State != Reserved || !x.Hold.Equal(friday.Add(5*time.Minute)) {
			t.Fatalf("%+v", x)
		}
		must[Ticket](t)(book(slot.Add(time.Hour)))
		if _, err := book(slot.Add(2 * time.Hour)); code(err) != "bookings_many" {
			t.Fatalf("a third booking: %v", err)
		}
		x = must[Ticket](t)(h.Confirm(ctx, who, x.ID, "confirm"))
		if x.State != Confirmed || !x.Hold.IsZero() {
			t.Fatalf("%+v", x)
		}
		h.pass(6 * time.Minute)
		if err := h.Tick(ctx); err != nil {
			t.Fatal(err)
		}
		if x = must[Ticket](t)(getTicket(ctx, h.Store, x.ID)); !x.Reminded {
			t.Fatal("nobody was reminded an hour before")
		}
		if _, err := h.Act(ctx, who, x.ID, byHolder, 0, "check_in", Doing{}); code(err) != "check_in_early" {
			t.Fatalf("checked in 44 minutes before: %v", err)
		}
		h.set(slot.Add(-25 * time.Minute))
		before := h.take(t, "center", "general", "", "先到")
		h.pass(time.Second)
		x = must[Ticket](t)(h.Act(ctx, who, x.ID, byHolder, 0, "check_in", Doing{}))
		if x.Class != "booked" || x.No == "" || !x.OrderAt.Equal(slot) {
			t.Fatalf("an early comer has their slot's place: %+v", x)
		}
		late := h.take(t, "center", "general", "", "后到")
		place := func(id store.ID) int {
			waiting := must[[]Waiting](t)(queue(ctx, h.Store, hall, "2026-11-27"))
			for _, w := range waiting {
				if w.ID == int64(id) {
					return h.book.Load().rules.aheadOf(hall, waiting, w)
				}
			}
			return -1
		}
		if place(before.ID) != 0 || place(late.ID) != 1 || place(x.ID) != 2 {
			t.Fatalf("%d %d %d", place(before.ID), place(x.ID), place(late.ID))
		}
		// Three times not come, and one takes a number at the hall.
		for i := range 3 {
			day := friday.AddDate(0, 0, 3+i)
			h.set(day)
			y := must[Ticket](t)(book(day.Add(50 * time.Minute)))
			must[Ticket](t)(h.Confirm(ctx, who, y.ID, "confirm"))
			h.set(day.Add(66 * time.Minute))
			if err := h.Tick(ctx); err != nil {
				t.Fatal(err)
			}
			if y = must[Ticket](t)(getTicket(ctx, h.Store, y.ID)); y.State != Archived {
				t.Fatalf("%+v", y)
			}
		}
		if _, err := book(friday.AddDate(0, 0, 10).Add(50 * time.Minute)); code(err) != "no_shows" {
			t.Fatalf("booked after not coming three times: %v", err)
		}
	})
}
