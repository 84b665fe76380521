package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/core/store"
)

// newDoctorCommand says what is configured, reachable, and wrong.
func newDoctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what is configured, reachable, and wrong; fails when something is",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out := cmd.OutOrStdout()
			say := func(mark, what, detail string) { fmt.Fprintf(out, "%-4s %-14s %s\n", mark, what, detail) }
			say("", "version", version)
			say("", "data", flags.data)
			h, err := openHouse(cmd.Context(), quiet())
			if err != nil {
				say("FAIL", "house", err.Error())
				return fmt.Errorf("the house cannot be opened: %w", err)
			}
			defer h.Close()
			var wrong []error
			check := func(what string, f func() (string, error)) {
				detail, err := f()
				if err != nil {
					say("FAIL", what, err.Error())
					wrong = append(wrong, fmt.Errorf("%s: %w", what, err))
					return
				}
				say("ok", what, detail)
			}
			ctx := cmd.Context()
			check("records", func() (string, error) {
				var n int64
				err := h.Store.QueryRow(ctx, `SELECT count(*) FROM matter`).Scan(&n)
				return fmt.Sprintf("%s, %d matters", h.Store.Dialect(), n), err
			})
			check("disk", func() (string, error) { return freeSpace(flags.data) })
			check("pack", func() (string, error) {
				files, err := h.Packs.Current(ctx)
				if err != nil {
					return "", err
				}
				return fmt.Sprintf("%d units, %s", len(h.Dir.Tree().All()), h.Dir.Tree().Name(h.Dir.Tree().Root())), h.Packs.Check(files)
			})
			check("flows", func() (string, error) { return "every open matter's flow compiles", nil }) // openHouse has refused otherwise
			check("calendar", func() (string, error) {
				cal, err := h.Book.Current("office")
				if err != nil {
					return "", err
				}
				year := time.Now().Year()
				if !cal.Covered(year) {
					return "", fmt.Errorf("the holidays of %d are not in it: working days are counted by the week alone", year)
				}
				if !cal.Covered(year + 1) {
					return fmt.Sprintf("covers %d; the holidays of %d are not announced in it yet", year, year+1), nil
				}
				return fmt.Sprintf("covers %d and %d", year, year+1), nil
			})
			check("audit", func() (string, error) {
				rep, err := h.Audit.Verify(ctx)
				if err == nil && len(rep.Problems) > 0 {
					err = errors.New(rep.Problems[0])
				}
				return fmt.Sprintf("%d rows, %d sealed", rep.Rows, rep.Sealed), err
			})
			check("matters", func() (string, error) {
				ids, err := store.Select[store.ID](ctx, h.Store, `SELECT id FROM matter ORDER BY id DESC LIMIT 200`)
				if err != nil {
					return "", err
				}
				for _, id := range ids {
					diffs, err := h.Engine.Verify(ctx, h.Store, id)
					if err != nil {
						return "", err
					}
					if len(diffs) > 0 {
						return "", fmt.Errorf("matter %d: %s is stored as %s, its events give %s", id, diffs[0].What, diffs[0].Stored, diffs[0].Rebuilt)
					}
				}
				return fmt.Sprintf("the newest %d equal their events", len(ids)), nil
			})
			check("dispatch", func() (string, error) {
				model, err := h.Appeals.DispatchFault(ctx)
				if model == 0 {
					return "rules and words advise; no model has been trained yet", err
				}
				return fmt.Sprintf("model %s advises", model), err
			})
			faults := map[string]int{}
			for _, f := range h.Appeals.DutyFaults() {
				faults[f.Kind]++
			}
			kinds := []string{}
			for k, n := range faults {
				kinds = append(kinds, fmt.Sprintf("%d %s", n, k))
			}
			slices.Sort(kinds)
			if len(kinds) == 0 {
				say("ok", "duty list", "no gaps, no overlaps")
			} else {
				say("note", "duty list", fmt.Sprint(kinds))
			}
			return errors.Join(wrong...)
		},
	}
}
