package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/uptrace/bun"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// maxGroup bounds how many writes share one commit, and so how long the first
// of them waits for the others.
const maxGroup = 256

// Write runs fn in a transaction and returns nil when its effects are on disk.
// An error of fn is returned as it is, and none of its effects are kept.
//
// A cancelled ctx counts only before fn starts: a statement cancelled midway
// would make SQLite roll back the neighbours too. fn is given a context that
// cannot be cancelled. fn may be run more than once; only the last run counts.
func (s *Store) Write(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	if s.dialect == Postgres {
		return s.writePostgres(ctx, fn)
	}
	m := &member{ctx: ctx, fn: fn, done: make(chan error, 1)}
	if err := s.writer.submit(m); err != nil {
		return err
	}
	if err := <-m.done; err != nil {
		return err
	}
	for _, f := range m.tx.onCommit {
		f()
	}
	return nil
}

// Waiting is how many writers wait now: the measure by which the edge sheds.
func (s *Store) Waiting() int {
	if s.writer == nil {
		return 0
	}
	return len(s.writer.queue)
}

// member is one caller's write.
type member struct {
	ctx  context.Context
	fn   func(ctx context.Context, tx *Tx) error
	tx   *Tx
	done chan error
}

func (m *member) long() bool { return m.ctx.Value(longKey{}) != nil }

// writer runs the writes of all callers on one connection.
type writer struct {
	store *Store
	db    *sql.DB
	conn  bun.Conn
	stmts map[string]*sql.Stmt
	queue chan *member
	mu    sync.RWMutex // guards closed against a send on a closed queue
	shut  bool
	ended chan struct{}
}

func newWriter(ctx context.Context, s *Store, db *sql.DB) (*writer, error) {
	// The builder on the writing connection shares the dialect of the reading one.
	conn, err := bun.NewDB(db, s.bun.Dialect(), bun.WithDiscardUnknownColumns()).Conn(context.WithoutCancel(ctx))
	if err != nil {
		return nil, err
	}
	w := &writer{store: s, db: db, conn: conn, stmts: map[string]*sql.Stmt{},
		queue: make(chan *member, s.opt.MaxWaiting), ended: make(chan struct{})}
	// The last position is kept so that keys made in transactions grow in commit
	// order over restarts, over a clock that is set back, and over the short
	// commands that write beside a server.
	if _, err := conn.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS store_position (one INTEGER PRIMARY KEY CHECK (one = 1), last BIGINT NOT NULL)`); err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, `INSERT INTO store_position (one, last) VALUES (1, 0) ON CONFLICT (one) DO NOTHING`); err != nil {
		return nil, err
	}
	if err := w.catchUp(ctx); err != nil {
		return nil, err
	}
	go w.run()
	return w, nil
}

func (w *writer) submit(m *member) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.shut {
		return ErrClosed
	}
	select {
	case w.queue <- m:
		return nil
	default:
		return ErrBusy
	}
}

func (w *writer) close() {
	w.mu.Lock()
	if !w.shut {
		w.shut = true
		close(w.queue)
	}
	w.mu.Unlock()
	<-w.ended
}

func (w *writer) run() {
	defer close(w.ended)
	var next *member
	for {
		m := next
		if next = nil; m == nil {
			m = <-w.queue
		}
		if m == nil {
			break // closed, and all is done
		}
		group := []*member{m}
	gather:
		for len(group) < maxGroup && !m.long() {
			select {
			case next = <-w.queue:
				if next == nil || next.long() {
					break gather
				}
				group, next = append(group, next), nil
			default:
				break gather
			}
		}
		w.commit(group)
	}
	for _, stmt := range w.stmts {
		_ = stmt.Close()
	}
	_ = w.conn.Close()
	_ = w.db.Close()
}

// commit runs a group in one transaction and answers all its members. If the
// group as a whole is lost, each member is tried once more alone, so that one
// cannot take its neighbours with it, and told what happened.
func (w *writer) commit(group []*member) {
	written, err := w.attempt(group)
	if err == nil {
		for _, m := range written {
			m.done <- nil
		}
		return
	}
	if len(group) == 1 {
		group[0].done <- explain(err)
		return
	}
	for _, m := range group {
		if m.tx == errored {
			continue // answered already, with its own error
		}
		if written, err := w.attempt([]*member{m}); err != nil {
			m.done <- explain(err)
		} else if len(written) == 1 {
			m.done <- nil
		}
	}
}

// errored marks a member that was answered with the error of its own function.
var errored = &Tx{}

// attempt runs the functions of a group and commits. It answers those whose
// own function fails; it returns the others, whose effects are on disk when
// err is nil and undone when it is not.
func (w *writer) attempt(group []*member) (written []*member, err error) {
	ctx := context.Background()
	if err := w.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			// SQLite may have rolled back by itself; then this fails harmlessly.
			_, _ = w.conn.ExecContext(ctx, "ROLLBACK")
		}
	}()
	if err := w.catchUp(ctx); err != nil {
		return nil, err
	}
	// One that is alone needs no savepoint: a long write spares the copy of every
	// page that it changes.
	alone := len(group) == 1
	for _, m := range group {
		if cause := context.Cause(m.ctx); cause != nil {
			m.tx = errored
			m.done <- cause
			continue
		}
		if !alone {
			if err := w.exec(ctx, "SAVEPOINT member"); err != nil {
				return nil, err
			}
		}
		m.tx = &Tx{store: w.store, conn: w.conn.Conn, bun: w.conn, prepare: w.prepare}
		started := time.Now()
		failure := call(context.WithoutCancel(m.ctx), m.fn, m.tx)
		if took := time.Since(started); took > SlowWrite && !m.long() {
			w.store.opt.OnSlowWrite(took)
		}
		if failure != nil {
			if alone || lost(failure) {
				return nil, failure
			}
			if err := w.exec(ctx, "ROLLBACK TO member"); err != nil {
				return nil, err
			}
		}
		if !alone {
			if err := w.exec(ctx, "RELEASE member"); err != nil {
				return nil, err
			}
		}
		if failure != nil {
			m.tx = errored
			m.done <- failure
			continue
		}
		written = append(written, m)
	}
	if len(written) > 0 {
		if _, err := w.execArgs(ctx, `UPDATE store_position SET last = ?`, int64(w.store.ids.next())); err != nil {
			return nil, err
		}
	}
	return written, w.exec(ctx, "COMMIT")
}

// catchUp makes sure that the keys of this transaction are greater than those
// of all that were committed before it, by whichever process.
func (w *writer) catchUp(ctx context.Context) error {
	stmt, err := w.prepare(ctx, `SELECT last FROM store_position`)
	if err != nil {
		return err
	}
	var last ID
	if err := stmt.QueryRowContext(ctx).Scan(&last); err != nil {
		return err
	}
	w.store.ids.raise(last)
	return nil
}

// call runs fn; a panic in it is its own error, not the end of the writer.
func call(ctx context.Context, fn func(context.Context, *Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("store: a write panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return fn(ctx, tx)
}

func (w *writer) exec(ctx context.Context, query string) error {
	_, err := w.execArgs(ctx, query)
	return err
}

func (w *writer) execArgs(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := w.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

// maxStatements bounds the statements kept by the writer.
const maxStatements = 1000

func (w *writer) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := w.stmts[query]; ok {
		return stmt, nil
	}
	if len(w.stmts) >= maxStatements {
		for q, stmt := range w.stmts {
			_ = stmt.Close()
			delete(w.stmts, q)
		}
	}
	stmt, err := w.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	w.stmts[query] = stmt
	return stmt, nil
}

// lost says whether after err SQLite has undone, or may have undone, the
// whole transaction and not only the statement.
// See https://www.sqlite.org/lang_transaction.html, section 2.2.
func lost(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_CORRUPT:
		return true
	}
	return false
}

// explain makes of the database's error one that a caller can tell apart.
func explain(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_FULL {
		return fmt.Errorf("%w (%w)", ErrFull, err)
	}
	return err
}
