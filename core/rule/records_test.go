package rule_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shanzhi/core/audit"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// A decision that was kept is made again to the same bytes, also a year later under
// other packs; a changed record is found; what was erased cannot be replayed.
func TestReplay(t *testing.T) {
	for name, dsn := range map[string]func() string{
		"sqlite": func() string { return filepath.Join(t.TempDir(), "r.db") }, "postgres": func() string { return testkit.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			s, err := store.Open(ctx, dsn(), store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if err := s.Migrate(ctx, audit.Room(), vault.Room(), rule.Room()); err != nil {
				t.Fatal(err)
			}
			keys, err := vault.OpenKeyring(t.TempDir(), "")
			if err != nil {
				t.Fatal(err)
			}
			v, err := vault.New(s, keys)
			if err != nil {
				t.Fatal(err)
			}
			r := &rule.Records{Store: s, Vault: v}
			p := read(t, small)
			shanghai, err := time.LoadLocation("Asia/Shanghai")
			if err != nil {
				t.Fatal(err)
			}
			c, err := p.ReadCase(strings.NewReader(`{"at": "2025-11-20T23:30:00+08:00", "person.birth_date": "1945-11-20", "person.alive": true, "bank.match": true}`), time.Time{}, shanghai)
			if err != nil {
				t.Fatal(err)
			}
			var id, person store.ID
			if err := s.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
				if person, err = v.NewPerson(ctx, tx, vault.Identity{vault.Name: "王小兰"}); err != nil {
					return err
				}
				id, err = r.Keep(ctx, tx, p, c, p.Decide(c, shanghai), shanghai, rule.About{Person: person, Object: "matter/1"})
				return err
			}); err != nil {
				t.Fatal(err)
			}
			got, err := r.Replay(ctx, id, nil)
			if err != nil || !got.Identical || got.Outcome != rule.Approve {
				t.Fatalf("%+v (%v)", got, err)
			}
			stricter := read(t, strings.Replace(strings.Replace(small, "value: 80}", "value: 85}", 1), "- {id: account", "- {id: bank", 1))
			if got, err = r.Replay(ctx, id, stricter); err != nil || !got.Identical || got.Under.Outcome != rule.Human || strings.Join(got.Under.Differs, " ") != "age bank account" {
				t.Errorf("under another version: %+v %+v (%v)", got, got.Under, err)
			}
			if _, err := r.Replay(ctx, id, read(t, strings.Replace(small, "pack: elder", "pack: other", 1))); err == nil {
				t.Error("replayed under a pack of another name")
			}
			if _, err := r.Replay(ctx, id+1, nil); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("a decision that is not there: %v", err)
			}
			// What is on the disk says nothing of the person.
			var rows int
			if err := s.QueryRow(ctx, `SELECT count(*) FROM decision d JOIN decision_pack p ON p.hash = d.pack_hash WHERE p.body LIKE '%1945-11-20%' OR d.object LIKE '%1945%'`).Scan(&rows); err != nil || rows != 0 {
				t.Errorf("%d rows tell a birth date (%v)", rows, err)
			}
			if err := s.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE decision SET trace_hash = ? WHERE id = ?`, strings.Repeat("0", 64), id)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if got, err := r.Replay(ctx, id, nil); err != nil || got.Identical {
				t.Errorf("a changed record is the same: %+v (%v)", got, err)
			}
			if err := s.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				return v.Erase(ctx, tx, person, vault.Access{Reason: "本人要求"})
			}); err != nil {
				t.Fatal(err)
			}
			if _, err := r.Replay(ctx, id, nil); !errors.Is(err, vault.ErrErased) {
				t.Errorf("what was erased: %v", err)
			}
		})
	}
}
