package testkit

import (
	"cmp"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Model is a data folder, and a database on PostgreSQL, that takes long to fill: made once
// in a process for each store that asks, and copied for each test. Fill fills it and closes
// what it opened; the DSN is of a file in the folder or of the database.
type Model struct {
	Name string // of the database: letters
	Fill func(dir, dsn string) error

	file sync.Once
	dirs [2]string
	errs [2]error
}

var modelDirs sync.Map // folder → true: taken away when the tests have run

func (m *Model) fill(n int, dsn string) error {
	if m.dirs[n], m.errs[n] = os.MkdirTemp("", "shanzhi-model-"); m.errs[n] == nil {
		modelDirs.Store(m.dirs[n], true)
		m.errs[n] = m.Fill(m.dirs[n], cmp.Or(dsn, fileDSN(m.dirs[n])))
	}
	return m.errs[n]
}

func fileDSN(dir string) string { return filepath.Join(dir, "shanzhi.db") }

func (m *Model) copy(t testing.TB, n int) (dir string) {
	t.Helper()
	if m.errs[n] != nil {
		t.Fatal(m.errs[n])
	}
	dir = filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(m.dirs[n])); err != nil {
		t.Fatal(err)
	}
	return dir
}

// File gives a copy of the model on SQLite.
func (m *Model) File(t testing.TB) (dir, dsn string) {
	t.Helper()
	m.file.Do(func() { _ = m.fill(0, "") })
	dir = m.copy(t, 0)
	return dir, fileDSN(dir)
}

// Postgres gives a copy of the model on PostgreSQL; see Postgres.
func (m *Model) Postgres(t testing.TB) (dir, dsn string) {
	t.Helper()
	dsn = PostgresLike(t, m.Name, func(dsn string) error { return m.fill(1, dsn) })
	return m.copy(t, 1), dsn
}
