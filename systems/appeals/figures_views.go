package appeals

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// mountFigureViews adds the views that people keep. A view that is shared is the
// question, not the answer: whoever opens it sees the rows of their own scope.
func (s *Service) mountFigureViews(srv *httpapi.Server) {
	const tag = "figures"
	httpapi.Register(srv, httpapi.Operation{ID: "list-figure-views", Method: http.MethodGet, Path: "/api/figures/views", Tag: tag, Access: httpapi.AnyStaff,
		Summary: "Views that the caller keeps, and those that others share"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]FigureView], error) {
		who := httpapi.Actor(ctx)
		rows, err := store.Select[struct {
			ID, Account store.ID
			Name, Query string
			Shared      bool
		}](ctx, s.Store, `SELECT id, account, name, query, shared FROM figure_view WHERE account = ? OR shared ORDER BY name, id LIMIT 200`, who.Account)
		out := []FigureView{}
		for _, r := range rows {
			v := FigureView{ID: r.ID, Name: r.Name, Shared: r.Shared, Mine: r.Account == who.Account}
			if json.Unmarshal([]byte(r.Query), &v.Query) == nil {
				out = append(out, v)
			}
		}
		return httpapi.Answer(out, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "keep-figure-view", Method: http.MethodPost, Path: "/api/figures/views", Tag: tag, Access: httpapi.AnyStaff, Status: http.StatusCreated,
		Summary: "Keep a query under a name"}, func(ctx context.Context, in *struct {
		Body struct {
			Name   string      `json:"name" minLength:"1" maxLength:"60"`
			Query  FigureQuery `json:"query"`
			Shared bool        `json:"shared,omitempty"`
		}
	}) (*httpapi.Body[FigureView], error) {
		who, b := httpapi.Actor(ctx), in.Body
		if b.Name = strings.TrimSpace(b.Name); b.Name == "" {
			return nil, httpapi.FailField("name", "required")
		}
		q := b.Query
		q.Limit = 1
		if _, err := s.Figures(ctx, who.Scope(), q); err != nil { // what cannot be asked is not kept
			return nil, err
		}
		raw, _ := json.Marshal(b.Query)
		v := FigureView{Name: b.Name, Query: b.Query, Shared: b.Shared, Mine: true}
		err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			v.ID = tx.NewID()
			_, err := tx.Exec(ctx, `INSERT INTO figure_view (id, account, name, query, shared, at) VALUES (?, ?, ?, ?, ?, ?)`, v.ID, who.Account, v.Name, string(raw), v.Shared, store.At(s.Store.Now()))
			return err
		})
		return httpapi.Answer(v, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "drop-figure-view", Method: http.MethodDelete, Path: "/api/figures/views/{id}", Tag: tag, Access: httpapi.AnyStaff, Status: http.StatusNoContent,
		Summary: "Remove a view of one's own"}, func(ctx context.Context, in *idInput) (*struct{}, error) {
		return nil, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			n, err := tx.Exec(ctx, `DELETE FROM figure_view WHERE id = ? AND account = ?`, in.ID.ID, httpapi.Actor(ctx).Account)
			if err == nil && n == 0 {
				err = store.ErrNotFound
			}
			return err
		})
	})
}
