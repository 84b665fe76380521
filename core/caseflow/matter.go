package caseflow

import (
	"database/sql/driver"
	"encoding/json"
	"maps"
	"time"

	"shanzhi/core/calendar"
	"shanzhi/core/store"
)

// Matter is a matter as it is now.
type Matter struct {
	ID        store.ID   `bun:"id" json:"id"`
	No        string     `bun:"no" json:"no"` // what people quote
	System    string     `bun:"system" json:"system"`
	Flow      string     `bun:"flow" json:"flow"`
	FlowHash  string     `bun:"flow_hash" json:"-"`
	State     string     `bun:"state" json:"state"`
	Open      bool       `bun:"open" json:"open"`
	Version   int        `bun:"version" json:"version"`
	Parent    store.ID   `bun:"parent" json:"parent,omitempty"`
	Merged    store.ID   `bun:"merged" json:"merged,omitempty"`         // the matter that carries it now
	Class     string     `bun:"class" json:"class"`                     // urgency
	Unit      string     `bun:"unit" json:"unit"`                       // who holds it
	First     string     `bun:"first_unit" json:"first_unit,omitempty"` // who took it on first (首办单位)
	Asker     string     `bun:"asker" json:"asker,omitempty"`           // for which unit a sub-matter was opened
	Assignee  store.ID   `bun:"assignee" json:"assignee,omitempty"`
	Desk      string     `bun:"desk" json:"desk,omitempty"` // "role@unit" whose turn it is
	Item      string     `bun:"item" json:"item"`
	Place     string     `bun:"place" json:"place"`
	Title     string     `bun:"title" json:"title"` // masked
	Applicant store.ID   `bun:"applicant" json:"-"`
	DueAt     store.Time `bun:"due_at" json:"due_at,omitzero"`
	TotalDue  store.Time `bun:"total_due" json:"total_due,omitzero"`
	Late      bool       `bun:"late" json:"late"`
	Vars      Vars       `bun:"vars" json:"vars"`
	OpenedAt  store.Time `bun:"opened_at" json:"opened_at,omitzero"`
	ClosedAt  store.Time `bun:"closed_at" json:"closed_at,omitzero"`
	UpdatedAt store.Time `bun:"updated_at" json:"updated_at,omitzero"`
}

// Vars are the counters that a flow keeps and its guards read.
type Vars map[string]int64

// Value keeps the counters in a column of JSON.
func (v Vars) Value() (driver.Value, error) {
	if len(v) == 0 {
		return "{}", nil
	}
	raw, err := json.Marshal(v)
	return string(raw), err
}

// Scan is the inverse of Value.
func (v *Vars) Scan(src any) error { return store.ScanJSON(src, v) }

// Value keeps the data of an event in a column of JSON.
func (d Data) Value() (driver.Value, error) {
	raw, err := json.Marshal(d)
	return string(raw), err
}

// Scan is the inverse of Value.
func (d *Data) Scan(src any) error { return store.ScanJSON(src, d) }

// Value keeps what decides a clock in a column of JSON.
func (s Spec) Value() (driver.Value, error) {
	raw, err := json.Marshal(s)
	return string(raw), err
}

// Scan is the inverse of Value.
func (s *Spec) Scan(src any) error { return store.ScanJSON(src, s) }

func (v Vars) clone() Vars {
	if v == nil {
		return Vars{}
	}
	return maps.Clone(v)
}

// Event is one thing that happened to a matter. It is never edited.
type Event struct {
	Matter store.ID   `bun:"matter" json:"matter"`
	Seq    int        `bun:"seq" json:"seq"`
	At     store.Time `bun:"at" json:"at,omitzero"`
	Actor  store.ID   `bun:"actor" json:"actor,omitempty"` // account; none is the house itself
	Unit   string     `bun:"unit" json:"unit"`             // for which the actor acted
	Action string     `bun:"action" json:"action"`         // of the flow, or one of the engine's own
	Source string     `bun:"source" json:"source"`         // state before
	Target string     `bun:"target" json:"target"`         // state after
	Data   Data       `bun:"data" json:"data"`
}

// The engine's own events, which no flow declares.
const (
	Imported     = "imported"     // brought from elsewhere with the facts that its source asserts
	Marked       = "marked"       // a clock passed a mark: a reminder, its due, a step of the ladder
	Recalendared = "recalendared" // a corrected calendar changed a running clock
	Merge        = "merge"        // it is carried by another matter from now on
	Absorb       = "absorb"       // it carries another matter from now on
	Split        = "split"        // it stands for itself again
	Release      = "release"      // it no longer carries another
	Assign       = "assign"       // a person of the unit has it
	Bound        = "bound"        // somebody above set a deadline: the earlier wins
	Follow       = "follow_other" // it was answered together with the matter that carried it, and stands for itself again
)

// Data is what an event carries beyond its columns. Texts are masked.
type Data struct {
	Form   map[string]any        `json:"form,omitempty"`
	Set    map[string]string     `json:"set,omitempty"`    // fields that changed
	Start  map[string]ClockStart `json:"start,omitempty"`  // clocks that started, and how long they run
	Extend map[string]string     `json:"extend,omitempty"` // clocks that got more time, and how much
	Mark   *Mark                 `json:"mark,omitempty"`
	Other  store.ID              `json:"other,omitempty"` // the other matter of a merge or split
	For    store.ID              `json:"for,omitempty"`   // who delegated the role to the actor
	As     string                `json:"as,omitempty"`    // the action of the other matter that this one follows
	Adopt  map[string]store.Time `json:"adopt,omitempty"` // deadlines taken over from a merged matter
	// Closed is when an imported matter was closed, as its source asserts.
	Closed store.Time `json:"closed,omitzero"`
	// Assert is what the source of an imported matter says of it. It is kept
	// apart from what was computed here.
	Assert map[string]any `json:"assert,omitempty"`
}

// ClockStart is how long a clock that starts will run, fixed at that moment.
type ClockStart struct {
	Limit    string   `json:"limit"`
	Calendar string   `json:"calendar"`
	Version  string   `json:"version"`
	Marks    []MarkAt `json:"marks,omitempty"`
	// From is when the law begins to count, where that is before the action: what is
	// deemed accepted counts from its receipt.
	From store.Time `json:"from,omitzero"`
}

// MarkAt is a step of a clock's ladder: an offset from its due, and the name
// of what happens there.
type MarkAt struct {
	Level string `json:"level"`           // "reminder", "due", "yellow"
	Share string `json:"share,omitempty"` // "80%" of the limit has run
	After string `json:"after,omitempty"` // a limit after the due: "1wd"; empty with no share is the due itself
}

// Mark is a mark that a clock passed.
type Mark struct {
	Clock string `json:"clock"`
	N     int    `json:"n"`
	Index int    `json:"index"`
	Level string `json:"level"`
}

// Outcome is how a clock stands.
type Outcome string

// The outcomes.
const (
	Running Outcome = "running"
	Paused  Outcome = "paused"
	Met     Outcome = "met"
	Missed  Outcome = "missed"
	Void    Outcome = "void" // ended without a verdict
)

// Clock is one run of a flow's clock.
type Clock struct {
	Matter  store.ID   `bun:"matter" json:"-"`
	Name    string     `bun:"clock" json:"clock"`
	N       int        `bun:"n" json:"n"`
	Unit    string     `bun:"unit" json:"unit"` // whose timeliness it counts for
	Spec    Spec       `bun:"spec" json:"spec"`
	Outcome Outcome    `bun:"outcome" json:"outcome"`
	Started store.Time `bun:"started_at" json:"started_at,omitzero"`
	Due     store.Time `bun:"due_at" json:"due_at,omitzero"`
	Stopped store.Time `bun:"stopped_at" json:"stopped_at,omitzero"`
	Mark    int        `bun:"mark" json:"mark"`
	MarkAt  store.Time `bun:"mark_at" json:"-"`
}

// Open says that the clock has not ended.
func (c Clock) Open() bool { return c.Outcome == Running || c.Outcome == Paused }

// Spec is all that decides when a clock is due.
type Spec struct {
	ClockStart
	Extensions []string              `json:"extensions,omitempty"`
	Pauses     []Pause               `json:"pauses,omitempty"`
	Adopted    map[string]store.Time `json:"adopted,omitempty"` // by merged matter: the earliest deadline wins
}

// Pause is a time in which a clock did not run.
type Pause struct {
	From store.Time `json:"from,omitzero"`
	To   store.Time `json:"to,omitzero"` // none while it lasts
}

// Calendars finds a calendar by name and version.
type Calendars interface {
	// Current is the calendar as it is now.
	Current(name string) (*calendar.Calendar, error)
	// Version is the calendar as it was under a version.
	Version(name, version string) (*calendar.Calendar, error)
}

func (c *Clock) reading(cals Calendars, at time.Time) (*calendar.Calendar, calendar.Clock, error) {
	cal, err := cals.Version(c.Spec.Calendar, c.Spec.Version)
	if err != nil {
		return nil, calendar.Clock{}, err
	}
	limit, err := calendar.ParseLimit(c.Spec.Limit)
	if err != nil {
		return nil, calendar.Clock{}, err
	}
	k := calendar.Clock{Start: c.Started.Time, Limit: limit}
	for _, e := range c.Spec.Extensions {
		l, err := calendar.ParseLimit(e)
		if err != nil {
			return nil, calendar.Clock{}, err
		}
		k.Extensions = append(k.Extensions, l)
	}
	for _, p := range c.Spec.Pauses {
		k.Pauses = append(k.Pauses, calendar.Pause{From: p.From.Time, To: p.To.Time})
	}
	return cal, k, nil
}

// wind computes when the clock is due and when it passes its next mark.
func (c *Clock) wind(cals Calendars, at time.Time) error {
	cal, k, err := c.reading(cals, at)
	if err != nil {
		return err
	}
	c.Due = store.At(cal.Read(k, at).Due)
	for _, adopted := range c.Spec.Adopted {
		if adopted.Before(c.Due.Time) {
			c.Due = adopted
		}
	}
	c.MarkAt = store.Time{}
	if c.Outcome != Running || c.Mark >= len(c.Spec.Marks) {
		return nil
	}
	switch m := c.Spec.Marks[c.Mark]; {
	case m.Share != "":
		share, err := percent(m.Share)
		if err != nil {
			return err
		}
		c.MarkAt = store.At(cal.Share(k, share, at))
	case m.After != "":
		after, err := calendar.ParseLimit(m.After)
		if err != nil {
			return err
		}
		c.MarkAt = store.At(cal.Add(c.Due.Time, after))
	default:
		c.MarkAt = c.Due
	}
	return nil
}
