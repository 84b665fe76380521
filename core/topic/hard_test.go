package topic

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// words are what a city of traps is made of. Two sets share no word that tells a
// place or a trouble, so that what is tuned on one is measured on the other.
type words struct {
	places   []string   // each with its written forms, joined by |
	troubles [][]string // the ways in which people say one trouble
	chatter  []string   // what people say besides
	singles  []string   // subjects of messages that belong to nothing
}

var tuning = words{
	places: []string{"金湖花园小区|金湖花园|A3区金湖花园", "翠竹苑小区|A1区翠竹苑|翠竹苑", "东方名都小区|东方名都|A2区东方名都小区", "城南职业技术学院|城南职院", "银杏公寓|A4区银杏公寓", "麓山里小区|麓山里|A3区麓山里", "惠民新村|A7县惠民新村", "高桥大市场|高桥市场", "紫荆广场|A5区紫荆广场", "地铁6号线望月站|6号线望月站"},
	troubles: [][]string{
		{"搅拌站日夜施工噪音大", "旁边的混凝土搅拌厂噪声扰民", "搅拌站粉尘噪音让人没法睡", "渣土车和搅拌机整夜轰鸣"},
		{"物业捆绑销售车位", "买房必须同时买车位", "开发商强制搭售停车位", "不买车位就不给签合同"},
		{"楼下烧烤店油烟直排", "餐馆油烟熏得不敢开窗", "夜宵摊油烟扰民", "饭店没有专用烟道油烟刺鼻"},
		{"电梯三天两头停运", "电梯故障多次困人", "老旧电梯没人维修", "电梯坏了一个月没修"},
		{"学校安排学生进工厂顶岗", "强迫学生去流水线实习", "不实习就不发毕业证", "学校组织学生外出打工"},
		{"幼儿园改成普惠园的承诺没有兑现", "配套幼儿园迟迟不开办", "幼儿园收费太高不是公办", "配套幼儿园被租出去了"},
	},
	chatter: []string{"我们已经多次打电话都没有结果", "恳请领导尽快给个说法", "家里有老人和小孩", "希望有关部门现场看一看", "这个情况已经持续了半年", "白天黑夜都这样", "大家都很着急", "请给一个明确的答复"},
	singles: []string{"公积金异地转移怎么办", "身份证丢失补办", "养老金认证不上", "高考加分政策", "独生子女补贴标准", "驾驶证换证", "医保报销比例", "建议增加图书馆座位", "宅基地确权", "退役军人安置", "公交线路延长", "路灯不亮", "非法集资", "垃圾清运不及时", "农田灌溉缺水", "社保断缴补交", "小学学位紧张", "出租车拒载", "自来水发黄", "危房改造补助"},
}

var heldOut = words{
	places: []string{"锦绣江南小区|锦绣江南|B3区锦绣江南", "白鹭洲家园|B1区白鹭洲家园|白鹭洲小区", "盛世华庭小区|盛世华庭|B2区盛世华庭", "江北财经大学|江北财大|财经大学江北校区", "枫丹白露公馆|枫丹白露", "望江亭社区|望江亭|B6区望江亭", "五星村|B8县五星村", "红旗路农贸市场|红旗农贸市场", "时代天街广场|时代天街", "地铁3号线柳林站|3号线柳林站"},
	troubles: [][]string{
		{"高铁夜间通过震动声太吵", "铁路没有隔音屏轰隆声不断", "列车鸣笛让孩子惊醒", "离铁轨太近隔音屏没装"},
		{"精装房墙面开裂漏水", "收房发现墙体裂缝渗水", "房屋质量差到处渗漏", "交付的精装修严重缩水开裂"},
		{"广场舞音响放到半夜", "跳舞的大喇叭太响", "音响扩音跳舞吵到深夜", "每晚跳舞放大音响"},
		{"水压太低高层没水用", "自来水经常停高层断水", "二次供水泵坏了没水", "停水一周没有通知"},
		{"贷款平台老板跑路受害人血本无归", "车贷公司诈骗立案没进展", "投资被骗公安立案后没消息", "车贷诈骗案几时退赔"},
		{"摊贩占住人行道没法走", "流动摊点堵住通道", "摆摊的占道经营", "摊贩把路口堵死"},
	},
	chatter: []string{"此事反映过好几回", "盼望给予重视", "已经影响正常生活", "盼早日答复", "附近的人都有意见", "真的受不了了", "从去年起一直没人管", "到底归哪里管"},
	singles: []string{"生育津贴申领", "户口迁移材料", "残疾证年审", "职称评审时间", "契税减免", "网约车资格证", "低保审核", "校车接送", "流浪狗伤人", "路面塌陷", "天然气安装收费", "林权纠纷", "拆迁补偿没到账", "广告牌松动", "下水道堵塞", "共享单车乱放", "快递丢失", "电信套餐乱扣费", "医院挂号难", "河道污染"},
}

// hardCity makes messages with traps, seeded: the same trouble at many places,
// several troubles of one place, places written in several forms, one person who
// writes many times, and four of five messages that belong to nothing. The truth
// is the event of each message, or the message itself.
func hardCity(w words, seed uint64, events, noise int) (docs []Doc, truth map[string]string, sizes map[string]int) {
	r := rand.New(rand.NewPCG(seed, 7))
	pick := func(s []string) string { return s[r.IntN(len(s))] }
	begin := time.Date(2024, 1, 1, 8, 0, 0, 0, time.UTC)
	truth, sizes = map[string]string{}, map[string]int{}
	put := func(event, title, body, who string, at time.Time) {
		id := fmt.Sprintf("%05d", len(docs))
		docs = append(docs, Doc{ID: id, At: at, Who: who, Title: title, Text: body})
		if event == "" {
			event = "one-" + id
		}
		truth[id] = event
		sizes[event]++
	}
	seen := map[string]bool{}
	for len(seen) < events {
		p, t := r.IntN(len(w.places)), r.IntN(len(w.troubles))
		key := fmt.Sprintf("p%d-t%d", p, t)
		if seen[key] {
			continue
		}
		seen[key] = true
		size := 2 + int(r.ExpFloat64()*8)
		start := begin.AddDate(0, 0, r.IntN(300))
		for k := range size {
			forms := strings.Split(w.places[p], "|")
			place, way := pick(forms), pick(w.troubles[t])
			title := pick([]string{"%s%s", "反映%s%s", "投诉%s%s的问题", "%s%s谁来管", "请关注%s%s"})
			who := fmt.Sprintf("u%d", r.IntN(100000))
			if k > 0 && r.IntN(6) == 0 {
				who = docs[len(docs)-1].Who
			}
			body := fmt.Sprintf("我是%s的住户。%s，%s。%s。%s。", pick(forms), pick(w.troubles[t]), pick(w.troubles[t]), pick(w.chatter), pick(w.chatter))
			put(key, fmt.Sprintf(title, place, way), body, who, start.Add(time.Duration(r.ExpFloat64()*20*24)*time.Hour))
		}
	}
	for range noise {
		subject := pick(w.singles)
		place := fmt.Sprintf("%c%c%s", rune('一'+r.IntN(4000)), rune('一'+r.IntN(4000)), pick([]string{"小区", "花园", "村", "路", "学校", "镇"}))
		body := fmt.Sprintf("%s的%s，%s。%s。", place, subject, pick(w.chatter), pick(w.chatter))
		if r.IntN(3) == 0 { // the same trouble elsewhere, once
			body = fmt.Sprintf("%s%s。%s。", place, pick(w.troubles[r.IntN(len(w.troubles))]), pick(w.chatter))
			subject = ""
		}
		put("", place+subject, body, fmt.Sprintf("u%d", r.IntN(100000)), begin.AddDate(0, 0, r.IntN(360)))
	}
	return docs, truth, sizes
}

// singlePass is the baseline: cosine of TF-IDF with the mean of each group so
// far, one pass in the order of arrival.
func singlePass(docs []Doc, threshold float64) map[string]int {
	s := &Space{o: Options{}.withDefaults(), docs: docs, df: map[uint32]int32{}}
	raws := make([]raw, len(docs))
	for i := range docs {
		d := docs[i]
		raws[i] = raw{title: []rune(d.Title), body: []rune(d.Text)}
		raws[i].count(&d)
		s.countIn(&raws[i])
	}
	out := map[string]int{}
	var sums []vec
	var ns []float64
	for i := range docs {
		v := s.weigh(&raws[i], 2).rest
		best, like := -1, threshold
		for g, sum := range sums {
			if c := dot(sum, v) / ns[g]; c >= like {
				best, like = g, c
			}
		}
		if best < 0 {
			best = len(sums)
			sums, ns = append(sums, nil), append(ns, 0)
		}
		sums[best] = add(sums[best], v)
		ns[best]++
		out[docs[i].ID] = best
	}
	return out
}
