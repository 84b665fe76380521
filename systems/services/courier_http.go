package services

import (
	"context"
	"net/http"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

func (s *Service) mountCourier(srv *httpapi.Server) {
	desk := httpapi.Roles("intake_clerk", "acceptor")
	httpapi.Register(srv, httpapi.Operation{ID: "mail-application", Method: http.MethodPost, Path: "/api/services/applications/{id}/mailing", Tag: tag, Access: httpapi.Roles(account.RoleCitizen), Status: http.StatusCreated,
		Summary: "Send an application whose papers come by courier (快递申报): its clock begins when they are there"}, func(ctx context.Context, in *struct {
		CaseKey
		Body Mailing
	}) (*httpapi.Body[Sent], error) {
		return httpapi.Answer(s.MailApplication(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "make-label", Method: http.MethodPost, Path: "/api/services/cases/{id}/label", Tag: tag, Access: httpapi.Roles(account.RoleCitizen, "intake_clerk"),
		Summary: "The label of a case's parcel: made once, then the same; of a result that is to be sent, the outbound one"}, func(ctx context.Context, in *struct {
		CaseKey
		Body struct {
			Address string `json:"address,omitempty" maxLength:"200" doc:"Where papers go back to, or the result is sent; kept apart"`
			Grams   int    `json:"grams,omitempty" minimum:"0" maximum:"20000"`
		}
	}) (*httpapi.Body[ParcelView], error) {
		return httpapi.Answer(s.Label(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Address, in.Body.Grams))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-parcel-desk", Method: http.MethodGet, Path: "/api/services/parcels", Tag: tag, Access: httpapi.Roles("intake_clerk", "acceptor", "inspector", "leader"),
		Summary: "Parcels: expected, here, differing, the box of those that nobody knows, results under way"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[ParcelDesk], error) {
		return httpapi.Answer(s.ParcelDesk(ctx, httpapi.Actor(ctx)))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "scan-parcel", Method: http.MethodPost, Path: "/api/services/parcels", Tag: tag, Access: desk,
		Summary: "A parcel came in: matched by its waybill, or put into the box"}, func(ctx context.Context, in *struct {
		Body struct {
			Waybill string `json:"waybill" maxLength:"20"`
		}
	}) (*httpapi.Body[ParcelView], error) {
		return httpapi.Answer(s.ScanParcel(ctx, httpapi.Actor(ctx), in.Body.Waybill))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "match-parcel", Method: http.MethodPost, Path: "/api/services/parcels/{id}/match", Tag: tag, Access: desk,
		Summary: "Give a parcel of the box to the case that it belongs to"}, func(ctx context.Context, in *struct {
		CaseKey
		Body struct {
			No string `json:"no" maxLength:"60"`
		}
	}) (*httpapi.Body[ParcelView], error) {
		return httpapi.Answer(s.MatchParcel(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.No))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "compare-parcel", Method: http.MethodPost, Path: "/api/services/parcels/{id}/contents", Tag: tag, Access: desk,
		Summary: "Hold a parcel's contents against the applicant's list"}, func(ctx context.Context, in *struct {
		CaseKey
		Body struct {
			Found []store.ID `json:"found" maxItems:"200"`
			Extra string     `json:"extra,omitempty" maxLength:"200"`
		}
	}) (*httpapi.Body[ParcelView], error) {
		return httpapi.Answer(s.CompareParcel(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Found, in.Body.Extra))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "choose-for-parcel", Method: http.MethodPost, Path: "/api/services/parcels/{id}/choice", Tag: tag, Access: httpapi.Roles(account.RoleCitizen),
		Summary: "What the applicant wants where a parcel's contents differ: send the rest, have it back, go on"}, func(ctx context.Context, in *struct {
		CaseKey
		Body struct {
			Choice string `json:"choice" enum:"rest,give_back,go_on"`
		}
	}) (*httpapi.Body[ParcelView], error) {
		return httpapi.Answer(s.ChooseParcel(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Choice))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "reconcile-parcels", Method: http.MethodPost, Path: "/api/services/courier-days/{day}", Tag: tag, Access: httpapi.Roles("inspector", "intake_clerk"),
		Summary: "Compare a day with the courier's statement"}, func(ctx context.Context, in *struct {
		Day string `path:"day" maxLength:"10"`
	}) (*httpapi.Body[CourierDay], error) {
		return httpapi.Answer(s.ReconcileParcels(ctx, httpapi.Actor(ctx), in.Day))
	})
}
