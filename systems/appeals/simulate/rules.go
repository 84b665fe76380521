package simulate

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
)

// facts are what a dispatch rule may ask about (分拨规则的事实).
type facts struct {
	placeType, street, community string
	hour, weekday                int
	kind                         string
	keywords                     string // those found, with line breaks between
}

// rule is a row of duty_rules.csv.
type rule struct {
	item      string // code or prefix
	prefix    bool
	priority  int
	condition *condition // nil: always
	lead      int        // unit, or one of the offices below
	co        []int
	fallback  int
}

// Instead of a unit, a rule may name the office of the place.
const (
	streetOffice    = -1
	communityOffice = -2
)

// condition is a CEL expression, remembered for the facts that it mentions.
type condition struct {
	program  cel.Program
	mentions facts // fields that the expression mentions are not zero
	triggers []string
	answers  map[facts]bool
}

// compile reads the rules, and orders them as they are to be tried.
func compile(rows []map[string]string, unitOf map[string]int) ([]*rule, error) {
	env, err := cel.NewEnv(
		cel.Variable("place_type", cel.StringType), cel.Variable("street", cel.StringType),
		cel.Variable("community", cel.StringType), cel.Variable("hour", cel.IntType),
		cel.Variable("weekday", cel.IntType), cel.Variable("kind", cel.StringType),
		cel.Variable("keywords", cel.ListType(cel.StringType)))
	if err != nil {
		return nil, fmt.Errorf("simulate: %w", err)
	}
	conditions := map[string]*condition{}
	var rules []*rule
	for _, v := range rows {
		r := &rule{}
		fail := func(err error) ([]*rule, error) {
			return nil, fmt.Errorf("simulate: rule for %s: %w", v["item"], err)
		}
		unit := func(code string) int {
			switch code {
			case "street":
				return streetOffice
			case "community":
				return communityOffice
			}
			u, ok := unitOf[code]
			if !ok && err == nil {
				err = fmt.Errorf("unit %q is not known", code)
			}
			return u
		}
		r.item, r.prefix = strings.CutSuffix(v["item"], "*")
		r.lead, r.fallback = unit(v["lead"]), unit(v["fallback"])
		for _, co := range split(v["co_units"]) {
			r.co = append(r.co, unit(co))
		}
		if err != nil {
			return fail(err)
		}
		if r.priority, err = strconv.Atoi(v["priority"]); err != nil {
			return fail(err)
		}
		if text := v["condition"]; text != "" {
			if conditions[text] == nil {
				if conditions[text], err = newCondition(env, text); err != nil {
					return fail(err)
				}
			}
			r.condition = conditions[text]
		}
		rules = append(rules, r)
	}
	sort.SliceStable(rules, func(i, j int) bool {
		if rules[i].priority != rules[j].priority {
			return rules[i].priority < rules[j].priority
		}
		return len(rules[i].item) > len(rules[j].item)
	})
	return rules, nil
}

var (
	variable = regexp.MustCompile(`\b(place_type|street|community|hour|weekday|kind|keywords)\b`)
	quoted   = regexp.MustCompile(`"([^"]*)"|'([^']*)'`)
)

func newCondition(env *cel.Env, text string) (*condition, error) {
	ast, issues := env.Compile(text)
	if issues.Err() != nil {
		return nil, issues.Err()
	}
	if ast.OutputType() != cel.BoolType {
		return nil, fmt.Errorf("%s is not a condition", text)
	}
	program, err := env.Program(ast)
	if err != nil {
		return nil, err
	}
	c := &condition{program: program, answers: map[facts]bool{}}
	bare := quoted.ReplaceAllString(text, `""`)
	for _, name := range variable.FindAllString(bare, -1) {
		switch name {
		case "place_type":
			c.mentions.placeType = "y"
		case "street":
			c.mentions.street = "y"
		case "community":
			c.mentions.community = "y"
		case "hour":
			c.mentions.hour = 1
		case "weekday":
			c.mentions.weekday = 1
		case "kind":
			c.mentions.kind = "y"
		case "keywords":
			c.mentions.keywords = "y"
		}
	}
	if c.mentions.keywords != "" {
		for _, m := range quoted.FindAllStringSubmatch(text, -1) {
			c.triggers = append(c.triggers, m[1]+m[2])
		}
	}
	return c, nil
}

// holds evaluates the condition. An expression that fails on the facts does
// not hold, as in the product.
func (c *condition) holds(f facts) bool {
	if c.mentions.placeType == "" {
		f.placeType = ""
	}
	if c.mentions.street == "" {
		f.street = ""
	}
	if c.mentions.community == "" {
		f.community = ""
	}
	if c.mentions.hour == 0 {
		f.hour = 0
	}
	if c.mentions.weekday == 0 {
		f.weekday = 0
	}
	if c.mentions.kind == "" {
		f.kind = ""
	}
	if c.mentions.keywords == "" {
		f.keywords = ""
	}
	if answer, ok := c.answers[f]; ok {
		return answer
	}
	out, _, err := c.program.Eval(map[string]any{
		"place_type": f.placeType, "street": f.street, "community": f.community,
		"hour": f.hour, "weekday": f.weekday, "kind": f.kind, "keywords": strings.FieldsFunc(f.keywords, func(r rune) bool { return r == '\n' }),
	})
	answer := err == nil && out.Value() == true
	c.answers[f] = answer
	return answer
}

// attach gives the item the rules that may apply to it, in order, up to the
// first that always does.
func (it *item) attach(rules []*rule) {
	for _, r := range rules {
		if r.item != it.code && !(r.prefix && strings.HasPrefix(it.code, r.item)) {
			continue
		}
		it.rules = append(it.rules, r)
		if r.lead < 0 {
			it.needsPlace = true
		}
		if r.condition == nil {
			return
		}
		for _, w := range r.condition.triggers {
			if !slices.Contains(it.triggers, w) {
				it.triggers = append(it.triggers, w)
			}
		}
	}
}

// decide returns the rule that applies to the item.
func (it *item) decide(f facts) *rule {
	for _, r := range it.rules {
		if r.condition == nil || r.condition.holds(f) {
			return r
		}
	}
	return it.rules[len(it.rules)-1]
}
