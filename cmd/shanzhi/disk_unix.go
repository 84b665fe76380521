//go:build unix

package main

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// leastFree is how much room the disk must have for the house to be well.
const leastFree = 1 << 30

func freeSpace(folder string) (string, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(folder, &st); err != nil {
		return "", err
	}
	free := uint64(st.Bavail) * uint64(st.Bsize)
	if free < leastFree {
		return "", fmt.Errorf("only %d MB are free", free>>20)
	}
	return fmt.Sprintf("%d GB free", free>>30), nil
}
