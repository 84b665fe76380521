package text

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// PersonalKind is a kind of personal data (个人信息) that free text is searched for.
type PersonalKind string

const (
	IDNumber PersonalKind = "id_number" // 身份证号, 18 or 15 digits (GB 11643)
	Phone    PersonalKind = "phone"     // mobile or landline
	BankCard PersonalKind = "bank_card"
	Plate    PersonalKind = "license_plate" // GA 36
	Email    PersonalKind = "email"
	QQ       PersonalKind = "qq"
	WeChat   PersonalKind = "wechat"
	Passport PersonalKind = "passport" // passports, and exit permits where they are named
	Name     PersonalKind = "person"   // of a person, without title
	Room     PersonalKind = "room"     // unit and room of a home: what makes an address a person's
)

// Found is a piece of personal data in a text, by byte offsets.
type Found struct {
	Kind       PersonalKind
	Start, End int
}

// FindPersonal returns the personal data in a text, in order and without
// overlaps. Numbers are known by their form, and by their checksum where they
// are written in groups; full-width digits count, and Chinese ones in phone
// numbers. Names are known only by an honest cue: a word that announces one
// (姓名, 我叫), a title after it (先生), or a number right beside it; a room only
// where the text says that someone lives there or names someone beside it. A name
// that stands alone is not found, and the room that an appeal is about stays.
func FindPersonal(s string) []Found {
	f := newFinder(s)
	f.numbers()
	f.chinesePhones()
	f.emails()
	f.handles()
	f.passports()
	f.plates()
	f.names()
	f.rooms()
	slices.SortFunc(f.found, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	out := make([]Found, len(f.found))
	for i, v := range f.found {
		out[i] = Found{v.kind, f.at[v.from], f.at[v.to]}
	}
	return out
}

// Mask takes personal data out of a text and leaves what it was: 138****5678,
// 张*, 3栋***室. Every rune that goes becomes one asterisk.
func Mask(s string) string {
	found := FindPersonal(s)
	if len(found) == 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	end := 0
	for _, f := range found {
		b.WriteString(s[end:f.Start])
		b.WriteString(maskAs(f.Kind, s[f.Start:f.End]))
		end = f.End
	}
	b.WriteString(s[end:])
	return b.String()
}

func maskAs(kind PersonalKind, s string) string {
	switch kind {
	case IDNumber:
		return keep(s, 6, 2)
	case Phone:
		return keep(s, 3, 4)
	case BankCard:
		return keep(s, 4, 4)
	case Plate:
		return keep(s, 2, 0)
	case Room:
		return strings.Map(func(r rune) rune {
			if isAlnum(fold(r)) || strings.ContainsRune(chineseDigits, r) {
				return '*'
			}
			return r
		}, s)
	}
	return keep(s, 1, 0)
}

func keep(s string, head, tail int) string {
	n := utf8.RuneCountInString(s)
	if n <= head+tail {
		return strings.Repeat("*", n)
	}
	i := 0
	return strings.Map(func(r rune) rune {
		i++
		if i <= head || i > n-tail {
			return r
		}
		return '*'
	}, s)
}

// finder searches one text, rune by rune.
type finder struct {
	r     []rune // folded: full-width letters, digits and signs are ASCII
	at    []int  // byte offset of each rune, and the end
	taken []bool // by rune
	found []span
}

type span struct {
	kind     PersonalKind
	from, to int // runes
}

func newFinder(s string) *finder {
	n := utf8.RuneCountInString(s)
	f := &finder{r: make([]rune, 0, n), at: make([]int, 0, n+1), taken: make([]bool, n)}
	for i, r := range s {
		f.r, f.at = append(f.r, fold(r)), append(f.at, i)
	}
	f.at = append(f.at, len(s))
	return f
}

func fold(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '\u3000' || r == '\u00a0':
		return ' '
	case r == '–' || r == '—' || r == '‐' || r == '‑':
		return '-'
	}
	return r
}

func isDigit(r rune) bool  { return r >= '0' && r <= '9' }
func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
func isAlnum(r rune) bool  { return isDigit(r) || isLetter(r) }
func isHan(r rune) bool    { return unicode.Is(unicode.Han, r) }

// get returns rune i, or 0 beyond the ends.
func (f *finder) get(i int) rune {
	if i < 0 || i >= len(f.r) {
		return 0
	}
	return f.r[i]
}

// take notes a find unless part of it is another's.
func (f *finder) take(kind PersonalKind, from, to int) bool {
	if from >= to || slices.Contains(f.taken[from:to], true) {
		return false
	}
	for i := from; i < to; i++ {
		f.taken[i] = true
	}
	f.found = append(f.found, span{kind, from, to})
	return true
}

// starts returns the length in runes of the longest of words that stands at i.
func (f *finder) starts(i int, words wordSet) int {
	best := 0
	for _, w := range words.first[f.get(i)] {
		if len(w) > best && i+len(w) <= len(f.r) && slices.Equal(f.r[i:i+len(w)], w) {
			best = len(w)
		}
	}
	return best
}

// ends returns the length of the longest of words that ends before i.
func (f *finder) ends(i int, words wordSet) int {
	best := 0
	for _, w := range words.last[f.get(i-1)] {
		if len(w) > best && i >= len(w) && slices.Equal(f.r[i-len(w):i], w) {
			best = len(w)
		}
	}
	return best
}

// near reports whether one of words ends within the n runes before i.
func (f *finder) near(i, n int, words wordSet) bool {
	for j := i; j > max(i-n, 0); j-- {
		if f.ends(j, words) > 0 {
			return true
		}
	}
	return false
}

// wordSet is words by their first and their last rune.
type wordSet struct{ first, last map[rune][][]rune }

// wordList makes a set of the words in s, cut at blanks.
func wordList(s string) wordSet {
	set := wordSet{map[rune][][]rune{}, map[rune][][]rune{}}
	for _, w := range strings.Fields(s) {
		r := []rune(w)
		set.first[r[0]] = append(set.first[r[0]], r)
		set.last[r[len(r)-1]] = append(set.last[r[len(r)-1]], r)
	}
	return set
}
