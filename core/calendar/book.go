package calendar

import (
	"fmt"
	"sync"
)

// Book holds the calendars of a district: of each name the current one, and
// every version that a clock was ever computed under.
type Book struct {
	mu       sync.RWMutex
	current  map[string]*Calendar
	versions map[[2]string]*Calendar
}

// NewBook makes a book of calendars, each current.
func NewBook(calendars ...*Calendar) *Book {
	b := &Book{current: map[string]*Calendar{}, versions: map[[2]string]*Calendar{}}
	for _, c := range calendars {
		b.Put(c, true)
	}
	return b
}

// Put adds a version of a calendar; current makes it the one that clocks which
// start from now on use.
func (b *Book) Put(c *Calendar, current bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.versions[[2]string{c.Name(), c.Version()}] = c
	if current {
		b.current[c.Name()] = c
	}
}

// Current is the calendar of a name as it is now.
func (b *Book) Current(name string) (*Calendar, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if c := b.current[name]; c != nil {
		return c, nil
	}
	return nil, fmt.Errorf("calendar: there is no calendar %q", name)
}

// Version is the calendar of a name as it was under a version.
func (b *Book) Version(name, version string) (*Calendar, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if c := b.versions[[2]string{name, version}]; c != nil {
		return c, nil
	}
	return nil, fmt.Errorf("calendar: %q has no version %s", name, version)
}
