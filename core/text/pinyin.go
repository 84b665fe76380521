package text

import (
	"strings"
	"sync"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// A text is found by how it sounds too (拼音): by the initials of its characters in a row,
// gths for 个体户设, and by their whole syllables. Both are kept as words that nobody
// writes: pinyinInitials or pinyinSyllables, and what they stand for.
const (
	pinyinInitials  = "9y"
	pinyinSyllables = "9z"
	pinyinGram      = 4 // initials in a row that are one word
)

// otherReadings are those of characters that are read in two ways (多音字) in what a
// government does, beside the reading that the table of characters has first.
var otherReadings = map[rune][]string{
	'行': {"xing", "hang"}, '重': {"zhong", "chong"}, '会': {"hui", "kuai"}, '长': {"zhang", "chang"}, '调': {"diao", "tiao"}, '参': {"can", "shen"},
	'率': {"lv", "shuai"}, '还': {"huan", "hai"}, '传': {"chuan", "zhuan"}, '乐': {"le", "yue"}, '校': {"xiao", "jiao"}, '藏': {"cang", "zang"}, '给': {"gei", "ji"},
	'单': {"dan", "shan"}, '降': {"jiang", "xiang"}, '卡': {"ka", "qia"}, '曾': {"zeng", "ceng"}, '朝': {"chao", "zhao"}, '便': {"bian", "pian"}, '厦': {"sha", "xia"},
	'女': {"nv", "nu"}, '绿': {"lv", "lu"}, '旅': {"lv", "lu"}, '律': {"lv", "lu"}, '履': {"lv", "lu"}, '药': {"yao"}, '娠': {"shen"},
}

// readings are how a character may be read; none of what is no Han character.
func readings(r rune) []string {
	if out := otherReadings[r]; out != nil {
		return out
	}
	if !unicode.Is(unicode.Han, r) {
		return nil
	}
	if out := pinyin.SinglePinyin(r, pinyin.Args{Style: pinyin.Normal}); len(out) > 0 {
		return out[:1]
	}
	return nil
}

// eachSounding gives the runs of characters that can be read.
func eachSounding(s string, run func([][]string)) {
	var at [][]string
	for _, r := range s {
		if said := readings(r); said != nil {
			at = append(at, said)
			continue
		}
		if len(at) > 0 {
			run(at)
		}
		at = nil
	}
	if len(at) > 0 {
		run(at)
	}
}

// Pinyin are the words by which a text is found by its sound, with a space between each
// two. They go into an index beside the text: see IndexTokens.
func Pinyin(s string) string {
	seen := map[string]bool{}
	var b strings.Builder
	write := func(w string) {
		if !seen[w] {
			seen[w] = true
			b.WriteByte(' ')
			b.WriteString(w)
		}
	}
	eachSounding(s, func(run [][]string) {
		for i := range run {
			// Of initials every stretch up to the length of a word.
			grams := []string{""}
			for n := 0; n < pinyinGram && i+n < len(run); n++ {
				var longer []string
				for _, g := range grams {
					for _, said := range run[i+n] {
						longer = append(longer, g+said[:1])
					}
				}
				grams = longer
				if n > 0 {
					for _, g := range grams {
						write(pinyinInitials + g)
					}
				}
			}
			for _, a := range run[i] {
				write(pinyinSyllables + a)
				if i+1 < len(run) {
					for _, c := range run[i+1] {
						write(pinyinSyllables + a + c)
					}
				}
			}
		}
	})
	return strings.TrimPrefix(b.String(), " ")
}

// pinyinAll are all syllables.
var pinyinAll = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for r := rune(0x4E00); r <= 0x9FA5; r++ {
		for _, said := range readings(r) {
			out[said] = true
		}
	}
	for _, list := range otherReadings {
		for _, said := range list {
			out[said] = true
		}
	}
	return out
})

const (
	pinyinLongest = 60 // letters of a query that are read as pinyin
	pinyinWays    = 4  // in which whole syllables are told apart
)

// PinyinQueries reads a query of Latin letters alone as pinyin: each answer is a query over
// what Pinyin made, initials first, then whole syllables; one that is still being written
// at its end is left out. None where the query has other signs or a letter alone.
func PinyinQueries(q string) (out []string) {
	var letters []byte
	for _, r := range strings.ToLower(strings.TrimSpace(q)) {
		switch {
		case r >= 'a' && r <= 'z':
			letters = append(letters, byte(r))
		case r == ' ' || r == '\'':
		case r == 'ü':
			letters = append(letters, 'v')
		default:
			return nil
		}
	}
	word := string(letters)
	if len(word) < 2 || len(word) > pinyinLongest {
		return nil
	}
	var grams []string
	for i := 0; i == 0 || i+pinyinGram <= len(word); i++ {
		grams = append(grams, pinyinInitials+word[i:min(i+pinyinGram, len(word))])
	}
	out = append(out, strings.Join(grams, " "))
	for _, way := range syllables(word) {
		words := []string{pinyinSyllables + way[0]}
		if len(way) > 1 {
			words = nil
		}
		for i := 1; i < len(way); i++ {
			words = append(words, pinyinSyllables+way[i-1]+way[i])
		}
		out = append(out, strings.Join(words, " "))
	}
	return out
}

// syllables are the ways in which a word is syllables, those of the fewest first; the
// beginning of one more may stand at its end.
func syllables(word string) (out [][]string) {
	all := pinyinAll()
	steps := 0
	var walk func(rest string, way []string)
	walk = func(rest string, way []string) {
		if steps++; len(out) >= pinyinWays || steps > 2000 {
			return
		}
		if rest == "" {
			out = append(out, append([]string{}, way...))
			return
		}
		for n := min(6, len(rest)); n > 0; n-- {
			if all[rest[:n]] && (n > 1 || len(way) == 0) {
				walk(rest[n:], append(way, rest[:n]))
			}
		}
		if len(way) == 0 || len(rest) > 5 || len(out) > 0 {
			return
		}
		for said := range all {
			if len(said) > len(rest) && strings.HasPrefix(said, rest) {
				out = append(out, append([]string{}, way...))
				return
			}
		}
	}
	walk(word, nil)
	return out
}

// Sounds are a text's initials and its syllables in a row, of each stretch of Han
// characters, for a list short enough to be searched whole.
func Sounds(s string) (out []string) {
	eachSounding(s, func(run [][]string) {
		var initials, whole strings.Builder
		for _, said := range run {
			initials.WriteString(said[0][:1])
			whole.WriteString(said[0])
		}
		out = append(out, initials.String(), whole.String())
	})
	return out
}
