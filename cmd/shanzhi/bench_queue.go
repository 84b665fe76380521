package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"shanzhi/bench"
	"shanzhi/core/account"
	"shanzhi/core/store"
)

func newBenchQueue() *cobra.Command {
	var tickets, boards int
	var asJSON bool
	c := &cobra.Command{
		Use:   "queue",
		Short: "Numbers given and called at a hall over HTTP, and when its boards have heard",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out, err := benchQueue(cmd.Context(), tickets, boards)
			if err != nil {
				return err
			}
			return printResult(cmd.OutOrStdout(), out, asJSON)
		},
	}
	c.Flags().IntVar(&tickets, "tickets", 200, "numbers; one address may take 240 a minute")
	c.Flags().IntVar(&boards, "boards", 10, "screens that listen")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object on the last line")
	return c
}

// benchQueue makes two clerks at the first hall's first windows and starts a server on
// --data.
func benchQueue(ctx context.Context, tickets, boards int) (bench.QueueResult, error) {
	o := bench.QueueOptions{Password: benchPassword, Hall: "center", Kind: "general", Windows: []string{"01", "02"}, Tickets: tickets, Boards: boards}
	h, err := openHouse(ctx, quiet())
	if err != nil {
		return bench.QueueResult{}, err
	}
	hash := account.HashPassword(benchPassword)
	err = h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		unit := h.Dir.Tree().Root()
		for i := range o.Windows {
			login := fmt.Sprintf("bench-window-%d", i)
			o.Clerks = append(o.Clerks, login)
			if _, err := h.Accounts.Put(ctx, tx, account.Account{Kind: account.Staff, Login: &login, Name: login, Unit: unit}, hash, account.Grant{Role: "intake_clerk", Unit: unit}, account.Grant{Role: "hall_manager", Unit: unit}); err != nil {
				return err
			}
		}
		return nil
	})
	if cerr := h.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return bench.QueueResult{}, err
	}
	srv, err := startServer(ctx)
	if err != nil {
		return bench.QueueResult{}, err
	}
	defer srv.Stop()
	o.URL = srv.URL
	return bench.Queue(ctx, o)
}
