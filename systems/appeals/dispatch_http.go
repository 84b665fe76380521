package appeals

import (
	"context"
	"errors"
	"net/http"

	"shanzhi/core/httpapi"
)

func (s *Service) mountDispatch(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "list-dispatch-models", Method: http.MethodGet, Path: "/api/dispatch/models", Tag: tag, Access: httpapi.Roles("supervisor", "leader", "admin"),
		Summary: "The models that advise dispatch, the newest first, with how each did on appeals that it had not seen"}, s.listModels)
	httpapi.Register(srv, httpapi.Operation{ID: "roll-back-dispatch-model", Method: http.MethodPost, Path: "/api/dispatch/models/{id}/office", Tag: tag, Access: httpapi.Roles("admin"),
		Summary: "Bring an earlier model into office again", Text: "The next night may bring a newer one."}, s.rollBack)
}

func (s *Service) listModels(ctx context.Context, _ *struct{}) (*httpapi.Body[[]DispatchModel], error) {
	models, err := s.DispatchModels(ctx)
	return httpapi.Answer(models, err)
}

func (s *Service) rollBack(ctx context.Context, in *idInput) (*httpapi.Body[DispatchModel], error) {
	m, err := s.RollBack(ctx, httpapi.Actor(ctx), in.ID.ID)
	switch {
	case errors.Is(err, ErrNoModel):
		return nil, httpapi.Fail(http.StatusNotFound, "not_found")
	case errors.Is(err, ErrModelChanged):
		return nil, httpapi.Fail(http.StatusConflict, "conflict")
	}
	return httpapi.Answer(m, err)
}
