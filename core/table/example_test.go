package table_test

import (
	"fmt"
	"strings"
	"time"

	"shanzhi/core/table"
)

// A spreadsheet saved as text with a title above its header: what can be read
// is, and what cannot is written out with its line and reason.
func Example() {
	const upload = "二月诉求,,\n编号,街道,时间\n1,新安街道,2018/2/8 9:30\n2,西乡街道,昨天\n"
	r, err := table.NewReader("upload.csv", strings.NewReader(upload), int64(len(upload)), table.Options{Trim: true})
	if err != nil {
		panic(err)
	}
	fmt.Println(r.Format().Encoding, r.Format().HeaderLine, r.Columns())

	var refused strings.Builder
	rejects, err := table.NewRejects(&refused, "行号", "原因", r.Columns())
	if err != nil {
		panic(err)
	}
	zone := time.FixedZone("CST", 8*3600)
	for row, err := range r.Rows() {
		if err != nil {
			panic(err)
		}
		at, _, err := table.ParseTime(row.Cells[2], []string{"ymd"}, zone)
		if err != nil {
			rejects.Reject(row, err.Error())
			continue
		}
		fmt.Println(row.Line, row.Cells[1], at)
	}
	rejects.Close()
	fmt.Print(strings.NewReplacer("\uFEFF", "", "\r\n", "\n").Replace(refused.String()))
	// Output:
	// utf-8 2 [编号 街道 时间]
	// 3 新安街道 2018-02-08 09:30:00 +0800 CST
	// 行号,原因,编号,街道,时间
	// 4,not a date of the form ymd,2,西乡街道,昨天
}
