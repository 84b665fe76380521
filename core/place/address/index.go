package address

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

// Building is a building of the register as addresses name it.
type Building struct {
	Key int64
	// Address is its standard address; Names are other ways to name it, each a
	// name with its numbers: 流塘花园3栋, 西乡大道12号.
	Address   string
	Names     []string
	Street    string
	Community string
	Rooms     []Room
}

// Room is a unit of a building: what stands on its door.
type Room struct {
	Label string
	Key   int64
}

// Alias is another name in use for a place of a register: 壹方城 for 壹方中心.
type Alias struct{ Name, Of string }

// Index finds the building and room that an address means. It never changes and is
// safe for concurrent use; a register that changed is indexed anew.
type Index struct {
	buildings []built
	names     map[string]int32 // to the number of a name
	known     []named
	aliases   map[string]int32
	divisions map[string]division // names above the building, and their short forms
	byPair    map[uint64][]int32  // two sounds in a row, to names
	bySound   map[string][]int32
	parser    *Parser
}

type built struct {
	Building
	street, community string
}

// named is a name and what stands by it.
type named struct {
	text   string
	sounds []string
	at     []site
}

// site is a building with the numbers that follow the name.
type site struct {
	building int32
	items    []item
}

type division struct {
	name  string // whole
	level int    // 0 above the street, 1 street, 2 community
}

// NewIndex indexes a register. Division are the names above the street: province,
// city, district.
func NewIndex(buildings []Building, aliases []Alias, above []string, parser *Parser) *Index {
	x := &Index{names: map[string]int32{}, aliases: map[string]int32{}, divisions: map[string]division{}, byPair: map[uint64][]int32{}, bySound: map[string][]int32{}, parser: parser}
	for _, name := range above {
		x.divide(name, 0, "省", "市", "区", "县", "自治区")
	}
	seen := map[string]bool{}
	for _, b := range buildings {
		if !seen[b.Street] {
			seen[b.Street] = true
			x.divide(b.Street, 1, "街道办事处", "街道", "镇", "乡")
		}
		if !seen[b.Community] {
			seen[b.Community] = true
			x.divide(b.Community, 2, "社区居委会", "社区", "村委会")
		}
	}
	for i, b := range buildings {
		slices.SortFunc(b.Rooms, func(a, c Room) int { return cmp.Compare(roomForm(a.Label), roomForm(c.Label)) })
		x.buildings = append(x.buildings, built{b, string(fold(b.Street)), string(fold(b.Community))})
		put := map[string]bool{}
		for _, text := range append([]string{b.Address}, b.Names...) {
			rest, _ := x.strip(fold(text), false)
			for _, g := range groups(rest) {
				form := g.name + itemsForm(g.items)
				if utf8.RuneCountInString(g.name) >= 2 && !put[form] {
					put[form] = true
					n := x.name(g.name)
					x.known[n].at = append(x.known[n].at, site{int32(i), g.items})
				}
			}
		}
	}
	for _, a := range aliases {
		if n, ok := x.names[string(fold(a.Of))]; ok {
			x.aliases[string(fold(a.Name))] = n
		}
	}
	return x
}

func itemsForm(items []item) string {
	var b strings.Builder
	for _, it := range items {
		b.WriteString(it.n)
		b.WriteByte(it.of)
	}
	return b.String()
}

func (x *Index) divide(name string, level int, suffixes ...string) {
	form := string(fold(name))
	if form == "" {
		return
	}
	x.divisions[form] = division{form, level}
	for _, s := range suffixes {
		if stem, ok := strings.CutSuffix(form, s); ok && utf8.RuneCountInString(stem) >= 2 {
			if _, there := x.divisions[stem]; !there {
				x.divisions[stem] = division{form, level}
			}
			break
		}
	}
}

func (x *Index) name(text string) int32 {
	if n, ok := x.names[text]; ok {
		return n
	}
	n := int32(len(x.known))
	x.names[text] = n
	k := named{text: text, sounds: sounds(text)}
	x.known = append(x.known, k)
	for i := 1; i < len(k.sounds); i++ {
		p := pair(k.sounds[i-1], k.sounds[i])
		if list := x.byPair[p]; len(list) == 0 || list[len(list)-1] != n {
			x.byPair[p] = append(list, n)
		}
	}
	whole := strings.Join(k.sounds, "")
	x.bySound[whole] = append(x.bySound[whole], n)
	return n
}

func pair(a, b string) uint64 { return uint64(seed(98).str(a).str(b)) }

// saidAs is how a character sounds, and how those say it who do not tell zh from z
// and ing from in.
type saidAs struct{ sound, blurred string }

const firstHan, lastHan = 0x4E00, 0x9FA5

var soundTable = sync.OnceValue(func() []saidAs {
	out := make([]saidAs, lastHan-firstHan+1)
	blur := strings.NewReplacer("zh", "z", "ch", "c", "sh", "s", "ng", "n")
	for r := rune(firstHan); r <= lastHan; r++ {
		said := string(r)
		if list := pinyin.SinglePinyin(r, pinyin.Args{Style: pinyin.Normal}); len(list) > 0 {
			said = list[0]
		}
		out[r-firstHan] = saidAs{said, blur.Replace(said)}
	}
	return out
})

func soundOf(r rune) saidAs {
	if r >= firstHan && r <= lastHan {
		return soundTable()[r-firstHan]
	}
	return saidAs{string(r), string(r)}
}

// sounds are the syllables of a name's characters, letters and digits as they are.
func sounds(text string) []string {
	out := make([]string, 0, len(text)/3)
	for _, r := range text {
		out = append(out, soundOf(r).sound)
	}
	return out
}

// strip takes the names of divisions off the front of an address, as often as they
// are repeated, and says which street and community they named; the short forms of
// names too, unless a longer name begins there: 西乡大道 is a road, 东方一队 a village.
func (x *Index) strip(s []rune, short bool) (rest []rune, named [3]string) {
	for len(s) > 0 {
		best, at := 0, division{}
		for n := min(len(s), 12); n >= 2; n-- {
			if d, ok := x.divisions[string(s[:n])]; ok {
				best, at = n, d
				break
			}
		}
		if best == 0 || best == len(s) && at.level > 0 {
			break
		}
		if string(s[:best]) != at.name {
			_, used, _ := numberAt(s[best:])
			if !short || used > 0 || best < len(s) && strings.ContainsRune("大路街道村", s[best]) || x.begins(s, best) {
				break
			}
		}
		named[at.level] = at.name
		s = s[best:]
		for len(s) > 0 && (s[0] == '-' || s[0] == ',' || s[0] == '，' || s[0] == '·') {
			s = s[1:]
		}
	}
	return s, named
}

// begins reports whether a known name that is longer than the first n characters
// begins there.
func (x *Index) begins(s []rune, n int) bool {
	for m := min(len(s), n+8); m > n; m-- {
		name := string(s[:m])
		if _, ok := x.names[name]; ok {
			return true
		}
		if _, ok := x.aliases[name]; ok {
			return true
		}
	}
	return false
}

// Levels of a match.
const (
	LevelRoom     = "room"
	LevelBuilding = "building"
	LevelNone     = "none"
)

// Match is what an address was found to mean.
type Match struct {
	// Level is how far down it was found; Building and Room are keys of the register.
	Level    string `json:"level" enum:"room,building,none"`
	Building int64  `json:"-"`
	Room     int64  `json:"-"`
	Address  string `json:"address,omitempty" doc:"Standard address of what was found"`
	// Confidence is how sure it is that the building is meant, from 0 to 1: a score
	// that is fitted so that answers above Sure are right in 99 of 100 cases of the
	// bench, and no probability.
	Confidence float64 `json:"confidence"`
	// How the name was found: exact, alias, part, sound, similar.
	How        string      `json:"how,omitempty" enum:"exact,alias,part,sound,similar,"`
	NoSuchRoom string      `json:"no_such_room,omitempty" doc:"The room that was named and is not in the register"`
	Candidates []Candidate `json:"candidates" doc:"The best five, that of the match first"`
}

// Candidate is a building that an address may mean.
type Candidate struct {
	Building int64   `json:"-"`
	Key      string  `json:"key"`
	Address  string  `json:"address"`
	Score    float64 `json:"score"`
}

// Sure is the confidence from which a match stands without a person's look.
const Sure = 0.85

// crowd is how much less a rival may score and still take from the confidence.
const crowd = 0.15

// hit is a name that an address may contain.
type hit struct {
	name  int32
	score float64
	how   string
	items []item // that follow it
}

// candidate is a building that hits speak for.
type candidate struct {
	building int32
	score    float64
	how      string
	rest     []item // numbers that the building does not take
	missing  int    // of its own numbers that the address does not say
}

// Match finds what an address means. Where it is not sure with the whole names of
// divisions taken off its front, it tries with their short forms taken off too.
func (x *Index) Match(text string) Match {
	folded := fold(text)
	m, cut := x.match(folded, false)
	if m.Confidence >= Sure && (m.How == "exact" || m.How == "alias") {
		return m
	}
	if other, further := x.match(folded, true); further != cut && other.Confidence > m.Confidence {
		return other
	}
	return m
}

// match is one try; rest is how much of the address was left to be matched.
func (x *Index) match(folded []rune, short bool) (m Match, rest int) {
	left, said := x.strip(folded, short)
	gs := groups(left)
	f := &finding{said: said}
	for i, g := range gs {
		hits := x.hits(g, 0)
		if len(hits) == 0 {
			hits = append(x.hits(g, 1), x.hits(g, 2)...)
		}
		for _, h := range hits {
			x.sites(f, h, gs[i+1:])
		}
	}
	return x.decide(f.kept()), len(left)
}

// finding is what was found so far.
type finding struct {
	said    [3]string // division, street and community
	found   []candidate
	refused map[int32]bool // buildings whose name is there with another number
}

func (f *finding) kept() []candidate {
	return slices.DeleteFunc(f.found, func(c candidate) bool { return f.refused[c.building] })
}

// hits are the names that a group may mean: as it stands or by an alias; then a
// part of it; then by sound and likeness.
func (x *Index) hits(g group, pass int) (out []hit) {
	name := []rune(g.name)
	if len(name) < 2 {
		return nil
	}
	switch pass {
	case 0:
		if n, ok := x.names[g.name]; ok {
			out = append(out, hit{n, 0.92, "exact", g.items})
		}
		if n, ok := x.aliases[g.name]; ok {
			out = append(out, hit{n, 0.9, "alias", g.items})
		}
	case 1:
		// The longest known name within, at its end rather than before.
		for n := len(name) - 1; n >= 2 && len(out) == 0; n-- {
			for from := len(name) - n; from >= 0; from-- {
				part := string(name[from : from+n])
				id, ok := x.names[part]
				if !ok {
					id, ok = x.aliases[part]
				}
				if !ok {
					continue
				}
				score := 0.88
				var items []item
				if from+n == len(name) {
					items = g.items
				} else if score = 0.75; len(g.items) > 0 {
					items = g.items // 流塘花园小区3栋
				}
				if n == 2 {
					score -= 0.15
				}
				out = append(out, hit{id, score, "part", items})
				break
			}
		}
	default:
		out = x.similar(g)
	}
	return out
}

// similar are the names that sound or look like a group's, the best four.
func (x *Index) similar(g group) (out []hit) {
	said := sounds(g.name)
	count := map[int32]int{}
	for i := 1; i < len(said); i++ {
		for _, n := range x.byPair[pair(said[i-1], said[i])] {
			count[n]++
		}
	}
	type scored struct {
		n int32
		s float64
	}
	var best []scored
	for n, c := range count {
		k := &x.known[n]
		if 2*c < min(len(k.sounds), len(said))-2 {
			continue
		}
		if s := likeness(said, k.sounds, g.name, k.text); s >= 0.55 {
			best = append(best, scored{n, s})
		}
	}
	slices.SortFunc(best, func(a, b scored) int { return cmp.Or(cmp.Compare(b.s, a.s), cmp.Compare(a.n, b.n)) })
	for _, b := range best[:min(len(best), 4)] {
		how := "similar"
		if b.s > 0.9 {
			how = "sound"
		}
		out = append(out, hit{b.n, 0.92 * b.s, how, g.items})
	}
	return out
}

// likeness is one less the share of characters that must be put in, left out or
// changed; a change to one that sounds alike costs little.
func likeness(a, b []string, textA, textB string) float64 {
	ra, rb := []rune(textA), []rune(textB)
	if len(ra) != len(a) || len(rb) != len(b) || len(a) > 30 || len(b) > 30 {
		return 0
	}
	var row, next [32]float64
	for j := range len(b) + 1 {
		row[j] = float64(j)
	}
	for i := range a {
		next[0] = float64(i + 1)
		for j := range b {
			cost := 1.0
			switch {
			case ra[i] == rb[j]:
				cost = 0
			case a[i] == b[j]:
				cost = 0.2
			case soundOf(ra[i]).blurred == soundOf(rb[j]).blurred:
				cost = 0.35
			}
			next[j+1] = min(row[j]+cost, row[j+1]+1, next[j]+1)
		}
		row = next
	}
	return 1 - row[len(b)]/float64(max(len(a), len(b)))
}

// sites adds the buildings that a hit speaks for, and refuses those whose name it is
// with another number.
func (x *Index) sites(f *finding, h hit, after []group) {
	items := h.items
	for _, g := range after { // numbers further on: 流塘花园小区丰巢3栋
		items = append(items[:len(items):len(items)], g.items...)
	}
	for _, s := range x.known[h.name].at {
		b := &x.buildings[s.building]
		rest, missing, ok := take(s.items, items)
		if !ok {
			if h.score > 0.8 {
				if f.refused == nil {
					f.refused = map[int32]bool{}
				}
				f.refused[s.building] = true
			}
			continue
		}
		c := candidate{s.building, h.score, h.how, rest, missing}
		for range missing {
			c.score *= 0.6
		}
		for level, own := range [...]string{1: b.street, 2: b.community} {
			if said := f.said[level]; said != "" && level > 0 {
				if said == own {
					c.score = 1 - (1-c.score)*0.7
				} else {
					c.score *= 0.7
				}
			}
		}
		i := slices.IndexFunc(f.found, func(o candidate) bool { return o.building == s.building })
		switch {
		case i < 0:
			if len(f.found) < 400 { // a road with hundreds of houses and no number
				f.found = append(f.found, c)
			}
		case len(c.rest) <= len(f.found[i].rest) && c.missing <= f.found[i].missing:
			// Two names that agree bear each other out.
			c.score = 1 - (1-c.score)*(1-0.7*f.found[i].score)
			f.found[i] = c
		default:
			f.found[i].score = 1 - (1-f.found[i].score)*(1-0.7*c.score)
		}
	}
}

// take takes a building's own numbers out of those of an address; what the address
// says otherwise refuses it, what it does not say is missing.
func take(own, said []item) (rest []item, missing int, ok bool) {
	used := 0
	for _, o := range own {
		found := false
		for i := used; i < len(said) && i <= used+1; i++ {
			s := said[i]
			if s.of == o.of || s.of == '?' || o.of == '?' || s.of == '#' && o.of == 'f' || s.of == 'f' && o.of == '#' && i == 0 {
				if s.n != o.n {
					if s.of == '?' && o.of != '#' {
						continue
					}
					// 3栋 is not 5栋; a bare number may be the room.
					if s.of == '?' && len(s.n) >= 3 && i == len(said)-1 {
						break
					}
					return nil, 0, false
				}
				rest = append(rest, said[used:i]...)
				used, found = i+1, true
				break
			}
		}
		if !found {
			missing++
		}
	}
	return append(rest, said[used:]...), missing, true
}

// decide chooses among candidates.
func (x *Index) decide(found []candidate) Match {
	m := Match{Level: LevelNone, Candidates: []Candidate{}}
	if len(found) == 0 {
		return m
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.missing, b.missing), cmp.Compare(len(a.rest), len(b.rest)), cmp.Compare(a.building, b.building))
	})
	// Where several stand alike, the one that has the room is meant.
	best := 0
	if len(found) > 1 && found[0].score-found[1].score < 0.02 {
		for i := range min(len(found), 50) {
			if found[0].score-found[i].score >= 0.02 {
				break
			}
			if _, label, ok := x.room(found[i]); ok && label != "" {
				best = i
				break
			}
		}
	}
	top := found[best]
	all := 0.0
	for i := range found {
		if d := top.score - found[i].score; d < crowd {
			w := 1 - d/crowd
			all += w * w
		}
	}
	found[0], found[best] = found[best], found[0]
	for _, c := range found[:min(5, len(found))] {
		m.Candidates = append(m.Candidates, Candidate{Building: x.buildings[c.building].Key, Address: x.buildings[c.building].Address, Score: round2(c.score)})
	}
	m.Confidence = round2(top.score / max(all, 1))
	if m.Confidence < 0.3 {
		return m
	}
	b := &x.buildings[top.building]
	m.Level, m.Building, m.Address, m.How = LevelBuilding, b.Key, b.Address, top.how
	key, label, ok := x.room(top)
	switch {
	case ok && label != "":
		m.Level, m.Room, m.Address = LevelRoom, key, b.Address+label
	case label != "":
		m.NoSuchRoom = label
	}
	return m
}

func round2(x float64) float64 { return float64(int(x*100+0.5)) / 100 }

// room finds the room among the numbers that a building leaves over; ok is false
// where one is named that the building has not.
func (x *Index) room(c candidate) (key int64, label string, ok bool) {
	var cell, floor, room string
	for _, it := range c.rest {
		switch it.of {
		case 'u':
			cell = it.n
		case 'f':
			floor = it.n
		case 'r', '?', '#':
			if room != "" && cell == "" {
				cell = room // 3栋2-1801
			}
			room = it.n
		}
	}
	if room == "" {
		return 0, "", true
	}
	b := &x.buildings[c.building]
	forms := make([]string, 0, 4)
	if cell != "" {
		forms = append(forms, cell+"-"+room)
	}
	forms = append(forms, room)
	if floor != "" && len(room) <= 2 {
		forms = append(forms, floor+strings.Repeat("0", 2-len(room))+room)
	}
	for _, form := range forms {
		if i, there := slices.BinarySearchFunc(b.Rooms, form, func(r Room, form string) int { return cmp.Compare(roomForm(r.Label), form) }); there {
			return b.Rooms[i].Key, b.Rooms[i].Label, true
		}
	}
	return 0, room, false
}

// roomForm is a room's label as it is compared: 2单元1801室 is 2-1801.
func roomForm(label string) string {
	simple := true
	for i := range len(label) {
		if c := label[i]; c < '0' || c > '9' || i == 0 && c == '0' {
			simple = false
			break
		}
	}
	if simple {
		return label
	}
	var cell, room string
	for _, g := range groups(fold(label)) {
		for _, it := range g.items {
			if it.of == 'u' {
				cell = it.n
				continue
			}
			if room != "" && cell == "" {
				cell = room
			}
			room = it.n
		}
	}
	switch {
	case room == "":
		return string(fold(label))
	case cell != "":
		return cell + "-" + room
	}
	return room
}
