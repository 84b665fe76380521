package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/systems/cim/simulate"
	"shanzhi/systems/cim/tiles"
)

// newCityCommand has what is done with the 3D city outside the house.
func newCityCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "city", Short: "The city in 3D: tiles of what stands, and whether tiles are right"}
	var pack, out string
	var seed uint64
	var asJSON bool
	make := &cobra.Command{
		Use:   "tiles",
		Short: "Write the 3D Tiles of the made-up city (synthetic) into a folder",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return errors.New("--out names the folder")
			}
			if entries, err := os.ReadDir(out); err == nil && len(entries) > 0 {
				return fmt.Errorf("%s is not empty", out)
			}
			c, err := simulatedCity(pack, seed)
			if err != nil {
				return err
			}
			began := time.Now()
			s := simulate.Solids{City: c}
			var files, size atomic.Int64
			if err := tiles.New(s, s.Uses(), s.Within()).Write(func(f tiles.File) error {
				files.Add(1)
				size.Add(int64(len(f.Body)))
				name := filepath.Join(out, filepath.FromSlash(f.Name))
				if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
					return err
				}
				return os.WriteFile(name, f.Body, 0o644)
			}); err != nil {
				return err
			}
			said := map[string]any{"synthetic": true, "seed": seed, "buildings": len(c.Buildings), "split": len(c.Split), "files": files.Load(), "bytes": size.Load(), "seconds": time.Since(began).Seconds()}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(said)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%d files, %.1f MB, in %.1f s: %d buildings, %d of them with floors and units (all synthetic)\n", files.Load(), float64(size.Load())/1e6, said["seconds"], len(c.Buildings), len(c.Split))
			return nil
		},
	}
	make.Flags().StringVar(&pack, "pack", "baoan", "district pack, shipped by name or a folder")
	make.Flags().StringVar(&out, "out", "", "folder, made where it is not there")
	make.Flags().Uint64Var(&seed, "seed", 1, "the same seed gives the same city")
	make.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	var validateJSON bool
	validate := &cobra.Command{
		Use:   "validate DIR",
		Short: "Say what is wrong with a folder of 3D Tiles: its root, its subtrees, each content",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			report, err := tiles.Validate(os.DirFS(args[0]))
			if err != nil {
				return err
			}
			if validateJSON {
				if err := json.NewEncoder(cmd.OutOrStdout()).Encode(report); err != nil {
					return err
				}
			} else {
				fmt.Fprintf(cmd.OutOrStdout(), "%d subtrees, %d tiles, %d contents with %d features, %.1f MB\n", report.Subtrees, report.Tiles, report.Contents, report.Features, float64(report.Bytes)/1e6)
				for _, f := range report.Faults {
					fmt.Fprintf(cmd.OutOrStdout(), "%s  %s %s: %s\n", f.Code, f.File, f.Where, f.Say)
				}
			}
			if n := len(report.Faults); n > 0 {
				return fmt.Errorf("%d faults", n)
			}
			return nil
		},
	}
	validate.Flags().BoolVar(&validateJSON, "json", false, "print one JSON object")
	cmd.AddCommand(make, validate, newCityCheck(), newCityImport(), newCityReroot())
	return cmd
}

// simulatedCity makes the city of a pack.
func simulatedCity(pack string, seed uint64) (*simulate.City, error) {
	files, err := packAt(pack)
	if err != nil {
		return nil, err
	}
	plan, err := simulate.ReadPlan(files, seed)
	if err != nil {
		return nil, err
	}
	return simulate.New(plan)
}
