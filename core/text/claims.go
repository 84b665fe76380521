package text

import (
	"regexp"
	"strings"
)

// What a text claims that can be checked by its form: numbers with what they
// count, dates and phones as numbers, words of letters, titles of laws, and who
// and where it speaks of.
var (
	claimNumber  = regexp.MustCompile(`[0-9]+(?:[.:/][0-9]+)*`)
	claimCounted = regexp.MustCompile(`[零一二两三四五六七八九十百千万]+(?:个|次|天|日|月|年|小时|分钟|元|米|公里|人|栋|号|点|分|处|家|件|倍|成|周|名|辆|台|层|楼|户|条|项|吨)`)
	claimWord    = regexp.MustCompile(`[a-z][a-z0-9._@-]{2,}`)
	claimTitle   = regexp.MustCompile(`《[^》]{1,60}》`)
	claimBlank   = regexp.MustCompile(`【[^】]*\p{Han}[^】]*】`)
	claimName    = regexp.MustCompile(`\p{Han}{1,12}(?:公司|集团|街道办|街道|社区|执法队|支队|大队|派出所|委员会|管理局|监督局|服务中心|办公室|局|所|医院|学校)`)
)

// Unsupported gives what a text claims that none of its sources does: a number,
// a count, a word of letters, the title of a law, an organisation, a place, a
// person, and a blank (【】) that is no longer there. names are further names, such
// as those of units, that the text may use only where a source does. Empty: by
// its form the text adds nothing. What is said in other words is not seen.
func Unsupported(answer string, names []string, sources ...string) (out []string) {
	source := Normalize(strings.Join(sources, "\n"))
	said := Normalize(answer)
	add := func(s string) {
		for _, o := range out {
			if o == s {
				return
			}
		}
		out = append(out, s)
	}
	numbers := map[string]bool{}
	for _, n := range claimNumber.FindAllString(source, -1) {
		numbers[n] = true
	}
	for _, n := range claimNumber.FindAllString(said, -1) {
		if !numbers[n] {
			add(n)
		}
	}
	for _, re := range []*regexp.Regexp{claimCounted, claimWord, claimTitle} {
		for _, s := range re.FindAllString(said, -1) {
			if !strings.Contains(source, s) {
				add(s)
			}
		}
	}
	for _, n := range names {
		if n = Normalize(n); len(n) > 3 && strings.Contains(said, n) && !strings.Contains(source, n) {
			add(n)
		}
	}
	for _, s := range claimName.FindAllString(said, -1) {
		if !endsIn(source, s) {
			add(s)
		}
	}
	for _, e := range FindElements(said, Reading{}) {
		if s := said[e.Start:e.End]; (e.Kind == Who || e.Kind == Where) && !strings.Contains(source, s) && !endsIn(source, s) {
			add(s)
		}
	}
	for _, f := range FindPersonal(said) {
		if s := said[f.Start:f.End]; !strings.Contains(source, s) {
			add(s)
		}
	}
	blanks := map[string]int{}
	for _, b := range claimBlank.FindAllString(said, -1) {
		blanks[b]++
	}
	if len(sources) > 0 {
		for _, b := range claimBlank.FindAllString(Normalize(sources[0]), -1) {
			if blanks[b]--; blanks[b] < 0 {
				add(b) // it was filled in, or left out
			}
		}
	}
	return out
}

// endsIn reports whether a name stands in a source with at least four runes of
// its end: what stands before a name in a sentence is no part of it.
func endsIn(source, name string) bool {
	r := []rune(name)
	for from := 0; from <= len(r)-4 || from == 0; from++ {
		if strings.Contains(source, string(r[from:])) {
			return true
		}
	}
	return false
}

// Blanks are the places of a draft that are to be filled in: 【…】 with Chinese
// words between. 【2020】, as papers are numbered, is none.
func Blanks(s string) []string { return claimBlank.FindAllString(s, -1) }
