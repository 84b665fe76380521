package testkit

import (
	"os"
	"testing"
)

// Full says that the slow suites run too: `make test-full`.
func Full() bool { return os.Getenv("SHANZHI_FULL") != "" }

// Slow skips a test that takes long, unless the slow suites run.
func Slow(t testing.TB) {
	t.Helper()
	if !Full() {
		t.Skip("slow: run by make test-full")
	}
}
