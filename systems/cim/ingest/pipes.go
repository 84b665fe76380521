package ingest

import (
	"bytes"
	"fmt"
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"

	"shanzhi/core/table"
)

// Columns are the names that columns of pipe tables go by, beside those of CJJ 61, and the names of classes.
// A district's surveyors have their own, which stand in its pack.
type Columns struct {
	Point map[string][]string `yaml:"point"`
	Line  map[string][]string `yaml:"line"`
	Class map[string][]string `yaml:"class"`
	// EastFirst is that X is east and Y north; CJJ 61 has X north, as all of Chinese surveying.
	EastFirst bool `yaml:"east_first"`
}

// Columns of pipe points and pipe lines by CJJ 61 (管点、管线 tables), as they are written.
var (
	pointColumns = map[string][]string{
		"id":      {"Exp_No", "物探点号", "管点编号", "管点号", "点号", "编号", "ID"},
		"x":       {"X", "X坐标", "纵坐标", "坐标X"},
		"y":       {"Y", "Y坐标", "横坐标", "坐标Y"},
		"east":    {"东坐标", "东", "East", "经度", "Lon", "Longitude"},
		"north":   {"北坐标", "北", "North", "纬度", "Lat", "Latitude"},
		"ground":  {"High", "地面高程", "地面标高", "高程", "H", "Z"},
		"depth":   {"WellDeep", "井深", "井底深", "埋深"},
		"bottom":  {"井底高程", "井底标高"},
		"feature": {"Feature", "特征", "特征点", "管点特征"},
		"fitting": {"Subsid", "附属物", "附属物名称"},
		"class":   {"管线类别", "管线类型", "管类", "类别", "Code", "管线代码", "Type"},
	}
	lineColumns = map[string][]string{
		"id":       {"管线编号", "管段编号", "线号", "ID", "Line_No"},
		"from":     {"S_Point", "起点点号", "起始点号", "起点编号", "起点号", "起点", "本点号", "From"},
		"to":       {"E_Point", "终点点号", "终止点号", "终点编号", "终点号", "终点", "连接点号", "To"},
		"depth_a":  {"S_Deep", "起点埋深", "起始埋深"},
		"depth_b":  {"E_Deep", "终点埋深", "终止埋深"},
		"height_a": {"起点高程", "起点管底高程", "起点管高", "S_High", "起点标高"},
		"height_b": {"终点高程", "终点管底高程", "终点管高", "E_High", "终点标高"},
		"position": {"管高位置", "高程位置", "管位", "埋深位置", "Position"},
		"size":     {"PSize", "D_S", "管径", "管径断面尺寸", "断面尺寸", "管径或断面尺寸", "DS", "Diameter"},
		"material": {"Material", "材质", "管材"},
		"flow":     {"FlowDirect", "流向", "Flow"},
		"buried":   {"埋设方式", "EmBed", "敷设方式"},
		"class":    {"管线类别", "管线类型", "管类", "类别", "Code", "管线代码", "Type"},
	}
	classNames = map[string][]string{
		"JS": {"给水", "自来水", "上水", "供水"}, "YS": {"雨水"}, "WS": {"污水"}, "PS": {"排水", "合流", "雨污合流", "HS"}, "RQ": {"燃气", "天然气", "煤气", "TR"},
		"DL": {"电力", "供电", "GD", "路灯", "LD"}, "TX": {"通讯", "通信", "电信", "DX"}, "RL": {"热力", "蒸汽"}, "GY": {"工业"}, "ZS": {"再生水", "中水"},
	}
)

// Gravity reports whether a class flows by its slope (自流管).
func Gravity(class string) bool { return class == "YS" || class == "WS" || class == "PS" }

// classOf is the two letters of a class.
func (c Columns) classOf(text string) string {
	text = strings.ToUpper(strings.TrimSpace(text))
	for _, names := range []map[string][]string{c.Class, classNames} {
		for class, all := range names {
			if text == class {
				return class
			}
			for _, n := range all {
				if text == strings.ToUpper(n) || strings.TrimSuffix(text, "管线") == n || strings.TrimSuffix(text, "管") == n {
					return class
				}
			}
		}
	}
	if len(text) > 2 && text[0] >= 'A' && text[0] <= 'Z' {
		return c.classOf(text[:2])
	}
	return ""
}

// found is the place of each column in a table.
func found(have []string, std, own map[string][]string) map[string]int {
	plain := func(s string) string {
		s, _, _ = strings.Cut(strings.NewReplacer("（", "(", " ", "", "_", "").Replace(strings.ToLower(s)), "(")
		return s
	}
	out := map[string]int{}
	for _, names := range []map[string][]string{own, std} {
		for key, all := range names {
			if _, ok := out[key]; ok {
				continue
			}
		search:
			for _, n := range all {
				for i, h := range have {
					if plain(h) == plain(n) {
						out[key] = i
						break search
					}
				}
			}
		}
	}
	return out
}

var (
	tableName = regexp.MustCompile(`(?i)^([A-Z]{2})[_ -]?(?:point|line|点|线|P|L)`)
	sizeForm  = regexp.MustCompile(`(?i)^(?:DN|D|Φ|φ|Ø)?\s*(\d+(?:\.\d+)?)\s*(?:mm)?(?:\s*[x×X*]\s*(\d+(?:\.\d+)?)\s*(?:mm)?)?$`)
)

// depths are what a line says before its points are known.
type depths struct {
	pipe     int
	depth    [2]float64
	has      [2]bool
	position string
}

// pipeTable reads a table of pipe points or of pipe lines; of a workbook each sheet.
func (r *reading) pipeTable(name string) error {
	raw, err := r.whole(name, min(512<<20, r.o.Limits.File))
	if err != nil {
		return err
	}
	sheets := []string{""}
	for i := 0; i < len(sheets); i++ {
		t, err := table.NewReader(path.Base(name), bytes.NewReader(raw), int64(len(raw)), table.Options{Trim: true, Sheet: sheets[i]})
		if err != nil {
			return r.tableFault(name, sheets[i], err)
		}
		if f := t.Format(); i == 0 && f.Workbook && len(f.Sheets) > 1 {
			sheets = f.Sheets
			t.Close()
			i = -1
			continue
		}
		err = r.pipeRows(name, sheets[i], t)
		t.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reading) tableFault(name, sheet string, err error) error {
	var line int
	if e, ok := err.(*table.Error); ok {
		line = e.Line
	}
	return fault(FaultBroken, FileWhere{File: name, Line: line, Path: sheet}, "表格读不出：%v", "the table cannot be read: %v", err)
}

func (r *reading) pipeRows(name, sheet string, t *table.Reader) error {
	head := t.Columns()
	points, lines := found(head, pointColumns, r.o.Columns.Point), found(head, lineColumns, r.o.Columns.Line)
	_, from := lines["from"]
	_, to := lines["to"]
	isLine := from && to
	need := func(at map[string]int, keys ...string) bool {
		for _, k := range keys {
			if _, ok := at[k]; !ok {
				return false
			}
		}
		return true
	}
	at := FileWhere{File: name, Path: sheet}
	if !isLine && !(need(points, "id") && (need(points, "x", "y") || need(points, "east", "north"))) {
		return fault(FaultColumns, at, "既不是管点表（点号、X、Y）也不是管线表（起点点号、终点点号）；列有：%s", "is neither a table of pipe points (id, X, Y) nor of lines (from, to); its columns are %s", short(strings.Join(head, "、")))
	}
	class := ""
	for _, n := range []string{sheet, strings.TrimSuffix(path.Base(name), path.Ext(name))} {
		if m := tableName.FindStringSubmatch(n); m != nil && class == "" {
			class = r.o.Columns.classOf(m[1])
		}
	}
	if r.m.Net == nil {
		r.m.Net = &Net{}
	}
	for row, err := range t.Rows() {
		if err != nil {
			return r.tableFault(name, sheet, err)
		}
		if err := r.ctx.Err(); err != nil {
			return err
		}
		if len(r.m.Net.Nodes)+len(r.m.Net.Pipes) > r.o.Limits.Objects {
			return fault(FaultLimit, at, "行超过 %d", "more than %d rows", r.o.Limits.Objects)
		}
		w := FileWhere{File: name, Line: row.Line, Path: sheet}
		if row.Flaws&table.Undecodable != 0 {
			r.m.fault(fault(FaultText, w, "有读不出的字符", "has characters that cannot be read"))
		}
		columns := points
		if isLine {
			columns = lines
		}
		cell := func(key string) string {
			if i, ok := columns[key]; ok && i < len(row.Cells) {
				return row.Cells[i]
			}
			return ""
		}
		number := func(key string) (float64, bool) {
			text := cell(key)
			if text == "" {
				return 0, false
			}
			x, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
			if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
				r.m.fault(&FileFault{FaultNumber, cell("id"), w, fmt.Sprintf("%s：%q 不是数", head[columns[key]], text), fmt.Sprintf("%s: %q is no number", head[columns[key]], text)})
				return 0, false
			}
			return x, true
		}
		own := r.o.Columns.classOf(cell("class"))
		if own == "" {
			own = class
		}
		if isLine {
			r.pipeLine(cell, number, own, w)
		} else {
			r.pipePoint(cell, number, own, w)
		}
	}
	return nil
}

func (r *reading) pipePoint(cell func(string) string, number func(string) (float64, bool), class string, at FileWhere) {
	n := Node{ID: cell("id"), Class: class, Feature: cell("feature"), Fitting: cell("fitting"), Where: at}
	if n.ID == "" {
		r.m.fault(fault(FaultMissing, at, "没有点号", "has no id"))
		return
	}
	east, eok := number("east")
	north, nok := number("north")
	if !eok || !nok {
		x, xok := number("x")
		y, yok := number("y")
		if east, north = y, x; r.o.Columns.EastFirst {
			east, north = x, y
		}
		eok, nok = xok, yok
	}
	n.At, n.Placed = Vec{east, north, 0}, eok && nok
	if n.At[2], n.Grounded = number("ground"); n.Grounded {
		r.m.Tall = true
	}
	if n.Depth, n.Deep = number("depth"); !n.Deep && n.Grounded {
		if b, ok := number("bottom"); ok {
			n.Depth, n.Deep = n.At[2]-b, true
		}
	}
	r.m.Net.Nodes = append(r.m.Net.Nodes, n)
}

func (r *reading) pipeLine(cell func(string) string, number func(string) (float64, bool), class string, at FileWhere) {
	p := Pipe{ID: cell("id"), Class: class, From: cell("from"), To: cell("to"), A: -1, B: -1, Material: cell("material"), Kind: "pipe", Where: at}
	if p.From == "" || p.To == "" {
		r.m.fault(&FileFault{FaultMissing, p.ID, at, "没有起点或终点点号", "has no point to begin or to end at"})
		return
	}
	if p.ID == "" {
		p.ID = p.From + "-" + p.To
	}
	if text := cell("size"); text != "" {
		if m := sizeForm.FindStringSubmatch(text); m != nil {
			p.Diameter, _ = strconv.ParseFloat(m[1], 64)
			p.Height, _ = strconv.ParseFloat(m[2], 64)
			p.Diameter, p.Height = p.Diameter/1000, p.Height/1000
		} else {
			r.m.fault(&FileFault{FaultNumber, p.ID, at, fmt.Sprintf("管径 %q 读不出", text), fmt.Sprintf("the size %q cannot be read", text)})
		}
	}
	switch buried := cell("buried"); {
	case strings.Contains(buried, "管"), strings.Contains(buried, "沟"), strings.Contains(buried, "隧"):
		p.Cased = true
	}
	d := depths{pipe: len(r.m.Net.Pipes), position: cell("position")}
	for i, k := range []string{"a", "b"} {
		if h, ok := number("height_" + k); ok {
			p.Bottom[i], p.Known[i] = r.bottomOf(h, &p, d.position), true
			r.m.Tall = true
		}
		d.depth[i], d.has[i] = number("depth_" + k)
	}
	if flow := cell("flow"); flow == "1" || flow == "-" || strings.Contains(flow, "逆") || strings.Contains(flow, "反") || strings.Contains(flow, "终点→起点") {
		p.From, p.To = p.To, p.From
		p.Bottom[0], p.Bottom[1] = p.Bottom[1], p.Bottom[0]
		p.Known[0], p.Known[1] = p.Known[1], p.Known[0]
		d.depth[0], d.depth[1] = d.depth[1], d.depth[0]
		d.has[0], d.has[1] = d.has[1], d.has[0]
	}
	r.m.Net.Pipes = append(r.m.Net.Pipes, p)
	r.depths = append(r.depths, d)
}

// bottomOf is the height of a pipe's lowest inner point by a height that was measured at it. Where it is not said
// where: at the inner bottom of what flows by its slope, at the outer top of all else (CJJ 61, 埋深).
func (r *reading) bottomOf(h float64, p *Pipe, position string) float64 {
	switch {
	case strings.Contains(position, "底"), strings.EqualFold(position, "invert"):
		return h
	case strings.Contains(position, "中"), strings.Contains(position, "轴"), strings.EqualFold(position, "axis"):
		return h - p.Tall()/2
	case strings.Contains(position, "顶"), strings.EqualFold(position, "top"):
		return h - p.Tall()
	case Gravity(p.Class):
		return h
	}
	return h - p.Tall()
}

// join ties lines to points and turns depths into heights, when all tables are read.
func (r *reading) join() {
	net := r.m.Net
	if net == nil {
		return
	}
	all := net.index(func(n *Node) {
		r.m.fault(&FileFault{FaultRepeated, n.ID, n.Where, "点号重复", "the id is there twice"})
	})
	for i := range net.Pipes {
		p := &net.Pipes[i]
		p.A, p.B = all(p.Class, p.From), all(p.Class, p.To)
	}
	for _, d := range r.depths {
		p := &net.Pipes[d.pipe]
		for i, n := range []int32{p.A, p.B} {
			if d.has[i] && !p.Known[i] && n >= 0 && net.Nodes[n].Grounded {
				p.Bottom[i], p.Known[i] = r.bottomOf(net.Nodes[n].At[2]-d.depth[i], p, d.position), true
			}
		}
	}
	r.depths = nil
}

// index finds a node by its class and id, or by its id alone where no class has it.
func (net *Net) index(twice func(n *Node)) func(class, id string) int32 {
	type key struct{ class, id string }
	all := make(map[key]int32, 2*len(net.Nodes))
	for i := range net.Nodes {
		n := &net.Nodes[i]
		if _, again := all[key{n.Class, n.ID}]; again {
			twice(n)
			continue
		}
		all[key{n.Class, n.ID}] = int32(i)
		if _, again := all[key{"*", n.ID}]; !again {
			all[key{"*", n.ID}] = int32(i)
		}
	}
	return func(class, id string) int32 {
		if n, ok := all[key{class, id}]; ok {
			return n
		}
		if n, ok := all[key{"*", id}]; ok {
			return n
		}
		return -1
	}
}
