package document

import (
	"bytes"
	"fmt"
	"image/color"
	"io"
	"slices"
	"strings"

	"github.com/signintech/gopdf"
)

// The text field of a page, in points: A4 with the margins of GB/T 9704-2012, 5.2.
const (
	pdfLeft, pdfRight = 79.4, 595.3 - 73.7
	pdfTop, pdfBottom = 105.0, 841.9 - 99.2
	pdfWidth          = pdfRight - pdfLeft
)

type pdfPage struct {
	*gopdf.GoPdf
	y    float64
	size float64 // of the type that is set
	has  [len(faces)]bool
}

// use sets in a face from here on; it is put into the file when it is first needed.
func (p *pdfPage) use(n int) error {
	if !p.has[n] {
		if err := p.AddTTFFontByReader(faces[n].name, bytes.NewReader(faces[n].data())); err != nil {
			return err
		}
		p.has[n] = true
	}
	return p.SetFont(faces[n].name, "", p.size)
}

// measure is how wide a text is at the size that is set.
func (p *pdfPage) measure(s string) (wide float64, err error) {
	for _, r := range runs(s) {
		if err := p.use(r.face); err != nil {
			return 0, err
		}
		w, err := p.MeasureTextWidth(r.text)
		if err != nil {
			return 0, err
		}
		wide += w
	}
	return wide, nil
}

func (d Doc) pdf(w io.Writer) error {
	p := &pdfPage{GoPdf: &gopdf.GoPdf{}}
	p.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	p.SetInfo(gopdf.PdfInfo{Title: clean(d.Title), Producer: "Shanzhi", Subject: clean(d.Mark)})
	pages := 0
	p.AddFooter(func() {
		pages++
		p.size = 12
		p.SetTextColor(0, 0, 0)
		p.set(pdfLeft, pdfBottom+40, pdfWidth, 0.5, fmt.Sprintf("— %d —", pages))
	})
	if d.Mark != "" {
		p.AddHeader(func() { p.watermark(clean(d.Mark)) })
	}
	p.turn()
	if err := p.paragraph(clean(d.Title), 20, 0, 0.5); err != nil {
		return err
	}
	if err := p.paragraph(clean(d.Subtitle), 12, 0, 0.5); err != nil {
		return err
	}
	p.y += 12
	var n numberer
	var err error
	for i, x := range d.Blocks {
		switch x := x.(type) {
		case Heading:
			p.room(60 + d.kept(i+1))
			p.y += 4
			err = p.paragraph(n.of(x), 15, 0, 0)
		case Paragraph:
			err = p.paragraph(clean(string(x)), 13, 2, 0)
		case *Table:
			err = p.table(x)
		case *Sign:
			err = x.pdf(p)
		case picture:
			p.room(x.height() + 40)
			x.draw(&pdfCanvas{p, pdfLeft + (pdfWidth-chartWidth)/2, p.y})
			p.y += x.height() + 2
			err = p.paragraph(clean(x.caption()), 10.5, 0, 0.5)
		}
		if err != nil {
			return err
		}
	}
	_, err = p.WriteTo(w)
	return err
}

// kept is how much of the page a heading shares with the block after it.
func (d Doc) kept(i int) float64 {
	if i < len(d.Blocks) {
		switch x := d.Blocks[i].(type) {
		case *Table:
			return 80
		case picture:
			return x.height()
		}
	}
	return 0
}

// watermark writes a text across the page, faintly, before anything else is set.
func (p *pdfPage) watermark(mark string) {
	size := p.size
	p.size = 15
	p.SetTextColor(226, 229, 234)
	for row := range 4 {
		for column := range 2 {
			x, y := 60+float64(column)*290, 190+float64(row)*190
			p.Rotate(28, x, y)
			p.set(x, y, 0, 0, mark)
			p.RotateReset()
		}
	}
	p.SetTextColor(0, 0, 0)
	p.size = size
}

func (p *pdfPage) turn() {
	p.AddPage()
	p.y = pdfTop
}

// room turns the page when less than h is left on it.
func (p *pdfPage) room(h float64) {
	if p.y+h > pdfBottom {
		p.turn()
	}
}

// set puts one line into a box of width w; align is 0 left, 0.5 middle, 1 right.
func (p *pdfPage) set(x, y, w, align float64, s string) {
	if align > 0 {
		if have, err := p.measure(s); err == nil {
			x += (w - have) * align
		}
	}
	p.SetXY(x, y)
	for _, r := range runs(s) {
		if p.use(r.face) == nil {
			_ = p.Cell(nil, r.text)
		}
	}
}

// wrap breaks text into lines of a width; the first begins after indent.
func (p *pdfPage) wrap(s string, width, indent float64) ([]string, error) {
	var lines []string
	var line []rune
	at := indent
	for _, r := range s {
		w, err := p.measure(string(r))
		if err != nil {
			return nil, err
		}
		// No line begins with a mark that ends one (GB/T 15834-2011, 5.1).
		if at+w > width && len(line) > 0 && !strings.ContainsRune("，。、；：！？）》」”’〕%", r) {
			// Nor is a number broken.
			cut := len(line)
			for strings.ContainsRune("0123456789,.", r) && cut > 0 && len(line)-cut < 12 && strings.ContainsRune("0123456789,.", line[cut-1]) {
				cut--
			}
			if cut == 0 || len(line)-cut == 12 {
				cut = len(line)
			}
			rest := slices.Clone(line[cut:])
			lines, line, at = append(lines, string(line[:cut])), rest, 0
			if at, err = p.measure(string(rest)); err != nil {
				return nil, err
			}
		}
		line, at = append(line, r), at+w
	}
	return append(lines, string(line)), nil
}

func (p *pdfPage) paragraph(s string, size, indent, align float64) error {
	if s == "" {
		return nil
	}
	p.size = size
	lines, err := p.wrap(s, pdfWidth, indent*size)
	if err != nil {
		return err
	}
	for i, l := range lines {
		p.room(size * 1.7)
		p.size = size // the footer of a page that was turned has its own
		x := pdfLeft
		if i == 0 {
			x += indent * size
		}
		p.set(x, p.y, pdfWidth, align, l)
		p.y += size * 1.7
	}
	return nil
}

func (p *pdfPage) table(t *Table) error {
	if len(t.Head) == 0 {
		return nil
	}
	p.room(80)
	if err := p.paragraph(clean(t.Caption), 10.5, 0, 0.5); err != nil {
		return err
	}
	const size, pad, lead = 9.5, 4.0, 13.0
	shares := t.shares()
	var row func(cells []string, head bool) error
	row = func(cells []string, head bool) error {
		p.size = size
		parts, tall := make([][]string, len(cells)), 1
		for i, c := range cells {
			lines, err := p.wrap(c, shares[i]*pdfWidth-2*pad, 0)
			if err != nil {
				return err
			}
			parts[i] = lines[:min(len(lines), 40)] // a cell is no page
			tall = max(tall, len(parts[i]))
		}
		h := float64(tall)*lead + pad
		if p.y+h > pdfBottom {
			p.turn()
			if !head {
				if err := row(t.cells(t.Head), true); err != nil {
					return err
				}
			}
			p.size = size
		}
		x := pdfLeft
		p.SetLineWidth(0.5)
		p.SetStrokeColor(0x80, 0x80, 0x80)
		for i, lines := range parts {
			w := shares[i] * pdfWidth
			if head {
				p.SetFillColor(0xee, 0xf1, 0xf6)
				p.RectFromUpperLeftWithStyle(x, p.y, w, h, "FD")
			} else {
				p.RectFromUpperLeftWithStyle(x, p.y, w, h, "D")
			}
			align := 1.0
			if t.left(i) {
				align = 0
			}
			for j, l := range lines {
				p.set(x+pad, p.y+pad/2+1+float64(j)*lead, w-2*pad, align, l)
			}
			x += w
		}
		p.y += h
		return nil
	}
	if err := row(t.cells(t.Head), true); err != nil {
		return err
	}
	for _, r := range t.Rows {
		if err := row(t.cells(r), false); err != nil {
			return err
		}
	}
	p.y += 10
	return nil
}

type pdfCanvas struct {
	*pdfPage
	x0, y0 float64
}

func (c *pdfCanvas) box(x, y, w, h float64, k color.RGBA) {
	if h > 0 {
		c.SetFillColor(k.R, k.G, k.B)
		c.RectFromUpperLeftWithStyle(c.x0+x, c.y0+y, w, h, "F")
	}
}

func (c *pdfCanvas) line(x1, y1, x2, y2, width float64, k color.RGBA) {
	c.SetLineWidth(width)
	c.SetStrokeColor(k.R, k.G, k.B)
	c.Line(c.x0+x1, c.y0+y1, c.x0+x2, c.y0+y2)
}

func (c *pdfCanvas) text(x, y float64, s string, k color.RGBA) {
	c.size = chartText
	c.SetTextColor(k.R, k.G, k.B)
	c.set(c.x0+x-100, c.y0+y-chartText, 200, 0.5, s)
	c.SetTextColor(0, 0, 0)
}

func (c *pdfCanvas) shape(rings [][][2]float64, fill, edge color.RGBA) {
	c.SetLineWidth(0.6)
	c.SetStrokeColor(edge.R, edge.G, edge.B)
	c.SetFillColor(fill.R, fill.G, fill.B)
	for _, r := range rings {
		points := make([]gopdf.Point, len(r))
		for i, p := range r {
			points[i] = gopdf.Point{X: c.x0 + p[0], Y: c.y0 + p[1]}
		}
		c.Polygon(points, "FD")
	}
}
