package main

import (
	"net/url"
	"slices"
	"testing"
	"time"
)

// A queue narrows as a list does and stays the queue of its desks: what was
// found by words and has been sent on is gone from it. The dots of the map are
// those of the filter, and of them each sees only their own.
func TestQueueAndMapNarrowAlike(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, data string, args ...string) {
		s := start(t, data, append(args, "--demo", "--demo-days", "0")...)
		pin := map[string]any{"lon": 113.8782, "lat": 22.5801}
		lamp := s.file("agent", "西乡街道流塘社区路灯不亮已经三天", pin)
		music := s.file("agent", "福永街道怀德社区广场舞声音太大", nil)
		nowhere := s.file("agent", "请问怎么办理居住证", map[string]any{"kind": "consult"})
		queue := func(who string, q url.Values) []string {
			var page struct{ Items []struct{ ID string } }
			s.must(who, "GET", "/api/queue?"+q.Encode(), nil, &page)
			ids := []string{}
			for _, r := range page.Items {
				ids = append(ids, r.ID)
			}
			slices.Sort(ids)
			return ids
		}
		same := func(what string, got []string, want ...string) {
			t.Helper()
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
		}
		same("all", queue("dispatcher", nil), lamp.ID, music.ID, nowhere.ID)
		for end := time.Now().Add(20 * time.Second); len(queue("dispatcher", url.Values{"q": {"路灯"}})) == 0 && time.Now().Before(end); {
			time.Sleep(20 * time.Millisecond) // the words are indexed after the filing
		}
		same("by words", queue("dispatcher", url.Values{"q": {"路灯"}}), lamp.ID)
		same("by kind", queue("dispatcher", url.Values{"kind": {"consult"}}), nowhere.ID)
		same("by words and kind", queue("dispatcher", url.Values{"q": {"路灯"}, "kind": {"consult"}}))
		s.act("dispatcher", lamp.ID, do("dispatch", map[string]any{"unit": "st-xixiang"}))
		same("sent on", queue("dispatcher", url.Values{"q": {"路灯"}}))
		same("where it went", queue("street", url.Values{"q": {"路灯"}}), lamp.ID)
		if status, _ := s.call("dispatcher", "GET", "/api/queue?since=yesterday", nil, nil); status != 422 {
			t.Errorf("a day that is none: %d", status)
		}

		type dots struct {
			Points []struct {
				ID     string
				Lon    float64
				Around bool
			}
			Unplaced int
		}
		var all, own dots
		s.must("dispatcher", "GET", "/api/appeals/points?open=true", nil, &all)
		if len(all.Points) != 2 || all.Unplaced != 1 {
			t.Fatalf("the map: %+v", all)
		}
		for _, p := range all.Points {
			if p.Around != (p.ID == music.ID) || p.Lon < 113.6 || p.Lon > 114.2 {
				t.Errorf("a dot: %+v", p)
			}
		}
		s.must("street", "GET", "/api/appeals/points?open=true", nil, &own)
		if len(own.Points) != 1 || own.Points[0].ID != lamp.ID {
			t.Errorf("the street's map: %+v", own)
		}
	})
}
