package appeals

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/pack"
	"shanzhi/core/rule"
)

// DutyItem is one item of the duty list (职责清单): a kind of thing that goes
// wrong, in three levels.
type DutyItem struct {
	Code        string   `json:"code"`
	L1          string   `json:"l1"`
	L2          string   `json:"l2"`
	L3          string   `json:"l3"`
	Definition  string   `json:"definition,omitempty"`
	Includes    []string `json:"includes,omitempty"`
	Excludes    []string `json:"excludes,omitempty"`
	Keywords    []string `json:"keywords,omitempty"`
	Urgency     string   `json:"urgency"`
	HandleClass string   `json:"handle_class"` // consult, general, complex
	Evidence    string   `json:"evidence"`     // none, photo, before_after
	Visit       bool     `json:"visit"`
	LegalBasis  string   `json:"legal_basis,omitempty"`
	Examples    []string `json:"examples,omitempty"`
}

// Name is the item as people read it.
func (i *DutyItem) Name() string { return i.L3 }

// DutyRule says who is responsible for an item, or for all items whose code
// begins with a prefix, under a condition of place, time and kind.
type DutyRule struct {
	Item      string    `json:"item"` // code, or prefix with "*"
	Condition string    `json:"condition,omitempty"`
	Lead      string    `json:"lead"` // unit code, or "street" or "community": whose place it is
	CoUnits   []string  `json:"co_units,omitempty"`
	Fallback  string    `json:"fallback,omitempty"` // 兜底 when the lead turns out not to be it
	Priority  int       `json:"priority"`           // the smallest that holds decides; defaults stand at 1000
	ValidFrom time.Time `json:"valid_from"`
	ValidTo   time.Time `json:"valid_to"`
	Note      string    `json:"note,omitempty"`

	when     *rule.Program
	keywords []string // what the condition looks for in the text
}

// dutyVars are what a duty rule's condition may read.
var dutyVars = rule.Vars{"street": "string", "community": "string", "place_type": "string", "kind": "string", "channel": "string",
	"hour": "int", "weekday": "int", "keywords": "list", "class": "string"}

// DutyList is one version of the list. It never changes.
type DutyList struct {
	Version string // hash of its content
	Items   []*DutyItem
	Rules   []*DutyRule

	byCode   map[string]*DutyItem
	byItem   map[string][]*DutyRule // exact code → rules
	prefix   []*DutyRule
	keywords map[rune][]*keyword // by first rune
	words    string              // of all items, see says
}

var quoted = regexp.MustCompile(`"([^"]+)"`)

// ReadDuty reads the duty list of a pack's files.
func ReadDuty(files fs.FS, version string) (*DutyList, error) {
	items, err := pack.Table(files, "appeals/duty_items.csv", "code", "l1", "l2", "l3", "keywords", "urgency", "handle_class")
	if err != nil {
		return nil, err
	}
	rules, err := pack.Table(files, "appeals/duty_rules.csv", "item", "condition", "lead", "fallback", "priority")
	if err != nil {
		return nil, err
	}
	return NewDutyList(version, items, rules)
}

// NewDutyList makes a list of rows as the spreadsheets have them. The error
// names every wrong row.
func NewDutyList(version string, items, rules []map[string]string) (*DutyList, error) {
	l := &DutyList{Version: version, byCode: map[string]*DutyItem{}, byItem: map[string][]*DutyRule{}}
	var wrong []error
	bad := func(file string, i int, format string, args ...any) {
		wrong = append(wrong, fmt.Errorf("%s line %d: %s", file, i+2, fmt.Sprintf(format, args...)))
	}
	for i, r := range items {
		it := &DutyItem{Code: r["code"], L1: r["l1"], L2: r["l2"], L3: r["l3"], Definition: r["definition"], Includes: parts(r["includes"]), Excludes: parts(r["excludes"]),
			Keywords: parts(r["keywords"]), Urgency: r["urgency"], HandleClass: r["handle_class"], Evidence: r["evidence"], Visit: r["visit"] != "n",
			LegalBasis: r["legal_basis"], Examples: parts(r["examples"])}
		switch {
		case it.Code == "" || it.L1 == "" || it.L2 == "" || it.L3 == "":
			bad("duty_items", i, "code and three levels are needed")
		case l.byCode[it.Code] != nil:
			bad("duty_items", i, "code %s stands twice", it.Code)
		case !slices.Contains(classes, it.Urgency):
			bad("duty_items", i, "%s: %q is not an urgency", it.Code, it.Urgency)
		case !slices.Contains([]string{"consult", "general", "complex"}, it.HandleClass):
			bad("duty_items", i, "%s: %q is not a class of handling", it.Code, it.HandleClass)
		default:
			l.Items, l.byCode[it.Code] = append(l.Items, it), it
		}
	}
	lang, err := rule.NewLanguage(dutyVars)
	if err != nil {
		return nil, err
	}
	programs := rule.Cache{Language: lang}
	for i, r := range rules {
		d := &DutyRule{Item: r["item"], Condition: r["condition"], Lead: r["lead"], CoUnits: parts(r["co_units"]), Fallback: r["fallback"], Note: r["note"]}
		if _, err := fmt.Sscan(r["priority"], &d.Priority); err != nil {
			bad("duty_rules", i, "%s: priority %q is not a number", d.Item, r["priority"])
		}
		for field, into := range map[string]*time.Time{"valid_from": &d.ValidFrom, "valid_to": &d.ValidTo} {
			if r[field] != "" {
				if *into, err = time.Parse(time.DateOnly, r[field]); err != nil {
					bad("duty_rules", i, "%s: %s %q is not a date", d.Item, field, r[field])
				}
			}
		}
		if d.Condition != "" {
			if d.when, err = programs.Condition(d.Condition); err != nil {
				bad("duty_rules", i, "%s: %v", d.Item, err)
				continue
			}
			if d.when.Reads("keywords") {
				for _, m := range quoted.FindAllStringSubmatch(d.Condition, -1) {
					d.keywords = append(d.keywords, m[1])
				}
			}
		}
		l.Rules = append(l.Rules, d)
		if prefix, ok := strings.CutSuffix(d.Item, "*"); ok {
			if !slices.ContainsFunc(l.Items, func(it *DutyItem) bool { return strings.HasPrefix(it.Code, prefix) }) {
				bad("duty_rules", i, "no item begins with %s", prefix)
			}
			l.prefix = append(l.prefix, d)
		} else if l.byCode[d.Item] == nil {
			bad("duty_rules", i, "there is no item %s", d.Item)
		} else {
			l.byItem[d.Item] = append(l.byItem[d.Item], d)
		}
	}
	l.keywords = indexKeywords(l.Items)
	var all strings.Builder
	for _, it := range l.Items {
		for _, words := range [][]string{{it.L3}, it.Includes, it.Keywords, it.Examples} {
			all.WriteString(strings.Join(words, "\n") + "\n")
		}
	}
	l.words = all.String()
	return l, errors.Join(wrong...)
}

func parts(s string) []string {
	var out []string
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '；' }) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// says reports whether words stand in the list: they are those of a kind of thing
// then, and no name.
func (l *DutyList) says(words string) bool { return strings.Contains(l.words, words) }

// Item finds an item by code; nil when it is not in the list.
func (l *DutyList) Item(code string) *DutyItem { return l.byCode[code] }

// rulesOf are the rules for an item, the one that decides first: smaller
// priority, then the exact code before a prefix, then a condition before none.
func (l *DutyList) rulesOf(code string) []*DutyRule {
	rules := slices.Clone(l.byItem[code])
	for _, r := range l.prefix {
		if strings.HasPrefix(code, strings.TrimSuffix(r.Item, "*")) {
			rules = append(rules, r)
		}
	}
	slices.SortStableFunc(rules, func(a, b *DutyRule) int {
		if a.Priority != b.Priority {
			return a.Priority - b.Priority
		}
		if a.Item != b.Item {
			return len(b.Item) - len(a.Item)
		}
		return len(b.Condition) - len(a.Condition)
	})
	return rules
}

// DutyFacts are the facts of one appeal that the duty list asks for.
type DutyFacts struct {
	Street, Community, PlaceType string
	Kind, Channel, Class         string
	Text                         string
	At                           time.Time         // in the district's zone
	Turn                         map[string]string // whose turn it is, by rotation ("rotation:cables")
}

// Duty is what the list says of one appeal.
type Duty struct {
	Item     *DutyItem `json:"-"`
	Rule     *DutyRule `json:"rule"`
	Lead     string    `json:"lead"`
	CoUnits  []string  `json:"co_units,omitempty"`
	Fallback string    `json:"fallback,omitempty"`
}

// Resolve says who is responsible. ok is false when the item is not in the
// list, no rule holds, or the rule asks for a place that is not known.
func (l *DutyList) Resolve(code string, f DutyFacts, tree *account.Tree) (d Duty, ok bool) {
	item := l.byCode[code]
	if item == nil {
		return d, false
	}
	facts := map[string]any{"street": f.Street, "community": f.Community, "place_type": f.PlaceType, "kind": f.Kind, "channel": f.Channel, "class": f.Class,
		"hour": int64(f.At.Hour()), "weekday": int64(f.At.Weekday())}
	for _, r := range l.rulesOf(code) {
		if !r.ValidFrom.IsZero() && f.At.Before(r.ValidFrom) || !r.ValidTo.IsZero() && !f.At.Before(r.ValidTo) {
			continue
		}
		if r.when != nil {
			found := []string{}
			for _, k := range r.keywords {
				if strings.Contains(f.Text, k) {
					found = append(found, k)
				}
			}
			facts["keywords"] = found
			if holds, err := r.when.Holds(facts); err != nil || !holds {
				continue
			}
		}
		lead, known := unitOf(r.Lead, f, tree)
		if !known {
			continue
		}
		d = Duty{Item: item, Rule: r, Lead: lead}
		for _, c := range r.CoUnits {
			if u, known := unitOf(c, f, tree); known && u != lead {
				d.CoUnits = append(d.CoUnits, u)
			}
		}
		d.Fallback, _ = unitOf(r.Fallback, f, tree)
		return d, true
	}
	return d, false
}

// unitOf resolves "street" and "community" to the unit that serves the place.
func unitOf(name string, f DutyFacts, tree *account.Tree) (string, bool) {
	kind, place := account.UnitKind(""), ""
	switch name {
	case "street":
		kind, place = account.Street, f.Street
	case "community":
		kind, place = account.Community, f.Community
	default:
		if strings.HasPrefix(name, rotationLead) {
			name = f.Turn[name]
		}
		_, ok := tree.Unit(name)
		return name, ok
	}
	u, ok := tree.Serving(kind, place)
	if !ok && name == "community" { // the street office when only the street is known
		u, ok = tree.Serving(account.Street, f.Street)
	}
	return u.Code, ok
}
