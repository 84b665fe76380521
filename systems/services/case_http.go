package services

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

var (
	applicants = httpapi.Roles(account.RoleCitizen, "intake_clerk")
	caseStaff  = httpapi.Roles("intake_clerk", "acceptor", "examiner", "approver", "inspector", "leader")
	caseAll    = httpapi.Roles(account.RoleCitizen, "intake_clerk", "acceptor", "examiner", "approver", "inspector", "leader")
)

func (s *Service) mountCases(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "begin-application", Method: http.MethodPost, Path: "/api/services/applications", Tag: tag, Access: applicants, Status: http.StatusCreated,
		Summary: "Begin an application (申请); a clerk names who stands at the counter and that they agree (辅助申报)"}, s.beginApplication)
	httpapi.Register(srv, httpapi.Operation{ID: "list-applications", Method: http.MethodGet, Path: "/api/services/applications", Tag: tag, Access: applicants,
		Summary: "The caller's applications that are not sent yet"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]ApplicationHead], error) {
		return httpapi.Answer(s.Drafts(ctx, httpapi.Actor(ctx)))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-application", Method: http.MethodGet, Path: "/api/services/applications/{id}", Tag: tag, Access: applicants,
		Summary: "One application: its form, what is filled in, the exact list of materials"}, s.getApplication)
	httpapi.Register(srv, httpapi.Operation{ID: "save-application", Method: http.MethodPut, Path: "/api/services/applications/{id}", Tag: tag, Access: applicants,
		Summary: "Save an application, gaps and all, to go on with later"}, s.saveApplication)
	httpapi.Register(srv, httpapi.Operation{ID: "autofill-application", Method: http.MethodPost, Path: "/api/services/applications/{id}/autofill", Tag: tag, Access: applicants,
		Summary: "Fill in what the district knows already (秒报), with the applicant's consent"}, s.autofillApplication)
	httpapi.Register(srv, httpapi.Operation{ID: "send-application", Method: http.MethodPost, Path: "/api/services/applications/{id}/sending", Tag: tag, Access: applicants, Status: http.StatusCreated,
		Summary: "Send an application: a case opens, and where its item is approved instantly (秒批) it is decided at once", Text: "`person` asks that a person decides (个人信息保护法第二十四条)."}, s.sendApplication)
	httpapi.Register(srv, httpapi.Operation{ID: "discard-application", Method: http.MethodDelete, Path: "/api/services/applications/{id}", Tag: tag, Access: applicants, Status: http.StatusNoContent,
		Summary: "Drop an application that is not sent"}, func(ctx context.Context, in *CaseKey) (*struct{}, error) {
		return nil, s.DiscardApplication(ctx, httpapi.Actor(ctx), in.ID.ID)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-cases", Method: http.MethodGet, Path: "/api/services/cases", Tag: tag, Access: caseAll,
		Summary: "Cases (办件) that the caller may see, the newest first, or what waits at their desks"}, s.listCases)
	httpapi.Register(srv, httpapi.Operation{ID: "get-case", Method: http.MethodGet, Path: "/api/services/cases/{id}", Tag: tag, Access: caseAll,
		Summary: "One case: form, materials, clocks, documents, timeline, and what the caller may do with it now"}, func(ctx context.Context, in *CaseKey) (*httpapi.Body[CaseDetail], error) {
		return httpapi.Answer(s.Case(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-case", Method: http.MethodPost, Path: "/api/services/cases/{id}/actions", Tag: tag, Access: caseAll,
		Summary: "Do an action with a case; those open to the caller are in its `allowed`"}, s.actOnCase)
	httpapi.Register(srv, httpapi.Operation{ID: "send-case-material", Method: http.MethodPut, Path: "/api/services/cases/{id}/materials/{material}", Tag: tag, Access: applicants, Status: http.StatusNoContent,
		Summary: "Bring a material that a notice asked for (补正), or that is owed (容缺)"}, s.sendCaseMaterial)
	httpapi.Register(srv, httpapi.Operation{ID: "reveal-applicant", Method: http.MethodPost, Path: "/api/services/cases/{id}/reveal", Tag: tag, Access: httpapi.Roles("intake_clerk", "acceptor", "examiner", "approver"),
		Summary: "See who the applicant is and what they said, with a reason that they can read"}, s.revealApplicant)
	httpapi.Register(srv, httpapi.Operation{ID: "get-case-paper", Method: http.MethodGet, Path: "/api/services/cases/{id}/papers/{paper}", Tag: tag, Access: caseAll,
		Summary: "A document (文书) of a case, as PDF"}, s.getCasePaper)
	httpapi.Register(srv, httpapi.Operation{ID: "track-case", Method: http.MethodGet, Path: "/api/services/progress", Tag: tag, Access: httpapi.Public, Limit: 120,
		Summary: "How far a case is, by its number and code"}, func(ctx context.Context, in *struct {
		No   string `query:"no" required:"true" maxLength:"80"`
		Code string `query:"code" required:"true" maxLength:"20"`
	}) (*httpapi.Body[CaseProgress], error) {
		return httpapi.Answer(s.Progress(ctx, in.No, in.Code))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-licences", Method: http.MethodGet, Path: "/api/services/licences", Tag: tag, Access: httpapi.Roles(account.RoleCitizen),
		Summary: "The caller's licences (证照)"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]Licence], error) {
		return httpapi.Answer(s.Wallet(ctx, httpapi.Actor(ctx)))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-licence", Method: http.MethodGet, Path: "/api/services/licences/{id}", Tag: tag, Access: httpapi.Roles(account.RoleCitizen),
		Summary: "One of the caller's licences, with all that stands on it"}, func(ctx context.Context, in *CaseKey) (*httpapi.Body[Licence], error) {
		return httpapi.Answer(s.HeldLicence(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "act-on-licence", Method: http.MethodPost, Path: "/api/services/licences/{id}/actions", Tag: tag, Access: httpapi.Roles("approver"), Status: http.StatusNoContent,
		Summary: "Suspend a licence, or let it be used again"}, func(ctx context.Context, in *struct {
		CaseKey
		Body struct {
			Action  string `json:"action" enum:"suspend,resume"`
			Version int    `json:"version"`
			Reason  string `json:"reason" minLength:"2" maxLength:"300"`
		}
	}) (*struct{}, error) {
		return nil, s.ActOnLicence(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Version, in.Body.Action, in.Body.Reason)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "verify-licence", Method: http.MethodGet, Path: "/api/services/verify/{token}", Tag: tag, Access: httpapi.Public, Limit: 120,
		Summary: "Whether a licence is genuine and valid, by the code on it or by its identifier (证照标识)"}, func(ctx context.Context, in *struct {
		Token string `path:"token" maxLength:"120"`
	}) (*httpapi.Body[Verified], error) {
		return httpapi.Answer(s.Verify(ctx, in.Token))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-ended-licences", Method: http.MethodGet, Path: "/api/services/ended-licences", Tag: tag, Access: httpapi.Public, Limit: 60,
		Summary: "What became of licences since a moment (撤销清单): identifiers alone"}, func(ctx context.Context, in *struct {
		Since store.Time `query:"since"`
	}) (*httpapi.Body[[]Ended], error) {
		return httpapi.Answer(s.EndedLicences(ctx, in.Since))
	})
}

// CaseKey is the key of a case, an application or a licence in a path.
type CaseKey struct {
	ID httpapi.PathID `path:"id"`
}

func (s *Service) beginApplication(ctx context.Context, in *struct{ Body NewApplication }) (*httpapi.Body[Application], error) {
	return httpapi.Answer(s.BeginApplication(ctx, httpapi.Actor(ctx), in.Body))
}

func (s *Service) getApplication(ctx context.Context, in *CaseKey) (*httpapi.Body[Application], error) {
	return httpapi.Answer(s.Application(ctx, httpapi.Actor(ctx), in.ID.ID))
}

func (s *Service) saveApplication(ctx context.Context, in *struct {
	CaseKey
	Body ApplicationDraft
}) (*httpapi.Body[Application], error) {
	return httpapi.Answer(s.SaveApplication(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body))
}

func (s *Service) autofillApplication(ctx context.Context, in *struct {
	CaseKey
	Body struct {
		Version int  `json:"version"`
		Consent bool `json:"consent" doc:"The applicant agrees that the sources named are asked"`
	}
}) (*httpapi.Body[Application], error) {
	return httpapi.Answer(s.Autofill(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Version, in.Body.Consent))
}

func (s *Service) sendApplication(ctx context.Context, in *struct {
	CaseKey
	Body struct {
		Version int  `json:"version"`
		Person  bool `json:"person,omitempty" doc:"A person shall decide"`
	}
}) (*httpapi.Body[Sent], error) {
	return httpapi.Answer(s.SendApplication(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Version, in.Body.Person))
}

// CasesPage is a page of cases.
type CasesPage struct {
	Cases []CaseHead `json:"cases"`
	Next  store.ID   `json:"next,omitempty" doc:"Before which the next page begins; absent on the last, and at the desks"`
}

func (s *Service) listCases(ctx context.Context, in *struct {
	Mine   bool   `query:"mine" doc:"What waits at the caller's desks, the nearest deadline first"`
	No     string `query:"no" maxLength:"60"`
	State  string `query:"state" maxLength:"30"`
	Unit   string `query:"unit" maxLength:"40"`
	Open   string `query:"open" enum:"true,false,"`
	Late   bool   `query:"late"`
	Before string `query:"before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*httpapi.Body[CasesPage], error) {
	f := CaseFilter{Mine: in.Mine, No: in.No, State: in.State, Unit: in.Unit, Late: in.Late, Limit: in.Limit}
	if in.Before != "" {
		var err error
		if f.Before, err = store.ParseID(in.Before); err != nil {
			return nil, httpapi.FailField("before", "invalid")
		}
	}
	if in.Open != "" {
		yes := in.Open == "true"
		f.Open = &yes
	}
	list, err := s.Cases(ctx, httpapi.Actor(ctx), f)
	if err != nil {
		return nil, err
	}
	page := CasesPage{Cases: list}
	if !in.Mine && len(list) == in.Limit {
		page.Next = list[len(list)-1].ID
	}
	return httpapi.Answer(page, nil)
}

func (s *Service) actOnCase(ctx context.Context, in *struct {
	CaseKey
	Body struct {
		Action  string         `json:"action" maxLength:"40"`
		Version int            `json:"version" doc:"What the caller saw; another's action since then is a conflict"`
		Form    map[string]any `json:"form,omitempty"`
	}
}) (*httpapi.Body[CaseDetail], error) {
	who := httpapi.Actor(ctx)
	if _, err := s.ActOnCase(ctx, who, in.ID.ID, in.Body.Version, in.Body.Action, in.Body.Form); err != nil {
		return nil, err
	}
	return httpapi.Answer(s.Case(ctx, who, in.ID.ID))
}

func (s *Service) sendCaseMaterial(ctx context.Context, in *struct {
	CaseKey
	Material string `path:"material" maxLength:"60"`
	Body     struct {
		Files []string `json:"files" maxItems:"20"`
	}
}) (*struct{}, error) {
	return nil, s.SendMaterial(ctx, httpapi.Actor(ctx), in.ID.ID, in.Material, in.Body.Files)
}

// RevealedApplicant is who an applicant is and what they said.
type RevealedApplicant struct {
	Identity map[string]string `json:"identity"`
	Values   map[string]any    `json:"values"`
}

func (s *Service) revealApplicant(ctx context.Context, in *struct {
	CaseKey
	Body struct {
		Reason string `json:"reason" minLength:"2" maxLength:"300"`
	}
}) (*httpapi.Body[RevealedApplicant], error) {
	who, id := httpapi.Actor(ctx), in.ID.ID
	if _, err := s.Case(ctx, who, id); err != nil {
		return nil, err
	}
	m, err := caseflow.Get(ctx, s.Store, id)
	if err != nil {
		return nil, err
	}
	if !mayReveal(who, m) {
		return nil, httpapi.Fail(http.StatusForbidden, "forbidden")
	}
	out := RevealedApplicant{Identity: map[string]string{}}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		x, err := getCase(ctx, tx, id)
		if err != nil {
			return err
		}
		identity, err := s.Vault.Reveal(ctx, tx, m.Applicant, vault.Access{Actor: who.Account, Unit: who.Unit, Object: "matter/" + id.String(), Reason: in.Body.Reason})
		if err != nil {
			return err
		}
		for k, v := range identity {
			out.Identity[string(k)] = v
		}
		told, err := s.said(ctx, tx, x.Application)
		out.Values = told.Values
		return err
	})
	return httpapi.Answer(out, err)
}

func (s *Service) getCasePaper(ctx context.Context, in *struct {
	CaseKey
	Paper httpapi.PathID `path:"paper"`
}) (*httpapi.Download, error) {
	who := httpapi.Actor(ctx)
	cond, args := caseScope(who)
	if _, err := store.Get[int](ctx, s.Store, `SELECT 1 FROM matter m WHERE m.id = ? AND m.system = '`+System+`' AND `+cond, append([]any{int64(in.ID.ID)}, args...)...); err != nil {
		return nil, caseflow.ErrNotFound
	}
	p, err := store.Get[struct {
		Matter store.ID
		No     string
		File   *string
	}](ctx, s.Store, `SELECT matter, no, file FROM service_document WHERE id = ? AND matter = ?`, int64(in.Paper.ID), int64(in.ID.ID))
	if err != nil {
		return nil, err
	}
	if p.File == nil {
		return nil, httpapi.Fail(http.StatusConflict, "not_made_yet")
	}
	m, err := caseflow.Get(ctx, s.Store, p.Matter)
	if err != nil {
		return nil, err
	}
	pdf, err := s.openFile(ctx, m.Applicant, "document/"+in.Paper.ID.String(), *p.File)
	if err != nil {
		return nil, err
	}
	// A document names the applicant: staff who fetch it have looked at personal data.
	if who.Kind != account.Citizen {
		if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			return audit.Write(ctx, tx, audit.Record{At: store.At(s.Store.Now()), Actor: who.Account, Unit: who.Unit, Action: "document.read", Object: "document/" + in.Paper.ID.String()}, map[string]any{"no": p.No})
		}); err != nil {
			return nil, err
		}
	}
	return &httpapi.Download{ContentType: "application/pdf", Disposition: fmt.Sprintf(`inline; filename="%s.pdf"`, in.Paper.ID.String()), Cache: "no-store", Body: func(hc huma.Context) {
		_, _ = hc.BodyWriter().Write(pdf)
	}}, nil
}
