package kiosk

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Queue is what a device did, on its disk: lines that are only added, each signed and
// chained to the one before. It holds nothing personal in clear.
type Queue struct {
	mu   sync.Mutex
	file *os.File
	key  ed25519.PrivateKey
	all  []QueueEntry // those that the house may not have yet, and the last
	last *QueueEntry
	now  func() time.Time
}

// OpenQueue opens the queue of a device and checks it whole. A last line that was cut off
// in the writing was never a promise, and is dropped; a queue that was altered is an
// error.
func OpenQueue(path string, key ed25519.PrivateKey, now func() time.Time) (*Queue, error) {
	raw, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	q := &Queue{key: key, now: now}
	whole := 0
	in := bufio.NewReader(bytes.NewReader(raw))
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			break // the rest was cut off
		}
		var e QueueEntry
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("%w: line %d", ErrTampered, len(q.all)+1)
		}
		var prev []byte
		if q.last != nil {
			prev = q.last.Hash
		}
		if e.Seq != int64(len(q.all))+1 || e.Check(key.Public().(ed25519.PublicKey), prev) != nil {
			return nil, fmt.Errorf("%w: line %d", ErrTampered, len(q.all)+1)
		}
		q.all = append(q.all, e)
		q.last = &q.all[len(q.all)-1]
		whole += len(line)
	}
	if q.file, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return nil, err
	}
	if err := errors.Join(q.file.Truncate(int64(whole)), syncDir(path)); err != nil {
		return nil, err
	}
	_, err = q.file.Seek(int64(whole), 0)
	return q, err
}

func syncDir(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// Add writes an entry; it is on the disk when Add returns.
func (q *Queue) Add(kind string, data any, sealed []byte) (QueueEntry, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	e, err := NewEntry(q.key, q.last, q.now(), kind, data, sealed)
	if err != nil {
		return e, err
	}
	raw, err := json.Marshal(e)
	if err != nil {
		return e, err
	}
	if _, err := q.file.Write(append(raw, '\n')); err != nil {
		return e, err
	}
	if err := q.file.Sync(); err != nil {
		return e, err
	}
	q.all = append(q.all, e)
	q.last = &q.all[len(q.all)-1]
	return e, nil
}

// After are the next entries after the one of a number, as many as one request takes.
func (q *Queue) After(seq int64) []QueueEntry {
	q.mu.Lock()
	defer q.mu.Unlock()
	var out []QueueEntry
	size := 0
	for _, e := range q.all[min(seq, int64(len(q.all))):] {
		if size += len(e.Data) + len(e.Sealed); len(out) == 50 || size > 4<<20 && len(out) > 0 {
			break
		}
		out = append(out, e)
	}
	return out
}

// Len is how many entries there are.
func (q *Queue) Len() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return int64(len(q.all))
}

// Unended are prints that were begun and did not end, and those that ended and were not
// taken: what was under way when the power went.
func (q *Queue) Unended() (begun, printed []SheetEntry) {
	q.mu.Lock()
	defer q.mu.Unlock()
	open, ended := map[string]SheetEntry{}, map[string]SheetEntry{}
	for _, e := range q.all {
		var x SheetEntry
		if json.Unmarshal(e.Data, &x) != nil {
			continue
		}
		at := fmt.Sprintf("%s %d", x.Series, x.No)
		switch e.Kind {
		case PrintBegun:
			open[at] = x
		case Printed:
			delete(open, at)
			ended[at] = x
		case Wasted, Taken:
			delete(open, at)
			delete(ended, at)
		}
	}
	for _, x := range open {
		begun = append(begun, x)
	}
	for _, x := range ended {
		printed = append(printed, x)
	}
	return begun, printed
}

// Close closes the file.
func (q *Queue) Close() error { return q.file.Close() }
