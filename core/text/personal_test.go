package text

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMask(t *testing.T) {
	for in, want := range map[string]string{
		"电话13912345678，请回": "电话139****5678，请回", "139 1234 5678": "139******5678", "16012345678": "160****5678", "0755-27788999": "0755*******99", "020-87654321": "020-******21",
		"440306199001011234": "440306**********34", "44030619900101123X": "440306**********3X", "6222581234567893123": "6222***********3123", "a.b@example.com": "a**************",
		"粤B12345挡道": "粤B*****挡道", "我叫张三，": "我叫张*，", "业主：李四光电话": "业主：李**电话", "路灯不亮": "路灯不亮", "107国道 2026-01-31": "107国道 2026-01-31", "": "",
	} {
		if got := Mask(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

// What a look at the bytes passes over, no form would have found.
func TestMaskPassesNothingOver(t *testing.T) {
	slow := func(s string) string {
		for _, p := range personal {
			s = p.form.ReplaceAllStringFunc(s, p.mask)
		}
		return names.ReplaceAllStringFunc(s, func(m string) string {
			g := names.FindStringSubmatch(m)
			return g[1] + MaskWord(g[2]) + g[3]
		})
	}
	piece := rapid.OneOf(rapid.SampledFrom(append([]string{"@", ".", "粤", "B", "1", "19", "张", "先生", "，", "-", " ", "X", "x", "0755", "1380", "2001", "example", "com", "："}, beforeNames...)), rapid.StringMatching(`[0-9]{1,9}`), rapid.StringMatching(`[A-Z0-9]{1,6}`))
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "")
		if got, want := Mask(s), slow(s); got != want {
			t.Fatalf("%q became %q, all forms make it %q", s, got, want)
		}
	})
}
