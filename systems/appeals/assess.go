package appeals

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/metric"
	"shanzhi/core/rule"
	"shanzhi/core/store"
)

// common are the facts of a row of any grain.
var common = rule.Vars{"unit": "string", "item": "string", "class_l1": "string", "street": "string", "kind": "string", "channel": "string", "class": "string", "waived": "bool"}

// grains are the rows that indicators may count, with the facts of each; what a row
// is stands in the pack's indicators.yaml.
var grains = map[string]rule.Vars{
	"order":    with(common, rule.Vars{"on_time": "bool", "late_hours": "double", "again": "bool"}),
	"sign":     with(common, rule.Vars{"on_time": "bool"}),
	"contact":  with(common, rule.Vars{"on_time": "bool"}),
	"co":       with(common, rule.Vars{"on_time": "bool", "late_hours": "double"}),
	"dispatch": with(common, rule.Vars{"returned": "bool", "improper": "bool"}),
	"rating":   with(common, rule.Vars{"solved": "string", "result": "int", "contacted": "bool"}),
	"first":    with(common, rule.Vars{"solved": "string", "result": "int", "contacted": "bool", "final_solved": "string", "final_result": "int"}),
	"closed":   with(common, rule.Vars{"hours": "double", "rated": "bool", "redos": "int", "recurred": "bool", "state": "string"}),
	"filed":    with(common, rule.Vars{"dispatches": "int", "returns": "int", "redos": "int", "urges": "int", "open": "bool", "state": "string"}),
}

func with(a, b rule.Vars) rule.Vars {
	out := rule.Vars{}
	for _, m := range []rule.Vars{a, b} {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

// assessBook is the pack's indicators and schemes, and when a month is frozen.
type assessBook struct {
	metric.Book `yaml:",inline"`
	Freeze      struct {
		Day int    `yaml:"day"`
		At  string `yaml:"at"`
	} `yaml:"freeze"`
	text string
	at   time.Duration
}

// readIndicators reads the pack's indicators, where it has any.
func readIndicators(files fs.FS) (*assessBook, error) {
	const name = "appeals/indicators.yaml"
	b := &assessBook{at: 3 * time.Hour}
	raw, err := fs.ReadFile(files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return b, nil
	}
	if err != nil {
		return nil, err
	}
	b.text = string(raw)
	if err := yaml.UnmarshalWithOptions(raw, b, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %s", name, yaml.FormatError(err, false, true))
	}
	if b.Freeze.At != "" {
		if b.at, err = timeOfDay(b.Freeze.At); err != nil {
			return nil, fmt.Errorf("%s: freeze.at: %q is not a time of day such as 03:00", name, b.Freeze.At)
		}
	}
	if b.Freeze.Day < 0 || b.Freeze.Day > 28 {
		return nil, fmt.Errorf("%s: freeze.day must be 1 to 28", name)
	}
	if err := b.Compile(grains); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return b, nil
}

// factRow is what rows of all grains are read into.
type factRow struct {
	Matter   store.ID
	Unit     string
	Item     string
	Place    string
	Class    string
	Kind     string
	Channel  string
	Vars     caseflow.Vars
	State    string
	Open     bool
	Outcome  string
	N        int
	From     store.Time
	Till     store.Time
	Solved   string
	Result   *int
	Said     *bool
	Solved2  string
	Result2  *int
	Recurred bool
}

const factMatter = `m.id AS matter, m.item, m.place, m.class, m.vars, m.state, m.open, a.kind, a.channel`

// factQueries read the rows of a grain in a window; the two parameters are its
// bounds, as the query's own column has them.
var factQueries = map[string]string{
	"order":   clockFacts(`k.clock = 'handle' AND k.outcome NOT IN ('void', 'paused') AND m.merged IS NULL`),
	"sign":    clockFacts(`k.clock = 'sign' AND k.outcome NOT IN ('void', 'paused')`),
	"contact": clockFacts(`k.clock = 'contact' AND k.outcome NOT IN ('void', 'paused')`),
	"co": `SELECT ` + factMatter + `, k.unit, k.outcome, k.n, k.due_at AS "from", k.stopped_at AS till FROM matter_clock k JOIN matter c ON c.id = k.matter JOIN matter m ON m.id = c.parent JOIN appeal a ON a.id = m.id
 WHERE k.due_at >= ? AND k.due_at < ? AND k.clock = 'co_handle' AND k.outcome <> 'paused' AND (k.outcome <> 'void' OR k.stopped_at > k.due_at)`, // what was cancelled when it was late already was late
	"dispatch": clockFacts(`k.clock = 'sign'`),
	"rating": `SELECT ` + factMatter + `, m.unit, a.solved, a.score_result AS result, a.contacted AS said FROM appeal a JOIN matter m ON m.id = a.id
 WHERE a.rated_at >= ? AND a.rated_at < ? AND a.score_result IS NOT NULL AND a.solved <> ''`,
	"first": `SELECT ` + factMatter + `, r.unit, r.solved, r.result, r.contacted AS said, a.solved AS solved2, a.score_result AS result2 FROM appeal_rating r JOIN matter m ON m.id = r.appeal JOIN appeal a ON a.id = m.id
 WHERE r.at >= ? AND r.at < ? AND r.n = 1 AND r.source = 'citizen' AND r.result IS NOT NULL`,
	"closed": `SELECT ` + factMatter + `, m.unit, m.opened_at AS "from", m.closed_at AS till, a.score_result AS result, EXISTS (SELECT 1 FROM appeal_link l WHERE l.other = m.id AND l.kind = 'recurrence' AND l.undone_at IS NULL) AS recurred
 FROM matter m JOIN appeal a ON a.id = m.id WHERE m.closed_at >= ? AND m.closed_at < ? AND m.flow = 'appeal' AND m.state NOT IN ('withdrawn', 'refused')`,
	"filed": `SELECT ` + factMatter + `, m.unit FROM matter m JOIN appeal a ON a.id = m.id WHERE m.id >= ? AND m.id < ? AND m.flow = 'appeal'`,
}

func clockFacts(where string) string {
	return `SELECT ` + factMatter + `, k.unit, k.outcome, k.n, k.due_at AS "from", k.stopped_at AS till FROM matter_clock k JOIN matter m ON m.id = k.matter JOIN appeal a ON a.id = m.id WHERE k.due_at >= ? AND k.due_at < ? AND ` + where
}

// factRows reads the rows of a grain in a window of time, for units as of those to
// which they are added up. waived is what does not count; see waivers.
func (s *Service) factRows(ctx context.Context, grain string, from, to time.Time, up func(unit string) string, waived map[matterUnit]bool) ([]metric.Row, error) {
	if now := s.Store.Now(); to.After(now) {
		to = now // what is not due yet has no verdict
	}
	low, high := any(store.At(from)), any(store.At(to))
	if grain == "filed" {
		low, high = int64(store.IDAt(from)), int64(store.IDAt(to))
	}
	rows, err := store.Select[factRow](ctx, s.Store, factQueries[grain], low, high)
	if err != nil {
		return nil, fmt.Errorf("appeals: rows of %s: %w", grain, err)
	}
	returns, err := s.returnsOf(ctx, grain, rows)
	if err != nil {
		return nil, err
	}
	duty := s.district.Load().duty
	out := make([]metric.Row, 0, len(rows))
	for _, r := range rows {
		key := matterUnit{r.Matter, r.Unit}
		f := map[string]any{"unit": r.Unit, "item": r.Item, "class_l1": "", "street": streetOf(r.Place), "kind": r.Kind, "channel": r.Channel, "class": r.Class, "waived": waived[key]}
		if it := duty.Item(r.Item); it != nil {
			f["class_l1"] = it.L1
		}
		whole := func(n *int) int64 {
			if n == nil {
				return 0
			}
			return int64(*n)
		}
		switch grain {
		case "order", "sign", "contact", "co":
			f["on_time"] = r.Outcome == string(caseflow.Met)
			end := r.Till.Time
			if r.Till.IsZero() {
				end = to
			}
			f["late_hours"], f["again"] = math.Max(0, end.Sub(r.From.Time).Hours()), r.N > 1
		case "dispatch":
			f["returned"], f["improper"] = returns[key] != "", returns[key] == "improper"
		case "rating", "first":
			f["solved"], f["result"], f["contacted"] = r.Solved, whole(r.Result), r.Said != nil && *r.Said
			f["final_solved"], f["final_result"] = r.Solved2, whole(r.Result2)
		case "closed":
			f["hours"], f["rated"], f["redos"], f["recurred"], f["state"] = r.Till.Sub(r.From.Time).Hours(), r.Result != nil, r.Vars["redos"], r.Recurred, r.State
		case "filed":
			f["dispatches"], f["returns"], f["redos"], f["urges"], f["open"], f["state"] = r.Vars["dispatches"], r.Vars["returns"], r.Vars["redos"], r.Vars["urges"], r.Open, r.State
		}
		out = append(out, metric.Row{Key: int64(r.Matter), Unit: up(r.Unit), Facts: f})
	}
	return out, nil
}

type matterUnit struct {
	matter store.ID
	unit   string
}

// waivers are the matters that do not count for a unit: excluded by decision, or
// done by it under a ruling that was overturned.
func (s *Service) waivers(ctx context.Context) (map[matterUnit]bool, error) {
	out := map[matterUnit]bool{}
	rows, err := store.Select[struct {
		Matter store.ID
		Unit   string
	}](ctx, s.Store, `SELECT matter, unit FROM assessment_exclusion UNION ALL SELECT appeal, unit FROM appeal_ruling WHERE overturned_at IS NOT NULL AND overturned_to <> unit`)
	for _, r := range rows {
		out[matterUnit{r.Matter, r.Unit}] = true
	}
	return out, err
}

// returnsOf says of matters that were ever returned which unit asked for it, and
// whether it was improper (不当退单).
func (s *Service) returnsOf(ctx context.Context, grain string, rows []factRow) (map[matterUnit]string, error) {
	out := map[matterUnit]string{}
	if grain != "dispatch" {
		return out, nil
	}
	var ids []store.ID
	for _, r := range rows {
		if r.Vars["returns"] != 0 {
			ids = append(ids, r.Matter)
		}
	}
	slices.Sort(ids)
	for chunk := range slices.Chunk(slices.Compact(ids), 300) {
		events, err := store.Select[caseflow.Event](ctx, s.Store, `SELECT matter, seq, action, data FROM matter_event WHERE `+store.AnyOf("matter", len(chunk))+` ORDER BY matter, seq`, store.Args(chunk...)...)
		if err != nil {
			return nil, err
		}
		holder := ""
		for _, e := range events {
			if e.Seq == 1 {
				holder = ""
			}
			before := holder
			if u, ok := e.Data.Set["unit"]; ok {
				holder = u
			}
			switch e.Action {
			case "request_return":
				out[matterUnit{e.Matter, holder}] = "returned"
			case "reject_return", "uphold":
				out[matterUnit{e.Matter, before}] = "improper"
			}
		}
	}
	return out, nil
}

// Assessment is one computed or frozen assessment.
type Assessment struct {
	ID      store.ID        `json:"id,omitempty" doc:"Absent of a preview"`
	Scheme  string          `json:"scheme"`
	Month   string          `json:"month" doc:"2026-10"`
	At      store.Time      `json:"at"`
	Parent  store.ID        `json:"parent,omitempty" doc:"The one that it corrects"`
	Hash    string          `json:"hash,omitempty" doc:"Of the definitions and the results"`
	Results []metric.Result `json:"results"`
	Changes []AssessChange  `json:"changes,omitempty" doc:"What is different from the one before"`

	book string
}

// AssessChange is what a recalculation changed for a unit.
type AssessChange struct {
	Unit         string  `json:"unit"`
	PointsBefore float64 `json:"points_before"`
	Points       float64 `json:"points"`
	RankBefore   int     `json:"rank_before"`
	Rank         int     `json:"rank"`
}

// month is the bounds of a month in the district's time.
func (s *Service) month(text string) (from, to time.Time, err error) {
	from, err = time.ParseInLocation("2006-01", text, s.Zone())
	if err != nil {
		return from, to, httpapi.FailField("month", "not_a_time")
	}
	return from, from.AddDate(0, 1, 0), nil
}

// Assess computes the assessment of a month by a scheme as of now.
func (s *Service) Assess(ctx context.Context, scheme, month string) (Assessment, error) {
	out := Assessment{Scheme: scheme, Month: month, At: store.At(s.Store.Now())}
	from, to, err := s.month(month)
	if err != nil {
		return out, err
	}
	book := s.district.Load().assess
	sch := book.Scheme(scheme)
	if sch == nil {
		return out, httpapi.FailField("scheme", "no_such_option")
	}
	out.book = book.text
	at := to.Add(-time.Second)
	if now := s.Store.Now(); at.After(now) {
		at = now
	}
	tree, err := s.Dir.TreeAt(ctx, at)
	if err != nil {
		return out, err
	}
	member := func(unit string) (int, bool) {
		u, ok := tree.Unit(unit)
		if !ok {
			return 0, false
		}
		for i, g := range sch.Groups {
			if slices.Contains(g.Units, unit) || slices.Contains(g.Kinds, string(u.Kind)) {
				return i, true
			}
		}
		return 0, false
	}
	// What a community did counts for its street, where that is assessed.
	up := func(unit string) string {
		for at := unit; at != ""; {
			if _, ok := member(at); ok {
				return at
			}
			u, ok := tree.Unit(at)
			if !ok {
				break
			}
			at = u.Parent
		}
		return unit
	}
	waived, err := s.waivers(ctx)
	if err != nil {
		return out, err
	}
	rows := map[string][]metric.Row{}
	for _, grain := range book.Grains(sch) {
		if rows[grain], err = s.factRows(ctx, grain, from, to, up, waived); err != nil {
			return out, err
		}
	}
	manual, err := s.entries(ctx, scheme, month)
	if err != nil {
		return out, err
	}
	var units []string
	for _, u := range tree.All() {
		units = append(units, u.Code)
	}
	slices.Sort(units)
	out.Results, err = book.Assess(sch, units, member, rows, manual)
	return out, err
}

func (s *Service) entries(ctx context.Context, scheme, month string) (metric.Manual, error) {
	rows, err := store.Select[struct {
		Unit, Extra string
		Points      float64
	}](ctx, s.Store, `SELECT unit, extra, SUM(points) AS points FROM assessment_entry WHERE scheme = ? AND month = ? AND undone_at IS NULL GROUP BY unit, extra`, scheme, month)
	out := metric.Manual{}
	for _, r := range rows {
		if out[r.Unit] == nil {
			out[r.Unit] = map[string]float64{}
		}
		out[r.Unit][r.Extra] = r.Points
	}
	return out, err
}

// Freeze keeps the assessment of a month (冻结). One that is there already stays; the
// new one names it as the one that it corrects.
func (s *Service) Freeze(ctx context.Context, who account.Actor, scheme, month string) (Assessment, error) {
	if _, to, err := s.month(month); err != nil {
		return Assessment{}, err
	} else if to.After(s.Store.Now()) {
		return Assessment{}, httpapi.Fail(409, "month_not_over")
	}
	a, err := s.Assess(ctx, scheme, month)
	if err != nil {
		return a, err
	}
	raw, err := json.Marshal(a.Results)
	if err != nil {
		return a, err
	}
	sum := sha256.Sum256(append([]byte(a.book+"\x00"), raw...))
	a.Hash = hex.EncodeToString(sum[:16])
	err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		before, err := store.Select[store.ID](ctx, tx, `SELECT id FROM assessment WHERE scheme = ? AND month = ? ORDER BY id DESC LIMIT 1`, scheme, month)
		if err != nil {
			return err
		}
		a.Parent = 0
		if len(before) > 0 {
			a.Parent = before[0]
		}
		a.ID = tx.NewID()
		if _, err := tx.Exec(ctx, `INSERT INTO assessment (id, scheme, month, at, actor, parent, book, results, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, a.ID, scheme, month, a.At, who.Account, a.Parent, a.book, string(raw), a.Hash); err != nil {
			return err
		}
		var losses [][]any
		for _, r := range a.Results {
			for _, l := range r.Lines {
				byMatter := map[int64]float64{}
				for _, x := range l.Losses {
					byMatter[x.Key] += x.Points
				}
				for _, key := range sortedMatters(byMatter) {
					losses = append(losses, []any{a.ID, r.Unit, l.ID, key, byMatter[key]})
				}
			}
		}
		for part := range slices.Chunk(losses, 500) {
			if err := store.InsertRows(ctx, tx, `INSERT INTO assessment_loss (assessment, unit, item, matter, points) VALUES `, part); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "assessment.freeze", Object: "assessment/" + a.ID.String()}, map[string]any{"scheme": scheme, "month": month, "hash": a.Hash, "corrects": a.Parent})
	})
	if err != nil {
		return a, err
	}
	return s.Assessment(ctx, a.ID)
}

func sortedMatters(m map[int64]float64) []int64 {
	keys := make([]int64, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// readAssessment reads a frozen one as it is by itself.
func readAssessment(ctx context.Context, q store.Querier, id store.ID) (Assessment, error) {
	type row struct {
		ID            store.ID
		Scheme, Month string
		At            store.Time
		Parent        store.ID
		Book, Results string
		Hash          string
	}
	r, err := store.Get[row](ctx, q, `SELECT id, scheme, month, at, parent, book, results, hash FROM assessment WHERE id = ?`, int64(id))
	if err != nil {
		return Assessment{}, err
	}
	a := Assessment{ID: r.ID, Scheme: r.Scheme, Month: r.Month, At: r.At, Parent: r.Parent, Hash: r.Hash, book: r.Book}
	return a, json.Unmarshal([]byte(r.Results), &a.Results)
}

// Assessment reads a frozen one, with what it changed of the one before.
func (s *Service) Assessment(ctx context.Context, id store.ID) (Assessment, error) {
	a, err := readAssessment(ctx, s.Store, id)
	if err != nil || a.Parent == 0 {
		return a, err
	}
	before, err := readAssessment(ctx, s.Store, a.Parent)
	if err != nil {
		return a, err
	}
	was := map[string]metric.Result{}
	for _, r := range before.Results {
		was[r.Unit] = r
	}
	a.Changes = []AssessChange{}
	for _, r := range a.Results {
		if w := was[r.Unit]; w.Points != r.Points || w.Rank != r.Rank {
			a.Changes = append(a.Changes, AssessChange{r.Unit, w.Points, r.Points, w.Rank, r.Rank})
		}
	}
	return a, nil
}

// freezeAtNight freezes the month before, by every scheme, from the pack's day on.
func (s *Service) freezeAtNight(ctx context.Context) (any, error) {
	book := s.district.Load().assess
	local := s.Store.Now().In(s.Zone())
	if book.Freeze.Day == 0 || local.Day() < book.Freeze.Day {
		return nil, nil
	}
	month := time.Date(local.Year(), local.Month()-1, 1, 0, 0, 0, 0, s.Zone()).Format("2006-01")
	var done []string
	for _, sch := range book.Schemes {
		var have bool
		if err := s.Store.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM assessment WHERE scheme = ? AND month = ?)`, sch.ID, month).Scan(&have); err != nil {
			return nil, err
		}
		if have {
			continue
		}
		if _, err := s.Freeze(ctx, account.System(s.Dir), sch.ID, month); err != nil {
			return nil, err
		}
		done = append(done, sch.ID)
	}
	return map[string]any{"month": month, "frozen": done}, nil
}

// scoreExcluded takes a matter out of what the unit is judged by.
func (s *Service) scoreExcluded(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	reason, _ := c.Event.Data.Form["note"].(string)
	_, err := tx.Exec(ctx, `INSERT INTO assessment_exclusion (matter, unit, at, actor, reason) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, c.Matter.Parent, c.Matter.Asker, c.Event.At, c.Actor.Account, reason)
	return err
}

// ContestScore opens a unit's request that a matter should not count for it.
func (s *Service) ContestScore(ctx context.Context, who account.Actor, matter store.ID, scheme, month, reason string, files []string) (*caseflow.Matter, error) {
	if _, _, err := s.month(month); err != nil {
		return nil, err
	}
	if s.district.Load().assess.Scheme(scheme) == nil {
		return nil, httpapi.FailField("scheme", "no_such_option")
	}
	var opened *caseflow.Matter
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		m, _, err := s.seen(ctx, tx, who, matter)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(who.Grants, func(g account.Grant) bool {
			return slices.Contains([]string{"unit_head", "handler"}, g.Role)
		})
		if i < 0 {
			return httpapi.Fail(403, "forbidden")
		}
		unit := who.Grants[i].Unit
		var have bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM matter WHERE parent = ? AND flow = 'score_appeal' AND asker = ?)`, matter, unit).Scan(&have); err != nil {
			return err
		}
		if have {
			return httpapi.Fail(409, "contested_already")
		}
		form := map[string]any{"month": month, "scheme": scheme, "note": reason}
		if len(files) > 0 {
			list := make([]any, len(files))
			for i, f := range files {
				list[i] = f
			}
			form["files"] = list
		}
		opened, err = s.openSub(ctx, tx, m, who, "score_appeal", "file", "", unit, store.At(s.Store.Now()), form)
		return err
	})
	return opened, err
}

// LossRow is a matter and the points that it cost.
type LossRow struct {
	Matter store.ID `bun:"matter" json:"matter"`
	No     string   `bun:"no" json:"no"`
	Title  string   `bun:"title" json:"title"`
	State  string   `bun:"state" json:"state"`
	Item   string   `bun:"item" json:"item" doc:"The indicator or deduction"`
	Points float64  `bun:"points" json:"points"`
	Asked  string   `bun:"asked" json:"asked,omitempty" doc:"State of the appeal against it, if there is one"`
}

// Losses are the matters that cost a unit points, the dearest first.
func (s *Service) Losses(ctx context.Context, id store.ID, unit string) ([]LossRow, error) {
	return store.Select[LossRow](ctx, s.Store, `SELECT l.matter, m.no, m.title, m.state, l.item, l.points, COALESCE((SELECT MAX(c.state) FROM matter c WHERE c.parent = l.matter AND c.flow = 'score_appeal'), '') AS asked
 FROM assessment_loss l JOIN matter m ON m.id = l.matter WHERE l.assessment = ? AND l.unit = ? ORDER BY l.points DESC, l.matter LIMIT 500`, int64(id), unit)
}

// AssessEntry is points that a person entered, with the evidence.
type AssessEntry struct {
	ID     store.ID   `bun:"id" json:"id"`
	Unit   string     `bun:"unit" json:"unit"`
	Extra  string     `bun:"extra" json:"extra"`
	Points float64    `bun:"points" json:"points"`
	Reason string     `bun:"reason" json:"reason"`
	Files  string     `bun:"files" json:"-"`
	List   []string   `bun:"-" json:"files"`
	At     store.Time `bun:"at" json:"at"`
}

// Enter adds points by hand: of an extra that has no rows of its own.
func (s *Service) Enter(ctx context.Context, who account.Actor, scheme, month string, e AssessEntry) error {
	if _, _, err := s.month(month); err != nil {
		return err
	}
	sch := s.district.Load().assess.Scheme(scheme)
	if sch == nil {
		return httpapi.FailField("scheme", "no_such_option")
	}
	i := slices.IndexFunc(sch.Extras, func(x metric.Extra) bool { return x.ID == e.Extra && x.Grain == "" })
	switch {
	case i < 0:
		return httpapi.FailField("extra", "no_such_option")
	case e.Points*sch.Extras[i].Points <= 0 || math.Abs(e.Points) > sch.Extras[i].Most:
		return httpapi.FailField("points", "out_of_range")
	case len(strings.TrimSpace(e.Reason)) < 4:
		return httpapi.FailField("reason", "too_short")
	}
	if _, ok := s.Dir.Tree().Unit(e.Unit); !ok {
		return httpapi.FailField("unit", "no_such_unit")
	}
	if err := s.checkFiles(ctx, e.List, "no_such_file"); err != nil {
		return err
	}
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id := tx.NewID()
		if _, err := tx.Exec(ctx, `INSERT INTO assessment_entry (id, scheme, month, unit, extra, points, reason, files, at, actor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			id, scheme, month, e.Unit, e.Extra, e.Points, e.Reason, encodeList(e.List), store.At(s.Store.Now()), who.Account); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "assessment.enter", Object: "assessment_entry/" + id.String()}, map[string]any{"unit": e.Unit, "extra": e.Extra, "points": e.Points})
	})
}
