package appeals

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// Ruling is what an arbitrator decided in a dispute over who is responsible
// (快处快裁): a lead, and a fallback unit (兜底单位) for the case that the lead turns
// out not to be it. It binds at once; who objects does the work first (先办后议).
type Ruling struct {
	ID           store.ID   `bun:"id" json:"id"`
	Appeal       store.ID   `bun:"appeal" json:"appeal"`
	At           store.Time `bun:"at" json:"at"`
	Arbitrator   store.ID   `bun:"arbitrator" json:"-"`
	Item         string     `bun:"item" json:"item,omitempty"`
	ItemBefore   string     `bun:"item_before" json:"item_before,omitempty"`
	Unit         string     `bun:"unit" json:"unit"`
	UnitBefore   string     `bun:"unit_before" json:"unit_before"`
	Fallback     string     `bun:"fallback" json:"fallback,omitempty"`
	CoUnits      string     `bun:"co_units" json:"-"`
	Reason       string     `bun:"reason" json:"reason"`
	Basis        string     `bun:"basis" json:"basis"`
	Precedent    bool       `bun:"precedent" json:"precedent"`
	Draft        store.ID   `bun:"draft" json:"draft,omitempty" doc:"The draft of the duty list that it was written into"`
	OverturnedAt store.Time `bun:"overturned_at" json:"overturned_at,omitzero"`
	OverturnedTo string     `bun:"overturned_to" json:"overturned_to,omitempty"`
	Units        []string   `bun:"-" json:"co_units"`
	No           string     `bun:"no" json:"no"`
	Title        string     `bun:"title" json:"title"`
	ItemName     string     `bun:"-" json:"item_name,omitempty"`
}

const rulingColumns = `r.id, r.appeal, r.at, r.arbitrator, r.item, r.item_before, r.unit, r.unit_before, r.fallback, r.co_units, r.reason, r.basis, r.precedent, r.draft, r.overturned_at, r.overturned_to, m.no, m.title`

func (s *Service) rulings(ctx context.Context, q store.Querier, where string, args ...any) ([]Ruling, error) {
	out, err := store.Select[Ruling](ctx, q, `SELECT `+rulingColumns+` FROM appeal_ruling r JOIN matter m ON m.id = r.appeal WHERE `+where, args...)
	duty := s.district.Load().duty
	for i := range out {
		r := &out[i]
		r.Units = decodeList(r.CoUnits)
		if it := duty.Item(r.Item); it != nil {
			r.ItemName = it.Name()
		}
	}
	return out, err
}

// lastRuling is the newest ruling of an appeal that was not overturned; none is
// store.ErrNotFound.
func (s *Service) lastRuling(ctx context.Context, q store.Querier, appeal store.ID) (Ruling, error) {
	all, err := s.rulings(ctx, q, `r.appeal = ? AND r.overturned_at IS NULL ORDER BY r.id DESC LIMIT 1`, int64(appeal))
	if err != nil || len(all) == 0 {
		return Ruling{}, errors.Join(err, store.ErrNotFound)
	}
	return all[0], nil
}

// disputed asks the unit that holds the appeal and those named for their
// positions.
func (s *Service) disputed(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	units := []string{c.Matter.Unit}
	for _, u := range stringsOf(c.Form["units"]) {
		if !slices.Contains(units, u) {
			units = append(units, u)
		}
	}
	for _, u := range units {
		if _, err := s.openSub(ctx, tx, c.Matter, account.System(s.Dir), "position", "ask", u, "", c.Event.At, nil); err != nil {
			return err
		}
	}
	return nil
}

// ruled keeps a ruling. The second dispute on one item within the pack's window
// asks for a revision of the duty list.
func (s *Service) ruled(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	said := func(field string) string { v, _ := c.Event.Data.Form[field].(string); return v }
	precedent, _ := c.Form["precedent"].(bool)
	if _, err := tx.Exec(ctx, `INSERT INTO appeal_ruling (id, appeal, at, arbitrator, item, item_before, unit, unit_before, fallback, co_units, reason, basis, precedent, overturned_to) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,'')`,
		tx.NewID(), c.Matter.ID, c.Event.At, c.Actor.Account, c.Matter.Item, c.Before.Item, c.Matter.Unit, c.Before.Unit, said("fallback"), encodeAny(c.Form["co_units"]), said("reason"), said("basis"), precedent); err != nil {
		return err
	}
	if err := s.endSubs(ctx, tx, c, map[string]string{"position": "lapse"}); err != nil {
		return err
	}
	l := s.district.Load().limits
	item := c.Before.Item
	if item == "" || l.rules.Dispute.RepeatWindow == "" {
		return nil
	}
	since := store.At(c.Event.At.Add(-l.span(l.rules.Dispute.RepeatWindow)))
	var n int
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM appeal_ruling WHERE item_before = ? AND at >= ?`, item, since).Scan(&n); err != nil || n < 2 {
		return err
	}
	var asked bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM matter WHERE item = ? AND flow = 'revision' AND opened_at >= ?)`, item, since).Scan(&asked); err != nil || asked {
		return err
	}
	of := *c.Matter
	of.Item = item
	_, err := s.openSub(ctx, tx, &of, account.System(s.Dir), "revision", "ask", "", "", c.Event.At,
		map[string]any{"note": fmt.Sprintf("事项 %s 在 %s 内第 %d 次发生职责争议，请修订职责清单。", item, l.rules.Dispute.RepeatWindow, n)})
	return err
}

// rulingContested opens the objection that the unit may raise after closing.
func (s *Service) rulingContested(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	form := map[string]any{"note": c.Event.Data.Form["note"]}
	if f := c.Form["files"]; f != nil {
		form["files"] = f
	}
	_, err := s.openSub(ctx, tx, c.Matter, c.Actor, "objection", "file", c.Matter.Unit, c.Matter.Unit, c.Event.At, form)
	return err
}

// rulingOverturned marks the ruling of which an objection was upheld: it is no
// precedent any more, and the unit that did the work is not judged by the matter.
func (s *Service) rulingOverturned(ctx context.Context, tx *store.Tx, c *caseflow.Change) error {
	unit, _ := c.Form["unit"].(string)
	_, err := tx.Exec(ctx, `UPDATE appeal_ruling SET overturned_at = ?, overturned_to = ?, precedent = FALSE WHERE appeal = ? AND overturned_at IS NULL`, c.Event.At, unit, c.Matter.Parent)
	return err
}

// Dispute is what an arbitrator has before them.
type Dispute struct {
	Points     string             `json:"points,omitempty" doc:"What is disputed, by the unit that brought it"`
	Files      []string           `json:"files"`
	Positions  []Position         `json:"positions"`
	Proposals  []Candidate        `json:"proposals" doc:"Lead and fallback that the duty list and history propose, with reasons"`
	Precedents []RelevantRuling   `json:"precedents" doc:"Earlier rulings on like matters, the most like first"`
	Rulings    []Ruling           `json:"rulings" doc:"Of this appeal"`
	Rotation   map[string][]Share `json:"rotation,omitempty" doc:"For an asset that nobody owns: whose turn it is, by rotation"`
}

// Position is what one unit says in a dispute.
type Position struct {
	ID        store.ID   `json:"id"`
	Unit      string     `json:"unit"`
	State     string     `json:"state"`
	At        store.Time `json:"at,omitzero"`
	Ours      string     `json:"ours,omitempty"`
	Reply     string     `json:"reply,omitempty"`
	Basis     string     `json:"basis,omitempty"`
	Suggested string     `json:"suggested_unit,omitempty"`
	Files     []string   `json:"files"`
}

// RelevantRuling is an earlier ruling and how much it is like.
type RelevantRuling struct {
	Ruling
	Score float64  `json:"score"`
	Why   []string `json:"why"`
}

// precedentsRead bounds the rulings that are compared by their words.
const precedentsRead = 500

// Dispute gathers the evidence, the positions and what duty list and precedents
// propose.
func (s *Service) Dispute(ctx context.Context, who account.Actor, id store.ID) (Dispute, error) {
	d := Dispute{Files: []string{}, Positions: []Position{}, Precedents: []RelevantRuling{}}
	m, a, err := s.seen(ctx, s.Store, who, id)
	if err != nil {
		return d, err
	}
	events, err := caseflow.Events(ctx, s.Store, id)
	if err != nil {
		return d, err
	}
	for _, e := range events {
		if e.Action == "dispute" {
			d.Points, _ = e.Data.Form["points"].(string)
			d.Files = stringsOf(e.Data.Form["files"])
		}
	}
	subs, err := store.Select[caseflow.Matter](ctx, s.Store, `SELECT `+caseflow.MatterColumns+` FROM matter WHERE parent = ? AND flow = 'position' ORDER BY id`, int64(id))
	if err != nil {
		return d, err
	}
	for _, sub := range subs {
		p := Position{ID: sub.ID, Unit: sub.Unit, State: sub.State, Files: []string{}}
		if sub.State == "stated" {
			events, err := caseflow.Events(ctx, s.Store, sub.ID)
			if err != nil {
				return d, err
			}
			for _, e := range events {
				if e.Action == "state" {
					str := func(field string) string { return formText(e.Data.Form, field) }
					p.At, p.Ours, p.Reply, p.Basis, p.Suggested, p.Files = e.At, str("ours"), str("reply"), str("basis"), str("suggested_unit"), stringsOf(e.Data.Form["files"])
				}
			}
		}
		d.Positions = append(d.Positions, p)
	}
	sg, err := s.suggest(ctx, m, a)
	if err != nil {
		return d, err
	}
	d.Proposals = sg.Candidates
	if d.Rulings, err = s.rulings(ctx, s.Store, `r.appeal = ? ORDER BY r.id DESC`, int64(id)); err != nil {
		return d, err
	}
	if d.Precedents, err = s.precedents(ctx, m, a); err != nil {
		return d, err
	}
	turns, err := s.turns(ctx)
	for _, c := range d.Proposals {
		for _, r := range s.district.Load().duty.rulesOf(c.Item) {
			if code, ok := strings.CutPrefix(r.Lead, rotationLead); ok {
				if d.Rotation == nil {
					d.Rotation = map[string][]Share{}
				}
				d.Rotation[code] = turns[code]
			}
		}
	}
	return d, err
}

func stringsOf(v any) []string {
	out := []string{}
	list, _ := v.([]any)
	for _, x := range list {
		out = append(out, fmt.Sprint(x))
	}
	return out
}

// precedents are the rulings, marked as such and not overturned, on the same item
// or in like words: the most like first.
func (s *Service) precedents(ctx context.Context, m *caseflow.Matter, a *Appeal) ([]RelevantRuling, error) {
	all, err := s.rulings(ctx, s.Store, `r.precedent AND r.overturned_at IS NULL AND r.appeal <> ? ORDER BY r.id DESC LIMIT `+strconv.Itoa(precedentsRead), m.ID)
	if err != nil {
		return nil, err
	}
	mine := text.NewProfile(m.Title + " " + a.Text)
	out := []RelevantRuling{}
	for _, r := range all {
		p := RelevantRuling{Ruling: r, Why: []string{}}
		if m.Item != "" && (r.Item == m.Item || r.ItemBefore == m.Item) {
			p.Score += 0.5
			p.Why = append(p.Why, "item")
		}
		if like := mine.Cosine(text.NewProfile(r.Title + " " + r.Reason)); like >= 0.15 {
			p.Score += 0.5 * like
			p.Why = append(p.Why, "words")
		}
		if p.Score > 0 {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b RelevantRuling) int { return cmp.Compare(b.Score, a.Score) })
	return out[:min(5, len(out))], nil
}

// RulingRule is how a ruling becomes a rule of the duty list.
type RulingRule struct {
	Draft     store.ID `json:"draft,omitempty" doc:"The draft to write it into; a new copy of the list in force when absent"`
	Condition string   `json:"condition,omitempty" maxLength:"1000" doc:"When the rule holds; always when empty"`
	Priority  int      `json:"priority,omitempty" minimum:"0" maximum:"999" doc:"The smallest decides first; 50 when absent"`
	Note      string   `json:"note,omitempty" maxLength:"300"`
}

// WriteRule writes a ruling into a draft of the duty list as a rule of its item.
// Nothing changes until the draft is published.
func (s *Service) WriteRule(ctx context.Context, who account.Actor, id store.ID, in RulingRule) (DutyVersion, error) {
	all, err := s.rulings(ctx, s.Store, `r.id = ?`, int64(id))
	if err != nil || len(all) == 0 {
		return DutyVersion{}, errors.Join(err, store.ErrNotFound)
	}
	r := all[0]
	switch {
	case !r.OverturnedAt.IsZero():
		return DutyVersion{}, httpapi.Fail(http.StatusConflict, "ruling_overturned")
	case r.Item == "":
		return DutyVersion{}, httpapi.Fail(http.StatusConflict, "ruling_without_item")
	}
	if in.Priority == 0 {
		in.Priority = 50
	}
	if in.Draft == 0 {
		now, err := s.DutyAt(ctx, s.Store.Now())
		if err != nil {
			return DutyVersion{}, err
		}
		kept, err := s.dutyList(ctx, now.ID)
		if err != nil {
			return DutyVersion{}, err
		}
		draft, err := s.NewDutyDraft(ctx, who, DutyVersion{Name: "依裁决 " + r.No, Origin: dutyOfCopy, Parent: now.ID, Note: r.Reason}, kept.content)
		if err != nil {
			return DutyVersion{}, err
		}
		in.Draft = draft.ID
	}
	kept, err := s.dutyList(ctx, in.Draft)
	if err != nil {
		return DutyVersion{}, err
	}
	note := in.Note
	if note == "" {
		note = "裁决 " + r.No + "：" + r.Basis
	}
	content := kept.content
	row := DutyRow{"item": r.Item, "condition": in.Condition, "lead": r.Unit, "co_units": strings.Join(r.Units, ";"), "fallback": r.Fallback, "priority": strconv.Itoa(in.Priority),
		"valid_from": s.Store.Now().In(s.Zone()).Format("2006-01-02"), "note": note}
	if row["fallback"] == "" {
		row["fallback"] = r.Unit
	}
	if content.rules, err = dutyRules.append(content.rules, row); err != nil {
		return DutyVersion{}, dutyFault(err)
	}
	v, err := s.ChangeDutyDraft(ctx, who, in.Draft, kept.hash, content)
	if err != nil {
		return v, err
	}
	return v, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE appeal_ruling SET draft = ? WHERE id = ?`, in.Draft, id)
		return err
	})
}

// append is the table with one more row.
func (p dutyPart) append(t dutyTable, row DutyRow) (dutyTable, error) {
	out := dutyTable{columns: t.columns, rows: slices.Clip(t.rows)}
	line := make([]string, len(t.columns))
	for i, c := range t.columns {
		line[i] = row[c]
	}
	out.rows = append(out.rows, line)
	return p.canonical(out)
}

func (s *Service) mountRulings(srv *httpapi.Server) {
	reads := httpapi.Roles("arbitrator", "dispatcher", "supervisor", "duty_editor", "leader", "reviewer")
	httpapi.Register(srv, httpapi.Operation{ID: "get-dispute", Method: http.MethodGet, Path: "/api/appeals/{id}/dispute", Tag: tag, Access: reads,
		Summary: "A dispute over who is responsible: evidence, positions, proposals, precedents (快处快裁)"}, func(ctx context.Context, in *idInput) (*httpapi.Body[Dispute], error) {
		d, err := s.Dispute(ctx, httpapi.Actor(ctx), in.ID.ID)
		return httpapi.Answer(d, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-rulings", Method: http.MethodGet, Path: "/api/rulings", Tag: tag, Access: reads,
		Summary: "Rulings, the newest first"}, func(ctx context.Context, in *struct {
		Q          string `query:"q" doc:"Words of the title, the reason or the basis; an item's code"`
		Precedents bool   `query:"precedents" doc:"Only those that stand as precedents"`
		After      string `query:"after"`
	}) (*httpapi.Body[httpapi.Page[Ruling]], error) {
		where, args := `1=1`, []any{}
		if in.Precedents {
			where += ` AND r.precedent AND r.overturned_at IS NULL`
		}
		if in.Q != "" {
			like := "%" + store.Literal(in.Q) + "%"
			where += ` AND (m.title LIKE ? OR r.reason LIKE ? OR r.basis LIKE ? OR r.item = ?)`
			args = append(args, like, like, like, in.Q)
		}
		if in.After != "" {
			id, err := store.ParseID(in.After)
			if err != nil {
				return nil, httpapi.FailField("after", "invalid")
			}
			where += ` AND r.id < ?`
			args = append(args, int64(id))
		}
		const page = 50
		all, err := s.rulings(ctx, s.Store, where+` ORDER BY r.id DESC LIMIT `+strconv.Itoa(page+1), args...)
		out := httpapi.Page[Ruling]{Items: all}
		if len(all) > page {
			out.Items = all[:page]
			out.Next = all[page-1].ID.String()
		}
		return httpapi.Answer(out, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "write-ruling-rule", Method: http.MethodPost, Path: "/api/rulings/{id}/rule", Tag: tag, Access: httpapi.Roles("duty_editor", account.RoleAdmin),
		Summary: "Write a ruling into a draft of the duty list as a rule"}, func(ctx context.Context, in *struct {
		ID   httpapi.PathID `path:"id"`
		Body RulingRule
	}) (*httpapi.Body[DutyVersion], error) {
		v, err := s.WriteRule(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body)
		return httpapi.Answer(v, err)
	})
}
