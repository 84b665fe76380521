package closing

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const (
	lampAsk   = "西乡街道流塘路58号门口的路灯坏了三天，晚上很黑，请尽快维修"
	lampDone  = "经查，流塘路58号门口路灯因电缆老化断路熄灭。11月25日上午维修班组更换电缆32米、灯头1盏，当晚已亮灯，并于26日电话告知您结果。"
	lampEmpty = "您好！您的留言已收悉。我们高度重视，将进一步加强管理，努力为广大市民提供优质服务。感谢您的关心与支持！"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("", 8*3600))

// lamp is a closing without fault, all facts known.
func lamp() Case {
	tasks := 1
	return Case{ID: "1", Title: "路灯不亮", Text: lampAsk, Kind: "complaint", Item: "110101", Opened: monday, Place: &Point{113.88, 22.57},
		Reply:    Reply{Text: lampDone, Result: "solved", At: monday.Add(50 * time.Hour)},
		Contacts: &Contacts{Recorded: 1, Reached: 1},
		Photos:   &Photos{Asked: 1, Files: []Photo{{ID: "p", Taken: monday.Add(48 * time.Hour), Where: &Point{113.8801, 22.5701}}}},
		Timing:   &Timing{Signed: monday.Add(time.Hour), Replied: monday.Add(50 * time.Hour), Start: monday, Due: monday.Add(120 * time.Hour)},
		Tasks:    &tasks, Solved: "yes"}
}

func codes(j Judgment) []string {
	var out []string
	for _, s := range j.Signals {
		out = append(out, s.Code)
	}
	return out
}

// Signals of one weight stand in one order, or the same closing would be judged
// anew for nothing.
func TestSignalsStandInOrder(t *testing.T) {
	s := baoan(t)
	again := *s
	again.Weights = maps.Clone(s.Weights)
	for _, code := range []string{"photo_elsewhere", "photo_time", "photo_reused"} {
		again.Weights[code] = 30
	}
	c := lamp()
	f := &c.Photos.Files[0]
	f.Where, f.Taken, f.Before = &Point{114.05, 22.54}, monday.AddDate(0, -1, 0), "20261101-000001"
	want := codes(Judge(&again, c))
	if len(want) < 3 {
		t.Fatal(want)
	}
	for range 30 {
		if got := codes(Judge(&again, c)); !slices.Equal(got, want) {
			t.Fatalf("%v, then %v", want, got)
		}
	}
}

// Every signal fires on what it is for, and not on the closing without fault.
func TestEverySignal(t *testing.T) {
	s := baoan(t)
	if j := Judge(s, lamp()); j.Verdict != Pass || len(j.Signals) != 0 {
		t.Fatalf("a closing without fault: %d %v", j.Score, codes(j))
	}
	none := 0
	say := func(text string) func(*Case) { return func(c *Case) { c.Reply.Text = text } }
	ask := func(text string) func(*Case) { return func(c *Case) { c.Title, c.Text = "", text } }
	for code, c := range map[string]struct{ fires, not []func(*Case) }{
		"no_reply":       {[]func(*Case){say("网友：您好！留言已收悉")}, []func(*Case){say("感谢您的来信。路灯已于11月25日更换灯头1盏，当晚亮灯，维修班组现场测试正常。")}},
		"only_will":      {[]func(*Case){say(lampEmpty)}, []func(*Case){say("我局将于12月5日更换流塘路电缆32米，施工期间夜间设临时照明灯4盏，12月8日恢复供电。")}},
		"only_forwarded": {[]func(*Case){say("您好，您的诉求已转交相关部门，已做好记录。")}, []func(*Case){say("已转交供电所，供电所11月25日现场检测电缆断路1处，26日更换电缆32米，灯已亮。")}},
		"bare_claim":     {[]func(*Case){say("您好，您反映的问题已经解决，已处理完毕，已落实到位。")}, nil},
		"empty_words":    {[]func(*Case){say("集思广益将硬件设施完善，提高生活幸福指数是经济发展的落脚点。"), say("保障市民出行安全，营造和谐稳定的社会环境。")}, nil},
		"bare_referral":  {[]func(*Case){say("请您向有关单位反映。")}, []func(*Case){say("流塘路路灯由宝安供电局负责维护，本局无权施工；请拨打宝安供电局热线95598报修，或到西乡营业厅3号窗口登记。")}},
		"thin":           {[]func(*Case){say("路灯灯头已换好1盏。")}, nil},
		"off_topic":      {[]func(*Case){say("经查，该工地办理了渣土回填许可，有效期至10月28日，执法人员到场核实，当天没有施工，今后若有违规情形由渣土中队依法查处，处罚2000元。")}, nil},
		"unanswered": {[]func(*Case){ask("请问路灯何时修好？停车费为什么涨价？小区电梯为什么经常停运？"), say("流塘路58号门口路灯因电缆老化断路熄灭，11月25日上午维修班组更换电缆32米、灯头1盏，当晚已修好亮灯，已电话告知。")},
			[]func(*Case){ask("请问路灯何时修好？停车费为什么涨价？"), say("路灯11月25日更换电缆32米已修好。停车费按照《停车场管理办法》第八条由业委会9月3日表决涨至每小时5元，同意票312户。")}},
		"template":             {[]func(*Case){func(c *Case) { c.Others = []Other{{"9", "福永地铁口共享单车堵路", lampDone}} }}, []func(*Case){func(c *Case) { c.Others = []Other{{"9", lampAsk, lampDone}} }}},
		"no_contact":           {[]func(*Case){func(c *Case) { c.Contacts = &Contacts{} }}, []func(*Case){func(c *Case) { c.Contacts, c.Kind = &Contacts{}, "consult" }, func(c *Case) { c.Contacts = nil }}},
		"contact_contradicted": {[]func(*Case){func(c *Case) { c.Contacts.Denied = true }, func(c *Case) { c.Contacts.Calls = &none }}, []func(*Case){func(c *Case) { c.Contacts = &Contacts{Denied: true} }}},
		"no_photo":             {[]func(*Case){func(c *Case) { c.Photos.Asked = 2 }}, []func(*Case){func(c *Case) { c.Photos.Asked, c.Reply.Result = 2, "explained" }, func(c *Case) { c.Photos = nil }}},
		"photo_elsewhere":      {[]func(*Case){func(c *Case) { c.Photos.Files[0].Where = &Point{114.05, 22.54} }}, []func(*Case){func(c *Case) { c.Place = nil; c.Photos.Files[0].Where = &Point{114.05, 22.54} }}},
		"photo_time":           {[]func(*Case){func(c *Case) { c.Photos.Files[0].Taken = monday.AddDate(0, -1, 0) }, func(c *Case) { c.Photos.Files[0].Taken = monday.AddDate(0, 1, 0) }}, []func(*Case){func(c *Case) { c.Photos.Files[0].Taken = time.Time{} }}},
		"photo_reused":         {[]func(*Case){func(c *Case) { c.Photos.Files[0].Before = "20261101-000001" }}, nil},
		"quick_close":          {[]func(*Case){func(c *Case) { c.Timing.Replied = c.Timing.Signed.Add(9 * time.Minute) }}, []func(*Case){func(c *Case) { c.Timing.Replied = c.Timing.Signed.Add(10 * time.Minute) }, func(c *Case) { c.Timing.Replied, c.Kind = c.Timing.Signed.Add(time.Minute), "consult" }}},
		"bulk_close": {[]func(*Case){func(c *Case) {
			c.Timing.Replied, c.Timing.Late = monday.Add(119*time.Hour), []string{"a", "b", "c", "d"}
		}}, []func(*Case){func(c *Case) { c.Timing.Late = []string{"a", "b", "c", "d"} }, func(c *Case) { c.Timing.Replied, c.Timing.Late = monday.Add(119*time.Hour), []string{"a"} }}},
		"promise_no_task": {[]func(*Case){func(c *Case) { c.Tasks = &none; c.Reply.Text += "12月31日前将更换全部灯杆。" }}, []func(*Case){func(c *Case) { c.Tasks = nil; c.Reply.Text += "12月31日前将更换全部灯杆。" }, func(c *Case) { c.Tasks = &none }}},
		"said_unsolved":   {[]func(*Case){func(c *Case) { c.Solved = "no" }}, []func(*Case){func(c *Case) { c.Solved, c.Reply.Result = "no", "explained" }}},
		"again":           {[]func(*Case){func(c *Case) { c.Again = []string{"20261201-000007"} }}, nil},
	} {
		t.Run(code, func(t *testing.T) {
			check := func(changes []func(*Case), want bool) {
				t.Helper()
				for i, change := range changes {
					if code == "unanswered" && i > 0 { // its ask and reply belong together
						return
					}
					k := lamp()
					if code == "unanswered" {
						for _, c := range changes {
							c(&k)
						}
					} else {
						change(&k)
					}
					j := Judge(s, k)
					if slices.Contains(codes(j), code) != want {
						t.Errorf("case %d: got %v, want it to fire: %v", i, codes(j), want)
					}
				}
			}
			check(c.fires, true)
			check(c.not, false)
		})
	}
	for _, c := range Codes() {
		if Sentence(c)["zh"] == "" || Sentence(c)["en"] == "" {
			t.Errorf("%s has no sentence in both languages", c)
		}
	}
}

// Evidence quotes the reply or the appeal where it says.
func TestEvidenceStandsWhereItSays(t *testing.T) {
	s := baoan(t)
	c := lamp()
	c.Reply.Text = "网友𠀀你好。" + lampEmpty
	for _, sg := range Judge(s, c).Signals {
		for _, e := range sg.Evidence {
			if e.Of != "reply" {
				continue
			}
			if got := string([]rune(c.Reply.Text)[e.From:e.To]); got != e.Quote {
				t.Errorf("%s: %q stands at %d, not %q", sg.Code, got, e.From, e.Quote)
			}
		}
	}
}

// An honest, lawful refusal passes, also when it was closed at once and nobody
// was called; a false photo still counts.
func TestHonestRefusalPasses(t *testing.T) {
	s := baoan(t)
	for _, reply := range []string{
		"根据《城市道路管理条例》第三十条，未经市政部门批准不得在人行道上设置停车泊位，您申请的路段为盲道所在，不能划设。",
		"隔音屏的安装是针对环线范围内的桥梁而言的。该小区邻近路段没有桥梁，是公路，因此不在隔音屏的安装范围内。",
		"经我们实地查勘，兽医站处于机场口东站与金甲村站之间，两站间距约为1.1公里，且处于长下坡、岔路口，存在严重的安全隐患，所以该处不会增设公交站点。",
	} {
		c := lamp()
		c.Title, c.Text = "", "请求解决我们小区反映多次的事情，希望尽快处理"
		c.Reply = Reply{Text: reply, Result: "cannot", At: c.Reply.At}
		c.Contacts, c.Photos.Asked, c.Timing.Replied = &Contacts{}, 2, c.Timing.Signed.Add(time.Minute)
		if j := Judge(s, c); j.Verdict != Pass || !j.Honest {
			t.Errorf("%d %v: %s", j.Score, codes(j), reply)
		}
		c.Photos.Files[0].Before = "20261101-000001"
		if j := Judge(s, c); j.Verdict != Block {
			t.Errorf("with a photo of another matter: %d", j.Score)
		}
	}
	for _, reply := range []string{"此事无法办理，请理解。", "工程变更的程序非常复杂，难度很大，不能解决，请支持。", "不能办理。"} {
		c := lamp()
		c.Reply.Text, c.Reply.Result = reply, "cannot"
		if j := Judge(s, c); j.Honest {
			t.Errorf("a refusal without a reason counts as honest: %s", reply)
		}
	}
}

// Verbs of action, kind words and the citizen's own words do not make an empty
// reply look full.
func TestStuffingDoesNotHelp(t *testing.T) {
	s := baoan(t)
	stuffing := []string{"已处理", "已落实", "已核实", "已整改到位", "已妥善解决", "已安排人员处理", "已第一时间组织调查核实", "高度重视", "感谢您的支持", "将加大力度", "正在积极推进中", "已协调相关部门", "工作人员已联系处理"}
	rapid.Check(t, func(t *rapid.T) {
		c := lamp()
		c.Reply.Text = lampEmpty
		before := Judge(s, c)
		parts := rapid.SliceOfN(rapid.SampledFrom(stuffing), 1, 12).Draw(t, "stuffing")
		if rapid.Bool().Draw(t, "copies the demand") {
			parts = append(parts, "针对您反映的"+c.Text, c.Text)
		}
		c.Reply.Text = strings.Join(parts, "，") + "。" + lampEmpty
		if j := Judge(s, c); j.Verdict != Block {
			t.Fatalf("%d (before %d) %v: %s", j.Score, before.Score, codes(j), c.Reply.Text)
		}
	})
}

// More that speaks against a closing never makes its score less; a reply of
// courtesies alone is always blocked; the judgment is the same each time.
func TestScoreProperties(t *testing.T) {
	s := baoan(t)
	none := 0
	faults := []func(*Case){
		func(c *Case) { c.Contacts = &Contacts{} }, func(c *Case) { c.Contacts = &Contacts{Recorded: 1, Reached: 1, Denied: true} }, func(c *Case) { c.Photos.Asked = 9 },
		func(c *Case) { c.Photos.Files[0].Before = "x" }, func(c *Case) { c.Photos.Files[0].Taken = monday.AddDate(-1, 0, 0) }, func(c *Case) { c.Photos.Files[0].Where = &Point{0.1, 0.1} },
		func(c *Case) { c.Timing.Replied = c.Timing.Signed }, func(c *Case) { c.Solved = "no" }, func(c *Case) { c.Again = []string{"x"} }, func(c *Case) { c.Tasks = &none },
		func(c *Case) { c.Others = []Other{{"9", "别的事情", c.Reply.Text}} },
	}
	courtesies := []string{"您好！", "您的留言已收悉。", "感谢您的关心与支持！", "网友：您好！", "敬请谅解。", "欢迎您一如既往监督我们的工作！", " ", "\n"}
	rapid.Check(t, func(t *rapid.T) {
		c := lamp()
		c.Reply.Text = rapid.SampledFrom([]string{lampDone, lampEmpty, "路灯灯头已换好1盏。", ""}).Draw(t, "reply")
		last := Judge(s, c).Score
		for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(faults)-1), 1, 5, rapid.ID[int]).Draw(t, "faults") {
			if i == 0 && c.Contacts.Denied { // an absent contact cannot be denied
				continue
			}
			faults[i](&c)
			j := Judge(s, c)
			if j.Score < last || j.Score > 100 {
				t.Fatalf("fault %d: %d after %d", i, j.Score, last)
			}
			if again := Judge(s, c); again.Score != j.Score || !slices.Equal(codes(again), codes(j)) {
				t.Fatalf("judged twice: %v, then %v", codes(j), codes(again))
			}
			last = j.Score
		}
		c = lamp()
		c.Reply.Text = strings.Join(rapid.SliceOfN(rapid.SampledFrom(courtesies), 0, 6).Draw(t, "courtesies"), "")
		if j := Judge(s, c); j.Verdict != Block {
			t.Fatalf("%q is not blocked: %d %v", c.Reply.Text, j.Score, codes(j))
		}
	})
}

// Whatever is handed over, nothing breaks and evidence lies within its text.
func TestAnyText(t *testing.T) {
	s := baoan(t)
	rapid.Check(t, func(t *rapid.T) {
		c := Case{Title: rapid.String().Draw(t, "title"), Text: rapid.String().Draw(t, "text"), Reply: Reply{Text: rapid.String().Draw(t, "reply")}}
		j := Judge(s, c)
		n := len([]rune(c.Reply.Text))
		for _, sg := range j.Signals {
			for _, e := range sg.Evidence {
				if e.Of == "reply" && (e.From < 0 || e.To > n || e.From > e.To) {
					t.Fatalf("%s: %d to %d of %d", sg.Code, e.From, e.To, n)
				}
			}
		}
	})
}

// An item may weigh a signal differently and have its own threshold; the longest
// beginning of its code counts.
func TestItemOverrides(t *testing.T) {
	s := baoan(t)
	s.Items = map[string]Override{"11": {Weights: map[string]int{"no_contact": 5}}, "1101": {Weights: map[string]int{"no_contact": 0}}}
	c := lamp()
	c.Contacts = &Contacts{}
	for item, want := range map[string]int{"": 20, "22": 20, "119999": 5, "110101": 0} {
		c.Item = item
		if j := Judge(s, c); j.Score != want {
			t.Errorf("item %q: %d, want %d", item, j.Score, want)
		}
	}
	strict := 40
	s.Items["1101"] = Override{Block: &strict}
	if s.Verdict("110101", 40) != Block || s.Verdict("119999", 40) != SecondLook {
		t.Error("the item's own threshold does not count")
	}
}

func TestSettingsErrorsSayWhere(t *testing.T) {
	for text, want := range map[string]string{
		"thresholds: {block: 20, second_look: 30}": "thresholds",
		"weights: {gone: 3}":                       "weights.gone",
		"weights: {thin: 300}":                     "weights.thin",
		"items: {\"11\": {weights: {gone: 1}}}":    "items.11.gone",
		"items: {\"11\": {block: 900}}":            "items.11.block",
		"words: {swearing: [a]}":                   "words.swearing",
		"words: {will: ['(']}":                     "words.will[0]",
		"words: {will: ['a*']}":                    "found in nothing",
		"clocks: {quick: soon}":                    "clocks.quick",
		"second_look: {share: 3}":                  "second_look.share",
		"colour: red":                              "colour",
	} {
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// A picture is known again after it was made smaller and compressed; another is
// not, and a plain surface says nothing.
func TestPrint(t *testing.T) {
	draw := func(w, h int, f func(x, y float64) float64) []byte {
		img := image.NewGray(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				img.SetGray(x, y, color.Gray{uint8(127 + 120*f(float64(x)/float64(w), float64(y)/float64(h)))})
			}
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 60}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	wave := func(x, y float64) float64 { return math.Sin(13*x) * math.Cos(9*y) }
	other := func(x, y float64) float64 { return math.Cos(17*x + 5*y) }
	if a, b := Print(draw(800, 600, wave)), Print(draw(400, 300, wave)); a == "" || a != b {
		t.Errorf("the same picture: %q and %q", a, b)
	}
	if Print(draw(800, 600, wave)) == Print(draw(800, 600, other)) {
		t.Error("another picture has the same print")
	}
	if p := Print(draw(800, 600, func(float64, float64) float64 { return 0 })); p != "" {
		t.Errorf("a plain surface has the print %q", p)
	}
	if Print([]byte("no picture")) != "" || Print(nil) != "" {
		t.Error("what is no picture has a print")
	}
}

// exifJPEG is the beginning of a JPEG that says when and where it was taken.
func exifJPEG(order binary.ByteOrder, mark string) []byte {
	var b bytes.Buffer
	put := func(v any) { _ = binary.Write(&b, order, v) }
	entry := func(tag, kind uint16, count, value uint32) { put(tag); put(kind); put(count); put(value) }
	b.WriteString(mark)
	put(uint16(42))
	put(uint32(8))
	put(uint16(2)) // first directory at 8, 2 entries, ends at 38
	entry(0x8769, 4, 1, 38)
	entry(0x8825, 4, 1, 56)
	put(uint32(0))
	put(uint16(1)) // Exif directory at 38, ends at 56
	entry(0x9003, 2, 20, 110)
	put(uint32(0))
	put(uint16(4)) // GPS directory at 56, ends at 110
	short := func(c byte) uint32 { return order.Uint32([]byte{c, 0, 0, 0}) }
	entry(1, 2, 2, short('N'))
	entry(2, 5, 3, 130)
	entry(3, 2, 2, short('E'))
	entry(4, 5, 3, 154)
	put(uint32(0))
	b.WriteString("2026:11:25 10:30:00\x00")
	for _, v := range []uint32{22, 1, 34, 1, 1200, 100, 113, 1, 52, 1, 4800, 100} {
		put(v)
	}
	seg := append([]byte("Exif\x00\x00"), b.Bytes()...)
	out := []byte{0xFF, 0xD8, 0xFF, 0xE1, byte((len(seg) + 2) >> 8), byte(len(seg) + 2)}
	return append(append(out, seg...), 0xFF, 0xDA)
}

func TestExif(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	for mark, order := range map[string]binary.ByteOrder{"II": binary.LittleEndian, "MM": binary.BigEndian} {
		taken, where := Exif(exifJPEG(order, mark), zone)
		if want := time.Date(2026, 11, 25, 10, 30, 0, 0, zone); !taken.Equal(want) {
			t.Errorf("%s: taken %v", mark, taken)
		}
		if where == nil || math.Abs(where.Lat-(22+34.0/60+12.0/3600)) > 1e-9 || math.Abs(where.Lon-(113+52.0/60+48.0/3600)) > 1e-9 {
			t.Errorf("%s: at %v", mark, where)
		}
	}
	whole := exifJPEG(binary.LittleEndian, "II")
	rapid.Check(t, func(t *rapid.T) { // cut and garbled files say nothing, or something, and break nothing
		b := slices.Clone(whole[:rapid.IntRange(0, len(whole)).Draw(t, "cut")])
		for range rapid.IntRange(0, 8).Draw(t, "garbled") {
			if len(b) > 0 {
				b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
			}
		}
		Exif(b, zone)
	})
}
