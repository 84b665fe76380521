package check

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/tidwall/rtree"

	"shanzhi/systems/cim/ingest"
)

// netJudge judges the topology of pipes.
type netJudge struct {
	*judge
	net      *ingest.Net
	at       [][]int32 // pipes of each node
	surveyed bool      // by a survey: depths belong to it
}

func (n *netJudge) pipe(code string, i int, at *Vec, zh, en string, args ...any) *Breach {
	p := &n.net.Pipes[i]
	f := n.found(code, -1, "", at, zh, en, args...)
	if f != nil {
		f.Object, f.Where = p.ID, p.Where
	}
	return f
}

func (n *netJudge) point(code string, i int, zh, en string, args ...any) *Breach {
	p := &n.net.Nodes[i]
	var at *Vec
	if p.Placed {
		at = &p.At
	}
	f := n.found(code, -1, "", at, zh, en, args...)
	if f != nil {
		f.Object, f.Where = p.ID, p.Where
	}
	return f
}

// outlet reports whether water may leave the net at a node, or is taken up there.
func outlet(p *ingest.Node) bool {
	words := strings.ToLower(p.Feature + " " + p.Fitting)
	for _, w := range []string{"出水", "排水口", "排口", "出口", "排放口", "泵", "污水厂", "处理厂", "调蓄", "沉淀", "化粪", "outfall", "pump", "storage", "works", "outlet"} {
		if strings.Contains(words, w) {
			return true
		}
	}
	return false
}

// source reports whether water comes into a net under pressure at a node.
func source(p *ingest.Node) bool {
	words := strings.ToLower(p.Feature + " " + p.Fitting)
	for _, w := range []string{"水厂", "水源", "泵站", "水池", "水塔", "reservoir", "tank", "works", "source"} {
		if strings.Contains(words, w) {
			return true
		}
	}
	return false
}

func (j *judge) nets() {
	net := j.m.Net
	if net == nil {
		return
	}
	j.per = nil
	n := &netJudge{judge: j, net: net, at: make([][]int32, len(net.Nodes)), surveyed: j.m.Format == ingest.PipeTables}
	for i := range net.Pipes {
		p := &net.Pipes[i]
		for _, e := range []int32{p.A, p.B} {
			if e >= 0 {
				n.at[e] = append(n.at[e], int32(i))
			}
		}
	}
	n.ends()
	n.slopes()
	n.flow()
	n.parts()
	n.crossings()
}

// line is where a pipe runs on the plan.
func (n *netJudge) line(p *ingest.Pipe) (out []Vec, ok bool) {
	if p.A < 0 || p.B < 0 || !n.net.Nodes[p.A].Placed || !n.net.Nodes[p.B].Placed {
		return nil, false
	}
	out = append(out, n.net.Nodes[p.A].At)
	out = append(out, p.Bends...)
	return append(out, n.net.Nodes[p.B].At), true
}

func (n *netJudge) middle(p *ingest.Pipe) *Vec {
	if l, ok := n.line(p); ok {
		v := middle(l[0], l[len(l)-1])
		return &v
	}
	for _, e := range []int32{p.A, p.B} {
		if e >= 0 && n.net.Nodes[e].Placed {
			return &n.net.Nodes[e].At
		}
	}
	return nil
}

func planLength(l []Vec) (sum float64) {
	for i := 1; i < len(l); i++ {
		sum += math.Hypot(l[i][0]-l[i-1][0], l[i][1]-l[i-1][1])
	}
	return sum
}

// ends judges where pipes begin and end (P01, P02, P06, P09, P10, P11, P12, P13, P14).
func (n *netJudge) ends() {
	type key struct {
		a, b  int32
		class string
	}
	seen := map[key]int{}
	for i := range n.net.Pipes {
		p := &n.net.Pipes[i]
		if p.A < 0 {
			n.pipe("P01", i, n.middle(p), "起点 %s 不在管点表里", "its first point %s is not there", p.From)
		}
		if p.B < 0 {
			n.pipe("P01", i, n.middle(p), "终点 %s 不在管点表里", "its last point %s is not there", p.To)
		}
		if p.A >= 0 && p.B >= 0 {
			k := key{min(p.A, p.B), max(p.A, p.B), p.Class}
			if o, again := seen[k]; again && p.Kind == "pipe" && n.net.Pipes[o].Kind == "pipe" && !bent(p, &n.net.Pipes[o]) {
				n.pipe("P09", i, n.middle(p), "与 %s 的两端相同", "has both ends of %s", n.net.Pipes[o].ID).with(n.net.Pipes[o].ID)
			}
			seen[k] = i
			if l, ok := n.line(p); (p.A == p.B && len(p.Bends) == 0 || ok && planLength(l) < 0.01) && p.Kind == "pipe" {
				n.pipe("P10", i, n.middle(p), "起点与终点在一处", "it ends where it begins")
			}
		}
		if p.Kind == "pipe" && p.Diameter <= 0 && p.Class != "DL" && p.Class != "TX" {
			n.pipe("P11", i, n.middle(p), "没有管径", "has no diameter")
		}
		if n.surveyed && (!p.Known[0] || !p.Known[1]) && p.A >= 0 && p.B >= 0 {
			n.pipe("P06", i, n.middle(p), "算不出管底高程：缺埋深，或管点缺地面高程", "its height is not known: no depth, or no height of the ground at a point")
		}
		for k, e := range []int32{p.A, p.B} {
			if e < 0 || !p.Known[k] {
				continue
			}
			w := &n.net.Nodes[e]
			if w.Deep && w.Grounded {
				if under := w.At[2] - w.Depth - p.Bottom[k]; under > n.rules.low["P13"] && ingest.Gravity(p.Class) {
					n.pipe("P13", i, &w.At, "在 %s 处低于井底 %.2f 米", "lies %.2[2]f m below the bottom of %[1]s", w.ID, under).measured(under)
				}
			}
		}
	}
	for i := range n.net.Nodes {
		w := &n.net.Nodes[i]
		if !w.Placed {
			n.point("P14", i, "没有坐标", "has no coordinates")
		}
		if len(n.at[i]) == 0 {
			n.point("P02", i, "没有管线接在这里", "no pipe is joined to it")
		}
		if n.surveyed && ingest.Gravity(w.Class) && strings.Contains(w.Fitting+w.Feature, "井") && !w.Deep {
			n.point("P06", i, "井没有井深", "the well has no depth")
		}
	}
	n.misses()
}

func bent(a, b *ingest.Pipe) bool {
	return len(a.Bends) != len(b.Bends) || len(a.Bends) > 0 && length(sub(a.Bends[0], b.Bends[0])) > 0.01
}

type segment struct {
	pipe   int32
	a, b   Vec
	t0, t1 float64 // parts of the pipe's length
}

func (n *netJudge) segments() (all []segment, tree *rtree.RTreeG[int32]) {
	tree = &rtree.RTreeG[int32]{}
	for i := range n.net.Pipes {
		l, ok := n.line(&n.net.Pipes[i])
		if !ok {
			continue
		}
		whole, so := planLength(l), 0.0
		for k := 1; k < len(l); k++ {
			s := segment{pipe: int32(i), a: l[k-1], b: l[k]}
			d := math.Hypot(s.b[0]-s.a[0], s.b[1]-s.a[1])
			if whole > 0 {
				s.t0, s.t1 = so/whole, (so+d)/whole
			}
			so += d
			tree.Insert([2]float64{min(s.a[0], s.b[0]), min(s.a[1], s.b[1])}, [2]float64{max(s.a[0], s.b[0]), max(s.a[1], s.b[1])}, int32(len(all)))
			all = append(all, s)
		}
	}
	return all, tree
}

// misses finds ends that come near a pipe of their class and are not joined to it (P12).
func (n *netJudge) misses() {
	if !n.asks("P12") {
		return
	}
	near := n.rules.low["P12"]
	all, tree := n.segments()
	for i := range n.net.Nodes {
		w := &n.net.Nodes[i]
		if len(n.at[i]) != 1 || !w.Placed {
			continue
		}
		own := n.net.Pipes[n.at[i][0]]
		best, to := near, int32(-1)
		tree.Search([2]float64{w.At[0] - near, w.At[1] - near}, [2]float64{w.At[0] + near, w.At[1] + near}, func(_, _ [2]float64, k int32) bool {
			s := all[k]
			p := &n.net.Pipes[s.pipe]
			if s.pipe == n.at[i][0] || p.Class != own.Class || p.A == int32(i) || p.B == int32(i) {
				return true
			}
			if d := reach(spot{w.At[0], w.At[1]}, spot{s.a[0], s.a[1]}, spot{s.b[0], s.b[1]}); d < best || d == best && (to < 0 || s.pipe < to) {
				// A neighbour at the pipe's other end is near by nature.
				other := own.A
				if other == int32(i) {
					other = own.B
				}
				if p.A != other && p.B != other {
					best, to = d, s.pipe
				}
			}
			return true
		})
		if to >= 0 {
			n.point("P12", i, "离 %s 只有 %.2f 米，没有接上", "ends %.2[2]f m from %[1]s and is not joined to it", n.net.Pipes[to].ID, best).with(n.net.Pipes[to].ID).measured(best)
		}
	}
}

// slopes judges what flows by its slope (P03, P04).
func (n *netJudge) slopes() {
	for i := range n.net.Pipes {
		p := &n.net.Pipes[i]
		if p.Kind != "pipe" || !ingest.Gravity(p.Class) || !p.Known[0] || !p.Known[1] {
			continue
		}
		if rise := p.Bottom[1] - p.Bottom[0]; rise > n.rules.low["P03"] {
			n.pipe("P03", i, n.middle(p), "顺水流方向管底升高 %.3f 米", "its bottom rises by %.3f m in the direction of flow", rise).measured(rise)
		}
	}
	for i := range n.net.Nodes {
		in, out, wide := n.widest(int32(i))
		if out >= 0 && in-wide > n.rules.low["P04"] {
			n.point("P04", i, "来水管径 %.0f 毫米，出水管径 %.0f 毫米", "%.0f mm come in, %.0f mm go out", in*1000, wide*1000).with(n.net.Pipes[out].ID).measured(in - wide)
		}
	}
}

// widest are the widest drain that comes into a node and the widest that goes out of it; out is -1 where
// none does, or a width is not known.
func (n *netJudge) widest(node int32) (in float64, out int32, wide float64) {
	out = -1
	for _, k := range n.at[node] {
		p := &n.net.Pipes[k]
		if p.Kind != "pipe" || !ingest.Gravity(p.Class) || p.A == p.B {
			continue
		}
		d := math.Max(p.Diameter, p.Height)
		if d <= 0 {
			return 0, -1, 0
		}
		if p.B == node {
			in = max(in, d)
		} else if out < 0 || d > wide {
			out, wide = k, d
		}
	}
	return in, out, wide
}

// flow finds nodes of drains that water comes to and does not leave (P08).
func (n *netJudge) flow() {
	for i := range n.net.Nodes {
		in, out := 0, 0
		for _, k := range n.at[i] {
			p := &n.net.Pipes[k]
			if !ingest.Gravity(p.Class) || p.A == p.B {
				continue
			}
			if p.B == int32(i) {
				in++
			} else {
				out++
			}
		}
		if in > 0 && out == 0 && !outlet(&n.net.Nodes[i]) {
			n.point("P08", i, "%d 条管的水流到这里，没有一条流出，也不是排出口", "%d pipes flow to it, none from it, and it is no outlet", in)
		}
	}
}

// parts finds what hangs together with no outlet (drains) or no source (pressure) (P07).
func (n *netJudge) parts() {
	if !n.asks("P07") {
		return
	}
	up := make([]int32, len(n.net.Nodes))
	for i := range up {
		up[i] = int32(i)
	}
	root := func(i int32) int32 {
		for up[i] != i {
			up[i] = up[up[i]]
			i = up[i]
		}
		return i
	}
	for i := range n.net.Pipes {
		if p := &n.net.Pipes[i]; p.A >= 0 && p.B >= 0 {
			up[root(p.A)] = root(p.B)
		}
	}
	type part struct {
		root, first  int32
		pipes        int
		gravity, end bool
		class        string
	}
	by := map[int32]*part{}
	var all []*part
	of := func(i int32) *part {
		r := root(i)
		if by[r] == nil {
			by[r] = &part{root: r, first: -1}
			all = append(all, by[r])
		}
		return by[r]
	}
	for i := range n.net.Pipes {
		if p := &n.net.Pipes[i]; p.A >= 0 && p.B >= 0 {
			x := of(p.A)
			x.pipes++
			x.gravity = x.gravity || ingest.Gravity(p.Class)
			x.class = p.Class
			if x.first < 0 || p.A < x.first {
				x.first = p.A
			}
		}
	}
	largest := map[string]*part{}
	anySource := map[string]bool{}
	for i := range n.net.Nodes {
		if len(n.at[i]) == 0 {
			continue
		}
		if x := by[root(int32(i))]; x != nil {
			if x.gravity && outlet(&n.net.Nodes[i]) || !x.gravity && source(&n.net.Nodes[i]) {
				x.end = true
				anySource[x.class] = true
			}
		}
	}
	for _, x := range all {
		if l := largest[x.class]; l == nil || x.pipes > l.pipes {
			largest[x.class] = x
		}
	}
	slices.SortFunc(all, func(a, b *part) int { return cmp.Compare(a.first, b.first) })
	for _, x := range all {
		if x.end || largest[x.class] == x {
			continue
		}
		what, whatEn := "没有水源", "no source"
		if x.gravity {
			what, whatEn = "没有排出口", "no outlet"
		}
		f := n.point("P07", int(x.first), "%d 条管连在一起，与主网不通", "%d pipes hang together, cut off from the net", x.pipes)
		if anySource[x.class] && f != nil {
			f.Zh, f.En = f.Zh+"，"+what, f.En+", with "+whatEn
		}
	}
}

// crossings judges how far pipes that cross lie apart (P05).
func (n *netJudge) crossings() {
	if !n.asks("P05") {
		return
	}
	all, tree := n.segments()
	type pair struct{ a, b int32 }
	type close struct {
		pair
		at     Vec
		gap    float64
		wanted float64
	}
	told := map[pair]bool{}
	var out []close
	for i, s := range all {
		tree.Search([2]float64{min(s.a[0], s.b[0]), min(s.a[1], s.b[1])}, [2]float64{max(s.a[0], s.b[0]), max(s.a[1], s.b[1])}, func(_, _ [2]float64, k int32) bool {
			if int(k) <= i || told[pair{s.pipe, all[k].pipe}] {
				return true
			}
			if c, at, wanted, ok := n.gap(&s, &all[k]); ok && c < wanted-1e-6 {
				told[pair{s.pipe, all[k].pipe}] = true
				out = append(out, close{pair{s.pipe, all[k].pipe}, at, c, wanted})
			}
			return true
		})
	}
	slices.SortFunc(out, func(x, y close) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	for _, c := range out {
		at := c.at
		n.pipe("P05", int(c.a), &at, "与 %s 交叉，净距 %.2f 米，GB 50289 要求 %.2f 米", "crosses %s with %.2f m between them, GB 50289 asks %.2f m", n.net.Pipes[c.b].ID, c.gap, c.wanted).with(n.net.Pipes[c.b].ID).measured(c.gap)
	}
}

// gap is the vertical distance between the outsides of two pipes where they cross on the plan, below 0 where they
// pass through each other; ok is false where they do not cross, are joined, or a height is not known.
func (n *netJudge) gap(s, o *segment) (gap float64, at Vec, wanted float64, ok bool) {
	p, q := &n.net.Pipes[s.pipe], &n.net.Pipes[o.pipe]
	if s.pipe == o.pipe || p.A == q.A || p.A == q.B || p.B == q.A || p.B == q.B || !p.Known[0] || !p.Known[1] || !q.Known[0] || !q.Known[1] {
		return
	}
	how, x := sides(spot{s.a[0], s.a[1]}, spot{s.b[0], s.b[1]}, spot{o.a[0], o.a[1]}, spot{o.b[0], o.b[1]})
	if how != crossing {
		return
	}
	if wanted, ok = Clearance(p.Class, p.Cased, q.Class, q.Cased); !ok {
		return
	}
	z := func(p *ingest.Pipe, s *segment) float64 {
		t := s.t0
		if l := math.Hypot(s.b[0]-s.a[0], s.b[1]-s.a[1]); l > 0 {
			t += (s.t1 - s.t0) * math.Hypot(x[0]-s.a[0], x[1]-s.a[1]) / l
		}
		return p.Bottom[0] + t*(p.Bottom[1]-p.Bottom[0])
	}
	a, b := z(p, s), z(q, o)
	gap = max(b-(a+p.Tall()), a-(b+q.Tall()))
	return gap, Vec{x[0], x[1], (a + b) / 2}, wanted, true
}
