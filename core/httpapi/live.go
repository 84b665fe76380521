package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
)

// Live tells open screens what has changed, each only of what its reader may
// see. One reading of the events serves all screens of a process.
type Live struct {
	mu      sync.Mutex
	readers map[*reader]bool
}

type reader struct {
	scope account.Scope
	out   chan change
	lost  bool
}

// change is what a screen is told: enough to know what to load again.
type change struct {
	Key     string `json:"key"`
	Subject string `json:"subject"`
}

// readerBuffer is how many changes a slow screen may be behind before it is
// told to load everything again.
const readerBuffer = 256

// Run follows the events until ctx ends.
func (l *Live) Run(ctx context.Context, bus *event.Bus) error { return bus.Tail(ctx, l.tell) }

func (l *Live) tell(events []event.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.readers) == 0 {
		return
	}
	for _, e := range events {
		var h caseflow.Happened
		if json.Unmarshal(e.Body, &h) != nil {
			continue
		}
		for r := range l.readers {
			if !h.Concerns(r.scope) {
				continue
			}
			select {
			case r.out <- change{e.Key, e.Subject}:
			default:
				r.lost = true
			}
		}
	}
}

func (l *Live) join(scope account.Scope) (*reader, func()) {
	r := &reader{scope: scope, out: make(chan change, readerBuffer)}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.readers == nil {
		l.readers = map[*reader]bool{}
	}
	l.readers[r] = true
	return r, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.readers, r)
	}
}

func (l *Live) missed(r *reader) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	lost := r.lost
	r.lost = false
	return lost
}

// MountLive adds the stream of changes: server-sent events "change" with what
// changed, "reset" when the screen was too slow and must load again.
func (s *Server) MountLive(l *Live) {
	s.Mux.HandleFunc("GET /api/live", func(w http.ResponseWriter, r *http.Request) {
		who := Actor(r.Context())
		if who.IsStranger() {
			newProblem(http.StatusUnauthorized, "sign_in", nil).write(w, r)
			return
		}
		rd, leave := l.join(who.Scope())
		defer leave()
		Stream(w, r, "change", rd.out, func() bool { return l.missed(rd) })
	})
}

// Stream sends what comes by a channel as server-sent events of a name, until the screen
// goes: "ready" first, and "reset" after one before which it missed some.
func Stream[T any](w http.ResponseWriter, r *http.Request, name string, from <-chan T, missed func() bool) {
	flush := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	fmt.Fprint(w, "retry: 2000\nevent: ready\ndata: {}\n\n")
	_ = flush.Flush()
	beat := time.NewTicker(20 * time.Second)
	defer beat.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-beat.C:
			fmt.Fprint(w, ": beat\n\n")
		case x := <-from:
			raw, _ := json.Marshal(x)
			fmt.Fprintf(w, "event: %s\ndata: %s\n\n", name, raw)
			if missed() {
				fmt.Fprint(w, "event: reset\ndata: {}\n\n")
			}
		}
		if flush.Flush() != nil {
			return
		}
	}
}
