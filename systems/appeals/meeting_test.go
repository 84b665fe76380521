package appeals

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/document"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/districts"
)

// A year of mornings: each working day has its 日调度, each week one 周盘点 and each
// month one 月分析, none on a day of rest.
func TestAYearOfMeetings(t *testing.T) {
	files, _ := fs.Sub(districts.FS, "baoan")
	d, err := compileDistrict(files)
	if err != nil {
		t.Fatal(err)
	}
	b, months, weeks, days, working := d.reports, map[string]int{}, map[int]int{}, 0, 0
	for day := time.Date(2026, 1, 1, 8, 0, 0, 0, d.zone); day.Year() == 2026; day = day.AddDate(0, 0, 1) {
		if b.isWorking(day) {
			working++
		}
		for _, k := range b.Meetings {
			if !b.meets(k, day) {
				continue
			}
			if !b.isWorking(day) {
				t.Errorf("%s on %s, a day of rest", k.ID, day.Format(time.DateOnly))
			}
			switch k.Window {
			case "day":
				days++
			case "week":
				_, week := day.ISOWeek()
				weeks[week]++
			case "month":
				months[day.Format("2006-01")]++
			}
		}
	}
	if days != working || len(months) != 12 {
		t.Errorf("%d of %d working days, %d months", days, working, len(months))
	}
	for month, n := range months {
		if n != 1 {
			t.Errorf("%d meetings in %s", n, month)
		}
	}
	for week, n := range weeks {
		if n > 2 || n == 2 && week > 10 && week < 39 { // a holiday of a week passes it on
			t.Errorf("%d meetings in week %d", n, week)
		}
	}
}

// What can never be held is found when the pack is checked.
func TestMeetingsOfAPackAreChecked(t *testing.T) {
	files, _ := fs.Sub(districts.FS, "baoan")
	calendar, err := fs.ReadFile(files, "calendars/office.yaml")
	if err != nil {
		t.Fatal(err)
	}
	base := "figures:\n  filed: {name: n, unit: u, grain: appeals, measure: count}\nkinds:\n  - {id: daily, window: day, at: '06:30'}\nmeetings:\n  - "
	for text, want := range map[string]string{
		"{id: m, window: day, at: '09:00', reports: [daily], figures: [filed]}": "",
		"{id: m, window: day, at: nine}":                                        "meetings.m.at",
		"{id: m, window: year, at: '09:00'}":                                    "meetings.m.window",
		"{id: m, window: week, at: '09:00'}":                                    "meetings.m.day",
		"{id: m, window: month, day: 31, at: '09:00'}":                          "meetings.m.day",
		"{id: m, window: day, day: 2, at: '09:00'}":                             "meetings.m.day",
		"{id: m, window: day, at: '06:00', reports: [daily]}":                   "meetings.m.at",
		"{id: m, window: day, at: '09:00', reports: [hourly]}":                  "meetings.m.reports",
		"{id: m, window: day, at: '09:00', figures: [none]}":                    "meetings.m.figures",
		"{id: m, window: day, at: '09:00', who: everybody}":                     "who",
	} {
		_, err := readReports(fstest.MapFS{"appeals/reports.yaml": {Data: []byte(base + text)}, "calendars/office.yaml": {Data: calendar}}, "")
		if (want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

type meetingCast struct{ supervisor, leader, head, handler, other, dispatcher account.Actor }

func (h *house) meetingCast(t *testing.T) meetingCast {
	root := h.Dir.Tree().Root()
	return meetingCast{h.staff(t, "ms", root, "supervisor"), h.staff(t, "ml", root, "leader"), h.staff(t, "mh", "st-xixiang", "unit_head"), h.staff(t, "mw", "st-xixiang", "handler"), h.staff(t, "mo", "st-xinan", "handler"), h.staff(t, "md", root, "dispatcher")}
}

func (h *house) task(t *testing.T, who account.Actor, id store.ID) MeetingTask {
	t.Helper()
	all, err := h.meetingTasks(context.Background(), who, `k.id = ?`, int64(id))
	if err != nil || len(all) != 1 {
		t.Fatalf("task %s: %d, %v", id, len(all), err)
	}
	return all[0]
}

func (h *house) day(ahead int) string {
	return h.Store.Now().In(h.Zone()).AddDate(0, 0, ahead).Format(time.DateOnly)
}

// afternoon goes on to the next three o'clock.
func (h *house) afternoon() {
	now := h.Store.Now().In(h.Zone())
	three := time.Date(now.Year(), now.Month(), now.Day(), 15, 0, 0, 0, now.Location())
	if three.Before(now) {
		three = three.AddDate(0, 0, 1)
	}
	h.ahead.Add(int64(three.Sub(now)))
}

// A task comes back to each later meeting of its kind, late ones first, until it is
// ended; the unit sees its own and reports on them; nothing personal is kept.
func TestTasksReturnAtTheNextMeeting(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx, c := context.Background(), h.meetingCast(t)
		h.afternoon() // the meetings of a day are in its morning
		hold := func(kind string) Meeting {
			t.Helper()
			id, err := h.MakeMeeting(ctx, account.System(h.Dir), kind, h.Store.Now().In(h.Zone()))
			if err != nil {
				t.Fatal(err)
			}
			m, err := h.Meeting(ctx, c.supervisor, id)
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		next := func() { h.ahead.Add(int64(24 * time.Hour)) }
		give := func(m Meeting, what, unit string, days int) store.ID {
			t.Helper()
			id, err := h.GiveTask(ctx, c.supervisor, m.ID, TaskStep{What: what, To: unit, Until: h.day(days)})
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		names := func(all []MeetingTask) (out []string) {
			for _, k := range all {
				out = append(out, k.What)
			}
			return out
		}
		first := hold("daily_dispatch")
		if again := hold("daily_dispatch"); again.ID != first.ID {
			t.Error("a day has two meetings of a kind")
		}
		long := give(first, "排查积水点", "st-xixiang", 5)
		short := give(first, "修复井盖，联系人13800138000", "st-xinan", 1)
		if m := hold("daily_dispatch"); len(m.Given) != 2 || len(m.Carried) != 0 {
			t.Errorf("the meeting that gave them: %v given, %v carried", names(m.Given), names(m.Carried))
		}
		if n := h.count(t, `SELECT count(*) FROM notice WHERE name = 'meeting_task' AND desk = 'unit_head@st-xixiang'`); n != 1 {
			t.Errorf("%d notices to the unit", n)
		}
		next()
		if m := hold("weekly_review"); len(m.Carried) != 0 {
			t.Error("a task returns to a meeting of another kind")
		}
		next()
		second := hold("daily_dispatch")
		if got := names(second.Carried); len(got) != 2 || !strings.HasPrefix(got[0], "修复井盖") || !second.Carried[0].Late || second.Carried[1].Late {
			t.Errorf("the next meeting has %v", got)
		}
		if err := h.ActOnTask(ctx, c.handler, long, 1, "report", TaskStep{Note: "已排查 12 处，电话 13800138000", Finished: true}); err != nil {
			t.Fatal(err)
		}
		if k := h.task(t, c.supervisor, long); !k.Finished || k.State != taskOpen {
			t.Errorf("what a unit says it finished is %s, %v", k.State, k.Finished)
		}
		if err := h.ActOnTask(ctx, c.leader, long, 2, "done", TaskStep{}); err != nil {
			t.Fatal(err)
		}
		if err := h.ActOnTask(ctx, c.supervisor, long, 2, "done", TaskStep{}); !isStatus(err, 409) {
			t.Errorf("the second of two: %v", err)
		}
		if m, _ := h.Meeting(ctx, c.supervisor, second.ID); len(m.Carried) != 2 {
			t.Error("what was open when a meeting was held is gone from it")
		}
		next()
		third := hold("daily_dispatch")
		if got := names(third.Carried); len(got) != 1 || !strings.HasPrefix(got[0], "修复井盖") {
			t.Errorf("the third meeting has %v", got)
		}
		if got := names(third.Ended); len(got) != 1 || got[0] != "排查积水点" {
			t.Errorf("ended since the second: %v", got)
		}
		// Who sees what.
		for name, x := range map[string]struct {
			who  account.Actor
			want int
		}{"supervisor": {c.supervisor, 2}, "head of the unit": {c.head, 1}, "handler of another": {c.other, 1}, "stranger to both": {h.staff(t, "mx", "st-fuhai", "handler"), 0}} {
			all, err := h.meetingTasks(ctx, x.who, `1=1`)
			if err != nil || len(all) != x.want {
				t.Errorf("%s sees %d tasks, want %d, %v", name, len(all), x.want, err)
			}
		}
		for _, who := range []account.Actor{c.head, c.dispatcher} {
			if _, err := h.Meeting(ctx, who, third.ID); !isStatus(err, 403) {
				t.Errorf("who manages no meetings reads one: %v", err)
			}
		}
		// Minutes and papers.
		if err := h.WriteMinute(ctx, c.supervisor, third.ID, "议定：井盖三日内修复，市民电话13800138000。"); err != nil {
			t.Fatal(err)
		}
		m, err := h.Meeting(ctx, c.leader, third.ID)
		if err != nil || len(m.Minutes) != 1 {
			t.Fatal(m.Minutes, err)
		}
		var paper bytes.Buffer
		if err := h.ExportMeeting(ctx, c.leader, m, document.Markdown, "test", &paper); err != nil || !strings.Contains(paper.String(), "修复井盖") || !strings.Contains(paper.String(), "超期") || !strings.Contains(paper.String(), "议定") {
			t.Errorf("the paper: %v\n%s", err, paper.String())
		}
		if strings.Contains(paper.String(), "13800138000") || h.count(t, `SELECT count(*) FROM meeting_task_event WHERE data LIKE '%13800138000%'`) > 0 {
			t.Error("a phone number is kept")
		}
		// The row of a task is what its events say.
		for _, id := range []store.ID{long, short} {
			k := h.task(t, c.supervisor, id)
			var again MeetingTask
			for _, e := range k.Events {
				again.apply(e)
			}
			row, err := store.Get[MeetingTask](ctx, h.Store, `SELECT `+taskColumns+` WHERE k.id = ?`, int64(id))
			if err != nil || row.State != again.State || row.Until != again.Until || row.Version != again.Version || !row.EndedAt.Equal(again.EndedAt.Time) || row.What != again.What || row.Unit != again.Unit {
				t.Errorf("the row %+v, its events %+v, %v", row, again, err)
			}
		}
	})
}

func isStatus(err error, status int) bool {
	var p *httpapi.Problem
	return errors.As(err, &p) && p.Status == status
}

// Every state and step of a task for every role: only what the law says is possible.
func TestLawOfTasks(t *testing.T) {
	h := newHouse(t)
	ctx, c := context.Background(), h.meetingCast(t)
	id, err := h.MakeMeeting(ctx, c.supervisor, "daily_dispatch", h.Store.Now())
	if err != nil {
		t.Fatal(err)
	}
	cast := map[string]account.Actor{"supervisor": c.supervisor, "leader": c.leader, "head": c.head, "handler": c.handler, "other": c.other, "dispatcher": c.dispatcher}
	for state, lead := range map[string]string{taskOpen: "", taskDone: "done", taskDropped: "drop"} {
		for action, a := range taskActions {
			for name, who := range cast {
				task, err := h.GiveTask(ctx, c.leader, id, TaskStep{What: "核查整改", To: "st-xixiang", Until: h.day(3)})
				if err != nil {
					t.Fatal(err)
				}
				if lead != "" {
					if err := h.ActOnTask(ctx, c.supervisor, task, 1, lead, TaskStep{Note: "因故"}); err != nil {
						t.Fatal(err)
					}
				}
				version := h.task(t, c.supervisor, task).Version
				step := TaskStep{Note: "理由充分", Until: h.day(9)}
				manages := name == "supervisor" || name == "leader"
				may := slices.Contains(a.from, state) && (manages || a.unit && (name == "head" || name == "handler"))
				if a.reason {
					if err := h.ActOnTask(ctx, who, task, version, action, TaskStep{Until: step.Until}); err == nil {
						t.Errorf("%s needs no words", action)
					}
				}
				err = h.ActOnTask(ctx, who, task, version, action, step)
				if may != (err == nil) {
					t.Errorf("%s of a task that is %s by %s: %v", action, state, name, err)
				}
				now := h.task(t, c.supervisor, task)
				if want := map[bool]string{true: a.to, false: state}[may]; now.State != want || now.EndedAt.IsZero() != (want == taskOpen) {
					t.Errorf("after %s by %s it is %s, want %s", action, name, now.State, want)
				}
				if may && action == "move" && now.Until != h.day(9) {
					t.Error("the day was not moved")
				}
			}
		}
	}
	for field, bad := range map[string]TaskStep{
		"what": {To: "st-xixiang", Until: h.day(1)}, "what ": {What: strings.Repeat("长", 501), To: "st-xixiang", Until: h.day(1)}, "to": {What: "核查整改", To: "nobody", Until: h.day(1)}, "until": {What: "核查整改", To: "st-xixiang", Until: h.day(-1)},
		"until ": {What: "核查整改", To: "st-xixiang", Until: "soon"}, "until  ": {What: "核查整改", To: "st-xixiang"}, "person": {What: "核查整改", To: "st-xixiang", Until: h.day(1), Person: c.other.Account},
	} {
		_, err := h.GiveTask(ctx, c.supervisor, id, bad)
		var p *httpapi.Problem
		if !errors.As(err, &p) || len(p.Errors) != 1 || p.Errors[0].Location != "body."+strings.TrimSpace(field) {
			t.Errorf("%+v: %v, want %s", bad, err, field)
		}
	}
	if _, err := h.GiveTask(ctx, c.supervisor, 1, TaskStep{What: "核查整改", To: "st-xixiang", Until: h.day(1)}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a task of no meeting: %v", err)
	}
	if _, err := h.GiveTask(ctx, c.supervisor, id, TaskStep{What: "核查整改", To: "st-xixiang", Until: h.day(1), Person: c.handler.Account}); err != nil {
		t.Error(err)
	}
}

// A morning makes what is due, once: the daily report, and the pack of the meeting that
// looks at it, with the report's figures.
func TestAMorning(t *testing.T) {
	h := newHouse(t)
	ctx, b := context.Background(), h.district.Load().reports
	now := h.Store.Now().In(h.Zone())
	day := time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, h.Zone())
	for !b.isWorking(day) || !b.isWorking(day.AddDate(0, 0, -1)) {
		day = day.AddDate(0, 0, 1)
	}
	at := func(hour, minute int) {
		h.ahead.Add(int64(time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, h.Zone()).Sub(h.Store.Now())))
	}
	at(6, 29)
	files, _ := fs.Sub(districts.FS, "baoan")
	if _, err := h.Simulate(ctx, files, Simulation{Seed: 3, From: day.AddDate(0, 0, -3), To: day, PerDay: 12, Until: h.Store.Now()}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.MakeDueReports(ctx); err != nil {
		t.Fatal(err)
	}
	held := day.Format(time.DateOnly)
	if n := h.count(t, `SELECT count(*) FROM meeting WHERE day = ?`, held); n != 0 {
		t.Error("the pack was made before its report")
	}
	at(6, 31)
	for range 2 {
		if _, err := h.MakeDueReports(ctx); err != nil {
			t.Fatal(err)
		}
	}
	yesterday := day.AddDate(0, 0, -1).Format(time.DateOnly)
	if n := h.count(t, `SELECT count(*) FROM report WHERE kind = 'daily' AND period = ?`, yesterday); n != 1 {
		t.Fatalf("%d dailies of %s", n, yesterday)
	}
	ids, err := store.Select[store.ID](ctx, h.Store, `SELECT id FROM meeting WHERE kind = 'daily_dispatch' AND day = ?`, held)
	if err != nil || len(ids) != 1 {
		t.Fatalf("%d meetings, %v", len(ids), err)
	}
	m, err := h.Meeting(ctx, account.System(h.Dir), ids[0])
	if err != nil || len(m.Reports) != 1 || m.Reports[0].Period != yesterday || len(m.Figures) != 4 || m.Figures[0].Figure != "filed" || *m.Figures[0].Value == 0 {
		t.Errorf("its pack: %+v, %v", m, err)
	}
}
