package services

import (
	"context"
	"encoding/json"
	"net/http"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

func unmarshal(text string, v any) error { return json.Unmarshal([]byte(text), v) }

var (
	ratingStaff = httpapi.Roles(ratingAll...)
	ratingBoard = httpapi.Roles("rating_clerk", "inspector", "leader", "intake_clerk", "acceptor", "examiner", "approver", "hall_manager")
	badRatings  = httpapi.Roles("rating_clerk", "inspector", "approver")
)

// RatingsQuery narrows ratings.
type RatingsQuery struct {
	From     string `query:"from" maxLength:"10" doc:"Day of the district; the first of this month when empty"`
	To       string `query:"to" maxLength:"10"`
	By       string `query:"by" enum:"unit,item,window,"`
	Key      string `query:"key" maxLength:"200"`
	Grade    int    `query:"grade" minimum:"0" maximum:"5"`
	Excluded bool   `query:"excluded"`
	Before   string `query:"before"`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (q RatingsQuery) filter() (RatingFilter, error) {
	f := RatingFilter{From: q.From, To: q.To, By: q.By, Key: q.Key, Grade: q.Grade, Excluded: q.Excluded, Limit: q.Limit}
	if q.Before != "" {
		var err error
		if f.Before, err = store.ParseID(q.Before); err != nil {
			return f, httpapi.FailField("before", "invalid")
		}
	}
	return f, nil
}

// RatingToken opens one rating.
type RatingToken struct {
	Token string `path:"token" maxLength:"60"`
}

func (s *Service) mountRatings(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "get-rating-page", Method: http.MethodGet, Path: "/api/services/rate/{token}", Tag: tag, Access: httpapi.Public, Limit: 120,
		Summary: "What is to be rated (好差评), for whoever has the link"}, func(ctx context.Context, in *RatingToken) (*httpapi.Body[RatingPage], error) {
		return httpapi.Answer(s.RatingPage(ctx, in.Token))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "rate-service", Method: http.MethodPost, Path: "/api/services/rate/{token}", Tag: tag, Access: httpapi.Public, Limit: 60, Status: http.StatusNoContent,
		Summary: "Rate a visit or a case, once"}, func(ctx context.Context, in *struct {
		RatingToken
		Body struct {
			ServiceRating
			Via string `json:"via,omitempty" enum:"app,sms,qr,web," doc:"How the page was come to"`
		}
	}) (*struct{}, error) {
		r := in.Body.ServiceRating
		if r.Channel = in.Body.Via; r.Channel == "" {
			r.Channel = "web"
		}
		addr, agent := httpapi.Request(ctx)
		r.Device = addr + "\n" + agent
		return nil, s.Rate(ctx, in.Token, r)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-my-ratings", Method: http.MethodGet, Path: "/api/services/my-ratings", Tag: tag, Access: httpapi.Roles(account.RoleCitizen),
		Summary: "What the caller may still rate, the newest first"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]MyRating], error) {
		return httpapi.Answer(s.MyRatings(ctx, httpapi.Actor(ctx)))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "rate-by-device", Method: http.MethodPost, Path: "/api/services/device-ratings", Tag: tag, Access: httpapi.Public, Limit: 600, Status: http.StatusNoContent,
		Summary: "A rating from a device at a window, or a kiosk, by its key in X-Device-Key", Text: "The fields are those of the message that devices in Guangdong send. It rates the newest visit at the window that is not rated yet."}, func(ctx context.Context, in *struct {
		Key  string `header:"X-Device-Key" maxLength:"80"`
		Body RatingMessage
	}) (*struct{}, error) {
		return nil, s.HearDevice(ctx, in.Key, in.Body)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-rating-board", Method: http.MethodGet, Path: "/api/services/rating-board", Tag: tag, Access: ratingBoard,
		Summary: "Figures of ratings with their numerators and denominators; the rated get whole months alone, and no small groups"}, func(ctx context.Context, in *RatingsQuery) (*httpapi.Body[RatingBoard], error) {
		f, err := in.filter()
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.RatingBoard(ctx, httpapi.Actor(ctx), f))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-ratings", Method: http.MethodGet, Path: "/api/services/ratings", Tag: tag, Access: ratingStaff,
		Summary: "The ratings behind figures, without who gave them, the newest first"}, func(ctx context.Context, in *RatingsQuery) (*httpapi.Body[[]RatedRow], error) {
		f, err := in.filter()
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.Ratings(ctx, httpapi.Actor(ctx), f))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-bad-ratings", Method: http.MethodGet, Path: "/api/services/bad-ratings", Tag: tag, Access: badRatings,
		Summary: "Bad ratings (差评) and how each is handled; the rated unit sees what is to be put right, not who said so"}, func(ctx context.Context, in *struct {
		Closed bool `query:"closed"`
	}) (*httpapi.Body[[]BadRating], error) {
		return httpapi.Answer(s.BadRatings(ctx, httpapi.Actor(ctx), !in.Closed, 0))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-bad-rating", Method: http.MethodPost, Path: "/api/services/bad-ratings/{id}/actions", Tag: tag, Access: badRatings,
		Summary: "Do an action with a bad rating; those open to the caller are in its `allowed`"}, func(ctx context.Context, in *struct {
		CaseKey
		Body struct {
			Action  string         `json:"action" maxLength:"40"`
			Version int            `json:"version"`
			Form    map[string]any `json:"form,omitempty"`
		}
	}) (*httpapi.Body[BadRating], error) {
		return httpapi.Answer(s.ActOnBadRating(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Version, in.Body.Action, in.Body.Form))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "call-rater", Method: http.MethodPost, Path: "/api/services/bad-ratings/{id}/caller", Tag: tag, Access: httpapi.Roles("rating_clerk"),
		Summary: "Whom to call back about a bad rating, with a reason that they can read"}, func(ctx context.Context, in *struct {
		CaseKey
		Body struct {
			Reason string `json:"reason" minLength:"2" maxLength:"300"`
		}
	}) (*httpapi.Body[RevealedApplicant], error) {
		return httpapi.Answer(s.CallRater(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Reason))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-rating-devices", Method: http.MethodGet, Path: "/api/services/rating-devices", Tag: tag, Access: httpapi.Roles("rating_clerk"),
		Summary: "Devices that may send ratings"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]RatingDevice], error) {
		return httpapi.Answer(s.RatingDevices(ctx))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "add-rating-device", Method: http.MethodPost, Path: "/api/services/rating-devices", Tag: tag, Access: httpapi.Roles("rating_clerk"), Status: http.StatusCreated,
		Summary: "Let a device send ratings; its key is shown once"}, func(ctx context.Context, in *struct {
		Body struct {
			Name   string `json:"name" minLength:"1" maxLength:"60"`
			Kind   string `json:"kind" enum:"device,kiosk"`
			Hall   string `json:"hall" maxLength:"40"`
			Window string `json:"window,omitempty" maxLength:"20"`
		}
	}) (*httpapi.Body[RatingDevice], error) {
		return httpapi.Answer(s.AddRatingDevice(ctx, httpapi.Actor(ctx), RatingDevice{Name: in.Body.Name, Kind: in.Body.Kind, Hall: in.Body.Hall, Window: in.Body.Window}))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "end-rating-device", Method: http.MethodDelete, Path: "/api/services/rating-devices/{id}", Tag: tag, Access: httpapi.Roles("rating_clerk"), Status: http.StatusNoContent,
		Summary: "Take a device's key back"}, func(ctx context.Context, in *CaseKey) (*struct{}, error) {
		return nil, s.EndRatingDevice(ctx, httpapi.Actor(ctx), in.ID.ID)
	})
	s.mountStaffPhones(srv)
	s.mountMends(srv)
}

// MyRating is something that a person may rate.
type MyRating struct {
	Token string     `json:"token"`
	Kind  string     `json:"kind" enum:"visit,case"`
	Title string     `json:"title"`
	Case  store.ID   `json:"case,omitempty"`
	DueAt store.Time `json:"due_at"`
}

// MyRatings are what an actor may still rate.
func (s *Service) MyRatings(ctx context.Context, who account.Actor) ([]MyRating, error) {
	out := []MyRating{}
	if who.Person == 0 {
		return out, nil
	}
	rows, err := store.Select[ratingRow](ctx, s.Store, `SELECT `+ratingColumns+` FROM service_rating r WHERE r.person = ? AND r.state = 'open' AND r.due_at > ? ORDER BY r.id DESC LIMIT 50`, int64(who.Person), store.At(s.Store.Now()))
	for _, r := range rows {
		m := MyRating{Token: s.ratingToken(r.ID), Kind: r.Kind, Title: r.Title, DueAt: r.DueAt}
		if r.Kind == ratingCase {
			m.Case = r.Object
		}
		out = append(out, m)
	}
	return out, err
}
