package job

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"shanzhi/core/store"
	"shanzhi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func onBoth(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "jobs.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, testkit.Postgres(t)) })
}

type ring struct {
	Event int `json:"event" river:"unique"`
	Note  string
}

func (ring) Kind() string { return "test.ring" }

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 400 {
		if ok() {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("it did not happen: " + what)
}

// A job is done once for one event, however often it is added; what was added
// while nobody worked is done by the next who does.
func TestJobs(t *testing.T) {
	onBoth(t, func(t *testing.T, dsn string) {
		ctx := context.Background()
		var done, refused atomic.Int64
		open := func() *Queue {
			q := New()
			Handle(q, func(_ context.Context, r ring) error {
				if r.Event == 7 {
					refused.Add(1)
					return Never(errors.New("no use"))
				}
				done.Add(1)
				return nil
			})
			if err := q.Open(ctx, dsn, slog.New(slog.DiscardHandler)); err != nil {
				t.Fatal(err)
			}
			return q
		}
		q := open()
		for _, e := range []int{1, 1, 2, 1, 7} {
			if err := q.Add(ctx, ring{Event: e, Note: time.Now().String()}); err != nil {
				t.Fatal(err)
			}
		}
		q.close()
		q = open()
		if err := q.Start(ctx); err != nil {
			t.Fatal(err)
		}
		eventually(t, "two rings and one refusal", func() bool { return done.Load() == 2 && refused.Load() == 1 })
		if err := q.Add(ctx, ring{Event: 2}); err != nil {
			t.Fatal(err)
		}
		if err := q.Add(ctx, ring{Event: 3}); err != nil {
			t.Fatal(err)
		}
		eventually(t, "a third ring", func() bool { return done.Load() == 3 })
		if err := q.Stop(ctx); err != nil || refused.Load() != 1 {
			t.Errorf("%v, %d refusals", err, refused.Load())
		}
	})
}

// Night work runs once a night at its local time, catches up after downtime,
// and is tried again when it fails.
func TestNights(t *testing.T) {
	onBoth(t, func(t *testing.T, dsn string) {
		ctx := context.Background()
		now := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
		s, err := store.Open(ctx, dsn, store.Options{Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if err := s.Migrate(ctx, Room()); err != nil {
			t.Fatal(err)
		}
		zone := time.FixedZone("CST", 8*3600)
		ran, fail := 0, false
		n := &Nights{Store: s, Zone: func() *time.Location { return zone }, Log: slog.New(slog.DiscardHandler)}
		n.Add(Night{Name: "count", At: 3 * time.Hour, Work: func(context.Context) (any, error) {
			ran++
			if fail {
				return nil, errors.New("not tonight")
			}
			return map[string]int{"ran": ran}, nil
		}})
		for _, c := range []struct {
			now  string // local
			fail bool
			want int
			due  string
		}{
			{"2026-11-24 18:00", false, 0, "2026-11-25 03:00"}, // first seen: waits for its night
			{"2026-11-25 02:59", false, 0, "2026-11-25 03:00"},
			{"2026-11-25 03:00", false, 1, "2026-11-26 03:00"},
			{"2026-11-25 03:01", false, 1, "2026-11-26 03:00"},
			{"2026-11-29 12:00", false, 2, "2026-11-30 03:00"}, // closed for days: once, at once
			{"2026-11-30 03:00", true, 3, "2026-11-30 04:00"},  // failed: again in an hour
			{"2026-11-30 03:30", true, 3, "2026-11-30 04:00"},
			{"2026-11-30 04:00", false, 4, "2026-12-01 03:00"},
		} {
			now, err = time.ParseInLocation("2006-01-02 15:04", c.now, zone)
			if err != nil {
				t.Fatal(err)
			}
			fail = c.fail
			if err := n.Run(ctx); err != nil {
				t.Fatal(err)
			}
			st, err := Standings(ctx, s)
			if err != nil || len(st) != 1 {
				t.Fatal(st, err)
			}
			if due := st[0].Due.In(zone).Format("2006-01-02 15:04"); ran != c.want || due != c.due {
				t.Errorf("at %s: ran %d times, due %s; want %d, %s", c.now, ran, due, c.want, c.due)
			}
			if c.fail && c.want == ran && st[0].Result != "not tonight" {
				t.Errorf("at %s the result is %q", c.now, st[0].Result)
			}
		}
	})
}
