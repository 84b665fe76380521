package appeals

import (
	"strings"
	"testing"
)

func TestShippedProfilesAreWhole(t *testing.T) {
	all, err := ShippedProfiles()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"pingshan", "messages_labelled", "message_categories", "messages_with_replies", "messages_hot", "baltimore", "nyc", "hotline21"} {
		if all[want] == nil {
			t.Errorf("there is no profile %s", want)
		}
	}
}

const smallProfile = `profile: small
title: {zh: 小}
source: small
appeal:
  number: "{no}"
  opened: "{at}"
  state: closed
  channel: web
  kind: other
  text: "{text}"
`

func TestProfileErrorsSayWhere(t *testing.T) {
	if _, err := ReadProfile([]byte(smallProfile)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ change, to, want string }{
		{"source: small", "source: Small One", "source: a name"},
		{"title: {zh: 小}", "titel: {zh: 小}", "titel"},
		{`number: "{no}"`, `number: "{no"`, `line 5, column 11: "{" begins`},
		{`number: "{no}"`, `number: "no}"`, `line 5, column 11: "}" without`},
		{`number: "{no}"`, `number: "[{no}"`, `"[" without "]"`},
		{`number: "{no}"`, `number: "{no}]"`, `"]" without "["`},
		{`number: "{no}"`, `number: "[a[{no}]]"`, `"[" inside`},
		{`number: "{no}"`, `number: {form: "{no}"}`, `line 5, column 12: "form" is none of`},
		{`number: "{no}"`, `number: {match: "(x)"}`, "from: is needed"},
		{`number: "{no}"`, `number: {from: "{no}", match: "x"}`, "one group"},
		{`number: "{no}"`, `number: {from: "{no}", match: "("}`, "match:"},
		{`number: "{no}"`, `number: {from: "{no}", otherwise: x}`, "otherwise: is for"},
		{`number: "{no}"`, `number: {from: "{no}", then: x, values: {a: b}}`, "one of them"},
		{`number: "{no}"`, `number: {from: "{no}", values: {a: x, Ａ: y}}`, `"Ａ" stands twice`},
		{`number: "{no}"`, `number: [["{no}"]]`, "a text, a list or a mapping"},
		{`  opened: "{at}"`, `  opend: "{at}"`, "opend"},
		{`  opened: "{at}"`, "", "appeal.opened: is needed"},
		{`text: "{text}"`, `address: x`, "address"},
		{`text: "{text}"`, `late: maybe`, `"maybe" is none of yes, no`},
		{`text: "{text}"`, "text: x\n  where: {lon: \"{x}\", lat: \"{y}\"}", "a coordinate without its system"},
		{`text: "{text}"`, "text: x\n  where: {crs: mars}", "mars"},
		{"source: small", "source: small\ntimezone: Mars/Olympus", "timezone"},
		{"source: small", "source: small\ndates: [yesterday]", "yesterday"},
		{"source: small", "source: small\nrecords: songs", "songs"},
		{"source: small", "source: small\nfile: {delimiter: ab}", "file.delimiter"},
		{"source: small", "source: [small", "profile:"},
	} {
		body := strings.Replace(smallProfile, c.change, c.to, 1)
		if body == smallProfile {
			t.Fatalf("%q is not in the profile", c.change)
		}
		if _, err := ReadProfile([]byte(body)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v; want %q", c.to, err, c.want)
		}
	}
}

func TestFieldPatterns(t *testing.T) {
	cells := map[string]string{"a": "甲", "b": "乙", "none": "", "status": "Ｏｐｅｎ ", "no": "A20230405-7"}
	for _, c := range []struct {
		field string
		want  string
		by    int
		err   bool
	}{
		{`"{a}"`, "甲", 0, false},
		{`"{a}／{b}"`, "甲／乙", 0, false},
		{`"{a}[／{none}][（{b}）]"`, "甲（乙）", 0, false},
		{`"{none}／{none}"`, "", 0, false},
		{`"nothing is read"`, "nothing is read", 0, false},
		{`["{none}", "{b}"]`, "乙", 1, false},
		{`"{absent?}"`, "", 0, false},
		{`{from: "{status}", values: {open: handling}}`, "handling", 0, false},
		{`{from: "{status}", values: {closed: x}}`, "", 0, true},
		{`{from: "{status}", values: {closed: x}, otherwise: y}`, "y", 0, false},
		{`[{from: "{status}", values: {closed: x}}, z]`, "z", 1, false},
		{`{from: "{none}", values: {closed: x}}`, "", 0, false},
		{`{from: "{no}", match: '(\d{8})'}`, "20230405", 0, false},
		{`[{from: "{no}", match: '^(\d{8})'}, "{a}"]`, "甲", 1, false},
		{`[{from: "{none}", then: closed}, open]`, "open", 1, false},
		{`[{from: "{a}", then: closed}, open]`, "closed", 0, false},
	} {
		p, err := ReadProfile([]byte(strings.Replace(smallProfile, `"{text}"`, c.field, 1)))
		if err != nil {
			t.Errorf("%s: %v", c.field, err)
			continue
		}
		got, by, err := p.Appeal.Text.Read(func(column string) string { return cells[column] })
		if got != c.want || by != c.by && got != "" || (err != nil) != c.err {
			t.Errorf("%s = %q by %d, %v; want %q by %d", c.field, got, by, err, c.want, c.by)
		}
	}
}
