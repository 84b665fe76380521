package services

import (
	"context"
	"testing"

	"shanzhi/core/store"
)

// A week counts each case once by its mode, ranks, and opens to its rows.
func TestCitywideWeek(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.at(t, "2026-08-28 09:00") // Friday of the week before
		h.collected(t)
		h.at(t, "2026-08-31 09:00") // Monday
		one := h.collected(t)
		h.at(t, "2026-09-06 23:00") // Sunday
		h.collected(t)
		h.open(t, h.citizen(t, "李记", "13800138000", "11010519491231002X"), "layout", "rules") // no 通办: it does not count
		h.at(t, "2026-09-07 00:30")                                                           // the next week
		h.collected(t)
		w, err := h.CitywideWeek(ctx, "2026-09-03", "hall")
		if err != nil || w.Week != "2026-08-31" || w.To != "2026-09-06" || w.Total.Count != 2 || w.Total.Last != 1 || len(w.Lines) != 1 || w.Lines[0].Key != "st-xixiang" || w.Lines[0].Rank != 1 {
			t.Fatalf("%+v %v", w, err)
		}
		h.at(t, "2026-09-08 09:00")
		h.tick(t)
		if w, err = h.CitywideWeek(ctx, "2026-09-03", "mode"); err != nil || w.Lines[0].Key != "collect" || w.Lines[0].Timed != 1 || w.Lines[0].InTime != 0 {
			t.Errorf("%+v %v", w, err)
		}
		rows, err := h.CitywideWeekRows(ctx, "2026-09-03", "hall", "st-xixiang")
		if err != nil || len(rows) != 2 || rows[0].Case != one || rows[0].Transit != "missed" {
			t.Errorf("%+v %v", rows, err)
		}
		if _, err := h.CitywideWeek(ctx, "today", ""); problemOf(err) != "invalid" {
			t.Errorf("%v", err)
		}
		if w, err = h.CitywideWeek(ctx, "2026-09-03", "region"); err != nil || len(w.Lines) != 0 {
			t.Errorf("of no region: %+v %v", w, err)
		}
	})
}

// Equal volumes share a rank, and the next is as many lower.
func TestRanksShare(t *testing.T) {
	row := func(hall string) WeekRow { return WeekRow{Case: store.ID(1), Hall: hall} }
	lines, total := rankWeek([]WeekRow{row("a"), row("a"), row("b"), row("b"), row("c")}, []WeekRow{row("c"), row("d")}, "hall")
	want := []WeekLine{{Key: "a", Count: 2, Rank: 1}, {Key: "b", Count: 2, Rank: 1}, {Key: "c", Count: 1, Last: 1, Rank: 3, LastRank: 1}, {Key: "d", Last: 1, LastRank: 1}}
	for i, l := range lines {
		l.Name = nil
		if l.Key != want[i].Key || l.Count != want[i].Count || l.Rank != want[i].Rank || l.LastRank != want[i].LastRank || l.Last != want[i].Last {
			t.Errorf("%+v, want %+v", l, want[i])
		}
	}
	if total.Count != 5 || total.Last != 2 {
		t.Errorf("total %+v", total)
	}
}
