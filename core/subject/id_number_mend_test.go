package subject

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestMendIDNumber(t *testing.T) {
	for written, want := range map[string]string{
		"11010519491231002X":  "11010519491231002X", // the example of GB 11643-1999
		" 11010519491231002x": "11010519491231002X", "１１０１０５１９４９１２３１００２Ｘ": "11010519491231002X",
		"440524188001010014": "440524188001010014", "110105 19491231 002X": "11010519491231002X", "110105491231002": "11010519491231002X",
	} {
		if got, err := MendIDNumber(written); err != nil || got != want {
			t.Errorf("%q: %q %v", written, got, err)
		}
	}
	for _, bad := range []string{"", "1101051949123100", "110105194912310021", "11010519491331002X", "110105194902300021", "11010519491231X02X", "身份证号", "110105491331002", "0101054912310021"} {
		if got, err := MendIDNumber(bad); err == nil {
			t.Errorf("%q is taken for %q", bad, got)
		}
	}
}

// Of a good number no digit can be changed and no two neighbours exchanged unnoticed,
// and one that is good is left as it is.
func TestMendIDNumberNoticesSlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := fmt.Sprintf("%06d%s%03d", rapid.IntRange(110000, 659999).Draw(t, "region"),
			time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 45000).Draw(t, "days")).Format("20060102"), rapid.IntRange(0, 999).Draw(t, "order"))
		id := ""
		for _, c := range "0123456789X" {
			if CheckIDNumber(body+string(c)) == nil {
				id = body + string(c)
			}
		}
		if got, err := MendIDNumber(id); err != nil || got != id {
			t.Fatalf("%s of %s: %v", id, body, err)
		}
		i := rapid.IntRange(0, 16).Draw(t, "at")
		slip := []byte(id)
		if rapid.Bool().Draw(t, "exchange") && i < 16 {
			slip[i], slip[i+1] = slip[i+1], slip[i]
		} else {
			slip[i] = '0' + (slip[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		}
		if string(slip) == id {
			return
		}
		if got, err := MendIDNumber(string(slip)); err == nil {
			t.Fatalf("%s is taken as well as %s", got, id)
		}
	})
}
