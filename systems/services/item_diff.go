package services

import (
	"fmt"
	"strings"
	"unicode"

	"shanzhi/core/text"
)

// ItemChange is one element that differs between two contents.
type ItemChange struct {
	Element string  `json:"element"`
	Before  string  `json:"before"`
	After   string  `json:"after"`
	Pieces  []Piece `json:"pieces" doc:"The two laid over each other"`
}

// Piece is a run of words that both have, or one alone.
type Piece struct {
	Op   string `json:"op" enum:"same,out,in"`
	Text string `json:"text"`
}

// elementText is an element as it is read.
type elementText struct{ element, text string }

func (d *ItemDays) String() string {
	switch {
	case d == nil:
		return ""
	case d.N == 0:
		return "当场办结"
	case d.Unit == "calendar":
		return fmt.Sprintf("%d 日", d.N)
	}
	return fmt.Sprintf("%d 个工作日", d.N)
}

// texts are all elements in their order, those that say nothing as "".
func (e ItemElements) texts() []elementText {
	yes := func(b *bool) string {
		switch {
		case b == nil:
			return ""
		case *b:
			return "是"
		}
		return "否"
	}
	lines := func(n int, line func(i int) string) string {
		out := make([]string, n)
		for i := range out {
			out[i] = strings.TrimSpace(line(i))
		}
		return strings.Join(out, "\n")
	}
	visits, fee, papers, checklist, situation := "", "", e.Papers, "", ""
	if e.Visits != nil {
		visits = fmt.Sprintf("%d 次", *e.Visits)
	}
	fees := lines(len(e.Fees), func(i int) string { f := e.Fees[i]; return strings.Join([]string{f.Name, f.Amount, f.Basis}, " ") })
	if h := e.Handling; h != nil {
		papers = h.Materials
		if h.Fee != nil {
			fee = fmt.Sprintf("%s %.2f 元 %s", h.Fee.Name["zh"], float64(h.Fee.Amount)/100, h.Fee.Basis)
		}
		checklist = lines(len(h.Acceptance), func(i int) string { return h.Acceptance[i].Say["zh"] })
		situation = sheetText(h.Situation)
	}
	materials := strings.Join(e.Materials, "\n")
	if len(papers) > 0 {
		materials = lines(len(papers), func(i int) string {
			m := papers[i]
			return strings.Join([]string{m.Name["zh"], map[string]string{"licence": "（电子证照）", "shared": "（免提交）", "made": "（自动生成）"}[m.Source], m.Accept["zh"]}, " ")
		})
	}
	scope := ""
	if x := e.Scope; x != nil {
		scope = strings.TrimSpace(x.Range + " " + x.How + " " + strings.Join(x.Regions, "、"))
	}
	english := ""
	if x := e.English; x != nil {
		english = strings.TrimSpace(strings.Join(append([]string{x.Name, x.Department, x.Conditions, x.Place}, x.Materials...), "\n"))
	}
	return append([]elementText{
		{"name", e.Name}, {"catalog", e.Catalog}, {"sub", e.Sub}, {"aliases", strings.Join(e.Aliases, "、")}, {"code", e.Code}, {"basic", e.Basic}, {"type", itemTypes[e.Type]}, {"department", e.Department}, {"region", e.Region}, {"level", e.Level},
		{"objects", strings.Join(e.Objects, "、")}, {"themes", strings.Join(e.Themes, "、")}, {"kind", map[string]string{"at_once": "即办件", "promised": "承诺件"}[e.Kind]}, {"power", e.Power}, {"legal", e.Legal.String()}, {"promised", e.Promised.String()}, {"visits", visits}, {"online", yes(e.Online)}, {"express", yes(e.Express)}, {"bookable", yes(e.Bookable)},
		{"conditions", e.Conditions}, {"situation", situation}, {"materials", materials}, {"checklist", checklist}, {"fees", strings.TrimSpace(fee + "\n" + fees)}, {"results", lines(len(e.Results), func(i int) string { return e.Results[i].Name })},
		{"steps", lines(len(e.Steps), func(i int) string { return e.Steps[i].Name + " " + e.Steps[i].What })}, {"laws", lines(len(e.Laws), func(i int) string { return e.Laws[i].String() + " " + e.Laws[i].Text })}, {"questions", lines(len(e.Questions), func(i int) string { return e.Questions[i].Q + " " + e.Questions[i].A })},
		{"scope", scope}, {"centre", e.Centre}, {"place", e.Place}, {"hours", e.Hours}, {"phone", e.Phone}, {"complaints", e.Complaints}, {"url", e.URL}, {"partners", e.Partners}, {"english", english},
	}, e.Handling.handlingTexts()...)
}

// changes are the elements in which b differs from a.
func (e ItemElements) changes(b ItemElements) []ItemChange {
	out := []ItemChange{}
	after := b.texts()
	for i, x := range e.texts() {
		if y := after[i]; x.text != y.text {
			out = append(out, ItemChange{x.element, x.text, y.text, lay(x.text, y.text)})
		}
	}
	if len(out) == 0 && e.hash() != b.hash() {
		out = append(out, ItemChange{Element: "handling", Pieces: []Piece{}}) // the form or its conditions
	}
	return out
}

// diffWords cuts a text into what is compared: a Chinese character, a run of other letters and
// digits, each other sign.
func diffWords(s string) (out []string) {
	run := strings.Builder{}
	flush := func() {
		if run.Len() > 0 {
			out = append(out, run.String())
			run.Reset()
		}
	}
	for _, r := range s {
		if !text.IsHan(r) && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			run.WriteRune(r)
			continue
		}
		flush()
		out = append(out, string(r))
	}
	flush()
	return out
}

// layMost bounds the work of laying two texts over each other.
const layMost = 4 << 20

// lay lays two texts over each other by their longest common run of words: what both
// have, what only the first has, what only the second. Too long ones are told apart whole.
func lay(before, after string) []Piece {
	a, b := diffWords(before), diffWords(after)
	head := 0
	for head < min(len(a), len(b)) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < min(len(a), len(b))-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	out := []Piece{}
	put := func(op string, words ...string) {
		if len(words) == 0 {
			return
		}
		t := strings.Join(words, "")
		if n := len(out); n > 0 && out[n-1].Op == op {
			out[n-1].Text += t
			return
		}
		out = append(out, Piece{op, t})
	}
	put("same", a[:head]...)
	x, y := a[head:len(a)-tail], b[head:len(b)-tail]
	if len(x)*len(y) > layMost {
		put("out", x...)
		put("in", y...)
	} else {
		longest := make([][]int32, len(x)+1) // of the rests
		for i := range longest {
			longest[i] = make([]int32, len(y)+1)
		}
		for i := len(x) - 1; i >= 0; i-- {
			for j := len(y) - 1; j >= 0; j-- {
				if x[i] == y[j] {
					longest[i][j] = longest[i+1][j+1] + 1
				} else {
					longest[i][j] = max(longest[i+1][j], longest[i][j+1])
				}
			}
		}
		i, j := 0, 0
		for i < len(x) || j < len(y) {
			switch {
			case i < len(x) && j < len(y) && x[i] == y[j]:
				put("same", x[i])
				i, j = i+1, j+1
			case j == len(y) || i < len(x) && longest[i+1][j] >= longest[i][j+1]:
				put("out", x[i])
				i++
			default:
				put("in", y[j])
				j++
			}
		}
	}
	put("same", a[len(a)-tail:]...)
	return out
}
