package caseflow

import (
	"context"
	"fmt"

	"shanzhi/core/audit"
	"shanzhi/core/calendar"
	"shanzhi/core/store"
)

// Shelf is a book of calendars that can be added to.
type Shelf interface {
	Calendars
	Put(c *calendar.Calendar, current bool)
}

// UseCalendars puts the calendars in force onto a shelf, with every version of
// them that clocks were ever computed under, and keeps those that are new: a
// clock that has ended can be recomputed years later, by another program.
func UseCalendars(ctx context.Context, s *store.Store, shelf Shelf, current []*calendar.Calendar) error {
	if err := keepCalendars(ctx, s, current); err != nil {
		return err
	}
	type kept struct{ Name, Version, Body string }
	all, err := store.Select[kept](ctx, s, `SELECT name, version, body FROM calendar_version`)
	if err != nil {
		return err
	}
	for _, k := range all {
		if _, err := shelf.Version(k.Name, k.Version); err == nil {
			continue
		}
		d, err := calendar.ParseDefinition([]byte(k.Body))
		if err != nil {
			return fmt.Errorf("caseflow: calendar %s, version %s: %w", k.Name, k.Version, err)
		}
		c, err := calendar.New(d)
		if err != nil {
			return fmt.Errorf("caseflow: calendar %s, version %s: %w", k.Name, k.Version, err)
		}
		shelf.Put(c, false)
	}
	for _, c := range current {
		shelf.Put(c, true)
	}
	return nil
}

// keepCalendars writes down the versions in force where the newest kept are others.
func keepCalendars(ctx context.Context, s *store.Store, current []*calendar.Calendar) error {
	var missing []*calendar.Calendar
	for _, c := range current {
		var newest bool
		err := s.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM calendar_version v WHERE name = ? AND version = ? AND loaded_at = (SELECT max(loaded_at) FROM calendar_version WHERE name = v.name))`, c.Name(), c.Version()).Scan(&newest)
		if err != nil {
			return err
		}
		if !newest {
			missing = append(missing, c)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return s.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, c := range missing {
			// One that comes back into force is the newest again.
			if _, err := tx.Exec(ctx, `INSERT INTO calendar_version (name, version, body, loaded_at) VALUES (?, ?, ?, ?) ON CONFLICT (name, version) DO UPDATE SET loaded_at = EXCLUDED.loaded_at, applied_at = NULL`,
				c.Name(), c.Version(), string(c.Text()), store.At(s.Now())); err != nil {
				return err
			}
		}
		return nil
	})
}

// Correct recomputes the clocks that run under calendars that were corrected
// since it was last called, and says how many moved. Only the leader calls it.
func (e *Engine) Correct(ctx context.Context) (moved int, err error) {
	type pending struct{ Name, Version string }
	news, err := store.Select[pending](ctx, e.store, `SELECT name, version FROM calendar_version v WHERE applied_at IS NULL AND loaded_at = (SELECT max(loaded_at) FROM calendar_version w WHERE w.name = v.name)`)
	if err != nil {
		return 0, err
	}
	for _, p := range news {
		cal, err := e.cals.Current(p.Name)
		if err != nil || cal.Version() != p.Version {
			continue // this process has not taken it over yet
		}
		n, err := e.Recalendar(ctx, p.Name)
		if err != nil {
			return moved, err
		}
		moved += n
		if err := e.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE calendar_version SET applied_at = ? WHERE name = ? AND version = ?`, store.At(e.store.Now()), p.Name, p.Version); err != nil {
				return err
			}
			if n == 0 {
				return nil
			}
			return audit.Write(ctx, tx, audit.Record{At: store.At(e.store.Now()), Action: "calendar.correct", Object: "calendar/" + p.Name}, map[string]any{"version": p.Version, "clocks": n})
		}); err != nil {
			return moved, err
		}
	}
	return moved, nil
}
