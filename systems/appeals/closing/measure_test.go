package closing

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shanzhi/core/learn"
	"shanzhi/core/table"
	"shanzhi/internal/testkit"
)

// message is one row of the file of messages with replies.
type message struct{ id, title, text, reply string }

func readMessages(t *testing.T) []message {
	t.Helper()
	path := filepath.Join(testkit.Root(), "..", "shared", "data", "appeals", "messages_with_replies_1000.csv")
	if _, err := os.Stat(path); err != nil {
		t.Skip("no messages with replies beside the project: ", err)
	}
	r, err := table.Open(path, table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	at := map[string]int{}
	for i, c := range r.Columns() {
		at[c] = i
	}
	var out []message
	for row, err := range r.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		c := func(name string) string { return strings.TrimSpace(row.Cells[at[name]]) }
		out = append(out, message{c("留言编号"), c("留言主题"), c("留言详情"), c("答复意见")})
	}
	return out
}

func baoan(t testing.TB) *Settings {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(testkit.Root(), "districts", "baoan", File))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func measureOf(scores []float64, formal []bool, threshold float64) Measure {
	var m Measure
	for i, f := range formal {
		m.Add(int(math.Round(scores[i]*1000)), f, scores[i] >= threshold)
	}
	return m
}

func judgeAll(s *Settings, messages []message) map[string]Judgment {
	cases := make([]Case, len(messages))
	for i, m := range messages {
		cases[i] = Case{ID: m.id, Title: m.title, Text: m.text, Reply: Reply{Text: m.reply}}
	}
	out := map[string]Judgment{}
	for i, j := range JudgeAll(s, cases) {
		out[cases[i].ID] = j
	}
	return out
}

// learnedScores are the probabilities of a model of character n-grams that
// learned from the part that is tuned on.
func learnedScores(t *testing.T, messages []message) map[string]float64 {
	t.Helper()
	reply := map[string]string{}
	for _, m := range messages {
		reply[m.id] = m.reply
	}
	var examples []learn.Example
	for _, l := range readLabels(t) {
		if l.part == "tune" {
			examples = append(examples, learn.Example{Text: []string{reply[l.id]}, Label: l.final})
		}
	}
	m, err := learn.Train(t.Context(), examples, learn.Options{Schema: learn.Schema{Text: []string{"reply"}}, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, l := range readLabels(t) {
		p, err := m.Predict(learn.Example{Text: []string{reply[l.id]}}, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range p.Candidates {
			if c.Label == "formal" {
				out[l.id] = c.P
			}
		}
	}
	return out
}

func TestMeasureOnLabelledReplies(t *testing.T) {
	messages := readMessages(t)
	s := baoan(t)
	judged := judgeAll(s, messages)
	length := map[string]int{}
	for _, m := range messages {
		length[m.id] = len([]rune(m.reply))
	}
	learned := learnedScores(t, messages)
	for _, part := range []string{"tune", "held"} {
		var formal []bool
		var ids, reasons []string
		for _, l := range readLabels(t) {
			if l.part == part {
				formal, ids, reasons = append(formal, l.final == "formal"), append(ids, l.id), append(reasons, l.reason)
			}
		}
		scores, short := make([]float64, len(ids)), make([]float64, len(ids))
		for i, id := range ids {
			scores[i], short[i] = float64(judged[id].Score), -float64(length[id])
		}
		m := measureOf(scores, formal, float64(s.Thresholds.Block))
		t.Logf("%s  detector, block:       %v", part, m)
		t.Logf("%s  detector, second look: %v", part, measureOf(scores, formal, float64(s.Thresholds.SecondLook)))
		best := Measure{}
		for _, n := range short {
			if b := measureOf(short, formal, n); b.F1() > best.F1() {
				best = b
			}
		}
		t.Logf("%s  length, best threshold: %v", part, best)
		if part == "held" {
			words := make([]float64, len(ids))
			for i, id := range ids {
				words[i] = learned[id]
			}
			t.Logf("%s  character n-grams:     %v", part, measureOf(words, formal, 0.5))
			if m.AUC() < 0.9 {
				t.Errorf("AUC %.3f on what was held out", m.AUC())
			}
			continue
		}
		for i, id := range ids {
			if hit := scores[i] >= float64(s.Thresholds.Block); hit != formal[i] && os.Getenv("CLOSING_SHOW") != "" {
				k := slices.IndexFunc(messages, func(m message) bool { return m.id == id })
				var codes []string
				for _, sg := range judged[id].Signals {
					codes = append(codes, fmt.Sprint(sg.Code, sg.Weight))
				}
				t.Logf("  %s %s is %v, scored %v %v\n%s", id, reasons[i], formal[i], scores[i], codes, messages[k].reply)
			}
		}
	}
}
