package pack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// File is one file of the pack in force.
type File struct {
	Path    string     `bun:"path" json:"path"`
	Size    int64      `bun:"size" json:"size"`
	Edited  bool       `bun:"edited" json:"edited" doc:"Differs from what the pack brought"`
	Changed store.Time `bun:"changed_at" json:"changed_at"`
}

// Files lists the files of the pack in force.
func (p *Packs) Files(ctx context.Context) ([]File, error) {
	return store.Select[File](ctx, p.Store, `SELECT path, length(body) AS size, base <> hash AS edited, changed_at FROM pack_file ORDER BY path`)
}

// Stamp changes whenever a file of the pack in force does.
func (p *Packs) Stamp(ctx context.Context) (stamp store.Time, err error) {
	err = p.Store.QueryRow(ctx, `SELECT max(changed_at) FROM pack_file`).Scan(&stamp)
	return stamp, err
}

// Mount adds the operations by which administrators read and edit the files of
// the pack in force. changed takes over what was edited.
func (p *Packs) Mount(srv *httpapi.Server, changed func(ctx context.Context) error) {
	const tag = "pack"
	admin := httpapi.Roles(account.RoleAdmin)
	httpapi.Register(srv, httpapi.Operation{ID: "list-pack-files", Method: http.MethodGet, Path: "/api/pack/files", Tag: tag, Access: admin, Summary: "The files of the district's pack"},
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]File], error) {
			return httpapi.Answer(p.Files(ctx))
		})
	type packContent struct {
		Path     string `json:"path"`
		Text     string `json:"text"`
		Hash     string `json:"hash" doc:"Give it as 'base' with an edit of this form"`
		Brought  string `json:"brought" doc:"Hash of the form that the pack brought"`
		Editable bool   `json:"editable" doc:"The caller may edit it"`
	}
	// A street's administrator keeps accounts, not the district's rules.
	may := func(ctx context.Context) bool { return httpapi.Actor(ctx).Scope().All }
	httpapi.Register(srv, httpapi.Operation{ID: "get-pack-file", Method: http.MethodGet, Path: "/api/pack/file", Tag: tag, Access: admin, Summary: "One file of the pack, as text"},
		func(ctx context.Context, in *struct {
			Path string `query:"path" required:"true" maxLength:"200"`
		}) (*httpapi.Body[packContent], error) {
			f, err := store.Get[storedFile](ctx, p.Store, `SELECT path, body, base, hash FROM pack_file WHERE path = ?`, in.Path)
			return httpapi.Answer(packContent{in.Path, string(f.Body), f.Hash, f.Base, may(ctx)}, err)
		})
	type packEdit struct {
		Path string `json:"path" maxLength:"200"`
		Text string `json:"text"`
	}
	type packVerdict struct {
		Faults []PackFault `json:"faults" doc:"All that would be wrong with the pack; none when it may be saved"`
	}
	const most = 8 << 20 // the largest file of a pack, with room
	httpapi.Register(srv, httpapi.Operation{ID: "check-pack-file", Method: http.MethodPost, Path: "/api/pack/check", Tag: tag, Access: admin, MaxBody: most,
		Summary: "Find what would be wrong with the pack as a whole if a file were as given; nothing is kept"},
		func(ctx context.Context, in *struct{ Body packEdit }) (*httpapi.Body[packVerdict], error) {
			if !may(ctx) {
				return nil, httpapi.Fail(http.StatusForbidden, "forbidden")
			}
			_, _, err := p.Try(ctx, in.Body.Path, []byte(in.Body.Text))
			var wrong *Wrong
			if err != nil && !errors.As(err, &wrong) {
				return nil, err
			}
			return httpapi.Answer(packVerdict{Faults(err)}, nil)
		})
	httpapi.Register(srv, httpapi.Operation{ID: "put-pack-file", Method: http.MethodPut, Path: "/api/pack/file", Tag: tag, Access: admin, Status: http.StatusNoContent, MaxBody: most,
		Summary: "Edit a file of the pack; what is wrong with the pack as a whole is said, and nothing is kept"},
		func(ctx context.Context, in *struct {
			Body struct {
				Path string `json:"path" maxLength:"200"`
				Text string `json:"text"`
				Base string `json:"base,omitempty" maxLength:"64" doc:"Hash of the form that was edited: refused when it is in force no more"`
				Note string `json:"note,omitempty" maxLength:"500" doc:"Why"`
			}
		}) (*httpapi.Empty, error) {
			if !may(ctx) {
				return nil, httpapi.Fail(http.StatusForbidden, "forbidden")
			}
			if !utf8.ValidString(in.Body.Text) {
				return nil, httpapi.FailField("text", "not_a_text")
			}
			err := p.Put(ctx, Edit{Path: in.Body.Path, Body: []byte(in.Body.Text), Base: in.Body.Base, Note: in.Body.Note}, httpapi.Actor(ctx))
			var wrong *Wrong
			switch {
			case errors.As(err, &wrong):
				problem := &httpapi.Problem{Type: "about:blank", Status: http.StatusUnprocessableEntity, Code: "wrong_pack", Detail: wrong.Error()}
				for _, found := range Faults(wrong) {
					problem.Errors = append(problem.Errors, &huma.ErrorDetail{Location: fmt.Sprintf("%s:%d", found.File, found.Line), Message: found.Text})
				}
				return nil, problem
			case errors.Is(err, ErrStale):
				return nil, httpapi.Fail(http.StatusConflict, "pack_conflict")
			case err != nil:
				return nil, err
			}
			return nil, changed(ctx)
		})
	httpapi.Register(srv, httpapi.Operation{ID: "list-pack-versions", Method: http.MethodGet, Path: "/api/pack/versions", Tag: tag, Access: admin, Summary: "The forms that a file of the pack had, newest first"},
		func(ctx context.Context, in *struct {
			Path  string `query:"path" required:"true" maxLength:"200"`
			After string `query:"after"`
		}) (*httpapi.Body[httpapi.Page[PackVersion]], error) {
			before, _ := store.ParseID(in.After)
			list, err := p.History(ctx, in.Path, before)
			page := httpapi.Page[PackVersion]{Items: list}
			if len(list) == maxHistory {
				page.Next = list[len(list)-1].ID.String()
			}
			return httpapi.Answer(page, err)
		})
	httpapi.Register(srv, httpapi.Operation{ID: "get-pack-version", Method: http.MethodGet, Path: "/api/pack/versions/{id}", Tag: tag, Access: admin, Summary: "One form that a file of the pack had, as text"},
		func(ctx context.Context, in *struct {
			ID httpapi.PathID `path:"id"`
		}) (*httpapi.Body[packEdit], error) {
			v, err := store.Get[storedFile](ctx, p.Store, `SELECT path, body, '' AS base, hash FROM pack_version WHERE id = ?`, int64(in.ID.ID))
			return httpapi.Answer(packEdit{v.Path, string(v.Body)}, err)
		})
}
