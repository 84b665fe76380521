package notice

import (
	"context"
	"encoding/json"
	"errors"

	"shanzhi/core/event"
	"shanzhi/core/job"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// sendMessages is the job that sends the messages of a stretch of events. One
// job for many: what a job costs is a commit of its own.
type sendMessages struct {
	First store.ID `json:"first" river:"unique"`
	Last  store.ID `json:"last" river:"unique"`
}

// Kind implements job.Args.
func (sendMessages) Kind() string { return "notice.messages" }

// Handle gives the queue its work; before the queue is opened.
func (s *Notices) Handle(q *job.Queue) { job.Handle(q, s.send) }

// Follow brings the short messages that are waiting to the queue, and sends mail
// and what receivers are told, until ctx ends. One process does it.
func (s *Notices) Follow(ctx context.Context, q *job.Queue) {
	go s.deliver(ctx)
	s.Bus.Forward(ctx, "notice.messages", func(ctx context.Context, events []event.Event) error {
		var m sendMessages
		for _, e := range events {
			if e.Subject != sendSubject {
				continue
			}
			id, err := store.ParseID(e.Key)
			if err != nil {
				continue
			}
			if m.First == 0 || id < m.First {
				m.First = id
			}
			m.Last = max(m.Last, id)
		}
		if m.First == 0 {
			return nil
		}
		return q.Add(ctx, m)
	})
}

// sentAtOnce is how many messages one write says were sent: what is lost when
// the power fails in between is sent again.
const sentAtOnce = 50

// send sends what is waiting of a stretch. What may not leave yet, or could not,
// is tried again later by the same job.
func (s *Notices) send(ctx context.Context, args sendMessages) error {
	type message struct {
		ID, Person store.ID
		Urgent     bool
		Text       string
	}
	waiting, err := store.Select[message](ctx, s.Store, `SELECT m.id, m.person, n.urgent, n.text FROM notice_message m JOIN notice n ON n.id = m.notice
		WHERE m.id BETWEEN ? AND ? AND m.channel = 'sms' AND m.status IN ('waiting', 'failed') ORDER BY m.id`, int64(args.First), int64(args.Last))
	if err != nil {
		return err
	}
	now := s.Store.Now()
	until := s.quietUntil(now)
	var done []became
	var failed []error
	kept := false
	for i, m := range waiting {
		if until.After(now) && !m.Urgent {
			kept = true
		} else if b, err := s.sendOne(ctx, m.Person, m.Text); err != nil && b.status == "" {
			return errors.Join(err, s.keep(ctx, done))
		} else {
			b.id = m.ID
			done, failed = append(done, b), append(failed, err)
		}
		if len(done) == sentAtOnce || i == len(waiting)-1 {
			if err := s.keep(ctx, done); err != nil {
				return err
			}
			done = done[:0]
		}
	}
	if err := errors.Join(failed...); err != nil {
		return err
	}
	if kept {
		return job.Later(until.Sub(now))
	}
	return nil
}

// became is what became of a message.
type became struct {
	id              store.ID
	status, receipt string
}

func (s *Notices) sendOne(ctx context.Context, person store.ID, written string) (became, error) {
	who, err := s.Vault.Own(ctx, s.Store, person)
	if err != nil && !errors.Is(err, vault.ErrErased) {
		return became{}, err
	}
	if who[vault.Phone] == "" {
		return became{status: "none"}, nil
	}
	var text told
	if err := json.Unmarshal([]byte(written), &text); err != nil {
		return became{}, err
	}
	receipt, err := s.SMS.Send(ctx, who[vault.Phone], text.Body.In("zh"))
	if err != nil {
		return became{status: "failed", receipt: err.Error()}, err
	}
	return became{status: "sent", receipt: receipt}, nil
}

func (s *Notices) keep(ctx context.Context, done []became) error {
	if len(done) == 0 {
		return nil
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, b := range done {
			if _, err := tx.Exec(ctx, `UPDATE notice_message SET status = ?, receipt = ?, sent_at = ? WHERE id = ?`, b.status, b.receipt, store.At(s.Store.Now()), int64(b.id)); err != nil {
				return err
			}
		}
		return nil
	})
}
