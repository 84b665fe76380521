package rule

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"shanzhi/core/store"
)

// VersionState is how far a version of a pack has come.
type VersionState string

// The states.
const (
	VersionDraft     VersionState = "draft"     // 起草
	VersionReviewed  VersionState = "reviewed"  // 已复核
	VersionLawful    VersionState = "lawful"    // 已法制审核
	VersionPublished VersionState = "published" // 已发布
	VersionRetired   VersionState = "retired"   // 已停用, or a draft that was given up
)

// VersionStep is what a person does with a version.
type VersionStep string

// The steps.
const (
	StepWrite   VersionStep = "write"
	StepReview  VersionStep = "review"
	StepClear   VersionStep = "clear" // 法制审核通过
	StepPublish VersionStep = "publish"
	StepReturn  VersionStep = "return" // back to its author, with a reason
	StepRetire  VersionStep = "retire"
	stepLoad    VersionStep = "load" // it came with the house
)

// Roles of those who make a rule. Who holds several still does one of them for a
// version.
const (
	RoleAuthor    = "rule_author"
	RoleReviewer  = "rule_reviewer"
	RoleLawyer    = "rule_lawyer"
	RolePublisher = "rule_publisher"
)

// Why a step is refused.
var (
	ErrStep       = errors.New("rule: the version is not at a point for this step")
	ErrDuty       = errors.New("rule: this step is another role's")
	ErrSamePerson = errors.New("rule: author, reviewer, legal reviewer and publisher are four people")
	ErrMoved      = errors.New("rule: somebody has changed it meanwhile")
	ErrReason     = errors.New("rule: a reason is needed")
	ErrNotReady   = errors.New("rule: the version does not pass its gate")
)

// versionSteps is the whole life of a version: from where each step may be done, by
// whose role, and where it leads.
var versionSteps = map[VersionStep]struct {
	from  []VersionState
	roles []string
	to    VersionState // "" stays
	signs bool         // it is one of the four signatures
}{
	StepWrite:   {[]VersionState{VersionDraft}, []string{RoleAuthor}, VersionDraft, true},
	StepReview:  {[]VersionState{VersionDraft}, []string{RoleReviewer}, VersionReviewed, true},
	StepClear:   {[]VersionState{VersionReviewed}, []string{RoleLawyer}, VersionLawful, true},
	StepPublish: {[]VersionState{VersionLawful}, []string{RolePublisher}, VersionPublished, true},
	StepReturn:  {[]VersionState{VersionDraft, VersionReviewed, VersionLawful}, []string{RoleReviewer, RoleLawyer, RolePublisher}, VersionDraft, false},
	StepRetire:  {[]VersionState{VersionDraft, VersionPublished}, []string{RolePublisher}, VersionRetired, false},
}

// VersionSteps are the steps in their order.
var VersionSteps = []VersionStep{StepWrite, StepReview, StepClear, StepPublish, StepReturn, StepRetire}

// Version is a version of a pack (决策包版本) with who answers for it.
type Version struct {
	Pack      string       `json:"pack"`
	Version   int          `json:"version"`
	State     VersionState `json:"state" enum:"draft,reviewed,lawful,published,retired"`
	Seq       int64        `json:"seq"`
	Hash      string       `json:"hash" doc:"SHA-256 of its text"`
	CasesHash string       `json:"cases_hash"`
	Origin    string       `json:"origin,omitempty" doc:"shipped: it came with the house"`
	Authors   []store.ID   `json:"authors"`
	Reviewer  store.ID     `json:"reviewer,omitempty"`
	Lawyer    store.ID     `json:"lawyer,omitempty"`
	Publisher store.ID     `json:"publisher,omitempty"`
	Trial     *Trial       `json:"trial,omitempty" doc:"How it stood against its cases at publication"`
	Changed   store.Time   `json:"changed_at"`
	Published store.Time   `json:"published_at,omitzero"`
	Retired   store.Time   `json:"retired_at,omitzero"`
}

// signed says whether somebody has put their name to the version in another way than
// by a step.
func (v Version) signed(who store.ID, step VersionStep) bool {
	if who == 0 {
		return false
	}
	return step != StepWrite && slices.Contains(v.Authors, who) || step != StepReview && v.Reviewer == who ||
		step != StepClear && v.Lawyer == who || step != StepPublish && v.Publisher == who
}

// May says whether somebody may do a step now: nil, ErrStep, ErrDuty or ErrSamePerson.
func (v Version) May(who store.ID, roles func(...string) bool, step VersionStep) error {
	s, ok := versionSteps[step]
	if !ok || !slices.Contains(s.from, v.State) {
		return ErrStep
	}
	own := step == StepRetire && v.State == VersionDraft // a draft is given up by who writes
	if !own && !roles(s.roles...) || own && !roles(RoleAuthor) {
		return ErrDuty
	}
	if s.signs && v.signed(who, step) {
		return ErrSamePerson
	}
	return nil
}

// Allowed are the steps that somebody may do now.
func (v Version) Allowed(who store.ID, roles func(...string) bool) []VersionStep {
	out := []VersionStep{}
	for _, step := range VersionSteps {
		if v.May(who, roles, step) == nil {
			out = append(out, step)
		}
	}
	return out
}

// VersionEvent is one step of a version.
type VersionEvent struct {
	Pack    string      `json:"-"`
	Version int         `json:"version"`
	Seq     int64       `json:"seq"`
	At      store.Time  `json:"at"`
	Actor   store.ID    `json:"actor,omitempty"`
	Unit    string      `json:"unit,omitempty"`
	Step    VersionStep `json:"step" enum:"load,write,review,clear,publish,return,retire"`
	Reason  string      `json:"reason,omitempty"`
	Data    stepData    `json:"-"`
}

// stepData is what a step leaves in its event.
type stepData struct {
	Hash      string `json:"hash,omitempty"`
	CasesHash string `json:"cases_hash,omitempty"`
	Origin    string `json:"origin,omitempty"`
	Trial     *Trial `json:"trial,omitempty"`
}

// fold is the version after one more event.
func (v Version) fold(e VersionEvent) Version {
	v.Pack, v.Version, v.Seq, v.Changed = e.Pack, e.Version, e.Seq, e.At
	switch e.Step {
	case stepLoad:
		v.State, v.Origin, v.Hash, v.CasesHash, v.Trial = VersionPublished, e.Data.Origin, e.Data.Hash, e.Data.CasesHash, e.Data.Trial
		v.Published, v.Authors = e.At, []store.ID{}
		return v
	case StepWrite:
		v.Hash, v.CasesHash = e.Data.Hash, e.Data.CasesHash
		if e.Data.Origin != "" {
			v.Origin = e.Data.Origin
		}
		if e.Actor != 0 && !slices.Contains(v.Authors, e.Actor) {
			v.Authors = append(slices.Clone(v.Authors), e.Actor)
		}
	case StepReview:
		v.Reviewer = e.Actor
	case StepClear:
		v.Lawyer = e.Actor
	case StepPublish:
		v.Publisher, v.Published, v.Trial = e.Actor, e.At, e.Data.Trial
	case StepReturn:
		v.Reviewer, v.Lawyer = 0, 0
	case StepRetire:
		v.Retired = e.At
	}
	if v.Authors == nil {
		v.Authors = []store.ID{}
	}
	v.State = versionSteps[e.Step].to
	return v
}

// versionRow is a version as the records have it.
type versionRow struct {
	Pack      string     `bun:"pack"`
	Version   int        `bun:"version"`
	State     string     `bun:"state"`
	Seq       int64      `bun:"seq"`
	Hash      string     `bun:"hash"`
	CasesHash string     `bun:"cases_hash"`
	Origin    string     `bun:"origin"`
	Authors   string     `bun:"authors"`
	Reviewer  store.ID   `bun:"reviewer"`
	Lawyer    store.ID   `bun:"lawyer"`
	Publisher store.ID   `bun:"publisher"`
	Trial     string     `bun:"trial"`
	Changed   store.Time `bun:"changed_at"`
	Published store.Time `bun:"published_at"`
	Retired   store.Time `bun:"retired_at"`
}

const versionColumns = `pack, version, state, seq, hash, cases_hash, origin, authors, reviewer, lawyer, publisher, trial, changed_at, published_at, retired_at`

func (r versionRow) version() (Version, error) {
	v := Version{Pack: r.Pack, Version: r.Version, State: VersionState(r.State), Seq: r.Seq, Hash: r.Hash, CasesHash: r.CasesHash, Origin: r.Origin,
		Reviewer: r.Reviewer, Lawyer: r.Lawyer, Publisher: r.Publisher, Changed: r.Changed, Published: r.Published, Retired: r.Retired}
	err := json.Unmarshal([]byte(r.Authors), &v.Authors)
	if err == nil && r.Trial != "" {
		v.Trial = &Trial{}
		err = json.Unmarshal([]byte(r.Trial), v.Trial)
	}
	if err != nil {
		return v, fmt.Errorf("rule: version %d of %s: %w", r.Version, r.Pack, err)
	}
	return v, nil
}

// row is the version as it is written, in the order of versionColumns.
func (v Version) row() ([]any, error) {
	authors, err := json.Marshal(v.Authors)
	trial := ""
	if err == nil && v.Trial != nil {
		var raw []byte
		raw, err = json.Marshal(v.Trial)
		trial = string(raw)
	}
	return []any{v.Pack, v.Version, string(v.State), v.Seq, v.Hash, v.CasesHash, v.Origin, string(authors), v.Reviewer, v.Lawyer, v.Publisher, trial, v.Changed, v.Published, v.Retired}, err
}
