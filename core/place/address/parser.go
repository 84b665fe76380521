package address

import (
	"sync"
)

// Parser divides addresses into labelled parts. It never changes and is safe for
// concurrent use.
type Parser struct {
	w     *weights
	rooms sync.Pool
}

func newParser(w *weights) *Parser {
	p := &Parser{w: w}
	p.rooms.New = func() any { return &lattice{} }
	return p
}

// Part is a part of an address.
type Part struct {
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
		row := &l.scores[i]
		plain, past := l.view.features(i)
		for _, f := range plain {
			r, ok := p.w.rows[f]
			if !ok {
				continue
			}
			base := int(r) * tagCount
			for y, x := range p.w.state[base : base+tagCount] {
				row[y] += x
			}
		}
		prow := &l.past[i]
		for _, f := range past {
			r, ok := p.w.prows[f]
			if !ok {
				continue
			}
			base := int(r) * columns
			for y, x := range p.w.pstate[base : base+columns] {
				prow[y] += x
			}
		}
	}
	return l.best(p.w)
}

// Parse returns the parts of an address in its order.
func (p *Parser) Parse(text string) []Part {
	l := p.rooms.Get().(*lattice)
	defer p.rooms.Put(l)
	toks := tokens(text)
	tags := p.tag(toks, l)
	chars := []rune(text)
	parts := []Part{}
	for i, t := range toks {
		if n := len(parts); n > 0 && !tags[i].begins() {
			parts[n-1].End = t.end
			parts[n-1].Text = string(chars[parts[n-1].Start:t.end])
			continue
		}
		parts = append(parts, Part{Labels[tags[i].label()], string(chars[t.start:t.end]), t.start, t.end})
	}
	return parts
}
