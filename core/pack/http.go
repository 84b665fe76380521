package pack

import (
	"context"
	"errors"
	"net/http"
	"unicode/utf8"

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
	type content struct {
		Path string `json:"path"`
		Text string `json:"text"`
	}
	httpapi.Register(srv, httpapi.Operation{ID: "get-pack-file", Method: http.MethodGet, Path: "/api/pack/file", Tag: tag, Access: admin, Summary: "One file of the pack, as text"},
		func(ctx context.Context, in *struct {
			Path string `query:"path" required:"true" maxLength:"200"`
		}) (*httpapi.Body[content], error) {
			body, err := store.Get[[]byte](ctx, p.Store, `SELECT body FROM pack_file WHERE path = ?`, in.Path)
			return httpapi.Answer(content{in.Path, string(body)}, err)
		})
	httpapi.Register(srv, httpapi.Operation{ID: "put-pack-file", Method: http.MethodPut, Path: "/api/pack/file", Tag: tag, Access: admin, Status: http.StatusNoContent,
		Summary: "Edit a file of the pack; what is wrong with the pack as a whole is said, and nothing is kept"},
		func(ctx context.Context, in *struct{ Body content }) (*httpapi.Empty, error) {
			who := httpapi.Actor(ctx)
			if !who.Scope().All { // a street's administrator keeps accounts, not the district's rules
				return nil, httpapi.Fail(http.StatusForbidden, "forbidden")
			}
			if !utf8.ValidString(in.Body.Text) {
				return nil, httpapi.FailField("text", "not_a_text")
			}
			err := p.Put(ctx, in.Body.Path, []byte(in.Body.Text), who)
			var wrong *Wrong
			if errors.As(err, &wrong) {
				return nil, &httpapi.Problem{Type: "about:blank", Status: http.StatusUnprocessableEntity, Code: "wrong_pack", Detail: wrong.Error()}
			}
			if err != nil {
				return nil, err
			}
			return nil, changed(ctx)
		})
}
