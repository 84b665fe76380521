// Package document makes the papers that leave the house (公文): one model of a
// paper, written as DOCX, PDF, Markdown or HTML.
//
// The model is what official papers need and no more: a title, numbered
// headings, paragraphs, tables, charts and maps. Any text makes a valid file: what no
// format can hold (control characters, halves of a character) is left out.
package document

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Doc is one paper.
type Doc struct {
	Title    string
	Subtitle string // the line below the title: number, unit, date
	Blocks   []Block
	// Mark says on each page of a DOCX or PDF, and in its properties, who took it out
	// (水印); "" is none.
	Mark string
}

// Block is a part of a paper: Heading, Paragraph, *Table, *Chart, *Map or *Sign.
type Block interface{ block() }

// Heading is a section's title; it is numbered as official papers are: 一、 （一）.
type Heading struct {
	Level int // 1 or 2
	Text  string
}

// Paragraph is a paragraph of running text.
type Paragraph string

// Table has a head and rows of as many cells. Widths are relative; nil is equal
// ones. The first column is set left, the others right, as numbers are; those of a
// table of Words left too.
type Table struct {
	Caption string     `json:"caption"`
	Head    []string   `json:"head"`
	Widths  []float64  `json:"widths,omitempty"`
	Rows    [][]string `json:"rows"`
	Words   bool       `json:"words,omitempty"`
}

// Chart is drawn by the writer in the colours of the screens.
type Chart struct {
	Caption string    `json:"caption"`
	Line    bool      `json:"line,omitempty"` // a line of time; else bars
	Names   []string  `json:"names"`
	Values  []float64 `json:"values"`
}

func (Heading) block()   {}
func (Paragraph) block() {}
func (*Table) block()    {}
func (*Chart) block()    {}
func (*Map) block()      {}

// picture is a block that is drawn, chartWidth wide.
type picture interface {
	draw(on canvas)
	height() float64
	caption() string
	table() *Table // its values, for forms that hold no picture
}

// Format is a file format.
type Format string

// The formats.
const (
	DOCX     Format = "docx"
	PDF      Format = "pdf"
	Markdown Format = "md"
	HTML     Format = "html"
)

// Type is the media type of a format, "" of one that is not known.
func (f Format) Type() string {
	return map[Format]string{
		DOCX:     "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		PDF:      "application/pdf",
		Markdown: "text/markdown; charset=utf-8",
		HTML:     "text/html; charset=utf-8",
	}[f]
}

// Write writes the paper in a format.
func (d Doc) Write(w io.Writer, f Format) error {
	switch f {
	case DOCX:
		return d.docx(w)
	case PDF:
		return d.pdf(w)
	case Markdown:
		return d.markdown(w)
	case HTML:
		return d.html(w)
	}
	return fmt.Errorf("document: there is no format %q", f)
}

// clean leaves out what XML and fonts cannot hold (XML 1.0, 2.2 Char).
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < 0x20, r >= 0x7f && r < 0xa0, r == utf8.RuneError, r == 0xfffe, r == 0xffff:
			return -1
		}
		return r
	}, s)
}

const chineseDigits = "零一二三四五六七八九"

// Chinese writes 1 to 99 as official papers number their parts: 一, 十, 二十一.
func Chinese(n int) string {
	digit := []rune(chineseDigits)
	out := ""
	if n >= 20 {
		out = string(digit[n/10%10])
	}
	if n >= 10 {
		out += "十"
	}
	if n%10 > 0 || n == 0 {
		out += string(digit[n%10])
	}
	return out
}

// numberer numbers the headings of one paper (GB/T 9704-2012, 7.3.3).
type numberer struct{ one, two int }

func (c *numberer) of(h Heading) string {
	if h.Level <= 1 {
		c.one, c.two = c.one+1, 0
		return Chinese(c.one) + "、" + clean(h.Text)
	}
	c.two++
	return "（" + Chinese(c.two) + "）" + clean(h.Text)
}

// cells are the cleaned cells of a row, exactly as many as the head has.
func (t *Table) cells(row []string) []string {
	out := make([]string, len(t.Head))
	for i := range out {
		if i < len(row) {
			out[i] = clean(row[i])
		}
	}
	return out
}

// left says whether a column is set left.
func (t *Table) left(column int) bool { return column == 0 || t.Words }

// shares are the widths of the columns as parts of one.
func (t *Table) shares() []float64 {
	out, sum := make([]float64, len(t.Head)), 0.0
	for i := range out {
		out[i] = 1
		if i < len(t.Widths) && t.Widths[i] > 0 {
			out[i] = t.Widths[i]
		}
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}
