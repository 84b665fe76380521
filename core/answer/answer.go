package answer

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Answer is what is said to a question.
type Answer struct {
	Known      bool
	Text       string // one to three sentences of the source; empty where it is not known
	Source     *Document
	Confidence float64     // 0 to 1, of the best that was found, said or not
	Why        string      // where it is not known: empty, nothing, elsewhere, unsure
	Best       *Document   // what was found, said or not; nil: nothing
	Near       []*Document // what is worth a look beside, the best first
	Question   Question

	signs signs
}

// Asking is who asks, and when.
type Asking struct {
	At    time.Time            // zero: now
	Staff bool                 // may read what is for staff alone
	Keep  func(*Document) bool // nil: all
}

// longest bounds a question, in characters: what is longer is an appeal.
const longest = 500

// Answer answers a question. Below the measured threshold it says that it does
// not know, and names what stands near.
func (x *Index) Answer(s string, a Asking) Answer {
	if utf8.RuneCountInString(s) > longest {
		s = string([]rune(s)[:longest])
	}
	if a.At.IsZero() {
		a.At = time.Now()
	}
	out := Answer{Question: Analyse(s, x.own...)}
	q := &out.Question
	if len(q.tokens) == 0 {
		out.Why = "empty"
		return out
	}
	hits := x.Search(*q, a.At, a.Staff, a.Keep)
	if len(hits) == 0 {
		out.Why = "nothing"
		return out
	}
	type reading struct {
		hit   Hit
		text  string
		signs signs
		p     float64
	}
	var read []reading
	for _, h := range hits {
		t, fits := x.extract(q, h.Document)
		g := x.signsOf(q, h, fits, hits[0].Score)
		read = append(read, reading{h, t, g, x.cal.confidence(g)})
	}
	slices.SortStableFunc(read, func(a, b reading) int { return cmp.Compare(b.p, a.p) })
	best := read[0]
	out.Best, out.signs, out.Confidence = best.hit.Document, best.signs, best.p
	for _, r := range read[:min(3, len(read))] {
		if r.hit.Coverage >= nearCoverage {
			out.Near = append(out.Near, r.hit.Document)
		}
	}
	switch {
	case q.Elsewhere != "":
		out.Why, out.Confidence = "elsewhere", 0
	case best.p < x.cal.Threshold:
		out.Why = "unsure"
	default:
		out.Known, out.Text, out.Source = true, best.text, best.hit.Document
	}
	return out
}

// nearCoverage is from where a document is worth naming beside "not known".
const nearCoverage = 0.35

// extract cuts out the sentences of a document that answer: the best one, and up
// to two more that tell nearly as much, in the document's order. fits is how well
// the best one answers what is asked for.
func (x *Index) extract(q *Question, d *Document) (out string, fits float64) {
	parts := sentences(d.Text)
	if len(parts) == 0 {
		return "", 0
	}
	type piece struct {
		i     int
		score float64
		fits  float64
	}
	head := d.Title + "\n" + strings.Join(d.Keywords, "\n")
	var rest []string // of the question that the title does not tell
	for _, t := range q.tokens {
		if !strings.Contains(canonical(head), t) {
			rest = append(rest, t)
		}
	}
	pieces := make([]piece, len(parts))
	for i, s := range parts {
		f := 0.0
		for n, a := range q.Asks {
			if replies[a].MatchString(s) {
				f = max(f, 1/float64(n+1))
			}
		}
		if len(q.Asks) == 0 {
			f = 0.5
		}
		form := f
		if f > 0 && q.asks(HowLong) && results.MatchString(q.Text) && settles.MatchString(s) {
			form += 0.3
		}
		pieces[i] = piece{i, words*x.coverage(q.tokens, s) + residue*x.coverage(rest, s) + asked*form - late*float64(i), f}
	}
	slices.SortStableFunc(pieces, func(a, b piece) int { return cmp.Compare(b.score, a.score) })
	take := []int{pieces[0].i}
	for _, p := range pieces[1:] {
		if len(take) < 3 && p.score >= nearly*pieces[0].score && p.fits > 0 {
			take = append(take, p.i)
		}
	}
	slices.Sort(take)
	var b strings.Builder
	for _, i := range take {
		b.WriteString(parts[i])
	}
	return b.String(), pieces[0].fits
}

// What a sentence's words weigh, those that its title does not hold, and its
// form; what a later one loses, and from where a further one is said too.
const (
	words   = 0.4
	residue = 0.6
	asked   = 0.7
	late    = 0.01
	nearly  = 0.7
)
