package caseflow

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"reflect"
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
const MatterColumns = `id, no, system, flow, flow_hash, state, open, version, parent, merged, class, unit, assignee, desk, item, place, title, applicant, due_at, total_due, late, vars, opened_at, closed_at, updated_at`

const clockColumns = `matter, clock, n, unit, spec, outcome, started_at, due_at, stopped_at, mark, mark_at`

// Fields are where to scan MatterColumns.
func (m *Matter) Fields() []any {
	return []any{&m.ID, &m.No, &m.System, &m.Flow, &m.FlowHash, &m.State, &m.Open, &m.Version, &m.Parent, &m.Merged, &m.Class, &m.Unit, &m.Assignee,
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
	_, err := tx.Exec(ctx, `INSERT INTO matter (`+MatterColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		m.ID, m.No, m.System, m.Flow, m.FlowHash, m.State, m.Open, m.Version, m.Parent, m.Merged, m.Class, m.Unit, m.Assignee, m.Desk, m.Item, m.Place,
		m.Title, m.Applicant, m.DueAt, m.TotalDue, m.Late, m.Vars, m.OpenedAt, m.ClosedAt, m.UpdatedAt)
	return err
}

// updateMatter writes what folding may have changed. It holds the matter by
// its version: the second of two who act on the same state gets ErrConflict.
func updateMatter(ctx context.Context, tx *store.Tx, m *Matter, version int) error {
	n, err := tx.Exec(ctx, `UPDATE matter SET state=?, open=?, version=?, merged=?, class=?, unit=?, assignee=?, desk=?, item=?, place=?, title=?, due_at=?, total_due=?, late=?, vars=?, closed_at=?, updated_at=? WHERE id=? AND version=?`,
		m.State, m.Open, m.Version, m.Merged, m.Class, m.Unit, m.Assignee, m.Desk, m.Item, m.Place, m.Title, m.DueAt, m.TotalDue, m.Late, m.Vars, m.ClosedAt, m.UpdatedAt, m.ID, version)
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

// writeClocks writes the clocks that folding changed, in one statement.
func writeClocks(ctx context.Context, tx *store.Tx, before, after []Clock) error {
	var args []any
	n := 0
	for i, c := range after {
		if i < len(before) && reflect.DeepEqual(before[i], c) {
			continue
		}
		args = append(args, c.Matter, c.Name, c.N, c.Unit, c.Spec, string(c.Outcome), c.Started, c.Due, c.Stopped, c.Mark, c.MarkAt)
		n++
	}
	if n == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO matter_clock (`+clockColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?)`+strings.Repeat(`,(?,?,?,?,?,?,?,?,?,?,?)`, n-1)+
		` ON CONFLICT (matter, clock, n) DO UPDATE SET spec=excluded.spec, outcome=excluded.outcome, due_at=excluded.due_at, stopped_at=excluded.stopped_at, mark=excluded.mark, mark_at=excluded.mark_at`, args...)
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

// Events reads the events of a matter, oldest first: its complete timeline.
func Events(ctx context.Context, q store.Querier, id store.ID) ([]Event, error) {
	return store.Select[Event](ctx, q, `SELECT matter, seq, at, actor, unit, action, source, target, data FROM matter_event WHERE matter = ? ORDER BY seq`, int64(id))
}
