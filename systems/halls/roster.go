package halls

import (
	"context"
	"errors"
	"slices"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/calendar"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// The roster of a hall (窗口排班): who is to sit at which window when, as shifts of the
// district's roster (core/account) beside which the window is kept. The pack's plan says
// when windows are to be open; where nobody is rostered for that there is a gap (缺岗).

// HallSpan is a time from an instant until another.
type HallSpan struct {
	From store.Time `json:"from"`
	To   store.Time `json:"to"`
}

// uncovered is what of some spans no other covers, in order.
func uncovered(need, have []HallSpan) []HallSpan {
	out := []HallSpan{}
	have = slices.SortedFunc(slices.Values(have), func(a, b HallSpan) int { return a.From.Compare(b.From.Time) })
	for _, n := range need {
		at := n.From
		for _, h := range have {
			if !h.To.After(at.Time) || !h.From.Before(n.To.Time) {
				continue
			}
			if h.From.After(at.Time) {
				out = append(out, HallSpan{at, h.From})
			}
			at = h.To
		}
		if at.Before(n.To.Time) {
			out = append(out, HallSpan{at, n.To})
		}
	}
	return out
}

// planOf is when the plan has a window open on a day, by what the calendar and the
// manager say of the day.
func (s *Service) planOf(h *Hall, window string, day time.Time, set *opening) ([]HallSpan, error) {
	out := []HallSpan{}
	cal, err := s.Book.Current(h.Calendar)
	if err != nil || set == nil && !cal.IsWorkingDay(calendar.DateOf(day)) || set != nil && set.Opens == "" {
		return out, err
	}
	for _, p := range h.plan {
		if !slices.Contains(p.days, day.Weekday()) || !slices.Contains(p.windows, window) {
			continue
		}
		x := HallSpan{store.At(day.Add(p.from)), store.At(day.Add(p.to))}
		if n := len(out); n > 0 && !x.From.After(out[n-1].To.Time) {
			out[n-1].To = x.To
			continue
		}
		out = append(out, x)
	}
	return out, nil
}

// HallDuty is that somebody is to sit at a window.
type HallDuty struct {
	ID     store.ID   `bun:"id" json:"id"`
	Window string     `bun:"window_code" json:"window"`
	Clerk  store.ID   `bun:"clerk" json:"clerk"`
	Name   string     `bun:"name" json:"name"`
	From   store.Time `bun:"since" json:"from"`
	To     store.Time `bun:"until" json:"to"`
	Note   string     `bun:"note" json:"note,omitempty"`
	Lacks  []string   `bun:"-" json:"lacks" doc:"Kinds of the window that they may not serve"`
	Absent bool       `bun:"-" json:"absent" doc:"It is their time, and they do not sit there"`
}

func (d HallDuty) span() HallSpan { return HallSpan{d.From, d.To} }

const dutyQuery = `SELECT x.id, d.window_code, x.account AS clerk, a.name, x.since, x.until, x.note FROM hall_duty d JOIN shift x ON x.id = d.shift JOIN account a ON a.id = x.account WHERE x.ended_at IS NULL AND d.hall = ? AND x.since < ? AND x.until > ?`

// duties are a hall's in a time, the earliest first.
func duties(ctx context.Context, q store.Querier, hall string, from, to time.Time) ([]HallDuty, error) {
	return store.Select[HallDuty](ctx, q, dutyQuery+` ORDER BY x.since, x.id`, hall, store.At(to), store.At(from))
}

// RosterWindow is a window's day.
type RosterWindow struct {
	Code    string     `json:"code"`
	Name    Text       `json:"name"`
	Planned []HallSpan `json:"planned"`
	Duties  []HallDuty `json:"duties"`
	Gaps    []HallSpan `json:"gaps" doc:"Planned, and nobody is rostered"`
	Sitting string     `json:"sitting,omitempty" doc:"Who sits there now"`
	Since   store.Time `json:"since,omitzero"`
}

// RosterDay is a day of the week in sum.
type RosterDay struct {
	Day     string `json:"day"`
	Planned int    `json:"planned" doc:"Minutes that windows are planned to be open"`
	Gap     int    `json:"gap" doc:"Of those, minutes for which nobody is rostered"`
}

// RosterClerk is somebody who may be rostered.
type RosterClerk struct {
	Clerk   store.ID   `json:"clerk"`
	Name    string     `json:"name"`
	All     bool       `json:"all"`
	Kinds   []string   `json:"kinds"`
	Away    []HallSpan `json:"away" doc:"On leave"`
	Minutes int        `json:"minutes" doc:"Rostered in this week"`
}

// HallRoster is a hall's day, and its week in sum.
type HallRoster struct {
	Day     string         `json:"day"`
	From    store.Time     `json:"from" doc:"What a screen shows of the day"`
	To      store.Time     `json:"to"`
	Windows []RosterWindow `json:"windows"`
	Week    []RosterDay    `json:"week" doc:"From its monday"`
	Clerks  []RosterClerk  `json:"clerks"`
	Past    bool           `json:"past" doc:"It is over: nothing of it can be changed"`
}

func (x HallSpan) minutes() int { return int(x.To.Sub(x.From.Time).Minutes()) }

// day is the midnight at which a local day begins.
func (s *Service) day(day string) (time.Time, error) {
	at, err := time.ParseInLocation(time.DateOnly, day, s.book.Load().zone)
	if err != nil {
		return at, failField("day")
	}
	return at, nil
}

// Roster is a hall's roster of a day.
func (s *Service) Roster(ctx context.Context, h *Hall, day string) (HallRoster, error) {
	at, err := s.day(day)
	if err != nil {
		return HallRoster{}, err
	}
	now := s.Store.Now()
	monday := at.AddDate(0, 0, -(int(at.Weekday())+6)%7)
	out := HallRoster{Day: day, Windows: []RosterWindow{}, Week: []RosterDay{}, Clerks: []RosterClerk{}, Past: day < s.today(now), From: store.At(at.Add(8 * time.Hour)), To: store.At(at.Add(18 * time.Hour))}
	all, err := duties(ctx, s.Store, h.Code, monday, monday.AddDate(0, 0, 7))
	if err != nil {
		return out, err
	}
	clerks, err := s.clerks(ctx, s.Store, h)
	if err != nil {
		return out, err
	}
	sat, err := sittings(ctx, s.Store, h.Code)
	if err != nil {
		return out, err
	}
	for i := range 7 {
		d := monday.AddDate(0, 0, i)
		set, err := openingOf(ctx, s.Store, h.Code, d.Format(time.DateOnly))
		if err != nil {
			return out, err
		}
		sum := RosterDay{Day: d.Format(time.DateOnly)}
		for _, w := range h.Windows {
			x := RosterWindow{Code: w.Code, Name: w.Name, Duties: []HallDuty{}}
			if x.Planned, err = s.planOf(h, w.Code, d, set); err != nil {
				return out, err
			}
			var have []HallSpan
			for _, u := range all {
				if u.Window == w.Code && u.From.Before(d.AddDate(0, 0, 1)) && u.To.After(d) {
					x.Duties, have = append(x.Duties, u), append(have, u.span())
				}
			}
			x.Gaps = uncovered(x.Planned, have)
			for _, p := range x.Planned {
				sum.Planned += p.minutes()
			}
			for _, g := range x.Gaps {
				sum.Gap += g.minutes()
			}
			if sum.Day == day {
				s.fillRoster(&out, &x, &w, clerks, sat, now)
			}
		}
		out.Week = append(out.Week, sum)
	}
	away, err := s.away(ctx, clerks, at)
	if err != nil {
		return out, err
	}
	for _, c := range clerks {
		x := RosterClerk{Clerk: c.Clerk, Name: c.Name, All: c.All, Kinds: c.Kinds, Away: append([]HallSpan{}, away[c.Clerk]...)}
		for _, u := range all {
			if u.Clerk == c.Clerk {
				x.Minutes += u.span().minutes()
			}
		}
		out.Clerks = append(out.Clerks, x)
	}
	return out, nil
}

// fillRoster adds a window of the day that is shown.
func (s *Service) fillRoster(out *HallRoster, x *RosterWindow, w *HallWindow, clerks []ClerkSkill, sat []Sitting, now time.Time) {
	here := find(sat, func(y *Sitting) bool { return y.Window == w.Code })
	if here != nil && out.Day == s.today(now) {
		x.Sitting, x.Since = here.Name, here.Since
	}
	widen := func(y HallSpan) {
		if y.From.Before(out.From.Time) {
			out.From = y.From
		}
		if y.To.After(out.To.Time) {
			out.To = y.To
		}
	}
	for _, p := range x.Planned {
		widen(p)
	}
	for i := range x.Duties {
		d := &x.Duties[i]
		widen(d.span())
		d.Lacks = []string{}
		c := find(clerks, func(c *ClerkSkill) bool { return c.Clerk == d.Clerk })
		for _, k := range w.Kinds {
			if c == nil || !c.may(k) { // who works here no longer serves nothing
				d.Lacks = append(d.Lacks, k)
			}
		}
		d.Absent = !d.From.After(now) && d.To.After(now) && (here == nil || here.Clerk != d.Clerk)
	}
	out.Windows = append(out.Windows, *x)
}

// away is when clerks are on leave on a day.
func (s *Service) away(ctx context.Context, clerks []ClerkSkill, day time.Time) (map[store.ID][]HallSpan, error) {
	out := map[store.ID][]HallSpan{}
	if len(clerks) == 0 {
		return out, nil
	}
	args := []any{}
	for _, c := range clerks {
		args = append(args, int64(c.Clerk))
	}
	rows, err := store.Select[struct {
		Account      store.ID
		Since, Until store.Time
	}](ctx, s.Store, `SELECT account, since, until FROM shift WHERE `+store.AnyOf("account", len(clerks))+` AND kind = 'leave' AND ended_at IS NULL AND since < ? AND until > ? ORDER BY since`, append(args, store.At(day.AddDate(0, 0, 1)), store.At(day))...)
	for _, r := range rows {
		out[r.Account] = append(out[r.Account], HallSpan{r.Since, r.Until})
	}
	return out, err
}

// ownDuties are when a clerk is to sit where in a hall today.
func (s *Service) ownDuties(ctx context.Context, h *Hall, clerk store.ID, now time.Time) ([]HallDuty, error) {
	at, err := s.day(s.today(now))
	if err != nil {
		return nil, err
	}
	out, err := store.Select[HallDuty](ctx, s.Store, dutyQuery+` AND x.account = ? ORDER BY x.since, x.id`, h.Code, store.At(at.AddDate(0, 0, 1)), store.At(at), clerk)
	return append([]HallDuty{}, out...), err
}

// PutDuty has a clerk sit at a window from an instant until another of one day. It says
// window_rostered where somebody else does, and what of account.PutShift comes where the
// clerk is elsewhere, or away.
func (s *Service) PutDuty(ctx context.Context, who account.Actor, h *Hall, window string, clerk store.ID, from, to time.Time, note string) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return s.putDuty(ctx, tx, who, h, window, clerk, from, to, note)
	})
}

func (s *Service) putDuty(ctx context.Context, tx *store.Tx, who account.Actor, h *Hall, window string, clerk store.ID, from, to time.Time, note string) error {
	day := s.today(from)
	switch {
	case h.window(window) == nil:
		return failField("window")
	case !to.After(from) || s.today(to.Add(-time.Second)) != day:
		return failField("to")
	case day < s.today(s.Store.Now()):
		return failField("from") // what is over is history
	}
	if _, err := s.clerk(ctx, tx, h, clerk); err != nil {
		return failField("clerk")
	}
	a, err := s.Accounts.Actor(ctx, tx, clerk)
	if err != nil {
		return err
	}
	taken, err := duties(ctx, tx, h.Code, from, to)
	if err != nil {
		return err
	}
	if find(taken, func(d *HallDuty) bool { return d.Window == window }) != nil {
		return fail("window_rostered")
	}
	role := windowRoles[0]
	if !a.Has(role, h.Unit) {
		role = windowRoles[1]
	}
	x, err := s.Accounts.PutShiftFor(ctx, tx, who, account.Shift{Account: clerk, Kind: account.OnDuty, Role: role, Since: store.At(from), Until: store.At(to), Note: text.Mask(note)}, func(account.Shift, account.Actor) bool { return true })
	switch {
	case errors.Is(err, account.ErrOverlap):
		return fail("overlaps")
	case err != nil:
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO hall_duty (shift, hall, window_code) VALUES (?, ?, ?)`, x.ID, h.Code, window)
	return err
}

// DropDuty takes a duty of a hall back, unless it is over.
func (s *Service) DropDuty(ctx context.Context, who account.Actor, h *Hall, id store.ID) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		here, err := store.Get[string](ctx, tx, `SELECT hall FROM hall_duty WHERE shift = ?`, id)
		if err == nil && here != h.Code {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		return s.Accounts.DropShiftFor(ctx, tx, who, id, func(x account.Shift, _ account.Actor) bool { return x.Until.After(s.Store.Now()) })
	})
}

// CopyDuties has who sat at the windows on a day sit there at the same times of another.
// Who is elsewhere or away then, or whose window is taken, is left out.
func (s *Service) CopyDuties(ctx context.Context, who account.Actor, h *Hall, from, to string) (put, left int, err error) {
	a, err := s.day(from)
	if err != nil {
		return 0, 0, err
	}
	b, err := s.day(to)
	if err != nil || from == to {
		return 0, 0, failField("to")
	}
	list, err := duties(ctx, s.Store, h.Code, a, a.AddDate(0, 0, 1))
	if err != nil {
		return 0, 0, err
	}
	for _, d := range list {
		err := s.PutDuty(ctx, who, h, d.Window, d.Clerk, b.Add(d.From.Sub(a)), b.Add(d.To.Sub(a)), d.Note)
		var p *httpapi.Problem
		switch {
		case err == nil:
			put++
		case errors.As(err, &p) && p.Code != "invalid" || errors.Is(err, account.ErrNoPerson):
			left++
		default:
			return put, left, err
		}
	}
	return put, left, nil
}

// DutiesCopied is how a copy of a day went.
type DutiesCopied struct {
	Put    int        `json:"put"`
	Left   int        `json:"left" doc:"Could not: away, elsewhere, or the window is taken"`
	Roster HallRoster `json:"roster"`
}

func (s *Service) mountRoster(srv *httpapi.Server) {
	op := func(id, method, path, summary string) httpapi.Operation {
		return httpapi.Operation{ID: id, Method: method, Path: path, Tag: tag, Access: managing, Summary: summary}
	}
	httpapi.Register(srv, op("get-hall-roster", "GET", "/api/halls/{code}/roster", "Who is to sit at which window on a day (窗口排班), the gaps, who sits there now, and the week in sum"), func(ctx context.Context, in *struct {
		HallIn
		Day string `query:"day" maxLength:"10" required:"true"`
	}) (*httpapi.Body[HallRoster], error) {
		h, err := s.at(httpapi.Actor(ctx), in.Code, "hall_manager")
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.Roster(ctx, h, in.Day))
	})
	httpapi.Register(srv, op("put-hall-duty", "POST", "/api/halls/{code}/roster", "Have a clerk sit at a window"), func(ctx context.Context, in *struct {
		HallIn
		Body struct {
			Window string    `json:"window" maxLength:"20"`
			Clerk  store.ID  `json:"clerk"`
			From   time.Time `json:"from"`
			To     time.Time `json:"to"`
			Note   string    `json:"note,omitempty" maxLength:"100"`
		}
	}) (*httpapi.Body[HallRoster], error) {
		who, x := httpapi.Actor(ctx), in.Body
		h, err := s.at(who, in.Code, "hall_manager")
		if err == nil {
			err = s.PutDuty(ctx, who, h, x.Window, x.Clerk, x.From, x.To, x.Note)
		}
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.Roster(ctx, h, s.today(x.From)))
	})
	httpapi.Register(srv, op("drop-hall-duty", "POST", "/api/halls/{code}/roster/{id}/end", "Take a duty back"), func(ctx context.Context, in *struct {
		HallIn
		ID httpapi.PathID `path:"id"`
	}) (*httpapi.Empty, error) {
		who := httpapi.Actor(ctx)
		h, err := s.at(who, in.Code, "hall_manager")
		if err == nil {
			err = s.DropDuty(ctx, who, h, in.ID.ID)
		}
		return &httpapi.Empty{}, err
	})
	httpapi.Register(srv, op("copy-hall-roster", "POST", "/api/halls/{code}/roster-copies", "Roster a day as another was"), func(ctx context.Context, in *struct {
		HallIn
		Body struct {
			From string `json:"from" maxLength:"10"`
			To   string `json:"to" maxLength:"10"`
		}
	}) (*httpapi.Body[DutiesCopied], error) {
		who := httpapi.Actor(ctx)
		h, err := s.at(who, in.Code, "hall_manager")
		if err != nil {
			return nil, err
		}
		out := DutiesCopied{}
		if out.Put, out.Left, err = s.CopyDuties(ctx, who, h, in.Body.From, in.Body.To); err != nil {
			return nil, err
		}
		out.Roster, err = s.Roster(ctx, h, in.Body.To)
		return httpapi.Answer(out, err)
	})
}
