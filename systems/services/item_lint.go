package services

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed lint.yaml
var shippedLint []byte

// ItemFlaw is what the standardisation of items (事项梳理标准化) finds wanting in one.
type ItemFlaw struct {
	Code    string `json:"code"`
	Element string `json:"element" doc:"Of the item's elements"`
	Detail  string `json:"detail,omitempty"`
	Weight  int    `json:"weight" doc:"Points that it costs, of 100"`
}

// lint is the pack's lint.yaml: what is looked for, and what it weighs.
type lint struct {
	Weights      map[string]int `yaml:"weights"`
	Certificates []string       `yaml:"certificates"`
	Vague        []string       `yaml:"vague"`
	Sentence     int            `yaml:"sentence"` // longest sentence, in characters
	Hard         []string       `yaml:"hard"`     // words of officials that people need not know
}

var lintCodes = []string{"no_code", "bad_code", "basic_differs", "no_type", "no_legal_days", "promise_over_legal", "no_promise", "no_conditions", "no_law", "visits", "not_online", "no_phone", "no_place_nor_online", "vague_material", "held_certificate", "repeated_material", "long_sentence", "hard_words", "no_checklist", "term_gap", "term_never"}

// readLint reads the pack's lint.yaml, or the shipped one where the pack has none.
func readLint(files fs.FS) (*lint, error) {
	const name = "services/lint.yaml"
	raw, err := fs.ReadFile(files, name)
	if errors.Is(err, fs.ErrNotExist) {
		raw, err = shippedLint, nil
	}
	if err != nil {
		return nil, err
	}
	l := &lint{}
	if err := yaml.UnmarshalWithOptions(raw, l, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %s", name, yaml.FormatError(err, false, true))
	}
	if l.Sentence == 0 {
		l.Sentence = 60
	}
	if l.Sentence < 20 {
		return nil, fmt.Errorf("%s: sentence: %d characters is shorter than a sentence can be", name, l.Sentence)
	}
	for code, w := range l.Weights {
		switch {
		case !slices.Contains(lintCodes, code):
			return nil, fmt.Errorf("%s: weights: there is no check %q", name, code)
		case w < 0 || w > 100:
			return nil, fmt.Errorf("%s: weights.%s: %d is not between 0 and 100", name, code, w)
		}
	}
	return l, nil
}

// longestSentence is the longest run of a text that is not broken by 。；！？ or a line.
func longestSentence(text string) (longest string) {
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("。；;！!？?\n", r) }) {
		if len([]rune(part)) > len([]rune(longest)) {
			longest = strings.TrimSpace(part)
		}
	}
	return longest
}

// check finds what is wanting in an item; a check without a weight is not made.
func (l *lint) check(e ItemElements) (flaws []ItemFlaw, score int) {
	flaws, score = []ItemFlaw{}, 100
	add := func(code, element, detail string) {
		if w := l.Weights[code]; w > 0 {
			flaws = append(flaws, ItemFlaw{code, element, detail, w})
			score = max(0, score-w)
		}
	}
	switch c, err := ParseItemCode(e.Code); {
	case e.Code == "":
		add("no_code", "code", "")
	case err != nil:
		add("bad_code", "code", err.Error())
	case e.Basic != "" && e.Basic != c.Basic:
		add("basic_differs", "basic", c.Basic+" ≠ "+e.Basic)
	}
	if e.Type == "" {
		add("no_type", "type", "")
	}
	if e.Legal == nil && e.Type == "01" {
		add("no_legal_days", "legal", "") // 行政许可法第四十二条
	}
	if e.Promised == nil {
		add("no_promise", "promised", "")
	}
	if n := e.daysSaved(); n != nil && *n < 0 {
		add("promise_over_legal", "promised", fmt.Sprintf("%d > %d", e.Promised.N, e.Legal.N))
	}
	if e.Handling != nil {
		for i, t := range e.Handling.Terms { // one that says one of the two times has the other of the item
			if in, err := e.inTerm(i + 1); err == nil && in.daysSaved() != nil && *in.daysSaved() < 0 {
				add("promise_over_legal", "promised", fmt.Sprintf("%s：%d > %d", t.Say["zh"], in.Promised.N, in.Legal.N))
			}
		}
	}
	if e.Conditions == "" {
		add("no_conditions", "conditions", "")
	}
	if len(e.Laws) == 0 && e.Type != "20" {
		add("no_law", "laws", "")
	}
	if e.Visits != nil && *e.Visits > 0 {
		add("visits", "visits", fmt.Sprint(*e.Visits))
	}
	if e.Online != nil && !*e.Online {
		add("not_online", "online", "")
	}
	if e.Phone == "" {
		add("no_phone", "phone", "")
	}
	if e.Place == "" && (e.Online == nil || !*e.Online) {
		add("no_place_nor_online", "place", "")
	}
	if e.Handling != nil && len(e.Handling.Acceptance) == 0 {
		add("no_checklist", "checklist", "")
	}
	if e.Handling != nil {
		if none, never, ok := e.Handling.termGaps("2026-01-01"); ok {
			if len(none) > 0 {
				add("term_gap", "handling", fmt.Sprintf("%s（共%d种情形）", none[0], len(none)))
			}
			for _, i := range never {
				add("term_never", "handling", e.Handling.Terms[i].Say["zh"])
			}
		}
	}
	if long := longestSentence(e.Conditions); len([]rune(long)) > l.Sentence {
		add("long_sentence", "conditions", fmt.Sprintf("%d：%s…", len([]rune(long)), clip(long, 24)))
	}
	hard := []string{}
	for _, w := range l.Hard {
		if strings.Contains(e.Conditions, w) {
			hard = append(hard, w)
		}
	}
	if len(hard) > 0 {
		add("hard_words", "conditions", strings.Join(hard, "、"))
	}
	seen := map[string]bool{}
	fetched := e.fetchedPapers()
	for _, m := range e.paperNames() {
		if i := slices.IndexFunc(l.Vague, func(v string) bool { return strings.Contains(m, v) }); i >= 0 {
			add("vague_material", "materials", m)
		}
		if i := slices.IndexFunc(l.Certificates, func(c string) bool { return strings.Contains(m, c) }); i >= 0 && !fetched[m] {
			add("held_certificate", "materials", m)
		}
		if seen[m] {
			add("repeated_material", "materials", m)
		}
		seen[m] = true
	}
	return flaws, score
}
