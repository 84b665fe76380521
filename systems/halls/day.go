package halls

import (
	"context"
	"fmt"
	"math"
	"sort"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/store"
)

// HallFigure is one of today's figures with what it counts.
type HallFigure struct {
	ID         string  `json:"id"`
	Value      float64 `json:"value"`
	N          int     `json:"n" doc:"Of how many"`
	Definition Text    `json:"definition"`
}

// HallDay is a hall's day for who manages it.
type HallDay struct {
	Hall      *Hall             `json:"hall"`
	Day       string            `json:"day"`
	Open      bool              `json:"open"`
	Opens     string            `json:"opens,omitempty" doc:"Set for this day by the manager"`
	Closes    string            `json:"closes,omitempty"`
	Board     HallBoard         `json:"board"`
	Sittings  []Sitting         `json:"sittings"`
	Figures   []HallFigure      `json:"figures"`
	Planned   []string          `json:"planned" doc:"Windows that the plan has open now"`
	Estimates []EstimateQuality `json:"estimates"`
	KioskKey  string            `json:"kiosk_key" doc:"Opens the hall's own screens: kiosk, board"`
}

// Day is how a hall's day stands.
func (s *Service) Day(ctx context.Context, h *Hall) (HallDay, error) {
	now := s.Store.Now()
	local := s.local(now)
	out := HallDay{Hall: h, Day: s.today(now), Planned: []string{}, KioskKey: s.kioskKey(h.Code)}
	var err error
	if out.Board, err = s.Board(ctx, h); err != nil {
		return out, err
	}
	out.Board.Presence, out.Open = s.presence(h.Code, out.Day), out.Board.Open
	if o, err := openingOf(ctx, s.Store, h.Code, out.Day); err != nil {
		return out, err
	} else if o != nil {
		out.Opens, out.Closes = o.Opens, o.Closes
	}
	if out.Sittings, err = sittings(ctx, s.Store, h.Code); err != nil {
		return out, err
	}
	clock := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute
	out.Planned = append(out.Planned, h.plannedWindows(local.Weekday(), clock)...)
	if out.Figures, err = s.figures(ctx, h, out.Day); err != nil {
		return out, err
	}
	out.Estimates, err = s.EstimateQualities(ctx, h)
	return out, err
}

// figures of a hall's day, each with its definition.
func (s *Service) figures(ctx context.Context, h *Hall, day string) ([]HallFigure, error) {
	rows, err := store.Select[struct {
		State                   TicketState
		No                      string
		CalledAt, Slot          store.Time
		FirstUs, WayUs, ServeUs int64
		Missed                  int
	}](ctx, s.Store, `SELECT state, no, called_at, slot, first_us, way_us, serve_us, missed FROM hall_ticket WHERE hall = ? AND day = ?`, h.Code, day)
	if err != nil {
		return nil, err
	}
	var waits, ways, serves []float64
	taken, finished, missed, booked, absent := 0, 0, 0, 0, 0
	for _, r := range rows {
		if r.No != "" {
			taken++
			if r.Missed > 0 {
				missed++
			}
			if !r.CalledAt.IsZero() {
				waits = append(waits, float64(r.FirstUs)/1e6)
			}
		}
		if r.WayUs > 0 {
			ways = append(ways, float64(r.WayUs)/1e6)
		}
		if r.State == Finished {
			finished++
			serves = append(serves, float64(r.ServeUs)/1e6)
		}
		if !r.Slot.IsZero() && (r.No != "" || r.State == Archived) {
			booked++
			if r.No == "" {
				absent++
			}
		}
	}
	mean := func(x []float64) float64 {
		sum := 0.0
		for _, v := range x {
			sum += v
		}
		return math.Round(sum / math.Max(1, float64(len(x))))
	}
	ninety := 0.0
	if len(waits) > 0 {
		sort.Float64s(waits)
		ninety = math.Round(waits[min(len(waits)-1, len(waits)*9/10)])
	}
	share := func(n, of int) float64 { return math.Round(1000*float64(n)/math.Max(1, float64(of))) / 10 }
	return []HallFigure{
		{"taken", float64(taken), taken, Text{"zh": "今天取到号的人次，含预约签到", "en": "Numbers given today, bookings that came included"}},
		{"finished", float64(finished), finished, Text{"zh": "今天在窗口办结的号", "en": "Finished at a window today"}},
		{"wait", mean(waits), len(waits), Text{"zh": "从取号（或签到）到第一次叫号的平均时间，只算已叫到的号", "en": "Mean time from the number (or check-in) to the first call, of those called"}},
		{"wait90", ninety, len(waits), Text{"zh": "十分之九的人等候不超过的时间，只算已叫到的号", "en": "Nine of ten waited no longer, of those called"}},
		{"way", mean(ways), len(ways), Text{"zh": "从叫号到走到窗口的平均时间，不计入等候", "en": "Mean time from the call to the window, not part of waiting"}},
		{"serve", mean(serves), len(serves), Text{"zh": "在窗口的平均时间，不含挂起，只算办结的号", "en": "Mean time at the window without what was parked, of those finished"}},
		{"missed", share(missed, taken), taken, Text{"zh": "过号至少一次的号占取号的百分比", "en": "Share of numbers that were missed at least once"}},
		{"no_show", share(absent, booked), booked, Text{"zh": "已到时间的预约中没有来的百分比", "en": "Share of bookings that were due and did not come"}},
	}, nil
}

// SetDay sets how a hall is open on a day beside its calendar (延时服务、临时停办);
// opens "" is closed.
func (s *Service) SetDay(ctx context.Context, who account.Actor, h *Hall, day string, o opening) error {
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return failField("day")
	}
	if o.Opens != "" {
		_, err := time.Parse("15:04", o.Opens)
		_, err2 := time.Parse("15:04", o.Closes)
		if o.Closes == "24:00" {
			err2 = nil
		}
		if err != nil || err2 != nil || o.Closes <= o.Opens {
			return failField("opens")
		}
	}
	now := s.Store.Now()
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO hall_day (id, hall, day, opens, closes, reason, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, tx.NewID(), h.Code, day, o.Opens, o.Closes, o.Reason, who.Account, store.At(now)); err != nil {
			return err
		}
		if err := s.tellWindow(ctx, tx, h.Code, "", store.At(now)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "halls.set_day", Object: "hall/" + h.Code, Reason: o.Reason}, map[string]any{"day": day, "opens": o.Opens, "closes": o.Closes})
	})
}

// HalfHour is half an hour of a day to come.
type HalfHour struct {
	From     string  `json:"from"`
	Arrivals float64 `json:"arrivals" doc:"Mean of the same weekdays before"`
	Windows  int     `json:"windows" doc:"As planned, or as asked"`
	Wait     int     `json:"wait_seconds" doc:"Mean wait that comes of it"`
	Left     float64 `json:"left" doc:"Still waiting at its end"`
}

// arrival is that somebody came for something.
type arrival struct {
	Day, Kind     string
	TakenAt, Slot store.Time
}

// half is the half hour of the day in which they came: who had booked, when they were to.
func (a arrival) half(zone *time.Location) int {
	t := a.TakenAt
	if !a.Slot.IsZero() {
		t = a.Slot
	}
	local := t.In(zone)
	return local.Hour()*2 + local.Minute()/30
}

// forecastWeeks are the same weekdays before that a forecast stands on.
const forecastWeeks = 4

// before are the days that the forecast of a day stands on.
func before(day time.Time) (out []any) {
	for i := 1; i <= forecastWeeks; i++ {
		out = append(out, day.AddDate(0, 0, -7*i).Format(time.DateOnly))
	}
	return out
}

func (s *Service) arrivals(ctx context.Context, h *Hall, days []any) ([]arrival, error) {
	return store.Select[arrival](ctx, s.Store, `SELECT day, kind, taken_at, slot FROM hall_ticket WHERE hall = ? AND no <> '' AND `+store.AnyOf("day", len(days)), append([]any{h.Code}, days...)...)
}

// Forecast foretells a day's arrivals each half hour from the last weeks, and the waits
// that so many windows make of them; windows -1 is as planned. The days that it stands
// on are told: with few it is a guess.
func (s *Service) Forecast(ctx context.Context, h *Hall, day string, windows int) (list []HalfHour, days int, err error) {
	zone := s.book.Load().zone
	at, err := s.day(day)
	if err != nil {
		return nil, 0, err
	}
	rows, err := s.arrivals(ctx, h, before(at))
	if err != nil {
		return nil, 0, err
	}
	m, err := s.measure(ctx, h)
	if err != nil {
		return nil, 0, err
	}
	seen := map[string]bool{}
	var came [48]float64
	work, n := 0.0, 0.0
	for _, r := range rows {
		seen[r.Day] = true
		came[r.half(zone)]++
		work += m.seconds(h, r.Kind)
		n++
	}
	if days = len(seen); days == 0 {
		return []HalfHour{}, 0, nil
	}
	each := work / n
	backlog := 0.0 // seconds of work that wait
	list = []HalfHour{}
	for i := range came {
		clock := time.Duration(i) * 30 * time.Minute
		w := windows
		planned := h.plannedWindows(at.Weekday(), clock)
		if windows < 0 || len(planned) == 0 {
			w = len(planned)
		}
		arrivals := came[i] / float64(days)
		if arrivals == 0 && w == 0 && backlog == 0 {
			continue
		}
		before := backlog
		backlog = math.Max(0, backlog+arrivals*each-float64(w)*1800)
		load := math.Min(0.95, arrivals*each/math.Max(1, float64(w)*1800))
		wait := 0.0
		if w > 0 {
			// Who comes finds half of what gathers before them; beside it, what chance makes
			// of the load (M/M/c by Sakasegawa's approximation).
			wait = (before+backlog)/2/float64(w) + each*math.Pow(load, math.Sqrt(2*float64(w+1))-1)/float64(w)/(1-load)
		}
		list = append(list, HalfHour{at.Add(clock).Format("15:04"), math.Round(arrivals*10) / 10, w, int(wait), math.Round(backlog/each*10) / 10})
	}
	return list, days, nil
}

// HalfError is how the forecast of a half hour came out over a week.
type HalfError struct {
	From     string  `json:"from"`
	Foretold float64 `json:"foretold" doc:"Mean of the week's days"`
	Came     float64 `json:"came"`
	Bias     float64 `json:"bias" doc:"foretold − came"`
}

// ForecastError is how the forecasts of the last seven days, as each would have been made
// the evening before, came out.
type ForecastError struct {
	From   string      `json:"from"`
	To     string      `json:"to"`
	Days   int         `json:"days" doc:"Of those, days that people came and that had a forecast"`
	Came   int         `json:"came"`
	Bias   float64     `json:"bias_percent" doc:"(foretold − came) / came over all: above 0 it foretold too many"`
	MAPE   float64     `json:"mape_percent" doc:"Mean over the half hours in which somebody came of |foretold − came| / came"`
	N      int         `json:"n" doc:"Half hours that MAPE is of"`
	Halves []HalfError `json:"halves"`
}

// forecastError compares what came on days with the mean of the same weekdays before
// each; by is who came, by day and half hour.
func forecastError(days []time.Time, by map[string]*[48]int) ForecastError {
	var out ForecastError
	var foretold, came [48]float64
	sum, apart := 0.0, 0.0
	for _, d := range days {
		real := by[d.Format(time.DateOnly)]
		var mean [48]float64
		n := 0.0
		for _, p := range before(d) {
			if past := by[p.(string)]; past != nil {
				n++
				for i, x := range past {
					mean[i] += float64(x)
				}
			}
		}
		if real == nil || n == 0 {
			continue
		}
		out.Days++
		for i, x := range real {
			f := mean[i] / n
			foretold[i], came[i] = foretold[i]+f, came[i]+float64(x)
			sum, out.Came = sum+f, out.Came+x
			if x > 0 {
				apart += math.Abs(f-float64(x)) / float64(x)
				out.N++
			}
		}
	}
	round := func(x float64) float64 { return math.Round(x*10) / 10 }
	out.Halves = []HalfError{}
	if out.Days == 0 {
		return out
	}
	for i := range came {
		if foretold[i]+came[i] == 0 {
			continue
		}
		n := float64(out.Days)
		out.Halves = append(out.Halves, HalfError{fmt.Sprintf("%02d:%02d", i/2, i%2*30), round(foretold[i] / n), round(came[i] / n), round((foretold[i] - came[i]) / n)})
	}
	out.Bias = round(100 * (sum - float64(out.Came)) / math.Max(1, float64(out.Came)))
	out.MAPE = round(100 * apart / math.Max(1, float64(out.N)))
	return out
}

// ForecastError measures a hall's forecasts of the seven days before today.
func (s *Service) ForecastError(ctx context.Context, h *Hall) (ForecastError, error) {
	zone := s.book.Load().zone
	today, err := s.day(s.today(s.Store.Now()))
	if err != nil {
		return ForecastError{}, err
	}
	var days []time.Time
	var read []any
	for i := 7; i >= 1; i-- {
		d := today.AddDate(0, 0, -i)
		days, read = append(days, d), append(append(read, d.Format(time.DateOnly)), before(d)...)
	}
	rows, err := s.arrivals(ctx, h, read)
	by := map[string]*[48]int{}
	for _, r := range rows {
		if by[r.Day] == nil {
			by[r.Day] = &[48]int{}
		}
		by[r.Day][r.half(zone)]++
	}
	out := forecastError(days, by)
	out.From, out.To = days[0].Format(time.DateOnly), days[6].Format(time.DateOnly)
	return out, err
}
