package appeals

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/document"
	"shanzhi/core/gate"
	"shanzhi/core/httpapi"
	"shanzhi/core/notice"
	"shanzhi/core/pack"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// MeetingKind is a kind of meeting (会商) of the pack's reports.yaml: 日调度、周盘点、
// 月分析.
type MeetingKind struct {
	ID      string    `yaml:"id" json:"id"`
	Name    pack.Text `yaml:"name" json:"name"`
	Title   string    `yaml:"title" json:"title"`
	Window  string    `yaml:"window" json:"window" enum:"day,week,month"`
	Day     int       `yaml:"day" json:"day,omitempty"`
	At      string    `yaml:"at" json:"at"`
	Reports []string  `yaml:"reports" json:"reports"`
	Figures []string  `yaml:"figures" json:"figures"`
	at      time.Duration
	made    time.Duration // when the last of its reports is
}

// checkMeetings says what in the pack's meetings can never be held.
func (b *reportBook) checkMeetings() error {
	for _, k := range b.Meetings {
		wrong := func(field, text string, args ...any) error {
			return fmt.Errorf("meetings.%s.%s: %s", k.ID, field, fmt.Sprintf(text, args...))
		}
		var err error
		if k.at, err = timeOfDay(k.At); err != nil {
			return wrong("at", "%q is not a time of day such as 09:00", k.At)
		}
		if most, ok := map[string]int{"day": 0, "week": 7, "month": 28}[k.Window]; !ok {
			return wrong("window", "there is no window %q", k.Window)
		} else if k.Day < min(1, most) || k.Day > most {
			return wrong("day", "%d is no day of a %s", k.Day, k.Window)
		}
		for _, id := range k.Reports {
			r := b.kind(id)
			if r == nil {
				return wrong("reports", "there is no kind of report %q", id)
			}
			if k.made = max(k.made, r.at); k.made >= k.at {
				return wrong("at", "%s is not after %s, when its report %s is made", k.At, r.At, id)
			}
		}
		for _, id := range k.Figures {
			if b.Figures[id] == nil {
				return wrong("figures", "there is no figure %q", id)
			}
		}
	}
	return nil
}

func (b *reportBook) meeting(id string) *MeetingKind {
	i := slices.IndexFunc(b.Meetings, func(k *MeetingKind) bool { return k.ID == id })
	if i < 0 {
		return nil
	}
	return b.Meetings[i]
}

// meets says whether a meeting of a kind is held on a day: its own day, or the first
// working day after that where it is a day of rest.
func (b *reportBook) meets(k *MeetingKind, day time.Time) bool {
	if !b.isWorking(day) {
		return false
	}
	is := func(day time.Time) bool {
		switch k.Window {
		case "week":
			return (int(day.Weekday())+6)%7+1 == k.Day
		case "month":
			return day.Day() == k.Day
		}
		return true
	}
	for back := day; ; back = back.AddDate(0, 0, -1) {
		if is(back) {
			return true
		}
		if before := back.AddDate(0, 0, -1); b.isWorking(before) {
			return false
		}
	}
}

// Meeting is a meeting with its pack: reports, figures, what was written, and tasks.
type Meeting struct {
	MeetingHead
	Reports []ReportHead    `json:"reports"`
	Figures []MeetingFigure `json:"figures"`
	Minutes []MeetingMinute `json:"minutes"`
	Carried []MeetingTask   `json:"carried" doc:"Given by the meetings of its kind before, and open when it was held; late ones first"`
	Given   []MeetingTask   `json:"given" doc:"Given by this meeting"`
	Ended   []MeetingTask   `json:"ended" doc:"Ended between the meeting before and this one"`
}

// MeetingHead is a meeting in a list.
type MeetingHead struct {
	ID    store.ID   `bun:"id" json:"id"`
	Kind  string     `bun:"kind" json:"kind"`
	Day   string     `bun:"day" json:"day"`
	At    store.Time `bun:"at" json:"at" doc:"When it is held"`
	Title string     `bun:"title" json:"title"`
	Open  int        `bun:"open_tasks" json:"open_tasks" doc:"Tasks of its kind that are open now"`
	Raw   string     `bun:"reports" json:"-"`
}

// MeetingFigure is a figure of one of the meeting's reports.
type MeetingFigure struct {
	ReportFigure
	Report store.ID `json:"report"`
	N      int      `json:"n" doc:"Its place in the report's figures"`
}

// MeetingMinute is what was written of a meeting (会议记录).
type MeetingMinute struct {
	ID    store.ID   `bun:"id" json:"id"`
	At    store.Time `bun:"at" json:"at"`
	Actor string     `bun:"actor_name" json:"actor"`
	Text  string     `bun:"text" json:"text"`
}

// MakeMeeting makes the pack of a meeting that is held on a day; of one kind and day
// there is one, and who asks again gets it.
func (s *Service) MakeMeeting(ctx context.Context, who account.Actor, kind string, day time.Time) (store.ID, error) {
	book := s.district.Load().reports
	k := book.meeting(kind)
	switch {
	case !managesReports(who):
		return 0, httpapi.Fail(403, "forbidden")
	case k == nil:
		return 0, httpapi.FailField("kind", "no_such_option")
	}
	at := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, s.Zone()).Add(k.at)
	local := at.Format(time.DateOnly)
	var id store.ID
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		have, err := store.Select[store.ID](ctx, tx, `SELECT id FROM meeting WHERE kind = ? AND day = ?`, kind, local)
		if err != nil {
			return err
		}
		if len(have) > 0 {
			id = have[0]
			return nil
		}
		reports := []string{}
		for _, r := range k.Reports {
			newest, err := store.Select[reportRow](ctx, tx, `SELECT `+reportColumns+` FROM report r WHERE r.kind = ? AND r.to_day <= ? ORDER BY r.to_day DESC, r.id DESC LIMIT 10`, r, local)
			if err != nil {
				return err
			}
			if i := slices.IndexFunc(newest, func(x reportRow) bool { return x.head().State != ReportWithdrawn }); i >= 0 {
				reports = append(reports, store.ID(newest[i].ID).String())
			}
		}
		id = tx.NewID()
		if _, err := tx.Exec(ctx, `INSERT INTO meeting (id, kind, day, at, title, made_at, actor, reports) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			id, kind, local, store.At(at), k.Title+"（"+at.Format("2006年1月2日")+"）", store.At(s.Store.Now()), who.Account, encodeList(reports)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "meeting.make", Object: "meeting/" + id.String()}, map[string]any{"kind": kind, "day": local, "reports": len(reports)})
	})
	return id, err
}

// makeTodaysMeetings makes the packs of the meetings of today whose reports are made.
func (s *Service) makeTodaysMeetings(ctx context.Context) (made []string, err error) {
	book, today := s.district.Load().reports, s.Store.Now().In(s.Zone())
	midnight := time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, today.Location())
	for _, k := range book.Meetings {
		if book.meets(k, today) && !midnight.Add(k.made).After(today) {
			if _, err := s.MakeMeeting(ctx, account.System(s.Dir), k.ID, today); err != nil {
				return made, err
			}
			made = append(made, k.ID)
		}
	}
	return made, nil
}

const meetingColumns = `g.id, g.kind, g.day, g.at, g.title, g.reports, (SELECT count(*) FROM meeting_task k WHERE k.kind = g.kind AND k.state = 'open') AS open_tasks FROM meeting g`

// Meeting reads a meeting with its pack, for one who may.
func (s *Service) Meeting(ctx context.Context, who account.Actor, id store.ID) (Meeting, error) {
	m := Meeting{Reports: []ReportHead{}, Figures: []MeetingFigure{}}
	if !managesReports(who) {
		return m, httpapi.Fail(403, "refused_right")
	}
	var err error
	if m.MeetingHead, err = store.Get[MeetingHead](ctx, s.Store, `SELECT `+meetingColumns+` WHERE g.id = ?`, int64(id)); err != nil {
		return m, err
	}
	k := s.district.Load().reports.meeting(m.Kind)
	said := map[string]bool{}
	for _, text := range decodeList(m.Raw) {
		report, err := store.ParseID(text)
		if err != nil {
			return m, err
		}
		row, err := store.Get[reportRow](ctx, s.Store, `SELECT `+reportColumns+` FROM report r WHERE r.id = ?`, int64(report))
		if err != nil {
			return m, err
		}
		head := row.head()
		m.Reports = append(m.Reports, head)
		figures, err := s.reportFigures(ctx, report, -1)
		if err != nil {
			return m, err
		}
		for n, f := range figures {
			if k != nil && slices.Contains(k.Figures, f.Figure) && !said[f.Figure] && len(f.Line) == 0 && f.Query.From == head.From && f.Query.To == head.To {
				said[f.Figure] = true
				m.Figures = append(m.Figures, MeetingFigure{f, report, n})
			}
		}
	}
	if k != nil {
		slices.SortStableFunc(m.Figures, func(a, b MeetingFigure) int {
			return cmp.Compare(slices.Index(k.Figures, a.Figure), slices.Index(k.Figures, b.Figure))
		})
	}
	if m.Minutes, err = store.Select[MeetingMinute](ctx, s.Store, `SELECT w.id, w.at, COALESCE(c.name, '') AS actor_name, w.text FROM meeting_minute w LEFT JOIN account c ON c.id = w.actor WHERE w.meeting = ? ORDER BY w.id`, int64(id)); err != nil {
		return m, err
	}
	// A task returns to each meeting of its kind that is held after the one that gave
	// it, until it is ended.
	const of = `k.kind = ? AND g.at < ?`
	if m.Carried, err = s.meetingTasks(ctx, who, of+` AND (k.ended_at IS NULL OR k.ended_at >= ?) ORDER BY k.until, k.id LIMIT 500`, m.Kind, m.At, m.At); err != nil {
		return m, err
	}
	if m.Given, err = s.meetingTasks(ctx, who, `k.meeting = ? ORDER BY k.id LIMIT 500`, int64(id)); err != nil {
		return m, err
	}
	m.Ended, err = s.meetingTasks(ctx, who, of+` AND k.ended_at < ? AND k.ended_at >= COALESCE((SELECT MAX(at) FROM meeting WHERE kind = ? AND at < ?), 0) ORDER BY k.id LIMIT 500`, m.Kind, m.At, m.At, m.Kind, m.At)
	return m, err
}

// WriteMinute adds to what is written of a meeting.
func (s *Service) WriteMinute(ctx context.Context, who account.Actor, id store.ID, words string) error {
	words = text.Mask(text.Clean(words))
	switch n := utf8.RuneCountInString(words); {
	case !managesReports(who):
		return httpapi.Fail(403, "refused_right")
	case n < 2:
		return httpapi.FailField("text", "too_short")
	case n > 5000:
		return httpapi.FailField("text", "too_long")
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := store.Get[MeetingHead](ctx, tx, `SELECT `+meetingColumns+` WHERE g.id = ?`, int64(id)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO meeting_minute (id, meeting, at, actor, text) VALUES (?, ?, ?, ?, ?)`, tx.NewID(), id, store.At(s.Store.Now()), who.Account, words); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "meeting.minute", Object: "meeting/" + id.String()}, nil)
	})
}

// MeetingTask is a task that a meeting gave to a unit. It returns to each later
// meeting of the same kind until it is done or dropped.
type MeetingTask struct {
	ID         store.ID           `bun:"id" json:"id"`
	Kind       string             `bun:"kind" json:"kind"`
	Meeting    store.ID           `bun:"meeting" json:"meeting"`
	MeetingDay string             `bun:"meeting_day" json:"meeting_day"`
	What       string             `bun:"what" json:"what"`
	Unit       string             `bun:"unit" json:"unit"`
	UnitName   string             `bun:"-" json:"unit_name"`
	Person     store.ID           `bun:"person" json:"person,omitempty"`
	PersonName string             `bun:"person_name" json:"person_name,omitempty"`
	Until      string             `bun:"until" json:"until" doc:"Local day, included"`
	GivenAt    store.Time         `bun:"given_at" json:"given_at"`
	State      string             `bun:"state" json:"state" enum:"open,done,dropped"`
	Version    int64              `bun:"seq" json:"version"`
	EndedAt    store.Time         `bun:"ended_at" json:"ended_at,omitzero"`
	Late       bool               `bun:"-" json:"late" doc:"Open, and past its day"`
	Finished   bool               `bun:"-" json:"finished" doc:"The unit says that it is done; the meeting has not said so"`
	Events     []MeetingTaskEvent `bun:"-" json:"events"`
	Allowed    []string           `bun:"-" json:"allowed"`
}

// MeetingTaskEvent is one step of a task's history, never changed.
type MeetingTaskEvent struct {
	Task      store.ID   `bun:"task" json:"-"`
	Seq       int64      `bun:"seq" json:"seq"`
	At        store.Time `bun:"at" json:"at"`
	Actor     store.ID   `bun:"actor" json:"-"`
	ActorName string     `bun:"actor_name" json:"actor"`
	Unit      string     `bun:"unit" json:"unit,omitempty"`
	Kind      string     `bun:"kind" json:"kind" enum:"give,report,done,drop,move,reopen"`
	Raw       string     `bun:"data" json:"-"`
	TaskStep
}

// TaskStep is what is said with a step of a task.
type TaskStep struct {
	Note     string   `json:"note,omitempty" maxLength:"1000"`
	Until    string   `json:"until,omitempty" doc:"give, move: local day, included"`
	Finished bool     `json:"finished,omitempty" doc:"report: the unit is done with it"`
	What     string   `json:"what,omitempty" maxLength:"500" doc:"give"`
	To       string   `json:"to,omitempty" doc:"give: the unit"`
	Person   store.ID `json:"person,omitempty" doc:"give: somebody of the unit"`
}

// The states of a task.
const (
	taskOpen    = "open"
	taskDone    = "done"
	taskDropped = "dropped"
)

// taskActions is the whole law of a task: from which states, to which, and which step
// needs a reason. Who reports is of the task's unit or manages meetings; the others
// are of those who manage them.
var taskActions = map[string]struct {
	from   []string
	to     string
	reason bool
	unit   bool
}{
	"report": {[]string{taskOpen}, taskOpen, true, true},
	"done":   {[]string{taskOpen}, taskDone, false, false},
	"drop":   {[]string{taskOpen}, taskDropped, true, false},
	"move":   {[]string{taskOpen}, taskOpen, true, false},
	"reopen": {[]string{taskDone, taskDropped}, taskOpen, true, false},
}

// apply folds an event into a task: all of it but its meeting follows from its events.
func (k *MeetingTask) apply(e MeetingTaskEvent) {
	k.Version = e.Seq
	switch e.Kind {
	case "give":
		k.What, k.Unit, k.Person, k.Until, k.GivenAt, k.State = e.What, e.To, e.Person, e.Until, e.At, taskOpen
	default:
		k.State = taskActions[e.Kind].to
	}
	if e.Until != "" {
		k.Until = e.Until
	}
	k.Finished = e.Kind == "report" && e.Finished || k.Finished && e.Kind == "move"
	if k.EndedAt = (store.Time{}); k.State != taskOpen {
		k.EndedAt = e.At
	}
}

// taskAllowed are the steps of a task that are open to an actor.
func taskAllowed(who account.Actor, k *MeetingTask) []string {
	out, manages := []string{}, managesReports(who)
	ofUnit := slices.ContainsFunc([]string{"handler", "receiver", "unit_head"}, func(role string) bool { return who.Has(role, k.Unit) })
	for _, name := range sortedKeysOf(taskActions) {
		if a := taskActions[name]; slices.Contains(a.from, k.State) && (manages || a.unit && ofUnit) {
			out = append(out, name)
		}
	}
	return out
}

const taskColumns = `k.id, k.kind, k.meeting, g.day AS meeting_day, k.what, k.unit, k.person, COALESCE(p.name, '') AS person_name, k.until, k.given_at, k.state, k.seq, k.ended_at FROM meeting_task k JOIN meeting g ON g.id = k.meeting LEFT JOIN account p ON p.id = k.person`

// meetingTasks reads tasks of those that an actor may see, with their history.
func (s *Service) meetingTasks(ctx context.Context, who account.Actor, where string, args ...any) ([]MeetingTask, error) {
	cond, scoped := "1=1", []any{}
	if sc := who.Scope(); !managesReports(who) {
		cond, scoped = store.AnyOf("k.unit", len(sc.Units)), store.Args(sc.Units...)
	}
	tasks, err := store.Select[MeetingTask](ctx, s.Store, `SELECT `+taskColumns+` WHERE `+cond+` AND `+where, append(scoped, args...)...)
	if err != nil || len(tasks) == 0 {
		return tasks, err
	}
	ids, at := make([]store.ID, len(tasks)), map[store.ID]int{}
	for i, k := range tasks {
		ids[i], at[k.ID] = k.ID, i
	}
	events, err := store.Select[MeetingTaskEvent](ctx, s.Store, `SELECT e.task, `+stepColumns+` FROM meeting_task_event e LEFT JOIN account c ON c.id = e.actor WHERE `+store.AnyOf("e.task", len(ids))+` ORDER BY e.task, e.seq`, store.Args(ids...)...)
	if err != nil {
		return nil, err
	}
	today := s.Store.Now().In(s.Zone()).Format(time.DateOnly)
	for _, e := range events {
		k := &tasks[at[e.Task]]
		if err := json.Unmarshal([]byte(e.Raw), &e.TaskStep); err != nil {
			return nil, err
		}
		k.apply(e)
		k.Events = append(k.Events, e)
	}
	for i := range tasks {
		k := &tasks[i]
		k.UnitName, k.Allowed = s.Dir.Tree().Name(k.Unit), taskAllowed(who, k)
		k.Late = k.State == taskOpen && k.Until < today
	}
	return tasks, nil
}

// taskEvent appends an event to a task, folds it in and keeps what came of it.
func (s *Service) taskEvent(ctx context.Context, tx *store.Tx, k *MeetingTask, who account.Actor, kind string, step TaskStep) error {
	e := MeetingTaskEvent{Task: k.ID, Seq: k.Version + 1, At: store.At(s.Store.Now()), Actor: who.Account, Unit: who.Unit, Kind: kind, TaskStep: step}
	raw, err := json.Marshal(step)
	if err != nil {
		return err
	}
	k.apply(e)
	if e.Seq == 1 {
		if _, err := tx.Exec(ctx, `INSERT INTO meeting_task (id, kind, meeting, what, unit, person, until, given_at, state, seq, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			k.ID, k.Kind, k.Meeting, k.What, k.Unit, k.Person, k.Until, k.GivenAt, k.State, k.Version, k.EndedAt); err != nil {
			return err
		}
	} else if _, err := tx.Exec(ctx, `UPDATE meeting_task SET until = ?, state = ?, seq = ?, ended_at = ? WHERE id = ?`, k.Until, k.State, k.Version, k.EndedAt, k.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO meeting_task_event (task, seq, at, actor, unit, kind, data) VALUES (?, ?, ?, ?, ?, ?, ?)`, k.ID, e.Seq, e.At, e.Actor, e.Unit, e.Kind, string(raw)); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "meeting_task." + kind, Object: "meeting_task/" + k.ID.String(), Reason: step.Note}, map[string]any{"unit": k.Unit, "until": k.Until})
}

// checkDay reads the day until which a task is to be done: none before today.
func (s *Service) checkDay(day string) error {
	at, err := time.ParseInLocation(time.DateOnly, day, s.Zone())
	switch now := s.Store.Now().In(s.Zone()); {
	case err != nil:
		return httpapi.FailField("until", "not_a_time")
	case day < now.Format(time.DateOnly) || at.After(now.AddDate(3, 0, 0)):
		return httpapi.FailField("until", "out_of_range")
	}
	return nil
}

// GiveTask gives a unit a task in a meeting, and tells it.
func (s *Service) GiveTask(ctx context.Context, who account.Actor, meeting store.ID, step TaskStep) (store.ID, error) {
	step.What, step.Note, step.Finished = text.Mask(text.Clean(step.What)), "", false
	unit, known := s.Dir.Tree().Unit(step.To)
	switch n := utf8.RuneCountInString(step.What); {
	case !managesReports(who):
		return 0, httpapi.Fail(403, "refused_right")
	case n < 2:
		return 0, httpapi.FailField("what", "too_short")
	case n > 500:
		return 0, httpapi.FailField("what", "too_long")
	case !known:
		return 0, httpapi.FailField("to", "no_such_unit")
	}
	if err := s.checkDay(step.Until); err != nil {
		return 0, err
	}
	k := &MeetingTask{Meeting: meeting}
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		head, err := store.Get[MeetingHead](ctx, tx, `SELECT `+meetingColumns+` WHERE g.id = ?`, int64(meeting))
		if err != nil {
			return err
		}
		if step.Person != 0 {
			var has bool
			if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM account WHERE id = ? AND unit = ?)`, step.Person, unit.Code).Scan(&has); err != nil {
				return err
			}
			if !has {
				return httpapi.FailField("person", "no_such_person")
			}
		}
		*k = MeetingTask{ID: tx.NewID(), Kind: head.Kind, Meeting: meeting}
		if err := s.taskEvent(ctx, tx, k, who, "give", step); err != nil {
			return err
		}
		return s.Notices.Tell(ctx, tx, notice.Note{Name: "meeting_task", Desk: "unit_head@" + unit.Code, About: "meeting_task/" + k.ID.String(), Link: "/desk/reports?tab=tasks",
			Words: map[string]string{"title": step.What, "unit": unit.Name, "reason": head.Title, "no": step.Until}})
	})
	return k.ID, err
}

// ActOnTask does one step with a task. version is that of the task as the caller saw
// it.
func (s *Service) ActOnTask(ctx context.Context, who account.Actor, id store.ID, version int64, action string, step TaskStep) error {
	a, ok := taskActions[action]
	if !ok {
		return httpapi.FailField("action", "no_such_option")
	}
	step = TaskStep{Note: text.Mask(text.Clean(step.Note)), Until: step.Until, Finished: step.Finished && action == "report"}
	if action != "move" {
		step.Until = ""
	} else if err := s.checkDay(step.Until); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(step.Note); a.reason && n < 2 {
		return httpapi.FailField("note", "required")
	} else if n > 1000 {
		return httpapi.FailField("note", "too_long")
	}
	seen, err := s.meetingTasks(ctx, who, `k.id = ?`, int64(id))
	switch {
	case err != nil:
		return err
	case len(seen) == 0:
		return store.ErrNotFound
	case seen[0].Version != version:
		return httpapi.Fail(409, "conflict")
	case !slices.Contains(seen[0].Allowed, action):
		return httpapi.Fail(403, "refused_right")
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		k := seen[0]
		n, err := tx.Exec(ctx, `UPDATE meeting_task SET seq = seq WHERE id = ? AND seq = ?`, k.ID, k.Version) // two at once take turns on PostgreSQL too
		if err == nil && n == 0 {
			err = httpapi.Fail(409, "conflict")
		}
		if err != nil {
			return err
		}
		return s.taskEvent(ctx, tx, &k, who, action, step)
	})
}

// Paper is the meeting's pack as it leaves the house: figures, what is open, what the
// reports say, what was written.
func (s *Service) meetingPaper(ctx context.Context, m Meeting) (document.Doc, error) {
	d := document.Doc{Title: m.Title, Subtitle: m.At.In(s.Zone()).Format("2006年1月2日 15:04")}
	add := func(blocks ...document.Block) { d.Blocks = append(d.Blocks, blocks...) }
	if len(m.Figures) > 0 {
		t := &document.Table{Caption: "主要指标", Head: []string{"指标", "数值", "统计时段"}, Widths: []float64{2, 1, 2}}
		for _, f := range m.Figures {
			value := "—"
			if f.Value != nil {
				value = sayNumber(*f.Value, 2) + map[bool]string{true: "", false: " "}[f.Unit == "%"] + f.Unit
			}
			last, err := time.Parse(time.DateOnly, f.Query.To)
			if err != nil {
				return d, err
			}
			t.Rows = append(t.Rows, []string{f.Name, value, f.Query.From + " 至 " + last.AddDate(0, 0, -1).Format(time.DateOnly)})
		}
		add(document.Heading{Level: 1, Text: "主要指标"}, t)
	}
	tasks := func(title, none string, all []MeetingTask) {
		add(document.Heading{Level: 1, Text: title})
		if len(all) == 0 {
			add(document.Paragraph(none))
			return
		}
		t := &document.Table{Caption: title, Head: []string{"任务", "单位", "时限", "状态", "最新进展"}, Widths: []float64{3, 2, 1.4, 0.9, 3}, Words: true}
		for _, k := range all {
			state := map[string]string{taskOpen: "在办", taskDone: "完成", taskDropped: "终止"}[k.State]
			switch {
			case k.Late:
				state = "超期"
			case k.Finished:
				state = "待销号"
			}
			note := "—"
			for _, e := range k.Events {
				if e.Kind != "give" && e.Note != "" {
					note = e.At.In(s.Zone()).Format("1月2日 ") + e.Note
				}
			}
			t.Rows = append(t.Rows, []string{k.What, k.UnitName, k.Until, state, note})
		}
		add(t)
	}
	tasks("历次会议任务", "没有未完成的任务。", m.Carried)
	if len(m.Given) > 0 {
		tasks("本次会议任务", "", m.Given)
	}
	if len(m.Ended) > 0 {
		tasks("上次会议以来完成的任务", "", m.Ended)
	}
	for _, head := range m.Reports {
		r, err := s.Report(ctx, head.ID)
		if err != nil {
			return d, err
		}
		add(document.Heading{Level: 1, Text: r.Title})
		for _, b := range r.Body {
			switch {
			case b.Heading != "":
				add(document.Heading{Level: 2, Text: b.Heading})
			case b.Map != nil:
				add(b.Map)
			case b.Chart != nil && b.Chart.Line:
				add(b.Chart)
			case b.Table == nil && b.Chart == nil:
				add(document.Paragraph(b.text()))
			}
		}
	}
	if len(m.Minutes) > 0 {
		add(document.Heading{Level: 1, Text: "会议记录"})
		for _, w := range m.Minutes {
			add(document.Paragraph(w.Text + "（" + w.Actor + " " + w.At.In(s.Zone()).Format("1月2日 15:04") + "）"))
		}
	}
	return d, nil
}

// ExportMeeting writes a meeting's pack in a format; it is recorded at the gate.
func (s *Service) ExportMeeting(ctx context.Context, who account.Actor, m Meeting, f document.Format, purpose string, w io.Writer) error {
	d, err := s.meetingPaper(ctx, m)
	if err != nil {
		return err
	}
	exit := gate.Gate{Store: s.Store}
	return exit.Paper(ctx, gate.Request{Actor: who, Purpose: purpose, What: "meeting", Form: gate.Form(f), Zone: s.Zone(), Filter: map[string]any{"meeting": m.ID}}, w, func(w io.Writer, scope account.Scope, mark string) error {
		if !scope.All {
			return gate.ErrScope
		}
		d.Mark = mark
		return writePaper(d, w, f)
	})
}

// taskKey is the key of the page after a task: open tasks stand by their day.
func taskKey(k MeetingTask) string { return k.Until + "_" + strconv.FormatInt(int64(k.ID), 10) }
