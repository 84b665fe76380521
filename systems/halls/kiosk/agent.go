package kiosk

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Agent speaks for a device: it enrols, says how the device is, takes orders, keeps the
// queue, and serves the device's browser.
type Agent struct {
	Server  string // address of the house
	Dir     string
	Machine Machine
	Version string
	Every   time.Duration // between beats
	Client  *http.Client
	Log     *slog.Logger

	key   ed25519.PrivateKey
	queue *Queue
	mu    sync.Mutex // one signed request at a time, so that counts come in their order
	kept  kept
	ahead int64         // the count that stands on the disk: none above it was used
	off   time.Duration // the house's clock less ours

	now struct {
		sync.Mutex
		online  bool
		message string
		acks    []OrderAck
		acked   map[string]bool
		face    json.RawMessage
		broken  string
		busy    bool     // a print is under way
		leaving []string // sessions to end when the house is heard again
		wake    chan struct{}
	}
}

// kept is what an agent knows after a restart.
type kept struct {
	Enrolled
	Count  int64 `json:"count"` // no request was signed with a higher one
	Queue  int64 `json:"queue"` // entries that the house has
	Locked bool  `json:"locked"`
}

// countsAhead is how many counts are written ahead, so that none is used twice after a
// power cut and not each request writes to the disk.
const countsAhead = 500

// ErrNotEnrolled is a device without a key: it needs a one-time code.
var ErrNotEnrolled = errors.New("kiosk: this device is not enrolled: give it its one-time code")

// Open reads what the device knows, or enrols it with a code; what was under way when the
// power went is wasted.
func (a *Agent) Open(ctx context.Context, code string) error {
	if a.Every == 0 {
		a.Every = time.Minute
	}
	if a.Client == nil {
		a.Client = &http.Client{Timeout: 20 * time.Second}
	}
	if a.Log == nil {
		a.Log = slog.Default()
	}
	a.now.acked, a.now.wake = map[string]bool{}, make(chan struct{}, 1)
	if err := os.MkdirAll(a.Dir, 0o700); err != nil {
		return err
	}
	seed, err := os.ReadFile(a.path("device.key"))
	if err == nil && code == "" {
		a.key = ed25519.NewKeyFromSeed(seed[:32])
		raw, err := os.ReadFile(a.path("device.json"))
		if err != nil {
			return err
		}
		if err := json.Unmarshal(raw, &a.kept); err != nil {
			return err
		}
		a.ahead = a.kept.Count
	} else if code == "" {
		return ErrNotEnrolled
	} else if err := a.enrol(ctx, code); err != nil {
		return err
	}
	if a.queue, err = OpenQueue(a.path("queue.jsonl"), a.key, time.Now); err != nil {
		return err
	}
	if raw, err := os.ReadFile(a.path("face.json")); err == nil {
		a.now.face = raw
	}
	return a.recover()
}

func (a *Agent) path(name string) string { return filepath.Join(a.Dir, name) }

// enrol makes a key of the device's own and gives the house its public half. The queue of
// a device that was enrolled before is put aside.
func (a *Agent) enrol(ctx context.Context, code string) error {
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return err
	}
	body, _ := json.Marshal(Enrolment{Code: code, Public: public})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.Server+"/api/kiosk/enrol", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := a.Client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	raw, _ := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if res.StatusCode != http.StatusOK {
		return problemOf(res.StatusCode, raw)
	}
	a.key, a.kept, a.ahead = key, kept{}, 0
	if err := json.Unmarshal(raw, &a.kept.Enrolled); err != nil {
		return err
	}
	_ = os.Rename(a.path("queue.jsonl"), a.path(fmt.Sprintf("queue.%d.jsonl", time.Now().Unix())))
	return errors.Join(writeWhole(a.path("device.key"), key.Seed()), a.keep())
}

// keep writes what the agent knows, whole or not at all, with counts in hand.
func (a *Agent) keep() error {
	k := a.kept
	k.Count += countsAhead
	raw, err := json.Marshal(k)
	if err == nil {
		err = writeWhole(a.path("device.json"), raw)
	}
	if err == nil {
		a.ahead = k.Count
	}
	return err
}

func writeWhole(path string, raw []byte) error {
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return errors.Join(os.Rename(path+".new", path), syncDir(path))
}

// Problem is what the house refused with.
type Problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Title  string `json:"title"`
}

func (p *Problem) Error() string { return p.Code + ": " + p.Title }

func problemOf(status int, raw []byte) error {
	p := &Problem{Status: status}
	_ = json.Unmarshal(raw, p)
	p.Status = status
	return p
}

// ask signs and sends one request.
func (a *Agent) ask(ctx context.Context, name string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for try := 0; ; try++ {
		a.kept.Count++
		if a.kept.Count > a.ahead {
			if err := a.keep(); err != nil {
				return err
			}
		}
		at := time.Now().Add(a.off).UnixMilli()
		path := "/api/kiosk/" + name
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.Server+path, bytes.NewReader(body))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set(HeaderDevice, a.kept.Device)
		req.Header.Set(HeaderCount, strconv.FormatInt(a.kept.Count, 10))
		req.Header.Set(HeaderTime, strconv.FormatInt(at, 10))
		req.Header.Set(HeaderSignature, SignRequest(a.key, http.MethodPost, path, a.kept.Device, a.kept.Count, at, body))
		res, err := a.Client.Do(req)
		if err != nil {
			a.setOnline(false)
			return err
		}
		raw, err := io.ReadAll(io.LimitReader(res.Body, 8<<20))
		res.Body.Close()
		if err != nil {
			return err
		}
		if res.StatusCode == http.StatusOK {
			a.setOnline(true)
			return json.Unmarshal(raw, out)
		}
		err = problemOf(res.StatusCode, raw)
		var p *Problem
		if errors.As(err, &p) && p.Code == "device_clock" && try == 0 {
			if said, perr := http.ParseTime(res.Header.Get("Date")); perr == nil { // our clock is wrong
				a.off = time.Until(said)
				continue
			}
		}
		a.setOnline(res.StatusCode < 500)
		return err
	}
}

func (a *Agent) setOnline(on bool) {
	a.now.Lock()
	a.now.online = on
	a.now.Unlock()
}

// seal seals something to the house's key.
func (a *Agent) seal(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return Seal(a.kept.Box, raw)
}

// recover ends what was under way when the power went: a sheet in the printer is spoilt, a
// sheet in the tray that nobody was seen to take is drawn in.
func (a *Agent) recover() error {
	begun, printed := a.queue.Unended()
	for _, x := range begun {
		x.Reason = "power_cut"
		if err := a.waste(context.Background(), x); err != nil {
			return err
		}
	}
	for _, x := range printed {
		x.Reason = "not_taken"
		if err := a.waste(context.Background(), x); err != nil {
			return err
		}
	}
	return nil
}

// waste writes that a sheet is spoilt, with a photo of it.
func (a *Agent) waste(ctx context.Context, x SheetEntry) error {
	var sealed []byte
	if photo, err := a.Machine.Photo(ctx, "tray"); err == nil {
		if sealed, err = a.seal(Photos{[][]byte{photo}}); err != nil {
			return err
		}
	}
	_, err := a.queue.Add(Wasted, x, sealed)
	a.hurry()
	return err
}

// hurry has the next beat come at once.
func (a *Agent) hurry() {
	select {
	case a.now.wake <- struct{}{}:
	default:
	}
}

// Run beats until ctx ends.
func (a *Agent) Run(ctx context.Context) error {
	defer a.queue.Close()
	for {
		if err := a.Beat(ctx); err != nil && ctx.Err() == nil {
			a.Log.Warn("the house was not reached", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-a.now.wake:
			select { // a burst is one beat
			case <-ctx.Done():
				return nil
			case <-time.After(50 * time.Millisecond):
			}
		case <-time.After(a.Every):
		}
	}
}

// Beat says how the device is, hands over its queue and does what is asked of it.
func (a *Agent) Beat(ctx context.Context) error {
	supplies, hot, faults := a.Machine.Look()
	a.now.Lock()
	acks := append([]OrderAck{}, a.now.acks...)
	a.now.Unlock()
	b := DeviceBeat{Version: a.Version, Locked: a.locked(), Temperature: hot, Supplies: supplies, Faults: faults, Acks: acks, Waiting: int(a.status().Waiting)}
	var out DeviceHeard
	if err := a.ask(ctx, "beat", b, &out); err != nil {
		return err
	}
	a.mu.Lock()
	a.kept.Queue = out.Queue // what a restart forgot
	a.mu.Unlock()
	a.now.Lock()
	a.now.acks = a.now.acks[len(acks):]
	a.now.Unlock()
	for _, c := range out.Commands {
		a.obey(c)
	}
	a.leave(ctx)
	if err := a.hand(ctx); err != nil {
		return err
	}
	var face json.RawMessage
	if err := a.ask(ctx, "face", struct{}{}, &face); err == nil {
		a.now.Lock()
		changed := !bytes.Equal(face, a.now.face)
		a.now.face = face
		a.now.Unlock()
		if changed {
			return writeWhole(a.path("face.json"), face)
		}
	}
	return nil
}

// leave ends the sessions of who walked away, also of those who did while the line was
// down: whoever comes next is nobody to the house.
func (a *Agent) leave(ctx context.Context) {
	a.now.Lock()
	leaving := a.now.leaving
	a.now.leaving = nil
	a.now.Unlock()
	for i, cookies := range leaving {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.Server+"/api/sign-out", nil)
		if err != nil {
			return
		}
		req.Header.Set("Cookie", cookies)
		res, err := a.Client.Do(req)
		if err != nil {
			a.now.Lock()
			a.now.leaving = append(leaving[i:], a.now.leaving...)
			a.now.Unlock()
			return
		}
		res.Body.Close()
	}
}

func (a *Agent) locked() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.kept.Locked
}

// obey does an order once.
func (a *Agent) obey(c DeviceOrder) {
	a.now.Lock()
	again := a.now.acked[c.ID]
	a.now.acked[c.ID] = true
	a.now.Unlock()
	if again {
		return
	}
	ack := OrderAck{Command: c.ID, Done: true}
	a.mu.Lock()
	switch c.Kind {
	case "lock", "unlock":
		a.kept.Locked = c.Kind == "lock"
		if err := a.keep(); err != nil {
			ack.Done, ack.Note = false, err.Error()
		}
	case "message", "restart":
	default:
		ack.Done, ack.Note = false, "unknown"
	}
	a.mu.Unlock()
	a.now.Lock()
	switch c.Kind {
	case "message":
		a.now.message = c.Text
	case "restart": // the browser loads anew, what was said is gone
		a.now.message = ""
	}
	a.now.acks = append(a.now.acks, ack)
	a.now.Unlock()
	a.hurry()
}

// hand hands over the queue, in its order, from where the house has it.
func (a *Agent) hand(ctx context.Context) error {
	for {
		a.mu.Lock()
		from := a.kept.Queue
		a.mu.Unlock()
		next := a.queue.After(from)
		if len(next) == 0 {
			return nil
		}
		var out DeviceHeard
		if err := a.ask(ctx, "entries", map[string]any{"entries": next}, &out); err != nil {
			var p *Problem
			if errors.As(err, &p) && p.Code == "queue_altered" {
				a.now.Lock()
				a.now.broken = p.Title
				a.now.Unlock()
			}
			return err
		}
		a.mu.Lock()
		a.kept.Queue = out.Queue
		a.mu.Unlock()
		if out.Queue <= from {
			return nil
		}
	}
}

// Print prints a licence for who was checked: the sheet is taken, printed on, photographed
// and handed over, and each step is on the disk before the next.
func (a *Agent) Print(ctx context.Context, pickup string) (PrintJob, error) {
	a.now.Lock()
	busy := a.now.busy
	a.now.busy = true
	a.now.Unlock()
	if busy {
		return PrintJob{}, &Problem{409, "pickup_busy", "正在打印 / printing"}
	}
	defer func() {
		a.now.Lock()
		a.now.busy = false
		a.now.Unlock()
	}()
	var job PrintJob
	if err := a.ask(ctx, "print", map[string]string{"pickup": pickup}, &job); err != nil {
		return job, err
	}
	ctx = context.WithoutCancel(ctx) // who leaves the screen does not stop the printer
	x := SheetEntry{Pickup: job.Pickup, Series: job.Series, No: job.No}
	begun, err := a.queue.Add(PrintBegun, x, nil)
	if err != nil {
		return job, err
	}
	if err := a.Machine.Print(ctx, job); err != nil {
		x.Reason = err.Error()
		return job, errors.Join(&Problem{503, "print_failed", x.Reason}, a.waste(ctx, x))
	}
	printed, err := a.queue.Add(Printed, x, nil)
	if err != nil {
		return job, err
	}
	tray, err := a.Machine.Photo(ctx, "tray")
	if err != nil {
		a.Log.Warn("no photo of the tray", "error", err)
	}
	if !a.Machine.Taken(ctx) {
		x.Reason = "not_taken"
		return job, errors.Join(&Problem{409, "not_taken", x.Reason}, a.waste(ctx, x))
	}
	hand, err := a.Machine.Photo(ctx, "person")
	if err != nil {
		a.Log.Warn("no photo of the hand-over", "error", err)
	}
	sealed, err := a.seal(Photos{[][]byte{tray, hand}})
	if err != nil {
		return job, err
	}
	x.Log = digest(begun.Hash, printed.Hash)
	_, err = a.queue.Add(Taken, x, sealed)
	a.hurry()
	return job, err
}

// Status is what the device's browser is told.
type Status struct {
	Online   bool            `json:"online"`
	Locked   bool            `json:"locked"`
	Message  string          `json:"message,omitempty"`
	Broken   string          `json:"broken,omitempty"`
	Code     string          `json:"code"`
	Name     string          `json:"name"`
	Place    string          `json:"place"`
	Version  string          `json:"version"`
	Waiting  int64           `json:"waiting"`
	Faults   []string        `json:"faults"`
	Face     json.RawMessage `json:"face,omitempty"`
	Simulate bool            `json:"simulate,omitempty"`
}

func (a *Agent) status() Status {
	_, _, faults := a.Machine.Look()
	a.mu.Lock()
	k := a.kept
	a.mu.Unlock()
	a.now.Lock()
	defer a.now.Unlock()
	_, simulated := a.Machine.(*Simulated)
	return Status{Online: a.now.online, Locked: k.Locked, Message: a.now.message, Broken: a.now.broken, Code: k.Code, Name: k.Name, Place: k.Place, Version: a.Version, Waiting: a.queue.Len() - k.Queue, Faults: append([]string{}, faults...), Face: a.now.face, Simulate: simulated}
}

// Handler serves the device's own browser: what the machine does below /local/, all else
// from the house, so that the browser has one address and no key.
func (a *Agent) Handler() (http.Handler, error) {
	to, err := url.Parse(a.Server)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any, err error) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		var p *Problem
		switch {
		case errors.As(err, &p):
			w.WriteHeader(p.Status)
			_ = json.NewEncoder(w).Encode(p)
		case errors.Is(err, ErrNoCard):
			w.WriteHeader(http.StatusConflict)
			_ = json.NewEncoder(w).Encode(Problem{409, "no_card", "没有读到证件 / no card"})
		case err != nil:
			w.WriteHeader(http.StatusServiceUnavailable)
			_ = json.NewEncoder(w).Encode(Problem{503, "offline", "网络中断 / offline"})
		default:
			_ = json.NewEncoder(w).Encode(v)
		}
	}
	local := func(path string, do func(r *http.Request, body []byte) (any, error)) {
		mux.HandleFunc("POST /local/"+path, func(w http.ResponseWriter, r *http.Request) {
			// Another page in this browser has no business with the machine.
			if from := r.Header.Get("Sec-Fetch-Site"); from != "" && from != "same-origin" {
				http.Error(w, "forbidden", http.StatusForbidden)
				return
			}
			body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
			if err != nil {
				answer(w, nil, err)
				return
			}
			v, err := do(r, body)
			answer(w, v, err)
		})
	}
	bad := &Problem{422, "invalid", "填写的内容有误 / not right"}
	mux.HandleFunc("GET /local/status", func(w http.ResponseWriter, _ *http.Request) { answer(w, a.status(), nil) })
	local("check", func(r *http.Request, body []byte) (any, error) {
		var in struct{ Code string }
		if json.Unmarshal(body, &in) != nil || in.Code == "" {
			return nil, bad
		}
		card, err := a.Machine.ReadCard(r.Context())
		if err != nil {
			return nil, err
		}
		live, err := a.Machine.Photo(r.Context(), "person")
		if err != nil {
			return nil, err
		}
		var out json.RawMessage
		return &out, a.ask(r.Context(), "check", map[string]any{"code": in.Code, "name": card.Name, "id_number": card.IDNumber, "portrait": card.Portrait, "live": live}, &out)
	})
	mux.HandleFunc("POST /local/card", func(w http.ResponseWriter, r *http.Request) {
		if from := r.Header.Get("Sec-Fetch-Site"); from != "" && from != "same-origin" {
			http.Error(w, "forbidden", http.StatusForbidden)
			return
		}
		card, err := a.Machine.ReadCard(r.Context())
		var live []byte
		if err == nil {
			live, err = a.Machine.Photo(r.Context(), "person")
		}
		var out struct {
			Cookie, Name string
			Expires      time.Time
		}
		if err == nil {
			err = a.ask(r.Context(), "sign", map[string]any{"name": card.Name, "id_number": card.IDNumber, "portrait": card.Portrait, "live": live}, &out)
		}
		if err == nil { // the browser never sees the card, and its pages never the token
			w.Header().Set("Set-Cookie", out.Cookie)
		}
		answer(w, map[string]any{"name": out.Name, "expires": out.Expires}, err)
	})
	local("print", func(r *http.Request, body []byte) (any, error) {
		var in struct{ Pickup string }
		if json.Unmarshal(body, &in) != nil || in.Pickup == "" {
			return nil, bad
		}
		job, err := a.Print(r.Context(), in.Pickup)
		return map[string]string{"serial": job.Serial}, err
	})
	local("visit", func(_ *http.Request, body []byte) (any, error) {
		var in VisitEntry
		if json.Unmarshal(body, &in) != nil || in.Function == "" || in.Grade < 0 || in.Grade > 5 {
			return nil, bad
		}
		_, err := a.queue.Add(Visit, in, nil)
		a.hurry()
		return struct{}{}, err
	})
	local("call-back", func(_ *http.Request, body []byte) (any, error) {
		var in Asked
		if json.Unmarshal(body, &in) != nil || len(in.Phone) != 11 || in.Phone[0] != '1' || strings.Trim(in.Phone, "0123456789") != "" {
			return nil, bad
		}
		sealed, err := a.seal(in)
		if err != nil {
			return nil, err
		}
		_, err = a.queue.Add(CallBack, struct{}{}, sealed)
		a.hurry()
		return struct{}{}, err
	})
	local("help", func(r *http.Request, body []byte) (any, error) {
		var out json.RawMessage
		return &out, a.ask(r.Context(), "help", json.RawMessage(body), &out)
	})
	mux.HandleFunc("POST /local/wipe", func(w http.ResponseWriter, r *http.Request) {
		if cookies := r.Header.Get("Cookie"); cookies != "" {
			a.now.Lock()
			a.now.leaving = append(a.now.leaving, cookies)
			a.now.Unlock()
			for _, c := range r.Cookies() {
				http.SetCookie(w, &http.Cookie{Name: c.Name, Path: "/", MaxAge: -1, HttpOnly: true})
			}
			a.hurry()
		}
		answer(w, struct{}{}, nil)
	})
	if m, ok := a.Machine.(*Simulated); ok {
		local("simulate", func(_ *http.Request, body []byte) (any, error) {
			var in Setting
			if json.Unmarshal(body, &in) != nil {
				return nil, bad
			}
			m.Set(in)
			a.hurry()
			return struct{}{}, nil
		})
	}
	proxy := &httputil.ReverseProxy{FlushInterval: -1, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.SetXForwarded()
		if r.In.Header.Get("Origin") != "" {
			r.Out.Header.Set("Origin", to.Scheme+"://"+to.Host)
		}
	}, ErrorHandler: func(w http.ResponseWriter, r *http.Request, _ error) {
		a.setOnline(false)
		if strings.Contains(r.Header.Get("Accept"), "text/html") {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Retry-After", "10")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, offlinePage)
			return
		}
		answer(w, nil, errors.New("offline"))
	}}
	mux.Handle("/", proxy)
	return mux, nil
}

// offlinePage stands where the house is not reached and the browser has nothing of its
// own: it tries again by itself.
const offlinePage = `<!doctype html><html lang="zh"><meta charset="utf-8"><meta http-equiv="refresh" content="10"><title>网络中断</title>
<body style="font:28px/1.6 sans-serif;display:grid;place-content:center;min-height:100vh;margin:0;text-align:center"><h1>网络中断，正在重新连接</h1><p>请稍候，或到人工窗口办理。恢复后本机自动可用。</p><p lang="en">The line is down; this machine tries again by itself.</p></body></html>`

// Code is what people call the device.
func (a *Agent) Code() string { return a.kept.Code }

// Path is where its browser opens.
func (a *Agent) Path() string { return "/kiosk/" + url.PathEscape(a.kept.Place) }
