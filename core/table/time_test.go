package table

import (
	"strings"
	"testing"
	"time"

	"shanzhi/internal/testkit"

	"pgregory.net/rapid"
)

func TestParseTime(t *testing.T) {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ in, layouts, want string }{
		{"2020/1/6 12:09:38", "", "2020-01-06T12:09:38+08:00"},
		{"2018-02-08", "", "2018-02-08 day"},
		{" 2018-02-08\t", "", "2018-02-08 day"},
		{"2020年1月6日", "", "2020-01-06 day"},
		{"2020年01月06日 9时5分", "", "2020-01-06T09:05:00+08:00"},
		{"2020年1月6日下午3点05分20秒", "", "2020-01-06T15:05:20+08:00"},
		{"2020年1月6日12:30", "", "2020-01-06T12:30:00+08:00"},
		{"2020/1/6 上午12:00:00", "", "2020-01-06T00:00:00+08:00"},
		{"２０２０－１－６　１２：０９", "", "2020-01-06T12:09:00+08:00"},
		{"2020.1.6", "", "2020-01-06 day"},
		{"20180208", "", "2018-02-08 day"},
		{"20180208120938", "", "2018-02-08T12:09:38+08:00"},
		{"201802081209", "", "2018-02-08T12:09:00+08:00"},
		{"2023-12-10T12:00:00.000", "", "2023-12-10T12:00:00+08:00"},
		{"2023-12-10T12:00:00.5", "", "2023-12-10T12:00:00.5+08:00"},
		{"2023-12-10T12:00:00Z", "", "2023-12-10T12:00:00Z"},
		{"2023-12-10T12:00:00-05:00", "", "2023-12-10T12:00:00-05:00"},
		{"2023-12-10 12:00:00 +0800", "", "2023-12-10T12:00:00+08:00"},
		{"2023-12-10 24:00", "", "2023-12-11T00:00:00+08:00"},
		{"2024-02-29", "", "2024-02-29 day"},
		{"04/12/2018 11:11:26 AM", "mdy", "2018-04-12T11:11:26+08:00"},
		{"04/12/2018 12:45:48 PM", "mdy", "2018-04-12T12:45:48+08:00"},
		{"04/12/2018 12:00:00 AM", "mdy", "2018-04-12T00:00:00+08:00"},
		{"04/12/2018", "dmy", "2018-12-04 day"},
		{"13.10.2021 18:30", "dmy", "2021-10-13T18:30:00+08:00"},
		{"43139", "excel", "2018-02-08 day"},
		{"43139.5", "excel", "2018-02-08T12:00:00+08:00"},
		{"1", "excel", "1900-01-01 day"},
		{"61", "excel", "1900-03-01 day"},
		{"2018-02-08", "mdy ymd", "2018-02-08 day"},
		{"43139", "ymd excel", "2018-02-08 day"},
		{"08.02.18 14h", "02.01.06 15h04m|02.01.06 15h", "2018-02-08T14:00:00+08:00"},
		{"08.02.18", "02.01.06", "2018-02-08 day"},

		{"04/12/2018", "", ""},
		{"13/10/2021", "mdy", ""},
		{"2018-02-30", "", ""},
		{"2018-13-01", "", ""},
		{"2018-00-10", "", ""},
		{"2018-02", "", ""},
		{"18-02-08", "", ""},
		{"2018-02/08", "", ""},
		{"2018-02-0812:00", "", ""},
		{"2018-02-08 25:00", "", ""},
		{"2018-02-08 24:01", "", ""},
		{"2018-02-08 12:60", "", ""},
		{"2018-02-08 13:00 PM", "", ""},
		{"2018-02-08 12", "", ""},
		{"2018-02-08 12:00 报", "", ""},
		{"2018-02-08 12:00:00+99:00", "", ""},
		{"43139", "", ""},
		{"60", "excel", ""},
		{"0.5", "excel", ""},
		{"NaN", "excel", ""},
		{"无", "", ""},
		{"", "", ""},
		{"", "excel", ""},
	} {
		var layouts []string
		if strings.Contains(tc.layouts, "|") {
			layouts = strings.Split(tc.layouts, "|")
		} else if strings.Contains(tc.layouts, ".") {
			layouts = []string{tc.layouts}
		} else {
			layouts = strings.Fields(tc.layouts)
		}
		got, day, err := ParseTime(tc.in, layouts, shanghai)
		shown := got.Format(time.RFC3339Nano)
		if day {
			shown = got.Format(time.DateOnly) + " day"
		}
		if err != nil {
			shown = ""
			if tc.in != "" && strings.Contains(err.Error(), tc.in) {
				t.Errorf("the error repeats %q", tc.in)
			}
		}
		if shown != tc.want {
			t.Errorf("%q by %q is %q (%v), want %q", tc.in, tc.layouts, shown, err, tc.want)
		}
	}
}

// What is written in any of the forms is read as the same time.
func TestParseTimeUndoesFormat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-2e9, 2e10).Draw(t, "at"), 0).UTC()
		for layout, form := range map[string]string{
			"2006-01-02 15:04:05": "ymd", "2006/1/2 15:04:05": "ymd", "2006年1月2日 15时04分05秒": "ymd", "20060102150405": "ymd",
			"1/2/2006 3:04:05 PM": "mdy", "2.1.2006 15:04:05": "dmy", time.RFC3339: "ymd",
		} {
			s := at.Format(layout)
			if got, day, err := ParseTime(s, []string{form}, nil); err != nil || day || !got.Equal(at) {
				t.Fatalf("%s read as %s (%v, %v)", s, got, day, err)
			}
		}
	})
}

func TestParseTimeOnRealColumns(t *testing.T) {
	for _, tc := range []struct {
		file, columns, layout string
		days                  bool
	}{
		{"appeals/pingshan_2018_first6000.csv", "CREATE_TIME", "ymd", true},
		{"appeals/messages_labelled_495.csv", "留言时间", "ymd", false},
		{"appeals/messages_with_replies_1000.csv", "留言时间,答复时间", "ymd", false},
		{"appeals/messages_hot_sample.csv", "留言时间", "ymd", false},
		{"us311/baltimore_2000.csv", "CreatedDate,StatusDate,DueDate,CloseDate", "mdy", false},
		{"us311/nyc_500.csv", "created_date,closed_date", "ymd", false},
	} {
		r, err := Open(testkit.Shared(t, strings.Split(tc.file, "/")...), Options{Trim: true})
		if err != nil {
			t.Fatal(err)
		}
		read := 0
		for row, err := range r.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			for i, name := range r.Columns() {
				if !strings.Contains(","+tc.columns+",", ","+name+",") || row.Cells[i] == "" {
					continue
				}
				_, day, err := ParseTime(row.Cells[i], []string{tc.layout}, nil)
				if err != nil || day && !tc.days {
					t.Errorf("%s line %d %s: %v, date alone %v", tc.file, row.Line, name, err, day)
				}
				read++
			}
		}
		r.Close()
		if read == 0 {
			t.Errorf("%s: nothing was read", tc.file)
		}
	}
}

func BenchmarkParseTime(b *testing.B) {
	for b.Loop() {
		ParseTime("2020/1/6 12:09:38", nil, time.UTC)
	}
}
