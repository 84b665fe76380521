package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"shanzhi/core/store"
)

// AppealsOptions say how hard to press.
type AppealsOptions struct {
	URL      string
	Users    int
	Duration time.Duration
	WarmUp   time.Duration
	// Logins are the accounts to press with: Password is everybody's.
	Agents, Dispatchers []string
	Handlers            []Handler
	Password            string
}

// Handler is an account that receives and handles for a unit.
type Handler struct{ Login, Unit string }

// AppealsResult is what was measured.
type AppealsResult struct {
	LifecyclesPerSecond float64 `json:"lifecycles_per_second"`
	Lifecycles          int64   `json:"lifecycles"`
	P50                 float64 `json:"p50_ms"`
	P95                 float64 `json:"p95_ms"`
	P99                 float64 `json:"p99_ms"`
	CallP50             float64 `json:"call_p50_ms"`
	CallP95             float64 `json:"call_p95_ms"`
	Errors              int64   `json:"errors"`
	Shed                int64   `json:"shed"`
	FirstError          string  `json:"first_error,omitempty"`
	Users               int     `json:"users"`
	Seconds             float64 `json:"seconds"`
}

// texts are filed in turn; each is a plain appeal of the kind that comes in by
// the thousand.
var texts = []string{
	"西乡街道流塘路路边井盖破损，晚上骑车经过很危险，请尽快派人维修。",
	"新安街道裕安二路有人占道经营卖水果，把人行道都占了，行人只能走机动车道。",
	"沙井街道新沙路建筑工地夜间十一点以后还在施工，噪音影响周边居民休息。",
	"福永街道白石厦小区门口垃圾堆放多日无人清运，天气热臭味很大。",
	"石岩街道官田社区路灯不亮已经一周，晚上漆黑一片，希望尽快修复。",
	"松岗街道东方社区自来水水压太低，高层住户早晚用水困难，请协调解决。",
	"航城街道三围社区道路积水严重，下雨天车辆无法通行，请疏通下水道。",
	"燕罗街道塘下涌工业区有工厂排放刺鼻气味，怀疑废气直排，请查处。",
}

// Appeals runs lifecycles for a time: each is four calls (create, dispatch,
// sign and reply, list the own queue), the shape in which the nearest peer
// publishes its figures.
func Appeals(ctx context.Context, o AppealsOptions) (AppealsResult, error) {
	sessions := map[string]*client{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	var failed error
	logins := append(append([]string{}, o.Agents...), o.Dispatchers...)
	for _, h := range o.Handlers {
		logins = append(logins, h.Login)
	}
	gate := make(chan struct{}, 2)
	for _, login := range logins {
		wg.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			c := newClient(o.URL)
			err := c.signIn(ctx, login, o.Password)
			mu.Lock()
			defer mu.Unlock()
			sessions[login] = c
			if err != nil {
				failed = fmt.Errorf("bench: %s cannot sign in: %w", login, err)
			}
		})
	}
	wg.Wait()
	if failed != nil {
		return AppealsResult{}, failed
	}
	photos, err := sessions[o.Handlers[0].Login].photos(ctx)
	if err != nil {
		return AppealsResult{}, err
	}
	var lifecycles, calls latencies
	var done, errs, shed atomic.Int64
	var first atomic.Value
	var measuring atomic.Bool
	run, cancel := context.WithTimeout(ctx, o.WarmUp+o.Duration)
	defer cancel()
	for u := range o.Users {
		wg.Go(func() {
			agent, dispatcher := sessions[o.Agents[u%len(o.Agents)]], sessions[o.Dispatchers[u%len(o.Dispatchers)]]
			h := o.Handlers[u%len(o.Handlers)]
			handler := sessions[h.Login]
			for n := 0; run.Err() == nil; n++ {
				began := time.Now()
				err := lifecycle(ctx, agent, dispatcher, handler, h.Unit, photos, texts[(u+n)%len(texts)], n, func(d time.Duration) {
					if measuring.Load() {
						calls.add(d)
					}
				})
				if !measuring.Load() || run.Err() != nil {
					continue
				}
				var r *refusal
				switch {
				case err == nil:
					done.Add(1)
					lifecycles.add(time.Since(began))
				case errors.As(err, &r) && r.status == http.StatusServiceUnavailable:
					shed.Add(1)
					time.Sleep(100 * time.Millisecond)
				default:
					errs.Add(1)
					first.CompareAndSwap(nil, err.Error())
				}
			}
		})
	}
	time.Sleep(o.WarmUp)
	began := time.Now()
	measuring.Store(true)
	select {
	case <-ctx.Done():
	case <-time.After(o.Duration):
	}
	took := time.Since(began)
	wg.Wait()
	res := AppealsResult{Lifecycles: done.Load(), LifecyclesPerSecond: round(float64(done.Load()) / took.Seconds()), P50: lifecycles.percentile(0.5), P95: lifecycles.percentile(0.95), P99: lifecycles.percentile(0.99),
		CallP50: calls.percentile(0.5), CallP95: calls.percentile(0.95), Errors: errs.Load(), Shed: shed.Load(), Users: o.Users, Seconds: round(took.Seconds())}
	res.FirstError, _ = first.Load().(string)
	return res, nil
}

// photos sends the two that prove that an appeal was handled.
func (c *client) photos(ctx context.Context) (ids []string, err error) {
	for _, when := range []string{"before", "after"} {
		var b struct{ ID string }
		if err := c.send(ctx, http.MethodPost, "/api/files", "application/octet-stream", []byte("\x89PNG\r\n\x1a\n"+when), &b); err != nil {
			return nil, err
		}
		ids = append(ids, b.ID)
	}
	return ids, nil
}

func lifecycle(ctx context.Context, agent, dispatcher, handler *client, unit string, photos []string, text string, n int, took func(time.Duration)) error {
	timed := func(c *client, method, path string, in, out any) error {
		began := time.Now()
		err := c.call(ctx, method, path, in, out)
		took(time.Since(began))
		return err
	}
	var filed struct{ ID string }
	if err := timed(agent, http.MethodPost, "/api/appeals", map[string]any{"channel": "hotline", "kind": "complaint", "text": text, "lon": 113.85 + float64(n%100)/2000, "lat": 22.58 + float64(n%90)/2000,
		"appellant": map[string]string{"name": "测试甲", "phone": fmt.Sprintf("160%08d", n%5000)}}, &filed); err != nil {
		return err
	}
	path := "/api/appeals/" + filed.ID + "/actions"
	steps := func(steps ...map[string]any) map[string]any { return map[string]any{"steps": steps} }
	var m struct{ Version int }
	if err := timed(dispatcher, http.MethodPost, path, steps(map[string]any{"action": "dispatch", "form": map[string]any{"unit": unit, "item": "110101"}}), &m); err != nil {
		return err
	}
	if err := timed(handler, http.MethodPost, path, steps(map[string]any{"action": "sign"}, map[string]any{"action": "reply", "form": map[string]any{"result": "solved", "reply": "已派员现场处置完毕，并安排专人每日巡查，防止再次发生。", "files": photos}}), &m); err != nil {
		return err
	}
	return timed(handler, http.MethodGet, "/api/queue?limit=20", nil, nil)
}

// StoreLimit is what the store alone does, in the same run on the same disk:
// durable single-row writes by as many callers, grouped as the product's are.
func StoreLimit(ctx context.Context, path string, callers int, d time.Duration) (perSecond float64, err error) {
	s, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		return 0, err
	}
	defer s.Close()
	if err := s.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `CREATE TABLE IF NOT EXISTS limit_probe (id BIGINT PRIMARY KEY, body TEXT NOT NULL)`)
		return err
	}); err != nil {
		return 0, err
	}
	var n atomic.Int64
	end := time.Now().Add(d)
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for time.Now().Before(end) {
				if s.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
					_, err := tx.Exec(ctx, `INSERT INTO limit_probe (id, body) VALUES (?, ?)`, tx.NewID(), texts[0])
					return err
				}) == nil {
					n.Add(1)
				}
			}
		})
	}
	wg.Wait()
	return round(float64(n.Load()) / d.Seconds()), nil
}

func round(f float64) float64 { return float64(int64(f*100+0.5)) / 100 }

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
