package services

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/notice"
	"shanzhi/core/store"
)

// caseTelling is one notice of the pack that an action calls for: to the applicant, or to
// a desk as in a flow.
type caseTelling struct {
	name  string
	desk  string // "" the applicant
	clock string // whose due the reader has to know
}

// caseTellings say, by action, which notices are told to whom.
var caseTellings = map[string][]caseTelling{
	"submit":  {{"case_received", "", "accept"}, {"case_to_accept", "acceptor@holder", "accept"}},
	"take_in": {{"case_received", "", "accept"}, {"case_to_accept", "acceptor@holder", "accept"}},
	"instant": {{"case_granted", "", ""}},
	"accept":  {{"case_accepted", "", "promise"}, {"case_to_examine", "examiner@holder", "stage"}},
	// Of papers that come from elsewhere (异地收件、快递申报).
	"collect":      {{"case_collected", "", "transit"}, {"case_on_its_way", "acceptor@holder", "transit"}},
	"mail":         {{"case_to_post", "", "post"}},
	"arrive":       {{"case_received", "", "accept"}, {"case_to_accept", "acceptor@holder", "accept"}},
	"ought_arrive": {{"case_ought", "", "accept"}, {"case_ought_unit", "acceptor@holder", "accept"}, {"case_ought_unit", "intake_clerk@asker", "accept"}},
	"post_lapse":   {{"case_post_lapsed", "", ""}},
	"deem":         {{"case_deemed", "", "promise"}, {"case_to_examine", "examiner@holder", "stage"}, {"case_deemed_unit", "acceptor@holder", "legal"}},
	"notify":       {{"case_to_correct", "", "correct"}},
	"corrected":    {{"case_corrected", "acceptor@holder", "accept"}},
	"lapse":        {{"case_lapsed", "", ""}},
	"reject":       {{"case_rejected", "", ""}},
	"outside":      {{"case_outside", "", ""}},
	"special":      {{"case_special", "", "special"}}, // 第四十五条: the applicant is told how long
	"special_done": {{"case_special_done", "", "promise"}},
	"extend":       {{"case_extended", "", "legal"}}, // 第四十二条: the applicant is told why
	"propose":      {{"case_to_decide", "approver@holder", "legal"}},
	"send_back":    {{"case_sent_back", "examiner@holder", "stage"}},
	"grant":        {{"case_to_collect", "", "deliver"}, {"case_to_deliver", "intake_clerk@asker", "deliver"}},
	"grant_owing":  {{"case_granted_owing", "", "owe"}},
	"provide":      {{"case_provided", "acceptor@holder", "owe"}},
	"provided":     {{"case_to_collect", "", "deliver"}, {"case_to_deliver", "intake_clerk@asker", "deliver"}},
	"owe_lapsed":   {{"case_owe_lapsed", "", ""}, {"case_owe_lapsed_unit", "acceptor@holder", ""}},
	"deny":         {{"case_denied", "", ""}},
	"deliver":      {{"case_delivered", "", ""}},
	"withdraw":     {{"case_withdrawing", "acceptor@holder", ""}},
	"withdrawn":    {{"case_withdrawn", "", ""}},
	"recall":       {{"case_ended", "", ""}},
	"revoke":       {{"case_ended", "", ""}},
	"cancel":       {{"case_ended", "", ""}},
	// Of a life event (一件事): the applicant hears of the whole, see tellOfMember.
	"joint.submit":           {{"joint_received", "", "accept"}, {"joint_to_accept", "acceptor@holder", "accept"}},
	"joint.take_in":          {{"joint_received", "", "accept"}, {"joint_to_accept", "acceptor@holder", "accept"}},
	"joint.accept":           {{"joint_accepted", "", "promise"}},
	"joint.deem":             {{"case_deemed", "", "promise"}, {"case_deemed_unit", "acceptor@holder", "legal"}},
	"joint.notify":           {{"joint_to_correct", "", "correct"}},
	"joint.corrected":        {{"case_corrected", "acceptor@holder", "accept"}},
	"joint.lapse":            {{"case_lapsed", "", ""}},
	"joint.reject":           {{"case_rejected", "", ""}},
	"joint.extend":           {{"case_extended", "", "legal"}},
	"joint.finish":           {{"joint_done", "", ""}},
	"joint.finish_partly":    {{"joint_partly", "", ""}},
	"joint.finish_denied":    {{"joint_denied", "", ""}},
	"joint.finish_withdrawn": {{"case_withdrawn", "", ""}},
	"join_in":                {{"case_to_accept", "acceptor@holder", "accept"}},
	"join":                   {{"case_to_examine", "examiner@holder", "stage"}},
	"dissolve":               {{"case_ended", "", ""}},
	// Of another department's opinion.
	"opinion.ask":    {{"case_opinion_asked", "examiner@holder", "opinion"}},
	"opinion.answer": {{"case_opinion_answered", "examiner@asker", ""}},
}

// markTellings are for a clock that comes near its due, or passes it. The applicant is
// told of their own clocks; whoever has the case, of the others.
func markTellings(m *caseflow.Mark) []caseTelling {
	late := m.Level == caseflow.Due
	switch {
	case m.Clock == "correct" || m.Clock == "owe":
		if late {
			return nil // the flow's own action follows, and tells
		}
		return []caseTelling{{"case_your_turn", "", m.Clock}}
	case m.Clock == "special":
		return []caseTelling{{"case_due_soon", "turn", m.Clock}}
	case late && m.Clock == "accept":
		return nil // it is deemed accepted
	case late:
		return []caseTelling{{"case_overdue", "turn", m.Clock}}
	}
	return []caseTelling{{"case_due_soon", "turn", m.Clock}}
}

const caseNoticeConsumer = "services.notices"

// tellCases tells applicants and desks what happened to cases.
func (s *Service) tellCases(ctx context.Context, tx *store.Tx, events []event.Event) error {
	granted := map[store.ID][]string{} // by joint matter, what was granted of it
	for _, e := range events {
		var h caseflow.Happened
		if !strings.HasPrefix(e.Subject, System+".") || json.Unmarshal(e.Body, &h) != nil {
			continue
		}
		name := h.Action
		if h.Flow != "case" {
			name = h.Flow + "." + name
		}
		tells := caseTellings[name]
		if h.Mark != nil {
			tells = markTellings(h.Mark)
		}
		id, err := store.ParseID(e.Key)
		if err == nil && custodyMark(h.Flow, h.Mark) {
			err = s.tellCustodyOf(ctx, tx, id, h)
			tells = nil
			if err != nil {
				return err
			}
		}
		if err == nil && h.Flow == "bad_rating" {
			if err := s.tellBadRating(ctx, tx, id, h); err != nil {
				return err
			}
			continue
		}
		if err != nil || len(tells) == 0 {
			continue
		}
		if err := s.tellOfCase(ctx, tx, id, h, tells, granted); err != nil {
			return err
		}
	}
	return s.tellGranted(ctx, tx, granted)
}

func (s *Service) tellOfCase(ctx context.Context, tx *store.Tx, id store.ID, h caseflow.Happened, tells []caseTelling, granted map[store.ID][]string) error {
	m, err := caseflow.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	ev, err := caseflow.EventOf(ctx, tx, id, h.Seq)
	if err != nil {
		return err
	}
	due, err := caseflow.DueByClock(ctx, tx, id)
	if err != nil {
		return err
	}
	if due["promise"].IsZero() {
		due["promise"] = due["legal"] // an item without a promise is held to the law
	}
	unit, _ := s.Dir.Tree().Unit(h.After.Unit)
	words := map[string]string{"no": m.No, "title": m.Title, "unit": unit.Name}
	for _, field := range []string{"reason", "what", "where", "result", "opinion", "question"} {
		if words["reason"] = said(ev.Data.Form, field); words["reason"] != "" {
			break
		}
	}
	whole := false
	if m.Parent != 0 && h.Flow == "case" && h.Mark == nil {
		joint, err := caseflow.Get(ctx, tx, m.Parent)
		if err != nil {
			return err
		}
		whole = toldOfWhole(h.Action, joint)
	}
	if whole && (h.Action == "grant" || h.Action == "instant") {
		granted[m.Parent] = append(granted[m.Parent], m.Title)
	}
	page := "/cases/" + id.String()
	if m.Flow == "joint" {
		page = "/joints/" + id.String()
	}
	for _, t := range tells {
		n := notice.Note{Name: t.name, About: "matter/" + id.String(), Words: words, Due: due[t.clock], Link: "/desk" + page}
		if desk := t.desk; desk != "" {
			if desk == "turn" {
				desk = h.After.Desk
			}
			role, at, _ := strings.Cut(desk, "@")
			switch at {
			case "holder":
				at = h.After.Unit
			case "asker":
				at = m.Asker
			}
			if n.Desk = role + "@" + at; role == "" {
				continue
			}
		} else {
			if n.Person, n.Link = m.Applicant, page; n.Person == 0 || whole {
				continue
			}
		}
		if err := s.Notices.Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}

// toldOfWhole says that the applicant hears of what happened to a member of a life event
// by the joint matter alone. What needs them (a notice, papers owed, a special procedure)
// and what they may go to court about is told of the member.
func toldOfWhole(action string, joint *caseflow.Matter) bool {
	switch action {
	case "instant", "grant", "deem", "dissolve":
		return true
	case "withdrawn": // with the whole
		return joint.State == "withdrawing" || !joint.Open
	}
	return false
}

// tellGranted tells the applicant of a life event once what was granted of it. Where the
// whole is done its own notice says so; where all stand or fall together nothing is
// granted before.
func (s *Service) tellGranted(ctx context.Context, tx *store.Tx, granted map[store.ID][]string) error {
	for _, id := range slices.Sorted(maps.Keys(granted)) {
		m, err := caseflow.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		if !m.Open || m.Applicant == 0 {
			continue
		}
		back, err := s.heldBackOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if back {
			continue
		}
		rows, err := jointMembers(ctx, tx, id)
		if err != nil {
			return err
		}
		done := 0
		for _, r := range rows {
			if r.State == JointGranted {
				done++
			}
		}
		words := map[string]string{"no": m.No, "title": m.Title, "reason": fmt.Sprintf("%s（%d/%d）", strings.Join(granted[id], "、"), done, len(rows))}
		if err := s.Notices.Tell(ctx, tx, notice.Note{Name: "joint_member_granted", About: "matter/" + id.String(), Words: words, Person: m.Applicant, Link: "/joints/" + id.String()}); err != nil {
			return err
		}
	}
	return nil
}
