package services

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"shanzhi/core/rule"
	"shanzhi/core/store"
)

// DecisionFigure is a share with what it is of.
type DecisionFigure struct {
	N     int      `json:"n" doc:"Numerator"`
	Of    int      `json:"of" doc:"Denominator"`
	Share *float64 `json:"share,omitempty" doc:"In percent; absent where there is nothing to be a share of"`
}

func figure(n, of int) DecisionFigure {
	f := DecisionFigure{N: n, Of: of}
	if of > 0 {
		share := float64(n) * 100 / float64(of)
		f.Share = &share
	}
	return f
}

// DecisionFigures are what a pack did in a time, of real applications alone.
type DecisionFigures struct {
	From       string              `json:"from"`
	To         string              `json:"to" doc:"The last day"`
	Automatic  DecisionFigure      `json:"automatic" doc:"Approved by the pack and touched by nobody since, of all that it judged while it decided (canary or on). Shadow and trials do not count."`
	Overturned DecisionFigure      `json:"overturned" doc:"Approvals that a person decided otherwise afterwards, of all approvals"`
	Supplement DecisionFigure      `json:"supplement" doc:"Sent to be supplemented, of all that it judged"`
	Human      DecisionFigure      `json:"human" doc:"Sent to a person, of all that it judged"`
	MedianMS   *float64            `json:"median_ms,omitempty" doc:"Half of them took no longer, from the asking for facts"`
	Days       []DecisionDay       `json:"days"`
	Reasons    []DecisionReason    `json:"reasons" doc:"Why it did not approve: by check, and the fact that could not be used"`
	Ages       []DecisionGroup     `json:"ages" doc:"Approvals by age band"`
	Origins    []DecisionGroup     `json:"origins" doc:"Approvals by where the number was first given out: 4403 this city, else the province"`
	Suppress   int                 `json:"suppress_under" doc:"Groups smaller than this are not shown, nor one that the others would tell"`
	Shadow     rule.Shadow         `json:"shadow"`
	Needs      rule.ShadowNeeds    `json:"needs"`
	Watched    DecisionWatchTotals `json:"watched"`
}

// DecisionDay is what a pack came to on one day.
type DecisionDay struct {
	Day        string `json:"day"`
	Approve    int    `json:"approve"`
	Supplement int    `json:"supplement"`
	Human      int    `json:"human"`
}

// DecisionReason is how often a check kept a case from approval, and why.
type DecisionReason struct {
	Check string `json:"check"`
	Fact  string `json:"fact,omitempty"`
	Why   string `json:"why" doc:"FAIL: answered and not so; else why the fact could not be used"`
	N     int    `json:"n"`
}

// DecisionGroup is how a group fares. Of a small one only that it is there is told.
type DecisionGroup struct {
	Group  string   `json:"group"`
	N      int      `json:"n,omitempty"`
	Share  *float64 `json:"share,omitempty" doc:"Approved, in percent"`
	Hidden bool     `json:"hidden,omitempty"`
}

// DecisionFiguresOf are a pack's figures from one day to another, both with.
func (s *Service) DecisionFiguresOf(ctx context.Context, pack string, from, to rule.Date) (DecisionFigures, error) {
	in := s.decide.Load()
	out := DecisionFigures{From: from.Format(time.DateOnly), To: to.Format(time.DateOnly), Days: []DecisionDay{}, Reasons: []DecisionReason{}, Suppress: in.SuppressUnder, Needs: in.Shadow}
	begin := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, in.zone)
	end := time.Date(to.Year(), to.Month(), to.Day()+1, 0, 0, 0, 0, in.zone)
	var all, approved, untouched, overturned, supplement, people int
	if err := s.Store.QueryRow(ctx, `SELECT count(*), count(CASE WHEN d.outcome = 'approve' THEN 1 END), count(CASE WHEN d.outcome = 'approve' AND h.outcome IS NULL THEN 1 END),
 count(CASE WHEN d.outcome = 'approve' AND h.outcome <> 'approve' THEN 1 END), count(CASE WHEN d.outcome = 'supplement' THEN 1 END), count(CASE WHEN d.outcome = 'human' THEN 1 END)
 FROM decision d LEFT JOIN decision_human h ON h.id = (SELECT max(x.id) FROM decision_human x WHERE x.decision = d.id)
 WHERE d.pack = ? AND d.at >= ? AND d.at < ? AND d.mode IN ('canary', 'on') AND d.object <> ''`, pack, store.At(begin), store.At(end)).Scan(&all, &approved, &untouched, &overturned, &supplement, &people); err != nil {
		return out, err
	}
	out.Automatic, out.Overturned, out.Supplement, out.Human = figure(untouched, all), figure(overturned, approved), figure(supplement, all), figure(people, all)
	if all > 0 {
		took, err := store.Get[int64](ctx, s.Store, `SELECT took FROM decision WHERE pack = ? AND at >= ? AND at < ? AND mode IN ('canary', 'on') AND object <> '' ORDER BY took LIMIT 1 OFFSET ?`, pack, store.At(begin), store.At(end), (all-1)/2)
		if err != nil {
			return out, err
		}
		ms := float64(took) / 1000
		out.MedianMS = &ms
	}
	rows, err := store.Select[struct {
		Day, Kind, Key, Sub string
		N                   int
	}](ctx, s.Store, `SELECT day, kind, key, sub, CAST(sum(n) AS BIGINT) AS n FROM decision_tally WHERE pack = ? AND day >= ? AND day <= ? AND mode IN ('canary', 'on') GROUP BY day, kind, key, sub ORDER BY day, kind, key, sub`, pack, out.From, out.To)
	if err != nil {
		return out, err
	}
	reasons := map[DecisionReason]int{}
	ages, origins := map[string][2]int{}, map[string][2]int{}
	for _, r := range rows {
		switch r.Kind {
		case "outcome":
			if n := len(out.Days); n == 0 || out.Days[n-1].Day != r.Day {
				out.Days = append(out.Days, DecisionDay{Day: r.Day})
			}
			d := &out.Days[len(out.Days)-1]
			switch rule.Outcome(r.Key) {
			case rule.Approve:
				d.Approve += r.N
			case rule.Supplement:
				d.Supplement += r.N
			default:
				d.Human += r.N
			}
		case "check":
			fact, why, ok := strings.Cut(r.Sub, " ")
			if !ok {
				fact, why = "", r.Sub
			}
			reasons[DecisionReason{Check: r.Key, Fact: fact, Why: why}] += r.N
		case countAge, countOrigin:
			into := ages
			if r.Kind == countOrigin {
				into = origins
			}
			g := into[r.Key]
			if g[1] += r.N; r.Sub == string(rule.Approve) {
				g[0] += r.N
			}
			into[r.Key] = g
		}
	}
	for r, n := range reasons {
		r.N = n
		out.Reasons = append(out.Reasons, r)
	}
	slices.SortFunc(out.Reasons, func(a, b DecisionReason) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Check, b.Check), cmp.Compare(a.Fact, b.Fact), cmp.Compare(a.Why, b.Why))
	})
	out.Ages, out.Origins = suppress(ages, in.SuppressUnder), suppress(origins, in.SuppressUnder)
	if out.Shadow, err = s.Rules.ShadowOf(ctx, s.Store, pack, in.Shadow); err != nil {
		return out, err
	}
	out.Watched, err = s.watchTotals(ctx, pack)
	return out, err
}

// suppress shows groups, approved and all by name, but small ones: where only one is
// small, the smallest of the others is hidden with it, since the total would tell it.
func suppress(groups map[string][2]int, under int) []DecisionGroup {
	out := []DecisionGroup{}
	hidden := 0
	for name, g := range groups {
		x := DecisionGroup{Group: name, N: g[1], Share: figure(g[0], g[1]).Share}
		if x.Hidden = g[1] < under; x.Hidden {
			hidden++
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b DecisionGroup) int { return cmp.Or(cmp.Compare(a.N, b.N), cmp.Compare(a.Group, b.Group)) })
	for i := range out {
		if hidden == 1 && !out[i].Hidden {
			out[i].Hidden = true
			hidden++
		}
	}
	for i := range out {
		if out[i].Hidden {
			out[i].N, out[i].Share = 0, nil
		}
	}
	order := func(g string) int {
		return slices.IndexFunc(ageBands, func(b struct {
			below int
			name  string
		}) bool {
			return b.name == g
		})
	}
	slices.SortFunc(out, func(a, b DecisionGroup) int {
		return cmp.Or(cmp.Compare(order(a.Group), order(b.Group)), cmp.Compare(a.Group, b.Group))
	})
	return out
}
