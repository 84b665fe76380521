package document

import (
	"image/color"
	"math"
)

// Map is areas coloured by a figure, the greater the darker. It is drawn from shapes
// on a plane, so that it looks the same when the district is drawn anew later.
type Map struct {
	Caption string `json:"caption"`
	Unit    string `json:"unit,omitempty"`
	Areas   []Area `json:"areas"`
}

// Area is one area of a map. Rings are its outlines in a plane whose y grows
// downwards; a hole is a ring that goes the other way round. At is where its name
// stands.
type Area struct {
	Name  string         `json:"name"`
	Value *float64       `json:"value"` // none: not known
	Rings [][][2]float64 `json:"rings"`
	At    [2]float64     `json:"at"`
}

// The classes of a map, the least first; what is not known is white.
var mapShades = []color.RGBA{{0xed, 0xf3, 0xfb, 0xff}, {0xc9, 0xdd, 0xf3, 0xff}, {0x93, 0xb9, 0xe6, 0xff}, {0x55, 0x8d, 0xd4, 0xff}, {0x1f, 0x5f, 0xbf, 0xff}}

const mapHigh = 420.0 // the greatest height of a map

// steps are the width of a class, from 0 on, and how many there are.
func (m *Map) steps() (width float64, n int) {
	top := 0.0
	for _, a := range m.Areas {
		if a.Value != nil && !math.IsNaN(*a.Value) && !math.IsInf(*a.Value, 0) {
			top = math.Max(top, math.Min(*a.Value, mostValue))
		}
	}
	width = niceStep(top)
	return width, min(len(mapShades), max(1, int(math.Ceil(top/width+1e-9))))
}

func (m *Map) bounds() (x0, y0, x1, y1 float64) {
	x0, y0, x1, y1 = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, a := range m.Areas {
		for _, r := range a.Rings {
			for _, p := range r {
				x0, y0, x1, y1 = math.Min(x0, p[0]), math.Min(y0, p[1]), math.Max(x1, p[0]), math.Max(y1, p[1])
			}
		}
	}
	return x0, y0, x1, y1
}

// fit is the scale at which the map fills its place, and how high it is then.
func (m *Map) fit() (x0, y0, scale, high float64) {
	x0, y0, x1, y1 := m.bounds()
	wide, tall := x1-x0, y1-y0
	if !(wide > 0 && tall > 0) || math.IsInf(wide, 0) || math.IsInf(tall, 0) {
		return 0, 0, 0, 40
	}
	scale = math.Min((chartWidth-10)/wide, (mapHigh-10)/tall)
	return x0 - (chartWidth/scale-wide)/2, y0 - 5/scale, scale, tall*scale + 10
}

func (m *Map) height() float64 { _, _, _, high := m.fit(); return high }

func (m *Map) caption() string { return m.Caption }

func (m *Map) draw(on canvas) {
	x0, y0, scale, high := m.fit()
	if scale == 0 {
		return
	}
	width, classes := m.steps()
	at := func(p [2]float64) [2]float64 { return [2]float64{(p[0] - x0) * scale, (p[1] - y0) * scale} }
	class := func(a Area) int {
		if a.Value == nil {
			return -1
		}
		return min(classes-1, max(0, int(math.Floor(math.Min(*a.Value, mostValue)/width))))
	}
	for _, a := range m.Areas {
		rings := make([][][2]float64, len(a.Rings))
		for i, r := range a.Rings {
			for _, p := range r {
				rings[i] = append(rings[i], at(p))
			}
		}
		fill := color.RGBA{0xff, 0xff, 0xff, 0xff}
		if c := class(a); c >= 0 {
			fill = mapShades[c]
		}
		on.shape(rings, fill, color.RGBA{0x8a, 0x98, 0xab, 0xff})
	}
	for _, a := range m.Areas {
		ink, p := chartInk, at(a.At)
		if class(a) >= 3 {
			ink = color.RGBA{0xff, 0xff, 0xff, 0xff}
		}
		on.text(p[0], p[1]-1, clean(a.Name), ink)
		if a.Value != nil {
			on.text(p[0], p[1]+chartText+1, number(*a.Value), ink)
		}
	}
	// The classes stand in the corner that is farthest from every area's outline.
	const side, lead = 9.0, 13.0
	tall := float64(classes) * lead
	x, y := m.corner(at, 90, tall+4, high)
	for i := range classes {
		top := y + float64(i)*lead
		on.box(x, top, side, side, mapShades[classes-1-i])
		lo := float64(classes-1-i) * width
		text := number(lo) + "～" + number(lo+width) + m.Unit
		if i == 0 {
			text = "≥ " + number(lo) + m.Unit
		}
		on.text(x+side+34, top+side-1.5, text, chartInk)
	}
}

// corner is the corner of the map whose box of a size holds the fewest points of the
// outlines.
func (m *Map) corner(at func([2]float64) [2]float64, w, h, high float64) (x, y float64) {
	best := math.MaxInt
	for _, c := range [][2]float64{{4, high - h}, {chartWidth - w, high - h}, {4, 4}, {chartWidth - w, 4}} {
		n := 0
		for _, a := range m.Areas {
			for _, r := range a.Rings {
				for _, p := range r {
					if q := at(p); q[0] >= c[0]-6 && q[0] <= c[0]+w+6 && q[1] >= c[1]-6 && q[1] <= c[1]+h+6 {
						n++
					}
				}
			}
		}
		if n < best {
			best, x, y = n, c[0], c[1]
		}
	}
	return x, y
}

// table is a map's values, for forms that hold no picture.
func (m *Map) table() *Table {
	t := &Table{Caption: m.Caption, Head: []string{"", "值"}}
	for _, a := range m.Areas {
		v := "—"
		if a.Value != nil {
			v = number(*a.Value)
		}
		t.Rows = append(t.Rows, []string{a.Name, v})
	}
	return t
}
