package httpapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// SignIn is how people sign in at this edge.
type SignIn struct {
	Vault *vault.Vault
	SMS   adapter.SMS
	Dir   *account.Directory
	// Demo lets a screen show the code that a real deployment would send to the
	// phone, and lists the demonstration's sign-ins.
	Demo     bool
	DemoUser []DemoUser
	// Providers are the ways to sign in elsewhere.
	Providers []Provider
	Keys      account.Sealer
	// Address is the public address of this house; "" is that of each request.
	Address string
}

// DemoUser is a sign-in of the demonstration district.
type DemoUser struct {
	Login    string `json:"login"`
	Password string `json:"password"`
	Name     string `json:"name"`
	Role     string `json:"role"`
	Group    string `json:"group" doc:"System whose work it does"`
}

type session struct {
	Cookie string `header:"Set-Cookie"`
	Body   struct {
		Token   string    `json:"token" doc:"For those who do not keep cookies"`
		Expires time.Time `json:"expires"`
		Me      Me        `json:"me"`
	}
}

// Me is who the caller is, to themselves.
type Me struct {
	ID           store.ID        `json:"id"`
	Kind         account.Kind    `json:"kind" enum:"staff,citizen,service"`
	Name         string          `json:"name"`
	Unit         string          `json:"unit,omitempty"`
	UnitName     string          `json:"unit_name,omitempty"`
	Roles        []account.Grant `json:"roles"`
	SecondFactor bool            `json:"second_factor"`
}

const accountTag = "account"

// MountSignIn adds the operations of sign-in.
func (s *Server) MountSignIn(in SignIn) {
	Register(s, Operation{ID: "sign-in", Method: http.MethodPost, Path: "/api/sign-in", Tag: accountTag, Access: Public, Limit: 60,
		Summary: "Sign in by name and password, and the code of the second factor where there is one"},
		func(ctx context.Context, req *struct {
			Body struct {
				Login    string `json:"login" maxLength:"100"`
				Password string `json:"password" maxLength:"200"`
				Code     string `json:"code,omitempty" maxLength:"20" doc:"Of the second factor, or a recovery code"`
			}
		}) (*session, error) {
			a, err := s.Accounts.SignInPassword(ctx, req.Body.Login, req.Body.Password, req.Body.Code)
			if err != nil {
				return nil, err
			}
			return s.begin(ctx, in.Dir, a)
		})
	type codeSent struct {
		Demo string `json:"demo_code,omitempty" doc:"The code itself, in a demonstration only"`
	}
	Register(s, Operation{ID: "send-code", Method: http.MethodPost, Path: "/api/sign-in/code", Tag: accountTag, Access: Public, Limit: 10,
		Summary: "Send a one-time code to a citizen's phone"},
		func(ctx context.Context, req *struct {
			Body struct {
				Phone string `json:"phone" pattern:"^1[0-9]{10}$" doc:"Mainland mobile number"`
			}
		}) (*Body[codeSent], error) {
			code, err := s.Accounts.NewCode(ctx, req.Body.Phone)
			if err != nil {
				return nil, err
			}
			if _, err := in.SMS.Send(ctx, req.Body.Phone, "验证码 "+code+"，五分钟内有效。请勿告知他人。"); err != nil {
				s.Log.Error("a sign-in code could not be sent", "error", err)
				return nil, Fail(http.StatusBadGateway, "sms_failed")
			}
			var out codeSent
			if in.Demo {
				out.Demo = code
			}
			return Answer(out, nil)
		})
	Register(s, Operation{ID: "sign-in-by-code", Method: http.MethodPost, Path: "/api/sign-in/phone", Tag: accountTag, Access: Public, Limit: 30,
		Summary: "Sign a citizen in by the code sent to the phone"},
		func(ctx context.Context, req *struct {
			Body struct {
				Phone string `json:"phone" pattern:"^1[0-9]{10}$"`
				Code  string `json:"code" pattern:"^[0-9]{6}$"`
			}
		}) (*session, error) {
			a, err := s.Accounts.SignInCode(ctx, in.Vault, req.Body.Phone, req.Body.Code)
			if err != nil {
				return nil, err
			}
			return s.begin(ctx, in.Dir, a)
		})
	Register(s, Operation{ID: "sign-out", Method: http.MethodPost, Path: "/api/sign-out", Tag: accountTag, Access: Public, Status: http.StatusNoContent,
		Summary: "End the session"},
		func(ctx context.Context, _ *struct{}) (*struct {
			Cookie string `header:"Set-Cookie"`
		}, error) {
			err := s.Accounts.EndSession(ctx, Token(ctx))
			s.Forget()
			return &struct {
				Cookie string `header:"Set-Cookie"`
			}{s.SessionCookie("", time.Time{})}, err
		})
	Register(s, Operation{ID: "get-me", Method: http.MethodGet, Path: "/api/me", Tag: accountTag, Access: SignedIn, Summary: "Who the caller is"},
		func(ctx context.Context, _ *struct{}) (*Body[Me], error) {
			return Answer(s.me(ctx, in.Dir, Actor(ctx).Account))
		})
	s.mountExternal(in)
	type elsewhere struct {
		Name    string `json:"name"`
		Title   string `json:"title"`
		Citizen bool   `json:"citizen"`
		Path    string `json:"path" doc:"Where the browser goes; ?to= is where it comes back to"`
	}
	type offers struct {
		Demo      bool        `json:"demo"`
		Users     []DemoUser  `json:"users,omitempty"`
		Elsewhere []elsewhere `json:"elsewhere"`
	}
	Register(s, Operation{ID: "get-sign-in", Method: http.MethodGet, Path: "/api/sign-in", Tag: accountTag, Access: Public, Summary: "Which ways to sign in there are"},
		func(context.Context, *struct{}) (*Body[offers], error) {
			out := offers{in.Demo, in.DemoUser, []elsewhere{}}
			for _, p := range in.Providers {
				out.Elsewhere = append(out.Elsewhere, elsewhere{p.Name, p.Title, p.Citizen, "/sign-in/" + p.Name})
			}
			return Answer(out, nil)
		})
}

func (s *Server) begin(ctx context.Context, dir *account.Directory, a account.Account) (*session, error) {
	addr, agent := Request(ctx)
	token, expires, err := s.Accounts.NewSession(ctx, a, agent, addr)
	if err != nil {
		return nil, err
	}
	out := &session{Cookie: s.SessionCookie(token, expires)}
	out.Body.Token, out.Body.Expires = token, expires
	out.Body.Me, err = s.me(ctx, dir, a.ID)
	return out, err
}

func (s *Server) me(ctx context.Context, dir *account.Directory, id store.ID) (Me, error) {
	a, err := store.Get[account.Account](ctx, s.Store, `SELECT * FROM account WHERE id = ?`, int64(id))
	if err != nil {
		return Me{}, err
	}
	who, err := s.Accounts.Actor(ctx, s.Store, id)
	if err != nil {
		return Me{}, err
	}
	m := Me{ID: id, Kind: a.Kind, Name: a.Name, Unit: a.Unit, Roles: who.Grants, SecondFactor: a.TOTP != nil}
	if a.Unit != "" {
		m.UnitName = dir.Tree().Name(a.Unit)
	}
	if m.Roles == nil {
		m.Roles = []account.Grant{}
	}
	if m.Name = strings.TrimSpace(m.Name); m.Name == "" {
		m.Name = string(m.Kind)
	}
	return m, nil
}
