package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shanzhi/internal/testkit"
)

func lastJSON(t *testing.T, out string) (v imported) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &v); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	return v
}

// What others rely on: the counts and the reject file as the last line, the
// exit status, one plain line of error.
func TestImportCommand(t *testing.T) {
	stores(t, func(t *testing.T, more ...string) {
		data := filepath.Join(t.TempDir(), "data")
		base := append([]string{"--data", data}, more...)
		bring := func(profile, file string, flags ...string) (imported, string, error) {
			out, bad, err := run(t, "", append(base, append([]string{"import", "appeals", "--profile", profile, file, "--json"}, flags...)...)...)
			if err != nil {
				return imported{}, bad, err
			}
			return lastJSON(t, out), bad, nil
		}
		folder := t.TempDir()
		file := filepath.Join(folder, "工单.csv")
		profile := filepath.Join(folder, "small.yaml")
		write := func(name, body string) {
			if err := os.WriteFile(name, []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		write(profile, "profile: small\ntitle: {zh: 小}\nsource: small\nappeal: {number: \"{no}\", opened: \"{at}\", state: closed, channel: web, kind: other, text: \"{text}\"}\n")
		write(file, "no,at,text\nA1,2023-01-01,路灯不亮\nA2,2023-13-01,月份不对\nA3,2023-01-03,井盖丢失\n")
		first, _, err := bring(profile, file)
		if err != nil || first.Read != 3 || first.Imported != 2 || first.Present != 0 || first.Refused != 1 || first.RejectFile != file+".rejects.csv" {
			t.Fatalf("%+v %v", first, err)
		}
		if raw, err := os.ReadFile(first.RejectFile); err != nil || !strings.Contains(string(raw), "A2") {
			t.Errorf("rejects: %s %v", raw, err)
		}
		again, _, err := bring(profile, file, "--rejects", filepath.Join(folder, "r.csv"))
		if err != nil || again.Imported != 0 || again.Present != 2 || again.Refused != 1 || again.RejectFile != filepath.Join(folder, "r.csv") {
			t.Errorf("again: %+v %v", again, err)
		}
		write(filepath.Join(folder, "cut.csv"), "no,at,text\nA9,2023-01-01,\"路灯")
		for _, c := range []struct{ profile, file, want string }{
			{"nothing", file, "no import profile"},
			{filepath.Join(folder, "none.yaml"), file, "no such file"},
			{"pingshan", file, "no column"},
			{profile, filepath.Join(folder, "none.csv"), "no such file"},
			{profile, folder, "is not a file"},
			{profile, filepath.Join(folder, "cut.csv"), "cut off"},
		} {
			if _, bad, err := bring(c.profile, c.file); err == nil || !strings.Contains(bad, c.want) || strings.Count(strings.TrimSpace(bad), "\n") > 0 {
				t.Errorf("%v: %v %q", c, err, bad)
			}
		}
		out, _, err := run(t, "", append(base, "audit", "verify")...)
		if err != nil {
			t.Errorf("audit: %s %v", out, err)
		}
	})
}

// An import beside a running house loses nothing of either, and the house sees
// what came; a second house on one SQLite file is refused.
func TestImportBesideServe(t *testing.T) {
	file := testkit.Shared(t, "appeals", "messages_with_replies_1000.csv")
	data := filepath.Join(t.TempDir(), "data")
	s := start(t, data, "--demo", "--demo-days", "0")
	_, bad, err := run(t, "", "--data", data, "serve", "--addr", "127.0.0.1:0")
	if err == nil || !strings.Contains(bad, "in use by shanzhi serve") || strings.Count(strings.TrimSpace(bad), "\n") > 0 {
		t.Fatalf("a second house: %v %q", err, bad)
	}
	stop, filed := make(chan bool), make(chan int)
	go func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				filed <- n
				return
			default:
				s.file("agent", fmt.Sprintf("石岩街道官田社区第 %d 盏路灯不亮", n), map[string]any{"channel": "hotline"})
			}
		}
	}()
	out, bad, err := run(t, "", "--data", data, "import", "appeals", "--profile", "messages_with_replies", file, "--json")
	close(stop)
	n := <-filed
	if err != nil {
		t.Fatal(err, bad)
	}
	if got := lastJSON(t, out); got.Imported != 1000 || n == 0 {
		t.Errorf("%+v beside %d filed", got, n)
	}
	var board struct {
		Figures []struct {
			ID    string
			Value float64
		}
	}
	deadline := time.Now().Add(10 * time.Second)
	for today := -1; today != n && time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		s.must("leader", "GET", "/api/board", nil, &board)
		today = int(board.Figures[0].Value)
	}
	if int(board.Figures[0].Value) != n {
		t.Errorf("the board counts %v filed today, %d were", board.Figures[0].Value, n)
	}
	var found struct{ Items []struct{ No string } }
	s.must("supervisor", "GET", "/api/appeals?q=messages_with_replies-2549", nil, &found)
	if len(found.Items) != 1 {
		t.Errorf("found %+v", found)
	}
	s.stop()
	if out, bad, err := run(t, "", "--data", data, "audit", "verify"); err != nil {
		t.Errorf("audit: %s %s", out, bad)
	}
}

// An import that is killed in the middle is continued by the same command.
func TestKilledImportIsContinued(t *testing.T) {
	folder := t.TempDir()
	data, file, profile := filepath.Join(folder, "data"), filepath.Join(folder, "big.csv"), filepath.Join(folder, "small.yaml")
	const n = 30_000
	var b strings.Builder
	b.WriteString("no,at,text\n")
	for i := range n {
		fmt.Fprintf(&b, "A%05d,2023-01-%02d,第 %d 盏路灯不亮，请尽快修复\n", i, 1+i%28, i)
	}
	for name, body := range map[string]string{file: b.String(), profile: "profile: small\ntitle: {zh: 小}\nsource: small\nappeal: {number: \"{no}\", opened: \"{at}\", state: closed, channel: web, kind: other, text: \"{text}\"}\n"} {
		if err := os.WriteFile(name, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, bad, err := run(t, "", "--data", data, "import", "profiles"); err != nil { // makes the records
		t.Fatal(bad, err)
	}
	cmd := program(t.Context(), "--data", data, "import", "appeals", "--profile", profile, file)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1500 * time.Millisecond)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	out, bad, err := run(t, "", "--data", data, "import", "appeals", "--profile", profile, file, "--json")
	if err != nil {
		t.Fatal(bad, err)
	}
	if got := lastJSON(t, out); got.Read != n || got.Imported+got.Present != n || got.Refused != 0 {
		t.Errorf("%+v", got)
	}
	out, bad, err = run(t, "", "--data", data, "import", "appeals", "--profile", profile, file, "--json")
	if err != nil {
		t.Fatal(bad, err)
	}
	if got := lastJSON(t, out); got.Present != n || got.Imported != 0 {
		t.Errorf("a third time: %+v", got)
	}
}
