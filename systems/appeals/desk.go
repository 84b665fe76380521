package appeals

import (
	"context"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// Caller is who calls 12345, as the agent sees it.
type Caller struct {
	Known   bool   `json:"known"`
	Name    string `json:"name,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Appeals []Row  `json:"appeals"`
}

func (s *Service) findCaller(ctx context.Context, in *struct {
	Phone string `query:"phone" required:"true" minLength:"7" maxLength:"20"`
}) (*httpapi.Body[Caller], error) {
	who := httpapi.Actor(ctx)
	out := Caller{Appeals: []Row{}}
	persons, err := s.Vault.Find(ctx, s.Store, vault.Phone, in.Phone)
	if err != nil {
		return nil, err
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "vault.find", Object: "phone"}, map[string]int{"found": len(persons)})
	})
	if err != nil || len(persons) == 0 {
		return httpapi.Answer(out, err)
	}
	p, err := s.Vault.Masked(ctx, s.Store, persons[0])
	if err != nil {
		return nil, err
	}
	out.Known, out.Name, out.Phone = true, p.Name, p.Phone
	cond, args := store.AnyOf("m.applicant", len(persons)), store.Args(persons...)
	out.Appeals, err = store.Select[Row](ctx, s.Store, `SELECT `+rowColumns+rowTables+` WHERE m.flow = 'appeal' AND a.secrecy <> 'anonymous' AND `+cond+` ORDER BY m.id DESC LIMIT 20`, args...)
	s.name(out.Appeals)
	return httpapi.Answer(out, err)
}

type savedFilter struct {
	Name  string `bun:"name" json:"name"`
	Query string `bun:"query" json:"query"`
}

func (s *Service) listFilters(ctx context.Context, _ *struct{}) (*httpapi.Body[[]savedFilter], error) {
	return httpapi.Answer(store.Select[savedFilter](ctx, s.Store, `SELECT name, query FROM saved_filter WHERE account = ? ORDER BY name`, int64(httpapi.Actor(ctx).Account)))
}

func (s *Service) putFilter(ctx context.Context, in *struct {
	Name string `path:"name" maxLength:"60"`
	Body struct {
		Query string `json:"query" maxLength:"2000"`
	}
}) (*httpapi.Empty, error) {
	who := httpapi.Actor(ctx)
	return nil, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if in.Body.Query == "" {
			_, err := tx.Exec(ctx, `DELETE FROM saved_filter WHERE account = ? AND name = ?`, who.Account, in.Name)
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO saved_filter (account, name, query) VALUES (?, ?, ?) ON CONFLICT (account, name) DO UPDATE SET query = excluded.query`, who.Account, in.Name, in.Body.Query)
		return err
	})
}

type colleague struct {
	ID   store.ID `bun:"id" json:"id"`
	Name string   `bun:"name" json:"name"`
}

func (s *Service) listStaff(ctx context.Context, in *struct {
	Unit string `path:"unit"`
}) (*httpapi.Body[[]colleague], error) {
	who := httpapi.Actor(ctx)
	sc := who.Scope()
	if !sc.All && !slices.Contains(sc.Units, in.Unit) {
		return nil, store.ErrNotFound
	}
	return httpapi.Answer(store.Select[colleague](ctx, s.Store, `SELECT id, name FROM account WHERE unit = ? AND kind = 'staff' AND NOT disabled ORDER BY name LIMIT 500`, in.Unit))
}

// mapLayer serves the district's own outlines: the base map needs no outside.
func (s *Service) mapLayer(srv *httpapi.Server) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimSuffix(r.PathValue("layer"), ".geojson")
		if !slices.Contains([]string{"boundary", "streets", "communities"}, name) {
			srv.Write(w, r, store.ErrNotFound)
			return
		}
		files, err := s.Packs.Current(r.Context())
		if err == nil {
			var raw []byte
			if raw, err = fs.ReadFile(files, name+".geojson"); err == nil {
				w.Header().Set("Content-Type", "application/geo+json")
				w.Header().Set("Cache-Control", "public, max-age=3600")
				_, _ = w.Write(raw)
				return
			}
		}
		srv.Write(w, r, store.ErrNotFound)
	}
}
