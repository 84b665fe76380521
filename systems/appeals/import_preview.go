package appeals

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"regexp"

	"shanzhi/core/store"
	"shanzhi/core/table"
	"shanzhi/core/text"
	"shanzhi/core/vault"
)

// Preview is what an import of a file would be, before anything is written.
type Preview struct {
	Upload   store.ID         `json:"upload,omitempty" doc:"The file lies here for a day: give this with the next call in place of the file"`
	Profile  string           `json:"profile,omitempty"`
	Error    string           `json:"error,omitempty" doc:"Why the profile does not fit this file"`
	Format   PreviewFormat    `json:"format"`
	Columns  []PreviewColumn  `json:"columns"`
	Rows     []PreviewRow     `json:"rows" doc:"The first rows as they would be imported"`
	Problems []PreviewProblem `json:"problems" doc:"Why rows would be refused, among those looked at"`
	Odd      map[string]int64 `json:"notes,omitempty"`
	Looked   int              `json:"looked" doc:"How many rows were looked at"`
	Draft    string           `json:"draft,omitempty" doc:"A profile to begin with, made from the names of the columns, where none was given"`
}

// PreviewFormat is how the file was read.
type PreviewFormat struct {
	Workbook  bool     `json:"workbook"`
	Encoding  string   `json:"encoding,omitempty"`
	Guessed   bool     `json:"encoding_guessed,omitempty" doc:"The bytes would be valid in another encoding too"`
	Delimiter string   `json:"delimiter,omitempty"`
	Sheet     string   `json:"sheet,omitempty"`
	Sheets    []string `json:"sheets,omitempty"`
	Header    int      `json:"header_line"`
}

// PreviewColumn is a column of the file.
type PreviewColumn struct {
	Name    string   `json:"name"`
	Samples []string `json:"samples" doc:"Its first different contents"`
}

// PreviewRow is a row as it would be imported, or why it would not.
type PreviewRow struct {
	Line      int               `json:"line"`
	Refused   string            `json:"refused,omitempty"`
	Number    string            `json:"number,omitempty"`
	Opened    store.Time        `json:"opened,omitzero"`
	Closed    store.Time        `json:"closed,omitzero"`
	Due       store.Time        `json:"due,omitzero"`
	State     string            `json:"state,omitempty"`
	Channel   string            `json:"channel,omitempty"`
	Kind      string            `json:"kind,omitempty"`
	Class     string            `json:"class,omitempty"`
	Title     string            `json:"title,omitempty"`
	Text      string            `json:"text,omitempty"`
	Address   string            `json:"address,omitempty"`
	Street    string            `json:"street,omitempty" doc:"Code of this district"`
	Community string            `json:"community,omitempty"`
	Unit      string            `json:"unit,omitempty"`
	Item      string            `json:"item,omitempty"`
	Lon       *float64          `json:"lon,omitempty" doc:"WGS-84"`
	Lat       *float64          `json:"lat,omitempty"`
	Reply     string            `json:"reply,omitempty"`
	Replied   store.Time        `json:"replied,omitzero"`
	Asserted  map[string]any    `json:"asserted,omitempty"`
	Appellant map[string]string `json:"appellant,omitempty" doc:"What goes to the vault, masked"`
	Levels    []string          `json:"levels,omitempty" doc:"Of a category"`
}

// PreviewProblem is one reason for which rows would be refused.
type PreviewProblem struct {
	rowFault
	Text  string `json:"text"`
	Count int    `json:"count"`
	Lines []int  `json:"lines" doc:"The first of them"`
}

// Bounds of a preview.
const (
	previewRows    = 20
	previewLook    = 2000
	previewSamples = 3
)

// Preview shows what a profile makes of a file; with no profile, the columns
// and a draft of one. It returns an error where the file cannot be read at all.
func (s *Service) Preview(file io.ReaderAt, size int64, p *Profile, lang string) (Preview, error) {
	name, options := "upload", table.Options{Trim: true}
	if p != nil {
		name, options = p.Name, p.options()
	}
	t, err := table.NewReader(name, file, size, options)
	if err == nil && len(t.Columns()) == 0 {
		err = errors.New("the file is empty: it has no columns")
	}
	if err != nil {
		return Preview{}, err
	}
	f := t.Format()
	v := Preview{Format: PreviewFormat{f.Workbook, f.Encoding, f.EncodingGuessed, "", f.Sheet, f.Sheets, f.HeaderLine}, Rows: []PreviewRow{}, Problems: []PreviewProblem{}, Columns: []PreviewColumn{}}
	if f.Delimiter != 0 {
		v.Format.Delimiter = string(f.Delimiter)
	}
	for _, c := range t.Columns() {
		v.Columns = append(v.Columns, PreviewColumn{Name: c, Samples: []string{}})
	}
	var r *reading
	switch {
	case p == nil:
		v.Draft = draftProfile(t.Columns())
	default:
		v.Profile = p.Name
		if r, err = s.read(p, t.Columns(), nil); err != nil {
			v.Error, r = err.Error(), nil
		}
	}
	problems := map[rowFault]*PreviewProblem{}
	for row, err := range t.Rows() {
		if err != nil {
			v.Error = strings.TrimPrefix(v.Error+"; "+err.Error(), "; ")
			break
		}
		v.Looked++
		for i := range v.Columns {
			c := &v.Columns[i]
			if runes := []rune(text.Clean(row.Cells[i])); len(runes) > 0 && len(c.Samples) < previewSamples {
				if sample := string(runes[:min(60, len(runes))]); !slices.Contains(c.Samples, sample) {
					c.Samples = append(c.Samples, sample)
				}
			}
		}
		if r != nil {
			rec, fault := r.row(row)
			if fault != nil {
				pr := problems[*fault]
				if pr == nil {
					pr = &PreviewProblem{rowFault: *fault, Text: fault.Say(lang)}
					problems[*fault] = pr
				}
				if pr.Count++; len(pr.Lines) < 5 {
					pr.Lines = append(pr.Lines, row.Line)
				}
			}
			if len(v.Rows) < previewRows {
				v.Rows = append(v.Rows, showRow(row.Line, rec, fault, lang))
			}
		}
		if v.Looked >= previewLook {
			break
		}
	}
	if r != nil {
		v.Odd = r.notes
	}
	for _, k := range slices.SortedFunc(maps.Keys(problems), func(a, b rowFault) int { return strings.Compare(a.Error(), b.Error()) }) {
		v.Problems = append(v.Problems, *problems[k])
	}
	return v, nil
}

func showRow(line int, rec *record, fault *rowFault, lang string) PreviewRow {
	if fault != nil {
		return PreviewRow{Line: line, Refused: fault.Say(lang)}
	}
	m, a := &rec.matter, &rec.appeal
	v := PreviewRow{Line: line, Number: a.External, Opened: m.OpenedAt, Closed: m.ClosedAt, Due: a.AssertedDue, State: m.State, Channel: a.Channel, Kind: a.Kind, Class: m.Class, Title: m.Title,
		Text: a.Text, Address: a.Address, Street: a.Street, Community: a.Community, Unit: m.Unit, Item: m.Item, Lon: a.Lon, Lat: a.Lat, Reply: a.Reply, Replied: a.RepliedAt, Asserted: rec.assert}
	for kind, value := range rec.who {
		if v.Appellant == nil {
			v.Appellant = map[string]string{}
		}
		v.Appellant[string(kind)] = vault.MaskName(value)
		if kind == vault.Phone {
			v.Appellant[string(kind)] = vault.MaskPhone(value)
		}
	}
	for _, l := range rec.levels {
		if l != "" {
			v.Levels = append(v.Levels, l)
		}
	}
	return v
}

// guesses are the names that columns of appeals have, by field, in the order in
// which a profile states them.
var guesses = []struct {
	field string
	names *regexp.Regexp
}{
	{"number", regexp.MustCompile(`(?i)^(工单|诉求|留言|事件|登记|流水|投诉|单|案件)?(编号|单号|序号|流水号|id|号)$|rec_?id|^id$|unique_?key|request.?(num|id)|case.?(id|no)`)},
	{"opened", regexp.MustCompile(`(?i)(留言|来电|登记|受理|创建|提交|投诉|上报|诉求|发生|反映).*(时间|日期)|create.*(time|date)|opened|request.*date|^(时间|日期|date)$`)},
	{"closed", regexp.MustCompile(`(?i)(办结|结案|关闭|完成|归档).*(时间|日期)|close.*(time|date)`)},
	{"due", regexp.MustCompile(`(?i)(截止|到期|应办结|限办).*(时间|日期)?$|due.*(time|date)`)},
	{"title", regexp.MustCompile(`(?i)标题|主题|题目|title|subject`)},
	{"text", regexp.MustCompile(`(?i)详情|内容|正文|描述|诉求$|description|content|detail`)},
	{"unit", regexp.MustCompile(`(?i)(承办|处置|办理|责任|主办).*(单位|部门)|unit|agency|department`)},
	{"item", regexp.MustCompile(`(?i)(一级|二级|三级|问题|事件)?(分类|类别|事项)$|category|sub_?type_?name|complaint_?type`)},
	{"where.street", regexp.MustCompile(`(?i)街道|街乡镇|镇街|乡镇|street_?name`)},
	{"where.community", regexp.MustCompile(`(?i)社区|村|community_?name|neighbou?rhood`)},
	{"where.address", regexp.MustCompile(`(?i)地址|位置|地点|address|location`)},
	{"reply.text", regexp.MustCompile(`(?i)(答复|回复|办理).*(意见|内容|结果)|reply|resolution`)},
	{"appellant.name", regexp.MustCompile(`(?i)(来电|投诉|反映|联系|诉求)人(姓名)?$|姓名`)},
	{"appellant.phone", regexp.MustCompile(`(?i)电话|手机|phone|mobile`)},
	{"appellant.id", regexp.MustCompile(`(?i)(留言)?用户|账号|user`)},
}

// draftProfile is a profile to begin with. What it does not know it leaves as a
// constant that the operator sees and changes.
func draftProfile(columns []string) string {
	used := map[string]bool{}
	nested := map[string][]string{}
	var flat []string
	for _, g := range guesses {
		for _, c := range columns {
			if used[c] || !g.names.MatchString(c) || strings.ContainsAny(c, "{}[]\"\\") {
				continue
			}
			used[c] = true
			group, field, deep := strings.Cut(g.field, ".")
			if deep {
				nested[group] = append(nested[group], fmt.Sprintf("%s: \"{%s}\"", field, c))
			} else {
				flat = append(flat, fmt.Sprintf("  %s: \"{%s}\"", g.field, c))
			}
			break
		}
	}
	var b strings.Builder
	b.WriteString("profile: my-profile\ntitle: {zh: 我的导入方案}\nsource: my_source\ndates: [ymd]\nappeal:\n")
	for _, l := range flat {
		b.WriteString(l + "\n")
	}
	b.WriteString("  state: dispatching\n  channel: web\n  kind: other\n")
	for _, group := range []string{"where", "reply", "appellant"} {
		if len(nested[group]) > 0 {
			fmt.Fprintf(&b, "  %s: {%s}\n", group, strings.Join(nested[group], ", "))
		}
	}
	return b.String()
}
