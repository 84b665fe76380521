package services

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"shanzhi/core/form"
	"shanzhi/core/store"
)

// asMap is a handling as the screen sends it.
func asMap(t testing.TB, h *Handling) map[string]any {
	t.Helper()
	raw, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// Each shipped handling goes to YAML and back and is the same.
func TestHandlingAsTextBothWays(t *testing.T) {
	h := newCaseHouse(t)
	handled, err := readHandling(h.packFiles(t))
	if err != nil || len(handled) < 15 {
		t.Fatal(len(handled), err)
	}
	for key, x := range handled {
		want, _ := json.Marshal(x)
		look, err := h.LookAtHandling(t.Context(), h.itemID(t, key), asMap(t, x), "")
		if err != nil || len(look.Faults) > 0 || len(look.Changes) > 0 || len(look.Themes) > 0 {
			t.Fatalf("%s: %+v %+v %+v %v", key, look.Faults, look.Changes, look.Themes, err)
		}
		back, err := h.LookAtHandling(t.Context(), h.itemID(t, key), nil, look.Text)
		if err != nil || len(back.Faults) > 0 {
			t.Fatalf("%s: %+v %v\n%s", key, back.Faults, err, look.Text)
		}
		got := &Handling{}
		raw, _ := json.Marshal(back.Handling)
		if err := json.Unmarshal(raw, got); err != nil {
			t.Fatal(err)
		}
		if again, _ := json.Marshal(got); !bytes.Equal(again, want) {
			t.Errorf("%s: %s\nbecame %s", key, want, again)
		}
	}
}

// What is refused is told at its field, with its line in the text.
func TestHandlingFaultsAtTheirFields(t *testing.T) {
	h := newCaseHouse(t)
	id := h.itemID(t, "elder-allowance")
	raw, err := fs.ReadFile(h.packFiles(t), "services/handling/elder-allowance.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string][2]string{
		"form.schema.name.title required 17":           {"title: 老人姓名, ", ""},
		"form.schema.name.type no_such_option 17":      {"name: {type: string, title: 老人姓名", "name: {type: text, title: 老人姓名"},
		"form.pages[2].proxy_name.show cel_unknown 29": {"{field: proxy_name, show: form.proxy}", "{field: proxy_name, show: form.relative}"},
		"form.pages[2].proxy_phone.show cel_gives 29":  {"{field: proxy_phone, show: form.proxy}", "{field: proxy_phone, show: form.name}"},
		"form.pages[2].proxy_phone.show cel_syntax 29": {"{field: proxy_phone, show: form.proxy}", "{field: proxy_phone, show: 'form.proxy &&'}"},
		"form.pages[2].proxy_phone.show cel_types 29":  {"{field: proxy_phone, show: form.proxy}", "{field: proxy_phone, show: 'form.proxy > 3'}"},
		"form.schema.address on_no_page 20":            {"[name, id_no, phone, address]", "[name, id_no, phone]"},
		"form.pages[0].phone twice 27":                 {"[name, id_no, phone, address]", "[name, id_no, phone, address, phone]"},
		"form.pages[1].name twice 28":                  {"- {name: account, title", "- {name: person, title"},
		"form.schema.account.pattern pattern 22":       {`'^\d{12,19}$'`, `'^(\d'`},
		"form.schema.bank.enum untitled 21":            {"psbc, other]", "psbc, other, more]"},
		"form.schema.name.maxLength bounds 17":         {"title: 老人姓名, x-title-en: \"Elder's name\", maxLength: 50", "title: 老人姓名, minLength: 60, maxLength: 50"},
		"form.schema.name.x-fill no_fact 17":           {"x-fill: person.name", "x-fill: person.star_sign"},
		"situation.schema.who.enum untitled 9":         {"enum: [self, family]", "enum: [self, family, friend]"},
		"materials[3].when cel_unknown 34":             {`when: "!situation.account_own"`, "when: situation.own"},
		"materials[0].source no_such_option 31":        {"source: shared, accept: {zh: 由人口库核验，不用提交, en: Checked with the population register}}\n  - {id: household", "source: magic}\n  - {id: household"},
		"licence.show no_question 35":                  {"show: [id_no, bank]", "show: [id_no, purse]"},
		"acceptance[1].id twice 39":                    {"{id: resident, say", "{id: age, say"},
		" unknown_field 36":                            {"instant: elder-allowance", "instantly: elder-allowance"},
		"form.schema.properties.maxLength shape 17":    {"x-title-en: \"Elder's name\", maxLength: 50", "x-title-en: \"Elder's name\", maxLength: many"},
		" unreadable 12":                               {"situation:\n", "situation: [\n"},
	} {
		text := strings.Replace(string(raw), change[0], change[1], 1)
		if text == string(raw) {
			t.Fatalf("%q changes nothing", change[0])
		}
		look, err := h.LookAtHandling(t.Context(), id, nil, text)
		if err != nil || len(look.Faults) == 0 {
			t.Errorf("%s: %+v %v", want, look.Faults, err)
			continue
		}
		var got []string
		for _, f := range look.Faults {
			got = append(got, strings.TrimSpace(f.At+" "+f.Code+" "+itoa(f.Line)))
		}
		if !slices.Contains(got, strings.TrimSpace(want)) {
			t.Errorf("want %q, got %q: %s", want, got, look.Faults[0].Text)
		}
	}
	for _, given := range []map[string]any{{}, {"form": nil}, {"form": 3}, {"form": map[string]any{"schema": nil}}, {"form": map[string]any{"schema": map[string]any{"type": "object", "properties": map[string]any{"a": nil}}, "pages": []any{nil}, "exits": []any{nil}}, "materials": []any{nil}, "terms": []any{nil}}} {
		if look, err := h.LookAtHandling(t.Context(), id, given, ""); err != nil || len(look.Faults) == 0 {
			t.Errorf("%v: %+v %v", given, look.Faults, err)
		}
	}
	for _, text := range []string{"", "[1, 2]", "just words", "form: *nothing", strings.Repeat("a: &a [*a]\n", 3)} {
		if look, err := h.LookAtHandling(t.Context(), id, nil, text); err != nil || len(look.Faults) == 0 {
			t.Errorf("%q: %+v %v", text, look.Faults, err)
		}
	}
}

func itoa(n int) string { raw, _ := json.Marshal(n); return string(raw) }

// A form is edited, goes through two more people, and stands; a case that was begun keeps
// its own. What the engine refuses is not even kept as a draft.
func TestAFormIsEditedAndPublished(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		staff := itemStaff(t, h)
		id := h.itemID(t, "elder-allowance")
		me := h.citizen(t, "陈奶奶", "13800138000", "11010519400101002X")
		begun, err := h.BeginApplication(ctx, me, NewApplication{Item: id})
		if err != nil {
			t.Fatal(err)
		}
		x, _ := h.Item(ctx, id, 0)
		write := func(change func(h map[string]any)) error {
			m := asMap(t, x.Elements.Handling)
			change(m)
			raw, _ := json.Marshal(m)
			e := x.Elements
			e.Handling = &Handling{}
			if wrong := e.Handling.read(raw, true); len(wrong) > 0 {
				return wrong
			}
			return h.itemStepAs(staff["editor"], id, ItemAct{Step: ItemWrite, Elements: &e})
		}
		props := func(m map[string]any) map[string]any {
			return m["form"].(map[string]any)["schema"].(map[string]any)["properties"].(map[string]any)
		}
		page := func(m map[string]any, i int) map[string]any {
			return m["form"].(map[string]any)["pages"].([]any)[i].(map[string]any)
		}
		ask := func(m map[string]any) {
			props(m)["diet"] = map[string]any{"type": "string", "title": "饮食禁忌", "maxLength": 40}
			page(m, 0)["fields"] = append(page(m, 0)["fields"].([]any), map[string]any{"field": "diet", "show": "form.address != \"\""})
		}
		for name, spoil := range map[string]func(m map[string]any){
			"a question on no page":    func(m map[string]any) { props(m)["diet"] = map[string]any{"type": "string", "title": "饮食禁忌"} },
			"a condition over nothing": func(m map[string]any) { ask(m); page(m, 1)["show"] = "form.nothing" },
			"two pages of one name":    func(m map[string]any) { ask(m); page(m, 1)["name"] = "person" },
			"a fact of nobody":         func(m map[string]any) { ask(m); props(m)["diet"].(map[string]any)["x-fill"] = "person.diet" },
		} {
			var faults form.FormFaults
			if err := write(spoil); !errors.As(err, &faults) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if st, _, _, _ := standingOf(ctx, h.Store, id); st.Draft != nil {
			t.Fatalf("a refused form was kept: %+v", st.Draft)
		}
		if err := write(ask); err != nil {
			t.Fatal(err)
		}
		life, err := h.ItemLife(ctx, staff["editor"], id)
		if err != nil || len(life.Changes) != 1 || life.Changes[0].Element != "form" || !strings.Contains(life.Changes[0].After, "饮食禁忌（diet）文字，字数至多 40") {
			t.Fatalf("%+v %v", life.Changes, err)
		}
		for _, s := range []struct{ who, step string }{{"editor", "submit"}, {"checker", "check"}, {"bureau", "publish"}} {
			if err := h.itemStepAs(staff[s.who], id, ItemAct{Step: ItemStep(s.step)}); err != nil {
				t.Fatal(err)
			}
		}
		old, err := h.Application(ctx, me, begun.ID)
		if err != nil || old.Version != 1 || old.Handling.Form.Schema.Properties["diet"] != nil {
			t.Errorf("what was begun: %+v %v", old, err)
		}
		// It is sent under its own form, which knows no such question.
		said := map[string]any{"name": "陈奶奶", "id_no": "11010519491231002X", "phone": "13800138000", "bank": "icbc", "account": "6222000011112222"}
		if old, err = h.SaveApplication(ctx, me, old.ID, ApplicationDraft{Seq: old.Seq, Situation: map[string]any{"who": "self", "account_own": true}, Values: said}); err != nil {
			t.Fatal(err)
		}
		sent, err := h.SendApplication(ctx, me, old.ID, old.Seq, true)
		if err != nil {
			t.Fatal(err)
		}
		if d, err := h.Case(ctx, me, sent.Case); err != nil || d.Version == 0 {
			t.Errorf("%+v %v", d, err)
		}
		fresh, err := h.BeginApplication(ctx, me, NewApplication{Item: id})
		if err != nil || fresh.Version != 2 || fresh.Handling.Form.Schema.Properties["diet"] == nil {
			t.Errorf("what is begun now: %+v %v", fresh, err)
		}
		if wrong, err := h.CheckItem(ctx, id); err != nil || len(wrong) > 0 {
			t.Errorf("%v %v", wrong, err)
		}
	})
}

// A form that would break a life event can be written and is told, and goes no further.
func TestAFormThatBreaksALifeEvent(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		staff := itemStaff(t, h)
		id := h.itemID(t, "drug-retail-licence")
		x, _ := h.Item(ctx, id, 0)
		m := asMap(t, x.Elements.Handling)
		q := m["form"].(map[string]any)["schema"].(map[string]any)["properties"].(map[string]any)["shop_name"].(map[string]any)
		q["type"] = "integer"
		delete(q, "minLength")
		delete(q, "maxLength")
		look, err := h.LookAtHandling(ctx, id, m, "")
		if err != nil || len(look.Faults) > 0 || len(look.Themes) == 0 || look.Themes[0].Theme != "pharmacy" {
			t.Fatalf("%+v %+v %v", look.Faults, look.Themes, err)
		}
		if f := look.Themes[0].Faults; len(f) == 0 || f[0].Code != "type" || f[0].Item == "" || f[0].Field == "" {
			t.Errorf("why, for a person: %+v", f)
		}
		raw, _ := json.Marshal(m)
		e := x.Elements
		e.Handling = &Handling{}
		if wrong := e.Handling.read(raw, true); len(wrong) > 0 {
			t.Fatal(wrong)
		}
		if err := h.itemStepAs(staff["other"], id, ItemAct{Step: ItemWrite, Elements: &e}); err != nil {
			t.Fatal(err)
		}
		if err := h.itemStepAs(staff["other"], id, ItemAct{Step: ItemSubmit}); !errors.Is(err, ErrItemTheme) || strings.Contains(err.Error(), "merged") {
			t.Errorf("submitted: %v", err)
		}
	})
}

// The pack is loaded anew while an item is written here: the draft stays as it is, what
// the pack says lies beside it, and an editor takes it or puts it aside.
func TestAPackBesideWhatIsWritten(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		staff := itemStaff(t, h)
		id := h.itemID(t, "elder-allowance")
		load := func(old, text string) {
			t.Helper()
			files := h.packFiles(t)
			list, _ := fs.ReadFile(files, "services/items.csv")
			handling, _ := fs.ReadFile(files, "services/handling/elder-allowance.yaml")
			changed := strings.Replace(string(handling), old, text, 1)
			items, p, err := readPackItems(fstest.MapFS{"services/items.csv": {Data: onlyLine(list, "elder-allowance")}, "services/handling/elder-allowance.yaml": {Data: []byte(changed)}}, h.lint.Load())
			if err != nil {
				t.Fatal(err)
			}
			if err := h.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
				_, err := h.landItems(ctx, tx, p, "", 0, items)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.itemStepAs(staff["editor"], id, ItemAct{Step: ItemWrite}); err != nil {
			t.Fatal(err)
		}
		before, _, _ := draftOf(ctx, h.Store, id)
		load("title: 老人姓名", "title: 老人的姓名")
		life, err := h.ItemLife(ctx, staff["editor"], id)
		if err != nil || life.Item.Version != 1 || life.Draft.Elements.hash() != before.Elements.hash() {
			t.Fatalf("the draft was written over: %+v %v", life.Draft, err)
		}
		if life.Offer == nil || life.Offer.Source != "pack" || !slices.ContainsFunc(life.Offer.Changes, func(c ItemChange) bool { return c.Element == "form" && strings.Contains(c.After, "老人的姓名") }) {
			t.Fatalf("the offer: %+v", life.Offer)
		}
		if !slices.Contains(life.Steps, ItemDecline) {
			t.Errorf("the editor's steps: %v", life.Steps)
		}
		if other, _ := h.ItemLife(ctx, staff["bureau"], id); slices.Contains(other.Steps, ItemDecline) {
			t.Error("the bureau may decline for a department")
		}
		load("title: 老人姓名", "title: 老人的姓名") // again the same: nothing more
		if again, _ := h.ItemLife(ctx, staff["editor"], id); again.Seq != life.Seq {
			t.Errorf("the same was offered twice: %d, %d", again.Seq, life.Seq)
		}
		if err := h.itemStepAs(staff["editor"], id, ItemAct{Step: ItemDecline, Reason: "已有更好的问法"}); err != nil {
			t.Fatal(err)
		}
		if after, _ := h.ItemLife(ctx, staff["editor"], id); after.Offer != nil || after.Draft.Elements.hash() != before.Elements.hash() {
			t.Errorf("declined: %+v", after.Offer)
		}
		if err := h.itemStepAs(staff["editor"], id, ItemAct{Step: ItemDecline, Reason: "再一次"}); !errors.Is(err, ErrItemStep) {
			t.Errorf("declined twice: %v", err)
		}
		// The pack goes on; this time it is taken.
		load("title: 老人姓名", "title: 申请老人姓名")
		life, _ = h.ItemLife(ctx, staff["editor"], id)
		if life.Offer == nil {
			t.Fatal("nothing is offered")
		}
		e := life.Offer.Elements
		if err := h.itemStepAs(staff["editor"], id, ItemAct{Step: ItemWrite, Elements: &e}); err != nil {
			t.Fatal(err)
		}
		if life, _ = h.ItemLife(ctx, staff["editor"], id); life.Offer != nil || life.Draft.Elements.Handling.Form.Schema.Properties["name"].Title != "申请老人姓名" {
			t.Errorf("taken: %+v", life.Draft)
		}
		// What is with its checker is not touched either.
		if err := h.itemStepAs(staff["editor"], id, ItemAct{Step: ItemSubmit}); err != nil {
			t.Fatal(err)
		}
		load("title: 老人姓名", "title: 第三种叫法")
		if st, _, _, _ := standingOf(ctx, h.Store, id); st.Draft.State != ItemSubmitted || st.Offered == "" || st.Version != 1 {
			t.Errorf("%+v", st)
		}
		if wrong, err := h.CheckItem(ctx, id); err != nil || len(wrong) > 0 {
			t.Errorf("%v %v", wrong, err)
		}
	})
}

// onlyLine is a list with its head and the line of one key.
func onlyLine(list []byte, key string) []byte {
	lines := strings.SplitAfter(string(list), "\n")
	for _, l := range lines[1:] {
		if strings.HasPrefix(l, key+",") {
			return []byte(lines[0] + l)
		}
	}
	return []byte(lines[0])
}

// A form is tried as an applicant would fill it in, and nothing of it is kept.
func TestAFormIsTried(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		id := h.itemID(t, "food-licence")
		x, _ := h.Item(ctx, id, 0)
		m := asMap(t, x.Elements.Handling)
		a, err := h.TryHandling(ctx, id, ItemTrial{Handling: m, Situation: map[string]any{"kind": "drinks", "area": 40.0, "chain": true}})
		if err != nil || a.Pledged.N != 5 || a.Term["zh"] == "" || len(a.Needed) == 0 {
			t.Fatalf("%+v %v", a, err)
		}
		if a, err = h.TryHandling(ctx, id, ItemTrial{Handling: m, Fill: true}); err != nil || len(a.Sources) == 0 || len(a.Wrong) > 0 {
			t.Errorf("%+v %v", a.Wrong, err)
		}
		if _, err = h.TryHandling(ctx, id, ItemTrial{Handling: m, Send: true}); problemOf(err) != "invalid" {
			t.Errorf("sent with gaps: %v", err)
		}
		m["materials"] = []any{map[string]any{"id": "BAD", "name": map[string]any{"zh": "材料"}, "source": "applicant"}}
		if _, err = h.TryHandling(ctx, id, ItemTrial{Handling: m}); problemOf(err) != "invalid" {
			t.Errorf("an unsound form was tried: %v", err)
		}
		if n, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM service_application`); err != nil || n != 0 {
			t.Errorf("%d applications were kept (%v)", n, err)
		}
		parts, err := h.FormParts(ctx, id)
		if err != nil || !slices.ContainsFunc(parts.Elements, func(e FormElement) bool {
			return e.Element == "person.id_no" && e.Question.Format == "cn-id" && len(e.Items) > 10
		}) || len(parts.Licences) < 5 || !slices.Contains(parts.Formats, "uscc") {
			t.Errorf("%+v %v", parts, err)
		}
	})
}
