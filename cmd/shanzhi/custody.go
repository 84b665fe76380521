package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"shanzhi/core/store"
)

func newCustodyCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "custody", Short: "Papers on their way between offices"}
	var asJSON bool
	verify := &cobra.Command{
		Use:   "verify BAG",
		Short: "Check the custody chain of a bag by its hashes; fails when it was touched",
		Args:  cobra.ExactArgs(1),
		RunE: withHouse(func(cmd *cobra.Command, args []string, h *House) error {
			links, wrong, err := h.Services.VerifyBag(cmd.Context(), args[0])
			if errors.Is(err, store.ErrNotFound) {
				return fmt.Errorf("there is no bag %s", args[0])
			}
			if err != nil {
				return err
			}
			if asJSON {
				raw, _ := json.Marshal(map[string]any{"bag": args[0], "links": links, "problems": wrong})
				fmt.Fprintln(cmd.OutOrStdout(), string(raw))
			} else {
				fmt.Fprintf(cmd.OutOrStdout(), "bag %s: %d links\n", args[0], links)
				for _, w := range wrong {
					fmt.Fprintln(cmd.OutOrStdout(), w)
				}
			}
			if len(wrong) > 0 {
				return fmt.Errorf("the chain of bag %s was touched: %s", args[0], wrong[0])
			}
			return nil
		}),
	}
	verify.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	cmd.AddCommand(verify)
	return cmd
}
