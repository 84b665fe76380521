package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// `shanzhi ask` on a pack alone: one object a line, known or not, and no record is
// written anywhere.
func TestAsk(t *testing.T) {
	run := func(stdin string, args ...string) (string, error) {
		c := newAskCommand()
		var out bytes.Buffer
		c.SetOut(&out)
		c.SetErr(&out)
		c.SetIn(strings.NewReader(stdin))
		c.SetArgs(args)
		c.SilenceUsage, c.SilenceErrors = true, true
		err := c.Execute()
		return out.String(), err
	}
	out, err := run("护照工本费多少\n\n红烧肉怎么做\n", "--pack", "baoan", "--json", "-")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines: %s", len(lines), out)
	}
	var known, not saidAnswer
	if err := json.Unmarshal([]byte(lines[0]), &known); err != nil || !known.Known || !strings.Contains(known.Answer, "120元") || known.Source == nil || known.Source.ID != "K004" || known.Confidence < 0.5 {
		t.Errorf("%s %v", lines[0], err)
	}
	if err := json.Unmarshal([]byte(lines[1]), &not); err != nil || not.Known || not.Answer != "" || not.Source != nil || not.Why == "" {
		t.Errorf("%s %v", lines[1], err)
	}
	if out, err := run("", "--pack", "baoan", "坐席答复口径欠薪来电", "低保怎么申请"); err != nil || strings.Contains(out, "不得承诺") || !strings.Contains(out, "出处：K031") {
		t.Errorf("%s %v", out, err)
	}
	for _, bad := range [][]string{{"--pack", "baoan"}, {"--pack", filepath.Join(t.TempDir(), "none"), "问"}, {"--pack", "baoan", "--labelled", "none.csv"}} {
		if out, err := run("", bad...); err == nil {
			t.Errorf("%v: %s", bad, out)
		}
	}
}

// On records `shanzhi ask` answers from the entries that live there, and for staff
// from what is for staff.
func TestAskTheRecords(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	if _, bad, err := run(t, "", "--data", data, "audit", "verify"); err != nil { // makes the records
		t.Fatal(bad, err)
	}
	const question = "公司拖欠工资来电坐席怎么登记口径"
	for _, c := range []struct {
		args []string
		want string
	}{{[]string{"护照工本费多少"}, "K004"}, {[]string{"--staff", question}, "K061"}} {
		out, bad, err := run(t, "", append([]string{"--data", data, "ask", "--json"}, c.args...)...)
		var said saidAnswer
		if err != nil || json.Unmarshal([]byte(out), &said) != nil || !said.Known || said.Source.ID != c.want {
			t.Errorf("%v: %s %s %v", c.args, out, bad, err)
		}
	}
	if out, bad, err := run(t, "", "--data", data, "ask", question); err != nil || strings.Contains(out, "K061") {
		t.Errorf("a stranger is told what is for staff: %s %s %v", out, bad, err)
	}
}
