package address

import (
	"slices"
	"sync"
)

// Parser divides addresses into labelled parts. It never changes and is safe for
// concurrent use.
type Parser struct {
	plain, past sparse
	chain       chain
	seen        []uint64 // fingerprints of the addresses it learned from, in order
	rooms       sync.Pool
}

func newParser(w *weights, least float32) *Parser {
	p := &Parser{plain: sparseOf(w.rows, w.state, tagCount, least), past: sparseOf(w.prows, w.pstate, columns, least), chain: w.chain}
	p.rooms.New = func() any { return &lattice{} }
	return p
}

// sparse are the weights of features that are not nothing, found by their feature.
type sparse struct {
	keys   []uint32 // in order
	starts []uint32 // of each key's weights, and the end of the last
	cols   []uint8
	values []float32
	slots  []uint32 // open addressing: number of the key and one, 0 is free
	bits   uint
}

func sparseOf(rows map[uint32]int32, values []float32, width int, least float32) (s sparse) {
	for f := range rows {
		s.keys = append(s.keys, f)
	}
	slices.Sort(s.keys)
	kept := s.keys[:0]
	for _, f := range s.keys {
		start := uint32(len(s.values))
		for y, x := range values[int(rows[f])*width:][:width] {
			if x > least || x < -least {
				s.cols, s.values = append(s.cols, uint8(y)), append(s.values, x)
			}
		}
		if uint32(len(s.values)) > start {
			kept, s.starts = append(kept, f), append(s.starts, start)
		}
	}
	s.keys, s.starts = kept, append(s.starts, uint32(len(s.values)))
	s.index()
	return s
}

func (s *sparse) index() {
	for s.bits = 4; 1<<s.bits < 2*len(s.keys); s.bits++ {
	}
	s.slots = make([]uint32, 1<<s.bits)
	for i, f := range s.keys {
		at := f * 0x9E3779B1 >> (32 - s.bits)
		for s.slots[at] != 0 {
			at = (at + 1) & (1<<s.bits - 1)
		}
		s.slots[at] = uint32(i + 1)
	}
}

// add adds the weights of a feature to a row.
func (s *sparse) add(f uint32, row []float32) {
	for at := f * 0x9E3779B1 >> (32 - s.bits); ; at = (at + 1) & (1<<s.bits - 1) {
		i := s.slots[at]
		if i == 0 {
			return
		}
		if s.keys[i-1] == f {
			from, to := s.starts[i-1], s.starts[i]
			values := s.values[from:to]
			for k, y := range s.cols[from:to] {
				row[y] += values[k]
			}
			return
		}
	}
}

// AddressPart is a part of an address.
type AddressPart struct {
	Label string `json:"label"`
	Text  string `json:"text"`
	// Start and End count characters of what was written.
	Start int `json:"start"`
	End   int `json:"end"`
}

func (p *Parser) tag(toks []token, l *lattice) []tag {
	l.room(len(toks))
	l.view.look(toks)
	for i := range toks {
		plain, past := l.view.features(i)
		for _, f := range plain {
			p.plain.add(f, l.scores[i][:])
		}
		for _, f := range past {
			p.past.add(f, l.past[i][:])
		}
	}
	return l.best(&p.chain)
}

// Longest is how many characters of an address are read: nobody's is longer, and
// what is takes no more time.
const Longest = 300

// Parse returns the parts of an address in its order. Blanks are in none.
func (p *Parser) Parse(text string) []AddressPart {
	l := p.rooms.Get().(*lattice)
	defer p.rooms.Put(l)
	chars := []rune(text)
	if len(chars) > Longest {
		chars = chars[:Longest]
		text = string(chars)
	}
	toks := tokens(text)
	tags := p.tag(toks, l)
	parts := []AddressPart{}
	for i, t := range toks {
		if n := len(parts); n > 0 && !tags[i].begins() {
			parts[n-1].End = t.end
			parts[n-1].Text = string(chars[parts[n-1].Start:t.end])
			continue
		}
		parts = append(parts, AddressPart{Labels[tags[i].label()], string(chars[t.start:t.end]), t.start, t.end})
	}
	return parts
}

// fingerprint is what an address is known by without its text.
func fingerprint(toks []token) uint64 {
	h := seed(99)
	for _, t := range toks {
		h = h.str(t.text)
	}
	return uint64(h)
}

// Seen reports whether the parser learned from this address.
func (p *Parser) Seen(text string) bool {
	_, ok := slices.BinarySearch(p.seen, fingerprint(tokens(text)))
	return ok
}
