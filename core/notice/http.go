package notice

import (
	"context"
	"net/http"

	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// Mount adds the inbox to the edge.
func (s *Notices) Mount(srv *httpapi.Server) {
	const tag = "notice"
	type inbox struct {
		Items  []Notice `json:"items"`
		Unread int      `json:"unread" maximum:"100"`
		Next   string   `json:"next,omitempty"`
	}
	httpapi.Register(srv, httpapi.Operation{ID: "list-notices", Method: http.MethodGet, Path: "/api/notices", Tag: tag, Access: httpapi.SignedIn,
		Summary: "The caller's notices, newest first"},
		func(ctx context.Context, req *struct {
			Before string `query:"before" doc:"Key of the page: next of the page before"`
			Limit  int    `query:"limit" minimum:"0" maximum:"100"`
		}) (*httpapi.Body[inbox], error) {
			var before store.ID
			if req.Before != "" {
				var err error
				if before, err = store.ParseID(req.Before); err != nil {
					return nil, httpapi.FailField("before", "invalid")
				}
			}
			if req.Limit == 0 {
				req.Limit = 30
			}
			list, unread, err := s.Inbox(ctx, httpapi.Actor(ctx), before, req.Limit)
			out := inbox{Items: list, Unread: min(unread, 100)}
			if len(list) == req.Limit {
				out.Next = list[len(list)-1].ID.String()
			}
			return httpapi.Answer(out, err)
		})
	httpapi.Register(srv, httpapi.Operation{ID: "read-notices", Method: http.MethodPost, Path: "/api/notices/read", Tag: tag, Access: httpapi.SignedIn, Status: http.StatusNoContent,
		Summary: "Mark the notices up to one as read"},
		func(ctx context.Context, req *struct {
			Body struct {
				Upto store.ID `json:"upto"`
			}
		}) (*httpapi.Empty, error) {
			return nil, s.Read(ctx, httpapi.Actor(ctx), req.Body.Upto)
		})
}
