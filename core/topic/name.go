package topic

import (
	"strings"
	"unicode"

	"shanzhi/core/text"
)

// longEndings end names of places and organisations, the longest first in each
// group; what stands before them, back to a word that cannot be part of a name,
// is the name's own part.
var longEndings = strings.Fields(`
 小区 社区 花园 家园 公寓 新村 新城 公馆 山庄 广场 大厦 商城 市场 大桥 大道 公路 国道 高速 街道 隧道 立交 车站 火车站 高铁站 公交站 地铁站 码头 水库 公园 景区 工业园 产业园 科技园 园区
 幼儿园 小学 中学 学校 大学 学院 职校 技校 医院 卫生院 诊所 养老院 敬老院 福利院 公司 集团 工厂 电厂 水厂 搅拌站 加油站 变电站 酒店 宾馆 银行 商场 超市 影城 体育馆 图书馆 别墅 安置房 棚户区 项目部 批发市场 农贸市场 垃圾站 中转站 污水厂 号线 号楼 组团`)

// shortEndings are single characters that end a name where at least two of its
// own stand before them.
const shortEndings = "路街巷苑府湾郡邸墅轩阁庭滩园城镇乡村县港岛桥站居里"

// fine after a short ending are words that go on, so that it does not end a name.
var goesOn = map[string]string{
	"路": "面灯口线过障费政基上段况", "街": "道头上边", "城": "市管建乡镇区际里", "园": "区林丁长里", "村": "民委里支干部镇医", "镇": "政上里", "乡": "镇下亲", "县": "城委里政级",
	"站": "点长台", "居": "民委住家", "里": "面程边", "港": "口澳", "府": "部", "桥": "梁下上", "庭": "审", "湾": "区", "阁": "楼", "岛": "上", "巷": "子",
}

// comesBefore makes a word of a short ending: 线路, 客厅 and 校园 name nothing.
var comesBefore = map[string]string{"路": "线道走铁公马电网思出一上问让修", "街": "上逛临沿", "园": "校家公乐田果", "城": "县全新老进", "城镇": "城", "村": "农本我", "镇": "乡城本", "乡": "城家下老返", "县": "本全我", "港": "香", "站": "网车", "庭": "家法开", "居": "安定邻民同", "里": "家这那哪手心夜邻公日店院屋楼城村", "府": "政"}

// stops cannot stand in a name: walking back ends behind them.
const stopRunes = "的在是于与及对把被到从由我你他她您请让给了着也就等这那该某本每很太又要不没有无为何吗呢吧啊个几多全旁边附近问以因但并或再已将能可会做说看去来给跟按住买租搞"

var stopWords = strings.Fields(`反映 投诉 咨询 建议 举报 关于 希望 要求 强烈 位于 经过 附近 旁边 对面 门口 靠近 我们 业主 居民 市民 领导 政府 严重 违规 违法 小区 街道 社区 路口 公司 旁 入住 购买 求助 恳请 期待 解决 处理 何时 什么 整治 治理 占用 占道 修建 建设 新建 开通 增设 尽快 加强 规范 取缔 制止 严查 查处 购房 楼盘 来自 就读 任职 一家 一个 这个 整个 所有 很多 许多 非法 变相 强制 组织 涉嫌 开发商 施工 道路 拖欠 隔壁 楼下 周边 每天 晚上 凌晨 早上 今年 去年 目前 现在`)

// generic own parts name nothing: 老旧小区, 居民小区.
var generic = set(`老旧 住宅 居民 居住 封闭 开放 本小 多个 各个 全市 附近 新建 安置 商品房 高档 城市 城乡 农村 乡村 物业 开发 有限 有限责任 责任 股份 投资 建设 建筑 房地产 置业 发展 置换 教育 培训 公立 私立 民办 公办 民营 中心 人民 第一 第二 综合 大型 小型 高中 初中 职业 技术 重点 国家 全国 省内 市内 高速 地铁 铁路 公交 新农 步行 一条 两条 十字 主干 交通 公共 市政 国有 集体 民族 社会 施工 物流 保险 电力 自来水 燃气 通信 移动 联通 电信 小额贷款 金融 网络 科技 文化 家里 这里 那里 哪里 手里 心里 夜里 邻里 公里 日里 定居 同居 移居 迁居 政府 省政府 市政府 区政府 县政府 省会城 文明城`)

// regions are endings of what a name lies in: cut off its front.
const regionRunes = "省市区县镇乡州盟旗"

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

var (
	stopRune  = map[rune]bool{}
	shortEnd  = map[rune]bool{}
	stopsByEn = map[rune][][]rune{}
	endsByEn  = map[rune][][]rune{}
)

func init() {
	for _, r := range stopRunes {
		stopRune[r] = true
	}
	for _, r := range shortEndings {
		shortEnd[r] = true
	}
	for _, w := range stopWords {
		rs := []rune(w)
		stopsByEn[rs[len(rs)-1]] = append(stopsByEn[rs[len(rs)-1]], rs)
	}
	for _, w := range longEndings {
		rs := []rune(w)
		endsByEn[rs[len(rs)-1]] = append(endsByEn[rs[len(rs)-1]], rs)
	}
}

// Mention is a name in a text.
type Mention struct {
	Name string // as it is written, its ending included: 丽发新城小区
	Core string // its own part: 丽发新城
	from int    // in runes of the normalized text
	to   int
}

// harmony are what follows 和 in a name; before others it is the word "and".
const harmony = "平谐美顺润悦煦兴达泰馨府园景"

const longestName = 10 // runes of a name's own part

// Mentions finds the names of places and organisations in a text by their
// endings, in order. A region's name (A市, 宝安区) is none: too much lies in it.
func Mentions(s string) []Mention { return mentions([]rune(text.Normalize(s))) }

func mentions(rs []rune) []Mention {
	var out []Mention
	for i := 0; i < len(rs); i++ {
		n, long := endingAt(rs, i)
		if n == 0 {
			continue
		}
		start := ownPart(rs, i-n+1)
		own := i - n + 1 - start
		core := string(rs[start : i-n+1])
		if own < 2 || generic[core] || isNumber(core) && n == 1 || n == 1 && isRegion(rs[start:i+1]) {
			continue
		}
		if !long || n == 2 && keepsEnding(rs[i-1:i+1]) {
			core = string(rs[start : i+1])
		}
		// A longer name that ends here takes the place of one inside it.
		for len(out) > 0 && out[len(out)-1].from >= start {
			prev := out[len(out)-1]
			if len([]rune(prev.Core)) > own { // 丽发新城 in 丽发新城小区
				core = prev.Core
			}
			out = out[:len(out)-1]
		}
		out = append(out, Mention{Name: string(rs[start : i+1]), Core: core, from: start, to: i + 1})
	}
	return out
}

// keepsEnding says that an ending is part of what tells a name from another: a
// 新城 and a 花园 of one builder are two places, a 小区 may be left out.
func keepsEnding(end []rune) bool {
	switch string(end) {
	case "小区", "社区", "公司", "集团", "街道", "项目":
		return false
	}
	return true
}

func endingAt(rs []rune, i int) (n int, long bool) {
	for _, e := range endsByEn[rs[i]] {
		if len(e) > n && i+1 > len(e) && string(rs[i+1-len(e):i+1]) == string(e) {
			n, long = len(e), true
		}
	}
	if n > 0 {
		return n, long
	}
	if shortEnd[rs[i]] && i > 0 && !strings.ContainsRune(comesBefore[string(rs[i])], rs[i-1]) && (i+1 == len(rs) || !strings.ContainsRune(goesOn[string(rs[i])], rs[i+1])) {
		// 县 and 镇 of a region are regions, unless letters stand before them: K9县.
		return 1, false
	}
	return 0, false
}

// ownPart walks back from the ending at i to where the name begins.
func ownPart(rs []rune, i int) int {
	start := i
	for start > 0 && i-start < longestName {
		r := rs[start-1]
		if stopRune[r] || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '·' {
			break
		}
		if strings.ContainsRune(regionRunes, r) && i-start >= 2 {
			break
		}
		if (r == '路' || r == '道' || r == '街') && i-start >= 2 {
			break
		}
		if r == '和' && !strings.ContainsRune(harmony, rs[start]) {
			break
		}
		if stopsWord(rs, start-1) {
			break
		}
		start--
	}
	// A region at the very front is cut: a5区 汇金路.
	for k := start + 1; k < i; k++ {
		if strings.ContainsRune(regionRunes, rs[k]) && (k < i-2 || isRegion(rs[start:k+1])) {
			return k + 1
		}
	}
	return start
}

// isRegion says that a name is a letter or a letter with its number: A市, k8县.
func isRegion(rs []rune) bool {
	for _, r := range rs[:len(rs)-1] {
		if !isWord(r) {
			return false
		}
	}
	return strings.ContainsRune(regionRunes, rs[len(rs)-1])
}

func stopsWord(rs []rune, i int) bool {
	for _, w := range stopsByEn[rs[i]] {
		if i+1 >= len(w) && string(rs[i+1-len(w):i+1]) == string(w) {
			return true
		}
	}
	return false
}

func isNumber(s string) bool {
	for _, r := range s {
		if !unicode.IsDigit(r) && !strings.ContainsRune("一二三四五六七八九十", r) {
			return false
		}
	}
	return true
}

// squeeze leaves of a name what its variants share: letters and digits alone.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
