package text

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// ElementKind is one of the five things that a reader of an appeal looks for
// (诉求要素).
type ElementKind string

const (
	Who    ElementKind = "who"    // 谁: the enterprise, organisation or role that it is about
	Where  ElementKind = "where"  // 在哪
	When   ElementKind = "when"   // 何时
	What   ElementKind = "what"   // 何事: the words that name what is wrong or asked about
	Wanted ElementKind = "wanted" // 诉求: what is asked for
)

// ElementKinds are all of them, in the order in which they are told.
var ElementKinds = []ElementKind{Who, Where, When, What, Wanted}

// Element is words of a text and what they are.
type Element struct {
	Kind       ElementKind
	Start, End int    // byte offsets, whole runes
	Rule       string // by which it was found
	// From and To bound a When in time, To excluded; zero where the words do not
	// say. Every says that it happens again and again (每天).
	From, To time.Time
	Every    bool
}

// Reading is what is known beside the text.
type Reading struct {
	At     time.Time // when it was written, in the zone of its words: 昨晚 is the evening before
	Places []Stretch // names of places in it, as a gazetteer found them
}

// Stretch is a piece of a text by byte offsets.
type Stretch struct{ Start, End int }

// FindElements finds the elements of a text by rules of Chinese, and a few of
// English, in the order in which they stand. A person's name is never a Who.
// Spans of one kind do not overlap; a Who may lie in a What. At most mostOfAKind
// of each kind, and the same words once.
func FindElements(s string, o Reading) []Element {
	if s == "" {
		return nil
	}
	e := &reader{finder: newFinder(s), at: o.At}
	e.split()
	if mostlyLatin(s) {
		e.english(s)
	} else {
		e.times()
		e.places(s, o.Places)
		e.wanted()
		e.actors(s)
		e.events()
	}
	slices.SortStableFunc(e.out, func(a, b Element) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End)) })
	said := map[string]bool{}
	number := map[ElementKind]int{}
	return slices.DeleteFunc(e.out, func(el Element) bool {
		words := string(el.Kind) + s[el.Start:el.End]
		if said[words] || number[el.Kind] == mostOfAKind {
			return true
		}
		said[words] = true
		number[el.Kind]++
		return false
	})
}

// mostOfAKind bounds how many elements of a kind a text has; the first ones stay.
// What is said twice is found once.
const mostOfAKind = 8

// reader reads one text, clause by clause.
type reader struct {
	*finder
	at      time.Time
	clauses []clause
	out     []Element
	when    []mark
	where   []mark
}

type mark struct{ from, to int } // runes

// clause is a piece between two stops.
type clause struct {
	mark
	body     int  // where it begins after what only opens it
	question bool // it ends with a question mark
	sentence int
	wanted   bool
	told     bool // it begins with who tells, or with a second matter
	second   bool // it begins another matter (另外)
	skip     bool // it only opens, or tells of the teller
}

const clauseStops = "。！？；!?;\n…，,：:"

func (e *reader) split() {
	from, sentence := 0, 0
	cut := func(to int, question bool) {
		a, z := e.trim(from, to)
		if z > a {
			e.clauses = append(e.clauses, clause{mark: mark{a, z}, body: a, question: question, sentence: sentence})
		}
	}
	for i, r := range e.r {
		dot := r == '.' && !(isDigit(e.get(i-1)) && isDigit(e.get(i+1)))
		if !dot && !strings.ContainsRune(clauseStops, r) || r == ':' && isDigit(e.get(i-1)) && isDigit(e.get(i+1)) {
			continue
		}
		cut(i, r == '?' || r == '？')
		from = i + 1
		if r != '，' && r != ',' && r != '：' && r != ':' {
			sentence++
		}
	}
	cut(len(e.r), false)
	for i := range e.clauses {
		e.open(&e.clauses[i])
	}
}

// trim leaves out blanks and marks at both ends of a piece.
func (e *reader) trim(a, z int) (int, int) {
	blank := func(r rune) bool { return strings.ContainsRune(" \t、“”\"'（）()【】《》~～-", r) }
	for a < z && blank(e.r[a]) {
		a++
	}
	for z > a && blank(e.r[z-1]) {
		z--
	}
	return a, z
}

var (
	// openers begin a message or a clause and say nothing of the matter.
	openers = wordList(`你好 您好 领导好 各位领导 尊敬的领导 尊敬的各位领导 请问有人管吗 有人管吗 在吗 救救我们吧 真的受不了了 又来投诉了 还是上次的问题 麻烦管一下 急急急 大家好
 谢谢 谢谢您 谢谢你们 唔该 点赞 反映个问题 投诉一下 咨询一下 反映一下 反映 投诉 举报 咨询 我要反映 我要投诉 我想反映 我想投诉 我想咨询 我要举报 另外 还有 对了 此外 顺便反映一下 还有一个问题 感谢 表示`)
	seconds = wordList(`另外 还有 对了 此外 顺便反映一下 还有一个问题 其次`)
	// tellers say that somebody tells.
	tellers = wordList(`市民 群众 来电人 诉求人 来电市民 居民 业主 网友 村民 家长`)
	telling = wordList(`反映 来电反映 致电反映 来电投诉 投诉 来电称 称 表示 来电咨询 咨询 来电 举报 来电举报 致电 致电咨询 诉称 说`)
	// ofTeller begin a clause that tells of the teller.
	ofTeller = wordList(`我是 我在这边 我家在 我住 我孩子 我爱人 我妈 我刚 我一个人 我有 我租房 我 租约 市民住 市民户口 市民家 市民租 市民公司 公司在 公司有 社保交了 之前在老家 上周去窗口 网上查 材料已经 今年几 打了 离我家 当时在场 群里 昨天又 去年也 涉及 持续 一共发现 大概有 从 前后有 旁边就是 有视频 照片 现场照片 就在第 联系电话 姓名 电话 身份证 车牌 对方姓名 本人 请打我电话`)
	// past tell what was tried before; effects what it does to people.
	past    = wordList(`投诉过 打过 反映了 反映过 上次 工单 之前 找过 部门之间 已经是第 有人来看过 没有一个肯 没人处理 不认可 曾到现场 曾联系 未向其他 没有下文 好了 问题还在 又是一样`)
	effects = wordList(`孩子 老人 小孩 睡不 没法睡 睡好 不敢 差点 吓人 头晕 影响 苦不堪言 推婴儿车 骑车 上班 救护车 大热天 夏天 每天上班 跑了 臭得 拍了 家里有 跟我一 问就是 前段时间 打卡 打客服 可以提供 真的很急 很危险 非常危险 交了税 文明城市 办事效率 免费听 上了新闻 高度重视 佩服 出了人命 好榜样 体验一下 采纳 大家都会`)
	// troubles speak for a clause that says what is wrong.
	troubles = wordList(`不 没 无 未 坏 乱 漏 堵 臭 吵 噪 欠 违 偷 占 拒 破 断 淹 脏 裂 倒 冒 扰民 非法 赌博 中毒 跑路 刺鼻 积水 停水 停电 停气 损 丢 磨 危险 排放 直排 撒漏 难 差 高 贵 涉嫌 被 野狗 封闭 打桩 沉降 松散 加建 表扬 帮 退 挡 湿 熏 关门 失灵 打架`)
	cues     = wordList(`希望 要求 请 麻烦 盼 望 建议 诉求 恳请 恳求 能否 能不能 可否 尽快 快派 恳 强烈要求 申请`)
)

// open finds where a clause says something of the matter.
func (e *reader) open(c *clause) {
	i := c.from
	for i < c.to {
		if n := e.starts(i, seconds); n > 0 {
			c.second = true
		}
		if n := e.starts(i, openers); n > 0 && e.get(i+n) != '的' {
			i += n
			continue
		}
		if n := e.starts(i, tellers); n > 0 {
			if m := e.starts(i+n, telling); m > 0 {
				c.told = true
				i += n + m
				continue
			}
		}
		if r := e.r[i]; strings.ContainsRune(" 、", r) {
			i++
			continue
		}
		break
	}
	c.body = min(i, c.to)
	c.skip = c.body == c.to
}

// add notes an element by its runes.
func (e *reader) add(kind ElementKind, from, to int, rule string) {
	if from, to = e.trim(from, to); from < to {
		e.out = append(e.out, Element{Kind: kind, Start: e.finder.at[from], End: e.finder.at[to], Rule: rule})
	}
}

// covered gives the end of the mark that covers or begins at i; i where none does.
func covered(marks []mark, i int) int {
	for _, m := range marks {
		if m.from <= i && i < m.to {
			return m.to
		}
	}
	return i
}

// has reports whether one of words stands in a piece.
func (e *reader) has(from, to int, words wordSet) bool {
	for i := from; i < to; i++ {
		if n := e.starts(i, words); n > 0 && i+n <= to {
			return true
		}
	}
	return false
}

// wanted finds the clauses that ask for something. A question asks for
// something once the matter was told; before that it is the matter.
func (e *reader) wanted() {
	told := false
	for i := range e.clauses {
		c := &e.clauses[i]
		if c.skip {
			continue
		}
		at := c.body
		if e.starts(at, ofTeller) == 0 && e.starts(at, tellers) > 0 { // 市民要求
			at += e.starts(at, tellers)
		}
		for strings.ContainsRune("并也还都再就，", e.get(at)) && at < c.to {
			at++
		}
		asks := e.starts(at, cues) > 0 && e.starts(at, notCues) == 0
		ask := e.starts(at, asksWhether)
		switch {
		case asks && e.starts(at, asking) == 0 && !(e.starts(at, proposals) > 0 && !told):
			c.wanted = true
		case at > c.body && i > 0 && e.clauses[i-1].wanted && e.clauses[i-1].sentence == c.sentence:
			c.wanted = true // 希望查处，并公布结果
		case told && (ask > 0 || e.starts(at, asking) > 0):
			c.wanted = true
		case (c.question || e.has(c.to-1, c.to, particles)) && told && !e.has(c.body, c.to, past) && (e.starts(at, asking) > 0 || e.has(c.body, c.to, asksWhether) || e.has(c.body, c.to, particles)):
			c.wanted = true
		}
		if c.wanted {
			e.add(Wanted, e.afterAnd(c), c.to, map[bool]string{true: "wanted.question", false: "wanted.cue"}[c.question && !asks])
			continue
		}
		// A cue inside a clause begins what is asked, where the matter stands before it.
		if at := e.inside(c); at > 0 {
			e.add(Wanted, at, c.to, "wanted.cue")
			c.to = at
		}
		if !e.aside(c) {
			told = told || c.to-c.body > 3 && !e.only(c)
		}
	}
}

// afterAnd is where a clause begins after 并.
func (e *reader) afterAnd(c *clause) int {
	if e.get(c.body) == '并' && c.to > c.body+1 {
		return c.body + 1
	}
	return c.body
}

var (
	notCues     = wordList(`请客 请假 请求人 望去 望见 建议书 申请条件 申请材料 申请居 尽快乐`)
	asking      = wordList(`请问`)
	proposals   = wordList(`建议`)
	asksWhether = wordList(`能不能 能否 可否 什么时候能 需要 要收费 要不要 有没有 怎么办 周末能 几天能 认不认 还能不能 谁来管 网上提交 复印件 大概要 可以吗 合法吗 怎么办理 代办 找谁`)
	particles   = wordList(`吗 呢 么`)
	inner       = wordList(`希望 要求 请求 恳请 请尽快 请有关 请相关 麻烦 快派人 盼`)
)

// inside finds where in a clause a request begins after the matter.
func (e *reader) inside(c *clause) int {
	for i := c.body + 4; i < c.to-3; i++ {
		if n := e.starts(i, inner); n > 0 && !strings.ContainsRune("的关等合按", e.get(i-1)) {
			return i
		}
	}
	return 0
}

// aside reports whether a clause tells of the teller, of earlier tries or of what
// it does to people.
func (e *reader) aside(c *clause) bool {
	return e.starts(c.body, ofTeller) > 0 || e.has(c.body, c.to, past) || e.has(c.body, min(c.body+6, c.to), effects)
}

// only reports whether a clause is a time or a place alone.
func (e *reader) only(c *clause) bool {
	a, z := e.strip(c)
	return z-a < 2
}

// strip leaves out of a clause the times and places at its beginning and end, and
// the small words between.
func (e *reader) strip(c *clause) (int, int) {
	a, z := c.body, c.to
	for a < z {
		if to := max(covered(e.when, a), covered(e.where, a)); to > a {
			a = min(to, z)
			continue
		}
		if n := e.starts(a, small); n > 0 && a+n < z {
			a += n
			continue
		}
		break
	}
	for z > a {
		end := z
		for _, m := range append(slices.Clone(e.when), e.where...) {
			if m.to >= z && m.from < z && m.from > a {
				end = min(end, m.from)
			}
		}
		if end < z {
			z = end
			continue
		}
		if strings.ContainsRune("在于了的", e.r[z-1]) && z-a > 4 && end == z && z < c.to {
			z--
			continue
		}
		break
	}
	return a, z
}

var small = wordList(`下的 上的 里的 内的 旁的 旁边的 附近的 门口的 对面的 楼下的 这边的 的 有 在 都 一直 已经 又 还是 那家 请问 我们 我 想 起 现在 发现 市民 于 位于 开始 发生 存在 每次 老是 经常 总是 今 是 到 说`)

// events finds the words that name the matter: the first clause that says
// something beside where and when, and the first after each 另外.
func (e *reader) events() {
	open := true
	var best *clause
	weight := -1
	take := func() {
		if best != nil {
			a, z := e.strip(best)
			e.add(What, a, z, map[bool]string{true: "what.question", false: "what.clause"}[best.question])
		}
		best, weight = nil, -1
	}
	for i := range e.clauses {
		c := &e.clauses[i]
		if c.second {
			take()
			open = true
		}
		if c.skip || c.wanted || !open {
			continue
		}
		a, z := e.strip(c)
		if z-a < 2 {
			continue
		}
		w := 10 - min(i, 8)
		if e.aside(c) {
			w -= 9
		}
		if e.has(a, z, troubles) {
			w += 4
		}
		if c.question {
			w += 4
		}
		if a > c.body && (covered(e.where, a-1) > a-1 || covered(e.where, c.body) > c.body) {
			w += 3
		}
		if w > weight {
			best, weight = c, w
		}
	}
	take()
}
