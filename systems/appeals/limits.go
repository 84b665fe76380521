package appeals

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/pack"
)

// Urgency classes (紧急程度), from the most to the least urgent.
const (
	Critical   = "critical"   // 特急: life or property in danger
	Urgent     = "urgent"     // 紧急
	Livelihood = "livelihood" // 民生保障: water, power, gas
	Normal     = "normal"     // 一般
)

var classes = []string{Critical, Urgent, Livelihood, Normal}

// Limits are the time limits of the loop (办理时限) under one preset of the
// pack's limits.yaml.
type Limits struct {
	Preset string
	rules  limitRules
	office string // the calendar for limits that name none
	// working says which calendars have working hours.
	working map[string]bool
	// handleClass says how complex an item is: consult, general or complex.
	handleClass func(item string) string
}

type byClass map[string]string

type limitRules struct {
	Name      pack.Text          `yaml:"name"`
	Extends   string             `yaml:"extends"`
	Source    string             `yaml:"source"`
	Sourced   []string           `yaml:"sourced"`
	Calendars byClass            `yaml:"calendars"`
	Dispatch  byClass            `yaml:"dispatch"`
	Sign      byClass            `yaml:"sign"`
	AutoSign  *bool              `yaml:"auto_sign"`
	Contact   byClass            `yaml:"contact"`
	Feedback  byClass            `yaml:"feedback"`
	Handle    map[string]byClass `yaml:"handle"`
	Extension struct {
		MaxTimes      int    `yaml:"max_times"`
		MaxLength     string `yaml:"max_length"`
		RequestBefore string `yaml:"request_before"`
		Approver      string `yaml:"approver"`
	} `yaml:"extension"`
	Return struct {
		MaxTimes      int     `yaml:"max_times"`
		Within        byClass `yaml:"within"`
		Decide        byClass `yaml:"decide"`
		BasisRequired bool    `yaml:"basis_required"`
	} `yaml:"return"`
	Quick struct { // 快处
		Within byClass `yaml:"within"` // from dispatch; a class without one has none
	} `yaml:"quick"`
	Dispute struct {
		RaiseWithin   byClass `yaml:"raise_within"`
		RuleWithin    byClass `yaml:"rule_within"`
		RepeatWindow  string  `yaml:"repeat_window"`
		ExamineWithin string  `yaml:"examine_within"` // an objection
		ReviseWithin  string  `yaml:"revise_within"`  // the duty list
	} `yaml:"dispute"`
	CoHandling struct {
		ShareOfLead string `yaml:"share_of_lead"`
	} `yaml:"co_handling"`
	Review map[string]string `yaml:"review"`
	Visit  struct {
		StartWithin string `yaml:"start_within"`
		Attempts    int    `yaml:"attempts"`
		Spacing     string `yaml:"spacing"`
		Unreached   string `yaml:"unreached"`
	} `yaml:"visit"`
	FirstRating struct {
		AlertAtOrBelow int    `yaml:"alert_at_or_below"`
		AlertWithin    string `yaml:"alert_within"`
		RemedyWithin   string `yaml:"remedy_within"`
	} `yaml:"first_rating"`
	Redo struct {
		Handle   string `yaml:"handle"`
		Approver string `yaml:"approver"`
	} `yaml:"redo"`
	Reopen        string `yaml:"reopen"`
	Recurrence    string `yaml:"recurrence"`
	UrgeInterval  string `yaml:"urge_interval"`
	PendingReview string `yaml:"pending_review"`
	Supervision   struct {
		Answer string `yaml:"answer"`
	} `yaml:"supervision"`
	Interview struct {
		Slips  int    `yaml:"slips"`
		Within string `yaml:"within"`
		Remedy string `yaml:"remedy"`
	} `yaml:"interview"`
	Summons struct {
		Arrive byClass `yaml:"arrive"`
	} `yaml:"summons"`
	SampleRecheck string       `yaml:"sample_recheck"`
	Ladder        []ladderStep `yaml:"ladder"`
}

// ladderStep is one step of the ladder that a clock climbs: a reminder, then
// blue, yellow and red slips.
type ladderStep struct {
	Level  string    `yaml:"level"`
	Name   pack.Text `yaml:"name"`
	At     string    `yaml:"at"` // "-20%" before the due, "0%" at it, "+1wd" after it
	Or     string    `yaml:"or"`
	Notify []string  `yaml:"notify"`
}

// ReadLimits reads the pack's limits.yaml and resolves one preset, "" for the
// default, with what it takes from another. Every duration in it is checked.
func ReadLimits(files fs.FS, preset, office string) (*Limits, error) {
	const name = "appeals/limits.yaml"
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	// A preset that extends another is laid over it: decoding into the same
	// value replaces what the later one states and keeps the rest.
	var file struct {
		Default string                    `yaml:"default"`
		Presets map[string]map[string]any `yaml:"presets"`
	}
	if err := yaml.Unmarshal(raw, &file); err != nil {
		return nil, fmt.Errorf("%s: %s", name, yaml.FormatError(err, false, true))
	}
	if preset == "" {
		preset = file.Default
	}
	var chain []map[string]any
	for at, seen := preset, map[string]bool{}; at != ""; {
		p, ok := file.Presets[at]
		if !ok {
			return nil, fmt.Errorf("%s: there is no preset %q", name, at)
		}
		if seen[at] {
			return nil, fmt.Errorf("%s: preset %q extends itself", name, at)
		}
		seen[at] = true
		chain = append(chain, p)
		at, _ = p["extends"].(string)
	}
	merged := map[string]any{}
	for _, p := range slices.Backward(chain) {
		maps.Copy(merged, p)
	}
	text, err := yaml.Marshal(merged)
	if err != nil {
		return nil, err
	}
	l := &Limits{Preset: preset, office: office, handleClass: func(string) string { return "general" }}
	if err := yaml.UnmarshalWithOptions(text, &l.rules, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: preset %s: %s", name, preset, yaml.FormatError(err, false, true))
	}
	return l, l.check(name + ": preset " + preset)
}

func (l *Limits) check(where string) error {
	var wrong []error
	limit := func(what, s string) {
		if _, err := calendar.ParseLimit(s); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %s: %w", where, what, err))
		}
	}
	each := func(what string, m byClass) {
		for _, c := range classes {
			limit(what+"."+c, m[c])
		}
	}
	each("dispatch", l.rules.Dispatch)
	each("sign", l.rules.Sign)
	each("contact", l.rules.Contact)
	each("return.within", l.rules.Return.Within)
	each("return.decide", l.rules.Return.Decide)
	for _, c := range classes {
		for _, h := range []string{"consult", "general", "complex"} {
			limit("handle."+c+"."+h, l.rules.Handle[c][h])
		}
		if l.rules.Calendars[c] == "" {
			wrong = append(wrong, fmt.Errorf("%s: calendars.%s is missing", where, c))
		}
	}
	limit("review.unit", l.rules.Review["unit"])
	limit("review.platform", l.rules.Review["platform"])
	limit("visit.start_within", l.rules.Visit.StartWithin)
	limit("redo.handle", l.rules.Redo.Handle)
	limit("reopen", l.rules.Reopen)
	limit("urge_interval", l.rules.UrgeInterval)
	limit("extension.max_length", l.rules.Extension.MaxLength)
	each("dispute.raise_within", l.rules.Dispute.RaiseWithin)
	each("dispute.rule_within", l.rules.Dispute.RuleWithin)
	limit("first_rating.remedy_within", l.rules.FirstRating.RemedyWithin)
	// What a district need not have.
	for what, s := range map[string]string{"dispute.repeat_window": l.rules.Dispute.RepeatWindow, "dispute.examine_within": l.rules.Dispute.ExamineWithin, "dispute.revise_within": l.rules.Dispute.ReviseWithin,
		"supervision.answer": l.rules.Supervision.Answer, "interview.within": l.rules.Interview.Within, "interview.remedy": l.rules.Interview.Remedy} {
		if s != "" {
			limit(what, s)
		}
	}
	for c, within := range l.rules.Quick.Within {
		limit("quick.within."+c, within)
	}
	if l.rules.Summons.Arrive != nil {
		each("summons.arrive", l.rules.Summons.Arrive)
	}
	if share, err := parsePercent(l.rules.CoHandling.ShareOfLead); err != nil || share <= 0 || share > 1 {
		wrong = append(wrong, fmt.Errorf("%s: co_handling.share_of_lead must be above 0%% and at most 100%%", where))
	}
	if at := l.rules.FirstRating.AlertAtOrBelow; at < 1 || at > 4 {
		wrong = append(wrong, fmt.Errorf("%s: first_rating.alert_at_or_below must be 1 to 4", where))
	}
	if l.rules.Visit.Attempts < 1 {
		wrong = append(wrong, fmt.Errorf("%s: visit.attempts must be at least 1", where))
	}
	for _, s := range l.rules.Ladder {
		if _, err := s.mark(); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: ladder %s: %w", where, s.Level, err))
		}
	}
	return errors.Join(wrong...)
}

func (s ladderStep) mark() (caseflow.MarkAt, error) {
	m := caseflow.MarkAt{Level: s.Level}
	switch {
	case strings.HasPrefix(s.At, "-") && strings.HasSuffix(s.At, "%"):
		var left int
		if _, err := fmt.Sscanf(s.At, "-%d%%", &left); err != nil || left <= 0 || left >= 100 {
			return m, fmt.Errorf("%q is not a share before the due", s.At)
		}
		m.Share = fmt.Sprintf("%d%%", 100-left)
	case s.At == "0%" || s.At == "0":
	case strings.HasPrefix(s.At, "+"):
		m.After = s.At[1:]
		if _, err := calendar.ParseLimit(m.After); err != nil {
			return m, err
		}
	default:
		return m, fmt.Errorf("%q is neither -N%%, 0%% nor +LIMIT", s.At)
	}
	return m, nil
}

// dueOnly is the ladder of the clocks inside the loop: they are noted when
// they run out; slips follow the handling clock.
var dueOnly = []caseflow.MarkAt{{Level: caseflow.Due}}

// Clock implements caseflow.Limits.
func (l *Limits) Clock(m *caseflow.Matter, clock string, form map[string]any) (caseflow.ClockStart, bool) {
	class := m.Class
	if !slices.Contains(classes, class) {
		class = Normal
	}
	s := caseflow.ClockStart{Calendar: l.rules.Calendars[class], Marks: dueOnly}
	r := &l.rules
	switch clock {
	case "total":
		// What the citizen is told: the handling limit, from the filing on.
		s.Limit = r.Handle[class][l.handleClass(m.Item)]
	case "dispatch":
		s.Limit = r.Dispatch[class]
	case "sign":
		s.Limit = r.Sign[class]
	case "contact":
		s.Limit = r.Contact[class]
	case "handle":
		s.Limit = r.Handle[class][l.handleClass(m.Item)]
		if m.Vars["redos"]+m.Vars["sent_back"]+m.Vars["reopens"] > 0 {
			s.Limit = r.Redo.Handle
		}
		s.Marks = l.ladder()
	case "co_handle":
		s.Limit = shareOf(r.Handle[class][l.handleClass(m.Item)], r.CoHandling.ShareOfLead)
	case "ruling", "position":
		s.Limit = r.Dispute.RuleWithin[class]
	case "objection":
		s.Limit, s.Calendar = r.Dispute.ExamineWithin, l.office
	case "revision":
		s.Limit, s.Calendar = r.Dispute.ReviseWithin, l.office
	case "remedy":
		if m.State != "alerted" {
			return s, false
		}
		s.Limit, s.Calendar = r.FirstRating.RemedyWithin, l.office
	case "supervision":
		s.Limit, s.Calendar = r.Supervision.Answer, l.office
	case "interview":
		s.Limit, s.Calendar = r.Interview.Remedy, l.office
	case "arrive":
		s.Limit = r.Summons.Arrive[class]
	case "return_decision":
		s.Limit = r.Return.Decide[class]
	case "review":
		s.Limit, s.Calendar = r.Review["platform"], l.office
	case "visit":
		s.Limit, s.Calendar = r.Visit.StartWithin, l.office
	default:
		return s, false
	}
	// Limits in working time count on the office calendar whatever the class:
	// round the clock there is no working day. Hours of a class that keeps
	// office hours are working hours.
	if strings.Contains(s.Limit, "w") {
		s.Calendar = l.office
	} else if limit, err := calendar.ParseLimit(s.Limit); err == nil && limit.Unit == calendar.Elapsed && l.working[s.Calendar] {
		limit.Unit = calendar.WorkingTime
		s.Limit = limit.String()
	}
	return s, s.Limit != ""
}

// shareOf is a part of a limit, whole days at least: a co-unit's time lies within
// the lead's.
func shareOf(limit, share string) string {
	l, err := calendar.ParseLimit(limit)
	part, perr := parsePercent(share)
	if err != nil || perr != nil {
		return limit
	}
	if l.Days > 0 {
		l.Days = max(1, int(float64(l.Days)*part))
	} else {
		l.Time = time.Duration(float64(l.Time) * part).Round(time.Minute)
	}
	return l.String()
}

// stepOf is the step of the ladder that a mark of the handling clock stands for.
func (l *Limits) stepOf(level string) *ladderStep {
	for i := range l.rules.Ladder {
		s := &l.rules.Ladder[i]
		m, _ := s.mark()
		if s.Level == level || level == caseflow.Due && m.Share == "" && m.After == "" {
			return s
		}
	}
	return nil
}

// ladderStep is the step of a level that is a slip; nil where it is none.
func (l *Limits) ladderStep(level string) *ladderStep {
	for i := range l.rules.Ladder {
		if s := &l.rules.Ladder[i]; s.Level == level && !s.early() {
			return s
		}
	}
	return nil
}

// early says that the step comes before the limit has run out.
func (s *ladderStep) early() bool { return strings.HasPrefix(s.At, "-") }

// ladder is the handling clock's marks in the order in which they come; the
// blue slip stands at the due itself.
func (l *Limits) ladder() []caseflow.MarkAt {
	var out []caseflow.MarkAt
	for _, step := range l.rules.Ladder {
		m, _ := step.mark() // checked when it was read
		if m.Share == "" && m.After == "" {
			m.Level = caseflow.Due
		}
		out = append(out, m)
	}
	return out
}

// Numbers implements caseflow.Limits.
func (l *Limits) Numbers(m *caseflow.Matter) map[string]any {
	class := m.Class
	if !slices.Contains(classes, class) {
		class = Normal
	}
	before, _ := parsePercent(l.rules.Extension.RequestBefore)
	return map[string]any{
		"returns":          int64(l.rules.Return.MaxTimes),
		"return_hours":     l.span(l.rules.Return.Within[class]).Hours(),
		"quick_hours":      l.quickHours(class),
		"extensions":       int64(l.rules.Extension.MaxTimes),
		"extension_before": before,
		"attempts":         int64(l.rules.Visit.Attempts),
		"alert_at":         int64(l.rules.FirstRating.AlertAtOrBelow),
		"dispute_hours":    l.span(l.rules.Dispute.RaiseWithin[class]).Hours(),
		"urge_hours":       l.span(l.rules.UrgeInterval).Hours(),
		"reopen":           fmt.Sprintf("%ds", int64(l.span(l.rules.Reopen).Seconds())),
	}
}

// quickHours is until when after its dispatch a matter may be fixed on the spot
// (快处); before its dispatch where the class may not.
func (l *Limits) quickHours(class string) float64 {
	if within := l.rules.Quick.Within[class]; within != "" {
		return l.span(within).Hours()
	}
	return -1
}

// span is the length of a limit as a span of time. A limit in days is a bound
// for a guard only; a working day is taken as two days there, so that nobody
// is refused who would be in time by the calendar.
func (l *Limits) span(s string) time.Duration {
	limit, err := calendar.ParseLimit(s)
	if err != nil {
		return 0
	}
	switch limit.Unit {
	case calendar.WorkingDays:
		return time.Duration(limit.Days) * 48 * time.Hour
	case calendar.NaturalDays:
		return time.Duration(limit.Days) * 24 * time.Hour
	}
	return limit.Time
}

func parsePercent(s string) (float64, error) {
	var n float64
	_, err := fmt.Sscanf(s, "%f%%", &n)
	return n / 100, err
}
