package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/core/adapter"
	"shanzhi/core/job"
	"shanzhi/core/pack"
	"shanzhi/core/store"
	"shanzhi/systems/cim"
)

// newDoctorCommand says what is configured, reachable, and wrong.
func newDoctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what is configured, reachable, and wrong; fails when something is",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out := cmd.OutOrStdout()
			say := func(mark, what, detail string) { fmt.Fprintf(out, "%-4s %-14s %s\n", mark, what, detail) }
			say("", "version", version)
			say("", "data", flags.data)
			h, err := openHouse(cmd.Context(), quiet())
			if err != nil {
				say("FAIL", "house", err.Error())
				return fmt.Errorf("the house cannot be opened: %w", err)
			}
			defer h.Close()
			var wrong []error
			check := func(what string, f func() (string, error)) {
				detail, err := f()
				if err != nil {
					say("FAIL", what, err.Error())
					wrong = append(wrong, fmt.Errorf("%s: %w", what, err))
					return
				}
				say("ok", what, detail)
			}
			ctx := cmd.Context()
			check("records", func() (string, error) {
				var n int64
				err := h.Store.QueryRow(ctx, `SELECT count(*) FROM matter`).Scan(&n)
				return fmt.Sprintf("%s, %d matters", h.Store.Dialect(), n), err
			})
			check("disk", func() (string, error) { return freeSpace(flags.data) })
			files, err := h.Packs.Current(ctx)
			if err != nil {
				return err
			}
			check("pack", func() (string, error) {
				return fmt.Sprintf("%d units, %s", len(h.Dir.Tree().All()), h.Dir.Tree().Name(h.Dir.Tree().Root())), h.Packs.Check(files)
			})
			say("ok", "flows", "every open matter's flow compiles") // openHouse has refused otherwise
			check("calendar", func() (string, error) {
				m, err := pack.ReadManifest(files)
				if err != nil {
					return "", err
				}
				cal, err := h.Book.Current(m.Calendar)
				if err != nil {
					return "", err
				}
				year := time.Now().Year()
				if !cal.Covered(year) {
					return "", fmt.Errorf("the holidays of %d are not in it: working days are counted by the week alone", year)
				}
				if !cal.Covered(year + 1) {
					return fmt.Sprintf("covers %d; the holidays of %d are not announced in it yet", year, year+1), nil
				}
				return fmt.Sprintf("covers %d and %d", year, year+1), nil
			})
			check("audit", func() (string, error) {
				rep, err := h.Audit.Verify(ctx)
				if err == nil && len(rep.Problems) > 0 {
					err = errors.New(rep.Problems[0])
				}
				return fmt.Sprintf("%d rows, %d sealed", rep.Rows, rep.Sealed), err
			})
			check("matters", func() (string, error) {
				ids, err := store.Select[store.ID](ctx, h.Store, `SELECT id FROM matter ORDER BY id DESC LIMIT 200`)
				if err != nil {
					return "", err
				}
				for _, id := range ids {
					diffs, err := h.Engine.Verify(ctx, h.Store, id)
					if err != nil {
						return "", err
					}
					if len(diffs) > 0 {
						return "", fmt.Errorf("matter %d: %s is stored as %s, its events give %s", id, diffs[0].What, diffs[0].Stored, diffs[0].Rebuilt)
					}
				}
				return fmt.Sprintf("the newest %d equal their events", len(ids)), nil
			})
			check("messages", func() (string, error) {
				type standing struct {
					Status string
					N      int64
				}
				rows, err := store.Select[standing](ctx, h.Store, `SELECT status, count(*) AS n FROM notice_message GROUP BY status ORDER BY status`)
				parts := []string{"by " + map[bool]string{true: "a gateway", false: "a simulator: nothing leaves the house"}[os.Getenv("SHANZHI_SMS_URL") != ""]}
				for _, r := range rows {
					parts = append(parts, fmt.Sprintf("%d %s", r.N, r.Status))
				}
				return strings.Join(parts, ", "), err
			})
			check("mail", func() (string, error) {
				server, real := h.Notices.Mail.(*adapter.SMTP)
				if !real {
					return "by a simulator: nothing leaves the house", nil
				}
				return fmt.Sprintf("%s:%d lets the house in", server.Host, server.Port), server.Reach(ctx)
			})
			check("receivers", func() (string, error) {
				type silent struct {
					Name string
					Said string
				}
				n, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM notice_hook WHERE live`)
				if err != nil {
					return "", err
				}
				bad, err := store.Select[silent](ctx, h.Store, `SELECT name, said FROM notice_hook WHERE live AND failures >= 5 ORDER BY id`)
				if err == nil && len(bad) > 0 {
					return "", fmt.Errorf("%d of %d do not answer; %s: %s", len(bad), n, bad[0].Name, bad[0].Said)
				}
				if os.Getenv("SHANZHI_HOOKS") == "" {
					return fmt.Sprintf("%d, by a simulator: nothing leaves the house", n), err
				}
				return fmt.Sprintf("%d are told", n), err
			})
			check("language", func() (string, error) {
				p := polisherOf(h.Store)
				chat, real := p.Model.(*adapter.ChatCompletions)
				switch {
				case !p.On():
					return "no language model is configured, and none is needed", nil
				case !real:
					return "by a simulator: nothing leaves the house", nil
				}
				return "model " + chat.Model + " at " + chat.URL + " answers", chat.Reachable(ctx)
			})
			check("files", func() (string, error) {
				if at := os.Getenv("SHANZHI_S3"); at != "" {
					return "in " + at, nil // openHouse has asked it
				}
				return "in " + filepath.Join(flags.data, "files"), nil
			})
			check("viruses", func() (string, error) {
				scan, ok := h.Files.Scan.(*adapter.Clam)
				if !ok {
					return "no scanner is connected: files are taken unseen", nil
				}
				version, err := scan.Reachable(ctx)
				if err != nil {
					return "", err
				}
				n, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM blob_virus`)
				return fmt.Sprintf("%s; %d files refused", version, n), err
			})
			check("shapes", func() (string, error) {
				kind, err := cim.SpatialIndex(ctx, h.Store)
				if kind == "box" {
					kind = "PostgreSQL's own boxes: PostGIS is not installed, so other programs cannot read the shapes (apt-get install postgresql-postgis before the records are made)"
				}
				return "found by " + kind, err
			})
			check("archives", func() (string, error) { return h.Services.ArchiveHealth(ctx) })
			check("province", func() (string, error) { return h.Services.ProvinceHealth(ctx) })
			nights, err := job.Standings(ctx, h.Store)
			if err != nil {
				return err
			}
			for _, n := range nights {
				detail := "next " + n.Due.In(h.Appeals.Zone()).Format("2006-01-02 15:04")
				if !n.Ran.IsZero() {
					detail = fmt.Sprintf("ran %s in %s: %s; %s", n.Ran.In(h.Appeals.Zone()).Format("2006-01-02 15:04"), time.Duration(n.Took)*time.Microsecond, n.Result, detail)
				}
				mark := "ok"
				if n.Failed() {
					mark = "WARN"
				}
				say(mark, n.Name, detail)
			}
			check("dispatch", func() (string, error) {
				model, err := h.Appeals.DispatchFault(ctx)
				if model == 0 {
					return "rules and words advise; no model has been trained yet", err
				}
				return fmt.Sprintf("model %s advises", model), err
			})
			faults := map[string]int{}
			for _, f := range h.Appeals.DutyFaults() {
				faults[f.Kind]++
			}
			kinds := []string{}
			for k, n := range faults {
				kinds = append(kinds, fmt.Sprintf("%d %s", n, k))
			}
			slices.Sort(kinds)
			if len(kinds) == 0 {
				say("ok", "duty list", "no gaps, no overlaps")
			} else {
				say("note", "duty list", fmt.Sprint(kinds))
			}
			return errors.Join(wrong...)
		},
	}
}
