package services

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/form"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// BagHead is a bag in a list.
type BagHead struct {
	ID          store.ID   `bun:"id" json:"id"`
	No          string     `bun:"no" json:"no"`
	Origin      string     `bun:"origin" json:"origin"`
	Destination string     `bun:"destination" json:"destination" doc:"A unit, or region:CODE"`
	RegionName  string     `bun:"region_name" json:"region_name,omitempty"`
	Holder      string     `bun:"holder" json:"holder" doc:"unit:CODE, carrier:CODE#BADGE, region:CODE or lost"`
	State       string     `bun:"state" json:"state"`
	StateName   form.Text  `bun:"-" json:"state_name"`
	Open        bool       `bun:"open" json:"open"`
	Late        bool       `bun:"late" json:"late"`
	DueAt       store.Time `bun:"due_at" json:"due_at,omitzero"`
	Papers      int        `bun:"papers" json:"papers"`
	Cases       int        `bun:"cases" json:"cases"`
	Differences int        `bun:"differences" json:"differences" doc:"Not settled yet"`
	UpdatedAt   store.Time `bun:"updated_at" json:"updated_at"`
}

const bagHeadQuery = `SELECT b.id, b.no, b.origin, b.destination, COALESCE((SELECT r.name FROM service_region r WHERE r.code = b.region), '') AS region_name, b.holder, m.state, m.open, m.late, m.due_at, m.updated_at,
 (SELECT count(DISTINCT v.piece) FROM service_piece_move v WHERE v.bag = b.id) AS papers,
 (SELECT count(DISTINCT p.matter) FROM service_piece_move v JOIN service_piece p ON p.id = v.piece WHERE v.bag = b.id) AS cases,
 (SELECT count(*) FROM service_bag_difference d WHERE d.bag = b.id AND d.way = '') AS differences
 FROM service_bag b JOIN matter m ON m.id = b.id WHERE `

func (s *Service) bagHeads(ctx context.Context, who account.Actor, cond string, args ...any) ([]BagHead, error) {
	scope, more := bagScope(who)
	heads, err := store.Select[BagHead](ctx, s.Store, bagHeadQuery+scope+` AND `+cond+` ORDER BY m.open DESC, m.due_at, b.id DESC LIMIT 200`, append(more, args...)...)
	for i := range heads {
		heads[i].StateName = s.stateName("bag", heads[i].State, false)
	}
	return heads, err
}

// WaitingPapers are a case's papers that lie at the counter of who collected them.
type WaitingPapers struct {
	Case   store.ID   `bun:"id" json:"case"`
	No     string     `bun:"no" json:"no"`
	Title  string     `bun:"title" json:"title"`
	Unit   string     `bun:"unit" json:"unit" doc:"For which authority"`
	Papers int        `bun:"papers" json:"papers"`
	At     store.Time `bun:"at" json:"at"`
	DueAt  store.Time `bun:"due_at" json:"due_at,omitzero" doc:"When the authority should have them"`
	Late   bool       `bun:"late" json:"late"`
}

// CitywideDesk is the work of both sides of 全市域通办, by tab.
type CitywideDesk struct {
	Collects   bool            `json:"collects" doc:"The caller sits at an office that collects for others"`
	Waiting    []WaitingPapers `json:"waiting"`
	Dispatch   []BagHead       `json:"dispatch"`
	Transit    []BagHead       `json:"transit"`
	Receive    []BagHead       `json:"receive"`
	Exceptions []BagHead       `json:"exceptions"`
	Done       []BagHead       `json:"done"`
	Carriers   []Carrier       `json:"carriers"`
}

// CitywideDesk reads what waits for an actor.
func (s *Service) CitywideDesk(ctx context.Context, who account.Actor) (CitywideDesk, error) {
	d := CitywideDesk{Collects: s.collectingUnit(who) != "", Waiting: []WaitingPapers{}, Carriers: []Carrier{}}
	if r := s.citywide.Load(); r != nil {
		d.Carriers = r.Carriers
	}
	var err error
	cond, args := "1=1", []any(nil)
	if !who.HasAny("inspector", "leader") {
		units := who.UnitsWith("intake_clerk")
		cond, args = store.AnyOf("c.origin", len(units)), store.Args(units...)
	}
	if d.Waiting, err = store.Select[WaitingPapers](ctx, s.Store, `SELECT m.id, m.no, m.title, m.unit, count(*) AS papers, c.at, m.due_at, m.late FROM service_piece p JOIN matter m ON m.id = p.matter JOIN service_collection c ON c.matter = m.id WHERE p.place = 'counter' AND m.open AND `+cond+` GROUP BY m.id, m.no, m.title, m.unit, c.at, m.due_at, m.late ORDER BY m.unit, m.due_at LIMIT 500`, args...); err != nil {
		return d, err
	}
	for _, tab := range []struct {
		to   *[]BagHead
		cond string
	}{
		{&d.Dispatch, `m.state IN ('packing', 'sealed')`}, {&d.Transit, `m.state = 'transit'`}, {&d.Receive, `m.state IN ('arrived', 'opened')`},
		{&d.Exceptions, `(m.state IN ('differing', 'lost') OR m.open AND m.late)`}, {&d.Done, `NOT m.open`},
	} {
		if *tab.to, err = s.bagHeads(ctx, who, tab.cond); err != nil {
			return d, err
		}
	}
	return d, nil
}

// BagPaper is a paper of a bag, with where it is now.
type BagPaper struct {
	ID       store.ID  `bun:"id" json:"id"`
	Case     store.ID  `bun:"matter" json:"case"`
	No       string    `bun:"no" json:"no"`
	Title    string    `bun:"title" json:"title"`
	Item     string    `bun:"item" json:"-"`
	Material string    `bun:"material" json:"material"`
	Name     form.Text `bun:"-" json:"name"`
	Form     string    `bun:"form" json:"form" enum:"original,copy"`
	Copies   int       `bun:"copies" json:"copies"`
	Place    string    `bun:"place" json:"place" enum:"counter,bag,owner,lost,returned,post"`
}

// BagView is one bag: what is in it, who had it when, and what the caller may do.
type BagView struct {
	BagHead
	Version    int                `json:"version"`
	Seals      []string           `json:"seals"`
	ListHash   string             `json:"list_hash,omitempty"`
	SealedAt   store.Time         `json:"sealed_at,omitzero"`
	SentAt     store.Time         `json:"sent_at,omitzero"`
	ReceivedAt store.Time         `json:"received_at,omitzero" doc:"From when the clocks of its cases count, where that was in time"`
	OpenedAt   store.Time         `json:"opened_at,omitzero"`
	CheckedAt  store.Time         `json:"checked_at,omitzero"`
	Contents   []BagPaper         `json:"contents"`
	Chain      []CustodyLink      `json:"chain"`
	Broken     []string           `json:"broken,omitempty" doc:"What is wrong with the chain, by its hashes"`
	Found      []BagDifference    `json:"found"`
	Clocks     []caseflow.Clock   `json:"clocks"`
	Allowed    []*caseflow.Action `json:"allowed"`
	Settle     bool               `json:"settle" doc:"The caller may settle its differences"`
	Carriers   []Carrier          `json:"carriers"`
}

// Bag reads a bag for one who may see it.
func (s *Service) Bag(ctx context.Context, who account.Actor, id store.ID) (BagView, error) {
	heads, err := s.bagHeads(ctx, who, `b.id = ?`, int64(id))
	if err != nil {
		return BagView{}, err
	}
	if len(heads) == 0 {
		return BagView{}, store.ErrNotFound
	}
	v := BagView{BagHead: heads[0], Carriers: []Carrier{}, Allowed: []*caseflow.Action{}}
	b, err := bagFor(ctx, s.Store, who, id)
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal([]byte(b.Seals), &v.Seals); err != nil {
		return v, err
	}
	v.ListHash, v.SealedAt, v.SentAt, v.ReceivedAt, v.OpenedAt, v.CheckedAt = b.ListHash, b.SealedAt, b.SentAt, b.ReceivedAt, b.OpenedAt, b.CheckedAt
	// What is in it, and what was when it left; what was taken out before is neither.
	if v.Contents, err = store.Select[BagPaper](ctx, s.Store, `SELECT p.id, p.matter, m.no, m.title, m.item, p.material, p.form, p.copies, p.place FROM service_piece p JOIN matter m ON m.id = p.matter WHERE p.bag = ? OR p.place <> 'counter' AND EXISTS (SELECT 1 FROM service_piece_move v WHERE v.piece = p.id AND v.bag = ?) ORDER BY p.id`, int64(id), int64(id)); err != nil {
		return v, err
	}
	for i := range v.Contents {
		v.Contents[i].Name = s.materialName(v.Contents[i].Item, v.Contents[i].Material)
	}
	if v.Chain, err = s.chain(ctx, s.Store, id); err != nil {
		return v, err
	}
	v.Broken = checkChain(v.Chain)
	if v.Found, err = s.differences(ctx, `d.bag = ?`, int64(id)); err != nil {
		return v, err
	}
	if v.Clocks, err = caseflow.Clocks(ctx, s.Store, id); err != nil {
		return v, err
	}
	m, err := caseflow.Get(ctx, s.Store, id)
	if err != nil {
		return v, err
	}
	v.Version = m.Version
	if r := s.citywide.Load(); r != nil {
		v.Carriers = r.Carriers
		allowed, err := s.Engine.Allowed(ctx, s.Store, m, who)
		if err != nil {
			return v, err
		}
		v.Allowed = append(v.Allowed, slices.DeleteFunc(allowed, func(a *caseflow.Action) bool { return a.Name == "settle" })...)
	}
	v.Settle = v.Differences > 0 && slices.Contains([]string{"arrived", "opened", "differing"}, v.State) && (who.Has("acceptor", v.Destination) || who.Has("intake_clerk", v.Destination))
	return v, nil
}

func (s *Service) differences(ctx context.Context, cond string, args ...any) ([]BagDifference, error) {
	return store.Select[BagDifference](ctx, s.Store, `SELECT d.id, d.bag, d.kind, COALESCE(d.piece, 0) AS piece, COALESCE(d.matter, 0) AS matter, d.what, d.way, d.note, d.at, d.settled_at FROM service_bag_difference d WHERE `+cond+` ORDER BY d.id`, args...)
}

func (s *Service) materialName(item, material string) form.Text {
	if e, err := s.pinned(item); err == nil && e.Handling != nil {
		if m := e.Handling.material(material); m != nil {
			return m.Name
		}
	}
	return form.Text{"zh": material}
}

// BagOf finds a bag by the number on it, typed or scanned.
func (s *Service) BagOf(ctx context.Context, who account.Actor, no string) (BagHead, error) {
	no = strings.ToUpper(strings.TrimSpace(no))
	if !checkBagNumber(no) {
		return BagHead{}, httpapi.FailField("no", "not_a_bag")
	}
	heads, err := s.bagHeads(ctx, who, `b.no = ?`, no)
	if err == nil && len(heads) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return BagHead{}, err
	}
	return heads[0], nil
}

// CasePapers is where the papers of a conveyed case are, and which clock runs since when.
type CasePapers struct {
	Way         string          `json:"way" enum:"collect,mail," doc:"How the papers come; empty where they were there at once"`
	Origin      string          `json:"origin,omitempty" doc:"Unit that collected them"`
	Region      string          `json:"region,omitempty"`
	CollectedAt store.Time      `json:"collected_at,omitzero"`
	OughtAt     store.Time      `json:"ought_at,omitzero" doc:"When the authority should have them at the latest; then the law's clock begins even so"`
	StartedAt   store.Time      `json:"started_at,omitzero" doc:"From when the five days of 行政许可法第三十二条 count; absent until they begin"`
	Ground      string          `json:"ground" enum:"waiting,received,ought" doc:"Why the clock began, or that it has not"`
	AcceptDue   store.Time      `json:"accept_due,omitzero"`
	Papers      []BagPaper      `json:"papers"`
	Bags        []BagHead       `json:"bags"`
	Moves       []PaperMove     `json:"moves" doc:"Where the papers were, as the applicant reads it"`
	Differences []BagDifference `json:"differences"`
	Parcel      *ParcelView     `json:"parcel,omitempty"`
	Result      *ParcelView     `json:"result,omitempty" doc:"寄递结果"`
	Carriers    []Carrier       `json:"carriers"`
}

// PaperMove is a step of a bag as an applicant reads it.
type PaperMove struct {
	At   store.Time `bun:"at" json:"at"`
	Kind string     `bun:"kind" json:"kind"`
	To   string     `bun:"to_holder" json:"to" doc:"Without staff numbers"`
	Bag  string     `bun:"no" json:"bag"`
}

// CasePapers reads where a case's papers are for one who may see the case.
func (s *Service) CasePapers(ctx context.Context, who account.Actor, id store.ID) (CasePapers, error) {
	out := CasePapers{Ground: "waiting", Bags: []BagHead{}, Papers: []BagPaper{}, Moves: []PaperMove{}, Differences: []BagDifference{}, Carriers: []Carrier{}}
	if r := s.citywide.Load(); r != nil {
		out.Carriers = r.Carriers
	}
	cond, args := caseScope(who)
	if _, err := store.Get[int](ctx, s.Store, `SELECT 1 FROM matter m WHERE m.id = ? AND `+ofCases+` AND `+cond, append([]any{int64(id)}, args...)...); err != nil {
		return out, caseflow.ErrNotFound
	}
	var err error
	if out.Parcel, out.Result, err = s.caseParcels(ctx, id); err != nil {
		return out, err
	}
	c, err := store.Get[struct {
		Origin, Region string
		At             store.Time
	}](ctx, s.Store, `SELECT origin, region, at FROM service_collection WHERE matter = ?`, int64(id))
	switch {
	case err == nil:
		out.Way, out.Origin, out.Region, out.CollectedAt = "collect", c.Origin, c.Region, c.At
	case !errors.Is(err, store.ErrNotFound):
		return out, err
	case out.Parcel != nil:
		out.Way = "mail"
	default:
		return out, nil
	}
	clocks, err := caseflow.Clocks(ctx, s.Store, id)
	if err != nil {
		return out, err
	}
	for _, k := range clocks {
		switch {
		case k.Name == "transit":
			out.OughtAt = k.Due
		case k.Name == "accept" && (k.Outcome != caseflow.Void) && out.StartedAt.IsZero():
			out.StartedAt, out.AcceptDue, out.Ground = k.Started, k.Due, "received"
		}
	}
	if out.Ground == "received" && out.StartedAt.Equal(oughtBy(out.OughtAt.Time)) {
		out.Ground = "ought"
	}
	if out.Papers, err = store.Select[BagPaper](ctx, s.Store, `SELECT p.id, p.matter, m.no, m.title, m.item, p.material, p.form, p.copies, p.place FROM service_piece p JOIN matter m ON m.id = p.matter WHERE p.matter = ? ORDER BY p.id`, int64(id)); err != nil {
		return out, err
	}
	for i := range out.Papers {
		out.Papers[i].Name = s.materialName(out.Papers[i].Item, out.Papers[i].Material)
	}
	if out.Moves, err = store.Select[PaperMove](ctx, s.Store, `SELECT l.at, l.kind, l.to_holder, b.no FROM service_custody l JOIN service_bag b ON b.id = l.bag WHERE l.kind IN ('pack', 'seal', 'hand_over', 'receive', 'open', 'check', 'lose', 'find') AND EXISTS (SELECT 1 FROM service_piece p JOIN service_piece_move v ON v.piece = p.id WHERE p.matter = ? AND v.bag = l.bag) ORDER BY l.at, l.seq`, int64(id)); err != nil {
		return out, err
	}
	for i := range out.Moves {
		out.Moves[i].To, _, _ = strings.Cut(out.Moves[i].To, "#")
	}
	if out.Differences, err = s.differences(ctx, `d.matter = ?`, int64(id)); err != nil {
		return out, err
	}
	if who.Kind != account.Citizen {
		out.Bags, err = s.bagHeads(ctx, who, `EXISTS (SELECT 1 FROM service_piece p JOIN service_piece_move v ON v.piece = p.id WHERE p.matter = ? AND v.bag = b.id)`, int64(id))
	}
	return out, err
}
