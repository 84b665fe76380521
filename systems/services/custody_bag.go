package services

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/notice"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

type bagRow struct {
	ID          store.ID   `bun:"id"`
	No          string     `bun:"no"`
	Origin      string     `bun:"origin"`
	Destination string     `bun:"destination"` // a unit, or region:CODE
	Region      string     `bun:"region"`
	Holder      string     `bun:"holder"`
	Seals       string     `bun:"seals"`
	List        string     `bun:"list"`
	ListHash    string     `bun:"list_hash"`
	Links       int        `bun:"links"`
	Head        string     `bun:"head"`
	SealedAt    store.Time `bun:"sealed_at"`
	SentAt      store.Time `bun:"sent_at"`
	ReceivedAt  store.Time `bun:"received_at"`
	OpenedAt    store.Time `bun:"opened_at"`
	CheckedAt   store.Time `bun:"checked_at"`
}

const bagColumns = `b.id, b.no, b.origin, b.destination, b.region, b.holder, b.seals, b.list, b.list_hash, b.links, b.head, b.sealed_at, b.sent_at, b.received_at, b.opened_at, b.checked_at`

// bagFor reads a bag for one who may see it.
func bagFor(ctx context.Context, q store.Querier, who account.Actor, id store.ID) (bagRow, error) {
	cond, args := bagScope(who)
	return store.Get[bagRow](ctx, q, `SELECT `+bagColumns+` FROM service_bag b WHERE b.id = ? AND `+cond, append([]any{int64(id)}, args...)...)
}

// BagContents is a paper as the list of a bag has it.
type BagContents struct {
	Piece    store.ID `json:"piece"`
	Case     store.ID `json:"case"`
	No       string   `json:"no"`
	Material string   `json:"material"`
	Form     string   `json:"form"`
	Copies   int      `json:"copies"`
}

func (s *Service) bagContents(ctx context.Context, q store.Querier, bag store.ID) ([]BagContents, error) {
	rows, err := store.Select[BagContents](ctx, q, `SELECT p.id AS piece, p.matter AS "case", m.no, p.material, p.form, p.copies FROM service_piece p JOIN matter m ON m.id = p.matter WHERE p.bag = ? ORDER BY p.id`, int64(bag))
	return rows, err
}

// BagAct is what is done with a bag.
type BagAct struct {
	Action  string      `json:"action" enum:"add,seal,unseal,unpack,hand_over,receive,acknowledge,open,check,settle,lose,find"`
	Version int         `json:"version,omitempty" doc:"What the caller saw; 0 does not mind"`
	Cases   []store.ID  `json:"cases,omitempty" maxItems:"200" doc:"add: whose papers at the counter go in"`
	Seals   []string    `json:"seals,omitempty" maxItems:"4" doc:"seal: the numbers on the seals"`
	Carrier string      `json:"carrier,omitempty" maxLength:"40" doc:"hand_over, find: who takes it; of the district's list"`
	Badge   string      `json:"badge,omitempty" maxLength:"20" doc:"Their staff number: no names"`
	Code    string      `json:"code,omitempty" maxLength:"12" doc:"hand_over to, receive from who signs in: the code that their own session gave them"`
	At      store.Time  `json:"at,omitzero" doc:"When it happened; now when absent"`
	Seal    string      `json:"seal,omitempty" enum:"intact,broken," doc:"How the seals were found"`
	Photo   string      `json:"photo,omitempty" maxLength:"80" doc:"Of the bag with its seals, or of the signed slip"`
	Place   string      `json:"place,omitempty" maxLength:"60"`
	Note    string      `json:"note,omitempty" maxLength:"300"`
	Found   []store.ID  `json:"found,omitempty" maxItems:"2000" doc:"check: the papers that were in it"`
	Extra   []ExtraSaid `json:"extra,omitempty" maxItems:"50" doc:"check: what was in it and not on the list"`
}

// ExtraSaid is something that was in a bag and not on its list.
type ExtraSaid struct {
	What string `json:"what" minLength:"2" maxLength:"100"`
}

var (
	badgeForm = regexp.MustCompile(`^[A-Za-z0-9-]{2,20}$`)
	sealForm  = regexp.MustCompile(`^[A-Za-z0-9-]{4,20}$`)
)

// PackBag begins a bag for an authority with the papers of cases that lie at the counter.
func (s *Service) PackBag(ctx context.Context, who account.Actor, to string, cases []store.ID) (BagView, error) {
	origin := s.collectingUnit(who)
	if units := who.UnitsWith("intake_clerk"); origin == "" && len(units) > 0 {
		origin = units[0] // what a partner's office collected comes to the comprehensive windows
	}
	unit, ok := s.Dir.Tree().Unit(to)
	switch {
	case origin == "" || s.citywide.Load() == nil:
		return BagView{}, httpapi.Fail(http.StatusForbidden, "forbidden")
	case !ok || to == origin:
		return BagView{}, httpapi.FailField("to", "no_such_option")
	case len(cases) == 0:
		return BagView{}, httpapi.FailField("cases", "required")
	}
	serial, err := s.Numbers.Next(ctx, "bag")
	if err != nil {
		return BagView{}, err
	}
	now := s.Store.Now()
	no := bagNumber(now.In(s.Zone()).Year(), serial)
	var id store.ID
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id = tx.NewID()
		if _, err := s.Engine.Open(ctx, tx, caseflow.Opening{Flow: "bag", Action: "pack", ID: id, Actor: who, Matter: caseflow.Matter{No: no, Unit: to, Asker: origin, Title: "材料袋 → " + unit.Name}}); err != nil {
			return err
		}
		b := bagRow{ID: id, No: no, Origin: origin, Destination: to}
		if _, err := tx.Exec(ctx, `INSERT INTO service_bag (id, no, origin, destination, holder, seals, list, list_hash, links, head) VALUES (?, ?, ?, ?, '', '[]', '[]', '', 0, '')`, id, no, origin, to); err != nil {
			return err
		}
		if err := s.addToBag(ctx, tx, who, b, cases); err != nil {
			return err
		}
		if err := s.link(ctx, tx, who, &b, CustodyLink{Kind: "pack", To: unitHolder(origin)}); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusCreated, map[string]string{"id": id.String()})
	})
	if err != nil {
		return BagView{}, err
	}
	return s.Bag(ctx, who, id)
}

// addToBag puts the papers of cases that lie at the counter of the bag's office into it.
func (s *Service) addToBag(ctx context.Context, tx *store.Tx, who account.Actor, b bagRow, cases []store.ID) error {
	for _, id := range cases {
		pieces, err := store.Select[pieceRow](ctx, tx, `SELECT `+pieceColumns+` FROM service_piece p JOIN matter m ON m.id = p.matter JOIN service_collection c ON c.matter = p.matter WHERE p.matter = ? AND p.place = 'counter' AND m.unit = ? AND c.origin = ? ORDER BY p.id`, int64(id), b.Destination, b.Origin)
		if err != nil {
			return err
		}
		if len(pieces) == 0 {
			return httpapi.FailField("cases", "no_such_option")
		}
		for _, p := range pieces {
			if err := s.movePiece(ctx, tx, who, p, inBag, b.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// link writes the next link of a bag's chain, and in the audit log its hash.
func (s *Service) link(ctx context.Context, tx *store.Tx, who account.Actor, b *bagRow, l CustodyLink) error {
	now := s.Store.Now()
	l.Bag, l.Seq, l.EnteredAt, l.By, l.Prev, l.Note = b.ID, b.Links+1, store.At(now), who.Account, b.Head, text.Mask(strings.TrimSpace(l.Note))
	if l.At.IsZero() {
		l.At = l.EnteredAt
	}
	if l.From = b.Holder; l.To == "" {
		l.To = b.Holder
	}
	l.Hash = l.digest()
	if _, err := tx.Exec(ctx, `INSERT INTO service_custody (bag, seq, kind, at, entered_at, by, from_holder, to_holder, from_sign, to_sign, place, seal, photo, photo_hash, list_hash, note, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		l.Bag, l.Seq, l.Kind, l.At, l.EnteredAt, l.By, l.From, l.To, l.FromSign, l.ToSign, l.Place, l.Seal, l.Photo, l.PhotoHash, l.ListHash, l.Note, l.Prev, l.Hash); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE service_bag SET holder = ?, links = ?, head = ? WHERE id = ? AND links = ?`, l.To, l.Seq, l.Hash, b.ID, b.Links)
	if err == nil && n == 0 {
		return caseflow.ErrConflict
	}
	if err != nil {
		return err
	}
	b.Holder, b.Links, b.Head = l.To, l.Seq, l.Hash
	return audit.Write(ctx, tx, audit.Record{At: l.EnteredAt, Actor: who.Account, Unit: who.Unit, Action: "custody." + l.Kind, Object: "bag/" + b.ID.String()}, map[string]any{"seq": l.Seq, "hash": l.Hash})
}

// ActOnBag does something with a bag: the flow says who may and when, and the chain gets
// its link in the same transaction. What the district's clock calls the receipt of its
// cases is when it was handed to the authority, not when somebody opened it.
func (s *Service) ActOnBag(ctx context.Context, who account.Actor, id store.ID, in BagAct) (BagView, error) {
	r := s.citywide.Load()
	if r == nil {
		return BagView{}, store.ErrNotFound
	}
	l := CustodyLink{Kind: in.Action, At: in.At, Place: in.Place, Seal: in.Seal, Photo: in.Photo, Note: in.Note}
	if err := s.checkBagAct(ctx, r, in, &l); err != nil {
		return BagView{}, err
	}
	err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		l := l
		b, err := bagFor(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if in.Action == "add" {
			m, err := caseflow.Get(ctx, tx, id)
			if err != nil {
				return err
			}
			if m.State != "packing" || !who.Has("intake_clerk", b.Origin) {
				return httpapi.Fail(http.StatusConflict, "refused_state")
			}
			return s.addToBag(ctx, tx, who, b, in.Cases)
		}
		if err := s.timeOfLink(ctx, tx, r, b, l); err != nil {
			return err
		}
		if in.Action == "check" {
			if err := s.compareBag(ctx, tx, who, b, in); err != nil {
				return err
			}
		}
		m, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: id, Version: in.Version, Action: in.Action, Actor: who})
		if err != nil {
			return err
		}
		if err := s.bagEffect(ctx, tx, who, &b, m, in, &l); err != nil {
			return err
		}
		if err := s.link(ctx, tx, who, &b, l); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusOK, map[string]string{"id": id.String()})
	})
	if err != nil {
		return BagView{}, err
	}
	return s.Bag(ctx, who, id)
}

// checkBagAct says what is wrong with what was filled in, and fills in who signs.
func (s *Service) checkBagAct(ctx context.Context, r *citywideRules, in BagAct, l *CustodyLink) error {
	if in.Photo != "" {
		hash, err := store.Get[[]byte](ctx, s.Store, `SELECT hash FROM blob WHERE id = ?`, in.Photo)
		if err != nil {
			return httpapi.FailField("photo", "no_such_file")
		}
		l.PhotoHash = hex.EncodeToString(hash)
	}
	carried := in.Carrier != "" || in.Badge != ""
	signs := in.Action == "hand_over" && r.signing("carrier:"+in.Carrier) != nil
	if carried && (!r.carrier(in.Carrier) || !signs && !badgeForm.MatchString(in.Badge)) {
		return httpapi.FailField("carrier", "no_such_option")
	}
	switch in.Action {
	case "seal":
		if len(in.Seals) == 0 {
			return httpapi.FailField("seals", "required")
		}
		for i, n := range in.Seals {
			if !sealForm.MatchString(n) || slices.Contains(in.Seals[:i], n) {
				return httpapi.FailField("seals", "invalid")
			}
		}
	case "hand_over", "receive":
		// Both sides sign: who has no account here signs the slip, and its photo is kept.
		if in.Action == "hand_over" && !carried {
			return httpapi.FailField("carrier", "required")
		}
		if in.Photo == "" && in.Code == "" {
			if signs {
				return httpapi.FailField("code", "required")
			}
			return httpapi.FailField("photo", "required")
		}
		if in.Seal == "" {
			return httpapi.FailField("seal", "required")
		}
	case "find":
		if !carried {
			return httpapi.FailField("carrier", "required")
		}
	case "open":
		if in.Seal == "" {
			return httpapi.FailField("seal", "required")
		}
	case "acknowledge", "lose", "unseal":
		if len([]rune(strings.TrimSpace(in.Note))) < 4 {
			return httpapi.FailField("note", "required")
		}
	case "add":
		if len(in.Cases) == 0 {
			return httpapi.FailField("cases", "required")
		}
	}
	return nil
}

// timeOfLink holds when a link happened between the link before it and now, and not longer
// ago than it may be entered late.
func (s *Service) timeOfLink(ctx context.Context, q store.Querier, r *citywideRules, b bagRow, l CustodyLink) error {
	if l.At.IsZero() {
		return nil
	}
	now := s.Store.Now()
	cal, err := s.Book.Current(s.casework.Load().office)
	if err != nil {
		return err
	}
	var last store.Time
	err = q.QueryRow(ctx, `SELECT at FROM service_custody WHERE bag = ? ORDER BY seq DESC LIMIT 1`, b.ID).Scan(&last)
	switch {
	case err != nil:
		return err
	case l.At.After(now), l.At.Before(last.Time):
		return httpapi.FailField("at", "not_a_time")
	case now.After(cal.Add(l.At.Time, r.late)):
		return httpapi.FailField("at", "entered_too_late")
	}
	return nil
}

// bagEffect is what an action changes beside the bag's matter.
func (s *Service) bagEffect(ctx context.Context, tx *store.Tx, who account.Actor, b *bagRow, m *caseflow.Matter, in BagAct, l *CustodyLink) error {
	now := store.At(s.Store.Now())
	when := l.At
	if when.IsZero() {
		when = now
	}
	set := func(column string, at store.Time) error {
		_, err := tx.Exec(ctx, `UPDATE service_bag SET `+column+` = ? WHERE id = ?`, at, b.ID)
		return err
	}
	switch in.Action {
	case "seal":
		list, err := s.bagContents(ctx, tx, b.ID)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return httpapi.FailField("cases", "required")
		}
		raw, err := json.Marshal(list)
		if err != nil {
			return err
		}
		seals, err := json.Marshal(in.Seals)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(raw)
		l.ListHash, l.Seal = hex.EncodeToString(sum[:]), "intact"
		_, err = tx.Exec(ctx, `UPDATE service_bag SET list = ?, list_hash = ?, seals = ?, sealed_at = ? WHERE id = ?`, string(raw), l.ListHash, string(seals), when, b.ID)
		return err
	case "unseal":
		_, err := tx.Exec(ctx, `UPDATE service_bag SET list = '[]', list_hash = '', seals = '[]', sealed_at = NULL WHERE id = ?`, b.ID)
		return err
	case "unpack":
		return s.moveBagPieces(ctx, tx, who, b.ID, inBag, atCounter, 0)
	case "hand_over":
		if err := s.signHandOver(ctx, tx, who, b, in, l); err != nil || !b.SentAt.IsZero() {
			return err
		}
		if err := s.sendErrands(ctx, tx, who, b); err != nil {
			return err
		}
		return set("sent_at", when)
	case "acknowledge": // what the partner's receipt says
		l.To = regionHolder(b.Region)
		l.FromSign, l.ToSign = b.Holder, l.To
		if err := s.moveBagPieces(ctx, tx, who, b.ID, inBag, atOwner, 0); err != nil {
			return err
		}
		return set("received_at", when)
	case "receive":
		l.To = unitHolder(b.Destination)
		if err := s.signHandOver(ctx, tx, who, b, in, l); err != nil {
			return err
		}
		if err := set("received_at", when); err != nil {
			return err
		}
		if err := s.sealFound(ctx, tx, who, b.ID, in); err != nil {
			return err
		}
		return s.arriveCases(ctx, tx, b.ID, when.Time)
	case "open":
		if err := set("opened_at", when); err != nil {
			return err
		}
		return s.sealFound(ctx, tx, who, b.ID, in)
	case "check":
		return set("checked_at", when)
	case "lose":
		l.To = holderLost
		if err := s.moveBagPieces(ctx, tx, who, b.ID, inBag, unfound, b.ID); err != nil {
			return err
		}
		return s.tellBagCases(ctx, tx, b.ID, "custody_lost")
	case "find":
		l.To = "carrier:" + in.Carrier + "#" + in.Badge
		return s.moveBagPieces(ctx, tx, who, b.ID, unfound, inBag, b.ID)
	}
	return nil
}

func (s *Service) moveBagPieces(ctx context.Context, tx *store.Tx, who account.Actor, bag store.ID, from, to string, in store.ID) error {
	pieces, err := store.Select[pieceRow](ctx, tx, `SELECT `+pieceColumns+` FROM service_piece p WHERE p.bag = ? AND p.place = ? ORDER BY p.id`, int64(bag), from)
	if err != nil {
		return err
	}
	for _, p := range pieces {
		if err := s.movePiece(ctx, tx, who, p, to, in); err != nil {
			return err
		}
	}
	return nil
}

// arriveCases tells the cases whose papers are in a bag that the authority has them since.
// A case that nobody waits for any more (deemed accepted, withdrawn) stays as it is.
func (s *Service) arriveCases(ctx context.Context, tx *store.Tx, bag store.ID, at time.Time) error {
	ids, err := store.Select[store.ID](ctx, tx, `SELECT DISTINCT p.matter FROM service_piece p JOIN matter m ON m.id = p.matter WHERE p.bag = ? AND m.state = 'conveyed' ORDER BY p.matter`, int64(bag))
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.arriveCase(ctx, tx, id, at); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) arriveCase(ctx context.Context, tx *store.Tx, id store.ID, at time.Time) error {
	_, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: id, Action: "arrive", Actor: account.System(s.Dir), Form: map[string]any{"at": at.UTC().Format(time.RFC3339Nano)}})
	return err
}

// BagDifference is where a bag differed from its list (清单差异).
type BagDifference struct {
	ID        store.ID   `bun:"id" json:"id"`
	Bag       store.ID   `bun:"bag" json:"bag"`
	Kind      string     `bun:"kind" json:"kind" enum:"missing,extra,broken_seal"`
	Piece     store.ID   `bun:"piece" json:"piece,omitempty"`
	Case      store.ID   `bun:"matter" json:"case,omitempty"`
	What      string     `bun:"what" json:"what,omitempty"`
	Way       string     `bun:"way" json:"way,omitempty" enum:"found,scan,ask,give_back,forward,whole,"`
	Note      string     `bun:"note" json:"note,omitempty"`
	At        store.Time `bun:"at" json:"at"`
	By        store.ID   `bun:"by" json:"-"`
	SettledAt store.Time `bun:"settled_at" json:"settled_at,omitzero"`
}

// differenceWays is how each kind of difference may be settled. A missing paper turns up,
// or its scan stands for it, or the applicant is asked for it with the one-time notice;
// what is extra is given back or sent on; behind a broken seal all is found whole.
var differenceWays = map[string][]string{
	"missing":     {"found", "scan", "ask"},
	"extra":       {"give_back", "forward"},
	"broken_seal": {"whole"},
}

func (s *Service) differ(ctx context.Context, tx *store.Tx, who account.Actor, d BagDifference) error {
	var piece, matter any
	if d.Piece != 0 {
		piece, matter = int64(d.Piece), int64(d.Case)
	}
	_, err := tx.Exec(ctx, `INSERT INTO service_bag_difference (id, bag, kind, piece, matter, what, way, note, at, by) VALUES (?, ?, ?, ?, ?, ?, '', '', ?, ?)`, tx.NewID(), d.Bag, d.Kind, piece, matter, d.What, store.At(s.Store.Now()), who.Account)
	return err
}

// sealFound keeps that a seal was found broken, once.
func (s *Service) sealFound(ctx context.Context, tx *store.Tx, who account.Actor, bag store.ID, in BagAct) error {
	if in.Seal != "broken" {
		return nil
	}
	n, err := store.Get[int](ctx, tx, `SELECT count(*) FROM service_bag_difference WHERE bag = ? AND kind = 'broken_seal'`, int64(bag))
	if err != nil || n > 0 {
		return err
	}
	return s.differ(ctx, tx, who, BagDifference{Bag: bag, Kind: "broken_seal", What: text.Mask(strings.TrimSpace(in.Note))})
}

// compareBag holds what was found in a bag against its list. Each paper is then with the
// authority or nowhere; whoever is concerned is told of what is missing.
func (s *Service) compareBag(ctx context.Context, tx *store.Tx, who account.Actor, b bagRow, in BagAct) error {
	pieces, err := store.Select[pieceRow](ctx, tx, `SELECT `+pieceColumns+` FROM service_piece p WHERE p.bag = ? AND p.place = 'bag' ORDER BY p.id`, int64(b.ID))
	if err != nil {
		return err
	}
	for _, id := range in.Found {
		if !slices.ContainsFunc(pieces, func(p pieceRow) bool { return p.ID == id }) {
			return httpapi.FailField("found", "no_such_option")
		}
	}
	for _, p := range pieces {
		if slices.Contains(in.Found, p.ID) {
			if err := s.movePiece(ctx, tx, who, p, atOwner, 0); err != nil {
				return err
			}
			continue
		}
		if err := s.movePiece(ctx, tx, who, p, unfound, 0); err != nil {
			return err
		}
		if err := s.differ(ctx, tx, who, BagDifference{Bag: b.ID, Kind: "missing", Piece: p.ID, Case: p.Matter}); err != nil {
			return err
		}
		if err := s.tellOfPiece(ctx, tx, p, "custody_missing"); err != nil {
			return err
		}
	}
	for _, x := range in.Extra {
		if len([]rune(strings.TrimSpace(x.What))) < 2 {
			return httpapi.FailField("extra", "required")
		}
		if err := s.differ(ctx, tx, who, BagDifference{Bag: b.ID, Kind: "extra", What: text.Mask(strings.TrimSpace(x.What))}); err != nil {
			return err
		}
	}
	return nil
}

// tellOfPiece tells the applicant and the collecting office of a paper.
func (s *Service) tellOfPiece(ctx context.Context, tx *store.Tx, p pieceRow, name string) error {
	m, err := caseflow.Get(ctx, tx, p.Matter)
	if err != nil {
		return err
	}
	what := p.Material
	if e, err := s.pinned(m.Item); err == nil {
		if mt := e.Handling.material(p.Material); mt != nil {
			what = mt.Name["zh"]
		}
	}
	return s.tellOfPapers(ctx, tx, m, name, what)
}

func (s *Service) tellOfPapers(ctx context.Context, tx *store.Tx, m *caseflow.Matter, name, what string) error {
	unit, _ := s.Dir.Tree().Unit(m.Unit)
	n := notice.Note{Name: name, Person: m.Applicant, About: "matter/" + m.ID.String(), Link: "/cases/" + m.ID.String(), Words: map[string]string{"no": m.No, "title": m.Title, "unit": unit.Name, "reason": what}}
	if m.Flow == "errand" {
		n.Link = "/cross-region" // there is no case of it here
	}
	if err := s.Notices.Tell(ctx, tx, n); err != nil {
		return err
	}
	n.Person, n.Name, n.Desk, n.Link = 0, name+"_unit", "intake_clerk@"+m.Asker, "/desk/cases/"+m.ID.String()
	if m.Flow == "errand" {
		n.Link = "/desk/citywide?tab=errands"
	}
	return s.Notices.Tell(ctx, tx, n)
}

func (s *Service) tellBagCases(ctx context.Context, tx *store.Tx, bag store.ID, name string) error {
	ids, err := store.Select[store.ID](ctx, tx, `SELECT DISTINCT matter FROM service_piece WHERE bag = ? ORDER BY matter`, int64(bag))
	if err != nil {
		return err
	}
	for _, id := range ids {
		m, err := caseflow.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.tellOfPapers(ctx, tx, m, name, ""); err != nil {
			return err
		}
	}
	return nil
}

// SettleDifference says what became of a difference. The bag is done with its last.
func (s *Service) SettleDifference(ctx context.Context, who account.Actor, bag, id store.ID, way, note string) (BagView, error) {
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		b, err := bagFor(ctx, tx, who, bag)
		if err != nil {
			return err
		}
		d, err := store.Get[BagDifference](ctx, tx, `SELECT id, bag, kind, COALESCE(piece, 0) AS piece, COALESCE(matter, 0) AS matter, what, way FROM service_bag_difference WHERE id = ? AND bag = ?`, int64(id), b.ID)
		if err != nil {
			return err
		}
		m, err := caseflow.Get(ctx, tx, bag)
		switch {
		case err != nil:
			return err
		case !who.Has("acceptor", b.Destination) && !who.Has("intake_clerk", b.Destination):
			return httpapi.Fail(http.StatusForbidden, "forbidden")
		case d.Way != "" || m.State != "differing" && m.State != "opened" && m.State != "arrived":
			return httpapi.Fail(http.StatusConflict, "refused_state")
		case !slices.Contains(differenceWays[d.Kind], way):
			return httpapi.FailField("way", "no_such_option")
		case len([]rune(strings.TrimSpace(note))) < 2:
			return httpapi.FailField("note", "required")
		}
		if _, err := tx.Exec(ctx, `UPDATE service_bag_difference SET way = ?, note = ?, settled_at = ?, settled_by = ? WHERE id = ? AND way = ''`, way, text.Mask(strings.TrimSpace(note)), store.At(s.Store.Now()), who.Account, d.ID); err != nil {
			return err
		}
		if d.Piece != 0 {
			if err := s.settlePiece(ctx, tx, who, d, way); err != nil {
				return err
			}
		}
		left, err := store.Get[int](ctx, tx, `SELECT count(*) FROM service_bag_difference WHERE bag = ? AND way = ''`, b.ID)
		if err != nil || left > 0 || m.State != "differing" {
			return err
		}
		if _, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: bag, Action: "settle", Actor: who}); err != nil {
			return err
		}
		return s.link(ctx, tx, who, &b, CustodyLink{Kind: "settle"})
	})
	if err != nil {
		return BagView{}, err
	}
	return s.Bag(ctx, who, bag)
}

func (s *Service) settlePiece(ctx context.Context, tx *store.Tx, who account.Actor, d BagDifference, way string) error {
	p, err := store.Get[pieceRow](ctx, tx, `SELECT `+pieceColumns+` FROM service_piece p WHERE p.id = ?`, d.Piece)
	if err != nil {
		return err
	}
	switch way {
	case "found":
		return s.movePiece(ctx, tx, who, p, atOwner, 0)
	case "ask": // what the one-time notice then asks for
		_, err = tx.Exec(ctx, `UPDATE service_case_material SET state = 'missing' WHERE matter = ? AND material = ? AND state = 'got' AND EXISTS (SELECT 1 FROM matter m WHERE m.id = service_case_material.matter AND m.state IN ('conveyed', 'received'))`, p.Matter, p.Material)
	}
	return err
}

// VerifyBag says what is wrong with a bag's chain: each link against the one before it,
// the last against the bag, each hash against the audit log, the list against its hash,
// and each paper's place against its moves.
func (s *Service) VerifyBag(ctx context.Context, no string) (links int, wrong []string, err error) {
	b, err := store.Get[bagRow](ctx, s.Store, `SELECT `+bagColumns+` FROM service_bag b WHERE b.no = ?`, no)
	if err != nil {
		return 0, nil, err
	}
	chain, err := s.chain(ctx, s.Store, b.ID)
	if err != nil {
		return 0, nil, err
	}
	wrong = checkChain(chain)
	if len(chain) != b.Links || len(chain) == 0 || chain[len(chain)-1].Hash != b.Head || chain[len(chain)-1].To != b.Holder {
		wrong = append(wrong, "the bag does not stand where its chain ends")
	}
	logged, err := store.Select[string](ctx, s.Store, `SELECT detail FROM audit WHERE object = ? AND action LIKE 'custody.%' ORDER BY id`, "bag/"+b.ID.String())
	if err != nil {
		return 0, nil, err
	}
	hashes := map[int]string{}
	for _, raw := range logged {
		var d struct {
			Seq  int
			Hash string
		}
		if json.Unmarshal([]byte(raw), &d) == nil {
			hashes[d.Seq] = d.Hash
		}
	}
	for _, l := range chain {
		if hashes[l.Seq] != l.Hash {
			wrong = append(wrong, fmt.Sprintf("link %d: the audit log has another hash, or none", l.Seq))
		}
	}
	if sum := sha256.Sum256([]byte(b.List)); b.ListHash != "" && hex.EncodeToString(sum[:]) != b.ListHash {
		wrong = append(wrong, "the list of contents was changed after the bag was sealed")
	}
	if sealed := lastOf(chain, "seal"); b.ListHash != "" && (sealed == nil || sealed.ListHash != b.ListHash) {
		wrong = append(wrong, "the list of contents is not the one that was sealed")
	}
	misplaced, err := store.Get[int](ctx, s.Store, `SELECT count(*) FROM service_piece p WHERE p.bag = ? AND NOT EXISTS (SELECT 1 FROM service_piece_move v WHERE v.piece = p.id AND v.seq = p.seq AND v.place = p.place AND COALESCE(v.bag, 0) = COALESCE(p.bag, 0))`, b.ID)
	if err == nil && misplaced > 0 {
		wrong = append(wrong, "a paper is not where its moves say")
	}
	return len(chain), wrong, err
}

func lastOf(chain []CustodyLink, kind string) *CustodyLink {
	for i := len(chain) - 1; i >= 0; i-- {
		if chain[i].Kind == kind {
			return &chain[i]
		}
	}
	return nil
}

func (s *Service) chain(ctx context.Context, q store.Querier, bag store.ID) ([]CustodyLink, error) {
	return store.Select[CustodyLink](ctx, q, `SELECT bag, seq, kind, at, entered_at, COALESCE(by, 0) AS by, from_holder, to_holder, from_sign, to_sign, place, seal, photo, photo_hash, list_hash, note, prev, hash FROM service_custody WHERE bag = ? ORDER BY seq`, int64(bag))
}
