package simulate

import (
	"strings"
	"time"
)

// hours is how many of a day's appeals come in each hour, on workdays and on
// days off.
var hours = [2][24]float64{
	{9, 5, 3, 2, 2, 4, 12, 28, 62, 88, 92, 78, 52, 50, 76, 84, 80, 66, 48, 46, 52, 50, 38, 20},
	{12, 7, 4, 3, 3, 5, 14, 26, 44, 60, 66, 62, 56, 52, 56, 58, 58, 56, 54, 56, 64, 62, 46, 26},
}

// months and weekdays scale a day; their means are one.
var (
	months   = [13]float64{0, 0.87, 0.80, 0.98, 1.02, 1.08, 1.12, 1.12, 1.10, 1.04, 0.98, 0.95, 0.94}
	weekdays = [7]float64{0.84, 1.13, 1.08, 1.05, 1.03, 1.01, 0.86}
)

// part is a part of the day, in which people complain about different things.
type part int

const (
	night   part = iota // 22 to 7
	morning             // 7 to 12
	noon                // 12 to 14
	daytime             // 14 to 18
	evening             // 18 to 22
	parts
)

func partOf(hour int) part {
	switch {
	case hour >= 22 || hour < 7:
		return night
	case hour < 12:
		return morning
	case hour < 14:
		return noon
	case hour < 18:
		return daytime
	}
	return evening
}

// volume returns the factor of a day of the table.
func (w *worktime) volume(day int) float64 {
	t := time.Unix(w.starts[day], 0).In(w.zone)
	f := months[t.Month()]
	switch {
	case w.work[day] && (t.Weekday() == time.Saturday || t.Weekday() == time.Sunday): // make-up day
		return f
	case !w.work[day] && w.off[day] >= 5 && t.Month() <= time.February:
		return f * 0.45 // 春节: people have gone home
	case !w.work[day] && w.off[day] >= 3:
		return f * 0.72
	}
	return f * weekdays[t.Weekday()]
}

// habit says when an item whose name or group contains one of the words is
// reported: factors by part of the day, for days off, and by month.
type habit struct {
	words  []string
	parts  [parts]float64
	off    float64
	months string // one digit a month, 5 is usual; empty: all usual
}

var habits = []habit{
	{words(`夜间施工 夜间清运 夜间装卸 深夜`), [parts]float64{9, 0.3, 0.1, 0.1, 0.8}, 0.9, ""},
	{words(`午间施工`), [parts]float64{0, 0.2, 9, 0.3, 0}, 1, ""},
	{words(`KTV 酒吧 文化娱乐噪声 夜市 烧烤 大排档 社会生活噪声 商业经营噪声 飙车`), [parts]float64{3, 0.4, 0.5, 0.5, 2.5}, 1.3, "445566776544"},
	{words(`噪声 噪音 扰民 吠叫`), [parts]float64{2, 0.9, 1, 0.8, 1.4}, 1.2, ""},
	{words(`油烟`), [parts]float64{1, 0.6, 1.8, 0.7, 2}, 1.2, ""},
	{words(`不亮 照明 路灯`), [parts]float64{2.2, 0.5, 0.3, 0.5, 2.5}, 1, "655444445566"},
	{words(`废气 异味`), [parts]float64{2, 1, 0.7, 0.8, 1.4}, 1, ""},
	{words(`积水 内涝 滑坡 边坡 溢流 倒灌`), [parts]float64{1, 1, 1, 1, 1}, 1, "112468887521"},
	{words(`树木 行道树 断枝`), [parts]float64{0.7, 1.3, 1, 1, 0.8}, 1, "334567888654"},
	{words(`登革热 蚊 消杀`), [parts]float64{0.7, 1, 1, 1, 1.2}, 1, "223468888753"},
	{words(`停电 空调 高温 供电`), [parts]float64{1.5, 0.8, 1, 1, 1.8}, 1, "334568998533"},
	{words(`招生入学 学位 学区 积分入学`), [parts]float64{0.2, 1.4, 0.8, 1.4, 0.6}, 0.3, "346999743322"},
	{words(`中考 高考`), [parts]float64{0.4, 1.3, 0.8, 1.3, 0.7}, 0.5, "334489852222"},
	{words(`培训机构 托管`), [parts]float64{0.4, 1, 1, 1.2, 1.3}, 1, "454557886544"},
	{words(`工资 欠薪`), [parts]float64{0.3, 1.4, 0.9, 1.3, 0.8}, 0.6, "984444444569"},
	{words(`燃放`), [parts]float64{3, 0.5, 0.5, 0.6, 3}, 3, "990000000002"},
	{words(`消费纠纷 预付 食品 价格`), [parts]float64{0.5, 1, 1.1, 1.1, 1.3}, 1.2, ""},
	{words(`政务 税务 社保 社会保险 医疗保障 公积金 户籍 身份证 出入境 不动产 登记 招投标 仲裁 人才 就业 公共住房`), [parts]float64{0.12, 1.6, 0.8, 1.5, 0.3}, 0.25, ""},
	{words(`停放 拥堵 交通秩序`), [parts]float64{0.7, 1.5, 0.8, 1, 1.3}, 0.9, ""},
}

// enquiries are made in office hours, if nothing else is said of them.
var enquiries = habit{nil, [parts]float64{0.25, 1.4, 0.9, 1.3, 0.6}, 0.5, ""}

// usual is the habit of everything else.
var usual = habit{nil, [parts]float64{1, 1, 1, 1, 1}, 1, ""}

// habit returns when the item is reported.
func (it *item) habit() *habit {
	for i := range habits {
		if matches(it, habits[i].words) {
			return &habits[i]
		}
	}
	if it.kinds[0] == "consult" {
		return &enquiries
	}
	return &usual
}

// factor scales an item's frequency at a part of the day, on a workday or off,
// in a month.
func (h *habit) factor(p part, off bool, month time.Month) float64 {
	f := h.parts[p]
	if off {
		f *= h.off
	}
	if h.months != "" {
		f *= float64(h.months[month-1]-'0') / 5
	}
	return f
}

// matches reports whether the item's name or one of its groups contains a word.
func matches(it *item, list []string) bool {
	for _, w := range list {
		if strings.Contains(it.name, w) || strings.Contains(it.l2, w) {
			return true
		}
	}
	return false
}

func words(s string) []string { return strings.Fields(s) }
