package httpapi

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/store"
)

// MyAccount is what staff see of their own account (我的账号).
type MyAccount struct {
	Login        string            `json:"login"`
	HasPassword  bool              `json:"has_password" doc:"Absent for those who only sign in elsewhere"`
	MinPassword  int               `json:"min_password"`
	Linked       bool              `json:"linked" doc:"Signs in by the district's identity provider"`
	SecondFactor bool              `json:"second_factor"`
	RecoveryLeft int               `json:"recovery_left"`
	Roles        []Role            `json:"roles" doc:"What the caller's roles are called"`
	Sessions     []account.Session `json:"sessions"`
}

// mountSelf adds what staff do with their own account. What makes a sign-in
// weaker, or moves it to another device, needs the password or a code once
// more: a screen that was left open is not enough.
func (s *Server) mountSelf(roles func() []Role) {
	const tag = accountTag
	own := func(ctx context.Context) (account.Account, error) {
		return store.Get[account.Account](ctx, s.Store, `SELECT * FROM account WHERE id = ?`, int64(Actor(ctx).Account))
	}
	// prove asks once more; the failure belongs to the field.
	prove := func(ctx context.Context, proof string) error {
		err := s.Accounts.Prove(ctx, Actor(ctx).Account, proof)
		switch {
		case errors.Is(err, account.ErrCredentials):
			return FailField("proof", "wrong_proof")
		case errors.Is(err, account.ErrCodeUsed):
			return FailField("proof", "code_used")
		}
		return err
	}
	Register(s, Operation{ID: "get-my-account", Method: http.MethodGet, Path: "/api/me/account", Tag: tag, Access: AnyStaff, Summary: "The own account: how it signs in, and where it is signed in now"},
		func(ctx context.Context, _ *struct{}) (*Body[MyAccount], error) {
			a, err := own(ctx)
			if err != nil {
				return nil, err
			}
			held := slices.DeleteFunc(slices.Clone(roles()), func(r Role) bool { return !Actor(ctx).HasAny(r.Code) })
			out := MyAccount{Roles: held, HasPassword: a.Password != "", MinPassword: account.MinPassword, Linked: a.External != nil, SecondFactor: a.TOTP != nil}
			if a.Login != nil {
				out.Login = *a.Login
			}
			var rerr error
			out.RecoveryLeft, err = s.Accounts.RecoveryLeft(ctx, a.ID)
			out.Sessions, rerr = s.Accounts.Sessions(ctx, a.ID, Token(ctx))
			return Answer(out, errors.Join(err, rerr))
		})
	Register(s, Operation{ID: "change-password", Method: http.MethodPut, Path: "/api/me/password", Tag: tag, Access: AnyStaff, Status: http.StatusNoContent, Limit: 10,
		Summary: "Change the own password; it signs out everywhere"},
		func(ctx context.Context, in *struct {
			Body struct {
				Old string `json:"old" maxLength:"200"`
				New string `json:"new" maxLength:"200"`
			}
		}) (*Empty, error) {
			err := s.Accounts.ChangePassword(ctx, Actor(ctx).Account, in.Body.Old, in.Body.New)
			switch {
			case errors.Is(err, account.ErrTooShort):
				p := newProblem(http.StatusUnprocessableEntity, "invalid", map[string]string{"n": strconv.Itoa(account.MinPassword)})
				p.Errors = []*huma.ErrorDetail{{Location: "body.new", Message: "password_short"}}
				err = p
			case errors.Is(err, account.ErrSame):
				err = FailField("new", "same_password")
			case errors.Is(err, account.ErrSimple):
				err = FailField("new", "too_simple")
			case errors.Is(err, account.ErrCredentials):
				err = FailField("old", "wrong_password")
			}
			s.Forget()
			return nil, err
		})
	type factor struct {
		Secret string `json:"secret"`
		URL    string `json:"url" doc:"For the QR code: otpauth://"`
	}
	Register(s, Operation{ID: "begin-second-factor", Method: http.MethodPost, Path: "/api/me/second-factor", Tag: tag, Access: AnyStaff,
		Summary: "Make the secret of a second factor (TOTP, RFC 6238); it holds once confirmed"},
		func(ctx context.Context, _ *struct{}) (*Body[factor], error) {
			a, err := own(ctx)
			if err != nil {
				return nil, err
			}
			secret, url, err := s.Accounts.NewSecondFactor("Shanzhi", a)
			return Answer(factor{secret, url}, err)
		})
	type recoveryCodes struct {
		Recovery []string `json:"recovery_codes" doc:"Each is good once in place of a code; shown once"`
	}
	Register(s, Operation{ID: "confirm-second-factor", Method: http.MethodPut, Path: "/api/me/second-factor", Tag: tag, Access: AnyStaff, Limit: 10,
		Summary: "Turn the second factor on by a code that proves the secret; in place of one that is on, the password or a code of that is needed too"},
		func(ctx context.Context, req *struct {
			Body struct {
				Secret string `json:"secret" maxLength:"64"`
				Code   string `json:"code" pattern:"^[0-9]{6}$"`
				Proof  string `json:"proof,omitempty" maxLength:"200" doc:"Password, code or recovery code"`
			}
		}) (*Body[recoveryCodes], error) {
			a, err := own(ctx)
			if err != nil {
				return nil, err
			}
			if a.TOTP != nil {
				if err := prove(ctx, req.Body.Proof); err != nil {
					return nil, err
				}
			}
			recovery, err := s.Accounts.ConfirmSecondFactor(ctx, a.ID, req.Body.Secret, req.Body.Code)
			if errors.Is(err, account.ErrCredentials) {
				err = FailField("code", "wrong_code")
			}
			return Answer(recoveryCodes{recovery}, err)
		})
	type proven struct {
		Body struct {
			Proof string `json:"proof" maxLength:"200" doc:"Password, code or recovery code"`
		}
	}
	Register(s, Operation{ID: "drop-second-factor", Method: http.MethodPost, Path: "/api/me/second-factor/off", Tag: tag, Access: AnyStaff, Status: http.StatusNoContent, Limit: 10,
		Summary: "Turn the own second factor off"},
		func(ctx context.Context, req *proven) (*Empty, error) {
			if err := prove(ctx, req.Body.Proof); err != nil {
				return nil, err
			}
			who := Actor(ctx)
			return nil, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				if err := s.Accounts.DropSecondFactor(ctx, tx, who.Account); err != nil {
					return err
				}
				return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "account.second_factor", Object: "account/" + who.Account.String()}, map[string]bool{"on": false})
			})
		})
	Register(s, Operation{ID: "renew-recovery-codes", Method: http.MethodPost, Path: "/api/me/recovery-codes", Tag: tag, Access: AnyStaff, Limit: 10,
		Summary: "New recovery codes; those before are good no more"},
		func(ctx context.Context, req *proven) (*Body[recoveryCodes], error) {
			a, err := own(ctx)
			if err != nil {
				return nil, err
			}
			if a.TOTP == nil {
				return nil, Fail(http.StatusConflict, "no_second_factor")
			}
			if err := prove(ctx, req.Body.Proof); err != nil {
				return nil, err
			}
			recovery, err := s.Accounts.RenewRecoveryCodes(ctx, a.ID)
			return Answer(recoveryCodes{recovery}, err)
		})
	Register(s, Operation{ID: "end-other-sessions", Method: http.MethodPost, Path: "/api/me/sign-out-others", Tag: tag, Access: AnyStaff, Status: http.StatusNoContent,
		Summary: "Sign the own account out elsewhere: everywhere else, or in one place"},
		func(ctx context.Context, req *struct {
			Body struct {
				Session string `json:"session,omitempty" maxLength:"32" doc:"Only this one"`
			}
		}) (*Empty, error) {
			err := s.Accounts.EndOthers(ctx, Actor(ctx).Account, Token(ctx), req.Body.Session)
			s.Forget()
			return nil, err
		})
}
