package halls

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"shanzhi/core/event"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// boards are the screens that listen to halls: boards, phones, windows. One reading of
// the events serves them all; it runs while somebody listens.
type boards struct {
	mu      sync.Mutex
	readers map[*boardReader]bool
	stop    context.CancelFunc
}

type boardReader struct {
	hall string
	out  chan TicketTold
	lost bool
}

func (b *boards) tell(events []event.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range events {
		if !strings.HasPrefix(e.Subject, System+".") {
			continue
		}
		var told TicketTold
		if json.Unmarshal(e.Body, &told) != nil || told.Hall == "" {
			continue
		}
		told.Person, told.Clerk = 0, 0
		for r := range b.readers {
			if r.hall != told.Hall {
				continue
			}
			select {
			case r.out <- told:
			default:
				r.lost = true
			}
		}
	}
}

func (s *Service) joinBoard(hall string) (*boardReader, func()) {
	b := &s.boards
	r := &boardReader{hall: hall, out: make(chan TicketTold, 128)}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.readers == nil {
		b.readers = map[*boardReader]bool{}
	}
	b.readers[r] = true
	if b.stop == nil {
		ctx, stop := context.WithCancel(context.Background())
		b.stop = stop
		go func() {
			for ctx.Err() == nil {
				if err := s.Bus.Tail(ctx, b.tell); err != nil && ctx.Err() == nil {
					slog.Error("the boards could not be told", "error", err)
					time.Sleep(time.Second)
				}
			}
		}()
	}
	return r, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if delete(b.readers, r); len(b.readers) == 0 {
			b.stop()
			b.stop = nil
		}
	}
}

func (b *boards) missed(r *boardReader) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	lost := r.lost
	r.lost = false
	return lost
}

// serveBoard streams what happens in a hall: server-sent events "told" with what stands
// on the boards anyhow, "reset" when the screen was too slow and must load again.
func (s *Service) serveBoard(srv *httpapi.Server) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h, err := s.hall(r.PathValue("code"))
		if err != nil {
			srv.Write(w, r, err)
			return
		}
		rd, leave := s.joinBoard(h.Code)
		defer leave()
		httpapi.Stream(w, r, "told", rd.out, func() bool { return s.boards.missed(rd) })
	}
}

// BoardCall is a number that is called, or served.
type BoardCall struct {
	Ticket store.ID    `json:"ticket"`
	No     string      `json:"no"`
	Name   string      `json:"name,omitempty" doc:"Masked"`
	Window string      `json:"window"`
	State  TicketState `json:"state"`
	Calls  int         `json:"calls"`
	At     store.Time  `json:"at"`
}

// BoardWindow is a window on the board.
type BoardWindow struct {
	Code string `json:"code"`
	Name Text   `json:"name"`
	Area string `json:"area"`
	Sort string `json:"sort"`
	Open bool   `json:"open"`
	No   string `json:"no,omitempty" doc:"Who is there, or called to it"`
}

// BoardKind is a kind of business on the board.
type BoardKind struct {
	Code     string    `json:"code"`
	Name     Text      `json:"name"`
	Area     string    `json:"area"`
	Book     bool      `json:"book"`
	Waiting  int       `json:"waiting"`
	Windows  int       `json:"windows" doc:"Open ones that serve it"`
	Longest  int       `json:"longest_seconds" doc:"Of who waits now"`
	Estimate *Estimate `json:"estimate,omitempty" doc:"For who would come now; absent where no window serves it"`
}

// HallBoard is a hall as its boards show it.
type HallBoard struct {
	Code     string        `json:"code"`
	Name     Text          `json:"name"`
	Address  string        `json:"address,omitempty"`
	Phone    string        `json:"phone,omitempty"`
	Open     bool          `json:"open"`
	At       store.Time    `json:"at"`
	Calls    []BoardCall   `json:"calls" doc:"Called last first"`
	Windows  []BoardWindow `json:"windows"`
	Kinds    []BoardKind   `json:"kinds"`
	Missed   []string      `json:"missed" doc:"Numbers that may come back today"`
	Classes  []Priority    `json:"classes" doc:"Of priority"`
	Presence string        `json:"presence,omitempty" doc:"Proves that one is here today: for the hall's own screens"`
}

// Board is how a hall stands now.
func (s *Service) Board(ctx context.Context, h *Hall) (HallBoard, error) {
	now := s.Store.Now()
	day := s.today(now)
	out := HallBoard{Code: h.Code, Name: h.Name, Address: h.Address, Phone: h.Phone, At: store.At(now), Calls: []BoardCall{}, Windows: []BoardWindow{}, Kinds: []BoardKind{}, Missed: []string{}, Classes: s.book.Load().rules.Priorities}
	if out.Classes == nil {
		out.Classes = []Priority{}
	}
	at, err := s.standing(ctx, s.Store, h, now)
	if err != nil {
		return out, err
	}
	if out.Open, err = s.open(ctx, s.Store, h, now); err != nil {
		return out, err
	}
	type row struct {
		ID               store.ID
		No, Name, Window string
		State            TicketState
		Calls, Missed    int
		CalledAt         store.Time
	}
	rows, err := store.Select[row](ctx, s.Store, `SELECT id, no, name, window_code AS "window", state, calls, missed, called_at FROM hall_ticket WHERE hall = ? AND day = ? AND state IN ('called', 'processing', 'missed') ORDER BY called_at DESC, id DESC`, h.Code, day)
	if err != nil {
		return out, err
	}
	there := map[string]string{}
	for _, r := range rows {
		if r.State == Missed {
			if r.Missed < s.book.Load().rules.Missed.Times && len(out.Missed) < 20 {
				out.Missed = append(out.Missed, r.No)
			}
			continue
		}
		there[r.Window] = r.No
		out.Calls = append(out.Calls, BoardCall{r.ID, r.No, r.Name, r.Window, r.State, r.Calls, r.CalledAt})
	}
	for _, w := range h.Windows {
		out.Windows = append(out.Windows, BoardWindow{w.Code, w.Name, w.Area, w.Sort, slices.ContainsFunc(at.posts, func(p post) bool { return p.window.Code == w.Code }), there[w.Code]})
	}
	for _, k := range h.Kinds {
		b := BoardKind{Code: k.Code, Name: k.Name, Area: k.Area, Book: k.Book}
		for _, x := range at.waiting {
			if x.Kind == k.Code {
				b.Waiting++
				b.Longest = max(b.Longest, int(now.Sub(x.Order).Seconds()))
			}
		}
		for _, p := range at.posts {
			if p.window.kind(k.Code) && (p.skills == nil || slices.Contains(p.skills, k.Code)) {
				b.Windows++
			}
		}
		b.Estimate = at.estimate(Waiting{Kind: k.Code, Channel: Counter, Order: now})
		out.Kinds = append(out.Kinds, b)
	}
	return out, nil
}

// MyTicket is a visit as its person sees it.
type MyTicket struct {
	Ticket
	HallName Text           `json:"hall_name"`
	Address  string         `json:"address,omitempty"`
	KindName Text           `json:"kind_name"`
	Window   Text           `json:"window_name,omitempty"`
	Estimate *Estimate      `json:"estimate,omitempty" doc:"While it waits"`
	Ahead    int            `json:"ahead" doc:"Called before it"`
	Can      []TicketAction `json:"can" doc:"What its person may do"`
	Key      string         `json:"key,omitempty" doc:"Opens it without signing in: it stands on the paper"`
	Wanting  string         `json:"wanting,omitempty" doc:"What to come back with"`
	Rate     string         `json:"rate,omitempty" doc:"Opens the rating of the visit, once it is over"`
}

// mine is a visit for its person.
func (s *Service) mine(ctx context.Context, t Ticket) (MyTicket, error) {
	out := MyTicket{Ticket: t, Can: []TicketAction{}}
	h, err := s.hall(t.Hall)
	if err != nil {
		return out, err
	}
	out.HallName, out.Address, out.Key = h.Name, h.Address, s.ticketKey(t.ID)
	if k := h.kind(t.Kind); k != nil {
		out.KindName = k.Name
	}
	if w := h.window(t.Window); w != nil && (t.State.AtWindow() || t.State.Over()) {
		out.Window = w.Name
	}
	now := s.Store.Now()
	for _, a := range []TicketAction{"confirm", "check_in", "rejoin", "come_back", "cancel"} {
		if _, ok := t.State.Leads(a); ok {
			out.Can = append(out.Can, a)
		}
	}
	if t.State == Queued && t.Day == s.today(now) {
		at, err := s.standing(ctx, s.Store, h, now)
		if err != nil {
			return out, err
		}
		for _, x := range at.waiting {
			if x.ID == int64(t.ID) {
				out.Ahead, out.Estimate = at.rules.aheadOf(h, at.waiting, x), at.estimate(x)
			}
		}
	}
	if t.State == Finished && s.RateLink != nil {
		out.Rate = s.RateLink(t.ID)
	}
	if t.State == Pending {
		events, err := ticketEvents(ctx, s.Store, t.ID)
		if err != nil {
			return out, err
		}
		for _, e := range events {
			if e.Action == "pend" {
				out.Wanting = e.Data.Reason
			}
		}
	}
	return out, nil
}

// DeskTicket is a visit in a clerk's list.
type DeskTicket struct {
	Ticket
	Ahead   int    `json:"place" doc:"1 is next for this window; 0 is not in its queue"`
	Wanting string `json:"wanting,omitempty"`
}

// WindowDesk is all that a clerk at a window needs.
type WindowDesk struct {
	Hall     *Hall        `json:"hall"`
	Open     bool         `json:"open"`
	Window   string       `json:"window,omitempty" doc:"The one that this clerk has open"`
	Channels []Channel    `json:"channels" doc:"That it takes now"`
	Sittings []Sitting    `json:"sittings"`
	Current  *DeskTicket  `json:"current,omitempty"`
	Waiting  []DeskTicket `json:"waiting" doc:"In the order in which this window calls them, then the others"`
	Aside    []DeskTicket `json:"aside" doc:"Parked, missed, to come back with papers"`
	Served   int          `json:"served" doc:"By this clerk today"`
	CallMost int          `json:"call_limit"`
	Classes  []Priority   `json:"classes"`
	Duties   []HallDuty   `json:"duties" doc:"When this clerk is to sit where today"`
	Serves   []string     `json:"serves" doc:"Kinds that this clerk serves at the window that they have open"`
}

// Desk is a hall for who works in it.
func (s *Service) Desk(ctx context.Context, clerk store.ID, h *Hall) (WindowDesk, error) {
	now := s.Store.Now()
	day := s.today(now)
	b := s.book.Load()
	out := WindowDesk{Hall: h, Channels: []Channel{}, Waiting: []DeskTicket{}, Aside: []DeskTicket{}, Serves: []string{}, CallMost: b.rules.Call.Limit, Classes: b.rules.Priorities}
	if out.Classes == nil {
		out.Classes = []Priority{}
	}
	var err error
	if out.Open, err = s.open(ctx, s.Store, h, now); err != nil {
		return out, err
	}
	if out.Sittings, err = sittings(ctx, s.Store, h.Code); err != nil {
		return out, err
	}
	if out.Duties, err = s.ownDuties(ctx, h, clerk, now); err != nil {
		return out, err
	}
	var w *HallWindow
	var can []string
	for _, x := range out.Sittings {
		if x.Clerk == clerk {
			out.Window, out.Channels, w, can = x.Window, x.channels(), h.window(x.Window), x.can()
			for _, k := range h.Kinds {
				if w != nil && w.kind(k.Code) && (can == nil || slices.Contains(can, k.Code)) {
					out.Serves = append(out.Serves, k.Code)
				}
			}
		}
	}
	waiting, err := queue(ctx, s.Store, h, day)
	if err != nil {
		return out, err
	}
	slices.SortFunc(waiting, b.rules.order)
	rows, err := store.Select[Ticket](ctx, s.Store, `SELECT `+ticketColumns+` FROM hall_ticket WHERE hall = ? AND (day = ? AND state IN ('queued', 'called', 'processing', 'parked', 'missed') OR state = 'pending') ORDER BY id`, h.Code, day)
	if err != nil {
		return out, err
	}
	byID := map[int64]Ticket{}
	for _, t := range rows {
		byID[int64(t.ID)] = t
		d := DeskTicket{Ticket: t}
		switch {
		case t.State.AtWindow() && t.Window == out.Window && out.Window != "":
			out.Current = &d
		case t.State == Parked || t.State == Missed || t.State == Pending:
			out.Aside = append(out.Aside, d)
		}
	}
	place := 0
	var others []DeskTicket
	for _, x := range waiting {
		t, ok := byID[x.ID]
		if !ok {
			continue
		}
		if w != nil && w.serves(x, out.Channels, can) {
			place++
			out.Waiting = append(out.Waiting, DeskTicket{Ticket: t, Ahead: place})
		} else {
			others = append(others, DeskTicket{Ticket: t})
		}
	}
	out.Waiting = append(out.Waiting, others...)
	return out, s.Store.QueryRow(ctx, `SELECT count(*) FROM hall_ticket WHERE hall = ? AND day = ? AND clerk = ? AND state = 'finished'`, h.Code, day, clerk).Scan(&out.Served)
}
