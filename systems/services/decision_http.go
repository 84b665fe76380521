package services

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/notice"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/core/vault"
)

// Who may see what was decided, masked, and who more with a reason.
var (
	decisionReaders   = []string{rule.RoleAuthor, rule.RoleReviewer, rule.RoleLawyer, rule.RolePublisher, "inspector", account.RoleAuditor}
	decisionRevealers = []string{rule.RoleReviewer, rule.RolePublisher, "inspector"}
)

// ruleProblem is what the caller is told of an error of rules.
func ruleProblem(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, rule.ErrMoved):
		return httpapi.Fail(http.StatusConflict, "conflict")
	case errors.Is(err, rule.ErrDuty):
		return httpapi.Fail(http.StatusForbidden, "refused_right")
	case errors.Is(err, rule.ErrSamePerson):
		return httpapi.Fail(http.StatusForbidden, "rule_same_person")
	case errors.Is(err, rule.ErrReason):
		return httpapi.FailField("reason", "required")
	case errors.Is(err, rule.ErrShadow):
		return httpapi.Fail(http.StatusConflict, "rule_shadow")
	case errors.Is(err, rule.ErrStep):
		return httpapi.Fail(http.StatusConflict, "rule_step")
	case errors.Is(err, rule.ErrNotReady):
		return httpapi.FailDetail(http.StatusUnprocessableEntity, "rule_not_ready", strings.TrimPrefix(err.Error(), rule.ErrNotReady.Error()+": "))
	case errors.Is(err, vault.ErrErased):
		return httpapi.Fail(http.StatusGone, "erased")
	}
	return err
}

// DecisionPackPath names a pack.
type DecisionPackPath struct {
	Name string `path:"name" maxLength:"80" doc:"Name of the pack"`
}

// DecisionVersionPath names a version of one.
type DecisionVersionPath struct {
	DecisionPackPath
	N int `path:"n" minimum:"0" maximum:"100000"`
}

// DecidedPath names a decision.
type DecidedPath struct {
	ID httpapi.PathID `path:"id"`
}

// DecisionTexts are a pack and its cases as they are written.
type DecisionTexts struct {
	Body  string `json:"body" maxLength:"262144" doc:"The pack, YAML"`
	Cases string `json:"cases" maxLength:"1048576" doc:"Its cases, YAML"`
}

func (s *Service) mountDecisions(srv *httpapi.Server) {
	const at = "/api/services/decisions"
	read := httpapi.Roles(decisionReaders...)
	authors := httpapi.Roles(rule.RoleAuthor)
	four := httpapi.Roles(rule.RoleAuthor, rule.RoleReviewer, rule.RoleLawyer, rule.RolePublisher)
	httpapi.Register(srv, httpapi.Operation{ID: "list-decision-packs", Method: http.MethodGet, Path: at, Tag: tag, Access: httpapi.AnyStaff,
		Summary: "Decision packs (秒批规则): how each is used, and what it did today"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]DecisionPackHead], error) {
		return httpapi.Answer(s.DecisionPacks(ctx, httpapi.Actor(ctx)))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-fact-sources", Method: http.MethodGet, Path: at + "/sources", Tag: tag, Access: httpapi.AnyStaff,
		Summary: "The registers that packs ask for facts, and which keep failing"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]rule.SourceStanding], error) {
		return httpapi.Answer(s.Facts.Standing(), nil)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-decision-pack", Method: http.MethodGet, Path: at + "/{name}", Tag: tag, Access: httpapi.AnyStaff,
		Summary: "One pack: its versions, who did which step, how it is and was used, what its shadow found"}, func(ctx context.Context, in *DecisionPackPath) (*httpapi.Body[DecisionPackPage], error) {
		return httpapi.Answer(s.DecisionPage(ctx, httpapi.Actor(ctx), in.Name))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-decision-version", Method: http.MethodGet, Path: at + "/{name}/versions/{n}", Tag: tag, Access: httpapi.AnyStaff,
		Summary: "One version: its text, its cases, and what it says"}, func(ctx context.Context, in *DecisionVersionPath) (*httpapi.Body[DecisionText], error) {
		return httpapi.Answer(s.DecisionTextOf(ctx, httpapi.Actor(ctx), in.Name, in.N))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "draft-decision-version", Method: http.MethodPost, Path: at + "/{name}/versions", Tag: tag, Access: authors, Status: http.StatusCreated, MaxBody: 2 << 20,
		Summary: "Begin a version of a pack, or a new pack; one at a time is on its way"}, func(ctx context.Context, in *struct {
		DecisionPackPath
		Body struct {
			DecisionTexts
			Reason string `json:"reason,omitempty" maxLength:"300"`
		}
	}) (*httpapi.Body[DecisionText], error) {
		who := httpapi.Actor(ctx)
		n, err := s.Rules.Draft(ctx, who, in.Name, in.Body.Body, in.Body.Cases, text.Mask(in.Body.Reason))
		if err != nil {
			return nil, ruleProblem(err)
		}
		return httpapi.Answer(s.DecisionTextOf(ctx, who, in.Name, n))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "try-decision-text", Method: http.MethodPost, Path: at + "/{name}/check", Tag: tag, Access: four, MaxBody: 2 << 20, Limit: 120,
		Summary: "Run a text and its cases as the gate of publication does; nothing is kept"}, func(ctx context.Context, in *struct {
		DecisionPackPath
		Body DecisionTexts
	}) (*httpapi.Body[DecisionTrial], error) {
		return httpapi.Answer(s.TryDecisionText(in.Name, in.Body.Body, in.Body.Cases), nil)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-decision-version", Method: http.MethodPost, Path: at + "/{name}/versions/{n}/actions", Tag: tag, Access: four, MaxBody: 2 << 20,
		Summary: "Write, review, clear, publish, return or retire a version", Text: "Author, reviewer, legal reviewer and publisher are four people. Review and publication need the gate to be passed: rule_not_ready."}, func(ctx context.Context, in *struct {
		DecisionVersionPath
		Body struct {
			Step   rule.VersionStep `json:"step" enum:"write,review,clear,publish,return,retire"`
			Seq    int64            `json:"seq" doc:"Of the version as the caller saw it"`
			Reason string           `json:"reason,omitempty" maxLength:"500"`
			Body   string           `json:"body,omitempty" maxLength:"262144" doc:"write"`
			Cases  string           `json:"cases,omitempty" maxLength:"1048576" doc:"write"`
		}
	}) (*httpapi.Body[DecisionText], error) {
		who := httpapi.Actor(ctx)
		if _, err := s.Rules.Act(ctx, who, in.Name, in.N, rule.VersionAct{Step: in.Body.Step, Seq: in.Body.Seq, Reason: text.Mask(in.Body.Reason), Body: in.Body.Body, Cases: in.Body.Cases}); err != nil {
			return nil, ruleProblem(err)
		}
		if err := s.Rules.Reload(ctx); err != nil {
			return nil, err
		}
		return httpapi.Answer(s.DecisionTextOf(ctx, who, in.Name, in.N))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "try-decision", Method: http.MethodPost, Path: at + "/{name}/try", Tag: tag, Access: four, Limit: 240,
		Summary: "Judge facts that were entered by hand, by a version or by a text that is not kept; nothing is kept"}, func(ctx context.Context, in *struct {
		DecisionPackPath
		Body struct {
			Version int             `json:"version,omitempty"`
			Text    string          `json:"text,omitempty" maxLength:"262144"`
			Case    json.RawMessage `json:"case" doc:"{at, facts}, as shanzhi decide reads it"`
		}
	}) (*httpapi.Body[rule.Decision], error) {
		body := in.Body.Text
		if body == "" {
			v, err := s.Rules.Version(ctx, s.Store, in.Name, in.Body.Version)
			if err != nil {
				return nil, err
			}
			if body, _, err = s.Rules.Texts(ctx, s.Store, v); err != nil {
				return nil, err
			}
		}
		p, err := rule.ReadPack(strings.NewReader(body))
		if err != nil {
			return nil, httpapi.FailDetail(http.StatusUnprocessableEntity, "rule_not_ready", err.Error())
		}
		c, err := p.ReadCase(strings.NewReader(string(in.Body.Case)), s.Store.Now(), s.Zone())
		if err != nil {
			return nil, httpapi.FailDetail(http.StatusUnprocessableEntity, "rule_facts", err.Error())
		}
		return httpapi.Answer(p.Decide(c, s.Zone()), nil)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "put-decision-mode", Method: http.MethodPut, Path: at + "/{name}/mode", Tag: tag, Access: httpapi.Roles(rule.Stoppers...),
		Summary: "Use a pack in another way: off, shadow, canary, on; with a cap; the kill switch", Text: "The publisher's, but for the kill switch, which anybody who answers for the rule may pull."}, func(ctx context.Context, in *struct {
		DecisionPackPath
		Body struct {
			Mode    string `json:"mode" enum:"off,shadow,canary,on"`
			Share   int    `json:"share,omitempty" minimum:"0" maximum:"100"`
			Cap     int    `json:"cap,omitempty" minimum:"0" maximum:"1000000"`
			Stopped bool   `json:"stopped,omitempty"`
			Seq     int64  `json:"seq"`
			Reason  string `json:"reason" maxLength:"500"`
			Despite bool   `json:"despite,omitempty" doc:"It decides though its shadow has not shown enough"`
		}
	}) (*httpapi.Body[DecisionPackPage], error) {
		who, b := httpapi.Actor(ctx), in.Body
		if err := s.Rules.SetMode(ctx, who, rule.ModeChange{Mode: rule.Mode{Pack: in.Name, Mode: b.Mode, Share: b.Share, Cap: b.Cap, Stopped: b.Stopped, Seq: b.Seq}, Reason: text.Mask(b.Reason), Despite: b.Despite, Needs: s.decide.Load().Shadow}); err != nil {
			return nil, ruleProblem(err)
		}
		if err := s.Rules.Reload(ctx); err != nil {
			return nil, err
		}
		return httpapi.Answer(s.DecisionPage(ctx, who, in.Name))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-decision-figures", Method: http.MethodGet, Path: at + "/{name}/figures", Tag: tag, Access: httpapi.AnyStaff,
		Summary: "What a pack did in a time: automatic share, reasons, overturned approvals, fairness; of real applications alone"}, func(ctx context.Context, in *struct {
		DecisionPackPath
		DecisionSpan
	}) (*httpapi.Body[DecisionFigures], error) {
		from, to, err := in.read(s.Store.Now(), s.Zone())
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.DecisionFiguresOf(ctx, in.Name, from, to))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-decided", Method: http.MethodGet, Path: at + "/{name}/decided", Tag: tag, Access: read,
		Summary: "Decisions of a pack, the newest first"}, func(ctx context.Context, in *struct {
		DecisionPackPath
		Outcome string `query:"outcome" enum:"approve,supplement,human,"`
		Mode    string `query:"mode" enum:"on,canary,shadow,"`
		After   string `query:"after"`
		Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*httpapi.Body[httpapi.Page[rule.Decided]], error) {
		f := rule.DecidedFilter{Pack: in.Name, Outcome: rule.Outcome(in.Outcome), Mode: in.Mode, Limit: in.Limit}
		if in.After != "" {
			var err error
			if f.Before, err = store.ParseID(in.After); err != nil {
				return nil, httpapi.FailField("after", "invalid")
			}
		}
		rows, err := s.Kept.List(ctx, f)
		page := httpapi.Page[rule.Decided]{Items: rows}
		if rows == nil {
			page.Items = []rule.Decided{}
		}
		if len(rows) == in.Limit {
			page.Next = rows[len(rows)-1].ID.String()
		}
		return httpapi.Answer(page, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "what-if-decided", Method: http.MethodPost, Path: at + "/{name}/what-if", Tag: tag, Access: read, Limit: 30,
		Summary: "What another version would have come to over the kept decisions of a time", Text: "At most 5,000 decisions, the newest first."}, func(ctx context.Context, in *struct {
		DecisionPackPath
		Body struct {
			Version int    `json:"version"`
			From    string `json:"from" doc:"A day"`
			To      string `json:"to" doc:"The last day"`
		}
	}) (*httpapi.Body[rule.WhatIf], error) {
		from, to, err := DecisionSpan{in.Body.From, in.Body.To}.read(s.Store.Now(), s.Zone())
		if err != nil {
			return nil, err
		}
		v, err := s.Rules.Version(ctx, s.Store, in.Name, in.Body.Version)
		if err != nil {
			return nil, err
		}
		p, err := s.Rules.Pack(ctx, v.Hash)
		if err != nil {
			return nil, httpapi.FailDetail(http.StatusUnprocessableEntity, "rule_not_ready", err.Error())
		}
		zone := s.Zone()
		out, err := s.Kept.WhatIf(ctx, p, time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, zone), time.Date(to.Year(), to.Month(), to.Day()+1, 0, 0, 0, 0, zone), 5000)
		return httpapi.Answer(out, ruleProblem(err))
	})
	s.mountDecided(srv, read)
	s.mountOffers(srv, at)
}

// DecisionSpan is a time by days.
type DecisionSpan struct {
	From string `query:"from" maxLength:"10" doc:"A day; 30 days ago where absent"`
	To   string `query:"to" maxLength:"10" doc:"The last day; today where absent"`
}

func (s DecisionSpan) read(now time.Time, zone *time.Location) (from, to rule.Date, err error) {
	to, from = rule.DateOf(now, zone), rule.DateOf(now.AddDate(0, 0, -29), zone)
	for _, x := range []struct {
		name, text string
		into       *rule.Date
	}{{"from", s.From, &from}, {"to", s.To, &to}} {
		if x.text == "" {
			continue
		}
		day, err := time.Parse(time.DateOnly, x.text)
		if err != nil {
			return from, to, httpapi.FailField(x.name, "not_a_time")
		}
		*x.into = rule.Date{Time: day}
	}
	if to.Before(from.Time) || to.Sub(from.Time) > 400*24*time.Hour {
		return from, to, httpapi.FailField("to", "out_of_range")
	}
	return from, to, nil
}

// DecidedPage is a decision with its trace.
type DecidedPage struct {
	rule.Decided
	Version  int               `json:"version" doc:"Of the pack; 0: of a text that is no version here"`
	Name     map[string]string `json:"name" doc:"Of the pack"`
	Masked   bool              `json:"masked" doc:"Values of personal facts are hidden"`
	Reveal   bool              `json:"reveal" doc:"The caller may see more, with a reason"`
	Decision rule.Decision     `json:"decision"`
	Bring    map[string]string `json:"bring,omitempty" doc:"By fact: what may be brought in its place"`
}

// DecidedOf is a decision with its trace, masked where it is asked to be.
func (s *Service) DecidedOf(ctx context.Context, id store.ID, masked bool) (DecidedPage, error) {
	row, err := s.Kept.One(ctx, s.Store, id)
	if err != nil {
		return DecidedPage{}, err
	}
	d, err := s.Kept.Trace(ctx, id)
	if err != nil {
		return DecidedPage{}, err
	}
	return s.decidedPage(ctx, row, d, masked)
}

func (s *Service) decidedPage(ctx context.Context, row rule.Decided, d rule.Decision, masked bool) (DecidedPage, error) {
	p, err := s.Rules.Pack(ctx, row.PackHash)
	if err != nil {
		return DecidedPage{}, err
	}
	out := DecidedPage{Decided: row, Name: p.Name, Masked: masked, Decision: d, Bring: map[string]string{}}
	if masked {
		out.Decision = p.Mask(d)
	}
	for name, f := range p.Facts {
		if f.Bring["zh"] != "" {
			out.Bring[name] = f.Bring["zh"]
		}
	}
	versions, err := s.Rules.Versions(ctx, s.Store, row.Pack)
	for _, v := range versions {
		if v.Hash == row.PackHash {
			out.Version = v.Version
		}
	}
	return out, err
}

func (s *Service) mountDecided(srv *httpapi.Server, read httpapi.Access) {
	const at = "/api/services/decided/{id}"
	httpapi.Register(srv, httpapi.Operation{ID: "get-decided", Method: http.MethodGet, Path: at, Tag: tag, Access: read,
		Summary: "One decision with its whole trace, personal facts masked"}, func(ctx context.Context, in *DecidedPath) (*httpapi.Body[DecidedPage], error) {
		out, err := s.DecidedOf(ctx, in.ID.ID, true)
		out.Reveal = httpapi.Actor(ctx).HasAny(decisionRevealers...)
		return httpapi.Answer(out, ruleProblem(err))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "reveal-decided", Method: http.MethodPost, Path: at + "/reveal", Tag: tag, Access: httpapi.Roles(decisionRevealers...),
		Summary: "See the personal facts of a decision, with a reason that the person can read"}, func(ctx context.Context, in *struct {
		DecidedPath
		Body struct {
			Reason string `json:"reason" minLength:"2" maxLength:"300"`
		}
	}) (*httpapi.Body[DecidedPage], error) {
		who := httpapi.Actor(ctx)
		row, err := s.Kept.One(ctx, s.Store, in.ID.ID)
		if err != nil {
			return nil, err
		}
		var d rule.Decision
		if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			by := vault.Access{Actor: who.Account, Unit: who.Unit, Object: "decision/" + in.ID.ID.String(), Reason: in.Body.Reason}
			if d, err = s.Kept.Reveal(ctx, tx, in.ID.ID, by); err != nil {
				return err
			}
			return s.Notices.Tell(ctx, tx, notice.Note{Name: "revealed", Person: row.Person, About: by.Object, Link: "/looks", Words: map[string]string{"no": row.Pack, "unit": s.Dir.Tree().Name(who.Unit), "reason": text.Mask(in.Body.Reason)}})
		}); err != nil {
			return nil, ruleProblem(err)
		}
		return httpapi.Answer(s.decidedPage(ctx, row, d, false))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "replay-decided", Method: http.MethodPost, Path: at + "/replay", Tag: tag, Access: read, Limit: 120,
		Summary: "Make a decision again and compare the bytes; under another version, what would have happened"}, func(ctx context.Context, in *struct {
		DecidedPath
		Body struct {
			Under int `json:"under,omitempty" doc:"A version"`
		}
	}) (*httpapi.Body[rule.Replay], error) {
		row, err := s.Kept.One(ctx, s.Store, in.ID.ID)
		if err != nil {
			return nil, err
		}
		var other *rule.Pack
		if in.Body.Under != 0 {
			v, err := s.Rules.Version(ctx, s.Store, row.Pack, in.Body.Under)
			if err != nil {
				return nil, err
			}
			if other, err = s.Rules.Pack(ctx, v.Hash); err != nil {
				return nil, httpapi.FailDetail(http.StatusUnprocessableEntity, "rule_not_ready", err.Error())
			}
		}
		out, err := s.Kept.Replay(ctx, in.ID.ID, other)
		return httpapi.Answer(out, ruleProblem(err))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "explain-decided", Method: http.MethodGet, Path: at + "/explanation", Tag: tag, Access: httpapi.SignedIn,
		Summary: "A decision on oneself with all its reasons (个人信息保护法第二十四条)"}, func(ctx context.Context, in *DecidedPath) (*httpapi.Body[DecidedPage], error) {
		row, err := s.ownDecided(ctx, httpapi.Actor(ctx), in.ID.ID)
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.DecidedOf(ctx, row.ID, false))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "ask-for-person", Method: http.MethodPost, Path: at + "/person", Tag: tag, Access: httpapi.SignedIn, Status: http.StatusNoContent,
		Summary: "Ask that a person decide what a pack decided on oneself (转人工, 个人信息保护法第二十四条第三款)"}, func(ctx context.Context, in *struct {
		DecidedPath
		Body struct {
			Reason string `json:"reason,omitempty" maxLength:"500"`
		}
	}) (*httpapi.Empty, error) {
		who := httpapi.Actor(ctx)
		row, err := s.ownDecided(ctx, who, in.ID.ID)
		if err != nil {
			return nil, err
		}
		return nil, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			if err := audit.Write(ctx, tx, audit.Record{Actor: who.Account, Action: "decision.person_asked", Object: "decision/" + row.ID.String(), Reason: text.Mask(in.Body.Reason)}, map[string]any{"for": row.Object}); err != nil {
				return err
			}
			return s.Bus.Emit(ctx, tx, s.Store.Now(), "decision.person_asked", row.ID.String(), map[string]any{"pack": row.Pack, "for": row.Object, "reason": text.Mask(in.Body.Reason)})
		})
	})
}

// ownDecided is a decision on the caller; store.ErrNotFound. What the shadow thought of
// somebody decides nothing, and is not shown.
func (s *Service) ownDecided(ctx context.Context, who account.Actor, id store.ID) (rule.Decided, error) {
	row, err := s.Kept.One(ctx, s.Store, id)
	if err != nil {
		return row, err
	}
	persons, err := s.samePerson(ctx, who.Person)
	if err == nil && (!slices.Contains(persons, row.Person) || row.Mode == rule.ModeShadow) {
		err = store.ErrNotFound
	}
	return row, err
}

func (s *Service) mountOffers(srv *httpapi.Server, at string) {
	httpapi.Register(srv, httpapi.Operation{ID: "list-benefit-scans", Method: http.MethodGet, Path: at + "/{name}/scans", Tag: tag, Access: httpapi.Roles(decisionReaders...),
		Summary: "Searches for those who meet a pack's conditions without having applied (免申即享)"}, func(ctx context.Context, in *DecisionPackPath) (*httpapi.Body[[]BenefitScan], error) {
		out, err := s.Scans(ctx, in.Name)
		if out == nil {
			out = []BenefitScan{}
		}
		return httpapi.Answer(out, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "begin-benefit-scan", Method: http.MethodPost, Path: at + "/{name}/scans", Tag: tag, Access: httpapi.Roles(rule.RolePublisher), Status: http.StatusAccepted,
		Summary: "Search for them; it runs beside"}, func(ctx context.Context, in *struct {
		DecisionPackPath
		Body struct {
			Reason string `json:"reason" minLength:"2" maxLength:"300"`
		}
	}) (*httpapi.Body[[]BenefitScan], error) {
		if _, err := s.BeginScan(ctx, httpapi.Actor(ctx), in.Name, text.Mask(in.Body.Reason)); err != nil {
			return nil, err
		}
		return httpapi.Answer(s.Scans(ctx, in.Name))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-my-offers", Method: http.MethodGet, Path: "/api/services/offers", Tag: tag, Access: httpapi.SignedIn,
		Summary: "What the caller is offered without having applied"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]BenefitOffer], error) {
		return httpapi.Answer(s.OffersTo(ctx, httpapi.Actor(ctx).Person))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "answer-offer", Method: http.MethodPost, Path: "/api/services/offers/{id}", Tag: tag, Access: httpapi.SignedIn, Status: http.StatusNoContent,
		Summary: "Confirm an offer, decline it, or want no more of them"}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body struct {
			Answer string `json:"answer" enum:"confirm,decline,opt_out,opt_out_all"`
		}
	}) (*httpapi.Empty, error) {
		return nil, s.AnswerOffer(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Answer)
	})
}
