package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"shanzhi/core/store"
	"shanzhi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var room = store.Room{Name: "test", Migrations: fstest.MapFS{"001_test.sql": &fstest.MapFile{Data: []byte(`-- +goose Up
CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, n BIGINT NOT NULL DEFAULT 0, tx BIGINT NOT NULL DEFAULT 0);
--:sqlite CREATE TABLE only_sqlite (id BIGINT);
--:postgres CREATE TABLE only_postgres (id BIGINT);
-- +goose Down
DROP TABLE thing;
`)}}}

// onBoth runs a contract on SQLite and on PostgreSQL.
func onBoth(t *testing.T, contract func(t *testing.T, s *store.Store)) {
	t.Run("sqlite", func(t *testing.T) {
		contract(t, open(t, filepath.Join(t.TempDir(), "test.db")))
	})
	t.Run("postgres", func(t *testing.T) { contract(t, open(t, testkit.Postgres(t))) })
}

func open(t *testing.T, dsn string) *store.Store {
	t.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, dsn, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for range 2 { // the second time finds nothing to do
		if err := s.Migrate(ctx, room); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func insert(name string) func(context.Context, *store.Tx) error {
	return func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO thing (id, name, tx) VALUES (?, ?, `+tx.Dialect().Position()+`)`, tx.NewID(), name)
		return err
	}
}

func count(t *testing.T, q store.Querier, where string, args ...any) (n int) {
	t.Helper()
	if err := q.QueryRow(context.Background(), `SELECT count(*) FROM thing WHERE `+where, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestMigrationsOfOneStoreOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		for _, d := range []store.Dialect{store.SQLite, store.Postgres} {
			_, err := store.Select[int64](context.Background(), s, `SELECT id FROM only_`+d.String())
			if (err == nil) != (d == s.Dialect()) {
				t.Errorf("table of %v on %v: %v", d, s.Dialect(), err)
			}
		}
	})
}

// Sixteen callers each add one to the same row: no increment may be lost, and
// what was acknowledged is there.
func TestConcurrentWritersLoseNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		if err := s.Write(ctx, insert("shared")); err != nil {
			t.Fatal(err)
		}
		const callers, each = 16, 25
		var hooks atomic.Int64
		var wg sync.WaitGroup
		for c := range callers {
			wg.Go(func() {
				for i := range each {
					err := s.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
						var n int64
						if err := tx.QueryRow(ctx, `SELECT n FROM thing WHERE name = ?`, "shared").Scan(&n); err != nil {
							return err
						}
						if _, err := tx.Exec(ctx, `UPDATE thing SET n = ? WHERE name = ?`, n+1, "shared"); err != nil {
							return err
						}
						tx.OnCommit(func() { hooks.Add(1) })
						return insert(fmt.Sprintf("%d-%d", c, i))(ctx, tx)
					})
					if err != nil && !errors.Is(err, store.ErrBusy) {
						t.Errorf("caller %d: %v", c, err)
					}
					for errors.Is(err, store.ErrBusy) { // a busy store may refuse; it may not lose
						err = s.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
							if _, err := tx.Exec(ctx, `UPDATE thing SET n = n + 1 WHERE name = ?`, "shared"); err != nil {
								return err
							}
							tx.OnCommit(func() { hooks.Add(1) })
							return insert(fmt.Sprintf("%d-%d", c, i))(ctx, tx)
						})
					}
				}
			})
		}
		wg.Wait()
		got, err := store.Get[int64](ctx, s, `SELECT n FROM thing WHERE name = ?`, "shared")
		if err != nil || got != callers*each {
			t.Errorf("counter = %d (%v), want %d", got, err, callers*each)
		}
		if n := count(t, s, "1=1"); n != callers*each+1 {
			t.Errorf("%d rows, want %d", n, callers*each+1)
		}
		if hooks.Load() != callers*each {
			t.Errorf("%d hooks ran, want one for each commit: %d", hooks.Load(), callers*each)
		}
	})
}

// A neighbour that fails, panics or breaks a constraint takes nobody with it.
func TestFailingNeighbour(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		boom := errors.New("boom")
		var wg sync.WaitGroup
		for i := range 160 {
			wg.Go(func() {
				name := fmt.Sprint("row", i)
				err := s.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
					if err := insert(name)(ctx, tx); err != nil {
						return err
					}
					tx.OnCommit(func() {
						if i%4 != 0 {
							t.Errorf("hook of failed write %d ran", i)
						}
					})
					switch i % 4 {
					case 1:
						return boom
					case 2:
						panic("neighbour panics")
					case 3:
						return insert(name)(ctx, tx) // the same name again
					}
					return nil
				})
				if (err == nil) != (i%4 == 0) {
					t.Errorf("write %d: %v", i, err)
				}
				if i%4 == 1 && !errors.Is(err, boom) {
					t.Errorf("write %d: got %v, want its own error", i, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, s, "1=1"); n != 40 {
			t.Errorf("%d rows, want 40", n)
		}
	})
}

// A cancel before the start is obeyed; a cancel while it runs changes nothing.
func TestCancelledWriter(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		cancelled, cancel := context.WithCancel(context.Background())
		cancel()
		if err := s.Write(cancelled, insert("never")); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled before the start: %v", err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		err := s.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			cancel()
			return insert("kept")(ctx, tx)
		})
		if err != nil {
			t.Errorf("cancelled while it ran: %v", err)
		}
		if n := count(t, s, "name = ?", "kept"); n != 1 {
			t.Error("the acknowledged row is gone")
		}
		if n := count(t, s, "name = ?", "never"); n != 0 {
			t.Error("the cancelled write left a row")
		}
	})
}

// Who follows positions sees each row once, also when a transaction that began
// first commits last. Following keys would skip its row for good.
func TestPositionsFollowCommits(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		type row struct {
			Tx   int64
			ID   store.ID
			Name string
		}
		var last row
		var seen []string
		follow := func() {
			rows, err := store.Select[row](ctx, s, `SELECT tx, id, name FROM thing WHERE (tx, id) > (?, ?) AND `+s.Dialect().Settled("tx")+` ORDER BY tx, id`, last.Tx, int64(last.ID))
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				seen, last = append(seen, r.Name), r
			}
		}
		first, release := make(chan bool), make(chan bool)
		var wg sync.WaitGroup
		wg.Go(func() {
			once := sync.OnceFunc(func() { close(first) })
			if err := s.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				if err := insert("began first")(ctx, tx); err != nil {
					return err
				}
				once()
				if s.Dialect() == store.Postgres {
					<-release
				}
				return nil
			}); err != nil {
				t.Error(err)
			}
		})
		<-first
		if err := s.Write(ctx, insert("began second")); err != nil {
			t.Fatal(err)
		}
		follow()
		close(release)
		wg.Wait()
		follow()
		if fmt.Sprint(seen) != "[began first began second]" {
			t.Errorf("seen %v", seen)
		}
	})
}

// What is read in a snapshot is of one moment, and nothing is written in it.
func TestSnapshotIsOfOneMoment(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		put := func(name string) {
			if err := s.Write(ctx, insert(name)); err != nil {
				t.Fatal(err)
			}
		}
		put("before")
		err := s.Snapshot(ctx, func(ctx context.Context, q store.Querier) error {
			first := count(t, q, "1=1")
			put("meanwhile")
			if n := count(t, q, "1=1"); n != first {
				t.Errorf("a snapshot saw %d rows and then %d", first, n)
			}
			if n := count(t, s, "1=1"); n != first+1 {
				t.Errorf("beside it %d rows are seen, want %d", n, first+1)
			}
			if _, err := q.(*store.Tx).Exec(ctx, `DELETE FROM thing`); err == nil {
				t.Error("a snapshot wrote")
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestIDsGrowAlsoWhenTheClockStepsBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ids.db")
	ctx := context.Background()
	now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	var last store.ID
	for range 3 {
		s, err := store.Open(ctx, path, store.Options{Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Migrate(ctx, room); err != nil {
			t.Fatal(err)
		}
		for i := range 5000 { // more than one millisecond's counter holds
			id := s.NewID()
			if id <= last {
				t.Fatalf("ID %d: %d after %d", i, id, last)
			}
			last = id
		}
		if err := s.Write(ctx, insert(fmt.Sprint(last))); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		now = now.Add(-time.Hour) // the machine comes back with a wrong clock
	}
}

func TestIDText(t *testing.T) {
	var id store.ID
	for _, bad := range []string{"x", "-1", "0", "1.5", "99999999999999999999", " 1"} {
		if err := id.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q was taken for an ID", bad)
		}
	}
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	if got := store.IDAt(at).Time(); !got.Equal(at) {
		t.Errorf("time of ID = %v, want %v", got, at)
	}
}

func TestClosedAndBusy(t *testing.T) {
	ctx := context.Background()
	s, err := store.Open(ctx, filepath.Join(t.TempDir(), "x.db"), store.Options{MaxWaiting: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Migrate(ctx, room); err != nil {
		t.Fatal(err)
	}
	hold, held := make(chan bool), make(chan bool)
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = s.Write(ctx, func(context.Context, *store.Tx) error { close(held); <-hold; return nil })
	})
	<-held
	wg.Go(func() { _ = s.Write(ctx, insert("waits")) })
	for s.Waiting() == 0 {
		time.Sleep(time.Millisecond)
	}
	if err := s.Write(ctx, insert("refused")); !errors.Is(err, store.ErrBusy) {
		t.Errorf("third writer: %v, want ErrBusy", err)
	}
	close(hold)
	wg.Wait()
	if n := count(t, s, "name = ?", "waits"); n != 1 {
		t.Error("the waiting write was lost")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(ctx, insert("late")); !errors.Is(err, store.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// A commit is on disk when it is acknowledged: what the writing connection is
// set to, asked of SQLite itself, for killing the process would not show it.
func TestSynchronousFull(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "sync.db"))
	var level, journal string
	if err := s.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		if err := tx.QueryRow(ctx, `PRAGMA synchronous`).Scan(&level); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `PRAGMA journal_mode`).Scan(&journal)
	}); err != nil {
		t.Fatal(err)
	}
	if level != "2" || journal != "wal" {
		t.Errorf("synchronous = %s, journal = %s; want 2 (FULL), wal", level, journal)
	}
}

// A full disk is told as such, loses no row acknowledged before, takes no
// neighbour that still fits, and the store goes on when there is room again.
func TestFullDisk(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "full.db"))
	ctx := context.Background()
	limit := func(pages int) {
		if err := s.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			var got int
			return tx.QueryRow(ctx, fmt.Sprintf(`PRAGMA max_page_count = %d`, pages)).Scan(&got)
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Write(ctx, insert("before")); err != nil {
		t.Fatal(err)
	}
	var pages int
	if err := s.QueryRow(ctx, `PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limit(pages + 4)
	var full, kept atomic.Int64
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			name := fmt.Sprintf("%d", i)
			if i%4 == 0 {
				name += string(make([]byte, 30_000)) // needs pages that are not there
			}
			switch err := s.Write(ctx, insert(name)); {
			case err == nil:
				kept.Add(1)
			case errors.Is(err, store.ErrFull):
				full.Add(1)
			default:
				t.Errorf("write %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	if full.Load() == 0 {
		t.Error("nobody was told that the disk is full")
	}
	if kept.Load() < 40 {
		t.Errorf("only %d of the 48 small writes were kept: big neighbours took them along", kept.Load())
	}
	if n := count(t, s, "1=1"); n != int(kept.Load())+1 {
		t.Errorf("%d rows, %d acknowledged", n, kept.Load()+1)
	}
	limit(1 << 30)
	if err := s.Write(ctx, insert("after")); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

// Under another clock the same records are read and written, and IDs go on growing.
func TestPlayed(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		past := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
		p := s.Played(func() time.Time { return past })
		if !p.Now().Equal(past) || s.Now().Equal(past) {
			t.Errorf("now is %s and %s", p.Now(), s.Now())
		}
		var first, second, third store.ID
		for _, w := range []struct {
			s  *store.Store
			id *store.ID
		}{{s, &first}, {p, &second}, {s, &third}} {
			if err := w.s.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error { *w.id = tx.NewID(); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		if first >= second || second >= third {
			t.Errorf("%d, %d, %d", first, second, third)
		}
	})
}
