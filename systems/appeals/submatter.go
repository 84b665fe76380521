package appeals

import (
	"context"
	"fmt"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
)

// subLetters begin the part of a number that tells a sub-matter from its appeal,
// by flow: 20261123-000042-S1. Co-tasks carry no letter.
var subLetters = map[string]string{"position": "P", "objection": "Y", "revision": "X", "supervision": "D", "interview": "T", "summons": "S", "co_task": "C", "score_appeal": "K"}

// openSub opens a sub-matter of an appeal that unit holds. asker is the unit for
// which it is opened; "" is none.
func (s *Service) openSub(ctx context.Context, tx *store.Tx, of *caseflow.Matter, who account.Actor, flow, action, unit, asker string, at store.Time, form map[string]any) (*caseflow.Matter, error) {
	var n int
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM matter WHERE parent = ? AND flow = ?`, of.ID, flow).Scan(&n); err != nil {
		return nil, err
	}
	return s.Engine.Open(ctx, tx, caseflow.Opening{Flow: flow, Action: action, Actor: who, At: at.Time, Form: form,
		Matter: caseflow.Matter{No: fmt.Sprintf("%s-%s%d", of.No, subLetters[flow], n+1), Class: of.Class, Unit: unit, Asker: asker, Item: of.Item, Place: of.Place, Title: of.Title, Parent: of.ID}})
}

// openUnits opens one sub-matter for each unit that a form names, but for the one
// that holds the appeal.
func (s *Service) openUnits(ctx context.Context, tx *store.Tx, c *caseflow.Change, field, flow, action string, form map[string]any) error {
	units, _ := c.Form[field].([]any)
	for _, u := range units {
		if unit, _ := u.(string); unit != c.Matter.Unit {
			if _, err := s.openSub(ctx, tx, c.Matter, c.Actor, flow, action, unit, c.Matter.Unit, c.Event.At, form); err != nil {
				return err
			}
		}
	}
	return nil
}

// openOf are the open sub-matters of an appeal of one of the flows.
func openOf(ctx context.Context, q store.Querier, of store.ID, flows ...string) ([]store.ID, error) {
	return store.Select[store.ID](ctx, q, `SELECT id FROM matter WHERE parent = ? AND open AND `+store.AnyOf("flow", len(flows)), append([]any{of}, store.Args(flows...)...)...)
}

// endSubs ends the open sub-matters of a flow in the name of the house.
func (s *Service) endSubs(ctx context.Context, tx *store.Tx, c *caseflow.Change, flow, action string) error {
	open, err := openOf(ctx, tx, c.Matter.ID, flow)
	if err != nil {
		return err
	}
	for _, id := range open {
		if _, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: id, Action: action, Actor: account.System(s.Dir), At: c.Event.At.Time}); err != nil {
			return err
		}
	}
	return nil
}

// after keeps what hangs on an appeal in step with it: the ladder's slips are
// issued, and what others were asked for ends with the work it was for.
func (s *Service) after(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	if c.Matter.Flow != "appeal" {
		return nil
	}
	if mark := c.Event.Data.Mark; mark != nil {
		return s.climb(ctx, tx, c, mark)
	}
	if _, ok := alertOutcomes[c.Event.Action]; ok {
		if err := s.endAlerts(ctx, tx, c); err != nil {
			return err
		}
	}
	closed := c.Before.Open && !c.Matter.Open
	moved := c.Before.Unit != "" && (c.Before.Unit != c.Matter.Unit || c.Event.Action == "accept_return")
	if !closed && !moved {
		return nil
	}
	for _, end := range [][2]string{{"co_task", "cancel"}, {"summons", "cancel"}, {"position", "lapse"}} {
		if err := s.endSubs(ctx, tx, c, end[0], end[1]); err != nil {
			return err
		}
	}
	if moved {
		return s.endSubs(ctx, tx, c, "supervision", "revoke")
	}
	return s.endAlerts(ctx, tx, c)
}
