package language_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/audit"
	"shanzhi/core/language"
	"shanzhi/core/store"
)

const draft = "您好，您反映前进二路烧烤店油烟扰民的问题，执法队11月3日到场检查，【采取的措施】。依据《大气污染防治法》，联系电话13812345678。"

// A model's answer is used where it adds nothing, and the text stays where it is
// slow, broken or inventive. Only masked text leaves, and each call is recorded.
func TestPolish(t *testing.T) {
	st, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "s.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if err := st.Migrate(context.Background(), audit.Room()); err != nil {
		t.Fatal(err)
	}
	sim := &adapter.LLMSimulator{}
	var asked string
	status, delay, garbage := 0, time.Duration(0), false
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(delay)
		switch {
		case r.Header.Get("Authorization") != "Bearer secret":
			w.WriteHeader(http.StatusUnauthorized)
		case status != 0:
			w.WriteHeader(status)
		case garbage:
			_, _ = w.Write([]byte("<html>not json"))
		default:
			sim.ServeHTTP(w, r)
		}
	}))
	defer srv.Close()
	chat := &adapter.ChatCompletions{URL: srv.URL + "/v1", Key: "secret", Model: "m", Client: &http.Client{Timeout: 300 * time.Millisecond}}
	p := &language.Polisher{Model: chat, Name: "m", Store: st}
	calls := func() (n int) {
		if err := st.QueryRow(context.Background(), `SELECT count(*) FROM audit WHERE action = 'language.polish'`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	ask := func(p *language.Polisher, answer func(string) string) language.Polished {
		t.Helper()
		sim.Answer = func(s string) string {
			asked = s
			return answer(s)
		}
		out, err := p.Polish(context.Background(), account.Actor{}, language.Ask{For: "reply", Object: "matter/1", Text: draft, Sources: []string{"西乡街道执法队 3次"}, Names: []string{"水务局", "西乡街道"}})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if out := ask(p, func(s string) string { return strings.Replace(s, "的问题", "一事", 1) }); !out.Machine || !strings.Contains(out.Text, "一事") || out.Kept != "" {
		t.Errorf("a good answer: %+v", out)
	}
	if strings.Contains(asked, "13812345678") || !strings.Contains(asked, "138") {
		t.Errorf("what left the house: %s", asked)
	}
	if calls() != 1 {
		t.Errorf("%d calls are recorded", calls())
	}
	for name, answer := range map[string]func(string) string{
		"a number":       func(s string) string { return s + "罚款5000元。" },
		"a count":        func(s string) string { return s + "已巡查五次。" },
		"another date":   func(s string) string { return strings.Replace(s, "11月3日", "11月4日", 1) },
		"a phone":        func(s string) string { return s + "请致电0755-27781234。" },
		"a unit":         func(s string) string { return s + "已移交水务局。" },
		"another unit":   func(s string) string { return s + "市生态环境局已介入。" },
		"a law":          func(s string) string { return s + "依据《行政处罚法》。" },
		"an enterprise":  func(s string) string { return s + "涉事的宏达餐饮有限公司已停业。" },
		"a place":        func(s string) string { return s + "创业一路也一并检查。" },
		"a person":       func(s string) string { return s + "联系人：王建国。" },
		"a blank filled": func(s string) string { return strings.Replace(s, "【采取的措施】", "责令改正", 1) },
		"much more":      func(s string) string { return strings.Repeat(s, 5) },
	} {
		if out := ask(p, answer); out.Machine || out.Kept != language.Added || out.Text != draft {
			t.Errorf("%s: %+v", name, out)
		}
	}
	if out := ask(p, func(s string) string { return s + "西乡街道执法队去了3次。" }); !out.Machine {
		t.Errorf("what a source says may be said: %+v", out)
	}
	failed := func(name string) {
		t.Helper()
		if out := ask(p, func(s string) string { return s }); out.Machine || out.Kept != language.Failed || out.Text != draft {
			t.Errorf("%s: %+v", name, out)
		}
	}
	before := calls()
	status = http.StatusInternalServerError
	failed("500")
	status, garbage = 0, true
	failed("garbage")
	garbage, delay = false, 600*time.Millisecond
	failed("slow")
	if calls() != before+3 {
		t.Error("a call that failed is not recorded")
	}
	delay = 0
	sim.Answer = func(string) string { return "" }
	failed = nil
	if out, _ := p.Polish(context.Background(), account.Actor{}, language.Ask{Text: draft}); out.Kept != language.Failed {
		t.Errorf("an empty answer: %+v", out)
	}
	if out, _ := p.Polish(context.Background(), account.Actor{}, language.Ask{Text: strings.Repeat("长", 9000)}); out.Kept != language.Failed {
		t.Errorf("too long: %+v", out)
	}
	if err := chat.Reachable(context.Background()); err != nil {
		t.Error(err)
	}
	chat.Key = "wrong"
	if err := chat.Reachable(context.Background()); err == nil {
		t.Error("a wrong key is told")
	}
	before = calls()
	if out := ask(&language.Polisher{Store: st}, func(s string) string { return s }); out.Kept != language.Off || out.Text != draft || calls() != before {
		t.Errorf("without a model: %+v", out)
	}
}
