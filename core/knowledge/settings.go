package knowledge

import (
	"errors"
	"fmt"
	"io/fs"
	"time"
	"unicode/utf8"

	"shanzhi/core/calendar"
	"shanzhi/core/pack"
)

// SettingsFile is what a district decides about its knowledge.
const SettingsFile = "knowledge.yaml"

// Settings are a pack's knowledge.yaml. A pack without the file has the defaults.
type Settings struct {
	Review      calendar.Limit `yaml:"review"`       // after which a published entry is looked through again
	ReportLimit calendar.Limit `yaml:"report_limit"` // in which its owner answers who says that it is wrong
	Ahead       calendar.Limit `yaml:"ahead"`        // before a review or an expiry its owner is reminded
	RemindAt    string         `yaml:"remind_at"`
	Likeness    float64        `yaml:"likeness"` // from which two questions are one
	Refresh     string         `yaml:"refresh"`  // how soon what systems tell staff anew answers
	Call        string         `yaml:"call"`     // whom to call where nothing is known
	Examples    []string       `yaml:"examples"`

	remindAt, refresh time.Duration
}

// ReadSettings reads the settings of a pack. The error names all that is wrong.
func ReadSettings(files fs.FS) (Settings, error) {
	s := Settings{Review: calendar.MustLimit("180d"), ReportLimit: calendar.MustLimit("5wd"), Ahead: calendar.MustLimit("14d"), RemindAt: "08:40", Likeness: 0.6, Refresh: "10m", Call: "12345"}
	if err := pack.Settings(files, SettingsFile, &s); err != nil {
		return s, err
	}
	var wrong []error
	bad := func(format string, args ...any) {
		wrong = append(wrong, fmt.Errorf("%s: %s", SettingsFile, fmt.Sprintf(format, args...)))
	}
	for name, l := range map[string]calendar.Limit{"review": s.Review, "report_limit": s.ReportLimit, "ahead": s.Ahead} {
		if l.Days == 0 && l.Time == 0 {
			bad("%s: must be longer than nothing, such as 5wd", name)
		}
	}
	var err error
	if s.remindAt, err = pack.TimeOfDay(s.RemindAt); err != nil {
		bad("remind_at: %q is not a time of day such as 08:40", s.RemindAt)
	}
	if s.refresh, err = time.ParseDuration(s.Refresh); err != nil || s.refresh < 10*time.Second {
		bad("refresh: %q is not a length of ten seconds or more, such as 10m", s.Refresh)
	}
	if s.Likeness <= 0 || s.Likeness > 1 {
		bad("likeness: %v is not between 0 and 1", s.Likeness)
	}
	for i, e := range s.Examples {
		if n := utf8.RuneCountInString(e); n < 2 || n > 40 {
			bad("examples %d: must be of 2 to 40 characters", i+1)
		}
	}
	return s, errors.Join(wrong...)
}
