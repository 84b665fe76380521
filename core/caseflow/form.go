package caseflow

import (
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/calendar"
	"shanzhi/core/rule"
	"shanzhi/core/store"
)

// condition is a guard or a check.
type condition struct{ *rule.Program }

// readForm checks what was given against what the action asks for. What the
// action does not ask for is refused, so that a mistyped name is not lost. The
// refusal names every wrong field with a message key.
func (a *Action) readForm(given map[string]any, dir *account.Directory) (map[string]any, error) {
	wrong := map[string]string{}
	out := make(map[string]any, len(given))
	known := make(map[string]bool, len(a.Form))
	for i := range a.Form {
		f := &a.Form[i]
		known[f.Name] = true
		v, ok := given[f.Name]
		if s, isText := v.(string); isText {
			s = strings.TrimSpace(s)
			v = s
			ok = s != ""
		}
		if list, isList := v.([]any); isList && len(list) == 0 {
			ok = false
		}
		if !ok || v == nil {
			if f.Required {
				wrong[f.Name] = "required"
			}
			continue
		}
		read, problem := f.read(v, dir)
		if problem != "" {
			wrong[f.Name] = problem
			continue
		}
		out[f.Name] = read
	}
	for name := range given {
		if !known[name] {
			wrong[name] = "unknown"
		}
	}
	if len(wrong) > 0 {
		return nil, &Refusal{Code: "form", Fields: wrong}
	}
	return out, nil
}

// maxText bounds a text whose field names no bound, in characters.
const maxText = 4000

// read checks one value; problem is a message key, empty when it is right.
func (f *Field) read(v any, dir *account.Directory) (out any, problem string) {
	text, isText := v.(string)
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
		list, ok := listOf(v)
		if !ok {
			return nil, "not_a_list"
		}
		if f.Max != 0 && len(list) > f.Max {
			return nil, "too_many_values"
		}
		for _, s := range list {
			if f.Type == "units" {
				if _, ok := dir.Tree().Unit(s); !ok {
					return nil, "no_such_unit"
				}
			}
			if utf8.RuneCountInString(s) > maxText {
				return nil, "too_long"
			}
		}
		anys := make([]any, len(list))
		for i, s := range list {
			anys[i] = s
		}
		return anys, ""
	}
	if !isText {
		return nil, "not_a_text"
	}
	if !utf8.ValidString(text) {
		return nil, "not_a_text"
	}
	switch f.Type {
	case "choice":
		for _, o := range f.Options {
			if o.Value == text {
				return text, ""
			}
		}
		return nil, "no_such_option"
	case "unit":
		if _, ok := dir.Tree().Unit(text); !ok {
			return nil, "no_such_unit"
		}
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
	n := utf8.RuneCountInString(text)
	if n > limit {
		return nil, "too_long"
	}
	if n < f.Min {
		return nil, "too_short"
	}
	return text, ""
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

func listOf(v any) ([]string, bool) {
	switch list := v.(type) {
	case []string:
		return list, true
	case []any:
		out := make([]string, len(list))
		for i, x := range list {
			s, ok := x.(string)
			if !ok {
				return nil, false
			}
			out[i] = s
		}
		return out, true
	}
	return nil, false
}
