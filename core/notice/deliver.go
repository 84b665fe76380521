package notice

import (
	"context"
	"encoding/json"
	"time"
	"unicode/utf8"

	"shanzhi/core/store"
)

func unmarshal(written string, to *told) error { return json.Unmarshal([]byte(written), to) }

// lookEvery is how often the loop looks by itself: for what another process wrote,
// for the end of the quiet hours, for what is to be tried again.
const lookEvery = 5 * time.Second

// deliver sends mail, and tells receivers, until ctx ends.
func (s *Notices) deliver(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := s.Deliver(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("notices that leave by mail or to a receiver have to wait", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-s.waker():
		}
	}
}

// Deliver sends what may leave now by mail and to receivers, once.
func (s *Notices) Deliver(ctx context.Context) error {
	if o := s.outward.Load(); o != nil && s.Store.Now().Sub(o.at) >= outwardFor {
		if _, err := s.renewOutward(ctx); err != nil {
			return err
		}
	}
	if err := s.expire(ctx); err != nil {
		return err
	}
	err := s.mailWaiting(ctx)
	if herr := s.hookWaiting(ctx); herr != nil {
		return herr
	}
	return err
}

func (s *Notices) waker() chan struct{} {
	s.waking.Do(func() { s.wake = make(chan struct{}, 1) })
	return s.wake
}

// awake makes the loop look.
func (s *Notices) awake() {
	select {
	case s.waker() <- struct{}{}:
	default:
	}
}

// waitsAtMost is how long a message is tried: after three days it says nothing new.
const waitsAtMost = 72 * time.Hour

func (s *Notices) expire(ctx context.Context) error {
	before := int64(store.IDAt(s.Store.Now().Add(-waitsAtMost)))
	n, err := store.Get[int](ctx, s.Store, `SELECT count(*) FROM notice_message WHERE channel IN ('mail', 'webhook') AND status = 'waiting' AND id < ?`, before)
	if err != nil || n == 0 {
		return err
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE notice_message SET status = 'expired' WHERE channel IN ('mail', 'webhook') AND status = 'waiting' AND id < ?`, before)
		return err
	})
}

// backoff is how long after n failures in a row the next try waits: 5 s, 10 s, …,
// ten minutes at most.
func backoff(n int) time.Duration {
	return min(5*time.Second<<min(max(n-1, 0), 10), 10*time.Minute)
}

// again keeps that messages between two could not leave yet, and why.
func (s *Notices) again(ctx context.Context, why error, first, last store.ID, which string, arg int64) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE notice_message SET tries = tries + 1, receipt = ? WHERE status = 'waiting' AND id BETWEEN ? AND ? AND `+which, clip(why.Error()), int64(first), int64(last), arg)
		return err
	})
}

// clip bounds what somebody outside said.
func clip(s string) string {
	const most = 300
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
