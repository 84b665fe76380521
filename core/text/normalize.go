package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Clean returns s as it should be stored and shown: characters that cannot be
// seen (controls, zero-width marks, byte order marks, and the `_x000D_` that
// spreadsheets leave for a carriage return) are gone, blanks inside a line are
// one space, lines carry no blanks at either end, there is no empty line at
// either end and never more than one in a row. Full-width forms are kept: they
// are how people write. Clean(Clean(s)) == Clean(s).
func Clean(s string) string {
	s = dropSpreadsheetEscape(s)
	loneCR := !strings.Contains(s, "\n")
	var b strings.Builder
	b.Grow(len(s))
	blank, lines := false, 0
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' && loneCR || r == '\u2028' || r == '\u2029' || r == '\v' || r == '\f':
			lines, blank = lines+1, false
		case unicode.IsSpace(r) || r == '\u3000':
			blank = true
		case invisible(r):
		default:
			if b.Len() > 0 {
				switch {
				case lines > 1:
					b.WriteString("\n\n")
				case lines == 1:
					b.WriteByte('\n')
				case blank:
					b.WriteByte(' ')
				}
			}
			blank, lines = false, 0
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Normalize returns the form of s under which two spellings of the same words
// are equal: compatibility forms folded (NFKC: full-width letters and digits,
// ligatures, circled digits), letters in lower case, what cannot be seen
// dropped, and every run of blanks and line ends one space, with none at either
// end. It is for comparing, hashing, searching and learning, never for showing.
// Normalize(Normalize(s)) == Normalize(s).
func Normalize(s string) string {
	s = dropSpreadsheetEscape(s)
	if ascii(s) {
		return collapse(strings.ToLower(s))
	}
	s = strings.Map(func(r rune) rune {
		if invisible(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	// Lower-casing can undo a composition (İ → i + dot) and composing can make
	// a letter that has a lower case, so the fold is taken to its fixed point;
	// the second round is almost always the last.
	for range 4 {
		t := strings.ToLower(norm.NFKC.String(s))
		if t == s {
			break
		}
		s = t
	}
	return collapse(s)
}

func collapse(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			blank = true
			continue
		}
		if invisible(r) {
			continue
		}
		if blank && b.Len() > 0 {
			b.WriteByte(' ')
		}
		blank = false
		b.WriteRune(r)
	}
	return b.String()
}

// invisible reports whether r is a control or format character: nothing that a
// reader sees. The zero-width joiners inside emoji go too; the emoji stay.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar
}

// dropSpreadsheetEscape turns `_x000D_`, by which Office Open XML escapes a
// carriage return inside a cell (ECMA-376 part 1, 22.9.2.19 ST_Xstring), into a
// line end.
func dropSpreadsheetEscape(s string) string {
	if !strings.Contains(s, "_x000") {
		return s
	}
	return spreadsheetEscapes.Replace(s)
}

var spreadsheetEscapes = strings.NewReplacer("_x000D_", "\r", "_x000d_", "\r", "_x000A_", "\n", "_x000a_", "\n", "_x0009_", " ")

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
