package main

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/caseflow"
	"shanzhi/core/notice"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// past is the house under a clock of its own, in which a past is played, with the people
// of the play.
type past struct {
	house   *House
	now     time.Time // when the play began
	store   *store.Store
	vault   *vault.Vault
	engine  *caseflow.Engine
	notices *notice.Notices
	at      atomic.Pointer[time.Time]
}

func (h *House) past(ctx context.Context) (*past, error) {
	p := &past{house: h, now: h.Store.Now()}
	p.turn(p.now)
	p.store = h.Store.Played(func() time.Time { return *p.at.Load() })
	var err error
	if p.vault, err = vault.New(p.store, h.Keys); err != nil {
		return nil, err
	}
	p.engine = caseflow.New(p.store, h.Bus, h.Dir, h.Book)
	p.notices = &notice.Notices{Store: p.store, Vault: p.vault, Bus: h.Bus, SMS: &adapter.SMSSimulator{}, Desks: p.engine.Desks}
	pack, err := h.Packs.Current(ctx)
	if err != nil {
		return nil, err
	}
	return p, p.notices.Reload(pack)
}

// turn sets the clock of the play.
func (p *past) turn(to time.Time) { p.at.Store(&to) }

func (p *past) put(ctx context.Context, a account.Account, grants ...account.Grant) (who account.Actor, err error) {
	err = p.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, err := p.house.Accounts.Put(ctx, tx, a, "", grants...)
		if err != nil {
			return err
		}
		who, err = p.house.Accounts.Actor(ctx, tx, id)
		return err
	})
	return who, err
}

// citizen signs a person in, who is there where the play goes on.
func (p *past) citizen(ctx context.Context, who vault.Identity) (actor account.Actor, err error) {
	known, err := p.vault.Find(ctx, p.store, vault.Phone, who[vault.Phone])
	if err != nil {
		return actor, err
	}
	for _, person := range known {
		id, err := store.Get[store.ID](ctx, p.store, `SELECT id FROM account WHERE person = ?`, int64(person))
		if err == nil {
			return p.actor(ctx, id)
		} else if !errors.Is(err, store.ErrNotFound) {
			return actor, err
		}
	}
	var person store.ID
	if err := p.store.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		person, err = p.vault.NewPerson(ctx, tx, who)
		return err
	}); err != nil {
		return actor, err
	}
	return p.put(ctx, account.Account{Kind: account.Citizen, Person: person})
}

func (p *past) actor(ctx context.Context, id store.ID) (account.Actor, error) {
	return p.house.Accounts.Actor(ctx, p.store, id)
}

// staff finds who has a role in a unit. Who has no sign-in of the demonstration works
// there without one.
func (p *past) staff(ctx context.Context, role, unit string) (account.Actor, error) {
	h := p.house
	for _, c := range demoCast {
		if c.unit == unit && slices.Contains(c.roles, role) {
			id, err := store.Get[store.ID](ctx, h.Store, `SELECT id FROM account WHERE login = ?`, c.login)
			if err != nil {
				return account.Actor{}, err
			}
			return h.Accounts.Actor(ctx, h.Store, id)
		}
	}
	login := "demo-" + role + "-" + unit
	return p.put(ctx, account.Account{Kind: account.Staff, Login: &login, Name: h.Dir.Tree().Name(unit) + "（演示）", Unit: unit}, account.Grant{Role: role, Unit: unit})
}
