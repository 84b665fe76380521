package adapter

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"shanzhi/core/rule"
)

// FactGateway asks a data-sharing gateway (数据共享交换平台) for the facts of one source: JSON
// {"source", "purpose", "keys", "facts"}, answered by {"facts": [{"fact", "value",
// "as_of", "receipt"}]}. It tries once: who gathers tries again.
type FactGateway struct {
	URL    string
	Key    string // sent as a bearer token
	Source string
	Client *http.Client
}

// factAnswer is how many bytes of an answer are read.
const factAnswer = 1 << 20

// Name implements rule.FactSource.
func (g *FactGateway) Name() string { return g.Source }

// Fetch implements rule.FactSource.
func (g *FactGateway) Fetch(ctx context.Context, q rule.FactQuery) ([]rule.Said, error) {
	body, err := json.Marshal(struct {
		Source string `json:"source"`
		rule.FactQuery
	}{g.Source, q})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+g.Key)
	res, err := g.Client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("adapter: %s answered %s", g.Source, res.Status)
	}
	var answer struct {
		Facts []rule.Said `json:"facts"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, factAnswer)).Decode(&answer); err != nil {
		return nil, fmt.Errorf("adapter: %s: %w", g.Source, err)
	}
	return answer.Facts, nil
}
