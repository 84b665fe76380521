package closing

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// kind is what a clause of a reply does.
type kind int

const (
	courtesy kind = iota // nothing about the matter
	topic                // names what was asked
	forward              // passed on, put on file
	will                 // meant to be done some day
	process              // under way
	claim                // done, they say, without a fact
	filler               // general talk
	refer                // sends elsewhere
	substance
)

// clause is a piece of a reply between two stops.
type clause struct {
	from, to int // runes
	sentence int
	text     string
	kind     kind
	// novel is how many runes say something that is neither a stock phrase nor
	// the citizen's own words; copied is how many are the citizen's.
	novel, copied int
	turned        bool // it has words of the citizen, but is not a piece of what they wrote
	facts         map[string]bool
	worth         float64
}

const stops = "。！？；!?;\n"

// split cuts a text into clauses; a sentence may have several. Listings ("、")
// and colons stay within one clause.
func split(t string) []clause {
	runes := []rune(t)
	var out []clause
	from, sentence := 0, 0
	cut := func(to int) {
		a, b := from, to
		for a < b && unicode.IsSpace(runes[a]) {
			a++
		}
		for b > a && unicode.IsSpace(runes[b-1]) {
			b--
		}
		if b > a {
			out = append(out, clause{from: a, to: b, sentence: sentence, text: string(runes[a:b])})
		}
	}
	depth := 0
	for i, r := range runes {
		switch r {
		case '《', '（', '(', '“', '「':
			depth++
		case '》', '）', ')', '”', '」':
			depth = max(0, depth-1)
		}
		dot := r == '.' && i+1 < len(runes) && unicode.IsSpace(runes[i+1]) && i > 0 && unicode.IsLetter(runes[i-1]) && runes[i-1] < 0x250
		switch {
		case strings.ContainsRune(stops, r) || dot:
			cut(i)
			from, depth = i+1, 0
			sentence++
		case depth == 0 && (r == '，' || r == ',' || r == '：' || r == ':' && (i+1 == len(runes) || !unicode.IsDigit(runes[i+1]))):
			cut(i)
			from = i + 1
		}
	}
	cut(len(runes))
	return out
}

// told is the citizen's own words, to be found again in a reply.
type told struct {
	grams map[string]bool
	whole string
}

// grams is how long a run must be to count as copied.
const grams = 3

func newTold(t string) told {
	runes := plain(t)
	m := told{map[string]bool{}, string(runes)}
	for i := 0; i+grams <= len(runes); i++ {
		m.grams[string(runes[i:i+grams])] = true
	}
	return m
}

// plain is the letters and digits of a text in small letters.
func plain(t string) []rune {
	var out []rune
	for _, r := range strings.ToLower(t) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			out = append(out, r)
		}
	}
	return out
}

// weigh counts what a clause says beyond stock phrases and the citizen's words.
func (s *Settings) weigh(c *clause, said told) {
	runes := []rune(strings.ToLower(c.text))
	const (
		content = 1 << iota
		stock
		copied
	)
	mark := make([]byte, len(runes))
	var at []int
	var run []rune
	for i, r := range runes {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			mark[i] = content
			at, run = append(at, i), append(run, r)
		}
	}
	for i := 0; i+grams <= len(run); i++ {
		if said.grams[string(run[i:i+grams])] {
			for j := i; j < i+grams; j++ {
				mark[at[j]] |= copied
			}
		}
	}
	text := string(runes)
	for _, list := range []string{"courtesy", "forward", "will", "claim", "filler"} {
		if re := s.words[list]; re != nil {
			markAll(re, text, mark, stock)
		}
	}
	letters := 0
	for i, m := range mark {
		if m&content == 0 {
			continue
		}
		if m&copied != 0 {
			c.copied++
		}
		if m&(stock|copied) != 0 {
			continue
		}
		// A word of letters says as much as two characters.
		if r := runes[i]; r < 0x250 && unicode.IsLetter(r) {
			letters++
			continue
		}
		c.novel++
	}
	c.novel += letters / 3
	c.turned = !strings.Contains(said.whole, string(run))
}

// markAll sets a bit on every rune of every match.
func markAll(re *regexp.Regexp, text string, mark []byte, bit byte) {
	for _, m := range re.FindAllStringIndex(text, -1) {
		from := len([]rune(text[:m[0]]))
		for i := from; i < from+len([]rune(text[m[0]:m[1]])) && i < len(mark); i++ {
			mark[i] |= bit
		}
	}
}

// read takes a reply apart: what each clause does and what it is worth.
func (s *Settings) read(reply string, said told) []clause {
	body := reply
	if re := s.words["signature"]; re != nil {
		for range 3 {
			t := strings.TrimRightFunc(body, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("。.！!", r) })
			loc := re.FindStringIndex(t)
			if loc == nil || loc[1] != len(t) {
				break
			}
			body = t[:loc[0]]
		}
	}
	all := split(body)
	meant := -1 // the sentence whose clauses are meant to be done
	for i := range all {
		c := &all[i]
		s.weigh(c, said)
		c.facts = map[string]bool{}
		for name := range s.facts {
			c.facts[name] = s.fact(name, c.text)
		}
		if c.novel < 2 { // a verb or a role without anything that it is about
			c.facts["act"], c.facts["person"] = false, false
		}
		c.kind = s.kindOf(c)
		switch {
		case c.kind == will:
			meant = c.sentence
		case c.kind == substance && meant == c.sentence && !c.facts["date"] && !c.facts["figure"] && !c.facts["basis"] && !done.MatchString(c.text):
			c.kind = will
		}
		if c.worth = worth(c); slices.ContainsFunc(all[:i], func(o clause) bool { return o.text == c.text }) {
			c.worth = 0 // said twice is said once
		}
	}
	return all
}

// done is the grammar of what has happened, in Chinese and English.
var done = regexp.MustCompile(`已|了|完成|完毕|(?i:\b(was|were|has been|have been|had|did)\b)`)

func (s *Settings) kindOf(c *clause) kind {
	t := c.text
	hard := c.facts["date"] || c.facts["figure"] || c.facts["basis"] || c.facts["act"]
	switch {
	case s.covers("courtesy", t, 2) && c.novel < 6:
		return courtesy
	case s.in("topic", t) && !hard && c.novel < 8:
		return topic
	case c.novel <= 1 && c.copied*2 > len(plain(t)) && !(c.turned && s.in("decides", t)):
		return topic
	}
	switch {
	case s.in("difficult", t) && !c.facts["basis"] && !c.facts["figure"]:
		return filler
	case s.in("refer", t) && !hard:
		return refer
	case s.in("forward", t) && !c.facts["date"] && c.novel < 8:
		return forward
	case s.in("process", t):
		return process
	case s.in("will", t) && !(done.MatchString(t) && hard) && !s.in("refusal", t):
		return will
	case s.in("claim", t) && c.novel < 4 && !hard:
		return claim
	case c.novel < 2 && !hard && !s.in("refusal", t):
		return filler
	}
	return substance
}

// covers says whether a list has all but rest of the letters of t.
func (s *Settings) covers(list, t string, rest int) bool {
	re := s.words[list]
	if re == nil {
		return false
	}
	return len(plain(re.ReplaceAllString(t, ""))) <= rest
}

// most is what one clause can be worth: no single long sentence makes a reply.
const most = 30

// worth is how much a clause tells the citizen.
func worth(c *clause) float64 {
	n := float64(min(c.novel, most))
	facts := 0.0
	for _, name := range []string{"date", "figure", "basis", "person", "act"} {
		if c.facts[name] {
			facts += 4
		}
	}
	switch c.kind {
	case substance:
		return n + facts
	case process:
		if !c.facts["act"] && !c.facts["person"] {
			return 0.2 * n
		}
		return 0.4 * (n + facts)
	case refer:
		if c.facts["phone"] {
			return 8 + 0.5*n
		}
		return 0.4 * n
	case will:
		if c.facts["date"] || c.facts["figure"] {
			return 0.8*n + facts
		}
		return 0.15 * n
	case courtesy, topic, forward, claim, filler:
	}
	return 0
}
