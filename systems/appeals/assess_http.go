package appeals

import (
	"context"
	"net/http"
	"slices"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/metric"
	"shanzhi/core/store"
)

// AssessBook is what is assessed and how: every figure's definition.
type AssessBook struct {
	Indicators []*metric.Indicator `json:"indicators"`
	Schemes    []*metric.Scheme    `json:"schemes"`
}

// AssessTerm is one frozen assessment in a list.
type AssessTerm struct {
	ID     store.ID   `bun:"id" json:"id"`
	Scheme string     `bun:"scheme" json:"scheme"`
	Month  string     `bun:"month" json:"month"`
	At     store.Time `bun:"at" json:"at"`
	Parent store.ID   `bun:"parent" json:"parent,omitempty"`
}

// AssessPoint is a unit's standing in one month.
type AssessPoint struct {
	Month  string  `bun:"month" json:"month"`
	Points float64 `bun:"points" json:"points"`
	Rate   float64 `bun:"rate" json:"rate"`
	Rank   int     `bun:"rank" json:"rank"`
}

func (s *Service) mountAssess(srv *httpapi.Server) {
	const tag = "assessment"
	staff, may := httpapi.AnyStaff, httpapi.Roles("supervisor", account.RoleAdmin)
	httpapi.Register(srv, httpapi.Operation{ID: "get-assessment-book", Method: http.MethodGet, Path: "/api/assessments/book", Tag: tag, Access: staff,
		Summary: "Indicators and schemes of assessment, with their definitions"}, func(context.Context, *struct{}) (*httpapi.Body[AssessBook], error) {
		b := s.district.Load().assess
		return httpapi.Answer(AssessBook{b.Indicators, b.Schemes}, nil)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-assessments", Method: http.MethodGet, Path: "/api/assessments", Tag: tag, Access: staff,
		Summary: "Frozen assessments, the newest month first"}, func(ctx context.Context, in *struct {
		Scheme string `query:"scheme"`
	}) (*httpapi.Body[[]AssessTerm], error) {
		all, err := store.Select[AssessTerm](ctx, s.Store, `SELECT id, scheme, month, at, parent FROM assessment WHERE ? = '' OR scheme = ? ORDER BY month DESC, id DESC LIMIT 200`, in.Scheme, in.Scheme)
		return httpapi.Answer(all, err)
	})
	type monthInput struct {
		Scheme string `query:"scheme" required:"true"`
		Month  string `query:"month" required:"true" doc:"2026-10"`
	}
	httpapi.Register(srv, httpapi.Operation{ID: "preview-assessment", Method: http.MethodGet, Path: "/api/assessments/preview", Tag: tag, Access: staff,
		Summary: "The assessment of a month as of now, not frozen"}, func(ctx context.Context, in *monthInput) (*httpapi.Body[Assessment], error) {
		a, err := s.Assess(ctx, in.Scheme, in.Month)
		return httpapi.Answer(a, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "freeze-assessment", Method: http.MethodPost, Path: "/api/assessments", Tag: tag, Access: may, Status: http.StatusCreated,
		Summary: "Freeze the assessment of a month; again, to correct it, with the difference"}, func(ctx context.Context, in *struct {
		Body struct {
			Scheme string `json:"scheme"`
			Month  string `json:"month"`
		}
	}) (*httpapi.Body[Assessment], error) {
		a, err := s.Freeze(ctx, httpapi.Actor(ctx), in.Body.Scheme, in.Body.Month)
		return httpapi.Answer(a, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-assessment", Method: http.MethodGet, Path: "/api/assessments/{id}", Tag: tag, Access: staff,
		Summary: "A frozen assessment, with what it changed of the one before"}, func(ctx context.Context, in *idInput) (*httpapi.Body[Assessment], error) {
		a, err := s.Assessment(ctx, in.ID.ID)
		return httpapi.Answer(a, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-assessment-losses", Method: http.MethodGet, Path: "/api/assessments/{id}/losses", Tag: tag, Access: staff,
		Summary: "The matters that cost a unit points: one's own unit, or any for the platform"}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Unit string         `query:"unit" required:"true"`
	}) (*httpapi.Body[[]LossRow], error) {
		if sc := httpapi.Actor(ctx).Scope(); !sc.All && !slices.Contains(sc.Units, in.Unit) {
			return httpapi.Answer([]LossRow{}, nil)
		}
		rows, err := s.Losses(ctx, in.ID.ID, in.Unit)
		return httpapi.Answer(rows, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-assessment-trend", Method: http.MethodGet, Path: "/api/assessments/trend", Tag: tag, Access: staff,
		Summary: "How a unit stood in the frozen months, the oldest first"}, func(ctx context.Context, in *struct {
		Scheme string `query:"scheme" required:"true"`
		Unit   string `query:"unit" required:"true"`
	}) (*httpapi.Body[[]AssessPoint], error) {
		all, err := store.Select[store.ID](ctx, s.Store, `SELECT MAX(id) FROM assessment WHERE scheme = ? GROUP BY month ORDER BY month DESC LIMIT 24`, in.Scheme)
		out := []AssessPoint{}
		for _, id := range slices.Backward(all) {
			a, err := readAssessment(ctx, s.Store, id)
			if err != nil {
				return nil, err
			}
			for _, r := range a.Results {
				if r.Unit == in.Unit && r.Full > 0 {
					out = append(out, AssessPoint{a.Month, r.Points, r.Rate, r.Rank})
				}
			}
		}
		return httpapi.Answer(out, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "contest-score", Method: http.MethodPost, Path: "/api/appeals/{id}/score-appeals", Tag: tag, Access: httpapi.Roles("unit_head", "handler"), Status: http.StatusCreated,
		Summary: "Ask that a matter does not count in the unit's assessment (考核申诉)"}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body struct {
			Scheme string   `json:"scheme"`
			Month  string   `json:"month"`
			Reason string   `json:"reason" minLength:"10" maxLength:"2000"`
			Files  []string `json:"files,omitempty" maxItems:"9"`
		}
	}) (*httpapi.Body[caseflow.Matter], error) {
		m, err := s.ContestScore(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Scheme, in.Body.Month, in.Body.Reason, in.Body.Files)
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(*m, nil)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-assessment-entries", Method: http.MethodGet, Path: "/api/assessments/entries", Tag: tag, Access: staff,
		Summary: "Points entered by hand, with their reasons"}, func(ctx context.Context, in *monthInput) (*httpapi.Body[[]AssessEntry], error) {
		all, err := store.Select[AssessEntry](ctx, s.Store, `SELECT id, unit, extra, points, reason, files, at FROM assessment_entry WHERE scheme = ? AND month = ? AND undone_at IS NULL ORDER BY id`, in.Scheme, in.Month)
		for i := range all {
			all[i].List = decodeList(all[i].Files)
		}
		return httpapi.Answer(all, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "add-assessment-entry", Method: http.MethodPost, Path: "/api/assessments/entries", Tag: tag, Access: may, Status: http.StatusNoContent,
		Summary: "Enter a deduction or a bonus with its evidence"}, func(ctx context.Context, in *struct {
		Body struct {
			Scheme string   `json:"scheme"`
			Month  string   `json:"month"`
			Unit   string   `json:"unit"`
			Extra  string   `json:"extra"`
			Points float64  `json:"points"`
			Reason string   `json:"reason" maxLength:"1000"`
			Files  []string `json:"files,omitempty" maxItems:"9"`
		}
	}) (*struct{}, error) {
		b := in.Body
		return nil, s.Enter(ctx, httpapi.Actor(ctx), b.Scheme, b.Month, AssessEntry{Unit: b.Unit, Extra: b.Extra, Points: b.Points, Reason: b.Reason, List: b.Files})
	})
	httpapi.Register(srv, httpapi.Operation{ID: "undo-assessment-entry", Method: http.MethodDelete, Path: "/api/assessments/entries/{id}", Tag: tag, Access: may, Status: http.StatusNoContent,
		Summary: "Take entered points back"}, func(ctx context.Context, in *idInput) (*struct{}, error) {
		who := httpapi.Actor(ctx)
		return nil, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			n, err := tx.Exec(ctx, `UPDATE assessment_entry SET undone_at = ? WHERE id = ? AND undone_at IS NULL`, store.At(s.Store.Now()), in.ID.ID)
			if err == nil && n == 0 {
				err = store.ErrNotFound
			}
			if err != nil {
				return err
			}
			return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "assessment.undo", Object: "assessment_entry/" + in.ID.ID.String()}, nil)
		})
	})
}
