package services

import (
	"fmt"
	"slices"
	"strings"

	"shanzhi/core/form"
)

// What of a handling is compared between two versions of an item, in words.

var questionTypes = map[string]string{"string": "文字", "integer": "整数", "number": "数字", "boolean": "是或否", "array": "列表"}

// sheetText is a sheet as it is compared: page by page, a question a line.
func sheetText(s *form.Sheet) string {
	if s == nil {
		return ""
	}
	var out []string
	add := func(parts ...string) {
		out = append(out, strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "，"))
	}
	for _, p := range s.Pages {
		add("【"+p.Title["zh"]+"】"+p.Title["en"], p.Say["zh"], given("当 ", p.Show))
		for _, f := range p.Fields {
			if q := s.Schema.Properties[f.Field]; q != nil {
				add(questionText(f.Field, q, slices.Contains(s.Schema.Required, f.Field)), given("当 ", f.Show), given("必填当 ", f.Must))
			}
		}
	}
	for _, x := range s.Exits {
		add("不符合条件："+x.Say["zh"], given("当 ", x.When))
	}
	return strings.Join(out, "\n")
}

func given(before, text string) string {
	if text == "" {
		return ""
	}
	return before + text
}

// questionText is a question with all that is demanded of its answer.
func questionText(name string, q *form.SheetNode, must bool) string {
	parts := []string{fmt.Sprintf("%s（%s）%s", q.Title, name, questionTypes[q.Type]), given("英文 ", q.TitleEN)}
	if must {
		parts = append(parts, "必填")
	}
	for _, v := range q.Enum {
		parts = append(parts, "选项 "+v+" "+q.EnumTitles[v]["zh"]+" "+q.EnumTitles[v]["en"])
	}
	parts = append(parts, given("格式 ", q.Format), given("须合 ", q.Pattern), bounds("字数", q.MinLength, q.MaxLength), bounds("数值", q.Minimum, q.Maximum), bounds("条数", q.MinItems, q.MaxItems),
		given("提示 ", q.Hint["zh"]), given("数据元 ", q.Element), given("自动填写 ", q.Fill))
	for words, yes := range map[string]bool{"填好的可以改": q.Edit && q.Fill != "", "个人信息": q.Personal} {
		if yes {
			parts = append(parts, words)
		}
	}
	if q.Lines > 1 {
		parts = append(parts, fmt.Sprintf("%d 行", q.Lines))
	}
	slices.Sort(parts[2:])
	if q.Items != nil {
		for _, inner := range q.Items.Order {
			if n := q.Items.Properties[inner]; n != nil {
				parts = append(parts, "\n　·"+questionText(inner, n, slices.Contains(q.Items.Required, inner)))
			}
		}
		if q.Items.Type == "string" && len(q.Items.Enum) > 0 {
			parts = append(parts, "\n　·"+questionText("", q.Items, false))
		}
	}
	return strings.ReplaceAll(strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "，"), "，\n", "\n")
}

func bounds[N int | float64](what string, low, high *N) string {
	switch {
	case low == nil && high == nil:
		return ""
	case low == nil:
		return fmt.Sprintf("%s至多 %v", what, *high)
	case high == nil:
		return fmt.Sprintf("%s至少 %v", what, *low)
	}
	return fmt.Sprintf("%s %v–%v", what, *low, *high)
}

// handlingTexts are the elements of a handling as they are read, in their order.
func (h *Handling) handlingTexts() []elementText {
	if h == nil {
		h = &Handling{}
	}
	lines := func(n int, line func(i int) string) string {
		out := make([]string, n)
		for i := range out {
			out[i] = line(i)
		}
		return strings.Join(out, "\n")
	}
	fee := func(f *ItemFee) string {
		if f == nil {
			return ""
		}
		return fmt.Sprintf("%s %.2f 元 %s", f.Name["zh"], float64(f.Amount)/100, f.Basis)
	}
	papers := lines(len(h.Materials), func(i int) string {
		m := h.Materials[i]
		parts := []string{m.Name["zh"] + "（" + m.ID + "）", given("当 ", m.When), given("证照 ", m.Licence), given("依据 ", m.Law), given("须知 ", m.Fill["zh"]), given("形式 ", m.Format)}
		for _, x := range []struct {
			words string
			yes   bool
		}{{"看原件", m.Original}, {"可容缺", m.Tolerate}, {"可承诺", m.Promise}} {
			if x.yes {
				parts = append(parts, x.words)
			}
		}
		return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "，")
	})
	terms := lines(len(h.Terms), func(i int) string {
		t := h.Terms[i]
		parts := []string{t.Say["zh"], given("当 ", t.When), given("法定 ", t.Legal.String()), given("承诺 ", t.Promised.String()), fee(t.Fee)}
		if t.Free {
			parts = append(parts, "不收费")
		}
		return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "，")
	})
	licence := ""
	if l := h.Licence; l != nil {
		licence = strings.Join([]string{l.Name["zh"], l.Type, l.Valid, strings.Join(l.Show, "、"), strings.Join(l.Grant, "、")}, "\n")
	}
	promise := ""
	if p := h.Promise; p != nil {
		promise = p.Text["zh"] + "\n" + p.Check
	}
	special := lines(len(h.Special), func(i int) string { return h.Special[i].Kind + " " + h.Special[i].Cap })
	rules := strings.TrimSpace(strings.Join([]string{given("申请人 ", h.Subject), given("补正 ", h.Correct), given("容缺 ", h.Owe), given("秒批 ", h.Instant)}, "\n"))
	return []elementText{{"form", sheetText(h.Form)}, {"papers_when", papers}, {"terms", terms}, {"special", special}, {"licence", licence}, {"promise", promise}, {"handling_rules", rules}}
}
