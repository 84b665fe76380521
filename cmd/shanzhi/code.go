package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"shanzhi/core/place"
	"shanzhi/systems/cim"
)

// newCodeCommand makes `shanzhi code`.
func newCodeCommand() *cobra.Command {
	c := &cobra.Command{Use: "code", Short: "Codes of places: houses, real-estate units, divisions, grid cells"}
	var packName string
	var asJSON bool
	explain := &cobra.Command{
		Use:   "explain CODE…",
		Short: "Say what each part of a code means, and whether it holds",
		Long: `Read each code by every scheme that has codes of its form: the 25-digit house code
and its prefixes, divisions by GB/T 2260, statistics and grid, the 28-character
real-estate unit (GB/T 37346), the BeiDou grid (GB/T 39409) and GeoSOT (GB/T 40087).
The names are those of the country's divisions and of the district's pack.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			files, err := packAt(packName)
			if err != nil {
				return err
			}
			divisions, err := cim.Divisions(files)
			if err != nil {
				return err
			}
			w, unknown := cmd.OutOrStdout(), 0
			for _, code := range args {
				e := divisions.Explain(code)
				if !e.Known {
					unknown++
				}
				if asJSON {
					if err := json.NewEncoder(w).Encode(e); err != nil {
						return err
					}
					continue
				}
				fmt.Fprintln(w, e.Code)
				if len(e.Readings) == 0 {
					fmt.Fprintln(w, "  no scheme has codes of this form")
				}
				for _, r := range e.Readings {
					verdict := "holds 有效"
					if !r.Holds {
						verdict = "does not hold 无效"
					}
					fmt.Fprintf(w, "  %s（%s）%s: %s\n", r.Of, r.Standard, r.Kind, verdict)
					for _, p := range r.Parts {
						fmt.Fprintf(w, "    %2d–%-2d  %-8s  %s  %s\n", p.From+1, p.To, p.Text, p.Name, p.Means)
					}
					for _, x := range r.Problems {
						fmt.Fprintln(w, "    ✗", x)
					}
					for _, x := range r.Notes {
						fmt.Fprintln(w, "    ·", x)
					}
					if len(r.Neighbours) > 0 {
						fmt.Fprintf(w, "    in %s; %d cells; beside %s\n", r.Parent, r.Children, strings.Join(r.Neighbours, " "))
					}
				}
			}
			if unknown > 0 {
				return fmt.Errorf("%d of %d codes do not hold by any scheme", unknown, len(args))
			}
			return nil
		},
	}
	explain.Flags().StringVar(&packName, "pack", envOr("SHANZHI_PACK", "baoan"), "whose divisions are named too: a folder, or the name of a pack that the program carries")
	explain.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	c.AddCommand(explain, newCodeCover())
	return c
}

// newCodeCover makes `shanzhi code cover`.
func newCodeCover() *cobra.Command {
	var grid, system string
	var level int
	c := &cobra.Command{
		Use:   "cover FILE",
		Short: "Print the grid cells that cover the polygons of a GeoJSON file",
		Long: `Print, a code a line, the cells that cover the polygons of a GeoJSON file: those
wholly inside as large as they are, those on the border at the level that is asked.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			crs, err := place.ParseCRS(system)
			if err != nil {
				return fmt.Errorf("--crs: %w", err)
			}
			file, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer file.Close()
			areas, err := place.ReadAreas(file, place.AreaSource{CRS: crs})
			if err != nil {
				return err
			}
			for _, a := range areas {
				var codes []fmt.Stringer
				switch grid {
				case "beidou":
					cells, err := place.CoverBeiDou(a.Shape, level)
					if err != nil {
						return err
					}
					for _, c := range cells {
						codes = append(codes, c)
					}
				case "geosot":
					cells, err := place.CoverGeoSOT(a.Shape, level)
					if err != nil {
						return err
					}
					for _, c := range cells {
						codes = append(codes, c)
					}
				default:
					return fmt.Errorf("--grid: %q is neither beidou nor geosot", grid)
				}
				for _, c := range codes {
					fmt.Fprintln(cmd.OutOrStdout(), c)
				}
			}
			return nil
		},
	}
	c.Flags().StringVar(&grid, "grid", "beidou", "beidou or geosot")
	c.Flags().IntVar(&level, "level", 5, "the finest level: beidou 1 to 10, geosot 1 to 32")
	c.Flags().StringVar(&system, "crs", "wgs84", "the coordinate system of the file")
	return c
}

// newGeoCommand makes `shanzhi geo`.
func newGeoCommand() *cobra.Command {
	c := &cobra.Command{Use: "geo", Short: "Coordinates and their systems"}
	var from, to, out string
	transform := &cobra.Command{
		Use:   "transform --from SYSTEM --to SYSTEM FILE",
		Short: "Bring a GeoJSON file from one coordinate system into another",
		Long: `Copy a GeoJSON file with its coordinates in another system: wgs84, gcj02, bd09 or
cgcs2000, which is taken as equal to wgs84. The system of a file must be said, since
files rarely do. With - the file is read from standard input.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := place.ParseCRS(from)
			if err != nil {
				return fmt.Errorf("--from: %w", err)
			}
			b, err := place.ParseCRS(to)
			if err != nil {
				return fmt.Errorf("--to: %w", err)
			}
			in := cmd.InOrStdin()
			if args[0] != "-" {
				file, err := os.Open(args[0])
				if err != nil {
					return err
				}
				defer file.Close()
				in = file
			}
			var body strings.Builder
			if err := place.TransformGeoJSON(&body, in, a, b); err != nil {
				return err
			}
			if out != "" {
				return os.WriteFile(out, []byte(body.String()), 0o644)
			}
			_, err = fmt.Fprint(cmd.OutOrStdout(), body.String())
			return err
		},
	}
	transform.Flags().StringVar(&from, "from", "", "the system that the file is in")
	transform.Flags().StringVar(&to, "to", "", "the system that is wanted")
	transform.Flags().StringVar(&out, "out", "", "write here, not to standard output")
	c.AddCommand(transform)
	return c
}
