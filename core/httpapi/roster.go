package httpapi

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/store"
)

// mountRoster adds delegations, rosters and skills: who does whose work when.
func (s *Server) mountRoster(dir *account.Directory) {
	const tag = accountTag
	say := func(err error) error {
		switch {
		case errors.Is(err, account.ErrTooLong):
			return FailField("until", "out_of_range")
		case errors.Is(err, account.ErrOneself), errors.Is(err, account.ErrNoPerson):
			return FailField("account", "no_such_person")
		case errors.Is(err, account.ErrOverlap):
			return FailField("since", "overlaps")
		case errors.Is(err, account.ErrNotHeld):
			return Fail(http.StatusForbidden, "forbidden")
		}
		return err
	}
	Register(s, Operation{ID: "list-delegations", Method: http.MethodGet, Path: "/api/me/delegations", Tag: tag, Access: AnyStaff, Summary: "What the caller delegated to others, and others to them (委托)"},
		func(ctx context.Context, _ *struct{}) (*Body[[]account.Delegation], error) {
			return Answer(s.Accounts.Delegations(ctx, Actor(ctx).Account))
		})
	Register(s, Operation{ID: "delegate", Method: http.MethodPost, Path: "/api/me/delegations", Tag: tag, Access: AnyStaff, Status: http.StatusNoContent, Summary: "Let a colleague exercise the caller's roles for a while"},
		func(ctx context.Context, in *struct {
			Body struct {
				Account store.ID  `json:"account"`
				Roles   []string  `json:"roles,omitempty" doc:"All that one holds when absent"`
				Since   time.Time `json:"since"`
				Until   time.Time `json:"until" doc:"At most 90 days later"`
				Reason  string    `json:"reason" minLength:"2" maxLength:"300"`
			}
		}) (*Empty, error) {
			b := in.Body
			err := s.Accounts.Delegate(ctx, Actor(ctx), b.Account, b.Roles, b.Since, b.Until, b.Reason)
			s.Forget()
			return nil, say(err)
		})
	Register(s, Operation{ID: "end-delegation", Method: http.MethodDelete, Path: "/api/me/delegations/{id}", Tag: tag, Access: AnyStaff, Status: http.StatusNoContent, Summary: "Take a delegation back, by who gave or took it"},
		func(ctx context.Context, in *struct {
			ID PathID `path:"id"`
		}) (*Empty, error) {
			err := s.Accounts.EndDelegation(ctx, Actor(ctx), in.ID.ID)
			s.Forget()
			return nil, err
		})
	Register(s, Operation{ID: "get-roster", Method: http.MethodGet, Path: "/api/roster", Tag: tag, Access: AnyStaff, Summary: "Who is on duty or away in a window, of a unit and what lies below it"},
		func(ctx context.Context, in *struct {
			Unit string    `query:"unit" required:"true"`
			From time.Time `query:"from" required:"true"`
			To   time.Time `query:"to" required:"true"`
		}) (*Body[[]account.Shift], error) {
			if in.To.Sub(in.From) > 100*24*time.Hour {
				return nil, FailField("to", "out_of_range")
			}
			units, sc := dir.Tree().Subtree(in.Unit), Actor(ctx).Scope()
			if !sc.All {
				units = slices.DeleteFunc(units, func(u string) bool { return !slices.Contains(sc.Units, u) })
			}
			return Answer(s.Accounts.Roster(ctx, units, in.From, in.To))
		})
	Register(s, Operation{ID: "put-shift", Method: http.MethodPost, Path: "/api/roster", Tag: tag, Access: AnyStaff, Status: http.StatusCreated, Summary: "Put somebody on duty, or on leave; anybody may go on leave themselves"},
		func(ctx context.Context, in *struct {
			Body struct {
				Account store.ID  `json:"account"`
				Kind    string    `json:"kind" enum:"duty,leave"`
				Role    string    `json:"role,omitempty" maxLength:"40"`
				Since   time.Time `json:"since"`
				Until   time.Time `json:"until"`
				Note    string    `json:"note,omitempty" maxLength:"300"`
			}
		}) (*Body[account.Shift], error) {
			b := in.Body
			shift, err := s.Accounts.PutShift(ctx, Actor(ctx), account.Shift{Account: b.Account, Kind: b.Kind, Role: b.Role, Since: store.At(b.Since), Until: store.At(b.Until), Note: b.Note})
			return Answer(shift, say(err))
		})
	Register(s, Operation{ID: "drop-shift", Method: http.MethodDelete, Path: "/api/roster/{id}", Tag: tag, Access: AnyStaff, Status: http.StatusNoContent, Summary: "Take a shift out of the roster"},
		func(ctx context.Context, in *struct {
			ID PathID `path:"id"`
		}) (*Empty, error) {
			return nil, s.Accounts.DropShift(ctx, Actor(ctx), in.ID.ID)
		})
	Register(s, Operation{ID: "put-skills", Method: http.MethodPut, Path: "/api/accounts/{id}/skills", Tag: tag, Access: Roles("unit_head", "supervisor", account.RoleAdmin), Status: http.StatusNoContent, Summary: "Say what somebody is good at: beginnings of duty items' codes (技能组)"},
		func(ctx context.Context, in *struct {
			ID   PathID `path:"id"`
			Body struct {
				Items []string `json:"items" maxItems:"50"`
			}
		}) (*Empty, error) {
			return nil, say(s.Accounts.SetSkills(ctx, Actor(ctx), in.ID.ID, in.Body.Items))
		})
}
