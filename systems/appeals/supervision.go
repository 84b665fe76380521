package appeals

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// order issues a supervision order (督办单) to the unit that holds an appeal. It
// takes the place of open slips of the ladder below it: one answer is enough.
func (s *Service) order(ctx context.Context, tx *store.Tx, of *caseflow.Matter, who account.Actor, level, note string, at store.Time) error {
	if of.Unit == "" {
		return nil
	}
	if s.district.Load().limits.ladderStep(level) != nil {
		open, err := openOf(ctx, tx, of.ID, "supervision")
		if err != nil {
			return err
		}
		levels, err := orderLevels(ctx, tx, open)
		if err != nil {
			return err
		}
		for i, id := range open {
			if was := levels[i]; s.district.Load().limits.ladderStep(was) == nil {
				continue // an instruction stands by itself
			}
			if _, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: id, Action: "revoke", Actor: account.System(s.Dir), At: at.Time, Form: map[string]any{"note": "已升级为" + s.levelName(level)}}); err != nil {
				return err
			}
		}
	}
	form := map[string]any{"level": level}
	if note != "" {
		form["note"] = note
	}
	_, err := s.openSub(ctx, tx, of, who, "supervision", "order", of.Unit, "", at, form)
	return err
}

// orderLevels are the levels at which orders were issued.
func orderLevels(ctx context.Context, q store.Querier, orders []store.ID) ([]string, error) {
	first, err := caseflow.FirstEvents(ctx, q, orders)
	out := make([]string, len(orders))
	for i, id := range orders {
		out[i], _ = first[id].Data.Form["level"].(string)
	}
	return out, err
}

// levelName is a step of the ladder as people call it.
func (s *Service) levelName(level string) string {
	if step := s.district.Load().limits.ladderStep(level); step != nil && step.Name["zh"] != "" {
		return step.Name["zh"]
	}
	return level
}

// instruction is the level of an order that a person gives.
const instruction = "instruction"

// supervise issues the order that a supervisor or a leader gives (督办, 批示).
func (s *Service) supervise(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	note, _ := c.Event.Data.Form["note"].(string)
	return s.order(ctx, tx, c.Matter, c.Actor, instruction, note, c.Event.At)
}

// climb issues the slip of a step of the pack's ladder when the handling clock
// comes to it. A reminder is told and no slip.
func (s *Service) climb(ctx context.Context, tx *store.Tx, c *caseflow.Change, mark *caseflow.Mark) error {
	l := s.district.Load().limits
	step := l.stepOf(mark.Level)
	if mark.Clock != "handle" || step == nil || step.early() || c.Matter.Merged != 0 {
		return nil
	}
	return s.slip(ctx, tx, c, step, "办理时限已过")
}

// secondDissatisfied issues the slip that the ladder ties to it when an appeal is
// to be redone for the second time.
func (s *Service) secondDissatisfied(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	if c.Matter.Vars["redos"] < 2 {
		return nil
	}
	l := s.district.Load().limits
	for i := range l.rules.Ladder {
		if step := &l.rules.Ladder[i]; step.Or == "second_dissatisfied" {
			return s.slip(ctx, tx, c, step, "市民第二次不满意")
		}
	}
	return nil
}

// slip issues a slip of the ladder; too many of the highest propose an
// appointment with the unit (约谈).
func (s *Service) slip(ctx context.Context, tx *store.Tx, c *caseflow.Change, step *ladderStep, why string) error {
	if err := s.order(ctx, tx, c.Matter, account.System(s.Dir), step.Level, why, c.Event.At); err != nil {
		return err
	}
	l := s.district.Load().limits
	top := l.rules.Ladder[len(l.rules.Ladder)-1].Level
	rules := l.rules.Interview
	if rules.Slips == 0 || step.Level != top || c.Matter.Unit == "" {
		return nil
	}
	since := store.At(c.Event.At.Add(-l.span(rules.Within)))
	orders, err := store.Select[store.ID](ctx, tx, `SELECT id FROM matter WHERE unit = ? AND flow = 'supervision' AND opened_at >= ?`, c.Matter.Unit, since)
	if err != nil {
		return err
	}
	levels, err := orderLevels(ctx, tx, orders)
	if err != nil {
		return err
	}
	n := 0
	for _, level := range levels {
		if level == top {
			n++
		}
	}
	var already bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM matter WHERE unit = ? AND flow = 'interview' AND (open OR opened_at >= ?))`, c.Matter.Unit, since).Scan(&already); err != nil || n < rules.Slips || already {
		return err
	}
	_, err = s.openSub(ctx, tx, c.Matter, account.System(s.Dir), "interview", "propose", c.Matter.Unit, "", c.Event.At,
		map[string]any{"note": fmt.Sprintf("%s 在 %s 内收到%s %d 份", s.Dir.Tree().Name(c.Matter.Unit), rules.Within, s.levelName(top), n)})
	return err
}

// flagMajor puts an appeal on the list of major ones that people watch.
func (s *Service) flagMajor(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	_, err := tx.Exec(ctx, `INSERT INTO appeal_flag (appeal, flag, at, actor, note) VALUES (?, 'major', ?, ?, ?)`, c.Matter.ID, c.Event.At, c.Actor.Account, formText(c.Event.Data.Form, "note"))
	return err
}

// unflagMajor takes it off again.
func (s *Service) unflagMajor(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	_, err := tx.Exec(ctx, `UPDATE appeal_flag SET ended_at = ? WHERE appeal = ? AND flag = 'major' AND ended_at IS NULL`, c.Event.At, c.Matter.ID)
	return err
}

// callDepartments opens a call for each department that a street whistles for
// (街镇吹哨、部门报到).
func (s *Service) callDepartments(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	return s.openUnits(ctx, tx, c, "units", "summons", "whistle", map[string]any{"where": c.Event.Data.Form["where"], "note": c.Event.Data.Form["note"]})
}

// Sub is a sub-matter of an appeal in a list: a supervision order, a call, an
// objection, a revision.
type Sub struct {
	Row
	Level  string `bun:"-" json:"level,omitempty" doc:"Of a supervision order: a step of the ladder, or instruction"`
	Reason string `bun:"-" json:"reason,omitempty" doc:"What was asked when it was opened"`
}

// subFlows are the flows that lists of sub-matters may ask for.
var subFlows = []string{"supervision", "interview", "summons", "objection", "revision", "co_task", "position", "score_appeal"}

func (s *Service) mountSupervision(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "list-sub-matters", Method: http.MethodGet, Path: "/api/sub-matters", Tag: tag, Access: staff,
		Summary: "Supervision orders, appointments, calls, objections, revisions, co-tasks: what hangs on appeals, the newest first"}, s.listSubs)
}

func (s *Service) listSubs(ctx context.Context, in *struct {
	Flow  string `query:"flow" required:"true" enum:"supervision,interview,summons,objection,revision,co_task,position,score_appeal"`
	Open  string `query:"open" enum:"true,false,"`
	Of    string `query:"of" doc:"Only those of one appeal"`
	Unit  string `query:"unit" doc:"Code of a unit; includes what lies below it"`
	After string `query:"after"`
	Limit int    `query:"limit" minimum:"0" maximum:"200"`
}) (*httpapi.Body[httpapi.Page[Sub]], error) {
	if !slices.Contains(subFlows, in.Flow) {
		return nil, httpapi.FailField("flow", "no_such_option")
	}
	if in.Limit == 0 {
		in.Limit = 50
	}
	sc := httpapi.Actor(ctx).Scope()
	cond, args := scopeSQL(sc)
	if len(sc.Units) > 0 && !sc.All { // who asked for it sees what became of it
		cond, args = `(`+cond+` OR `+store.AnyOf("m.asker", len(sc.Units))+`)`, append(args, store.Args(sc.Units...)...)
	}
	where := `m.flow = ? AND ` + cond
	args = append([]any{in.Flow}, args...)
	add := func(c string, v any) { where, args = where+" AND "+c, append(args, v) }
	switch in.Open {
	case "true":
		where += ` AND m.open`
	case "false":
		where += ` AND NOT m.open`
	}
	for field, c := range map[string]struct{ v, cond string }{"of": {in.Of, "m.parent = ?"}, "after": {in.After, "m.id < ?"}} {
		if c.v == "" {
			continue
		}
		id, err := store.ParseID(c.v)
		if err != nil {
			return nil, httpapi.FailField(field, "invalid")
		}
		add(c.cond, int64(id))
	}
	if in.Unit != "" {
		units := s.Dir.Tree().Subtree(in.Unit)
		where, args = where+" AND "+store.AnyOf("m.unit", len(units)), append(args, store.Args(units...)...)
	}
	rows, err := store.Select[Row](ctx, s.Store, `SELECT `+rowColumns+rowTables+` WHERE `+where+` ORDER BY m.id DESC LIMIT `+strconv.Itoa(in.Limit+1), args...)
	if err != nil {
		return nil, err
	}
	out := httpapi.Page[Sub]{Items: []Sub{}}
	if len(rows) > in.Limit {
		rows = rows[:in.Limit]
		out.Next = rows[in.Limit-1].ID.String()
	}
	s.name(rows)
	ids := make([]store.ID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	began, err := caseflow.FirstEvents(ctx, s.Store, ids)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		sub, first := Sub{Row: r}, began[r.ID]
		sub.Level, _ = first.Data.Form["level"].(string)
		sub.Reason, _ = first.Data.Form["note"].(string)
		out.Items = append(out.Items, sub)
	}
	return httpapi.Answer(out, nil)
}
