package document

import (
	"fmt"
	"html"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// A chart is laid out once, in points, and drawn on any canvas.
const (
	chartWidth  = 440.0
	chartHeight = 190.0
	chartText   = 8.0
)

var (
	chartInk   = color.RGBA{0x1f, 0x23, 0x29, 0xff}
	chartRule  = color.RGBA{0xd0, 0xd5, 0xdd, 0xff}
	chartBlue  = color.RGBA{0x1f, 0x5f, 0xbf, 0xff}
	chartShare = 0.62 // of its place that a bar fills
)

// canvas is what a chart is drawn on. Text is set with its middle at x, on the
// baseline y.
type canvas interface {
	box(x, y, w, h float64, c color.RGBA)
	line(x1, y1, x2, y2, width float64, c color.RGBA)
	text(x, y float64, s string, c color.RGBA)
	// shape fills rings by the nonzero rule and draws their outline.
	shape(rings [][][2]float64, fill, edge color.RGBA)
}

// A chart has at most so many bars or points of a line, and its axis ends at the
// greatest value: what is beyond is left out.
const (
	MostBars  = 31
	MostDays  = 400
	mostValue = 1e15
)

func (c *Chart) height() float64 { return chartHeight }

func (c *Chart) caption() string { return c.Caption }

func (c *Chart) draw(on canvas) {
	n := min(len(c.Names), len(c.Values), map[bool]int{true: MostDays, false: MostBars}[c.Line])
	top := 0.0
	for _, v := range c.Values[:n] {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			top = math.Max(top, math.Min(v, mostValue))
		}
	}
	step := niceStep(top)
	top = math.Max(step, math.Ceil(top/step)*step)
	const left, right, head, foot = 36.0, 6.0, 14.0, 18.0
	wide, high := chartWidth-left-right, chartHeight-head-foot
	y := func(v float64) float64 {
		if math.IsNaN(v) || v < 0 {
			v = 0
		}
		return head + high*(1-math.Min(v, top)/top)
	}
	for i := range int(math.Round(top/step)) + 1 {
		v := float64(i) * step
		on.line(left, y(v), chartWidth-right, y(v), 0.5, chartRule)
		on.text(left-16, y(v)+3, number(v), chartInk)
	}
	if n == 0 {
		return
	}
	place := wide / float64(n)
	every := 1 // of the names; each bar has its own
	if c.Line {
		every = max(1, int(math.Ceil(42/place)))
	}
	for i, v := range c.Values[:n] {
		x := left + place*(float64(i)+0.5)
		if c.Line {
			if i > 0 {
				on.line(x-place, y(c.Values[i-1]), x, y(v), 1.5, chartBlue)
			}
			if place > 5 { // closer, the marks would hide the line
				on.box(x-1.5, y(v)-1.5, 3, 3, chartBlue)
			}
		} else {
			on.box(x-place*chartShare/2, y(v), place*chartShare, head+high-y(v), chartBlue)
			on.text(x, y(v)-3, number(v), chartInk)
		}
		if i%every == 0 {
			on.text(x, chartHeight-6, shorten(clean(c.Names[i]), int(math.Max(2, place*float64(every)/chartText))), chartInk)
		}
	}
}

// niceStep is a step of 1, 2 or 5 tens that gives an axis some five lines.
func niceStep(top float64) float64 {
	if top <= 0 {
		return 1
	}
	p := math.Pow(10, math.Floor(math.Log10(top/5)))
	for _, k := range []float64{1, 2, 5} {
		if top/5 <= k*p {
			return math.Max(k*p, 0.01)
		}
	}
	return 10 * p
}

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

type svgCanvas struct{ strings.Builder }

func hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

func (s *svgCanvas) box(x, y, w, h float64, c color.RGBA) {
	fmt.Fprintf(s, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`, x, y, w, h, hex(c))
}

func (s *svgCanvas) line(x1, y1, x2, y2, width float64, c color.RGBA) {
	fmt.Fprintf(s, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke-width="%.1f" stroke="%s"/>`, x1, y1, x2, y2, width, hex(c))
}

func (s *svgCanvas) text(x, y float64, t string, c color.RGBA) {
	fmt.Fprintf(s, `<text x="%.1f" y="%.1f" font-size="%.0f" text-anchor="middle" fill="%s">%s</text>`, x, y, chartText, hex(c), html.EscapeString(t))
}

// pixels of a picture a point: 200 dots an inch on paper.
const pixels = 2.8

func (s *svgCanvas) shape(rings [][][2]float64, fill, edge color.RGBA) {
	s.WriteString(`<path d="`)
	for _, r := range rings {
		for i, p := range r {
			step := 'L'
			if i == 0 {
				step = 'M'
			}
			fmt.Fprintf(s, "%c%.1f %.1f", step, p[0], p[1])
		}
		s.WriteString("Z")
	}
	fmt.Fprintf(s, `" fill="%s" stroke="%s" stroke-width="0.6"/>`, hex(fill), hex(edge))
}

type pngCanvas struct {
	img   *image.RGBA
	faces [len(faces)]font.Face
}

// writePNG draws a picture as PNG.
func writePNG(w io.Writer, x picture) error {
	p := &pngCanvas{img: image.NewRGBA(image.Rect(0, 0, int(chartWidth*pixels), int(x.height()*pixels)))}
	defer func() {
		for _, f := range p.faces {
			if f != nil {
				f.Close()
			}
		}
	}()
	draw.Draw(p.img, p.img.Bounds(), image.White, image.Point{}, draw.Src)
	x.draw(p)
	return png.Encode(w, p.img)
}

func (p *pngCanvas) box(x, y, w, h float64, c color.RGBA) { p.line(x, y+h/2, x+w, y+h/2, h, c) }

func (p *pngCanvas) line(x1, y1, x2, y2, width float64, c color.RGBA) {
	length := math.Hypot(x2-x1, y2-y1)
	if length == 0 {
		return
	}
	dx, dy := (y2-y1)/length*width/2, (x1-x2)/length*width/2
	p.fill([][][2]float64{{{x1 + dx, y1 + dy}, {x2 + dx, y2 + dy}, {x2 - dx, y2 - dy}, {x1 - dx, y1 - dy}}}, c)
}

// fill fills rings, looking at no more of the picture than they cover.
func (p *pngCanvas) fill(rings [][][2]float64, c color.RGBA) {
	low, high := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	for _, ring := range rings {
		for _, q := range ring {
			for i := range 2 {
				low[i], high[i] = math.Min(low[i], q[i]*pixels), math.Max(high[i], q[i]*pixels)
			}
		}
	}
	whole := p.img.Bounds()
	if !(low[0] < float64(whole.Max.X) && low[1] < float64(whole.Max.Y) && high[0] > 0 && high[1] > 0) {
		return
	}
	part := image.Rect(int(math.Max(low[0], 0)), int(math.Max(low[1], 0)), int(math.Min(high[0], float64(whole.Max.X)))+1, int(math.Min(high[1], float64(whole.Max.Y)))+1).Intersect(whole)
	r := vector.NewRasterizer(part.Dx(), part.Dy())
	for _, ring := range rings {
		for i, q := range ring {
			x, y := float32(q[0]*pixels-float64(part.Min.X)), float32(q[1]*pixels-float64(part.Min.Y))
			if i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	r.Draw(p.img, part, image.NewUniform(c), image.Point{})
}

func (p *pngCanvas) text(x, y float64, s string, c color.RGBA) {
	d := font.Drawer{Dst: p.img, Src: image.NewUniform(c)}
	parts, wide := runs(s), fixed.Int26_6(0)
	for _, r := range parts {
		if p.faces[r.face] == nil {
			f, err := opentype.NewFace(faces[r.face].parsed(), &opentype.FaceOptions{Size: chartText, DPI: 72 * pixels})
			if err != nil {
				return
			}
			p.faces[r.face] = f
		}
		d.Face = p.faces[r.face]
		wide += d.MeasureString(r.text)
	}
	d.Dot = fixed.Point26_6{X: fixed.Int26_6(x*pixels*64) - wide/2, Y: fixed.Int26_6(y * pixels * 64)}
	for _, r := range parts {
		d.Face = p.faces[r.face]
		d.DrawString(r.text)
	}
}

func (p *pngCanvas) shape(rings [][][2]float64, fill, edge color.RGBA) {
	p.fill(rings, fill)
	for _, ring := range rings {
		for i, q := range ring {
			before := ring[(i+len(ring)-1)%len(ring)]
			p.line(before[0], before[1], q[0], q[1], 0.6, edge)
		}
	}
}
