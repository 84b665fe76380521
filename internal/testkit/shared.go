// Package testkit holds what the tests of several packages share: where the
// real data lies, and (in its own files) how the real services that they run
// against are started. Nothing outside tests imports it.
package testkit

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// Root returns the absolute path of the repository's root.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}

// Shared returns the path of a file of the real data that lies beside the
// repository (../shared/data). Where the folder is absent the test is skipped
// and says so: the project's own tests pass on any machine.
func Shared(t testing.TB, elem ...string) string {
	t.Helper()
	path := filepath.Join(append([]string{filepath.Dir(Root()), "shared", "data"}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("real data not present beside the repository: %v", err)
	}
	return path
}
