package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Folder is a place in a folder of this machine.
type Folder string

func (f Folder) path(key string) string { return filepath.Join(string(f), filepath.FromSlash(key)) }

// Keep implements Place. The file is synced and then renamed, so that it is
// whole under its key or not there.
func (f Folder) Keep(_ context.Context, key, path, _ string) error {
	to := f.path(key)
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	if err := os.Rename(path, to); err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	return nil
}

// Open implements Place.
func (f Folder) Open(_ context.Context, key string) (Content, error) {
	file, err := os.Open(f.path(key))
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return file, nil
}

// Remove implements Place.
func (f Folder) Remove(_ context.Context, key string) error {
	if err := os.Remove(f.path(key)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("blob: %w", err)
	}
	return nil
}

// S3 is a place in a bucket, which several processes share.
type S3 struct {
	client *minio.Client
	bucket string
}

// OpenS3 opens the bucket at an address such as https://s3.example/bucket and
// makes it where it is not there.
func OpenS3(ctx context.Context, address, key, secret string) (*S3, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || len(u.Path) < 2 {
		return nil, fmt.Errorf("blob: %q is not an address such as https://s3.example/bucket", address)
	}
	c, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewStaticV4(key, secret, ""), Secure: u.Scheme == "https", BucketLookup: minio.BucketLookupPath})
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	s := &S3{c, filepath.Base(u.Path)}
	there, err := c.BucketExists(ctx, s.bucket)
	if err == nil && !there {
		err = c.MakeBucket(ctx, s.bucket, minio.MakeBucketOptions{})
	}
	if err != nil {
		return nil, fmt.Errorf("blob: the bucket %s does not answer: %w", s.bucket, err)
	}
	return s, nil
}

// Keep implements Place.
func (s *S3) Keep(ctx context.Context, key, path, contentType string) error {
	if _, err := s.client.FPutObject(ctx, s.bucket, key, path, minio.PutObjectOptions{ContentType: contentType}); err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	return nil
}

// Open implements Place.
func (s *S3) Open(ctx context.Context, key string) (Content, error) {
	// What is opened is read after the call that opened it.
	o, err := s.client.GetObject(context.WithoutCancel(ctx), s.bucket, key, minio.GetObjectOptions{})
	if err == nil {
		_, err = o.Stat()
	}
	var answer minio.ErrorResponse
	if errors.As(err, &answer) && answer.StatusCode == http.StatusNotFound {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, fmt.Errorf("blob: %s: %w", key, err)
	}
	return o, nil
}

// Remove implements Place.
func (s *S3) Remove(ctx context.Context, key string) error {
	if err := s.client.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{}); err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	return nil
}
