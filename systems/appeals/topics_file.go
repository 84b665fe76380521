package appeals

import (
	"io"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/table"
	"shanzhi/core/text"
	"shanzhi/core/topic"
)

// Messages are a file's rows as topics read them.
type Messages struct {
	Docs    []topic.Doc
	Read    int
	Refused map[string]int // by what was wrong
	Twice   int            // rows whose number stood already: left out
}

// votes are the names under which sources count who agrees and who does not.
var votes = map[string]bool{"点赞数": true, "点赞": true, "赞成数": true, "支持数": true, "反对数": false, "反对": false, "点踩数": false}

// ReadMessages reads a file by an import profile, with no district behind it:
// number, time, appellant, title, text, item and votes. Texts are masked. A row
// without a number, a time or a word is refused and counted.
func ReadMessages(file io.ReaderAt, size int64, p *Profile) (Messages, error) {
	out := Messages{Refused: map[string]int{}}
	t, err := table.NewReader(p.Name, file, size, p.options())
	if err != nil {
		return out, err
	}
	defer t.Close()
	has, a := columnsOf(t.Columns()), &p.Appeal
	if missing := missingColumns(has, a.Number, a.Opened, a.Title); len(missing) > 0 {
		return out, noColumn(missing, t.Columns())
	}
	var cells []string
	cell := func(column string) string {
		if i, ok := has[text.Normalize(column)]; ok && i < len(cells) {
			return strings.TrimSpace(text.Clean(cells[i]))
		}
		return ""
	}
	get := func(f table.Field) string {
		v, _, err := f.Read(cell)
		if err != nil {
			return ""
		}
		return strings.TrimSpace(v)
	}
	seen := map[string]bool{}
	for row, err := range t.Rows() {
		if err != nil {
			return out, err
		}
		out.Read++
		cells = row.Cells
		d := topic.Doc{ID: get(a.Number), Title: text.Mask(get(a.Title)), Text: text.Mask(get(a.Text)), Who: get(a.Appellant.ID), Item: get(a.Item), Place: get(a.Where.Community)}
		at, _, terr := table.ParseTime(get(a.Opened), p.Dates, p.Zone())
		switch {
		case d.ID == "":
			out.Refused["number"]++
			continue
		case terr != nil:
			out.Refused["time"]++
			continue
		case d.Title+d.Text == "":
			out.Refused["text"]++
			continue
		case seen[d.ID]:
			out.Twice++
			continue
		}
		seen[d.ID] = true
		d.At = at
		for column, agrees := range votes {
			n, err := strconv.Atoi(cell(column))
			switch {
			case err != nil || n < 0:
			case agrees:
				d.For += n
			default:
				d.Against += n
			}
		}
		out.Docs = append(out.Docs, d)
	}
	return out, nil
}

// Zone is the time zone of the file's times; UTC where the profile names none.
func (p *Profile) Zone() *time.Location {
	if p.zone == nil {
		return time.UTC
	}
	return p.zone
}
