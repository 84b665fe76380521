package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// alone claims the records for this process, until release; where another
// process has claimed them, other says which. On SQLite a house serves alone,
// and who loads in bulk while nobody serves may take the whole store for itself.
// Commands that write little go beside either. PostgreSQL serves several
// processes, so there nothing is claimed.
func alone(as string) (release func(), other string, err error) {
	path := flags.database
	if path == "" {
		path = filepath.Join(flags.data, "shanzhi.db")
	}
	if strings.HasPrefix(path, "postgres://") || strings.HasPrefix(path, "postgresql://") {
		return func() {}, "", nil
	}
	path = strings.TrimPrefix(strings.TrimPrefix(path, "sqlite://"), "sqlite:") + ".lock"
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, "", err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o640)
	if err != nil {
		return nil, "", err
	}
	if !lockFile(f) {
		defer f.Close()
		who := make([]byte, 100)
		n, _ := f.ReadAt(who, 0)
		return func() {}, strings.TrimSpace(string(who[:n])), nil
	}
	_ = f.Truncate(0)
	_, _ = fmt.Fprintf(f, "shanzhi %s (process %d)\n", as, os.Getpid())
	return func() { f.Close() }, "", nil
}
