package appeals

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/store"
)

// DutyReplay is what another duty list would have made of past appeals: who
// would be responsible for each by the one and by the other. Nothing is changed.
type DutyReplay struct {
	Looked  int        `json:"looked" doc:"Appeals of the filter that have an item"`
	Same    int        `json:"same" doc:"The same unit is responsible"`
	Moved   int        `json:"moved" doc:"Another unit is"`
	Gained  int        `json:"gained" doc:"Nobody was by the old list"`
	Lost    int        `json:"lost" doc:"Nobody is by the new one"`
	Touched int        `json:"touched_items" doc:"Items for which the two lists differ at all"`
	Moves   []DutyMove `json:"moves" doc:"By unit, the most frequent first"`
	Next    string     `json:"next,omitempty" doc:"Give it as 'after' to go on with older ones; the counts of the parts add up"`
}

// DutyMove is the appeals that would go from one unit to another.
type DutyMove struct {
	From     string       `json:"from" doc:"Code; '' for nobody"`
	FromName string       `json:"from_name"`
	To       string       `json:"to"`
	ToName   string       `json:"to_name"`
	Count    int          `json:"count"`
	Sample   []DutySample `json:"sample" doc:"The newest of them"`
}

// DutySample is one appeal that would move.
type DutySample struct {
	ID       store.ID   `json:"id"`
	No       string     `json:"no"`
	Title    string     `json:"title"`
	Item     string     `json:"item"`
	ItemName string     `json:"item_name"`
	Place    string     `json:"place"`
	Unit     string     `json:"unit" doc:"The unit that has it or had it last, by name"`
	OpenedAt store.Time `json:"opened_at,omitzero"`
}

const (
	replayMost    = 20_000 // in one answer
	replaySamples = 8
)

// touched are the items for which two lists do not say the same.
func (l *DutyList) touched(to *DutyList) map[string]bool {
	say := func(l *DutyList, code string) string {
		if l.byCode[code] == nil {
			return ""
		}
		var b strings.Builder
		for _, r := range l.rulesOf(code) {
			fmt.Fprintf(&b, "|%s;%s;%d;%d", r.Condition, r.Lead, r.ValidFrom.Unix(), r.ValidTo.Unix())
		}
		return b.String()
	}
	out := map[string]bool{}
	for _, x := range []*DutyList{l, to} {
		for _, it := range x.Items {
			if !out[it.Code] && say(l, it.Code) != say(to, it.Code) {
				out[it.Code] = true
			}
		}
	}
	return out
}

// replayDuty replays appeals of a filter that have an item, the newest first, at
// most some of them: the answer says where to go on.
func (s *Service) replayDuty(ctx context.Context, sc account.Scope, f Filter, from, to *DutyList) (DutyReplay, error) {
	touched := from.touched(to)
	out := DutyReplay{Touched: len(touched), Moves: []DutyMove{}}
	moves := map[[2]string]*DutyMove{}
	seen := 0
	zone, tree, d := s.Zone(), s.Dir.Tree(), s.district.Load()
	f.Limit, f.ByDue = exportPage, false
	for {
		rows, next, err := s.list(ctx, sc, f)
		if err != nil {
			return out, err
		}
		f.After = next
		var ids []store.ID // whose texts are needed
		for i := range rows {
			if touched[rows[i].Item] {
				ids = append(ids, rows[i].ID)
			}
		}
		texts := map[store.ID]string{}
		if len(ids) > 0 {
			type body struct {
				ID   store.ID
				Text string
			}
			found, err := store.Select[body](ctx, s.Store, `SELECT id, text FROM appeal WHERE `+store.AnyOf("id", len(ids)), store.Args(ids...)...)
			if err != nil {
				return out, err
			}
			for _, t := range found {
				texts[t.ID] = t.Text
			}
		}
		for i := range rows {
			r := &rows[i]
			if r.Item == "" {
				continue
			}
			out.Looked++
			if !touched[r.Item] {
				out.Same++
				continue
			}
			facts := dutyFactsOf(r, texts[r.ID], zone)
			was, _ := from.Resolve(r.Item, facts, tree)
			is, _ := to.Resolve(r.Item, facts, tree)
			switch {
			case was.Lead == is.Lead:
				out.Same++
				continue
			case was.Lead == "":
				out.Gained++
			case is.Lead == "":
				out.Lost++
			default:
				out.Moved++
			}
			k := [2]string{was.Lead, is.Lead}
			m := moves[k]
			if m == nil {
				m = &DutyMove{From: k[0], FromName: tree.Name(k[0]), To: k[1], ToName: tree.Name(k[1]), Sample: []DutySample{}}
				moves[k] = m
			}
			if m.Count++; len(m.Sample) < replaySamples {
				sample := DutySample{ID: r.ID, No: r.No, Title: r.Title, Item: r.Item, ItemName: r.Item, Place: d.placeName(r.Place), Unit: r.UnitName, OpenedAt: r.OpenedAt}
				for _, l := range []*DutyList{from, to} {
					if it := l.Item(r.Item); it != nil {
						sample.ItemName = it.Name()
					}
				}
				m.Sample = append(m.Sample, sample)
			}
		}
		if seen += len(rows); next == "" || seen >= replayMost {
			out.Next = next
			break
		}
	}
	for _, m := range moves {
		out.Moves = append(out.Moves, *m)
	}
	slices.SortFunc(out.Moves, func(a, b DutyMove) int {
		return cmp.Or(b.Count-a.Count, compare(a.From, b.From), compare(a.To, b.To))
	})
	return out, nil
}
