package parallel

import (
	"sync/atomic"
	"testing"
)

// Each number is worked on once, also where there are fewer than are taken at a time.
func TestEach(t *testing.T) {
	for _, n := range []int{0, 1, 7, 64, 1000} {
		for _, atOnce := range []int{1, 16, 256} {
			done := make([]atomic.Int32, n)
			Each(n, atOnce, func(i int) { done[i].Add(1) })
			for i := range done {
				if k := done[i].Load(); k != 1 {
					t.Fatalf("%d of %d, %d at once: %d times", i, n, atOnce, k)
				}
			}
		}
	}
}
