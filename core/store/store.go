package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // the "sqlite" driver, without cgo
)

// SlowWrite is how long a function given to [Store.Write] may take before it
// is reported: all other writers wait behind it.
const SlowWrite = 5 * time.Millisecond

// Errors that callers tell apart.
var (
	// ErrBusy is returned by Write, at once and with nothing done, when more
	// writers wait than can be served soon. The caller says "try again".
	ErrBusy = errors.New("store: too many writers are waiting")
	// ErrFull is returned by Write when the disk that holds the records is
	// full. Nothing of the write was kept.
	ErrFull = errors.New("store: the disk that holds the records is full")
	// ErrClosed is returned after Close.
	ErrClosed = errors.New("store: closed")
	// ErrNotFound is returned by Get when there is no such row.
	ErrNotFound = errors.New("store: no such record")
)

// Querier reads rows: a [Store] sees what is committed, a [Tx] also what it
// has itself written.
type Querier interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row
	// Bun is the query builder on the same connection, for queries whose
	// conditions are put together at run time.
	Bun() bun.IDB
	Dialect() Dialect
	scanner() *bun.DB
}

// Options are what an operator may set. The zero value is the default.
type Options struct {
	Log *slog.Logger
	// MaxWaiting is how many writers may wait before Write answers ErrBusy.
	// Default 2048.
	MaxWaiting int
	// Now is the clock, also of the IDs. Default time.Now.
	Now func() time.Time
	// OnSlowWrite is told of each write function that took longer than
	// SlowWrite. Default: a warning in the log.
	OnSlowWrite func(took time.Duration)
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	*opened
	now func() time.Time
}

// Played is the same database under another clock, by which a simulation lives through
// days that are past. IDs, and with them the order of the events, follow the store's own
// clock; it is closed with the store.
func (s *Store) Played(now func() time.Time) *Store { return &Store{s.opened, now} }

// opened is what all clocks of an open database share.
type opened struct {
	dialect Dialect
	dsn     string
	path    string // of the SQLite file
	read    *sql.DB
	bun     *bun.DB
	writer  *writer // SQLite only
	ids     idGen
	opt     Options
	stmts   sync.Map // query text -> *sql.Stmt on the read pool
	stop    context.CancelFunc
	done    sync.WaitGroup
}

// Open connects to the database that dsn names: "sqlite:PATH" or a plain path
// for a file (made when absent), "postgres://…" for PostgreSQL.
func Open(ctx context.Context, dsn string, opt Options) (*Store, error) {
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	if opt.MaxWaiting == 0 {
		opt.MaxWaiting = 2048
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.OnSlowWrite == nil {
		opt.OnSlowWrite = func(took time.Duration) {
			opt.Log.Warn("a write held the store for too long", "took", took, "limit", SlowWrite)
		}
	}
	s := &Store{&opened{dsn: dsn, opt: opt, ids: idGen{now: opt.Now}}, opt.Now}
	var background context.Context
	background, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	var err error
	if isPostgres(dsn) {
		err = s.openPostgres(ctx, background)
	} else {
		err = s.openSQLite(ctx, sqlitePath(dsn))
	}
	if err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

func sqlitePath(dsn string) string {
	return strings.TrimPrefix(strings.TrimPrefix(dsn, "sqlite://"), "sqlite:")
}

// sqliteDSN gives the settings that every connection needs. synchronous=FULL
// means that a commit is on disk when it is acknowledged, also when the power
// fails, which a test asserts because killing the process cannot show it.
func sqliteDSN(path string, more ...string) string {
	q := url.Values{}
	for _, p := range append([]string{
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)",
		"foreign_keys(1)", "temp_store(MEMORY)", "mmap_size(268435456)",
		"journal_size_limit(67108864)",
	}, more...) {
		q.Add("_pragma", p)
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func (s *Store) openSQLite(ctx context.Context, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	w, err := sql.Open("sqlite", sqliteDSN(path, "cache_size(-65536)", "wal_autocheckpoint(4000)"))
	if err != nil {
		return fmt.Errorf("store: %s: %w", path, err)
	}
	w.SetMaxOpenConns(1)
	w.SetConnMaxLifetime(0)
	s.dialect, s.path = SQLite, path
	s.read, err = sql.Open("sqlite", sqliteDSN(path, "query_only(1)", "cache_size(-32768)"))
	if err != nil {
		return errors.Join(err, w.Close())
	}
	cores := max(2, runtime.NumCPU())
	s.read.SetMaxOpenConns(cores)
	s.read.SetMaxIdleConns(cores)
	s.bun = bun.NewDB(s.read, sqlitedialect.New(), bun.WithDiscardUnknownColumns())
	s.writer, err = newWriter(ctx, s, w)
	if err != nil {
		return errors.Join(fmt.Errorf("store: %s: %w", path, err), s.read.Close(), w.Close())
	}
	if err := s.read.PingContext(ctx); err != nil {
		return fmt.Errorf("store: %s: %w", path, err)
	}
	return nil
}

func (s *Store) openPostgres(ctx, background context.Context) error {
	cfg, err := pgx.ParseConfig(s.dsn)
	if err != nil {
		return fmt.Errorf("store: the PostgreSQL DSN cannot be read: %w", err)
	}
	if cfg.RuntimeParams["application_name"] == "" {
		cfg.RuntimeParams["application_name"] = "shanzhi"
	}
	// JIT made the nearest peer's list queries four times slower.
	cfg.RuntimeParams["jit"] = "off"
	s.dialect = Postgres
	s.read = stdlib.OpenDB(*cfg)
	s.read.SetMaxOpenConns(max(8, 4*runtime.NumCPU()))
	s.read.SetMaxIdleConns(max(8, 4*runtime.NumCPU()))
	s.bun = bun.NewDB(s.read, pgdialect.New(), bun.WithDiscardUnknownColumns())
	if err := s.read.PingContext(ctx); err != nil {
		return fmt.Errorf("store: PostgreSQL does not answer: %w", err)
	}
	return s.leaseNode(ctx, background)
}

// Close waits for writes under way, then closes the database.
func (s *Store) Close() error {
	s.stop()
	if s.writer != nil {
		s.writer.close()
	}
	s.done.Wait()
	s.stmts.Range(func(_, v any) bool { _ = v.(*sql.Stmt).Close(); return true })
	return s.read.Close()
}

// Dialect says which store this is.
func (s *Store) Dialect() Dialect { return s.dialect }

// DSN is what the store was opened with. It may hold a password.
func (s *Store) DSN() string { return s.dsn }

// NewID gives a key greater than all given before by this process.
func (s *Store) NewID() ID { return s.ids.next() }

// Now is the store's clock, to the microsecond that it can keep.
func (s *Store) Now() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// Bun is the query builder over committed rows.
func (s *Store) Bun() bun.IDB { return s.bun }

func (s *Store) scanner() *bun.DB { return s.bun }

// Query reads committed rows. The statement is prepared once and kept, so
// query must come from a bounded set of texts: values go into args.
func (s *Store) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := s.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// QueryRow reads one committed row; see Query.
func (s *Store) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	stmt, err := s.prepare(ctx, query)
	if err != nil {
		return s.read.QueryRowContext(ctx, s.dialect.rebind(query), args...) // reports the same error
	}
	return stmt.QueryRowContext(ctx, args...)
}

func (s *Store) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if v, ok := s.stmts.Load(query); ok {
		return v.(*sql.Stmt), nil
	}
	stmt, err := s.read.PrepareContext(ctx, s.dialect.rebind(query))
	if err != nil {
		return nil, err
	}
	if v, raced := s.stmts.LoadOrStore(query, stmt); raced {
		_ = stmt.Close()
		return v.(*sql.Stmt), nil
	}
	return stmt, nil
}

// Get reads one row into a struct by its `bun` column names. It returns
// ErrNotFound when there is none.
func Get[T any](ctx context.Context, q Querier, query string, args ...any) (T, error) {
	var zero T
	all, err := Select[T](ctx, q, query, args...)
	if err != nil {
		return zero, err
	}
	if len(all) == 0 {
		return zero, ErrNotFound
	}
	return all[0], nil
}

// Select reads rows into structs by their `bun` column names, or into a slice
// of single values when T is not a struct.
func Select[T any](ctx context.Context, q Querier, query string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []T{}
	if err := q.scanner().ScanRows(ctx, rows, &out); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	return out, rows.Err()
}
