package rule

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/ext"
	"github.com/goccy/go-yaml"
)

// Pack is a decision pack (决策包): what decides one kind of case, as its author wrote
// it. All its checks must pass for a case to be approved; there is no other way to
// approve, and none to refuse.
type Pack struct {
	ID           string               `yaml:"pack" json:"pack"`
	Name         map[string]string    `yaml:"name" json:"name"`
	Item         string               `yaml:"item" json:"item,omitempty"` // the service item that it decides
	Illustrative bool                 `yaml:"illustrative" json:"illustrative,omitempty"`
	Effective    Effective            `yaml:"effective" json:"effective"`
	Law          []Law                `yaml:"law" json:"law"`
	Params       map[string]*Param    `yaml:"params" json:"params,omitempty"`
	Facts        map[string]*FactSpec `yaml:"facts" json:"facts"`
	Derive       []*Derivation        `yaml:"derive" json:"derive,omitempty"`
	Checks       []*Check             `yaml:"checks" json:"checks"`
	Approve      string               `yaml:"approve" json:"approve"` // "all": the only form that there is
	Grant        []*Derivation        `yaml:"grant" json:"grant,omitempty"`

	text  string
	hash  string
	env   *cel.Env
	order []string // of facts
}

// Effective are the days on which a pack is in force.
type Effective struct {
	From  Date `yaml:"from" json:"from"`
	Until Date `yaml:"until" json:"until,omitzero"` // the first day on which it is not
}

// Law is a clause that checks stand on.
type Law struct {
	Ref  string `yaml:"ref" json:"ref"` // "《…办法》第…条"
	Text string `yaml:"text" json:"text,omitempty"`
}

// Param is a number or word of the law that changes with time (参数): the value whose
// day came last holds.
type Param struct {
	Type   string            `yaml:"type" json:"type"`
	Say    map[string]string `yaml:"say" json:"say,omitempty"`
	Values []ParamValue      `yaml:"values" json:"values"`
}

// ParamValue is a value of a parameter and the day from which it holds.
type ParamValue struct {
	From  Date `yaml:"from" json:"from"`
	Value any  `yaml:"value" json:"value"`
}

// FactSpec says what a fact is and whose word counts.
type FactSpec struct {
	Type      string            `yaml:"type" json:"type" enum:"string,int,double,bool,date,list"`
	Say       map[string]string `yaml:"say" json:"say"`
	Sources   []string          `yaml:"sources" json:"sources"`             // who may say it; "申请人" is the applicant
	Key       string            `yaml:"key" json:"key,omitempty"`           // by which it is asked for
	MaxAge    Span              `yaml:"max_age" json:"max_age,omitempty"`   // how old it may be; 0 is any age
	Need      int               `yaml:"need" json:"need,omitempty"`         // how many sources must say the same; 1 when absent
	OnMissing Outcome           `yaml:"on_missing" json:"on_missing"`       // human or supplement
	Bring     map[string]string `yaml:"bring" json:"bring,omitempty"`       // what the applicant may bring instead
	Personal  bool              `yaml:"personal" json:"personal,omitempty"` // shown masked
	// Watch: it must stay so after an approval, and is asked for again every night.
	Watch bool `yaml:"watch" json:"watch,omitempty"`
}

// Derivation is a value computed of facts, parameters and those before it.
type Derivation struct {
	Name string            `yaml:"name" json:"name"`
	Type string            `yaml:"type" json:"type"`
	Expr string            `yaml:"expr" json:"expr"`
	Say  map[string]string `yaml:"say" json:"say,omitempty"`
	prg  cel.Program
	uses []string
}

// Check is one condition (核验项): a single comparison, with the sentence that the
// citizen reads and the law that asks for it.
type Check struct {
	ID   string            `yaml:"id" json:"id"`
	Say  map[string]string `yaml:"say" json:"say"`
	Expr string            `yaml:"expr" json:"expr"`
	Fail Outcome           `yaml:"fail" json:"fail"` // human or supplement
	Law  int               `yaml:"law" json:"law"`   // which clause, from 1
	prg  cel.Program
	uses []string // facts, through derivations too
	ast  *cel.Ast
}

// Outcome is what a case comes to.
type Outcome string

// The outcomes. There is no refusal: 个人信息保护法第二十四条 lets nobody be refused by a
// machine alone.
const (
	Approve    Outcome = "approve"    // 秒批通过
	Supplement Outcome = "supplement" // 需补充: the applicant may bring what is missing
	Human      Outcome = "human"      // 转人工
)

// Date is a local day, read and written as 2026-11-26.
type Date struct{ time.Time }

// DateOf is the day of a moment where it is asked.
func DateOf(t time.Time, zone *time.Location) Date {
	y, m, d := t.In(zone).Date()
	return Date{time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}
}

// UnmarshalText reads 2026-11-26.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if d.Time, err = time.Parse(time.DateOnly, string(b)); err != nil {
		return fmt.Errorf("%q is not a day such as 2026-11-26", b)
	}
	return nil
}

// UnmarshalYAML reads 2026-11-26, quoted or not.
func (d *Date) UnmarshalYAML(b []byte) error {
	return d.UnmarshalText([]byte(strings.Trim(string(b), `"' `)))
}

// MarshalText writes 2026-11-26.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.Format(time.DateOnly)), nil }

// MarshalJSON writes it as a word.
func (d Date) MarshalJSON() ([]byte, error) { return []byte(`"` + d.Format(time.DateOnly) + `"`), nil }

// UnmarshalJSON reads 2026-11-26.
func (d *Date) UnmarshalJSON(b []byte) error { return d.UnmarshalText(bytes.Trim(b, `"`)) }

// Span is a length of time, read as 24h or 7d.
type Span time.Duration

// UnmarshalYAML reads 90m, 24h or 7d.
func (s *Span) UnmarshalYAML(b []byte) error {
	text := strings.Trim(string(b), `"' `)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n <= 0 || n > 36500 {
			return fmt.Errorf("%q is not a length of time such as 24h or 7d", text)
		}
		*s = Span(time.Duration(n) * 24 * time.Hour)
		return nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return fmt.Errorf("%q is not a length of time such as 24h or 7d", text)
	}
	*s = Span(d)
	return nil
}

// UnmarshalText reads what UnmarshalYAML does.
func (s *Span) UnmarshalText(b []byte) error { return s.UnmarshalYAML(b) }

// MarshalText writes what UnmarshalYAML reads.
func (s Span) MarshalText() ([]byte, error) {
	if d := time.Duration(s); d%(24*time.Hour) == 0 {
		return []byte(strconv.Itoa(int(d/(24*time.Hour))) + "d"), nil
	}
	return []byte(strings.TrimSuffix(strings.TrimSuffix(time.Duration(s).String(), "0s"), "0m")), nil
}

// ApplicationDate is the fact that every pack has: the day of the application, as of
// which all is judged.
const ApplicationDate = "application.date"

var (
	packID   = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	factName = regexp.MustCompile(`^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$`)
	plain    = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
)

var packTypes = map[string]*cel.Type{
	"string": cel.StringType, "int": cel.IntType, "double": cel.DoubleType, "bool": cel.BoolType, "date": cel.TimestampType, "list": cel.ListType(cel.StringType),
}

// ReadPack reads a pack and checks all of it; the error lists all that is wrong.
func ReadPack(r io.Reader) (*Pack, error) {
	raw, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return nil, err
	}
	p := &Pack{}
	if err := yaml.UnmarshalWithOptions(raw, p, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s", yaml.FormatError(err, false, true))
	}
	sum := sha256.Sum256(raw)
	p.text, p.hash = string(raw), hex.EncodeToString(sum[:])
	return p, p.compile()
}

// Hash is that of the pack's text: SHA-256, in hexadecimal.
func (p *Pack) Hash() string { return p.hash }

// FactNames are the facts that the pack asks for, sorted.
func (p *Pack) FactNames() []string { return p.order }

// Clause is the law that a check stands on.
func (p *Pack) Clause(c *Check) Law { return p.Law[c.Law-1] }

func (p *Pack) compile() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if !packID.MatchString(p.ID) {
		bad("pack: %q is not a name such as elder-allowance", p.ID)
	}
	if p.Name["zh"] == "" {
		bad("name.zh is missing")
	}
	if p.Effective.From.IsZero() {
		bad("effective.from is missing")
	}
	if !p.Effective.Until.IsZero() && !p.Effective.Until.After(p.Effective.From.Time) {
		bad("effective.until is not after effective.from")
	}
	if p.Approve != "all" {
		bad("approve: %q: a case is approved when all checks pass; write all", p.Approve)
	}
	if len(p.Law) == 0 {
		bad("law: a decision stands on a clause; none is given")
	}
	opts := []cel.EnvOption{cel.StdLib(), ext.Strings(), packFunctions()}
	for i, l := range p.Law {
		if strings.TrimSpace(l.Ref) == "" {
			bad("law[%d].ref is empty", i)
		}
	}
	declare := func(section, name, typ string) {
		t, ok := packTypes[typ]
		if !ok {
			bad("%s%s: %q is no type: string, int, double, bool, date or list", section, name, typ)
			return
		}
		opts = append(opts, cel.Variable(name, t))
	}
	for _, name := range sortedKeys(p.Params) {
		x := p.Params[name]
		if !plain.MatchString(name) {
			bad("params: %q is not a name such as min_age", name)
		}
		declare("", "params."+name, x.Type)
		if len(x.Values) == 0 {
			bad("params.%s has no value", name)
		}
		for i := range x.Values {
			v, err := toType(x.Type, x.Values[i].Value)
			if err != nil {
				bad("params.%s.values[%d]: %w", name, i, err)
			}
			x.Values[i].Value = v
			if i > 0 && !x.Values[i].From.After(x.Values[i-1].From.Time) {
				bad("params.%s.values[%d]: its day is not after the one before", name, i)
			}
		}
	}
	if p.Facts == nil {
		p.Facts = map[string]*FactSpec{}
	}
	p.Facts[ApplicationDate] = &FactSpec{Type: "date", Say: map[string]string{"zh": "申请日期", "en": "Day of the application"}, Sources: []string{"本系统"}, OnMissing: Human}
	p.order = sortedKeys(p.Facts)
	for _, name := range p.order {
		f := p.Facts[name]
		if !factName.MatchString(name) {
			bad("facts: %q is not a name such as person.birth_date", name)
		}
		declare("facts.", name, f.Type)
		if f.Say["zh"] == "" {
			bad("facts.%s.say.zh is missing: the citizen reads it", name)
		}
		if len(f.Sources) == 0 {
			bad("facts.%s.sources: nobody is named whose word counts", name)
		}
		if f.Need < 0 || f.Need > len(f.Sources) {
			bad("facts.%s.need: %d of %d sources", name, f.Need, len(f.Sources))
		}
		if f.OnMissing != Human && f.OnMissing != Supplement {
			bad("facts.%s.on_missing: %q is neither human nor supplement", name, f.OnMissing)
		}
		f.Need = max(1, f.Need)
	}
	for _, d := range p.Derive {
		if !plain.MatchString(d.Name) {
			bad("derive: %q is not a name such as age", d.Name)
		}
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	env, err := cel.NewCustomEnv(opts...)
	if err != nil {
		return err
	}
	reach := map[string][]string{}
	for _, d := range p.Derive {
		c, err := compilePack(env, d.Expr, d.Type, derivationCalls)
		if err != nil {
			bad("derive.%s: %w", d.Name, err)
			continue
		}
		d.prg, d.uses = c.prg, c.uses
		reach[d.Name] = p.reached(c.uses, reach)
		if env, err = env.Extend(cel.Variable(d.Name, packTypes[d.Type])); err != nil {
			bad("derive.%s: %w", d.Name, err)
		}
	}
	if len(p.Checks) == 0 {
		bad("checks: nothing is asked, so nothing can be approved")
	}
	seen := map[string]bool{}
	for i, c := range p.Checks {
		if !plain.MatchString(c.ID) || seen[c.ID] {
			bad("checks[%d].id: %q is not a name of its own", i, c.ID)
		}
		seen[c.ID] = true
		if c.Say["zh"] == "" {
			bad("checks.%s.say.zh is missing: the citizen reads it", c.ID)
		}
		if c.Fail != Human && c.Fail != Supplement {
			bad("checks.%s.fail: %q is neither human nor supplement", c.ID, c.Fail)
		}
		if c.Law < 1 || c.Law > len(p.Law) {
			bad("checks.%s.law: there is no clause %d", c.ID, c.Law)
		}
		x, err := compilePack(env, c.Expr, "bool", checkCalls)
		if err != nil {
			bad("checks.%s: %w", c.ID, err)
			continue
		}
		c.prg, c.ast = x.prg, x.ast
		if c.uses = p.reached(x.uses, reach); len(c.uses) == 0 {
			bad("checks.%s asks nothing of any fact", c.ID)
		}
	}
	for _, g := range p.Grant {
		x, err := compilePack(env, g.Expr, g.Type, grantCalls)
		if err != nil {
			bad("grant.%s: %w", g.Name, err)
			continue
		}
		g.prg, g.uses = x.prg, x.uses
	}
	used := map[string]bool{ApplicationDate: true}
	for _, c := range p.Checks {
		for _, name := range c.uses {
			used[name] = true
		}
	}
	for _, g := range p.Grant {
		for _, name := range p.reached(g.uses, reach) {
			used[name] = true
		}
	}
	for _, name := range p.order {
		if !used[name] {
			bad("facts.%s is asked for and never used", name)
		}
	}
	p.env = env
	return errors.Join(errs...)
}

// reached are the facts behind names, through derivations.
func (p *Pack) reached(names []string, reach map[string][]string) (out []string) {
	for _, name := range names {
		if p.Facts[name] != nil {
			out = append(out, name)
		}
		out = append(out, reach[name]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

type compiled struct {
	prg  cel.Program
	ast  *cel.Ast
	uses []string
}

// What expressions may be made of. CEL lets an error vanish in "a || b" when one side
// is true: so a check is one comparison, whose error is nobody's pass, and only what
// is granted after an approval may choose.
var (
	derivationCalls = []string{operators.Add, operators.Subtract, operators.Multiply, operators.Divide, operators.Modulo, operators.Negate,
		"size", "int", "double", "string", "startsWith", "endsWith", "contains", "substring", "trim", "lowerAscii", "upperAscii",
		"fullYears", "fullMonths", "daysBetween", "addMonths", "addDays", "normName"}
	comparisons = []string{operators.Equals, operators.NotEquals, operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals, operators.In, operators.OldIn}
	checkCalls  = slices.Concat(derivationCalls, comparisons, []string{operators.LogicalNot})
	grantCalls  = slices.Concat(derivationCalls, comparisons, []string{operators.Conditional, operators.LogicalAnd, operators.LogicalOr, operators.LogicalNot})
)

func compilePack(env *cel.Env, text, typ string, calls []string) (*compiled, error) {
	want, ok := packTypes[typ]
	if !ok {
		return nil, fmt.Errorf("%q is no type: string, int, double, bool, date or list", typ)
	}
	a, iss := env.Compile(text)
	if iss.Err() != nil {
		return nil, fmt.Errorf("%q: %s", text, strings.ReplaceAll(iss.Err().Error(), "\n", " "))
	}
	if !a.OutputType().IsExactType(want) {
		return nil, fmt.Errorf("%q gives %s, not %s", text, a.OutputType(), typ)
	}
	var wrong error
	compared := 0
	ast.PreOrderVisit(a.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.CallKind:
			name := e.AsCall().FunctionName()
			if slices.Contains(comparisons, name) {
				compared++
			}
			switch {
			case slices.Contains(calls, name) || wrong != nil:
			case name == operators.LogicalAnd || name == operators.LogicalOr || name == operators.Conditional:
				wrong = fmt.Errorf("%q: one comparison at a time: write a check or a value for each part", text)
			default:
				wrong = fmt.Errorf("%q: %s may not be used here", text, name)
			}
		case ast.ComprehensionKind, ast.SelectKind, ast.MapKind, ast.StructKind:
			wrong = fmt.Errorf("%q: only facts, parameters and values by their names", text)
		}
	}))
	if wrong != nil {
		return nil, wrong
	}
	if compared > 1 && !slices.Contains(calls, operators.Conditional) {
		return nil, fmt.Errorf("%q: one comparison at a time", text)
	}
	// No loop can be written, so the work is bounded by the text and the facts.
	prg, err := env.Program(a, cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return nil, err
	}
	c := &compiled{prg: prg, ast: a}
	for _, r := range a.NativeRep().ReferenceMap() {
		if r.Name != "" && !slices.Contains(c.uses, r.Name) {
			c.uses = append(c.uses, r.Name)
		}
	}
	slices.Sort(c.uses)
	return c, nil
}

// toType takes a value as YAML or JSON gives it to the type that a pack declares; what
// is not of the type is an error, never a guess: "83" is no number.
func toType(typ string, v any) (any, error) {
	switch typ {
	case "string":
		if s, ok := v.(string); ok {
			return s, nil
		}
	case "bool":
		if b, ok := v.(bool); ok {
			return b, nil
		}
	case "int":
		switch n := v.(type) {
		case int:
			return int64(n), nil
		case int64:
			return n, nil
		case uint64:
			if n <= math.MaxInt64 {
				return int64(n), nil
			}
		case float64:
			if n == math.Trunc(n) && math.Abs(n) < 1<<53 {
				return int64(n), nil
			}
		}
	case "double":
		switch n := v.(type) {
		case int:
			return float64(n), nil
		case int64:
			return float64(n), nil
		case uint64:
			return float64(n), nil
		case float64:
			return n, nil
		}
	case "date":
		switch x := v.(type) {
		case string:
			if t, err := time.Parse(time.DateOnly, x); err == nil {
				return t, nil
			}
		case time.Time:
			return DateOf(x, time.UTC).Time, nil
		}
	case "list":
		switch x := v.(type) {
		case []string:
			return x, nil
		case []any:
			out := make([]string, len(x))
			for i, e := range x {
				s, ok := e.(string)
				if !ok {
					return nil, fmt.Errorf("%v is not a list of words", v)
				}
				out[i] = s
			}
			return out, nil
		}
	}
	return nil, fmt.Errorf("%v is not of type %s", v, typ)
}

// sayValue writes a value as the trace shows it.
func sayValue(v any) any {
	if t, ok := v.(time.Time); ok {
		return t.UTC().Format(time.DateOnly)
	}
	return v
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// FullYears is how many years are complete from one day to another (周岁). A day that
// the last year does not have ends with its month (民法典第二百零二条): who was born on
// 29 February is a year older on 28 February of a common year.
func FullYears(from, to time.Time) int { return fullMonths(from, to) / 12 }

func fullMonths(from, to time.Time) int {
	n := (to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month())
	if n >= 0 && addMonths(from, n).After(to) {
		n--
	}
	if n < 0 && addMonths(from, n).Before(to) {
		n++
	}
	return n
}

// addMonths is the same day some months later, or the last of the month where that has
// no such day.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 0, min(t.Day(), first.AddDate(0, 1, -1).Day())-1)
}

var widths = strings.NewReplacer("•", "·", "‧", "·", "・", "·", "．", "·", ".", "·", "（", "(", "）", ")", "　", "", " ", "")

// normName makes one form of the ways in which a name is written: the dot of names of
// ethnic minorities, full and half width, spaces.
func normName(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, widths.Replace(strings.TrimSpace(s))))
}

// packFunctions are what expressions of packs may call beside arithmetic and words.
func packFunctions() cel.EnvOption {
	day := func(v ref.Val) time.Time { return v.(types.Timestamp).Time }
	two := func(name string, f func(a, b time.Time) int) cel.EnvOption {
		return cel.Function(name, cel.Overload(name+"_dates", []*cel.Type{cel.TimestampType, cel.TimestampType}, cel.IntType,
			cel.BinaryBinding(func(a, b ref.Val) ref.Val { return types.Int(f(day(a), day(b))) })))
	}
	move := func(name string, f func(t time.Time, n int) time.Time) cel.EnvOption {
		return cel.Function(name, cel.Overload(name+"_date", []*cel.Type{cel.TimestampType, cel.IntType}, cel.TimestampType,
			cel.BinaryBinding(func(a, n ref.Val) ref.Val {
				if k := n.(types.Int); k > -36500 && k < 36500 {
					return types.Timestamp{Time: f(day(a), int(k))}
				}
				return types.NewErr("%s: %v is out of range", name, n)
			})))
	}
	return cel.Lib(library{
		two("fullYears", FullYears), two("fullMonths", fullMonths),
		two("daysBetween", func(a, b time.Time) int { return int(b.Sub(a) / (24 * time.Hour)) }),
		move("addMonths", addMonths), move("addDays", func(t time.Time, n int) time.Time { return t.AddDate(0, 0, n) }),
		cel.Function("normName", cel.Overload("normName_string", []*cel.Type{cel.StringType}, cel.StringType,
			cel.UnaryBinding(func(s ref.Val) ref.Val { return types.String(normName(string(s.(types.String)))) }))),
	})
}

type library []cel.EnvOption

// CompileOptions declares the functions.
func (l library) CompileOptions() []cel.EnvOption { return l }

// ProgramOptions has nothing to add.
func (l library) ProgramOptions() []cel.ProgramOption { return nil }
