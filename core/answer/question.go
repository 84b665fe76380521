package answer

import (
	"regexp"
	"slices"
	"strings"

	"shanzhi/core/text"
)

// Ask is what a question asks for.
type Ask string

const (
	Where     Ask = "where"     // 在哪里
	HowLong   Ask = "how_long"  // 多久、几天
	When      Ask = "when"      // 什么时候、几点
	Phone     Ask = "phone"     // 电话是多少
	Who       Ask = "who"       // 归谁管
	Materials Ask = "materials" // 要什么材料
	Cost      Ask = "cost"      // 多少钱
	HowMany   Ask = "how_many"  // 多少、几成
	Condition Ask = "condition" // 什么条件、可以吗
	How       Ask = "how"       // 怎么办
)

// Question is a question taken apart.
type Question struct {
	Text      string
	Asks      []Ask  // the most telling first; none: it says what it is about, and nothing more
	About     string // what remains without the words that ask
	Elsewhere string // a place outside the district that it is about

	tokens []string
}

// asking are the words that ask, and what they ask for. The first that matches
// goes first.
var asking = []struct {
	ask Ask
	re  *regexp.Regexp
}{
	{Phone, regexp.MustCompile(`(打|拨打|打的|联系)?(什么|哪个|哪里的?|的)?(电话|热线)(号码)?(是)?(多少|几号|哪个|什么)?`)},
	{Who, regexp.MustCompile(`(归|由|是|该|应该|应当)?(向|找|跟|和)?(谁|哪个部门|哪个单位|什么部门|哪些部门|哪家单位)(来)?(管|负责|处理|反映|投诉|举报|解决)?`)},
	{Materials, regexp.MustCompile(`(需要|要|得|需|应)?(带|准备|提交|提供|交)?(什么|哪些|啥|何种)(材料|资料|东西|证件|证明|证据|手续)|(需要|要)(带|准备)(什么|哪些|啥)|所需材料|材料清单`)},
	{Cost, regexp.MustCompile(`(要|收|交|需要|得)?(多少|几)(块)?钱|多少费用|(要|用|需要|收|交)(钱|费|交费|收费|交钱)吗|(收不收|要不要)(钱|费)|(免费|收费)吗|(工本费|手续费|登记费|费用)(是)?多少|怎么收费`)},
	{HowLong, regexp.MustCompile(`(需要|要|得|最长|可以|住满|满)?(多久|多长时间|多长|几天|多少天|几年|几个月|几个工作日|多少个工作日|多少时间)(之?内|能|可以|才能|出结果|有结果|拿到)?|时限|时效`)},
	{When, regexp.MustCompile(`什么时候|什么时间|啥时候|何时|几点(钟)?|几月份?|哪天|哪一天|上班吗|上班时间|下班`)},
	{Where, regexp.MustCompile(`(去|到|在|上|从|往)?(哪里|哪儿|哪个地方|什么地方|哪)(可以|能)?(办理?|补|取|申请|投诉|报名|查询?)?|地址|怎么走`)},
	{HowMany, regexp.MustCompile(`多少|几成|几个|几岁|几级`)},
	{Condition, regexp.MustCompile(`(什么|哪些|啥)(条件|要求|人)|(可以|能不能|可不可以|能|合法|允许|行|有|要|需要)[^，。？?]{0,12}吗|有没有|是否|符合条件`)},
	{How, regexp.MustCompile(`怎么(办理?|申请|弄|投诉|举报|处理|补办|算|计算|走|做)?|如何|怎样|咋(办|弄)?|流程|步骤|办法`)},
}

// filler says nothing about what a question is about.
var filler = regexp.MustCompile(`请问(一下)?|你好|您好|麻烦|谢谢(你|您)?|我想(问|知道|了解|咨询)?(一下)?|想(问|咨询|了解)(一下)?|咨询(一下)?|帮我|告诉我|求助|这种情况|的话|一下`)

// beyond are places that a question can be about: provinces, cities that people
// ask for, other countries. The district's own names are given to the index.
var beyond = strings.Fields(`北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门
广州 深圳 珠海 汕头 佛山 韶关 湛江 肇庆 江门 茂名 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 杭州 南京 苏州 无锡 宁波 温州 合肥 福州 厦门 泉州 南昌 济南 青岛 烟台 郑州 武汉 长沙 南宁 海口 三亚 成都 贵阳 昆明 拉萨 西安 兰州 西宁 银川 乌鲁木齐 石家庄 太原 沈阳 大连 长春 哈尔滨 呼和浩特
美国 英国 日本 韩国 加拿大 澳大利亚 法国 德国 俄罗斯 新加坡 泰国 越南 马来西亚`)

// Analyse takes a question apart. own are the names of the district and of what
// it belongs to.
func Analyse(s string, own ...string) Question {
	q := Question{Text: strings.TrimSpace(text.Clean(s))}
	n := text.Normalize(q.Text)
	n = filler.ReplaceAllString(n, " ")
	about := n
	for _, a := range asking {
		if a.re.MatchString(n) && !(a.ask == HowMany && q.asks(Cost, Phone)) && !(a.ask == Where && q.asks(Who, Materials, Phone)) {
			q.Asks = append(q.Asks, a.ask)
		}
		if a.ask != Condition { // whose words stand around what is asked about
			about = a.re.ReplaceAllString(about, " ")
		}
	}
	q.About = strings.Join(strings.Fields(about), " ")
	for _, place := range beyond {
		if slices.ContainsFunc(own, func(o string) bool { return strings.Contains(o, place) }) {
			continue
		}
		// Who comes from somewhere asks about here; a paper may carry a place's name.
		if i := strings.Index(n, place); i >= 0 && !strings.HasSuffix(n[:i], "从") && !strings.HasSuffix(n[:i], "由") && !strings.HasSuffix(n[:i], "往来") && !strings.HasPrefix(n[i:], "澳门通行证") {
			q.Elsewhere = place
			break
		}
	}
	for _, t := range text.QueryTokens(canonical(q.About)) {
		q.tokens = append(q.tokens, strings.TrimSuffix(t, "*"))
	}
	return q
}

// asks reports whether the question asks for one of these.
func (q *Question) asks(any ...Ask) bool {
	return slices.ContainsFunc(q.Asks, func(a Ask) bool { return slices.Contains(any, a) })
}

// replies tell a sentence that answers by its form.
var replies = map[Ask]*regexp.Regexp{
	Where:     regexp.MustCompile(`地点|地址|窗口|到[^，。]{2,20}(办理|申请|办|领)|向[^，。]{2,20}(申请|提出|投诉|反映)|平台|网上|公众号|登记点|大厅|派出所|中心`),
	HowLong:   regexp.MustCompile(`[0-9一二三四五六七八九十]+个?(工作日|小时|分钟|天|日内|个月|年)|日内|当场|立等可取|即时|时限`),
	When:      regexp.MustCompile(`[0-9]{1,2}:[0-9]{2}|[0-9一二三四五六七八九十]+月|每年|每月|每日|每天|工作日|周[一二三四五六日末]|时间`),
	Phone:     regexp.MustCompile(`[0-9]{3,}`),
	Who:       regexp.MustCompile(`负责|由[^，。]{2,20}(处理|查处|受理|管理|负责|依法)|部门|机关|街道办|向[^，。]{2,20}(投诉|举报|反映|申请)|拨打`),
	Materials: regexp.MustCompile(`材料|带[^，。]{2,}|提供|提交|凭`),
	Cost:      regexp.MustCompile(`[0-9]+元|收费|免费|工本费|费用|不收`),
	HowMany:   regexp.MustCompile(`[0-9一二三四五六七八九十百]+`),
	Condition: regexp.MustCompile(`可以|应当|不得|禁止|符合|条件|满|无须|不需要|办公`),
	How:       regexp.MustCompile(`向[^，。]{2,20}|由[^，。]{2,20}申请|办理|在[^，。]{2,20}(上|办|申请)|拨打|先|立即|网上|联办|登记`),
}

// settles tells, of the sentences with a length of time, the one with the time
// until there is a result.
var (
	results = regexp.MustCompile(`结果|批|办|审|拿到|裁决|查`)
	settles = regexp.MustCompile(`时限|办结|作出|裁决|审核确认|完成`)
)
