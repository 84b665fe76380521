package rule_test

import (
	"strings"
	"testing"

	"shanzhi/core/rule"
)

func TestConditionErrorsSayWhere(t *testing.T) {
	lang, _ := rule.NewLanguage(rule.Vars{"hour": "int"})
	for text, want := range map[string]string{
		`hour >`:        "1:7",
		`minute == 3`:   "undeclared reference",
		`hour + 1`:      "not true or false",
		`hour == "ten"`: "no matching overload",
	} {
		if _, err := lang.Condition(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", text, err, want)
		}
	}
	if _, err := rule.NewLanguage(rule.Vars{"x": "number"}); err == nil {
		t.Error("an unknown type was accepted")
	}
}
