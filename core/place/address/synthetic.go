package address

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Name is a name of a place of a district, from which addresses are made up.
type Name struct {
	Kind      string // street, community, road, estate, village, industrial_park, landmark
	Text      string
	Community string // what it lies in
	Street    string
}

// Synthesise makes up labelled addresses of a district, the way its people write
// them: they teach the parser what the labelled addresses of elsewhere cannot, the
// urban villages, industrial parks and codes of a southern city. division are the
// names above the street: province, city, district.
func Synthesise(division [3]string, names []Name, n int, seed uint64) []Labelled {
	r := rand.New(rand.NewPCG(seed, 7))
	by := map[string][]Name{}
	for _, x := range names {
		by[x.Kind] = append(by[x.Kind], x)
	}
	if len(by["road"]) == 0 || len(by["estate"]) == 0 {
		return nil
	}
	pick := func(kinds ...string) Name {
		for {
			if list := by[kinds[r.IntN(len(kinds))]]; len(list) > 0 {
				return list[r.IntN(len(list))]
			}
		}
	}
	chance := func(p float64) bool { return r.Float64() < p }
	shops := []string{"便利店", "菜鸟驿站", "五金店", "餐饮店", "理发店", "电子有限公司", "科技有限公司", "模具厂", "药房", "幼儿园"}
	surnames := []string{"华", "永", "鑫", "宏", "佳", "盛", "新", "金", "顺", "德"}
	letters := "ABCDEFGH"
	cjk := strings.Split("一二三四五六七八九十", "")
	var out []Labelled
	for range n {
		l := Labelled{}
		put := func(label, text string) { l.put(label, text) }
		if chance(0.35) {
			put(Prov, division[0])
		}
		city := chance(0.6)
		if city {
			put(City, pickOne(r, division[1], strings.TrimSuffix(division[1], "市")))
		}
		if city || chance(0.5) {
			put(District, pickOne(r, division[2], division[2], strings.TrimSuffix(division[2], "区")))
		}
		main := pick("road", "estate", "village", "industrial_park")
		if chance(0.7) && main.Street != "" {
			put(Town, pickOne(r, main.Street, main.Street, strings.TrimSuffix(main.Street, "街道")))
		}
		if chance(0.4) && main.Community != "" {
			put(Community, main.Community)
		}
		room := func() string {
			f := 1 + r.IntN(32)
			return fmt.Sprintf("%d%02d", f, 1+r.IntN(12))
		}
		house := func() {
			switch r.IntN(5) {
			case 0:
				put(HouseNo, string(letters[r.IntN(8)])+pickOne(r, "栋", "座", "栋", ""))
			case 1:
				put(HouseNo, cjk[r.IntN(10)]+"栋")
			case 2:
				put(HouseNo, fmt.Sprintf("%s%d栋", string(letters[r.IntN(8)]), 1+r.IntN(9)))
			default:
				put(HouseNo, fmt.Sprintf("%d%s", 1+r.IntN(40), pickOne(r, "栋", "号楼", "栋", "幢")))
			}
			if chance(0.3) {
				put(CellNo, pickOne(r, fmt.Sprintf("%d单元", 1+r.IntN(4)), string(letters[r.IntN(4)])+"单元", cjk[r.IntN(4)]+"单元"))
			}
		}
		end := func() {
			if chance(0.2) {
				put(FloorNo, pickOne(r, fmt.Sprintf("%d楼", 1+r.IntN(20)), fmt.Sprintf("%d层", 1+r.IntN(20)), cjk[r.IntN(9)]+"楼"))
			} else if chance(0.8) {
				put(RoomNo, room()+pickOne(r, "", "室", "房", "号", ""))
			}
		}
		switch main.Kind {
		case "road":
			put(Road, main.Text)
			if chance(0.8) {
				put(RoadNo, fmt.Sprintf("%d%s", 1+r.IntN(600), pickOne(r, "号", "号", "")))
			}
			if chance(0.5) {
				put(POI, pick("estate", "industrial_park", "landmark").Text)
				if chance(0.6) {
					house()
				}
			}
			if chance(0.5) {
				end()
			}
		case "village":
			put(POI, main.Text)
			if chance(0.6) {
				put(SubRoad, pickOne(r, cjk[r.IntN(10)], fmt.Sprint(1+r.IntN(20)))+"巷")
				put(SubRoadNo, fmt.Sprintf("%d号", 1+r.IntN(30)))
			} else {
				house()
			}
			end()
		case "industrial_park":
			put(POI, main.Text)
			if chance(0.3) {
				put(SubPOI, pickOne(r, "一区", "二区", "A区", "B区", "第三工业区"))
			}
			house()
			end()
		default:
			put(POI, main.Text)
			if chance(0.25) {
				put(SubPOI, pickOne(r, "一期", "二期", "三期", "南区", "北区", "A区"))
			}
			if chance(0.15) { // 5-1203
				put(HouseNo, fmt.Sprint(1+r.IntN(20)))
				put(Redundant, "-")
				put(RoomNo, room())
			} else {
				house()
				end()
			}
		}
		if chance(0.12) {
			put(Person, surnames[r.IntN(10)]+surnames[r.IntN(10)]+pickOne(r, shops...))
		} else if chance(0.06) {
			put(Assist, pickOne(r, "附近", "对面", "旁", "门口", "楼下"))
		}
		out = append(out, l)
	}
	return out
}

func pickOne(r *rand.Rand, of ...string) string { return of[r.IntN(len(of))] }

// put adds a part.
func (l *Labelled) put(label, text string) {
	at := len([]rune(l.Text))
	l.Text += text
	for i, t := range tokens(text) {
		t.start, t.end = t.start+at, t.end+at
		l.toks = append(l.toks, t)
		for k, x := range Labels {
			if x == label {
				l.tags = append(l.tags, tagOf(k, i == 0))
			}
		}
	}
}
