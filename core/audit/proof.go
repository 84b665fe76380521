package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"shanzhi/core/store"
)

// Proof (存证) shows one who trusts nothing but the public key that what was done
// with some objects was recorded as it stands here, and in which sealed range. It is
// checked without the house, by [Proof.Check].
type Proof struct {
	Objects []string   `json:"objects"`
	At      store.Time `json:"at"`
	Key     string     `json:"key" doc:"Public key of the seal, Ed25519, in hexadecimal"`
	Records []Proven   `json:"records"`
}

// Proven is a record with its way up to a signed head.
type Proven struct {
	Record
	Path []Sibling   `json:"path,omitempty"`
	Head *SignedHead `json:"head,omitempty" doc:"None: it is not sealed yet"`
}

// Sibling is a hash beside the way from a record to its root (RFC 6962 §2.1.1).
type Sibling struct {
	Left bool   `json:"left,omitempty"`
	Hash string `json:"hash"`
}

// SignedHead is the head of a range, with what it is made of.
type SignedHead struct {
	Seq       int64      `json:"seq"`
	At        store.Time `json:"at"`
	Size      int64      `json:"size"`
	LastTx    int64      `json:"last_tx"`
	LastID    store.ID   `json:"last_id"`
	Before    string     `json:"before" doc:"The head before it"`
	Head      string     `json:"head"`
	Signature string     `json:"signature"`
}

// Prove gives the records of objects ("matter/123"), oldest first.
func (l *Log) Prove(ctx context.Context, objects ...string) (Proof, error) {
	p := Proof{Objects: objects, At: store.At(l.Store.Now()), Key: hex.EncodeToString(l.Key.Public().(ed25519.PublicKey)), Records: []Proven{}}
	records, err := store.Select[Record](ctx, l.Store, `SELECT * FROM audit WHERE `+store.AnyOf("object", len(objects))+` ORDER BY id`, store.Args(objects...)...)
	if err != nil {
		return p, err
	}
	ranges := map[int64][]Record{}
	for _, r := range records {
		h, err := store.Get[Head](ctx, l.Store, l.headOf(), l.position(r)...)
		if errors.Is(err, store.ErrNotFound) {
			p.Records = append(p.Records, Proven{Record: r})
			continue
		}
		if err != nil {
			return p, err
		}
		var before Head
		if h.Seq > 1 {
			if before, err = store.Get[Head](ctx, l.Store, `SELECT * FROM audit_head WHERE seq = ?`, h.Seq-1); err != nil {
				return p, err
			}
		}
		rows, ok := ranges[h.Seq]
		if !ok {
			if rows, err = l.rows(ctx, before, int(h.Size-before.Size)); err != nil {
				return p, err
			}
			ranges[h.Seq] = rows
		}
		leaves, at := make([][]byte, len(rows)), -1
		for i := range rows {
			leaves[i] = rows[i].Hash
			if rows[i].ID == r.ID {
				at = i
			}
		}
		if at < 0 {
			return p, fmt.Errorf("audit: record %d is not in its range: run the verification", r.ID)
		}
		p.Records = append(p.Records, Proven{Record: r, Path: path(leaves, at), Head: &SignedHead{Seq: h.Seq, At: h.At, Size: h.Size, LastTx: h.LastTx, LastID: h.LastID,
			Before: hex.EncodeToString(before.Head), Head: hex.EncodeToString(h.Head), Signature: hex.EncodeToString(h.Signature)}})
	}
	return p, nil
}

// headOf is the query for the first head at or behind a position in commit order.
func (l *Log) headOf() string {
	if l.Store.Dialect() == store.SQLite {
		return `SELECT * FROM audit_head WHERE last_id >= ? ORDER BY seq LIMIT 1`
	}
	return `SELECT * FROM audit_head WHERE (last_tx, last_id) >= (?, ?) ORDER BY seq LIMIT 1`
}

func (l *Log) position(r Record) []any {
	if l.Store.Dialect() == store.SQLite {
		return []any{int64(r.ID)}
	}
	return []any{r.Tx, int64(r.ID)}
}

// path are the hashes beside the way from a leaf to the root that merkle gives.
func path(leaves [][]byte, at int) (out []Sibling) {
	level := make([][]byte, len(leaves))
	for i, leaf := range leaves {
		level[i] = leafHash(leaf)
	}
	for ; len(level) > 1; at /= 2 {
		if beside := at ^ 1; beside < len(level) {
			out = append(out, Sibling{Left: beside < at, Hash: hex.EncodeToString(level[beside])})
		}
		level = above(level)
	}
	return out
}

// Check says what is wrong with a proof; nothing is: each record's content gives its
// hash, leads up to its head, and the head is signed with the key. key is the public
// key as it is known from elsewhere, in hexadecimal; "" takes the proof's own word.
// unsealed counts the records that were not sealed yet.
func (p Proof) Check(key string) (unsealed int, problems []string) {
	wrong := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	if key != "" && key != p.Key {
		wrong("it is sealed with another key")
	}
	public, err := hex.DecodeString(p.Key)
	if err != nil || len(public) != ed25519.PublicKeySize {
		wrong("its key is none")
		return 0, problems
	}
	for _, r := range p.Records {
		name := fmt.Sprintf("record %d (%s on %s)", r.ID, r.Action, r.Object)
		if r.Head == nil {
			unsealed++
			continue
		}
		sum := leafHash(r.digest())
		for _, s := range r.Path {
			beside, err := hex.DecodeString(s.Hash)
			if err != nil || len(beside) != sha256.Size {
				wrong("%s: its path is none", name)
				break
			}
			if s.Left {
				sum = nodeHash(beside, sum)
			} else {
				sum = nodeHash(sum, beside)
			}
		}
		before, err1 := hex.DecodeString(r.Head.Before)
		head, err2 := hex.DecodeString(r.Head.Head)
		signature, err3 := hex.DecodeString(r.Head.Signature)
		h := Head{Seq: r.Head.Seq, Size: r.Head.Size, LastTx: r.Head.LastTx, LastID: r.Head.LastID, Root: sum}
		switch {
		case errors.Join(err1, err2, err3) != nil:
			wrong("%s: its head cannot be read", name)
		case !bytes.Equal(h.chain(before), head):
			wrong("%s: its content does not lead to head %d: it was changed", name, h.Seq)
		case !ed25519.Verify(public, head, signature):
			wrong("%s: head %d is not signed with the key", name, h.Seq)
		}
	}
	return unsealed, problems
}
