package services

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"time"

	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/form"
	"shanzhi/core/pack"
	"shanzhi/core/store"
)

// watchSettings are a district's rules of electronic supervision (电子监察):
// services/supervision.yaml. What a rule looks at is here; whether it counts, from which
// threshold and how gravely, is the district's.
type watchSettings struct {
	Night   string               `yaml:"night"`
	Days    int                  `yaml:"days"` // for which a closed case is looked at still
	Explain string               `yaml:"explain"`
	Rectify string               `yaml:"rectify"`
	Rules   map[string]watchRule `yaml:"rules"`

	night time.Duration
}

// watchRule is how a rule counts here.
type watchRule struct {
	Severity string     `yaml:"severity"` // note, yellow, red
	Share    int        `yaml:"share"`    // of a limit, in percent
	Seconds  int        `yaml:"seconds"`
	Hours    int        `yaml:"hours"`
	Times    int        `yaml:"times"`
	Apart    [][]string `yaml:"apart"` // duties that one person may not have in one case
}

const packSupervision = "services/supervision.yaml"

var severities = []string{"note", "yellow", "red"}

// readSupervision reads the rules; nil where the pack has none: nothing is supervised.
func readSupervision(files fs.FS) (*watchSettings, error) {
	if !pack.Has(files, packSupervision) {
		return nil, nil
	}
	w := &watchSettings{Night: "03:30", Days: 60, Explain: "3wd", Rectify: "10wd"}
	if err := pack.Settings(files, packSupervision, w); err != nil {
		return nil, err
	}
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf(packSupervision+": "+format, args...))
	}
	var err error
	if w.night, err = pack.TimeOfDay(w.Night); err != nil {
		bad("night: %q is not a time of day such as 03:30", w.Night)
	}
	if w.Days < 1 || w.Days > 3660 {
		bad("days: 1 to 3660")
	}
	for name, limit := range map[string]string{"explain": w.Explain, "rectify": w.Rectify} {
		if _, err := calendar.ParseLimit(limit); err != nil {
			bad("%s: %v", name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(w.Rules)) {
		r := w.Rules[name]
		look, ok := watchRules[name]
		if !ok {
			bad("rules: there is no rule %q; there are %v", name, slices.Sorted(maps.Keys(watchRules)))
			continue
		}
		if !slices.Contains(severities, r.Severity) {
			bad("rules.%s: severity is note, yellow or red", name)
		}
		for what, wrong := range map[string]bool{"share": look.share && (r.Share < 1 || r.Share > 99), "seconds": look.seconds && r.Seconds < 1, "hours": look.hours && r.Hours < 1, "times": look.times && r.Times < 1, "apart": look.apart && len(r.Apart) == 0} {
			if wrong {
				bad("rules.%s: it needs %s", name, what)
			}
		}
		for _, pair := range r.Apart {
			if len(pair) != 2 || dutyActions[pair[0]] == nil || dutyActions[pair[1]] == nil {
				bad("rules.%s: apart: two of receive, accept, examine, decide", name)
			}
		}
	}
	return w, errors.Join(errs...)
}

// supervised is a case as supervision looks at it.
type supervised struct {
	m      *caseflow.Matter
	x      caseRow
	events []caseflow.Event
	clocks []caseflow.Clock
	papers []watchedPaper
	bills  []watchedBill
	now    time.Time
	office *calendar.Calendar
	name   func(action string) form.Text
}

type watchedPaper struct {
	Kind   string     `bun:"kind"`
	No     string     `bun:"no"`
	Seq    int        `bun:"seq"`
	At     store.Time `bun:"at"`
	MadeAt store.Time `bun:"made_at"`
}

type watchedBill struct {
	Bill  store.ID   `bun:"bill"`
	State string     `bun:"state"`
	At    store.Time `bun:"at"`
}

// FindingEvidence is one thing that shows a finding.
type FindingEvidence struct {
	Say form.Text  `json:"say"`
	At  store.Time `json:"at,omitzero"`
	Seq int        `json:"seq,omitempty" doc:"Of the case's event"`
}

// sight is what a rule sees.
type sight struct {
	rule, mark string
	unit       string
	officer    store.ID
	at         store.Time
	evidence   []FindingEvidence
}

// lookup is a rule, and what of its settings it reads.
type lookup struct {
	see                                 func(w *supervised, r watchRule) []sight
	share, seconds, hours, times, apart bool
	passing                             bool // it is over when it is not seen any more
}

// watchRules are all rules, by name.
var watchRules map[string]lookup

func init() { // the rules read their own table
	watchRules = map[string]lookup{
		"near_due":        {see: nearDue, share: true, passing: true},
		"close_due":       {see: nearDue, share: true, passing: true},
		"overdue_legal":   {see: overdue("legal", "accept", "deliver")},
		"overdue_promise": {see: overdue("promise")},
		"overdue_stage":   {see: overdue("stage")},
		"deemed":          {see: deemedAccepted},
		"skipped_step":    {see: skippedStep},
		"odd_order":       {see: oddOrder},
		"too_fast":        {see: tooFast, seconds: true},
		"off_hours":       {see: offHours, times: true},
		"paper_late":      {see: paperLate, hours: true},
		"supplements":     {see: supplements, times: true},
		"one_officer":     {see: oneOfficer, apart: true},
		"special_long":    {see: specialLong},
		"special_untold":  {see: specialUntold},
		"fee_order":       {see: feeOrder},
	}
}

// look asks every rule of the district.
func (set *watchSettings) look(w *supervised) (out []sight) {
	for _, name := range slices.Sorted(maps.Keys(set.Rules)) {
		for _, s := range watchRules[name].see(w, set.Rules[name]) {
			s.rule = name
			if s.unit == "" {
				s.unit = w.m.Unit
			}
			out = append(out, s)
		}
	}
	return out
}

func (w *supervised) event(e caseflow.Event) FindingEvidence {
	return FindingEvidence{Say: w.name(e.Action), At: e.At, Seq: e.Seq}
}

func says(zh, en string, at store.Time) FindingEvidence {
	return FindingEvidence{Say: form.Text{"zh": zh, "en": en}, At: at}
}

// first is the first event of some actions; nil where there is none.
func (w *supervised) first(actions ...string) *caseflow.Event {
	i := slices.IndexFunc(w.events, func(e caseflow.Event) bool { return slices.Contains(actions, e.Action) })
	if i < 0 {
		return nil
	}
	return &w.events[i]
}

// byPerson says that a member of staff did it, and not the house or the applicant.
func byPerson(e caseflow.Event) bool { return e.Actor != 0 && e.Unit != "" }

var (
	decisions = []string{"grant", "grant_owing", "deny"}
	// dutyActions are the actions of the duties that are kept apart (审管分离).
	dutyActions = map[string][]string{"receive": {"take_in"}, "accept": {"accept", "reject", "outside", "notify"}, "examine": {"propose", "special", "special_done"}, "decide": {"grant", "grant_owing", "deny"}}
	watchClocks = []string{"accept", "legal", "promise", "stage", "deliver"}
	clockNames  = map[string]form.Text{"accept": {"zh": "受理", "en": "acceptance"}, "legal": {"zh": "法定时限", "en": "legal limit"}, "promise": {"zh": "承诺时限", "en": "promised limit"}, "stage": {"zh": "审查环节", "en": "examination"}, "deliver": {"zh": "送达", "en": "delivery"}, "special": {"zh": "特别程序", "en": "special procedure"}}
)

func clockMark(c caseflow.Clock) string { return c.Name + "#" + strconv.Itoa(c.N) }

// used is how much of a limit has run, in percent, in working time.
func (w *supervised) used(c caseflow.Clock) int {
	total := w.office.Between(c.Started.Time, c.Due.Time)
	for _, p := range c.Spec.Pauses {
		if !p.To.IsZero() {
			total -= w.office.Between(p.From.Time, p.To.Time)
		}
	}
	if total <= 0 {
		return 100
	}
	return int(100 - 100*w.office.Between(w.now, c.Due.Time)/total)
}

// nearDue sees a clock that runs and has used so much of its limit.
func nearDue(w *supervised, r watchRule) (out []sight) {
	for _, c := range w.clocks {
		if c.Outcome != caseflow.Running || !slices.Contains(watchClocks, c.Name) || !w.now.Before(c.Due.Time) {
			continue
		}
		if used := w.used(c); used >= r.Share {
			n := strconv.Itoa(used)
			out = append(out, sight{mark: clockMark(c), unit: c.Unit, officer: w.m.Assignee, at: store.At(w.now), evidence: []FindingEvidence{
				says(clockNames[c.Name]["zh"]+"已用 "+n+"%", n+"% of the "+clockNames[c.Name]["en"]+" is used", c.Started), says("到期", "due", c.Due)}})
		}
	}
	return out
}

// overdue sees clocks that were missed, or run and are past their due.
func overdue(names ...string) func(*supervised, watchRule) []sight {
	return func(w *supervised, _ watchRule) (out []sight) {
		for _, c := range w.clocks {
			late := c.Outcome == caseflow.Missed || c.Outcome == caseflow.Running && w.now.After(c.Due.Time)
			if !late || !slices.Contains(names, c.Name) {
				continue
			}
			s := sight{mark: clockMark(c), unit: c.Unit, officer: w.m.Assignee, at: c.Due, evidence: []FindingEvidence{says(clockNames[c.Name]["zh"]+"到期", clockNames[c.Name]["en"]+" was due", c.Due)}}
			if c.Stopped.IsZero() {
				s.evidence = append(s.evidence, says("仍未完成", "not done yet", store.Time{}))
			} else {
				s.evidence = append(s.evidence, says("完成", "done", c.Stopped))
				for _, e := range w.events {
					if e.At.Equal(c.Stopped.Time) && byPerson(e) {
						s.officer = e.Actor
						s.evidence = append(s.evidence, w.event(e))
					}
				}
			}
			out = append(out, s)
		}
		return out
	}
}

// deemedAccepted sees that nobody decided on acceptance in five days (行政许可法第三十二条).
func deemedAccepted(w *supervised, _ watchRule) []sight {
	e := w.first("deem")
	if !w.x.Deemed || e == nil {
		return nil
	}
	return []sight{{mark: "", at: e.At, evidence: []FindingEvidence{says("收到申请", "received", w.m.OpenedAt), w.event(*e)}}}
}

// skippedStep sees a decision of a person with no acceptance, or no examination, before it.
func skippedStep(w *supervised, _ watchRule) (out []sight) {
	d := w.first(decisions...)
	if d == nil || !byPerson(*d) {
		return nil
	}
	for _, need := range []struct {
		mark, zh, en string
		actions      []string
	}{{"accept", "没有受理环节", "there was no acceptance", []string{"accept", "deem", "join"}}, {"examine", "没有审查环节", "there was no examination", []string{"propose"}}} {
		if e := w.first(need.actions...); e == nil || e.Seq > d.Seq {
			out = append(out, sight{mark: need.mark, officer: d.Actor, at: d.At, evidence: []FindingEvidence{w.event(*d), says(need.zh, need.en, store.Time{})}})
		}
	}
	return out
}

// oddOrder sees times that cannot be: a step before the one that it follows, an acceptance
// before the receipt, a decision before the acceptance, a document from before the case.
func oddOrder(w *supervised, _ watchRule) (out []sight) {
	for i := 1; i < len(w.events); i++ {
		if a, b := w.events[i-1], w.events[i]; b.At.Before(a.At.Time) {
			out = append(out, sight{mark: "event#" + strconv.Itoa(b.Seq), officer: b.Actor, at: b.At, evidence: []FindingEvidence{w.event(a), w.event(b)}})
		}
	}
	if !w.x.AcceptedAt.IsZero() && w.x.AcceptedAt.Before(w.m.OpenedAt.Time) {
		out = append(out, sight{mark: "accepted", officer: w.x.AcceptedBy, at: w.x.AcceptedAt, evidence: []FindingEvidence{says("收件", "received", w.m.OpenedAt), says("受理", "accepted", w.x.AcceptedAt)}})
	}
	if !w.x.DecidedAt.IsZero() && !w.x.AcceptedAt.IsZero() && w.x.DecidedAt.Before(w.x.AcceptedAt.Time) {
		out = append(out, sight{mark: "decided", at: w.x.DecidedAt, evidence: []FindingEvidence{says("受理", "accepted", w.x.AcceptedAt), says("决定", "decided", w.x.DecidedAt)}})
	}
	for _, p := range w.papers {
		if p.At.Before(w.m.OpenedAt.Time) {
			out = append(out, sight{mark: "paper#" + p.No, at: p.At, evidence: []FindingEvidence{says("收件", "received", w.m.OpenedAt), says("文书 "+p.No, "document "+p.No, p.At)}})
		}
	}
	return out
}

// tooFast sees a decision that a person took within seconds of the step before.
func tooFast(w *supervised, r watchRule) (out []sight) {
	for i := 1; i < len(w.events); i++ {
		a, b := w.events[i-1], w.events[i]
		took := b.At.Sub(a.At.Time)
		if slices.Contains(decisions, b.Action) && byPerson(b) && took >= 0 && took < time.Duration(r.Seconds)*time.Second {
			n := strconv.FormatFloat(took.Seconds(), 'f', 0, 64)
			out = append(out, sight{mark: "event#" + strconv.Itoa(b.Seq), officer: b.Actor, at: b.At, evidence: []FindingEvidence{w.event(a), w.event(b), says("相隔 "+n+" 秒", n+" seconds between", store.Time{})}})
		}
	}
	return out
}

// offHours sees steps of staff outside office hours, where they are so many.
func offHours(w *supervised, r watchRule) []sight {
	var off []caseflow.Event
	for _, e := range w.events {
		if byPerson(e) && !w.office.IsWorking(e.At.Time) {
			off = append(off, e)
		}
	}
	if len(off) < r.Times {
		return nil
	}
	s := sight{mark: "", officer: off[0].Actor, at: off[0].At}
	for _, e := range off {
		s.evidence = append(s.evidence, w.event(e))
	}
	return []sight{s}
}

// paperLate sees a document that was made long after the day that stands on it.
func paperLate(w *supervised, r watchRule) (out []sight) {
	for _, p := range w.papers {
		made := p.MadeAt
		if made.IsZero() {
			made = store.At(w.now)
		}
		if made.Sub(p.At.Time) <= time.Duration(r.Hours)*time.Hour {
			continue
		}
		s := sight{mark: p.No, at: p.At, evidence: []FindingEvidence{says("文书 "+p.No+" 落款", "document "+p.No+" is dated", p.At)}}
		if p.MadeAt.IsZero() {
			s.evidence = append(s.evidence, says("仍未生成", "it is not made yet", store.Time{}))
		} else {
			s.evidence = append(s.evidence, says("生成", "it was made", p.MadeAt))
		}
		out = append(out, s)
	}
	return out
}

// supplements sees that an applicant was told again what is to be corrected, which the law
// has told at once (行政许可法第三十二条第一款第（四）项).
func supplements(w *supervised, r watchRule) []sight {
	var s sight
	for _, e := range w.events {
		if e.Action == "notify" {
			s.evidence = append(s.evidence, w.event(e))
			s.officer, s.at = e.Actor, e.At
		}
	}
	if len(s.evidence) < r.Times {
		return nil
	}
	return []sight{s}
}

// oneOfficer sees one person who had two duties of a case that are kept apart.
func oneOfficer(w *supervised, r watchRule) (out []sight) {
	for _, pair := range r.Apart {
		for _, a := range w.events {
			i := slices.IndexFunc(w.events, func(b caseflow.Event) bool {
				return slices.Contains(dutyActions[pair[1]], b.Action) && b.Actor == a.Actor
			})
			if byPerson(a) && slices.Contains(dutyActions[pair[0]], a.Action) && i >= 0 {
				b := w.events[i]
				out = append(out, sight{mark: pair[0] + "+" + pair[1], officer: a.Actor, at: b.At, evidence: []FindingEvidence{w.event(a), w.event(b)}})
				break
			}
		}
	}
	return out
}

// specialLong sees a special procedure that takes longer than was told.
func specialLong(w *supervised, r watchRule) []sight { return overdue("special")(w, r) }

// specialUntold sees a special procedure of which the applicant has no notice
// (行政许可法第四十五条).
func specialUntold(w *supervised, _ watchRule) (out []sight) {
	for _, e := range w.events {
		if e.Action == "special" && !slices.ContainsFunc(w.papers, func(p watchedPaper) bool { return p.Kind == "special" && p.Seq == e.Seq }) {
			out = append(out, sight{mark: "event#" + strconv.Itoa(e.Seq), officer: e.Actor, at: e.At, evidence: []FindingEvidence{w.event(e), says("没有告知文书", "there is no notice of it", store.Time{})}})
		}
	}
	return out
}

// feeOrder sees a fee that was paid before the acceptance, asked for after the decision, or
// still due when the grant was made.
func feeOrder(w *supervised, _ watchRule) (out []sight) {
	g := w.first("grant", "grant_owing")
	by := map[store.ID][]watchedBill{}
	var bills []store.ID
	for _, b := range w.bills {
		if by[b.Bill] == nil {
			bills = append(bills, b.Bill)
		}
		by[b.Bill] = append(by[b.Bill], b)
	}
	for _, id := range bills {
		state := ""
		for _, b := range by[id] {
			switch {
			case b.State == billPaid && (w.x.AcceptedAt.IsZero() || b.At.Before(w.x.AcceptedAt.Time)):
				out = append(out, sight{mark: "paid#" + id.String(), at: b.At, evidence: []FindingEvidence{says("缴费", "paid", b.At), says("受理", "accepted", w.x.AcceptedAt)}})
			case b.State == billDue && g != nil && b.At.After(g.At.Time):
				out = append(out, sight{mark: "asked#" + id.String(), at: b.At, evidence: []FindingEvidence{w.event(*g), says("开单收费", "asked for", b.At)}})
			}
			if g != nil && !b.At.After(g.At.Time) {
				state = b.State
			}
		}
		if g != nil && state == billDue {
			out = append(out, sight{mark: "due#" + id.String(), officer: g.Actor, at: g.At, evidence: []FindingEvidence{w.event(*g), says("费用尚未缴纳", "the fee was still due", store.Time{})}})
		}
	}
	return out
}

// supervise reads a case as supervision looks at it at a moment; nil where it is none.
func (s *Service) supervise(ctx context.Context, q store.Querier, id store.ID, at time.Time) (*supervised, error) {
	m, err := caseflow.Get(ctx, q, id)
	if err != nil || m.Flow != "case" || m.System != System {
		return nil, err
	}
	w := &supervised{m: m, now: at, name: func(action string) form.Text {
		if a := s.Engine.Flow("case").Actions[action]; a != nil {
			return form.Text(a.Title)
		}
		return form.Text{"zh": action, "en": action}
	}}
	if w.office, err = s.Book.Current(s.casework.Load().office); err != nil {
		return nil, err
	}
	if w.x, err = getCase(ctx, q, id); err != nil {
		return nil, err
	}
	all, err := caseflow.Events(ctx, q, id)
	if err != nil {
		return nil, err
	}
	for _, e := range all { // marks and the like are the house's own
		if s.Engine.Flow("case").Actions[e.Action] != nil {
			w.events = append(w.events, e)
		}
	}
	if w.clocks, err = caseflow.Clocks(ctx, q, id); err != nil {
		return nil, err
	}
	if w.papers, err = store.Select[watchedPaper](ctx, q, `SELECT kind, no, seq, at, made_at FROM service_document WHERE matter = ? ORDER BY id`, int64(id)); err != nil {
		return nil, err
	}
	w.bills, err = store.Select[watchedBill](ctx, q, `SELECT e.bill, e.state, e.at FROM service_bill_event e JOIN service_bill b ON b.id = e.bill WHERE b.matter = ? ORDER BY e.bill, e.seq`, int64(id))
	return w, err
}
