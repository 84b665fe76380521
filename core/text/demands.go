package text

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Demand is one of the things that a message asks for (一诉多求), by byte offsets of
// its words. Rule says by what it was told apart: "number" (一、 2.) or "word" (另外).
type Demand struct {
	Start, End int
	Rule       string
}

// A part that somebody numbered begins at the start of a line or after a pause.
var (
	demandNumber  = regexp.MustCompile(`(?:^|[\s。！？!?；;：:，,])((?:[（(](?:[一二三四五六七八九十]{1,2}|\d{1,2})[)）]|第[一二三四五六七八九十][个点件项]?[，,、：:是]|[一二三四五六七八九十]{1,2}[、.．：:]|\d{1,2}(?:[、．：:]|\.(?:\D|$)|[)）])|[①-⑩])\s*)`)
	demandOrdinal = regexp.MustCompile(`[一二三四五六七八九十]{1,2}|\d{1,2}|[①-⑩]`)
	// A word that brings the next thing stands at the start of a sentence or clause.
	demandWord = regexp.MustCompile(`(?:^|[。！？!?；;\n，,])\s*((?:另外|另有一事|此外|除此之外|还有就是|还有一个|还有一件|再有|顺便|我还想|还想反映|还要反映|还反映|同时也?反映|同时也?希望|同时也?投诉|再反映|也想反映|再问一下|另咨询)(?:一个问题|一件事|，|,|：|:)?)`)
)

const (
	// leastDemand is the fewest letters that a demand has; what is shorter belongs to its
	// neighbour.
	leastDemand = 6
	// What is longer argues one case at length: its numbers are grounds and no demands.
	mostLetters, mostOfOne = 600, 200
)

// Demands proposes which things a message asks for, in their order: by its own
// numbering, or else by the words with which people bring another thing. One that
// names nothing that is wrong or wanted is no demand of its own. A message that asks
// for one thing gives none; what stands before the first number belongs to no part.
func Demands(s string) []Demand {
	if letters(s) > mostLetters {
		return nil
	}
	if parts := numbered(s); len(parts) > 1 {
		return parts
	}
	starts := []int{0}
	for _, m := range demandWord.FindAllStringSubmatchIndex(s, -1) {
		if m[2] > 0 {
			starts = append(starts, m[2])
		}
	}
	var out []Demand
	for i, from := range starts {
		to := len(s)
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		d := Demand{Start: from, End: to, Rule: "word"}
		if n := len(out); n > 0 && (letters(s[from:to]) < leastDemand || !speaks(s[from:to])) {
			out[n-1].End = to
			continue
		}
		out = append(out, d)
	}
	// A greeting before the first thing is part of it.
	if len(out) > 1 && (letters(s[out[0].Start:out[0].End]) < leastDemand || !speaks(s[out[0].Start:out[0].End])) {
		out[1].Start = out[0].Start
		out = out[1:]
	}
	if len(out) < 2 {
		return nil
	}
	return trimmed(s, out)
}

// numbered are the parts of a message that numbers its things from one on.
func numbered(s string) (out []Demand) {
	next, style := 1, ""
	for _, m := range demandNumber.FindAllStringSubmatchIndex(s, -1) {
		mark := s[m[2]:m[3]]
		if how := demandOrdinal.ReplaceAllString(strings.TrimSpace(mark), ""); ordinal(mark) != next || next > 1 && how != style {
			continue
		} else {
			style = how
		}
		if next++; len(out) > 0 {
			out[len(out)-1].End = m[2]
		}
		out = append(out, Demand{Start: m[2], End: len(s), Rule: "number"})
	}
	if len(out) < 2 {
		return nil
	}
	// What follows the last thing in a line of its own is no part of it.
	last := &out[len(out)-1]
	if i := strings.IndexByte(s[last.Start:], '\n'); i > 0 && letters(s[last.Start:last.Start+i]) >= leastDemand {
		last.End = last.Start + i
	}
	for _, d := range out {
		if n := letters(s[d.Start:d.End]); n < leastDemand || n > mostOfOne || !speaks(s[d.Start:d.End]) {
			return nil
		}
	}
	return trimmed(s, out)
}

// speaks says whether words name something that is wrong or wanted.
func speaks(s string) bool {
	return slices.ContainsFunc(FindElements(s, Reading{}), func(e Element) bool { return e.Kind == What || e.Kind == Wanted })
}

func ordinal(mark string) int {
	const chinese = "一二三四五六七八九十"
	o := demandOrdinal.FindString(mark)
	n := 0
	for _, r := range o {
		switch {
		case r >= '0' && r <= '9':
			n = n*10 + int(r-'0')
		case r >= '①' && r <= '⑩':
			n = int(r-'①') + 1
		case r == '十' && n == 0:
			n = 10
		case r == '十':
			n *= 10
		default:
			n += utf8.RuneCountInString(chinese[:strings.IndexRune(chinese, r)]) + 1
		}
	}
	return n
}

func letters(s string) (n int) {
	for _, r := range s {
		if !strings.ContainsRune(" \t\r\n，。！？；：、,.!?;:（）()", r) {
			n++
		}
	}
	return n
}

// trimmed takes pauses off both ends.
func trimmed(s string, out []Demand) []Demand {
	for i := range out {
		d := &out[i]
		part := s[d.Start:d.End]
		d.Start += len(part) - len(strings.TrimLeft(part, " \t\r\n，。！？；、,.!?;"))
		d.End = d.Start + len(strings.TrimRight(s[d.Start:d.End], " \t\r\n，、,；;"))
	}
	return out
}
