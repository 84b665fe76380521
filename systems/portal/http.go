package portal

import (
	"context"
	"net/http"
	"slices"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
)

const tag = "portal"

var editors = httpapi.Roles("portal_editor")

// Section is the district's section as a phone shows it.
type Section struct {
	Boards []SectionBoard `json:"boards"`
}

// SectionBoard is a board with what it shows today.
type SectionBoard struct {
	PortalBoard
	Resources []Resource `json:"resources"`
}

// Mount adds the API of this system to the edge.
func (s *Service) Mount(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "get-section", Method: http.MethodGet, Path: "/api/portal", Tag: tag, Access: httpapi.Public, Limit: 6000,
		Summary: "The district's section (区专区): boards and the resources that work today"}, s.getSection)
	httpapi.Register(srv, httpapi.Operation{ID: "visit-section", Method: http.MethodPost, Path: "/api/portal/visits", Tag: tag, Access: httpapi.Public, Status: http.StatusNoContent, Limit: 6000,
		Summary: "Say that the section was opened, or left by a resource: counted by keyed hash"}, func(ctx context.Context, in *struct {
		Body struct {
			Device   string `json:"device,omitempty" maxLength:"60" doc:"Made by the browser, where nobody is signed in"`
			Resource string `json:"resource,omitempty" maxLength:"40"`
		}
	}) (*struct{}, error) {
		return nil, s.Visit(ctx, httpapi.Actor(ctx), in.Body.Device, in.Body.Resource)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "pass-to-resource", Method: http.MethodPost, Path: "/api/portal/resources/{code}/passes", Tag: tag, Access: httpapi.Roles(account.RoleCitizen), Limit: 60,
		Summary: "A pass (登录票据) that carries who is signed in to a resource elsewhere, once"}, func(ctx context.Context, in *struct {
		Code string `path:"code" maxLength:"40"`
	}) (*httpapi.Body[map[string]string], error) {
		address, err := s.Pass(ctx, httpapi.Actor(ctx), in.Code)
		return httpapi.Answer(map[string]string{"url": address}, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "redeem-pass", Method: http.MethodPost, Path: "/api/portal/passes/redemption", Tag: tag, Access: httpapi.Public, Limit: 600,
		Summary: "For a resource's server: who came with a pass, once, within a minute, by the resource's secret"}, func(ctx context.Context, in *struct {
		Body struct {
			Ticket string `json:"ticket" maxLength:"80"`
			Secret string `json:"secret" maxLength:"120"`
		}
	}) (*httpapi.Body[Passed], error) {
		return httpapi.Answer(s.Redeem(ctx, in.Body.Ticket, in.Body.Secret))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-resources", Method: http.MethodGet, Path: "/api/portal/resources", Tag: tag, Access: httpapi.Roles("portal_editor", "leader"),
		Summary: "All resources with their state, probes and clicks"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[ResourcesView], error) {
		list, err := s.Resources(ctx)
		if err == nil {
			err = s.countClicks(ctx, list)
		}
		return httpapi.Answer(ResourcesView{append([]PortalBoard{}, s.boards()...), list}, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "put-resource", Method: http.MethodPut, Path: "/api/portal/resources/{code}", Tag: tag, Access: editors, Status: http.StatusNoContent,
		Summary: "Make or change a resource"}, func(ctx context.Context, in *struct {
		Code string `path:"code" maxLength:"40"`
		Body struct {
			Resource Resource `json:"resource"`
			Version  int      `json:"version" doc:"What the caller saw; 0 makes a new one"`
			Reason   string   `json:"reason" minLength:"2" maxLength:"200"`
		}
	}) (*struct{}, error) {
		in.Body.Resource.Code = in.Code
		return nil, s.PutResource(ctx, httpapi.Actor(ctx), in.Body.Resource, in.Body.Version, in.Body.Reason)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-resource", Method: http.MethodPost, Path: "/api/portal/resources/{code}/actions", Tag: tag, Access: editors, Status: http.StatusNoContent,
		Summary: "Stop a resource (下架) or show it again"}, func(ctx context.Context, in *struct {
		Code string `path:"code" maxLength:"40"`
		Body struct {
			Action  string `json:"action" enum:"stop,start"`
			Version int    `json:"version"`
			Reason  string `json:"reason" minLength:"2" maxLength:"200"`
		}
	}) (*struct{}, error) {
		return nil, s.ActOnResource(ctx, httpapi.Actor(ctx), in.Code, in.Body.Version, in.Body.Action, in.Body.Reason)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "make-resource-secret", Method: http.MethodPost, Path: "/api/portal/resources/{code}/secret", Tag: tag, Access: editors,
		Summary: "A new secret by which a resource redeems passes; it is shown once"}, func(ctx context.Context, in *struct {
		Code string `path:"code" maxLength:"40"`
		Body struct {
			Version int `json:"version"`
		}
	}) (*httpapi.Body[map[string]string], error) {
		secret, err := s.NewSecret(ctx, httpapi.Actor(ctx), in.Code, in.Body.Version)
		return httpapi.Answer(map[string]string{"secret": secret}, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "probe-resources", Method: http.MethodPost, Path: "/api/portal/probes", Tag: tag, Access: editors, Status: http.StatusNoContent, Limit: 30,
		Summary: "Look at all resources now"}, func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		return nil, s.ProbeAll(ctx)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-section-standing", Method: http.MethodGet, Path: "/api/portal/standing", Tag: tag, Access: httpapi.Roles("portal_editor", "leader"),
		Summary: "How many came, by month and day, and how the resources stand"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[PortalStanding], error) {
		return httpapi.Answer(s.Standing(ctx))
	})
}

// ResourcesView is all resources and the boards that there are.
type ResourcesView struct {
	Boards    []PortalBoard    `json:"boards"`
	Resources []ListedResource `json:"resources"`
}

func (s *Service) getSection(ctx context.Context, _ *struct{}) (*httpapi.Body[Section], error) {
	list, err := s.Resources(ctx)
	if err != nil {
		return nil, err
	}
	out := Section{Boards: []SectionBoard{}}
	for _, b := range s.boards() {
		out.Boards = append(out.Boards, SectionBoard{b, []Resource{}})
	}
	for _, l := range list {
		i := slices.IndexFunc(out.Boards, func(b SectionBoard) bool { return b.Code == l.Board })
		if i < 0 || !l.Visible {
			continue
		}
		r := l.Resource
		r.Probe = "" // the district's own affair
		out.Boards[i].Resources = append(out.Boards[i].Resources, r)
	}
	return httpapi.Answer(out, nil)
}
