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
	var in ObjectKind
	if parent != 0 {
		p, err := r.Object(ctx, tx, parent)
		if err != nil {
			return nil, 0, err
		}
		in = p.Kind
	}
	e, err := r.Ready(parent, in, list, by)
	if err != nil {
		return nil, 0, err
	}
	return e.First, len(e.objects), r.EnterReady(ctx, tx, e)
}

// Entering is what is to be entered, made ready outside the transaction: their keys are
// given and what can be checked without the register is.
type Entering struct {
	// First are the keys of the first level.
	First []store.ID

	parent                  store.ID
	by                      Order
	at                      store.Time
	objects, codes, changes [][]any
}

// Len counts the things.
func (e *Entering) Len() int { return len(e.objects) }

// Ready makes things ready to be entered in a parent of a kind, "" and 0 at the top.
func (r *Register) Ready(parent store.ID, in ObjectKind, list []Entry, by Order) (*Entering, error) {
	if err := CheckDay(by.Day); err != nil {
		return nil, err
	}
	out := &Entering{parent: parent, by: by, at: store.At(r.Store.Now())}
	seen := map[Code]bool{}
	var walk func(list []Entry, parent store.ID, in ObjectKind, first bool) error
	walk = func(list []Entry, parent store.ID, in ObjectKind, first bool) error {
		for _, e := range list {
			o := Object{ID: r.Store.NewID(), Kind: e.Kind, Parent: parent, Name: strings.TrimSpace(e.Name), State: e.State, Since: by.Day, Seq: 1, Codes: map[Scheme]string{}, Detail: e.Detail}
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
				if seen[c] {
					return refuse("taken", "%s is given twice", c)
				}
				seen[c] = true
				o.Codes[scheme] = c.Value
				out.codes = append(out.codes, []any{string(scheme), c.Value, by.Day, "", int64(o.ID)})
			}
			detail, err := json.Marshal(o.Detail)
			if err != nil {
				return err
			}
			after, err := json.Marshal(o)
			if err != nil {
				return err
			}
			out.objects = append(out.objects, []any{int64(o.ID), string(o.Kind), parentOf(o), o.Name, string(o.State), o.Since, "", int64(1), o.Since, int64(o.Detail.Floor), string(detail)})
			out.changes = append(out.changes, []any{int64(o.ID), int64(1), by.Day, out.at.UnixMicro(), int64(by.Who.Account), "create", by.Reason, string(after)})
			if first {
				out.First = append(out.First, o.ID)
			}
			if err := walk(e.Inside, o.ID, o.Kind, false); err != nil {
				return err
			}
		}
		return nil
	}
	return out, walk(list, parent, in, true)
}

// EnterReady enters what was made ready. It is refused whole where the parent does not stand
// or a code is another's on the day.
func (r *Register) EnterReady(ctx context.Context, tx *store.Tx, e *Entering) error {
	if e.parent != 0 {
		p, err := r.Object(ctx, tx, e.parent)
		if err != nil {
			return err
		}
		if p.Until != "" || p.Since > e.by.Day {
			return refuse("wrong_parent", "what they lie in does not stand on %s", e.by.Day)
		}
	}
	given := map[string][]any{} // by scheme, which the codes' index begins with
	for _, c := range e.codes {
		given[c[0].(string)] = append(given[c[0].(string)], c[1])
	}
	for scheme, values := range given {
		for chunk := range slices.Chunk(values, 400) {
			taken, err := store.Select[string](ctx, tx, `SELECT value FROM place_code WHERE scheme = ? AND `+store.AnyOf("value", len(chunk))+` AND (until = '' OR until > ?) LIMIT 1`, append(append([]any{scheme}, chunk...), e.by.Day)...)
			if err != nil {
				return err
			}
			if len(taken) > 0 {
				return refuse("taken", "%s:%s is another's on %s", scheme, taken[0], e.by.Day)
			}
		}
	}
	if err := store.InsertRows(ctx, tx, `INSERT INTO place_object (id, kind, parent, name, state, since, until, seq, day, sort, detail) VALUES `, e.objects); err != nil {
		return err
	}
	if err := store.InsertRows(ctx, tx, `INSERT INTO place_code (scheme, value, since, until, object) VALUES `, e.codes); err != nil {
		return err
	}
	if err := store.InsertRows(ctx, tx, `INSERT INTO place_change (object, seq, day, at, actor, kind, reason, after) VALUES `, e.changes); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Record{At: e.at, Actor: e.by.Who.Account, Unit: e.by.Who.Unit, Action: "place.enter", Object: "place/" + e.parent.String(), Reason: e.by.Reason}, map[string]any{"objects": len(e.objects), "day": e.by.Day})
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
