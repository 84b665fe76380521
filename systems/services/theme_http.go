package services

import (
	"context"
	"net/http"

	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// ThemeKey names a theme in a path.
type ThemeKey struct {
	Key string `path:"key" maxLength:"60" pattern:"^[a-z0-9-]+$"`
}

func (s *Service) mountThemes(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "list-themes", Method: http.MethodGet, Path: "/api/services/themes", Tag: tag, Access: httpapi.Public, Limit: 120,
		Summary: "Life events (一件事一次办) with their stages, members, and what they save"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]ThemeHead], error) {
		return httpapi.Answer(s.Themes(ctx))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-theme", Method: http.MethodGet, Path: "/api/services/themes/{key}", Tag: tag, Access: httpapi.Public, Limit: 300,
		Summary: "One life event: its members, the one set of materials, before and after"}, func(ctx context.Context, in *ThemeKey) (*httpapi.Body[ThemeDetail], error) {
		return httpapi.Answer(s.ThemeByKey(ctx, in.Key))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "begin-theme", Method: http.MethodPost, Path: "/api/services/themes/{key}/applications", Tag: tag, Access: applicants, Status: http.StatusCreated,
		Summary: "Begin an application for a life event: one form for all its members"}, func(ctx context.Context, in *struct {
		ThemeKey
		Body struct {
			Applicant map[string]string `json:"applicant,omitempty" doc:"At a counter: name, phone, id_number of who stands there"`
			Consent   bool              `json:"consent,omitempty" doc:"At a counter: the applicant agrees (辅助申报)"`
		}
	}) (*httpapi.Body[Application], error) {
		return httpapi.Answer(s.BeginTheme(ctx, httpapi.Actor(ctx), in.Key, NewApplication{Applicant: in.Body.Applicant, Consent: in.Body.Consent}))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-joints", Method: http.MethodGet, Path: "/api/services/joints", Tag: tag, Access: caseAll,
		Summary: "Joint matters (联办件) that the caller may see, the newest first"}, func(ctx context.Context, in *struct {
		Before string `query:"before"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*httpapi.Body[[]JointHead], error) {
		var before store.ID
		if in.Before != "" {
			var err error
			if before, err = store.ParseID(in.Before); err != nil {
				return nil, httpapi.FailField("before", "invalid")
			}
		}
		return httpapi.Answer(s.Joints(ctx, httpapi.Actor(ctx), before, in.Limit))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-joint", Method: http.MethodGet, Path: "/api/services/joints/{id}", Tag: tag, Access: caseAll,
		Summary: "One joint matter: its members, who has each and until when, what became of it"}, func(ctx context.Context, in *CaseKey) (*httpapi.Body[JointDetail], error) {
		return httpapi.Answer(s.Joint(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-joint", Method: http.MethodPost, Path: "/api/services/joints/{id}/actions", Tag: tag, Access: caseAll,
		Summary: "Do an action with a joint matter: accept it for all, extend it, withdraw it whole"}, func(ctx context.Context, in *struct {
		CaseKey
		Body struct {
			Action  string         `json:"action" maxLength:"40"`
			Version int            `json:"version" doc:"What the caller saw; another's action since then is a conflict"`
			Form    map[string]any `json:"form,omitempty"`
		}
	}) (*httpapi.Body[JointDetail], error) {
		return httpapi.Answer(s.ActOnJoint(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Version, in.Body.Action, in.Body.Form))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "suggest-themes", Method: http.MethodGet, Path: "/api/services/theme-suggestions", Tag: tag, Access: httpapi.Roles("item_editor", "item_publisher", "inspector", "leader"),
		Summary: "Pairs of items that the same people apply for within thirty days: candidates for a life event"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]ThemeCandidate], error) {
		return httpapi.Answer(s.SuggestThemes(ctx))
	})
}
