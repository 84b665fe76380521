package appeals

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/metric"
	"shanzhi/core/store"
	"shanzhi/systems/appeals/closing"
)

// closers may see how replies are judged over the district.
var closers = httpapi.Roles("reviewer", "supervisor", "leader", "admin")

func (s *Service) mountClosing(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "get-closing", Method: http.MethodGet, Path: "/api/appeals/{id}/closing", Tag: tag, Access: httpapi.Roles("reviewer", "supervisor", "leader", "admin", "unit_head", "handler"),
		Summary: "How the newest reply was judged (形式办结), with its evidence, and what became of an objection"}, s.getClosing)
	httpapi.Register(srv, httpapi.Operation{ID: "get-closing-tuning", Method: http.MethodGet, Path: "/api/closing/tuning", Tag: tag, Access: closers,
		Summary: "Judged replies by item and signal, objections upheld, and scores for trying other thresholds"}, s.getTuning)
	httpapi.Register(srv, httpapi.Operation{ID: "list-closing-judgments", Method: http.MethodGet, Path: "/api/closing/judgments", Tag: tag, Access: closers,
		Summary: "Judged replies, the newest first"}, s.listJudgments)
	httpapi.Register(srv, httpapi.Operation{ID: "list-second-looks", Method: http.MethodGet, Path: "/api/closing/looks", Tag: tag, Access: httpapi.Roles("supervisor", "leader"),
		Summary: "Closed appeals that are to be looked at again (回头看), or that were"}, s.listSecondLooks)
	httpapi.Register(srv, httpapi.Operation{ID: "find-second-look", Method: http.MethodPut, Path: "/api/closing/looks/{id}", Tag: tag, Access: httpapi.Roles("supervisor"), Status: http.StatusNoContent,
		Summary: "Record what a second look found"}, s.find)
}

// ClosingView is the judgment of a reply as the desk shows it.
type ClosingView struct {
	Judged    bool              `json:"judged"`
	At        store.Time        `json:"at,omitzero"`
	Block     int               `json:"block" doc:"The score from which a reply to this item does not pass"`
	Judgment  *closing.Judgment `json:"judgment,omitempty"`
	Blocked   bool              `json:"blocked" doc:"The reply does not pass now"`
	Objection []ObjectionStep   `json:"objection,omitempty"`
}

// ObjectionStep is one step of an objection to a judgment.
type ObjectionStep struct {
	At     store.Time `bun:"at" json:"at,omitzero"`
	Step   string     `bun:"step" json:"step" enum:"object,uphold,overrule"`
	By     string     `bun:"name" json:"by"`
	Unit   string     `bun:"unit" json:"unit"`
	Reason string     `bun:"reason" json:"reason"`
}

func (s *Service) getClosing(ctx context.Context, in *idInput) (*httpapi.Body[ClosingView], error) {
	who := httpapi.Actor(ctx)
	m, _, err := s.seen(ctx, s.Store, who, in.ID.ID)
	if err != nil {
		return nil, err
	}
	var v ClosingView
	settings := s.district.Load().closing
	if settings == nil {
		return httpapi.Answer(v, nil)
	}
	v.Block = settings.Block(m.Item)
	c, err := s.closingOf(ctx, s.Store, m.ID)
	if err != nil || c.ID == 0 {
		return httpapi.Answer(v, err)
	}
	v.Judged, v.At, v.Blocked = true, c.At, c.blocks()
	v.Judgment = &closing.Judgment{}
	if err := json.Unmarshal([]byte(c.Judgment), v.Judgment); err != nil {
		return nil, fmt.Errorf("appeals: judgment %d: %w", c.ID, err)
	}
	v.Objection, err = store.Select[ObjectionStep](ctx, s.Store, `SELECT o.at, o.step, COALESCE(a.name, '') AS name, o.unit, o.reason FROM closing_judgment j JOIN closing_objection o ON `+ofReply+` LEFT JOIN account a ON a.id = o.account WHERE j.id = ? ORDER BY o.id`, c.ID)
	return httpapi.Answer(v, err)
}

// Tuning is how replies were judged lately.
type Tuning struct {
	Days       int             `json:"days"`
	Block      int             `json:"block"`
	SecondLook int             `json:"second_look"`
	Figures    []metric.Figure `json:"figures"`
	Items      []TuningItem    `json:"items"`
	// Scores counts the judged replies by score, 0 to 100: what another threshold
	// would have blocked is the sum from there.
	Scores  []int        `json:"scores"`
	Signals []SignalRow  `json:"signals"`
	Upheld  []UpheldCase `json:"upheld"`
	Waiting []UpheldCase `json:"waiting" doc:"Objections that wait for a decision"`
}

// TuningItem is an item with what was judged of it.
type TuningItem struct {
	Item    string         `json:"item"`
	Name    string         `json:"name"`
	Judged  int            `json:"judged"`
	Blocked int            `json:"blocked"`
	Looked  int            `json:"looked"`
	Upheld  int            `json:"upheld" doc:"Objections that were upheld: false alarms"`
	Signals map[string]int `json:"signals"`
}

// SignalRow is a signal with how often it fired and how often wrongly.
type SignalRow struct {
	Code   string            `json:"code"`
	Text   map[string]string `json:"text"`
	Weight int               `json:"weight"`
	Fired  int               `json:"fired"`
	Upheld int               `json:"upheld"`
}

// UpheldCase is a judgment that a unit objected to: those overturned are what
// tuning begins with.
type UpheldCase struct {
	Matter store.ID   `bun:"matter" json:"matter"`
	No     string     `bun:"no" json:"no"`
	Title  string     `bun:"title" json:"title"`
	Item   string     `bun:"item" json:"item"`
	Score  int        `bun:"score" json:"score"`
	Codes  string     `bun:"codes" json:"codes"`
	Reason string     `bun:"reason" json:"reason"`
	At     store.Time `bun:"at" json:"at,omitzero"`
}

// tuningRows bounds the judgments that one look counts.
const tuningRows = 50_000

// latest is the condition that a judgment (j) is the newest of its matter.
const latestJudgment = `NOT EXISTS (SELECT 1 FROM closing_judgment n WHERE n.matter = j.matter AND n.id > j.id)`

func (s *Service) getTuning(ctx context.Context, in *struct {
	Days int `query:"days" default:"30" minimum:"1" maximum:"366"`
}) (*httpapi.Body[Tuning], error) {
	t, err := s.tuning(ctx, httpapi.Actor(ctx), in.Days)
	return httpapi.Answer(t, err)
}

func (s *Service) tuning(ctx context.Context, who account.Actor, days int) (Tuning, error) {
	d := s.district.Load()
	t := Tuning{Days: days, Figures: []metric.Figure{}, Items: []TuningItem{}, Scores: make([]int, 101), Signals: []SignalRow{}, Upheld: []UpheldCase{}, Waiting: []UpheldCase{}}
	if d.closing == nil {
		return t, nil
	}
	t.Block, t.SecondLook = d.closing.Thresholds.Block, d.closing.Thresholds.SecondLook
	since := store.At(s.Store.Now().AddDate(0, 0, -days))
	cond, args := scopeSQL(who.Scope())
	type row struct {
		Item    string `bun:"item"`
		Score   int    `bun:"score"`
		Verdict string `bun:"verdict"`
		Codes   string `bun:"codes"`
		Upheld  bool   `bun:"upheld"`
	}
	rows, err := store.Select[row](ctx, s.Store, `SELECT j.item, j.score, j.verdict, j.codes, EXISTS (SELECT 1 FROM closing_objection o WHERE `+ofReply+` AND o.step = 'uphold') AS upheld
		FROM closing_judgment j JOIN matter m ON m.id = j.matter WHERE j.at >= ? AND `+latestJudgment+` AND `+cond+` ORDER BY j.at DESC LIMIT ?`, append(append([]any{since}, args...), tuningRows)...)
	if err != nil {
		return t, err
	}
	items := map[string]*TuningItem{}
	signals := map[string]*SignalRow{}
	blocked := 0
	for _, r := range rows {
		it := items[r.Item]
		if it == nil {
			it = &TuningItem{Item: r.Item, Signals: map[string]int{}}
			if known := d.duty.Item(r.Item); known != nil {
				it.Name = known.L3
			}
			items[r.Item] = it
		}
		it.Judged++
		t.Scores[min(100, max(0, r.Score))]++
		switch r.Verdict {
		case closing.Block:
			it.Blocked++
			if !r.Upheld {
				blocked++
			}
		case closing.SecondLook:
			it.Looked++
		}
		if r.Upheld {
			it.Upheld++
		}
		for _, code := range strings.Fields(r.Codes) {
			it.Signals[code]++
			sg := signals[code]
			if sg == nil {
				sg = &SignalRow{Code: code, Text: closing.Sentence(code), Weight: d.closing.Weights[code]}
				signals[code] = sg
			}
			sg.Fired++
			if r.Upheld {
				sg.Upheld++
			}
		}
	}
	for _, it := range items {
		t.Items = append(t.Items, *it)
	}
	slices.SortFunc(t.Items, func(a, b TuningItem) int {
		if a.Blocked != b.Blocked {
			return b.Blocked - a.Blocked
		}
		if a.Judged != b.Judged {
			return b.Judged - a.Judged
		}
		return compare(a.Item, b.Item)
	})
	t.Items = t.Items[:min(100, len(t.Items))]
	for _, sg := range signals {
		t.Signals = append(t.Signals, *sg)
	}
	slices.SortFunc(t.Signals, func(a, b SignalRow) int {
		if a.Fired != b.Fired {
			return b.Fired - a.Fired
		}
		return compare(a.Code, b.Code)
	})
	t.Upheld, err = store.Select[UpheldCase](ctx, s.Store, `SELECT j.matter, m.no, m.title, j.item, j.score, j.codes, o.reason, o.at FROM closing_objection o JOIN closing_judgment j ON j.id = o.judgment JOIN matter m ON m.id = j.matter
		WHERE o.step = 'uphold' AND o.at >= ? AND `+cond+` ORDER BY o.id DESC LIMIT 100`, append([]any{since}, args...)...)
	if err != nil {
		return t, err
	}
	t.Waiting, err = store.Select[UpheldCase](ctx, s.Store, `SELECT j.matter, m.no, m.title, j.item, j.score, j.codes, o.reason, o.at FROM closing_objection o JOIN closing_judgment j ON j.id = o.judgment JOIN matter m ON m.id = j.matter
		WHERE o.step = 'object' AND m.state = 'platform_review' AND NOT EXISTS (SELECT 1 FROM closing_objection n JOIN closing_judgment x ON x.id = n.judgment WHERE x.matter = j.matter AND x.replied_at = j.replied_at AND n.id > o.id) AND `+cond+` ORDER BY o.id LIMIT 100`, args...)
	if err != nil {
		return t, err
	}
	var looked, hit int
	err = s.Store.QueryRow(ctx, `SELECT count(*), COALESCE(SUM(CASE WHEN f.finding = 'formal' THEN 1 ELSE 0 END), 0) FROM closing_finding f JOIN closing_look l ON l.id = f.look JOIN matter m ON m.id = l.matter WHERE f.at >= ? AND `+cond, append([]any{since}, args...)...).Scan(&looked, &hit)
	t.Figures = []metric.Figure{
		formalShare.Ratio("formal_share", float64(blocked), float64(len(rows)), fmt.Sprintf("/desk/closing?days=%d&verdict=block", days)),
		lookHits.Ratio("second_look_hits", float64(hit), float64(looked), fmt.Sprintf("/desk/closing?days=%d&tab=done", days)),
	}
	return t, err
}

var (
	formalShare = metric.Definition{Name: metric.Text{"zh": "形式办结率", "en": "Formal-only closings"}, Unit: "%",
		Numerator:   metric.Text{"zh": "判定为形式办结且申诉未成立的答复", "en": "Replies judged formal-only whose objection was not upheld"},
		Denominator: metric.Text{"zh": "期内判定的答复", "en": "replies judged in the window"}}
	lookHits = metric.Definition{Name: metric.Text{"zh": "回头看命中率", "en": "Second-look hits"}, Unit: "%",
		Numerator:   metric.Text{"zh": "回头看认定为形式办结的", "en": "Second looks that found a formal-only closing"},
		Denominator: metric.Text{"zh": "期内完成的回头看", "en": "second looks done in the window"}}
)

// JudgedReply is one judged reply of a list.
type JudgedReply struct {
	Matter  store.ID   `bun:"matter" json:"matter"`
	No      string     `bun:"no" json:"no"`
	Title   string     `bun:"title" json:"title"`
	Unit    string     `bun:"unit" json:"unit"`
	Item    string     `bun:"item" json:"item"`
	At      store.Time `bun:"at" json:"at,omitzero"`
	Score   int        `bun:"score" json:"score"`
	Verdict string     `bun:"verdict" json:"verdict"`
	Codes   string     `bun:"codes" json:"codes" doc:"Codes of its signals, between spaces"`
	Reply   string     `bun:"reply" json:"reply"`
}

func (s *Service) listJudgments(ctx context.Context, in *struct {
	Days    int    `query:"days" default:"30" minimum:"1" maximum:"366"`
	Item    string `query:"item" maxLength:"40"`
	Signal  string `query:"signal" maxLength:"40"`
	Verdict string `query:"verdict" enum:"pass,second_look,block"`
	From    int    `query:"from" minimum:"0" maximum:"100" doc:"The least score"`
	To      int    `query:"to" default:"100" minimum:"0" maximum:"100" doc:"The greatest"`
	Limit   int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}) (*httpapi.Body[[]JudgedReply], error) {
	cond, args := scopeSQL(httpapi.Actor(ctx).Scope())
	where, all := []string{"j.at >= ?", "j.score BETWEEN ? AND ?", latestJudgment, cond}, append([]any{store.At(s.Store.Now().AddDate(0, 0, -in.Days)), in.From, in.To}, args...)
	for column, v := range map[string]string{"j.item": in.Item, "j.verdict": in.Verdict} {
		if v != "" {
			where, all = append(where, column+" = ?"), append(all, v)
		}
	}
	if in.Signal != "" {
		if !slices.Contains(closing.Codes(), in.Signal) {
			return nil, httpapi.FailField("signal", "no_such_option")
		}
		where, all = append(where, "j.codes LIKE ?"), append(all, "% "+in.Signal+" %")
	}
	rows, err := store.Select[JudgedReply](ctx, s.Store, `SELECT j.matter, m.no, m.title, j.unit, j.item, j.at, j.score, j.verdict, j.codes, a.reply FROM closing_judgment j JOIN matter m ON m.id = j.matter JOIN appeal a ON a.id = j.matter
		WHERE `+strings.Join(where, " AND ")+` ORDER BY j.id DESC LIMIT ?`, append(all, in.Limit)...)
	return httpapi.Answer(rows, err)
}

func (s *Service) listSecondLooks(ctx context.Context, in *struct {
	Done bool `query:"done"`
}) (*httpapi.Body[[]Look], error) {
	return httpapi.Answer(s.lookList(ctx, httpapi.Actor(ctx), in.Done))
}
