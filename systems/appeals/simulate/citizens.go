package simulate

import "strconv"

// population (人口) is a function, not a table: who citizen n is follows from
// the seed and n alone, so that any number of them costs nothing to keep.
type population struct {
	seed     uint64
	each     int64 // citizens of a community
	frequent int64 // the first so many of each community call often
}

const phones = 10_000_000 // numbers of the form 1600xxxxxxx

func newPopulation(seed uint64, communities int, perDay float64) population {
	each := int64(perDay*300)/int64(communities) + 50
	if each*int64(communities) > phones {
		each = phones / int64(communities)
	}
	return population{seed: hash(seed, 1), each: each, frequent: 1 + each/500}
}

// resident returns a citizen of the community: now and then one of the few who
// call often, else anyone.
func (p population) resident(r random, community int) int64 {
	n := int64(0)
	if r.chance(0.05) {
		n = int64(float64(p.frequent) * r.Float64() * r.Float64())
	} else {
		n = p.frequent + r.Int64N(p.each-p.frequent)
	}
	return int64(community)*p.each + n + 1
}

// home returns the index of the community that the citizen lives in.
func (p population) home(id int64) int { return int((id - 1) / p.each) }

// isFrequent reports whether the citizen is one of the few who call often.
func (p population) isFrequent(id int64) bool { return (id-1)%p.each < p.frequent }

var (
	surnames = words(`王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 林 高 罗 郑 梁 谢 宋 唐 许 韩 冯 邓 曹 彭 曾 肖 田 董 袁 潘 蔡 蒋 余 于 杜 叶 程 苏 魏 吕 丁 任 卢 姚 沈 钟 姜 崔 谭 陆 范 汪 廖 石 金 韦 贾 夏 付 方 邹 熊 白 孟 秦 邱 侯 江 尹 薛 文 麦 冼 欧阳`)
	given    = words(`伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀英 霞 平 刚 桂英 建华 建国 志强 秀兰 玉兰 海燕 晓东 文斌 嘉欣 子轩 浩然 雨桐 思源 俊杰 家豪 伟文 志豪 美玲 淑芬 惠玲 永强 国栋 少华 丽华 春梅 小红 小龙 金凤 水生 观生 润发 耀辉 锦荣 婉婷 凯琳 梓涵 一诺 佳怡 宇航 天佑 振华 红梅 立新 卫东 爱民 新华 学军 海涛 雪梅 玉梅 国强 建平 晓燕 志明 文静 丹丹 婷婷 欢 鑫 斌 波 辉 鹏 飞 燕 玲 琴 云 莉 萍`)
)

// person returns who the citizen is.
func (p population) person(id int64) Appellant {
	h := hash(p.seed, uint64(id))
	a := Appellant{ID: id, Name: surnames[skew(h, len(surnames))] + given[h>>20%uint64(len(given))]}
	// An odd factor prime to the modulus makes each number one person's.
	n := (uint64(id)*7368787 + p.seed%phones) % phones
	b := [11]byte{'1', '6', '0', '0'}
	for i := 10; i > 3; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	a.Phone = string(b[:])
	return a
}

// skew returns an index below n, the small ones more often.
func skew(h uint64, n int) int {
	a, b := int(h%uint64(n)), int(h>>10%uint64(n))
	return min(a, b)
}

// identity returns the citizen's number by GB 11643 in the division 990000,
// which does not exist.
func (p population) identity(id int64) string {
	h := hash(p.seed, uint64(id)^0x5bd1e995)
	b := make([]byte, 0, 18)
	b = append(b, "990000"...)
	b = strconv.AppendInt(b, int64(1945+h%60), 10)
	b = appendTwo(b, int(1+h>>8%12))
	b = appendTwo(b, int(1+h>>16%28))
	b = append(b, byte('0'+h>>24%10), byte('0'+h>>32%10), byte('0'+h>>40%10))
	sum := 0
	for i, c := range b {
		sum += int(c-'0') * [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}[i]
	}
	return string(append(b, "10X98765432"[sum%11]))
}

func appendTwo(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }
