package rule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"shanzhi/core/subject"
)

// Applicant is the source of what the applicant says.
const Applicant = "申请人"

// FactSource is somebody outside who knows facts (数据源): one register of one body.
type FactSource interface {
	// Name is what packs call it: 人口库.
	Name() string
	// Fetch asks for facts by the keys of a case. What the source has nothing of is left
	// out, and no error; an error says that it did not answer.
	Fetch(ctx context.Context, ask FactQuery) ([]Said, error)
}

// FactQuery asks for some facts and for no more (个人信息保护法第六条: only what the purpose
// needs).
type FactQuery struct {
	Keys  map[string]string `json:"keys"`  // id_no, name, uscc, account
	Facts map[string]string `json:"facts"` // their types by name
	// Purpose is the pack that asks.
	Purpose string `json:"purpose"`
}

// Said is a fact as its source says it.
type Said struct {
	Name    string    `json:"fact"`
	Value   any       `json:"value"`
	AsOf    time.Time `json:"as_of"`
	Receipt string    `json:"receipt,omitempty"`
}

// Sources gathers the facts of a case from those who know them: all at once, each within
// its time, tried again, and left alone for a while when it keeps failing. A source that
// does not answer leaves its facts absent: a person decides.
type Sources struct {
	Time  time.Duration // of one try; 1.5 s when 0
	Tries int           // 2 when 0
	Now   func() time.Time
	// Other makes a source that nobody has put here; nil is none.
	Other func(name string) FactSource

	mu sync.RWMutex
	by map[string]*guarded
}

// NewSources makes the set of sources.
func NewSources(now func() time.Time, list ...FactSource) *Sources {
	s := &Sources{Now: now, by: map[string]*guarded{}}
	for _, x := range list {
		s.Put(x)
	}
	return s
}

// Put adds a source, or another under its name.
func (s *Sources) Put(x FactSource) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.by[x.Name()] = &guarded{source: x}
}

// of is the source of a name; nil where there is none.
func (s *Sources) of(name string) *guarded {
	s.mu.RLock()
	g := s.by[name]
	s.mu.RUnlock()
	if g != nil || s.Other == nil {
		return g
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if g = s.by[name]; g == nil {
		g = &guarded{source: s.Other(name)}
		s.by[name] = g
	}
	return g
}

// A breaker opens after so many silences in a row, for so long; then one may try.
const (
	breakAfter = 5
	breakFor   = 30 * time.Second
)

// guarded is a source with its breaker (熔断).
type guarded struct {
	source FactSource
	mu     sync.Mutex
	failed int
	until  time.Time
	last   error
}

// ErrSource: the source was not asked, since it has kept failing.
var ErrSource = errors.New("rule: the source keeps failing and is left alone for a while")

func (g *guarded) enter(now time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.failed < breakAfter {
		return nil
	}
	if now.Before(g.until) {
		return ErrSource
	}
	g.until = now.Add(breakFor) // one tries, the others wait for what comes of it
	return nil
}

func (g *guarded) left(now time.Time, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.last = err; err == nil {
		g.failed = 0
		return
	}
	if g.failed++; g.failed >= breakAfter {
		g.until = now.Add(breakFor)
	}
}

// SourceStanding is how a source stands.
type SourceStanding struct {
	Name   string `json:"name"`
	Open   bool   `json:"open" doc:"It keeps failing and is left alone for a while"`
	Failed int    `json:"failed" doc:"Silences in a row"`
}

// Standing is how the sources stand, by name.
func (s *Sources) Standing() []SourceStanding {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := []SourceStanding{}
	for _, name := range sortedKeys(s.by) {
		g := s.by[name]
		g.mu.Lock()
		out = append(out, SourceStanding{name, g.failed >= breakAfter && s.Now().Before(g.until), g.failed})
		g.mu.Unlock()
	}
	return out
}

// Gathered is what came of asking.
type Gathered struct {
	Facts  Facts
	Silent []string // sources that did not answer, or that nobody has set up
	Took   time.Duration
}

// Gather asks the sources that a pack names for its facts. subject has the keys of the
// case; form what the applicant says, by the names of facts or their last parts. Keys
// are mended here and not in rules: see Keys. The moment of what the applicant says is
// at.
func (s *Sources) Gather(ctx context.Context, p *Pack, keys map[string]string, form map[string]any, at time.Time) Gathered {
	return s.gather(ctx, p, keys, form, at, func(string) bool { return true })
}

// GatherOnly is Gather for some of the facts, and nothing of what the applicant says.
func (s *Sources) GatherOnly(ctx context.Context, p *Pack, keys map[string]string, wanted func(fact string) bool, at time.Time) Gathered {
	return s.gather(ctx, p, keys, nil, at, wanted)
}

func (s *Sources) gather(ctx context.Context, p *Pack, keys map[string]string, form map[string]any, at time.Time, wanted func(fact string) bool) Gathered {
	began := time.Now()
	keys = Keys(keys)
	out := Gathered{Facts: Facts{}}
	asks := map[string]map[string]string{}
	for _, name := range p.order {
		spec := p.Facts[name]
		if name == ApplicationDate || !wanted(name) {
			continue
		}
		for _, source := range spec.Sources {
			if source == Applicant {
				v, ok := form[name]
				if !ok {
					v, ok = form[name[strings.IndexByte(name, '.')+1:]]
				}
				if ok && v != nil && v != "" {
					out.Facts[name] = append(out.Facts[name], Fact{Value: mend(name, v), Source: Applicant, AsOf: at})
				}
				continue
			}
			if spec.Key != "" && keys[spec.Key] == "" {
				continue // nothing to ask by: the fact is absent
			}
			if asks[source] == nil {
				asks[source] = map[string]string{}
			}
			asks[source][name] = spec.Type
		}
	}
	type answer struct {
		source string
		said   []Said
		err    error
	}
	answers := make(chan answer, len(asks))
	for _, source := range sortedKeys(asks) {
		g := s.of(source)
		if g == nil {
			answers <- answer{source, nil, ErrSource}
			continue
		}
		go func() {
			said, err := s.ask(ctx, g, FactQuery{Keys: keys, Facts: asks[source], Purpose: p.ID})
			answers <- answer{source, said, err}
		}()
	}
	for range asks {
		a := <-answers
		if a.err != nil {
			out.Silent = append(out.Silent, a.source)
		}
		for _, f := range a.said {
			if _, asked := asks[a.source][f.Name]; asked { // what was not asked for is not kept
				out.Facts[f.Name] = append(out.Facts[f.Name], Fact{Value: mend(f.Name, f.Value), Source: a.source, AsOf: f.AsOf, Receipt: f.Receipt})
			}
		}
	}
	for _, list := range out.Facts { // in one order, whoever answered first
		slices.SortStableFunc(list, func(a, b Fact) int { return strings.Compare(a.Source, b.Source) })
	}
	slices.Sort(out.Silent)
	out.Took = time.Since(began)
	return out
}

// Ask asks one source for what q names, as Gather does; what was not asked for is left
// out. ErrSource where there is no such source or it is left alone for a while.
func (s *Sources) Ask(ctx context.Context, source string, q FactQuery) ([]Said, error) {
	g := s.of(source)
	if g == nil {
		return nil, ErrSource
	}
	q.Keys = Keys(q.Keys)
	said, err := s.ask(ctx, g, q)
	return slices.DeleteFunc(said, func(f Said) bool { _, asked := q.Facts[f.Name]; return !asked }), err
}

// ask is one source's answer.
func (s *Sources) ask(ctx context.Context, g *guarded, q FactQuery) (said []Said, err error) {
	limit, tries := s.Time, s.Tries
	if limit == 0 {
		limit = 1500 * time.Millisecond
	}
	if tries == 0 {
		tries = 2
	}
	for range tries {
		if err = g.enter(s.Now()); err != nil {
			return nil, err
		}
		said, err = once(ctx, g.source, q, limit)
		if ctx.Err() == nil { // who went away says nothing of the source
			g.left(s.Now(), err)
		}
		if err == nil || ctx.Err() != nil {
			return said, err
		}
	}
	return nil, err
}

// once waits no longer than the limit, even for a source that does not mind its context.
func once(ctx context.Context, source FactSource, q FactQuery, limit time.Duration) ([]Said, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	type answer struct {
		said []Said
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- answer{nil, fmt.Errorf("rule: the source %s: %v", source.Name(), r)}
			}
		}()
		said, err := source.Fetch(ctx, q)
		done <- answer{said, err}
	}()
	select {
	case a := <-done:
		return a.said, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Keys mends the keys of a case: a number of 15 digits becomes one of 18, one that is
// none is left out; a name has one form.
func Keys(keys map[string]string) map[string]string {
	out := map[string]string{}
	for k, v := range keys {
		switch {
		case k == "id_no":
			id, err := subject.MendIDNumber(v)
			if err != nil {
				continue
			}
			v = id
		case k == "name" || strings.HasSuffix(k, "_name"):
			v = normName(v)
		case k == "uscc":
			v = strings.ToUpper(strings.TrimSpace(v))
		default:
			v = strings.TrimSpace(v)
		}
		if v != "" {
			out[k] = v
		}
	}
	return out
}

// mend gives a name one form.
func mend(fact string, v any) any {
	if s, ok := v.(string); ok && strings.HasSuffix(fact, ".name") {
		return normName(s)
	}
	return v
}
