package account_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/store"
)

func (w *world) actor(id store.ID) account.Actor {
	w.Helper()
	a, err := w.as.Actor(context.Background(), w.s, id)
	if err != nil {
		w.Fatal(err)
	}
	return a
}

// A delegation holds from since until until, ends with the giver's own right, cannot
// be passed on, and never lends what must be answered for in person.
func TestDelegation(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		head := w.staff("head", account.Grant{Role: "unit_head", Unit: "s1"}, account.Grant{Role: "handler", Unit: "s1"}, account.Grant{Role: account.RoleAdmin, Unit: "s1"})
		deputy, third := w.staff("deputy", account.Grant{Role: "handler", Unit: "s2"}), w.staff("third")
		now := w.clock()
		grants := func(id store.ID) string { return fmt.Sprint(w.actor(id).Grants) }
		before := grants(deputy)
		for name, c := range map[string]struct {
			taker        store.ID
			roles        []string
			since, until time.Time
			want         error
		}{
			"to oneself":         {head, nil, now, now.Add(time.Hour), account.ErrOneself},
			"to nobody":          {12345, nil, now, now.Add(time.Hour), account.ErrNoPerson},
			"ends before":        {deputy, nil, now, now.Add(-time.Hour), account.ErrTooLong},
			"for a year":         {deputy, nil, now, now.AddDate(1, 0, 0), account.ErrTooLong},
			"over already":       {deputy, nil, now.Add(-3 * time.Hour), now.Add(-time.Hour), account.ErrTooLong},
			"what one has not":   {deputy, []string{"leader"}, now, now.Add(time.Hour), account.ErrNotHeld},
			"an administrator's": {deputy, []string{account.RoleAdmin}, now, now.Add(time.Hour), account.ErrNotHeld},
		} {
			if err := w.as.Delegate(ctx, w.actor(head), c.taker, c.roles, c.since, c.until, "休假"); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
		if err := w.as.Delegate(ctx, w.actor(head), deputy, nil, now.Add(time.Hour), now.Add(25*time.Hour), "休假"); err != nil {
			t.Fatal(err)
		}
		if grants(deputy) != before {
			t.Error("it holds before it begins")
		}
		w.pass(2 * time.Hour)
		d := w.actor(deputy)
		if !d.Has("unit_head", "s1") || d.For("unit_head", "s1") != head || d.For("handler", "s2") != 0 || d.Has(account.RoleAdmin, "s1") {
			t.Errorf("the deputy has %+v", d.Grants)
		}
		// It cannot be passed on.
		if err := w.as.Delegate(ctx, d, third, []string{"unit_head"}, w.clock(), w.clock().Add(time.Hour), "转委托"); !errors.Is(err, account.ErrNotHeld) {
			t.Errorf("passed on: %v", err)
		}
		list, err := w.as.Delegations(ctx, deputy)
		if err != nil || len(list) != 2 || list[0].GiverName != "head" {
			t.Errorf("delegations: %+v (%v)", list, err)
		}
		// It ends with the giver's own right, and with its time.
		w.must(func(ctx context.Context, tx *store.Tx) error {
			login := "head"
			_, err := w.as.Put(ctx, tx, account.Account{Kind: account.Staff, Login: &login, Name: "head", Unit: "s1"}, "", account.Grant{Role: "handler", Unit: "s1"})
			return err
		})
		if d := w.actor(deputy); d.Has("unit_head", "s1") || !d.Has("handler", "s1") {
			t.Errorf("after the giver lost a role: %+v", d.Grants)
		}
		if err := w.as.EndDelegation(ctx, w.actor(third), list[0].ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("somebody else ended it: %v", err)
		}
		for _, x := range list {
			if x.Role == "handler" {
				if err := w.as.EndDelegation(ctx, w.actor(deputy), x.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
		if grants(deputy) != before {
			t.Errorf("after it was given back: %s", grants(deputy))
		}
		if err := w.as.Delegate(ctx, w.actor(head), deputy, nil, w.clock(), w.clock().Add(time.Hour), "会议"); err != nil {
			t.Fatal(err)
		}
		w.pass(2 * time.Hour)
		if grants(deputy) != before {
			t.Error("it holds after its end")
		}
	})
}

// Who keeps a roster puts people on duty; anybody goes on leave; nobody is in two
// places.
func TestRoster(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		head, one := w.staff("head", account.Grant{Role: "unit_head", Unit: "s1"}), w.staff("one", account.Grant{Role: "handler", Unit: "s1"})
		w.must(func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE account SET unit = 's1' WHERE id IN (?, ?)`, head, one)
			return err
		})
		at := func(h int) store.Time { return store.At(w.clock().Add(time.Duration(h) * time.Hour)) }
		put := func(who store.ID, kind string, from, to int) error {
			_, err := w.as.PutShift(ctx, w.actor(who), account.Shift{Account: one, Kind: kind, Role: "handler", Since: at(from), Until: at(to)})
			return err
		}
		if err := put(one, account.OnDuty, 0, 8); !errors.Is(err, account.ErrNotHeld) {
			t.Errorf("put oneself on duty: %v", err)
		}
		if err := put(head, account.OnDuty, 0, 8); err != nil {
			t.Fatal(err)
		}
		if err := put(head, account.OnDuty, 7, 15); !errors.Is(err, account.ErrOverlap) {
			t.Errorf("twice on duty: %v", err)
		}
		if err := put(one, account.Away, 4, 30); !errors.Is(err, account.ErrOverlap) {
			t.Errorf("away while on duty: %v", err)
		}
		if err := put(one, account.Away, 8, 30); err != nil {
			t.Errorf("on leave oneself: %v", err)
		}
		if err := put(head, account.OnDuty, 9, 5); !errors.Is(err, account.ErrTooLong) {
			t.Errorf("ends before it begins: %v", err)
		}
		list, err := w.as.Roster(ctx, []string{"s1"}, w.clock(), w.clock().Add(48*time.Hour))
		if err != nil || len(list) != 2 || list[0].Kind != account.OnDuty || list[1].Role != "" {
			t.Errorf("the roster: %+v (%v)", list, err)
		}
		if err := w.as.DropShift(ctx, w.actor(one), list[0].ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("took oneself off duty: %v", err)
		}
		if err := w.as.DropShift(ctx, w.actor(one), list[1].ID); err != nil {
			t.Error(err)
		}
		if err := w.as.SetSkills(ctx, w.actor(one), one, []string{"11"}); !errors.Is(err, account.ErrNotHeld) {
			t.Errorf("called oneself skilled: %v", err)
		}
		if err := w.as.SetSkills(ctx, w.actor(head), one, []string{"1101", "12"}); err != nil {
			t.Error(err)
		}
		records, err := store.Select[audit.Record](ctx, w.s, `SELECT * FROM audit WHERE object = ? AND action IN ('account.shift', 'account.unshift', 'account.skills') ORDER BY id`, "account/"+one.String())
		var told []string
		for _, r := range records {
			told = append(told, r.Action)
		}
		if want := []string{"account.shift", "account.shift", "account.unshift", "account.skills"}; err != nil || !slices.Equal(told, want) {
			t.Errorf("on record: %v (%v), want %v", told, err, want)
		}
	})
}
