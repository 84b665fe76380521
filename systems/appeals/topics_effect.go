package appeals

import (
	"context"
	"math"
	"time"

	"shanzhi/core/store"
)

// TopicEffect compares the messages of a topic before and after its plan
// (前后成效). It is no proof: a topic is looked at because it was hot, and what was
// hot cools by itself (regression to the mean). Control is what the topics
// without a plan did over the same days; Against is the ratio beside theirs.
type TopicEffect struct {
	From       string  `json:"from"`
	BeforeDays int     `json:"before_days"`
	AfterDays  int     `json:"after_days"`
	Before     int     `json:"before" doc:"Messages in the days before the plan"`
	After      int     `json:"after"`
	BeforeRate float64 `json:"before_rate" doc:"Messages a day"`
	AfterRate  float64 `json:"after_rate"`
	// Ratio is the rate after over the rate before, with its exact 95% interval
	// (Clopper-Pearson on the split of all messages); absent where nothing was
	// said before.
	Ratio *float64 `json:"ratio,omitempty"`
	Low   *float64 `json:"low,omitempty"`
	High  *float64 `json:"high,omitempty"`
	// CalmBefore is the rate before without its hottest week.
	CalmBefore float64  `json:"calm_before_rate"`
	Control    *float64 `json:"control,omitempty" doc:"Ratio of all topics without a plan over the same days"`
	ControlN   int      `json:"control_messages"`
	Against    *float64 `json:"against_control,omitempty" doc:"Ratio over control: under 1 it fell more than others"`
	Verdict    string   `json:"verdict" enum:"too_early,fell,rose,unclear" doc:"fell and rose only where the interval excludes 1"`
}

// effectDays bounds the days compared on each side; fewer than effectLeast after
// the plan are too early to say anything of.
const (
	effectDays  = 60
	effectLeast = 7
)

// topicEffect measures a topic by its plan; nil where it has none.
func (s *Service) topicEffect(ctx context.Context, t *Topic) (*TopicEffect, error) {
	if t.Plan == nil {
		return nil, nil
	}
	zone := s.district.Load().zone
	from, err := time.ParseInLocation(time.DateOnly, t.Plan.From, zone)
	if err != nil {
		return nil, nil
	}
	now := s.Store.Now()
	after := int(now.Sub(from).Hours() / 24)
	e := &TopicEffect{From: t.Plan.From, BeforeDays: effectDays, AfterDays: max(0, min(effectDays, after)), Verdict: "too_early"}
	start, end := from.AddDate(0, 0, -e.BeforeDays), from.AddDate(0, 0, e.AfterDays)
	times, err := store.Select[topicMoment](ctx, s.Store, `SELECT at FROM topic_member WHERE topic = ? AND at >= ? AND at < ?`, t.ID, store.At(start), store.At(end))
	if err != nil {
		return nil, err
	}
	days := make([]int, e.BeforeDays)
	for _, m := range times {
		if at := m.At; at.Before(from) {
			e.Before++
			days[min(len(days)-1, int(at.Sub(start).Hours()/24))]++
		} else {
			e.After++
		}
	}
	hottest, week := 0, 0
	for i, n := range days {
		week += n
		if i >= 7 {
			week -= days[i-7]
		}
		hottest = max(hottest, week)
	}
	e.CalmBefore = float64(e.Before-hottest) / float64(e.BeforeDays-7)
	e.BeforeRate = float64(e.Before) / float64(e.BeforeDays)
	if e.AfterDays == 0 {
		return e, nil
	}
	e.AfterRate = float64(e.After) / float64(e.AfterDays)
	if e.Before > 0 {
		r, lo, hi := rateRatio(e.Before, e.After, float64(e.BeforeDays), float64(e.AfterDays))
		e.Ratio, e.Low, e.High = &r, &lo, &hi
	}
	var cb, ca int
	if err := s.Store.QueryRow(ctx, `SELECT COALESCE(sum(CASE WHEN m.at < ? THEN 1 ELSE 0 END), 0), COALESCE(sum(CASE WHEN m.at >= ? THEN 1 ELSE 0 END), 0)
		FROM topic_member m JOIN topic t ON t.id = m.topic WHERE t.state IN ('found', 'owned', 'faded') AND t.id <> ? AND m.at >= ? AND m.at < ?`,
		store.At(from), store.At(from), t.ID, store.At(start), store.At(end)).Scan(&cb, &ca); err != nil {
		return nil, err
	}
	if e.ControlN = cb + ca; cb > 0 {
		c := float64(ca) / float64(e.AfterDays) / (float64(cb) / float64(e.BeforeDays))
		e.Control = &c
		if c > 0 && e.Ratio != nil {
			a := *e.Ratio / c
			e.Against = &a
		}
	}
	if e.AfterDays >= effectLeast && e.Ratio != nil {
		switch {
		case *e.High < 1:
			e.Verdict = "fell"
		case *e.Low > 1:
			e.Verdict = "rose"
		default:
			e.Verdict = "unclear"
		}
	}
	return e, nil
}

// rateRatio is the ratio of two Poisson rates, b over a, and its exact 95%
// interval, conditional on the sum.
func rateRatio(a, b int, ta, tb float64) (ratio, low, high float64) {
	odds := func(p float64) float64 { return p / (1 - p) * ta / tb }
	n := a + b
	ratio = float64(b) / tb / (float64(a) / ta)
	if b > 0 {
		low = odds(solve(func(p float64) float64 { return 1 - binomialCDF(b-1, n, p) }, 0.025, true))
	}
	high = odds(solve(func(p float64) float64 { return binomialCDF(b, n, p) }, 0.025, false))
	return ratio, low, high
}

// solve finds p in (0, 1) where a monotone f is v.
func solve(f func(float64) float64, v float64, rising bool) float64 {
	lo, hi := 0.0, 1.0
	for range 60 {
		mid := (lo + hi) / 2
		if (f(mid) < v) == rising {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}

func binomialCDF(k, n int, p float64) float64 {
	if p <= 0 || k >= n {
		return 1
	}
	if p >= 1 {
		return 0
	}
	lg := func(x int) float64 { v, _ := math.Lgamma(float64(x) + 1); return v }
	sum := 0.0
	for i := 0; i <= k; i++ {
		sum += math.Exp(lg(n) - lg(i) - lg(n-i) + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return min(1, sum)
}
