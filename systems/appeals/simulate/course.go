package simulate

import (
	"math"
	"time"
)

// course invents how the appeal was handled, from its truth.
func (g *Generator) course(a *Appeal, it, also *item, place, unit int, at int64) {
	r, w, l := g.r, g.work, &g.pack.limits
	c := &a.Course
	u := &g.pack.units[unit]
	always := l.always[it.urgency]

	if a.Truth.RepeatOf > 0 && !a.Truth.Recurs && r.chance(0.12) {
		c.Refused = g.refusal("in_process")
	} else if a.Truth.Emergency && r.chance(0.2) {
		c.Refused = g.refusal("emergency")
	} else if r.chance(0.008) {
		c.Refused = r.of(g.pack.refusals)
	}
	if c.Refused != "" {
		return
	}
	if a.Kind == "consult" && g.direct[a.Channel] && r.chance(0.62) {
		c.Direct = true
		end := at + int64(r.between(120, 1500))
		c.Replied = g.time(end)
		c.Reply = Reply{g.answer(it, also, place, a.Kind, unit, Solved, a.Time, g.time(end), false), Solved}
		c.Closed = c.Replied
		c.FirstRating = g.rating(Solved, false, true, 0.25)
		return
	}

	// Dispatch (分拨): mostly well within the limit, some too late.
	spent := func(lim limit, share float64) int64 {
		s := int64(float64(lim.seconds()) * share)
		if always {
			return s
		}
		return min(s, 7*3600*int64(max(lim.days, 1)))
	}
	from := func(t, s int64) int64 {
		if always {
			return t + s
		}
		return w.add(t, s)
	}
	dispatched := from(at, spent(l.dispatch[it.urgency], g.pace(0.03)))
	c.Dispatched, c.FirstUnit = g.time(dispatched), u.code
	assigned := dispatched

	// Wrong dispatch and return (退单).
	if wrong := g.wrongUnit(it, unit); wrong >= 0 && r.chance(0.07) {
		c.FirstUnit = g.pack.units[wrong].code
		t := from(dispatched, spent(l.give[it.urgency], g.pace(0.02)))
		decided := from(t, int64(r.between(600, 7200)))
		c.Returns = append(c.Returns, Return{g.time(t), c.FirstUnit, g.reason("not_duty"), true, g.time(decided)})
		assigned = decided
	} else if r.chance(u.returns) {
		// The right unit tries to be rid of it, and is told to keep it.
		t := from(dispatched, spent(l.give[it.urgency], g.pace(0.05)))
		c.Returns = append(c.Returns, Return{g.time(t), u.code, r.of(g.pack.reasons), false, g.time(from(t, int64(r.between(600, 7200))))})
	}
	c.Assigned = g.time(assigned)

	// Handling (办理): the clock has been running since dispatch.
	lim := l.handle[it.urgency][it.class]
	due := w.due(assigned, lim, always)
	// Signing may be late, but even then some of the limit is left.
	signed := min(from(assigned, spent(l.sign[it.urgency], g.pace(0.03))), due-(due-assigned)/4)
	c.Signed = g.time(signed)
	pressure := math.Pow(min(max(g.pressure[unit], 0.7), 5), 1.3)
	late := r.chance(min(0.6, u.late*pressure*g.backlog))
	if late && it.class != "consult" && r.chance(0.25) {
		ext := l.extension
		ext.days = max(1, ext.days/2+r.IntN(ext.days/2+1))
		c.Extended = g.time(due - int64(r.between(3600, 20000)))
		due = w.due(due, ext, always)
		late = r.chance(0.1)
	}
	replied := g.handled(assigned, signed, due, lim, always, late)
	c.Due, c.Replied, c.Late = g.time(due), g.time(replied), replied > due

	quality := Solved
	switch n := r.Float64(); {
	case n < u.formal*min(1.6, pressure):
		quality = Formal
	case (a.Kind == "complaint" || a.Kind == "report" || a.Kind == "help") && n > 1-g.hard(it):
		quality = Explained
	}
	contacted := r.chance(map[Quality]float64{Solved: 0.94, Explained: 0.9, Formal: 0.55}[quality])
	if contacted {
		c.Contacted = g.time(min(replied, max(signed, from(assigned, spent(l.contact[it.urgency], g.pace(0.06))))))
	}
	c.Reply = Reply{g.answer(it, also, place, a.Kind, unit, quality, a.Time, c.Replied, false), quality}

	// First rating (初次评价), redo (重办) and visit (回访).
	c.FirstRating = g.rating(quality, c.Late, contacted, 0.34)
	closed := from(replied, int64(r.between(1800, 20000)))
	if quality == Formal && r.chance(0.35) || c.FirstRating > 0 && c.FirstRating <= 2 && r.chance(0.55) {
		ordered := closed
		redone := w.add(ordered, int64(r.between(2*3600, 18*3600)))
		q := Solved
		if n := r.Float64(); n < 0.12 {
			q = Formal
		} else if n < 0.3 && it.class != "consult" {
			q = Explained
		}
		c.Redo = &Redo{g.time(ordered), g.time(redone), Reply{g.answer(it, also, place, a.Kind, unit, q, c.Replied, g.time(redone), true), q}}
		quality, contacted = q, true
		closed = w.add(redone, int64(r.between(1800, 20000)))
	}
	if it.visit && a.Secrecy != Anonymous {
		v := &c.Visit
		for v.Attempts < 3 && !v.Reached {
			v.Attempts++
			v.Reached = r.chance(0.52)
		}
		if v.Reached {
			v.Contacted = contacted
			v.Result = g.stars(quality, c.Late, contacted)
			v.Manner = min(5, v.Result+r.IntN(3))
			v.Speed = max(1, v.Result-r.IntN(2))
			if c.Late {
				v.Speed = max(1, v.Speed-1)
			}
			switch {
			case quality == Solved && v.Result >= 3:
				v.Solved = 2
			case quality == Solved || v.Result >= 3:
				v.Solved = 1
			}
		}
		closed = w.add(closed, int64(v.Attempts)*int64(r.between(1800, 10000)))
	}
	c.Closed = g.time(closed)
}

// handled returns when the reply was given: on the safe side of the limit or
// clearly beyond it, so that no way of counting days turns late into in time.
func (g *Generator) handled(assigned, signed, due int64, lim limit, always, late bool) int64 {
	r, w := g.r, g.work
	if late {
		if lim.length > 0 {
			return due + int64(float64(lim.seconds())*(0.15+r.Float64()*r.Float64()*3))
		}
		return w.at(w.after(w.day(due), 1+int(r.Float64()*r.Float64()*8)), r.Float64())
	}
	share := 0.08 + 0.82*r.Float64()*(0.45+0.55*r.Float64())
	var t int64
	switch {
	case lim.working && lim.days <= 1:
		t = w.add(assigned, int64(share*6*3600))
	case lim.working:
		t = w.at(w.after(w.day(assigned), int(share*float64(lim.days))), 0.15+0.7*r.Float64())
	case lim.days > 0:
		t = assigned + int64(share*float64(lim.days)*86400)
	case always:
		t = assigned + int64(share*float64(lim.seconds()))
	default:
		t = w.add(assigned, int64(share*float64(lim.seconds())))
	}
	return min(max(t, signed+int64(r.between(300, 3000))), due-60)
}

// seconds is the length of the limit, a working day having seven hours.
func (l limit) seconds() int64 {
	switch {
	case l.working:
		return int64(l.days) * 7 * 3600
	case l.days > 0:
		return int64(l.days) * 86400
	}
	return int64(l.length / time.Second)
}

// pace returns the share of a limit that was used: over one with probability p.
func (g *Generator) pace(p float64) float64 {
	if g.r.chance(p) {
		return 1.05 + 1.5*g.r.Float64()
	}
	return 0.05 + 0.85*g.r.Float64()*g.r.Float64()
}

// hard is how likely the item cannot be solved.
func (g *Generator) hard(it *item) float64 {
	switch it.class {
	case "complex":
		return 0.4
	case "consult":
		return 0
	}
	return 0.13
}

// ratings are the chances of one to five stars.
var ratings = map[Quality][5]float64{
	Solved:    {0.02, 0.03, 0.08, 0.25, 0.62},
	Explained: {0.16, 0.16, 0.25, 0.25, 0.18},
	Formal:    {0.47, 0.25, 0.17, 0.06, 0.05},
}

func (g *Generator) stars(q Quality, late, contacted bool) int {
	n, s := g.r.Float64(), 5
	for i, p := range ratings[q] {
		if n -= p; n < 0 {
			s = i + 1
			break
		}
	}
	if late && g.r.chance(0.45) {
		s--
	}
	if !contacted && g.r.chance(0.4) {
		s--
	}
	return max(1, s)
}

// rating returns the stars of an appellant who rates with probability p, or 0.
// The angry rate more often.
func (g *Generator) rating(q Quality, late, contacted bool, p float64) int {
	s := g.stars(q, late, contacted)
	if s <= 2 {
		p *= 1.4
	}
	if !g.r.chance(p) {
		return 0
	}
	return s
}

// wrongUnit returns a unit that the appeal might go to by mistake, or -1.
func (g *Generator) wrongUnit(it *item, unit int) int {
	last := it.rules[len(it.rules)-1]
	for _, u := range []int{last.lead, last.fallback} {
		if u >= 0 && u != unit && g.r.chance(0.6) {
			return u
		}
	}
	for _, u := range last.co {
		if u >= 0 && u != unit {
			return u
		}
	}
	if last.fallback != unit {
		return last.fallback
	}
	return -1
}

func (g *Generator) time(t int64) time.Time { return time.Unix(t, 0).In(g.work.zone) }

// refusal and reason return the code where the pack has it, and else any.
func (g *Generator) refusal(code string) string { return g.choose(g.pack.refusals, code) }
func (g *Generator) reason(code string) string  { return g.choose(g.pack.reasons, code) }

func (g *Generator) choose(codes []string, code string) string {
	for _, c := range codes {
		if c == code {
			return c
		}
	}
	if len(codes) == 0 {
		return ""
	}
	return g.r.of(codes)
}
