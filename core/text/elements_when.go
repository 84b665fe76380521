package text

import (
	"strings"
	"time"
)

// Times are read as people write them, in pieces that stand one after the other:
// 11月25日|凌晨|2点|左右, 每天|早上|6点|到|9点, 自|上月|以来.

var (
	dayWords = map[string]int{"大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨": -1, "今天": 0, "今日": 0, "今": 0, "当天": 0}
	dayList  = wordList(`大前天 前天 昨天 昨日 今天 今日 昨晚 昨夜 今晚 今早 前晚 昨早`)
	nowList  = wordList(`刚才 刚刚 现在 目前`)
	partList = wordList(`凌晨 清晨 早上 早晨 上午 中午 下午 傍晚 晚上 夜里 夜间 深夜 半夜 午夜 通宵 晚 早`)
	// bareParts are times by themselves.
	bareParts = wordList(`半夜 深夜 凌晨 通宵`)
	vague     = wordList(`最近一段时间 最近 近期 近日 近来 这几天 这两天 前几天 前些天 前两天 前段时间 这段时间 连日来 连日 长期以来 长期 一直以来 多年来 常年 暑假期间 寒假期间 春节期间 国庆期间 节假日 放假期间 好几天了 好几天 好几个月了 好几个月 很久了 大半年`)
	every     = wordList(`每天 天天 每日 每晚 每夜 每周末 每到周末 每周 每个月 每月 每到晚上 每到夜里 每逢周末 夜夜 一到晚上`)
	weeks     = wordList(`上上周 上周 本周 这周 上星期 这星期 本星期 上个星期 这个星期 上礼拜`)
	months    = wordList(`上上个月 上个月 上月 这个月 本月 去年 今年 前年 上半年 下半年`)
	counts    = wordList(`连续 近 已经 已 持续 拖了 将近 接连 最近 约 至今`)
	units     = wordList(`天 日 个月 年 周 个星期 星期 个礼拜 晚 小时 个小时 多天 多个月 多年 多日 多月 多个星期 个多月 个多星期 天多 个半月`)
	since     = wordList(`自 从 自从 打`)
	tails     = wordList(`以来 开始 左右 起 来 了 多 前后 期间 之后 以后`)
	deadlines = wordList(`内 之内 以内 前 之前 后 之后 才 几 就`)
	someNum   = "一二三四五六七八九十两几多数半0123456789"
)

// times finds when it happens.
func (e *reader) times() {
	for ci := range e.clauses {
		c := &e.clauses[ci]
		if e.starts(c.body, cues) > 0 && e.starts(c.body, asking) == 0 && !c.skip && e.starts(c.body, proposals) == 0 {
			continue // what is asked for has deadlines, not times
		}
		for i := c.from; i < c.to; {
			t := e.timeAt(i, c)
			if t.to == i {
				i++
				continue
			}
			e.when = append(e.when, mark{i, t.to})
			e.add(When, i, t.to, t.rule)
			if el := &e.out[len(e.out)-1]; el.Kind == When && !e.at.IsZero() {
				el.From, el.To = t.bounds(e.at)
			}
			e.out[len(e.out)-1].Every = t.every
			i = t.to
		}
	}
}

// moment is a time as the words say it, before it is set against a clock.
type moment struct {
	to         int
	rule       string
	every      bool
	since      bool
	ago        int // days before, with days
	days       bool
	y, m, d    int
	year       int // years before (去年), with yearSaid
	yearSaid   bool
	week       int // weeks before, with weekday 1 to 7, or 0 for the whole week
	weekSaid   bool
	weekday    int
	months     int // before
	monthSaid  bool
	third      int // of a month: 初 1, 中 2, 底 3
	span       time.Duration
	spanMonths int
	part       string
	hour, min  int
	hourSaid   bool
	minSaid    bool
	now        bool
}

// timeAt reads the time that begins at i; its to is i where none does.
func (e *reader) timeAt(i int, c *clause) (t moment) {
	t.to = i
	at := i
	if n := e.starts(at, since); n > 0 {
		if e.fits(at+n, c.to) {
			t.since, at = true, at+n
		} else {
			return t
		}
	}
	start := at
	grain := false // something that stands alone as a time was read
	for at < c.to {
		if n := e.starts(at, every); n > 0 && at == start {
			t.every, t.rule, grain, at = true, "when.every", true, at+n
			if strings.ContainsRune("晚夜", e.r[at-1]) {
				t.part = "晚"
			}
			continue
		}
		if n := e.starts(at, dayList); n > 0 {
			w := string(e.r[at : at+n])
			if ago, ok := dayWords[w]; ok {
				t.ago = ago
			} else {
				t.ago, t.part = dayWords[string(e.r[at:at+1])], string(e.r[at+1:at+2])
				if e.r[at] == '前' {
					t.ago = -2
				}
			}
			t.days, grain, at = true, true, at+n
			t.rule = "when.day"
			continue
		}
		if n := e.starts(at, nowList); n > 0 && at == start && e.r[at] == '刚' {
			t.now, grain, t.rule, at = true, true, "when.day", at+n
			continue
		}
		if n := e.date(at, c.to, &t); n > 0 {
			grain, t.rule, at = true, "when.date", at+n
			continue
		}
		if n := e.starts(at, months); n > 0 {
			e.month(string(e.r[at:at+n]), &t)
			at += n
			if m := e.bareMonth(at, c.to, &t); m > 0 {
				at += m
			}
			grain, t.rule = true, "when.calendar"
			continue
		}
		if n := e.bareMonth(at, c.to, &t); n > 0 && (t.since || t.yearSaid) {
			grain, t.rule, at = true, "when.calendar", at+n
			continue
		}
		if n := e.weekdayAt(at, c.to, &t); n > 0 {
			grain, t.rule, at = true, "when.calendar", at+n
			continue
		}
		if n := e.count(at, c, &t, start); n > 0 {
			grain, at = true, at+n
			t.rule = "when.span"
			continue
		}
		if n := e.starts(at, vague); n > 0 && at == start && e.count(at, c, &moment{}, start) == 0 {
			grain, t.rule, at = true, "when.vague", at+n
			continue
		}
		if n := e.starts(at, partList); n > 0 && at+n <= c.to && (grain || n > 1) {
			if !grain && e.starts(at, bareParts) == 0 && e.clock(at+n, c.to, &moment{}) == 0 {
				break
			}
			if n == 1 && !(t.days || t.weekSaid) {
				break
			}
			t.part, at = string(e.r[at:at+n]), at+n
			if !grain {
				t.rule = "when.part"
			}
			grain = true
			continue
		}
		if n := e.clock(at, c.to, &t); n > 0 {
			at += n
			if t.rule == "" {
				t.rule = "when.clock"
			}
			grain = true
			if r := e.get(at); strings.ContainsRune("到至-~", r) && r != 0 {
				j := at + 1
				j += e.starts(j, partList)
				if n := e.clock(j, c.to, &moment{}); n > 0 {
					at = j + n
				}
			}
			continue
		}
		if r := e.r[at]; grain && r == '的' && e.fits(at+1, c.to) {
			at++
			continue
		}
		break
	}
	if !grain {
		return moment{to: i}
	}
	for n := e.starts(at, tails); n > 0 && at+n <= c.to; n = e.starts(at, tails) {
		w := string(e.r[at : at+n])
		if w == "来" && t.rule != "when.span" || (w == "起" || w == "开始") && !t.since && t.rule != "when.date" && t.rule != "when.calendar" || w == "了" && t.rule != "when.span" && t.rule != "when.vague" || w == "多" && !t.hourSaid {
			break
		}
		if w == "开始" || w == "起" || w == "以来" {
			t.since = true
		}
		at += n
	}
	if t.rule == "when.span" && e.starts(at, deadlines) > 0 && e.starts(at, tails) == 0 {
		return moment{to: i}
	}
	t.to = at
	return t
}

// fits reports whether a time begins at i.
func (e *reader) fits(i, end int) bool {
	var t moment
	return e.starts(i, dayList) > 0 || e.starts(i, months) > 0 || e.starts(i, partList) > 1 || e.starts(i, weeks) > 0 || e.date(i, end, &t) > 0 || e.bareMonth(i, end, &t) > 0 || e.clock(i, end, &t) > 0
}

// number reads digits or Chinese numerals up to ninety-nine, or a year; n is its
// length in runes.
func (e *reader) number(i, end int) (v, n int) {
	for i+n < end && isDigit(e.r[i+n]) && n < 4 {
		v = v*10 + int(e.r[i+n]-'0')
		n++
	}
	if n > 0 {
		return v, n
	}
	digit := func(r rune) int {
		if r == '两' {
			return 2
		}
		k := strings.IndexRune("零一二三四五六七八九", r)
		if k < 0 || r == 0 {
			return -1
		}
		return k / 3
	}
	ones := digit(e.get(i))
	switch {
	case i < end && ones >= 0:
		n, v = 1, ones
		if i+1 < end && e.get(i+1) == '十' {
			n, v = 2, ones*10
			if d := digit(e.get(i + 2)); d > 0 && i+2 < end {
				n, v = 3, v+d
			}
		}
	case i < end && e.get(i) == '十':
		n, v = 1, 10
		if d := digit(e.get(i + 1)); d > 0 && i+1 < end {
			n, v = 2, 10+d
		}
	}
	return v, n
}

// date reads 2026年11月3日, 11月3号, 2026-11-03, 11/3.
func (e *reader) date(i, end int, t *moment) int {
	v, n := e.number(i, end)
	if n == 0 {
		return 0
	}
	at, y := i+n, 0
	sep := func(a int, set string) bool { return a < end && strings.ContainsRune(set, e.r[a]) }
	if v >= 1990 && v < 2100 && sep(at, "年-/.") {
		y = v
		dash := e.r[at] != '年'
		at++
		m, k := e.number(at, end)
		if k == 0 || m < 1 || m > 12 || !sep(at+k, "月-/.") {
			if dash {
				return 0
			}
			t.y, t.yearSaid = y, true
			return at - i
		}
		at += k + 1
		d, k := e.number(at, end)
		if k == 0 || d < 1 || d > 31 {
			if dash {
				return 0
			}
			t.y, t.m = y, m
			return at - i
		}
		at += k
		if sep(at, "日号") {
			at++
		}
		t.y, t.m, t.d = y, m, d
		return at - i
	}
	if v < 1 || v > 12 || !sep(at, "月") {
		return 0
	}
	at++
	d, k := e.number(at, end)
	if k == 0 || d < 1 || d > 31 || !sep(at+k, "日号") {
		return 0
	}
	t.m, t.d = v, d
	return at + k + 1 - i
}

// bareMonth reads 9月初, 12月, 9月份.
func (e *reader) bareMonth(i, end int, t *moment) int {
	v, n := e.number(i, end)
	if n == 0 || v < 1 || v > 12 || e.get(i+n) != '月' || i+n >= end {
		return 0
	}
	t.m = v
	n++
	if e.get(i+n) == '份' {
		n++
	}
	if k := strings.IndexRune("初中底末", e.get(i+n)); k >= 0 && e.get(i+n) != 0 {
		t.third = min(k/3+1, 3)
		n++
	}
	return n
}

func (e *reader) month(w string, t *moment) {
	switch w {
	case "上上个月":
		t.months, t.monthSaid = -2, true
	case "上个月", "上月":
		t.months, t.monthSaid = -1, true
	case "这个月", "本月":
		t.months, t.monthSaid = 0, true
	case "去年":
		t.year, t.yearSaid = -1, true
	case "前年":
		t.year, t.yearSaid = -2, true
	case "今年":
		t.year, t.yearSaid = 0, true
	}
}

func (e *reader) weekdayAt(i, end int, t *moment) int {
	n := e.starts(i, weeks)
	if n == 0 {
		if !strings.ContainsRune("周星礼", e.get(i)) || e.get(i) == 0 {
			return 0
		}
		for _, w := range []string{"周", "星期", "礼拜"} {
			r := []rune(w)
			if e.get(i) == r[0] && (len(r) == 1 || e.get(i+1) == r[1]) {
				if k := weekdayOf(e.get(i + len(r))); k > 0 && i+len(r) < end && e.starts(i, notWeekday) == 0 {
					t.weekSaid, t.weekday = true, k
					return len(r) + 1
				}
			}
		}
		return 0
	}
	w := string(e.r[i : i+n])
	t.weekSaid = true
	switch {
	case strings.HasPrefix(w, "上上"):
		t.week = -2
	case strings.HasPrefix(w, "上"):
		t.week = -1
	}
	if k := weekdayOf(e.get(i + n)); k > 0 && i+n < end {
		t.weekday = k
		n++
	}
	return n
}

var notWeekday = wordList(`周一到周五都 周边 周六日`)

func weekdayOf(r rune) int {
	switch r {
	case 0:
		return 0
	case '天', '日':
		return 7
	}
	if k := strings.IndexRune("一二三四五六", r); k >= 0 {
		return k/3 + 1
	}
	return 0
}

// count reads a stretch of days, months or years that has lasted: 连续三天,
// 近2个月来, 一周了.
func (e *reader) count(i int, c *clause, t *moment, start int) int {
	at, said := i, false
	for n := e.starts(at, counts); n > 0; n = e.starts(at, counts) {
		at, said = at+n, true
	}
	if e.get(at) == '好' {
		at++
	}
	v, n := e.number(at, c.to)
	if n == 0 {
		if at < c.to && strings.ContainsRune("几多数半", e.r[at]) {
			v, n = 0, 1
		} else {
			return 0
		}
	}
	at += n
	for at < c.to && e.r[at] == '多' {
		at++
	}
	u := e.starts(at, units)
	if u == 0 {
		return 0
	}
	unit := string(e.r[at : at+u])
	at += u
	if at < c.to && e.r[at] == '多' {
		at++
	}
	// 三天两头, 4个月了: a span counts where it is said to have lasted.
	lasting := e.get(at) == '了' && (at+1 == c.to || i == c.body || e.starts(at+1, goesOn) > 0) || e.get(at) == '来' && i == c.body
	alone := i == c.body && at == c.to
	before := e.ends(i, lasts) > 0
	if !said && !lasting && !alone && !before || e.starts(at, deadlines) > 0 && e.get(at) != '来' {
		return 0
	}
	if e.starts(c.body, ofTeller) > 0 && i > c.body || at > c.to {
		return 0
	}
	if v == 0 {
		v = 3
	}
	switch {
	case strings.ContainsRune(unit, '月'):
		t.spanMonths = v
	case strings.ContainsRune(unit, '年'):
		t.spanMonths = 12 * v
	case strings.ContainsAny(unit, "周星礼"):
		t.span = time.Duration(7*v) * 24 * time.Hour
	case strings.Contains(unit, "小时"):
		t.span = time.Duration(v) * time.Hour
	default:
		t.span = time.Duration(v) * 24 * time.Hour
	}
	return at - i
}

var (
	lasts  = wordList(`拖了 已经 停了 坏了`)
	goesOn = wordList(`还 没 都 一直 也`)
)

// clock reads 11点, 三点半, 22:30, 6点15分.
func (e *reader) clock(i, end int, t *moment) int {
	v, n := e.number(i, end)
	if n == 0 || v > 24 || i+n >= end {
		return 0
	}
	at := i + n
	switch r := e.r[at]; {
	case r == '点' || r == '时':
		if n == 1 && e.r[i] == '一' && t.part == "" && e.get(at+1) != '半' && e.get(at+1) != '钟' {
			return 0 // 一点: a little
		}
		if r == '时' && e.get(at+1) == '间' || e.get(at+1) == '儿' || e.starts(at, notClock) > 0 {
			return 0
		}
		at++
		t.hour, t.hourSaid = v, true
		if at < end && e.r[at] == '半' {
			t.min, t.minSaid = 30, true
			return at + 1 - i
		}
		if m, k := e.number(at, end); k > 0 && m < 60 && at+k <= end {
			t.min, t.minSaid = m, true
			at += k
			if at < end && e.r[at] == '分' {
				at++
			}
		}
		if at < end && e.r[at] == '钟' {
			at++
		}
		return at - i
	case r == ':':
		m, k := e.number(at+1, end)
		if k != 2 || m > 59 {
			return 0
		}
		t.hour, t.min, t.hourSaid, t.minSaid = v, m, true, true
		return at + 1 + k - i
	}
	return 0
}

var notClock = wordList(`点意见 点建议 点小 点钱 点东西`)

// bounds sets a time against the moment at which it was written.
func (t *moment) bounds(at time.Time) (from, to time.Time) {
	y, mo, d := at.Date()
	zone := at.Location()
	day := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, zone) }
	today := day(y, int(mo), d)
	switch {
	case t.now:
		return at.Add(-time.Hour), at
	case t.span > 0 && t.span < 24*time.Hour:
		return at.Add(-t.span), at
	case t.span > 0:
		return today.AddDate(0, 0, -int(t.span/(24*time.Hour))), at
	case t.spanMonths > 0:
		return today.AddDate(0, -t.spanMonths, 0), at
	case t.every:
		return time.Time{}, time.Time{}
	case t.days:
		from = today.AddDate(0, 0, t.ago)
		to = from.AddDate(0, 0, 1)
	case t.d > 0:
		year := t.y
		if year == 0 {
			year = y
			if day(year, t.m, t.d).After(at) {
				year--
			}
		}
		from = day(year, t.m, t.d)
		if int(from.Month()) != t.m {
			return time.Time{}, time.Time{} // no such day
		}
		to = from.AddDate(0, 0, 1)
	case t.m > 0:
		year := t.y
		switch {
		case year > 0:
		case t.yearSaid:
			year = y + t.year
		case day(y, t.m, 1).After(at):
			year = y - 1
		default:
			year = y
		}
		from = day(year, t.m, 1)
		to = from.AddDate(0, 1, 0)
		if t.third > 0 {
			from = from.AddDate(0, 0, 10*(t.third-1))
			if t.third < 3 {
				to = from.AddDate(0, 0, 10)
			}
		}
	case t.yearSaid && t.y > 0:
		from, to = day(t.y, 1, 1), day(t.y+1, 1, 1)
	case t.yearSaid:
		from, to = day(y+t.year, 1, 1), day(y+t.year+1, 1, 1)
	case t.monthSaid:
		from = day(y, int(mo)+t.months, 1)
		to = from.AddDate(0, 1, 0)
	case t.weekSaid:
		monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7+7*t.week)
		from, to = monday, monday.AddDate(0, 0, 7)
		if t.weekday > 0 {
			from = monday.AddDate(0, 0, t.weekday-1)
			if t.week == 0 && from.After(at) {
				from = from.AddDate(0, 0, -7)
			}
			to = from.AddDate(0, 0, 1)
		}
	case t.hourSaid:
		from = today
		to = from.AddDate(0, 0, 1)
	default:
		return time.Time{}, time.Time{}
	}
	if t.hourSaid {
		from, to = t.clockOn(from)
		if t.d == 0 && !t.days && !t.weekSaid && from.After(at) {
			from, to = from.AddDate(0, 0, -1), to.AddDate(0, 0, -1)
		}
	} else if a, z, ok := partHours(t.part); ok && to.Sub(from) <= 25*time.Hour {
		from, to = from.Add(time.Duration(a)*time.Hour), from.Add(time.Duration(z)*time.Hour)
	}
	if t.since {
		to = at
	}
	if to.After(at) {
		to = at
	}
	if from.After(to) {
		return time.Time{}, time.Time{} // it lies ahead
	}
	return from, to
}

// clockOn is an hour of a day, by its part: 晚上 7点 is 19:00, and 晚上 1点 is the
// next day's.
func (t *moment) clockOn(day time.Time) (from, to time.Time) {
	h := t.hour
	switch t.part {
	case "下午", "傍晚":
		if h < 12 {
			h += 12
		}
	case "晚", "晚上", "夜里", "夜间", "夜", "深夜", "半夜", "午夜":
		switch {
		case h < 5:
			h += 24
		case h <= 12:
			h += 12
		}
	case "中午":
		if h < 4 {
			h += 12
		}
	}
	if t.part == "半夜" && h >= 24 && !t.days {
		h -= 24
	}
	from = day.Add(time.Duration(h)*time.Hour + time.Duration(t.min)*time.Minute)
	if t.minSaid {
		return from, from.Add(time.Minute)
	}
	return from, from.Add(time.Hour)
}

func partHours(part string) (from, to int, ok bool) {
	switch part {
	case "凌晨":
		return 0, 6, true
	case "早", "早上", "早晨", "清晨":
		return 6, 10, true
	case "上午":
		return 8, 12, true
	case "中午":
		return 11, 14, true
	case "下午":
		return 12, 18, true
	case "傍晚":
		return 17, 20, true
	case "晚", "晚上", "夜", "夜里", "夜间":
		return 18, 24, true
	case "深夜", "半夜", "午夜":
		return 22, 28, true
	}
	return 0, 0, false
}
