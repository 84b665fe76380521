package services

import (
	"context"
	"errors"
	"strings"

	"shanzhi/core/caseflow"
	"shanzhi/core/notice"
	"shanzhi/core/store"
)

// badRatingTellings say, by action, who is told of a bad rating (差评). A notice to the
// rated unit holds what is to be put right and nothing by which to find who rated.
var badRatingTellings = map[string][]caseTelling{
	"open":        {{"bad_rating_new", "rating_clerk@asker", "call"}, {"bad_rating_new", "inspector@asker", "call"}},
	"uphold":      {{"bad_rating_rectify", "approver@holder", "rectify"}},
	"unfound":     {{"bad_rating_unfounded", "", ""}},
	"contest":     {{"bad_rating_contested", "rating_clerk@asker", ""}, {"bad_rating_contested", "inspector@asker", ""}},
	"dismiss":     {{"bad_rating_dismissed", "approver@holder", ""}, {"bad_rating_unfounded", "", ""}},
	"keep_rating": {{"bad_rating_kept", "approver@holder", "rectify"}},
	"rectify":     {{"bad_rating_rectified", "rating_clerk@asker", "again"}},
	"rerated":     {{"bad_rating_closed", "", ""}, {"bad_rating_rerated", "rating_clerk@asker", ""}},
	"lapse":       {{"bad_rating_closed", "", ""}},
	"close":       {{"bad_rating_closed", "", ""}},
}

// badRatingMarks are for a clock of it that comes near its due, or passes it.
func badRatingMarks(m *caseflow.Mark) []caseTelling {
	switch {
	case m.Clock == "again":
		return nil // the flow's own action follows, and tells
	case m.Level == caseflow.Due:
		return []caseTelling{{"bad_rating_late", "turn", m.Clock}, {"bad_rating_late", "inspector@asker", m.Clock}}
	}
	return []caseTelling{{"bad_rating_soon", "turn", m.Clock}}
}

// tellBadRating tells of a step of a bad rating.
func (s *Service) tellBadRating(ctx context.Context, tx *store.Tx, id store.ID, h caseflow.Happened) error {
	tells := badRatingTellings[h.Action]
	if h.Mark != nil {
		tells = badRatingMarks(h.Mark)
	}
	if len(tells) == 0 {
		return nil
	}
	m, err := caseflow.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	ev, err := caseflow.EventOf(ctx, tx, id, h.Seq)
	if err != nil {
		return err
	}
	due, err := caseflow.DueByClock(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, t := range tells {
		n := notice.Note{Name: t.name, About: "matter/" + id.String(), Link: "/desk/bad-ratings", Due: due[t.clock], Words: map[string]string{"unit": s.Dir.Tree().Name(m.Unit)}}
		for _, field := range []string{"what", "reason"} {
			if n.Words["reason"] = said(ev.Data.Form, field); n.Words["reason"] != "" {
				break
			}
		}
		if t.desk == "" {
			r, err := store.Get[ratingRow](ctx, tx, `SELECT `+ratingColumns+` FROM service_rating r WHERE r.matter = ? AND r.n = 1`, id)
			if errors.Is(err, store.ErrNotFound) || err == nil && r.Person == 0 {
				continue // nobody knows who rated
			}
			if err != nil {
				return err
			}
			n.Person, n.Link, n.Words = r.Person, "/rate/"+s.ratingToken(r.ID), map[string]string{"title": r.Title}
		} else {
			desk := t.desk
			if desk == "turn" {
				desk = h.After.Desk
			}
			role, at, _ := strings.Cut(desk, "@")
			switch at {
			case "holder":
				at = h.After.Unit
			case "asker":
				at = m.Asker
			}
			if role == "" {
				continue
			}
			n.Desk = role + "@" + at
		}
		if err := s.Notices.Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}
