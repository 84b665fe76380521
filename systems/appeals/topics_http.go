package appeals

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/httpapi"
	"shanzhi/core/notice"
	"shanzhi/core/store"
)

func (s *Service) mountTopics(srv *httpapi.Server) {
	read := httpapi.Roles("dispatcher", "supervisor", "leader", "unit_head", "handler", "receiver")
	httpapi.Register(srv, httpapi.Operation{ID: "list-topics", Method: http.MethodGet, Path: "/api/topics", Tag: tag, Access: read,
		Summary: "What many people say about one thing, the hottest first", Text: "A unit sees the topics that it answers for."}, s.listTopics)
	httpapi.Register(srv, httpapi.Operation{ID: "list-topic-alarms", Method: http.MethodGet, Path: "/api/topics/alarms", Tag: tag, Access: httpapi.Roles("dispatcher", "supervisor", "leader"),
		Summary: "Alarms about topics, the newest first"}, s.listTopicAlarms)
	httpapi.Register(srv, httpapi.Operation{ID: "get-topic", Method: http.MethodGet, Path: "/api/topics/{id}", Tag: tag, Access: read,
		Summary: "One topic: heat by its terms, members and why, history, plan, before and after"}, s.getTopicPage)
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-topic", Method: http.MethodPost, Path: "/api/topics/{id}/actions", Tag: tag, Access: httpapi.Roles("dispatcher", "supervisor", "unit_head"),
		Summary: "Name an owner, edit the plan, close; put members in or out, merge, split", Text: "The steps open to the caller are in the topic's `allowed`. What is put in or out by hand stays so when messages are grouped anew."}, s.actOnTopic)
}

type topicList struct {
	Q     string `query:"q" doc:"Words of the name or place"`
	State string `query:"state" enum:"live,found,owned,planned,closed,faded,merged" default:"live" doc:"live: found, owned or planned"`
	Sort  string `query:"sort" enum:"heat,messages,last" default:"heat"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After int    `query:"after" minimum:"0" maximum:"100000" doc:"How many to leave out, from the last page's next"`
}

type topicPageOf struct {
	Items []Topic `json:"items"`
	Next  int     `json:"next,omitempty"`
}

func (s *Service) listTopics(ctx context.Context, in *topicList) (*httpapi.Body[topicPageOf], error) {
	sc := httpapi.Actor(ctx).Scope()
	var where []string
	var args []any
	states := []string{in.State}
	if in.State == "live" || in.State == "" {
		states = []string{"found", "owned", "planned"}
	}
	where, args = append(where, store.AnyOf("state", len(states))), append(args, store.Args(states...)...)
	if !sc.All {
		if len(sc.Units) == 0 {
			return httpapi.Answer(topicPageOf{Items: []Topic{}}, nil)
		}
		where, args = append(where, store.AnyOf("owner", len(sc.Units))), append(args, store.Args(sc.Units...)...)
	}
	if q := store.Literal(in.Q); q != "" {
		where, args = append(where, "(name LIKE ? OR body LIKE ?)"), append(args, "%"+q+"%", "%"+q+"%")
	}
	order := map[string]string{"messages": "messages DESC, ", "last": "last_at DESC, "}[in.Sort] + "heat DESC, id"
	limit := in.Limit
	if limit == 0 {
		limit = 50
	}
	rows, err := store.Select[Topic](ctx, s.Store, `SELECT `+topicColumns+` FROM topic WHERE `+strings.Join(where, " AND ")+` ORDER BY `+order+` LIMIT ? OFFSET ?`, append(args, limit+1, in.After)...)
	if err != nil {
		return nil, err
	}
	out := topicPageOf{Items: rows}
	if len(rows) > limit {
		out.Items, out.Next = rows[:limit], in.After+limit
	}
	for i := range out.Items {
		if err := s.nameTopic(&out.Items[i]); err != nil {
			return nil, err
		}
	}
	return httpapi.Answer(out, nil)
}

func (s *Service) nameTopic(t *Topic) error {
	if t.Owner != "" {
		t.OwnerName = s.Dir.Tree().Name(t.Owner)
	}
	return json.Unmarshal([]byte(t.Body), &t.TopicBody)
}

// TopicMember is a message of a topic, as far as the reader may see it.
type TopicMember struct {
	ID     store.ID   `bun:"id" json:"id"`
	No     string     `bun:"no" json:"no"`
	Title  string     `bun:"title" json:"title"`
	State  string     `bun:"state" json:"-"`
	Said   string     `bun:"-" json:"state_name"`
	Open   bool       `bun:"open" json:"open"`
	Opened store.Time `bun:"opened_at" json:"opened_at"`
	Lon    *float64   `bun:"lon" json:"lon,omitempty"`
	Lat    *float64   `bun:"lat" json:"lat,omitempty"`
	Place  string     `bun:"place" json:"-"`
	Where  string     `bun:"-" json:"place_name"`
	Hand   bool       `bun:"hand" json:"hand" doc:"A person put it here"`
	Why    []string   `bun:"-" json:"why" doc:"What it shares with the others, names first"`
	Heart  bool       `bun:"-" json:"representative"`
}

// TopicDay is the messages of one local day.
type TopicDay struct {
	Day string `json:"day"`
	N   int    `json:"n"`
}

// TopicPage is one topic, for its screen.
type TopicPage struct {
	Topic   Topic         `json:"topic"`
	Members []TopicMember `json:"members" doc:"The newest first, at most 500, of those that the reader may see"`
	Unseen  int           `json:"unseen" doc:"Members that the reader may not see, or beyond the 500"`
	Days    []TopicDay    `json:"days" doc:"At most a year, each day from the first message on"`
	Events  []TopicEvent  `json:"events"`
	Alarms  []TopicAlarm  `json:"alarms"`
	Effect  *TopicEffect  `json:"effect,omitempty"`
	Allowed []string      `json:"allowed"`
	Cool    float64       `json:"cool_days"`
}

const mostTopicMembers = 500

func (s *Service) getTopicPage(ctx context.Context, in *idInput) (*httpapi.Body[TopicPage], error) {
	who := httpapi.Actor(ctx)
	t, err := s.seenTopic(ctx, who, in.ID.ID)
	if err != nil {
		return nil, topicProblem(err)
	}
	if err := s.nameTopic(t); err != nil {
		return nil, err
	}
	d := s.district.Load()
	p := TopicPage{Topic: *t, Allowed: s.topicActions(who, t), Cool: d.topics.Cool, Days: []TopicDay{}, Members: []TopicMember{}}
	if p.Allowed == nil {
		p.Allowed = []string{}
	}
	cond, args := scopeSQL(who.Scope())
	if p.Members, err = store.Select[TopicMember](ctx, s.Store, `SELECT m.id, m.no, m.title, m.state, m.open, m.opened_at, m.place, a.lon, a.lat, x.hand FROM topic_member x JOIN matter m ON m.id = x.appeal JOIN appeal a ON a.id = m.id
		WHERE x.topic = ? AND `+cond+` ORDER BY x.at DESC, m.id DESC LIMIT ?`, append(append([]any{t.ID}, args...), mostTopicMembers)...); err != nil {
		return nil, err
	}
	p.Unseen = t.Messages - len(p.Members)
	s.explain(ctx, t, p.Members)
	times, err := store.Select[topicMoment](ctx, s.Store, `SELECT at FROM topic_member WHERE topic = ? ORDER BY at`, t.ID)
	if err != nil {
		return nil, err
	}
	p.Days = countDays(times, s.Store.Now(), d.zone)
	if p.Events, err = s.topicEvents(ctx, s.Store, t.ID); err != nil {
		return nil, err
	}
	if p.Alarms, err = s.topicAlarmRows(ctx, ` WHERE a.topic = ? ORDER BY a.id DESC LIMIT 50`, t.ID); err != nil {
		return nil, err
	}
	p.Effect, err = s.topicEffect(ctx, t)
	return httpapi.Answer(p, err)
}

// explain fills in what is read of members, and why each belongs.
func (s *Service) explain(ctx context.Context, t *Topic, members []TopicMember) {
	d := s.district.Load()
	flow := s.Engine.Flow("appeal")
	sp, err := s.topics.lock(ctx, s)
	if err == nil {
		defer s.topics.mu.Unlock()
	}
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = m.ID.String()
	}
	for i := range members {
		m := &members[i]
		m.Where, m.Why = d.placeName(m.Place), []string{}
		if st := flow.States[m.State]; st != nil {
			m.Said = st.Title["zh"]
		}
		m.Heart = slices.Contains(t.Heart, m.ID)
		if err == nil {
			if why := sp.WhyAmong(ids[i], ids); why != nil {
				m.Why = why
			}
		}
	}
}

// countDays counts by local day, from the first on, a year at most.
func countDays(times []topicMoment, now time.Time, zone *time.Location) []TopicDay {
	if len(times) == 0 {
		return []TopicDay{}
	}
	by := map[string]int{}
	for _, at := range times {
		by[at.At.In(zone).Format(time.DateOnly)]++
	}
	first, last := times[0].At.In(zone), now.In(zone)
	if year := last.AddDate(-1, 0, 0); first.Before(year) {
		first = year
	}
	out := []TopicDay{}
	for day := time.Date(first.Year(), first.Month(), first.Day(), 12, 0, 0, 0, zone); !day.After(last.Add(12 * time.Hour)); day = day.AddDate(0, 0, 1) {
		key := day.Format(time.DateOnly)
		if key > last.Format(time.DateOnly) {
			break
		}
		out = append(out, TopicDay{key, by[key]})
	}
	return out
}

type topicStepInput struct {
	ID   httpapi.PathID `path:"id"`
	Body TopicStep
}

func (s *Service) actOnTopic(ctx context.Context, in *topicStepInput) (*httpapi.Body[TopicPage], error) {
	if err := s.ActOnTopic(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body); err != nil {
		return nil, topicProblem(err)
	}
	return s.getTopicPage(ctx, &idInput{ID: in.ID})
}

func topicProblem(err error) error {
	var fault *TopicFault
	switch {
	case errors.Is(err, ErrNoTopic):
		return httpapi.Fail(http.StatusNotFound, "not_found")
	case errors.Is(err, ErrTopicChanged):
		return httpapi.Fail(http.StatusConflict, "conflict")
	case errors.Is(err, ErrTopicRight):
		return httpapi.Fail(http.StatusForbidden, "refused_right")
	case errors.As(err, &fault):
		return httpapi.FailField(fault.Field, fault.Code)
	}
	return err
}

func (s *Service) topicAlarmRows(ctx context.Context, tail string, args ...any) ([]TopicAlarm, error) {
	rows, err := store.Select[TopicAlarm](ctx, s.Store, `SELECT a.id, a.topic, t.name, t.state, a.kind, a.at, a.figure FROM topic_alarm a JOIN topic t ON t.id = a.topic`+tail, args...)
	for i := range rows {
		rows[i].Figure = json.RawMessage(rows[i].Raw)
	}
	return rows, err
}

func (s *Service) listTopicAlarms(ctx context.Context, in *struct {
	Kind  string   `query:"kind" enum:"frequent,sudden,one_many,many_one"`
	After store.ID `query:"after"`
	Limit int      `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*httpapi.Body[httpapi.Page[TopicAlarm]], error) {
	if !httpapi.Actor(ctx).Scope().All {
		return nil, httpapi.Fail(http.StatusForbidden, "refused_right")
	}
	where, args := " WHERE 1=1", []any{}
	if in.Kind != "" {
		where, args = where+" AND a.kind = ?", append(args, in.Kind)
	}
	if in.After != 0 {
		where, args = where+" AND a.id < ?", append(args, in.After)
	}
	limit := in.Limit
	if limit == 0 {
		limit = 50
	}
	rows, err := s.topicAlarmRows(ctx, where+` ORDER BY a.id DESC LIMIT ?`, append(args, limit+1)...)
	if err != nil {
		return nil, err
	}
	page := httpapi.Page[TopicAlarm]{Items: rows}
	if len(rows) > limit {
		page.Items, page.Next = rows[:limit], rows[limit-1].ID.String()
	}
	return httpapi.Answer(page, nil)
}

// tellTopic tells a desk of a topic.
func (s *Service) tellTopic(ctx context.Context, tx *store.Tx, t *Topic, name, desk, reason string) error {
	return s.Notices.Tell(ctx, tx, notice.Note{Name: name, Desk: desk, About: "topic/" + t.ID.String(), Link: "/desk/topics/" + t.ID.String(),
		Words: map[string]string{"title": t.Name, "reason": reason, "unit": s.Dir.Tree().Name(t.Owner)}})
}
