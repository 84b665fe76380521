package knowledge

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/store"
)

// Article is an entry with its life: draft (拟稿) → review (待审) → published (已发布)
// → withdrawn (已下架), and expired (已过期) where the text in force has outlived its
// last day. While a correction of a published text is a draft or in review, the
// published text goes on answering.
type Article struct {
	ID          store.ID   `bun:"id" json:"id"`
	Code        string     `bun:"code" json:"code"`
	State       string     `bun:"state" json:"state" enum:"draft,review,published,withdrawn,expired"`
	Version     int        `bun:"version" json:"version" doc:"Of the newest text"`
	Live        int        `bun:"live" json:"live" doc:"Version that answers; 0: none"`
	Seq         int64      `bun:"seq" json:"seq" doc:"Of the article as it is read: an action gives it back"`
	Content     string     `bun:"content" json:"-"`
	LiveContent string     `bun:"live_content" json:"-"`
	RawAuthors  string     `bun:"authors" json:"-"`
	PackHash    string     `bun:"pack_hash" json:"-"`
	ReviewDue   store.Time `bun:"review_due" json:"review_due,omitzero" doc:"When it is to be looked through again"`
	Reminded    store.Time `bun:"reminded" json:"-"`
	Published   store.Time `bun:"published_at" json:"published_at,omitzero"`
	Changed     store.Time `bun:"changed_at" json:"changed_at"`
	Reports     int        `bun:"reports" json:"reports" doc:"Open reports that it is wrong"`
	Entry       `bun:"-"`
	UnitName    string   `bun:"-" json:"unit_name"`
	Allowed     []string `bun:"-" json:"allowed" doc:"Actions open to the caller"`
}

// States of the newest text. Expired is not kept: it follows from the day.
const (
	Draft     = "draft"
	Review    = "review"
	Published = "published"
	Withdrawn = "withdrawn"
	Expired   = "expired"
)

// Kinds of events, and the actions of the same names.
const (
	doWrite    = "write"
	doSubmit   = "submit"
	doRecall   = "recall"
	doPublish  = "publish"
	doReject   = "reject"
	doWithdraw = "withdraw"
	doDiscard  = "discard"
	doRenew    = "renew"
	doSettle   = "settle" // of a report
	didLoad    = "load"   // of the pack: written and published at once
	didReport  = "report"
)

// Origins of a text.
const (
	ofPack   = "pack"
	ofPerson = "person"
	ofTable  = "table"
)

// KnowledgeEvent is one step of an entry or of a question, never changed.
type KnowledgeEvent struct {
	Seq       int64           `bun:"seq" json:"seq"`
	At        store.Time      `bun:"at" json:"at"`
	Actor     store.ID        `bun:"actor" json:"actor,omitempty"`
	ActorName string          `bun:"actor_name" json:"actor_name,omitempty"`
	Unit      string          `bun:"unit" json:"unit,omitempty"`
	Kind      string          `bun:"kind" json:"kind"`
	Raw       string          `bun:"data" json:"-"`
	Data      json.RawMessage `bun:"-" json:"data"`
}

// eventData is what an event keeps beside its kind.
type eventData struct {
	Version   int        `json:"version,omitempty"`
	Origin    string     `json:"origin,omitempty"`
	Note      string     `json:"note,omitempty"`
	ReviewDue store.Time `json:"review_due,omitzero"`
	Hash      string     `json:"hash,omitempty"`
	Report    store.ID   `json:"report,omitempty"`
	Outcome   string     `json:"outcome,omitempty"`
	Unit      string     `json:"unit,omitempty"`
	Entry     store.ID   `json:"entry,omitempty"`
	Title     string     `json:"title,omitempty"`
}

// Errors of entries and questions.
var (
	ErrChanged = errors.New("knowledge: it was changed by somebody else")
	ErrRight   = errors.New("knowledge: this is not theirs to do")
)

const articleColumns = `e.id, e.code, e.state, e.version, e.live, e.seq, e.content, e.live_content, e.authors, e.pack_hash, e.review_due, e.reminded, e.published_at, e.changed_at,
 (SELECT count(*) FROM knowledge_report r WHERE r.entry = e.id AND r.done_at IS NULL) AS reports`

// open fills in what is kept as JSON, and what follows from the day.
func (a *Article) open(now time.Time) error {
	if err := json.Unmarshal([]byte(a.Content), &a.Entry); err != nil {
		return err
	}
	if live := a.liveEntry(); a.State == Published && live != nil && !live.To.IsZero() && !now.Before(live.To) {
		a.State = Expired
	}
	return nil
}

// liveEntry is the text that answers; nil: none does.
func (a *Article) liveEntry() *Entry {
	if a.Live == 0 {
		return nil
	}
	e := &Entry{}
	if json.Unmarshal([]byte(a.LiveContent), e) != nil {
		return nil
	}
	return e
}

func (a *Article) authors() (out []store.ID) {
	_ = json.Unmarshal([]byte(a.RawAuthors), &out)
	return out
}

// apply folds an event into the article: all of it follows from its events and
// texts. content is the text that the event brings, "" where it brings none.
func (a *Article) apply(e KnowledgeEvent, content string) error {
	var d eventData
	if err := json.Unmarshal([]byte(e.Raw), &d); err != nil {
		return err
	}
	a.Seq, a.Changed = e.Seq, e.At
	forget := func() { a.RawAuthors = "[]" }
	publish := func() {
		a.State, a.Live, a.LiveContent, a.ReviewDue, a.Published = Published, a.Version, a.Content, d.ReviewDue, e.At
		forget()
	}
	switch e.Kind {
	case didLoad:
		a.Version, a.Content, a.PackHash = d.Version, content, d.Hash
		publish()
	case doWrite:
		by := a.authors()
		if e.Actor != 0 && !slices.Contains(by, e.Actor) {
			by = append(by, e.Actor)
		}
		raw, err := json.Marshal(by)
		if err != nil {
			return err
		}
		a.State, a.Version, a.Content, a.RawAuthors = Draft, d.Version, content, string(raw)
	case doSubmit:
		a.State = Review
	case doRecall, doReject:
		a.State = Draft
	case doPublish:
		publish()
	case doWithdraw:
		if a.State == Published {
			a.State = Withdrawn
		}
		a.Live, a.LiveContent, a.ReviewDue = 0, "", store.Time{}
	case doDiscard:
		if a.State = Withdrawn; a.Live > 0 {
			a.State, a.Version, a.Content = Published, a.Live, a.LiveContent
		}
		forget()
	case doRenew:
		a.ReviewDue = d.ReviewDue
	}
	return json.Unmarshal([]byte(a.Content), &a.Entry)
}

// writers are the roles whose holders write for the units that they hold them at;
// publishers look at what others wrote; proposers may begin a draft for any unit.
var (
	writers    = []string{"handler", "receiver", "unit_head"}
	publishers = []string{"reviewer", "supervisor"}
	proposers  = append([]string{"agent", "follow_up", "dispatcher", account.RoleAdmin}, append(slices.Clone(writers), publishers...)...)
	readers    = append([]string{"arbitrator", "leader", "duty_editor", account.RoleAuditor}, proposers...)
)

func whole(who account.Actor, roles ...string) bool { return who.HasAny(roles...) && who.Scope().All }

// writes reports whether somebody writes for a unit.
func writes(who account.Actor, unit string) bool {
	return whole(who, append([]string{account.RoleAdmin}, publishers...)...) || slices.ContainsFunc(writers, func(role string) bool { return who.Has(role, unit) })
}

// allowed are the actions open to somebody, the usual next one first. Who wrote
// any of what is not published yet does not publish it (双人): two people answer for
// a text that the public is told.
func allowed(who account.Actor, a *Article) []string {
	writer := writes(who, a.Unit)
	author := slices.Contains(a.authors(), who.Account) && who.Account != 0
	publisher := whole(who, publishers...)
	out := []string{}
	may := func(yes bool, action string) {
		if yes {
			out = append(out, action)
		}
	}
	switch a.State {
	case Draft:
		may(writer, doSubmit)
		may(writer || author, doWrite)
		may(writer || author, doDiscard)
	case Review:
		may(publisher && !author, doPublish)
		may(publisher, doReject)
		may(writer || author, doRecall)
	case Published:
		may(writer, doWrite)
		may(writer, doRenew)
	case Expired, Withdrawn:
		may(writer, doWrite)
	}
	may(a.Live > 0 && (publisher || who.Has("unit_head", a.Unit)), doWithdraw)
	may(a.Reports > 0 && writer, doSettle)
	return out
}

func (s *Service) article(ctx context.Context, q store.Querier, cond string, args ...any) (*Article, error) {
	a, err := store.Get[Article](ctx, q, `SELECT `+articleColumns+` FROM knowledge_entry e WHERE `+cond, args...)
	if err != nil {
		return nil, err
	}
	return &a, a.open(s.Store.Now())
}

// seen is an article that somebody may see: what answers all staff may read; what
// does not yet, who works for its unit or wrote it.
func (s *Service) seen(ctx context.Context, who account.Actor, id store.ID) (*Article, error) {
	cond, args := scopeSQL(who)
	return s.article(ctx, s.Store, `e.id = ? AND `+cond, append([]any{int64(id)}, args...)...)
}

// scopeSQL is which entries somebody may see, over knowledge_entry (alias e).
func scopeSQL(who account.Actor) (string, []any) {
	if !isStaff(who) {
		return "1=0", nil
	}
	sc := who.Scope()
	if sc.All {
		return "1=1", nil
	}
	args := append(store.Args(sc.Units...), int64(who.Account))
	return "(e.live > 0 OR " + store.AnyOf("e.unit", len(sc.Units)) + " OR EXISTS (SELECT 1 FROM knowledge_version v WHERE v.entry = e.id AND v.actor = ?))", args
}

// put keeps what came of an article's events.
func (a *Article) put(ctx context.Context, tx *store.Tx) error {
	to := a.To
	if live := a.liveEntry(); live != nil {
		to = live.To
	}
	state := a.State
	if state == Expired {
		state = Published
	}
	return store.UpsertRows(ctx, tx, `INSERT INTO knowledge_entry (id, code, state, version, live, seq, unit, title, category, internal, content, live_content, authors, pack_hash, valid_to, review_due, reminded, published_at, changed_at) VALUES `,
		`ON CONFLICT (id) DO UPDATE SET state = excluded.state, version = excluded.version, live = excluded.live, seq = excluded.seq, unit = excluded.unit, title = excluded.title, category = excluded.category, internal = excluded.internal,
 content = excluded.content, live_content = excluded.live_content, authors = excluded.authors, pack_hash = excluded.pack_hash, valid_to = excluded.valid_to, review_due = excluded.review_due, reminded = excluded.reminded, published_at = excluded.published_at, changed_at = excluded.changed_at`,
		[][]any{{a.ID, a.Code, state, a.Version, a.Live, a.Seq, a.Unit, a.Title, a.Category, a.Internal, a.Content, a.LiveContent, a.RawAuthors, a.PackHash, store.At(to), a.ReviewDue, a.Reminded, a.Published, a.Changed}})
}

// rebuild makes an article anew of its events and texts.
func (s *Service) rebuild(ctx context.Context, id store.ID, code string) (*Article, error) {
	events, err := s.events(ctx, id)
	if err != nil {
		return nil, err
	}
	texts, err := s.texts(ctx, id)
	if err != nil {
		return nil, err
	}
	a := &Article{ID: id, Code: code, RawAuthors: "[]"}
	for _, e := range events {
		var d eventData
		if err := json.Unmarshal(e.Data, &d); err != nil {
			return nil, err
		}
		content := ""
		if i := slices.IndexFunc(texts, func(t KnowledgeText) bool { return t.Version == d.Version }); i >= 0 && (e.Kind == doWrite || e.Kind == didLoad) {
			content = texts[i].RawContent
		}
		if err := a.apply(e, content); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// Verify rebuilds every article of its events and texts, and gives the codes of
// those that are kept otherwise.
func (s *Service) Verify(ctx context.Context) (wrong []string, err error) {
	all, err := store.Select[Article](ctx, s.Store, `SELECT `+articleColumns+` FROM knowledge_entry e ORDER BY e.id`)
	if err != nil {
		return nil, err
	}
	for i := range all {
		have := &all[i]
		made, err := s.rebuild(ctx, have.ID, have.Code)
		if err != nil {
			return wrong, err
		}
		if made.State != have.State || made.Version != have.Version || made.Live != have.Live || made.Seq != have.Seq || made.Content != have.Content || made.LiveContent != have.LiveContent ||
			made.RawAuthors != have.RawAuthors || made.PackHash != have.PackHash || made.ReviewDue != have.ReviewDue || made.Published != have.Published || made.Changed != have.Changed {
			wrong = append(wrong, have.Code)
		}
	}
	return wrong, nil
}

// keepEvent appends an event of an entry or a question.
func keepEvent(ctx context.Context, tx *store.Tx, about store.ID, seq int64, at store.Time, who account.Actor, kind string, d eventData) (KnowledgeEvent, error) {
	raw, err := json.Marshal(d)
	if err != nil {
		return KnowledgeEvent{}, err
	}
	e := KnowledgeEvent{Seq: seq, At: at, Actor: who.Account, Unit: who.Unit, Kind: kind, Raw: string(raw)}
	_, err = tx.Exec(ctx, `INSERT INTO knowledge_event (about, seq, at, actor, unit, kind, data) VALUES (?, ?, ?, ?, ?, ?, ?)`, about, e.Seq, e.At, e.Actor, e.Unit, e.Kind, e.Raw)
	return e, err
}

// step appends an event of an article, with the text that it brings, and keeps what
// came of it.
func (s *Service) step(ctx context.Context, tx *store.Tx, a *Article, who account.Actor, kind string, d eventData, text *Entry) error {
	at := store.At(s.Store.Now())
	content := ""
	if text != nil {
		var err error
		if content, err = text.encode(); err != nil {
			return err
		}
		var last int
		if err := tx.QueryRow(ctx, `SELECT COALESCE(max(version), 0) FROM knowledge_version WHERE entry = ?`, a.ID).Scan(&last); err != nil {
			return err
		}
		d.Version = last + 1
		if _, err := tx.Exec(ctx, `INSERT INTO knowledge_version (entry, version, at, actor, origin, content) VALUES (?, ?, ?, ?, ?, ?)`, a.ID, d.Version, at, who.Account, d.Origin, content); err != nil {
			return err
		}
	}
	e, err := keepEvent(ctx, tx, a.ID, a.Seq+1, at, who, kind, d)
	if err != nil {
		return err
	}
	if a.State == Expired {
		a.State = Published
	}
	if err := a.apply(e, content); err != nil {
		return err
	}
	return a.put(ctx, tx)
}

// encode is the entry as it is kept: its times in UTC, so that the same text is the
// same bytes.
func (e Entry) encode() (string, error) {
	if !e.From.IsZero() {
		e.From = e.From.UTC()
	}
	if !e.To.IsZero() {
		e.To = e.To.UTC()
	}
	raw, err := json.Marshal(e)
	return string(raw), err
}

// events are the history of an entry or a question.
func (s *Service) events(ctx context.Context, about store.ID) ([]KnowledgeEvent, error) {
	es, err := store.Select[KnowledgeEvent](ctx, s.Store, `SELECT e.seq, e.at, e.actor, e.unit, e.kind, e.data, COALESCE(c.name, '') AS actor_name FROM knowledge_event e LEFT JOIN account c ON c.id = e.actor WHERE e.about = ? ORDER BY e.seq`, int64(about))
	for i := range es {
		es[i].Data = json.RawMessage(es[i].Raw)
	}
	return es, err
}

// KnowledgeText is one version of an article (版本).
type KnowledgeText struct {
	Version    int        `bun:"version" json:"version"`
	At         store.Time `bun:"at" json:"at"`
	Actor      store.ID   `bun:"actor" json:"-"`
	ActorName  string     `bun:"actor_name" json:"actor_name,omitempty"`
	Origin     string     `bun:"origin" json:"origin" enum:"pack,person,table"`
	RawContent string     `bun:"content" json:"-"`
	Entry      Entry      `bun:"-" json:"entry"`
}

func (s *Service) texts(ctx context.Context, id store.ID) ([]KnowledgeText, error) {
	ts, err := store.Select[KnowledgeText](ctx, s.Store, `SELECT v.version, v.at, v.actor, v.origin, v.content, COALESCE(c.name, '') AS actor_name FROM knowledge_version v LEFT JOIN account c ON c.id = v.actor WHERE v.entry = ? ORDER BY v.version DESC`, int64(id))
	for i := range ts {
		err = errors.Join(err, json.Unmarshal([]byte(ts[i].RawContent), &ts[i].Entry))
	}
	return ts, err
}
