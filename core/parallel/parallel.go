// Package parallel divides work among the cores.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Each does work for 0 … n-1 on all cores, so many at a time, and returns when all is done.
// What is done in which order is left open.
func Each(n, atOnce int, work func(i int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for {
				from := int(next.Add(int64(atOnce))) - atOnce
				if from >= n {
					return
				}
				for i := from; i < min(from+atOnce, n); i++ {
					work(i)
				}
			}
		})
	}
	all.Wait()
}
