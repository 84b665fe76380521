package services

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
)

// jointFacts are what the guards of a joint matter read: how many members are granted
// already and stay so whatever becomes of the others, and how many are being examined.
func (s *Service) jointFacts(ctx context.Context, q store.Querier, id store.ID) (map[string]any, error) {
	back, err := s.heldBackOf(ctx, q, id)
	if err != nil {
		return nil, err
	}
	kept, err := store.Get[int64](ctx, q, `SELECT count(*) FROM service_joint_member WHERE joint = ? AND state = 'granted'`, int64(id))
	if err != nil {
		return nil, err
	}
	if back {
		kept = 0
	}
	begun, err := store.Get[int64](ctx, q, `SELECT count(*) FROM service_joint_member k JOIN matter m ON m.id = k.matter WHERE k.joint = ? AND k.state = 'open' AND m.state NOT IN ('received', 'correcting', 'awaiting')`, int64(id))
	return map[string]any{"kept": kept, "begun": begun}, err
}

// eachBefore does an action with every open member's case that stands in one of the states.
func (s *Service) eachBefore(ctx context.Context, tx *store.Tx, joint store.ID, action string, at time.Time, states ...string) error {
	rows, err := jointMembers(ctx, tx, joint)
	if err != nil {
		return err
	}
	for _, k := range rows {
		if k.State != JointOpen {
			continue
		}
		m, err := caseflow.Get(ctx, tx, k.Matter)
		if err != nil {
			return err
		}
		if !slices.Contains(states, m.State) {
			continue
		}
		if _, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: k.Matter, Action: action, Actor: account.System(s.Dir), At: at}); err != nil {
			return err
		}
	}
	return nil
}

// jointNoticed keeps what one notice asks for over the materials of all members; their
// cases wait for the correction, and so do their five days. Who would have been decided
// at once (秒批) is looked at by people then.
func (s *Service) jointNoticed(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	have, err := materialsOf(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	round := int(c.Matter.Vars["notices"])
	for _, id := range saidList(c.Form, "materials") {
		if err := askAgain(ctx, tx, c.Matter.ID, have, id, round); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE service_joint_member SET judge = FALSE WHERE joint = ? AND state = 'open'`, c.Matter.ID); err != nil {
		return err
	}
	return s.eachBefore(ctx, tx, c.Matter.ID, "join_notify", c.Event.At.Time, "received")
}

// jointCorrected holds a correction to all that the notice asked for, and brings it to
// every member that needs it: those whose cases are open, and those that will open.
func (s *Service) jointCorrected(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	events, err := caseflow.Events(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	var asked []string
	for _, e := range events {
		if e.Action == "notify" {
			asked = saidList(e.Data.Form, "materials")
		}
	}
	have, err := materialsOf(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	brought := map[string]materialRow{}
	for _, m := range have {
		switch {
		case !slices.Contains(asked, m.Material):
		case m.State == "missing":
			return refuse("materials", "material_missing")
		default:
			brought[m.Material] = m
		}
	}
	j, err := getJoint(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	if err := bringToApplication(ctx, tx, j.Application, brought, nil); err != nil {
		return err
	}
	v, err := s.themeVersion(ctx, tx, j.Theme, j.Version)
	if err != nil {
		return err
	}
	rows, err := jointMembers(ctx, tx, j.ID)
	if err != nil {
		return err
	}
	for _, k := range rows {
		if k.State != JointOpen {
			continue
		}
		if err := bringToApplication(ctx, tx, k.Application, brought, v.Parts[k.Key].Materials); err != nil {
			return err
		}
		for own, merged := range v.Parts[k.Key].Materials {
			m, ok := brought[merged]
			if !ok {
				continue
			}
			if _, err := tx.Exec(ctx, `UPDATE service_case_material SET files = ?, state = 'got', at = ? WHERE matter = ? AND material = ?`, m.Files, c.Event.At, k.Matter, own); err != nil {
				return err
			}
		}
	}
	return s.eachBefore(ctx, tx, j.ID, "join_corrected", c.Event.At.Time, "awaiting")
}

// bringToApplication puts what was brought in place of an application's files; as names
// its own materials by the merged ones, and is nil where they are the same.
func bringToApplication(ctx context.Context, tx *store.Tx, id store.ID, brought map[string]materialRow, as map[string]string) error {
	raw, err := store.Get[string](ctx, tx, `SELECT materials FROM service_application WHERE id = ?`, int64(id))
	if err != nil {
		return err
	}
	files := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(raw), &files); err != nil {
		return err
	}
	if as == nil {
		for merged, m := range brought {
			files[merged] = json.RawMessage(m.Files)
		}
	}
	for own, merged := range as {
		if m, ok := brought[merged]; ok {
			files[own] = json.RawMessage(m.Files)
		}
	}
	out, err := json.Marshal(files)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE service_application SET materials = ? WHERE id = ?`, string(out), int64(id))
	return err
}

// jointRejected ends what is not begun: one decision not to accept for all members. What
// was granted at once stays, unless all stand or fall together.
func (s *Service) jointRejected(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	at := c.Event.At.Time
	if _, err := tx.Exec(ctx, `UPDATE service_joint_member SET state = 'dropped', why = 'rejected', judge = FALSE WHERE joint = ? AND state = 'waiting'`, c.Matter.ID); err != nil {
		return err
	}
	if err := s.eachBefore(ctx, tx, c.Matter.ID, "join_reject", at, "received", "correcting", "awaiting"); err != nil {
		return err
	}
	if back, err := s.heldBackOf(ctx, tx, c.Matter.ID); err != nil || !back {
		return err
	}
	rows, err := jointMembers(ctx, tx, c.Matter.ID)
	if err != nil {
		return err
	}
	for _, k := range rows {
		if k.State == JointGranted {
			if err := s.dropMember(ctx, tx, k, "all", at); err != nil {
				return err
			}
		}
	}
	return nil
}
