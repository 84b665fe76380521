package store_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"shanzhi/core/store"
)

// A command that writes beside a running house gets keys in commit order too,
// whatever its clock says: followers, who go by keys on SQLite, miss nothing.
func TestKeysFollowCommitsOverProcesses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "both.db")
	ctx := context.Background()
	var houses []*store.Store
	for _, behind := range []time.Duration{0, time.Hour} {
		s, err := store.Open(ctx, file, store.Options{Now: func() time.Time { return time.Now().Add(-behind) }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		houses = append(houses, s)
	}
	if err := houses[0].Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `CREATE TABLE written (n INTEGER PRIMARY KEY AUTOINCREMENT, id BIGINT NOT NULL)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	write := func(s *store.Store) {
		if err := s.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO written (id) VALUES (?)`, tx.NewID())
			return err
		}); err != nil {
			t.Error(err)
		}
	}
	for i := range 100 {
		write(houses[i%2])
	}
	var wg sync.WaitGroup
	for _, s := range houses {
		wg.Go(func() {
			for range 50 {
				write(s)
			}
		})
	}
	wg.Wait()
	ids, err := store.Select[store.ID](ctx, houses[0], `SELECT id FROM written ORDER BY n`)
	if err != nil || len(ids) != 200 {
		t.Fatal(len(ids), err)
	}
	for i := 1; i < len(ids); i++ {
		if ids[i] <= ids[i-1] {
			t.Fatalf("the %d. commit has key %d, the one before it %d", i+1, ids[i], ids[i-1])
		}
	}
}
