package metric

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"

	"shanzhi/core/rule"
)

// Indicator is a figure as data (指标): over the rows of one grain that count, what
// each is worth. A row that is excluded is in neither numerator nor denominator.
type Indicator struct {
	ID         string `yaml:"id" json:"id"`
	Name       Text   `yaml:"name" json:"name"`
	Definition Text   `yaml:"definition" json:"definition"`
	Unit       string `yaml:"unit" json:"unit"`   // %, 件, 小时
	Grain      string `yaml:"grain" json:"grain"` // which rows: see the system that gives them
	// How the values of the rows become one: ratio (their sum over their number,
	// in percent), mean, median, p90, count.
	How string `yaml:"how" json:"how"`
	// Count must hold for a row to be in the denominator; empty is all.
	Count string `yaml:"count" json:"count,omitempty"`
	// Exclude takes a row out, with a reason that the definition states.
	Exclude string `yaml:"exclude" json:"exclude,omitempty"`
	// Value is what a row is worth: true or false, or a number.
	Value string `yaml:"value" json:"value"`
	// Least is the smallest denominator for which there is a value.
	Least int `yaml:"least" json:"least,omitempty"`
	// Low says that less is better.
	Low bool `yaml:"low" json:"low,omitempty"`

	count, exclude, value *rule.Program
}

var hows = []string{"ratio", "mean", "median", "p90", "count"}

// compile readies an indicator for the facts of its grain. The error names it.
func (i *Indicator) compile(lang *rule.Language) (err error) {
	if i.ID == "" || len(i.Name) == 0 {
		return errors.New("metric: an indicator needs id and name")
	}
	if !slices.Contains(hows, i.How) {
		return fmt.Errorf("metric: %s: %q is not one of %v", i.ID, i.How, hows)
	}
	for _, p := range []struct {
		text string
		into **rule.Program
	}{{i.Count, &i.count}, {i.Exclude, &i.exclude}} {
		if p.text == "" {
			continue
		}
		if *p.into, err = lang.Condition(p.text); err != nil {
			return fmt.Errorf("metric: %s: %w", i.ID, err)
		}
	}
	if i.How == "count" && i.Value == "" {
		i.Value = "true"
	}
	if i.value, err = lang.Number(i.Value); err != nil {
		return fmt.Errorf("metric: %s: %w", i.ID, err)
	}
	return nil
}

// Row is one row of a grain.
type Row struct {
	Key   int64  // whose row it is: the matter that a reader opens
	Unit  string // for whom it counts
	Facts map[string]any
}

// Worth is what one row was worth to an indicator.
type Worth struct {
	Key   int64
	Value float64
}

// Tally is an indicator over rows.
type Tally struct {
	Numerator   float64  `json:"numerator"`
	Denominator float64  `json:"denominator"`
	Excluded    int      `json:"excluded,omitempty"`
	Value       *float64 `json:"value,omitempty"` // none under the least denominator
	rows        []Worth
}

// Add counts one row. It fails where an expression does: a fact that is not
// there is a mistake of the definition, not a zero.
func (i *Indicator) Add(t *Tally, r Row) error {
	if i.count != nil {
		if ok, err := i.count.Holds(r.Facts); err != nil || !ok {
			return err
		}
	}
	if i.exclude != nil {
		if out, err := i.exclude.Holds(r.Facts); err != nil {
			return err
		} else if out {
			t.Excluded++
			return nil
		}
	}
	v, err := i.value.Amount(r.Facts)
	if err != nil {
		return err
	}
	t.Numerator += v
	t.Denominator++
	t.rows = append(t.rows, Worth{r.Key, v})
	return nil
}

// Close computes the value of all rows that were added: percent to two decimals
// for a ratio, else in the unit of the rows.
func (i *Indicator) Close(t *Tally) {
	t.Value = nil
	if i.How == "count" {
		v := t.Numerator
		t.Value = &v
		return
	}
	if t.Denominator == 0 || t.Denominator < float64(i.Least) {
		return
	}
	var v float64
	switch i.How {
	case "ratio":
		v = t.Numerator / t.Denominator * 100
	case "mean":
		v = t.Numerator / t.Denominator
	case "median":
		v = quantile(t.rows, 0.5)
	case "p90":
		v = quantile(t.rows, 0.9)
	}
	v = math.Round(v*100) / 100
	t.Value = &v
}

// quantile is the value below which a share of the rows lies, between two of them
// in proportion.
func quantile(rows []Worth, q float64) float64 {
	all := make([]float64, len(rows))
	for i, r := range rows {
		all[i] = r.Value
	}
	sort.Float64s(all)
	at := q * float64(len(all)-1)
	low := int(at)
	if low+1 >= len(all) {
		return all[len(all)-1]
	}
	return all[low] + (at-float64(low))*(all[low+1]-all[low])
}

// Scorer makes points of a value, by straight lines: full points at the target,
// slope points less for each unit that the value falls short of it (or more, where
// the value is over it), between floor and cap.
type Scorer struct {
	Full   float64  `yaml:"full" json:"full"`
	Target float64  `yaml:"target" json:"target"`
	Slope  float64  `yaml:"slope" json:"slope"`
	Floor  float64  `yaml:"floor" json:"floor"`
	Cap    *float64 `yaml:"cap" json:"cap,omitempty"` // none is full
}

// Points of a value, to two decimals.
func (s Scorer) Points(value float64, low bool) float64 {
	short := s.Target - value
	if low {
		short = -short
	}
	most := s.Full
	if s.Cap != nil {
		most = *s.Cap
	}
	return math.Round(min(most, max(s.Floor, s.Full-s.Slope*short))*100) / 100
}
