package services

import (
	"context"
	"maps"

	"shanzhi/core/form"
	"shanzhi/core/store"
)

// ItemNeeds is what somebody in a situation (情形) needs, before they apply: exactly which
// materials, how long it takes, what it costs.
type ItemNeeds struct {
	Version   int               `json:"version"`
	Materials []*ItemMaterial   `json:"materials"`
	Promised  *ItemDays         `json:"promised,omitempty"`
	Legal     *ItemDays         `json:"legal,omitempty"`
	Visits    *int              `json:"visits,omitempty"`
	Fee       *ItemFee          `json:"fee,omitempty"`
	Instant   bool              `json:"instant" doc:"Decided at once where all conditions hold (秒批)"`
	Term      form.Text         `json:"term,omitempty" doc:"The situation that time and fee are of"`
	Open      bool              `json:"open" doc:"Some materials depend on what the form will say; those are in it"`
	Exit      map[string]string `json:"exit,omitempty" doc:"Why one in this situation cannot apply"`
	Wrong     map[string]string `json:"wrong,omitempty" doc:"Answers that are missing or wrong"`
}

// Needs reads a situation on today's version of an item. Returns [store.ErrNotFound] where
// the item is not applied for here.
func (s *Service) Needs(ctx context.Context, id store.ID, situation map[string]any) (ItemNeeds, error) {
	x, err := s.Item(ctx, id, 0)
	if err != nil {
		return ItemNeeds{}, err
	}
	h := x.Elements.Handling
	if x.State != ItemPublished || h == nil {
		return ItemNeeds{}, store.ErrNotFound
	}
	out := ItemNeeds{Version: x.Version, Promised: x.Elements.Promised, Legal: x.Elements.Legal, Visits: x.Elements.Visits, Fee: h.Fee, Instant: h.Instant != "", Materials: []*ItemMaterial{}}
	answers := map[string]any{}
	if h.Situation != nil {
		f, err := h.Situation.Fill(situation, s.today(), false)
		if err != nil {
			return out, err
		}
		answers = f.Values
		if f.Exit != nil {
			out.Exit = maps.Clone(f.Exit.Say)
			return out, nil
		}
		if len(f.Wrong) > 0 {
			out.Wrong = f.Wrong
			return out, nil
		}
	}
	of, n, err := x.Elements.inSituation(answers, s.today())
	if err != nil {
		return out, err
	}
	if out.Legal, out.Promised, out.Fee = of.Legal, of.Promised, of.Handling.Fee; n > 0 {
		out.Term = h.Terms[n-1].Say
	}
	if out.Materials, err = h.Needed(answers, nil, s.today()); err != nil {
		return out, err
	}
	for _, m := range h.Materials {
		if m.when != nil && m.readsForm() {
			out.Open = true
		}
	}
	return out, nil
}
