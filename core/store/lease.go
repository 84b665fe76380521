package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sync/atomic"
	"time"
)

// Lease is held by one process at a time: the leader, who alone passes clocks,
// seals the audit log, relays events and trains. On SQLite there is one
// process, which always holds it.
type Lease struct {
	store  *Store
	name   string
	holder string
	held   atomic.Bool
}

// LeaseOutlives is how long a lease outlives a holder that was killed.
const LeaseOutlives = 5 * time.Second

// leadRenew is how often a lease is renewed.
const leadRenew = time.Second

// NewLease makes the wish for a lease; Run competes for it.
func (s *Store) NewLease(name string) *Lease {
	host, _ := os.Hostname()
	return &Lease{store: s, name: name, holder: fmt.Sprintf("%s/%d/%08x", host, os.Getpid(), rand.Uint32())}
}

// Held says whether this process holds the lease now.
func (l *Lease) Held() bool { return l.held.Load() }

// Run competes for the lease until ctx ends. While it is held, lead runs under
// a context that ends when it is lost; Run waits for lead to return.
func (l *Lease) Run(ctx context.Context, lead func(ctx context.Context)) {
	if l.store.dialect == SQLite {
		l.held.Store(true)
		lead(ctx)
		l.held.Store(false)
		return
	}
	for ctx.Err() == nil {
		if l.take(ctx) {
			l.reign(ctx, lead)
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(leadRenew):
		}
	}
}

func (l *Lease) reign(ctx context.Context, lead func(ctx context.Context)) {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	l.held.Store(true)
	defer l.held.Store(false)
	done := make(chan struct{})
	go func() { defer close(done); lead(inner) }()
	tick := time.NewTicker(leadRenew)
	defer tick.Stop()
	renewed := time.Now()
	for {
		select {
		case <-ctx.Done():
			cancel()
			<-done
			_, _ = l.store.read.Exec(`DELETE FROM store_lease WHERE name = $1 AND holder = $2`, l.name, l.holder)
			return
		case <-done:
			return
		case <-tick.C:
			if l.take(ctx) {
				renewed = time.Now()
			} else if time.Since(renewed) > LeaseOutlives-leadRenew {
				l.store.opt.Log.Warn("the lease was lost", "lease", l.name)
				cancel()
				<-done
				return
			}
		}
	}
}

// take takes or renews the lease.
func (l *Lease) take(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, leadRenew)
	defer cancel()
	res, err := l.store.read.ExecContext(ctx, `INSERT INTO store_lease (name, holder, until) VALUES ($1, $2, extract(epoch FROM now()) * 1000000 + $3)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
		WHERE store_lease.holder = excluded.holder OR store_lease.until < extract(epoch FROM now()) * 1000000`, l.name, l.holder, LeaseOutlives.Microseconds())
	if err != nil {
		return false
	}
	n, _ := res.RowsAffected()
	return n == 1
}
