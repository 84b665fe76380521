package calendar

import "testing"

// What a calendar writes compiles to the same calendar, without the sets.
func TestTextStandsAlone(t *testing.T) {
	for _, text := range []string{
		"name: always\nzone: Asia/Shanghai\nkind: round_the_clock",
		"name: office\nzone: Asia/Shanghai\nkind: working\ndays: [mon, tue, wed, thu, fri]\nshifts: 09:00-12:00, 14:00-18:00\nholidays: [cn]",
		"name: hall\nzone: Europe/Berlin\nkind: working\ndays: [mon, sat]\nshifts: 22:00-06:00\nshifts_on: {sat: 09:00-12:00}\ncovered: 2026, 2027\nexceptions:\n  2027-01-01..2027-01-03: off 元旦\n  2027-01-09: work 元旦\n  2026-09-01: \"work 10:00-12:00, 13:00-14:30 typhoon: opened late\"\n",
	} {
		d, err := ParseDefinition([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		c, err := New(d)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseDefinition(c.Text())
		if err != nil {
			t.Fatalf("%v in\n%s", err, c.Text())
		}
		if len(again.Holidays) > 0 {
			t.Errorf("%s names holiday sets still", d.Name)
		}
		b, err := New(again)
		if err != nil || b.Version() != c.Version() || b.Name() != c.Name() {
			t.Errorf("%s: version %s became %s: %v\n%s", d.Name, c.Version(), b.Version(), err, c.Text())
		}
	}
}
