package services

import (
	"context"
	"net/http"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

const tag = "services"

// Mount adds the API of this system to the edge.
func (s *Service) Mount(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "list-service-items", Method: http.MethodGet, Path: "/api/services/items", Tag: tag, Access: httpapi.Public, Limit: 600,
		Summary: "Service items (政务服务事项) that are published: by words the best first, else by key"}, s.listItems)
	httpapi.Register(srv, httpapi.Operation{ID: "get-service-item", Method: http.MethodGet, Path: "/api/services/items/{id}", Tag: tag, Access: httpapi.Public, Limit: 600,
		Summary: "One service item: its elements, what the standardisation checks find, the days saved"}, s.getItem)
	httpapi.Register(srv, httpapi.Operation{ID: "get-services-standing", Method: http.MethodGet, Path: "/api/services/standing", Tag: tag, Access: httpapi.AnyStaff,
		Summary: "How the published items stand: online share, days saved, scores by department, each with its numerator and denominator"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[ItemsStanding], error) {
		return httpapi.Answer(s.Standing(ctx))
	})
	s.mountItems(srv)
	s.mountCases(srv)
	s.mountFees(srv)
	s.mountRatings(srv)
	s.mountPaperCheck(srv)
	s.mountDecisions(srv)
	s.mountThemes(srv)
	s.mountArchive(srv)
	s.mountFindings(srv)
	s.mountCustody(srv)
	s.mountRegions(srv)
	s.mountCourier(srv)
	s.mountAssist(srv)
	s.mountHandling(srv)
	s.mountSubsidies(srv)
	s.mountWeeks(srv)
}

// ItemsPage is a page of items.
type ItemsPage struct {
	Items []ItemHead `json:"items"`
	Next  store.ID   `json:"next,omitempty" doc:"After which the next page begins; absent on the last, and of what was searched"`
}

func (s *Service) listItems(ctx context.Context, in *struct {
	Q          string `query:"q" maxLength:"100" doc:"Words of the name, the department, what people call it, or the code"`
	Type       string `query:"type" doc:"01 行政许可 … 20 公共服务"`
	Department string `query:"department" maxLength:"100"`
	Online     string `query:"online" enum:"true,false,"`
	Flag       string `query:"flag" enum:"online,instant,autofill,integrated,no_meeting,citywide,cross_region,video,self_service,theme," doc:"Those that carry it today"`
	After      string `query:"after" doc:"Key of the next page, from the page before"`
	Limit      int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*httpapi.Body[ItemsPage], error) {
	if in.Type != "" && itemTypes[in.Type] == "" {
		return nil, httpapi.FailField("type", "no_such_option")
	}
	f := ItemFilter{Words: in.Q, Type: in.Type, Department: in.Department, Flag: in.Flag, Limit: in.Limit}
	if in.After != "" {
		var err error
		if f.After, err = store.ParseID(in.After); err != nil {
			return nil, httpapi.FailField("after", "invalid")
		}
	}
	if in.Online != "" {
		yes := in.Online == "true"
		f.Online = &yes
	}
	rows, err := s.Items(ctx, f)
	if err != nil {
		return nil, err
	}
	page := ItemsPage{Items: rows}
	if in.Q == "" && len(rows) == in.Limit {
		page.Next = rows[len(rows)-1].ID
	}
	return httpapi.Answer(page, nil)
}

func (s *Service) getItem(ctx context.Context, in *struct {
	ID      httpapi.PathID `path:"id"`
	Version int            `query:"version" minimum:"0"`
}) (*httpapi.Body[ServiceItem], error) {
	x, err := s.Item(ctx, in.ID.ID, in.Version)
	if err == nil && x.State != ItemPublished && httpapi.Actor(ctx).Kind != account.Staff {
		err = store.ErrNotFound
	}
	if err == nil && x.Elements.Handling != nil && x.Elements.Handling.Rebuilt != nil {
		var m ThemeMeter
		m, err = s.shownMeter(ctx, x)
		x.Meter = &m
	}
	return httpapi.Answer(x, err)
}
