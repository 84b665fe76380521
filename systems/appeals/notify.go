package appeals

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/notice"
	"shanzhi/core/store"
)

// tellings say, by action, which notice of the pack is told to whom. A desk is
// as in a flow: a role at the platform or at the unit that holds the matter.
var tellings = map[string][]telling{
	"file":              {{name: "accepted", appellant: true}},
	"refuse":            {{name: "refused", appellant: true}},
	"answer":            {{name: "replied", appellant: true}},
	"divide":            {{name: "divided", appellant: true}},
	"refer_conclusion":  {{name: "replied", appellant: true}},
	"dispatch":          {{name: "dispatched", appellant: true}, {name: "assigned", desk: "receiver"}},
	"redispatch":        {{name: "transferred", appellant: true}, {name: "assigned", desk: "receiver"}},
	"sign":              {{name: "signed", appellant: true}},
	"contact":           {{name: "contacted", appellant: true}},
	"three_way":         {{name: "contacted", appellant: true}},
	"appoint":           {{name: "appointed", appellant: true}},
	"move_appointment":  {{name: "appointment_moved", appellant: true}},
	"miss_appointment":  {{name: "appointment_missed", appellant: true}},
	"approve_extension": {{name: "extended", appellant: true}},
	"pass":              {{name: "replied", appellant: true}},
	"fix_on_site":       {{name: "replied", appellant: true}},
	"rate":              {{name: "rated", appellant: true}},
	"redo":              {{name: "redo", appellant: true}, {name: "assigned", desk: "handler"}},
	"reopen":            {{name: "redo", appellant: true}, {name: "assigned", desk: "handler"}},
	"remedy":            {{name: "remedied", appellant: true}},
	"justify":           {{name: "justified", appellant: true}},
	"dispute":           {{name: "dispute_raised", desk: "arbitrator@platform"}},
	"rule":              {{name: "transferred", appellant: true}, {name: "ruled", desk: "receiver"}},
	"uphold":            {{name: "ruled", desk: "handler"}},
	"engage_fallback":   {{name: "transferred", appellant: true}, {name: "ruled", desk: "receiver"}},
	"report_pressure":   {{name: "pressure_reported", desk: "supervisor@platform"}},
	"request_return":    {{name: "returned", desk: "dispatcher@platform"}},
	"reject_return":     {{name: "return_rejected", desk: "handler"}},
	"urge":              {{name: "urged", desk: "handler"}, {name: "urged", desk: "unit_head"}},
	"revise":            {{name: "review_failed", desk: "handler"}},
	"send_back":         {{name: "review_failed", desk: "handler"}},
	caseflow.Merge:      {{name: "merged", appellant: true}},
	caseflow.Follow:     {{name: "replied", appellant: true}},
	// Of the flows beside the appeal's, by flow and action.
	"co_task.ask":         {{name: "co_assigned", desk: "handler"}},
	"co_task.urge":        {{name: "urged", desk: "handler"}},
	"co_task.answer":      {{name: "co_answered", desk: "handler@asker"}},
	"position.ask":        {{name: "position_asked", desk: "receiver"}},
	"objection.file":      {{name: "ruling_contested", desk: "arbitrator@platform"}},
	"score_appeal.file":   {{name: "score_contested", desk: "supervisor@platform"}},
	"score_appeal.grant":  {{name: "score_decided", desk: "unit_head@asker"}},
	"score_appeal.reject": {{name: "score_decided", desk: "unit_head@asker"}},
	"revision.ask":        {{name: "revision_asked", desk: "duty_editor@platform"}},
	"supervision.order":   {{name: "supervised", desk: "handler"}, {name: "supervised", desk: "unit_head"}},
	"supervision.again":   {{name: "supervised", desk: "unit_head"}},
	"supervision.answer":  {{name: "supervision_answered", desk: "supervisor@platform"}},
	"interview.propose":   {{name: "interview_proposed", desk: "supervisor@platform"}},
	"interview.arrange":   {{name: "interview_arranged", desk: "unit_head"}},
	"summons.whistle":     {{name: "called", desk: "receiver"}, {name: "called", desk: "unit_head"}},
	"summons.check_in":    {{name: "reported_in", desk: "handler@asker"}},
}

type telling struct {
	name      string
	appellant bool
	desk      string
}

// noticeConsumer follows the events and tells those whom they concern.
const noticeConsumer = "appeals.notices"

func (s *Service) notify(ctx context.Context, tx *store.Tx, events []event.Event) error {
	for _, e := range events {
		var h caseflow.Happened
		if !strings.HasPrefix(e.Subject, System+".") || json.Unmarshal(e.Body, &h) != nil {
			continue
		}
		name := h.Action
		if h.Flow != "appeal" {
			name = h.Flow + "." + name
		}
		tells := tellings[name]
		if h.Mark != nil && h.Mark.Clock == "handle" {
			tells = s.ladderTells(h.Mark.Level)
		}
		if h.Action == "rate" && h.After.State == "alerted" {
			tells = append(tells, telling{name: "first_rating_alert", desk: "handler"}, telling{name: "first_rating_alert", desk: "unit_head"}, telling{name: "first_rating_alert", desk: "supervisor@platform"})
		}
		if h.Flow == "appeal" && h.Before.Open && !h.After.Open && len(tells) == 0 && h.Action != "rejoin_part" {
			tells = []telling{{name: "closed", appellant: true}}
		}
		id, err := store.ParseID(e.Key)
		if err != nil {
			continue
		}
		if err := s.tellWatchers(ctx, tx, id, e.At, h); err != nil {
			return err
		}
		if len(tells) == 0 {
			continue
		}
		if err := s.tellOf(ctx, tx, id, h, tells); err != nil {
			return err
		}
	}
	return nil
}

// ladderTells are those whom the pack's ladder wants told at one of its steps.
func (s *Service) ladderTells(level string) (out []telling) {
	step := s.district.Load().limits.stepOf(level)
	if step == nil {
		return nil
	}
	name := "overdue"
	if step.early() {
		name = "due_soon"
	}
	for _, role := range step.Notify {
		desk := role
		if at := map[string]string{"supervisor": "@platform", "leader": "@district"}[role]; at != "" {
			desk += at
		}
		out = append(out, telling{name: name, desk: desk})
	}
	return out
}

func (s *Service) tellOf(ctx context.Context, tx *store.Tx, id store.ID, h caseflow.Happened, tells []telling) error {
	m, err := caseflow.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	ev, err := caseflow.EventOf(ctx, tx, id, h.Seq)
	if err != nil {
		return err
	}
	unit := h.After.Unit
	if h.Action == "request_return" || h.Action == "ask" {
		unit = ev.Unit
	}
	if m.Asker != "" {
		unit = m.Asker
	}
	named, _ := s.Dir.Tree().Unit(unit)
	if named.Short == "" {
		named.Short = named.Name
	}
	about := id
	if m.Parent != 0 {
		about = m.Parent
	}
	for _, t := range tells {
		n := notice.Note{Name: t.name, About: "matter/" + about.String(), Urgent: m.Class == Critical || m.Class == Urgent, Due: m.TotalDue,
			Words: map[string]string{"no": m.No, "title": m.Title, "unit": named.Short, "reason": reasonOf(ev.Data.Form)}}
		switch {
		case t.appellant:
			n.Person, n.Link, n.Urgent = m.Applicant, "/appeals/"+about.String(), false
			if from := formText(ev.Data.Form, "from"); from != "" { // an appointment
				at, err := time.Parse(time.RFC3339, from)
				if err != nil {
					return err
				}
				n.Due = store.At(at)
			}
			if t.name == "closed" || t.name == "rated" {
				l := s.district.Load().limits
				n.Due = store.At(ev.At.Add(l.span(l.rules.Reopen)))
			}
		case strings.HasSuffix(t.desk, "@asker"):
			n.Desk, n.Link, n.Due = strings.TrimSuffix(t.desk, "asker")+m.Asker, "/desk/appeals/"+about.String(), m.DueAt
			named, _ := s.Dir.Tree().Unit(m.Unit)
			n.Words["unit"] = named.Name
		case strings.Contains(t.desk, "@"):
			n.Desk, n.Link, n.Due = t.desk, "/desk/appeals/"+about.String(), m.DueAt
		default:
			n.Desk, n.Link, n.Due = t.desk+"@"+h.After.Unit, "/desk/appeals/"+about.String(), m.DueAt
		}
		if t.name == "assigned" && n.Urgent {
			n.Name = "assigned_urgent"
		}
		if err := s.Notices.Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}

// reasonOf is what the actor gave as a reason, as the event keeps it: masked.
func reasonOf(form map[string]any) string {
	for _, field := range []string{"reason", "basis", "note", "reply"} {
		switch v := form[field].(type) {
		case string:
			if v != "" {
				return v
			}
		}
	}
	return ""
}
