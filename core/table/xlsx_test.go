package table

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"shanzhi/internal/testkit"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// workbookOf packs the XML of sheets and of their styles and texts by hand, for
// what no program would write.
func workbookOf(t testing.TB, styles, shared string, sheets ...string) []byte {
	t.Helper()
	const rel = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	parts := map[string]string{
		"_rels/.rels": `<Relationships><Relationship Id="r1" Type="` + rel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
	}
	book, rels := "", ""
	for i, sheet := range sheets {
		state := ""
		if s, ok := strings.CutPrefix(sheet, "hidden:"); ok {
			sheet, state = s, ` state="hidden"`
		}
		book += fmt.Sprintf(`<sheet name="S%d" sheetId="%d"%s r:id="s%d"/>`, i+1, i+1, state, i+1)
		rels += fmt.Sprintf(`<Relationship Id="s%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, rel, i+1)
		parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = `<worksheet>` + sheet + `</worksheet>`
	}
	if styles != "" {
		rels += `<Relationship Id="st" Type="` + rel + `/styles" Target="/xl/styles.xml"/>`
		parts["xl/styles.xml"] = styles
	}
	if shared != "" {
		rels += `<Relationship Id="ss" Type="` + rel + `/sharedStrings" Target="sharedStrings.xml"/>`
		parts["xl/sharedStrings.xml"] = shared
	}
	parts["xl/workbook.xml"] = `<workbook xmlns:r="` + rel + `"><workbookPr/><sheets>` + book + `</sheets></workbook>`
	parts["xl/_rels/workbook.xml.rels"] = `<Relationships>` + rels + `</Relationships>`
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range parts {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, text)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const (
	someStyles = `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>` +
		`<numFmt numFmtId="171" formatCode="m/d/yyyy\ h:mm"/><numFmt numFmtId="172" formatCode="0.00&quot;days&quot;"/><numFmt numFmtId="173" formatCode="[h]:mm"/><numFmt numFmtId="174" formatCode="[Red]General"/></numFmts>` +
		`<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/><xf numFmtId="20"/><xf numFmtId="173"/><xf numFmtId="174"/></cellXfs></styleSheet>`
	someTexts = `<sst><si><t>编号</t></si><si><r><t>富</t></r><r><t xml:space="preserve"> 文本</t></r><rPh><t>fu</t></rPh></si><si><t>a_x000D_b</t></si></sst>`
)

func TestReadWorkbook(t *testing.T) {
	for _, tc := range []struct {
		name   string
		sheets []string
		o      Options
		want   string
	}{
		{"kinds of cells", []string{`<sheetData>
			<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>
			<row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" t="str"><f>A1</f><v>x&amp;y</v></c></row>
			<row r="4"><c r="A4" t="b"><v>1</v></c><c r="B4" t="e"><v>#N/A</v></c></row>
			<row r="5"><c r="A5"><v>0.30000000000000004</v></c><c r="B5"><v>1E3</v></c></row>
			<row r="6"><c r="A6"><v>4.403011990010112E+17</v></c><c r="B6" t="s"><v>2</v></c></row>
			<row r="7"><c r="A7"><f>1+1</f></c><c r="B7"><v>-12.5</v></c></row>
			</sheetData>`}, Options{},
			"编号|b\n3:富 文本|x&y\n4:TRUE|#N/A\n5:0.3|1000\n6:440301199001011200|a\rb (rounded number)\n7:|-12.5 (uncomputed formula)"},
		{"dates", []string{`<sheetData>
			<row r="1"><c t="inlineStr"><is><t>date</t></is></c></row>
			<row r="2"><c s="1"><v>43139</v></c></row>
			<row r="3"><c s="2"><v>43139.5</v></c></row>
			<row r="4"><c s="3"><v>43836</v></c></row>
			<row r="5"><c s="4"><v>43139.50667824074</v></c></row>
			<row r="6"><c s="5"><v>43139</v></c></row>
			<row r="7"><c s="6"><v>0.75</v></c></row>
			<row r="8"><c s="7"><v>1.25</v></c></row>
			<row r="9"><c s="8"><v>43139</v></c></row>
			<row r="10"><c s="1"><v>-3</v></c></row>
			<row r="11"><c t="d"><v>2018-02-08T12:00:00</v></c></row>
			</sheetData>`}, Options{Header: 1},
			"date\n2:2018-02-08\n3:2018-02-08 12:00:00\n4:2020-01-06\n5:2018-02-08 12:09:37\n6:43139\n7:18:00:00\n8:1900-01-01 06:00:00\n9:43139\n10:-3\n11:2018-02-08 12:00:00"},
		{"holes", []string{`<sheetData><row><c r="B1" t="inlineStr"><is><t>b</t></is></c><c r="D1" t="inlineStr"><is><t>d</t></is></c><c r="AMJ1" s="1"/></row>
			<row><c r="C2"><v>3</v></c></row></sheetData>`}, Options{}, "column 1|b|column 3|d\n2:||3|"},
		{"title and two rows of header", []string{`<sheetData>
			<row r="1"><c r="A1" t="inlineStr"><is><t>民生诉求统计表</t></is></c></row>
			<row r="2"><c r="A2" t="inlineStr"><is><t>街道</t></is></c><c r="B2" t="inlineStr"><is><t>受理</t></is></c><c r="D2" t="inlineStr"><is><t>办结</t></is></c></row>
			<row r="3"><c r="B3" t="inlineStr"><is><t>电话</t></is></c><c r="C3" t="inlineStr"><is><t>网络</t></is></c></row>
			<row r="4"><c r="A4" t="inlineStr"><is><t>坪山</t></is></c><c r="B4"><v>1</v></c><c r="C4"><v>2</v></c><c r="D4"><v>3</v></c></row>
			<row r="5"><c r="B5"><v>4</v></c><c r="C5"><v>5</v></c><c r="D5"><v>6</v></c></row>
			</sheetData><mergeCells count="4"><mergeCell ref="A4:A5"/><mergeCell ref="A1:D1"/><mergeCell ref="A2:A3"/><mergeCell ref="B2:C2"/><mergeCell ref="D2:D3"/></mergeCells>`},
			Options{FillMerged: true}, "街道|受理 / 电话|受理 / 网络|办结\n4:坪山|1|2|3\n5:坪山|4|5|6"},
		{"the first sheet with content", []string{`hidden:<sheetData><row><c><v>1</v></c></row></sheetData>`, `<sheetData/>`, `<sheetData><row><c s="1"/></row></sheetData>`,
			`<sheetData><row><c t="inlineStr"><is><t>x</t></is></c></row></sheetData>`}, Options{}, "x"},
		{"a sheet that was named, though hidden", []string{`hidden:<sheetData><row><c t="inlineStr"><is><t>h</t></is></c></row></sheetData>`, `<sheetData><row><c><v>1</v></c></row></sheetData>`},
			Options{Sheet: "S1"}, "h"},
		{"nothing", []string{`<sheetData/>`}, Options{}, ""},
	} {
		r := openBytes(t, workbookOf(t, someStyles, someTexts, tc.sheets...), tc.o)
		if got := show(r, readAll(t, r)); got != tc.want {
			t.Errorf("%s:\n%s\nwant\n%s", tc.name, got, tc.want)
		}
	}
	r := openBytes(t, workbookOf(t, "", "", `<sheetData/>`, `<sheetData><row><c><v>1</v></c></row></sheetData>`), Options{})
	if f := r.Format(); !f.Workbook || f.Sheet != "S2" || !slices.Equal(f.Sheets, []string{"S1", "S2"}) {
		t.Errorf("%+v", f)
	}
}

func TestNumberFormats(t *testing.T) {
	for code, want := range map[string]dateParts{
		"General": 0, "0.00": 0, "#,##0": 0, "0.00E+00": 0, `"day" 0`: 0, `\d0`: 0, "[Red]0": 0, "@": 0, "[$-804]0": 0,
		"yyyy-mm-dd": showsDate, "m/d": showsDate, "mmm-yy": showsDate, `[$-F800]dddd\,\ mmmm\ dd\,\ yyyy`: showsDate, "mmmm": showsDate,
		"h:mm": showsTime, "mm:ss.0": showsTime, "[h]:mm:ss": showsTime, `上午/下午h"时"mm"分"`: showsTime,
		"yyyy/m/d h:mm;@": showsDate | showsTime, `yyyy"年"m"月"d"日";@`: showsDate,
	} {
		if got := formatParts(code); got != want {
			t.Errorf("%s shows %d, want %d", code, got, want)
		}
	}
}

func TestRefusedWorkbooks(t *testing.T) {
	good := workbookOf(t, someStyles, someTexts, `<sheetData>`+strings.Repeat(`<row><c t="s"><v>0</v></c><c><v>12345</v></c></row>`, 3000)+`</sheetData>`)
	merges := `<mergeCells>` + strings.Repeat(`<mergeCell ref="A1:XFD1"/>`, 100) + `</mergeCells>`
	for _, tc := range []struct {
		name    string
		content []byte
		o       Options
		reason  error
	}{
		{"cut", good[:len(good)-200], Options{}, ErrTruncated},
		{"no such sheet", good, Options{Sheet: "一月"}, ErrNoSheet},
		{"unpacks to too much", good, Options{Limits: Limits{Unzipped: 50_000}}, ErrTooLarge},
		{"too many texts", good, Options{Limits: Limits{SharedStrings: 20}}, ErrTooLarge},
		{"huge cell", workbookOf(t, "", "", `<sheetData><row><c t="inlineStr"><is><t>`+strings.Repeat("x", 5000)+`</t></is></c></row></sheetData>`), Options{Limits: Limits{Cell: 1000}}, ErrTooLarge},
		{"cell beyond the last column", workbookOf(t, "", "", `<sheetData><row><c r="ZZZZ1"><v>1</v></c></row></sheetData>`), Options{}, ErrTooLarge},
		{"merged cells without end", workbookOf(t, "", "", `<sheetData><row><c><v>1</v></c></row></sheetData>`+merges), Options{}, ErrTooLarge},
		{"sheet ends inside", workbookOf(t, "", "", `<sheetData><row><c><v>1</v></c></row><row><c>`), Options{}, ErrTruncated},
		{"another archive", zipOf(t, "readme.txt", "hello"), Options{}, ErrFormat},
	} {
		rows := 0
		r, err := NewReader("x.xlsx", bytes.NewReader(tc.content), int64(len(tc.content)), tc.o)
		for err == nil {
			_, err = r.Next()
			rows++
		}
		var e *Error
		if !errors.Is(err, tc.reason) || !errors.As(err, &e) {
			t.Errorf("%s: after %d rows: %v", tc.name, rows, err)
		}
	}
	// A byte changed in the compressed data is found by its checksum, if not before.
	broken := slices.Clone(good)
	broken[bytes.Index(broken, []byte("sheet1.xml"))+200] ^= 0x55
	r, err := NewReader("x.xlsx", bytes.NewReader(broken), int64(len(broken)), Options{})
	for err == nil {
		_, err = r.Next()
	}
	if err == io.EOF {
		t.Error("a damaged workbook was read to its end")
	}
}

func zipOf(t testing.TB, name, text string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	f, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, text)
	w.Close()
	return out.Bytes()
}

// TestRealWorkbooks holds the reader against excelize on every real workbook.
func TestRealWorkbooks(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(testkit.Shared(t, "tables"), "*.xlsx"))
	if err != nil || len(files) == 0 {
		t.Fatal(err, "no files")
	}
	for _, file := range files {
		book, err := excelize.OpenFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range book.GetSheetList() {
			want, err := book.GetRows(name, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			want = slices.DeleteFunc(want, blank)
			r, err := Open(file, Options{Sheet: name, Header: NoHeader})
			if err != nil {
				t.Fatal(err)
			}
			rows := readAll(t, r)
			if len(rows) != len(want) {
				t.Errorf("%s %s: %d rows, excelize has %d", filepath.Base(file), name, len(rows), len(want))
				continue
			}
			for i, row := range rows {
				same := func(got, want string) bool { return got == want || got+".0" == want } // a number as it was stored
				if got := row.Cells[:filled(row.Cells)]; !slices.EqualFunc(got, want[i][:filled(want[i])], same) {
					t.Errorf("%s %s row %d: %q, excelize has %q", filepath.Base(file), name, row.Line, got, want[i])
				}
			}
			r.Close()
		}
		book.Close()
	}
}

// What NewXLSX writes is read back as it was.
func TestXLSXRoundTrip(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	rapid.Check(t, func(t *rapid.T) {
		var out bytes.Buffer
		w, err := NewXLSX(&out, []string{"文", "n", "i", "t", "d", "b"}, XLSXOptions{Sheet: "诉求", Zone: zone})
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for range rapid.IntRange(0, 5).Draw(t, "rows") {
			text := cell.Draw(t, "text")
			n := float64(rapid.IntRange(-1e9, 1e9).Draw(t, "n")) / 1000
			id := rapid.Int64().Draw(t, "id")
			at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "at"), 0)
			if err := w.Write(text, n, id, at, Day(at), true); err != nil {
				t.Fatal(err)
			}
			want = append(want, strings.Join([]string{text, cellText(n, nil), fmt.Sprint(id), at.In(zone).Format(time.DateTime), at.In(zone).Format(time.DateOnly), "TRUE"}, "|"))
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r, err := NewReader("x", bytes.NewReader(out.Bytes()), int64(out.Len()), Options{Header: 1})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for row, err := range r.Rows() {
			if err != nil || row.Flaws != 0 {
				t.Fatal(err, row.Flaws)
			}
			// A time that is shown and falls on midnight reads back with it.
			got = append(got, strings.Join(row.Cells, "|"))
		}
		if !slices.Equal(got, want) || r.Format().Sheet != "诉求" {
			t.Fatalf("wrote %q\nread  %q", want, got)
		}
	})
}

func TestXLSXLimits(t *testing.T) {
	var out bytes.Buffer
	w, err := NewXLSX(&out, []string{"a", "b"}, XLSXOptions{})
	if err != nil {
		t.Fatal(err)
	}
	w.row = 0
	if err := w.Write(strings.Repeat("字", 40_000), "x\x01y"); err != nil {
		t.Fatal(err)
	}
	if err := w.Write("=1+1", nil); err != nil {
		t.Fatal(err)
	}
	if err := w.release(); err != nil {
		t.Fatal(err)
	}
	w.row = sheetRows // as if the sheet were full
	if err := w.Write("next", 1); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if w.Cut() != 1 {
		t.Errorf("cut %d", w.Cut())
	}
	r := openBytes(t, out.Bytes(), Options{})
	rows := readAll(t, r)
	if first := rows[0].Cells; len([]rune(first[0])) != cellRunes || !strings.HasSuffix(first[0], "…") || first[1] != "xy" {
		t.Errorf("first row has %d characters and %q", len([]rune(first[0])), first[1])
	}
	if rows[1].Cells[0] != "=1+1" || rows[1].Flaws != 0 {
		t.Errorf("a text became %q, %s", rows[1].Cells[0], rows[1].Flaws)
	}
	if second := openBytes(t, out.Bytes(), Options{Sheet: "Sheet1 (2)"}); show(second, readAll(t, second)) != "a|b\n2:next|1" {
		t.Error("the second sheet")
	}
}

func TestRejectsCanBeHandedInAgain(t *testing.T) {
	in := "编号,内容\n1,=cmd|' /C calc'!A0\n2,\"a\nb\",多出来\n3\n"
	r := openBytes(t, []byte(in), Options{})
	var out bytes.Buffer
	rejects, err := NewRejects(&out, "行号", "原因", r.Columns())
	if err != nil {
		t.Fatal(err)
	}
	for row, err := range r.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		if err := rejects.Reject(row, "refused: "+row.Flaws.String()); err != nil {
			t.Fatal(err)
		}
	}
	if err := rejects.Close(); err != nil || rejects.Count() != 3 {
		t.Fatal(err, rejects.Count())
	}
	again := openBytes(t, out.Bytes(), Options{Unguard: true})
	want := "行号|原因|编号|内容\n2:2|refused: |1|=cmd|' /C calc'!A0\n3:3|refused: long|2|a\nb|多出来 (long)\n5:5|refused: short|3|"
	if got := show(again, readAll(t, again)); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	// As a spreadsheet program sees it.
	records, err := csv.NewReader(bytes.NewReader(out.Bytes()[3:])).Read()
	if err != nil || records[0] != "行号" {
		t.Error(records, err)
	}
}

func TestCSVCells(t *testing.T) {
	var out bytes.Buffer
	w, err := NewCSV(&out, []string{"a"}, CSVOptions{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 3, 9, 5, 0, 0, time.FixedZone("", 8*3600))
	w.Write(nil, 1.5, int64(7), at, Day(at), true, -3, "-3", "-3+1", "=A1", "@x", "\tx", "＝A1", time.Time{}, uint8(9))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	want := "a\r\n,1.5,7,2026-03-03 01:05:00,2026-03-03,true,-3,-3,'-3+1,'=A1,'@x,'\tx,'＝A1,,9\r\n"
	if out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
	if w, err = NewCSV(brokenWriter{}, []string{"a"}, CSVOptions{}); err != nil {
		t.Fatal(err)
	}
	if w.Close() == nil {
		t.Error("a write error was lost")
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, os.ErrClosed }

func BenchmarkReadXLSX(b *testing.B) {
	var out bytes.Buffer
	w, err := NewXLSX(&out, strings.Split("abcdefghij", ""), XLSXOptions{})
	if err != nil {
		b.Fatal(err)
	}
	at := time.Date(2018, 2, 8, 12, 9, 38, 0, time.UTC)
	for i := range 30_000 {
		w.Write(i, at, "坪山区", "龙田街道", "老坑社区", "市政设施", "按期办结", 1, 2.5, "其他市容违法行为或影响市容事件")
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		n += len(readAll(b, openBytes(b, out.Bytes(), Options{})))
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
}
