package text_test

import (
	"encoding/csv"
	"os"
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

// Messages of real citizens that a person read: whether each asks for several things
// that can be answered one by one. The first are 60 drawn by chance of 495 (those that
// are not named ask for one), the second all that the rules propose to divide.
var (
	severalDrawn    = []string{"127245", "42900", "21782", "62280", "166957", "47380", "49961", "82017"}
	oneDrawn        = []string{"64272", "102754", "74659", "5869", "673", "24814", "160223", "174873", "50634", "111335", "183987", "160378", "118541", "131274", "24692", "26481", "26115", "16857", "150509", "160196", "86577", "83", "84973", "8648", "14358", "10689", "67317", "379", "466", "1896", "96293", "6180", "182424", "122889", "16643", "166015", "98622", "89933", "86518", "125533", "118038", "111708", "19891", "73121", "26255", "77274", "38275", "154144", "12926", "19040", "146153", "138971"}
	severalProposed = []string{"43130", "107525", "45428", "127245", "15471", "38049", "84923", "111154", "52270", "21782", "42900", "167296", "101096", "51251"}
)

func TestDemandsOfRealMessages(t *testing.T) {
	f, err := os.Open("../../../shared/data/appeals/messages_labelled_495.csv")
	if err != nil {
		t.Skip("the real messages are not on this machine")
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.LazyQuotes = true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	drawn, drawnRight, proposed, right := 0, 0, 0, 0
	for _, row := range rows[1:] {
		if len(text.Demands(text.Clean(row[4]))) < 2 {
			continue
		}
		proposed++
		if slices.Contains(severalProposed, row[0]) {
			right++
		}
		if slices.Contains(severalDrawn, row[0]) {
			drawn, drawnRight = drawn+1, drawnRight+1
		} else if slices.Contains(oneDrawn, row[0]) {
			drawn++
		}
	}
	t.Logf("of %d messages %d are proposed to be divided, %d rightly; of the %d drawn that ask for several %d are found, beside %d that ask for one", len(rows)-1, proposed, right, len(severalDrawn), drawnRight, drawn-drawnRight)
	if right*2 < proposed || drawnRight < 3 {
		t.Errorf("worse than it was")
	}
}
