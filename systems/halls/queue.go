package halls

import (
	"cmp"
	"slices"
	"time"
)

// Waiting is somebody in a queue, as the rule of who is next sees them.
type Waiting struct {
	ID        int64
	Kind      string
	Target    string // one window alone; "" any
	Channel   Channel
	Class     string
	Order     time.Time // when they came, or as if they had come then
	Overtaken int       // how many who came later were called before them
}

// order compares who goes first. Each class is placed as if it had come so much
// earlier; who was overtaken as often as the rules allow goes before all others, in
// the order of coming. So nobody is overtaken more often than that, however many
// come with priority.
func (r *QueueRules) order(a, b Waiting) int {
	due := func(w Waiting) int {
		if w.Overtaken >= r.OvertakenAtMost {
			return 0
		}
		return 1
	}
	key := func(w Waiting) time.Time {
		if due(w) == 0 {
			return w.Order
		}
		return w.Order.Add(-r.ahead(w.Class))
	}
	return cmp.Or(cmp.Compare(due(a), due(b)), key(a).Compare(key(b)), cmp.Compare(a.ID, b.ID))
}

// serves says whether a window with these channels may call somebody.
func (w *HallWindow) serves(x Waiting, channels []Channel, skills []string) bool {
	return w.kind(x.Kind) && (skills == nil || slices.Contains(skills, x.Kind)) && (x.Target == "" || x.Target == w.Code) && slices.Contains(channels, x.Channel)
}

// next is who a window calls, by their place among the waiting; -1 is nobody.
func (r *QueueRules) next(waiting []Waiting, w *HallWindow, channels []Channel, skills []string) int {
	best := -1
	for i, x := range waiting {
		if w.serves(x, channels, skills) && (best < 0 || r.order(x, waiting[best]) < 0) {
			best = i
		}
	}
	return best
}

// calledOne is a call of today: who was called, by which window, when.
type calledOne struct {
	Order, At time.Time
	Window    string
}

// overtake counts for each waiting how many who came later were called before them by
// windows that serve them.
func overtake(waiting []Waiting, since []time.Time, calls []calledOne, h *Hall) {
	for i := range waiting {
		x := &waiting[i]
		for _, c := range calls {
			w := h.window(c.Window)
			if w != nil && w.kind(x.Kind) && (x.Target == "" || x.Target == w.Code) && c.Order.After(x.Order) && c.At.After(since[i]) {
				x.Overtaken++
			}
		}
	}
}
