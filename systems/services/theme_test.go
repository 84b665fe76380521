package services

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"shanzhi/core/form"
	"shanzhi/districts"
)

// shippedThemes are the themes of the shipped district, merged of its own items.
func shippedThemes(t testing.TB) (map[string]*ThemeVersion, map[string]mergingItem) {
	t.Helper()
	baoan, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	l, err := readLint(baoan)
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := readPackItems(baoan, l)
	if err != nil {
		t.Fatal(err)
	}
	items := map[string]mergingItem{}
	for i := range list {
		items[list[i].key] = merging(0, 1, &list[i].elements)
	}
	themes, err := readThemes(baoan)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*ThemeVersion{}
	for _, th := range themes {
		v, err := mergeTheme(th, items)
		if err != nil {
			t.Fatal(err)
		}
		out[th.Key] = v
	}
	return out, items
}

func TestTwelveThemesAreShipped(t *testing.T) {
	themes, _ := shippedThemes(t)
	if len(themes) != 12 {
		t.Errorf("%d themes", len(themes))
	}
	p := themes["pharmacy"]
	f := p.Elements.Handling.Form
	// Different places stay apart (住所、经营场所、通讯地址).
	for _, name := range []string{"enterprise_domicile", "enterprise_address", "person_mail_address"} {
		if f.Schema.Properties[name] == nil {
			t.Errorf("the form does not ask for %s", name)
		}
	}
	units := map[string]bool{}
	for _, it := range p.Items {
		units[it.Department] = true
	}
	if len(units) < 4 {
		t.Errorf("the pharmacy takes %d departments", len(units))
	}
	asked := func(values map[string]any) []string {
		got, err := f.Fill(values, "2026-11-27", true)
		if err != nil {
			t.Fatal(err)
		}
		return got.Asked
	}
	// The code that the registration gives is asked of those alone who have one already.
	for kind, want := range map[string]bool{"company": false, "sole": false, "have": true} {
		if got := slices.Contains(asked(map[string]any{"kind": kind}), "enterprise_uscc"); got != want {
			t.Errorf("%s: asked for the credit code: %v", kind, got)
		}
		needed, err := p.Elements.Handling.Needed(nil, map[string]any{"kind": kind, "insurance": true}, "2026-11-27")
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]int{}
		for _, m := range needed {
			ids[m.Name["zh"]]++
			if ids[m.Name["zh"]] > 1 {
				t.Errorf("%s: %s is asked for twice", kind, m.Name["zh"])
			}
		}
		if ids["营业执照"] > 0 != want || ids["药品经营许可证"] > 0 {
			t.Errorf("%s: asked for what the district results in itself: %v", kind, ids)
		}
	}
}

// Whatever is answered: each answer of the merged form lands in each member's form where
// it belongs, and where the merged form is sound each member's own is too.
func TestMergedFormsHoldForEachMember(t *testing.T) {
	themes, items := shippedThemes(t)
	keys := slices.Sorted(maps.Keys(themes))
	keys = slices.DeleteFunc(keys, func(k string) bool { return themes[k].Elements == nil })
	sound := 0
	rapid.Check(t, func(rt *rapid.T) {
		v := themes[rapid.SampledFrom(keys).Draw(rt, "theme")]
		if holdsForMembers(rt, v, items) {
			sound++
		}
	})
	if sound < 20 {
		t.Errorf("only %d of the forms that were drawn were sound", sound)
	}
}

func holdsForMembers(rt *rapid.T, v *ThemeVersion, items map[string]mergingItem) bool {
	const today = "2026-11-27"
	merged := v.Elements.Handling.Form
	values, whole := map[string]any{}, rapid.Bool().Draw(rt, "whole")
	for _, name := range slices.Sorted(maps.Keys(merged.Schema.Properties)) {
		if whole || rapid.IntRange(0, 19).Draw(rt, name+" gap") > 0 {
			values[name] = drawAnswer(rt, name, merged.Schema.Properties[name])
		}
	}
	got, err := merged.Fill(values, today, false)
	if err != nil {
		rt.Fatal(err)
	}
	if len(got.Wrong) > 0 || got.Exit != nil {
		return false
	}
	chosen, err := v.Chosen(got.Values, today)
	if err != nil {
		rt.Fatal(err)
	}
	given := map[string]any{}
	for _, m := range chosen {
		for element := range m.Gives {
			given[element] = "11440306MB2D70048K"
		}
	}
	for _, m := range chosen {
		situation, answers, err := v.Split(m.Item, got.Values, given, today)
		if err != nil {
			rt.Fatal(err)
		}
		h := items[m.Item].elements.Handling
		for scope, part := range map[string]struct {
			sheet *form.Sheet
			said  map[string]any
		}{"situation": {h.Situation, situation}, "form": {h.Form, answers}} {
			if part.sheet == nil {
				continue
			}
			own, err := part.sheet.Fill(part.said, today, false)
			if err != nil {
				rt.Fatal(err)
			}
			if len(own.Wrong) > 0 || own.Exit != nil {
				rt.Fatalf("%s: the merged form is sound, the %s of %s is not: %v %v", v.Theme.Key, scope, m.Item, own.Wrong, own.Exit)
			}
			for name, val := range own.Values {
				q := part.sheet.Schema.Properties[name]
				to, asked := v.Parts[m.Item].Questions[scope+"."+name]
				switch {
				case asked && got.Values[to] != nil:
					if fmt.Sprint(got.Values[to]) != fmt.Sprint(val) {
						rt.Fatalf("%s.%s is %v, was answered %v", m.Item, name, val, got.Values[to])
					}
				case given[q.Element] == nil:
					rt.Fatalf("%s.%s: nobody answered %v", m.Item, name, val)
				}
			}
		}
	}
	return true
}

// drawAnswer draws an answer that the question allows.
func drawAnswer(rt *rapid.T, name string, q *form.SheetNode) any {
	switch q.Type {
	case "boolean":
		return rapid.Bool().Draw(rt, name)
	case "integer", "number":
		low, high := 1, 100
		if q.Minimum != nil {
			low = int(*q.Minimum)
		}
		if q.Maximum != nil {
			high = int(*q.Maximum)
		}
		return float64(rapid.IntRange(low, high).Draw(rt, name))
	case "array":
		n := rapid.IntRange(1, min(3, *q.MaxItems)).Draw(rt, name+" n")
		var out []any
		for i := range n {
			if q.Items.Type != "object" {
				out = append(out, rapid.SampledFrom(q.Items.Enum).Draw(rt, name))
				continue
			}
			entry := map[string]any{}
			for _, in := range slices.Sorted(maps.Keys(q.Items.Properties)) {
				entry[in] = drawAnswer(rt, fmt.Sprint(name, i, in), q.Items.Properties[in])
			}
			out = append(out, entry)
		}
		return out
	}
	switch {
	case len(q.Enum) > 0:
		return rapid.SampledFrom(q.Enum).Draw(rt, name)
	case q.Pattern != "":
		return "A123456789"
	}
	switch q.Format {
	case "cn-id":
		return "11010519491231002X"
	case "uscc":
		return "11440306MB2D70048K"
	case "cn-mobile":
		return "13800138000"
	case "date":
		return rapid.SampledFrom([]string{"2026-11-01", "2027-01-01"}).Draw(rt, name)
	}
	return "宝安区西乡街道流塘路1号"
}

const memberYAML = `
subject: person
form:
  schema:
    type: object
    required: [%s]
    properties:
      a: {type: string, title: 甲, x-element: x.a, enum: [p, q], x-enum: {p: {zh: 一}, q: {zh: 二}}}
      b: {type: %s, title: 乙, x-element: x.b}
      c: {type: string, title: 丙%s}
  pages:
    - {name: p, title: {zh: 页%s}, fields: [a, {field: b, show: '%s'}, {field: c, show: '%s'}]}
%s`

// twoItems are two items of a theme, as a test describes them.
func twoItems(t testing.TB, first, second []any) map[string]mergingItem {
	t.Helper()
	out := map[string]mergingItem{}
	for key, args := range map[string][]any{"one": first, "two": second} {
		h := readOneHandling(t, fmt.Sprintf(memberYAML, args...))
		out[key] = merging(0, 1, &ItemElements{Name: key, Department: "dp-" + key, Handling: h})
	}
	return out
}

func readOneHandling(t testing.TB, text string) *Handling {
	t.Helper()
	files := fstest.MapFS{handlingFolder + "/x.yaml": {Data: []byte(text)}}
	got, err := readHandling(files)
	if err != nil {
		t.Fatal(err)
	}
	return got["x"]
}

func twoTheme(members string, more string) string {
	return "code: T\nlead: dp-one\nname: {zh: 试}\npolicy: independent\nstages: [{name: s, title: {zh: 段}}, {name: u, title: {zh: 后}}]\nmembers:\n" + members + "\nbefore: {days: 1, steps: 2, papers: 1, trips: 1}\nsource: 试\n" + more
}

func readOneTheme(t testing.TB, text string) *Theme {
	t.Helper()
	got, err := readThemes(fstest.MapFS{themeFolder + "/x.yaml": {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	return got[0]
}

const lic = "11440306MB2D70048K00"

func TestThemesAreCheckedHard(t *testing.T) {
	plain := func(typ string) []any { return []any{"a", typ, "", "", "true", "true", ""} }
	licence := func(n string) string { return "licence: {type: " + lic + n + ", name: {zh: 证}}" }
	withLicence := func(n string) []any { return []any{"a", "string", "", "", "true", "true", licence(n)} }
	for name, c := range map[string]struct {
		members, more string
		one, two      []any
		want          string
	}{
		"unknown item":                {"  - {item: one, stage: s}\n  - {item: nine, stage: s}", "", plain("string"), plain("string"), "no such item"},
		"unknown stage":               {"  - {item: one, stage: s}\n  - {item: two, stage: z}", "", plain("string"), plain("string"), "no stage"},
		"twice":                       {"  - {item: one, stage: s}\n  - {item: one, stage: s}", "", plain("string"), plain("string"), "stands twice"},
		"nobody produces":             {"  - {item: one, stage: s}\n  - {item: two, stage: s, consumes: [" + lic + "9]}", "", plain("string"), plain("string"), "nobody produces"},
		"a circle":                    {"  - {item: one, stage: s, consumes: [" + lic + "2]}\n  - {item: two, stage: s, consumes: [" + lic + "1]}", "", withLicence("1"), withLicence("2"), "waits for itself"},
		"of a later stage":            {"  - {item: one, stage: u}\n  - {item: two, stage: s, consumes: [" + lic + "1]}", "", withLicence("1"), plain("string"), "later stage"},
		"one element of two types":    {"  - {item: one, stage: s}\n  - {item: two, stage: s}", "", plain("string"), plain("integer"), "of type"},
		"gives what nobody waits for": {"  - {item: one, stage: s, gives: {x.b: trader_code}}\n  - {item: two, stage: s}", "", plain("string"), plain("string"), "does not consume"},
		"gives by no rule":            {"  - {item: one, stage: s, gives: {x.b: magic}}\n  - {item: two, stage: s}", "", plain("string"), plain("string"), "is none of"},
		"a condition on nothing":      {"  - {item: one, stage: s, when: situation.z}\n  - {item: two, stage: s}", "", plain("string"), plain("string"), "does not ask"},
		"same of nothing":             {"  - {item: one, stage: s}\n  - {item: two, stage: s}", "same: [[one.x, two.y]]\n", plain("string"), plain("string"), "no material"},
		"shown by itself":             {"  - {item: one, stage: s}\n  - {item: two, stage: s}", "", []any{"a", "string", "", "", `form.c == ""`, `form.b == ""`, ""}, plain("string"), "depends on itself"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mergeTheme(readOneTheme(t, twoTheme(c.members, c.more)), twoItems(t, c.one, c.two))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// Two members ask for one element under conditions of their own, and one requires it: the
// merged form asks where either does and requires where that one does. What a member
// would not have asked does not count for its other conditions.
func TestMergedConditions(t *testing.T) {
	items := twoItems(t, []any{"a", "string", "", "一", `form.a == "p"`, `form.b != ""`, ""}, []any{"a, b, c", "string", "", "二", `form.a == "q"`, `form.b == ""`, ""})
	v, err := mergeTheme(readOneTheme(t, twoTheme("  - {item: one, stage: s}\n  - {item: two, stage: s}", "")), items)
	if err != nil {
		t.Fatal(err)
	}
	f := v.Elements.Handling.Form
	for _, c := range []struct {
		values map[string]any
		asked  []string
		wrong  []string
	}{
		{map[string]any{"x_a": "p"}, []string{"x_a", "x_b", "two_c"}, []string{"two_c"}},                      // b is optional for the first
		{map[string]any{"x_a": "q"}, []string{"x_a", "x_b", "two_c"}, []string{"two_c", "x_b"}},               // the second requires it
		{map[string]any{"x_a": "p", "x_b": "!"}, []string{"x_a", "x_b", "one_c", "two_c"}, []string{"two_c"}}, // the second would not have asked b: for it b is empty
		{map[string]any{"x_a": "q", "x_b": "!", "two_c": "…"}, []string{"x_a", "x_b"}, nil},                   // and the other way round
		{map[string]any{"x_b": "!"}, []string{"x_a", "two_c"}, []string{"two_c", "x_a"}},                      // what is hidden is dropped
	} {
		got, err := f.Fill(c.values, "2026-11-27", false)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(slices.Sorted(slices.Values(got.Asked)), slices.Sorted(slices.Values(c.asked))) || !slices.Equal(slices.Sorted(maps.Keys(got.Wrong)), c.wrong) {
			t.Errorf("%v: asked %v wrong %v, want %v %v", c.values, got.Asked, got.Wrong, c.asked, c.wrong)
		}
	}
	rapid.Check(t, func(rt *rapid.T) { holdsForMembers(rt, v, items) })
}
