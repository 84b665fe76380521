package appeals

import (
	"fmt"
	"io"

	"shanzhi/core/table"
	"shanzhi/core/text"
	"shanzhi/systems/appeals/closing"
)

// JudgedRow is a message of a file with its reply judged.
type JudgedRow struct {
	ID   string `json:"id"`
	Line int    `json:"line"`
	closing.Judgment
}

// JudgeFile judges every reply of a file as a profile reads it, each beside the
// others; only the words and the times of a file are known. A row without a
// message is passed over and counted; one with an empty reply is judged. The
// error names a column that is missing, or the line where the file breaks.
func JudgeFile(settings *closing.Settings, p *Profile, name string, src io.ReaderAt, size int64) (rows []JudgedRow, skipped int, err error) {
	r, err := table.NewReader(name, src, size, p.options())
	if err != nil {
		return nil, 0, err
	}
	defer r.Close()
	at := columnsOf(r.Columns())
	f := &p.Appeal
	for what, field := range map[string]table.Field{"appeal.reply.text": f.Reply.Text, "appeal.text": f.Text} {
		if len(field) == 0 {
			return nil, 0, fmt.Errorf("profile %s: %s is needed to judge replies", p.Name, what)
		}
		if missing := missingColumns(at, field); len(missing) > 0 {
			return nil, 0, noColumn(missing, r.Columns())
		}
	}
	absent := map[string]bool{}
	for _, w := range p.Absent {
		absent[w] = true
	}
	var cases []closing.Case
	for row, err := range r.Rows() {
		if err != nil {
			return nil, skipped, err
		}
		cell := func(column string) string {
			i, ok := at[text.Normalize(column)]
			if !ok || i >= len(row.Cells) || absent[text.Normalize(row.Cells[i])] {
				return ""
			}
			return row.Cells[i]
		}
		get := func(f table.Field) string {
			v, _, _ := f.Read(cell)
			return text.Clean(v)
		}
		c := closing.Case{ID: get(f.Number), Title: get(f.Title), Text: get(f.Text), Kind: get(f.Kind), Reply: closing.Reply{Text: get(f.Reply.Text), Result: get(f.Reply.Result)}}
		if c.Kind == "other" {
			c.Kind = "" // a profile's word for not known
		}
		if c.Text == "" && c.Title == "" {
			skipped++
			continue
		}
		if t, _, err := table.ParseTime(get(f.Opened), p.Dates, p.zone); err == nil && p.zone != nil {
			c.Opened = t
		}
		if t, _, err := table.ParseTime(get(f.Reply.At), p.Dates, p.zone); err == nil && p.zone != nil {
			c.Reply.At = t
		}
		cases = append(cases, c)
		rows = append(rows, JudgedRow{ID: c.ID, Line: row.Line})
	}
	for i, j := range closing.JudgeAll(settings, cases) {
		rows[i].Judgment = j
	}
	return rows, skipped, nil
}
