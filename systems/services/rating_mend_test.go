package services

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/store"
)

// Each clause goes to what most of it names; a comment may name several things, or none.
func TestMendsOfAComment(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		rules := h.ratings.Load()
		for said, want := range map[string][]string{
			"要重复提交材料": {"material"}, "等的时间太长": {"time"}, "办事指南写得看不懂": {"guide"}, "系统上传图片总是卡住": {"form"}, "窗口工作人员态度差": {"window"}, "不知道收什么费": {"fee"},
			"等了三周，窗口态度也不好": {"time", "window"}, "材料太多。还要复印": {"material"}, "不满意": {mendOther}, "": {mendOther},
		} {
			if got := rules.mends(said); !slices.Equal(got, want) {
				t.Errorf("%q: %v, not %v", said, got, want)
			}
		}
	})
}

// Comments stand by element and version of the item; whoever edits it sees no more than
// what names nobody; a newer version closes them, and what comes after it says how often
// it was before.
func TestMendsCloseWithTheNextVersion(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		boss := h.clerkOf(t)
		item := h.item(t, "food-licence")
		x, err := h.Item(ctx, item, 0)
		if err != nil {
			t.Fatal(err)
		}
		unit, _ := h.unitOf(x.Elements.Department)
		login, far := "mender", "elsewhere"
		editor := h.account(t, account.Account{Kind: account.Staff, Login: &login, Name: "事项管理员", Unit: unit}, "item_editor")
		other := h.account(t, account.Account{Kind: account.Staff, Login: &far, Name: "别家", Unit: "dp-gongan"}, "item_editor")
		said := func(version, grade int, comment string) store.ID {
			t.Helper()
			var id store.ID
			if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				id = tx.NewID()
				now := store.At(h.clock())
				_, err := tx.Exec(ctx, `INSERT INTO service_rating (id, kind, object, n, person, unit, item, title, hall, place, rateable_at, due_at, state, grade, answers, comment, form, form_v, channel, rated_at, excluded) VALUES (?, 'case', ?, 1, ?, ?, ?, ?, '', '', ?, ?, 'rated', ?, '{}', ?, 'online', 1, 'app', ?, '')`,
					id, id, tx.NewID(), unit, fmt.Sprintf("%s.%d", item, version), x.Elements.Name, now, now, grade, comment, now)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			h.pass(time.Minute)
			return id
		}
		v := x.Version
		for i, c := range []string{"要提交的材料太多", "材料太多了", "材料重复提交", "提交的材料太多太杂"} {
			said(v, 1+i%3, c)
		}
		said(v, 5, "材料少，很快")
		said(v, 3, "还可以")
		wrong := said(v, 2, "窗口电话没人接")
		find := func(who account.Actor, element string) (open, closed *RatingMend) {
			t.Helper()
			b, err := h.Mends(ctx, who)
			if err != nil {
				t.Fatal(err)
			}
			for i := range b.Open {
				if b.Open[i].Element == element {
					open = &b.Open[i]
				}
			}
			for i := range b.Closed {
				if b.Closed[i].Element == element {
					closed = &b.Closed[i]
				}
			}
			return open, closed
		}
		g, _ := find(boss, "material")
		if g == nil || g.N != 4 || g.Bad != 3 || g.Version != v || g.Item != item || len(g.Quotes) != 4 || g.Closed || g.Quotes[0].Rating == 0 {
			t.Fatalf("%+v", g)
		}
		if g, _ := find(editor, "material"); g == nil || !g.Hidden || len(g.Quotes)+len(g.Phrases) != 0 || !g.Edit || g.N != 4 {
			t.Fatalf("four name somebody: %+v", g)
		}
		said(v, 2, "材料太多")
		if g, _ := find(editor, "material"); g == nil || g.Hidden || len(g.Quotes) != 5 || g.Quotes[0].Rating != 0 {
			t.Fatalf("%+v", g)
		}
		if g, _ := find(other, "material"); g != nil {
			t.Fatalf("another department reads it: %+v", g)
		}
		if a, _ := find(boss, mendOther); a != nil {
			t.Fatalf("who is content and names nothing: %+v", a)
		}
		// What a comment is about can be said anew; nothing is about nothing.
		if err := h.SortMend(ctx, boss, wrong, []string{"nonsense"}); err == nil {
			t.Fatal("an element that is none")
		}
		if err := h.SortMend(ctx, boss, wrong, []string{"time"}); err != nil {
			t.Fatal(err)
		}
		if g, _ := find(boss, "time"); g == nil || g.N != 1 || !g.Quotes[0].Sorted {
			t.Fatalf("%+v", g)
		}
		if err := h.SortMend(ctx, boss, wrong, nil); err != nil {
			t.Fatal(err)
		}
		if a, _ := find(boss, "time"); a != nil {
			t.Fatalf("%+v", a)
		}
		if a, _ := find(boss, "window"); a != nil {
			t.Fatalf("%+v", a)
		}
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.Exec(ctx, `INSERT INTO service_item_version (item, version, hash, elements, at, by, origin, from_day) SELECT item, version + 1, 'x', elements, ?, by, origin, from_day FROM service_item_version WHERE item = ? AND version = ?`, store.At(h.clock()), item, v); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `UPDATE service_item SET version = version + 1 WHERE id = ?`, item)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		at := h.clock()
		if open, closed := find(boss, "material"); open != nil || closed == nil || !closed.ClosedAt.Equal(store.At(at).Time) {
			t.Fatalf("%+v %+v", open, closed)
		}
		h.pass(time.Hour)
		said(v, 1, "材料还是太多") // a case that ran on under the version before
		if open, closed := find(boss, "material"); open != nil || closed.N != 6 {
			t.Fatalf("%+v %+v", open, closed)
		}
		said(v+1, 2, "材料没减少，联系我13800138000")
		open, _ := find(boss, "material")
		if open == nil || open.Before != 6 || open.N != 1 {
			t.Fatalf("%+v", open)
		}
	})
}
