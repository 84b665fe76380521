package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"shanzhi/core/account"
	"shanzhi/core/archive"
	"shanzhi/core/store"
	"shanzhi/systems/services"
)

// newArchiveCommand makes `shanzhi archive`.
func newArchiveCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "archive", Short: "Archive packages (电子归档) of cases that are closed"}
	cmd.AddCommand(newArchiveVerifyCommand(), newArchiveListCommand(), newArchiveTakeCommand())
	return cmd
}

// verified is what `shanzhi archive verify` finds.
type verified struct {
	archive.PackageReport
	OK       bool   `json:"ok"`
	SHA256   string `json:"sha256,omitempty"` // of the package
	Recorded bool   `json:"recorded"`         // it was compared with what the store has of it
}

func newArchiveVerifyCommand() *cobra.Command {
	var key, manifest string
	var asJSON, all bool
	c := &cobra.Command{
		Use:   "verify FILE | CASE | --all",
		Short: "Check a package: every file there and unchanged, nothing more, signed; fails when one is not so",
		Long: `Check an archive package.

FILE is a package that was taken out: it is checked with nothing but itself, and where
the data folder has records, against the hash that was recorded when it was made; an
encapsulation (XML, DA/T 48-2009) is checked with nothing but itself. CASE is
the number of a case, or of a package (档号): its newest package is opened where it lies.
--all checks every package of the house.

It fails, with exit code 1, and says what is wrong: unreadable (cut off, no ZIP), unsafe
(a name that leads out of the folder), too_large, manifest, missing, changed, extra, twice,
signature, record (not what was recorded), element (of an encapsulation: not as the
standard has it).`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if all != (len(args) == 0) {
				return errors.New("name a file or a case, or --all")
			}
			var out []verified
			if len(args) == 1 {
				if info, err := os.Stat(args[0]); err == nil && info.Mode().IsRegular() {
					v, err := verifyFile(cmd, args[0], key)
					if err != nil {
						return err
					}
					out = append(out, v)
				}
			}
			if out == nil {
				if !haveRecords() {
					return fmt.Errorf("%s is no file, and %s has no records", first(args), flags.data)
				}
				h, err := openHouse(cmd.Context(), quiet())
				if err != nil {
					return err
				}
				defer h.Close()
				if out, err = h.verifyArchives(cmd, args); err != nil {
					return err
				}
			}
			bad := 0
			for i := range out {
				v := &out[i]
				if manifest != "" && v.Manifest != manifest {
					v.Problems = append(v.Problems, archive.PackageFault{Code: "record", Path: archive.ManifestName, Text: "its manifest is not " + manifest})
				}
				if v.OK = len(v.Problems) == 0; !v.OK {
					bad++
				}
			}
			w := cmd.OutOrStdout()
			if asJSON {
				var say any = out
				if !all {
					say = out[0]
				}
				raw, _ := json.Marshal(say)
				fmt.Fprintln(w, string(raw))
			} else {
				for _, v := range out {
					if v.OK {
						fmt.Fprintf(w, "%s: %d files, %d bytes; manifest %s, signed by %s\n", v.No, v.Files, v.Bytes, v.Manifest, v.Key)
					}
					for _, p := range v.Problems {
						fmt.Fprintf(w, "%s: %s %s: %s\n", v.No, p.Code, p.Path, p.Text)
					}
				}
			}
			if bad > 0 {
				return fmt.Errorf("%d of %d packages are not as they should be", bad, len(out))
			}
			return nil
		},
	}
	c.Flags().StringVar(&key, "key", "", "the public key as it is known from elsewhere; without it the file's own is believed")
	c.Flags().StringVar(&manifest, "manifest", "", "the SHA-256 of the manifest as it is known from elsewhere")
	c.Flags().BoolVar(&all, "all", false, "check every package of the house")
	c.Flags().BoolVar(&asJSON, "json", false, "print what was found as JSON")
	return c
}

func first(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

// haveRecords says that there is a house to open, without making one.
func haveRecords() bool {
	if flags.database != "" {
		return true
	}
	_, err := os.Stat(filepath.Join(flags.data, "shanzhi.db"))
	return err == nil
}

// verifyFile checks a file, and compares it with the records where there are any.
func verifyFile(cmd *cobra.Command, name, key string) (verified, error) {
	f, err := os.Open(name)
	if err != nil {
		return verified{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return verified{}, err
	}
	begin := make([]byte, 64)
	if n, err := f.ReadAt(begin, 0); err == nil || errors.Is(err, io.EOF) {
		if archive.IsEncapsulation(begin[:n]) {
			return verified{PackageReport: archive.CheckEncapsulation(f, info.Size(), key)}, nil
		}
	}
	v := verified{PackageReport: archive.Check(f, info.Size(), key)}
	if v.No == "" || !haveRecords() {
		return v, nil
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return v, err
	}
	v.SHA256 = archive.Sum(raw)
	h, err := openHouse(cmd.Context(), quiet())
	if err != nil {
		return v, err
	}
	defer h.Close()
	a, err := h.Services.ArchiveOf(cmd.Context(), v.No)
	switch {
	case errors.Is(err, store.ErrNotFound):
		v.Problems = append(v.Problems, archive.PackageFault{Code: "record", Text: "this house has no record of " + v.No})
	case err != nil:
		return v, err
	default:
		v.Recorded, v.PackageReport = true, services.RecordedArchive(v.PackageReport, a, v.SHA256)
	}
	return v, nil
}

// verifyArchives opens packages where they lie.
func (h *House) verifyArchives(cmd *cobra.Command, args []string) ([]verified, error) {
	ctx, out := cmd.Context(), []verified{}
	check := func(a services.Archived) {
		out = append(out, verified{PackageReport: h.Services.CheckArchive(ctx, a), SHA256: a.SHA256, Recorded: true})
	}
	if len(args) == 1 {
		a, err := h.Services.ArchiveOf(ctx, args[0])
		switch {
		case errors.Is(err, store.ErrNotFound):
			return nil, fmt.Errorf("%s is no file, and no case of this number was archived", args[0])
		case err != nil:
			return nil, err
		case !a.Destroyed.IsZero():
			return nil, fmt.Errorf("%s was destroyed on %s, when its term had ended", a.No, a.Destroyed.Format("2006-01-02"))
		}
		check(a)
		return out, nil
	}
	for before := store.ID(0); ; {
		list, err := h.Services.Archives(ctx, account.System(h.Dir), services.ArchiveFilter{Before: before, Limit: 200})
		if err != nil || len(list) == 0 {
			return out, err
		}
		for _, a := range list {
			if before = a.ID; a.Destroyed.IsZero() {
				check(a)
			}
		}
	}
}

func newArchiveListCommand() *cobra.Command {
	var asJSON bool
	var words string
	var limit int
	c := &cobra.Command{
		Use:   "list",
		Short: "List the packages, the newest first, and the cases that wait to be archived",
		Args:  cobra.NoArgs,
		RunE: withHouse(func(cmd *cobra.Command, _ []string, h *House) error {
			list, err := h.Services.Archives(cmd.Context(), account.System(h.Dir), services.ArchiveFilter{Words: words, Limit: limit})
			if err != nil {
				return err
			}
			due, err := h.Services.ArchivesDue(cmd.Context(), account.System(h.Dir))
			if err != nil {
				return err
			}
			w := cmd.OutOrStdout()
			if asJSON {
				raw, _ := json.Marshal(map[string]any{"archives": append([]services.Archived{}, list...), "due": append([]services.ArchiveDue{}, due...)})
				fmt.Fprintln(w, string(raw))
				return nil
			}
			for _, a := range list {
				fmt.Fprintf(w, "%s  %s  %s  %d files  %s\n", a.No, a.CaseNo, a.Keep, a.Files, a.Manifest)
			}
			for _, d := range due {
				fmt.Fprintf(w, "waits  %s  %s\n", d.CaseNo, d.Error)
			}
			return nil
		}),
	}
	c.Flags().StringVar(&words, "find", "", "of the number of the case or package, or of the item")
	c.Flags().IntVar(&limit, "limit", 100, "how many at most")
	c.Flags().BoolVar(&asJSON, "json", false, "print the list as JSON")
	return c
}

func newArchiveTakeCommand() *cobra.Command {
	var out, purpose string
	var asXML bool
	c := &cobra.Command{
		Use:   "take CASE",
		Short: "Take a package out, opened; who did and why is recorded",
		Args:  cobra.ExactArgs(1),
		RunE: withHouse(func(cmd *cobra.Command, args []string, h *House) error {
			a, err := h.Services.ArchiveOf(cmd.Context(), args[0])
			if errors.Is(err, store.ErrNotFound) {
				return fmt.Errorf("no case of the number %s was archived", args[0])
			}
			if err != nil {
				return err
			}
			take := h.Services.TakeArchive
			if asXML {
				take = h.Services.TakeEncapsulation
			}
			_, raw, err := take(cmd.Context(), account.System(h.Dir), a.ID, purpose)
			if err != nil {
				return err
			}
			return writeWhole(out, func(w io.Writer) error {
				_, err := w.Write(raw)
				return err
			})
		}),
	}
	c.Flags().StringVar(&out, "out", "", "file to write")
	c.Flags().BoolVar(&asXML, "xml", false, "as one XML file, to be handed over to the archives (电子文件封装包, DA/T 48-2009)")
	c.Flags().StringVar(&purpose, "purpose", "", "why it is taken out; it is recorded")
	_ = c.MarkFlagRequired("out")
	_ = c.MarkFlagRequired("purpose")
	return c
}
