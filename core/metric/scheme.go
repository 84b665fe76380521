package metric

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"shanzhi/core/rule"
)

// Scheme is how units are assessed (考核方案): indicators with their scorers, what is
// deducted and added beside them, and who is compared with whom.
type Scheme struct {
	ID     string  `yaml:"id" json:"id"`
	Name   Text    `yaml:"name" json:"name"`
	Source string  `yaml:"source" json:"source,omitempty"`
	Items  []Item  `yaml:"items" json:"items"`
	Extras []Extra `yaml:"extras" json:"extras,omitempty"`
	Groups []Group `yaml:"groups" json:"groups"`
	// Red and Black are how many stand on the lists of the best of each group and
	// of the worst of all (红黑榜); 0 is no list.
	Red   int `yaml:"red" json:"red,omitempty"`
	Black int `yaml:"black" json:"black,omitempty"`
	// Beside are indicators that are shown next to the points and earn none.
	Beside []string `yaml:"beside" json:"beside,omitempty"`
}

// Item is an indicator that earns points.
type Item struct {
	Indicator string `yaml:"indicator" json:"indicator"`
	Scorer    `yaml:",inline"`
	// None are the points where there is no value; absent takes the item out of the
	// unit's full points.
	None *float64 `yaml:"none" json:"none,omitempty"`
}

// Extra is a deduction (points below nothing) or a bonus for each row for which it
// holds, or entered by hand with its evidence.
type Extra struct {
	ID     string  `yaml:"id" json:"id"`
	Name   Text    `yaml:"name" json:"name"`
	Grain  string  `yaml:"grain" json:"grain,omitempty"` // none: by hand
	When   string  `yaml:"when" json:"when,omitempty"`
	Points float64 `yaml:"points" json:"points"` // each
	Most   float64 `yaml:"most" json:"most"`     // in all, as an amount

	when *rule.Program
}

// Group is units that are ranked among each other (同类单位).
type Group struct {
	Name  Text     `yaml:"name" json:"name"`
	Kinds []string `yaml:"kinds" json:"kinds,omitempty"`
	Units []string `yaml:"units" json:"units,omitempty"`
}

// Book is indicators and schemes, checked against the grains whose rows there are.
type Book struct {
	Indicators []*Indicator `yaml:"indicators" json:"indicators"`
	Schemes    []*Scheme    `yaml:"schemes" json:"schemes"`
}

// Compile checks all names and expressions; the error lists all that is wrong.
func (b *Book) Compile(grains map[string]rule.Vars) error {
	var wrong []error
	// A language is dear to make: one for each grain.
	langs := map[string]*rule.Language{}
	for name, vars := range grains {
		lang, err := rule.NewLanguage(vars)
		if err != nil {
			return err
		}
		langs[name] = lang
	}
	seen := map[string]bool{}
	for _, i := range b.Indicators {
		if seen[i.ID] {
			wrong = append(wrong, fmt.Errorf("metric: %s stands twice", i.ID))
		}
		seen[i.ID] = true
		lang, ok := langs[i.Grain]
		if !ok {
			wrong = append(wrong, fmt.Errorf("metric: %s: there is no grain %q", i.ID, i.Grain))
			continue
		}
		wrong = append(wrong, i.compile(lang))
	}
	schemes := map[string]bool{}
	for _, s := range b.Schemes {
		if s.ID == "" || schemes[s.ID] {
			wrong = append(wrong, fmt.Errorf("metric: a scheme needs an id of its own, not %q", s.ID))
		}
		schemes[s.ID] = true
		if len(s.Groups) == 0 {
			wrong = append(wrong, fmt.Errorf("metric: scheme %s: nobody is assessed", s.ID))
		}
		for _, it := range s.Items {
			if !seen[it.Indicator] {
				wrong = append(wrong, fmt.Errorf("metric: scheme %s: there is no indicator %q", s.ID, it.Indicator))
			}
			if it.Slope < 0 || it.Floor > it.Full {
				wrong = append(wrong, fmt.Errorf("metric: scheme %s: %s: a slope below nothing, or a floor above the full points", s.ID, it.Indicator))
			}
		}
		for _, id := range s.Beside {
			if !seen[id] {
				wrong = append(wrong, fmt.Errorf("metric: scheme %s: there is no indicator %q", s.ID, id))
			}
		}
		for i := range s.Extras {
			e := &s.Extras[i]
			if e.Grain == "" {
				continue
			}
			lang, ok := langs[e.Grain]
			if !ok {
				wrong = append(wrong, fmt.Errorf("metric: scheme %s: %s: there is no grain %q", s.ID, e.ID, e.Grain))
				continue
			}
			var err error
			if e.when, err = lang.Condition(e.When); err != nil {
				wrong = append(wrong, fmt.Errorf("metric: scheme %s: %s: %w", s.ID, e.ID, err))
			}
		}
	}
	return errors.Join(wrong...)
}

// Indicator finds one by its id; nil where there is none.
func (b *Book) Indicator(id string) *Indicator {
	i := slices.IndexFunc(b.Indicators, func(i *Indicator) bool { return i.ID == id })
	if i < 0 {
		return nil
	}
	return b.Indicators[i]
}

// Scheme finds one by its id; nil where there is none.
func (b *Book) Scheme(id string) *Scheme {
	i := slices.IndexFunc(b.Schemes, func(s *Scheme) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return b.Schemes[i]
}

// Grains are the grains that a scheme reads.
func (b *Book) Grains(s *Scheme) []string {
	var out []string
	for _, it := range s.Items {
		out = append(out, b.Indicator(it.Indicator).Grain)
	}
	for _, id := range s.Beside {
		out = append(out, b.Indicator(id).Grain)
	}
	for _, e := range s.Extras {
		if e.Grain != "" {
			out = append(out, e.Grain)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Line is what one unit got for one item.
type Line struct {
	ID      string   `json:"id"`
	Tally            // of an indicator
	Points  *float64 `json:"points,omitempty"` // none: it does not count for this unit
	Full    float64  `json:"full,omitempty"`
	Manual  bool     `json:"manual,omitempty"`
	Losses  []Loss   `json:"-"`
	Skipped bool     `json:"skipped,omitempty"` // no value: the item is out of its full points
}

// Loss is the points that one row cost.
type Loss struct {
	Key    int64
	Points float64
}

// Result is a unit's assessment.
type Result struct {
	Unit   string  `json:"unit"`
	Group  int     `json:"group"`
	Points float64 `json:"points"`
	Full   float64 `json:"full"`
	Rate   float64 `json:"rate"` // points of full, in percent: what ranks
	Rank   int     `json:"rank"` // within the group; 0 is not ranked: nothing was due
	Lines  []Line  `json:"lines"`
	Red    bool    `json:"red,omitempty"`
	Black  bool    `json:"black,omitempty"`
}

// Member says in which group a unit is, or that it is in none.
type Member func(unit string) (group int, ok bool)

// Manual are points entered by hand, with evidence, by unit and extra.
type Manual map[string]map[string]float64

// Assess scores units by a scheme over the rows of its grains. What it gives
// depends on its arguments alone.
func (b *Book) Assess(s *Scheme, units []string, member Member, rows map[string][]Row, manual Manual) ([]Result, error) {
	at := map[string]int{}
	var out []Result
	for _, u := range units {
		if g, ok := member(u); ok {
			at[u] = len(out)
			out = append(out, Result{Unit: u, Group: g})
		}
	}
	tallies := make([]map[string]*Tally, len(out)) // by unit, by indicator
	for i := range tallies {
		tallies[i] = map[string]*Tally{}
	}
	ids := slices.Clone(s.Beside)
	for _, it := range s.Items {
		ids = append(ids, it.Indicator)
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		ind := b.Indicator(id)
		for i := range out {
			tallies[i][id] = &Tally{}
		}
		for _, r := range rows[ind.Grain] {
			if i, ok := at[r.Unit]; ok {
				if err := ind.Add(tallies[i][id], r); err != nil {
					return nil, fmt.Errorf("metric: %s: %w", id, err)
				}
			}
		}
		for i := range out {
			ind.Close(tallies[i][id])
		}
	}
	byUnit := map[string]map[string][]Row{} // of the grains of the extras
	for _, e := range s.Extras {
		if byUnit[e.Grain] == nil {
			byUnit[e.Grain] = map[string][]Row{}
			for _, r := range rows[e.Grain] {
				byUnit[e.Grain][r.Unit] = append(byUnit[e.Grain][r.Unit], r)
			}
		}
	}
	for i := range out {
		r := &out[i]
		any := false
		for _, it := range s.Items {
			t := tallies[i][it.Indicator]
			l := Line{ID: it.Indicator, Tally: *t, Full: it.Full}
			switch {
			case t.Value != nil:
				p := it.Points(*t.Value, b.Indicator(it.Indicator).Low)
				l.Points, any = &p, true
				l.Losses = losses(t.rows, it.Full-p, b.Indicator(it.Indicator).Low)
			case it.None != nil:
				l.Points = it.None
			default:
				l.Skipped = true
			}
			if l.Points != nil {
				r.Points += *l.Points
				r.Full += it.Full
			}
			r.Lines = append(r.Lines, l)
		}
		for k := range s.Extras {
			e := &s.Extras[k]
			l, err := e.of(r.Unit, byUnit[e.Grain][r.Unit], manual)
			if err != nil {
				return nil, err
			}
			r.Points += *l.Points
			r.Lines = append(r.Lines, l)
		}
		for _, id := range s.Beside {
			r.Lines = append(r.Lines, Line{ID: id, Tally: *tallies[i][id]})
		}
		r.Points = math.Round(r.Points*100) / 100
		if any && r.Full > 0 {
			r.Rate = math.Round(r.Points/r.Full*10000) / 100
		} else {
			r.Full = 0
		}
	}
	s.rank(out)
	return out, nil
}

// of is what a unit's rows of the grain add or take away.
func (e *Extra) of(unit string, rows []Row, manual Manual) (Line, error) {
	l := Line{ID: e.ID, Manual: e.Grain == ""}
	points := manual[unit][e.ID]
	if e.when != nil {
		for _, r := range rows {
			ok, err := e.when.Holds(r.Facts)
			if err != nil {
				return l, fmt.Errorf("metric: %s: %w", e.ID, err)
			}
			if ok {
				l.Denominator++
				points += e.Points
				if e.Points < 0 {
					l.Losses = append(l.Losses, Loss{r.Key, -e.Points})
				}
			}
		}
	}
	if e.Most > 0 {
		points = min(e.Most, max(-e.Most, points))
	}
	points = math.Round(points*100) / 100
	l.Points = &points
	return l, nil
}

// losses shares the points that an item lost among the rows that cost them, so
// that they add up to it.
func losses(rows []Worth, lost float64, low bool) (out []Loss) {
	if lost <= 0 {
		return nil
	}
	best := 0.0
	for _, r := range rows {
		best = max(best, r.Value)
	}
	if best == 0 {
		best = 1
	}
	cost := func(v float64) float64 {
		if low {
			return v
		}
		return max(0, max(1, best)-v)
	}
	sum := 0.0
	for _, r := range rows {
		sum += cost(r.Value)
	}
	if sum == 0 {
		return nil
	}
	for _, r := range rows {
		if c := cost(r.Value); c > 0 {
			out = append(out, Loss{r.Key, lost * c / sum})
		}
	}
	return out
}

// rank orders each group by the share of its full points; equal shares share the
// rank and the next is as many further on. Who had nothing due is not ranked.
func (s *Scheme) rank(all []Result) {
	for g := range s.Groups {
		var in []*Result
		for i := range all {
			if all[i].Group == g && all[i].Full > 0 {
				in = append(in, &all[i])
			}
		}
		slices.SortStableFunc(in, func(a, b *Result) int { return cmp.Compare(b.Rate, a.Rate) })
		for i, r := range in {
			r.Rank = i + 1
			if i > 0 && r.Rate == in[i-1].Rate {
				r.Rank = in[i-1].Rank
			}
			r.Red = s.Red > 0 && r.Rank <= s.Red
		}
	}
	var ranked []*Result
	for i := range all {
		if all[i].Rank > 0 && !all[i].Red {
			ranked = append(ranked, &all[i])
		}
	}
	slices.SortStableFunc(ranked, func(a, b *Result) int { return cmp.Compare(a.Rate, b.Rate) })
	for i, r := range ranked {
		r.Black = i < s.Black || s.Black > 0 && r.Rate == ranked[s.Black-1].Rate
	}
}
