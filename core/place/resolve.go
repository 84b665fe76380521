package place

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"shanzhi/core/store"
)

// Holding is an object that had a code, and from when till when.
type Holding struct {
	Since string `json:"since"`
	Until string `json:"until,omitempty"`
	// Then is what it was on the day asked, or on the last on which it had the code.
	Then Object `json:"then"`
	// Now is what has become of it: itself while it stands, else its heirs, none
	// where it ended without.
	Now []Object `json:"now"`
	// Way are the objects between, the oldest first.
	Way []Object `json:"way,omitempty"`
}

// Resolution is what a code meant and means.
type Resolution struct {
	Code     Code      `json:"code"`
	Day      string    `json:"day,omitempty"`
	Holdings []Holding `json:"holdings" doc:"Who had it, the latest first; on a day one at most"`
}

// Resolve says what had a code, on a day or, where that is "", ever, and what has
// become of it. A code that never was resolves to nothing.
func (r *Register) Resolve(ctx context.Context, q store.Querier, c Code, day string) (Resolution, error) {
	out := Resolution{Code: c, Day: day, Holdings: []Holding{}}
	cond, args := "", []any{string(c.Scheme), c.Value}
	if day != "" {
		if err := CheckDay(day); err != nil {
			return out, err
		}
		cond, args = ` AND since <= ? AND (until = '' OR until > ?)`, append(args, day, day)
	}
	rows, err := store.Select[codeRow](ctx, q, `SELECT scheme, value, since, until, object FROM place_code WHERE scheme = ? AND value = ?`+cond+` ORDER BY since DESC`, args...)
	if err != nil {
		return out, err
	}
	for _, row := range rows {
		h := Holding{Since: row.Since, Until: row.Until}
		on := day
		if on == "" && row.Until != "" {
			on = before(row.Until)
		}
		if h.Then, err = r.At(ctx, q, row.Object, on); err != nil {
			return out, err
		}
		if h.Now, h.Way, err = r.Heirs(ctx, q, row.Object); err != nil {
			return out, err
		}
		out.Holdings = append(out.Holdings, h)
	}
	return out, nil
}

// Heirs returns what an object has become: itself while it stands, and the objects
// between.
func (r *Register) Heirs(ctx context.Context, q store.Querier, id store.ID) (now, way []Object, err error) {
	now, seen := []Object{}, map[store.ID]bool{}
	for next := []store.ID{id}; len(next) > 0; {
		at := next[0]
		if next = next[1:]; seen[at] {
			continue
		}
		seen[at] = true
		o, err := r.Object(ctx, q, at)
		if err != nil {
			return nil, nil, err
		}
		if o.Until == "" {
			now = append(now, o)
			continue
		}
		way = append(way, o)
		heirs, err := store.Select[store.ID](ctx, q, `SELECT heir FROM place_heir WHERE object = ? ORDER BY heir`, int64(at))
		if err != nil {
			return nil, nil, err
		}
		next = append(next, heirs...)
	}
	return now, way, nil
}

// Forebears returns what an object came from, near ones first, itself not.
func (r *Register) Forebears(ctx context.Context, q store.Querier, id store.ID) (out []Object, err error) {
	seen := map[store.ID]bool{id: true}
	for next := []store.ID{id}; len(next) > 0; next = next[1:] {
		from, err := store.Select[store.ID](ctx, q, `SELECT object FROM place_heir WHERE heir = ? ORDER BY object`, int64(next[0]))
		if err != nil {
			return nil, err
		}
		for _, f := range from {
			if seen[f] {
				continue
			}
			seen[f] = true
			o, err := r.Object(ctx, q, f)
			if err != nil {
				return nil, err
			}
			out, next = append(out, o), append(next, f)
		}
	}
	return out, nil
}

// At returns an object as it was on a day, as the register knows it now; "" is as
// it stands, or stood last.
func (r *Register) At(ctx context.Context, q store.Querier, id store.ID, day string) (Object, error) {
	if day == "" {
		return r.Object(ctx, q, id)
	}
	raw, err := store.Get[string](ctx, q, `SELECT after FROM place_change WHERE object = ? AND day <= ? ORDER BY seq DESC LIMIT 1`, int64(id), day)
	if errors.Is(err, store.ErrNotFound) {
		return Object{}, store.ErrNotFound
	}
	if err != nil {
		return Object{}, err
	}
	var o Object
	return o, json.Unmarshal([]byte(raw), &o)
}

// PlaceChange is a change of an object.
type PlaceChange struct {
	Seq    int        `json:"version"`
	Day    string     `json:"day"`
	At     store.Time `json:"at"`
	Actor  store.ID   `json:"-"`
	By     string     `json:"by,omitempty"`
	Kind   string     `json:"kind" enum:"create,edit,renumber,split,merge,adopt,follow,retire"`
	Reason string     `json:"reason"`
	After  Object     `json:"after"`
}

// History returns the changes of an object, the latest first.
func (r *Register) History(ctx context.Context, q store.Querier, id store.ID) ([]PlaceChange, error) {
	rows, err := store.Select[struct {
		Seq    int
		Day    string
		At     store.Time
		Actor  *int64
		Kind   string
		Reason string
		After  string
	}](ctx, q, `SELECT seq, day, at, actor, kind, reason, after FROM place_change WHERE object = ? ORDER BY seq DESC`, int64(id))
	out := make([]PlaceChange, 0, len(rows))
	for _, row := range rows {
		c := PlaceChange{Seq: row.Seq, Day: row.Day, At: row.At, Kind: row.Kind, Reason: row.Reason}
		if row.Actor != nil {
			c.Actor = store.ID(*row.Actor)
		}
		if err := json.Unmarshal([]byte(row.After), &c.After); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, err
}

// Past returns every code that an object has or had, the latest first.
func (r *Register) Past(ctx context.Context, q store.Querier, id store.ID) ([]DatedCode, error) {
	rows, err := store.Select[codeRow](ctx, q, `SELECT scheme, value, since, until, object FROM place_code WHERE object = ? ORDER BY since DESC, scheme`, int64(id))
	out := make([]DatedCode, len(rows))
	for i, row := range rows {
		out[i] = DatedCode{Code{Scheme(row.Scheme), row.Value}, row.Since, row.Until}
	}
	return out, err
}

// DatedCode is a code with its days.
type DatedCode struct {
	Code  Code   `json:"code"`
	Since string `json:"since"`
	Until string `json:"until,omitempty"`
}

// Crosswalk gives the codes of one scheme that stand beside those of another on a
// day, by the objects that have both.
func (r *Register) Crosswalk(ctx context.Context, q store.Querier, from, to Scheme, day string) ([][2]string, error) {
	rows, err := store.Select[struct{ A, B string }](ctx, q, `SELECT x.value AS a, y.value AS b FROM place_code x JOIN place_code y ON y.object = x.object AND y.scheme = ?
 WHERE x.scheme = ? AND x.since <= ? AND (x.until = '' OR x.until > ?) AND y.since <= ? AND (y.until = '' OR y.until > ?) ORDER BY x.value`, string(to), string(from), day, day, day, day)
	out := make([][2]string, len(rows))
	for i, row := range rows {
		out[i] = [2]string{row.A, row.B}
	}
	return out, err
}

// schemesInUse are the schemes of the register, found by a jump each and not by reading all codes.
const schemesInUse = `WITH RECURSIVE s(scheme) AS (SELECT min(scheme) FROM place_code UNION ALL SELECT (SELECT min(c.scheme) FROM place_code c WHERE c.scheme > s.scheme) FROM s WHERE s.scheme IS NOT NULL) `

// SchemesOf are the schemes in which something has or had a code of this value.
func (r *Register) SchemesOf(ctx context.Context, q store.Querier, value string) ([]Scheme, error) {
	return store.Select[Scheme](ctx, q, schemesInUse+`SELECT scheme FROM s WHERE scheme IS NOT NULL AND EXISTS (SELECT 1 FROM place_code x WHERE x.scheme = s.scheme AND x.value = ?) ORDER BY scheme`, value)
}

// CodesFrom is the SQL of the objects that have or had a code from one value up to another.
const CodesFrom = schemesInUse + `SELECT x.object FROM s JOIN place_code x ON x.scheme = s.scheme WHERE x.value >= ? AND x.value < ?`

// Problems checks the law of the register on all that it holds: days of a code and
// of an object's scheme that overlap, objects that stand and have heirs, heirs that
// end before what they came from, and objects that differ from their last change.
func (r *Register) Problems(ctx context.Context, q store.Querier) (out []string, err error) {
	for _, check := range []struct{ what, query string }{
		{"a code is of two objects on a day: ", `SELECT x.scheme || ':' || x.value FROM place_code x JOIN place_code y ON y.scheme = x.scheme AND y.value = x.value AND y.since > x.since AND (x.until = '' OR y.since < x.until)`},
		{"an object has two codes of a scheme on a day: ", `SELECT x.scheme || ':' || x.value FROM place_code x JOIN place_code y ON y.object = x.object AND y.scheme = x.scheme AND (y.since > x.since OR y.since = x.since AND y.value > x.value) AND (x.until = '' OR y.since < x.until)`},
		{"a code's days end before they begin: ", `SELECT scheme || ':' || value FROM place_code WHERE until <> '' AND until <= since`},
		{"what stands has heirs: ", `SELECT o.name FROM place_heir h JOIN place_object o ON o.id = h.object WHERE o.until = ''`},
		{"an heir ended before what it came from: ", `SELECT o.name FROM place_heir h JOIN place_object o ON o.id = h.heir WHERE o.until <> '' AND o.until < h.day`},
		{"what stands lies in what does not: ", `SELECT o.name FROM place_object o JOIN place_object p ON p.id = o.parent WHERE o.until = '' AND p.until <> ''`},
	} {
		rows, err := store.Select[string](ctx, q, check.query+` LIMIT 20`)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			out = append(out, check.what+row)
		}
	}
	ids, err := store.Select[store.ID](ctx, q, `SELECT id FROM place_object ORDER BY id`)
	if err != nil {
		return nil, err
	}
	for chunk := range slices.Chunk(ids, 200) {
		args := make([]any, len(chunk))
		for i, id := range chunk {
			args[i] = int64(id)
		}
		list, err := r.Objects(ctx, q, store.AnyOf("id", len(chunk)), args...)
		if err != nil {
			return nil, err
		}
		rows, err := store.Select[struct {
			Object store.ID
			After  string
		}](ctx, q, `SELECT c.object, c.after FROM place_change c JOIN place_object o ON o.id = c.object AND o.seq = c.seq WHERE `+store.AnyOf("c.object", len(chunk)), args...)
		if err != nil {
			return nil, err
		}
		last := map[store.ID]string{}
		for _, row := range rows {
			last[row.Object] = row.After
		}
		for _, o := range list {
			raw, err := json.Marshal(o)
			if err != nil {
				return nil, err
			}
			if o.Until == "" && string(raw) != last[o.ID] {
				out = append(out, "differs from its last change: "+o.Name)
			}
		}
	}
	return out, nil
}

// before is the day before a day.
func before(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, -1).Format(time.DateOnly)
}
