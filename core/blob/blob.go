// Package blob keeps files: photos, videos, papers. Content lies once, under
// its hash, in a folder or in S3; a blob is a reference to it with an identifier that
// cannot be guessed. The name that a file had on somebody's phone is not kept:
// names hide in it.
package blob

import (
	"bytes"
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
	ErrVirus    = errors.New("blob: it carries a virus")
	ErrUnknown  = errors.New("blob: the virus scanner did not answer")
)

// Scanner looks whether a content carries a virus (病毒查杀): its name, or "". An error
// says that it is not known.
type Scanner interface {
	Scan(ctx context.Context, content io.Reader) (found string, err error)
}

// Blob is a reference to a file.
type Blob struct {
	ID    string     `bun:"id" json:"id"`
	Hash  []byte     `bun:"hash" json:"-"`
	Size  int64      `bun:"size" json:"size"`
	Type  string     `bun:"type" json:"type"`
	Owner store.ID   `bun:"owner" json:"-"`
	At    store.Time `bun:"at" json:"at"`
}

// Files keeps files: their rows in the records, their content in a place.
type Files struct {
	Store *store.Store
	Place Place
	Temp  string  // a folder of this process, for what is still arriving
	Scan  Scanner // looks at each file before it is kept; nil: none is connected
}

// Content is what a file holds, opened for reading.
type Content interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// Place is where contents lie, by key ("3f/3f2a…", "imports/123").
type Place interface {
	// Keep takes over the file at path, whole and durable, under a key.
	Keep(ctx context.Context, key, path, contentType string) error
	// Open returns fs.ErrNotExist where there is no such key.
	Open(ctx context.Context, key string) (Content, error)
	// Remove forgets a key; one that is not there is no error.
	Remove(ctx context.Context, key string) error
}

// MaxSize bounds one file; Types are what is accepted, told by the content and
// never by the name.
const MaxSize = 20 << 20

// Types are the kinds of file that people send.
var Types = []string{"image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4", "video/webm", "application/pdf"}

// Put keeps a file. want is the length that the sender announced, -1 when
// unknown: a shorter one is a cut-off upload. The file is on disk under its
// final name before its row is written.
func (f *Files) Put(ctx context.Context, r io.Reader, want int64, owner store.ID) (Blob, error) {
	return f.put(ctx, r, want, owner, nil)
}

// put is Put of a content whose SHA-256 may be known before.
func (f *Files) put(ctx context.Context, r io.Reader, want int64, owner store.ID, known []byte) (Blob, error) {
	if want > MaxSize {
		return Blob{}, ErrTooLarge
	}
	tmp, err := f.New()
	if err != nil {
		return Blob{}, err
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
	if len(known) > 0 && !bytes.Equal(known, b.Hash) {
		return Blob{}, ErrSum
	}
	if err := f.clean(ctx, tmp, b); err != nil {
		return Blob{}, err
	}
	if err := tmp.Sync(); err != nil {
		return Blob{}, fmt.Errorf("blob: %w", err)
	}
	if err := f.Place.Keep(ctx, keyOf(b.Hash), tmp.Name(), b.Type); err != nil {
		return Blob{}, err
	}
	b.ID = newID()
	return b, f.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO blob (id, hash, size, type, owner, at) VALUES (?, ?, ?, ?, ?, ?)`, b.ID, b.Hash, b.Size, b.Type, b.Owner, b.At)
		return err
	})
}

// clean refuses a content that carries a virus, or of which that is not known. That it
// was sent is kept, without the content.
func (f *Files) clean(ctx context.Context, content io.ReaderAt, b Blob) error {
	if f.Scan == nil {
		return nil
	}
	found, err := f.Scan.Scan(ctx, io.NewSectionReader(content, 0, b.Size))
	if err != nil {
		return errors.Join(ErrUnknown, err)
	}
	if found == "" {
		return nil
	}
	return errors.Join(ErrVirus, f.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO blob_virus (id, hash, size, type, owner, at, found) VALUES (?, ?, ?, ?, ?, ?, ?)`, tx.NewID(), b.Hash, b.Size, b.Type, b.Owner, b.At, found)
		return err
	}))
}

// Get finds a blob and opens its content. It returns store.ErrNotFound.
func (f *Files) Get(ctx context.Context, id string) (Blob, Content, error) {
	b, err := store.Get[Blob](ctx, f.Store, `SELECT id, hash, size, type, owner, at FROM blob WHERE id = ?`, id)
	if err != nil {
		return b, nil, err
	}
	content, err := f.Place.Open(ctx, keyOf(b.Hash))
	return b, content, err
}

// Forget drops a reference in tx; the content goes when nothing refers to it any
// more. One that is not there is no error.
func (f *Files) Forget(ctx context.Context, tx *store.Tx, id string) error {
	gone, err := store.Select[Blob](ctx, tx, `SELECT id, hash, size, type, owner, at FROM blob WHERE id = ?`, id)
	if err != nil || len(gone) == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM blob WHERE id = ?`, id); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	tx.OnCommit(func() {
		var used bool
		if err := f.Store.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM blob WHERE hash = ?)`, gone[0].Hash).Scan(&used); err == nil && !used {
			_ = f.Place.Remove(ctx, keyOf(gone[0].Hash))
		}
	})
	return nil
}

// Exists says whether all of the identifiers are blobs.
func (f *Files) Exists(ctx context.Context, q store.Querier, ids []string) (bool, error) {
	if len(ids) == 0 {
		return true, nil
	}
	unique := slices.Compact(slices.Sorted(slices.Values(ids)))
	var n int
	err := q.QueryRow(ctx, `SELECT count(*) FROM blob WHERE `+store.AnyOf("id", len(unique)), store.Args(unique...)...).Scan(&n)
	return n == len(unique), err
}

// New makes an empty file for what is still arriving. Its maker removes it.
func (f *Files) New() (*os.File, error) {
	if err := os.MkdirAll(f.Temp, 0o750); err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	tmp, err := os.CreateTemp(f.Temp, ".new-*")
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return tmp, nil
}

// newID is 128 random bits: who knows it was shown it.
func newID() string {
	raw := make([]byte, 16)
	rand.Read(raw)
	return hex.EncodeToString(raw)
}

func keyOf(hash []byte) string {
	name := hex.EncodeToString(hash)
	return name[:2] + "/" + name
}
