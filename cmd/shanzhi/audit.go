package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
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
	cmd.AddCommand(verify, newProveCommand(), newCheckCommand())
	return cmd
}

// newProveCommand makes `shanzhi audit prove`.
func newProveCommand() *cobra.Command {
	var out, purpose string
	c := &cobra.Command{
		Use:   "prove NUMBER",
		Short: "Write the proof (存证) of a matter: its story with the sealed record of each step",
		Long: `Write the proof of the matter with this number: every event of it and of its
sub-matters, byte for byte, with its record in the audit log and the way from that
record to a signed head. Whoever has the file and the public key, which it names,
checks it with shanzhi audit check, without this house. That it was taken is recorded.`,
		Args: cobra.ExactArgs(1),
		RunE: withHouse(func(cmd *cobra.Command, args []string, h *House) error {
			ctx := cmd.Context()
			id, err := store.Get[store.ID](ctx, h.Store, `SELECT id FROM matter WHERE no = ?`, args[0])
			if errors.Is(err, store.ErrNotFound) {
				return fmt.Errorf("there is no matter %s", args[0])
			}
			if err != nil {
				return err
			}
			return writeWhole(out, func(w io.Writer) error { return h.Appeals.Proof(ctx, account.System(h.Dir), id, purpose, w) })
		}),
	}
	c.Flags().StringVar(&out, "out", "", "file to write")
	c.Flags().StringVar(&purpose, "purpose", "", "why it is taken out; it is recorded")
	_ = c.MarkFlagRequired("out")
	_ = c.MarkFlagRequired("purpose")
	return c
}

// newCheckCommand makes `shanzhi audit check`.
func newCheckCommand() *cobra.Command {
	var key string
	var asJSON bool
	c := &cobra.Command{
		Use:   "check FILE",
		Short: "Check a proof without its house; fails when something of it was changed",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			raw, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			var p caseflow.Proof
			if err := json.Unmarshal(raw, &p); err != nil || p.No == "" {
				return fmt.Errorf("%s is no proof: %w", args[0], errors.Join(err, errors.New("it names no matter")))
			}
			unproven, problems := p.Check(key)
			if asJSON {
				raw, _ := json.Marshal(map[string]any{"no": p.No, "events": len(p.Events), "unproven": unproven, "key": p.Audit.Key, "problems": append([]string{}, problems...)})
				fmt.Fprintln(cmd.OutOrStdout(), string(raw))
			} else {
				fmt.Fprintf(cmd.OutOrStdout(), "%s: %d events, %d of them without a sealed record; key %s\n", p.No, len(p.Events), unproven, p.Audit.Key)
				for _, w := range problems {
					fmt.Fprintln(cmd.OutOrStdout(), w)
				}
			}
			if len(problems) > 0 {
				return fmt.Errorf("the proof was changed: %s", problems[0])
			}
			return nil
		},
	}
	c.Flags().StringVar(&key, "key", "", "the public key as it is known from elsewhere; without it the file's own is believed")
	c.Flags().BoolVar(&asJSON, "json", false, "print what was found as JSON")
	return c
}
