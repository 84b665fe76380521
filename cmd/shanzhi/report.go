package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"shanzhi/core/account"
	"shanzhi/core/document"
)

func newReportCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "report", Short: "Reports: daily, weekly, monthly, yearly, special"}
	var period, format, out, purpose string
	var about []string
	var asJSON bool
	sub := &cobra.Command{
		Use:   "make KIND --period P --format docx|pdf|md|html --out FILE",
		Short: "Make and freeze a report of a period that is over, and write it to a file",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			f := document.Format(format)
			if f.Type() == "" {
				return fmt.Errorf("there is no format %q: docx, pdf, md or html", format)
			}
			where := map[string][]string{}
			for _, a := range about {
				dim, value, ok := strings.Cut(a, "=")
				if !ok {
					return fmt.Errorf("--about %q is not such as street=xixiang", a)
				}
				where[dim] = append(where[dim], value)
			}
			h, err := openHouse(cmd.Context(), quiet())
			if err != nil {
				return err
			}
			defer h.Close()
			who := account.System(h.Dir)
			r, err := h.Appeals.MakeReport(cmd.Context(), who, args[0], period, where)
			if err != nil {
				return err
			}
			if err := writeWhole(out, func(w io.Writer) error { return h.Appeals.ExportReport(cmd.Context(), who, r, f, purpose, w) }); err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]any{"id": r.ID, "kind": r.Kind, "period": r.Period, "from": r.From, "to": r.To, "title": r.Title, "figures": len(r.Figures), "position": r.Position, "hash": r.Hash, "out": out})
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d figures, %s\n", r.Title, len(r.Figures), out)
			return err
		},
	}
	f := sub.Flags()
	f.StringVar(&period, "period", "", "2026-11-26 (daily), 2026-W48, 2026-11, 2026, or 2026-11-01..2026-11-15 (special)")
	f.StringVar(&format, "format", "docx", "docx, pdf, md or html")
	f.StringVar(&out, "out", "", "file to write")
	f.StringSliceVar(&about, "about", nil, "of a special report: street=CODE, item=CODE, unit=CODE")
	f.StringVar(&purpose, "purpose", "command line", "why: it is kept with the record of the export")
	f.BoolVar(&asJSON, "json", false, "print one JSON object")
	_ = sub.MarkFlagRequired("period")
	_ = sub.MarkFlagRequired("out")
	cmd.AddCommand(sub)
	return cmd
}
