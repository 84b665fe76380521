package address

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// Labelled is an address whose parts are known.
type Labelled struct {
	Text string
	toks []token
	tags []tag
}

// ReadLabelled reads addresses in the form of the CoNLL tasks: a piece and its tag
// (B- or I- and the label) on a line, an empty line after each address. Pieces
// are divided into the tokens that the parser sees. An unknown label is refused.
func ReadLabelled(r io.Reader) ([]Labelled, error) {
	var out []Labelled
	var text strings.Builder
	type piece struct {
		chars  int
		label  int
		begins bool
	}
	var pieces []piece
	flush := func() {
		if len(pieces) == 0 {
			return
		}
		l := Labelled{Text: text.String()}
		l.toks = tokens(l.Text)
		var of []int // the piece of each character
		for i, p := range pieces {
			for range p.chars {
				of = append(of, i)
			}
		}
		seen := -1
		for _, t := range l.toks {
			p := of[t.start]
			begins := pieces[p].begins && p != seen || len(l.tags) > 0 && l.tags[len(l.tags)-1].label() != pieces[p].label || len(l.tags) == 0
			seen = p
			l.tags = append(l.tags, tagOf(pieces[p].label, begins))
		}
		out = append(out, l)
		text.Reset()
		pieces = pieces[:0]
	}
	lines := bufio.NewScanner(r)
	n := 0
	for lines.Scan() {
		n++
		fields := strings.Fields(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if len(fields) == 0 {
			flush()
			continue
		}
		if len(fields) != 2 || len(fields[1]) < 3 || fields[1][1] != '-' || fields[1][0] != 'B' && fields[1][0] != 'I' {
			return nil, fmt.Errorf("line %d: %q is not a piece and its tag (B-road)", n, lines.Text())
		}
		label := slices.Index(Labels, strings.ToLower(fields[1][2:]))
		if label < 0 {
			return nil, fmt.Errorf("line %d: there is no label %q", n, fields[1][2:])
		}
		text.WriteString(fields[0])
		pieces = append(pieces, piece{len([]rune(fields[0])), label, fields[1][0] == 'B'})
	}
	flush()
	return out, lines.Err()
}

// Training says how the model learns; the zero value is what the shipped one did.
type Training struct {
	Epochs int     // 0 is 10
	Rate   float64 // 0 is 0.05
	Decay  float64 // of a weight each time it is seen; 0 is 3e-4
	Drop   float64 // share of features left out at each step; 0 is 0.5
	Rounds int     // begun anew, all averaged; 0 is 4
	Seed   uint64
	Told   func(epoch int, loss float64)
}

func (o Training) or() Training {
	if o.Epochs == 0 {
		o.Epochs = 10
	}
	if o.Rounds == 0 {
		o.Rounds = 4
	}
	if o.Rate == 0 {
		o.Rate = 0.05
	}
	if o.Decay == 0 {
		o.Decay = 3e-4
	}
	if o.Drop == 0 {
		o.Drop = 0.5
	}
	return o
}

// Train learns from labelled addresses: maximum likelihood by AdaGrad, one address
// at a time, features left out at random, the weights averaged over the last third
// of the epochs. The same addresses and options give the same model to the bit.
func Train(examples []Labelled, o Training) *Parser {
	o = o.or()
	var sum *weights
	averaged := float32(0)
	for round := range o.Rounds {
		t := &trainer{o: o, w: &weights{}}
		t.w.rows, t.plain = t.number(examples, tagCount, func(v *view, i int) []uint32 { f, _ := v.features(i); return f })
		t.w.prows, t.past = t.number(examples, columns, func(v *view, i int) []uint32 { _, f := v.features(i); return f })
		t.w.state, t.w.pstate = t.plain.values, t.past.values
		if sum == nil {
			sum = &weights{rows: t.w.rows, prows: t.w.prows, state: make([]float32, len(t.w.state)), pstate: make([]float32, len(t.w.pstate))}
		}
		random := rand.New(rand.NewPCG(o.Seed+uint64(round), 20261127))
		order := make([]int, len(examples))
		for i := range order {
			order[i] = i
		}
		for epoch := range o.Epochs {
			random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			loss := 0.0
			for _, e := range order {
				loss += t.learn(e, examples[e].tags, random)
			}
			if epoch >= o.Epochs*2/3 {
				averaged++
				sum.eachWith(t.w, func(a *float32, b float32) { *a += b })
			}
			if o.Told != nil {
				o.Told(round*o.Epochs+epoch, loss/float64(max(len(examples), 1)))
			}
		}
	}
	sum.eachWith(sum, func(a *float32, _ float32) { *a /= averaged })
	p := newParser(sum, 0)
	for _, ex := range examples {
		p.seen = append(p.seen, fingerprint(ex.toks))
	}
	slices.Sort(p.seen)
	p.seen = slices.Compact(p.seen)
	return p
}

// weights are those of a linear-chain conditional random field whose states are a
// tag and what stood before: of a feature for each tag, of a feature for a part
// that begins in each case of the past, and of a tag after another.
type weights struct {
	rows   map[uint32]int32 // feature to row
	state  []float32        // rows of tagCount
	prows  map[uint32]int32
	pstate []float32 // rows of columns
	chain
}

// eachWith gives every weight with its counterpart.
func (w *weights) eachWith(other *weights, do func(*float32, float32)) {
	for i := range w.state {
		do(&w.state[i], other.state[i])
	}
	for i := range w.pstate {
		do(&w.pstate[i], other.pstate[i])
	}
	for a := range tagCount {
		do(&w.first[a], other.first[a])
		for b := range tagCount {
			do(&w.trans[a][b], other.trans[a][b])
		}
	}
}

// table is the rows of a kind of features while they are learned.
type table struct {
	width           int
	values, squares []float32
	of              [][][]int32 // of each address, of each token: its rows
	used            []int32     // of this step
	spans           [][2]int
}

// number gives features that were seen twice a row: what was seen once says
// nothing that can be relied on.
func (t *trainer) number(examples []Labelled, width int, features func(v *view, i int) []uint32) (map[uint32]int32, *table) {
	var v view
	counts := map[uint32]int{}
	each := func(do func(e, i int, features []uint32)) {
		for e, ex := range examples {
			v.look(ex.toks)
			for i := range ex.toks {
				do(e, i, features(&v, i))
			}
		}
	}
	each(func(_, _ int, list []uint32) {
		for _, f := range list {
			counts[f]++
		}
	})
	keep := make([]uint32, 0, len(counts))
	for f, n := range counts {
		if n >= 2 {
			keep = append(keep, f)
		}
	}
	slices.Sort(keep)
	rows := make(map[uint32]int32, len(keep))
	for i, f := range keep {
		rows[f] = int32(i)
	}
	x := &table{width: width, values: make([]float32, len(keep)*width), squares: make([]float32, len(keep)*width), of: make([][][]int32, len(examples))}
	for e, ex := range examples {
		x.of[e] = make([][]int32, len(ex.toks))
	}
	each(func(e, i int, list []uint32) {
		for _, f := range list {
			if r, ok := rows[f]; ok {
				x.of[e][i] = append(x.of[e][i], r)
			}
		}
	})
	return rows, x
}

// trainer is the room for one step of training.
type trainer struct {
	lattice
	o           Training
	w           *weights
	plain, past *table
	transSq     [tagCount][tagCount]float32
	firstSq     [tagCount]float32
	grad        [][tagCount]float32
	pgrad       [][columns]float32
	alpha, beta [][states]float64
	psi         [][tagCount]float64
	ppsi        [][columns]float64
	scales      []float64
	transGrad   [tagCount][tagCount]float32
}

func (x *table) read(e, n int, drop float64, random *rand.Rand, into func(i int, row []float32)) {
	x.used, x.spans = x.used[:0], grow(x.spans, n)
	for i := range n {
		from := len(x.used)
		for _, r := range x.of[e][i] {
			if random.Float64() >= drop {
				x.used = append(x.used, r)
				into(i, x.values[int(r)*x.width:][:x.width])
			}
		}
		x.spans[i] = [2]int{from, len(x.used)}
	}
}

// step moves a weight against its gradient, by its own rate (AdaGrad).
func (t *trainer) step(w, squares *float32, g float32) {
	if g < 1e-4 && g > -1e-4 {
		return
	}
	g += float32(t.o.Decay) * *w
	*squares += g * g
	*w -= float32(t.o.Rate) * g / float32(math.Sqrt(float64(*squares)+1e-8))
}

func (x *table) write(t *trainer, i int, gradient []float32, scale float32) {
	for _, r := range x.used[x.spans[i][0]:x.spans[i][1]] {
		base := int(r) * x.width
		for y, g := range gradient {
			if g != 0 {
				t.step(&x.values[base+y], &x.squares[base+y], g*scale)
			}
		}
	}
}

// learn takes one step by one address and returns the loss before it.
func (t *trainer) learn(e int, gold []tag, random *rand.Rand) float64 {
	n := len(gold)
	if n == 0 {
		return 0
	}
	t.room(n)
	scale := float32(1 / (1 - t.o.Drop))
	t.plain.read(e, n, t.o.Drop, random, func(i int, row []float32) {
		for y, x := range row {
			t.scores[i][y] += x * scale
		}
	})
	t.past.read(e, n, t.o.Drop, random, func(i int, row []float32) {
		for y, x := range row {
			t.lattice.past[i][y] += x * scale
		}
	})
	loss := t.marginals(gold)
	for i := range n {
		t.plain.write(t, i, t.grad[i][:], scale)
		t.past.write(t, i, t.pgrad[i][:], scale)
	}
	for a := range tagCount {
		t.step(&t.w.first[a], &t.firstSq[a], t.grad[0][a])
		for b := range tagCount {
			if mayFollow(tag(a), tag(b)) {
				t.step(&t.w.trans[a][b], &t.transSq[a][b], t.transGrad[a][b])
			}
		}
	}
	return loss
}

// marginals fills in the gradients of the loss, the differences between what the
// model expects and what is, and returns the loss (forward and backward, scaled).
func (t *trainer) marginals(gold []tag) (loss float64) {
	n, w := len(gold), t.w
	t.grad, t.pgrad = grow(t.grad, n), grow(t.pgrad, n)
	t.alpha, t.beta, t.psi, t.ppsi, t.scales = grow(t.alpha, n), grow(t.beta, n), grow(t.psi, n), grow(t.ppsi, n), grow(t.scales, n)
	t.transGrad = [tagCount][tagCount]float32{}
	var trans [tagCount][tagCount]float64
	for a := range tagCount {
		for b := range tagCount {
			trans[a][b] = math.Exp(float64(w.trans[a][b]))
		}
	}
	had := 0
	for i := range n {
		top := t.scores[i][0]
		for _, x := range t.scores[i] {
			top = max(top, x)
		}
		for y, x := range t.scores[i] {
			t.psi[i][y] = math.Exp(float64(x - top))
		}
		for y, x := range t.lattice.past[i] {
			t.ppsi[i][y] = math.Exp(float64(x))
		}
		// what is
		g := gold[i]
		loss += float64(top - t.scores[i][g])
		if i == 0 {
			loss -= float64(w.first[g])
		} else {
			loss -= float64(w.trans[gold[i-1]][g])
			t.transGrad[gold[i-1]][g]--
		}
		if t.grad[i][g]--; g.begins() {
			c := g.label()*pasts + had
			loss -= float64(t.lattice.past[i][c])
			t.pgrad[i][c]--
			had = max(had, pastOf[g.label()])
		}
	}
	for i := range n {
		alpha, psi, ppsi := &t.alpha[i], &t.psi[i], &t.ppsi[i]
		for y := range labelCount {
			b := 2 * y
			if i == 0 {
				alpha[b*pasts+pastOf[y]] = math.Exp(float64(w.first[b])) * psi[b] * ppsi[y*pasts]
				continue
			}
			before := &t.alpha[i-1]
			for h := range pasts {
				x := 0.0
				for a := range tagCount {
					x += before[a*pasts+h] * trans[a][b]
				}
				alpha[b*pasts+max(h, pastOf[y])] += x * psi[b] * ppsi[y*pasts+h]
				alpha[(b+1)*pasts+h] = (before[b*pasts+h]*trans[b][b+1] + before[(b+1)*pasts+h]*trans[b+1][b+1]) * psi[b+1]
			}
		}
		sum := 0.0
		for _, x := range alpha {
			sum += x
		}
		for s := range alpha {
			alpha[s] /= sum
		}
		t.scales[i] = sum
		loss += math.Log(sum)
	}
	for s := range states {
		t.beta[n-1][s] = 1
	}
	for i := n - 1; i >= 0; i-- {
		alpha, beta := &t.alpha[i], &t.beta[i]
		for s := range states {
			t.grad[i][s/pasts] += float32(alpha[s] * beta[s])
		}
		psi, ppsi := &t.psi[i], &t.ppsi[i]
		if i == 0 {
			for y := range labelCount {
				s := 2*y*pasts + pastOf[y]
				t.pgrad[0][y*pasts] += float32(alpha[s] * beta[s])
			}
			break
		}
		before, ahead := &t.alpha[i-1], &t.beta[i-1]
		for y := range labelCount {
			b := 2 * y
			for h := range pasts {
				to := beta[b*pasts+max(h, pastOf[y])] * psi[b] * ppsi[y*pasts+h] / t.scales[i]
				on := beta[(b+1)*pasts+h] * psi[b+1] / t.scales[i]
				through := 0.0
				for a := range tagCount {
					e := trans[a][b] * to
					ahead[a*pasts+h] += e
					p := before[a*pasts+h] * e
					through += p
					t.transGrad[a][b] += float32(p)
				}
				t.pgrad[i][y*pasts+h] += float32(through)
				for _, a := range [...]int{b, b + 1} {
					e := trans[a][b+1] * on
					ahead[a*pasts+h] += e
					t.transGrad[a][b+1] += float32(before[a*pasts+h] * e)
				}
			}
		}
	}
	return loss
}
