package adapter

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"

	"shanzhi/core/subject"
)

// IDCardState is what the register of identity cards (居民身份证) says of one.
type IDCardState string

// The states.
const (
	IDCardGood    IDCardState = "good"
	IDCardLost    IDCardState = "lost" // 挂失
	IDCardOver    IDCardState = "over" // its term has ended, or it was replaced
	IDCardUnknown IDCardState = "unknown"
)

// IDCards is the register of identity cards: whether the card that a reader read is one
// that was issued to whom it says, and still good. A reader alone cannot tell (居民身份证法
// 第十一条: who lost a card reports it).
type IDCards interface {
	Card(ctx context.Context, name, number string) (IDCardState, error)
}

// IDCardGateway asks a service that stands before the register: JSON {"name", "id_number"},
// answered by {"state"}.
type IDCardGateway struct {
	URL, Key string
	Client   *http.Client
}

// Card implements IDCards.
func (g *IDCardGateway) Card(ctx context.Context, name, number string) (IDCardState, error) {
	body, err := json.Marshal(map[string]string{"name": name, "id_number": number})
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.URL, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+g.Key)
	res, err := g.Client.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	var answer struct {
		State IDCardState `json:"state"`
	}
	err = json.NewDecoder(io.LimitReader(res.Body, 64<<10)).Decode(&answer)
	switch answer.State {
	case IDCardGood, IDCardLost, IDCardOver, IDCardUnknown:
		if err == nil && res.StatusCode == http.StatusOK {
			return answer.State, nil
		}
	}
	return "", fmt.Errorf("adapter: the register of identity cards answered %s: %w", res.Status, err)
}

// IDCardSimulator stands for the register: a card whose number is one is good, unless it
// was told otherwise.
type IDCardSimulator struct {
	mu   sync.Mutex
	told map[string]IDCardState
	down bool
}

// Tell says how a card stands.
func (s *IDCardSimulator) Tell(number string, state IDCardState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.told == nil {
		s.told = map[string]IDCardState{}
	}
	s.told[number] = state
}

// Down makes it answer no more, or again.
func (s *IDCardSimulator) Down(down bool) { s.mu.Lock(); s.down = down; s.mu.Unlock() }

// Card implements IDCards.
func (s *IDCardSimulator) Card(_ context.Context, name, number string) (IDCardState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state := s.told[number]; {
	case s.down:
		return "", fmt.Errorf("adapter: the simulated register of identity cards is down")
	case state != "":
		return state, nil
	case name == "" || subject.CheckIDNumber(number) != nil:
		return IDCardUnknown, nil
	}
	return IDCardGood, nil
}
