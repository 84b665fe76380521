package table

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"shanzhi/core/text"
)

// Field says how one fact is made of a row of somebody's spreadsheet. In the YAML of an
// import profile (导入方案) it is
//
//	"{STREET}"                           a pattern
//	["{CLOSED}", "{CHANGED}"]            the first that is not empty
//	{from: "{STATUS}", values: {…}}      looked up in a table; otherwise: for what is not in it
//	{from: "{NO}", match: '^A(\d{8})'}   the part that the expression's group finds
//	{from: "{CLOSED}", then: closed}     a constant where there is something
//
// A pattern is text with the names of columns in braces; {NAME?} may be absent
// from the file. What stands in [ ] is left out when all columns in it are
// empty, and the whole is empty when all of its columns are. A pattern without
// columns is a constant.
type Field []choice

type choice struct {
	pattern   pattern
	match     *regexp.Regexp
	values    map[string]string // by normalised cell
	otherwise *string
	then      *string
}

// Outcomes are the values that the field's tables and constants can give.
func (f Field) Outcomes() []string {
	var out []string
	for _, c := range f {
		for _, v := range c.values {
			out = append(out, v)
		}
		for _, v := range []*string{c.otherwise, c.then} {
			if v != nil {
				out = append(out, *v)
			}
		}
		if s, ok := c.pattern.constant(); ok {
			out = append(out, s)
		}
	}
	return slices.DeleteFunc(out, func(v string) bool { return v == "" })
}

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (f *Field) UnmarshalYAML(n ast.Node) error {
	if list, ok := n.(*ast.SequenceNode); ok {
		for _, v := range list.Values {
			if err := f.add(v); err != nil {
				return err
			}
		}
		return nil
	}
	return f.add(n)
}

func (f *Field) add(n ast.Node) error {
	c := choice{}
	if s, ok := scalar(n); ok {
		p, err := parsePattern(s)
		if err != nil {
			return at(n, err)
		}
		c.pattern = p
		*f = append(*f, c)
		return nil
	}
	pairs, err := mapping(n)
	if err != nil {
		return err
	}
	hasFrom := false
	for _, kv := range pairs {
		key, _ := scalar(kv.Key)
		s, isScalar := scalar(kv.Value)
		if !isScalar && key != "values" {
			return at(kv.Value, fmt.Errorf("%s: a text is expected", key))
		}
		switch key {
		case "from":
			hasFrom = true
			if c.pattern, err = parsePattern(s); err != nil {
				return at(kv.Value, err)
			}
		case "match":
			if c.match, err = regexp.Compile(s); err != nil {
				return at(kv.Value, fmt.Errorf("match: %w", err))
			}
			if c.match.NumSubexp() != 1 {
				return at(kv.Value, errors.New("match: one group ( ) is needed: what is taken"))
			}
		case "otherwise":
			c.otherwise = &s
		case "then":
			c.then = &s
		case "values":
			inner, err := mapping(kv.Value)
			if err != nil {
				return err
			}
			c.values = map[string]string{}
			for _, v := range inner {
				from, ok1 := scalar(v.Key)
				to, ok2 := scalar(v.Value)
				if !ok1 || !ok2 {
					return at(v, errors.New("values: a text is expected for a text"))
				}
				if _, twice := c.values[text.Normalize(from)]; twice {
					return at(v, fmt.Errorf("values: %q stands twice", from))
				}
				c.values[text.Normalize(from)] = to
			}
		default:
			return at(kv.Key, fmt.Errorf("%q is none of from, match, values, otherwise, then", key))
		}
	}
	if !hasFrom {
		return at(n, errors.New("from: is needed"))
	}
	if c.otherwise != nil && c.values == nil {
		return at(n, errors.New("otherwise: is for what is not in values, and there are none"))
	}
	if c.then != nil && c.values != nil {
		return at(n, errors.New("then and values: one of them"))
	}
	*f = append(*f, c)
	return nil
}

func at(n ast.Node, err error) error {
	pos := n.GetToken().Position
	return fmt.Errorf("line %d, column %d: %w", pos.Line, pos.Column, err)
}

// scalar is the text of a plain value, as it was written.
func scalar(n ast.Node) (string, bool) {
	switch v := n.(type) {
	case *ast.StringNode:
		return v.Value, true
	case *ast.LiteralNode:
		return v.Value.Value, true
	case *ast.NullNode:
		return "", true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return strings.TrimSpace(n.GetToken().Value), true
	}
	return "", false
}

func mapping(n ast.Node) ([]*ast.MappingValueNode, error) {
	switch v := n.(type) {
	case *ast.MappingNode:
		return v.Values, nil
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{v}, nil
	}
	return nil, at(n, errors.New("a text, a list or a mapping is expected"))
}

// Columns gives the columns that a field reads, and whether a file must have each.
func (f Field) Columns(each func(name string, needed bool)) {
	for _, c := range f {
		c.pattern.columns(each)
	}
}

// From says which columns one of a field's alternatives reads, as a person would say
// where a value is from.
func (f Field) From(by int) string {
	var out []string
	f[by].pattern.columns(func(name string, _ bool) { out = append(out, name) })
	return strings.Join(out, "+")
}

// pattern is text with columns in it.
type pattern []patternPart

// patternPart is a text, a column, or a group of pieces.
type patternPart struct {
	text     string
	column   string
	optional bool
	group    pattern
}

func parsePattern(s string) (pattern, error) {
	p, rest, err := parsePieces(s, false)
	if err == nil && rest != "" {
		err = errors.New(`"]" without "["`)
	}
	return p, err
}

func parsePieces(s string, inGroup bool) (p pattern, rest string, err error) {
	for s != "" {
		switch s[0] {
		case '{':
			end := strings.IndexByte(s, '}')
			name := ""
			if end > 0 {
				name = strings.TrimSpace(s[1:end])
			}
			column, optional := strings.CutSuffix(name, "?")
			if column == "" {
				return nil, "", errors.New(`"{" begins the name of a column, which "}" must end`)
			}
			p = append(p, patternPart{column: column, optional: optional})
			s = s[end+1:]
		case '[':
			if inGroup {
				return nil, "", errors.New(`"[" inside "[ ]"`)
			}
			group, after, err := parsePieces(s[1:], true)
			if err != nil {
				return nil, "", err
			}
			if after == "" {
				return nil, "", errors.New(`"[" without "]"`)
			}
			p = append(p, patternPart{group: group})
			s = after[1:]
		case ']':
			return p, s, nil
		case '}':
			return nil, "", errors.New(`"}" without "{"`)
		default:
			end := strings.IndexAny(s, "{}[]")
			if end < 0 {
				end = len(s)
			}
			p = append(p, patternPart{text: s[:end]})
			s = s[end:]
		}
	}
	return p, "", nil
}

func (p pattern) columns(each func(name string, needed bool)) {
	for _, x := range p {
		if x.column != "" {
			each(x.column, !x.optional)
		}
		x.group.columns(each)
	}
}

// constant is the pattern's text when it has no columns.
func (p pattern) constant() (string, bool) {
	has := false
	p.columns(func(string, bool) { has = true })
	if has {
		return "", false
	}
	s, _ := p.render(nil)
	return s, true
}

// render gives the pattern's text for a row. some says whether a column in it
// was not empty.
func (p pattern) render(cell func(column string) string) (s string, some bool) {
	if len(p) == 1 && p[0].column != "" {
		s = cell(p[0].column)
		return s, s != ""
	}
	var b strings.Builder
	columns := 0
	for _, x := range p {
		switch {
		case x.column != "":
			columns++
			v := cell(x.column)
			some = some || v != ""
			b.WriteString(v)
		case x.group != nil:
			columns++
			if v, has := x.group.render(cell); has {
				some = true
				b.WriteString(v)
			}
		default:
			b.WriteString(x.text)
		}
	}
	if columns > 0 && !some {
		return "", false
	}
	return b.String(), some
}

// ErrNoValue: what stands in the row is in no table of the field.
var ErrNoValue = errors.New("not in the table of values")

// Read makes the fact of a row; cell gives what stands in a column. by is which of the
// alternatives gave it, from 0. ErrNoValue: what stands there is in no table of values.
func (f Field) Read(cell func(column string) string) (value string, by int, err error) {
	for i, c := range f {
		s, _ := c.pattern.render(cell)
		if s == "" {
			continue
		}
		if c.match != nil {
			m := c.match.FindStringSubmatch(s)
			if m == nil {
				continue
			}
			s = m[1]
		}
		v, ok := c.values[s]
		if !ok && c.values != nil {
			v, ok = c.values[text.Normalize(s)]
		}
		switch {
		case c.then != nil:
			s = *c.then
		case c.values == nil:
		case ok:
			s = v
		case c.otherwise != nil:
			s = *c.otherwise
		default:
			err = ErrNoValue
			continue
		}
		if s != "" {
			return s, i, nil
		}
	}
	return "", 0, err
}
