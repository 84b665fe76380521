package appeals

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shanzhi/core/table"
	"shanzhi/core/text"
)

// dutyTable is one of the two tables that a duty list is made of, as people
// hand it over and take it away. Every row has a cell for every column; columns
// that the program does not know are kept.
type dutyTable struct {
	columns []string
	rows    [][]string
}

// DutyContent is what a version of the duty list says: its items (事项) and the
// rules of who is responsible (规则).
type DutyContent struct{ items, rules dutyTable }

// dutyPart describes one of the two tables.
type dutyPart struct {
	name    string // "items", "rules"
	file    string // in a pack
	columns []dutyColumn
	rows    int // at most
}

type dutyColumn struct {
	name, title string
	must        bool
}

var dutyItems = dutyPart{"items", "appeals/duty_items.csv", []dutyColumn{
	{"code", "事项代码", true}, {"l1", "一级分类", true}, {"l2", "二级分类", true}, {"l3", "三级事项", true}, {"definition", "定义", false}, {"includes", "包含", false}, {"excludes", "不包含", false},
	{"keywords", "关键词", true}, {"urgency", "紧急程度", true}, {"handle_class", "办理类别", true}, {"kinds", "诉求类型", false}, {"evidence", "佐证要求", false}, {"visit", "是否回访", false},
	{"legal_basis", "法律依据", false}, {"examples", "示例", false}, {"objects", "对象词", false}, {"problems", "问题词", false}, {"frequency", "频度", false}}, 20_000}

var dutyRules = dutyPart{"rules", "appeals/duty_rules.csv", []dutyColumn{
	{"item", "适用事项", true}, {"condition", "条件", true}, {"lead", "主办单位", true}, {"co_units", "协办单位", false}, {"fallback", "兜底单位", true}, {"priority", "优先级", true},
	{"valid_from", "生效日期", false}, {"valid_to", "失效日期", false}, {"note", "备注", false}}, 50_000}

// maxDutyCell bounds a cell, in characters.
const maxDutyCell = 8000

// maxDutyErrors bounds how many wrong rows one answer names.
const maxDutyErrors = 50

// titles are the columns as people read them.
func (p dutyPart) title(column string) string {
	for _, c := range p.columns {
		if c.name == column {
			return c.title
		}
	}
	return column
}

// read reads the table from a CSV file in any encoding or a workbook, with the
// columns by name or by title in any order. The error names every wrong row.
func (p dutyPart) read(src io.ReaderAt, size int64) (dutyTable, error) {
	t, err := p.open(src, size, 1)
	if err != nil { // there may be a title above the header
		var again error
		if t, again = p.open(src, size, 0); again != nil {
			return dutyTable{}, err
		}
	}
	out := dutyTable{columns: t.Columns()}
	for i, c := range out.columns {
		out.columns[i] = p.column(c)
	}
	var wrong []error
	for row, err := range t.Rows() {
		if err != nil {
			return out, err
		}
		if row.Flaws&^(table.Short|table.Uncomputed) != 0 && len(wrong) < maxDutyErrors {
			wrong = append(wrong, fmt.Errorf("line %d: %s", row.Line, row.Flaws))
			continue
		}
		if len(out.rows) == p.rows {
			return out, fmt.Errorf("more than %d rows", p.rows)
		}
		out.rows = append(out.rows, slices.Clone(row.Cells))
	}
	if err := errors.Join(wrong...); err != nil {
		return out, err
	}
	return p.canonical(out)
}

// open opens the table with its header on a line, or wherever it is (0).
func (p dutyPart) open(src io.ReaderAt, size int64, header int) (*table.Reader, error) {
	head := make([]byte, 2)
	_, _ = src.ReadAt(head, 0)
	t, err := table.NewReader(p.name, src, size, table.Options{Trim: true, Unguard: string(head) != "PK", Header: header})
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, c := range p.columns {
		if c.must && !slices.ContainsFunc(t.Columns(), func(n string) bool { return p.column(n) == c.name }) {
			missing = append(missing, c.title+" ("+c.name+")")
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("%s: column %s is missing", p.name, strings.Join(missing, ", "))
	}
	return t, nil
}

// column is a column's name, given as that or as its title.
func (p dutyPart) column(said string) string {
	n := text.Normalize(said)
	for _, c := range p.columns {
		if n == text.Normalize(c.name) || n == text.Normalize(c.title) {
			return c.name
		}
	}
	return said
}

// canonical brings a table into the one form in which it is kept: the known
// columns in their order and then the others, cells clean, days as 2026-01-31,
// no empty row.
func (p dutyPart) canonical(in dutyTable) (dutyTable, error) {
	var out dutyTable
	var from []int
	for _, c := range p.columns {
		out.columns = append(out.columns, c.name)
		from = append(from, slices.Index(in.columns, c.name))
	}
	for i, c := range in.columns {
		if !slices.Contains(out.columns, c) {
			out.columns, from = append(out.columns, c), append(from, i)
		}
	}
	for line, r := range in.rows {
		row, empty := make([]string, len(from)), true
		for i, at := range from {
			if at < 0 || at >= len(r) {
				continue
			}
			v := text.Clean(r[at])
			if c := out.columns[i]; v != "" && (c == "valid_from" || c == "valid_to") {
				day, _, err := table.ParseTime(v, []string{"ymd", "excel"}, time.UTC)
				if err != nil {
					return out, fmt.Errorf("%s line %d: %s: not a day such as 2026-01-31", p.name, line+2, p.title(c))
				}
				v = day.Format(time.DateOnly)
			}
			if utf8.RuneCountInString(v) > maxDutyCell {
				return out, fmt.Errorf("%s line %d: %s: more than %d characters", p.name, line+2, p.title(out.columns[i]), maxDutyCell)
			}
			row[i], empty = v, empty && v == ""
		}
		if !empty {
			out.rows = append(out.rows, row)
		}
	}
	return out, nil
}

// records are the rows by column.
func (t dutyTable) records() []map[string]string {
	out := make([]map[string]string, len(t.rows))
	for i, r := range t.rows {
		out[i] = make(map[string]string, len(r))
		for j, v := range r {
			out[i][t.columns[j]] = v
		}
	}
	return out
}

// pack writes the table as it is kept.
func (t dutyTable) pack() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := csv.NewWriter(z)
	_ = w.Write(t.columns) // into memory: it cannot fail
	_ = w.WriteAll(t.rows)
	_ = z.Close()
	return b.Bytes()
}

func unpackDuty(raw []byte) (t dutyTable, err error) {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return t, err
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil || len(rows) == 0 {
		return t, errors.Join(err, errors.New("appeals: a kept duty list cannot be read"))
	}
	return dutyTable{rows[0], rows[1:]}, nil
}

// hash tells one content from another.
func (c DutyContent) hash() string {
	h := sha256.New()
	for _, t := range []dutyTable{c.items, c.rules} {
		for _, r := range append([][]string{t.columns}, t.rows...) {
			for _, v := range r {
				fmt.Fprintf(h, "%d:%s", len(v), v)
			}
			h.Write([]byte{'\n'})
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// list makes the list of the content. The error names every wrong row.
func (c DutyContent) list(version string) (*DutyList, error) {
	return NewDutyList(version, c.items.records(), c.rules.records())
}

// packDuty is the duty list of a pack's files, and a hash of those.
func packDuty(files fs.FS) (c DutyContent, hash string, err error) {
	sum := sha256.New()
	for _, part := range []struct {
		dutyPart
		into *dutyTable
	}{{dutyItems, &c.items}, {dutyRules, &c.rules}} {
		raw, err := fs.ReadFile(files, part.file)
		if err != nil {
			return c, "", err
		}
		sum.Write(raw)
		if *part.into, err = part.read(bytes.NewReader(raw), int64(len(raw))); err != nil {
			return c, "", fmt.Errorf("%s: %w", part.file, err)
		}
	}
	return c, hex.EncodeToString(sum.Sum(nil)[:16]), nil
}

// packDutyHash is the hash alone, of the files as they are.
func packDutyHash(files fs.FS) (string, error) {
	sum := sha256.New()
	for _, p := range []dutyPart{dutyItems, dutyRules} {
		raw, err := fs.ReadFile(files, p.file)
		if err != nil {
			return "", err
		}
		sum.Write(raw)
	}
	return hex.EncodeToString(sum.Sum(nil)[:16]), nil
}
