package text_test

import (
	"testing"

	"pgregory.net/rapid"

	"shanzhi/core/text"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{" \t\n ", ""},
		{"\n\t\t\t\n\t\t\tA3区大道西行便道\n\t\t\t\n\t\t", "A3区大道西行便道"},
		{"一\r\n二\r\n\r\n\r\n三", "一\n二\n\n三"},
		{"一\r二", "一\n二"},
		{"联系qq_x000D_\n　　序言：", "联系qq\n序言："},
		{"路灯\u200b坏\ufeff了\x00", "路灯坏了"},
		{"　　您好！  谢谢", "您好！ 谢谢"},
		{"全角ＡＢＣ１２３留着", "全角ＡＢＣ１２３留着"},
	} {
		if got := text.Clean(c.in); got != c.want {
			t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestNormalize(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"ＡＢｃ１２３，Ｋ８县", "abc123,k8县"},
		{"①号楼 ２０㎡", "1号楼 20m2"},
		{" 路灯\t\n坏了　", "路灯 坏了"},
		{"ﾊﾟﾁﾝｺ", "パチンコ"},
		{"e\u200d\u0301", "é"},
		{"PLAIN  ascii\n", "plain ascii"},
	} {
		if got := text.Normalize(c.in); got != c.want {
			t.Errorf("Normalize(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestNormalizeAndCleanAreIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[路灯坏了 \t\r\n　１Ａa_x0D]*`)).Draw(t, "s")
		if n := text.Normalize(s); text.Normalize(n) != n {
			t.Fatalf("Normalize(%q) = %q, again %q", s, n, text.Normalize(n))
		}
		if c := text.Clean(s); text.Clean(c) != c {
			t.Fatalf("Clean(%q) = %q, again %q", s, c, text.Clean(c))
		}
	})
}
