package learn

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
)

// table holds a weight for each pair of feature and class that has one, by
// feature. It is bounded by its number of entries, not by features × classes,
// so that 4,000 classes cost no more than 40.
type table struct {
	off   []int32 // of each feature, and the end
	class []int32
	w     []float32
	bias  []float32 // by class: added whatever the features
	slope []float32 // by class: times the sum of x; nil where it is 0
}

// score adds up the weights of x for each class into s, len(bias) long.
func (t *table) score(b bag, s []float32) {
	sum := float32(0)
	copy(s, t.bias)
	for i, id := range b.id {
		x := b.x[i]
		sum += x
		a, z := t.off[id], t.off[id+1]
		w := t.w[a:z]
		for j, c := range t.class[a:z] {
			s[c] += x * w[j]
		}
	}
	if t.slope != nil {
		for c, v := range t.slope {
			s[c] += sum * v
		}
	}
}

type entry struct {
	id, class int32
	w         float32
}

// newTable sorts entries into a table of at most limit of them, dropping the
// smallest.
func newTable(entries []entry, features, limit int) *table {
	entries = heaviest(entries, limit)
	t := &table{off: make([]int32, features+1), class: make([]int32, len(entries)), w: make([]float32, len(entries))}
	for _, e := range entries {
		t.off[e.id+1]++
	}
	for i := 1; i < len(t.off); i++ {
		t.off[i] += t.off[i-1]
	}
	byFeature := make([]entry, len(entries))
	next := slices.Clone(t.off[:features])
	for _, e := range entries {
		byFeature[next[e.id]] = e
		next[e.id]++
	}
	for id := range features {
		slices.SortFunc(byFeature[t.off[id]:t.off[id+1]], func(a, b entry) int { return cmp.Compare(a.class, b.class) })
	}
	for i, e := range byFeature {
		t.class[i], t.w[i] = e.class, e.w
	}
	return t
}

// heaviest returns the limit entries of the largest weights, in their order,
// without sorting them: it counts them by the leading bits of their size, which
// order as the sizes do. Of those that agree in these bits the first are kept.
func heaviest(entries []entry, limit int) []entry {
	if len(entries) <= limit {
		return entries
	}
	const drop = 18 // of 32 bits: sizes within 1 in 32 agree
	var bins [1 << (32 - drop)]int
	size := func(e entry) int { return int(math.Float32bits(abs32(e.w)) >> drop) }
	for _, e := range entries {
		bins[size(e)]++
	}
	least, above := len(bins)-1, 0
	for above+bins[least] < limit {
		above += bins[least]
		least--
	}
	ties := limit - above
	out := make([]entry, 0, limit)
	for _, e := range entries {
		n := size(e)
		if n == least && ties > 0 {
			ties--
			out = append(out, e)
		} else if n > least {
			out = append(out, e)
		}
	}
	return out
}

func abs32(x float32) float32 { return float32(math.Abs(float64(x))) }

// Support vector machines, one a class against the rest, L2-regularised with
// squared hinge loss, by dual coordinate descent with shrinking (Hsieh et al.,
// "A dual coordinate descent method for large-scale linear SVM", ICML 2008).
const (
	svmCost   = 1.0
	svmEps    = 0.3
	svmRounds = 20
	// A class is set against at most so many others' cases, plus as many for
	// each of its own: with thousands of classes the rest is much the same. The
	// first number falls with the classes, so that all of them together look at
	// no more than svmPairs cases.
	svmRest, svmLeastRest, svmRestPerCase = 20000, 200, 20
	svmPairs                              = 500_000
)

// trainMachines returns the machines' weights. What is random in class c depends
// on the seed and on c alone, so the number of workers does not change the result.
func trainMachines(ctx context.Context, bags []bag, y []int32, classes, features int, o Options) (*table, error) {
	norm := make([]float64, len(bags))
	for i, b := range bags {
		norm[i] = 1
		for _, x := range b.x {
			norm[i] += float64(x) * float64(x)
		}
	}
	perClass := max(1<<10, 2*o.MaxWeights/classes)
	bias := make([]float32, classes)
	entries := make([][]entry, classes)
	var next atomic.Int32
	var wg sync.WaitGroup
	for range min(o.Workers, classes) {
		wg.Go(func() {
			w := make([]float32, features)
			alpha := make([]float64, len(bags))
			for ctx.Err() == nil {
				c := next.Add(1) - 1
				if int(c) >= classes {
					return
				}
				rows := rowsOf(c, y, classes, o.Seed)
				bias[c] = trainMachine(bags, y, c, rows, norm, alpha, w, o.Seed)
				entries[c] = takeWeights(bags, c, rows, alpha, w, perClass)
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t := newTable(slices.Concat(entries...), features, o.MaxWeights)
	t.bias = bias
	return t, nil
}

// takeWeights returns the weights of class c, at most limit of them, and leaves
// alpha and w zero for the next class.
func takeWeights(bags []bag, c int32, rows []int32, alpha []float64, w []float32, limit int) []entry {
	var out []entry
	for _, i := range rows {
		if alpha[i] == 0 {
			continue
		}
		alpha[i] = 0
		for _, id := range bags[i].id {
			if w[id] != 0 {
				out = append(out, entry{id, c, w[id]})
				w[id] = 0
			}
		}
	}
	clear(w) // rounding leaves dust where a multiplier went back to 0
	return heaviest(out, limit)
}

// rowsOf returns the rows that class c learns from: all of its own, and all or
// a random part of the others.
func rowsOf(c int32, y []int32, classes int, seed uint64) []int32 {
	own := 0
	for _, v := range y {
		if v == c {
			own++
		}
	}
	keep := 1.0
	most := max(svmLeastRest, min(svmRest, svmPairs/classes)) + svmRestPerCase*own
	if rest := len(y) - own; rest > most {
		keep = float64(most) / float64(rest)
	}
	rng := rand.New(rand.NewPCG(seed, uint64(c)<<1|1))
	rows := make([]int32, 0, int(float64(len(y))*keep)+own)
	for i, v := range y {
		if v == c || keep == 1 || rng.Float64() < keep {
			rows = append(rows, int32(i))
		}
	}
	return rows
}

func trainMachine(bags []bag, y []int32, c int32, rows []int32, norm, alpha []float64, w []float32, seed uint64) (bias float32) {
	const d = 0.5 / svmCost
	rng := rand.New(rand.NewPCG(seed, uint64(c)<<1))
	active := slices.Clone(rows)
	top := math.Inf(1) // the largest projected gradient of the last round
	for range svmRounds {
		rng.Shuffle(len(active), func(i, j int) { active[i], active[j] = active[j], active[i] })
		newTop, newBottom := math.Inf(-1), math.Inf(1)
		for k := 0; k < len(active); k++ {
			i := active[k]
			sign := float32(-1)
			if y[i] == c {
				sign = 1
			}
			b := &bags[i]
			x := b.x[:len(b.id)]
			m := bias
			for j, id := range b.id {
				m += w[id] * x[j]
			}
			g := float64(sign*m) - 1 + d*alpha[i]
			pg := g
			if alpha[i] == 0 {
				if g > top {
					active[k] = active[len(active)-1]
					active = active[:len(active)-1]
					k--
					continue
				}
				pg = min(g, 0)
			}
			newTop, newBottom = max(newTop, pg), min(newBottom, pg)
			if math.Abs(pg) < 1e-12 {
				continue
			}
			old := alpha[i]
			alpha[i] = max(old-g/(norm[i]+d), 0)
			step := float32(alpha[i]-old) * sign
			for j, id := range b.id {
				w[id] += step * x[j]
			}
			bias += step
		}
		if newTop-newBottom <= svmEps {
			if len(active) == len(rows) {
				break
			}
			active = append(active[:0], rows...)
			top = math.Inf(1)
			continue
		}
		if top = newTop; top <= 0 {
			top = math.Inf(1)
		}
	}
	return bias
}

// trainBayes returns the log odds of each class against the rest under naive
// Bayes over the weighted features. It is weaker than the machines and errs
// elsewhere, which is what it is for.
func trainBayes(sp *space, bags []bag, y []int32, classes, limit int) *table {
	const smooth = 0.02
	mass := make([]float64, classes)
	all := 0.0
	for i, b := range bags {
		for _, x := range b.x {
			mass[y[i]] += float64(x)
			all += float64(x)
		}
	}
	v := smooth * float64(len(sp.keys))
	slope := make([]float32, classes)
	for c := range slope {
		slope[c] = float32(math.Log((all - mass[c] + v) / (mass[c] + v)))
	}
	var entries []entry
	own := make([]float64, classes)
	sp.eachPosting(bags, y, func(id int32, cs []int32, xs []float32) {
		total := 0.0
		for i, c := range cs {
			own[c] += float64(xs[i])
			total += float64(xs[i])
		}
		// A class without the feature has log(smooth/(total+smooth)), which is
		// the same for all of them and so left out; w is what the others gain.
		for _, c := range cs {
			if own[c] == 0 {
				continue
			}
			w := math.Log((own[c]+smooth)/smooth) + math.Log((total+smooth)/(total-own[c]+smooth))
			entries = append(entries, entry{id, c, float32(w)})
			own[c] = 0
		}
	})
	t := newTable(entries, len(sp.keys), limit)
	t.bias, t.slope = make([]float32, classes), slope
	return t
}
