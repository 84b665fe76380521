package store

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"
)

// Tx is the transaction that a function given to [Store.Write] runs in. It is
// valid until the function returns and is not safe for concurrent use.
type Tx struct {
	store    *Store
	conn     execer
	bun      bun.IDB
	prepare  func(ctx context.Context, query string) (*sql.Stmt, error)
	onCommit []func()
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Exec runs a statement and says how many rows it touched.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	var res sql.Result
	var err error
	if stmt, perr := tx.prepared(ctx, query); perr != nil {
		return 0, perr
	} else if stmt != nil {
		res, err = stmt.ExecContext(ctx, args...)
	} else {
		res, err = tx.conn.ExecContext(ctx, tx.store.dialect.rebind(query), args...)
	}
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Query reads rows, including what this transaction wrote.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if stmt, err := tx.prepared(ctx, query); err != nil {
		return nil, err
	} else if stmt != nil {
		return stmt.QueryContext(ctx, args...)
	}
	return tx.conn.QueryContext(ctx, tx.store.dialect.rebind(query), args...)
}

// QueryRow reads one row; see Query.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	if stmt, err := tx.prepared(ctx, query); err == nil && stmt != nil {
		return stmt.QueryRowContext(ctx, args...)
	}
	return tx.conn.QueryRowContext(ctx, tx.store.dialect.rebind(query), args...)
}

func (tx *Tx) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if tx.prepare == nil {
		return nil, nil
	}
	return tx.prepare(ctx, query)
}

// Bun is the query builder inside the transaction.
func (tx *Tx) Bun() bun.IDB { return tx.bun }

func (tx *Tx) scanner() *bun.DB { return tx.store.bun }

// Dialect says which store this is.
func (tx *Tx) Dialect() Dialect { return tx.store.dialect }

// NewID gives a key. On SQLite keys given inside transactions are in commit
// order, because one writer runs them.
func (tx *Tx) NewID() ID { return tx.store.ids.next() }

// OnCommit has f run once, in the caller of Write, after the commit is on
// disk. It is dropped when the transaction fails.
func (tx *Tx) OnCommit(f func()) { tx.onCommit = append(tx.onCommit, f) }
