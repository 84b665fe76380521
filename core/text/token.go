package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Search works on our own tokens, written as plain words with spaces between
// them, so that SQLite's FTS5 (tokenizer ascii) and PostgreSQL's
// to_tsvector('simple', …) keep exactly the words that we chose and a search
// finds the same rows on both:
//
//   - a run of Han characters (and of kana or hangul) becomes its overlapping
//     pairs, and its last character alone: 排水管 → 排水 水管 管. Pairs find
//     two-character words, which trigrams cannot; the last character alone makes
//     a search for one character complete (see QueryTokens);
//   - a run of letters and digits of other scripts becomes one word in lower
//     case, at most maxWord bytes of it.
//
// Nothing else is written: no sign that either engine would cut at or take for
// an operator.

// maxWord bounds a word in bytes, so that a pasted base64 block cannot make a
// lexeme longer than PostgreSQL's 2046 bytes.
const maxWord = 64

// IndexTokens returns the tokens under which s is to be found, each once, with a
// space between each two. The same text gives the same tokens whatever its width
// forms, case and blanks. The result is empty where s has no letter or digit.
func IndexTokens(s string) string {
	var b strings.Builder
	b.Grow(2 * len(s))
	seen := make(map[string]bool, len(s)/3)
	write := func(w string) {
		if seen[w] {
			return
		}
		seen[w] = true
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	eachRun(Normalize(s), func(run string, paired bool) {
		if !paired {
			write(run)
			return
		}
		prev := ""
		for len(run) > 0 {
			_, n := utf8.DecodeRuneInString(run)
			if prev != "" {
				write(prev + run[:n])
			}
			prev, run = run[:n], run[n:]
		}
		write(prev)
	})
	return b.String()
}

// QueryTokens returns the tokens that a row must all have to answer the query
// q, without repeats, in the order of q. A single Han character between other
// things stands for every word that begins with it, and comes with a star at
// its end (水*): the caller asks for it as a prefix, as MatchFTS5 and MatchTS
// do. No token: q has nothing that can be searched for.
func QueryTokens(q string) []string {
	var out []string
	seen := map[string]bool{}
	add := func(w string) {
		if !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	eachRun(Normalize(q), func(run string, paired bool) {
		if !paired {
			add(run)
			return
		}
		if utf8.RuneCountInString(run) == 1 {
			add(run + "*")
			return
		}
		prev := ""
		for len(run) > 0 {
			_, n := utf8.DecodeRuneInString(run)
			if prev != "" {
				add(prev + run[:n])
			}
			prev, run = run[:n], run[n:]
		}
	})
	return out
}

// MatchFTS5 returns q as a MATCH expression of SQLite FTS5 over IndexTokens,
// with every token quoted, so that no input can be taken for an operator. It is
// empty where q has nothing to search for; FTS5 refuses an empty expression.
func MatchFTS5(q string) string {
	ts := QueryTokens(q)
	for i, t := range ts {
		word, prefix := strings.CutSuffix(t, "*")
		ts[i] = `"` + word + `"`
		if prefix {
			ts[i] += " *"
		}
	}
	return strings.Join(ts, " ")
}

// MatchTS returns q as the text of a PostgreSQL tsquery, to be passed as
// to_tsquery('simple', …), over to_tsvector('simple', IndexTokens(s)). It finds
// the rows that MatchFTS5 finds. It is empty where q has nothing to search for.
func MatchTS(q string) string {
	ts := QueryTokens(q)
	for i, t := range ts {
		word, prefix := strings.CutSuffix(t, "*")
		ts[i] = `'` + word + `'`
		if prefix {
			ts[i] += ":*"
		}
	}
	return strings.Join(ts, " & ")
}

// eachRun calls f for each run of s, in order: paired runs of scripts written
// without spaces, and words of the others. s has been normalized.
func eachRun(s string, f func(run string, paired bool)) {
	start, kind := 0, 0
	flush := func(end int) {
		switch {
		case kind == runPaired:
			f(s[start:end], true)
		case kind == runWord:
			w := s[start:end]
			if len(w) > maxWord {
				cut := maxWord
				for !utf8.RuneStart(w[cut]) {
					cut--
				}
				w = w[:cut]
			}
			if n := scientific(w); n > 0 && n < len(w) {
				f(w[:n], false)
				w = w[n:]
			}
			f(w, false)
		}
	}
	for i, r := range s {
		k := runKind(r)
		if k != kind {
			flush(i)
			start, kind = i, k
		}
	}
	flush(len(s))
}

// scientific returns the length of the number in scientific notation (digits, e,
// digits) that w begins with, or 0.
func scientific(w string) int {
	digits := func(i int) int {
		for i < len(w) && '0' <= w[i] && w[i] <= '9' {
			i++
		}
		return i
	}
	e := digits(0)
	if e == 0 || e == len(w) || w[e] != 'e' {
		return 0
	}
	if end := digits(e + 1); end > e+1 {
		return end
	}
	return 0
}

const (
	runWord = iota + 1
	runPaired
)

func runKind(r rune) int {
	switch {
	case r < 0x80:
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' {
			return runWord
		}
		return 0
	case IsHan(r) || unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		return runPaired
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		return runWord
	}
	return 0
}

// IsHan reports whether r is a Chinese character, 〇 among them.
func IsHan(r rune) bool {
	return 0x4e00 <= r && r <= 0x9fff || r > 0x2e7f && unicode.Is(unicode.Han, r) && !unicode.Is(unicode.So, r) || r == '〇'
}
