package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/core/account"
	"shanzhi/core/store"
	"shanzhi/systems/appeals"
)

func newLearnModels() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "models",
		Short: "List the models that advise dispatch, the newest first",
		Args:  cobra.NoArgs,
		RunE: withHouse(func(c *cobra.Command, _ []string, h *House) error {
			models, err := h.Appeals.DispatchModels(c.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(models)
			}
			for _, m := range models {
				printModel(c, h, m)
			}
			if len(models) == 0 {
				fmt.Fprintln(c.OutOrStdout(), "no model has been trained yet")
			}
			return nil
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON list")
	return c
}

func printModel(c *cobra.Command, h *House, m appeals.DispatchModel) {
	f := m.Measured
	fmt.Fprintf(c.OutOrStdout(), "%s  %-8s  %s  learned from %d; on %d others: unit %.3f, among three %.3f, item %.3f; by itself %.1f%% at %.3f right; %s\n",
		m.ID, m.Status, m.TrainedAt.In(h.Appeals.Zone()).Format(time.DateTime), m.Cases, f.Cases, f.Top1, f.Top3, f.Item, 100*f.AutoCoverage, f.AutoPrecision, m.Reason)
}

func newLearnRetrain() *cobra.Command {
	return &cobra.Command{
		Use:   "retrain",
		Short: "Do a night's training of the models that advise dispatch now",
		Args:  cobra.NoArgs,
		RunE: withHouse(func(c *cobra.Command, _ []string, h *House) error {
			m, err := h.Appeals.TrainDispatch(c.Context())
			if err == nil {
				printModel(c, h, m)
			}
			return err
		}),
	}
}

func newLearnRollback() *cobra.Command {
	return &cobra.Command{
		Use:   "rollback [MODEL]",
		Short: "Bring an earlier model into office again: the one before, or the one named",
		Args:  cobra.MaximumNArgs(1),
		RunE: withHouse(func(c *cobra.Command, args []string, h *House) error {
			var id store.ID
			if len(args) > 0 {
				var err error
				if id, err = store.ParseID(args[0]); err != nil {
					return fmt.Errorf("%q is not the number of a model", args[0])
				}
			}
			m, err := h.Appeals.RollBack(c.Context(), account.System(h.Dir), id)
			if err == nil {
				printModel(c, h, m)
			}
			return err
		}),
	}
}
