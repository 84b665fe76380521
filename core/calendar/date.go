package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is a day of the Gregorian calendar, counted from 1970-01-01, without a
// time zone.
type Date int32

// NewDate returns the date; month and day may overflow as in [time.Date].
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// DateOf returns the date that t shows in its own location.
func DateOf(t time.Time) Date { return NewDate(t.Date()) }

// ParseDate reads the form 2006-01-02.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a date of the form 2006-01-02", s)
	}
	return DateOf(t), nil
}

func (d Date) utc() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String returns the form 2006-01-02.
func (d Date) String() string { return d.utc().Format(time.DateOnly) }

// Year returns the year that the date lies in.
func (d Date) Year() int { return d.utc().Year() }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return time.Weekday(((int(d)+4)%7 + 7) % 7) }

// Years is a set of years, written "2015-2026, 2028".
type Years map[int]bool

// UnmarshalText reads the written form.
func (y *Years) UnmarshalText(text []byte) error {
	*y = Years{}
	for part := range strings.SplitSeq(string(text), ",") {
		first, last, ranged := strings.Cut(strings.TrimSpace(part), "-")
		if !ranged {
			last = first
		}
		a, errA := strconv.Atoi(first)
		b, errB := strconv.Atoi(last)
		if errA != nil || errB != nil || b < a || b-a > 200 {
			return fmt.Errorf("%q is not a year or a range of years", part)
		}
		for year := a; year <= b; year++ {
			(*y)[year] = true
		}
	}
	return nil
}
