package appeals

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/core/topic"
)

// Topic is what several people say about one thing (一类事主题), and what is done
// about it: found → owned (a unit answers for it) → planned (measures with dates)
// → closed. One that nobody speaks of any more before it has an owner is faded;
// one that was the same as another is merged into it.
type Topic struct {
	ID         store.ID   `bun:"id" json:"id"`
	State      string     `bun:"state" json:"state" enum:"found,owned,planned,closed,merged,faded"`
	Owner      string     `bun:"owner" json:"owner,omitempty"`
	OwnerName  string     `bun:"-" json:"owner_name,omitempty"`
	Joined     store.ID   `bun:"joined" json:"joined,omitempty" doc:"The topic that it was merged into"`
	Version    int64      `bun:"seq" json:"version"`
	Found      store.Time `bun:"found_at" json:"found_at"`
	First      store.Time `bun:"first_at" json:"first_at"`
	Last       store.Time `bun:"last_at" json:"last_at"`
	Name       string     `bun:"name" json:"name"`
	Messages   int        `bun:"messages" json:"messages"`
	Appellants int        `bun:"appellants" json:"appellants"`
	Heat       float64    `bun:"heat" json:"heat"`
	Body       string     `bun:"body" json:"-"`
	TopicBody  `bun:"-"`
}

// TopicBody is what is kept of a topic beside what lists sort by.
type TopicBody struct {
	Place   string     `json:"place"`
	Places  []string   `json:"places"`
	Matter  string     `json:"matter"`
	Phrases []string   `json:"phrases"`
	Terms   topic.Heat `json:"heat_terms"`
	Spark   []int      `json:"spark" doc:"Messages of each of the last twelve weeks, the oldest first"`
	Heart   []store.ID `json:"representative"`
	Items   []string   `json:"items" doc:"Names of the duty items that its messages have most"`
	Lon     float64    `json:"lon,omitempty"`
	Lat     float64    `json:"lat,omitempty"`
	Plan    *TopicPlan `json:"plan,omitempty"`
	Renamed bool       `json:"renamed,omitempty" doc:"A person gave it its name"`
}

// TopicPlan is what the owner means to do (方案).
type TopicPlan struct {
	Goal     string         `json:"goal" maxLength:"500"`
	From     string         `json:"from" doc:"Day from which it is in force: before and after are told apart by it" example:"2026-01-31"`
	Measures []TopicMeasure `json:"measures" maxItems:"30"`
}

// TopicMeasure is one thing that is to be done, by whom and by when.
type TopicMeasure struct {
	What string `json:"what" maxLength:"300"`
	Unit string `json:"unit,omitempty"`
	Due  string `json:"due" example:"2026-02-28"`
	Done string `json:"done,omitempty" doc:"Day on which it was done"`
}

// TopicEvent is one step of a topic's history, never changed.
type TopicEvent struct {
	Seq       int64           `bun:"seq" json:"seq"`
	At        store.Time      `bun:"at" json:"at"`
	Actor     store.ID        `bun:"actor" json:"actor,omitempty"`
	ActorName string          `bun:"actor_name" json:"actor_name,omitempty"`
	Unit      string          `bun:"unit" json:"unit,omitempty"`
	Kind      string          `bun:"kind" json:"kind"`
	Raw       string          `bun:"data" json:"-"`
	Data      json.RawMessage `bun:"-" json:"data"`
}

// Kinds of events. What changes the members by hand holds whatever is found
// later.
const (
	topicFound  = "found"
	topicFaded  = "faded"
	topicBack   = "back"
	topicOwn    = "own"
	topicPlan   = "plan"
	topicClose  = "close"
	topicReopen = "reopen"
	topicRename = "rename"
	topicAdd    = "add"
	topicRemove = "remove"
	topicMerge  = "merge"
	topicSplit  = "split"
)

// TopicStep is what a person does with a topic.
type TopicStep struct {
	Action  string     `json:"action" enum:"own,plan,close,reopen,rename,add,remove,merge,split"`
	Version int64      `json:"version" doc:"Of the topic as the caller saw it"`
	Unit    string     `json:"unit,omitempty" doc:"own: the unit that answers for it"`
	Plan    *TopicPlan `json:"plan,omitempty"`
	Name    string     `json:"name,omitempty" doc:"rename, split"`
	Appeals []store.ID `json:"appeals,omitempty" doc:"add, remove, split"`
	Into    store.ID   `json:"into,omitempty" doc:"merge"`
	Note    string     `json:"note,omitempty" doc:"Why; close needs it"`
}

// Errors of topics.
var (
	ErrNoTopic      = errors.New("appeals: there is no such topic")
	ErrTopicChanged = errors.New("appeals: the topic was changed by somebody else")
	ErrTopicRight   = errors.New("appeals: this is not theirs to do with the topic")
)

// TopicFault says what is wrong with a step.
type TopicFault struct{ Field, Code string }

func (f *TopicFault) Error() string { return "appeals: topic step: " + f.Field + " " + f.Code }

// topicActions are the steps open to an actor, in the order of screens.
func (s *Service) topicActions(who account.Actor, t *Topic) []string {
	whole := func(roles ...string) bool { return who.HasAny(roles...) && who.Scope().All }
	var out []string
	may := func(yes bool, action string) {
		if yes {
			out = append(out, action)
		}
	}
	live := t.State == "found" || t.State == "owned" || t.State == "planned"
	ours := t.Owner != "" && who.Has("unit_head", t.Owner)
	may(live && whole("supervisor"), topicOwn)
	may(live && t.Owner != "" && (ours || whole("supervisor")), topicPlan)
	may(live && whole("supervisor"), topicClose)
	may(t.State == "closed" && whole("supervisor"), topicReopen)
	for _, a := range []string{topicRename, topicAdd, topicRemove, topicMerge, topicSplit} {
		may(live && whole("supervisor", "dispatcher"), a)
	}
	return out
}

const topicColumns = `id, state, owner, joined, seq, found_at, first_at, last_at, name, messages, appellants, heat, body`

func getTopic(ctx context.Context, q store.Querier, id store.ID) (*Topic, error) {
	t, err := store.Get[Topic](ctx, q, `SELECT `+topicColumns+` FROM topic WHERE id = ?`, int64(id))
	if errors.Is(err, store.ErrNotFound) {
		return nil, ErrNoTopic
	}
	if err != nil {
		return nil, err
	}
	return &t, json.Unmarshal([]byte(t.Body), &t.TopicBody)
}

func putTopic(ctx context.Context, tx *store.Tx, t *Topic) error {
	raw, err := json.Marshal(t.TopicBody)
	if err != nil {
		return err
	}
	return store.UpsertRows(ctx, tx, `INSERT INTO topic (`+topicColumns+`) VALUES `,
		`ON CONFLICT (id) DO UPDATE SET state = excluded.state, owner = excluded.owner, joined = excluded.joined, seq = excluded.seq, first_at = excluded.first_at, last_at = excluded.last_at,
		 name = excluded.name, messages = excluded.messages, appellants = excluded.appellants, heat = excluded.heat, body = excluded.body`,
		[][]any{{t.ID, t.State, t.Owner, t.Joined, t.Version, t.Found, t.First, t.Last, t.Name, t.Messages, t.Appellants, t.Heat, string(raw)}})
}

// newTopic keeps a topic that was just found, without members.
func (s *Service) newTopic(ctx context.Context, tx *store.Tx, who account.Actor, step TopicStep) (store.ID, error) {
	t := &Topic{ID: tx.NewID(), Found: store.At(s.Store.Now())}
	if err := s.topicEvent(ctx, tx, t, who, topicFound, step); err != nil {
		return 0, err
	}
	return t.ID, putTopic(ctx, tx, t)
}

// apply folds an event into a topic: state, owner, plan and name follow from the
// events alone.
func (t *Topic) apply(e TopicEvent) error {
	var d TopicStep
	if err := json.Unmarshal([]byte(e.Raw), &d); err != nil {
		return err
	}
	t.Version = e.Seq
	switch e.Kind {
	case topicFound, topicBack:
		t.State = "found"
	case topicFaded:
		t.State = "faded"
	case topicOwn:
		t.Owner, t.State = d.Unit, "owned"
		if t.Plan != nil {
			t.State = "planned"
		}
	case topicPlan:
		t.Plan, t.State = d.Plan, "planned"
	case topicClose:
		t.State = "closed"
	case topicReopen:
		switch {
		case t.Plan != nil:
			t.State = "planned"
		case t.Owner != "":
			t.State = "owned"
		default:
			t.State = "found"
		}
	case topicRename:
		t.Name, t.Renamed = d.Name, true
	case topicMerge:
		if d.Into != 0 {
			t.State, t.Joined = "merged", d.Into
		}
	}
	if e.Kind == topicFound && d.Name != "" {
		t.Name, t.Renamed = d.Name, true
	}
	return nil
}

// write appends an event and folds it in; the caller puts the topic.
func (s *Service) topicEvent(ctx context.Context, tx *store.Tx, t *Topic, who account.Actor, kind string, step TopicStep) error {
	step.Action, step.Version = kind, 0
	raw, err := json.Marshal(step)
	if err != nil {
		return err
	}
	e := TopicEvent{Seq: t.Version + 1, At: store.At(s.Store.Now()), Actor: who.Account, Unit: who.Unit, Kind: kind, Raw: string(raw)}
	if _, err := tx.Exec(ctx, `INSERT INTO topic_event (topic, seq, at, actor, unit, kind, data) VALUES (?, ?, ?, ?, ?, ?, ?)`, t.ID, e.Seq, e.At, e.Actor, e.Unit, e.Kind, e.Raw); err != nil {
		return err
	}
	return t.apply(e)
}

func (s *Service) topicEvents(ctx context.Context, q store.Querier, id store.ID) ([]TopicEvent, error) {
	es, err := store.Select[TopicEvent](ctx, q, `SELECT `+stepColumns+` FROM topic_event e LEFT JOIN account c ON c.id = e.actor WHERE e.topic = ? ORDER BY e.seq`, int64(id))
	for i := range es {
		es[i].Data = json.RawMessage(es[i].Raw)
	}
	return es, err
}

// stepColumns are what is read of an event (e) of a topic or a lead, with the name
// of the account (c) that did it.
const stepColumns = `e.seq, e.at, e.actor, e.unit, e.kind, e.data, COALESCE(c.name, '') AS actor_name`

// ActOnTopic does one step. Errors: ErrNoTopic, ErrTopicChanged, ErrTopicRight,
// *TopicFault.
func (s *Service) ActOnTopic(ctx context.Context, who account.Actor, id store.ID, step TopicStep) error {
	sp, err := s.topics.lock(ctx, s)
	if err != nil {
		return err
	}
	defer s.topics.mu.Unlock()
	seen, err := s.seenTopic(ctx, who, id)
	if err != nil {
		return err
	}
	if !slices.Contains(s.topicActions(who, seen), step.Action) {
		return ErrTopicRight
	}
	if err := s.checkStep(ctx, who, seen, &step); err != nil {
		return err
	}
	var changed []store.ID
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		changed = []store.ID{id}
		t, err := getTopic(ctx, tx, id)
		if err != nil {
			return err
		}
		if t.Version != step.Version {
			return ErrTopicChanged
		}
		hand := func(topic store.ID, appeals []store.ID, keep bool) error {
			rows := make([][]any, len(appeals))
			for i, a := range appeals {
				rows[i] = []any{a, topic, keep}
			}
			return store.UpsertRows(ctx, tx, `INSERT INTO topic_hand (appeal, topic, keep) VALUES `, `ON CONFLICT (appeal, topic) DO UPDATE SET keep = excluded.keep`, rows)
		}
		switch step.Action {
		case topicAdd:
			if err = hand(id, step.Appeals, true); err == nil {
				err = s.moveMembers(ctx, tx, step.Appeals, id, &changed)
			}
		case topicRemove:
			if err = hand(id, step.Appeals, false); err == nil {
				_, err = tx.Exec(ctx, `DELETE FROM topic_member WHERE topic = ? AND `+store.AnyOf("appeal", len(step.Appeals)), append([]any{id}, store.Args(step.Appeals...)...)...)
			}
		case topicMerge:
			var members []store.ID
			if members, err = store.Select[store.ID](ctx, tx, `SELECT appeal FROM topic_member WHERE topic = ?`, int64(id)); err != nil {
				return err
			}
			var into *Topic
			if into, err = getTopic(ctx, tx, step.Into); err != nil {
				return err
			}
			if err = s.topicEvent(ctx, tx, into, who, topicMerge, TopicStep{Appeals: members, Note: t.Name}); err != nil {
				return err
			}
			if err = putTopic(ctx, tx, into); err != nil {
				return err
			}
			if err = hand(step.Into, members, true); err == nil {
				err = s.moveMembers(ctx, tx, members, step.Into, &changed)
			}
		case topicSplit:
			if step.Into, err = s.newTopic(ctx, tx, who, TopicStep{Name: step.Name, Appeals: step.Appeals}); err != nil {
				return err
			}
			if err = hand(step.Into, step.Appeals, true); err != nil {
				return err
			}
			if err = hand(id, step.Appeals, false); err == nil {
				err = s.moveMembers(ctx, tx, step.Appeals, step.Into, &changed)
			}
		}
		if err != nil {
			return err
		}
		if err := s.topicEvent(ctx, tx, t, who, step.Action, step); err != nil {
			return err
		}
		if err := putTopic(ctx, tx, t); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "topic." + step.Action, Object: "topic/" + id.String(), Reason: step.Note}, map[string]any{"unit": step.Unit, "appeals": len(step.Appeals), "into": step.Into}); err != nil {
			return err
		}
		if step.Action == topicOwn {
			return s.tellTopic(ctx, tx, t, "topic_owned", "unit_head@"+step.Unit, "")
		}
		for _, c := range changed {
			if err := s.refreshTopic(ctx, tx, sp, c); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// moveMembers makes appeals members of a topic by hand, and names the topics
// that they leave.
func (s *Service) moveMembers(ctx context.Context, tx *store.Tx, appeals []store.ID, to store.ID, changed *[]store.ID) error {
	if len(appeals) == 0 {
		return nil
	}
	from, err := store.Select[store.ID](ctx, tx, `SELECT DISTINCT topic FROM topic_member WHERE `+store.AnyOf("appeal", len(appeals)), store.Args(appeals...)...)
	if err != nil {
		return err
	}
	for _, id := range append(from, to) {
		if !slices.Contains(*changed, id) {
			*changed = append(*changed, id)
		}
	}
	rows := make([][]any, len(appeals))
	for i, a := range appeals {
		rows[i] = []any{a, to, store.At(a.Time()), true}
	}
	return putMembers(ctx, tx, rows)
}

// putMembers writes rows of appeal, topic, time and by hand or not. An appeal is in
// one topic.
func putMembers(ctx context.Context, tx *store.Tx, rows [][]any) error {
	return store.UpsertRows(ctx, tx, `INSERT INTO topic_member (appeal, topic, at, hand) VALUES `, `ON CONFLICT (appeal) DO UPDATE SET topic = excluded.topic, hand = excluded.hand`, rows)
}

// Bounds of what a step may hold.
const (
	maxTopicName  = 80
	maxTopicNote  = 500
	maxTopicMoved = 500
)

// checkStep checks what a person gave, and cuts and masks nothing silently.
func (s *Service) checkStep(ctx context.Context, who account.Actor, t *Topic, step *TopicStep) error {
	fault := func(field, code string) error { return &TopicFault{field, code} }
	mask := func(p *string) { *p = text.Mask(strings.TrimSpace(*p)) }
	if utf8.RuneCountInString(step.Note) > maxTopicNote {
		return fault("note", "too_long")
	}
	mask(&step.Note)
	switch step.Action {
	case topicOwn:
		if _, ok := s.Dir.Tree().Unit(step.Unit); !ok {
			return fault("unit", "no_such_unit")
		}
	case topicClose:
		if step.Note == "" {
			return fault("note", "required")
		}
	case topicRename, topicSplit:
		mask(&step.Name)
		if n := utf8.RuneCountInString(step.Name); n == 0 && step.Action == topicRename {
			return fault("name", "required")
		} else if n > maxTopicName {
			return fault("name", "too_long")
		}
	case topicPlan:
		p := step.Plan
		if p == nil || p.Goal == "" {
			return fault("plan.goal", "required")
		}
		mask(&p.Goal)
		if _, err := time.Parse(time.DateOnly, p.From); err != nil {
			return fault("plan.from", "not_a_time")
		}
		if len(p.Measures) == 0 {
			return fault("plan.measures", "required")
		}
		for i := range p.Measures {
			m := &p.Measures[i]
			mask(&m.What)
			at := func(f string) string { return fmt.Sprintf("plan.measures[%d].%s", i, f) }
			if m.What == "" {
				return fault(at("what"), "required")
			}
			if _, err := time.Parse(time.DateOnly, m.Due); err != nil {
				return fault(at("due"), "not_a_time")
			}
			if _, err := time.Parse(time.DateOnly, m.Done); m.Done != "" && err != nil {
				return fault(at("done"), "not_a_time")
			}
			if _, ok := s.Dir.Tree().Unit(m.Unit); m.Unit != "" && !ok {
				return fault(at("unit"), "no_such_unit")
			}
		}
	case topicMerge:
		into, err := getTopic(ctx, s.Store, step.Into)
		if err != nil || step.Into == t.ID || into.State == "merged" {
			return fault("into", "no_such_option")
		}
	}
	if step.Action != topicAdd && step.Action != topicRemove && step.Action != topicSplit {
		return nil
	}
	slices.Sort(step.Appeals)
	step.Appeals = slices.Compact(step.Appeals)
	if len(step.Appeals) == 0 {
		return fault("appeals", "required")
	}
	if len(step.Appeals) > maxTopicMoved {
		return fault("appeals", "too_long")
	}
	query, args := `SELECT count(*) FROM topic_member WHERE topic = ? AND `+store.AnyOf("appeal", len(step.Appeals)), append([]any{t.ID}, store.Args(step.Appeals...)...)
	if step.Action == topicAdd {
		query, args = `SELECT count(*) FROM matter WHERE flow = 'appeal' AND `+store.AnyOf("id", len(step.Appeals)), store.Args(step.Appeals...)
	}
	var n int
	if err := s.Store.QueryRow(ctx, query, args...).Scan(&n); err != nil {
		return err
	}
	if n != len(step.Appeals) {
		return fault("appeals", "no_such_option")
	}
	if step.Action == topicSplit && n >= t.Messages {
		return fault("appeals", "all")
	}
	return nil
}

// seenTopic is a topic for one who may see it: the platform's eyes see all, a
// unit those that it answers for. ErrNoTopic if not.
func (s *Service) seenTopic(ctx context.Context, who account.Actor, id store.ID) (*Topic, error) {
	t, err := getTopic(ctx, s.Store, id)
	if err != nil {
		return nil, err
	}
	if sc := who.Scope(); !sc.All && (t.Owner == "" || !slices.Contains(sc.Units, t.Owner)) {
		return nil, ErrNoTopic
	}
	return t, nil
}
