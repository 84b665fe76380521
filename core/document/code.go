package document

import (
	"github.com/boombuler/barcode/qr"
)

// Code is a text, a link mostly, as a QR code (GB/T 18284) with what it is for below it.
type Code struct {
	Text  string
	Label string
}

// Codes stand side by side; a text that is too long for a code is left out of them.
type Codes []Code

func (Codes) block() {}

const (
	codeSide  = 84.0 // of a code with the quiet margin that it needs
	codeQuiet = 4    // modules of the margin
	codePlace = 150.0
)

func (c Codes) height() float64 { return codeSide + chartText + 6 }

func (c Codes) caption() string { return "" }

// table gives the texts themselves, for forms that hold no picture.
func (c Codes) table() *Table {
	t := &Table{Head: []string{"用途", "链接"}, Words: true}
	for _, x := range c {
		t.Rows = append(t.Rows, []string{x.Label, x.Text})
	}
	return t
}

func (c Codes) draw(on canvas) {
	left := (chartWidth - codePlace*float64(len(c))) / 2
	for i, x := range c {
		// M mends up to 15% of what is smudged.
		code, err := qr.Encode(x.Text, qr.M, qr.Unicode)
		if err != nil {
			continue
		}
		n := code.Bounds().Dx()
		step := codeSide / float64(n+2*codeQuiet)
		x0 := left + codePlace*(float64(i)+0.5) - codeSide/2
		dark := func(x, y int) bool { r, _, _, _ := code.At(x, y).RGBA(); return r == 0 }
		for row := range n {
			for from := 0; from < n; from++ {
				to := from
				for to < n && dark(to, row) {
					to++
				}
				if to > from { // modules that touch are one box: no seams between them
					on.box(x0+step*float64(codeQuiet+from), step*float64(codeQuiet+row), step*float64(to-from), step, chartInk)
					from = to
				}
			}
		}
		on.text(x0+codeSide/2, codeSide+chartText, clean(x.Label), chartInk)
	}
}
