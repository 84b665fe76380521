package appeals

import (
	"context"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/notice"
	"shanzhi/core/store"
)

// watched is which notice a watcher (关注人) is told, by action.
var watched = map[string]string{
	"request_return": "watched_returned", "accept_return": "watched_returned", "reject_return": "watched_returned",
	"dispatch": "watched_dispatched", "redispatch": "watched_dispatched", "rule": "watched_dispatched", "engage_fallback": "watched_dispatched",
	"reply": "watched_replied", "answer": "watched_replied", "refer_conclusion": "watched_replied", "pass": "watched_replied", "fix_on_site": "watched_replied", caseflow.Follow: "watched_replied",
	"rate": "watched_rated", "reopen": "watched_reopened",
}

// Watch begins or ends that the actor is told what becomes of an appeal that they
// may see. It gives no right: who may see it no more is told no more.
func (s *Service) Watch(ctx context.Context, who account.Actor, id store.ID, on bool) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if !on {
			_, err := tx.Exec(ctx, `DELETE FROM appeal_watch WHERE account = ? AND appeal = ?`, who.Account, id)
			return err
		}
		if err := s.staffSees(ctx, tx, who, id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO appeal_watch (account, appeal, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, who.Account, id, store.At(s.Store.Now()))
		return err
	})
}

// tellWatchers tells those who watched an appeal at the time what became of it, but
// for the one who did it. Of a rating only the first is told.
func (s *Service) tellWatchers(ctx context.Context, tx *store.Tx, id store.ID, at store.Time, h caseflow.Happened) error {
	if h.Flow != "appeal" {
		return nil
	}
	name := watched[h.Action]
	switch {
	case h.Before.Open && !h.After.Open && name != "watched_replied" && h.Action != "rate":
		name = "watched_closed"
	case name == "":
		return nil
	}
	watchers, err := store.Select[store.ID](ctx, tx, `SELECT account FROM appeal_watch WHERE appeal = ? AND account <> ? AND at <= ? ORDER BY account`, int64(id), int64(h.Actor), at)
	if err != nil || len(watchers) == 0 {
		return err
	}
	m, err := caseflow.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if h.Action == "rate" && m.Vars["ratings"] > 1 {
		return nil
	}
	for _, account := range watchers {
		ok, err := s.accountSees(ctx, tx, account, id)
		if err != nil {
			return err
		}
		if !ok {
			if _, err := tx.Exec(ctx, `DELETE FROM appeal_watch WHERE account = ? AND appeal = ?`, account, id); err != nil {
				return err
			}
			continue
		}
		if err := s.Notices.Tell(ctx, tx, notice.Note{Name: name, Account: account, About: "matter/" + id.String(), Link: "/desk/appeals/" + id.String(), Due: m.DueAt,
			Words: map[string]string{"no": m.No, "title": m.Title, "unit": s.Dir.Tree().Name(h.After.Unit)}}); err != nil {
			return err
		}
	}
	return nil
}

// watchedSQL is what an actor may see of what they watch: beside what their scope
// lists, what their units help with, asked for or took on first.
func watchedSQL(sc account.Scope) (string, []any) {
	cond, args := scopeSQL(sc)
	if sc.All || len(sc.Units) == 0 {
		return cond, args
	}
	units := store.Args(sc.Units...)
	cond = "(" + cond + " OR " + store.AnyOf("m.asker", len(units)) + " OR " + store.AnyOf("m.first_unit", len(units)) + " OR EXISTS (SELECT 1 FROM matter c WHERE c.parent = m.id AND " + store.AnyOf("c.unit", len(units)) + "))"
	for range 3 {
		args = append(args, units...)
	}
	return cond, args
}
