// Package job is work done later (messages to send, models to train) and every
// night. What is to be done is decided by the records: an event in the outbox
// becomes a job, whose arguments name that event, so that it is done once.
// River keeps the jobs, in a database of its own beside the records, or in a
// schema of its own on PostgreSQL.
package job

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
	_ "modernc.org/sqlite" // the "sqlite" driver, without cgo

	"shanzhi/core/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this package.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "job", Migrations: files}
}

// Args are the arguments of a job. Kind names the work; a field with the tag
// `river:"unique"` makes two jobs with the same value one.
type Args interface{ Kind() string }

// Queue holds the jobs and works on them.
type Queue struct {
	workers *river.Workers
	client  client
	close   func()
}

// client is what both drivers' clients can do.
type client interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	Insert(ctx context.Context, args river.JobArgs, opts *river.InsertOpts) (*rivertype.JobInsertResult, error)
}

// New makes a queue. Handlers are given with Handle before Open.
func New() *Queue { return &Queue{workers: river.NewWorkers()} }

// Handle says how jobs with these arguments are done. An error is tried again,
// later and later, up to 25 times over three weeks, unless it is Never.
func Handle[T Args](q *Queue, work func(ctx context.Context, args T) error) {
	river.AddWorker(q.workers, river.WorkFunc(func(ctx context.Context, j *river.Job[T]) error { return work(ctx, j.Args) }))
}

// Later is returned by a handler that wants to be asked again after d.
func Later(d time.Duration) error { return river.JobSnooze(d) }

// Never is returned by a handler for which trying again is no use.
func Never(err error) error { return river.JobCancel(err) }

// schema is where the jobs lie on PostgreSQL.
const schema = "river"

// Open opens the jobs: a PostgreSQL DSN, or the path of a file.
func (q *Queue) Open(ctx context.Context, dsn string, log *slog.Logger) error {
	log = slog.New(quieter{log.Handler()})
	cfg := river.Config{Workers: q.workers, Logger: log, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: max(2, runtime.NumCPU())}}}
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		return q.openPostgres(ctx, dsn, cfg)
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: dsn}).EscapedPath()+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return fmt.Errorf("job: %w", err)
	}
	db.SetMaxOpenConns(1)
	q.close = func() { db.Close() }
	driver := riversqlite.New(db)
	if err := migrate(ctx, driver, "", log); err != nil {
		return errors.Join(err, db.Close())
	}
	c, err := river.NewClient(driver, &cfg)
	q.client = c
	return err
}

func (q *Queue) openPostgres(ctx context.Context, dsn string, cfg river.Config) error {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return fmt.Errorf("job: %w", err)
	}
	q.close = pool.Close
	if _, err := pool.Exec(ctx, `CREATE SCHEMA IF NOT EXISTS `+pgx.Identifier{schema}.Sanitize()); err != nil {
		pool.Close()
		return fmt.Errorf("job: %w", err)
	}
	driver := riverpgxv5.New(pool)
	if err := migrate(ctx, driver, schema, cfg.Logger); err != nil {
		pool.Close()
		return err
	}
	cfg.Schema = schema
	c, err := river.NewClient(driver, &cfg)
	q.client = c
	return err
}

func migrate[T any](ctx context.Context, driver riverdriver.Driver[T], schema string, log *slog.Logger) error {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Schema: schema, Logger: log})
	if err == nil {
		_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	}
	if err != nil {
		return fmt.Errorf("job: making the tables of jobs: %w", err)
	}
	return nil
}

// Start works on jobs until Stop.
func (q *Queue) Start(ctx context.Context) error { return q.client.Start(ctx) }

// Stop waits for jobs under way, as long as ctx lets it, and closes the queue.
func (q *Queue) Stop(ctx context.Context) error {
	defer q.close()
	return q.client.Stop(ctx)
}

// Add puts a job into the queue, unless one with the same unique arguments is
// or lately was there.
func (q *Queue) Add(ctx context.Context, args Args) error {
	_, err := q.client.Insert(ctx, args, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}})
	return err
}

// quieter keeps River's running commentary out of the log.
type quieter struct{ slog.Handler }

// Enabled lets warnings and errors through.
func (h quieter) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}
