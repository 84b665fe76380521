package main

import (
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"shanzhi/core/account"
	"shanzhi/districts"
)

func newPackCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "pack", Short: "District packs: check, difference, load"}
	with := func(use, short string, run func(cmd *cobra.Command, h *House, files fs.FS) error) *cobra.Command {
		return &cobra.Command{Use: use + " FOLDER|NAME", Short: short, Args: cobra.ExactArgs(1), RunE: withHouse(func(cmd *cobra.Command, args []string, h *House) error {
			files, err := packAt(args[0])
			if err != nil {
				return err
			}
			return run(cmd, h, files)
		})}
	}
	cmd.AddCommand(
		with("check", "Find all that is wrong with a pack", func(cmd *cobra.Command, h *House, files fs.FS) error {
			if err := h.Packs.Check(files); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), "ok")
			return nil
		}),
		with("diff", "Show what loading a pack would change", func(cmd *cobra.Command, h *House, files fs.FS) error {
			changes, err := h.Packs.Diff(cmd.Context(), h.Store, files)
			for _, c := range changes {
				fmt.Fprintf(cmd.OutOrStdout(), "%-8s %s\n", c.Kind, c.Path)
			}
			return err
		}),
		with("load", "Bring what is new in a pack into force; what was edited here is kept", func(cmd *cobra.Command, h *House, files fs.FS) error {
			changes, err := h.Packs.Load(cmd.Context(), files, account.System(h.Dir))
			for _, c := range changes {
				fmt.Fprintf(cmd.OutOrStdout(), "%-8s %s\n", c.Kind, c.Path)
			}
			return err
		}),
	)
	return cmd
}

// packAt is a pack in a folder, or one that the program brings, by name.
func packAt(name string) (fs.FS, error) {
	files, err := fs.Sub(districts.FS, name)
	if st, serr := os.Stat(name); err != nil || serr == nil && st.IsDir() {
		files = os.DirFS(name)
	}
	if _, err := fs.Stat(files, "pack.yaml"); err != nil {
		return nil, fmt.Errorf("there is no district pack %q: it has no pack.yaml", name)
	}
	return files, nil
}
