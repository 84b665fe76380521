// Package form is forms as data (表单): the fields that a step asks for, and the
// one check of what is given, the same for every caller and every system.
package form

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shanzhi/core/calendar"
	"shanzhi/core/store"
)

// Text is what people read, by language ("zh", "en").
type Text map[string]string

// Field is one thing that a form asks for.
type Field struct {
	Name     string   `yaml:"name" json:"name"`
	Title    Text     `yaml:"title" json:"title"`
	Type     string   `yaml:"type" json:"type"` // see fieldTypes
	Required bool     `yaml:"required" json:"required,omitempty"`
	Options  []Option `yaml:"options" json:"options,omitempty"`
	Max      int      `yaml:"max" json:"max,omitempty"` // characters of a text, entries of a list, the greatest number
	Min      int      `yaml:"min" json:"min,omitempty"`
	Hint     Text     `yaml:"hint" json:"hint,omitempty"`
}

// Option is one value of a choice.
type Option struct {
	Value string `yaml:"value" json:"value"`
	Title Text   `yaml:"title" json:"title"`
}

// The types of fields. What a unit, a person, an item, a place, a class, a file or
// a word of a list may be is asked of a [Known].
//
//	text, choice      a string
//	number            an int64
//	bool              a bool
//	unit, person, item, place, class
//	                  a code
//	units, files, list
//	                  codes, as a list of strings ([]any)
//	limit             a time limit, see calendar.ParseLimit
//	time              a moment, RFC 3339
var fieldTypes = []string{"text", "choice", "number", "bool", "unit", "units", "person", "item", "place", "class", "limit", "files", "time", "list"}

// maxText bounds a text whose field names no bound, in characters.
const maxText = 4000

// Check says what is wrong with a field's own definition; nil is nothing.
func (f *Field) Check() error {
	switch {
	case !slices.Contains(fieldTypes, f.Type):
		return fmt.Errorf("field %s: %q is not a type", f.Name, f.Type)
	case f.Type == "choice" && len(f.Options) == 0:
		return fmt.Errorf("field %s: a choice needs options", f.Name)
	}
	return nil
}

// Known answers whether all codes of a field stand for something there is. A type
// that it does not know of holds whatever is given.
type Known func(ctx context.Context, f *Field, codes []string) (bool, error)

// unknown is what is said of a code that stands for nothing, by type.
var unknown = map[string]string{"unit": "no_such_unit", "units": "no_such_unit", "person": "no_such_person", "item": "no_such_item", "place": "no_such_place", "class": "no_such_option", "files": "no_such_file", "list": "no_such_option"}

// Read checks what was given against what is asked for. What is not asked for is
// refused, so that a mistyped name is not lost. wrong names each wrong field with
// a message key; it is empty where all is right.
func Read(ctx context.Context, fields []Field, given map[string]any, known Known) (out map[string]any, wrong map[string]string, err error) {
	wrong, out = map[string]string{}, make(map[string]any, len(given))
	asked := make(map[string]bool, len(fields))
	for i := range fields {
		f := &fields[i]
		asked[f.Name] = true
		v := given[f.Name]
		if empty(v) {
			if f.Required {
				wrong[f.Name] = "required"
			}
			continue
		}
		read, problem := f.read(v)
		if problem == "" && known != nil && unknown[f.Type] != "" {
			ok, err := known(ctx, f, codes(read))
			if err != nil {
				return nil, nil, err
			}
			if !ok {
				problem = unknown[f.Type]
			}
		}
		if problem != "" {
			wrong[f.Name] = problem
			continue
		}
		out[f.Name] = read
	}
	for name := range given {
		if !asked[name] {
			wrong[name] = "unknown"
		}
	}
	return out, wrong, nil
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	case []string:
		return len(v) == 0
	}
	return false
}

func codes(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		out := make([]string, len(v))
		for i, x := range v {
			out[i], _ = x.(string)
		}
		return out
	}
	return nil
}

// read checks the form of one value; problem is a message key, empty when it is
// right.
func (f *Field) read(v any) (out any, problem string) {
	switch f.Type {
	case "number":
		n, ok := number(v)
		if !ok || n != math.Trunc(n) {
			return nil, "not_a_number"
		}
		if f.Max != 0 && n > float64(f.Max) || n < float64(f.Min) {
			return nil, "out_of_range"
		}
		return int64(n), ""
	case "bool":
		b, ok := v.(bool)
		if !ok {
			return nil, "not_yes_or_no"
		}
		return b, ""
	case "units", "files", "list":
		return f.readList(v)
	}
	text, ok := v.(string)
	if !ok || !utf8.ValidString(text) {
		return nil, "not_a_text"
	}
	text = strings.TrimSpace(text)
	switch f.Type {
	case "choice":
		if !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == text }) {
			return nil, "no_such_option"
		}
		return text, ""
	case "person":
		if _, err := store.ParseID(text); err != nil {
			return nil, "no_such_person"
		}
	case "limit":
		if _, err := calendar.ParseLimit(text); err != nil {
			return nil, "not_a_limit"
		}
	case "time":
		if _, err := time.Parse(time.RFC3339, text); err != nil {
			return nil, "not_a_time"
		}
	}
	limit := f.Max
	if limit == 0 {
		limit = maxText
	}
	switch n := utf8.RuneCountInString(text); {
	case n > limit:
		return nil, "too_long"
	case n < f.Min:
		return nil, "too_short"
	}
	return text, ""
}

func (f *Field) readList(v any) (out any, problem string) {
	if words, ok := v.([]string); ok {
		anys := make([]any, len(words))
		for i, w := range words {
			anys[i] = w
		}
		v = anys
	}
	list, ok := v.([]any)
	if !ok {
		return nil, "not_a_list"
	}
	if f.Max != 0 && len(list) > f.Max {
		return nil, "too_many_values"
	}
	for _, x := range list {
		word, ok := x.(string)
		switch {
		case !ok:
			return nil, "not_a_list"
		case utf8.RuneCountInString(word) > maxText:
			return nil, "too_long"
		}
	}
	return list, ""
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, !math.IsNaN(n) && !math.IsInf(n, 0)
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	}
	return 0, false
}
