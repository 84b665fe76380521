package rule_test

import (
	"strings"
	"testing"
	"time"

	"shanzhi/core/rule"
)

func TestJudge(t *testing.T) {
	lang, err := rule.NewLanguage(rule.Vars{"age": "int", "city": "string"})
	if err != nil {
		t.Fatal(err)
	}
	old, err := lang.Condition(`age >= 65`)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		facts []rule.Fact
		want  rule.Answer
	}{
		"true":            {[]rule.Fact{{Value: 70, Source: "a", At: now}}, rule.Pass},
		"false":           {[]rule.Fact{{Value: 60, Source: "a", At: now}}, rule.Fail},
		"absent":          {nil, rule.Missing},
		"stale":           {[]rule.Fact{{Value: 70, Source: "a", At: now.Add(-31 * day), Fresh: 30 * day}}, rule.Missing},
		"from the future": {[]rule.Fact{{Value: 70, Source: "a", At: now.Add(day)}}, rule.Missing},
		"two agree":       {[]rule.Fact{{Value: 70, Source: "a", At: now}, {Value: 70, Source: "b", At: now}}, rule.Pass},
		"two disagree":    {[]rule.Fact{{Value: 70, Source: "a", At: now}, {Value: 60, Source: "b", At: now}}, rule.Conflict},
		"one is stale":    {[]rule.Fact{{Value: 70, Source: "a", At: now}, {Value: 60, Source: "b", At: now.Add(-2 * day), Fresh: day}}, rule.Pass},
	} {
		got, results := rule.Judge([]rule.Check{{Name: "elder", When: old, Clause: "第二条"}}, rule.Facts{"age": c.facts}, now)
		if got != c.want {
			t.Errorf("%s: %s, want %s (%+v)", name, got, c.want, results)
		}
	}
	if got, _ := rule.Judge(nil, nil, now); got != rule.Missing {
		t.Errorf("no checks at all: %s; a decision that asks nothing may not pass", got)
	}
}

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
