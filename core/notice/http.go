package notice

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/pack"
	"shanzhi/core/store"
)

// Mount adds the inbox to the edge.
func (s *Notices) Mount(srv *httpapi.Server) {
	const tag = "notice"
	type inbox struct {
		Items  []Notice `json:"items"`
		Unread int      `json:"unread" maximum:"100"`
		Next   string   `json:"next,omitempty"`
	}
	httpapi.Register(srv, httpapi.Operation{ID: "list-notices", Method: http.MethodGet, Path: "/api/notices", Tag: tag, Access: httpapi.SignedIn,
		Summary: "The caller's notices, newest first"},
		func(ctx context.Context, req *struct {
			Before string `query:"before" doc:"Key of the page: next of the page before"`
			Limit  int    `query:"limit" minimum:"0" maximum:"100"`
		}) (*httpapi.Body[inbox], error) {
			before, err := readKey(req.Before)
			if err != nil {
				return nil, err
			}
			if req.Limit == 0 {
				req.Limit = 30
			}
			list, unread, err := s.Inbox(ctx, httpapi.Actor(ctx), before, req.Limit)
			out := inbox{Items: list, Unread: min(unread, 100)}
			if len(list) == req.Limit {
				out.Next = list[len(list)-1].ID.String()
			}
			return httpapi.Answer(out, err)
		})
	httpapi.Register(srv, httpapi.Operation{ID: "read-notices", Method: http.MethodPost, Path: "/api/notices/read", Tag: tag, Access: httpapi.SignedIn, Status: http.StatusNoContent,
		Summary: "Mark the notices up to one as read"},
		func(ctx context.Context, req *struct {
			Body struct {
				Upto store.ID `json:"upto"`
			}
		}) (*httpapi.Empty, error) {
			return nil, s.Read(ctx, httpapi.Actor(ctx), req.Body.Upto)
		})
	s.mountMail(srv, tag)
	s.mountHooks(srv, tag)
	s.mountReceipts(srv, tag)
}

// readKey reads the key of a page; none is the first.
func readKey(s string) (store.ID, error) {
	if s == "" {
		return 0, nil
	}
	id, err := store.ParseID(s)
	if err != nil {
		return 0, httpapi.FailField("before", "invalid")
	}
	return id, nil
}

func (s *Notices) mountMail(srv *httpapi.Server, tag string) {
	httpapi.Register(srv, httpapi.Operation{ID: "get-my-mail", Method: http.MethodGet, Path: "/api/me/mail", Tag: tag, Access: httpapi.SignedIn,
		Summary: "Whether the caller's notices leave by mail, and to where (邮件提醒)"},
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[MailReader], error) {
			return httpapi.Answer(s.Reader(ctx, s.Store, httpapi.Actor(ctx).Account))
		})
	type mailAsked struct {
		MailReader
		Demo string `json:"demo_code,omitempty" doc:"The code itself, in a demonstration only"`
	}
	httpapi.Register(srv, httpapi.Operation{ID: "ask-my-mail", Method: http.MethodPost, Path: "/api/me/mail", Tag: tag, Access: httpapi.SignedIn, Limit: 10,
		Summary: "Send a code to an address that is to get the caller's notices"},
		func(ctx context.Context, req *struct {
			Body struct {
				Address string `json:"address" minLength:"1" maxLength:"254"`
			}
		}) (*httpapi.Body[mailAsked], error) {
			code, err := s.AskMail(ctx, httpapi.Actor(ctx), req.Body.Address)
			if err != nil {
				return nil, err
			}
			out := mailAsked{}
			if out.MailReader, err = s.Reader(ctx, s.Store, httpapi.Actor(ctx).Account); s.Demo {
				out.Demo = code
			}
			return httpapi.Answer(out, err)
		})
	httpapi.Register(srv, httpapi.Operation{ID: "confirm-my-mail", Method: http.MethodPost, Path: "/api/me/mail/code", Tag: tag, Access: httpapi.SignedIn, Limit: 30, Status: http.StatusNoContent,
		Summary: "Take over the address by the code that was sent to it"},
		func(ctx context.Context, req *struct {
			Body struct {
				Code string `json:"code" pattern:"^[0-9]{6}$"`
			}
		}) (*httpapi.Empty, error) {
			return nil, s.ConfirmMail(ctx, httpapi.Actor(ctx), req.Body.Code)
		})
	httpapi.Register(srv, httpapi.Operation{ID: "put-my-mail", Method: http.MethodPut, Path: "/api/me/mail", Tag: tag, Access: httpapi.SignedIn, Status: http.StatusNoContent,
		Summary: "Say which of the caller's notices leave by mail"},
		func(ctx context.Context, req *struct {
			Body struct {
				Level string `json:"level" enum:"all,urgent,off"`
			}
		}) (*httpapi.Empty, error) {
			return nil, s.SetMail(ctx, httpapi.Actor(ctx).Account, req.Body.Level)
		})
	httpapi.Register(srv, httpapi.Operation{ID: "unsubscribe-mail", Method: http.MethodPost, Path: "/api/mail/unsubscribe", Tag: tag, Access: httpapi.Public, Limit: 30, Status: http.StatusNoContent,
		Summary: "End the letters to whoever got this token in one (RFC 8058)"},
		func(ctx context.Context, req *struct {
			Token string `query:"token" required:"true" maxLength:"64"`
		}) (*httpapi.Empty, error) {
			return nil, s.Unsubscribe(ctx, req.Token)
		})
}

func (s *Notices) mountHooks(srv *httpapi.Server, tag string) {
	admin := httpapi.Roles(account.RoleAdmin)
	type hookMade struct {
		Hook
		Secret string `json:"secret,omitempty" doc:"By which the receiver knows the house (HMAC-SHA256, Standard Webhooks); shown once"`
	}
	httpapi.Register(srv, httpapi.Operation{ID: "list-hooks", Method: http.MethodGet, Path: "/api/hooks", Tag: tag, Access: admin, Summary: "Receivers outside, of the units that the caller administers (消息推送)"},
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]Hook], error) {
			return httpapi.Answer(s.Hooks(ctx, httpapi.Actor(ctx)))
		})
	put := func(ctx context.Context, id store.ID, f HookForm) (*httpapi.Body[hookMade], error) {
		h, secret, err := s.PutHook(ctx, httpapi.Actor(ctx), id, f)
		return httpapi.Answer(hookMade{h, secret}, err)
	}
	httpapi.Register(srv, httpapi.Operation{ID: "add-hook", Method: http.MethodPost, Path: "/api/hooks", Tag: tag, Access: admin, Status: http.StatusCreated, Summary: "Name a receiver"},
		func(ctx context.Context, req *struct{ Body HookForm }) (*httpapi.Body[hookMade], error) {
			return put(ctx, 0, req.Body)
		})
	type one struct {
		ID httpapi.PathID `path:"id"`
	}
	httpapi.Register(srv, httpapi.Operation{ID: "put-hook", Method: http.MethodPut, Path: "/api/hooks/{id}", Tag: tag, Access: admin, Summary: "Change a receiver"},
		func(ctx context.Context, req *struct {
			ID   httpapi.PathID `path:"id"`
			Body HookForm
		}) (*httpapi.Body[hookMade], error) {
			return put(ctx, req.ID.ID, req.Body)
		})
	httpapi.Register(srv, httpapi.Operation{ID: "drop-hook", Method: http.MethodDelete, Path: "/api/hooks/{id}", Tag: tag, Access: admin, Status: http.StatusNoContent, Summary: "Take a receiver away"},
		func(ctx context.Context, req *one) (*httpapi.Empty, error) {
			return nil, s.DropHook(ctx, httpapi.Actor(ctx), req.ID.ID)
		})
	type hookTried struct {
		OK   bool   `json:"ok"`
		Said string `json:"said"`
	}
	httpapi.Register(srv, httpapi.Operation{ID: "try-hook", Method: http.MethodPost, Path: "/api/hooks/{id}/try", Tag: tag, Access: admin, Limit: 30, Summary: "Tell a receiver that it was tried, and see what it answers"},
		func(ctx context.Context, req *one) (*httpapi.Body[hookTried], error) {
			said, ok, err := s.TryHook(ctx, httpapi.Actor(ctx), req.ID.ID)
			return httpapi.Answer(hookTried{ok, said}, err)
		})
	type hookNotice struct {
		Name  string    `json:"name"`
		Title pack.Text `json:"title" doc:"By language"`
		To    string    `json:"to"`
	}
	httpapi.Register(srv, httpapi.Operation{ID: "list-hook-notices", Method: http.MethodGet, Path: "/api/hook-notices", Tag: tag, Access: admin, Summary: "The notices that receivers may be told"},
		func(context.Context, *struct{}) (*httpapi.Body[[]hookNotice], error) {
			out := []hookNotice{}
			notices := s.templates.Load().Notices
			for _, name := range slices.Sorted(maps.Keys(notices)) {
				if t := notices[name]; slices.Contains(t.Channels, Webhook) {
					out = append(out, hookNotice{name, t.Title, t.To})
				}
			}
			return httpapi.Answer(out, nil)
		})
}

func (s *Notices) mountReceipts(srv *httpapi.Server, tag string) {
	keepers := httpapi.Roles(account.RoleAdmin, "supervisor", account.RoleAuditor)
	// All that left is the district's to see, not a street's.
	whole := func(ctx context.Context, roles ...string) error {
		desks := s.Desks(httpapi.Actor(ctx))
		if !slices.ContainsFunc(roles, func(role string) bool { return slices.Contains(desks, role+"@platform") }) {
			return httpapi.Fail(http.StatusForbidden, "forbidden")
		}
		return nil
	}
	type receiptPage struct {
		Items []Receipt `json:"items"`
		Next  string    `json:"next,omitempty"`
	}
	httpapi.Register(srv, httpapi.Operation{ID: "list-receipts", Method: http.MethodGet, Path: "/api/receipts", Tag: tag, Access: keepers, Summary: "What became of the notices that left the house, newest first (回执)"},
		func(ctx context.Context, req *struct {
			Channel string `query:"channel" enum:"sms,mail,webhook"`
			Status  string `query:"status" enum:"waiting,sent,trouble,none" doc:"trouble: failed, refused or expired"`
			About   string `query:"about" maxLength:"60" doc:"matter/123"`
			Before  string `query:"before" doc:"Key of the page: next of the page before"`
			Limit   int    `query:"limit" minimum:"0" maximum:"200"`
		}) (*httpapi.Body[receiptPage], error) {
			if err := whole(ctx, keepers.Roles...); err != nil {
				return nil, err
			}
			if req.Limit == 0 {
				req.Limit = 50
			}
			before, err := readKey(req.Before)
			if err != nil {
				return nil, err
			}
			list, err := s.Receipts(ctx, Wanted{Channel: req.Channel, Status: req.Status, About: req.About, Before: before}, req.Limit)
			out := receiptPage{Items: list}
			if len(list) == req.Limit {
				out.Next = list[len(list)-1].ID.String()
			}
			return httpapi.Answer(out, err)
		})
	type receiptFigures struct {
		Days  int     `json:"days"`
		Items []Tally `json:"items"`
	}
	const days = 7
	httpapi.Register(srv, httpapi.Operation{ID: "count-receipts", Method: http.MethodGet, Path: "/api/receipt-figures", Tag: tag, Access: keepers, Summary: "How many notices left in seven days, by channel and by what became of them"},
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[receiptFigures], error) {
			if err := whole(ctx, keepers.Roles...); err != nil {
				return nil, err
			}
			list, err := s.Tallies(ctx, s.Store.Now().AddDate(0, 0, -days))
			return httpapi.Answer(receiptFigures{days, list}, err)
		})
	httpapi.Register(srv, httpapi.Operation{ID: "send-again", Method: http.MethodPost, Path: "/api/receipts/{id}/again", Tag: tag, Access: httpapi.Roles(account.RoleAdmin, "supervisor"), Status: http.StatusNoContent, Summary: "Send once more what failed"},
		func(ctx context.Context, req *struct {
			ID httpapi.PathID `path:"id"`
		}) (*httpapi.Empty, error) {
			if err := whole(ctx, account.RoleAdmin, "supervisor"); err != nil {
				return nil, err
			}
			return nil, s.Again(ctx, req.ID.ID)
		})
	httpapi.Register(srv, httpapi.Operation{ID: "list-simulated", Method: http.MethodGet, Path: "/api/simulated-messages", Tag: tag, Access: httpapi.Roles(account.RoleAdmin), Summary: "What the simulators took, in a demonstration"},
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[Simulated], error) {
			if !s.Demo {
				return nil, store.ErrNotFound
			}
			if err := whole(ctx, account.RoleAdmin); err != nil {
				return nil, err
			}
			return httpapi.Answer(s.Simulated(), nil)
		})
}
