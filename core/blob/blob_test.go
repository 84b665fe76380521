package blob

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"shanzhi/core/store"
)

// places runs a test on every kind of place.
func places(t *testing.T, test func(t *testing.T, f *Files)) {
	open := func(t *testing.T, p Place) *Files {
		s, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "s.db"), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		if err := s.Migrate(context.Background(), Room()); err != nil {
			t.Fatal(err)
		}
		return &Files{Store: s, Place: p, Temp: filepath.Join(t.TempDir(), "temp")}
	}
	t.Run("folder", func(t *testing.T) { test(t, open(t, Folder(t.TempDir()))) })
	t.Run("s3", func(t *testing.T) {
		server := httptest.NewServer(gofakes3.New(s3mem.New()).Server())
		t.Cleanup(server.Close)
		p, err := OpenS3(context.Background(), server.URL+"/district", "key", "secret")
		if err != nil {
			t.Fatal(err)
		}
		test(t, open(t, p))
	})
}

var png = append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte{7}, 5000)...)

func TestFiles(t *testing.T) {
	places(t, func(t *testing.T, f *Files) {
		ctx := context.Background()
		b, err := f.Put(ctx, bytes.NewReader(png), int64(len(png)), 9)
		if err != nil || b.Type != "image/png" || b.Size != int64(len(png)) {
			t.Fatalf("%+v %v", b, err)
		}
		again, err := f.Put(ctx, bytes.NewReader(png), -1, 10)
		if err != nil || again.ID == b.ID || !bytes.Equal(again.Hash, b.Hash) {
			t.Errorf("the same content again: %+v %v", again, err)
		}
		got, content, err := f.Get(ctx, b.ID)
		if err != nil {
			t.Fatal(err)
		}
		defer content.Close()
		raw, err := io.ReadAll(content)
		if err != nil || !bytes.Equal(raw, png) || got.Owner != 9 {
			t.Errorf("read %d bytes of %d: %v", len(raw), len(png), err)
		}
		part := make([]byte, 4)
		if _, err := content.ReadAt(part, 1); err != nil || string(part[:3]) != "PNG" {
			t.Errorf("read at 1: %q %v", part, err)
		}
		if n, err := content.Seek(0, io.SeekEnd); err != nil || n != int64(len(png)) {
			t.Errorf("the end lies at %d: %v", n, err)
		}
		for _, c := range []struct {
			what string
			r    io.Reader
			want int64
			err  error
		}{
			{"empty", strings.NewReader(""), -1, ErrEmpty},
			{"cut off", bytes.NewReader(png[:100]), int64(len(png)), ErrEmpty},
			{"a program", strings.NewReader("#!/bin/sh\nrm -rf /"), -1, ErrType},
			{"a page", strings.NewReader("<html><script>alert(1)</script>"), -1, ErrType},
			{"announced too large", bytes.NewReader(png), MaxSize + 1, ErrTooLarge},
			{"too large", io.MultiReader(bytes.NewReader(png), io.LimitReader(rand.Reader, MaxSize)), -1, ErrTooLarge},
		} {
			if _, err := f.Put(ctx, c.r, c.want, 0); !errors.Is(err, c.err) {
				t.Errorf("%s: %v, want %v", c.what, err, c.err)
			}
		}
		if left, _ := filepath.Glob(filepath.Join(f.Temp, "*")); len(left) > 0 {
			t.Errorf("left over: %v", left)
		}
		if ok, err := f.Exists(ctx, f.Store, []string{b.ID, again.ID, b.ID}); err != nil || !ok {
			t.Errorf("they exist: %v %v", ok, err)
		}
		if ok, err := f.Exists(ctx, f.Store, []string{b.ID, "nothing"}); err != nil || ok {
			t.Errorf("one does not: %v %v", ok, err)
		}
		if _, _, err := f.Get(ctx, "nothing"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a file that is not there: %v", err)
		}
		if err := errors.Join(f.Place.Remove(ctx, keyOf(b.Hash)), f.Place.Remove(ctx, keyOf(b.Hash))); err != nil {
			t.Errorf("removed twice: %v", err)
		}
		if _, err := f.Place.Open(ctx, keyOf(b.Hash)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("opened after removal: %v", err)
		}
	})
}

func TestS3AddressIsChecked(t *testing.T) {
	for _, a := range []string{"", "bucket", "https://host", "https://host/", "://x/y"} {
		if _, err := OpenS3(context.Background(), a, "", ""); err == nil || !strings.Contains(err.Error(), "is not an address") {
			t.Errorf("%q: %v", a, err)
		}
	}
}
