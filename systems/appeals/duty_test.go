package appeals

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"mime/multipart"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/gate"
	"shanzhi/core/store"
	"shanzhi/districts"
)

// smallDuty is a list of a few items; rules are "item;condition;lead;priority" and
// may go on with fallback, valid_from and valid_to.
func smallDuty(t testing.TB, items []string, rules ...string) (DutyContent, *DutyList) {
	t.Helper()
	c := DutyContent{items: dutyTable{columns: []string{"code", "l1", "l2", "l3", "keywords", "urgency", "handle_class"}},
		rules: dutyTable{columns: []string{"item", "condition", "lead", "priority", "fallback", "valid_from", "valid_to"}}}
	for _, code := range items {
		c.items.rows = append(c.items.rows, []string{code, "一级", "二级", "事项" + code, "词" + code, "normal", "general"})
	}
	for _, r := range rules {
		cells := append(strings.Split(r, ";"), "st-xixiang", "", "")
		if strings.Count(r, ";") >= 4 {
			cells = append(strings.Split(r, ";"), "", "")
		}
		c.rules.rows = append(c.rules.rows, cells[:7])
	}
	var err1, err2 error
	c.items, err1 = dutyItems.canonical(c.items)
	c.rules, err2 = dutyRules.canonical(c.rules)
	l, err := c.list("test")
	if err != nil || err1 != nil || err2 != nil {
		t.Fatal(err, err1, err2)
	}
	return c, l
}

func dutyOrganisation() *account.Tree {
	return account.NewTree([]account.Unit{{Code: "district", Name: "区", Kind: account.District}, {Code: "a", Name: "甲局", Parent: "district", Kind: account.Department}, {Code: "b", Name: "乙局", Parent: "district", Kind: account.Department},
		{Code: "st-xixiang", Name: "西乡街道", Parent: "district", Kind: account.Street, Place: "xixiang"}})
}

func TestDutyCheckFindsGapsAndOverlaps(t *testing.T) {
	words := &Words{Kinds: []Kind{{Word: Word{Code: "complaint"}}, {Word: Word{Code: "consult"}}}, Channels: []Word{{Code: "web"}, {Code: "hotline"}}}
	places := []Place{{Code: "xixiang", Level: "street"}, {Code: "xinan", Level: "street"}, {Code: "xixiang-c1", Level: "community", Parent: "xixiang"}}
	tree := dutyOrganisation()
	ever := account.NewTree(append(tree.All(), account.Unit{Code: "gone", Name: "撤销的局", Parent: "district"}))
	at := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		rules []string
		want  string // kinds with their item, sorted
	}{
		{"whole", []string{"1*;;a;1000", "2*;;b;1000"}, ""},
		{"gap", []string{"1*;;a;1000"}, "gap:21"},
		{"only under a condition", []string{"1*;;a;1000", `2*;kind == "complaint";b;100`}, "gap:21"},
		{"ends some day", []string{"1*;;a;1000", "2*;;b;1000;a;2020-01-01;2027-01-01"}, "gap:21"},
		{"expired", []string{"1*;;a;1000", "2*;;b;1000", "21;;a;10;a;2020-01-01;2026-01-01"}, "expired:21"},
		{"not yet", []string{"1*;;a;1000", "2*;;b;1000;a;2027-01-01"}, "gap:21"},
		{"no fallback", []string{"1*;;a;1000;", "2*;;b;1000"}, "fallback:1*"},
		{"no such unit", []string{"1*;;a;1000", "2*;;nowhere;1000"}, "unit:2*"},
		{"nobody", []string{"1*;;a;1000", "2*;;;1000"}, "unit:2*"},
		{"closed unit", []string{"1*;;a;1000", "2*;;gone;1000"}, "closed:2*"},
		{"a street without a unit", []string{"1*;;street;1000", "2*;;b;1000"}, "place:xinan"},
		{"but a department stands behind it", []string{"1*;;street;900", "1*;;a;1000", "2*;;b;1000"}, ""},
		{"nothing is left to decide", []string{"1*;;a;900", "11;;b;1000", "12;;a;900", "2*;;b;1000"}, "dead:11"},
		{"two for one", []string{"1*;;a;1000", "1*;;b;1000", "2*;;b;1000"}, "overlap:1*"},
		{"two for one at different times", []string{"1*;;a;1000;a;;2026-01-01", "1*;;b;1000;a;2026-01-01", "2*;;b;1000"}, "expired:1*"},
		{"one item stands before many", []string{"1*;;a;1000", "11;;b;1000", "2*;;b;1000"}, ""},
		{"a condition stands before none", []string{"1*;;a;1000", `1*;kind == "complaint";b;1000`, "2*;;b;1000"}, ""},
		{"another rank", []string{"1*;;a;1000", `1*;kind == "complaint";b;100`, `1*;hour < 9;a;90`, "2*;;b;1000"}, ""},
		{"conditions that meet", []string{"1*;;a;1000", `1*;kind == "complaint";b;100`, `1*;hour < 9;a;100`, "2*;;b;1000"}, "overlap:1*"},
		{"conditions that never meet", []string{"1*;;a;1000", `1*;hour >= 9;b;100`, `1*;hour < 9;a;100`, "2*;;b;1000"}, ""},
		{"streets that never meet", []string{"1*;;a;1000", `1*;street == "xixiang";b;100`, `1*;street == "xinan";a;100`, "2*;;b;1000"}, ""},
		{"a community lies in its street", []string{"1*;;a;1000", `1*;street == "xixiang";b;100`, `1*;community == "xixiang-c1";a;100`, "2*;;b;1000"}, "overlap:1*"},
		{"a community lies in no other street", []string{"1*;;a;1000", `1*;street == "xinan";b;100`, `1*;community == "xixiang-c1";a;100`, "2*;;b;1000"}, ""},
		{"a weekend meets a night", []string{"1*;;a;1000", `1*;weekday == 0 || weekday == 6;b;100`, `1*;hour >= 22 || hour < 6;a;100`, "2*;;b;1000"}, "overlap:1*"},
		{"kinds of place that never meet", []string{"1*;;a;1000", `1*;place_type == "学校";b;100`, `1*;place_type == "医院";a;100`, "2*;;b;1000"}, ""},
		{"words may stand together", []string{"1*;;a;1000", `1*;keywords.exists(k, k in ["高速"]);b;100`, `1*;keywords.exists(k, k in ["学校"]);a;100`, "2*;;b;1000"}, "overlap:1*"},
		{"the same unit twice", []string{"1*;;a;1000", `1*;kind == "complaint";b;100`, `1*;hour < 9;b;100`, "2*;;b;1000"}, ""},
	} {
		_, l := smallDuty(t, []string{"11", "12", "21"}, c.rules...)
		var got []string
		for _, f := range l.Check(DutyCheck{Tree: tree, Ever: ever, At: at, Places: places, Words: words}) {
			got = append(got, f.Kind+":"+f.Item+f.Place)
			if hard := slices.Contains([]string{"gap", "unit", "closed"}, f.Kind); hard != f.Hard || f.Text == "" {
				t.Errorf("%s: %+v", c.name, f)
			}
		}
		slices.Sort(got)
		if strings.Join(slices.Compact(got), " ") != c.want {
			t.Errorf("%s: found %v, want %q", c.name, got, c.want)
		}
	}
}

// For any two rules of one rank the check finds an overlap exactly where some
// appeal makes both hold.
func TestDutyOverlapsAreReal(t *testing.T) {
	tree := dutyOrganisation()
	places := []Place{{Code: "xixiang", Level: "street"}, {Code: "xinan", Level: "street"}}
	part := rapid.SampledFrom([]string{`street == "xixiang"`, `street == "xinan"`, `hour < 9`, `hour >= 9`, `weekday == 0`, `weekday > 0`, `keywords.exists(k, k in ["甲"])`, `!keywords.exists(k, k in ["甲"])`})
	condition := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(part, 1, 3).Draw(t, "parts"), rapid.SampledFrom([]string{" && ", " || "}).Draw(t, "by"))
	})
	rapid.Check(t, func(rt *rapid.T) {
		a, b := condition.Draw(rt, "a"), condition.Draw(rt, "b")
		_, l := smallDuty(t, []string{"11"}, "11;"+a+";a;100", "11;"+b+";b;100", "11;;a;1000")
		found := false
		for _, f := range l.Check(DutyCheck{Tree: tree, Ever: tree, At: time.Now(), Places: places}) {
			found = found || f.Kind == "overlap"
		}
		real := false
		for _, street := range []string{"xixiang", "xinan"} {
			for hour := range 24 {
				for day := range 7 {
					for _, text := range []string{"", "甲"} {
						words := []string{}
						if text != "" {
							words = append(words, text)
						}
						facts := map[string]any{"street": street, "community": "", "place_type": "", "kind": "", "channel": "", "class": "normal", "hour": int64(hour), "weekday": int64(day), "keywords": words}
						x, _ := l.Rules[0].when.Holds(facts)
						y, _ := l.Rules[1].when.Holds(facts)
						real = real || x && y
					}
				}
			}
		}
		// A rule looks only for its own words, so a rule that asks for a word and one
		// that asks for its absence are tried apart: nothing more may be claimed.
		if found != real && !strings.Contains(a+b, "!keywords") {
			rt.Fatalf("%s and %s: found %v, real %v", a, b, found, real)
		}
		if real && !found {
			rt.Fatalf("%s and %s overlap and are not found", a, b)
		}
	})
}

func TestDutyDiffNamesEveryField(t *testing.T) {
	from, _ := smallDuty(t, []string{"11", "12", "21"}, "1*;;a;1000", "2*;;b;1000", `11;kind == "complaint";a;100`, "21;;a;90")
	to, _ := smallDuty(t, []string{"11", "21", "31"}, "1*;;b;1000", "2*;;b;1000", `11;kind == "consult";a;100`, "31;;a;1000")
	to.items.rows[0][3] = "改名"
	var got []string
	for _, c := range from.Diff(to) {
		line := c.Kind + " " + c.What + " " + c.Code
		for _, f := range c.Fields {
			line += fmt.Sprintf(" %s:%s→%s", f.Field, f.From, f.To)
		}
		if (c.Kind == "changed") != (c.Row == nil) {
			t.Errorf("%+v", c)
		}
		got = append(got, line)
	}
	want := []string{"changed item 11 l3:事项11→改名", "removed item 12", "added item 31",
		"changed rule 1* lead:a→b", `changed rule 11 condition:kind == "complaint"→kind == "consult"`, "removed rule 21", "added rule 31"}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if d := from.Diff(from); len(d) != 0 {
		t.Errorf("%v", d)
	}
}

// A difference says all: applied to the one it gives the other.
func TestDutyDiffIsWhole(t *testing.T) {
	codes := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"11", "12", "13", "21", "22"}), 1, 5, rapid.ID[string])
	rule := rapid.Custom(func(t *rapid.T) string {
		return strings.Join([]string{"*", rapid.SampledFrom([]string{"", "hour < 9", "hour > 8"}).Draw(t, "if"), rapid.SampledFrom([]string{"a", "b"}).Draw(t, "lead"), rapid.SampledFrom([]string{"10", "20"}).Draw(t, "rank")}, ";")
	})
	rapid.Check(t, func(rt *rapid.T) {
		one, _ := smallDuty(t, codes.Draw(rt, "items"), rapid.SliceOfN(rule, 0, 6).Draw(rt, "rules")...)
		two, _ := smallDuty(t, codes.Draw(rt, "other items"), rapid.SliceOfN(rule, 0, 6).Draw(rt, "other rules")...)
		count := func(t dutyTable) map[string]int {
			m := map[string]int{}
			for _, r := range t.rows {
				m[strings.Join(r, "\x00")]++
			}
			return m
		}
		a := map[string]map[string]int{"item": count(one.items), "rule": count(one.rules)}
		b := map[string]map[string]int{"item": count(two.items), "rule": count(two.rules)}
		added := map[string]int{}
		for _, c := range one.Diff(two) {
			switch c.Kind {
			case "added":
				added[c.What]++
			case "removed":
				added[c.What]--
			}
			if c.Kind == "changed" && len(c.Fields) == 0 {
				rt.Fatalf("%+v", c)
			}
		}
		for what := range a {
			total := func(m map[string]int) (n int) {
				for _, v := range m {
					n += v
				}
				return n
			}
			if total(a[what])+added[what] != total(b[what]) {
				rt.Fatalf("%s: %d and %d more are not %d", what, total(a[what]), added[what], total(b[what]))
			}
		}
		if same := reflect.DeepEqual(a, b); same != (len(one.Diff(two)) == 0) {
			rt.Fatalf("same %v, and the difference is %v", same, one.Diff(two))
		}
	})
}

// What is downloaded, as CSV or XLSX, is the same when it is uploaded again.
func TestDutyTablesComeBackTheSame(t *testing.T) {
	h := newHouse(t)
	who := h.staff(t, "editor", h.Dir.Tree().Root(), "duty_editor")
	back := func(t interface{ Fatal(...any) }, part dutyPart, in dutyTable, form gate.Form) {
		var b bytes.Buffer
		if err := h.exportDuty(context.Background(), who, part, in, form, "1", &b); err != nil {
			t.Fatal(err)
		}
		out, err := part.read(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err, fmt.Sprintf("%q", in.rows))
		}
		if !reflect.DeepEqual(in, out) {
			for i := range in.rows {
				if i >= len(out.rows) || !slices.Equal(in.rows[i], out.rows[i]) {
					t.Fatal(fmt.Sprintf("%s: row %d was %q and is %q", form, i, in.rows[i], out.rows[min(i, len(out.rows)-1)]))
				}
			}
			t.Fatal(fmt.Sprintf("%s: %q became %q, %d rows became %d", form, in.columns, out.columns, len(in.rows), len(out.rows)))
		}
	}
	files, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	shipped, _, err := packDuty(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []gate.Form{gate.CSV, gate.XLSX} {
		began := time.Now()
		back(t, dutyItems, shipped.items, form)
		back(t, dutyRules, shipped.rules, form)
		t.Logf("%d items and %d rules out and in as %s: %v", len(shipped.items.rows), len(shipped.rules.rows), form, time.Since(began))
	}
	cell := rapid.OneOf(rapid.SampledFrom([]string{"", "=1+1", "-", "+86", "@x", "'=1", "''=1", "007", "1e5", "2026-01-31", "TRUE", "a;b；c", `说"好"`, "一行\n二行", "，", "x,y", "全　角", "_x0041_", "-1", "0.10", "𠀀😀"}), rapid.String())
	rapid.Check(t, func(rt *rapid.T) {
		in := dutyTable{columns: []string{"code", "l1", "l2", "l3", "keywords", "urgency", "handle_class", "自定义列"}}
		for i := range rapid.IntRange(1, 4).Draw(rt, "rows") {
			row := []string{fmt.Sprint("c", i)}
			for range in.columns[1:] {
				row = append(row, cell.Draw(rt, "cell"))
			}
			in.rows = append(in.rows, row)
		}
		canonical, err := dutyItems.canonical(in)
		if err != nil {
			rt.Fatal(err)
		}
		back(rt, dutyItems, canonical, rapid.SampledFrom([]gate.Form{gate.CSV, gate.XLSX}).Draw(rt, "form"))
	})
}

// Uploads of people: titles for names, another order, dates of a spreadsheet,
// another encoding, a heading above; and what is wrong is said with its line.
func TestDutyTablesOfPeople(t *testing.T) {
	read := func(part dutyPart, s string) (dutyTable, error) {
		return part.read(strings.NewReader(s), int64(len(s)))
	}
	got, err := read(dutyRules, "主办单位,适用事项,条件,优先级,兜底单位,生效日期,备注\n a ,11,,100,b,2026/1/5,  \n\n")
	if err != nil || len(got.rows) != 1 {
		t.Fatalf("%v %v", got, err)
	}
	want := map[string]string{"item": "11", "condition": "", "lead": "a", "co_units": "", "fallback": "b", "priority": "100", "valid_from": "2026-01-05", "valid_to": "", "note": ""}
	if r := got.records()[0]; !maps.Equal(r, want) {
		t.Errorf("%v", r)
	}
	for content, want := range map[string]string{
		"":                      "",
		"主办单位,适用事项\na,11\n":     "条件",
		"not a table":           "事项",
		"PK\x03\x04 cut off":    "",
		"\x89PNG\r\n\x1a\n\x00": "",
		"item,condition,lead,priority,fallback,valid_from\n11,,a,1,b,someday\n":                       "line 2: 生效日期",
		"item,condition,lead,priority,fallback\n11,,a,1,b,c,d\n":                                      "line 2",
		"item,condition,lead,priority,fallback\n11,," + strings.Repeat("长", maxDutyCell+1) + ",1,b\n": "8000",
	} {
		if _, err := read(dutyRules, content); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v; want %q", content, err, want)
		}
	}
}

func TestDutyVersions(t *testing.T) { bothStores(t, dutyVersions) }

func dutyVersions(t *testing.T, h *house) {
	ctx := context.Background()
	e := h.serve(t)
	editor, leader, handler := e.as("duty_editor", ""), e.as("leader", ""), e.as("handler", "")
	var versions []DutyVersion
	e.json(leader, "GET", "/api/duty/versions", nil, &versions, 200)
	if len(versions) != 1 || !versions[0].Current || versions[0].Origin != "pack" || versions[0].Items < 4000 {
		t.Fatalf("%+v", versions)
	}
	first := versions[0]
	base := "/api/duty/versions/"
	for _, c := range []struct{ method, path string }{{"GET", base}, {"POST", base[:len(base)-1]}, {"GET", base + first.ID.String() + "/items"}, {"GET", base + first.ID.String() + "/replay"}, {"POST", base + first.ID.String() + "/publish"}, {"DELETE", base + first.ID.String()}} {
		path := strings.TrimSuffix(c.path, "/")
		if status, _ := e.send("", c.method, path, "", nil); status != 401 {
			t.Errorf("%s %s as a stranger: %d", c.method, path, status)
		}
		if status, _ := e.send(handler, c.method, path, "", nil); status != 403 {
			t.Errorf("%s %s as a handler: %d", c.method, path, status)
		}
	}
	if status, _ := e.send(leader, "DELETE", base+first.ID.String(), "", nil); status != 403 {
		t.Errorf("a leader may not drop: %d", status)
	}
	timed := func(what string, f func()) {
		t.Helper()
		began := time.Now()
		f()
		t.Logf("%s: %v", what, time.Since(began))
	}
	// A draft by copying; one item goes to another unit at some place.
	var draft DutyVersion
	timed("copy", func() { e.json(editor, "POST", "/api/duty/versions", map[string]string{"name": "试改"}, &draft, 201) })
	if draft.State != "draft" || draft.Hash != first.Hash || draft.Parent != first.ID || draft.Items != first.Items {
		t.Fatalf("%+v", draft)
	}
	var faults []Fault
	timed("check", func() { e.json(leader, "GET", base+draft.ID.String()+"/check", nil, &faults, 200) })
	for _, f := range faults {
		if f.Hard {
			t.Errorf("the shipped list: %+v", f)
		}
	}
	list := h.district.Load().duty
	item := list.Items[0]
	filed := h.fileOne(t, Intake{Text: "西乡街道流塘路" + item.L3 + "，请处理", Address: "西乡街道"}, "")
	d, err := h.Detail(ctx, account.System(h.Dir), filed.ID)
	if err != nil {
		t.Fatal(err)
	}
	was, ok := list.Resolve(item.Code, h.district.Load().dutyFacts(&d.Row, d.Appeal.Text, d.Appeal.Address), h.Dir.Tree())
	if !ok {
		t.Fatal("nobody is responsible")
	}
	other := "dp-jiaoyu"
	if was.Lead == other {
		other = "dp-gongan"
	}
	act := func(id store.ID, form map[string]any) {
		t.Helper()
		if _, err := h.Act(ctx, account.System(h.Dir), id, 0, []Step{{"dispatch", form}}); err != nil {
			t.Fatal(err)
		}
	}
	act(filed.ID, map[string]any{"unit": was.Lead, "item": item.Code})
	var page struct{ Items []DutyItemView }
	timed("items", func() {
		e.json(leader, "GET", base+draft.ID.String()+"/items?q="+item.Code, nil, &page, 200)
	})
	if len(page.Items) != 1 || len(page.Items[0].Rules) == 0 || page.Items[0].Item["l3"] != item.L3 {
		t.Fatalf("%+v", page)
	}
	row := page.Items[0].Item
	row["definition"] = "改过的定义"
	rules := []DutyRow{{"condition": `street == "xixiang"`, "lead": other, "priority": "1", "fallback": was.Lead, "note": "试"}}
	for _, r := range page.Items[0].Rules {
		if r.Row["item"] == item.Code {
			rules = append(rules, r.Row)
		}
	}
	put := map[string]any{"hash": draft.Hash, "item": row, "rules": rules}
	timed("put item", func() { e.json(editor, "PUT", base+draft.ID.String()+"/items/"+item.Code, put, &draft, 200) })
	e.json(editor, "PUT", base+draft.ID.String()+"/items/"+item.Code, put, nil, 409)
	put["hash"], put["rules"] = draft.Hash, []DutyRow{{"condition": "street ==", "lead": other, "priority": "1"}}
	e.json(editor, "PUT", base+draft.ID.String()+"/items/"+item.Code, put, nil, 422)
	e.json(editor, "PUT", base+first.ID.String()+"/items/"+item.Code, map[string]any{"hash": first.Hash, "item": row}, nil, 409)

	var diff DutyDiff
	timed("diff", func() { e.json(leader, "GET", base+draft.ID.String()+"/diff", nil, &diff, 200) })
	if !maps.Equal(diff.Counts, map[string]int{"item changed": 1, "rule added": 1}) || diff.Changes[0].Fields[0] != (DutyFieldChange{"definition", item.Definition, "改过的定义"}) || diff.Against.ID != first.ID {
		t.Errorf("%+v", diff)
	}
	var replay DutyReplay
	timed("replay", func() { e.json(leader, "GET", base+draft.ID.String()+"/replay", nil, &replay, 200) })
	if replay.Looked != 1 || replay.Moved != 1 || replay.Touched != 1 || len(replay.Moves) != 1 || replay.Moves[0].From != was.Lead || replay.Moves[0].To != other || replay.Moves[0].Sample[0].ID != filed.ID {
		t.Errorf("%+v", replay)
	}
	// Nothing is in force by being a draft.
	if got, _ := h.district.Load().duty.Resolve(item.Code, h.district.Load().dutyFacts(&d.Row, d.Appeal.Text, d.Appeal.Address), h.Dir.Tree()); got.Lead != was.Lead {
		t.Error("a draft is in force")
	}
	// Published for later it takes over at that time, and not before; what was
	// dispatched keeps its reason.
	second := h.again(t) // another process on the same records
	publish := map[string]any{"hash": draft.Hash, "from": h.Store.Now().Add(time.Hour).Format(time.RFC3339Nano), "accept": true}
	e.json(editor, "POST", base+draft.ID.String()+"/publish", map[string]any{"hash": "x", "accept": true}, nil, 409)
	if len(faults) > 0 {
		e.json(editor, "POST", base+draft.ID.String()+"/publish", map[string]any{"hash": draft.Hash}, nil, 422)
	}
	timed("publish", func() { e.json(editor, "POST", base+draft.ID.String()+"/publish", publish, &draft, 200) })
	if draft.State != "published" || draft.Current || h.district.Load().duty.Version != first.ID.String() {
		t.Errorf("%+v", draft)
	}
	e.json(editor, "POST", base+draft.ID.String()+"/publish", publish, nil, 409)
	if err := second.Reload(ctx); err != nil {
		t.Fatal(err)
	}
	for _, x := range []*house{h, second} {
		if x.district.Load().duty.Version != first.ID.String() {
			t.Error("it is in force too early")
		}
		x.ahead.Store(int64(time.Hour + time.Second))
		if x.district.Load().duty.Version != draft.ID.String() {
			t.Error("the published list did not take over")
		}
	}
	got, _ := h.district.Load().duty.Resolve(item.Code, h.district.Load().dutyFacts(&d.Row, d.Appeal.Text, d.Appeal.Address), h.Dir.Tree())
	if got.Lead != other {
		t.Errorf("in force: %s", got.Lead)
	}
	var reason DutyReason
	e.json(leader, "GET", "/api/appeals/"+filed.ID.String()+"/duty", nil, &reason, 200)
	if reason.Version.ID != first.ID || reason.Lead != was.Lead || !reason.Follows {
		t.Errorf("%+v", reason)
	}
	if n := h.count(t, `SELECT count(*) FROM matter WHERE id = ? AND unit = ?`, filed.ID, was.Lead); n != 1 {
		t.Error("publishing moved a running matter")
	}
	next := h.fileOne(t, Intake{Text: "西乡街道" + item.L3 + "，请处理", Address: "西乡街道"}, "")
	act(next.ID, map[string]any{"unit": other, "item": item.Code})
	e.json(leader, "GET", "/api/appeals/"+next.ID.String()+"/duty", nil, &reason, 200)
	if reason.Version.ID != draft.ID || reason.Lead != other {
		t.Errorf("%+v", reason)
	}
	// What is in force cannot be taken back; what is not yet, can.
	e.json(editor, "DELETE", base+draft.ID.String(), nil, nil, 409)
	var third DutyVersion
	e.json(editor, "POST", "/api/duty/versions", map[string]string{"name": "三"}, &third, 201)
	e.json(editor, "POST", base+third.ID.String()+"/publish", map[string]any{"hash": third.Hash, "from": "2099-01-01", "accept": true}, &third, 200)
	e.json(editor, "DELETE", base+third.ID.String(), nil, nil, 204)
	e.json(editor, "POST", "/api/duty/versions", map[string]string{"name": "四"}, &third, 201)
	e.json(editor, "DELETE", base+third.ID.String(), nil, nil, 204)
	e.json(editor, "DELETE", base+third.ID.String(), nil, nil, 404)
	e.json(leader, "GET", "/api/duty/versions", nil, &versions, 200)
	if len(versions) != 3 || versions[0].State != "withdrawn" || versions[1].ID != draft.ID || !versions[1].Current || versions[2].Until != versions[1].InForce {
		t.Errorf("%+v", versions)
	}
	if n := h.count(t, `SELECT count(*) FROM audit WHERE action LIKE 'duty.%'`); n != 8 {
		t.Errorf("%d audit records", n)
	}
	// A hard fault keeps it from being published.
	e.json(editor, "POST", "/api/duty/versions", map[string]string{"name": "五"}, &third, 201)
	var b bytes.Buffer
	content := kept(t, h, third.ID).content
	content.rules.rows = append(slices.Clone(content.rules.rows), dutyTable{content.rules.columns, nil}.line(map[string]string{"item": item.Code, "lead": "nowhere", "priority": "1"}))
	if err := h.exportDuty(ctx, account.System(h.Dir), dutyRules, content.rules, gate.XLSX, "", &b); err != nil {
		t.Fatal(err)
	}
	status, raw := e.upload(editor, map[string]string{"draft": third.ID.String(), "hash": third.Hash}, "rules", b.Bytes())
	third = decode[DutyVersion](t, status, raw, 201)
	if status, raw := e.send(editor, "POST", base+third.ID.String()+"/publish", "application/json", strings.NewReader(fmt.Sprintf(`{"hash":%q,"accept":true}`, third.Hash))); status != 422 || !bytes.Contains(raw, []byte("duty_hard")) {
		t.Errorf("%d %s", status, raw)
	}
	// Downloads and uploads over HTTP.
	for _, format := range []string{"csv", "xlsx"} {
		var file []byte
		timed("download "+format, func() {
			var status int
			if status, file = e.send(leader, "GET", base+draft.ID.String()+"/file?part=items&format="+format, "", nil); status != 200 {
				t.Errorf("%d %s", status, file)
			}
		})
		var up DutyVersion
		began := time.Now()
		status, raw := e.upload(editor, map[string]string{"name": "上传" + format}, "items", file)
		up = decode[DutyVersion](t, status, raw, 201)
		t.Logf("upload %s: %v", format, time.Since(began))
		if up.Hash != draft.Hash || up.Origin != "upload" {
			t.Errorf("%s came back as another: %+v", format, up)
		}
	}
	if status, raw := e.upload(editor, map[string]string{"name": "坏"}, "items", []byte("code,l1\n1,2\n")); status != 422 || !bytes.Contains(raw, []byte("missing")) {
		t.Errorf("%d %s", status, raw)
	}
	if status, raw := e.upload(editor, map[string]string{"name": "坏"}, "rules", []byte("item,condition,lead,priority,fallback\nnone,,a,1,\n")); status != 422 || !bytes.Contains(raw, []byte("line 2")) {
		t.Errorf("%d %s", status, raw)
	}
}

// kept is a version of a house.
func kept(t testing.TB, h *house, id store.ID) *keptDuty {
	t.Helper()
	k, err := h.dutyList(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func (t dutyTable) line(row map[string]string) []string {
	out := make([]string, len(t.columns))
	for i, c := range t.columns {
		out[i] = row[c]
	}
	return out
}

// A pack that is loaded again proposes its list; what is in force, which may have
// been edited here, stays. Another change of the pack proposes nothing.
func TestLoadedPackProposesItsDutyList(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	shipped, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	if err := fs.WalkDir(shipped, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(shipped, name)
		files[name] = &fstest.MapFile{Data: raw}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	load := func() []DutyVersion {
		t.Helper()
		if _, err := h.Packs.Load(ctx, files, account.System(h.Dir)); err != nil {
			t.Fatal(err)
		}
		if err := h.Reload(ctx); err != nil {
			t.Fatal(err)
		}
		all, err := h.DutyVersions(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	before := h.district.Load().duty.Version
	if all := load(); len(all) != 1 {
		t.Fatalf("the same pack: %+v", all)
	}
	rules := files["appeals/duty_rules.csv"].Data
	files["appeals/duty_rules.csv"] = &fstest.MapFile{Data: append(slices.Clone(rules), []byte("110101,,dp-jiaoyu,,dp-chengguan,5,2024-01-01,,新版\n")...)}
	for range 2 {
		all := load()
		if len(all) != 2 || all[0].State != dutyDraft || all[0].Origin != dutyOfPack || all[0].Rules != all[1].Rules+1 || !all[1].Current {
			t.Fatalf("%+v", all)
		}
	}
	if got := h.district.Load().duty.Version; got != before {
		t.Error("loading a pack put its list in force")
	}
	files["appeals/return_reasons.csv"] = &fstest.MapFile{Data: append(slices.Clone(files["appeals/return_reasons.csv"].Data), '\n')}
	if all := load(); len(all) != 2 {
		t.Errorf("another file made a version: %+v", all)
	}
}

func (e *edge) upload(key string, fields map[string]string, name string, file []byte) (int, []byte) {
	e.t.Helper()
	body, kind := multipartOf(e.t, fields, name, file)
	return e.send(key, http.MethodPost, "/api/duty/uploads", kind, body)
}

func multipartOf(t testing.TB, fields map[string]string, name string, file []byte) (*bytes.Buffer, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range fields {
		_ = w.WriteField(k, v)
	}
	part, err := w.CreateFormFile(name, name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(file)
	_ = w.Close()
	return &b, w.FormDataContentType()
}
