package kiosk

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What was added is there after a restart; a line that was cut off is dropped, one that was
// altered or taken out is noticed, and nothing personal lies in clear.
func TestTheQueueOnTheDisk(t *testing.T) {
	public, key, _ := ed25519.GenerateKey(nil)
	box, err := BoxKey(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "queue.jsonl")
	open := func() (*Queue, error) { return OpenQueue(path, key, time.Now) }
	q, err := open()
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := Seal(box.PublicKey().Bytes(), []byte(`{"phone":"16000000077"}`))
	if err != nil {
		t.Fatal(err)
	}
	a := SheetEntry{Pickup: "1", Series: "YZ", No: 1}
	b := SheetEntry{Pickup: "1", Series: "YZ", No: 2}
	for _, e := range []struct {
		kind   string
		data   any
		sealed []byte
	}{{Visit, VisitEntry{Function: "apply"}, nil}, {CallBack, struct{}{}, sealed}, {PrintBegun, a, nil}, {Printed, a, nil}, {PrintBegun, b, nil}} {
		if _, err := q.Add(e.kind, e.data, e.sealed); err != nil {
			t.Fatal(err)
		}
	}
	q.Close()
	raw, _ := os.ReadFile(path)
	if bytes.Contains(raw, []byte("16000000077")) {
		t.Fatal("a phone lies in clear")
	}
	write := func(b []byte) { _ = os.WriteFile(path, b, 0o600) }
	write(append(bytes.Clone(raw), `{"seq":6,"at":1,"kin`...))
	if q, err = open(); err != nil || q.Len() != 5 {
		t.Fatal(q, err)
	}
	if begun, printed := q.Unended(); len(begun) != 1 || begun[0].No != 2 || len(printed) != 1 || printed[0].No != 1 {
		t.Fatalf("%+v %+v", begun, printed)
	}
	var prev []byte
	for _, e := range q.After(0) {
		if err := e.Check(public, prev); err != nil {
			t.Fatal(e.Seq, err)
		}
		prev = e.Hash
	}
	if got := q.After(3); len(got) != 2 || got[0].Seq != 4 {
		t.Errorf("%+v", got)
	}
	if e, err := q.Add(Wasted, b, nil); err != nil || e.Seq != 6 {
		t.Error(e, err)
	}
	q.Close()
	plain, err := Open(box, sealed)
	if err != nil || string(plain) != `{"phone":"16000000077"}` {
		t.Error(string(plain), err)
	}
	lines := strings.SplitAfter(string(raw), "\n")
	for what, spoilt := range map[string]string{
		"altered":   strings.Replace(string(raw), `"apply"`, `"print"`, 1),
		"left out":  lines[0] + strings.Join(lines[2:], ""),
		"turned":    lines[1] + lines[0] + strings.Join(lines[2:], ""),
		"no entry":  lines[0] + "{}\n",
		"not JSON":  lines[0] + "nonsense\n",
		"twice":     lines[0] + lines[0],
		"beginning": strings.Join(lines[1:], ""),
	} {
		write([]byte(spoilt))
		if _, err := open(); !errors.Is(err, ErrTampered) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
