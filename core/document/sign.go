package document

import (
	"html"
	"math"
	"strings"

	"github.com/signintech/gopdf"
)

// Sign ends a paper (落款): who issues it and when, set right, with the round seal of the
// unit across it. The seal is drawn in a PDF alone; what makes it valid is the
// signature of whoever seals the file.
type Sign struct {
	Lines []string // unit, day
	Seal  string   // the unit whose seal it is; "" draws none
	Note  string   // below the star: 示范 for a simulated seal
}

func (*Sign) block() {}

const (
	sealRadius = 52.0
	sealText   = 9.0
)

// pdf draws the lines and the seal.
func (x *Sign) pdf(p *pdfPage) error {
	p.room(2*sealRadius + 24)
	top := p.y + 14
	for i, l := range x.Lines {
		p.size = 13
		p.set(pdfLeft, top+26+float64(i)*22, pdfWidth-20, 1, clean(l))
	}
	p.y = top + 2*sealRadius + 6
	if x.Seal == "" {
		return nil
	}
	cx, cy := pdfLeft+pdfWidth-90.0, top+sealRadius
	p.SetStrokeColor(200, 24, 24)
	p.SetFillColor(200, 24, 24)
	p.SetTextColor(200, 24, 24)
	p.SetLineWidth(2.4)
	p.Oval(cx-sealRadius, cy-sealRadius, cx+sealRadius, cy+sealRadius)
	var star []gopdf.Point
	for i := range 10 {
		r := 15.0
		if i%2 == 1 {
			r *= 0.382
		}
		a := -math.Pi/2 + float64(i)*math.Pi/5
		star = append(star, gopdf.Point{X: cx + r*math.Cos(a), Y: cy + r*math.Sin(a)})
	}
	p.Polygon(star, "F")
	// The unit's name runs along the upper arc.
	letters := []rune(clean(x.Seal))
	span := math.Min(250, float64(len(letters)-1)*21)
	p.size = sealText
	if len(letters) > 18 {
		p.size = sealText - 2
	}
	for i, r := range letters {
		turn := 0.0
		if len(letters) > 1 {
			turn = -span/2 + span*float64(i)/float64(len(letters)-1)
		}
		a := turn * math.Pi / 180
		lx, ly := cx+(sealRadius-13)*math.Sin(a), cy-(sealRadius-13)*math.Cos(a)
		p.Rotate(-turn, lx, ly)
		p.set(lx-20, ly-p.size/2, 40, 0.5, string(r))
		p.RotateReset()
	}
	if x.Note != "" {
		p.size = sealText
		p.set(cx-sealRadius, cy+22, 2*sealRadius, 0.5, clean(x.Note))
	}
	p.SetTextColor(0, 0, 0)
	p.SetStrokeColor(0, 0, 0)
	p.SetFillColor(0, 0, 0)
	return nil
}

func (x *Sign) docx() string {
	var b strings.Builder
	for _, l := range x.Lines {
		b.WriteString(paragraph(`<w:jc w:val="right"/>`, bodyStyle.run(l)))
	}
	return b.String()
}

func (x *Sign) html() string {
	var b strings.Builder
	for _, l := range x.Lines {
		b.WriteString(`<p style="text-align:right">` + html.EscapeString(clean(l)) + "</p>\n")
	}
	return b.String()
}
