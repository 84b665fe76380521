package form_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shanzhi/core/form"
)

var fields = []form.Field{
	{Name: "unit", Type: "unit", Required: true},
	{Name: "co", Type: "units", Max: 2},
	{Name: "item", Type: "item"},
	{Name: "place", Type: "place"},
	{Name: "class", Type: "class"},
	{Name: "photos", Type: "files", Max: 3},
	{Name: "why", Type: "list", Max: 1},
	{Name: "who", Type: "person"},
	{Name: "text", Type: "text", Min: 5, Max: 10},
	{Name: "free", Type: "text"},
	{Name: "how", Type: "choice", Options: []form.Option{{Value: "phone"}, {Value: "visit"}}},
	{Name: "score", Type: "number", Min: 1, Max: 5},
	{Name: "yes", Type: "bool"},
	{Name: "by", Type: "limit"},
	{Name: "at", Type: "time"},
}

// known knows the code "a" of every type, and nothing else; persons all.
func known(_ context.Context, f *form.Field, codes []string) (bool, error) {
	return f.Type == "person" || !slices.ContainsFunc(codes, func(c string) bool { return c != "a" }), nil
}

func TestRead(t *testing.T) {
	for name, c := range map[string]struct {
		field string
		v     any
		out   any    // what is read
		wrong string // or what is said
	}{
		"a unit":                       {"unit", "a", "a", ""},
		"blanks around":                {"unit", " a ", "a", ""},
		"no such unit":                 {"unit", "b", nil, "no_such_unit"},
		"no unit":                      {"unit", "  ", nil, "required"},
		"nothing":                      {"unit", nil, nil, "required"},
		"a number for a unit":          {"unit", 7.0, nil, "not_a_text"},
		"broken UTF-8":                 {"free", "a\xff", nil, "not_a_text"},
		"units":                        {"co", []any{"a", "a"}, []any{"a", "a"}, ""},
		"units as strings":             {"co", []string{"a"}, []any{"a"}, ""},
		"one unit that is not there":   {"co", []any{"a", "b"}, nil, "no_such_unit"},
		"too many units":               {"co", []any{"a", "a", "a"}, nil, "too_many_values"},
		"a text for units":             {"co", "a", nil, "not_a_list"},
		"numbers for units":            {"co", []any{1.0}, nil, "not_a_list"},
		"an empty list":                {"co", []any{}, nil, ""},
		"no such item":                 {"item", "110101", nil, "no_such_item"},
		"no such place":                {"place", "nowhere", nil, "no_such_place"},
		"no such class":                {"class", "high", nil, "no_such_option"},
		"a photo that nobody sent":     {"photos", []any{"a", "made-up"}, nil, "no_such_file"},
		"a ground that is not one":     {"why", []any{"because"}, nil, "no_such_option"},
		"a person":                     {"who", "12345", "12345", ""},
		"no person":                    {"who", "someone", nil, "no_such_person"},
		"a short text":                 {"text", "四个字啊", nil, "too_short"},
		"five characters":              {"text", "五个汉字啊", "五个汉字啊", ""},
		"blanks make no length":        {"text", "四个字啊  ", nil, "too_short"},
		"a long text":                  {"text", strings.Repeat("长", 11), nil, "too_long"},
		"a text without a bound":       {"free", strings.Repeat("长", 4001), nil, "too_long"},
		"a choice":                     {"how", "visit", "visit", ""},
		"no choice":                    {"how", "letter", nil, "no_such_option"},
		"the greatest number":          {"score", 5.0, int64(5), ""},
		"beyond it":                    {"score", 6.0, nil, "out_of_range"},
		"below the least":              {"score", 0.0, nil, "out_of_range"},
		"half a number":                {"score", 1.5, nil, "not_a_number"},
		"a word for a number":          {"score", "3", nil, "not_a_number"},
		"false is an answer":           {"yes", false, false, ""},
		"yes as a word":                {"yes", "yes", nil, "not_yes_or_no"},
		"working days":                 {"by", "5wd", "5wd", ""},
		"a limit in no unit":           {"by", "5x", nil, "not_a_limit"},
		"a moment":                     {"at", "2026-11-24T08:00:00+08:00", "2026-11-24T08:00:00+08:00", ""},
		"a day is no moment":           {"at", "2026-11-24", nil, "not_a_time"},
		"a field that nobody asks for": {"untt", "a", nil, "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			given := map[string]any{"unit": "a"}
			given[c.field] = c.v
			out, wrong, err := form.Read(context.Background(), fields, given, known)
			if err != nil {
				t.Fatal(err)
			}
			if wrong[c.field] != c.wrong || len(wrong) > 1 {
				t.Errorf("%v: said %v, want %q", c.v, wrong, c.wrong)
			}
			got, ok := out[c.field]
			if list, isList := c.out.([]any); isList {
				if gotList, _ := got.([]any); !slices.Equal(gotList, list) {
					t.Errorf("read %v", got)
				}
			} else if got != c.out || ok != (c.out != nil) {
				t.Errorf("read %v, want %v", got, c.out)
			}
		})
	}
}

// Every wrong field is named at once; an error of who is asked is no fault of the form.
func TestReadNamesAll(t *testing.T) {
	_, wrong, err := form.Read(context.Background(), fields, map[string]any{"co": "x", "score": 9.0, "zz": 1}, known)
	if err != nil || len(wrong) != 4 {
		t.Errorf("%v %v", wrong, err)
	}
	down := errors.New("the records do not answer")
	if _, _, err := form.Read(context.Background(), fields, map[string]any{"unit": "a"}, func(context.Context, *form.Field, []string) (bool, error) { return false, down }); !errors.Is(err, down) {
		t.Errorf("%v", err)
	}
}

// Whatever comes in, a field is either read or named, never both and never lost.
func TestNothingIsLost(t *testing.T) {
	value := rapid.OneOf(rapid.Just[any](nil), rapid.String().AsAny(), rapid.Float64().AsAny(), rapid.Bool().AsAny(),
		rapid.SliceOf(rapid.String().AsAny()).AsAny(), rapid.SliceOf(rapid.Float64().AsAny()).AsAny())
	names := []string{"other"}
	for _, f := range fields {
		names = append(names, f.Name)
	}
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.MapOf(rapid.SampledFrom(names), value).Draw(t, "given")
		out, wrong, err := form.Read(context.Background(), fields, given, known)
		if err != nil {
			t.Fatal(err)
		}
		for name, v := range given {
			_, read := out[name]
			blank := v == nil
			switch v := v.(type) {
			case string:
				blank = strings.TrimSpace(v) == ""
			case []any:
				blank = len(v) == 0
			}
			if named := wrong[name] != ""; read && named || !read && !named && !blank {
				t.Fatalf("%s = %v: read %v, named %v", name, v, read, named)
			}
		}
	})
}

func TestCheck(t *testing.T) {
	for _, f := range fields {
		if err := f.Check(); err != nil {
			t.Error(err)
		}
	}
	for want, f := range map[string]form.Field{
		`field x: "texts" is not a type`:  {Name: "x", Type: "texts"},
		"field y: a choice needs options": {Name: "y", Type: "choice"},
	} {
		if err := f.Check(); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
