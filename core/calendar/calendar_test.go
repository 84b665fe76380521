package calendar

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"shanzhi/internal/testkit"

	"pgregory.net/rapid"
)

const office = `
name: office
zone: Asia/Shanghai
kind: working
days: [mon, tue, wed, thu, fri]
shifts: 09:00-12:00, 14:00-18:00
holidays: [cn]
`

// definitions of every shape that the properties must hold for.
var definitions = []string{
	office,
	`{name: hall, zone: Asia/Shanghai, kind: working, days: [mon, tue, wed, thu, fri, sat],
	  shifts: "09:00-18:00", shifts_on: {sat: "09:00-12:00"}, holidays: [cn],
	  exceptions: {"2024-09-06..2024-09-07": off typhoon, "2024-09-08": "work 10:00-12:00, 13:00-15:00 made up"}}`,
	`{name: night, zone: Europe/Lisbon, kind: working, days: [mon, tue, wed, thu, fri, sat, sun],
	  shifts: "00:30-04:00, 22:00-23:00", shifts_on: {sat: "22:00-00:15"}, covered: 2020-2026}`,
	`{name: watch, zone: America/New_York, kind: working, days: [sun, mon, wed], shifts: "21:30-05:00"}`,
	`{name: always, zone: Europe/Lisbon, kind: round_the_clock}`,
}

func compile(t testing.TB, yaml string, sets ...HolidaySet) *Calendar {
	t.Helper()
	d, err := ParseDefinition([]byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(d, sets...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func at(c *Calendar, s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, c.Zone())
	if err != nil {
		panic(err)
	}
	return t
}

func TestAdd(t *testing.T) {
	for _, tc := range []struct{ calendar, start, limit, due, why string }{
		{office, "2026-03-03 10:00", "30m", "2026-03-03 10:30", "elapsed time"},
		{office, "2026-03-06 17:30", "2h", "2026-03-06 19:30", "elapsed time runs on after business"},
		{office, "2026-03-06 17:00", "2wh", "2026-03-09 10:00", "over the weekend"},
		{office, "2026-03-03 11:30", "45wm", "2026-03-03 14:15", "over the lunch break"},
		{office, "2026-03-03 14:00", "4wh", "2026-03-03 18:00", "ends with the last instant of work"},
		{office, "2026-03-07 10:00", "1wh", "2026-03-09 10:00", "from a Saturday"},
		{office, "2026-03-03 10:00", "1wd", "2026-03-04 18:00", "the day of commencement is not counted (201)"},
		{office, "2026-03-03 23:00", "1wd", "2026-03-04 18:00", "filed at night, still that day"},
		{office, "2026-03-06 10:00", "1wd", "2026-03-09 18:00", "Friday to Monday"},
		{office, "2026-03-07 10:00", "1wd", "2026-03-09 18:00", "from a Saturday the first day is Monday"},
		{office, "2026-03-03 10:00", "5wd", "2026-03-10 18:00", "a week"},
		{office, "2026-02-13 10:00", "1wd", "2026-02-14 18:00", "a make-up Saturday counts (调休)"},
		{office, "2026-02-13 10:00", "2wd", "2026-02-24 18:00", "over the Spring Festival"},
		{office, "2026-02-14 17:00", "2wh", "2026-02-24 10:00", "make-up day has business hours"},
		{office, "2026-09-30 17:59", "5wd", "2026-10-13 18:00", "National Day, made up on Saturday the 10th"},
		{office, "2026-03-03 10:00", "15d", "2026-03-18 18:00", "natural days end with business (203)"},
		{office, "2026-03-03 10:00", "4d", "2026-03-09 18:00", "a Saturday gives way to Monday (203)"},
		{office, "2026-09-24 10:00", "7d", "2026-10-08 18:00", "the holiday gives way to the day after"},
		{office, "2026-02-07 10:00", "7d", "2026-02-14 18:00", "a Saturday worked as a make-up day does not give way"},
		{office, "2026-03-03 10:00", "0wd", "2026-03-03 18:00", "today"},
		{office, "2026-03-03 18:00", "0wd", "2026-03-04 18:00", "today, after business"},
		{office, "2026-03-03 10:00", "1wd midnight", "2026-03-05 00:00", "24:00 of the last day"},
		{office, "2026-03-03 10:20", "5wd rolling", "2026-03-10 10:20", "counted from the minute"},
		{office, "2026-03-06 12:30", "1wd rolling", "2026-03-09 14:00", "begins with the next working time"},
		{office, "2026-03-06 20:00", "1wd rolling", "2026-03-10 09:00", "begins on Monday at nine"},
		{office, "2026-03-03 10:20", "4d rolling", "2026-03-07 10:20", "no day gives way"},
		{definitions[1], "2026-03-06 17:00", "1wd rolling", "2026-03-07 12:00", "kept within Saturday's hours"},
		{definitions[1], "2024-09-05 17:00", "2wh", "2024-09-08 11:00", "an operator's exceptions"},
		{definitions[1], "2026-02-13 10:00", "1wd", "2026-02-14 18:00", "a make-up Saturday has the usual hours, not Saturday's"},
		{definitions[3], "2026-03-02 23:00", "7wh", "2026-03-04 22:30", "a night shift belongs to the day it began"},
		{definitions[3], "2026-03-01 22:00", "1wd", "2026-03-03 05:00", "ends with Monday's shift, on Tuesday morning"},
		{definitions[3], "2026-03-08 01:00", "3wh", "2026-03-09 00:30", "Sunday's shift is the next; Saturday has none"},
		{definitions[4], "2026-03-28 10:00", "1wd", "2026-03-30 00:00", "round the clock each date counts, and ends at 24:00"},
		{definitions[4], "2026-03-28 10:00", "1d rolling", "2026-03-29 10:00", "a day that has 23 hours"},
		{definitions[4], "2026-03-28 10:00", "24h", "2026-03-29 11:00", "24 hours over the same night"},
		{definitions[4], "2026-03-28 01:30", "1d rolling", "2026-03-29 02:00", "a time of day that the clocks skip"},
	} {
		c := compile(t, tc.calendar)
		got := c.Add(at(c, tc.start), MustLimit(tc.limit))
		if want := at(c, tc.due); !got.Equal(want) {
			t.Errorf("%s %s + %s = %s, want %s: %s", c.Name(), tc.start, tc.limit, got, want, tc.why)
		}
	}
}

// instants draws instants that lie near what matters: day borders, clock
// changes, holidays.
func instants(c *Calendar) *rapid.Generator[time.Time] {
	near := []time.Time{
		at(c, "2026-03-29 01:00"), at(c, "2026-10-25 01:30"), at(c, "2026-03-08 02:00"), at(c, "2026-11-01 01:00"),
		at(c, "2026-02-14 12:00"), at(c, "2024-09-07 12:00"), at(c, "2026-10-03 09:00"),
	}
	return rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "near") {
			return rapid.SampledFrom(near).Draw(t, "around").Add(time.Duration(rapid.Int64Range(-3*86400, 3*86400).Draw(t, "s")) * time.Second)
		}
		return at(c, "2019-01-01 00:00").Add(time.Duration(rapid.Int64Range(0, 10*365*86400*1e9).Draw(t, "ns")))
	})
}

var limits = rapid.Custom(func(t *rapid.T) Limit {
	l := Limit{Unit: Unit(rapid.IntRange(0, 3).Draw(t, "unit"))}
	if l.Unit == Elapsed || l.Unit == WorkingTime {
		l.Time = time.Duration(rapid.Int64Range(0, 300*3600*1e9).Draw(t, "time"))
	} else {
		l.Days, l.End = rapid.IntRange(0, 40).Draw(t, "days"), End(rapid.IntRange(0, 2).Draw(t, "end"))
	}
	return l
})

// property runs a property on each calendar.
func property(t *testing.T, check func(t *rapid.T, c *Calendar)) {
	for _, yaml := range definitions {
		c := compile(t, yaml)
		t.Run(c.Name(), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { check(t, c) })
		})
	}
}

func TestAddGrowsWithStartAndLimit(t *testing.T) {
	property(t, func(t *rapid.T, c *Calendar) {
		a := instants(c).Draw(t, "a")
		b := a.Add(time.Duration(rapid.Int64Range(0, 4*86400*1e9).Draw(t, "later")))
		l := limits.Draw(t, "limit")
		due := c.Add(a, l)
		if due.Before(a) {
			t.Fatalf("%s + %s = %s is before its start", a, l, due)
		}
		if other := c.Add(b, l); other.Before(due) {
			t.Fatalf("%s + %s = %s, but from %s it is %s", a, l, due, b, other)
		}
		more := l
		more.Days++
		more.Time += time.Minute
		if longer := c.Add(a, more); longer.Before(due) {
			t.Fatalf("%s + %s = %s, but + %s = %s", a, l, due, more, longer)
		}
	})
}

func TestBetweenUndoesAdd(t *testing.T) {
	property(t, func(t *rapid.T, c *Calendar) {
		a, b := instants(c).Draw(t, "a"), instants(c).Draw(t, "b")
		work := time.Duration(rapid.Int64Range(0, 500*3600*1e9).Draw(t, "work"))
		due := c.Add(a, Limit{Unit: WorkingTime, Time: work})
		if got := c.Between(a, due); got != work {
			t.Fatalf("between %s and %s: %s, want %s", a, due, got, work)
		}
		if work > 0 && c.Between(a, due.Add(-1)) != work-1 {
			t.Fatalf("%s is not the first instant by which %s is worked", due, work)
		}
		if c.Between(a, b) != -c.Between(b, a) || c.Between(a, b) != c.Between(a, due)+c.Between(due, b) {
			t.Fatal("Between does not add up")
		}
		if c.Kind() == RoundTheClock && !due.Equal(a.Add(work)) {
			t.Fatal("round the clock differs from wall time")
		}
	})
}

// TestBetweenCountsMinutes holds Between and IsWorking against the definition
// read minute by minute off the wall clock.
func TestBetweenCountsMinutes(t *testing.T) {
	for _, yaml := range definitions {
		c := compile(t, yaml)
		d, _ := ParseDefinition([]byte(yaml))
		worked := func(t time.Time) bool {
			if d.Kind == RoundTheClock {
				return true
			}
			for back := range Date(2) {
				date := DateOf(t) - back
				shifts := d.week(Weekday(date.Weekday()))
				e, ok := d.Exceptions[date]
				if !ok && len(d.Holidays) > 0 {
					e, ok = China().Days[date]
				}
				if ok && !e.Work {
					shifts = nil
				} else if ok && e.Shifts != nil {
					shifts = e.Shifts
				} else if ok {
					shifts = d.Shifts
				}
				minute := t.Hour()*60 + t.Minute() + int(back)*24*60
				for _, s := range shifts {
					if s.From <= minute && minute < s.To {
						return true
					}
				}
			}
			return false
		}
		for _, from := range []string{"2026-02-10 00:00", "2024-09-01 00:00", "2026-03-25 00:00", "2026-10-23 00:00", "2026-10-30 00:00"} {
			start := at(c, from)
			var want time.Duration
			for minute := range 20 * 24 * 60 {
				now := start.Add(time.Duration(minute) * time.Minute)
				if c.IsWorking(now) != worked(now) {
					t.Fatalf("%s: IsWorking(%s) = %v", c.Name(), now, c.IsWorking(now))
				}
				if next := c.NextWorking(now); !c.IsWorking(next) || c.Between(now, next) != 0 {
					t.Fatalf("%s: NextWorking(%s) = %s", c.Name(), now, next)
				}
				if got := c.Between(start, now); got != want {
					t.Fatalf("%s: from %s to %s worked %s, counted %s", c.Name(), start, now, got, want)
				}
				if worked(now) {
					want += time.Minute
				}
			}
		}
	}
}

func TestPausingMovesDueByTheTimePaused(t *testing.T) {
	property(t, func(t *rapid.T, c *Calendar) {
		k := Clock{Start: instants(c).Draw(t, "start"), Limit: limits.Draw(t, "limit")}
		whole := c.Add(k.Start, k.Limit)
		from := k.Start.Add(time.Duration(rapid.Int64Range(-86400*1e9, int64(whole.Sub(k.Start))+86400*1e9).Draw(t, "from")))
		to := from.Add(time.Duration(rapid.Int64Range(0, 10*86400*1e9).Draw(t, "for")))
		k.Pauses = []Pause{{from, to}}
		now := instants(c).Draw(t, "now")
		r := c.Read(k, now)
		effective := max(c.measure(k.Limit, later(from, k.Start), later(to, k.Start)), 0)
		if !later(from, k.Start).Before(whole) {
			effective = 0
		}
		want := whole
		if effective > 0 {
			want = c.shift(k.Limit, whole, effective)
			if k.Limit.inWork() && c.Between(whole, r.Due) != effective {
				t.Fatalf("due moved from %s to %s for %s paused", whole, r.Due, effective)
			}
		}
		if k.Limit.Unit != NaturalDays && !r.Due.Equal(want) || r.Due.Before(want) {
			t.Fatalf("due %s, want %s", r.Due, want)
		}
		if r.Overdue != now.After(r.Due) || r.Remaining < 0 && !r.Overdue || now.Before(r.Due) && r.Remaining < 0 {
			t.Fatalf("reading contradicts itself at %s: %+v", now, r)
		}
		if now.After(k.Start) && r.Elapsed+r.Remaining != c.measure(k.Limit, k.Start, r.Due)-effective {
			t.Fatalf("elapsed and remaining do not add up: %+v", r)
		}
		// The same pause told in two overlapping pieces, out of order.
		middle := from.Add(to.Sub(from) / 2)
		k.Pauses = []Pause{{middle.Add(-to.Sub(from) / 4), to}, {from, middle}}
		if again := c.Read(k, now); again != r {
			t.Fatalf("in pieces %+v, whole %+v", again, r)
		}
	})
}

func TestReadingWhilePaused(t *testing.T) {
	c := compile(t, office)
	k := Clock{Start: at(c, "2026-03-02 09:00"), Limit: MustLimit("7wh"), Pauses: []Pause{{From: at(c, "2026-03-02 11:00")}}}
	r := c.Read(k, at(c, "2026-03-03 15:00"))
	if !r.Paused || r.Overdue || r.Elapsed != 2*time.Hour || r.Remaining != 5*time.Hour || !r.Due.Equal(at(c, "2026-03-04 11:00")) {
		t.Errorf("%+v", r)
	}
	k.Pauses[0].To = at(c, "2026-03-02 15:00")
	r = c.Read(k, at(c, "2026-03-03 10:00"))
	if r.Paused || !r.Due.Equal(at(c, "2026-03-03 11:00")) || r.Elapsed != 6*time.Hour || r.Remaining != time.Hour {
		t.Errorf("%+v", r)
	}
	if late := c.Read(k, at(c, "2026-03-03 15:00")); !late.Overdue || late.Remaining != -2*time.Hour {
		t.Errorf("%+v", late)
	}
	k.Extensions = []Limit{MustLimit("10wd")}
	if r = c.Read(k, k.Start); !r.Due.Equal(at(c, "2026-03-17 11:00")) {
		t.Errorf("extended due %s", r.Due)
	}
	k = Clock{Start: at(c, "2026-03-02 09:00"), Limit: MustLimit("10wh")}
	if amber := c.Share(k, 0.8, k.Start); !amber.Equal(at(c, "2026-03-03 10:00")) {
		t.Errorf("amber %s", amber)
	}
	k.Pauses = []Pause{{at(c, "2026-03-02 10:00"), at(c, "2026-03-02 11:00")}}
	if amber := c.Share(k, 0.8, k.Start); !amber.Equal(at(c, "2026-03-03 11:00")) {
		t.Errorf("amber %s", amber)
	}
	k = Clock{Start: at(c, "2026-03-02 09:00"), Limit: MustLimit("11d"), Pauses: []Pause{{at(c, "2026-03-03 09:00"), at(c, "2026-03-04 09:00")}}}
	if r = c.Read(k, k.Start); !r.Due.Equal(at(c, "2026-03-16 18:00")) {
		t.Errorf("natural days moved to a Saturday are due %s", r.Due)
	}
}

func TestShippedHolidaysEqualTheirSource(t *testing.T) {
	set := China()
	days := 0
	for year := 2015; year <= 2027; year++ {
		text, err := os.ReadFile(testkit.Shared(t, "holidays", fmt.Sprintf("%d.json", year)))
		if err != nil {
			t.Fatal(err)
		}
		var file struct {
			Days []struct {
				Date     string
				Name     string
				IsOffDay bool
			}
		}
		if err := json.Unmarshal(text, &file); err != nil {
			t.Fatal(err)
		}
		if set.Covered[year] != (len(file.Days) > 0) {
			t.Errorf("%d: covered %v with %d days in the source", year, set.Covered[year], len(file.Days))
		}
		for _, d := range file.Days {
			days++
			date, err := ParseDate(d.Date)
			if err != nil {
				t.Fatal(err)
			}
			e, ok := set.Days[date]
			if !ok || e.Work == d.IsOffDay || e.Name != d.Name {
				t.Errorf("%s: %+v, source %+v", date, e, d)
			}
		}
	}
	if days != len(set.Days) {
		t.Errorf("%d days, source has %d", len(set.Days), days)
	}
}

func TestCoverage(t *testing.T) {
	c := compile(t, office)
	if !c.Covered(2026) || c.Covered(2027) || c.Covered(2014) {
		t.Error("coverage of the shipped set")
	}
	k := Clock{Start: at(c, "2026-12-30 10:00"), Limit: MustLimit("5wd")}
	if !c.Read(k, k.Start).Assumed {
		t.Error("a due date in a year not announced must be said to be assumed")
	}
	k.Start = at(c, "2026-12-01 10:00")
	if c.Read(k, k.Start).Assumed {
		t.Error("assumed, though covered")
	}
	if always := compile(t, definitions[4]); !always.Covered(2090) || always.Assumed(k.Start, k.Start.AddDate(9, 0, 0)) {
		t.Error("round the clock needs no holidays")
	}
	extended := compile(t, office+"covered: \"2027\"\nexceptions:\n  2027-01-01..2027-01-03: off 元旦\n")
	k.Start = at(c, "2026-12-31 10:00")
	r := extended.Read(Clock{Start: k.Start, Limit: MustLimit("1wd")}, k.Start)
	if r.Assumed || !r.Due.Equal(at(c, "2027-01-04 18:00")) {
		t.Errorf("an operator's own year: %+v", r)
	}
	corrected, err := ParseHolidays([]byte("name: cn\ncovered: 2026\ndays: {2026-03-04: off}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := compile(t, office, corrected).Add(at(c, "2026-03-03 10:00"), MustLimit("1wd")); !got.Equal(at(c, "2026-03-05 18:00")) {
		t.Errorf("a replaced set gives %s", got)
	}
}

func TestVersionFollowsWhatDecides(t *testing.T) {
	base := compile(t, office)
	for change, same := range map[string]bool{
		strings.Replace(office, "name: office", "name: other", 1):                            true,
		office + "exceptions: {2026-02-14: work a name}":                                     true,
		office + "exceptions: {2026-02-14: off}":                                             false,
		office + "exceptions: {2026-02-14: \"work 09:00-12:00\"}":                            false,
		office + "shifts_on: {fri: \"09:00-12:00, 14:00-17:00\"}":                            false,
		office + "covered: \"2027\"":                                                         false,
		strings.Replace(office, "Shanghai", "Tokyo", 1):                                      false,
		strings.Replace(office, "holidays: [cn]", "", 1):                                     false,
		strings.Replace(office, "[mon, tue, wed, thu, fri]", "[fri, thu, wed, tue, mon]", 1): true,
		strings.Replace(office, "shifts: 09:00-12:00, 14:00-18:00", "shifts: 9:00-18:00", 1): false,
	} {
		if got := compile(t, change).Version() == base.Version(); got != same {
			t.Errorf("same version %v, want %v: %s", got, same, change)
		}
	}
}

func TestDefinitionsRefused(t *testing.T) {
	for yaml, say := range map[string]string{
		"name: x\nzone: Asia/Shanghai\nkind: working\nshifs: 09:00-12:00":                                 "unknown field",
		"name: x\nzone: Asia/Shanghai\nkind: working":                                                     "needs days and shifts",
		"name: x\nzone: Asia/Atlantis\nkind: round_the_clock":                                             "Atlantis",
		"name: x\nkind: round_the_clock":                                                                  "time zone",
		"zone: Asia/Shanghai\nkind: round_the_clock":                                                      "no name",
		"name: x\nzone: Asia/Shanghai\nkind: sometimes":                                                   "sometimes",
		"name: x\nzone: Asia/Shanghai\nkind: round_the_clock\nshifts: 09:00-12:00":                        "round the clock",
		office + "exceptions: {2026-02-30: off}":                                                          "2026-02-30",
		office + "exceptions: {2026-02-13: closed}":                                                       "neither off nor work",
		office + "exceptions: {2026-02-13: work 9-12}":                                                    "not a shift",
		office + "exceptions: {2026-02-01..2026-02-07: off, 2026-02-03: off}":                             "twice",
		office + "exceptions: {2026-02-07..2026-02-01: off}":                                              "range",
		office + "shifts_on: {sun: \"09:00-12:00\"}":                                                      "sun",
		strings.Replace(office, "mon,", "monday,", 1):                                                     "monday",
		strings.Replace(office, "14:00-18:00", "11:00-18:00", 1):                                          "before",
		strings.Replace(office, "14:00-18:00", "14:00-25:00", 1):                                          "not a shift",
		"name: x\nzone: Asia/Shanghai\nkind: working\ndays: [mon, tue]\nshifts: 08:00-09:00, 20:00-10:00": "runs into",
	} {
		if _, err := ParseDefinition([]byte(yaml)); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("error %v does not say %q:\n%s", err, say, yaml)
		}
	}
	d, _ := ParseDefinition([]byte(strings.Replace(office, "[cn]", "[pt]", 1)))
	if _, err := New(d); err == nil || !strings.Contains(err.Error(), `"pt"`) {
		t.Errorf("unknown set: %v", err)
	}
}

func TestLimitForms(t *testing.T) {
	for _, s := range []string{"30m", "2h", "1h30m", "90s", "2wh", "45wm", "1wh30wm", "5wd", "0wd", "15d", "5wd rolling", "15d midnight", "0m"} {
		l, err := ParseLimit(s)
		if err != nil {
			t.Error(err)
			continue
		}
		again, err := ParseLimit(l.String())
		if err != nil || again != l {
			t.Errorf("%s is written %s", s, l)
		}
	}
	for _, s := range []string{"", "5", "h", "-1h", "1.5h", "5 wd", "5wd  rolling", "1h30wm", "1wh30m", "1wh5s", "5WD", "2h rolling", "999999d", "5wd5h", "9999999999h"} {
		if l, err := ParseLimit(s); err == nil {
			t.Errorf("%q was read as %s", s, l)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		l := limits.Draw(t, "limit")
		l.Time = l.Time.Truncate(time.Minute)
		text, err := l.MarshalText()
		var again Limit
		if err != nil || again.UnmarshalText(text) != nil || again != l {
			t.Fatalf("%+v written %s read %+v (%v)", l, text, again, err)
		}
	})
	if _, err := (Limit{Time: time.Millisecond}).MarshalText(); err == nil {
		t.Error("a limit that cannot be written was")
	}
}

func TestOutsideTheTable(t *testing.T) {
	c := compile(t, office)
	old, far := time.Time{}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	edge := at(c, "2099-12-31 17:00")
	for _, l := range []string{"2wh", "5wd", "5wd rolling", "15d", "2000wh"} {
		for _, start := range []time.Time{old, edge, far} {
			c.Add(start, MustLimit(l))
		}
		if due := c.Add(edge, MustLimit(l)); due.After(at(c, "2100-01-01 00:00")) {
			t.Errorf("%s beyond the table: %s", l, due)
		}
	}
	if c.IsWorking(old) || c.IsWorking(far) || c.Between(far, far.AddDate(1, 0, 0)) != 0 {
		t.Error("there is working time outside the table")
	}
}

func TestConcurrentUse(t *testing.T) {
	c := compile(t, office)
	want := c.Add(at(c, "2026-02-13 10:00"), MustLimit("2wd"))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				if !c.Add(at(c, "2026-02-13 10:00"), MustLimit("2wd")).Equal(want) {
					t.Error("another answer")
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkAdd(b *testing.B) {
	c := compile(b, office)
	start := at(c, "2018-01-01 00:00")
	for _, s := range []string{"2h", "2wh", "5wd", "15d", "5wd rolling"} {
		b.Run(s, func(b *testing.B) {
			l := MustLimit(s)
			for i := 0; b.Loop(); i++ {
				c.Add(start.Add(time.Duration(i%200000)*20*time.Minute), l)
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	c := compile(b, office)
	start := at(c, "2026-03-02 09:00")
	k := Clock{Start: start, Limit: MustLimit("5wd"), Pauses: []Pause{{start.Add(time.Hour), start.Add(30 * time.Hour)}}}
	for b.Loop() {
		c.Read(k, start.Add(50*time.Hour))
	}
}

func BenchmarkNew(b *testing.B) {
	d, _ := ParseDefinition([]byte(office))
	for b.Loop() {
		New(d)
	}
}
