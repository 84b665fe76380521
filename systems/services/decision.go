package services

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"shanzhi/core/pack"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/subject"
)

// Decisions are the decision packs that are shipped as examples, each with its cases
// beside it (NAME.yaml, NAME.cases.yaml).
//
//go:embed decisions/*.yaml
var Decisions embed.FS

// packDecisions is what a district decides about its instant approvals.
const packDecisions = "services/decisions.yaml"

// decisionSettings are a pack's decisions.yaml. A pack without the file has the defaults:
// no shipped pack decides until somebody switches it on.
type decisionSettings struct {
	// Modes are how packs are used when they first come in.
	Modes map[string]struct {
		Mode  string `yaml:"mode"`
		Share int    `yaml:"share"`
		Cap   int    `yaml:"cap"`
	} `yaml:"modes"`
	Shadow        rule.ShadowNeeds `yaml:"shadow"`         // what a shadow has to show before a pack decides
	SuppressUnder int              `yaml:"suppress_under"` // smaller groups are not shown
	Sample        int              `yaml:"sample"`         // kept decisions made again every night
}

func readDecisionSettings(files fs.FS) (decisionSettings, error) {
	d := decisionSettings{Shadow: rule.ShadowNeeds{Days: 30, Cases: 1000}, SuppressUnder: 10, Sample: 500}
	if err := pack.Settings(files, packDecisions, &d); err != nil {
		return d, err
	}
	var errs []error
	for name, m := range d.Modes {
		switch {
		case !slices.Contains([]string{rule.ModeOff, rule.ModeShadow, rule.ModeCanary, rule.ModeOn}, m.Mode):
			errs = append(errs, fmt.Errorf("%s: modes.%s: %q is none of off, shadow, canary, on", packDecisions, name, m.Mode))
		case m.Share < 0 || m.Share > 100 || m.Cap < 0 || m.Mode == rule.ModeCanary && m.Share == 0:
			errs = append(errs, fmt.Errorf("%s: modes.%s: a share is 1 to 100, a cap 0 or more", packDecisions, name))
		}
	}
	if d.SuppressUnder < 1 || d.Sample < 1 || d.Shadow.Days < 0 || d.Shadow.Cases < 0 {
		errs = append(errs, fmt.Errorf("%s: suppress_under and sample are 1 or more, shadow's needs 0 or more", packDecisions))
	}
	return d, errors.Join(errs...)
}

// reloadDecisions takes over the packs, shipped ones among them, and how they are used.
func (s *Service) reloadDecisions(ctx context.Context, files fs.FS) error {
	set, err := readDecisionSettings(files)
	if err != nil {
		return err
	}
	m, err := pack.ReadManifest(files)
	if err != nil {
		return err
	}
	s.decide.Store(&decideInForce{set, m.Zone()})
	s.Rules.Told = s.tellOfVersion
	shipped, err := fs.Sub(Decisions, "decisions")
	if err != nil {
		return err
	}
	if err := s.Rules.Adopt(ctx, shipped, "shipped", func(id string) rule.Mode {
		m := set.Modes[id]
		return rule.Mode{Mode: cmp.Or(m.Mode, rule.ModeOff), Share: m.Share, Cap: m.Cap}
	}); err != nil {
		return err
	}
	return s.Rules.Reload(ctx)
}

// decideInForce is what the district's pack says of instant approvals.
type decideInForce struct {
	decisionSettings
	zone *time.Location
}

// Zone is where the district's days begin.
func (s *Service) Zone() *time.Location {
	if d := s.decide.Load(); d != nil {
		return d.zone
	}
	return time.UTC
}

// InstantAsk is an application as instant approval (秒批) is asked about it.
type InstantAsk struct {
	Item        string            // key of the item: elder-allowance
	Application store.ID          //
	Person      store.ID          // in the vault, of whom it is
	Subject     map[string]string // id_no, name, uscc, account …: by what the sources are asked
	Form        map[string]any    // what the applicant said, by the names of facts (application.name) or their last parts
	At          time.Time         // of the application
}

// Lanes on which an application goes on.
const (
	LaneApprove    = "approve"
	LaneSupplement = "supplement" // the applicant may bring what is missing
	LaneHuman      = "human"      // a person decides, with the reasons at hand
	LaneNone       = "none"       // no pack decides: the application goes its ordinary way
)

// InstantVerdict is what instant approval says of an application.
type InstantVerdict struct {
	Pack     string // "" none is in force
	Version  int
	Decision rule.Decision
	Case     rule.Case
	Lane     string
	Why      string   // of LaneNone: one of rule.Not…
	Shadow   bool     // it only looks on: nobody is told, and a person decides
	Silent   []string // sources that did not answer
	Mode     string
	Took     time.Duration

	pack   *rule.Pack
	person store.ID
	keys   map[string]string
}

// InstantApproval gathers the facts of an application from their sources and judges them
// by the pack in force on its day. It writes nothing and is never called in a
// transaction; KeepVerdict keeps what it says in the transaction of what follows. An
// application whose pack is off, over its cap or not of the canary's share is LaneNone;
// what the shadow looks at is judged all the same.
func (s *Service) InstantApproval(ctx context.Context, ask InstantAsk) (InstantVerdict, error) {
	began := time.Now()
	zone := s.Zone()
	v := InstantVerdict{Lane: LaneNone, Why: rule.NotNone, person: ask.Person, keys: rule.Keys(ask.Subject)}
	p, version := s.Rules.Decides(ask.Item, rule.DateOf(ask.At, zone))
	if p == nil {
		return v, nil
	}
	v.Pack, v.Version = p.ID, version.Version
	var err error
	if v.Mode, v.Why, err = s.Rules.Takes(ctx, p.ID, ask.Application.String()); err != nil {
		return v, err
	}
	v.Shadow = v.Mode == rule.ModeShadow && v.Why != rule.NotStopped
	if v.Why != "" && !v.Shadow {
		return v, nil
	}
	v.pack = p
	got := s.Facts.Gather(ctx, p, ask.Subject, ask.Form, ask.At)
	if err := ctx.Err(); err != nil {
		return v, err
	}
	v.Silent = got.Silent
	// The facts are of moments after the application's; on its day, the moment at which
	// all were there is the one to judge as of.
	at := ask.At
	if now := s.Store.Now(); now.After(at) && rule.DateOf(now, zone) == rule.DateOf(at, zone) {
		at = now
	}
	v.Case = rule.Case{At: at, Facts: got.Facts}
	v.Decision = p.Decide(v.Case, zone)
	v.Took = time.Since(began)
	if !v.Shadow {
		v.Lane = string(v.Decision.Outcome)
	}
	return v, nil
}

// KeepVerdict keeps a verdict in the transaction of what follows from it and returns the
// decision's key, 0 where no pack judged. It is the last word on whether the pack may
// approve: rule.ErrClosed when it was switched off or reached its cap meanwhile; then the
// application goes on as LaneNone, with InstantVerdict.None.
func (s *Service) KeepVerdict(ctx context.Context, tx *store.Tx, v InstantVerdict, about rule.About) (store.ID, error) {
	if v.pack == nil {
		return 0, nil
	}
	zone := s.Zone()
	if about.Person == 0 {
		about.Person = v.person
	}
	about.Mode, about.Took = v.Mode, v.Took
	id, err := s.Rules.Keep(ctx, tx, s.Kept, v.pack, v.Case, v.Decision, zone, about)
	if err != nil {
		return 0, err
	}
	if v.Lane == LaneApprove && about.Person != 0 {
		if err := s.watch(ctx, tx, id, about.Person, v); err != nil {
			return 0, err
		}
	}
	counts := []rule.Count{}
	if age, origin := ageAndOrigin(v.keys["id_no"], v.Case.At, zone); age != "" {
		counts = append(counts, rule.Count{Kind: countAge, Key: age, Sub: string(v.Decision.Outcome)}, rule.Count{Kind: countOrigin, Key: origin, Sub: string(v.Decision.Outcome)})
	}
	return id, s.Rules.Tally(ctx, tx, v.Pack, v.Mode, counts)
}

// None is the verdict as it stands when KeepVerdict says rule.ErrClosed: nothing is
// decided.
func (v InstantVerdict) None() InstantVerdict {
	return InstantVerdict{Pack: v.Pack, Version: v.Version, Lane: LaneNone, Why: rule.NotStopped}
}

// Kinds of counts that are kept without whom they are of.
const (
	countAge    = "age"
	countOrigin = "origin"
)

// ageBands are the ages below which a band ends.
var ageBands = []struct {
	below int
	name  string
}{{18, "0-17"}, {35, "18-34"}, {60, "35-59"}, {70, "60-69"}, {80, "70-79"}, {90, "80-89"}, {1000, "90+"}}

// ageAndOrigin are the groups by which fairness is looked at, as a citizen's number tells
// them: the age band, and where the number was first given out (the city 4403, else the
// province). They are counted and never kept with a person.
func ageAndOrigin(id string, at time.Time, zone *time.Location) (age, origin string) {
	born := subject.Born(id)
	if born.IsZero() {
		return "", ""
	}
	years := rule.FullYears(born, rule.DateOf(at, zone).Time)
	for _, b := range ageBands {
		if years < b.below {
			age = b.name
			break
		}
	}
	if origin = id[:2]; id[:4] == "4403" {
		origin = id[:4]
	}
	return age, origin
}

// Compare keeps what a person decided of a case that a pack judged: it shows where the
// shadow differs, and which approvals were overturned.
func (s *Service) Compare(ctx context.Context, tx *store.Tx, decision store.ID, human rule.Outcome, by store.ID) error {
	differs, err := s.Rules.Compare(ctx, tx, decision, human, by)
	if err != nil || differs == "" {
		return err
	}
	return s.Bus.Emit(ctx, tx, s.Store.Now(), differs, decision.String(), map[string]any{"human": human})
}
