package services

import (
	"context"
	"net/http"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// RegionHead is a region with what may be done between it and here today.
type RegionHead struct {
	Code      string `bun:"code" json:"code"`
	Name      string `bun:"name" json:"name"`
	Province  string `bun:"province" json:"province"`
	In        int    `bun:"n_in" json:"in" doc:"Our items, applied for there"`
	Out       int    `bun:"n_out" json:"out" doc:"Their items, applied for here"`
	Contact   string `bun:"contact" json:"contact"`
	Phone     string `bun:"phone" json:"phone"`
	Synthetic bool   `bun:"synthetic" json:"synthetic"`
}

// Regions lists the regions with an agreement in force today.
func (s *Service) Regions(ctx context.Context) ([]RegionHead, error) {
	today := s.today()
	return store.Select[RegionHead](ctx, s.Store, `SELECT r.code, r.name, r.province, count(CASE WHEN p.direction = 'in' THEN 1 END) AS n_in, count(CASE WHEN p.direction = 'out' THEN 1 END) AS n_out, min(a.contact) AS contact, min(a.phone) AS phone, max(CASE WHEN a.synthetic THEN 1 ELSE 0 END) = 1 AS synthetic
 FROM service_region r JOIN service_agreement a ON a.region = r.code LEFT JOIN service_agreement_item p ON p.agreement = a.id WHERE a.from_day <= ? AND (a.to_day = '' OR a.to_day >= ?) GROUP BY r.code, r.name, r.province ORDER BY r.code`, today, today)
}

func (s *Service) mountRegions(srv *httpapi.Server) {
	s.mountRegionBags(srv)
	editors := httpapi.Roles("item_publisher", "inspector", "intake_clerk", "acceptor", "leader")
	httpapi.Register(srv, httpapi.Operation{ID: "list-regions", Method: http.MethodGet, Path: "/api/services/regions", Tag: tag, Access: httpapi.Public, Limit: 300,
		Summary: "Regions with an agreement in force (跨区域通办)"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]RegionHead], error) {
		return httpapi.Answer(s.Regions(ctx))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "find-cross-region", Method: http.MethodGet, Path: "/api/services/cross-region", Tag: tag, Access: httpapi.Public, Limit: 300,
		Summary: "Whether something can be done from a region today: pairs in force, in both directions"}, func(ctx context.Context, in *struct {
		Q         string `query:"q" maxLength:"60"`
		Region    string `query:"region" maxLength:"12"`
		Direction string `query:"direction" enum:"in,out,"`
	}) (*httpapi.Body[[]Pair], error) {
		return httpapi.Answer(s.Pairs(ctx, 0, in.Region, in.Direction, in.Q, true, 200))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-agreements", Method: http.MethodGet, Path: "/api/services/agreements", Tag: tag, Access: editors,
		Summary: "Agreements with regions: dates, contacts, how many pairs"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]Agreement], error) {
		return httpapi.Answer(s.Agreements(ctx))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-agreement-pairs", Method: http.MethodGet, Path: "/api/services/agreements/{id}/pairs", Tag: tag, Access: editors,
		Summary: "Pairs of items of an agreement, with how each mapping stands"}, func(ctx context.Context, in *struct {
		CaseKey
		Q         string `query:"q" maxLength:"60"`
		Direction string `query:"direction" enum:"in,out,"`
	}) (*httpapi.Body[[]Pair], error) {
		return httpapi.Answer(s.Pairs(ctx, in.ID.ID, "", in.Direction, in.Q, false, 1000))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "change-agreement", Method: http.MethodPut, Path: "/api/services/agreements/{id}", Tag: tag, Access: httpapi.Roles("item_publisher"),
		Summary: "Write an agreement's dates and contacts anew, with a reason"}, func(ctx context.Context, in *struct {
		CaseKey
		Body AgreementChange
	}) (*httpapi.Body[Agreement], error) {
		return httpapi.Answer(s.ChangeAgreement(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "import-agreements", Method: http.MethodPost, Path: "/api/services/agreement-imports", Tag: tag, Access: httpapi.Roles("item_publisher"),
		Summary: "Import a list of agreements and pairs (CSV); each row is accounted for"}, func(ctx context.Context, in *struct {
		Body struct {
			CSV       string `json:"csv" maxLength:"4000000"`
			Synthetic bool   `json:"synthetic,omitempty"`
		}
	}) (*httpapi.Body[RegionImport], error) {
		out, err := s.ImportRegions(ctx, httpapi.Actor(ctx), strings.NewReader(in.Body.CSV), in.Body.Synthetic)
		if err != nil && out.Read == 0 {
			err = httpapi.FailDetail(http.StatusUnprocessableEntity, "invalid", err.Error())
		}
		return httpapi.Answer(out, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "lint-agreements", Method: http.MethodGet, Path: "/api/services/agreement-flaws", Tag: tag, Access: editors,
		Summary: "What is wrong with the agreements: expired, mapped to nothing, to an item that is gone, to another version"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]AgreementFlaw], error) {
		return httpapi.Answer(s.LintAgreements(ctx))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "send-from-region", Method: http.MethodPost, Path: "/api/services/applications/{id}/region-sending", Tag: tag, Access: httpapi.Roles(account.RoleCitizen, "intake_clerk"), Status: http.StatusCreated,
		Summary: "Send an application from another region; an agreement in force is needed"}, func(ctx context.Context, in *struct {
		CaseKey
		Body RegionSending
	}) (*httpapi.Body[Sent], error) {
		return httpapi.Answer(s.SendFromRegion(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-errands", Method: http.MethodGet, Path: "/api/services/errands", Tag: tag, Access: httpapi.Roles("intake_clerk", "inspector", "leader"),
		Summary: "What was taken in here for other regions (异地代收代办)"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]Errand], error) {
		return httpapi.Answer(s.Errands(ctx, httpapi.Actor(ctx)))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "take-errand", Method: http.MethodPost, Path: "/api/services/errands", Tag: tag, Access: httpapi.Roles("intake_clerk"), Status: http.StatusCreated,
		Summary: "Take an application in for another region's authority; an agreement in force is needed"}, func(ctx context.Context, in *struct{ Body NewErrand }) (*httpapi.Body[Errand], error) {
		return httpapi.Answer(s.TakeErrand(ctx, httpapi.Actor(ctx), in.Body))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-errand", Method: http.MethodPost, Path: "/api/services/errands/{id}/actions", Tag: tag, Access: httpapi.Roles("intake_clerk"),
		Summary: "Do an action with an errand; those open to the caller are in its `allowed`"}, func(ctx context.Context, in *struct {
		CaseKey
		Body struct {
			Action  string         `json:"action" maxLength:"40"`
			Version int            `json:"version"`
			Form    map[string]any `json:"form,omitempty"`
		}
	}) (*httpapi.Body[Errand], error) {
		return httpapi.Answer(s.ActOnErrand(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Version, in.Body.Action, in.Body.Form))
	})
}
