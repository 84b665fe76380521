package address

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shanzhi/internal/testkit"
)

// Whatever is written, its parts are its characters in order, blanks left out, and
// reading it takes no turn for the worse.
func TestPartsAreTheText(t *testing.T) {
	p := Shipped()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("深圳市宝安区西乡街道流塘路12号A栋-１２Ｂ三室 （）\u3000,x🏠é\n")), 0, 60, -1).Draw(t, "text")
		chars := []rune(text)
		at := 0
		for _, part := range p.Parse(text) {
			if part.Start < at || part.End <= part.Start || part.End > len(chars) || part.Text != string(chars[part.Start:part.End]) {
				t.Fatalf("%q: %+v after %d", text, part, at)
			}
			if left := strings.TrimSpace(string(chars[at:part.Start])); left != "" {
				t.Fatalf("%q: %q is in no part", text, left)
			}
			at = part.End
		}
		if left := strings.TrimSpace(string(chars[at:])); left != "" {
			t.Fatalf("%q: %q is in no part", text, left)
		}
	})
	if parts := p.Parse(strings.Repeat("西乡大道", 10000)); parts[len(parts)-1].End != Longest {
		t.Errorf("an endless address was read to %d", parts[len(parts)-1].End)
	}
	if parts := p.Parse(""); len(parts) != 0 {
		t.Errorf("%+v", parts)
	}
}

// Addresses of the district, as its people write them.
func TestParseOfTheDistrict(t *testing.T) {
	for text, want := range map[string]string{
		"深圳市宝安区西乡街道流塘社区流塘路12号":             "深圳市/city 宝安区/district 西乡街道/town 流塘社区/community 流塘路/road 12号/roadno",
		"广东省深圳市宝安区新安街道海裕社区碧海富通城3栋2单元1801室": "广东省/prov 深圳市/city 宝安区/district 新安街道/town 海裕社区/community 碧海富通城/poi 3栋/houseno 2单元/cellno 1801室/roomno",
		"宝安区沙井街道后亭工业区B3栋4楼":                "宝安区/district 沙井街道/town 后亭工业区/poi B3栋/houseno 4楼/floorno",
	} {
		var got []string
		for _, part := range Shipped().Parse(text) {
			got = append(got, part.Text+"/"+part.Label)
		}
		if said := strings.Join(got, " "); said != want {
			t.Errorf("%s\n is %s\n not %s", text, said, want)
		}
	}
}

func TestReadLabelled(t *testing.T) {
	list, err := ReadLabelled(strings.NewReader("流 B-road\n塘 I-road\n路 I-road\n1-2 B-roadNo\n号 I-roadno\n\n\n\ufeff西 B-Town\n乡 I-town"))
	if err != nil || len(list) != 2 || list[0].Text != "流塘路1-2号" || len(list[0].tags) != 7 || list[0].tags[3] != tagOf(9, true) || list[0].tags[5] != tagOf(9, false) {
		t.Errorf("%+v %v", list, err)
	}
	for _, bad := range []string{"流", "流 road", "流 B-street", "流 X-road", "流 塘 B-road"} {
		if _, err := ReadLabelled(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// Learning twice is the same to the byte, what is stored is read back, and what is
// cut or changed is refused.
func TestModelFile(t *testing.T) {
	names := []Name{{Kind: "road", Text: "流塘路", Street: "西乡街道", Community: "流塘社区"}, {Kind: "estate", Text: "流塘花园", Street: "西乡街道", Community: "流塘社区"}, {Kind: "village", Text: "固戍村", Street: "西乡街道"}, {Kind: "industrial_park", Text: "后亭工业区", Street: "沙井街道"}, {Kind: "landmark", Text: "西乡中学"}}
	made := Synthesise([3]string{"广东省", "深圳市", "宝安区"}, names, 120, 1)
	store := func() []byte {
		var b bytes.Buffer
		if err := Train(made[:100], Training{Rounds: 1, Epochs: 3, Rate: 0.2, Drop: 0.3}).Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	one := store()
	if !bytes.Equal(one, store()) {
		t.Error("the same addresses taught something else")
	}
	p, err := Read(bytes.NewReader(one))
	if err != nil {
		t.Fatal(err)
	}
	if r := Evaluate(p, made[100:]); r.Accuracy < 0.9 || r.Addresses != 20 {
		t.Errorf("%+v", r)
	}
	if !p.Seen(made[3].Text) || p.Seen("别处的地址") {
		t.Error("it does not know what it learned from")
	}
	for _, bad := range [][]byte{nil, []byte("x"), one[:len(one)/2]} {
		if _, err := Read(bytes.NewReader(bad)); err == nil {
			t.Errorf("%d bytes were read", len(bad))
		}
	}
	// Nothing of what it learned from can be read in the shipped one.
	if bytes.Contains(modelFile, []byte("流塘")) {
		t.Error("the model has text")
	}
}

// The measured figure holds: two folds of the labelled addresses, the answered ones
// never learned from. See docs/addresses.md.
func TestAccuracyOnLabelledAddresses(t *testing.T) {
	if os.Getenv("SHANZHI_FULL") == "" {
		t.Skip("slow: SHANZHI_FULL=1")
	}
	f, err := os.Open(testkit.Shared(t, "addresses", "train_3000.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	list, err := ReadLabelled(f)
	if err != nil {
		t.Fatal(err)
	}
	if r := CrossValidate(list, nil, 2, Training{Rounds: 1}); r.Accuracy < 0.83 {
		t.Errorf("%+v", r)
	}
}

// Numbers after a name, whatever they count.
func TestGroups(t *testing.T) {
	for text, want := range map[string]string{
		"流塘路12号流塘花园3栋2单元1801室": "流塘路[12#] 流塘花园[3# 2u 1801r]",
		"缤纷北苑47-6-746":         "缤纷北苑[47? 6? 746?]",
		"固戍村三巷8号501":           "固戍村[3x 8# 501?]",
		"宝民一路８号":               "宝民一路[8#]",
		"8号路6号":                "8号路[6#]",
		"A座1203":               "[a# 1203?]",
		"十二栋二十一楼":              "[12# 21f]",
		"":                     "",
	} {
		var got []string
		for _, g := range groups(fold(text)) {
			var items []string
			for _, i := range g.items {
				items = append(items, i.n+string(i.of))
			}
			said := g.name
			if len(items) > 0 {
				said += "[" + strings.Join(items, " ") + "]"
			}
			got = append(got, said)
		}
		if said := strings.Join(got, " "); said != want {
			t.Errorf("%s is %s, not %s", text, said, want)
		}
	}
	for text, want := range map[string][2]string{
		"流塘路12号流塘花园3栋1801室": {"流塘路12号流塘花园3栋", "1801室"},
		"固戍村三巷8号501":        {"固戍村三巷8号", "501"},
		"流塘花园3栋":            {"流塘花园3栋", ""},
		"流塘花园":              {"流塘花园", ""},
	} {
		if b, r := SplitRoom(text); b != want[0] || r != want[1] {
			t.Errorf("%s is %q and %q", text, b, r)
		}
	}
}

// A small register: other forms, sounds, aliases, missing levels; and what must not match.
func TestMatch(t *testing.T) {
	rooms := func(labels ...string) (out []Room) {
		for i, l := range labels {
			out = append(out, Room{l, int64(100 + i)})
		}
		return out
	}
	x := NewIndex([]Building{
		{Key: 1, Address: "广东省深圳市宝安区西乡街道流塘社区流塘路12号流塘花园3栋", Street: "西乡街道", Community: "流塘社区", Rooms: rooms("1203", "2单元501", "A01")},
		{Key: 2, Address: "广东省深圳市宝安区西乡街道流塘社区流塘路12号流塘花园5栋", Street: "西乡街道", Community: "流塘社区"},
		{Key: 3, Address: "广东省深圳市宝安区沙井街道后亭社区后亭村三巷8号", Street: "沙井街道", Community: "后亭社区", Rooms: rooms("501")},
		{Key: 4, Address: "广东省深圳市宝安区沙井街道后亭社区新桥村1巷2号", Street: "沙井街道", Community: "后亭社区"},
		{Key: 5, Address: "广东省深圳市宝安区西乡街道流塘社区新桥村1巷2号", Street: "西乡街道", Community: "流塘社区"},
	}, []Alias{{"流塘大院", "流塘花园"}}, []string{"广东省", "深圳市", "宝安区"}, Shipped())
	for text, want := range map[string]struct {
		building, room int64
		sure           bool
	}{
		"西乡流塘花园3栋1203":      {1, 100, true},
		"流塘花园３幢１２０３室":       {1, 100, true},
		"流塘花园3-1203":        {1, 100, true},
		"流塘花园三栋二单元501":      {1, 101, true},
		"流唐花园3栋1203":        {1, 100, false},
		"宝安区流塘大院5号楼":        {2, 0, true},
		"沙井后亭村3巷8号501房":     {3, 103 - 3, true},
		"流塘路12号流塘花园5栋（放门口）": {2, 0, true},
		"沙井街道新桥村1巷2号":       {4, 0, true},
		"西乡街道新桥村1巷2号":       {5, 0, true},
	} {
		m := x.Match(text)
		if m.Building != want.building || m.Room != want.room || m.Level == LevelNone || want.sure && m.Confidence < Sure {
			t.Errorf("%s is %+v", text, m)
		}
	}
	for _, text := range []string{"", "流塘花园", "新桥村1巷2号", "流塘花园9栋1203", "北京市朝阳区望京街8号院", "😀", "1203", "流塘花园3栋5栋7栋9栋"} {
		if m := x.Match(text); m.Level != LevelNone && m.Confidence >= Sure && text != "流塘花园3栋5栋7栋9栋" {
			t.Errorf("%q is %+v", text, m)
		}
	}
	if m := x.Match("流塘花园3栋9999"); m.Building != 1 || m.NoSuchRoom != "9999" {
		t.Errorf("%+v", m)
	}
	// Of two that stand alike neither is chosen with confidence.
	if m := x.Match("新桥村1巷2号"); m.Confidence > 0.6 || len(m.Candidates) != 2 {
		t.Errorf("%+v", m)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("流塘花园路村巷号栋楼室单元0123一二三十AB-（ ")), 0, 40, -1).Draw(t, "text")
		if m := x.Match(text); m.Confidence < 0 || m.Confidence > 1 || m.Level != LevelNone && m.Building == 0 {
			t.Fatalf("%q is %+v", text, m)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	p := Shipped()
	texts := []string{"浙江省杭州市余杭区闲林街道五常大道翡翠城47幢2单元1203室", "深圳市宝安区西乡街道流塘社区流塘路12号A栋1203", "义乌市国际商贸城九楼13729"}
	for i := 0; b.Loop(); i++ {
		p.Parse(texts[i%len(texts)])
	}
}
