package appeals

import (
	"context"
	"crypto/ed25519"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/audit"
	"shanzhi/core/blob"
	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/gate"
	"shanzhi/core/httpapi"
	"shanzhi/core/job"
	"shanzhi/core/knowledge"
	"shanzhi/core/notice"
	"shanzhi/core/pack"
	"shanzhi/core/retain"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/districts"
	"shanzhi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// house is this system in a house of its own, with the shipped district.
type house struct {
	*Service
	folder string
	ahead  *atomic.Int64 // by how much its clock is, in nanoseconds
	cals   *calendar.Book
}

// loaded is a house with the pack loaded, which takes longer than most tests.
var loaded = testkit.Model{Name: "appeals", Fill: func(dir, dsn string) error {
	h, err := openHouse(context.Background(), dir, dsn, 0)
	if err != nil {
		return err
	}
	return h.Store.Close()
}}

// newHouse opens a house on a SQLite file in a folder of the test.
func newHouse(t testing.TB) *house { return openCopy(t, loaded.File) }

// newServedHouse opens a house on a PostgreSQL database of the test.
func newServedHouse(t testing.TB) *house { return openCopy(t, loaded.Postgres) }

func openCopy(t testing.TB, copy func(testing.TB) (dir, dsn string)) *house {
	t.Helper()
	dir, dsn := copy(t)
	h, err := openHouse(context.Background(), dir, dsn, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Store.Close() })
	return h
}

// again opens a second house on the same records, as after a restart.
func (h *house) again(t testing.TB) *house {
	t.Helper()
	n, err := openHouse(context.Background(), h.folder, h.Store.DSN(), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Store.Close() })
	return n
}

// openHouse opens a house whose clock is ahead by so much, or behind.
func openHouse(ctx context.Context, dir, dsn string, ahead time.Duration) (*house, error) {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	h := &house{folder: dir, ahead: new(atomic.Int64), cals: calendar.NewBook()}
	h.ahead.Store(int64(ahead))
	s, err := store.Open(ctx, dsn, store.Options{Log: log, Now: func() time.Time { return time.Now().Add(time.Duration(h.ahead.Load())) }})
	if err != nil {
		return nil, err
	}
	if err := s.Migrate(ctx, audit.Room(), event.Room(), vault.Room(), account.Room(), caseflow.Room(), pack.Room(), httpapi.Room(), blob.Room(), job.Room(), notice.Room(), knowledge.Room(), gate.Room(), retain.Room(), Room()); err != nil {
		return nil, err
	}
	keys, err := vault.OpenKeyring(filepath.Join(dir, "keys"), vault.International)
	if err != nil {
		return nil, err
	}
	v, err := vault.New(s, keys)
	if err != nil {
		return nil, err
	}
	d := account.NewDirectory(s)
	bus := event.NewBus(s, log)
	h.Service = &Service{Store: s, Engine: caseflow.New(s, bus, d, h.cals), Vault: v, Accounts: account.New(s, d, keys), Dir: d, Bus: bus, Packs: &pack.Packs{Store: s},
		Numbers: store.NewNumbers(s), Files: &blob.Files{Store: s, Place: blob.Folder(filepath.Join(dir, "files")), Temp: filepath.Join(dir, "files")}, Keys: keys,
		Audit: &audit.Log{Store: s, Key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)), Outside: audit.File(filepath.Join(dir, "heads"))}}
	h.Notices = &notice.Notices{Store: s, Vault: v, Bus: bus, SMS: &adapter.SMSSimulator{}, Desks: h.Engine.Desks}
	h.Packs.Parts = map[string]pack.Part{"appeals": h.Service}
	files, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		return nil, err
	}
	if current, err := h.Packs.Current(ctx); err != nil {
		return nil, err
	} else if current == nil {
		if _, err := h.Packs.Load(ctx, files, account.System(d)); err != nil {
			return nil, err
		}
	}
	cals, err := pack.Calendars(files)
	if err != nil {
		return nil, err
	}
	for _, c := range cals {
		h.cals.Put(c, true)
	}
	if err := h.Notices.Reload(files); err != nil {
		return nil, err
	}
	if err := d.Reload(ctx); err != nil {
		return nil, err
	}
	if err := h.Reload(ctx); err != nil {
		return nil, err
	}
	return h, h.Register(ctx)
}

// staff makes an account with roles at the district and says who it is.
func (h *house) staff(t testing.TB, login, unit string, roles ...string) account.Actor {
	t.Helper()
	var who account.Actor
	err := h.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		var grants []account.Grant
		for _, r := range roles {
			grants = append(grants, account.Grant{Role: r, Unit: unit})
		}
		id, err := h.Accounts.Put(ctx, tx, account.Account{Kind: account.Staff, Login: &login, Name: login, Unit: unit}, "", grants...)
		if err != nil {
			return err
		}
		who, err = h.Accounts.Actor(ctx, tx, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return who
}

// count reads one number.
func (h *house) count(t testing.TB, query string, args ...any) int64 {
	t.Helper()
	var n int64
	if err := h.Store.QueryRow(context.Background(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// bothStores runs a test on SQLite and on PostgreSQL, beside each other.
func bothStores(t *testing.T, test func(t *testing.T, h *house)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, newHouse(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, newServedHouse(t)) })
}
