package appeals

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/notice"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/core/vault"
)

// Note is an internal note (内部备注) of an appeal: from staff to staff, told to no
// citizen and in no export. None is changed; a wrong one is corrected by another.
type Note struct {
	ID        store.ID   `json:"id"`
	At        store.Time `json:"at"`
	Actor     string     `json:"actor"`
	Unit      string     `json:"unit" doc:"Code of the unit of who wrote it"`
	Text      string     `json:"text"`
	Mine      bool       `json:"mine,omitempty"`
	Corrects  store.ID   `json:"corrects,omitempty" doc:"The note that it corrects"`
	Corrected store.ID   `json:"corrected,omitempty" doc:"The note that corrects it"`
	Mentions  []Mention  `json:"mentions"`
}

// Mention is who is asked to look (@): a person, or a unit where Account is none.
type Mention struct {
	Account store.ID `bun:"account" json:"account,omitempty"`
	Name    string   `bun:"name" json:"name,omitempty"`
	Unit    string   `bun:"unit" json:"unit" doc:"Code of the unit, or of the person's"`
}

// NewNote is a note as it is written.
type NewNote struct {
	Text     string     `json:"text" minLength:"1" maxLength:"2000"`
	People   []store.ID `json:"people,omitempty" maxItems:"20" doc:"Accounts that are asked to look"`
	Units    []string   `json:"units,omitempty" maxItems:"20"`
	Corrects store.ID   `json:"corrects,omitempty" doc:"A note of the caller's own that this one corrects"`
}

// Noted is the note that was written.
type Noted struct {
	ID store.ID `json:"id"`
}

// mostMentions bounds whom one note asks.
const mostMentions = 20

// Notes reads the notes of an appeal, oldest first, for one who may see it.
func (s *Service) Notes(ctx context.Context, who account.Actor, id store.ID) ([]Note, error) {
	out := []Note{}
	if err := s.staffSees(ctx, s.Store, who, id); err != nil {
		return out, err
	}
	rows, err := store.Select[struct {
		ID, Actor        store.ID
		At               store.Time
		Name, Unit, Text string
		Corrects         store.ID
	}](ctx, s.Store, `SELECT n.id, n.actor, n.at, COALESCE(a.name, '') AS name, n.unit, n.text, COALESCE(n.corrects, 0) AS corrects FROM appeal_note n LEFT JOIN account a ON a.id = n.actor WHERE n.appeal = ? ORDER BY n.id`, int64(id))
	if err != nil {
		return out, err
	}
	mentions, err := store.Select[struct {
		Note    store.ID
		Mention `bun:",extend"`
	}](ctx, s.Store, `SELECT k.note, k.account, COALESCE(a.name, '') AS name, COALESCE(a.unit, k.unit) AS unit FROM appeal_mention k JOIN appeal_note n ON n.id = k.note LEFT JOIN account a ON a.id = k.account WHERE n.appeal = ? ORDER BY k.account, k.unit`, int64(id))
	if err != nil {
		return out, err
	}
	at := map[store.ID]int{}
	for i, r := range rows {
		at[r.ID] = i
		out = append(out, Note{ID: r.ID, At: r.At, Actor: r.Name, Unit: r.Unit, Text: r.Text, Mine: r.Actor == who.Account, Corrects: r.Corrects, Mentions: []Mention{}})
		if r.Corrects != 0 {
			out[at[r.Corrects]].Corrected = r.ID
		}
	}
	for _, m := range mentions {
		n := &out[at[m.Note]]
		n.Mentions = append(n.Mentions, m.Mention)
	}
	return out, nil
}

// staffSees says whether the actor works in the district and may see an appeal;
// ErrNotFound if not. A co-task is no appeal: what is written stands at the whole.
func (s *Service) staffSees(ctx context.Context, q store.Querier, who account.Actor, id store.ID) error {
	if who.Kind == account.Citizen {
		return caseflow.ErrNotFound
	}
	if err := s.visible(ctx, q, who, id); err != nil {
		return err
	}
	var is bool
	err := q.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM appeal WHERE id = ?)`, int64(id)).Scan(&is)
	if err == nil && !is {
		err = caseflow.ErrNotFound
	}
	return err
}

// AddNote writes a note and tells those whom it mentions. Who may not see the
// appeal cannot be mentioned: the note would tell them of it.
func (s *Service) AddNote(ctx context.Context, who account.Actor, id store.ID, in NewNote) (store.ID, error) {
	in.Text = text.Clean(in.Text)
	switch n := utf8.RuneCountInString(in.Text); {
	case n == 0:
		return 0, httpapi.FailField("text", "required")
	case n > 2000:
		return 0, httpapi.FailField("text", "too_long")
	case len(in.People)+len(in.Units) > mostMentions:
		return 0, httpapi.FailField("people", "too_many_values")
	}
	var note store.ID
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := s.staffSees(ctx, tx, who, id); err != nil {
			return err
		}
		m, err := caseflow.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		told := map[Mention]bool{}
		if in.Corrects != 0 {
			if told, err = s.correctable(ctx, tx, who, id, in.Corrects); err != nil {
				return err
			}
		}
		var known vault.Identity
		if m.Applicant != 0 {
			if known, err = s.Vault.Own(ctx, tx, m.Applicant); err != nil && !errors.Is(err, vault.ErrErased) {
				return err
			}
		}
		masked := maskKnown(in.Text, known)
		note = tx.NewID()
		if _, err := tx.Exec(ctx, `INSERT INTO appeal_note (id, appeal, at, actor, unit, text, corrects) VALUES (?, ?, ?, ?, ?, ?, ?)`, note, id, store.At(s.Store.Now()), who.Account, who.Unit, masked, in.Corrects); err != nil {
			return err
		}
		words := map[string]string{"no": m.No, "title": m.Title, "unit": s.Dir.Tree().Name(who.Unit), "reason": shorten(masked, 80)}
		mention := func(k Mention, to notice.Note) error {
			if _, err := tx.Exec(ctx, `INSERT INTO appeal_mention (note, account, unit) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, note, int64(k.Account), k.Unit); err != nil || told[k] {
				return err
			}
			told[k] = true
			to.Name, to.About, to.Link, to.Words = "mentioned", "matter/"+id.String(), "/desk/appeals/"+id.String(), words
			return s.Notices.Tell(ctx, tx, to)
		}
		for _, account := range in.People {
			if ok, err := s.accountSees(ctx, tx, account, id); err != nil {
				return err
			} else if !ok {
				return httpapi.FailField("people", "cannot_see")
			}
			if err := mention(Mention{Account: account}, notice.Note{Account: account}); err != nil {
				return err
			}
		}
		for _, unit := range in.Units {
			desk, err := s.deskOf(ctx, tx, unit)
			if err != nil {
				return err
			}
			if desk == "" {
				return httpapi.FailField("units", "nobody_there")
			}
			if ok, err := s.unitSees(ctx, tx, unit, id); err != nil {
				return err
			} else if !ok {
				return httpapi.FailField("units", "cannot_see")
			}
			if err := mention(Mention{Unit: unit}, notice.Note{Desk: desk}); err != nil {
				return err
			}
		}
		// Who has it open reads it at once; of the appellant this says nothing.
		if err := s.Bus.Emit(ctx, tx, s.Store.Now(), "note.written", id.String(), caseflow.Happened{No: m.No, After: caseflow.Standing{Unit: m.Unit}, Asker: m.Asker, First: m.First}); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "appeal.note", Object: "matter/" + id.String()}, map[string]any{"note": note, "corrects": in.Corrects, "people": in.People, "units": in.Units}); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusCreated, Noted{note})
	})
	return note, err
}

// correctable says whether the actor may correct a note: it is their own and not
// corrected yet. It gives whom the note told already.
func (s *Service) correctable(ctx context.Context, tx *store.Tx, who account.Actor, appeal, note store.ID) (map[Mention]bool, error) {
	of, err := store.Get[struct {
		Actor     store.ID
		Corrected bool
	}](ctx, tx, `SELECT n.actor, EXISTS (SELECT 1 FROM appeal_note c WHERE c.corrects = n.id) AS corrected FROM appeal_note n WHERE n.id = ? AND n.appeal = ?`, int64(note), int64(appeal))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, httpapi.FailField("corrects", "invalid")
	case err != nil:
		return nil, err
	case of.Actor != who.Account:
		return nil, httpapi.Fail(http.StatusForbidden, "not_your_note")
	case of.Corrected:
		return nil, httpapi.Fail(http.StatusConflict, "corrected_already")
	}
	before, err := store.Select[Mention](ctx, tx, `SELECT account, unit, '' AS name FROM appeal_mention WHERE note = ?`, int64(note))
	told := map[Mention]bool{}
	for _, m := range before {
		told[m] = true
	}
	return told, err
}

// accountSees says whether a member of staff may see an appeal now.
func (s *Service) accountSees(ctx context.Context, q store.Querier, id, appeal store.ID) (bool, error) {
	a, err := s.Accounts.Actor(ctx, q, id)
	if errors.Is(err, account.ErrDisabled) || errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err == nil {
		err = s.staffSees(ctx, q, a, appeal)
	}
	if errors.Is(err, caseflow.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// voices are the roles that speak for a unit, the first one that somebody holds
// there: what is told to a unit is told to that desk.
var voices = []string{"receiver", "handler", "unit_head", "dispatcher", "supervisor", "agent", "leader"}

// deskOf is the desk that speaks for a unit; "" where nobody does.
func (s *Service) deskOf(ctx context.Context, q store.Querier, unit string) (string, error) {
	held, err := store.Select[string](ctx, q, `SELECT DISTINCT g.role FROM role_grant g JOIN account a ON a.id = g.account WHERE g.unit = ? AND (g.valid_to IS NULL OR g.valid_to > ?) AND NOT a.disabled AND a.kind = 'staff'`, unit, store.At(s.Store.Now()))
	for _, role := range voices {
		if slices.Contains(held, role) {
			return role + "@" + unit, err
		}
	}
	return "", err
}

// mentionRows bounds the accounts that one search for a name looks at.
const mentionRows = 200

// Mentionable finds whom a note of an appeal may ask: people and units that may
// see it, by their names' beginning or middle. Who may not see it is not found.
func (s *Service) Mentionable(ctx context.Context, who account.Actor, id store.ID, q string) ([]Mention, error) {
	out := []Mention{}
	if err := s.staffSees(ctx, s.Store, who, id); err != nil {
		return nil, err
	}
	m, err := caseflow.Get(ctx, s.Store, id)
	if err != nil {
		return nil, err
	}
	q = strings.ToLower(strings.TrimSpace(q))
	tree := s.Dir.Tree()
	// Who has to do with it first, then the platform, then the others.
	concerned, err := store.Select[string](ctx, s.Store, `SELECT DISTINCT unit FROM matter WHERE parent = ? AND unit <> ''`, int64(id))
	if err != nil {
		return nil, err
	}
	near := append(slices.DeleteFunc([]string{m.Unit, m.First}, func(u string) bool { return u == "" }), concerned...)
	near = append(near, tree.OfKind(account.Platform)...)
	rank := func(unit string) int {
		if i := slices.Index(near, unit); i >= 0 {
			return i
		}
		return len(near)
	}
	people, err := store.Select[Mention](ctx, s.Store, `SELECT id AS account, name, unit FROM account WHERE kind = 'staff' AND NOT disabled AND id <> ? AND (lower(name) LIKE ? OR unit IN (`+strings.TrimSuffix(strings.Repeat("?,", len(near)), ",")+`) AND ? = '') ORDER BY name, id LIMIT ?`,
		append(append([]any{who.Account, "%" + store.Literal(q) + "%"}, store.Args(near...)...), q, mentionRows)...)
	if err != nil {
		return nil, err
	}
	for _, u := range tree.All() {
		if slices.ContainsFunc(u.Names(), func(n string) bool { return q != "" && strings.Contains(strings.ToLower(n), q) }) || q == "" && slices.Contains(near, u.Code) {
			people = append(people, Mention{Unit: u.Code})
		}
	}
	slices.SortStableFunc(people, func(a, b Mention) int { return cmp.Compare(rank(a.Unit), rank(b.Unit)) })
	for _, p := range people {
		if len(out) == mostMentions {
			break
		}
		ok := false
		if p.Account != 0 {
			ok, err = s.accountSees(ctx, s.Store, p.Account, id)
		} else {
			ok, err = s.unitSees(ctx, s.Store, p.Unit, id)
		}
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, p)
		}
	}
	return out, nil
}

// unitSees says whether who speaks for a unit may see an appeal.
func (s *Service) unitSees(ctx context.Context, q store.Querier, unit string, id store.ID) (bool, error) {
	desk, err := s.deskOf(ctx, q, unit)
	if err != nil || desk == "" {
		return false, err
	}
	role, _, _ := strings.Cut(desk, "@")
	err = s.visible(ctx, q, account.NewActor(s.Dir, account.Account{Kind: account.Staff, Unit: unit}, account.Grant{Role: role, Unit: unit}), id)
	if errors.Is(err, caseflow.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// shorten is the beginning of a text, with a mark where there is more.
func shorten(t string, most int) string {
	r := []rune(strings.Join(strings.Fields(t), " "))
	if len(r) <= most {
		return string(r)
	}
	return string(r[:most]) + "…"
}

func (s *Service) mountNotes(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "list-notes", Method: http.MethodGet, Path: "/api/appeals/{id}/notes", Tag: tag, Access: staff,
		Summary: "The internal notes (内部备注) of an appeal, oldest first"}, func(ctx context.Context, in *idInput) (*httpapi.Body[[]Note], error) {
		return httpapi.Answer(s.Notes(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "add-note", Method: http.MethodPost, Path: "/api/appeals/{id}/notes", Tag: tag, Access: staff, Status: http.StatusCreated,
		Summary: "Write an internal note; who is mentioned (@) is told, and must be able to see the appeal"}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body NewNote
	}) (*httpapi.Body[Noted], error) {
		id, err := s.AddNote(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body)
		return httpapi.Answer(Noted{id}, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-mentionable", Method: http.MethodGet, Path: "/api/appeals/{id}/mentionable", Tag: tag, Access: staff,
		Summary: "Whom a note may mention: people and units that may see the appeal"}, func(ctx context.Context, in *struct {
		ID httpapi.PathID `path:"id"`
		Q  string         `query:"q" maxLength:"40" doc:"Part of a name; those who have to do with it when absent"`
	}) (*httpapi.Body[[]Mention], error) {
		return httpapi.Answer(s.Mentionable(ctx, httpapi.Actor(ctx), in.ID.ID, in.Q))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "watch-appeal", Method: http.MethodPut, Path: "/api/appeals/{id}/watch", Tag: tag, Access: staff, Status: http.StatusNoContent,
		Summary: "Be told what becomes of an appeal (关注)"}, func(ctx context.Context, in *idInput) (*struct{}, error) {
		return nil, s.Watch(ctx, httpapi.Actor(ctx), in.ID.ID, true)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "unwatch-appeal", Method: http.MethodDelete, Path: "/api/appeals/{id}/watch", Tag: tag, Access: staff, Status: http.StatusNoContent,
		Summary: "Be told no more of an appeal"}, func(ctx context.Context, in *idInput) (*struct{}, error) {
		return nil, s.Watch(ctx, httpapi.Actor(ctx), in.ID.ID, false)
	})
}
