package check

import "sync"

// progress tells how far work on many cores is, one call at a time.
type progress struct {
	mu   sync.Mutex
	done int
}

func (p *progress) add(n, all int, tell func(done, all int)) {
	if tell == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done = min(p.done+n, all)
	tell(p.done, all)
}
