package topic

import "math"

// Scores say how well groups agree with the truth.
type Scores struct {
	Purity   float64 `json:"purity"`
	VMeasure float64 `json:"v_measure"`
	Homogen  float64 `json:"homogeneity"`
	Complete float64 `json:"completeness"`
	BPrec    float64 `json:"bcubed_precision"`
	BRecall  float64 `json:"bcubed_recall"`
	BF1      float64 `json:"bcubed_f1"`
	Messages int     `json:"messages"`
	Groups   int     `json:"groups"`
	TrueOnes int     `json:"true_groups"`
}

// Score compares groups with the truth, over the messages that both know.
func Score[G, T comparable](groups map[string]G, truth map[string]T) Scores {
	both := map[G]map[T]int{}
	gs, ts := map[G]int{}, map[T]int{}
	n := 0
	for id, t := range truth {
		g, ok := groups[id]
		if !ok {
			continue
		}
		if both[g] == nil {
			both[g] = map[T]int{}
		}
		both[g][t]++
		gs[g]++
		ts[t]++
		n++
	}
	if n == 0 {
		return Scores{}
	}
	all := float64(n)
	out := Scores{Messages: n, Groups: len(gs), TrueOnes: len(ts)}
	var hg, ht, hgt float64
	for _, c := range gs {
		hg -= float64(c) / all * math.Log(float64(c)/all)
	}
	for _, c := range ts {
		ht -= float64(c) / all * math.Log(float64(c)/all)
	}
	for g, row := range both {
		most := 0
		for t, c := range row {
			p := float64(c) / all
			hgt -= p * math.Log(p)
			most = max(most, c)
			out.BPrec += float64(c) * float64(c) / float64(gs[g])
			out.BRecall += float64(c) * float64(c) / float64(ts[t])
		}
		out.Purity += float64(most)
	}
	out.Purity /= all
	out.BPrec /= all
	out.BRecall /= all
	out.BF1 = 2 * out.BPrec * out.BRecall / (out.BPrec + out.BRecall)
	out.Homogen, out.Complete = 1, 1
	if ht > 0 {
		out.Homogen = 1 - (hgt-hg)/ht
	}
	if hg > 0 {
		out.Complete = 1 - (hgt-ht)/hg
	}
	if out.Homogen+out.Complete > 0 {
		out.VMeasure = 2 * out.Homogen * out.Complete / (out.Homogen + out.Complete)
	}
	return out
}
