package services

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"sync/atomic"

	"shanzhi/core/job"
	"shanzhi/core/pack"
	"shanzhi/core/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this system.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "services", Migrations: files}
}

// Service is the use cases of government services.
type Service struct {
	Store *store.Store
	Packs *pack.Packs

	lint atomic.Pointer[lint]
}

// Check implements pack.Part.
func (s *Service) Check(files fs.FS) error {
	_, err := readLint(files)
	return err
}

// Load implements pack.Part: what the pack says is read where it lies.
func (s *Service) Load(context.Context, *store.Tx, fs.FS) error { return nil }

// Register is asked of every system; this one has no flow yet.
func (s *Service) Register(context.Context) error { return nil }

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
	if err == nil {
		s.lint.Store(l)
	}
	return err
}

// Stamp changes when what Reload takes over, beside the pack, does: nothing.
func (s *Service) Stamp(context.Context) (string, error) { return "", nil }

// Follow starts projections; there is none.
func (s *Service) Follow(context.Context) {}

// Nights adds work of every night; there is none.
func (s *Service) Nights(*job.Nights) {}
