package halls

import (
	"context"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// Slot is a time that may be booked.
type Slot struct {
	At   store.Time `json:"at"`
	Free int        `json:"free"`
	Of   int        `json:"of"`
}

// capacity is how many of a kind may be booked for a slot: a share of what the windows
// planned for it can serve, each window divided among the bookable kinds that it has.
func (s *Service) capacity(h *Hall, kind string, at time.Time) int {
	r := &s.book.Load().rules
	k := h.kind(kind)
	local := s.local(at)
	clock := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute
	served := 0.0
	for _, code := range h.plannedWindows(local.Weekday(), clock) {
		w := h.window(code)
		if w == nil || !w.kind(kind) {
			continue
		}
		n := 0
		for _, c := range w.Kinds {
			if h.kind(c).Book {
				n++
			}
		}
		served += time.Duration(r.Booking.Slot).Minutes() / float64(k.Minutes) / float64(max(1, n))
	}
	if served == 0 {
		return 0
	}
	return max(1, int(served*float64(r.Booking.Share)/100))
}

// bookable says whether a slot may be booked now: it begins at a slot's time, within
// the days that the rules allow, while the hall is to be open, by what was set for its day.
func (s *Service) bookable(h *Hall, set *opening, at, now time.Time) (bool, error) {
	r := &s.book.Load().rules
	local := s.local(at)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, local.Location())
	first, last := s.local(now).AddDate(0, 0, r.Booking.FromDays), s.local(now).AddDate(0, 0, r.Booking.ToDays)
	day := s.today(at)
	if !at.After(now) || day < first.Format(time.DateOnly) || day > last.Format(time.DateOnly) || at.Sub(midnight)%time.Duration(r.Booking.Slot) != 0 {
		return false, nil
	}
	return s.openBy(h, set, at)
}

// Slots are the times of a day that may be booked for a kind.
func (s *Service) Slots(ctx context.Context, h *Hall, kind, day string) ([]Slot, error) {
	out := []Slot{}
	if k := h.kind(kind); k == nil || !k.Book {
		return nil, store.ErrNotFound
	}
	from, err := time.ParseInLocation(time.DateOnly, day, s.book.Load().zone)
	if err != nil {
		return nil, failField("day")
	}
	now := s.Store.Now()
	taken := map[int64]int{}
	rows, err := store.Select[struct {
		Slot  int64
		Taken int
	}](ctx, s.Store, `SELECT slot, taken FROM hall_slot WHERE hall = ? AND kind = ? AND slot >= ? AND slot < ?`, h.Code, kind, store.At(from), store.At(from.AddDate(0, 0, 1)))
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		taken[r.Slot] = r.Taken
	}
	set, err := openingOf(ctx, s.Store, h.Code, day)
	if err != nil {
		return nil, err
	}
	step := time.Duration(s.book.Load().rules.Booking.Slot)
	for at := from; at.Before(from.AddDate(0, 0, 1)); at = at.Add(step) {
		of := s.capacity(h, kind, at)
		if of == 0 {
			continue
		}
		yes, err := s.bookable(h, set, at, now)
		if err != nil {
			return nil, err
		}
		if yes {
			out = append(out, Slot{store.At(at), max(0, of-taken[at.UnixMicro()]), of})
		}
	}
	return out, nil
}

// Booking is what is booked, and for whom.
type Booking struct {
	Services []TicketService
	Class    string
	Channel  Channel
	At       time.Time
	Person   store.ID // signed in, or
	Who      vault.Identity
	Source   string
}

// The ways in which a number or a slot is asked for.
var ticketSources = []string{
	"kiosk",
	"phone",     // the person's own
	"reception", // they stand there
	"call",      // they have called (电话预约)
}

// byStaff says that the reception asks for somebody.
func byStaff(source string) bool { return source == "reception" || source == "call" }

// Reserve holds a slot for minutes, until it is confirmed. It says when the slot is
// full, not to be had, or the person has too many or did not come too often.
func (s *Service) Reserve(ctx context.Context, who account.Actor, h *Hall, in Booking) (Ticket, error) {
	var t Ticket
	if err := s.checkServices(h, in.Services); err != nil {
		return t, err
	}
	kind := in.Services[0].Kind
	r := &s.book.Load().rules
	if p := r.class(in.Class); in.Class != "" && (p == nil || !p.Self && !byStaff(in.Source)) {
		return t, failField("class")
	}
	if in.Channel == "" {
		in.Channel = Counter
	}
	now := s.Store.Now()
	of := s.capacity(h, kind, in.At)
	set, err := openingOf(ctx, s.Store, h.Code, s.today(in.At))
	if err != nil {
		return t, err
	}
	if yes, err := s.bookable(h, set, in.At, now); err != nil {
		return t, err
	} else if !yes || of == 0 || !h.kind(kind).Book {
		return t, fail("slot_none")
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		t = Ticket{}
		person, name, err := s.person(ctx, tx, in.Person, in.Who)
		if err != nil {
			return err
		}
		if err := s.mayBook(ctx, tx, person, now); err != nil {
			return err
		}
		at := store.At(in.At)
		if err := s.lapse(ctx, tx, now, `hall = ? AND slot = ?`, h.Code, at); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO hall_slot (hall, kind, slot, taken) VALUES (?, ?, ?, 0) ON CONFLICT (hall, kind, slot) DO NOTHING`, h.Code, kind, at); err != nil {
			return err
		}
		if n, err := tx.Exec(ctx, `UPDATE hall_slot SET taken = taken + 1 WHERE hall = ? AND kind = ? AND slot = ? AND taken < ?`, h.Code, kind, at, of); err != nil {
			return err
		} else if n == 0 {
			return fail("slot_full")
		}
		return s.change(ctx, tx, &t, who, "reserve", "", TicketData{Hall: h.Code, Day: s.today(in.At), Area: h.kind(kind).Area, Kind: kind, Channel: in.Channel, Source: in.Source,
			Class: &in.Class, Services: in.Services, Person: person, Name: name, Slot: at, Hold: store.At(now.Add(time.Duration(r.Booking.Hold)))}, now)
	})
	return t, err
}

// mayBook holds a person to the number of bookings and of times not come (爽约).
func (s *Service) mayBook(ctx context.Context, tx *store.Tx, person store.ID, now time.Time) error {
	if person == 0 {
		return failField("id_number")
	}
	r := &s.book.Load().rules
	var held int
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM hall_ticket WHERE person = ? AND state IN ('reserved', 'preconfirmed', 'confirmed') AND (hold IS NULL OR hold > ?)`, person, store.At(now)).Scan(&held); err != nil {
		return err
	}
	if held >= r.Booking.PerPerson {
		return fail("bookings_many")
	}
	missed, err := missedOf(ctx, tx, r, person, now)
	if err != nil {
		return err
	}
	if _, until := r.suspended(missed.at, missed.lifted, now); !until.IsZero() {
		return httpapi.Fail(409, "no_shows", "until", s.local(until).Format("2006-01-02 15:04"))
	}
	return nil
}

// lapse frees the slots that nobody confirmed in time.
func (s *Service) lapse(ctx context.Context, tx *store.Tx, now time.Time, where string, args ...any) error {
	late, err := store.Select[Ticket](ctx, tx, `SELECT `+ticketColumns+` FROM hall_ticket WHERE state IN ('reserved', 'preconfirmed') AND hold <= ? AND `+where+` ORDER BY id LIMIT 50`, append([]any{store.At(now)}, args...)...)
	if err != nil {
		return err
	}
	for i := range late {
		if err := s.change(ctx, tx, &late[i], account.System(s.Dir), "lapse", "", TicketData{}, now); err != nil {
			return err
		}
	}
	return nil
}

// Confirm makes a held slot a booking, by whom it is for, or by reception on their word;
// preconfirm holds it longer, until that person confirms themselves.
func (s *Service) Confirm(ctx context.Context, who account.Actor, id store.ID, action TicketAction) (Ticket, error) {
	now := s.Store.Now()
	var t Ticket
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var err error
		if t, err = getTicket(ctx, tx, id); err != nil {
			return err
		}
		if !t.Hold.IsZero() && t.Hold.Before(now) {
			return fail("hold_over")
		}
		h, err := s.hall(t.Hall)
		if err != nil {
			return err
		}
		d := TicketData{}
		if action == "preconfirm" {
			d.Hold = store.At(now.Add(time.Duration(s.book.Load().rules.Booking.Preconfirm)))
		}
		if err := s.change(ctx, tx, &t, who, action, "", d, now); err != nil {
			return err
		}
		name := "ticket_booked"
		if action == "preconfirm" {
			name = "ticket_to_confirm"
		}
		return s.tell(ctx, tx, h, &t, name)
	})
	return t, err
}

// Tick does what is due now: unconfirmed slots are freed, who is booked is reminded, and
// who has not come is counted.
func (s *Service) Tick(ctx context.Context) error {
	b := s.book.Load()
	if b == nil || len(b.halls) == 0 {
		return nil
	}
	now := s.Store.Now()
	if _, err := s.WatchDevices(ctx, now); err != nil {
		return err
	}
	r := b.rules.Booking
	return s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		if err := s.lapse(ctx, tx, now, `1 = 1`); err != nil {
			return err
		}
		due, err := store.Select[Ticket](ctx, tx, `SELECT `+ticketColumns+` FROM hall_ticket WHERE state = 'confirmed' AND (slot < ? OR slot < ? AND NOT reminded) ORDER BY slot, id LIMIT 100`,
			store.At(now.Add(-time.Duration(r.Late))), store.At(now.Add(time.Duration(r.Remind))))
		if err != nil {
			return err
		}
		for i := range due {
			t := &due[i]
			action, notice := TicketAction("remind"), "ticket_reminder"
			if t.Slot.Before(now.Add(-time.Duration(r.Late))) {
				action, notice = "no_show", "ticket_not_come"
			}
			if err := s.change(ctx, tx, t, account.System(s.Dir), action, "", TicketData{}, now); err != nil {
				return err
			}
			if h := b.hall(t.Hall); h != nil && h.kind(t.Kind) != nil {
				if err := s.tell(ctx, tx, h, t, notice); err != nil {
					return err
				}
			}
			if action == "no_show" {
				if err := s.tellSuspended(ctx, tx, t, now); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Bookings are those of a hall's day, the earliest first, with those who have come, and
// those who did not; what was cancelled is none.
func (s *Service) Bookings(ctx context.Context, h *Hall, day string) ([]Ticket, error) {
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return nil, failField("day")
	}
	out, err := store.Select[Ticket](ctx, s.Store, `SELECT `+ticketColumns+` FROM hall_ticket WHERE hall = ? AND day = ? AND slot IS NOT NULL AND state <> 'deleted' ORDER BY slot, id LIMIT 2000`, h.Code, day)
	return append([]Ticket{}, out...), err
}
