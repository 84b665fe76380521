package httpapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type world struct {
	*testing.T
	s   *store.Store
	srv *httpapi.Server
	as  *account.Accounts
	h   http.Handler
}

var ctx = context.Background()

func onBoth(t *testing.T, contract func(w *world)) {
	run := func(t *testing.T, dsn string) {
		s, err := store.Open(ctx, dsn, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		if err := s.Migrate(ctx, audit.Room(), vault.Room(), account.Room(), httpapi.Room()); err != nil {
			t.Fatal(err)
		}
		keys, err := vault.OpenKeyring(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		dir := account.NewDirectory(s)
		if err := s.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			for _, u := range []account.Unit{{Code: "d", Name: "区", Kind: account.District}, {Code: "a", Name: "甲", Parent: "d", Kind: account.Street}, {Code: "b", Name: "乙", Parent: "d", Kind: account.Street}} {
				if _, err := account.PutUnit(ctx, tx, u); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := dir.Reload(ctx); err != nil {
			t.Fatal(err)
		}
		as := account.New(s, dir, keys)
		srv := httpapi.New(s, as, "test", slog.New(slog.NewTextHandler(io.Discard, nil)))
		srv.MountSignIn(httpapi.SignIn{Dir: dir, Keys: keys})
		srv.MountAccounts(dir, func() []httpapi.Role {
			return []httpapi.Role{{Code: "admin"}, {Code: "handler"}, {Code: "citizen"}}
		})
		contract(&world{t, s, srv, as, srv.Handler()})
	}
	t.Run("sqlite", func(t *testing.T) { run(t, filepath.Join(t.TempDir(), "test.db")) })
	t.Run("postgres", func(t *testing.T) { run(t, testkit.Postgres(t)) })
}

// token signs an account with roles in and gives its session.
func (w *world) token(login, unit string, grants ...account.Grant) (id store.ID, token string) {
	w.Helper()
	if err := w.s.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = w.as.Put(ctx, tx, account.Account{Kind: account.Staff, Login: &login, Name: login, Unit: unit}, "", grants...)
		return err
	}); err != nil {
		w.Fatal(err)
	}
	token, _, err := w.as.NewSession(ctx, account.Account{ID: id}, "agent", "::1")
	if err != nil {
		w.Fatal(err)
	}
	return id, token
}

// ask makes one request; headers come in pairs.
func (w *world) ask(token, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	w.h.ServeHTTP(rec, r)
	return rec
}

type problem struct {
	Type, Title, Code, Detail string
	Status                    int
	Errors                    []struct{ Location, Message string }
}

func (w *world) problem(rec *httptest.ResponseRecorder, status int, code string) (p problem) {
	w.Helper()
	if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || rec.Code != status || p.Status != status || p.Code != code || p.Type != "about:blank" || rec.Header().Get("Content-Type") != "application/problem+json" {
		w.Errorf("%d %s %s, want %d %s", rec.Code, rec.Header().Get("Content-Type"), rec.Body, status, code)
	}
	return p
}

type echo struct{ N int }

// count adds an operation whose effect can be counted.
func (w *world) count(effects *int) {
	var mu sync.Mutex
	httpapi.Register(w.srv, httpapi.Operation{ID: "make-thing", Method: http.MethodPost, Path: "/api/things", Tag: "things", Access: httpapi.Public, Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Body struct {
				Name string `json:"name" minLength:"1" maxLength:"5"`
			}
		}) (*httpapi.Body[echo], error) {
			var out echo
			err := w.s.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				mu.Lock()
				defer mu.Unlock()
				out.N = *effects + 1
				if err := httpapi.Once(ctx, tx, http.StatusCreated, out); err != nil {
					return err
				}
				*effects++
				return nil
			})
			return httpapi.Answer(out, err)
		})
}

func TestTheSameKeyGivesTheFirstAnswer(t *testing.T) {
	onBoth(t, func(w *world) {
		effects := 0
		w.count(&effects)
		_, a := w.token("a", "a", account.Grant{Role: "handler", Unit: "a"})
		_, b := w.token("b", "b", account.Grant{Role: "handler", Unit: "b"})
		send := func(token, key string) (string, bool) {
			rec := w.ask(token, "POST", "/api/things", `{"name":"x"}`, "Idempotency-Key", key)
			if rec.Code != http.StatusCreated {
				w.Errorf("%d %s", rec.Code, rec.Body)
			}
			return strings.TrimSpace(rec.Body.String()), rec.Header().Get("Idempotent-Replayed") == "true"
		}
		first, again := send(a, "k")
		if again || effects != 1 {
			w.Errorf("the first is %s, replayed %v", first, again)
		}
		if second, again := send(a, "k"); !again || second != first || effects != 1 {
			w.Errorf("again: %s, want %s; %d effects", second, first, effects)
		}
		if _, again := send(b, "k"); again || effects != 2 {
			w.Error("another's key gives the first one's answer")
		}
		if _, again := send(a, "k2"); again || effects != 3 {
			w.Error("another key gives the first answer")
		}
		w.ask(a, "POST", "/api/things", `{"name":"x"}`)
		if effects != 4 {
			w.Errorf("without a key %d effects", effects)
		}
		// What failed is not kept: the same key may be tried again.
		w.problem(w.ask(a, "POST", "/api/things", `{"name":""}`, "Idempotency-Key", "k3"), 422, "invalid")
		if _, again := send(a, "k3"); again || effects != 5 {
			w.Error("a failure is kept")
		}
		w.problem(w.ask(a, "POST", "/api/things", `{"name":"x"}`, "Idempotency-Key", strings.Repeat("k", 201)), 400, "idempotency_key")

		// Sent many times at once, it takes effect once.
		var sends sync.WaitGroup
		for range 8 {
			sends.Go(func() { w.ask(a, "POST", "/api/things", `{"name":"x"}`, "Idempotency-Key", "many") })
		}
		sends.Wait()
		if n, err := store.Get[int](ctx, w.s, `SELECT count(*) FROM http_answer`); err != nil || n != 5 {
			w.Errorf("%d answers are kept: %v", n, err)
		}
	})
}

func TestProblemsInBothLanguages(t *testing.T) {
	onBoth(t, func(w *world) {
		effects := 0
		w.count(&effects)
		fails := map[string]error{"conflict": httpapi.Fail(409, "conflict"), "field": httpapi.FailField("name", "required"), "unforeseen": errors.New("secret of the house"), "busy": store.ErrBusy, "gone": fmt.Errorf("x: %w", store.ErrNotFound), "locked": account.ErrLocked, "used": account.ErrCodeUsed}
		for name, err := range fails {
			httpapi.Register(w.srv, httpapi.Operation{ID: "fail-" + name, Method: http.MethodGet, Path: "/api/fail/" + name, Tag: "things", Access: httpapi.Public},
				func(context.Context, *struct{}) (*httpapi.Empty, error) { return nil, err })
		}
		for _, c := range []struct {
			path, code, zh, en string
			status             int
		}{
			{"conflict", "conflict", "该事项刚刚被他人处理", "Somebody acted on this first", 409},
			{"field", "invalid", "填写的内容有误", "What was sent is not right", 422},
			{"unforeseen", "internal", "系统出错", "Something went wrong", 500},
			{"busy", "busy", "系统繁忙", "Busy", 503},
			{"gone", "not_found", "没有找到", "Not found", 404},
			{"locked", "locked", "失败次数过多", "Locked for a while", 423},
			{"used", "code_used", "已经用过", "was used", 401},
		} {
			for lang, want := range map[string]string{"": c.zh, "zh-CN": c.zh, "en-GB,en;q=0.9": c.en, "fr": c.zh} {
				p := w.problem(w.ask("", "GET", "/api/fail/"+c.path, "", "Accept-Language", lang), c.status, c.code)
				if !strings.Contains(p.Title, want) || strings.Contains(p.Title+p.Detail, "secret of the house") {
					w.Errorf("%s in %q: %+v", c.path, lang, p)
				}
				if c.path == "field" && (len(p.Errors) != 1 || p.Errors[0].Location != "body.name" || p.Errors[0].Message != map[bool]string{true: "Required", false: "必填"}[strings.HasPrefix(lang, "en")]) {
					w.Errorf("the field in %q: %+v", lang, p.Errors)
				}
			}
		}
		if got := w.ask("", "GET", "/api/fail/busy", "").Header().Get("Retry-After"); got != "1" {
			w.Errorf("Retry-After: %q", got)
		}
		// A body that does not fit its schema: what was sent is not repeated.
		for _, bad := range []string{`{"name":"王小明16012345678"}`, `{"name":7}`, `{}`, `{"name":"x","more":1}`} {
			rec := w.ask("", "POST", "/api/things", bad)
			w.problem(rec, 422, "invalid")
			if strings.Contains(rec.Body.String(), "16012345678") {
				w.Errorf("what was sent is repeated: %s", rec.Body)
			}
		}
		w.problem(w.ask("", "POST", "/api/things", `{"name":`), 400, "invalid")
		if effects != 0 {
			w.Errorf("bad input had %d effects", effects)
		}
	})
}

func TestTooManyCalls(t *testing.T) {
	onBoth(t, func(w *world) {
		httpapi.Register(w.srv, httpapi.Operation{ID: "seldom", Method: http.MethodGet, Path: "/api/seldom", Tag: "things", Access: httpapi.Public, Limit: 3},
			func(context.Context, *struct{}) (*httpapi.Empty, error) { return nil, nil })
		from := func(address string) *httptest.ResponseRecorder {
			r := httptest.NewRequest("GET", "/api/seldom", nil)
			r.RemoteAddr = address
			rec := httptest.NewRecorder()
			w.h.ServeHTTP(rec, r)
			return rec
		}
		for i := range 3 {
			if rec := from(fmt.Sprintf("10.0.0.1:%d", i)); rec.Code >= 300 {
				w.Errorf("call %d: %d", i, rec.Code)
			}
		}
		rec := from("10.0.0.1:9")
		w.problem(rec, 429, "too_many")
		if rec.Header().Get("Retry-After") != "60" {
			w.Errorf("Retry-After: %q", rec.Header().Get("Retry-After"))
		}
		if rec := from("10.0.0.2:1"); rec.Code >= 300 {
			w.Errorf("another address: %d", rec.Code)
		}
	})
}

func TestListsPageByKey(t *testing.T) {
	onBoth(t, func(w *world) {
		_, token := w.token("admin", "d", account.Grant{Role: "admin", Unit: "d"})
		for i := range 7 {
			w.token(fmt.Sprintf("p%d", i), "a")
		}
		var got []string
		for after, pages := "", 0; pages < 10; pages++ {
			var page struct {
				Items []struct{ Login string }
				Next  string
			}
			rec := w.ask(token, "GET", "/api/accounts?limit=3&q=p&after="+after, "")
			if err := json.Unmarshal(rec.Body.Bytes(), &page); err != nil || rec.Code != 200 || len(page.Items) > 3 {
				w.Fatalf("%d %s", rec.Code, rec.Body)
			}
			for _, a := range page.Items {
				got = append(got, a.Login)
			}
			if pages == 0 { // what is made before the key does not move the next page
				w.token("p0a", "a")
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if strings.Join(got, " ") != "p0 p1 p2 p3 p4 p5 p6" {
			w.Errorf("paged: %v", got)
		}
	})
}

// An administrator of a street may not take over who may do more elsewhere, nor
// shut themselves out; a key is for what there is.
func TestAnAdministratorStaysWithinTheirOwn(t *testing.T) {
	onBoth(t, func(w *world) {
		own, street := w.token("street-admin", "a", account.Grant{Role: "admin", Unit: "a"})
		above, _ := w.token("above", "a", account.Grant{Role: "admin", Unit: "d"})
		other, _ := w.token("other", "b")
		clerk, _ := w.token("clerk", "a", account.Grant{Role: "handler", Unit: "a"})
		for _, path := range []string{"reset", "sign-out", "unlock"} {
			w.problem(w.ask(street, "POST", "/api/accounts/"+above.String()+"/"+path, ""), 403, "above_you")
			w.problem(w.ask(street, "POST", "/api/accounts/"+other.String()+"/"+path, ""), 404, "not_found")
			if rec := w.ask(street, "POST", "/api/accounts/"+clerk.String()+"/"+path, ""); rec.Code >= 300 {
				w.Errorf("%s of their own: %d %s", path, rec.Code, rec.Body)
			}
		}
		key := `{"name":"k","scopes":["%s"],"days":1}`
		w.problem(w.ask(street, "POST", "/api/accounts/"+above.String()+"/keys", fmt.Sprintf(key, "*")), 403, "above_you")
		w.problem(w.ask(street, "POST", "/api/accounts/"+clerk.String()+"/keys", fmt.Sprintf(key, "acount")), 422, "invalid")
		if rec := w.ask(street, "POST", "/api/accounts/"+clerk.String()+"/keys", fmt.Sprintf(key, "account")); rec.Code != 201 {
			w.Errorf("a key: %d %s", rec.Code, rec.Body)
		}
		form := `{"name":"n","unit":"a","disabled":%v,"roles":[{"role":"%s","unit":"a"}]}`
		w.problem(w.ask(street, "PUT", "/api/accounts/"+own.String(), fmt.Sprintf(form, true, "admin")), 409, "not_yourself")
		w.problem(w.ask(street, "PUT", "/api/accounts/"+own.String(), fmt.Sprintf(form, false, "handler")), 409, "not_yourself")
		if rec := w.ask(street, "PUT", "/api/accounts/"+own.String(), fmt.Sprintf(form, false, "admin")); rec.Code >= 300 {
			w.Errorf("the own name: %d %s", rec.Code, rec.Body)
		}
	})
}

func TestStrangersAndKeys(t *testing.T) {
	onBoth(t, func(w *world) {
		w.problem(w.ask("", "GET", "/api/accounts", ""), 401, "sign_in")
		w.problem(w.ask("szk_nonsense", "GET", "/api/accounts", ""), 401, "sign_in")
		id, token := w.token("clerk", "a", account.Grant{Role: "handler", Unit: "a"})
		w.problem(w.ask(token, "GET", "/api/accounts", ""), 403, "forbidden")
		var key string
		if err := w.s.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			_, key, err = w.as.NewKey(ctx, tx, id, "k", []string{"things"}, w.s.Now().AddDate(0, 0, 1))
			return err
		}); err != nil {
			w.Fatal(err)
		}
		w.problem(w.ask(key, "GET", "/api/me", ""), 403, "key_scope")
		rec := w.ask(token, "GET", "/api/me/account", "")
		if rec.Code != 200 || strings.Contains(rec.Body.String(), token) {
			w.Errorf("the own account: %d %s", rec.Code, rec.Body)
		}
		// A page of another site cannot act with the cookie.
		rec = w.ask("", "POST", "/api/me/sign-out-others", `{}`, "Cookie", "shanzhi_session="+token, "Sec-Fetch-Site", "cross-site")
		if rec.Code != 403 {
			w.Errorf("from another site: %d %s", rec.Code, rec.Body)
		}
	})
}

var _ huma.StatusError = (*httpapi.Problem)(nil)
