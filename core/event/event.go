// Package event says what happened. A use case writes its event into the
// outbox in the transaction that made it true; everything else follows from
// there: projections and notices (followers, with their cursor in SQL), the
// stream for other bureaus (the relay, to JetStream), and the screens that
// are open (live updates).
//
// SQL is the truth: the stream may be wiped and is filled again.
package event

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"shanzhi/core/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this package.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "event", Migrations: files}
}

// Event is one thing that happened.
type Event struct {
	Tx      int64           `bun:"tx" json:"-"`
	ID      store.ID        `bun:"id" json:"id"`
	At      store.Time      `bun:"at" json:"at,omitzero"`
	Subject string          `bun:"subject" json:"subject"` // dotted, lower case: "appeal.dispatched"
	Key     string          `bun:"key" json:"key"`         // what it is about
	Body    json.RawMessage `bun:"body" json:"body"`       // references and masked text only
}

// Bus writes events and tells those who follow them.
type Bus struct {
	store *store.Store
	log   *slog.Logger

	mu        sync.Mutex
	wake      chan struct{} // closed and replaced at each commit that emitted
	followers sync.WaitGroup
	started   map[string]bool
}

// NewBus makes the bus over a store.
func NewBus(s *store.Store, log *slog.Logger) *Bus {
	return &Bus{store: s, log: log, wake: make(chan struct{}), started: map[string]bool{}}
}

// Emit writes an event in the transaction tx. body is encoded as JSON.
func (b *Bus) Emit(ctx context.Context, tx *store.Tx, at time.Time, subject, key string, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("event %s: %w", subject, err)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO outbox (id, tx, at, subject, key, body) VALUES (?, `+tx.Dialect().Position()+`, ?, ?, ?, ?)`,
		tx.NewID(), store.At(at), subject, key, string(raw)); err != nil {
		return err
	}
	tx.OnCommit(b.notify)
	return nil
}

func (b *Bus) notify() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.wake)
	b.wake = make(chan struct{})
}

func (b *Bus) woken() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.wake
}

// batch is how many events a follower is given at a time; pause is how long it
// lets them gather, so that under load it works in batches and not one by one;
// poll is how soon it sees what another process wrote.
const (
	batch = 500
	pause = 20 * time.Millisecond
	poll  = time.Second
)

// Follow gives all events in commit order, each at least once, to handle,
// until ctx ends. handle runs in the transaction that moves the cursor: what
// it writes there it writes exactly once. It is retried when it fails.
func (b *Bus) Follow(ctx context.Context, consumer string, handle func(ctx context.Context, tx *store.Tx, events []Event) error) {
	b.follow(ctx, consumer, func(ctx context.Context, from Event, events []Event) error {
		return b.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			// The cursor moves first: where another process was faster, nothing is done.
			if err := moveCursor(ctx, tx, consumer, from, events[len(events)-1]); err != nil {
				return err
			}
			return handle(ctx, tx, events)
		})
	})
}

// Forward is Follow for a handler whose effect is outside the store: the
// cursor moves after it, so it sees an event again if the process dies between.
func (b *Bus) Forward(ctx context.Context, consumer string, handle func(ctx context.Context, events []Event) error) {
	b.follow(ctx, consumer, func(ctx context.Context, from Event, events []Event) error {
		if err := handle(ctx, events); err != nil {
			return err
		}
		return b.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			return moveCursor(ctx, tx, consumer, from, events[len(events)-1])
		})
	})
}

func (b *Bus) follow(ctx context.Context, consumer string, step func(context.Context, Event, []Event) error) {
	b.mu.Lock()
	if b.started[consumer] {
		b.mu.Unlock()
		panic("event: consumer " + consumer + " is followed twice")
	}
	b.started[consumer] = true
	b.mu.Unlock()
	b.followers.Go(func() {
		defer func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			delete(b.started, consumer) // a leader may lead again
		}()
		for retry := 50 * time.Millisecond; ctx.Err() == nil; {
			woken := b.woken()
			n, err := b.step(ctx, consumer, step)
			switch {
			case err != nil && !errors.Is(err, store.ErrClosed) && ctx.Err() == nil:
				b.log.Error("a follower of events failed and will try again", "consumer", consumer, "error", err, "in", retry)
				sleep(ctx, retry)
				retry = min(2*retry, 10*time.Second)
				continue
			case n == batch:
				continue
			}
			retry = 50 * time.Millisecond
			select {
			case <-ctx.Done():
			case <-woken:
				sleep(ctx, pause)
			case <-time.After(poll):
			}
		}
	})
}

func (b *Bus) step(ctx context.Context, consumer string, step func(context.Context, Event, []Event) error) (int, error) {
	at, err := cursor(ctx, b.store, consumer)
	if err != nil {
		return 0, err
	}
	events, err := b.After(ctx, at, batch)
	if err != nil || len(events) == 0 {
		return 0, err
	}
	if err := step(ctx, at, events); err != nil && !errors.Is(err, errMoved) {
		return 0, err
	}
	return len(events), nil
}

// Unseen reads all events that q sees and a consumer has not been given, in
// commit order: what a projection still lacks, seen from inside a transaction.
func (b *Bus) Unseen(ctx context.Context, q store.Querier, consumer string) ([]Event, error) {
	at, err := cursor(ctx, q, consumer)
	if err != nil {
		return nil, err
	}
	after, args := `(tx, id) > (?, ?)`, []any{at.Tx, int64(at.ID)}
	if q.Dialect() == store.SQLite {
		after, args = `id > ?`, args[1:]
	}
	return store.Select[Event](ctx, q, `SELECT tx, id, at, subject, key, body FROM outbox WHERE `+after+` ORDER BY tx, id`, args...)
}

// cursor is the position up to which a consumer has seen the events.
func cursor(ctx context.Context, q store.Querier, consumer string) (Event, error) {
	at, err := store.Get[Event](ctx, q, `SELECT tx, id FROM event_cursor WHERE consumer = ?`, consumer)
	if errors.Is(err, store.ErrNotFound) {
		return Event{}, nil
	}
	return at, err
}

// After reads, in commit order, the settled events after a position.
func (b *Bus) After(ctx context.Context, at Event, limit int) ([]Event, error) {
	if b.store.Dialect() == store.SQLite {
		return store.Select[Event](ctx, b.store, `SELECT tx, id, at, subject, key, body FROM outbox WHERE id > ? ORDER BY id LIMIT ?`, int64(at.ID), limit)
	}
	return store.Select[Event](ctx, b.store, `SELECT tx, id, at, subject, key, body FROM outbox WHERE (tx, id) > (?, ?) AND `+
		b.store.Dialect().Settled("tx")+` ORDER BY tx, id LIMIT ?`, at.Tx, int64(at.ID), limit)
}

// Drained waits until a consumer has seen everything that is committed now.
func (b *Bus) Drained(ctx context.Context, consumer string) error {
	for {
		at, err := cursor(ctx, b.store, consumer)
		if err != nil {
			return err
		}
		more, err := b.After(ctx, at, 1)
		if err != nil || len(more) == 0 {
			return err
		}
		if !sleep(ctx, 5*time.Millisecond) {
			return context.Cause(ctx)
		}
	}
}

// Wait returns when all followers have ended, after their context did.
func (b *Bus) Wait() { b.followers.Wait() }

// errMoved says that another process has taken these events.
var errMoved = errors.New("event: the cursor has moved")

func moveCursor(ctx context.Context, tx *store.Tx, consumer string, from, to Event) error {
	if from.ID == 0 {
		if _, err := tx.Exec(ctx, `INSERT INTO event_cursor (consumer, tx, id) VALUES (?, 0, 0) ON CONFLICT (consumer) DO NOTHING`, consumer); err != nil {
			return err
		}
	}
	n, err := tx.Exec(ctx, `UPDATE event_cursor SET tx = ?, id = ? WHERE consumer = ? AND tx = ? AND id = ?`, to.Tx, int64(to.ID), consumer, from.Tx, int64(from.ID))
	if err == nil && n == 0 {
		return errMoved
	}
	return err
}

// sleep waits for d; it says false when ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// Tail gives what is committed from now on to handle, in commit order, without
// keeping a cursor: for screens that are open in this process. It returns when
// ctx ends.
func (b *Bus) Tail(ctx context.Context, handle func(events []Event)) error {
	var at Event
	if err := b.store.QueryRow(ctx, `SELECT tx, id FROM outbox ORDER BY tx DESC, id DESC LIMIT 1`).Scan(&at.Tx, &at.ID); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	for {
		woken := b.woken()
		events, err := b.After(ctx, at, batch)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		if len(events) > 0 {
			handle(events)
			at = events[len(events)-1]
			if len(events) == batch {
				continue
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-woken:
			sleep(ctx, pause)
		case <-time.After(poll):
		}
	}
}

// reset makes a consumer see everything again.
func (b *Bus) reset(ctx context.Context, consumer string) error {
	return b.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM event_cursor WHERE consumer = ?`, consumer)
		return err
	})
}
