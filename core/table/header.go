package table

import (
	"fmt"
	"strconv"
	"strings"
)

// sampleRows is how many rows are looked at to find the header.
const sampleRows = 100

// readHeader finds the header and names the columns.
func (r *Reader) readHeader(merged []area) error {
	for len(r.ahead) < max(sampleRows, r.options.Header+r.options.HeaderRows) {
		rec, err := r.source.next()
		if err != nil {
			// The rows before the trouble are still delivered.
			r.source = stopped{err}
			break
		}
		r.ahead = append(r.ahead, rec)
	}
	sample := r.ahead
	at, none := r.findHeader(sample, merged)
	if at == len(sample) {
		if r.options.Header > 0 {
			return r.fail(r.options.Header, ErrFormat, "there is no header: the file has no such line")
		}
		r.ahead = nil
		return nil
	}
	for _, rec := range sample[:at] {
		if !blank(rec.cells) {
			r.format.Preamble++
		}
	}
	r.ahead = sample[at:]
	if none {
		width := 0
		for _, rec := range r.ahead {
			width = max(width, filled(rec.cells))
		}
		r.columns = columnNames(make([]string, width))
		return nil
	}
	rows := r.options.HeaderRows
	if rows == 0 {
		rows = headerRows(sample[at].line, merged)
	}
	rows = min(rows, len(r.ahead))
	r.format.HeaderLine, r.format.HeaderRows = sample[at].line, rows
	r.columns = columnNames(joinHeader(sample[at:at+rows], merged, !r.format.Workbook))
	r.ahead = r.ahead[rows:]
	return nil
}

// stopped is a source that has ended or failed.
type stopped struct{ err error }

func (s stopped) next() (record, error) { return record{}, s.err }

// findHeader returns the index of the header among the records, or of the first
// row of data and true where there is no header.
//
// The header is the first row that fills most of the table's width with more
// than one value; what comes before it is a title or a note. It is taken for
// data where its cells look like the cells below: more columns of numbers or
// dates begin with a number or date than with a name. A row of years counts as
// names.
func (r *Reader) findHeader(sample []record, merged []area) (at int, none bool) {
	if line := r.options.Header; line != 0 {
		for at < len(sample) && (sample[at].line < line || line == NoHeader && (blank(sample[at].cells) || r.comment(sample[at].cells))) {
			at++
		}
		return at, line == NoHeader
	}
	widths := map[int]int{}
	width := 0
	for _, rec := range sample {
		if n := filled(rec.cells); n > 0 && !r.comment(rec.cells) {
			widths[n]++
			if widths[n] > widths[width] || widths[n] == widths[width] && n > width {
				width = n
			}
		}
	}
	first := len(sample)
	at = -1
	for i, rec := range sample {
		if blank(rec.cells) || r.comment(rec.cells) {
			continue
		}
		first = min(first, i)
		values, count := map[string]bool{}, 0
		for _, cell := range fillMerged(rec, merged) {
			if trim(cell) != "" {
				values[cell] = true
				count++
			}
		}
		if count*5 >= width*3 && (width < 2 || len(values) > 1) {
			at = i
			break
		}
	}
	if at < 0 {
		return first, false
	}
	names, data := 0, 0
	years := years(sample[at].cells)
	for column, cell := range sample[at].cells {
		below := columnKind(sample[at+1:], column)
		switch {
		case below == word || trim(cell) == "":
		case kindOf(cell) == below && !years:
			data++
		default:
			names++
		}
	}
	return at, data > names
}

// columnKind returns what all cells of a column are, text where they differ or
// there are none.
func columnKind(rows []record, column int) kind {
	all := word
	for _, rec := range rows {
		if column >= len(rec.cells) || trim(rec.cells[column]) == "" {
			continue
		}
		k := kindOf(rec.cells[column])
		if k == word || all != word && all != k {
			return word
		}
		all = k
	}
	return all
}

type kind uint8

const (
	word kind = iota
	number
	date
)

// kindOf tells numbers and dates from names.
func kindOf(cell string) kind {
	cell = trim(cell)
	if _, err := strconv.ParseFloat(strings.ReplaceAll(cell, ",", ""), 64); err == nil && strings.ContainsAny(cell, "0123456789") {
		return number
	}
	for _, layout := range []string{"ymd", "mdy", "dmy"} {
		if _, _, err := ParseTime(cell, []string{layout}, nil); err == nil {
			return date
		}
	}
	return word
}

// years reports whether at least two cells are years that go up.
func years(cells []string) bool {
	count, last := 0, 0
	for _, cell := range cells {
		if year, err := strconv.Atoi(strings.TrimSuffix(trim(cell), "年")); err == nil {
			if year < 1900 || year > 2100 || year <= last {
				return false
			}
			count, last = count+1, year
		}
	}
	return count >= 2
}

// filled returns the number of cells up to the last that is not empty.
func filled(cells []string) int {
	for n := len(cells); n > 0; n-- {
		if trim(cells[n-1]) != "" {
			return n
		}
	}
	return 0
}

// headerRows reads the height of a header off its merged cells: cells merged
// downwards end with it, and cells merged across have names of their own below.
func headerRows(line int, merged []area) int {
	rows := 1
	for _, m := range merged {
		if m.top == line {
			rows = max(rows, m.bottom-m.top+1)
			if m.right > m.left {
				rows = max(rows, m.bottom-m.top+2)
			}
		}
	}
	return rows
}

// fillMerged gives the merged cells of a record the value of the whole.
func fillMerged(rec record, merged []area) []string {
	cells := rec.cells
	for _, m := range merged {
		if m.top != rec.line || m.right <= m.left || m.left >= len(cells) {
			continue
		}
		if len(cells) == len(rec.cells) {
			cells = append([]string(nil), cells...)
		}
		for len(cells) <= m.right {
			cells = append(cells, "")
		}
		for i := m.left; i <= m.right; i++ {
			cells[i] = cells[m.left]
		}
	}
	return cells
}

// joinHeader joins the rows of a header, "above / below". Where merged cells
// are not known (text exported from a workbook), a blank cell of an upper row
// continues the one to its left.
func joinHeader(rows []record, merged []area, carry bool) []string {
	var names []string
	for i, rec := range rows {
		cells, last := fillMerged(rec, merged), ""
		cells = cells[:filled(cells)]
		for len(names) < len(cells) {
			names = append(names, "")
		}
		for column := range names {
			cell := ""
			if column < len(cells) {
				cell = strings.Join(strings.Fields(trim(cells[column])), " ")
			}
			if carry && i+1 < len(rows) {
				if cell == "" {
					cell = last
				}
				last = cell
			}
			switch {
			case names[column] == "":
				names[column] = cell
			case cell != "" && names[column] != cell:
				names[column] += " / " + cell
			}
		}
	}
	return names
}

func columnNames(header []string) []string {
	names := make([]string, len(header))
	used := map[string]bool{}
	for _, name := range header {
		used[name] = false
	}
	for i, name := range header {
		if name == "" {
			name = fmt.Sprintf("column %d", i+1)
		}
		unique := name
		// A number that the header itself uses is passed over.
		for n := 2; used[unique] || unique != name && contains(used, unique); n++ {
			unique = fmt.Sprintf("%s (%d)", name, n)
		}
		used[unique] = true
		names[i] = unique
	}
	return names
}

func contains(set map[string]bool, name string) bool {
	_, ok := set[name]
	return ok
}
