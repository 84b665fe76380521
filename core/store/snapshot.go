package store

import (
	"context"
	"database/sql"
	"errors"
)

// Snapshot runs fn over the committed records as they are at one moment: all that it
// reads agrees, whatever is written meanwhile.
//
// It keeps a connection for as long as it runs, and on SQLite the log of what is
// written grows until it ends: it is for work of seconds that must agree with itself,
// one at a time. fn reads through q alone, since a second connection may not be free.
func (s *Store) Snapshot(ctx context.Context, fn func(ctx context.Context, q Querier) error) error {
	opt := &sql.TxOptions{ReadOnly: true}
	if s.dialect == Postgres {
		opt.Isolation = sql.LevelRepeatableRead
	}
	inner, err := s.bun.BeginTx(ctx, opt)
	if err != nil {
		return err
	}
	err = fn(ctx, &Tx{store: s, conn: inner.Tx, bun: inner})
	return errors.Join(err, ignoreDone(inner.Rollback()))
}
