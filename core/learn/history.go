package learn

import (
	"math"

	"shanzhi/core/text"
)

// history is what became of earlier cases: how often each label was given in
// each context, a context being the values of some of the columns, such as this
// street with this kind of matter. It is counted twice: over all time, and with
// the count of a context faded a little at every new case of that context, so
// that about its last eight cases speak. Fading by cases and not by days was
// better on the real appeals: a rare context keeps what it knew, a busy one
// follows a reorganisation within a day.
type history struct {
	schema   Schema
	columns  []int   // which columns take part: a feature i, or a text column ^i
	contexts [][]int // of indexes into columns; contexts[0] is empty: everything
	cells    map[uint64]*cell
}

// rates is the number of ways of counting: everything, and lately.
const rates = 2

const (
	fade    = 1 - 1.0/8   // of a context's recent count, at each of its cases
	fadeAll = 1 - 1.0/256 // of the recent count over everything
)

type cell struct {
	total  [rates]float32
	counts []count
}

type count struct {
	class int32
	n     [rates]float32
}

// A text column whose values come back (a title chosen from a list) is a
// category as well: at most repeatedShare of its values are distinct and they
// are short.
const (
	repeatedShare = 0.3
	repeatedRunes = 24
)

// maxCrossed is how many columns, the first ones, take part in contexts of more
// than one.
const maxCrossed = 10

// newHistory returns an empty history over the columns of the schema.
func newHistory(s Schema, examples []Example) *history {
	h := &history{schema: s, cells: map[uint64]*cell{}}
	for i := range s.Features {
		h.columns = append(h.columns, i)
	}
	for i := range s.Text {
		if repeated(i, examples) {
			h.columns = append(h.columns, ^i)
		}
	}
	h.setContexts()
	return h
}

// setContexts makes a context of each column, of each two of the first
// maxCrossed, of all of these, and of all but one.
func (h *history) setContexts() {
	h.contexts = [][]int{nil}
	for i := range h.columns {
		h.contexts = append(h.contexts, []int{i})
	}
	m := min(len(h.columns), maxCrossed)
	for i := range m {
		for j := range i {
			h.contexts = append(h.contexts, []int{j, i})
		}
	}
	if m > 3 {
		for skip := range m {
			h.contexts = append(h.contexts, allBut(m, skip))
		}
	}
	if m > 2 {
		h.contexts = append(h.contexts, allBut(m, m))
	}
}

func allBut(m, skip int) []int {
	var out []int
	for i := range m {
		if i != skip {
			out = append(out, i)
		}
	}
	return out
}

func repeated(column int, examples []Example) bool {
	distinct := map[uint64]bool{}
	runes := 0
	for _, e := range examples {
		distinct[text.Hash64(e.Text[column])] = true
		runes += len([]rune(e.Text[column]))
	}
	n := float64(len(examples))
	return len(distinct) > 1 && float64(len(distinct)) <= repeatedShare*n && float64(runes) <= repeatedRunes*n
}

// value returns the name and the value in e of column i of h.columns.
func (h *history) value(e Example, i int) (name, value string) {
	c := h.columns[i]
	if c < 0 {
		return h.schema.Text[^c], text.Normalize(e.Text[^c])
	}
	return h.schema.Features[c], text.Normalize(e.Features[c])
}

// keysOf returns the key of each context for e.
func (h *history) keysOf(e Example) []uint64 {
	values := make([]uint64, len(h.columns))
	for i := range h.columns {
		_, v := h.value(e, i)
		values[i] = text.Hash64(v)
	}
	keys := make([]uint64, len(h.contexts))
	for k, ctx := range h.contexts {
		key := uint64(k)
		for _, i := range ctx {
			key = mix64(key*0x9e3779b97f4a7c15 + values[i])
		}
		keys[k] = key
	}
	return keys
}

// observe counts one case.
func (h *history) observe(keys []uint64, class int32) {
	for k, key := range keys {
		c := h.cells[key]
		if c == nil {
			c = &cell{}
			h.cells[key] = c
		}
		f := float32(fade)
		if k == 0 {
			f = fadeAll
		}
		c.total[0]++
		c.total[1] = c.total[1]*f + 1
		at := -1
		for i := range c.counts {
			c.counts[i].n[1] *= f
			if c.counts[i].class == class {
				at = i
			}
		}
		if at < 0 {
			at = len(c.counts)
			c.counts = append(c.counts, count{class: class})
		}
		c.counts[at].n[0]++
		c.counts[at].n[1]++
	}
}

// prior returns each class's share of all cases, smoothed so that no class has
// none, by both counts.
func (h *history) prior(classes int) (p [rates][]float64) {
	const smooth = 0.2
	root := h.cells[0]
	for j := range p {
		p[j] = make([]float64, classes)
		total := smooth * float64(classes)
		if root != nil {
			total += float64(root.total[j])
		}
		for c := range p[j] {
			p[j][c] = smooth / total
		}
		if root != nil {
			for _, n := range root.counts {
				p[j][n.class] += float64(n.n[j]) / total
			}
		}
	}
	return p
}

// backing is how many cases' worth the overall shares weigh inside a context.
const backing = 3

// lift returns the log of how much likelier than usual a class is that has n of
// a context's total cases, when its usual share is prior.
func lift(n, total float32, prior float64) float64 {
	return math.Log((float64(n) + backing*prior) / ((float64(total) + backing) * prior))
}
