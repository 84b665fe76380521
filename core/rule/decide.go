package rule

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// EngineVersion says how packs are evaluated: it changes when the same pack and facts
// could come to other bytes.
const EngineVersion = "1"

// Fact is what somebody says of a case.
type Fact struct {
	Value   any       `json:"value"`
	Source  string    `json:"source"`
	AsOf    time.Time `json:"as_of"`             // when it was so
	Receipt string    `json:"receipt,omitempty"` // of the query, at its source
}

// Facts are the facts of one case by name; several of one name are several sources'
// word.
type Facts map[string][]Fact

// Case is what a pack decides: the facts as they were fetched, judged as of a moment.
type Case struct {
	At    time.Time `json:"at"` // of the application
	Facts Facts     `json:"facts"`
}

// Answer is what a check came to.
type Answer string

// The answers. Only Pass lets a case be approved.
const (
	Pass     Answer = "PASS"
	Fail     Answer = "FAIL"
	Missing  Answer = "MISSING"
	Conflict Answer = "CONFLICT"
)

// Used is a fact as a check used it.
type Used struct {
	Fact    string            `json:"fact"`
	Say     map[string]string `json:"say"`
	Value   any               `json:"value,omitempty"`
	Source  string            `json:"source,omitempty"`
	AsOf    string            `json:"as_of,omitempty"`
	Receipt string            `json:"receipt,omitempty"`
	// Why it could not be used: absent, stale, future, malformed, source, sources, conflict.
	Why     string   `json:"why,omitempty"`
	Sources []string `json:"sources,omitempty"` // of a conflict: those who disagree
}

// CheckResult is a check's answer and why.
type CheckResult struct {
	Check  string            `json:"check"`
	Say    map[string]string `json:"say"`
	Answer Answer            `json:"answer"`
	Expr   string            `json:"expr"`
	Facts  []Used            `json:"facts"`
	Law    Law               `json:"law"`
	Leads  Outcome           `json:"leads,omitempty"` // where it did not pass: what it leads to
	Why    string            `json:"why,omitempty"`   // where it could not be answered
}

// Decision is what a pack came to, with its whole trace. The same pack and the same
// facts give the same bytes of JSON, whenever it is asked.
type Decision struct {
	Pack      string         `json:"pack"`
	PackHash  string         `json:"pack_hash"`
	Engine    string         `json:"engine"`
	FactsHash string         `json:"facts_hash"`
	At        string         `json:"at"`
	Day       string         `json:"day"` // of the application, where the district is
	Outcome   Outcome        `json:"outcome"`
	Why       string         `json:"why,omitempty"` // not_in_force, no_parameter
	Checks    []CheckResult  `json:"checks"`
	Params    map[string]any `json:"params,omitempty"`
	Derived   map[string]any `json:"derived,omitempty"`
	Grant     map[string]any `json:"grant,omitempty"`
}

// Bytes is the decision as it is kept and compared.
func (d Decision) Bytes() []byte {
	raw, err := json.Marshal(d)
	if err != nil {
		panic(err) // values are words, numbers, days and lists of words
	}
	return raw
}

// held is what is known of a fact.
type held struct {
	value any
	used  Used
	state Answer // Pass, Missing or Conflict
}

// Decide judges a case in the zone of the district.
func (p *Pack) Decide(c Case, zone *time.Location) Decision {
	day := DateOf(c.At, zone)
	raw, _ := appendCase(make([]byte, 0, 2048), c)
	sum := sha256.Sum256(raw)
	d := Decision{Pack: p.ID, PackHash: p.hash, Engine: EngineVersion, FactsHash: hex.EncodeToString(sum[:]), At: c.At.UTC().Format(time.RFC3339), Day: day.Format(time.DateOnly), Outcome: Approve, Checks: []CheckResult{}}
	if day.Before(p.Effective.From.Time) || !p.Effective.Until.IsZero() && !day.Before(p.Effective.Until.Time) {
		d.Outcome, d.Why = Human, "not_in_force"
		return d
	}
	vars := map[string]any{ApplicationDate: day.Time}
	for _, name := range sortedKeys(p.Params) {
		v, ok := p.Params[name].on(day)
		if !ok {
			d.Outcome, d.Why = Human, "no_parameter"
			return d
		}
		vars["params."+name] = v
		if d.Params == nil {
			d.Params = map[string]any{}
		}
		d.Params[name] = sayValue(v)
	}
	known := map[string]held{ApplicationDate: {value: day.Time, state: Pass, used: Used{Fact: ApplicationDate, Say: p.Facts[ApplicationDate].Say, Value: d.Day, Source: "本系统", AsOf: d.At}}}
	for _, name := range p.order {
		if name == ApplicationDate {
			continue
		}
		h := p.Facts[name].hold(name, c.Facts[name], c.At)
		if known[name] = h; h.state == Pass {
			vars[name] = h.value
		}
	}
	for _, x := range p.Derive {
		v, err := eval(x.prg, vars)
		if err != nil {
			continue // whatever needs it has no answer
		}
		vars[x.Name] = v
		if d.Derived == nil {
			d.Derived = map[string]any{}
		}
		d.Derived[x.Name] = sayValue(v)
	}
	for _, check := range p.Checks {
		r := p.judge(check, known, vars)
		d.Checks = append(d.Checks, r)
		switch {
		case r.Answer == Pass || d.Outcome == Human:
		default:
			d.Outcome = r.Leads
		}
	}
	if d.Outcome != Approve || len(p.Grant) == 0 {
		return d
	}
	d.Grant = map[string]any{}
	for _, g := range p.Grant {
		v, err := eval(g.prg, vars)
		if err != nil { // what is due cannot be told: a person must
			d.Outcome, d.Why, d.Grant = Human, "grant: "+g.Name, nil
			return d
		}
		d.Grant[g.Name] = sayValue(v)
	}
	return d
}

// judge answers one check.
func (p *Pack) judge(check *Check, known map[string]held, vars map[string]any) CheckResult {
	r := CheckResult{Check: check.ID, Say: check.Say, Expr: check.Expr, Law: p.Clause(check), Answer: Pass, Facts: []Used{}}
	worst := Outcome(Supplement)
	for _, name := range check.uses {
		h := known[name]
		r.Facts = append(r.Facts, h.used)
		if h.state == Pass {
			continue
		}
		if r.Answer != Conflict { // a contradiction is worse than a gap
			r.Answer = h.state
		}
		if h.state == Conflict || p.Facts[name].OnMissing == Human {
			worst = Human
		}
	}
	if r.Answer != Pass {
		r.Leads = worst
		return r
	}
	v, err := eval(check.prg, vars)
	switch ok, is := v.(bool); {
	case err != nil || !is:
		r.Answer, r.Leads, r.Why = Missing, Human, "cannot be computed"
		if err != nil {
			r.Why = err.Error()
		}
	case !ok:
		r.Answer, r.Leads = Fail, check.Fail
	}
	return r
}

// hold says whether a fact may be relied on: the word of those whose word counts, as
// of no later than the moment and not too old, which agree with each other.
func (f *FactSpec) hold(name string, said []Fact, at time.Time) held {
	h := held{state: Missing, used: Used{Fact: name, Say: f.Say, Why: "absent"}}
	var good []Fact
	for _, x := range said {
		v, err := toType(f.Type, x.Value)
		switch {
		case !slices.Contains(f.Sources, x.Source):
			h.used.Why = "source"
		case x.AsOf.After(at):
			h.used.Why = "future"
		case f.MaxAge > 0 && at.Sub(x.AsOf) > time.Duration(f.MaxAge):
			h.used.Why = "stale"
		case x.Value == nil:
			h.used.Why = "absent"
		case err != nil:
			h.used.Why = "malformed"
		default:
			x.Value = v
			good = append(good, x)
			continue
		}
		if x.Source != "" {
			h.used.Source, h.used.AsOf = x.Source, stamp(x.AsOf)
		}
	}
	if len(good) == 0 {
		return h
	}
	// The newest word of each source.
	slices.SortStableFunc(good, func(a, b Fact) int {
		if c := strings.Compare(a.Source, b.Source); c != 0 {
			return c
		}
		return b.AsOf.Compare(a.AsOf)
	})
	good = slices.CompactFunc(good, func(a, b Fact) bool { return a.Source == b.Source })
	first := good[0]
	for _, x := range good[1:] {
		if fmt.Sprint(x.Value) != fmt.Sprint(first.Value) {
			h.state = Conflict
			h.used = Used{Fact: name, Say: f.Say, Why: "conflict"}
			for _, g := range good {
				h.used.Sources = append(h.used.Sources, g.Source)
			}
			return h
		}
	}
	if len(good) < f.Need {
		h.used.Why = "sources"
		return h
	}
	names := make([]string, len(good))
	for i, g := range good {
		names[i] = g.Source
		if g.AsOf.Before(first.AsOf) { // as old as the oldest of them
			first = g
		}
	}
	h.value, h.state = first.Value, Pass
	h.used = Used{Fact: name, Say: f.Say, Value: sayValue(first.Value), Source: strings.Join(names, "、"), AsOf: stamp(first.AsOf), Receipt: first.Receipt}
	return h
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// on is the value of a parameter on a day.
func (x *Param) on(day Date) (any, bool) {
	for _, v := range slices.Backward(x.Values) {
		if !v.From.After(day.Time) {
			return v.Value, true
		}
	}
	return nil, false
}

// eval computes an expression; its value is a word, a number, a day, true or false, or
// a list of words.
func eval(prg cel.Program, vars map[string]any) (any, error) {
	out, _, err := prg.Eval(vars)
	if err != nil {
		return nil, err
	}
	if list, ok := out.(ref.Val); ok && out.Type() == types.ListType {
		words, err := list.ConvertToNative(wordsType)
		return words, err
	}
	return out.Value(), nil
}

var wordsType = reflect.TypeFor[[]string]()
