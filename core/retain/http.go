package retain

import (
	"context"
	"errors"
	"net/http"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// RuleView is a rule and what is due under it now.
type RuleView struct {
	Rule
	Due    int        `json:"due" doc:"What would be listed now; 5,000 means that or more"`
	Oldest store.Time `json:"oldest,omitzero"`
}

// Standing is all that the administrators' screen shows.
type Standing struct {
	Rules   []RuleView `json:"rules"`
	Batches []Batch    `json:"batches"`
	Holds   []Hold     `json:"holds"`
}

// Mount adds the API.
func (s *Service) Mount(srv *httpapi.Server) {
	const tag = "retention"
	admin, hold := httpapi.Roles(account.RoleAdmin, account.RoleAuditor, "supervisor"), httpapi.Roles(account.RoleAdmin, "supervisor")
	httpapi.Register(srv, httpapi.Operation{ID: "get-retention", Method: http.MethodGet, Path: "/api/retention", Tag: tag, Access: admin,
		Summary: "How long records are kept (保存期限), what is due now, lists and holds", Text: "A dry run: nothing is listed or destroyed by it."}, s.get)
	httpapi.Register(srv, httpapi.Operation{ID: "list-retention-due", Method: http.MethodPost, Path: "/api/retention/lists", Tag: tag, Access: httpapi.Roles(account.RoleAdmin),
		Summary: "Make the lists of what is due now, as every night does"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[Standing], error) {
		if !httpapi.Actor(ctx).Scope().All {
			return nil, httpapi.Fail(http.StatusForbidden, "refused_right")
		}
		if _, err := s.List(ctx); err != nil {
			return nil, err
		}
		return s.get(ctx, nil)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "decide-retention", Method: http.MethodPost, Path: "/api/retention/lists/{id}/decision", Tag: tag, Access: httpapi.Roles(account.RoleAdmin),
		Summary: "Approve a list, which destroys what is on it, or refuse it", Text: "It cannot be undone. What is held by then is kept."}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body struct {
			Approve bool   `json:"approve"`
			Reason  string `json:"reason" minLength:"4" maxLength:"300"`
		}
	}) (*httpapi.Body[Batch], error) {
		who := httpapi.Actor(ctx)
		if !who.Scope().All {
			return nil, httpapi.Fail(http.StatusForbidden, "refused_right")
		}
		b, err := s.Decide(ctx, who, in.ID.ID, in.Body.Approve, in.Body.Reason)
		return httpapi.Answer(b, problem(err))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "put-hold", Method: http.MethodPost, Path: "/api/retention/holds", Tag: tag, Access: hold, Status: http.StatusNoContent,
		Summary: "Hold a matter (保全): nothing of it is destroyed"}, func(ctx context.Context, in *struct {
		Body struct {
			No     string `json:"no" minLength:"3" maxLength:"60" doc:"The number that people quote"`
			Reason string `json:"reason" minLength:"4" maxLength:"300"`
		}
	}) (*struct{}, error) {
		return nil, problem(s.PutHold(ctx, httpapi.Actor(ctx), in.Body.No, in.Body.Reason))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "release-hold", Method: http.MethodPost, Path: "/api/retention/holds/{id}/release", Tag: tag, Access: hold, Status: http.StatusNoContent,
		Summary: "End a hold"}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body struct {
			Reason string `json:"reason" minLength:"4" maxLength:"300"`
		}
	}) (*struct{}, error) {
		return nil, problem(s.ReleaseHold(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Reason))
	})
}

func problem(err error) error {
	switch {
	case errors.Is(err, ErrDecided), errors.Is(err, ErrHeld):
		return httpapi.Fail(http.StatusConflict, "conflict")
	case errors.Is(err, ErrNoReason):
		return httpapi.FailField("reason", "too_short")
	}
	return err
}

func (s *Service) get(ctx context.Context, _ *struct{}) (*httpapi.Body[Standing], error) {
	set, err := s.settings(ctx)
	if err != nil {
		return nil, err
	}
	out := Standing{Rules: []RuleView{}}
	for _, r := range set.Rules {
		due, err := s.Kinds[r.Kind].Due(ctx, s.Store, r.before(s.Store.Now()), most)
		if err != nil {
			return nil, err
		}
		v := RuleView{Rule: r, Due: len(due)}
		if len(due) > 0 {
			v.Oldest = due[0].Since
		}
		out.Rules = append(out.Rules, v)
	}
	if out.Batches, err = store.Select[Batch](ctx, s.Store, `SELECT `+batchColumns+`, COALESCE(a.name, '') AS by_name FROM retain_batch b LEFT JOIN account a ON a.id = b.actor ORDER BY b.id DESC LIMIT 100`); err != nil {
		return nil, err
	}
	out.Holds, err = store.Select[Hold](ctx, s.Store, `SELECT h.id, h.matter, m.no, m.title, h.at, COALESCE(a.name, '') AS by_name, h.reason, h.released_at, h.release
		FROM retain_hold h JOIN matter m ON m.id = h.matter LEFT JOIN account a ON a.id = h.actor WHERE h.released_at IS NULL ORDER BY h.id DESC LIMIT 500`)
	return httpapi.Answer(out, err)
}
