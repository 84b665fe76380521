package table

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// What one sheet and one cell of a workbook can hold.
const (
	sheetRows = 1_048_576
	cellRunes = 32_767
)

// widthRows is how many rows are held back to choose the widths of columns.
const widthRows = 200

// XLSXOptions say how a workbook is written.
type XLSXOptions struct {
	// Sheet is the name of the sheet; "Sheet1" by default.
	Sheet string
	// Zone is where times are shown; by default each in its own.
	Zone *time.Location
	// Mark says who took the workbook out: on every printed page, and in the file's
	// properties.
	Mark string
}

// XLSX writes a workbook: a header that stays in view, columns as wide as the
// first rows need, times as dates that can be sorted. Text is never a formula.
// A table longer than a sheet goes on in the next, under the same header.
type XLSX struct {
	w       io.Writer
	options XLSXOptions
	columns []string
	file    *excelize.File
	stream  *excelize.StreamWriter
	sheets  int
	row     int     // of the sheet
	held    [][]any // the first rows, by which the widths are chosen
	cut     int
	header  int // styles
	second  int
	day     int
}

// NewXLSX begins a workbook. It is written when it is closed; until then a
// large one lies in a temporary file.
func NewXLSX(w io.Writer, columns []string, o XLSXOptions) (*XLSX, error) {
	if o.Sheet == "" {
		o.Sheet = "Sheet1"
	}
	x := &XLSX{w: w, options: o, columns: columns, file: excelize.NewFile()}
	styles := []struct {
		id    *int
		style *excelize.Style
	}{
		{&x.header, &excelize.Style{
			Font:      &excelize.Font{Bold: true},
			Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDEBF7"}},
			Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
			Border:    []excelize.Border{{Type: "bottom", Color: "9BC2E6", Style: 1}},
		}},
		{&x.second, &excelize.Style{CustomNumFmt: ptr("yyyy-mm-dd hh:mm:ss")}},
		{&x.day, &excelize.Style{CustomNumFmt: ptr("yyyy-mm-dd")}},
	}
	for _, s := range styles {
		id, err := x.file.NewStyle(s.style)
		if err != nil {
			return nil, err
		}
		*s.id = id
	}
	if o.Mark != "" {
		if err := x.file.SetDocProps(&excelize.DocProperties{Creator: "Shanzhi", LastModifiedBy: o.Mark, Description: o.Mark}); err != nil {
			return nil, err
		}
	}
	return x, nil
}

func ptr[T any](v T) *T { return &v }

// Cut returns how many cells had more text than a cell can hold (32,767
// characters) and were cut; they end with "…".
func (x *XLSX) Cut() int { return x.cut }

// Write implements [Writer].
func (x *XLSX) Write(cells ...any) error {
	if x.stream == nil {
		x.held = append(x.held, append([]any(nil), cells...))
		if len(x.held) < widthRows {
			return nil
		}
		return x.release()
	}
	return x.put(cells)
}

// release writes the rows that were held back.
func (x *XLSX) release() error {
	if err := x.newSheet(); err != nil {
		return err
	}
	for _, cells := range x.held {
		if err := x.put(cells); err != nil {
			return err
		}
	}
	return nil
}

func (x *XLSX) newSheet() error {
	x.sheets++
	name := x.options.Sheet
	if x.sheets == 1 {
		if err := x.file.SetSheetName("Sheet1", name); err != nil {
			return err
		}
	} else {
		if err := x.stream.Flush(); err != nil {
			return err
		}
		name = fmt.Sprintf("%s (%d)", name, x.sheets)
		if _, err := x.file.NewSheet(name); err != nil {
			return err
		}
	}
	if x.options.Mark != "" {
		mark := strings.ReplaceAll(x.options.Mark, "&", "&&") // a single one begins a code
		if r := []rune(mark); len(r) > 120 {
			mark = string(r[:120])
		}
		if err := x.file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddHeader: "&C&K999999" + mark, OddFooter: "&C&P / &N"}); err != nil {
			return err
		}
	}
	stream, err := x.file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	x.stream, x.row = stream, 0
	for i, column := range x.columns {
		width := displayWidth(column)
		for _, cells := range x.held {
			if i < len(cells) {
				width = max(width, displayWidth(cellText(cells[i], x.options.Zone)))
			}
		}
		if err := stream.SetColWidth(i+1, i+1, float64(min(max(width+2, 8), 60))); err != nil {
			return err
		}
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	header := make([]any, len(x.columns))
	for i, column := range x.columns {
		header[i] = excelize.Cell{StyleID: x.header, Value: x.fit(column)}
	}
	x.row++
	return stream.SetRow("A1", header)
}

// displayWidth is in ordinary characters; a Chinese one takes two.
func displayWidth(s string) int {
	width := 0
	for _, r := range s {
		if width++; r >= 0x1100 {
			width++
		}
		if width > 60 || r == '\n' {
			break
		}
	}
	return width
}

func (x *XLSX) put(cells []any) error {
	if x.row == sheetRows {
		if err := x.newSheet(); err != nil {
			return err
		}
	}
	x.row++
	row := make([]any, len(cells))
	for i, cell := range cells {
		switch v := cell.(type) {
		case nil, bool:
			row[i] = v
		case float64:
			if row[i] = v; math.IsNaN(v) || math.IsInf(v, 0) {
				row[i] = fmt.Sprint(v)
			}
		case int, int64, int32, uint8, uint16, uint32:
			// A spreadsheet keeps 15 digits of a number.
			if s := fmt.Sprint(v); len(strings.TrimPrefix(s, "-")) > 15 {
				row[i] = s
			} else {
				row[i] = v
			}
		case time.Time:
			row[i] = x.date(v, x.second)
		case Day:
			row[i] = x.date(time.Time(v), x.day)
		default:
			row[i] = x.fit(cellText(cell, x.options.Zone))
		}
	}
	return x.stream.SetRow("A"+strconv.Itoa(x.row), row)
}

// date is a serial number with its style; a time that a workbook cannot hold
// (before March 1900) is text.
func (x *XLSX) date(t time.Time, style int) any {
	if t.IsZero() {
		return nil
	}
	if x.options.Zone != nil {
		t = t.In(x.options.Zone)
	}
	wall := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	if style == x.day {
		wall = wall.Truncate(24 * time.Hour)
	}
	serial := wall.Sub(time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)).Seconds()/86400 + 25569
	if serial < 61 || t.Year() > 9999 {
		if style == x.day {
			return cellText(Day(t), nil)
		}
		return cellText(t, nil)
	}
	return excelize.Cell{StyleID: style, Value: serial}
}

// fit makes a text one that a cell can hold.
func (x *XLSX) fit(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
	if len(s) <= cellRunes || utf8.RuneCountInString(s) <= cellRunes {
		return s
	}
	x.cut++
	return string([]rune(s)[:cellRunes-1]) + "…"
}

// Close writes the workbook.
func (x *XLSX) Close() error {
	defer x.file.Close()
	if x.stream == nil {
		if err := x.release(); err != nil {
			return err
		}
	}
	if err := x.stream.Flush(); err != nil {
		return err
	}
	_, err := x.file.WriteTo(x.w)
	return err
}
