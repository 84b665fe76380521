package adapter

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// PaySimulator behaves as a payment platform: it serves the protocol, a page on which one
// pays with a click, and tells the district by a signed call. No money moves.
type PaySimulator struct {
	Path   string // under which its page is served
	Secret string
	Now    func() time.Time
	Zone   *time.Location
	// Back takes its calls to the district; a path is in Callback.
	Back     http.RoundTripper
	Callback string

	mu     sync.Mutex
	orders map[string]*simulatedPayment
	lost   map[string]bool // orders of which the district is not told
	broken int             // calls that fail yet
}

type simulatedPayment struct {
	order PayOrder
	state PayState
	lines []struct {
		day string
		PayLine
	}
}

// NewPaySimulator makes one; calls reach it by an [Inside] transport.
func NewPaySimulator(path, secret string, now func() time.Time, zone *time.Location) *PaySimulator {
	return &PaySimulator{Path: path, Secret: secret, Now: now, Zone: zone, orders: map[string]*simulatedPayment{}, lost: map[string]bool{}}
}

// Platform is the district's end towards it.
func (p *PaySimulator) Platform() *PayPlatform {
	return &PayPlatform{URL: "http://pay.simulated/pay/v1", Secret: p.Secret, Client: &http.Client{Transport: Inside{p}}, Now: p.Now, Fake: true}
}

// Break makes the next n calls fail; Lose keeps an order's payment from being told.
func (p *PaySimulator) Break(n int) { p.mu.Lock(); p.broken = n; p.mu.Unlock() }

// Lose keeps what becomes of an order from being told to the district.
func (p *PaySimulator) Lose(no string) { p.mu.Lock(); p.lost[no] = true; p.mu.Unlock() }

// Forge changes the amount that the platform has of an order, for reconciliation to find.
func (p *PaySimulator) Forge(no string, amount int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if o := p.orders[no]; o != nil {
		for i := range o.lines {
			o.lines[i].Amount = amount
		}
	}
}

// Settle pays an order, as its page does, and tells the district.
func (p *PaySimulator) Settle(ctx context.Context, no string) error {
	p.mu.Lock()
	o := p.orders[no]
	if o == nil {
		p.mu.Unlock()
		return ErrNoPayOrder
	}
	if o.state.State == PayOpen {
		now := p.Now()
		o.state.State, o.state.At, o.state.Receipt = PayPaid, now, fmt.Sprintf("4403-%s-%06d", now.In(p.Zone).Format("20060102"), len(p.orders))
		o.line(p, PayPaid)
	}
	state, lost := o.state, p.lost[no]
	p.mu.Unlock()
	if lost || p.Back == nil {
		return nil
	}
	return p.Tell(ctx, state)
}

// Tell calls the district with how an order stands.
func (p *PaySimulator) Tell(ctx context.Context, state PayState) error {
	req, err := p.Call(ctx, state)
	if err != nil {
		return err
	}
	res, err := p.Back.RoundTrip(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 {
		raw, _ := io.ReadAll(res.Body)
		return fmt.Errorf("adapter: the district answered %d %s", res.StatusCode, raw)
	}
	return nil
}

// Call is the signed call that tells how an order stands.
func (p *PaySimulator) Call(ctx context.Context, state PayState) (*http.Request, error) {
	body, err := json.Marshal(state)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://district"+p.Callback, bytes.NewReader(body))
	if err == nil {
		req.RequestURI, req.RemoteAddr = req.URL.RequestURI(), "127.0.0.1:0"
		PaySign(req, body, p.Secret, p.Now())
	}
	return req, err
}

func (o *simulatedPayment) line(p *PaySimulator, kind string) {
	o.lines = append(o.lines, struct {
		day string
		PayLine
	}{p.Now().In(p.Zone).Format(time.DateOnly), PayLine{o.order.No, kind, o.order.Amount}})
}

// ServeHTTP is the platform's end of the protocol, and under Path its page.
func (p *PaySimulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.Path != "" && strings.HasPrefix(r.URL.Path, p.Path) {
		p.page(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, PayBody))
	if err != nil {
		AnswerCity(w, http.StatusRequestEntityTooLarge, PayRefusal{Code: "too_large"})
		return
	}
	if no := PayVerify(r, body, p.Secret, p.Now()); no != nil {
		AnswerCity(w, no.Status, no)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.broken > 0 {
		p.broken--
		AnswerCity(w, http.StatusBadGateway, PayRefusal{Code: "internal", Text: "simulated fault"})
		return
	}
	path := strings.TrimPrefix(r.URL.Path, "/pay/v1")
	no, what, _ := strings.Cut(strings.TrimPrefix(path, "/orders/"), "/")
	o := p.orders[no]
	switch {
	case r.Method == http.MethodPost && path == "/orders":
		var in PayOrder
		if err := json.Unmarshal(body, &in); err != nil || in.No == "" || in.Amount <= 0 {
			AnswerCity(w, http.StatusBadRequest, PayRefusal{Code: "invalid", Text: "no, amount"})
			return
		}
		if had := p.orders[in.No]; had == nil {
			p.orders[in.No] = &simulatedPayment{order: in, state: PayState{No: in.No, State: PayOpen, Amount: in.Amount, At: p.Now()}}
		} else if had.order.Amount != in.Amount {
			AnswerCity(w, http.StatusConflict, PayRefusal{Code: "other_order", Text: "another order has this number"})
			return
		}
		AnswerCity(w, http.StatusOK, map[string]string{"page": p.Path + "/" + in.No})
	case r.Method == http.MethodGet && path == "/statement":
		out := []PayLine{}
		for _, o := range p.orders {
			for _, l := range o.lines {
				if l.day == r.URL.Query().Get("day") {
					out = append(out, l.PayLine)
				}
			}
		}
		slices.SortFunc(out, func(a, b PayLine) int { return cmp.Or(cmp.Compare(a.No, b.No), cmp.Compare(a.Kind, b.Kind)) })
		AnswerCity(w, http.StatusOK, out)
	case o == nil:
		AnswerCity(w, http.StatusNotFound, ErrNoPayOrder)
	case r.Method == http.MethodPost && what == "refund":
		if o.state.State == PayPaid {
			o.state.State, o.state.At = PayRefunded, p.Now()
			o.line(p, PayRefunded)
		}
		if o.state.State != PayRefunded {
			AnswerCity(w, http.StatusConflict, PayRefusal{Code: "not_paid", Text: "it was not paid"})
			return
		}
		AnswerCity(w, http.StatusOK, o.state)
	default:
		AnswerCity(w, http.StatusOK, o.state)
	}
}

var payPage = template.Must(template.New("").Parse(`<!doctype html><html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>非税支付平台（模拟）</title>
<style>*{box-sizing:border-box}body{font:17px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;margin:0;padding:24px 20px;background:#f2f5f8;color:#1c2733}main{max-width:420px;margin:0 auto;background:#fff;border-radius:16px;padding:28px 22px;display:grid;gap:14px}h1{font-size:18px;margin:0;color:#5b6b7b;font-weight:600}b{font-size:40px;line-height:1.2}dl{display:grid;grid-template-columns:auto 1fr;gap:6px 16px;margin:0}dt{color:#5b6b7b}dd{margin:0;overflow-wrap:anywhere;text-align:end}button,a{min-height:52px;border:0;border-radius:12px;background:#0b62d6;color:#fff;font:600 18px system-ui,"Noto Sans CJK SC",sans-serif;display:grid;place-items:center;text-decoration:none;width:100%}a{background:#e8eef6;color:#0b4fae}small{color:#7a5b00;background:#fff6dc;padding:8px 12px;border-radius:10px}</style>
<main><h1>非税支付平台（模拟）</h1><b>¥ {{.Yuan}}</b><dl><dt>项目<dd>{{.Title}}<dt>收费依据<dd>{{.Basis}}<dt>单号<dd>{{.No}}<dt>状态<dd>{{.State}}{{if .Receipt}}<dt>电子票据<dd>{{.Receipt}}{{end}}</dl>
{{if .Open}}<form method="post"><button>确认支付</button></form>{{end}}{{if .Back}}<a href="{{.Back}}">返回办件</a>{{end}}<small>模拟环境，不会发生真实扣款。</small></main></html>`))

func (p *PaySimulator) page(w http.ResponseWriter, r *http.Request) {
	no := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, p.Path), "/")
	p.mu.Lock()
	o := p.orders[no]
	p.mu.Unlock()
	if o == nil {
		http.NotFound(w, r)
		return
	}
	if r.Method == http.MethodPost {
		if err := p.Settle(r.Context(), no); err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		w.Header().Set("Location", r.URL.Path)
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	state := map[string]string{PayOpen: "待支付", PayPaid: "已支付", PayClosed: "已关闭", PayRefunded: "已退款"}[o.state.State]
	back := ""
	if strings.HasPrefix(o.order.Back, "/") && !strings.HasPrefix(o.order.Back, "//") || strings.HasPrefix(o.order.Back, "https://") || strings.HasPrefix(o.order.Back, "http://") {
		back = o.order.Back
	}
	_ = payPage.Execute(w, map[string]any{"Yuan": fmt.Sprintf("%d.%02d", o.order.Amount/100, o.order.Amount%100), "Title": o.order.Title, "Basis": o.order.Basis, "No": no, "State": state, "Open": o.state.State == PayOpen, "Receipt": o.state.Receipt, "Back": back})
}
