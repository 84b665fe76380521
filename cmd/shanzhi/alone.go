package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"shanzhi/core/store"
)

// alone claims the records for this process, until release; where another
// process has claimed them, other says which. On SQLite a house serves alone,
// and who loads in bulk while nobody serves may take the whole store for itself.
// Commands that write little go beside either. PostgreSQL serves several
// processes; see serveAlone.
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

// serveAlone makes sure that no second process serves the same PostgreSQL
// unless what they must share is outside them: the stream and the files. lost
// says that another took over while this one was out of touch.
func (h *House) serveAlone(ctx context.Context) (lost <-chan error, err error) {
	if h.Store.Dialect() == store.SQLite {
		return nil, nil
	}
	var missing []string
	if os.Getenv("SHANZHI_NATS") == "" {
		missing = append(missing, "an outside NATS (SHANZHI_NATS)")
	}
	if os.Getenv("SHANZHI_S3") == "" {
		missing = append(missing, "S3 for the files (SHANZHI_S3)")
	}
	if len(missing) == 0 {
		return nil, nil
	}
	lease := h.Store.NewLease("serve")
	out := make(chan error, 1)
	taken := make(chan struct{})
	go lease.Run(ctx, func(inner context.Context) {
		select {
		case <-taken: // again: it was lost and taken back
		default:
			close(taken)
		}
		<-inner.Done()
		if ctx.Err() == nil {
			out <- errors.New("another process has begun to serve these records")
		}
	})
	select {
	case <-taken:
		return out, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(store.LeaseOutlives + time.Second):
		return nil, fmt.Errorf("another process serves these records; several need %s", strings.Join(missing, " and "))
	}
}
