package answer

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// signs are what a confidence is made of, each 0 to 1.
type signs [6]float64

// signsOf are the signs that a document answers a question: how much of the
// question stands in it, how much in its title and keywords, how much of these
// the question names, whether a sentence of the asked form was found, how it
// stands to the best, and how much the question says at all.
func (x *Index) signsOf(q *Question, h Hit, fits, best float64) signs {
	d := h.Document
	head := d.Title + "\n" + strings.Join(d.Keywords, "\n")
	titled := x.coverage(q.tokens, head)
	named := 0.0
	about := canonical(q.Text)
	for _, k := range d.Keywords {
		if strings.Contains(about, canonical(k)) {
			named++
		}
	}
	told := 0.0
	for _, t := range q.tokens {
		told += x.weight(t)
	}
	return signs{h.Coverage, titled, math.Min(named, 2) / 2, fits, h.Score / best, math.Min(told, 40) / 40}
}

// Calibration turns signs into a confidence: the chance that the document answers
// the question, as labelled questions had it, and the confidence from which it is
// said.
type Calibration struct {
	Bias      float64
	Weights   signs
	Threshold float64
}

func (c Calibration) confidence(s signs) float64 {
	z := c.Bias
	for i, w := range c.Weights {
		z += w * s[i]
	}
	return 1 / (1 + math.Exp(-z))
}

// Confidence is what the calibration gives what was found for a question.
func (c Calibration) Confidence(a Answer) float64 { return c.confidence(a.signs) }

// Label is a question and whether the best document that was found for it is a
// right one.
type Label struct {
	Answer Answer
	Right  bool
}

// Fit calibrates on labelled questions: a logistic regression with a little
// ridge, and as threshold the least confidence from which on the share of right
// ones is at least precision.
func Fit(labels []Label, precision float64) Calibration {
	const rounds, step, ridge = 4000, 0.5, 0.002
	c := Calibration{Threshold: 1}
	if len(labels) == 0 {
		return c
	}
	n := float64(len(labels))
	for range rounds {
		var bias float64
		var g signs
		for _, l := range labels {
			y := 0.0
			if l.Right {
				y = 1
			}
			e := c.confidence(l.Answer.signs) - y
			bias += e
			for i, v := range l.Answer.signs {
				g[i] += e * v
			}
		}
		c.Bias -= step * bias / n
		for i := range g {
			c.Weights[i] -= step * (g[i]/n + ridge*c.Weights[i])
		}
	}
	ordered := slices.Clone(labels)
	slices.SortFunc(ordered, func(a, b Label) int {
		return cmp.Compare(c.Confidence(b.Answer), c.Confidence(a.Answer))
	})
	right := 0.0
	for i, l := range ordered {
		if l.Right {
			right++
		}
		if l.Right && right/float64(i+1) >= precision {
			c.Threshold = c.Confidence(l.Answer)
		}
	}
	return c
}

// Shipped is fitted on those questions over the shipped district's knowledge that
// may be fitted on, for a precision of 95 in a hundred; `shanzhi ask --labelled
// FILE` measures it, and fits another.
var Shipped = Calibration{Bias: -5.21, Weights: signs{3.84, 1.76, 2.09, 2.52, 0.39, -0.67}, Threshold: 0.55}
