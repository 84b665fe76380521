package place

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"time"

	"shanzhi/internal/testkit"

	"pgregory.net/rapid"
)

func baoan(t testing.TB) *Gazetteer {
	g, err := NewGazetteer([]Place{
		{Key: "宝安", Kind: KindDistrict, Name: "宝安区"},
		{Key: "西乡", Parent: "宝安", Kind: KindStreet, Name: "西乡街道"},
		{Key: "新安", Parent: "宝安", Kind: KindStreet, Name: "新安街道", Aliases: []string{"宝城"}},
		{Key: "石岩", Parent: "宝安", Kind: KindStreet, Name: "石岩街道"},
		{Key: "沙井", Parent: "宝安", Kind: KindStreet, Name: "沙井街道"},
		{Key: "流塘", Parent: "西乡", Kind: KindCommunity, Name: "流塘社区"},
		{Key: "西乡社区", Parent: "西乡", Kind: KindCommunity, Name: "西乡社区"},
		{Key: "安乐", Parent: "新安", Kind: KindCommunity, Name: "安乐社区"},
		{Key: "新安湖", Parent: "新安", Kind: KindCommunity, Name: "新安湖社区"},
		{Key: "龙腾", Parent: "石岩", Kind: KindCommunity, Name: "石岩龙腾社区", Aliases: []string{"龙腾社区"}},
		{Key: "新村1", Parent: "西乡", Kind: KindCommunity, Name: "新桥村"},
		{Key: "新村2", Parent: "沙井", Kind: KindCommunity, Name: "新桥村"},
		{Key: "花园", Parent: "流塘", Kind: KindEstate, Name: "阳光花园小区"},
		{Key: "西乡大道", Kind: KindRoad, Name: "西乡大道"},
		{Key: "前进路", Kind: KindRoad, Name: "前进一路"},
		{Key: "KFC", Parent: "安乐", Kind: KindLandmark, Name: "Plaza Center"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestLocateText(t *testing.T) {
	g := baoan(t)
	for _, tc := range []struct{ text, street, community, why string }{
		{"宝安区西乡街道流塘社区阳光花园小区3栋", "西乡", "流塘", "everything is said"},
		{"西乡流塘阳光花园门口积水", "西乡", "流塘", "no suffixes"},
		{"西乡镇流塘村", "西乡", "流塘", "former suffixes"},
		{"西乡街道办流塘社区居委会", "西乡", "流塘", "longer suffixes"},
		{"家住流塘社区，楼下太吵", "西乡", "流塘", "the community tells the street"},
		{"阳光花园小区电梯坏了", "西乡", "流塘", "the estate tells both"},
		{"西乡路灯不亮", "", "", "perhaps a road"},
		{"西乡那边有人占道经营", "西乡", "", "a bare name of a street and of its community is the street for sure"},
		{"西乡社区工作站态度差", "西乡", "西乡社区", "the community of that name"},
		{"西乡大道前进一路路口", "", "", "roads tell nothing here"},
		{"希望大家安乐生活", "", "", "a bare name that is a word"},
		{"新安街道安乐社区", "新安", "安乐", ""},
		{"新安的安乐", "新安", "安乐", "two bare names bear each other out"},
		{"新安湖社区旁边", "新安", "新安湖", "the longer name"},
		{"宝城的新安湖", "新安", "新安湖", "an alias"},
		{"新桥村垃圾没人收", "", "", "two villages of one name"},
		{"沙井新桥村垃圾没人收", "沙井", "新村2", "the street decides"},
		{"西乡街道的新桥村", "西乡", "新村1", "the street decides"},
		{"石岩街道龙腾社区", "石岩", "龙腾", ""},
		{"西乡街道和沙井街道交界处", "", "", "two streets"},
		{"西乡街道工作人员说归新安街道安乐社区管", "新安", "安乐", "two names bear out one street, one the other"},
		{"西乡街道工作人员说归安乐社区管", "", "", "they contradict each other"},
		{"西乡　街道 流塘 社区", "西乡", "流塘", "spaces"},
		{"near the plaza center gate", "新安", "安乐", "letters of any case"},
		{"near the plaza centers", "", "", "inside another word"},
		{"ＰＬＡＺＡ ＣＥＮＴＥＲ旁", "新安", "安乐", "full-width letters"},
		{"", "", "", "nothing"},
		{"路灯不亮", "", "", "no name"},
	} {
		l := g.Locate(tc.text)
		key := func(c Choice) string {
			if c.Place == nil {
				return ""
			}
			return c.Place.Key
		}
		if key(l.Street) != tc.street || key(l.Community) != tc.community {
			t.Errorf("%s: street %q (%.2f), community %q (%.2f), want %q, %q: %s\n%+v", tc.text, key(l.Street), l.Street.Confidence,
				key(l.Community), l.Community.Confidence, tc.street, tc.community, tc.why, l.Matches)
		}
	}
}

func TestMatchSaysWhatItCannotDecide(t *testing.T) {
	g := baoan(t)
	const text = "投诉：新桥村垃圾没人收"
	m := g.Match(text)
	if len(m) != 1 || len(m[0].Rivals) != 1 || m[0].Confidence > 0.5 || text[m[0].Start:m[0].End] != "新桥村" {
		t.Errorf("%+v", m)
	}
	l := g.Locate(text)
	if l.Street.Place != nil || len(l.Street.Rivals) != 2 {
		t.Errorf("street %+v", l.Street)
	}
	both := g.Locate("西乡街道和沙井街道交界处")
	if len(both.Street.Rivals) != 2 || both.Street.Confidence != 0 {
		t.Errorf("%+v", both.Street)
	}
	// A whole name is surer than a bare one, a bare one that is borne out surer
	// than one that is not.
	confidence := func(text string) float64 { return g.Match(text)[0].Confidence }
	if a, b, c, d := confidence("沙井街道"), confidence("沙井新桥村"), confidence("沙井很堵"), confidence("沙井汽车站"); !(a > b && b > c && c > d) {
		t.Error(a, b, c, d)
	}
}

func TestMatchSpans(t *testing.T) {
	g := baoan(t)
	words := []string{"西乡街道", "流塘", "，", "ａ", "x", " ", "\n", "新桥村", "安乐社区", "😀", "\xff", "路"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom(words)).Draw(t, "text"), "")
		end := 0
		for _, m := range g.Match(text) {
			if m.Start < end || m.End <= m.Start || m.End > len(text) || m.Confidence <= 0 || m.Confidence > 1 {
				t.Fatalf("%+v after %d in %q", m, end, text)
			}
			squeezed := strings.NewReplacer(" ", "", "\n", "").Replace(text[m.Start:m.End])
			if !strings.HasPrefix(squeezed, stemOf(m.Place)) {
				t.Fatalf("%q is no form of %s", squeezed, m.Place.Name)
			}
			end = m.End
		}
	})
}

func TestGazetteersRefused(t *testing.T) {
	for say, places := range map[string][]Place{
		"given twice":      {{Key: "a", Name: "甲"}, {Key: "a", Name: "乙"}},
		"no name":          {{Key: "a", Name: " "}},
		"not there":        {{Key: "a", Name: "甲", Parent: "b"}},
		"lies in itself":   {{Key: "a", Name: "甲", Parent: "b"}, {Key: "b", Name: "乙", Parent: "a"}},
		"key \"\" is empt": {{Name: "甲"}},
	} {
		if _, err := NewGazetteer(places); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%v does not say %q", err, say)
		}
	}
}

// TestLocateRealAddresses measures the gazetteer on addresses whose district and
// town are labelled: the gazetteer has all districts and towns that occur, the
// text is the address alone.
func TestLocateRealAddresses(t *testing.T) {
	type address struct{ text, district, town string }
	var addresses []address
	f, err := os.Open(testkit.Shared(t, "addresses", "train_3000.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var current address
	for lines := bufio.NewScanner(f); lines.Scan(); {
		token, label, ok := strings.Cut(lines.Text(), " ")
		if !ok {
			addresses, current = append(addresses, current), address{}
			continue
		}
		current.text += token
		switch label {
		case "B-district":
			current.district = token
		case "I-district":
			current.district += token
		case "B-town":
			current.town = token
		case "I-town":
			current.town += token
		}
	}
	// One district and one town for its forms with and without suffix; the
	// longest form is its name.
	district := func(name string) string { return stemOf(Place{Kind: KindDistrict, Name: name}) }
	town := func(name string) string { return stemOf(Place{Kind: KindStreet, Name: name}) }
	names := map[string]string{}
	longest := func(key, name string) {
		if len(name) > len(names[key]) {
			names[key] = name
		}
	}
	for _, a := range addresses {
		if a.district != "" && a.town != "" {
			longest(district(a.district), a.district)
			longest(district(a.district)+"/"+town(a.town), a.town)
		}
	}
	var places []Place
	for key, name := range names {
		if parent, _, ok := strings.Cut(key, "/"); ok {
			places = append(places, Place{Key: key, Parent: parent, Kind: KindStreet, Name: name})
		} else {
			places = append(places, Place{Key: key, Kind: KindDistrict, Name: name})
		}
	}
	g, err := NewGazetteer(places)
	if err != nil {
		t.Fatal(err)
	}
	var asked, answered, right, none, invented int
	for _, a := range addresses {
		l := g.Locate(a.text)
		switch {
		case a.town == "":
			none++
			if l.Street.Place != nil {
				invented++
			}
		case a.district != "":
			asked++
			if l.Street.Place == nil {
				continue
			}
			answered++
			if l.Street.Place.Key == district(a.district)+"/"+town(a.town) {
				right++
			}
		}
	}
	precision, recall := float64(right)/float64(answered), float64(right)/float64(asked)
	t.Logf("%d districts and towns; %d addresses with both: answered %d, precision %.3f, recall %.3f; %d with no town by their label: answered %d",
		len(names), asked, answered, precision, recall, none, invented)
	if asked < 800 || precision < 0.95 || recall < 0.9 || invented*10 > none {
		t.Errorf("precision %.3f, recall %.3f, %d of %d invented", precision, recall, invented, none)
	}
}

func BenchmarkLocateText(b *testing.B) {
	g := baoan(b)
	for b.Loop() {
		g.Locate("宝安区西乡街道流塘社区阳光花园小区3栋楼下有人占道经营，多次投诉没有解决，希望相关部门尽快处理，谢谢。")
	}
}

// A text of nothing but ambiguous names is read in time: who files may write it.
func TestMatchManyNames(t *testing.T) {
	var places []Place
	for i := range 40 {
		code := string(rune('一' + i))
		places = append(places, Place{Key: "c" + code, Kind: KindCommunity, Name: code + "社区"}, Place{Key: "r" + code, Parent: "c" + code, Kind: KindRoad, Name: "长安大道"})
	}
	g, err := NewGazetteer(places)
	if err != nil {
		t.Fatal(err)
	}
	took := func(names int) time.Duration {
		best := time.Hour // other work disturbs a few of them
		for range 3 {
			start := time.Now()
			if n := len(g.Match(strings.Repeat("长安大道", names))); n != names {
				t.Fatalf("%d names of %d", n, names)
			}
			best = min(best, time.Since(start))
		}
		return best
	}
	// Four times as long a text takes four times as long, not sixteen times.
	if few, many := took(150), took(600); many > 9*few {
		t.Errorf("%v for 600 characters, %v for 2,400", few, many)
	}
}
