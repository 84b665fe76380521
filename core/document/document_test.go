package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func sample() Doc {
	return Doc{Title: "宝安区民生诉求月分析报告", Subtitle: "2026年10月", Blocks: []Block{
		Heading{1, "总体情况"}, Paragraph("本月受理 31,240 件，环比上升 6.2%。"), Heading{2, "按街道"},
		&Table{Caption: "各街道受理情况", Head: []string{"街道", "件数", "占比"}, Widths: []float64{2, 1, 1}, Rows: [][]string{{"西乡街道", "4210", "13.5%"}, {"新安街道", "3980"}}},
		&Chart{Caption: "每日受理量", Line: true, Names: []string{"10-01", "10-02", "10-03"}, Values: []float64{980, 1012, 1105}},
		&Chart{Caption: "诉求类型", Names: []string{"投诉", "求助", "咨询"}, Values: []float64{500, 300, 0}},
		aMap(80, 120), Heading{1, "下一步工作"},
		&Sign{Lines: []string{"宝安区民政局", "2026年11月27日"}, Seal: "深圳市宝安区民政局", Note: "示范"},
	}}
}

// aMap is two squares side by side, the first with a hole.
func aMap(a, b float64) *Map {
	square := func(x, y, side float64) [][2]float64 {
		return [][2]float64{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}}
	}
	hole := [][2]float64{{4, 4}, {4, 6}, {6, 6}, {6, 4}}
	return &Map{Caption: "各街道受理量", Unit: " 件", Areas: []Area{
		{Name: "西乡", Value: &a, Rings: [][][2]float64{square(0, 0, 10), hole}, At: [2]float64{5, 2}},
		{Name: "新安", Value: &b, Rings: [][][2]float64{square(10, 0, 10)}, At: [2]float64{15, 5}}, {Name: "无数据"}}}
}

// parts reads a DOCX and fails where a part is no XML, or names a part that is not
// there.
func parts(raw []byte) (map[string]string, error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		out[f.Name] = string(body)
		if strings.HasSuffix(f.Name, ".png") {
			continue
		}
		for d := xml.NewDecoder(bytes.NewReader(body)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return nil, err
			}
		}
	}
	for _, part := range strings.Split(out["word/_rels/document.xml.rels"], `Target="`)[1:] {
		target, _, _ := strings.Cut(part, `"`)
		if _, ok := out["word/"+target]; !ok {
			return nil, errors.New("no part " + target)
		}
	}
	return out, nil
}

func write(t interface{ Fatal(...any) }, d Doc, f Format) []byte {
	var b bytes.Buffer
	if err := d.Write(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEveryFormatSaysTheSame(t *testing.T) {
	d := sample()
	p, err := parts(write(t, d, DOCX))
	if err != nil {
		t.Fatal(err)
	}
	if p["word/media/image3.png"] == "" {
		t.Error("a chart has no picture")
	}
	texts := map[Format]string{DOCX: p["word/document.xml"], Markdown: string(write(t, d, Markdown)), HTML: string(write(t, d, HTML))}
	raw := write(t, d, PDF)
	if tool, err := exec.LookPath("pdftotext"); err == nil {
		name := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(name, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(tool, "-layout", name, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		texts[PDF] = string(out)
	}
	for f, text := range texts {
		for _, want := range []string{"宝安区民生诉求月分析报告", "一、总体情况", "（一）按街道", "二、下一步工作", "31,240", "西乡街道", "13.5%", "每日受理量", "各街道受理量"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q", f, want)
			}
		}
	}
	if err := d.Write(io.Discard, "odt"); err == nil {
		t.Error("a format that is not known was written")
	}
	if len(raw) > 200_000 {
		t.Errorf("a page of PDF takes %d bytes: the font is whole in it", len(raw))
	}
}

// What was frozen is the same file whenever it is written.
func TestTheSameDocumentIsTheSameFile(t *testing.T) {
	for _, f := range []Format{DOCX, Markdown, HTML} {
		first := write(t, sample(), f)
		for range 8 {
			if !bytes.Equal(first, write(t, sample(), f)) {
				t.Fatalf("%s differs from one time to the next", f)
			}
		}
	}
}

// Any text makes a valid file.
func TestAnyTextMakesAValidFile(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Just("\x00\x07\ufffe👩‍👩‍👧]]><&\"'"), rapid.Just(strings.Repeat("长", 900)), rapid.Just(strings.Repeat("w", 900)), rapid.Just("\xff\xfe")).Draw(r, "text")
		v := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{math.MaxFloat64, math.Inf(1), math.NaN(), -1, math.SmallestNonzeroFloat64})).Draw(r, "value")
		d := Doc{Title: text, Blocks: []Block{Heading{1, text}, Paragraph(text), &Table{Caption: text, Head: []string{text, "b"}, Rows: [][]string{{text}, {"a", text, "c"}}}, &Chart{Caption: text, Names: []string{text, text}, Values: []float64{v, 1}}, aMap(v, 1)}}
		if _, err := parts(write(r, d, DOCX)); err != nil {
			r.Fatal(err)
		}
		if raw := write(r, d, PDF); !bytes.HasPrefix(raw, []byte("%PDF-")) || !bytes.Contains(raw[len(raw)-64:], []byte("%%EOF")) {
			r.Fatal("no PDF")
		}
		write(r, d, Markdown)
		write(r, d, HTML)
	})
}

// Characters outside GB 2312 are set from the second font; what no font has is seen
// as a box, and counted.
func TestRareCharacters(t *testing.T) {
	d := Doc{Title: "王喆与㵲水河", Blocks: []Block{Paragraph("朱镕基、李犇、垚街道\u200d")}}
	if n := d.Missing(); n != 0 {
		t.Errorf("%d characters are missing", n)
	}
	if tool, err := exec.LookPath("pdftotext"); err == nil {
		name := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(name, write(t, d, PDF), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(tool, name, "-").Output()
		if err != nil || !strings.Contains(string(out), "王喆与㵲水河") || !strings.Contains(string(out), "朱镕基、李犇、垚街道") {
			t.Errorf("the paper says %q, %v", out, err)
		}
	}
	d.Blocks = append(d.Blocks, &Table{Head: []string{"😀"}, Rows: [][]string{{"a😀"}}}, &Chart{Names: []string{"\U000e0100"}})
	if n := d.Missing(); n != 2 {
		t.Errorf("%d characters are missing, want the two faces", n)
	}
	if got := runs("a😀喆"); len(got) != 2 || got[0].text != "a□" || got[1].text != "喆" {
		t.Errorf("set as %v", got)
	}
}

// A year of days is a line with every day in it; so many bars are not.
func TestLongCharts(t *testing.T) {
	c := &Chart{Line: true}
	for i := range 366 {
		c.Names, c.Values = append(c.Names, strings.Repeat("日", i%3)), append(c.Values, float64(i))
	}
	for line, want := range map[bool]int{true: 365, false: 0} {
		c.Line = line
		s := &svgCanvas{}
		c.draw(s)
		if n := strings.Count(s.String(), hex(chartBlue)); line && n != want || !line && n != MostBars {
			t.Errorf("line %v: %d strokes", line, n)
		}
	}
}

// The classes of a map take in every value, the greatest in the darkest.
func TestMapClasses(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		top := rapid.Float64Range(0, 1e7).Draw(r, "top")
		m := aMap(top, 0)
		width, n := m.steps()
		if n < 1 || n > len(mapShades) || width*float64(n) < top {
			r.Fatalf("%d classes of %v for %v", n, width, top)
		}
		s := &svgCanvas{}
		m.draw(s)
		for _, c := range s.String() {
			if _, ok := faceOf(c); !ok {
				r.Fatalf("the map says %q, which no font has", c)
			}
		}
	})
}

func TestChineseNumbers(t *testing.T) {
	for n, want := range map[int]string{1: "一", 10: "十", 11: "十一", 20: "二十", 35: "三十五"} {
		if got := Chinese(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

// An axis has a few lines, whatever is on it.
func TestAxis(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		top := rapid.Float64Range(0.1, 1e9).Draw(r, "top")
		if lines := top / niceStep(top); lines < 1 || lines > 5.01 {
			r.Fatalf("%v lines up to %v", lines, top)
		}
	})
}
