package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"unicode"
)

// Options overrule what [Open] would find out by itself. The zero value leaves
// everything to it.
type Options struct {
	// Encoding is a WHATWG label such as utf-8, utf-16le, gb18030, big5,
	// windows-1252 or iso-8859-7.
	Encoding string
	// Delimiter separates cells.
	Delimiter rune
	// NoQuotes reads quotation marks as ordinary characters.
	NoQuotes bool
	// Sheet names the sheet of a workbook; by default the first visible one that
	// is not empty.
	Sheet string
	// Header is the line of the header; NoHeader where the file has none.
	Header int
	// HeaderRows is how many rows the header takes, with merged cells above
	// single ones; their names are joined as "above / below". By default one, or
	// as many as a workbook's merged cells show.
	HeaderRows int
	// Comment skips rows whose first cell begins with it.
	Comment string
	// FillMerged gives each of a workbook's merged cells below the header the
	// value of the merged whole. By default only its first cell has it.
	FillMerged bool
	// Trim removes white space, full-width and zero-width space included, around
	// each cell.
	Trim bool
	// Unguard removes the apostrophe that [NewCSV] puts before a cell that looks
	// like a formula.
	Unguard bool
	// Limits protect from hostile and broken files.
	Limits Limits
}

// NoHeader as Options.Header says that the first row is data already.
const NoHeader = -1

// Limits bound what one file may take. A zero limit is its default.
type Limits struct {
	// Cell is in bytes of UTF-8; default 1 MiB.
	Cell int
	// Row is in bytes of UTF-8; default 8 MiB.
	Row int
	// Columns is how many cells a row may have; default 16,384, as in XLSX.
	Columns int
	// Unzipped is how many bytes the parts of a workbook may unpack to in all;
	// default 2 GiB.
	Unzipped int64
	// SharedStrings is how many of them may be its table of texts, which must be
	// held in memory; default 256 MiB.
	SharedStrings int64
}

func (l Limits) withDefaults() Limits {
	set := func(p *int, v int) {
		if *p == 0 {
			*p = v
		}
	}
	set(&l.Cell, 1<<20)
	set(&l.Row, 8<<20)
	set(&l.Columns, 16384)
	if l.Unzipped == 0 {
		l.Unzipped = 2 << 30
	}
	if l.SharedStrings == 0 {
		l.SharedStrings = 256 << 20
	}
	return l
}

// Format is what a reader settled on.
type Format struct {
	// Workbook tells XLSX from delimited text.
	Workbook bool
	// Encoding is the WHATWG label of delimited text. EncodingGuessed says that
	// the bytes would have been valid in another encoding too.
	Encoding        string
	EncodingGuessed bool
	Delimiter       rune
	// Sheet is the one read; Sheets are all visible ones.
	Sheet  string
	Sheets []string
	// HeaderLine is the line on which the header begins, 0 where there is none;
	// HeaderRows is how many rows it takes.
	HeaderLine, HeaderRows int
	// Preamble is how many rows with content were passed over before the header.
	Preamble int
}

// Flaws are what was odd about a row.
type Flaws uint16

const (
	// Short rows have fewer cells than the header. The missing ones read as
	// empty. Workbooks do not store trailing empty cells and have no short rows.
	Short Flaws = 1 << iota
	// Long rows have content beyond the header's last column; Cells holds it.
	Long
	// Undecodable bytes were read as U+FFFD.
	Undecodable
	// NUL bytes were left out.
	NUL
	// StrayQuote is a quotation mark in a place where the format has none; it
	// was read as an ordinary character.
	StrayQuote
	// Rounded numbers have 16 digits or more, of which a spreadsheet keeps 15: an
	// identity or account number typed as a number is no longer what was typed.
	Rounded
	// Uncomputed cells hold a formula whose value was never stored.
	Uncomputed
)

var flawNames = []string{"short", "long", "undecodable", "nul", "stray quote", "rounded number", "uncomputed formula"}

// String lists the flaws.
func (f Flaws) String() string {
	var names []string
	for i, name := range flawNames {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// Row is one row of data. It stays valid after the next is read.
type Row struct {
	// Line is the physical line (of text) or row (of a sheet) where it begins,
	// counted from 1.
	Line int
	// Cells has at least one for each column, and more where Flaws has Long.
	Cells []string
	Flaws Flaws
}

// The reasons that an [Error] can have.
var (
	// ErrTruncated: the file ends where it cannot end.
	ErrTruncated = errors.New("the file is cut off")
	// ErrTooLarge: a limit is exceeded.
	ErrTooLarge = errors.New("the file exceeds a limit")
	// ErrFormat: the file is not, or not wholly, a table that can be read.
	ErrFormat = errors.New("the file cannot be read as a table")
	// ErrNoSheet: the workbook has no such sheet.
	ErrNoSheet = errors.New("there is no such sheet")
)

// Error says what is wrong with a file, and where. It never holds the content
// of a cell.
type Error struct {
	Name string
	// Line is where the trouble begins, or 0.
	Line   int
	Detail string
	// Err is one of the reasons above, or the error of the reader beneath.
	Err error
}

// Error implements error in one line.
func (e *Error) Error() string {
	where := e.Name
	if e.Line > 0 {
		where = fmt.Sprintf("%s, line %d", e.Name, e.Line)
	}
	if e.Detail == "" {
		return where + ": " + e.Err.Error()
	}
	return where + ": " + e.Err.Error() + ": " + e.Detail
}

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Err }

// record is a row as its source has it, before columns are known.
type record struct {
	line  int
	cells []string
	flaws Flaws
}

// source yields records in order, then io.EOF.
type source interface {
	next() (record, error)
}

// Reader streams the rows of one table.
type Reader struct {
	name    string
	options Options
	format  Format
	columns []string
	source  source
	ahead   []record // read to find the header, not yet delivered
	err     error
	closer  io.Closer
}

// Open opens a file. The caller closes the reader.
func Open(path string, o Options) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	r, err := NewReader(filepath.Base(path), f, info.Size(), o)
	if err != nil {
		f.Close()
		return nil, err
	}
	r.closer = f
	return r, nil
}

// NewReader reads a table of that many bytes. The name is for messages only:
// what kind of file it is, its content tells. An empty file or sheet is a table
// with no columns.
func NewReader(name string, src io.ReaderAt, size int64, o Options) (*Reader, error) {
	o.Limits = o.Limits.withDefaults()
	r := &Reader{name: name, options: o}
	head := make([]byte, min(size, sampleBytes))
	if n, err := src.ReadAt(head, 0); err != nil && !(err == io.EOF && n == len(head)) {
		return nil, &Error{Name: name, Err: err}
	}
	var merged []area
	var err error
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		merged, err = r.openWorkbook(src, size)
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		err = r.fail(0, ErrFormat, "this is an .xls workbook or one with a password; save it as .xlsx without a password")
	default:
		err = r.openText(src, size, head)
	}
	if err != nil {
		return nil, err
	}
	if err := r.readHeader(merged); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *Reader) fail(line int, reason error, format string, args ...any) error {
	return &Error{Name: r.name, Line: line, Err: reason, Detail: fmt.Sprintf(format, args...)}
}

// Format says what the reader settled on.
func (r *Reader) Format() Format { return r.format }

// Columns returns the names of the columns. They are unique and not empty: a
// name that the header repeats is numbered ("id", "id (2)"), a blank one is
// "column 3".
func (r *Reader) Columns() []string { return r.columns }

// Close closes what Open opened.
func (r *Reader) Close() error {
	if r.closer == nil {
		return nil
	}
	return r.closer.Close()
}

// Next returns the next row that is not blank, io.EOF after the last, or an
// [Error]. What it returned last it returns again.
func (r *Reader) Next() (Row, error) {
	for r.err == nil {
		rec, err := r.nextRecord()
		if err != nil {
			r.err = err
			break
		}
		if row, ok := r.row(rec); ok {
			return row, nil
		}
	}
	return Row{}, r.err
}

// Rows ranges over what Next returns; it ends after the first error.
func (r *Reader) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for {
			row, err := r.Next()
			if err == io.EOF || !yield(row, err) || err != nil {
				return
			}
		}
	}
}

func (r *Reader) nextRecord() (record, error) {
	if len(r.ahead) > 0 {
		rec := r.ahead[0]
		r.ahead = r.ahead[1:]
		return rec, nil
	}
	return r.source.next()
}

// row makes a row of data of a record, unless it is blank or a comment.
func (r *Reader) row(rec record) (Row, bool) {
	if r.options.Unguard {
		for i, cell := range rec.cells {
			rec.cells[i] = unguard(cell)
		}
	}
	if blank(rec.cells) || r.comment(rec.cells) {
		return Row{}, false
	}
	row := Row{Line: rec.line, Cells: rec.cells, Flaws: rec.flaws}
	n := len(r.columns)
	if len(row.Cells) > n {
		if blank(row.Cells[n:]) {
			row.Cells = row.Cells[:n]
		} else {
			row.Flaws |= Long
		}
	}
	if len(row.Cells) < n {
		if !r.format.Workbook {
			row.Flaws |= Short
		}
		row.Cells = append(row.Cells, make([]string, n-len(row.Cells))...)
	}
	if r.options.Trim {
		for i, cell := range row.Cells {
			row.Cells[i] = trim(cell)
		}
	}
	return row, true
}

func (r *Reader) comment(cells []string) bool {
	return r.options.Comment != "" && len(cells) > 0 && strings.HasPrefix(cells[0], r.options.Comment)
}

func blank(cells []string) bool {
	for _, cell := range cells {
		if cell != "" && trim(cell) != "" {
			return false
		}
	}
	return true
}

// trim removes white space in the widest sense.
func trim(s string) string {
	return strings.TrimFunc(s, func(c rune) bool {
		return unicode.IsSpace(c) || c == '\uFEFF' || c == '\u200B'
	})
}
