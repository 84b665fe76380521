package appeals

import (
	"context"
	"slices"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/store"
)

// LeadFigures are what leads of one source came to.
type LeadFigures struct {
	Source   string   `json:"source"`
	Found    int      `json:"found"`
	Waiting  int      `json:"waiting" doc:"Nobody has verified them yet"`
	Filed    int      `json:"filed"`
	Merged   int      `json:"merged"`
	Refused  int      `json:"refused"`
	Hit      *float64 `json:"hit,omitempty" doc:"Verified, filed or merged, of all that was decided, from 0 to 1"`
	Followed int      `json:"followed" doc:"Filed ones about whose place and item a citizen complained later"`
	Days     *float64 `json:"days,omitempty" doc:"Median of the days from finding to that first complaint"`
	Closed   int      `json:"closed" doc:"Filed ones that are closed"`
	Solved   *float64 `json:"solved,omitempty" doc:"Of the closed ones: solved counts 1, partly 0.5"`
}

// leadOutcome is one lead as figures read it.
type leadOutcome struct {
	ID     store.ID   `bun:"id"`
	Source string     `bun:"source"`
	State  string     `bun:"state"`
	Found  store.Time `bun:"found_at"`
	Open   *bool      `bun:"open"`
	Result string     `bun:"result"`
}

// LeadFigures measures the leads found in the last days, by source; of those that
// the actor may see.
func (s *Service) LeadFigures(ctx context.Context, who account.Actor, days int) ([]LeadFigures, error) {
	cond, args := s.leadScope(who).sql()
	since := store.At(s.Store.Now().AddDate(0, 0, -days))
	rows, err := store.Select[leadOutcome](ctx, s.Store, `SELECT l.id, l.source, l.state, l.found_at, m.open, COALESCE(a.result, '') AS result FROM lead l
		LEFT JOIN matter m ON m.id = l.appeal AND l.state = 'filed' LEFT JOIN appeal a ON a.id = m.id WHERE l.found_at >= ? AND `+cond, append([]any{since}, args...)...)
	if err != nil {
		return nil, err
	}
	first, err := s.firstComplaints(ctx, since)
	if err != nil {
		return nil, err
	}
	by, ahead, worth := map[string]*LeadFigures{}, map[string][]float64{}, map[string]float64{}
	verified := map[string]int{}
	for _, r := range rows {
		f := by[r.Source]
		if f == nil {
			f = &LeadFigures{Source: r.Source}
			by[r.Source] = f
		}
		f.Found++
		switch r.State {
		case "found":
			f.Waiting++
		case "verified":
			verified[r.Source]++
		case "refused":
			f.Refused++
		case "merged":
			f.Merged++
		case "filed":
			f.Filed++
			if at, ok := first[r.ID]; ok {
				f.Followed++
				ahead[r.Source] = append(ahead[r.Source], at.Sub(r.Found.Time).Hours()/24)
			}
			if r.Open != nil && !*r.Open {
				f.Closed++
				worth[r.Source] += map[string]float64{"solved": 1, "partly": 0.5}[r.Result]
			}
		}
	}
	out := []LeadFigures{}
	for _, source := range sortedKeysOf(by) {
		f := by[source]
		share := func(a float64, of int) *float64 {
			if of == 0 {
				return nil
			}
			v := a / float64(of)
			return &v
		}
		hits := verified[source] + f.Filed + f.Merged
		f.Hit, f.Solved = share(float64(hits), hits+f.Refused), share(worth[source], f.Closed)
		if f.Followed > 0 {
			m := medianOf(ahead[source])
			f.Days = &m
		}
		out = append(out, *f)
	}
	slices.SortStableFunc(out, func(a, b LeadFigures) int { return b.Found - a.Found })
	return out, nil
}

// firstComplaints is when, after a lead was found, a citizen first complained of
// the same item at the same place: its community, or its street where none is
// known. What came in by the channels of leads is no citizen's word.
func (s *Service) firstComplaints(ctx context.Context, since store.Time) (map[store.ID]time.Time, error) {
	set := s.district.Load().leads
	not := []string{""}
	for _, source := range sortedKeysOf(set.Channels) {
		not = append(not, set.Channels[source])
	}
	args := append([]any{since}, store.Args(not...)...)
	rows, err := store.Select[struct {
		ID store.ID   `bun:"id"`
		At store.Time `bun:"at"`
	}](ctx, s.Store, `SELECT l.id, MIN(m.opened_at) AS at FROM lead l JOIN appeal b ON b.id = l.appeal JOIN matter n ON n.id = b.id
		JOIN appeal a ON a.street = b.street AND (b.community = '' OR a.community = b.community) JOIN matter m ON m.id = a.id
		WHERE l.state = 'filed' AND l.found_at >= ? AND NOT (`+store.AnyOf("a.channel", len(not))+`) AND a.source <> 'lead' AND m.flow = 'appeal' AND m.applicant IS NOT NULL
		AND m.item = CASE WHEN n.item <> '' THEN n.item ELSE l.item END AND m.item <> '' AND m.opened_at > l.found_at AND m.opened_at <= l.found_at + ? GROUP BY l.id`,
		append(args, int64(set.Advance)*int64(24*time.Hour/time.Microsecond))...)
	out := map[store.ID]time.Time{}
	for _, r := range rows {
		out[r.ID] = r.At.Time
	}
	return out, err
}
