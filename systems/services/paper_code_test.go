package services

import (
	"context"
	"errors"
	"strings"
	"testing"

	"shanzhi/core/caseflow"
	"shanzhi/core/store"
)

// A receipt leads to the one rating and can be verified; what grants leads to its licence;
// nobody opens another's by guessing; a house without an address draws no codes.
func TestCodesOnPapers(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		li := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		id := h.open(t, li, "layout", "rules")
		m, err := caseflow.Get(ctx, h.Store, id)
		if err != nil {
			t.Fatal(err)
		}
		due, err := store.Get[duePaper](ctx, h.Store, `SELECT id, matter, seq, kind, no, at, data FROM service_document WHERE matter = ? AND kind = 'receipt'`, int64(id))
		if err != nil {
			t.Fatal(err)
		}
		if codes, err := h.paperCodes(ctx, m, due); err != nil || codes != nil {
			t.Fatalf("%v %v", codes, err)
		}
		h.Notices.Address = "https://zwfw.example.cn"
		codes, err := h.paperCodes(ctx, m, due)
		if err != nil || len(codes) != 2 || codes[1].Text != "https://zwfw.example.cn/rate/"+h.RatingLink(ratingCase, id)+"?via=qr" {
			t.Fatalf("%v %v", codes, err)
		}
		if err := h.MakeDuePapers(ctx); err != nil {
			t.Fatal(err)
		}
		token, ok := strings.CutPrefix(codes[0].Text, "https://zwfw.example.cn/paper/")
		if !ok {
			t.Fatal(codes[0].Text)
		}
		c, err := h.CheckPaper(ctx, token)
		if err != nil || c.No != due.No || c.Title != "收件凭证" || len(c.SHA256) != 64 {
			t.Fatalf("%+v %v", c, err)
		}
		for _, forged := range []string{"", token + "x", due.ID.String(), h.paperToken(due.ID + 1), h.ratingToken(due.ID)} {
			if _, err := h.CheckPaper(ctx, forged); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%q opens a paper: %v", forged, err)
			}
		}
		due.Kind = "grant"
		if codes, err = h.paperCodes(ctx, m, due); err != nil || len(codes) != 1 {
			t.Fatalf("a grant without a licence: %v %v", codes, err)
		}
	})
}
