package services

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/form"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// WeekRow is a case, or an errand, that counts in a week of 通办.
type WeekRow struct {
	Case        store.ID   `bun:"id" json:"case"`
	Flow        string     `bun:"flow" json:"flow" enum:"case,errand"`
	No          string     `bun:"no" json:"no"`
	Title       string     `bun:"title" json:"title"`
	Unit        string     `bun:"unit" json:"unit"`
	Hall        string     `bun:"hall" json:"hall"`
	Region      string     `bun:"region" json:"region,omitempty"`
	RegionName  string     `bun:"region_name" json:"region_name,omitempty"`
	Mode        string     `bun:"mode" json:"mode" enum:"collect,mail,assisted,online,proxy,joint,errand"`
	At          store.Time `bun:"opened_at" json:"at"`
	Transit     string     `bun:"transit" json:"transit,omitempty" doc:"How the way to the authority came out: met, missed; empty where it had none, or it is not over"`
	Checked     bool       `bun:"checked" json:"checked" doc:"Its papers were held against a list"`
	Differences bool       `bun:"differs" json:"differences"`
}

// WeekLine is a week's figures of one hall, region, mode or item.
type WeekLine struct {
	Key      string    `json:"key"`
	Name     form.Text `json:"name,omitempty" doc:"Absent of a unit or a mode, which the screen names"`
	Count    int       `json:"count"`
	Last     int       `json:"last" doc:"In the week before"`
	Rank     int       `json:"rank"`
	LastRank int       `json:"last_rank,omitempty"`
	InTime   int       `json:"in_time"`
	Timed    int       `json:"timed" doc:"Denominator of in_time"`
	Differ   int       `json:"differ"`
	Checked  int       `json:"checked" doc:"Denominator of differ"`
}

// WeekDefinition is what a figure counts.
type WeekDefinition struct {
	Figure string    `json:"figure"`
	Says   form.Text `json:"says"`
}

// weekDefinitions are the definitions of the weekly figures, each with numerator and
// denominator.
var weekDefinitions = []WeekDefinition{
	{"count", form.Text{"zh": "业务量：本周（周一至周日）开始的通办办件，含异地收件、快递申报、辅助申报、跨区域的各方式和代收；一件只计一次，跨区域的计入其方式", "en": "Volume: cases begun in the week, Monday to Sunday, by any of the modes; each once, those of a region by their mode there"}},
	{"rank", form.Text{"zh": "位次：按业务量从多到少，同量同位；与上周位次比较", "en": "Rank: by volume, equal volumes share one; compared with the week before"}},
	{"in_time", form.Text{"zh": "转送及时率 = 约定时限内送到的 ÷ 转送已经结束的（本周收件的）", "en": "In time = arrived within the agreed limit ÷ those whose way has ended, of the cases begun in the week"}},
	{"differ", form.Text{"zh": "差异率 = 核对时缺件的办件 ÷ 已核对的办件（本周收件的）", "en": "Differences = cases with a paper missing ÷ cases whose papers were checked, of those begun in the week"}},
}

// CitywideWeek is a week of 通办 with its ranking (周业务量和排名).
type CitywideWeek struct {
	Week        string           `json:"week" doc:"Monday"`
	To          string           `json:"to" doc:"Sunday"`
	By          string           `json:"by" enum:"hall,region,mode,item"`
	Total       WeekLine         `json:"total"`
	Lines       []WeekLine       `json:"lines"`
	Definitions []WeekDefinition `json:"definitions"`
}

// monday is the first day of the week of a day.
func (s *Service) monday(day string) (time.Time, error) {
	if day == "" {
		day = s.today()
	}
	t, err := time.ParseInLocation(time.DateOnly, day, s.Zone())
	if err != nil {
		return t, httpapi.FailField("week", "not_a_time")
	}
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7), nil
}

const weekQuery = `SELECT m.id, m.flow, m.no, m.title, m.unit, COALESCE(NULLIF(col.origin, ''), NULLIF((SELECT h.unit FROM service_assist h WHERE h.application = c.application AND h.clerk IS NOT NULL ORDER BY h.id DESC LIMIT 1), ''), m.asker) AS hall,
 COALESCE(rc.region, '') AS region, COALESCE(r.name, '') AS region_name, m.opened_at,
 CASE WHEN m.flow = 'errand' THEN 'errand' WHEN rc.mode IS NOT NULL THEN rc.mode WHEN col.matter IS NOT NULL THEN 'collect' WHEN c.channel = 'assisted' THEN 'assisted' ELSE 'mail' END AS mode,
 COALESCE((SELECT k.outcome FROM matter_clock k WHERE k.matter = m.id AND k.clock = 'transit' AND k.outcome IN ('met', 'missed') ORDER BY k.n DESC LIMIT 1), '') AS transit,
 EXISTS (SELECT 1 FROM service_piece p JOIN service_piece_move v ON v.piece = p.id JOIN service_bag b ON b.id = v.bag WHERE p.matter = m.id AND b.checked_at IS NOT NULL) AS checked,
 EXISTS (SELECT 1 FROM service_bag_difference d WHERE d.matter = m.id) AS differs
 FROM matter m LEFT JOIN service_case c ON c.id = m.id LEFT JOIN service_collection col ON col.matter = m.id LEFT JOIN service_region_case rc ON rc.matter = m.id LEFT JOIN service_region r ON r.code = rc.region
 WHERE m.system = '` + System + `' AND m.flow IN ('case', 'errand') AND m.opened_at >= ? AND m.opened_at < ?
 AND (col.matter IS NOT NULL OR rc.matter IS NOT NULL OR c.channel = 'assisted' OR EXISTS (SELECT 1 FROM service_piece_move v JOIN service_piece p ON p.id = v.piece WHERE p.matter = m.id AND v.place = 'post')) ORDER BY m.opened_at, m.id`

func (r WeekRow) key(by string) (key string, name form.Text) {
	switch by {
	case "region":
		return r.Region, form.Text{"zh": r.RegionName}
	case "mode":
		return r.Mode, nil
	case "item":
		return r.Title, form.Text{"zh": r.Title}
	}
	return r.Hall, nil
}

// rankWeek counts rows of a week and of the one before by a key. Equal counts share a rank.
func rankWeek(now, last []WeekRow, by string) (lines []WeekLine, total WeekLine) {
	at := map[string]int{}
	line := func(r WeekRow) *WeekLine {
		key, name := r.key(by)
		i, ok := at[key]
		if !ok {
			i = len(lines)
			at[key] = i
			lines = append(lines, WeekLine{Key: key, Name: name})
		}
		return &lines[i]
	}
	for _, r := range now {
		for _, l := range []*WeekLine{line(r), &total} {
			l.Count++
			if r.Transit != "" {
				l.Timed++
			}
			if r.Transit == "met" {
				l.InTime++
			}
			if r.Checked {
				l.Checked++
				if r.Differences {
					l.Differ++
				}
			}
		}
	}
	for _, r := range last {
		line(r).Last++
		total.Last++
	}
	if by == "region" { // what is of no region is no region's
		lines = slices.DeleteFunc(lines, func(l WeekLine) bool { return l.Key == "" })
	}
	rank := func(count func(WeekLine) int, set func(*WeekLine, int)) {
		slices.SortStableFunc(lines, func(a, b WeekLine) int {
			return cmp.Or(cmp.Compare(count(b), count(a)), cmp.Compare(a.Key, b.Key))
		})
		for i := range lines {
			n := i + 1
			for j := i; j > 0 && count(lines[j-1]) == count(lines[i]); j-- {
				n = j
			}
			if count(lines[i]) > 0 {
				set(&lines[i], n)
			}
		}
	}
	rank(func(l WeekLine) int { return l.Last }, func(l *WeekLine, n int) { l.LastRank = n })
	rank(func(l WeekLine) int { return l.Count }, func(l *WeekLine, n int) { l.Rank = n })
	return lines, total
}

func (s *Service) weekRows(ctx context.Context, from time.Time) ([]WeekRow, error) {
	return store.Select[WeekRow](ctx, s.Store, weekQuery, store.At(from), store.At(from.AddDate(0, 0, 7)))
}

// CitywideWeek counts the week of a day, by hall, region, mode or item.
func (s *Service) CitywideWeek(ctx context.Context, day, by string) (CitywideWeek, error) {
	from, err := s.monday(day)
	if err != nil {
		return CitywideWeek{}, err
	}
	now, err := s.weekRows(ctx, from)
	if err != nil {
		return CitywideWeek{}, err
	}
	last, err := s.weekRows(ctx, from.AddDate(0, 0, -7))
	if err != nil {
		return CitywideWeek{}, err
	}
	w := CitywideWeek{Week: from.Format(time.DateOnly), To: from.AddDate(0, 0, 6).Format(time.DateOnly), By: cmp.Or(by, "hall"), Definitions: weekDefinitions}
	if w.Lines, w.Total = rankWeek(now, last, w.By); w.Lines == nil {
		w.Lines = []WeekLine{}
	}
	return w, nil
}

// CitywideWeekRows are the rows behind a figure.
func (s *Service) CitywideWeekRows(ctx context.Context, day, by, key string) ([]WeekRow, error) {
	from, err := s.monday(day)
	if err != nil {
		return nil, err
	}
	rows, err := s.weekRows(ctx, from)
	return slices.DeleteFunc(rows, func(r WeekRow) bool {
		k, _ := r.key(cmp.Or(by, "hall"))
		return k != key
	}), err
}

// weekFile is a week as a table; who fetched it is recorded.
func (s *Service) weekFile(ctx context.Context, who account.Actor, day, by string) (*httpapi.Download, error) {
	w, err := s.CitywideWeek(ctx, day, by)
	if err != nil {
		return nil, err
	}
	if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Write(ctx, tx, audit.Record{At: store.At(s.Store.Now()), Actor: who.Account, Unit: who.Unit, Action: "citywide.export", Object: "week/" + w.Week}, map[string]any{"by": w.By, "lines": len(w.Lines)})
	}); err != nil {
		return nil, err
	}
	return &httpapi.Download{ContentType: "text/csv; charset=utf-8", Disposition: fmt.Sprintf(`attachment; filename="citywide-%s-%s.csv"`, w.Week, w.By), Cache: "no-store", Body: func(hc huma.Context) {
		out := hc.BodyWriter()
		_, _ = out.Write([]byte("\ufeff"))
		rows := csv.NewWriter(out)
		_ = rows.Write([]string{"位次", "名称", "业务量", "上周", "上周位次", "及时送到", "转送结束", "差异", "已核对"})
		for _, l := range w.Lines {
			name := l.Key
			if l.Name["zh"] != "" {
				name = l.Name["zh"]
			} else if u, ok := s.Dir.Tree().Unit(l.Key); ok {
				name = u.Name
			}
			n := strconv.Itoa
			_ = rows.Write([]string{n(l.Rank), name, n(l.Count), n(l.Last), n(l.LastRank), n(l.InTime), n(l.Timed), n(l.Differ), n(l.Checked)})
		}
		for _, d := range w.Definitions {
			_ = rows.Write([]string{"", d.Says["zh"]})
		}
		rows.Flush()
	}}, nil
}

func (s *Service) mountWeeks(srv *httpapi.Server) {
	readers := httpapi.Roles("inspector", "leader", "intake_clerk", "acceptor", "item_publisher")
	httpapi.Register(srv, httpapi.Operation{ID: "get-citywide-week", Method: http.MethodGet, Path: "/api/services/citywide-week", Tag: tag, Access: readers,
		Summary: "A week of 通办: volume and rank by hall, region, mode or item, with what each figure counts"}, func(ctx context.Context, in *struct {
		Week string `query:"week" maxLength:"10" doc:"A day of it; this week when absent"`
		By   string `query:"by" enum:"hall,region,mode,item,"`
	}) (*httpapi.Body[CitywideWeek], error) {
		return httpapi.Answer(s.CitywideWeek(ctx, in.Week, in.By))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-citywide-week", Method: http.MethodGet, Path: "/api/services/citywide-week/rows", Tag: tag, Access: httpapi.Roles("inspector", "leader"),
		Summary: "The rows behind a figure of a week"}, func(ctx context.Context, in *struct {
		Week string `query:"week" maxLength:"10"`
		By   string `query:"by" enum:"hall,region,mode,item,"`
		Key  string `query:"key" maxLength:"200"`
	}) (*httpapi.Body[[]WeekRow], error) {
		return httpapi.Answer(s.CitywideWeekRows(ctx, in.Week, in.By, in.Key))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "download-citywide-week", Method: http.MethodGet, Path: "/api/services/citywide-week/table", Tag: tag, Access: httpapi.Roles("inspector", "leader"),
		Summary: "A week of 通办 as a table (CSV): counts alone"}, func(ctx context.Context, in *struct {
		Week string `query:"week" maxLength:"10"`
		By   string `query:"by" enum:"hall,region,mode,item,"`
	}) (*httpapi.Download, error) {
		return s.weekFile(ctx, httpapi.Actor(ctx), in.Week, in.By)
	})
}
