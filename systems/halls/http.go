package halls

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

const tag = "halls"

var (
	inHall   = httpapi.Roles(staffRoles...)
	atWindow = httpapi.Roles("intake_clerk", "stuck_clerk")
	managing = httpapi.Roles("hall_manager")
)

// Mount adds the API of this system to the edge.
func (s *Service) Mount(srv *httpapi.Server) {
	get := func(id, path, summary string, a httpapi.Access) httpapi.Operation {
		return httpapi.Operation{ID: id, Method: http.MethodGet, Path: path, Tag: tag, Access: a, Summary: summary}
	}
	post := func(id, path, summary string, a httpapi.Access) httpapi.Operation {
		return httpapi.Operation{ID: id, Method: http.MethodPost, Path: path, Tag: tag, Access: a, Summary: summary}
	}
	often := func(op httpapi.Operation, n int) httpapi.Operation { op.Limit = n; return op }
	httpapi.Register(srv, often(get("list-halls", "/api/halls", "Service halls (办事大厅) and how they stand now", httpapi.Public), 600), s.listHalls)
	httpapi.Register(srv, often(get("get-hall-board", "/api/halls/{code}/board", "A hall as its boards show it: called numbers, windows, who waits for what, the estimate", httpapi.Public), 1200), s.getBoard)
	httpapi.Register(srv, often(get("list-slots", "/api/halls/{code}/slots", "Times of a day that may be booked for a kind of business", httpapi.Public), 600), s.listSlots)
	httpapi.Register(srv, often(get("get-estimate-quality", "/api/halls/{code}/estimates", "How the hall's waiting-time estimates came out: mean absolute error, coverage of the band, by hour", httpapi.Public), 120), s.getQuality)
	httpapi.Register(srv, often(post("take-ticket", "/api/halls/{code}/tickets", "Take a number: at reception, at the hall's kiosk by its key, or on the phone with what stands on the hall's boards", httpapi.Public), 240), s.takeTicket)
	httpapi.Register(srv, often(post("book-slot", "/api/halls/{code}/bookings", "Hold a slot for minutes; confirm-ticket books it", httpapi.Access{Roles: []string{"citizen", "greeter", "hall_manager"}}), 60), s.bookSlot)
	httpapi.Register(srv, often(get("get-ticket", "/api/tickets/{id}", "One visit, for its person, who holds its paper, or who works in the hall", httpapi.Public), 1200), s.getTicketOf)
	httpapi.Register(srv, often(post("act-on-own-ticket", "/api/tickets/{id}/own", "What its person does with a visit: confirm, check in, come back to the queue, cancel", httpapi.Public), 240), s.actOwn)
	httpapi.Register(srv, get("list-own-tickets", "/api/me/tickets", "The caller's visits, the newest first", httpapi.SignedIn), s.listOwn)
	httpapi.Register(srv, get("get-window-desk", "/api/halls/{code}/desk", "All that a clerk at a window, or the reception, needs", inHall), s.getDesk)
	httpapi.Register(srv, post("open-window", "/api/halls/{code}/windows/{n}/open", "Sit at a window and open it", atWindow), s.openWindow)
	httpapi.Register(srv, post("close-window", "/api/halls/{code}/windows/{n}/close", "Close a window", httpapi.Roles("intake_clerk", "stuck_clerk", "hall_manager")), s.closeWindow)
	httpapi.Register(srv, post("call-next", "/api/halls/{code}/next", "Call who is next for the caller's window, of any channel that it takes; no ticket where nobody waits", atWindow), s.callNext)
	httpapi.Register(srv, post("act-on-ticket", "/api/tickets/{id}/act", "What a clerk at a window, or the reception, does with a visit", inHall), s.actOn)
	httpapi.Register(srv, get("get-ticket-history", "/api/tickets/{id}/history", "Everything that happened to a visit", inHall), s.getHistory)
	httpapi.Register(srv, get("list-hall-bookings", "/api/halls/{code}/bookings", "A day's bookings for the reception: to come, come, not come", httpapi.Roles("greeter", "hall_manager")), s.listBookings)
	httpapi.Register(srv, get("get-hall-day", "/api/halls/{code}/day", "A hall's day for its manager: windows, queues, figures with their definitions", managing), s.getDay)
	httpapi.Register(srv, post("set-hall-day", "/api/halls/{code}/day", "Open a hall longer, or close it, on one day", managing), s.setDay)
	httpapi.Register(srv, get("get-hall-forecast", "/api/halls/{code}/forecast", "Arrivals of a day to come each half hour, and what a number of windows makes of them", managing), s.getForecast)
	srv.Mux.HandleFunc("GET /api/halls/{code}/live", s.serveBoard(srv))
	s.mountSkills(srv)
	s.mountRoster(srv)
	s.mountNoShows(srv)
	s.mountStuck(srv)
	s.mountStartup(srv)
	s.mountDevices(srv)
	s.mountStations(srv)
}

// HallIn is a hall in a path: exported, for the edge looks into exported fields alone.
type HallIn struct {
	Code string `path:"code" maxLength:"40"`
}

// HallHead is a hall in the list.
type HallHead struct {
	Code    string `json:"code"`
	Name    Text   `json:"name"`
	Address string `json:"address,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Open    bool   `json:"open"`
	Waiting int    `json:"waiting"`
	Windows int    `json:"windows" doc:"Open now"`
	Mine    bool   `json:"mine,omitempty" doc:"The caller works there"`
}

func (s *Service) listHalls(ctx context.Context, _ *struct{}) (*httpapi.Body[[]HallHead], error) {
	out := []HallHead{}
	now := s.Store.Now()
	who := httpapi.Actor(ctx)
	for _, h := range s.book.Load().halls {
		x := HallHead{Code: h.Code, Name: h.Name, Address: h.Address, Phone: h.Phone}
		var err error
		if x.Open, err = s.open(ctx, s.Store, h, now); err != nil {
			return nil, err
		}
		if err := s.Store.QueryRow(ctx, `SELECT (SELECT count(*) FROM hall_ticket WHERE hall = ? AND day = ? AND state = 'queued'), (SELECT count(*) FROM hall_sitting WHERE hall = ? AND until IS NULL)`, h.Code, s.today(now), h.Code).Scan(&x.Waiting, &x.Windows); err != nil {
			return nil, err
		}
		if !who.IsStranger() {
			_, err := s.at(who, h.Code, staffRoles...)
			x.Mine = err == nil
		}
		out = append(out, x)
	}
	return httpapi.Answer(out, nil)
}

func (s *Service) getBoard(ctx context.Context, in *struct {
	HallIn
	Key string `query:"key" maxLength:"64" doc:"Of the hall's own screens"`
}) (*httpapi.Body[HallBoard], error) {
	h, err := s.hall(in.Code)
	if err != nil {
		return nil, err
	}
	b, err := s.Board(ctx, h)
	if err == nil && (same(in.Key, s.kioskKey(h.Code)) || s.isStaff(ctx, h)) {
		b.Presence = s.presence(h.Code, s.today(b.At.Time))
	}
	return httpapi.Answer(b, err)
}

func (s *Service) isStaff(ctx context.Context, h *Hall) bool {
	who := httpapi.Actor(ctx)
	if who.IsStranger() {
		return false
	}
	_, err := s.at(who, h.Code, staffRoles...)
	return err == nil
}

func (s *Service) listSlots(ctx context.Context, in *struct {
	HallIn
	Kind string `query:"kind" maxLength:"40" required:"true"`
	Day  string `query:"day" maxLength:"10" required:"true"`
}) (*httpapi.Body[[]Slot], error) {
	h, err := s.hall(in.Code)
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.Slots(ctx, h, in.Kind, in.Day))
}

func (s *Service) getQuality(ctx context.Context, in *HallIn) (*httpapi.Body[[]EstimateQuality], error) {
	h, err := s.hall(in.Code)
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.EstimateQualities(ctx, h))
}

// TicketAsk is what a number, or a slot, is asked for with.
type TicketAsk struct {
	Services []TicketService `json:"services" minItems:"1" maxItems:"5"`
	Class    string          `json:"class,omitempty" maxLength:"40" doc:"Of priority"`
	Channel  Channel         `json:"channel,omitempty" enum:"counter,phone,video"`
	At       time.Time       `json:"at,omitzero" doc:"book-slot: the slot"`
	Name     string          `json:"name,omitempty" maxLength:"60"`
	IDNumber string          `json:"id_number,omitempty" maxLength:"40" doc:"As read from an identity card, or typed"`
	Phone    string          `json:"phone,omitempty" maxLength:"20"`
	Key      string          `json:"key,omitempty" maxLength:"64" doc:"Of the hall's kiosk"`
	Presence string          `json:"presence,omitempty" maxLength:"8" doc:"What stands on the hall's boards today"`
	Source   string          `json:"source,omitempty" enum:"reception,call," doc:"At reception: how the person asks for it, standing there when empty"`
	Ask      bool            `json:"ask,omitempty" doc:"book-slot at reception: the person is asked to confirm it themselves, for who books for another"`
}

func (in TicketAsk) identity() vault.Identity {
	who := vault.Identity{}
	for k, v := range map[vault.Kind]string{vault.Name: in.Name, vault.IDNumber: in.IDNumber, vault.Phone: in.Phone} {
		if v != "" {
			who[k] = v
		}
	}
	return who
}

func (s *Service) takeTicket(ctx context.Context, in *struct {
	HallIn
	Body TicketAsk
}) (*httpapi.Body[MyTicket], error) {
	h, err := s.hall(in.Code)
	if err != nil {
		return nil, err
	}
	who := httpapi.Actor(ctx)
	t := Taking{Services: in.Body.Services, Class: in.Body.Class, Channel: in.Body.Channel}
	switch {
	case s.isStaff(ctx, h):
		t.Source, t.Who = "reception", in.Body.identity()
	case in.Body.Key != "" && same(in.Body.Key, s.kioskKey(h.Code)):
		t.Source, t.Who = "kiosk", in.Body.identity()
	case who.Person == 0:
		return nil, httpapi.Fail(http.StatusUnauthorized, "sign_in")
	default:
		t.Source, t.Person = "phone", who.Person
		// By phone or video one waits wherever one is.
		if (t.Channel == "" || t.Channel == Counter) && !same(in.Body.Presence, s.presence(h.Code, s.today(s.Store.Now()))) {
			return nil, httpapi.FailField("presence", "presence_wrong")
		}
	}
	made, err := s.Take(ctx, who, h, t)
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.mine(ctx, made))
}

func (s *Service) bookSlot(ctx context.Context, in *struct {
	HallIn
	Body TicketAsk
}) (*httpapi.Body[MyTicket], error) {
	h, err := s.hall(in.Code)
	if err != nil {
		return nil, err
	}
	who := httpapi.Actor(ctx)
	b := Booking{Services: in.Body.Services, Class: in.Body.Class, Channel: in.Body.Channel, At: in.Body.At, Person: who.Person, Source: "phone"}
	if who.Kind != account.Citizen {
		if _, err := s.at(who, in.Code, "greeter", "hall_manager"); err != nil {
			return nil, err
		}
		if in.Body.Phone == "" { // nobody could be told
			return nil, httpapi.FailField("phone", "required")
		}
		b.Person, b.Source, b.Who = 0, cmp.Or(in.Body.Source, "reception"), in.Body.identity()
	}
	t, err := s.Reserve(ctx, who, h, b)
	if err == nil && byStaff(b.Source) {
		action := TicketAction("confirm") // they have said so
		if in.Body.Ask {
			action = "preconfirm"
		}
		t, err = s.Confirm(ctx, who, t.ID, action)
	}
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.mine(ctx, t))
}

// holds finds a visit for its person, or for who holds its paper; else there is none.
func (s *Service) holds(ctx context.Context, id store.ID, key string) (Ticket, error) {
	t, err := getTicket(ctx, s.Store, id)
	if err != nil {
		return t, err
	}
	who := httpapi.Actor(ctx)
	if who.Person != 0 && who.Person == t.Person || same(key, s.ticketKey(t.ID)) {
		return t, nil
	}
	return t, store.ErrNotFound
}

func (s *Service) getTicketOf(ctx context.Context, in *struct {
	ID  httpapi.PathID `path:"id"`
	Key string         `query:"key" maxLength:"64"`
}) (*httpapi.Body[MyTicket], error) {
	t, err := s.holds(ctx, in.ID.ID, in.Key)
	if errors.Is(err, store.ErrNotFound) && t.ID != 0 {
		if h, herr := s.hall(t.Hall); herr == nil && s.isStaff(ctx, h) {
			err = nil
		}
	}
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.mine(ctx, t))
}

func (s *Service) actOwn(ctx context.Context, in *struct {
	ID   httpapi.PathID `path:"id"`
	Body struct {
		Action  string `json:"action" enum:"confirm,check_in,rejoin,come_back,cancel"`
		Version int    `json:"version,omitempty" minimum:"0"`
		Key     string `json:"key,omitempty" maxLength:"64"`
		Kiosk   string `json:"kiosk,omitempty" maxLength:"64" doc:"Key of the hall's kiosk, in place of presence"`
		At      string `json:"presence,omitempty" maxLength:"8" doc:"What stands on the hall's boards today"`
	}
}) (*httpapi.Body[MyTicket], error) {
	t, err := s.holds(ctx, in.ID.ID, in.Body.Key)
	if err != nil {
		return nil, err
	}
	who := httpapi.Actor(ctx)
	action := TicketAction(in.Body.Action)
	if action != "confirm" && action != "cancel" && t.Channel == Counter && !same(in.Body.Kiosk, s.kioskKey(t.Hall)) && !same(in.Body.At, s.presence(t.Hall, s.today(s.Store.Now()))) {
		return nil, httpapi.FailField("presence", "presence_wrong")
	}
	if action == "confirm" {
		t, err = s.Confirm(ctx, who, t.ID, action)
	} else {
		t, err = s.Act(ctx, who, t.ID, byHolder, in.Body.Version, action, Doing{})
	}
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.mine(ctx, t))
}

func (s *Service) listOwn(ctx context.Context, _ *struct{}) (*httpapi.Body[[]MyTicket], error) {
	out := []MyTicket{}
	who := httpapi.Actor(ctx)
	if who.Person == 0 {
		return httpapi.Answer(out, nil)
	}
	rows, err := store.Select[Ticket](ctx, s.Store, `SELECT `+ticketColumns+` FROM hall_ticket WHERE person = ? ORDER BY id DESC LIMIT 30`, who.Person)
	if err != nil {
		return nil, err
	}
	for _, t := range rows {
		m, err := s.mine(ctx, t)
		if err != nil {
			continue // of a hall that the pack no longer has
		}
		out = append(out, m)
	}
	return httpapi.Answer(out, nil)
}

func (s *Service) getDesk(ctx context.Context, in *HallIn) (*httpapi.Body[WindowDesk], error) {
	who := httpapi.Actor(ctx)
	h, err := s.at(who, in.Code, staffRoles...)
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.Desk(ctx, who.Account, h))
}

// WindowIn is a window in a path.
type WindowIn struct {
	HallIn
	Window string `path:"n" maxLength:"20"`
}

func (s *Service) openWindow(ctx context.Context, in *struct {
	WindowIn
	Body struct {
		Channels []Channel `json:"channels,omitempty" maxItems:"3" doc:"None is all that the window takes"`
	}
}) (*httpapi.Body[WindowDesk], error) {
	who := httpapi.Actor(ctx)
	h, err := s.at(who, in.Code, "intake_clerk", "stuck_clerk")
	if err == nil {
		err = s.Sit(ctx, who, h, in.Window, in.Body.Channels)
	}
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.Desk(ctx, who.Account, h))
}

func (s *Service) closeWindow(ctx context.Context, in *WindowIn) (*httpapi.Body[WindowDesk], error) {
	who := httpapi.Actor(ctx)
	h, err := s.at(who, in.Code, "intake_clerk", "stuck_clerk", "hall_manager")
	if err == nil {
		err = s.Rise(ctx, who, h, in.Window)
	}
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.Desk(ctx, who.Account, h))
}

// CalledNext is who was called.
type CalledNext struct {
	Ticket *Ticket `json:"ticket,omitempty" doc:"Absent where nobody waits for this window"`
}

func (s *Service) callNext(ctx context.Context, in *HallIn) (*httpapi.Body[CalledNext], error) {
	who := httpapi.Actor(ctx)
	h, err := s.at(who, in.Code, "intake_clerk", "stuck_clerk")
	if err != nil {
		return nil, err
	}
	t, err := s.Next(ctx, who, h)
	return httpapi.Answer(CalledNext{t}, err)
}

func (s *Service) actOn(ctx context.Context, in *struct {
	ID   httpapi.PathID `path:"id"`
	Body struct {
		Doing
		Action  string `json:"action" enum:"call,recall,miss,start,park,pend,transfer,next,arrange,finish,rejoin,come_back,favour,cancel,check_in,confirm"`
		Version int    `json:"version,omitempty" minimum:"0"`
	}
}) (*httpapi.Body[Ticket], error) {
	who := httpapi.Actor(ctx)
	t, err := getTicket(ctx, s.Store, in.ID.ID)
	if err != nil {
		return nil, err
	}
	if _, err := s.at(who, t.Hall, staffRoles...); err != nil {
		return nil, err
	}
	action := TicketAction(in.Body.Action)
	as := byReception
	if slices.Contains(ticketLaws[action].by, byClerk) {
		as = byClerk
	}
	// Who has no window open does it as the reception, where that may.
	if as == byClerk && slices.Contains(ticketLaws[action].by, byReception) {
		h, _ := s.hall(t.Hall)
		if _, _, err := s.sitting(ctx, s.Store, who, h); err != nil {
			as = byReception
		}
	}
	if action == "confirm" {
		return httpapi.Answer(s.Confirm(ctx, who, t.ID, action))
	}
	return httpapi.Answer(s.Act(ctx, who, t.ID, as, in.Body.Version, action, in.Body.Doing))
}

func (s *Service) getHistory(ctx context.Context, in *struct {
	ID httpapi.PathID `path:"id"`
}) (*httpapi.Body[[]TicketEvent], error) {
	t, err := getTicket(ctx, s.Store, in.ID.ID)
	if err == nil {
		_, err = s.at(httpapi.Actor(ctx), t.Hall, staffRoles...)
	}
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(ticketEvents(ctx, s.Store, t.ID))
}

func (s *Service) getDay(ctx context.Context, in *HallIn) (*httpapi.Body[HallDay], error) {
	h, err := s.at(httpapi.Actor(ctx), in.Code, "hall_manager")
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.Day(ctx, h))
}

func (s *Service) setDay(ctx context.Context, in *struct {
	HallIn
	Body struct {
		Day    string `json:"day" maxLength:"10"`
		Opens  string `json:"opens" maxLength:"5" doc:"Empty: closed"`
		Closes string `json:"closes" maxLength:"5"`
		Reason string `json:"reason" minLength:"2" maxLength:"200"`
	}
}) (*httpapi.Body[HallDay], error) {
	who := httpapi.Actor(ctx)
	h, err := s.at(who, in.Code, "hall_manager")
	if err == nil {
		err = s.SetDay(ctx, who, h, in.Body.Day, opening{in.Body.Opens, in.Body.Closes, in.Body.Reason})
	}
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.Day(ctx, h))
}

// HallForecast is what a day to come will be.
type HallForecast struct {
	Day    string     `json:"day"`
	Days   int        `json:"days" doc:"Same weekdays that it stands on"`
	Halves []HalfHour `json:"halves"`

	Last ForecastError `json:"last" doc:"How the forecasts of the last seven days came out"`
}

func (s *Service) getForecast(ctx context.Context, in *struct {
	HallIn
	Day     string `query:"day" maxLength:"10" required:"true"`
	Windows int    `query:"windows" minimum:"-1" maximum:"200" default:"-1" doc:"-1 as planned"`
}) (*httpapi.Body[HallForecast], error) {
	h, err := s.at(httpapi.Actor(ctx), in.Code, "hall_manager")
	if err != nil {
		return nil, err
	}
	out := HallForecast{Day: in.Day}
	if out.Halves, out.Days, err = s.Forecast(ctx, h, in.Day, in.Windows); err != nil {
		return nil, err
	}
	out.Last, err = s.ForecastError(ctx, h)
	return httpapi.Answer(out, err)
}

func (s *Service) listBookings(ctx context.Context, in *struct {
	HallIn
	Day string `query:"day" maxLength:"10" required:"true"`
}) (*httpapi.Body[[]Ticket], error) {
	h, err := s.at(httpapi.Actor(ctx), in.Code, "greeter", "hall_manager")
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.Bookings(ctx, h, in.Day))
}
