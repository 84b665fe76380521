package calendar

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Unit says what a limit counts.
type Unit uint8

const (
	// Elapsed counts time by day and by night.
	Elapsed Unit = iota
	// WorkingTime counts hours and minutes of working time.
	WorkingTime
	// WorkingDays (工作日) counts working days after the day of commencement.
	WorkingDays
	// NaturalDays (自然日) counts dates after the day of commencement.
	NaturalDays
)

// End says at which time of its last day a limit in days is due.
type End uint8

const (
	// AtClose, the default, ends when business does on the last day, or at
	// 24:00 in a calendar without business hours (《民法典》第二百零三条第二款). A
	// last day that is not a working day gives way to the next that is
	// (第一款; weekends count, as 《民通意见》第198条 had it, and a weekend worked
	// as a make-up day does not).
	AtClose End = iota
	// Rolling ends at the same local time of day as the limit began. In working
	// days, a limit that begins in off time begins with the next working time,
	// and its end is kept within the hours of the last day. In natural days no
	// day gives way. For districts that count from the minute
	// (第二百零四条 lets the parties or another law choose).
	Rolling
	// AtMidnight ends at 24:00 of the last day, found as for AtClose: for what
	// can be filed online after business.
	AtMidnight
)

// Limit is the length of a legal clock. The zero limit is due at once.
type Limit struct {
	Unit Unit
	// Time is the length where Unit is Elapsed or WorkingTime.
	Time time.Duration
	// Days is the length where Unit is WorkingDays or NaturalDays. Zero days is
	// "today" (当日): the end of the day of commencement, or of the next working
	// day where that has passed.
	Days int
	// End applies to limits in days.
	End End
}

var (
	timeForm = regexp.MustCompile(`^(?:(\d{1,6})(w?)h)?(?:(\d{1,7})(w?)m)?(?:(\d{1,8})s)?$`)
	dayForm  = regexp.MustCompile(`^(\d{1,5})(w?)d(?: (rolling|midnight))?$`)
)

// ParseLimit reads the form described in the package comment.
func ParseLimit(s string) (Limit, error) {
	number := func(digits string) int {
		n, _ := strconv.Atoi(digits)
		return n
	}
	if m := dayForm.FindStringSubmatch(s); m != nil {
		l := Limit{Unit: NaturalDays, Days: number(m[1])}
		if m[2] != "" {
			l.Unit = WorkingDays
		}
		switch m[3] {
		case "rolling":
			l.End = Rolling
		case "midnight":
			l.End = AtMidnight
		}
		return l, nil
	}
	if m := timeForm.FindStringSubmatch(s); m != nil && s != "" {
		l := Limit{Time: time.Duration(number(m[1]))*time.Hour + time.Duration(number(m[3]))*time.Minute + time.Duration(number(m[5]))*time.Second}
		working := m[2]+m[4] != ""
		mixed := m[1] != "" && m[3] != "" && m[2] != m[4] || working && m[5] != ""
		if !mixed {
			if working {
				l.Unit = WorkingTime
			}
			return l, nil
		}
	}
	return Limit{}, fmt.Errorf("%q is not a limit such as 30m, 2h, 2wh, 5wd, 5wd rolling or 15d", s)
}

// MustLimit is [ParseLimit] for limits fixed in code; it panics on a bad form.
func MustLimit(s string) Limit {
	l, err := ParseLimit(s)
	if err != nil {
		panic(err)
	}
	return l
}

// String returns the written form. Time below a second is not written.
func (l Limit) String() string {
	w := ""
	switch l.Unit {
	case WorkingDays:
		w = "w"
		fallthrough
	case NaturalDays:
		return strconv.Itoa(l.Days) + w + "d" + [...]string{AtClose: "", Rolling: " rolling", AtMidnight: " midnight"}[l.End]
	case WorkingTime:
		w = "w"
	}
	hours, minutes, seconds := int(l.Time/time.Hour), int(l.Time/time.Minute%60), int(l.Time/time.Second%60)
	out := ""
	if hours > 0 {
		out = fmt.Sprintf("%d%sh", hours, w)
	}
	if minutes > 0 || hours == 0 && seconds == 0 {
		out += fmt.Sprintf("%d%sm", minutes, w)
	}
	if seconds > 0 {
		out += fmt.Sprintf("%ds", seconds)
	}
	return out
}

// MarshalText returns the written form.
func (l Limit) MarshalText() ([]byte, error) {
	if l.Time%time.Second != 0 || l.Unit == WorkingTime && l.Time%time.Minute != 0 {
		return nil, errors.New("a limit is written in whole seconds, in working time in whole minutes")
	}
	return []byte(l.String()), nil
}

// UnmarshalText reads the written form.
func (l *Limit) UnmarshalText(text []byte) (err error) {
	*l, err = ParseLimit(string(text))
	return err
}
