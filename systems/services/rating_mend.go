package services

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/form"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/topic"
)

// What raters wrote, by what of an item is to be mended (评价整改清单): each comment of a
// rating that is not good goes to the elements that its words name, those of one element
// of one version of an item stand together, and stand closed from when the item has a
// newer version. A newer one that is complained of for the same says how often it was before.

// MendElement is something of a service that can be mended (整改要素).
type MendElement struct {
	ID    string    `yaml:"id" json:"id"`
	Name  form.Text `yaml:"name" json:"name"`
	Words []string  `yaml:"words" json:"-"`
}

func checkMends(list []MendElement, bad func(format string, args ...any)) {
	seen := map[string]bool{}
	for i, e := range list {
		if e.ID == "" || strings.Contains(e.ID, ";") || seen[e.ID] || e.Name["zh"] == "" || len(e.Words) == 0 {
			bad("mend[%d]: it has an id of its own, a name and words", i)
		}
		seen[e.ID] = true
	}
}

// mendOther is the element of what none of the words name.
const mendOther = "other"

// clauses are the parts of a comment that are about one thing each.
func clauses(comment string) []string {
	return strings.FieldsFunc(comment, func(r rune) bool { return strings.ContainsRune("，,。.；;！!？?\n、", r) })
}

// mends are the elements that a comment names, clause by clause: of each the one whose
// words make up most of it.
func (r *ratingRules) mends(comment string) []string {
	var out []string
	for _, c := range clauses(comment) {
		best, most := "", 0
		for _, e := range r.Mend {
			n := 0
			for _, w := range e.Words {
				if strings.Contains(c, w) {
					n += len([]rune(w))
				}
			}
			if n > most {
				best, most = e.ID, n
			}
		}
		if best != "" && !slices.Contains(out, best) {
			out = append(out, best)
		}
	}
	if len(out) == 0 {
		out = []string{mendOther}
	}
	return out
}

func (r *ratingRules) mendName(id string) form.Text {
	for _, e := range r.Mend {
		if e.ID == id {
			return e.Name
		}
	}
	return form.Text{"zh": "其他", "en": "Other"}
}

// MendQuote is what somebody wrote, without who.
type MendQuote struct {
	Rating   store.ID `json:"rating,omitempty" doc:"To those who are not rated"`
	Said     string   `json:"said" doc:"Masked"`
	Grade    int      `json:"grade"`
	Elements []string `json:"elements" doc:"All that it names"`
	Sorted   bool     `json:"sorted" doc:"Somebody who read it said so"`
}

// RatingMend is what is to be mended of one element of one version of an item.
type RatingMend struct {
	Item     store.ID    `json:"item,omitempty" doc:"Absent of visits that were for none"`
	Name     string      `json:"name"`
	Unit     string      `json:"unit"`
	Hall     string      `json:"hall,omitempty" doc:"Of visits"`
	Version  int         `json:"version,omitempty" doc:"Of the item, that was complained of"`
	Element  string      `json:"element"`
	Says     form.Text   `json:"element_name"`
	N        int         `json:"n" doc:"Comments"`
	Bad      int         `json:"bad" doc:"Of those, with a bad grade"`
	Before   int         `json:"before" doc:"Of the same element under the versions before"`
	Phrases  []string    `json:"phrases" doc:"What they say most, of at least two people"`
	Quotes   []MendQuote `json:"quotes" doc:"The most telling first"`
	Hidden   bool        `json:"hidden,omitempty" doc:"Too few wrote for their words to name nobody"`
	Closed   bool        `json:"closed"`
	ClosedAt store.Time  `json:"closed_at,omitzero" doc:"When the next version was published"`
	Edit     bool        `json:"edit" doc:"The caller may edit the item"`
}

// MendBoard is what raters wrote, by what is to be mended.
type MendBoard struct {
	From     string        `json:"from"`
	Comments int           `json:"comments" doc:"Read: of bad ratings, and of those just good where an element is named"`
	Elements []MendElement `json:"elements"`
	Open     []RatingMend  `json:"open" doc:"The most first"`
	Closed   []RatingMend  `json:"closed" doc:"Of versions that have been replaced"`
	Sort     bool          `json:"sort" doc:"The caller may say what a comment is about"`
	Groups   int           `json:"groups"`
}

// mendSpan is how far back comments are read.
const mendSpan = 365 * 24 * time.Hour

const mendsMost = 5000

type mendRow struct {
	ID      store.ID   `bun:"id"`
	Person  store.ID   `bun:"person"`
	Unit    string     `bun:"unit"`
	Item    string     `bun:"item"`
	Title   string     `bun:"title"`
	Hall    string     `bun:"hall"`
	Grade   int        `bun:"grade"`
	Comment string     `bun:"comment"`
	At      store.Time `bun:"rated_at"`
	Sorted  *string    `bun:"sorted"`
}

// mendKey tells groups apart: an item's version, or the hall of visits for none.
type mendKey struct {
	item    store.ID
	version int
	hall    string
	element string
}

func (r *mendRow) key() mendKey {
	base, _, _ := strings.Cut(r.Item, "#") // in which of its terms a case was does not matter
	id, version, ok := strings.Cut(base, ".")
	item, err := store.ParseID(id)
	k := mendKey{hall: r.Hall}
	if _, scan := fmt.Sscan(version, &k.version); ok && err == nil && scan == nil {
		k.item, k.hall = item, ""
	}
	return k
}

// Mends groups what raters wrote. Who is not rated sees all; who edits items what is of
// theirs, and words only of groups that are large enough.
func (s *Service) Mends(ctx context.Context, who account.Actor) (MendBoard, error) {
	rules := s.ratings.Load()
	if rules == nil {
		return MendBoard{}, store.ErrNotFound
	}
	from := s.Store.Now().Add(-mendSpan)
	out := MendBoard{From: from.In(s.Zone()).Format(time.DateOnly), Elements: rules.Mend, Open: []RatingMend{}, Closed: []RatingMend{}, Sort: who.HasAny("rating_clerk"), Groups: rules.Groups}
	all := who.HasAny(ratingAll...)
	rows, err := store.Select[mendRow](ctx, s.Store, `SELECT r.id, COALESCE(r.person, 0) AS person, r.unit, r.item, r.title, r.hall, r.grade, r.comment, r.rated_at, (SELECT e.elements FROM service_rating_mend e WHERE e.rating = r.id ORDER BY e.id DESC LIMIT 1) AS sorted FROM service_rating r WHERE r.state = 'rated' AND r.comment <> '' AND r.rated_at > ? AND r.grade <= ? AND r.n = 1 AND r.excluded = '' AND COALESCE(r.clerk, 0) <> ? ORDER BY r.rated_at DESC LIMIT ?`,
		store.At(from), goodFrom, who.Account, mendsMost)
	if err != nil {
		return out, err
	}
	groups, order := map[mendKey][]mendRow{}, []mendKey{}
	for _, r := range rows {
		elements := rules.mends(r.Comment)
		if r.Sorted != nil {
			elements = splitWords(*r.Sorted)
		} else if r.Grade >= goodFrom && elements[0] == mendOther {
			continue // content, and nothing is named
		}
		out.Comments++
		for _, e := range elements {
			k := r.key()
			k.element = e
			if groups[k] == nil {
				order = append(order, k)
			}
			groups[k] = append(groups[k], r)
		}
	}
	items, err := s.mendItems(ctx, order)
	if err != nil {
		return out, err
	}
	for _, k := range order {
		x := items[k.item]
		g := s.mendGroup(rules, k, groups[k], x)
		g.Edit = x.ID != 0 && s.editsItemsOf(who, x.Department)
		switch {
		case all:
		case !g.Edit && !who.HasAny(roleItemPublisher):
			continue
		case g.N < rules.Groups:
			g.Hidden, g.Quotes, g.Phrases = true, []MendQuote{}, []string{}
		default:
			for i := range g.Quotes {
				g.Quotes[i].Rating = 0
			}
		}
		for _, o := range order {
			if o.item == k.item && o.item != 0 && o.element == k.element && o.version < k.version {
				g.Before += len(groups[o])
			}
		}
		if g.Closed {
			out.Closed = append(out.Closed, g)
		} else {
			out.Open = append(out.Open, g)
		}
	}
	if !all {
		out.Comments = 0
	}
	for _, list := range [][]RatingMend{out.Open, out.Closed} {
		slices.SortStableFunc(list, func(a, b RatingMend) int { return cmp.Or(b.N-a.N, b.Bad-a.Bad, strings.Compare(a.Name, b.Name)) })
	}
	return out, nil
}

// editsItemsOf says whether an actor edits the items of a department.
func (s *Service) editsItemsOf(who account.Actor, department string) bool {
	unit, ours := s.unitOf(department)
	return ours && who.Has(roleItemEditor, unit)
}

func splitWords(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ';' })
}

// mendItem is an item as groups need it, with when each of its versions came.
type mendItem struct {
	ID         store.ID
	Name       string
	Department string
	Version    int
	at         map[int]store.Time
}

func (s *Service) mendItems(ctx context.Context, keys []mendKey) (map[store.ID]mendItem, error) {
	out := map[store.ID]mendItem{}
	for _, k := range keys {
		if _, have := out[k.item]; have || k.item == 0 {
			continue
		}
		x, err := store.Get[mendItem](ctx, s.Store, `SELECT id, name, department, version FROM service_item WHERE id = ?`, int64(k.item))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		versions, err := store.Select[struct {
			Version int
			At      store.Time
		}](ctx, s.Store, `SELECT version, at FROM service_item_version WHERE item = ?`, int64(k.item))
		if err != nil {
			return nil, err
		}
		x.at = map[int]store.Time{}
		for _, v := range versions {
			x.at[v.Version] = v.At
		}
		out[k.item] = x
	}
	return out, nil
}

// mendGroup tells of one group; what is said most in it is found as topics are.
func (s *Service) mendGroup(rules *ratingRules, k mendKey, rows []mendRow, x mendItem) RatingMend {
	g := RatingMend{Item: x.ID, Name: cmp.Or(x.Name, rows[0].Title), Hall: k.hall, Version: k.version, Element: k.element, Says: rules.mendName(k.element), N: len(rows), Quotes: []MendQuote{}, Phrases: []string{}}
	unit := cmp.Or(x.Department, rows[0].Unit)
	g.Unit = unit
	if u, ok := s.Dir.Tree().Unit(unit); ok {
		g.Unit = u.Name
	}
	if x.ID != 0 && x.Version > k.version {
		g.Closed = true
		for v := k.version + 1; v <= x.Version; v++ {
			if at, ok := x.at[v]; ok {
				g.ClosedAt = at
				break
			}
		}
	}
	var docs []topic.Doc
	var ids []string
	for _, r := range rows {
		if r.Grade < goodFrom {
			g.Bad++
		}
		docs = append(docs, topic.Doc{ID: r.ID.String(), At: r.At.Time, Who: r.Person.String(), Text: r.Comment})
		ids = append(ids, r.ID.String())
	}
	var telling []string
	if len(rows) > 1 {
		t := topic.NewSpace(docs, topic.Options{}).Describe(ids, topic.Measure{Now: s.Store.Now()})
		telling = t.Heart
		if t.Appellants > 1 {
			g.Phrases = t.Phrases
		}
	}
	slices.SortStableFunc(rows, func(a, b mendRow) int {
		rank := func(r mendRow) int {
			if i := slices.Index(telling, r.ID.String()); i >= 0 {
				return i
			}
			return len(telling)
		}
		return cmp.Or(rank(a)-rank(b), a.Grade-b.Grade)
	})
	for _, r := range rows {
		if len(g.Quotes) == 20 {
			break
		}
		q := MendQuote{Rating: r.ID, Said: r.Comment, Grade: r.Grade, Elements: rules.mends(r.Comment), Sorted: r.Sorted != nil}
		if r.Sorted != nil {
			q.Elements = splitWords(*r.Sorted)
		}
		g.Quotes = append(g.Quotes, q)
	}
	return g
}

// SortMend says what a comment is about; no element at all is that nothing is to be mended.
func (s *Service) SortMend(ctx context.Context, who account.Actor, rating store.ID, elements []string) error {
	rules := s.ratings.Load()
	if rules == nil {
		return store.ErrNotFound
	}
	for i, e := range elements {
		known := e == mendOther || slices.ContainsFunc(rules.Mend, func(m MendElement) bool { return m.ID == e })
		if !known || slices.Contains(elements[:i], e) {
			return httpapi.FailField("elements", "no_such_option")
		}
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, err := getRating(ctx, tx, rating)
		if err != nil {
			return err
		}
		if r.Comment == "" || r.Clerk != 0 && r.Clerk == who.Account {
			return store.ErrNotFound
		}
		now := store.At(s.Store.Now())
		if _, err := tx.Exec(ctx, `INSERT INTO service_rating_mend (id, rating, elements, actor, at) VALUES (?, ?, ?, ?, ?)`, tx.NewID(), rating, strings.Join(elements, ";"), who.Account, now); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{At: now, Actor: who.Account, Unit: who.Unit, Action: "rating.sort", Object: "rating/" + rating.String()}, map[string]any{"elements": elements})
	})
}

func (s *Service) mountMends(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "get-rating-mends", Method: http.MethodGet, Path: "/api/services/rating-mends", Tag: tag, Access: httpapi.Roles("rating_clerk", "inspector", roleItemEditor, roleItemPublisher),
		Summary: "What raters wrote, by which element of which item is to be mended (评价整改清单)"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[MendBoard], error) {
		return httpapi.Answer(s.Mends(ctx, httpapi.Actor(ctx)))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "sort-rating-comment", Method: http.MethodPost, Path: "/api/services/rating-mends/{id}", Tag: tag, Access: httpapi.Roles("rating_clerk"),
		Summary: "Say what a comment is about; no element: nothing is to be mended"}, func(ctx context.Context, in *struct {
		CaseKey
		Body struct {
			Elements []string `json:"elements" maxItems:"10"`
		}
	}) (*httpapi.Body[MendBoard], error) {
		who := httpapi.Actor(ctx)
		if err := s.SortMend(ctx, who, in.ID.ID, in.Body.Elements); err != nil {
			return nil, err
		}
		return httpapi.Answer(s.Mends(ctx, who))
	})
}
