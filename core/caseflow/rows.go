package caseflow

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"reflect"
	"slices"
	"strings"

	"shanzhi/core/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this package.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "caseflow", Migrations: files}
}

// MatterColumns are the columns of a matter, in the order of its fields.
const MatterColumns = `id, no, system, flow, flow_hash, state, open, version, parent, merged, class, unit, first_unit, asker, assignee, desk, item, place, title, applicant, due_at, total_due, late, vars, opened_at, closed_at, updated_at`

const eventQuery = `SELECT matter, seq, at, actor, unit, action, source, target, data FROM matter_event`

const clockColumns = `matter, clock, n, unit, spec, outcome, started_at, due_at, stopped_at, mark, mark_at`

// Fields are where to scan MatterColumns.
func (m *Matter) Fields() []any {
	return []any{&m.ID, &m.No, &m.System, &m.Flow, &m.FlowHash, &m.State, &m.Open, &m.Version, &m.Parent, &m.Merged, &m.Class, &m.Unit, &m.First, &m.Asker, &m.Assignee,
		&m.Desk, &m.Item, &m.Place, &m.Title, &m.Applicant, &m.DueAt, &m.TotalDue, &m.Late, &m.Vars, &m.OpenedAt, &m.ClosedAt, &m.UpdatedAt}
}

// Get reads a matter as it is now. It returns ErrNotFound.
func Get(ctx context.Context, q store.Querier, id store.ID) (*Matter, error) {
	rows, err := q.Query(ctx, `SELECT `+MatterColumns+` FROM matter WHERE id = ?`, int64(id))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, errors.Join(rows.Err(), ErrNotFound)
	}
	var m Matter
	return &m, rows.Scan(m.Fields()...)
}

func insertMatter(ctx context.Context, tx *store.Tx, m *Matter) error {
	_, err := tx.Exec(ctx, `INSERT INTO matter (`+MatterColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		m.ID, m.No, m.System, m.Flow, m.FlowHash, m.State, m.Open, m.Version, m.Parent, m.Merged, m.Class, m.Unit, m.First, m.Asker, m.Assignee, m.Desk, m.Item, m.Place,
		m.Title, m.Applicant, m.DueAt, m.TotalDue, m.Late, m.Vars, m.OpenedAt, m.ClosedAt, m.UpdatedAt)
	return err
}

// updateMatter writes what folding may have changed. It holds the matter by
// its version: the second of two who act on the same state gets ErrConflict.
// Columns that an index holds are named only where they changed, because to
// name one is to write its index anew.
func updateMatter(ctx context.Context, tx *store.Tx, before, m *Matter) error {
	set := `UPDATE matter SET state=?, version=?, class=?, assignee=?, place=?, title=?, total_due=?, late=?, vars=?, closed_at=?, updated_at=?`
	args := []any{m.State, m.Version, m.Class, m.Assignee, m.Place, m.Title, m.TotalDue, m.Late, m.Vars, m.ClosedAt, m.UpdatedAt}
	indexed := func(changed bool, column string, value any) {
		if changed {
			set, args = set+", "+column+"=?", append(args, value)
		}
	}
	indexed(m.Open != before.Open, "open", m.Open)
	indexed(m.Unit != before.Unit, "unit", m.Unit)
	indexed(m.First != before.First, "first_unit", m.First)
	indexed(m.Item != before.Item, "item", m.Item)
	indexed(m.Merged != before.Merged, "merged", m.Merged)
	indexed(m.Desk != before.Desk, "desk", m.Desk)
	indexed(!m.DueAt.Equal(before.DueAt.Time), "due_at", m.DueAt)
	n, err := tx.Exec(ctx, set+` WHERE id=? AND version=?`, append(args, m.ID, before.Version)...)
	if err == nil && n == 0 {
		return ErrConflict
	}
	return err
}

func insertEvent(ctx context.Context, tx *store.Tx, e *Event) error {
	_, err := tx.Exec(ctx, `INSERT INTO matter_event (matter, seq, at, actor, unit, action, source, target, data) VALUES (?,?,?,?,?,?,?,?,?)`,
		e.Matter, e.Seq, e.At, e.Actor, e.Unit, e.Action, e.Source, e.Target, e.Data)
	return err
}

// writeClocks writes the clocks that folding changed or began.
func writeClocks(ctx context.Context, tx *store.Tx, before, after []Clock) error {
	var args []any
	n := 0
	for i, c := range after {
		if i < len(before) {
			if reflect.DeepEqual(before[i], c) {
				continue
			}
			if _, err := tx.Exec(ctx, `UPDATE matter_clock SET spec=?, outcome=?, due_at=?, stopped_at=?, mark=?, mark_at=? WHERE matter=? AND clock=? AND n=?`,
				c.Spec, string(c.Outcome), c.Due, c.Stopped, c.Mark, c.MarkAt, c.Matter, c.Name, c.N); err != nil {
				return err
			}
			continue
		}
		args = append(args, c.Matter, c.Name, c.N, c.Unit, c.Spec, string(c.Outcome), c.Started, c.Due, c.Stopped, c.Mark, c.MarkAt)
		n++
	}
	if n == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO matter_clock (`+clockColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?)`+strings.Repeat(`,(?,?,?,?,?,?,?,?,?,?,?)`, n-1), args...)
	return err
}

// Clocks reads all clocks of a matter, in the order in which they started.
func Clocks(ctx context.Context, q store.Querier, id store.ID) ([]Clock, error) {
	rows, err := q.Query(ctx, `SELECT `+clockColumns+` FROM matter_clock WHERE matter = ? ORDER BY started_at, clock, n`, int64(id))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Clock
	for rows.Next() {
		var c Clock
		if err := rows.Scan(&c.Matter, &c.Name, &c.N, &c.Unit, &c.Spec, &c.Outcome, &c.Started, &c.Due, &c.Stopped, &c.Mark, &c.MarkAt); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// DueByClock is when each clock of a matter is due; of one that started again, as it runs now.
func DueByClock(ctx context.Context, q store.Querier, id store.ID) (map[string]store.Time, error) {
	clocks, err := Clocks(ctx, q, id)
	due := map[string]store.Time{}
	for _, c := range clocks {
		due[c.Name] = c.Due
	}
	return due, err
}

// EventOf reads one event of a matter. It returns store.ErrNotFound.
func EventOf(ctx context.Context, q store.Querier, id store.ID, seq int) (Event, error) {
	return store.Get[Event](ctx, q, eventQuery+` WHERE matter = ? AND seq = ?`, int64(id), seq)
}

// FirstEvents reads with which event each of some matters began. It returns
// store.ErrNotFound where one has none.
func FirstEvents(ctx context.Context, q store.Querier, ids []store.ID) (map[store.ID]Event, error) {
	out := make(map[store.ID]Event, len(ids))
	for chunk := range slices.Chunk(ids, 300) {
		events, err := store.Select[Event](ctx, q, eventQuery+` WHERE seq = 1 AND `+store.AnyOf("matter", len(chunk)), store.Args(chunk...)...)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			out[e.Matter] = e
		}
		for _, id := range chunk {
			if _, ok := out[id]; !ok {
				return nil, store.ErrNotFound
			}
		}
	}
	return out, nil
}

// Events reads the events of a matter, oldest first: its complete timeline.
func Events(ctx context.Context, q store.Querier, id store.ID) ([]Event, error) {
	return store.Select[Event](ctx, q, eventQuery+` WHERE matter = ? ORDER BY seq`, int64(id))
}
