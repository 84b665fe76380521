package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"shanzhi/core/store"
)

// Head is the sealed end of the log at one moment.
type Head struct {
	Seq       int64      `bun:"seq"`
	At        store.Time `bun:"at"`
	LastTx    int64      `bun:"last_tx"`
	LastID    store.ID   `bun:"last_id"`
	Size      int64      `bun:"size"`
	Root      []byte     `bun:"root"`
	Head      []byte     `bun:"head"`
	Signature []byte     `bun:"signature"`
}

// Log seals and verifies the audit rows of a store.
type Log struct {
	Store   *store.Store
	Key     ed25519.PrivateKey
	Outside Outside // the heads, a second time, outside the database
}

// sealBatch bounds how many rows one range holds.
const sealBatch = 5000

// Seal seals the settled rows that are not sealed yet, in ranges, and says how
// many rows that were. Only the leader calls it.
func (l *Log) Seal(ctx context.Context) (sealed int, err error) {
	for {
		last, err := l.last(ctx)
		if err != nil {
			return sealed, err
		}
		rows, err := l.rows(ctx, last, sealBatch)
		if err != nil || len(rows) == 0 {
			return sealed, err
		}
		leaves := make([][]byte, len(rows))
		for i, r := range rows {
			leaves[i] = r.Hash
		}
		end := rows[len(rows)-1]
		next := Head{Seq: last.Seq + 1, At: store.At(l.Store.Now()), LastTx: end.Tx, LastID: end.ID, Size: last.Size + int64(len(rows)), Root: merkle(leaves)}
		next.Head = next.chain(last.Head)
		next.Signature = ed25519.Sign(l.Key, next.Head)
		// The file is written first: a head that is only in the file is sealed
		// again, with the same content, after a crash.
		line, _ := json.Marshal(headLine{next.Seq, next.Size, next.At.Time, hex.EncodeToString(next.Head), hex.EncodeToString(next.Signature)})
		if err := l.Outside.Append(ctx, next.Seq, line); err != nil {
			return sealed, err
		}
		if err := l.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO audit_head (seq, at, last_tx, last_id, size, root, head, signature) VALUES (?,?,?,?,?,?,?,?)`,
				next.Seq, next.At, next.LastTx, int64(next.LastID), next.Size, next.Root, next.Head, next.Signature)
			return err
		}); err != nil {
			return sealed, err
		}
		sealed += len(rows)
	}
}

func (l *Log) last(ctx context.Context) (Head, error) {
	h, err := store.Get[Head](ctx, l.Store, `SELECT * FROM audit_head ORDER BY seq DESC LIMIT 1`)
	if errors.Is(err, store.ErrNotFound) {
		return Head{}, nil
	}
	return h, err
}

func (l *Log) rows(ctx context.Context, after Head, limit int) ([]Record, error) {
	if l.Store.Dialect() == store.SQLite {
		return store.Select[Record](ctx, l.Store, `SELECT * FROM audit WHERE id > ? ORDER BY id LIMIT ?`, int64(after.LastID), limit)
	}
	return store.Select[Record](ctx, l.Store, `SELECT * FROM audit WHERE (tx, id) > (?, ?) AND `+l.Store.Dialect().Settled("tx")+` ORDER BY tx, id LIMIT ?`,
		after.LastTx, int64(after.LastID), limit)
}

func (h Head) chain(previous []byte) []byte {
	buf := append([]byte(nil), previous...)
	for _, n := range []int64{h.Seq, h.Size, h.LastTx, int64(h.LastID)} {
		buf = binary.BigEndian.AppendUint64(buf, uint64(n))
	}
	sum := sha256.Sum256(append(buf, h.Root...))
	return sum[:]
}

// merkle is the root of a binary hash tree over leaves, with the leaf and node
// prefixes of RFC 6962 §2.1, so that a node cannot be passed off as a leaf.
func merkle(leaves [][]byte) []byte {
	level := make([][]byte, len(leaves))
	for i, leaf := range leaves {
		level[i] = leafHash(leaf)
	}
	for len(level) > 1 {
		level = above(level)
	}
	return level[0]
}

// above is the level of a tree over another; what has nothing beside it goes up as
// it is.
func above(level [][]byte) (up [][]byte) {
	for i := 0; i < len(level); i += 2 {
		if i+1 == len(level) {
			up = append(up, level[i])
		} else {
			up = append(up, nodeHash(level[i], level[i+1]))
		}
	}
	return up
}

func leafHash(leaf []byte) []byte {
	sum := sha256.Sum256(append([]byte{0}, leaf...))
	return sum[:]
}

func nodeHash(left, right []byte) []byte {
	sum := sha256.Sum256(bytes.Join([][]byte{{1}, left, right}, nil))
	return sum[:]
}

type headLine struct {
	Seq  int64     `json:"seq"`
	Size int64     `json:"size"`
	At   time.Time `json:"at"`
	Head string    `json:"head"`
	Sign string    `json:"signature"`
}

// Report is what Verify found.
type Report struct {
	Rows     int64    `json:"rows"`     // rows read
	Sealed   int64    `json:"sealed"`   // of them under a signed head
	Heads    int64    `json:"heads"`    // heads checked
	Problems []string `json:"problems"` // empty when nothing was touched
}

// maxProblems bounds the report; one is already too many.
const maxProblems = 100

// Verify reads the whole log and compares rows, heads and the file of heads.
// It returns an error only when it could not read; what it found is in the
// report.
func (l *Log) Verify(ctx context.Context) (Report, error) {
	var rep Report
	problem := func(format string, args ...any) {
		if len(rep.Problems) < maxProblems {
			rep.Problems = append(rep.Problems, fmt.Sprintf(format, args...))
		}
	}
	outside, err := l.outside(ctx, problem)
	if err != nil {
		return rep, err
	}
	heads, err := store.Select[Head](ctx, l.Store, `SELECT * FROM audit_head ORDER BY seq`)
	if err != nil {
		return rep, err
	}
	public := l.Key.Public().(ed25519.PublicKey)
	var before Head
	for _, h := range heads {
		rep.Heads++
		rows, err := l.rows(ctx, before, int(h.Size-before.Size))
		if err != nil {
			return rep, err
		}
		var leaves [][]byte
		for _, r := range rows {
			if r.Tx > h.LastTx || r.Tx == h.LastTx && r.ID > h.LastID {
				break
			}
			rep.Rows++
			rep.Sealed++
			leaves = append(leaves, l.check(r, problem))
		}
		switch want := h.Size - before.Size; {
		case int64(len(leaves)) != want:
			problem("head %d: %d rows of %d are there: rows were cut", h.Seq, len(leaves), want)
		case !bytes.Equal(merkle(leaves), h.Root):
			problem("head %d: the rows do not give its root: a row was changed or exchanged", h.Seq)
		}
		if h.Seq != before.Seq+1 || !bytes.Equal(h.chain(before.Head), h.Head) {
			problem("head %d does not follow from head %d", h.Seq, before.Seq)
		}
		if !ed25519.Verify(public, h.Head, h.Signature) {
			problem("head %d: its signature is not ours", h.Seq)
		}
		if out, ok := outside[h.Seq]; !ok {
			problem("head %d is not in the file outside the database", h.Seq)
		} else if out.Head != hex.EncodeToString(h.Head) {
			problem("head %d differs from the file outside the database", h.Seq)
		}
		delete(outside, h.Seq)
		before = h
	}
	for seq := range outside {
		if seq > before.Seq+1 { // the newest may have been sealed in the file alone, before a crash
			problem("head %d is in the file but not in the database: the log was cut", seq)
		}
	}
	if cut, ok := outside[before.Seq+1]; ok {
		var have int64
		if err := l.Store.QueryRow(ctx, `SELECT count(*) FROM audit`).Scan(&have); err != nil {
			return rep, err
		}
		if have < cut.Size {
			problem("head %d in the file counts %d rows, %d are there: the log was cut", cut.Seq, cut.Size, have)
		}
	}
	for tail := before; ; { // not sealed yet: each row by its own hash
		rows, err := l.rows(ctx, tail, sealBatch)
		if err != nil || len(rows) == 0 {
			return rep, err
		}
		for _, r := range rows {
			rep.Rows++
			l.check(r, problem)
		}
		tail.LastTx, tail.LastID = rows[len(rows)-1].Tx, rows[len(rows)-1].ID
	}
}

func (l *Log) check(r Record, problem func(string, ...any)) []byte {
	if !bytes.Equal(r.digest(), r.Hash) {
		problem("row %d (%s on %s): its content does not give its hash", r.ID, r.Action, r.Object)
	}
	return r.Hash
}

func (l *Log) outside(ctx context.Context, problem func(string, ...any)) (map[int64]headLine, error) {
	heads := map[int64]headLine{}
	n := 0
	err := l.Outside.Lines(ctx, func(line []byte) {
		n++
		var h headLine
		if err := json.Unmarshal(line, &h); err != nil {
			problem("line %d of the heads outside the database cannot be read", n)
			return
		}
		heads[h.Seq] = h
	})
	return heads, err
}
