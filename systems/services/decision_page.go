package services

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/rule"
	"shanzhi/core/store"
)

// DecisionPackHead is a pack in the list.
type DecisionPackHead struct {
	Pack         string            `json:"pack"`
	Name         map[string]string `json:"name"`
	Illustrative bool              `json:"illustrative"`
	InForce      int               `json:"in_force" doc:"Version that is in force today; 0 none"`
	Open         int               `json:"open" doc:"Version that is on its way; 0 none"`
	OpenState    rule.VersionState `json:"open_state,omitempty"`
	Turn         bool              `json:"turn" doc:"The caller may do the next step of it"`
	Mode         rule.Mode         `json:"mode"`
	Checks       int               `json:"checks"`
	Today        int               `json:"today" doc:"Applications judged today while it decides"`
	Approved     int               `json:"approved" doc:"Of these, approved"`
	Automatic    DecisionFigure    `json:"automatic" doc:"Of the last 30 days: approved and touched by nobody, of all judged"`
	Changed      int               `json:"changed" doc:"Live approvals of which a fact has become another"`
}

// DecisionPacks are all packs, those that wait for the caller first.
func (s *Service) DecisionPacks(ctx context.Context, who account.Actor) ([]DecisionPackHead, error) {
	names, err := s.Rules.Packs(ctx)
	if err != nil {
		return nil, err
	}
	zone := s.Zone()
	now := s.Store.Now()
	today := rule.DateOf(now, zone)
	begin := time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, zone)
	counts, err := store.Select[struct {
		Pack                                string
		Today, Approved, Judged, Automatics int
	}](ctx, s.Store, `SELECT d.pack, count(CASE WHEN d.at >= ? THEN 1 END) AS today, count(CASE WHEN d.at >= ? AND d.outcome = 'approve' THEN 1 END) AS approved, count(*) AS judged,
 count(CASE WHEN d.outcome = 'approve' AND NOT EXISTS (SELECT 1 FROM decision_human h WHERE h.decision = d.id) THEN 1 END) AS automatics
 FROM decision d WHERE d.at >= ? AND d.mode IN ('canary', 'on') AND d.object <> '' GROUP BY d.pack`, store.At(begin), store.At(begin), store.At(now.AddDate(0, 0, -30)))
	if err != nil {
		return nil, err
	}
	out := []DecisionPackHead{}
	for _, name := range names {
		h := DecisionPackHead{Pack: name}
		all, err := s.Rules.Versions(ctx, s.Store, name)
		if err != nil {
			return nil, err
		}
		if h.Mode, err = s.Rules.ModeOf(ctx, s.Store, name); err != nil {
			return nil, err
		}
		for _, v := range all {
			if v.State == rule.VersionDraft || v.State == rule.VersionReviewed || v.State == rule.VersionLawful {
				h.Open, h.OpenState = v.Version, v.State
				h.Turn = slices.ContainsFunc(v.Allowed(who.Account, who.HasAny), func(step rule.VersionStep) bool {
					return step != rule.StepReturn && step != rule.StepRetire && (step != rule.StepWrite || slices.Contains(v.Authors, who.Account))
				})
			}
		}
		p, v := s.Rules.InForce(name, today)
		if p != nil {
			h.InForce = v.Version
		} else if body, _, err := s.Rules.Texts(ctx, s.Store, all[0]); err != nil {
			return nil, err
		} else if p, err = rule.ReadPack(strings.NewReader(body)); err != nil {
			p = nil // it is being written
		}
		h.Name = map[string]string{"zh": name}
		if p != nil {
			h.Name, h.Illustrative, h.Checks = p.Name, p.Illustrative, len(p.Checks)
		}
		for _, c := range counts {
			if c.Pack == name {
				h.Today, h.Approved, h.Automatic = c.Today, c.Approved, figure(c.Automatics, c.Judged)
			}
		}
		watched, err := s.watchTotals(ctx, name)
		if err != nil {
			return nil, err
		}
		h.Changed = watched.Changed
		out = append(out, h)
	}
	slices.SortStableFunc(out, func(a, b DecisionPackHead) int {
		switch {
		case a.Turn != b.Turn && a.Turn:
			return -1
		case a.Turn != b.Turn:
			return 1
		}
		return strings.Compare(a.Pack, b.Pack)
	})
	return out, nil
}

// DecisionVersionView is a version with the names of those who answer for it.
type DecisionVersionView struct {
	rule.Version
	InForce bool               `json:"in_force" doc:"It decides applications of today"`
	Allowed []rule.VersionStep `json:"allowed" doc:"What the caller may do with it now"`
}

// DecisionStep is a step of a version with who did it.
type DecisionStep struct {
	rule.VersionEvent
	Name string `json:"name,omitempty" doc:"Of who did it; none: it came with the house"`
}

// DecisionModeStep is a change of how a pack is used with who made it.
type DecisionModeStep struct {
	rule.ModeEvent
	Name string `json:"name,omitempty"`
}

// DecisionPackPage is a pack with all that its screen shows.
type DecisionPackPage struct {
	Head     DecisionPackHead      `json:"head"`
	Versions []DecisionVersionView `json:"versions"`
	Steps    []DecisionStep        `json:"steps"`
	Modes    []DecisionModeStep    `json:"modes"`
	Names    map[string]string     `json:"names" doc:"Of the accounts that versions name"`
	Shadow   rule.Shadow           `json:"shadow"`
	Needs    rule.ShadowNeeds      `json:"needs"`
	May      DecisionMay           `json:"may"`
}

// DecisionMay is what the caller may do with a pack.
type DecisionMay struct {
	Draft  bool `json:"draft"`
	Mode   bool `json:"mode"`
	Stop   bool `json:"stop"`
	List   bool `json:"list" doc:"See what was decided"`
	Reveal bool `json:"reveal"`
	Scan   bool `json:"scan"`
}

// DecisionPage is a pack; store.ErrNotFound.
func (s *Service) DecisionPage(ctx context.Context, who account.Actor, pack string) (DecisionPackPage, error) {
	var out DecisionPackPage
	heads, err := s.DecisionPacks(ctx, who)
	if err != nil {
		return out, err
	}
	i := slices.IndexFunc(heads, func(h DecisionPackHead) bool { return h.Pack == pack })
	if i < 0 {
		return out, store.ErrNotFound
	}
	out.Head, out.Needs = heads[i], s.decide.Load().Shadow
	all, err := s.Rules.Versions(ctx, s.Store, pack)
	if err != nil {
		return out, err
	}
	ids := []store.ID{}
	open := false
	for _, v := range all {
		open = open || v.State == rule.VersionDraft || v.State == rule.VersionReviewed || v.State == rule.VersionLawful
		out.Versions = append(out.Versions, DecisionVersionView{v, v.Version == out.Head.InForce, v.Allowed(who.Account, who.HasAny)})
		ids = append(append(ids, v.Authors...), v.Reviewer, v.Lawyer, v.Publisher)
	}
	steps, err := s.Rules.Events(ctx, s.Store, pack)
	modes, merr := s.Rules.ModeEvents(ctx, s.Store, pack)
	if err = errors.Join(err, merr); err != nil {
		return out, err
	}
	for _, e := range steps {
		ids = append(ids, e.Actor)
	}
	for _, e := range modes {
		ids = append(ids, e.Actor)
	}
	slices.Sort(ids)
	names, err := account.Names(ctx, s.Store, slices.Compact(ids)...)
	if err != nil {
		return out, err
	}
	out.Names = map[string]string{}
	for id, name := range names {
		out.Names[id.String()] = name
	}
	out.Steps, out.Modes = []DecisionStep{}, []DecisionModeStep{}
	for _, e := range steps {
		out.Steps = append(out.Steps, DecisionStep{e, names[e.Actor]})
	}
	for _, e := range modes {
		out.Modes = append(out.Modes, DecisionModeStep{e, names[e.Actor]})
	}
	out.May = DecisionMay{Draft: who.HasAny(rule.RoleAuthor) && !open, Mode: who.HasAny(rule.RolePublisher), Stop: who.HasAny(rule.Stoppers...), List: who.HasAny(decisionReaders...), Reveal: who.HasAny(decisionRevealers...), Scan: who.HasAny(rule.RolePublisher)}
	out.Shadow, err = s.Rules.ShadowOf(ctx, s.Store, pack, out.Needs)
	return out, err
}

// DecisionText is a version as it is written, and what it says.
type DecisionText struct {
	Version DecisionVersionView `json:"version"`
	Body    string              `json:"body"`
	Cases   string              `json:"cases"`
	Read    *DecisionReading    `json:"read,omitempty" doc:"What it says; absent where it cannot be read"`
	Faults  []rule.RuleFault    `json:"faults"`
}

// DecisionReading is what a pack says.
type DecisionReading struct {
	*rule.Pack
	List rule.Examples `json:"examples"`
}

// DecisionTextOf is a version with its texts; store.ErrNotFound.
func (s *Service) DecisionTextOf(ctx context.Context, who account.Actor, pack string, n int) (DecisionText, error) {
	v, err := s.Rules.Version(ctx, s.Store, pack, n)
	if err != nil {
		return DecisionText{}, err
	}
	out := DecisionText{Version: DecisionVersionView{Version: v, Allowed: v.Allowed(who.Account, who.HasAny)}}
	if _, f := s.Rules.InForce(pack, rule.DateOf(s.Store.Now(), s.Zone())); f != nil {
		out.Version.InForce = f.Version == n
	}
	if out.Body, out.Cases, err = s.Rules.Texts(ctx, s.Store, v); err != nil {
		return out, err
	}
	out.Read, out.Faults = readDecisionText(out.Body, out.Cases)
	return out, nil
}

func readDecisionText(body, cases string) (*DecisionReading, []rule.RuleFault) {
	p, err := rule.ReadPack(strings.NewReader(body))
	if err != nil {
		return nil, rule.Faults(err, body)
	}
	x, err := rule.ReadExamples(strings.NewReader(cases))
	if x == nil {
		x = rule.Examples{}
	}
	faults := rule.Faults(err, cases)
	if faults == nil {
		faults = []rule.RuleFault{}
	}
	return &DecisionReading{p, x}, faults
}

// DecisionTrial is how texts stand against each other before they are kept.
type DecisionTrial struct {
	Faults      []rule.RuleFault    `json:"faults" doc:"Of the pack"`
	CaseFaults  []rule.RuleFault    `json:"case_faults" doc:"Of the cases"`
	Trial       *rule.Trial         `json:"trial,omitempty"`
	Ready       bool                `json:"ready"`
	Cases       []rule.TriedExample `json:"cases"`
	Proposed    string              `json:"proposed,omitempty" doc:"YAML of the cases that are missing, to be read by a person and added"`
	ProposedFor []string            `json:"proposed_for"`
	Read        *DecisionReading    `json:"read,omitempty"`
	Meaning     []rule.PackChange   `json:"meaning,omitempty" doc:"In what it differs from the version in force"`
}

// TryDecisionText runs texts as the gate of publication does.
func (s *Service) TryDecisionText(pack, body, cases string) DecisionTrial {
	out := DecisionTrial{Faults: []rule.RuleFault{}, CaseFaults: []rule.RuleFault{}, Cases: []rule.TriedExample{}, ProposedFor: []string{}}
	p, err := rule.ReadPack(strings.NewReader(body))
	if err != nil {
		out.Faults = rule.Faults(err, body)
		return out
	}
	if now, _ := s.Rules.InForce(pack, rule.DateOf(s.Store.Now(), s.Zone())); now != nil {
		out.Meaning = rule.Compare(now, p)
	}
	x, err := rule.ReadExamples(strings.NewReader(cases))
	if err != nil {
		out.CaseFaults = rule.Faults(err, cases)
		out.Read, _ = readDecisionText(body, "")
		return out
	}
	out.Read = &DecisionReading{p, x}
	t, err := p.Try(x, s.Zone())
	if err != nil {
		out.CaseFaults = rule.Faults(errors.New("cases: "+err.Error()), cases)
		return out
	}
	out.Trial, out.Ready, out.Cases = &t, t.Ready(), p.TryEach(x, s.Zone())
	if more, err := p.Propose(x, s.Zone()); err == nil && len(t.Edges) > 0 {
		more = slices.DeleteFunc(more, func(e rule.Example) bool { return !slices.Contains(t.Edges, e.Name) })
		var b strings.Builder
		if more.Write(&b) == nil {
			out.Proposed = b.String()
		}
		for _, e := range more {
			out.ProposedFor = append(out.ProposedFor, e.Name)
		}
	}
	return out
}
