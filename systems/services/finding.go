package services

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/form"
	"shanzhi/core/httpapi"
	"shanzhi/core/notice"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// States of a finding before anybody is asked about it; after, it is that of its process.
const (
	findingFound     = "found"
	findingPassed    = "passed"    // a warning that came to nothing: it was done in time
	findingDismissed = "dismissed" // it is none, for a reason
)

// LookAtCase finds what the rules see in a case at a moment: each thing once, whatever
// becomes of it later; and ends the warnings that are over. It returns how many are new.
func (s *Service) LookAtCase(ctx context.Context, id store.ID, at time.Time) (found int, err error) {
	set := s.watching.Load()
	if set == nil {
		return 0, nil
	}
	w, err := s.supervise(ctx, s.Store, id, at)
	if err != nil || w == nil {
		return 0, err
	}
	sights := set.look(w)
	known, err := store.Select[struct{ Rule, Mark, State string }](ctx, s.Store, `SELECT rule, mark, state FROM service_finding WHERE matter = ?`, int64(id))
	if err != nil {
		return 0, err
	}
	type key struct{ rule, mark string }
	seen := map[key]bool{}
	var fresh []sight
	for _, x := range sights {
		k := key{x.rule, x.mark}
		if seen[k] {
			continue
		}
		seen[k] = true
		if !slices.ContainsFunc(known, func(o struct{ Rule, Mark, State string }) bool { return o.Rule == x.rule && o.Mark == x.mark }) {
			fresh = append(fresh, x)
		}
	}
	var over []key
	for _, o := range known {
		if k := (key{o.Rule, o.Mark}); o.State == findingFound && watchRules[o.Rule].passing && !seen[k] {
			over = append(over, k)
		}
	}
	if len(fresh)+len(over) == 0 {
		return 0, nil
	}
	return len(fresh), s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := store.At(at)
		for _, x := range fresh {
			raw, err := json.Marshal(x.evidence)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO service_finding (id, matter, rule, mark, severity, unit, officer, item, at, found_at, evidence, state, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'found', '') ON CONFLICT (matter, rule, mark) DO NOTHING`,
				tx.NewID(), id, x.rule, x.mark, set.Rules[x.rule].Severity, x.unit, x.officer, w.x.Item, x.at, now, string(raw)); err != nil {
				return err
			}
		}
		for _, k := range over {
			if _, err := tx.Exec(ctx, `UPDATE service_finding SET state = 'passed', ended_at = ? WHERE matter = ? AND rule = ? AND mark = ? AND state = 'found'`, now, id, k.rule, k.mark); err != nil {
				return err
			}
		}
		return nil
	})
}

const watchConsumer = "services.supervision"

// lookAtEvents looks at each case to which something happened.
func (s *Service) lookAtEvents(ctx context.Context, events []event.Event) error {
	var ids []store.ID
	last := map[store.ID]time.Time{}
	for _, e := range events {
		var h caseflow.Happened
		if !strings.HasPrefix(e.Subject, System+".") || json.Unmarshal(e.Body, &h) != nil || h.Flow != "case" {
			continue
		}
		id, err := store.ParseID(e.Key)
		if err != nil {
			continue
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		if last[id].Before(e.At.Time) {
			last[id] = e.At.Time
		}
	}
	for _, id := range ids { // as of its event: who follows late finds what was to be found
		if _, err := s.LookAtCase(ctx, id, last[id]); err != nil {
			return err
		}
	}
	return nil
}

// LookAtAll looks at every open case, and at those that were closed lately: what only the
// passing of time shows.
func (s *Service) LookAtAll(ctx context.Context) (looked, found int, err error) {
	set := s.watching.Load()
	if set == nil {
		return 0, 0, nil
	}
	since := store.At(s.Store.Now().AddDate(0, 0, -set.Days))
	for after := store.ID(0); ; {
		ids, err := store.Select[store.ID](ctx, s.Store, `SELECT c.id FROM service_case c JOIN matter m ON m.id = c.id WHERE c.id > ? AND (m.open OR m.closed_at > ?) ORDER BY c.id LIMIT 500`, int64(after), since)
		if err != nil || len(ids) == 0 {
			return looked, found, err
		}
		for _, id := range ids {
			n, err := s.LookAtCase(ctx, id, s.Store.Now())
			if err != nil {
				return looked, found, err
			}
			looked, found, after = looked+1, found+n, id
		}
	}
}

// Finding is what supervision found in a case.
type Finding struct {
	ID        store.ID          `bun:"id" json:"id"`
	Case      store.ID          `bun:"matter" json:"case"`
	CaseNo    string            `bun:"case_no" json:"case_no"`
	Title     string            `bun:"title" json:"title"`
	Rule      string            `bun:"rule" json:"rule"`
	Severity  string            `bun:"severity" json:"severity" enum:"note,yellow,red"`
	Unit      string            `bun:"unit" json:"unit"`
	UnitName  string            `bun:"-" json:"unit_name"`
	Officer   string            `bun:"officer_name" json:"officer,omitempty"`
	At        store.Time        `bun:"at" json:"at"`
	Found     store.Time        `bun:"found_at" json:"found_at"`
	State     string            `bun:"state" json:"state" enum:"found,passed,dismissed,asked,explained,slip,corrected,closed"`
	StateName form.Text         `bun:"-" json:"state_name"`
	DueAt     store.Time        `bun:"due_at" json:"due_at,omitzero"`
	Late      bool              `bun:"late" json:"late"`
	Reason    string            `bun:"reason" json:"reason,omitempty" doc:"Of a dismissal"`
	Evidence  []FindingEvidence `bun:"-" json:"evidence"`

	Raw     string   `bun:"evidence" json:"-"`
	Process store.ID `bun:"process" json:"-"`
	Item    store.ID `bun:"item" json:"-"`
}

// FindingDetail is one with its story and what the caller may do.
type FindingDetail struct {
	Finding
	No      string             `json:"no,omitempty" doc:"Of the process"`
	Version int                `json:"version"`
	Story   []CaseMoment       `json:"story"`
	Allowed []*caseflow.Action `json:"allowed"`
	Dismiss bool               `json:"dismiss" doc:"The caller may say that it is none"`
}

const findingColumns = `f.id, f.matter, m.no AS case_no, m.title, f.rule, f.severity, f.unit, COALESCE(a.name, '') AS officer_name, f.at, f.found_at, f.state, p.due_at, COALESCE(p.late, FALSE) AS late, f.reason, f.evidence, COALESCE(f.process, 0) AS process, f.item`
const findingFrom = ` FROM service_finding f JOIN matter m ON m.id = f.matter LEFT JOIN matter p ON p.id = f.process LEFT JOIN account a ON a.id = f.officer `

var findingStates = map[string]form.Text{findingFound: {"zh": "待处置", "en": "Found"}, findingPassed: {"zh": "已按时完成", "en": "Done in time"}, findingDismissed: {"zh": "不构成", "en": "Dismissed"}}

// findingScope is which findings somebody sees: who supervises all; a department those that
// it was asked about.
func findingScope(who account.Actor) (string, []any) {
	if who.HasAny("inspector", "leader") {
		return "1=1", nil
	}
	var own []string
	for _, role := range caseRoles {
		own = append(own, who.UnitsWith(role)...)
	}
	if own = slices.Compact(slices.Sorted(slices.Values(own))); len(own) == 0 {
		return "1=0", nil
	}
	return "f.process IS NOT NULL AND " + store.AnyOf("f.unit", len(own)), store.Args(own...)
}

// FindingFilter narrows the list.
type FindingFilter struct {
	State, Rule, Severity, Unit string
	Item, Case, Before          store.ID
	Open                        bool // not at an end
	Limit                       int
}

// Findings lists what was found, the newest first.
func (s *Service) Findings(ctx context.Context, who account.Actor, f FindingFilter) ([]Finding, error) {
	cond, args := findingScope(who)
	conds := []string{cond}
	add := func(c string, a ...any) { conds, args = append(conds, c), append(args, a...) }
	for _, x := range [][2]string{{"f.state", f.State}, {"f.rule", f.Rule}, {"f.severity", f.Severity}, {"f.unit", f.Unit}} {
		if x[1] != "" {
			add(x[0]+" = ?", x[1])
		}
	}
	if f.Item != 0 {
		add("f.item = ?", int64(f.Item))
	}
	if f.Case != 0 {
		add("f.matter = ?", int64(f.Case))
	}
	if f.Open {
		add("f.state IN ('found', 'asked', 'explained', 'slip', 'corrected')")
	}
	if f.Before != 0 {
		add("f.id < ?", int64(f.Before))
	}
	return s.findings(ctx, `WHERE `+strings.Join(conds, " AND ")+` ORDER BY f.id DESC LIMIT ?`, append(args, f.Limit)...)
}

func (s *Service) findings(ctx context.Context, where string, args ...any) ([]Finding, error) {
	list, err := store.Select[Finding](ctx, s.Store, `SELECT `+findingColumns+findingFrom+where, args...)
	for i := range list {
		f := &list[i]
		f.UnitName = s.Dir.Tree().Name(f.Unit)
		if f.StateName = findingStates[f.State]; f.StateName == nil {
			f.StateName = s.stateName("finding", f.State, false)
		}
		if err := json.Unmarshal([]byte(f.Raw), &f.Evidence); err != nil {
			return nil, err
		}
	}
	return list, err
}

func (s *Service) finding(ctx context.Context, who account.Actor, id store.ID) (Finding, error) {
	cond, args := findingScope(who)
	list, err := s.findings(ctx, `WHERE f.id = ? AND `+cond, append([]any{int64(id)}, args...)...)
	if err == nil && len(list) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Finding{}, err
	}
	return list[0], nil
}

// Finding opens one.
func (s *Service) Finding(ctx context.Context, who account.Actor, id store.ID) (FindingDetail, error) {
	f, err := s.finding(ctx, who, id)
	d := FindingDetail{Finding: f, Story: []CaseMoment{}, Allowed: []*caseflow.Action{}}
	if err != nil {
		return d, err
	}
	flow := s.Engine.Flow("finding")
	if f.Process == 0 {
		if f.State == findingFound && who.HasAny("inspector") {
			d.Dismiss = true
			for _, name := range flow.First {
				d.Allowed = append(d.Allowed, flow.Actions[name])
			}
		}
		return d, nil
	}
	m, err := caseflow.Get(ctx, s.Store, f.Process)
	if err != nil {
		return d, err
	}
	d.No, d.Version = m.No, m.Version
	story := CaseDetail{}
	if err := s.caseStory(ctx, &story, m, false); err != nil {
		return d, err
	}
	d.Story = append(d.Story, story.Timeline...)
	allowed, err := s.Engine.Allowed(ctx, s.Store, m, who)
	d.Allowed = append(d.Allowed, allowed...)
	return d, err
}

// findingTellings are the notices of a finding's actions, to whom.
var findingTellings = map[string][2]string{
	"ask": {"finding_asked", "approver@holder"}, "ask_again": {"finding_asked", "approver@holder"}, "slip": {"finding_slip", "approver@holder"}, "slip_at_once": {"finding_slip", "approver@holder"}, "redo": {"finding_slip", "approver@holder"},
	"explain": {"finding_answered", "inspector@asker"}, "correct": {"finding_answered", "inspector@asker"}}

// ActOnFinding dismisses a finding, begins its process (ask, slip_at_once), or does what
// the process allows.
func (s *Service) ActOnFinding(ctx context.Context, who account.Actor, id store.ID, version int, action string, values map[string]any) error {
	f, err := s.finding(ctx, who, id)
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := store.At(s.Store.Now())
		if action == "dismiss" {
			reason := strings.TrimSpace(said(values, "reason"))
			if !who.HasAny("inspector") {
				return httpapi.Fail(http.StatusForbidden, "forbidden")
			}
			if reason == "" {
				return httpapi.FailField("reason", "required")
			}
			n, err := tx.Exec(ctx, `UPDATE service_finding SET state = 'dismissed', actor = ?, reason = ?, ended_at = ? WHERE id = ? AND state = 'found'`, who.Account, text.Mask(reason), now, id)
			if err == nil && n == 0 {
				err = httpapi.Fail(http.StatusConflict, "refused_state")
			}
			if err != nil {
				return err
			}
			if err := audit.Write(ctx, tx, audit.Record{At: now, Actor: who.Account, Unit: who.Unit, Action: "finding.dismiss", Object: "finding/" + id.String(), Reason: text.Mask(reason)}, map[string]any{"case": f.Case, "rule": f.Rule}); err != nil {
				return err
			}
			return httpapi.Once(ctx, tx, http.StatusNoContent, nil)
		}
		var m *caseflow.Matter
		if slices.Contains(s.Engine.Flow("finding").First, action) {
			if m, err = s.askAbout(ctx, tx, who, f, action, values); err != nil {
				return err
			}
		} else {
			if f.Process == 0 {
				return httpapi.Fail(http.StatusConflict, "refused_state")
			}
			if m, err = s.Engine.Do(ctx, tx, caseflow.Command{Matter: f.Process, Version: version, Action: action, Actor: who, Form: values}); err != nil {
				return err
			}
		}
		if t, ok := findingTellings[action]; ok && s.Notices != nil {
			role, at, _ := strings.Cut(t[1], "@")
			if at = m.Unit; role == "inspector" {
				at = m.Asker
			}
			if err := s.Notices.Tell(ctx, tx, notice.Note{Name: t[0], Desk: role + "@" + at, About: "matter/" + m.ID.String(), Link: "/desk/findings/" + id.String(), Words: map[string]string{"no": f.CaseNo, "title": f.Title}, Due: m.DueAt}); err != nil {
				return err
			}
		}
		return httpapi.Once(ctx, tx, http.StatusNoContent, nil)
	})
}

// askAbout begins the process of a finding: its department has to answer.
func (s *Service) askAbout(ctx context.Context, tx *store.Tx, who account.Actor, f Finding, action string, values map[string]any) (*caseflow.Matter, error) {
	item, err := store.Get[string](ctx, tx, `SELECT item FROM matter WHERE id = ?`, f.Case)
	if err != nil {
		return nil, err
	}
	asker := who.Unit
	if units := who.UnitsWith("inspector"); len(units) > 0 && !slices.Contains(units, asker) {
		asker = units[0]
	}
	m, err := s.Engine.Open(ctx, tx, caseflow.Opening{Flow: "finding", Action: action, Actor: who, At: s.Store.Now(), Form: values,
		Matter: caseflow.Matter{No: "JC" + f.ID.String(), Unit: f.Unit, Asker: asker, Item: item, Title: f.Title, Class: "normal"}})
	if err != nil {
		return nil, err
	}
	n, err := tx.Exec(ctx, `UPDATE service_finding SET process = ?, state = ? WHERE id = ? AND state = 'found'`, m.ID, m.State, f.ID)
	if err == nil && n == 0 {
		err = httpapi.Fail(http.StatusConflict, "refused_state")
	}
	return m, err
}

// findingMoved keeps a finding's state that of its process.
func (s *Service) findingMoved(ctx context.Context, tx *store.Tx, m *caseflow.Matter) error {
	ended := store.Time{}
	if !m.Open {
		ended = store.At(s.Store.Now())
	}
	_, err := tx.Exec(ctx, `UPDATE service_finding SET state = ?, ended_at = ? WHERE process = ?`, m.State, ended, m.ID)
	return err
}

// findingLimit is how long a clock of a finding runs.
func (s *Service) findingLimit(clock string) string {
	if set := s.watching.Load(); set != nil {
		return map[string]string{"explain": set.Explain, "rectify": set.Rectify}[clock]
	}
	return ""
}

// SupervisionBoard is how supervision stands.
type SupervisionBoard struct {
	Severity []SupervisionCount `json:"severity" doc:"Findings that are open, by severity and state"`
	Units    []SupervisionUnit  `json:"units" doc:"The same by unit, the gravest first"`
	Rules    []SupervisionCount `json:"rules" doc:"The same by rule"`
	Trend    []SupervisionDay   `json:"trend" doc:"Found on each of the last thirty days"`
	InForce  map[string]string  `json:"in_force" doc:"Rules of the district with their severity"`
}

// SupervisionCount counts findings.
type SupervisionCount struct {
	Key   string `bun:"key" json:"key"`
	State string `bun:"state" json:"state,omitempty"`
	N     int    `bun:"n" json:"n"`
}

// SupervisionUnit counts those of a unit.
type SupervisionUnit struct {
	Unit   string `bun:"unit" json:"unit"`
	Name   string `bun:"-" json:"name"`
	Red    int    `bun:"red" json:"red"`
	Yellow int    `bun:"yellow" json:"yellow"`
	Note   int    `bun:"note" json:"note"`
}

// SupervisionDay counts those of a day.
type SupervisionDay struct {
	Day    string `json:"day"`
	Red    int    `json:"red"`
	Yellow int    `json:"yellow"`
	Note   int    `json:"note"`
}

const findingOpen = `f.state IN ('found', 'asked', 'explained', 'slip', 'corrected')`

// Supervision is the board.
func (s *Service) Supervision(ctx context.Context, who account.Actor) (SupervisionBoard, error) {
	out := SupervisionBoard{InForce: map[string]string{}, Trend: []SupervisionDay{}}
	if set := s.watching.Load(); set != nil {
		for name, r := range set.Rules {
			out.InForce[name] = r.Severity
		}
	}
	cond, args := findingScope(who)
	var err error
	if out.Severity, err = store.Select[SupervisionCount](ctx, s.Store, `SELECT f.severity AS key, f.state AS state, count(*) AS n FROM service_finding f WHERE `+findingOpen+` AND `+cond+` GROUP BY f.severity, f.state ORDER BY 1, 2`, args...); err != nil {
		return out, err
	}
	if out.Rules, err = store.Select[SupervisionCount](ctx, s.Store, `SELECT f.rule AS key, '' AS state, count(*) AS n FROM service_finding f WHERE `+findingOpen+` AND `+cond+` GROUP BY f.rule ORDER BY 3 DESC, 1`, args...); err != nil {
		return out, err
	}
	if out.Units, err = store.Select[SupervisionUnit](ctx, s.Store, `SELECT f.unit AS unit, count(CASE WHEN f.severity = 'red' THEN 1 END) AS red, count(CASE WHEN f.severity = 'yellow' THEN 1 END) AS yellow, count(CASE WHEN f.severity = 'note' THEN 1 END) AS note FROM service_finding f WHERE `+findingOpen+` AND `+cond+` GROUP BY f.unit ORDER BY 2 DESC, 3 DESC, 4 DESC, 1 LIMIT 50`, args...); err != nil {
		return out, err
	}
	for i := range out.Units {
		out.Units[i].Name = s.Dir.Tree().Name(out.Units[i].Unit)
	}
	today := s.Store.Now().In(s.Zone())
	from := time.Date(today.Year(), today.Month(), today.Day()-29, 0, 0, 0, 0, s.Zone())
	rows, err := store.Select[struct {
		Severity string
		Found    store.Time
	}](ctx, s.Store, `SELECT f.severity, f.found_at AS found FROM service_finding f WHERE f.found_at >= ? AND `+cond, append([]any{store.At(from)}, args...)...)
	if err != nil {
		return out, err
	}
	byDay := map[string]*SupervisionDay{}
	for i := range 30 {
		out.Trend = append(out.Trend, SupervisionDay{Day: from.AddDate(0, 0, i).Format(time.DateOnly)})
	}
	for i := range out.Trend {
		byDay[out.Trend[i].Day] = &out.Trend[i]
	}
	for _, r := range rows {
		d := byDay[r.Found.In(s.Zone()).Format(time.DateOnly)]
		switch {
		case d == nil:
		case r.Severity == "red":
			d.Red++
		case r.Severity == "yellow":
			d.Yellow++
		default:
			d.Note++
		}
	}
	return out, nil
}

// ItemHeat is how much trouble an item gives (事项热度).
type ItemHeat struct {
	Item        store.ID `bun:"item" json:"item"`
	Name        string   `bun:"name" json:"name"`
	Department  string   `bun:"department" json:"department"`
	Cases       int      `bun:"cases" json:"cases"`
	Supplements int      `bun:"supplements" json:"supplements" doc:"Cases of which a correction was asked"`
	Trips       int      `bun:"trips" json:"trips" doc:"Times somebody stood at a counter"`
	Overdue     int      `bun:"overdue" json:"overdue" doc:"Cases of which a clock was missed"`
	Withdrawn   int      `bun:"withdrawn" json:"withdrawn"`
	Refused     int      `bun:"refused" json:"refused" doc:"Not accepted, or denied"`
}

const missedClock = `EXISTS (SELECT 1 FROM matter_clock k WHERE k.matter = c.id AND k.outcome = 'missed')`

// heatKinds are what an item's trouble consists of, as conditions on a case.
var heatKinds = map[string]string{"supplements": `c.noticed <> '[]'`, "overdue": missedClock, "withdrawn": `c.ext = 2`, "refused": `c.ext IN (4, 5, 13)`, "trips": `EXISTS (SELECT 1 FROM matter_event e WHERE e.matter = c.id AND ` + aTrip + `)`, "": "1=1"}

// aTrip is an event for which somebody came to a counter.
const aTrip = `(e.action = 'take_in' OR e.action IN ('corrected', 'provide') AND e.unit <> '' OR e.action = 'deliver' AND e.data LIKE '%"mode":"counter"%')`

// Heat is the trouble of the items whose cases were opened on or after a day, those with
// the most cases first.
func (s *Service) Heat(ctx context.Context, from time.Time) ([]ItemHeat, error) {
	return store.Select[ItemHeat](ctx, s.Store, `SELECT c.item AS item, i.name AS name, i.department AS department, count(*) AS cases, count(CASE WHEN c.noticed <> '[]' THEN 1 END) AS supplements,
 COALESCE(CAST(sum((SELECT count(*) FROM matter_event e WHERE e.matter = c.id AND `+aTrip+`)) AS BIGINT), 0) AS trips, count(CASE WHEN `+missedClock+` THEN 1 END) AS overdue, count(CASE WHEN c.ext = 2 THEN 1 END) AS withdrawn, count(CASE WHEN c.ext IN (4, 5, 13) THEN 1 END) AS refused
 FROM service_case c JOIN matter m ON m.id = c.id JOIN service_item i ON i.id = c.item WHERE m.opened_at >= ? GROUP BY c.item, i.name, i.department ORDER BY 4 DESC, 1 LIMIT 300`, store.At(from))
}

// HeatCases are the cases behind a figure of an item's heat, the newest first.
func (s *Service) HeatCases(ctx context.Context, who account.Actor, item store.ID, kind string, from time.Time, limit int) ([]CaseHead, error) {
	cond, ok := heatKinds[kind]
	if !ok {
		return nil, httpapi.FailField("kind", "no_such_option")
	}
	scope, args := caseScope(who)
	heads, err := store.Select[CaseHead](ctx, s.Store, `SELECT `+caseHeadColumns+caseFrom+`WHERE `+ofCases+` AND m.flow = 'case' AND `+scope+` AND c.item = ? AND m.opened_at >= ? AND `+cond+` ORDER BY m.id DESC LIMIT ?`, append(args, int64(item), store.At(from), limit)...)
	for i := range heads {
		heads[i].StateName = s.stateName(heads[i].Flow, heads[i].State, false)
	}
	return heads, err
}
