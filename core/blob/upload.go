package blob

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"slices"
	"time"

	"shanzhi/core/store"
)

// Upload is a file that arrives in pieces (断点续传): what came stays, wherever
// the line broke, and the sender goes on from there. Every process that shares
// the records and the place may take the next piece.
type Upload struct {
	ID      string     `bun:"id"`
	Owner   store.ID   `bun:"owner"`
	Size    int64      `bun:"size"`
	Offset  int64      `bun:"at_byte"`
	Pieces  string     `bun:"pieces"`
	Sum     []byte     `bun:"sum"`
	Capture string     `bun:"capture"`
	Blob    string     `bun:"blob"`
	Until   store.Time `bun:"until"`
}

// Bounds of what is unfinished.
const (
	// UploadLife is how long an upload waits for its next piece.
	UploadLife = 24 * time.Hour
	// MaxUploads and MaxWaiting bound what one sender leaves unfinished.
	MaxUploads = 30
	MaxWaiting = 10 * MaxSize
	// MaxPieces bounds in how many pieces one file arrives.
	MaxPieces = 2000
)

// Errors of uploads. A piece that does not begin where the last one ended is
// ErrOffset; a whole that is not what was announced is ErrSum.
var (
	ErrTooMany = errors.New("blob: too many unfinished uploads")
	ErrOffset  = errors.New("blob: the piece does not begin where the last one ended")
	ErrSum     = errors.New("blob: the file is not the one that was announced")
	ErrCapture = errors.New("blob: no such time or place")
)

// Capture is where and when a file was taken, as the sender's device said: by
// its own clock and receiver, and by the notes in the picture (EXIF), which are
// lost when it is made small. Neither is proof; that they differ is worth seeing.
type Capture struct {
	Blob      string     `bun:"blob" json:"file"`
	Stage     string     `bun:"stage" json:"stage,omitempty" enum:"before,after"`
	Taken     store.Time `bun:"taken" json:"taken,omitzero"`
	Lon       *float64   `bun:"lon" json:"lon,omitempty"`
	Lat       *float64   `bun:"lat" json:"lat,omitempty"`
	Accuracy  *float64   `bun:"accuracy" json:"accuracy,omitempty" doc:"Metres"`
	ExifTaken store.Time `bun:"exif_taken" json:"exif_taken,omitzero"`
	ExifLon   *float64   `bun:"exif_lon" json:"exif_lon,omitempty"`
	ExifLat   *float64   `bun:"exif_lat" json:"exif_lat,omitempty"`
	Received  store.Time `bun:"received" json:"received"`
}

// Validate refuses what no device says.
func (c *Capture) Validate() error {
	bad := func(lon, lat *float64) bool {
		return (lon == nil) != (lat == nil) || lon != nil && !(math.Abs(*lon) <= 180 && math.Abs(*lat) <= 90)
	}
	if bad(c.Lon, c.Lat) || bad(c.ExifLon, c.ExifLat) || c.Accuracy != nil && !(*c.Accuracy >= 0 && *c.Accuracy < 1e7) || c.Stage != "" && c.Stage != "before" && c.Stage != "after" {
		return ErrCapture
	}
	return nil
}

const uploadColumns = `id, owner, size, at_byte, pieces, sum, capture, blob, until`

// Begin opens an upload of a size; sum is the SHA-256 of the whole where the
// sender knows it. sender is whom the bounds hold for. It returns ErrTooLarge,
// ErrEmpty, ErrCapture and ErrTooMany.
func (f *Files) Begin(ctx context.Context, size int64, sum []byte, capture *Capture, owner store.ID, sender string) (Upload, error) {
	switch {
	case size > MaxSize:
		return Upload{}, ErrTooLarge
	case size <= 0:
		return Upload{}, ErrEmpty
	case len(sum) != 0 && len(sum) != 32:
		return Upload{}, ErrSum
	}
	u := Upload{ID: newID(), Owner: owner, Size: size, Pieces: "[]", Sum: sum, Until: store.At(f.Store.Now().Add(UploadLife))}
	if capture != nil {
		if err := capture.Validate(); err != nil {
			return Upload{}, err
		}
		raw, err := json.Marshal(capture)
		if err != nil {
			return Upload{}, err
		}
		u.Capture = string(raw)
	}
	return u, f.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var n, waiting int64
		if err := tx.QueryRow(ctx, `SELECT count(*), COALESCE(sum(size), 0) FROM upload WHERE sender = ? AND blob = '' AND until > ?`, sender, store.At(f.Store.Now())).Scan(&n, &waiting); err != nil {
			return err
		}
		if n >= MaxUploads || waiting+size > MaxWaiting {
			return ErrTooMany
		}
		_, err := tx.Exec(ctx, `INSERT INTO upload (id, owner, sender, size, at_byte, pieces, sum, capture, blob, until) VALUES (?, ?, ?, ?, 0, '[]', ?, ?, '', ?)`,
			u.ID, u.Owner, sender, u.Size, u.Sum, u.Capture, u.Until)
		return err
	})
}

// Upload finds an upload that its owner goes on with, and makes it a file where
// all of it is here. It returns store.ErrNotFound for one that is gone, and for
// one of somebody else; what a stranger began, whoever knows it goes on with.
func (f *Files) Upload(ctx context.Context, id string, owner store.ID) (Upload, error) {
	u, err := f.upload(ctx, id, owner)
	if err != nil || u.Blob != "" || u.Offset < u.Size {
		return u, err
	}
	return f.finish(ctx, u)
}

func (f *Files) upload(ctx context.Context, id string, owner store.ID) (Upload, error) {
	u, err := store.Get[Upload](ctx, f.Store, `SELECT `+uploadColumns+` FROM upload WHERE id = ?`, id)
	if err == nil && (u.Owner != 0 && u.Owner != owner || !f.Store.Now().Before(u.Until.Time)) {
		return Upload{}, store.ErrNotFound
	}
	return u, err
}

// Append takes the piece at an offset. What arrived before the line broke is
// kept, so the upload that it returns with an error may have grown. It returns
// store.ErrNotFound, ErrOffset, ErrTooLarge for more than was announced, and
// for a whole that is refused ErrType or ErrSum: that upload is gone.
func (f *Files) Append(ctx context.Context, id string, owner store.ID, offset int64, r io.Reader) (Upload, error) {
	u, err := f.upload(ctx, id, owner)
	if err != nil {
		return u, err
	}
	pieces, err := u.pieces()
	if err != nil {
		return u, err
	}
	if offset != u.Offset {
		return u, ErrOffset
	}
	if offset == u.Size {
		return f.Upload(ctx, id, owner)
	}
	if len(pieces) >= MaxPieces {
		return u, ErrTooMany
	}
	tmp, err := f.New()
	if err != nil {
		return u, err
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	n, cut := io.Copy(tmp, io.LimitReader(r, u.Size-offset+1))
	if n > u.Size-offset {
		return u, ErrTooLarge
	}
	if n == 0 {
		return u, errors.Join(ErrEmpty, cut)
	}
	if offset == 0 && n >= 512 {
		head := make([]byte, 512)
		if _, err := tmp.ReadAt(head, 0); err != nil {
			return u, err
		}
		if !slices.Contains(Types, http.DetectContentType(head)) {
			return u, errors.Join(ErrType, f.Cancel(ctx, id, owner))
		}
	}
	// A line that broke ends the request; what it brought is kept all the same.
	ctx = context.WithoutCancel(ctx)
	key := fmt.Sprintf("uploads/%s/%d-%s", u.ID, offset, newID()[:8])
	if err := f.Place.Keep(ctx, key, tmp.Name(), "application/octet-stream"); err != nil {
		return u, err
	}
	raw, err := json.Marshal(append(pieces, key))
	if err != nil {
		return u, err
	}
	u.Pieces, u.Offset, u.Until = string(raw), offset+n, store.At(f.Store.Now().Add(UploadLife))
	err = f.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE upload SET at_byte = ?, pieces = ?, until = ? WHERE id = ? AND at_byte = ? AND blob = ''`, u.Offset, u.Pieces, u.Until, u.ID, offset)
		if err == nil && n == 0 {
			return ErrOffset // the same piece came twice at once: one of them counts
		}
		return err
	})
	if err != nil {
		u.Offset -= n
		return u, errors.Join(err, f.Place.Remove(ctx, key))
	}
	if u.Offset == u.Size {
		return f.finish(ctx, u)
	}
	if cut != nil {
		return u, errors.Join(ErrEmpty, cut)
	}
	return u, nil
}

func (u Upload) pieces() ([]string, error) {
	var keys []string
	err := json.Unmarshal([]byte(u.Pieces), &keys)
	return keys, err
}

// finish makes one file of all pieces. Done twice it makes two, of which the
// upload names the first: content lies once all the same.
func (f *Files) finish(ctx context.Context, u Upload) (Upload, error) {
	pieces, err := u.pieces()
	if err != nil {
		return u, err
	}
	b, err := f.put(ctx, &joined{ctx: ctx, place: f.Place, keys: pieces}, u.Size, u.Owner, u.Sum)
	if errors.Is(err, ErrType) || errors.Is(err, ErrSum) || errors.Is(err, ErrVirus) {
		return u, errors.Join(err, f.Cancel(ctx, u.ID, u.Owner))
	}
	if err != nil {
		return u, err
	}
	var capture *Capture
	if u.Capture != "" {
		if err := json.Unmarshal([]byte(u.Capture), &capture); err != nil {
			return u, err
		}
	}
	err = f.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE upload SET blob = ?, pieces = '[]' WHERE id = ? AND blob = ''`, b.ID, u.ID)
		if err != nil {
			return err
		}
		if n == 0 { // somebody else made it whole first
			return tx.QueryRow(ctx, `SELECT blob FROM upload WHERE id = ?`, u.ID).Scan(&b.ID)
		}
		if c := capture; c != nil {
			_, err = tx.Exec(ctx, `INSERT INTO blob_capture (blob, stage, taken, lon, lat, accuracy, exif_taken, exif_lon, exif_lat, received) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				b.ID, c.Stage, c.Taken, c.Lon, c.Lat, c.Accuracy, c.ExifTaken, c.ExifLon, c.ExifLat, b.At)
		}
		return err
	})
	if err != nil {
		return u, err
	}
	u.Blob = b.ID
	for _, key := range pieces {
		err = errors.Join(err, f.Place.Remove(ctx, key))
	}
	return u, err
}

// Cancel forgets an upload and what came of it; a file that it became stays. It
// returns store.ErrNotFound.
func (f *Files) Cancel(ctx context.Context, id string, owner store.ID) error {
	u, err := f.upload(ctx, id, owner)
	if err != nil {
		return err
	}
	return f.forget(ctx, u)
}

// Sweep forgets the uploads that nobody went on with.
func (f *Files) Sweep(ctx context.Context) error {
	old, err := store.Select[Upload](ctx, f.Store, `SELECT `+uploadColumns+` FROM upload WHERE until <= ? LIMIT 1000`, store.At(f.Store.Now()))
	for _, u := range old {
		err = errors.Join(err, f.forget(ctx, u))
	}
	return err
}

func (f *Files) forget(ctx context.Context, u Upload) error {
	pieces, err := u.pieces()
	if err != nil {
		return err
	}
	for _, key := range pieces {
		if err := f.Place.Remove(ctx, key); err != nil {
			return err
		}
	}
	return f.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM upload WHERE id = ? AND at_byte = ?`, u.ID, u.Offset)
		return err
	})
}

// Captures are what the senders' devices said of files, of those that said
// anything.
func (f *Files) Captures(ctx context.Context, q store.Querier, ids []string) ([]Capture, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return store.Select[Capture](ctx, q, `SELECT blob, stage, taken, lon, lat, accuracy, exif_taken, exif_lon, exif_lat, received FROM blob_capture WHERE `+store.AnyOf("blob", len(ids))+` ORDER BY received, blob`, store.Args(ids...)...)
}

// joined reads pieces one after the other.
type joined struct {
	ctx   context.Context
	place Place
	keys  []string
	now   Content
}

func (j *joined) Read(p []byte) (int, error) {
	for {
		if j.now == nil {
			if len(j.keys) == 0 {
				return 0, io.EOF
			}
			var err error
			if j.now, err = j.place.Open(j.ctx, j.keys[0]); err != nil {
				return 0, err
			}
			j.keys = j.keys[1:]
		}
		n, err := j.now.Read(p)
		if err == io.EOF {
			err = j.now.Close()
			j.now = nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}
