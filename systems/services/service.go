package services

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/blob"
	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/job"
	"shanzhi/core/notice"
	"shanzhi/core/pack"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

//go:embed flows/*.yaml
var flows embed.FS

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this system.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "services", Migrations: files}
}

// Service is the use cases of government services.
type Service struct {
	Store    *store.Store
	Packs    *pack.Packs
	Engine   *caseflow.Engine
	Book     *calendar.Book
	Numbers  *store.Numbers
	Files    *blob.Files
	Keys     account.Sealer
	Seal     adapter.Sealer
	Bus      *event.Bus
	Dir      *account.Directory
	Vault    *vault.Vault
	Notices  *notice.Notices
	Rules    *rule.Registry   // decision packs
	Kept     *rule.Records    // decisions
	Facts    *rule.Sources    // who knows the facts that they ask for
	Persons  PersonList       // who lists persons, for 免申即享; nil nobody
	Pay      adapter.Pay      // nil: nothing can be paid here
	Province adapter.Province // nil: what the province is to be told waits
	Courier  adapter.Courier  // nil: nothing comes or goes by courier
	Resting  func() bool      // while a past is being played, whose papers are made with it; nil: never
	// ArchiveKey signs archive packages; nil: nothing is archived here.
	ArchiveKey ed25519.PrivateKey
	Log        *slog.Logger

	fees    atomic.Pointer[feeRules]
	ratings atomic.Pointer[ratingRules] // nil where nothing is rated
	// citywide is how offices collect for each other; nil where none does.
	citywide  atomic.Pointer[citywideRules]
	watching  atomic.Pointer[watchSettings] // nil where nothing is supervised
	province  atomic.Pointer[provinceRules] // nil where it is told nothing
	archiving atomic.Pointer[archiveRules]  // nil where nothing is archived
	lint      atomic.Pointer[lint]
	decide    atomic.Pointer[decideInForce]
	// casework is how the district works on cases; nil where nothing is applied for here.
	casework atomic.Pointer[casework]
	versions sync.Map // of items, by pinnedItem: they never change
	meters   sync.Map // of items that were rebuilt, by pinnedItem: see shownMeter
	items    itemMinds
}

// packItems is the pack's list of items.
const packItems = "services/items.csv"

// Check implements pack.Part.
func (s *Service) Check(files fs.FS) error {
	l, err := readLint(files)
	if err != nil {
		return err
	}
	items, _, err := readPackItems(files, l)
	err = errors.Join(err, packDepartments(files, items))
	_, derr := readDecisionSettings(files)
	c, cerr := readCasework(files)
	_, ferr := readFees(files)
	r, rerr := readRatings(files)
	if rerr == nil && r != nil && cerr == nil && c == nil {
		rerr = fmt.Errorf("%s: ratings ask for %s, which says whose days their clocks count", packRatings, packCasework)
	}
	_, aerr := readArchive(files)
	_, perr := readProvince(files)
	_, werr := readSupervision(files)
	wide, wideErr := readCitywide(files)
	if wideErr == nil && wide != nil && cerr == nil && c == nil {
		wideErr = fmt.Errorf("%s: it asks for %s, which says whose days its clocks count", packCitywide, packCasework)
	}
	return errors.Join(err, derr, cerr, ferr, rerr, aerr, perr, werr, wideErr, packThemes(files, l), s.checkItemFiles(files, l))
}

// packDepartments says which items of a pack name a department that its organisation has
// not: nobody would answer for them.
func packDepartments(files fs.FS, items []importing) error {
	if len(items) == 0 {
		return nil
	}
	units, err := pack.Units(files)
	if err != nil {
		return nil // said where the organisation is checked
	}
	known := map[string]bool{}
	for _, u := range units {
		known[u.Code] = true
		for _, name := range u.Names() {
			known[name] = true
		}
	}
	var errs []error
	for _, i := range items {
		if !known[i.elements.Department] {
			errs = append(errs, fmt.Errorf("%s: %s: department: organisation.csv has no %q", packItems, i.key, i.elements.Department))
		}
	}
	return errors.Join(errs...)
}

// readPackItems reads the pack's items; a row that is refused is an error.
func readPackItems(files fs.FS, l *lint) (items []importing, p *ItemProfile, err error) {
	raw, err := fs.ReadFile(files, packItems)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if p, err = ShippedItemProfile("pack"); err != nil {
		return nil, nil, err
	}
	handled, err := readHandling(files)
	if err != nil {
		return nil, nil, err
	}
	seen, notes := map[string]bool{}, map[string]int{}
	err = p.each(packItems, bytes.NewReader(raw), int64(len(raw)), func(row itemRow, broken error) error {
		if broken != nil {
			return broken
		}
		key, e, fault := p.read(row, notes)
		switch {
		case fault != nil:
			return fmt.Errorf("%s: line %d: %s %s", packItems, row.line, fault.code, fault.value)
		case seen[key]:
			return fmt.Errorf("%s: line %d: %s stands twice", packItems, row.line, key)
		case len(notes) > 0:
			return fmt.Errorf("%s: line %d: %s cannot be read", packItems, row.line, strings.Join(slices.Sorted(maps.Keys(notes)), ", "))
		}
		seen[key] = true
		e.Handling = handled[key]
		delete(handled, key)
		_, score := l.check(e)
		items = append(items, importing{key: key, elements: e, score: score})
		return nil
	})
	for key := range handled {
		err = errors.Join(err, fmt.Errorf("%s/%s.yaml: the pack has no item %s", handlingFolder, key, key))
	}
	return items, p, err
}

// Load implements pack.Part: the pack's items, those that have changed as new versions.
func (s *Service) Load(ctx context.Context, tx *store.Tx, files fs.FS) error {
	l, err := readLint(files)
	if err != nil {
		return err
	}
	items, p, err := readPackItems(files, l)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(items, importAtOnce) {
		if _, err := s.landItems(ctx, tx, p, "", 0, part); err != nil {
			return err
		}
	}
	if err := s.loadThemes(ctx, tx, files); err != nil {
		return err
	}
	return s.loadFlags(ctx, tx, files, items)
}

// Reload takes over what the district's pack says now.
func (s *Service) Reload(ctx context.Context) error {
	files, err := s.Packs.Current(ctx)
	if err != nil {
		return err
	}
	if files == nil {
		return fmt.Errorf("services: no district pack is loaded")
	}
	l, err := readLint(files)
	if err != nil {
		return err
	}
	s.lint.Store(l)
	c, err := readCasework(files)
	if err != nil {
		return err
	}
	s.casework.Store(c)
	f, err := readFees(files)
	if err != nil {
		return err
	}
	s.fees.Store(f)
	r, err := readRatings(files)
	if err != nil {
		return err
	}
	s.ratings.Store(r)
	a, err := readArchive(files)
	if err != nil {
		return err
	}
	s.archiving.Store(a)
	told, err := readProvince(files)
	if err != nil {
		return err
	}
	s.province.Store(told)
	w, err := readSupervision(files)
	if err != nil {
		return err
	}
	s.watching.Store(w)
	wide, err := readCitywide(files)
	if err != nil {
		return err
	}
	s.citywide.Store(wide)
	if err := s.reloadItems(files); err != nil {
		return err
	}
	if err := s.reloadDecisions(ctx, files); err != nil {
		return err
	}
	var have bool // a house that was made before there were items
	if err := s.Store.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM service_item WHERE source = 'pack')`).Scan(&have); err != nil || have {
		return err
	}
	return s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error { return s.Load(ctx, tx, files) })
}

// Stamp changes when what Reload takes over, beside the pack, does.
func (s *Service) Stamp(ctx context.Context) (string, error) { return s.Rules.Stamp(ctx) }

// Follow starts what follows the events, and runs what is asked for and takes long, until
// ctx ends.
func (s *Service) Follow(ctx context.Context) {
	s.Bus.Forward(ctx, paperConsumer, s.makePapers)
	s.Bus.Forward(ctx, jointConsumer, s.judgeMembers)
	s.Bus.Follow(ctx, caseNoticeConsumer, s.tellCases)
	go s.followScans(ctx)
	s.Bus.Follow(ctx, ratingConsumer, s.inviteRatings)
	go s.every(ctx, time.Minute, "ratings", s.DefaultRatings)
	go s.every(ctx, 5*time.Second, "payments", s.AskPayments)
	s.Bus.Forward(ctx, watchConsumer, s.lookAtEvents)
	go s.every(ctx, 2*time.Second, "archive", s.MakeDueArchives)
	go s.every(ctx, 2*time.Second, "province", s.SendProvince)
	go s.every(ctx, 5*time.Second, "parcels", s.FollowParcels)
	go s.every(ctx, time.Minute, "late parcels", s.AlarmParcels)
	go s.followItems(ctx)
}

// every does work again and again until ctx ends.
func (s *Service) every(ctx context.Context, pause time.Duration, what string, work func(context.Context) error) {
	for {
		if err := work(ctx); err != nil && ctx.Err() == nil {
			s.warn("work of the back office failed and is tried again", "work", what, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// Nights adds work of every night.
func (s *Service) Nights(n *job.Nights) {
	s.decisionNights(n)
	n.Add(job.Night{Name: "services.archive", At: 3*time.Hour + 10*time.Minute, Work: func(ctx context.Context) (any, error) {
		found, err := s.SweepArchives(ctx)
		return map[string]any{"found": found}, err
	}})
	at := 2*time.Hour + 20*time.Minute
	if p := s.province.Load(); p != nil {
		at = p.night
	}
	n.Add(job.Night{Name: "services.province", At: at, Work: s.ReconcileProvinceNightly})
	look := 3*time.Hour + 30*time.Minute
	if w := s.watching.Load(); w != nil {
		look = w.night
	}
	n.Add(job.Night{Name: "services.supervision", At: look, Work: func(ctx context.Context) (any, error) {
		looked, found, err := s.LookAtAll(ctx)
		return map[string]any{"looked": looked, "found": found}, err
	}})
}
