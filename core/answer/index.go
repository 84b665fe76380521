package answer

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shanzhi/core/text"
)

// Index finds documents by their words. Once made it does not change, and may be
// read by many at once.
type Index struct {
	docs     []Document
	postings map[string][]posting
	length   []float32
	mean     float64
	own      []string
	cal      Calibration
}

type posting struct {
	doc    int32
	weight float32 // how often and where: a title's word counts more
}

// Weights of a word by where it stands, and BM25's usual saturation and length.
const (
	inTitle    = 2.5
	inKeywords = 2.0
	inText     = 1.0
	k1, b      = 1.2, 0.5
)

// Options of an index.
type Options struct {
	Own         []string    // names of the district and of what it belongs to
	Calibration Calibration // zero: Shipped
}

// New makes an index of documents. It takes some 30 µs a document.
func New(docs []Document, o Options) *Index {
	x := &Index{docs: docs, postings: map[string][]posting{}, length: make([]float32, len(docs)), own: o.Own, cal: o.Calibration}
	if x.cal == (Calibration{}) {
		x.cal = Shipped
	}
	words := map[string]float32{}
	total := 0.0
	for i := range docs {
		d := &docs[i]
		clear(words)
		add := func(s string, w float32) {
			for _, t := range text.QueryTokens(canonical(s)) {
				words[strings.TrimSuffix(t, "*")] += w
			}
		}
		add(d.Title, inTitle)
		add(strings.Join(d.Keywords, " "), inKeywords)
		add(d.Text, inText)
		add(d.Also, inText)
		for t, w := range words {
			x.postings[t] = append(x.postings[t], posting{int32(i), w})
			x.length[i] += w
		}
		total += float64(x.length[i])
	}
	x.mean = max(1, total/float64(max(1, len(docs))))
	return x
}

// Len is how many documents the index holds.
func (x *Index) Len() int { return len(x.docs) }

// function are characters that join words and say little: a piece with one of
// them weighs little.
const function = "的了吗呢吧啊呀我你您他她们这那哪是在有没不要去到来把被给和与就都也还能会可以上下里个得着过么什怎多少几谁为因从向对于之内才想让请问很太后前时点"

// weight is how much a word tells: by how few documents hold it, and little where
// it is of characters that join.
func (x *Index) weight(t string) float64 {
	n := float64(len(x.postings[t]))
	w := math.Log(1 + (float64(len(x.docs))-n+0.5)/(n+0.5))
	han, joins := 0, 0
	for _, r := range t {
		if text.IsHan(r) {
			han++
			if strings.ContainsRune(function, r) {
				joins++
			}
		}
	}
	switch {
	case joins == 0:
	case joins == han:
		w *= 0.02
	default:
		w *= 0.12
	}
	return w
}

// Hit is a document that a question finds.
type Hit struct {
	Document *Document
	Score    float64 // BM25 over the words that tell
	Coverage float64 // 0 to 1: of what the question's words tell, how much the document holds

	i int
}

// candidates bounds how many documents are read closer.
const candidates = 24

// Search finds the documents that a question's words are in, the best first.
func (x *Index) Search(q Question, at time.Time, staff bool, keep func(*Document) bool) []Hit {
	if len(x.docs) == 0 {
		return nil
	}
	score := map[int32]float64{}
	all := 0.0
	for _, t := range q.tokens {
		w := x.weight(t)
		all += w
		for _, p := range x.postings[t] {
			tf := float64(p.weight)
			score[p.doc] += w * tf * (k1 + 1) / (tf + k1*(1-b+b*float64(x.length[p.doc])/x.mean))
		}
	}
	if all == 0 {
		return nil
	}
	hits := make([]Hit, 0, min(len(score), 4*candidates))
	for i, s := range score {
		d := &x.docs[i]
		if d.Internal && !staff || !d.holds(at) || len(d.Asks) > 0 && !q.asks(d.Asks...) || keep != nil && !keep(d) {
			continue
		}
		hits = append(hits, Hit{Document: d, Score: s, i: int(i)})
	}
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.i, b.i)) })
	hits = hits[:min(len(hits), candidates)]
	for i := range hits {
		hits[i].Coverage = x.coverage(q.tokens, hits[i].Document.all())
	}
	return hits
}

func (d *Document) all() string {
	return d.Title + "\n" + strings.Join(d.Keywords, "\n") + "\n" + d.Text + "\n" + d.Also
}

// coverage is how much of what words tell stands in a text. A word that no
// document holds tells much, so that it counts against every answer. Of two
// characters that stand apart in the text (补办 of 补领并办理), a part counts.
func (x *Index) coverage(tokens []string, in string) float64 {
	in = canonical(in)
	var has, all float64
	for _, t := range tokens {
		w := x.weight(t)
		all += w
		if strings.Contains(in, t) {
			has += w
			continue
		}
		if r, n := utf8.DecodeRuneInString(t); n < len(t) && text.IsHan(r) && strings.Contains(in, t[:n]) && strings.Contains(in, t[n:]) {
			has += w * apart
		}
	}
	if all == 0 {
		return 0
	}
	return has / all
}

const apart = 0.25
