package text_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"shanzhi/core/text"
)

func demandsOf(s string) (out []string) {
	for _, d := range text.Demands(s) {
		out = append(out, s[d.Start:d.End])
	}
	return out
}

func TestDemands(t *testing.T) {
	for said, want := range map[string][]string{
		"一、小区路灯不亮，请维修。二、楼下烧烤油烟扰民，请查处。":           {"一、小区路灯不亮，请维修。", "二、楼下烧烤油烟扰民，请查处。"},
		"您好，我反映两个问题：1、路灯坏了十天；2、垃圾三天没有清运。":        {"1、路灯坏了十天", "2、垃圾三天没有清运。"},
		"反映：（1）井盖破损（2）道路积水严重请尽快处理":               {"（1）井盖破损（2）道路积水严重请尽快处理"}, // the first is too short to be told apart
		"第一，公交车半小时一班太久；第二，站牌没有遮雨棚，希望加装。":         {"第一，公交车半小时一班太久", "第二，站牌没有遮雨棚，希望加装。"},
		"小区门口占道经营严重，请城管处理。另外，地下车库积水一周了，物业不管。":    {"小区门口占道经营严重，请城管处理。", "另外，地下车库积水一周了，物业不管。"},
		"路灯坏了，请维修。此外消防通道被电动车堵塞，请整治。还反映夜间施工噪音扰民。": {"路灯坏了，请维修。", "此外消防通道被电动车堵塞，请整治。", "还反映夜间施工噪音扰民。"},
		"路灯坏了十天，晚上看不清路，请修理":                      nil,
		"路灯坏了，请维修。另外谢谢你们。":                       nil, // nothing is asked for
		"在路的另一边有施工噪音，另一侧没有路灯":                    nil,
		"3.5米宽的道路被占用，1.2米的人行道也被占用":               nil,
		"二、没有一的列表，请处理。三、也不是从一开始":                 nil,
		"": nil,
	} {
		if len(want) == 1 {
			want = nil
		}
		if got := demandsOf(said); !slices.Equal(got, want) {
			t.Errorf("%s\n got %q\nwant %q", said, got, want)
		}
	}
}

// Whatever is said, the parts are in order, do not overlap, and are whole words of it.
func TestDemandsAreOfTheText(t *testing.T) {
	words := []string{"一、", "2、", "（三）", "另外", "此外，", "路灯坏了", "请维修", "。", "；", "\n", "噪音扰民", "①", "②", "第一，", "\xff", "𠮷", " "}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 40).Draw(t, "s"), "")
		at := 0
		parts := text.Demands(s)
		if len(parts) == 1 {
			t.Fatalf("one part of %q", s)
		}
		for _, d := range parts {
			if d.Start < at || d.End <= d.Start || d.End > len(s) || utf8.ValidString(s) && !utf8.ValidString(s[d.Start:d.End]) {
				t.Fatalf("%+v of %q", parts, s)
			}
			at = d.End
		}
	})
}
