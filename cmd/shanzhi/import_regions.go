package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"shanzhi/core/account"
)

// newImportRegions makes `shanzhi import regions`.
func newImportRegions() *cobra.Command {
	var rejects string
	var seed, asJSON bool
	c := &cobra.Command{
		Use:   "regions [FILE]",
		Short: "Import agreements with other regions and their pairs of items (跨区域通办), or with --seed a synthetic list",
		Long: `Import a CSV of agreements, one row a pair of items: region, region_name, province,
agreement, from, to, contact, phone, direction (in: our item, out: theirs), mode (online,
proxy, joint), own (key of our item), theirs (their implementation code), their_name. Each
row is accounted for: imported, present, or refused with its line and column in the reject
file. --seed makes a list of 25 regions and 2,869 pairs, marked synthetic.`,
		Args: cobra.MaximumNArgs(1),
		RunE: withHouse(func(cmd *cobra.Command, args []string, h *House) error {
			var in io.Reader
			switch {
			case seed && len(args) == 0:
				var list bytes.Buffer
				if err := h.Services.RegionSeed(cmd.Context(), &list); err != nil {
					return err
				}
				in = &list
			case !seed && len(args) == 1:
				f, err := os.Open(args[0])
				if err != nil {
					return err
				}
				defer f.Close()
				in = f
				if rejects == "" {
					rejects = args[0] + ".rejects.csv"
				}
			default:
				return errors.New("name a file, or say --seed")
			}
			out, err := h.Services.ImportRegions(cmd.Context(), account.System(h.Dir), in, seed)
			if err != nil {
				return err
			}
			if out.Refused > 0 && rejects != "" {
				if err := writeWhole(rejects, func(w io.Writer) error {
					rows := csv.NewWriter(w)
					_ = rows.Write([]string{"line", "column", "value"})
					for _, r := range out.Rejects {
						_ = rows.Write([]string{strconv.Itoa(r.Line), r.Code, r.Value})
					}
					rows.Flush()
					return rows.Error()
				}); err != nil {
					return err
				}
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(out)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d read: %d imported, %d present, %d refused; %d regions, %d agreements\n", out.Read, out.Imported, out.Present, out.Refused, out.Regions, out.Agreements)
			return err
		}),
	}
	c.Flags().StringVar(&rejects, "rejects", "", "where refused rows go (default: beside the file, with .rejects.csv)")
	c.Flags().BoolVar(&seed, "seed", false, "a synthetic list in the size of a district's own")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object on the last line")
	return c
}
