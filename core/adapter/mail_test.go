package adapter

import (
	"context"
	"errors"
	"io"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// post is a mail server that knows every mailbox but nobody's, and is busy when told.
type post struct {
	mu      sync.Mutex
	letters []string
	busy    bool
}

type postSession struct{ *post }

func (p *post) NewSession(*smtp.Conn) (smtp.Session, error) { return postSession{p}, nil }
func (p postSession) Mail(string, *smtp.MailOptions) error  { return nil }
func (p postSession) Reset()                                {}
func (p postSession) Logout() error                         { return nil }
func (p postSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.busy:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "try later"}
	case strings.HasPrefix(to, "nobody@"):
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
	}
	return nil
}
func (p postSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.letters = append(p.letters, string(raw))
	return err
}

func TestSMTP(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &post{}
	server := smtp.NewServer(p)
	server.Domain = "mail.example.org"
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	ctx := context.Background()

	m, err := NewSMTP("smtp://"+l.Addr().String()+"?plain=1", "", "善治 <noreply@example.org>")
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Reach(ctx); err != nil {
		t.Error(err)
	}
	letter := Letter{ID: "notice.1", Subject: "【宝安】您的诉求已受理", Text: "您好\n查看", HTML: "<p>您好</p>", Unsubscribe: "https://example.org/u?token=x"}
	receipt, err := m.Send(ctx, "zhang@example.org", letter)
	if err != nil || receipt == "" {
		t.Fatalf("%q, %v", receipt, err)
	}
	got, err := mail.ReadMessage(strings.NewReader(p.letters[0]))
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{"To": "<zhang@example.org>", "Auto-Submitted": "auto-generated", "List-Unsubscribe": "<https://example.org/u?token=x>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "Message-Id": "<notice.1@127.0.0.1>"} {
		if got.Header.Get(header) != want {
			t.Errorf("%s is %q, want %q", header, got.Header.Get(header), want)
		}
	}
	if body, _ := io.ReadAll(got.Body); !strings.Contains(string(body), "text/html") || !strings.Contains(string(body), "text/plain") {
		t.Errorf("not both texts: %s", body)
	}

	if _, err := m.Send(ctx, "nobody@example.org", letter); !IsRefused(err) || !strings.Contains(err.Error(), "no such mailbox") {
		t.Errorf("an unknown mailbox: %v", err)
	}
	if _, err := m.Send(ctx, "no address", letter); !IsRefused(err) {
		t.Errorf("no address: %v", err)
	}
	// A subject cannot bring headers of its own.
	if _, err := m.Send(ctx, "a@example.org", Letter{ID: "2", Subject: "x\r\nBcc: b@example.org", Text: "x"}); err == nil {
		if got, err := mail.ReadMessage(strings.NewReader(p.letters[len(p.letters)-1])); err != nil || got.Header.Get("Bcc") != "" {
			t.Errorf("a header was brought in: %v %v", got.Header, err)
		}
	}
	p.busy = true
	if _, err := m.Send(ctx, "zhang@example.org", letter); err == nil || IsRefused(err) {
		t.Errorf("a busy server: %v", err)
	}
	server.Close()
	short, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if _, err := m.Send(short, "zhang@example.org", letter); err == nil || IsRefused(err) {
		t.Errorf("no server: %v", err)
	}
	for _, at := range []string{"", "mail.example.org", "http://mail.example.org", "smtp://"} {
		if _, err := NewSMTP(at, "", "a@example.org"); err == nil {
			t.Errorf("%q is taken for a mail server", at)
		}
	}
	if _, err := NewSMTP("smtp://mail.example.org", "", "not an address"); err == nil {
		t.Error("a wrong sender is taken")
	}
}

func TestMailSimulatorRefusesAsAServer(t *testing.T) {
	s := &MailSimulator{}
	if _, err := s.Send(context.Background(), "a@nobody.example", Letter{}); !IsRefused(err) {
		t.Errorf("%v", err)
	}
	for range simulatorKeeps + 5 {
		if _, err := s.Send(context.Background(), "a@example.org", Letter{}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.Sent()); n != simulatorKeeps {
		t.Errorf("it keeps %d", n)
	}
	if IsRefused(errors.New("busy")) {
		t.Error("what may pass is no refusal")
	}
}
