package adapter

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// VouchedPerson is what an identity provider says of who signed in with it.
type VouchedPerson struct {
	Issuer, Subject string
	Login           string // of staff: the name that they sign in by here
	Name            string
	Phone           string
	IDNumber        string // of citizens, where the provider verified it
}

// Identity is a provider that lets people sign in elsewhere and vouches for
// them: OIDC of the bureau for staff, the unified identity (统一身份认证) for
// citizens.
type Identity interface {
	// Begin gives the address at the provider to which the browser is sent; it
	// comes back to callback with state. secret stays here, for Finish.
	Begin(ctx context.Context, callback, state string) (address, secret string, err error)
	// Finish takes what the browser came back with.
	Finish(ctx context.Context, callback, secret string, query url.Values) (VouchedPerson, error)
}

// ErrIdentity is in the chain of every refusal of a provider.
var ErrIdentity = errors.New("adapter: the identity provider did not vouch")

// OIDC signs in by OpenID Connect (Core 1.0 §3.1, authorization code, with PKCE
// of RFC 7636). The provider's document is read at the first use.
type OIDC struct {
	IssuerURL, ClientID, ClientSecret string

	mu       sync.Mutex
	provider *oidc.Provider
}

func (o *OIDC) config(ctx context.Context, callback string) (*oauth2.Config, *oidc.Provider, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.provider == nil {
		p, err := oidc.NewProvider(context.WithoutCancel(ctx), o.IssuerURL)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %w", ErrIdentity, err)
		}
		o.provider = p
	}
	return &oauth2.Config{ClientID: o.ClientID, ClientSecret: o.ClientSecret, Endpoint: o.provider.Endpoint(), RedirectURL: callback,
		Scopes: []string{oidc.ScopeOpenID, "profile", "phone"}}, o.provider, nil
}

// Begin implements Identity. The secret is the verifier and the nonce.
func (o *OIDC) Begin(ctx context.Context, callback, state string) (string, string, error) {
	c, _, err := o.config(ctx, callback)
	if err != nil {
		return "", "", err
	}
	verifier, nonce := oauth2.GenerateVerifier(), random()
	return c.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), verifier + " " + nonce, nil
}

// Finish implements Identity.
func (o *OIDC) Finish(ctx context.Context, callback, secret string, query url.Values) (VouchedPerson, error) {
	c, provider, err := o.config(ctx, callback)
	if err != nil {
		return VouchedPerson{}, err
	}
	if e := query.Get("error"); e != "" {
		return VouchedPerson{}, fmt.Errorf("%w: %s", ErrIdentity, e)
	}
	verifier, nonce, _ := strings.Cut(secret, " ")
	token, err := c.Exchange(ctx, query.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		return VouchedPerson{}, fmt.Errorf("%w: %w", ErrIdentity, err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: o.ClientID}).Verify(ctx, raw)
	if err != nil {
		return VouchedPerson{}, fmt.Errorf("%w: %w", ErrIdentity, err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1 {
		return VouchedPerson{}, fmt.Errorf("%w: the nonce is another", ErrIdentity)
	}
	var claims struct {
		Login string `json:"preferred_username"`
		Name  string `json:"name"`
		Phone string `json:"phone_number"`
	}
	if err := id.Claims(&claims); err != nil {
		return VouchedPerson{}, fmt.Errorf("%w: %w", ErrIdentity, err)
	}
	return VouchedPerson{Issuer: id.Issuer, Subject: id.Subject, Login: claims.Login, Name: claims.Name, Phone: claims.Phone}, nil
}

// UnifiedIdentitySimulator behaves like the unified identity of a province: a
// page of its own asks who you are, the browser comes back with a code that
// holds once and for a minute. It believes whatever it is told, so it is for
// demonstrations and tests alone.
type UnifiedIdentitySimulator struct {
	Path string // under which Page is served

	mu    sync.Mutex
	codes map[string]simulatedCode
}

type simulatedCode struct {
	who   VouchedPerson
	proof string
	until time.Time
}

const simulatedIssuer = "simulator:unified-identity"

// Begin implements Identity.
func (s *UnifiedIdentitySimulator) Begin(_ context.Context, callback, state string) (string, string, error) {
	secret := random()
	sum := sha256.Sum256([]byte(secret))
	return s.Path + "?" + url.Values{"redirect_uri": {callback}, "state": {state}, "challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}}.Encode(), secret, nil
}

// Finish implements Identity.
func (s *UnifiedIdentitySimulator) Finish(_ context.Context, _, secret string, query url.Values) (VouchedPerson, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.codes[query.Get("code")]
	delete(s.codes, query.Get("code"))
	sum := sha256.Sum256([]byte(secret))
	if !ok || time.Now().After(c.until) || c.proof != base64.RawURLEncoding.EncodeToString(sum[:]) {
		return VouchedPerson{}, fmt.Errorf("%w: the code is not known", ErrIdentity)
	}
	return c.who, nil
}

var simulatedPage = template.Must(template.New("").Parse(`<!doctype html><html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>统一身份认证（模拟）</title><style>body{font:16px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;max-width:22rem;margin:3rem auto;padding:0 1rem;color:#1f2328}
label{display:block;margin:1rem 0 .25rem}input{width:100%;box-sizing:border-box;font:inherit;padding:.6rem;border:1px solid #b6bcc4;border-radius:8px}
button{margin-top:1.5rem;width:100%;font:inherit;padding:.7rem;border:0;border-radius:8px;background:#1456c4;color:#fff}p{color:#57606a}</style>
<h1>统一身份认证（模拟）</h1><p>仅用于演示，填写什么就认作什么。For demonstrations: it believes whatever you say.</p>
<form method="post"><label for="name">姓名 Name</label><input id="name" name="name" required value="演示市民">
<label for="phone">手机号 Mobile</label><input id="phone" name="phone" required pattern="1[0-9]{10}" value="16000000001">
<label for="id">身份证号（可空） ID number</label><input id="id" name="id_number" maxlength="18">
<button>登录 Sign in</button></form></html>`))

// ServeHTTP is the provider's own page.
func (s *UnifiedIdentitySimulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || back.Host != "" && back.Host != r.Host || q.Get("challenge") == "" {
		http.Error(w, "redirect_uri is not this house's", http.StatusBadRequest)
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = simulatedPage.Execute(w, nil)
		return
	}
	phone := r.FormValue("phone")
	sum := sha256.Sum256([]byte(phone))
	code := random()
	s.mu.Lock()
	if s.codes == nil || len(s.codes) > 1000 {
		s.codes = map[string]simulatedCode{}
	}
	s.codes[code] = simulatedCode{VouchedPerson{Issuer: simulatedIssuer, Subject: fmt.Sprintf("%x", sum[:8]), Name: r.FormValue("name"), Phone: phone, IDNumber: r.FormValue("id_number")},
		q.Get("challenge"), time.Now().Add(time.Minute)}
	s.mu.Unlock()
	back.RawQuery = url.Values{"code": {code}, "state": {q.Get("state")}}.Encode()
	http.Redirect(w, r, back.String(), http.StatusSeeOther)
}

// UnifiedIdentity signs citizens in with a unified identity platform whose
// gateway speaks OAuth 2.0 (RFC 6749 §4.1) and answers who it is at an address
// of its own: {"sub", "name", "phone", "id_number"}.
type UnifiedIdentity struct {
	AuthorizeURL, TokenURL, PersonURL string
	ClientID, ClientSecret            string
}

func (u *UnifiedIdentity) config(callback string) *oauth2.Config {
	return &oauth2.Config{ClientID: u.ClientID, ClientSecret: u.ClientSecret, RedirectURL: callback, Endpoint: oauth2.Endpoint{AuthURL: u.AuthorizeURL, TokenURL: u.TokenURL}}
}

// Begin implements Identity.
func (u *UnifiedIdentity) Begin(_ context.Context, callback, state string) (string, string, error) {
	verifier := oauth2.GenerateVerifier()
	return u.config(callback).AuthCodeURL(state, oauth2.S256ChallengeOption(verifier)), verifier, nil
}

// Finish implements Identity.
func (u *UnifiedIdentity) Finish(ctx context.Context, callback, secret string, query url.Values) (VouchedPerson, error) {
	c := u.config(callback)
	token, err := c.Exchange(ctx, query.Get("code"), oauth2.VerifierOption(secret))
	if err != nil {
		return VouchedPerson{}, fmt.Errorf("%w: %w", ErrIdentity, err)
	}
	res, err := c.Client(ctx, token).Get(u.PersonURL)
	if err != nil {
		return VouchedPerson{}, fmt.Errorf("%w: %w", ErrIdentity, err)
	}
	defer res.Body.Close()
	var p struct {
		Subject  string `json:"sub"`
		Name     string `json:"name"`
		Phone    string `json:"phone"`
		IDNumber string `json:"id_number"`
	}
	if err := json.NewDecoder(res.Body).Decode(&p); err != nil || res.StatusCode != http.StatusOK || p.Subject == "" {
		return VouchedPerson{}, fmt.Errorf("%w: it answered %s", ErrIdentity, res.Status)
	}
	return VouchedPerson{Issuer: u.PersonURL, Subject: p.Subject, Name: p.Name, Phone: p.Phone, IDNumber: p.IDNumber}, nil
}

func random() string {
	raw := make([]byte, 24)
	rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}
