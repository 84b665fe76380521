package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"shanzhi/systems/appeals"
	"shanzhi/systems/appeals/closing"
)

// newClosingCommand makes `shanzhi closing judge|measure`.
func newClosingCommand() *cobra.Command {
	c := &cobra.Command{Use: "closing", Short: "Tell replies that close a matter in form only (形式办结)"}
	c.AddCommand(newClosingJudge(), newClosingMeasure())
	return c
}

func newClosingJudge() *cobra.Command {
	var from judgedFile
	var asJSON bool
	c := &cobra.Command{
		Use:   "judge FILE --profile NAME [--pack NAME] [--json]",
		Short: "Judge the replies of a spreadsheet",
		Long: `Judge every reply of a spreadsheet (CSV in any encoding, or XLSX) as an import
profile reads it. With --json each message gives one JSON object on a line of its
own: {id, line, score, verdict, signals, honest, answers}. score is 0 to 100;
verdict is pass, second_look or block; each signal has a code, a weight, a
sentence in zh and en, and its evidence: words of the reply or the message with
their place in runes, or a thing of the records. It needs no data folder.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			rows, skipped, err := from.judge(args[0])
			if err != nil {
				return err
			}
			out := bufio.NewWriter(cmd.OutOrStdout())
			defer out.Flush()
			count := map[string]int{}
			enc := json.NewEncoder(out)
			enc.SetEscapeHTML(false)
			for _, r := range rows {
				count[r.Verdict]++
				if asJSON {
					if err := enc.Encode(r); err != nil {
						return err
					}
					continue
				}
				var why []string
				for _, s := range r.Signals {
					why = append(why, fmt.Sprintf("%s %d", s.Text[language()], s.Weight))
				}
				fmt.Fprintf(out, "%-12s %3d  %-11s %s\n", r.ID, r.Score, r.Verdict, strings.Join(why, "; "))
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "judged %d: pass %d, second_look %d, block %d; without a message %d\n", len(rows), count[closing.Pass], count[closing.SecondLook], count[closing.Block], skipped)
			return nil
		},
	}
	from.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	return c
}

// judgedFile is the flags that say how a file is judged.
type judgedFile struct{ profile, pack string }

func (j *judgedFile) flags(c *cobra.Command) {
	c.Flags().StringVar(&j.profile, "profile", "", "name of a shipped import profile, or a YAML file")
	c.Flags().StringVar(&j.pack, "pack", "baoan", "district pack whose words and weights count: a name or a folder")
	_ = c.MarkFlagRequired("profile")
}

func (j *judgedFile) judge(name string) ([]appeals.JudgedRow, int, error) {
	pack, err := packAt(j.pack)
	if err != nil {
		return nil, 0, err
	}
	settings, err := closing.Read(pack)
	if err != nil {
		return nil, 0, err
	}
	if settings == nil {
		return nil, 0, fmt.Errorf("the pack %q has no %s", j.pack, closing.File)
	}
	p, err := fileProfile(j.profile)
	if err != nil {
		return nil, 0, err
	}
	f, size, err := openRegular(name)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	return appeals.JudgeFile(settings, p, filepath.Base(name), f, size)
}

func newClosingMeasure() *cobra.Command {
	var from judgedFile
	var labels string
	c := &cobra.Command{
		Use:   "measure FILE --profile NAME --labels FILE",
		Short: "Measure the detector against hand labels",
		Long: `Measure the detector against hand labels: a CSV with the columns id and final
(formal or proper), and part where some were held out. Prints precision, recall
and F1 of the verdict block, of block and second_look together, and the area under
the curve of the score.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			formal, parts, err := readLabelled(labels)
			if err != nil {
				return err
			}
			rows, _, err := from.judge(args[0])
			if err != nil {
				return err
			}
			for _, part := range slices.Compact(slices.Sorted(maps.Values(parts))) {
				var blocked, seen closing.Measure
				for _, r := range rows {
					if f, ok := formal[r.ID]; ok && parts[r.ID] == part {
						blocked.Add(r.Score, f, r.Verdict == closing.Block)
						seen.Add(r.Score, f, r.Verdict != closing.Pass)
					}
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%-6s block        %v\n%-6s second look  %v\n", part, blocked, part, seen)
			}
			return nil
		},
	}
	from.flags(c)
	c.Flags().StringVar(&labels, "labels", "docs/closing/labels.csv", "the hand labels")
	return c
}

// readLabelled reads the hand labels: of each id whether it was closed in form
// only, and the part of the sample that it is in.
func readLabelled(name string) (formal map[string]bool, parts map[string]string, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(rows) == 0 {
		return nil, nil, fmt.Errorf("%s is empty", name)
	}
	id, final, part := slices.Index(rows[0], "id"), slices.Index(rows[0], "final"), slices.Index(rows[0], "part")
	if id < 0 || final < 0 {
		return nil, nil, fmt.Errorf("%s: the columns id and final are needed", name)
	}
	formal, parts = map[string]bool{}, map[string]string{}
	for i, r := range rows[1:] {
		if r[final] != "formal" && r[final] != "proper" {
			return nil, nil, errors.New(name + " line " + strconv.Itoa(i+2) + ": final is formal or proper")
		}
		formal[r[id]], parts[r[id]] = r[final] == "formal", "all"
		if part >= 0 {
			parts[r[id]] = r[part]
		}
	}
	return formal, parts, nil
}
