package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/core/adapter"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/systems/services"
)

// newBenchInstant makes `shanzhi bench instant`.
func newBenchInstant() *cobra.Command {
	var item string
	var n, rate int
	var keep, asJSON bool
	c := &cobra.Command{
		Use:   "instant",
		Short: "Instant approvals with simulated sources: end to end at a rate, as many as it can, and the rule part alone",
		Args:  cobra.NoArgs,
		RunE: withHouse(func(cmd *cobra.Command, _ []string, h *House) error {
			out, err := benchInstant(cmd.Context(), h, item, n, rate, keep)
			if err != nil {
				return err
			}
			return printResult(cmd.OutOrStdout(), out, asJSON)
		}),
	}
	c.Flags().StringVar(&item, "item", "ride-hailing-driver", "item whose pack decides")
	c.Flags().IntVar(&n, "n", 4000, "applications")
	c.Flags().IntVar(&rate, "rate", 200, "applications a second, of the first part")
	c.Flags().BoolVar(&keep, "keep", false, "keep what is decided, as applications would")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

type instantReport struct {
	Item       string         `json:"item"`
	Checks     int            `json:"checks"`
	Facts      int            `json:"facts"`
	Sources    int            `json:"sources"`
	Rate       int            `json:"rate"`
	P50        float64        `json:"p50_ms"`
	P95        float64        `json:"p95_ms"` // end to end, from the call, at the rate
	Most       float64        `json:"most_per_second"`
	RuleMicros float64        `json:"rule_us"` // the judging alone, the mean of one core
	Lanes      map[string]int `json:"lanes"`
	Kept       int            `json:"kept,omitempty"`
	Cores      int            `json:"cores"`
}

func benchInstant(ctx context.Context, h *House, item string, n, rate int, keep bool) (instantReport, error) {
	s := h.Services
	p, _ := s.Rules.Decides(item, rule.DateOf(time.Now(), s.Zone()))
	if p == nil {
		return instantReport{}, fmt.Errorf("no pack decides %s", item)
	}
	out := instantReport{Item: item, Checks: len(p.Checks), Facts: len(p.FactNames()) - 1, Rate: rate, Lanes: map[string]int{}, Cores: runtime.NumCPU()}
	seen := map[string]bool{}
	for _, f := range p.Facts {
		for _, source := range f.Sources {
			if source != rule.Applicant && source != "本系统" && !seen[source] {
				seen[source], out.Sources = true, out.Sources+1
			}
		}
	}
	persons := adapter.PersonListSimulator{Region: "440306", Size: n}
	ask := func(i int) (services.InstantVerdict, error) {
		keys := persons.Person(i)
		keys["uscc"] = "91440300MA5EXAMPLE"
		return s.InstantApproval(ctx, services.InstantAsk{Item: item, Application: store.ID(i + 1), Subject: keys, Form: map[string]any{"name": keys["name"], "items": []string{"零售"}, "categories": []string{"糕点"}}, At: h.Store.Now()})
	}
	var mu sync.Mutex
	var wait sync.WaitGroup
	var took []time.Duration
	var failed error
	verdicts := make([]services.InstantVerdict, n)
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for i := range n {
		<-tick.C
		began := time.Now()
		wait.Go(func() {
			v, err := ask(i)
			mu.Lock()
			defer mu.Unlock()
			failed = errors.Join(failed, err)
			took = append(took, time.Since(began))
			out.Lanes[v.Lane]++
			verdicts[i] = v
		})
	}
	wait.Wait()
	if failed != nil {
		return out, failed
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	out.P50, out.P95 = ms(took[len(took)/2]), ms(took[len(took)*95/100])
	began := time.Now()
	next := make(chan int)
	for range out.Cores {
		wait.Go(func() {
			for i := range next {
				_, _ = ask(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wait.Wait()
	out.Most = float64(n) / time.Since(began).Seconds()
	began = time.Now()
	const rounds = 20000
	for i := range rounds {
		p.Decide(verdicts[i%n].Case, s.Zone())
	}
	out.RuleMicros = float64(time.Since(began).Microseconds()) / rounds
	if !keep {
		return out, nil
	}
	for i, v := range verdicts {
		err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			keys := persons.Person(i)
			person, err := h.Vault.NewPerson(ctx, tx, vault.Identity{vault.Name: keys["name"], vault.IDNumber: keys["id_no"]})
			if err != nil {
				return err
			}
			_, err = s.KeepVerdict(ctx, tx, v, rule.About{Person: person, Object: fmt.Sprintf("bench/%d", i)})
			return err
		})
		switch {
		case errors.Is(err, rule.ErrClosed):
		case err != nil:
			return out, err
		default:
			out.Kept++
		}
	}
	return out, nil
}

// newBenchReverify makes `shanzhi bench reverify`.
func newBenchReverify() *cobra.Command {
	var facts int
	var asJSON bool
	c := &cobra.Command{
		Use:   "reverify",
		Short: "Look at the facts of live approvals again, as every night does; approvals are made where there are too few",
		Args:  cobra.NoArgs,
		RunE: withHouse(func(cmd *cobra.Command, _ []string, h *House) error {
			ctx := cmd.Context()
			began := time.Now()
			made, have, err := h.Services.MakeWatched(ctx, "ride-hailing-driver", facts)
			if err != nil {
				return err
			}
			out := struct {
				services.Reverified
				Made       int     `json:"made"`
				MakeSec    float64 `json:"make_seconds"`
				Seconds    float64 `json:"seconds"`
				PerSecond  float64 `json:"facts_per_second"`
				ForMillion float64 `json:"minutes_for_a_million"`
			}{Made: made, MakeSec: time.Since(began).Seconds()}
			if have == 0 {
				return errors.New("there is nothing to look at")
			}
			began = time.Now()
			if out.Reverified, err = h.Services.Reverify(ctx, h.Store.Now()); err != nil {
				return err
			}
			out.Seconds = time.Since(began).Seconds()
			out.PerSecond = float64(out.Facts) / out.Seconds
			out.ForMillion = 1e6 / out.PerSecond / 60
			return printResult(cmd.OutOrStdout(), out, asJSON)
		}),
	}
	c.Flags().IntVar(&facts, "facts", 1_000_000, "watched facts")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}
