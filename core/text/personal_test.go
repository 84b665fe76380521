package text

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"shanzhi/internal/testkit"
)

func TestMask(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		// Phones.
		{"请打13912345678联系", "请打139****5678联系"},
		{"139 1234 5678", "139******5678"},
		{"139-1234-5678或+86 13912345678", "139******5678或+86 *******5678"},
		{"１３９１２３４５６７８", "１３９****５６７８"},
		{"一三九一二三四五六七八", "一三九****五六七八"},
		{"幺三九幺二三四五六七八", "幺三九****五六七八"},
		{"13九1二34五678", "13九****五678"},
		{"座机0755-27781234", "座机075******1234"},
		{"(0755)27781234", "(075******1234"},
		{"010-62345678", "010*****5678"},
		{"电话：27781234", "电话：277*1234"},
		{"编号139123456789", "编号139123456789"},     // twelve digits
		{"工单2024030112345", "工单2024030112345"},   // no mobile within longer digits
		{"拨打12345热线", "拨打12345热线"},               // a service number
		{"面积27781234", "面积27781234"},             // eight digits without a word
		{"2024-03-01 12:00", "2024-03-01 12:00"}, // a date
		// Identity numbers (GB 11643): 11010519491231002X is the standard's own.
		{"身份证11010519491231002X", "身份证110105**********2X"},
		{"110105 19491231 002x", "110105************2x"},
		{"110105 19491231 0021", "110105 19491231 0021"}, // in groups the checksum must hold
		{"110105194912310021", "110105**********21"},     // in one piece it is a mistyped one
		{"110105491231002", "110105*******02"},
		{"990105194912310021", "990105194912310021"}, // no such province
		{"110105194913310021", "110105194913310021"}, // no such month
		// Cards.
		{"6225 6841 9283 2761", "6225***********2761"},
		{"6225684192832762", "6225684192832762"},     // Luhn fails
		{"卡号6225684192832762", "卡号6225********2762"}, // and is said to be a card
		{"20190412123456789", "20190412123456789"},   // begins like no card
		{"粤B12345违停", "粤B*****违停"},
		{"粤b·d12345", "粤b*******"},
		{"鄂AP185挂", "鄂A*****"},
		{"新ABCDEF", "新ABCDEF"}, // no digit and no car
		{"邮箱li.wei+1@mail.example.com。", "邮箱l" + strings.Repeat("*", 24) + "。"},
		{"@某人 a@b", "@某人 a@b"},
		{"QQ号：12345678", "QQ号：1*******"},
		{"加微信 wxid_abc123", "加微信 w**********"},
		{"微信公众号shenzhen", "微信公众号shenzhen"},
		{"微信小程序iShenzhen123", "微信小程序iShenzhen123"},
		{"护照E12345678", "护照E********"},
		{"通行证C12345678", "通行证C********"},
		{"编号C12345678", "编号C12345678"},
		// Names.
		{"我叫张伟，住在这里", "我叫张*，住在这里"},
		{"姓名：欧阳锋锋", "姓名：欧***"},
		{"我是欧阳金丝雀，", "我是欧****，"},
		{"联系人：李小明，电话", "联系人：李**，电话"},
		{"请找王建国先生", "请找王**先生"},
		{"王先生说", "王先生说"}, // a surname alone is nobody's
		{"和王先生说好了", "和王先生说好了"},
		{"陈娟 18835030564", "陈* 188****0564"},
		{"打给郑娟18315869232", "打给郑*183****9232"},
		{"周晓明的手机号是18835030564", "周**的手机号是188****0564"},
		{"业主方便时联系", "业主方便时联系"},
		{"居民常年反映", "居民常年反映"},
		{"住户安全得不到保障", "住户安全得不到保障"},
		{"高速公路，13912345678", "高速公路，139****5678"},
		{"物业管理处 13912345678", "物业管理处 139****5678"},
		// Rooms: a home's goes, the one that the appeal is about stays.
		{"我家住幸福小区3栋2单元1201室", "我家住幸福小区3栋*单元****室"},
		{"住址：幸福小区３栋１２０１", "住址：幸福小区３栋****"},
		{"投诉幸福小区8栋2单元102号违建", "投诉幸福小区8栋2单元102号违建"},
		{"联系人李小明，3栋1201房", "联系人李**，3栋****房"},
		{"家住小区，共有12栋1400套", "家住小区，共有12栋1400套"},
		{"我住的楼贷了3000房贷", "我住的楼贷了3000房贷"},
		{"", ""},
		{"路灯不亮", "路灯不亮"},
	} {
		if got := Mask(c.in); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

func TestFindPersonalKinds(t *testing.T) {
	s := "姓名：张伟，身份证11010519491231002X，电话１３９１２３４５６７８"
	var got []string
	for _, f := range FindPersonal(s) {
		got = append(got, string(f.Kind)+"="+s[f.Start:f.End])
	}
	if want := []string{"person=张伟", "id_number=11010519491231002X", "phone=１３９１２３４５６７８"}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

// Whatever the text: finds are in order, apart and on rune borders, and masking
// changes neither the length nor, done again, anything more of what is a number.
func TestFindPersonalProperties(t *testing.T) {
	pieces := []string{"我叫", "张伟", "，", " ", "13912345678", "139", "1234", "5678", "-", "11010519491231002X", "3栋", "1201室", "住在", "先生", "@", "a.com", "粤B12345", "一三九", "０７５５", "QQ", "微信", "\xff", "\x00", "。", "的电话", "欧阳"}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 20).Draw(t, "pieces"), "") + rapid.String().Draw(t, "tail")
		end := 0
		for _, f := range FindPersonal(s) {
			if f.Start < end || f.End <= f.Start || f.End > len(s) || !utf8.RuneStart(s[f.Start]) {
				t.Fatalf("%q: %+v after %d", s, f, end)
			}
			end = f.End
		}
		if m := Mask(s); utf8.ValidString(s) && utf8.RuneCountInString(m) != utf8.RuneCountInString(s) {
			t.Fatalf("%q became %q", s, m)
		}
	})
}

// The floors are a little under what was measured; labels of addresses are held
// against rooms, which the chat style, with its road numbers, does not have.
// Misses: names with no cue (董超将工作交接给…), plates without a digit.
func TestFindPersonalOnDocuments(t *testing.T) {
	type floor struct{ precision, recall float64 }
	for file, floors := range map[string]map[PersonalKind]floor{
		"pii_zh_formal_2500.jsonl": {IDNumber: {0.99, 0.99}, Phone: {0.99, 0.99}, BankCard: {0.99, 0.99}, Email: {0.99, 0.99}, Passport: {0.99, 0.99}, Plate: {0.99, 0.99}, Room: {0.99, 0.98}, Name: {0.98, 0.92}},
		"pii_zh_chat_1500.jsonl":   {IDNumber: {0.99, 0.99}, Phone: {0.99, 0.99}, BankCard: {0.99, 0.99}, Email: {0.99, 0.99}, Passport: {0.99, 0.99}, Plate: {0.99, 0.88}, Name: {0.98, 0.88}},
	} {
		f, err := os.Open(testkit.Shared(t, "privacy", file))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		type count struct{ right, missed, wrong float64 }
		counts := map[PersonalKind]*count{}
		of := func(k PersonalKind) *count {
			if counts[k] == nil {
				counts[k] = &count{}
			}
			return counts[k]
		}
		for sc := bufio.NewScanner(f); sc.Scan(); {
			var doc struct {
				Text     string
				Entities []struct {
					Type       string
					Start, End int // runes
				}
			}
			if err := json.Unmarshal(sc.Bytes(), &doc); err != nil {
				t.Fatal(err)
			}
			runes := []rune(doc.Text)
			found := FindPersonal(doc.Text)
			used := make([]bool, len(found))
			for _, e := range doc.Entities {
				kind := PersonalKind(e.Type)
				if e.Type == "address" {
					kind = Room
				}
				from, to := len(string(runes[:e.Start])), len(string(runes[:e.End]))
				i := slices.IndexFunc(found, func(g Found) bool { return g.Kind == kind && g.Start < to && g.End > from })
				if i < 0 {
					of(kind).missed++
					continue
				}
				of(kind).right++
				used[i] = true
			}
			for i, g := range found {
				if !used[i] {
					of(g.Kind).wrong++
				}
			}
		}
		for kind, want := range floors {
			c := of(kind)
			p, r := c.right/max(1, c.right+c.wrong), c.right/max(1, c.right+c.missed)
			t.Logf("%s %s: precision %.3f, recall %.3f", file, kind, p, r)
			if p < want.precision || r < want.recall {
				t.Errorf("%s %s: precision %.3f, recall %.3f; the floor is %v", file, kind, p, r, want)
			}
		}
	}
}

func BenchmarkFindPersonal(b *testing.B) {
	s := strings.Repeat("您好，我是幸福小区的业主，小区东门外的路灯已经坏了三天，晚上很黑，老人出行不便，请尽快安排维修。", 4) + "联系人李小明，电话13912345678。"
	b.ReportMetric(float64(utf8.RuneCountInString(s)), "runes")
	for b.Loop() {
		FindPersonal(s)
	}
}
