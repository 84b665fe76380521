package answer

import (
	"strings"

	"shanzhi/core/text"
)

// canonical is a text as it is compared: normalized, and what people say in the
// words that papers use, on both sides.
func canonical(s string) string { return colloquial.Replace(text.Normalize(s)) }

// colloquial is said in the street for what stands in a paper. What tells how a
// thing is stands apart from the thing, so that 路灯坏了 does not take a piece of
// another lamp's 灯故障.
var colloquial = strings.NewReplacer(
	"电瓶车", "电动自行车", "电单车", "电动自行车", "电动车", "电动自行车",
	"户口本", "户口簿", "房产证", "不动产权证", "房本", "不动产权证",
	"丢失了", "丢失", "遗失", "丢失", "不见了", "丢失", "弄丢了", "丢失", "弄丢", "丢失", "丢了", "丢失", "掉了", "丢失",
	"小孩子", "儿童", "小孩", "儿童", "孩子", "儿童", "小朋友", "儿童", "婴儿", "新生儿", "宝宝", "新生儿",
	"入户", "上户口", "落户", "上户口",
	"老人家", "老人", "老年人", "老人", "八十岁", "80岁", "八十周岁", "80岁", "80周岁", "80岁",
	"噪音", "噪声", "太吵", "扰民", "吵人", "扰民",
	"狗", "犬",
	"坏了", " 故障", "坏掉", " 故障", "修好", " 修复",
	"退钱", "退款", "退费", "退款", "赔钱", "赔偿",
	"煤气", "燃气", "天然气", "燃气",
	"老板", "用人单位", "公司不", "用人单位不", "炒鱿鱼", "辞退",
	"生完儿童", "生育", "生小孩", "生育", "生儿童", "生育", "生娃", "生育",
	"网上买", "网购", "楼顶", "天台", "审批", "审核", "交钱", "缴费", "交费", "缴费",
	"政务服务大厅", "政务服务中心", "办事大厅", "政务服务中心", "政务大厅", "政务服务中心",
)
