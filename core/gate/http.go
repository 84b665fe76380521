package gate

import (
	"context"
	"errors"
	"net/http"

	"shanzhi/core/httpapi"
)

// Problem says an error of approvals to who asked.
func Problem(err error) error {
	for is, code := range map[error]string{ErrApproval: "forbidden", ErrReason: "reason_short", ErrOwn: "own_download", ErrDecided: "decided_already", ErrOver: "download_over", ErrOther: "download_other"} {
		if errors.Is(err, is) {
			status := http.StatusConflict
			if is == ErrApproval || is == ErrOwn {
				status = http.StatusForbidden
			}
			if is == ErrReason {
				status = http.StatusUnprocessableEntity
			}
			return httpapi.Fail(status, code)
		}
	}
	return err
}

// Mount adds the API of approvals: what was asked for, and the decisions. Asking and
// fetching are beside each export.
func Mount(srv *httpapi.Server, p *Approvals) {
	const tag = "downloads"
	httpapi.Register(srv, httpapi.Operation{ID: "list-downloads", Method: http.MethodGet, Path: "/api/downloads", Tag: tag, Access: httpapi.AnyStaff,
		Summary: "Downloads that were asked for (下载审批): one's own, and those of all for who decides, waiting ones first"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]DownloadRequest], error) {
		return httpapi.Answer(p.List(ctx, httpapi.Actor(ctx)))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "decide-download", Method: http.MethodPost, Path: "/api/downloads/{id}/decision", Tag: tag, Access: httpapi.Roles(approvers...),
		Summary: "Approve or refuse somebody else's download", Text: "What is approved may be fetched once within 24 hours by who asked."}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body struct {
			Approve bool   `json:"approve"`
			Note    string `json:"note" minLength:"4" maxLength:"300"`
		}
	}) (*httpapi.Body[DownloadRequest], error) {
		who := httpapi.Actor(ctx)
		if !MayApprove(who) {
			return nil, httpapi.Fail(http.StatusForbidden, "refused_right")
		}
		d, err := p.Decide(ctx, who, in.ID.ID, in.Body.Approve, in.Body.Note)
		return httpapi.Answer(d, Problem(err))
	})
}
