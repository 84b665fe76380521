package halls

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"shanzhi/core/store"
)

// The estimate is measured on a simulated hall: its own error is published, and its band
// holds about eight of ten.
func TestEstimateIsMeasured(t *testing.T) {
	h := openCopy(t, loaded.File)
	ctx := context.Background()
	n := must[int](t)(h.Simulate(ctx, Simulation{Seed: 1, Days: 8, Live: true, Idle: []string{"startup"}}))
	if n < 1500 {
		t.Fatalf("%d visits", n)
	}
	// The simulation has people who did not come, refusals, and a roster with gaps.
	absent := must[NoShows](t)(h.NoShows(ctx, h.hallOf("center")))
	if len(absent.List) != 4 || absent.List[0].Until.IsZero() || !absent.List[1].Until.IsZero() {
		t.Errorf("%+v", absent)
	}
	if list := must[[]HallRefusal](t)(h.Refusals(ctx, h.hallOf("center"), 0, 50)); len(list) != len(simulatedSaid) {
		t.Errorf("%d refusals", len(list))
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

// By hand: two windows of general business, one of social alone; ten minutes each.
func TestForetellByHand(t *testing.T) {
	r := queueRules()
	h := &Hall{Kinds: []HallKind{{Code: "g", Minutes: 10}, {Code: "s", Minutes: 10}}, Windows: []HallWindow{{Code: "1", Kinds: []string{"g"}}, {Code: "2", Kinds: []string{"g", "s"}}, {Code: "3", Kinds: []string{"s"}}}}
	at := func(i int, busy bool) post { return post{&h.Windows[i], []Channel{Counter}, nil, busy} }
	wait := func(n int) (out []Waiting) {
		for i := range n {
			out = append(out, Waiting{ID: int64(i + 1), Kind: "g", Channel: Counter, Order: friday})
		}
		return out
	}
	x := func(kind string) Waiting { return Waiting{Kind: kind, Channel: Counter, Order: friday.Add(1)} }
	for _, c := range []struct {
		what       string
		waiting    []Waiting
		posts      []post
		who        Waiting
		raw, ahead int
	}{
		{"a free window", nil, []post{at(0, false)}, x("g"), 0, 0},
		{"a busy window: half a service", nil, []post{at(0, true)}, x("g"), 300, 0},
		{"two before, one free window", wait(2), []post{at(0, false)}, x("g"), 1200, 2},
		{"two before, two free windows", wait(2), []post{at(0, false), at(1, false)}, x("g"), 600, 2},
		{"a window of their own, whoever waits for others", wait(9), []post{at(0, false), at(2, true)}, x("s"), 300, 0},
	} {
		e := (&measure{}).foretell(h, &r, c.waiting, c.posts, c.who, 9)
		if e == nil || e.Raw != c.raw || e.Ahead != c.ahead || e.Low > e.Seconds || e.Seconds > e.High {
			t.Errorf("%s: %+v, want %d with %d ahead", c.what, e, c.raw, c.ahead)
		}
	}
	if e := (&measure{}).foretell(h, &r, nil, []post{at(0, false)}, x("s"), 9); e != nil {
		t.Errorf("no window serves them: %+v", e)
	}
}

// A past that was cut off again and again is in the end the one that was not: the same
// visits, each once, one roster, the same refusals.
func TestSimulatedPastGoesOn(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		o := Simulation{Seed: 1, Days: 1, Live: true, Idle: []string{"startup"}}
		whole := openCopy(t, loaded.File)
		must[int](t)(whole.Simulate(ctx, o))
		cut := 0
		for wait := 20 * time.Millisecond; ; wait += wait / 3 {
			short, cancel := context.WithTimeout(ctx, wait)
			_, err := h.Simulate(short, o)
			cancel()
			if err == nil {
				break
			}
			if cut++; short.Err() == nil {
				t.Fatal(err)
			}
		}
		if cut < 3 {
			t.Errorf("it was cut off %d times only", cut)
		}
		for what, q := range map[string]string{
			"visits":    `SELECT hall || ' ' || day || ' ' || area || ' ' || no || ' ' || state AS k, count(*) AS n FROM hall_ticket GROUP BY 1 ORDER BY 1`,
			"events":    `SELECT action AS k, count(*) AS n FROM hall_ticket_event GROUP BY 1 ORDER BY 1`,
			"refusals":  `SELECT hall AS k, count(*) AS n FROM hall_refusal GROUP BY 1 ORDER BY 1`,
			"duties":    `SELECT hall || ' ' || window_code AS k, count(*) AS n FROM hall_duty GROUP BY 1 ORDER BY 1`,
			"openings":  `SELECT hall || ' ' || day AS k, count(*) AS n FROM hall_day GROUP BY 1 ORDER BY 1`,
			"sittings":  `SELECT hall || ' ' || window_code AS k, count(*) AS n FROM hall_sitting GROUP BY 1 ORDER BY 1`,
			"numbers":   `SELECT hall || ' ' || area AS k, next AS n FROM hall_number ORDER BY 1`,
			"simulated": `SELECT action AS k, count(*) AS n FROM audit WHERE action = 'halls.simulate' GROUP BY 1`,
		} {
			type row struct {
				K string
				N int
			}
			want, got := must[[]row](t)(store.Select[row](ctx, whole.Store, q)), must[[]row](t)(store.Select[row](ctx, h.Store, q))
			slices.SortFunc(want, func(a, b row) int { return strings.Compare(a.K, b.K) }) // stores sort text otherwise
			slices.SortFunc(got, func(a, b row) int { return strings.Compare(a.K, b.K) })
			if len(want) == 0 || !slices.Equal(want, got) {
				t.Errorf("%s: %d rows, want %d", what, len(got), len(want))
				for i := range min(len(want), len(got)) {
					if want[i] != got[i] {
						t.Errorf("first: %v, want %v", got[i], want[i])
						break
					}
				}
			}
		}
	})
}
