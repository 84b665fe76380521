package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/store"
	"shanzhi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// onBoth runs a test on both stores, with a clock that it turns.
func onBoth(t *testing.T, test func(t *testing.T, f *Files, turn func(time.Duration))) {
	run := func(t *testing.T, dsn string) {
		var mu sync.Mutex
		now := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
		s, err := store.Open(context.Background(), dsn, store.Options{Now: func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return now
		}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		if err := s.Migrate(context.Background(), Room()); err != nil {
			t.Fatal(err)
		}
		test(t, &Files{Store: s, Place: Folder(t.TempDir()), Temp: t.TempDir()}, func(d time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			now = now.Add(d)
		})
	}
	t.Run("sqlite", func(t *testing.T) { run(t, filepath.Join(t.TempDir(), "s.db")) })
	t.Run("postgres", func(t *testing.T) { run(t, testkit.Postgres(t)) })
}

func content(t *testing.T, f *Files, id string) []byte {
	_, c, err := f.Get(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	raw, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// The pieces of a folder, by their number.
func pieces(t *testing.T, f *Files) (n int) {
	err := filepath.WalkDir(filepath.Join(string(f.Place.(Folder)), "uploads"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPiecesBecomeTheFile(t *testing.T) {
	places(t, func(t *testing.T, f *Files) {
		ctx := context.Background()
		rapid.Check(t, func(t *rapid.T) {
			whole := append([]byte("\x89PNG\r\n\x1a\n"), rapid.SliceOfN(rapid.Byte(), 1, 3000).Draw(t, "bytes")...)
			sum := sha256.Sum256(whole)
			u, err := f.Begin(ctx, int64(len(whole)), sum[:], nil, 9, "s")
			if err != nil {
				t.Fatal(err)
			}
			for u.Blob == "" {
				at := u.Offset
				switch rapid.IntRange(0, 3).Draw(t, "what") {
				case 0: // a piece from elsewhere is refused and changes nothing
					if _, err := f.Append(ctx, u.ID, 9, at+1, bytes.NewReader(whole[:1])); !errors.Is(err, ErrOffset) {
						t.Fatalf("a piece at %d of %d: %v", at+1, at, err)
					}
				case 1: // the line breaks in the middle: what came counts
					n := rapid.IntRange(0, len(whole)-int(at)-1).Draw(t, "cut")
					line := io.MultiReader(bytes.NewReader(whole[at:at+int64(n)]), iotest.ErrReader(io.ErrUnexpectedEOF))
					if _, err := f.Append(ctx, u.ID, 9, at, line); err == nil {
						t.Fatal("a line that broke is told")
					}
					at += int64(n)
				default:
					n := rapid.Int64Range(1, int64(len(whole))-at).Draw(t, "piece")
					if _, err := f.Append(ctx, u.ID, 9, at, bytes.NewReader(whole[at:at+n])); err != nil {
						t.Fatal(err)
					}
					at += n
				}
				if u, err = f.Upload(ctx, u.ID, 9); err != nil || u.Offset != at {
					t.Fatalf("at %d, told %d: %v", at, u.Offset, err)
				}
			}
			_, c, err := f.Get(ctx, u.Blob)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if got, err := io.ReadAll(c); err != nil || !bytes.Equal(got, whole) {
				t.Fatalf("%d bytes of %d: %v", len(got), len(whole), err)
			}
		})
	})
}

func TestOneOfTwoPiecesAtOnceCounts(t *testing.T) {
	onBoth(t, func(t *testing.T, f *Files, _ func(time.Duration)) {
		ctx := context.Background()
		u, err := f.Begin(ctx, int64(len(png)), nil, nil, 0, "s")
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		taken := 0
		for range 16 {
			wg.Go(func() {
				_, err := f.Append(ctx, u.ID, 0, 0, bytes.NewReader(png[:2000]))
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					taken++
				} else if !errors.Is(err, ErrOffset) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if taken != 1 || pieces(t, f) != 1 {
			t.Errorf("%d were taken, %d pieces lie there", taken, pieces(t, f))
		}
		if u, err = f.Append(ctx, u.ID, 0, 2000, bytes.NewReader(png[2000:])); err != nil || !bytes.Equal(content(t, f, u.Blob), png) {
			t.Errorf("the whole: %v", err)
		}
		if pieces(t, f) != 0 {
			t.Errorf("%d pieces stay", pieces(t, f))
		}
		again, err := f.Append(ctx, u.ID, 0, int64(len(png)), bytes.NewReader(nil))
		if err != nil || again.Blob != u.Blob {
			t.Errorf("asked again it is the same file: %q %v", again.Blob, err)
		}
	})
}

func TestUnfinishedUploadsAreBounded(t *testing.T) {
	onBoth(t, func(t *testing.T, f *Files, turn func(time.Duration)) {
		ctx := context.Background()
		for range MaxUploads {
			if _, err := f.Begin(ctx, 1000, nil, nil, 9, "one"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := f.Begin(ctx, 1000, nil, nil, 9, "one"); !errors.Is(err, ErrTooMany) {
			t.Errorf("one more: %v", err)
		}
		other, err := f.Begin(ctx, int64(len(png)), nil, nil, 8, "other")
		if err != nil {
			t.Errorf("somebody else: %v", err)
		}
		for range MaxWaiting/MaxSize - 1 {
			if _, err := f.Begin(ctx, MaxSize, nil, nil, 7, "large"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := f.Begin(ctx, MaxSize, nil, nil, 7, "large"); err != nil {
			t.Errorf("the last that has room: %v", err)
		}
		if _, err := f.Begin(ctx, 1, nil, nil, 7, "large"); !errors.Is(err, ErrTooMany) {
			t.Errorf("more bytes than allowed: %v", err)
		}

		// What nobody goes on with ends; a piece gives it another day.
		turn(UploadLife - time.Minute)
		if other, err = f.Append(ctx, other.ID, 8, 0, bytes.NewReader(png[:600])); err != nil {
			t.Fatal(err)
		}
		turn(2 * time.Minute)
		if _, err := f.Begin(ctx, 1000, nil, nil, 9, "one"); err != nil {
			t.Errorf("after a day: %v", err)
		}
		if err := f.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Upload(ctx, other.ID, 8); err != nil || pieces(t, f) != 1 {
			t.Errorf("the one that goes on: %v, %d pieces", err, pieces(t, f))
		}
		turn(UploadLife)
		if _, err := f.Upload(ctx, other.ID, 8); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("it ended: %v", err)
		}
		if err := f.Sweep(ctx); err != nil || pieces(t, f) != 0 {
			t.Errorf("its pieces: %d, %v", pieces(t, f), err)
		}
		var n int
		if err := f.Store.QueryRow(ctx, `SELECT count(*) FROM upload`).Scan(&n); err != nil || n != 0 {
			t.Errorf("%d uploads stay: %v", n, err)
		}
	})
}

func TestBadUploads(t *testing.T) {
	onBoth(t, func(t *testing.T, f *Files, _ func(time.Duration)) {
		ctx := context.Background()
		far := 181.0
		one := 1.0
		for name, c := range map[string]struct {
			size    int64
			sum     []byte
			capture *Capture
			want    error
		}{
			"nothing":       {0, nil, nil, ErrEmpty},
			"less":          {-1, nil, nil, ErrEmpty},
			"too large":     {MaxSize + 1, nil, nil, ErrTooLarge},
			"half a sum":    {10, []byte{1}, nil, ErrSum},
			"no such place": {10, nil, &Capture{Lon: &far, Lat: &one}, ErrCapture},
			"half a place":  {10, nil, &Capture{ExifLat: &one}, ErrCapture},
			"no such stage": {10, nil, &Capture{Stage: "during"}, ErrCapture},
		} {
			if _, err := f.Begin(ctx, c.size, c.sum, c.capture, 9, "s"); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := f.Append(ctx, "no-such", 9, 0, bytes.NewReader(png)); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("no upload: %v", err)
		}
		begin := func(size int64, sum []byte) Upload {
			u, err := f.Begin(ctx, size, sum, nil, 9, "s")
			if err != nil {
				t.Fatal(err)
			}
			return u
		}
		u := begin(1000, nil)
		if _, err := f.Append(ctx, u.ID, 8, 0, bytes.NewReader(png[:500])); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("somebody else's: %v", err)
		}
		if _, err := f.Append(ctx, u.ID, 9, 0, bytes.NewReader(png[:1001])); !errors.Is(err, ErrTooLarge) {
			t.Errorf("more than announced: %v", err)
		}
		script := bytes.Repeat([]byte("<script>alert(1)</script>"), 40)
		u = begin(int64(len(script)), nil)
		if _, err := f.Append(ctx, u.ID, 9, 0, bytes.NewReader(script[:600])); !errors.Is(err, ErrType) {
			t.Errorf("a kind that is not taken is refused at its first piece: %v", err)
		}
		if _, err := f.Upload(ctx, u.ID, 9); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("and is gone: %v", err)
		}
		sum := sha256.Sum256([]byte("another"))
		u = begin(int64(len(png)), sum[:])
		if _, err := f.Append(ctx, u.ID, 9, 0, bytes.NewReader(png)); !errors.Is(err, ErrSum) {
			t.Errorf("another file: %v", err)
		}
		if pieces(t, f) != 0 {
			t.Errorf("%d pieces stay", pieces(t, f))
		}
	})
}

func TestWhereAndWhenAFileWasTaken(t *testing.T) {
	onBoth(t, func(t *testing.T, f *Files, turn func(time.Duration)) {
		ctx := context.Background()
		taken := f.Store.Now()
		lon, lat, near := 113.8831, 22.5552, 12.5
		u, err := f.Begin(ctx, int64(len(png)), nil, &Capture{Stage: "after", Taken: store.At(taken), Lon: &lon, Lat: &lat, Accuracy: &near, ExifTaken: store.At(taken.Add(-time.Hour))}, 9, "s")
		if err != nil {
			t.Fatal(err)
		}
		turn(3 * time.Hour)
		if u, err = f.Append(ctx, u.ID, 9, 0, bytes.NewReader(png)); err != nil {
			t.Fatal(err)
		}
		got, err := f.Captures(ctx, f.Store, []string{"other", u.Blob})
		if err != nil || len(got) != 1 {
			t.Fatalf("%+v %v", got, err)
		}
		c := got[0]
		if c.Blob != u.Blob || c.Stage != "after" || !c.Taken.Equal(taken) || *c.Lon != lon || *c.Lat != lat || *c.Accuracy != near || !c.ExifTaken.Equal(taken.Add(-time.Hour)) || c.ExifLon != nil || !c.Received.Equal(taken.Add(3*time.Hour)) {
			t.Errorf("%+v", c)
		}
	})
}

// scanned stands for a virus scanner: it finds what it is told.
type scanned struct {
	found string
	err   error
	read  []byte
}

func (s *scanned) Scan(_ context.Context, content io.Reader) (string, error) {
	s.read, _ = io.ReadAll(content)
	return s.found, s.err
}

// A file that carries a virus is not taken, sent whole or in pieces, and nothing of it is
// kept but that it was sent; while nobody can tell, nothing is taken, and pieces wait.
func TestVirusesAreNotTaken(t *testing.T) {
	onBoth(t, func(t *testing.T, f *Files, _ func(time.Duration)) {
		ctx := context.Background()
		scan := &scanned{found: "Eicar"}
		f.Scan = scan
		kept := func() (blobs, viruses int) {
			if err := f.Store.QueryRow(ctx, `SELECT (SELECT count(*) FROM blob), (SELECT count(*) FROM blob_virus)`).Scan(&blobs, &viruses); err != nil {
				t.Fatal(err)
			}
			return
		}
		if _, err := f.Put(ctx, bytes.NewReader(png), -1, 9); !errors.Is(err, ErrVirus) || !bytes.Equal(scan.read, png) {
			t.Errorf("a virus: %v, %d bytes were looked at", err, len(scan.read))
		}
		u, err := f.Begin(ctx, int64(len(png)), nil, nil, 9, "s")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Append(ctx, u.ID, 9, 0, bytes.NewReader(png)); !errors.Is(err, ErrVirus) {
			t.Errorf("a virus in pieces: %v", err)
		}
		if _, err := f.Upload(ctx, u.ID, 9); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the pieces of a virus: %v", err)
		}
		if b, v := kept(); b != 0 || v != 2 || pieces(t, f) != 0 {
			t.Errorf("%d files kept, %d viruses told of, %d pieces", b, v, pieces(t, f))
		}
		scan.found, scan.err = "", errors.New("silent")
		if _, err := f.Put(ctx, bytes.NewReader(png), -1, 9); !errors.Is(err, ErrUnknown) {
			t.Errorf("nobody can tell: %v", err)
		}
		if u, err = f.Begin(ctx, int64(len(png)), nil, nil, 9, "s"); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Append(ctx, u.ID, 9, 0, bytes.NewReader(png)); !errors.Is(err, ErrUnknown) {
			t.Errorf("nobody can tell of pieces: %v", err)
		}
		scan.err = nil
		if u, err = f.Upload(ctx, u.ID, 9); err != nil || u.Blob == "" || !bytes.Equal(content(t, f, u.Blob), png) {
			t.Errorf("the pieces that waited: %+v %v", u, err)
		}
		if b, v := kept(); b != 1 || v != 2 {
			t.Errorf("%d files kept, %d viruses told of", b, v)
		}
	})
}
