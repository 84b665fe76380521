package closing

import "maps"

// maxDemands bounds how many demands of one appeal are looked at.
const maxDemands = 12

// demands are the clauses of an appeal that ask for something: questions,
// requests, complaints. The same demand said twice counts once.
func (s *Settings) demands(title, text string) []clause {
	var out []clause
	add := func(c clause) {
		for _, o := range out {
			if shared(grams2(o.text), grams2(c.text)) >= 0.5 {
				return
			}
		}
		if len(out) < maxDemands {
			out = append(out, c)
		}
	}
	for _, c := range split(text) {
		if s.in("demand", c.text) && len(plain(c.text)) >= 5 {
			add(c)
		}
	}
	if len(out) == 0 && s.in("demand", title) {
		out = append(out, clause{text: title})
	}
	return out
}

// grams2 are the two-rune pieces of a text.
func grams2(t string) map[string]bool {
	runes := plain(t)
	m := map[string]bool{}
	for i := 0; i+2 <= len(runes); i++ {
		m[string(runes[i:i+2])] = true
	}
	return m
}

// shared is which part of the smaller set is in the other.
func shared(a, b map[string]bool) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return 0
	}
	n := 0
	for g := range a {
		if b[g] {
			n++
		}
	}
	return float64(n) / float64(len(a))
}

// matter is what a text is about: its two-rune pieces without stock words.
func (s *Settings) matter(t string) map[string]bool {
	for _, list := range []string{"courtesy", "filler", "demand"} {
		if re := s.words[list]; re != nil {
			t = re.ReplaceAllString(t, "\n")
		}
	}
	out := map[string]bool{}
	for _, c := range split(t) {
		for g := range grams2(c.text) {
			out[g] = true
		}
	}
	return out
}

// answers finds for each demand the clause that answers it: one that is worth
// something and whose sentence speaks of the same. Words of the demand that come
// back without more answer nothing.
func (s *Settings) answers(demands, reply []clause) []Answer {
	near := map[int]map[string]bool{}
	for _, c := range reply {
		if near[c.sentence] == nil {
			near[c.sentence] = map[string]bool{}
		}
		maps.Copy(near[c.sentence], s.matter(c.text))
	}
	var out []Answer
	for _, d := range demands {
		a := Answer{Demand: Evidence{Of: "appeal", Quote: d.text, From: d.from, To: d.to}}
		about := s.matter(d.text)
		best := -1
		if len(about) > 0 {
			best = 0 // one that asks in stock words alone is answered by whatever is told
		}
		for _, c := range reply {
			if c.worth < answering {
				continue
			}
			n := 0
			for g := range about {
				if near[c.sentence][g] {
					n++
				}
			}
			if n > best {
				best = n
				e := quote(c)
				a.Clause = &e
			}
		}
		out = append(out, a)
	}
	return out
}

// answering is what a clause must be worth to answer a demand.
const answering = 4

func quote(c clause) Evidence { return Evidence{Of: "reply", Quote: c.text, From: c.from, To: c.to} }
