package appeals

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"slices"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/place"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// Four things are kept apart:
//
//	repeat      重复件   the same person says the same again, with nothing new: linked
//	merge       并案     other people, the same event: one carries the other, each is answered and rated
//	person      一人多诉  much that one person says: a number, no link
//	recurrence  反复件   it happened again after it was closed: linked, counts against the unit
const (
	relRepeat     = "repeat"
	relMerge      = "merge"
	relRecurrence = "recurrence"
)

// Related is an appeal that may belong to another one, and why.
type Related struct {
	ID     store.ID   `json:"id"`
	No     string     `json:"no"`
	Title  string     `json:"title"`
	Kind   string     `json:"kind" enum:"repeat,merge,recurrence"`
	Score  float64    `json:"score" doc:"0 to 1: the weighted sum of the terms"`
	Terms  []Term     `json:"terms"`
	Metres *int       `json:"metres,omitempty"`
	Lon    *float64   `json:"lon,omitempty"`
	Lat    *float64   `json:"lat,omitempty"`
	State  string     `json:"state"`
	Open   bool       `json:"open"`
	Unit   string     `json:"unit,omitempty"`
	Place  string     `json:"place,omitempty"`
	Opened store.Time `json:"opened_at"`
	Carry  int        `json:"carries,omitempty" doc:"How many it carries already"`
}

// Term is one part of a score.
type Term struct {
	Name   string  `json:"name" enum:"text,place,time,caller"`
	Weight float64 `json:"weight"`
	Value  float64 `json:"value" doc:"0 to 1"`
}

// Link is a confirmed relation.
type Link struct {
	ID       store.ID   `json:"id"`
	No       string     `json:"no"`
	Title    string     `json:"title"`
	Kind     string     `json:"kind" enum:"repeat,recurrence"`
	Note     string     `json:"note,omitempty"`
	At       store.Time `json:"at"`
	Backward bool       `json:"backward,omitempty" doc:"The other one was linked to this"`
}

// RelatedView is all that an appeal is related to.
type RelatedView struct {
	Candidates []Related `json:"candidates"`
	Links      []Link    `json:"links"`
	Carrier    *Related  `json:"carrier,omitempty" doc:"What carries it"`
	Carried    []Related `json:"carried" doc:"What it carries; no word about who said it"`
	PersonOpen int       `json:"person_open" doc:"Open appeals of the same person (一人多诉)"`
	PersonAll  int       `json:"person_all" doc:"Of the same person in 90 days"`
}

// How the terms weigh, and how far candidates are looked for.
const (
	weightText, weightPlace, weightTime, weightCaller = 0.45, 0.25, 0.2, 0.1

	relatedMetres = 1000.0
	relatedRows   = 400
	relatedDays   = 30
	personDays    = 90
	leastRelated  = 0.45
	leastWords    = 0.25 // of the text's likeness, without which nothing is related
)

type relatedRow struct {
	Row  `bun:",extend"`
	Text string `bun:"text"`
}

// Related finds what an appeal may belong together with. Confidential ones take
// part: who may ask sees all of the district anyway.
func (s *Service) Related(ctx context.Context, who account.Actor, id store.ID) (RelatedView, error) {
	v := RelatedView{Candidates: []Related{}, Links: []Link{}, Carried: []Related{}}
	m, a, err := s.seen(ctx, s.Store, who, id)
	if err != nil {
		return v, err
	}
	recent := store.IDAt(m.OpenedAt.AddDate(0, 0, -relatedDays))
	until := store.IDAt(m.OpenedAt.AddDate(0, 0, relatedDays))
	rows, err := store.Select[relatedRow](ctx, s.Store, `SELECT `+rowColumns+`, a.text FROM appeal a JOIN matter m ON m.id = a.id WHERE a.street = ? AND a.id >= ? AND a.id <= ? AND a.id <> ? AND m.merged IS NULL ORDER BY a.id DESC LIMIT ?`,
		a.Street, int64(recent), int64(until), int64(id), relatedRows)
	if err != nil {
		return v, err
	}
	if m.Applicant != 0 {
		if err := s.Store.QueryRow(ctx, `SELECT count(CASE WHEN open THEN 1 END), count(*) FROM matter WHERE applicant = ? AND flow = 'appeal' AND id >= ?`, m.Applicant, int64(store.IDAt(s.Store.Now().AddDate(0, 0, -personDays)))).Scan(&v.PersonOpen, &v.PersonAll); err != nil {
			return v, err
		}
	}
	parts, err := s.partsOf(ctx, s.Store, id) // one message divided repeats nothing
	if err != nil {
		return v, err
	}
	rows = slices.DeleteFunc(rows, func(r relatedRow) bool {
		return slices.ContainsFunc(parts, func(p Part) bool { return p.ID == r.ID })
	})
	d := s.district.Load()
	names := d.without(a.Street)
	mine := text.NewProfile(names.Replace(m.Title + " " + a.Text))
	for _, r := range rows {
		if c, ok := d.relate(m, a, mine, text.NewProfile(names.Replace(r.Title+" "+r.Text)), &r); ok {
			v.Candidates = append(v.Candidates, c)
		}
	}
	slices.SortStableFunc(v.Candidates, func(a, b Related) int { return cmp.Compare(b.Score, a.Score) })
	v.Candidates = v.Candidates[:min(20, len(v.Candidates))]
	at := map[store.ID]*Related{}
	var ids []any
	for i := range v.Candidates {
		at[v.Candidates[i].ID], ids = &v.Candidates[i], append(ids, v.Candidates[i].ID)
	}
	carried, err := store.Select[struct {
		Merged store.ID
		N      int
	}](ctx, s.Store, `SELECT merged, count(*) AS n FROM matter WHERE `+store.AnyOf("merged", len(ids))+` GROUP BY merged`, ids...)
	if err != nil {
		return v, err
	}
	for _, c := range carried {
		at[c.Merged].Carry = c.N
	}
	if m.Merged != 0 {
		carriers, err := s.plain(ctx, `m.id = ?`, m.Merged)
		if err != nil {
			return v, err
		}
		if len(carriers) > 0 {
			v.Carrier = &carriers[0]
		}
	}
	if v.Carried, err = s.plain(ctx, `m.merged = ?`, id); err != nil {
		return v, err
	}
	links, err := store.Select[struct {
		ID              store.ID
		No, Title, Kind string
		Note            string
		At              store.Time
		Backward        bool
	}](ctx, s.Store, `SELECT m.id, m.no, m.title, l.kind, l.note, l.at, l.other = ? AS backward FROM appeal_link l JOIN matter m ON m.id = CASE WHEN l.appeal = ? THEN l.other ELSE l.appeal END WHERE (l.appeal = ? OR l.other = ?) AND l.undone_at IS NULL ORDER BY l.at DESC`, id, id, id, id)
	for _, l := range links {
		v.Links = append(v.Links, Link(l))
	}
	return v, err
}

// without takes the names of a street and its communities out of a text: they are
// alike in all that comes from there.
func (d *district) without(street string) *strings.Replacer {
	var names []string
	for code, p := range d.places {
		if code == street || p.Parent == street {
			names = append(names, p.Name, strings.TrimSuffix(strings.TrimSuffix(p.Name, "街道"), "社区"))
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	var pairs []string
	for _, n := range names {
		pairs = append(pairs, n, " ")
	}
	return strings.NewReplacer(pairs...)
}

// relate weighs one candidate.
func (d *district) relate(m *caseflow.Matter, a *Appeal, mine, theirs text.Profile, r *relatedRow) (Related, bool) {
	c := Related{ID: r.ID, No: r.No, Title: r.Title, State: r.State, Open: r.Open, Unit: r.Unit, Lon: r.Lon, Lat: r.Lat, Place: d.placeName(r.Place), Opened: r.OpenedAt}
	words := mine.Cosine(theirs)
	if words < leastWords {
		return c, false
	}
	where, metres, near := nearness(a, r)
	if !near {
		return c, false
	}
	c.Metres = metres
	same := m.Applicant != 0 && m.Applicant == r.Applicant
	caller := 0.0
	if same {
		caller = 1
	}
	since := r.OpenedAt.Time
	if !r.Open && !r.ClosedAt.IsZero() {
		since = r.ClosedAt.Time
	}
	when := math.Exp(-math.Abs(m.OpenedAt.Sub(since).Hours()) / (7 * 24))
	c.Terms = []Term{{"text", weightText, words}, {"place", weightPlace, where}, {"time", weightTime, when}, {"caller", weightCaller, caller}}
	for _, t := range c.Terms {
		c.Score += t.Weight * t.Value
	}
	switch {
	case !r.Open && r.ClosedAt.Before(m.OpenedAt.Time):
		c.Kind = relRecurrence
	case !r.Open:
		return c, false
	case same:
		c.Kind = relRepeat
	default:
		c.Kind = relMerge
	}
	if c.Kind == relRecurrence && m.OpenedAt.Sub(r.ClosedAt.Time) > d.limits.span(d.limits.rules.Recurrence) {
		return c, false
	}
	return c, c.Score >= leastRelated
}

// nearness is how near two appeals of one street are, 0 to 1; false where they are too
// far apart.
func nearness(a *Appeal, r *relatedRow) (where float64, metres *int, near bool) {
	if a.Lon != nil && a.Lat != nil && r.Lon != nil && r.Lat != nil {
		far := place.Distance(place.Point{CRS: place.WGS84, Lon: *a.Lon, Lat: *a.Lat}, place.Point{CRS: place.WGS84, Lon: *r.Lon, Lat: *r.Lat})
		if far > relatedMetres {
			return 0, nil, false
		}
		n := int(far)
		return 1 - far/relatedMetres, &n, true
	}
	if a.Community != "" && a.Community == r.Community {
		return 0.6, nil, true
	}
	return 0.2, nil, true // the street is the same
}

// plain are appeals as a list of related ones shows them.
func (s *Service) plain(ctx context.Context, where string, args ...any) ([]Related, error) {
	rows, err := store.Select[Row](ctx, s.Store, `SELECT `+rowColumns+rowTables+` WHERE `+where+` ORDER BY m.id LIMIT 500`, args...)
	out := []Related{}
	d := s.district.Load()
	for _, r := range rows {
		out = append(out, Related{ID: r.ID, No: r.No, Title: r.Title, Kind: relMerge, State: r.State, Open: r.Open, Unit: r.Unit, Lon: r.Lon, Lat: r.Lat, Place: d.placeName(r.Place), Opened: r.OpenedAt, Terms: []Term{}})
	}
	return out, err
}

// followed gives a carried appeal the reply of the one that carried it.
func (s *Service) followed(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	_, err := tx.Exec(ctx, `UPDATE appeal SET (reply, result, reply_files, replied_at, contacted_at, approver) = (SELECT o.reply, o.result, o.reply_files, o.replied_at, COALESCE(appeal.contacted_at, o.contacted_at), o.approver FROM appeal o WHERE o.id = ?) WHERE id = ?`,
		c.Event.Data.Other, c.Matter.ID)
	if err != nil {
		return err
	}
	return s.tellCity(ctx, tx, c)
}

// carriedStory shows the appellant of a carried appeal what the units did and said
// at the one that carried it, while it did; never what another citizen did.
func (s *Service) carriedStory(ctx context.Context, d *Detail, own *caseflow.Matter, events []caseflow.Event) error {
	for i, merge := range events {
		if merge.Action != caseflow.Merge {
			continue
		}
		until := store.At(s.Store.Now())
		for _, e := range events[i+1:] {
			if e.Data.Other == merge.Data.Other {
				until = e.At
				break
			}
		}
		m, err := caseflow.Get(ctx, s.Store, merge.Data.Other)
		if err != nil {
			return err
		}
		theirs, err := caseflow.Events(ctx, s.Store, m.ID)
		if err != nil {
			return err
		}
		f := s.Engine.Flow(m.Flow)
		theirs = slices.DeleteFunc(theirs, func(e caseflow.Event) bool {
			a := f.Actions[e.Action]
			return a == nil || slices.Contains(withCitizen, e.Action) || slices.Contains(a.By, caseflow.Desk(caseflow.Applicant)) || e.At.Before(merge.At.Time) || e.At.After(until.Time)
		})
		d.Timeline = append(d.Timeline, s.timeline(ctx, m, theirs, true)...)
		if own.Merged == m.ID {
			d.State, d.StateName, d.Unit, d.UnitName = m.State, f.States[m.State].Title["zh"], m.Unit, s.Dir.Tree().Name(m.Unit)
		}
	}
	slices.SortStableFunc(d.Timeline, func(a, b Moment) int { return a.At.Compare(b.At.Time) })
	for i := range d.Timeline {
		d.Timeline[i].Seq = i + 1 // of two matters: a number of its own
	}
	return nil
}

// mostMerged bounds how many are merged by one request.
const mostMerged = 500

// Merge lets one appeal carry others (并案). It says how many it took and, for the
// first that it could not take, why.
func (s *Service) Merge(ctx context.Context, who account.Actor, into store.ID, others []store.ID, reason string) (merged int, err error) {
	for _, id := range others {
		err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			for _, x := range []store.ID{id, into} {
				if err := s.visible(ctx, tx, who, x); err != nil {
					return err
				}
			}
			child, err := caseflow.Get(ctx, tx, id)
			if err != nil {
				return err
			}
			carrier, err := caseflow.Get(ctx, tx, into)
			if err != nil {
				return err
			}
			if child.Flow != "appeal" || carrier.Flow != "appeal" {
				return caseflow.ErrNotFound
			}
			if child.Applicant != 0 && child.Applicant == carrier.Applicant {
				return &caseflow.Refusal{Code: "merge", Text: caseflow.Text{"zh": "同一诉求人的请按重复件关联", "en": "two of the same person are linked as repeats"}}
			}
			return s.Engine.Merge(ctx, tx, id, into, who, text.Mask(reason))
		})
		if err != nil {
			return merged, err
		}
		merged++
	}
	return merged, nil
}

// LinkTo links an appeal to an earlier one as a repeat or a recurrence.
func (s *Service) LinkTo(ctx context.Context, who account.Actor, id, other store.ID, kind, note string) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		m, _, err := s.seen(ctx, tx, who, id)
		if err != nil {
			return err
		}
		o, _, err := s.seen(ctx, tx, who, other)
		switch {
		case err != nil:
			return err
		case id == other:
			return httpapi.FailField("other", "invalid")
		case kind == relRepeat && (m.Applicant == 0 || m.Applicant != o.Applicant):
			return &caseflow.Refusal{Code: "link", Text: caseflow.Text{"zh": "不同诉求人的同一件事请并案", "en": "the same matter of different people is merged"}}
		case kind == relRecurrence && (o.Open || o.ClosedAt.After(m.OpenedAt.Time)):
			return &caseflow.Refusal{Code: "link", Text: caseflow.Text{"zh": "前件尚未办结，不是反复件", "en": "the earlier one was not closed when this was filed"}}
		}
		var have bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM appeal_link WHERE appeal = ? AND other = ? AND kind = ? AND undone_at IS NULL)`, id, other, kind).Scan(&have); err != nil || have {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO appeal_link (appeal, other, kind, at, actor, note) VALUES (?, ?, ?, ?, ?, ?)`, id, other, kind, store.At(s.Store.Now()), who.Account, text.Mask(note)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "appeal.link", Object: "matter/" + id.String()}, map[string]any{"other": other, "kind": kind})
	})
}

// Unlink takes a link back. What was linked stays on record.
func (s *Service) Unlink(ctx context.Context, who account.Actor, id, other store.ID, kind string) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := s.visible(ctx, tx, who, id); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE appeal_link SET undone_at = ? WHERE appeal = ? AND other = ? AND kind = ? AND undone_at IS NULL`, store.At(s.Store.Now()), id, other, kind)
		if err == nil && n == 0 {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "appeal.unlink", Object: "matter/" + id.String()}, map[string]any{"other": other, "kind": kind})
	})
}

func (s *Service) mountRelated(srv *httpapi.Server) {
	reads, may := httpapi.Roles("agent", "dispatcher", "supervisor", "reviewer", "follow_up"), httpapi.Roles("dispatcher", "supervisor")
	httpapi.Register(srv, httpapi.Operation{ID: "list-related", Method: http.MethodGet, Path: "/api/appeals/{id}/related", Tag: tag, Access: reads,
		Summary: "What an appeal may belong together with, with the terms of each score; what is merged and linked"}, func(ctx context.Context, in *idInput) (*httpapi.Body[RelatedView], error) {
		v, err := s.Related(ctx, httpapi.Actor(ctx), in.ID.ID)
		return httpapi.Answer(v, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "merge-appeals", Method: http.MethodPost, Path: "/api/appeals/{id}/carried", Tag: tag, Access: may,
		Summary: "Let an appeal carry others about the same event (并案); all of a mass event at once"}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body struct {
			IDs    []store.ID `json:"ids" minItems:"1" maxItems:"500"`
			Reason string     `json:"reason" minLength:"2" maxLength:"500"`
		}
	}) (*httpapi.Body[struct {
		Merged int `json:"merged"`
	}], error) {
		var out struct {
			Merged int `json:"merged"`
		}
		if len(in.Body.IDs) > mostMerged {
			return nil, httpapi.FailField("ids", "too_many_values")
		}
		var err error
		out.Merged, err = s.Merge(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.IDs, in.Body.Reason)
		return httpapi.Answer(out, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "split-appeal", Method: http.MethodPost, Path: "/api/appeals/{id}/split", Tag: tag, Access: may, Status: http.StatusNoContent,
		Summary: "Undo a merge: the appeal stands for itself again, in the state in which it was merged"}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body struct {
			Reason string `json:"reason" minLength:"2" maxLength:"500"`
		}
	}) (*struct{}, error) {
		who := httpapi.Actor(ctx)
		return nil, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			if err := s.visible(ctx, tx, who, in.ID.ID); err != nil {
				return err
			}
			return s.Engine.Split(ctx, tx, in.ID.ID, who, text.Mask(in.Body.Reason))
		})
	})
	type linkInput struct {
		ID   httpapi.PathID `path:"id"`
		Body struct {
			Other store.ID `json:"other"`
			Kind  string   `json:"kind" enum:"repeat,recurrence"`
			Note  string   `json:"note,omitempty" maxLength:"500"`
		}
	}
	httpapi.Register(srv, httpapi.Operation{ID: "link-appeal", Method: http.MethodPost, Path: "/api/appeals/{id}/links", Tag: tag, Access: may, Status: http.StatusNoContent,
		Summary: "Link an appeal to an earlier one: the same again (重复件), or it happened again (反复件)"}, func(ctx context.Context, in *linkInput) (*struct{}, error) {
		return nil, s.LinkTo(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Other, in.Body.Kind, in.Body.Note)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "unlink-appeal", Method: http.MethodDelete, Path: "/api/appeals/{id}/links/{other}/{kind}", Tag: tag, Access: may, Status: http.StatusNoContent,
		Summary: "Take a link back"}, func(ctx context.Context, in *struct {
		ID    httpapi.PathID `path:"id"`
		Other httpapi.PathID `path:"other"`
		Kind  string         `path:"kind" enum:"repeat,recurrence"`
	}) (*struct{}, error) {
		return nil, s.Unlink(ctx, httpapi.Actor(ctx), in.ID.ID, in.Other.ID, in.Kind)
	})
}
