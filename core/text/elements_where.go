package text

import (
	"slices"
	"strings"
)

var (
	// heads end the name of a place.
	heads = wordList(`街道 社区 小区 花园 名苑 新苑 豪庭 华庭 家园 雅苑 苑 轩 新村 老村 旧村 村 大道 路 街 巷 工业区 工业园 工业城 科技园 产业园 园区 创业园 公园 广场 市场 大厦 小学 中学 学校 实验学校 幼儿园 医院 社康中心 社康 地铁站 出口 天桥 大桥 河 涌 水库 绿道 高速 国道 公路 步行街 登山道 码头 车库 行政服务大厅 服务大厅 派出所 体育馆 图书馆 文化中心 图书城 北区 南区 东区 西区 城 二队 一队 三队 南门 北门 东门 西门 区 后山 厕所 站 段`)
	// notHeads look like one and are none.
	notHeads = wordList(`城中村 路面 路灯 路人 路障 路过 道路 马路 线路 电路 一路上 城管 城市 河道 河水 河边 街坊 街上 村民 村里 隔壁村 农村 全村 本村 区别 区域 站在 站着 段时间 段子 路边 网路 社区和 小区业委 小区物业 小区的 阶段 街道办 苑里 城里 高速出入口 车站 本市 公交站 市区 小区里 医院看 学校违 手段 路段 高速公 老城 村委 区政府 街边 小区 路口 路改`)
	// parts lie inside a place: after a number or a letter.
	parts = wordList(`栋 号 巷 单元 楼 座 期 幢 号楼 号院 层 室 房 出口 口 区`)
	// beside end a place by where it lies to it.
	besides = wordList(`附近 门口 旁边 旁 对面 后面 路口 周边 那里 这边 一带 楼下 边上 路段 一侧 交叉口 地下车库 工地 里面 门前 入口 大堂 二单元 一单元 路路口 三楼 C口 下面 后山`)
	// before stand before a place and are none of it.
	before = wordList(`在 于 位于 到 去 是 我们 我 有 住在 从 来到 经过 家住 反映 那家 把`)
	homes  = wordList(`我住 住在 我家在 家在 户口在 市民住 租住在 公司在 离我家 从`)
)

// places finds where it is: the names that the gazetteer knows, and what ends as
// the name of a place does, with its numbers and its relation.
func (e *reader) places(s string, known []Stretch) {
	runeAt := func(b int) int { i, _ := slices.BinarySearch(e.finder.at, b); return i }
	var named []mark
	for _, k := range known {
		if k.Start >= 0 && k.Start < k.End && k.End <= len(s) {
			named = append(named, mark{runeAt(k.Start), runeAt(k.End)})
		}
	}
	for ci := range e.clauses {
		c := &e.clauses[ci]
		if c.skip || e.starts(c.body, homes) > 0 {
			continue
		}
		if n := e.starts(c.body, cues); n > 0 && e.starts(c.body, proposals) == 0 {
			continue
		}
		for i := c.body; i < c.to; {
			if to := covered(e.when, i); to > i {
				i = to
				continue
			}
			if n := e.starts(i, before); n > 0 && covered(named, i) == i {
				i += n
				continue
			}
			to, rule := e.place(i, c.to, named)
			if to == i {
				i++
				continue
			}
			e.where = append(e.where, mark{i, to})
			e.add(Where, i, to, rule)
			i = to
		}
	}
}

// starter reports whether a place may begin at i.
func (e *reader) starter(i int) bool {
	return i == 0 || e.ends(i, before) > 0 || !isHan(e.get(i-1))
}

// reach is how many runes a name of a place may have before its head.
const reach = 7

// place gives the end of the place that begins at i; i where none does.
func (e *reader) place(i, end int, named []mark) (int, string) {
	if !slices.ContainsFunc(named, func(m mark) bool { return m.from == i }) && !(i == 0 || e.starter(i) || e.clauseStart(i) || covered(e.when, i-1) == i) {
		return i, ""
	}
	at, rule, name := i, "", false
	for at < end {
		if m := covered(named, at); m > at && m <= end {
			at, rule, name = m, "where.gazetteer", true
			continue
		}
		if name {
			if n := e.starts(at, besides); n > 0 && at+n <= end {
				return at + n, rule
			}
			if n := e.part(at, end); n > 0 {
				at += n
				continue
			}
			if n := e.starts(at, heads); n > 0 && at+n <= end && e.starts(at, notHeads) == 0 {
				at += n
				continue
			}
			if r := e.r[at]; (r == '与' || r == '和') && at+1 < end {
				if n := e.head(at+1, end, named); n > 0 {
					at += 1 + n
					continue
				}
			}
		}
		n := e.head(at, end, named)
		if n == 0 {
			break
		}
		at, name = at+n, true
		if rule == "" {
			rule = "where.head"
		}
	}
	if !name {
		return i, ""
	}
	return at, rule
}

func (e *reader) clauseStart(i int) bool {
	for _, c := range e.clauses {
		if c.body == i {
			return true
		}
	}
	return false
}

// part is the length of a number with what it counts: 25栋, A座, 3楼, B区.
func (e *reader) part(i, end int) int {
	j := i
	for j < end && (isAlnum(e.r[j]) || strings.ContainsRune(chineseDigits+"第-", e.r[j])) {
		j++
	}
	if j == i || j-i > 6 {
		return 0
	}
	if n := e.starts(j, parts); n > 0 && j+n <= end {
		return j + n - i
	}
	return 0
}

// head is the length of the shortest name that begins at i and ends in a head.
func (e *reader) head(i, end int, named []mark) int {
	for j := i + 1; j < min(i+reach+1, end); j++ {
		if e.starts(j-1, verbs) > 0 || e.starts(j-1, actors) > 0 && e.starts(j, heads) == 0 || covered(e.when, j) > j {
			return 0
		}
		n := e.starts(j, heads)
		if n == 0 || j+n > end || e.starts(j, notHeads) > 0 || e.starts(j-1, notHeads) > 0 || e.starts(j-2, notHeads) > 2 {
			continue
		}
		if e.plainBefore(i, j) {
			return j + n - i
		}
	}
	return 0
}

// plainBefore reports whether what stands before a head can be a name.
func (e *reader) plainBefore(i, j int) bool {
	for k := i; k < j; k++ {
		if !isHan(e.r[k]) && !isAlnum(e.r[k]) || strings.ContainsRune("的了很被把我你他她们么吗这那个所各只给让还而但据用", e.r[k]) {
			return false
		}
	}
	return j > i
}

var (
	verbs = wordList(`停 拖欠 没有 不 被 把 排放 投诉 举报 收 交了 希望 要求 请 感谢 咨询 建议 拒绝 违规 占用 堵 表扬 公交 增加 施工 连续 老人 孩子 可以 申请 想 每`)

	// actors name who it is about.
	actors = wordList(`有限公司 公司 集团 企业 制鞋厂 五金厂 电子厂 喷漆厂 工厂 厂家 厂 餐饮店 早餐店 服装店 烧烤店 便利店 店铺 店 商铺 超市 酒吧 酒店 宾馆 网吧 美容院 棋牌室 羽毛球馆 健身房 馆 停车场 机构 培训学校 培训班 学校 幼儿园 医院 诊所 物业公司 物业管理处 物业 管理处 业委会 居委会 二房东 房东 中介 施工单位 施工方 施工队 开发商 用人单位 单位 流动摊贩 摊贩 小贩 小作坊 作坊 银行 商家 快递 快递员 外卖员 网约车司机 公交司机 出租车司机 司机 老板 包工头 工作人员 医生 老师 项目部 广场舞队 泥头车 垃圾车 洗车行 民警 保安 租客 邻居 商户 档口`)
	// roles are said without a name before them.
	roles  = wordList(`二房东 房东 施工单位 施工方 施工队 开发商 用人单位 流动摊贩 摊贩 小贩 网约车司机 公交司机 出租车司机 司机 老板 包工头 医生 老师 泥头车 垃圾车 民警 保安 邻居 广场舞队 工作人员 物业 管理处 业委会 制鞋厂 五金厂 电子厂 喷漆厂 餐饮店 早餐店 服装店 酒吧 美容院 棋牌室 羽毛球馆`)
	notWho = wordList(`店面 厂房 单位名 学校门口 停车场收 公司在 公司有 公司有个 物业费 企业被 惠企 老师傅 酒店式 民警帮 公司门口 企业申 单位审 企业政 银行卡 司机帮 快递柜 老板娘 店里 医院看 邻居都 学校旁`)
)

// nameReach is how many runes of a name may stand before the word that says what
// somebody is.
const (
	nameReach = 14
	mostName  = 12 // of a name that is no company's
)

// actors finds whom it is about. A person's name is no Who.
func (e *reader) actors(s string) {
	persons := e.persons(s)
	for ci := range e.clauses {
		c := &e.clauses[ci]
		if c.skip || c.wanted || e.starts(c.body, ofTeller) > 0 && e.starts(c.body, cues) == 0 && e.get(c.body+1) != '在' {
			continue
		}
		last := c.body
		for i := c.body; i < c.to; i++ {
			n := e.starts(i, actors)
			if n == 0 || i+n > c.to || e.starts(i, notWho) > 0 && e.starts(i, roles) == 0 {
				continue
			}
			from := i
			if e.starts(i, roles) == 0 || strings.ContainsRune("物管业", e.r[i]) {
				from = e.named(i, max(last, c.body))
			}
			to := i + n
			for m := e.starts(to, actors); m > 0 && to+m <= c.to; m = e.starts(to, actors) { // 物业管理处
				to += m
			}
			if covered(e.where, to-1) > to-1 && covered(e.where, from) > from {
				i = to - 1
				continue // it is where
			}
			if from == i && e.starts(i, roles) == 0 || to-from > mostName && !strings.HasSuffix(string(e.r[from:to]), "公司") {
				last, i = to, to-1
				continue // 单位, 企业: nobody in particular
			}
			if !slices.ContainsFunc(persons, func(m mark) bool { return m.from < to && from < m.to }) {
				e.add(Who, from, to, map[bool]string{true: "who.name", false: "who.role"}[from < i])
			}
			last, i = to, to-1
		}
	}
}

// named goes back from i over the name that stands there.
func (e *reader) named(i, first int) int {
	from := i
	for from > first && i-from < nameReach {
		r := e.r[from-1]
		if !isHan(r) && !isAlnum(r) || strings.ContainsRune("的了在被把向找去到有于是从和与及我你他她们这那某给叫说让跟起对但而因为各等照现严禁促入如属", r) ||
			covered(e.where, from-1) > from-1 || covered(e.when, from-1) > from-1 {
			break
		}
		from--
	}
	if e.starts(i, ofPlace) > 0 && from == i { // 锦绣花园物业
		for _, m := range e.where {
			if m.to == i {
				return m.from
			}
		}
	}
	return from
}

// ofPlace are those who are named by their place.
var ofPlace = wordList(`物业 管理处 业委会 居委会`)

// persons are the names of people in the text.
func (e *reader) persons(s string) (out []mark) {
	for _, f := range FindPersonal(s) {
		a, _ := slices.BinarySearch(e.finder.at, f.Start)
		z, _ := slices.BinarySearch(e.finder.at, f.End)
		out = append(out, mark{a, z})
	}
	return out
}
