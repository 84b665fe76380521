// Package closing tells a reply that closes a matter in form only (形式办结)
// from one that answers it.
//
// Judge is pure: it looks at one appeal, the reply to it and what the records
// know of how it was handled, and gives a score, a verdict and the signals that
// it is made of, each with its evidence. Only what is known counts: a fact that
// nobody recorded raises no signal. What a signal weighs, and the words that it
// looks for, are the district's (Settings); what makes a refusal honest is not:
// it passes with a basis or a concrete reason, whatever else it lacks.
//
// Words are never counted in a reply's favour. A clause counts by what it says
// beyond stock phrases and beyond the citizen's own words, so that neither
// verbs of action nor the demand copied back make an empty reply look full.
package closing

import (
	"time"

	"shanzhi/core/form"
)

// Text is what people read, by language.
type Text = form.Text

// Case is all that is known of one closing. A nil part is not known.
type Case struct {
	ID     string
	Title  string
	Text   string
	Kind   string // consult, complaint, …; "" when not known
	Item   string
	Opened time.Time
	Place  *Point

	Reply    Reply
	Contacts *Contacts
	Photos   *Photos
	Timing   *Timing
	// Others are replies of the same unit to other appeals.
	Others []Other
	// Tasks is how many follow-up tasks stand behind the reply.
	Tasks *int
	// Solved is what the citizen says: yes, partly, no; "" when not asked.
	Solved string
	// Again are later appeals of the same place and item, by number.
	Again []string
}

// Reply is what the citizen was told.
type Reply struct {
	Text   string
	Result string // solved, partly, explained, cannot; "" when not known
	Basis  string
	At     time.Time
}

// Point is a place in WGS-84.
type Point struct{ Lon, Lat float64 }

// Contacts are the unit's records of having reached the citizen, and what the
// telephone exchange has of it.
type Contacts struct {
	Recorded int
	// Reached is how many of the recorded say that the citizen was reached.
	Reached int
	// Calls is how many of the exchange's calls stand behind them; nil where no
	// exchange tells.
	Calls *int
	// Denied is true where the citizen says that nobody contacted them.
	Denied bool
}

// Photos are the files of the reply, and how many its item asks for.
type Photos struct {
	Asked int
	Files []Photo
}

// Photo is one file, with what it says of itself.
type Photo struct {
	ID    string
	Taken time.Time // zero when it does not say
	Where *Point
	// Before is another matter whose reply had the same picture.
	Before string
}

// Timing is when the matter was handled.
type Timing struct {
	Signed  time.Time
	Replied time.Time
	Start   time.Time // of the handling clock
	Due     time.Time
	// Late are the unit's other replies made in the end of their clocks around
	// this one.
	Late []string
}

// Other is a reply to another appeal.
type Other struct {
	ID     string
	Appeal string // its text: the same question may get the same answer
	Reply  string
}

// Verdicts.
const (
	Pass       = "pass"
	SecondLook = "second_look"
	Block      = "block"
)

// Judgment is what Judge finds.
type Judgment struct {
	Score   int      `json:"score"` // 0 to 100
	Verdict string   `json:"verdict" enum:"pass,second_look,block"`
	Signals []Signal `json:"signals"`
	// Honest is true for a lawful "cannot be solved" with its reason.
	Honest  bool     `json:"honest,omitempty"`
	Answers []Answer `json:"answers,omitempty" doc:"The demands, and what of the reply answers each"`
}

// Signal is one thing that speaks for a formal-only closing.
type Signal struct {
	Code     string     `json:"code"`
	Weight   int        `json:"weight"`
	Text     Text       `json:"text"`
	Evidence []Evidence `json:"evidence,omitempty"`
}

// Evidence is what a signal rests on: words of the reply or the appeal by their
// place in runes, or a thing of the records by its identifier.
type Evidence struct {
	Of    string `json:"of" enum:"reply,appeal,record"`
	Quote string `json:"quote,omitempty"`
	From  int    `json:"from,omitempty"`
	To    int    `json:"to,omitempty"`
	Ref   string `json:"ref,omitempty"`
}

// Answer is a demand of the appeal and the clause that answers it, if one does.
type Answer struct {
	Demand Evidence  `json:"demand"`
	Clause *Evidence `json:"clause,omitempty"`
}
