package address

import "unicode"

// token is a piece of an address that has one label: a character, or digits or
// Latin letters in a row.
type token struct {
	text       string // folded: full-width as ordinary, capitals as small letters
	start, end int    // in characters of what was written
}

func isDigit(r rune) bool  { return r >= '0' && r <= '9' }
func isLetter(r rune) bool { return r >= 'a' && r <= 'z' }

func foldRune(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		r -= '！' - '!'
	case r == '—', r == '–', r == '－', r == '―', r == '‐':
		return '-'
	}
	if r >= 'A' && r <= 'Z' {
		r += 'a' - 'A'
	}
	return r
}

// tokens divides an address. Blanks are in no token.
func tokens(text string) []token {
	out := make([]token, 0, len(text)/3+4)
	var run []rune
	begun, kind := 0, 0
	at := 0
	flush := func() {
		if len(run) > 0 {
			out = append(out, token{string(run), begun, at})
			run = run[:0]
		}
		kind = 0
	}
	for _, r := range text {
		r = foldRune(r)
		k := 0
		switch {
		case isDigit(r):
			k = 1
		case isLetter(r):
			k = 2
		}
		if k == 0 || k != kind {
			flush()
		}
		switch {
		case unicode.IsSpace(r) || r == '\ufeff' || r == 0:
		case k == 0:
			out = append(out, token{string(r), at, at + 1})
		default:
			if len(run) == 0 {
				begun, kind = at, k
			}
			run = append(run, r)
		}
		at++
	}
	flush()
	return out
}
