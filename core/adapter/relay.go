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

// Relay lends numbers through which one person can call another without either
// seeing the other's number (隐私号).
type Relay interface {
	// Bind gives a number that reaches target until the time that it says.
	// about names what the call is about, so that the operator can refuse abuse.
	Bind(ctx context.Context, target, about string) (number string, until time.Time, err error)
}

// relayFor is how long a lent number holds.
const relayFor = 24 * time.Hour

// RelaySimulator lends numbers that reach nobody: 95013 is the prefix that
// operators of such numbers have, and 00 begins no number of theirs.
type RelaySimulator struct {
	mu sync.Mutex
	n  int
}

// Bind implements Relay.
func (r *RelaySimulator) Bind(context.Context, string, string) (string, time.Time, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n++
	return fmt.Sprintf("9501300%07d", r.n), time.Now().Add(relayFor), nil
}

// RelayGateway asks an operator's gateway: JSON {"target", "about", "seconds"},
// answered by {"number"}.
type RelayGateway struct {
	URL    string
	Key    string // sent as a bearer token
	Client *http.Client
}

// Bind implements Relay.
func (g *RelayGateway) Bind(ctx context.Context, target, about string) (string, time.Time, error) {
	body, _ := json.Marshal(map[string]any{"target": target, "about": about, "seconds": int(relayFor.Seconds())})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.URL, bytes.NewReader(body))
	if err != nil {
		return "", time.Time{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+g.Key)
	until := time.Now().Add(relayFor)
	res, err := g.Client.Do(req)
	if err != nil {
		return "", time.Time{}, err
	}
	defer res.Body.Close()
	var answer struct{ Number string }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || res.StatusCode != http.StatusOK || answer.Number == "" {
		return "", time.Time{}, fmt.Errorf("adapter: the relay gateway answered %s", res.Status)
	}
	return answer.Number, until, nil
}
