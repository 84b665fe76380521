package appeals

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"shanzhi/core/blob"
	"shanzhi/core/store"
)

// Uploaded files hold personal data, so they lie here sealed, in pieces that
// can be read alone, and no longer than they are needed.
const (
	uploadPiece    = 256 << 10
	uploadOverhead = 28      // of a sealed piece: nonce and tag
	maxUpload      = 1 << 30 // bytes
	keepRefused    = 30 * 24 * time.Hour
	keepDraft      = 24 * time.Hour
)

func uploadKey(id store.ID) string { return "imports/" + id.String() }

func uploadBound(id store.ID, piece int64) string { return fmt.Sprintf("import/%s/%d", id, piece) }

// keepUpload seals what r gives to the upload's file and returns its size and
// SHA-256.
func (s *Service) keepUpload(ctx context.Context, id store.ID, r io.Reader) (size int64, hash string, err error) {
	f, err := s.Files.New()
	if err != nil {
		return 0, "", err
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err == nil {
			err = s.Files.Place.Keep(ctx, uploadKey(id), f.Name(), "application/octet-stream")
		}
		_ = os.Remove(f.Name())
	}()
	sum := sha256.New()
	buf := make([]byte, uploadPiece)
	for piece := int64(0); ; piece++ {
		n, rerr := io.ReadFull(r, buf)
		if rerr != nil && rerr != io.EOF && rerr != io.ErrUnexpectedEOF {
			return size, "", rerr
		}
		if n > 0 {
			sealed, err := s.Keys.Seal(buf[:n], uploadBound(id, piece))
			if err != nil {
				return size, "", err
			}
			if _, err := f.Write(sealed); err != nil {
				return size, "", err
			}
			sum.Write(buf[:n])
			size += int64(n)
		}
		if rerr != nil {
			return size, hex.EncodeToString(sum.Sum(nil)), f.Sync()
		}
	}
}

// upload is a sealed file opened for reading. It is not safe for concurrent use.
type upload struct {
	s     *Service
	id    store.ID
	f     blob.Content
	size  int64
	piece int64 // that plain holds; -1 is none
	plain []byte
}

func (s *Service) openUpload(ctx context.Context, run ImportRun) (*upload, error) {
	f, err := s.Files.Place.Open(ctx, uploadKey(run.ID))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the uploaded file is not here any more: %w", store.ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	return &upload{s: s, id: run.ID, f: f, size: run.FileSize, piece: -1}, nil
}

// Close closes the file.
func (u *upload) Close() error { return u.f.Close() }

// ReadAt implements io.ReaderAt.
func (u *upload) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) {
		at := off + int64(n)
		if at >= u.size {
			return n, io.EOF
		}
		if err := u.load(at / uploadPiece); err != nil {
			return n, err
		}
		n += copy(p[n:], u.plain[at%uploadPiece:])
	}
	return n, nil
}

func (u *upload) load(piece int64) error {
	if u.piece == piece {
		return nil
	}
	length := min(int64(uploadPiece), u.size-piece*uploadPiece)
	sealed := make([]byte, length+uploadOverhead)
	if _, err := u.f.ReadAt(sealed, piece*(uploadPiece+uploadOverhead)); err != nil && err != io.EOF {
		return err
	}
	plain, err := u.s.Keys.Open(sealed, uploadBound(u.id, piece))
	if err != nil || int64(len(plain)) != length {
		return fmt.Errorf("piece %d of the uploaded file cannot be opened: it was changed, or the keys are others", piece)
	}
	u.piece, u.plain = piece, plain
	return nil
}

// dropUploads removes the files that are not needed any more: of runs that went
// through with no row refused, of old ones, and of those only looked at.
func (s *Service) dropUploads(ctx context.Context) error {
	now := s.Store.Now()
	old, err := store.Select[ImportRun](ctx, s.Store, `SELECT `+runColumns+` FROM import_run WHERE kept AND ((state = 'done' AND refused = 0) OR (state IN ('done', 'failed', 'cancelled') AND updated_at < ?) OR (state = 'draft' AND updated_at < ?)) LIMIT 100`,
		store.At(now.Add(-keepRefused)), store.At(now.Add(-keepDraft)))
	if err != nil {
		return err
	}
	for _, r := range old {
		if err := s.Files.Place.Remove(ctx, uploadKey(r.ID)); err != nil {
			return err
		}
		if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			if r.State == runDraft {
				_, err := tx.Exec(ctx, `DELETE FROM import_run WHERE id = ? AND state = 'draft'`, r.ID)
				return err
			}
			_, err := tx.Exec(ctx, `UPDATE import_run SET kept = ? WHERE id = ?`, false, r.ID)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// importDesk wakes the one who carries out uploaded imports.
type importDesk struct {
	once sync.Once
	wake chan struct{}
}

func (d *importDesk) bell() chan struct{} {
	d.once.Do(func() { d.wake = make(chan struct{}, 1) })
	return d.wake
}

func (d *importDesk) ring() {
	select {
	case d.bell() <- struct{}{}:
	default:
	}
}

// importPoll is how soon an import that another process left is taken over.
const importPoll = 2 * time.Second

// workImports carries out uploaded imports, one after another, until ctx ends;
// what it leaves then is continued by the next start, or by another process.
func (s *Service) workImports(ctx context.Context) {
	if s.Store.Dialect() == store.SQLite {
		// No other process uses the records: whoever held a run is gone.
		_ = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE import_run SET held_until = NULL WHERE origin = 'upload' AND state = 'running'`)
			return err
		})
	}
	_ = s.dropUploads(ctx)
	for ctx.Err() == nil {
		run, err := s.nextUpload(ctx)
		if err == nil && run.ID != 0 {
			_, _ = s.carryUpload(ctx, run) // what went wrong stands in the run
			_ = s.dropUploads(ctx)
			continue
		}
		select {
		case <-ctx.Done():
		case <-s.imports.bell():
		case <-time.After(importPoll):
		}
	}
}

func (s *Service) nextUpload(ctx context.Context) (run ImportRun, err error) {
	var waiting bool
	if err := s.Store.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM import_run WHERE origin = 'upload' AND state IN ('queued', 'running'))`).Scan(&waiting); err != nil || !waiting {
		return run, err
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		run = ImportRun{}
		now := store.At(s.Store.Now())
		waiting, err := store.Select[ImportRun](ctx, tx, `SELECT `+runColumns+` FROM import_run WHERE origin = 'upload' AND state IN ('queued', 'running') AND (held_until IS NULL OR held_until <= ?) ORDER BY id LIMIT 1`, now)
		if err != nil || len(waiting) == 0 {
			return err
		}
		run = waiting[0]
		run.Holder = holderName()
		return takeRun(ctx, tx, &run, now)
	})
	return run, err
}

func (s *Service) carryUpload(ctx context.Context, run ImportRun) (ImportRun, error) {
	fail := func(err error) (ImportRun, error) {
		im := &importer{s: s, run: run}
		return run, errors.Join(err, im.release(ctx, runFailed, err.Error()))
	}
	p, err := ReadProfile([]byte(run.Body))
	if err != nil {
		return fail(err)
	}
	file, err := s.openUpload(ctx, run)
	if err != nil {
		return fail(err)
	}
	defer file.Close()
	return s.carry(ctx, run, file, Import{Profile: p, By: run.StartedBy})
}
