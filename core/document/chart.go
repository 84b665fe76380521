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
}

// A chart has at most so many names, and its axis ends at the greatest value: what is
// beyond is left out.
const (
	most      = 31
	mostValue = 1e15
)

func (c *Chart) draw(on canvas) {
	n := min(len(c.Names), len(c.Values), most)
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
			on.box(x-1.5, y(v)-1.5, 3, 3, chartBlue)
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

type pngCanvas struct {
	img  *image.RGBA
	face font.Face
}

// picture writes the chart as PNG.
func (c *Chart) picture(w io.Writer) error {
	face, err := opentype.NewFace(parsedFont(), &opentype.FaceOptions{Size: chartText, DPI: 72 * pixels})
	if err != nil {
		return err
	}
	defer face.Close()
	p := &pngCanvas{image.NewRGBA(image.Rect(0, 0, int(chartWidth*pixels), int(chartHeight*pixels))), face}
	draw.Draw(p.img, p.img.Bounds(), image.White, image.Point{}, draw.Src)
	c.draw(p)
	return png.Encode(w, p.img)
}

func (p *pngCanvas) box(x, y, w, h float64, c color.RGBA) { p.line(x, y+h/2, x+w, y+h/2, h, c) }

func (p *pngCanvas) line(x1, y1, x2, y2, width float64, c color.RGBA) {
	length := math.Hypot(x2-x1, y2-y1)
	if length == 0 {
		return
	}
	dx, dy := (y2-y1)/length*width/2, (x1-x2)/length*width/2
	r := vector.NewRasterizer(p.img.Bounds().Dx(), p.img.Bounds().Dy())
	at := func(x, y float64) (float32, float32) { return float32(x * pixels), float32(y * pixels) }
	r.MoveTo(at(x1+dx, y1+dy))
	r.LineTo(at(x2+dx, y2+dy))
	r.LineTo(at(x2-dx, y2-dy))
	r.LineTo(at(x1-dx, y1-dy))
	r.ClosePath()
	r.Draw(p.img, p.img.Bounds(), image.NewUniform(c), image.Point{})
}

func (p *pngCanvas) text(x, y float64, s string, c color.RGBA) {
	d := font.Drawer{Dst: p.img, Src: image.NewUniform(c), Face: p.face}
	d.Dot = fixed.Point26_6{X: fixed.Int26_6(x*pixels*64) - d.MeasureString(s)/2, Y: fixed.Int26_6(y * pixels * 64)}
	d.DrawString(s)
}
