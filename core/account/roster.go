package account

import (
	"context"
	"errors"
	"slices"
	"time"

	"shanzhi/core/audit"
	"shanzhi/core/store"
)

// Errors of delegations and rosters.
var (
	ErrNotHeld  = errors.New("account: only what one holds oneself can be delegated")
	ErrTooLong  = errors.New("account: it lasts too long, or ends before it begins")
	ErrOneself  = errors.New("account: nobody delegates to themselves")
	ErrNoPerson = errors.New("account: there is no such member of staff")
	ErrOverlap  = errors.New("account: they are on duty or away then already")
)

const (
	maxDelegation = 90 * 24 * time.Hour
	maxShift      = 180 * 24 * time.Hour
)

// Delegation (委托) lets somebody exercise a role for another for a while. What
// they do is on record as theirs, for the other. It cannot be passed on, and ends
// with the giver's own right.
type Delegation struct {
	ID        store.ID   `bun:"id" json:"id"`
	Giver     store.ID   `bun:"giver" json:"giver"`
	Taker     store.ID   `bun:"taker" json:"taker"`
	Role      string     `bun:"role" json:"role"`
	Unit      string     `bun:"unit" json:"unit"`
	Since     store.Time `bun:"since" json:"since"`
	Until     store.Time `bun:"until" json:"until"`
	Reason    string     `bun:"reason" json:"reason"`
	GiverName string     `bun:"giver_name" json:"giver_name"`
	TakerName string     `bun:"taker_name" json:"taker_name"`
}

// Delegate gives roles of one's own to another member of staff from since until
// until: all that one holds, or those named. It returns ErrNotHeld, ErrTooLong,
// ErrOneself or ErrNoPerson.
func (as *Accounts) Delegate(ctx context.Context, who Actor, taker store.ID, roles []string, since, until time.Time, reason string) error {
	if taker == who.Account {
		return ErrOneself
	}
	if !until.After(since) || until.Sub(since) > maxDelegation || until.Before(as.store.Now()) {
		return ErrTooLong
	}
	return as.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := staff(ctx, tx, taker)
		if err != nil {
			return err
		}
		own, err := as.held(ctx, tx, who.Account)
		if err != nil {
			return err
		}
		for _, r := range roles {
			if !slices.ContainsFunc(own, func(g Grant) bool { return g.Role == r }) {
				return ErrNotHeld
			}
		}
		given := 0
		for _, g := range own {
			// Who administers or audits answers for it in person (GB/T 22239-2019 8.1.5).
			if len(roles) > 0 && !slices.Contains(roles, g.Role) || g.Role == RoleAdmin || g.Role == RoleAuditor {
				continue
			}
			given++
			if _, err := tx.Exec(ctx, `INSERT INTO delegation (id, giver, taker, role, unit, since, until, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				tx.NewID(), who.Account, taker, g.Role, g.Unit, store.At(since), store.At(until), reason, store.At(as.store.Now())); err != nil {
				return err
			}
		}
		if given == 0 {
			return ErrNotHeld
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "account.delegate", Object: "account/" + taker.String()}, map[string]any{"roles": roles, "until": store.At(until), "reason": reason})
	})
}

const delegationQuery = `SELECT d.id, d.giver, d.taker, d.role, d.unit, d.since, d.until, d.reason, g.name AS giver_name, t.name AS taker_name FROM delegation d JOIN account g ON g.id = d.giver JOIN account t ON t.id = d.taker`

// Delegations are those that an account gave or took and that are not over.
func (as *Accounts) Delegations(ctx context.Context, id store.ID) ([]Delegation, error) {
	out, err := store.Select[Delegation](ctx, as.store, delegationQuery+` WHERE (d.giver = ? OR d.taker = ?) AND d.ended_at IS NULL AND d.until > ? ORDER BY d.since, d.id`, int64(id), int64(id), store.At(as.store.Now()))
	if out == nil {
		out = []Delegation{}
	}
	return out, err
}

// EndDelegation takes a delegation back, by who gave or took it.
func (as *Accounts) EndDelegation(ctx context.Context, who Actor, id store.ID) error {
	return as.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE delegation SET ended_at = ? WHERE id = ? AND (giver = ? OR taker = ?) AND ended_at IS NULL`, store.At(as.store.Now()), id, who.Account, who.Account)
		if err == nil && n == 0 {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "account.undelegate", Object: "delegation/" + id.String()}, nil)
	})
}

// lent are the grants that an account exercises for others now.
func (as *Accounts) lent(ctx context.Context, q store.Querier, id store.ID) ([]Grant, error) {
	now := store.At(as.store.Now())
	return store.Select[Grant](ctx, q, `SELECT d.role, d.unit, d.giver FROM delegation d JOIN account g ON g.id = d.giver JOIN role_grant r ON r.account = d.giver AND r.role = d.role AND r.unit = d.unit
 WHERE d.taker = ? AND d.since <= ? AND d.until > ? AND d.ended_at IS NULL AND NOT g.disabled AND (r.valid_to IS NULL OR r.valid_to > ?) ORDER BY d.role, d.unit, d.id`, int64(id), now, now, now)
}

// Shift is a time in which somebody is on duty at a desk (值班) or away (请假).
type Shift struct {
	ID      store.ID   `bun:"id" json:"id"`
	Account store.ID   `bun:"account" json:"account"`
	Name    string     `bun:"name" json:"name"`
	Kind    string     `bun:"kind" json:"kind" enum:"duty,leave"`
	Role    string     `bun:"role" json:"role,omitempty" doc:"The desk of a duty"`
	Unit    string     `bun:"unit" json:"unit"`
	Since   store.Time `bun:"since" json:"since"`
	Until   store.Time `bun:"until" json:"until"`
	Note    string     `bun:"note" json:"note,omitempty"`
}

// Kinds of a shift.
const (
	OnDuty = "duty"
	Away   = "leave"
)

// PutShift writes a shift into the roster. Who keeps the roster of a unit (its
// head, or an administrator) may for its people; anybody may go on leave
// themselves. It returns ErrNotHeld, ErrTooLong, ErrNoPerson or ErrOverlap.
func (as *Accounts) PutShift(ctx context.Context, who Actor, s Shift) (Shift, error) {
	err := as.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var err error
		s, err = as.PutShiftFor(ctx, tx, who, s, Shift.by)
		return err
	})
	return s, err
}

// PutShiftFor is PutShift in the transaction of a system that has its own rule of who may
// put the shift, which then knows its unit.
func (as *Accounts) PutShiftFor(ctx context.Context, tx *store.Tx, who Actor, s Shift, may func(Shift, Actor) bool) (Shift, error) {
	if !s.Until.After(s.Since.Time) || s.Until.Sub(s.Since.Time) > maxShift {
		return s, ErrTooLong
	}
	a, err := staff(ctx, tx, s.Account)
	if err != nil {
		return s, err
	}
	if s.Unit = a.Unit; s.Kind == Away {
		s.Role = ""
	}
	if !may(s, who) {
		return s, ErrNotHeld
	}
	var have bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM shift WHERE account = ? AND ended_at IS NULL AND since < ? AND until > ? AND (kind = 'leave' OR ? = 'leave' OR role = ?))`,
		s.Account, s.Until, s.Since, s.Kind, s.Role).Scan(&have); err != nil {
		return s, err
	}
	if have {
		return s, ErrOverlap
	}
	s.ID, s.Name = tx.NewID(), a.Name
	if _, err := tx.Exec(ctx, `INSERT INTO shift (id, account, kind, role, unit, since, until, note, actor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, s.ID, s.Account, s.Kind, s.Role, s.Unit, s.Since, s.Until, s.Note, who.Account); err != nil {
		return s, err
	}
	return s, audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "account.shift", Object: "account/" + s.Account.String()}, map[string]any{"kind": s.Kind, "role": s.Role, "since": s.Since, "until": s.Until})
}

// keeps says who keeps the roster of a unit.
func keeps(who Actor, unit string) bool {
	return who.Has("unit_head", unit) || who.Has(RoleAdmin, unit) || who.Has("supervisor", unit)
}

// by says whether who may write the shift: their own leave, or as who keeps the
// roster.
func (s Shift) by(who Actor) bool {
	return keeps(who, s.Unit) || s.Kind == Away && s.Account == who.Account
}

// staff is somebody at work here, or ErrNoPerson.
func staff(ctx context.Context, tx *store.Tx, id store.ID) (Account, error) {
	a, err := store.Get[Account](ctx, tx, `SELECT * FROM account WHERE id = ?`, int64(id))
	if errors.Is(err, store.ErrNotFound) || err == nil && (a.Kind != Staff || a.Disabled) {
		return a, ErrNoPerson
	}
	return a, err
}

// DropShift takes a shift out of the roster.
func (as *Accounts) DropShift(ctx context.Context, who Actor, id store.ID) error {
	return as.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return as.DropShiftFor(ctx, tx, who, id, Shift.by) })
}

// DropShiftFor is DropShift in the transaction of a system that has its own rule of who may.
func (as *Accounts) DropShiftFor(ctx context.Context, tx *store.Tx, who Actor, id store.ID, may func(Shift, Actor) bool) error {
	s, err := store.Get[Shift](ctx, tx, shiftQuery+` WHERE s.id = ? AND s.ended_at IS NULL`, int64(id))
	if err != nil {
		return err
	}
	if !may(s, who) {
		return store.ErrNotFound
	}
	if _, err := tx.Exec(ctx, `UPDATE shift SET ended_at = ? WHERE id = ?`, store.At(as.store.Now()), id); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "account.unshift", Object: "account/" + s.Account.String()}, map[string]any{"kind": s.Kind, "role": s.Role, "since": s.Since, "until": s.Until})
}

const shiftQuery = `SELECT s.id, s.account, a.name, s.kind, s.role, s.unit, s.since, s.until, s.note FROM shift s JOIN account a ON a.id = s.account`

// Roster is the shifts of units in a window, in the order in which they begin.
func (as *Accounts) Roster(ctx context.Context, units []string, from, to time.Time) ([]Shift, error) {
	if len(units) == 0 {
		return []Shift{}, nil
	}
	args := append(store.Args(units...), store.At(to), store.At(from))
	out, err := store.Select[Shift](ctx, as.store, shiftQuery+` WHERE `+store.AnyOf("s.unit", len(units))+` AND s.since < ? AND s.until > ? AND s.ended_at IS NULL ORDER BY s.since, s.id LIMIT 2000`, args...)
	if out == nil {
		out = []Shift{}
	}
	return out, err
}

// SetSkills says what somebody is good at, as beginnings of duty items' codes.
func (as *Accounts) SetSkills(ctx context.Context, who Actor, id store.ID, items []string) error {
	return as.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		a, err := store.Get[Account](ctx, tx, `SELECT * FROM account WHERE id = ?`, int64(id))
		if err != nil {
			return err
		}
		if !keeps(who, a.Unit) {
			return ErrNotHeld
		}
		if _, err := tx.Exec(ctx, `DELETE FROM skill WHERE account = ?`, id); err != nil {
			return err
		}
		for _, item := range items {
			if _, err := tx.Exec(ctx, `INSERT INTO skill (account, item) VALUES (?, ?) ON CONFLICT DO NOTHING`, id, item); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "account.skills", Object: "account/" + id.String()}, map[string]any{"items": items})
	})
}
