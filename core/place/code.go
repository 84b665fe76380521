package place

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Scheme says which list a code is from. Beside those below a pack may name its
// own, of lower-case letters, digits and hyphens; their codes have no structure.
type Scheme string

const (
	// GB2260 is that of the Ministry of Civil Affairs (民政部): six digits down to
	// the county (GB/T 2260), nine to the street or township (GB/T 10114).
	GB2260 Scheme = "gb2260"
	// Statistics is that of the National Bureau of Statistics (统计用区划代码):
	// twelve digits down to the community or village. It is revised each year,
	// and its street codes are its own.
	Statistics Scheme = "stats"
	// Grid is that of a city's grid management (网格化管理): as the above, with
	// nine digits for a street and twelve for a community, and three more for a
	// grid, all assigned by the city.
	Grid Scheme = "grid"
	// House is that of houses and rooms (房屋编码) and of what their codes begin
	// with; see [HouseCode].
	House Scheme = "house"
	// Realty is that of real-estate units (不动产单元代码); see [RealtyCode].
	Realty Scheme = "realty"
	// Surveyed is that of the identifiers that things have in the files of surveys.
	Surveyed Scheme = "survey"
)

// Level is a level of the administrative tree.
type Level uint8

const (
	Province  Level = iota + 1 // 省
	City                       // 市
	County                     // 县、区
	Township                   // 街道、镇、乡
	Community                  // 社区、村
	GridCell                   // 网格
	Building                   // 楼栋
	Unit                       // 房屋
)

// levelDigits is how many digits of a code a level takes in all, houseDigits in
// the codes of houses.
var (
	levelDigits = [...]int{Province: 2, City: 4, County: 6, Township: 9, Community: 12, GridCell: 15}
	houseDigits = [...]int{Province: 2, City: 4, County: 6, Township: 9, Community: 12, GridCell: 14, Building: 19, Unit: 25}
)

func (s Scheme) digits() []int {
	if s == House {
		return houseDigits[:]
	}
	return levelDigits[:]
}

// Code is the code of a division in a scheme, in the scheme's one form (see
// [NewCode]). Codes can be compared with ==.
type Code struct {
	Scheme Scheme
	Value  string
}

var schemeForm = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// NewCode makes a code of what a list has. Codes that differ in trailing zeros
// alone are the same: in GB2260 and Grid they are shortened to the digits of
// their level but not below six, in Statistics filled up to twelve.
func NewCode(scheme Scheme, value string) (Code, error) {
	if !schemeForm.MatchString(string(scheme)) {
		return Code{}, fmt.Errorf("%q is not the name of a code scheme", scheme)
	}
	value = strings.TrimSpace(value)
	c := Code{scheme, value}
	switch scheme {
	case House:
		_, err := ParseHouseCode(value)
		return c, err
	case Realty:
		realty, err := ParseRealtyCode(value)
		return Code{scheme, string(realty)}, err
	}
	if !scheme.structured() {
		if value == "" {
			return Code{}, fmt.Errorf("a code of scheme %s is empty", scheme)
		}
		return c, nil
	}
	if !slices.Contains(levelDigits[1:], len(value)) || strings.Trim(value, "0123456789") != "" || strings.Trim(value, "0") == "" {
		return Code{}, fmt.Errorf("%q is not a code of scheme %s", value, scheme)
	}
	longest := map[Scheme]Level{GB2260: Township, Statistics: Community, Grid: GridCell}[scheme]
	level := c.Level()
	if level > longest {
		return Code{}, fmt.Errorf("%q is longer than codes of scheme %s are", value, scheme)
	}
	digits := max(levelDigits[level], levelDigits[County])
	if scheme == Statistics {
		digits = levelDigits[Community]
	}
	c.Value = (value + "000000000000")[:digits]
	return c, nil
}

func (s Scheme) structured() bool {
	return s == GB2260 || s == Statistics || s == Grid || s == House
}

// String returns the form "stats:440306017000".
func (c Code) String() string {
	if c == (Code{}) {
		return ""
	}
	return string(c.Scheme) + ":" + c.Value
}

// ParseCode reads the form that String returns.
func ParseCode(s string) (Code, error) {
	scheme, value, ok := strings.Cut(s, ":")
	if !ok {
		return Code{}, fmt.Errorf("%q is a code without its scheme", s)
	}
	return NewCode(Scheme(scheme), value)
}

// MarshalText returns the form of String.
func (c Code) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the form of String; empty is no code.
func (c *Code) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*c = Code{}
		return nil
	}
	*c, err = ParseCode(string(text))
	return err
}

// Level returns the level of the division, or 0 where the scheme has none.
func (c Code) Level() Level {
	if !c.Scheme.structured() {
		return 0
	}
	for level := Level(len(c.Scheme.digits()) - 1); level >= Province; level-- {
		if group := c.group(level); group != "" && strings.Trim(group, "0") != "" {
			return level
		}
	}
	return 0
}

// group returns the digits that a level adds.
func (c Code) group(level Level) string {
	from := 0
	if level > Province {
		from = c.Scheme.digits()[level-1]
	}
	if to := c.Scheme.digits()[level]; to <= len(c.Value) {
		return c.Value[from:to]
	}
	return ""
}

// Parent returns the code of the division above, passing over levels that are
// zero (a street of 东莞, which has no districts, is under the city). ok is
// false at the top and in schemes without structure.
func (c Code) Parent() (parent Code, ok bool) {
	level := c.Level()
	if level <= Province {
		return Code{}, false
	}
	for level--; level > Province && strings.Trim(c.group(level), "0") == ""; level-- {
	}
	parent, err := NewCode(c.Scheme, c.Value[:c.Scheme.digits()[level]])
	return parent, err == nil
}

// Contains reports whether the other division is this one or lies in it, by
// its code. Divisions of different schemes never do.
func (c Code) Contains(other Code) bool {
	for ok := true; ok; other, ok = other.Parent() {
		if c == other {
			return c != (Code{})
		}
	}
	return false
}

// Division is an entry of a list of divisions.
type Division struct {
	Code Code
	Name string
}

// Comparison is how two lists of divisions go together.
type Comparison struct {
	// Same are divisions of one name, level and, as far as both lists have it,
	// parent.
	Same [][2]Division
	// OnlyFirst and OnlySecond have no counterpart, or more than one.
	OnlyFirst, OnlySecond []Division
	// Contradictions are divisions whose codes have the same digits and level
	// and whose names differ: what a join on the bare digits would confuse.
	Contradictions [][2]Division
}

// Compare joins two lists by name, never by digits. An administrator looks at
// the result before a crosswalk is made of it.
func Compare(first, second []Division) Comparison {
	var out Comparison
	names := map[Code]string{}
	for _, list := range [][]Division{first, second} {
		for _, d := range list {
			names[d.Code] = d.Name
		}
	}
	parentName := func(d Division) string {
		parent, _ := d.Code.Parent()
		return names[parent]
	}
	type key struct {
		level Level
		name  string
	}
	fits := func(a, b Division) bool {
		p, q := parentName(a), parentName(b)
		return p == "" || q == "" || p == q
	}
	byName := map[key][]Division{}
	byDigits := map[key]Division{}
	for _, d := range second {
		k := key{d.Code.Level(), d.Name}
		byName[k] = append(byName[k], d)
		byDigits[key{d.Code.Level(), d.Code.digits()}] = d
	}
	found := map[Code]int{} // how often a division of the second list is a counterpart
	counterparts := make([][]Division, len(first))
	for i, d := range first {
		for _, other := range byName[key{d.Code.Level(), d.Name}] {
			if fits(d, other) {
				counterparts[i] = append(counterparts[i], other)
				found[other.Code]++
			}
		}
		if other, ok := byDigits[key{d.Code.Level(), d.Code.digits()}]; ok && other.Name != d.Name {
			out.Contradictions = append(out.Contradictions, [2]Division{d, other})
		}
	}
	matched := map[Code]bool{}
	for i, d := range first {
		if c := counterparts[i]; len(c) == 1 && found[c[0].Code] == 1 {
			out.Same = append(out.Same, [2]Division{d, c[0]})
			matched[c[0].Code] = true
		} else {
			out.OnlyFirst = append(out.OnlyFirst, d)
		}
	}
	for _, d := range second {
		if !matched[d.Code] {
			out.OnlySecond = append(out.OnlySecond, d)
		}
	}
	return out
}

// digits returns the significant digits.
func (c Code) digits() string {
	if level := c.Level(); level > 0 {
		return c.Value[:c.Scheme.digits()[level]]
	}
	return c.Value
}
