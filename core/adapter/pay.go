package adapter

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Pay is the payment platform of public fees (非税支付平台). Each call may be made again
// with the same number: it gives the first answer.
type Pay interface {
	// Order opens an order and gives the page at which it is paid.
	Order(ctx context.Context, o PayOrder) (page string, err error)
	// State is how an order stands; ErrNoPayOrder where there is none of the number.
	State(ctx context.Context, no string) (PayState, error)
	// Refund asks for the whole amount back.
	Refund(ctx context.Context, no, reason string) (PayState, error)
	// Statement is the platform's list of what was paid and refunded on a day of its own.
	Statement(ctx context.Context, day string) ([]PayLine, error)
	// Verify says what is wrong with a call that claims to be the platform's.
	Verify(r *http.Request, body []byte) *PayRefusal
	// Simulated says that no money moves.
	Simulated() bool
}

// PayOrder is what is to be paid.
type PayOrder struct {
	No     string `json:"no"`
	Amount int64  `json:"amount"` // fen
	Title  string `json:"title"`
	Basis  string `json:"basis"`
	Back   string `json:"back"` // page to which the payer returns
}

// States of an order.
const (
	PayOpen     = "open"
	PayPaid     = "paid"
	PayClosed   = "closed"
	PayRefunded = "refunded"
)

// PayState is how an order stands.
type PayState struct {
	No      string    `json:"no"`
	State   string    `json:"state"`
	Amount  int64     `json:"amount"`
	Receipt string    `json:"receipt,omitempty"` // 电子票据号
	At      time.Time `json:"at,omitzero"`       // of the state
}

// PayLine is a line of a statement.
type PayLine struct {
	No     string `json:"no"`
	Kind   string `json:"kind"` // paid, refunded
	Amount int64  `json:"amount"`
}

// PayRefusal is an answer of the protocol that is no success.
type PayRefusal struct {
	Status int    `json:"-"`
	Code   string `json:"code"`
	Text   string `json:"text"`
}

func (r *PayRefusal) Error() string { return fmt.Sprintf("%d %s: %s", r.Status, r.Code, r.Text) }

// ErrNoPayOrder: the platform has no order of that number.
var ErrNoPayOrder = &PayRefusal{http.StatusNotFound, "no_such_order", "there is no such order"}

// Is makes a refusal of the same code the same error.
func (r *PayRefusal) Is(err error) bool {
	o, ok := err.(*PayRefusal)
	return ok && o.Code == r.Code
}

const (
	payTime      = "X-Pay-Time"      // seconds since 1970
	paySignature = "X-Pay-Signature" // hex of HMAC-SHA256 over time, method, path and body
)

// PaySkew is how far a signed call's time may lie from now.
const PaySkew = 5 * time.Minute

// PayBody bounds a call, in bytes.
const PayBody = 64 << 10

// PaySign signs a call of either side.
func PaySign(r *http.Request, body []byte, secret string, now time.Time) {
	stamp := strconv.FormatInt(now.Unix(), 10)
	r.Header.Set(payTime, stamp)
	r.Header.Set(paySignature, hex.EncodeToString(payMAC(secret, stamp, r.Method, r.URL.RequestURI(), body)))
}

// PaySignature is the signature that a call carries: the same twice is a replay.
func PaySignature(r *http.Request) string { return strings.ToLower(r.Header.Get(paySignature)) }

func payMAC(secret, stamp, method, path string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%s\n%s\n%s\n", stamp, method, path)
	mac.Write(body)
	return mac.Sum(nil)
}

// PayVerify says why a call is not the other side's; nil where it is.
func PayVerify(r *http.Request, body []byte, secret string, now time.Time) *PayRefusal {
	got, err := hex.DecodeString(r.Header.Get(paySignature))
	stamp := r.Header.Get(payTime)
	if secret == "" || err != nil || !hmac.Equal(got, payMAC(secret, stamp, r.Method, r.URL.RequestURI(), body)) {
		return &PayRefusal{http.StatusUnauthorized, "wrong_signature", "the signature does not fit"}
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || time.Unix(seconds, 0).Sub(now).Abs() > PaySkew {
		return &PayRefusal{http.StatusUnauthorized, "clock_skew", "the time lies too far from ours"}
	}
	return nil
}

// PayPlatform calls the platform: JSON over HTTP, each call signed by a shared secret.
type PayPlatform struct {
	URL, Secret string
	Client      *http.Client
	Now         func() time.Time
	Fake        bool // no money moves
}

// Simulated implements Pay.
func (p *PayPlatform) Simulated() bool { return p.Fake }

// Verify implements Pay.
func (p *PayPlatform) Verify(r *http.Request, body []byte) *PayRefusal {
	return PayVerify(r, body, p.Secret, p.Now())
}

// Order implements Pay.
func (p *PayPlatform) Order(ctx context.Context, o PayOrder) (string, error) {
	var out struct{ Page string }
	err := p.call(ctx, http.MethodPost, "/orders", o, &out)
	return out.Page, err
}

// State implements Pay.
func (p *PayPlatform) State(ctx context.Context, no string) (out PayState, err error) {
	return out, p.call(ctx, http.MethodGet, "/orders/"+url.PathEscape(no), nil, &out)
}

// Refund implements Pay.
func (p *PayPlatform) Refund(ctx context.Context, no, reason string) (out PayState, err error) {
	return out, p.call(ctx, http.MethodPost, "/orders/"+url.PathEscape(no)+"/refund", map[string]string{"reason": reason}, &out)
}

// Statement implements Pay.
func (p *PayPlatform) Statement(ctx context.Context, day string) (out []PayLine, err error) {
	return out, p.call(ctx, http.MethodGet, "/statement?day="+url.QueryEscape(day), nil, &out)
}

func (p *PayPlatform) call(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	var last error
	for try := range 3 { // a call may be made again
		if try > 0 {
			select {
			case <-ctx.Done():
				return last
			case <-time.After(time.Duration(try) * 200 * time.Millisecond):
			}
		}
		req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(p.URL, "/")+path, bytes.NewReader(body))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/json")
		PaySign(req, body, p.Secret, p.Now())
		res, err := p.Client.Do(req)
		if err != nil {
			last = err
			continue
		}
		raw, err := io.ReadAll(io.LimitReader(res.Body, 8<<20))
		res.Body.Close()
		switch {
		case err != nil:
			last = err
		case res.StatusCode >= 300:
			no := &PayRefusal{Status: res.StatusCode}
			if json.Unmarshal(raw, no) != nil || no.Code == "" {
				no.Code, no.Text = "unclear", http.StatusText(res.StatusCode)
			}
			if last = no; res.StatusCode < 500 {
				return no
			}
		default:
			if err := json.Unmarshal(raw, out); err != nil {
				return fmt.Errorf("adapter: the payment platform's answer cannot be read: %w", err)
			}
			return nil
		}
	}
	return last
}
