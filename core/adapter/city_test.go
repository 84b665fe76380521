package adapter

import (
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// An order stands the same whatever the order and number in which messages come,
// and what is behind a gap does not count.
func TestFoldCity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var down, up []CityMessage
		down = append(down, CityMessage{Seq: 1, Kind: CityOrder, At: AtCity(time.Unix(1, 0))})
		for i := range rapid.IntRange(0, 6).Draw(t, "n") {
			if rapid.Bool().Draw(t, "down") {
				down = append(down, CityMessage{Seq: len(down) + 1, Seen: len(up), Kind: rapid.SampledFrom(cityDown[1:]).Draw(t, "kind"), At: AtCity(time.Unix(int64(i+2), 0)), Data: CityData{Rating: i}})
			} else {
				seen := len(down)
				if n := len(up); n > 0 {
					seen = rapid.IntRange(up[n-1].Seen, len(down)).Draw(t, "seen")
				}
				up = append(up, CityMessage{Seq: len(up) + 1, Seen: seen, Kind: rapid.SampledFrom(cityUp).Draw(t, "kind"), At: AtCity(time.Unix(int64(i+2), 0))})
			}
		}
		want := FoldCity(down, up)
		shuffled := func(m []CityMessage) []CityMessage { return rapid.Permutation(append(m, m...)).Draw(t, "shuffled") }
		if got := FoldCity(shuffled(down), shuffled(up)); got != want {
			t.Fatalf("%+v, shuffled %+v", want, got)
		}
		if len(up) > 1 {
			if got := FoldCity(down, up[1:]); got.Up != 0 {
				t.Fatalf("counted behind a gap: %+v", got)
			}
		}
	})
}

func TestFoldCityLife(t *testing.T) {
	at := AtCity(time.Unix(1_800_000_000, 0))
	say := func(seq, seen int, kind string) CityMessage {
		return CityMessage{Seq: seq, Seen: seen, Kind: kind, At: at}
	}
	for name, c := range map[string]struct {
		down, up []CityMessage
		want     string
	}{
		"sent down":         {[]CityMessage{say(1, 0, CityOrder)}, nil, CityDispatched},
		"signed":            {[]CityMessage{say(1, 0, CityOrder)}, []CityMessage{say(1, 1, CitySign)}, CitySigned},
		"a return is asked": {[]CityMessage{say(1, 0, CityOrder)}, []CityMessage{say(1, 1, CityReturn)}, CityReturning},
		"a return is refused before it was signed": {[]CityMessage{say(1, 0, CityOrder), say(2, 1, CityRefuseReturn)}, []CityMessage{say(1, 1, CityReturn)}, CityDispatched},
		"a return is accepted: no report counts":   {[]CityMessage{say(1, 0, CityOrder), say(2, 1, CityAcceptReturn)}, []CityMessage{say(1, 1, CityReturn), say(2, 2, CitySign)}, CityReturned},
		"closed":                                   {[]CityMessage{say(1, 0, CityOrder)}, []CityMessage{say(1, 1, CitySign), say(2, 1, CityReply), say(3, 1, CityClose)}, CityClosed},
		"to be redone":                             {[]CityMessage{say(1, 0, CityOrder), say(2, 2, CityRedo)}, []CityMessage{say(1, 1, CitySign), say(2, 1, CityReply)}, CitySigned},
		"closed by one who had not seen that it is to be redone": {[]CityMessage{say(1, 0, CityOrder), say(2, 2, CityRedo)}, []CityMessage{say(1, 1, CitySign), say(2, 1, CityReply), say(3, 1, CityClose)}, CitySigned},
		"closed by one who had":                                  {[]CityMessage{say(1, 0, CityOrder), say(2, 2, CityRedo)}, []CityMessage{say(1, 1, CitySign), say(2, 1, CityReply), say(3, 2, CityClose)}, CityClosed},
		"withdrawn, then closed":                                 {[]CityMessage{say(1, 0, CityOrder), say(2, 1, CityWithdraw)}, []CityMessage{say(1, 1, CitySign), say(2, 2, CityClose)}, CityWithdrawn},
	} {
		if got := FoldCity(c.down, c.up).State; got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// What is not signed, was changed on the way, or is of another time is refused;
// a sender whose clock is off learns it from the answer.
func TestCitySignature(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	city := NewCitySimulator(nil, "secret", func() time.Time { return now }, time.UTC, 1, CityFaults{})
	no := city.Order(CityData{Text: "路灯不亮"})
	peer := &CityPeer{URL: "http://city", Name: "district", Secret: "secret", Client: &http.Client{Transport: Inside{city}}, Now: func() time.Time { return now.Add(3 * time.Hour) }}
	m := CityMessage{ID: "a", No: no, Seq: 1, Seen: 1, Kind: CitySign, At: AtCity(now)}
	if r, err := peer.Send(t.Context(), m); err != nil || r.State != "taken" {
		t.Fatalf("%+v %v", r, err)
	}
	if r, err := peer.Send(t.Context(), m); err != nil || r.State != "repeated" {
		t.Fatalf("%+v %v", r, err)
	}
	peer.Secret = "other"
	if _, err := peer.Send(t.Context(), m); err == nil || !strings.Contains(err.Error(), "wrong_signature") {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/exchange/v1/messages", strings.NewReader(`{}`))
	stamp := "1800000000"
	r.Header.Set(citySender, "x")
	r.Header.Set(cityStamp, stamp)
	good := citySign("secret", "x", stamp, "POST", "/exchange/v1/messages", []byte(`{}`))
	r.Header.Set(citySignature, hex.EncodeToString(good))
	if no := VerifyCity(r, []byte(`{}`), "secret", now, time.Minute); no != nil {
		t.Error(no)
	}
	if no := VerifyCity(r, []byte(`{ }`), "secret", now, time.Minute); no == nil || no.Code != "wrong_signature" {
		t.Error("a changed body", no)
	}
	if no := VerifyCity(r, []byte(`{}`), "secret", now.Add(2*time.Minute), time.Minute); no == nil || no.Code != "clock_skew" {
		t.Error("an old message", no)
	}
	if no := VerifyCity(r, []byte(`{}`), "", now, time.Minute); no == nil {
		t.Error("no secret is no signature")
	}
}

func FuzzCityCheck(f *testing.F) {
	f.Add("id", "no", 1, "order")
	f.Fuzz(func(t *testing.T, id, no string, seq int, kind string) {
		m := CityMessage{ID: id, No: no, Seq: seq, Kind: kind, At: AtCity(time.Unix(1, 0))}
		if m.Check(true) == "" && (id == "" || no == "" || seq < 1) {
			t.Errorf("%+v passed", m)
		}
	})
}
