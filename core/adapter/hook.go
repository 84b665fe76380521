package adapter

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// HookFormat is how a receiver wants what it is told.
type HookFormat string

// The formats. Those of group robots are what 政务微信 and 企业微信, 钉钉 and 飞书 take.
const (
	HookStandard HookFormat = "standard" // Standard Webhooks 1.0: signed JSON
	HookWeCom    HookFormat = "wecom"
	HookDingTalk HookFormat = "dingtalk"
	HookFeishu   HookFormat = "feishu"
)

// HookFormats are all of them.
var HookFormats = []HookFormat{HookStandard, HookWeCom, HookDingTalk, HookFeishu}

// HookTarget is who is told.
type HookTarget struct {
	URL    string
	Format HookFormat
	Secret string // signs; a robot may have none
}

// HookMessage is what is told. It holds no personal data.
type HookMessage struct {
	ID     string    `json:"id"`   // the same when it is sent again
	Type   string    `json:"type"` // name of the notice
	At     time.Time `json:"timestamp"`
	Desk   string    `json:"desk,omitempty"`
	About  string    `json:"about,omitempty"` // "matter/123"
	Link   string    `json:"link,omitempty"`
	Urgent bool      `json:"urgent"`
	Title  string    `json:"title"`
	Body   string    `json:"body"`
}

// Hook tells receivers outside.
type Hook interface {
	// Post gives the message to its receiver and returns what it answered. What
	// a receiver will never take is Refused.
	Post(ctx context.Context, to HookTarget, m HookMessage) (receipt string, err error)
}

// Request is the call that tells a receiver at the time now.
func (t HookTarget) Request(ctx context.Context, m HookMessage, now time.Time) (*http.Request, error) {
	at, header := t.URL, http.Header{"Content-Type": {"application/json; charset=utf-8"}, "User-Agent": {"shanzhi"}}
	var body []byte
	switch t.Format {
	case HookStandard:
		body, _ = json.Marshal(m)
		stamp := strconv.FormatInt(now.Unix(), 10)
		signature, err := SignHook(t.Secret, m.ID, stamp, body)
		if err != nil {
			return nil, err
		}
		header.Set("Webhook-Id", m.ID)
		header.Set("Webhook-Timestamp", stamp)
		header.Set("Webhook-Signature", signature)
	case HookWeCom:
		body, _ = json.Marshal(map[string]any{"msgtype": "markdown", "markdown": map[string]string{"content": clipBytes(markdown(m), 4000)}})
	case HookDingTalk:
		body, _ = json.Marshal(map[string]any{"msgtype": "markdown", "markdown": map[string]string{"title": m.Title, "text": markdown(m)}})
		if t.Secret != "" {
			stamp := strconv.FormatInt(now.UnixMilli(), 10)
			u, err := url.Parse(at)
			if err != nil {
				return nil, Refused{err.Error()}
			}
			q := u.Query()
			q.Set("timestamp", stamp)
			q.Set("sign", sign([]byte(t.Secret), stamp+"\n"+t.Secret))
			u.RawQuery = q.Encode()
			at = u.String()
		}
	case HookFeishu:
		out := map[string]any{"msg_type": "text", "content": map[string]string{"text": strings.TrimSpace(m.Title + "\n" + m.Body + "\n" + m.Link)}}
		if t.Secret != "" {
			stamp := strconv.FormatInt(now.Unix(), 10)
			out["timestamp"], out["sign"] = stamp, sign([]byte(stamp+"\n"+t.Secret), "")
		}
		body, _ = json.Marshal(out)
	default:
		return nil, Refused{fmt.Sprintf("there is no format %q", t.Format)}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, at, bytes.NewReader(body))
	if err != nil {
		return nil, Refused{err.Error()}
	}
	req.Header = header
	return req, nil
}

// HookSecret begins each secret of the standard format; the key follows in Base64.
const HookSecret = "whsec_"

// SignHook is the signature of Standard Webhooks 1.0 (signature scheme v1): what a
// receiver computes to know that the house sent it.
func SignHook(secret, id, stamp string, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, HookSecret))
	if err != nil {
		return "", Refused{"the secret is not Base64"}
	}
	return "v1," + sign(key, id+"."+stamp+"."+string(body)), nil
}

func sign(key []byte, text string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// markdown is a message for a robot. Words of people can call nobody (<@…>) and
// set no link.
func markdown(m HookMessage) string {
	plain := strings.NewReplacer("<", "＜", "[", "［", "]", "］", "*", "＊", "`", "＇")
	out := "**" + plain.Replace(m.Title) + "**\n\n" + plain.Replace(m.Body)
	if m.Link != "" {
		out += "\n\n" + m.Link
	}
	return out
}

// clipBytes cuts a text to at most n bytes between two runes.
func clipBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// read tells by a receiver's answer whether it took the message.
func (t HookTarget) read(status int, header http.Header, body []byte) (string, error) {
	said := strings.TrimSpace(strings.Join(strings.Fields(string(body)), " "))
	said = clipBytes(said, 200)
	receipt := strings.TrimSpace(strconv.Itoa(status) + " " + said)
	switch {
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status >= 500:
		return "", fmt.Errorf("adapter: the receiver answered %s", cmp.Or(receipt, header.Get("Retry-After")))
	case status < 200 || status >= 300:
		return "", Refused{receipt}
	}
	if t.Format == HookStandard {
		return receipt, nil
	}
	// Robots answer 200 with a code of their own.
	var answer struct {
		Errcode *int `json:"errcode"`
		Code    *int `json:"code"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.Errcode == nil && answer.Code == nil {
		return "", Refused{"no robot's answer: " + receipt}
	}
	code := answer.Errcode
	if code == nil {
		code = answer.Code
	}
	switch *code {
	case 0:
		return receipt, nil
	case -1, 45009, 45033, 130101, 9499, 11232: // busy, or too many a minute
		return "", fmt.Errorf("adapter: the robot answered %s", receipt)
	}
	return "", Refused{receipt}
}

// HTTPHook posts to receivers. It follows no redirection, and does not reach
// what only this machine reaches.
type HTTPHook struct {
	Client *http.Client
	Now    func() time.Time
}

// ErrInward: a receiver's address leads to this machine itself.
var ErrInward = errors.New("adapter: a receiver may not be this machine itself")

// Inward says that an address leads to this machine or to its link alone.
func Inward(at netip.Addr) bool {
	at = at.Unmap()
	return at.IsLoopback() || at.IsUnspecified() || at.IsLinkLocalUnicast() || at.IsMulticast()
}

// NewHTTPHook makes one that goes by a proxy, or directly where that is empty.
func NewHTTPHook(proxy string) (*HTTPHook, error) {
	transport := &http.Transport{MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: 5 * time.Second}
	if proxy != "" {
		u, err := url.Parse(proxy)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("adapter: %q is no proxy such as http://proxy:3128", proxy)
		}
		transport.Proxy = http.ProxyURL(u)
	} else {
		// What is dialled is looked at, not what the name said when it was written.
		dialer := &net.Dialer{Timeout: 5 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
			if at, err := netip.ParseAddrPort(address); err != nil || Inward(at.Addr()) {
				return Refused{ErrInward.Error()}
			}
			return nil
		}}
		transport.DialContext = dialer.DialContext
	}
	return &HTTPHook{Now: time.Now, Client: &http.Client{Transport: transport, Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, nil
}

// Post implements Hook.
func (h *HTTPHook) Post(ctx context.Context, to HookTarget, m HookMessage) (string, error) {
	req, err := to.Request(ctx, m, h.Now())
	if err != nil {
		return "", err
	}
	res, err := h.Client.Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) { // its text has the address, whose parameters are a robot's key
			return "", u.Err
		}
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 4096))
	if err != nil {
		return "", err
	}
	return to.read(res.StatusCode, res.Header, body)
}

// PostedHook is a message that the simulator took.
type PostedHook struct {
	At     time.Time  `json:"at"`
	URL    string     `json:"url"`
	Format HookFormat `json:"format"`
	Body   string     `json:"body"` // as it would have gone
}

// HookSimulator keeps the newest messages in memory instead of sending them. An
// address with the parameter answer=503 answers so.
type HookSimulator struct {
	mu   sync.Mutex
	sent []PostedHook
	n    int
}

// Post implements Hook.
func (s *HookSimulator) Post(ctx context.Context, to HookTarget, m HookMessage) (string, error) {
	req, err := to.Request(ctx, m, time.Now())
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return "", err
	}
	if status, err := strconv.Atoi(req.URL.Query().Get("answer")); err == nil {
		return to.read(status, http.Header{}, nil)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	s.sent = keepNewest(append(s.sent, PostedHook{time.Now(), to.URL, to.Format, string(body)}))
	return fmt.Sprintf("200 simulated-%d", s.n), nil
}

// Sent gives the newest messages, oldest first.
func (s *HookSimulator) Sent() []PostedHook {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]PostedHook(nil), s.sent...)
}
