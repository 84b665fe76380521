package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// Backup writes a copy of the records as of one moment to a file, while others
// read and write on: SQLite's own copy into a new file, or PostgreSQL's
// pg_dump, which must be installed.
func (s *Store) Backup(ctx context.Context, file string) error {
	if _, err := os.Stat(file); err == nil {
		return fmt.Errorf("store: %s is there already", file)
	}
	if s.dialect == Postgres {
		return pgTool(ctx, "pg_dump", "--format=custom", "--no-owner", "--file="+file, "--dbname="+s.dsn)
	}
	db, err := sql.Open("sqlite", sqliteDSN(s.path))
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, file); err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	return syncFile(file)
}

// Restore brings a backup back as the records that dsn names. A SQLite file
// that is there already is not overwritten; a PostgreSQL database must be empty.
func Restore(ctx context.Context, dsn, file string) error {
	if isPostgres(dsn) {
		return pgTool(ctx, "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "--dbname="+dsn, file)
	}
	path := sqlitePath(dsn)
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("store: %s is there already: restore into an empty folder", path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	return copyFile(file, path)
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

func pgTool(ctx context.Context, name string, args ...string) error {
	bin, err := exec.LookPath(name)
	if err != nil {
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
		if len(found) == 0 {
			return fmt.Errorf("store: %s is not installed (postgresql-client)", name)
		}
		bin = found[len(found)-1]
	}
	if out, err := exec.CommandContext(ctx, bin, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("store: %s: %w: %s", name, err, out)
	}
	return nil
}

func syncFile(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
