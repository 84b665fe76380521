package address

// Score is how good the parts of a label are.
type Score struct {
	Label     string  `json:"label"`
	Parts     int     `json:"parts"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// Report is how good a parser's labels are.
type Report struct {
	Addresses int     `json:"addresses"`
	Tokens    int     `json:"tokens"`
	Accuracy  float64 `json:"token_accuracy" doc:"Share of tokens whose label, and whether its part begins there, are right"`
	Labels    float64 `json:"label_accuracy" doc:"Share of tokens whose label is right"`
	Whole     float64 `json:"whole" doc:"Share of addresses with every part right"`
	Precision float64 `json:"precision" doc:"Of parts, whole"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	ByLabel   []Score `json:"by_label"`
}

// tally counts for a report.
type tally struct {
	addresses, tokens, right, labels, whole int
	found, said, had                        [tagCount / 2]int
}

func (s *tally) add(gold, got []tag) {
	s.addresses++
	all := true
	for i := range gold {
		s.tokens++
		if gold[i] == got[i] {
			s.right++
		} else {
			all = false
		}
		if gold[i].label() == got[i].label() {
			s.labels++
		}
	}
	if all {
		s.whole++
	}
	type part struct{ from, to, label int }
	parts := func(tags []tag) map[part]bool {
		out := map[part]bool{}
		for i := 0; i < len(tags); {
			j := i + 1
			for j < len(tags) && !tags[j].begins() {
				j++
			}
			out[part{i, j, tags[i].label()}] = true
			i = j
		}
		return out
	}
	want, have := parts(gold), parts(got)
	for p := range want {
		s.had[p.label]++
		if have[p] {
			s.found[p.label]++
		}
	}
	for p := range have {
		s.said[p.label]++
	}
}

func share(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func (s *tally) report() Report {
	r := Report{Addresses: s.addresses, Tokens: s.tokens, Accuracy: share(s.right, s.tokens), Labels: share(s.labels, s.tokens), Whole: share(s.whole, s.addresses)}
	found, said, had := 0, 0, 0
	score := func(found, said, had int) (p, r, f float64) {
		return share(found, said), share(found, had), share(2*found, said+had)
	}
	for i, label := range Labels {
		found, said, had = found+s.found[i], said+s.said[i], had+s.had[i]
		if s.had[i]+s.said[i] > 0 {
			x := Score{Label: label, Parts: s.had[i]}
			x.Precision, x.Recall, x.F1 = score(s.found[i], s.said[i], s.had[i])
			r.ByLabel = append(r.ByLabel, x)
		}
	}
	r.Precision, r.Recall, r.F1 = score(found, said, had)
	return r
}

// Evaluate says how good a parser's labels are on labelled addresses.
func Evaluate(p *Parser, examples []Labelled) Report {
	var s tally
	l := &lattice{}
	for _, ex := range examples {
		s.add(ex.tags, p.tag(ex.toks, l))
	}
	return s.report()
}

// CrossValidate divides the addresses into so many parts, has each answered by a
// parser that learned from the others alone (and from more), and reports on all answers.
func CrossValidate(examples, more []Labelled, folds int, o Training) Report {
	var s tally
	l := &lattice{}
	for k := range folds {
		var learn []Labelled
		for i, ex := range examples {
			if i%folds != k {
				learn = append(learn, ex)
			}
		}
		p := Train(append(learn, more...), o)
		for i, ex := range examples {
			if i%folds == k {
				s.add(ex.tags, p.tag(ex.toks, l))
			}
		}
	}
	return s.report()
}
