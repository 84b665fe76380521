package place

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"shanzhi/core/audit"
	"shanzhi/core/store"
	"shanzhi/core/subject"
)

// PartyKind is what is linked to a place.
type PartyKind string

// The kinds. A person is a reference of the vault, an enterprise its unified
// social credit code, a house another object, a matter its key.
const (
	PartyPerson     PartyKind = "person"
	PartyEnterprise PartyKind = "enterprise"
	PartyHouse      PartyKind = "house"
	PartyMatter     PartyKind = "matter"
)

// linkRoles are the roles in which each kind may be linked.
var linkRoles = map[PartyKind][]string{
	PartyPerson:     {"owner", "tenant", "resident", "works"},
	PartyEnterprise: {"owner", "tenant", "seat", "works"},
	PartyHouse:      {"certificate", "same"},
	PartyMatter:     {"happened", "about"},
}

// PlaceLink ties a person, an enterprise, a house or a matter to a place (关联): in a role,
// as a source says with some confidence, for so many days.
type PlaceLink struct {
	ID         store.ID  `json:"id"`
	Object     store.ID  `json:"object"`
	Kind       PartyKind `json:"kind" enum:"person,enterprise,house,matter"`
	Party      string    `json:"party,omitempty" doc:"The reference, where the caller may have it"`
	Role       string    `json:"role"`
	Label      string    `json:"label" doc:"Masked where it is a person"`
	Source     string    `json:"source"`
	Confidence float64   `json:"confidence"`
	Since      string    `json:"since"`
	Until      string    `json:"until,omitempty" doc:"First day no more"`
	Seq        int       `json:"version"`
}

type linkRow struct {
	ID         store.ID `bun:"id"`
	Object     store.ID `bun:"object"`
	PartyKind  string   `bun:"party_kind"`
	Party      string   `bun:"party"`
	Role       string   `bun:"role"`
	Label      string   `bun:"label"`
	Source     string   `bun:"source"`
	Confidence float64  `bun:"confidence"`
	Since      string   `bun:"since"`
	Until      string   `bun:"until"`
	Seq        int      `bun:"seq"`
}

// Begin links a party to a place from a day on. A person's label is to be masked
// by the caller; see vault.Masked.
func (r *Register) Begin(ctx context.Context, tx *store.Tx, l PlaceLink, by Order) (PlaceLink, error) {
	if err := CheckDay(l.Since); err != nil {
		return l, err
	}
	switch {
	case l.Until != "" && (CheckDay(l.Until) != nil || l.Until <= l.Since):
		return l, refuse("out_of_range", "it ends on %s before it begins", l.Until)
	case !slices.Contains(linkRoles[l.Kind], l.Role):
		return l, refuse("no_such_option", "%q is no role of a %s", l.Role, l.Kind)
	case l.Party == "" || l.Source == "":
		return l, refuse("required", "who is linked, and who says so, must be said")
	case !(l.Confidence > 0 && l.Confidence <= 1):
		return l, refuse("out_of_range", "confidence is above 0 and 1 at most")
	}
	if l.Kind == PartyEnterprise {
		if err := subject.CheckUSCC(l.Party); err != nil {
			return l, refuse("not_uscc", "%s", err.Error())
		}
	}
	o, err := r.Object(ctx, tx, l.Object)
	if err != nil {
		return l, err
	}
	if l.Since < o.Since || o.Until != "" && l.Since >= o.Until {
		return l, refuse("wrong_parent", "%s does not stand on %s", o.Name, l.Since)
	}
	// The same said again changes nothing; what overlaps is refused.
	same, err := r.links(ctx, tx, `object = ? AND party_kind = ? AND party = ? AND role = ? AND (until = '' OR until > ?) AND (? = '' OR since < ?)`, int64(l.Object), string(l.Kind), l.Party, l.Role, l.Since, l.Until, l.Until)
	if err != nil {
		return l, err
	}
	if len(same) > 0 {
		if s := same[0]; s.Since <= l.Since && s.Until == l.Until {
			return s, nil
		}
		return l, refuse("taken", "it is linked so already")
	}
	l.ID, l.Seq = tx.NewID(), 1
	if _, err := tx.Exec(ctx, `INSERT INTO place_link (id, object, party_kind, party, role, label, source, confidence, since, until, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
		l.ID, l.Object, string(l.Kind), l.Party, l.Role, l.Label, l.Source, l.Confidence, l.Since, l.Until); err != nil {
		return l, err
	}
	return l, r.linked(ctx, tx, l, by, "begin")
}

// End ends a link on a day; with a void it never held.
func (r *Register) End(ctx context.Context, tx *store.Tx, id store.ID, seq int, void bool, by Order) (PlaceLink, error) {
	list, err := r.links(ctx, tx, `id = ?`, int64(id))
	if err != nil {
		return PlaceLink{}, err
	}
	if len(list) == 0 {
		return PlaceLink{}, store.ErrNotFound
	}
	l, kind := list[0], "end"
	switch {
	case l.Seq != seq:
		return l, ErrChanged
	case l.Until != "" && !void:
		return l, refuse("refused_state", "it ended on %s", l.Until)
	case void:
		kind, by.Day = "void", l.Since
	case CheckDay(by.Day) != nil || by.Day <= l.Since:
		return l, refuse("out_of_range", "it began on %s and ends after that", l.Since)
	}
	l.Until = by.Day
	n, err := tx.Exec(ctx, `UPDATE place_link SET until = ?, seq = seq + 1 WHERE id = ? AND seq = ?`, l.Until, id, seq)
	if err != nil {
		return l, err
	}
	if n == 0 {
		return l, ErrChanged
	}
	l.Seq++
	return l, r.linked(ctx, tx, l, by, kind)
}

func (r *Register) linked(ctx context.Context, tx *store.Tx, l PlaceLink, by Order, kind string) error {
	after, err := json.Marshal(l)
	if err != nil {
		return err
	}
	at := store.At(r.Store.Now())
	if _, err := tx.Exec(ctx, `INSERT INTO place_link_event (link, seq, at, actor, kind, reason, after) VALUES (?, ?, ?, ?, ?, ?, ?)`, l.ID, l.Seq, at, by.Who.Account, kind, by.Reason, string(after)); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Record{At: at, Actor: by.Who.Account, Unit: by.Who.Unit, Action: "place.link_" + kind, Object: "place/" + l.Object.String(), Reason: by.Reason}, map[string]any{"link": l.ID, "kind": l.Kind, "role": l.Role})
}

func (r *Register) links(ctx context.Context, q store.Querier, cond string, args ...any) ([]PlaceLink, error) {
	rows, err := store.Select[linkRow](ctx, q, `SELECT id, object, party_kind, party, role, label, source, confidence, since, until, seq FROM place_link WHERE `+cond+` ORDER BY since DESC, id DESC`, args...)
	out := make([]PlaceLink, len(rows))
	for i, w := range rows {
		out[i] = PlaceLink{w.ID, w.Object, PartyKind(w.PartyKind), w.Party, w.Role, w.Label, w.Source, w.Confidence, w.Since, w.Until, w.Seq}
	}
	return out, err
}

// within are an object and all that lies or lay in it.
func (r *Register) within(ctx context.Context, q store.Querier, id store.ID) ([]store.ID, error) {
	out := []store.ID{id}
	for level := out; len(level) > 0; {
		var below []store.ID
		for chunk := range slices.Chunk(level, 400) {
			args := make([]any, len(chunk))
			for i, x := range chunk {
				args[i] = int64(x)
			}
			ids, err := store.Select[store.ID](ctx, q, `SELECT id FROM place_object WHERE `+store.AnyOf("parent", len(chunk)), args...)
			if err != nil {
				return nil, err
			}
			below = append(below, ids...)
		}
		out, level = append(out, below...), below
	}
	return out, nil
}

// Links returns what is linked to an object, to what lies in it and to what it came
// from: of some kinds, on a day or, where that is "", ever.
func (r *Register) Links(ctx context.Context, q store.Querier, id store.ID, day string, kinds ...PartyKind) (out []PlaceLink, err error) {
	ids, err := r.within(ctx, q, id)
	if err != nil {
		return nil, err
	}
	from, err := r.Forebears(ctx, q, id)
	if err != nil {
		return nil, err
	}
	for _, o := range from {
		ids = append(ids, o.ID)
	}
	args := []any{}
	cond := ""
	if day != "" {
		if err := CheckDay(day); err != nil {
			return nil, err
		}
		cond, args = ` AND since <= ? AND (until = '' OR until > ?)`, append(args, day, day)
	}
	if len(kinds) > 0 {
		cond += ` AND ` + store.AnyOf("party_kind", len(kinds))
		for _, k := range kinds {
			args = append(args, string(k))
		}
	}
	for chunk := range slices.Chunk(ids, 400) {
		all := make([]any, 0, len(chunk)+len(args))
		for _, x := range chunk {
			all = append(all, int64(x))
		}
		some, err := r.links(ctx, q, fmt.Sprintf("%s%s AND (until = '' OR until > since)", store.AnyOf("object", len(chunk)), cond), append(all, args...)...)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// Whereabouts returns where a party was on a day, or ever.
func (r *Register) Whereabouts(ctx context.Context, q store.Querier, kind PartyKind, party, day string) ([]PlaceLink, error) {
	cond, args := `party_kind = ? AND party = ? AND (until = '' OR until > since)`, []any{string(kind), party}
	if day != "" {
		if err := CheckDay(day); err != nil {
			return nil, err
		}
		cond, args = cond+` AND since <= ? AND (until = '' OR until > ?)`, append(args, day, day)
	}
	return r.links(ctx, q, cond, args...)
}
