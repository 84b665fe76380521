package check

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"shanzhi/core/place"
	"shanzhi/systems/cim/ingest"
)

// SystemHint is a reference system in which a file would lie where it should. Nothing is done with it: a person
// says which it is.
type SystemHint struct {
	System  string  `json:"system" doc:"As --crs takes it"`
	Kind    string  `json:"kind" enum:"swapped,degrees,metres,obfuscated,zone"`
	Inside  float64 `json:"inside" doc:"Part of the places within the district by it"`
	As      float64 `json:"as" doc:"Part of them as the file was taken"`
	Metres  float64 `json:"metres" doc:"How far it would move the places, by the median"`
	Anchors int     `json:"anchors,omitempty" doc:"Known buildings that were compared"`
	Off     float64 `json:"off,omitempty" doc:"Median distance from them by it, metres"`
	Zh      string  `json:"zh"`
	En      string  `json:"en"`
}

// reading is a way to read the numbers of a file.
type reading struct {
	name, kind string
	zh, en     string
	on         func(x, y float64) (lon, lat float64)
}

// anchor is a place whose position is known, as the file writes it.
type anchor struct {
	x, y float64
	at   place.Point
}

// diagnose compares where a file lies, by the system that it was taken to be in, with the district's outline and
// with known buildings; and so for the likely mistakes.
func diagnose(m *ingest.Model, outline orb.MultiPolygon, anchors []anchor) (inside float64, away float64, best *SystemHint) {
	written := sample(m)
	if len(written) == 0 || len(outline) == 0 {
		return 1, 0, nil
	}
	index := place.NewIndex([]place.Area{{Name: "district", Shape: outline}})
	share := func(on func(x, y float64) (float64, float64)) (part, away float64) {
		var far []float64
		n := 0
		for _, v := range written {
			lon, lat := on(v[0], v[1])
			p := place.Point{CRS: place.WGS84, Lon: lon, Lat: lat}
			if p.Valid() != nil {
				far = append(far, math.Inf(1))
				continue
			}
			if len(index.Locate(p)) > 0 {
				n++
				continue
			}
			_, d, ok := index.Nearest(p, 2e7)
			if !ok {
				d = 2e7
			}
			far = append(far, d)
		}
		if len(far) > 0 {
			slices.Sort(far)
			away = far[len(far)/2]
		}
		return float64(n) / float64(len(written)), away
	}
	off := func(on func(x, y float64) (float64, float64)) float64 {
		var all []float64
		for _, a := range anchors {
			lon, lat := on(a.x, a.y)
			if p := (place.Point{CRS: place.WGS84, Lon: lon, Lat: lat}); p.Valid() == nil {
				all = append(all, place.Distance(p, a.at))
			}
		}
		if len(all) == 0 {
			return math.Inf(1)
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	// A file may be the outline itself, or follow it: then its places lie on the border.
	border := func(on func(x, y float64) (float64, float64)) float64 {
		var all []float64
		for i := 0; i < len(written); i += max(1, len(written)/60) {
			lon, lat := on(written[i][0], written[i][1])
			all = append(all, fromBorder(outline, lon, lat))
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	as := func(x, y float64) (float64, float64) { lon, lat, _ := m.Frame.ToWGS84(x, y, 0); return lon, lat }
	known := m.Frame.Known() && !m.Frame.Earth
	if m.Frame.Earth {
		return 1, 0, nil
	}
	var now, offNow, borderNow float64
	bestBorder, alike := math.Inf(1), 0
	if known {
		now, away = share(as)
		offNow, borderNow = off(as), border(as)
	} else {
		away, offNow, borderNow = math.Inf(1), math.Inf(1), math.Inf(1)
	}
	centre := outline.Bound().Center()
	for _, r := range readings(m, centre) {
		part, _ := share(r.on)
		near := off(r.on)
		better := part >= now+0.5 && part > 0.6
		if r.kind == "obfuscated" {
			// Half a kilometre or one: what lies outside lies just outside, and all would lie inside.
			better = part >= now+0.02 && part > 0.9 && away < 3000
		}
		edge := border(r.on)
		if edge < 30 && borderNow > 5*edge+50 && edge < bestBorder {
			better, bestBorder, best = true, edge, nil
		} else if bestBorder < 30 {
			continue
		}
		if len(anchors) >= 3 {
			// Known buildings say more than an outline does.
			better = near < 60 && offNow > 4*near+100
		}
		if better && best != nil && !known && r.kind == "degrees" && best.Kind == "degrees" && math.Abs(best.Inside-part) < 0.05 && bestBorder >= 30 {
			alike++
		}
		if !better || best != nil && (len(anchors) >= 3 && best.Off <= near || len(anchors) < 3 && best.Inside >= part) {
			continue
		}
		moved := math.Inf(1)
		if known {
			var all []float64
			for _, v := range written {
				a, b := as(v[0], v[1])
				c, d := r.on(v[0], v[1])
				p, q := place.Point{CRS: place.WGS84, Lon: a, Lat: b}, place.Point{CRS: place.WGS84, Lon: c, Lat: d}
				if p.Valid() == nil && q.Valid() == nil {
					all = append(all, place.Distance(p, q))
				}
			}
			if len(all) > 0 {
				slices.Sort(all)
				moved = all[len(all)/2]
			}
		}
		best = &SystemHint{System: r.name, Kind: r.kind, Inside: part, As: now, Zh: r.zh, En: r.en}
		if !math.IsInf(moved, 0) {
			best.Metres = math.Round(moved)
		}
		if len(anchors) >= 3 {
			best.Anchors, best.Off = len(anchors), math.Round(near*10)/10
		}
	}
	if best != nil && alike > 0 && best.Anchors == 0 {
		best.System, best.Zh, best.En = "", "坐标是经纬度；是 WGS-84、GCJ-02 还是 BD-09，从位置看不出来", "the numbers are degrees; whether WGS-84, GCJ-02 or BD-09 cannot be seen from where they lie"
	}
	return now, away, best
}

// fromBorder is how far a place is from the nearest side of an outline, in metres.
func fromBorder(outline orb.MultiPolygon, lon, lat float64) float64 {
	scale := 111195 * math.Cos(lat*math.Pi/180)
	best := math.Inf(1)
	for _, polygon := range outline {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a, b := ring[i-1], ring[i]
				best = min(best, reach(spot{}, spot{(a[0] - lon) * scale, (a[1] - lat) * 111195}, spot{(b[0] - lon) * scale, (b[1] - lat) * 111195}))
			}
		}
	}
	return best
}

// sample is some hundred places of a model, as the file writes them.
func sample(m *ingest.Model) (out []Vec) {
	out = append(out, m.Written()...)
	for _, g := range m.Grids {
		out = append(out, Vec{g.West + g.DX*float64(g.Columns)/2, g.North - g.DY*float64(g.Rows)/2}, Vec{g.West + g.DX, g.North - g.DY}, Vec{g.West + g.DX*float64(g.Columns-1), g.North - g.DY*float64(g.Rows-1)})
	}
	for _, c := range m.Clouds {
		out = append(out, middle(c.Low, c.High), c.Low, c.High)
	}
	return out
}

// readings are the likely mistakes: the axes swapped, degrees taken for metres and metres for degrees, one
// obfuscated system for another or for WGS-84, a zone's number there or not, the meridian of a wider zone.
func readings(m *ingest.Model, centre orb.Point) (out []reading) {
	by := func(f place.Frame) func(x, y float64) (float64, float64) {
		return func(x, y float64) (float64, float64) { lon, lat, _ := f.ToWGS84(x, y, 0); return lon, lat }
	}
	frame := func(name string) place.Frame { f, _ := place.ParseFrame(name); return f }
	plain := []struct{ name, title string }{{"wgs84", "WGS-84"}, {"gcj02", "GCJ-02"}, {"bd09", "BD-09"}}
	three, six := math.Round(centre[0]/3)*3, math.Floor(centre[0]/6)*6+3
	grids := []string{fmt.Sprintf("gk3/%g", three), fmt.Sprintf("gk3/%g", three/3), fmt.Sprintf("gk6/%g", six), fmt.Sprintf("gk6/%g", (six+3)/6), fmt.Sprintf("EPSG:%d", 32600+int(math.Floor((centre[0]+180)/6))+1)}
	was := m.Frame.Name
	if was == "" {
		was = "—"
	}
	if m.Frame.Known() {
		f := by(m.Frame)
		out = append(out, reading{m.Frame.Name, "swapped", "横纵坐标可能写反了", "the axes may be swapped", func(x, y float64) (float64, float64) { return f(y, x) }})
	}
	degrees := m.Frame.Degrees != 0
	for _, p := range plain {
		f := frame(p.name)
		switch {
		case f.Degrees == m.Frame.Degrees, m.Frame.Degrees == place.CGCS2000 && f.Degrees == place.WGS84:
		case degrees:
			out = append(out, reading{p.name, "obfuscated", fmt.Sprintf("可能是 %s，被当成了 %s", p.title, was), fmt.Sprintf("may be %s, taken for %s", p.title, was), by(f)})
		default:
			out = append(out, reading{p.name, "degrees", fmt.Sprintf("坐标是经纬度（%s），不是米", p.title), fmt.Sprintf("the numbers are degrees (%s), not metres", p.title), by(f)})
		}
	}
	for _, g := range grids {
		f := frame(g)
		if !f.Known() || f.Name == m.Frame.Name {
			continue
		}
		kind, zh, en := "metres", "坐标是米（%s），不是经纬度", "the numbers are metres (%s), not degrees"
		if !degrees {
			kind, zh, en = "zone", "可能是另一个投影带（%s）", "may be of another zone (%s)"
		}
		out = append(out, reading{g, kind, fmt.Sprintf(zh, g), fmt.Sprintf(en, g), by(f)})
		on := by(f)
		out = append(out, reading{g, "swapped", fmt.Sprintf("可能是 %s，且横纵坐标写反了", g), fmt.Sprintf("may be %s with its axes swapped", g), func(x, y float64) (float64, float64) { return on(y, x) }})
	}
	slices.SortStableFunc(out, func(a, b reading) int { // of equals the simplest is told
		weight := map[string]int{"obfuscated": 0, "degrees": 1, "metres": 1, "zone": 1, "swapped": 2}
		if a.name == m.Frame.Name || b.name == m.Frame.Name {
			return cmp.Compare(boolInt(b.name == m.Frame.Name), boolInt(a.name == m.Frame.Name))
		}
		return cmp.Compare(weight[a.kind], weight[b.kind])
	})
	return out
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// location judges in which system a model is, and whether it lies in the district.
func (j *judge) location(outline orb.MultiPolygon, known Known, r *CityReport, settled error) {
	m := j.m
	if !m.Frame.Known() && m.Tileset == nil {
		zh, en := "文件没有声明坐标系，不能入库：用 --crs 指定", "the file declares no reference system and cannot be imported: say which by --crs"
		if m.Declared != "" {
			zh, en = "文件声明的坐标系不认识，不能入库：用 --crs 指定", "the system that the file declares is not known here and it cannot be imported: say which by --crs"
		}
		j.found("R01", -1, "", nil, "", "").say(zh, en)
		r.Refused = "crs_undeclared"
	}
	if errors.Is(settled, ingest.ErrNotDegrees) {
		j.found("R05", -1, "", nil, "按 %s 读，坐标应是经纬度，文件里的数超出了范围", "read as %s its numbers should be degrees, and they are beyond them", m.Frame.Name)
		r.Refused = "not_degrees"
	}
	if m.Tall && m.Tileset == nil && len(m.Clouds) == 0 {
		switch h := m.Heights; {
		case !h.Known():
			j.found("R02", -1, "", nil, "没有说明高程基准（1985、椭球高或地方高程），高度原样保留", "it does not say what its heights are over (1985, the ellipsoid, a local zero): they are kept as they are")
		case h.System == "ellipsoid" && !h.Brought():
			j.found("R02", -1, "", nil, "椭球高换算到 1985 高程需要高程异常，本区的数据包没有给", "bringing heights over the ellipsoid to 1985 needs the separation, which the district's pack does not say")
		}
	}
	if !m.Frame.Known() && m.Plain {
		return
	}
	var anchors []anchor
	if known.Code != nil && settled == nil {
		for i := range m.Objects {
			o := &m.Objects[i]
			if code := o.Text(j.rules.fields["code"]...); code != "" && len(anchors) < 500 {
				if _, at, ok := known.Code(code); ok && at != nil {
					if v := j.place(o); v != nil {
						w := m.AsWritten(*v)
						anchors = append(anchors, anchor{w[0], w[1], *at})
					}
				}
			}
		}
	}
	inside, away, suggest := diagnose(m, outline, anchors)
	r.Suggest = suggest
	if m.Frame.Known() && settled == nil && inside < 0.5 && away > j.rules.high["R03"] {
		j.found("R03", -1, "", nil, "只有 %.0f%% 的点在本区内，其余离区界 %.1f 公里（中位数）", "%.0f%% of its places lie in the district, the others %.1f km from it (median)", inside*100, away/1000).measured(away)
	}
	if s := suggest; s != nil {
		zh, en := s.Zh, s.En
		if s.Metres > 0 {
			zh += fmt.Sprintf("：按它读，位置移动约 %.0f 米，%.0f%% 的点落在本区内（现为 %.0f%%）", s.Metres, s.Inside*100, s.As*100)
			en += fmt.Sprintf(": read so its places move by some %.0f m and %.0f%% of them lie in the district (%.0f%% as it is)", s.Metres, s.Inside*100, s.As*100)
		} else {
			zh += fmt.Sprintf("：按它读，%.0f%% 的点落在本区内", s.Inside*100)
			en += fmt.Sprintf(": read so %.0f%% of its places lie in the district", s.Inside*100)
		}
		if s.Anchors > 0 {
			zh += fmt.Sprintf("，与底账里 %d 栋已知建筑相差 %.1f 米", s.Anchors, s.Off)
			en += fmt.Sprintf(", %.1f m from %d known buildings", s.Off, s.Anchors)
		}
		j.found("R04", -1, "", nil, "", "").say(zh, en).measured(s.Metres)
	}
}
