// Package audit keeps who did what to which thing, and why, so that a change
// or a cut can be seen afterwards.
//
// Each row carries the hash of its own fields and is written in the
// transaction of what it records. The leader seals the rows, in commit order,
// in ranges: a Merkle root over the row hashes, chained to the head before it,
// signed, kept both in the database and in a file outside it. [Log.Verify]
// finds a changed byte by the row's hash, a changed row with a recomputed hash
// by the range's root, a cut by the head's size, and changed heads by the file.
package audit

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"encoding/json"
	"io/fs"
	"time"

	"shanzhi/core/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this package.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "audit", Migrations: files}
}

// Record is one act.
type Record struct {
	ID     store.ID   `bun:"id" json:"id"`
	Tx     int64      `bun:"tx" json:"-"`
	At     store.Time `bun:"at" json:"at"`
	Actor  store.ID   `bun:"actor" json:"actor,omitempty"` // account; none is the system
	Unit   string     `bun:"unit" json:"unit,omitempty"`
	Action string     `bun:"action" json:"action"` // "appeal.dispatch", "vault.reveal"
	Object string     `bun:"object" json:"object"` // "matter/123"
	Reason string     `bun:"reason" json:"reason,omitempty"`
	Detail string     `bun:"detail" json:"detail,omitempty"` // JSON: references and masked text only
	Hash   []byte     `bun:"hash" json:"-"`
}

// Write records r in the transaction of what it records. detail is encoded as
// JSON; nil is allowed.
func Write(ctx context.Context, tx *store.Tx, r Record, detail any) error {
	if detail != nil {
		raw, err := json.Marshal(detail)
		if err != nil {
			return err
		}
		r.Detail = string(raw)
	}
	r.ID = tx.NewID()
	if r.At.IsZero() {
		r.At = store.At(time.Now())
	}
	_, err := tx.Exec(ctx, `INSERT INTO audit (id, tx, at, actor, unit, action, object, reason, detail, hash) VALUES (?, `+tx.Dialect().Position()+`, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.At, r.Actor, r.Unit, r.Action, r.Object, r.Reason, r.Detail, r.digest())
	return err
}

// digest is SHA-256 over the fields, each with its length before it, so that
// no two records have the same input.
func (r Record) digest() []byte {
	buf := make([]byte, 0, 128+len(r.Reason)+len(r.Detail))
	buf = binary.BigEndian.AppendUint64(buf, uint64(r.ID))
	buf = binary.BigEndian.AppendUint64(buf, uint64(r.At.UnixMicro()))
	buf = binary.BigEndian.AppendUint64(buf, uint64(r.Actor))
	for _, s := range []string{r.Unit, r.Action, r.Object, r.Reason, r.Detail} {
		buf = binary.BigEndian.AppendUint32(buf, uint32(len(s)))
		buf = append(buf, s...)
	}
	sum := sha256.Sum256(buf)
	return sum[:]
}
