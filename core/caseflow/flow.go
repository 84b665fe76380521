// Package caseflow is the heart of the house: matters (事) that someone asked
// for and that must be closed in time, by someone, with evidence.
//
// A [Flow] is data: its states, who may do which action in each, and the
// clocks that actions start, pause and stop. The [Engine] alone writes matters
// and their events. A matter's state, clocks and counts are derived from its
// append-only events by [Fold]; what is stored beside them is a cache that
// [Engine.Verify] rebuilds and compares.
package caseflow

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"shanzhi/core/form"
	"shanzhi/core/rule"
)

// Text is what people read, by language ("zh", "en").
type Text = form.Text

// Flow is one kind of matter: a licence, an appeal, a flood alarm.
type Flow struct {
	Name    string             `yaml:"flow" json:"name"`
	Title   Text               `yaml:"title" json:"title"`
	Facts   rule.Vars          `yaml:"facts" json:"-"` // what guards may read of the system's own record, as fact.NAME
	States  map[string]*State  `yaml:"states" json:"states"`
	Actions map[string]*Action `yaml:"actions" json:"actions"`
	Clocks  []*ClockSpec       `yaml:"clocks" json:"clocks"`
	// First are the actions by which a unit takes a matter on: the unit that
	// holds it after the earliest of them stays its first unit (首办单位).
	First []string `yaml:"first" json:"-"`

	Hash string `yaml:"-" json:"hash"`
	body string
}

// State is where a matter stands.
type State struct {
	Title Text `yaml:"title" json:"title"`
	// Desk says whose turn it is: "role@place"; see Desk. Empty for a final state.
	Desk  Desk `yaml:"desk" json:"desk"`
	Final bool `yaml:"final" json:"final,omitempty"`
	// Public is the state as the citizen sees it, when it differs.
	Public Text `yaml:"public" json:"public,omitempty"`
}

// Desk is a role at a place in the organisation: "handler@holder". The places
// are holder (the unit that holds the matter), first (the unit that held it
// first, 首办单位), asker (the unit that asked for it), platform (the district's
// dispatching platform) and district (its root). Who is no unit has no place:
// applicant, system.
type Desk string

// Role is what one must be; At is where.
func (d Desk) Role() string { role, _, _ := strings.Cut(string(d), "@"); return role }

// At is the place; holder when the desk does not say.
func (d Desk) At() string {
	if _, at, ok := strings.Cut(string(d), "@"); ok {
		return at
	}
	return "holder"
}

var desks = []string{"holder", "first", "asker", "platform", "district"}

// Who may act beside roles.
const (
	Applicant  = "applicant" // the person whose matter it is
	SystemRole = "system"    // the house itself: timers, learned dispatch, imports
)

// Action is one thing that can be done with a matter.
type Action struct {
	Name  string   `yaml:"-" json:"name"`
	Title Text     `yaml:"title" json:"title"`
	From  []string `yaml:"from" json:"from"` // states; empty for the actions that open a matter
	To    string   `yaml:"to" json:"to"`     // empty: the state stays
	// Branch leads elsewhere than To: the first whose condition, over the same
	// facts as a check, holds.
	Branch []Branch     `yaml:"branch" json:"-"`
	By     []Desk       `yaml:"by" json:"by"`
	Form   []form.Field `yaml:"form" json:"form"`
	// Guard must hold for the action to be offered; Check must hold for it to be
	// done, and may read the form. Both are conditions of core/rule.
	Guard string `yaml:"guard" json:"-"`
	Check string `yaml:"check" json:"-"`
	Else  Text   `yaml:"else" json:"-"` // what is said when guard or check does not hold
	// Set gives fields of the matter a value of the form: unit, assignee, class,
	// item, place, title. An empty value clears.
	Set map[string]string `yaml:"set" json:"-"`
	// Count adds one to counters that guards read as vars.NAME.
	Count []string `yaml:"count" json:"-"`
	// Extend gives a clock more time: clock → the form's field with the limit.
	Extend map[string]string `yaml:"extend" json:"-"`
	// Effects are functions that the system registered; they run in the same
	// transaction, after the matter has changed.
	Effects []string `yaml:"effects" json:"-"`
	// Emphasis tells the screen which action is the usual next one ("primary")
	// and which cannot easily be taken back ("danger").
	Emphasis string `yaml:"emphasis" json:"emphasis,omitempty"`
	// Public shows the event to the applicant.
	Public bool `yaml:"public" json:"public,omitempty"`
	// Carried may be done with a matter that another carries (并案).
	Carried bool `yaml:"carried" json:"-"`
	// Answers takes the matters that this one carries along: each goes to the
	// same state and stands for itself from there.
	Answers bool `yaml:"answers" json:"-"`
	// Alone is the applicant's own affair: what the matter carried does not end
	// with it but stands for itself again.
	Alone bool `yaml:"alone" json:"-"`

	guard, check *rule.Program
}

// Branch is a target state that depends on what was said in the form.
type Branch struct {
	When string `yaml:"when"`
	To   string `yaml:"to"`
	when *rule.Program
}

var settable = []string{"unit", "assignee", "class", "item", "place", "title"} // by an action

// ClockSpec is a clock that a flow's actions start and stop. How long it runs
// and on which calendar is asked of the system's [Limits] when it starts.
type ClockSpec struct {
	Name   string   `yaml:"name" json:"name"`
	Title  Text     `yaml:"title" json:"title"`
	Start  []string `yaml:"start" json:"-"`
	Stop   []string `yaml:"stop" json:"-"`
	Pause  []string `yaml:"pause" json:"-"`
	Resume []string `yaml:"resume" json:"-"`
	// Void ends it without a verdict: the unit gave the matter back.
	Void []string `yaml:"void" json:"-"`
	// NeverPauses is the citizen's clock: it runs from the opening to the close
	// whatever anyone does.
	NeverPauses bool `yaml:"never_pauses" json:"never_pauses,omitempty"`
	// Firm is a time that was promised in writing: a corrected calendar may bring it
	// nearer and never move it against the applicant.
	Firm bool `yaml:"firm" json:"firm,omitempty"`
	// Due is the action that the house takes when the clock runs out: a deemed
	// acceptance, a sign-off that nobody gave.
	Due string `yaml:"due" json:"-"`
	// Owner is whose timeliness it is: "holder" (default) or "platform".
	Owner string `yaml:"owner" json:"-"`
}

// guardVars are what every guard may read.
var guardVars = rule.Vars{
	"state": "string", "class": "string", "unit": "string", "item": "string", "place": "string",
	"vars": "map", "form": "map", "fact": "map", "clock": "map", "limit": "map",
	"children": "int", "subs": "map", "actor": "map", "now": "time", "closed": "time", "opened": "time",
}

// Compile reads a flow from YAML and checks it whole: every name that it uses
// is declared, every state can be reached and left, every clock can stop.
// The error lists all that is wrong.
func Compile(body string) (*Flow, error) {
	f := &Flow{body: body}
	if err := yaml.UnmarshalWithOptions([]byte(body), f, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("flow: %s", strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	sum := sha256.Sum256([]byte(body))
	f.Hash = hex.EncodeToString(sum[:16])
	lang, err := rule.NewLanguage(guardVars)
	if err != nil {
		return nil, err
	}
	var wrong []error
	bad := func(format string, args ...any) {
		wrong = append(wrong, fmt.Errorf("flow %s: "+format, append([]any{f.Name}, args...)...))
	}
	if f.Name == "" {
		bad("it has no name")
	}
	for name, s := range f.States {
		if s.Final != (s.Desk == "") {
			bad("state %s: a final state has no desk, any other has one", name)
		}
		if s.Desk != "" && (s.Desk.Role() == "" || !slices.Contains(desks, s.Desk.At())) {
			bad("state %s: desk %q is not ROLE@%s", name, s.Desk, strings.Join(desks, "|"))
		}
		if len(s.Title) == 0 {
			bad("state %s has no title", name)
		}
	}
	reached, left, opening := map[string]bool{}, map[string]bool{}, false
	for name, a := range f.Actions {
		a.Name = name
		opening = opening || len(a.From) == 0
		for _, from := range a.From {
			if f.States[from] == nil {
				bad("action %s: there is no state %q", name, from)
			}
			left[from] = left[from] || a.To != "" && a.To != from
		}
		if a.To != "" {
			if f.States[a.To] == nil {
				bad("action %s: there is no state %q", name, a.To)
			}
			reached[a.To] = true
		} else if len(a.From) == 0 {
			bad("action %s: it opens a matter and must say in which state", name)
		}
		for i := range a.Branch {
			b := &a.Branch[i]
			if f.States[b.To] == nil {
				bad("action %s: there is no state %q", name, b.To)
			}
			reached[b.To] = true
			for _, from := range a.From {
				left[from] = left[from] || b.To != from
			}
			if b.when, err = lang.Condition(b.When); err != nil {
				bad("action %s: branch to %s: %v", name, b.To, err)
			}
		}
		if len(a.By) == 0 {
			bad("action %s: nobody may do it", name)
		}
		if len(a.Title) == 0 {
			bad("action %s has no title", name)
		}
		for _, field := range a.Form {
			if err := field.Check(); err != nil {
				bad("action %s: %v", name, err)
			}
		}
		for field, from := range a.Set {
			if !slices.Contains(settable, field) {
				bad("action %s: %q cannot be set", name, field)
			}
			if from != "" && !slices.ContainsFunc(a.Form, func(f form.Field) bool { return f.Name == from }) {
				bad("action %s: it sets %s from %q, which its form does not ask for", name, field, from)
			}
		}
		for clock, from := range a.Extend {
			if f.clock(clock) == nil {
				bad("action %s: there is no clock %q", name, clock)
			} else if f.clock(clock).NeverPauses {
				bad("action %s: the clock %s cannot be extended: it is the citizen's", name, clock)
			}
			if !slices.ContainsFunc(a.Form, func(f form.Field) bool { return f.Name == from && f.Type == "limit" }) {
				bad("action %s: it extends %s by %q, which is no limit of its form", name, clock, from)
			}
		}
		for which, text := range map[string]string{"guard": a.Guard, "check": a.Check} {
			if text == "" {
				continue
			}
			p, err := lang.Condition(text)
			if err != nil {
				bad("action %s: %s: %v", name, which, err)
				continue
			}
			if which == "guard" {
				a.guard = p
				if p.Reads("form") {
					bad("action %s: its guard reads the form, which is not filled yet: make it a check", name)
				}
			} else {
				a.check = p
			}
		}
	}
	if !opening {
		bad("no action opens a matter")
	}
	for name, s := range f.States {
		if !reached[name] {
			bad("state %s cannot be reached", name)
		}
		if !s.Final && !left[name] {
			bad("state %s cannot be left", name)
		}
	}
	names := map[string]bool{}
	for _, c := range f.Clocks {
		if names[c.Name] {
			bad("clock %s stands twice", c.Name)
		}
		names[c.Name] = true
		for _, list := range [][]string{c.Start, c.Stop, c.Pause, c.Resume, c.Void, {c.Due}} {
			for _, action := range list {
				if action != "" && f.Actions[action] == nil {
					bad("clock %s: there is no action %q", c.Name, action)
				}
			}
		}
		if len(c.Start) == 0 {
			bad("clock %s: nothing starts it", c.Name)
		}
		if c.NeverPauses && len(c.Pause)+len(c.Resume)+len(c.Void) > 0 {
			bad("clock %s: it never pauses, so nothing may pause or void it", c.Name)
		}
		if (len(c.Pause) == 0) != (len(c.Resume) == 0) {
			bad("clock %s: what pauses must be able to resume", c.Name)
		}
	}
	for _, action := range f.First {
		if f.Actions[action] == nil {
			bad("first: there is no action %q", action)
		}
	}
	if len(wrong) > 0 {
		slices.SortFunc(wrong, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
		return nil, errors.Join(wrong...)
	}
	return f, nil
}

// answered says that an answer leads to the state: what was carried has left.
func (f *Flow) answered(state string) bool {
	for _, a := range f.Actions {
		if a.Answers && (a.To == state || slices.ContainsFunc(a.Branch, func(b Branch) bool { return b.To == state })) {
			return true
		}
	}
	return false
}

func (f *Flow) clock(name string) *ClockSpec {
	for _, c := range f.Clocks {
		if c.Name == name {
			return c
		}
	}
	return nil
}
