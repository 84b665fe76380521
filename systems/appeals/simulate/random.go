package simulate

import (
	"math"
	"math/rand/v2"
)

// random is the generator's only source of chance.
type random struct{ *rand.Rand }

func newRandom(seed, stream uint64) random {
	return random{rand.New(rand.NewPCG(seed, stream))}
}

// chance is true with probability p.
func (r random) chance(p float64) bool { return r.Float64() < p }

// between returns an integer in [lo, hi].
func (r random) between(lo, hi int) int { return lo + r.IntN(hi-lo+1) }

func (r random) of(list []string) string { return list[r.IntN(len(list))] }

// poisson returns a count of mean m; by the normal approximation from 30 on.
func (r random) poisson(m float64) int {
	if m <= 0 {
		return 0
	}
	if m > 30 {
		return max(0, int(math.Round(m+math.Sqrt(m)*r.NormFloat64())))
	}
	n, p, limit := 0, 1.0, math.Exp(-m)
	for p *= r.Float64(); p > limit; p *= r.Float64() {
		n++
	}
	return n
}

// hash mixes two numbers into one that looks random (splitmix64).
func hash(a, b uint64) uint64 {
	z := a ^ b*0x9e3779b97f4a7c15
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func hashString(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// alias draws an index by weight in constant time (Vose's method).
type alias struct {
	keep  []float64
	other []int32
}

// newAlias returns nil for no weights; when all are zero, all are drawn alike.
func newAlias(weights []float64) *alias {
	n := len(weights)
	if n == 0 {
		return nil
	}
	var sum float64
	for _, w := range weights {
		sum += w
	}
	a := &alias{make([]float64, n), make([]int32, n)}
	var small, large []int32
	for i, w := range weights {
		if a.keep[i] = 1; sum > 0 {
			a.keep[i] = w * float64(n) / sum
		}
		if a.keep[i] < 1 {
			small = append(small, int32(i))
		} else {
			large = append(large, int32(i))
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		a.other[s] = l
		if a.keep[l] -= 1 - a.keep[s]; a.keep[l] < 1 {
			large = large[:len(large)-1]
			small = append(small, l)
		}
	}
	for _, i := range append(small, large...) {
		a.keep[i], a.other[i] = 1, i
	}
	return a
}

func (a *alias) draw(r random) int {
	i := r.IntN(len(a.keep))
	if r.Float64() < a.keep[i] {
		return i
	}
	return int(a.other[i])
}
