package form

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"pgregory.net/rapid"
)

const sheetText = `
schema:
  type: object
  required: [kind, id_no, agent_name, children]
  properties:
    kind: {type: string, title: 办理方式, enum: [self, agent], x-enum: {self: {zh: 本人, en: Self}, agent: {zh: 代办, en: Agent}}}
    id_no: {type: string, title: 身份证号, format: cn-id, x-personal: true}
    born: {type: string, title: 出生日期, format: date}
    agent_name: {type: string, title: 代办人, maxLength: 10}
    agent_paper: {type: string, title: 委托书, format: file}
    many: {type: boolean, title: 有子女}
    children:
      type: array
      title: 子女
      maxItems: 2
      items: {type: object, required: [name], x-order: [name, age], properties: {name: {type: string, title: 姓名}, age: {type: integer, title: 年龄, minimum: 0, maximum: 150}}}
pages:
  - {name: who, title: {zh: 申请人}, fields: [kind, id_no, born, {field: agent_name, show: 'form.kind == "agent"'}, {field: agent_paper, show: 'form.agent_name != ""'}]}
  - {name: kids, title: {zh: 子女}, show: form.many, fields: [children]}
  - {name: more, title: {zh: 其他}, fields: [many]}
exits:
  - {when: 'form.born != "" && years(form.born, today) < 80', say: {zh: 未满80周岁}}
`

func sheetOf(t testing.TB, text string) *Sheet {
	t.Helper()
	s := &Sheet{}
	if err := yaml.UnmarshalWithOptions([]byte(text), s, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFillingASheet(t *testing.T) {
	s := sheetOf(t, sheetText)
	child := func(kv ...any) map[string]any {
		m := map[string]any{}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i].(string)] = kv[i+1]
		}
		return m
	}
	for name, c := range map[string]struct {
		given map[string]any
		draft bool
		wrong map[string]string
		kept  []string
		exit  string
	}{
		"all is well":                           {map[string]any{"kind": "self", "id_no": "11010519491231002X"}, false, nil, []string{"id_no", "kind"}, ""},
		"what must be there is asked for":       {map[string]any{"kind": "self"}, false, map[string]string{"id_no": "required"}, []string{"kind"}, ""},
		"a draft may have gaps":                 {map[string]any{"kind": "agent"}, true, nil, []string{"kind"}, ""},
		"hidden is dropped and asked of nobody": {map[string]any{"kind": "self", "id_no": "11010519491231002X", "agent_name": "王五"}, false, nil, []string{"id_no", "kind"}, ""},
		"what hangs on the hidden is hidden":    {map[string]any{"kind": "self", "id_no": "11010519491231002X", "agent_name": "王五", "agent_paper": "abcdefgh"}, false, nil, []string{"id_no", "kind"}, ""},
		"shown is asked":                        {map[string]any{"kind": "agent", "id_no": "11010519491231002X"}, false, map[string]string{"agent_name": "required"}, []string{"id_no", "kind"}, ""},
		"a wrong check character":               {map[string]any{"kind": "self", "id_no": "110105194912310021"}, true, map[string]string{"id_no": "not_cn_id"}, []string{"id_no", "kind"}, ""},
		"no such option":                        {map[string]any{"kind": "robot"}, true, map[string]string{"kind": "no_such_option"}, []string{"kind"}, ""},
		"a question that is not there":          {map[string]any{"colour": "red"}, true, map[string]string{"colour": "unknown"}, nil, ""},
		"the wrong kind of value":               {map[string]any{"kind": 3.0, "many": "yes"}, true, map[string]string{"kind": "not_a_text", "many": "not_yes_or_no"}, []string{"kind", "many"}, ""},
		"a page that is shown is asked":         {map[string]any{"kind": "self", "id_no": "11010519491231002X", "many": true}, false, map[string]string{"children": "required"}, []string{"id_no", "kind", "many"}, ""},
		"entries are asked":                     {map[string]any{"kind": "self", "id_no": "11010519491231002X", "many": true, "children": []any{child("name", "甲"), child("age", 3.0)}}, false, map[string]string{"children.1.name": "required"}, []string{"children", "id_no", "kind", "many"}, ""},
		"too many entries, one wrong":           {map[string]any{"many": true, "children": []any{child("name", "甲", "age", 200.0), child("name", "乙"), child("name", "丙", "toy", "x")}}, true, map[string]string{"children": "too_many_values", "children.0.age": "out_of_range", "children.2.toy": "unknown"}, []string{"children", "many"}, ""},
		"a day that is none":                    {map[string]any{"born": "1940-02-30"}, true, map[string]string{"born": "not_date"}, []string{"born"}, ""},
		"not eligible the day before":           {map[string]any{"born": "1946-11-28"}, true, nil, []string{"born"}, "未满80周岁"},
		"eligible on the day":                   {map[string]any{"born": "1946-11-27"}, true, nil, []string{"born"}, ""},
		"spaces are no answer":                  {map[string]any{"kind": "  "}, false, map[string]string{"kind": "required", "id_no": "required"}, nil, ""},
	} {
		f, err := s.Fill(c.given, "2026-11-27", c.draft)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(f.Wrong) != len(c.wrong) || !maps.Equal(f.Wrong, c.wrong) && len(c.wrong) > 0 {
			t.Errorf("%s: wrong %v, want %v", name, f.Wrong, c.wrong)
		}
		if got := slices.Sorted(maps.Keys(f.Values)); !slices.Equal(got, c.kept) {
			t.Errorf("%s: kept %v, want %v", name, got, c.kept)
		}
		if (f.Exit != nil) != (c.exit != "") || f.Exit != nil && f.Exit.Say["zh"] != c.exit {
			t.Errorf("%s: exit %v", name, f.Exit)
		}
	}
}

// Whatever is filled in: what is kept is asked, filling what was kept changes nothing,
// and a full filling without faults has all that must be there.
func TestFillingTwiceIsFillingOnce(t *testing.T) {
	s := sheetOf(t, sheetText)
	rapid.Check(t, func(t *rapid.T) {
		given := map[string]any{}
		for name, q := range s.Schema.Properties {
			if !rapid.Bool().Draw(t, name) {
				continue
			}
			switch q.Type {
			case "boolean":
				given[name] = rapid.Bool().Draw(t, name+" yes")
			case "array":
				given[name] = []any{map[string]any{"name": "甲"}}
			default:
				given[name] = rapid.SampledFrom([]string{"self", "agent", "11010519491231002X", "1940-01-01", "x", ""}).Draw(t, name+" text")
			}
		}
		f, err := s.Fill(given, "2026-11-27", false)
		if err != nil {
			t.Fatal(err)
		}
		for name := range f.Values {
			if !slices.Contains(f.Asked, name) {
				t.Fatalf("%s is kept and not asked", name)
			}
		}
		again, err := s.Fill(f.Values, "2026-11-27", false)
		if err != nil {
			t.Fatal(err)
		}
		a, _ := json.Marshal(f.Values)
		b, _ := json.Marshal(again.Values)
		if string(a) != string(b) || !slices.Equal(f.Asked, again.Asked) {
			t.Fatalf("%s became %s", a, b)
		}
		if len(f.Wrong) == 0 {
			for _, name := range s.Schema.Required {
				if slices.Contains(f.Asked, name) && f.Values[name] == nil {
					t.Fatalf("%s is missing and nothing is wrong", name)
				}
			}
		}
	})
}

func TestASheetIsKeptAndReadBack(t *testing.T) {
	s := sheetOf(t, sheetText)
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	back := &Sheet{}
	if err := json.Unmarshal(raw, back); err != nil {
		t.Fatal(err)
	}
	f, err := back.Fill(map[string]any{"kind": "agent"}, "2026-11-27", false)
	if err != nil || f.Wrong["agent_name"] != "required" {
		t.Fatalf("%v %v", f, err)
	}
}

func TestSheetsThatAreRefused(t *testing.T) {
	for want, change := range map[string][2]string{
		`there is no question "colour"`:        {"fields: [children]", "fields: [children, colour]"},
		`"many" is on no page`:                 {"fields: [many]", "fields: []"},
		`"kind" is asked twice`:                {"fields: [many]", "fields: [many, kind]"},
		"undeclared reference to 'form.money'": {"show: form.many", "show: form.money"},
		"not true or false":                    {"show: form.many", "show: form.kind"},
		"is no format":                         {"format: cn-id", "format: cnid"},
		"has no x-enum title":                  {"enum: [self, agent]", "enum: [self, agent, other]"},
		"a list needs maxItems":                {"maxItems: 2", "minItems: 1"},
		"x-order must name its 2 questions":    {"x-order: [name, age]", "x-order: [name]"},
		"title.zh is missing":                  {"title: {zh: 子女}, show", "title: {en: Children}, show"},
		`"text" is not a type`:                 {"born: {type: string", "born: {type: text"},
		"unknown field":                        {"born: {type: string", "born: {colour: red, type: string"},
	} {
		text := strings.Replace(sheetText, change[0], change[1], 1)
		if text == sheetText {
			t.Fatalf("%q changes nothing", change[0])
		}
		err := yaml.UnmarshalWithOptions([]byte(text), &Sheet{}, yaml.Strict())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

// The cases by which the browser's reading of sheets (web/src/lib/sheet.ts) is held to
// this one.
func TestSheetsAsTheBrowserReadsThem(t *testing.T) {
	raw, err := os.ReadFile("testdata/sheets.json")
	if err != nil {
		t.Fatal(err)
	}
	var book struct {
		Sheet *Sheet
		Cases []struct {
			Values map[string]any
			Today  string
			Asked  []string
			Exit   string
		}
	}
	if err := json.Unmarshal(raw, &book); err != nil {
		t.Fatal(err)
	}
	for _, c := range book.Cases {
		f, err := book.Sheet.Fill(c.Values, c.Today, true)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(f.Asked, c.Asked) {
			t.Errorf("%v: asked %v, want %v", c.Values, f.Asked, c.Asked)
		}
		exit := ""
		if f.Exit != nil {
			exit = f.Exit.Say["zh"]
		}
		if exit != c.Exit {
			t.Errorf("%v: exit %q, want %q", c.Values, exit, c.Exit)
		}
	}
}
