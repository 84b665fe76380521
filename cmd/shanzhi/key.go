package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newKeyCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "key", Short: "The keys that persons' data is sealed with"}
	cmd.AddCommand(&cobra.Command{
		Use:   "rotate",
		Short: "Make a new master key and wrap every person's key with it",
		Args:  cobra.NoArgs,
		RunE: withHouse(func(cmd *cobra.Command, _ []string, h *House) error {
			id, err := h.Keys.Rotate()
			if err != nil {
				return err
			}
			for left := 1; left > 0; {
				if left, err = h.Vault.Rewrap(cmd.Context()); err != nil {
					return err
				}
			}
			fmt.Fprintf(cmd.OutOrStdout(), "master key %s wraps every person's key\n", id)
			return nil
		}),
	})
	return cmd
}
