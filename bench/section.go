package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// SectionResult is what was measured of the district's section; times are in milliseconds.
type SectionResult struct {
	Rate   int     `json:"visits_per_second"`
	Visits int     `json:"visits"`
	ReadP  Percent `json:"read_ms"`  // the section asked for, until it is there
	VisitP Percent `json:"visit_ms"` // a visit told, until it is written
	LeaveP Percent `json:"leave_ms"` // left by a resource
}

// Section visits the section as many people do: each reads it, is counted, and leaves by
// one of the resources that it shows. One address may visit 100 times a second.
func Section(ctx context.Context, url string, rate, visits int) (SectionResult, error) {
	out := SectionResult{Rate: rate, Visits: visits}
	c := newClient(url)
	var read, visit, leave latencies
	var wait sync.WaitGroup
	var mu sync.Mutex
	var failed error
	timed := func(l *latencies, do func() error) bool {
		began := time.Now()
		err := do()
		l.add(time.Since(began))
		mu.Lock()
		defer mu.Unlock()
		failed = errors.Join(failed, err)
		return err == nil
	}
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	run := time.Now().UnixNano()
	for i := range visits {
		select {
		case <-ctx.Done():
			return out, ctx.Err()
		case <-tick.C:
		}
		wait.Go(func() {
			var section struct {
				Boards []struct {
					Resources []struct{ Code string }
				}
			}
			device := fmt.Sprintf("bench-%d-%d", run, i)
			tell := func(resource string) func() error {
				return func() error {
					return c.call(ctx, http.MethodPost, "/api/portal/visits", map[string]string{"device": device, "resource": resource}, nil)
				}
			}
			if !timed(&read, func() error { return c.call(ctx, http.MethodGet, "/api/portal", nil, &section) }) || !timed(&visit, tell("")) {
				return
			}
			if len(section.Boards) == 0 || i%2 == 0 { // the limit counts both kinds of a visit
				return
			}
			if b := section.Boards[i%len(section.Boards)].Resources; len(b) > 0 {
				timed(&leave, tell(b[i%len(b)].Code))
			}
		})
	}
	wait.Wait()
	out.ReadP, out.VisitP, out.LeaveP = percents(&read), percents(&visit), percents(&leave)
	return out, failed
}
