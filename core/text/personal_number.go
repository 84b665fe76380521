package text

import (
	"regexp"
	"strings"
)

// maxGroups bounds how many groups of digits one number is written in.
const maxGroups = 8

// numbers finds identity, card and phone numbers, in one piece or in groups with
// a blank, a dash or a closing bracket between.
func (f *finder) numbers() {
	for i := 0; i < len(f.r); i++ {
		if !isDigit(f.r[i]) {
			continue
		}
		var groups [][2]int
		end := i
		for len(groups) < maxGroups {
			from := end
			for isDigit(f.get(end)) {
				end++
			}
			if (f.get(end) == 'X' || f.get(end) == 'x') && !isAlnum(f.get(end+1)) {
				end++ // the check character 10 of an identity number
			}
			groups = append(groups, [2]int{from, end})
			if sep := f.get(end); sep != ' ' && sep != '-' && sep != ')' || !isDigit(f.get(end+1)) {
				break
			}
			end++
		}
		for g := 0; g < len(groups); {
			g += max(1, f.number(groups[g:], g == 0))
		}
		i = groups[len(groups)-1][1] - 1
	}
}

var (
	cardCues     = wordList("卡号 银行卡 账号 帐号 账户 储蓄卡 信用卡 打到 转到")
	landlineCues = wordList("电话 座机 固话 致电 拨打 传真 联系方式 Tel TEL tel")
)

// number takes the number that the first groups make, if they make one, and
// returns how many of them it took. first says that nothing stands before.
func (f *finder) number(groups [][2]int, first bool) int {
	var all []byte
	ends := make([]int, len(groups)) // digits up to the end of each group
	for g, span := range groups {
		for _, r := range f.r[span[0]:span[1]] {
			all = append(all, byte(r))
		}
		ends[g] = len(all)
	}
	from := groups[0][0]
	for _, form := range []struct {
		kind PersonalKind
		is   func(n string, whole bool) bool
	}{
		{IDNumber, isIDNumber},
		{BankCard, func(n string, whole bool) bool {
			return isBankCard(n) || len(n) >= 16 && len(n) <= 19 && whole && f.near(from, 8, cardCues)
		}},
		{Phone, func(n string, _ bool) bool { return isMobile(n) }},
		{Phone, func(n string, whole bool) bool {
			return first && isLandline(n) || whole && (len(n) == 7 || len(n) == 8) && n[0] > '1' && n[0] < '9' && f.near(from, 6, landlineCues)
		}},
	} {
		for g, n := range ends {
			if form.is(string(all[:n]), g == 0) && f.take(form.kind, from, groups[g][1]) {
				return g + 1
			}
		}
	}
	return 0
}

// isIDNumber: a number in one piece is taken by its form, since a mistyped one
// still names its owner; one in groups must have its checksum right.
func isIDNumber(n string, whole bool) bool {
	switch len(n) {
	case 15:
		return whole && isRegion(n) && isDate("19"+n[6:12]) && !strings.ContainsAny(n, "Xx")
	case 18:
		return isRegion(n) && isDate(n[6:14]) && (whole || hasIDChecksum(n))
	}
	return false
}

// isRegion: the first two digits are a province's (GB/T 2260).
func isRegion(n string) bool {
	return n[0] >= '1' && n[0] <= '8' && n[1] <= '7' && n[:2] != "10" && n[:2] != "20"
}

func isDate(d string) bool {
	return (d[:2] == "19" || d[:2] == "20") && d[4:6] >= "01" && d[4:6] <= "12" && d[6:8] >= "01" && d[6:8] <= "31"
}

// hasIDChecksum computes ISO 7064 MOD 11-2 (GB 11643 annex).
func hasIDChecksum(n string) bool {
	sum := 0
	for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(n[i]-'0') * w
	}
	check := "10X98765432"[sum%11]
	return n[17] == check || check == 'X' && n[17] == 'x'
}

// isBankCard: 16 to 19 digits of a network that Chinese banks issue for, with
// Luhn's checksum (ISO/IEC 7812-1).
func isBankCard(n string) bool {
	if len(n) < 16 || len(n) > 19 || !strings.ContainsRune("3456", rune(n[0])) || strings.ContainsAny(n, "Xx") {
		return false
	}
	sum := 0
	for i := range n {
		d := int(n[len(n)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

func isMobile(n string) bool {
	for _, prefix := range []string{"", "86", "0086", "0"} {
		if m, ok := strings.CutPrefix(n, prefix); ok && len(m) == 11 && m[0] == '1' && m[1] >= '3' && m[10] != 'X' && m[10] != 'x' {
			return true
		}
	}
	return false
}

// isLandline: an area code and seven or eight digits; codes of three digits
// (010, 02x) go with eight.
func isLandline(n string) bool {
	if len(n) < 11 || len(n) > 12 || n[0] != '0' || strings.ContainsAny(n, "Xx") {
		return false
	}
	if n[1] == '1' || n[1] == '2' {
		return len(n) == 11 && n[3] >= '2' && n[3] <= '8'
	}
	return n[1] >= '3' && n[4] >= '2' && n[4] <= '8'
}

const chineseDigits = "〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两"

func chineseDigit(r rune) (byte, bool) {
	switch r {
	case '〇', '零':
		return '0', true
	case '一', '幺', '壹':
		return '1', true
	case '二', '两', '贰':
		return '2', true
	case '三', '叁':
		return '3', true
	case '四', '肆':
		return '4', true
	case '五', '伍':
		return '5', true
	case '六', '陆':
		return '6', true
	case '七', '柒':
		return '7', true
	case '八', '捌':
		return '8', true
	case '九', '玖':
		return '9', true
	}
	return byte(r), isDigit(r)
}

// chinesePhones finds mobile numbers written to get past a filter: 一三八零零…,
// 13八00….
func (f *finder) chinesePhones() {
	var n []byte
	for i := 0; i < len(f.r); i++ {
		n = n[:0]
		han, end := 0, i
		for ; end < len(f.r) && len(n) < 12; end++ {
			d, ok := chineseDigit(f.r[end])
			if !ok {
				break
			}
			if !isDigit(f.r[end]) {
				han++
			}
			n = append(n, d)
		}
		if han > 0 && len(n) == 11 && isMobile(string(n)) {
			f.take(Phone, i, end)
		}
		if end > i {
			for i = end - 1; ; i++ {
				if _, ok := chineseDigit(f.get(i + 1)); !ok {
					break
				}
			}
		}
	}
}

// emails expands each @ to both sides.
func (f *finder) emails() {
	local := func(r rune) bool { return isAlnum(r) || strings.ContainsRune("._+-", r) && r != 0 }
	for i, r := range f.r {
		if r != '@' {
			continue
		}
		from, to, dot := i, i+1, 0
		for local(f.get(from - 1)) {
			from--
		}
		for isAlnum(f.get(to)) || (f.get(to) == '.' || f.get(to) == '-') && isAlnum(f.get(to+1)) {
			if f.r[to] == '.' {
				dot = to
			}
			to++
		}
		if from < i && dot > 0 && isLetter(f.get(dot+1)) && to-dot > 2 {
			f.take(Email, from, to)
		}
	}
}

var (
	qqWords     = wordList("qq QQ Qq 扣扣 企鹅号 企鹅")
	wechatWords = wordList("微信 威信 薇信 V信 v信 VX vx Vx WX wx wechat WeChat Wechat")
)

// handles finds the numbers of QQ and the names of WeChat by the word before.
func (f *finder) handles() {
	skip := func(i int) int {
		for n := 0; n < 5 && strings.ContainsRune("号码群:是为叫加搜同= ", f.get(i)) && f.get(i) != 0; n++ {
			i++
		}
		return i
	}
	for i := range f.r {
		if n := f.starts(i, qqWords); n > 0 {
			from := skip(i + n)
			to := from
			for isDigit(f.get(to)) {
				to++
			}
			if to-from >= 5 && to-from <= 11 && f.r[from] != '0' {
				f.take(QQ, from, to)
			}
		} else if n := f.starts(i, wechatWords); n > 0 && !isAlnum(f.get(i-1)) {
			from := skip(i + n)
			to, digits := from, 0
			for isAlnum(f.get(to)) || f.get(to) == '_' || f.get(to) == '-' {
				if !isLetter(f.r[to]) {
					digits++
				}
				to++
			}
			named := from > i+n && f.r[i+n] == '号'
			if to-from >= 6 && to-from <= 20 && isLetter(f.r[from]) && (digits > 0 || named) {
				f.take(WeChat, from, to)
			}
		}
	}
}

var passportCues = wordList("护照 通行证 证件号")

// passports: E or G and eight digits, or E, a letter and seven digits, is a
// Chinese passport wherever it stands; other forms need the word before them.
func (f *finder) passports() {
	for i := 0; i < len(f.r); i++ {
		if !isLetter(f.r[i]) || isAlnum(f.get(i-1)) {
			continue
		}
		letters, to := 1, i+1
		if isLetter(f.get(to)) {
			letters, to = 2, to+1
		}
		for isDigit(f.get(to)) {
			to++
		}
		digits := to - i - letters
		if isAlnum(f.get(to)) || letters+digits < 8 || letters+digits > 10 || digits < 7 {
			continue
		}
		chinese := letters == 1 && digits == 8 && (f.r[i] == 'E' || f.r[i] == 'G') || letters == 2 && digits == 7 && f.r[i] == 'E'
		if chinese || f.near(i, 10, passportCues) {
			f.take(Passport, i, to)
		}
	}
}

const provinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

var plateCues = wordList("车牌 车辆 号牌 车")

// plates: a province, a letter, and five or six more letters and digits, the
// last of which may be a word (学, 警, 挂, 港, 澳). One without any digit needs a
// car before it.
func (f *finder) plates() {
	for i, r := range f.r {
		if !isLetter(f.get(i+1)) || !strings.ContainsRune(provinces, r) {
			continue
		}
		from := i + 2
		if c := f.get(from); c == '·' || c == '.' || c == '-' || c == ' ' || c == '•' {
			from++
		}
		to, digits := from, 0
		for isAlnum(f.get(to)) {
			if isDigit(f.r[to]) {
				digits++
			}
			to++
		}
		if to-from == 4 && strings.ContainsRune("学警挂港澳领使", f.get(to)) {
			to++
		}
		if n := to - from; (n == 5 || n == 6) && (digits > 0 || f.near(i, 4, plateCues)) {
			f.take(Plate, i, to)
		}
	}
}

// room is a home's unit and room; what stands before, building included, tells
// where to go and stays.
var (
	room = regexp.MustCompile(`(?:([0-9０-９A-Za-zＡ-Ｚ一二三四五六七八九十]{1,4}(?:栋|幢|座|号楼|单元|梯|楼)[，, ]?)((?:[0-9０-９A-Za-z一二三四五六七八九十]{1,3}(?:单元|梯|座|门)[，, ]?)?(?:[0-9０-９]{1,2}(?:楼|层)[，, ]?)?[0-9０-９]{3,4}[A-Za-z]?(?:室|房|号房|号)?)|([0-9０-９]{3,4}[A-Za-z]?(?:室|号?房)))`)
	// notRoom are words that a number and 室 or 房 can begin.
	notRoom = wordList("室内 室外 室友 房贷 房价 房租 房产 房款 房子 房屋 房东 房源 房补")
)

// homeCues are the words of someone's home, within homeReach runes before it.
var homeCues = wordList("住在 家住 我住 住址 居住 居住地 户籍 户籍地 地址 收件 取件 送达 配送 我家 本人家")

const (
	homeReach   = 40
	personReach = 12 // of a name or number from the room that it goes with
)

// lived reports whether the room from a to z is said to be someone's.
func (f *finder) lived(a, z int) bool {
	from := a
	for from > max(0, a-homeReach) && !strings.ContainsRune("。！!？?；;", f.r[from-1]) {
		from--
	}
	if f.near(a, a-from, homeCues) {
		return true
	}
	for _, v := range f.found {
		if v.kind != Room && v.kind != Plate && v.from-z < personReach && a-v.to < personReach {
			return true
		}
	}
	return false
}

func (f *finder) rooms() {
	has := false
	for _, r := range f.r {
		if strings.ContainsRune("室房栋幢座楼元梯", r) {
			has = true
			break
		}
	}
	if !has {
		return
	}
	s := string(f.r)
	runeAt := make(map[int]int, 16)
	matches := room.FindAllStringSubmatchIndex(s, -1)
	if len(matches) == 0 {
		return
	}
	n := 0
	for i := range s {
		runeAt[i] = n
		n++
	}
	runeAt[len(s)] = n
	for _, m := range matches {
		from, to := m[4], m[5]
		if from < 0 {
			from, to = m[6], m[7]
		}
		a, z := runeAt[from], runeAt[to]
		if isAlnum(f.get(a-1)) || isAlnum(f.get(z)) || f.starts(z-1, notRoom) > 0 {
			continue
		}
		if isDigit(f.r[z-1]) && f.get(z) != 0 && strings.ContainsRune("元年月日人米平个次万户套余多间%.-~至", f.get(z)) {
			continue // an amount
		}
		if !f.lived(a, z) {
			continue
		}
		f.take(Room, a, z)
	}
}
