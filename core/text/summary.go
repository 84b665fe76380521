package text

import (
	"strings"
	"unicode/utf8"
)

// Summary is a message in short, in its own words.
type Summary struct {
	Title string // at most titleRunes
	Text  string // one or two sentences, at most summaryRunes
}

const (
	titleRunes   = 40
	summaryRunes = 160
)

// Summarize takes out of a message, by its elements, a title (where and what) and
// the sentences that name the matter and what is wanted. Every word of it stands
// in the message.
func Summarize(s string, elements []Element) Summary {
	first := func(kind ElementKind) (Element, bool) {
		for _, e := range elements {
			if e.Kind == kind {
				return e, true
			}
		}
		return Element{}, false
	}
	what, told := first(What)
	if !told {
		whole := strings.Join(strings.Fields(Clean(s)), " ")
		return Summary{clip(whole, titleRunes), clip(whole, summaryRunes)}
	}
	var out Summary
	title := s[what.Start:what.End]
	if where, ok := first(Where); ok && where.End <= what.Start && !strings.Contains(title, s[where.Start:where.End]) {
		title = s[where.Start:where.End] + title
	}
	out.Title = clip(strings.Join(strings.Fields(title), " "), titleRunes)
	from, to := sentenceAt(s, what.Start, elements)
	out.Text = strings.TrimSpace(s[from:to])
	if wanted, ok := first(Wanted); ok && wanted.Start >= to {
		_, end := sentenceAt(s, wanted.Start, nil)
		out.Text += strings.TrimSpace(s[wanted.Start:end])
	}
	out.Text = clip(strings.Join(strings.Fields(out.Text), " "), summaryRunes)
	return out
}

const sentenceStops = "。！？!?\n…"

// sentenceAt is the sentence around a place in a text. Where elements are given
// it begins with the first of them in it: greetings stay out.
func sentenceAt(s string, at int, elements []Element) (from, to int) {
	from = 0
	if i := strings.LastIndexAny(s[:at], sentenceStops); i >= 0 {
		_, n := utf8.DecodeRuneInString(s[i:])
		from = i + n
	}
	to = len(s)
	if i := strings.IndexAny(s[at:], sentenceStops); i >= 0 {
		_, n := utf8.DecodeRuneInString(s[at+i:])
		to = at + i + n
	}
	for _, e := range elements {
		if e.Start >= from && e.Start <= at {
			return e.Start, to
		}
	}
	return from, to
}

// clip cuts a text to n runes, the last an ellipsis where something went.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:n-1]), "，,、 ") + "…"
}
