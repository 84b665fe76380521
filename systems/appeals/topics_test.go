package appeals

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/store"
	"shanzhi/core/topic"
	"shanzhi/core/vault"
)

// said are ways to tell of one trouble at one place.
var said = []string{
	"丽湖花园旁边的混凝土搅拌站夜里噪音太大",
	"丽湖花园小区附近搅拌站噪音扰民，整夜不能睡",
	"搅拌站离丽湖花园太近，噪音和粉尘严重",
	"反映丽湖花园旁搅拌站噪音粉尘扰民",
	"丽湖花园搅拌站噪音扰民没有人管",
	"投诉丽湖花园边上搅拌站深夜噪音",
}

// tell files messages of different people (or of one, where who is given).
func (h *house) tell(t testing.TB, texts []string, who ...string) []store.ID {
	t.Helper()
	var ids []store.ID
	for i, text := range texts {
		phone := fmt.Sprintf("1380000%04d", h.count(t, `SELECT count(*) FROM appeal`)+int64(i))
		if len(who) > 0 {
			phone = who[0]
		}
		_, a := h.file(t, text, func(in *Intake) { in.Appellant = vault.Identity{vault.Phone: phone, vault.Name: "测试人"} })
		ids = append(ids, a.ID)
	}
	return ids
}

func (h *house) topicOf(t testing.TB, appeal store.ID) store.ID {
	t.Helper()
	ids, err := store.Select[store.ID](context.Background(), h.Store, `SELECT topic FROM topic_member WHERE appeal = ?`, int64(appeal))
	if err != nil {
		t.Fatal(err)
	}
	if len(ids) == 0 {
		return 0
	}
	return ids[0]
}

// A topic from its first message to its end: placed as filed, owned, planned,
// corrected by hand, grouped anew, closed.
func TestTopicLife(t *testing.T) { bothStores(t, topicLife) }

func topicLife(t *testing.T, h *house) {
	ctx, cancel := context.WithCancel(context.Background())
	defer func() { cancel(); h.Bus.Wait() }()
	h.Bus.Forward(ctx, topicConsumer, h.placeTopics)
	other := h.tell(t, []string{"咨询居住证怎么办理", "星光家园电梯三天没修好", "路口红绿灯坏了"})
	ids := h.tell(t, said[:5])
	soon, done := context.WithTimeout(ctx, 20*time.Second)
	defer done()
	if err := h.Bus.Drained(soon, topicConsumer); err != nil {
		t.Fatal(err)
	}
	id := h.topicOf(t, ids[0])
	if id == 0 {
		t.Fatal("five people told of one thing, and there is no topic")
	}
	for _, a := range ids {
		if h.topicOf(t, a) != id {
			t.Errorf("%v is in topic %v, not %v", a, h.topicOf(t, a), id)
		}
	}
	for _, a := range other {
		if h.topicOf(t, a) != 0 {
			t.Errorf("%v tells of something else and is in %v", a, h.topicOf(t, a))
		}
	}
	tp, err := getTopic(ctx, h.Store, id)
	if err != nil || tp.State != "found" || tp.Appellants != 5 || !strings.Contains(tp.Name, "丽湖花园") || !strings.Contains(tp.Name, "搅拌站") {
		t.Fatalf("%+v %v", tp, err)
	}

	platform := h.Dir.Tree().OfKind(account.Platform)[0]
	streets := h.Dir.Tree().OfKind(account.Street)
	supervisor, head := h.staff(t, "tp-supervisor", platform, "supervisor"), h.staff(t, "tp-head", streets[0], "unit_head")
	stranger := h.staff(t, "tp-other", streets[1], "unit_head")
	step := func(who account.Actor, id store.ID, st TopicStep) error {
		tp, err := getTopic(ctx, h.Store, id)
		if err != nil {
			t.Fatal(err)
		}
		st.Version = tp.Version
		return h.ActOnTopic(ctx, who, id, st)
	}
	must := func(who account.Actor, id store.ID, st TopicStep) {
		t.Helper()
		if err := step(who, id, st); err != nil {
			t.Fatalf("%s: %v", st.Action, err)
		}
	}
	plan := &TopicPlan{Goal: "夜间停产", From: h.Store.Now().Format(time.DateOnly), Measures: []TopicMeasure{{What: "安装隔音棚", Due: "2027-01-31"}}}
	if err := step(head, id, TopicStep{Action: topicPlan, Plan: plan}); !errors.Is(err, ErrNoTopic) {
		t.Errorf("a unit sees a topic that is not its own: %v", err)
	}
	var fault *TopicFault
	if err := step(supervisor, id, TopicStep{Action: topicOwn, Unit: "nowhere"}); !errors.As(err, &fault) || fault.Field != "unit" || fault.Code != "no_such_unit" {
		t.Error(err)
	}
	must(supervisor, id, TopicStep{Action: topicOwn, Unit: streets[0]})
	if h.count(t, `SELECT count(*) FROM notice WHERE name = 'topic_owned' AND desk = ?`, "unit_head@"+streets[0]) != 1 {
		t.Error("the owner was not told")
	}
	if err := step(stranger, id, TopicStep{Action: topicPlan, Plan: plan}); !errors.Is(err, ErrNoTopic) {
		t.Error(err)
	}
	if err := step(head, id, TopicStep{Action: topicPlan, Plan: &TopicPlan{Goal: "x", From: "2026-13-01"}}); !errors.As(err, &fault) || fault.Field != "plan.from" || fault.Code != "not_a_time" {
		t.Error(err)
	}
	must(head, id, TopicStep{Action: topicPlan, Plan: plan})
	if err := step(head, id, TopicStep{Action: topicClose, Note: "好了"}); !errors.Is(err, ErrTopicRight) {
		t.Error(err)
	}
	if err := h.ActOnTopic(ctx, supervisor, id, TopicStep{Action: topicRename, Name: "x", Version: 1}); !errors.Is(err, ErrTopicChanged) {
		t.Error("an old version was accepted:", err)
	}

	// By hand: one out, one in. Both stay so.
	must(supervisor, id, TopicStep{Action: topicRemove, Appeals: ids[1:2]})
	must(supervisor, id, TopicStep{Action: topicAdd, Appeals: other[:1]})
	if err := step(supervisor, id, TopicStep{Action: topicRemove, Appeals: other[1:2]}); !errors.As(err, &fault) {
		t.Error("what is no member was taken out:", err)
	}
	for range 2 {
		if _, err := h.FindTopics(ctx); err != nil {
			t.Fatal(err)
		}
		if h.topicOf(t, ids[0]) != id || h.topicOf(t, ids[1]) == id || h.topicOf(t, other[0]) != id {
			t.Fatalf("grouped anew: %v %v %v of %v", h.topicOf(t, ids[0]), h.topicOf(t, ids[1]), h.topicOf(t, other[0]), id)
		}
	}
	tp, _ = getTopic(ctx, h.Store, id)
	if tp.State != "planned" || tp.Owner != streets[0] || tp.Plan == nil || tp.Plan.Goal != "夜间停产" {
		t.Fatalf("%+v", tp)
	}

	// Split and merged again.
	must(supervisor, id, TopicStep{Action: topicSplit, Appeals: other[:1], Name: "居住证"})
	part := h.topicOf(t, other[0])
	if part == id || part == 0 {
		t.Fatal(part)
	}
	must(supervisor, part, TopicStep{Action: topicMerge, Into: id})
	if _, err := h.FindTopics(ctx); err != nil {
		t.Fatal(err)
	}
	if h.topicOf(t, other[0]) != id {
		t.Error("merged, and apart again")
	}
	if p, _ := getTopic(ctx, h.Store, part); p.State != "merged" || p.Joined != id {
		t.Errorf("%+v", p)
	}
	must(supervisor, id, TopicStep{Action: topicClose, Note: "搅拌站已搬迁"})

	// What is kept of it follows from its events alone.
	events, err := h.topicEvents(ctx, h.Store, id)
	if err != nil {
		t.Fatal(err)
	}
	var again Topic
	for _, e := range events {
		if err := again.apply(e); err != nil {
			t.Fatal(err)
		}
	}
	tp, _ = getTopic(ctx, h.Store, id)
	if again.State != tp.State || again.Owner != tp.Owner || again.Version != tp.Version || again.Plan.Goal != tp.Plan.Goal || tp.State != "closed" {
		t.Errorf("%+v is not what its events make: %+v", tp, again)
	}
	if _, err := h.topicEffect(ctx, tp); err != nil {
		t.Error(err)
	}
	// After a restart the same is known.
	two := h.again(t)
	if _, err := two.FindTopics(ctx); err != nil {
		t.Fatal(err)
	}
	if two.topicOf(t, ids[0]) != id {
		t.Error("lost by a restart")
	}
}

// Each alarm comes at its threshold and not below, and once in the quiet days.
func TestTopicAlarms(t *testing.T) {
	set := defaultTopics().Alarms
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	docs := func(n, people int, ago time.Duration) (out []topic.Doc) {
		for i := range n {
			out = append(out, topic.Doc{ID: fmt.Sprintf("%d-%v", i, ago), At: now.Add(-ago), Who: fmt.Sprint("p", i%people)})
		}
		return out
	}
	day := 24 * time.Hour
	for _, c := range []struct {
		what string
		docs []topic.Doc
		want []string
	}{
		{"nothing", nil, nil},
		{"ten in a week", slices.Concat(docs(10, 4, day), docs(60, 7, 40*day)), []string{alarmFrequent}},
		{"nine", slices.Concat(docs(9, 4, day), docs(60, 7, 40*day)), nil},
		{"ten, eight days ago", slices.Concat(docs(10, 4, 8*day), docs(60, 7, 40*day)), nil},
		{"five where there was nothing", docs(5, 2, day), nil},
		{"nine where there was nothing", docs(9, 3, day), []string{alarmSudden}},
		{"five of one", slices.Concat(docs(5, 1, 20*day), docs(1, 1, 100*day)), []string{alarmOneMany}},
		{"four of one", docs(4, 1, 20*day), nil},
		{"eight people", docs(8, 8, 20*day), []string{alarmManyOne}},
		{"seven people", docs(7, 7, 20*day), nil},
	} {
		var got []string
		for k := range dueAlarms(c.docs, &set, now.AddDate(-1, 0, 0), now) {
			got = append(got, k)
		}
		slices.Sort(got)
		slices.Sort(c.want)
		// What is not asked about must not hide what is.
		if c.what == "five where there was nothing" {
			if len(got) != 0 && !slices.Equal(got, []string{alarmSudden}) {
				t.Errorf("%s: %v", c.what, got)
			}
			continue
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, not %v", c.what, got, c.want)
		}
	}
}

// A house that was opened a week ago cannot know what is usual.
func TestNothingIsSuddenAtFirst(t *testing.T) {
	set := defaultTopics().Alarms
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	var docs []topic.Doc
	for i := range 9 {
		docs = append(docs, topic.Doc{ID: fmt.Sprint(i), At: now.Add(-time.Hour), Who: "a"})
	}
	if _, yes := dueAlarms(docs, &set, now.AddDate(0, 0, -7), now)[alarmSudden]; yes {
		t.Error("sudden")
	}
}

func TestTopicAlarmsAreToldOnce(t *testing.T) { bothStores(t, topicAlarmsAreToldOnce) }

func topicAlarmsAreToldOnce(t *testing.T, h *house) {
	ctx := context.Background()
	d := *h.district.Load()
	d.topics.Alarms.ManyOne, d.topics.Alarms.Sudden = Threshold{Days: 30, Appellants: 4}, Threshold{}
	h.district.p.Store(&d)
	h.tell(t, said[:5])
	for range 3 {
		if _, err := h.FindTopics(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if n := h.count(t, `SELECT count(*) FROM topic_alarm WHERE kind = ?`, alarmManyOne); n != 1 {
		t.Errorf("%d alarms", n)
	}
	if n := h.count(t, `SELECT count(*) FROM notice WHERE name = 'topic_alarm'`); n != 2 {
		t.Errorf("%d notices: the supervisors and the leaders are told", n)
	}
	h.ahead.Store(int64(8 * 24 * time.Hour))
	if _, err := h.FindTopics(ctx); err != nil {
		t.Fatal(err)
	}
	if n := h.count(t, `SELECT count(*) FROM topic_alarm WHERE kind = ?`, alarmManyOne); n != 2 {
		t.Errorf("%d alarms after the quiet days", n)
	}
}

// Who reads a topic, and what comes in, does not wait while all are made anew.
func TestTopicsAreUsedWhileTheyAreMadeAnew(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	ids := h.tell(t, said[:5])
	if _, err := h.FindTopics(ctx); err != nil {
		t.Fatal(err)
	}
	h.topics.making.Lock()
	defer h.topics.making.Unlock()
	done := make(chan error, 1)
	go func() {
		sp, err := h.topics.lock(ctx, h.Service)
		if err == nil {
			defer h.topics.mu.Unlock()
			if len(sp.Members(ids[0].String())) != 5 {
				err = fmt.Errorf("%d messages of the topic", len(sp.Members(ids[0].String())))
			}
		}
		done <- err
	}()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Error("it waits")
	}
}

// One person alone makes no topic, however few words, until it is 一人多诉.
func TestOnePersonIsNoTopic(t *testing.T) {
	h := newHouse(t)
	ids := h.tell(t, said[:4], "13800009999")
	if _, err := h.FindTopics(context.Background()); err != nil {
		t.Fatal(err)
	}
	if id := h.topicOf(t, ids[0]); id != 0 {
		t.Error(id)
	}
	h.tell(t, said[4:6], "13800009999")
	if _, err := h.FindTopics(context.Background()); err != nil {
		t.Fatal(err)
	}
	if id := h.topicOf(t, ids[0]); id == 0 {
		t.Error("six of one person are not looked at")
	}
	if n := h.count(t, `SELECT count(*) FROM topic_alarm WHERE kind = ?`, alarmOneMany); n != 1 {
		t.Error(n, "alarms")
	}
	// Nobody speaks of it any more: it fades, once, though its group is still found.
	h.ahead.Store(int64(topicFadeAfter + 24*time.Hour))
	for _, want := range []int{1, 0} {
		if out, err := h.FindTopics(context.Background()); err != nil || out.Faded != want || out.Topics != 1 || out.New != 0 {
			t.Errorf("%+v %v, want %d faded", out, err, want)
		}
	}
}

// The interval is exact: it is where each end is reached with 2.5%.
func TestRateRatio(t *testing.T) {
	r, lo, hi := rateRatio(40, 10, 60, 60)
	if math.Abs(r-0.25) > 1e-9 || lo < 0.11 || lo > 0.13 || hi < 0.49 || hi > 0.52 {
		t.Error(r, lo, hi)
	}
	if r, lo, hi := rateRatio(5, 0, 30, 30); r != 0 || lo != 0 || hi < 0.9 || hi > 1.2 {
		t.Error(r, lo, hi)
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.IntRange(1, 400).Draw(t, "a"), rapid.IntRange(0, 400).Draw(t, "b")
		ta, tb := rapid.Float64Range(1, 60).Draw(t, "ta"), rapid.Float64Range(1, 60).Draw(t, "tb")
		r, lo, hi := rateRatio(a, b, ta, tb)
		if !(lo <= r+1e-9 && r <= hi+1e-9) || math.IsNaN(lo+hi) {
			t.Fatal(a, b, ta, tb, r, lo, hi)
		}
	})
}

// Whatever goes where: a topic goes on as one group at most, a group as one
// topic, and one that lost no member keeps its name.
func TestMatchTopics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		was, size := map[store.ID]store.ID{}, map[store.ID]int{}
		groups := make([][]store.ID, 6)
		for i := 1; i <= n; i++ {
			id := store.ID(i)
			if k := rapid.IntRange(0, 4).Draw(t, "topic"); k > 0 {
				was[id] = store.ID(100 + k)
				size[store.ID(100+k)]++
			}
			g := rapid.IntRange(0, 5).Draw(t, "group")
			groups[g] = append(groups[g], id)
		}
		out := matchTopics(groups, was, size)
		seen := map[store.ID]bool{}
		for _, id := range out {
			if id != 0 && seen[id] {
				t.Fatal("one topic goes on as two groups", out)
			}
			seen[id] = true
		}
		for i, ids := range groups {
			whole := map[store.ID]int{}
			for _, id := range ids {
				whole[was[id]]++
			}
			if len(whole) == 1 && len(ids) > 0 && was[ids[0]] != 0 && size[was[ids[0]]] == len(ids) && out[i] != was[ids[0]] {
				t.Fatal("it lost its identity", out)
			}
		}
	})
}

func TestReadMessagesOfBadFiles(t *testing.T) {
	p := profileOf(t, "messages_hot")
	read := func(s string) (Messages, error) {
		return ReadMessages(strings.NewReader(s), int64(len(s)), p)
	}
	got, err := read("留言编号,留言用户,留言主题,留言时间,留言详情,反对数,点赞数\n1,a,路灯不亮,2019/8/1 9:00:00,黑,2,30\n1,a,路灯不亮,2019/8/1 9:00:00,黑,2,30\n2,b,路灯不亮,明天,黑,0,1\n,c,x,2019-08-01,y,0,0\n3,c,,2019-08-01,,x,-4\n4,d,电话13800001234,2019-08-01,,x,-4\n")
	if err != nil || len(got.Docs) != 2 || got.Twice != 1 || got.Refused["time"] != 1 || got.Refused["number"] != 1 || got.Refused["text"] != 1 {
		t.Fatalf("%+v %v", got, err)
	}
	if d := got.Docs[0]; d.For != 30 || d.Against != 2 || d.At.In(p.Zone()).Hour() != 9 {
		t.Errorf("%+v", d)
	}
	if d := got.Docs[1]; d.For != 0 || strings.Contains(d.Title, "13800001234") {
		t.Errorf("%+v", d)
	}
	if _, err := read("a,b\n1,2\n"); err == nil || !strings.Contains(err.Error(), "留言编号") {
		t.Error(err)
	}
	if _, err := read(""); err == nil {
		t.Error("an empty file was read")
	}
}

// The two events of the contest's public sample come first and second, whole and
// with nothing else, alone and among messages on everything else.
func TestTopicsOfTheSample(t *testing.T) {
	docsOf := func(profile, file string) []topic.Doc {
		raw := readShared(t, "appeals", file)
		got, err := ReadMessages(bytes.NewReader(raw), int64(len(raw)), profileOf(t, profile))
		if err != nil {
			t.Fatal(err)
		}
		return got.Docs
	}
	sample := docsOf("messages_hot", "messages_hot_sample.csv")
	others := append(docsOf("messages_labelled", "messages_labelled_495.csv"), docsOf("messages_with_replies", "messages_with_replies_1000.csv")...)
	truth := map[string]string{}
	for _, d := range sample {
		truth[d.ID] = d.ID
		for _, name := range []string{"魅力之城", "经济学院"} {
			if strings.Contains(d.Title+d.Text, name) {
				truth[d.ID] = name
			}
		}
	}
	for what, docs := range map[string][]topic.Doc{"alone": sample, "among others": append(others, sample...)} {
		s := topic.NewSpace(docs, topic.Options{})
		ts := s.Topics(topic.Measure{})
		if len(ts) < 2 || !strings.Contains(ts[0].Name, "魅力之城") || len(ts[0].Members) != 10 || !strings.Contains(ts[1].Name, "经济学院") || len(ts[1].Members) != 5 {
			t.Errorf("%s: %+v", what, ts[:min(2, len(ts))])
		}
		got := topic.Score(s.Groups(), truth)
		t.Logf("%s: %+v", what, got)
		if got.Purity < 0.9 || got.VMeasure < 0.95 {
			t.Errorf("%s: %+v", what, got)
		}
	}
}
