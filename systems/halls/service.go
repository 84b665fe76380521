package halls

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"sync/atomic"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/blob"
	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/form"
	"shanzhi/core/httpapi"
	"shanzhi/core/job"
	"shanzhi/core/notice"
	"shanzhi/core/pack"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed flows/*.yaml
var flows embed.FS

// Room is the tables of this system.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "halls", Migrations: files}
}

// System is the name under which the engine knows this system's matters.
const System = "halls"

// Service is the use cases of service halls.
type Service struct {
	Store    *store.Store
	Engine   *caseflow.Engine
	Vault    *vault.Vault
	Accounts *account.Accounts
	Dir      *account.Directory
	Book     *calendar.Book
	Bus      *event.Bus
	Packs    *pack.Packs
	Numbers  *store.Numbers
	Notices  *notice.Notices
	Keys     account.Sealer
	Files    *blob.Files
	Licences Licences
	Items    SelfItems
	Faces    Faces
	Cards    adapter.IDCards             // nil: nobody signs in by identity card here
	RateLink func(visit store.ID) string // opens the rating of a visit; nil: visits are not rated

	book     atomic.Pointer[book]
	boards   boards
	measured measures
}

// Check implements pack.Part.
func (s *Service) Check(files fs.FS) error { _, err := readBook(files); return err }

// Load implements pack.Part: halls have no tables that the pack fills.
func (s *Service) Load(context.Context, *store.Tx, fs.FS) error { return nil }

// Reload takes over what the district's pack says now.
func (s *Service) Reload(ctx context.Context) error {
	files, err := s.Packs.Current(ctx)
	if err != nil {
		return err
	}
	if files == nil {
		return errors.New("halls: no district pack is loaded")
	}
	b, err := readBook(files)
	if err == nil {
		s.book.Store(b)
	}
	return err
}

// Stamp changes when what Reload takes over, beside the pack, does: nothing.
func (s *Service) Stamp(context.Context) (string, error) { return "", nil }

// Register brings the flows to the engine.
func (s *Service) Register(ctx context.Context) error {
	names, err := fs.Glob(flows, "flows/*.yaml")
	if err != nil {
		return err
	}
	sys := &caseflow.System{Name: System, Limits: limitsOf{s}, Mask: s.maskText, Known: s.known, After: s.afterMatter}
	for _, name := range names {
		body, err := fs.ReadFile(flows, name)
		if err != nil {
			return err
		}
		sys.Flows = append(sys.Flows, string(body))
	}
	return s.Engine.Register(ctx, sys)
}

// known answers whether what a form names is there.
func (s *Service) known(_ context.Context, _ store.Querier, _ *caseflow.Action, _ *form.Field, _ []string) (bool, error) {
	return true, nil
}

// Follow does what is due by the clock, until ctx ends: slots that nobody confirmed are
// free again, who is booked is reminded, who did not come is counted.
func (s *Service) Follow(ctx context.Context) {
	go func() {
		tick := time.NewTicker(15 * time.Second)
		defer tick.Stop()
		for {
			if err := s.Tick(ctx); err != nil && ctx.Err() == nil {
				slog.Error("what is due at the halls could not be done", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}()
}

// Nights adds its work of every night: yesterday's queues are closed.
func (s *Service) Nights(n *job.Nights) {
	n.Add(job.Night{Name: "halls.close", At: 20 * time.Minute, Work: func(ctx context.Context) (any, error) { return s.CloseDays(ctx) }})
}

// local is an instant in the district's time.
func (s *Service) local(t time.Time) time.Time { return t.In(s.book.Load().zone) }

// today is the local day of an instant.
func (s *Service) today(t time.Time) string { return s.local(t).Format(time.DateOnly) }

// hall finds a hall, or none.
func (s *Service) hall(code string) (*Hall, error) {
	if h := s.book.Load().hall(code); h != nil {
		return h, nil
	}
	return nil, store.ErrNotFound
}

// staffRoles are those who work at halls.
var staffRoles = []string{"hall_manager", "greeter", "intake_clerk", "stuck_clerk"}

// at finds a hall at which who has one of the roles, or none: what one may not see is
// absent.
func (s *Service) at(who account.Actor, code string, roles ...string) (*Hall, error) {
	h, err := s.hall(code)
	if err != nil {
		return nil, err
	}
	for _, r := range roles {
		if who.Has(r, h.Unit) {
			return h, nil
		}
	}
	return nil, store.ErrNotFound
}

// fail is an error that people are told of.
func fail(code string) error { return httpapi.Fail(409, code) }

// failField is a field that is wrong.
func failField(field string) error { return httpapi.FailField(field, "invalid") }
