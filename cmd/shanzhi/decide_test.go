package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A case is decided on the command line, kept, and made again; a pack of one's own
// works as a shipped one; bad input is told.
func TestDecide(t *testing.T) {
	dir := t.TempDir()
	facts := filepath.Join(dir, "facts.json")
	if err := os.WriteFile(facts, []byte(`{"at": "2026-11-20", "facts": {"person.birth_date": "1940-01-01", "person.hukou_code": "440306", "person.alive": true, "person.name": "王小兰", "application.name": "王小兰", "bank.name_match": true, "benefit.active": false}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(want int, args ...string) string {
		t.Helper()
		out, bad, err := run(t, "", append([]string{"--data", filepath.Join(dir, "data")}, args...)...)
		if (err != nil) != (want != 0) {
			t.Fatalf("%v: %v\n%s%s", args, err, out, bad)
		}
		if want != 0 && strings.TrimSpace(bad) == "" {
			t.Errorf("%v failed and says nothing", args)
		}
		return out
	}
	var d struct {
		ID, Pack, Outcome string
		Checks            []struct{ Check, Answer string }
		Grant             map[string]any
	}
	if err := json.Unmarshal([]byte(run(0, "decide", "elder-allowance", "--facts", facts, "--json")), &d); err != nil {
		t.Fatal(err)
	}
	if d.Outcome != "approve" || len(d.Checks) != 6 || d.Grant["monthly_fen"] != 22000.0 || d.ID == "" {
		t.Errorf("%+v", d)
	}
	if out := run(0, "decide", "replay", d.ID, "--json"); !strings.Contains(out, `"identical":true`) {
		t.Error(out)
	}
	run(1, "decide", "replay", "7")
	run(1, "decide", "no-such-pack", "--facts", facts)
	run(1, "decide", "elder-allowance", "--facts", filepath.Join(dir, "none.json"))
	if out := run(0, "decide", "list"); strings.Count(out, "\n") != 10 {
		t.Error(out)
	}
	if out := run(0, "decide", "try", "elder-allowance", "--json"); !strings.Contains(out, `"mutants":21`) {
		t.Error(out)
	}
	own := filepath.Join(dir, "own.yaml")
	raw, err := os.ReadFile("../../systems/services/decisions/elder-allowance.yaml")
	if err != nil {
		t.Fatal(err)
	}
	raw = bytes.Replace(raw, []byte("from: 2024-01-01, value: 80"), []byte("from: 2024-01-01, value: 90"), 1)
	if err := os.WriteFile(own, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if out := run(0, "decide", own, "--facts", facts, "--dry", "--json"); !strings.Contains(out, `"outcome":"human"`) || strings.Contains(out, `"id":`) {
		t.Error(out)
	}
	if out := run(0, "decide", "replay", d.ID, "--under", own); !strings.Contains(out, "would be human; other answers: [age]") {
		t.Error(out)
	}
	if out := run(1, "decide", "try", own, "--cases", "../../systems/services/decisions/elder-allowance.cases.yaml"); !strings.Contains(out, "comes to something else") {
		t.Error(out)
	}
}
