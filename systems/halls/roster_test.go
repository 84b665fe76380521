package halls

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/store"
)

// What is uncovered is, minute by minute, what is needed and nobody has.
func TestUncovered(t *testing.T) {
	at := func(m int) store.Time { return store.At(friday.Add(time.Duration(m) * time.Minute)) }
	spans := func(t *rapid.T, name string, apart bool) (out []HallSpan) {
		from := 0
		for range rapid.IntRange(0, 4).Draw(t, name) {
			if !apart {
				from = 0
			}
			from += rapid.IntRange(0, 30).Draw(t, "from")
			to := from + rapid.IntRange(1, 40).Draw(t, "long")
			out = append(out, HallSpan{at(from), at(to)})
			from = to
		}
		return out
	}
	in := func(list []HallSpan, m int) (n int) {
		for _, x := range list {
			if !x.From.After(at(m).Time) && x.To.After(at(m).Time) {
				n++
			}
		}
		return n
	}
	rapid.Check(t, func(t *rapid.T) {
		need, have := spans(t, "need", true), spans(t, "have", false)
		gaps := uncovered(need, have)
		for m := range 300 {
			want := 0
			if in(need, m) > 0 && in(have, m) == 0 {
				want = 1
			}
			if in(gaps, m) != want {
				t.Fatalf("minute %d: need %v have %v gaps %v", m, need, have, gaps)
			}
		}
		for _, g := range gaps {
			if !g.To.After(g.From.Time) {
				t.Fatalf("an empty gap: %v", gaps)
			}
		}
	})
}

// A day's roster: gaps where the plan has windows open and nobody sits, who lacks what,
// who is not there; nobody is at two windows, no window has two; leave makes a gap again.
func TestHallRoster(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		startup := h.hallOf("startup")
		boss := h.staff(t, "boss", "dp-zhengshu", "hall_manager")
		one, two := h.staff(t, "one", "dp-zhengshu", "intake_clerk"), h.staff(t, "two", "dp-zhengshu", "intake_clerk", "stuck_clerk")
		far := h.staff(t, "far", "st-xixiang", "intake_clerk")
		day := "2026-11-27"
		midnight := must[time.Time](t)(h.day(day))
		hour := func(n float64) time.Time { return midnight.Add(time.Duration(n * float64(time.Hour))) }
		put := func(window string, who account.Actor, from, to float64) error {
			return h.PutDuty(ctx, boss, startup, window, who.Account, hour(from), hour(to), "")
		}
		window := func(r HallRoster, code string) RosterWindow {
			return *find(r.Windows, func(w *RosterWindow) bool { return w.Code == code })
		}
		r := must[HallRoster](t)(h.Roster(ctx, startup, day))
		if w := window(r, "01"); len(w.Planned) != 2 || len(w.Gaps) != 2 || len(r.Week) != 7 || r.Week[0].Day != "2026-11-23" || r.Week[4].Gap != 14*60 || r.Week[5].Planned != 0 {
			t.Fatalf("%+v %+v", w, r.Week)
		}
		if err := put("01", one, 9, 12); err != nil {
			t.Fatal(err)
		}
		for name, err := range map[string]error{"window_rostered": put("01", two, 11, 13), "overlaps": put("02", one, 11, 14)} {
			if code(err) != name {
				t.Errorf("%s: %v", name, err)
			}
		}
		for name, err := range map[string]error{
			"over midnight": put("01", two, 22, 25), "no such window": put("99", two, 14, 15), "backwards": put("01", two, 15, 14), "yesterday": put("01", two, -12, -11), "another hall's": put("01", far, 14, 15),
		} {
			if code(err) != "invalid" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := put("01", two, 14, 17); err != nil {
			t.Fatal(err)
		}
		if err := h.SetSkills(ctx, boss, startup, two.Account, false, []string{"help"}, ""); err != nil {
			t.Fatal(err)
		}
		if err := h.Sit(ctx, two, startup, "01", nil); err != nil {
			t.Fatal(err)
		}
		r = must[HallRoster](t)(h.Roster(ctx, startup, day))
		w := window(r, "01")
		if len(w.Gaps) != 1 || !w.Gaps[0].From.Equal(hour(17)) || !w.Gaps[0].To.Equal(hour(18)) || r.Week[4].Gap != 8*60 {
			t.Fatalf("%+v", w.Gaps)
		}
		if !w.Duties[0].Absent || w.Duties[1].Absent || len(w.Duties[1].Lacks) != 2 || w.Sitting != "two" {
			t.Fatalf("%+v", w)
		}
		if own := must[WindowDesk](t)(h.Desk(ctx, one.Account, startup)).Duties; len(own) != 1 || own[0].Window != "01" {
			t.Fatalf("%+v", own)
		}
		// Monday as friday; twice puts nothing more.
		if n, left, err := h.CopyDuties(ctx, boss, startup, day, "2026-11-30"); n != 2 || left != 0 || err != nil {
			t.Fatalf("%d %d %v", n, left, err)
		}
		if n, left, err := h.CopyDuties(ctx, boss, startup, day, "2026-11-30"); n != 0 || left != 2 || err != nil {
			t.Fatalf("%d %d %v", n, left, err)
		}
		monday := must[HallRoster](t)(h.Roster(ctx, startup, "2026-11-30"))
		if len(window(monday, "01").Duties) != 2 {
			t.Fatalf("%+v", monday.Windows)
		}
		id := window(monday, "01").Duties[0].ID
		if err := h.DropDuty(ctx, boss, h.hallOf("center"), id); err == nil {
			t.Fatal("another hall's duty was taken back")
		}
		if err := h.DropDuty(ctx, boss, startup, id); err != nil {
			t.Fatal(err)
		}
		if n := window(must[HallRoster](t)(h.Roster(ctx, startup, "2026-11-30")), "01").Gaps; len(n) != 2 {
			t.Fatalf("%+v", n)
		}
		h.set(midnight.Add(20 * time.Hour))
		if err := h.DropDuty(ctx, boss, startup, w.Duties[0].ID); err == nil {
			t.Fatal("what is over was taken back")
		}
		// On leave on tuesday: they cannot be rostered, and the screen says so.
		tuesday := midnight.AddDate(0, 0, 4)
		if _, err := h.Accounts.PutShift(ctx, one, account.Shift{Account: one.Account, Kind: account.Away, Since: store.At(tuesday), Until: store.At(tuesday.AddDate(0, 0, 1))}); err != nil {
			t.Fatal(err)
		}
		if n, left, err := h.CopyDuties(ctx, boss, startup, day, "2026-12-01"); n != 1 || left != 1 || err != nil {
			t.Fatalf("%d %d %v", n, left, err)
		}
		off := must[HallRoster](t)(h.Roster(ctx, startup, "2026-12-01"))
		if c := find(off.Clerks, func(c *RosterClerk) bool { return c.Clerk == one.Account }); len(c.Away) != 1 {
			t.Fatalf("%+v", c)
		}
	})
}

// Hand-computed: two days with a forecast, one without a past, one on which nobody came.
func TestForecastError(t *testing.T) {
	monday := friday.AddDate(0, 0, -4)
	day := func(n int) string { return monday.AddDate(0, 0, n).Format(time.DateOnly) }
	came := func(nine, ten int) *[48]int { x := &[48]int{}; x[18], x[20] = nine, ten; return x }
	by := map[string]*[48]int{
		day(0): came(4, 2), day(-7): came(6, 0), day(-14): came(2, 2), // foretold 4 and 1
		day(1): came(5, 0), day(-6): came(10, 0), // foretold 10
		day(2):  came(9, 9), // no past
		day(-4): came(1, 1), // of thursday, on which nobody came
	}
	var days []time.Time
	for i := range 4 {
		days = append(days, monday.AddDate(0, 0, i))
	}
	got := forecastError(days, by)
	// Bias: (4+1+10−11)/11; MAPE: (0/4 + 1/2 + 5/5)/3.
	if got.Days != 2 || got.Came != 11 || got.Bias != 36.4 || got.MAPE != 50 || got.N != 3 {
		t.Fatalf("%+v", got)
	}
	if len(got.Halves) != 2 || got.Halves[0] != (HalfError{"09:00", 7, 4.5, 2.5}) || got.Halves[1] != (HalfError{"10:00", 0.5, 1, -0.5}) {
		t.Fatalf("%+v", got.Halves)
	}
	if none := forecastError(nil, by); none.Days != 0 || len(none.Halves) != 0 || none.MAPE != 0 {
		t.Fatalf("%+v", none)
	}
}
