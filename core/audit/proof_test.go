package audit_test

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"shanzhi/core/audit"
	"shanzhi/core/store"
	"shanzhi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// A proof says of what was sealed that it is as it was, and of nothing else.
func TestProof(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { proves(t, filepath.Join(t.TempDir(), "a.db")) })
	t.Run("postgres", func(t *testing.T) { proves(t, testkit.Postgres(t)) })
}

func proves(t *testing.T, dsn string) {
	ctx := context.Background()
	s, err := store.Open(ctx, dsn, store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Migrate(ctx, audit.Room()); err != nil {
		t.Fatal(err)
	}
	_, key, _ := ed25519.GenerateKey(nil)
	log := &audit.Log{Store: s, Key: key, Outside: audit.File(filepath.Join(t.TempDir(), "heads"))}
	write := func(object string, n int) {
		for i := range n {
			if err := s.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				return audit.Write(ctx, tx, audit.Record{Actor: 7, Unit: "u", Action: "appeal.note", Object: object, Reason: "理由"}, map[string]int{"seq": i})
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	seal := func() {
		if _, err := log.Seal(ctx); err != nil {
			t.Fatal(err)
		}
	}
	for size := range 8 { // ranges of every shape: ours stands first, last, alone, in the middle
		write("matter/1", size%3)
		write("matter/2", size)
		write("matter/1", size%2)
		seal()
	}
	write("matter/1", 1)
	p, err := log.Prove(ctx, "matter/1")
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for size := range 8 {
		want += size%3 + size%2
	}
	if unsealed, wrong := p.Check(hex.EncodeToString(key.Public().(ed25519.PublicKey))); len(p.Records) != want+1 || unsealed != 1 || len(wrong) != 0 {
		t.Fatalf("%d records, want %d; %d not sealed; %q", len(p.Records), want+1, unsealed, wrong)
	}
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	changed := func(name string, change func(p *audit.Proof)) {
		var c audit.Proof
		if err := json.Unmarshal(raw, &c); err != nil {
			t.Fatal(err)
		}
		if _, wrong := c.Check(""); len(wrong) != 0 {
			t.Fatalf("read again: %q", wrong)
		}
		change(&c)
		if _, wrong := c.Check(""); len(wrong) == 0 {
			t.Errorf("%s: nobody saw it", name)
		}
	}
	for i := range want {
		changed(fmt.Sprint("the reason of ", i), func(p *audit.Proof) { p.Records[i].Reason = "理由。" })
		changed(fmt.Sprint("who did ", i), func(p *audit.Proof) { p.Records[i].Actor = 8 })
		changed(fmt.Sprint("when ", i), func(p *audit.Proof) { p.Records[i].At = store.At(p.Records[i].At.Add(1000)) })
		changed(fmt.Sprint("the detail of ", i), func(p *audit.Proof) { p.Records[i].Detail += " " })
		changed(fmt.Sprint("the head of ", i), func(p *audit.Proof) { p.Records[i].Head.Size++ })
		changed(fmt.Sprint("the signature of ", i), func(p *audit.Proof) {
			p.Records[i].Head.Signature = strings.Repeat("0", len(p.Records[i].Head.Signature))
		})
	}
	changed("the key", func(p *audit.Proof) { p.Key = strings.Repeat("0", len(p.Key)) })
	if _, wrong := p.Check("00"); len(wrong) == 0 {
		t.Error("another key is as good")
	}
	if p, err := log.Prove(ctx, "matter/9"); err != nil || len(p.Records) != 0 {
		t.Errorf("nothing was done: %+v %v", p, err)
	}
}
