package services

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"shanzhi/core/caseflow"
	"shanzhi/core/notice"
	"shanzhi/core/store"
)

// custodyMark says that a mark is of papers on their way: its ladder is the pack's own.
func custodyMark(flow string, m *caseflow.Mark) bool {
	return m != nil && (flow == "bag" || flow == "errand" || flow == "case" && m.Clock == "transit")
}

func (s *Service) tellCustodyOf(ctx context.Context, tx *store.Tx, id store.ID, h caseflow.Happened) error {
	m, err := caseflow.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	clocks, err := caseflow.Clocks(ctx, tx, id)
	if err != nil {
		return err
	}
	var due store.Time
	for _, c := range clocks {
		if c.Name == h.Mark.Clock && c.N == h.Mark.N {
			due = c.Due
		}
	}
	return s.tellCustody(ctx, tx, m, h.Mark, due)
}

// tellCustody tells those whom the pack's ladder names that a bag, or papers at the
// counter, are late at a step (未签收、迟开袋预警).
func (s *Service) tellCustody(ctx context.Context, tx *store.Tx, m *caseflow.Matter, mark *caseflow.Mark, due store.Time) error {
	r := s.citywide.Load()
	if r == nil || mark.Index >= len(r.Ladder) {
		return nil
	}
	unit, _ := s.Dir.Tree().Unit(m.Unit)
	n := notice.Note{Name: "custody_late", About: "matter/" + m.ID.String(), Link: "/desk/bags/" + m.ID.String(), Due: due,
		Words: map[string]string{"no": m.No, "title": m.Title, "unit": unit.Name, "reason": custodyStep(m.Flow, mark.Clock)}}
	if m.Flow == "errand" {
		n.Link = "/desk/citywide?tab=errands"
	} else if m.Flow == "case" {
		n.Link = "/desk/cases/" + m.ID.String()
	}
	if mark.Level == "reminder" || mark.Level == "yellow" {
		n.Name = "custody_soon"
	}
	desks := map[string]string{"asker": "intake_clerk@" + m.Asker, "holder": "acceptor@" + m.Unit, "inspector": "inspector@" + s.casework.Load().Receiving, "leader": "leader@" + s.Dir.Tree().Root()}
	var told []string
	for _, to := range r.Ladder[mark.Index].Tell {
		if slices.Contains(told, desks[to]) {
			continue
		}
		told = append(told, desks[to])
		n.Desk = desks[to]
		if err := s.Notices.Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}

// custodyStep is what is late, in words.
func custodyStep(flow, clock string) string {
	switch {
	case flow == "case":
		return "材料还没有送到办理机关"
	case clock == "send":
		return "代收的材料还没有转出"
	case clock == "hand":
		return "结果还没有交付"
	case clock == "dispatch":
		return "已封袋，还没有发出"
	case clock == "transit":
		return "已发出，还没有签收"
	case clock == "open":
		return "已签收，还没有开袋"
	case clock == "check":
		return "已开袋，还没有核对"
	}
	return "差异还没有处理"
}

// collectionWords are what a receipt says of papers that another office collected, and
// from which day the authority counts.
func (s *Service) collectionWords(ctx context.Context, m *caseflow.Matter, d duePaper, clocks []caseflow.Clock, words map[string]string) error {
	switch d.Kind {
	case "receipt":
		for _, c := range clocks {
			if c.Name == "accept" && c.Outcome != caseflow.Void {
				words["day"] = chineseDay(c.Started.In(s.Zone()))
				break
			}
		}
	case "collection":
		origin, _ := s.Dir.Tree().Unit(m.Asker)
		pieces, err := store.Select[pieceRow](ctx, s.Store, `SELECT `+pieceColumns+` FROM service_piece p WHERE p.matter = ? ORDER BY p.id`, m.ID)
		if err != nil {
			return err
		}
		var said []string
		for _, p := range pieces {
			form := map[string]string{"original": "原件", "copy": "复印件"}[p.Form]
			said = append(said, fmt.Sprintf("%s（%s%d份）", s.materialName(m.Item, p.Material)["zh"], form, p.Copies))
		}
		words["origin"], words["pieces"] = origin.Name, strings.Join(said, "、")
		for _, c := range clocks {
			if c.Name == "transit" {
				words["transit_due"] = chineseDay(c.Due.In(s.Zone()))
			}
		}
	}
	return nil
}
