package learn

import (
	"context"
	"math"
	"slices"
)

// oddity tells a case whose label is none of the known ones. It is learned from
// cases of which the right label has been struck out: what the witnesses then
// say is what they will say of something new. It is a mix of two candidates, the
// second being "none of these".
type oddity struct {
	mix *mix
	// shift is added to the second's score: the training saw as many cases with
	// as without their label; how many there are really is in Meta.
	shift float64
	// cut is the score, without shift, above which a case is called unknown:
	// the one that falseUnknown of the held-out cases exceed.
	cut float64
}

// falseUnknown is the share of cases with a known label that may be called
// unknown.
const falseUnknown = 0.05

// The signs of something new.
const (
	oddBias    = iota
	oddMachine // margin of the machine that wants it most
	oddSure    // log odds of the likeliest candidate
	oddScore   // score of the likeliest candidate
	oddKnown   // share of known words
	oddSigns
)

// signs fills row with the signs of ev as if the candidate skip were not there
// (-1: all are). scores are the mix's.
func (ev *evidence) signs(scores []float64, skip int, row []float32) {
	machine, top, sum := math.Inf(-1), math.Inf(-1), 0.0
	for i, s := range scores {
		if i != skip {
			machine = max(machine, float64(ev.row(i)[wMachine]))
			top = max(top, s)
		}
	}
	for i, s := range scores {
		if i != skip {
			sum += math.Exp(s - top)
		}
	}
	sure := min(1/sum, 1-1e-6)
	row[oddBias] = 1
	row[oddMachine] = float32(machine)
	row[oddSure] = float32(math.Log(sure/(1-sure))) / 4
	row[oddScore] = float32(top) / 8
	row[oddKnown] = 4 * (1 - ev.known)
}

func newOddity(ctx context.Context, m *mix, cases []evidence, share float64, seed uint64) (*oddity, error) {
	o := &oddity{mix: &mix{w: make([]float64, oddSigns*bands)}, shift: math.Log(share / (1 - share)), cut: math.Inf(1)}
	var train []evidence
	var scores []float64
	for i := range cases {
		ev := &cases[i]
		if ev.truth < 0 || len(ev.candidates) < 2 {
			continue
		}
		scores = m.scores(ev, scores)
		for truth, skip := range []int{-1, ev.truth} {
			c := evidence{candidates: []int32{0, 1}, values: make([]float32, 2*oddSigns), bands: make([]uint8, oddSigns), truth: truth}
			ev.signs(scores, skip, c.row(1))
			train = append(train, c)
		}
	}
	if len(train) == 0 {
		return o, nil
	}
	if err := o.mix.fit(ctx, train, seed); err != nil {
		return nil, err
	}
	var ordinary []float64
	for i := 0; i < len(train); i += 2 {
		ordinary = append(ordinary, o.mix.scores(&train[i], nil)[1])
	}
	slices.Sort(ordinary)
	o.cut = ordinary[int(float64(len(ordinary)-1)*(1-falseUnknown))]
	return o, nil
}

// judge returns the probability that the label of ev is none of the candidates,
// and whether it is odd enough to be called unknown.
func (o *oddity) judge(ev *evidence, scores []float64) (p float64, unknown bool) {
	if len(ev.candidates) < 2 {
		return 0, false
	}
	c := evidence{candidates: []int32{0, 1}, values: make([]float32, 2*oddSigns), bands: make([]uint8, oddSigns)}
	ev.signs(scores, -1, c.row(1))
	s := o.mix.scores(&c, nil)[1]
	return 1 / (1 + math.Exp(-s-o.shift)), s > o.cut
}
