package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"shanzhi/core/audit"
	"shanzhi/core/store"
)

// Listed is an account as an administrator sees it.
type Listed struct {
	ID          store.ID   `bun:"id" json:"id"`
	Kind        Kind       `bun:"kind" json:"kind"`
	Login       string     `bun:"login" json:"login"`
	Name        string     `bun:"name" json:"name"`
	Unit        string     `bun:"unit" json:"unit"`
	Disabled    bool       `bun:"disabled" json:"disabled"`
	Second      bool       `bun:"second" json:"second_factor"`
	External    bool       `bun:"linked" json:"linked" doc:"Signs in by the district's identity provider"`
	LockedUntil store.Time `bun:"locked_until" json:"locked_until,omitzero"`
	Sessions    int        `bun:"sessions" json:"sessions"`
	Grants      []Grant    `bun:"-" json:"roles"`
}

// States that a list of accounts can be narrowed to.
var states = map[string]string{
	"":                 "1 = 1",
	"active":           "disabled = FALSE AND kind = 'staff'",
	"disabled":         "disabled = TRUE",
	"locked":           "locked_until > ?",
	"no_second_factor": "totp IS NULL AND kind = 'staff' AND disabled = FALSE",
	"service":          "kind = 'service'",
}

// List gives staff and service accounts of units, by login after a login, at
// most limit; words narrow by login or name, state by one of [states].
func (as *Accounts) List(ctx context.Context, units []string, words, state, after string, limit int) ([]Listed, error) {
	like := "%" + store.Literal(strings.ToLower(words)) + "%"
	args := []any{after, like, like}
	if state == "locked" {
		args = append(args, store.At(as.store.Now()))
	}
	list, err := store.Select[Listed](ctx, as.store, `SELECT id, kind, login, name, unit, disabled, totp IS NOT NULL AS second, external IS NOT NULL AS linked, locked_until,
 (SELECT count(*) FROM session s WHERE s.account = account.id AND s.expires_at > `+fmt.Sprint(as.store.Now().UnixMicro())+`) AS sessions
 FROM account WHERE login IS NOT NULL AND login > ? AND (login LIKE ? OR lower(name) LIKE ?) AND `+states[state]+` AND `+store.AnyOf("unit", len(units))+fmt.Sprintf(` ORDER BY login LIMIT %d`, limit),
		append(args, store.Args(units...)...)...)
	if err != nil || len(list) == 0 {
		return list, err
	}
	type held struct {
		Account store.ID
		Role    string
		Unit    string
	}
	ids := make([]any, len(list))
	at := map[store.ID]int{}
	for i := range list {
		ids[i], at[list[i].ID], list[i].Grants = int64(list[i].ID), i, []Grant{}
	}
	grants, err := store.Select[held](ctx, as.store, `SELECT account, role, unit FROM role_grant WHERE `+store.AnyOf("account", len(ids))+` ORDER BY role, unit`, ids...)
	for _, g := range grants {
		l := &list[at[g.Account]]
		l.Grants = append(l.Grants, Grant{Role: g.Role, Unit: g.Unit})
	}
	return list, err
}

// Errors of managing accounts.
var (
	ErrTaken    = errors.New("account: the login is taken")
	ErrTooShort = errors.New("account: the password is too short")
	ErrSame     = errors.New("account: the new password is the old one")
	ErrSimple   = errors.New("account: the password is easily guessed")
)

// SetPassword gives an account a password and signs it out everywhere.
func (as *Accounts) SetPassword(ctx context.Context, tx *store.Tx, id store.ID, hash string) error {
	if _, err := tx.Exec(ctx, `UPDATE account SET password = ?, failures = 0, locked_until = NULL WHERE id = ?`, hash, int64(id)); err != nil {
		return err
	}
	return as.EndSessions(ctx, tx, id)
}

// ChangePassword is SetPassword by the one who knows the old one. It returns
// ErrCredentials, ErrLocked, ErrTooShort, ErrSame or ErrSimple.
func (as *Accounts) ChangePassword(ctx context.Context, id store.ID, old, password string) error {
	a, err := store.Get[Account](ctx, as.store, `SELECT * FROM account WHERE id = ?`, int64(id))
	if err != nil {
		return err
	}
	if as.store.Now().Before(a.LockedUntil.Time) {
		return ErrLocked
	}
	var refused error
	var hash string
	switch {
	case !checkPassword(a.Password, old):
		refused = ErrCredentials
	case len([]rune(password)) < MinPassword:
		refused = ErrTooShort
	case password == old:
		refused = ErrSame
	case simple(password, a):
		refused = ErrSimple
	default:
		hash = HashPassword(password)
	}
	return as.decide(ctx, id, func(ctx context.Context, tx *store.Tx, a Account) (error, error) {
		if refused != nil {
			return refused, nil
		}
		if err := as.SetPassword(ctx, tx, id, hash); err != nil {
			return nil, err
		}
		return nil, audit.Write(ctx, tx, audit.Record{Actor: id, Unit: a.Unit, Action: "account.password", Object: "account/" + id.String()}, nil)
	})
}

// simple says that a password is among the first that are tried: it has the
// login in it, or few different characters (GB/T 22239-2019 8.1.4.1 a).
func simple(password string, a Account) bool {
	different := map[rune]bool{}
	for _, r := range password {
		different[r] = true
	}
	return len(different) < 5 || a.Login != nil && len(*a.Login) > 2 && strings.Contains(strings.ToLower(password), *a.Login)
}

// Unlock lets an account that failures have locked try again.
func (as *Accounts) Unlock(ctx context.Context, tx *store.Tx, id store.ID) error {
	_, err := tx.Exec(ctx, `UPDATE account SET failures = 0, locked_until = NULL WHERE id = ?`, int64(id))
	return err
}

// Key is an API key as an administrator sees it; the secret is not kept.
type Key struct {
	ID      store.ID   `bun:"id" json:"id"`
	Account store.ID   `bun:"account" json:"account"`
	Name    string     `bun:"name" json:"name"`
	Scopes  string     `bun:"scopes" json:"scopes"`
	Created store.Time `bun:"created_at" json:"created_at"`
	Expires store.Time `bun:"expires_at" json:"expires_at,omitzero"`
	Revoked store.Time `bun:"revoked_at" json:"revoked_at,omitzero"`
}

// Keys lists the API keys of an account, newest first.
func (as *Accounts) Keys(ctx context.Context, account store.ID) ([]Key, error) {
	return store.Select[Key](ctx, as.store, `SELECT id, account, name, scopes, created_at, expires_at, revoked_at FROM api_key WHERE account = ? ORDER BY id DESC`, int64(account))
}

// RevokeKey ends an API key of an account now.
func (as *Accounts) RevokeKey(ctx context.Context, tx *store.Tx, account, id store.ID) error {
	n, err := tx.Exec(ctx, `UPDATE api_key SET revoked_at = ? WHERE id = ? AND account = ? AND revoked_at IS NULL`, store.At(as.store.Now()), int64(id), int64(account))
	if err == nil && n == 0 {
		return store.ErrNotFound
	}
	return err
}

// Holders are the accounts that hold a role anywhere at a moment and may sign in.
func Holders(ctx context.Context, q store.Querier, role string, at time.Time) ([]store.ID, error) {
	return store.Select[store.ID](ctx, q, `SELECT DISTINCT g.account FROM role_grant g JOIN account a ON a.id = g.account WHERE g.role = ? AND (g.valid_to IS NULL OR g.valid_to > ?) AND NOT a.disabled ORDER BY g.account`, role, store.At(at))
}

// Names are the names of accounts, as shown.
func Names(ctx context.Context, q store.Querier, ids ...store.ID) (map[store.ID]string, error) {
	out := map[store.ID]string{}
	for part := range slices.Chunk(ids, 200) {
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = int64(id)
		}
		rows, err := store.Select[struct {
			ID   store.ID
			Name string
		}](ctx, q, `SELECT id, name FROM account WHERE `+store.AnyOf("id", len(args)), args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.ID] = r.Name
		}
	}
	return out, nil
}
