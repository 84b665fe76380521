package portal

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/event"
	"shanzhi/core/job"
	"shanzhi/core/pack"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this system.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "portal", Migrations: files}
}

// Service is the use cases of the district's section.
type Service struct {
	Store *store.Store
	Packs *pack.Packs
	Bus   *event.Bus
	Vault *vault.Vault
	Keys  account.Sealer
	Log   *slog.Logger

	book atomic.Pointer[book]

	mu   sync.Mutex
	day  string
	came map[string]struct{} // today

	counting     sync.Mutex // held while the month is counted
	counted      PortalMonth
	countedUntil time.Time
}

// book is what the district's pack says.
type book struct {
	boards []PortalBoard
	zone   *time.Location
}

func (s *Service) boards() []PortalBoard {
	if b := s.book.Load(); b != nil {
		return b.boards
	}
	return nil
}

func (s *Service) zone() *time.Location {
	if b := s.book.Load(); b != nil {
		return b.zone
	}
	return time.UTC
}

func (s *Service) today() string { return s.Store.Now().In(s.zone()).Format(time.DateOnly) }

// Check implements pack.Part.
func (s *Service) Check(files fs.FS) error { _, _, err := readPack(files); return err }

// Load implements pack.Part: the pack's resources, those whose rows have changed.
func (s *Service) Load(ctx context.Context, tx *store.Tx, files fs.FS) error {
	_, list, err := readPack(files)
	if err != nil {
		return err
	}
	return s.landResources(ctx, tx, list)
}

// Register is asked of every system; this one has no flow.
func (s *Service) Register(context.Context) error { return nil }

// Reload takes over what the district's pack says now.
func (s *Service) Reload(ctx context.Context) error {
	files, err := s.Packs.Current(ctx)
	if err != nil {
		return err
	}
	if files == nil {
		return fmt.Errorf("portal: no district pack is loaded")
	}
	m, err := pack.ReadManifest(files)
	if err != nil {
		return err
	}
	boards, list, err := readPack(files)
	if err != nil {
		return err
	}
	s.book.Store(&book{boards, m.Zone()})
	var have bool // a house that was made before there was a portal
	if err := s.Store.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM portal_resource)`).Scan(&have); err != nil || have {
		return err
	}
	return s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error { return s.landResources(ctx, tx, list) })
}

// Stamp changes when what Reload takes over, beside the pack, does: nothing.
func (s *Service) Stamp(context.Context) (string, error) { return "", nil }

// Follow looks at the resources until ctx ends.
func (s *Service) Follow(ctx context.Context) { go s.probe(ctx) }

// Nights adds work of every night.
func (s *Service) Nights(n *job.Nights) {
	n.Add(job.Night{Name: "portal.months", At: 3*time.Hour + 20*time.Minute, Work: func(ctx context.Context) (any, error) {
		closed, err := s.CloseMonths(ctx)
		return map[string]int{"months": closed}, err
	}})
}
