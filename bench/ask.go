package bench

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// AskOptions say how asking is measured over HTTP.
type AskOptions struct {
	URL             string
	Users           int
	Login, Password string // "": as strangers
	Questions       []string
}

// AskResult is how fast questions were answered.
type AskResult struct {
	Questions int     `json:"questions"`
	Known     int64   `json:"known"`
	Users     int     `json:"users"`
	P50       float64 `json:"p50_ms"`
	P95       float64 `json:"p95_ms"`
	Max       float64 `json:"max_ms"`
	Errors    int64   `json:"errors"`
}

// Ask puts each question once, by so many users at a time.
func Ask(ctx context.Context, o AskOptions) (AskResult, error) {
	c := newClient(o.URL)
	if o.Login != "" {
		if err := c.signIn(ctx, o.Login, o.Password); err != nil {
			return AskResult{}, err
		}
	}
	var took latencies
	var known, errs atomic.Int64
	next := make(chan string)
	var users sync.WaitGroup
	for range o.Users {
		users.Go(func() {
			for q := range next {
				var said struct{ Known bool }
				began := time.Now()
				if err := c.call(ctx, http.MethodPost, "/api/ask", map[string]string{"question": q}, &said); err != nil {
					errs.Add(1)
					continue
				}
				took.add(time.Since(began))
				if said.Known {
					known.Add(1)
				}
			}
		})
	}
	for _, q := range o.Questions {
		next <- q
	}
	close(next)
	users.Wait()
	return AskResult{len(o.Questions), known.Load(), o.Users, took.percentile(0.5), took.percentile(0.95), took.percentile(1), errs.Load()}, ctx.Err()
}
