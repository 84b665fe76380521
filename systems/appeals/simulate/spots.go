package simulate

// spots draws the place of an item.
type spots struct {
	places *alias
	index  []int
	absent float64 // chance that the matter has no place
}

// mixes say at which kinds of place what happens; the first that fits counts.
var mixes = []struct {
	words  []string
	absent float64
	kinds  map[string]float64
}{
	{words(`地铁站 地铁列车`), 0.05, map[string]float64{"metro": 1}},
	{words(`学校 老师 班主任 幼儿 校门口 校园 教室 课后 校服 学生`), 0.1, map[string]float64{"school": 1}},
	{words(`公园`), 0.02, map[string]float64{"park": 0.9, "village": 0.05, "estate": 0.05}},
	{words(`医院 社康 候诊 医疗服务`), 0.1, map[string]float64{"hospital": 1}},
	{words(`河 碧道 水库 海岸 闸坝`), 0.02, map[string]float64{"river": 1}},
	{words(`机场 航班 高速 网上办事 热线服务 税 社会保险 医疗保障 公积金 征信 网络诈骗 电商 网购 直播 信访 廉洁 金融 知识产权 科技 人才 户籍 身份证 出入境 不动产登记 登记注册 交通违法 意见建议 政务大厅 公共住房 仲裁 就业 退役 婚姻 招考`), 0.9,
		map[string]float64{"road": 0.4, "estate": 0.3, "village": 0.3}},
	{words(`小区 物业 业委会 业主 电梯 住宅 二次供水 维修资金 楼道 房屋漏水 高空 邻里`), 0.01, map[string]float64{"estate": 0.8, "village": 0.2}},
	{words(`城中村 出租屋 房东 群租 租赁 流动人口`), 0.03, map[string]float64{"village": 0.75, "estate": 0.25}},
	{words(`市场 超市 摊 占道 活禽`), 0.01, map[string]float64{"market": 0.35, "road": 0.25, "village": 0.2, "metro": 0.08, "school": 0.07, "park": 0.05}},
	{words(`工厂 厂 车间 工业 工资 劳动 危险化学品 工贸 职业健康 企业`), 0.08, map[string]float64{"industrial_park": 0.65, "village": 0.25, "road": 0.1}},
	{words(`工地 扬尘 渣土`), 0.01, map[string]float64{"road": 0.35, "estate": 0.3, "village": 0.15, "metro": 0.1, "industrial_park": 0.1}},
	{words(`积水 内涝 溢流 污水 井盖 排水`), 0.01, map[string]float64{"road": 0.4, "village": 0.25, "estate": 0.2, "industrial_park": 0.05, "metro": 0.06, "market": 0.04}},
	{words(`路 车 信号灯 交通 停车 桥 护栏 标牌 单车 照明 线缆 公交`), 0.02, map[string]float64{"road": 0.6, "village": 0.13, "estate": 0.1, "school": 0.06, "metro": 0.06, "hospital": 0.02, "market": 0.03}},
	{words(`店 餐饮 消费 预付 食品 油烟 商业 文化娱乐 培训`), 0.03, map[string]float64{"road": 0.35, "estate": 0.3, "market": 0.15, "village": 0.2}},
	{words(`绿化 树木 垃圾 清扫 乱 养犬 病媒 消防 公共厕所`), 0.01, map[string]float64{"road": 0.3, "village": 0.3, "estate": 0.25, "park": 0.06, "market": 0.04, "school": 0.02, "industrial_park": 0.03}},
	{nil, 0.2, map[string]float64{"estate": 0.35, "road": 0.25, "village": 0.25, "industrial_park": 0.08, "market": 0.07}},
}

// newSpots returns the chooser of every mix, in the order of mixes.
func newSpots(p *pack) []*spots {
	count := map[string]float64{}
	for i := range p.places {
		count[p.places[i].kind] += p.communities[p.places[i].community].weight
	}
	out := make([]*spots, len(mixes))
	for i, m := range mixes {
		s := &spots{absent: m.absent}
		var weights []float64
		for j := range p.places {
			pl := &p.places[j]
			if w := m.kinds[pl.kind]; w > 0 {
				s.index = append(s.index, j)
				weights = append(weights, w*p.communities[pl.community].weight/count[pl.kind])
			}
		}
		s.places = newAlias(weights)
		out[i] = s
	}
	return out
}

// spotsOf returns the chooser for the item: the first mix that fits and has a
// place in this district.
func spotsOf(it *item, all []*spots) *spots {
	for i, m := range mixes {
		if (m.words == nil || matches(it, m.words)) && all[i].places != nil {
			return all[i]
		}
	}
	return nil
}

// business are the words of what enterprises ask about.
var business = words(`企业 税 登记 许可 供电 科技 商贸 账款 产业 招工 消防审批 环评 城乡规划 物流 知识产权 工贸`)

// draw returns a place, or -1 where the matter has none.
func (s *spots) draw(r random, needed bool) int {
	if !needed && r.chance(s.absent) {
		return -1
	}
	return s.index[s.places.draw(r)]
}
