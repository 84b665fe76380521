package services

import (
	"errors"
	"fmt"

	"shanzhi/core/calendar"
)

// assistRules are how a clerk may help to fill in (辅助申报) under the applicant's own
// sign-in.
type assistRules struct {
	Code    string `yaml:"code"`    // how long the applicant's code opens a session
	Session string `yaml:"session"` // how long a session lasts
}

func (r assistRules) check() error {
	var errs []error
	for name, limit := range map[string]string{"code": r.Code, "session": r.Session} {
		if l, err := calendar.ParseLimit(limit); err != nil || l.Unit != calendar.Elapsed || l.Time <= 0 {
			errs = append(errs, fmt.Errorf(packCitywide+": assist.%s: %q is no time such as 10m", name, limit))
		}
	}
	return errors.Join(errs...)
}
