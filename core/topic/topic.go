package topic

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"shanzhi/core/text"
)

// Topic is what several messages say about one thing.
type Topic struct {
	ID         string    `json:"id"` // of its first message
	Name       string    `json:"name"`
	Place      string    `json:"place"` // the name that most of them give, "" where none
	Matter     string    `json:"matter"`
	Places     []string  `json:"places"` // other names in at least a fifth of them
	Phrases    []string  `json:"phrases"`
	Members    []string  `json:"members"` // by time
	First      time.Time `json:"first"`
	Last       time.Time `json:"last"`
	Messages   int       `json:"messages"`
	Appellants int       `json:"appellants"` // different ones
	Most       int       `json:"most"`       // messages of the one who wrote most
	For        int       `json:"for"`
	Against    int       `json:"against"`
	// Heart are the members most like the whole, at most three, of different people.
	Heart []string `json:"heart"`
	Heat  Heat     `json:"heat"`
	Lon   float64  `json:"lon,omitempty"`
	Lat   float64  `json:"lat,omitempty"`
}

// Heat (热度) is a sum whose terms are kept apart.
type Heat struct {
	Total float64 `json:"total"`
	// Fresh is Σ weight·e^(−Δt/τ) over the members.
	Fresh float64 `json:"fresh"`
	// Growth is by how many standard deviations the last week lies over what its
	// weeks had (a Poisson count), at most 5; 0 where it does not grow.
	Growth float64 `json:"growth"`
	// People is half of the number of different appellants.
	People float64 `json:"people"`
	// Votes is 3·ln(1 + votes for and against): a thousand clicks are not a
	// thousand appellants.
	Votes float64 `json:"votes"`
	// Sour counts members whose appellant was not satisfied, each 1.
	Sour float64   `json:"dissatisfied"`
	At   time.Time `json:"at"` // the moment that it is taken at
}

// Measure says how heat is taken.
type Measure struct {
	Now time.Time     // the moment; the zero time takes each topic at its hottest
	Tau time.Duration // in which a message cools to 1/e; 0: 30 days
}

// HeatOf takes the heat of messages, in the order of their time.
func HeatOf(docs []Doc, m Measure) Heat {
	if m.Tau == 0 {
		m.Tau = 30 * 24 * time.Hour
	}
	weight := func(d Doc) float64 {
		if d.Weight == 0 {
			return 1
		}
		return d.Weight
	}
	h := Heat{At: m.Now}
	who := map[string]bool{}
	votes := 0
	fresh := 0.0
	for i, d := range docs {
		if d.Who == "" {
			who["#"+d.ID] = true
		} else {
			who[d.Who] = true
		}
		votes += d.For + d.Against
		if d.Dissatisfied {
			h.Sour++
		}
		if !m.Now.IsZero() {
			h.Fresh += weight(d) * math.Exp(-max(0, m.Now.Sub(d.At).Hours())/m.Tau.Hours())
			continue
		}
		if i > 0 {
			fresh *= math.Exp(-d.At.Sub(docs[i-1].At).Hours() / m.Tau.Hours())
		}
		if fresh += weight(d); fresh >= h.Fresh {
			h.Fresh, h.At = fresh, d.At
		}
	}
	h.People = float64(len(who)) / 2
	h.Votes = 3 * math.Log1p(float64(max(0, votes)))
	h.Growth = growth(docs, h.At)
	h.Total = h.Fresh + h.Growth + h.People + h.Votes + h.Sour
	return h
}

// growth compares the week before at with the weeks before it, eight at most.
func growth(docs []Doc, at time.Time) float64 {
	const week, weeks = 7 * 24 * time.Hour, 8
	last, before := 0.0, 0.0
	for _, d := range docs {
		switch age := at.Sub(d.At); {
		case age < 0:
		case age < week:
			last++
		case age < (weeks+1)*week:
			before++
		}
	}
	mean := before / weeks
	return min(5, max(0, (last-mean)/math.Sqrt(mean+1)))
}

// Topics are the groups of at least two different people, the hottest first.
func (s *Space) Topics(m Measure) []Topic {
	var ids []int32
	for i, g := range s.groups {
		if g != nil && g.n >= 2 {
			ids = append(ids, int32(i))
		}
	}
	all := make([]Topic, len(ids))
	s.o.each(len(ids), func(i int) { all[i] = s.describe(s.groups[ids[i]], m) })
	out := all[:0]
	for _, t := range all {
		if t.Appellants >= 2 {
			out = append(out, t)
		}
	}
	byHeat(out)
	return out
}

// byHeat orders topics, the hottest first.
func byHeat(ts []Topic) {
	slices.SortFunc(ts, func(a, b Topic) int {
		return cmp.Or(cmp.Compare(b.Heat.Total, a.Heat.Total), cmp.Compare(b.Messages, a.Messages), cmp.Compare(a.ID, b.ID))
	})
}

// Groups are the members of every group, single ones too: what clustering is
// measured by.
func (s *Space) Groups() map[string]int {
	out := make(map[string]int, len(s.docs))
	for i, d := range s.docs {
		out[d.ID] = int(s.points[i].group)
	}
	return out
}

// Members are the messages of the group that holds one, by time.
func (s *Space) Members(id string) []string {
	i, ok := s.byID[id]
	if !ok {
		return nil
	}
	return s.ids(s.groups[s.points[i].group])
}

func (s *Space) ids(g *group) []string {
	ms := slices.Clone(g.members)
	slices.SortFunc(ms, func(a, b int32) int {
		return cmp.Or(s.docs[a].At.Compare(s.docs[b].At), cmp.Compare(s.docs[a].ID, s.docs[b].ID))
	})
	out := make([]string, len(ms))
	for i, m := range ms {
		out[i] = s.docs[m].ID
	}
	return out
}

// Describe names a set of messages that people or the space put together.
func (s *Space) Describe(members []string, m Measure) Topic {
	g := &group{}
	for _, id := range members {
		if i, ok := s.byID[id]; ok {
			g.members = append(g.members, i)
			g.name, g.rest, g.n = add(g.name, s.points[i].name), add(g.rest, s.points[i].rest), g.n+1
		}
	}
	if g.n == 0 {
		return Topic{}
	}
	return s.describe(g, m)
}

func (s *Space) describe(g *group, m Measure) Topic {
	t := Topic{Members: s.ids(g), Places: []string{}, Phrases: []string{}}
	docs := make([]Doc, len(t.Members))
	by := map[string]int{}
	located := 0.0
	for i, id := range t.Members {
		d := s.docs[s.byID[id]]
		docs[i] = d
		who := d.Who
		if who == "" {
			who = "#" + id
		}
		by[who]++
		t.Most = max(t.Most, by[who])
		t.For, t.Against = t.For+d.For, t.Against+d.Against
		if d.Lon != 0 || d.Lat != 0 {
			t.Lon, t.Lat, located = t.Lon+d.Lon, t.Lat+d.Lat, located+1
		}
	}
	if located > 0 {
		t.Lon, t.Lat = t.Lon/located, t.Lat/located
	}
	t.ID, t.Messages, t.Appellants = t.Members[0], len(docs), len(by)
	t.First, t.Last = docs[0].At, docs[len(docs)-1].At
	t.Heat = HeatOf(docs, m)
	s.heart(&t, g)
	s.name(&t)
	return t
}

// heart picks the members that are most like the whole.
func (s *Space) heart(t *Topic, g *group) {
	type near struct {
		id, who string
		v       float64
	}
	var ns []near
	for _, id := range t.Members {
		p := &s.points[s.byID[id]]
		ns = append(ns, near{id, s.docs[s.byID[id]].Who, dot(p.name, g.name) + dot(p.rest, g.rest)})
	}
	slices.SortFunc(ns, func(a, b near) int { return cmp.Or(cmp.Compare(b.v, a.v), cmp.Compare(a.id, b.id)) })
	t.Heart = []string{}
	seen := map[string]bool{}
	for _, n := range ns {
		if len(t.Heart) < 3 && (n.who == "" || !seen[n.who]) {
			seen[n.who] = true
			t.Heart = append(t.Heart, n.id)
		}
	}
}

// name gives a topic its place and its matter in the words of its members.
func (s *Space) name(t *Topic) {
	n := len(t.Members)
	named := map[string]int{}
	wears := map[string]map[string]int{} // the written forms of a core
	regions := map[string]int{}
	titles := map[string]int{}
	for _, id := range t.Members {
		r := &s.raws[s.byID[id]]
		seen := map[string]bool{}
		for i, m := range r.names {
			c := squeeze(m.Core)
			if !seen[c] {
				seen[c] = true
				named[c] += 1
				if i < r.inTitle {
					named[c]++
				}
			}
			if wears[c] == nil {
				wears[c] = map[string]int{}
			}
			wears[c][m.Name]++
		}
		for _, w := range regionsOf(r.title) {
			regions[w]++
		}
		for w := range phrasesOf(r) {
			titles[w]++
		}
	}
	type counted struct {
		w string
		v float64
	}
	best := func(m map[string]int, value func(w string, c int) float64) []counted {
		var out []counted
		for w, c := range m {
			if v := value(w, c); v > 0 {
				out = append(out, counted{w, v})
			}
		}
		slices.SortFunc(out, func(a, b counted) int { return cmp.Or(cmp.Compare(b.v, a.v), cmp.Compare(a.w, b.w)) })
		return out
	}
	places := best(named, func(w string, c int) float64 {
		if c*5 < n*2 || len([]rune(w)) < 2 {
			return 0
		}
		return float64(c) * (1 + 0.15*float64(min(6, len([]rune(w)))))
	})
	form := func(c string) string {
		forms := best(wears[c], func(_ string, k int) float64 { return float64(k) })
		return forms[0].w
	}
	for i, p := range places {
		if i == 0 {
			t.Place = form(p.w)
		} else if f := form(p.w); len(t.Places) < 4 && !strings.Contains(t.Place, f) && !strings.Contains(f, t.Place) {
			t.Places = append(t.Places, f)
		}
	}
	region := best(regions, func(w string, c int) float64 {
		if c*4 < n || strings.Contains(t.Place, w) {
			return 0
		}
		return float64(c)
	})
	if len(region) > 0 {
		t.Place = strings.ToUpper(region[0].w) + t.Place
	}
	phrases := best(titles, func(w string, c int) float64 {
		if c < 2 && n > 1 || c*5 < n {
			return 0
		}
		l := float64(len([]rune(w)))
		return float64(c) * math.Sqrt(l) * math.Log(float64(len(s.docs)+1)/float64(1+s.phraseDF(w)))
	})
	for _, p := range phrases {
		if len(t.Phrases) == 3 {
			break
		}
		if !slices.ContainsFunc(t.Phrases, func(have string) bool { return overlap(have, p.w) }) {
			t.Phrases = append(t.Phrases, s.whole(t.Members, p.w))
		}
	}
	// The whole reads as people write it: the phrases in the order of the member
	// that has most of them.
	for _, w := range s.inOrder(t) {
		t.Matter = splice(t.Matter, w, 1)
	}
	if t.Matter == "" && len(t.Heart) > 0 {
		t.Matter = string(s.raws[s.byID[t.Heart[0]]].title)
	}
	if t.Name = splice(t.Place, t.Matter, 2); strings.Contains(t.Matter, strings.ToLower(t.Place)) {
		t.Name = strings.Replace(t.Matter, strings.ToLower(t.Place), t.Place, 1)
	}
}

// whole gives a phrase what always stands beside it in the titles of members, so that
// it neither begins nor ends within a word: 圾处理 is 垃圾处理.
func (s *Space) whole(members []string, phrase string) string {
	const longest = 12
	w := []rune(phrase)
	for len(w) < longest {
		beside := [2]map[rune]int{{}, {}} // what stands before it and behind it
		n := 0
		for _, id := range members {
			r := &s.raws[s.byID[id]]
			i := indexRunes(r.title, w)
			if i < 0 {
				continue
			}
			n++
			if i > 0 && !r.named(i-1) {
				beside[0][r.title[i-1]]++
			}
			if end := i + len(w); end < len(r.title) && !r.named(end) {
				beside[1][r.title[end]]++
			}
		}
		always := func(m map[rune]int) rune {
			for c, k := range m {
				if n >= 3 && k*10 >= n*9 && text.IsHan(c) && !empty[c] {
					return c
				}
			}
			return 0
		}
		before, behind := always(beside[0]), always(beside[1])
		switch {
		case before != 0:
			w = append([]rune{before}, w...)
		case behind != 0:
			w = append(w, behind)
		default:
			return string(w)
		}
	}
	return string(w)
}

func indexRunes(in, w []rune) int {
	for i := 0; i+len(w) <= len(in); i++ {
		if slices.Equal(in[i:i+len(w)], w) {
			return i
		}
	}
	return -1
}

// named says whether a rune of the title is of a name.
func (r *raw) named(i int) bool {
	return slices.ContainsFunc(r.names[:r.inTitle], func(m Mention) bool { return m.from <= i && i < m.to })
}

// splice puts two pieces together; what ends the one and begins the other
// stands once, where it is least runes or more: 坑梓街道 and 道路破损 share none.
func splice(a, b string, least int) string {
	as, bs := []rune(a), []rune(b)
	for n := min(len(as), len(bs)); n >= least; n-- {
		if string(as[len(as)-n:]) == string(bs[:n]) {
			return a + string(bs[n:])
		}
	}
	return a + b
}

func (s *Space) inOrder(t *Topic) []string {
	out := slices.Clone(t.Phrases[:min(2, len(t.Phrases))])
	if len(out) == 2 {
		flip := 0
		for _, id := range t.Members {
			title := string(s.raws[s.byID[id]].title)
			a, b := strings.Index(title, out[0]), strings.Index(title, out[1])
			if a >= 0 && b >= 0 {
				if b < a {
					flip++
				} else {
					flip--
				}
			}
		}
		if flip > 0 {
			out[0], out[1] = out[1], out[0]
		}
	}
	return out
}

func overlap(a, b string) bool {
	rs := []rune(b)
	for i := 0; i+1 < len(rs); i++ {
		if strings.Contains(a, string(rs[i:i+2])) {
			return true
		}
	}
	return false
}

// phraseDF estimates in how many messages a phrase stands: no more than its
// rarest pair.
func (s *Space) phraseDF(w string) int {
	rs := []rune(w)
	least := int32(math.MaxInt32)
	for i := 0; i+1 < len(rs); i++ {
		least = min(least, s.df[pairID(rs[i], rs[i+1])])
	}
	return int(least)
}

// phrasesOf are the pieces of a title, two to six characters, that hold no name
// and no character that says nothing.
func phrasesOf(r *raw) map[string]bool {
	out := map[string]bool{}
	for i := range r.title {
		for n := 1; n <= 6 && i+n <= len(r.title); n++ {
			c := r.title[i+n-1]
			if empty[c] || r.named(i+n-1) || !text.IsHan(c) {
				break
			}
			if w := string(r.title[i : i+n]); n >= 2 && !weak[w] && !edge1[r.title[i]] && !edge2[c] {
				out[w] = true
			}
		}
	}
	return out
}

var (
	weak  = set(`反映 投诉 咨询 建议 举报 关于 希望 要求 强烈 问题 小区 附近 旁边 严重 什么 是否 怎么 如何 请问 领导 政府 部门 尽快 解决 处理 存在 相关 有关 居民 业主 市民 情况 何时 能否 几点 多次 求助 恳请 一些 没有 不能 可以 请求 书记 市长 局长`)
	edge1 = runeSet("市区县镇乡题诉映议报询望民者性化中上下内外里")
	edge2 = runeSet("不无未被请求关严强投反咨举希附旁何什怎如能否多")
)

func runeSet(s string) map[rune]bool {
	m := map[rune]bool{}
	for _, r := range s {
		m[r] = true
	}
	return m
}

// regionsOf are the regions that a title begins its place with: a5区.
func regionsOf(rs []rune) []string {
	var out []string
	for i, r := range rs {
		if r != '区' && r != '县' && r != '市' || i+1 < len(rs) && strings.ContainsRune("域间民政", rs[i+1]) {
			continue
		}
		k := i
		for k > 0 && i-k < 3 && (isWord(rs[k-1]) || unicode.IsDigit(rs[k-1])) {
			k--
		}
		if k == i {
			continue
		}
		out = append(out, string(rs[k:i+1]))
	}
	return out
}

// WhyAmong says in words what a message shares with the members of a topic:
// names first.
func (s *Space) WhyAmong(id string, members []string) []string {
	i, ok := s.byID[id]
	if !ok {
		return nil
	}
	var ms []int32
	for _, m := range members {
		if j, ok := s.byID[m]; ok {
			ms = append(ms, j)
		}
	}
	return s.shares(i, ms)
}

func (s *Space) shares(i int32, members []int32) []string {
	own := &s.raws[i]
	names, phrases := map[string]int{}, map[string]int{}
	mine := map[string]string{}
	for _, m := range own.names {
		mine[squeeze(m.Core)] = m.Name
	}
	words := phrasesOf(own)
	const enough = 200
	for k, j := range members {
		if k == enough {
			break
		}
		if j == i {
			continue
		}
		r := &s.raws[j]
		seen := map[string]bool{}
		for _, m := range r.names {
			if c := squeeze(m.Core); mine[c] != "" && !seen[c] {
				seen[c] = true
				names[c]++
			}
		}
		title := string(r.title)
		for w := range words {
			if strings.Contains(title, w) {
				phrases[w]++
			}
		}
	}
	pick := func(m map[string]int, say func(string) string, n int) []string {
		type c struct {
			w string
			v float64
		}
		var cs []c
		for w, k := range m {
			cs = append(cs, c{w, float64(k) * math.Sqrt(float64(len([]rune(w))))})
		}
		slices.SortFunc(cs, func(a, b c) int { return cmp.Or(cmp.Compare(b.v, a.v), cmp.Compare(a.w, b.w)) })
		var out []string
		for _, x := range cs {
			if len(out) < n && !slices.ContainsFunc(out, func(h string) bool { return overlap(h, x.w) }) {
				out = append(out, say(x.w))
			}
		}
		return out
	}
	out := pick(names, func(c string) string { return mine[c] }, 2)
	return append(out, pick(phrases, func(w string) string { return w }, 3)...)
}

// Has says whether a message is in the space.
func (s *Space) Has(id string) bool { _, ok := s.byID[id]; return ok }

// Doc is a message by its ID.
func (s *Space) Doc(id string) (Doc, bool) {
	if i, ok := s.byID[id]; ok {
		return s.docs[i], true
	}
	return Doc{}, false
}

// AllGroups are the members of every group of at least two messages.
func (s *Space) AllGroups() [][]string {
	var out [][]string
	for _, g := range s.groups {
		if g != nil && g.n >= 2 {
			out = append(out, s.ids(g))
		}
	}
	slices.SortFunc(out, func(a, b []string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a[0], b[0])) })
	return out
}

// Deviations is by how many standard deviations of a Poisson count n lies over
// what is usual; 0 where it does not.
func Deviations(n int, usual float64) float64 {
	return max(0, (float64(n)-usual)/math.Sqrt(usual+1))
}

// Len is how many messages the space holds.
func (s *Space) Len() int { return len(s.docs) }

// Since is when the first message of the space was written; the zero time where
// there is none.
func (s *Space) Since() time.Time {
	if len(s.docs) == 0 {
		return time.Time{}
	}
	return s.docs[0].At
}
