package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A second, very different pack (English, two levels of organisation, a
// calendar of seven days and two shifts, another ladder, no map) runs the whole
// loop with no code of its own.
func TestASecondPackRunsTheLoop(t *testing.T) {
	t.Parallel()
	env := []string{"SHANZHI_PACK=" + filepath.Join("testdata", "northford")}
	data := filepath.Join(t.TempDir(), "data")
	for _, u := range []string{"agent agent@contact", "desk dispatcher@contact", "officer receiver@highways,handler@highways", "manager unit_head@highways", "reviewer reviewer@contact", "caller follow_up@contact", "boss leader@nf", "bins handler@waste"} {
		login, roles, _ := strings.Cut(u, " ")
		unit := roles[strings.LastIndex(roles, "@")+1:]
		if out, stderr, err := runIn(t, env, demoPassword+"\n", "--data", data, "user", "add", login, "--unit", unit, "--role", roles); err != nil {
			t.Fatalf("user add %s: %v %s %s", login, err, out, stderr)
		}
	}
	s := startIn(t, env, data)
	var district struct {
		Name     map[string]string
		Timezone string
	}
	s.must("", "GET", "/api/district", nil, &district)
	if district.Name["en"] != "Northford Borough" || district.Timezone != "Europe/London" {
		t.Errorf("the district: %+v", district)
	}
	f := s.file("agent", "There is a deep pothole outside 12 Mill Lane in East Ward, a cyclist fell.", map[string]any{"channel": "hotline", "appellant": map[string]string{"name": "A. Smith", "phone": "02079460000"}})
	var advice struct {
		Candidates []struct{ Unit, Item string }
	}
	s.must("desk", "GET", "/api/appeals/"+f.ID+"/suggestion", nil, &advice)
	if len(advice.Candidates) == 0 || advice.Candidates[0].Unit != "highways" || advice.Candidates[0].Item != "R1" {
		t.Errorf("advice: %+v", advice)
	}
	s.act("desk", f.ID, do("dispatch", map[string]any{"unit": "highways", "item": "R1"}))
	var page struct {
		State  string
		Clocks []struct {
			Clock string
			Due   time.Time `json:"due_at"`
		}
	}
	s.must("officer", "GET", "/api/appeals/"+f.ID, nil, &page)
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range page.Clocks {
		// Seven days, all worked: due at the close of the seventh day from now.
		if want := time.Now().In(london).AddDate(0, 0, 7).Format("2006-01-02") + " 20:00"; c.Clock == "handle" && time.Now().In(london).Hour() < 20 && noClosingDay(time.Now()) && c.Due.In(london).Format("2006-01-02 15:04") != want {
			t.Errorf("handling is due %s, want %s", c.Due.In(london), want)
		}
	}
	if status, _ := s.call("bins", "GET", "/api/appeals/"+f.ID, nil, nil); status != 404 {
		t.Errorf("another service sees it: %d", status)
	}
	s.act("officer", f.ID, do("sign", nil))
	s.act("officer", f.ID, do("contact", map[string]any{"how": "phone", "reached": true}))
	s.act("officer", f.ID, do("reply", map[string]any{"result": "solved", "reply": "The pothole was filled this morning and the lane is safe to cycle."}))
	s.act("manager", f.ID, do("approve", nil))
	s.act("reviewer", f.ID, do("pass", nil))
	s.act("caller", f.ID, do("visit", map[string]any{"contacted": true, "solved": "yes", "result": 5, "manner": 4, "speed": 5}))
	s.must("boss", "GET", "/api/appeals/"+f.ID, nil, &page)
	if page.State != "closed" {
		t.Errorf("the appeal ended as %q", page.State)
	}
	var found struct{ Items []struct{ ID string } }
	for deadline := time.Now().Add(10 * time.Second); len(found.Items) == 0; time.Sleep(50 * time.Millisecond) {
		s.must("boss", "GET", "/api/appeals?q=pothole+mill", nil, &found)
		if time.Now().After(deadline) {
			t.Fatal("its words do not find it")
		}
	}
	if found.Items[0].ID != f.ID {
		t.Errorf("words found %+v", found)
	}
	s.stop()
	if out, stderr, err := run(t, "", "--data", data, "doctor"); err != nil {
		t.Errorf("doctor: %v %s %s", err, out, stderr)
	}
}

// noClosingDay says that no closing day lies within the next seven days.
func noClosingDay(now time.Time) bool {
	return now.Month() != time.December || now.Day() < 17 || now.Day() > 25
}
