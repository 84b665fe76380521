package place

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"shanzhi/core/audit"
	"shanzhi/core/store"
)

// Entry is a thing to be entered with all that lies in it.
type Entry struct {
	PlaceDraft
	Inside []Entry
}

// Enter enters many things at once, a file of a survey: by the same law as Create,
// with one record of the audit for all. parent is what they lie in, 0 at the top.
// It returns how many were entered and the keys of the first level.
func (r *Register) Enter(ctx context.Context, tx *store.Tx, parent store.ID, list []Entry, by Order) (ids []store.ID, n int, err error) {
	if err := CheckDay(by.Day); err != nil {
		return nil, 0, err
	}
	var top ObjectKind
	if parent != 0 {
		p, err := r.Object(ctx, tx, parent)
		if err != nil {
			return nil, 0, err
		}
		if top = p.Kind; p.Until != "" || p.Since > by.Day {
			return nil, 0, refuse("wrong_parent", "what they lie in does not stand on %s", by.Day)
		}
	}
	at := store.At(r.Store.Now())
	var objects, codes, changes [][]any
	var values []any
	var walk func(list []Entry, parent store.ID, in ObjectKind, first bool) error
	walk = func(list []Entry, parent store.ID, in ObjectKind, first bool) error {
		for _, e := range list {
			o := Object{ID: tx.NewID(), Kind: e.Kind, Parent: parent, Name: strings.TrimSpace(e.Name), State: e.State, Since: by.Day, Seq: 1, Codes: map[Scheme]string{}, Detail: e.Detail}
			if o.State == "" {
				o.State = InUse
			}
			may, known := above[o.Kind]
			_, state := stateSteps[o.State]
			switch {
			case !known || !state:
				return refuse("no_such_option", "%q (%q) is no kind of the register, or no state to begin with", o.Kind, o.State)
			case o.Name == "":
				return refuse("required", "a %s has no name", o.Kind)
			case in != "" && !slices.Contains(may, in):
				return refuse("wrong_parent", "a %s does not lie in a %s", o.Kind, in)
			case in == "" && (o.Kind == ObjectFloor || o.Kind == ObjectUnit):
				return refuse("no_parent", "a %s lies in something", o.Kind)
			}
			for scheme, value := range e.Codes {
				c, err := codeOf(o.Kind, scheme, value)
				if err != nil {
					return err
				}
				o.Codes[scheme] = c.Value
				codes = append(codes, []any{string(scheme), c.Value, by.Day, "", int64(o.ID)})
				values = append(values, c.Value)
			}
			detail, err := json.Marshal(o.Detail)
			if err != nil {
				return err
			}
			after, err := json.Marshal(o)
			if err != nil {
				return err
			}
			objects = append(objects, []any{int64(o.ID), string(o.Kind), parentOf(o), o.Name, string(o.State), o.Since, "", 1, o.Since, o.Detail.Floor, string(detail)})
			changes = append(changes, []any{int64(o.ID), 1, by.Day, at.UnixMicro(), int64(by.Who.Account), "create", by.Reason, string(after)})
			if first {
				ids = append(ids, o.ID)
			}
			if err := walk(e.Inside, o.ID, o.Kind, false); err != nil {
				return err
			}
		}
		return nil
	}
	if err := walk(list, parent, top, true); err != nil {
		return nil, 0, err
	}
	for chunk := range slices.Chunk(values, 400) {
		taken, err := store.Select[codeRow](ctx, tx, `SELECT scheme, value, since, until, object FROM place_code WHERE `+store.AnyOf("value", len(chunk))+` AND (until = '' OR until > ?)`, append(slices.Clone(chunk), by.Day)...)
		if err != nil {
			return nil, 0, err
		}
		for _, t := range taken {
			if slices.ContainsFunc(codes, func(c []any) bool { return c[0] == t.Scheme && c[1] == t.Value }) {
				return nil, 0, refuse("taken", "%s:%s is another's on %s", t.Scheme, t.Value, by.Day)
			}
		}
	}
	seen := map[[2]any]bool{}
	for _, c := range codes {
		if k := [2]any{c[0], c[1]}; seen[k] {
			return nil, 0, refuse("taken", "%v:%v is given twice", c[0], c[1])
		} else {
			seen[k] = true
		}
	}
	if err := store.InsertRows(ctx, tx, `INSERT INTO place_object (id, kind, parent, name, state, since, until, seq, day, sort, detail) VALUES `, objects); err != nil {
		return nil, 0, err
	}
	if err := store.InsertRows(ctx, tx, `INSERT INTO place_code (scheme, value, since, until, object) VALUES `, codes); err != nil {
		return nil, 0, err
	}
	if err := store.InsertRows(ctx, tx, `INSERT INTO place_change (object, seq, day, at, actor, kind, reason, after) VALUES `, changes); err != nil {
		return nil, 0, err
	}
	return ids, len(objects), audit.Write(ctx, tx, audit.Record{At: at, Actor: by.Who.Account, Unit: by.Who.Unit, Action: "place.enter", Object: "place/" + parent.String(), Reason: by.Reason}, map[string]any{"objects": len(objects), "day": by.Day})
}

// codeOf is a code as a thing of a kind may have it.
func codeOf(kind ObjectKind, scheme Scheme, value string) (Code, error) {
	c, err := NewCode(scheme, value)
	if err != nil {
		return c, refuse("bad_code", "%s", err.Error())
	}
	if level := c.Level(); scheme == House && ((kind == ObjectUnit) != (level == Unit) || (kind == ObjectBuilding) != (level == Building)) {
		return c, refuse("bad_code", "%s is the code of a %s, not of a %s", value, level, kind)
	}
	return c, nil
}
