// Package blob keeps files: photos, videos, papers. Content lies once, under
// its hash, in a folder; a blob is a reference to it with an identifier that
// cannot be guessed. The name that a file had on somebody's phone is not kept:
// names hide in it.
package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"

	"shanzhi/core/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Room is the tables of this package.
func Room() store.Room {
	files, _ := fs.Sub(migrations, "migrations")
	return store.Room{Name: "blob", Migrations: files}
}

// Errors of Put.
var (
	ErrTooLarge = errors.New("blob: larger than allowed")
	ErrType     = errors.New("blob: this kind of file is not accepted")
	ErrEmpty    = errors.New("blob: empty, or the upload was cut off")
)

// Blob is a reference to a file.
type Blob struct {
	ID    string     `bun:"id" json:"id"`
	Hash  []byte     `bun:"hash" json:"-"`
	Size  int64      `bun:"size" json:"size"`
	Type  string     `bun:"type" json:"type"`
	Owner store.ID   `bun:"owner" json:"-"`
	At    store.Time `bun:"at" json:"at"`
}

// Folder keeps files in a folder.
type Folder struct {
	Store *store.Store
	Path  string
}

// MaxSize bounds one file; Types are what is accepted, told by the content and
// never by the name.
const MaxSize = 20 << 20

// Types are the kinds of file that people send.
var Types = []string{"image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4", "video/webm", "application/pdf"}

// Put keeps a file. want is the length that the sender announced, -1 when
// unknown: a shorter one is a cut-off upload. The file is on disk under its
// final name before its row is written.
func (f *Folder) Put(ctx context.Context, r io.Reader, want int64, owner store.ID) (Blob, error) {
	if want > MaxSize {
		return Blob{}, ErrTooLarge
	}
	if err := os.MkdirAll(f.Path, 0o750); err != nil {
		return Blob{}, fmt.Errorf("blob: %w", err)
	}
	tmp, err := os.CreateTemp(f.Path, ".new-*")
	if err != nil {
		return Blob{}, fmt.Errorf("blob: %w", err)
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(tmp, sum), io.LimitReader(r, MaxSize+1))
	switch {
	case n > MaxSize:
		return Blob{}, ErrTooLarge
	case err != nil, n == 0, want >= 0 && n != want:
		return Blob{}, errors.Join(ErrEmpty, err)
	}
	head := make([]byte, 512)
	m, _ := tmp.ReadAt(head, 0)
	b := Blob{Hash: sum.Sum(nil), Size: n, Type: http.DetectContentType(head[:m]), Owner: owner, At: store.At(f.Store.Now())}
	if !slices.Contains(Types, b.Type) {
		return Blob{}, ErrType
	}
	if err := tmp.Sync(); err != nil {
		return Blob{}, fmt.Errorf("blob: %w", err)
	}
	path := f.file(b.Hash)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return Blob{}, fmt.Errorf("blob: %w", err)
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return Blob{}, fmt.Errorf("blob: %w", err)
	}
	raw := make([]byte, 16)
	rand.Read(raw)
	b.ID = hex.EncodeToString(raw)
	return b, f.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO blob (id, hash, size, type, owner, at) VALUES (?, ?, ?, ?, ?, ?)`, b.ID, b.Hash, b.Size, b.Type, b.Owner, b.At)
		return err
	})
}

// Get finds a blob and opens its content. It returns store.ErrNotFound.
func (f *Folder) Get(ctx context.Context, id string) (Blob, *os.File, error) {
	b, err := store.Get[Blob](ctx, f.Store, `SELECT id, hash, size, type, owner, at FROM blob WHERE id = ?`, id)
	if err != nil {
		return b, nil, err
	}
	file, err := os.Open(f.file(b.Hash))
	if err != nil {
		return b, nil, fmt.Errorf("blob: %w", err)
	}
	return b, file, nil
}

// Exists says whether all of the identifiers are blobs.
func (f *Folder) Exists(ctx context.Context, q store.Querier, ids []string) (bool, error) {
	if len(ids) == 0 {
		return true, nil
	}
	unique := slices.Compact(slices.Sorted(slices.Values(ids)))
	var n int
	err := q.QueryRow(ctx, `SELECT count(*) FROM blob WHERE `+store.AnyOf("id", len(unique)), store.Args(unique...)...).Scan(&n)
	return n == len(unique), err
}

func (f *Folder) file(hash []byte) string {
	name := hex.EncodeToString(hash)
	return filepath.Join(f.Path, name[:2], name)
}
