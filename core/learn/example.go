package learn

import (
	"errors"
	"fmt"
	"runtime"
	"time"
)

// Schema names the columns that a model reads. The order is part of the
// meaning: Example.Text[i] is the column Schema.Text[i].
type Schema struct {
	Text     []string `json:"text"`     // free text, cut into character n-grams
	Features []string `json:"features"` // categories: a value is compared whole
}

// Example is one case: what is known of it, and for training its label. Values
// are taken as they were written; the model normalizes them itself.
type Example struct {
	Text     []string
	Features []string
	Label    string
	// Time is when the case arose. It orders the history; where the examples
	// of a training set have none they are taken to be in no order at all.
	Time time.Time
}

// ErrExamples is in the chain of every error that is the fault of the data that
// was handed in.
var ErrExamples = errors.New("learn: unusable examples")

func (s Schema) check(e Example) error {
	if len(e.Text) != len(s.Text) || len(e.Features) != len(s.Features) {
		return fmt.Errorf("%w: %d text and %d feature values for a schema of %d and %d",
			ErrExamples, len(e.Text), len(e.Features), len(s.Text), len(s.Features))
	}
	return nil
}

// Options governs training. The zero value, with a Schema, is a good choice.
type Options struct {
	Schema Schema
	// Seed makes the run repeatable: the same examples in the same order with
	// the same options and seed give the same model, byte for byte but for
	// Meta.TrainedAt.
	Seed uint64
	// Lag is how long after its Time the label of a case becomes known. While
	// learning how far to trust the history, a case sees only those that are at
	// least so much older, as it will when the model is used. Zero means a day:
	// models are retrained at night.
	Lag time.Duration
	// MaxWeights bounds the weights that each of the two word models keeps, 8
	// bytes each, the smallest being dropped first. Zero means 1<<24.
	MaxWeights int
	// Workers is how many processors training may use. Zero means all of them.
	// It does not change the result.
	Workers int
	// Progress, if set, is called from Train with the share done, 0 to 1.
	Progress func(done float64)
	// Now is the time written into Meta.TrainedAt. Zero means time.Now.
	Now time.Time
}

func (o Options) withDefaults() Options {
	if o.Lag == 0 {
		o.Lag = 24 * time.Hour
	}
	if o.MaxWeights == 0 {
		o.MaxWeights = 1 << 24
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	if o.Progress == nil {
		o.Progress = func(float64) {}
	}
	return o
}
