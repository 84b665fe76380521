package text

import (
	"regexp"
	"slices"
	"strings"
)

// personal are the forms of personal data that free text is searched for, in
// this order; the first group is what is masked.
var personal = []struct {
	form        *regexp.Regexp
	mask        func(string) string
	digits      int // that a text must have to hold it
	at, capital bool
}{
	{regexp.MustCompile(`[1-9]\d{5}(?:19|20)\d{2}(?:0\d|1[0-2])[0-3]\d\d{3}[\dXx]`), keep(6, 2), 17, false, false},
	{regexp.MustCompile(`1[3-9]\d[ -]?\d{4}[ -]?\d{4}`), keep(3, 4), 11, false, false},
	{regexp.MustCompile(`160\d{8}`), keep(3, 4), 11, false, false},
	{regexp.MustCompile(`0\d{2,3}-?\d{7,8}`), keep(4, 2), 10, false, false},
	{regexp.MustCompile(`\d{16,19}`), keep(4, 4), 16, false, false},
	{regexp.MustCompile(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`), keep(1, 0), 0, true, false},
	{regexp.MustCompile(`[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·.]?[A-Z0-9]{5,6}`), keep(2, 0), 0, false, true},
}

// beforeNames are words after which a name is stated.
var beforeNames = []string{"我是", "我叫", "本人", "名叫", "姓名", "联系人", "住户", "业主", "来电人", "告知"}

var names = regexp.MustCompile(`((?:` + strings.Join(beforeNames, "|") + `)[:：]?)(` + surnames + `[\p{Han}]{1,2}|(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒)[\p{Han}]{1,3})([，,。、（(；;：:\s]|来电|先生|女士|电话|手机|$)`)

const surnames = `[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元顾孟平黄和穆萧尹姚邵汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包左石崔吉龚程邢裴陆荣翁荀羊惠甄曲封储靳段焦巴弓牧车侯班秋仲伊宁仇栾甘厉戎祖武符刘景詹束龙叶幸司韶黎薄印白怀蒲从索赖卓屠蒙池乔苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍桑桂濮牛寿通边扈燕冀尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终居衡步都耿满弘匡国文寇广禄阙东殴殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公]`

func keep(head, tail int) func(string) string {
	return func(s string) string {
		r := []rune(s)
		if len(r) <= head+tail {
			return strings.Repeat("*", len(r))
		}
		return string(r[:head]) + strings.Repeat("*", len(r)-head-tail) + string(r[len(r)-tail:])
	}
}

// Mask takes personal data out of a text and leaves what it was: 138****5678,
// 张*. What is not found by form or by the words before it is not masked.
func Mask(s string) string {
	// Most texts hold nothing of the kind, and a form costs far more than a look
	// at the bytes that it cannot do without.
	digits, at, capital := 0, false, false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'A' && c <= 'Z':
			capital = true
		case c == '@':
			at = true
		}
	}
	for _, p := range personal {
		if digits >= p.digits && (at || !p.at) && (capital || !p.capital) {
			s = p.form.ReplaceAllStringFunc(s, p.mask)
		}
	}
	if !slices.ContainsFunc(beforeNames, func(w string) bool { return strings.Contains(s, w) }) {
		return s
	}
	return names.ReplaceAllStringFunc(s, func(m string) string {
		g := names.FindStringSubmatch(m)
		return g[1] + MaskWord(g[2]) + g[3]
	})
}

// MaskWord keeps the first character of a name.
func MaskWord(name string) string { return keep(1, 0)(name) }
