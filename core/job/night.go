package job

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"shanzhi/core/store"
)

// Night is work of every night. What it returns is kept as JSON; it must be
// safe to run again.
type Night struct {
	Name string // "appeals.reconcile"
	At   time.Duration
	Work func(ctx context.Context) (any, error)
}

// Nights runs the work of every night at its local time. Its due times are
// rows: a night that was missed while the house was closed is caught up.
type Nights struct {
	Store *store.Store
	Zone  func() *time.Location
	Log   *slog.Logger
	works []Night
}

// Add adds work, done at a local time of the day (2h30m is half past two).
func (n *Nights) Add(w Night) { n.works = append(n.works, w) }

// retry is how soon work that failed is tried again.
const retry = time.Hour

// Run does what is due. Only the leader calls it.
func (n *Nights) Run(ctx context.Context) error {
	for _, w := range n.works {
		now := n.Store.Now()
		var due store.Time
		err := n.Store.QueryRow(ctx, `SELECT due_at FROM job_night WHERE name = ?`, w.Name).Scan(&due)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			if err := n.put(ctx, w.Name, n.next(now, w.At), store.Time{}, 0, ""); err != nil {
				return err
			}
			continue
		case err != nil:
			return err
		case due.After(now):
			continue
		}
		out, err := w.Work(ctx)
		if ctx.Err() != nil {
			return nil // it is due still
		}
		result, next := "", n.next(n.Store.Now(), w.At)
		if err != nil {
			n.Log.Error("work of the night failed and will be tried again", "work", w.Name, "error", err)
			result, next = err.Error(), n.Store.Now().Add(retry)
		} else if out != nil {
			raw, _ := json.Marshal(out)
			result = string(raw)
		}
		if err := n.put(ctx, w.Name, next, store.At(now), n.Store.Now().Sub(now), result); err != nil {
			return err
		}
	}
	return nil
}

// next is the first time after now that a clock on the wall shows at.
func (n *Nights) next(now time.Time, at time.Duration) time.Time {
	now = now.In(n.Zone())
	for day := 0; ; day++ {
		t := time.Date(now.Year(), now.Month(), now.Day()+day, 0, int(at/time.Minute), 0, 0, n.Zone())
		if t.After(now) {
			return t
		}
	}
}

func (n *Nights) put(ctx context.Context, name string, due time.Time, ran store.Time, took time.Duration, result string) error {
	return n.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO job_night (name, due_at, ran_at, took, result) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at, ran_at = excluded.ran_at, took = excluded.took, result = excluded.result`,
			name, store.At(due), ran, took.Microseconds(), result)
		return err
	})
}

// Standing is how work of the night stands, for operators.
type Standing struct {
	Name   string     `bun:"name" json:"name"`
	Due    store.Time `bun:"due_at" json:"due_at"`
	Ran    store.Time `bun:"ran_at" json:"ran_at,omitzero"`
	Took   int64      `bun:"took" json:"took_us"`
	Result string     `bun:"result" json:"result"`
}

// Standings lists the work of the night and how it went last.
func Standings(ctx context.Context, q store.Querier) ([]Standing, error) {
	return store.Select[Standing](ctx, q, `SELECT name, due_at, ran_at, COALESCE(took, 0) AS took, result FROM job_night ORDER BY name`)
}
