package address

import (
	"strings"
	"sync"

	"shanzhi/core/place"
)

// Kinds of names that the list of divisions knows, as bits.
const (
	nameProv = 1 << iota
	nameCity
	nameDistrict
	nameTown
	nameShort // without the word that says what it is
	nameKinds = 5
)

// names are the country's divisions by name.
var names = sync.OnceValue(func() map[string]uint8 {
	out := make(map[string]uint8, 80000)
	put := func(name string, kind uint8) {
		if n := len(name); n >= 6 && n <= 36 {
			out[name] |= kind
		}
	}
	place.EachDivision(func(digits, name string) {
		kind, suffixes := uint8(nameTown), []string{"街道办事处", "街道", "地区", "民族乡", "镇", "乡"}
		switch len(digits) {
		case 2:
			kind, suffixes = nameProv, []string{"壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区", "自治区", "省", "市"}
		case 4:
			kind, suffixes = nameCity, []string{"地区", "盟", "市"}
		case 6:
			kind, suffixes = nameDistrict, []string{"自治县", "新区", "区", "县", "市"}
			if digits[2:4] == "90" || strings.HasSuffix(name, "市") {
				put(name, nameCity)
			}
		}
		if name == "市辖区" || name == "县" || strings.HasSuffix(name, "直辖县级行政区划") {
			return
		}
		put(name, kind)
		if kind == nameProv && strings.HasSuffix(name, "市") {
			put(name, nameCity)
		}
		for _, s := range suffixes {
			if stem, ok := strings.CutSuffix(name, s); ok && len(stem) >= 6 {
				put(stem, kind|nameShort)
				break
			}
		}
	})
	return out
})

// keys are the characters that end or announce parts of an address.
var keys = func() (out map[string]uint8) {
	out = map[string]uint8{}
	for i, r := range []rune("省市区县旗镇乡街道路巷弄里段号幢栋座楼层室单元房村组社屯园苑城府庭厦场店院校站厂库寓公委队桥口门铺侧旁边对内近附附东西南北交与-—_()（）/#、，,") {
		if s := string(r); out[s] == 0 {
			out[s] = uint8(i + 1)
		}
	}
	return out
}()

// feature hashes; every template has its own seed.
type hasher uint64

func seed(template int) hasher {
	return hasher(14695981039346656037 ^ uint64(template)*0x9E3779B97F4A7C15)
}

func (h hasher) str(s string) hasher {
	for i := range len(s) {
		h = (h ^ hasher(s[i])) * 1099511628211
	}
	return (h ^ 0xFF) * 1099511628211
}

func (h hasher) num(n int) hasher { return (h ^ hasher(uint32(n)+0x100)) * 1099511628211 }

func (h hasher) sum() uint32 {
	x := uint64(h)
	x ^= x >> 32
	x *= 0xD6E8FEB86659FD93
	x ^= x >> 32
	if uint32(x) == 0 {
		return 1
	}
	return uint32(x)
}

// shape tells what a token looks like, not what it says.
func shape(s string) int {
	switch {
	case isDigit(rune(s[0])):
		return 1 + min(len(s), 6)
	case isLetter(rune(s[0])):
		return 10 + min(len(s), 4)
	case len(s) == 1:
		return 20 // a sign
	}
	return 0
}

// view is an address as its features are taken from it.
type view struct {
	toks   []token
	shapes []int
	key    []uint8
	gaz    []uint16 // kinds of names that begin (low bits) or go on (high bits) at a token
	gazEnd []uint8  // of names that end
	again  []uint8  // how the tokens repeat earlier ones
	later  []uint8  // how later ones repeat them
	nextAt []uint16 // the key after a token and how far it is
	prevAt []uint16
	out    []uint32
	pout   []uint32

	wordFrom, wordTo, cut []int16
	wordClass             []uint8
	cost                  []float32
}

const edge = "\x00"

func (v *view) word(i int) string {
	if i < 0 || i >= len(v.toks) {
		return edge
	}
	return v.toks[i].text
}

func (v *view) shapeAt(i int) int {
	if i < 0 || i >= len(v.toks) {
		return 30
	}
	return v.shapes[i]
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		s = make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// look prepares the features of an address.
func (v *view) look(toks []token) {
	n := len(toks)
	v.toks = toks
	v.shapes, v.key, v.gaz, v.gazEnd = grow(v.shapes, n), grow(v.key, n), grow(v.gaz, n), grow(v.gazEnd, n)
	v.again, v.later, v.nextAt, v.prevAt = grow(v.again, n), grow(v.later, n), grow(v.nextAt, n), grow(v.prevAt, n)
	known := names()
	var buf [64]byte
	for i, t := range toks {
		v.shapes[i], v.key[i] = shape(t.text), keys[t.text]
		if v.shapes[i] != 0 {
			continue
		}
		word := buf[:0]
		longest, kinds := 0, uint8(0)
		for j := i; j < n && j < i+12 && v.shapeOf(j) == 0; j++ {
			if word = append(word, toks[j].text...); len(word) > 36 {
				break
			}
			if k := known[string(word)]; k != 0 {
				longest, kinds = j-i+1, k
				// Shorter names of other kinds stay: 吉林市 and 吉林.
				v.gaz[i] |= uint16(k &^ nameShort)
			}
		}
		if longest > 0 {
			v.gaz[i] |= uint16(kinds)
			for j := i + 1; j < i+longest; j++ {
				v.gaz[j] |= uint16(kinds) << nameKinds
			}
			v.gazEnd[i+longest-1] |= kinds
		}
	}
	// What stands here already stood before: of two and of three characters.
	for i := 1; i < n; i++ {
		if v.shapes[i] != 0 {
			continue
		}
		for j := 0; j+1 < i; j++ {
			if toks[j].text != toks[i].text {
				continue
			}
			l := 1
			for i+l < n && j+l < i && toks[j+l].text == toks[i+l].text {
				l++
			}
			if l >= 2 {
				for k := range l {
					v.again[i+k] = max(v.again[i+k], uint8(min(l, 4)))
					v.later[j+k] = max(v.later[j+k], uint8(min(l, 4)))
				}
			}
		}
	}
	v.segment()
	last := uint16(0)
	for i := n - 1; i >= 0; i-- {
		v.nextAt[i] = last
		if last != 0 && last>>8 < 9 {
			last += 1 << 8
		}
		if v.key[i] != 0 {
			last = 1<<8 | uint16(v.key[i])
		}
	}
	last = 0
	for i := range n {
		v.prevAt[i] = last
		if last != 0 && last>>8 < 9 {
			last += 1 << 8
		}
		if v.key[i] != 0 {
			last = 1<<8 | uint16(v.key[i])
		}
	}
}

func (v *view) shapeOf(i int) int { return shape(v.toks[i].text) }

// features returns the features of a token, and those that depend on the past;
// they are good until the next call.
func (v *view) features(i int) (plain, past []uint32) {
	out := v.out[:0]
	add := func(h hasher) { out = append(out, h.sum()) }
	w := func(d int) string { return v.word(i + d) }
	s := func(d int) int { return v.shapeAt(i + d) }
	// Numbers say little by themselves: their shape stands for them.
	c := func(d int) string {
		if x := s(d); x > 1 && x < 10 {
			return "0000000"[:x-1]
		}
		return w(d)
	}
	add(seed(0))
	for d := -3; d <= 3; d++ {
		add(seed(1).num(d).str(c(d)))
	}
	add(seed(2).str(c(-2)).str(c(-1)))
	add(seed(3).str(c(-1)).str(c(0)))
	add(seed(4).str(c(0)).str(c(1)))
	add(seed(5).str(c(1)).str(c(2)))
	add(seed(6).str(c(-1)).str(c(1)))
	add(seed(7).str(c(-2)).str(c(-1)).str(c(0)))
	add(seed(8).str(c(-1)).str(c(0)).str(c(1)))
	add(seed(9).str(c(0)).str(c(1)).str(c(2)))
	add(seed(10).str(c(-3)).str(c(-2)).str(c(-1)))
	add(seed(11).str(c(1)).str(c(2)).str(c(3)))
	add(seed(12).num(s(-1)).num(s(0)).num(s(1)))
	add(seed(13).num(s(-2)).num(s(-1)).num(s(0)).num(s(1)).num(s(2)))
	if s(0) != 0 {
		add(seed(14).str(w(0)))
		add(seed(15).num(s(0)).str(c(-1)).str(c(1)))
	}
	g, e := int(v.gaz[i]), int(v.gazEnd[i])
	add(seed(16).num(g).num(e))
	if g != 0 || e != 0 {
		add(seed(17).num(g).num(e).str(c(0)))
		add(seed(18).num(g).num(e).num(int(v.again[i])))
	}
	if i > 0 {
		add(seed(19).num(int(v.gazEnd[i-1])).num(g))
		add(seed(20).num(int(v.gaz[i-1])).num(g))
	}
	if i+1 < len(v.toks) {
		add(seed(21).num(int(v.gaz[i+1])).num(g))
	}
	if a, l := int(v.again[i]), int(v.later[i]); a+l != 0 {
		add(seed(22).num(a).num(l))
		add(seed(23).num(a).num(l).str(c(0)))
		add(seed(32).num(a).num(l).num(g).num(e))
		add(seed(33).num(a).num(l).num(min(i, 1)))
		if i > 0 {
			add(seed(34).num(a).num(l).num(int(v.again[i-1])).num(int(v.later[i-1])).num(g))
		}
	}
	next, prev := int(v.nextAt[i]), int(v.prevAt[i])
	add(seed(24).num(next).num(toBit(v.key[i] != 0)))
	add(seed(25).num(prev).num(toBit(v.key[i] != 0)))
	add(seed(26).num(next).num(prev))
	add(seed(27).num(next & 0xFF).num(prev & 0xFF).num(int(v.key[i])))
	add(seed(28).num(next).str(c(0)))
	add(seed(29).num(prev).str(c(0)))
	if i < 3 {
		add(seed(30).num(i).num(g))
	}
	if rest := len(v.toks) - 1 - i; rest < 3 {
		add(seed(31).num(rest).num(s(0)).str(c(0)))
	}
	at := int(v.wordFrom[i])
	end := int(v.wordTo[i])
	add(seed(40).num(v.inWord(i)).num(int(v.wordClass[i])))
	add(v.wordHash(seed(41).num(v.inWord(i)), i))
	add(v.wordHash(seed(42).num(v.inWord(i)), at-1))
	add(v.wordHash(seed(43).num(v.inWord(i)), end))
	add(v.wordHash(v.wordHash(seed(44).num(v.inWord(i)), at-1), i))
	add(v.wordHash(v.wordHash(seed(45).num(v.inWord(i)), i), end))
	add(seed(46).num(v.inWord(i - 1)).num(v.inWord(i)).num(v.inWord(i + 1)))
	class := func(i int) int {
		if i < 0 || i >= len(v.toks) {
			return 99
		}
		return int(v.wordClass[i])<<3 | min(int(v.wordTo[i]-v.wordFrom[i]), 7)
	}
	add(seed(47).num(class(at - 1)).num(class(i)).num(class(end)).num(v.inWord(i)))
	if at > 0 {
		add(v.wordHash(v.wordHash(seed(48).num(v.inWord(i)), int(v.wordFrom[at-1])-1), at-1))
	}
	v.out = out
	p := v.pout[:0]
	addPast := func(h hasher) { p = append(p, h.sum()) }
	addPast(seed(60))
	addPast(seed(61).num(s(-1)).num(s(0)).num(s(1)))
	addPast(seed(62).str(c(0)))
	addPast(seed(63).str(c(-1)))
	addPast(seed(64).str(c(-1)).str(c(0)))
	addPast(v.wordHash(seed(65).num(v.inWord(i)), i))
	addPast(v.wordHash(seed(66).num(v.inWord(i)), at-1))
	addPast(v.wordHash(seed(67).num(v.inWord(i)), end))
	addPast(seed(68).num(next))
	addPast(seed(69).num(next & 0xFF).num(prev & 0xFF).num(s(0)))
	addPast(seed(70).num(g).num(e).num(v.inWord(i)))
	addPast(seed(71).num(s(0)).str(c(1)).str(c(2)))
	addPast(seed(72).num(s(0)).str(c(1)).str(c(-1)))
	v.pout = p
	return out, p
}

func toBit(b bool) int {
	if b {
		return 1
	}
	return 0
}
