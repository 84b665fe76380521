package halls

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func queueRules() QueueRules {
	r := defaultRules()
	r.Priorities = []Priority{{Code: "elder", Ahead: span(10 * time.Minute)}, {Code: "booked", Ahead: span(20 * time.Minute)}, {Code: "onward", Ahead: span(time.Hour)}}
	return r
}

// However many come with priority, nobody is overtaken more often than the rules allow:
// who waits is called after at most those who were before them and so many more.
func TestNobodyStarves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := queueRules()
		r.OvertakenAtMost = rapid.IntRange(1, 6).Draw(t, "most")
		h := &Hall{Kinds: []HallKind{{Code: "k"}}, Windows: []HallWindow{{Code: "1", Kinds: []string{"k"}, Channels: []Channel{Counter}}}}
		w := &h.Windows[0]
		type one struct {
			Waiting
			before, calls int
		}
		var in []one
		var calls []calledOne
		now := time.Unix(0, 0)
		id := int64(0)
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(1, 600).Draw(t, "s")) * time.Second)
			if rapid.IntRange(0, 2).Draw(t, "comes") > 0 {
				id++
				in = append(in, one{Waiting: Waiting{ID: id, Kind: "k", Channel: Counter, Order: now, Class: rapid.SampledFrom([]string{"", "", "elder", "booked", "onward"}).Draw(t, "class")}, before: len(in)})
				continue
			}
			waiting, since := make([]Waiting, len(in)), make([]time.Time, len(in))
			for i, x := range in {
				waiting[i], since[i] = x.Waiting, x.Order
			}
			overtake(waiting, since, calls, h)
			i := r.next(waiting, w, w.Channels, nil)
			if (i < 0) != (len(in) == 0) {
				t.Fatalf("nobody was called of %d", len(in))
			}
			if i < 0 {
				continue
			}
			for j := range in {
				if in[j].calls++; in[j].calls > in[j].before+r.OvertakenAtMost+1 {
					t.Fatalf("%+v waited %d calls, with %d before", in[j].Waiting, in[j].calls, in[j].before)
				}
				if waiting[j].Overtaken > r.OvertakenAtMost {
					t.Fatalf("overtaken %d times", waiting[j].Overtaken)
				}
			}
			calls = append(calls, calledOne{in[i].Order, now, "1"})
			in = append(in[:i], in[i+1:]...)
		}
	})
}

// A priority is a head start, not a lane of its own.
func TestOrderOfTheQueue(t *testing.T) {
	r := queueRules()
	at := func(min int) time.Time { return time.Unix(0, 0).Add(time.Duration(min) * time.Minute) }
	for _, c := range []struct {
		what  string
		a, b  Waiting
		first bool
	}{
		{"who came first", Waiting{Order: at(0)}, Waiting{Order: at(1)}, true},
		{"an elder 9 minutes later", Waiting{Order: at(0)}, Waiting{Order: at(9), Class: "elder"}, false},
		{"an elder 11 minutes later", Waiting{Order: at(0)}, Waiting{Order: at(11), Class: "elder"}, true},
		{"booked before elder", Waiting{Order: at(0), Class: "elder"}, Waiting{Order: at(5), Class: "booked"}, false},
		{"overtaken enough", Waiting{Order: at(0), Overtaken: 5}, Waiting{Order: at(1), Class: "onward"}, true},
		{"an unknown class is none", Waiting{Order: at(0)}, Waiting{Order: at(1), Class: "?"}, true},
	} {
		if got := r.order(c.a, c.b) < 0; got != c.first {
			t.Errorf("%s: %v", c.what, got)
		}
	}
}

// A clerk takes any channel that the window and their skills cover, and none else.
func TestOneQueueForAllChannels(t *testing.T) {
	r := queueRules()
	w := &HallWindow{Code: "2", Kinds: []string{"a", "b"}}
	in := []Waiting{{ID: 1, Kind: "a", Channel: Video, Order: time.Unix(1, 0)}, {ID: 2, Kind: "b", Channel: Phone, Order: time.Unix(2, 0)}, {ID: 3, Kind: "a", Channel: Counter, Order: time.Unix(3, 0)}, {ID: 4, Kind: "a", Channel: Counter, Order: time.Unix(0, 0), Target: "9"}}
	for _, c := range []struct {
		channels []Channel
		skills   []string
		want     int64
	}{{[]Channel{Counter, Phone, Video}, nil, 1}, {[]Channel{Counter, Phone}, nil, 2}, {[]Channel{Counter}, nil, 3}, {[]Channel{Counter, Phone, Video}, []string{"b"}, 2}, {[]Channel{Phone}, []string{"a"}, 0}} {
		i := r.next(in, w, c.channels, c.skills)
		got := int64(0)
		if i >= 0 {
			got = in[i].ID
		}
		if got != c.want {
			t.Errorf("%v %v: %d, want %d", c.channels, c.skills, got, c.want)
		}
	}
}
