package appeals

import (
	"context"
	"errors"
	"time"

	"shanzhi/core/adapter"
	"shanzhi/core/store"
)

// cityPoll is how soon a queued report leaves.
const cityPoll = 2 * time.Second

// sendToCity sends reports until ctx ends. Only the leader does.
func (s *Service) sendToCity(ctx context.Context) {
	for s.City != nil && ctx.Err() == nil {
		_ = s.sweepCity(ctx)
		_, _ = s.SendCity(ctx)
		select {
		case <-ctx.Done():
		case <-time.After(cityPoll):
		}
	}
}

// sweepCity takes in what is kept and was not: the process ended in between.
func (s *Service) sweepCity(ctx context.Context) error {
	left, err := store.Select[string](ctx, s.Store, `SELECT m.no FROM city_message m LEFT JOIN city_order o ON o.no = m.no WHERE m.down AND m.state = 'waiting' AND m.seq = COALESCE(o.down, 0) + 1 AND m.came_at < ? LIMIT 100`,
		store.At(s.Store.Now().Add(-time.Minute)))
	for _, no := range left {
		err = errors.Join(err, s.takeCity(ctx, no))
	}
	return err
}

// SendCity sends the reports that are due, those of one order in their order, and
// says how many the city took. One that it did not take is tried again later and
// later; one that it refuses for good, or too often, lies dead until somebody sends
// it again, and those after it wait.
func (s *Service) SendCity(ctx context.Context) (sent int, err error) {
	for s.City != nil {
		due, err := store.Select[CityLetter](ctx, s.Store, `SELECT `+cityLetterColumns+` FROM city_message m WHERE NOT down AND state IN ('queued', 'held') AND next_at <= ?
			AND NOT EXISTS (SELECT 1 FROM city_message p WHERE NOT p.down AND p.no = m.no AND p.seq < m.seq AND p.state <> 'sent') ORDER BY id LIMIT 100`, store.At(s.Store.Now()))
		if err != nil || len(due) == 0 {
			return sent, err
		}
		for i := range due {
			if err := ctx.Err(); err != nil {
				return sent, err
			}
			ok, err := s.sendLetter(ctx, &due[i])
			if err != nil {
				return sent, err
			}
			if ok {
				sent++
			}
		}
	}
	return sent, nil
}

func (s *Service) sendLetter(ctx context.Context, l *CityLetter) (sent bool, err error) {
	book := s.district.Load().city
	m := l.message()
	state, said, wait := cityQueued, "", time.Duration(0)
	var lacks cityCode
	for kind, code := range map[string]*string{"reason": &m.Data.Reason, "result": &m.Data.Result} {
		if *code == "" {
			continue
		}
		theirs := book.theirs[cityCode{kind, *code}]
		if theirs == "" {
			lacks = cityCode{kind, *code}
		}
		*code = theirs
	}
	if lacks.code != "" {
		state, said, wait = cityHeld, "unmapped "+lacks.kind+" "+lacks.code, book.most/4
	} else {
		_, err := s.City.Send(ctx, m)
		var no *adapter.CityRefusal
		switch {
		case err == nil:
			state, sent = citySent, true
		case ctx.Err() != nil:
			return false, ctx.Err()
		case errors.As(err, &no) && no.Lasting() || l.Tries+1 >= book.Retry.Attempts:
			state, said = cityDead, err.Error()
		default:
			said, wait = err.Error(), backoff(book.first, book.most, l.Tries)
		}
	}
	now := s.Store.Now()
	return sent, s.Store.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		done, next := store.Time{}, store.Time{}
		if sent {
			done = store.At(now)
		} else if state != cityDead {
			next = store.At(now.Add(wait))
		}
		tries := 1
		if state == cityHeld {
			tries = 0
			if l.State != cityHeld {
				if err := s.noteUnmapped(ctx, tx, lacks.kind, false, lacks.code, "", l.No); err != nil {
					return err
				}
			}
		}
		_, err := tx.Exec(ctx, `UPDATE city_message SET state = ?, tries = tries + ?, next_at = ?, done_at = ?, error = ? WHERE id = ?`, state, tries, next, done, said, l.ID)
		return err
	})
}

// backoff is how long to wait after so many tries: twice as long each time.
func backoff(first, most time.Duration, tries int) time.Duration {
	for range tries {
		if first *= 2; first >= most {
			return most
		}
	}
	return first
}
