package simulate

import (
	"fmt"
	"slices"
	"time"
)

// event is a mass event (群体性、突发性事件): one cause, many appeals.
type event struct {
	topic  string
	items  []*item
	weight *alias
	places []int
	times  []int64 // what is still to come, in order
	first  map[int]int64
	shared bool // all its appeals are one matter; else one a place
}

// eventKind is a kind of mass event.
type eventKind struct {
	name    string
	words   []string    // of the items that it brings
	months  [13]float64 // chance a day, by month (first unused)
	size    float64     // appeals, as a share of an ordinary day
	spread  float64     // size varies by a factor up to 1+spread
	hours   int         // how long it brings appeals
	from    int         // local hours between which it begins
	to      int
	places  int  // at how many places; 0: anywhere
	low     bool // at low places
	nightly int  // comes back on so many following days
	shared  bool
	kind    string // kind of place; empty: any
	storms  bool   // scaled by Options.Storms
}

func monthly(digits string, unit float64) (m [13]float64) {
	for i := range digits {
		m[i+1] = float64(digits[i]-'0') * unit
	}
	return m
}

var eventKinds = []eventKind{
	{name: "storm", words: words(`积水 内涝 溢流 倒灌 排水不畅 倒伏 断枝 滑坡 落石 雨水井盖 受灾`), months: monthly("001356665210", 0.022),
		size: 0.55, spread: 2, hours: 9, from: 16, to: 27, low: true, storms: true},
	{name: "typhoon", words: words(`台风 倒伏 断枝 倾倒 坠落 倒塌 积水 停电 停课 断落`), months: monthly("000000234310", 0.006),
		size: 1.2, spread: 1.5, hours: 26, from: 6, to: 20, storms: true},
	{name: "power", words: words(`用电停电 停电 频繁跳闸 抢修迟缓`), months: monthly("223456777433", 0.02),
		size: 0.05, spread: 2, hours: 4, from: 12, to: 23, places: 2, shared: true},
	{name: "water", words: words(`停水 水压不足 爆裂漏水`), months: monthly("333333333333", 0.02),
		size: 0.04, spread: 2, hours: 5, from: 7, to: 20, places: 2, shared: true},
	{name: "site", words: words(`夜间施工`), months: monthly("222333333322", 0.04),
		size: 0.02, spread: 1, hours: 5, from: 22, to: 25, places: 1, nightly: 4, shared: true},
	{name: "odour", words: words(`不明来源异味 刺鼻气味 偷排废气`), months: monthly("223333333322", 0.012),
		size: 0.05, spread: 2, hours: 6, from: 18, to: 25, places: 4, shared: true},
	{name: "shutdown", words: words(`关门跑路 商家失联`), months: monthly("222222222222", 0.015),
		size: 0.06, spread: 2, hours: 10, from: 9, to: 12, places: 1, nightly: 4, shared: true, kind: "road"},
	{name: "wages", words: words(`拖欠工资 欠薪逃匿`), months: monthly("631111111236", 0.012),
		size: 0.03, spread: 2, hours: 8, from: 9, to: 11, places: 1, nightly: 2, shared: true, kind: "industrial_park"},
	{name: "admission", words: words(`学位 积分入学 学区划分 录取结果`), months: monthly("000025750000", 0.03),
		size: 0.12, spread: 1.5, hours: 9, from: 9, to: 11, nightly: 2},
	{name: "food", words: words(`疑似食物中毒`), months: monthly("111233332111", 0.006),
		size: 0.02, spread: 1, hours: 8, from: 13, to: 21, places: 1, shared: true},
	{name: "property", words: words(`物业公司 业委会 收取标准有异议 涨价未经同意`), months: monthly("222222222222", 0.02),
		size: 0.04, spread: 1, hours: 10, from: 9, to: 20, places: 1, nightly: 3, shared: true, kind: "estate"},
}

// begin starts the events of a day.
func (g *Generator) begin(day int) {
	date := time.Unix(g.work.starts[day], 0).In(g.work.zone)
	for i := range eventKinds {
		k := &eventKinds[i]
		items, scale := g.eventItems[i], 1.0
		if k.storms {
			scale = g.storms
		}
		// The draw is made for each kind on each day, so that the scale of one
		// does not move the others.
		lucky, volume := g.r.Float64() < k.months[date.Month()], g.r.Float64()
		if !lucky || scale == 0 || len(items) == 0 {
			continue
		}
		e := &event{items: items, weight: g.eventWeights[i], shared: k.shared, first: map[int]int64{}}
		e.topic = fmt.Sprintf("%s-%s", k.name, date.Format(time.DateOnly))
		n := g.r.poisson(g.perDay * k.size * (1 + k.spread*volume*volume) * scale)
		hour := k.from + g.r.IntN(k.to-k.from+1)
		start := g.work.starts[day] + int64(hour)*3600 + g.r.Int64N(3600)
		for d := 0; d <= k.nightly; d++ {
			part := n / (k.nightly + 1)
			if d == 0 {
				part = n - k.nightly*part
			}
			for range part {
				// Most come soon after it begins, and then ever fewer.
				share := g.r.Float64() * g.r.Float64()
				e.times = append(e.times, start+int64(d)*86400+int64(share*float64(k.hours)*3600))
			}
		}
		slices.Sort(e.times)
		e.places = g.eventPlaces(k)
		g.events = append(g.events, e)
	}
}

// eventPlaces returns where the event happens; nil means wherever its items do.
func (g *Generator) eventPlaces(k *eventKind) []int {
	if k.low {
		return g.lowPlaces
	}
	if k.places == 0 {
		return nil
	}
	for range 50 {
		c := &g.pack.communities[g.crowd.draw(g.r)]
		var out []int
		for _, p := range c.places {
			if k.kind == "" || g.pack.places[p].kind == k.kind {
				out = append(out, p)
			}
		}
		if len(out) == 0 {
			continue
		}
		g.r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		return out[:min(k.places, len(out))]
	}
	return nil
}
