package cim

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb"

	"shanzhi/core/account"
	"shanzhi/core/blob"
	"shanzhi/core/event"
	"shanzhi/core/httpapi"
	"shanzhi/core/job"
	"shanzhi/core/pack"
	"shanzhi/core/place"
	"shanzhi/core/place/address"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/systems/cim/check"
)

// System is the name of this system in events and records.
const System = "cim"

// The roles of this system.
const (
	keeperRole = "place_keeper" // 块数据管理员
	readerRole = "place_reader" // 块数据查询员
)

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this system.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: System, Migrations: files}
}

// MatterPlace says where a matter is, for the links that follow its events: the
// words of its place and its title, both masked; "" where they say none.
type MatterPlace interface {
	Place(ctx context.Context, matter store.ID) (words, title string, err error)
}

// Service is the use cases of this system.
type Service struct {
	Store   *store.Store
	Packs   *pack.Packs
	Bus     *event.Bus
	Dir     *account.Directory
	Vault   *vault.Vault
	Places  *place.Register
	Matters MatterPlace
	Files   *blob.Files
	Log     *slog.Logger

	desk      checkDesk
	reckoning reckoning
	covering  coverageCache

	book atomic.Pointer[book]

	mu    sync.Mutex // held while the register is indexed
	stamp string
	index *address.Index
	count int
	built time.Time
	took  time.Duration

	tiling sync.Mutex // held while tiles of buildings are made
	tiled  *cityTiler

	vacant      vacancies
	points      pointCache
	spatialKind atomic.Pointer[string]
	builtIn     atomic.Pointer[stampedBox]
}

// book is what the district's pack says.
type book struct {
	district  *district
	divisions *place.Divisions
	purposes  []LookPurpose
	rules     *check.Rules
	landing   Landing
	outline   orb.MultiPolygon
	zone      *time.Location
	use       bookOfUse
}

func (s *Service) zone() *time.Location {
	if b := s.book.Load(); b != nil {
		return b.zone
	}
	return time.UTC
}

func (s *Service) today() string { return s.Store.Now().In(s.zone()).Format(time.DateOnly) }

// LookPurpose is for what one may look who was where.
type LookPurpose struct {
	Code string            `json:"code"`
	Name map[string]string `json:"name"`
	Days int               `json:"days" doc:"How far back one may look, 0 without limit"`
}

const packPurposes = "cim/purposes.csv"

func readBook(files fs.FS) (*book, error) {
	m, err := pack.ReadManifest(files)
	if err != nil {
		return nil, err
	}
	b := &book{zone: m.Zone()}
	if b.district, err = readDistrict(files); err != nil {
		return nil, err
	}
	if b.divisions, err = Divisions(files); err != nil {
		return nil, err
	}
	if b.rules, err = check.ReadRules(files); err != nil {
		return nil, err
	}
	if b.landing, err = readLanding(files); err != nil {
		return nil, err
	}
	if b.outline, err = Outline(files); err != nil {
		return nil, err
	}
	if b.use, err = readUse(files); err != nil {
		return nil, err
	}
	if !pack.Has(files, packPurposes) {
		return b, nil
	}
	rows, err := pack.Table(files, packPurposes, "code", "name", "name_en", "days")
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for i, r := range rows {
		p := LookPurpose{Code: r["code"], Name: map[string]string{"zh": r["name"], "en": r["name_en"]}}
		if _, err := fmt.Sscan(r["days"], &p.Days); err != nil || p.Days < 0 {
			return nil, fmt.Errorf("%s line %d: days: %q is no number", packPurposes, i+2, r["days"])
		}
		if p.Code == "" || r["name"] == "" || seen[p.Code] {
			return nil, fmt.Errorf("%s line %d: a purpose has a code of its own and a name", packPurposes, i+2)
		}
		seen[p.Code] = true
		b.purposes = append(b.purposes, p)
	}
	return b, nil
}

// Check implements pack.Part.
func (s *Service) Check(files fs.FS) error { _, err := readBook(files); return err }

// Load implements pack.Part: nothing of it is kept beside the pack.
func (s *Service) Load(context.Context, *store.Tx, fs.FS) error { return nil }

// Register is asked of every system; this one has no flow.
func (s *Service) Register(context.Context) error { return nil }

// Reload takes over what the district's pack says now.
func (s *Service) Reload(ctx context.Context) error {
	files, err := s.Packs.Current(ctx)
	if err != nil {
		return err
	}
	if files == nil {
		return errors.New("cim: no district pack is loaded")
	}
	b, err := readBook(files)
	if err != nil {
		return err
	}
	s.book.Store(b)
	s.mu.Lock()
	s.stamp = ""
	s.mu.Unlock()
	return nil
}

// Stamp changes when what Reload takes over, beside the pack, does: nothing.
func (s *Service) Stamp(context.Context) (string, error) { return "", nil }

// Follow links matters to the buildings that they happened at, until ctx ends.
func (s *Service) Follow(ctx context.Context) {
	if s.Matters != nil {
		s.Bus.Forward(ctx, "cim.matters", s.followMatters)
	}
	if s.Files != nil {
		go s.workCheckIns(ctx)
	}
	go s.workAnalyses(ctx)
}

// Nights adds work of every night.
func (s *Service) Nights(n *job.Nights) {
	n.Add(job.Night{Name: "cim.deliveries", At: 3*time.Hour + 50*time.Minute, Work: func(ctx context.Context) (any, error) {
		dropped, err := s.dropDeliveries(ctx)
		return map[string]any{"dropped": dropped}, err
	}})
	n.Add(job.Night{Name: "cim.law", At: 3*time.Hour + 40*time.Minute, Work: func(ctx context.Context) (any, error) {
		problems, err := s.Places.Problems(ctx, s.Store)
		if len(problems) > 0 {
			s.Log.Error("the register breaks its law", "problems", problems)
		}
		return map[string]any{"problems": problems}, err
	}})
	n.Add(job.Night{Name: "cim.tiles", At: 4*time.Hour + 20*time.Minute, Work: func(ctx context.Context) (any, error) { return s.sweepTiles(ctx) }})
}

// Index is the register as addresses are matched against it, and how many
// buildings it has: indexed anew when the register has changed since.
func (s *Service) Index(ctx context.Context) (*address.Index, int, error) {
	stamp, err := s.registerStamp(ctx)
	if err != nil {
		return nil, 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// A large register that is being loaded changes more often than it can be indexed.
	if s.index != nil && (s.stamp == stamp || s.took > time.Second && time.Since(s.built) < 20*s.took) {
		return s.index, s.count, nil
	}
	began := time.Now()
	b := s.book.Load()
	buildings, units, err := s.readBuildings(ctx)
	if err != nil {
		return nil, 0, err
	}
	aliases, err := s.Places.Aliases(ctx, s.Store, 0)
	if err != nil {
		return nil, 0, err
	}
	streets := map[string]string{} // of communities
	for _, n := range b.district.names {
		if n.Kind == "community" {
			streets[n.Community] = n.Street
		}
	}
	at := make(map[int64]int, len(buildings))
	list := make([]address.Building, len(buildings))
	for i, w := range buildings {
		standard := standardOf(&w.Name, &w.Detail, nil)
		list[i] = address.Building{Key: int64(w.ID), Address: standard, Names: []string{w.Name}}
		list[i].Street, list[i].Community = within(standard, b.district)
		at[int64(w.ID)] = i
	}
	for _, w := range units {
		if w.Parent == nil {
			continue
		}
		if i, ok := at[*w.Parent]; ok {
			list[i].Rooms = append(list[i].Rooms, address.Room{Label: w.Name, Key: int64(w.ID)})
		}
	}
	for _, a := range aliases {
		if i, ok := at[int64(a.Object)]; ok {
			list[i].Names = append(list[i].Names, a.Name)
		}
	}
	s.index, s.stamp, s.count = address.NewIndex(list, b.district.aliases, b.district.above, address.Shipped()), stamp, len(list)
	s.built, s.took = time.Now(), time.Since(began)
	return s.index, s.count, nil
}

// within are the street and the community that a standard address names.
func within(standard string, d *district) (street, community string) {
	for _, n := range d.names {
		switch {
		case n.Kind == "street" && strings.Contains(standard, n.Text):
			street = n.Text
		case n.Kind == "community" && strings.Contains(standard, n.Text) && (street == "" || n.Street == street):
			community = n.Text
		}
	}
	return street, community
}

// problemOf is what a refusal of the register is at the edge.
func problemOf(err error) error {
	var r *place.Refused
	switch {
	case errors.As(err, &r):
		if r.Code == "refused_state" || r.Code == "retired" {
			return httpapi.Fail(http.StatusConflict, "refused_state")
		}
		code := r.Code
		switch code {
		case "taken", "bad_code", "no_parent", "wrong_parent", "too_early", "left_over", "too_few", "twice", "wrong_kind", "full":
			code = "place_" + code
		}
		return httpapi.FailDetail(http.StatusUnprocessableEntity, code, r.Text)
	case errors.Is(err, place.ErrChanged):
		return httpapi.Fail(http.StatusConflict, "conflict")
	}
	return err
}
