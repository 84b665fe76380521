package halls

import (
	"cmp"
	"context"
	"strings"

	"shanzhi/core/caseflow"
	"shanzhi/core/notice"
	"shanzhi/core/store"
)

// stuckTelling is one notice that a step of a stuck case calls for: to the person, or to
// a desk as in the flow; "turn" is whoever has the case now.
type stuckTelling struct {
	name  string
	desk  string // "" the person
	clock string // whose due the reader has to know
}

// stuckTellings say, by action, who is told what.
var stuckTellings = map[string][]stuckTelling{
	"report":   {{"stuck_reported", "stuck_clerk@asker", ""}},
	"file":     {{"stuck_accepted", "", "contact"}},
	"accept":   {{"stuck_accepted", "", "contact"}},
	"guide":    {{"stuck_guided", "", ""}},
	"send":     {{"stuck_sent", "handler@holder", "handle"}, {"stuck_sent_on", "", "handle"}},
	"again":    {{"stuck_again", "handler@holder", "handle"}, {"stuck_sent_on", "", "handle"}},
	"conclude": {{"stuck_concluded", "stuck_clerk@asker", ""}},
	"feedback": {{"stuck_done", "", ""}},
}

// stuckMarks are for a clock that comes near its due, or passes it: whoever has the case
// is told, and of what is late, its window and the unit's head too.
func stuckMarks(m *caseflow.Mark) []stuckTelling {
	name := map[string]string{"contact": "stuck_contact", "handle": "stuck_handle"}[m.Clock]
	switch {
	case name == "":
		return nil
	case m.Level == caseflow.Due:
		name += "_late"
		return []stuckTelling{{name, "turn", m.Clock}, {name, "unit_head@holder", m.Clock}, {name, "stuck_clerk@asker", m.Clock}}
	}
	return []stuckTelling{{name + "_soon", "turn", m.Clock}}
}

// tellStuck tells of a step of a stuck case, in its transaction.
func (s *Service) tellStuck(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	m, ev := c.Matter, c.Event
	tells := stuckTellings[ev.Action]
	if ev.Data.Mark != nil {
		tells = stuckMarks(ev.Data.Mark)
	}
	if len(tells) == 0 {
		return nil
	}
	clocks, err := caseflow.Clocks(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	due := map[string]store.Time{}
	for _, x := range clocks {
		due[x.Name] = x.Due // the last run of a clock is the one that counts
	}
	text := func(field string) string {
		t, _ := ev.Data.Form[field].(string)
		return t
	}
	words := map[string]string{"no": m.No, "title": m.Title, "unit": s.Dir.Tree().Name(m.Unit), "reason": cmp.Or(text("note"), text("reply"))}
	told := map[string]bool{}
	for _, t := range tells {
		n := notice.Note{Name: t.name, About: "matter/" + m.ID.String(), Words: words, Due: due[t.clock], Link: "/desk/stuck/" + m.ID.String()}
		if t.desk == "" {
			n.Person, n.Link = m.Applicant, "/stuck"
		} else {
			desk := t.desk
			if desk == "turn" {
				desk = m.Desk
			}
			role, at, _ := strings.Cut(desk, "@")
			switch at {
			case "holder":
				at = m.Unit
			case "asker":
				at = m.Asker
			}
			if n.Desk = role + "@" + at; role == "" || told[n.Desk] {
				continue
			}
			told[n.Desk] = true
		}
		if err := s.Notices.Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}
