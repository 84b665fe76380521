package appeals

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
)

// Fault is something that the check of a duty list finds.
type Fault struct {
	Kind     string   `json:"kind" enum:"gap,place,unit,closed,fallback,expired,overlap,dead" doc:"gap: no rule covers the item in every case; place: no unit serves it there; unit: there is no such unit; closed: the unit is not there at that time; fallback: none is named; expired: the rule holds no more; overlap: two rules of one rank may hold at once; dead: another rule always decides before it"`
	Hard     bool     `json:"hard" doc:"A list with it cannot be published"`
	Item     string   `json:"item,omitempty" doc:"Code, or the beginning of codes and *"`
	ItemName string   `json:"item_name,omitempty"`
	Unit     string   `json:"unit,omitempty"`
	Place    string   `json:"place,omitempty" doc:"Code of a street or community"`
	Rules    []int    `json:"rules,omitempty" doc:"Lines of the table of rules, the header is line 1"`
	When     string   `json:"when,omitempty" doc:"A case in which two rules hold"`
	Count    int      `json:"count,omitempty" doc:"How many items it is of, where they are many"`
	Sample   []string `json:"sample,omitempty" doc:"Some of them"`
	Text     string   `json:"text" doc:"In English, for logs"`
}

// dutySample is how many items a fault of many names.
const dutySample = 5

// DutyCheck says against what a list is checked.
type DutyCheck struct {
	Tree   *account.Tree // as it is at that time
	Ever   *account.Tree // as it is now: a unit that is only in this one is closed
	At     time.Time
	Places []Place // streets and communities of the district
	Words  *Words
}

// Faults checks the list against an organisation alone, as it is now.
func (l *DutyList) Faults(tree *account.Tree) []Fault {
	return l.Check(DutyCheck{Tree: tree, Ever: tree, At: time.Now()})
}

// Check finds what no single row shows.
func (l *DutyList) Check(c DutyCheck) []Fault {
	var out []Fault
	line := map[*DutyRule]int{}
	for i, r := range l.Rules {
		line[r] = i + 2
	}
	valid := func(r *DutyRule) bool {
		return (r.ValidFrom.IsZero() || !c.At.Before(r.ValidFrom)) && (r.ValidTo.IsZero() || c.At.Before(r.ValidTo))
	}
	for _, r := range l.Rules {
		at := []int{line[r]}
		if !r.ValidTo.IsZero() && !c.At.Before(r.ValidTo) {
			out = append(out, Fault{Kind: "expired", Item: r.Item, Unit: r.Lead, Rules: at, Text: fmt.Sprintf("the rule for %s ended on %s", r.Lead, r.ValidTo.Format(time.DateOnly))})
			continue
		}
		for _, u := range append([]string{r.Lead, r.Fallback}, r.CoUnits...) {
			if u == "" || u == "street" || u == "community" || strings.HasPrefix(u, rotationLead) {
				continue
			}
			if _, ok := c.Tree.Unit(u); ok {
				continue
			}
			f := Fault{Kind: "unit", Hard: true, Item: r.Item, Unit: u, Rules: at, Text: fmt.Sprintf("there is no unit %s", u)}
			if _, ok := c.Ever.Unit(u); ok {
				f.Kind, f.Text = "closed", fmt.Sprintf("the unit %s is not there on %s", u, c.At.Format(time.DateOnly))
			}
			out = append(out, f)
		}
		if r.Lead == "" {
			out = append(out, Fault{Kind: "unit", Hard: true, Item: r.Item, Rules: at, Text: "nobody is responsible"})
		}
		if r.Fallback == "" {
			out = append(out, Fault{Kind: "fallback", Item: r.Item, Unit: r.Lead, Rules: at, Text: "no fallback unit is named"})
		}
	}
	unserved := c.unserved()
	nowhere := map[string][]string{} // place → items
	for _, it := range l.Items {
		covered, everywhere := false, false
		var missing []string // places, where only local units are responsible
		var before *DutyRule // decides wherever none above it does
		for _, r := range l.rulesOf(it.Code) {
			if !valid(r) {
				continue
			}
			if before != nil {
				if r.Item == it.Code {
					out = append(out, Fault{Kind: "dead", Item: it.Code, ItemName: it.L3, Unit: r.Lead, Rules: []int{line[r], line[before]}, Text: fmt.Sprintf("the rule for %s (%s) never decides: %s stands before it without a condition", r.Lead, orAlways(r.Condition), before.Lead)})
				}
				continue
			}
			if r.when != nil {
				continue
			}
			lasts := r.ValidTo.IsZero()
			covered = covered || lasts
			switch gone := unserved[r.Lead]; {
			case len(gone) > 0 && missing == nil:
				missing = gone
			case len(gone) == 0:
				everywhere = true
				if lasts {
					before = r
				}
			}
		}
		if !covered {
			out = append(out, Fault{Kind: "gap", Hard: true, Item: it.Code, ItemName: it.L3, Text: "no rule covers it in every case"})
		}
		if !everywhere {
			for _, p := range missing {
				nowhere[p] = append(nowhere[p], it.Code)
			}
		}
	}
	for _, p := range sortedKeys(nowhere) {
		items := nowhere[p]
		out = append(out, Fault{Kind: "place", Place: p, Count: len(items), Sample: items[:min(dutySample, len(items))], Text: fmt.Sprintf("no unit serves %s, where %d items need one", p, len(items))})
	}
	return append(out, l.overlaps(c, valid, line)...)
}

// unserved are the places that no unit serves, by the word for "whose place it is".
func (c DutyCheck) unserved() map[string][]string {
	out := map[string][]string{"street": nil, "community": nil}
	for _, p := range c.Places {
		f := DutyFacts{Street: p.Code}
		if p.Level == "community" {
			f = DutyFacts{Street: p.Parent, Community: p.Code}
		}
		if _, ok := unitOf(p.Level, f, c.Tree); !ok && (p.Level == "street" || p.Level == "community") {
			out[p.Level] = append(out[p.Level], p.Code)
		}
	}
	return out
}

// overlaps finds rules for the same items with the same rank that can hold at
// once and name different leads. A rule for a single item stands before one for
// many, and one with a condition before one without: that is meant.
func (l *DutyList) overlaps(c DutyCheck, valid func(*DutyRule) bool, line map[*DutyRule]int) []Fault {
	type rank struct {
		item     string
		priority int
	}
	groups := map[rank][]*DutyRule{}
	var order []rank
	for _, r := range l.Rules {
		if valid(r) {
			k := rank{r.Item, r.Priority}
			if groups[k] == nil {
				order = append(order, k)
			}
			groups[k] = append(groups[k], r)
		}
	}
	space := newDutySpace(c)
	var out []Fault
	for _, k := range order {
		rules := groups[k]
		for i, b := range rules {
			for _, a := range rules[:i] {
				if a.Lead == b.Lead || !overlap(a, b) || (a.when == nil) != (b.when == nil) {
					continue
				}
				if when, ok := space.both(a, b); ok {
					out = append(out, Fault{Kind: "overlap", Item: k.item, Unit: b.Lead, Rules: []int{line[a], line[b]}, When: when, Text: fmt.Sprintf("%s and %s are both responsible (%s)", a.Lead, b.Lead, when)})
				}
			}
		}
	}
	return out
}

// dutySpace is all cases that conditions of duty rules can tell apart.
type dutySpace struct {
	values map[string][]any
	places []Place
	memo   map[[2]string]string
}

func newDutySpace(c DutyCheck) *dutySpace {
	s := &dutySpace{values: map[string][]any{"class": {}, "kind": {}, "channel": {}}, memo: map[[2]string]string{}}
	for h := range int64(24) {
		s.values["hour"] = append(s.values["hour"], h)
	}
	for d := range int64(7) {
		s.values["weekday"] = append(s.values["weekday"], d)
	}
	for _, v := range classes {
		s.values["class"] = append(s.values["class"], v)
	}
	if c.Words != nil {
		for _, k := range c.Words.Kinds {
			s.values["kind"] = append(s.values["kind"], k.Code)
		}
		for _, ch := range c.Words.Channels {
			s.values["channel"] = append(s.values["channel"], ch.Code)
		}
	}
	for _, p := range c.Places {
		if p.Level == "street" || p.Level == "community" {
			s.places = append(s.places, p)
		}
	}
	return s
}

const neverBoth = "\x00never"

// both gives a case in which both rules hold.
func (s *dutySpace) both(a, b *DutyRule) (when string, ok bool) {
	if a.when == nil && b.when == nil {
		return "always", true
	}
	key := [2]string{a.Condition, b.Condition}
	if when, ok = s.memo[key]; !ok {
		when = s.find(a, b)
		s.memo[key] = when
	}
	return when, when != neverBoth
}

func (s *dutySpace) find(a, b *DutyRule) string {
	literals := []any{""}
	for _, r := range []*DutyRule{a, b} {
		for _, m := range quoted.FindAllStringSubmatch(r.Condition, -1) {
			if !slices.Contains(literals, any(m[1])) {
				literals = append(literals, m[1])
			}
		}
	}
	reads := func(name string) bool { return a.when.Reads(name) || b.when.Reads(name) }
	facts := map[string]any{"street": "", "community": "", "place_type": "", "kind": "", "channel": "", "class": Normal, "hour": int64(12), "weekday": int64(3)}
	// The words of an appeal: none, those of one rule, those of both. Each rule
	// looks only for its own.
	words := [][2][]string{{{}, {}}}
	if reads("keywords") {
		words = append(words, [2][]string{a.keywords, b.keywords}, [2][]string{a.keywords, {}}, [2][]string{{}, b.keywords})
	}
	holds := func() (string, bool) {
		for _, w := range words {
			facts["keywords"] = w[0]
			if ok, err := a.when.Holds(facts); err != nil || !ok {
				continue
			}
			facts["keywords"] = w[1]
			if ok, err := b.when.Holds(facts); err != nil || !ok {
				continue
			}
			return s.say(facts, reads, append(slices.Clone(w[0]), w[1]...)), true
		}
		return "", false
	}
	var vars []string
	for _, v := range []string{"place_type", "kind", "channel", "class", "weekday", "hour"} {
		if reads(v) {
			vars = append(vars, v)
		}
	}
	var walk func(vars []string) (string, bool)
	walk = func(vars []string) (string, bool) {
		if len(vars) == 0 {
			return holds()
		}
		values := s.values[vars[0]]
		if vars[0] == "place_type" || len(values) == 0 {
			values = literals
		}
		for _, v := range values {
			facts[vars[0]] = v
			if when, ok := walk(vars[1:]); ok {
				return when, true
			}
		}
		return "", false
	}
	if !reads("street") && !reads("community") {
		if when, ok := walk(vars); ok {
			return when
		}
		return neverBoth
	}
	for _, p := range s.places {
		facts["street"], facts["community"] = p.Code, ""
		if p.Level == "community" {
			facts["street"], facts["community"] = p.Parent, p.Code
		}
		if when, ok := walk(vars); ok {
			return when
		}
	}
	return neverBoth
}

// say names the case by what the rules read of it.
func (s *dutySpace) say(facts map[string]any, reads func(string) bool, words []string) string {
	var out []string
	for _, v := range []string{"street", "community", "place_type", "kind", "channel", "class", "weekday", "hour"} {
		if reads(v) && facts[v] != "" {
			out = append(out, fmt.Sprintf("%s=%v", v, facts[v]))
		}
	}
	if reads("keywords") && len(words) > 0 {
		out = append(out, "keywords="+strings.Join(words[:min(4, len(words))], "+"))
	}
	if len(out) == 0 {
		return "always"
	}
	return strings.Join(out, " ")
}

func orAlways(condition string) string {
	if condition == "" {
		return "always"
	}
	return condition
}

func overlap(a, b *DutyRule) bool {
	ends := func(r *DutyRule) time.Time {
		if r.ValidTo.IsZero() {
			return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		return r.ValidTo
	}
	return a.ValidFrom.Before(ends(b)) && b.ValidFrom.Before(ends(a))
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
