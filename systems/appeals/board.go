package appeals

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"shanzhi/core/httpapi"
	"shanzhi/core/metric"
	"shanzhi/core/store"
)

// Board is what a leader sees first.
type Board struct {
	At       time.Time       `json:"at"`
	Day      string          `json:"day" doc:"The local day that \"today\" means"`
	Figures  []metric.Figure `json:"figures"`
	States   []StateCount    `json:"states"`
	ByStreet []PlaceCount    `json:"by_street"`
	ByUnit   []UnitCount     `json:"by_unit"`
	ByItem   []ItemCount     `json:"by_item"`
	Trend    []DayCount      `json:"trend"`
	Heat     [][3]float64    `json:"heat" doc:"Longitude, latitude (WGS-84), weight: where appeals of the last 30 days are"`
}

// StateCount is how many open appeals stand in a state.
type StateCount struct {
	State string `json:"state"`
	Count int64  `json:"count"`
}

// PlaceCount is a street's line.
type PlaceCount struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Filed int64  `json:"filed" doc:"Filed in the last 30 days"`
	Open  int64  `json:"open"`
	Late  int64  `json:"late"`
	Near  int64  `json:"near"`
}

// UnitCount is a unit's line. Due and OnTime are of the month so far.
type UnitCount struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Due    int64  `json:"due"`
	OnTime int64  `json:"on_time"`
	Open   int64  `json:"open"`
	Late   int64  `json:"late"`
}

// ItemCount is a duty item's line.
type ItemCount struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Filed int64  `json:"filed" doc:"Filed in the last 30 days"`
	Open  int64  `json:"open"`
}

// DayCount is one day of the trend.
type DayCount struct {
	Day    string `json:"day"`
	Filed  int64  `json:"filed"`
	Closed int64  `json:"closed"`
	Due    int64  `json:"due"`
	OnTime int64  `json:"on_time"`
}

// The board's windows.
const (
	boardDays = 30
	nearHours = 24
)

// Definitions of the board's figures. Each says what is counted over what.
var figures = map[string]metric.Definition{
	"filed_today":  {Name: metric.Text{"zh": "今日新增", "en": "Filed today"}, Unit: "件", Numerator: metric.Text{"zh": "今天（本地日历日）登记的诉求", "en": "Appeals filed on this local calendar day"}},
	"closed_today": {Name: metric.Text{"zh": "今日办结", "en": "Closed today"}, Unit: "件", Numerator: metric.Text{"zh": "今天办结且现在仍为办结的诉求；被重新打开的不计", "en": "Appeals closed today that are still closed; what was reopened does not count"}},
	"open":         {Name: metric.Text{"zh": "在办", "en": "Open"}, Unit: "件", Numerator: metric.Text{"zh": "现在没有办结的诉求", "en": "Appeals that are open now"}},
	"late":         {Name: metric.Text{"zh": "超期在办", "en": "Late"}, Unit: "件", Numerator: metric.Text{"zh": "现在没有办结，且有一个正在走的时限已到期的诉求", "en": "Open appeals with a running clock past its due"}},
	"near":         {Name: metric.Text{"zh": "24 小时内到期", "en": "Due in 24 hours"}, Unit: "件", Numerator: metric.Text{"zh": "办理时限在今后 24 小时内到期、尚未答复的诉求", "en": "Appeals whose handling limit ends within 24 hours and that are not answered"}},
	"on_time": {Name: metric.Text{"zh": "本月按时办结率", "en": "On time this month"}, Unit: "%", Numerator: metric.Text{"zh": "在办理时限（含经批准的延期）内办结的件数", "en": "Of those, the ones handled within the limit, approved extensions included"},
		Denominator: metric.Text{"zh": "办理时限在本月 1 日至今到期的全部件数，包括到期仍未办结的；未到期的不计", "en": "All whose handling limit ended this month so far, the unanswered included; what is not due yet does not count"}},
	"solved": {Name: metric.Text{"zh": "本月解决率", "en": "Solved this month"}, Unit: "%", Numerator: metric.Text{"zh": "市民认为已解决（计 1）或部分解决（计 0.5）的件数", "en": "Appeals that their citizens call solved (1) or partly solved (0.5)"},
		Denominator: metric.Text{"zh": "本月收到的有效评价件数；未联系上的不计", "en": "Valid ratings received this month; the unreached do not count"}},
	"satisfied": {Name: metric.Text{"zh": "本月满意率", "en": "Satisfied this month"}, Unit: "%", Numerator: metric.Text{"zh": "对结果打 4–5 分（计 1）或 3 分（计 0.6）的件数", "en": "Ratings of the result of 4–5 (1) or 3 (0.6)"},
		Denominator: metric.Text{"zh": "本月收到的有效评价件数", "en": "Valid ratings received this month"}},
	"rated": {Name: metric.Text{"zh": "本月参评率", "en": "Participation this month"}, Unit: "%", Numerator: metric.Text{"zh": "本月收到的有效评价件数", "en": "Valid ratings received this month"},
		Denominator: metric.Text{"zh": "本月办结的件数", "en": "Appeals closed this month"}},
}

func (s *Service) board(ctx context.Context, _ *struct{}) (*httpapi.Body[Board], error) {
	if !httpapi.Actor(ctx).Scope().All {
		return nil, httpapi.Fail(http.StatusForbidden, "forbidden")
	}
	b, err := s.Board(ctx)
	return httpapi.Answer(b, err)
}

// Board makes the board as of now.
func (s *Service) Board(ctx context.Context) (Board, error) {
	d := s.district.Load()
	now := s.Store.Now()
	local := now.In(d.zone)
	today := local.Format(time.DateOnly)
	month := time.Date(local.Year(), local.Month(), 1, 0, 0, 0, 0, d.zone)
	from := time.Date(local.Year(), local.Month(), local.Day()-boardDays+1, 0, 0, 0, 0, d.zone)
	b := Board{At: now, Day: today}

	first := from
	if month.Before(first) {
		first = month
	}
	var (
		counts map[tallyKey]int64
		due    dueCounts
		rated  ratings
	)
	// The parts are read side by side.
	work, workCtx := errgroup.WithContext(ctx)
	work.Go(func() (err error) {
		counts, err = s.counts(workCtx, daysOf(first, local), daysOf(from, local))
		return err
	})
	work.Go(func() (err error) {
		due, err = s.dueCounts(workCtx, first, month, now, d.zone)
		return err
	})
	work.Go(func() (err error) {
		if rated, err = s.ratings(workCtx, month, now); err == nil {
			b.Heat, err = s.heat(workCtx, store.IDAt(from))
		}
		return err
	})
	if err := work.Wait(); err != nil {
		return b, err
	}
	closedThisMonth := int64(0)
	for day := month; !day.After(local); day = day.AddDate(0, 0, 1) {
		closedThisMonth += counts[tallyKey{"closed", day.Format(time.DateOnly), "all", ""}]
	}
	list := func(q ...string) string {
		v := url.Values{}
		for i := 0; i+1 < len(q); i += 2 {
			v.Set(q[i], q[i+1])
		}
		return "/api/appeals?" + v.Encode()
	}
	monthDay, todayRows := month.Format(time.DateOnly), list("since", today)
	b.Figures = []metric.Figure{
		figures["filed_today"].Count("filed_today", counts[tallyKey{"filed", today, "all", ""}], todayRows),
		figures["closed_today"].Count("closed_today", counts[tallyKey{"closed", today, "all", ""}], list("open", "false", "closed_since", today)),
		figures["open"].Count("open", counts[tallyKey{"open", "", "all", ""}], list("open", "true")),
		figures["late"].Count("late", counts[tallyKey{"late", "", "all", ""}], list("open", "true", "late", "true", "order", "due")),
		figures["near"].Count("near", due.near, list("near", "true", "order", "due")),
		figures["on_time"].Ratio("on_time", float64(due.month.OnTime), float64(due.month.Due), list("due_since", monthDay, "due_until", "now")),
		figures["solved"].Ratio("solved", rated.solved, float64(rated.n), list("rated_since", monthDay)),
		figures["satisfied"].Ratio("satisfied", rated.satisfied, float64(rated.n), list("rated_since", monthDay)),
		figures["rated"].Ratio("rated", float64(rated.n), float64(closedThisMonth), list("rated_since", monthDay)),
	}
	streets, units, items := map[string]*PlaceCount{}, map[string]*UnitCount{}, map[string]*ItemCount{}
	tree := s.Dir.Tree()
	for code, p := range d.places {
		if p.Level == "street" {
			streets[code] = &PlaceCount{Code: code, Name: p.Name, Near: due.nearByStreet[code]}
		}
	}
	unit := func(code string) *UnitCount {
		if units[code] == nil {
			units[code] = &UnitCount{Code: code, Name: tree.Name(code)}
		}
		return units[code]
	}
	for _, day := range daysOf(from, local) {
		c := DayCount{Day: day, Filed: counts[tallyKey{"filed", day, "all", ""}], Closed: counts[tallyKey{"closed", day, "all", ""}]}
		if dd := due.days[day]; dd != nil {
			c.Due, c.OnTime = dd.Due, dd.OnTime
		}
		b.Trend = append(b.Trend, c)
	}
	for k, n := range counts {
		switch {
		case k.dim == "state" && k.measure == "open" && n > 0:
			b.States = append(b.States, StateCount{k.key, n})
		case k.dim == "street" && streets[k.key] != nil:
			p := streets[k.key]
			switch k.measure {
			case "filed":
				p.Filed += n
			case "open":
				p.Open += n
			case "late":
				p.Late += n
			}
		case k.dim == "unit" && k.key != "" && k.day == "":
			if k.measure == "open" {
				unit(k.key).Open += n
			} else if k.measure == "late" {
				unit(k.key).Late += n
			}
		case k.dim == "item" && k.key != "":
			if items[k.key] == nil {
				items[k.key] = &ItemCount{Code: k.key, Name: k.key}
				if it := d.duty.Item(k.key); it != nil {
					items[k.key].Name = it.Name()
				}
			}
			if k.measure == "filed" {
				items[k.key].Filed += n
			} else if k.measure == "open" {
				items[k.key].Open += n
			}
		}
	}
	for code, c := range due.units {
		if code != "" {
			u := unit(code)
			u.Due, u.OnTime = c.Due, c.OnTime
		}
	}
	for _, p := range streets {
		b.ByStreet = append(b.ByStreet, *p)
	}
	for _, u := range units {
		if u.Open != 0 || u.Due != 0 {
			b.ByUnit = append(b.ByUnit, *u)
		}
	}
	for _, it := range items {
		if it.Filed > 0 {
			b.ByItem = append(b.ByItem, *it)
		}
	}
	slices.SortFunc(b.States, func(x, y StateCount) int { return int(y.Count-x.Count)*2 + strings.Compare(x.State, y.State) })
	slices.SortFunc(b.ByStreet, func(x, y PlaceCount) int { return strings.Compare(x.Code, y.Code) })
	slices.SortFunc(b.ByUnit, func(x, y UnitCount) int {
		if d := (y.Late - x.Late); d != 0 {
			return int(d)
		}
		if d := (y.Open - x.Open); d != 0 {
			return int(d)
		}
		return strings.Compare(x.Code, y.Code)
	})
	slices.SortFunc(b.ByItem, func(x, y ItemCount) int {
		if d := y.Filed - x.Filed; d != 0 {
			return int(d)
		}
		return strings.Compare(x.Code, y.Code)
	})
	b.ByItem = b.ByItem[:min(20, len(b.ByItem))]
	return b, nil
}

// daysOf are the local days from one to another.
func daysOf(from, to time.Time) (days []string) {
	for ; !from.After(to); from = from.AddDate(0, 0, 1) {
		days = append(days, from.Format(time.DateOnly))
	}
	return days
}

// counts reads the tallies that the board shows: what stands now; what was filed
// and closed on each of the days; and, under no day, what was filed by street and
// item in the window.
func (s *Service) counts(ctx context.Context, days, window []string) (map[tallyKey]int64, error) {
	rows, err := s.Store.Query(ctx, `SELECT measure, day, dim, key, n FROM appeal_tally WHERE measure IN ('open', 'late') AND day = ''
 UNION ALL SELECT measure, day, dim, key, n FROM appeal_tally WHERE measure IN ('filed', 'closed') AND `+store.AnyOf("day", len(days))+` AND dim = 'all'
 UNION ALL SELECT 'filed', '', dim, key, CAST(sum(n) AS BIGINT) FROM appeal_tally WHERE measure = 'filed' AND `+store.AnyOf("day", len(window))+` AND dim IN ('street', 'item') GROUP BY dim, key`,
		append(store.Args(days...), store.Args(window...)...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[tallyKey]int64{}
	for rows.Next() {
		var k tallyKey
		var n int64
		if err := rows.Scan(&k.measure, &k.day, &k.dim, &k.key, &n); err != nil {
			return nil, err
		}
		out[k] += n
	}
	return out, rows.Err()
}

type dueCount struct{ Due, OnTime int64 }

type dueCounts struct {
	near         int64
	nearByStreet map[string]int64
	month        dueCount
	units        map[string]dueCount
	days         map[string]*dueCount
}

// dueCounts counts the handling clocks that were due: those that were stopped
// in time, and all, the ones still running included. What the unit gave back
// has no verdict and does not count.
func (s *Service) dueCounts(ctx context.Context, first, month, now time.Time, zone *time.Location) (dueCounts, error) {
	c := dueCounts{nearByStreet: map[string]int64{}, units: map[string]dueCount{}, days: map[string]*dueCount{}}
	var bounds []any
	day := first
	for day.Before(now) {
		next := time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, zone)
		end := next
		if now.Before(end) {
			end = now
		}
		bounds = append(bounds, len(bounds)/3, store.At(day), store.At(end))
		day = next
	}
	type group struct {
		Day           int
		Outcome, Unit string
		N             int64
	}
	one := "(CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT))"
	groups, err := store.Select[group](ctx, s.Store, `WITH days (day, low, high) AS (VALUES `+one+strings.Repeat(", "+one, len(bounds)/3-1)+`)
 SELECT day, outcome, unit, count(*) AS n FROM days CROSS JOIN matter_clock WHERE clock = 'handle' AND due_at >= low AND due_at < high GROUP BY day, outcome, unit`, bounds...)
	if err != nil {
		return c, err
	}
	for _, g := range groups {
		if g.Outcome == "void" || g.Outcome == "paused" {
			continue
		}
		onTime := int64(0)
		if g.Outcome == "met" {
			onTime = g.N
		}
		day := bounds[3*g.Day+1].(store.Time).In(zone)
		name := day.Format(time.DateOnly)
		if c.days[name] == nil {
			c.days[name] = &dueCount{}
		}
		c.days[name].Due += g.N
		c.days[name].OnTime += onTime
		if !day.Before(month) {
			c.month.Due += g.N
			c.month.OnTime += onTime
			u := c.units[g.Unit]
			c.units[g.Unit] = dueCount{u.Due + g.N, u.OnTime + onTime}
		}
	}
	near, err := s.Store.Query(ctx, `SELECT m.place FROM matter_clock k JOIN matter m ON m.id = k.matter WHERE k.clock = 'handle' AND k.outcome = 'running' AND k.due_at >= ? AND k.due_at < ?`,
		store.At(now), store.At(now.Add(nearHours*time.Hour)))
	if err != nil {
		return c, err
	}
	defer near.Close()
	for near.Next() {
		var place string
		if err := near.Scan(&place); err != nil {
			return c, err
		}
		c.near++
		c.nearByStreet[streetOf(place)]++
	}
	return c, near.Err()
}

type ratings struct {
	n                 int64
	solved, satisfied float64
}

func (s *Service) ratings(ctx context.Context, from, to time.Time) (r ratings, err error) {
	rows, err := s.Store.Query(ctx, `SELECT solved, score_result, count(*) FROM appeal WHERE rated_at >= ? AND rated_at < ? GROUP BY solved, score_result`, store.At(from), store.At(to))
	if err != nil {
		return r, err
	}
	defer rows.Close()
	for rows.Next() {
		var solved string
		var score *int64
		var n int64
		if err := rows.Scan(&solved, &score, &n); err != nil {
			return r, err
		}
		if solved == "" || score == nil {
			continue
		}
		r.n += n
		r.solved += float64(n) * map[string]float64{"yes": 1, "partly": 0.5}[solved]
		switch {
		case *score >= 4:
			r.satisfied += float64(n)
		case *score == 3:
			r.satisfied += 0.6 * float64(n)
		}
	}
	return r, rows.Err()
}

// heatPoints bounds the points of the heat map: the newest.
const heatPoints = 5000

func (s *Service) heat(ctx context.Context, since store.ID) ([][3]float64, error) {
	rows, err := s.Store.Query(ctx, `SELECT lon, lat FROM appeal WHERE id >= ? AND lon IS NOT NULL ORDER BY id DESC LIMIT ?`, int64(since), heatPoints)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	// Cells of about a hundred metres: a map shows places, not doorsteps.
	cells := map[[2]int]float64{}
	for rows.Next() {
		var lon, lat float64
		if err := rows.Scan(&lon, &lat); err != nil {
			return nil, err
		}
		cells[[2]int{int(lon * 1000), int(lat * 1000)}]++
	}
	out := [][3]float64{}
	for c, n := range cells {
		out = append(out, [3]float64{(float64(c[0]) + 0.5) / 1000, (float64(c[1]) + 0.5) / 1000, n})
	}
	slices.SortFunc(out, func(a, b [3]float64) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return out, rows.Err()
}
