package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// QueueOptions says what to press at a hall. The clerks may manage the hall, too.
type QueueOptions struct {
	URL, Password string
	Hall, Kind    string
	Clerks        []string // logins, one a window
	Windows       []string // their windows
	Tickets       int
	Boards        int // screens that listen
}

// QueueResult is what was measured; times are in milliseconds.
type QueueResult struct {
	Tickets int     `json:"tickets"`
	Boards  int     `json:"boards"`
	IssueP  Percent `json:"issue_ms"`   // a number asked for, until it is given
	CallP   Percent `json:"call_ms"`    // call next asked for, until it is answered
	ShownP  Percent `json:"display_ms"` // call next asked for, until a board has been told
}

// Percent are percentiles in milliseconds.
type Percent struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
}

func percents(l *latencies) Percent {
	return Percent{l.percentile(0.5), l.percentile(0.95), l.percentile(0.99)}
}

// Queue gives numbers, calls each at a window, and measures when the boards have heard.
func Queue(ctx context.Context, o QueueOptions) (QueueResult, error) {
	out := QueueResult{Tickets: o.Tickets, Boards: o.Boards}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	clerks := make([]*client, len(o.Clerks))
	for i, login := range o.Clerks {
		clerks[i] = newClient(o.URL)
		if err := clerks[i].signIn(ctx, login, o.Password); err != nil {
			return out, err
		}
	}
	hall := "/api/halls/" + o.Hall
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return out, err
	}
	day := map[string]any{"day": time.Now().In(zone).Format(time.DateOnly), "opens": "00:00", "closes": "24:00", "reason": "measure"}
	if err := clerks[0].call(ctx, http.MethodPost, hall+"/day", day, nil); err != nil {
		return out, err
	}
	type heard struct {
		no string
		at time.Time
	}
	told := make(chan heard, 1024)
	for range o.Boards {
		if err := listen(ctx, o.URL+hall+"/live", func(no string) { told <- heard{no, time.Now()} }); err != nil {
			return out, err
		}
	}
	for i, c := range clerks {
		if err := c.call(ctx, http.MethodPost, hall+"/windows/"+o.Windows[i]+"/open", map[string]any{}, nil); err != nil {
			return out, err
		}
	}
	var issue, call, shown latencies
	for i := range o.Tickets {
		began := time.Now()
		if err := clerks[i%len(clerks)].call(ctx, http.MethodPost, hall+"/tickets", map[string]any{"services": []any{map[string]string{"kind": o.Kind}}}, nil); err != nil {
			return out, err
		}
		issue.add(time.Since(began))
	}
	for i := range o.Tickets {
		c := clerks[i%len(clerks)]
		var got struct{ Ticket struct{ ID, No string } }
		began := time.Now()
		if err := c.call(ctx, http.MethodPost, hall+"/next", nil, &got); err != nil {
			return out, err
		}
		call.add(time.Since(began))
		for n := 0; n < o.Boards; {
			select {
			case h := <-told:
				if h.no == got.Ticket.No {
					shown.add(h.at.Sub(began))
					n++
				}
			case <-time.After(5 * time.Second):
				return out, fmt.Errorf("bench: %s was called and %d of %d boards heard", got.Ticket.No, n, o.Boards)
			}
		}
		for _, action := range []string{"start", "finish"} {
			if err := c.call(ctx, http.MethodPost, "/api/tickets/"+got.Ticket.ID+"/act", map[string]string{"action": action}, nil); err != nil {
				return out, err
			}
		}
	}
	out.IssueP, out.CallP, out.ShownP = percents(&issue), percents(&call), percents(&shown)
	return out, nil
}

// listen hears a hall's calls until ctx ends; it returns when the stream has begun.
func listen(ctx context.Context, url string, called func(no string)) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := (&http.Client{}).Do(req)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(res.Body)
	ready := make(chan struct{})
	go func() {
		defer res.Body.Close()
		begun := false
		for lines.Scan() {
			data, ok := strings.CutPrefix(lines.Text(), "data: ")
			if !ok {
				continue
			}
			if !begun {
				begun = true
				close(ready)
				continue
			}
			var e struct{ No, Action string }
			if json.Unmarshal([]byte(data), &e) == nil && e.Action == "call" {
				called(e.No)
			}
		}
	}()
	select {
	case <-ready:
		return nil
	case <-time.After(10 * time.Second):
		return fmt.Errorf("bench: %s did not begin", url)
	}
}
