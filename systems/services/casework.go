package services

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/pack"
	"shanzhi/core/store"
	"shanzhi/core/subject"
)

// casework is how this district works on cases (办件规则): services/casework.yaml. What
// the law fixes is not in it.
type casework struct {
	Number    string            `yaml:"number"`    // of a case: {code} {date} {serial:4}
	Receiving string            `yaml:"receiving"` // the unit of the comprehensive windows (综合窗口)
	Stage     string            `yaml:"stage"`     // of an examination
	Opinion   string            `yaml:"opinion"`   // of another department
	Correct   string            `yaml:"correct"`   // of the applicant, where the item says nothing
	Owe       string            `yaml:"owe"`       // of what is owed, where the item says nothing
	Draft     string            `yaml:"draft"`     // how long a draft is kept
	Marks     []caseflow.MarkAt `yaml:"-"`
	Warn      []struct {
		Level string `yaml:"level"`
		Share string `yaml:"share"`
	} `yaml:"warn"`
	Bodies map[string]string `yaml:"bodies"` // unit → its credit code, which its licences carry

	office string
	zone   *time.Location
	draft  calendar.Limit
}

const packCasework = "services/casework.yaml"

var numberPart = regexp.MustCompile(`\{(code|date|serial:[1-8])\}`)

// readCasework reads the rules of casework; nil where the pack has none: nothing is
// applied for here.
func readCasework(files fs.FS) (*casework, error) {
	if !pack.Has(files, packCasework) {
		return nil, nil
	}
	m, err := pack.ReadManifest(files)
	if err != nil {
		return nil, err
	}
	c := &casework{office: m.Calendar, zone: m.Zone()}
	if err := pack.Settings(files, packCasework, c); err != nil {
		return nil, err
	}
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf(packCasework+": "+format, args...))
	}
	if rest := numberPart.ReplaceAllString(c.Number, ""); strings.ContainsAny(rest, "{}") || !strings.Contains(c.Number, "{serial:") {
		bad("number: %q must have {serial:N}, and beside it {code} and {date} alone", c.Number)
	}
	if c.Receiving == "" {
		bad("receiving is missing")
	}
	for name, limit := range map[string]string{"stage": c.Stage, "opinion": c.Opinion, "correct": c.Correct, "owe": c.Owe} {
		if _, err := calendar.ParseLimit(limit); err != nil {
			bad("%s: %v", name, err)
		}
	}
	if c.draft, err = calendar.ParseLimit(c.Draft); err != nil {
		bad("draft: %v", err)
	}
	for _, w := range c.Warn {
		c.Marks = append(c.Marks, caseflow.MarkAt{Level: w.Level, Share: w.Share})
	}
	c.Marks = append(c.Marks, caseflow.MarkAt{Level: caseflow.Due})
	for unit, code := range c.Bodies {
		if err := subject.CheckUSCC(code); err != nil {
			bad("bodies.%s: %v", unit, err)
		}
	}
	return c, errors.Join(errs...)
}

// caseNumber makes the number of a case from the pack's pattern.
func (s *Service) caseNumber(ctx context.Context, c *casework, e *ItemElements, key string, at time.Time) (string, error) {
	day := at.In(c.zone).Format("20060102")
	code := cmp.Or(e.Code, key)
	series := "case"
	if strings.Contains(c.Number, "{code}") {
		series += " " + code
	}
	if strings.Contains(c.Number, "{date}") {
		series += " " + day
	}
	n, err := s.Numbers.Next(ctx, series)
	return numberPart.ReplaceAllStringFunc(c.Number, func(part string) string {
		switch part {
		case "{code}":
			return code
		case "{date}":
			return day
		}
		width, _ := strconv.Atoi(part[len("{serial:") : len(part)-1])
		return fmt.Sprintf("%0*d", width, n)
	}), err
}

// Limits of the law, in working days.
const (
	acceptWithin  = "5wd"  // 行政许可法第三十二条第一款第（四）项
	decideWithin  = "20wd" // 第四十二条, where an item has no limit of its own
	extendAtMost  = 10     // 第四十二条, working days
	deliverWithin = "10wd" // 第四十四条
)

// caseLimits says how long the clocks of cases run.
type caseLimits struct{ s *Service }

// Numbers implements caseflow.Limits; the flow asks for none.
func (caseLimits) Numbers(*caseflow.Matter) map[string]any { return nil }

// Clock implements caseflow.Limits.
func (l caseLimits) Clock(m *caseflow.Matter, clock string, form map[string]any) (caseflow.ClockStart, bool) {
	c := l.s.casework.Load()
	if c == nil {
		return caseflow.ClockStart{}, false
	}
	start := caseflow.ClockStart{Calendar: c.office, Marks: c.Marks}
	e, err := l.s.pinned(m.Item)
	if err != nil || e.Handling == nil {
		if m.Flow == "case" { // an item that was applied for is handled
			return start, false
		}
		e = &ItemElements{Handling: &Handling{}}
	}
	if r := l.s.ratings.Load(); m.Flow == "bad_rating" && r != nil {
		start.Limit = map[string]string{"call": r.Call, "rectify": r.Rectify, "again": r.Again}[clock]
		return start, start.Limit != ""
	}
	if m.Flow == "finding" {
		start.Limit = l.s.findingLimit(clock)
		return start, start.Limit != ""
	}
	if start, runs, ok := l.s.custodyClock(m, clock, form, start); ok {
		return start, runs
	}
	switch clock {
	case "accept":
		start.Limit = acceptWithin
	case "correct":
		start.Limit = cmp.Or(e.Handling.Correct, c.Correct)
	case "legal":
		start.Limit = e.Legal.limit(decideWithin)
	case "promise":
		start.Limit = e.Promised.limit("")
	case "stage":
		start.Limit = c.Stage
	case "special":
		start.Limit, _ = form["length"].(string)
	case "deliver":
		start.Limit = deliverWithin
	case "owe":
		start.Limit = cmp.Or(e.Handling.Owe, c.Owe)
	case "opinion":
		start.Limit = c.Opinion
	}
	// 第三十二条: what was not told in time counts as accepted from the day of receipt.
	if (clock == "legal" || clock == "promise") && m.Vars["deemed"] > 0 {
		if at, err := l.s.receivedAt(context.Background(), l.s.Store, m.ID); err == nil {
			start.From = at
		}
	}
	return start, start.Limit != ""
}

// limit is the time as clocks have it; absent where an item says nothing; what is
// done at once (即办) is due the same day.
func (d *ItemDays) limit(absent string) string {
	if d == nil {
		return absent
	}
	return strconv.Itoa(d.N) + map[string]string{"working": "wd", "calendar": "d"}[d.Unit]
}

// receivedAt is when the application, or its newest correction, was received.
func (s *Service) receivedAt(ctx context.Context, q store.Querier, matter store.ID) (store.Time, error) {
	var at store.Time
	err := q.QueryRow(ctx, `SELECT started_at FROM matter_clock WHERE matter = ? AND clock = 'accept' ORDER BY n DESC LIMIT 1`, int64(matter)).Scan(&at)
	return at, err
}
