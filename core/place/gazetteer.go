package place

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is what kind of place a name is of.
type Kind string

const (
	KindDistrict  Kind = "district"  // 区、县
	KindStreet    Kind = "street"    // 街道、镇、乡
	KindCommunity Kind = "community" // 社区、村
	KindEstate    Kind = "estate"    // 小区、园区
	KindRoad      Kind = "road"      // 道路
	KindLandmark  Kind = "landmark"  // 学校、医院、车站…
)

// Place is an entry of a gazetteer.
type Place struct {
	// Key is unique in the gazetteer, Parent the key of the place that it lies
	// in, if it lies in one.
	Key, Parent string
	Kind        Kind
	Name        string
	// Aliases are other names in use: former ones, short ones, common misspellings.
	Aliases []string
	Code    Code
}

// Match is a name found in a text.
type Match struct {
	Place Place
	// Start and End are byte offsets into the text.
	Start, End int
	// Confidence, from 0 to 1, is a score and not a measured probability: higher
	// for whole names than for short ones, and for names that other names in the
	// text bear out as their street or their community.
	Confidence float64
	// Rivals are other places that the name fits as well, Place being no more
	// than the first of them; none where the name is unambiguous.
	Rivals []Place
}

// Location is what a text says about where it happened.
type Location struct {
	Street, Community Choice
	// Matches are all names found, in the order of the text.
	Matches []Match
}

// Choice is an answer or, where Place is nil, why there is none: Rivals are the
// places among which the text does not decide, if it names any.
type Choice struct {
	Place      *Place
	Confidence float64
	Rivals     []Place
}

// Gazetteer finds the names of places in text. It never changes and is safe for
// concurrent use.
type Gazetteer struct {
	places  []Place
	byKey   map[string]int
	next    map[edgeTo]int32 // the trie
	entries [][]entry        // of each node, the places whose name ends there
}

type edgeTo struct {
	node int32
	r    rune
}

// entry is a form of a name. weight is how sure the form alone makes a match.
type entry struct {
	place  int
	weight float64
	bare   bool // without the word that says what kind of place it is
}

const (
	wholeWeight = 0.9
	aliasWeight = 0.85
	// A bare name of three characters or more says little else; one of two is
	// often an ordinary word (安乐, 上合), the more so for the many communities.
	longBareWeight      = 0.7
	bareWeight          = 0.55
	bareCommunityWeight = 0.45
	// A bare name that begins another name (西乡大道) is never surer than this.
	partWeight = 0.35
	// What a name bears out of another, next to it and elsewhere in the text.
	nextSupport, farSupport = 0.7, 0.4
	// chosen is the least confidence of an answer. How many times its odds must
	// be those of the next: among places of one name whatever bears out one of
	// them decides; among names that contradict each other it takes more.
	chosen             = 0.5
	spanLead, textLead = 1.5, 2.0
)

// suffixes are the words that end the names of a kind; people leave them out or
// put another in their place (a town that became a sub-district).
var suffixes = map[Kind][]string{
	KindDistrict:  {"区", "县", "市"},
	KindStreet:    {"街道办事处", "街道办", "街道", "镇", "乡"},
	KindCommunity: {"社区居民委员会", "社区居委会", "社区工作站", "村民委员会", "居委会", "村委会", "社区", "村"},
	KindEstate:    {"住宅小区", "小区"},
}

// NewGazetteer builds a gazetteer. A key that is missing or given twice, an
// unknown parent, a cycle of parents and an empty name are refused.
func NewGazetteer(places []Place) (*Gazetteer, error) {
	g := &Gazetteer{places: slices.Clone(places), byKey: map[string]int{}, next: map[edgeTo]int32{}, entries: make([][]entry, 1)}
	var errs []error
	for i, p := range places {
		if _, twice := g.byKey[p.Key]; twice || p.Key == "" {
			errs = append(errs, fmt.Errorf("gazetteer: key %q is empty or given twice", p.Key))
		}
		if strings.TrimSpace(p.Name) == "" {
			errs = append(errs, fmt.Errorf("gazetteer: %q has no name", p.Key))
		}
		g.byKey[p.Key] = i
	}
	for _, p := range places {
		up, steps := p, 0
		for up.Parent != "" && steps <= len(places) {
			i, ok := g.byKey[up.Parent]
			if !ok {
				errs = append(errs, fmt.Errorf("gazetteer: %q lies in %q, which is not there", up.Key, up.Parent))
				break
			}
			up, steps = places[i], steps+1
		}
		if steps > len(places) {
			errs = append(errs, fmt.Errorf("gazetteer: %q lies in itself", p.Key))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	for i, p := range places {
		stem := stemOf(p)
		if stem != p.Name || p.Kind == KindEstate {
			g.add(p.Name, entry{i, wholeWeight, false})
		}
		for _, alias := range p.Aliases {
			g.add(alias, entry{i, aliasWeight, false})
		}
		if utf8.RuneCountInString(stem) < 2 {
			continue
		}
		for _, suffix := range suffixes[p.Kind] {
			g.add(stem+suffix, entry{i, aliasWeight, false})
		}
		weight := bareWeight
		switch {
		case utf8.RuneCountInString(stem) > 2:
			weight = longBareWeight
		case p.Kind == KindCommunity:
			weight = bareCommunityWeight
		}
		g.add(stem, entry{i, weight, true})
	}
	return g, nil
}

// stemOf returns the name without the word for its kind, or nothing where the
// kind, or the language, has no such words.
func stemOf(p Place) string {
	if r, _ := utf8.DecodeRuneInString(p.Name); !unicode.Is(unicode.Han, r) {
		return ""
	}
	for _, suffix := range suffixes[p.Kind] {
		if stem, ok := strings.CutSuffix(p.Name, suffix); ok {
			return stem
		}
	}
	if suffixes[p.Kind] == nil {
		return ""
	}
	return p.Name
}

// add puts a form into the trie; of a place's equal forms the weightiest counts.
func (g *Gazetteer) add(name string, e entry) {
	node := int32(0)
	for _, r := range fold(strings.TrimSpace(name)) {
		next, ok := g.next[edgeTo{node, r.r}]
		if !ok {
			next = int32(len(g.entries))
			g.entries = append(g.entries, nil)
			g.next[edgeTo{node, r.r}] = next
		}
		node = next
	}
	for i, other := range g.entries[node] {
		if other.place == e.place {
			if e.weight > other.weight {
				g.entries[node][i] = e
			}
			return
		}
	}
	if node != 0 {
		g.entries[node] = append(g.entries[node], e)
	}
}

// folded is a character with its place in the text.
type folded struct {
	r          rune
	start, end int
}

// fold makes full-width letters and digits ordinary ones and capitals small, and
// leaves out spaces between Chinese characters.
func fold(text string) []folded {
	out := make([]folded, 0, len(text)/2)
	for i, r := range text {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			size = 1
		}
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		if unicode.IsSpace(r) {
			if len(out) == 0 || !spelled(out[len(out)-1].r) {
				continue
			}
			r = ' '
		}
		out = append(out, folded{unicode.ToLower(r), i, i + size})
	}
	return out
}

// spelled reports whether the letter is of a script whose words are set apart.
func spelled(r rune) bool {
	return unicode.IsLetter(r) && !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || unicode.IsDigit(r)
}

// span is a stretch of the text that fits a form of some names.
type span struct {
	from, to int // in folded characters
	entries  []entry
}

// Match returns the names in a text, in its order. Of names that overlap the
// longer is taken. Confidence takes into account what else the text names.
func (g *Gazetteer) Match(text string) []Match {
	chars := fold(text)
	spans := g.spans(chars)
	matches := make([]Match, 0, len(spans))
	for i, s := range spans {
		end := len(chars)
		if i+1 < len(spans) {
			end = spans[i+1].from
		}
		part := partOfAnotherName(chars[s.to:end])
		candidates := make([]candidate, len(s.entries))
		for k, e := range s.entries {
			doubt := 1 - e.weight
			for j := max(0, i-supportReach); j < min(len(spans), i+supportReach+1); j++ {
				if other := spans[j]; j != i {
					doubt *= 1 - g.support(e.place, s, other)
				}
			}
			if e.bare && part {
				doubt = max(doubt, 1-partWeight)
			}
			candidates[k] = candidate{e.place, doubt}
		}
		best, equals, confidence := decide(candidates, spanLead)
		// A street and its community of one name: the street holds either way.
		for _, top := range equals {
			if !slices.ContainsFunc(equals, func(place int) bool { return !g.within(place, top) }) {
				best, equals, confidence = top, equals[:1], 1-candidates[0].doubt
				break
			}
		}
		m := Match{Place: g.places[best], Start: chars[s.from].start, End: chars[s.to-1].end, Confidence: confidence}
		if len(equals) > 1 {
			for _, place := range equals[1:] {
				m.Rivals = append(m.Rivals, g.places[place])
			}
		}
		matches = append(matches, m)
	}
	return matches
}

// supportReach is how many names before and after one bear it out: a text of names
// alone takes time by its length, not by its square.
const supportReach = 24

// candidate is a place and how much doubt the evidence for it leaves.
type candidate struct {
	place int
	doubt float64
}

func (c candidate) odds() float64 { return (1 - c.doubt) / max(c.doubt, 1e-9) }

// decide ranks places of which one at most is meant. It returns the best, those
// that the best does not lead (itself first), and the confidence that
// its share of the odds gives, that none is meant being one to one.
func decide(candidates []candidate, lead float64) (best int, equals []int, confidence float64) {
	slices.SortStableFunc(candidates, func(a, b candidate) int { return cmp.Compare(a.doubt, b.doubt) })
	top, all := candidates[0].odds(), 1.0
	for _, c := range candidates {
		all += c.odds()
		if top < lead*c.odds() || len(equals) == 0 {
			equals = append(equals, c.place)
		}
	}
	return candidates[0].place, equals, top / all
}

// spans finds the forms in the text, the longest first where they overlap.
func (g *Gazetteer) spans(chars []folded) []span {
	var all []span
	for from := range chars {
		if from > 0 && spelled(chars[from].r) && spelled(chars[from-1].r) {
			continue // inside a word
		}
		node := int32(0)
		for to := from; to < len(chars); to++ {
			next, ok := g.next[edgeTo{node, chars[to].r}]
			if !ok {
				break
			}
			node = next
			inWord := to+1 < len(chars) && spelled(chars[to].r) && spelled(chars[to+1].r)
			if e := g.entries[node]; len(e) > 0 && !inWord {
				all = append(all, span{from, to + 1, e})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b span) int { return (b.to - b.from) - (a.to - a.from) })
	taken := make([]bool, len(chars))
	kept := all[:0]
	for _, s := range all {
		if slices.Contains(taken[s.from:s.to], true) {
			continue
		}
		for i := s.from; i < s.to; i++ {
			taken[i] = true
		}
		kept = append(kept, s)
	}
	slices.SortFunc(kept, func(a, b span) int { return a.from - b.from })
	return kept
}

// partOfAnotherName reports whether what follows a bare name makes it the first
// part of something else of that name: 西乡大道, 福永汽车站, 金华市.
func partOfAnotherName(rest []folded) bool {
	for i, c := range rest {
		if i == 4 || !unicode.Is(unicode.Han, c.r) {
			return false
		}
		if i == 0 && strings.ContainsRune("市区县州", c.r) {
			return true
		}
		if c.r == '街' && i+1 < len(rest) && rest[i+1].r == '道' {
			return false
		}
		if strings.ContainsRune("路街巷道桥站院校园厂店场厦苑", c.r) {
			return true
		}
	}
	return false
}

// support returns how much another span bears out that a span means the place,
// by naming what the place lies in or what lies in it.
func (g *Gazetteer) support(place int, s, other span) float64 {
	best := 0.0
	for _, e := range other.entries {
		if e.place != place && (g.within(place, e.place) || g.within(e.place, place)) {
			best = max(best, e.weight)
		}
	}
	if gap := max(s.from-other.to, other.from-s.to); gap <= 1 {
		return nextSupport * best
	}
	return farSupport * best
}

// within reports whether a place is the other or lies in it.
func (g *Gazetteer) within(place, other int) bool {
	for {
		if place == other {
			return true
		}
		parent := g.places[place].Parent
		if parent == "" {
			return false
		}
		place = g.byKey[parent]
	}
}

// Locate returns the street and the community that a text speaks of. A street is
// named itself or by what lies in it; a community is named itself or by what
// lies in it, and lies in the street. What is below a confidence of 0.5, or
// does not clearly lead the next, is refused and its rivals are named.
func (g *Gazetteer) Locate(text string) Location {
	l := Location{Matches: g.Match(text)}
	l.Street = g.choose(l.Matches, KindStreet, nil)
	if l.Street.Place != nil || len(l.Street.Rivals) == 0 {
		l.Community = g.choose(l.Matches, KindCommunity, l.Street.Place)
	}
	return l
}

// choose sums up what the matches say of places of a kind, in a street if one is
// known.
func (g *Gazetteer) choose(matches []Match, kind Kind, street *Place) Choice {
	doubt := map[int]float64{}
	for _, m := range matches {
		for _, p := range append([]Place{m.Place}, m.Rivals...) {
			i := g.byKey[p.Key]
			for i >= 0 && g.places[i].Kind != kind {
				i = g.parent(i)
			}
			if i < 0 || street != nil && !g.within(i, g.byKey[street.Key]) {
				continue
			}
			confidence := m.Confidence
			if g.places[i].Key != p.Key {
				confidence *= 0.95
			}
			if _, ok := doubt[i]; !ok {
				doubt[i] = 1
			}
			doubt[i] *= 1 - confidence
		}
	}
	if len(doubt) == 0 {
		return Choice{}
	}
	var candidates []candidate
	for _, i := range slices.Sorted(maps.Keys(doubt)) {
		candidates = append(candidates, candidate{i, doubt[i]})
	}
	best, equals, confidence := decide(candidates, textLead)
	if confidence >= chosen && len(equals) == 1 {
		return Choice{Place: &g.places[best], Confidence: confidence}
	}
	var out Choice
	for _, c := range candidates {
		out.Rivals = append(out.Rivals, g.places[c.place])
	}
	return out
}

func (g *Gazetteer) parent(i int) int {
	if g.places[i].Parent == "" {
		return -1
	}
	return g.byKey[g.places[i].Parent]
}
