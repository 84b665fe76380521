// Package account knows who uses the house and what they may do: the
// organisation tree, staff with roles in a subtree of it, citizens, services
// with keys; how each signs in; and the session that follows.
//
// A right is a role held at a unit, and holds in that unit's subtree. Nothing
// else gives rights: what a person may do is asked of [Actor] on the server,
// at each call.
package account

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"shanzhi/core/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this package.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "account", Migrations: files}
}

// Kind says who is behind an account.
type Kind string

// The kinds of account.
const (
	Staff   Kind = "staff"
	Citizen Kind = "citizen"
	Service Kind = "service"
)

// Account is one who may sign in.
type Account struct {
	ID          store.ID   `bun:"id" json:"id"`
	Kind        Kind       `bun:"kind" json:"kind"`
	Login       *string    `bun:"login" json:"login,omitempty"`
	Name        string     `bun:"name" json:"name"`
	Person      store.ID   `bun:"person" json:"-"` // a citizen's entry in the vault
	Unit        string     `bun:"unit" json:"unit,omitempty"`
	Password    string     `bun:"password" json:"-"`
	TOTP        []byte     `bun:"totp" json:"-"`
	TOTPStep    int64      `bun:"totp_step" json:"-"`
	External    *string    `bun:"external" json:"-"`
	Failures    int        `bun:"failures" json:"-"`
	LockedUntil store.Time `bun:"locked_until" json:"-"`
	Disabled    bool       `bun:"disabled" json:"disabled,omitempty"`
	CreatedAt   store.Time `bun:"created_at" json:"-"`
}

// Grant is a role held at a unit, and so in its subtree.
type Grant struct {
	Role string `bun:"role" json:"role"`
	Unit string `bun:"unit" json:"unit"`
	// For is who delegated it, of a role that one exercises for another.
	For store.ID `bun:"giver" json:"for,omitempty"`
}

// Role names that the house itself asks for; a pack may add others.
const (
	RoleCitizen = "citizen"
	RoleAdmin   = "admin"
	RoleAuditor = "auditor"
)

// Actor is the one who asks, with all that decides what they may do. The zero
// Actor is a stranger. It is made once a session and never changed.
type Actor struct {
	Account store.ID
	Kind    Kind
	Name    string
	Person  store.ID // a citizen's entry in the vault
	Unit    string   // home unit of staff
	Grants  []Grant
	Scopes  []string // of an API key; nil is no limit
	tree    *Directory
}

// System acts for the house itself: timers, learned dispatch, imports.
func System(d *Directory) Actor {
	return Actor{Kind: Service, Name: "system", Grants: []Grant{{Role: "system"}}, tree: d}
}

// NewActor makes an actor who is not signed in as any account: for tests and
// for tools on the command line.
func NewActor(d *Directory, a Account, grants ...Grant) Actor {
	return Actor{Account: a.ID, Kind: a.Kind, Name: a.Name, Person: a.Person, Unit: a.Unit, Grants: grants, tree: d}
}

// IsStranger says that nobody is signed in.
func (a Actor) IsStranger() bool { return a.Account == 0 && !a.IsSystem() }

// IsSystem says that the house itself acts.
func (a Actor) IsSystem() bool { return a.Kind == Service && a.Account == 0 && a.Name == "system" }

// UnitName is the name of the home unit; "" where there is none.
func (a Actor) UnitName() string {
	if a.tree == nil || a.Unit == "" {
		return ""
	}
	return a.tree.Tree().Name(a.Unit)
}

// Has says whether the actor holds a role over a unit: at the unit itself or
// at one above it.
func (a Actor) Has(role, unit string) bool {
	_, ok := a.Exercises(role, unit)
	return ok
}

// For says for whom the actor exercises a role over a unit: nobody where they
// hold it themselves.
func (a Actor) For(role, unit string) store.ID {
	giver, _ := a.Exercises(role, unit)
	return giver
}

// Exercises is Has and For at once.
func (a Actor) Exercises(role, unit string) (giver store.ID, ok bool) {
	for _, g := range a.Grants {
		if g.Role != role || g.Unit != unit && !a.tree.Tree().Within(unit, g.Unit) {
			continue
		}
		if g.For == 0 {
			return 0, true
		}
		giver, ok = g.For, true
	}
	return giver, ok
}

// HasAny says whether the actor holds one of the roles anywhere.
func (a Actor) HasAny(roles ...string) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return slices.Contains(roles, g.Role) })
}

// UnitsWith is where the actor holds a role: the units of the grants
// themselves, without what lies below.
func (a Actor) UnitsWith(role string) []string {
	var out []string
	for _, g := range a.Grants {
		if g.Role == role && !slices.Contains(out, g.Unit) {
			out = append(out, g.Unit)
		}
	}
	return out
}

// Allows says whether the key that the actor came with may be used for this.
func (a Actor) Allows(scope string) bool {
	return a.Scopes == nil || slices.Contains(a.Scopes, "*") || slices.Contains(a.Scopes, scope)
}

// Scope is what of the records an actor may see. Every read of records takes
// one, and it becomes SQL in one place. The zero Scope sees nothing.
type Scope struct {
	All    bool     // the whole district
	Units  []string // records that one of these units holds or held
	Person store.ID // records of this appellant
	Token  string   // the one record that this tracking code opens
}

// Empty says that nothing can be seen.
func (s Scope) Empty() bool {
	return !s.All && len(s.Units) == 0 && s.Person == 0 && s.Token == ""
}

// Seen says which roles see the whole district when held at its root.
var districtWide = []string{"agent", "dispatcher", "reviewer", "follow_up", "supervisor", "arbitrator", "leader", "duty_editor", RoleAuditor, RoleAdmin, "system"}

// Scope derives what the actor may see from the grants: a district-wide role
// at the root or at the platform sees all; any other role sees its subtree; a
// citizen sees what is their own.
func (a Actor) Scope() Scope {
	if a.IsSystem() {
		return Scope{All: true}
	}
	tree := a.tree.Tree()
	var s Scope
	for _, g := range a.Grants {
		if g.Role == RoleCitizen {
			continue
		}
		u, _ := tree.Unit(g.Unit)
		if slices.Contains(districtWide, g.Role) && (u.Kind == District || u.Kind == Platform) {
			return Scope{All: true}
		}
		for _, code := range tree.Subtree(g.Unit) {
			if !slices.Contains(s.Units, code) {
				s.Units = append(s.Units, code)
			}
		}
	}
	s.Person = a.Person
	return s
}

// Errors that sign-in gives. They do not say which part was wrong.
var (
	ErrCredentials  = errors.New("account: name, password or code is wrong")
	ErrLocked       = errors.New("account: locked for a while after too many failures")
	ErrSecondFactor = errors.New("account: the second factor is needed")
	ErrCodeUsed     = errors.New("account: the code of the second factor was used before")
	ErrDisabled     = errors.New("account: disabled")
	ErrTooSoon      = errors.New("account: a code was sent a moment ago")
)

// Accounts is the store of accounts.
type Accounts struct {
	store *store.Store
	dir   *Directory
	seal  Sealer
}

// Sealer seals small secrets (the second factor's) with a key from outside the
// data folder.
type Sealer interface {
	Seal(plain []byte, bound string) ([]byte, error)
	Open(sealed []byte, bound string) ([]byte, error)
	MAC(parts ...string) []byte
}

// New makes the accounts over a store.
func New(s *store.Store, d *Directory, seal Sealer) *Accounts {
	return &Accounts{store: s, dir: d, seal: seal}
}

// Put makes an account, or changes the one with the same login, with exactly
// these grants. A new account's password is hash, "" for none.
func (as *Accounts) Put(ctx context.Context, tx *store.Tx, a Account, hash string, grants ...Grant) (store.ID, error) {
	if a.Login != nil {
		*a.Login = strings.ToLower(strings.TrimSpace(*a.Login))
		err := tx.QueryRow(ctx, `SELECT id FROM account WHERE login = ?`, *a.Login).Scan(&a.ID)
		if err == nil {
			if _, err := tx.Exec(ctx, `UPDATE account SET name = ?, unit = ?, disabled = ? WHERE id = ?`, a.Name, a.Unit, a.Disabled, a.ID); err != nil {
				return 0, err
			}
			if hash != "" {
				if _, err := tx.Exec(ctx, `UPDATE account SET password = ?, failures = 0, locked_until = NULL WHERE id = ?`, hash, a.ID); err != nil {
					return 0, err
				}
			}
			return a.ID, as.setGrants(ctx, tx, a.ID, grants)
		}
	}
	a.ID = tx.NewID()
	if _, err := tx.Exec(ctx, `INSERT INTO account (id, kind, login, name, person, unit, password, external, disabled, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, string(a.Kind), a.Login, a.Name, a.Person, a.Unit, hash, a.External, a.Disabled, store.At(as.store.Now())); err != nil {
		return 0, err
	}
	return a.ID, as.setGrants(ctx, tx, a.ID, grants)
}

func (as *Accounts) setGrants(ctx context.Context, tx *store.Tx, id store.ID, grants []Grant) error {
	if _, err := tx.Exec(ctx, `DELETE FROM role_grant WHERE account = ?`, id); err != nil {
		return err
	}
	for _, g := range grants {
		if _, err := tx.Exec(ctx, `INSERT INTO role_grant (account, role, unit) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, id, g.Role, g.Unit); err != nil {
			return err
		}
	}
	return nil
}

// held is the roles that an account holds now by itself.
func (as *Accounts) held(ctx context.Context, q store.Querier, id store.ID) ([]Grant, error) {
	return store.Select[Grant](ctx, q, `SELECT role, unit FROM role_grant WHERE account = ? AND (valid_to IS NULL OR valid_to > ?) ORDER BY role, unit`, int64(id), store.At(as.store.Now()))
}

// Actor loads who an account is and what it may do now.
func (as *Accounts) Actor(ctx context.Context, q store.Querier, id store.ID) (Actor, error) {
	a, err := store.Get[Account](ctx, q, `SELECT * FROM account WHERE id = ?`, id)
	if err != nil {
		return Actor{}, err
	}
	if a.Disabled {
		return Actor{}, ErrDisabled
	}
	grants, err := as.held(ctx, q, id)
	if err != nil {
		return Actor{}, err
	}
	if a.Kind == Citizen {
		grants = append(grants, Grant{Role: RoleCitizen})
	} else {
		lent, err := as.lent(ctx, q, id)
		if err != nil {
			return Actor{}, err
		}
		grants = append(grants, lent...)
	}
	return NewActor(as.dir, a, grants...), nil
}
