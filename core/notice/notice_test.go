package notice

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestQuietHours(t *testing.T) {
	zone := time.FixedZone("CST", 8*3600)
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	night, noon := Quiet{"21:30", "08:00"}, Quiet{"12:00", "14:00"}
	for _, c := range []struct {
		q         Quiet
		now, want string
	}{
		{night, "2026-11-24 21:29", "2026-11-24 21:29"},
		{night, "2026-11-24 21:30", "2026-11-25 08:00"},
		{night, "2026-11-24 23:59", "2026-11-25 08:00"},
		{night, "2026-12-31 22:00", "2027-01-01 08:00"},
		{night, "2026-11-24 07:59", "2026-11-24 08:00"},
		{night, "2026-11-24 08:00", "2026-11-24 08:00"},
		{noon, "2026-11-24 11:59", "2026-11-24 11:59"},
		{noon, "2026-11-24 12:00", "2026-11-24 14:00"},
		{noon, "2026-11-24 14:00", "2026-11-24 14:00"},
		{Quiet{}, "2026-11-24 03:00", "2026-11-24 03:00"},
		{Quiet{"08:00", "08:00"}, "2026-11-24 08:00", "2026-11-24 08:00"},
	} {
		if got := c.q.until(at(c.now), zone); !got.Equal(at(c.want)) {
			t.Errorf("%v at %s: until %s, want %s", c.q, c.now, got.In(zone), c.want)
		}
	}
}

func TestTemplatesAreChecked(t *testing.T) {
	read := func(s string) error {
		_, err := ReadTemplates(fstest.MapFS{"notices.yaml": {Data: []byte(s)}})
		return err
	}
	good := `
quiet: {from: "21:30", to: "08:00"}
notices:
  a: {to: unit, channels: [inapp, sms], title: {zh: 标题}, body: {zh: "{no}到期{due}"}}
`
	if err := read(good); err != nil {
		t.Error(err)
	}
	for _, c := range []struct{ from, to, want string }{
		{"{no}", "{phone}", "{phone} is not a placeholder"},
		{"sms]", "fax]", `no channel "fax"`},
		{"21:30", "25:30", "25:30"},
		{"title: {zh: 标题}", "title: {}", "title and body"},
		{"channels", "chanels", "chanels"},
	} {
		if err := read(strings.Replace(good, c.from, c.to, 1)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s for %s: %v", c.to, c.from, err)
		}
	}
	if err := read("a: {to: unit, channels: [inapp], title: {zh: 标题}, body: {zh: 内容}}\n"); err != nil {
		t.Errorf("the file's first form: %v", err)
	}
	if _, err := ReadTemplates(fstest.MapFS{}); err != nil {
		t.Errorf("a pack without notices: %v", err)
	}
}
