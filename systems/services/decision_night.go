package services

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/audit"
	"shanzhi/core/job"
	"shanzhi/core/notice"
	"shanzhi/core/rule"
	"shanzhi/core/store"
)

// decisionNights adds what is looked at every night.
func (s *Service) decisionNights(n *job.Nights) {
	n.Add(job.Night{Name: "decisions.replay", At: 2*time.Hour + 10*time.Minute, Work: func(ctx context.Context) (any, error) { return s.ReplayNightly(ctx) }})
	n.Add(job.Night{Name: "decisions.reverify", At: 3*time.Hour + 10*time.Minute, Work: func(ctx context.Context) (any, error) { return s.ReverifyNightly(ctx) }})
}

// ReplayNightly makes a sample of the kept decisions again and rebuilds the versions of
// packs from their events. What is not the same is put on record and told the publishers,
// and is an error, which the operator sees.
func (s *Service) ReplayNightly(ctx context.Context) (rule.Checked, error) {
	got, err := s.Kept.Check(ctx, s.decide.Load().Sample, uint64(s.Store.Now().Unix()))
	if err != nil {
		return got, err
	}
	wrong, err := s.Rules.Verify(ctx)
	if err != nil || len(got.Wrong)+len(wrong) == 0 {
		return got, err
	}
	ids := make([]string, len(got.Wrong))
	for i, id := range got.Wrong {
		ids[i] = id.String()
	}
	if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := audit.Write(ctx, tx, audit.Record{Action: "decision.alarm", Object: "decision"}, map[string]any{"decisions": ids, "versions": wrong}); err != nil {
			return err
		}
		if err := s.Bus.Emit(ctx, tx, s.Store.Now(), "decision.alarm", "", map[string]any{"decisions": ids, "versions": wrong}); err != nil {
			return err
		}
		return s.tellRole(ctx, tx, rule.RolePublisher, notice.Note{Name: "decision_alarm", Link: "/desk/decisions", Urgent: true, Words: map[string]string{"no": strconv.Itoa(len(ids) + len(wrong))}})
	}); err != nil {
		return got, err
	}
	return got, fmt.Errorf("services: decisions that do not come to what was kept: %s; versions that their events make something else of: %s", strings.Join(ids, ", "), strings.Join(wrong, ", "))
}

// ReverifyNightly looks at the facts of all live approvals again, and lets offers that
// nobody answered end.
func (s *Service) ReverifyNightly(ctx context.Context) (Reverified, error) {
	got, err := s.Reverify(ctx, s.Store.Now())
	if got.Changed > 0 {
		err = errors.Join(err, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			return s.tellRole(ctx, tx, rule.RolePublisher, notice.Note{Name: "decision_facts", Link: "/desk/decisions", Words: map[string]string{"no": strconv.Itoa(got.Changed)}})
		}))
	}
	return got, errors.Join(err, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE benefit_offer SET state = 'expired', answered_at = ? WHERE state = 'offered' AND at < ?`, store.At(s.Store.Now()), store.At(s.Store.Now().AddDate(0, 0, -offerDays)))
		return err
	}))
}

// offerDays is how long an offer waits for an answer.
const offerDays = 90
