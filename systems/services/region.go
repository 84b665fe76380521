package services

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// Regions with which there are agreements (跨区域通办): their items may be applied for here,
// ours there, as the pairs of an agreement in force say. Without one no such case opens.

// regionModes are how a pair is handled (通办方式).
var regionModes = []string{
	"online", // 全程网办
	"proxy",  // 异地代收代办: the papers follow
	"joint",  // 多地联办
}

// Agreement is an agreement with a region (通办协议).
type Agreement struct {
	ID         store.ID `bun:"id" json:"id"`
	Region     string   `bun:"region" json:"region"`
	RegionName string   `bun:"region_name" json:"region_name"`
	Province   string   `bun:"province" json:"province"`
	No         string   `bun:"no" json:"no"`
	From       string   `bun:"from_day" json:"from"`
	To         string   `bun:"to_day" json:"to,omitempty" doc:"Last day; it goes on when absent"`
	Contact    string   `bun:"contact" json:"contact"`
	Phone      string   `bun:"phone" json:"phone"`
	Synthetic  bool     `bun:"synthetic" json:"synthetic"`
	Version    int      `bun:"seq" json:"version"`
	In         int      `bun:"n_in" json:"in" doc:"Pairs: our items, applied for there"`
	Out        int      `bun:"n_out" json:"out" doc:"Pairs: their items, applied for here"`
	Force      bool     `bun:"-" json:"in_force"`
	Ending     bool     `bun:"-" json:"ending" doc:"It ends within 60 days"`
}

func (a *Agreement) judge(today string) {
	a.Force = a.From <= today && (a.To == "" || today <= a.To)
	day, err := time.Parse(time.DateOnly, today)
	a.Ending = a.Force && a.To != "" && err == nil && a.To <= day.AddDate(0, 0, 60).Format(time.DateOnly)
}

const agreementQuery = `SELECT a.id, a.region, r.name AS region_name, r.province, a.no, a.from_day, a.to_day, a.contact, a.phone, a.synthetic, a.seq,
 (SELECT count(*) FROM service_agreement_item p WHERE p.agreement = a.id AND p.direction = 'in') AS n_in, (SELECT count(*) FROM service_agreement_item p WHERE p.agreement = a.id AND p.direction = 'out') AS n_out
 FROM service_agreement a JOIN service_region r ON r.code = a.region `

// Agreements lists all agreements, by region.
func (s *Service) Agreements(ctx context.Context) ([]Agreement, error) {
	list, err := store.Select[Agreement](ctx, s.Store, agreementQuery+`ORDER BY a.region, a.no LIMIT 2000`)
	today := s.today()
	for i := range list {
		list[i].judge(today)
	}
	return list, err
}

// Pair is an item that may be applied for across regions.
type Pair struct {
	ID        store.ID `bun:"id" json:"id"`
	Agreement store.ID `bun:"agreement" json:"agreement"`
	Region    string   `bun:"region" json:"region"`
	Name      string   `bun:"region_name" json:"region_name"`
	Direction string   `bun:"direction" json:"direction" enum:"in,out"`
	Mode      string   `bun:"mode" json:"mode" enum:"online,proxy,joint"`
	Own       store.ID `bun:"own" json:"own,omitempty" doc:"Our item"`
	OwnKey    string   `bun:"own_key" json:"own_key,omitempty"`
	OwnName   string   `bun:"own_name" json:"own_name,omitempty"`
	Theirs    string   `bun:"theirs" json:"theirs,omitempty" doc:"Their implementation code"`
	TheirName string   `bun:"their_name" json:"their_name,omitempty"`
	State     string   `bun:"-" json:"state" enum:"mapped,unmapped,gone,version_differs"`
	Contact   string   `bun:"contact" json:"contact"`
	Phone     string   `bun:"phone" json:"phone"`

	OwnV     int    `bun:"own_v" json:"-"`
	OwnState string `bun:"own_state" json:"-"`
	OwnNow   int    `bun:"own_now" json:"-"`
	From     string `bun:"from_day" json:"-"`
	To       string `bun:"to_day" json:"-"`
}

// judge says how a pair's mapping stands: the item of whoever owns it must be there, and
// be the version that was mapped.
func (p *Pair) judge() {
	switch {
	case p.Theirs == "" || p.Direction == "in" && p.OwnKey == "":
		p.State = "unmapped"
	case p.OwnKey != "" && p.OwnState != string(ItemPublished):
		p.State = "gone"
	case p.OwnKey != "" && p.OwnNow != p.OwnV:
		p.State = "version_differs"
	default:
		p.State = "mapped"
	}
}

const pairQuery = `SELECT p.id, p.agreement, a.region, r.name AS region_name, p.direction, p.mode, COALESCE(p.own, 0) AS own, p.own_key, COALESCE(i.name, '') AS own_name, p.theirs, p.their_name, p.own_v, COALESCE(i.state, '') AS own_state, COALESCE(i.version, 0) AS own_now, a.from_day, a.to_day, a.contact, a.phone
 FROM service_agreement_item p JOIN service_agreement a ON a.id = p.agreement JOIN service_region r ON r.code = a.region LEFT JOIN service_item i ON i.id = p.own WHERE `

// Pairs lists pairs: of an agreement, or those in force that words find (能不能跨域办).
func (s *Service) Pairs(ctx context.Context, agreement store.ID, region, direction, words string, force bool, limit int) ([]Pair, error) {
	conds, args := []string{"1=1"}, []any{}
	add := func(c string, a ...any) { conds, args = append(conds, c), append(args, a...) }
	if agreement != 0 {
		add("p.agreement = ?", int64(agreement))
	}
	if region != "" {
		add("a.region = ?", region)
	}
	if direction != "" {
		add("p.direction = ?", direction)
	}
	for _, w := range strings.Fields(words) {
		like := "%" + store.Literal(w) + "%"
		add("(i.name LIKE ? OR p.their_name LIKE ? OR r.name LIKE ? OR p.theirs LIKE ?)", like, like, like, like)
	}
	if today := s.today(); force {
		add("a.from_day <= ? AND (a.to_day = '' OR a.to_day >= ?)", today, today)
	}
	list, err := store.Select[Pair](ctx, s.Store, pairQuery+strings.Join(conds, " AND ")+` ORDER BY a.region, p.direction, p.id LIMIT ?`, append(args, limit)...)
	for i := range list {
		list[i].judge()
	}
	if force { // what cannot be done today is not offered
		list = slices.DeleteFunc(list, func(p Pair) bool { return p.State == "gone" || p.State == "unmapped" })
	}
	return list, err
}

// pairInForce finds the pair under which a case may open today; no_agreement where there
// is none.
func (s *Service) pairInForce(ctx context.Context, q store.Querier, region, direction string, own, id store.ID) (Pair, error) {
	today := s.today()
	cond, arg := "p.own = ?", int64(own)
	if id != 0 {
		cond, arg = "p.id = ?", int64(id)
	}
	list, err := store.Select[Pair](ctx, q, pairQuery+`a.region = ? AND p.direction = ? AND `+cond+` AND a.from_day <= ? AND (a.to_day = '' OR a.to_day >= ?) ORDER BY p.id`, region, direction, arg, today, today)
	if err != nil {
		return Pair{}, err
	}
	for _, p := range list {
		if p.judge(); p.State == "mapped" || p.State == "version_differs" {
			return p, nil
		}
	}
	return Pair{}, httpapi.Fail(http.StatusConflict, "no_agreement")
}

func (s *Service) keepRegionCase(ctx context.Context, tx *store.Tx, matter store.ID, p Pair) error {
	_, err := tx.Exec(ctx, `INSERT INTO service_region_case (matter, region, pair, direction, mode, at) VALUES (?, ?, ?, ?, ?, ?)`, matter, p.Region, p.ID, p.Direction, p.Mode, store.At(s.Store.Now()))
	return err
}

// RegionSending sends an application that comes from a region.
type RegionSending struct {
	Version int         `json:"version"`
	Region  string      `json:"region" maxLength:"12"`
	Points  []string    `json:"points,omitempty" doc:"At a counter, of a proxy pair: as for a collection"`
	Pieces  []PieceSaid `json:"pieces,omitempty" maxItems:"60" doc:"At a counter, of a proxy pair: the papers that follow"`
}

// SendFromRegion sends an application for one of our items from another region. An
// agreement in force says that it may, and how; where the partner's office collects the
// papers, the case is received when they are here.
func (s *Service) SendFromRegion(ctx context.Context, who account.Actor, id store.ID, in RegionSending) (Sent, error) {
	a, err := s.applicationFor(ctx, s.Store, who, id)
	if err != nil {
		return Sent{}, err
	}
	if a.Theme != 0 {
		return Sent{}, httpapi.Fail(http.StatusConflict, "no_agreement")
	}
	p, err := s.pairInForce(ctx, s.Store, in.Region, "in", a.Item, 0)
	if err != nil {
		return Sent{}, err
	}
	way := &conveyance{check: func(context.Context, *ItemElements, string, checkedApplication) error { return nil },
		keep: func(ctx context.Context, tx *store.Tx, matter store.ID) error {
			if _, err := s.pairInForce(ctx, tx, in.Region, "in", a.Item, p.ID); err != nil {
				return err
			}
			return s.keepRegionCase(ctx, tx, matter, p)
		}}
	r := s.citywide.Load()
	if p.Mode == "proxy" && who.Kind != account.Citizen && len(in.Pieces) > 0 && r != nil {
		way.action, way.asker = "collect", cmp.Or(s.collectingUnit(who), s.casework.Load().Receiving)
		way.check = func(_ context.Context, e *ItemElements, _ string, checked checkedApplication) error {
			for _, x := range e.Handling.Acceptance {
				if !slices.Contains(in.Points, x.ID) {
					return httpapi.FailField("points", "all_points")
				}
			}
			return checkPieces(checked.needed, in.Pieces)
		}
		keep := way.keep
		way.keep = func(ctx context.Context, tx *store.Tx, matter store.ID) error {
			if err := keep(ctx, tx, matter); err != nil {
				return err
			}
			return s.keepCollection(ctx, tx, who, matter, way.asker, in.Region, in.Points, in.Pieces, r.Transit)
		}
	}
	return s.sendConveyed(ctx, who, id, in.Version, false, way)
}

// Errand is an application for another region's authority that is taken in here.
type Errand struct {
	ID      store.ID           `json:"id"`
	No      string             `json:"no"`
	Title   string             `json:"title"`
	Region  string             `json:"region"`
	Name    string             `json:"region_name"`
	Mode    string             `json:"mode"`
	State   string             `json:"state"`
	Says    map[string]string  `json:"state_name"`
	Open    bool               `json:"open"`
	Late    bool               `json:"late"`
	DueAt   store.Time         `json:"due_at,omitzero"`
	Version int                `json:"version"`
	Who     string             `json:"applicant" doc:"Masked"`
	Allowed []*caseflow.Action `json:"allowed"`
}

// NewErrand takes an application for another region in.
type NewErrand struct {
	Region    string            `json:"region" maxLength:"12"`
	Pair      store.ID          `json:"pair"`
	Applicant map[string]string `json:"applicant" doc:"name, phone, id_number of who stands there"`
	Consent   bool              `json:"consent"`
	Papers    string            `json:"papers" minLength:"2" maxLength:"500"`
}

// TakeErrand takes an application in for another region's authority; no_agreement where
// none is in force.
func (s *Service) TakeErrand(ctx context.Context, who account.Actor, in NewErrand) (Errand, error) {
	if err := s.checkCounterApplicant(NewApplication{Applicant: in.Applicant, Consent: in.Consent}); err != nil {
		return Errand{}, err
	}
	units := who.UnitsWith("intake_clerk")
	if len(units) == 0 {
		return Errand{}, httpapi.Fail(http.StatusForbidden, "forbidden")
	}
	serial, err := s.Numbers.Next(ctx, "errand")
	if err != nil {
		return Errand{}, err
	}
	var id store.ID
	err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		p, err := s.pairInForce(ctx, tx, in.Region, "out", 0, in.Pair)
		if err != nil {
			return err
		}
		person, err := s.counterPerson(ctx, tx, in.Applicant)
		if err != nil {
			return err
		}
		id = tx.NewID()
		no := "KY" + s.Store.Now().In(s.Zone()).Format("20060102") + fmt.Sprintf("%05d", serial)
		if _, err := s.Engine.Open(ctx, tx, caseflow.Opening{Flow: "errand", Action: "take", ID: id, Actor: who, Form: map[string]any{"papers": in.Papers},
			Matter: caseflow.Matter{No: no, Unit: units[0], Asker: units[0], Title: p.Name + "：" + p.TheirName, Applicant: person}}); err != nil {
			return err
		}
		if err := s.keepRegionCase(ctx, tx, id, p); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusCreated, map[string]string{"id": id.String()})
	})
	if err != nil {
		return Errand{}, err
	}
	list, err := s.errands(ctx, who, "m.id = ?", int64(id))
	if err != nil || len(list) == 0 {
		return Errand{}, cmp.Or(err, error(store.ErrNotFound))
	}
	return list[0], nil
}

// Errands are those of an actor's office, the open ones first.
func (s *Service) Errands(ctx context.Context, who account.Actor) ([]Errand, error) {
	return s.errands(ctx, who, "1=1")
}

func (s *Service) errands(ctx context.Context, who account.Actor, cond string, args ...any) ([]Errand, error) {
	if !who.HasAny("inspector", "leader") {
		units := who.UnitsWith("intake_clerk")
		cond, args = store.AnyOf("m.asker", len(units))+" AND "+cond, append(store.Args(units...), args...)
	}
	ids, err := store.Select[store.ID](ctx, s.Store, `SELECT m.id FROM matter m WHERE m.flow = 'errand' AND `+cond+` ORDER BY m.open DESC, m.id DESC LIMIT 200`, args...)
	if err != nil {
		return nil, err
	}
	out := []Errand{}
	for _, id := range ids {
		m, err := caseflow.Get(ctx, s.Store, id)
		if err != nil {
			return nil, err
		}
		e := Errand{ID: id, No: m.No, Title: m.Title, State: m.State, Says: s.stateName("errand", m.State, false), Open: m.Open, Late: m.Late, DueAt: m.DueAt, Version: m.Version, Allowed: []*caseflow.Action{}}
		if err := s.Store.QueryRow(ctx, `SELECT c.region, c.mode, r.name FROM service_region_case c JOIN service_region r ON r.code = c.region WHERE c.matter = ?`, int64(id)).Scan(&e.Region, &e.Mode, &e.Name); err != nil {
			return nil, err
		}
		masked, err := s.Vault.Masked(ctx, s.Store, m.Applicant)
		if err != nil {
			return nil, err
		}
		e.Who = masked.Name + " " + masked.Phone
		allowed, err := s.Engine.Allowed(ctx, s.Store, m, who)
		if err != nil {
			return nil, err
		}
		e.Allowed = append(e.Allowed, allowed...)
		out = append(out, e)
	}
	return out, nil
}

// ActOnErrand does an action with an errand of the actor's office.
func (s *Service) ActOnErrand(ctx context.Context, who account.Actor, id store.ID, version int, action string, form map[string]any) (Errand, error) {
	if list, err := s.errands(ctx, who, "m.id = ?", int64(id)); err != nil || len(list) == 0 {
		return Errand{}, cmp.Or(err, error(store.ErrNotFound))
	}
	if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		m, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: id, Version: version, Action: action, Actor: who, Form: form})
		if err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusOK, m)
	}); err != nil {
		return Errand{}, err
	}
	list, err := s.errands(ctx, who, "m.id = ?", int64(id))
	if err != nil || len(list) == 0 {
		return Errand{}, cmp.Or(err, error(store.ErrNotFound))
	}
	return list[0], nil
}

// AgreementChange is what may be changed of an agreement.
type AgreementChange struct {
	Version int    `json:"version"`
	From    string `json:"from" format:"date"`
	To      string `json:"to,omitempty" maxLength:"10"`
	Contact string `json:"contact" minLength:"2" maxLength:"100"`
	Phone   string `json:"phone" minLength:"5" maxLength:"30"`
	Reason  string `json:"reason" minLength:"2" maxLength:"300"`
}

// ChangeAgreement writes an agreement's dates and contacts anew, and keeps what they were.
func (s *Service) ChangeAgreement(ctx context.Context, who account.Actor, id store.ID, in AgreementChange) (Agreement, error) {
	_, err := time.Parse(time.DateOnly, in.From)
	_, terr := time.Parse(time.DateOnly, in.To)
	switch {
	case err != nil:
		return Agreement{}, httpapi.FailField("from", "not_a_time")
	case in.To != "" && (terr != nil || in.To < in.From):
		return Agreement{}, httpapi.FailField("to", "not_a_time")
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		was, err := store.Get[Agreement](ctx, tx, agreementQuery+`WHERE a.id = ?`, int64(id))
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE service_agreement SET from_day = ?, to_day = ?, contact = ?, phone = ?, seq = seq + 1 WHERE id = ? AND seq = ?`, in.From, in.To, in.Contact, in.Phone, id, in.Version)
		if err == nil && n == 0 {
			err = caseflow.ErrConflict
		}
		if err != nil {
			return err
		}
		raw, err := json.Marshal(map[string]string{"from": was.From, "to": was.To, "contact": was.Contact, "phone": was.Phone})
		if err != nil {
			return err
		}
		now := store.At(s.Store.Now())
		if _, err := tx.Exec(ctx, `INSERT INTO service_agreement_event (agreement, seq, at, by, what, reason) VALUES (?, ?, ?, ?, ?, ?)`, id, in.Version, now, who.Account, string(raw), text.Mask(in.Reason)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{At: now, Actor: who.Account, Unit: who.Unit, Action: "agreement.change", Object: "agreement/" + id.String(), Reason: text.Mask(in.Reason)}, nil)
	})
	if err != nil {
		return Agreement{}, err
	}
	a, err := store.Get[Agreement](ctx, s.Store, agreementQuery+`WHERE a.id = ?`, int64(id))
	a.judge(s.today())
	return a, err
}

// AgreementFlaw is what the look through the agreements finds.
type AgreementFlaw struct {
	Kind      string   `json:"kind" enum:"expired,ending,unmapped,gone,version_differs,no_pairs"`
	Agreement store.ID `json:"agreement"`
	Region    string   `json:"region"`
	No        string   `json:"no"`
	Pair      store.ID `json:"pair,omitempty"`
	What      string   `json:"what,omitempty"`
}

// LintAgreements looks the agreements and their pairs through: what has expired or soon
// will, what is mapped to nothing, to an item that is gone, or to another version.
func (s *Service) LintAgreements(ctx context.Context) ([]AgreementFlaw, error) {
	list, err := s.Agreements(ctx)
	if err != nil {
		return nil, err
	}
	out, today := []AgreementFlaw{}, s.today()
	for _, a := range list {
		f := AgreementFlaw{Agreement: a.ID, Region: a.RegionName, No: a.No}
		switch {
		case a.To != "" && a.To < today:
			f.Kind, f.What = "expired", a.To
		case a.Ending:
			f.Kind, f.What = "ending", a.To
		case a.In+a.Out == 0:
			f.Kind = "no_pairs"
		default:
			continue
		}
		out = append(out, f)
	}
	pairs, err := store.Select[Pair](ctx, s.Store, pairQuery+`p.theirs = '' OR p.direction = 'in' AND p.own IS NULL OR p.own_key <> '' AND (i.id IS NULL OR i.state <> 'published' OR i.version <> p.own_v) ORDER BY a.region, p.id LIMIT 5000`)
	if err != nil {
		return nil, err
	}
	nos := map[store.ID]string{}
	for _, a := range list {
		nos[a.ID] = a.No
	}
	for _, p := range pairs {
		p.judge()
		out = append(out, AgreementFlaw{Kind: p.State, Agreement: p.Agreement, Region: p.Name, No: nos[p.Agreement], Pair: p.ID, What: cmp.Or(p.OwnName, p.TheirName, p.OwnKey)})
	}
	return out, nil
}

// regionName reads what a region is called.
func (s *Service) regionName(ctx context.Context, code string) (string, error) {
	name, err := store.Get[string](ctx, s.Store, `SELECT name FROM service_region WHERE code = ?`, code)
	if errors.Is(err, store.ErrNotFound) {
		return code, nil
	}
	return name, err
}
