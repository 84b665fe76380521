package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"shanzhi/core/store"
	"shanzhi/systems/appeals"
	"shanzhi/systems/services"
)

func newImportCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "import", Short: "Bring in what other systems hand over"}
	var profileName, rejects string
	var asJSON bool
	bring := &cobra.Command{
		Use:   "appeals --profile NAME FILE",
		Short: "Import appeals from a spreadsheet (CSV in any encoding, or XLSX) by a profile",
		Long:  "Import appeals from a spreadsheet by a profile: one that the program carries or that was kept in it, or a YAML file.\nBeside a running house it goes slowly, so that others can work.\nAn import that was interrupted is continued by the same command; what is there already is left as it is.",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			defer profile()()
			return importAppeals(cmd, args[0], profileName, rejects, asJSON)
		},
	}
	bring.Flags().StringVar(&profileName, "profile", "", "name of an import profile, or a YAML file")
	bring.Flags().StringVar(&rejects, "rejects", "", "where refused rows go (default: beside the file, with .rejects.csv)")
	bring.Flags().BoolVar(&asJSON, "json", false, "print one JSON object on the last line")
	_ = bring.MarkFlagRequired("profile")
	list := &cobra.Command{
		Use:   "profiles",
		Short: "List the import profiles",
		Args:  cobra.NoArgs,
		RunE: withHouse(func(cmd *cobra.Command, _ []string, h *House) error {
			shipped, made, err := h.Appeals.Profiles(cmd.Context())
			if err != nil {
				return err
			}
			var lines []string
			for _, all := range []map[string]*appeals.Profile{shipped, made} {
				for name, p := range all {
					lines = append(lines, fmt.Sprintf("%-24s %s", name, p.Title.In("zh")))
				}
			}
			slices.Sort(lines)
			fmt.Fprintln(cmd.OutOrStdout(), strings.Join(lines, "\n"))
			return nil
		}),
	}
	var lookBy string
	look := &cobra.Command{
		Use:   "preview [--profile NAME] FILE",
		Short: "Show what an import of a file would be; nothing is written",
		Long:  "Show how a file is read, its columns, its first rows as a profile makes appeals of them, and why rows would be refused.\nWithout a profile it drafts one.",
		Args:  cobra.ExactArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return previewImport(cmd, args[0], lookBy) },
	}
	look.Flags().StringVar(&lookBy, "profile", "", "name of an import profile, or a YAML file")
	cmd.AddCommand(bring, look, list, newImportItems(), newImportRegions())
	return cmd
}

// imported is what the import prints: every row that was read is in one of the
// three.
type imported struct {
	Run        store.ID         `json:"run"`
	Profile    string           `json:"profile"`
	Read       int64            `json:"read"`
	Imported   int64            `json:"imported"`
	Present    int64            `json:"present"`
	Refused    int64            `json:"refused"`
	RejectFile string           `json:"reject_file"` // "" when no row was refused
	Notes      map[string]int64 `json:"notes,omitempty"`
	Seconds    float64          `json:"seconds"`
}

func importAppeals(cmd *cobra.Command, name, profileName, rejects string, asJSON bool) error {
	ctx := cmd.Context()
	file, size, err := openRegular(name)
	if err != nil {
		return err
	}
	defer file.Close()
	release, other, err := alone("import")
	if err != nil {
		return err
	}
	defer release()
	h, err := openHouse(ctx, quiet())
	if err != nil {
		return err
	}
	defer h.Close()
	p, err := h.importProfile(ctx, profileName)
	if err != nil {
		return err
	}
	began := time.Now()
	o := appeals.Import{Profile: p}
	switch {
	case h.Store.Dialect() == store.Postgres:
		o.Piece = 1000 // nobody waits behind it
	case other == "":
		o.Piece, o.Alone = 4000, true
	}
	if term.IsTerminal(int(os.Stderr.Fd())) {
		o.Progress = func(r appeals.ImportRun) {
			fmt.Fprintf(cmd.ErrOrStderr(), "\r%d / %d", r.Read, r.Total)
			if r.Read == r.Total {
				fmt.Fprintln(cmd.ErrOrStderr())
			}
		}
	}
	run, err := h.Appeals.Import(ctx, file, size, o)
	if err != nil {
		return err
	}
	out := imported{Run: run.ID, Profile: p.Name, Read: run.Read, Imported: run.Imported, Present: run.Present, Refused: run.Refused, Notes: run.Odd, Seconds: time.Since(began).Seconds()}
	if run.Refused > 0 {
		if out.RejectFile, err = h.writeRejects(ctx, run, file, name, rejects); err != nil {
			return err
		}
	}
	if asJSON {
		raw, err := json.Marshal(out)
		if err != nil {
			return err
		}
		fmt.Fprintln(cmd.OutOrStdout(), string(raw))
		return nil
	}
	fmt.Fprintf(cmd.OutOrStdout(), "read %d: imported %d, present %d, refused %d\n", out.Read, out.Imported, out.Present, out.Refused)
	if out.RejectFile != "" {
		fmt.Fprintln(cmd.OutOrStdout(), out.RejectFile)
	}
	return nil
}

// previewImport prints the look as JSON, on many lines: people read it.
func previewImport(cmd *cobra.Command, name, profileName string) error {
	file, size, err := openRegular(name)
	if err != nil {
		return err
	}
	defer file.Close()
	h, err := openHouse(cmd.Context(), quiet())
	if err != nil {
		return err
	}
	defer h.Close()
	var p *appeals.Profile
	if profileName != "" {
		if p, err = h.importProfile(cmd.Context(), profileName); err != nil {
			return err
		}
	}
	look, err := h.Appeals.Preview(file, size, p, language())
	if err != nil {
		return err
	}
	if look.Error != "" {
		return errors.New(look.Error)
	}
	out := json.NewEncoder(cmd.OutOrStdout())
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(look)
}

// language is the one of who sits at the terminal.
func language() string {
	if strings.HasPrefix(envOr("LC_ALL", os.Getenv("LANG")), "zh") {
		return "zh"
	}
	return "en"
}

// openRegular opens a file whose size is known: no folder and no pipe.
func openRegular(name string) (*os.File, int64, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, 0, err
	}
	st, err := file.Stat()
	if err == nil && !st.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a file", name)
	}
	if err != nil {
		file.Close()
		return nil, 0, err
	}
	return file, st.Size(), nil
}

// isProfileFile says that a profile is named by its YAML file.
func isProfileFile(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return ext == ".yaml" || ext == ".yml" || strings.ContainsRune(name, filepath.Separator)
}

func readProfileFile(name string) (*appeals.Profile, error) {
	body, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	p, err := appeals.ReadProfile(body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

// importProfile is a profile by name, or the one in a YAML file.
func (h *House) importProfile(ctx context.Context, name string) (*appeals.Profile, error) {
	if isProfileFile(name) {
		return readProfileFile(name)
	}
	p, err := h.Appeals.Profile(ctx, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("there is no import profile %q: see `shanzhi import profiles`", name)
	}
	return p, err
}

// writeRejects writes the refused rows beside the file that they are from, or,
// where that folder may not be written, in this one or a temporary one. Only
// who imports may read them: they are as they were handed over.
func (h *House) writeRejects(ctx context.Context, run appeals.ImportRun, file io.ReaderAt, name, want string) (string, error) {
	base := filepath.Base(name) + ".rejects.csv"
	places := []string{filepath.Join(filepath.Dir(name), base), base, filepath.Join(os.TempDir(), base)}
	if want != "" {
		places = []string{want}
	}
	var out *os.File
	err := fmt.Errorf("%s may not be written", filepath.Dir(name))
	for _, p := range places {
		// A folder that is kept for reading stays as it is, also for one who may
		// write everywhere.
		if st, serr := os.Stat(filepath.Dir(p)); serr != nil || st.Mode().Perm()&0o222 == 0 {
			continue
		}
		if out, err = os.OpenFile(p, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600); err == nil {
			break
		}
	}
	if out == nil {
		return "", fmt.Errorf("the refused rows cannot be written: %w", err)
	}
	_, err = h.Appeals.WriteRejects(ctx, run, file, out, language())
	if err = errors.Join(err, out.Close()); err != nil {
		return "", err
	}
	return filepath.Abs(out.Name())
}

// newImportItems makes `shanzhi import items`.
func newImportItems() *cobra.Command {
	var profileName, rejects string
	var asJSON bool
	c := &cobra.Command{
		Use:   "items --profile NAME FILE",
		Short: "Import service items (政务服务事项) from a province's list by a profile: guangdong, guangan, or a YAML file",
		Long: `Import service items from the list of a province or a district by a profile. Each row is
accounted for: imported, changed (a new version of what was here), present, or refused
with its reason in the reject file. HTML, control characters and the like are taken
out; elements that cannot be read are left out and counted as notes. The time that is
saved is that between law and promise, over items that tell both in the same days.`,
		Args: cobra.ExactArgs(1),
		RunE: withHouse(func(cmd *cobra.Command, args []string, h *House) error {
			var p *services.ItemProfile
			body, err := os.ReadFile(profileName)
			switch {
			case err == nil:
				p, err = services.ReadItemProfile(body)
			case errors.Is(err, os.ErrNotExist):
				p, err = services.ShippedItemProfile(profileName)
			}
			if err != nil {
				return err
			}
			if rejects == "" {
				rejects = args[0] + ".rejects.csv"
			}
			var refused bytes.Buffer
			out, err := h.Services.ImportItems(cmd.Context(), services.ItemImport{Profile: p, Path: args[0], Rejects: &refused})
			if err != nil {
				return err
			}
			if out.Refused > 0 {
				out.Rejects = rejects
				if err := writeWhole(rejects, func(w io.Writer) error {
					_, err := w.Write(refused.Bytes())
					return err
				}); err != nil {
					return err
				}
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(out)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d read: %d imported, %d changed, %d present, %d refused %v\n%d of them tell both times: %d days by law, %d fewer by promise\nmean of the checks %.1f\n",
				out.Read, out.Imported, out.Changed, out.Present, out.Refused, out.Reasons, out.Timed, out.LegalDays, out.DaysSaved, out.Score)
			return err
		}),
	}
	c.Flags().StringVar(&profileName, "profile", "", "name of a profile, or a YAML file")
	c.Flags().StringVar(&rejects, "rejects", "", "where refused rows go (default: beside the file, with .rejects.csv)")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object on the last line")
	_ = c.MarkFlagRequired("profile")
	return c
}
