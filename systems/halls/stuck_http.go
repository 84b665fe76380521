package halls

import (
	"context"
	"errors"
	"net/http"

	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

func (s *Service) mountStuck(srv *httpapi.Server) {
	seen := httpapi.Access{Roles: []string{"stuck_clerk", "hall_manager", "greeter", "receiver", "handler", "unit_head", "leader", "citizen"}}
	staff := httpapi.Roles("stuck_clerk", "hall_manager", "receiver", "handler", "unit_head", "leader")
	httpapi.Register(srv, httpapi.Operation{ID: "get-stuck-words", Method: http.MethodGet, Path: "/api/stuck/words", Tag: tag, Access: httpapi.Public, Limit: 600,
		Summary: "What the stuck-case window (办不成事) takes, where one goes for the rest, and the root causes"}, func(context.Context, *struct{}) (*httpapi.Body[StuckWords], error) {
		r := s.book.Load().stuck
		return httpapi.Answer(StuckWords{append([]StuckScope{}, r.Scopes...), append([]HallWord{}, r.Causes...), r.Limits}, nil)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "report-stuck", Method: http.MethodPost, Path: "/api/stuck", Tag: tag, Access: httpapi.Access{Roles: []string{"citizen", "stuck_clerk"}}, Limit: 60,
		Summary: "Report what could not be got done at a window. What is out of scope is no case: the answer says where to go"}, s.reportStuck)
	httpapi.Register(srv, httpapi.Operation{ID: "ask-help", Method: http.MethodPost, Path: "/api/help", Tag: tag, Access: httpapi.Access{Roles: []string{"citizen", "greeter", "hall_manager"}}, Limit: 60,
		Summary: "Ask for help (帮办代办) at the hall, at the door or after hours"}, s.askHelp)
	for _, f := range []struct{ flow, path, what string }{{"stuck", "/api/stuck", "Stuck cases"}, {"help", "/api/help", "Help tasks"}} {
		httpapi.Register(srv, httpapi.Operation{ID: "list-" + f.flow, Method: http.MethodGet, Path: f.path, Tag: tag, Access: seen, Summary: f.what + " that the caller may see, the newest first"}, s.listMatters(f.flow))
		httpapi.Register(srv, httpapi.Operation{ID: "get-" + f.flow, Method: http.MethodGet, Path: f.path + "/{id}", Tag: tag, Access: seen, Summary: "One of the " + f.what + ": its course, its clocks, and what the caller may do"}, s.getMatter(f.flow))
		httpapi.Register(srv, httpapi.Operation{ID: "act-on-" + f.flow, Method: http.MethodPost, Path: f.path + "/{id}/act", Tag: tag, Access: seen, Summary: "Do one of the actions that the caller may"}, s.actOnMatter(f.flow))
	}
	httpapi.Register(srv, httpapi.Operation{ID: "get-stuck-month", Method: http.MethodGet, Path: "/api/stuck-months/{kind}", Tag: tag, Access: staff,
		Summary: "A month's root causes, scopes and refusals"}, func(ctx context.Context, in *struct {
		Month string `path:"kind" maxLength:"7"`
	}) (*httpapi.Body[StuckMonth], error) {
		return httpapi.Answer(s.Month(ctx, httpapi.Actor(ctx).Scope(), in.Month))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "log-refusal", Method: http.MethodPost, Path: "/api/halls/{code}/refusals", Tag: tag, Access: atWindow,
		Summary: "Log a \"no\" (否定答复) that was said at the caller's window"}, s.logRefusal)
	httpapi.Register(srv, httpapi.Operation{ID: "list-refusals", Method: http.MethodGet, Path: "/api/halls/{code}/refusals", Tag: tag, Access: httpapi.Roles("stuck_clerk", "hall_manager"),
		Summary: "What was refused at a hall's windows, the newest first"}, s.listRefusals)
	httpapi.Register(srv, httpapi.Operation{ID: "look-at-refusal", Method: http.MethodPost, Path: "/api/refusals/{id}/look", Tag: tag, Access: httpapi.Roles("stuck_clerk"),
		Summary: "Say whether a refusal was right"}, s.lookAtRefusal)
}

// StuckWords are the words of the stuck-case window.
type StuckWords struct {
	Scopes []StuckScope      `json:"scopes"`
	Causes []HallWord        `json:"causes"`
	Limits map[string]string `json:"limits"`
}

// MatterAsk opens a stuck case or a help task.
type MatterAsk struct {
	Hall     string `json:"hall" maxLength:"40"`
	Text     string `json:"text" minLength:"4" maxLength:"2000"`
	Scope    string `json:"scope,omitempty" maxLength:"40"`
	Item     string `json:"item,omitempty" maxLength:"50"`
	Way      string `json:"way,omitempty" enum:"hall,door,after,"`
	Where    string `json:"where,omitempty" maxLength:"200"`
	Wish     string `json:"wish,omitempty" maxLength:"40"`
	Name     string `json:"name,omitempty" maxLength:"60"`
	Phone    string `json:"phone,omitempty" maxLength:"20"`
	IDNumber string `json:"id_number,omitempty" maxLength:"40"`
}

func (in MatterAsk) stuck() Stuck {
	who := vault.Identity{}
	for k, v := range map[vault.Kind]string{vault.Name: in.Name, vault.IDNumber: in.IDNumber, vault.Phone: in.Phone} {
		if v != "" {
			who[k] = v
		}
	}
	return Stuck{Hall: in.Hall, Text: in.Text, Scope: in.Scope, Item: in.Item, Way: in.Way, Where: in.Where, Wish: in.Wish, Who: who}
}

// MatterMade is a case that was opened, or where to go instead.
type MatterMade struct {
	ID    store.ID    `json:"id,omitempty"`
	No    string      `json:"no,omitempty"`
	Guide *StuckScope `json:"guide,omitempty" doc:"It is not for this window: where to go"`
}

func (s *Service) reportStuck(ctx context.Context, in *struct{ Body MatterAsk }) (*httpapi.Body[MatterMade], error) {
	m, err := s.Report(ctx, httpapi.Actor(ctx), in.Body.stuck())
	var guided *ErrGuided
	if errors.As(err, &guided) {
		return httpapi.Answer(MatterMade{Guide: &guided.Scope}, nil)
	}
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(MatterMade{ID: m.ID, No: m.No}, nil)
}

func (s *Service) askHelp(ctx context.Context, in *struct{ Body MatterAsk }) (*httpapi.Body[MatterMade], error) {
	m, err := s.AskHelp(ctx, httpapi.Actor(ctx), in.Body.stuck())
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(MatterMade{ID: m.ID, No: m.No}, nil)
}

type mattersIn struct {
	State string `query:"state" maxLength:"40"`
	Open  string `query:"open" enum:"true,false,"`
	Month string `query:"month" maxLength:"7" doc:"In which it was opened: 2026-11"`
	Cause string `query:"cause" maxLength:"40"`
	Scope string `query:"scope" maxLength:"40"`
	After string `query:"after"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (s *Service) listMatters(flow string) func(context.Context, *mattersIn) (*httpapi.Body[httpapi.Page[MatterHead]], error) {
	return func(ctx context.Context, in *mattersIn) (*httpapi.Body[httpapi.Page[MatterHead]], error) {
		var after store.ID
		if in.After != "" {
			var err error
			if after, err = store.ParseID(in.After); err != nil {
				return nil, failField("after")
			}
		}
		var open *bool
		if in.Open != "" {
			yes := in.Open == "true"
			open = &yes
		}
		rows, err := s.Matters(ctx, httpapi.Actor(ctx).Scope(), flow, MatterFilter{State: in.State, Open: open, Month: in.Month, Cause: in.Cause, Scope: in.Scope}, after, in.Limit)
		page := httpapi.Page[MatterHead]{Items: rows}
		if len(rows) == in.Limit {
			page.Next = rows[len(rows)-1].ID.String()
		}
		return httpapi.Answer(page, err)
	}
}

// MatterIn is a matter in a path.
type MatterIn struct {
	ID httpapi.PathID `path:"id"`
}

func (s *Service) getMatter(flow string) func(context.Context, *MatterIn) (*httpapi.Body[MatterPage], error) {
	return func(ctx context.Context, in *MatterIn) (*httpapi.Body[MatterPage], error) {
		return httpapi.Answer(s.MatterOf(ctx, httpapi.Actor(ctx), flow, in.ID.ID))
	}
}

type matterDo struct {
	MatterIn
	Body struct {
		Action  string         `json:"action" maxLength:"40"`
		Version int            `json:"version,omitempty" minimum:"0"`
		Form    map[string]any `json:"form,omitempty"`
	}
}

func (s *Service) actOnMatter(flow string) func(context.Context, *matterDo) (*httpapi.Body[MatterPage], error) {
	return func(ctx context.Context, in *matterDo) (*httpapi.Body[MatterPage], error) {
		who := httpapi.Actor(ctx)
		if err := s.ActOnMatter(ctx, who, flow, in.ID.ID, in.Body.Version, in.Body.Action, in.Body.Form); err != nil {
			return nil, err
		}
		p, err := s.MatterOf(ctx, who, flow, in.ID.ID)
		if errors.Is(err, store.ErrNotFound) { // it went to another unit
			return httpapi.Answer(MatterPage{MatterHead: MatterHead{ID: in.ID.ID}}, nil)
		}
		return httpapi.Answer(p, err)
	}
}

func (s *Service) logRefusal(ctx context.Context, in *struct {
	HallIn
	Body struct {
		Ticket string `json:"ticket,omitempty"`
		Said   string `json:"said" minLength:"4" maxLength:"500" doc:"What was refused, and why"`
		Basis  string `json:"basis" minLength:"2" maxLength:"300" doc:"The rule that it stands on"`
	}
}) (*httpapi.Empty, error) {
	who := httpapi.Actor(ctx)
	h, err := s.at(who, in.Code, "intake_clerk", "stuck_clerk")
	if err != nil {
		return nil, err
	}
	var ticket store.ID
	if in.Body.Ticket != "" {
		if ticket, err = store.ParseID(in.Body.Ticket); err != nil {
			return nil, failField("ticket")
		}
	}
	return &httpapi.Empty{}, s.Refuse(ctx, who, h, ticket, in.Body.Said, in.Body.Basis)
}

func (s *Service) listRefusals(ctx context.Context, in *struct {
	HallIn
	After string `query:"after"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*httpapi.Body[httpapi.Page[HallRefusal]], error) {
	h, err := s.at(httpapi.Actor(ctx), in.Code, "stuck_clerk", "hall_manager")
	if err != nil {
		return nil, err
	}
	var after store.ID
	if in.After != "" {
		if after, err = store.ParseID(in.After); err != nil {
			return nil, failField("after")
		}
	}
	rows, err := s.Refusals(ctx, h, after, in.Limit)
	page := httpapi.Page[HallRefusal]{Items: rows}
	if len(rows) == in.Limit {
		page.Next = rows[len(rows)-1].ID.String()
	}
	return httpapi.Answer(page, err)
}

func (s *Service) lookAtRefusal(ctx context.Context, in *struct {
	ID   httpapi.PathID `path:"id"`
	Body struct {
		Right bool   `json:"right"`
		Note  string `json:"note,omitempty" maxLength:"500"`
	}
}) (*httpapi.Empty, error) {
	return &httpapi.Empty{}, s.LookAtRefusal(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Right, in.Body.Note)
}

func (s *Service) mountStartup(srv *httpapi.Server) {
	staff := httpapi.Roles("hall_manager", "intake_clerk", "greeter")
	httpapi.Register(srv, httpapi.Operation{ID: "list-packs-of-hall", Method: http.MethodGet, Path: "/api/halls/{code}/packs", Tag: tag, Access: staff,
		Summary: "Start-up packs (企业开办大礼包): contents, stock, what they have saved"}, func(ctx context.Context, in *HallIn) (*httpapi.Body[[]PackStock], error) {
		h, err := s.at(httpapi.Actor(ctx), in.Code, "hall_manager", "intake_clerk", "greeter")
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.PackStocks(ctx, h))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "stock-packs", Method: http.MethodPost, Path: "/api/halls/{code}/packs/{name}/stock", Tag: tag, Access: managing,
		Summary: "What came into stock, or what a count found"}, func(ctx context.Context, in *struct {
		HallIn
		Pack string `path:"name" maxLength:"40"`
		Body struct {
			Delta  int    `json:"delta" minimum:"-100000" maximum:"100000"`
			Reason string `json:"reason" enum:"received,counted"`
			Note   string `json:"note,omitempty" maxLength:"200"`
		}
	}) (*httpapi.Body[[]PackStock], error) {
		who := httpapi.Actor(ctx)
		h, err := s.at(who, in.Code, "hall_manager")
		if err == nil {
			err = s.StockPacks(ctx, who, h, in.Pack, in.Body.Delta, in.Body.Reason, in.Body.Note)
		}
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.PackStocks(ctx, h))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "give-pack", Method: http.MethodPost, Path: "/api/halls/{code}/packs/{name}/give", Tag: tag, Access: staff,
		Summary: "Give an enterprise its pack, once by its credit code"}, func(ctx context.Context, in *struct {
		HallIn
		Pack string `path:"name" maxLength:"40"`
		Body struct {
			USCC     string `json:"uscc" minLength:"18" maxLength:"20"`
			Name     string `json:"name" minLength:"2" maxLength:"100"`
			Licensed string `json:"licensed,omitempty" maxLength:"10" doc:"Day of its licence"`
		}
	}) (*httpapi.Body[PackGrant], error) {
		who := httpapi.Actor(ctx)
		h, err := s.at(who, in.Code, "hall_manager", "intake_clerk", "greeter")
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(s.GivePack(ctx, who, h, in.Pack, in.Body.USCC, in.Body.Name, in.Body.Licensed))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-pack-grants", Method: http.MethodGet, Path: "/api/halls/{code}/grants", Tag: tag, Access: staff,
		Summary: "The saving ledger: which enterprise was given what, and what it saved"}, func(ctx context.Context, in *struct {
		HallIn
		After string `query:"after"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*httpapi.Body[httpapi.Page[PackGrant]], error) {
		h, err := s.at(httpapi.Actor(ctx), in.Code, "hall_manager", "intake_clerk", "greeter")
		if err != nil {
			return nil, err
		}
		var after store.ID
		if in.After != "" {
			if after, err = store.ParseID(in.After); err != nil {
				return nil, failField("after")
			}
		}
		rows, err := s.PackGrants(ctx, h, after, in.Limit)
		page := httpapi.Page[PackGrant]{Items: rows}
		if len(rows) == in.Limit {
			page.Next = rows[len(rows)-1].ID.String()
		}
		return httpapi.Answer(page, err)
	})
}
