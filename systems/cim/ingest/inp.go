package ingest

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// tellINP tells a network of EPANET from one of SWMM by their sections.
func tellINP(head io.Reader, name string) (string, error) {
	in := bufio.NewScanner(head)
	in.Buffer(make([]byte, 1<<16), 1<<20)
	epanet := false
	for n := 0; in.Scan() && n < 200_000; n++ {
		line := strings.TrimSpace(in.Text())
		if !strings.HasPrefix(line, "[") {
			continue
		}
		switch section := strings.ToUpper(strings.Trim(line, "[] ")); section {
		case "CONDUITS", "SUBCATCHMENTS", "OUTFALLS", "XSECTIONS", "RAINGAGES", "STORAGE", "EVAPORATION", "SUBAREAS", "INFILTRATION":
			return SWMM, nil
		case "PIPES", "RESERVOIRS", "TANKS", "EMITTERS", "VALVES", "REACTIONS":
			epanet = true
		}
	}
	if epanet {
		return EPANET, nil
	}
	return "", fault(FaultUnknown, FileWhere{File: name}, "不是 EPANET 或 SWMM 的 inp", "is no network of EPANET or SWMM")
}

// inpFile is a network file, section by section.
type inpFile struct {
	sections map[string][]inpRow
}

type inpRow struct {
	line  int
	words []string
}

func (r *reading) readINP(name string) (*inpFile, error) {
	f, c, err := r.open(name)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	out := &inpFile{map[string][]inpRow{}}
	in := bufio.NewScanner(f)
	in.Buffer(make([]byte, 1<<16), 1<<20)
	section, line := "", 0
	for in.Scan() {
		line++
		text := in.Text()
		if i := strings.IndexByte(text, ';'); i >= 0 {
			text = text[:i]
		}
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		if text[0] == '[' {
			section = strings.ToUpper(strings.Trim(text, "[] "))
			continue
		}
		switch section {
		case "":
			return nil, fault(FaultBroken, FileWhere{File: name, Line: line}, "在任何小节之前就有内容", "there is something before any section")
		case "JUNCTIONS", "RESERVOIRS", "TANKS", "PIPES", "PUMPS", "VALVES", "COORDINATES", "VERTICES", "OPTIONS", "OUTFALLS", "STORAGE", "DIVIDERS", "CONDUITS", "ORIFICES", "WEIRS", "OUTLETS", "XSECTIONS", "TAGS":
			out.sections[section] = append(out.sections[section], inpRow{line, strings.Fields(text)})
		default:
			r.m.left("["+section+"]", 1)
		}
	}
	if err := in.Err(); err != nil {
		if err == bufio.ErrTooLong {
			return nil, fault(FaultLimit, FileWhere{File: name, Line: line + 1}, "这一行太长", "the line is too long")
		}
		return nil, err
	}
	return out, nil
}

const (
	foot = 0.3048
	inch = 0.0254
)

func (r *reading) inp(name, format string) error {
	f, err := r.readINP(name)
	if err != nil {
		return err
	}
	net := &Net{}
	r.m.Net, r.m.Plain = net, false
	if format == EPANET {
		err = r.epanet(f, net, name)
	} else {
		err = r.swmm(f, net, name)
	}
	if err != nil {
		return err
	}
	all := net.index(func(n *Node) {
		r.m.fault(&FileFault{FaultRepeated, n.ID, n.Where, "节点重名", "the id is there twice"})
	})
	for _, row := range f.sections["COORDINATES"] {
		w := FileWhere{File: name, Line: row.line, Path: "[COORDINATES]"}
		x, y, ok := r.pair(row, w)
		if !ok {
			continue
		}
		if n := all("*", row.words[0]); n >= 0 {
			net.Nodes[n].At[0], net.Nodes[n].At[1], net.Nodes[n].Placed = x, y, true
		} else {
			r.m.fault(&FileFault{FaultRefers, row.words[0], w, "坐标属于不存在的节点", "a place of a node that is not there"})
		}
	}
	links := map[string]int{}
	for i := range net.Pipes {
		p := &net.Pipes[i]
		p.A, p.B = all("*", p.From), all("*", p.To)
		if _, again := links[p.ID]; again {
			r.m.fault(&FileFault{FaultRepeated, p.ID, p.Where, "管段重名", "the id is there twice"})
		}
		links[p.ID] = i
	}
	for _, row := range f.sections["VERTICES"] {
		w := FileWhere{File: name, Line: row.line, Path: "[VERTICES]"}
		x, y, ok := r.pair(row, w)
		if !ok {
			continue
		}
		if i, ok := links[row.words[0]]; ok {
			net.Pipes[i].Bends = append(net.Pipes[i].Bends, Vec{x, y, 0})
		} else {
			r.m.fault(&FileFault{FaultRefers, row.words[0], w, "折点属于不存在的管段", "a bend of a pipe that is not there"})
		}
	}
	// Bends lie on the straight between the heights of their ends.
	for i := range net.Pipes {
		p := &net.Pipes[i]
		if p.A < 0 || p.B < 0 {
			continue
		}
		for k := range p.Bends {
			t := float64(k+1) / float64(len(p.Bends)+1)
			p.Bends[k][2] = net.Nodes[p.A].At[2]*(1-t) + net.Nodes[p.B].At[2]*t
		}
	}
	r.m.Tall = len(net.Nodes) > 0
	if format == SWMM {
		r.slopes(net)
	}
	return nil
}

func (r *reading) pair(row inpRow, w FileWhere) (x, y float64, ok bool) {
	if len(row.words) < 3 {
		r.m.fault(fault(FaultBroken, w, "应有名称、X、Y", "has not a name, X and Y"))
		return 0, 0, false
	}
	x, xok := r.inpNumber(row, 1, w)
	y, yok := r.inpNumber(row, 2, w)
	return x, y, xok && yok
}

func (r *reading) inpNumber(row inpRow, i int, w FileWhere) (float64, bool) {
	if i >= len(row.words) || row.words[i] == "*" {
		return 0, false
	}
	x, err := strconv.ParseFloat(row.words[i], 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		r.m.fault(&FileFault{FaultNumber, row.words[0], w, fmt.Sprintf("%q 不是数", row.words[i]), fmt.Sprintf("%q is no number", row.words[i])})
		return 0, false
	}
	return x, true
}

func option(f *inpFile, name string) string {
	for _, row := range f.sections["OPTIONS"] {
		if len(row.words) >= 2 && strings.EqualFold(row.words[0], name) {
			return strings.ToUpper(row.words[1])
		}
	}
	return ""
}

// least reports a row that has fewer words than its section needs.
func (r *reading) least(row inpRow, n int, w FileWhere) bool {
	if len(row.words) >= n {
		return true
	}
	r.m.fault(&FileFault{FaultBroken, row.words[0], w, fmt.Sprintf("这一行少于 %d 项", n), fmt.Sprintf("the line has fewer than %d values", n)})
	return false
}

// epanet reads a network of EPANET 2; its units follow those of its flow (EPANET 2.2 manual, appendix A): feet and inches
// for GPM, CFS, MGD, IMGD and AFD, metres and millimetres for all else.
func (r *reading) epanet(f *inpFile, net *Net, name string) error {
	long, wide := 1.0, 0.001
	units := option(f, "UNITS")
	switch units {
	case "", "GPM", "CFS", "MGD", "IMGD", "AFD":
		long, wide = foot, inch
	case "LPS", "LPM", "MLD", "CMH", "CMD", "CMS":
	default:
		return fault(FaultSupport, FileWhere{File: name, Path: "[OPTIONS]"}, "流量单位 %q 不认识", "the units %q are not known", units)
	}
	for _, section := range []string{"JUNCTIONS", "RESERVOIRS", "TANKS"} {
		for _, row := range f.sections[section] {
			w := FileWhere{File: name, Line: row.line, Path: "[" + section + "]"}
			if !r.least(row, 2, w) {
				continue
			}
			n := Node{ID: row.words[0], Class: "JS", Feature: strings.ToLower(strings.TrimSuffix(section, "S")), Where: w}
			if z, ok := r.inpNumber(row, 1, w); ok {
				n.At[2] = z * long
			}
			net.Nodes = append(net.Nodes, n)
		}
	}
	for section, kind := range map[string]string{"PIPES": "pipe"} {
		for _, row := range f.sections[section] {
			w := FileWhere{File: name, Line: row.line, Path: "[" + section + "]"}
			if !r.least(row, 5, w) {
				continue
			}
			p := Pipe{ID: row.words[0], Class: "JS", From: row.words[1], To: row.words[2], A: -1, B: -1, Kind: kind, Where: w}
			if d, ok := r.inpNumber(row, 4, w); ok {
				p.Diameter = d * wide
			}
			net.Pipes = append(net.Pipes, p)
		}
	}
	for _, section := range []string{"PUMPS", "VALVES"} {
		for _, row := range f.sections[section] {
			w := FileWhere{File: name, Line: row.line, Path: "[" + section + "]"}
			if !r.least(row, 3, w) {
				continue
			}
			p := Pipe{ID: row.words[0], Class: "JS", From: row.words[1], To: row.words[2], A: -1, B: -1, Kind: strings.ToLower(strings.TrimSuffix(section, "S")), Where: w}
			if section == "VALVES" {
				if d, ok := r.inpNumber(row, 3, w); ok {
					p.Diameter = d * wide
				}
			}
			net.Pipes = append(net.Pipes, p)
		}
	}
	return nil
}

// swmm reads a network of SWMM 5; feet for CFS, GPM and MGD, metres for CMS, LPS and MLD.
func (r *reading) swmm(f *inpFile, net *Net, name string) error {
	long := 1.0
	units := option(f, "FLOW_UNITS")
	switch units {
	case "", "CFS", "GPM", "MGD":
		long = foot
	case "CMS", "LPS", "MLD":
	default:
		return fault(FaultSupport, FileWhere{File: name, Path: "[OPTIONS]"}, "流量单位 %q 不认识", "the units %q are not known", units)
	}
	for _, section := range []string{"JUNCTIONS", "OUTFALLS", "STORAGE", "DIVIDERS"} {
		for _, row := range f.sections[section] {
			w := FileWhere{File: name, Line: row.line, Path: "[" + section + "]"}
			if !r.least(row, 2, w) {
				continue
			}
			n := Node{ID: row.words[0], Class: "PS", Feature: strings.ToLower(strings.TrimSuffix(section, "S")), Where: w}
			invert, ok := r.inpNumber(row, 1, w)
			if ok && (section == "JUNCTIONS" || section == "STORAGE") {
				n.Depth, n.Deep = r.inpNumber(row, 2, w)
				n.Depth *= long
			}
			n.At[2], n.Grounded = invert*long+n.Depth, ok && n.Deep
			net.Nodes = append(net.Nodes, n)
		}
	}
	elevation := option(f, "LINK_OFFSETS") == "ELEVATION"
	for _, section := range []string{"CONDUITS", "PUMPS", "ORIFICES", "WEIRS", "OUTLETS"} {
		for _, row := range f.sections[section] {
			w := FileWhere{File: name, Line: row.line, Path: "[" + section + "]"}
			if !r.least(row, 3, w) {
				continue
			}
			p := Pipe{ID: row.words[0], Class: "PS", From: row.words[1], To: row.words[2], A: -1, B: -1, Kind: strings.ToLower(strings.TrimSuffix(section, "S")), Where: w}
			if section == "CONDUITS" {
				p.Kind = "pipe"
				for i := range 2 {
					off, ok := r.inpNumber(row, 5+i, w)
					if elevation && ok {
						p.Bottom[i], p.Known[i] = off*long, true
					} else if !elevation {
						p.Bottom[i] = off * long // over the node's bottom, added in slopes
					}
				}
			}
			net.Pipes = append(net.Pipes, p)
		}
	}
	shape := map[string]inpRow{}
	for _, row := range f.sections["XSECTIONS"] {
		shape[row.words[0]] = row
	}
	for i := range net.Pipes {
		p := &net.Pipes[i]
		row, ok := shape[p.ID]
		if !ok || len(row.words) < 3 {
			continue
		}
		w := FileWhere{File: name, Line: row.line, Path: "[XSECTIONS]"}
		switch kind := strings.ToUpper(row.words[1]); kind {
		case "IRREGULAR", "CUSTOM", "STREET":
		case "CIRCULAR", "FORCE_MAIN", "FILLED_CIRCULAR":
			d, _ := r.inpNumber(row, 2, w)
			p.Diameter = d * long
		default:
			h, _ := r.inpNumber(row, 2, w)
			b, _ := r.inpNumber(row, 3, w)
			p.Height, p.Diameter = h*long, b*long
		}
	}
	return nil
}

// slopes gives the conduits of SWMM their heights: the bottom of the node and their offset over it.
func (r *reading) slopes(net *Net) {
	for i := range net.Pipes {
		p := &net.Pipes[i]
		for k, n := range []int32{p.A, p.B} {
			if p.Kind == "pipe" && n >= 0 && !p.Known[k] {
				p.Bottom[k], p.Known[k] = p.Bottom[k]+net.Nodes[n].At[2]-net.Nodes[n].Depth, true
			}
		}
	}
}
