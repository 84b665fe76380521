package rule

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// ReadCase reads a case as people and programs write it:
//
//	{"at": "2026-11-20T10:00:00+08:00", "facts": {
//	   "person.birth_date": {"value": "1940-01-01", "source": "人口库", "as_of": "2026-11-20T09:59:58+08:00", "receipt": "R-1"},
//	   "person.alive": [{…}, {…}],
//	   "bank.name_match": true}}
//
// The facts may also stand by themselves, without "facts" around them. A bare value is
// the word of every source that the pack names, as of the moment of the application,
// for those who try something. Without "at" the moment is now. A fact that the pack
// does not know is an error: it is most likely a slip.
func (p *Pack) ReadCase(r io.Reader, now time.Time, zone *time.Location) (Case, error) {
	raw, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return Case{}, err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		return Case{}, fmt.Errorf("facts: an object of JSON is expected: %w", err)
	}
	at := now
	for _, name := range []string{"at", ApplicationDate} {
		text, ok := all[name]
		if !ok {
			continue
		}
		if at, err = readMoment(text, zone); err != nil {
			return Case{}, fmt.Errorf("%s: %w", name, err)
		}
		delete(all, name)
	}
	facts := all
	if inner, ok := all["facts"]; ok {
		facts = map[string]json.RawMessage{}
		if err := json.Unmarshal(inner, &facts); err != nil {
			return Case{}, fmt.Errorf("facts: an object is expected")
		}
		if text, ok := facts[ApplicationDate]; ok {
			if at, err = readMoment(text, zone); err != nil {
				return Case{}, fmt.Errorf("%s: %w", ApplicationDate, err)
			}
			delete(facts, ApplicationDate)
		}
	}
	return p.caseOf(at, facts)
}

func readMoment(raw json.RawMessage, zone *time.Location) (time.Time, error) {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return time.Time{}, fmt.Errorf("%s is not a moment such as 2026-11-20T10:00:00+08:00, or a day", raw)
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		return t, fmt.Errorf("%q is not a moment such as 2026-11-20T10:00:00+08:00, or a day", text)
	}
	return t.Add(12 * time.Hour), nil
}

func (p *Pack) caseOf(at time.Time, facts map[string]json.RawMessage) (Case, error) {
	c := Case{At: at, Facts: Facts{}}
	var errs []error
	for _, name := range sortedKeys(facts) {
		spec := p.Facts[name]
		if spec == nil {
			errs = append(errs, fmt.Errorf("facts: %s has no fact %q; it has %v", p.ID, name, p.order))
			continue
		}
		var list []json.RawMessage
		if spec.Type == "list" || json.Unmarshal(facts[name], &list) != nil {
			list = []json.RawMessage{facts[name]}
		}
		if spec.Type == "list" { // a list of what is said, or the list that is said
			var said []Fact
			if json.Unmarshal(facts[name], &said) == nil && len(said) > 0 && said[0].Source != "" {
				c.Facts[name] = said
				continue
			}
		}
		for _, one := range list {
			var said struct {
				Fact
				AsOf *time.Time `json:"as_of"`
			}
			if json.Unmarshal(one, &said) == nil && said.Source != "" {
				if said.Fact.AsOf = at; said.AsOf != nil {
					said.Fact.AsOf = *said.AsOf
				}
				c.Facts[name] = append(c.Facts[name], said.Fact)
				continue
			}
			var value any
			if err := json.Unmarshal(one, &value); err != nil {
				errs = append(errs, fmt.Errorf("facts: %s: %w", name, err))
				continue
			}
			if object, ok := value.(map[string]any); ok { // a value without its source
				v, has := object["value"]
				if !has {
					errs = append(errs, fmt.Errorf("facts: %s: an object with value, source and as_of is expected", name))
					continue
				}
				value = v
				if text, ok := object["as_of"].(string); ok {
					when, err := time.Parse(time.RFC3339, text)
					if err != nil {
						errs = append(errs, fmt.Errorf("facts: %s.as_of: %q is not a moment", name, text))
						continue
					}
					for _, source := range spec.Sources {
						c.Facts[name] = append(c.Facts[name], Fact{Value: value, Source: source, AsOf: when})
					}
					continue
				}
			}
			for _, source := range spec.Sources {
				c.Facts[name] = append(c.Facts[name], Fact{Value: value, Source: source, AsOf: at})
			}
		}
	}
	return c, errors.Join(errs...)
}
