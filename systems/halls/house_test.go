package halls

import (
	"context"
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
	now *atomic.Int64 // what its clock says, in Unix microseconds
}

// loaded is a house with the pack loaded.
var loaded = testkit.Model{Name: "halls", Fill: func(dir, dsn string) error {
	h, err := openHouse(context.Background(), dir, dsn, friday.Add(-time.Hour)) // keys are made of the clock
	if err != nil {
		return err
	}
	return h.Store.Close()
}}

// bothStores runs a test on SQLite and on PostgreSQL.
func bothStores(t *testing.T, test func(t *testing.T, h *house)) {
	t.Run("sqlite", func(t *testing.T) { test(t, openCopy(t, loaded.File)) })
	t.Run("postgres", func(t *testing.T) { test(t, openCopy(t, loaded.Postgres)) })
}

func openCopy(t testing.TB, copy func(testing.TB) (dir, dsn string)) *house {
	t.Helper()
	dir, dsn := copy(t)
	h, err := openHouse(context.Background(), dir, dsn, friday)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Store.Close() })
	return h
}

// friday is ten past nine of a working day.
var friday = time.Date(2026, 11, 27, 9, 10, 0, 0, time.FixedZone("", 8*3600))

// openHouse opens a house whose clock stands at an instant.
func openHouse(ctx context.Context, dir, dsn string, at time.Time) (*house, error) {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	h := &house{now: new(atomic.Int64)}
	h.now.Store(at.UnixMicro())
	s, err := store.Open(ctx, dsn, store.Options{Log: log, Now: func() time.Time { return time.UnixMicro(h.now.Load()) }})
	if err != nil {
		return nil, err
	}
	if err := s.Migrate(ctx, audit.Room(), event.Room(), vault.Room(), account.Room(), blob.Room(), retain.Room(), caseflow.Room(), pack.Room(), notice.Room(), Room()); err != nil {
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
	d, cals := account.NewDirectory(s), calendar.NewBook()
	bus := event.NewBus(s, log)
	h.Service = &Service{Store: s, Engine: caseflow.New(s, bus, d, cals), Vault: v, Accounts: account.New(s, d, keys), Dir: d, Book: cals, Bus: bus, Packs: &pack.Packs{Store: s}, Numbers: store.NewNumbers(s), Keys: keys}
	h.Notices = &notice.Notices{Store: s, Vault: v, Bus: bus, SMS: &adapter.SMSSimulator{}, Desks: h.Engine.Desks}
	h.Packs.Parts = map[string]pack.Part{"halls": h.Service}
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
	all, err := pack.Calendars(files)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		cals.Put(c, true)
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

func (h *house) set(at time.Time)         { h.now.Store(at.UnixMicro()) }
func (h *house) pass(d time.Duration)     { h.now.Add(int64(d / time.Microsecond)) }
func (h *house) hallOf(code string) *Hall { return h.book.Load().hall(code) }

// staff makes an account with roles and says who it is.
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

// citizen makes somebody with a phone and says who they are.
func (h *house) citizen(t testing.TB, name, phone string) account.Actor {
	t.Helper()
	a, err := h.Accounts.CitizenByPhone(context.Background(), h.Vault, vault.Identity{vault.Name: name, vault.Phone: phone}, "")
	if err != nil {
		t.Fatal(err)
	}
	who, err := h.Accounts.Actor(context.Background(), h.Store, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	return who
}

// take gives a number at reception.
func (h *house) take(t testing.TB, hall, kind, class, name string) Ticket {
	t.Helper()
	x, err := h.Take(context.Background(), account.System(h.Dir), h.hallOf(hall), Taking{Services: []TicketService{{Kind: kind}}, Class: class, Source: "reception", Who: vault.Identity{vault.Name: name}})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// must fails the test on an error.
func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
