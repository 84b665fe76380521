package learn

import (
	"cmp"
	"math"
	"slices"
	"unicode"
	"unicode/utf8"

	"shanzhi/core/text"
)

// A case as the word models see it: a bag of features in blocks. All text
// columns together are one; each of them but the longest is one of its own, so
// that a title of ten characters weighs as much as a body of a thousand; the
// categories, whole and in pieces, are the last. A block is scaled to length 1,
// whatever its size.
//
// The features of text are the runs of one to three letters or digits inside a
// stretch unbroken by punctuation: for Chinese they do as well as words, and
// nothing has to know where words end. Categories are cut up too, so that a new
// item is understood by what it shares with the old ones.

const maxGram = 3

// maxFeatures bounds the vocabulary; beyond it the rarest features are dropped.
const maxFeatures = 1 << 20

// space is the vocabulary: which features there are, and how much each tells.
type space struct {
	schema Schema
	long   int // the text column that has no block of its own
	ids    map[uint64]int32
	keys   []uint64  // by id; the ids of a block are contiguous
	starts []int32   // of each block, and the end
	weight []float32 // by id
}

// The blocks: 0 is all text, 1+i the text column i, and the last the categories.
func (sp *space) blocks() int { return len(sp.schema.Text) + 2 }

// eachFeature calls f for each occurrence of a feature in e. Columns are
// numbered through, text first; from and to are byte offsets in the normalized
// value of column col.
func (sp *space) eachFeature(e Example, f func(block int, key uint64, col, from, to int)) {
	for i, t := range e.Text {
		eachGram(text.Normalize(t), func(h uint64, from, to int) {
			f(0, h, i, from, to)
			if i != sp.long {
				f(1+i, mix64(h+uint64(1+i)), i, from, to)
			}
		})
	}
	last := sp.blocks() - 1
	for i, v := range e.Features {
		v, col := text.Normalize(v), len(e.Text)+i
		f(last, mix64(text.Hash64(v)+uint64(i)), col, 0, len(v))
		eachGram(v, func(h uint64, from, to int) {
			f(last, mix64(^h), col, from, to)
		})
	}
}

// eachGram calls f for each n-gram of the letters and digits of s, a normalized
// text, with its hash and its byte offsets. A digit is as good as any other:
// numbers name cases, not kinds.
func eachGram(s string, f func(h uint64, from, to int)) {
	var h [maxGram]uint64 // h[n]: the hash of the last n+1 characters
	var at [maxGram]int   // at[n]: where the last n+1 characters begin
	run := 0
	for i, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			run = 0
			continue
		}
		to := i + utf8.RuneLen(r)
		if unicode.IsDigit(r) {
			r = '0'
		}
		for n := min(run, maxGram-1); n > 0; n-- {
			h[n], at[n] = h[n-1], at[n-1]
		}
		h[0], at[0] = 0, i
		run = min(run+1, maxGram)
		for n := range run {
			h[n] = (h[n] + uint64(r) + 1) * 0x9e3779b97f4a7c15
			f(mix64(h[n]+uint64(n)), at[n], to)
		}
	}
}

func mix64(h uint64) uint64 {
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return h ^ h>>32
}

// bag is a case in a space. x is what the word models read, filled by weigh.
type bag struct {
	id    []int32
	tf    []float32
	x     []float32
	known float32 // share of what the case says that is in the space
}

// newSpace collects the features that at least two of the examples have.
func newSpace(s Schema, examples []Example) *space {
	sp := &space{schema: s}
	length := make([]int, len(s.Text))
	for _, e := range examples {
		for i, t := range e.Text {
			length[i] += len(t)
		}
	}
	for i, n := range length {
		if n > length[sp.long] {
			sp.long = i
		}
	}
	// own calls f once for each feature that e has.
	blocks := make([][]uint64, sp.blocks())
	own := func(e Example, f func(block int, key uint64)) {
		sp.eachFeature(e, func(b int, key uint64, _, _, _ int) { blocks[b] = append(blocks[b], key) })
		for b := range blocks {
			slices.Sort(blocks[b])
			for _, k := range slices.Compact(blocks[b]) {
				f(b, k)
			}
			blocks[b] = blocks[b][:0]
		}
	}
	// Most n-grams occur once; a sketch of counters keeps them out of the map.
	const bits = 24
	sketch := make([]uint8, 1<<bits)
	for _, e := range examples {
		own(e, func(_ int, k uint64) {
			if c := &sketch[k>>(64-bits)]; *c < 2 {
				*c++
			}
		})
	}
	type seen struct{ block, df int32 }
	count := map[uint64]seen{}
	for _, e := range examples {
		own(e, func(b int, k uint64) {
			if sketch[k>>(64-bits)] > 1 {
				count[k] = seen{int32(b), count[k].df + 1}
			}
		})
	}
	byDF := make([]int, 1024)
	for k, c := range count {
		if c.df < 2 {
			delete(count, k)
			continue
		}
		byDF[min(int(c.df), len(byDF)-1)]++
	}
	least, n := len(byDF)-1, byDF[len(byDF)-1]
	for least > 2 && n+byDF[least-1] <= maxFeatures {
		least--
		n += byDF[least]
	}
	for k, c := range count {
		if int(c.df) >= least {
			sp.keys = append(sp.keys, k)
		}
	}
	slices.SortFunc(sp.keys, func(a, b uint64) int {
		return cmp.Or(cmp.Compare(count[a].block, count[b].block), cmp.Compare(a, b))
	})
	sp.starts = make([]int32, sp.blocks()+1)
	for _, k := range sp.keys {
		sp.starts[count[k].block+1]++
	}
	for b := 1; b < len(sp.starts); b++ {
		sp.starts[b] += sp.starts[b-1]
	}
	sp.index()
	return sp
}

func (sp *space) index() {
	sp.ids = make(map[uint64]int32, len(sp.keys))
	for i, k := range sp.keys {
		sp.ids[k] = int32(i)
	}
}

// bag returns e in the space, unweighted.
func (sp *space) bag(e Example) bag {
	ids := make([]int32, 0, 256)
	all := 0
	sp.eachFeature(e, func(_ int, key uint64, _, _, _ int) {
		all++
		if id, ok := sp.ids[key]; ok {
			ids = append(ids, id)
		}
	})
	b := bag{known: float32(len(ids)+1) / float32(all+1)}
	slices.Sort(ids)
	for i := 0; i < len(ids); {
		j := i
		for j < len(ids) && ids[j] == ids[i] {
			j++
		}
		b.id = append(b.id, ids[i])
		b.tf = append(b.tf, float32(j-i))
		i = j
	}
	b.x = make([]float32, len(b.id))
	return b
}

// weigh fills b.x: count times weight, each block scaled to length 1.
func (sp *space) weigh(b bag) {
	block := 0
	for i := 0; i < len(b.id); {
		for b.id[i] >= sp.starts[block+1] {
			block++
		}
		j, sum := i, 0.0
		for ; j < len(b.id) && b.id[j] < sp.starts[block+1]; j++ {
			x := b.tf[j] * sp.weight[b.id[j]]
			b.x[j] = x
			sum += float64(x) * float64(x)
		}
		if sum > 0 {
			scale := float32(1 / math.Sqrt(sum))
			for k := i; k < j; k++ {
				b.x[k] *= scale
			}
		}
		i = j
	}
}

// learnWeights sets the weight of each feature from bags and their classes:
// its rarity (inverse document frequency) times how far it moves the
// classes from their usual shares (Kullback–Leibler divergence, with one
// pseudo-case, to the power 3/4). A word that is frequent everywhere, and a rare one
// that goes with every class, both fall away.
func (sp *space) learnWeights(bags []bag, y []int32, classes int) {
	sp.weight = make([]float32, len(sp.keys))
	prior := make([]float64, classes)
	for _, c := range y {
		prior[c] += 1 / float64(len(y))
	}
	sp.eachPosting(bags, y, func(id int32, cs []int32, _ []float32) {
		df := float64(len(cs))
		idf := math.Log((1+float64(len(bags)))/(1+df)) + 1
		slices.Sort(cs)
		kl, rest := 0.0, 1.0
		for i := 0; i < len(cs); {
			j := i
			for j < len(cs) && cs[j] == cs[i] {
				j++
			}
			pr := prior[cs[i]]
			p := (float64(j-i) + pr) / (df + 1)
			kl += p * math.Log(p/pr)
			rest -= pr
			i = j
		}
		if rest > 1e-9 {
			kl += rest / (df + 1) * math.Log(1/(df+1))
		}
		sp.weight[id] = float32(idf * math.Pow(max(kl, 0), 0.75))
	})
}

// eachPosting calls f for each feature with the classes and the x of the bags
// that have it. The slices are f's to reorder, not to keep.
func (sp *space) eachPosting(bags []bag, y []int32, f func(id int32, class []int32, x []float32)) {
	off := make([]int, len(sp.keys)+1)
	for _, b := range bags {
		for _, id := range b.id {
			off[id+1]++
		}
	}
	for i := 1; i < len(off); i++ {
		off[i] += off[i-1]
	}
	class := make([]int32, off[len(off)-1])
	x := make([]float32, len(class))
	next := slices.Clone(off[:len(off)-1])
	for i, b := range bags {
		for j, id := range b.id {
			class[next[id]], x[next[id]] = y[i], b.x[j]
			next[id]++
		}
	}
	for id := range sp.keys {
		if a, z := off[id], off[id+1]; a < z {
			f(int32(id), class[a:z], x[a:z])
		}
	}
}
