package adapter

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestHookFormats(t *testing.T) {
	at := time.Date(2026, 11, 27, 2, 0, 0, 0, time.UTC)
	m := HookMessage{ID: "42", Type: "assigned", At: at, Link: "https://example.org/desk/1", Title: "新工单", Body: "“<@all>[点我](http://x)”待签收"}
	var got *http.Request
	var body []byte
	answer, status := "", 200
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(status)
		io.WriteString(w, answer)
	}))
	defer server.Close()
	h := &HTTPHook{Client: server.Client(), Now: func() time.Time { return at }}
	post := func(format HookFormat, secret string) (string, error) {
		return h.Post(context.Background(), HookTarget{URL: server.URL + "/r?key=K", Format: format, Secret: secret}, m)
	}

	if _, err := post(HookStandard, "whsec_c2VjcmV0"); err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, []byte("secret"))
	mac.Write([]byte("42.1795744800." + string(body)))
	if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); got.Header.Get("Webhook-Signature") != want || got.Header.Get("Webhook-Id") != "42" || got.Header.Get("Webhook-Timestamp") != "1795744800" {
		t.Errorf("signed %q, want %q; %v", got.Header.Get("Webhook-Signature"), want, got.Header)
	}
	var told HookMessage
	if err := json.Unmarshal(body, &told); err != nil || told != m {
		t.Errorf("%s: %v", body, err)
	}

	answer = `{"errcode":0,"errmsg":"ok"}`
	if _, err := post(HookWeCom, ""); err != nil || got.URL.Query().Get("key") != "K" {
		t.Errorf("%v at %s", err, got.URL)
	}
	if s := string(body); strings.Contains(s, "<@") || strings.Contains(s, `\u003c@`) || strings.Contains(s, "[点我]") {
		t.Errorf("somebody's words call people or set a link: %s", s)
	}
	if _, err := post(HookDingTalk, "SEC1"); err != nil || got.URL.Query().Get("timestamp") != "1795744800000" || got.URL.Query().Get("sign") != sign([]byte("SEC1"), "1795744800000\nSEC1") || got.URL.Query().Get("key") != "K" {
		t.Errorf("%v at %s", err, got.URL)
	}
	answer = `{"code":0}`
	if _, err := post(HookFeishu, "F"); err != nil || !strings.Contains(string(body), sign([]byte("1795744800\nF"), "")) {
		t.Errorf("%v: %s", err, body)
	}
	if _, err := post("fax", ""); !IsRefused(err) {
		t.Errorf("no such format: %v", err)
	}

	for _, c := range []struct {
		format  HookFormat
		status  int
		answer  string
		refused bool
		ok      bool
	}{
		{HookStandard, 204, "", false, true},
		{HookStandard, 400, "no", true, false},
		{HookStandard, 302, "", true, false}, // no redirection is followed
		{HookStandard, 429, "", false, false},
		{HookStandard, 503, "", false, false},
		{HookWeCom, 200, `{"errcode":93000,"errmsg":"invalid webhook url"}`, true, false},
		{HookWeCom, 200, `{"errcode":45009,"errmsg":"api freq out of limit"}`, false, false},
		{HookDingTalk, 200, `{"errcode":310000,"errmsg":"sign not match"}`, true, false},
		{HookFeishu, 200, `{"code":19021,"msg":"sign match fail"}`, true, false},
		{HookWeCom, 200, `<html>`, true, false},
	} {
		status, answer = c.status, c.answer
		if _, err := post(c.format, ""); (err == nil) != c.ok || IsRefused(err) != c.refused {
			t.Errorf("%s %d %s: %v", c.format, c.status, c.answer, err)
		}
	}
}

// The vector is that of the libraries of Standard Webhooks.
func TestSignHook(t *testing.T) {
	got, err := SignHook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`))
	if err != nil || got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("%s %v", got, err)
	}
	if _, err := SignHook("whsec_not base64", "1", "1", nil); !IsRefused(err) {
		t.Errorf("%v", err)
	}
}

func TestHookStaysOutside(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the machine itself was reached") }))
	defer server.Close()
	h, err := NewHTTPHook("")
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{server.URL, strings.Replace(server.URL, "127.0.0.1", "localhost", 1), strings.Replace(server.URL, "127.0.0.1", "[::ffff:127.0.0.1]", 1), "http://169.254.169.254/latest/"} {
		_, err := h.Post(context.Background(), HookTarget{URL: at, Format: HookStandard}, HookMessage{})
		if !IsRefused(err) {
			t.Errorf("%s: %v", at, err)
		}
		if err != nil && strings.Contains(err.Error(), "key=") {
			t.Errorf("the address is said: %v", err)
		}
	}
	for addr, inward := range map[string]bool{"127.0.0.1": true, "::1": true, "0.0.0.0": true, "169.254.1.1": true, "fe80::1": true, "10.1.2.3": false, "192.168.1.1": false, "1.2.3.4": false, "::ffff:127.0.0.1": true} {
		if Inward(netip.MustParseAddr(addr)) != inward {
			t.Errorf("%s: inward is %v", addr, !inward)
		}
	}
	if _, err := NewHTTPHook("no proxy"); err == nil {
		t.Error("no proxy is taken")
	}
}
