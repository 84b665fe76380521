// Package rule is the judge: dated, explained decisions over typed facts.
//
// A [Program] is one CEL expression over declared variables: the guard of an
// action, the condition of a duty rule. A [Pack] (决策包) decides a case by checks
// over facts, each with its clause; a check's answer is PASS, FAIL, MISSING or
// CONFLICT, never a guess: a fact that is absent, stale or contradicted can only
// ever lead to MISSING or CONFLICT, and what is not approved goes to a person or
// asks for more; nothing is refused by itself.
package rule

import (
	"fmt"
	"slices"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/ext"
)

// Vars declares the variables of an expression. The type is "string", "int",
// "double", "bool", "time", "list" (of strings) or "map" (string to anything).
type Vars map[string]string

// Language is a set of declared variables that expressions are compiled
// against. It is safe for concurrent use.
type Language struct{ env *cel.Env }

// NewLanguage makes a language of variables; more are functions of its own.
func NewLanguage(vars Vars, more ...cel.EnvOption) (*Language, error) {
	opts := append([]cel.EnvOption{ext.Strings(), ext.Sets(), cel.OptionalTypes()}, more...)
	for name, typ := range vars {
		t, ok := map[string]*cel.Type{
			"string": cel.StringType, "int": cel.IntType, "double": cel.DoubleType, "bool": cel.BoolType,
			"time": cel.TimestampType, "list": cel.ListType(cel.StringType), "map": cel.MapType(cel.StringType, cel.DynType), "any": cel.DynType,
		}[typ]
		if !ok {
			return nil, fmt.Errorf("rule: variable %s: %q is not a type", name, typ)
		}
		opts = append(opts, cel.Variable(name, t))
	}
	env, err := cel.NewEnv(opts...)
	if err != nil {
		return nil, fmt.Errorf("rule: %w", err)
	}
	return &Language{env}, nil
}

// Program is a compiled condition. It is safe for concurrent use.
type Program struct {
	Text string
	prg  cel.Program
	uses []string
}

// maxCost bounds the work of one evaluation, whatever a pack's author wrote.
const maxCost = 100_000

// Condition compiles an expression that is true or false. The error says where
// in the text the mistake is.
func (l *Language) Condition(text string) (*Program, error) {
	return l.program(text, "true or false", cel.BoolType)
}

// Number compiles an expression that is a number, or true or false, which count
// as one and nothing.
func (l *Language) Number(text string) (*Program, error) {
	return l.program(text, "a number", cel.BoolType, cel.IntType, cel.DoubleType)
}

func (l *Language) program(text, what string, types ...*cel.Type) (*Program, error) {
	ast, iss := l.env.Compile(text)
	if iss.Err() != nil {
		return nil, mistake(text, iss)
	}
	if t := ast.OutputType(); !t.IsExactType(cel.DynType) && !slices.ContainsFunc(types, t.IsExactType) {
		return nil, &Mistake{Kind: "gives", Detail: t.String(), text: fmt.Sprintf("rule: %q gives %s, not %s", text, t, what)}
	}
	prg, err := l.env.Program(ast, cel.CostLimit(maxCost), cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return nil, fmt.Errorf("rule: %q: %w", text, err)
	}
	var uses []string
	for _, ref := range ast.NativeRep().ReferenceMap() {
		if ref.Name != "" && !slices.Contains(uses, ref.Name) {
			uses = append(uses, ref.Name)
		}
	}
	slices.Sort(uses)
	return &Program{Text: text, prg: prg, uses: uses}, nil
}

// Amount evaluates an expression to a number.
func (p *Program) Amount(facts map[string]any) (float64, error) {
	out, _, err := p.prg.Eval(facts)
	if err != nil {
		return 0, fmt.Errorf("rule: %q: %w", p.Text, err)
	}
	switch v := out.Value().(type) {
	case bool:
		if v {
			return 1, nil
		}
		return 0, nil
	case int64:
		return float64(v), nil
	case float64:
		return v, nil
	}
	return 0, fmt.Errorf("rule: %q gave %v, not a number", p.Text, out.Value())
}

// Uses says which variables the expression reads, sorted.
func (p *Program) Uses() []string { return p.uses }

// Reads says whether the expression reads a variable.
func (p *Program) Reads(name string) bool { return slices.Contains(p.uses, name) }

// Holds evaluates the condition. A variable that is not given, or a key that
// is not there, is an error: it is for the caller to say what that means.
func (p *Program) Holds(facts map[string]any) (bool, error) {
	out, _, err := p.prg.Eval(facts)
	if err != nil {
		return false, fmt.Errorf("rule: %q: %w", p.Text, err)
	}
	b, ok := out.Value().(bool)
	if !ok {
		return false, fmt.Errorf("rule: %q gave %v, not true or false", p.Text, out.Value())
	}
	return b, nil
}

// Cache compiles each text once.
type Cache struct {
	Language *Language
	m        sync.Map
}

// Condition is Language.Condition, remembered.
func (c *Cache) Condition(text string) (*Program, error) {
	if p, ok := c.m.Load(text); ok {
		return p.(*Program), nil
	}
	p, err := c.Language.Condition(text)
	if err == nil {
		c.m.Store(text, p)
	}
	return p, err
}
