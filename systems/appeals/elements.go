package appeals

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// elementConsumer follows the events after which an appeal is read.
const elementConsumer = "appeals.elements"

// What an appeal is read for beside the elements of core/text.
const (
	elementTitle   = "title"
	elementSummary = "summary"
)

// elementKinds are all of them, in the order in which they are shown.
var elementKinds = []string{elementTitle, elementSummary, string(text.Who), string(text.Where), string(text.When), string(text.What), string(text.Wanted)}

// ElementValue is one thing that an appeal says, in its own words where From is
// less than To.
type ElementValue struct {
	Text  string     `json:"text"`
	From  int        `json:"from,omitempty" doc:"Where the words stand in the masked text, in characters"`
	To    int        `json:"to,omitempty"`
	Rule  string     `json:"rule,omitempty" doc:"By which the house found it"`
	Since store.Time `json:"since,omitzero" doc:"Of a time: what it comes to, set against the time of filing"`
	Until store.Time `json:"until,omitzero"`
	Every bool       `json:"every,omitempty" doc:"Of a time: again and again"`
}

// ElementSet is what a version says, by kind. A kind that is there and empty says
// that there is none; one that is absent is not spoken of.
type ElementSet map[string][]ElementValue

// ElementVersion is one reading or correction.
type ElementVersion struct {
	Seq   int        `bun:"seq" json:"seq"`
	At    store.Time `bun:"at" json:"at"`
	Actor store.ID   `bun:"actor" json:"-"`
	By    string     `bun:"by_name" json:"by,omitempty" doc:"Who corrected; absent where the house read"`
	Unit  string     `bun:"unit" json:"unit,omitempty"`
	Body  string     `bun:"body" json:"-"`
	Set   ElementSet `bun:"-" json:"said"`
}

// ElementRow is what stands of one kind.
type ElementRow struct {
	Kind   string         `json:"kind" enum:"title,summary,who,where,when,what,wanted"`
	Values []ElementValue `json:"values"`
	Seq    int            `json:"seq" doc:"Of the version that says it; 0: read just now, not kept"`
	By     string         `json:"by,omitempty" doc:"Who corrected it; absent where the house read it"`
	At     store.Time     `json:"at,omitzero"`
}

// Elements are what an appeal says, as it stands, and how that came.
type Elements struct {
	Version  int              `json:"version" doc:"Newest version; give it back when correcting"`
	Rows     []ElementRow     `json:"rows"`
	Versions []ElementVersion `json:"versions" doc:"The newest first"`
	Correct  bool             `json:"correct" doc:"Whether the caller may correct"`
}

// of gives the values of a kind.
func (e *Elements) of(kind string) []ElementValue {
	for _, r := range e.Rows {
		if r.Kind == kind {
			return r.Values
		}
	}
	return nil
}

// readElements reads an appeal by rule. It is pure: the same words and time give
// the same.
func (d *district) readElements(title, words string, at time.Time) ElementSet {
	found := text.FindElements(words, d.reading(words, at))
	out := ElementSet{}
	for _, k := range text.ElementKinds {
		out[string(k)] = []ElementValue{}
	}
	for _, e := range found {
		v := ElementValue{Text: words[e.Start:e.End], Rule: e.Rule, Every: e.Every}
		v.From = utf8.RuneCountInString(words[:e.Start])
		v.To = v.From + utf8.RuneCountInString(v.Text)
		if !e.From.IsZero() {
			v.Since, v.Until = store.At(e.From), store.At(e.To)
		}
		out[string(e.Kind)] = append(out[string(e.Kind)], v)
	}
	s := text.Summarize(words, found)
	if s.Title == "" {
		s.Title = title
	}
	out[elementTitle] = []ElementValue{{Text: s.Title}}
	out[elementSummary] = []ElementValue{{Text: s.Text}}
	return out
}

// reading is what the district knows beside the words.
func (d *district) reading(words string, at time.Time) text.Reading {
	r := text.Reading{At: at.In(d.zone)}
	for _, m := range d.locate.names.Match(words) {
		r.Places = append(r.Places, text.Stretch{Start: m.Start, End: m.End})
	}
	return r
}

// readNew reads appeals as they come in, and keeps what they say of the graph. What
// takes time is done before the transaction, and afterwards the reader rests three
// times as long as it worked: a burst of appeals is read when it is over, and who
// opens one before that has it read at once.
func (s *Service) readNew(ctx context.Context, events []event.Event) error {
	began := time.Now()
	var ids []store.ID
	for _, e := range events {
		if e.Subject != System+".file" && e.Subject != System+"."+caseflow.Imported {
			continue
		}
		if id, err := store.ParseID(e.Key); err == nil && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	d := s.district.Load()
	for chunk := range slices.Chunk(ids, 20) {
		type reading struct {
			spoken
			id  store.ID
			set ElementSet
		}
		var read []reading
		for _, id := range chunk {
			w, err := wordsOf(ctx, s.Store, id)
			if err != nil {
				return err
			}
			read = append(read, reading{w, id, d.readElements(w.Title, w.Text, w.At.Time)})
		}
		if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			for _, r := range read {
				var have bool // the event came twice, or a person was faster
				if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM element_version WHERE appeal = ?)`, int64(r.id)).Scan(&have); err != nil {
					return err
				}
				if have {
					continue
				}
				if err := putElements(ctx, tx, r.id, 1, r.At, account.Actor{}, r.set); err != nil {
					return err
				}
				if err := d.mention(ctx, tx, r.id, r.set); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	select {
	case <-ctx.Done():
	case <-time.After(3 * time.Since(began)):
	}
	return nil
}

// spoken is the words of an appeal.
type spoken struct {
	Title, Text string
	At          store.Time
}

func wordsOf(ctx context.Context, q store.Querier, id store.ID) (spoken, error) {
	return store.Get[spoken](ctx, q, `SELECT m.title, a.text, m.opened_at AS at FROM matter m JOIN appeal a ON a.id = m.id WHERE m.id = ?`, int64(id))
}

func elementVersions(ctx context.Context, q store.Querier, id store.ID) ([]ElementVersion, error) {
	rows, err := store.Select[ElementVersion](ctx, q, `SELECT v.seq, v.at, COALESCE(v.actor, 0) AS actor, COALESCE(c.name, '') AS by_name, v.unit, v.body FROM element_version v LEFT JOIN account c ON c.id = v.actor WHERE v.appeal = ? ORDER BY v.seq DESC`, int64(id))
	for i := range rows {
		if err := json.Unmarshal([]byte(rows[i].Body), &rows[i].Set); err != nil {
			return nil, err
		}
	}
	return rows, err
}

func putElements(ctx context.Context, tx *store.Tx, id store.ID, seq int, at store.Time, who account.Actor, set ElementSet) error {
	raw, err := json.Marshal(set)
	if err != nil {
		return err
	}
	var actor any
	if who.Account != 0 {
		actor = who.Account
	}
	_, err = tx.Exec(ctx, `INSERT INTO element_version (appeal, seq, at, actor, unit, body) VALUES (?, ?, ?, ?, ?, ?)`, id, seq, at, actor, who.Unit, string(raw))
	return err
}

// standing folds versions, the newest first: of each kind a person's newest, else
// the newest reading.
func standing(versions []ElementVersion) Elements {
	out := Elements{Versions: versions}
	if len(versions) > 0 {
		out.Version = versions[0].Seq
	}
	for _, kind := range elementKinds {
		row, read := ElementRow{Kind: kind, Values: []ElementValue{}}, false
		for _, v := range versions {
			values, says := v.Set[kind]
			if !says || read && v.Actor == 0 {
				continue
			}
			read = true
			row = ElementRow{Kind: kind, Values: values, Seq: v.Seq, At: v.At, By: v.By}
			if v.Actor != 0 {
				break
			}
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// elements is what an appeal says. One that nobody has read yet, such as one of a
// demonstration, is read now.
func (s *Service) elements(ctx context.Context, q store.Querier, id store.ID) (Elements, error) {
	versions, err := elementVersions(ctx, q, id)
	if err != nil {
		return Elements{}, err
	}
	if slices.ContainsFunc(versions, func(v ElementVersion) bool { return v.Actor == 0 }) {
		return standing(versions), nil
	}
	w, err := wordsOf(ctx, q, id)
	if err != nil {
		return Elements{}, err
	}
	read := ElementVersion{At: w.At, Set: s.district.Load().readElements(w.Title, w.Text, w.At.Time)}
	out := standing(append(slices.Clone(versions), read))
	out.Versions = versions
	return out, nil
}

var correctors = []string{"handler", "dispatcher", "agent"}

// Elements are what an appeal says, for one who may see it.
func (s *Service) Elements(ctx context.Context, who account.Actor, id store.ID) (Elements, error) {
	if _, _, err := s.seen(ctx, s.Store, who, id); err != nil {
		return Elements{}, err
	}
	out, err := s.elements(ctx, s.Store, id)
	out.Correct = who.HasAny(correctors...)
	return out, err
}

const (
	mostElements    = 8   // values of a kind
	mostElementText = 300 // characters of a value
)

// CorrectElements keeps what a person says that an appeal says, by kind, beside
// what the house read. It returns caseflow.ErrConflict where somebody was faster,
// and a problem that names the kind that is wrong.
func (s *Service) CorrectElements(ctx context.Context, who account.Actor, id store.ID, version int, words map[string][]string) error {
	for kind, values := range words {
		if !slices.Contains(elementKinds, kind) {
			return httpapi.FailField("words."+kind, "no_such_option")
		}
		most := mostElements
		if kind == elementTitle || kind == elementSummary {
			most = 1
			if len(values) == 0 {
				return httpapi.FailField("words."+kind, "required")
			}
		}
		if len(values) > most {
			return httpapi.FailField("words."+kind, "too_many_values")
		}
		for _, v := range values {
			switch n := utf8.RuneCountInString(text.Clean(v)); {
			case n == 0:
				return httpapi.FailField("words."+kind, "required")
			case n > mostElementText:
				return httpapi.FailField("words."+kind, "too_long")
			}
		}
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		m, a, err := s.seen(ctx, tx, who, id)
		if err != nil {
			return err
		}
		now, err := s.elements(ctx, tx, id)
		if err != nil {
			return err
		}
		if now.Version != version {
			return caseflow.ErrConflict
		}
		set, d := ElementSet{}, s.district.Load()
		for kind, values := range words {
			list := []ElementValue{}
			for _, v := range values {
				masked, _, err := s.maskText(ctx, tx, m, text.Clean(v))
				if err != nil {
					return err
				}
				list = append(list, d.located(kind, masked, a.Text, m.OpenedAt.Time))
			}
			if !slices.EqualFunc(list, now.of(kind), func(a, b ElementValue) bool { return a.Text == b.Text }) {
				set[kind] = list
			}
		}
		if len(set) == 0 {
			return nil // it says so already
		}
		seq := now.Version
		if !slices.ContainsFunc(now.Versions, func(v ElementVersion) bool { return v.Actor == 0 }) {
			// What the house reads stands beside what a person says.
			seq++
			if err := putElements(ctx, tx, id, seq, m.OpenedAt, account.Actor{}, d.readElements(m.Title, a.Text, m.OpenedAt.Time)); err != nil {
				return err
			}
		}
		if err := putElements(ctx, tx, id, seq+1, store.At(s.Store.Now()), who, set); err != nil {
			return err
		}
		if now, err = s.elements(ctx, tx, id); err != nil {
			return err
		}
		if err := d.mention(ctx, tx, id, now.set()); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "appeal.elements", Object: "matter/" + id.String()}, map[string]any{"kinds": sortedKeysOf(set), "version": seq + 1})
	})
}

// set is what stands, by kind.
func (e *Elements) set() ElementSet {
	out := ElementSet{}
	for _, r := range e.Rows {
		out[r.Kind] = r.Values
	}
	return out
}

// located says where the words of a value stand in the text, and of a time what it
// comes to.
func (d *district) located(kind, value, words string, at time.Time) ElementValue {
	v := ElementValue{Text: value}
	if i := strings.Index(words, value); i >= 0 && kind != elementTitle && kind != elementSummary {
		v.From = utf8.RuneCountInString(words[:i])
		v.To = v.From + utf8.RuneCountInString(value)
	}
	if kind == string(text.When) {
		for _, e := range text.FindElements(value, text.Reading{At: at.In(d.zone)}) {
			if e.Kind == text.When && (e.Every || !e.From.IsZero()) {
				v.Every = e.Every
				if !e.From.IsZero() {
					v.Since, v.Until = store.At(e.From), store.At(e.To)
				}
				break
			}
		}
	}
	return v
}

func (s *Service) mountElements(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "get-elements", Method: http.MethodGet, Path: "/api/appeals/{id}/elements", Tag: tag, Access: staff,
		Summary: "What an appeal says (诉求要素): title, summary, who, where, when, what, what is wanted; and who corrected what"}, func(ctx context.Context, in *idInput) (*httpapi.Body[Elements], error) {
		e, err := s.Elements(ctx, httpapi.Actor(ctx), in.ID.ID)
		return httpapi.Answer(e, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "correct-elements", Method: http.MethodPut, Path: "/api/appeals/{id}/elements", Tag: tag, Access: httpapi.Roles(correctors...),
		Summary: "Correct what an appeal says", Text: "Only the kinds that are given change; an empty list says that there is none. A correction stands over every later reading."}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body struct {
			Version int                 `json:"version" minimum:"0" doc:"The version that was seen"`
			Words   map[string][]string `json:"words" doc:"By kind; at most eight values of 300 characters"`
		}
	}) (*httpapi.Body[Elements], error) {
		who := httpapi.Actor(ctx)
		if err := s.CorrectElements(ctx, who, in.ID.ID, in.Body.Version, in.Body.Words); err != nil {
			return nil, err
		}
		e, err := s.Elements(ctx, who, in.ID.ID)
		return httpapi.Answer(e, err)
	})
}
