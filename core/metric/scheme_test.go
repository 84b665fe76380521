package metric

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shanzhi/core/rule"
)

// The points that Lianyungang published for six units in 2020–2023 (domain notes on
// appeals, 1.9): 25 points each for timeliness and satisfaction.
func TestPublishedPoints(t *testing.T) {
	onTime := Scorer{Full: 25, Target: 100, Slope: 1}
	satisfied := Scorer{Full: 25, Target: 98, Slope: 0.5, Floor: 12.5}
	for _, c := range []struct {
		s            Scorer
		value, point float64
	}{{onTime, 89.82, 14.82}, {satisfied, 87.5, 19.75}, {satisfied, 83.33, 17.67}, {satisfied, 75, 13.5}, {satisfied, 71.43, 12.5}, {satisfied, 50, 12.5}, {satisfied, 98, 25}, {satisfied, 100, 25}} {
		if got := c.s.Points(c.value, false); math.Abs(got-c.point) > 0.0051 {
			t.Errorf("%v gives %v points, published %v", c.value, got, c.point)
		}
	}
	if got := (Scorer{Full: 10, Target: 2, Slope: 1}).Points(5, true); got != 7 {
		t.Errorf("less is better: 5 over a target of 2 gives %v", got)
	}
}

var grains = map[string]rule.Vars{"order": {"on_time": "bool", "hours": "double", "waived": "bool"}, "rating": {"score": "int"}}

func book(t testing.TB) *Book {
	b := &Book{
		Indicators: []*Indicator{
			{ID: "on_time", Name: Text{"en": "on time"}, Grain: "order", How: "ratio", Value: "on_time", Exclude: "waived", Least: 2},
			{ID: "satisfied", Name: Text{"en": "satisfied"}, Grain: "rating", How: "ratio", Value: "score >= 4 ? 1.0 : score == 3 ? 0.6 : 0.0"},
			{ID: "hours", Name: Text{"en": "hours"}, Grain: "order", How: "median", Value: "hours", Low: true},
			{ID: "volume", Name: Text{"en": "volume"}, Grain: "order", How: "count"},
		},
		Schemes: []*Scheme{{ID: "s", Groups: []Group{{Kinds: []string{"street"}}, {Kinds: []string{"department"}}}, Red: 1, Black: 1, Beside: []string{"volume"},
			Items:  []Item{{Indicator: "on_time", Scorer: Scorer{Full: 25, Target: 100, Slope: 1}}, {Indicator: "satisfied", Scorer: Scorer{Full: 25, Target: 98, Slope: 0.5, Floor: 12.5}}},
			Extras: []Extra{{ID: "slow", Grain: "order", When: "hours > 100.0", Points: -1, Most: 2}, {ID: "innovation", Points: 5, Most: 5}}}},
	}
	if err := b.Compile(grains); err != nil {
		t.Fatal(err)
	}
	return b
}

func order(key int64, unit string, onTime bool, hours float64) Row {
	return Row{key, unit, map[string]any{"on_time": onTime, "hours": hours, "waived": false}}
}

func member(unit string) (int, bool) {
	return map[byte]int{'s': 0, 'd': 1}[unit[0]], unit[0] == 's' || unit[0] == 'd'
}

func TestAssess(t *testing.T) {
	b := book(t)
	rows := map[string][]Row{}
	for i := range 10 {
		rows["order"] = append(rows["order"], order(int64(i), "s1", i > 0, float64(i)), order(int64(10+i), "s2", true, 1), order(int64(20+i), "s3", true, 1), order(int64(30+i), "d1", i > 4, 200))
	}
	waived := order(99, "s1", false, 0)
	waived.Facts["waived"] = true
	rows["order"] = append(rows["order"], waived, order(98, "s4", true, 1)) // one alone is too few
	rows["rating"] = []Row{{1, "s1", map[string]any{"score": 5}}, {2, "s1", map[string]any{"score": 3}}}
	got, err := b.Assess(b.Scheme("s"), []string{"s1", "s2", "s3", "s4", "s5", "d1", "x9"}, member, rows, Manual{"s2": {"innovation": 9}})
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]Result{}
	for _, r := range got {
		of[r.Unit] = r
	}
	if len(of) != 6 {
		t.Errorf("%d units are assessed", len(of))
	}
	s1 := of["s1"]
	if s1.Lines[0].Denominator != 10 || s1.Lines[0].Excluded != 1 || *s1.Lines[0].Value != 90 || *s1.Lines[0].Points != 15 || *s1.Lines[1].Value != 80 || *s1.Lines[1].Points != 16 {
		t.Errorf("s1: %+v", s1.Lines)
	}
	if s1.Points != 31 || s1.Full != 50 || s1.Rate != 62 || s1.Rank != 3 {
		t.Errorf("s1 has %v of %v (%v %%), rank %d", s1.Points, s1.Full, s1.Rate, s1.Rank)
	}
	// Nobody rated s2 and s3: that item is out of their full points. A bonus is capped.
	if s2, s3 := of["s2"], of["s3"]; s2.Full != 25 || s2.Points != 30 || s3.Points != 25 || s2.Rank != 1 || s3.Rank != 2 || !s2.Red || s3.Red {
		t.Errorf("s2 %+v, s3 %+v", s2, s3)
	}
	for _, u := range []string{"s4", "s5"} { // too few, and none at all
		if r := of[u]; r.Rank != 0 || r.Red || r.Black {
			t.Errorf("%s is ranked: %+v", u, r)
		}
	}
	if d := of["d1"]; *d.Lines[2].Points != -2 || d.Rank != 1 || d.Black || !of["s1"].Black {
		t.Errorf("d1: %+v", d)
	}
	if losses := s1.Lines[0].Losses; len(losses) != 1 || losses[0].Key != 0 || math.Abs(losses[0].Points-10) > 1e-9 {
		t.Errorf("what s1 lost: %+v", losses)
	}
}

func TestTiesShareARank(t *testing.T) {
	b := book(t)
	rows := map[string][]Row{}
	for i, u := range []string{"s1", "s2", "s3", "s4"} {
		for k := range 4 {
			rows["order"] = append(rows["order"], order(int64(i*10+k), u, k > 0 || u == "s4", 1))
		}
	}
	got, err := b.Assess(b.Scheme("s"), []string{"s1", "s2", "s3", "s4"}, member, rows, nil)
	if err != nil {
		t.Fatal(err)
	}
	var ranks []int
	for _, r := range got {
		ranks = append(ranks, r.Rank)
	}
	if fmt.Sprint(ranks) != "[2 2 2 1]" {
		t.Errorf("ranks %v", ranks)
	}
}

// Whatever the rows: points lie between floor and cap, what rows cost adds up to
// what was lost, and the order of the rows does not matter.
func TestAssessAnyRows(t *testing.T) {
	b := book(t)
	rapid.Check(t, func(r *rapid.T) {
		var orders []Row
		for i := range rapid.IntRange(0, 60).Draw(r, "orders") {
			o := order(int64(i), rapid.SampledFrom([]string{"s1", "s2", "d1"}).Draw(r, "unit"), rapid.Bool().Draw(r, "on time"), rapid.Float64Range(0, 300).Draw(r, "hours"))
			o.Facts["waived"] = rapid.Bool().Draw(r, "waived")
			orders = append(orders, o)
		}
		units := []string{"s1", "s2", "d1"}
		got, err := b.Assess(b.Scheme("s"), units, member, map[string][]Row{"order": orders}, nil)
		if err != nil {
			r.Fatal(err)
		}
		shuffled := rapid.Permutation(orders).Draw(r, "order")
		again, err := b.Assess(b.Scheme("s"), units, member, map[string][]Row{"order": shuffled}, nil)
		if err != nil {
			r.Fatal(err)
		}
		for i := range got {
			if got[i].Points != again[i].Points || got[i].Rank != again[i].Rank {
				r.Fatalf("in another order: %+v, %+v", got[i], again[i])
			}
			l := got[i].Lines[0]
			if l.Points == nil {
				continue
			}
			if *l.Points < 0 || *l.Points > l.Full {
				r.Fatalf("%v of %v points", *l.Points, l.Full)
			}
			sum := 0.0
			for _, x := range l.Losses {
				sum += x.Points
			}
			if math.Abs(sum-(l.Full-*l.Points)) > 1e-9 {
				r.Fatalf("the rows cost %v, %v points were lost", sum, l.Full-*l.Points)
			}
		}
	})
}

func TestWrongBooks(t *testing.T) {
	for want, spoil := range map[string]func(b *Book){
		"no grain":      func(b *Book) { b.Indicators[0].Grain = "moon" },
		"is not one of": func(b *Book) { b.Indicators[0].How = "average" },
		"undeclared":    func(b *Book) { b.Indicators[0].Value = "on_tyme" },
		"not a number":  func(b *Book) { b.Indicators[0].Value = `"yes"` },
		"true or false": func(b *Book) { b.Indicators[0].Count = "hours" },
		"stands twice":  func(b *Book) { b.Indicators = append(b.Indicators, b.Indicators[0]) },
		"no indicator":  func(b *Book) { b.Schemes[0].Items[0].Indicator = "luck" },
		"nobody":        func(b *Book) { b.Schemes[0].Groups = nil },
		"below nothing": func(b *Book) { b.Schemes[0].Items[0].Slope = -1 },
		"s: slow":       func(b *Book) { b.Schemes[0].Extras[0].When = "hours >" },
		"needs an id":   func(b *Book) { b.Schemes[0].ID = "" },
		"needs id and":  func(b *Book) { b.Indicators[0].Name = nil },
		`"nothing"`:     func(b *Book) { b.Schemes[0].Beside = []string{"nothing"} },
	} {
		b := book(t)
		spoil(b)
		if err := b.Compile(grains); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q in it", err, want)
		}
	}
}
