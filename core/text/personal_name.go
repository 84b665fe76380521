package text

import "strings"

// Family names (姓氏), the 200 that nineteen in twenty people bear and some more.
const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔常汤康易乔赖文洪季伍庞颜倪聂章鲁樊詹温施葛岳申柳骆盛左齐庄凌梅俞柏涂耿祁鲍梁关兰鞠褚卫阎尤华戚喻柴费岑滕殷毕邬乐傅卞元卜蒲平穆萧湛邢祝宁仇解宗宣虞单杭包裴甄芮储靳焦巴牧隗谷车米麻娄郁甘厉祖刁翟阮蓝闵席路危童冷辛简饶桂冼欧麦植揭古游利饰符池辜"

var (
	compoundSurnames = wordList("欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 司徒 令狐 端木 夏侯 南宫 长孙")
	// notGiven are characters that no given name has and that often follow.
	notGiven = "的了是在和与及或我你您他她它们这那有不没未被把将对到就都也还要会能可请让给说问来去个号很太又再才吗呢吧啊呀么什怎谁哪几多少人家区街路楼栋室县市镇村局院所处厂店司"
	// notNames begin like a name and are none.
	notNames = wordList("高新 高速 高层 高峰 高度 高价 高压 高考 高中 高等 高铁 高楼 黄金 黄色 黄线 金额 金融 金属 马路 马上 马桶 万元 万一 方便 方式 方面 方案 方法 方向 何时 何种 何故 安全 安装 江边 江南 江北 花园 林业 林木 石材 石头 白天 白色 白云 温馨 温度 成功 向阳 平安 平时 平方 平台 平均 平常 常年 常住 常常 常见 经常 于是 于此 毛坯 毛病 孔洞 任何 任务 任意 文明 文化 文件 严重 严格 严禁 强烈 强制 强行 强迫 包括 包装 单位 单元 单独 路灯 路面 路口 路边 路段 路人 车辆 车位 车库 车主 车牌 程序 程度 关于 关系 关注 关闭 华为 华南 康复 盛世 盛大 顾客 危险 危房 危害 解决 解释 解除 向上 向下 元旦 齐全 乐园 利益 利用 利息 简单 简直 项目 全部 全体 古城 古镇 冷气 季度 游客 游戏 强调 关键 施工 管理 管道 管网 管辖 蓝色 蓝天 强度 易燃 洪水 洪涝 龙头 范围 祖国 席位 费用 费率 符合 武装 田地 牧区 东方 夏天 夏季 秦岭 江苏 江西 余额 余款 余下 余地 申请 申诉 申报 卫生 卫计 宁静 宁愿 梅花 凌晨 左右 左转 左边 庄稼 章程 温泉 史上 雷雨 苏醒 曾经 曾多 池塘 于本 高出 高达 高于 高空 高低 周边 周围 周末 周期 周日 周一 周二 周三 周四 周五 周六 胡同 胡乱 许多 许可 沈阳 徐州 苏州 谢谢 唐山 汤圆 温州 郑州 柳州 常州 常德 杭州 贺州 万科 兰州 童装 宣传 宣布 祝愿 段落 严厉 毕业 毕竟 莫名 莫非 金地 白领 张贴 张嘴 陈述 陈旧 马达 林立 何况 何必 何以 成立 游泳 钱包 任课 于元 于今 于昨 于上 于下 于当 于每 于前 于近 于同 于年 曾于 曾向")
	titles   = wordList("先生 女士 小姐 同学 同志 阿姨 大爷 大妈 师傅 老师 医生 警官 太太")
	// announced are the words after which a name stands.
	announced = wordList("我叫 名叫 叫做 人叫 姓名 名字 户名 联系人 收件人 寄件人 收货人 申请人 投诉人 举报人 反映人 诉求人 来电人 报案人 当事人 登记人 开户人 持卡人 经办人 代理人 监护人 责任人 负责人 法人 法定代表人 车主 业主 住户 房东 租客 患者 病人 伤者 死者 家属 客户 旅客 乘客 用户 市民 居民 村民 家长 学生 员工 工人 老板 本人 我是 注册信息 订单 人员 账号信息 工作交接给 转账至 转账到 转账给 汇款给 核实")
	// follows are the words that stand right after a name that was announced.
	follows = wordList("的 先生 女士 小姐 同学 同志 来电 反映 投诉 举报 求助 咨询 电话 手机 号码 联系 身份 银行 账户 账号 卡号 护照 证件 车牌 微信 邮箱 名下 完成 申请 住在 家住 将 打 发邮件 说他 称 表示 查一下 同号 在")
	// beside are what may stand between a name and a number of its owner.
	beside = wordList("的 号 电话 手机 号码 手机号 手机号码 电话号码 联系电话 联系方式 联系 方式 是 为 身份证 身份证号 身份证号码 证件号 证件号码 证件 银行卡 银行卡号 银行 卡号 卡 账户 账号 邮箱 邮件 微信 同号 微信同号 护照 护照号 护照号码 车牌 车牌号 名下 车辆 预留 绑定 先生 女士 小姐 同学 打电话 打这个 发邮件 地址 查一下 说他 户籍地址")
	// owns are what stands after the name of the one whose home or paper it is.
	owns = wordList("住在 家住 的户籍 的住址 的家庭 的身份证 的护照 的手机 的电话 的银行卡 的联系")
	// calls are the words before a name that stands beside a number.
	calls = wordList("找 联系 打给 帮我打给 给 转给 发给 发到 加 微信加 转账到 转账到了 转到 打到 帮我转到 邮件发给 就是 这是 是 和 及 与 核实 请核对 核对 帮 问一下 刚问了 那个 cc一下 一下 请 叫 人")
)

func (f *finder) names() {
	for i := range f.r {
		if n := f.starts(i, announced); n > 0 {
			f.announcedName(i + n)
		}
		if f.starts(i, titles) > 0 {
			f.nameBefore(i, true)
		}
		if f.starts(i, owns) > 0 {
			f.nameBefore(i, false)
		}
	}
	for _, v := range f.found {
		switch v.kind {
		case Name, Room:
		default:
			f.nameBefore(f.back(v.from), false)
			f.nameAfter(v.to)
		}
	}
}

// announcedName takes the name that stands at i, behind 是, 为, 叫 or a colon.
func (f *finder) announcedName(i int) {
	for n := 0; n < 3 && strings.ContainsRune(":是为叫 ", f.get(i)) && f.get(i) != 0; n++ {
		i++
	}
	f.nameAt(i)
}

// nameAt takes the name that begins at i and ends where a name may.
func (f *finder) nameAt(i int) bool {
	for _, n := range []int{2, 3, 4, 5} {
		if f.isName(i, n) && (!isHan(f.get(i+n)) || f.starts(i+n, follows) > 0) {
			return f.take(Name, i, i+n)
		}
	}
	return false
}

// nameBefore takes the name that ends before i, where what stands before it
// shows that it begins there: nothing, no Han character, or a word that calls
// someone. titled says that a title follows: then a surname alone stays.
func (f *finder) nameBefore(i int, titled bool) {
	for _, n := range []int{3, 2, 4, 5} {
		from := i - n
		if from < 0 || !f.isName(from, n) {
			continue
		}
		if !isHan(f.get(from-1)) || f.ends(from, calls) > 0 || f.ends(from, announced) > 0 {
			if titled && n == 2 && strings.ContainsRune("和向于任对", f.r[from]) && strings.ContainsRune(surnames, f.r[from+1]) {
				continue // 和王先生
			}
			f.take(Name, from, i)
			return
		}
	}
}

// back goes from i over what may stand between a name and its number.
func (f *finder) back(i int) int {
	for limit := i - 14; i > max(limit, 0); {
		if n := f.ends(i, beside); n > 0 {
			i -= n
		} else if r := f.r[i-1]; !isHan(r) && !isAlnum(r) && !strings.ContainsRune("。；;!?\n", r) {
			i--
		} else {
			break
		}
	}
	return i
}

// nameAfter takes the name that stands behind a number.
func (f *finder) nameAfter(i int) {
	for n := 0; n < 3 && strings.ContainsRune(" ,，、/:-)", f.get(i)) && f.get(i) != 0; n++ {
		i++
	}
	if n := f.starts(i, behind); n > 0 {
		i += n
		for f.get(i) == ':' || f.get(i) == ' ' {
			i++
		}
	}
	f.nameAt(i)
}

// behind are the words between a number and the name of its owner.
var behind = wordList("是 就是 这是 户名 名字 联系 联系人 收件人 和 患者 机主")

// isName reports whether the n runes at i can be a name.
func (f *finder) isName(i, n int) bool {
	if i < 0 || i+n > len(f.r) {
		return false
	}
	given, most := 1, 3
	if f.starts(i, compoundSurnames) > 0 {
		given, most = 2, 5
	} else if !strings.ContainsRune(surnames, f.r[i]) || f.starts(i, notNames) > 0 {
		return false
	}
	if n <= given || n > most {
		return false
	}
	for _, r := range f.r[i+given : i+n] {
		if !isHan(r) || strings.ContainsRune(notGiven, r) {
			return false
		}
	}
	return true
}
