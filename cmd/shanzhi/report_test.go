package main

import (
	"slices"
	"strings"
	"testing"
)

// Reports by the API: pages by key, narrowed, refused with the field that is wrong,
// seen by who may, and taken out on record.
func TestReportsByTheAPI(t *testing.T) {
	t.Parallel()
	s := start(t, demoFolder(t), "--demo", "--demo-days", "0")
	type report struct{ ID, Period, State, Number string }
	type page struct {
		Items []report
		Next  string
	}
	var made []report
	for _, day := range []string{"05", "06", "07", "08", "09"} {
		var r report
		s.must("supervisor", "POST", "/api/reports", map[string]any{"kind": "daily", "period": "2026-01-" + day}, &r)
		made = append(made, r)
	}
	for _, bad := range []struct {
		kind, period, want string
		about              map[string][]string
	}{{"hourly", "2026-01", "body.kind", nil}, {"daily", "yesterday", "body.period", nil}, {"monthly", "2126-01", "body.period", nil}, {"special", "2026-01-01..2026-01-05", "body.about", map[string][]string{"street": {"nowhere"}}}} {
		if status, answer := s.call("supervisor", "POST", "/api/reports", map[string]any{"kind": bad.kind, "period": bad.period, "about": bad.about}, nil); status != 422 || !strings.Contains(answer, bad.want) {
			t.Errorf("%+v: %d %s", bad, status, answer)
		}
	}
	var got []string
	for after, pages := "", 0; pages == 0 || after != ""; pages++ {
		var p page
		s.must("supervisor", "GET", "/api/reports?limit=2&after="+after, nil, &p)
		for _, r := range p.Items {
			got = append(got, r.Period)
		}
		if after = p.Next; pages > 5 {
			t.Fatal("pages without end")
		}
	}
	if want := []string{"2026-01-09", "2026-01-08", "2026-01-07", "2026-01-06", "2026-01-05"}; !slices.Equal(got, want) {
		t.Errorf("pages give %v", got)
	}
	id := made[0].ID
	s.must("supervisor", "POST", "/api/reports/"+id+"/actions", map[string]any{"action": "review"}, nil)
	for query, want := range map[string]int{"state=draft": 4, "state=reviewed": 1, "state=issued": 0, "kind=weekly": 0, "kind=daily&month=2026-01": 5, "month=2026": 5, "month=2026-02": 0} {
		var p page
		if s.must("leader", "GET", "/api/reports?"+query, nil, &p); len(p.Items) != want {
			t.Errorf("%s: %d reports, want %d", query, len(p.Items), want)
		}
		if s.must("street", "GET", "/api/reports?"+query, nil, &p); len(p.Items) != 0 {
			t.Errorf("%s: a unit sees %d reports that are not issued", query, len(p.Items))
		}
	}
	for _, query := range []string{"kind=hourly", "month=soon", "after=x", "state=lost", "limit=900"} {
		if status, answer := s.call("leader", "GET", "/api/reports?"+query, nil, nil); status != 422 {
			t.Errorf("%s: %d %s", query, status, answer)
		}
	}
	for _, path := range []string{"", "/figures", "/figures/0/rows", "/file?format=pdf"} {
		if status, _ := s.call("street", "GET", "/api/reports/"+id+path, nil, nil); status != 404 {
			t.Errorf("a unit reads %s of a draft: %d", path, status)
		}
	}
	if status, _ := s.call("leader", "GET", "/api/reports/"+id+"/figures/99999/rows", nil, nil); status != 404 {
		t.Errorf("rows of no figure: %d", status)
	}
	var issued report
	if s.must("leader", "POST", "/api/reports/"+id+"/actions", map[string]any{"action": "issue"}, &issued); issued.Number == "" {
		t.Error("an issued report has no number")
	}
	for format, magic := range map[string]string{"docx": "PK", "pdf": "%PDF-", "md": "# ", "html": "<!doctype html>"} {
		if status, file := s.call("street", "GET", "/api/reports/"+id+"/file?format="+format, nil, nil); status != 200 || !strings.HasPrefix(file, magic) {
			t.Errorf("%s: %d, %.20q", format, status, file)
		}
	}
	if status, _ := s.call("street", "GET", "/api/reports/"+id+"/file?format=odt", nil, nil); status != 422 {
		t.Errorf("a format that is not known: %d", status)
	}
}
