package services

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/store"
)

// itemStaff are the people who work on items, beside those of the house.
func itemStaff(t testing.TB, h *caseHouse) map[string]account.Actor {
	out := map[string]account.Actor{}
	for _, c := range []struct {
		login, unit string
		roles       []string
	}{
		{"editor", "dp-minzheng", []string{"item_editor"}}, {"checker", "dp-minzheng", []string{"item_editor"}}, {"other", "dp-shijian", []string{"item_editor"}},
		{"bureau", "dp-zhengshu", []string{"item_publisher"}}, {"both", "dp-minzheng", []string{"item_editor", "item_publisher"}},
	} {
		out[c.login] = h.account(t, account.Account{Kind: account.Staff, Login: &c.login, Name: c.login, Unit: c.unit}, c.roles...)
	}
	return out
}

func (h *caseHouse) itemID(t testing.TB, key string) store.ID {
	t.Helper()
	id, err := store.Get[store.ID](context.Background(), h.Store, `SELECT id FROM service_item WHERE key = ?`, key)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// itemStepAs does a step on the item as it stands.
func (h *caseHouse) itemStepAs(who account.Actor, id store.ID, act ItemAct) error {
	ctx := context.Background()
	st, seq, _, err := standingOf(ctx, h.Store, id)
	if err != nil {
		return err
	}
	act.Seq = seq
	if act.Step == ItemWrite && act.Elements == nil {
		x, err := h.Item(ctx, id, 0)
		if err != nil {
			return err
		}
		e := x.Elements
		if st.Draft != nil {
			e = st.Draft.Elements
		}
		e.Conditions += "再写一句。"
		act.Elements = &e
	}
	if itemRules[act.Step].reason && act.Reason == "" {
		act.Reason = "有理由"
	}
	if act.Step == ItemFlagged && act.Flag == nil {
		act.Flag = &ItemFlagSpan{"video", "2026-10-01", "", "试验"}
	}
	return h.ActOnItem(ctx, who, id, act)
}

// Every state × step × person of the life of an item: the table is the law, and no step
// that is not in it can be done.
func TestItemSteps(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		staff := itemStaff(t, h)
		path := map[string][]string{ // state → who did what to come there
			"published": nil, "draft": {"editor:write"}, "submitted": {"editor:write", "editor:submit"}, "checked": {"editor:write", "editor:submit", "checker:check"}, "scheduled": {"editor:write", "editor:submit", "checker:check", "bureau:publish+"},
			"returned": {"editor:write", "editor:submit", "checker:return"}, "retired": {"bureau:retire"}, "offered": {"editor:write", "pack:offer"}, "offered while checked": {"editor:write", "editor:submit", "checker:check", "pack:offer"},
		}
		// Who may do what; all else is refused.
		may := map[string]string{
			"published": "editor:write checker:write both:write bureau:retire both:retire bureau:flag both:flag",
			"draft":     "editor:write checker:write both:write editor:submit checker:submit both:submit editor:discard checker:discard both:discard bureau:flag both:flag",
			"submitted": "checker:check both:check editor:return checker:return both:return bureau:flag both:flag",
			"checked":   "bureau:publish both:publish bureau:return both:return bureau:flag both:flag",
			"scheduled": "bureau:return both:return bureau:flag both:flag",
			"returned":  "editor:write checker:write both:write editor:submit checker:submit both:submit editor:discard checker:discard both:discard bureau:flag both:flag",
			"retired":   "editor:write checker:write both:write",
			"offered":   "editor:write checker:write both:write editor:submit checker:submit both:submit editor:discard checker:discard both:discard editor:decline checker:decline both:decline bureau:flag both:flag",
			// What was offered waits until the draft comes back, or stands.
			"offered while checked": "bureau:publish both:publish bureau:return both:return bureau:flag both:flag",
		}
		do := func(id store.ID, what string) error {
			who, step, _ := strings.Cut(what, ":")
			if who == "pack" {
				return bringAnew(h, id)
			}
			act := ItemAct{Step: ItemStep(strings.TrimSuffix(step, "+"))}
			if strings.HasSuffix(step, "+") {
				act.FromDay = "2026-12-01"
			}
			return h.itemStepAs(staff[who], id, act)
		}
		for state, way := range path {
			var id store.ID // in the state; a step that was done needs another
			for who := range staff {
				for step := range itemRules {
					if id == 0 {
						id = freshItem(t, h)
						for _, w := range way {
							if err := do(id, w); err != nil {
								t.Fatalf("%s: %s: %v", state, w, err)
							}
						}
					}
					want := slices.Contains(strings.Fields(may[state]), who+":"+string(step))
					err := do(id, who+":"+string(step))
					if (err == nil) != want {
						t.Errorf("%s: %s by %s: %v, may %v", state, step, who, err, want)
					}
					if err == nil {
						id = 0
					}
				}
			}
		}
	})
}

// bringAnew lets the source of a fresh item bring it with another text.
func bringAnew(h *caseHouse, id store.ID) error {
	return h.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		key, err := store.Get[string](ctx, tx, `SELECT key FROM service_item WHERE id = ?`, int64(id))
		if err != nil {
			return err
		}
		e := ItemElements{Name: "试验事项", Type: "20", Department: "区民政局", Conditions: "年满二十周岁。"}
		_, err = h.landItems(ctx, tx, &ItemProfile{Name: "test", Source: "test", State: ItemPublished}, "", 0, []importing{{key: key, elements: e, score: 100}})
		return err
	})
}

// freshItem is a published item of civil affairs.
func freshItem(t testing.TB, h *caseHouse) store.ID {
	t.Helper()
	var id store.ID
	e := ItemElements{Name: "试验事项", Type: "20", Department: "区民政局", Conditions: "年满十八周岁。"}
	err := h.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		p := &ItemProfile{Name: "test", Source: "test", State: ItemPublished}
		key := tx.NewID().String()
		if _, err := h.landItems(ctx, tx, p, "", 0, []importing{{key: key, elements: e, score: 100}}); err != nil {
			return err
		}
		var err error
		id, err = store.Get[store.ID](ctx, tx, `SELECT id FROM service_item WHERE key = ?`, key)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// The whole way: citizens see the published text until the day comes, a version is never
// changed, a conflict is told, three people are needed.
func TestItemLife(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		staff := itemStaff(t, h)
		id := h.itemID(t, "elder-allowance")
		before, err := h.Item(ctx, id, 0)
		if err != nil || before.Version != 1 {
			t.Fatalf("%+v (%v)", before, err)
		}
		e := before.Elements
		e.Conditions = "年满八十周岁，有本市户籍。"
		_, seq, _, _ := standingOf(ctx, h.Store, id)
		if err := h.ActOnItem(ctx, staff["editor"], id, ItemAct{Step: ItemWrite, Seq: seq, Elements: &e}); err != nil {
			t.Fatal(err)
		}
		if err := h.ActOnItem(ctx, staff["checker"], id, ItemAct{Step: ItemWrite, Seq: seq, Elements: &e}); !errors.Is(err, ErrItemMoved) {
			t.Errorf("the second of two: %v", err)
		}
		must := func(who string, act ItemAct, want error) {
			t.Helper()
			if err := h.itemStepAs(staff[who], id, act); !errors.Is(err, want) {
				t.Errorf("%s by %s: %v, want %v", act.Step, who, err, want)
			}
		}
		if x, _ := h.Item(ctx, id, 0); x.Elements.Conditions != before.Elements.Conditions || x.Version != 1 {
			t.Errorf("a draft is seen: %+v", x)
		}
		must("editor", ItemAct{Step: ItemSubmit}, nil)
		must("editor", ItemAct{Step: ItemCheck}, ErrItemPerson)
		must("checker", ItemAct{Step: ItemReturn, Reason: "写明户籍 13800138000"}, nil)
		life, err := h.ItemLife(ctx, staff["editor"], id)
		if err != nil || life.Draft == nil || life.Draft.State != ItemDraft || !strings.HasPrefix(life.Draft.Returned, "写明户籍") || strings.Contains(life.Draft.Returned, "13800138000") {
			t.Fatalf("returned: %+v (%v)", life.Draft, err)
		}
		if len(life.Changes) != 1 || life.Changes[0].Element != "conditions" || life.Changes[0].After != e.Conditions {
			t.Errorf("the difference: %+v", life.Changes)
		}
		must("editor", ItemAct{Step: ItemSubmit}, nil)
		must("checker", ItemAct{Step: ItemCheck}, nil)
		must("bureau", ItemAct{Step: ItemPublish, FromDay: "2026-08-31"}, wrongElementLike)
		must("bureau", ItemAct{Step: ItemPublish, FromDay: "2026-09-03"}, nil)
		if n, err := h.TakeEffect(ctx); n != 0 || err != nil {
			t.Errorf("before its day: %d (%v)", n, err)
		}
		if x, _ := h.Item(ctx, id, 0); x.Version != 1 {
			t.Errorf("before its day: version %d", x.Version)
		}
		h.at(t, "2026-09-03 00:01")
		if n, err := h.TakeEffect(ctx); n != 1 || err != nil {
			t.Errorf("on its day: %d (%v)", n, err)
		}
		x, err := h.Item(ctx, id, 0)
		if err != nil || x.Version != 2 || x.Elements.Conditions != e.Conditions || x.FromDay != "2026-09-03" {
			t.Errorf("on its day: %+v (%v)", x, err)
		}
		if x, _ := h.Item(ctx, id, 1); x.Hash != before.Hash || x.Elements.Conditions != before.Elements.Conditions {
			t.Errorf("the first version was changed: %+v", x)
		}
		if found, _ := h.Items(ctx, ItemFilter{Words: "高龄津贴", Limit: 5}); len(found) == 0 || found[0].Version != 2 {
			t.Errorf("the list: %+v", found)
		}
		// What the pack brings again does not undo what was published here.
		files := h.packFiles(t)
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return h.Load(ctx, tx, files) }); err != nil {
			t.Fatal(err)
		}
		if x, _ := h.Item(ctx, id, 0); x.Version != 2 {
			t.Errorf("the pack was loaded over it: version %d", x.Version)
		}
		// What the pack says anew becomes a draft.
		raw, _ := files.Open("services/items.csv")
		var b bytes.Buffer
		_, _ = b.ReadFrom(raw)
		changed := fstest.MapFS{"services/items.csv": {Data: bytes.Replace(b.Bytes(), []byte("未重复享受。"), []byte("没有重复享受。"), 1)}}
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return h.Load(ctx, tx, changed) }); err != nil {
			t.Fatal(err)
		}
		if st, _, _, _ := standingOf(ctx, h.Store, id); st.Version != 2 || st.Draft == nil || !strings.Contains(st.Draft.Elements.Conditions, "没有重复享受") {
			t.Errorf("what the pack says anew: %+v", st)
		}
		must("editor", ItemAct{Step: ItemDiscard}, nil)
		must("bureau", ItemAct{Step: ItemRetire, Reason: "政策调整"}, nil)
		if found, _ := h.Items(ctx, ItemFilter{Words: "高龄津贴", Limit: 5}); len(found) != 0 {
			t.Errorf("a retired item is listed: %+v", found)
		}
		if wrong, err := h.CheckItem(ctx, id); err != nil || len(wrong) > 0 {
			t.Errorf("%v (%v)", wrong, err)
		}
		feed, err := h.OpenChanges(ctx, "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, c := range feed.Changes {
			if c.Item == id {
				said = append(said, fmt.Sprint(c.Change, c.Version))
			}
		}
		if !slices.Equal(said, []string{"published1", "changed2", "retired2"}) {
			t.Errorf("the feed: %v", said)
		}
		if more, err := h.OpenChanges(ctx, feed.Cursor, 10); err != nil || len(more.Changes) != 0 || more.Cursor != feed.Cursor {
			t.Errorf("after the end: %+v (%v)", more, err)
		}
		for _, bad := range []string{"x", "1", "1-", "-1-2", "1-x"} {
			if _, err := h.OpenChanges(ctx, bad, 10); err == nil {
				t.Errorf("cursor %q is taken", bad)
			}
		}
		var out bytes.Buffer
		if err := h.WriteOpenItems(ctx, &out); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		for _, l := range lines {
			var o OpenItem
			if err := json.Unmarshal([]byte(l), &o); err != nil || o.ID == id || o.Elements.Handling != nil {
				t.Errorf("the open list: %s (%v)", l, err)
			}
		}
		if len(lines) != 32 {
			t.Errorf("%d open items", len(lines))
		}
	})
}

// wrongElementLike matches any fault of elements in TestItemLife.
var wrongElementLike = elementFaultAny{}

type elementFaultAny struct{}

func (elementFaultAny) Error() string { return "any" }

func (f elementFault) Is(target error) bool { _, ok := target.(elementFaultAny); return ok }

// Sixteen at once: one does the step, the others are told that it was done.
func TestItemAtOnce(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		staff := itemStaff(t, h)
		id := freshItem(t, h)
		x, _ := h.Item(ctx, id, 0)
		e := x.Elements
		e.Phone = "0755-12345"
		_, seq, _, _ := standingOf(ctx, h.Store, id)
		var wg sync.WaitGroup
		errs := make([]error, 16)
		for i := range errs {
			wg.Go(func() {
				errs[i] = h.ActOnItem(ctx, staff["editor"], id, ItemAct{Step: ItemWrite, Seq: seq, Elements: &e})
			})
		}
		wg.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
			} else if !errors.Is(err, ErrItemMoved) {
				t.Error(err)
			}
		}
		if done != 1 {
			t.Errorf("%d did it", done)
		}
	})
}

// Whatever is done with an item, its caches are what its events make, and no version is
// changed.
func TestItemCaches(t *testing.T) {
	h := newCaseHouse(t)
	staff := itemStaff(t, h)
	ctx := context.Background()
	who := []string{"editor", "checker", "bureau", "both", "other"}
	rapid.Check(t, func(rt *rapid.T) {
		id := freshItem(t, h)
		hashes := map[int]string{}
		for range rapid.IntRange(1, 14).Draw(rt, "steps") {
			if rapid.IntRange(0, 5).Draw(rt, "source") == 0 {
				if err := bringAnew(h, id); err != nil {
					rt.Fatal(err)
				}
				continue
			}
			act := ItemAct{Step: rapid.SampledFrom([]ItemStep{ItemWrite, ItemSubmit, ItemCheck, ItemReturn, ItemPublish, ItemDiscard, ItemRetire, ItemFlagged, ItemDecline}).Draw(rt, "step")}
			_ = h.itemStepAs(staff[rapid.SampledFrom(who).Draw(rt, "who")], id, act)
			if wrong, err := h.CheckItem(ctx, id); err != nil || len(wrong) > 0 {
				rt.Fatalf("%v (%v)", wrong, err)
			}
			x, err := h.Item(ctx, id, 0)
			if err != nil {
				rt.Fatal(err)
			}
			for v := 1; v <= x.Version; v++ {
				y, err := h.Item(ctx, id, v)
				if err != nil || hashes[v] != "" && hashes[v] != y.Elements.hash() {
					rt.Fatalf("version %d was changed (%v)", v, err)
				}
				hashes[v] = y.Elements.hash()
			}
		}
	})
}

// A case runs under the version under which it was begun.
func TestItemVersionsOfCases(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		staff := itemStaff(t, h)
		id := h.itemID(t, "temporary-relief")
		a, err := h.pinned(pinnedItem(id, 1))
		if err != nil {
			t.Fatal(err)
		}
		e := *a
		e.Name = "临时救助（新）"
		if err := h.itemStepAs(staff["editor"], id, ItemAct{Step: ItemWrite, Elements: &e}); err != nil {
			t.Fatal(err)
		}
		for _, s := range []struct{ who, step string }{{"editor", "submit"}, {"checker", "check"}, {"bureau", "publish"}} {
			if err := h.itemStepAs(staff[s.who], id, ItemAct{Step: ItemStep(s.step)}); err != nil {
				t.Fatal(err)
			}
		}
		if b, err := h.pinned(pinnedItem(id, 1)); err != nil || b.Name != a.Name {
			t.Errorf("%+v (%v)", b, err)
		}
		if b, err := h.pinned(pinnedItem(id, 2)); err != nil || b.Name != e.Name {
			t.Errorf("%+v (%v)", b, err)
		}
	})
}

// What cannot be kept is refused with the element that is wrong.
func TestItemElementsRefused(t *testing.T) {
	minus, many := -1, 100
	good := ItemElements{Name: "某事项", Department: "区民政局"}
	if err := good.valid(); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(e *ItemElements){
		"name": func(e *ItemElements) { e.Name = " " }, "type": func(e *ItemElements) { e.Type = "99" }, "code": func(e *ItemElements) { e.Code = "12441500196720245T3442199806003" }, "basic": func(e *ItemElements) { e.Basic = "1" },
		"legal": func(e *ItemElements) { e.Legal = &ItemDays{-1, "working"} }, "promised": func(e *ItemElements) { e.Promised = &ItemDays{1, "weeks"} }, "visits": func(e *ItemElements) { e.Visits = &minus },
		"url": func(e *ItemElements) { e.URL = "javascript:alert(1)" }, "laws": func(e *ItemElements) { e.Laws = []ItemLaw{{}} }, "papers": func(e *ItemElements) { e.Papers = []*ItemMaterial{{ID: "x"}} },
		"elements": func(e *ItemElements) { e.Conditions = strings.Repeat("长", 1<<20) },
	} {
		e := good
		spoil(&e)
		var f elementFault
		if err := e.valid(); !errors.As(err, &f) || f[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	e := good
	e.Visits = &many
	if e.valid() == nil {
		t.Error("a hundred visits")
	}
}
