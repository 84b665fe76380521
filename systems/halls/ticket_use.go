package halls

import (
	"context"
	"crypto/hmac"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/notice"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// kioskKey opens the kiosk face of a hall; presence is what stands on its boards for the
// day and proves that one is there; ticketKey opens one visit to who holds its paper.
func (s *Service) kioskKey(hall string) string {
	return hex.EncodeToString(s.Keys.MAC("halls.kiosk", hall)[:12])
}

func (s *Service) presence(hall, day string) string {
	b := s.Keys.MAC("halls.presence", hall, day)
	return fmt.Sprintf("%04d", (int(b[0])<<8|int(b[1]))%10000)
}

func (s *Service) ticketKey(id store.ID) string {
	return hex.EncodeToString(s.Keys.MAC("halls.ticket", id.String())[:12])
}

func same(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

// open says whether a hall is open at an instant, by what its manager set for the day,
// else by its calendar, and until when today.
func (s *Service) open(ctx context.Context, q store.Querier, h *Hall, at time.Time) (bool, error) {
	o, err := openingOf(ctx, q, h.Code, s.today(at))
	if err != nil {
		return false, err
	}
	return s.openBy(h, o, at)
}

// openBy is open by what was set for the day of the instant; nil nothing was.
func (s *Service) openBy(h *Hall, o *opening, at time.Time) (bool, error) {
	if o != nil {
		clock := s.local(at).Format("15:04")
		return o.Opens != "" && o.Opens <= clock && clock < o.Closes, nil
	}
	cal, err := s.Book.Current(h.Calendar)
	if err != nil {
		return false, err
	}
	return cal.IsWorking(at), nil
}

// Taking is what one takes a number with.
type Taking struct {
	Services []TicketService
	Class    string
	Channel  Channel
	Source   string // of ticketSources
	Who      vault.Identity
	Person   store.ID // of who is signed in
}

// Take gives a number. It returns ErrNotFound for what the hall does not have, and says
// when the hall is closed, the numbers are out, or the person has one already.
func (s *Service) Take(ctx context.Context, who account.Actor, h *Hall, in Taking) (Ticket, error) {
	var t Ticket
	now := s.Store.Now()
	b := s.book.Load()
	if err := s.checkServices(h, in.Services); err != nil {
		return t, err
	}
	if in.Class != "" {
		p := b.rules.class(in.Class)
		if p == nil || !p.Self && !byStaff(in.Source) {
			return t, failField("class")
		}
	}
	if in.Channel == "" {
		in.Channel = Counter
	}
	if !slices.ContainsFunc(h.Windows, func(w HallWindow) bool { return w.kind(in.Services[0].Kind) && slices.Contains(w.Channels, in.Channel) }) {
		return t, failField("channel")
	}
	if yes, err := s.open(ctx, s.Store, h, now); err != nil {
		return t, err
	} else if !yes {
		return t, fail("hall_closed")
	}
	day := s.today(now)
	est, err := s.estimate(ctx, s.Store, h, Waiting{Kind: in.Services[0].Kind, Class: in.Class, Channel: in.Channel, Order: now}, now)
	if err != nil {
		return t, err
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		t = Ticket{}
		person, name, err := s.person(ctx, tx, in.Person, in.Who)
		if err != nil {
			return err
		}
		if person != 0 {
			var have bool
			if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM hall_ticket WHERE person = ? AND hall = ? AND day = ? AND kind = ? AND state IN ('queued', 'called'))`, person, h.Code, day, in.Services[0].Kind).Scan(&have); err != nil {
				return err
			}
			if have {
				return fail("ticket_have")
			}
		}
		d := TicketData{Hall: h.Code, Day: day, Kind: in.Services[0].Kind, Channel: in.Channel, Source: in.Source, Class: &in.Class, Services: in.Services, Person: person, Name: name, Order: store.At(now), Est: est}
		if d.Area, d.No, err = s.number(ctx, tx, h, d.Kind, day); err != nil {
			return err
		}
		return s.change(ctx, tx, &t, who, "take", "", d, now)
	})
	return t, err
}

// checkServices holds what is asked for to what the hall has.
func (s *Service) checkServices(h *Hall, services []TicketService) error {
	if len(services) == 0 || len(services) > mostServices {
		return failField("services")
	}
	for i, x := range services {
		if h.kind(x.Kind) == nil || !x.asked() || slices.Contains(services[:i], x) {
			return failField("services")
		}
	}
	return nil
}

// mostServices is how many one visit may have.
const mostServices = 5

// number is the next number of a kind's area on a day.
func (s *Service) number(ctx context.Context, tx *store.Tx, h *Hall, kind, day string) (area, no string, err error) {
	a := h.area(h.kind(kind).Area)
	var next int
	if err := tx.QueryRow(ctx, `INSERT INTO hall_number (hall, area, day, next) VALUES (?, ?, ?, ?) ON CONFLICT (hall, area, day) DO UPDATE SET next = hall_number.next + 1 RETURNING next`, h.Code, a.Code, day, a.First).Scan(&next); err != nil {
		return "", "", err
	}
	if next > a.Last {
		return "", "", fail("numbers_out")
	}
	return a.Code, fmt.Sprintf("%s%03d", a.Prefix, next), nil
}

// person is who comes: signed in, or found or kept by what was shown; 0 is nobody known.
func (s *Service) person(ctx context.Context, tx *store.Tx, signedIn store.ID, who vault.Identity) (store.ID, string, error) {
	id := signedIn
	if id == 0 && (who[vault.IDNumber] != "" || who[vault.Phone] != "") {
		kind := vault.IDNumber
		if who[kind] == "" {
			kind = vault.Phone
		}
		known, err := s.Vault.Find(ctx, tx, kind, who[kind])
		if err != nil {
			return 0, "", err
		}
		if len(known) > 0 {
			id = known[0]
		} else if id, err = s.Vault.NewPerson(ctx, tx, who); err != nil {
			return 0, "", err
		}
	}
	if id == 0 {
		return 0, vault.MaskName(who[vault.Name]), nil
	}
	m, err := s.Vault.Masked(ctx, tx, id)
	if m.Name == "" {
		m.Name = vault.MaskName(who[vault.Name])
	}
	return id, m.Name, err
}

// sitting is the window that a clerk has open in a hall, or no_sitting.
func (s *Service) sitting(ctx context.Context, q store.Querier, who account.Actor, h *Hall) (Sitting, *HallWindow, error) {
	x, err := store.Get[Sitting](ctx, q, sittingQuery+`s.hall = ? AND s.clerk = ?`, h.Code, who.Account)
	if errors.Is(err, store.ErrNotFound) {
		return x, nil, fail("no_sitting")
	}
	if err != nil {
		return x, nil, err
	}
	w := h.window(x.Window)
	if w == nil { // the pack has changed under it
		return x, nil, fail("no_sitting")
	}
	return x, w, nil
}

// Sit opens a window for a clerk, on the channels named, or on all that it has.
func (s *Service) Sit(ctx context.Context, who account.Actor, h *Hall, window string, channels []Channel) error {
	w := h.window(window)
	if w == nil {
		return store.ErrNotFound
	}
	if len(channels) == 0 {
		channels = w.Channels
	}
	var names []string
	for _, c := range channels {
		if !slices.Contains(w.Channels, c) {
			return failField("channels")
		}
		names = append(names, string(c))
	}
	now := store.At(s.Store.Now())
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		taken, err := store.Select[Sitting](ctx, tx, sittingQuery+`(s.hall = ? AND s.window_code = ? OR s.clerk = ?)`, h.Code, window, who.Account)
		if err != nil {
			return err
		}
		for _, x := range taken {
			switch {
			case x.Clerk != who.Account:
				return fail("window_taken")
			case x.Hall == h.Code && x.Window == window:
				_, err := tx.Exec(ctx, `UPDATE hall_sitting SET channels = ? WHERE id = ?`, strings.Join(names, ";"), x.ID)
				return err
			}
			if err := s.rise(ctx, tx, x, now); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `INSERT INTO hall_sitting (id, hall, window_code, clerk, channels, since) VALUES (?, ?, ?, ?, ?, ?)`, tx.NewID(), h.Code, window, who.Account, strings.Join(names, ";"), now); err != nil {
			return err
		}
		return s.tellWindow(ctx, tx, h.Code, window, now)
	})
}

// Rise closes a window. Its clerk may, with nobody at it; so may the hall's manager.
func (s *Service) Rise(ctx context.Context, who account.Actor, h *Hall, window string) error {
	now := store.At(s.Store.Now())
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		x, err := store.Get[Sitting](ctx, tx, sittingQuery+`s.hall = ? AND s.window_code = ?`, h.Code, window)
		if err != nil {
			return err
		}
		if x.Clerk != who.Account {
			if !who.Has("hall_manager", h.Unit) {
				return store.ErrNotFound
			}
			if err := audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "halls.close_window", Object: "hall/" + h.Code + "/" + window}, nil); err != nil {
				return err
			}
		}
		return s.rise(ctx, tx, x, now)
	})
}

func (s *Service) rise(ctx context.Context, tx *store.Tx, x Sitting, now store.Time) error {
	var busy bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM hall_ticket WHERE hall = ? AND day = ? AND state IN ('called', 'processing') AND window_code = ?)`, x.Hall, s.today(now.Time), x.Window).Scan(&busy); err != nil {
		return err
	}
	if busy {
		return fail("window_busy")
	}
	if _, err := tx.Exec(ctx, `UPDATE hall_sitting SET until = ? WHERE id = ?`, now, x.ID); err != nil {
		return err
	}
	return s.tellWindow(ctx, tx, x.Hall, x.Window, now)
}

// tellWindow tells screens that a window has opened or closed.
func (s *Service) tellWindow(ctx context.Context, tx *store.Tx, hall, window string, at store.Time) error {
	return s.Bus.Emit(ctx, tx, at.Time, System+".window", hall+"/"+window, TicketTold{Hall: hall, Window: window, Action: "window", At: at})
}

// Next calls who is next for the clerk's window, of any channel that it takes; nil where
// nobody waits for it.
func (s *Service) Next(ctx context.Context, who account.Actor, h *Hall) (*Ticket, error) {
	for try := 0; ; try++ {
		t, err := s.next(ctx, who, h)
		// Another window was faster: whoever is next now.
		if errors.Is(err, caseflow.ErrConflict) && try < 20 {
			continue
		}
		if t != nil {
			s.tellNear(ctx, h)
		}
		return t, err
	}
}

func (s *Service) next(ctx context.Context, who account.Actor, h *Hall) (*Ticket, error) {
	var out *Ticket
	now := s.Store.Now()
	rules := &s.book.Load().rules
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		out = nil
		x, w, err := s.sitting(ctx, tx, who, h)
		if err != nil {
			return err
		}
		if err := s.free(ctx, tx, x, now); err != nil {
			return err
		}
		waiting, err := queue(ctx, tx, h, s.today(now))
		if err != nil {
			return err
		}
		i := rules.next(waiting, w, x.channels(), x.can())
		if i < 0 {
			return nil
		}
		t, err := getTicket(ctx, tx, store.ID(waiting[i].ID))
		if err != nil {
			return err
		}
		if t.State != Queued {
			return caseflow.ErrConflict
		}
		if err := s.change(ctx, tx, &t, who, "call", "", TicketData{Window: w.Code, Clerk: who.Account}, now); err != nil {
			return err
		}
		out = &t
		return s.tell(ctx, tx, h, &t, "ticket_called")
	})
	return out, err
}

// free says window_busy where somebody is at a window, or called to it.
func (s *Service) free(ctx context.Context, tx *store.Tx, x Sitting, now time.Time) error {
	var busy bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM hall_ticket WHERE hall = ? AND day = ? AND state IN ('called', 'processing') AND window_code = ?)`, x.Hall, s.today(now), x.Window).Scan(&busy)
	if err == nil && busy {
		err = fail("window_busy")
	}
	return err
}

// ahead counts who is to be called before somebody, of those whom the same windows serve.
func (r *QueueRules) aheadOf(h *Hall, waiting []Waiting, x Waiting) (n int) {
	for _, o := range waiting {
		if o.ID != x.ID && r.order(o, x) < 0 && slices.ContainsFunc(h.Windows, func(w HallWindow) bool { return w.kind(o.Kind) && w.kind(x.Kind) }) {
			n++
		}
	}
	return n
}

// tellNear tells those on the phone who are nearly called, once each, after a call: what
// fails now is made up for after the next.
func (s *Service) tellNear(ctx context.Context, h *Hall) {
	rules, now := &s.book.Load().rules, s.Store.Now()
	waiting, err := queue(ctx, s.Store, h, s.today(now))
	near := []any{}
	for _, x := range waiting {
		if rules.aheadOf(h, waiting, x) <= rules.Call.Near {
			near = append(near, x.ID)
		}
	}
	if err == nil && len(near) > 0 {
		var ids []store.ID
		ids, err = store.Select[store.ID](ctx, s.Store, `SELECT id FROM hall_ticket WHERE `+store.AnyOf("id", len(near))+` AND state = 'queued' AND person IS NOT NULL AND NOT near ORDER BY id`, near...)
		for _, id := range ids {
			err = errors.Join(err, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				t, err := getTicket(ctx, tx, id)
				if err != nil || t.Near || t.State != Queued {
					return err
				}
				if err := s.change(ctx, tx, &t, account.System(s.Dir), "near", "", TicketData{}, now); err != nil {
					return err
				}
				return s.tell(ctx, tx, h, &t, "ticket_near")
			}))
		}
	}
	if err != nil && !errors.Is(err, caseflow.ErrConflict) && ctx.Err() == nil {
		slog.Warn("who is nearly called could not be told", "hall", h.Code, "error", err)
	}
}

// tell tells the person of a visit how it stands, by one of the pack's notices.
func (s *Service) tell(ctx context.Context, tx *store.Tx, h *Hall, t *Ticket, name string) error {
	if t.Person == 0 {
		return nil
	}
	words := map[string]string{"no": t.No, "title": h.kind(t.Kind).Name.In("zh"), "unit": h.Name.In("zh")}
	if w := h.window(t.Window); w != nil {
		words["reason"] = w.Name.In("zh")
	}
	return s.Notices.Tell(ctx, tx, notice.Note{Name: name, Person: t.Person, About: "ticket/" + t.ID.String(), Link: "/ticket/" + t.ID.String(), Words: words, Due: t.Slot})
}

// Doing is what an action is done with.
type Doing struct {
	Kind   string `json:"kind,omitempty" doc:"transfer: to this kind"`
	Window string `json:"window,omitempty" doc:"transfer: to this window alone"`
	Class  string `json:"class,omitempty" doc:"favour: the class of priority, none takes it away"`
	Reason string `json:"reason,omitempty" maxLength:"200" doc:"pend: what is wanting"`
	Rest   bool   `json:"rest,omitempty" doc:"finish: also where services are left that were not done"`
	// What is left to do, in the order in which it is to be done.
	Services []TicketService `json:"services,omitempty" maxItems:"5" doc:"arrange: what is left, in its new order, with what is added"`
	At       string          `json:"at,omitempty" doc:"check_in, rejoin on the phone: what stands on the hall's boards"`
}

// Act does an action with a visit, by a party to it. version is what the caller saw; 0
// does not mind.
func (s *Service) Act(ctx context.Context, who account.Actor, id store.ID, as party, version int, action TicketAction, in Doing) (Ticket, error) {
	law, ok := ticketLaws[action]
	if !ok || !slices.Contains(law.by, as) || action == "take" || action == "reserve" {
		return Ticket{}, failField("action")
	}
	now := s.Store.Now()
	seen, err := getTicket(ctx, s.Store, id)
	if err != nil {
		return seen, err
	}
	h, err := s.hall(seen.Hall)
	if err != nil {
		return seen, err
	}
	var est *Estimate
	if action == "check_in" {
		if est, err = s.estimate(ctx, s.Store, h, Waiting{Kind: seen.Kind, Class: "booked", Channel: seen.Channel, Order: now}, now); err != nil {
			return seen, err
		}
	}
	if action == "check_in" || action == "rejoin" || action == "come_back" {
		if yes, err := s.open(ctx, s.Store, h, now); err != nil {
			return seen, err
		} else if !yes {
			return seen, fail("hall_closed")
		}
	}
	var t Ticket
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var err error
		if t, err = getTicket(ctx, tx, id); err != nil {
			return err
		}
		if version != 0 && version != t.Version {
			return caseflow.ErrConflict
		}
		d, to, err := s.doing(ctx, tx, who, h, &t, as, action, in, now)
		if err != nil {
			return err
		}
		d.Est = est
		return s.change(ctx, tx, &t, who, action, to, d, now)
	})
	return t, err
}

// doing is what the event of an action carries and where it leads, with the rules of
// this hall held.
func (s *Service) doing(ctx context.Context, tx *store.Tx, who account.Actor, h *Hall, t *Ticket, as party, action TicketAction, in Doing, now time.Time) (d TicketData, to TicketState, err error) {
	rules := &s.book.Load().rules
	if _, ok := t.State.Leads(action); !ok {
		return d, to, fail("ticket_state")
	}
	day := s.today(now)
	if t.Day != day && (t.State == Queued || t.State == Missed || t.State == Parked) {
		return d, to, fail("ticket_state") // its day is over
	}
	if as == byClerk {
		x, w, err := s.sitting(ctx, tx, who, h)
		if err != nil {
			return d, to, err
		}
		if t.State.AtWindow() && t.Window != x.Window {
			return d, to, fail("other_window")
		}
		if action == "call" {
			if !w.serves(Waiting{Kind: t.Kind, Target: t.Target, Channel: t.Channel}, x.channels(), x.can()) {
				return d, to, fail("other_window")
			}
			if err := s.free(ctx, tx, x, now); err != nil {
				return d, to, err
			}
		}
		d.Window, d.Clerk = x.Window, who.Account
	}
	switch action {
	case "recall":
		if t.Calls >= rules.Call.Limit {
			return d, to, fail("call_limit")
		}
	case "call":
		if t.State == Missed && t.Missed >= rules.Missed.Times {
			return d, to, fail("missed_over")
		}
	case "rejoin":
		if t.Missed >= rules.Missed.Times || now.Sub(t.CalledAt.Time) > time.Duration(rules.Missed.Within) {
			return d, to, fail("missed_over")
		}
		none := ""
		d.Class = &none
		d.Order, err = s.behind(ctx, tx, h, t, rules.Missed.Behind, now)
	case "check_in":
		b := rules.Booking
		if now.Before(t.Slot.Add(-time.Duration(b.Early))) {
			return d, to, fail("check_in_early")
		}
		class := "booked"
		d.Order = store.At(later(now, t.Slot.Time)) // early comers have their slot's place
		if now.After(t.Slot.Add(time.Duration(b.Late))) {
			class, d.Order = t.Class, store.At(now)
		}
		if rules.ahead(t.Class) > rules.ahead(class) {
			class = t.Class
		}
		d.Class, d.Day = &class, day
		d.Area, d.No, err = s.number(ctx, tx, h, t.Kind, day)
	case "come_back":
		if day > t.BackBy {
			return d, to, fail("back_late")
		}
		class := "returning"
		d.Class, d.Order, d.Day = &class, store.At(now), day
		if day != t.Day {
			d.Area, d.No, err = s.number(ctx, tx, h, t.Kind, day)
		}
	case "pend":
		d.BackBy = s.local(now).AddDate(0, 0, rules.PendingDays).Format(time.DateOnly)
		if d.Reason = strings.TrimSpace(in.Reason); d.Reason == "" {
			return d, to, failField("reason")
		}
	case "arrange":
		if t.State == Called && as == byReception || t.State == Processing && as == byReception {
			return d, to, fail("other_window") // the window's clerk does
		}
		for _, x := range in.Services {
			if h.kind(x.Kind) == nil || !x.asked() {
				return d, to, failField("services")
			}
		}
		services, ok := t.arranged(in.Services)
		if !ok {
			return d, to, failField("services")
		}
		to, d.Services = t.State, services
		if t.State == Queued {
			d.Kind = in.Services[0].Kind
		}
	case "favour":
		if in.Class != "" && rules.class(in.Class) == nil {
			return d, to, failField("class")
		}
		d.Class = &in.Class
	case "transfer":
		kind := in.Kind
		if kind == "" {
			kind = t.Kind
		}
		w := h.window(in.Window)
		if h.kind(kind) == nil || in.Window != "" && (w == nil || !w.kind(kind)) || in.Window == "" && kind == t.Kind {
			return d, to, failField("kind")
		}
		if in.Window != "" { // whoever sits there must be one who does it
			sat, err := sittings(ctx, tx, h.Code)
			if err != nil {
				return d, to, err
			}
			x := find(sat, func(x *Sitting) bool { return x.Window == in.Window })
			if x != nil && x.can() != nil && !slices.Contains(x.can(), kind) {
				return d, to, fail("window_cannot")
			}
		}
		onward := "onward"
		d.Kind, d.Target, d.Class, d.Order, d.Window = kind, in.Window, &onward, t.OrderAt, ""
		d.Services = slices.Clone(t.Services)
		if i := t.current(); i >= 0 {
			d.Services[i].Kind = kind
		}
	case "next", "finish":
		d.Services = slices.Clone(t.Services)
		i := t.current()
		if i >= 0 {
			d.Services[i].Done = true
		}
		left := slices.IndexFunc(d.Services, func(x TicketService) bool { return !x.Done })
		if action == "finish" {
			if left >= 0 && !in.Rest {
				return d, to, fail("services_left")
			}
			break
		}
		if left < 0 {
			return d, to, fail("nothing_left")
		}
		d.Kind = d.Services[left].Kind
		// Who can do it goes on with it at once; else it waits for one who does, under its number.
		x, w, err := s.sitting(ctx, tx, who, h)
		if err != nil {
			return d, to, err
		}
		if !w.kind(d.Kind) || x.can() != nil && !slices.Contains(x.can(), d.Kind) {
			onward := "onward"
			to, d.Class, d.Order, d.Window = Queued, &onward, t.OrderAt, ""
		}
	}
	if action != "call" && action != "recall" {
		d.Window, d.Clerk = "", 0
	}
	return d, to, err
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// behind is a place behind so many who wait, or the end.
func (s *Service) behind(ctx context.Context, tx *store.Tx, h *Hall, t *Ticket, n int, now time.Time) (store.Time, error) {
	waiting, err := queue(ctx, tx, h, s.today(now))
	if err != nil {
		return store.Time{}, err
	}
	rules := &s.book.Load().rules
	waiting = slices.DeleteFunc(waiting, func(x Waiting) bool {
		return !slices.ContainsFunc(h.Windows, func(w HallWindow) bool { return w.kind(x.Kind) && w.kind(t.Kind) })
	})
	slices.SortFunc(waiting, rules.order)
	if len(waiting) < n || n == 0 {
		return store.At(now), nil
	}
	x := waiting[n-1]
	place := x.Order.Add(-rules.ahead(x.Class)).Add(time.Microsecond)
	if place.After(now) {
		place = now
	}
	return store.At(place), nil
}

// CloseDays ends the queues of days that are over: who was not served is archived, who
// was to come back and did not is, too, and windows left open are closed.
func (s *Service) CloseDays(ctx context.Context) (any, error) {
	now := s.Store.Now()
	day := s.today(now)
	ids, err := store.Select[store.ID](ctx, s.Store, `SELECT id FROM hall_ticket WHERE day < ? AND state IN ('queued', 'called', 'processing', 'parked', 'missed') OR state = 'pending' AND back_by < ? ORDER BY id`, day, day)
	if err != nil {
		return nil, err
	}
	n := 0
	for part := range slices.Chunk(ids, 50) {
		err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			for _, id := range part {
				t, err := getTicket(ctx, tx, id)
				if err != nil {
					return err
				}
				if _, ok := t.State.Leads("close"); !ok {
					continue
				}
				if err := s.change(ctx, tx, &t, account.System(s.Dir), "close", "", TicketData{Reason: "day"}, now); err != nil {
					return err
				}
				n++
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	midnight := store.At(time.Date(s.local(now).Year(), s.local(now).Month(), s.local(now).Day(), 0, 0, 0, 0, s.book.Load().zone))
	return map[string]int{"closed": n}, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE hall_sitting SET until = ? WHERE until IS NULL AND since < ?`, midnight, midnight)
		return err
	})
}
