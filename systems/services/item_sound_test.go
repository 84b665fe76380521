package services

import (
	"context"
	"encoding/json"
	"testing"

	"shanzhi/core/store"
	"shanzhi/core/text"
)

// A house whose items were written before they were found by their sound finds them after.
func TestItemsOfAnOldHouseAreFoundByTheirSound(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		all, err := store.Select[struct {
			ID       store.ID
			Elements string
		}](ctx, h.Store, `SELECT i.id, v.elements FROM service_item i JOIN service_item_version v ON v.item = i.id AND v.version = i.version`)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			for _, x := range all {
				e := ItemElements{}
				if err := json.Unmarshal([]byte(x.Elements), &e); err != nil {
					return err
				}
				if err := itemSearch.Put(ctx, tx, x.ID, e.Name); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		find := func() int {
			t.Helper()
			found, err := h.Items(ctx, ItemFilter{Words: "jiehundj", Limit: 5})
			if err != nil {
				t.Fatal(err)
			}
			more, err := h.Items(ctx, ItemFilter{Words: "jhdj", Limit: 5})
			if err != nil {
				t.Fatal(err)
			}
			return len(found) + len(more)
		}
		if find() != 0 {
			t.Fatal("the house of the test is not old")
		}
		for range 2 { // the second time nothing is to be done
			if err := h.soundItems(ctx); err != nil {
				t.Fatal(err)
			}
			if find() == 0 {
				t.Error("an item is not found by its sound")
			}
		}
		if text.Pinyin("Apply") != "" {
			t.Error("Latin words have a sound")
		}
	})
}
