package appeals

import (
	"context"
	"net/http"
	"slices"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// lent is a number through which the appellant is called without being seen.
type lent struct {
	Number string     `json:"number"`
	Until  store.Time `json:"until"`
}

// mayCall says whether the actor may call the appellant through a lent number:
// who handles the matter or took it on first, also when it is confidential, but never of an
// anonymous one, and never the unit that it complains of.
func (s *Service) mayCall(who account.Actor, m *caseflow.Matter, a *Appeal) bool {
	if m.Applicant == 0 || a.Secrecy == Anonymous || who.Kind == account.Citizen {
		return false
	}
	tree := s.Dir.Tree()
	if a.About != "" && slices.ContainsFunc(who.Grants, func(g account.Grant) bool { return tree.Within(a.About, g.Unit) || tree.Within(g.Unit, a.About) }) && !who.Scope().All {
		return false
	}
	// After a poor first rating a unit may not seek out who wants to stay unknown.
	pressing := m.State == "alerted" && a.Secrecy == Confidential
	at := func(unit string) bool {
		return unit != "" && (who.Has("handler", unit) || who.Has("receiver", unit) || who.Has("unit_head", unit))
	}
	return m.Open && !pressing && (at(m.Unit) || at(m.First)) || who.HasAny("agent", "follow_up")
}

// call lends a number. The appellant sees who asked for one.
func (s *Service) call(ctx context.Context, in *struct {
	ID httpapi.PathID `path:"id"`
}) (*httpapi.Body[lent], error) {
	who := httpapi.Actor(ctx)
	object := "matter/" + in.ID.ID.String()
	var target string
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		m, a, err := s.seen(ctx, tx, who, in.ID.ID)
		if err != nil {
			return err
		}
		if !s.mayCall(who, m, a) {
			return httpapi.Fail(http.StatusForbidden, "not_to_call")
		}
		id, err := s.Vault.Reveal(ctx, tx, m.Applicant, vault.Access{Actor: who.Account, Unit: who.Unit, Object: object, Reason: "通过中间号联系诉求人，号码未显示"}, "relay")
		if err != nil {
			return err
		}
		if target = id[vault.Phone]; target == "" {
			return httpapi.Fail(http.StatusConflict, "no_number")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	number, until, err := s.Relay.Bind(ctx, target, object)
	if err != nil {
		return nil, httpapi.Fail(http.StatusBadGateway, "relay_failed")
	}
	return httpapi.Answer(lent{number, store.At(until)}, nil)
}
