package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/core/account"
	"shanzhi/core/rule"
	"shanzhi/core/store"
)

func newDecideVersions() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "versions PACK",
		Short: "Versions of a pack: how far each has come, who signed it, which is in force, how the pack is used",
		Args:  cobra.ExactArgs(1),
		RunE: withHouse(func(cmd *cobra.Command, args []string, h *House) error {
			page, err := h.Services.DecisionPage(cmd.Context(), account.System(h.Dir), args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(page)
			}
			w := cmd.OutOrStdout()
			m := page.Head.Mode
			fmt.Fprintf(w, "%s %s: %s share %d%% cap %d stopped %v\n", page.Head.Pack, page.Head.Name["zh"], m.Mode, m.Share, m.Cap, m.Stopped)
			name := func(id store.ID) string { return page.Names[id.String()] }
			for _, v := range page.Versions {
				mark := " "
				if v.InForce {
					mark = "*"
				}
				authors := v.Origin
				for _, a := range v.Authors {
					authors += " " + name(a)
				}
				fmt.Fprintf(w, "%s %3d %-9s %.12s  %s | %s | %s | %s  %s\n", mark, v.Version.Version, v.State, v.Hash, authors, name(v.Reviewer), name(v.Lawyer), name(v.Publisher), v.Changed.Format(time.DateTime))
			}
			return nil
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

func newDecidePublishCheck() *cobra.Command {
	var n int
	var asJSON bool
	c := &cobra.Command{
		Use:   "publish-check PACK",
		Short: "Run the gate of publication on a version that is kept; fails where it would not be published",
		Args:  cobra.ExactArgs(1),
		RunE: withHouse(func(cmd *cobra.Command, args []string, h *House) error {
			ctx := cmd.Context()
			all, err := h.Services.Rules.Versions(ctx, h.Store, args[0])
			if err != nil {
				return err
			}
			if len(all) == 0 {
				return fmt.Errorf("there is no pack %s", args[0])
			}
			v := all[0]
			if n != 0 {
				if v, err = h.Services.Rules.Version(ctx, h.Store, args[0], n); err != nil {
					return err
				}
			}
			body, cases, err := h.Services.Rules.Texts(ctx, h.Store, v)
			if err != nil {
				return err
			}
			_, trial, err := h.Services.Rules.Gate(body, cases)
			if err != nil {
				for _, f := range rule.Faults(err, body) {
					fmt.Fprintf(cmd.OutOrStdout(), "line %d: %s\n", f.Line, f.Text)
				}
				return fmt.Errorf("version %d of %s cannot be read", v.Version, v.Pack)
			}
			if asJSON {
				err = json.NewEncoder(cmd.OutOrStdout()).Encode(trial)
			} else {
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "version %d of %s: %d cases, %d slips tried; wrong %q, not shown %q, boundary cases missing %q, unnoticed %q\n", v.Version, v.Pack, trial.Cases, trial.Mutants, trial.Wrong, trial.Gaps, trial.Edges, trial.Survived)
			}
			if err == nil && !trial.Ready() {
				err = fmt.Errorf("version %d of %s is not ready to be published", v.Version, v.Pack)
			}
			return err
		}),
	}
	c.Flags().IntVar(&n, "version", 0, "which version; absent: the newest")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}
