package calendar

import (
	"embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml"
)

// Kind says whether a calendar has off time at all.
type Kind string

const (
	// Working has working and off time: shifts, weekends, holidays.
	Working Kind = "working"
	// RoundTheClock (7×24) is always worked, and each date is a working day.
	RoundTheClock Kind = "round_the_clock"
)

// Definition is a calendar as an operator writes it. In YAML:
//
//	name: baoan-office
//	zone: Asia/Shanghai
//	kind: working
//	days: [mon, tue, wed, thu, fri]
//	shifts: 09:00-12:00, 14:00-18:00
//	shifts_on: {fri: "09:00-12:00, 14:00-17:00"}
//	holidays: [cn]
//	covered: "2027"
//	exceptions:
//	  2027-01-01..2027-01-03: off 元旦
//	  2027-01-09: work 元旦
//	  2026-09-01: work 10:00-12:00 typhoon, opened late
type Definition struct {
	// Name is how packs and flows refer to the calendar.
	Name string `yaml:"name"`
	// Zone is an IANA time zone.
	Zone string `yaml:"zone"`
	Kind Kind   `yaml:"kind"`
	// Days are the weekdays that are worked.
	Days []Weekday `yaml:"days,omitempty"`
	// Shifts are worked on those days, and on a make-up day (调休上班), whatever
	// its weekday.
	Shifts Shifts `yaml:"shifts,omitempty"`
	// ShiftsOn replaces Shifts on some of the worked weekdays.
	ShiftsOn map[Weekday]Shifts `yaml:"shifts_on,omitempty"`
	// Holidays names the holiday sets that apply; a later one overrules an
	// earlier.
	Holidays []string `yaml:"holidays,omitempty"`
	// Covered are years for which Exceptions list every holiday, beside those
	// that the sets cover.
	Covered Years `yaml:"covered,omitempty"`
	// Exceptions overrule the holiday sets, date by date.
	Exceptions Exceptions `yaml:"exceptions,omitempty"`
}

// ParseDefinition reads a definition from YAML (or JSON). An unknown field, a
// date given twice and a malformed value are refused with their line.
func ParseDefinition(text []byte) (Definition, error) {
	var d Definition
	if err := yaml.UnmarshalWithOptions(text, &d, yaml.Strict()); err != nil {
		return Definition{}, fmt.Errorf("calendar definition: %w", err)
	}
	return d, d.Validate()
}

// Validate reports what is missing or contradictory in the definition, all of
// it at once.
func (d Definition) Validate() error {
	var errs []error
	say := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("calendar %q: "+format, append([]any{d.Name}, args...)...))
	}
	if d.Name == "" {
		say("has no name")
	}
	if _, err := zone(d.Zone); err != nil {
		say("zone: %v", err)
	}
	switch d.Kind {
	case RoundTheClock:
		if len(d.Days)+len(d.Shifts)+len(d.ShiftsOn)+len(d.Holidays)+len(d.Exceptions) > 0 {
			say("is round the clock and cannot have days, shifts, holidays or exceptions")
		}
	case Working:
		if len(d.Days) == 0 || len(d.Shifts) == 0 {
			say("needs days and shifts")
		}
		for day, shifts := range d.ShiftsOn {
			if !slices.Contains(d.Days, day) || len(shifts) == 0 {
				say("shifts_on: %s is not one of its days, or has no shifts", day)
			}
		}
		for today := range Weekday(7) {
			tonight, tomorrow := d.week(today), d.week((today+1)%7)
			if len(tonight) > 0 && len(tomorrow) > 0 && tonight[len(tonight)-1].To > tomorrow[0].From+24*60 {
				say("the last shift of %s runs into the first of the day after", today)
			}
		}
	default:
		say("kind is %q, not %s or %s", d.Kind, Working, RoundTheClock)
	}
	return errors.Join(errs...)
}

// week returns the shifts of an ordinary day of that name.
func (d Definition) week(day Weekday) Shifts {
	if !slices.Contains(d.Days, day) {
		return nil
	}
	if shifts, ok := d.ShiftsOn[day]; ok {
		return shifts
	}
	return d.Shifts
}

func zone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, errors.New("an IANA time zone is needed, such as Asia/Shanghai")
	}
	return time.LoadLocation(name)
}

// Weekday is a [time.Weekday] written mon … sun.
type Weekday time.Weekday

var weekdays = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// String returns the three-letter form.
func (w Weekday) String() string { return weekdays[w] }

// UnmarshalText reads the three-letter form.
func (w *Weekday) UnmarshalText(text []byte) error {
	i := slices.Index(weekdays[:], string(text))
	if i < 0 {
		return fmt.Errorf("%q is not a weekday (%s)", text, strings.Join(weekdays[:], ", "))
	}
	*w = Weekday(i)
	return nil
}

// Shift is a stretch of work that begins on a date: minutes after that date's
// local midnight. To is beyond 24:00 where the shift crosses midnight.
type Shift struct{ From, To int }

// Shifts are the shifts of one date, in order and apart, written
// "09:00-12:00, 14:00-18:00". "22:00-06:00" crosses midnight, and its hours
// after midnight belong to the date on which it began.
type Shifts []Shift

// UnmarshalText reads the written form.
func (s *Shifts) UnmarshalText(text []byte) error {
	var out Shifts
	for part := range strings.SplitSeq(string(text), ",") {
		part = strings.TrimSpace(part)
		var h1, m1, h2, m2 int
		var rest string
		n, _ := fmt.Sscanf(part+" .", "%2d:%2d-%2d:%2d %s", &h1, &m1, &h2, &m2, &rest)
		shift := Shift{h1*60 + m1, h2*60 + m2}
		if n != 5 || rest != "." || min(h1, m1, h2, m2) < 0 || max(m1, m2) > 59 || shift.From >= 24*60 || shift.To > 24*60 {
			return fmt.Errorf("%q is not a shift such as 09:00-12:00", part)
		}
		if shift.To <= shift.From {
			shift.To += 24 * 60
		}
		if len(out) > 0 && shift.From < out[len(out)-1].To {
			return fmt.Errorf("shift %q begins before the one written before it ends", part)
		}
		out = append(out, shift)
	}
	*s = out
	return nil
}

// String returns the written form.
func (s Shifts) String() string {
	parts := make([]string, len(s))
	for i, x := range s {
		to := x.To
		if to > 24*60 {
			to -= 24 * 60
		}
		parts[i] = fmt.Sprintf("%02d:%02d-%02d:%02d", x.From/60, x.From%60, to/60, to%60)
	}
	return strings.Join(parts, ", ")
}

// Exception is what overrules the weekly pattern on one date.
type Exception struct {
	// Work tells a working day from a day off.
	Work bool
	// Shifts of a working day; none means the definition's own Shifts.
	Shifts Shifts
	// Name of the holiday, or the reason.
	Name string
}

// Exceptions are exceptions by date. In YAML a key is a date or a range of
// dates (2026-10-01..2026-10-07) and a value is "off" or "work", the shifts of
// that day where they differ, and a name.
type Exceptions map[Date]Exception

// UnmarshalYAML reads the written form.
func (e *Exceptions) UnmarshalYAML(decode func(any) error) error {
	var lines map[string]string
	if err := decode(&lines); err != nil {
		return err
	}
	*e = Exceptions{}
	for _, key := range slices.Sorted(maps.Keys(lines)) {
		exception, err := parseException(lines[key])
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		from, to, ranged := strings.Cut(key, "..")
		if !ranged {
			to = from
		}
		first, err := ParseDate(from)
		if err != nil {
			return err
		}
		last, err := ParseDate(to)
		if err != nil {
			return err
		}
		if last < first || last-first > 366 {
			return fmt.Errorf("%s is not a range of at most a year", key)
		}
		for date := first; date <= last; date++ {
			if _, twice := (*e)[date]; twice {
				return fmt.Errorf("%s is given twice, the second time in %s", date, key)
			}
			(*e)[date] = exception
		}
	}
	return nil
}

func parseException(text string) (Exception, error) {
	verb, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	rest = strings.TrimSpace(rest)
	switch verb {
	case "off":
		return Exception{Name: rest}, nil
	case "work":
		var times []string
		for rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			word, after, _ := strings.Cut(rest, " ")
			times, rest = append(times, strings.TrimSuffix(word, ",")), strings.TrimSpace(after)
		}
		exception := Exception{Work: true, Name: rest}
		if times == nil {
			return exception, nil
		}
		return exception, exception.Shifts.UnmarshalText([]byte(strings.Join(times, ",")))
	}
	return Exception{}, fmt.Errorf("%q begins with neither off nor work", text)
}

// HolidaySet is a published list of holidays and make-up days that several
// calendars share. Its YAML has the fields name, source, covered and days.
type HolidaySet struct {
	Name    string     `yaml:"name"`
	Source  string     `yaml:"source"`
	Covered Years      `yaml:"covered"`
	Days    Exceptions `yaml:"days"`
}

// ParseHolidays reads a holiday set from YAML.
func ParseHolidays(text []byte) (HolidaySet, error) {
	var set HolidaySet
	if err := yaml.UnmarshalWithOptions(text, &set, yaml.Strict()); err != nil {
		return HolidaySet{}, fmt.Errorf("holiday set: %w", err)
	}
	if set.Name == "" {
		return HolidaySet{}, errors.New("holiday set: has no name")
	}
	return set, nil
}

//go:embed holidays
var shipped embed.FS

// China returns the shipped set "cn": the statutory holidays and make-up
// working days (调休) of mainland China, from 2015 to the last announced year.
// An announcement may still reach back into the December before its year.
var China = sync.OnceValue(func() HolidaySet {
	text, err := shipped.ReadFile("holidays/cn.yaml")
	if err != nil {
		panic(err)
	}
	set, err := ParseHolidays(text)
	if err != nil {
		panic(err)
	}
	return set
})
