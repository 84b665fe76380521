package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/core/learn"
	"shanzhi/core/table"
)

// learnResult is what `shanzhi learn --json` prints, on one line, the last.
// precision_at_coverage is a list of {coverage, precision, p}: were only the
// rows answered about which the model was at least p sure, coverage of them
// would be answered, and precision of those rightly; ten points, from the surest
// tenth to all.
type learnResult struct {
	// Mode is how the figures came about: "held-out" (while training),
	// "cross-validation", "test" (one training, other rows) or "replay".
	Mode         string  `json:"mode"`
	Folds        int     `json:"folds,omitempty"`
	SortedBy     string  `json:"sorted_by"` // the column of time, or ""
	TrainRows    int     `json:"train_rows"`
	SkippedRows  int     `json:"skipped_rows"` // without label or, where it is needed, time
	TrainLabels  int     `json:"train_labels"`
	TrainSeconds float64 `json:"train_seconds"` // of the whole run in cross-validation and replay
	Model        string  `json:"model,omitempty"`
	ModelHash    string  `json:"model_hash,omitempty"`
	learn.Report
}

// learnRun is the flags of both verbs.
type learnRun struct {
	from, test, label   string
	text, features      []string
	sort, replay, model string
	trainShare          float64
	folds               int
	seed                uint64
	json                bool
}

// newLearnCommand makes `shanzhi learn train|eval`.
func newLearnCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "learn",
		Short: "Train and test models; see and roll back those that advise dispatch",
		Long: `Train and test a model that gives a case its label: a category from the text,
a unit from place and kind; and look after the models that advise dispatch here. Files are CSV in any encoding or XLSX, with a header.

The rows are taken in the order of a column of time: the one named by --sort or
--replay, or the first whose every value is a date ("--sort none" for no order).
With --json the last line of output is one JSON object with macro_f1, accuracy,
top1, top3, precision_at_coverage (a list of {coverage, precision, p}: of the
share "coverage" of the rows about which the model was surest, all at least p,
"precision" were answered rightly), ms_per_text and the counts of rows.`,
	}
	c.AddCommand(newLearnTrain(), newLearnEval(), newLearnModels(), newLearnRetrain(), newLearnRollback())
	return c
}

func newLearnTrain() *cobra.Command {
	var r learnRun
	c := &cobra.Command{
		Use:   "train --from FILE --label COL [--text COLS] [--features COLS] [--test FILE] [--replay DATECOL] [--model FILE]",
		Short: "Learn from a file, say how well, and write the model",
		Long: `Learn from every row of --from, and write the model to --model where one is named.
The figures are those of --test, --replay or --train-share as "eval" has them;
with none of these, those of rows held out while training.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return r.train(c) },
	}
	r.flags(c)
	c.Flags().StringVar(&r.model, "model", "", "file to write the model to")
	return c
}

func newLearnEval() *cobra.Command {
	var r learnRun
	c := &cobra.Command{
		Use:   "eval --from FILE --label COL [--text COLS] [--features COLS] [--test FILE] [--replay DATECOL]",
		Short: "Say how good a model of these columns is",
		Long: `Say how good a model of these columns is, on rows that it did not learn from:

  --test FILE       learn from --from, test on FILE
  --replay DATECOL  live through the later rows day by day: learn what became of
                    the days before, answer the day; the days are those of --test,
                    or of --from after its first --train-share
  --train-share S   learn from the first share of --from by time, test on the rest
  --model FILE      do not learn: test a model that "train" wrote on --test, or on
                    --from
  none of these     cross-validation over --from in --folds parts`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return r.eval(c) },
	}
	r.flags(c)
	c.Flags().StringVar(&r.model, "model", "", "model file to test")
	c.Flags().IntVar(&r.folds, "folds", 5, "parts of the cross-validation")
	return c
}

func (r *learnRun) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&r.from, "from", "", "file to learn from: CSV or XLSX with a header")
	f.StringVar(&r.test, "test", "", "file to test on")
	f.StringSliceVar(&r.text, "text", nil, "columns of free text, separated by commas or named one by one")
	f.StringSliceVar(&r.features, "features", nil, "columns of categories, separated by commas or named one by one, the most telling first")
	f.StringVar(&r.label, "label", "", "column of the label")
	f.StringVar(&r.sort, "sort", "", "column of time that orders the rows, or none")
	f.StringVar(&r.replay, "replay", "", "column of time to live through day by day")
	f.Float64Var(&r.trainShare, "train-share", 0.7, "share of --from that is learned from before the test begins")
	f.Uint64Var(&r.seed, "seed", 1, "seed of all that is random")
	f.BoolVar(&r.json, "json", false, "print one JSON object")
	_ = c.MarkFlagRequired("from")
	_ = c.MarkFlagRequired("label")
}

func (r *learnRun) train(c *cobra.Command) error {
	out := learnResult{Mode: "held-out"}
	rows, o, err := r.load(r.from, &out)
	if err != nil {
		return err
	}
	tested, err := r.testOn(c, rows, o, &out)
	if err != nil {
		return err
	}
	if r.model == "" && tested {
		return r.print(c, out)
	}
	m, err := r.fit(c, rows, o, &out)
	if err != nil {
		return err
	}
	if !tested {
		out.Report = m.Meta.HeldOut
	}
	if r.model != "" {
		if out.ModelHash, err = m.Save(r.model); err != nil {
			return err
		}
		out.Model = r.model
	}
	return r.print(c, out)
}

func (r *learnRun) eval(c *cobra.Command) error {
	var out learnResult
	if r.model != "" {
		return r.evalModel(c, out)
	}
	rows, o, err := r.load(r.from, &out)
	if err != nil {
		return err
	}
	tested, err := r.testOn(c, rows, o, &out)
	if err != nil {
		return err
	}
	if !tested {
		out.Mode, out.Folds, out.TrainRows = "cross-validation", r.folds, len(rows)
		start := time.Now()
		if out.Report, err = learn.CrossValidate(c.Context(), rows, r.folds, o); err != nil {
			return err
		}
		out.TrainSeconds = time.Since(start).Seconds()
	}
	return r.print(c, out)
}

// testOn takes the figures on rows that --test names, or on the later rows where
// --replay or --train-share ask for that. tested is false where nothing does.
func (r *learnRun) testOn(c *cobra.Command, rows []learn.Example, o learn.Options, out *learnResult) (tested bool, err error) {
	var test []learn.Example
	switch {
	case r.test != "":
		if test, _, err = r.load(r.test, out); err != nil {
			return false, err
		}
	case r.replay != "" || c.Flags().Changed("train-share"):
		if r.trainShare <= 0 || r.trainShare >= 1 {
			return false, fmt.Errorf("--train-share is %v; it must lie between 0 and 1", r.trainShare)
		}
		n := int(r.trainShare * float64(len(rows)))
		rows, test = rows[:n], rows[n:]
	default:
		return false, nil
	}
	if r.replay != "" {
		out.Mode, out.TrainRows = "replay", len(rows)
		start := time.Now()
		out.Report, err = learn.Replay(c.Context(), rows, test, o)
		out.TrainSeconds = time.Since(start).Seconds()
		return true, err
	}
	out.Mode = "test"
	o.Lag = useOf(rows, test)
	m, err := r.fit(c, rows, o, out)
	if err != nil {
		return false, err
	}
	out.Report, err = learn.Evaluate(c.Context(), m, test)
	return true, err
}

// useOf returns how old what a model knows is on average while it answers test
// without learning on: half the time that test spans, but at most a quarter of
// what there is to learn from.
func useOf(rows, test []learn.Example) time.Duration {
	span := func(rows []learn.Example) time.Duration {
		if len(rows) == 0 {
			return 0
		}
		byTime := func(a, b learn.Example) int { return a.Time.Compare(b.Time) }
		return slices.MaxFunc(rows, byTime).Time.Sub(slices.MinFunc(rows, byTime).Time)
	}
	return max(24*time.Hour, min(span(test)/2, span(rows)/4))
}

func (r *learnRun) evalModel(c *cobra.Command, out learnResult) error {
	m, err := learn.Load(r.model)
	if err != nil {
		return err
	}
	r.text, r.features = m.Meta.Schema.Text, m.Meta.Schema.Features
	rows, _, err := r.load(cmp.Or(r.test, r.from), &out)
	if err != nil {
		return err
	}
	out.Mode, out.Model, out.ModelHash = "test", r.model, m.Meta.Hash
	out.TrainRows, out.TrainLabels = m.Meta.Rows, m.Meta.Labels
	if out.Report, err = learn.Evaluate(c.Context(), m, rows); err != nil {
		return err
	}
	return r.print(c, out)
}

func (r *learnRun) fit(c *cobra.Command, rows []learn.Example, o learn.Options, out *learnResult) (*learn.Model, error) {
	start := time.Now()
	m, err := learn.Train(c.Context(), rows, o)
	if err != nil {
		return nil, err
	}
	out.TrainRows, out.TrainLabels, out.TrainSeconds = m.Meta.Rows, m.Meta.Labels, time.Since(start).Seconds()
	return m, nil
}

func (r *learnRun) print(c *cobra.Command, out learnResult) error {
	out.ByLabel = nil
	w := c.OutOrStdout()
	if r.json {
		return json.NewEncoder(w).Encode(out)
	}
	fmt.Fprintf(w, "%s: %d rows answered, learned from %d in %.1f s", out.Mode, out.Rows, out.TrainRows, out.TrainSeconds)
	if out.SortedBy != "" {
		fmt.Fprintf(w, ", in the order of %s", out.SortedBy)
	}
	if out.SkippedRows > 0 {
		fmt.Fprintf(w, "; %d rows without label or time left out", out.SkippedRows)
	}
	fmt.Fprintf(w, "\n  macro F1  %.4f\n  top 1     %.4f\n  top 3     %.4f\n  log loss  %.3f\n  ECE       %.3f\n  per text  %.2f ms\n",
		out.MacroF1, out.Top1, out.Top3, out.LogLoss, out.ECE, out.MsPerText)
	fmt.Fprintln(w, "  surest      right   at least")
	for _, p := range out.PrecisionAtCoverage {
		fmt.Fprintf(w, "   %3.0f %%    %5.1f %%      %.3f\n", 100*p.Coverage, 100*p.Precision, p.P)
	}
	if out.Model != "" {
		fmt.Fprintf(w, "  model     %s (%s)\n", out.Model, out.ModelHash)
	}
	return nil
}

// load reads a file as examples, in the order of their time where they have one,
// and notes in out what it left out.
func (r *learnRun) load(path string, out *learnResult) ([]learn.Example, learn.Options, error) {
	o := learn.Options{Schema: learn.Schema{Text: columnList(r.text), Features: columnList(r.features)}, Seed: r.seed}
	if len(o.Schema.Text)+len(o.Schema.Features) == 0 {
		return nil, o, errors.New("learn: name the columns to learn from with --text, --features or both")
	}
	header, rows, err := readTable(path)
	if err != nil {
		return nil, o, err
	}
	at := func(name string) (int, error) {
		i := slices.Index(header, name)
		if i < 0 {
			return 0, fmt.Errorf("%s has no column %q; it has %s", path, name, strings.Join(header, ", "))
		}
		return i, nil
	}
	var columns []int
	for _, name := range append(slices.Clone(o.Schema.Text), o.Schema.Features...) {
		i, err := at(name)
		if err != nil {
			return nil, o, err
		}
		columns = append(columns, i)
	}
	label, err := at(r.label)
	if err != nil {
		return nil, o, err
	}
	clock := -1
	switch name := cmp.Or(r.replay, r.sort); name {
	case "none":
	case "":
		clock = slices.IndexFunc(header, func(name string) bool { return allDates(rows, slices.Index(header, name)) })
	default:
		if clock, err = at(name); err != nil {
			return nil, o, err
		}
	}
	if clock >= 0 {
		out.SortedBy = header[clock]
	}
	var examples []learn.Example
	for _, row := range rows {
		e := learn.Example{Label: strings.TrimSpace(row[label])}
		timed := true
		if clock >= 0 {
			e.Time, timed = timeOf(row[clock])
		}
		if e.Label == "" || !timed {
			out.SkippedRows++
			continue
		}
		for i, c := range columns {
			if i < len(o.Schema.Text) {
				e.Text = append(e.Text, row[c])
			} else {
				e.Features = append(e.Features, row[c])
			}
		}
		examples = append(examples, e)
	}
	if len(examples) == 0 {
		return nil, o, fmt.Errorf("%s: none of its %d rows has a %q and, where rows are sorted, a readable time", path, len(rows), r.label)
	}
	slices.SortStableFunc(examples, func(a, b learn.Example) int { return a.Time.Compare(b.Time) })
	return examples, o, nil
}

// columnList are the columns of a flag, without blanks around their names.
func columnList(names []string) []string {
	var out []string
	for _, c := range names {
		if c = strings.TrimSpace(c); c != "" {
			out = append(out, c)
		}
	}
	return out
}

func allDates(rows [][]string, column int) bool {
	for _, row := range rows {
		if _, ok := timeOf(row[column]); !ok {
			return false
		}
	}
	return true
}

// timeOf reads a time as it is written, whatever the zone; a date whose year
// stands last is taken to begin with the month.
func timeOf(s string) (time.Time, bool) {
	t, _, err := table.ParseTime(strings.TrimSpace(s), []string{"ymd", "mdy"}, nil)
	return t, err == nil
}

// readTable reads a whole file. Every row has at least as many cells as the
// header.
func readTable(path string) (header []string, rows [][]string, err error) {
	t, err := table.Open(path, table.Options{})
	if err != nil {
		return nil, nil, err
	}
	defer t.Close()
	for row, err := range t.Rows() {
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, row.Cells)
	}
	if len(rows) == 0 {
		return nil, nil, fmt.Errorf("%s has no rows", path)
	}
	return t.Columns(), rows, nil
}
