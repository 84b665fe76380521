package place

import (
	"fmt"
	"strings"
)

// RealtyCode is the code of a real-estate unit (不动产单元代码, GB/T 37346-2019): 28
// characters, of which the first 19 are the parcel's (宗地代码).
//
//	440306 003 012 GB 00007 F 00010203
//	县     地籍区 子区 特征 顺序 定着物 单元(幢4 户4)
type RealtyCode string

// Letters of GB/T 37346-2019: who owns the land, what right the parcel is for,
// what is fixed to it.
var (
	landOwners = map[byte]string{'G': "国家土地所有权", 'J': "集体土地所有权", 'Z': "土地所有权未确定或有争议"}
	landRights = map[byte]string{
		'A': "集体土地所有权宗地", 'B': "建设用地使用权宗地（地表）", 'S': "建设用地使用权宗地（地上）", 'X': "建设用地使用权宗地（地下）",
		'C': "宅基地使用权宗地", 'D': "土地承包经营权宗地（耕地）", 'E': "土地承包经营权宗地（林地）", 'F': "土地承包经营权宗地（草地）",
		'L': "林地使用权宗地（承包经营以外的）", 'N': "农用地的使用权宗地（承包经营以外的、非林地）",
		'H': "海域使用权宗海", 'G': "无居民海岛使用权海岛", 'W': "使用权未确定或有争议的宗地", 'Y': "其他土地使用权宗地",
	}
	fixtures = map[byte]string{'F': "房屋等建筑物、构筑物", 'L': "森林或林木", 'Q': "其他类型的定着物", 'W': "无定着物"}
)

// realtyGroups are the ends of the groups.
var realtyGroups = [...]int{6, 9, 12, 14, 19, 20, 28}

// ParseRealtyCode reads a code; spaces between its groups and small letters are
// put right. Letters that the standard does not have, a parcel or a unit with the
// number zero, and a unit where nothing is fixed to the land are refused. The
// standard has no check character.
func ParseRealtyCode(s string) (RealtyCode, error) {
	if strings.ContainsAny(s, " -") {
		s = strings.NewReplacer(" ", "", "-", "").Replace(s)
	}
	fail := func(what string, args ...any) (RealtyCode, error) {
		return "", fmt.Errorf("%q is not a real-estate unit code: %s", s, fmt.Sprintf(what, args...))
	}
	if len(s) != 28 {
		return fail("it has %d characters, not 28", len(s))
	}
	s = strings.ToUpper(s)
	for i := range len(s) {
		letter := i == 12 || i == 13 || i == 19
		if d := s[i]; letter != (d >= 'A' && d <= 'Z') || !letter && (d < '0' || d > '9') {
			return fail("its character %d is %q", i+1, d)
		}
	}
	switch {
	case provinces[s[:2]] == "":
		return fail("there is no province %s (GB/T 2260)", s[:2])
	case landOwners[s[12]] == "":
		return fail("%q says of no owner (G, J, Z)", s[12])
	case landRights[s[13]] == "":
		return fail("%q is of no right (A B S X C D E F L N H G W Y)", s[13])
	case fixtures[s[19]] == "":
		return fail("%q is no kind of what is fixed to the land (F, L, Q, W)", s[19])
	case s[14:19] == "00000":
		return fail("the parcel's number is zero")
	case s[19] == 'W' && s[20:] != "00000000":
		return fail("W says that nothing is fixed to the land, and a unit is named")
	case s[19] != 'W' && s[20:] == "00000000":
		return fail("the unit's number is zero")
	}
	return RealtyCode(s), nil
}

// Parcel returns the 19 characters of the parcel (宗地代码).
func (c RealtyCode) Parcel() string { return string(c[:19]) }

// County returns the division whose registry it is.
func (c RealtyCode) County() Code { return Code{GB2260, string(c[:6])} }

// String returns the code in its groups, as certificates print it.
func (c RealtyCode) String() string {
	return string(c[:6]) + " " + string(c[6:12]) + " " + string(c[12:19]) + " " + string(c[19:])
}
