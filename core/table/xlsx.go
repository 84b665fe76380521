package table

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The sheet is read here, token by token, and not through excelize, which
// writes our workbooks: its streaming reader does not tell the format of a cell,
// without which a date is a number, and its other one holds the whole sheet.
// Clauses are of ECMA-376-1 (ISO/IEC 29500-1).

// area is a merged area: rows from 1, columns from 0, ends included.
type area struct{ top, left, bottom, right int }

// workbook is an opened XLSX file.
type workbook struct {
	name   string
	parts  map[string]*zip.File
	left   int64 // bytes that may still be unpacked
	limits Limits
}

func (w *workbook) fail(line int, reason error, detail string) error {
	return &Error{Name: w.name, Line: line, Err: reason, Detail: detail}
}

// metered counts what is unpacked against the limit of the workbook.
type metered struct {
	io.ReadCloser
	w *workbook
}

func (m metered) Read(p []byte) (int, error) {
	n, err := m.ReadCloser.Read(p)
	if m.w.left -= int64(n); m.w.left < 0 {
		return n, m.w.fail(0, ErrTooLarge, "the workbook unpacks to more than is allowed; it may be a zip bomb")
	}
	return n, err
}

func (w *workbook) open(part string) (io.ReadCloser, error) {
	f, ok := w.parts[strings.ToLower(strings.TrimPrefix(part, "/"))]
	if !ok {
		return nil, w.fail(0, ErrFormat, "the archive is not a workbook: a part of it is missing")
	}
	r, err := f.Open()
	if err != nil {
		return nil, w.fail(0, ErrFormat, "a part of the workbook cannot be unpacked")
	}
	return metered{r, w}, nil
}

// decode reads a small part into a struct.
func (w *workbook) decode(part string, into any) error {
	r, err := w.open(part)
	if err != nil {
		return err
	}
	defer r.Close()
	return w.broken(xml.NewDecoder(r).Decode(into), 0)
}

// broken turns an error of the XML or of the archive into one of ours.
func (w *workbook) broken(err error, line int) error {
	var ours *Error
	switch {
	case err == nil || errors.As(err, &ours):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return w.fail(line, ErrTruncated, "a part of the workbook ends too soon")
	}
	return w.fail(line, ErrFormat, "a part of the workbook is damaged")
}

// related returns the targets of a part's relationships by id, and the first
// of a type.
func (w *workbook) related(part string) (byID map[string]string, byType func(string) string, err error) {
	var rels struct {
		Relationship []struct {
			ID     string `xml:"Id,attr"`
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	dir, base := path.Split(part)
	if err := w.decode(dir+"_rels/"+base+".rels", &rels); err != nil {
		return nil, nil, err
	}
	byID = map[string]string{}
	for i, r := range rels.Relationship {
		if !strings.HasPrefix(r.Target, "/") {
			r.Target = path.Join(dir, r.Target)
		}
		rels.Relationship[i].Target = r.Target
		byID[r.ID] = r.Target
	}
	return byID, func(kind string) string {
		for _, r := range rels.Relationship {
			if strings.HasSuffix(r.Type, "/"+kind) {
				return r.Target
			}
		}
		return ""
	}, nil
}

// openWorkbook chooses the sheet and starts reading it. It returns the sheet's merged cells.
func (r *Reader) openWorkbook(src io.ReaderAt, size int64) ([]area, error) {
	r.format.Workbook = true
	w := &workbook{name: r.name, parts: map[string]*zip.File{}, left: r.options.Limits.Unzipped, limits: r.options.Limits}
	archive, err := zip.NewReader(src, size)
	if err != nil {
		return nil, w.fail(0, ErrTruncated, "the workbook's archive has no end; send it again")
	}
	for _, f := range archive.File {
		w.parts[strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))] = f
	}
	_, byType, err := w.related("")
	if err != nil {
		return nil, err
	}
	main := byType("officeDocument")
	var book struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			Rel   string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := w.decode(main, &book); err != nil {
		return nil, err
	}
	byID, byType, err := w.related(main)
	if err != nil {
		return nil, err
	}
	s := &sheet{w: w, date1904: book.Properties.Date1904 == "1" || book.Properties.Date1904 == "true"}
	if part := byType("sharedStrings"); part != "" {
		if s.shared, err = w.sharedStrings(part); err != nil {
			return nil, err
		}
	}
	if part := byType("styles"); part != "" {
		if s.formats, err = w.dateFormats(part); err != nil {
			return nil, err
		}
	}
	part := ""
	for _, sh := range book.Sheets {
		target := byID[sh.Rel]
		if !strings.Contains(strings.ToLower(target), "worksheets/") {
			continue // a sheet that is a chart
		}
		visible := sh.State == "" || sh.State == "visible"
		if visible {
			r.format.Sheets = append(r.format.Sheets, sh.Name)
		}
		switch {
		case r.options.Sheet != "":
			if sh.Name == r.options.Sheet {
				part, r.format.Sheet = target, sh.Name
			}
		case visible && part == "":
			empty, err := w.empty(target)
			if err != nil {
				return nil, err
			}
			if !empty {
				part, r.format.Sheet = target, sh.Name
			}
		}
	}
	if part == "" {
		if r.options.Sheet != "" {
			return nil, r.fail(0, ErrNoSheet, "the workbook has %q", r.format.Sheets)
		}
		r.source = stopped{io.EOF}
		return nil, nil
	}
	merged, err := w.merged(part)
	if err != nil {
		return nil, err
	}
	in, err := w.open(part)
	if err != nil {
		return nil, err
	}
	s.xml = newXML(in)
	if r.options.FillMerged {
		s.merged, s.begun = merged, map[area]string{}
	}
	r.source = s
	return merged, nil
}

// empty reports whether a sheet has no row with a value.
func (w *workbook) empty(part string) (bool, error) {
	in, err := w.open(part)
	if err != nil {
		return false, err
	}
	defer in.Close()
	for x := newXML(in); ; {
		token, err := x.RawToken()
		if err == io.EOF {
			return true, nil
		}
		if err != nil {
			return false, w.broken(err, 0)
		}
		if e, ok := token.(xml.StartElement); ok && (e.Name.Local == "v" || e.Name.Local == "is" || e.Name.Local == "f") {
			return false, nil
		}
	}
}

// maxMerged bounds the columns that merged areas may cover in all.
const maxMerged = 1 << 20

// merged finds the merged areas (§18.3.1.55), which follow the data, and orders
// them by their first row.
func (w *workbook) merged(part string) ([]area, error) {
	in, err := w.open(part)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var out []area
	covered := 0
	for scan := bufio.NewReaderSize(in, 64<<10); ; {
		tag, err := scan.ReadSlice('>')
		if err == io.EOF {
			slices.SortFunc(out, func(a, b area) int { return cmp.Or(a.top-b.top, a.left-b.left) })
			return out, nil
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil {
			return nil, w.broken(err, 0)
		}
		_, ref, ok := bytes.Cut(tag, []byte(`mergeCell ref="`))
		if !ok {
			continue
		}
		ref, _, _ = bytes.Cut(ref, []byte(`"`))
		from, to, _ := strings.Cut(string(ref), ":")
		top, left, ok1 := cellRef(from)
		bottom, right, ok2 := cellRef(to)
		if !ok1 || !ok2 || right < left || bottom < top || right >= w.limits.Columns {
			continue
		}
		if covered += right - left + 1; covered > maxMerged {
			return nil, w.fail(top, ErrTooLarge, "too many merged cells")
		}
		out = append(out, area{top, left, bottom, right})
	}
}

// cellRef reads A1 as row 1, column 0.
func cellRef(ref string) (row, column int, ok bool) {
	i := 0
	for ; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z' && i < 4; i++ {
		column = column*26 + int(ref[i]-'A') + 1
	}
	row, err := strconv.Atoi(ref[i:])
	return row, column - 1, err == nil && column > 0 && row > 0
}

func newXML(in io.Reader) *xml.Decoder {
	x := xml.NewDecoder(bufio.NewReaderSize(in, 64<<10))
	x.Strict = false
	return x
}

// sharedStrings reads the table of texts (§18.4.9); phonetic guides are left out.
func (w *workbook) sharedStrings(part string) ([]string, error) {
	in, err := w.open(part)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var out []string
	size := int64(0)
	for x := newXML(in); ; {
		token, err := x.RawToken()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, w.broken(err, 0)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "si" {
			s, err := richText(x, "si")
			if err != nil {
				return nil, w.broken(err, 0)
			}
			if size += int64(len(s)) + 16; size > w.limits.SharedStrings {
				return nil, w.fail(0, ErrTooLarge, "the workbook's table of texts is too large")
			}
			out = append(out, s)
		}
	}
}

// richText joins the text of an element up to its end.
func richText(x *xml.Decoder, element string) (string, error) {
	var out strings.Builder
	inText, phonetic := false, false
	for {
		token, err := x.RawToken()
		if err != nil {
			return "", err
		}
		switch e := token.(type) {
		case xml.StartElement:
			inText = e.Name.Local == "t"
			phonetic = phonetic || e.Name.Local == "rPh"
		case xml.EndElement:
			inText = false
			if e.Name.Local == "rPh" {
				phonetic = false
			}
			if e.Name.Local == element {
				return unescapeX(out.String()), nil
			}
		case xml.CharData:
			if inText && !phonetic {
				out.Write(e)
			}
		}
	}
}

// unescapeX reads the form _x000D_ of characters that XML cannot hold (§22.9.2.19).
func unescapeX(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '_' && i+7 <= len(s) && s[i+1] == 'x' && s[i+6] == '_' {
			if n, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil {
				if n != 0 {
					out.WriteRune(rune(n))
				}
				i += 6
				continue
			}
		}
		out.WriteByte(s[i])
	}
	return out.String()
}

// dateParts says what a cell's number format shows of a serial number.
type dateParts uint8

const (
	showsDate dateParts = 1 << iota
	showsTime
)

// dateFormats returns what each cell style shows.
func (w *workbook) dateFormats(part string) ([]dateParts, error) {
	var styles struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := w.decode(part, &styles); err != nil {
		return nil, err
	}
	custom := map[int]dateParts{}
	for _, f := range styles.Formats {
		custom[f.ID] = formatParts(f.Code)
	}
	out := make([]dateParts, len(styles.Cells))
	for i, xf := range styles.Cells {
		parts, ok := custom[xf.Format]
		if !ok {
			parts = builtinParts(xf.Format)
		}
		out[i] = parts
	}
	return out, nil
}

// builtinParts are the formats that are not written out (§18.8.30), those of
// Chinese, Japanese and Korean programs included.
func builtinParts(id int) dateParts {
	switch {
	case id == 22:
		return showsDate | showsTime
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return showsDate
	case id >= 18 && id <= 21, id >= 45 && id <= 47, id >= 32 && id <= 35, id == 55, id == 56:
		return showsTime
	}
	return 0
}

// formatParts reads a number format (§18.8.31): y and d show a date, h and s a
// time, m a month unless it stands with a time.
func formatParts(code string) dateParts {
	var parts dateParts
	month := false
	for i := 0; i < len(code); i++ {
		switch c := code[i] | 0x20; {
		case code[i] == ';':
			i = len(code)
		case code[i] == '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				return parts
			}
			i += end + 1
		case code[i] == '\\' || code[i] == '_' || code[i] == '*':
			i++
		case code[i] == '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return parts
			}
			if inner := strings.ToLower(code[i+1 : i+end]); strings.Trim(inner, "h") == "" || strings.Trim(inner, "m") == "" || strings.Trim(inner, "s") == "" {
				parts |= showsTime
			}
			i += end
		case len(code)-i >= 7 && strings.EqualFold(code[i:i+7], "general"):
			return 0
		case c == 'y' || c == 'd':
			parts |= showsDate
		case c == 'h' || c == 's':
			parts |= showsTime
		case c == 'm':
			month = true
		}
	}
	if month && parts&showsTime == 0 {
		parts |= showsDate
	}
	return parts
}

// sheet reads the rows of one sheet.
type sheet struct {
	w        *workbook
	xml      *xml.Decoder
	shared   []string
	formats  []dateParts
	date1904 bool
	merged   []area          // not yet begun, by their first row
	begun    map[area]string // with the value of each
	row      int
	err      error
}

func (s *sheet) next() (record, error) {
	for s.err == nil {
		token, err := s.xml.RawToken()
		if err != nil {
			s.end(err)
			break
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local != "row" {
				continue
			}
			s.row++
			for _, a := range e.Attr {
				if a.Name.Local == "r" {
					if n, err := strconv.Atoi(a.Value); err == nil && n >= s.row {
						s.row = n
					}
				}
			}
			rec, err := s.cells()
			if err != nil {
				s.end(err)
				return record{}, s.err
			}
			return rec, nil
		case xml.EndElement:
			if e.Name.Local == "sheetData" {
				s.err = io.EOF
			}
		}
	}
	return record{}, s.err
}

// end keeps why reading ended. The data of a sheet has an end of its own, so
// that the end of the part before it is a cut.
func (s *sheet) end(err error) {
	var ours *Error
	if errors.As(err, &ours) && ours.Line == 0 {
		ours.Line = s.row
	}
	s.err = s.w.broken(err, s.row)
}

func (s *sheet) cells() (record, error) {
	rec := record{line: s.row}
	size := 0
	for {
		token, err := s.xml.RawToken()
		if err != nil {
			return rec, err
		}
		switch e := token.(type) {
		case xml.EndElement:
			if e.Name.Local == "row" {
				s.fill(&rec)
				rec.cells = rec.cells[:filled(rec.cells)]
				return rec, nil
			}
		case xml.StartElement:
			if e.Name.Local != "c" {
				continue
			}
			column := len(rec.cells)
			kind, style := "", 0
			for _, a := range e.Attr {
				switch a.Name.Local {
				case "r":
					if _, c, ok := cellRef(a.Value); ok && c >= column {
						column = c
					}
				case "t":
					kind = a.Value
				case "s":
					style, _ = strconv.Atoi(a.Value)
				}
			}
			if column >= s.w.limits.Columns {
				return rec, s.w.fail(s.row, ErrTooLarge, "a row with too many cells")
			}
			value, err := s.cell(kind, style, &rec.flaws)
			if err != nil {
				return rec, err
			}
			if size += len(value); len(value) > s.w.limits.Cell || size > s.w.limits.Row {
				return rec, s.w.fail(s.row, ErrTooLarge, "a cell or row with too much text")
			}
			if value == "" {
				continue
			}
			for len(rec.cells) < column {
				rec.cells = append(rec.cells, "")
			}
			rec.cells = append(rec.cells, value)
		}
	}
}

// cell reads one cell (§18.3.1.4) up to its end.
func (s *sheet) cell(kind string, style int, flaws *Flaws) (string, error) {
	var value strings.Builder
	inline, inValue, formula := "", false, false
	for {
		token, err := s.xml.RawToken()
		if err != nil {
			return "", err
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "v":
				inValue = true
			case "f":
				formula = true
			case "is":
				if inline, err = richText(s.xml, "is"); err != nil {
					return "", err
				}
			}
		case xml.CharData:
			if inValue && value.Len() <= s.w.limits.Cell {
				value.Write(e)
			}
		case xml.EndElement:
			if e.Name.Local == "v" {
				inValue = false
			}
			if e.Name.Local != "c" {
				continue
			}
			v := value.String()
			if formula && v == "" && kind != "str" {
				*flaws |= Uncomputed
			}
			v = s.text(kind, style, v, inline, flaws)
			if strings.ContainsRune(v, utf8.RuneError) {
				*flaws |= Undecodable
			}
			return v, nil
		}
	}
}

// text gives a value as text: dates and times in the ISO form, numbers as they
// are shown with all their digits, true and false as TRUE and FALSE.
func (s *sheet) text(kind string, style int, v, inline string, flaws *Flaws) string {
	switch kind {
	case "s":
		if i, err := strconv.Atoi(v); err == nil && i >= 0 && i < len(s.shared) {
			return s.shared[i]
		}
		*flaws |= Undecodable
		return ""
	case "inlineStr":
		return inline
	case "str":
		return unescapeX(v)
	case "e":
		return v
	case "d":
		if t, _, err := ParseTime(v, nil, time.UTC); err == nil {
			return t.Format(time.DateTime)
		}
		return v
	case "b":
		if v == "1" {
			return "TRUE"
		}
		return "FALSE"
	}
	f, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return v
	}
	if style >= 0 && style < len(s.formats) && s.formats[style] != 0 {
		if shown, ok := serialText(f, s.formats[style], s.date1904); ok {
			return shown
		}
	}
	if math.Abs(f) >= 1e15 && f == math.Trunc(f) {
		*flaws |= Rounded
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	// A program stores 0.1+0.2 as 0.30000000000000004 and shows 15 digits.
	short, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	return strconv.FormatFloat(short, 'f', -1, 64)
}

// serialText gives a serial number in the ISO form, with the parts that the
// cell shows; a time that is not shown and not midnight is kept all the same.
func serialText(f float64, parts dateParts, date1904 bool) (string, bool) {
	if date1904 {
		f += 1462
	}
	if parts == showsTime && f >= 0 && f < 1 {
		return time.Unix(0, int64(math.Round(f*86400))*1e9).UTC().Format(time.TimeOnly), true
	}
	t, err := fromSerial(f, time.UTC)
	switch {
	case err != nil:
		return "", false
	case parts&showsTime == 0 && t.Equal(t.Truncate(24*time.Hour)):
		return t.Format(time.DateOnly), true
	}
	return t.Format(time.DateTime), true
}

// fill gives the cells of merged areas the value of the whole.
func (s *sheet) fill(rec *record) {
	for len(s.merged) > 0 && s.merged[0].top <= rec.line {
		m := s.merged[0]
		s.merged = s.merged[1:]
		if m.top == rec.line && m.left < len(rec.cells) {
			s.begun[m] = rec.cells[m.left]
		}
	}
	for m, value := range s.begun {
		if rec.line > m.bottom {
			delete(s.begun, m)
			continue
		}
		if missing := m.right + 1 - len(rec.cells); missing > 0 {
			rec.cells = append(rec.cells, make([]string, missing)...)
		}
		for column := m.left; column <= m.right; column++ {
			rec.cells[column] = value
		}
	}
}
