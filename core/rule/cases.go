package rule

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/parser"
	"github.com/goccy/go-yaml"
)

// Example is a case with what it must come to: a pack is published only with those
// that show each check at work, and that no small mistake in it would survive.
type Example struct {
	Name    string            `yaml:"name" json:"name"`
	At      string            `yaml:"at,omitempty" json:"at,omitempty"`     // moment or day of the application
	Like    string            `yaml:"like,omitempty" json:"like,omitempty"` // another by its name, from which this one differs
	Facts   map[string]any    `yaml:"facts,omitempty" json:"facts,omitempty"`
	Without []string          `yaml:"without,omitempty" json:"without,omitempty"` // facts that are not known
	Stale   []string          `yaml:"stale,omitempty" json:"stale,omitempty"`     // facts that are older than they may be
	Outcome Outcome           `yaml:"outcome" json:"outcome"`
	Checks  map[string]Answer `yaml:"checks,omitempty" json:"checks,omitempty"`
	Grant   map[string]any    `yaml:"grant,omitempty" json:"grant,omitempty"`
	Made    bool              `yaml:"made,omitempty" json:"made,omitempty"` // by the house, and accepted by a person
}

// Examples are the cases of a pack.
type Examples []Example

// ReadExamples reads the cases beside a pack.
func ReadExamples(r io.Reader) (Examples, error) {
	raw, err := io.ReadAll(io.LimitReader(r, 4<<20))
	if err != nil {
		return nil, err
	}
	var out Examples
	if err := yaml.UnmarshalWithOptions(raw, &out, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s", yaml.FormatError(err, false, true))
	}
	return out, nil
}

// Write writes cases as ReadExamples reads them.
func (x Examples) Write(w io.Writer) error {
	raw, err := yaml.Marshal(x)
	if err == nil {
		_, err = w.Write(raw)
	}
	return err
}

// find is the case of a name; nil where there is none.
func (x Examples) find(name string) *Example {
	i := slices.IndexFunc(x, func(e Example) bool { return e.Name == name })
	if i < 0 {
		return nil
	}
	return &x[i]
}

// whole gives a case all facts of the one that it is like.
func (x Examples) whole(e Example) (Example, error) {
	for depth := 0; e.Like != ""; depth++ {
		like := x.find(e.Like)
		if like == nil || depth > 20 {
			return e, fmt.Errorf("case %q: there is no case %q to be like", e.Name, e.Like)
		}
		facts := maps.Clone(like.Facts)
		if facts == nil {
			facts = map[string]any{}
		}
		maps.Copy(facts, e.Facts)
		e.Facts, e.Like = facts, like.Like
		if e.At == "" {
			e.At = like.At
		}
		e.Without = append(slices.Clone(e.Without), like.Without...)
		e.Stale = append(slices.Clone(e.Stale), like.Stale...)
	}
	return e, nil
}

// case makes what the pack decides of an example.
func (p *Pack) exampleCase(all Examples, e Example, zone *time.Location) (Case, error) {
	e, err := all.whole(e)
	if err != nil {
		return Case{}, err
	}
	facts := maps.Clone(e.Facts)
	if facts == nil {
		facts = map[string]any{}
	}
	for _, name := range e.Without {
		delete(facts, name)
	}
	raw, err := json.Marshal(map[string]any{"at": e.At, "facts": facts})
	if err != nil {
		return Case{}, err
	}
	c, err := p.ReadCase(bytes.NewReader(raw), time.Time{}, zone)
	if err != nil {
		return c, fmt.Errorf("case %q: %w", e.Name, err)
	}
	for _, name := range e.Stale {
		if p.Facts[name] == nil || p.Facts[name].MaxAge == 0 {
			return c, fmt.Errorf("case %q: %s never becomes too old", e.Name, name)
		}
		for i := range c.Facts[name] {
			c.Facts[name][i].AsOf = c.At.Add(-time.Duration(p.Facts[name].MaxAge) - time.Second)
		}
	}
	return c, nil
}

// disagrees says in what a decision is not what the example expects; "" where it is.
func (e Example) disagrees(d Decision) string {
	if d.Outcome != e.Outcome {
		return fmt.Sprintf("came to %s, expected %s", d.Outcome, e.Outcome)
	}
	for _, r := range d.Checks {
		if want, ok := e.Checks[r.Check]; ok && want != r.Answer {
			return fmt.Sprintf("%s answered %s, expected %s", r.Check, r.Answer, want)
		}
	}
	for _, name := range sortedKeys(e.Grant) {
		if got, _ := json.Marshal(d.Grant[name]); !sameNumber(e.Grant[name], d.Grant[name]) {
			want, _ := json.Marshal(e.Grant[name])
			return fmt.Sprintf("grants %s %s, expected %s", name, got, want)
		}
	}
	return ""
}

func sameNumber(a, b any) bool {
	if x, err := toType("double", a); err == nil {
		y, err := toType("double", b)
		return err == nil && x == y
	}
	return fmt.Sprint(a) == fmt.Sprint(b)
}

// Trial is how a pack stands against its cases.
type Trial struct {
	Cases    int      `json:"cases"`
	Wrong    []string `json:"wrong,omitempty"`    // cases that come to something else
	Gaps     []string `json:"gaps,omitempty"`     // answers of checks that no case shows
	Mutants  int      `json:"mutants"`            // small mistakes that were tried
	Survived []string `json:"survived,omitempty"` // and that no case would notice
	Edges    []string `json:"edges,omitempty"`    // boundary cases, and facts left out, that are not among the cases
}

// Ready says whether the pack may be published.
func (t Trial) Ready() bool {
	return len(t.Wrong)+len(t.Gaps)+len(t.Survived)+len(t.Edges) == 0 && t.Cases > 0
}

// Try runs a pack against its cases: each comes to what it must; each check is seen to
// pass, to fail, to miss a fact, and to find one too old where one can be; and no
// operator, number or check can be changed without a case that notices.
func (p *Pack) Try(all Examples, zone *time.Location) (Trial, error) {
	t := Trial{Cases: len(all)}
	cases := make([]Case, len(all))
	seen := map[string]map[string]bool{}
	for _, c := range p.Checks {
		seen[c.ID] = map[string]bool{}
	}
	names := map[string]bool{}
	for i, e := range all {
		if e.Name == "" || names[e.Name] {
			return t, fmt.Errorf("case %d has no name of its own: %q", i+1, e.Name)
		}
		names[e.Name] = true
		for id := range e.Checks {
			if seen[id] == nil {
				return t, fmt.Errorf("case %q: there is no check %q", e.Name, id)
			}
		}
		var err error
		if cases[i], err = p.exampleCase(all, e, zone); err != nil {
			return t, err
		}
		d := p.Decide(cases[i], zone)
		if why := e.disagrees(d); why != "" {
			t.Wrong = append(t.Wrong, e.Name+": "+why)
		}
		for _, r := range d.Checks {
			seen[r.Check][string(r.Answer)] = true
			for _, f := range r.Facts {
				if f.Why == "stale" {
					seen[r.Check]["stale"] = true
				}
			}
		}
	}
	for _, c := range p.Checks {
		for _, want := range p.shows(c) {
			if !seen[c.ID][want] {
				t.Gaps = append(t.Gaps, c.ID+": "+want)
			}
		}
	}
	for _, m := range p.mutants() {
		t.Mutants++
		killed := false
		for i, e := range all {
			if e.disagrees(m.pack.Decide(cases[i], zone)) != "" {
				killed = true
				break
			}
		}
		if !killed {
			t.Survived = append(t.Survived, m.say)
		}
	}
	var err error
	t.Edges, err = p.unproposed(all, cases, zone)
	return t, err
}

// unproposed names the cases that the house would make and that are not among those
// there are, under whatever name.
func (p *Pack) unproposed(all Examples, cases []Case, zone *time.Location) (out []string, err error) {
	if !slices.ContainsFunc(all, func(e Example) bool { return e.Outcome == Approve }) {
		return []string{string(Approve)}, nil
	}
	more, err := p.Propose(all, zone)
	if err != nil {
		return nil, err
	}
	have := map[string]bool{}
	for _, c := range cases {
		raw, _ := json.Marshal(c)
		have[string(raw)] = true
	}
	for _, e := range more {
		c, err := p.exampleCase(append(slices.Clone(all), e), e, zone)
		if err != nil {
			return nil, err
		}
		if raw, _ := json.Marshal(c); !have[string(raw)] {
			out = append(out, e.Name)
		}
	}
	return out, nil
}

// shows are the answers of a check that cases must show.
func (p *Pack) shows(c *Check) []string {
	out := []string{string(Pass), string(Fail)}
	for _, name := range c.uses {
		if name == ApplicationDate {
			continue
		}
		if !slices.Contains(out, string(Missing)) {
			out = append(out, string(Missing))
		}
		if p.Facts[name].MaxAge > 0 && !slices.Contains(out, "stale") {
			out = append(out, "stale")
		}
		if p.Facts[name].Need > 1 && !slices.Contains(out, string(Conflict)) {
			out = append(out, string(Conflict))
		}
	}
	return out
}

type mutant struct {
	say  string
	pack *Pack
}

// mutants are the pack with one small mistake each.
func (p *Pack) mutants() (out []mutant) {
	// with is the pack with other checks.
	with := func(say string, change func(q *Pack) error) {
		q := *p
		q.Checks, q.Params, q.Derive = slices.Clone(p.Checks), maps.Clone(p.Params), slices.Clone(p.Derive)
		if change(&q) == nil {
			out = append(out, mutant{say, &q})
		}
	}
	for i, c := range p.Checks {
		with(c.ID+": left out", func(q *Pack) error {
			q.Checks = slices.Delete(q.Checks, i, i+1)
			return nil
		})
		for _, text := range mutations(c.ast) {
			with(fmt.Sprintf("%s: %s", c.ID, text), func(q *Pack) error {
				x := *c
				a, iss := p.env.Compile(text)
				if iss.Err() != nil {
					return iss.Err()
				}
				prg, err := p.env.Program(a)
				x.prg, x.Expr = prg, text
				q.Checks[i] = &x
				return err
			})
		}
	}
	for _, name := range sortedKeys(p.Params) {
		for _, by := range []int64{-1, 1} {
			with(fmt.Sprintf("params.%s %+d", name, by), func(q *Pack) error {
				x := *q.Params[name]
				x.Values = slices.Clone(x.Values)
				for i := range x.Values {
					switch v := x.Values[i].Value.(type) {
					case int64:
						x.Values[i].Value = v + by
					case float64:
						x.Values[i].Value = v + float64(by)
					case time.Time:
						x.Values[i].Value = v.AddDate(0, 0, int(by))
					default:
						return errors.New("not a number")
					}
				}
				q.Params[name] = &x
				return nil
			})
		}
	}
	return out
}

// beside are the operators that a slip makes of one another.
var beside = map[string][]string{
	operators.GreaterEquals: {operators.Greater, operators.Less}, operators.Greater: {operators.GreaterEquals, operators.LessEquals},
	operators.LessEquals: {operators.Less, operators.Greater}, operators.Less: {operators.LessEquals, operators.GreaterEquals},
	operators.Equals: {operators.NotEquals}, operators.NotEquals: {operators.Equals},
}

// mutations are a check's text with one slip each: another operator, its opposite, a
// number one more or less, another word.
func mutations(a *cel.Ast) (out []string) {
	native := a.NativeRep()
	fac := ast.NewExprFactory()
	put := func(e ast.Expr) {
		if text, err := parser.Unparse(e, native.SourceInfo()); err == nil {
			out = append(out, text)
		}
	}
	root := native.Expr()
	if root.Kind() == ast.CallKind {
		call := root.AsCall()
		for _, op := range beside[call.FunctionName()] {
			put(fac.NewCall(root.ID(), op, call.Args()...))
		}
		if len(beside[call.FunctionName()]) == 0 {
			put(fac.NewCall(root.ID(), operators.LogicalNot, root))
		}
	} else {
		put(fac.NewCall(root.ID(), operators.LogicalNot, root))
	}
	var literals []ast.Expr
	ast.PreOrderVisit(root, ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() == ast.LiteralKind {
			literals = append(literals, e)
		}
	}))
	for _, l := range literals {
		was := l.AsLiteral()
		var others []ast.Expr
		switch v := was.(type) {
		case types.Int:
			others = []ast.Expr{fac.NewLiteral(l.ID(), v-1), fac.NewLiteral(l.ID(), v+1)}
		case types.Double:
			others = []ast.Expr{fac.NewLiteral(l.ID(), v-1), fac.NewLiteral(l.ID(), v+1)}
		case types.String:
			others = []ast.Expr{fac.NewLiteral(l.ID(), v+"?")}
		case types.Bool:
			others = []ast.Expr{fac.NewLiteral(l.ID(), !v)}
		}
		for _, o := range others {
			keep := fac.CopyExpr(l)
			l.SetKindCase(o)
			put(root)
			l.SetKindCase(keep)
		}
	}
	return out
}

// Propose makes the cases that a pack still needs, from its first one that is approved:
// each fact left out, too old, contradicted, and just inside and just outside what its
// checks allow. What they come to is what the pack says now: a person must look at each
// before it counts.
func (p *Pack) Propose(all Examples, zone *time.Location) (Examples, error) {
	i := slices.IndexFunc(all, func(e Example) bool { return e.Outcome == Approve })
	if i < 0 {
		return nil, fmt.Errorf("%s needs one case that is approved, to start from", p.ID)
	}
	base, err := all.whole(all[i])
	if err != nil {
		return nil, err
	}
	var out Examples
	add := func(name string, facts map[string]any, without, stale []string) error {
		e := Example{Name: name, Like: all[i].Name, Facts: facts, Without: without, Stale: stale, Made: true}
		c, err := p.exampleCase(append(slices.Clone(all), e), e, zone)
		if err != nil {
			return err
		}
		d := p.Decide(c, zone)
		e.Outcome, e.Checks, e.Grant = d.Outcome, map[string]Answer{}, d.Grant
		for _, r := range d.Checks {
			if r.Answer != Pass || facts != nil && slices.ContainsFunc(r.Facts, func(f Used) bool { _, ok := facts[f.Fact]; return ok }) {
				e.Checks[r.Check] = r.Answer
			}
		}
		if all.find(name) == nil && out.find(name) == nil {
			out = append(out, e)
		}
		return nil
	}
	var errs []error
	for _, name := range p.order {
		spec := p.Facts[name]
		if name == ApplicationDate || !slices.ContainsFunc(p.Checks, func(c *Check) bool { return slices.Contains(c.uses, name) }) {
			continue
		}
		errs = append(errs, add(name+" 缺失", nil, []string{name}, nil))
		if spec.MaxAge > 0 {
			errs = append(errs, add(name+" 过期", nil, nil, []string{name}))
		}
		value, ok := base.Facts[name]
		if !ok {
			continue
		}
		if bare, is := value.(map[string]any); is {
			value = bare["value"]
		}
		v, err := toType(spec.Type, value)
		if err != nil {
			continue
		}
		if spec.Need > 1 {
			other := any("?")
			switch x := v.(type) {
			case bool:
				other = !x
			case int64:
				other = x + 1
			case time.Time:
				other = x.AddDate(0, 0, 1).Format(time.DateOnly)
			}
			said := []any{}
			for j, source := range spec.Sources {
				w := sayValue(v)
				if j == len(spec.Sources)-1 {
					w = other
				}
				said = append(said, map[string]any{"value": w, "source": source})
			}
			errs = append(errs, add(name+" 来源不一致", map[string]any{name: said}, nil, nil))
		}
		for _, edge := range p.edges(all, all[i], name, v, zone) {
			errs = append(errs, add(fmt.Sprintf("%s 为 %v", name, sayValue(edge)), map[string]any{name: sayValue(edge)}, nil, nil))
		}
	}
	return out, errors.Join(errs...)
}

// edges are values of a fact between which an answer of a check changes, and the ones
// beside them.
func (p *Pack) edges(all Examples, base Example, name string, value any, zone *time.Location) (out []any) {
	answers := func(v any) string {
		e := Example{Name: "?", Like: base.Name, Facts: map[string]any{name: sayValue(v)}}
		c, err := p.exampleCase(append(slices.Clone(all), e), e, zone)
		if err != nil {
			return "?"
		}
		var said strings.Builder
		for _, r := range p.Decide(c, zone).Checks {
			if r.Answer != Pass {
				said.WriteString(r.Check + string(r.Answer))
			}
		}
		return said.String()
	}
	step := func(v any, n int64) any {
		switch x := v.(type) {
		case int64:
			return x + n
		case float64:
			return x + float64(n)
		case time.Time:
			return x.AddDate(0, 0, int(n))
		}
		return nil
	}
	switch x := value.(type) {
	case bool:
		return []any{!x}
	case string:
		return []any{"?" + x}
	case []string:
		return []any{append(slices.Clone(x), "?"), []string{}}
	}
	here := answers(value)
	for _, way := range []int64{-1, 1} {
		far := int64(1)
		for far < 1<<16 && answers(step(value, way*far)) == here {
			far *= 2
		}
		if far >= 1<<16 {
			continue
		}
		near := far / 2
		for far-near > 1 {
			if mid := (near + far) / 2; answers(step(value, way*mid)) == here {
				near = mid
			} else {
				far = mid
			}
		}
		out = append(out, step(value, way*near), step(value, way*far))
	}
	return out
}
