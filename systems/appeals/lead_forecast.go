package appeals

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/store"
)

// forecastSource is the source of leads that the season gives.
const forecastSource = "forecast"

// seasonWeeks is a year in weeks: what comes back is looked for at the same week.
const seasonWeeks = 52

// Expectation is what a series is expected to bring next week, and why.
type Expectation struct {
	Week     string  `json:"week" doc:"Monday of the week that is expected"`
	Expected float64 `json:"expected" doc:"Median of the same week of the years before (seasonal naive)"`
	Low      float64 `json:"low" doc:"95% interval, by the median absolute deviation of the year-on-year differences"`
	High     float64 `json:"high"`
	Usual    float64 `json:"usual" doc:"Median of the other weeks"`
	Years    []int   `json:"years" doc:"Appeals of the same week, the last year first"`
}

// seasonal says what the week after the last is expected to bring, and whether it
// stands out: in each of the years that are asked for the same week had at least so
// many and so many robust deviations over what is usual, and the interval of what
// is expected lies above what is usual. Weeks are counts, the oldest first.
func seasonal(weeks []int, set ForecastSettings) (Expectation, bool) {
	var e Expectation
	n := len(weeks)
	if set.Years < 1 || n < seasonWeeks*set.Years {
		return e, false
	}
	var same, rest, change []float64
	for i, c := range weeks {
		switch back := (n - i) % seasonWeeks; {
		case back == 0:
			same = append(same, float64(c))
		case back != 1 && back != seasonWeeks-1:
			rest = append(rest, float64(c))
		}
		if i >= seasonWeeks {
			change = append(change, float64(c-weeks[i-seasonWeeks]))
		}
	}
	slices.Reverse(same)
	e.Usual = medianOf(rest)
	// A count's own spread (Poisson) is the least that a quiet series is held to.
	spread := max(1.4826*deviationOf(rest, e.Usual), math.Sqrt(max(e.Usual, 1)))
	same = same[:min(len(same), max(set.Years, 3))]
	for _, c := range same {
		e.Years = append(e.Years, int(c))
	}
	for _, c := range same[:set.Years] {
		if c < float64(set.Least) || c <= e.Usual+set.Deviations*spread {
			return e, false
		}
	}
	e.Expected = medianOf(same)
	wide := math.Sqrt(max(e.Expected, 1))
	if len(change) > 0 {
		wide = max(wide, 1.4826*deviationOf(change, medianOf(change)))
	}
	e.Low, e.High = max(0, e.Expected-1.96*wide), e.Expected+1.96*wide
	return e, e.Low > e.Usual
}

func medianOf(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	list = slices.Sorted(slices.Values(list))
	if m := len(list) / 2; len(list)%2 == 1 {
		return list[m]
	} else {
		return (list[m-1] + list[m]) / 2
	}
}

// deviationOf is the median absolute deviation.
func deviationOf(list []float64, from float64) float64 {
	far := make([]float64, len(list))
	for i, v := range list {
		far[i] = math.Abs(v - from)
	}
	return medianOf(far)
}

// ForecastLeads makes leads of what is expected next week. It gives the same leads
// whenever it is asked in one week, each once.
func (s *Service) ForecastLeads(ctx context.Context) (added int, err error) {
	d := s.district.Load()
	set := d.leads.Forecast
	if set.Years < 1 {
		return 0, nil
	}
	local := s.Store.Now().In(d.zone)
	next := time.Date(local.Year(), local.Month(), local.Day()+7-(int(local.Weekday())+6)%7, 0, 0, 0, 0, d.zone)
	years := max(set.Years, 3)
	from := next.AddDate(0, 0, -7*seasonWeeks*years)
	week := int64(7 * 24 * time.Hour / time.Microsecond)
	rows, err := store.Select[struct {
		Item   string
		Street string
		Week   int
		N      int
	}](ctx, s.Store, `SELECT m.item, a.street, (m.opened_at - ?) / ? AS week, count(*) AS n FROM matter m JOIN appeal a ON a.id = m.id
		WHERE m.flow = 'appeal' AND m.item <> '' AND a.street <> '' AND a.source <> ? AND m.opened_at >= ? AND m.opened_at < ? GROUP BY 1, 2, 3`,
		store.At(from), week, leadSource, store.At(from), store.At(next))
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	first := years * seasonWeeks
	series := map[[2]string][]int{}
	for _, r := range rows {
		k := [2]string{r.Item, r.Street}
		if series[k] == nil {
			series[k] = make([]int, years*seasonWeeks)
		}
		series[k][r.Week] = r.N
		first = min(first, r.Week)
	}
	// Before the district's first appeal nothing was counted: those weeks are none,
	// and a history of too few years gives no lead.
	keys := make([][2]string, 0, len(series))
	for k := range series {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	for _, k := range keys {
		e, ok := seasonal(series[k][first:], set)
		it := d.duty.Item(k[0])
		if !ok || it == nil {
			continue
		}
		e.Week = next.Format(time.DateOnly)
		raw, err := json.Marshal(e)
		if err != nil {
			return added, err
		}
		sure := min(0.95, 1-math.Exp(-(e.Low-e.Usual)/(1+e.Usual)))
		_, fresh, err := s.AddLead(ctx, account.System(s.Dir), NewLead{Source: forecastSource, External: strings.Join([]string{k[0], k[1], e.Week}, "|"), Item: k[0], Place: k[1], Confidence: &sure, reason: string(raw),
			Title: fmt.Sprintf("预计下周多发：%s", it.Name()),
			Text:  fmt.Sprintf("%s起的一周，%s“%s”预计 %.0f 件（区间 %.0f–%.0f），平时每周 %.0f 件；往年同周 %s 件。请提前巡查。", e.Week, d.placeName(k[1]), it.Name(), e.Expected, e.Low, e.High, e.Usual, joinInts(e.Years, "、"))})
		if err != nil {
			return added, err
		}
		if fresh {
			added++
		}
	}
	return added, nil
}

func joinInts(list []int, sep string) string {
	var out []string
	for _, n := range list {
		out = append(out, fmt.Sprint(n))
	}
	return strings.Join(out, sep)
}

func (s *Service) forecastAtNight(ctx context.Context) (any, error) {
	n, err := s.ForecastLeads(ctx)
	return map[string]int{"leads": n}, err
}
