package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/bench"
	"shanzhi/core/account"
	"shanzhi/systems/portal"
)

// newBenchSection makes `shanzhi bench section`.
func newBenchSection() *cobra.Command {
	var persons, rate, visits int
	var asJSON bool
	c := &cobra.Command{
		Use:   "section",
		Short: "The district's section with a month of visitors: read, visited and left over HTTP, and the month counted",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out, err := benchSection(cmd.Context(), persons, rate, visits)
			if err != nil {
				return err
			}
			return printResult(cmd.OutOrStdout(), out, asJSON)
		},
	}
	c.Flags().IntVar(&persons, "persons", 1_260_000, "distinct visitors of the month that the records hold before the run")
	c.Flags().IntVar(&rate, "rate", 50, "visits a second; one address may make 6,000 calls of a kind a minute")
	c.Flags().IntVar(&visits, "visits", 2000, "visits")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object on the last line")
	return c
}

type sectionReport struct {
	bench.SectionResult
	Persons  int64   `json:"persons"`
	Days     int64   `json:"person_days"`
	Filled   float64 `json:"filled_per_second"`
	Standing float64 `json:"standing_ms"` // the month's distinct visitors counted from its rows
}

// visitsOfOne is how many days of a month a visitor comes, in the mean.
const visitsOfOne = 1.9

// benchSection lives through a month by the section's own counting, under a clock of its
// own, and starts a server on it.
func benchSection(ctx context.Context, persons, rate, visits int) (sectionReport, error) {
	var out sectionReport
	h, err := openHouse(ctx, quiet())
	if err != nil {
		return out, err
	}
	defer func() {
		if h != nil {
			h.Close()
		}
	}()
	have, err := h.Portal.Standing(ctx)
	if err != nil {
		return out, err
	}
	if missing := persons - int(have.Months[0].Active); missing > 0 {
		began := time.Now()
		now := h.Store.Now()
		days, filled := max(1, now.Day()), 0
		var at atomic.Pointer[time.Time]
		s := &portal.Service{Store: h.Store.Played(func() time.Time { return *at.Load() }), Packs: h.Packs, Keys: h.Keys}
		if err := s.Reload(ctx); err != nil {
			return out, err
		}
		random := rand.New(rand.NewPCG(1, 126))
		for day := range days {
			t := now.AddDate(0, 0, day+1-days)
			at.Store(&t)
			var come []int
			// Who comes the first time, and who comes again.
			for i := day * missing / days; i < (day+1)*missing/days; i++ {
				come = append(come, i)
			}
			for range int(float64(len(come)) * (visitsOfOne - 1)) {
				come = append(come, random.IntN(max(1, (day+1)*missing/days)))
			}
			next := make(chan int)
			var wait sync.WaitGroup
			var failed atomic.Pointer[error]
			for range 256 {
				wait.Go(func() {
					for i := range next {
						if err := s.Visit(ctx, account.Actor{}, fmt.Sprintf("filled-%d-%d", have.Months[0].Active, i), ""); err != nil {
							failed.Store(&err)
						}
					}
				})
			}
			for _, i := range come {
				next <- i
			}
			close(next)
			wait.Wait()
			if err := failed.Load(); err != nil {
				return out, *err
			}
			filled += len(come)
		}
		out.Filled = float64(filled) / time.Since(began).Seconds()
	}
	began := time.Now()
	standing, err := h.Portal.Standing(ctx)
	if err != nil {
		return out, err
	}
	out.Standing = float64(time.Since(began).Microseconds()) / 1000
	out.Persons, out.Days = standing.Months[0].Active, standing.Months[0].Days
	if err, h = h.Close(), nil; err != nil {
		return out, err
	}
	srv, err := startServer(ctx)
	if err != nil {
		return out, err
	}
	defer srv.Stop()
	out.SectionResult, err = bench.Section(ctx, srv.URL, rate, visits)
	return out, err
}
