package services

import (
	"encoding/json"
	"regexp"
	"strings"
)

// ItemLaw is one basis of an item (设定依据): 法规名, 文号, 条款, 内容.
type ItemLaw struct {
	Name    string `json:"name"`
	No      string `json:"no,omitempty" doc:"文号"`
	Article string `json:"article,omitempty" doc:"条款"`
	Text    string `json:"text,omitempty" doc:"内容"`
}

var lawText = regexp.MustCompile(`^《([^》]+)》\s*(?:[（(]([^（）()]*〔\d{4}〕[^（）()]*)[）)])?\s*(第[〇零一二三四五六七八九十百千\d]+条(?:之[一二三四五六七八九十]+)?(?:第[一二三四五六七八九十百\d（）()]+[款项目])*)?\s*[:：，,]?\s*([\s\S]*)$`)

// ParseLaw takes apart a basis as lists write it: "《某法》（国发〔2015〕52号）第三条：…".
// What is not written so is the name.
func ParseLaw(text string) ItemLaw {
	text = strings.TrimSpace(text)
	m := lawText.FindStringSubmatch(text)
	if m == nil {
		return ItemLaw{Name: text}
	}
	return ItemLaw{m[1], m[2], m[3], strings.TrimSpace(m[4])}
}

func parseLaws(texts []string) (out []ItemLaw) {
	for _, t := range texts {
		out = append(out, ParseLaw(t))
	}
	return out
}

// String is the law as it is cited.
func (l ItemLaw) String() string {
	name := l.Name
	if l.No != "" || l.Article != "" {
		name = "《" + name + "》"
	}
	if l.No != "" {
		name += "（" + l.No + "）"
	}
	return name + l.Article
}

// UnmarshalJSON reads a law, or the plain text of which versions of before were made.
func (l *ItemLaw) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
		*l = ParseLaw(text)
		return nil
	}
	type plain ItemLaw
	return json.Unmarshal(raw, (*plain)(l))
}

func lawWords(laws []ItemLaw, between string) string {
	out := make([]string, len(laws))
	for i, l := range laws {
		out[i] = l.String()
	}
	return strings.Join(out, between)
}
