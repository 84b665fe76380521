package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"shanzhi/internal/testkit"
)

// TestMain lets the tests run this very program: started with SHANZHI_RUN_MAIN
// the test binary is the program.
func TestMain(m *testing.M) {
	if os.Getenv("SHANZHI_RUN_MAIN") != "" {
		main()
		os.Exit(0)
	}
	testkit.Main(m)
}

// program is the command that runs the program itself.
func program(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), "SHANZHI_RUN_MAIN=1")
	return cmd
}

// run runs a subcommand to its end.
func run(t *testing.T, stdin string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	return runIn(t, nil, stdin, args...)
}

// runIn is run with more in the environment.
func runIn(t *testing.T, env []string, stdin string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := program(ctx, args...)
	cmd.Env = append(cmd.Env, env...)
	var out, bad bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &bad
	err = cmd.Run()
	return out.String(), bad.String(), err
}

// server is a running `shanzhi serve`.
type server struct {
	t         *testing.T
	url       string
	data      string
	env       []string
	args      []string
	cmd       *exec.Cmd
	log       *bytes.Buffer
	tokens    sync.Map
	passwords sync.Map // of logins that are not the demonstration's
}

// freeAddress is an address at which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start starts the program on a data folder and waits until it is ready.
func start(t *testing.T, data string, args ...string) *server {
	t.Helper()
	return startIn(t, nil, data, args...)
}

// startIn is start with more in the environment.
func startIn(t *testing.T, env []string, data string, args ...string) *server {
	t.Helper()
	addr := freeAddress(t)
	s := &server{t: t, url: "http://" + addr, data: data, env: env, log: &bytes.Buffer{}}
	s.args = append([]string{"--data", data, "serve", "--addr", addr}, args...)
	s.start()
	t.Cleanup(func() {
		s.stop()
		if t.Failed() {
			t.Logf("the server's log:\n%s", s.log)
		}
	})
	return s
}

func (s *server) start() {
	s.t.Helper()
	s.cmd = program(context.Background(), s.args...)
	s.cmd.Env = append(s.cmd.Env, s.env...)
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	s.cmd.WaitDelay = 10 * time.Second
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	if err := healthy(s.url); err != nil {
		s.stop()
		s.t.Fatalf("%v:\n%s", err, s.log)
	}
}

// healthy waits until a server answers that it is.
func healthy(url string) error {
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(30 * time.Millisecond) {
		if res, err := http.Get(url + "/healthz"); err == nil {
			res.Body.Close()
			if res.StatusCode == 200 {
				return nil
			}
		}
		if time.Now().After(deadline) {
			return errors.New("the server did not come up")
		}
	}
}

func (s *server) stop() {
	if s.cmd.ProcessState == nil {
		_ = s.cmd.Process.Signal(os.Interrupt)
		_ = s.cmd.Wait()
	}
}

func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// call makes a request as someone: "" is a stranger, a login of the
// demonstration, or "track:CODE".
func (s *server) call(who, method, path string, in, out any) (status int, body string) {
	s.t.Helper()
	var r io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			s.t.Fatal(err)
		}
		r = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, s.url+path, r)
	if err != nil {
		s.t.Fatal(err)
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if code, ok := strings.CutPrefix(who, "track:"); ok {
		req.Header.Set("X-Tracking-Code", code)
	} else if who != "" {
		req.Header.Set("Authorization", "Bearer "+s.token(who))
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	raw, _ := io.ReadAll(res.Body)
	if out != nil && res.StatusCode < 300 {
		if err := json.Unmarshal(raw, out); err != nil {
			s.t.Fatalf("%s %s: %v in %s", method, path, err, raw)
		}
	}
	return res.StatusCode, string(raw)
}

// must is call that expects success.
func (s *server) must(who, method, path string, in, out any) {
	s.t.Helper()
	if status, body := s.call(who, method, path, in, out); status >= 300 {
		s.t.Fatalf("%s %s as %q: %d %s", method, path, who, status, body)
	}
}

// token signs in once a login; "citizen:PHONE" signs a citizen in by code.
func (s *server) token(who string) string {
	s.t.Helper()
	if t, ok := s.tokens.Load(who); ok {
		return t.(string)
	}
	var out struct{ Token string }
	if key, ok := strings.CutPrefix(who, "key:"); ok {
		return key
	}
	if phone, ok := strings.CutPrefix(who, "citizen:"); ok {
		var code struct {
			Demo string `json:"demo_code"`
		}
		s.must("", "POST", "/api/sign-in/code", map[string]string{"phone": phone}, &code)
		s.must("", "POST", "/api/sign-in/phone", map[string]string{"phone": phone, "code": code.Demo}, &out)
	} else {
		password := demoPassword
		if p, ok := s.passwords.Load(who); ok {
			password = p.(string)
		}
		s.must("", "POST", "/api/sign-in", map[string]string{"login": who, "password": password}, &out)
	}
	s.tokens.Store(who, out.Token)
	return out.Token
}

// password says by which password a login signs in from now on.
func (s *server) password(login, password string) {
	s.passwords.Store(login, password)
	s.tokens.Delete(login)
}

type step map[string]any

func (s *server) act(who, id string, steps ...step) {
	s.t.Helper()
	s.must(who, "POST", "/api/appeals/"+id+"/actions", map[string]any{"steps": steps}, nil)
}

func do(action string, form map[string]any) step { return step{"action": action, "form": form} }

type filed struct {
	ID, No, Tracking string
}

func (s *server) file(who, text string, more map[string]any) filed {
	s.t.Helper()
	in := map[string]any{"text": text, "kind": "complaint"}
	for k, v := range more {
		in[k] = v
	}
	var f filed
	s.must(who, "POST", "/api/appeals", in, &f)
	return f
}

// upload sends a file and returns its identifier.
func (s *server) upload(who, content string) string {
	s.t.Helper()
	req, err := http.NewRequest("POST", s.url+"/api/files", strings.NewReader(content))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token(who))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	var out struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || out.ID == "" {
		s.t.Fatalf("upload: %s %v", res.Status, err)
	}
	return out.ID
}

// stores runs a test on SQLite and on PostgreSQL.
func stores(t *testing.T, test func(t *testing.T, data string, args ...string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, demoFolder(t)) })
	t.Run("postgres", func(t *testing.T) {
		dir, dsn := demo.Postgres(t)
		test(t, filepath.Join(dir, "data"), "--database", dsn)
	})
}

// demo is what the first start of a demonstration leaves, without a past: a data folder and
// the keys beside it.
var demo = testkit.Model{Name: "demo", Fill: func(dir, dsn string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	addr := l.Addr().String()
	l.Close()
	var log bytes.Buffer
	args := []string{"--data", filepath.Join(dir, "data"), "serve", "--addr", addr, "--demo", "--demo-days", "0"}
	if strings.HasPrefix(dsn, "postgres:") {
		args = append([]string{"--database", dsn}, args...)
	}
	cmd := program(context.Background(), args...)
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &log, &log, 10*time.Second
	if err := cmd.Start(); err != nil {
		return err
	}
	err = healthy("http://" + addr)
	_ = cmd.Process.Signal(os.Interrupt)
	if werr := cmd.Wait(); err != nil || werr != nil {
		return fmt.Errorf("%w %w: %s", err, werr, log.String())
	}
	return nil
}}

// demoFolder is a data folder as a demonstration begins, on SQLite.
func demoFolder(t *testing.T) (data string) {
	t.Helper()
	dir, _ := demo.File(t)
	return filepath.Join(dir, "data")
}

// canary is personal data that must be found nowhere but in the vault, sealed.
const (
	canaryPhone = "13912345678"
	canaryName  = "欧阳金丝雀"
)

// The whole loop over HTTP on both stores, and afterwards: the canary is in no
// file under data, in no backup and in no log; the audit log verifies; a
// changed byte and a cut tail are found.
func TestLoopOverHTTP(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, data string, args ...string) {
		s := start(t, data, append(args, "--demo", "--demo-days", "0")...)
		f := s.file("citizen:"+canaryPhone, "西乡街道流塘路井盖坏了，我是"+canaryName+"，电话"+canaryPhone+"，请尽快处理", map[string]any{"appellant": map[string]string{"name": canaryName, "phone": canaryPhone}})
		agent := s.file("agent", "福永街道白石厦小区垃圾无人清运，住户"+canaryName+"来电"+canaryPhone, map[string]any{"appellant": map[string]string{"name": canaryName, "phone": canaryPhone}, "channel": "hotline"})
		s.act("dispatcher", f.ID, do("dispatch", map[string]any{"unit": "st-xixiang", "co_units": []string{"dp-chengguan"}}))
		s.act("street", f.ID, do("sign", nil), do("contact", map[string]any{"how": "phone", "reached": true}))
		if status, body := s.call("street", "POST", "/api/appeals/"+f.ID+"/actions", map[string]any{"steps": []step{do("reply", map[string]any{"result": "solved", "reply": "已更换井盖"})}}, nil); status != 409 {
			t.Errorf("a reply over an open co-task: %d %s", status, body)
		}
		var queue struct{ Items []struct{ ID string } }
		s.must("department", "GET", "/api/queue", nil, &queue)
		if len(queue.Items) != 1 {
			t.Fatalf("the co-unit's queue: %+v", queue)
		}
		s.act("department", queue.Items[0].ID, do("answer", map[string]any{"reply": "已协助设置围挡"}))
		s.act("street", f.ID, do("reply", map[string]any{"result": "solved", "reply": "今日上午施工人员已更换流塘路井盖1座，路面恢复平整，10时30分撤除围挡，电话告知" + canaryName + "（" + canaryPhone + "）"}))
		s.act("street-head", f.ID, do("approve", nil))
		s.act("reviewer", f.ID, do("pass", nil))
		var page struct {
			State    string
			Appeal   struct{ Text, Reply string }
			Timeline []struct{ Action, Actor string }
			Allowed  []struct{ Name string }
		}
		s.must("track:"+f.Tracking, "GET", "/api/appeals/"+f.ID, nil, &page)
		if page.State != "visiting" || !strings.Contains(page.Appeal.Text, canaryPhone) || page.Appeal.Reply == "" {
			t.Errorf("the appellant sees: %+v", page)
		}
		for _, e := range page.Timeline {
			if e.Actor != "" {
				t.Errorf("the appellant is told who did it: %+v", e)
			}
		}
		s.act("track:"+f.Tracking, f.ID, do("rate", map[string]any{"contacted": true, "solved": "yes", "result": 5}))
		s.must("street", "GET", "/api/appeals/"+f.ID, nil, &page)
		if page.State != "closed" || strings.Contains(fmt.Sprint(page), canaryPhone) {
			t.Errorf("the unit sees: %+v", page)
		}
		if status, _ := s.call("street", "GET", "/api/appeals/"+agent.ID, nil, nil); status != 404 {
			t.Errorf("another unit's appeal: %d", status)
		}
		var seen map[string]string
		s.must("agent", "POST", "/api/appeals/"+agent.ID+"/reveal", map[string]string{"reason": "回拨核实地址"}, &seen)
		if seen["phone"] != canaryPhone {
			t.Errorf("revealed: %v", seen)
		}
		var looks []struct{ Reason, No string }
		s.must("citizen:"+canaryPhone, "GET", "/api/me/looks", nil, &looks)
		if len(looks) == 0 || looks[0].Reason != "回拨核实地址" || looks[0].No != agent.No {
			t.Errorf("the person concerned reads: %+v", looks)
		}
		var board struct {
			Figures []struct {
				ID    string
				Value *float64
			}
		}
		for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			s.must("leader", "GET", "/api/board", nil, &board)
			figures := map[string]float64{}
			for _, f := range board.Figures {
				if f.Value != nil {
					figures[f.ID] = *f.Value
				}
			}
			if figures["filed_today"] == 2 && figures["closed_today"] == 1 && figures["open"] == 1 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("the board: %v", figures)
			}
		}
		var found struct{ Items []struct{ ID string } }
		s.must("dispatcher", "GET", "/api/appeals?q=%E4%BA%95%E7%9B%96", nil, &found)
		if len(found.Items) != 1 || found.Items[0].ID != f.ID {
			t.Errorf("searched 井盖: %+v", found)
		}
		s.stop()

		backup := filepath.Join(t.TempDir(), "backup")
		if _, stderr, err := run(t, "", append([]string{"--data", data, "backup", backup}, args...)...); err != nil {
			t.Fatalf("backup: %v %s", err, stderr)
		}
		os.WriteFile(filepath.Join(data, "server.log"), s.log.Bytes(), 0o600)
		for _, folder := range []string{data, backup} {
			noCanary(t, folder)
		}
		if out, stderr, err := run(t, "", append([]string{"--data", data, "audit", "verify"}, args...)...); err != nil {
			t.Errorf("audit verify: %v %s %s", err, out, stderr)
		}
		restored := filepath.Join(t.TempDir(), "restored")
		into := []string{"--data", restored, "--keys", data + ".keys"}
		if len(args) > 0 {
			into = append(into, "--database", testkit.Postgres(t))
		}
		if _, stderr, err := run(t, "", append(into, "restore", backup)...); err != nil {
			t.Fatalf("restore: %v %s", err, stderr)
		}
		if out, stderr, err := run(t, "", append(into, "doctor")...); err != nil {
			t.Errorf("the restored house is not well: %v %s %s", err, out, stderr)
		}
		if _, stderr, err := run(t, "", append(into, "restore", backup)...); err == nil {
			t.Errorf("restoring over what is there was allowed: %s", stderr)
		}
	})
}

// noCanary looks for the canary in every file below a folder, as it would stand
// in UTF-8, UTF-16 and GBK.
func noCanary(t *testing.T, folder string) {
	t.Helper()
	utf16 := func(s string) []byte {
		var b []byte
		for _, r := range s {
			b = append(b, byte(r), byte(r>>8))
		}
		return b
	}
	needles := [][]byte{[]byte(canaryPhone), []byte(canaryName), utf16(canaryPhone), utf16(canaryName)}
	n := 0
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n++
		for _, needle := range needles {
			if bytes.Contains(raw, needle) {
				t.Errorf("%s holds %q in clear", path, needle)
			}
		}
		return nil
	})
	if err != nil || n == 0 {
		t.Errorf("%s: %d files, %v", folder, n, err)
	}
}

// Killed under load, the program loses no write that it acknowledged.
func TestKillLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	s := start(t, demoFolder(t), "--demo", "--demo-days", "0")
	s.token("agent")
	var mu sync.Mutex
	var acknowledged []string
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			for n := 0; ; n++ {
				var f filed
				status, _ := s.call("agent", "POST", "/api/appeals", map[string]any{"text": "沙井街道新沙路路灯不亮，晚上漆黑", "kind": "complaint", "channel": "hotline"}, &f)
				if status == 0 {
					return // the server is gone
				}
				if status == 201 {
					mu.Lock()
					acknowledged = append(acknowledged, f.ID)
					mu.Unlock()
				}
			}
		})
	}
	time.Sleep(1500 * time.Millisecond)
	s.kill()
	wg.Wait()
	if len(acknowledged) < 50 {
		t.Fatalf("only %d were acknowledged: there was no load", len(acknowledged))
	}
	s.start()
	for _, id := range acknowledged {
		if status, body := s.call("agent", "GET", "/api/appeals/"+id, nil, nil); status != 200 {
			t.Fatalf("appeal %s was acknowledged and is gone: %d %s", id, status, body)
		}
	}
	s.stop()
	if out, stderr, err := run(t, "", "--data", s.data, "doctor"); err != nil {
		t.Errorf("after the kill: %v %s %s", err, out, stderr)
	}
}

// A changed byte and a cut tail of the audit log are found.
func TestAuditFindsWhatWasTouched(t *testing.T) {
	t.Parallel()
	data := demoFolder(t)
	s := start(t, data, "--demo", "--demo-days", "0")
	for i := range 5 {
		s.file("agent", fmt.Sprintf("石岩街道官田社区第 %d 盏路灯不亮", i), map[string]any{"channel": "hotline"})
	}
	s.stop()
	touch := func(name, query string) {
		copied := filepath.Join(t.TempDir(), name)
		if err := os.CopyFS(copied, os.DirFS(data)); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(copied+".keys", os.DirFS(data+".keys")); err != nil {
			t.Fatal(err)
		}
		for _, f := range []string{"secret-audit"} {
			_ = os.Chmod(filepath.Join(copied+".keys", f), 0o600)
		}
		execSQLite(t, filepath.Join(copied, "shanzhi.db"), query)
		if out, _, err := run(t, "", "--data", copied, "audit", "verify"); err == nil {
			t.Errorf("%s was not found: %s", name, out)
		}
	}
	if out, stderr, err := run(t, "", "--data", data, "audit", "verify"); err != nil {
		t.Fatalf("untouched: %v %s %s", err, out, stderr)
	}
	touch("a changed byte", `UPDATE audit SET reason = reason || 'x' WHERE id = (SELECT max(id) FROM audit WHERE action = 'appeal.file')`)
	touch("a cut tail", `DELETE FROM audit WHERE id >= (SELECT max(id) FROM audit WHERE action = 'appeal.file')`)
	touch("a cut tail with its heads", `DELETE FROM audit WHERE id >= (SELECT max(id) FROM audit WHERE action = 'appeal.file'); DELETE FROM audit_head WHERE seq = (SELECT max(seq) FROM audit_head)`)
	touch("a changed row with its hash taken from another", `UPDATE audit SET hash = (SELECT hash FROM audit ORDER BY id LIMIT 1) WHERE id = (SELECT max(id) FROM audit)`)
}

func TestCommandsSayWhatIsWrong(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	for _, c := range []struct {
		args []string
		in   string
		want string
	}{
		{[]string{"user", "add", "zhang"}, "short\n", "at least 10"},
		{[]string{"user", "add", "zhang", "--role", "handler@nowhere"}, "long enough password\n", `no unit "nowhere"`},
		{[]string{"simulate", "--from", "yesterday"}, "", "is not a day"},
		{[]string{"restore", t.TempDir()}, "", "no backup"},
		{[]string{"pack", "check", t.TempDir()}, "", "pack.yaml"},
		{[]string{"dance"}, "", "unknown command"},
		{[]string{"--database", "postgres://nobody@127.0.0.1:1/none", "doctor"}, "", "cannot be opened"},
	} {
		_, stderr, err := run(t, c.in, append([]string{"--data", data}, c.args...)...)
		if err == nil || !strings.Contains(stderr, c.want) || strings.Count(strings.TrimSpace(stderr), "\n") > 0 {
			t.Errorf("%v: %v, %q; want one line with %q", c.args, err, stderr, c.want)
		}
	}
	if _, stderr, err := run(t, "long enough password\n", "--data", data, "user", "add", "zhang", "--name", "张三", "--unit", "st-xixiang", "--role", "handler"); err != nil {
		t.Errorf("user add: %v %s", err, stderr)
	}
}
