package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"
)

func newAuditCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "audit", Short: "The record of who did what"}
	var asJSON bool
	verify := &cobra.Command{
		Use:   "verify",
		Short: "Check that no row was changed and none was cut; fails when one was",
		Args:  cobra.NoArgs,
		RunE: withHouse(func(cmd *cobra.Command, _ []string, h *House) error {
			rep, err := h.Audit.Verify(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				raw, _ := json.Marshal(rep)
				fmt.Fprintln(cmd.OutOrStdout(), string(raw))
			} else {
				fmt.Fprintf(cmd.OutOrStdout(), "%d rows, %d sealed under %d heads\n", rep.Rows, rep.Sealed, rep.Heads)
				for _, p := range rep.Problems {
					fmt.Fprintln(cmd.OutOrStdout(), p)
				}
			}
			if len(rep.Problems) > 0 {
				return fmt.Errorf("the audit log was touched: %s", rep.Problems[0])
			}
			return nil
		}),
	}
	verify.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	cmd.AddCommand(verify)
	return cmd
}
