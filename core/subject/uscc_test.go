package subject_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shanzhi/core/subject"
)

func TestCheckUSCC(t *testing.T) {
	// Of public bodies, as they stand in published service items.
	for _, code := range []string{"12441500196720244T", "11370800MB28559184", "11440000006939756B", "11440000696453330X"} {
		if err := subject.CheckUSCC(code); err != nil {
			t.Errorf("%s: %v", code, err)
		}
		rapid.Check(t, func(r *rapid.T) {
			at := rapid.IntRange(0, 17).Draw(r, "at")
			c := rapid.SampledFrom([]byte("0123456789ABCDEFGHJKLMNPQRTUWXY")).Draw(r, "character")
			if c == code[at] {
				return
			}
			if subject.CheckUSCC(code[:at]+string(c)+code[at+1:]) == nil {
				r.Fatalf("%s with %c at %d is taken", code, c, at)
			}
		})
	}
	for _, code := range []string{"", "1244150019672024", "12441500196720244I", "１2441500196720244T", strings.ToLower("12441500196720244T"), "12441500196720244T "} {
		if subject.CheckUSCC(code) == nil {
			t.Errorf("%q is taken", code)
		}
	}
}

// The standard's own example, and the one that GB/T 36904's are of its kind: a changed
// character or two changed places are seen.
func TestMod3736(t *testing.T) {
	if c, err := subject.Mod3736("A12425GABC1234002"); err != nil || c != 'M' {
		t.Errorf("%c (%v)", c, err)
	}
	if _, err := subject.Mod3736("a1"); err == nil {
		t.Error("small letters are taken")
	}
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.StringMatching(`[0-9A-Z]{4,40}`).Draw(r, "text")
		want, err := subject.Mod3736(text)
		if err != nil {
			r.Fatal(err)
		}
		i := rapid.IntRange(0, len(text)-1).Draw(r, "at")
		c := rapid.SampledFrom([]byte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")).Draw(r, "character")
		if c == text[i] {
			return
		}
		if got, err := subject.Mod3736(text[:i] + string(c) + text[i+1:]); err != nil || got == want {
			r.Fatalf("%s with %c at %d has the same check character (%v)", text, c, i, err)
		}
	})
}
