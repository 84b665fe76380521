package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// tryFor is how long PostgreSQL may ask for a write to be run again.
const tryFor = 15 * time.Second

// writePostgres gives fn its own transaction, at REPEATABLE READ: what it
// reads does not change under it, and of two that change one row the second is
// run again on the new state, as on SQLite.
func (s *Store) writePostgres(ctx context.Context, fn func(context.Context, *Tx) error) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	ctx = context.WithoutCancel(ctx)
	began := time.Now()
	for try := 1; ; try++ {
		tx, err := s.attemptPostgres(ctx, fn)
		if err == nil {
			for _, f := range tx.onCommit {
				f()
			}
			return nil
		}
		var pe *pgconn.PgError
		if !errors.As(err, &pe) {
			return err
		}
		switch {
		case pe.Code == "53100":
			return fmt.Errorf("%w (%w)", ErrFull, err)
		case pe.Code == "53300":
			return fmt.Errorf("%w (%w)", ErrBusy, err)
		case pe.Code != "40001" && pe.Code != "40P01":
			return err
		case time.Since(began) > tryFor:
			return fmt.Errorf("%w: the write met others on the same rows %d times (%w)", ErrBusy, try, err)
		}
		time.Sleep(time.Duration(rand.Int64N(int64(time.Millisecond) << min(try, 8))))
	}
}

func (s *Store) attemptPostgres(ctx context.Context, fn func(context.Context, *Tx) error) (*Tx, error) {
	inner, err := s.bun.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return nil, err
	}
	tx := &Tx{store: s, conn: inner.Tx, bun: inner}
	if err := call(ctx, fn, tx); err != nil {
		return nil, errors.Join(err, ignoreDone(inner.Rollback()))
	}
	return tx, inner.Commit()
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// Node numbers are leased, so that several processes on one database never
// make the same key.
const (
	leaseFor   = time.Minute
	leaseRenew = 15 * time.Second
)

func (s *Store) leaseNode(ctx, background context.Context) error {
	// A lock keeps two processes that start at once from making the table twice.
	conn, err := s.read.Conn(ctx)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(7310)`); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock(7310)`) //nolint:errcheck // the session's end releases it too
	if _, err := conn.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS store_node (node INT PRIMARY KEY, holder TEXT NOT NULL, until TIMESTAMPTZ NOT NULL)`); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	host, _ := os.Hostname()
	holder := fmt.Sprintf("%s/%d/%08x", host, os.Getpid(), rand.Uint32())
	err = conn.QueryRowContext(ctx, `
		INSERT INTO store_node (node, holder, until)
		SELECT n, $1, now() + $2::interval FROM generate_series(0, 1023) n
		WHERE NOT EXISTS (SELECT 1 FROM store_node WHERE node = n AND until > now())
		ORDER BY n LIMIT 1
		ON CONFLICT (node) DO UPDATE SET holder = excluded.holder, until = excluded.until
		RETURNING node`, holder, leaseFor.String()).Scan(&s.ids.node)
	if err != nil {
		return fmt.Errorf("store: no node number is free: %w", err)
	}
	s.done.Add(1)
	go func() {
		defer s.done.Done()
		tick := time.NewTicker(leaseRenew)
		defer tick.Stop()
		for {
			select {
			case <-background.Done():
				_, _ = s.read.Exec(`DELETE FROM store_node WHERE node = $1 AND holder = $2`, s.ids.node, holder)
				return
			case <-tick.C:
				if _, err := s.read.ExecContext(background, `UPDATE store_node SET until = now() + $1::interval WHERE node = $2 AND holder = $3`,
					leaseFor.String(), s.ids.node, holder); err != nil && background.Err() == nil {
					s.opt.Log.Error("the lease of the node number could not be renewed", "node", s.ids.node, "error", err)
				}
			}
		}
	}()
	return nil
}
