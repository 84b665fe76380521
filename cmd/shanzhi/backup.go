package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/core/store"
)

// manifest lists what a backup holds, with the hash of each file. The keys are
// never in it: they are kept elsewhere, so that a backup alone tells nothing.
type manifest struct {
	At      time.Time         `json:"at"`
	Version string            `json:"version"`
	Records string            `json:"records"` // file of the records, and how they were dumped
	Store   string            `json:"store"`
	Files   map[string]string `json:"files"` // path → SHA-256
}

func newBackupCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "backup FOLDER",
		Short: "Copy records and files, while the house is open, into a new folder; the keys are not in it",
		Args:  cobra.ExactArgs(1),
		RunE: withHouse(func(cmd *cobra.Command, args []string, h *House) error {
			m, err := h.backup(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%d files in %s\n", len(m.Files), args[0])
			return nil
		}),
	}
}

func (h *House) backup(ctx context.Context, folder string) (manifest, error) {
	m := manifest{At: time.Now().UTC(), Version: version, Store: h.Store.Dialect().String(), Records: "records", Files: map[string]string{}}
	if entries, err := os.ReadDir(folder); err == nil && len(entries) > 0 {
		return m, fmt.Errorf("%s is not empty", folder)
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return m, err
	}
	if err := h.Store.Backup(ctx, filepath.Join(folder, m.Records)); err != nil {
		return m, err
	}
	// Files are never changed once written, so those that the records refer to
	// are all there when the records were copied first.
	for _, part := range []string{"files", "audit"} {
		from := filepath.Join(flags.data, part)
		if _, err := os.Stat(from); errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err := os.CopyFS(filepath.Join(folder, part), os.DirFS(from)); err != nil {
			return m, err
		}
	}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(folder, path)
		m.Files[name], err = hashFile(path)
		return err
	})
	if err != nil {
		return m, err
	}
	raw, _ := json.MarshalIndent(m, "", "  ")
	return m, os.WriteFile(filepath.Join(folder, "manifest.json"), raw, 0o640)
}

func newRestoreCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "restore FOLDER",
		Short: "Bring a backup back into an empty data folder (and, for PostgreSQL, an empty database)",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			n, err := restore(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%d files restored; put the keys of that time beside them\n", n)
			return nil
		},
	}
}

func restore(ctx context.Context, folder string) (int, error) {
	raw, err := os.ReadFile(filepath.Join(folder, "manifest.json"))
	if err != nil {
		return 0, fmt.Errorf("this is no backup: %w", err)
	}
	var m manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return 0, fmt.Errorf("the backup's manifest is damaged: %w", err)
	}
	for name, want := range m.Files {
		if got, err := hashFile(filepath.Join(folder, name)); err != nil || got != want {
			return 0, fmt.Errorf("the backup is damaged: %s does not have the hash that its manifest says", name)
		}
	}
	dsn := flags.database
	if dsn == "" {
		dsn = filepath.Join(flags.data, "shanzhi.db")
	}
	for _, part := range []string{"files", "audit"} {
		if entries, err := os.ReadDir(filepath.Join(flags.data, part)); err == nil && len(entries) > 0 {
			return 0, fmt.Errorf("%s is not empty", filepath.Join(flags.data, part))
		}
	}
	if err := store.Restore(ctx, dsn, filepath.Join(folder, m.Records)); err != nil {
		return 0, err
	}
	for _, part := range []string{"files", "audit"} {
		from := filepath.Join(folder, part)
		if _, err := os.Stat(from); errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err := os.CopyFS(filepath.Join(flags.data, part), os.DirFS(from)); err != nil {
			return 0, err
		}
	}
	return len(m.Files), nil
}

func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
