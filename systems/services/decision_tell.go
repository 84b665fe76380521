package services

import (
	"context"
	"strconv"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/notice"
	"shanzhi/core/rule"
	"shanzhi/core/store"
)

// decisionNext is whose turn it is after a step of a version.
var decisionNext = map[rule.VersionState]string{rule.VersionReviewed: rule.RoleLawyer, rule.VersionLawful: rule.RolePublisher}

// tellOfVersion tells who has to look at a version next, and its authors what became of
// it.
func (s *Service) tellOfVersion(ctx context.Context, tx *store.Tx, v rule.Version, e rule.VersionEvent) error {
	words := map[string]string{"title": s.decisionName(ctx, tx, v), "no": strconv.Itoa(v.Version), "reason": e.Reason}
	link := "/desk/decisions/" + v.Pack
	note := func(name string, account store.ID) error {
		return s.Notices.Tell(ctx, tx, notice.Note{Name: name, Account: account, About: "decision_pack/" + v.Pack, Link: link, Words: words})
	}
	if s.Notices == nil {
		return nil
	}
	if role := decisionNext[v.State]; role != "" {
		return s.tellRole(ctx, tx, role, notice.Note{Name: "decision_step", About: "decision_pack/" + v.Pack, Link: link, Words: words})
	}
	if e.Step == rule.StepReturn || e.Step == rule.StepPublish {
		for _, author := range v.Authors {
			if err := note("decision_"+string(e.Step), author); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellRole tells everybody who holds a role.
func (s *Service) tellRole(ctx context.Context, tx *store.Tx, role string, n notice.Note) error {
	if s.Notices == nil {
		return nil
	}
	holders, err := account.Holders(ctx, tx, role, s.Store.Now())
	if err != nil {
		return err
	}
	for _, n.Account = range holders {
		if err := s.Notices.Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}

// decisionName is what a version calls its pack.
func (s *Service) decisionName(ctx context.Context, q store.Querier, v rule.Version) string {
	body, _, err := s.Rules.Texts(ctx, q, v)
	if err == nil {
		if p, err := rule.ReadPack(strings.NewReader(body)); err == nil {
			return p.Name["zh"]
		}
	}
	return v.Pack
}
