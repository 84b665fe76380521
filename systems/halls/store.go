package halls

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
)

var ticketFields = []string{"version", "hall", "day", "area", "no", "kind", "channel", "source", "state", "class", "services", "person", "name", "slot", "hold", "target", "window_code", "clerk", "calls", "missed", "reminded", "near", "queued_at", "order_at", "called_at", "started_at", "ended_at", "wait_us", "way_us", "serve_us", "est", "est_raw", "est_low", "est_high", "first_us", "back_by", "taken_at", "synthetic"}

var (
	ticketColumns = "id, " + strings.Join(ticketFields, ", ")
	ticketInsert  = `INSERT INTO hall_ticket (` + ticketColumns + `) VALUES (?` + strings.Repeat(", ?", len(ticketFields)) + `)`
	ticketUpdate  = `UPDATE hall_ticket SET ` + strings.Join(ticketFields, " = ?, ") + ` = ? WHERE id = ? AND version = ?`
)

func (t *Ticket) values() []any {
	return []any{t.Version, t.Hall, t.Day, t.Area, t.No, t.Kind, t.Channel, t.Source, t.State, t.Class, t.Services, t.Person, t.Name, t.Slot, t.Hold, t.Target, t.Window, t.Clerk, t.Calls, t.Missed, t.Reminded, t.Near, t.QueuedAt, t.OrderAt, t.CalledAt, t.StartedAt, t.EndedAt, t.WaitUS, t.WayUS, t.ServeUS, t.Est, t.EstRaw, t.EstLow, t.EstHigh, t.FirstUS, t.BackBy, t.TakenAt, t.Synthetic}
}

const ticketEventInsert = `INSERT INTO hall_ticket_event (ticket, seq, at, actor, action, target, data) VALUES (?, ?, ?, ?, ?, ?, ?)`

// getTicket reads a visit, or ErrNotFound.
func getTicket(ctx context.Context, q store.Querier, id store.ID) (Ticket, error) {
	return store.Get[Ticket](ctx, q, `SELECT `+ticketColumns+` FROM hall_ticket WHERE id = ?`, id)
}

// ticketEvents are the events of a visit in their order.
func ticketEvents(ctx context.Context, q store.Querier, id store.ID) ([]TicketEvent, error) {
	return store.Select[TicketEvent](ctx, q, `SELECT ticket, seq, at, actor, action, target, data FROM hall_ticket_event WHERE ticket = ? ORDER BY seq`, id)
}

// TicketTold is the body of an event of a visit: for screens, and for the systems that
// follow it. Names are masked.
type TicketTold struct {
	Ticket  store.ID    `json:"ticket"`
	Hall    string      `json:"hall"`
	Kind    string      `json:"kind"`
	State   TicketState `json:"state"`
	Action  string      `json:"action"`
	No      string      `json:"no,omitempty"`
	Name    string      `json:"name,omitempty"`
	Window  string      `json:"window,omitempty"`
	Calls   int         `json:"calls,omitempty"`
	Channel Channel     `json:"channel"`
	Clerk   store.ID    `json:"clerk,omitempty"`
	Items   []string    `json:"items,omitempty"`
	Person  store.ID    `json:"person,omitempty"`
	At      store.Time  `json:"at"`
}

// change does one action with a visit in tx: history first, the row that it makes, the
// slot it held, and the event. It returns ErrConflict where somebody was first.
func (s *Service) change(ctx context.Context, tx *store.Tx, t *Ticket, who account.Actor, action TicketAction, to TicketState, d TicketData, at time.Time) error {
	was, version := t.State, t.Version
	if was == "" {
		was = Free
	}
	if to == "" {
		to, _ = was.Leads(action)
	}
	e := TicketEvent{Ticket: t.ID, Seq: version + 1, At: store.At(at), Actor: who.Account, Action: action, Target: to, Data: d}
	if was == Free {
		e.Ticket = tx.NewID()
	}
	if err := t.apply(e); err != nil {
		if errors.As(err, new(errLaw)) {
			return fail("ticket_state")
		}
		return err
	}
	if was == Free {
		if _, err := tx.Exec(ctx, ticketInsert, append([]any{t.ID}, t.values()...)...); err != nil {
			return err
		}
	} else if n, err := tx.Exec(ctx, ticketUpdate, append(t.values(), t.ID, version)...); err != nil {
		return err
	} else if n == 0 {
		return caseflow.ErrConflict
	}
	if _, err := tx.Exec(ctx, ticketEventInsert, e.Ticket, e.Seq, e.At, e.Actor, e.Action, e.Target, e.Data); err != nil {
		return err
	}
	if was.HoldsSlot() && !t.State.HoldsSlot() {
		if _, err := tx.Exec(ctx, `UPDATE hall_slot SET taken = taken - 1 WHERE hall = ? AND kind = ? AND slot = ? AND taken > 0`, t.Hall, t.Services[0].Kind, t.Slot); err != nil {
			return err
		}
	}
	told := TicketTold{Ticket: t.ID, Hall: t.Hall, Kind: t.Kind, State: t.State, Action: string(action), No: t.No, Name: t.Name, Window: t.Window, Calls: t.Calls, Channel: t.Channel, At: e.At}
	if t.State == Finished {
		told.Clerk, told.Items, told.Person = t.Clerk, t.Items(), t.Person
	}
	return s.Bus.Emit(ctx, tx, at, System+".ticket_"+ticketLaws[action].told, t.ID.String(), told)
}

// queue is who waits in a hall on a day, with how often each was overtaken.
func queue(ctx context.Context, q store.Querier, h *Hall, day string) ([]Waiting, error) {
	type row struct {
		ID                           int64
		Kind, Target, Channel, Class string
		OrderAt, QueuedAt            store.Time
	}
	rows, err := store.Select[row](ctx, q, `SELECT id, kind, target, channel, class, order_at, queued_at FROM hall_ticket WHERE hall = ? AND day = ? AND state = 'queued' ORDER BY order_at, id`, h.Code, day)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	waiting, since := make([]Waiting, len(rows)), make([]time.Time, len(rows))
	for i, r := range rows {
		waiting[i] = Waiting{ID: r.ID, Kind: r.Kind, Target: r.Target, Channel: Channel(r.Channel), Class: r.Class, Order: r.OrderAt.Time}
		since[i] = r.QueuedAt.Time
	}
	type call struct {
		OrderAt, CalledAt store.Time
		WindowCode        string
	}
	called, err := store.Select[call](ctx, q, `SELECT order_at, called_at, window_code FROM hall_ticket WHERE hall = ? AND day = ? AND called_at > ? AND order_at > ?`, h.Code, day, store.At(slices.MinFunc(since, time.Time.Compare)), rows[0].OrderAt)
	if err != nil {
		return nil, err
	}
	calls := make([]calledOne, len(called))
	for i, c := range called {
		calls[i] = calledOne{c.OrderAt.Time, c.CalledAt.Time, c.WindowCode}
	}
	overtake(waiting, since, calls, h)
	return waiting, nil
}

// Sitting is a clerk at an open window.
type Sitting struct {
	ID       store.ID   `bun:"id" json:"-"`
	Hall     string     `bun:"hall" json:"hall"`
	Window   string     `bun:"window_code" json:"window"`
	Clerk    store.ID   `bun:"clerk" json:"-"`
	Name     string     `bun:"name" json:"name"`
	Channels string     `bun:"channels" json:"channels" doc:"By semicolons"`
	Since    store.Time `bun:"since" json:"since"`
	Skills   string     `bun:"skills" json:"-"`
}

// can is what its clerk may serve; nil is all.
func (x Sitting) can() []string { return kindsOf(x.Skills) }

func (x Sitting) channels() (out []Channel) {
	for _, c := range list(x.Channels) {
		out = append(out, Channel(c))
	}
	return out
}

const sittingQuery = `SELECT s.id, s.hall, s.window_code, s.clerk, a.name, s.channels, s.since, COALESCE((SELECT k.kinds FROM hall_skill_set k WHERE k.clerk = s.clerk AND k.hall IN (s.hall, '') ORDER BY k.id DESC LIMIT 1), '*') AS skills FROM hall_sitting s JOIN account a ON a.id = s.clerk WHERE s.until IS NULL AND `

// sittings are the open windows of a hall.
func sittings(ctx context.Context, q store.Querier, hall string) ([]Sitting, error) {
	return store.Select[Sitting](ctx, q, sittingQuery+`s.hall = ? ORDER BY s.window_code`, hall)
}

// opening is how a hall is open on a day beside its calendar; "" twice is not at all.
type opening struct {
	Opens, Closes, Reason string
}

func openingOf(ctx context.Context, q store.Querier, hall, day string) (*opening, error) {
	o, err := store.Get[opening](ctx, q, `SELECT opens, closes, reason FROM hall_day WHERE hall = ? AND day = ? ORDER BY id DESC LIMIT 1`, hall, day)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &o, err
}
