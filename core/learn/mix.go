package learn

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// The mix weighs the evidence. For one case and each candidate label there is
// one number from every witness: how common the label is, what the machines and
// naive Bayes make of the words, and how much likelier than usual the label is
// in each context of the history. Their weighted sums, taken through a softmax,
// are the probabilities (a conditional logit). A witness has the same weight for
// every label, so that a label that appeared yesterday is judged like an old
// one; the weight of a context depends on how many cases it has seen.
//
// The weights are fitted to cases that none of the witnesses had seen, which is
// what makes the probabilities honest.

// The first witnesses; the contexts of the history follow, rates each.
const (
	wPrior   = iota // log of the share of all cases
	wRecent         // log of the share of recent cases
	wMachine        // margin of the support vector machine
	wBayes          // log odds of naive Bayes
	firstContext
)

// bands is the number of sizes of a context for which its weight differs.
const bands = 5

func band(total float32) uint8 {
	switch {
	case total < 0.5:
		return 0
	case total < 1.5:
		return 1
	case total < 4:
		return 2
	case total < 12:
		return 3
	}
	return 4
}

// none is the class of a case whose label is not known.
const none = int32(-1)

// evidence is one case laid out for the mix: a row of values for each
// candidate, and the band of each witness.
type evidence struct {
	candidates []int32
	values     []float32 // candidates × witnesses
	bands      []uint8   // by witness
	class      int32     // the right one, or none
	truth      int       // index of class among the candidates, or -1
	known      float32   // share of the case's words that the model knows
}

func (ev *evidence) row(i int) []float32 {
	n := len(ev.bands)
	return ev.values[i*n : (i+1)*n]
}

type mix struct {
	w []float64 // witnesses × bands
	// heat divides the scores, and doubt is the share of cases that have any of
	// the candidates for no reason that can be seen (a slip, a favour, a wrong
	// label): without it the surest answers would be called surer than they are.
	heat, doubt float64
}

func newMix(witnesses int) *mix {
	m := &mix{w: make([]float64, witnesses*bands), heat: 1}
	start := func(witness int, v float64) {
		for b := range bands {
			m.w[witness*bands+b] = v
		}
	}
	start(wPrior, 0.5)
	start(wRecent, 0.5)
	start(wMachine, 2)
	start(wBayes, 0.1)
	for k := firstContext; k < witnesses; k++ {
		start(k, 1.5/float64(witnesses-firstContext))
	}
	return m
}

// scores appends the score of each candidate to out[:0].
func (m *mix) scores(ev *evidence, out []float64) []float64 {
	out = out[:0]
	for i := range ev.candidates {
		s := 0.0
		for j, v := range ev.row(i) {
			s += m.w[j*bands+int(ev.bands[j])] * float64(v)
		}
		out = append(out, s)
	}
	return out
}

// softmax turns scores into probabilities, in place.
func softmax(s []float64) {
	if len(s) == 0 {
		return
	}
	top, sum := slices.Max(s), 0.0
	for i, v := range s {
		s[i] = math.Exp(v - top)
		sum += s[i]
	}
	for i := range s {
		s[i] /= sum
	}
}

// probabilities turns the scores of ev's candidates into their probabilities, in
// place.
func (m *mix) probabilities(s []float64) {
	for i := range s {
		s[i] /= m.heat
	}
	softmax(s)
	for i := range s {
		s[i] = (1-m.doubt)*s[i] + m.doubt/float64(len(s))
	}
}

// calibrate finds the heat and the doubt under which cases are likeliest.
func (m *mix) calibrate(cases []evidence) {
	var scores [][]float64
	var truths []int
	for i := range cases {
		if cases[i].truth >= 0 {
			scores = append(scores, m.scores(&cases[i], nil))
			truths = append(truths, cases[i].truth)
		}
	}
	best := math.Inf(1)
	p := make([]float64, maxCandidates)
	var heat, doubt float64 = 1, 0
	for h := 0.6; h < 1.65; h += 0.1 {
		for _, d := range []float64{0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12} {
			m.heat, m.doubt = h, d
			loss := 0.0
			for i, s := range scores {
				p = append(p[:0], s...)
				m.probabilities(p)
				loss -= math.Log(p[truths[i]])
			}
			if loss < best {
				best, heat, doubt = loss, h, d
			}
		}
	}
	m.heat, m.doubt = heat, doubt
}

const (
	mixRounds = 12
	mixStep   = 0.05
	mixPull   = 1e-3 // towards the starting weights, for each case
)

// fit learns the weights from cases, by stochastic gradient descent on the log
// likelihood with AdaGrad's steps; the result is the mean over the later rounds.
func (m *mix) fit(ctx context.Context, cases []evidence, seed uint64) error {
	start := slices.Clone(m.w)
	squares := make([]float64, len(m.w))
	grad := make([]float64, len(m.w))
	mean := make([]float64, len(m.w))
	rng := rand.New(rand.NewPCG(seed, 0x6d6978))
	order := make([]int, 0, len(cases))
	for i := range cases {
		if cases[i].truth >= 0 {
			order = append(order, i)
		}
	}
	var p []float64
	for round := range mixRounds {
		if err := ctx.Err(); err != nil {
			return err
		}
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			ev := &cases[i]
			p = m.scores(ev, p)
			softmax(p)
			p[ev.truth]--
			for c, g := range p {
				if math.Abs(g) < 1e-4 {
					continue
				}
				for j, v := range ev.row(c) {
					grad[j*bands+int(ev.bands[j])] += g * float64(v)
				}
			}
			for j, b := range ev.bands {
				q := j*bands + int(b)
				if grad[q] == 0 {
					continue
				}
				g := grad[q] + mixPull*(m.w[q]-start[q])
				grad[q] = 0
				squares[q] += g * g
				m.w[q] -= mixStep * g / math.Sqrt(squares[q]+1)
			}
		}
		if round >= mixRounds/2 {
			for q, v := range m.w {
				mean[q] += v / (mixRounds - mixRounds/2)
			}
		}
	}
	if len(order) > 0 {
		m.w = mean
	}
	return nil
}
