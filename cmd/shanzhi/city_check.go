package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/core/account"
	"shanzhi/core/store"
	"shanzhi/core/table"
	"shanzhi/systems/cim"
	"shanzhi/systems/cim/check"
	"shanzhi/systems/cim/ingest"
)

// deliveryFlags say what a file of city data does not.
type deliveryFlags struct{ crs, heights, pack string }

func (f *deliveryFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.crs, "crs", "", "reference system, where the file declares none or a wrong one: EPSG:4547, gk3/114, wgs84, gcj02, bd09, local@LON,LAT or a name of the pack")
	c.Flags().StringVar(&f.heights, "heights", "", "what heights are over: 1985, ellipsoid, ellipsoid:METRES, local:METRES, none")
	c.Flags().StringVar(&f.pack, "pack", envOr("SHANZHI_PACK", "baoan"), "whose rules hold: a folder, or the name of a pack that the program carries")
}

func (f *deliveryFlags) options(rules *check.Rules) (ingest.Options, error) {
	return cim.DeliveryOptions(rules, f.crs, f.heights)
}

// newCityCheck makes `shanzhi city check`.
func newCityCheck() *cobra.Command {
	var f deliveryFlags
	var asJSON bool
	var sheet, lang string
	c := &cobra.Command{
		Use:   "check FILE",
		Short: "Say what is wrong with a file of city data, with codes and places",
		Long: `Read CityJSON, CityJSONSeq, GeoJSON, Shapefile, GeoPackage, OBJ, GLB, 3D Tiles, tables of
pipe points and lines (CSV, XLSX), EPANET, SWMM, ASCII grid, GeoTIFF or LAS, alone, in a folder
or in a zip, and judge it: geometry by the codes of val3dity, codes, heights, overlaps, the
topology of pipes, and whether it lies where it should. Nothing is guessed: a file that declares no
reference system is refused for import until --crs says it.

The exit status is 1 where there are errors.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			report, seconds, err := f.check(cmd.Context(), args[0])
			if err != nil {
				var fault *ingest.FileFault
				if asJSON && errors.As(err, &fault) {
					_ = json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]any{"file": filepath.Base(args[0]), "refused": fault.Code, "fault": fault})
				}
				return err
			}
			if sheet != "" {
				if err := writeSheet(sheet, report, lang); err != nil {
					return err
				}
			}
			if asJSON {
				e := json.NewEncoder(cmd.OutOrStdout())
				e.SetEscapeHTML(false)
				if err := e.Encode(struct {
					*check.CityReport
					Seconds float64 `json:"seconds"`
				}{report, seconds}); err != nil {
					return err
				}
			} else {
				printReport(cmd.OutOrStdout(), report, seconds, lang)
			}
			if report.Errors > 0 {
				return fmt.Errorf("%d errors", report.Errors)
			}
			return nil
		},
	}
	f.add(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	c.Flags().StringVar(&sheet, "sheet", "", "write the error sheet here: .csv, .xlsx or .geojson")
	c.Flags().StringVar(&lang, "lang", "zh", "language of the messages: zh or en")
	return c
}

func (f *deliveryFlags) check(ctx context.Context, name string) (*check.CityReport, float64, error) {
	files, err := packAt(f.pack)
	if err != nil {
		return nil, 0, err
	}
	rules, err := check.ReadRules(files)
	if err != nil {
		return nil, 0, err
	}
	o, err := f.options(rules)
	if err != nil {
		return nil, 0, err
	}
	outline, err := cim.Outline(files)
	if err != nil {
		return nil, 0, err
	}
	began := time.Now()
	d, err := ingest.Open(name, o.Limits)
	if err != nil {
		return nil, 0, err
	}
	defer d.Close()
	m, err := ingest.Read(ctx, d, o)
	if err != nil {
		return nil, 0, err
	}
	report, err := check.Run(ctx, m, check.Asked{Rules: rules, Outline: outline})
	return report, time.Since(began).Seconds(), err
}

func printReport(w io.Writer, r *check.CityReport, seconds float64, lang string) {
	var read []string
	for k, n := range r.Read {
		read = append(read, fmt.Sprintf("%s %d", k, n))
	}
	slices.Sort(read)
	system := r.System
	if system == "" {
		system = "—"
	}
	fmt.Fprintf(w, "%s  %s %s  %s\n%s\n", r.File, r.Format, r.Version, system, strings.Join(read, ", "))
	for _, f := range r.Findings {
		say := f.Zh
		if lang == "en" {
			say = f.En
		}
		at := ""
		if f.At != nil {
			at = fmt.Sprintf("%.7f,%.7f,%.2f", f.At[0], f.At[1], f.At[2])
		} else if f.Written != nil {
			at = fmt.Sprintf("%.3f,%.3f,%.3f", f.Written[0], f.Written[1], f.Written[2])
		}
		fmt.Fprintln(w, strings.TrimRight(strings.Join([]string{f.Code, string(f.Severity), f.Object, f.Part, at, say, f.Where.String()}, "\t"), "\t"))
	}
	for _, c := range r.Codes {
		title := c.Zh
		if lang == "en" {
			title = c.En
		}
		fmt.Fprintf(w, "%6d  %s  %s  %s\n", c.N, c.Code, c.Severity, title)
	}
	fmt.Fprintf(w, "%d errors, %d warnings, %d notices in %.2f s\n", r.Errors, r.Warnings, r.Notices, seconds)
}

func writeSheet(name string, r *check.CityReport, lang string) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	switch strings.ToLower(filepath.Ext(name)) {
	case ".geojson", ".json":
		return check.WriteGeoJSON(f, check.Each(r.Findings))
	case ".xlsx":
		w, err := table.NewXLSX(f, check.SheetColumns(lang), table.XLSXOptions{})
		if err != nil {
			return err
		}
		return check.WriteSheet(w, check.Each(r.Findings), lang)
	case ".csv":
		w, err := table.NewCSV(f, check.SheetColumns(lang), table.CSVOptions{BOM: true})
		if err != nil {
			return err
		}
		return check.WriteSheet(w, check.Each(r.Findings), lang)
	}
	return fmt.Errorf("--sheet: %s is neither .csv, .xlsx nor .geojson", name)
}

// newCityImport makes `shanzhi city import`.
func newCityImport() *cobra.Command {
	var f deliveryFlags
	var asJSON bool
	var as, layer, source, epoch string
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "Check a file of city data and stage it in the records, for a second person to publish",
		Long: `Read and judge a file as "city check" does, against the register of the data folder too, and
keep its objects and findings as a batch (检查入库). A person other than who handed it in publishes it,
at /desk/city/checkins.`,
		Args: cobra.ExactArgs(1),
		RunE: withHouse(func(cmd *cobra.Command, args []string, h *House) error {
			file, _, err := openRegular(args[0])
			if err != nil {
				return err
			}
			defer file.Close()
			ctx := cmd.Context()
			who := account.System(h.Dir)
			if as != "" {
				id, err := store.Get[store.ID](ctx, h.Store, `SELECT id FROM account WHERE login = ?`, as)
				if err == nil {
					who, err = h.Accounts.Actor(ctx, h.Store, id)
				}
				if err != nil {
					return fmt.Errorf("--as %s: %w", as, err)
				}
			}
			began := time.Now()
			batch, err := h.CIM.HandIn(ctx, who, cim.Delivered{Name: filepath.Base(args[0]), CRS: f.crs, Heights: f.heights, Layer: layer, Source: source, Epoch: epoch}, file)
			if err != nil {
				return err
			}
			if batch, err = h.CIM.WaitCheckIn(ctx, who, batch.ID); err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(struct {
					cim.CheckIn
					Seconds float64 `json:"seconds"`
				}{batch, time.Since(began).Seconds()})
			}
			fmt.Fprintf(cmd.OutOrStdout(), "batch %s: %s, %d objects (%d sound), %d errors, %d warnings, %d notices\n", batch.ID, batch.State, batch.Objects, batch.Sound, batch.Errors, batch.Warnings, batch.Notices)
			if batch.Fault != nil {
				return batch.Fault
			}
			return nil
		}),
	}
	f.add(c)
	_ = c.Flags().MarkHidden("pack") // the data folder has its own
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	c.Flags().StringVar(&as, "as", "", "login of who hands it in, who cannot publish it then")
	c.Flags().StringVar(&layer, "layer", "", "what it is of; objects of one layer take each other's place (default: the file's name)")
	c.Flags().StringVar(&source, "source", "", "who surveyed or made it")
	c.Flags().StringVar(&epoch, "epoch", "", "the day that it shows (default: today)")
	return c
}

// newCityReroot makes `shanzhi city reroot`.
func newCityReroot() *cobra.Command {
	var at, out string
	c := &cobra.Command{
		Use:   "reroot DIR --at LON,LAT,HEIGHT[,DEGREES] --out FILE",
		Short: "Stand a tileset (3D Tiles) elsewhere: its root gets another transform, its contents stay",
		Long: `Verify a folder of 3D Tiles and write a tileset.json that stands at a longitude and latitude
(WGS-84), so many metres over the ellipsoid, turned clockwise by degrees. Written beside the old one its
contents are found. A tileset whose volumes are in degrees cannot be moved and is refused.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var n [4]float64
			words := strings.Split(at, ",")
			for i, w := range words {
				x, err := strconv.ParseFloat(strings.TrimSpace(w), 64)
				if err != nil || i > 3 {
					return fmt.Errorf("--at %q is not LONGITUDE,LATITUDE,HEIGHT,DEGREES", at)
				}
				n[i] = x
			}
			if len(words) < 3 || out == "" {
				return errors.New("--at LONGITUDE,LATITUDE,HEIGHT and --out FILE are needed")
			}
			d, err := ingest.Open(args[0], ingest.Limits{})
			if err != nil {
				return err
			}
			defer d.Close()
			m, err := ingest.Read(cmd.Context(), d, ingest.Options{})
			if err != nil {
				return err
			}
			if m.Tileset == nil {
				return fmt.Errorf("%s has no tileset.json", args[0])
			}
			for _, f := range m.Faults {
				fmt.Fprintln(cmd.ErrOrStderr(), f.Error())
			}
			if len(m.Faults) > 0 {
				return fmt.Errorf("%d faults: mend them first", len(m.Faults))
			}
			root := args[0]
			if info, err := os.Stat(root); err == nil && !info.IsDir() {
				root = filepath.Dir(root)
			}
			raw, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(m.Tileset.File)))
			if err != nil {
				return err
			}
			moved, err := ingest.Reroot(raw, m.Tileset, n[0], n[1], n[2], n[3])
			if err != nil {
				return err
			}
			f, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
			if err != nil {
				return err
			}
			_, err = f.Write(moved)
			return errors.Join(err, f.Close())
		},
	}
	c.Flags().StringVar(&at, "at", "", "where its middle is to stand: LONGITUDE,LATITUDE,HEIGHT over the ellipsoid and, turned clockwise, DEGREES")
	c.Flags().StringVar(&out, "out", "", "file to write; it must not be there")
	return c
}
