package learn

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"shanzhi/core/text"
)

// Reason is one thing that spoke for an answer.
type Reason struct {
	// Columns are the columns that it was read in: one for words; for the
	// history all that make the context, none meaning all cases.
	Columns []string `json:"columns"`
	// Text is the words, normalized, or the values of the columns joined by
	// " × ".
	Text string `json:"text"`
	// Cases of Of earlier cases in this context had the label. Of is 0 for words.
	Cases int `json:"cases,omitempty"`
	Of    int `json:"of,omitempty"`
	// Weight is by how much it raised the logarithm of the odds of the answer
	// against the other candidates.
	Weight float64 `json:"weight"`
}

const (
	maxReasons     = 8
	leastOfLargest = 0.05 // a reason weaker than this share of the strongest is left out
)

// why compares candidate i with the others, each as likely as p says, and
// returns what spoke for it, the weightiest first.
func (m *Model) why(e Example, b bag, keys []uint64, ev *evidence, p []float64, i int) []Reason {
	others := make([]float64, len(p))
	rest := 0.0
	for j, v := range p {
		if j != i {
			others[j] = v + 1e-9
			rest += others[j]
		}
	}
	for j := range others {
		others[j] /= max(rest, 1e-300)
	}
	weight := func(witness int) float64 { return m.mix.w[witness*bands+int(ev.bands[witness])] }
	lead := func(witness int) float64 {
		v := float64(ev.row(i)[witness])
		for j, q := range others {
			v -= q * float64(ev.row(j)[witness])
		}
		return weight(witness) * v
	}
	var out []Reason
	class := ev.candidates[i]
	for k, key := range keys {
		w := 0.0
		if k == 0 {
			w = lead(wPrior) + lead(wRecent)
		} else {
			for j := range rates {
				w += lead(firstContext + (k-1)*rates + j)
			}
		}
		c := m.history.cells[key]
		if c == nil || w <= 0 {
			continue
		}
		r := Reason{Of: int(c.total[0]), Weight: w}
		for _, n := range c.counts {
			if n.class == class {
				r.Cases = int(n.n[0])
			}
		}
		var values []string
		for _, at := range m.history.contexts[k] {
			name, value := m.history.value(e, at)
			r.Columns, values = append(r.Columns, name), append(values, value)
		}
		r.Text = strings.Join(values, " × ")
		if r.Cases > 0 {
			out = append(out, r)
		}
	}
	out = append(out, m.wordReasons(e, b, ev, others, i, weight(wMachine), weight(wBayes))...)
	slices.SortStableFunc(out, func(a, b Reason) int { return cmp.Compare(b.Weight, a.Weight) })
	if len(out) > maxReasons {
		out = out[:maxReasons]
	}
	for n, r := range out {
		if r.Weight < leastOfLargest*out[0].Weight {
			return out[:n]
		}
	}
	return out
}

// wordReasons shares out what each n-gram adds to the characters that it was
// read from, and returns the stretches of characters that add most.
func (m *Model) wordReasons(e Example, b bag, ev *evidence, others []float64, i int, wMachine, wBayes float64) []Reason {
	rival := map[int32]float64{}
	for j, q := range others {
		if q > 0.01 {
			rival[ev.candidates[j]] = q
		}
	}
	own := ev.candidates[i]
	// gain is what one occurrence of the feature adds.
	gain := make([]float64, len(b.id))
	for f, id := range b.id {
		v := 0.0
		for _, t := range []struct {
			table *table
			w     float64
		}{{m.words.machines, wMachine}, {m.words.bayes, wBayes}} {
			a, z := t.table.off[id], t.table.off[id+1]
			for n, c := range t.table.class[a:z] {
				x := t.w * float64(t.table.w[int(a)+n])
				if c == own {
					v += x
				} else if q, ok := rival[c]; ok {
					v -= q * x
				}
			}
		}
		gain[f] = v * float64(b.x[f]) / float64(b.tf[f])
	}
	s := m.Meta.Schema
	columns := make([]string, 0, len(e.Text)+len(e.Features))
	for _, v := range append(slices.Clone(e.Text), e.Features...) {
		columns = append(columns, text.Normalize(v))
	}
	names := append(slices.Clone(s.Text), s.Features...)
	heat := make([][]float64, len(columns)) // by byte where a character begins
	for c, v := range columns {
		heat[c] = make([]float64, len(v)+1)
	}
	m.words.space.eachFeature(e, func(_ int, key uint64, col, from, to int) {
		id, ok := m.words.space.ids[key]
		if !ok || from == to {
			return
		}
		f, _ := slices.BinarySearch(b.id, id)
		share := gain[f] / float64(utf8.RuneCountInString(columns[col][from:to]))
		for at := range columns[col][from:to] {
			heat[col][from+at] += share
		}
	})
	var out []Reason
	for c, v := range columns {
		if c >= len(e.Text) {
			sum := 0.0
			for _, h := range heat[c] {
				sum += h
			}
			if sum > 0 {
				out = append(out, Reason{Columns: names[c : c+1], Text: v, Weight: sum})
			}
			continue
		}
		out = append(out, stretches(v, heat[c], names[c:c+1])...)
	}
	return out
}

// stretches returns the parts of s in which every character is warm: at least a
// quarter of the warmest.
func stretches(s string, heat []float64, column []string) []Reason {
	warm := 0.0
	for _, h := range heat {
		warm = math.Max(warm, h/4)
	}
	if warm == 0 {
		return nil
	}
	sums := map[string]float64{}
	var order []string
	start, sum := -1, 0.0
	flush := func(end int) {
		if start >= 0 {
			if _, ok := sums[s[start:end]]; !ok {
				order = append(order, s[start:end])
			}
			sums[s[start:end]] += sum
		}
		start, sum = -1, 0
	}
	for i := range s {
		if heat[i] < warm {
			flush(i)
			continue
		}
		if start < 0 {
			start = i
		}
		sum += heat[i]
	}
	flush(len(s))
	var out []Reason
	for _, t := range order {
		out = append(out, Reason{Columns: column, Text: t, Weight: sums[t]})
	}
	return out
}
