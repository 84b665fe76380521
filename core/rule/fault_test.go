package rule_test

import (
	"strings"
	"testing"

	"shanzhi/core/rule"
)

// A fault of a text is told at its line.
func TestFaultsAtTheirLines(t *testing.T) {
	for _, c := range []struct {
		old, new string
		line     int
		want     string
	}{
		{`expr: "person.alive"`, `expr: "person.alife"`, 15, "person.alife"},
		{`approve: all`, `approve: any`, 17, "approve"},
		{`type: date, say: {zh: 出生日期}`, `type: day, say: {zh: 出生日期}`, 8, "is no type"},
		{`sources: [银行, 申请人]`, `sources: []`, 10, "nobody is named"},
		{`expr: "age >= 90 ? 30000 : 20000"`, `expr: "age >= ninety ? 30000 : 20000"`, 19, "ninety"},
		{`law: [{ref: 示例第一条}]`, `law: [{ref: 示例第一条}`, 5, ""},
		{`  min_age: {type: int`, `  min_age: {typo: int`, 6, "typo"},
	} {
		text := strings.Replace(small, c.old, c.new, 1)
		if text == small {
			t.Fatalf("%s is not in the text", c.old)
		}
		_, err := rule.ReadPack(strings.NewReader(text))
		got := rule.Faults(err, text)
		if len(got) == 0 || got[0].Line != c.line || !strings.Contains(got[0].Text, c.want) {
			t.Errorf("%s: %+v, want line %d (%v)", c.new, got, c.line, err)
		}
	}
}
