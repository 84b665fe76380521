package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/systems/appeals"
)

func newSimulateCommand() *cobra.Command {
	var n int
	var seed uint64
	var from, to string
	var perDay float64
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "simulate",
		Short: "Bring a simulated past into the records, marked synthetic",
		Args:  cobra.NoArgs,
		RunE: withHouse(func(cmd *cobra.Command, _ []string, h *House) error {
			o, err := h.simulation(n, from, to, perDay, seed)
			if err != nil {
				return err
			}
			o.Offline = true
			o.Progress = func(n int) {
				if n%20000 == 0 {
					fmt.Fprintf(cmd.ErrOrStderr(), "%d\n", n)
				}
			}
			began := time.Now()
			made, err := h.simulate(cmd.Context(), o)
			if err != nil {
				return err
			}
			took := time.Since(began).Seconds()
			if asJSON {
				raw, _ := json.Marshal(map[string]any{"appeals": made, "seconds": took, "appeals_per_second": float64(made) / took, "from": o.From, "to": o.To, "seed": seed, "synthetic": true})
				fmt.Fprintln(cmd.OutOrStdout(), string(raw))
				return nil
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%d synthetic appeals in %.1f s\n", made, took)
			return nil
		}),
	}
	cmd.Flags().IntVar(&n, "appeals", 0, "at most so many (default: all of the days)")
	cmd.Flags().StringVar(&from, "from", "", "first day, 2025-01-01 (default: as many days before --to as --appeals need)")
	cmd.Flags().StringVar(&to, "to", "", "day after the last (default: tomorrow)")
	cmd.Flags().Float64Var(&perDay, "per-day", 1000, "appeals a day, without mass events")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "the same seed gives the same appeals")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object on the last line")
	cmd.AddCommand(newCityPlatformCommand(), newSimulateCityCommand())
	return cmd
}

// simulation reads what a person asked for.
func (h *House) simulation(n int, from, to string, perDay float64, seed uint64) (o appeals.Simulation, err error) {
	zone := h.Appeals.Zone()
	now := h.Store.Now().In(zone)
	o = appeals.Simulation{Seed: seed, PerDay: perDay, Limit: n, Until: now, To: time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, zone)}
	if perDay <= 0 {
		return o, errors.New("--per-day must be more than 0")
	}
	if to != "" {
		if o.To, err = time.ParseInLocation(time.DateOnly, to, zone); err != nil {
			return o, fmt.Errorf("--to %q is not a day such as 2026-01-31", to)
		}
	}
	switch {
	case from != "":
		if o.From, err = time.ParseInLocation(time.DateOnly, from, zone); err != nil {
			return o, fmt.Errorf("--from %q is not a day such as 2026-01-31", from)
		}
	case n > 0:
		o.From = o.To.AddDate(0, 0, -int(float64(n)/perDay)-1)
	default:
		return o, errors.New("say --appeals, or --from and --to")
	}
	if !o.From.Before(o.To) {
		return o, errors.New("--from must lie before --to")
	}
	return o, nil
}

func (h *House) simulate(ctx context.Context, o appeals.Simulation) (int, error) {
	files, err := h.Packs.Current(ctx)
	if err != nil {
		return 0, err
	}
	return h.Appeals.Simulate(ctx, files, o)
}
