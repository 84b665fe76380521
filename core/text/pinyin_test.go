package text

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// sounds says whether a text is found by a query in Latin letters.
func sounds(s, q string) bool {
	have := strings.Fields(Pinyin(s))
	return slices.ContainsFunc(PinyinQueries(q), func(way string) bool {
		return !slices.ContainsFunc(strings.Fields(way), func(w string) bool { return !slices.Contains(have, w) })
	})
}

func TestFoundByItsSound(t *testing.T) {
	for _, c := range []struct {
		text, query string
		want        bool
	}{
		{"工商注册", "gszc", true}, {"个体工商户设立登记", "gtgsh", true}, {"个体工商户设立登记", "sldj", true}, {"个体工商户设立登记", "getigongshanghu", true},
		{"个体工商户设立登记", "gong shang hu", true}, {"个体工商户设立登记", "gongsh", true}, {"个体工商户设立登记", "gshz", false}, {"个体工商户设立登记", "yaodian", false},
		{"西安路", "xian", true}, {"先进", "xian", true}, {"先进", "xi'anlu", false},
		{"银行开户", "yinhang", true}, {"银行开户", "yhkh", true}, {"会计从业", "kuaiji", true}, {"重新申领", "chongxin", true}, {"重新申领", "cxsl", true}, {"旅馆业特种行业许可", "lvguan", true},
		{"食品经营许可（餐饮服务）", "canyin", true}, {"食品经营许可（餐饮服务）", "xkcy", false}, // over the bracket
		{"高龄津贴", "g", false}, {"高龄津贴", "gl津贴", false}, {"高龄津贴", "gl1", false}, {"Apply online", "ap", false},
	} {
		if got := sounds(c.text, c.query); got != c.want {
			t.Errorf("%s by %q: %v; %v over %s", c.text, c.query, got, PinyinQueries(c.query), Pinyin(c.text))
		}
	}
	if got := Sounds("开药店（零售）"); !slices.Equal(got, []string{"kyd", "kaiyaodian", "ls", "lingshou"}) {
		t.Error(got)
	}
}

// Every stretch of a name is found by its initials and by its syllables, and its words
// mean the same in an index and in a query.
func TestEveryStretchIsFoundByItsSound(t *testing.T) {
	names := []rune("个体工商户设立登记食品经营许可药品零售医疗器械第二类备案高龄津贴残疾人补贴网约车新生儿出生户口企业开办变更注销道路临时占用")
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SliceOfN(rapid.SampledFrom(names), 2, 14).Draw(t, "name")
		from := rapid.IntRange(0, len(name)-2).Draw(t, "from")
		to := rapid.IntRange(from+2, len(name)).Draw(t, "to")
		initials, whole := "", ""
		for _, r := range name[from:to] {
			initials, whole = initials+readings(r)[0][:1], whole+readings(r)[0]
		}
		if !sounds(string(name), initials) {
			t.Fatalf("%s is not found by %s", string(name), initials)
		}
		if len(whole) <= pinyinLongest && len(syllables(whole)) < pinyinWays && !sounds(string(name), whole) {
			t.Fatalf("%s is not found by %s", string(name), whole)
		}
		for _, w := range strings.Fields(Pinyin(string(name))) {
			if got := QueryTokens(w); len(got) != 1 || got[0] != w || IndexTokens(w) != w {
				t.Fatalf("%s is not one word: %v", w, got)
			}
		}
	})
}

func BenchmarkPinyin(b *testing.B) {
	for b.Loop() {
		Pinyin("食品经营许可（餐饮服务）开餐馆 餐饮许可证")
	}
}
