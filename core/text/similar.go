package text

import (
	"math"
	"math/bits"
	"sort"
	"unicode/utf8"
)

// Fingerprint returns the SimHash of s: 64 bits such that texts that share most
// of their words differ in few of them (Distance). It is over the overlapping
// two-character pieces of the normalized letters and digits, so that
// punctuation, blanks and width do not count. The share of
// differing bits is about the angle between the two texts' counts over π:
// within 3 bits they are copies but for a few characters in a hundred; one
// changed word in a text of 90 characters moves some 5. Of texts under 20
// characters the bits say little, and Profile should be asked. A text
// without letters or digits has the fingerprint 0.
func Fingerprint(s string) uint64 {
	var sum [64]int32
	n := 0
	shingles(s, 2, func(h uint64) {
		n++
		for i := range sum {
			sum[i] += int32(h>>i&1)*2 - 1
		}
	})
	if n == 0 {
		return 0
	}
	var f uint64
	for i, v := range sum {
		if v > 0 {
			f |= 1 << i
		}
	}
	return f
}

// Distance returns the number of bits, 0 to 64, in which two fingerprints differ.
func Distance(a, b uint64) int { return bits.OnesCount64(a ^ b) }

// Profile is a text as the counts of its two-character pieces, made once and
// compared often. The zero Profile is that of an empty text.
type Profile struct {
	pieces []piece // by hash
	norm   float64
}

type piece struct {
	hash  uint64
	count float64
}

// NewProfile returns the profile of s.
func NewProfile(s string) Profile {
	var hs []uint64
	shingles(s, 2, func(h uint64) { hs = append(hs, h) })
	sort.Slice(hs, func(i, j int) bool { return hs[i] < hs[j] })
	var p Profile
	for i := 0; i < len(hs); {
		j := i
		for j < len(hs) && hs[j] == hs[i] {
			j++
		}
		c := float64(j - i)
		p.pieces = append(p.pieces, piece{hs[i], c})
		p.norm += c * c
		i = j
	}
	p.norm = math.Sqrt(p.norm)
	return p
}

// Cosine returns how alike two texts are, from 0 (nothing in common) to 1 (the
// same pieces in the same proportions). Two empty texts are alike (1); an empty
// and a full one are not (0).
func (p Profile) Cosine(q Profile) float64 {
	if len(p.pieces) == 0 || len(q.pieces) == 0 {
		if len(p.pieces) == len(q.pieces) {
			return 1
		}
		return 0
	}
	dot := 0.0
	for i, j := 0, 0; i < len(p.pieces) && j < len(q.pieces); {
		switch a, b := p.pieces[i], q.pieces[j]; {
		case a.hash < b.hash:
			i++
		case a.hash > b.hash:
			j++
		default:
			dot += a.count * b.count
			i, j = i+1, j+1
		}
	}
	return math.Min(1, dot/(p.norm*q.norm))
}

// Similarity is NewProfile(a).Cosine(NewProfile(b)).
func Similarity(a, b string) float64 { return NewProfile(a).Cosine(NewProfile(b)) }

// shingles calls f with the hash of each n-character piece of the letters and
// digits of s, or of the whole where it is shorter than n.
func shingles(s string, n int, f func(uint64)) {
	s = Normalize(s)
	buf := make([]byte, 0, len(s))
	var starts []int
	for i := 0; i < len(s); {
		r, w := utf8.DecodeRuneInString(s[i:])
		if runKind(r) != 0 {
			starts = append(starts, len(buf))
			buf = append(buf, s[i:i+w]...)
		}
		i += w
	}
	if len(starts) == 0 {
		return
	}
	if len(starts) <= n {
		f(Hash64(string(buf)))
		return
	}
	starts = append(starts, len(buf))
	for i := 0; i+n < len(starts); i++ {
		f(Hash64(string(buf[starts[i]:starts[i+n]])))
	}
}

// Hash64 is the hash that this package's fingerprints are made of: FNV-1a with
// a final mixing, the same on every machine and in every release, because
// fingerprints are stored.
func Hash64(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
