package form

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"shanzhi/core/rule"
	"shanzhi/core/subject"
)

// Sheet is a form that applicants fill in (申请表), as data: what is asked is a JSON
// Schema (draft 2020-12, restricted to [SheetNode]), how it is laid out is its pages, and
// which page or question is shown is a condition over what was answered so far. The
// way through a sheet is a function of the answers alone: nobody keeps it.
type Sheet struct {
	Name   string       `yaml:"name" json:"name,omitempty"` // what conditions call its answers: "form" when empty
	Schema *SheetNode   `yaml:"schema" json:"schema"`
	Pages  []*SheetPage `yaml:"pages" json:"pages"`
	Exits  []*SheetExit `yaml:"exits" json:"exits,omitempty"`

	base  *jsonschema.Schema
	shows map[string]*rule.Program // of questions, by name
	musts map[string]*rule.Program
}

// SheetNode is a question, or with type "object" the questions of a sheet or of each entry
// of a repeating group. The words are those of JSON Schema; what begins with "x-" is
// ours.
type SheetNode struct {
	Type       string                `yaml:"type" json:"type"` // object, array, string, integer, number, boolean
	Title      string                `yaml:"title" json:"title,omitempty"`
	TitleEN    string                `yaml:"x-title-en" json:"x-title-en,omitempty"`
	Hint       Text                  `yaml:"x-hint" json:"x-hint,omitempty"`
	Enum       []string              `yaml:"enum" json:"enum,omitempty"`
	EnumTitles map[string]Text       `yaml:"x-enum" json:"x-enum,omitempty"`
	Format     string                `yaml:"format" json:"format,omitempty"` // see formats
	Pattern    string                `yaml:"pattern" json:"pattern,omitempty"`
	MinLength  *int                  `yaml:"minLength" json:"minLength,omitempty"`
	MaxLength  *int                  `yaml:"maxLength" json:"maxLength,omitempty"`
	Minimum    *float64              `yaml:"minimum" json:"minimum,omitempty"`
	Maximum    *float64              `yaml:"maximum" json:"maximum,omitempty"`
	MinItems   *int                  `yaml:"minItems" json:"minItems,omitempty"`
	MaxItems   *int                  `yaml:"maxItems" json:"maxItems,omitempty"`
	Items      *SheetNode            `yaml:"items" json:"items,omitempty"`
	Properties map[string]*SheetNode `yaml:"properties" json:"properties,omitempty"`
	Required   []string              `yaml:"required" json:"required,omitempty"`
	Order      []string              `yaml:"x-order" json:"x-order,omitempty"`     // of a repeating group's questions
	Lines      int                   `yaml:"x-lines" json:"x-lines,omitempty"`     // a long text
	Element    string                `yaml:"x-element" json:"x-element,omitempty"` // the data element (数据元) that it is; two questions of one element are one
	Fill       string                `yaml:"x-fill" json:"x-fill,omitempty"`       // the fact that answers it (秒报)
	Edit       bool                  `yaml:"x-edit" json:"x-edit,omitempty"`       // what was filled in may be changed by the applicant
	Personal   bool                  `yaml:"x-personal" json:"x-personal,omitempty"`
}

// SheetPage is what is asked at a time.
type SheetPage struct {
	Name   string        `yaml:"name" json:"name"`
	Title  Text          `yaml:"title" json:"title"` // {question} stands for its answer
	Say    Text          `yaml:"say" json:"say,omitempty"`
	Show   string        `yaml:"show" json:"show,omitempty"` // a condition; always, when empty
	Fields []*SheetField `yaml:"fields" json:"fields"`

	show *rule.Program
}

// SheetField is a question on a page: its name, or its name, when it is asked and, where
// not always, when it must be answered.
type SheetField struct {
	Field string `yaml:"field" json:"field"`
	Show  string `yaml:"show" json:"show,omitempty"`
	Must  string `yaml:"must" json:"must,omitempty"`
}

// UnmarshalJSON reads "name" or {field, show, must}.
func (s *SheetField) UnmarshalJSON(raw []byte) error {
	if json.Unmarshal(raw, &s.Field) == nil {
		return nil
	}
	type plain SheetField
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode((*plain)(s))
}

// UnmarshalYAML reads "name" or {field, show, must}.
func (s *SheetField) UnmarshalYAML(decode func(any) error) error {
	if decode(&s.Field) == nil {
		return nil
	}
	type plain SheetField
	return decode((*plain)(s))
}

// SheetExit tells who is not eligible so, as soon as the answers say it (不符合条件的退出页).
type SheetExit struct {
	When string `yaml:"when" json:"when"`
	Say  Text   `yaml:"say" json:"say"`

	when *rule.Program
}

// formats are the formats that a text may have beyond those of every house: an identity
// number (GB 11643), a unified social credit code (GB 32100), a mobile number, the
// reference of a file that was sent.
var formats = map[string]func(string) bool{
	"date":      func(s string) bool { _, err := time.Parse(time.DateOnly, s); return err == nil },
	"cn-id":     func(s string) bool { return subject.CheckIDNumber(s) == nil },
	"uscc":      func(s string) bool { return subject.CheckUSCC(s) == nil },
	"cn-mobile": regexp.MustCompile(`^1[3-9]\d{9}$`).MatchString,
	"file":      regexp.MustCompile(`^[a-zA-Z0-9_-]{8,64}$`).MatchString,
}

// SheetFormats names the formats that a text may have.
func SheetFormats() []string { return slices.Sorted(maps.Keys(formats)) }

var (
	question = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	maxTexts = 2000
)

// UnmarshalYAML reads a sheet and compiles it; the error lists all that is wrong.
func (s *Sheet) UnmarshalYAML(decode func(any) error) error {
	type plain Sheet
	if err := decode((*plain)(s)); err != nil {
		return err
	}
	return s.compile()
}

// UnmarshalJSON reads a sheet as it is kept.
func (s *Sheet) UnmarshalJSON(raw []byte) error {
	type plain Sheet
	if err := json.Unmarshal(raw, (*plain)(s)); err != nil {
		return err
	}
	return s.compile()
}

// compile checks a sheet whole.
func (s *Sheet) compile() error {
	if wrong := s.Compile(); len(wrong) > 0 {
		return fmt.Errorf("sheet: %w", wrong)
	}
	return nil
}

// SheetDraft is a sheet as it is being written: reading one does not compile it.
type SheetDraft Sheet

// Compile makes a sheet ready to be filled in, and says all that is wrong with it.
func (s *Sheet) Compile() FormFaults {
	var wrong FormFaults
	if s.Schema == nil || s.Schema.Type != "object" || len(s.Schema.Properties) == 0 {
		wrong.Add("schema", "no_questions", "", "schema must be an object with properties")
		return wrong
	}
	s.Schema.check("schema", &wrong)
	if len(wrong) > 0 && slices.ContainsFunc(wrong, func(f FormFault) bool { return f.Code == "absent" }) {
		return wrong
	}
	lang, err := s.Language(nil)
	if err != nil {
		if len(wrong) == 0 {
			wrong.Wrong("schema", "invalid", err)
		}
		return wrong // a question is of no type: conditions cannot be read
	}
	condition := func(at, text string) *rule.Program {
		p, err := lang.Condition(text)
		if err != nil {
			wrong.Wrong(at, "invalid", err)
		}
		return p
	}
	asked := map[string]bool{}
	s.shows, s.musts = map[string]*rule.Program{}, map[string]*rule.Program{}
	for i, p := range s.Pages {
		at := fmt.Sprintf("pages[%d]", i)
		if p == nil {
			wrong.Add(at, "absent", "", "the page is empty")
			continue
		}
		if p.Show != "" {
			p.show = condition(at+".show", p.Show)
		}
		if p.Title["zh"] == "" {
			wrong.Add(at+".title", "required", "", "title.zh is missing")
		}
		for _, f := range p.Fields {
			switch {
			case f == nil || s.Schema.Properties[f.Field] == nil:
				name := ""
				if f != nil {
					name = f.Field
				}
				wrong.Add(at, "no_question", name, "there is no question %q", name)
				continue
			case asked[f.Field]:
				wrong.Add(at+"."+f.Field, "twice", f.Field, "%q is asked twice", f.Field)
			}
			asked[f.Field] = true
			if f.Show != "" {
				s.shows[f.Field] = condition(at+"."+f.Field+".show", f.Show)
			}
			if f.Must != "" {
				s.musts[f.Field] = condition(at+"."+f.Field+".must", f.Must)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Schema.Properties)) {
		if !asked[name] {
			wrong.Add("schema."+name, "on_no_page", name, "%q is on no page", name)
		}
	}
	for i, x := range s.Exits {
		at := fmt.Sprintf("exits[%d]", i)
		if x == nil {
			wrong.Add(at, "absent", "", "the exit is empty")
			continue
		}
		x.when = condition(at+".when", x.When)
		if x.Say["zh"] == "" {
			wrong.Add(at+".say", "required", "", "say.zh is missing")
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	if s.base, err = s.Schema.jsonSchema(); err != nil {
		wrong.Wrong("schema", "invalid", err)
	}
	return wrong
}

func (n *SheetNode) check(at string, wrong *FormFaults) {
	if n.Format != "" && formats[n.Format] == nil {
		wrong.Add(at+".format", "no_such_option", n.Format, "%q is no format: %s", n.Format, strings.Join(slices.Sorted(maps.Keys(formats)), ", "))
	}
	if n.Pattern != "" {
		if _, err := regexp.Compile(n.Pattern); err != nil {
			wrong.Wrong(at+".pattern", "pattern", err)
		}
	}
	for _, value := range n.Enum {
		if n.EnumTitles[value]["zh"] == "" {
			wrong.Add(at+".enum", "untitled", value, "the option %q has no x-enum title", value)
		}
	}
	for _, name := range n.Required {
		if n.Properties[name] == nil {
			wrong.Add(at+".required", "no_question", name, "there is no question %q", name)
		}
	}
	switch n.Type {
	case "string", "integer", "number", "boolean":
		if n.Title == "" {
			wrong.Add(at+".title", "required", "", "title is missing")
		}
	case "array":
		if n.Items == nil || n.Items.Type != "object" && n.Items.Type != "string" {
			wrong.Add(at+".items", "absent", "", "items must be a text or an object")
			return
		}
		if n.Items.Type == "string" && n.Items.Title == "" {
			n.Items.Title = n.Title
		}
		if n.MaxItems == nil {
			wrong.Add(at+".maxItems", "required", "", "a list needs maxItems")
		}
		n.Items.check(at+".items", wrong)
	case "object":
		for _, name := range slices.Sorted(maps.Keys(n.Properties)) {
			q := n.Properties[name]
			if !question.MatchString(name) {
				wrong.Add(at+"."+name, "name", name, "%q is not a name such as id_no", name)
			}
			switch {
			case q == nil:
				wrong.Add(at+"."+name, "absent", "", "the question is empty")
				continue
			case q.Type == "object":
				wrong.Add(at+"."+name, "shape", "", "a question is no object; make it a list of them, or a page")
				continue
			case at != "schema" && q.Type == "array":
				wrong.Add(at+"."+name, "shape", "", "a list within a list cannot be asked")
				continue
			}
			q.check(at+"."+name, wrong)
		}
		if at != "schema" && len(n.Order) != len(n.Properties) {
			wrong.Add(at, "order", "", "x-order must name its %d questions", len(n.Properties))
		}
	default:
		wrong.Add(at+".type", "no_such_option", n.Type, "%q is not a type", n.Type)
	}
}

// Review says what of a sheet that compiles nobody would mean: it is asked of what is
// written anew, and of nothing that was kept before.
func (s *Sheet) Review() FormFaults {
	var wrong FormFaults
	pages := map[string]bool{}
	for i, p := range s.Pages {
		at := fmt.Sprintf("pages[%d]", i)
		switch {
		case !question.MatchString(p.Name):
			wrong.Add(at+".name", "name", p.Name, "%q is not a name such as person", p.Name)
		case pages[p.Name]:
			wrong.Add(at+".name", "twice", p.Name, "%q stands twice", p.Name)
		case len(p.Fields) == 0:
			wrong.Add(at, "empty_page", "", "nothing is asked on the page")
		}
		pages[p.Name] = true
	}
	s.Schema.review("schema", &wrong)
	return wrong
}

func (n *SheetNode) review(at string, wrong *FormFaults) {
	for name, over := range map[string]bool{
		"maxLength": n.MinLength != nil && n.MaxLength != nil && *n.MinLength > *n.MaxLength || n.MaxLength != nil && *n.MaxLength < 1,
		"maximum":   n.Minimum != nil && n.Maximum != nil && *n.Minimum > *n.Maximum,
		"maxItems":  n.MinItems != nil && n.MaxItems != nil && *n.MinItems > *n.MaxItems || n.MaxItems != nil && *n.MaxItems < 1,
	} {
		if over {
			wrong.Add(at+"."+name, "bounds", "", "no answer can keep to these bounds")
		}
	}
	seen := map[string]bool{}
	for _, value := range n.Enum {
		if value == "" || seen[value] {
			wrong.Add(at+".enum", "twice", value, "the option %q stands twice", value)
		}
		seen[value] = true
	}
	if n.Items != nil {
		n.Items.review(at+".items", wrong)
		order := slices.Sorted(slices.Values(n.Items.Order))
		if n.Items.Type == "object" && (len(order) == 0 || !slices.Equal(order, slices.Sorted(maps.Keys(n.Items.Properties)))) {
			wrong.Add(at+".items", "order", "", "x-order must name each of its questions once")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(n.Properties)) {
		n.Properties[name].review(at+"."+name, wrong)
	}
}

// jsonSchema compiles what every answer must be. What is required is asked of what is
// shown alone, so it is not in it.
func (n *SheetNode) jsonSchema() (*jsonschema.Schema, error) {
	raw, err := json.Marshal(n)
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	strip(doc)
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	for name, ok := range formats {
		c.RegisterFormat(&jsonschema.Format{Name: name, Validate: func(v any) error {
			if s, is := v.(string); is && !ok(s) {
				return errors.New("not a " + name)
			}
			return nil
		}})
	}
	if err := c.AddResource("sheet.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("sheet.json")
}

func strip(doc any) {
	m, ok := doc.(map[string]any)
	if !ok {
		return
	}
	if m["type"] == "object" {
		m["additionalProperties"] = false
		if props, ok := m["properties"].(map[string]any); ok {
			for _, p := range props {
				strip(p)
			}
		}
		delete(m, "required")
	}
	if m["type"] == "string" && m["maxLength"] == nil {
		m["maxLength"] = maxTexts
	}
	strip(m["items"])
}

// Language is what conditions over the answers of sheets are written in: each question
// by its name, a list by how many entries it has or, of texts, what it holds; "today";
// years(from, to) between two days. more are further variables.
func (s *Sheet) Language(more rule.Vars) (*rule.Language, error) {
	vars := s.Vars()
	maps.Copy(vars, more)
	vars["today"] = "string"
	return rule.NewLanguage(vars, yearsBetween)
}

// Vars declares the answers of a sheet as conditions read them.
func (s *Sheet) Vars() rule.Vars {
	vars := rule.Vars{}
	for name, q := range s.Schema.Properties {
		typ := map[string]string{"string": "string", "integer": "int", "number": "double", "boolean": "bool", "array": "list"}[q.Type]
		if typ == "list" && q.Items != nil && q.Items.Type == "object" {
			typ = "int"
		}
		vars[s.called(name)] = typ
	}
	return vars
}

func (s *Sheet) called(name string) string { return cmp.Or(s.Name, "form") + "." + name }

var yearsBetween = cel.Function("years", cel.Overload("years_days", []*cel.Type{cel.StringType, cel.StringType}, cel.IntType, cel.BinaryBinding(func(a, b ref.Val) ref.Val {
	from, err1 := time.Parse(time.DateOnly, string(a.(types.String)))
	to, err2 := time.Parse(time.DateOnly, string(b.(types.String)))
	if err1 != nil || err2 != nil {
		return types.Int(0) // not answered yet
	}
	return types.Int(rule.FullYears(from, to))
})))

// Facts are the answers as conditions read them: what was not answered is empty.
func (s *Sheet) Facts(values map[string]any, today string) map[string]any {
	out := map[string]any{"today": today}
	for name, q := range s.Schema.Properties {
		v := values[name]
		var fact any
		switch q.Type {
		case "string":
			fact, _ = v.(string)
		case "integer":
			f, _ := number(v)
			fact = int64(f)
		case "number":
			f, _ := number(v)
			fact = f
		case "boolean":
			fact, _ = v.(bool)
		case "array":
			list, _ := v.([]any)
			if q.Items.Type == "object" {
				fact = int64(len(list))
				break
			}
			words := []string{}
			for _, x := range list {
				if w, ok := x.(string); ok {
					words = append(words, w)
				}
			}
			fact = words
		}
		out[s.called(name)] = fact
	}
	return out
}

// Filling is a sheet as it was filled in.
type Filling struct {
	Values map[string]any    // of the questions that are asked; others are dropped
	Wrong  map[string]string // question, or list.entry.question → a message key
	Exit   *SheetExit        // who filled it in is not eligible
	Asked  []string          // the questions that are asked, in their order
}

// Fill reads what was filled in on a day. A draft may have gaps; a question that the
// sheet does not have is wrong. The values are not changed.
func (s *Sheet) Fill(values map[string]any, today string, draft bool) (Filling, error) {
	f := Filling{Values: map[string]any{}, Wrong: map[string]string{}, Asked: []string{}}
	given := map[string]any{}
	for name, v := range values {
		if s.Schema.Properties[name] == nil {
			f.Wrong[name] = "unknown"
			continue
		}
		if v = tidy(v); !empty(v) {
			given[name] = v
		}
	}
	// What is hidden counts as not answered; hiding it may hide more.
	for range len(s.Schema.Properties) + 1 {
		asked, err := s.asked(given, today)
		if err != nil {
			return f, err
		}
		f.Asked = asked
		hidden := false
		for name := range given {
			if !slices.Contains(asked, name) {
				delete(given, name)
				hidden = true
			}
		}
		if !hidden {
			break
		}
	}
	plain, err := asJSON(given)
	if err != nil {
		return f, err
	}
	var invalid *jsonschema.ValidationError
	if err := s.base.Validate(plain); errors.As(err, &invalid) {
		collect(invalid, f.Wrong)
	} else if err != nil {
		return f, err
	}
	sound := maps.Clone(given)
	maps.DeleteFunc(sound, func(name string, _ any) bool { return f.Wrong[name] != "" })
	facts := s.Facts(sound, today)
	for _, x := range s.Exits {
		if yes, err := x.when.Holds(facts); err != nil {
			return f, err
		} else if yes {
			f.Exit = x
			break
		}
	}
	for _, name := range f.Asked {
		q := s.Schema.Properties[name]
		v, have := given[name]
		must := slices.Contains(s.Schema.Required, name)
		if p := s.musts[name]; p != nil && !must && !have && !draft {
			if must, err = p.Holds(facts); err != nil {
				return f, err
			}
		}
		if !have && !draft && must {
			f.Wrong[name] = "required"
		}
		if list, ok := v.([]any); ok && q.Items.Type == "object" && !draft {
			for i, x := range list {
				entry, _ := x.(map[string]any)
				for _, must := range q.Items.Required {
					if empty(entry[must]) {
						f.Wrong[name+"."+strconv.Itoa(i)+"."+must] = "required"
					}
				}
			}
		}
	}
	f.Values = given
	return f, nil
}

func (s *Sheet) asked(values map[string]any, today string) ([]string, error) {
	facts, out := s.Facts(values, today), []string{}
	for _, p := range s.Pages {
		if p.show != nil {
			if yes, err := p.show.Holds(facts); err != nil {
				return nil, err
			} else if !yes {
				continue
			}
		}
		for _, f := range p.Fields {
			if show := s.shows[f.Field]; show != nil {
				if yes, err := show.Holds(facts); err != nil {
					return nil, err
				} else if !yes {
					continue
				}
			}
			out = append(out, f.Field)
		}
	}
	return out, nil
}

// tidy trims texts and drops the empty answers of a list's entries.
func tidy(v any) any {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case []any:
		out := make([]any, 0, len(v))
		for _, x := range v {
			if entry, ok := x.(map[string]any); ok {
				kept := map[string]any{}
				for name, y := range entry {
					if y = tidy(y); !empty(y) {
						kept[name] = y
					}
				}
				x = kept
			}
			out = append(out, x)
		}
		return out
	}
	return v
}

func asJSON(v any) (any, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(raw))
}

// collect says by message keys what a schema found wrong, and where.
func collect(e *jsonschema.ValidationError, wrong map[string]string) {
	for _, c := range e.Causes {
		collect(c, wrong)
	}
	if len(e.Causes) > 0 {
		return
	}
	at, key := strings.Join(e.InstanceLocation, "."), "invalid"
	switch k := e.ErrorKind.(type) {
	case *kind.Type:
		key = map[string]string{"string": "not_a_text", "integer": "not_a_number", "number": "not_a_number", "boolean": "not_yes_or_no", "array": "not_a_list", "object": "not_a_list"}[k.Want[0]]
	case *kind.Enum:
		key = "no_such_option"
	case *kind.MinLength:
		key = "too_short"
	case *kind.MaxLength:
		key = "too_long"
	case *kind.Minimum, *kind.Maximum:
		key = "out_of_range"
	case *kind.MaxItems:
		key = "too_many_values"
	case *kind.MinItems:
		key = "too_few_values"
	case *kind.Format:
		key = "not_" + strings.ReplaceAll(k.Want, "-", "_")
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			wrong[strings.TrimPrefix(at+"."+name, ".")] = "unknown"
		}
		return
	}
	if at == "" {
		at = "form"
	}
	wrong[at] = key
}
