package bench

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"shanzhi/systems/halls/kiosk"
)

// FleetDevice is a device that beats.
type FleetDevice struct {
	ID  string
	Key ed25519.PrivateKey
}

// FleetOptions says which devices beat, how many at a time, and how long.
type FleetOptions struct {
	URL     string
	Devices []FleetDevice
	At      int
	For     time.Duration
}

// FleetResult is what was measured; times are in milliseconds.
type FleetResult struct {
	Devices int     `json:"devices"`
	At      int     `json:"at_a_time"`
	Seconds float64 `json:"seconds"`
	Beats   int64   `json:"beats"`
	Errors  int64   `json:"errors"`
	PerSec  float64 `json:"beats_per_second"`
	BeatP   Percent `json:"beat_ms"`
	// Rows is what the store alone writes of the same rows, as many at a time, in the same run.
	Rows    float64 `json:"store_rows_per_second"`
	Share   float64 `json:"beats_per_row"` // PerSec of Rows
	Needs   float64 `json:"needed_per_second"`
	Silent  int     `json:"fell_silent"`
	FoundIn float64 `json:"found_in_ms"` // until all that fell silent were raised
}

// Fleet has devices beat over HTTP, each signing its own, one after another, from so many
// lines at a time.
func Fleet(ctx context.Context, o FleetOptions) (FleetResult, error) {
	out := FleetResult{Devices: len(o.Devices), At: o.At}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: o.At, MaxConnsPerHost: o.At}, Timeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	body, err := json.Marshal(kiosk.DeviceBeat{Version: "1.0", Temperature: 38, Supplies: map[string]int{"paper": 400, "toner": 80, "sheets": 40, "cards": 40}})
	if err != nil {
		return out, err
	}
	took := &latencies{}
	var next, beats, errs atomic.Int64
	var first atomic.Pointer[error]
	until := time.Now().Add(o.For)
	began := time.Now()
	var all sync.WaitGroup
	for range o.At {
		all.Go(func() {
			for time.Now().Before(until) && ctx.Err() == nil {
				n := next.Add(1) - 1
				d := o.Devices[n%int64(len(o.Devices))]
				count, at := n/int64(len(o.Devices))+1, time.Now().UnixMilli()
				req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.URL+"/api/kiosk/beat", bytes.NewReader(body))
				if err != nil {
					first.CompareAndSwap(nil, &err)
					return
				}
				req.Header.Set("Content-Type", "application/json")
				req.Header.Set(kiosk.HeaderDevice, d.ID)
				req.Header.Set(kiosk.HeaderCount, strconv.FormatInt(count, 10))
				req.Header.Set(kiosk.HeaderTime, strconv.FormatInt(at, 10))
				req.Header.Set(kiosk.HeaderSignature, kiosk.SignRequest(d.Key, http.MethodPost, "/api/kiosk/beat", d.ID, count, at, body))
				start := time.Now()
				res, err := client.Do(req)
				if err == nil {
					var said []byte
					said, err = io.ReadAll(io.LimitReader(res.Body, 1<<20))
					res.Body.Close()
					if err == nil && res.StatusCode != http.StatusOK {
						err = fmt.Errorf("%d %s", res.StatusCode, said)
					}
				}
				if err != nil {
					errs.Add(1)
					first.CompareAndSwap(nil, &err)
					continue
				}
				took.add(time.Since(start))
				beats.Add(1)
			}
		})
	}
	all.Wait()
	spent := time.Since(began)
	out.Seconds, out.Beats, out.Errors = round(spent.Seconds()), beats.Load(), errs.Load()
	out.PerSec, out.BeatP, out.Needs = round(float64(out.Beats)/spent.Seconds()), percents(took), round(float64(len(o.Devices))/60)
	if e := first.Load(); e != nil && out.Beats == 0 {
		return out, *e
	}
	return out, ctx.Err()
}
