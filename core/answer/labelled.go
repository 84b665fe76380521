package answer

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Labelled is a question with what a person says answers it.
type Labelled struct {
	Question string
	Sources  []string // identifiers of documents, or beginnings of them with "*"; none: it must be refused
	Holds    string   // what a right answer holds
	Part     string   // tune or held: whether it may be fitted on
}

// ReadLabelled reads a CSV file with the columns question, source (identifiers
// with blanks between, or none), holds and part.
func ReadLabelled(r io.Reader) ([]Labelled, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 || !slices.Equal(rows[0], []string{"question", "source", "holds", "part"}) {
		return nil, errors.New("the columns must be question, source, holds, part")
	}
	var out []Labelled
	for i, r := range rows[1:] {
		l := Labelled{Question: r[0], Holds: r[2], Part: r[3]}
		if r[1] != "none" {
			if l.Sources = strings.Fields(r[1]); len(l.Sources) == 0 {
				return nil, fmt.Errorf("line %d: source is empty; where nothing answers it is none", i+2)
			}
		}
		out = append(out, l)
	}
	return out, nil
}

// right reports whether a document is one that the label names.
func (l *Labelled) right(d *Document) bool {
	return d != nil && slices.ContainsFunc(l.Sources, func(s string) bool {
		begin, many := strings.CutSuffix(s, "*")
		return d.ID == s || many && strings.HasPrefix(d.ID, begin)
	})
}

// Report is how an index does on labelled questions.
type Report struct {
	Questions  int     `json:"questions"`
	Answerable int     `json:"answerable"`
	Found      float64 `json:"found" doc:"Share of the answerable whose best document is a right one, said or not"`
	Coverage   float64 `json:"coverage" doc:"Share of the answerable that were answered, from a right source"`
	Precision  float64 `json:"precision" doc:"Of what was answered, the share from a right source"`
	Holds      float64 `json:"holds" doc:"Of what was answered from a right source, the share whose sentences hold what was asked for"`
	Refusal    float64 `json:"refusal" doc:"Share of what must be refused that was"`
	Threshold  float64 `json:"threshold"`
	Wrong      []Wrong `json:"wrong"`
}

// Wrong is a labelled question that did not go as it should.
type Wrong struct {
	Question   string  `json:"question"`
	Want       string  `json:"want"`
	Got        string  `json:"got"`
	Confidence float64 `json:"confidence"`
	Text       string  `json:"text"`
}

// Evaluate asks labelled questions, and gives back what Fit needs beside the
// report.
func (x *Index) Evaluate(questions []Labelled, as Asking) (r Report, labels []Label) {
	var found, answered, right, holds, refused int
	for _, l := range questions {
		a := x.Answer(l.Question, as)
		labels = append(labels, Label{Answer: a, Right: l.right(a.Best)})
		r.Questions++
		if len(l.Sources) > 0 {
			r.Answerable++
		}
		if l.right(a.Best) {
			found++
		}
		good := false
		switch {
		case a.Known && l.right(a.Source):
			answered, right = answered+1, right+1
			if good = strings.Contains(a.Text, l.Holds); good {
				holds++
			}
		case a.Known:
			answered++
		case len(l.Sources) == 0:
			refused, good = refused+1, true
		}
		if !good {
			w := Wrong{Question: l.Question, Want: strings.Join(l.Sources, " "), Confidence: a.Confidence, Text: a.Text}
			if l.Holds != "" {
				w.Want += " " + l.Holds
			}
			if a.Best != nil {
				w.Got = a.Best.ID
			}
			r.Wrong = append(r.Wrong, w)
		}
	}
	share := func(n, of int) float64 {
		if of == 0 {
			return 0
		}
		return float64(n) / float64(of)
	}
	r.Found, r.Coverage, r.Precision, r.Holds = share(found, r.Answerable), share(right, r.Answerable), share(right, answered), share(holds, right)
	r.Refusal, r.Threshold = share(refused, r.Questions-r.Answerable), x.cal.Threshold
	return r, labels
}
