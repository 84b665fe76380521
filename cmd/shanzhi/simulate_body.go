package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/core/account"
	"shanzhi/core/store"
	"shanzhi/systems/cim"
)

// newSimulateCityCommand brings the made-up city into the records.
func newSimulateCityCommand() *cobra.Command {
	var seed uint64
	var section []string
	var publish, asJSON bool
	cmd := &cobra.Command{
		Use:   "city",
		Short: "Bring the made-up city into the records and publish its tiles, marked synthetic (模拟数据)",
		Long:  "Loads buildings, floors and units into the register, their shapes, roads, parcels, pipes, cameras and the ground into the layers, and publishes the tilesets. Where it was cut off it goes on. Beside a house that serves it makes short transactions and rests between them.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			release, other, err := alone("simulate city")
			if err != nil {
				return err
			}
			defer release()
			return withHouse(func(cmd *cobra.Command, _ []string, h *House) error {
				files, err := h.Packs.Current(cmd.Context())
				if err != nil {
					return err
				}
				began, shown := time.Now(), int64(-1)
				ask := cim.CityLoad{Seed: seed, Section: slices.Clone(section), Gently: other != "" || h.Store.Dialect() == store.Postgres, Progress: func(done, total int64) {
					if tenth := done * 20 / max(total, 1); tenth > shown {
						shown = tenth
						fmt.Fprintf(cmd.ErrOrStderr(), "%d%%\n", tenth*5)
					}
				}}
				if len(section) == 1 && section[0] == "demonstration" {
					if ask.Section, err = cim.DemonstrationSection(files); err != nil {
						return err
					}
				}
				out, err := h.CIM.LoadCity(cmd.Context(), files, ask)
				if err != nil {
					return err
				}
				loaded := time.Since(began).Seconds()
				said := map[string]any{"synthetic": true, "plan": out.Plan, "items": out.Total, "loaded": out.Counts, "load_seconds": loaded}
				if publish {
					if err := h.CIM.PublishAll(cmd.Context(), account.System(h.Dir), "模拟数据（合成）", func(v cim.TilesetVersion, took time.Duration) {
						said["tiles_"+v.Tileset] = map[string]any{"version": v.Version, "files": v.Files, "bytes": v.Bytes, "seconds": took.Seconds()}
					}); err != nil {
						return err
					}
				}
				said["seconds"] = time.Since(began).Seconds()
				if asJSON {
					return json.NewEncoder(cmd.OutOrStdout()).Encode(said)
				}
				var parts []string
				for _, what := range []string{"buildings", "split", "units", "things", "wells", "pipes"} {
					parts = append(parts, fmt.Sprintf("%d %s", out.Counts[what], what))
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s in %.1f s, %.1f s with tiles (all synthetic 模拟数据)\n", strings.Join(parts, ", "), loaded, said["seconds"])
				return nil
			})(cmd, nil)
		},
	}
	cmd.Flags().Uint64Var(&seed, "seed", 1, "the same seed gives the same city")
	cmd.Flags().StringSliceVar(&section, "section", nil, "communities that are loaded, by name or code; `demonstration` is the pack's (default: the whole city)")
	cmd.Flags().BoolVar(&publish, "publish", true, "make and publish the tilesets")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object on the last line")
	return cmd
}
