package check

import (
	"fmt"
	"io/fs"
	"math"
	"slices"

	"shanzhi/core/pack"
	"shanzhi/core/place"
	"shanzhi/systems/cim/ingest"
)

// Severity is how bad a finding is.
type Severity string

// The severities.
const (
	Error   Severity = "error"   // 错误: the object is not published
	Warning Severity = "warning" // 警告: a person should look
	Notice  Severity = "notice"  // 提示
	Off     Severity = "off"
)

// rule is one thing that can be wrong.
type rule struct {
	code   string
	severe Severity
	zh, en string
}

// catalogue is every rule, in the order in which a report has them.
var catalogue = []rule{
	{"R01", Error, "未声明坐标系", "No reference system declared"},
	{"R02", Warning, "未声明高程基准，或换算不了", "Heights over nothing known"},
	{"R03", Warning, "位置不在本区", "Outside the district"},
	{"R04", Warning, "疑似坐标系弄错", "Probably in another system"},
	{"R05", Error, "坐标不是经纬度", "No degrees"},

	{"101", Error, "环的点太少", "Too few points"},
	{"102", Error, "环上有连续的重复点", "Consecutive points are the same"},
	{"103", Error, "环没有闭合", "Ring not closed"},
	{"104", Error, "环自相交", "Ring intersects itself"},
	{"201", Error, "面的环互相交叉", "Rings intersect"},
	{"202", Error, "面有重复的环", "Rings are duplicates"},
	{"203", Error, "面不平（点到面的距离）", "Not planar (distance)"},
	{"204", Error, "面不平（法线偏差）", "Not planar (normals)"},
	{"205", Error, "面的内部被断开", "Interior not connected"},
	{"206", Error, "洞在外环之外", "Hole outside"},
	{"207", Error, "洞套着洞", "Holes are nested"},
	{"208", Error, "外环与洞方向相同", "Rings run the same way"},
	{"301", Error, "壳的面太少", "Too few surfaces"},
	{"302", Error, "壳没有闭合", "Shell not closed"},
	{"303", Error, "壳不是流形", "Shell not a manifold"},
	{"305", Error, "壳由几块互不相连的组成", "Shell in several parts"},
	{"306", Error, "壳自相交", "Shell intersects itself"},
	{"307", Error, "面的方向不一致", "Surface wrongly oriented"},
	{"401", Error, "内外壳相交", "Shells intersect"},
	{"402", Error, "内外壳重复", "Shells are duplicates"},
	{"403", Error, "内壳在外壳之外", "Inner shell outside"},
	{"405", Error, "壳的方向朝里", "Shell inside out"},
	{"501", Error, "同一几何的实体互相侵入", "Solids intersect"},
	{"502", Error, "同一几何的实体重复", "Solids are duplicates"},
	{"601", Warning, "同一建筑的部分互相侵入", "Building parts overlap"},
	{"609", Warning, "要素没有几何", "No geometry"},

	{"D01", Error, "要素重复", "Duplicate object"},
	{"D02", Warning, "占地重叠", "Footprints overlap"},
	{"H01", Warning, "高度不合常理", "Implausible height"},
	{"H02", Warning, "层数与高度不符", "Storeys do not fit the height"},
	{"H03", Warning, "登记高度与模型不符", "Stated height is not that of the model"},
	{"L01", Warning, "细节层次缺失或写法不对", "Level of detail missing"},
	{"L02", Notice, "一级模型的顶不平", "Roof of a block not flat"},
	{"C01", Error, "编码重复", "Duplicate code"},
	{"C02", Error, "底账里没有这个编码", "Code not in the register"},
	{"C03", Error, "编码不合规则", "Code does not hold"},
	{"C04", Notice, "建筑没有编码", "Building without code"},
	{"A01", Warning, "地址与编码不是一处", "Address is of another building"},
	{"A02", Notice, "地址在底账里找不到", "Address not found"},

	{"P01", Error, "管线端点不存在", "Pipe ends at a point that is not there"},
	{"P02", Warning, "孤立的管点", "Point without pipes"},
	{"P03", Error, "逆坡", "Slopes against the flow"},
	{"P04", Warning, "下游管径变小", "Narrower downstream"},
	{"P05", Warning, "交叉净距不足", "Crossing too close"},
	{"P06", Warning, "缺井深或高程", "Depth or height missing"},
	{"P07", Warning, "与管网不连通的部分", "Part cut off from the net"},
	{"P08", Warning, "水流有进无出", "Flow comes in and not out"},
	{"P09", Error, "管线重复", "Duplicate pipe"},
	{"P10", Error, "管线长度为零", "Pipe without length"},
	{"P11", Warning, "缺管径", "Diameter missing"},
	{"P12", Warning, "悬挂的端点（差一点没接上）", "End that just misses a pipe"},
	{"P13", Warning, "管底低于井底", "Pipe below the bottom of its well"},
	{"P14", Error, "管点没有坐标", "Point without coordinates"},
}

// Settings are what a district's pack says in cim/check.yaml.
type Settings struct {
	Tolerance CityTolerance           `yaml:"tolerance"`
	Rules     map[string]RuleSettings `yaml:"rules"`
	// Fields are the names of attributes: code, address, floors, height.
	Fields map[string][]string `yaml:"fields"`
	// Separation is how far the zero of 1985 lies over the ellipsoid here (似大地水准面高), in metres.
	Separation *float64       `yaml:"separation"`
	Columns    ingest.Columns `yaml:"columns"`
	// Systems are the city's own grids, by name. Their parameters are restricted.
	Systems []LocalSystem `yaml:"systems"`
}

// RuleSettings are those of one rule.
type RuleSettings struct {
	Severity Severity `yaml:"severity"`
	Low      *float64 `yaml:"low"`
	High     *float64 `yaml:"high"`
}

// LocalSystem is a grid of a city laid over a projection.
type LocalSystem struct {
	Name    string   `yaml:"name"`
	Also    []string `yaml:"also"`
	Over    string   `yaml:"over"`
	East    float64  `yaml:"east"`
	North   float64  `yaml:"north"`
	Seconds float64  `yaml:"seconds"`
	PPM     float64  `yaml:"ppm"`
}

// CityTolerance is in metres and degrees; the defaults are those of val3dity.
type CityTolerance struct {
	Snap    float64 `yaml:"snap" json:"snap"`       // below which two places are one
	Plane   float64 `yaml:"plane" json:"plane"`     // off a surface's plane
	Normals float64 `yaml:"normals" json:"normals"` // between parts of a surface, degrees
}

// Rules are the rules as they hold in a district.
type Rules struct {
	CityTolerance
	severe   map[string]Severity
	low      map[string]float64
	high     map[string]float64
	fields   map[string][]string
	settings Settings
}

// thresholds of rules that have some.
var lows = map[string]float64{"H01": 2, "H02": 2.2, "P03": 0.01, "P12": 0.5, "P04": 0.001, "P13": 0.02, "D02": 1, "H03": 2}
var highs = map[string]float64{"H01": 700, "H02": 8, "H03": 0.2, "R03": 500, "D02": 0.02}

var fieldNames = map[string][]string{
	"code":    {"code", "house_code", "building_code", "楼栋编码", "房屋编码", "编码", "LDBM", "JZWBM"},
	"address": {"address", "地址", "标准地址", "DZ", "BZDZ"},
	"floors":  {"storeysAboveGround", "floors", "floors_up", "层数", "地上层数", "DSCS", "CS"},
	"height":  {"measuredHeight", "height", "高度", "建筑高度", "JZGD"},
}

const settingsFile = "cim/check.yaml"

// ReadRules reads the rules of a district's pack; without a file they are those of the standards.
func ReadRules(files fs.FS) (*Rules, error) {
	var s Settings
	if files != nil && pack.Has(files, settingsFile) {
		if err := pack.Settings(files, settingsFile, &s); err != nil {
			return nil, err
		}
	}
	return NewRules(s)
}

// NewRules makes rules of settings.
func NewRules(s Settings) (*Rules, error) {
	r := &Rules{CityTolerance: s.Tolerance, severe: map[string]Severity{}, low: map[string]float64{}, high: map[string]float64{}, fields: map[string][]string{}, settings: s}
	for _, d := range []struct {
		p                  *float64
		otherwise, low, up float64
		name               string
	}{{&r.Snap, 0.001, 1e-6, 0.5, "snap"}, {&r.Plane, 0.01, 1e-4, 5, "plane"}, {&r.Normals, 20, 1, 90, "normals"}} {
		if *d.p == 0 {
			*d.p = d.otherwise
		}
		if !(*d.p >= d.low && *d.p <= d.up) {
			return nil, fmt.Errorf("%s: tolerance %s: %g lies outside %g to %g", settingsFile, d.name, *d.p, d.low, d.up)
		}
	}
	for _, k := range catalogue {
		r.severe[k.code] = k.severe
	}
	for k, v := range lows {
		r.low[k] = v
	}
	for k, v := range highs {
		r.high[k] = v
	}
	for code, own := range s.Rules {
		if _, ok := r.severe[code]; !ok {
			return nil, fmt.Errorf("%s: there is no rule %q", settingsFile, code)
		}
		switch own.Severity {
		case Error, Warning, Notice, Off:
			r.severe[code] = own.Severity
		case "":
		default:
			return nil, fmt.Errorf("%s: rule %s: %q is no severity (error, warning, notice, off)", settingsFile, code, own.Severity)
		}
		for to, x := range map[*map[string]float64]*float64{&r.low: own.Low, &r.high: own.High} {
			if x == nil {
				continue
			}
			if _, has := (*to)[code]; !has || math.IsNaN(*x) || *x < 0 {
				return nil, fmt.Errorf("%s: rule %s has no such threshold, or not %g", settingsFile, code, *x)
			}
			(*to)[code] = *x
		}
	}
	for k, v := range fieldNames {
		r.fields[k] = append(slices.Clone(s.Fields[k]), v...)
	}
	for k := range s.Fields {
		if _, ok := fieldNames[k]; !ok {
			return nil, fmt.Errorf("%s: no field is called %q", settingsFile, k)
		}
	}
	if x := s.Separation; x != nil && !(math.Abs(*x) < 120) {
		return nil, fmt.Errorf("%s: a separation of %g m is not of this earth", settingsFile, *x)
	}
	for _, l := range s.Systems {
		if l.Name == "" {
			return nil, fmt.Errorf("%s: a system has a name", settingsFile)
		}
		if f, err := place.ParseFrame(l.Over); err != nil || !f.Metric() {
			return nil, fmt.Errorf("%s: system %s: %q is no projection that it could lie over", settingsFile, l.Name, l.Over)
		}
	}
	return r, nil
}

// Named finds a grid of the city by its name.
func (r *Rules) Named(name string) (place.Frame, bool) {
	for _, l := range r.settings.Systems {
		if l.Name == name || slices.Contains(l.Also, name) {
			f, err := place.ParseFrame(l.Over)
			return f.On(l.Name, place.Similarity{East: l.East, North: l.North, Seconds: l.Seconds, PPM: l.PPM}), err == nil
		}
	}
	return place.Frame{}, false
}

// Columns are those of pipe tables.
func (r *Rules) Columns() ingest.Columns { return r.settings.Columns }

// Separation is how far the zero of 1985 lies over the ellipsoid, where the pack says it.
func (r *Rules) Separation() *float64 { return r.settings.Separation }

// Title is the name of a rule; of a code that is none, such as a reader's, itself.
func Title(code string) (zh, en string) {
	for _, k := range catalogue {
		if k.code == code {
			return k.zh, k.en
		}
	}
	if t, ok := faultTitles[code]; ok {
		return t[0], t[1]
	}
	return code, code
}

var faultTitles = map[string][2]string{
	ingest.FaultUnknown: {"不认识的文件", "Unknown format"}, ingest.FaultBroken: {"不合格式", "Against its format"}, ingest.FaultCut: {"文件不完整", "Cut off"}, ingest.FaultLimit: {"超过上限", "Too large"},
	ingest.FaultMissing: {"缺少部分", "Something missing"}, ingest.FaultText: {"乱码", "Unreadable characters"}, ingest.FaultSystem: {"坐标系不认识", "Unknown system"}, ingest.FaultRefers: {"引用不存在", "Refers to nothing"},
	ingest.FaultNumber: {"不是数", "No number"}, ingest.FaultSupport: {"暂不支持", "Not read here"}, ingest.FaultNothing: {"空文件", "Empty"}, ingest.FaultColumns: {"缺少列", "Columns missing"}, ingest.FaultRepeated: {"标识重复", "Repeated identifier"},
	"tiles_error": {"瓦片误差不对", "Geometric error"}, "tiles_volume": {"瓦片范围不对", "Bounding volume"}, "tiles_outside": {"瓦片超出上级", "Tile outside"}, "tiles_missing": {"缺少瓦片文件", "Content missing"}, "tiles_content": {"瓦片内容损坏", "Content broken"},
	"tiles_uri": {"瓦片地址不对", "Address of content"}, "tiles_refine": {"瓦片细化方式不对", "Refinement"}, "tiles_version": {"瓦片版本不对", "Version"}, "tiles_circle": {"瓦片引用成圈", "Circle of tilesets"},
}

// CodeFields are the names of attributes that hold a house code.
func (r *Rules) CodeFields() []string { return r.Fields("code") }

// Fields are the names of attributes that say something: code, address, floors, height.
func (r *Rules) Fields(what string) []string { return r.fields[what] }
