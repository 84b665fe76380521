package caseflow

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"shanzhi/core/store"
)

// Fold applies one event to a matter and its clocks. It is the only code that
// changes either: the engine folds the event that it is about to write, and
// the check folds all of them again. It computes only from its arguments.
func Fold(f *Flow, cals Calendars, m *Matter, clocks []Clock, e Event) ([]Clock, error) {
	if e.Seq != m.Version+1 {
		return nil, fmt.Errorf("caseflow: event %d of matter %d follows event %d", e.Seq, m.ID, m.Version)
	}
	a := f.Actions[e.Action]
	m.Version = e.Seq
	m.UpdatedAt = e.At
	if e.Seq == 1 {
		m.OpenedAt, m.Open, m.Vars = e.At, true, Vars{}
	}
	for field, value := range e.Data.Set {
		if err := m.set(field, value); err != nil {
			return nil, err
		}
	}
	if a != nil {
		for _, name := range a.Count {
			m.Vars[name]++
		}
	}
	m.State = e.Target
	state := f.States[m.State]
	if state == nil {
		return nil, fmt.Errorf("caseflow: matter %d: flow %s has no state %q", m.ID, f.Name, m.State)
	}
	if slices.Contains(f.First, e.Action) && m.First == "" {
		m.First = m.Unit
	}
	switch e.Action {
	case Merge:
		m.Merged = e.Data.Other
	case Split, Follow:
		m.Merged = 0
	}
	wasOpen := m.Open
	m.Open = !state.Final
	switch {
	case m.Open && !wasOpen: // opened again, it stands for itself
		m.Merged, m.ClosedAt = 0, store.Time{}
	case m.Open:
		m.ClosedAt = store.Time{}
	case wasOpen:
		m.ClosedAt = e.At
	}
	if e.Action == Imported {
		m.ClosedAt = e.Data.Closed
	}
	clocks, err := foldClocks(f, cals, m, clocks, e)
	if err != nil {
		return nil, err
	}
	m.derive(f, clocks, e)
	return clocks, nil
}

func (m *Matter) set(field, value string) error {
	switch field {
	case "unit":
		m.Unit = value
	case "asker":
		m.Asker = value
	case "assignee":
		m.Assignee = 0
		if value != "" {
			id, err := store.ParseID(value)
			if err != nil {
				return fmt.Errorf("caseflow: assignee: %w", err)
			}
			m.Assignee = id
		}
	case "class":
		m.Class = value
	case "item":
		m.Item = value
	case "place":
		m.Place = value
	case "title":
		m.Title = value
	default:
		return fmt.Errorf("caseflow: no field %q can be set", field)
	}
	return nil
}

func foldClocks(f *Flow, cals Calendars, m *Matter, clocks []Clock, e Event) ([]Clock, error) {
	clocks = slices.Clone(clocks)
	did := e.Action
	if e.Data.As != "" {
		did = e.Data.As
	}
	// The work was the other matter's, which took over the deadlines: it is judged
	// there. What the citizen was promised is judged here.
	with := e.Action == Follow || e.Action == CloseWithOther
	for _, spec := range f.Clocks {
		i := open(clocks, spec.Name)
		has := func(list []string) bool { return slices.Contains(list, did) }
		touched := false
		if i >= 0 {
			c := &clocks[i]
			switch {
			case has(spec.Void) || with && !spec.NeverPauses:
				c.end(e, Void)
				touched = true
			case has(spec.Stop) || !m.Open || has(spec.Start) && e.Data.Start[spec.Name].Limit != "":
				if err := c.wind(cals, e.At.Time); err != nil { // a pause that lasted until now
					return nil, err
				}
				outcome := Met
				if e.At.After(c.Due.Time) || e.Action == spec.Due { // what the house does because it ran out
					outcome = Missed
				}
				c.end(e, outcome)
				touched = true
			case has(spec.Pause) && c.Outcome == Running:
				c.Spec.Pauses = append(slices.Clone(c.Spec.Pauses), Pause{From: e.At})
				c.Outcome, touched = Paused, true
			case has(spec.Resume) && c.Outcome == Paused:
				c.Spec.Pauses = slices.Clone(c.Spec.Pauses)
				c.Spec.Pauses[len(c.Spec.Pauses)-1].To = e.At
				c.Outcome, touched = Running, true
			}
			if c.Open() {
				if by := e.Data.Extend[spec.Name]; by != "" {
					c.Spec.Extensions = append(slices.Clone(c.Spec.Extensions), by)
					c.Mark, touched = 0, true // the ladder begins again before the new due
				}
				if start, ok := e.Data.Start[spec.Name]; ok && e.Action == Recalendared {
					c.Spec.Calendar, c.Spec.Version, touched = start.Calendar, start.Version, true
				}
				if mark := e.Data.Mark; mark != nil && mark.Clock == spec.Name && mark.N == c.N {
					c.Mark, touched = mark.Index+1, true
				}
				if due, ok := e.Data.Adopt[spec.Name]; ok && (e.Action == Absorb || e.Action == Bound) {
					c.Spec.Adopted = adding(c.Spec.Adopted, e.Data.Other.String(), due)
					touched = true
				}
				if _, ok := c.Spec.Adopted[e.Data.Other.String()]; ok && e.Action == Release {
					c.Spec.Adopted = without(c.Spec.Adopted, e.Data.Other.String())
					touched = true
				}
			}
			if touched && c.Open() {
				if err := c.wind(cals, e.At.Time); err != nil {
					return nil, fmt.Errorf("caseflow: clock %s of matter %d: %w", c.Name, m.ID, err)
				}
			}
		}
		if start := e.Data.Start[spec.Name]; has(spec.Start) && start.Limit != "" && m.Open {
			c := Clock{Matter: m.ID, Name: spec.Name, N: 1 + runs(clocks, spec.Name), Unit: m.Unit, Spec: Spec{ClockStart: start}, Outcome: Running, Started: e.At}
			if !start.From.IsZero() && start.From.Before(e.At.Time) {
				c.Started = start.From
			}
			if spec.Owner != "" && spec.Owner != "holder" {
				c.Unit = spec.Owner
			}
			if err := c.wind(cals, e.At.Time); err != nil {
				return nil, fmt.Errorf("caseflow: clock %s of matter %d: %w", c.Name, m.ID, err)
			}
			clocks = append(clocks, c)
		}
	}
	return clocks, nil
}

func (c *Clock) end(e Event, outcome Outcome) {
	if n := len(c.Spec.Pauses); n > 0 && c.Spec.Pauses[n-1].To.IsZero() {
		c.Spec.Pauses = slices.Clone(c.Spec.Pauses)
		c.Spec.Pauses[n-1].To = e.At
	}
	c.Outcome, c.Stopped, c.MarkAt = outcome, e.At, store.Time{}
}

func open(clocks []Clock, name string) int {
	return slices.IndexFunc(clocks, func(c Clock) bool { return c.Name == name && c.Open() })
}

func runs(clocks []Clock, name string) (n int) {
	for _, c := range clocks {
		if c.Name == name {
			n = max(n, c.N)
		}
	}
	return n
}

// derive computes what the matter's row says of its desk and deadlines.
func (m *Matter) derive(f *Flow, clocks []Clock, e Event) {
	m.DueAt, m.TotalDue, m.Late = store.Time{}, store.Time{}, false
	for _, c := range clocks {
		if !c.Open() {
			continue
		}
		if f.clock(c.Name).NeverPauses {
			m.TotalDue = c.Due
		} else if m.DueAt.IsZero() || c.Due.Before(m.DueAt.Time) {
			m.DueAt = c.Due
		}
		if c.Outcome == Running && !e.At.Before(c.Due.Time) {
			m.Late = true
		}
	}
	if m.DueAt.IsZero() {
		m.DueAt = m.TotalDue
	}
	m.Desk = ""
	if state := f.States[m.State]; !state.Final && m.Merged == 0 {
		unit := m.Unit
		if at := state.Desk.At(); at != "holder" {
			unit = at
		}
		m.Desk = state.Desk.Role() + "@" + unit
	}
	if !m.Open {
		m.DueAt = store.Time{}
	}
}

func adding(m map[string]store.Time, k string, v store.Time) map[string]store.Time {
	out := map[string]store.Time{k: v}
	for key, val := range m {
		if key != k {
			out[key] = val
		}
	}
	return out
}

func without(m map[string]store.Time, k string) map[string]store.Time {
	out := map[string]store.Time{}
	for key, val := range m {
		if key != k {
			out[key] = val
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func percent(s string) (float64, error) {
	n, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
	if err != nil || n <= 0 || n > 100 || !strings.HasSuffix(s, "%") {
		return 0, fmt.Errorf("%q is not a share such as 80%%", s)
	}
	return n / 100, nil
}
