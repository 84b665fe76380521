package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/bench"
	"shanzhi/core/account"
	"shanzhi/core/store"
	"shanzhi/systems/appeals"
)

func newBenchCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "bench", Short: "Measure the product, beside the physical limit or a peer in the same run"}
	var records, users, seconds int
	var addr string
	var asJSON bool
	lifecycles := &cobra.Command{
		Use:   "appeals",
		Short: "Lifecycles of appeals over HTTP: create, dispatch, sign and reply, list the own queue",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out, err := benchAppeals(cmd.Context(), cmd, addr, records, users, time.Duration(seconds)*time.Second)
			if err != nil {
				return err
			}
			return printResult(cmd.OutOrStdout(), out, asJSON)
		},
	}
	lifecycles.Flags().IntVar(&records, "records", 0, "appeals that the records hold before the run")
	lifecycles.Flags().IntVar(&users, "users", 50, "users at a time")
	lifecycles.Flags().IntVar(&seconds, "seconds", 20, "how long")
	lifecycles.Flags().StringVar(&addr, "addr", "", "drive this server, started with --demo, instead of an own one on --data")
	lifecycles.Flags().BoolVar(&asJSON, "json", false, "print one JSON object on the last line")
	cmd.AddCommand(lifecycles, newBenchTopics(), newBenchAsk(), newBenchReport(), newBenchInstant(), newBenchApply(), newBenchReverify(), newBenchQueue(), newBenchFleet(), newBenchSection(), newBenchItems(), newBenchCity(), newBenchAddress())
	return cmd
}

// printResult prints what was measured: on one line for programs, on many for
// people.
func printResult(w io.Writer, out any, asJSON bool) error {
	e := json.NewEncoder(w)
	if !asJSON {
		e.SetIndent("", "  ")
	}
	return e.Encode(out)
}

// startServer starts this program on the records that the flags name.
func startServer(ctx context.Context) (*bench.Server, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := []string{"--data", flags.data}
	if flags.database != "" {
		args = append(args, "--database", flags.database)
	}
	if flags.keys != "" {
		args = append(args, "--keys", flags.keys)
	}
	return bench.Start(ctx, program, args...)
}

type benchReport struct {
	bench.AppealsResult
	Records    int64   `json:"records"`
	StoreLimit float64 `json:"store_writes_per_second"`
	Ratio      float64 `json:"writes_to_store_limit"`
	SeedPerSec float64 `json:"seed_per_second,omitempty"`
}

// writesPerLifecycle is how many durable writes a lifecycle makes: create,
// dispatch, sign-and-reply.
const writesPerLifecycle = 3

const benchPassword = "bench-password-of-this-run"

// benchAppeals prepares the records, starts a server on them, presses, and
// measures the store alone on the same disk.
func benchAppeals(ctx context.Context, cmd *cobra.Command, addr string, records, users int, d time.Duration) (benchReport, error) {
	var out benchReport
	o := bench.AppealsOptions{URL: addr, Users: users, Duration: d, WarmUp: min(3*time.Second, d/4), Password: benchPassword}
	for i := range 4 {
		o.Agents = append(o.Agents, fmt.Sprintf("bench-agent-%d", i))
		o.Dispatchers = append(o.Dispatchers, fmt.Sprintf("bench-dispatcher-%d", i))
	}
	h, err := openHouse(ctx, quiet())
	if err != nil {
		return out, err
	}
	units := append(h.Dir.Tree().OfKind(account.Street), h.Dir.Tree().OfKind(account.Department)...)
	for i := range min(users, len(units)) {
		o.Handlers = append(o.Handlers, bench.Handler{Login: fmt.Sprintf("bench-handler-%d", i), Unit: units[i]})
	}
	if addr == "" {
		hash := account.HashPassword(benchPassword)
		err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			put := func(login, unit string, roles ...string) error {
				var grants []account.Grant
				for _, r := range roles {
					grants = append(grants, account.Grant{Role: r, Unit: unit})
				}
				_, err := h.Accounts.Put(ctx, tx, account.Account{Kind: account.Staff, Login: &login, Name: login, Unit: unit}, hash, grants...)
				return err
			}
			platform := h.Dir.Tree().OfKind(account.Platform)[0]
			for i := range o.Agents {
				if err := put(o.Agents[i], platform, "agent"); err != nil {
					return err
				}
				if err := put(o.Dispatchers[i], platform, "dispatcher"); err != nil {
					return err
				}
			}
			for _, hd := range o.Handlers {
				if err := put(hd.Login, hd.Unit, "receiver", "handler"); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			h.Close()
			return out, err
		}
		if out.SeedPerSec, err = h.seed(ctx, cmd, records); err != nil {
			h.Close()
			return out, err
		}
	}
	if err := h.Store.QueryRow(ctx, `SELECT count(*) FROM matter WHERE flow = 'appeal'`).Scan(&out.Records); err != nil {
		h.Close()
		return out, err
	}
	if err := h.Close(); err != nil {
		return out, err
	}
	if addr == "" {
		srv, err := startServer(ctx)
		if err != nil {
			return out, err
		}
		defer srv.Stop()
		o.URL = srv.URL
	}
	if out.AppealsResult, err = bench.Appeals(ctx, o); err != nil {
		return out, err
	}
	probe := filepath.Join(flags.data, "limit.db")
	defer func() {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			os.Remove(probe + suffix)
		}
	}()
	if out.StoreLimit, err = bench.StoreLimit(ctx, probe, users, 3*time.Second); err != nil {
		return out, err
	}
	if out.StoreLimit > 0 {
		out.Ratio = out.LifecyclesPerSecond * writesPerLifecycle / out.StoreLimit
	}
	return out, nil
}

// seed fills the records up to n appeals before a run.
func (h *House) seed(ctx context.Context, cmd *cobra.Command, n int) (perSecond float64, err error) {
	files, err := h.Packs.Current(ctx)
	if err != nil {
		return 0, err
	}
	began, told := time.Now(), time.Now()
	made, err := h.Appeals.Seed(ctx, files, appeals.Seeding{Seed: 1, Total: n, Progress: func(made int) {
		if time.Since(told) > 5*time.Second {
			told = time.Now()
			fmt.Fprintf(cmd.ErrOrStderr(), "%d appeals seeded\n", made)
		}
	}})
	return float64(int(float64(made) / time.Since(began).Seconds())), err
}
