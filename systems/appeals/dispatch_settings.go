package appeals

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"
)

// DispatchSettings are what a district decides about dispatch (分拨) in its pack,
// appeals/dispatch.yaml. A pack without the file has the defaults.
type DispatchSettings struct {
	// Bands are the probabilities from which a suggestion is sure enough to be
	// dispatched by itself, and good enough to be shown first.
	Bands struct {
		Auto    float64 `yaml:"auto"`
		Suggest float64 `yaml:"suggest"`
	} `yaml:"bands"`
	Auto struct {
		Enabled bool `yaml:"enabled"`
		// Precision is what the model must have reached on at least Cases appeals
		// that it had not learned from.
		Precision float64  `yaml:"precision"`
		Cases     int      `yaml:"cases"`
		Delay     string   `yaml:"delay"`
		Never     []string `yaml:"never"` // urgency classes

		delay time.Duration
	} `yaml:"auto"`
	Training struct {
		At    string `yaml:"at"`    // local time of the night
		Rows  int    `yaml:"rows"`  // learned from at most, the newest
		Least int    `yaml:"least"` // no model is made of fewer

		at time.Duration // since midnight
	} `yaml:"training"`
}

// defaultDispatch: nothing is dispatched by itself.
func defaultDispatch() DispatchSettings {
	var d DispatchSettings
	d.Bands.Auto, d.Bands.Suggest = 0.95, 0.6
	d.Auto.Precision, d.Auto.Cases, d.Auto.Delay, d.Auto.Never = 0.95, 50, "30s", []string{Critical}
	d.Training.At, d.Training.Rows, d.Training.Least = "02:30", 30000, 300
	return d
}

// ReadDispatch reads the settings of a pack. The error names all that is wrong.
func ReadDispatch(files fs.FS) (DispatchSettings, error) {
	const name = "appeals/dispatch.yaml"
	d := defaultDispatch()
	err := readSettings(files, name, &d)
	if err != nil {
		return d, err
	}
	var wrong []error
	bad := func(format string, args ...any) {
		wrong = append(wrong, fmt.Errorf("%s: %s", name, fmt.Sprintf(format, args...)))
	}
	if b := d.Bands; !(0 < b.Suggest && b.Suggest <= b.Auto && b.Auto <= 1) {
		bad("bands: 0 < suggest ≤ auto ≤ 1 does not hold for %v and %v", b.Suggest, b.Auto)
	}
	if d.Auto.Precision <= 0 || d.Auto.Precision > 1 {
		bad("auto.precision %v is not between 0 and 1", d.Auto.Precision)
	}
	if d.Auto.Cases < 1 {
		bad("auto.cases must be 1 or more")
	}
	for _, c := range d.Auto.Never {
		if !slices.Contains(classes, c) {
			bad("auto.never: %q is not an urgency", c)
		}
	}
	if d.Auto.delay, err = time.ParseDuration(d.Auto.Delay); err != nil || d.Auto.delay < 0 {
		bad("auto.delay: %q is not a length of time such as 30s", d.Auto.Delay)
	}
	if d.Training.at, err = timeOfDay(d.Training.At); err != nil {
		bad("training.at: %q is not a time of day such as 02:30", d.Training.At)
	}
	if d.Training.Rows < d.Training.Least || d.Training.Least < 20 {
		bad("training: rows must be no fewer than least, and least no fewer than 20")
	}
	return d, errors.Join(wrong...)
}

// band says what may be done with a suggestion whose first candidate has
// probability p: auto, suggest or manual. auto is the probability from which the
// model in office may dispatch this by itself, 0 where it may not; class is the
// urgency.
func (d *DispatchSettings) band(p, auto float64, class string) string {
	switch {
	case p < d.Bands.Suggest:
		return "manual"
	case auto > 0 && p >= max(auto, d.Bands.Auto) && !slices.Contains(d.Auto.Never, class):
		return "auto"
	}
	return "suggest"
}
