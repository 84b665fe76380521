package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a legal clock may not depend on what the machine has installed

	"github.com/goccy/go-yaml"
)

// A working calendar is tabulated from firstYear up to the start of endYear.
const firstYear, endYear = 1990, 2100

// Calendar answers questions about working time. It never changes and is safe
// for concurrent use. Every instant that it returns is in its time zone.
//
// Working time is known from 1990 to 2099; outside these years a working
// calendar has none, and an answer that would lie beyond is the edge.
type Calendar struct {
	name    string
	version string
	zone    *time.Location
	kind    Kind
	covered Years
	written Definition // with the holiday sets written out

	// Of a working calendar: one entry a date and one more as the end mark; its
	// stretches of work in order; and the indices of the dates that are worked.
	days     []day
	spans    []span
	workdays []int32
}

type day struct {
	start int64 // Unix nanoseconds of local midnight
	span  int32 // index of the first span that begins on this date or later
	work  int32 // number of working days before this date
}

// span is a stretch of work in Unix nanoseconds; before is the work done before
// it since the table began.
type span struct{ from, to, before int64 }

// New compiles a definition. The sets are those that it may name beside the
// shipped ones; one of the same name replaces the shipped one, which is how an
// operator corrects or extends it.
func New(d Definition, sets ...HolidaySet) (*Calendar, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	location, err := zone(d.Zone)
	if err != nil {
		return nil, err
	}
	c := &Calendar{name: d.Name, zone: location, kind: d.Kind, covered: Years{}}
	known := map[string]HolidaySet{}
	for _, set := range append([]HolidaySet{China()}, sets...) {
		known[set.Name] = set
	}
	exceptions := Exceptions{}
	for _, name := range d.Holidays {
		set, ok := known[name]
		if !ok {
			return nil, fmt.Errorf("calendar %q: there is no holiday set %q", d.Name, name)
		}
		maps.Copy(exceptions, set.Days)
		maps.Copy(c.covered, set.Covered)
	}
	maps.Copy(exceptions, d.Exceptions)
	maps.Copy(c.covered, d.Covered)
	if d.Kind == Working {
		c.tabulate(d, exceptions)
	}
	c.version = version(d, exceptions, c.covered)
	c.written = d
	c.written.Holidays, c.written.Exceptions, c.written.Covered = nil, exceptions, c.covered
	return c, nil
}

// Text writes the calendar as a definition that stands alone: the holiday sets
// that it names are written out. What it gives compiles to the same version, on
// any later program.
func (c *Calendar) Text() []byte {
	d := c.written
	text := func(s Shifts) string { return s.String() }
	out := yaml.MapSlice{{Key: "name", Value: d.Name}, {Key: "zone", Value: d.Zone}, {Key: "kind", Value: string(d.Kind)}}
	add := func(key string, value any) { out = append(out, yaml.MapItem{Key: key, Value: value}) }
	if d.Kind == Working {
		var days []string
		on := yaml.MapSlice{}
		for i := range Weekday(7) {
			if slices.Contains(d.Days, i) {
				days = append(days, i.String())
			}
			if shifts, ok := d.ShiftsOn[i]; ok {
				on = append(on, yaml.MapItem{Key: i.String(), Value: text(shifts)})
			}
		}
		add("days", days)
		add("shifts", text(d.Shifts))
		if len(on) > 0 {
			add("shifts_on", on)
		}
		exceptions := yaml.MapSlice{}
		for _, date := range slices.Sorted(maps.Keys(d.Exceptions)) {
			e := d.Exceptions[date]
			line := "off"
			if e.Work {
				line = strings.TrimSpace("work " + text(e.Shifts))
			}
			exceptions = append(exceptions, yaml.MapItem{Key: date.String(), Value: strings.TrimSpace(line + " " + e.Name)})
		}
		if len(exceptions) > 0 {
			add("exceptions", exceptions)
		}
	}
	if len(d.Covered) > 0 {
		var years []string
		for _, y := range slices.Sorted(maps.Keys(d.Covered)) {
			years = append(years, strconv.Itoa(y))
		}
		add("covered", strings.Join(years, ", "))
	}
	raw, err := yaml.Marshal(out)
	if err != nil {
		panic(err) // strings alone
	}
	return raw
}

func (c *Calendar) tabulate(d Definition, exceptions Exceptions) {
	var week [7]Shifts
	for i := range week {
		week[i] = d.week(Weekday(i))
	}
	first, end := NewDate(firstYear, time.January, 1), NewDate(endYear, time.January, 1)
	c.days = make([]day, 0, end-first+1)
	var before, last int64
	for date := first; date < end; date++ {
		shifts := week[date.Weekday()]
		if e, ok := exceptions[date]; ok {
			shifts = e.Shifts
			if e.Work && shifts == nil {
				shifts = d.Shifts
			}
		}
		c.days = append(c.days, day{c.wall(date, 0), int32(len(c.spans)), int32(len(c.workdays))})
		if len(shifts) == 0 {
			continue
		}
		c.workdays = append(c.workdays, int32(date-first))
		for _, s := range shifts {
			// An exception's date may begin while the night shift of the date
			// before still runs: the same minute is not worked twice.
			from := max(c.wall(date, time.Duration(s.From)*time.Minute), last)
			to := c.wall(date, time.Duration(s.To)*time.Minute)
			if to > from {
				c.spans = append(c.spans, span{from, to, before})
				before += to - from
				last = to
			}
		}
	}
	c.days = append(c.days, day{c.wall(end, 0), int32(len(c.spans)), int32(len(c.workdays))})
}

// version hashes everything that decides an answer, and nothing else.
func version(d Definition, exceptions Exceptions, covered Years) string {
	h := sha256.New()
	fmt.Fprintln(h, "calendar 1", d.Zone, d.Kind)
	for i := range Weekday(7) {
		fmt.Fprintln(h, i, d.week(i))
	}
	fmt.Fprintln(h, "make-up", d.Shifts)
	for _, date := range slices.Sorted(maps.Keys(exceptions)) {
		fmt.Fprintln(h, date, exceptions[date].Work, exceptions[date].Shifts)
	}
	fmt.Fprintln(h, slices.Sorted(maps.Keys(covered)))
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// Name returns the definition's name.
func (c *Calendar) Name() string { return c.name }

// Version returns a hash of all that decides the calendar's answers: two
// calendars of one version agree on every instant (given the same tzdata).
func (c *Calendar) Version() string { return c.version }

// Zone returns the calendar's time zone.
func (c *Calendar) Zone() *time.Location { return c.zone }

// Kind returns the definition's kind.
func (c *Calendar) Kind() Kind { return c.kind }

// Covered reports whether the holidays of the year are known. Where they are
// not, the weekly pattern alone is assumed.
func (c *Calendar) Covered(year int) bool { return c.kind == RoundTheClock || c.covered[year] }

// Assumed reports whether an answer about [from, to] rests on a year that is
// not covered.
func (c *Calendar) Assumed(from, to time.Time) bool {
	if c.kind == RoundTheClock {
		return false
	}
	for year, last := from.In(c.zone).Year(), to.In(c.zone).Year(); year <= last; year++ {
		if !c.covered[year] {
			return true
		}
	}
	return false
}

// IsWorking reports whether t is in working time. A shift includes its first
// instant and not its last.
func (c *Calendar) IsWorking(t time.Time) bool {
	return c.NextWorking(t).Equal(t)
}

// NextWorking returns t where t is in working time, and otherwise the start of
// the next shift.
func (c *Calendar) NextWorking(t time.Time) time.Time {
	if c.kind == RoundTheClock {
		return t.In(c.zone)
	}
	ns := nanos(t)
	i := c.spanAt(ns)
	if i >= 0 && ns < c.spans[i].to {
		return c.instant(ns)
	}
	if i+1 == len(c.spans) {
		return c.instant(c.days[len(c.days)-1].start)
	}
	return c.instant(c.spans[i+1].from)
}

// IsWorkingDay reports whether the date has working time that begins on it.
func (c *Calendar) IsWorkingDay(d Date) bool {
	if c.kind == RoundTheClock {
		return true
	}
	i := c.index(d)
	return i+1 < len(c.days) && c.days[i+1].work > c.days[i].work
}

// Between returns the working time from a to b, negative where b is before a.
func (c *Calendar) Between(a, b time.Time) time.Duration {
	if c.kind == RoundTheClock {
		return b.Sub(a)
	}
	return time.Duration(c.worked(nanos(b)) - c.worked(nanos(a)))
}

// WorkingDaysBetween returns the number of working days after the date of a, up
// to and including the date of b; negative where b is before a.
func (c *Calendar) WorkingDaysBetween(a, b time.Time) int {
	from, to := DateOf(a.In(c.zone)), DateOf(b.In(c.zone))
	if c.kind == RoundTheClock {
		return int(to - from)
	}
	return int(c.days[c.index(to+1)].work - c.days[c.index(from+1)].work)
}

// Add returns when a limit that starts at start is due. It is never before
// start, and it grows with start and with the length of the limit. A limit in
// working time ends with the last instant of its work: four hours from 14:00 end
// at 18:00 that day, and not with the first shift of the next.
func (c *Calendar) Add(start time.Time, l Limit) time.Time {
	switch l.Unit {
	case WorkingTime:
		return c.advance(start, l.Time)
	case WorkingDays, NaturalDays:
		if l.End == Rolling {
			return c.roll(start, l)
		}
		return c.closing(start, l)
	}
	return start.Add(l.Time).In(c.zone)
}

// advance returns the first instant, not before start, by which that much more
// has been worked.
func (c *Calendar) advance(start time.Time, work time.Duration) time.Time {
	if c.kind == RoundTheClock {
		return start.Add(work).In(c.zone)
	}
	if work <= 0 {
		return start.In(c.zone)
	}
	target := c.worked(nanos(start)) + int64(work)
	i := sort.Search(len(c.spans), func(i int) bool { return c.spans[i].before >= target }) - 1
	return c.instant(min(c.spans[i].from+target-c.spans[i].before, c.days[len(c.days)-1].start))
}

// closing ends a limit in days at the end of its last day.
func (c *Calendar) closing(start time.Time, l Limit) time.Time {
	today := DateOf(start.In(c.zone))
	if c.kind == RoundTheClock {
		return c.instant(c.wall(today+Date(l.Days)+1, 0))
	}
	// nth is the ordinal of the last day among all working days.
	nth := c.days[c.index(today+Date(l.Days))].work
	if l.Unit == WorkingDays && l.Days > 0 {
		nth = c.days[c.index(today+1)].work + int32(l.Days) - 1
	}
	for ns := nanos(start); ; nth++ {
		if int(nth) >= len(c.workdays) {
			return c.instant(c.days[len(c.days)-1].start)
		}
		last := c.workdays[nth]
		end := c.days[last+1].start
		if l.End == AtClose {
			end = c.spans[c.days[last+1].span-1].to
		}
		if end > ns {
			return c.instant(end)
		}
	}
}

// roll ends a limit in days at the time of day at which it began.
func (c *Calendar) roll(start time.Time, l Limit) time.Time {
	if l.Unit == NaturalDays || c.kind == RoundTheClock {
		today := DateOf(start.In(c.zone))
		end := c.wall(today+Date(l.Days), c.clock(start, today))
		return c.instant(max(end, nanos(start)))
	}
	start = c.NextWorking(start)
	i := c.spanAt(nanos(start))
	if l.Days == 0 || i < 0 {
		return start
	}
	from := c.dayAt(c.spans[i].from)
	nth := int(c.days[from].work) + l.Days
	if nth >= len(c.workdays) {
		return c.instant(c.days[len(c.days)-1].start)
	}
	last := int(c.workdays[nth])
	open, end := c.spans[c.days[last].span].from, c.spans[c.days[last+1].span-1].to
	base := NewDate(firstYear, time.January, 1)
	ns := c.wall(base+Date(last), c.clock(start, base+Date(from)))
	return c.instant(min(max(ns, open), end))
}

// worked returns the work done before ns since the table began.
func (c *Calendar) worked(ns int64) int64 {
	i := c.spanAt(ns)
	if i < 0 {
		return 0
	}
	s := c.spans[i]
	return s.before + min(ns, s.to) - s.from
}

// spanAt returns the index of the last span that begins at or before ns, or -1.
func (c *Calendar) spanAt(ns int64) int {
	i := int(c.days[min(c.dayAt(ns)+1, len(c.days)-1)].span) - 1
	for i >= 0 && c.spans[i].from > ns {
		i--
	}
	return i
}

// dayAt returns the index of the date that holds ns, clamped to the table.
func (c *Calendar) dayAt(ns int64) int {
	const date = int64(24 * time.Hour)
	i := int(min(max((ns-c.days[0].start)/date, 0), int64(len(c.days)-1)))
	for i > 0 && c.days[i].start > ns {
		i--
	}
	for i+1 < len(c.days) && c.days[i+1].start <= ns {
		i++
	}
	return i
}

// index returns the index of a date, clamped to the table.
func (c *Calendar) index(d Date) int {
	return min(max(int(d-NewDate(firstYear, time.January, 1)), 0), len(c.days)-1)
}

// wall returns when the clock on the wall, on that date, shows the time of day
// (24 hours or more is the day after). A time that is skipped when the clocks
// go forward is the instant at which they do.
func (c *Calendar) wall(d Date, clock time.Duration) int64 {
	want := d.utc().Add(clock)
	t := time.Date(want.Year(), want.Month(), want.Day(), want.Hour(), want.Minute(), want.Second(), want.Nanosecond(), c.zone)
	_, offset := t.Zone()
	switch shown := t.UTC().Add(time.Duration(offset) * time.Second); {
	case shown.After(want):
		t, _ = t.ZoneBounds()
	case shown.Before(want):
		_, t = t.ZoneBounds()
	}
	return nanos(t)
}

// clock returns the time of day that the wall clock shows at t, counted from
// the midnight of that date. In the hour that is repeated when the clocks go
// back, the second pass counts as the end of the first, so that a later instant
// never shows an earlier time.
func (c *Calendar) clock(t time.Time, d Date) time.Duration {
	shown := func(t time.Time) time.Duration {
		t = t.In(c.zone)
		_, offset := t.Zone()
		return t.UTC().Add(time.Duration(offset) * time.Second).Sub(d.utc())
	}
	now := shown(t)
	if changed, _ := t.In(c.zone).ZoneBounds(); !changed.IsZero() {
		now = max(now, shown(changed.Add(-1)))
	}
	return now
}

func (c *Calendar) instant(ns int64) time.Time { return time.Unix(0, ns).In(c.zone) }

// nanos is [time.Time.UnixNano] clamped to the years that it can express.
func nanos(t time.Time) int64 {
	const century = 100 * 366 * 24 * 3600
	if s := t.Unix(); s < -century {
		return -century * 1e9
	} else if s > 2*century {
		return 2 * century * 1e9
	}
	return t.UnixNano()
}
