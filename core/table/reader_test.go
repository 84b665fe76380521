package table

import (
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

	"shanzhi/internal/testkit"

	"golang.org/x/text/encoding/htmlindex"
	"pgregory.net/rapid"
)

func openBytes(t testing.TB, content []byte, o Options) *Reader {
	t.Helper()
	r, err := NewReader("x", bytes.NewReader(content), int64(len(content)), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func readAll(t testing.TB, r *Reader) []Row {
	t.Helper()
	var rows []Row
	for row, err := range r.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

// show prints a table compactly, so that a test says all of it in one string.
func show(r *Reader, rows []Row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", strings.Join(r.Columns(), "|"))
	for _, row := range rows {
		fmt.Fprintf(&b, "\n%d:%s", row.Line, strings.Join(row.Cells, "|"))
		if row.Flaws != 0 {
			fmt.Fprintf(&b, " (%s)", row.Flaws)
		}
	}
	return b.String()
}

func TestReadText(t *testing.T) {
	for _, tc := range []struct {
		name, in string
		o        Options
		want     string
	}{
		{"plain", "a,b\n1,2\n", Options{}, "a|b\n2:1|2"},
		{"no final line end", "a,b\r\n1,2", Options{}, "a|b\n2:1|2"},
		{"old Macintosh", "a,b\r1,2\r", Options{}, "a|b\n2:1|2"},
		{"quotes", "a,b\n\"x, \"\"y\"\"\",\"1\r\n2\"\n3,4\n", Options{}, "a|b\n2:x, \"y\"|1\r\n2\n4:3|4"},
		{"quoted, then spaces", "a,b\n\"x\" ,\"y\" \n1,2\n", Options{}, "a|b\n2:x|y\n3:1|2"},
		{"stray quotes", "a,b\nx\"y,1\n\"x\"y\",2\n", Options{}, "a|b\n2:x\"y|1 (stray quote)\n3:x\"y|2 (stray quote)"},
		{"quotes as text", "a,b\n\"x,1\n", Options{NoQuotes: true}, "a|b\n2:\"x|1"},
		{"ragged", "a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n", Options{}, "a|b|c\n2:1|2| (short)\n3:1|2|3|4 (long)\n4:1|2|3"},
		{"blank and repeated names", "id,,id,id (2),x\n1,2,3,4,5\n", Options{}, "id|column 2|id (3)|id (2)|x\n2:1|2|3|4|5"},
		{"blank rows", "a,b\n\n1,2\n,,\n \t, \n3,4\n\n", Options{}, "a|b\n3:1|2\n6:3|4"},
		{"title", "民生诉求统计表,,\n2018年2月,,\n\n街道,件数,满意率\n坪山,1,2\n", Options{}, "街道|件数|满意率\n5:坪山|1|2"},
		{"comments", "# by hand\na,b\n1,2\n# half\n3,4\n", Options{Comment: "#"}, "a|b\n3:1|2\n5:3|4"},
		{"no header found", "1,x\n2,y\n3,z\n", Options{}, "column 1|column 2\n1:1|x\n2:2|y\n3:3|z"},
		{"dates tell", "2018-02-08,x\n2018-02-09,y\n", Options{}, "column 1|column 2\n1:2018-02-08|x\n2:2018-02-09|y"},
		{"years are names", "region,2019,2020\nx,1,2\ny,3,4\n", Options{}, "region|2019|2020\n2:x|1|2\n3:y|3|4"},
		{"no header said", "a,b\n1,2\n", Options{Header: NoHeader}, "column 1|column 2\n1:a|b\n2:1|2"},
		{"header said", "1,2\n3,4\n5,6\n", Options{Header: 2}, "3|4\n3:5|6"},
		{"two rows of header", "街道,受理,,办结\n,电话,网络,\n坪山,1,2,3\n", Options{HeaderRows: 2}, "街道|受理 / 电话|受理 / 网络|办结\n3:坪山|1|2|3"},
		{"tabs", "a\tb\n1,5\t2\n", Options{}, "a|b\n2:1,5|2"},
		{"semicolons and decimal commas", "a;b;c\n1,5;2,5;3,5\n1,5;2,5;3,5\n", Options{}, "a|b|c\n2:1,5|2,5|3,5\n3:1,5|2,5|3,5"},
		{"bars", "a|b\n1|2\n", Options{}, "a|b\n2:1|2"},
		{"said", "a、b\n1、2\n", Options{Delimiter: '、'}, "a|b\n2:1|2"},
		{"one column of texts", "留言\n你好,谢谢\n没有路灯\n晚上很吵\n", Options{}, "留言\n2:你好|谢谢 (long)\n3:没有路灯\n4:晚上很吵"},
		{"trim", "a,b\n\" \u3000\n\tx \n\", \ufeff1\u200b\n", Options{Trim: true}, "a|b\n2:x|1"},
		{"no trim", "a,b\n\"\n x\n\",1\n", Options{}, "a|b\n2:\n x\n|1"},
		{"NUL", "a,b\n1\x002,3\n", Options{}, "a|b\n2:12|3 (nul)"},
		{"broken UTF-8", "a,b\n路灯,\xff3\n不亮,绿化\n中文很多,中文很多\n", Options{Encoding: "utf-8"}, "a|b\n2:路灯|\ufffd3 (undecodable)\n3:不亮|绿化\n4:中文很多|中文很多"},
		{"unguard", "a,b\n'=1+1,'x\n", Options{Unguard: true}, "a|b\n2:=1+1|'x"},
		{"empty", "", Options{}, ""},
		{"only blank", "\n\n,,\n", Options{}, ""},
		{"only a header", "a,b\n", Options{}, "a|b"},
	} {
		r := openBytes(t, []byte(tc.in), tc.o)
		if got := show(r, readAll(t, r)); got != tc.want {
			t.Errorf("%s:\n%s\nwant\n%s", tc.name, got, tc.want)
		}
		if _, err := r.Next(); err != io.EOF {
			t.Errorf("%s: after the end: %v", tc.name, err)
		}
	}
}

func TestFormatIsReported(t *testing.T) {
	r := openBytes(t, []byte("标题\n# x\na;b;c\n1;2;3\n"), Options{})
	want := Format{Encoding: "utf-8", Delimiter: ';', HeaderLine: 3, HeaderRows: 1, Preamble: 2}
	if got := r.Format(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func encode(t testing.TB, label, s string) []byte {
	t.Helper()
	e, err := htmlindex.Get(label)
	if err != nil {
		t.Fatal(err)
	}
	out, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEncodings(t *testing.T) {
	simplified := "编号,街道,诉求内容\n1,新安街道,小区门口路灯不亮，晚上出行很不安全\n2,西乡街道,工地夜间施工噪音扰民，请尽快处理\n"
	traditional := "編號,區,內容\n1,中正區,路燈不亮，請儘快處理\n2,大安區,夜間施工噪音擾民\n"
	french := "id,nom,été\n1,Élodie,à côté\n2,François,déjà vu\n"
	for _, tc := range []struct {
		label, text, found string
		bom                string
	}{
		{"utf-8", simplified, "utf-8", ""},
		{"utf-8", simplified, "utf-8", "\xEF\xBB\xBF"},
		{"gb18030", simplified, "gb18030", ""},
		{"gbk", simplified, "gb18030", ""},
		{"gb18030", "姓,名\n㐀,𠀀龦\n中文,常用汉字在前面\n", "gb18030", ""},
		{"big5", traditional, "big5", ""},
		{"utf-16le", simplified, "utf-16le", "\xFF\xFE"},
		{"utf-16be", simplified, "utf-16be", "\xFE\xFF"},
		{"utf-16le", simplified + french + french, "utf-16le", ""},
		{"windows-1252", french, "windows-1252", ""},
		{"windows-1252", "a,b\n1,café\n2,naïve\n3,Zoë\n", "windows-1252", ""},
	} {
		content := append([]byte(tc.bom), encode(t, tc.label, tc.text)...)
		plain := openBytes(t, []byte(tc.text), Options{})
		want := show(plain, readAll(t, plain))
		for _, override := range []string{"", tc.label} {
			r := openBytes(t, content, Options{Encoding: override})
			if got := show(r, readAll(t, r)); got != want {
				t.Errorf("%s (said %q) read as %s:\n%s", tc.label, override, r.Format().Encoding, got)
			}
			if override == "" && r.Format().Encoding != tc.found {
				t.Errorf("%s taken for %s", tc.label, r.Format().Encoding)
			}
		}
	}
	greek := encode(t, "iso-8859-7", "id,name\n1,Λεωνίδας\n2,Ανέσταδιος\n")
	r := openBytes(t, greek, Options{Encoding: "ISO-8859-7"})
	if got := show(r, readAll(t, r)); !strings.Contains(got, "Λεωνίδας") || r.Format().Encoding != "iso-8859-7" {
		t.Errorf("an encoding that was said: %s", got)
	}
	if r := openBytes(t, greek, Options{}); !r.Format().EncodingGuessed {
		t.Error("a guess must be said to be one")
	}
	if _, err := NewReader("x", bytes.NewReader(greek), int64(len(greek)), Options{Encoding: "klingon"}); !errors.Is(err, ErrFormat) {
		t.Errorf("unknown encoding: %v", err)
	}
}

// The sample ends inside a character at every offset, in a file that is longer
// than it.
func TestSampleCutsCharacters(t *testing.T) {
	line := "1,新安街道,小区门口路灯不亮，晚上出行很不安全\n"
	for _, label := range []string{"utf-8", "gb18030"} {
		content := encode(t, label, strings.Repeat(line, 3*sampleBytes/len(line)))
		for shift := range 4 {
			r := openBytes(t, append([]byte("abcd"[:shift]+",b,c\n"), content...), Options{})
			if r.Format().Encoding != label {
				t.Fatalf("%s taken for %s", label, r.Format().Encoding)
			}
			for _, row := range readAll(t, r) {
				if row.Flaws != 0 || row.Cells[1] != "新安街道" {
					t.Fatalf("line %d: %q %s", row.Line, row.Cells, row.Flaws)
				}
			}
		}
	}
}

func TestRefusedText(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for _, tc := range []struct {
		name, in string
		o        Options
		reason   error
		line     int
		rows     int
	}{
		{"cut inside quotes", "a,b\n1,2\n3,\"x\ny\n", Options{}, ErrTruncated, 3, 1},
		{"cut inside quotes, far below", "a,b\n" + strings.Repeat("1,2\n", 5000) + "3,\"x", Options{}, ErrTruncated, 5002, 5000},
		{"huge cell", "a,b\n1," + long + "\n", Options{Limits: Limits{Cell: 4000}}, ErrTooLarge, 2, 0},
		{"huge line", "a,b\n1,2\n" + strings.Repeat(long, 100) + "\n", Options{Limits: Limits{Row: 100_000}}, ErrTooLarge, 3, 1},
		{"unbalanced quote swallows the file", "a,b\n1,2\n3,\"x\n" + strings.Repeat("1,2\n", 50000), Options{Limits: Limits{Row: 100_000}}, ErrTooLarge, 3, 1},
		{"too many cells", "a,b\n" + strings.Repeat(",", 20000) + "x\n", Options{}, ErrTooLarge, 2, 0},
		{"binary", strings.Repeat("\x00\x01\x02\xff", 100), Options{}, ErrFormat, 0, 0},
		{"web page", "<html><table><tr><td>1</td></tr></table>", Options{}, ErrFormat, 1, 0},
		{"old workbook", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + long, Options{}, ErrFormat, 0, 0},
		{"header beyond the end", "a,b\n", Options{Header: 7}, ErrFormat, 7, 0},
		{"impossible delimiter", "a,b\n", Options{Delimiter: '"'}, ErrFormat, 0, 0},
	} {
		rows := 0
		r, err := NewReader("upload.csv", strings.NewReader(tc.in), int64(len(tc.in)), tc.o)
		for err == nil {
			if _, err = r.Next(); err == nil {
				rows++
			}
		}
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, tc.reason) || e.Line != tc.line || rows != tc.rows {
			t.Errorf("%s: after %d rows: %v", tc.name, rows, err)
			continue
		}
		if strings.Contains(e.Error(), "xx") || strings.Contains(e.Error(), "\n") {
			t.Errorf("%s: the error repeats a cell or is not one line: %v", tc.name, e)
		}
		if r != nil {
			if _, again := r.Next(); again != err {
				t.Errorf("%s: then %v", tc.name, again)
			}
		}
	}
}

type failing struct{ *strings.Reader }

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off > sampleBytes {
		return 0, errors.New("disk on fire")
	}
	return f.Reader.ReadAt(p, off)
}

func TestReadErrorIsPassedOn(t *testing.T) {
	in := strings.Repeat("1,2\n", sampleBytes)
	r, err := NewReader("x", failing{strings.NewReader(in)}, int64(len(in)), Options{})
	for err == nil {
		_, err = r.Next()
	}
	if err == io.EOF || !strings.Contains(err.Error(), "disk on fire") {
		t.Error(err)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "absent.csv"), Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

var cell = rapid.OneOf(
	rapid.StringMatching(`[a-z0-9 ,;"'=+@\-\n\t|]{0,12}`),
	rapid.StringOf(rapid.RuneFrom([]rune("路灯不亮，新安街道\"\r\n ,;\t'=＝"))),
	rapid.SampledFrom([]string{"", "-1", "=1+1", "'=x", "''@", "\r\n", "\"", "\"\"", "1e5", "+8613800000000", "-1+1"}),
)

// What NewCSV writes is read back as it was, in any encoding that has the
// characters, and nothing in the file looks like a formula.
func TestCSVRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "columns")
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, n, n), 0, 8).Draw(t, "rows")
		columns := make([]string, n)
		for i := range columns {
			columns[i] = fmt.Sprintf("列%d", i)
		}
		delimiter := rapid.SampledFrom([]rune{',', ';', '\t', '、'}).Draw(t, "delimiter")
		var out bytes.Buffer
		w, err := NewCSV(&out, columns, CSVOptions{BOM: rapid.Bool().Draw(t, "bom"), Delimiter: delimiter})
		if err != nil {
			t.Fatal(err)
		}
		var want [][]string
		for _, row := range rows {
			if err := w.Write(anys(row)...); err != nil {
				t.Fatal(err)
			}
			if !blank(row) {
				want = append(want, row)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		label := rapid.SampledFrom([]string{"utf-8", "gb18030", "utf-16le"}).Draw(t, "encoding")
		content := out.Bytes()
		if label != "utf-8" {
			e, _ := htmlindex.Get(label)
			content, err = e.NewEncoder().Bytes(bytes.TrimPrefix(content, []byte("\xEF\xBB\xBF")))
			if err != nil {
				t.Fatal(err)
			}
		}
		r, err := NewReader("x", bytes.NewReader(content), int64(len(content)), Options{Encoding: label, Delimiter: delimiter, Header: 1, Unguard: true})
		if err != nil {
			t.Fatal(err)
		}
		var got [][]string
		for row, err := range r.Rows() {
			if err != nil || row.Flaws != 0 {
				t.Fatal(err, row.Flaws)
			}
			got = append(got, row.Cells)
		}
		if !slices.EqualFunc(got, want, slices.Equal) || !slices.Equal(r.Columns(), columns) {
			t.Fatalf("wrote %q\nread  %q\nfile %q", want, got, out.String())
		}
		guarded, _ := NewReader("x", bytes.NewReader(out.Bytes()), int64(out.Len()), Options{Delimiter: delimiter, Header: 1})
		for row := range guarded.Rows() {
			for _, cell := range row.Cells {
				if formula(cell) {
					t.Fatalf("%q would run", cell)
				}
			}
		}
	})
}

// Arbitrary bytes are read to an end or an error, never to a panic.
func FuzzReader(f *testing.F) {
	f.Add([]byte("a,b\n1,\"2\n3\"\n"))
	f.Add([]byte("\xFF\xFEa\x00,\x00"))
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := NewReader("x", bytes.NewReader(content), int64(len(content)), Options{Trim: true, Unguard: true})
		for err == nil {
			_, err = r.Next()
		}
	})
}

// TestRealFiles holds the reader against encoding/csv on every real file that
// the latter can read, cell by cell, and against what is known of the others.
func TestRealFiles(t *testing.T) {
	known := map[string]struct {
		rows, columns, line int
		delimiter           rune
		flaws               Flaws
		encoding            string
	}{
		"defective-rows.csv":             {2, 3, 1, ',', Short | Long, "utf-8"},
		"issue-1004-data1.csv":           {5, 4, 1, ',', Short | Long, "utf-8"},
		"country-2.csv":                  {5, 4, 2, ';', 0, "utf-8"},
		"matrix-with-comment.csv":        {4, 4, 2, ',', 0, "utf-8"},
		"issue-1232.csv":                 {5, 7, 1, ';', 0, "utf-8"},
		"table-delimiter.csv":            {2, 2, 1, ';', 0, "utf-8"},
		"latin1.csv":                     {2, 2, 1, ',', 0, "windows-1252"},
		"table-infer-iso-8859-7.csv":     {4, 3, 1, ',', 0, "windows-1252"},
		"without-headers.csv":            {3, 2, 0, ',', 0, "utf-8"},
		"empty.csv":                      {0, 0, 0, ',', 0, "utf-8"},
		"messages_labelled_495.csv":      {495, 6, 1, ',', 0, "utf-8"},
		"messages_with_replies_1000.csv": {1000, 7, 1, ',', 0, "utf-8"},
		"messages_hot_sample.csv":        {30, 7, 1, ',', 0, "utf-8"},
		"message_categories_517.csv":     {517, 3, 1, ',', 0, "utf-8"},
		"pingshan_2018_first6000.csv":    {6000, 24, 1, ',', 0, "utf-8"},
		"baltimore_2000.csv":             {2000, 26, 1, ',', 0, "utf-8"},
		"nyc_500.csv":                    {500, 44, 1, ',', 0, "utf-8"},
		"doublequote.csv":                {5, 17, 1, ',', 0, "utf-8"},
		"duplicate-headers.csv":          {2, 5, 1, ',', 0, "utf-8"},
	}
	compared := 0
	for _, folder := range []string{"tables", "appeals", "us311"} {
		files, err := filepath.Glob(filepath.Join(testkit.Shared(t, folder), "*.csv"))
		if err != nil || len(files) == 0 {
			t.Fatal(err, "no files")
		}
		for _, file := range files {
			name := filepath.Base(file)
			r, err := Open(file, Options{})
			if err != nil {
				t.Error(err)
				continue
			}
			rows := readAll(t, r)
			r.Close()
			f := r.Format()
			var flaws Flaws
			for _, row := range rows {
				flaws |= row.Flaws
			}
			if k, ok := known[name]; ok && (len(rows) != k.rows || len(r.Columns()) != k.columns || f.HeaderLine != k.line ||
				f.Delimiter != k.delimiter || flaws != k.flaws || f.Encoding != k.encoding) {
				t.Errorf("%s: %d rows, %d columns, flaws %s, %+v", name, len(rows), len(r.Columns()), flaws, f)
			}
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if f.Encoding != "utf-8" || f.Preamble > 0 {
				continue
			}
			std := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\xEF\xBB\xBF"))))
			std.Comma, std.FieldsPerRecord = f.Delimiter, -1
			records, err := std.ReadAll()
			if err != nil || len(records) == 0 {
				continue
			}
			if f.HeaderRows == 1 {
				records = records[1:]
			}
			records = slices.DeleteFunc(records, blank)
			if len(records) != len(rows) {
				t.Errorf("%s: %d rows, encoding/csv has %d", name, len(rows), len(records))
				continue
			}
			for i, row := range rows {
				// encoding/csv makes every line end in a cell a single \n.
				cells := strings.ReplaceAll(strings.Join(row.Cells, "\x1f"), "\r\n", "\n")
				want := strings.Join(records[i], "\x1f")
				if cells != want && !strings.HasPrefix(cells, want+"\x1f") {
					t.Errorf("%s line %d differs from encoding/csv", name, row.Line)
				}
			}
			compared++
		}
	}
	if compared < 35 {
		t.Errorf("only %d files could be compared", compared)
	}
}

func BenchmarkRead(b *testing.B) {
	var plain, quoted bytes.Buffer
	for i := range 300_000 {
		fmt.Fprintf(&plain, "%d,2018-02-08,坪山区,龙田街道,老坑社区,市政设施,按期办结,1\n", i)
		fmt.Fprintf(&quoted, "%d,\"2018-02-08\",\"坪山区, 龙田\",\"老坑\"\"社区\",按期办结,\"1\n2\"\n", i)
	}
	gbk := encode(b, "gbk", plain.String())
	for name, content := range map[string][]byte{"plain": plain.Bytes(), "quoted": quoted.Bytes(), "gbk": gbk} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			n := 0
			for b.Loop() {
				for _, err := range openBytes(b, content, Options{Trim: true}).Rows() {
					if err != nil {
						b.Fatal(err)
					}
					n++
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
