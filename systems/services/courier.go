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
	"shanzhi/core/adapter"
	"shanzhi/core/audit"
	"shanzhi/core/calendar"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/text"
	"shanzhi/core/vault"
)

// courierRules are how papers come and results go by courier (快递申报、寄递结果).
type courierRules struct {
	Company  string            `yaml:"company"`
	To       map[string]string `yaml:"to"`       // unit → where its parcels go; default for the others
	Phone    string            `yaml:"phone"`    // of the parcel desk
	Grams    int               `yaml:"grams"`    // by which a weight may differ
	Expected string            `yaml:"expected"` // how long a parcel takes; then it is late
}

func (r *courierRules) check() error {
	if r == nil {
		return nil
	}
	if _, err := calendar.ParseLimit(r.Expected); r.Expected != "" && err != nil {
		return fmt.Errorf(packCitywide+": courier: expected: %w", err)
	}
	if r.Company == "" || r.To["default"] == "" || r.Phone == "" || r.Grams <= 0 {
		return errors.New(packCitywide + ": courier: it has company, to.default, phone and grams")
	}
	return nil
}

// parcelNext is which states of a parcel (快递件) may follow each.
var parcelNext = map[string][]string{
	"made":      {"picked", "transit", "delayed", "delivered", "returned", "lost", "void"},
	"picked":    {"transit", "delayed", "delivered", "returned", "lost"},
	"transit":   {"transit", "delayed", "delivered", "returned", "lost"},
	"delayed":   {"transit", "delayed", "delivered", "returned", "lost"},
	"lost":      {"transit", "delivered", "returned"}, // it turned up
	"box":       {"delivered", "returned"},            // 无主件: matched, or given back
	"delivered": {"checked", "differing"},
	"differing": {"checked"},
}

type parcelRow struct {
	ID          store.ID   `bun:"id"`
	Waybill     string     `bun:"waybill"`
	Direction   string     `bun:"direction"`
	Matter      store.ID   `bun:"matter"`
	Unit        string     `bun:"unit"`
	State       string     `bun:"state"`
	Weight      int        `bun:"weight"`
	Measured    int        `bun:"measured"`
	Choice      string     `bun:"choice"`
	SignedBy    string     `bun:"signed_by"`
	MadeAt      store.Time `bun:"made_at"`
	DeliveredAt store.Time `bun:"delivered_at"`
}

const parcelColumns = `k.id, k.waybill, k.direction, COALESCE(k.matter, 0) AS matter, k.unit, k.state, k.weight, k.measured, k.choice, k.signed_by, k.made_at, k.delivered_at`

// ParcelView is a parcel as its case, or the parcel desk, shows it.
type ParcelView struct {
	ID          store.ID      `json:"id"`
	Waybill     string        `json:"waybill"`
	Direction   string        `json:"direction" enum:"in,out"`
	State       string        `json:"state"`
	Case        store.ID      `json:"case,omitempty"`
	CaseNo      string        `json:"case_no,omitempty"`
	Title       string        `json:"title,omitempty"`
	Company     string        `json:"company"`
	To          string        `json:"to,omitempty" doc:"Where it goes: an office"`
	ToPhone     string        `json:"to_phone,omitempty"`
	Weight      int           `json:"weight" doc:"Grams, as said"`
	Measured    int           `json:"measured" doc:"Grams, as the courier weighed it; 0 not yet"`
	WrongWeight bool          `json:"wrong_weight"`
	Choice      string        `json:"choice,omitempty" enum:"rest,give_back,go_on,"`
	SignedBy    string        `json:"signed_by,omitempty"`
	MadeAt      store.Time    `json:"made_at"`
	DeliveredAt store.Time    `json:"delivered_at,omitzero"`
	Events      []ParcelEvent `json:"events"`
	Papers      []BagPaper    `json:"papers"`
	Simulated   bool          `json:"simulated" doc:"Nobody carries anything"`
	DueAt       store.Time    `json:"due_at,omitzero" doc:"The courier has it, and is expected to have brought it by then"`
	Late        bool          `json:"late" doc:"It is not here, and should be: whoever waits was told"`
}

// ParcelEvent is one thing that happened to a parcel.
type ParcelEvent struct {
	At    store.Time `bun:"at" json:"at"`
	Kind  string     `bun:"kind" json:"kind"`
	Place string     `bun:"place" json:"place,omitempty"`
}

// Mailing is an application whose papers come by courier.
type Mailing struct {
	Version int         `json:"version"`
	Pieces  []PieceSaid `json:"pieces" maxItems:"60"`
}

// MailApplication sends an application whose papers the applicant posts. Its clock begins
// when the authority has the parcel.
func (s *Service) MailApplication(ctx context.Context, who account.Actor, id store.ID, in Mailing) (Sent, error) {
	r := s.citywide.Load()
	if who.Kind != account.Citizen || r == nil || r.Courier == nil || r.Post == "" || s.Courier == nil {
		return Sent{}, httpapi.Fail(http.StatusConflict, "no_courier")
	}
	return s.sendConveyed(ctx, who, id, in.Version, true, &conveyance{action: "mail",
		check: func(_ context.Context, _ *ItemElements, _ string, checked checkedApplication) error {
			return checkPieces(checked.needed, in.Pieces)
		},
		keep: func(ctx context.Context, tx *store.Tx, matter store.ID) error {
			return s.takePieces(ctx, tx, who, matter, in.Pieces, inPost)
		}})
}

// Label asks for the waybill of a case's parcel, once; address is where the papers go back
// to, or the result is sent.
func (s *Service) Label(ctx context.Context, who account.Actor, id store.ID, address string, grams int) (ParcelView, error) {
	r := s.citywide.Load()
	if r == nil || r.Courier == nil || s.Courier == nil {
		return ParcelView{}, httpapi.Fail(http.StatusConflict, "no_courier")
	}
	cond, args := caseScope(who)
	if _, err := store.Get[int](ctx, s.Store, `SELECT 1 FROM matter m WHERE m.id = ? AND m.flow = 'case' AND `+cond, append([]any{int64(id)}, args...)...); err != nil {
		return ParcelView{}, caseflow.ErrNotFound
	}
	m, err := caseflow.Get(ctx, s.Store, id)
	if err != nil {
		return ParcelView{}, err
	}
	own := who.Person != 0 && who.Person == m.Applicant
	direction := "in"
	switch n, err := store.Get[int](ctx, s.Store, `SELECT count(*) FROM service_piece WHERE matter = ? AND place = 'post'`, m.ID); {
	case err != nil:
		return ParcelView{}, err
	case m.State == "delivering" && (own || who.Has("intake_clerk", m.Asker)):
		direction = "out"
	case n == 0 || !own:
		return ParcelView{}, httpapi.Fail(http.StatusConflict, "refused_state")
	}
	if have, err := s.parcels(ctx, `k.matter = ? AND k.direction = ? AND k.state IN ('made', 'picked', 'transit', 'delayed')`, m.ID, direction); err != nil || len(have) > 0 {
		if len(have) > 0 {
			return have[0], nil
		}
		return ParcelView{}, err
	}
	if address = strings.TrimSpace(address); len([]rune(address)) < 6 || len([]rune(address)) > 200 {
		return ParcelView{}, httpapi.FailField("address", "required")
	}
	if grams <= 0 || grams > 20000 {
		return ParcelView{}, httpapi.FailField("grams", "invalid")
	}
	person, err := s.Vault.Own(ctx, s.Store, m.Applicant)
	if err != nil {
		return ParcelView{}, err
	}
	n, err := store.Get[int](ctx, s.Store, `SELECT count(*) FROM service_parcel WHERE matter = ?`, m.ID)
	if err != nil {
		return ParcelView{}, err
	}
	unit, _ := s.Dir.Tree().Unit(m.Unit)
	them := adapter.CourierParty{Name: person[vault.Name], Phone: person[vault.Phone], Address: address}
	us := adapter.CourierParty{Name: unit.Name, Phone: r.Courier.Phone, Address: cmp.Or(r.Courier.To[m.Unit], r.Courier.To["default"])}
	label := adapter.CourierLabel{Key: m.ID.String() + "-" + fmt.Sprint(n), From: them, To: us, Grams: grams}
	if direction == "out" {
		label.From, label.To = us, them
	}
	waybill, err := s.Courier.Label(ctx, label)
	if err != nil {
		s.warn("the courier gave no waybill", "case", m.ID, "error", err)
		return ParcelView{}, httpapi.Fail(http.StatusBadGateway, "courier_failed")
	}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		ref, err := s.Vault.PutText(ctx, tx, m.Applicant, "matter/"+m.ID.String(), address)
		if err != nil {
			return err
		}
		p := parcelRow{ID: tx.NewID()}
		if _, err := tx.Exec(ctx, `INSERT INTO service_parcel (id, waybill, direction, matter, unit, state, weight, measured, address, choice, signed_by, made_at) VALUES (?, ?, ?, ?, ?, 'made', ?, 0, ?, '', '', ?) ON CONFLICT (waybill) DO NOTHING`,
			p.ID, waybill, direction, m.ID, m.Unit, grams, ref, store.At(s.Store.Now())); err != nil {
			return err
		}
		return nil
	})
	if err != nil {
		return ParcelView{}, err
	}
	return s.oneParcel(ctx, `k.waybill = ?`, waybill)
}

func (s *Service) oneParcel(ctx context.Context, cond string, args ...any) (ParcelView, error) {
	list, err := s.parcels(ctx, cond, args...)
	if err == nil && len(list) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return ParcelView{}, err
	}
	return list[0], nil
}

// parcels reads parcels with what happened to them, the newest first.
func (s *Service) parcels(ctx context.Context, cond string, args ...any) ([]ParcelView, error) {
	rows, err := store.Select[parcelRow](ctx, s.Store, `SELECT `+parcelColumns+` FROM service_parcel k WHERE `+cond+` ORDER BY k.id DESC LIMIT 200`, args...)
	if err != nil {
		return nil, err
	}
	out := []ParcelView{}
	r := s.citywide.Load()
	for _, k := range rows {
		v := ParcelView{ID: k.ID, Waybill: k.Waybill, Direction: k.Direction, State: k.State, Case: k.Matter, Weight: k.Weight, Measured: k.Measured, Choice: k.Choice, SignedBy: k.SignedBy, MadeAt: k.MadeAt, DeliveredAt: k.DeliveredAt, Events: []ParcelEvent{}, Papers: []BagPaper{}, Simulated: s.Courier != nil && s.Courier.Simulated()}
		if r != nil && r.Courier != nil {
			v.Company, v.ToPhone = r.Courier.Company, r.Courier.Phone
			if k.Direction == "in" {
				v.To = cmp.Or(r.Courier.To[k.Unit], r.Courier.To["default"])
			}
			v.WrongWeight = k.Measured > 0 && k.Weight > 0 && max(k.Measured-k.Weight, k.Weight-k.Measured) > r.Courier.Grams
		}
		if v.Events, err = store.Select[ParcelEvent](ctx, s.Store, `SELECT at, kind, place FROM service_parcel_event WHERE parcel = ? ORDER BY at, seq`, k.ID); err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(v.Events, func(e ParcelEvent) bool { return slices.Contains(parcelTaken, any(e.Kind)) }); i >= 0 && k.Matter != 0 {
			v.DueAt, _ = s.parcelDue(v.Events[i].At)
			open := slices.Contains([]string{"picked", "transit", "delayed", "lost"}, k.State)
			v.Late = open && !v.DueAt.IsZero() && s.Store.Now().After(v.DueAt.Time)
		}
		if k.Matter != 0 {
			m, err := caseflow.Get(ctx, s.Store, k.Matter)
			if err != nil {
				return nil, err
			}
			v.CaseNo, v.Title = m.No, m.Title
			if k.Direction == "in" {
				if v.Papers, err = store.Select[BagPaper](ctx, s.Store, `SELECT p.id, p.matter, m.no, m.title, m.item, p.material, p.form, p.copies, p.place FROM service_piece p JOIN matter m ON m.id = p.matter WHERE p.matter = ? ORDER BY p.id`, k.Matter); err != nil {
					return nil, err
				}
				for i := range v.Papers {
					v.Papers[i].Name = s.materialName(m.Item, v.Papers[i].Material)
				}
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// caseParcels are the newest parcels of a case, in and out.
func (s *Service) caseParcels(ctx context.Context, id store.ID) (in, out *ParcelView, err error) {
	list, err := s.parcels(ctx, `k.matter = ?`, int64(id))
	for i := range list {
		switch p := &list[i]; {
		case p.Direction == "in" && in == nil:
			in = p
		case p.Direction == "out" && out == nil:
			out = p
		}
	}
	return in, out, err
}

// moveParcel is the one way in which a parcel's state changes. An event that is known by
// its key, or whose state may not follow, leaves it as it is: false.
func (s *Service) moveParcel(ctx context.Context, tx *store.Tx, k *parcelRow, e adapter.CourierEvent, state string, detail any) (bool, error) {
	raw, err := json.Marshal(detail)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO service_parcel_event (parcel, seq, at, kind, place, detail, key) SELECT ?, COALESCE(MAX(seq), 0) + 1, ?, ?, ?, ?, ? FROM service_parcel_event WHERE parcel = ? HAVING NOT EXISTS (SELECT 1 FROM service_parcel_event x WHERE x.parcel = ? AND x.key <> '' AND x.key = ?)`,
		k.ID, store.At(e.At), e.Kind, text.Mask(e.Place), string(raw), e.Key, k.ID, k.ID, e.Key)
	if err != nil || n == 0 {
		return false, err
	}
	if !slices.Contains(parcelNext[k.State], state) {
		return false, nil
	}
	k.State = state
	if _, err = tx.Exec(ctx, `UPDATE service_parcel SET state = ? WHERE id = ?`, state, k.ID); err != nil {
		return true, err
	}
	return true, s.closeParcelAlarm(ctx, tx, k, store.At(e.At))
}

// FollowParcels asks the courier about the parcels that are on their way. Events that come
// twice or late count once, each at its own time.
func (s *Service) FollowParcels(ctx context.Context) error {
	if s.Courier == nil || s.citywide.Load() == nil {
		return nil
	}
	open, err := store.Select[parcelRow](ctx, s.Store, `SELECT `+parcelColumns+` FROM service_parcel k WHERE k.state IN ('made', 'picked', 'transit', 'delayed', 'lost') ORDER BY k.id LIMIT 500`)
	if err != nil {
		return err
	}
	for _, k := range open {
		events, err := s.Courier.Track(ctx, k.Waybill)
		if err != nil {
			s.warn("the courier could not be asked", "waybill", k.Waybill, "error", err)
			continue
		}
		if err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error { return s.hearParcel(ctx, tx, k.ID, events) }); err != nil {
			return err
		}
	}
	return nil
}

// hearParcel takes over what the courier says of a parcel.
func (s *Service) hearParcel(ctx context.Context, tx *store.Tx, id store.ID, events []adapter.CourierEvent) error {
	k, err := store.Get[parcelRow](ctx, tx, `SELECT `+parcelColumns+` FROM service_parcel k WHERE k.id = ?`, int64(id))
	if err != nil {
		return err
	}
	for _, e := range events {
		if e.Grams > 0 && e.Grams != k.Measured {
			k.Measured = e.Grams
			if _, err := tx.Exec(ctx, `UPDATE service_parcel SET measured = ? WHERE id = ?`, e.Grams, k.ID); err != nil {
				return err
			}
		}
		moved, err := s.moveParcel(ctx, tx, &k, e, e.Kind, map[string]any{"grams": e.Grams, "signed": e.Signed})
		if err != nil {
			return err
		}
		if !moved {
			continue
		}
		switch e.Kind {
		case adapter.CourierDelivered:
			if err := s.parcelDelivered(ctx, tx, &k, e); err != nil {
				return err
			}
		case adapter.CourierLost, adapter.CourierReturned:
			if err := s.tellOfParcel(ctx, tx, k, "parcel_"+e.Kind); err != nil {
				return err
			}
		}
	}
	return nil
}

// signers are who may have taken a parcel; no names.
var signers = []string{"self", "family", "desk", "locker"}

func (s *Service) parcelDelivered(ctx context.Context, tx *store.Tx, k *parcelRow, e adapter.CourierEvent) error {
	if !slices.Contains(signers, e.Signed) {
		e.Signed = ""
	}
	if _, err := tx.Exec(ctx, `UPDATE service_parcel SET delivered_at = ?, signed_by = ? WHERE id = ?`, store.At(e.At), e.Signed, k.ID); err != nil {
		return err
	}
	if k.Matter == 0 {
		return nil
	}
	m, err := caseflow.Get(ctx, tx, k.Matter)
	if err != nil {
		return err
	}
	switch {
	case k.Direction == "in" && m.State == "conveyed":
		return s.arriveCase(ctx, tx, m.ID, e.At)
	case k.Direction == "out" && m.State == "delivering":
		_, err := s.Engine.Do(ctx, tx, caseflow.Command{Matter: m.ID, Action: "deliver", Actor: account.System(s.Dir), Form: map[string]any{"mode": "post", "to": k.Waybill}})
		return err
	}
	return nil
}

func (s *Service) tellOfParcel(ctx context.Context, tx *store.Tx, k parcelRow, name string) error {
	if k.Matter == 0 {
		return nil
	}
	m, err := caseflow.Get(ctx, tx, k.Matter)
	if err != nil {
		return err
	}
	return s.tellOfPapers(ctx, tx, m, name, k.Waybill)
}

// receivesParcels says whether an actor works at a unit's parcel desk.
func receivesParcels(who account.Actor, unit string) bool {
	return who.Has("acceptor", unit) || who.Has("intake_clerk", unit) || who.HasAny("intake_clerk")
}

// ParcelDesk is the parcels of an actor's office.
type ParcelDesk struct {
	Expected []ParcelView `json:"expected"`
	Here     []ParcelView `json:"here" doc:"Delivered, to be compared with their lists"`
	Differ   []ParcelView `json:"differ"`
	Box      []ParcelView `json:"box" doc:"无主件: no application is known of"`
	Out      []ParcelView `json:"out" doc:"Results under way (寄递结果)"`
}

// ParcelDesk reads the parcels that an actor's office has to do with.
func (s *Service) ParcelDesk(ctx context.Context, who account.Actor) (ParcelDesk, error) {
	d := ParcelDesk{}
	cond, args := "1=1", []any(nil)
	if !who.HasAny("inspector", "leader", "intake_clerk") {
		units := who.UnitsWith("acceptor")
		cond, args = "(k.unit = '' OR "+store.AnyOf("k.unit", len(units))+")", store.Args(units...)
	}
	var err error
	for _, tab := range []struct {
		to   *[]ParcelView
		cond string
	}{
		{&d.Expected, `k.direction = 'in' AND k.state IN ('made', 'picked', 'transit', 'delayed', 'lost')`}, {&d.Here, `k.direction = 'in' AND k.state = 'delivered'`},
		{&d.Differ, `k.state = 'differing'`}, {&d.Box, `k.state = 'box'`}, {&d.Out, `k.direction = 'out'`},
	} {
		if *tab.to, err = s.parcels(ctx, tab.cond+` AND `+cond, args...); err != nil {
			return d, err
		}
	}
	return d, nil
}

// ScanParcel is a parcel that came in at the desk: it is matched by its waybill, or goes
// into the box of those that nobody knows. The scan is a receipt where the courier has not
// told of one.
func (s *Service) ScanParcel(ctx context.Context, who account.Actor, waybill string) (ParcelView, error) {
	waybill = strings.ToUpper(strings.TrimSpace(waybill))
	if !adapter.CheckWaybill(waybill) {
		return ParcelView{}, httpapi.FailField("waybill", "not_a_waybill")
	}
	now := s.Store.Now()
	err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		k, err := store.Get[parcelRow](ctx, tx, `SELECT `+parcelColumns+` FROM service_parcel k WHERE k.waybill = ?`, waybill)
		if errors.Is(err, store.ErrNotFound) {
			k = parcelRow{ID: tx.NewID(), Waybill: waybill, State: "box", Direction: "in"}
			if _, err := tx.Exec(ctx, `INSERT INTO service_parcel (id, waybill, direction, unit, state, weight, measured, choice, signed_by, made_at, delivered_at) VALUES (?, ?, 'in', '', 'box', 0, 0, '', '', ?, ?)`, k.ID, waybill, store.At(now), store.At(now)); err != nil {
				return err
			}
			_, err = s.moveParcel(ctx, tx, &k, adapter.CourierEvent{Kind: "scanned", At: now}, "", map[string]any{"by": who.Account})
			return err
		}
		if err != nil {
			return err
		}
		if k.Direction != "in" || !receivesParcels(who, k.Unit) {
			return store.ErrNotFound
		}
		moved, err := s.moveParcel(ctx, tx, &k, adapter.CourierEvent{Kind: "scanned", At: now}, "delivered", map[string]any{"by": who.Account})
		if err != nil || !moved {
			return err
		}
		return s.parcelDelivered(ctx, tx, &k, adapter.CourierEvent{At: now, Signed: "desk"})
	})
	if err != nil {
		return ParcelView{}, err
	}
	return s.oneParcel(ctx, `k.waybill = ?`, waybill)
}

// MatchParcel gives a parcel of the box to the case that it belongs to.
func (s *Service) MatchParcel(ctx context.Context, who account.Actor, id store.ID, no string) (ParcelView, error) {
	err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		k, err := store.Get[parcelRow](ctx, tx, `SELECT `+parcelColumns+` FROM service_parcel k WHERE k.id = ? AND k.state = 'box'`, int64(id))
		if err != nil {
			return err
		}
		m, err := store.Get[struct {
			ID   store.ID
			Unit string
		}](ctx, tx, `SELECT m.id, m.unit FROM matter m WHERE m.no = ? AND m.flow = 'case' AND EXISTS (SELECT 1 FROM service_piece p WHERE p.matter = m.id AND p.place = 'post')`, strings.TrimSpace(no))
		if err != nil || !receivesParcels(who, m.Unit) {
			return httpapi.FailField("no", "no_such_option")
		}
		if _, err := tx.Exec(ctx, `UPDATE service_parcel SET matter = ?, unit = ? WHERE id = ?`, m.ID, m.Unit, k.ID); err != nil {
			return err
		}
		k.Matter, k.Unit = m.ID, m.Unit
		if _, err := s.moveParcel(ctx, tx, &k, adapter.CourierEvent{Kind: "matched", At: s.Store.Now()}, "delivered", map[string]any{"by": who.Account}); err != nil {
			return err
		}
		// It came when it came, not when somebody found out whose it is.
		return s.parcelDelivered(ctx, tx, &k, adapter.CourierEvent{At: k.DeliveredAt.Time, Signed: "desk"})
	})
	if err != nil {
		return ParcelView{}, err
	}
	return s.oneParcel(ctx, `k.id = ?`, int64(id))
}

// CompareParcel holds what is in a parcel against the applicant's list. Where it differs
// the applicant is told once, and chooses.
func (s *Service) CompareParcel(ctx context.Context, who account.Actor, id store.ID, found []store.ID, extra string) (ParcelView, error) {
	err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		k, err := store.Get[parcelRow](ctx, tx, `SELECT `+parcelColumns+` FROM service_parcel k WHERE k.id = ?`, int64(id))
		switch {
		case err != nil:
			return err
		case !receivesParcels(who, k.Unit) || k.Matter == 0:
			return store.ErrNotFound
		case k.State != "delivered":
			return httpapi.Fail(http.StatusConflict, "refused_state")
		}
		pieces, err := store.Select[pieceRow](ctx, tx, `SELECT `+pieceColumns+` FROM service_piece p WHERE p.matter = ? AND p.place = 'post' ORDER BY p.id`, k.Matter)
		if err != nil {
			return err
		}
		for _, f := range found {
			if !slices.ContainsFunc(pieces, func(p pieceRow) bool { return p.ID == f }) {
				return httpapi.FailField("found", "no_such_option")
			}
		}
		missing := []string{}
		m, err := caseflow.Get(ctx, tx, k.Matter)
		if err != nil {
			return err
		}
		for _, p := range pieces {
			if slices.Contains(found, p.ID) {
				err = s.movePiece(ctx, tx, who, p, atOwner, 0)
			} else {
				missing = append(missing, s.materialName(m.Item, p.Material)["zh"])
			}
			if err != nil {
				return err
			}
		}
		state, now := "checked", s.Store.Now()
		extra = text.Mask(strings.TrimSpace(extra))
		if len(missing) > 0 || extra != "" {
			state = "differing"
		}
		if _, err := s.moveParcel(ctx, tx, &k, adapter.CourierEvent{Kind: "compared", At: now}, state, map[string]any{"by": who.Account, "missing": missing, "extra": extra}); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE service_parcel SET checked_at = ? WHERE id = ?`, store.At(now), k.ID); err != nil {
			return err
		}
		if state == "checked" {
			return nil
		}
		what := strings.Join(missing, "、")
		if extra != "" {
			what = strings.Trim(what+"；多出："+extra, "；")
		}
		return s.tellOfPapers(ctx, tx, m, "parcel_differs", what)
	})
	if err != nil {
		return ParcelView{}, err
	}
	return s.oneParcel(ctx, `k.id = ?`, int64(id))
}

// ChooseParcel is what the applicant wants where the contents differ: send the rest with a
// new label, have all back (and withdraw), or go on with what is there.
func (s *Service) ChooseParcel(ctx context.Context, who account.Actor, id store.ID, choice string) (ParcelView, error) {
	err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		k, err := store.Get[parcelRow](ctx, tx, `SELECT `+parcelColumns+` FROM service_parcel k WHERE k.id = ?`, int64(id))
		if err != nil {
			return err
		}
		m, err := caseflow.Get(ctx, tx, k.Matter)
		switch {
		case err != nil || who.Person == 0 || m.Applicant != who.Person:
			return store.ErrNotFound
		case k.State != "differing":
			return httpapi.Fail(http.StatusConflict, "refused_state")
		case !slices.Contains([]string{"rest", "give_back", "go_on"}, choice):
			return httpapi.FailField("choice", "no_such_option")
		}
		if _, err := s.moveParcel(ctx, tx, &k, adapter.CourierEvent{Kind: "chosen_" + choice, At: s.Store.Now()}, "checked", nil); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE service_parcel SET choice = ? WHERE id = ?`, choice, k.ID); err != nil {
			return err
		}
		pieces, err := store.Select[pieceRow](ctx, tx, `SELECT `+pieceColumns+` FROM service_piece p WHERE p.matter = ? ORDER BY p.id`, k.Matter)
		if err != nil {
			return err
		}
		for _, p := range pieces {
			switch {
			case p.Place == inPost && choice == "go_on":
				err = s.movePiece(ctx, tx, who, p, unfound, 0)
				if err == nil {
					_, err = tx.Exec(ctx, `UPDATE service_case_material SET state = 'missing' WHERE matter = ? AND material = ? AND state = 'got'`, p.Matter, p.Material)
				}
			case choice == "give_back" && (p.Place == inPost || p.Place == atOwner):
				err = s.movePiece(ctx, tx, who, p, givenBack, 0)
			}
			if err != nil {
				return err
			}
		}
		if choice == "give_back" {
			_, err = s.Engine.Do(ctx, tx, caseflow.Command{Matter: m.ID, Action: "withdraw", Actor: who})
		}
		return err
	})
	if err != nil {
		return ParcelView{}, err
	}
	return s.oneParcel(ctx, `k.id = ?`, int64(id))
}

// CourierDay is a day's reconciliation with the courier (对账).
type CourierDay struct {
	Day         string              `json:"day"`
	Here        int                 `json:"here"`
	There       int                 `json:"there"`
	Differences []CourierDifference `json:"differences"`
}

// CourierDifference is where both sides differ.
type CourierDifference struct {
	Waybill string `json:"waybill"`
	What    string `json:"what" enum:"unknown,missing_here,missing_there,kind,weight"`
	Here    string `json:"here,omitempty"`
	There   string `json:"there,omitempty"`
	Mended  bool   `json:"mended" doc:"The courier was asked again, and it is taken over"`
}

// ReconcileParcels compares a day of ours with the courier's statement. What the courier
// has and we do not is asked for and taken over; the rest is for people.
func (s *Service) ReconcileParcels(ctx context.Context, who account.Actor, day string) (CourierDay, error) {
	out := CourierDay{Day: day, Differences: []CourierDifference{}}
	from, err := time.ParseInLocation(time.DateOnly, day, s.Zone())
	if err != nil {
		return out, httpapi.FailField("day", "invalid")
	}
	if s.Courier == nil {
		return out, httpapi.Fail(http.StatusConflict, "no_courier")
	}
	there, err := s.Courier.Statement(ctx, day)
	if err != nil {
		return out, httpapi.Fail(http.StatusBadGateway, "courier_failed")
	}
	type line struct {
		ID               store.ID
		Waybill, Kind    string
		Measured, Weight int
	}
	here, err := store.Select[line](ctx, s.Store, `SELECT k.id, k.waybill, CASE WHEN e.kind = 'scanned' THEN 'delivered' ELSE e.kind END AS kind, k.measured, k.weight FROM service_parcel k JOIN service_parcel_event e ON e.parcel = k.id WHERE e.kind IN ('delivered', 'returned', 'lost', 'scanned') AND e.at >= ? AND e.at < ? ORDER BY k.waybill, e.seq`, store.At(from), store.At(from.AddDate(0, 0, 1)))
	if err != nil {
		return out, err
	}
	ours := map[string]line{}
	for _, l := range here {
		ours[l.Waybill] = l
	}
	out.Here, out.There = len(ours), len(there)
	grams := 0
	if r := s.citywide.Load(); r != nil && r.Courier != nil {
		grams = r.Courier.Grams
	}
	for _, l := range there {
		o, have := ours[l.Waybill]
		delete(ours, l.Waybill)
		d := CourierDifference{Waybill: l.Waybill, Here: o.Kind, There: l.Kind}
		switch {
		case !have:
			d.What = "missing_here"
			id, err := store.Get[store.ID](ctx, s.Store, `SELECT id FROM service_parcel WHERE waybill = ?`, l.Waybill)
			if errors.Is(err, store.ErrNotFound) {
				d.What = "unknown"
			} else if events, terr := s.Courier.Track(ctx, l.Waybill); err == nil && terr == nil {
				d.Mended = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error { return s.hearParcel(ctx, tx, id, events) }) == nil
			}
		case o.Kind != l.Kind:
			d.What = "kind"
		case o.Weight > 0 && l.Grams > 0 && max(l.Grams-o.Weight, o.Weight-l.Grams) > grams:
			d.What, d.Here, d.There = "weight", fmt.Sprint(o.Weight), fmt.Sprint(l.Grams)
		default:
			continue
		}
		out.Differences = append(out.Differences, d)
	}
	for no, o := range ours {
		out.Differences = append(out.Differences, CourierDifference{Waybill: no, What: "missing_there", Here: o.Kind})
	}
	slices.SortFunc(out.Differences, func(a, b CourierDifference) int { return cmp.Compare(a.Waybill, b.Waybill) })
	return out, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Write(ctx, tx, audit.Record{At: store.At(s.Store.Now()), Actor: who.Account, Unit: who.Unit, Action: "courier.reconcile", Object: "courier/" + day}, map[string]int{"differences": len(out.Differences)})
	})
}
