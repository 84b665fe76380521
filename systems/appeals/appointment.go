package appeals

import (
	"context"
	"log/slog"
	"regexp"
	"time"

	"shanzhi/core/caseflow"
	"shanzhi/core/notice"
	"shanzhi/core/store"
)

// Appointment is a time agreed with the citizen (预约): the one that is to come, or
// what became of the last.
type Appointment struct {
	N       int        `bun:"n" json:"n"`
	How     string     `bun:"how" json:"how" enum:"visit,office,phone"`
	From    store.Time `bun:"starts_at" json:"from"`
	Until   store.Time `bun:"ends_at" json:"until"`
	Where   string     `bun:"place" json:"where,omitempty"`
	Purpose string     `bun:"purpose" json:"purpose"`
	Moved   int        `bun:"moved" json:"moved,omitempty" doc:"How often it was moved"`
	Outcome string     `bun:"outcome" json:"outcome,omitempty" enum:"kept,citizen,unit,cancelled" doc:"Kept, who did not come, or cancelled; absent while it is to come"`
}

// withCitizen are the actions between the unit and one citizen: who is carried along
// (并案) does not read of them.
var withCitizen = []string{"three_way", "appoint", "move_appointment", "keep_appointment", "miss_appointment"}

const (
	remindBefore    = time.Hour
	longestMeeting  = 12 * time.Hour
	farthestMeeting = 90 * 24 * time.Hour
)

// window is the time that a form agrees on.
func (s *Service) window(c *caseflow.Change) (from, until, remind store.Time, err error) {
	now := c.Event.At.Time
	a, err1 := time.Parse(time.RFC3339, formText(c.Form, "from"))
	b, err2 := time.Parse(time.RFC3339, formText(c.Form, "until"))
	wrong := map[string]string{}
	switch {
	case err1 != nil:
		wrong["from"] = "not_a_time"
	case err2 != nil:
		wrong["until"] = "not_a_time"
	case a.Before(now):
		wrong["from"] = "in_the_past"
	case a.After(now.Add(farthestMeeting)):
		wrong["from"] = "out_of_range"
	case !b.After(a), b.Sub(a) > longestMeeting:
		wrong["until"] = "out_of_range"
	}
	if len(wrong) > 0 {
		return from, until, remind, &caseflow.Refusal{Code: "form", Fields: wrong}
	}
	if before := a.Add(-remindBefore); before.After(now) { // made within the hour, nobody has forgotten it
		remind = store.At(before)
	}
	return store.At(a), store.At(b), remind, nil
}

func (s *Service) appointed(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	from, until, remind, err := s.window(c)
	if err != nil {
		return err
	}
	how, form := formText(c.Form, "how"), c.Event.Data.Form
	if how != "phone" && formText(form, "where") == "" {
		return &caseflow.Refusal{Code: "form", Fields: map[string]string{"where": "required"}}
	}
	_, err = tx.Exec(ctx, `INSERT INTO appeal_appointment (appeal, n, actor, how, starts_at, ends_at, place, purpose, moved, outcome, remind_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, '', ?)`,
		c.Matter.ID, c.Matter.Vars["appointments"], c.Actor.Account, how, from, until, formText(form, "where"), formText(form, "purpose"), remind)
	return err
}

func (s *Service) appointmentMoved(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	from, until, remind, err := s.window(c)
	if err == nil {
		_, err = tx.Exec(ctx, `UPDATE appeal_appointment SET starts_at = ?, ends_at = ?, remind_at = ?, moved = moved + 1 WHERE appeal = ? AND n = ?`, from, until, remind, c.Matter.ID, c.Matter.Vars["appointments"])
	}
	return err
}

// appointmentEnded keeps whether it was kept. Nobody has kept or missed what has
// not begun.
func (s *Service) appointmentEnded(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	outcome, field := formText(c.Form, "by"), "by"
	if c.Event.Action == "keep_appointment" {
		outcome, field = "kept", "note"
	}
	a, err := appointmentOf(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	if outcome != "cancelled" && c.Event.At.Before(a.From.Time) {
		return &caseflow.Refusal{Code: "form", Text: caseflow.Text{"zh": "预约时间还没有到", "en": "the appointment has not begun"}, Fields: map[string]string{field: "not_yet"}}
	}
	_, err = tx.Exec(ctx, `UPDATE appeal_appointment SET outcome = ?, remind_at = NULL WHERE appeal = ? AND n = ?`, outcome, c.Matter.ID, c.Matter.Vars["appointments"])
	return err
}

// recording is how an outside exchange's recording is referred to: source:number.
var recording = regexp.MustCompile(`^[a-z][a-z0-9_-]{1,19}:[A-Za-z0-9._/-]{4,80}$`)

// calledTogether checks what is said of a three-way call. Of its recording the
// reference alone is kept, and none that reads as somebody's number.
func (s *Service) calledTogether(_ context.Context, _ *store.Tx, c *caseflow.Change) error {
	wrong := map[string]string{}
	if t, err := time.Parse(time.RFC3339, formText(c.Form, "started")); err != nil {
		wrong["started"] = "not_a_time"
	} else if t.After(c.Event.At.Time) {
		wrong["started"] = "not_yet"
	}
	if ref := formText(c.Form, "recording"); ref != "" && (!recording.MatchString(ref) || formText(c.Event.Data.Form, "recording") != ref) {
		wrong["recording"] = "not_a_reference"
	}
	if len(wrong) > 0 {
		return &caseflow.Refusal{Code: "form", Fields: wrong}
	}
	return nil
}

// appointmentOf is the newest appointment of an appeal; ErrNotFound where none was made.
func appointmentOf(ctx context.Context, q store.Querier, id store.ID) (Appointment, error) {
	return store.Get[Appointment](ctx, q, `SELECT n, how, starts_at, ends_at, place, purpose, moved, outcome FROM appeal_appointment WHERE appeal = ? ORDER BY n DESC LIMIT 1`, int64(id))
}

// remindPoll is how often it is looked whether an appointment comes near.
const remindPoll = time.Minute

// remindAppointments reminds of appointments an hour before, until ctx ends.
func (s *Service) remindAppointments(ctx context.Context) {
	tick := time.NewTicker(remindPoll)
	defer tick.Stop()
	for ; ctx.Err() == nil; wait(ctx, tick.C) {
		if _, err := s.Remind(ctx); err != nil && ctx.Err() == nil {
			slog.Error("appeals: appointments could not be reminded of", "error", err)
		}
	}
}

// Remind tells who handles an appeal of its appointments that begin within the hour,
// each once, and says how many. Several processes may do it at once.
func (s *Service) Remind(ctx context.Context) (n int, err error) {
	now := s.Store.Now()
	due, err := store.Select[struct {
		Appeal   store.ID
		N        int
		Actor    store.ID
		StartsAt store.Time
	}](ctx, s.Store, `SELECT p.appeal, p.n, COALESCE(p.actor, 0) AS actor, p.starts_at FROM appeal_appointment p WHERE p.remind_at <= ? ORDER BY p.remind_at LIMIT 500`, store.At(now))
	if err != nil {
		return 0, err
	}
	for _, d := range due {
		told := false
		err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			told = false
			m, err := caseflow.Get(ctx, tx, d.Appeal)
			if err != nil {
				return err
			}
			mine, err := tx.Exec(ctx, `UPDATE appeal_appointment SET remind_at = NULL WHERE appeal = ? AND n = ? AND remind_at IS NOT NULL AND starts_at = ?`, d.Appeal, d.N, d.StartsAt)
			if err != nil || mine == 0 || !m.Open || d.StartsAt.Before(now) {
				return err
			}
			to := notice.Note{Name: "appointment_near", Account: m.Assignee, About: "matter/" + m.ID.String(), Link: "/desk/appeals/" + m.ID.String(), Due: d.StartsAt,
				Words: map[string]string{"no": m.No, "title": m.Title}}
			if to.Account == 0 {
				if by, err := s.Accounts.Actor(ctx, tx, d.Actor); err == nil && (by.Has("handler", m.Unit) || m.First != "" && by.Has("handler", m.First)) {
					to.Account = d.Actor
				} else {
					to.Desk = "handler@" + m.Unit
				}
			}
			told = true
			return s.Notices.Tell(ctx, tx, to)
		})
		if err != nil {
			return n, err
		}
		if told {
			n++
		}
	}
	return n, nil
}
