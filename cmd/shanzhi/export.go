package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"shanzhi/core/account"
	"shanzhi/core/store"
	"shanzhi/systems/appeals"
)

func newExportCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "export", Short: "Take out what the house holds; each export is recorded"}
	var o exportFlags
	out := &cobra.Command{
		Use:   "appeals --format csv|xlsx|geojson|open311 [--out FILE]",
		Short: "Export appeals, the newest first",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	f := out.Flags()
	f.StringVar(&o.format, "format", "", "csv, xlsx, geojson, or open311 (the bulk form of GeoReport, without persons)")
	f.StringVar(&o.out, "out", "", "file to write (default: standard output)")
	f.StringVar(&o.Since, "since", "", "opened on this day or later, 2026-01-31")
	f.StringVar(&o.Until, "until", "", "opened before this day")
	f.StringSliceVar(&o.State, "state", nil, "in these states")
	f.StringVar(&o.Unit, "unit", "", "held by this unit or one below it")
	f.StringVar(&o.Source, "source", "", "imported from this source")
	f.BoolVar(&o.open, "open-data", false, "without persons, secret appeals and doorsteps")
	f.BoolVar(&o.text, "text", false, "open data with its texts, masked")
	f.StringVar(&o.purpose, "purpose", "command line", "why: it is kept with the record of the export")
	f.BoolVar(&o.json, "json", false, "with --out, print one JSON object on the last line")
	_ = out.MarkFlagRequired("format")
	cmd.AddCommand(out)
	return cmd
}

type exportFlags struct {
	Since  string   `json:"since,omitempty"`
	Until  string   `json:"until,omitempty"`
	State  []string `json:"state,omitempty"`
	Unit   string   `json:"unit,omitempty"`
	Source string   `json:"source,omitempty"`

	format, out, purpose string
	open, text, json     bool
}

func (o *exportFlags) run(cmd *cobra.Command) error {
	if o.json && o.out == "" {
		return errors.New("--json needs --out: standard output is the export")
	}
	if o.out == "" && o.format == "xlsx" && term.IsTerminal(int(os.Stdout.Fd())) {
		return errors.New("a workbook is no text: say --out FILE")
	}
	h, err := openHouse(cmd.Context(), quiet())
	if err != nil {
		return err
	}
	defer h.Close()
	e := appeals.Export{Purpose: o.purpose, Format: o.format, Said: o, Open: o.open, Text: o.text, Filter: appeals.Filter{State: o.State, Unit: o.Unit, Source: o.Source}}
	for name, b := range map[string]struct {
		day  string
		into *store.ID
	}{"--since": {o.Since, &e.Filter.Since}, "--until": {o.Until, &e.Filter.Until}} {
		if b.day == "" {
			continue
		}
		t, err := time.ParseInLocation(time.DateOnly, b.day, h.Appeals.Zone())
		if err != nil {
			return fmt.Errorf("%s %q is not a day such as 2026-01-31", name, b.day)
		}
		*b.into = store.IDAt(t)
	}
	if o.Unit != "" {
		if _, ok := h.Dir.Tree().Unit(o.Unit); !ok {
			return fmt.Errorf("there is no unit %q", o.Unit)
		}
	}
	for _, state := range o.State {
		if h.Engine.Flow("appeal").States[state] == nil {
			return fmt.Errorf("there is no state %q", state)
		}
	}
	export := func(w io.Writer) (int64, error) {
		return h.Appeals.Export(cmd.Context(), account.System(h.Dir), e, w)
	}
	if o.out == "" {
		_, err := export(cmd.OutOrStdout())
		return err
	}
	var n int64
	if err := writeWhole(o.out, func(w io.Writer) (err error) {
		n, err = export(w)
		return err
	}); err != nil {
		return err
	}
	if o.json {
		raw, err := json.Marshal(map[string]any{"rows": n, "file": o.out, "format": o.format})
		if err != nil {
			return err
		}
		fmt.Fprintln(cmd.OutOrStdout(), string(raw))
	} else {
		fmt.Fprintf(cmd.ErrOrStderr(), "%d appeals\n", n)
	}
	return nil
}

// writeWhole writes a file that under its name is whole or not there.
func writeWhole(name string, write func(w io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".export-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
