package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/core/account"
	"shanzhi/core/document"
	"shanzhi/systems/appeals"
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

// newBenchReport makes `shanzhi bench report`.
func newBenchReport() *cobra.Command {
	var kind, period string
	var asJSON bool
	c := &cobra.Command{
		Use:   "report",
		Short: "A report of --data made from the sums of its days, beside the same report counted from all rows",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out, err := benchReports(cmd.Context(), kind, period)
			if err != nil {
				return err
			}
			return printResult(cmd.OutOrStdout(), out, asJSON)
		},
	}
	c.Flags().StringVar(&kind, "kind", "monthly", "kind of report")
	c.Flags().StringVar(&period, "period", "", "its period, such as 2026-10")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object on the last line")
	_ = c.MarkFlagRequired("period")
	return c
}

type benchReportsResult struct {
	Records   int64   `json:"records"`
	Filed     int64   `json:"filed_in_period"`
	Days      int     `json:"days_summed"`
	Summing   float64 `json:"summing_seconds"`
	FromSums  float64 `json:"seconds"`
	FromRows  float64 `json:"seconds_from_rows"`
	Ratio     float64 `json:"rows_to_sums"`
	Figures   int     `json:"figures"`
	Different int     `json:"different"`
}

// benchReports makes what sums of the last three years' days are missing, and a report from them and from
// the rows, which must be one and the same.
func benchReports(ctx context.Context, kind, period string) (out benchReportsResult, err error) {
	h, err := openHouse(ctx, quiet())
	if err != nil {
		return out, err
	}
	defer h.Close()
	if err := h.Store.QueryRow(ctx, `SELECT count(*) FROM matter WHERE flow = 'appeal'`).Scan(&out.Records); err != nil {
		return out, err
	}
	began := time.Now()
	if out.Days, err = h.Appeals.SumDays(ctx, time.Now().AddDate(-3, 0, 0)); err != nil {
		return out, err
	}
	out.Summing = time.Since(began).Seconds()
	who := account.System(h.Dir)
	began = time.Now()
	sums, err := h.Appeals.DraftReport(ctx, who, kind, period, nil)
	if err != nil {
		return out, err
	}
	out.FromSums = time.Since(began).Seconds()
	began = time.Now()
	rows, err := h.Appeals.DraftReport(appeals.RowsAlone(ctx), who, kind, period, nil)
	if err != nil {
		return out, err
	}
	out.FromRows = time.Since(began).Seconds()
	out.Ratio, out.Figures = out.FromRows/out.FromSums, len(sums.Figures)
	for i, f := range sums.Figures {
		if f.Figure == "filed" && len(f.Line) == 0 && out.Filed == 0 && f.Value != nil {
			out.Filed = int64(*f.Value)
		}
		if i >= len(rows.Figures) || !reflect.DeepEqual(f, rows.Figures[i]) {
			out.Different++
		}
	}
	return out, nil
}
