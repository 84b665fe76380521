package audit

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"shanzhi/core/blob"
)

// Outside keeps the signed heads a second time, where whoever can write the
// database cannot: one JSON object a line.
type Outside interface {
	// Append adds the line of a head, durably. The same head may come twice.
	Append(ctx context.Context, seq int64, line []byte) error
	// Lines gives all lines, oldest first.
	Lines(ctx context.Context, each func(line []byte)) error
}

// File keeps the heads in a file of this machine.
type File string

// Append implements Outside.
func (o File) Append(_ context.Context, _ int64, line []byte) error {
	if err := os.MkdirAll(filepath.Dir(string(o)), 0o750); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	f, err := os.OpenFile(string(o), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o640)
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Sync(), f.Close())
}

// Lines implements Outside.
func (o File) Lines(_ context.Context, each func([]byte)) error {
	f, err := os.Open(string(o))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	defer f.Close()
	return lines(f, each)
}

func lines(r io.Reader, each func([]byte)) error {
	s := bufio.NewScanner(r)
	for s.Scan() {
		each(s.Bytes())
	}
	return s.Err()
}

// Shared keeps the heads in a place that several processes share, a hundred to
// a file, so that any of them can lead and any can verify.
type Shared struct{ Files *blob.Files }

const headsAFile = 100

func (o Shared) key(seq int64) string { return fmt.Sprintf("audit/heads/%09d.jsonl", seq/headsAFile) }

func (o Shared) read(ctx context.Context, key string) ([]byte, error) {
	f, err := o.Files.Place.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// Append implements Outside.
func (o Shared) Append(ctx context.Context, seq int64, line []byte) error {
	have, err := o.read(ctx, o.key(seq))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	line = append(line, '\n')
	if bytes.HasSuffix(have, line) {
		return nil
	}
	tmp, err := o.Files.New()
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(append(have, line...))
	if err := errors.Join(err, tmp.Close()); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return o.Files.Place.Keep(ctx, o.key(seq), tmp.Name(), "application/jsonl")
}

// Lines implements Outside.
func (o Shared) Lines(ctx context.Context, each func([]byte)) error {
	for seq := int64(0); ; seq += headsAFile {
		raw, err := o.read(ctx, o.key(seq))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			err = lines(bytes.NewReader(raw), each)
		}
		if err != nil {
			return err
		}
	}
}

// Adopt takes over the heads that a file of this machine has kept until now.
func (o Shared) Adopt(ctx context.Context, from File) error {
	var failed error
	err := from.Lines(ctx, func(line []byte) {
		var h headLine
		if json.Unmarshal(line, &h) == nil && failed == nil {
			failed = o.Append(ctx, h.Seq, bytes.Clone(line))
		}
	})
	if err := errors.Join(err, failed); err != nil {
		return err
	}
	if err := os.Rename(string(from), string(from)+".moved"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("audit: %w", err)
	}
	return nil
}
