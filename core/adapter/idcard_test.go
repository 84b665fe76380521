package adapter

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestRegisterOfIdentityCards(t *testing.T) {
	ctx := context.Background()
	sim := &IDCardSimulator{}
	sim.Tell("11010519491231002X", IDCardLost)
	for number, want := range map[string]IDCardState{"44030619900101121X": IDCardGood, "440306199001011211": IDCardUnknown, "": IDCardUnknown, "11010519491231002X": IDCardLost} {
		if got, err := sim.Card(ctx, "李记", number); err != nil || got != want {
			t.Errorf("%s: %s %v, want %s", number, got, err, want)
		}
	}
	answer := `{"state":"over"}`
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in map[string]string
		if json.NewDecoder(r.Body).Decode(&in) != nil || in["name"] != "李记" || in["id_number"] == "" || r.Header.Get("Authorization") != "Bearer key" {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		_, _ = w.Write([]byte(answer))
	}))
	defer srv.Close()
	g := &IDCardGateway{URL: srv.URL, Key: "key", Client: srv.Client()}
	if got, err := g.Card(ctx, "李记", "44030619900101121X"); err != nil || got != IDCardOver {
		t.Errorf("%s %v", got, err)
	}
	// What is no answer opens nothing.
	for _, answer = range []string{`{"state":"fine"}`, `{}`, `no`, ``} {
		if got, err := g.Card(ctx, "李记", "44030619900101121X"); err == nil {
			t.Errorf("%q is taken for %s", answer, got)
		}
	}
	if _, err := g.Card(ctx, "张三", "44030619900101121X"); err == nil {
		t.Error("a refusal is taken for an answer")
	}
}
