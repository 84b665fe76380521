package portal

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"shanzhi/core/store"
)

// ProbeResult is how the newest probe of a resource went.
type ProbeResult struct {
	At     store.Time `json:"at"`
	OK     bool       `json:"ok"`
	Said   string     `json:"said" doc:"The status, or what went wrong"`
	MS     int        `json:"ms"`
	Failed int        `json:"failed" doc:"In a row"`
	Since  store.Time `json:"since" doc:"Of being hidden or shown"`
}

// A resource is hidden after so many probes in a row that failed, and shown again after
// so many that passed: one hiccup hides nothing, one lucky answer shows nothing.
const (
	hideAfter  = 3
	showAfter  = 2
	probeEvery = 5 * time.Minute
	probeTime  = 8 * time.Second
)

// seen is what a resource's probes come to.
type seen struct {
	failed, passed int // in a row
	hidden         bool
}

// after is what they come to with one more.
func (x seen) after(ok bool) seen {
	if ok {
		x.passed, x.failed = x.passed+1, 0
		x.hidden = x.hidden && x.passed < showAfter
		return x
	}
	x.failed, x.passed = x.failed+1, 0
	x.hidden = x.hidden || x.failed >= hideAfter
	return x
}

// probeClient asks as a browser would: it follows redirects, a few.
var probeClient = &http.Client{Timeout: probeTime, CheckRedirect: func(_ *http.Request, via []*http.Request) error {
	if len(via) > 4 {
		return fmt.Errorf("too many redirects")
	}
	return nil
}}

// ask looks whether an address answers: anything below 400, or a page that asks to be
// signed in.
func ask(ctx context.Context, url string) (ok bool, said string, took time.Duration) {
	began := time.Now()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false, err.Error(), 0
	}
	req.Header.Set("User-Agent", "shanzhi-probe")
	res, err := probeClient.Do(req)
	took = time.Since(began)
	if err != nil {
		return false, "no answer", took
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
	return res.StatusCode < 400 || res.StatusCode == 401 || res.StatusCode == 403, res.Status, took
}

// ProbeAll looks at every resource that is to be looked at, a few at a time.
func (s *Service) ProbeAll(ctx context.Context) error {
	list, err := s.Resources(ctx)
	if err != nil {
		return err
	}
	room := make(chan struct{}, 8)
	var wait sync.WaitGroup
	for _, r := range list {
		if r.Probe == "" || r.State != ResourceShown {
			continue
		}
		room <- struct{}{}
		wait.Add(1)
		go func() {
			defer func() { <-room; wait.Done() }()
			ok, said, took := ask(ctx, r.Probe)
			if ctx.Err() != nil {
				return
			}
			if err := s.keepProbe(ctx, r.Code, ok, said, took); err != nil {
				s.Log.Error("a probe could not be kept", "resource", r.Code, "error", err)
			}
		}()
	}
	wait.Wait()
	return ctx.Err()
}

func (s *Service) keepProbe(ctx context.Context, code string, ok bool, said string, took time.Duration) error {
	now := store.At(s.Store.Now())
	day := now.In(s.zone()).Format(time.DateOnly)
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := store.Select[struct {
			Failed, Passed int
			Hidden         bool
			Since          store.Time
		}](ctx, tx, `SELECT failed, passed, hidden, since FROM portal_probe WHERE code = ?`, code)
		if err != nil {
			return err
		}
		was, since := seen{}, now
		if len(row) > 0 {
			was, since = seen{row[0].Failed, row[0].Passed, row[0].Hidden}, row[0].Since
		}
		is := was.after(ok)
		if is.hidden != was.hidden {
			since = now
			if err := s.Bus.Emit(ctx, tx, now.Time, "portal.resource_"+map[bool]string{true: "hidden", false: "back"}[is.hidden], code, map[string]any{"said": said}); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `INSERT INTO portal_probe (code, at, ok, said, ms, failed, passed, hidden, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT (code) DO UPDATE SET at = excluded.at, ok = excluded.ok, said = excluded.said, ms = excluded.ms, failed = excluded.failed, passed = excluded.passed, hidden = excluded.hidden, since = excluded.since`,
			code, now, ok, said, took.Milliseconds(), is.failed, is.passed, is.hidden, since); err != nil {
			return err
		}
		passed := 0
		if ok {
			passed = 1
		}
		_, err = tx.Exec(ctx, `INSERT INTO portal_probe_day (code, day, tries, passed, ms) VALUES (?, ?, 1, ?, ?) ON CONFLICT (code, day) DO UPDATE SET tries = portal_probe_day.tries + 1, passed = portal_probe_day.passed + excluded.passed, ms = portal_probe_day.ms + excluded.ms`, code, day, passed, took.Milliseconds())
		return err
	})
}

// probe looks at all resources every five minutes until ctx ends.
func (s *Service) probe(ctx context.Context) {
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for {
		if err := s.ProbeAll(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("the resources could not be probed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
