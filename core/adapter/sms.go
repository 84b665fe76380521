// Package adapter is the seam to services outside the house: short messages,
// payment, seals, identity, maps. Each is a small interface with a simulator
// that behaves like the real thing and can be looked at; which one is used is
// configuration.
package adapter

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// SMS sends short messages.
type SMS interface {
	// Send hands a message to the operator and returns its receipt.
	Send(ctx context.Context, phone, text string) (receipt string, err error)
}

// SentSMS is a message that the simulator took.
type SentSMS struct {
	At    time.Time `json:"at"`
	Phone string    `json:"phone"`
	Text  string    `json:"text"`
}

// SMSSimulator keeps the newest messages in memory instead of sending them.
type SMSSimulator struct {
	mu   sync.Mutex
	sent []SentSMS
	n    int
}

// simulatorKeeps is how many messages a simulator remembers.
const simulatorKeeps = 200

func keepNewest[T any](sent []T) []T { return sent[max(0, len(sent)-simulatorKeeps):] }

// Send implements SMS.
func (s *SMSSimulator) Send(_ context.Context, phone, text string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	s.sent = keepNewest(append(s.sent, SentSMS{time.Now(), phone, text}))
	return fmt.Sprintf("simulated-%d", s.n), nil
}

// Sent gives the newest messages, oldest first.
func (s *SMSSimulator) Sent() []SentSMS {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]SentSMS(nil), s.sent...)
}

// SMSGateway posts each message as JSON {"phone", "text"} to an operator's
// gateway, which answers {"receipt"}.
type SMSGateway struct {
	URL    string
	Key    string // sent as a bearer token
	Client *http.Client
}

// Send implements SMS. A refusal or a silence is tried three times.
func (g *SMSGateway) Send(ctx context.Context, phone, text string) (string, error) {
	body, _ := json.Marshal(map[string]string{"phone": phone, "text": text})
	var last error
	for try := range 3 {
		if try > 0 {
			select {
			case <-ctx.Done():
				return "", ctx.Err()
			case <-time.After(time.Duration(try) * 500 * time.Millisecond):
			}
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.URL, bytes.NewReader(body))
		if err != nil {
			return "", err
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+g.Key)
		res, err := g.Client.Do(req)
		if err != nil {
			last = err
			continue
		}
		var answer struct{ Receipt string }
		err = json.NewDecoder(res.Body).Decode(&answer)
		res.Body.Close()
		if res.StatusCode == http.StatusOK && err == nil {
			return answer.Receipt, nil
		}
		last = fmt.Errorf("adapter: the SMS gateway answered %s", res.Status)
		if res.StatusCode >= 400 && res.StatusCode < 500 {
			break
		}
	}
	return "", last
}
