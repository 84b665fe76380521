package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"
	goosedb "github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
)

// Room is a part of the house that keeps tables: its name and its migrations
// ("001_name.sql", …, in goose's form). A line that starts with "--:sqlite "
// or "--:postgres " is SQL for that store alone.
type Room struct {
	Name       string
	Migrations fs.FS
}

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the tables of rooms, in that order, to their newest form.
// Each room has its own version, so that systems can be added one by one.
func (s *Store) Migrate(ctx context.Context, rooms ...Room) error {
	own, _ := fs.Sub(migrations, "migrations")
	for _, room := range append([]Room{{"store", own}}, rooms...) {
		files, err := s.dialect.pick(room.Migrations)
		if err != nil {
			return fmt.Errorf("store: migrations of %s: %w", room.Name, err)
		}
		if err := s.migrateRoom(ctx, room.Name, files); err != nil {
			return fmt.Errorf("store: migrating %s: %w", room.Name, err)
		}
	}
	return s.restoreIndexes(ctx)
}

func (s *Store) migrateRoom(ctx context.Context, name string, files fs.FS) error {
	dialect, db := goosedb.DialectSQLite3, s.read
	opts := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if s.dialect == Postgres {
		dialect = goosedb.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	} else {
		// The reading pool may not write; the writer is idle while the house is built.
		var err error
		if db, err = sql.Open("sqlite", sqliteDSN(s.path)); err != nil {
			return err
		}
		defer db.Close()
	}
	versions, err := goosedb.NewStore(dialect, "migration_"+name)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider("", db, files, append(opts, goose.WithStore(versions))...)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

var bigKey = regexp.MustCompile(`\bBIGINT\s+PRIMARY KEY`)

// pick resolves the lines that are for one store alone.
func (d Dialect) pick(files fs.FS) (fs.FS, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, errors.New("no *.sql file")
	}
	out := fstest.MapFS{}
	for _, name := range names {
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		lines := strings.Split(string(body), "\n")
		for i, line := range lines {
			if rest, ok := strings.CutPrefix(line, "--:"+d.String()+" "); ok {
				lines[i] = rest
			} else if strings.HasPrefix(line, "--:") {
				lines[i] = "" // a mark of goose in it would be read
			}
			if d == SQLite {
				// Only so is the key the row's own place, and not an index beside it.
				lines[i] = bigKey.ReplaceAllString(lines[i], "INTEGER PRIMARY KEY")
			}
		}
		out[name] = &fstest.MapFile{Data: []byte(strings.Join(lines, "\n"))}
	}
	return out, nil
}
