package knowledge

import (
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/answer"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// Document is what may answer, with what its reader is told of it.
type Document struct {
	answer.Document
	Unit       string // who answers for it
	LegalBasis string
	Article    store.ID // the entry that it is; 0: a system's
	Since      store.Time
	seq        int64 // of its text
	solved     bool  // for staff who see its unit
}

// Source is a system that tells what it knows beside the entries.
type Source interface {
	// Told is what anybody may be told (the duty list); it reads no records.
	Told() []Document
	// Solved is what staff alone may be told, each of the units that they see
	// (solved matters). It may take seconds; SolvedStamp changes when it does.
	Solved(ctx context.Context) ([]Document, error)
	SolvedStamp(ctx context.Context) (string, error)
}

// shelf keeps the indexes in memory. One is of what anybody or all staff may be
// told, made anew when it has changed; the other, larger one is of what systems
// tell staff, made anew in the background. They are apart so that a solved matter
// does not change what the public is answered.
type shelf struct {
	told, solved atomic.Pointer[index]
	mu           sync.Mutex // one makes an index at a time
	changed      atomic.Int64
	kick         chan struct{}
	once         sync.Once
}

type index struct {
	*answer.Index
	of      map[string]*Document // by kind and identifier
	changed int64
	stamp   string
}

func (x *index) document(d *answer.Document) *Document { return x.of[d.Kind+"/"+d.ID] }

func (h *shelf) wake() chan struct{} {
	h.once.Do(func() { h.kick = make(chan struct{}, 1) })
	return h.kick
}

// stale says that what was told has changed.
func (h *shelf) stale() {
	h.changed.Add(1)
	select {
	case h.wake() <- struct{}{}:
	default:
	}
}

func (in *inForce) index(docs []Document, changed int64, stamp string) *index {
	x := &index{of: make(map[string]*Document, len(docs)), changed: changed, stamp: stamp}
	plain := make([]answer.Document, len(docs))
	for i := range docs {
		plain[i] = docs[i].Document
		x.of[docs[i].Kind+"/"+docs[i].ID] = &docs[i]
	}
	x.Index = answer.New(plain, answer.Options{Own: slices.Collect(maps.Values(in.manifest.Name))})
	return x
}

// toldNow is the index of the entries in force and of what the systems tell
// anybody, as new as what has changed.
func (s *Service) toldNow(ctx context.Context) (*index, error) {
	if x := s.shelf.told.Load(); x != nil && x.changed == s.shelf.changed.Load() {
		return x, nil
	}
	s.shelf.mu.Lock()
	defer s.shelf.mu.Unlock()
	changed := s.shelf.changed.Load()
	if x := s.shelf.told.Load(); x != nil && x.changed == changed {
		return x, nil
	}
	docs, err := s.documents(ctx)
	if err != nil {
		return nil, err
	}
	x := s.inForce.Load().index(docs, changed, "")
	s.shelf.told.Store(x)
	return x, nil
}

// told is the index as it lies ready: the one before while a new one is made.
func (s *Service) told(ctx context.Context) (*index, error) {
	if x := s.shelf.told.Load(); x != nil {
		return x, nil
	}
	return s.toldNow(ctx)
}

// documents are the entries in force and what the systems tell anybody.
func (s *Service) documents(ctx context.Context) ([]Document, error) {
	rows, err := store.Select[Article](ctx, s.Store, `SELECT `+articleColumns+` FROM knowledge_entry e WHERE e.live > 0 ORDER BY e.id`)
	if err != nil {
		return nil, err
	}
	var docs []Document
	tree := s.Dir.Tree()
	for i := range rows {
		if e := rows[i].liveEntry(); e != nil {
			docs = append(docs, rows[i].document(*e, tree.Name(e.Unit)))
		}
	}
	for _, src := range s.Sources {
		docs = append(docs, src.Told()...)
	}
	return docs, nil
}

func (a *Article) document(e Entry, owner string) Document {
	return Document{Document: e.Document(owner), Unit: e.Unit, LegalBasis: e.LegalBasis, Article: a.ID, Since: a.Published, seq: int64(a.Live)}
}

// remakeSolved makes the index of what systems tell staff anew where it has changed.
func (s *Service) remakeSolved(ctx context.Context) error {
	stamp := ""
	for _, src := range s.Sources {
		one, err := src.SolvedStamp(ctx)
		if err != nil {
			return err
		}
		stamp += one + ";"
	}
	if x := s.shelf.solved.Load(); x != nil && x.stamp == stamp {
		return nil
	}
	// What a word tells is weighed by all that is known, though solved matters alone
	// are found in it.
	docs, err := s.documents(ctx)
	if err != nil {
		return err
	}
	for _, src := range s.Sources {
		some, err := src.Solved(ctx)
		if err != nil {
			return err
		}
		for _, d := range some {
			d.solved = true
			docs = append(docs, d)
		}
	}
	s.shelf.solved.Store(s.inForce.Load().index(docs, 0, stamp))
	return nil
}

// Keep makes the indexes anew, in every process that answers, until ctx ends: at
// once when what was told has changed, and every so often what systems tell staff.
func (s *Service) Keep(ctx context.Context) {
	next := time.Now()
	for {
		if _, err := s.toldNow(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("the index of the knowledge could not be made", "error", err)
		}
		if !time.Now().Before(next) {
			if err := s.remakeSolved(ctx); err != nil && ctx.Err() == nil {
				s.Log.Error("the index of solved matters could not be made", "error", err)
			}
			// What a system tells may have changed by the hour alone (a duty list takes over).
			s.shelf.changed.Add(1)
			next = time.Now().Add(s.inForce.Load().refresh)
		}
		if err := s.flushUses(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("the uses of knowledge could not be kept", "error", err)
		}
		select {
		case <-ctx.Done():
			if err := s.flushUses(context.WithoutCancel(ctx)); err != nil && !errors.Is(err, store.ErrClosed) {
				s.Log.Error("the uses of knowledge could not be kept", "error", err)
			}
			return
		case <-s.shelf.wake():
		case <-time.After(flushEvery):
		}
	}
}

// Follow asks open questions again while this process leads; ctx ends it.
func (s *Service) Follow(ctx context.Context) {
	go func() {
		var seen int64 = -1
		for ctx.Err() == nil {
			if now := s.shelf.changed.Load(); now != seen {
				if err := s.settle(ctx); err != nil && ctx.Err() == nil {
					s.Log.Error("open questions could not be asked again", "error", err)
				} else {
					seen = now
				}
			}
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}()
}

// Asked is a question and who asks it.
type Asked struct {
	Question string
	Who      account.Actor
	// Typing says that the question is still being written: nothing of it is kept.
	Typing bool
}

// Said is what is said to a question.
type Said struct {
	Question   string      `json:"question"`
	Known      bool        `json:"known"`
	Answer     string      `json:"answer,omitempty" doc:"One to three sentences of the source, word for word"`
	Source     *SaidSource `json:"source,omitempty"`
	Confidence float64     `json:"confidence" doc:"0 to 1: how likely the source answers the question, as labelled questions had it"`
	Why        string      `json:"why,omitempty" enum:"empty,nothing,elsewhere,unsure," doc:"Where it is not known"`
	Near       []SaidNear  `json:"near" doc:"What is worth a look beside, the best first"`
	Next       []SaidNext  `json:"next,omitempty" doc:"Where it is not known: what may be done"`
}

// SaidSource is where an answer is from.
type SaidSource struct {
	Kind       string     `json:"kind" doc:"knowledge, duty, or solved (for staff)"`
	ID         string     `json:"id" doc:"Code of the entry or the item; number of the matter"`
	Article    store.ID   `json:"article,omitempty" doc:"The entry, for staff"`
	Title      string     `json:"title"`
	Unit       string     `json:"unit"`
	UnitName   string     `json:"unit_name"`
	LegalBasis string     `json:"legal_basis,omitempty"`
	Since      store.Time `json:"since,omitzero" doc:"When this text was published"`
	Until      store.Time `json:"valid_until,omitzero" doc:"The first moment at which it is no longer in force"`
	Internal   bool       `json:"internal,omitempty"`
}

// SaidNear is something worth a look beside an answer.
type SaidNear struct {
	Kind  string `json:"kind"`
	ID    string `json:"id"`
	Title string `json:"title"`
}

// SaidNext is what may be done where nothing is known.
type SaidNext struct {
	Kind  string `json:"kind" enum:"file,call" doc:"file: an appeal with this text; call: a person at this number"`
	Text  string `json:"text,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// solvedFrom is from how sure a solved matter answers staff: what was done once is
// no rule, and must be surer than an entry.
const solvedFrom = 0.6

// Ask answers a question: out of the entries and what the systems tell anybody,
// and for staff, where these do not know, out of the solved matters that they may
// see. What is not known is kept for who can write it, masked and without who asked.
func (s *Service) Ask(ctx context.Context, q Asked) (Said, error) {
	a, x, err := s.ask(ctx, q)
	if err != nil {
		return Said{}, err
	}
	staff := isStaff(q.Who)
	out := Said{Question: a.Question.Text, Known: a.Known, Confidence: math.Round(a.Confidence*100) / 100, Why: a.Why, Near: []SaidNear{}}
	for _, d := range a.Near {
		if d != a.Source && d.Kind != "" {
			out.Near = append(out.Near, SaidNear{d.Kind, d.ID, d.Title})
		}
	}
	if a.Known {
		out.Answer, out.Source = a.Text, s.source(x.document(a.Source), staff)
	} else {
		in := s.inForce.Load()
		if a.Why != "empty" {
			out.Next = append(out.Next, SaidNext{Kind: "file", Text: a.Question.Text})
		}
		if in.Call != "" {
			out.Next = append(out.Next, SaidNext{Kind: "call", Phone: in.Call})
		}
	}
	if q.Typing {
		return out, nil
	}
	if a.Known {
		s.uses.add(a.Source.Kind, a.Source.ID)
		return out, nil
	}
	s.uses.add("", "")
	if a.Why == "empty" || a.Why == "elsewhere" {
		return out, nil
	}
	return out, s.keep(ctx, a.Question, staff, nil)
}

func (s *Service) ask(ctx context.Context, q Asked) (answer.Answer, *index, error) {
	x, err := s.told(ctx)
	if err != nil {
		return answer.Answer{}, nil, err
	}
	staff := isStaff(q.Who)
	asking := answer.Asking{At: s.Store.Now(), Staff: staff}
	a := x.Answer(q.Question, asking)
	solved := s.shelf.solved.Load()
	if a.Known || !staff || solved == nil || a.Why == "empty" || a.Why == "elsewhere" {
		return a, x, nil
	}
	sc := q.Who.Scope()
	asking.Keep = func(d *answer.Document) bool {
		k := solved.document(d)
		return k.solved && (sc.All || slices.Contains(sc.Units, k.Unit))
	}
	if b := solved.Answer(q.Question, asking); b.Known && b.Confidence >= solvedFrom {
		b.Near = append(b.Near, a.Near...)
		return b, solved, nil
	}
	return a, x, nil
}

func (s *Service) source(d *Document, staff bool) *SaidSource {
	out := &SaidSource{Kind: d.Kind, ID: d.ID, Title: d.Title, Unit: d.Unit, UnitName: s.Dir.Tree().Name(d.Unit), LegalBasis: d.LegalBasis, Since: d.Since, Until: store.At(d.To), Internal: d.Internal}
	if staff {
		out.Article = d.Article
	}
	return out
}

// SourceText is an entry in force as its reader sees it.
type SourceText struct {
	Source SaidSource `json:"source"`
	Text   string     `json:"text"`
}

// Read is the whole text of an entry or item in force, as somebody may read it.
func (s *Service) Read(ctx context.Context, who account.Actor, kind, id string) (SourceText, error) {
	x, err := s.told(ctx)
	if err != nil {
		return SourceText{}, err
	}
	d, now := x.of[kind+"/"+id], s.Store.Now()
	if d == nil || d.Internal && !isStaff(who) || now.Before(d.From) || !d.To.IsZero() && !now.Before(d.To) {
		return SourceText{}, store.ErrNotFound
	}
	return SourceText{*s.source(d, isStaff(who)), d.Text}, nil
}

// Feedback says whether an answer was of use. The question is asked again: what is
// said of an answer that was never given is not kept.
func (s *Service) Feedback(ctx context.Context, q Asked, kind, id string, useful bool) error {
	a, x, err := s.ask(ctx, q)
	if err != nil {
		return err
	}
	if !a.Known || a.Source.Kind != kind || a.Source.ID != id {
		return store.ErrNotFound
	}
	if !useful {
		if err := s.keep(ctx, a.Question, isStaff(q.Who), x.document(a.Source)); err != nil {
			return err
		}
	}
	good, bad := 1, 0
	if !useful {
		good, bad = 0, 1
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return s.putUses(ctx, tx, map[useKey]useCount{{s.today(), kind, id}: {0, good, bad}})
	})
}

// Ready makes the indexes now, that of solved matters where staff ask, and gives the
// one of what anybody or all staff may be told: for tools.
func (s *Service) Ready(ctx context.Context, staff bool) (*answer.Index, error) {
	x, err := s.toldNow(ctx)
	if err != nil {
		return nil, err
	}
	if staff {
		err = s.remakeSolved(ctx)
	}
	return x.Index, err
}

// Try answers a question as if an entry were published: what a writer asks before.
func (s *Service) Try(ctx context.Context, e Entry, question string) (Said, error) {
	docs, err := s.documents(ctx)
	if err != nil {
		return Said{}, err
	}
	docs = slices.DeleteFunc(docs, func(d Document) bool { return d.Kind == Kind && d.ID == e.Code })
	if e.Code == "" {
		e.Code = "+"
	}
	docs = append(docs, (&Article{Live: 1}).document(e, s.Dir.Tree().Name(e.Unit)))
	x := s.inForce.Load().index(docs, 0, "")
	a := x.Answer(question, answer.Asking{At: s.Store.Now(), Staff: true})
	out := Said{Question: a.Question.Text, Known: a.Known, Answer: a.Text, Confidence: math.Round(a.Confidence*100) / 100, Why: a.Why, Near: []SaidNear{}}
	if a.Known {
		out.Source = s.source(x.document(a.Source), true)
	}
	return out, nil
}

// uses counts in memory how often what answered; they are written every few
// seconds, and those of the last seconds before a crash are lost: they are
// statistics, and an answer waits for no disk.
type uses struct {
	mu sync.Mutex
	n  map[[2]string]int
}

const flushEvery = 3 * time.Second

type useKey struct{ day, kind, id string }

type useCount struct{ said, useful, useless int }

func (u *uses) add(kind, id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.n == nil {
		u.n = map[[2]string]int{}
	}
	u.n[[2]string{kind, id}]++
}

func (s *Service) today() string {
	return s.Store.Now().In(s.inForce.Load().zone).Format(time.DateOnly)
}

func (s *Service) flushUses(ctx context.Context) error {
	s.uses.mu.Lock()
	n := s.uses.n
	s.uses.n = nil
	s.uses.mu.Unlock()
	if len(n) == 0 {
		return nil
	}
	counts := map[useKey]useCount{}
	for k, said := range n {
		counts[useKey{s.today(), k[0], k[1]}] = useCount{said: said}
	}
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return s.putUses(ctx, tx, counts) })
	if err != nil { // they wait for the next time
		s.uses.mu.Lock()
		defer s.uses.mu.Unlock()
		for k, said := range s.uses.n {
			n[k] += said
		}
		s.uses.n = n
	}
	return err
}

func (s *Service) putUses(ctx context.Context, tx *store.Tx, counts map[useKey]useCount) error {
	rows := make([][]any, 0, len(counts))
	for k, c := range counts {
		rows = append(rows, []any{k.day, k.kind, k.id, c.said, c.useful, c.useless})
	}
	return store.UpsertRows(ctx, tx, `INSERT INTO knowledge_use (day, kind, id, said, useful, useless) VALUES `,
		`ON CONFLICT (day, kind, id) DO UPDATE SET said = knowledge_use.said + excluded.said, useful = knowledge_use.useful + excluded.useful, useless = knowledge_use.useless + excluded.useless`, rows)
}

// Examples are questions for who does not know what to ask: what answered most of
// late, then what the pack names.
func (s *Service) Examples(ctx context.Context) ([]string, error) {
	out := slices.Clone(s.inForce.Load().Examples)
	x, err := s.told(ctx)
	if err != nil {
		return nil, err
	}
	since := s.Store.Now().AddDate(0, 0, -30).In(s.inForce.Load().zone).Format(time.DateOnly)
	hot, err := store.Select[string](ctx, s.Store, `SELECT id FROM knowledge_use WHERE kind = ? AND day >= ? GROUP BY id HAVING sum(said) >= 5 ORDER BY sum(said) DESC, id LIMIT 4`, Kind, since)
	if err != nil {
		return nil, err
	}
	for _, id := range hot {
		if d := x.of[Kind+"/"+id]; d != nil && !d.Internal && utf8.RuneCountInString(d.Title) <= 20 && !slices.Contains(out, d.Title) {
			out = append(out, d.Title)
		}
	}
	if out == nil {
		out = []string{}
	}
	return out, nil
}

// about is what two questions are compared by: what they are about, without the
// words that ask.
func about(q answer.Question) text.Profile {
	if utf8.RuneCountInString(q.About) >= 2 {
		return text.NewProfile(q.About)
	}
	return text.NewProfile(q.Text)
}
