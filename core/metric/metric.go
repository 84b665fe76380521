// Package metric is figures that say what they are: a numerator over a
// denominator in a window, with their definition and the way to the rows
// behind them.
package metric

import "math"

// Text is what people read, by language.
type Text map[string]string

// Definition says what a figure counts over what.
type Definition struct {
	Name        Text
	Unit        string // 件, %, hours
	Numerator   Text
	Denominator Text // none for a count
}

// Figure is a value with its definition and its rows.
type Figure struct {
	ID          string   `json:"id"`
	Name        Text     `json:"name"`
	Value       *float64 `json:"value,omitempty" doc:"Absent when the denominator is nothing: there is no rate of nothing"`
	Numerator   float64  `json:"numerator"`
	Denominator float64  `json:"denominator,omitempty"`
	Unit        string   `json:"unit"`
	Definition  Text     `json:"definition"`
	Rows        string   `json:"rows" doc:"Path of the list behind the figure"`
}

// Count makes a figure that is a number of rows.
func (d Definition) Count(id string, n int64, rows string) Figure {
	v := float64(n)
	return Figure{ID: id, Name: d.Name, Value: &v, Numerator: v, Unit: d.Unit, Definition: d.Numerator, Rows: rows}
}

// Ratio makes a figure that is a share, in percent to one decimal. Over a
// denominator of nothing there is no value.
func (d Definition) Ratio(id string, numerator, denominator float64, rows string) Figure {
	f := Figure{ID: id, Name: d.Name, Numerator: numerator, Denominator: denominator, Unit: d.Unit, Rows: rows, Definition: Text{}}
	for lang, over := range d.Denominator {
		f.Definition[lang] = d.Numerator[lang] + " ÷ " + over
	}
	if denominator > 0 {
		v := math.Round(numerator/denominator*1000) / 10
		f.Value = &v
	}
	return f
}
