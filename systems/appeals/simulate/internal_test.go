package simulate

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func week(t testing.TB) *worktime {
	zone := time.FixedZone("CST", 8*3600)
	return newWorktime(time.Date(2025, 3, 1, 0, 0, 0, 0, zone), time.Date(2025, 4, 1, 0, 0, 0, 0, zone),
		func(y int, m time.Month, d int) bool {
			wd := time.Date(y, m, d, 0, 0, 0, 0, zone).Weekday()
			return wd != time.Saturday && wd != time.Sunday
		})
}

func TestWorktime(t *testing.T) {
	w := week(t)
	at := func(s string) int64 {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, w.zone)
		if err != nil {
			t.Fatal(err)
		}
		return v.Unix()
	}
	for _, c := range []struct {
		from    string
		minutes int64
		want    string
	}{
		{"2025-03-03 09:00", 60, "2025-03-03 10:00"}, // Monday
		{"2025-03-03 11:30", 60, "2025-03-03 14:30"}, // over lunch
		{"2025-03-03 13:00", 10, "2025-03-03 14:10"},
		{"2025-03-03 17:30", 60, "2025-03-04 09:30"},
		{"2025-03-07 17:30", 60, "2025-03-10 09:30"}, // over the weekend
		{"2025-03-08 12:00", 0, "2025-03-10 09:00"},
		{"2025-03-03 02:00", 420, "2025-03-03 18:00"},
		{"2025-03-03 02:00", 421, "2025-03-04 09:01"},
	} {
		if got := w.add(at(c.from), c.minutes*60); got != at(c.want) {
			t.Errorf("%s and %d minutes: %v, want %s", c.from, c.minutes, time.Unix(got, 0).In(w.zone), c.want)
		}
	}
	for _, c := range []struct {
		from, limit string
		always      bool
		want        string
	}{
		{"2025-03-03 10:00", "1wd", false, "2025-03-04 18:00"},
		{"2025-03-07 10:00", "1wd", false, "2025-03-10 18:00"},
		{"2025-03-08 10:00", "5wd", true, "2025-03-14 18:00"},
		{"2025-03-03 23:00", "2h", true, "2025-03-04 01:00"},
		{"2025-03-03 17:00", "2h", false, "2025-03-04 10:00"},
		{"2025-03-03 17:00", "30m", true, "2025-03-03 17:30"},
	} {
		l, err := parseLimit(c.limit)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.due(at(c.from), l, c.always); got != at(c.want) {
			t.Errorf("%s and %s: %v, want %s", c.from, c.limit, time.Unix(got, 0).In(w.zone), c.want)
		}
	}
	seven, err := parseLimit("7d")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := w.due(at("2025-03-03 10:00"), seven, true), at("2025-03-11 00:00")-1; got != want {
		t.Errorf("seven days end at %v", time.Unix(got, 0).In(w.zone))
	}
	for _, bad := range []string{"", "soon", "5", "wd", "fivewd", "d"} {
		if l, err := parseLimit(bad); err == nil {
			t.Errorf("limit %q is %+v", bad, l)
		}
	}
}

// Working time added in two parts is the same as added at once, and always
// ends in a shift.
func TestWorktimeAdds(t *testing.T) {
	w := week(t)
	rapid.Check(t, func(t *rapid.T) {
		from := w.starts[10] + rapid.Int64Range(0, 20*86400).Draw(t, "from")
		a, b := rapid.Int64Range(0, 30*3600).Draw(t, "a"), rapid.Int64Range(0, 30*3600).Draw(t, "b")
		once, twice := w.add(from, a+b), w.add(w.add(from, a), b)
		// The end of a shift and the start of the next are the same working time.
		if once != twice && w.add(once, 1) != w.add(twice, 1) {
			t.Fatalf("%d, %d + %d: %d or %d", from, a, b, once, twice)
		}
		day := w.day(once)
		if !w.work[day] || once < w.starts[day]+9*3600 || once > w.starts[day]+18*3600 {
			t.Fatalf("%v is not in working time", time.Unix(once, 0).In(w.zone))
		}
	})
}

func TestAliasDrawsByWeight(t *testing.T) {
	weights := []float64{0, 1, 2, 0, 7, 0.5}
	const n = 200_000
	a, r := newAlias(weights), newRandom(1, 2)
	got := make([]float64, len(weights))
	for range n {
		got[a.draw(r)]++
	}
	for i, w := range weights {
		if want := w / 10.5; math.Abs(got[i]/n-want) > 0.006 {
			t.Errorf("%d: %.4f, want %.4f", i, got[i]/n, want)
		}
	}
	if newAlias(nil) != nil {
		t.Error("an alias of nothing")
	}
	even, ones := newAlias([]float64{0, 0}), 0
	for range n {
		ones += even.draw(r)
	}
	if math.Abs(float64(ones)/n-0.5) > 0.01 {
		t.Errorf("of two without weight, one is drawn %d times of %d", ones, n)
	}
}

func TestPoisson(t *testing.T) {
	for _, mean := range []float64{0, 0.3, 4, 29, 500} {
		r, sum, squares := newRandom(3, 4), 0.0, 0.0
		const n = 40_000
		for range n {
			v := float64(r.poisson(mean))
			sum += v
			squares += v * v
		}
		got := sum / n
		if variance := squares/n - got*got; math.Abs(got-mean) > 0.03*mean+0.01 || math.Abs(variance-mean) > 0.06*mean+0.01 {
			t.Errorf("mean %v, variance %v, want %v", got, variance, mean)
		}
	}
}

// Habits and typos are written by hand: a string of months that is too short
// would be found only in December, a typo of another length would cut a rune.
func TestTablesAreWhole(t *testing.T) {
	for _, h := range habits {
		if h.months != "" && len(h.months) != 12 || len(h.words) == 0 {
			t.Errorf("%v: months %q", h.words, h.months)
		}
	}
	for _, p := range typoPairs {
		if len(p[0]) != len(p[1]) || string(p[0]) == string(p[1]) {
			t.Errorf("typo %s for %s", p[1], p[0])
		}
	}
	for i, th := range themes {
		if len(th.impacts) < 3 || len(th.actions) < 3 || len(th.excuses) < 2 || len(th.measures) < 2 || (th.words == nil) != (i == len(themes)-1) {
			t.Errorf("theme %d of %v is thin", i, th.words)
		}
	}
	mean := func(list []float64) (m float64) {
		for _, v := range list {
			m += v / float64(len(list))
		}
		return
	}
	if m, d := mean(months[1:]), mean(weekdays[:]); math.Abs(m-1) > 1e-9 || math.Abs(d-1) > 1e-9 {
		t.Errorf("months have mean %v, weekdays %v", m, d)
	}
}

func TestPhonesAreOnePersons(t *testing.T) {
	p := newPopulation(99, 124, 30_000)
	if p.each*124 > phones {
		t.Fatalf("%d citizens for %d numbers", p.each*124, phones)
	}
	seen := map[string]int64{}
	for id := int64(1); id <= 300_000; id++ {
		phone := p.person(id).Phone
		if other := seen[phone]; other != 0 {
			t.Fatalf("%d and %d have %s", other, id, phone)
		}
		seen[phone] = id
	}
}
