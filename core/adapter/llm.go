package adapter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// LLM is a language model (大模型). The house needs none: what one is asked for can
// be done without.
type LLM interface {
	// Complete gives the model's answer to a text under an instruction; ErrLLM is
	// in the chain of every failure.
	Complete(ctx context.Context, instruction, text string) (string, error)
}

// ErrLLM says that the model gave no answer that can be used.
var ErrLLM = errors.New("adapter: the language model gave no answer")

const (
	llmTime   = 20 * time.Second // for a whole call
	llmAsked  = 8000             // characters that may be asked at once
	llmAnswer = 256 << 10        // bytes of an answer that are read
)

// ChatCompletions asks a server that speaks OpenAI's chat completions.
type ChatCompletions struct {
	URL    string // without /chat/completions: https://host/v1
	Key    string // sent as a bearer token; may be empty
	Model  string
	Client *http.Client
}

type chatMessage struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// Complete implements LLM. A call is made once: who waits for it has the text
// without it.
func (c *ChatCompletions) Complete(ctx context.Context, instruction, text string) (string, error) {
	if n := utf8.RuneCountInString(instruction) + utf8.RuneCountInString(text); n > llmAsked {
		return "", fmt.Errorf("%w: %d characters are more than %d", ErrLLM, n, llmAsked)
	}
	ctx, cancel := context.WithTimeout(ctx, llmTime)
	defer cancel()
	body, _ := json.Marshal(map[string]any{"model": c.Model, "temperature": 0, "messages": []chatMessage{{"system", instruction}, {"user", text}}})
	res, err := c.ask(ctx, http.MethodPost, "/chat/completions", body)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	var answer struct {
		Choices []struct {
			Message chatMessage `json:"message"`
		} `json:"choices"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, llmAnswer)).Decode(&answer); err != nil {
		return "", fmt.Errorf("%w: %w", ErrLLM, err)
	}
	if len(answer.Choices) == 0 || strings.TrimSpace(answer.Choices[0].Message.Content) == "" {
		return "", fmt.Errorf("%w: it was empty", ErrLLM)
	}
	return strings.TrimSpace(answer.Choices[0].Message.Content), nil
}

// Reachable asks for the list of models, which costs nothing.
func (c *ChatCompletions) Reachable(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	res, err := c.ask(ctx, http.MethodGet, "/models", nil)
	if err == nil {
		res.Body.Close()
	}
	return err
}

func (c *ChatCompletions) ask(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(c.URL, "/")+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrLLM, err)
	}
	req.Header.Set("Content-Type", "application/json")
	if c.Key != "" {
		req.Header.Set("Authorization", "Bearer "+c.Key)
	}
	res, err := c.Client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrLLM, err)
	}
	if res.StatusCode != http.StatusOK {
		res.Body.Close()
		return nil, fmt.Errorf("%w: it answered %s", ErrLLM, res.Status)
	}
	return res, nil
}

// LLMSimulator answers like a server of chat completions, over HTTP: it gives the
// text back with its blanks in order, which is a polish that adds nothing. Answer,
// where it is set, answers in its place.
type LLMSimulator struct {
	Answer func(text string) string
}

// ServeHTTP speaks GET /models and POST /chat/completions.
func (s *LLMSimulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/models"):
		fmt.Fprint(w, `{"object":"list","data":[{"id":"simulator","object":"model"}]}`)
	case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/chat/completions"):
		var asked struct{ Messages []chatMessage }
		if err := json.NewDecoder(io.LimitReader(r.Body, llmAnswer)).Decode(&asked); err != nil || len(asked.Messages) == 0 {
			http.Error(w, `{"error":{"message":"no messages"}}`, http.StatusBadRequest)
			return
		}
		text, _ := s.Complete(r.Context(), "", asked.Messages[len(asked.Messages)-1].Content)
		_ = json.NewEncoder(w).Encode(map[string]any{"object": "chat.completion", "choices": []any{map[string]any{"index": 0, "finish_reason": "stop", "message": chatMessage{"assistant", text}}}})
	default:
		http.NotFound(w, r)
	}
}

// Complete implements LLM without a server between.
func (s *LLMSimulator) Complete(_ context.Context, _, text string) (string, error) {
	if s.Answer != nil {
		return s.Answer(text), nil
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	return strings.TrimSpace(strings.Join(lines, "\n")), nil
}
