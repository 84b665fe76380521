package address

import (
	"strings"
	"unicode"
)

// item is a number of an address and what it counts.
type item struct {
	of byte // '#' building, 'u' unit, 'f' floor, 'r' room, '?' not said; else lane and the like
	n  string
}

// group is a name in an address and the numbers that follow it: 流塘路 12号, 流塘花园 3栋.
type group struct {
	name  string
	items []item
}

// counts are what numbers count, the longer first.
var counts = []struct {
	word string
	of   byte
}{
	{"单元", 'u'}, {"号楼", '#'}, {"号院", '#'}, {"号铺", 'r'}, {"号房", 'r'}, {"号", '#'}, {"栋", '#'}, {"幢", '#'}, {"座", '#'}, {"撞", '#'}, {"楼", 'f'}, {"层", 'f'},
	{"室", 'r'}, {"房", 'r'}, {"铺", 'r'}, {"户", 'r'}, {"巷", 'x'}, {"弄", 'x'}, {"坊", 'x'}, {"排", 'p'}, {"期", 'q'}, {"区", 'z'}, {"队", 'd'},
}

var numerals = map[rune]int{'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9, '十': 10}

// numberAt reads a number at the beginning of a text: digits with letters before
// or after them (A3, 13B), or Chinese numerals. used is how many characters it has.
func numberAt(s []rune) (n string, used int, chinese bool) {
	i := 0
	for i < len(s) && i < 12 && (isDigit(s[i]) || isLetter(s[i])) {
		i++
	}
	if i > 0 {
		text := string(s[:i])
		if !strings.ContainsAny(text, "0123456789") && i > 1 {
			return "", 0, false // a word
		}
		return strings.TrimLeft(text, "0"), i, false
	}
	value, tens := 0, false
	for i < len(s) && i < 4 {
		v, ok := numerals[s[i]]
		if !ok {
			break
		}
		if v == 10 {
			value, tens = max(value, 1)*10, true
		} else if tens {
			value += v
		} else {
			value = value*10 + v
		}
		i++
	}
	if i == 0 {
		return "", 0, false
	}
	return itoa(value), i, true
}

func itoa(v int) string {
	if v >= 10 {
		return itoa(v/10) + string(rune('0'+v%10))
	}
	return string(rune('0' + v))
}

func countAt(s []rune) (of byte, used int) {
	for _, c := range counts {
		w := []rune(c.word)
		if len(s) >= len(w) && string(s[:len(w)]) == c.word {
			return c.of, len(w)
		}
	}
	return '?', 0
}

// fold makes an address comparable: full-width as ordinary, small letters, no blanks.
func fold(text string) []rune {
	out := make([]rune, 0, len(text)/2)
	for _, r := range text {
		if r = foldRune(r); !unicode.IsSpace(r) {
			out = append(out, r)
		}
	}
	if len(out) > Longest {
		out = out[:Longest]
	}
	return out
}

// groups divides a folded address into names and the numbers after each. A
// register's addresses and those that are asked go through it alike, so that what
// it gets wrong it gets wrong on both sides.
func groups(s []rune) (out []group) {
	var name []rune
	var g group
	flush := func() {
		if len(g.items) > 0 || len(name) > 0 {
			if len(g.items) == 0 {
				g.name = string(name)
			}
			out = append(out, g)
		}
		name, g = name[:0], group{}
	}
	for i := 0; i < len(s); {
		n, used, chinese := numberAt(s[i:])
		if chinese && len(name) == 1 && len(g.items) == 0 { // 新二一队: a name has two characters at least
			name = append(name, s[i])
			i++
			continue
		}
		if used > 0 {
			of, more := countAt(s[i+used:])
			// 宝民一路 and 三围 are names; so is the number of 8号路.
			road := of == '#' && i+used+more < len(s) && strings.ContainsRune("路街道线", s[i+used+more])
			if (!chinese || more > 0) && !road {
				if len(g.items) == 0 {
					g.name = string(name)
					name = name[:0]
				} else if len(name) > 0 {
					flush()
				}
				if n == "" {
					n = "0"
				}
				g.items = append(g.items, item{of, n})
				i += used + more
				continue
			}
			if len(g.items) > 0 && len(name) == 0 {
				out, g = append(out, g), group{}
			}
			name = append(name, s[i:i+used+more]...)
			i += used + more
			continue
		}
		r := s[i]
		i++
		if !unicode.Is(unicode.Han, r) {
			continue // a sign between
		}
		if len(g.items) > 0 && len(name) == 0 {
			out, g = append(out, g), group{}
		}
		name = append(name, r)
	}
	flush()
	return out
}

// SplitRoom divides a standard address into that of the building and the room:
// what comes after the last number that counts a building. room is "" where it
// names none.
func SplitRoom(text string) (building, room string) {
	chars := []rune(text)
	end := -1
	for i := 0; i < len(chars); {
		n, used, chinese := numberAt(foldAll(chars[i:]))
		if used == 0 {
			i++
			continue
		}
		of, more := countAt(chars[i+used:])
		if of == '#' || of == 'x' && n != "" && !chinese {
			end = i + used + more
		}
		i += used + more
	}
	if end < 0 || end >= len(chars) || !hasNumber(chars[end:]) {
		return text, ""
	}
	return string(chars[:end]), string(chars[end:])
}

func foldAll(s []rune) []rune {
	out := make([]rune, min(len(s), 14))
	for i := range out {
		out[i] = foldRune(s[i])
	}
	return out
}

func hasNumber(s []rune) bool {
	for i := range s {
		if _, used, _ := numberAt(foldAll(s[i:])); used > 0 {
			return true
		}
	}
	return false
}
