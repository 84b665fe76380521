package learn

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Model answers which label a case should have, and how sure that is. It is
// safe for concurrent use.
type Model struct {
	Meta  Meta
	words *words
	mix   *mix
	odd   *oddity

	mu      sync.RWMutex // guards what Observe changes, below
	labels  []string
	classOf map[string]int32
	history *history
	until   time.Time // of the newest case that it has seen
}

// Meta says what a model is and where it came from.
type Meta struct {
	Schema    Schema    `json:"schema"`
	TrainedAt time.Time `json:"trained_at"`
	Rows      int       `json:"rows"`
	Labels    int       `json:"labels"`
	From      time.Time `json:"from,omitzero"`  // of the oldest example
	Until     time.Time `json:"until,omitzero"` // of the newest
	Seed      uint64    `json:"seed"`
	// HeldOut is how it did while training on cases that its witnesses had not
	// seen: an estimate, a little kind, of what it will do.
	HeldOut Report `json:"held_out"`
	// Hash is the SHA-256 of the file that the model was loaded from, in
	// hexadecimal.
	Hash string `json:"hash,omitempty"`
}

// words is the two word models over one vocabulary.
type words struct {
	space    *space
	machines *table
	bayes    *table
}

func fitWords(ctx context.Context, sp *space, bags []bag, y []int32, classes int, o Options) (*words, error) {
	sp.learnWeights(bags, y, classes)
	for _, b := range bags {
		sp.weigh(b)
	}
	machines, err := trainMachines(ctx, bags, y, classes, len(sp.keys), o)
	if err != nil {
		return nil, err
	}
	return &words{sp, machines, trainBayes(sp, bags, y, classes, o.MaxWeights)}, nil
}

// score returns what both word models make of b, for n classes; a label that
// they did not learn has the margin of a stranger.
func (w *words) score(b bag, n int) (machine, bayes []float32) {
	machine, bayes = make([]float32, n), make([]float32, n)
	old := min(n, len(w.machines.bias))
	w.machines.score(b, machine[:old])
	w.bayes.score(b, bayes[:old])
	mean := float32(0)
	for _, v := range bayes[:old] {
		mean += v / float32(old)
	}
	for c := old; c < n; c++ {
		machine[c], bayes[c] = -1, mean
	}
	return machine, bayes
}

// Train learns a model from examples. At least two labels must occur. Examples
// that all have a Time are learned from in its order; otherwise their order
// means nothing.
func Train(ctx context.Context, examples []Example, o Options) (*Model, error) {
	o = o.withDefaults()
	if err := checkTraining(examples, o.Schema); err != nil {
		return nil, err
	}
	examples = inOrder(examples, o.Seed)
	m := &Model{classOf: map[string]int32{}, until: examples[len(examples)-1].Time}
	y := make([]int32, len(examples))
	for i, e := range examples {
		y[i] = m.class(e.Label)
	}
	if len(m.labels) < 2 {
		return nil, fmt.Errorf("%w: all %d rows have the same label; at least two are needed", ErrExamples, len(examples))
	}
	sp := newSpace(o.Schema, examples)
	bags := make([]bag, len(examples))
	for i, e := range examples {
		bags[i] = sp.bag(e)
	}
	m.history = newHistory(o.Schema, examples)
	o.Progress(0.1)

	cases, err := m.heldOut(ctx, sp, bags, y, examples, o)
	if err != nil {
		return nil, err
	}
	m.mix = newMix(m.witnesses())
	if err := m.mix.fit(ctx, cases, o.Seed); err != nil {
		return nil, err
	}
	m.mix.calibrate(cases)
	if m.odd, err = newOddity(ctx, m.mix, cases, novelty(y), o.Seed); err != nil {
		return nil, err
	}
	m.Meta = Meta{Schema: o.Schema, TrainedAt: o.Now.UTC(), Rows: len(examples), Labels: len(m.labels), Seed: o.Seed,
		From: examples[0].Time, Until: m.until, HeldOut: m.heldOutReport(cases)}
	o.Progress(0.7)

	if m.words, err = fitWords(ctx, sp, bags, y, len(m.labels), o); err != nil {
		return nil, err
	}
	o.Progress(1)
	return m, nil
}

func checkTraining(examples []Example, s Schema) error {
	if len(s.Text)+len(s.Features) == 0 {
		return fmt.Errorf("%w: no column to learn from", ErrExamples)
	}
	if len(examples) < 2 {
		return fmt.Errorf("%w: %d rows; at least two are needed", ErrExamples, len(examples))
	}
	for i, e := range examples {
		if err := s.check(e); err != nil {
			return fmt.Errorf("row %d: %w", i+1, err)
		}
		if e.Label == "" {
			return fmt.Errorf("%w: row %d has no label", ErrExamples, i+1)
		}
	}
	return nil
}

// inOrder returns the examples by time. Where one has no time they are shuffled:
// a file may be sorted by its labels, and its order must not be taken for a
// history.
func inOrder(examples []Example, seed uint64) []Example {
	out := slices.Clone(examples)
	if slices.ContainsFunc(out, func(e Example) bool { return e.Time.IsZero() }) {
		rng := rand.New(rand.NewPCG(seed, 0x6f72646572))
		rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		for i := range out {
			out[i].Time = time.Time{}
		}
		return out
	}
	slices.SortStableFunc(out, func(a, b Example) int { return a.Time.Compare(b.Time) })
	return out
}

// heldOut returns the evidence for the later examples, each from witnesses that
// had not seen it: the word models learned from other parts of the examples, and
// the history knew only what was known by then. It leaves m.history complete.
func (m *Model) heldOut(ctx context.Context, sp *space, bags []bag, y []int32, examples []Example, o Options) ([]evidence, error) {
	const budget = 32 << 20 // values of evidence, of 4 bytes; and of scores
	first := 0
	if len(m.history.contexts) > 1 {
		first = len(bags) * 2 / 5 // before, the history knows too little
	}
	first = max(first, len(bags)-max(1000, min(budget/(maxCandidates*m.witnesses()), budget/(2*len(m.labels)))))
	folds := 3
	if len(bags) > 20000 {
		folds = 2
	}
	fold := make([]int, len(bags))
	rng := rand.New(rand.NewPCG(o.Seed, 0x666f6c64))
	for i := range fold {
		fold[i] = rng.IntN(folds)
	}
	machine, bayes := make([][]float32, len(bags)), make([][]float32, len(bags))
	for f := range folds {
		var trainBags []bag
		var trainY []int32
		for i := range bags {
			if fold[i] != f {
				trainBags, trainY = append(trainBags, bags[i]), append(trainY, y[i])
			}
		}
		if len(trainBags) == 0 {
			continue
		}
		w, err := fitWords(ctx, sp, trainBags, trainY, len(m.labels), o)
		if err != nil {
			return nil, err
		}
		for i := first; i < len(bags); i++ {
			if fold[i] == f {
				sp.weigh(bags[i])
				machine[i], bayes[i] = w.score(bags[i], len(m.labels))
			}
		}
		o.Progress(0.1 + 0.5*float64(f+1)/float64(folds))
	}
	var cases []evidence
	seen := 0
	for i := first; i < len(bags); i++ {
		for seen < i && known(examples[seen], examples[i], o.Lag) {
			m.history.observe(m.history.keysOf(examples[seen]), y[seen])
			seen++
		}
		if machine[i] != nil {
			cases = append(cases, m.evidence(bags[i], machine[i], bayes[i], m.history.keysOf(examples[i]), y[i]))
		}
	}
	for ; seen < len(bags); seen++ {
		m.history.observe(m.history.keysOf(examples[seen]), y[seen])
	}
	return cases, nil
}

// known reports whether the label of old was known when now arose.
func known(old, now Example, lag time.Duration) bool {
	return now.Time.IsZero() || !old.Time.After(now.Time.Add(-lag))
}

// novelty returns the share of cases whose label had never been given before,
// among the later half of y, whose classes are numbered as they come; with half
// a case for what has not happened yet.
func novelty(y []int32) float64 {
	half := y[len(y)/2:]
	return (float64(slices.Max(y)-slices.Max(y[:len(y)/2])) + 0.5) / (float64(len(half)) + 1)
}

// class returns the number of a label, giving it one if it is new.
func (m *Model) class(label string) int32 {
	c, ok := m.classOf[label]
	if !ok {
		c = int32(len(m.labels))
		m.classOf[label] = c
		m.labels = append(m.labels, label)
	}
	return c
}

// maxCandidates is how many labels are weighed against each other for one case.
const maxCandidates = 48

func (m *Model) witnesses() int { return firstContext + rates*(len(m.history.contexts)-1) }

// evidence lays out a case of the given class, or none.
func (m *Model) evidence(b bag, machine, bayes []float32, keys []uint64, class int32) evidence {
	n := len(m.labels)
	prior := m.history.prior(n)

	// A first, rough ranking picks the candidates.
	rough := make([]float64, n)
	cells := make([]*cell, len(keys))
	for k := 1; k < len(keys); k++ {
		c := m.history.cells[keys[k]]
		if c == nil {
			continue
		}
		cells[k] = c
		for _, e := range c.counts {
			rough[e.class] += 3 + lift(e.n[0], c.total[0], prior[0][e.class])
		}
	}
	order := make([]int32, n)
	for c := range order {
		order[c] = int32(c)
		rough[c] += 4 * float64(machine[c])
	}
	if n > maxCandidates {
		slices.SortFunc(order, func(a, b int32) int {
			return cmp.Or(cmp.Compare(rough[b], rough[a]), cmp.Compare(a, b))
		})
		order = order[:maxCandidates]
	}

	ws := m.witnesses()
	ev := evidence{candidates: order, values: make([]float32, len(order)*ws), bands: make([]uint8, ws), class: class, truth: -1, known: b.known}
	place := make(map[int32]int, len(order))
	for i, c := range order {
		place[c] = i
		if c == class {
			ev.truth = i
		}
		row := ev.row(i)
		row[wPrior] = float32(math.Log(prior[0][c]))
		row[wRecent] = float32(math.Log(prior[1][c]))
		row[wMachine] = machine[c]
		row[wBayes] = bayes[c]
	}
	for k, c := range cells {
		if c == nil {
			continue
		}
		for j := range rates {
			at := firstContext + (k-1)*rates + j
			ev.bands[at] = band(c.total[j])
			unseen := float32(lift(0, c.total[j], 1))
			for i := range order {
				ev.values[i*ws+at] = unseen
			}
			for _, e := range c.counts {
				if i, ok := place[e.class]; ok {
					ev.values[i*ws+at] = float32(lift(e.n[j], c.total[j], prior[0][e.class]))
				}
			}
		}
	}
	return ev
}

// Observe adds a case whose label has become known to the history, at once and
// for good: the next case of its kind will see it, and a label never given
// before becomes one that can be answered. What the words mean is learned by
// Train only. On the real appeals, observing every day and training every fifth
// was as good as training every day.
func (m *Model) Observe(e Example) error {
	if err := m.Meta.Schema.check(e); err != nil {
		return err
	}
	if e.Label == "" {
		return fmt.Errorf("%w: a case without a label cannot be observed", ErrExamples)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.history.observe(m.history.keysOf(e), m.class(e.Label))
	if e.Time.After(m.until) {
		m.until = e.Time
	}
	return nil
}

// Due reports whether a new training pays when there are rows labelled examples
// in all: when there are a twentieth more than the model was trained on.
func (m *Model) Due(rows int) bool { return rows >= m.Meta.Rows+max(1, m.Meta.Rows/20) }

// Labels returns the labels that the model can answer, in the order in which it
// met them.
func (m *Model) Labels() []string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return slices.Clone(m.labels)
}
