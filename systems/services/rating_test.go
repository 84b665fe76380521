package services

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

func (h *caseHouse) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// visit is a visit at a window that has just ended.
func (h *caseHouse) visit(t testing.TB, person store.ID, clerk account.Actor, window string) store.ID {
	t.Helper()
	ticket := h.Store.NewID()
	if err := h.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		return h.Bus.Emit(ctx, tx, h.clock(), "halls.ticket_finished", ticket.String(), map[string]any{"ticket": ticket, "hall": "district", "window": window, "clerk": clerk.Account, "items": []string{}, "person": person, "name": map[string]string{"zh": "综合业务"}})
	}); err != nil {
		t.Fatal(err)
	}
	h.told(t, ratingConsumer, h.inviteRatings)
	id, err := store.Get[store.ID](context.Background(), h.Store, `SELECT id FROM service_rating WHERE kind = 'visit' AND object = ?`, ticket)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (h *caseHouse) rating(t testing.TB, id store.ID) ratingRow {
	t.Helper()
	r, err := getRating(context.Background(), h.Store, id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (h *caseHouse) clerkOf(t testing.TB) account.Actor {
	login := "rater"
	return h.account(t, account.Account{Kind: account.Staff, Login: &login, Name: "好差评专员", Unit: "dp-zhengshu"}, "rating_clerk")
}

// One event, one rating: a second is refused, silence becomes the default and says so, and
// what is too soon, from staff or in a burst does not count, with its reason.
func TestOneRatingOfEachEvent(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		boss := h.clerkOf(t)
		li := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		first := h.visit(t, li.Person, h.staff["window"], "05")
		h.told(t, ratingConsumer, h.inviteRatings)
		h.pass(time.Minute)
		token := h.ratingToken(first)
		for _, wrong := range []ServiceRating{{Grade: 0}, {Grade: 6}, {Grade: 5, Answers: map[string]int{"guide": 5}}, {Grade: 5, Answers: map[string]int{"speed": 9}}} {
			if err := h.Rate(ctx, token, wrong); err == nil {
				t.Errorf("taken: %+v", wrong)
			}
		}
		for _, forged := range []string{"", first.String(), token + "x", h.ratingToken(first + 1)} {
			if err := h.Rate(ctx, forged, ServiceRating{Grade: 5}); err == nil {
				t.Errorf("%q opens a rating", forged)
			}
		}
		if err := h.Rate(ctx, token, ServiceRating{Grade: 5, Answers: map[string]int{"manner": 4}, Comment: "我的电话13800138000", Channel: "sms", Device: "a"}); err != nil {
			t.Fatal(err)
		}
		if err := h.Rate(ctx, token, ServiceRating{Grade: 1}); code(err) != "rated_already" {
			t.Errorf("rated twice: %v", err)
		}
		if r := h.rating(t, first); r.Grade != 5 || strings.Contains(r.Comment, "13800138000") || r.Excluded != "" {
			t.Errorf("%+v", r)
		}
		// Within seconds; by a member of staff; the sixth of one device within ten minutes.
		soon := h.visit(t, li.Person, h.staff["window"], "05")
		h.pass(4 * time.Second)
		if err := h.Rate(ctx, h.ratingToken(soon), ServiceRating{Grade: 5}); err != nil || h.rating(t, soon).Excluded != "soon" {
			t.Errorf("%v %+v", err, h.rating(t, soon))
		}
		if _, err := h.AddStaffPhones(ctx, boss, []string{"13700137000", "12345"}); err == nil {
			t.Error("a number that is none was taken")
		}
		if n, err := h.AddStaffPhones(ctx, boss, []string{"13700137000"}); err != nil || n != 1 {
			t.Errorf("%d %v", n, err)
		}
		phones, err := h.StaffPhones(ctx)
		if err != nil || len(phones) != 1 || phones[0].Masked != "137****7000" || phones[0].By == "" {
			t.Errorf("%+v %v", phones, err)
		}
		for _, key := range []string{"", "zz", strings.Repeat("0", 64)} {
			if err := h.DropStaffPhone(ctx, boss, key); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%q is taken out: %v", key, err)
			}
		}
		if err := h.DropStaffPhone(ctx, boss, phones[0].Key); err != nil {
			t.Error(err)
		}
		if n, err := h.AddStaffPhones(ctx, boss, []string{"13700137000"}); err != nil || n != 1 {
			t.Errorf("added again: %d %v", n, err)
		}
		colleague := h.visit(t, h.citizen(t, "同事", "13700137000", "").Person, h.staff["window"], "05")
		h.pass(time.Minute)
		if err := h.Rate(ctx, h.ratingToken(colleague), ServiceRating{Grade: 5}); err != nil || h.rating(t, colleague).Excluded != "staff" {
			t.Errorf("%v %+v", err, h.rating(t, colleague))
		}
		for i := range 6 {
			id := h.visit(t, 0, h.staff["window"], "06")
			h.pass(10 * time.Second)
			if err := h.Rate(ctx, h.ratingToken(id), ServiceRating{Grade: 5, Device: "b"}); err != nil {
				t.Fatal(err)
			}
			if got := h.rating(t, id).Excluded; (got == "burst") != (i == 5) {
				t.Errorf("the rating %d of a device: %q", i+1, got)
			}
		}
		// Seven natural days: the last is Tuesday 8 September.
		silent := h.visit(t, li.Person, h.staff["window"], "07")
		due := h.rating(t, silent).DueAt
		if got := due.In(districtZone).Format(time.DateOnly); got != "2026-09-08" {
			t.Errorf("silence counts from %s", got)
		}
		h.at(t, due.In(districtZone).Add(-time.Minute).Format("2006-01-02 15:04"))
		if err := h.DefaultRatings(ctx); err != nil || h.rating(t, silent).State != ratingOpen {
			t.Errorf("%v %+v", err, h.rating(t, silent))
		}
		h.pass(2 * time.Minute)
		if err := h.DefaultRatings(ctx); err != nil {
			t.Fatal(err)
		}
		if r := h.rating(t, silent); r.State != ratingDefaulted || r.Grade != 3 {
			t.Errorf("%+v", r)
		}
		if err := h.Rate(ctx, h.ratingToken(silent), ServiceRating{Grade: 1}); code(err) != "rated_already" {
			t.Errorf("rated after its time: %v", err)
		}
		// 1 + 5 active of the six that count, one default, three excluded.
		board, err := h.RatingBoard(ctx, boss, RatingFilter{From: "2026-09-01", To: "2026-09-30"})
		if err != nil || board.All.Active != 6 || board.All.Defaulted != 1 || board.All.Excluded != 3 || *board.All.Good != 1 || *board.All.ActiveRate != 6.0/7 {
			t.Errorf("%+v %v", board.All, err)
		}
	})
}

// A bad rating is called back, verified, contested, put right and rated again; nobody who
// is rated learns who gave it, by no way.
func TestTheRatedNeverSeeWhoRated(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		boss := h.clerkOf(t)
		id, _ := h.accepted(t)
		li := h.applicantOf(t, id)
		h.do(t, id, h.staff["examine"], "propose", "view", "deny", "opinion", "不符合条件")
		h.do(t, id, h.staff["decide"], "deny", "reason", "经营场所正在拆除，依据管理办法第十二条")
		h.told(t, ratingConsumer, h.inviteRatings)
		link := h.RatingLink(ratingCase, id)
		for _, forged := range []string{link + "x", h.RatingLink(ratingVisit, id)[:8] + link[8:], h.RatingLink(ratingCase, id+1)[:12] + link[12:], "case-" + id.String(), "case-."} {
			if p, err := h.RatingPage(ctx, forged); err == nil && forged != link {
				t.Errorf("%q opens %+v", forged, p)
			}
		}
		if p, err := h.RatingPage(ctx, link); err != nil || p.State != ratingOpen || p.Title == "" {
			t.Errorf("the link of a receipt: %+v %v", p, err)
		}
		if p, err := h.RatingPage(ctx, h.RatingLink(ratingCase, id+1)); err != nil || p.State != ratingEarly || p.Title != "" {
			t.Errorf("before it is over: %+v %v", p, err)
		}
		if err := h.Rate(ctx, h.RatingLink(ratingCase, id+1), ServiceRating{Grade: 5}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("rated before it is over: %v", err)
		}
		mine, err := h.MyRatings(ctx, li)
		if err != nil || len(mine) != 1 || mine[0].Case != id {
			t.Fatalf("%+v %v", mine, err)
		}
		h.pass(time.Hour)
		if err := h.Rate(ctx, mine[0].Token, ServiceRating{Grade: 1, Comment: "李记小馆13800138000等了三周", Channel: "app"}); err != nil {
			t.Fatal(err)
		}
		list, err := h.BadRatings(ctx, boss, true, 0)
		if err != nil || len(list) != 1 || list[0].Rating == nil || list[0].Rating.Grade != 1 {
			t.Fatalf("%+v %v", list, err)
		}
		bad := list[0].ID
		if got, _ := h.due(t, bad, "call"); got != "2026-09-03 18:00" { // two working days from Tuesday 1 September
			t.Errorf("to be called back by %s", got)
		}
		act := func(who account.Actor, action string, kv ...any) error {
			form := map[string]any{}
			for i := 0; i < len(kv); i += 2 {
				form[kv[i].(string)] = kv[i+1]
			}
			_, err := h.ActOnBadRating(ctx, who, bad, 0, action, form)
			return err
		}
		// What any of the rated gets to read, whole.
		seen := func() string {
			var all strings.Builder
			for login, who := range h.staff {
				b, _ := h.BadRatings(ctx, who, true, 0)
				d, derr := h.RatingBoard(ctx, who, RatingFilter{})
				raw, _ := json.Marshal([]any{login, b, d, fmt.Sprint(derr)})
				all.Write(raw)
				if who.HasAny(ratingAll...) {
					continue
				}
				for _, f := range []RatingFilter{{From: "2026-09-01", To: "2026-09-01"}, {From: "2026-09-01", To: "2026-09-30"}, {By: "window"}} {
					if _, err := h.RatingBoard(ctx, who, f); err == nil {
						t.Errorf("%s gets figures of %+v", login, f)
					}
				}
				if _, err := h.CallRater(ctx, who, bad, "想看看是谁"); err == nil {
					t.Errorf("%s learns who rated", login)
				}
				if cases, err := h.Cases(ctx, who, CaseFilter{Mine: true, Limit: 50}); err == nil {
					for _, c := range cases {
						if c.ID == bad {
							t.Errorf("%s has it among the cases", login)
						}
					}
				}
				if _, err := h.Case(ctx, who, bad); err == nil {
					t.Errorf("%s opens it as a case", login)
				}
			}
			return all.String()
		}
		for _, trace := range []string{li.Person.String(), id.String(), "李记", "13800138000", "三周", "138****"} {
			if got := seen(); strings.Contains(strings.ReplaceAll(got, h.seenByInspector(t), ""), trace) {
				t.Errorf("the rated read %q in %s", trace, got)
			}
		}
		if err := act(h.staff["decide"], "rectify", "result", "已经优化流程，增加审查人手"); err == nil {
			t.Error("the rated unit acts before it is verified")
		}
		who, err := h.CallRater(ctx, boss, bad, "差评回访")
		if err != nil || who.Identity[string(vault.Phone)] != "13800138000" {
			t.Errorf("%v %v", who, err)
		}
		for _, step := range []struct {
			who    account.Actor
			action string
			kv     []any
		}{
			{boss, "call", []any{"reached", "yes", "note", "反映审查时间过长"}},
			{boss, "uphold", []any{"what", "审查环节等待时间过长，未主动告知进度"}},
			{h.staff["decide"], "contest", []any{"reason", "该件审查在承诺时限内完成，不应认定为差评"}},
			{boss, "keep_rating", []any{"reason", "未主动告知进度属实"}},
		} {
			if err := act(step.who, step.action, step.kv...); err != nil {
				t.Fatalf("%s: %v", step.action, err)
			}
		}
		head, err := h.BadRatings(ctx, h.staff["decide"], true, 0)
		// The head decided on the case: they read what is to be put right, and nothing else.
		if err != nil || len(head) != 1 || head[0].What == "" || head[0].Rating != nil || head[0].No != "" {
			t.Fatalf("%+v %v", head, err)
		}
		if got, _ := h.due(t, bad, "rectify"); got != "2026-09-21 18:00" { // fifteen working days; Sunday 20 September is worked
			t.Errorf("to be put right by %s", got)
		}
		if err := act(h.staff["decide"], "contest", "reason", "该件审查在承诺时限内完成，再次申诉"); refusal(err) != "guard" {
			t.Errorf("contested twice: %v", err)
		}
		if err := act(h.staff["decide"], "rectify", "result", "已经优化流程，增加审查人手"); err != nil {
			t.Fatal(err)
		}
		if mine, err = h.MyRatings(ctx, li); err != nil || len(mine) != 1 {
			t.Fatalf("%+v %v", mine, err)
		}
		h.pass(time.Hour)
		if err := h.Rate(ctx, mine[0].Token, ServiceRating{Grade: 4, Channel: "app"}); err != nil {
			t.Fatal(err)
		}
		list, err = h.BadRatings(ctx, boss, false, 0)
		if err != nil || len(list) != 1 || list[0].State != "closed" || list[0].Again != 4 {
			t.Fatalf("%+v %v", list, err)
		}
		h.told(t, caseNoticeConsumer, h.tellCases)
		for desk, want := range map[string][]string{
			"rating_clerk@dp-zhengshu": {"bad_rating_new", "bad_rating_contested", "bad_rating_rectified", "bad_rating_rerated"},
			"inspector@dp-zhengshu":    {"bad_rating_new", "bad_rating_contested"},
		} {
			if got, err := store.Select[string](ctx, h.Store, `SELECT name FROM notice WHERE desk = ? AND about = ? ORDER BY id`, desk, "matter/"+bad.String()); err != nil || !slices.Equal(got, want) {
				t.Errorf("%s was told %v, want %v: %v", desk, got, want, err)
			}
		}
		type notice struct{ Name, Desk, Link, Text string }
		units, err := store.Select[notice](ctx, h.Store, `SELECT name, desk, link, text FROM notice WHERE desk LIKE 'approver@%' AND name LIKE 'bad_rating%' ORDER BY id`)
		if err != nil || len(units) != 2 || units[0].Name != "bad_rating_rectify" || units[1].Name != "bad_rating_kept" {
			t.Errorf("the unit was told %+v: %v", units, err)
		}
		for _, trace := range []string{li.Person.String(), id.String(), mine[0].Token, "李记", "三周"} {
			if strings.Contains(fmt.Sprint(units), trace) {
				t.Errorf("the unit was told %q: %+v", trace, units)
			}
		}
		if got, err := store.Select[string](ctx, h.Store, `SELECT name FROM notice WHERE person = ? AND name LIKE 'bad_rating%'`, li.Person); err != nil || !slices.Equal(got, []string{"bad_rating_closed"}) {
			t.Errorf("who rated was told %v: %v", got, err)
		}
		// The first rating stands: what is put right is not written over.
		board, err := h.RatingBoard(ctx, boss, RatingFilter{From: "2026-09-01", To: "2026-09-30"})
		if err != nil || board.All.Active != 1 || *board.All.Good != 0 {
			t.Errorf("%+v %v", board.All, err)
		}
		h.verify(t, bad)
	})
}

// seenByInspector is what the inspector reads, who is not rated.
func (h *caseHouse) seenByInspector(t testing.TB) string {
	b, err := h.BadRatings(context.Background(), h.staff["inspector"], true, 0)
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := json.Marshal(b)
	return string(raw)
}

func TestADeviceRatesTheVisitAtItsWindow(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		boss := h.clerkOf(t)
		d, err := h.AddRatingDevice(ctx, boss, RatingDevice{Name: "5号窗口", Kind: "device", Hall: "district", Window: "05"})
		if err != nil || d.Key == "" {
			t.Fatal(err)
		}
		li := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		good := RatingMessage{HallCode: "district", WindowNo: "05", EvalTime: "2026-09-01 09:01:00", EvalGrade: 4, CertificateType: "10", CertificateNo: "11010519491231002X", ContactPhone: "13800138000", ProjectType: 2}
		if err := h.HearDevice(ctx, d.Key, good); code(err) != "no_visit" {
			t.Errorf("nobody was there: %v", err)
		}
		id := h.visit(t, li.Person, h.staff["window"], "05")
		h.pass(time.Minute)
		for name, change := range map[string]func(*RatingMessage){
			"grade": func(m *RatingMessage) { m.EvalGrade = 0 }, "time": func(m *RatingMessage) { m.EvalTime = "2026/9/1" }, "future": func(m *RatingMessage) { m.EvalTime = "2026-09-01 10:00:00" },
			"hall": func(m *RatingMessage) { m.HallCode = "startup" }, "window": func(m *RatingMessage) { m.WindowNo = "06" }, "user": func(m *RatingMessage) { m.UserType = 2 },
			"project": func(m *RatingMessage) { m.ProjectType = 3 }, "phone": func(m *RatingMessage) { m.ContactPhone = "12345" }, "certificate": func(m *RatingMessage) { m.CertificateType = "" },
			"another person": func(m *RatingMessage) { m.CertificateNo = "440306199001011234" }, "another phone": func(m *RatingMessage) { m.ContactPhone = "13900139000" }, "done": func(m *RatingMessage) { m.AffairDoneTime = "soon" },
		} {
			m := good
			change(&m)
			if err := h.HearDevice(ctx, d.Key, m); err == nil {
				t.Errorf("taken with a wrong %s", name)
			}
		}
		if err := h.HearDevice(ctx, "szd_wrong", good); code(err) != "device_unknown" {
			t.Errorf("a key that is none: %v", err)
		}
		if err := h.HearDevice(ctx, d.Key, good); err != nil {
			t.Fatal(err)
		}
		if r := h.rating(t, id); r.Grade != 4 || r.Channel != "device" {
			t.Errorf("%+v", r)
		}
		if err := h.HearDevice(ctx, d.Key, good); code(err) != "no_visit" {
			t.Errorf("the same visit twice: %v", err)
		}
		if list, err := h.RatingDevices(ctx); err != nil || len(list) != 1 || list[0].Today != 1 || list[0].Burst != 0 || !list[0].Heard.Equal(h.Store.Now()) || list[0].Key != "" {
			t.Errorf("%+v %v", list, err)
		}
		if err := h.EndRatingDevice(ctx, boss, d.ID); err != nil {
			t.Fatal(err)
		}
		if err := h.HearDevice(ctx, d.Key, good); code(err) != "device_unknown" {
			t.Errorf("an ended device: %v", err)
		}
	})
}

// No figure of a small group is shown, nor can it be reckoned from the others.
func TestSmallGroupsCannotBeReckoned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := RatingBoard{Groups: rapid.IntRange(2, 8).Draw(t, "groups"), All: RatingFigures{Grades: map[int]int{}}}
		for i := range rapid.IntRange(0, 8).Draw(t, "n") {
			g := RatingFigures{Key: fmt.Sprint(i), Grades: map[int]int{}}
			for range rapid.IntRange(0, 20).Draw(t, "active") {
				grade := rapid.IntRange(1, 5).Draw(t, "grade")
				g.add(ratingRated, grade, "")
				b.All.add(ratingRated, grade, "")
			}
			b.By = append(b.By, g)
		}
		for i := range b.By { // as the board orders them
			for j := i + 1; j < len(b.By); j++ {
				if b.By[j].Active > b.By[i].Active {
					b.By[i], b.By[j] = b.By[j], b.By[i]
				}
			}
		}
		all := b.All.Active
		hideSmall(&b)
		shown := 0
		for _, g := range b.By {
			if g.Active > 0 && g.Active < b.Groups {
				t.Fatalf("a group of %d is shown", g.Active)
			}
			shown += g.Active
		}
		if rest := all - shown; !b.All.Hidden && rest > 0 && rest < b.Groups {
			t.Fatalf("the whole less what is shown is %d", rest)
		}
	})
}

func TestRatingRulesAreChecked(t *testing.T) {
	good := "wait: 7d\ndefault: 3\nagain: 7d\ngroups: 5\ncall: 2wd\nrectify: 15wd\nburst: {most: 5, within: 10m}\nsoon: 5s\nsets: [{name: online, version: 1, indicators: [{id: a, name: {zh: 甲}}]}, {name: offline, version: 1, indicators: [{id: a, name: {zh: 甲}}]}]\n"
	for _, c := range []struct{ old, new string }{{"wait: 7d", "wait: soon"}, {"default: 3", "default: 1"}, {"groups: 5", "groups: 1"}, {"within: 10m", "within: x"}, {"soon: 5s", "soon: x"}, {"name: offline", "name: online"}, {"version: 1", "version: 0"}, {"soon", "later"}} {
		if _, err := readRatings(fstest.MapFS{packRatings: {Data: []byte(strings.Replace(good, c.old, c.new, 1))}}); err == nil {
			t.Errorf("%s is taken", c.new)
		}
	}
	if _, err := readRatings(fstest.MapFS{packRatings: {Data: []byte(good)}}); err != nil {
		t.Error(err)
	}
	if err := (&Service{}).Check(fstest.MapFS{packRatings: {Data: []byte(good)}}); err == nil || !strings.Contains(err.Error(), packCasework) {
		t.Errorf("ratings without casework: %v", err)
	}
}
