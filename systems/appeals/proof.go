package appeals

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/gate"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// Proof writes the proof (存证) of an appeal: its whole story with the sealed record of
// each step. It is checked by `shanzhi audit check`, without the house.
func (s *Service) Proof(ctx context.Context, who account.Actor, id store.ID, purpose string, w io.Writer) error {
	exit := gate.Gate{Store: s.Store}
	return exit.Paper(ctx, gate.Request{Actor: who, Purpose: purpose, What: "proof", Form: gate.JSON, Filter: map[string]any{"matter": id}}, w, func(w io.Writer, _ account.Scope, _ string) error {
		if err := s.visible(ctx, s.Store, who, id); err != nil {
			return err
		}
		m, err := caseflow.Get(ctx, s.Store, id)
		if err != nil {
			return err
		}
		p, err := caseflow.Prove(ctx, s.Audit, m)
		if err != nil {
			return err
		}
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", " ")
		return enc.Encode(p)
	})
}

func (s *Service) mountProof(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "get-appeal-proof", Method: http.MethodGet, Path: "/api/appeals/{id}/proof", Tag: tag, Access: httpapi.Roles("supervisor", "leader", "admin"),
		Summary: "The proof (存证) of an appeal: each event with its sealed record, to be checked without the house"}, func(ctx context.Context, in *struct {
		ID      httpapi.PathID `path:"id"`
		Purpose string         `query:"purpose" required:"true" minLength:"2" maxLength:"200" doc:"Why it is taken out; it is recorded"`
	}) (*download, error) {
		var b bytes.Buffer
		if err := s.Proof(ctx, httpapi.Actor(ctx), in.ID.ID, in.Purpose, &b); err != nil {
			return nil, err
		}
		return &download{ContentType: "application/json", Disposition: `attachment; filename="proof-` + in.ID.ID.String() + `.json"`, Cache: "no-store", Body: func(hc huma.Context) {
			_, _ = hc.BodyWriter().Write(b.Bytes())
		}}, nil
	})
}
