package services

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"shanzhi/core/form"
	"shanzhi/core/rule"
)

// ItemTerm is how long an application takes and what it costs in one situation (分情形的时限
// 和费用). What it does not say is as the item says.
type ItemTerm struct {
	When     string    `yaml:"when" json:"when,omitempty" doc:"Condition over the situation; of the last alone it may be empty: in all others"`
	Say      form.Text `yaml:"say" json:"say" doc:"The situation in words"`
	Legal    *ItemDays `yaml:"legal" json:"legal,omitempty"`
	Promised *ItemDays `yaml:"promised" json:"promised,omitempty"`
	Fee      *ItemFee  `yaml:"fee" json:"fee,omitempty"`
	Free     bool      `yaml:"free" json:"free,omitempty" doc:"Nothing is charged, whatever the item costs elsewhere"`

	when *rule.Program
}

// compileTerms checks the terms, each against the questions of the situation alone: they
// are known before anything else is asked.
func (h *Handling) compileTerms(wrong *form.FormFaults) {
	if len(h.Terms) == 0 {
		return
	}
	if h.Situation == nil {
		wrong.Add("terms", "no_situation", "", "there is no situation that they could depend on")
		return
	}
	lang, err := h.Situation.Language(nil)
	if err != nil {
		wrong.Wrong("terms", "invalid", err)
		return
	}
	for i, t := range h.Terms {
		at := fmt.Sprintf("terms[%d]", i)
		if t == nil {
			wrong.Add(at, "absent", "", "the term is empty")
			continue
		}
		switch {
		case t.Say["zh"] == "":
			wrong.Add(at+".say", "required", "", "say.zh is missing")
		case t.When == "" && i < len(h.Terms)-1:
			wrong.Add(at+".when", "only_last", "", "only the last may be without a condition")
		case t.Free && t.Fee != nil:
			wrong.Add(at+".fee", "free", "", "it has a fee and is free")
		case t.Fee != nil && !t.Fee.valid():
			wrong.Add(at+".fee", "fee", "", "it has an amount in fen, a name, and the law that allows it")
		case t.Legal == nil && t.Promised == nil && t.Fee == nil && !t.Free:
			wrong.Add(at, "says_nothing", "", "it says nothing")
		}
		for _, x := range []struct {
			at   string
			days *ItemDays
		}{{"legal", t.Legal}, {"promised", t.Promised}} {
			if d := x.days; d != nil && (d.N < 0 || d.Unit != "working" && d.Unit != "calendar") {
				wrong.Add(at+"."+x.at, "days", "", "n is not negative, unit is working or calendar")
			}
		}
		if t.Legal != nil && t.Promised != nil && t.Legal.Unit == t.Promised.Unit && t.Promised.N > t.Legal.N {
			wrong.Add(at+".promised", "over_legal", "", "it promises more days than the law allows")
		}
		if t.When != "" {
			if t.when, err = lang.Condition(t.When); err != nil {
				wrong.Wrong(at+".when", "invalid", err)
			}
		}
	}
}

func (f *ItemFee) valid() bool { return f.Amount > 0 && f.Basis != "" && f.Name["zh"] != "" }

// term is the number, from 1, of the first term that holds in a situation; 0 for none.
func (h *Handling) term(situation map[string]any, today string) (int, error) {
	if len(h.Terms) == 0 {
		return 0, nil
	}
	facts := h.Situation.Facts(situation, today)
	for i, t := range h.Terms {
		if t.when == nil {
			return i + 1, nil
		}
		if yes, err := t.when.Holds(facts); err != nil || yes {
			return i + 1, err
		}
	}
	return 0, nil
}

// inTerm are the elements as they are in a term; in none, as they stand.
func (e *ItemElements) inTerm(n int) (*ItemElements, error) {
	if n == 0 {
		return e, nil
	}
	if e.Handling == nil || n < 0 || n > len(e.Handling.Terms) {
		return nil, fmt.Errorf("services: %s has no term %d", e.Name, n)
	}
	t := e.Handling.Terms[n-1]
	out, h := *e, *e.Handling
	if t.Legal != nil {
		out.Legal = t.Legal
	}
	if t.Promised != nil {
		out.Promised = t.Promised
	}
	if t.Fee != nil || t.Free {
		h.Fee = t.Fee
	}
	out.Handling = &h
	return &out, nil
}

// inSituation are the elements as they are in a situation.
func (e *ItemElements) inSituation(situation map[string]any, today string) (*ItemElements, int, error) {
	if e.Handling == nil {
		return e, 0, nil
	}
	n, err := e.Handling.term(situation, today)
	if err != nil {
		return nil, 0, err
	}
	out, err := e.inTerm(n)
	return out, n, err
}

// longest are the longest times that an item takes in any situation.
func (e *ItemElements) longest() (legal, promised *ItemDays) {
	legal, promised = e.Legal, e.Promised
	if e.Handling == nil {
		return
	}
	longer := func(a, b *ItemDays) *ItemDays {
		if a == nil || b != nil && b.N > a.N {
			return b
		}
		return a
	}
	for _, t := range e.Handling.Terms {
		legal, promised = longer(legal, t.Legal), longer(promised, t.Promised)
	}
	return
}

// pinnedTerm names, for a matter, the version of an item in one of its terms: a case keeps
// the time and the fee of the situation that it was applied for in.
func pinnedTerm(pinned string, term int) string {
	if term == 0 {
		return pinned
	}
	return pinned + "#" + strconv.Itoa(term)
}

// pinnedInTerm reads what pinnedTerm names.
func (s *Service) pinnedInTerm(pinned, term string) (*ItemElements, error) {
	n, err := strconv.Atoi(term)
	if err != nil || n < 1 {
		return nil, errors.Join(fmt.Errorf("services: %q names no term of an item", pinned+"#"+term), err)
	}
	e, err := s.pinned(pinned)
	if err != nil {
		return nil, err
	}
	return e.inTerm(n)
}

// situationsMost bounds how many situations are looked at; more are not looked at.
const situationsMost = 4096

var wholeNumber = regexp.MustCompile(`\b\d{1,9}\b`)

// termGaps walks the situations of an item: those in which no term holds, in words, and the
// terms that hold in none. Of a number the bounds and what the conditions compare it with
// are looked at; an item that asks for a text or a day is not walked: ok is false.
func (h *Handling) termGaps(today string) (none []string, never []int, ok bool) {
	if len(h.Terms) == 0 {
		return nil, nil, false
	}
	numbers := map[float64]bool{}
	for _, t := range h.Terms {
		for _, w := range wholeNumber.FindAllString(t.When, -1) {
			n, _ := strconv.ParseFloat(w, 64)
			numbers[n-1], numbers[n], numbers[n+1] = true, true, true
		}
	}
	choices := map[string][]any{}
	count := 1
	for name, q := range h.Situation.Schema.Properties {
		list := []any{nil}
		switch {
		case q.Type == "boolean":
			list = append(list, true, false)
		case q.Type == "string" && len(q.Enum) > 0:
			for _, v := range q.Enum {
				list = append(list, v)
			}
		case q.Type == "integer" || q.Type == "number":
			mine := maps.Clone(numbers)
			for _, b := range []*float64{q.Minimum, q.Maximum} {
				if b != nil {
					mine[*b] = true
				}
			}
			for _, n := range slices.Sorted(maps.Keys(mine)) {
				list = append(list, n)
			}
		default:
			return nil, nil, false
		}
		choices[name] = list
		if count *= len(list); count > situationsMost {
			return nil, nil, false
		}
	}
	names := slices.Sorted(maps.Keys(choices))
	held, told := map[int]bool{}, map[string]bool{}
	answers := map[string]any{}
	var walk func(i int)
	walk = func(i int) {
		if i < len(names) {
			for _, v := range choices[names[i]] {
				if delete(answers, names[i]); v != nil {
					answers[names[i]] = v
				}
				walk(i + 1)
			}
			delete(answers, names[i])
			return
		}
		f, err := h.Situation.Fill(answers, today, false)
		if err != nil || len(f.Wrong) > 0 || f.Exit != nil {
			return
		}
		n, err := h.term(f.Values, today)
		if held[n] = true; n > 0 || err != nil {
			return
		}
		var words []string
		for _, name := range names {
			if v, is := f.Values[name]; is {
				words = append(words, fmt.Sprintf("%s=%v", h.Situation.Schema.Properties[name].Title, v))
			}
		}
		if said := strings.Join(words, "，"); !told[said] {
			told[said] = true
			none = append(none, said)
		}
	}
	walk(0)
	for i := range h.Terms {
		if !held[i+1] {
			never = append(never, i)
		}
	}
	return none, never, true
}
