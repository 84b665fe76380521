package halls

import (
	"context"
	"slices"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// allKinds is the skill of who serves all that their window does.
const allKinds = "*"

// kindsOf are the kinds that a skill names; nil is all.
func kindsOf(skills string) []string {
	if skills == allKinds {
		return nil
	}
	return list(skills)
}

// ClerkSkill is what a clerk may serve at a hall (技能), as it was set last.
type ClerkSkill struct {
	Clerk  store.ID   `bun:"clerk" json:"clerk"`
	Name   string     `bun:"name" json:"name"`
	Skills string     `bun:"skills" json:"-"`
	All    bool       `bun:"-" json:"all" doc:"All that their window does"`
	Kinds  []string   `bun:"-" json:"kinds" doc:"The kinds, where it is not all"`
	Window string     `bun:"window_code" json:"window,omitempty" doc:"The one that they have open"`
	Reason string     `bun:"reason" json:"reason,omitempty"`
	By     string     `bun:"by_name" json:"by,omitempty"`
	At     store.Time `bun:"at" json:"at,omitzero" doc:"Absent where it never was set"`
}

func (c *ClerkSkill) read() {
	kinds := kindsOf(c.Skills)
	c.All, c.Kinds = kinds == nil, append([]string{}, kinds...)
}

// may says whether they may serve a kind.
func (c *ClerkSkill) may(kind string) bool { return c.All || slices.Contains(c.Kinds, kind) }

// SkillKind is a kind of business with who may serve it.
type SkillKind struct {
	Code string `json:"code"`
	Name Text   `json:"name"`
	Able int    `json:"able" doc:"Clerks who may serve it"`
	Now  int    `json:"now" doc:"Of those, at an open window that does it"`
}

// SkillMatrix is who may serve what at a hall (技能矩阵).
type SkillMatrix struct {
	Kinds  []SkillKind  `json:"kinds"`
	Clerks []ClerkSkill `json:"clerks"`
}

// windowRoles are those who sit at windows.
var windowRoles = []string{"intake_clerk", "stuck_clerk"}

// clerks are those who may sit at a hall's windows, with what each may serve there.
func (s *Service) clerks(ctx context.Context, q store.Querier, h *Hall) ([]ClerkSkill, error) {
	above, tree := []any{}, s.Dir.Tree()
	for code := h.Unit; code != "" && !slices.Contains(above, any(code)); {
		above = append(above, code)
		u, _ := tree.Unit(code)
		code = u.Parent
	}
	args := append([]any{h.Code, h.Code}, store.Args(windowRoles...)...)
	args = append(append(args, above...), store.At(s.Store.Now()))
	out, err := store.Select[ClerkSkill](ctx, q, `SELECT a.id AS clerk, a.name, COALESCE(k.kinds, '*') AS skills, COALESCE(k.reason, '') AS reason, COALESCE(b.name, '') AS by_name, k.at, COALESCE(s.window_code, '') AS window_code FROM account a
 LEFT JOIN hall_skill_set k ON k.id = (SELECT max(x.id) FROM hall_skill_set x WHERE x.clerk = a.id AND x.hall IN (?, '')) LEFT JOIN account b ON b.id = k.actor LEFT JOIN hall_sitting s ON s.clerk = a.id AND s.until IS NULL AND s.hall = ?
 WHERE a.kind = 'staff' AND NOT a.disabled AND EXISTS (SELECT 1 FROM role_grant g WHERE g.account = a.id AND `+store.AnyOf("g.role", len(windowRoles))+` AND `+store.AnyOf("g.unit", len(above))+` AND (g.valid_to IS NULL OR g.valid_to > ?)) ORDER BY a.name, a.id`, args...)
	for i := range out {
		out[i].read()
	}
	return out, err
}

// clerk is one of them, or ErrNotFound.
func (s *Service) clerk(ctx context.Context, q store.Querier, h *Hall, id store.ID) (ClerkSkill, error) {
	all, err := s.clerks(ctx, q, h)
	if err != nil {
		return ClerkSkill{}, err
	}
	c := find(all, func(c *ClerkSkill) bool { return c.Clerk == id })
	if c == nil {
		return ClerkSkill{}, store.ErrNotFound
	}
	return *c, nil
}

// Skills is the matrix of a hall.
func (s *Service) Skills(ctx context.Context, h *Hall) (SkillMatrix, error) {
	clerks, err := s.clerks(ctx, s.Store, h)
	out := SkillMatrix{Kinds: []SkillKind{}, Clerks: append([]ClerkSkill{}, clerks...)}
	for _, k := range h.Kinds {
		x := SkillKind{Code: k.Code, Name: k.Name}
		for _, c := range clerks {
			if !c.may(k.Code) {
				continue
			}
			x.Able++
			if w := h.window(c.Window); w != nil && w.kind(k.Code) {
				x.Now++
			}
		}
		out.Kinds = append(out.Kinds, x)
	}
	return out, err
}

// SkillHistory is everything that was set of a clerk at a hall, the newest first.
func (s *Service) SkillHistory(ctx context.Context, h *Hall, clerk store.ID) ([]ClerkSkill, error) {
	out, err := store.Select[ClerkSkill](ctx, s.Store, `SELECT k.clerk, a.name, k.kinds AS skills, k.reason, COALESCE(b.name, '') AS by_name, k.at FROM hall_skill_set k JOIN account a ON a.id = k.clerk LEFT JOIN account b ON b.id = k.actor WHERE k.clerk = ? AND k.hall IN (?, '') ORDER BY k.id DESC LIMIT 200`, clerk, h.Code)
	for i := range out {
		out[i].read()
	}
	return append([]ClerkSkill{}, out...), err
}

// SetSkills says which kinds a clerk may serve at a hall from now on; all is all that
// their window does, no kind at all is nothing. Who is at the window stays there.
func (s *Service) SetSkills(ctx context.Context, who account.Actor, h *Hall, clerk store.ID, all bool, kinds []string, reason string) error {
	kept := []string{}
	for _, k := range h.Kinds { // in the hall's own order: the same choice is the same row
		if slices.Contains(kinds, k.Code) {
			kept = append(kept, k.Code)
		}
	}
	if len(kept) != len(kinds) || all && len(kinds) > 0 {
		return failField("kinds")
	}
	skills, reason := strings.Join(kept, ";"), text.Mask(strings.TrimSpace(reason))
	if all {
		skills = allKinds
	}
	now := s.Store.Now()
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		c, err := s.clerk(ctx, tx, h, clerk)
		if err != nil || c.Skills == skills {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO hall_skill_set (id, hall, clerk, kinds, reason, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?)`, tx.NewID(), h.Code, clerk, skills, reason, who.Account, store.At(now)); err != nil {
			return err
		}
		if err := s.tellWindow(ctx, tx, h.Code, c.Window, store.At(now)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{At: store.At(now), Actor: who.Account, Unit: who.Unit, Action: "halls.skills", Object: "account/" + clerk.String(), Reason: reason}, map[string]any{"hall": h.Code, "all": all, "kinds": kept})
	})
}

func (s *Service) mountSkills(srv *httpapi.Server) {
	op := func(id, method, path, summary string) httpapi.Operation {
		return httpapi.Operation{ID: id, Method: method, Path: path, Tag: tag, Access: managing, Summary: summary}
	}
	httpapi.Register(srv, op("get-hall-skills", "GET", "/api/halls/{code}/skills", "Who may serve what at a hall (技能矩阵), and how many are at windows"), func(ctx context.Context, in *HallIn) (*httpapi.Body[SkillMatrix], error) {
		h, err := s.at(httpapi.Actor(ctx), in.Code, "hall_manager")
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.Skills(ctx, h))
	})
	httpapi.Register(srv, op("set-hall-skills", "POST", "/api/halls/{code}/skills", "Which kinds a clerk may serve from now on"), func(ctx context.Context, in *struct {
		HallIn
		Body struct {
			Clerk  store.ID `json:"clerk"`
			All    bool     `json:"all,omitempty" doc:"All that their window does; kinds is empty then"`
			Kinds  []string `json:"kinds" maxItems:"50"`
			Reason string   `json:"reason,omitempty" maxLength:"200"`
		}
	}) (*httpapi.Body[SkillMatrix], error) {
		who := httpapi.Actor(ctx)
		h, err := s.at(who, in.Code, "hall_manager")
		if err == nil {
			err = s.SetSkills(ctx, who, h, in.Body.Clerk, in.Body.All, in.Body.Kinds, in.Body.Reason)
		}
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.Skills(ctx, h))
	})
	httpapi.Register(srv, op("get-hall-skill-history", "GET", "/api/halls/{code}/skills/{id}", "What a clerk might serve when, and who said so"), func(ctx context.Context, in *struct {
		HallIn
		ID httpapi.PathID `path:"id"`
	}) (*httpapi.Body[[]ClerkSkill], error) {
		h, err := s.at(httpapi.Actor(ctx), in.Code, "hall_manager")
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.SkillHistory(ctx, h, in.ID.ID))
	})
}
