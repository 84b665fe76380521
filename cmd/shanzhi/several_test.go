package main

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	natsserver "github.com/nats-io/nats-server/v2/server"

	"shanzhi/internal/testkit"
)

// follow reads the live updates as someone sees them.
func (s *server) follow(who string) (changes <-chan string, stop func()) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, "GET", s.url+"/api/live", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token(who))
	res, err := http.DefaultClient.Do(req)
	if err != nil || res.StatusCode != 200 {
		s.t.Fatalf("live: %v %v", res, err)
	}
	out := make(chan string, 1000)
	go func() {
		defer res.Body.Close()
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if line, ok := strings.CutPrefix(lines.Text(), "data:"); ok {
				out <- line
			}
		}
	}()
	return out, cancel
}

// firstItem is the name of the first item of the duty list in force.
func (s *server) firstItem() string {
	s.t.Helper()
	var items []struct {
		L3 string `json:"l3"`
	}
	s.must("dispatcher", "GET", "/api/duty/items?q=&limit=1", nil, &items)
	return items[0].L3
}

// publishDuty puts a duty list in force whose first item has another name.
func (s *server) publishDuty(name string) {
	s.t.Helper()
	var draft struct{ ID, Hash string }
	s.must("duty", "POST", "/api/duty/versions", map[string]any{"name": name}, &draft)
	var page struct {
		Items []struct{ Item map[string]string }
	}
	at := "/api/duty/versions/" + draft.ID
	s.must("duty", "GET", at+"/items?limit=1", nil, &page)
	row := page.Items[0].Item
	row["l3"] = name
	s.must("duty", "PUT", at+"/items/"+row["code"], map[string]any{"hash": draft.Hash, "item": row}, &draft)
	s.must("duty", "POST", at+"/publish", map[string]any{"hash": draft.Hash, "accept": true}, nil)
}

// Two processes serve one PostgreSQL. The leader is killed: the other leads
// within seconds, its live updates show what is done through it, and the counts
// that only a leader keeps are right again.
func TestTwoServeAndTheLeaderIsKilled(t *testing.T) {
	t.Parallel()
	dsn := testkit.Postgres(t)
	ns, err := natsserver.NewServer(&natsserver.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	ns.Start()
	t.Cleanup(ns.Shutdown)
	if !ns.ReadyForConnections(10 * time.Second) {
		t.Fatal("NATS did not start")
	}
	s3 := httptest.NewServer(gofakes3.New(s3mem.New()).Server())
	t.Cleanup(s3.Close)
	shared := t.TempDir()
	args := []string{"--demo", "--demo-days", "0", "--database", dsn, "--keys", filepath.Join(shared, "keys")}

	// Alone it may have its files and stream inside; a second one is refused.
	alone := start(t, filepath.Join(t.TempDir(), "a"), args...)
	if _, stderr, err := run(t, "", append([]string{"--data", filepath.Join(t.TempDir(), "b"), "serve", "--addr", "127.0.0.1:0"}, args...)...); err == nil || !strings.Contains(stderr, "another process serves these records; several need an outside NATS (SHANZHI_NATS) and S3 for the files (SHANZHI_S3)") {
		t.Errorf("a second process was not refused: %v %s", err, stderr)
	}
	alone.stop()

	env := []string{"SHANZHI_NATS=" + ns.ClientURL(), "SHANZHI_S3=" + s3.URL + "/district", "SHANZHI_S3_KEY=k", "SHANZHI_S3_SECRET=s"}
	leader := startIn(t, env, alone.data, args...)
	leads := func(s *server, within time.Duration) {
		t.Helper()
		f := s.file("agent", "新安街道裕安二路路灯不亮，请尽快维修", map[string]any{"channel": "hotline", "appellant": map[string]string{"phone": "16000000042"}})
		var found struct{ Items []struct{ ID string } }
		for deadline := time.Now().Add(within); ; time.Sleep(100 * time.Millisecond) {
			s.must("dispatcher", "GET", "/api/appeals?q=%E8%B7%AF%E7%81%AF&limit=50", nil, &found)
			for _, i := range found.Items {
				if i.ID == f.ID {
					return
				}
			}
			if time.Now().After(deadline) {
				t.Fatalf("nobody leads: %s is not in the index after %s", f.No, within)
			}
		}
	}
	leads(leader, 10*time.Second)
	second := startIn(t, env, filepath.Join(t.TempDir(), "two"), args...)
	changes, stop := second.follow("dispatcher")
	defer stop()
	told := func(id string) {
		t.Helper()
		for timeout := time.After(15 * time.Second); ; {
			select {
			case c := <-changes:
				if strings.Contains(c, id) {
					return
				}
			case <-timeout:
				t.Fatalf("the second process's screens were not told of %s", id)
			}
		}
	}
	// A photo sent to one is seen by the other; what is done by one is told by the other.
	photo := leader.upload("agent", "\x89PNG\r\n\x1a\n and more")
	f := leader.file("agent", "西乡街道流塘路井盖破损，请尽快处理", map[string]any{"channel": "hotline", "files": []string{photo}, "appellant": map[string]string{"phone": "16000000043"}})
	told(f.ID)
	if status, _ := second.call("dispatcher", "GET", "/api/files/"+photo, nil, nil); status != 200 {
		t.Errorf("the photo is not seen by the other process: %d", status)
	}

	// What is published through either is in force in both.
	for _, by := range []*server{leader, second} {
		name := "由其一发布 " + by.data
		by.publishDuty(name)
		for _, s := range []*server{leader, second} {
			for deadline := time.Now().Add(15 * time.Second); s.firstItem() != name; time.Sleep(100 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("the duty list that one process published is not in force in the other: %s", s.firstItem())
				}
			}
		}
	}

	leader.kill()
	f = second.file("agent", "沙井街道新沙路工地夜间施工", map[string]any{"channel": "hotline", "appellant": map[string]string{"phone": "16000000044"}})
	told(f.ID)
	second.act("dispatcher", f.ID, do("dispatch", map[string]any{"unit": "st-shajing"}))
	told(f.ID)
	leads(second, 15*time.Second)
	var board struct {
		Figures []struct {
			ID    string
			Value *float64
		}
	}
	for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		second.must("leader", "GET", "/api/board", nil, &board)
		if n := board.Figures; len(n) > 0 && n[0].Value != nil && *n[0].Value == 4 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the counts: %+v", board.Figures)
		}
	}
	if out, stderr, err := runIn(t, env, "", "--data", second.data, "--database", dsn, "--keys", filepath.Join(shared, "keys"), "audit", "verify"); err != nil {
		t.Errorf("audit verify: %v %s %s", err, out, stderr)
	}
}
