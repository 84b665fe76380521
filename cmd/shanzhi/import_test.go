package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
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
	t.Parallel()
	stores(t, func(t *testing.T, data string, more ...string) {
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

// A look at any file is an answer or one plain line of error, and writes nothing.
func TestImportPreview(t *testing.T) {
	t.Parallel()
	folder := filepath.Dir(testkit.Shared(t, "tables", "table.csv"))
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	data := demoFolder(t)
	read := 0
	if !testkit.Full() { // each is a start of the program
		files = slices.DeleteFunc(files, func(f os.DirEntry) bool { return crc32.ChecksumIEEE([]byte(f.Name()))%3 != 0 })
	}
	for _, f := range files {
		out, bad, err := run(t, "", "--data", data, "import", "preview", filepath.Join(folder, f.Name()))
		if err != nil {
			if strings.Count(strings.TrimSpace(bad), "\n") > 0 || strings.Contains(bad, "panic") || len(bad) < 10 {
				t.Errorf("%s: %q", f.Name(), bad)
			}
			continue
		}
		var look struct {
			Columns []struct{ Name string }
			Draft   string
		}
		if err := json.Unmarshal([]byte(out), &look); err != nil || len(look.Columns) == 0 || !strings.Contains(look.Draft, "profile:") {
			t.Errorf("%s: %v\n%.300s", f.Name(), err, out)
		}
		read++
	}
	if read < len(files)*2/3 {
		t.Errorf("only %d of %d files can be read", read, len(files))
	}
	out, bad, err := run(t, "", "--data", data, "import", "preview", "--profile", "pingshan", testkit.Shared(t, "appeals", "pingshan_2018_first6000.csv"))
	if err != nil || !strings.Contains(out, `"profile": "pingshan"`) {
		t.Errorf("%v %s\n%.300s", err, bad, out)
	}
	if _, bad, err := run(t, "", "--data", data, "import", "preview", "--profile", "pingshan", filepath.Join(folder, "table.csv")); err == nil || !strings.Contains(bad, "no column") {
		t.Errorf("%v %q", err, bad)
	}
	if out, _, err := run(t, "", "--data", data, "export", "appeals", "--format", "csv"); err != nil || strings.Count(out, "\n") != 1 {
		t.Errorf("a look wrote something: %v %.300s", err, out)
	}
}

// What one house exports, another imports: nothing is refused, and its own
// export says the same of each appeal.
func TestExportIsImportedElsewhere(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	here, there := filepath.Join(folder, "here"), filepath.Join(folder, "there")
	must := func(args ...string) string {
		t.Helper()
		out, bad, err := run(t, "", args...)
		if err != nil {
			t.Fatal(bad, err)
		}
		return out
	}
	must("--data", here, "simulate", "--appeals", "300", "--from", "2026-01-05", "--to", "2026-01-20", "--seed", "3")
	must("--data", here, "import", "appeals", "--profile", "messages_with_replies", testkit.Shared(t, "appeals", "messages_with_replies_1000.csv"))
	first := filepath.Join(folder, "first.csv")
	must("--data", here, "export", "appeals", "--format", "csv", "--out", first)
	got := lastJSON(t, must("--data", there, "import", "appeals", "--profile", "shanzhi", first, "--json"))
	if got.Read != 1300 || got.Imported != 1300 || got.Refused != 0 {
		t.Fatalf("%+v", got)
	}
	if again := lastJSON(t, must("--data", there, "import", "appeals", "--profile", "shanzhi", first, "--json")); again.Present != 1300 {
		t.Errorf("again: %+v", again)
	}
	table := func(raw string) map[string]map[string]string {
		rows, err := csv.NewReader(strings.NewReader(raw)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]map[string]string{}
		for _, r := range rows[1:] {
			m := map[string]string{}
			for i, name := range rows[0] {
				m[name] = r[i]
			}
			out[strings.TrimPrefix(m["no"], "shanzhi-")] = m
		}
		return out
	}
	raw, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	a, b := table(string(raw)), table(must("--data", there, "export", "appeals", "--format", "csv"))
	if len(a) != len(b) {
		t.Errorf("%d there, %d here", len(b), len(a))
	}
	for no, was := range a {
		for _, field := range []string{"channel", "kind", "class", "text", "item", "street", "community", "address", "lon", "lat", "opened_at", "replied_at", "result", "reply", "solved", "score_result", "secrecy", "synthetic"} {
			if b[no][field] != was[field] && !(was[field] == "" && (field == "street" || field == "community")) { // what was of another district is placed anew
				t.Fatalf("%s: %s is %q there and was %q", no, field, b[no][field], was[field])
			}
		}
		if was["open"] == "false" && (b[no]["state"] != was["state"] || b[no]["unit"] != was["unit"] || b[no]["closed_at"] != was["closed_at"]) {
			t.Fatalf("%s: %v\nwas %v", no, b[no], was)
		}
	}
}

// An import beside a running house loses nothing of either, and the house sees
// what came; a second house on one SQLite file is refused.
func TestImportBesideServe(t *testing.T) {
	t.Parallel()
	file := testkit.Shared(t, "appeals", "messages_with_replies_1000.csv")
	data := demoFolder(t)
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
	t.Parallel()
	folder := t.TempDir()
	data, file, profile := demoFolder(t), filepath.Join(folder, "big.csv"), filepath.Join(folder, "small.yaml")
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
