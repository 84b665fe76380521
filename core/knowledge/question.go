package knowledge

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/answer"
	"shanzhi/core/audit"
	"shanzhi/core/gate"
	"shanzhi/core/httpapi"
	"shanzhi/core/notice"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// KnowledgeQuestion is what was asked and not known, or answered and of no use: like ones
// together, with how often. open → assigned to a unit, which writes the entry →
// answered, which it becomes by itself when an entry that was published answers
// it; or dismissed with a reason. Who asked is kept nowhere.
type KnowledgeQuestion struct {
	ID        store.ID   `bun:"id" json:"id"`
	State     string     `bun:"state" json:"state" enum:"open,assigned,dismissed,answered"`
	Seq       int64      `bun:"seq" json:"seq"`
	Text      string     `bun:"text" json:"text"`
	Staff     bool       `bun:"staff" json:"staff,omitempty" doc:"Asked by staff alone"`
	Asked     int        `bun:"asked" json:"asked"`
	Useless   int        `bun:"useless" json:"useless,omitempty" doc:"Of these, answered and called of no use"`
	Source    string     `bun:"source" json:"source,omitempty" doc:"Kind and identifier of the answer of no use"`
	SourceSeq int64      `bun:"source_seq" json:"-"`
	Unit      string     `bun:"unit" json:"unit,omitempty"`
	UnitName  string     `bun:"-" json:"unit_name,omitempty"`
	Entry     store.ID   `bun:"entry" json:"entry,omitempty" doc:"The entry that is to answer it"`
	First     store.Time `bun:"first_at" json:"first_at"`
	Last      store.Time `bun:"last_at" json:"last_at"`
	Allowed   []string   `bun:"-" json:"allowed"`
}

// Steps of a question.
const (
	doAssign  = "assign"
	doDraft   = "draft"
	doReturn  = "return"
	doDismiss = "dismiss"
	doReopen  = "reopen"
	didAnswer = "answered"
)

const questionColumns = `q.id, q.state, q.seq, q.text, q.staff, q.asked, q.useless, q.source, q.source_seq, q.unit, q.entry, q.first_at, q.last_at`

// Wording is one way in which a question was put.
type Wording struct {
	Text  string     `bun:"text" json:"text"`
	Asked int        `bun:"asked" json:"asked"`
	Last  store.Time `bun:"last_at" json:"last_at"`
}

// longestKept bounds what is kept of a question, in characters.
const longestKept = 200

// kept and wordings bound how many questions a new one is compared with, and in
// how many ways one is kept.
const (
	kept     = 3000
	wordings = 50
)

// likes are the kept questions as new ones are compared with them, in memory: what
// another process has kept comes in within freshLikes.
type likes struct {
	mu   sync.Mutex
	read time.Time
	all  map[string][]like // by the answer of no use; "": not known
}

type like struct {
	id      store.ID
	profile text.Profile
}

const freshLikes = 5 * time.Second

// find is the question that a new one belongs to; one that is like no other gets an
// identifier, under which those that come at the same moment find it.
func (s *Service) find(ctx context.Context, said, source string) (store.ID, error) {
	l := &s.likes
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil || time.Since(l.read) > freshLikes {
		// What was dismissed takes its like in silence; what was answered and is not
		// known again is a new question.
		rows, err := store.Select[struct {
			ID           store.ID
			Text, Source string
		}](ctx, s.Store, `SELECT id, text, source FROM knowledge_question WHERE state IN ('open', 'assigned', 'dismissed') ORDER BY last_at DESC LIMIT ?`, kept)
		if err != nil {
			return 0, err
		}
		had := map[store.ID]text.Profile{} // a question's text never changes
		for _, some := range l.all {
			for _, k := range some {
				had[k.id] = k.profile
			}
		}
		l.all, l.read = map[string][]like{}, time.Now()
		for _, r := range rows {
			p, ok := had[r.ID]
			if !ok {
				p = about(answer.Analyse(r.Text))
			}
			l.all[r.Source] = append(l.all[r.Source], like{r.ID, p})
		}
	}
	var id store.ID
	mine, best := about(answer.Analyse(said)), s.inForce.Load().Likeness
	for _, k := range l.all[source] {
		if c := mine.Cosine(k.profile); c >= best {
			best, id = c, k.id
		}
	}
	if id == 0 {
		id = s.Store.NewID()
		l.all[source] = append(l.all[source], like{id, mine})
	}
	return id, nil
}

// keep puts a question to the ones like it. useless is the answer that was of no
// use; nil: it was not known.
func (s *Service) keep(ctx context.Context, q answer.Question, staff bool, useless *Document) error {
	said := gate.Public(q.Text)
	if utf8.RuneCountInString(said) > longestKept {
		said = string([]rune(said)[:longestKept])
	}
	source, sourceSeq, bad := "", int64(0), 0
	state, unit, entry := "open", "", store.ID(0)
	if useless != nil {
		source, sourceSeq, bad = useless.Kind+"/"+useless.ID, useless.seq, 1
		if unit, entry = useless.Unit, useless.Article; unit != "" { // who owns the source mends it
			state = "assigned"
		}
	}
	found, err := s.find(ctx, said, source)
	if err != nil {
		return err
	}
	now := store.At(s.Store.Now())
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id := found
		if was, err := store.Get[string](ctx, tx, `SELECT state FROM knowledge_question WHERE id = ?`, int64(id)); err == nil && was == "answered" {
			id = tx.NewID() // a moment ago
		} else if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO knowledge_question (id, state, seq, text, staff, asked, useless, source, source_seq, unit, entry, first_at, last_at) VALUES (?, ?, 0, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT (id) DO UPDATE SET asked = knowledge_question.asked + 1, useless = knowledge_question.useless + excluded.useless, staff = knowledge_question.staff AND excluded.staff, last_at = excluded.last_at, source_seq = excluded.source_seq`,
			id, state, said, staff, bad, source, sourceSeq, unit, entry, now, now); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE knowledge_asked SET asked = asked + 1, last_at = ? WHERE question = ? AND text = ?`, now, id, said)
		if err != nil || n > 0 {
			return err
		}
		ways := 0
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM knowledge_asked WHERE question = ?`, id).Scan(&ways); err != nil || ways >= wordings {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO knowledge_asked (question, text, asked, last_at) VALUES (?, ?, 1, ?) ON CONFLICT (question, text) DO UPDATE SET asked = knowledge_asked.asked + 1, last_at = excluded.last_at`, id, said, now)
		return err
	})
}

// stewards give questions to units.
var stewards = append([]string{account.RoleAdmin}, publishers...)

// questionScope is which questions somebody may see: all who look after the whole,
// and a unit's people what was given to it.
func questionScope(who account.Actor) (string, []any) {
	if !isStaff(who) {
		return "1=0", nil
	}
	sc := who.Scope()
	if sc.All {
		return "1=1", nil
	}
	return store.AnyOf("q.unit", len(sc.Units)), store.Args(sc.Units...)
}

func questionActions(who account.Actor, q *KnowledgeQuestion) []string {
	steward := whole(who, stewards...)
	writer := steward || q.Unit != "" && writes(who, q.Unit)
	out := []string{}
	may := func(yes bool, action string) {
		if yes {
			out = append(out, action)
		}
	}
	switch q.State {
	case "open":
		may(steward, doAssign)
		may(steward, doDraft)
		may(steward, doDismiss)
	case "assigned":
		may(writer, doDraft)
		may(steward, doAssign)
		may(writer && !steward, doReturn)
		may(steward, doDismiss)
	case "dismissed", "answered":
		may(steward, doReopen)
	}
	return out
}

// QuestionStep is what a person does with a question.
type QuestionStep struct {
	Action string `json:"action" enum:"assign,draft,return,dismiss,reopen"`
	Seq    int64  `json:"seq" doc:"Of the question as the caller saw it"`
	Unit   string `json:"unit,omitempty" doc:"assign: who is to write the entry"`
	Note   string `json:"note,omitempty" maxLength:"500" doc:"Why; dismiss and return need it"`
}

func (s *Service) question(ctx context.Context, q store.Querier, who account.Actor, id store.ID) (*KnowledgeQuestion, error) {
	cond, args := questionScope(who)
	out, err := store.Get[KnowledgeQuestion](ctx, q, `SELECT `+questionColumns+` FROM knowledge_question q WHERE q.id = ? AND `+cond, append([]any{int64(id)}, args...)...)
	if err != nil {
		return nil, err
	}
	s.nameQuestion(who, &out)
	return &out, nil
}

func (s *Service) nameQuestion(who account.Actor, q *KnowledgeQuestion) {
	q.Allowed = questionActions(who, q)
	if q.Unit != "" {
		q.UnitName = s.Dir.Tree().Name(q.Unit)
	}
}

// ActOnQuestion does one step with a question. draft begins the entry that is to
// answer it; a question that has one already leads there.
func (s *Service) ActOnQuestion(ctx context.Context, who account.Actor, id store.ID, step QuestionStep) error {
	seen, err := s.question(ctx, s.Store, who, id)
	if err != nil {
		return err
	}
	if seen.Seq != step.Seq {
		return ErrChanged
	}
	if !slices.Contains(seen.Allowed, step.Action) {
		return ErrRight
	}
	step.Note = text.Mask(text.Clean(step.Note))
	if n := utf8.RuneCountInString(step.Note); n < 2 && (step.Action == doDismiss || step.Action == doReturn) {
		return httpapi.FailField("note", "required")
	}
	if _, ok := s.Dir.Tree().Unit(step.Unit); !ok && step.Action == doAssign {
		return httpapi.FailField("unit", "no_such_unit")
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q, err := s.question(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if q.Seq != step.Seq {
			return ErrChanged
		}
		d := eventData{Note: step.Note}
		switch step.Action {
		case doAssign:
			q.State, q.Unit, d.Unit = "assigned", step.Unit, step.Unit
		case doReturn:
			q.State, q.Unit = "open", ""
		case doDismiss:
			q.State = "dismissed"
		case doReopen:
			if q.State = "open"; q.Unit != "" {
				q.State = "assigned"
			}
		case doDraft:
			if q.Entry != 0 {
				return httpapi.FailField("entry", "taken")
			}
			if q.Unit == "" {
				q.Unit = who.Unit
			}
			q.State = "assigned"
			e := Entry{Title: titleOf(q.Text), Body: "", Unit: q.Unit, Keywords: []string{}}
			if q.Entry, err = s.create(ctx, tx, who, e, ofPerson); err != nil {
				return err
			}
			d.Entry = q.Entry
		}
		if step.Action == doAssign {
			if err := s.Notices.Tell(ctx, tx, notice.Note{Name: "knowledge_asked", Desk: "unit_head@" + q.Unit, About: "question/" + id.String(), Link: "/desk/knowledge?tab=questions",
				Words: map[string]string{"title": q.Text, "unit": s.Dir.Tree().Name(q.Unit), "reason": step.Note}}); err != nil {
				return err
			}
		}
		if err := s.keepQuestion(ctx, tx, q, who, step.Action, d); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "question." + step.Action, Object: "question/" + id.String(), Reason: step.Note}, map[string]any{"unit": q.Unit})
	})
}

func (s *Service) keepQuestion(ctx context.Context, tx *store.Tx, q *KnowledgeQuestion, who account.Actor, kind string, d eventData) error {
	q.Seq++
	if _, err := keepEvent(ctx, tx, q.ID, q.Seq, store.At(s.Store.Now()), who, kind, d); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE knowledge_question SET state = ?, seq = ?, unit = ?, entry = ? WHERE id = ?`, q.State, q.Seq, q.Unit, q.Entry, q.ID)
	return err
}

// titleOf makes a title of a question: without the signs that end it.
func titleOf(q string) string {
	q = strings.TrimRight(q, "？?。.！! ")
	if r := []rune(q); len(r) > maxTitle {
		q = string(r[:maxTitle])
	}
	return q
}

// settle asks the open questions again: one whose wording, and half of the ways in
// which it was put of late, are known now is answered. What was of no use before is
// answered only by another source, or a newer text of the same.
func (s *Service) settle(ctx context.Context) error {
	x, err := s.toldNow(ctx)
	if err != nil {
		return err
	}
	all, err := store.Select[KnowledgeQuestion](ctx, s.Store, `SELECT `+questionColumns+` FROM knowledge_question q WHERE q.state IN ('open', 'assigned') ORDER BY q.asked DESC LIMIT ?`, kept)
	if err != nil {
		return err
	}
	for i := range all {
		q := &all[i]
		as := answer.Asking{At: s.Store.Now(), Staff: q.Staff}
		by := func(said string) *Document {
			a := x.Answer(said, as)
			if !a.Known {
				return nil
			}
			if d := x.document(a.Source); q.Source == "" || d.Kind+"/"+d.ID != q.Source || d.seq > q.SourceSeq {
				return d
			}
			return nil
		}
		d := by(q.Text)
		if d == nil {
			continue
		}
		ways, err := s.wordings(ctx, q.ID)
		if err != nil {
			return err
		}
		known := 0
		for _, w := range ways {
			if by(w.Text) != nil {
				known++
			}
		}
		if 2*known < len(ways) {
			continue
		}
		err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			now, err := s.question(ctx, tx, account.System(s.Dir), q.ID)
			if err != nil {
				return err
			}
			if now.Seq != q.Seq {
				return ErrChanged
			}
			now.State = "answered"
			return s.keepQuestion(ctx, tx, now, account.System(s.Dir), didAnswer, eventData{Entry: d.Article, Title: d.Title})
		})
		if err != nil && !errors.Is(err, ErrChanged) {
			return err
		}
	}
	return nil
}

// wordings are the ways in which a question was put, the newest first.
func (s *Service) wordings(ctx context.Context, id store.ID) ([]Wording, error) {
	return store.Select[Wording](ctx, s.Store, `SELECT text, asked, last_at FROM knowledge_asked WHERE question = ? ORDER BY last_at DESC, text LIMIT 20`, int64(id))
}
