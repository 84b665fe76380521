package services

import (
	"context"
	"net/http"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

var (
	carriesPapers = httpapi.Roles("intake_clerk", "acceptor", "examiner", "inspector", "leader")
	handlesBags   = httpapi.Roles("intake_clerk", "acceptor")
)

func (s *Service) mountCustody(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "collect-application", Method: http.MethodPost, Path: "/api/services/applications/{id}/collection", Tag: tag, Access: httpapi.Roles("intake_clerk"), Status: http.StatusCreated,
		Summary: "Collect an application for an authority that sits elsewhere (异地收件属地受理): receiving is not accepting"}, func(ctx context.Context, in *struct {
		CaseKey
		Body Collection
	}) (*httpapi.Body[Sent], error) {
		return httpapi.Answer(s.Collect(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-citywide-desk", Method: http.MethodGet, Path: "/api/services/citywide-desk", Tag: tag, Access: carriesPapers,
		Summary: "The work of 全市域通办: papers at the counter, bags to dispatch, in transit, to receive, exceptions"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[CitywideDesk], error) {
		return httpapi.Answer(s.CitywideDesk(ctx, httpapi.Actor(ctx)))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "pack-bag", Method: http.MethodPost, Path: "/api/services/bags", Tag: tag, Access: httpapi.Roles("intake_clerk"), Status: http.StatusCreated,
		Summary: "Begin a bag (材料袋) for an authority with the papers of cases that lie at the counter"}, func(ctx context.Context, in *struct {
		Body struct {
			To    string     `json:"to" maxLength:"40"`
			Cases []store.ID `json:"cases" maxItems:"200"`
		}
	}) (*httpapi.Body[BagView], error) {
		return httpapi.Answer(s.PackBag(ctx, httpapi.Actor(ctx), in.Body.To, in.Body.Cases))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "find-bag", Method: http.MethodGet, Path: "/api/services/bag-of", Tag: tag, Access: carriesPapers,
		Summary: "A bag by the number on it, typed or scanned; its check character is looked at"}, func(ctx context.Context, in *struct {
		No string `query:"no" required:"true" maxLength:"20"`
	}) (*httpapi.Body[BagHead], error) {
		return httpapi.Answer(s.BagOf(ctx, httpapi.Actor(ctx), in.No))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-bag", Method: http.MethodGet, Path: "/api/services/bags/{id}", Tag: tag, Access: carriesPapers,
		Summary: "One bag: contents, custody chain checked by its hashes, differences, and what the caller may do"}, func(ctx context.Context, in *CaseKey) (*httpapi.Body[BagView], error) {
		return httpapi.Answer(s.Bag(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-bag", Method: http.MethodPost, Path: "/api/services/bags/{id}/actions", Tag: tag, Access: handlesBags,
		Summary: "Do something with a bag: seal, hand over, receive, open, check …; the chain gets its link"}, func(ctx context.Context, in *struct {
		CaseKey
		Body BagAct
	}) (*httpapi.Body[BagView], error) {
		return httpapi.Answer(s.ActOnBag(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "settle-bag-difference", Method: http.MethodPost, Path: "/api/services/bags/{id}/differences/{difference}", Tag: tag, Access: handlesBags,
		Summary: "Say what became of something that differed from a bag's list"}, func(ctx context.Context, in *struct {
		CaseKey
		Difference httpapi.PathID `path:"difference"`
		Body       struct {
			Way  string `json:"way" enum:"found,scan,ask,give_back,forward,whole"`
			Note string `json:"note" minLength:"2" maxLength:"300"`
		}
	}) (*httpapi.Body[BagView], error) {
		return httpapi.Answer(s.SettleDifference(ctx, httpapi.Actor(ctx), in.ID.ID, in.Difference.ID, in.Body.Way, in.Body.Note))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-case-papers", Method: http.MethodGet, Path: "/api/services/cases/{id}/whereabouts", Tag: tag, Access: httpapi.Roles(account.RoleCitizen, "intake_clerk", "acceptor", "examiner", "approver", "inspector", "leader"),
		Summary: "Where the papers of a case are, and which clock runs since when"}, func(ctx context.Context, in *CaseKey) (*httpapi.Body[CasePapers], error) {
		return httpapi.Answer(s.CasePapers(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
}
