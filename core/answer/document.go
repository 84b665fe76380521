package answer

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Document is what may answer.
type Document struct {
	ID       string
	Kind     string // knowledge, duty, solved, or what its system calls it
	Title    string
	Keywords []string // other words under which people ask for it
	Text     string   // what is answered from: masked, for people
	Also     string   // what it is found by, beside, and never shown: the appeal that a reply answered
	Source   string   // who says so: the unit, its legal basis
	Internal bool     // for staff alone
	From, To time.Time
	// Asks are the kinds of question that the document can answer; none: any.
	Asks []Ask
}

// holds reports whether the document is in force at a time. To is the first
// moment at which it is no longer.
func (d *Document) holds(at time.Time) bool {
	return (d.From.IsZero() || !at.Before(d.From)) && (d.To.IsZero() || at.Before(d.To))
}

// sentences cuts a text after the signs that end one. A figure with a point
// stays whole, as the Chinese signs alone end a sentence.
func sentences(s string) []string {
	var out []string
	for len(s) > 0 {
		i := strings.IndexAny(s, "。！？!?\n；;")
		if i < 0 {
			i = len(s)
		} else {
			_, n := utf8.DecodeRuneInString(s[i:])
			i += n
		}
		if p := strings.TrimSpace(s[:i]); p != "" {
			out = append(out, p)
		}
		s = s[i:]
	}
	return out
}
