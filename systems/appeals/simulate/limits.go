package simulate

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// limit is a length of appeals/limits.yaml: hours and minutes, calendar days,
// or working days.
type limit struct {
	length  time.Duration
	days    int
	working bool
}

// limits are those of the pack's default preset, by urgency and handle class.
type limits struct {
	dispatch, sign, contact, give map[string]limit
	handle                        map[string]map[string]limit
	always                        map[string]bool // urgency runs round the clock
	extension                     limit
}

// limits reads the default preset with those that it extends.
func (r *reader) limits(name string) limits {
	type preset struct {
		Extends   string                       `yaml:"extends"`
		Calendars map[string]string            `yaml:"calendars"`
		Dispatch  map[string]string            `yaml:"dispatch"`
		Sign      map[string]string            `yaml:"sign"`
		Contact   map[string]string            `yaml:"contact"`
		Handle    map[string]map[string]string `yaml:"handle"`
		Extension struct {
			MaxLength string `yaml:"max_length"`
		} `yaml:"extension"`
		Return struct {
			Within map[string]string `yaml:"within"`
		} `yaml:"return"`
	}
	var file struct {
		Default string            `yaml:"default"`
		Presets map[string]preset `yaml:"presets"`
	}
	r.yaml(name, &file)
	l := limits{dispatch: map[string]limit{}, sign: map[string]limit{}, contact: map[string]limit{}, give: map[string]limit{},
		handle: map[string]map[string]limit{}, always: map[string]bool{}}
	parse := func(s string) limit {
		v, err := parseLimit(s)
		r.fail(name, err)
		return v
	}
	fill := func(into map[string]limit, from map[string]string) {
		for k, v := range from {
			if _, set := into[k]; !set {
				into[k] = parse(v)
			}
		}
	}
	for at, seen := file.Default, map[string]bool{}; at != "" && !seen[at]; at = file.Presets[at].Extends {
		seen[at] = true
		p, ok := file.Presets[at]
		if !ok {
			r.fail(name, fmt.Errorf("no preset %q", at))
		}
		fill(l.dispatch, p.Dispatch)
		fill(l.sign, p.Sign)
		fill(l.contact, p.Contact)
		fill(l.give, p.Return.Within)
		for k, v := range p.Handle {
			if l.handle[k] == nil {
				l.handle[k] = map[string]limit{}
			}
			fill(l.handle[k], v)
		}
		for k, v := range p.Calendars {
			if _, set := l.always[k]; !set {
				l.always[k] = v == "always"
			}
		}
		if p.Extension.MaxLength != "" && l.extension == (limit{}) {
			l.extension = parse(p.Extension.MaxLength)
		}
	}
	for _, u := range []string{"normal", "livelihood", "urgent", "critical"} {
		for _, class := range []string{"consult", "general", "complex"} {
			if _, ok := l.handle[u][class]; !ok {
				r.fail(name, fmt.Errorf("no handling limit for %s, %s", u, class))
			}
		}
	}
	return l
}

func parseLimit(s string) (limit, error) {
	if n, ok := strings.CutSuffix(s, "wd"); ok {
		days, err := strconv.Atoi(n)
		return limit{days: days, working: true}, err
	}
	if n, ok := strings.CutSuffix(s, "d"); ok {
		days, err := strconv.Atoi(n)
		return limit{days: days}, err
	}
	length, err := time.ParseDuration(s)
	return limit{length: length}, err
}

// due returns when the limit that starts at t ends: days end with the working
// day, or with the calendar day; hours are worked hours unless always.
func (w *worktime) due(t int64, l limit, always bool) int64 {
	switch {
	case l.working:
		return w.at(w.after(w.day(t), l.days), 1)
	case l.days > 0:
		return w.starts[min(w.day(t)+l.days+1, len(w.starts)-1)] - 1
	case always:
		return t + int64(l.length/time.Second)
	}
	return w.add(t, int64(l.length/time.Second))
}
