package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// The parts of a package that are the same in every paper (ECMA-376).
const (
	xmlHead      = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	contentTypes = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>`
	rootRels     = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
	footer       = xmlHead + `<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t xml:space="preserve">— </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>`
	documentHead = xmlHead + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>`
	// A4, with the margins of GB/T 9704-2012, 5.2: 37 mm above, 28 mm left.
	documentFoot = `<w:sectPr><w:footerReference w:type="default" r:id="rId1"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr></w:body></w:document>`
)

// textWidth of a page, in twentieths of a point.
const textWidth = 11906 - 1474 - 1588

// style is how a run of text is set; size in half points.
type style struct {
	font string
	size int
}

// The types of official papers (GB/T 9704-2012, 7.3).
var (
	titleStyle = style{"方正小标宋简体", 44}
	oneStyle   = style{"黑体", 32}
	twoStyle   = style{"楷体_GB2312", 32}
	bodyStyle  = style{"仿宋_GB2312", 32}
	cellStyle  = style{"仿宋_GB2312", 21}
	headStyle  = style{"黑体", 21}
	fineStyle  = style{"仿宋_GB2312", 18} // of a table with many columns
)

// manyColumns leave each so little room that its cells are set smaller and closer.
const (
	manyColumns = 7
	closeCells  = `<w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar>`
)

func (s style) run(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(clean(text)))
	return fmt.Sprintf(`<w:r><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="%s"/><w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr><w:t xml:space="preserve">%s</w:t></w:r>`, s.font, s.size, s.size, b.String())
}

func paragraph(props, runs string) string {
	return `<w:p><w:pPr>` + props + `</w:pPr>` + runs + `</w:p>`
}

const (
	centred = `<w:jc w:val="center"/>`
	body    = `<w:spacing w:line="560" w:lineRule="exact"/><w:ind w:firstLineChars="200" w:firstLine="640"/>`
	keep    = `<w:keepNext/>`
)

func (d Doc) docx(w io.Writer) error {
	z := zip.NewWriter(w)
	put := func(name, text string) error {
		f, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(f, text)
		}
		return err
	}
	types, root, foot := contentTypes, rootRels, documentFoot
	var marked [][2]string
	if d.Mark != "" {
		types = strings.Replace(types, `</Types>`, `<Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`, 1)
		root = strings.Replace(root, `</Relationships>`, `<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`, 1)
		foot = strings.Replace(foot, `<w:sectPr>`, `<w:sectPr><w:headerReference w:type="default" r:id="rIdMark"/>`, 1)
		marked = [][2]string{{"word/header1.xml", d.markHeader()}, {"docProps/core.xml", d.markProperties()}}
	}
	if err := put("[Content_Types].xml", types); err != nil {
		return err
	}
	if err := put("_rels/.rels", root); err != nil {
		return err
	}
	var b, rels strings.Builder
	rels.WriteString(xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/>`)
	b.WriteString(documentHead + paragraph(centred, titleStyle.run(d.Title)) + paragraph(centred, bodyStyle.run(d.Subtitle)))
	var n numberer
	pictures := 0
	for _, x := range d.Blocks {
		switch x := x.(type) {
		case Heading:
			s := oneStyle
			if x.Level > 1 {
				s = twoStyle
			}
			b.WriteString(paragraph(keep+body, s.run(n.of(x))))
		case Paragraph:
			b.WriteString(paragraph(body, bodyStyle.run(string(x))))
		case *Table:
			if len(x.Head) > 0 {
				b.WriteString(paragraph(keep+`<w:spacing w:before="120"/>`+centred, headStyle.run(x.Caption)) + x.docx() + paragraph("", ""))
			}
		case *Sign:
			b.WriteString(x.docx())
		case picture:
			pictures++
			f, err := z.Create(fmt.Sprintf("word/media/image%d.png", pictures))
			if err != nil {
				return err
			}
			if err := writePNG(f, x); err != nil {
				return err
			}
			fmt.Fprintf(&rels, `<Relationship Id="rIdImage%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/image%d.png"/>`, pictures, pictures)
			b.WriteString(paragraph(keep+centred, drawing(pictures, x)) + paragraph(centred, headStyle.run(x.caption())))
		}
	}
	b.WriteString(foot)
	if d.Mark != "" {
		rels.WriteString(`<Relationship Id="rIdMark" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/header" Target="header1.xml"/>`)
	}
	for _, part := range append(marked, [][2]string{{"word/document.xml", b.String()}, {"word/footer1.xml", footer}, {"word/_rels/document.xml.rels", rels.String() + `</Relationships>`}}...) {
		if err := put(part[0], part[1]); err != nil {
			return err
		}
	}
	return z.Close()
}

// markHeader is the mark across the page, behind its text.
func (d Doc) markHeader() string {
	var mark strings.Builder
	_ = xml.EscapeText(&mark, []byte(clean(d.Mark)))
	return xmlHead + `<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:color w:val="A6ABB3"/><w:sz w:val="18"/></w:rPr><w:t xml:space="preserve">` + mark.String() + `</w:t></w:r><w:r><w:pict><v:shape type="#_x0000_t136" style="position:absolute;margin-left:0;margin-top:0;width:480pt;height:28pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin" fillcolor="#e2e5ea" stroked="f" coordsize="21600,21600" o:spt="136" path="m@7,l@8,m@5,21600l@6,21600e"><v:textpath on="t" style="font-family:&quot;宋体&quot;;font-size:1pt" string="` + mark.String() + `"/></v:shape></w:pict></w:r></w:p></w:hdr>`
}

// markProperties are the properties of the file.
func (d Doc) markProperties() string {
	var title, mark strings.Builder
	_ = xml.EscapeText(&title, []byte(clean(d.Title)))
	_ = xml.EscapeText(&mark, []byte(clean(d.Mark)))
	return xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>` + title.String() + `</dc:title><dc:description>` + mark.String() + `</dc:description><cp:lastModifiedBy>` + mark.String() + `</cp:lastModifiedBy></cp:coreProperties>`
}

func (t *Table) docx() string {
	var b strings.Builder
	b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="` + fmt.Sprint(textWidth) + `" w:type="dxa"/><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		b.WriteString(`<w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="808080"/>`)
	}
	cell, margins := cellStyle, ""
	if len(t.Head) >= manyColumns {
		cell, margins = fineStyle, closeCells
	}
	b.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/>` + margins + `</w:tblPr><w:tblGrid>`)
	shares := t.shares()
	for _, share := range shares {
		fmt.Fprintf(&b, `<w:gridCol w:w="%d"/>`, int(share*textWidth))
	}
	b.WriteString(`</w:tblGrid>`)
	row := func(cells []string, s style, props string) {
		b.WriteString(`<w:tr><w:trPr><w:cantSplit/>` + props + `</w:trPr>`)
		for i, c := range cells {
			align := `<w:jc w:val="right"/>`
			if t.left(i) {
				align = `<w:jc w:val="left"/>`
			}
			fmt.Fprintf(&b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>%s</w:tc>`, int(shares[i]*textWidth), paragraph(align, s.run(c)))
		}
		b.WriteString(`</w:tr>`)
	}
	row(t.cells(t.Head), headStyle, `<w:tblHeader/>`)
	for _, r := range t.Rows {
		row(t.cells(r), cell, "")
	}
	b.WriteString(`</w:tbl>`)
	return b.String()
}

// emu are the units of drawings a point.
const emu = 12700

func drawing(n int, x picture) string {
	var alt bytes.Buffer
	_ = xml.EscapeText(&alt, []byte(clean(x.caption())))
	size := fmt.Sprintf(`cx="%d" cy="%d"`, int(chartWidth*emu), int(x.height()*emu))
	return fmt.Sprintf(`<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent %s/><wp:docPr id="%d" name="图%d" descr="%s"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="%d" name="image%d.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rIdImage%d"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext %s/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`,
		size, n, n, alt.String(), n, n, n, size)
}
