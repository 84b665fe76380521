package adapter

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/wneessen/go-mail"
)

// Letter is a mail to one reader.
type Letter struct {
	ID      string // unique; the same letter sent again has the same
	Subject string
	Text    string
	HTML    string // the same for screens; empty is none
	// Unsubscribe is an address whose POST ends such letters (RFC 8058); empty is none.
	Unsubscribe string
}

// Mail sends letters.
type Mail interface {
	// Send hands a letter to the mail server and returns what it said. An
	// address that the server does not know is Refused.
	Send(ctx context.Context, to string, l Letter) (receipt string, err error)
}

// SMTP sends letters by a mail server (RFC 5321), encrypted unless Plain.
type SMTP struct {
	Host     string
	Port     int
	Implicit bool // TLS from the first byte (RFC 8314), as at port 465; else STARTTLS
	Plain    bool // no encryption: for a relay on the same machine
	User     string
	Password string
	From     string // "宝安区民生诉求 <noreply@example.gov.cn>"
}

// NewSMTP reads smtp://user@host:port or smtps://…; plain=1 among its parameters
// takes encryption away.
func NewSMTP(at, password, from string) (*SMTP, error) {
	u, err := url.Parse(at)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, fmt.Errorf("adapter: %q is no mail server such as smtp://user@mail.example.org:587", at)
	}
	s := &SMTP{Host: u.Hostname(), Implicit: u.Scheme == "smtps", Plain: u.Query().Get("plain") == "1", User: u.User.Username(), Password: password, From: from}
	if s.Port, err = strconv.Atoi(u.Port()); err != nil {
		s.Port = map[bool]int{false: 587, true: 465}[s.Implicit]
	}
	if s.From == "" {
		s.From = s.User
	}
	m := mail.NewMsg()
	if err := m.From(s.From); err != nil {
		return nil, fmt.Errorf("adapter: %q is no sender's address: %w", s.From, err)
	}
	return s, nil
}

func (s *SMTP) client() (*mail.Client, error) {
	options := []mail.Option{mail.WithPort(s.Port), mail.WithTimeout(15 * time.Second)}
	switch {
	case s.Plain:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	case s.Implicit:
		options = append(options, mail.WithSSL())
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if s.Password != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	return mail.NewClient(s.Host, options...)
}

// Reach says whether the server answers and lets the house in.
func (s *SMTP) Reach(ctx context.Context) error {
	c, err := s.client()
	if err != nil {
		return err
	}
	if err := c.DialWithContext(ctx); err != nil {
		return err
	}
	return c.Close()
}

// Send implements Mail.
func (s *SMTP) Send(ctx context.Context, to string, l Letter) (string, error) {
	m := mail.NewMsg()
	if err := m.From(s.From); err != nil {
		return "", err
	}
	if err := m.To(to); err != nil {
		return "", Refused{"no address of a mailbox"}
	}
	m.Subject(l.Subject)
	m.SetDate()
	m.SetMessageIDWithValue(l.ID + "@" + s.Host)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's absence answers it
	if l.Unsubscribe != "" {
		m.SetGenHeader("List-Unsubscribe", "<"+l.Unsubscribe+">")
		m.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	if l.HTML != "" {
		m.AddAlternativeString(mail.TypeTextHTML, l.HTML)
	}
	c, err := s.client()
	if err != nil {
		return "", err
	}
	if err := c.DialAndSendWithContext(ctx, m); err != nil {
		return "", smtpError(err)
	}
	if said := m.ServerResponse(); said != "" {
		return said, nil
	}
	return "250", nil
}

// smtpError tells what stays refused (5xx of the letter or its address) from what may pass.
func smtpError(err error) error {
	var network net.Error
	var sent *mail.SendError
	var reply *textproto.Error
	if errors.As(err, &network) {
		return err
	}
	if errors.As(err, &sent) && !sent.IsTemp() {
		switch sent.Reason {
		case mail.ErrSMTPRcptTo, mail.ErrSMTPData, mail.ErrSMTPDataClose:
			if errors.As(err, &reply) {
				return Refused{reply.Error()}
			}
			return Refused{sent.Error()}
		}
	}
	return err
}

// SentMail is a letter that the simulator took.
type SentMail struct {
	At time.Time `json:"at"`
	To string    `json:"to"`
	Letter
}

// MailSimulator keeps the newest letters in memory instead of sending them. As
// a mail server does, it refuses addresses of nobody: those at nobody.example.
type MailSimulator struct {
	mu   sync.Mutex
	sent []SentMail
	n    int
}

// Send implements Mail.
func (s *MailSimulator) Send(_ context.Context, to string, l Letter) (string, error) {
	if _, host, ok := strings.Cut(to, "@"); !ok || host == "nobody.example" {
		return "", Refused{"550 5.1.1 no such mailbox"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	s.sent = keepNewest(append(s.sent, SentMail{time.Now(), to, l}))
	return fmt.Sprintf("250 2.0.0 simulated-%d", s.n), nil
}

// Sent gives the newest letters, oldest first.
func (s *MailSimulator) Sent() []SentMail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]SentMail(nil), s.sent...)
}
