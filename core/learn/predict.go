package learn

import (
	"cmp"
	"slices"
)

// Candidate is a label that a case may have.
type Candidate struct {
	Label string  `json:"label"`
	P     float64 `json:"p"` // probability, 0 to 1
}

// Prediction is a model's answer for one case.
type Prediction struct {
	// Candidates are the likeliest labels, the likeliest first. Their
	// probabilities, POther and those of the labels not listed add up to 1.
	Candidates []Candidate `json:"candidates"`
	// POther is the probability that the label is none that the model knows.
	POther float64 `json:"p_other"`
	// Unknown is set where the case is stranger than 95 in 100 of the cases
	// whose label is known: the answer then is "not in the list", and the
	// candidates are for a person to look at.
	Unknown bool `json:"unknown"`
	// Why says what spoke for the first candidate rather than the others.
	Why []Reason `json:"why,omitempty"`
}

// Predict returns the k likeliest labels of e, with the reasons for the first.
// The label of e is not looked at.
func (m *Model) Predict(e Example, k int) (Prediction, error) {
	if err := m.Meta.Schema.check(e); err != nil {
		return Prediction{}, err
	}
	b := m.words.space.bag(e)
	m.words.space.weigh(b)
	keys := m.history.keysOf(e)

	m.mu.RLock()
	defer m.mu.RUnlock()
	machine, bayes := m.words.score(b, len(m.labels))
	ev := m.evidence(b, machine, bayes, keys, none)
	p := m.mix.scores(&ev, nil)
	var out Prediction
	out.POther, out.Unknown = m.odd.judge(&ev, p)
	m.mix.probabilities(p)
	order := ev.ranked(p)
	out.Why = m.why(e, b, keys, &ev, p, order[0])
	for _, i := range order[:min(k, len(order))] {
		out.Candidates = append(out.Candidates, Candidate{m.labels[ev.candidates[i]], p[i] * (1 - out.POther)})
	}
	return out, nil
}

// ranked returns the indexes of the candidates, the likeliest first.
func (ev *evidence) ranked(p []float64) []int {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(p[b], p[a]), cmp.Compare(ev.candidates[a], ev.candidates[b]))
	})
	return order
}
