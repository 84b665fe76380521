package topic

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
	"unicode"

	"shanzhi/core/text"
)

// Doc is a message. Texts come masked; Who is any key that tells people apart.
type Doc struct {
	ID           string
	At           time.Time
	Who          string
	Title, Text  string
	Item, Place  string // codes, where they are known
	For, Against int    // votes
	Dissatisfied bool
	Weight       float64 // of its kind, in heat; 0 counts as 1
	Lon, Lat     float64
}

// Options bound what is joined. The zero value has the defaults.
type Options struct {
	Join     float64       // least average likeness within a topic
	Name     float64       // least average likeness of names where both name something
	Matter   float64       // least average likeness of the rest
	Nameless float64       // least likeness of the rest where either names nothing
	Items    float64       // least likeness of the rest where the items of the duty list differ
	Gap      time.Duration // between two messages that follow each other in one topic; 0: none
	Near     int           // neighbours that a message is compared with
	Reach    int           // newest messages looked at under one pair of characters
	// Gentle works on one core and rests as long as it works: for a house that serves
	// meanwhile. What is found is the same.
	Gentle bool
}

// cores is on how many cores the work is done.
func (o Options) cores() int {
	if o.Gentle {
		return 1
	}
	return runtime.GOMAXPROCS(0)
}

// pace makes gentle work rest.
type pace struct {
	gentle bool
	n      int
	began  time.Time
}

// step is one small piece of work done.
func (p *pace) step() {
	if p.n++; !p.gentle || p.n%64 != 0 {
		return
	}
	if took := time.Since(p.began); took > 10*time.Millisecond {
		time.Sleep(min(took, time.Second)) // more is a machine that slept itself
		p.began = time.Now()
	}
}

func (o Options) pace() *pace { return &pace{gentle: o.Gentle, began: time.Now()} }

func (o Options) withDefaults() Options {
	set := func(p *float64, v float64) {
		if *p == 0 {
			*p = v
		}
	}
	set(&o.Join, 0.30)
	set(&o.Name, 0.30)
	set(&o.Matter, 0.10)
	set(&o.Nameless, 0.45)
	set(&o.Items, 0.35)
	if o.Near == 0 {
		o.Near = 24
	}
	if o.Reach == 0 {
		o.Reach = 400
	}
	return o
}

type feat struct {
	id uint32
	w  float32
}

// vec is sorted by id.
type vec []feat

func dot(a, b vec) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	sum := 0.0
	if len(b) > 16*len(a) {
		for _, f := range a {
			if i, ok := slices.BinarySearchFunc(b, f.id, func(x feat, id uint32) int { return cmp.Compare(x.id, id) }); ok {
				sum += float64(f.w) * float64(b[i].w)
			}
		}
		return sum
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].id < b[j].id:
			i++
		case a[i].id > b[j].id:
			j++
		default:
			sum += float64(a[i].w) * float64(b[j].w)
			i, j = i+1, j+1
		}
	}
	return sum
}

// sumFeats bounds the sums of a group: beyond twice as many, the lightest go,
// which lie under what is compared.
const sumFeats = 300

func (v vec) cut() vec {
	if len(v) <= 2*sumFeats {
		return v
	}
	v = slices.Clone(v)
	slices.SortFunc(v, func(a, b feat) int { return cmp.Or(cmp.Compare(b.w, a.w), cmp.Compare(a.id, b.id)) })
	v = slices.Clip(v[:sumFeats])
	slices.SortFunc(v, func(a, b feat) int { return cmp.Compare(a.id, b.id) })
	return v
}

func total(v vec) (sum float64) {
	for _, f := range v {
		sum += float64(f.w)
	}
	return sum
}

func add(a, b vec) vec {
	out := make(vec, 0, len(a)+len(b))
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i].id < b[j].id:
			out = append(out, a[i])
			i++
		case a[i].id > b[j].id:
			out = append(out, b[j])
			j++
		default:
			out = append(out, feat{a[i].id, a[i].w + b[j].w})
			i, j = i+1, j+1
		}
	}
	return append(append(out, a[i:]...), b[j:]...)
}

// raw is a message as it was read: counts before they are weighed.
type raw struct {
	title, body []rune
	names       []Mention // of the title first
	inTitle     int
	name, rest  []feat // by id; weights are counts
	item        uint32
}

// forget lets go of what is in the vectors.
func (r *raw) forget() { r.name, r.rest, r.body = nil, nil, nil }

const (
	bodyRunes  = 400 // of a body that are read
	mostFeats  = 48
	titleTimes = 3
)

// lexicon is what the corpus names.
type lexicon map[string]int

// trim cuts names to what others write of them, and drops long ones that nobody
// else has: a sentence, most of the time.
func (lex lexicon) trim(rs []rune, names []Mention, long int) []Mention {
	out := make([]Mention, 0, len(names))
	for _, m := range names {
		core := []rune(m.Core)
		best := lex[m.Core]
		cut := 0
		for k := 1; k+3 <= len(core); k++ {
			if n := lex[string(core[k:])]; n >= 2 && n >= 2*best {
				best, cut = n, k
			}
		}
		if cut > 0 {
			m.Core, m.from = string(core[cut:]), m.from+cut
			m.Name = string(rs[m.from:m.to])
		} else if best < 2 && len(core) > long+endingLen(m) {
			continue
		}
		out = append(out, m)
	}
	return out
}

// endingLen is how much of a core is its ending.
func endingLen(m Mention) int {
	if m.Core != m.Name {
		return 0
	}
	n, _ := endingAt([]rune(m.Name), len([]rune(m.Name))-1)
	return n
}

// read finds the names of a message.
func read(d *Doc) raw {
	r := raw{title: []rune(text.Normalize(d.Title)), body: []rune(text.Normalize(d.Text))}
	if len(r.body) > bodyRunes {
		r.body = r.body[:bodyRunes]
	}
	r.names = mentions(r.title)
	r.inTitle = len(r.names)
	r.names = append(r.names, mentions(r.body)...)
	return r
}

// find adds the names that the corpus knows and the endings did not show.
func (r *raw) find(lex lexicon) {
	seek := func(rs []rune, have []Mention) []Mention {
		taken := make([]bool, len(rs))
		for _, m := range have {
			for i := m.from; i < m.to; i++ {
				taken[i] = true
			}
		}
		out := have
		for i := 0; i < len(rs); i++ {
			for n := min(8, len(rs)-i); n >= 3; n-- {
				if taken[i] || taken[i+n-1] {
					continue
				}
				if w := string(rs[i : i+n]); lex[w] >= 2 {
					out = append(out, Mention{Name: w, Core: w, from: i, to: i + n})
					for k := i; k < i+n; k++ {
						taken[k] = true
					}
					break
				}
			}
		}
		return out
	}
	inTitle := seek(r.title, lex.trim(r.title, r.names[:r.inTitle], 6))
	inBody := seek(r.body, lex.trim(r.body, r.names[r.inTitle:], 4))
	r.names, r.inTitle = append(inTitle, inBody...), len(inTitle)
}

func pairID(a, b rune) uint32 { return uint32(a)<<16 ^ uint32(b) }
func wordID(s string) uint32  { return uint32(text.Hash64(s)) | 1<<31 }

// count makes the pairs of a message, those in names apart from the rest.
func (r *raw) count(d *Doc) {
	name, rest := map[uint32]float32{}, map[uint32]float32{}
	for i, m := range r.names {
		w := float32(1)
		if i < r.inTitle {
			w = titleTimes
		}
		cs := []rune(squeeze(m.Core))
		for k := 0; k+1 < len(cs); k++ {
			name[pairID(cs[k], cs[k+1])] += w
		}
	}
	if d.Place != "" {
		name[wordID("place:"+d.Place)] += titleTimes
	}
	pairs := func(rs []rune, names []Mention, w float32) {
		named := make([]bool, len(rs))
		for _, m := range names {
			for i := m.from; i < m.to; i++ {
				named[i] = true
			}
		}
		for i := 0; i < len(rs); {
			if named[i] {
				i++
				continue
			}
			if isWord(rs[i]) {
				j := i
				for j < len(rs) && isWord(rs[j]) && !named[j] {
					j++
				}
				if j-i >= 2 {
					rest[wordID(string(rs[i:j]))] += w
				}
				i = j
				continue
			}
			if i+1 < len(rs) && !named[i+1] && text.IsHan(rs[i]) && text.IsHan(rs[i+1]) && !empty[rs[i]] && !empty[rs[i+1]] {
				rest[pairID(rs[i], rs[i+1])] += w
			}
			i++
		}
	}
	pairs(r.title, r.names[:r.inTitle], titleTimes)
	pairs(r.body, r.names[r.inTitle:], 1)
	if d.Item != "" {
		r.item = wordID("item:" + d.Item)
		rest[r.item] += titleTimes
	}
	r.name, r.rest = flat(name), flat(rest)
}

// empty characters say nothing of the matter.
var empty = func() map[rune]bool {
	m := map[rune]bool{}
	for _, r := range "的了是在我你他您们这那也都就吗呢吧啊和与及或但而且之于为对把被给请让向从到等个很太还又再已" {
		m[r] = true
	}
	return m
}()

func isWord(r rune) bool { return r < 0x250 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

func flat(m map[uint32]float32) []feat {
	out := make([]feat, 0, len(m))
	for id, w := range m {
		out = append(out, feat{id, w})
	}
	slices.SortFunc(out, func(a, b feat) int { return cmp.Compare(a.id, b.id) })
	return out
}

// point is a message in the space.
type point struct {
	name, rest, region, item vec
	group                    int32
}

// group is a topic while it is being made: the sums of its members' vectors.
type group struct {
	name, rest  vec
	region      vec // of its titles: a5区
	item        vec // how many members each item has
	n, named    int
	members     []int32
	first, last time.Time
}

// Space holds messages and the topics that they make.
type Space struct {
	o      Options
	docs   []Doc
	raws   []raw
	points []point
	groups []*group // nil once joined into another
	lex    lexicon
	df     map[uint32]int32
	index  map[uint32][]int32 // of the rest and the names: newest last
	byID   map[string]int32
	score  []float32 // scratch of candidates
}

// NewSpace reads messages and finds their topics.
func NewSpace(docs []Doc, o Options) *Space {
	// Room for what is placed until it is grouped anew: the first to come would wait while
	// all is moved.
	room := len(docs)/8 + 1024
	docs = append(make([]Doc, 0, len(docs)+room), docs...)
	slices.SortStableFunc(docs, func(a, b Doc) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	s := &Space{o: o.withDefaults(), docs: docs, byID: map[string]int32{}, index: map[uint32][]int32{}, lex: lexicon{}, df: map[uint32]int32{}}
	s.raws = make([]raw, len(docs), len(docs)+room)
	s.o.each(len(docs), func(i int) { s.raws[i] = read(&docs[i]) })
	for i := range s.raws {
		seen := map[string]bool{}
		for _, m := range s.raws[i].names {
			if !seen[m.Core] && len([]rune(m.Core)) >= 3 {
				seen[m.Core] = true
				s.lex[m.Core]++
			}
		}
		s.byID[docs[i].ID] = int32(i)
	}
	s.o.each(len(docs), func(i int) { s.raws[i].find(s.lex); s.raws[i].count(&docs[i]) })
	for i := range s.raws {
		s.countIn(&s.raws[i])
	}
	few := len(docs) < leastCorpus // more have their topics, and are grouped anew by night
	s.points = make([]point, len(docs), len(docs)+room)
	s.o.each(len(docs), func(i int) { s.points[i] = s.weigh(&s.raws[i], 2) })
	pace := s.o.pace()
	for i := range s.points {
		pace.step()
		if !few {
			s.raws[i].forget()
		}
		s.put(int32(i))
	}
	s.join()
	s.score = make([]float32, len(docs)+room)
	if few {
		for i := range s.points {
			s.open(int32(i))
			s.raws[i].forget()
		}
	}
	return s
}

// open gives a message that is alone the words that it alone says: whoever tells
// of the same next will say them.
func (s *Space) open(i int32) {
	g := s.groups[s.points[i].group]
	if g.n > 1 {
		return
	}
	p := s.weigh(&s.raws[i], 1)
	p.group = s.points[i].group
	s.points[i], g.name, g.rest = p, p.name, p.rest
	for _, f := range p.keys() {
		list := s.index[f.id]
		if k, has := slices.BinarySearch(list, i); !has {
			s.index[f.id] = slices.Insert(list, k, i)
		}
	}
}

// each runs f for 0..n-1 on the cores that may be used.
func (o Options) each(n int, f func(i int)) {
	var wg sync.WaitGroup
	parts := o.cores()
	for p := range parts {
		wg.Go(func() {
			pace := o.pace()
			for i := p * n / parts; i < (p+1)*n/parts; i++ {
				f(i)
				pace.step()
			}
		})
	}
	wg.Wait()
}

// nameMark tells the pairs of names from the same pairs in the rest.
const nameMark = 0x9e3779b9

func (s *Space) countIn(r *raw) {
	for _, f := range r.name {
		s.df[f.id^nameMark]++
	}
	for _, f := range r.rest {
		s.df[f.id]++
	}
}

// leastCorpus is of how many messages a small collection is taken to be part, so
// that what its one topic repeats is not taken for common.
const leastCorpus = 200

// weigh makes the vectors of a message from how rare its pairs are; what is in
// fewer than least messages is left out.
func (s *Space) weigh(r *raw, least float64) point {
	n := max(leastCorpus, float64(len(s.docs)))
	make1 := func(fs []feat, mark uint32) vec {
		out := make(vec, 0, len(fs))
		for _, f := range fs {
			df := float64(s.df[f.id^mark])
			// A name that nobody else gives still tells its message apart.
			if df < least && mark == 0 || df > 0.3*n+4 {
				continue
			}
			df = max(df, 1)
			times := 1 + math.Log(float64(f.w))
			if mark != 0 { // the names of the title are what the message is about
				times = min(float64(f.w), titleTimes+1)
			}
			out = append(out, feat{f.id ^ mark, float32(times * math.Log((n+1)/df))})
		}
		if len(out) > mostFeats {
			slices.SortFunc(out, func(a, b feat) int { return cmp.Or(cmp.Compare(b.w, a.w), cmp.Compare(a.id, b.id)) })
			out = out[:mostFeats]
		}
		norm := 0.0
		for _, f := range out {
			norm += float64(f.w) * float64(f.w)
		}
		norm = math.Sqrt(norm)
		for i := range out {
			out[i].w /= float32(norm)
		}
		slices.SortFunc(out, func(a, b feat) int { return cmp.Compare(a.id, b.id) })
		return slices.Clip(out)
	}
	p := point{name: make1(r.name, nameMark), rest: make1(r.rest, 0), group: -1}
	seen := map[uint32]float32{}
	for _, w := range regionsOf(r.title) {
		if !strings.HasSuffix(w, "市") {
			seen[wordID(w)] = 1
		}
	}
	p.region = flat(seen)
	if r.item != 0 {
		p.item = vec{{r.item, 1}}
	}
	return p
}

// keys are the pairs under which a message is looked for: the heaviest.
func (p *point) keys() vec {
	top := func(v vec, n int) vec {
		if len(v) <= n {
			return v
		}
		v = slices.Clone(v)
		slices.SortFunc(v, func(a, b feat) int { return cmp.Or(cmp.Compare(b.w, a.w), cmp.Compare(a.id, b.id)) })
		return v[:n]
	}
	return append(slices.Clone(top(p.name, 8)), top(p.rest, 12)...)
}

// put makes a message a topic of its own that can be found.
func (s *Space) put(i int32) {
	p := &s.points[i]
	for _, f := range p.keys() {
		s.index[f.id] = append(s.index[f.id], i)
	}
	p.group = int32(len(s.groups))
	g := &group{name: p.name, rest: p.rest, region: p.region, item: p.item, n: 1, members: []int32{i}, first: s.docs[i].At, last: s.docs[i].At}
	if len(p.name) > 0 {
		g.named = 1
	}
	s.groups = append(s.groups, g)
}

// likeness of two groups: the average over all pairs of their members. ok says
// that they may be one topic.
func (s *Space) likeness(a, b *group) (v float64, ok bool) {
	rest := dot(a.rest, b.rest) / float64(a.n*b.n)
	if rest < s.o.Matter/2 {
		return 0, false
	}
	if s.o.Gap > 0 && (a.first.Sub(b.last) > s.o.Gap || b.first.Sub(a.last) > s.o.Gap) {
		return 0, false
	}
	// Two items of the duty list are two troubles, unless the words say otherwise.
	if len(a.item) > 0 && len(b.item) > 0 && rest < s.o.Items && dot(a.item, b.item) < 0.3*total(a.item)*total(b.item) {
		return 0, false
	}
	if 2*a.named < a.n || 2*b.named < b.n {
		return rest, rest >= s.o.Nameless && (len(a.region) == 0 || len(b.region) == 0 || dot(a.region, b.region) > 0)
	}
	name := dot(a.name, b.name) / float64(a.named*b.named)
	v = (name + rest) / 2
	least := s.o.Matter
	if name >= 2*s.o.Name { // it is surely there: people say it in many ways
		least *= 0.6
	}
	return v, name >= s.o.Name && v >= s.o.Join && rest >= least
}

// near finds the messages most like i among those before it, by the index.
func (s *Space) near(p *point, before int32, score []float32) []int32 {
	var touched []int32
	for _, f := range p.keys() {
		list := s.index[f.id]
		end := sort.Search(len(list), func(k int) bool { return list[k] >= before })
		for _, j := range list[max(0, end-s.o.Reach):end] {
			if score[j] == 0 {
				touched = append(touched, j)
			}
			score[j] += f.w * f.w
		}
	}
	best := make([]int32, 0, s.o.Near+1)
	for _, j := range touched {
		k := len(best)
		for k > 0 && (score[j] > score[best[k-1]] || score[j] == score[best[k-1]] && j > best[k-1]) {
			k--
		}
		if k < s.o.Near {
			best = slices.Insert(best, k, j)[:min(len(best)+1, s.o.Near)]
		}
	}
	for _, j := range touched {
		score[j] = 0
	}
	return best
}

type edge struct {
	a, b int32
	v    float64
}

// join makes topics of all messages: the likest first, by average link.
func (s *Space) join() {
	n := len(s.points)
	parts := s.o.cores()
	found := make([][]edge, parts)
	var wg sync.WaitGroup
	for p := range parts {
		wg.Go(func() {
			score := make([]float32, n)
			pace := s.o.pace()
			for i := p; i < n; i += parts {
				pace.step()
				for _, j := range s.near(&s.points[i], int32(i), score) {
					if v, ok := s.likeness(s.groups[i], s.groups[j]); ok {
						found[p] = append(found[p], edge{j, int32(i), v})
					}
				}
			}
		})
	}
	wg.Wait()
	edges := slices.Concat(found...)
	slices.SortFunc(edges, func(x, y edge) int {
		return cmp.Or(cmp.Compare(y.v, x.v), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	pace := s.o.pace()
	for range 2 {
		left := edges[:0]
		for _, e := range edges {
			pace.step()
			a, b := s.points[e.a].group, s.points[e.b].group
			if a == b {
				continue
			}
			if _, ok := s.likeness(s.groups[a], s.groups[b]); ok {
				s.unite(a, b)
			} else {
				left = append(left, e)
			}
		}
		edges = left
	}
}

// unite joins group b into a, or a into b where b is larger.
func (s *Space) unite(a, b int32) {
	if s.groups[a].n < s.groups[b].n {
		a, b = b, a
	}
	g, h := s.groups[a], s.groups[b]
	g.name, g.rest, g.region = add(g.name, h.name), add(g.rest, h.rest), add(g.region, h.region)
	g.item = add(g.item, h.item)
	g.name, g.rest = g.name.cut(), g.rest.cut()
	g.n, g.named = g.n+h.n, g.named+h.named
	g.members = append(g.members, h.members...)
	if h.first.Before(g.first) {
		g.first = h.first
	}
	if h.last.After(g.last) {
		g.last = h.last
	}
	for _, m := range h.members {
		s.points[m].group = a
	}
	s.groups[b] = nil
}

// Place adds one message as it comes, to the topic that it is most like or as
// one of its own; one that is there already stays where it is. What is rare is
// as it was when the space was made.
func (s *Space) Place(d Doc) {
	if _, ok := s.byID[d.ID]; ok {
		return
	}
	r := read(&d)
	r.find(s.lex)
	r.count(&d)
	i := int32(len(s.docs))
	s.docs, s.raws = append(s.docs, d), append(s.raws, r)
	s.countIn(&r)
	// What nobody said before may be said again: the first of a new topic.
	s.points = append(s.points, s.weigh(&r, 1))
	s.byID[d.ID] = i
	s.put(i)
	for len(s.score) < len(s.docs) {
		s.score = append(s.score, make([]float32, len(s.docs)+1024)...)
	}
	own := s.points[i].group
	best, like := int32(-1), 0.0
	for _, j := range s.near(&s.points[i], i, s.score) {
		g := s.points[j].group
		if g == best {
			continue
		}
		if v, ok := s.likeness(s.groups[g], s.groups[own]); ok && v > like {
			best, like = g, v
		}
	}
	s.raws[i].forget()
	if best >= 0 {
		s.unite(best, own)
	}
}
