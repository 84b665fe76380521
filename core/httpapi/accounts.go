package httpapi

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/store"
)

// Role is a role that may be given, as the pack's roles.csv says.
type Role struct {
	Code        string `json:"code"`
	Name        string `json:"name"`
	NameEN      string `json:"name_en"`
	Description string `json:"description"`
}

// AccountForm is what an administrator says of an account.
type AccountForm struct {
	Login    string          `json:"login,omitempty" maxLength:"100" pattern:"^[a-z0-9][a-z0-9._@-]*$" doc:"Of a new account"`
	Name     string          `json:"name" minLength:"1" maxLength:"100"`
	Unit     string          `json:"unit" maxLength:"100"`
	Disabled bool            `json:"disabled,omitempty"`
	Service  bool            `json:"service,omitempty" doc:"A program of another bureau: it has keys and no password"`
	Roles    []account.Grant `json:"roles" maxItems:"50"`
}

// MountAccounts adds the operations by which administrators keep the accounts
// of their own part of the organisation, and staff their own. roles gives the roles that there are.
func (s *Server) MountAccounts(dir *account.Directory, roles func() []Role) {
	s.mountSelf(roles)
	s.mountRoster(dir)
	admin := Roles(account.RoleAdmin)
	// within says whether the caller administers a unit.
	within := func(ctx context.Context, unit string) bool { return Actor(ctx).Has(account.RoleAdmin, unit) }
	// own gives an account that the caller administers.
	own := func(ctx context.Context, q store.Querier, id store.ID) (account.Account, error) {
		a, err := store.Get[account.Account](ctx, q, `SELECT * FROM account WHERE id = ? AND login IS NOT NULL`, int64(id))
		if err == nil && !within(ctx, a.Unit) {
			err = store.ErrNotFound
		}
		if err != nil {
			return a, err
		}
		// Who may do more than the caller, elsewhere, is not the caller's: their
		// password or a key of theirs would be more than the caller's own rights.
		grants, err := store.Select[account.Grant](ctx, q, `SELECT role, unit FROM role_grant WHERE account = ?`, int64(id))
		if slices.ContainsFunc(grants, func(g account.Grant) bool { return !within(ctx, g.Unit) }) {
			err = Fail(http.StatusForbidden, "above_you")
		}
		return a, err
	}
	check := func(ctx context.Context, f AccountForm) error {
		if _, ok := dir.Tree().Unit(f.Unit); !ok || !within(ctx, f.Unit) {
			return FailField("unit", "no_such_unit")
		}
		known := roles()
		for _, g := range f.Roles {
			if !slices.ContainsFunc(known, func(r Role) bool { return r.Code == g.Role && r.Code != account.RoleCitizen }) {
				return FailField("roles", "no_such_option")
			}
			if _, ok := dir.Tree().Unit(g.Unit); !ok || !within(ctx, g.Unit) {
				return FailField("roles", "no_such_unit")
			}
		}
		return nil
	}
	record := func(ctx context.Context, tx *store.Tx, action string, id store.ID, detail any) error {
		who := Actor(ctx)
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: action, Object: "account/" + id.String()}, detail)
	}
	const tag = accountTag
	Register(s, Operation{ID: "list-roles", Method: http.MethodGet, Path: "/api/roles", Tag: tag, Access: admin, Summary: "The roles that may be given"},
		func(context.Context, *struct{}) (*Body[[]Role], error) { return Answer(roles(), nil) })
	Register(s, Operation{ID: "list-accounts", Method: http.MethodGet, Path: "/api/accounts", Tag: tag, Access: admin, Summary: "Staff and service accounts that the caller administers, by login"},
		func(ctx context.Context, in *struct {
			Q     string `query:"q" maxLength:"100" doc:"Part of the login or the name"`
			State string `query:"state" enum:"active,locked,disabled,no_second_factor,service"`
			Unit  string `query:"unit" doc:"And what lies below it"`
			After string `query:"after"`
			Limit int    `query:"limit" minimum:"0" maximum:"200"`
		}) (*Body[Page[account.Listed]], error) {
			tree := dir.Tree()
			top := in.Unit
			if top == "" {
				top = tree.Root()
			}
			units := slices.DeleteFunc(tree.Subtree(top), func(u string) bool { return !within(ctx, u) })
			if in.Limit == 0 {
				in.Limit = 50
			}
			list, err := s.Accounts.List(ctx, units, in.Q, in.State, in.After, in.Limit+1)
			var out Page[account.Listed]
			if out.Items = list; len(list) > in.Limit {
				out.Items = list[:in.Limit]
				out.Next = out.Items[in.Limit-1].Login
			}
			return Answer(out, err)
		})
	type made struct {
		ID       store.ID `json:"id"`
		Password string   `json:"password,omitempty" doc:"To begin with; shown once"`
	}
	Register(s, Operation{ID: "create-account", Method: http.MethodPost, Path: "/api/accounts", Tag: tag, Access: admin, Status: http.StatusCreated,
		Summary: "Make an account; its first password is shown once"},
		func(ctx context.Context, in *struct{ Body AccountForm }) (*Body[made], error) {
			f := in.Body
			if f.Login == "" {
				return nil, FailField("login", "required")
			}
			if err := check(ctx, f); err != nil {
				return nil, err
			}
			a := account.Account{Kind: account.Staff, Login: &f.Login, Name: f.Name, Unit: f.Unit, Disabled: f.Disabled}
			var out made
			hash := ""
			if f.Service {
				a.Kind = account.Service
			} else {
				out.Password = newPassword()
				hash = account.HashPassword(out.Password)
			}
			err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				var n int
				if err := tx.QueryRow(ctx, `SELECT count(*) FROM account WHERE login = ?`, f.Login).Scan(&n); err != nil || n > 0 {
					return errors.Join(err, FailField("login", "taken"))
				}
				var err error
				if out.ID, err = s.Accounts.Put(ctx, tx, a, hash, f.Roles...); err != nil {
					return err
				}
				return record(ctx, tx, "account.put", out.ID, f)
			})
			return Answer(out, err)
		})
	Register(s, Operation{ID: "change-account", Method: http.MethodPut, Path: "/api/accounts/{id}", Tag: tag, Access: admin, Status: http.StatusNoContent,
		Summary: "Change name, unit, roles and whether it may sign in; rights that it loses end at once"},
		func(ctx context.Context, in *struct {
			ID   PathID `path:"id"`
			Body AccountForm
		}) (*Empty, error) {
			if err := check(ctx, in.Body); err != nil {
				return nil, err
			}
			err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				a, err := own(ctx, tx, in.ID.ID)
				if err != nil {
					return err
				}
				if a.ID == Actor(ctx).Account && (in.Body.Disabled || !slices.ContainsFunc(in.Body.Roles, func(g account.Grant) bool { return g.Role == account.RoleAdmin })) {
					return Fail(http.StatusConflict, "not_yourself")
				}
				a.Name, a.Unit, a.Disabled = in.Body.Name, in.Body.Unit, in.Body.Disabled
				if _, err := s.Accounts.Put(ctx, tx, a, "", in.Body.Roles...); err != nil {
					return err
				}
				if a.Disabled {
					if err := s.Accounts.EndSessions(ctx, tx, a.ID); err != nil {
						return err
					}
				}
				return record(ctx, tx, "account.put", a.ID, in.Body)
			})
			s.Forget()
			return nil, err
		})
	Register(s, Operation{ID: "reset-account", Method: http.MethodPost, Path: "/api/accounts/{id}/reset", Tag: tag, Access: admin,
		Summary: "Give a new first password, drop the second factor, unlock, and sign out everywhere"},
		func(ctx context.Context, in *struct {
			ID PathID `path:"id"`
		}) (*Body[made], error) {
			out := made{ID: in.ID.ID, Password: newPassword()}
			hash := account.HashPassword(out.Password)
			err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				a, err := own(ctx, tx, in.ID.ID)
				if err != nil {
					return err
				}
				if err := s.Accounts.SetPassword(ctx, tx, a.ID, hash); err != nil {
					return err
				}
				if err := s.Accounts.DropSecondFactor(ctx, tx, a.ID); err != nil {
					return err
				}
				return record(ctx, tx, "account.reset", a.ID, nil)
			})
			s.Forget()
			return Answer(out, err)
		})
	Register(s, Operation{ID: "unlock-account", Method: http.MethodPost, Path: "/api/accounts/{id}/unlock", Tag: tag, Access: admin, Status: http.StatusNoContent,
		Summary: "Let an account that failures have locked try again"},
		func(ctx context.Context, in *struct {
			ID PathID `path:"id"`
		}) (*Empty, error) {
			return nil, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				a, err := own(ctx, tx, in.ID.ID)
				if err != nil {
					return err
				}
				if err := s.Accounts.Unlock(ctx, tx, a.ID); err != nil {
					return err
				}
				return record(ctx, tx, "account.unlock", a.ID, nil)
			})
		})
	Register(s, Operation{ID: "end-sessions", Method: http.MethodPost, Path: "/api/accounts/{id}/sign-out", Tag: tag, Access: admin, Status: http.StatusNoContent,
		Summary: "Sign an account out everywhere"},
		func(ctx context.Context, in *struct {
			ID PathID `path:"id"`
		}) (*Empty, error) {
			err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				a, err := own(ctx, tx, in.ID.ID)
				if err != nil {
					return err
				}
				if err := s.Accounts.EndSessions(ctx, tx, a.ID); err != nil {
					return err
				}
				return record(ctx, tx, "account.sign_out", a.ID, nil)
			})
			s.Forget()
			return nil, err
		})
	Register(s, Operation{ID: "list-key-scopes", Method: http.MethodGet, Path: "/api/key-scopes", Tag: tag, Access: admin, Summary: "What an API key can be for"},
		func(context.Context, *struct{}) (*Body[[]string], error) { return Answer(s.scopes(), nil) })
	Register(s, Operation{ID: "list-keys", Method: http.MethodGet, Path: "/api/accounts/{id}/keys", Tag: tag, Access: admin, Summary: "The API keys of an account"},
		func(ctx context.Context, in *struct {
			ID PathID `path:"id"`
		}) (*Body[[]account.Key], error) {
			if _, err := own(ctx, s.Store, in.ID.ID); err != nil {
				return nil, err
			}
			return Answer(s.Accounts.Keys(ctx, in.ID.ID))
		})
	type newKey struct {
		ID  store.ID `json:"id"`
		Key string   `json:"key" doc:"Shown once"`
	}
	Register(s, Operation{ID: "create-key", Method: http.MethodPost, Path: "/api/accounts/{id}/keys", Tag: tag, Access: admin, Status: http.StatusCreated,
		Summary: "Make an API key for an account"},
		func(ctx context.Context, in *struct {
			ID   PathID `path:"id"`
			Body struct {
				Name   string   `json:"name" minLength:"1" maxLength:"100"`
				Scopes []string `json:"scopes" minItems:"1" doc:"Tags of the operations that it is for; * is all that the account may"`
				Days   int      `json:"days" minimum:"1" maximum:"730"`
			}
		}) (*Body[newKey], error) {
			var out newKey
			if known := s.scopes(); slices.ContainsFunc(in.Body.Scopes, func(scope string) bool { return scope != "*" && !slices.Contains(known, scope) }) {
				return nil, FailField("scopes", "no_such_option")
			}
			err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				a, err := own(ctx, tx, in.ID.ID)
				if err != nil {
					return err
				}
				if out.ID, out.Key, err = s.Accounts.NewKey(ctx, tx, a.ID, in.Body.Name, in.Body.Scopes, s.Store.Now().AddDate(0, 0, in.Body.Days)); err != nil {
					return err
				}
				return record(ctx, tx, "account.key", a.ID, in.Body)
			})
			return Answer(out, err)
		})
	Register(s, Operation{ID: "revoke-key", Method: http.MethodDelete, Path: "/api/accounts/{id}/keys/{key}", Tag: tag, Access: admin, Status: http.StatusNoContent, Summary: "End an API key now"},
		func(ctx context.Context, in *struct {
			ID  PathID `path:"id"`
			Key PathID `path:"key"`
		}) (*Empty, error) {
			err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				a, err := own(ctx, tx, in.ID.ID)
				if err != nil {
					return err
				}
				if err := s.Accounts.RevokeKey(ctx, tx, a.ID, in.Key.ID); err != nil {
					return err
				}
				return record(ctx, tx, "account.revoke_key", a.ID, map[string]any{"key": in.Key.ID})
			})
			s.Forget()
			return nil, err
		})
}

// scopes are what the keys of this edge can be for: the tags of its operations
// that ask who calls.
func (s *Server) scopes() []string {
	found := map[string]bool{}
	for _, p := range s.API.OpenAPI().Paths {
		for _, op := range []*huma.Operation{p.Get, p.Post, p.Put, p.Delete, p.Patch} {
			if op != nil && len(op.Security) > 0 && len(op.Tags) > 0 {
				found[op.Tags[0]] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// newPassword is a first password that can be read out: 80 random bits.
func newPassword() string {
	raw := make([]byte, 10)
	rand.Read(raw)
	s := strings.ToLower(base32.StdEncoding.EncodeToString(raw))
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}
