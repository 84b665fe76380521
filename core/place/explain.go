package place

import (
	"fmt"
	"strings"
)

// Reading is one way to read a code.
type Reading struct {
	Kind     string     `json:"kind" enum:"house,realty,gb2260,stats,grid,beidou,geosot" doc:"By which scheme"`
	Standard string     `json:"standard"`
	Of       string     `json:"of" doc:"What it is the code of"`
	Parts    []CodePart `json:"parts"`
	// Holds is whether all that can be checked does; Problems and Notes say what
	// does not, and what cannot be known.
	Holds    bool     `json:"holds"`
	Problems []string `json:"problems,omitempty"`
	Notes    []string `json:"notes,omitempty"`
	Box      *Box     `json:"box,omitempty" doc:"West, south, east, north in WGS-84, of a grid code"`
	Parent   string   `json:"parent,omitempty" doc:"Of a grid code: the cell that it lies in"`
	// Neighbours of a grid code, from the north-west, row by row.
	Neighbours []string `json:"neighbours,omitempty"`
	Children   int      `json:"children,omitempty" doc:"How many cells it is divided into"`
}

// CodePart is a group of a code's characters.
type CodePart struct {
	Name  string `json:"name"`
	Text  string `json:"text"`
	From  int    `json:"from"`
	To    int    `json:"to"`
	Means string `json:"means,omitempty"`
}

// Explained is a code and all ways to read it, those that hold first.
type Explained struct {
	Code     string    `json:"code"`
	Readings []Reading `json:"readings"`
	Known    bool      `json:"known" doc:"Whether at least one reading holds"`
}

var partNames = [...]string{Province: "省 province", City: "市 city", County: "区县 district", Township: "街道 street", Community: "社区 community", GridCell: "网格 grid", Building: "楼栋 building", Unit: "房屋 room"}

// Explain reads a code by every scheme that has codes of its form: what each part
// means, and whether it holds. The digits alone do not say their scheme, so that
// twelve digits are read as a community of each.
func (d *Divisions) Explain(code string) Explained {
	code = strings.TrimSpace(code)
	out := Explained{Code: code}
	add := func(r Reading, err error) {
		if err != nil {
			r.Problems = append(r.Problems, err.Error())
		}
		r.Holds = len(r.Problems) == 0
		out.Known = out.Known || r.Holds
		if r.Holds {
			i := 0
			for ; i < len(out.Readings) && out.Readings[i].Holds; i++ {
			}
			out.Readings = append(out.Readings[:i], append([]Reading{r}, out.Readings[i:]...)...)
			return
		}
		out.Readings = append(out.Readings, r)
	}
	bare := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(code))
	digits := bare != "" && strings.Trim(bare, "0123456789") == ""
	switch {
	case digits:
		if _, ok := houseLevel(len(bare)); ok {
			add(d.explainHouse(bare))
		}
		for _, scheme := range []Scheme{GB2260, Statistics, Grid} {
			if c, err := NewCode(scheme, bare); err == nil {
				add(d.explainDivision(c, bare), nil)
			}
		}
	case len(bare) == 28:
		add(d.explainRealty(code))
	case strings.HasPrefix(bare, "G"):
		add(explainGeoSOT(code))
	case bare != "" && (bare[0] == 'N' || bare[0] == 'S'):
		add(explainBeiDou(bare))
	}
	return out
}

func (d *Divisions) explainHouse(s string) (Reading, error) {
	level, _ := houseLevel(len(s))
	r := Reading{Kind: string(House), Standard: "《社会管理要素统一地址规范》", Of: partNames[level], Notes: []string{"the scheme has no check digit: form and prefixes are checked"}}
	_, err := ParseHouseCode(s)
	for l := Province; l <= level; l++ {
		from := 0
		if l > Province {
			from = houseDigits[l-1]
		}
		p := CodePart{Name: partNames[l], Text: s[from:houseDigits[l]], From: from, To: houseDigits[l]}
		name, sure := d.house(HouseCode(s[:houseDigits[l]]))
		switch p.Means = name; {
		case err != nil || l > Community:
		case name == "" && l <= County:
			r.Problems = append(r.Problems, fmt.Sprintf("there is no %s %s in the list of divisions", levelNames[l], s[:houseDigits[l]]))
		case name == "":
			r.Notes = append(r.Notes, fmt.Sprintf("no list here has the %s %s", levelNames[l], s[:houseDigits[l]]))
		case !sure:
			p.Means += "（统计用区划代码）"
		}
		if l == Building {
			p.Means = "楼栋顺序号"
		} else if l == Unit {
			p.Means = "房间顺序号（不表示楼层）"
		}
		r.Parts = append(r.Parts, p)
	}
	return r, err
}

func (d *Divisions) explainDivision(c Code, s string) Reading {
	standards := map[Scheme]string{GB2260: "GB/T 2260、GB/T 10114", Statistics: "统计用区划代码（国家统计局）", Grid: "网格化管理编码（市自定）"}
	r := Reading{Kind: string(c.Scheme), Standard: standards[c.Scheme]}
	for l := Province; l <= c.Level(); l++ {
		part := Code{c.Scheme, s}.group(l)
		p := CodePart{Name: partNames[l], Text: part, To: levelDigits[l]}
		p.From = p.To - len(part)
		if up, err := NewCode(c.Scheme, s[:p.To]); err == nil && up.Level() == l {
			name, ok := d.names[up]
			if !ok && l <= County {
				name, ok = d.names[Code{GB2260, up.Value[:6]}]
			}
			switch p.Means = name; {
			case ok:
			case l <= County:
				r.Problems = append(r.Problems, fmt.Sprintf("there is no %s %s in the list of divisions", levelNames[l], s[:p.To]))
			case c.Scheme == Statistics && l == Township:
				r.Problems = append(r.Problems, fmt.Sprintf("there is no street %s in the statistics list of 2023", s[:p.To]))
			default:
				r.Notes = append(r.Notes, fmt.Sprintf("no list here has the %s %s", levelNames[l], s[:p.To]))
			}
		}
		r.Of = p.Name
		r.Parts = append(r.Parts, p)
	}
	return r
}

func (d *Divisions) explainRealty(s string) (Reading, error) {
	r := Reading{Kind: string(Realty), Standard: "GB/T 37346-2019", Of: "不动产单元 real-estate unit", Notes: []string{"the standard has no check character: letters and groups are checked"}}
	c, err := ParseRealtyCode(s)
	if err != nil {
		return r, err
	}
	county, ok := d.Name(c.County())
	if !ok {
		r.Problems = append(r.Problems, fmt.Sprintf("there is no district %s in the list of divisions", c[:6]))
	}
	means := []string{county, "地籍区", "地籍子区", landOwners[c[12]] + "，" + landRights[c[13]], "宗地（宗海）顺序号", fixtures[c[19]], "定着物单元号"}
	if c[19] == 'F' {
		means[6] = fmt.Sprintf("幢号 %s，户号 %s", string(c[20:24]), string(c[24:]))
	}
	names := []string{"县级行政区划 district", "地籍区 cadastral district", "地籍子区 cadastral sub-district", "宗地特征码 parcel feature", "宗地顺序号 parcel", "定着物特征码 fixture", "定着物单元号 unit"}
	from := 0
	for i, to := range realtyGroups {
		r.Parts = append(r.Parts, CodePart{names[i], string(c[from:to]), from, to, means[i]})
		from = to
	}
	return r, nil
}

func explainGeoSOT(s string) (Reading, error) {
	r := Reading{Kind: "geosot", Standard: "GB/T 40087-2021", Of: "网格 GeoSOT cell"}
	c, err := ParseGeoSOT(s)
	if err != nil {
		return r, err
	}
	box := c.Box()
	r.Box = &box
	bare, names := strings.NewReplacer("-", "", ".", "").Replace(s), []string{"度 degrees", "分 minutes", "秒 seconds", "秒以下 fraction"}
	r.Parts = append(r.Parts, CodePart{"标识 mark", "G", 0, 1, "GeoSOT"})
	from := 1
	for i, to := range []int{10, 16, 22, 33} {
		if to = min(to, len(bare)); to > from {
			r.Parts = append(r.Parts, CodePart{names[i], bare[from:to], from, to, ""})
			from = to
		}
	}
	r.Notes = append(r.Notes, fmt.Sprintf("level %d; %s", c.Level(), boxText(box)))
	r.around(explainAround(c))
	return r, nil
}

func explainBeiDou(s string) (Reading, error) {
	r := Reading{Kind: "beidou", Standard: "GB/T 39409-2020", Of: "北斗网格 BeiDou cell"}
	c, err := ParseBeiDou(s)
	if err != nil {
		return r, err
	}
	box := c.Box()
	r.Box = &box
	r.Parts = append(r.Parts, CodePart{"半球 hemisphere", s[:1], 0, 1, map[byte]string{'N': "北 north", 'S': "南 south"}[s[0]]})
	at := 1
	part := func(name string, n int, means string) {
		r.Parts = append(r.Parts, CodePart{name, s[at : at+n], at, at + n, means})
		at += n
	}
	if c.solid {
		part("高度方向 above or below", 1, map[bool]string{false: "上 above", true: "下 below"}[c.deep])
	}
	for n := 1; n <= c.Level(); n++ {
		l := beiDouLevels[n]
		part(fmt.Sprintf("第%d级 level %d", n, n), l.chars, secondsText(l.width)+"×"+secondsText(l.length))
		if c.solid {
			part("高度 height", 1+toInt(n == 1), "")
		}
	}
	r.Notes = append(r.Notes, fmt.Sprintf("level %d; %s", c.Level(), boxText(box)))
	r.around(explainAround(c))
	if metres, ok := c.Height(); ok {
		r.Notes = append(r.Notes, fmt.Sprintf("its side towards the ellipsoid is at %.3f m of ellipsoidal height", metres))
	}
	return r, nil
}

// gridCell is a cell of either grid.
type gridCell[C any] interface {
	Cell[C]
	String() string
	Parent() (C, bool)
	Neighbour(east, north int) (C, bool)
}

func explainAround[C gridCell[C]](c C) (parent string, neighbours []string, children int) {
	if p, ok := c.Parent(); ok {
		parent = p.String()
	}
	for north := 1; north >= -1; north-- {
		for east := -1; east <= 1; east++ {
			if n, ok := c.Neighbour(east, north); ok && (east != 0 || north != 0) {
				neighbours = append(neighbours, n.String())
			}
		}
	}
	return parent, neighbours, len(c.Children())
}

func (r *Reading) around(parent string, neighbours []string, children int) {
	r.Parent, r.Neighbours, r.Children = parent, neighbours, children
}

func boxText(b Box) string {
	return fmt.Sprintf("%.8f to %.8f E, %.8f to %.8f N (WGS-84, CGCS2000)", b.West, b.East, b.South, b.North)
}

func secondsText(units int32) string {
	switch seconds := units / 2048; {
	case seconds >= 3600:
		return fmt.Sprintf("%d°", seconds/3600)
	case seconds >= 60:
		return fmt.Sprintf("%d′", seconds/60)
	case seconds >= 1:
		return fmt.Sprintf("%d″", seconds)
	}
	return fmt.Sprintf("1/%d″", 2048/units)
}
