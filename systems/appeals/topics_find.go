package appeals

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/store"
	"shanzhi/core/topic"
)

// topicConsumer follows the events and places each new appeal.
const topicConsumer = "appeals.topics"

// topicDesk holds the messages in memory, as they were grouped last. mu is held
// by whoever places, groups or corrects.
type topicDesk struct {
	making sync.Mutex // held while a space is made, which takes minutes for a million messages
	mu     sync.Mutex // held while the space is used
	space  *topic.Space

	failed atomic.Int64 // times that grouping by day failed
}

// lock locks the space for use, made from the records where there is none yet. The
// caller unlocks mu, unless there is an error.
func (d *topicDesk) lock(ctx context.Context, s *Service) (*topic.Space, error) {
	d.mu.Lock()
	if d.space != nil {
		return d.space, nil
	}
	d.mu.Unlock()
	d.making.Lock()
	defer d.making.Unlock()
	d.mu.Lock()
	if d.space != nil { // somebody else made it
		return d.space, nil
	}
	d.mu.Unlock()
	docs, err := s.topicDocs(ctx, s.topicsFrom())
	if err != nil {
		return nil, err
	}
	sp := topic.NewSpace(docs, topicOptions)
	d.mu.Lock()
	d.space = sp
	return sp, nil
}

// topicOptions: messages of one topic follow each other within half a year; people
// work meanwhile.
var topicOptions = topic.Options{Gap: 180 * 24 * time.Hour, Gentle: true}

// topicRow is an appeal as topics read it: masked text alone.
type topicRow struct {
	ID        store.ID   `bun:"id"`
	Title     string     `bun:"title"`
	Text      string     `bun:"text"`
	Kind      string     `bun:"kind"`
	Item      string     `bun:"item"`
	Community string     `bun:"community"`
	Applicant store.ID   `bun:"applicant"`
	Opened    store.Time `bun:"opened_at"`
	Lon       *float64   `bun:"lon"`
	Lat       *float64   `bun:"lat"`
	Solved    string     `bun:"solved"`
}

const topicRowSQL = `SELECT m.id, m.title, a.text, a.kind, m.item, a.community, COALESCE(m.applicant, 0) AS applicant, m.opened_at, a.lon, a.lat, COALESCE(a.solved, '') AS solved
 FROM matter m JOIN appeal a ON a.id = m.id WHERE m.flow = 'appeal'`

func (s *Service) topicDoc(r topicRow) topic.Doc {
	d := topic.Doc{ID: r.ID.String(), At: r.Opened.Time, Title: r.Title, Text: r.Text, Item: r.Item, Place: r.Community, Dissatisfied: r.Solved == "no", Weight: 1}
	if r.Applicant != 0 {
		d.Who = r.Applicant.String()
	}
	if w, ok := s.district.Load().topics.Weights[r.Kind]; ok {
		d.Weight = max(w, 1e-9)
	}
	if r.Lon != nil && r.Lat != nil {
		d.Lon, d.Lat = *r.Lon, *r.Lat
	}
	return d
}

// topicPage is how many appeals one read brings, so that none lasts long.
const topicPage = 20000

// topicsFrom is the key from which on appeals are grouped.
func (s *Service) topicsFrom() store.ID {
	return store.IDAt(s.Store.Now().AddDate(0, 0, -s.district.Load().topics.Days))
}

// topicDocs reads the messages behind a key, oldest first.
func (s *Service) topicDocs(ctx context.Context, after store.ID) ([]topic.Doc, error) {
	var docs []topic.Doc
	for {
		rows, err := store.Select[topicRow](ctx, s.Store, topicRowSQL+` AND m.id > ? ORDER BY m.id LIMIT ?`, int64(after), topicPage)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			docs = append(docs, s.topicDoc(r))
			after = r.ID
		}
		if len(rows) < topicPage {
			return docs, nil
		}
	}
}

// followTopics places what is filed, as it is filed.
func (s *Service) followTopics(ctx context.Context) {
	s.Bus.Forward(ctx, topicConsumer, s.placeTopics)
	go s.regroupTopics(ctx)
}

// regroupTopics groups all anew by day where many appeals came without an event
// of each: a demonstration, a load in bulk, records older than topics are.
func (s *Service) regroupTopics(ctx context.Context) {
	tick := time.NewTicker(20 * time.Second)
	defer tick.Stop()
	for ; ctx.Err() == nil; wait(ctx, tick.C) {
		if s.preparing.Load() != 0 || s.topics.failed.Load() > 3 {
			continue
		}
		behind, err := s.topicsBehind(ctx)
		if err == nil && behind {
			_, err = s.FindTopics(ctx)
		}
		if err != nil && ctx.Err() == nil {
			s.topics.failed.Add(1)
			slog.Error("topics could not be found; the night will try again", "error", err)
		}
	}
}

// topicsBehind says that a hundredth of the appeals, and a hundred at least, are
// in no group.
func (s *Service) topicsBehind(ctx context.Context) (bool, error) {
	s.topics.mu.Lock()
	known := 0
	if s.topics.space != nil {
		known = s.topics.space.Len()
	}
	s.topics.mu.Unlock()
	after := s.topicsFrom()
	var n, topics int
	if err := s.Store.QueryRow(ctx, `SELECT count(*) FROM appeal WHERE id > ?`, int64(after)).Scan(&n); err != nil {
		return false, err
	}
	if known == 0 {
		if err := s.Store.QueryRow(ctx, `SELECT count(*) FROM topic`).Scan(&topics); err != nil || topics > 0 {
			return false, err
		}
	}
	return n-known >= max(100, n/100), nil
}

// placeTopics places new appeals. It may be given the same events twice.
func (s *Service) placeTopics(ctx context.Context, events []event.Event) error {
	var ids []store.ID
	for _, e := range events {
		if e.Subject != System+".file" && e.Subject != System+"."+caseflow.Imported {
			continue
		}
		if id, err := store.ParseID(e.Key); err == nil {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	sp, err := s.topics.lock(ctx, s)
	if err != nil {
		return err
	}
	defer s.topics.mu.Unlock()
	for chunk := range slices.Chunk(ids, 200) {
		rows, err := store.Select[topicRow](ctx, s.Store, topicRowSQL+` AND m.id > ? AND `+store.AnyOf("m.id", len(chunk))+` ORDER BY m.id`,
			append([]any{int64(s.topicsFrom())}, store.Args(chunk...)...)...)
		if err != nil {
			return err
		}
		var grown []store.ID
		for _, r := range rows {
			d := s.topicDoc(r)
			sp.Place(d)
			to, err := s.settle(ctx, sp, r.ID, sp.Members(d.ID))
			if err != nil {
				return err
			}
			if to != 0 && !slices.Contains(grown, to) {
				grown = append(grown, to)
			}
		}
		for _, id := range grown {
			if err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error { return s.refreshTopic(ctx, tx, sp, id) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// settle writes where a placed appeal belongs: to a new topic where its group has
// become one, or to the topic that most of its group are in, which it returns: the
// caller describes it anew, once for all that it got.
func (s *Service) settle(ctx context.Context, sp *topic.Space, id store.ID, members []string) (grown store.ID, err error) {
	if len(members) < 2 {
		return 0, nil
	}
	ids := idsOf(members)
	err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		grown = 0
		to, err := s.homeOf(ctx, tx, id, ids)
		if err != nil {
			return err
		}
		if to == 0 {
			if !s.isTopic(sp.Describe(members, topic.Measure{Now: s.Store.Now()})) {
				return nil
			}
			if to, err = s.newTopic(ctx, tx, account.System(s.Dir), TopicStep{}); err != nil {
				return err
			}
			if err := s.enrol(ctx, tx, to, ids); err != nil {
				return err
			}
			return s.refreshTopic(ctx, tx, sp, to)
		}
		grown = to
		return s.enrol(ctx, tx, to, []store.ID{id})
	})
	return grown, err
}

// homeOf is the topic that an appeal belongs to by hand, or else that most of
// its group are in and it was not taken out of; 0: none.
func (s *Service) homeOf(ctx context.Context, q store.Querier, id store.ID, group []store.ID) (store.ID, error) {
	hands, err := store.Select[topicHand](ctx, q, `SELECT appeal, topic, keep FROM topic_hand WHERE appeal = ?`, int64(id))
	if err != nil {
		return 0, err
	}
	out := map[store.ID]bool{}
	for _, h := range hands {
		if h.Keep {
			return h.Topic, nil
		}
		out[h.Topic] = true
	}
	group = group[max(0, len(group)-500):]
	count := map[store.ID]int{}
	in, err := store.Select[store.ID](ctx, q, `SELECT m.topic FROM topic_member m JOIN topic t ON t.id = m.topic WHERE t.state <> 'merged' AND `+store.AnyOf("m.appeal", len(group)), store.Args(group...)...)
	if err != nil {
		return 0, err
	}
	for _, t := range in {
		if !out[t] {
			count[t]++
		}
	}
	best := store.ID(0)
	for _, t := range slices.Sorted(maps.Keys(count)) {
		if best == 0 || count[t] > count[best] {
			best = t
		}
	}
	return best, nil
}

type topicHand struct {
	Appeal store.ID `bun:"appeal"`
	Topic  store.ID `bun:"topic"`
	Keep   bool     `bun:"keep"`
}

// enrol makes appeals members, but none that is elsewhere by hand or was taken
// out of this topic.
func (s *Service) enrol(ctx context.Context, tx *store.Tx, id store.ID, appeals []store.ID) error {
	for chunk := range slices.Chunk(appeals, 300) {
		hands, err := store.Select[topicHand](ctx, tx, `SELECT appeal, topic, keep FROM topic_hand WHERE `+store.AnyOf("appeal", len(chunk)), store.Args(chunk...)...)
		if err != nil {
			return err
		}
		kept, out := map[store.ID]store.ID{}, map[store.ID]bool{}
		for _, h := range hands {
			if h.Keep {
				kept[h.Appeal] = h.Topic
			} else if h.Topic == id {
				out[h.Appeal] = true
			}
		}
		var rows [][]any
		for _, a := range chunk {
			if k, by := kept[a]; !out[a] && (!by || k == id) {
				rows = append(rows, []any{a, id, store.At(a.Time()), by})
			}
		}
		if len(rows) == 0 {
			continue
		}
		if err := putMembers(ctx, tx, rows); err != nil {
			return err
		}
	}
	return nil
}

// isTopic says that enough people speak of it, or that one speaks of it so often
// that it must be looked at.
func (s *Service) isTopic(d topic.Topic) bool {
	t := &s.district.Load().topics
	one := t.Alarms.OneMany.Messages
	return d.Appellants >= t.Least || one > 0 && d.Most >= one
}

// refreshTopic describes a topic anew from its members, and gives the alarms that
// are due.
func (s *Service) refreshTopic(ctx context.Context, tx *store.Tx, sp *topic.Space, id store.ID) error {
	t, err := getTopic(ctx, tx, id)
	if err != nil {
		return err
	}
	ids, err := store.Select[store.ID](ctx, tx, `SELECT appeal FROM topic_member WHERE topic = ? ORDER BY appeal`, int64(id))
	if err != nil {
		return err
	}
	if err := s.bringDocs(ctx, tx, sp, ids); err != nil {
		return err
	}
	now := s.Store.Now()
	settings := &s.district.Load().topics
	members := texts(ids)
	d := sp.Describe(members, topic.Measure{Now: now, Tau: time.Duration(settings.Cool * 24 * float64(time.Hour))})
	s.describeTopic(t, d, sp, now)
	if t.State == "faded" && d.Messages > 0 && now.Sub(d.Last) < topicFadeAfter {
		if err := s.topicEvent(ctx, tx, t, account.System(s.Dir), topicBack, TopicStep{}); err != nil {
			return err
		}
	}
	if err := putTopic(ctx, tx, t); err != nil {
		return err
	}
	if t.State == "merged" || t.State == "closed" || t.State == "faded" {
		return nil
	}
	return s.raiseAlarms(ctx, tx, t, sp, members)
}

// topicFadeAfter is after how long without a message a topic that nobody owns is
// no longer listed.
const topicFadeAfter = 90 * 24 * time.Hour

// bringDocs makes members known to the space that are older than what it was made
// of.
func (s *Service) bringDocs(ctx context.Context, q store.Querier, sp *topic.Space, ids []store.ID) error {
	var missing []store.ID
	for _, id := range ids {
		if !sp.Has(id.String()) {
			missing = append(missing, id)
		}
	}
	for chunk := range slices.Chunk(missing, 300) {
		rows, err := store.Select[topicRow](ctx, q, topicRowSQL+` AND `+store.AnyOf("m.id", len(chunk))+` ORDER BY m.id`, store.Args(chunk...)...)
		if err != nil {
			return err
		}
		for _, r := range rows {
			sp.Place(s.topicDoc(r))
		}
	}
	return nil
}

// sparkWeeks are the weeks of the small trend in lists.
const sparkWeeks = 12

func (s *Service) describeTopic(t *Topic, d topic.Topic, sp *topic.Space, now time.Time) {
	district := s.district.Load()
	t.Messages, t.Appellants, t.Heat = d.Messages, d.Appellants, d.Heat.Total
	t.First, t.Last = store.At(d.First), store.At(d.Last)
	b := &t.TopicBody
	b.Place, b.Places, b.Matter, b.Phrases, b.Terms, b.Lon, b.Lat = d.Place, d.Places, d.Matter, d.Phrases, d.Heat, d.Lon, d.Lat
	b.Spark, b.Heart, b.Items = make([]int, sparkWeeks), idsOf(d.Heart), []string{}
	items, communities := map[string]int{}, map[string]int{}
	for _, m := range d.Members {
		doc, _ := sp.Doc(m)
		if week := int(now.Sub(doc.At).Hours() / 24 / 7); week >= 0 && week < sparkWeeks {
			b.Spark[sparkWeeks-1-week]++
		}
		items[doc.Item]++
		communities[doc.Place]++
	}
	most := func(m map[string]int) []string {
		keys := slices.Collect(maps.Keys(m))
		slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(m[b], m[a]), cmp.Compare(a, b)) })
		return keys
	}
	for _, code := range most(items) {
		if it := district.duty.Item(code); it != nil && len(b.Items) < 2 {
			b.Items = append(b.Items, it.Name())
		}
	}
	if top := most(communities); len(top) > 0 && 2*communities[top[0]] >= d.Messages {
		if name := district.placeName(top[0]); name != "" {
			if b.Place == "" {
				b.Place = name
			} else if !strings.Contains(name, b.Place) {
				b.Places = append([]string{name}, b.Places...)
			}
		}
	}
	if !t.Renamed {
		t.Name = b.Place + strings.TrimPrefix(d.Matter, b.Place)
		if t.Name == "" {
			t.Name = strings.Join(b.Items, "、")
		}
	}
}

func idsOf(members []string) []store.ID {
	out := make([]store.ID, 0, len(members))
	for _, m := range members {
		if id, err := store.ParseID(m); err == nil {
			out = append(out, id)
		}
	}
	return out
}

// topicsAtNight groups all messages anew.
func (s *Service) topicsAtNight(ctx context.Context) (any, error) { return s.FindTopics(ctx) }

// TopicsFound is what grouping all messages anew came to.
type TopicsFound struct {
	Messages int     `json:"messages"`
	Topics   int     `json:"topics"`
	New      int     `json:"new"`
	Faded    int     `json:"faded"`
	Seconds  float64 `json:"seconds"`
}

// FindTopics groups all messages of the district's days anew. A topic goes on as
// the group that has most of its members; what people put in or took out by hand
// stays so.
func (s *Service) FindTopics(ctx context.Context) (TopicsFound, error) {
	s.topics.making.Lock()
	defer s.topics.making.Unlock()
	began, now := time.Now(), s.Store.Now()
	docs, err := s.topicDocs(ctx, s.topicsFrom())
	if err != nil {
		return TopicsFound{}, err
	}
	sp := topic.NewSpace(docs, topicOptions)
	s.topics.mu.Lock()
	defer s.topics.mu.Unlock()
	// What came meanwhile was placed in the space before, or will be in this one.
	late, err := s.topicDocs(ctx, store.IDAt(now.Add(-time.Minute)))
	if err != nil {
		return TopicsFound{}, err
	}
	for _, d := range late {
		sp.Place(d)
	}
	s.topics.space = sp
	out := TopicsFound{Messages: len(docs)}

	old, err := store.Select[topicMember](ctx, s.Store, `SELECT appeal, topic FROM topic_member`)
	if err != nil {
		return out, err
	}
	was := map[store.ID]store.ID{}
	before := map[store.ID]int{}
	for _, m := range old {
		was[m.Appeal] = m.Topic
		before[m.Topic]++
	}
	var groups [][]store.ID
	var topics []bool // what of groups is known to be one: none of its members was in any before
	for _, g := range sp.AllGroups() {
		ids := idsOf(g)
		known := slices.ContainsFunc(ids, func(id store.ID) bool { return was[id] != 0 })
		if known || s.isTopic(sp.Describe(g, topic.Measure{Now: now})) {
			groups, topics = append(groups, ids), append(topics, !known)
		}
	}
	to := matchTopics(groups, was, before)
	seen := map[store.ID]bool{}
	for i, ids := range groups {
		id := to[i]
		if id == 0 && !topics[i] && !s.isTopic(sp.Describe(texts(ids), topic.Measure{Now: now})) {
			continue
		}
		at := id
		err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			if id == 0 {
				var err error
				if at, err = s.newTopic(ctx, tx, account.System(s.Dir), TopicStep{}); err != nil {
					return err
				}
			} else if _, err := tx.Exec(ctx, `DELETE FROM topic_member WHERE topic = ? AND NOT hand AND at >= ?`, id, store.At(docs[0].At)); err != nil {
				return err
			}
			if err := s.enrol(ctx, tx, at, ids); err != nil {
				return err
			}
			return s.refreshTopic(ctx, tx, sp, at)
		})
		if err != nil {
			return out, err
		}
		if id == 0 {
			out.New++
		}
		seen[at] = true
		out.Topics++
	}
	out.Faded, err = s.fadeTopics(ctx, sp, seen, now)
	out.Seconds = time.Since(began).Seconds()
	return out, err
}

// topicMoment is when a member was filed.
type topicMoment struct {
	At store.Time `bun:"at"`
}

type topicMember struct {
	Appeal store.ID `bun:"appeal"`
	Topic  store.ID `bun:"topic"`
}

func texts(ids []store.ID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = id.String()
	}
	return out
}

// matchTopics says which topic each group goes on as: pairs are given by how many
// members they share, the most first, each topic and each group once. A group
// with less than a third of a topic's members, and less than a third of its own
// from it, does not go on as it.
func matchTopics(groups [][]store.ID, was map[store.ID]store.ID, size map[store.ID]int) []store.ID {
	type pair struct {
		group, shared int
		topic         store.ID
	}
	var pairs []pair
	for i, ids := range groups {
		shared := map[store.ID]int{}
		for _, id := range ids {
			if t := was[id]; t != 0 {
				shared[t]++
			}
		}
		for t, n := range shared {
			if 3*n >= size[t] || 3*n >= len(ids) {
				pairs = append(pairs, pair{i, n, t})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.shared, a.shared), cmp.Compare(a.topic, b.topic), cmp.Compare(a.group, b.group))
	})
	out := make([]store.ID, len(groups))
	taken := map[store.ID]bool{}
	for _, p := range pairs {
		if out[p.group] == 0 && !taken[p.topic] {
			out[p.group], taken[p.topic] = p.topic, true
		}
	}
	return out
}

// fadeTopics refreshes the topics that no group goes on as, and fades those that
// nobody owns and nobody speaks of.
func (s *Service) fadeTopics(ctx context.Context, sp *topic.Space, seen map[store.ID]bool, now time.Time) (faded int, err error) {
	stale := func(t *Topic) bool {
		return t.State == "found" && (t.Messages == 0 || now.Sub(t.Last.Time) >= topicFadeAfter)
	}
	topics, err := store.Select[Topic](ctx, s.Store, `SELECT id, state, messages, last_at FROM topic WHERE state IN ('found', 'owned', 'planned', 'closed')`)
	if err != nil {
		return 0, err
	}
	for i := range topics {
		id := topics[i].ID
		if seen[id] && !stale(&topics[i]) {
			continue // it has just been refreshed
		}
		fades := false
		err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			t, err := getTopic(ctx, tx, id)
			if err != nil {
				return err
			}
			if !seen[id] {
				if err := s.refreshTopic(ctx, tx, sp, id); err != nil {
					return err
				}
				if t, err = getTopic(ctx, tx, id); err != nil {
					return err
				}
			}
			if fades = stale(t); !fades {
				return nil
			}
			if err := s.topicEvent(ctx, tx, t, account.System(s.Dir), topicFaded, TopicStep{}); err != nil {
				return err
			}
			return putTopic(ctx, tx, t)
		})
		if err != nil {
			return faded, err
		}
		if fades {
			faded++
		}
	}
	return faded, nil
}

// Kinds of alarm.
const (
	alarmFrequent = "frequent" // 高频
	alarmSudden   = "sudden"   // 异动
	alarmOneMany  = "one_many" // 一人多诉
	alarmManyOne  = "many_one" // 多人同诉
)

// TopicAlarm was given once, when a threshold of the pack was reached.
type TopicAlarm struct {
	ID        store.ID        `bun:"id" json:"id"`
	Topic     store.ID        `bun:"topic" json:"topic"`
	TopicName string          `bun:"name" json:"topic_name"`
	State     string          `bun:"state" json:"state"`
	Kind      string          `bun:"kind" json:"kind" enum:"frequent,sudden,one_many,many_one"`
	At        store.Time      `bun:"at" json:"at"`
	Raw       string          `bun:"figure" json:"-"`
	Figure    json.RawMessage `bun:"-" json:"figure" doc:"days, and what was counted in them: messages, appellants, deviations, usual"`
}

// alarmFigure is what was counted when an alarm was given, and the threshold.
type alarmFigure struct {
	Days       int     `json:"days"`
	Messages   int     `json:"messages,omitempty"`
	Appellants int     `json:"appellants,omitempty"`
	Deviations float64 `json:"deviations,omitempty"`
	Usual      float64 `json:"usual,omitempty"` // messages in as many days, before
	Limit      float64 `json:"limit"`
}

// dueAlarms are the alarms that messages give, by kind. since is when the house
// began to be told anything: where it knows too little of what is usual, nothing
// is sudden.
func dueAlarms(docs []topic.Doc, set *topicAlarms, since, now time.Time) map[string]alarmFigure {
	out := map[string]alarmFigure{}
	within := func(days int) (n int, people map[string]int) {
		people = map[string]int{}
		for _, d := range docs {
			if age := now.Sub(d.At); age >= 0 && age < time.Duration(days)*24*time.Hour {
				n++
				people[cmp.Or(d.Who, "#"+d.ID)]++
			}
		}
		return n, people
	}
	if th := set.Frequent; th.Messages > 0 {
		if n, _ := within(th.Days); n >= th.Messages {
			out[alarmFrequent] = alarmFigure{Days: th.Days, Messages: n, Limit: float64(th.Messages)}
		}
	}
	if th := set.Sudden; th.Messages > 0 && th.Deviations > 0 && now.Sub(since) >= time.Duration(5*th.Days)*24*time.Hour {
		n, _ := within(th.Days)
		all, _ := within(9 * th.Days)
		usual := float64(all-n) / 8
		if dev := topic.Deviations(n, usual); n >= th.Messages && dev >= th.Deviations {
			out[alarmSudden] = alarmFigure{Days: th.Days, Messages: n, Usual: usual, Deviations: dev, Limit: th.Deviations}
		}
	}
	if th := set.OneMany; th.Messages > 0 {
		_, people := within(th.Days)
		most := 0
		for who, n := range people {
			if !strings.HasPrefix(who, "#") {
				most = max(most, n)
			}
		}
		if most >= th.Messages {
			out[alarmOneMany] = alarmFigure{Days: th.Days, Messages: most, Appellants: 1, Limit: float64(th.Messages)}
		}
	}
	if th := set.ManyOne; th.Appellants > 0 {
		if n, people := within(th.Days); len(people) >= th.Appellants {
			out[alarmManyOne] = alarmFigure{Days: th.Days, Messages: n, Appellants: len(people), Limit: float64(th.Appellants)}
		}
	}
	return out
}

func (s *Service) raiseAlarms(ctx context.Context, tx *store.Tx, t *Topic, sp *topic.Space, members []string) error {
	set := &s.district.Load().topics.Alarms
	docs := make([]topic.Doc, 0, len(members))
	for _, m := range members {
		if d, ok := sp.Doc(m); ok {
			docs = append(docs, d)
		}
	}
	now := s.Store.Now()
	due := dueAlarms(docs, set, sp.Since(), now)
	for _, kind := range slices.Sorted(maps.Keys(due)) {
		var told bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM topic_alarm WHERE topic = ? AND kind = ? AND at > ?)`, t.ID, kind, store.At(now.AddDate(0, 0, -set.Quiet))).Scan(&told); err != nil {
			return err
		}
		if told {
			continue
		}
		raw, err := json.Marshal(due[kind])
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO topic_alarm (id, topic, kind, at, figure) VALUES (?, ?, ?, ?, ?)`, tx.NewID(), t.ID, kind, store.At(now), string(raw)); err != nil {
			return err
		}
		for _, desk := range []string{"supervisor@platform", "leader@platform"} {
			if err := s.tellTopic(ctx, tx, t, "topic_alarm", desk, alarmNames[kind]); err != nil {
				return err
			}
		}
	}
	return nil
}

// alarmNames are the kinds as notices say them.
var alarmNames = map[string]string{alarmFrequent: "高频", alarmSudden: "异动", alarmOneMany: "一人多诉", alarmManyOne: "多人同诉"}
