package services

import (
	"context"
	"errors"
	"io"
	"net/http"

	"shanzhi/core/archive"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

var (
	archiveStaff  = httpapi.Roles(archiveRole, "inspector", "auditor")
	provinceStaff = httpapi.Roles("inspector", "acceptor", "approver", roleItemEditor)
)

func (s *Service) mountArchive(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "list-archives", Method: http.MethodGet, Path: "/api/services/archives", Tag: tag, Access: archiveStaff,
		Summary: "Archive packages (电子归档) of cases that are closed, the newest first"}, s.listArchives)
	httpapi.Register(srv, httpapi.Operation{ID: "take-archive", Method: http.MethodPost, Path: "/api/services/archives/{id}/file", Tag: tag, Access: httpapi.Roles(archiveRole),
		Summary: "A package, for a reason that is recorded"}, s.takeArchive)
	httpapi.Register(srv, httpapi.Operation{ID: "check-archive", Method: http.MethodPost, Path: "/api/services/archives/{id}/check", Tag: tag, Access: archiveStaff,
		Summary: "Whether a package is whole, and is what was recorded of it"}, func(ctx context.Context, in *CaseKey) (*httpapi.Body[archive.PackageReport], error) {
		cond, args := s.archiveScope(httpapi.Actor(ctx))
		list, err := s.archived(ctx, `WHERE a.id = ? AND `+cond, append([]any{int64(in.ID.ID)}, args...)...)
		switch {
		case err != nil:
			return nil, err
		case len(list) == 0:
			return nil, store.ErrNotFound
		case !list[0].Destroyed.IsZero():
			return nil, httpapi.Fail(http.StatusGone, "archive_destroyed")
		}
		return httpapi.Answer(s.CheckArchive(ctx, list[0]), nil)
	})

	httpapi.Register(srv, httpapi.Operation{ID: "get-province-standing", Method: http.MethodGet, Path: "/api/services/province", Tag: tag, Access: provinceStaff,
		Summary: "How the telling of the province (数据上报) stands: what waits, how timely it was, what did not pass, which days were compared"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[ProvinceStanding], error) {
		return httpapi.Answer(s.Telling(ctx, httpapi.Actor(ctx)))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-province-rejects", Method: http.MethodGet, Path: "/api/services/province/rejects", Tag: tag, Access: provinceStaff,
		Summary: "The box of rows that the province would not take (退回箱)"}, s.listRejects)
	httpapi.Register(srv, httpapi.Operation{ID: "get-province-reject", Method: http.MethodGet, Path: "/api/services/province/rejects/{id}", Tag: tag, Access: provinceStaff,
		Summary: "One of them: what was said, what was sent, what would be sent now"}, func(ctx context.Context, in *CaseKey) (*httpapi.Body[RejectedRow], error) {
		return httpapi.Answer(s.Reject(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-province-reject", Method: http.MethodPost, Path: "/api/services/province/rejects/{id}/actions", Tag: tag, Access: provinceStaff, Status: http.StatusNoContent,
		Summary: "Send the row again as it is now, or mark it with a reason"}, func(ctx context.Context, in *struct {
		CaseKey
		Body struct {
			Act    string `json:"act" enum:"resend,mark"`
			Reason string `json:"reason,omitempty" maxLength:"300"`
		}
	}) (*struct{}, error) {
		return nil, s.ActOnReject(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Act, in.Body.Reason)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "resend-province-rejects", Method: http.MethodPost, Path: "/api/services/province/rejects/resending", Tag: tag, Access: provinceStaff,
		Summary: "Send again all open rejects of a kind, once their common cause was repaired"}, func(ctx context.Context, in *struct {
		Body struct {
			Type   string `json:"err_type" minLength:"1" maxLength:"60"`
			Reason string `json:"reason,omitempty" maxLength:"300"`
		}
	}) (*httpapi.Body[ProvinceResent], error) {
		n, err := s.ResendRejects(ctx, httpapi.Actor(ctx), RejectFilter{Type: in.Body.Type}, in.Body.Reason)
		return httpapi.Answer(ProvinceResent{n}, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-province-day", Method: http.MethodGet, Path: "/api/services/province/days/{day}", Tag: tag, Access: httpapi.Roles("inspector"),
		Summary: "A day as it was last compared with the province"}, func(ctx context.Context, in *struct {
		Day string `path:"day" maxLength:"10"`
	}) (*httpapi.Body[ProvinceDay], error) {
		return httpapi.Answer(s.ComparedDay(ctx, in.Day))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "reconcile-province", Method: http.MethodPost, Path: "/api/services/province/days/{day}", Tag: tag, Access: httpapi.Roles("inspector"),
		Summary: "Compare a day with the province (对账); what it has not is sent again"}, func(ctx context.Context, in *struct {
		Day string `path:"day" maxLength:"10"`
	}) (*httpapi.Body[ProvinceDay], error) {
		return httpapi.Answer(s.ReconcileProvince(ctx, in.Day))
	})
}

// ProvinceResent is how many rejects were ended.
type ProvinceResent struct {
	N int `json:"n"`
}

// ArchivesPage is a page of packages.
type ArchivesPage struct {
	Archives []Archived   `json:"archives"`
	Next     store.ID     `json:"next,omitempty" doc:"Before which the next page begins; absent on the last"`
	Due      []ArchiveDue `json:"due,omitempty" doc:"Cases that wait to be archived: on the first page"`
}

func (s *Service) listArchives(ctx context.Context, in *struct {
	Q      string `query:"q" maxLength:"80" doc:"Of the number of the case or package, or the item"`
	Unit   string `query:"unit" maxLength:"40"`
	Keep   string `query:"keep" enum:"permanent,30y,10y,"`
	Before string `query:"before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*httpapi.Body[ArchivesPage], error) {
	f := ArchiveFilter{Words: in.Q, Unit: in.Unit, Keep: in.Keep, Limit: in.Limit}
	who := httpapi.Actor(ctx)
	page := ArchivesPage{}
	var err error
	if in.Before != "" {
		if f.Before, err = store.ParseID(in.Before); err != nil {
			return nil, httpapi.FailField("before", "invalid")
		}
	} else if page.Due, err = s.ArchivesDue(ctx, who); err != nil {
		return nil, err
	}
	if page.Archives, err = s.Archives(ctx, who, f); err != nil {
		return nil, err
	}
	if len(page.Archives) == in.Limit {
		page.Next = page.Archives[in.Limit-1].ID
	}
	return httpapi.Answer(page, nil)
}

func (s *Service) takeArchive(ctx context.Context, in *struct {
	CaseKey
	Body struct {
		Reason string `json:"reason" minLength:"2" maxLength:"300"`
		Format string `json:"format,omitempty" enum:"zip,xml," doc:"zip: the package; xml: the same as an encapsulation (DA/T 48-2009)"`
	}
}) (*httpapi.Download, error) {
	take, suffix, typ := s.TakeArchive, ".zip", "application/zip"
	if in.Body.Format == "xml" {
		take, suffix, typ = s.TakeEncapsulation, ".xml", "application/xml"
	}
	a, raw, err := take(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Reason)
	if errors.Is(err, ErrArchiveDestroyed) {
		return nil, httpapi.Fail(http.StatusGone, "archive_destroyed")
	}
	if err != nil {
		return nil, err
	}
	return httpapi.NewDownload(typ, "archive-"+a.CaseNo+suffix, func(w io.Writer) error {
		_, err := w.Write(raw)
		return err
	}), nil
}

func (s *Service) listRejects(ctx context.Context, in *struct {
	State  string `query:"state" enum:"open,resent,marked,"`
	Type   string `query:"err_type" maxLength:"60"`
	Unit   string `query:"unit" maxLength:"40"`
	Table  string `query:"table" maxLength:"60"`
	Before string `query:"before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*httpapi.Body[[]Rejected], error) {
	f := RejectFilter{State: in.State, Type: in.Type, Unit: in.Unit, Table: in.Table, Limit: in.Limit}
	if in.Before != "" {
		var err error
		if f.Before, err = store.ParseID(in.Before); err != nil {
			return nil, httpapi.FailField("before", "invalid")
		}
	}
	return httpapi.Answer(s.Rejects(ctx, httpapi.Actor(ctx), f))
}
