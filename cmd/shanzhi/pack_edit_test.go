package main

import (
	"strings"
	"testing"
	"time"
)

// An administrator corrects the calendar in force: the clocks that run move, the
// house says so, and a broken calendar changes nothing.
func TestACalendarIsCorrected(t *testing.T) {
	t.Parallel()
	s := start(t, demoFolder(t), "--demo", "--demo-days", "0")
	f := s.file("agent", "西乡街道流塘路井盖破损，请尽快处理", map[string]any{"channel": "hotline", "appellant": map[string]string{"phone": "16000000042"}})
	s.act("dispatcher", f.ID, do("dispatch", map[string]any{"unit": "st-xixiang", "class": "normal"}))
	due := func() (due time.Time) {
		t.Helper()
		var page struct {
			Clocks []struct {
				Clock string
				Due   time.Time `json:"due_at"`
			}
		}
		s.must("street", "GET", "/api/appeals/"+f.ID, nil, &page)
		for _, c := range page.Clocks {
			if c.Clock == "handle" {
				due = c.Due
			}
		}
		if due.IsZero() {
			t.Fatalf("no clock of handling: %+v", page)
		}
		return due
	}
	before := due()
	var file struct{ Path, Text string }
	s.must("admin", "GET", "/api/pack/file?path=calendars/office.yaml", nil, &file)
	for _, c := range []struct{ what, text, want string }{
		{"not YAML", "name: [", "office.yaml"},
		{"a shift that is none", strings.Replace(file.Text, "14:00-18:00", "18:00-14:99", 1), "is not a shift"},
		{"another name", strings.Replace(file.Text, "name: office", "name: bureau", 1), `want "office"`},
		{"a set that is not there", strings.Replace(file.Text, "[cn]", "[mars]", 1), `no holiday set "mars"`},
	} {
		if status, body := s.call("admin", "PUT", "/api/pack/file", map[string]string{"path": "calendars/office.yaml", "text": c.text}, nil); status != 422 || !strings.Contains(strings.ReplaceAll(body, `\"`, `"`), c.want) {
			t.Errorf("%s: %d %s", c.what, status, body)
		}
	}
	if got := due(); !got.Equal(before) {
		t.Fatalf("a refused calendar moved the clock from %s to %s", before, got)
	}
	// A typhoon closes the offices for the ten days that come.
	first := time.Now().AddDate(0, 0, 1).Format(time.DateOnly)
	last := time.Now().AddDate(0, 0, 10).Format(time.DateOnly)
	s.must("admin", "PUT", "/api/pack/file", map[string]string{"path": "calendars/office.yaml", "text": file.Text + "exceptions:\n  " + first + ".." + last + ": off typhoon\n"}, nil)
	for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		if got := due(); got.After(before.AddDate(0, 0, 5)) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the clock stands at %s still", due())
		}
	}
	moved := due()
	s.stop()
	s.start() // what the clocks were computed under is still known
	if got := due(); !got.Equal(moved) {
		t.Errorf("after a restart the clock stands at %s, want %s", got, moved)
	}
	s.stop()
	if out, stderr, err := run(t, "", "--data", s.data, "doctor"); err != nil {
		t.Errorf("doctor: %v %s %s", err, out, stderr)
	}
}
