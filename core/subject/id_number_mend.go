package subject

import "strings"

// MendIDNumber makes the 18 characters of a citizen's identity number of what was
// written: blanks, full width and a small x are mended, and one of 15 digits, as issued
// until 1999, is brought to 18. What is no number is CheckIDNumber's error.
func MendIDNumber(written string) (string, error) {
	n := strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == 'x' || r == 'ｘ' || r == 'Ｘ':
			return 'X'
		case r == ' ' || r == '　' || r == '\t' || r == '-':
			return -1
		}
		return r
	}, written)
	if len(n) != 15 {
		return n, CheckIDNumber(n)
	}
	var err error
	for _, check := range "0123456789X" { // one of them is right, if the digits are
		long := n[:6] + "19" + n[6:] + string(check)
		if err = CheckIDNumber(long); err == nil {
			return long, nil
		}
	}
	return n, err
}
