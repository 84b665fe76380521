package learn

import (
	"context"
	"fmt"
	"math"
)

// Contest is a comparison of two models on the same cases.
type Contest struct {
	Champion   Report `json:"champion"`
	Challenger Report `json:"challenger"`
	// OnlyChampion and OnlyChallenger count the cases that one answered rightly
	// and the other did not.
	OnlyChampion   int `json:"only_champion"`
	OnlyChallenger int `json:"only_challenger"`
	// PWorse is the probability of a difference at least so much in the
	// champion's favour were both equally good (McNemar's test, exact,
	// one-sided).
	PWorse  float64 `json:"p_worse"`
	Promote bool    `json:"promote"`
	Reason  string  `json:"reason"`
}

// The challenger has seen more, and above all newer cases, so it takes over
// unless there is a sign that its training went wrong.
const (
	worseP    = 0.05 // significantly fewer right answers
	worseLoss = 1.05 // or a log loss so many times the champion's: surer of wrong answers,
	slackLoss = 0.01 // and by so much, in nats
)

// Compare sets a challenger against the champion in office on the latest cases,
// which neither may have learned from: cases that have a Time before which one
// of the models has learned or observed are refused. A challenger that is to be
// compared is therefore trained without the latest days.
func Compare(ctx context.Context, champion, challenger *Model, latest []Example) (Contest, error) {
	var c Contest
	if len(latest) == 0 {
		return c, fmt.Errorf("%w: no cases to compare the models on", ErrExamples)
	}
	var scores [2]scorer
	for i, m := range []*Model{champion, challenger} {
		m.mu.RLock()
		until := m.until
		m.mu.RUnlock()
		for n, e := range latest {
			if err := ctx.Err(); err != nil {
				return c, err
			}
			if !e.Time.IsZero() && e.Time.Before(until) {
				return c, fmt.Errorf("%w: row %d is of %s, and one of the models learned up to %s", ErrExamples, n+1,
					e.Time.Format("2006-01-02 15:04"), until.Format("2006-01-02 15:04"))
			}
			if err := scores[i].add(m, e); err != nil {
				return c, fmt.Errorf("row %d: %w", n+1, err)
			}
		}
	}
	c.Champion, c.Challenger = scores[0].report(), scores[1].report()
	for i := range latest {
		a, b := scores[0].outcomes[i].rank == 0, scores[1].outcomes[i].rank == 0
		if a && !b {
			c.OnlyChampion++
		}
		if b && !a {
			c.OnlyChallenger++
		}
	}
	c.PWorse = binomialTail(c.OnlyChampion, c.OnlyChampion+c.OnlyChallenger)
	switch {
	case c.PWorse < worseP:
		c.Reason = fmt.Sprintf("the challenger is right in significantly fewer cases: it alone in %d, the champion alone in %d of %d", c.OnlyChallenger, c.OnlyChampion, len(latest))
	case c.Challenger.LogLoss > worseLoss*c.Champion.LogLoss+slackLoss:
		c.Reason = fmt.Sprintf("the challenger is surer of wrong answers: log loss %.3f against %.3f", c.Challenger.LogLoss, c.Champion.LogLoss)
	default:
		c.Promote = true
		c.Reason = fmt.Sprintf("the challenger is no worse: right in %.1f%% of %d cases, the champion in %.1f%%", 100*c.Challenger.Top1, len(latest), 100*c.Champion.Top1)
	}
	return c, nil
}

// binomialTail returns the probability of k or more heads among n fair coins.
func binomialTail(k, n int) float64 {
	lg := func(x int) float64 { v, _ := math.Lgamma(float64(x) + 1); return v }
	sum := 0.0
	for i := k; i <= n; i++ {
		sum += math.Exp(lg(n) - lg(i) - lg(n-i) - float64(n)*math.Ln2)
	}
	return math.Min(1, sum)
}
