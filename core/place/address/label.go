package address

// The labels of parts of an address, those of Li et al., Neural Chinese Address
// Parsing (NAACL 2019): 21 levels from the country to the room, and what is no
// level of it.
const (
	Country   = "country"
	Prov      = "prov"      // 省
	City      = "city"      // 市
	District  = "district"  // 区县
	DevZone   = "devzone"   // 开发区
	Town      = "town"      // 街道、镇
	Community = "community" // 社区、村
	Road      = "road"
	SubRoad   = "subroad"
	RoadNo    = "roadno" // 门牌号
	SubRoadNo = "subroadno"
	POI       = "poi" // 小区、大厦、单位
	SubPOI    = "subpoi"
	HouseNo   = "houseno"   // 栋、幢
	CellNo    = "cellno"    // 单元
	FloorNo   = "floorno"   // 层
	RoomNo    = "roomno"    // 室
	Person    = "person"    // 商户、收件人
	Assist    = "assist"    // 附近、对面
	Redundant = "redundant" // 重复的部分、分隔符
	OtherInfo = "otherinfo"
)

// Labels are all labels, from above to below.
var Labels = []string{Country, Prov, City, District, DevZone, Town, Community, Road, SubRoad, RoadNo, SubRoadNo, POI, SubPOI, HouseNo, CellNo, FloorNo, RoomNo, Person, Assist, Redundant, OtherInfo}

// A tag is a label and whether its part begins (even) or goes on (odd).
type tag uint8

const tagCount = 42

func tagOf(label int, begins bool) tag {
	t := tag(2 * label)
	if !begins {
		t++
	}
	return t
}

func (t tag) label() int   { return int(t / 2) }
func (t tag) begins() bool { return t%2 == 0 }

// mayFollow says which tag may come after another: a part goes on only with its own label.
func mayFollow(before, after tag) bool { return after.begins() || before.label() == after.label() }
