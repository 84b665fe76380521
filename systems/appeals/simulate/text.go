package simulate

import (
	"bytes"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// style is who wrote the text down.
type style int

const (
	casual style = iota // the citizen, on a phone
	terse               // the citizen, in a hurry
	formal              // an agent or a clerk, in the third person
)

// page is a text in the making.
type page struct {
	b []byte
	r random
}

func (p *page) add(s string) { p.b = append(p.b, s...) }

// fill adds a phrase, with # as a number from 2 to 9 and % as one from 10 to 59.
func (p *page) fill(s string) {
	for i := range len(s) {
		switch c := s[i]; c {
		case '#':
			p.b = append(p.b, byte('2'+p.r.IntN(8)))
		case '%':
			p.number(10, 59)
		default:
			p.b = append(p.b, c)
		}
	}
}

func (p *page) any(list []string) { p.fill(p.r.of(list)) }

func (p *page) number(lo, hi int) { p.b = strconv.AppendInt(p.b, int64(p.r.between(lo, hi)), 10) }

// stop ends a sentence or joins it to the next, unless something has.
func (p *page) stop(mark string) {
	if last, _ := utf8.DecodeLastRune(p.b); last != utf8.RuneError && !strings.ContainsRune("，。！？：；.\n", last) {
		p.add(mark)
	}
}

var (
	openings = lines(`你好，
您好，
您好！
领导好，
请问有人管吗，
麻烦管一下，
投诉一下，
反映个问题，
各位领导，
真的受不了了，
在吗？
尊敬的领导：
我要反映，
救救我们吧，
又来投诉了，
还是上次的问题，`)
	heard = lines(`市民反映，
市民来电反映，
来电人反映，
市民来电称，
诉求人反映：
来电市民表示，
市民致电反映，
群众反映，
市民来电投诉，
市民称`)
	lately = lines(`最近
这几天
这段时间
这#天
已经#个星期了，
从上个月开始，
连续#天，
每天
天天
近#个月来，
上周开始
这两天
前几天
一直以来，`)
	formalLately = lines(`近期，
近#日，
自上月以来，
连续多日，
长期以来，
近#个月，
约#天前，`)
	near       = lines("附近\n门口\n旁边\n对面\n后面\n路口\n周边\n那里\n这边\n一带\n楼下\n边上")
	formalNear = lines("附近\n周边\n门口\n路段\n旁\n一侧\n对面")
	details    = lines(`持续差不多%分钟。
涉及#栋楼的住户。
就在第#根灯杆旁边。
从%号到#号那一段最严重。
每天#点左右最明显。
大概有#米长。
现场照片我已经上传了。
有视频为证。
旁边就是公交站，人流很大。
前后有%米左右。
我是%号楼的住户。
一共发现了#处。
昨天又数了一下，有%个。
离我家不到%米。
群里#百多个邻居都在说。
到现在有%天了。
当时在场的有#个人。
去年也发生过#次。`)
	history = lines(`之前投诉过#次都没有解决。
打过#次电话没人处理。
上次回复说已处理，其实根本没动。
上个月也反映过，好了#天又这样。
找过社区和管理处，都说不归他们管。
部门之间互相推，没有一个肯管。
已经是第#次反映了。
之前有人来看过，拍了张照就走了。
12345打了#次了。
上次的工单显示办结，可是问题还在。`)
	formalHistory = lines(`市民表示此前已反映#次未果。
市民称曾联系物业，对方未处理。
市民不认可上次回复内容。
市民表示此前工单已办结，但问题未解决。
经询问，市民未向其他部门反映。
市民称曾到现场交涉，对方态度不好。`)
	recurring = lines(`上次处理之后好了#天，现在又反弹了。
处理完没多久又和以前一样了。
#天前刚回访说解决了，今天又出现。
又来了，一点都没变。`)
	asks = map[string][]string{
		"complaint": lines(`请尽快处理。
希望有关部门管一管。
请问到底谁来管？
希望给个说法。
麻烦派人来看一下。
请彻底解决，不要敷衍。
要求严肃处理并回复我。
希望#天之内解决。
谢谢。
请核实处理！
能不能有人管管？`),
		"help": lines(`请帮忙处理一下，谢谢。
麻烦尽快安排人来修。
急急急，请尽快处理。
希望能帮帮我们。
请问找谁可以解决？
请协调解决。
盼回复。
麻烦尽快，谢谢！`),
		"report": lines(`请依法查处。
希望严查并保护举报人信息。
请突击检查，不要提前通知。
要求查处并公布结果。
请相关部门去查一查。
照片和视频我都有。`),
		"consult": lines(`麻烦解答一下，谢谢。
请问应该联系哪个部门？
希望尽快回复。
谢谢！
请告知电话和地址。
网上说法不一，请以官方答复为准。
盼复。`),
		"suggestion": lines(`希望采纳。
请有关部门研究一下。
望回复是否可行。
相信大家都会支持。
谢谢。`),
		"praise": lines(`请转达我的感谢。
希望给予表扬。
点赞！
谢谢你们。`),
	}
	formalAsks = map[string][]string{
		"complaint":  lines("请相关部门核实处理并回复。\n希望相关部门尽快处理。\n要求核查处理。\n请核实。\n诉求：依法处理，给予答复。\n希望规范管理。"),
		"help":       lines("请相关部门协助处理。\n希望尽快安排人员处理。\n请协调解决并回复市民。\n诉求：尽快恢复。"),
		"report":     lines("请依法查处，市民要求对个人信息保密。\n请核查。\n要求查处并回复处理结果。"),
		"consult":    lines("请解答。\n请相关部门给予解释说明。\n市民来电咨询，请回复。\n请联系市民答复。"),
		"suggestion": lines("请相关部门研究。\n建议相关部门考虑。\n请回复是否采纳。"),
		"praise":     lines("市民要求转达谢意。\n请予以表扬。"),
	}
	sarcasms = lines(`你们的办事效率真高，#个月了还在研究。
可能要等上了新闻才有人管吧。
感谢贵单位让我天天免费听演唱会。
文明城市果然名不虚传。
是不是要等出了人命才重视？
回复永远是“高度重视”，佩服佩服。
交了税换来的就是这个，呵呵。
建议领导来这里住一晚体验一下。
真是为人民服务的好榜样。`)
	backgrounds = lines(`我是外地户口，
我在这边工作#年了，
我孩子今年#岁，
我爱人是深户，
我是个体户，
我刚从外地过来#个月，
我妈今年六十#岁，
公司在工业区里，有%个员工，
我租房住，租约还有#个月，
我有居住证，办了#年了，
社保交了#年零#个月，
上周去窗口问过一次，
网上查了半天没看懂，
打了#个电话都没人接，
材料已经交了%天，
之前在老家办过，
我一个人带#个孩子，
今年#月份刚毕业，
我是退休人员，
公司#月份刚成立，`)
	furthermore = lines(`需要本人到场吗？
大概要几个工作日？
周末能不能办？
要收费吗？
代办需要带什么？
能不能在#号窗口办？
有没有联系电话？
网上提交之后还要不要跑一趟？
过了#月还能不能办？
超过%天怎么办？
外省的证明认不认？
复印件可以吗？要几份，#份够不够？`)
	particulars = lines("有什么规定\n具体怎么办\n有哪些要求\n的最新规定是什么\n应该怎么弄")
	dwell       = lines("住在\n家在\n租住在\n公司在\n户口在")
	wait        = lines("。\n，\n！\n，，\n。。\n...")
	whenToday   = lines("今天早上\n今天中午\n今天下午\n刚才\n昨天\n昨晚\n今天")
	secondly    = lines("另外，\n还有，\n对了，\n此外，\n还有一个问题，\n顺便反映一下，")
	typoPairs   = pairs(`噪音 燥音|投诉 投拆|垃圾 垃级|严重 严众|小区 小去|处理 处里|占用 站用|施工 是工|物业 勿业|影响 影晌|扰民 扰名|希望 希忘|晚上 完上|已经 己经|反映 反应|一直 一只|经常 径常|根本 跟本|附近 付近|住户 驻户|回复 回覆|解决 解绝|危险 危俭|拖欠 拖歉|工资 公资|停车 停本|安全 按全|漏水 陋水|政府 正府|电话 电活`)
	cantonese   = pairs(`没有 冇|不是 唔係|是不是 係咪|什么 咩|怎么 点解|他们 佢哋|我们 我哋|现在 而家|晚上 夜晚黑|这里 呢度|睡不着 瞓唔着|睡觉 瞓觉|小孩 细路仔|吵得 嘈到|很大 好大|在这 喺呢|谢谢 唔该|都没 都冇|知道 知|东西 嘢`)
	elsewhere   = pairs(`什么 啥|怎么 咋|孩子 娃|我们 俺们|没有 没得|很 蛮|老人 老人家|晚上 晚黑|说 讲|知道 晓得`)
	plateTails  = "0123456789ABCDEFGH"
)

func pairs(s string) (out [][2][]byte) {
	for _, p := range strings.Split(s, "|") {
		from, to, _ := strings.Cut(p, " ")
		out = append(out, [2][]byte{[]byte(from), []byte(to)})
	}
	return out
}

// script is what a text has to say.
type script struct {
	item    *item
	also    *item
	place   int // -1: none
	kind    string
	style   style
	when    time.Time
	citizen Appellant
	recurs  bool
	trigger string // a word that a dispatch rule asks for; empty mostly
	truth   *Truth
}

// write composes title and text. It notes in the truth what it put in.
func (g *Generator) write(s *script) (title, text string) {
	p := &g.page
	p.b, p.r = p.b[:0], g.r
	object, problem := g.speak(s.item, s.style)
	s.truth.WrongPlace = s.place >= 0 && s.style != formal && g.r.chance(0.1)

	if s.place >= 0 && s.kind != "consult" && g.r.chance(0.8) {
		p.add(g.pack.places[s.place].name)
	}
	p.add(object)
	if short, _, ok := strings.Cut(problem, "，"); ok && g.r.chance(0.8) {
		p.add(short)
	} else {
		p.add(problem)
	}
	title = string(p.b)

	p.b = p.b[:0]
	switch {
	case s.kind == "consult":
		g.enquiry(p, s, object, problem)
	case s.style == terse:
		g.where(p, s)
		p.add(s.trigger)
		g.core(p, s, object, problem)
		if g.r.chance(0.6) {
			p.stop("，")
			p.any(asks[s.ask()])
		}
	case s.style == formal:
		g.report(p, s, object, problem)
	default:
		g.story(p, s, object, problem)
	}
	if s.also != nil {
		p.stop("。")
		p.any(secondly)
		o, q := g.speak(s.also, s.style)
		p.add(o)
		p.add(q)
		p.stop("，")
		p.add("也请一起处理。")
	}
	g.personal(p, s)
	p.stop(p.r.of(wait[:1]))
	if s.style != formal {
		g.distort(p, s)
	}
	return title, string(p.b)
}

// speak chooses how the item is named: by its proper words, or as people do.
func (g *Generator) speak(it *item, st style) (object, problem string) {
	object, problem = it.objects[0], it.problems[0]
	proper := 0.35
	if st == formal {
		proper = 0.65
	}
	if !g.r.chance(proper) {
		object = g.r.of(it.objects)
	}
	if len(it.problems) > 1 && !g.r.chance(proper) {
		problem = it.problems[1+g.r.IntN(len(it.problems)-1)]
	}
	return object, problem
}

// ask returns the kind under which to ask.
func (s *script) ask() string {
	if _, ok := asks[s.kind]; ok {
		return s.kind
	}
	return "complaint"
}

// goesOn reports whether the matter may have lasted for a while.
func (s *script) goesOn() bool {
	return s.item.urgency == "normal" && s.kind != "suggestion" && s.kind != "praise"
}

// core says what is wrong.
func (g *Generator) core(p *page, s *script, object, problem string) {
	wish, rest, _ := strings.Cut(problem, "，")
	switch {
	case strings.HasPrefix(wish, "建议"):
		p.add("建议")
		if verb := strings.TrimPrefix(wish, "建议"); verb != "" {
			p.add(verb)
			p.add(object)
		} else {
			p.add("重视")
			p.add(object)
		}
		if rest != "" {
			p.add("，")
			p.add(rest)
		}
	case strings.HasPrefix(problem, "表扬"):
		p.add("表扬")
		p.add(object)
		if rest != "" {
			p.add("，")
			p.add(rest)
		}
	default:
		p.add(object)
		p.add(problem)
	}
}

// where says where it is, as far as it is anywhere.
func (g *Generator) where(p *page, s *script) {
	if s.place < 0 {
		return
	}
	pl := &g.pack.places[s.place]
	c := &g.pack.communities[pl.community]
	st := &g.pack.streets[c.street]
	name := pl.name
	if len(pl.aliases) > 0 && p.r.chance(0.3) {
		name = p.r.of(pl.aliases)
	}
	if s.truth.WrongPlace {
		// The neighbouring street or community, or the name as it was before
		// the streets were divided.
		if p.r.chance(0.5) {
			p.add(g.pack.streets[g.otherStreet(c.street)].short)
		} else {
			p.add(g.pack.communities[c.neighbours[p.r.IntN(len(c.neighbours))]].short)
		}
	} else if s.style == formal {
		if p.r.chance(0.7) {
			p.add(st.name)
			if p.r.chance(0.7) {
				p.add(c.name)
			}
		}
	} else if n := p.r.IntN(10); n < 3 {
		p.add(st.short)
	} else if n < 4 {
		p.add(st.name)
		p.add(c.name)
	} else if n < 5 {
		p.add(c.short)
	}
	p.add(name)
	switch pl.kind {
	case "estate":
		if p.r.chance(0.5) {
			p.number(1, 28)
			p.add("栋")
			if p.r.chance(0.3) {
				p.any(lines3)
			}
			return
		}
	case "village":
		if p.r.chance(0.5) {
			p.number(1, 18)
			p.add("巷")
			p.number(1, 30)
			p.add("号")
			return
		}
	case "road":
		if n := p.r.IntN(10); n < 4 {
			p.number(1, 399)
			p.add("号")
			return
		} else if other := g.someRoad(pl.community); n < 6 && g.pack.places[other].name != pl.name {
			p.add("与")
			p.add(g.pack.places[other].name)
			p.add("交叉口")
			return
		}
	case "metro":
		if p.r.chance(0.6) {
			p.b = append(p.b, byte('A'+p.r.IntN(6)))
			p.add("出口")
			return
		}
	case "industrial_park":
		if p.r.chance(0.6) {
			p.b = append(p.b, byte('A'+p.r.IntN(8)))
			p.add("栋")
			if p.r.chance(0.5) {
				p.number(1, 8)
				p.add("楼")
			}
			return
		}
	}
	if s.style == formal {
		p.any(formalNear)
	} else {
		p.any(near)
	}
}

var lines3 = lines("一单元\n二单元\n楼下\n#楼\n门口\n大堂\n地下车库")

// story is a citizen's own text.
func (g *Generator) story(p *page, s *script, object, problem string) {
	if p.r.chance(0.55) {
		p.any(openings)
	}
	first := p.r.IntN(3)
	if first == 0 && p.r.chance(0.5) && s.goesOn() {
		g.moment(p, s)
	}
	if p.r.chance(0.93) {
		g.where(p, s)
	}
	if first == 1 && p.r.chance(0.6) && s.goesOn() {
		p.any(lately)
	}
	p.add(s.trigger)
	g.core(p, s, object, problem)
	if s.kind == "praise" {
		p.stop("。")
		p.any(asks["praise"])
		return
	}
	p.stop(p.r.of(wait))
	if s.recurs {
		p.any(recurring)
	}
	impact := p.r.chance(0.7)
	if impact && first != 2 {
		p.any(s.item.theme.impacts)
		p.stop(p.r.of(wait))
	}
	if p.r.chance(0.35) {
		p.any(details)
	}
	if p.r.chance(0.3) {
		p.any(history)
	}
	if impact && first == 2 {
		p.any(s.item.theme.impacts)
		p.stop("。")
	}
	if p.r.chance(0.1) && s.kind != "suggestion" {
		s.truth.Sarcasm = true
		p.any(sarcasms)
	}
	if p.r.chance(0.8) {
		p.stop("，")
		p.any(asks[s.ask()])
	}
}

// report is a text written down for the citizen.
func (g *Generator) report(p *page, s *script, object, problem string) {
	p.any(heard)
	if p.r.chance(0.5) && s.goesOn() {
		p.any(formalLately)
	}
	g.where(p, s)
	p.add(s.trigger)
	g.core(p, s, object, problem)
	p.stop("。")
	if s.recurs {
		p.add("市民表示问题反复出现，")
		p.any(recurring)
	}
	if p.r.chance(0.6) && s.kind != "praise" {
		p.add("市民表示")
		p.any(s.item.theme.impacts)
		p.stop("。")
	}
	if p.r.chance(0.2) && s.kind != "praise" {
		p.any(details)
	}
	if p.r.chance(0.3) && s.kind != "praise" {
		p.any(formalHistory)
	}
	p.any(formalAsks[s.ask()])
}

// enquiry asks for a rule, a way or a progress.
func (g *Generator) enquiry(p *page, s *script, object, problem string) {
	if s.style == formal {
		p.add("市民来电咨询：")
	} else if p.r.chance(0.4) {
		p.any(openings[:6])
	}
	if p.r.chance(0.3) && s.citizen.ID > 0 {
		if s.style == formal {
			p.add("市民")
		} else {
			p.add("我")
		}
		p.add(p.r.of(dwell))
		p.add(g.pack.communities[g.people.home(s.citizen.ID)].short)
		p.add("，")
	}
	if p.r.chance(0.55) {
		p.any(backgrounds)
	}
	if s.style != formal || p.r.chance(0.3) {
		p.add("请问")
	}
	p.add(s.trigger)
	p.add(object)
	if subject, proper := strings.CutSuffix(problem, "咨询"); proper {
		p.add(subject)
		p.any(particulars)
	} else {
		p.add(problem)
	}
	p.stop("？")
	if p.r.chance(0.45) {
		p.any(furthermore)
	}
	if p.r.chance(0.5) {
		if s.style == formal {
			p.any(formalAsks["consult"])
		} else {
			p.any(asks["consult"])
		}
	}
}

// moment says when, in step with the clock of the report.
func (g *Generator) moment(p *page, s *script) {
	switch n := p.r.IntN(4); n {
	case 0:
		p.any(whenToday)
	case 1:
		h := (s.when.Hour() + 23 - p.r.IntN(3)) % 24
		if h < 6 {
			p.add("凌晨")
		} else if h >= 18 {
			p.add("晚上")
			h -= 12
		} else if h > 12 {
			p.add("下午")
			h -= 12
		} else {
			p.add("上午")
		}
		p.b = strconv.AppendInt(p.b, int64(h), 10)
		p.add("点多")
	default:
		p.any(lately)
	}
}

// personal puts somebody's details into the text, now and then.
func (g *Generator) personal(p *page, s *script) {
	if s.citizen.ID == 0 || !p.r.chance(0.055) {
		return
	}
	s.truth.PersonalData = true
	p.stop("。")
	switch p.r.IntN(7) {
	case 0:
		p.add("我叫")
		p.add(s.citizen.Name)
		p.add("，电话")
		p.add(s.citizen.Phone)
	case 1:
		p.add("联系电话：")
		p.add(s.citizen.Phone)
		p.add("，微信同号")
	case 2:
		p.add("本人")
		p.add(s.citizen.Name)
		p.add("，身份证号")
		p.add(g.people.identity(s.citizen.ID))
	case 3:
		p.add("我住")
		p.number(1, 20)
		p.add("栋")
		p.number(1, 30)
		p.add("0")
		p.number(1, 8)
		p.add("房，姓名")
		p.add(s.citizen.Name)
	case 4:
		p.add("车牌是粤BI") // no plate has the letter I
		for range 4 {
			p.b = append(p.b, plateTails[p.r.IntN(len(plateTails))])
		}
	case 5:
		other := g.people.person(g.people.resident(g.r, p.r.IntN(len(g.pack.communities))))
		p.add("对方姓名")
		p.add(other.Name)
		p.add("，电话")
		p.add(other.Phone)
	case 6:
		p.add("请打我电话")
		p.add(s.citizen.Phone[:3])
		p.add("-")
		p.add(s.citizen.Phone[3:7])
		p.add("-")
		p.add(s.citizen.Phone[7:])
	}
}

// distort makes typos, and turns some texts into dialect.
func (g *Generator) distort(p *page, s *script) {
	if p.r.chance(0.09) {
		list := cantonese
		if p.r.chance(0.3) {
			list = elsewhere
		}
		for _, w := range list {
			if i := bytes.Index(p.b, w[0]); i >= 0 {
				p.b = bytes.Replace(p.b, w[0], w[1], 1)
				s.truth.Dialect = true
			}
		}
	}
	if p.r.chance(0.12) {
		for i, at := 0, p.r.IntN(len(typoPairs)); i < len(typoPairs) && s.truth.Typos < 2; i++ {
			w := typoPairs[(at+i)%len(typoPairs)]
			if j := bytes.Index(p.b, w[0]); j >= 0 {
				copy(p.b[j:], w[1]) // both are as long
				s.truth.Typos++
			}
		}
	}
}

// address is what the citizen typed into the address field.
func (g *Generator) address(place int, wrong bool) string {
	p := &g.page
	p.b, p.r = p.b[:0], g.r
	pl := &g.pack.places[place]
	c := &g.pack.communities[pl.community]
	street := c.street
	if wrong {
		street = g.otherStreet(street)
	}
	if p.r.chance(0.4) {
		p.add(g.pack.district)
	}
	if p.r.chance(0.7) {
		p.add(g.pack.streets[street].name)
	}
	if p.r.chance(0.35) && !wrong {
		p.add(c.name)
	}
	p.add(pl.name)
	switch pl.kind {
	case "estate":
		p.number(1, 28)
		p.add("栋")
	case "village", "road":
		p.number(1, 300)
		p.add("号")
	default:
		if p.r.chance(0.4) {
			p.any(near)
		}
	}
	return string(p.b)
}
