package appeals

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"
)

// TopicSettings are what a district decides about topics (一类事主题) in its pack,
// appeals/topics.yaml. A pack without the file has the defaults.
type TopicSettings struct {
	Days    int                `yaml:"days"`
	Least   int                `yaml:"least"`
	Cool    float64            `yaml:"cool"`
	Night   string             `yaml:"night"`
	Weights map[string]float64 `yaml:"weights"` // by kind of appeal
	Alarms  topicAlarms        `yaml:"alarms"`

	night time.Duration // since midnight
}

type topicAlarms struct {
	Quiet    int       `yaml:"quiet"`
	Frequent Threshold `yaml:"frequent"`
	Sudden   Threshold `yaml:"sudden"`
	OneMany  Threshold `yaml:"one_many"`
	ManyOne  Threshold `yaml:"many_one"`
}

// Threshold is from when on an alarm is given, over the last days. One that asks
// for nothing is off.
type Threshold struct {
	Days       int     `yaml:"days"`
	Messages   int     `yaml:"messages"`
	Appellants int     `yaml:"appellants"`
	Deviations float64 `yaml:"deviations"`
}

func defaultTopics() TopicSettings {
	t := TopicSettings{Days: 365, Least: 3, Cool: 30, Night: "03:40"}
	t.Alarms.Quiet = 7
	t.Alarms.Frequent = Threshold{Days: 7, Messages: 10}
	t.Alarms.Sudden = Threshold{Days: 7, Messages: 5, Deviations: 3}
	t.Alarms.OneMany = Threshold{Days: 30, Messages: 5}
	t.Alarms.ManyOne = Threshold{Days: 30, Appellants: 8}
	return t
}

// ReadTopics reads the settings of a pack. The error names all that is wrong.
func ReadTopics(files fs.FS) (TopicSettings, error) {
	const name = "appeals/topics.yaml"
	t := defaultTopics()
	err := readSettings(files, name, &t)
	if err != nil {
		return t, err
	}
	var wrong []error
	bad := func(format string, args ...any) {
		wrong = append(wrong, fmt.Errorf("%s: %s", name, fmt.Sprintf(format, args...)))
	}
	if t.Days < 30 || t.Days > 3660 {
		bad("days %d is not between 30 and 3660", t.Days)
	}
	if t.Least < 2 {
		bad("least must be 2 or more: what one person says is no topic")
	}
	if t.Cool <= 0 {
		bad("cool must be more than 0 days")
	}
	for kind, w := range t.Weights {
		if w < 0 || w > 10 {
			bad("weights.%s %v is not between 0 and 10", kind, w)
		}
	}
	if t.night, err = timeOfDay(t.Night); err != nil {
		bad("night: %q is not a time of day such as 03:40", t.Night)
	}
	if t.Alarms.Quiet < 1 {
		bad("alarms.quiet must be 1 day or more")
	}
	for kind, a := range t.Alarms.all() {
		if a.Messages < 0 || a.Appellants < 0 || a.Deviations < 0 || (a.Messages > 0 || a.Appellants > 0) && (a.Days < 1 || a.Days > t.Days) {
			bad("alarms.%s: days must lie between 1 and %d, and what it counts may not be negative", kind, t.Days)
		}
	}
	slices.SortFunc(wrong, func(a, b error) int { return compare(a.Error(), b.Error()) })
	return t, errors.Join(wrong...)
}

func (a *topicAlarms) all() map[string]Threshold {
	return map[string]Threshold{alarmFrequent: a.Frequent, alarmSudden: a.Sudden, alarmOneMany: a.OneMany, alarmManyOne: a.ManyOne}
}
