package table

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Writer writes the rows of one table. A cell is a string, an integer, a float,
// a bool, a [time.Time], a [Day] or nil; anything else is written as fmt does.
// Close ends the table; it does not close what it is written to.
type Writer interface {
	Write(cells ...any) error
	Close() error
}

// Day is a time of which the date alone is written.
type Day time.Time

// CSVOptions say how delimited text is written.
type CSVOptions struct {
	// Delimiter is a comma by default.
	Delimiter rune
	// BOM begins the file with a byte order mark, by which Excel knows UTF-8.
	BOM bool
	// Zone is where times are shown; by default each in its own.
	Zone *time.Location
	// Raw does not guard against formulas: for programs, never for Excel.
	Raw bool
}

// NewCSV writes UTF-8 text with a header (RFC 4180, lines end with CRLF).
//
// Unless Raw is set, text that a spreadsheet program would run as a formula,
// which begins with = + - @ or a tab or line end, in full width too, gets an
// apostrophe before it (OWASP: CSV injection); so does text that begins with
// apostrophes and then one of these, so that Options.Unguard restores exactly
// what was written. Plain numbers are left alone.
func NewCSV(w io.Writer, columns []string, o CSVOptions) (Writer, error) {
	if o.Delimiter == 0 {
		o.Delimiter = ','
	}
	out := bufio.NewWriterSize(w, 64<<10)
	if o.BOM {
		out.WriteString("\uFEFF")
	}
	c := &csvWriter{out: out, options: o, special: "\"\r\n" + string(o.Delimiter)}
	return c, c.Write(anys(columns)...)
}

// csvWriter is not encoding/csv, which alters the line ends inside cells.
type csvWriter struct {
	out     *bufio.Writer
	options CSVOptions
	special string // what makes a cell need quotation marks
}

func (c *csvWriter) Write(cells ...any) error {
	for i, cell := range cells {
		if i > 0 {
			c.out.WriteRune(c.options.Delimiter)
		}
		s := cellText(cell, c.options.Zone)
		if _, ok := cell.(string); ok && !c.options.Raw {
			s = guard(s)
		}
		// A row of one empty cell is not a blank line.
		if s == "" && len(cells) > 1 || s != "" && !strings.ContainsAny(s, c.special) && s == strings.TrimSpace(s) {
			c.out.WriteString(s)
			continue
		}
		c.out.WriteByte('"')
		c.out.WriteString(strings.ReplaceAll(s, `"`, `""`))
		c.out.WriteByte('"')
	}
	_, err := c.out.WriteString("\r\n")
	return err
}

func (c *csvWriter) Close() error { return c.out.Flush() }

func anys(cells []string) []any {
	out := make([]any, len(cells))
	for i, cell := range cells {
		out[i] = cell
	}
	return out
}

func cellText(cell any, zone *time.Location) string {
	shown := func(t time.Time) time.Time {
		if zone != nil {
			return t.In(zone)
		}
		return t
	}
	switch v := cell.(type) {
	case nil:
		return ""
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return shown(v).Format(time.DateTime)
	case Day:
		if time.Time(v).IsZero() {
			return ""
		}
		return shown(time.Time(v)).Format(time.DateOnly)
	}
	return fmt.Sprint(cell)
}

const formulaStarts = "=+-@\t\r\n＝＋－＠"

// formula reports whether a spreadsheet program might run the text.
func formula(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	if s == "" || !strings.ContainsRune(formulaStarts, first) {
		return false
	}
	_, err := strconv.ParseFloat(s, 64)
	return err != nil || strings.Trim(s, "+-.0123456789eE") != ""
}

// guard and unguard are each other's inverse on every text.
func guard(s string) string {
	if formula(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

func unguard(s string) string {
	if s != "" && s[0] == '\'' && formula(strings.TrimLeft(s, "'")) {
		return s[1:]
	}
	return s
}

// Rejects writes the rows that an import refused: the line in the source, the
// reason, then the row as it was, cells beyond the header included. What is
// corrected there can be handed in again as it is: the two columns are found,
// and left out, by their names.
type Rejects struct {
	out   Writer
	count int
}

// NewRejects begins a reject file. line and reason name its first two columns
// in the reader's language; columns are those of the [Reader].
func NewRejects(w io.Writer, line, reason string, columns []string) (*Rejects, error) {
	out, err := NewCSV(w, append([]string{line, reason}, columns...), CSVOptions{BOM: true})
	return &Rejects{out: out}, err
}

// Reject writes one row.
func (r *Rejects) Reject(row Row, reason string) error {
	r.count++
	return r.out.Write(append([]any{row.Line, reason}, anys(row.Cells)...)...)
}

// Count returns how many rows were written.
func (r *Rejects) Count() int { return r.count }

// Close ends the file.
func (r *Rejects) Close() error { return r.out.Close() }
