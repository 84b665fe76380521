package cim

import (
	"context"
	"errors"
	"strings"
	"testing"

	"shanzhi/core/account"
	"shanzhi/core/store"
)

// A storyboard is its unit's: others play it where it is shared, and never change it.
func TestStoryboards(t *testing.T) {
	onBoth(t, func(t *testing.T, h *cimHouse) {
		ctx := context.Background()
		mine := h.actor(t, readerRole)
		other := account.NewActor(h.dir, account.Account{Kind: account.Staff, ID: h.Store.NewID(), Name: "路人", Unit: "pf-xixiang"}, account.Grant{Role: "handler", Unit: "pf-xixiang"})
		words := StoryboardWords{Title: "内涝会商", Shots: []Shot{{View: "at=113.89,22.56,400,0,-35&layers=buildings,pipes", Caption: "联系 13800138000 的泵站", Seconds: 8}}}
		b, err := h.PutStoryboard(ctx, mine, 0, 0, words)
		if err != nil || b.Version != 1 || strings.Contains(b.Shots[0].Caption, "13800138000") {
			t.Fatalf("%+v %v", b, err)
		}
		list := func(who account.Actor, want int) []Storyboard {
			t.Helper()
			got, err := h.Storyboards(ctx, who)
			if err != nil || len(got) != want {
				t.Fatalf("%d storyboards, want %d: %v", len(got), want, err)
			}
			return got
		}
		if got := list(mine, 1); !got[0].Mine || got[0].Shots[0].Seconds != 8 || strings.Contains(got[0].Shots[0].Caption, "13800138000") {
			t.Errorf("%+v", got)
		}
		list(other, 0)
		if _, err := h.PutStoryboard(ctx, other, b.ID, 1, words); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another unit changed it: %v", err)
		}
		words.Shared = true
		if b, err = h.PutStoryboard(ctx, mine, b.ID, 1, words); err != nil || b.Version != 2 {
			t.Fatalf("%+v %v", b, err)
		}
		if got := list(other, 1); got[0].Mine {
			t.Error("a shared one is everyone's")
		}
		if _, err := h.PutStoryboard(ctx, mine, b.ID, 1, words); codeOf(err) != "conflict" {
			t.Errorf("an old version was taken: %v", err)
		}
		for _, bad := range []string{"layers=buildings", "at=1,2,3,4,5&next=//evil", "at=1;2", "%zz"} {
			w := words
			w.Shots = []Shot{{View: bad, Seconds: 5}}
			if _, err := h.PutStoryboard(ctx, mine, 0, 0, w); codeOf(err) != "storyboard_view" {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if _, err := h.PutStoryboard(ctx, mine, 0, 0, StoryboardWords{Title: "  "}); codeOf(err) != "storyboard_title" {
			t.Errorf("no title: %v", err)
		}
		if err := h.DropStoryboard(ctx, other, b.ID, 2); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another unit dropped it: %v", err)
		}
		if err := h.DropStoryboard(ctx, mine, b.ID, 2); err != nil {
			t.Fatal(err)
		}
		list(mine, 0)
	})
}
