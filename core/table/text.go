package table

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// openText settles encoding and delimiter and starts reading.
func (r *Reader) openText(src io.ReaderAt, size int64, head []byte) error {
	start := bytes.ToLower(bytes.TrimSpace(head[:min(len(head), 512)]))
	if bytes.HasPrefix(start, []byte("<html")) || bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<table")) || bytes.HasPrefix(start, []byte("<?xml")) {
		return r.fail(1, ErrFormat, "this is a web page or XML, whatever its name; open it in a spreadsheet program and save it as .xlsx or .csv")
	}
	whole := int64(len(head)) == size
	label, bom, guessed := detectEncoding(head, whole)
	if r.options.Encoding != "" {
		label, guessed = r.options.Encoding, false
	}
	body, name, err := decoder(label, io.NewSectionReader(src, int64(bom), size-int64(bom)))
	if err != nil {
		return r.fail(0, ErrFormat, "%v", err)
	}
	r.format.Encoding, r.format.EncodingGuessed = name, guessed
	sampled, _, _ := decoder(label, bytes.NewReader(head[bom:]))
	sample, err := io.ReadAll(sampled)
	if err != nil {
		return r.fail(0, ErrFormat, "%v", err)
	}
	if zeros := bytes.Count(sample, []byte{0}); zeros >= 16 && zeros*20 > len(sample) {
		return r.fail(0, ErrFormat, "this is not text")
	}
	cr := bytes.IndexByte(sample, '\n') < 0 && bytes.IndexByte(sample, '\r') >= 0
	r.format.Delimiter = r.options.Delimiter
	if r.format.Delimiter == 0 {
		r.format.Delimiter = r.detectDelimiter(sample, cr)
	}
	if d := r.format.Delimiter; d == '"' || d == '\n' || d == '\r' || !utf8.ValidRune(d) {
		return r.fail(0, ErrFormat, "%q cannot be a delimiter", d)
	}
	r.source = newDelimited(r.name, body, r.format.Delimiter, cr, r.options)
	return nil
}

// detectDelimiter tries the usual ones on the sample and takes the one that
// splits most rows into the same number of cells; of equals the one that makes
// more cells. One that does not split half of the rows is none, and a table of
// one column is read as if by commas.
func (r *Reader) detectDelimiter(sample []byte, cr bool) rune {
	best, bestShare, bestCells := ',', 0.0, 0
	for _, candidate := range ",\t;|" {
		d := newDelimited(r.name, bytes.NewReader(sample), candidate, cr, r.options)
		counts, rows, split := map[int]int{}, 0, 0
		for rows < sampleRows {
			rec, err := d.next()
			if err != nil {
				break
			}
			if blank(rec.cells) || r.comment(rec.cells) {
				continue
			}
			rows++
			if n := len(rec.cells); n > 1 {
				split++
				counts[n]++
			}
		}
		if split*2 < rows || split == 0 {
			continue
		}
		cells := 0
		for n, count := range counts {
			if count > counts[cells] || count == counts[cells] && n > cells {
				cells = n
			}
		}
		share := float64(counts[cells]) / float64(rows)
		if share > bestShare || share == bestShare && cells > bestCells {
			best, bestShare, bestCells = candidate, share, cells
		}
	}
	return best
}

// delimited splits UTF-8 text into records (RFC 4180, read generously).
type delimited struct {
	name      string
	in        *bufio.Reader
	delimiter []byte
	end       byte // of a physical line
	quotes    bool
	limits    Limits

	line int    // the last physical line read
	long []byte // a line beyond the buffer of in
	text []byte // the cells of the current record, one after the other
	ends []int  // where each of them ends
	err  error
}

func newDelimited(name string, in io.Reader, delimiter rune, cr bool, o Options) *delimited {
	d := &delimited{
		name:      name,
		in:        bufio.NewReaderSize(in, 64<<10),
		delimiter: []byte(string(delimiter)),
		end:       '\n',
		quotes:    !o.NoQuotes,
		limits:    o.Limits,
	}
	if cr {
		d.end = '\r'
	}
	return d
}

func (d *delimited) fail(line int, reason error, format string, args ...any) error {
	d.err = &Error{Name: d.name, Line: line, Err: reason, Detail: fmt.Sprintf(format, args...)}
	return d.err
}

// readLine returns the next physical line with its end, valid until the next
// call; io.EOF only where there is nothing left.
func (d *delimited) readLine(first int) ([]byte, error) {
	d.long = d.long[:0]
	for {
		part, err := d.in.ReadSlice(d.end)
		if err == nil && len(d.long) == 0 {
			d.line++
			return part, nil
		}
		d.long = append(d.long, part...)
		if len(d.long) > d.limits.Row {
			return nil, d.fail(first, ErrTooLarge, "a row of more than %d bytes; a quotation mark may be missing", d.limits.Row)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err != nil && err != io.EOF:
			return nil, d.fail(d.line+1, err, "")
		case err == io.EOF && len(d.long) == 0:
			return nil, io.EOF
		}
		d.line++
		return d.long, nil
	}
}

func (d *delimited) next() (record, error) {
	if d.err != nil {
		return record{}, d.err
	}
	first := d.line + 1
	line, err := d.readLine(first)
	if err != nil {
		d.err = err
		return record{}, err
	}
	d.text, d.ends = d.text[:0], d.ends[:0]
	var flaws Flaws
	if !d.quotes || bytes.IndexByte(line, '"') < 0 {
		d.split(d.body(line))
	} else if err := d.splitQuoted(line, first, &flaws); err != nil {
		return record{}, err
	}
	return d.record(first, flaws)
}

// body cuts the end off a physical line.
func (d *delimited) body(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == d.end {
		line = line[:n-1]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line
}

// split cuts a line that has no quotation mark.
func (d *delimited) split(line []byte) {
	d.text = append(d.text, line...)
	if len(d.delimiter) == 1 {
		// The cells are shifted together, over the delimiters.
		out := d.text[:0]
		for {
			i := bytes.IndexByte(line, d.delimiter[0])
			if i < 0 {
				break
			}
			out = append(out, line[:i]...)
			d.ends = append(d.ends, len(out))
			line = line[i+1:]
		}
		d.text = append(out, line...)
		d.ends = append(d.ends, len(d.text))
		return
	}
	d.text = d.text[:0]
	for cell := range bytes.SplitSeq(line, d.delimiter) {
		d.text = append(d.text, cell...)
		d.ends = append(d.ends, len(d.text))
	}
}

// splitQuoted cuts a physical line that has quotation marks, and reads on where
// a quoted cell does. Line ends inside a quoted cell are kept as they are.
func (d *delimited) splitQuoted(line []byte, first int, flaws *Flaws) error {
	for {
		if len(line) == 0 || line[0] != '"' {
			cell, rest, more := bytes.Cut(line, d.delimiter)
			if !more {
				cell = d.body(cell)
			}
			if bytes.IndexByte(cell, '"') >= 0 {
				*flaws |= StrayQuote
			}
			d.text = append(d.text, cell...)
			d.ends = append(d.ends, len(d.text))
			if !more {
				return nil
			}
			line = rest
			continue
		}
		opened := d.line
		line = line[1:]
		for {
			i := bytes.IndexByte(line, '"')
			if i < 0 {
				d.text = append(d.text, line...)
				if len(d.text) > d.limits.Row {
					return d.fail(opened, ErrTooLarge, "a row of more than %d bytes begins here; a quotation mark may be missing", d.limits.Row)
				}
				next, err := d.readLine(first)
				if err == io.EOF {
					return d.fail(opened, ErrTruncated, "a quoted cell begins here and the file ends inside it: it was cut while being sent or saved, or a quotation mark is missing; the rows before line %d are whole", first)
				}
				if err != nil {
					return err
				}
				line = next
				continue
			}
			d.text = append(d.text, line[:i]...)
			line = line[i+1:]
			if len(line) > 0 && line[0] == '"' {
				d.text = append(d.text, '"')
				line = line[1:]
				continue
			}
			after := bytes.TrimLeft(line, " ")
			if rest, ok := bytes.CutPrefix(after, d.delimiter); ok {
				d.ends = append(d.ends, len(d.text))
				line = rest
				break
			}
			if len(bytes.TrimRight(after, "\r\n")) == 0 {
				d.ends = append(d.ends, len(d.text))
				return nil
			}
			*flaws |= StrayQuote
			d.text = append(d.text, '"')
		}
	}
}

// record makes strings of the cells that were cut.
func (d *delimited) record(first int, flaws Flaws) (record, error) {
	if len(d.ends) > d.limits.Columns {
		return record{}, d.fail(first, ErrTooLarge, "a row of %d cells; at most %d are read", len(d.ends), d.limits.Columns)
	}
	all := string(d.text)
	cells := make([]string, len(d.ends))
	start := 0
	for i, end := range d.ends {
		if end-start > d.limits.Cell {
			return record{}, d.fail(first, ErrTooLarge, "cell %d of the row has %d bytes; at most %d are read; a quotation mark may be missing", i+1, end-start, d.limits.Cell)
		}
		cells[i] = all[start:end]
		start = end
	}
	if strings.IndexByte(all, 0) >= 0 {
		flaws |= NUL
		for i, cell := range cells {
			cells[i] = strings.ReplaceAll(cell, "\x00", "")
		}
	}
	if !utf8.ValidString(all) || strings.ContainsRune(all, utf8.RuneError) {
		flaws |= Undecodable
		for i, cell := range cells {
			cells[i] = strings.ToValidUTF8(cell, string(utf8.RuneError))
		}
	}
	return record{first, cells, flaws}, nil
}
