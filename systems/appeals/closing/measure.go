package closing

import "fmt"

// Measure is how scores and verdicts tell formal from proper replies. Its zero
// value is ready.
type Measure struct {
	formal, proper []int
	tp, fp, fn     int
}

// Add adds a reply: its score, whether it is formal, and whether it was hit.
func (m *Measure) Add(score int, formal, hit bool) {
	switch {
	case formal && hit:
		m.tp++
	case formal:
		m.fn++
	case hit:
		m.fp++
	}
	if formal {
		m.formal = append(m.formal, score)
	} else {
		m.proper = append(m.proper, score)
	}
}

// N is how many replies were added, and how many of them are formal.
func (m *Measure) N() (all, formal int) { return len(m.formal) + len(m.proper), len(m.formal) }

// Precision is the formal among those hit, Recall those hit among the formal;
// both are 0 over nothing.
func (m *Measure) Precision() float64 { return share(m.tp, m.tp+m.fp) }
func (m *Measure) Recall() float64    { return share(m.tp, m.tp+m.fn) }

// F1 is the harmonic mean of precision and recall.
func (m *Measure) F1() float64 { return share(2*m.tp, 2*m.tp+m.fp+m.fn) }

// AUC is how likely a formal reply has a higher score than a proper one, a draw
// counting half.
func (m *Measure) AUC() float64 {
	wins := 0
	for _, f := range m.formal {
		for _, p := range m.proper {
			switch {
			case f > p:
				wins += 2
			case f == p:
				wins++
			}
		}
	}
	return share(wins, 2*len(m.formal)*len(m.proper))
}

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

func (m Measure) String() string {
	all, formal := m.N()
	return fmt.Sprintf("%3d replies, %2d formal: precision %.3f recall %.3f F1 %.3f AUC %.3f", all, formal, m.Precision(), m.Recall(), m.F1(), m.AUC())
}
