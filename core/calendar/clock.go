package calendar

import (
	"slices"
	"time"
)

// Pause is a stretch during which a clock stands still. A zero To means that it
// has not ended. A pause that ends before it begins is empty.
type Pause struct{ From, To time.Time }

// Clock is a running limit as its events have it.
type Clock struct {
	Start time.Time
	Limit Limit
	// Extensions (延期) are each counted from the end of what went before.
	Extensions []Limit
	// Pauses may come in any order and may overlap.
	Pauses []Pause
}

// Reading is what a clock shows at an instant. Durations are working time where
// the limit counts working time or working days, and wall time otherwise.
type Reading struct {
	// Due is when the clock runs out. Each pause that begins before it moves it
	// by exactly the time paused, measured as above; a pause that has not ended
	// counts up to the instant of the reading. Natural days that end on a day
	// off for having been moved give way to the next working day.
	Due time.Time
	// Elapsed is what has run, without the pauses and with overdue time.
	Elapsed time.Duration
	// Remaining is what is left; negative, it is how long the clock is overdue.
	Remaining time.Duration
	Paused    bool
	Overdue   bool
	// Assumed says that Due rests on a year whose holidays are not known.
	Assumed bool
}

// Read returns what the clock shows at an instant.
func (c *Calendar) Read(k Clock, at time.Time) Reading {
	var r Reading
	var paused, sofar time.Duration
	r.Due = c.unpaused(k)
	for _, p := range k.stops(at) {
		if !p.From.Before(r.Due) {
			break
		}
		length := c.measure(k.Limit, p.From, p.To)
		paused += length
		r.Due = c.shift(k.Limit, r.Due, length)
		if !p.From.After(at) {
			sofar += c.measure(k.Limit, p.From, earlier(p.To, at))
			r.Paused = p.open || at.Before(p.To)
		}
	}
	if paused > 0 {
		r.Due = c.giveWay(k.Limit, r.Due)
	}
	if at.After(k.Start) {
		r.Elapsed = c.measure(k.Limit, k.Start, at) - sofar
	}
	r.Remaining = c.measure(k.Limit, k.Start, r.Due) - paused - r.Elapsed
	r.Overdue = at.After(r.Due)
	r.Assumed = c.Assumed(k.Start, r.Due)
	return r
}

// Share returns when that share of the clock will have run (0.8: the amber
// light before it is due), with the pauses as they are known at an instant.
func (c *Calendar) Share(k Clock, share float64, at time.Time) time.Time {
	whole := c.measure(k.Limit, k.Start, c.unpaused(k))
	t := c.shift(k.Limit, k.Start, time.Duration(share*float64(whole)))
	for _, p := range k.stops(at) {
		if !p.From.Before(t) {
			break
		}
		t = c.shift(k.Limit, t, c.measure(k.Limit, p.From, p.To))
	}
	return t
}

func (c *Calendar) unpaused(k Clock) time.Time {
	due := c.Add(k.Start, k.Limit)
	for _, more := range k.Extensions {
		due = c.Add(due, more)
	}
	return due
}

// measure and shift are in the time that a clock of this limit counts.
func (c *Calendar) measure(l Limit, a, b time.Time) time.Duration {
	if l.inWork() {
		return c.Between(a, b)
	}
	return b.Sub(a)
}

func (c *Calendar) shift(l Limit, t time.Time, by time.Duration) time.Time {
	if l.inWork() {
		return c.advance(t, by)
	}
	return t.Add(by).In(c.zone)
}

func (l Limit) inWork() bool { return l.Unit == WorkingTime || l.Unit == WorkingDays }

// giveWay moves the end of natural days off a day that is not worked.
func (c *Calendar) giveWay(l Limit, due time.Time) time.Time {
	if l.Unit != NaturalDays || l.End == Rolling {
		return due
	}
	last := due.Add(-1)
	if c.IsWorking(last) || c.IsWorkingDay(DateOf(last.In(c.zone))) {
		return due
	}
	return c.closing(last, Limit{Unit: NaturalDays, End: l.End})
}

// stop is a pause as it is known at an instant.
type stop struct {
	From, To time.Time
	open     bool
}

// stops returns the pauses after the start, in order and apart.
func (k Clock) stops(at time.Time) []stop {
	if len(k.Pauses) == 0 {
		return nil
	}
	stops := make([]stop, 0, len(k.Pauses))
	for _, p := range k.Pauses {
		s := stop{later(p.From, k.Start), p.To, p.To.IsZero()}
		if s.open {
			s.To = at
		}
		if s.From.Before(s.To) || s.open && !s.From.After(at) {
			stops = append(stops, s)
		}
	}
	slices.SortFunc(stops, func(a, b stop) int { return a.From.Compare(b.From) })
	apart := stops[:0]
	for _, s := range stops {
		if n := len(apart); n > 0 && !s.From.After(apart[n-1].To) {
			apart[n-1].To = later(apart[n-1].To, s.To)
			apart[n-1].open = apart[n-1].open || s.open
			continue
		}
		apart = append(apart, s)
	}
	return apart
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
