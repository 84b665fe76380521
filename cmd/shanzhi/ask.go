package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/bench"
	"shanzhi/core/account"
	"shanzhi/core/answer"
	"shanzhi/core/knowledge"
	"shanzhi/core/text"
	"shanzhi/districts"
	"shanzhi/systems/appeals"
	"shanzhi/systems/appeals/simulate"
)

// newAskCommand makes `shanzhi ask`.
func newAskCommand() *cobra.Command {
	var packName, labelled string
	var asJSON, staff bool
	c := &cobra.Command{
		Use:   "ask QUESTION… | -",
		Short: "Answer questions out of what the district knows, or say that it is not known",
		Long: `Answer each question out of the knowledge entries and the duty list (with --staff also
solved matters and what is for staff alone), by sentences of the source, with the
source; or say that it is not known. With - the questions are read from standard
input, one a line.

The records of the data folder are asked where there are any, else the shipped pack;
--pack asks a pack alone. With --json each answer is one JSON object on a line:
question, known, answer, source {id, kind, title, by}, confidence, why, near.

--labelled FILE asks the questions of a CSV file with the columns question, source
(identifiers, or none), holds and part (tune or held), and prints how well it does
on each part.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if labelled == "" && len(args) == 0 {
				return errors.New(`there is no question: shanzhi ask "居住证怎么办"`)
			}
			known, err := knownAt(cmd, packName, staff)
			if err != nil {
				return err
			}
			defer known.close()
			if labelled != "" {
				return askLabelled(cmd, known.index, labelled, answer.Asking{Staff: staff}, asJSON)
			}
			w := cmd.OutOrStdout()
			say := func(q string) error {
				a, err := known.ask(q)
				if err != nil {
					return err
				}
				return printAnswer(w, a, asJSON)
			}
			if len(args) == 1 && args[0] == "-" {
				lines := bufio.NewScanner(cmd.InOrStdin())
				lines.Buffer(nil, 1<<20)
				for lines.Scan() {
					if strings.TrimSpace(lines.Text()) == "" {
						continue
					}
					if err := say(lines.Text()); err != nil {
						return err
					}
				}
				return lines.Err()
			}
			for _, q := range args {
				if err := say(q); err != nil {
					return err
				}
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&packName, "pack", "", "ask this pack alone: a folder, or the name of one that the program carries")
	f.StringVar(&labelled, "labelled", "", "measure on a CSV file of labelled questions")
	f.BoolVar(&staff, "staff", false, "ask as staff")
	f.BoolVar(&asJSON, "json", false, "print one JSON object a line")
	return c
}

// knowing is what is asked: a pack alone, or the records where there are any.
type knowing struct {
	index *answer.Index
	ask   func(question string) (saidAnswer, error)
	close func() error
}

func knownAt(cmd *cobra.Command, packName string, staff bool) (*knowing, error) {
	ctx := cmd.Context()
	if packName == "" {
		_, err := os.Stat(filepath.Join(flags.data, "shanzhi.db"))
		if err == nil || flags.database != "" {
			h, err := openHouse(ctx, quiet())
			if err != nil {
				return nil, err
			}
			who := account.Actor{}
			if staff {
				who = account.System(h.Dir)
			}
			x, err := h.Knowledge.Ready(ctx, staff)
			if err != nil {
				return nil, errors.Join(err, h.Close())
			}
			return &knowing{x, func(q string) (saidAnswer, error) {
				a, err := h.Knowledge.Ask(ctx, knowledge.Asked{Question: q, Who: who, Typing: true})
				return saidOf(a), err
			}, h.Close}, nil
		}
		packName = envOr("SHANZHI_PACK", "baoan")
	}
	files, err := packAt(packName)
	if err != nil {
		return nil, err
	}
	x, err := appeals.AnswersOf(files)
	return &knowing{x, func(q string) (saidAnswer, error) {
		return answerOf(x.Answer(q, answer.Asking{Staff: staff})), nil
	}, func() error { return nil }}, err
}

// saidAnswer is a line of `ask --json`.
type saidAnswer struct {
	Question   string      `json:"question"`
	Known      bool        `json:"known"`
	Answer     string      `json:"answer,omitempty"`
	Source     *saidSource `json:"source,omitempty"`
	Confidence float64     `json:"confidence"`
	Why        string      `json:"why,omitempty"` // where it is not known: empty, nothing, elsewhere, unsure
	Near       []string    `json:"near,omitempty"`
}

type saidSource struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	Title string `json:"title"`
	By    string `json:"by"`
}

// notKnown is what is said in place of an answer.
var notKnown = map[string]string{
	"empty":     "没有读出问题，请换个说法。",
	"nothing":   "知识库里没有这方面的内容，不作回答。",
	"elsewhere": "问的是外地的事，本区不掌握，请拨打当地12345。",
	"unsure":    "没有把握，不作回答；可以拨打12345，或者提交诉求由工作人员答复。",
}

// answerOf and saidOf are an answer as it is printed: of a pack alone, and of the
// records.
func answerOf(a answer.Answer) saidAnswer {
	out := saidAnswer{Question: a.Question.Text, Known: a.Known, Answer: a.Text, Confidence: math.Round(a.Confidence*100) / 100, Why: a.Why}
	if a.Known {
		out.Source = &saidSource{a.Source.ID, a.Source.Kind, a.Source.Title, a.Source.Source}
		return out
	}
	for _, d := range a.Near {
		out.Near = append(out.Near, d.ID+" "+d.Title)
	}
	return out
}

func saidOf(a knowledge.Said) saidAnswer {
	out := saidAnswer{Question: a.Question, Known: a.Known, Answer: a.Answer, Confidence: a.Confidence, Why: a.Why}
	if a.Known {
		by := a.Source.UnitName
		if a.Source.LegalBasis != "" {
			by += "；" + a.Source.LegalBasis
		}
		out.Source = &saidSource{a.Source.ID, a.Source.Kind, a.Source.Title, by}
		return out
	}
	for _, n := range a.Near {
		out.Near = append(out.Near, n.ID+" "+n.Title)
	}
	return out
}

func printAnswer(w io.Writer, out saidAnswer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(out)
	}
	if !out.Known {
		fmt.Fprintf(w, "问：%s\n不知道：%s\n", out.Question, notKnown[out.Why])
		if len(out.Near) > 0 {
			fmt.Fprintf(w, "相近：%s\n", strings.Join(out.Near, "；"))
		}
		return nil
	}
	_, err := fmt.Fprintf(w, "问：%s\n答：%s\n出处：%s《%s》（%s）  把握 %.2f\n", out.Question, out.Answer, out.Source.ID, out.Source.Title, out.Source.By, out.Confidence)
	return err
}

// askLabelled prints how well the index does on each part of labelled questions,
// and what would be fitted on the part that may be.
func askLabelled(cmd *cobra.Command, x *answer.Index, name string, as answer.Asking, asJSON bool) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	all, err := answer.ReadLabelled(file)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var parts []string
	of := map[string][]answer.Labelled{}
	for _, l := range all {
		if of[l.Part] == nil {
			parts = append(parts, l.Part)
		}
		of[l.Part] = append(of[l.Part], l)
	}
	slices.Sort(parts)
	w := cmd.OutOrStdout()
	for _, part := range parts {
		r, labels := x.Evaluate(of[part], as)
		out := struct {
			Part string `json:"part"`
			answer.Report
			Fit *answer.Calibration `json:"fit,omitempty"`
		}{Part: part, Report: r}
		if part == "tune" {
			fit := answer.Fit(labels, 0.95)
			out.Fit = &fit
		}
		if asJSON {
			if err := json.NewEncoder(w).Encode(out); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(w, "%-5s %d questions, %d answerable: found %.3f, coverage %.3f, precision %.3f, holds %.3f, refusal %.3f (threshold %.2f)\n",
			part, r.Questions, r.Answerable, r.Found, r.Coverage, r.Precision, r.Holds, r.Refusal, r.Threshold)
		for _, m := range r.Wrong {
			fmt.Fprintf(w, "      %s  want %s, got %s %.2f %s\n", m.Question, m.Want, m.Got, m.Confidence, m.Text)
		}
	}
	return nil
}

// newBenchAsk makes `shanzhi bench ask`.
func newBenchAsk() *cobra.Command {
	var entries, solved, users int
	var addr string
	var asJSON bool
	c := &cobra.Command{
		Use:   "ask",
		Short: "Questions answered out of many entries, the shipped duty list and simulated solved matters, or over HTTP",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var out any
			var err error
			if addr != "" {
				out, err = benchAsking(cmd.Context(), addr, users)
			} else {
				out, err = benchAsk(entries, solved)
			}
			if err != nil {
				return err
			}
			return printResult(cmd.OutOrStdout(), out, asJSON)
		},
	}
	c.Flags().IntVar(&entries, "entries", 30000, "knowledge entries")
	c.Flags().IntVar(&solved, "solved", 100000, "solved matters")
	c.Flags().StringVar(&addr, "addr", "", "ask this server, started with --demo, over HTTP")
	c.Flags().IntVar(&users, "users", 1, "with --addr: users at a time")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object on the last line")
	return c
}

// benchAsking puts, as strangers and as staff, the titles of the shipped entries as
// questions, and as many that simulated citizens would put and nothing answers.
func benchAsking(ctx context.Context, addr string, users int) (out struct {
	Strangers bench.AskResult `json:"strangers"`
	Staff     bench.AskResult `json:"staff"`
}, err error) {
	const each = 250
	files, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		return out, err
	}
	docs, err := appeals.PackDocuments(files)
	if err != nil {
		return out, err
	}
	docs = slices.DeleteFunc(docs, func(d answer.Document) bool { return d.Kind != knowledge.Kind || d.Internal })
	g, err := simulate.New(files, simulate.Options{Seed: 1, From: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2025, 2, 1, 0, 0, 0, 0, time.UTC), PerDay: each})
	if err != nil {
		return out, err
	}
	ask := func() (all []string) {
		for i := 0; len(all) < 2*each; i++ {
			a, ok := g.Next()
			if !ok {
				break
			}
			all = append(all, docs[i%len(docs)].Title+"怎么办", a.Title+"怎么办")
		}
		return all
	}
	if out.Strangers, err = bench.Ask(ctx, bench.AskOptions{URL: addr, Users: users, Questions: ask()}); err != nil {
		return out, err
	}
	out.Staff, err = bench.Ask(ctx, bench.AskOptions{URL: addr, Users: users, Login: "reviewer", Password: demoPassword, Questions: ask()})
	return out, err
}

type benchAskReport struct {
	Documents int     `json:"documents"`
	Entries   int     `json:"entries"`
	Solved    int     `json:"solved"`
	Cores     int     `json:"cores"`
	Build     float64 `json:"build_seconds"`
	Memory    float64 `json:"index_mb"`
	Questions int     `json:"questions"`
	P50       float64 `json:"answer_ms_p50"`
	P95       float64 `json:"answer_ms_p95"`
	Max       float64 `json:"answer_ms_max"`
}

// benchAsk asks, as staff, what the simulated citizens of the next month would,
// and the titles of entries, of an index of the given size. Entries beyond the
// shipped ones are simulated: one unit's answer about a simulated appeal.
func benchAsk(entries, solved int) (out benchAskReport, err error) {
	const questions = 500
	if entries < 1 || solved < 0 {
		return out, errors.New("--entries must be 1 or more, --solved may not be negative")
	}
	files, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		return out, err
	}
	docs, err := appeals.PackDocuments(files)
	if err != nil {
		return out, err
	}
	g, err := simulate.New(files, simulate.Options{Seed: 1, From: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), PerDay: float64(entries+solved+questions)/365*1.1 + 1})
	if err != nil {
		return out, err
	}
	shipped := 0
	for i := range docs {
		if docs[i].Kind == knowledge.Kind {
			shipped++
		}
	}
	var ask []string
	for i := 0; len(ask) < questions; i++ {
		a, ok := g.Next()
		if !ok {
			break
		}
		title, body := text.Mask(a.Title), text.Mask(a.Text)
		switch {
		case i < entries-shipped:
			docs = append(docs, answer.Document{ID: fmt.Sprintf("E%06d", i), Kind: knowledge.Kind, Title: title, Text: body, Source: "bench"})
		case i < entries-shipped+solved:
			docs = append(docs, answer.Document{ID: fmt.Sprintf("S%06d", i), Kind: appeals.SolvedDocument, Title: title, Text: body, Also: a.Truth.Community, Source: "bench", Internal: true})
		default:
			ask = append(ask, title+"怎么办")
		}
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	x := answer.New(docs, answer.Options{})
	out.Build = time.Since(began).Seconds()
	runtime.GC()
	runtime.ReadMemStats(&after)
	out.Documents, out.Entries, out.Solved, out.Cores, out.Questions = x.Len(), entries, solved, runtime.GOMAXPROCS(0), len(ask)
	out.Memory = float64(after.HeapAlloc-before.HeapAlloc) / (1 << 20)
	var took []float64
	for _, q := range ask {
		began := time.Now()
		x.Answer(q, answer.Asking{Staff: true})
		took = append(took, float64(time.Since(began).Microseconds())/1000)
	}
	if slices.Sort(took); len(took) > 0 {
		out.P50, out.P95, out.Max = took[len(took)/2], took[len(took)*95/100], took[len(took)-1]
	}
	return out, nil
}
