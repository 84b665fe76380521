package halls

import (
	"context"
	"reflect"
	"testing"

	"shanzhi/core/store"
)

// The estimate is measured on a simulated hall: its own error is published, and its band
// holds about eight of ten.
func TestEstimateIsMeasured(t *testing.T) {
	if err := fileModel(); err != nil {
		t.Fatal(err)
	}
	h := openModel(t, "file", "")
	ctx := context.Background()
	n := must[int](t)(h.Simulate(ctx, Simulation{Seed: 1, Days: 8, Live: true, Idle: []string{"startup"}}))
	if n < 1500 {
		t.Fatalf("%d visits", n)
	}
	if again := must[int](t)(h.Simulate(ctx, Simulation{Seed: 1, Days: 8})); again != 0 {
		t.Fatalf("made twice: %d", again)
	}
	for _, hall := range h.book.Load().halls {
		list := must[[]EstimateQuality](t)(h.EstimateQualities(ctx, hall))
		if len(list) == 0 || list[0].Hour != -1 {
			t.Fatalf("%s: %+v", hall.Code, list)
		}
		q := list[0]
		t.Logf("%s: %d waits, mean %.0f s, mean absolute error %.0f s, %.1f%% in the band", hall.Code, q.N, q.Wait, q.MAE, 100*q.Coverage)
		if q.Coverage < 0.68 || q.MAE > max(q.Wait*0.8, 120) {
			t.Errorf("%s: %+v", hall.Code, q)
		}
	}
	// What was simulated is what its events make.
	ids := must[[]store.ID](t)(store.Select[store.ID](ctx, h.Store, `SELECT id FROM hall_ticket ORDER BY id LIMIT 200`))
	for _, id := range ids {
		folded, err := foldTicket(must[[]TicketEvent](t)(ticketEvents(ctx, h.Store, id)))
		if err != nil || !reflect.DeepEqual(folded, must[Ticket](t)(getTicket(ctx, h.Store, id))) {
			t.Fatalf("%s: %v", id, err)
		}
	}
	board := must[HallBoard](t)(h.Board(ctx, h.hallOf("center")))
	waiting := 0
	for _, k := range board.Kinds {
		waiting += k.Waiting
	}
	if waiting == 0 || len(board.Calls) == 0 || !board.Open {
		t.Errorf("the morning is empty: %+v", board)
	}
	halves, days, err := h.Forecast(ctx, h.hallOf("center"), "2026-11-27", -1)
	if err != nil || days == 0 || len(halves) < 10 {
		t.Fatalf("%v %d %v", halves, days, err)
	}
	few, _, _ := h.Forecast(ctx, h.hallOf("center"), "2026-11-27", 2)
	if few[4].Wait <= halves[4].Wait {
		t.Errorf("fewer windows and no longer wait: %+v %+v", few[4], halves[4])
	}
	t.Logf("%+v", halves[:6])
}
