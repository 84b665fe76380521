package halls

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// Every state with every action: what is not in the table is refused.
func TestLawOfVisits(t *testing.T) {
	table := map[TicketState]map[TicketAction]TicketState{
		Free:         {"take": Queued, "reserve": Reserved},
		Reserved:     {"preconfirm": Preconfirmed, "confirm": Confirmed, "lapse": Deleted, "cancel": Deleted},
		Preconfirmed: {"confirm": Confirmed, "lapse": Deleted, "cancel": Deleted},
		Confirmed:    {"remind": Confirmed, "check_in": Queued, "no_show": Archived, "cancel": Deleted},
		Queued:       {"arrange": Queued, "favour": Queued, "near": Queued, "call": Called, "cancel": Deleted, "close": Archived},
		Called:       {"arrange": Called, "recall": Called, "miss": Missed, "start": Processing, "transfer": Queued, "close": Archived},
		Processing:   {"arrange": Processing, "park": Parked, "pend": Pending, "transfer": Queued, "next": Processing, "finish": Finished, "close": Archived},
		Pending:      {"come_back": Queued, "cancel": Deleted, "close": Archived},
		Parked:       {"arrange": Parked, "call": Called, "transfer": Queued, "close": Archived},
		Missed:       {"call": Called, "rejoin": Queued, "cancel": Deleted, "close": Archived},
		Finished:     {}, Deleted: {}, Archived: {},
	}
	for state, can := range table {
		for action := range ticketLaws {
			to, ok := state.Leads(action)
			want, may := can[action]
			if ok != may || ok && to != want {
				t.Errorf("%s %s: leads to %s, %v; want %s, %v", state, action, to, ok, want, may)
			}
			x := Ticket{State: state}
			before := x
			err := x.apply(TicketEvent{Action: action, Target: to})
			if (err == nil) != may || err != nil && !reflect.DeepEqual(x, before) {
				t.Errorf("%s %s: %v", state, action, err)
			}
		}
		if state.Over() != (len(can) == 0) {
			t.Errorf("%s: over is %v", state, state.Over())
		}
	}
	if len(table) != 13 {
		t.Errorf("%d states", len(table))
	}
	for action, law := range ticketLaws {
		if len(law.by) == 0 || law.told == "" {
			t.Errorf("%s: nobody may, or it is not told of", action)
		}
	}
}

// code is the code of an error that people are told of.
func code(err error) string {
	var p *httpapi.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// A visit through the whole hall: waiting apart from way time, the call limit, missed
// and back behind others, parked, sent on, back with papers another day; and its row is
// what its events make.
func TestVisitThroughTheHall(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		clerk, other := h.staff(t, "w1", "dp-zhengshu", "intake_clerk"), h.staff(t, "w5", "dp-zhengshu", "intake_clerk")
		center := h.hallOf("center")
		x := h.take(t, "center", "general", "", "王小明")
		if x.No != "A001" || x.Name != "王**" || x.State != Queued {
			t.Fatalf("%+v", x)
		}
		for range 4 {
			h.pass(time.Second)
			h.take(t, "center", "general", "", "李四")
		}
		if _, err := h.Next(ctx, clerk, center); code(err) != "no_sitting" {
			t.Fatalf("called without a window: %v", err)
		}
		if err := h.Sit(ctx, clerk, center, "01", nil); err != nil {
			t.Fatal(err)
		}
		if err := h.Sit(ctx, other, center, "01", nil); code(err) != "window_taken" {
			t.Fatalf("two at a window: %v", err)
		}
		if err := h.Sit(ctx, other, center, "05", nil); err != nil {
			t.Fatal(err)
		}
		h.pass(7 * time.Minute)
		called := must[*Ticket](t)(h.Next(ctx, clerk, center))
		if called == nil || called.ID != x.ID || called.WaitUS != 424e6 {
			t.Fatalf("called %+v", called)
		}
		if _, err := h.Next(ctx, clerk, center); code(err) != "window_busy" {
			t.Fatalf("two called at once: %v", err)
		}
		do := func(who account.Actor, as party, action TicketAction, in Doing) Ticket {
			t.Helper()
			return must[Ticket](t)(h.Act(ctx, who, x.ID, as, 0, action, in))
		}
		if _, err := h.Act(ctx, other, x.ID, byClerk, 0, "start", Doing{}); code(err) != "other_window" {
			t.Fatalf("another window started it: %v", err)
		}
		if _, err := h.Act(ctx, clerk, x.ID, byClerk, 1, "start", Doing{}); !errors.Is(err, caseflow.ErrConflict) {
			t.Fatalf("an old version: %v", err)
		}
		do(clerk, byClerk, "recall", Doing{})
		do(clerk, byClerk, "recall", Doing{})
		if _, err := h.Act(ctx, clerk, x.ID, byClerk, 0, "recall", Doing{}); code(err) != "call_limit" {
			t.Fatalf("a fourth call: %v", err)
		}
		do(clerk, byClerk, "miss", Doing{})
		got := do(clerk, byReception, "rejoin", Doing{})
		if got.Calls != 0 || got.Missed != 1 {
			t.Fatalf("%+v", got)
		}
		desk := must[WindowDesk](t)(h.Desk(ctx, clerk.Account, center))
		if len(desk.Waiting) != 5 || desk.Waiting[3].ID != x.ID {
			t.Fatalf("who was missed goes behind three: %v", desk.Waiting)
		}
	})
}

func TestVisitSentOnAndBack(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		clerk, other := h.staff(t, "w1", "dp-zhengshu", "intake_clerk"), h.staff(t, "w5", "dp-zhengshu", "intake_clerk")
		center := h.hallOf("center")
		for _, err := range []error{h.Sit(ctx, clerk, center, "01", nil), h.Sit(ctx, other, center, "05", nil)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		x := must[Ticket](t)(h.Take(ctx, clerk, center, Taking{Services: []TicketService{{Kind: "general", Item: "i1"}, {Kind: "permit"}, {Kind: "social"}}, Source: "reception",
			Who: vault.Identity{vault.Name: "王小明", vault.IDNumber: "440306199001011234"}}))
		if _, err := h.Take(ctx, clerk, center, Taking{Services: []TicketService{{Kind: "general"}}, Source: "kiosk", Who: vault.Identity{vault.IDNumber: "440306199001011234"}}); code(err) != "ticket_have" {
			t.Fatalf("a second number: %v", err)
		}
		do := func(who account.Actor, as party, action TicketAction, in Doing) Ticket {
			t.Helper()
			return must[Ticket](t)(h.Act(ctx, who, x.ID, as, 0, action, in))
		}
		must[*Ticket](t)(h.Next(ctx, clerk, center))
		h.pass(time.Minute)
		if got := do(clerk, byClerk, "start", Doing{}); got.WayUS != 60e6 || got.WaitUS != 0 {
			t.Fatalf("way time: %+v", got)
		}
		h.pass(5 * time.Minute)
		do(clerk, byClerk, "park", Doing{})
		h.pass(10 * time.Minute) // parked: not at the window
		do(clerk, byClerk, "call", Doing{})
		do(clerk, byClerk, "start", Doing{})
		if got := do(clerk, byClerk, "next", Doing{}); got.State != Processing || got.Kind != "permit" || !got.Services[0].Done {
			t.Fatalf("the next service at the same window: %+v", got)
		}
		h.pass(5 * time.Minute)
		if _, err := h.Act(ctx, clerk, x.ID, byClerk, 0, "transfer", Doing{Window: "05", Kind: "permit"}); code(err) != "invalid" {
			t.Fatalf("sent to a window that does not do it: %v", err)
		}
		got := do(clerk, byClerk, "transfer", Doing{Window: "05", Kind: "social"})
		if got.State != Queued || got.Target != "05" || got.Class != "onward" || got.ServeUS != 10*60e6 {
			t.Fatalf("sent on: %+v", got)
		}
		if next := must[*Ticket](t)(h.Next(ctx, clerk, center)); next != nil {
			t.Fatalf("another window called it: %+v", next)
		}
		must[*Ticket](t)(h.Next(ctx, other, center))
		do(other, byClerk, "start", Doing{})
		if _, err := h.Act(ctx, other, x.ID, byClerk, 0, "pend", Doing{}); code(err) != "invalid" {
			t.Fatalf("pending without saying what is wanting: %v", err)
		}
		do(other, byClerk, "pend", Doing{Reason: "户口簿复印件"})
		h.set(friday.AddDate(0, 0, 3))
		if got = do(clerk, byReception, "come_back", Doing{}); got.Class != "returning" || got.Day != "2026-11-30" || got.No != "B001" {
			t.Fatalf("back with papers: %+v", got)
		}
		if err := h.Rise(ctx, other, center, "05"); err != nil {
			t.Fatal(err)
		}
		if err := h.Sit(ctx, other, center, "05", nil); err != nil {
			t.Fatal(err)
		}
		must[*Ticket](t)(h.Next(ctx, other, center))
		do(other, byClerk, "start", Doing{})
		got = do(other, byClerk, "finish", Doing{Rest: true})
		events := must[[]TicketEvent](t)(ticketEvents(ctx, h.Store, x.ID))
		folded, err := foldTicket(events)
		if err != nil || !reflect.DeepEqual(folded, must[Ticket](t)(getTicket(ctx, h.Store, x.ID))) {
			t.Fatalf("the row is not what its events make: %v\n%+v\n%+v", err, folded, got)
		}
		var body string
		if err := h.Store.QueryRow(ctx, `SELECT body FROM outbox WHERE subject = 'halls.ticket_finished'`).Scan(&body); err != nil || !strings.Contains(body, `"items":["i1"]`) || !strings.Contains(body, `"window":"05"`) || !strings.Contains(body, other.Account.String()) {
			t.Fatalf("%s %v", body, err)
		}
		var leaks int
		if err := h.Store.QueryRow(ctx, `SELECT (SELECT count(*) FROM outbox WHERE body LIKE '%王小明%' OR body LIKE '%440306199001011234%') + (SELECT count(*) FROM hall_ticket_event WHERE data LIKE '%小明%' OR data LIKE '%440306199001011234%')`).Scan(&leaks); err != nil || leaks != 0 {
			t.Fatalf("%d events hold who it is (%v)", leaks, err)
		}
	})
}

// What was left in the queue overnight is closed; the numbers begin anew.
func TestDayIsClosed(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		clerk := h.staff(t, "w1", "dp-zhengshu", "intake_clerk")
		if err := h.Sit(ctx, clerk, h.hallOf("center"), "01", nil); err != nil {
			t.Fatal(err)
		}
		x := h.take(t, "center", "general", "", "王小明")
		h.set(friday.Add(12 * time.Hour))
		if _, err := h.Take(ctx, clerk, h.hallOf("center"), Taking{Services: []TicketService{{Kind: "general"}}, Source: "kiosk"}); code(err) != "hall_closed" {
			t.Fatalf("a number after hours: %v", err)
		}
		h.set(friday.AddDate(0, 0, 3))
		if _, err := h.Act(ctx, clerk, x.ID, byClerk, 0, "call", Doing{}); code(err) != "ticket_state" {
			t.Fatalf("friday's number called on monday: %v", err)
		}
		must[any](t)(h.CloseDays(ctx))
		if got := must[Ticket](t)(getTicket(ctx, h.Store, x.ID)); got.State != Archived {
			t.Fatalf("%+v", got)
		}
		if sat := must[[]Sitting](t)(sittings(ctx, h.Store, "center")); len(sat) != 0 {
			t.Fatalf("%+v", sat)
		}
		if y := h.take(t, "center", "general", "", "李四"); y.No != "A001" {
			t.Fatalf("%s", y.No)
		}
	})
}

// Sixteen windows call at once: nobody is called twice.
func TestCalledOnce(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		center := h.hallOf("center")
		var clerks []account.Actor
		for i, w := range []string{"01", "02", "03"} {
			c := h.staff(t, "c"+w, "dp-zhengshu", "intake_clerk")
			clerks = append(clerks, c)
			if err := h.Sit(ctx, c, center, w, nil); err != nil {
				t.Fatal(i, err)
			}
		}
		for range 60 {
			h.take(t, "center", "general", "", "某人")
		}
		seen := make(chan store.ID, 100)
		errs := make(chan error, 3)
		for _, c := range clerks {
			go func() {
				for {
					x, err := h.Next(ctx, c, center)
					if err != nil || x == nil {
						errs <- err
						return
					}
					seen <- x.ID
					if _, err = h.Act(ctx, c, x.ID, byClerk, 0, "start", Doing{}); err == nil {
						_, err = h.Act(ctx, c, x.ID, byClerk, 0, "finish", Doing{})
					}
					if err != nil {
						errs <- err
						return
					}
				}
			}()
		}
		for range clerks {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		close(seen)
		had := map[store.ID]bool{}
		for id := range seen {
			if had[id] {
				t.Errorf("%s was called twice", id)
			}
			had[id] = true
		}
		if len(had) != 60 {
			t.Errorf("%d were called", len(had))
		}
	})
}

// Whatever happens to a visit, in whatever order: its services' times are its own, summed;
// what is done stays done; and folding its events anew makes the same visit.
func TestTimesOfServices(t *testing.T) {
	actions := slices.Sorted(maps.Keys(ticketLaws))
	rapid.Check(t, func(t *rapid.T) {
		var events []TicketEvent
		var x Ticket
		at := friday
		kinds := []string{"a", "b", "c"}
		do := func(action TicketAction, to TicketState, d TicketData) {
			e := TicketEvent{Ticket: 1, Seq: x.Version + 1, At: store.At(at), Action: action, Target: to, Data: d}
			if err := x.apply(e); err != nil {
				t.Fatal(err)
			}
			events = append(events, e)
		}
		services := TicketServices{}
		for i := range rapid.IntRange(1, 3).Draw(t, "services") {
			services = append(services, TicketService{Kind: kinds[i]})
		}
		do("take", Queued, TicketData{Kind: "a", Services: services, Order: store.At(at)})
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			at = at.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "seconds")) * time.Second)
			action := rapid.SampledFrom(actions).Draw(t, "action")
			to, ok := x.State.Leads(action)
			if !ok || action == "check_in" {
				continue
			}
			done := 0
			for _, s := range x.Services {
				if s.Done {
					done++
				}
			}
			d := TicketData{Window: "01", Order: store.At(at)}
			switch action {
			case "next", "finish":
				d.Services = slices.Clone(x.Services)
				if i := x.current(); i >= 0 {
					d.Services[i].Done = true
				}
				if action == "next" {
					left := slices.IndexFunc(d.Services, func(s TicketService) bool { return !s.Done })
					if left < 0 {
						continue
					}
					d.Kind = d.Services[left].Kind
					if rapid.Bool().Draw(t, "elsewhere") {
						to = Queued
					}
				}
			case "arrange":
				left := []TicketService{}
				for _, s := range x.Services {
					if !s.Done {
						left = append(left, TicketService{Kind: s.Kind})
					}
				}
				left = rapid.Permutation(left).Draw(t, "left")
				arranged, ok := x.arranged(left)
				if fixed := x.State != Queued || x.Target != ""; ok && fixed && left[0].Kind != x.Services[x.current()].Kind {
					t.Fatalf("what a window has begun was put off: %v", arranged)
				}
				if !ok {
					continue
				}
				d.Services = arranged
			}
			do(action, to, d)
			var wait, serve int64
			again := 0
			for _, s := range x.Services {
				wait, serve = wait+s.WaitUS, serve+s.ServeUS
				if s.Done {
					again++
				}
			}
			if wait != x.WaitUS || serve != x.ServeUS {
				t.Fatalf("%s: services waited %d and took %d, the visit %d and %d", action, wait, serve, x.WaitUS, x.ServeUS)
			}
			if again < done {
				t.Fatalf("%s: what was done is not", action)
			}
		}
		folded, err := foldTicket(events)
		if err != nil || !reflect.DeepEqual(folded, x) {
			t.Fatalf("folded anew: %v\n%+v\n%+v", err, folded, x)
		}
	})
}

// Each action by each party: what the law does not give to a party is refused to it, in
// every state.
func TestPartiesOfVisits(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		clerk := h.staff(t, "w1", "dp-zhengshu", "intake_clerk")
		x := h.take(t, "center", "general", "", "王小明")
		for action, law := range ticketLaws {
			for _, as := range []party{byClerk, byReception, byHolder, bySystem} {
				if slices.Contains(law.by, as) {
					continue
				}
				if _, err := h.Act(ctx, clerk, x.ID, as, 0, action, Doing{Services: []TicketService{{Kind: "general"}}, Reason: "x"}); code(err) != "invalid" {
					t.Errorf("%s by the %s: %v", action, as, err)
				}
			}
		}
		if got := must[Ticket](t)(getTicket(ctx, h.Store, x.ID)); got.Version != x.Version {
			t.Errorf("something was done: %+v", got)
		}
	})
}
