package appeals

import (
	"context"
	"fmt"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
)

// subLetters begin the part of a number that tells a sub-matter from its appeal, and
// a part of a message from the message, by flow: 20261123-000042-S1, -F2.
var subLetters = map[string]string{"position": "P", "objection": "Y", "revision": "X", "supervision": "D", "interview": "T", "summons": "S", "co_task": "C", "score_appeal": "K", "appeal": "F"}

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

// CoTask is what others were asked for an appeal, with the last that they answered.
type CoTask struct {
	Row
	Said  string   `json:"said,omitempty" doc:"What the unit answered"`
	Files []string `json:"said_files,omitempty"`
}

// coTasks are the sub-matters of an appeal, the newest first.
func (s *Service) coTasks(ctx context.Context, of store.ID) ([]CoTask, error) {
	rows, _, err := s.list(ctx, account.Scope{All: true}, Filter{Parent: of, Limit: 50})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	out, at := make([]CoTask, len(rows)), map[store.ID]*CoTask{}
	ids := make([]store.ID, len(rows))
	for i, r := range rows {
		out[i].Row, ids[i], at[r.ID] = r, r.ID, &out[i]
	}
	events, err := store.Select[caseflow.Event](ctx, s.Store, `SELECT matter, seq, data FROM matter_event WHERE `+store.AnyOf("matter", len(ids))+` ORDER BY matter, seq`, store.Args(ids...)...)
	for _, e := range events {
		if said := formText(e.Data.Form, "reply"); said != "" {
			t := at[e.Matter]
			t.Said, t.Files = said, nil
			files, _ := e.Data.Form["files"].([]any)
			for _, f := range files {
				if id, ok := f.(string); ok {
					t.Files = append(t.Files, id)
				}
			}
		}
	}
	return out, err
}

// endSubs ends the open sub-matters of an appeal in the name of the house: those of
// the flows named, each by its action.
func (s *Service) endSubs(ctx context.Context, tx *store.Tx, c *caseflow.Change, actions map[string]string) error {
	open, err := store.Select[caseflow.Matter](ctx, tx, `SELECT id, flow FROM matter WHERE parent = ? AND open ORDER BY id`, c.Matter.ID)
	if err != nil {
		return err
	}
	for _, m := range open {
		action := actions[m.Flow]
		if action == "" {
			continue
		}
		if _, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: m.ID, Action: action, Actor: account.System(s.Dir), At: c.Event.At.Time}); err != nil {
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
	if err := s.tellCity(ctx, tx, c); err != nil {
		return err
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
	ends := map[string]string{"co_task": "cancel", "summons": "cancel", "position": "lapse"}
	if moved {
		ends["supervision"] = "revoke"
	}
	if err := s.endSubs(ctx, tx, c, ends); err != nil || moved {
		return err
	}
	return s.endAlerts(ctx, tx, c)
}
