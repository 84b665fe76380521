// Package subject is who asks and who answers: enterprises, organisations and persons,
// keyed by their lawful identifiers.
package subject

import (
	"fmt"
	"strings"
)

// usccAlphabet are the characters of a unified social credit code, in the order of
// their values; I, O, S, V and Z are none (GB 32100-2015, 4.3).
const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// CheckUSCC says whether a text is a unified social credit code (统一社会信用代码): 18
// characters, the last of which follows from the others (GB 32100-2015, annex A).
func CheckUSCC(code string) error {
	if len(code) != 18 {
		return fmt.Errorf("a unified social credit code has 18 characters, not %d", len([]rune(code)))
	}
	sum, weight := 0, 1
	for i := range 18 {
		v := strings.IndexByte(usccAlphabet, code[i])
		if v < 0 {
			return fmt.Errorf("%q is no character of a unified social credit code", code[i])
		}
		if i < 17 {
			sum += v * weight
			weight = weight * 3 % 31
			continue
		}
		if want := (31 - sum%31) % 31; v != want {
			return fmt.Errorf("the check character of %s is %c, not %c", code, usccAlphabet[want], code[17])
		}
	}
	return nil
}

const mod37 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// Mod3736 is the check character of a text of digits and capital letters by ISO 7064
// MOD 37,36, as identifiers of electronic licences have it (GB/T 36904-2018).
func Mod3736(text string) (byte, error) {
	p := 36
	for i := range len(text) {
		v := strings.IndexByte(mod37, text[i])
		if v < 0 {
			return 0, fmt.Errorf("%q is neither a digit nor a capital letter", text[i])
		}
		if p = (p + v) % 36; p == 0 {
			p = 36
		}
		p = p * 2 % 37
	}
	return mod37[(37-p)%36], nil
}

// MakeUSCC makes a unified social credit code: kind is its first two characters (who
// registers, and what), division the six digits of the administrative division, n the
// serial of the organisation there.
func MakeUSCC(kind, division string, n int64) (string, error) {
	if len(kind) != 2 || len(division) != 6 || n < 0 {
		return "", fmt.Errorf("a credit code of kind %q in %q cannot be made", kind, division)
	}
	body := []byte("MA000000")
	for i := len(body) - 1; i > 1; i-- {
		body[i] = usccAlphabet[n%31]
		n /= 31
	}
	// The organisation's own check character, GB 11714.
	sum := 0
	for i, w := range []int{3, 7, 9, 10, 5, 8, 4, 2} {
		v := int(body[i] - '0')
		if body[i] >= 'A' {
			v = int(body[i]-'A') + 10
		}
		sum += w * v
	}
	code := kind + division + string(body) + string("0123456789X0"[11-sum%11])
	for _, check := range usccAlphabet {
		if CheckUSCC(code+string(check)) == nil {
			return code + string(check), nil
		}
	}
	return "", fmt.Errorf("%q begins no credit code", code)
}
