package text

import (
	"regexp"
	"strings"
)

// What can be told of English by its grammar alone.
var (
	englishWhen  = regexp.MustCompile(`(?i)\b(since (last (week|month|year|night)|yesterday|\w+day)|every (day|night|morning|evening|weekend)( until \d+ ?(am|pm))?|last (night|week|month|\w+day)|yesterday( (morning|afternoon|evening))?|for (\d+|two|three|four|five|several) (days|weeks|months)|today|tonight)\b`)
	englishWhere = regexp.MustCompile(`\b(?:at|on|near|in|outside|beside) ((?:[A-Z0-9][\w'’-]*)(?: [A-Z0-9][\w'’-]*)*)`)
	englishAt    = regexp.MustCompile(`\b(?:at|on|near|in|outside|beside) (?:[A-Z0-9])`)
	englishWant  = regexp.MustCompile(`(?i)\b(please|could you|can you|i would like|we want|i want|we ask)\b`)
	englishWho   = regexp.MustCompile(`\b((?:[A-Z][\w&'’-]*)(?: [A-Z][\w&'’-]*)* (?:Ltd|Inc|Company|Co|Restaurant|Factory|Bar|School|Hotel|Property))\b`)
)

// mostlyLatin reports whether a text has more words of letters than Han characters.
func mostlyLatin(s string) bool {
	han, words, in := 0, 0, false
	for _, r := range s {
		letter := isLetter(r)
		if letter && !in {
			words++
		}
		in = letter
		if IsHan(r) {
			han++
		}
	}
	return words > han
}

// englishMost bounds how far into a text the expressions look.
const englishMost = 4000

func (e *reader) english(s string) {
	if len(s) > englishMost {
		s = strings.ToValidUTF8(s[:englishMost], "")
	}
	add := func(kind ElementKind, from, to int, rule string) {
		e.out = append(e.out, Element{Kind: kind, Start: from, End: to, Rule: rule})
	}
	for _, m := range englishWhen.FindAllStringIndex(s, -1) {
		add(When, m[0], m[1], "when.english")
	}
	for _, m := range englishWhere.FindAllStringSubmatchIndex(s, -1) {
		add(Where, m[2], m[3], "where.english")
	}
	for _, m := range englishWho.FindAllStringIndex(s, -1) {
		add(Who, m[0], m[1], "who.english")
	}
	what := false
	for _, c := range e.clauses {
		from, to := e.finder.at[c.from], e.finder.at[c.to]
		if to > len(s) {
			return
		}
		if m := englishWant.FindStringIndex(s[from:to]); m != nil {
			add(Wanted, from+m[0], to, "wanted.english")
		} else if !what && strings.Count(s[from:to], " ") >= 2 {
			what = true
			for _, m := range [][]int{englishWhen.FindStringIndex(s[from:to]), englishAt.FindStringIndex(s[from:to])} {
				if m != nil && m[0] > 0 {
					to = min(to, from+m[0])
				}
			}
			add(What, from, from+len(strings.TrimRight(s[from:to], " ")), "what.english")
		}
	}
}
