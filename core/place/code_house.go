package place

import (
	"fmt"
	"strings"
)

// HouseCode is the code of a house (房屋编码) or of something that a house lies in:
// its first digits are those of the province (2), city (4), district (6), street
// (9), community (12), grid (14) and building (楼栋编码, 19); a room has all 25
// (《社会管理要素统一地址规范》). It has no check digit: what can be checked is its
// form, and whether what it begins with is there; see [Divisions.Explain].
//
// It is a key and says nothing of where a room is now: when a community is cut
// anew the digits 10 to 14 change, see [Lineage], and the floor is not in the last six.
type HouseCode string

// ParseHouseCode reads a code of any level. A group of zeros alone stands for
// nothing and is refused, but for the district of a city that has none (东莞市).
func ParseHouseCode(s string) (HouseCode, error) {
	if _, ok := houseLevel(len(s)); !ok {
		return "", fmt.Errorf("%q is not a house code: it has %d digits, not 2, 4, 6, 9, 12, 14, 19 or 25", s, len(s))
	}
	from := 0
	for level := Province; level <= Unit && from < len(s); level++ {
		to, zero := houseDigits[level], true
		for ; from < to; from++ {
			switch d := s[from]; {
			case d < '0' || d > '9':
				return "", fmt.Errorf("%q is not a house code: its sign %d is no digit", s, from+1)
			case d != '0':
				zero = false
			}
		}
		if zero && (level != County || to == len(s)) {
			return "", fmt.Errorf("%q is not a house code: its %s is zero", s, levelNames[level])
		}
	}
	if _, ok := provinces[s[:2]]; !ok {
		return "", fmt.Errorf("%q is not a house code: there is no province %s (GB/T 2260)", s, s[:2])
	}
	return HouseCode(s), nil
}

func houseLevel(digits int) (Level, bool) {
	for level := Province; level <= Unit; level++ {
		if houseDigits[level] == digits {
			return level, true
		}
	}
	return 0, false
}

// Level returns the level of what the code is of.
func (c HouseCode) Level() Level {
	level, _ := houseLevel(len(c))
	return level
}

// Up returns the code of what it lies in at a level, or "" where the level is below.
func (c HouseCode) Up(level Level) HouseCode {
	if level < Province || level > c.Level() {
		return ""
	}
	return c[:houseDigits[level]]
}

// Move returns the code with what it begins with replaced: a community that was
// cut anew, a building that went to another grid. ok is false where it does not
// begin so.
func (c HouseCode) Move(from, to HouseCode) (moved HouseCode, ok bool) {
	rest, ok := strings.CutPrefix(string(c), string(from))
	if !ok || len(from) != len(to) {
		return "", false
	}
	return to + HouseCode(rest), true
}

// levelNames are the levels in messages.
var levelNames = [...]string{Province: "province", City: "city", County: "district", Township: "street", Community: "community", GridCell: "grid", Building: "building", Unit: "room"}

// String returns the level's name in English.
func (l Level) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return ""
}

// provinces are the first two digits of GB/T 2260.
var provinces = map[string]string{
	"11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区", "21": "辽宁省", "22": "吉林省", "23": "黑龙江省",
	"31": "上海市", "32": "江苏省", "33": "浙江省", "34": "安徽省", "35": "福建省", "36": "江西省", "37": "山东省",
	"41": "河南省", "42": "湖北省", "43": "湖南省", "44": "广东省", "45": "广西壮族自治区", "46": "海南省",
	"50": "重庆市", "51": "四川省", "52": "贵州省", "53": "云南省", "54": "西藏自治区",
	"61": "陕西省", "62": "甘肃省", "63": "青海省", "64": "宁夏回族自治区", "65": "新疆维吾尔自治区",
	"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区",
}
