package services

import (
	"context"
	"net/http"
	"time"

	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

var (
	supervisors  = httpapi.Roles("inspector", "leader")
	findingStaff = httpapi.Roles("inspector", "leader", "acceptor", "examiner", "approver")
)

func (s *Service) mountFindings(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "get-service-supervision", Method: http.MethodGet, Path: "/api/services/supervision", Tag: tag, Access: supervisors,
		Summary: "Electronic supervision (电子监察): open findings by severity, unit and rule, and those of each of the last thirty days"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[SupervisionBoard], error) {
		return httpapi.Answer(s.Supervision(ctx, httpapi.Actor(ctx)))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-item-heat", Method: http.MethodGet, Path: "/api/services/supervision/items", Tag: tag, Access: supervisors,
		Summary: "Items whose cases give trouble: supplements, trips, overdue, withdrawn, refused"}, func(ctx context.Context, in *struct {
		Days int `query:"days" minimum:"1" maximum:"366" default:"90"`
	}) (*httpapi.Body[[]ItemHeat], error) {
		return httpapi.Answer(s.Heat(ctx, s.Store.Now().AddDate(0, 0, -in.Days)))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-item-heat-cases", Method: http.MethodGet, Path: "/api/services/supervision/items/{id}/cases", Tag: tag, Access: supervisors,
		Summary: "The cases behind a figure of an item's heat"}, func(ctx context.Context, in *struct {
		CaseKey
		Kind string `query:"kind" enum:"supplements,trips,overdue,withdrawn,refused,"`
		Days int    `query:"days" minimum:"1" maximum:"366" default:"90"`
	}) (*httpapi.Body[[]CaseHead], error) {
		return httpapi.Answer(s.HeatCases(ctx, httpapi.Actor(ctx), in.ID.ID, in.Kind, s.Store.Now().AddDate(0, 0, -in.Days).Truncate(time.Second), 200))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-findings", Method: http.MethodGet, Path: "/api/services/findings", Tag: tag, Access: findingStaff,
		Summary: "What supervision found, the newest first; a department sees what it was asked about"}, s.listFindings)
	httpapi.Register(srv, httpapi.Operation{ID: "get-finding", Method: http.MethodGet, Path: "/api/services/findings/{id}", Tag: tag, Access: findingStaff,
		Summary: "One finding: evidence, story, what the caller may do"}, func(ctx context.Context, in *CaseKey) (*httpapi.Body[FindingDetail], error) {
		return httpapi.Answer(s.Finding(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-finding", Method: http.MethodPost, Path: "/api/services/findings/{id}/actions", Tag: tag, Access: findingStaff, Status: http.StatusNoContent,
		Summary: "Dismiss a finding, ask about it, or do what its process allows"}, func(ctx context.Context, in *struct {
		CaseKey
		Body struct {
			Action  string         `json:"action" maxLength:"40"`
			Version int            `json:"version"`
			Form    map[string]any `json:"form,omitempty"`
		}
	}) (*struct{}, error) {
		return nil, s.ActOnFinding(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Version, in.Body.Action, in.Body.Form)
	})
}

// FindingsPage is a page of findings.
type FindingsPage struct {
	Findings []Finding `json:"findings"`
	Next     store.ID  `json:"next,omitempty" doc:"Before which the next page begins; absent on the last"`
}

func (s *Service) listFindings(ctx context.Context, in *struct {
	State    string `query:"state" enum:"found,passed,dismissed,asked,explained,slip,corrected,closed,"`
	Rule     string `query:"rule" maxLength:"40"`
	Severity string `query:"severity" enum:"note,yellow,red,"`
	Unit     string `query:"unit" maxLength:"40"`
	Case     string `query:"case"`
	Open     bool   `query:"open" doc:"Those that are not at an end"`
	Before   string `query:"before"`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*httpapi.Body[FindingsPage], error) {
	f := FindingFilter{State: in.State, Rule: in.Rule, Severity: in.Severity, Unit: in.Unit, Open: in.Open, Limit: in.Limit}
	var err error
	if in.Before != "" {
		if f.Before, err = store.ParseID(in.Before); err != nil {
			return nil, httpapi.FailField("before", "invalid")
		}
	}
	if in.Case != "" {
		if f.Case, err = store.ParseID(in.Case); err != nil {
			return nil, httpapi.FailField("case", "invalid")
		}
	}
	page := FindingsPage{}
	if page.Findings, err = s.Findings(ctx, httpapi.Actor(ctx), f); err != nil {
		return nil, err
	}
	if len(page.Findings) == in.Limit {
		page.Next = page.Findings[in.Limit-1].ID
	}
	return httpapi.Answer(page, nil)
}
