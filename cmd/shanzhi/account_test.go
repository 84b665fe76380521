package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// issuer is a small OpenID provider: it signs real tokens and checks what a
// client owes it (the secret, PKCE, one use of a code).
type issuer struct {
	*httptest.Server
	key   *rsa.PrivateKey
	login string // whom it vouches for
	nonce string // "" repeats the client's
	mu    sync.Mutex
	codes map[string]url.Values
}

func newIssuer(t *testing.T) *issuer {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{key: key, codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		answer(w, map[string]any{"issuer": i.URL, "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, r *http.Request) {
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("/authorize", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		i.mu.Lock()
		i.codes["code-1"] = q
		i.mu.Unlock()
		http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {"code-1"}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		i.mu.Lock()
		q, ok := i.codes[r.FormValue("code")]
		delete(i.codes, r.FormValue("code"))
		i.mu.Unlock()
		sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
		id, secret, _ := r.BasicAuth()
		if id == "" {
			id, secret = r.FormValue("client_id"), r.FormValue("client_secret")
		}
		if !ok || q.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) || id != "shanzhi" || secret != "client-secret" {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
			return
		}
		nonce := q.Get("nonce")
		if i.nonce != "" {
			nonce = i.nonce
		}
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: i.key}, (&jose.SignerOptions{}).WithHeader("kid", "1"))
		if err != nil {
			panic(err)
		}
		claims, _ := json.Marshal(map[string]any{"iss": i.URL, "sub": "subject-of-" + i.login, "aud": "shanzhi", "exp": time.Now().Add(time.Minute).Unix(), "iat": time.Now().Unix(), "nonce": nonce, "preferred_username": i.login, "name": "某某"})
		signed, err := signer.Sign(claims)
		if err != nil {
			panic(err)
		}
		raw, _ := signed.CompactSerialize()
		answer(w, map[string]any{"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": raw})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

// browser keeps cookies and follows redirects, as people's browsers do.
func browser() *http.Client {
	jar, _ := cookiejar.New(nil)
	return &http.Client{Jar: jar, Timeout: 20 * time.Second}
}

func get(t *testing.T, c *http.Client, address string) (status int, final, body string) {
	t.Helper()
	res, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, _ := io.ReadAll(res.Body)
	return res.StatusCode, res.Request.URL.Path, string(raw)
}

func TestSignInElsewhere(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	s := startIn(t, []string{"SHANZHI_OIDC_ISSUER=" + i.URL, "SHANZHI_OIDC_CLIENT=shanzhi", "SHANZHI_OIDC_SECRET=client-secret"}, demoFolder(t), "--demo", "--demo-days", "0")
	var me struct {
		Name, Kind string
		Roles      []struct{ Role, Unit string }
	}
	whoIs := func(c *http.Client) bool {
		t.Helper()
		me.Name, me.Kind, me.Roles = "", "", nil
		status, _, body := get(t, c, s.url+"/api/me")
		return status == 200 && json.Unmarshal([]byte(body), &me) == nil
	}

	staff := browser()
	i.login = "dispatcher"
	if status, path, body := get(t, staff, s.url+"/sign-in/oidc?to=/desk"); path != "/desk" || !whoIs(staff) || len(me.Roles) == 0 || me.Roles[0].Role != "dispatcher" {
		t.Errorf("staff by OIDC: %d at %s as %+v: %.200s", status, path, me, body)
	}
	for _, c := range []struct {
		what, login, nonce, want string
	}{
		{"a stranger to this house", "nobody", "", "not_linked"},
		{"a token made for another sign-in", "dispatcher", "stolen", "provider_failed"},
	} {
		i.login, i.nonce = c.login, c.nonce
		b := browser()
		if _, _, body := get(t, b, s.url+"/sign-in/oidc"); !strings.Contains(body, c.want) || whoIs(b) {
			t.Errorf("%s: %s", c.what, body)
		}
	}
	i.login, i.nonce = "dispatcher", ""
	if status, _, body := get(t, browser(), s.url+"/sign-in/oidc/back?code=code-1&state=x"); status != 400 || !strings.Contains(body, "stale_sign_in") {
		t.Errorf("a return that nobody began: %d %s", status, body)
	}
	if _, path, _ := get(t, browser(), s.url+"/sign-in/oidc?to=https://evil.example/x"); path != "/" {
		t.Errorf("signing in leads out of the house, to %s", path)
	}
	if status, _, _ := get(t, browser(), s.url+"/sign-in/none"); status != 404 {
		t.Errorf("a provider that is not there: %d", status)
	}

	// The unified identity's simulator, filled in as a citizen would.
	citizen := browser()
	res, err := citizen.Get(s.url + "/sign-in/simulated?to=/appeals")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	page := res.Request.URL.String()
	if res, err = citizen.PostForm(page, url.Values{"name": {"张三丰"}, "phone": {"16000000077"}, "id_number": {"11010519491231002X"}}); err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if !whoIs(citizen) || me.Kind != "citizen" || strings.Contains(me.Name, "三丰") || res.Request.URL.Path != "/appeals" {
		t.Errorf("a citizen by the unified identity: %+v at %s", me, res.Request.URL)
	}
	name := me.Name
	// The same person by code to the phone is the same account.
	s.must("citizen:16000000077", "GET", "/api/me", nil, &me)
	if me.Name != name {
		t.Errorf("by phone they are %q, by identity %q", me.Name, name)
	}
	raw, err := os.ReadFile(filepath.Join(s.data, "shanzhi.db-wal"))
	if err != nil || strings.Contains(string(raw), "11010519491231002X") {
		t.Errorf("the ID number stands in the records (%v)", err)
	}
}

// An administrator keeps the accounts of their own subtree and no others; what
// they take away is gone at once.
func TestAccountsAreKept(t *testing.T) {
	t.Parallel()
	s := start(t, demoFolder(t), "--demo", "--demo-days", "0")
	var made struct{ ID, Password string }
	form := func(login, unit string, roles ...string) map[string]any {
		grants := []map[string]string{}
		for _, r := range roles {
			grants = append(grants, map[string]string{"role": r, "unit": unit})
		}
		return map[string]any{"login": login, "name": "新人" + login, "unit": unit, "roles": grants}
	}
	s.must("admin", "POST", "/api/accounts", form("xx-admin", "st-xixiang", "admin"), &made)
	s.password("xx-admin", made.Password)
	for _, c := range []struct {
		what, who string
		form      map[string]any
		status    int
	}{
		{"the login is taken", "admin", form("xx-admin", "st-xixiang"), 422},
		{"no such unit", "admin", form("x1", "st-nowhere"), 422},
		{"no such role", "admin", form("x2", "st-xixiang", "emperor"), 422},
		{"another's unit", "xx-admin", form("x3", "st-xinan", "handler"), 422},
		{"a role above the own", "xx-admin", map[string]any{"login": "x4", "name": "x", "unit": "st-xixiang", "roles": []map[string]string{{"role": "admin", "unit": "baoan"}}}, 422},
		{"the own subtree", "xx-admin", form("xx-handler", "st-xixiang", "handler"), 201},
		{"a login with spaces", "admin", form("x 5", "st-xixiang"), 422},
	} {
		if status, body := s.call(c.who, "POST", "/api/accounts", c.form, &made); status != c.status {
			t.Errorf("%s: %d, want %d: %s", c.what, status, c.status, body)
		}
	}
	handler := made
	s.password("xx-handler", handler.Password)
	var list struct {
		Items []struct {
			ID, Login string
			Roles     []struct{ Role, Unit string }
		}
	}
	s.must("xx-admin", "GET", "/api/accounts?limit=200", nil, &list)
	for _, a := range list.Items {
		if a.Login == "admin" || a.Login == "agent" {
			t.Errorf("the street's administrator sees %s", a.Login)
		}
	}
	s.must("admin", "GET", "/api/accounts?q=xx-h", nil, &list)
	if len(list.Items) != 1 || list.Items[0].Login != "xx-handler" || len(list.Items[0].Roles) != 1 {
		t.Errorf("searched: %+v", list.Items)
	}

	// Own password, API keys, and the end of rights.
	for _, c := range []struct {
		old, new string
		status   int
	}{{"wrong", "a-good-password-1", 422}, {handler.Password, "short", 422}, {handler.Password, handler.Password, 422}, {handler.Password, "a-good-password-1", 204}} {
		if status, body := s.call("xx-handler", "PUT", "/api/me/password", map[string]string{"old": c.old, "new": c.new}, nil); status != c.status {
			t.Errorf("from %q to %q: %d %s", c.old, c.new, status, body)
		}
	}
	if status, _ := s.call("xx-handler", "GET", "/api/me", nil, nil); status != 401 {
		t.Errorf("a session outlives its password: %d", status)
	}
	s.password("xx-handler", "a-good-password-1")
	s.must("xx-handler", "GET", "/api/me", nil, nil)
	var key struct{ ID, Key string }
	s.must("xx-admin", "POST", "/api/accounts/"+handler.ID+"/keys", map[string]any{"name": "bureau", "scopes": []string{"appeals"}, "days": 30}, &key)
	if status, _ := s.call("key:"+key.Key, "GET", "/api/appeals", nil, nil); status != 200 {
		t.Errorf("the key does not open: %d", status)
	}
	if status, _ := s.call("key:"+key.Key, "GET", "/api/notices", nil, nil); status != 403 {
		t.Errorf("the key opens what it is not for: %d", status)
	}
	s.must("xx-admin", "DELETE", "/api/accounts/"+handler.ID+"/keys/"+key.ID, nil, nil)
	if status, _ := s.call("key:"+key.Key, "GET", "/api/appeals", nil, nil); status != 401 {
		t.Errorf("a revoked key opens: %d", status)
	}
	disabled := form("xx-handler", "st-xixiang", "handler")
	disabled["disabled"] = true
	s.must("xx-admin", "PUT", "/api/accounts/"+handler.ID, disabled, nil)
	if status, _ := s.call("xx-handler", "GET", "/api/me", nil, nil); status != 401 {
		t.Errorf("a disabled account is still in: %d", status)
	}
}
