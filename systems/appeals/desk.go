package appeals

import (
	"cmp"
	"context"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"shanzhi/core/account"
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

// Colleague is one of a unit's people, with what says to whom the next matter goes.
type Colleague struct {
	ID     store.ID `bun:"id" json:"id"`
	Name   string   `bun:"name" json:"name"`
	Open   int      `bun:"open" json:"open" doc:"Open matters that they have"`
	Late   int      `bun:"late" json:"late,omitempty"`
	Closed int      `bun:"closed" json:"closed,omitempty" doc:"Closed in 30 days; told to the unit's head and to themselves alone"`
	Duty   bool     `bun:"duty" json:"duty" doc:"On duty now"`
	Away   bool     `bun:"away" json:"away" doc:"On leave now"`
	Able   bool     `bun:"able" json:"able" doc:"Good at the item in question"`
	Skills string   `bun:"skills" json:"-"`
	Items  []string `bun:"-" json:"skills"`
}

// listStaff is a unit's people, the one to whom the next matter best goes first: not
// away, good at it, on duty, with the least in hand. It ranks nobody's work.
func (s *Service) listStaff(ctx context.Context, in *struct {
	Unit string `path:"unit"`
	Item string `query:"item" doc:"Code of the duty item in question"`
}) (*httpapi.Body[[]Colleague], error) {
	who := httpapi.Actor(ctx)
	sc := who.Scope()
	if !sc.All && !slices.Contains(sc.Units, in.Unit) {
		return nil, store.ErrNotFound
	}
	now := s.Store.Now()
	at := store.At(now)
	all, err := store.Select[Colleague](ctx, s.Store, `SELECT a.id, a.name,
 (SELECT count(*) FROM matter m WHERE m.assignee = a.id AND m.open) AS open, (SELECT count(*) FROM matter m WHERE m.assignee = a.id AND m.open AND m.late) AS late,
 (SELECT count(*) FROM matter m WHERE m.assignee = a.id AND m.closed_at >= ?) AS closed,
 EXISTS (SELECT 1 FROM shift s WHERE s.account = a.id AND s.kind = 'duty' AND s.since <= ? AND s.until > ? AND s.ended_at IS NULL) AS duty,
 EXISTS (SELECT 1 FROM shift s WHERE s.account = a.id AND s.kind = 'leave' AND s.since <= ? AND s.until > ? AND s.ended_at IS NULL) AS away
 FROM account a WHERE a.unit = ? AND a.kind = 'staff' AND NOT a.disabled ORDER BY a.name LIMIT 500`, store.At(now.AddDate(0, 0, -30)), at, at, at, at, in.Unit)
	if err != nil {
		return nil, err
	}
	skills, err := store.Select[struct {
		Account store.ID
		Item    string
	}](ctx, s.Store, `SELECT k.account, k.item FROM skill k JOIN account a ON a.id = k.account WHERE a.unit = ? ORDER BY k.item`, in.Unit)
	if err != nil {
		return nil, err
	}
	head := who.Has("unit_head", in.Unit) || who.Has("supervisor", in.Unit) || who.Has(account.RoleAdmin, in.Unit)
	for i := range all {
		c := &all[i]
		c.Items = []string{}
		for _, k := range skills {
			if k.Account == c.ID {
				c.Items = append(c.Items, k.Item)
				c.Able = c.Able || in.Item != "" && strings.HasPrefix(in.Item, k.Item)
			}
		}
		if !head && c.ID != who.Account {
			c.Late, c.Closed = 0, 0
		}
	}
	rank := func(c Colleague) int {
		n := 0
		for _, worse := range []bool{c.Away, !c.Able, !c.Duty} {
			n *= 2
			if worse {
				n++
			}
		}
		return n
	}
	slices.SortStableFunc(all, func(a, b Colleague) int { return cmp.Or(rank(a)-rank(b), a.Open-b.Open) })
	return httpapi.Answer(all, nil)
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
