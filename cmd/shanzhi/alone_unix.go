//go:build unix

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// lockFile locks a file for this process; the system lets go of it when the
// process ends, however it ends.
func lockFile(f *os.File) bool {
	return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil
}
