package httpapi

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/vault"
)

// Provider is a way to sign in elsewhere.
type Provider struct {
	Name    string // in the address: "oidc", "unified"
	Title   string // on the button
	Citizen bool   // vouches for citizens; else for staff
	adapter.Identity
}

// begun is what the browser keeps while it is at the provider, sealed.
type begun struct {
	Provider, State, Secret, To string
	Until                       int64
}

const (
	begunCookie = "shanzhi_begun"
	begunFor    = 10 * time.Minute
)

// mountExternal adds the two ends of signing in elsewhere: they are visited by
// the browser itself, so they are no operations of the API.
func (s *Server) mountExternal(in SignIn) {
	find := func(r *http.Request) *Provider {
		for i := range in.Providers {
			if in.Providers[i].Name == r.PathValue("provider") {
				return &in.Providers[i]
			}
		}
		return nil
	}
	callback := func(r *http.Request, p *Provider) string {
		base := in.Address
		if base == "" {
			base = "http://" + r.Host
			if r.TLS != nil {
				base = "https://" + r.Host
			}
		}
		return base + "/sign-in/" + p.Name + "/back"
	}
	cookie := func(r *http.Request, value string, age int) *http.Cookie {
		return &http.Cookie{Name: begunCookie, Value: value, Path: "/sign-in/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil || strings.HasPrefix(in.Address, "https://")}
	}
	s.Mux.HandleFunc("GET /sign-in/{provider}", func(w http.ResponseWriter, r *http.Request) {
		p := find(r)
		if p == nil {
			s.Write(w, r, Fail(http.StatusNotFound, "no_such_provider"))
			return
		}
		raw := make([]byte, 18)
		rand.Read(raw)
		b := begun{Provider: p.Name, State: base64.RawURLEncoding.EncodeToString(raw), To: localPath(r.URL.Query().Get("to")), Until: time.Now().Add(begunFor).Unix()}
		address, secret, err := p.Begin(r.Context(), callback(r, p), b.State)
		if err != nil {
			s.Log.Error("signing in elsewhere could not begin", "provider", p.Name, "error", err)
			s.Write(w, r, Fail(http.StatusBadGateway, "provider_failed"))
			return
		}
		b.Secret = secret
		plain, _ := json.Marshal(b)
		sealed, err := in.Keys.Seal(plain, "begun")
		if err != nil {
			s.Write(w, r, err)
			return
		}
		http.SetCookie(w, cookie(r, base64.RawURLEncoding.EncodeToString(sealed), int(begunFor.Seconds())))
		http.Redirect(w, r, address, http.StatusFound)
	})
	s.Mux.HandleFunc("GET /sign-in/{provider}/back", func(w http.ResponseWriter, r *http.Request) {
		p := find(r)
		if p == nil {
			s.Write(w, r, Fail(http.StatusNotFound, "no_such_provider"))
			return
		}
		var b begun
		if c, err := r.Cookie(begunCookie); err == nil {
			sealed, _ := base64.RawURLEncoding.DecodeString(c.Value)
			if plain, err := in.Keys.Open(sealed, "begun"); err == nil {
				_ = json.Unmarshal(plain, &b)
			}
		}
		if b.Provider != p.Name || b.State == "" || b.State != r.URL.Query().Get("state") || time.Now().Unix() > b.Until {
			s.Write(w, r, Fail(http.StatusBadRequest, "stale_sign_in"))
			return
		}
		http.SetCookie(w, cookie(r, "", -1))
		who, err := p.Finish(r.Context(), callback(r, p), b.Secret, r.URL.Query())
		if err != nil {
			s.Log.Warn("signing in elsewhere failed", "provider", p.Name, "error", err)
			s.Write(w, r, Fail(http.StatusBadGateway, "provider_failed"))
			return
		}
		var a account.Account
		switch {
		case !p.Citizen:
			a, err = s.Accounts.SignInExternal(r.Context(), who.Issuer, who.Subject, who.Login)
			if errors.Is(err, account.ErrCredentials) {
				err = Fail(http.StatusForbidden, "not_linked")
			}
		case who.Phone == "":
			err = Fail(http.StatusForbidden, "no_phone")
		default:
			id := vault.Identity{vault.Name: who.Name, vault.Phone: who.Phone}
			if who.IDNumber != "" {
				id[vault.IDNumber] = who.IDNumber
			}
			a, err = s.Accounts.CitizenByPhone(r.Context(), in.Vault, id, who.Issuer+" "+who.Subject)
		}
		if err != nil {
			s.Write(w, r, err)
			return
		}
		token, expires, err := s.Accounts.NewSession(r.Context(), a, r.UserAgent(), address(r))
		if err != nil {
			s.Write(w, r, err)
			return
		}
		w.Header().Add("Set-Cookie", s.SessionCookie(token, expires))
		http.Redirect(w, r, b.To, http.StatusFound)
	})
}

// localPath is where to go after signing in: a path of this house, never
// another's.
func localPath(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, `\`) {
		return "/"
	}
	return u.String()
}
