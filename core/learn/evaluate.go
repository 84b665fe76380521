package learn

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Report says how good a model's answers were. Every case is answered, also
// where the model would have said that the label is none it knows.
type Report struct {
	Rows   int `json:"rows"`
	Labels int `json:"labels"` // distinct labels among the rows
	// MacroF1 is the mean, over the labels that are right or were answered, of
	// the harmonic mean of precision and recall.
	MacroF1  float64 `json:"macro_f1"`
	Accuracy float64 `json:"accuracy"` // share of rows whose first answer was right
	Top1     float64 `json:"top1"`     // the same
	Top3     float64 `json:"top3"`     // share whose label was among the first three
	// LogLoss is the mean of -ln P(label), in nats, a probability under 1e-6
	// counting as that.
	LogLoss float64 `json:"log_loss"`
	// ECE is the expected calibration error of the first answer: the mean
	// distance between how sure the model was and how often it was right, over
	// ten groups of equal size.
	ECE                 float64         `json:"ece"`
	PrecisionAtCoverage []CoveragePoint `json:"precision_at_coverage"`
	// NewLabels counts the rows whose label the model had never met; Unknown the
	// rows that it called unknown, UnknownRight those of them with a new label.
	NewLabels    int          `json:"new_labels"`
	Unknown      int          `json:"unknown"`
	UnknownRight int          `json:"unknown_right"`
	MsPerText    float64      `json:"ms_per_text"` // mean time of Predict, reasons included
	ByLabel      []LabelScore `json:"by_label,omitempty"`
}

// CoveragePoint: were only the cases answered about which the model was at least
// P sure, Coverage of them would be answered, and Precision of those rightly.
type CoveragePoint struct {
	Coverage  float64 `json:"coverage"`
	Precision float64 `json:"precision"`
	P         float64 `json:"p"`
}

// LabelScore is how good the answers were for one label.
type LabelScore struct {
	Label     string  `json:"label"`
	Rows      int     `json:"rows"` // with this label
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// outcome is what became of one case.
type outcome struct {
	truth, answer string
	p, pTruth     float64 // of the first answer, of the truth
	rank          int     // of the truth, from 0
	met, unknown  bool    // the model knew the label; called the case unknown
}

// scorer collects outcomes.
type scorer struct {
	outcomes []outcome
	took     time.Duration
}

func (s *scorer) add(m *Model, e Example) error {
	start := time.Now()
	p, err := m.Predict(e, maxCandidates)
	s.took += time.Since(start)
	if err != nil {
		return err
	}
	o := outcome{truth: e.Label, answer: p.Candidates[0].Label, p: p.Candidates[0].P, rank: math.MaxInt, unknown: p.Unknown}
	for i, c := range p.Candidates {
		if c.Label == e.Label {
			o.rank, o.pTruth = i, c.P
		}
	}
	m.mu.RLock()
	_, o.met = m.classOf[e.Label]
	m.mu.RUnlock()
	s.outcomes = append(s.outcomes, o)
	return nil
}

// groups is the number of points of PrecisionAtCoverage, and of groups of ECE.
const groups = 10

func (s *scorer) report() Report {
	n := len(s.outcomes)
	r := Report{Rows: n}
	if n == 0 {
		return r
	}
	share := 1 / float64(n)
	r.MsPerText = s.took.Seconds() * 1000 * share
	type tally struct{ right, answered, rows int }
	tallies := map[string]*tally{}
	first, three := 0, 0
	of := func(label string) *tally {
		if tallies[label] == nil {
			tallies[label] = &tally{}
		}
		return tallies[label]
	}
	for _, o := range s.outcomes {
		of(o.truth).rows++
		of(o.answer).answered++
		if o.rank == 0 {
			of(o.truth).right++
			first++
		}
		if o.rank < 3 {
			three++
		}
		r.LogLoss -= math.Log(max(o.pTruth, 1e-6)) * share
		if !o.met {
			r.NewLabels++
		}
		if o.unknown {
			r.Unknown++
			if !o.met {
				r.UnknownRight++
			}
		}
	}
	ratio := func(a, b int) float64 { return float64(a) / float64(max(b, 1)) }
	r.Top1, r.Top3 = ratio(first, n), ratio(three, n)
	r.Accuracy = r.Top1
	for label, t := range tallies {
		f := ratio(2*t.right, t.rows+t.answered)
		r.ByLabel = append(r.ByLabel, LabelScore{label, t.rows, ratio(t.right, t.answered), ratio(t.right, t.rows), f})
		if t.rows > 0 {
			r.Labels++
		}
	}
	slices.SortFunc(r.ByLabel, func(a, b LabelScore) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Label, b.Label))
	})
	for _, l := range r.ByLabel {
		r.MacroF1 += l.F1 / float64(len(r.ByLabel))
	}
	surest := slices.Clone(s.outcomes)
	slices.SortStableFunc(surest, func(a, b outcome) int { return cmp.Compare(b.p, a.p) })
	right := 0
	for g := range groups {
		from, to := n*g/groups, n*(g+1)/groups
		off := 0.0
		for _, o := range surest[from:to] {
			off += o.p
			if o.rank == 0 {
				off--
				right++
			}
		}
		r.ECE += math.Abs(off) * share
		if to > from {
			r.PrecisionAtCoverage = append(r.PrecisionAtCoverage, CoveragePoint{ratio(to, n), ratio(right, to), surest[to-1].p})
		}
	}
	return r
}

// heldOutReport is the report over cases as the mix sees them.
func (m *Model) heldOutReport(cases []evidence) Report {
	var s scorer
	var p []float64
	for i := range cases {
		ev := &cases[i]
		p = m.mix.scores(ev, p)
		other, unknown := m.odd.judge(ev, p)
		m.mix.probabilities(p)
		order := ev.ranked(p)
		first := order[0]
		o := outcome{truth: m.labels[ev.class], answer: m.labels[ev.candidates[first]], p: p[first] * (1 - other), rank: math.MaxInt, met: true, unknown: unknown}
		if ev.truth >= 0 {
			o.rank, o.pTruth = slices.Index(order, ev.truth), p[ev.truth]*(1-other)
		}
		s.outcomes = append(s.outcomes, o)
	}
	r := s.report()
	r.ByLabel = nil
	return r
}

// Evaluate has the model answer examples and says how good the answers were.
func Evaluate(ctx context.Context, m *Model, examples []Example) (Report, error) {
	var s scorer
	for i, e := range examples {
		if err := ctx.Err(); err != nil {
			return Report{}, err
		}
		if err := s.add(m, e); err != nil {
			return Report{}, fmt.Errorf("row %d: %w", i+1, err)
		}
	}
	return s.report(), nil
}

// CrossValidate trains k models, each on all but a kth of the examples, and
// reports how they answered the rest. Every part has its share of each label.
func CrossValidate(ctx context.Context, examples []Example, k int, o Options) (Report, error) {
	if k < 2 || k > len(examples) {
		return Report{}, fmt.Errorf("%w: %d rows cannot be cut into %d parts", ErrExamples, len(examples), k)
	}
	part := parts(examples, k, o.Seed)
	var s scorer
	for f := range k {
		var train []Example
		for i, e := range examples {
			if part[i] != f {
				train = append(train, e)
			}
		}
		m, err := Train(ctx, train, o)
		if err != nil {
			return Report{}, err
		}
		for i, e := range examples {
			if part[i] != f {
				continue
			}
			if err := s.add(m, e); err != nil {
				return Report{}, err
			}
		}
	}
	return s.report(), nil
}

// parts deals the examples of each label out to k parts in turn, at random.
func parts(examples []Example, k int, seed uint64) []int {
	order := make([]int, len(examples))
	for i := range order {
		order[i] = i
	}
	rng := rand.New(rand.NewPCG(seed, 0x7061727473))
	rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(examples[a].Label, examples[b].Label) })
	part := make([]int, len(examples))
	for n, i := range order {
		part[i] = n % k
	}
	return part
}

// Replay lives through stream day by day, as the product does: before each day
// it learns what became of the days before, then it answers the day's cases, and
// the report is over those answers. The labels of a day are known at its end. A
// night's learning is Observe, and Train where the model is Due. All examples
// must have a Time; the days are those of its location.
func Replay(ctx context.Context, history, stream []Example, o Options) (Report, error) {
	for _, e := range slices.Concat(history, stream) {
		if e.Time.IsZero() {
			return Report{}, fmt.Errorf("%w: a replay needs the time of every row", ErrExamples)
		}
	}
	all := inOrder(history, o.Seed)
	stream = inOrder(stream, o.Seed)
	m, err := Train(ctx, all, o)
	if err != nil {
		return Report{}, err
	}
	var s scorer
	for len(stream) > 0 {
		n := slices.IndexFunc(stream, func(e Example) bool { return !sameDay(e.Time, stream[0].Time) })
		if n < 0 {
			n = len(stream)
		}
		today := stream[:n]
		stream = stream[n:]
		if m.Due(len(all)) {
			if m, err = Train(ctx, all, o); err != nil {
				return Report{}, err
			}
		}
		for _, e := range today {
			if err := s.add(m, e); err != nil {
				return Report{}, err
			}
		}
		for _, e := range today {
			if err := m.Observe(e); err != nil {
				return Report{}, err
			}
		}
		all = append(all, today...)
	}
	return s.report(), nil
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}
