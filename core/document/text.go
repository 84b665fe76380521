package document

import (
	"bufio"
	"html"
	"io"
	"strconv"
	"strings"
)

var markdownSafe = strings.NewReplacer("\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "<", "&lt;", "#", "\\#")

// number writes a value with as many decimals as it has, two at most.
func number(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(v, 'f', 2, 64), "0"), ".")
}

// table is a chart's values, for forms that hold no picture.
func (c *Chart) table() *Table {
	t := &Table{Caption: c.Caption, Head: []string{"", "值"}}
	for i := range min(len(c.Names), len(c.Values)) {
		t.Rows = append(t.Rows, []string{c.Names[i], number(c.Values[i])})
	}
	return t
}

func (d Doc) markdown(w io.Writer) error {
	b := bufio.NewWriter(w)
	line := func(parts ...string) {
		for _, p := range parts {
			b.WriteString(p)
		}
		b.WriteString("\n\n")
	}
	md := func(s string) string { return markdownSafe.Replace(clean(s)) }
	line("# ", md(d.Title))
	if d.Subtitle != "" {
		line(md(d.Subtitle))
	}
	table := func(t *Table) {
		if len(t.Head) == 0 {
			return
		}
		line("**", md(t.Caption), "**")
		row := func(cells []string) {
			for _, c := range cells {
				b.WriteString("| " + markdownSafe.Replace(c) + " ")
			}
			b.WriteString("|\n")
		}
		row(t.cells(t.Head))
		for i := range t.Head {
			b.WriteString(map[bool]string{true: "| :-- ", false: "| --: "}[t.left(i)])
		}
		b.WriteString("|\n")
		for _, r := range t.Rows {
			row(t.cells(r))
		}
		b.WriteString("\n")
	}
	var n numberer
	for _, x := range d.Blocks {
		switch x := x.(type) {
		case Heading:
			line(strings.Repeat("#", min(max(x.Level, 1), 2)+1), " ", markdownSafe.Replace(n.of(x)))
		case Paragraph:
			line(md(string(x)))
		case *Table:
			table(x)
		case *Sign:
			for _, l := range x.Lines {
				line(md(l))
			}
		case picture:
			table(x.table())
		}
	}
	return b.Flush()
}

func (d Doc) html(w io.Writer) error {
	b := bufio.NewWriter(w)
	esc := func(s string) string { return html.EscapeString(clean(s)) }
	b.WriteString(`<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>` + esc(d.Title) + `</title><style>
body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:16px/1.8 FangSong,STFangsong,"Noto Serif CJK SC",serif;color:#1f2329}
h1{text-align:center;font:700 1.7rem/1.4 "Noto Serif CJK SC",serif;margin:0}h2,h3{font:700 1.1rem/1.6 SimHei,"Noto Sans CJK SC",sans-serif}
.sub{text-align:center;margin-bottom:2rem}p{text-indent:2em}table{border-collapse:collapse;width:100%;font-size:.9rem}
caption,figcaption{font-weight:700;text-align:center}th,td{border:1px solid #bbb;padding:.2rem .5rem;text-align:right}th:first-child,td:first-child,.words th,.words td{text-align:left}figure{margin:1rem 0}svg{width:100%}
</style></head><body><h1>` + esc(d.Title) + `</h1><div class="sub">` + esc(d.Subtitle) + `</div>`)
	var n numberer
	for _, x := range d.Blocks {
		switch x := x.(type) {
		case Heading:
			tag := "h" + strconv.Itoa(min(max(x.Level, 1), 2)+1)
			b.WriteString("<" + tag + ">" + html.EscapeString(n.of(x)) + "</" + tag + ">\n")
		case Paragraph:
			b.WriteString("<p>" + esc(string(x)) + "</p>\n")
		case *Table:
			class := ""
			if x.Words {
				class = ` class="words"`
			}
			b.WriteString("<table" + class + "><caption>" + esc(x.Caption) + "</caption>")
			row := func(tag string, cells []string) {
				b.WriteString("<tr>")
				for _, c := range cells {
					b.WriteString("<" + tag + ">" + html.EscapeString(c) + "</" + tag + ">")
				}
				b.WriteString("</tr>\n")
			}
			row("th", x.cells(x.Head))
			for _, r := range x.Rows {
				row("td", x.cells(r))
			}
			b.WriteString("</table>\n")
		case *Sign:
			b.WriteString(x.html())
		case picture:
			c := &svgCanvas{}
			x.draw(c)
			b.WriteString(`<figure><svg role="img" aria-label="` + esc(x.caption()) + `" viewBox="0 0 ` + number(chartWidth) + ` ` + number(x.height()) + `">` + c.String() + `</svg><figcaption>` + esc(x.caption()) + "</figcaption></figure>\n")
		}
	}
	b.WriteString("</body></html>\n")
	return b.Flush()
}
