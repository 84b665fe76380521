package halls

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/notice"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/core/vault"
)

// Not come (爽约): a booking that nobody checked in for. Who missed as many as the rules
// name, within so many days, cannot book until the oldest of them is that long ago, or a
// hall's manager lifts it; a number at the hall may be had all the same.

// suspended counts what was missed and still counts, and says until when one cannot book;
// the zero time is that one can. lifted is when it was lifted last.
func (r *QueueRules) suspended(missed []time.Time, lifted, now time.Time) (count int, until time.Time) {
	b := r.Booking
	var counts []time.Time
	for _, at := range missed {
		if at.After(lifted) && now.Before(at.AddDate(0, 0, b.NoShowDays)) {
			counts = append(counts, at)
		}
	}
	if b.NoShows > 0 && len(counts) >= b.NoShows {
		slices.SortFunc(counts, func(x, y time.Time) int { return y.Compare(x) })
		until = counts[b.NoShows-1].AddDate(0, 0, b.NoShowDays)
	}
	return len(counts), until
}

// missedBookings are what one person missed, and when it was lifted last.
type missedBookings struct {
	at     []time.Time
	lifted time.Time
}

func missedOf(ctx context.Context, q store.Querier, r *QueueRules, person store.ID, now time.Time) (m missedBookings, err error) {
	slots, err := store.Select[int64](ctx, q, `SELECT slot FROM hall_ticket WHERE person = ? AND state = 'archived' AND no = '' AND slot > ?`, person, store.At(now.AddDate(0, 0, -r.Booking.NoShowDays)))
	if err != nil {
		return m, err
	}
	for _, at := range slots {
		m.at = append(m.at, time.UnixMicro(at))
	}
	var lifted store.Time
	err = q.QueryRow(ctx, `SELECT max(at) FROM hall_no_show_lift WHERE person = ?`, person).Scan(&lifted)
	m.lifted = lifted.Time
	return m, err
}

// tellSuspended tells somebody whose last booking that they missed suspends them.
func (s *Service) tellSuspended(ctx context.Context, tx *store.Tx, t *Ticket, now time.Time) error {
	if t.Person == 0 {
		return nil
	}
	r := &s.book.Load().rules
	m, err := missedOf(ctx, tx, r, t.Person, now)
	if err != nil {
		return err
	}
	n, until := r.suspended(m.at, m.lifted, now)
	if until.IsZero() {
		return nil
	}
	return s.Notices.Tell(ctx, tx, notice.Note{Name: "ticket_suspended", Person: t.Person, About: "ticket/" + t.ID.String(), Link: "/halls", Words: map[string]string{"no": fmt.Sprint(n)}, Due: store.At(until)})
}

// NoShow is somebody who did not come, as a hall's manager sees them.
type NoShow struct {
	Ticket store.ID     `json:"ticket" doc:"The booking that they missed last"`
	Name   string       `json:"name,omitempty" doc:"Masked"`
	Phone  string       `json:"phone,omitempty" doc:"Masked"`
	Count  int          `json:"count" doc:"Bookings missed that count"`
	Until  store.Time   `json:"until,omitzero" doc:"They cannot book until then; absent where they can"`
	Missed []NoShowOnce `json:"missed" doc:"The newest first, at all halls"`
	Lifts  []NoShowLift `json:"lifts" doc:"The newest first"`
}

// NoShowOnce is one booking that was missed.
type NoShowOnce struct {
	At     store.Time `json:"at"`
	Hall   Text       `json:"hall"`
	Kind   Text       `json:"kind"`
	Source string     `json:"source"`
	Counts bool       `json:"counts" doc:"It was not lifted since"`
}

// NoShowLift is that somebody could book again before the time (恢复预约).
type NoShowLift struct {
	At     store.Time `json:"at"`
	By     string     `json:"by"`
	Reason string     `json:"reason"`
}

// NoShows are a hall's, of the days that count; who cannot book comes first, then who
// missed last.
type NoShows struct {
	Most int      `json:"most" doc:"So many suspend; 0 none do"`
	Days int      `json:"days" doc:"Within so many days"`
	List []NoShow `json:"list"`
}

// NoShows lists who did not come to a hall.
func (s *Service) NoShows(ctx context.Context, h *Hall) (NoShows, error) {
	now, b := s.Store.Now(), s.book.Load()
	r := &b.rules
	out := NoShows{Most: r.Booking.NoShows, Days: r.Booking.NoShowDays, List: []NoShow{}}
	since := store.At(now.AddDate(0, 0, -r.Booking.NoShowDays))
	rows, err := store.Select[struct {
		ID, Person store.ID
		Hall, Kind string
		Source     string
		Slot       store.Time
	}](ctx, s.Store, `SELECT t.id, t.person, t.hall, t.kind, t.source, t.slot FROM hall_ticket t WHERE t.state = 'archived' AND t.no = '' AND t.slot > ? AND t.person IN (SELECT person FROM hall_ticket WHERE hall = ? AND state = 'archived' AND no = '' AND slot > ? AND person IS NOT NULL) ORDER BY t.slot DESC, t.id DESC LIMIT 3000`, since, h.Code, since)
	if err != nil {
		return out, err
	}
	type person struct {
		NoShow
		at     []time.Time
		lifted time.Time
	}
	people, order := map[store.ID]*person{}, []store.ID{}
	for _, x := range rows {
		p := people[x.Person]
		if p == nil {
			p = &person{NoShow: NoShow{Ticket: x.ID, Missed: []NoShowOnce{}, Lifts: []NoShowLift{}}}
			people[x.Person], order = p, append(order, x.Person)
		}
		once := NoShowOnce{At: x.Slot, Source: x.Source}
		if at := b.hall(x.Hall); at != nil {
			once.Hall = at.Name
			if k := at.kind(x.Kind); k != nil {
				once.Kind = k.Name
			}
		}
		p.Missed, p.at = append(p.Missed, once), append(p.at, x.Slot.Time)
	}
	for _, part := range slices.Collect(slices.Chunk(order, 300)) {
		lifts, err := store.Select[struct {
			Person     store.ID
			At         store.Time
			By, Reason string
		}](ctx, s.Store, `SELECT l.person, l.at, COALESCE(a.name, '') AS by, l.reason FROM hall_no_show_lift l LEFT JOIN account a ON a.id = l.actor WHERE `+store.AnyOf("l.person", len(part))+` ORDER BY l.id DESC`, store.Args(part...)...)
		if err != nil {
			return out, err
		}
		for _, l := range lifts {
			p := people[l.Person]
			if p.Lifts = append(p.Lifts, NoShowLift{l.At, l.By, l.Reason}); l.At.After(p.lifted) {
				p.lifted = l.At.Time
			}
		}
	}
	suspended := []NoShow{}
	for _, id := range order {
		p := people[id]
		m, err := s.Vault.Masked(ctx, s.Store, id)
		if err != nil {
			return out, err
		}
		p.Name, p.Phone = m.Name, m.Phone
		var until time.Time
		p.Count, until = r.suspended(p.at, p.lifted, now)
		p.Until = store.At(until)
		for i := range p.Missed {
			p.Missed[i].Counts = p.Missed[i].At.After(p.lifted)
		}
		if until.IsZero() {
			out.List = append(out.List, p.NoShow)
		} else {
			suspended = append(suspended, p.NoShow)
		}
	}
	out.List = append(suspended, out.List...)
	return out, nil
}

// LiftNoShows lets somebody book again, with a reason; ticket is one that they missed at
// the hall of who lifts it. What they miss from now on counts anew.
func (s *Service) LiftNoShows(ctx context.Context, who account.Actor, ticket store.ID, reason string) (*Hall, error) {
	if reason = text.Mask(strings.TrimSpace(reason)); len([]rune(reason)) < 2 {
		return nil, failField("reason")
	}
	t, err := getTicket(ctx, s.Store, ticket)
	if err != nil {
		return nil, err
	}
	h, err := s.at(who, t.Hall, "hall_manager")
	if err != nil {
		return nil, err
	}
	r, now := &s.book.Load().rules, s.Store.Now()
	return h, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if t.Person == 0 || t.State != Archived || t.No != "" {
			return store.ErrNotFound
		}
		m, err := missedOf(ctx, tx, r, t.Person, now)
		if err != nil {
			return err
		}
		if _, until := r.suspended(m.at, m.lifted, now); until.IsZero() {
			return fail("not_suspended")
		}
		if _, err := tx.Exec(ctx, `INSERT INTO hall_no_show_lift (id, person, hall, reason, actor, at) VALUES (?, ?, ?, ?, ?, ?)`, tx.NewID(), t.Person, h.Code, reason, who.Account, store.At(now)); err != nil {
			return err
		}
		if err := s.Notices.Tell(ctx, tx, notice.Note{Name: "ticket_lifted", Person: t.Person, About: "ticket/" + t.ID.String(), Link: "/halls"}); err != nil && !errors.Is(err, vault.ErrErased) {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{At: store.At(now), Actor: who.Account, Unit: who.Unit, Action: "halls.lift_no_shows", Object: "ticket/" + t.ID.String(), Reason: reason}, map[string]any{"missed": len(m.at)})
	})
}

func (s *Service) mountNoShows(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "list-no-shows", Method: "GET", Path: "/api/halls/{code}/no-shows", Tag: tag, Access: httpapi.Roles("hall_manager", "greeter"),
		Summary: "Who did not come to what they had booked (爽约), how often, and until when they cannot book"}, func(ctx context.Context, in *HallIn) (*httpapi.Body[NoShows], error) {
		h, err := s.at(httpapi.Actor(ctx), in.Code, "hall_manager", "greeter")
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.NoShows(ctx, h))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "lift-no-shows", Method: "POST", Path: "/api/tickets/{id}/lift", Tag: tag, Access: managing,
		Summary: "Let somebody who did not come too often book again, with a reason"}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body struct {
			Reason string `json:"reason" minLength:"2" maxLength:"200"`
		}
	}) (*httpapi.Body[NoShows], error) {
		h, err := s.LiftNoShows(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Reason)
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.NoShows(ctx, h))
	})
}
