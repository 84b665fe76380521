package simulate

import "strings"

// What names are made of. None is meant to be somebody's.
var (
	firstHalf  = strings.Split("安 宝 长 诚 创 德 鼎 东 恒 宏 鸿 华 汇 嘉 建 金 锦 景 凯 康 科 兰 乐 联 龙 隆 美 明 南 宁 平 祺 启 清 庆 荣 瑞 润 盛 泰 天 同 万 翔 新 鑫 信 星 兴 旭 雅 阳 耀 怡 亿 翼 银 永 裕 源 云 展 兆 正 智 中 众 卓", " ")
	secondHalf = strings.Split("安 邦 宝 昌 辰 成 达 德 丰 福 岗 贵 海 和 恒 弘 湖 汇 基 佳 景 康 科 兰 利 林 龙 隆 茂 明 能 宁 鹏 平 齐 泉 荣 瑞 润 山 盛 石 泰 通 湾 旺 威 翔 欣 信 兴 业 益 谊 盈 雨 源 岳 泽 展 智 洲", " ")
	trades     = strings.Split("电子 科技 光电 精密 五金 塑胶 模具 自动化 半导体 新能源 智能装备 通信 医疗器械 包装 印刷 服饰 食品 家居 物流 供应链 软件 网络 环保 材料 传感 激光 机器人 检测 贸易 建材", " ")
)

// word is two characters that follow from what they are for.
func word(seed, kind, n uint64, other bool) string {
	if other {
		kind += 1000
	}
	h := mix(seed, kind, n)
	return firstHalf[h%uint64(len(firstHalf))] + secondHalf[h>>32%uint64(len(secondHalf))]
}

// stem is a community's name without 社区.
func stem(name string) string { return strings.TrimSuffix(name, "社区") }

// numeral is a number up to 99 as it stands in a name.
func numeral(n int) string {
	digits := []rune("零一二三四五六七八九十")
	switch {
	case n <= 10:
		return string(digits[n])
	case n < 20:
		return "十" + string(digits[n-10])
	case n%10 == 0:
		return string(digits[n/10]) + "十"
	}
	return string(digits[n/10]) + "十" + string(digits[n%10])
}

// firm is the n-th enterprise that the city's units are let to.
func firm(seed, n uint64) string {
	return "深圳市" + word(seed, 21, n, false) + trades[mix(seed, 22, n)%uint64(len(trades))] + "有限公司"
}
