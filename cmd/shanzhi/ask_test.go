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
