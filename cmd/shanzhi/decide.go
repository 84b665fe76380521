package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/systems/services"
)

// newDecideCommand makes `shanzhi decide`.
func newDecideCommand() *cobra.Command {
	var factsFile string
	var asJSON, dry bool
	c := &cobra.Command{
		Use:   "decide PACK --facts FILE",
		Short: "Decide a case by a decision pack (秒批): approved, for a person, or to be supplemented, and why",
		Long: `Decide a case by a decision pack: the name of a shipped one (shanzhi decide list) or a
YAML file. The facts are JSON, from a file or - for standard input:

  {"at": "2026-11-20T10:00:00+08:00",
   "facts": {"person.birth_date": {"value": "1940-01-01", "source": "人口库",
                                   "as_of": "2026-11-20T09:59:58+08:00", "receipt": "R-1"},
             "person.alive": [{"value": true, "source": "殡葬信息"}, {"value": true, "source": "医保信息"}],
             "bank.name_match": true}}

A bare value is the word of every source that the pack names, as of the moment of the
application; without "at" that is now.

The decision is kept in the data folder, its facts sealed, and can be made again to the
same bytes by its id: shanzhi decide replay ID. With --dry nothing is kept. With --json
one object is printed: id, outcome (approve, supplement, human), checks with their
answers, facts, sources and clauses, grant, and the hashes of pack and facts.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := packNamed(args[0])
			if err != nil {
				return err
			}
			var h *House
			zone, err := time.LoadLocation("Asia/Shanghai")
			if err != nil {
				return err
			}
			if !dry {
				if h, err = openHouse(cmd.Context(), quiet()); err != nil {
					return err
				}
				defer h.Close()
				zone = h.Appeals.Zone()
			}
			in, err := openInput(cmd, factsFile)
			if err != nil {
				return err
			}
			defer in.Close()
			kase, err := p.ReadCase(in, time.Now().Truncate(time.Second), zone)
			if err != nil {
				return err
			}
			began := time.Now()
			d := p.Decide(kase, zone)
			took := time.Since(began)
			out := decided{Decision: d, Took: took.Seconds() * 1000}
			if h != nil {
				if err := h.Store.Write(cmd.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
					out.ID, err = h.Decisions.Keep(ctx, tx, p, kase, d, zone, rule.About{})
					return err
				}); err != nil {
					return err
				}
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(out)
			}
			return out.print(cmd.OutOrStdout())
		},
	}
	c.Flags().StringVar(&factsFile, "facts", "", "file with the facts, JSON; - for standard input")
	c.Flags().BoolVar(&dry, "dry", false, "keep nothing")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	_ = c.MarkFlagRequired("facts")
	c.AddCommand(newDecideReplay(), newDecideTry(), newDecideList(), newDecideVersions(), newDecidePublishCheck())
	return c
}

// decided is a decision as it is printed.
type decided struct {
	ID store.ID `json:"id,omitempty"`
	rule.Decision
	Took float64 `json:"ms"`
}

func (d decided) print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", d.Pack, d.Outcome)
	if d.Why != "" {
		fmt.Fprintf(&b, "  %s\n", d.Why)
	}
	for _, c := range d.Checks {
		fmt.Fprintf(&b, "  %-8s %s (%s)\n", c.Answer, c.Say["zh"], c.Law.Ref)
		for _, f := range c.Facts {
			if f.Why != "" {
				fmt.Fprintf(&b, "           %s: %s\n", f.Say["zh"], f.Why)
			}
		}
	}
	for _, name := range sortedNames(d.Grant) {
		fmt.Fprintf(&b, "  %s = %v\n", name, d.Grant[name])
	}
	if d.ID != 0 {
		fmt.Fprintf(&b, "kept as %s\n", d.ID)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func sortedNames(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// packNamed reads a pack: a file, or a shipped one by its name.
func packNamed(name string) (*rule.Pack, error) {
	var f io.ReadCloser
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(name, "./") {
		if f, err = services.Decisions.Open("decisions/" + name + ".yaml"); err != nil {
			return nil, fmt.Errorf("there is no file %s and no shipped pack of this name; shanzhi decide list names them", name)
		}
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, err := rule.ReadPack(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

// openInput opens a file, or standard input for "-".
func openInput(cmd *cobra.Command, name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(cmd.InOrStdin()), nil
	}
	return os.Open(name)
}

func newDecideReplay() *cobra.Command {
	var under string
	var asJSON bool
	c := &cobra.Command{
		Use:   "replay ID",
		Short: "Make a kept decision again from its facts and its pack; fails where the bytes differ",
		Args:  cobra.ExactArgs(1),
		RunE: withHouse(func(cmd *cobra.Command, args []string, h *House) error {
			id, err := store.ParseID(args[0])
			if err != nil {
				return err
			}
			var other *rule.Pack
			if under != "" {
				if other, err = packNamed(under); err != nil {
					return err
				}
			}
			out, err := h.Decisions.Replay(cmd.Context(), id, other)
			if errors.Is(err, store.ErrNotFound) {
				return fmt.Errorf("there is no decision %s", id)
			}
			if err != nil {
				return err
			}
			if asJSON {
				err = json.NewEncoder(cmd.OutOrStdout()).Encode(out)
			} else {
				same := "the same bytes"
				if !out.Identical {
					same = "OTHER BYTES"
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s by %s: %s, %s (%s)\n", out.ID, out.Pack, out.Outcome, same, out.TraceHash)
				if out.Under != nil && err == nil {
					_, err = fmt.Fprintf(cmd.OutOrStdout(), "under %.12s it would be %s; other answers: %v\n", out.Under.PackHash, out.Under.Outcome, out.Under.Differs)
				}
			}
			if err == nil && !out.Identical {
				err = fmt.Errorf("the decision %s does not come to what was kept", id)
			}
			return err
		}),
	}
	c.Flags().StringVar(&under, "under", "", "another version of the pack: what would have happened under it")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

func newDecideTry() *cobra.Command {
	var casesFile string
	var propose, asJSON bool
	c := &cobra.Command{
		Use:   "try PACK --cases FILE",
		Short: "Run a pack against its cases: what is wrong, what no case shows, which slips nothing would notice",
		Long: `Run a pack against its cases. It fails unless each case comes to what it must, each
check is seen to pass, to fail, to miss a fact and to find one too old, and no
operator, number or check can be changed without a case that notices: the gate before
publication. With --propose the cases that are missing are printed as YAML, to be read
by a person and added to the file.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := packNamed(args[0])
			if err != nil {
				return err
			}
			var in io.ReadCloser
			if casesFile == "" {
				in, err = services.Decisions.Open("decisions/" + p.ID + ".cases.yaml")
			} else {
				in, err = openInput(cmd, casesFile)
			}
			if err != nil {
				return err
			}
			defer in.Close()
			cases, err := rule.ReadExamples(in)
			if err != nil {
				return err
			}
			zone, err := time.LoadLocation("Asia/Shanghai")
			if err != nil {
				return err
			}
			if propose {
				more, err := p.Propose(cases, zone)
				if err != nil {
					return err
				}
				return more.Write(cmd.OutOrStdout())
			}
			t, err := p.Try(cases, zone)
			if err != nil {
				return err
			}
			if asJSON {
				err = json.NewEncoder(cmd.OutOrStdout()).Encode(t)
			} else {
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d cases, %d slips tried\n", p.ID, t.Cases, t.Mutants)
				for _, x := range []struct {
					what  string
					lines []string
				}{{"comes to something else", t.Wrong}, {"no case shows", t.Gaps}, {"nothing would notice", t.Survived}} {
					for _, line := range x.lines {
						fmt.Fprintf(cmd.OutOrStdout(), "  %s: %s\n", x.what, line)
					}
				}
			}
			if err == nil && !t.Ready() {
				err = fmt.Errorf("%s is not ready to be published", p.ID)
			}
			return err
		},
	}
	c.Flags().StringVar(&casesFile, "cases", "", "file with the cases, YAML; absent: those of the shipped pack")
	c.Flags().BoolVar(&propose, "propose", false, "print the cases that are missing")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

func newDecideList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "Name the decision packs that are shipped, all of them illustrative",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			names, err := fs.Glob(services.Decisions, "decisions/*.yaml")
			if err != nil {
				return err
			}
			for _, name := range names {
				base := strings.TrimSuffix(strings.TrimPrefix(name, "decisions/"), ".yaml")
				if strings.HasSuffix(base, ".cases") {
					continue
				}
				p, err := packNamed(base)
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%-34s %s\n", p.ID, p.Name["zh"])
			}
			return nil
		},
	}
}
