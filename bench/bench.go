// Package bench measures the product as its users meet it: over HTTP, signed
// in, through the real flow, with audit, rights and limits on, and beside each
// figure the physical limit or a peer measured in the same run.
package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"
)

// Server is a program under measurement.
type Server struct {
	URL string
	cmd *exec.Cmd
	log *os.File
}

// Start runs a server on an address and waits until /healthz answers.
func Start(ctx context.Context, program string, args ...string) (*Server, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	log, err := os.CreateTemp("", "shanzhi-bench-*.log")
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program, append(args, "serve", "--addr", addr)...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 20 * time.Second
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &Server{URL: "http://" + addr, cmd: cmd, log: log}
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if res, err := http.Get(s.URL + "/healthz"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return s, nil
			}
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			s.Stop()
			text, _ := os.ReadFile(log.Name())
			return nil, fmt.Errorf("bench: the server did not come up: %s", strings.TrimSpace(string(text)))
		}
	}
}

// Stop ends the server in order.
func (s *Server) Stop() {
	if s.cmd != nil && s.cmd.Process != nil {
		_ = s.cmd.Process.Signal(os.Interrupt)
		_ = s.cmd.Wait()
	}
	if s.log != nil {
		s.log.Close()
		os.Remove(s.log.Name())
	}
}

// client is one signed-in caller with connections of its own.
type client struct {
	base  string
	token string
	http  *http.Client
}

// transport is shared by all clients of a run, so that connections are kept.
var transport = &http.Transport{MaxIdleConns: 2000, MaxIdleConnsPerHost: 2000, IdleConnTimeout: time.Minute}

func newClient(base string) *client {
	return &client{base: base, http: &http.Client{Transport: transport, Timeout: 30 * time.Second}}
}

// refusal is an answer that is no success.
type refusal struct {
	status int
	body   string
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %s", r.status, r.body) }

// call makes a request and reads its JSON answer into out, if any.
func (c *client) call(ctx context.Context, method, path string, in, out any) error {
	if in == nil {
		return c.send(ctx, method, path, "", nil, out)
	}
	raw, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return c.send(ctx, method, path, "application/json", raw, out)
}

// send makes a request with a body of any kind and reads its JSON answer into
// out, if any.
func (c *client) send(ctx context.Context, method, path, kind string, body []byte, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 {
		raw, _ := io.ReadAll(io.LimitReader(res.Body, 500))
		return &refusal{res.StatusCode, string(raw)}
	}
	if out == nil {
		_, err = io.Copy(io.Discard, res.Body)
		return err
	}
	return json.NewDecoder(res.Body).Decode(out)
}

func (c *client) signIn(ctx context.Context, login, password string) error {
	var out struct{ Token string }
	err := c.call(ctx, http.MethodPost, "/api/sign-in", map[string]string{"login": login, "password": password}, &out)
	c.token = out.Token
	return err
}

// latencies are durations that are asked for percentiles.
type latencies struct {
	mu  sync.Mutex
	all []time.Duration
}

func (l *latencies) add(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, d)
}

// percentile is in milliseconds, to a hundredth.
func (l *latencies) percentile(p float64) float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.all) == 0 {
		return 0
	}
	slices.Sort(l.all)
	i := min(len(l.all)-1, int(p*float64(len(l.all))))
	return float64(l.all[i].Microseconds()/10) / 100
}
